/* Approval lists in the format of sha256sum. */
#include "test_intake_support.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF"

static void assert_list_refused(const char *text, const char *message)
{
    struct intake_list list;
    struct diag diag;
    char found[DIAG_BYTES_MAX];

    assert_int_equal(intake_list_read(span_of(text), "a.sha256", &list, &diag), STATUS_INPUT);
    diag_text(&diag, found, sizeof(found));
    assert_string_equal(found, message);
    assert_null(list.item);
    assert_int_equal(list.count, 0);
    intake_list_release(&list);
}

static void test_intake_list_read_text_and_binary_lines(void **state)
{
    (void)state;
    struct intake_list list;
    const char *text = DIGEST "  u01 pension.csv\n" DIGEST " *tử tuất.csv.gz";

    assert_int_equal(intake_list_read(span_of(text), "a.sha256", &list, NULL), STATUS_OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.item[0].name, "u01 pension.csv");
    assert_string_equal(list.item[1].name, "tử tuất.csv.gz");
    assert_memory_equal(list.item[0].sha256, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
    assert_memory_equal(list.item[1].sha256 + 24, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
    intake_list_release(&list);
    assert_int_equal(list.count, 0);
    intake_list_release(&list);
}

static void test_intake_list_read_empty_list_names_nothing(void **state)
{
    (void)state;
    struct intake_list list;
    assert_int_equal(intake_list_read(SPAN_EMPTY, "a.sha256", &list, NULL), STATUS_OK);
    assert_int_equal(list.count, 0);
    intake_list_release(&list);
}

static void test_intake_list_read_bad_lines_are_refused(void **state)
{
    (void)state;
    const char *message = "a.sha256:2: no line of sha256sum: expected 64 hexadecimal digits, two spaces and a name";
    const char *const lines[] = {
        "", "0123  a.csv", DIGEST, DIGEST " ", DIGEST "\ta.csv", DIGEST " a.csv", DIGEST "0  a.csv",
        "x123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef  a.csv",
        ("\\" DIGEST "  a\\nb.csv"), ("SHA256 (a.csv) = " DIGEST),
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char text[512];
        snprintf(text, sizeof(text), DIGEST "  first.csv\n%s\n", lines[i]);
        assert_list_refused(text, message);
    }
}

static void test_intake_list_read_names_that_lead_elsewhere_are_refused(void **state)
{
    (void)state;
    const char *message = "a.sha256:1: the name of a listed file is refused: "
                          "expected a name without '/', leading dot or control characters";
    assert_list_refused(DIGEST "  \n", message);
    assert_list_refused(DIGEST "  /etc/passwd\n", message);
    assert_list_refused(DIGEST "  ../a.csv\n", message);
    assert_list_refused(DIGEST "  sub/a.csv\n", message);
    assert_list_refused(DIGEST "  .a.csv\n", message);
    assert_list_refused(DIGEST "  ..\n", message);
    assert_list_refused(DIGEST "  a.csv\r\n", message);
    assert_list_refused(DIGEST "  a\x1b[31m.csv\n", message);
    assert_list_refused(DIGEST "  \xff.csv\n", message);
}

static void test_intake_list_read_name_length_limit(void **state)
{
    (void)state;
    char text[512];
    struct intake_list list;

    snprintf(text, sizeof(text), DIGEST "  %0255d", 1);
    assert_int_equal(intake_list_read(span_of(text), "a.sha256", &list, NULL), STATUS_OK);
    intake_list_release(&list);
    snprintf(text, sizeof(text), DIGEST "  %0256d", 1);
    assert_int_equal(intake_list_read(span_of(text), "a.sha256", &list, NULL), STATUS_INPUT);
}

static void test_intake_list_read_name_with_a_nul_is_refused(void **state)
{
    (void)state;
    const char text[] = DIGEST "  a\0b.csv\n";
    struct intake_list list;
    assert_int_equal(intake_list_read((struct span){ text, sizeof(text) - 1 }, "a.sha256", &list, NULL), STATUS_INPUT);
}

static void test_intake_list_read_doubled_name_is_refused_at_the_second(void **state)
{
    (void)state;
    assert_list_refused(DIGEST "  b.csv\n" DIGEST "  a.csv\n" DIGEST " *b.csv\n",
                        "a.sha256:3: a file is listed twice: found b.csv");
}

static void test_intake_list_read_many_lines(void **state)
{
    (void)state;
    char *text = mem_alloc(100 * 100, 1);
    struct intake_list list;
    size_t size = 0;

    for (int i = 0; i < 100; i++) {
        size += (size_t)sprintf(text + size, DIGEST "  %d.csv\n", i);
    }
    assert_int_equal(intake_list_read(span_of(text), "a.sha256", &list, NULL), STATUS_OK);
    assert_int_equal(list.count, 100);
    assert_string_equal(list.item[99].name, "99.csv");
    intake_list_release(&list);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intake_list_read_text_and_binary_lines),
        cmocka_unit_test(test_intake_list_read_empty_list_names_nothing),
        cmocka_unit_test(test_intake_list_read_bad_lines_are_refused),
        cmocka_unit_test(test_intake_list_read_names_that_lead_elsewhere_are_refused),
        cmocka_unit_test(test_intake_list_read_name_length_limit),
        cmocka_unit_test(test_intake_list_read_name_with_a_nul_is_refused),
        cmocka_unit_test(test_intake_list_read_doubled_name_is_refused_at_the_second),
        cmocka_unit_test(test_intake_list_read_many_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
