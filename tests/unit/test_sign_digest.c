/* test_sign_digest.c - SHA-256 against published vectors, in pieces and on threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chitra/sign.h"

#include <stdio.h>
#include <threads.h>

/* FIPS 180-4 examples, and the empty text. */
static const char empty_hex[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char abc_hex[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
static const char two_blocks_hex[] = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
static const char million_a_hex[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

static void assert_digest(struct digest digest, const char *expected)
{
    char hex[DIGEST_HEX_BYTES];

    digest_hex(&digest, hex);
    assert_string_equal(hex, expected);
}

static void test_digest_of_known_texts_gives_published_digests(void **state)
{
    struct digest digest;

    (void)state;
    digest_of(SPAN_EMPTY, &digest);
    assert_digest(digest, empty_hex);
    digest_of(span_of("abc"), &digest);
    assert_digest(digest, abc_hex);
    digest_of(span_of(two_blocks), &digest);
    assert_digest(digest, two_blocks_hex);
    digest_of(span_of("abc"), &digest);
    assert_digest(digest, abc_hex);
}

static void test_digester_finish_a_million_letters_in_pieces_gives_published_digest(void **state)
{
    struct digester *digester = digester_new();
    struct digest digest;
    char piece[997];
    size_t left = 1000000;

    (void)state;
    memset(piece, 'a', sizeof piece);
    while (left > 0) {
        size_t size = left < sizeof piece ? left : sizeof piece;

        digester_add(digester, (struct span){ piece, size });
        left -= size;
    }
    digester_finish(digester, &digest);
    assert_digest(digest, million_a_hex);
    digester_free(digester);
}

static void test_digester_finish_twice_starts_anew(void **state)
{
    struct digester *digester = digester_new();
    struct digest digest;

    (void)state;
    digester_add(digester, span_of("a"));
    digester_add(digester, SPAN_EMPTY);
    digester_add(digester, span_of("bc"));
    digester_finish(digester, &digest);
    assert_digest(digest, abc_hex);
    digester_finish(digester, &digest);
    assert_digest(digest, empty_hex);
    digester_free(digester);
    digester_free(NULL);
}

static void test_digest_of_between_pieces_leaves_the_digester_alone(void **state)
{
    struct digester *digester = digester_new();
    struct digest digest;

    (void)state;
    digester_add(digester, span_of("ab"));
    digest_of(span_of("something else"), &digest);
    digester_add(digester, span_of("c"));
    digester_finish(digester, &digest);
    assert_digest(digest, abc_hex);
    digester_free(digester);
}

static void test_digest_equal_one_bit_apart_differs(void **state)
{
    struct digest a;
    struct digest b;

    (void)state;
    digest_of(span_of("abc"), &a);
    b = a;
    assert_true(digest_equal(&a, &b));
    b.bytes[DIGEST_BYTES - 1] ^= 1;
    assert_false(digest_equal(&a, &b));
}

static int many_digests(void *wrong)
{
    for (int i = 0; i < 20000; i++) {
        struct digest digest;
        char hex[DIGEST_HEX_BYTES];

        digest_of(span_of(i % 2 == 0 ? "abc" : two_blocks), &digest);
        digest_hex(&digest, hex);
        if (strcmp(hex, i % 2 == 0 ? abc_hex : two_blocks_hex) != 0) {
            *(bool *)wrong = true;
        }
    }
    return 0;
}

/* Under the address sanitizer this also shows that a thread's context ends with it. */
static void test_digest_of_on_many_threads_is_right_on_each(void **state)
{
    enum { THREADS = 8 };
    thrd_t thread[THREADS];
    bool wrong[THREADS] = { false };

    (void)state;
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(thrd_create(&thread[i], many_digests, &wrong[i]), thrd_success);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(thrd_join(thread[i], NULL), thrd_success);
        assert_false(wrong[i]);
    }
}

static void test_sign_versions_names_both_libraries(void **state)
{
    char text[64];
    char small[8];

    (void)state;
    sign_versions(text, sizeof text);
    assert_memory_equal(text, "OpenSSL 3.", 10);
    assert_non_null(strstr(text, ", xmlsec 1."));
    sign_versions(small, sizeof small);
    assert_string_equal(small, "OpenSSL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digest_of_known_texts_gives_published_digests),
        cmocka_unit_test(test_digester_finish_a_million_letters_in_pieces_gives_published_digest),
        cmocka_unit_test(test_digester_finish_twice_starts_anew),
        cmocka_unit_test(test_digest_of_between_pieces_leaves_the_digester_alone),
        cmocka_unit_test(test_digest_equal_one_bit_apart_differs),
        cmocka_unit_test(test_digest_of_on_many_threads_is_right_on_each),
        cmocka_unit_test(test_sign_versions_names_both_libraries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
