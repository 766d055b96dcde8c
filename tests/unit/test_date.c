/* date.h: is every day of 1900-2199 the day that a second, plain walk through the calendar says? */
#include "chitra/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

enum { FIRST_DAY = -25567 };    /* 1900-01-01, a Monday */

/* The calendar as the law of 1582 puts it. */
static int days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static void test_day_of_every_day_of_300_years_agrees_with_a_walk(void **state)
{
    day_t day = FIRST_DAY;
    int weekday = 1;
    char text[11], expected[64], month_text[8];
    (void)state;
    for (int year = 1900; year <= 2199; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int of_month = 1; of_month <= days_in(year, month); of_month++) {
                struct civil civil = day_civil(day);
                day_t back = DAY_NONE;
                assert_true(civil.year == year && civil.month == month && civil.day == of_month);
                assert_int_equal(day_of(civil), day);
                assert_int_equal(day_weekday(day), weekday);
                assert_int_equal(day_month(day), month_of(year, month));
                snprintf(expected, sizeof(expected), "%04d-%02d-%02d", year, month, of_month);
                day_write(day, text);
                assert_string_equal(text, expected);
                assert_true(day_read(span_of(text), &back));
                assert_int_equal(back, day);
                day++;
                weekday = weekday % 7 + 1;
            }
            month_t month_back = MONTH_NONE;
            assert_int_equal(month_last(month_of(year, month)), day - 1);
            assert_int_equal(month_first(month_of(year, month)), day - days_in(year, month));
            month_write(month_of(year, month), month_text);
            snprintf(expected, sizeof(expected), "%04d-%02d", year, month);
            assert_string_equal(month_text, expected);
            assert_true(month_read(span_of(month_text), &month_back));
            assert_int_equal(month_back, month_of(year, month));
        }
    }
}

static void test_day_civil_every_day_of_9999_years_follows_the_one_before(void **state)
{
    struct civil expected = { 1, 1, 1 };
    (void)state;
    for (day_t day = day_of(expected); expected.year <= 9999; day++) {
        struct civil civil = day_civil(day);
        if (civil.year != expected.year || civil.month != expected.month || civil.day != expected.day ||
            day_of(civil) != day) {
            fail_msg("day %d is %d-%02d-%02d", day, civil.year, civil.month, civil.day);
        }
        expected.day++;
        if (expected.day > days_in(expected.year, expected.month)) {
            expected = (struct civil){ expected.year + expected.month / 12, expected.month % 12 + 1, 1 };
        }
    }
}

static void test_day_of_known_days(void **state)
{
    (void)state;
    assert_int_equal(day_of((struct civil){ 1970, 1, 1 }), 0);
    assert_int_equal(day_of((struct civil){ 2000, 2, 29 }), 11016);
    assert_int_equal(day_weekday(day_of((struct civil){ 2025, 7, 1 })), 2);     /* a Tuesday */
}

static void test_day_read_every_date_that_is_none_is_refused(void **state)
{
    char text[64];
    day_t day = 77;
    (void)state;
    for (int year = 1899; year <= 2200; year++) {
        for (int month = 0; month <= 13; month++) {
            for (int of_month = 0; of_month <= 32; of_month++) {
                bool right = year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && of_month >= 1 &&
                             of_month <= days_in(year, month);
                snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, of_month);
                assert_int_equal(day_read(span_of(text), &day), right);
            }
        }
    }
}

static void test_day_read_other_forms_are_refused(void **state)
{
    static const char *const wrong[] = { "", "2025", "2025-07", "2025-7-01", "2025-07-1", "2025/07/01", "01-07-2025",
                                         "2025-07-01 ", " 2025-07-01", "2025-07-0x", "2025-07-01T", "+025-07-01",
                                         "2025-07--1", "20250701", "2025-07:01" };
    day_t day = 77;
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(day_read(span_of(wrong[i]), &day));
    }
    assert_int_equal(day, 77);
}

static void test_month_read_other_forms_are_refused(void **state)
{
    static const char *const wrong[] = { "", "2025", "2025-00", "2025-13", "2025-7", "2025-07-01", "2025/07", "202507",
                                         "1899-12", "2200-01", "once", "2025-0x" };
    month_t month = 77;
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(month_read(span_of(wrong[i]), &month));
    }
    assert_int_equal(month, 77);
}

/* D115 art. 7(3)(d), D158 art. 12(2). */
static void test_day_read_birth_d115_7_3_d_missing_parts_are_the_first(void **state)
{
    day_t day, expected;
    (void)state;
    assert_true(day_read(span_of("1964-05-17"), &expected));
    assert_true(day_read_birth(span_of("1964-05-17"), &day));
    assert_int_equal(day, expected);
    assert_true(day_read(span_of("1964-05-01"), &expected));
    assert_true(day_read_birth(span_of("1964-05"), &day));
    assert_int_equal(day, expected);
    assert_true(day_read(span_of("1964-01-01"), &expected));
    assert_true(day_read_birth(span_of("1964"), &day));
    assert_int_equal(day, expected);
    day = 77;
    assert_false(day_read_birth(span_of("1899"), &day));
    assert_false(day_read_birth(span_of("2200"), &day));
    assert_false(day_read_birth(span_of("196x"), &day));
    assert_false(day_read_birth(span_of("64"), &day));
    assert_false(day_read_birth(span_of("1964-13"), &day));
    assert_false(day_read_birth(SPAN_EMPTY, &day));
    assert_int_equal(day, 77);
}

static void test_day_add_months_last_day_of_a_shorter_month(void **state)
{
    static const struct {
        const char *from;
        int months;
        const char *to;
    } cases[] = {
        { "2025-01-31", 1, "2025-02-28" },  { "2024-01-31", 1, "2024-02-29" },  { "2025-01-31", 0, "2025-01-31" },
        { "2025-01-31", 12, "2026-01-31" }, { "2024-02-29", 12, "2025-02-28" }, { "2025-03-31", -1, "2025-02-28" },
        { "2025-01-15", -1, "2024-12-15" }, { "2025-11-30", 3, "2026-02-28" },  { "2025-06-30", 1, "2025-07-30" },
        { "2000-02-29", -1200, "1900-02-28" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        day_t from;
        char text[11];
        assert_true(day_read(span_of(cases[i].from), &from));
        day_write(day_add_months(from, cases[i].months), text);
        assert_string_equal(text, cases[i].to);
    }
}

static void test_month_write_once(void **state)
{
    char text[8];
    (void)state;
    month_write(MONTH_ONCE, text);
    assert_string_equal(text, "once");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_day_of_every_day_of_300_years_agrees_with_a_walk),
        cmocka_unit_test(test_day_civil_every_day_of_9999_years_follows_the_one_before),
        cmocka_unit_test(test_day_of_known_days),
        cmocka_unit_test(test_day_read_every_date_that_is_none_is_refused),
        cmocka_unit_test(test_day_read_other_forms_are_refused),
        cmocka_unit_test(test_month_read_other_forms_are_refused),
        cmocka_unit_test(test_day_read_birth_d115_7_3_d_missing_parts_are_the_first),
        cmocka_unit_test(test_day_add_months_last_day_of_a_shorter_month),
        cmocka_unit_test(test_month_write_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
