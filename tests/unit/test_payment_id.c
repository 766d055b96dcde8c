/* payment_id.c: is the EndToEndId one for what is settled, whenever and wherever it is computed? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chitra/ledger_money.h"
#include "chitra/text.h"

#define OCTOBER ((month_t)(2026 * 12 + 9))

static void assert_id_of_text(const char *text, const char *payment_id)
{
    struct digest digest;
    char expected[PAYMENT_ID_BYTES] = "";

    digest_of(span_of(text), &digest);
    text_base32(digest.bytes, DIGEST_BYTES, expected, PAYMENT_ID_LENGTH);
    assert_string_equal(payment_id, expected);
}

/* The text that is hashed, written out: it may never change, or every id of the past is another one. */
static void test_payment_id_of_hashes_attempt_and_keys(void **state)
{
    (void)state;
    char id[PAYMENT_ID_BYTES];
    const struct obligation_key one = { OCTOBER, 5, COMPONENT_pension, 0 };
    const struct obligation_key once = { MONTH_ONCE, 5, COMPONENT_maternity_convalescence, 12 };
    const struct obligation_key two[] = { { OCTOBER - 1, 5, COMPONENT_arrears, 0 }, { OCTOBER, 5, COMPONENT_arrears, 3 } };

    payment_id_of(span_of("LH/1"), &one, 1, 0, id);
    assert_id_of_text("0\nLH/1|2026-10|pension|0\n", id);
    payment_id_of(span_of("LH/1"), &once, 1, 2, id);
    assert_id_of_text("2\nLH/1|once|maternity_convalescence|12\n", id);
    payment_id_of(span_of("LH/1"), two, 2, 0, id);
    assert_id_of_text("0\nLH/1|2026-09|arrears|0\nLH/1|2026-10|arrears|3\n", id);
}

static void test_payment_id_of_known_value(void **state)
{
    (void)state;
    char id[PAYMENT_ID_BYTES];
    const struct obligation_key key = { OCTOBER, 5, COMPONENT_pension, 0 };

    payment_id_of(span_of("LH/1"), &key, 1, 0, id);
    assert_string_equal(id, "1W98C9SQZNFZKJ6CZ48FVWGVK8");
    assert_int_equal(strlen(id), PAYMENT_ID_LENGTH);
}

/* The ledger's own key stands for nothing outside: a rebuilt register gives the same ids. */
static void test_payment_id_of_key_number_does_not_matter(void **state)
{
    (void)state;
    char id[PAYMENT_ID_BYTES];
    char other[PAYMENT_ID_BYTES];
    struct obligation_key key = { OCTOBER, 5, COMPONENT_pension, 0 };

    payment_id_of(span_of("LH/1"), &key, 1, 0, id);
    key.ent = 6;
    payment_id_of(span_of("LH/1"), &key, 1, 0, other);
    assert_string_equal(id, other);
}

static void test_payment_id_of_any_order_gives_the_same(void **state)
{
    (void)state;
    struct obligation_key key[4] = { { OCTOBER, 5, COMPONENT_pension, 0 }, { OCTOBER, 5, COMPONENT_pension, 1 },
                                     { OCTOBER, 5, COMPONENT_retirement_grant, 0 },
                                     { OCTOBER - 1, 5, COMPONENT_retirement_grant, 7 } };
    char id[PAYMENT_ID_BYTES];
    char other[PAYMENT_ID_BYTES];

    payment_id_of(span_of("LH/1"), key, 4, 0, id);
    for (int swap = 0; swap < 12; swap++) {
        struct obligation_key kept = key[swap % 3];
        key[swap % 3] = key[swap % 3 + 1];
        key[swap % 3 + 1] = kept;
        payment_id_of(span_of("LH/1"), key, 4, 0, other);
        assert_string_equal(id, other);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Everything that is another payment has another id: id, period, component, seq, attempt, set of keys. */
static void test_payment_id_of_each_difference_is_another_id(void **state)
{
    (void)state;
    enum { IDS = 3 * 4 * 3 * 12 * 2 + 2 };
    static const char *const entitlement[] = { "A/1", "A/11", "a/1" };
    static const enum component component[] = { COMPONENT_pension, COMPONENT_arrears, COMPONENT_recovery };
    static char id[IDS][PAYMENT_ID_BYTES];
    size_t count = 0;

    for (size_t e = 0; e < 3; e++) {
        for (int month = 0; month < 4; month++) {
            for (size_t c = 0; c < 3; c++) {
                for (int seq = 0; seq < 12; seq++) {
                    for (int attempt = 0; attempt < 2; attempt++) {
                        const struct obligation_key key = { month == 3 ? MONTH_ONCE : OCTOBER + month, 5, component[c], seq };
                        payment_id_of(span_of(entitlement[e]), &key, 1, attempt, id[count++]);
                    }
                }
            }
        }
    }
    const struct obligation_key set[] = { { OCTOBER, 5, COMPONENT_pension, 0 }, { OCTOBER, 5, COMPONENT_arrears, 0 },
                                          { OCTOBER, 5, COMPONENT_recovery, 0 } };
    payment_id_of(span_of("A/1"), set, 2, 0, id[count++]);
    payment_id_of(span_of("A/1"), set, 3, 0, id[count++]);
    assert_int_equal(count, IDS);
    qsort(id, count, PAYMENT_ID_BYTES, by_text);
    for (size_t i = 1; i < count; i++) {
        assert_string_not_equal(id[i - 1], id[i]);
    }
}

/* The longest of everything, and many years of arrears in one payment. */
static void test_payment_id_of_longest_and_many(void **state)
{
    (void)state;
    enum { KEYS = 1200 };
    static struct obligation_key key[KEYS];
    char id[PAYMENT_ID_BYTES];
    const struct span longest = span_of("ABCDEFGHIJ0123456789abcdefghij./-_x");

    assert_int_equal(longest.size, 35);
    for (int i = 0; i < KEYS; i++) {
        key[i] = (struct obligation_key){ OCTOBER - i, 5, COMPONENT_maternity_convalescence, INT32_MAX };
    }
    payment_id_of(longest, key, KEYS, INT32_MAX, id);
    assert_int_equal(strlen(id), PAYMENT_ID_LENGTH);
    for (size_t i = 0; i < PAYMENT_ID_LENGTH; i++) {
        assert_non_null(strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", id[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_payment_id_of_hashes_attempt_and_keys),
        cmocka_unit_test(test_payment_id_of_known_value),
        cmocka_unit_test(test_payment_id_of_key_number_does_not_matter),
        cmocka_unit_test(test_payment_id_of_any_order_gives_the_same),
        cmocka_unit_test(test_payment_id_of_each_difference_is_another_id),
        cmocka_unit_test(test_payment_id_of_longest_and_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
