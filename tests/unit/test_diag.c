/* diag.h: does a message say where, what, found, expected and what to do, and nothing that harms? */
#include "chitra/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

static const char *text_of(const struct diag *diag)
{
    static char text[DIAG_BYTES_MAX];
    diag_text(diag, text, sizeof(text));
    return text;
}

static void test_diag_text_all_parts_are_in_order(void **state)
{
    struct diag diag;
    (void)state;
    assert_int_equal(diag_fail(&diag, STATUS_INPUT, "a %s is expected", "date"), STATUS_INPUT);
    diag_at(&diag, "intake/p.csv", 12, 7);
    diag_found(&diag, "%s", "x");
    diag_expected(&diag, "YYYY-MM-DD");
    diag_hint(&diag, "row %d", 3);
    assert_string_equal(text_of(&diag),
                        "intake/p.csv:12:7: a date is expected: found x, expected YYYY-MM-DD (row 3)");
}

static void test_diag_text_some_parts_have_no_stray_separators(void **state)
{
    struct diag diag;
    (void)state;
    diag_fail(&diag, STATUS_IO, "what");
    assert_string_equal(text_of(&diag), "what");
    diag_expected(&diag, "e");
    assert_string_equal(text_of(&diag), "what: expected e");
    diag_fail(&diag, STATUS_IO, "what");
    diag_found(&diag, "f");
    assert_string_equal(text_of(&diag), "what: found f");
    diag_fail(&diag, STATUS_IO, "what");
    diag_hint(&diag, "h");
    diag_at(&diag, "file", 0, 0);
    assert_string_equal(text_of(&diag), "file: what (h)");
    diag_fail(&diag, STATUS_IO, "what");
    diag_at(&diag, "file", 9, 0);
    assert_string_equal(text_of(&diag), "file:9: what");
    diag_fail(&diag, STATUS_IO, "what");
    diag_at(&diag, NULL, 9, 2);
    assert_string_equal(text_of(&diag), "line 9:2: what");
}

static void test_diag_fail_again_clears_the_rest(void **state)
{
    struct diag diag;
    (void)state;
    diag_fail(&diag, STATUS_IO, "first");
    diag_at(&diag, "file", 1, 1);
    diag_found(&diag, "f");
    diag_fail(&diag, STATUS_IO, "second");
    assert_string_equal(text_of(&diag), "second");
}

static void test_diag_at_known_place_is_kept(void **state)
{
    struct diag diag;
    (void)state;
    diag_fail(&diag, STATUS_IO, "what");
    diag_at(&diag, "inner", 3, 4);
    diag_at(&diag, "outer", 1, 2);
    assert_string_equal(text_of(&diag), "inner:3:4: what");
}

static void test_diag_at_line_without_file_gets_the_file(void **state)
{
    struct diag diag;
    (void)state;
    diag_fail(&diag, STATUS_IO, "what");
    diag_at(&diag, NULL, 3, 4);
    diag_at(&diag, "outer", 1, 2);
    assert_string_equal(text_of(&diag), "outer:3:4: what");
}

static void test_diag_null_is_accepted_by_all(void **state)
{
    char text[4] = "abc";
    (void)state;
    assert_int_equal(diag_fail(NULL, STATUS_LAW, "%d", 1), STATUS_LAW);
    errno = EIO;
    assert_int_equal(diag_errno(NULL, "what", "path"), STATUS_IO);
    diag_at(NULL, "file", 1, 1);
    diag_found(NULL, "f");
    diag_expected(NULL, "e");
    diag_hint(NULL, "h");
    diag_text(NULL, text, sizeof(text));
    assert_string_equal(text, "");
}

static void test_diag_errno_each_errno_gives_its_kind(void **state)
{
    static const struct {
        int error;
        enum status status;
    } cases[] = {
        { ENOENT, STATUS_NO_INPUT }, { ENOTDIR, STATUS_NO_INPUT }, { EEXIST, STATUS_CREATE },
        { EACCES, STATUS_CREATE },   { EROFS, STATUS_CREATE },     { EPERM, STATUS_CREATE },
        { EIO, STATUS_IO },          { ENOSPC, STATUS_IO },        { 99999, STATUS_IO },
    };
    struct diag diag;
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        errno = cases[i].error;
        assert_int_equal(diag_errno(&diag, "what", "a/b"), cases[i].status);
        assert_int_equal(errno, cases[i].error);
    }
    errno = ENOENT;
    diag_errno(&diag, "cannot be opened", "a/b");
    assert_string_equal(text_of(&diag), "a/b: cannot be opened: found No such file or directory");
    errno = EIO;
    diag_errno(&diag, "cannot be read", NULL);
    assert_string_equal(text_of(&diag), "cannot be read: found Input/output error");
}

