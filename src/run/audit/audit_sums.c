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

struct month_sum {              /* a period: all its runs together */
    month_t period;
    int64_t paid_dong;          /* to people, by the files that carry their payments */
};

struct adding {
    struct auditing *auditing;
    struct month_sum *month;
    size_t count;
    struct diag *diag;
};

static struct month_sum *month_sum_of(struct adding *to, month_t period)
{
    for (size_t i = 0; i < to->count; i++) {
        if (to->month[i].period == period) {
            return &to->month[i];
        }
    }
    to->month = mem_resize(to->month, to->count + 1, sizeof(*to->month));
    to->month[to->count] = (struct month_sum){ .period = period };
    return &to->month[to->count++];
}

/* Whether a file's payments are instructed by it: it is the last generation of its batch, and was not withdrawn. One
 * that is still to be written, or was rejected whole, carries them too. */
static enum status instructs(struct adding *to, const struct ledger_file *file, bool *instructs)
{
    enum status rc = ledger_file_is_latest(to->auditing->ledger, file, instructs, to->diag);

    *instructs = *instructs && file->state != FILE_VOIDED && file->state != FILE_SUPERSEDED;
    return rc;
}

/* What the files of a run carry to people for the first time. */
static enum status paid_add(struct adding *to, const struct ledger_run *run)
{
    struct arena arena = ARENA_INIT;
    struct ledger_file *file = NULL;
    struct month_sum *month = month_sum_of(to, run->period);
    int64_t other_dong = 0;
    size_t count = 0;
    bool counts = false;

    enum status rc = ledger_files(to->auditing->ledger, run->run, 0, &arena, &file, &count, to->diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = instructs(to, &file[i], &counts);
        if (rc == STATUS_OK && counts) {
            rc = ledger_other_sum(to->auditing->ledger, file[i].batch.batch, &other_dong, to->diag);
        }
        if (rc == STATUS_OK && counts && !money_add(month->paid_dong, file[i].batch.amount_dong - other_dong, &month->paid_dong)) {
            rc = diag_fail(to->diag, STATUS_LIMIT, "the sum of a month overflows");
        }
    }
    free(file);
    arena_release(&arena);
    return rc;
}

static enum status rows_add(struct adding *to, const struct ledger_run *run, struct run_report *report)
{
    struct ledger_intake *intake = NULL;
    size_t count = 0;

    enum status rc = ledger_intake_list(to->auditing->ledger, run->run, &intake, &count, to->diag);
    for (size_t i = 0; i < count; i++) {
        report->rows_read += intake[i].rows_read;
        report->rows_applied += intake[i].rows_applied;
        report->rows_unchanged += intake[i].rows_unchanged;
        report->rows_rejected += intake[i].rows_rejected;
    }
    free(intake);
    return rc;
}

static enum status one_run_check(struct adding *to, const struct ledger_run *run)
{
    struct run_report report = { .bank_files = 0 };
    struct diag fault = { .line = 0 };
    char why[DIAG_TEXT_BYTES];

    enum status rc = paid_add(to, run);
    if (rc != STATUS_OK || run->state != RUN_COMPLETE) {
        return rc;
    }
    rc = report_add(to->auditing->ledger, run->run, &report, to->diag);
    if (rc == STATUS_OK) {
        rc = rows_add(to, run, &report);
    }
    if (rc == STATUS_OK && !run_balances(&report, why, sizeof(why))) {
        (void)diag_fail(&fault, STATUS_CONFLICT, "run %lld does not add up: %s", (long long)run->run, why);
        diag_at(&fault, "state/ledger.db", 0, 0);
        fault_add(&to->auditing->faults, STATUS_CONFLICT, &fault);
    }
    return rc;
}

static int no_area(const void *context, uint32_t commune, day_t day)
{
    (void)context;
    (void)commune;
    (void)day;
    return -1;      /* sums do not depend on where people live */
}

static enum status month_check(struct adding *to, const struct month_sum *month)
{
    const struct stats_settings settings = { .area = no_area };
    struct stats *stats = NULL;
    struct diag fault = { .line = 0 };
    char period[8];

    enum status rc = stats_new(to->auditing->ledger, month->period, &settings, &stats, to->diag);
    if (rc == STATUS_OK && stats->area[STATS_ALL].amount_dong != month->paid_dong) {
        month_write(month->period, period);
        (void)diag_fail(&fault, STATUS_CONFLICT, "the statistics of %s are not what its files instruct", period);
        diag_at(&fault, "state/ledger.db", 0, 0);
        diag_found(&fault, "%lld dong", (long long)stats->area[STATS_ALL].amount_dong);
        diag_expected(&fault, "%lld dong", (long long)month->paid_dong);
        fault_add(&to->auditing->faults, STATUS_CONFLICT, &fault);
    }
    stats_free(stats);
    return rc;
}

enum status audit_sums(struct auditing *auditing, struct diag *diag)
{
    struct diag fault = { .line = 0 };
    struct adding to = { .auditing = auditing, .diag = &fault };
    struct ledger_run run = { .run = 0 };
    struct diag none = { .line = 0 };
    enum status rc = STATUS_OK;

    /* Runs are numbered from 1 on. */
    for (int64_t number = 1; rc == STATUS_OK; number++) {
        rc = ledger_run_get(auditing->ledger, number, &run, &none);
        if (rc == STATUS_OK && (auditing->options->period == MONTH_NONE || auditing->options->period == run.period)) {
            rc = one_run_check(&to, &run);
        }
    }
    rc = rc == STATUS_NO_INPUT ? STATUS_OK : rc;
    for (size_t i = 0; i < to.count && rc == STATUS_OK; i++) {
        rc = month_check(&to, &to.month[i]);
    }
    free(to.month);
    diag_at(&fault, "state/ledger.db", 0, 0);
    /* Rows that cannot be added up are a fault of the ledger's content. */
    return audit_result(auditing, rc == STATUS_LEDGER ? STATUS_CONFLICT : rc, &fault, diag);
}
