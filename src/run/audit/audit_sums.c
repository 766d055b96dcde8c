/*
 * audit_sums.c - both equations of every complete run, and from its files on to the statistics: what was read
 * is what was applied, unchanged or rejected; what was due is what was done with it; what was instructed is what
 * the files hold; and what they hold for people is what the statistics count.
 */
#include "auditing.h"
#include "run/world.h"

#include "chitra/ledger_evidence.h"
#include "chitra/stats.h"

#include <stdio.h>
#include <stdlib.h>

static enum status rows_add(struct ledger *ledger, const struct ledger_run *run, struct run_report *report,
                            struct diag *diag)
{
    struct ledger_intake *intake = NULL;
    size_t count = 0;

    enum status rc = ledger_intake_list(ledger, run->run, &intake, &count, diag);
    for (size_t i = 0; i < count; i++) {
        report->rows_read += intake[i].rows_read;
        report->rows_applied += intake[i].rows_applied;
        report->rows_unchanged += intake[i].rows_unchanged;
        report->rows_rejected += intake[i].rows_rejected;
    }
    free(intake);
    return rc;
}

static enum status one_run_check(struct auditing *to, const struct ledger_run *run, struct diag *diag)
{
    struct run_report report = { .bank_files = 0 };
    struct diag fault = { .line = 0 };
    char why[DIAG_TEXT_BYTES];

    enum status rc = report_add(to->ledger, run->run, &report, diag);
    if (rc == STATUS_OK) {
        rc = rows_add(to->ledger, run, &report, diag);
    }
    if (rc == STATUS_OK && !run_balances(&report, why, sizeof(why))) {
        (void)diag_fail(&fault, STATUS_CONFLICT, "run %lld does not add up: %s", (long long)run->run, why);
        diag_at(&fault, "state/ledger.db", 0, 0);
        fault_add(&to->faults, STATUS_CONFLICT, &fault);
    }
    return rc;
}

static bool is_asked(const struct auditing *to, month_t month)
{
    return to->options->period == MONTH_NONE || to->options->period == month;
}

static enum status runs_check(struct auditing *to, struct diag *diag)
{
    struct diag none = { .line = 0 };
    struct ledger_run run = { .run = 0 };
    enum status rc = STATUS_OK;

    /* Runs are numbered from 1 on. */
    for (int64_t number = 1; rc == STATUS_OK; number++) {
        rc = ledger_run_get(to->ledger, number, &run, &none);
        if (rc == STATUS_OK && run.state == RUN_COMPLETE && is_asked(to, run.period)) {
            rc = one_run_check(to, &run, diag);
        } else if (rc != STATUS_OK && rc != STATUS_NO_INPUT) {
            *diag = none;
        }
    }
    return rc == STATUS_NO_INPUT ? STATUS_OK : rc;
}

static int no_area(const void *context, uint32_t commune, day_t day)
{
    (void)context;
    (void)commune;
    (void)day;
    return -1;      /* sums do not depend on where people live */
}

static enum status month_check(struct auditing *to, const struct ledger_month_sum *sum, struct diag *diag)
{
    const struct stats_settings settings = { .area = no_area };
    struct stats *stats = NULL;
    struct diag fault = { .line = 0 };
    char month[8];

    enum status rc = stats_new(to->ledger, sum->month, &settings, &stats, diag);
    if (rc == STATUS_OK && stats->area[STATS_ALL].amount_dong != sum->amount_dong) {
        month_write(sum->month, month);
        (void)diag_fail(&fault, STATUS_CONFLICT, "the statistics of %s are not what its files instruct", month);
        diag_at(&fault, "state/ledger.db", 0, 0);
        diag_found(&fault, "%lld dong", (long long)stats->area[STATS_ALL].amount_dong);
        diag_expected(&fault, "%lld dong", (long long)sum->amount_dong);
        fault_add(&to->faults, STATUS_CONFLICT, &fault);
    }
    stats_free(stats);
    return rc;
}

enum status audit_sums(struct auditing *auditing, struct diag *diag)
{
    struct diag fault = { .line = 0 };
    struct ledger_month_sum *sum = NULL;
    size_t count = 0;

    enum status rc = runs_check(auditing, &fault);
    if (rc == STATUS_OK) {
        rc = ledger_month_sums(auditing->ledger, &sum, &count, &fault);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (is_asked(auditing, sum[i].month)) {
            rc = month_check(auditing, &sum[i], &fault);
        }
    }
    free(sum);
    diag_at(&fault, "state/ledger.db", 0, 0);
    /* Rows that cannot be added up are a fault of the ledger's content. */
    return audit_result(auditing, rc == STATUS_LEDGER ? STATUS_CONFLICT : rc, &fault, diag);
}
