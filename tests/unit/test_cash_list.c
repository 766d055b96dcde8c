/* Does a payment point's list say what the clerk needs, and no more? */
#include "chitra/cash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define HEADER "list_id,no,payment_id,name,amount,birth_year,citizen_id,benefit,period,payee_name\n"

static struct cash_line sample_line(void)
{
    return (struct cash_line){
        .list_id = "HN01-202610-R1-D001-1",
        .number = 1,
        .payment_id = "0123456789ABCDEFGHJKMNPQRS",
        .name = span_of("Nguyễn Thị Đào"),
        .amount_dong = 5000000,
        .birth_date = day_of((struct civil){ 1958, 3, 7 }),
        .citizen_id = span_of("001158000123"),
        .benefit = BENEFIT_pension,
        .period = month_of(2026, 10),
        .payee_name = SPAN_EMPTY,
    };
}

static void assert_written(const struct cash_line *line, const char *expected)
{
    struct buf list = BUF_INIT(CASH_LIST_BYTES_MAX);

    assert_int_equal(cash_list_add(&list, line), STATUS_OK);
    assert_int_equal(buf_add(&list, "", 1), STATUS_OK);
    assert_string_equal(list.data, expected);
    buf_release(&list);
}

static void test_cash_list_begin_writes_the_header(void **state)
{
    struct buf list = BUF_INIT(CASH_LIST_BYTES_MAX);

    (void)state;
    assert_int_equal(cash_list_begin(&list), STATUS_OK);
    assert_true(span_is(buf_span(&list), HEADER));
    buf_release(&list);
}

static void test_cash_list_add_person_in_right_gives_the_line(void **state)
{
    struct cash_line line = sample_line();

    (void)state;
    assert_written(&line, "HN01-202610-R1-D001-1,1,0123456789ABCDEFGHJKMNPQRS,Nguyễn Thị Đào,5000000,1958,"
                          "********0123,pension,2026-10,\n");
}

static void test_cash_list_add_authorised_payee_is_named(void **state)
{
    struct cash_line line = sample_line();

    (void)state;
    line.number = 4294967295;
    line.payee_name = span_of("Trần Văn Bốn, con");
    assert_written(&line, "HN01-202610-R1-D001-1,4294967295,0123456789ABCDEFGHJKMNPQRS,Nguyễn Thị Đào,5000000,1958,"
                          "********0123,pension,2026-10,\"Trần Văn Bốn, con\"\n");
}

static void test_cash_list_add_unknown_birth_and_id_are_empty(void **state)
{
    struct cash_line line = sample_line();

    (void)state;
    line.birth_date = DAY_NONE;
    line.citizen_id = SPAN_EMPTY;
    line.benefit = BENEFIT_funeral_grant;
    line.period = MONTH_ONCE;
    assert_written(&line, "HN01-202610-R1-D001-1,1,0123456789ABCDEFGHJKMNPQRS,Nguyễn Thị Đào,5000000,,,funeral_grant,once,\n");
}

/* An id of four digits or fewer would be shown whole, one over twelve is none. */
static void test_cash_list_add_citizen_id_is_never_shown_whole(void **state)
{
    static const struct {
        const char *id, *shown;
    } cases[] = {
        { "1234", "" }, { "12345", "*2345" }, { "123456789012", "********9012" }, { "1234567890123", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cash_line line = sample_line();
        char expected[200];
        line.citizen_id = span_of(cases[i].id);
        snprintf(expected, sizeof(expected),
                 "HN01-202610-R1-D001-1,1,0123456789ABCDEFGHJKMNPQRS,Nguyễn Thị Đào,5000000,1958,%s,pension,2026-10,\n",
                 cases[i].shown);
        assert_written(&line, expected);
    }
}

static void test_cash_list_add_formula_in_a_name_is_guarded(void **state)
{
    struct cash_line line = sample_line();

    (void)state;
    line.name = span_of("=1+1");
    line.payee_name = span_of("@A");
    assert_written(&line, "HN01-202610-R1-D001-1,1,0123456789ABCDEFGHJKMNPQRS,'=1+1,5000000,1958,********0123,"
                          "pension,2026-10,'@A\n");
}

static void test_cash_list_add_full_buffer_is_a_limit_and_changes_nothing(void **state)
{
    struct cash_line line = sample_line();
    struct buf whole = BUF_INIT(CASH_LIST_BYTES_MAX);

    (void)state;
    assert_int_equal(cash_list_begin(&whole), STATUS_OK);
    assert_int_equal(cash_list_add(&whole, &line), STATUS_OK);
    for (size_t size_max = sizeof(HEADER) - 1; size_max < whole.size; size_max++) {
        struct buf list = BUF_INIT(size_max);
        assert_int_equal(cash_list_begin(&list), STATUS_OK);
        assert_int_equal(cash_list_add(&list, &line), STATUS_LIMIT);
        assert_true(span_is(buf_span(&list), HEADER));
        buf_release(&list);
    }
    buf_release(&whole);
}

static void test_cash_list_begin_full_buffer_is_a_limit(void **state)
{
    struct buf list = BUF_INIT(10);

    (void)state;
    assert_int_equal(cash_list_begin(&list), STATUS_LIMIT);
    assert_int_equal(list.size, 0);
    buf_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cash_list_begin_writes_the_header),
        cmocka_unit_test(test_cash_list_add_person_in_right_gives_the_line),
        cmocka_unit_test(test_cash_list_add_authorised_payee_is_named),
        cmocka_unit_test(test_cash_list_add_unknown_birth_and_id_are_empty),
        cmocka_unit_test(test_cash_list_add_citizen_id_is_never_shown_whole),
        cmocka_unit_test(test_cash_list_add_formula_in_a_name_is_guarded),
        cmocka_unit_test(test_cash_list_add_full_buffer_is_a_limit_and_changes_nothing),
        cmocka_unit_test(test_cash_list_begin_full_buffer_is_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
