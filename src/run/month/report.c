/* report.c - what a run tells at its end: its figures and files, and whether they add up. */
#include "month.h"

#include "chitra/ledger_standing.h"

#include <stdlib.h>

static enum status figures_add(struct ledger *ledger, int64_t run, struct run_report *report, struct diag *diag)
{
    struct ledger_figure figure[FIGURE_COUNT];
    bool fits = true;

    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        figure[i] = (struct ledger_figure){ run_figure_name((enum run_figure)i), 0, 0 };
    }
    enum status rc = ledger_figures(ledger, run, figure, FIGURE_COUNT, diag);
    for (size_t i = 0; i < FIGURE_COUNT && rc == STATUS_OK; i++) {
        report->figure[i].name = figure[i].name;
        report->figure[i].count += figure[i].count;
        fits = fits && money_add(report->figure[i].amount_dong, figure[i].amount_dong, &report->figure[i].amount_dong);
    }
    return rc == STATUS_OK && !fits ? diag_fail(diag, STATUS_LIMIT, "the sum of the runs overflows") : rc;
}

static enum status files_add(struct ledger *ledger, int64_t run, struct run_report *report, struct diag *diag)
{
    struct arena arena = ARENA_INIT;
    struct ledger_file *file = NULL;
    size_t count = 0;
    bool fits = true;

    enum status rc = ledger_files(ledger, run, 0, &arena, &file, &count, diag);
    for (size_t i = 0; i < count; i++) {
        bool cash = file[i].batch.channel == CHANNEL_cash;
        if (file[i].generation > 1) {
            continue;           /* the plan's figures are those of the first generations */
        }
        *(cash ? &report->cash_lists : &report->bank_files) += 1;
        int64_t *sum = cash ? &report->cash_dong : &report->bank_dong;
        fits = fits && money_add(*sum, file[i].batch.amount_dong, sum);
    }
    if (rc == STATUS_OK && !fits) {
        rc = diag_fail(diag, STATUS_LIMIT, "the sum of the files overflows");
    }
    free(file);
    arena_release(&arena);
    return rc;
}

enum status report_add(struct ledger *ledger, int64_t run, struct run_report *report, struct diag *diag)
{
    enum status rc = figures_add(ledger, run, report, diag);

    return rc == STATUS_OK ? files_add(ledger, run, report, diag) : rc;
}

static enum status report_fill(struct world *world, struct run_report *report, struct diag *diag)
{
    enum status rc = STATUS_OK;

    report->run = world->runs[0];
    report->run_count = world->run_count;
    report->refused = world->refused;
    report->lists_missing = world->missing;
    for (size_t i = 0; i < world->run_count && rc == STATUS_OK; i++) {
        report->runs[i] = world->runs[i];
        rc = report_add(world->ledger, world->runs[i].run, report, diag);
    }
    return rc;
}

/* Keeps the first fault. */
static void standing_tell(void *context, const struct diag *fault)
{
    struct diag *first = context;

    if (first->what[0] == '\0') {
        *first = *fault;
    }
}

enum status month_balance(struct world *world, struct run_report *report, struct diag *diag)
{
    char why[DIAG_TEXT_BYTES];
    struct diag fault = { .line = 0 };

    enum status rc = report_fill(world, report, diag);
    if (rc == STATUS_OK && !run_balances(report, why, sizeof(why))) {
        rc = diag_fail(diag, STATUS_DEFECT, "the run does not add up and releases nothing: %s", why);
    }
    for (size_t i = 0; i < world->run_count && rc == STATUS_OK; i++) {
        rc = ledger_standing(world->ledger, world->runs[i].run, standing_tell, &fault, diag);
    }
    if (rc == STATUS_OK && fault.what[0] != '\0') {
        *diag = fault;
        rc = STATUS_DEFECT;
    }
    return rc;
}
