/* run.h, run_balances: does a run that does not add up say so, whichever figure is wrong? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chitra/run.h"

/* A month that adds up: ten due of 1,000 dong each, one of them in cash, one held, one paid before. */
static struct run_report report_of(void)
{
    struct run_report report = { .rows_read = 12, .rows_applied = 7, .rows_unchanged = 3, .rows_rejected = 2,
                                 .bank_dong = 8000, .cash_dong = 1000 };
    struct ledger_figure *figure = report.figure;

    figure[FIGURE_due] = (struct ledger_figure){ "due", 10, 10000 };
    figure[FIGURE_instructed] = (struct ledger_figure){ "instructed", 8, 8000 };
    figure[FIGURE_held] = (struct ledger_figure){ "held", 1, 1000 };
    figure[FIGURE_provided_before] = (struct ledger_figure){ "provided_before", 1, 1000 };
    figure[FIGURE_transfers] = (struct ledger_figure){ "transfers", 7, 7000 };
    figure[FIGURE_cash] = (struct ledger_figure){ "cash", 1, 1000 };
    figure[FIGURE_funding] = (struct ledger_figure){ "funding", 1, 1000 };
    return report;
}

static void fails(const struct run_report *report, const char *why)
{
    char found[256] = "";

    assert_false(run_balances(report, found, sizeof found));
    if (strstr(found, why) == NULL) {
        fail_msg("found: %s, expected: %s", found, why);
    }
}

static void test_run_balances_month_that_adds_up_holds(void **state)
{
    struct run_report report = report_of();
    struct run_report empty = { .rows_read = 0 };
    char why[256] = "unchanged";

    (void)state;
    assert_true(run_balances(&report, why, sizeof why));
    assert_true(run_balances(&empty, why, sizeof why));
    assert_string_equal(why, "unchanged");
}

static void test_run_balances_row_lost_or_doubled_is_said(void **state)
{
    struct run_report report = report_of();

    (void)state;
    report.rows_applied--;
    fails(&report, "rows read against applied, unchanged and rejected: 12 on one side, 11 on the other");
    report.rows_applied += 2;
    fails(&report, "rows read");
}

static void test_run_balances_obligation_lost_is_said_in_number_and_in_dong(void **state)
{
    static const enum run_figure right[] = { FIGURE_instructed, FIGURE_held, FIGURE_offset, FIGURE_provided_before,
                                             FIGURE_closed };

    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        struct run_report report = report_of();
        report.figure[right[i]].count++;
        fails(&report, "number due");
        report = report_of();
        report.figure[right[i]].amount_dong++;
        fails(&report, "dong due");
    }
}

static void test_run_balances_dong_that_no_file_carries_are_said(void **state)
{
    struct run_report report = report_of();

    (void)state;
    report.figure[FIGURE_transfers].amount_dong--;
    fails(&report, "dong instructed");
    report = report_of();
    report.bank_dong++;
    fails(&report, "control sums");
    report = report_of();
    report.cash_dong++;
    fails(&report, "cash against the lists' totals");
    report = report_of();
    report.figure[FIGURE_funding].amount_dong++;
    report.bank_dong++;
    fails(&report, "funding and what is still at the post against the lists' totals");
    /* What nobody collected is not sent again. */
    report = report_of();
    report.figure[FIGURE_funding].amount_dong -= 400;
    report.bank_dong -= 400;
    report.figure[FIGURE_at_post] = (struct ledger_figure){ "at_post", 1, 400 };
    char why[256] = "";
    assert_true(run_balances(&report, why, sizeof why));
    report.figure[FIGURE_at_post].amount_dong--;
    fails(&report, "still at the post");
}

static void test_run_balances_recovery_is_negative_on_both_sides(void **state)
{
    struct run_report report = report_of();

    (void)state;
    report.figure[FIGURE_due] = (struct ledger_figure){ "due", 11, 9500 };
    report.figure[FIGURE_offset] = (struct ledger_figure){ "offset", 1, -500 };
    char why[256] = "";
    assert_true(run_balances(&report, why, sizeof why));
}

static void test_run_balances_sum_over_64_bits_is_said(void **state)
{
    struct run_report report = report_of();

    (void)state;
    report.figure[FIGURE_instructed].amount_dong = INT64_MAX;
    fails(&report, "overflow");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_balances_month_that_adds_up_holds),
        cmocka_unit_test(test_run_balances_row_lost_or_doubled_is_said),
        cmocka_unit_test(test_run_balances_obligation_lost_is_said_in_number_and_in_dong),
        cmocka_unit_test(test_run_balances_dong_that_no_file_carries_are_said),
        cmocka_unit_test(test_run_balances_recovery_is_negative_on_both_sides),
        cmocka_unit_test(test_run_balances_sum_over_64_bits_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