static void test_diag_fail_control_characters_are_escaped(void **state)
{
    struct diag diag;
    (void)state;
    diag_fail(&diag, STATUS_INPUT, "a\x1b[31m\nb\x7f");
    diag_found(&diag, "%s", "\xc2\x9b" "1 \xe2\x80\xae" "x");        /* C1 control; right-to-left override */
    diag_expected(&diag, "%s", "\xff\xc3(");                    /* no UTF-8 */
    diag_at(&diag, "p\tq", 0, 0);
    assert_string_equal(text_of(&diag), "p\\x09q: a\\x1b[31m\\x0ab\\x7f: found \\xc2\\x9b1 "
                                        "\\xe2\\x80\\xaex, expected \\xff\\xc3(");
}

static void test_diag_fail_vietnamese_stays_as_it_is(void **state)
{
    struct diag diag;
    (void)state;
    diag_fail(&diag, STATUS_INPUT, "Bảo hiểm xã hội");
    assert_string_equal(text_of(&diag), "Bảo hiểm xã hội");
}

static void test_diag_found_over_long_is_cut_on_a_character(void **state)
{
    struct diag diag;
    char longest[3001];
    (void)state;
    diag_fail(&diag, STATUS_INPUT, "what");
    for (size_t shift = 0; shift < 3; shift++) {
        size_t at = 0;
        for (; at < shift; at++) {
            longest[at] = 'x';
        }
        for (; at + 3 < sizeof(longest); at += 3) {
            memcpy(longest + at, "ả", 3);
        }
        longest[at] = '\0';
        diag_found(&diag, "%s", longest);
        assert_in_range(strlen(diag.found), DIAG_TEXT_BYTES - 3, DIAG_TEXT_BYTES - 1);
        assert_int_equal((strlen(diag.found) - shift) % 3, 0);
        assert_memory_equal(diag.found, longest, strlen(diag.found));
    }
}

static void test_diag_text_all_parts_full_fits_the_maximum(void **state)
{
    struct diag diag;
    char longest[600], text[DIAG_BYTES_MAX];
    (void)state;
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    diag_fail(&diag, STATUS_INPUT, "%s", longest);
    diag_at(&diag, longest, UINT64_MAX, UINT32_MAX);
    diag_found(&diag, "%s", longest);
    diag_expected(&diag, "%s", longest);
    diag_hint(&diag, "%s", longest);
    diag_text(&diag, text, sizeof(text));
    assert_in_range(strlen(text), 1300, sizeof(text) - 2);
    assert_int_equal(text[strlen(text) - 1], ')');
}

static void test_diag_text_small_buffer_is_ended(void **state)
{
    struct diag diag;
    char text[6];
    (void)state;
    diag_fail(&diag, STATUS_INPUT, "something");
    diag_hint(&diag, "hint");
    diag_text(&diag, text, sizeof(text));
    assert_string_equal(text, "somet");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diag_text_all_parts_are_in_order),
        cmocka_unit_test(test_diag_text_some_parts_have_no_stray_separators),
        cmocka_unit_test(test_diag_fail_again_clears_the_rest),
        cmocka_unit_test(test_diag_at_known_place_is_kept),
        cmocka_unit_test(test_diag_at_line_without_file_gets_the_file),
        cmocka_unit_test(test_diag_null_is_accepted_by_all),
        cmocka_unit_test(test_diag_errno_each_errno_gives_its_kind),
        cmocka_unit_test(test_diag_fail_control_characters_are_escaped),
        cmocka_unit_test(test_diag_fail_vietnamese_stays_as_it_is),
        cmocka_unit_test(test_diag_found_over_long_is_cut_on_a_character),
        cmocka_unit_test(test_diag_text_all_parts_full_fits_the_maximum),
        cmocka_unit_test(test_diag_text_small_buffer_is_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
