/*
 * metrics.c - reports/chitra.prom: how things stand, in OpenMetrics' text form.
 *
 * Everything comes out of the ledger, so that whichever command writes last writes all of it. It is
 * published whole, for a collector that may read at any moment.
 */
#include "chitra/ledger_query.h"
#include "chitra/run.h"

#include <inttypes.h>
#include <stdlib.h>

enum { METRICS_BYTES_MAX = 1 << 20 };

struct metrics {
    struct buf text;
    enum status status;         /* STATUS_LIMIT once the text is full */
    char period[8];             /* of the last complete run */
};

static void put_family(struct metrics *to, const char *name, const char *help)
{
    if (to->status == STATUS_OK) {
        to->status = buf_add_format(&to->text, "# HELP chitra_%s %s\n# TYPE chitra_%s gauge\n", name, help, name);
    }
}

static void put(struct metrics *to, const char *name, const char *label, const char *value, int64_t number)
{
    if (to->status == STATUS_OK) {
        to->status = label == NULL ? buf_add_format(&to->text, "chitra_%s %" PRId64 "\n", name, number)
                                   : buf_add_format(&to->text, "chitra_%s{%s=\"%s\"} %" PRId64 "\n", name, label, value, number);
    }
}

/* Of the last complete run. */
static void put_of_run(struct metrics *to, const char *name, const char *label, const char *value, int64_t number)
{
    if (to->status == STATUS_OK) {
        to->status = buf_add_format(&to->text, "chitra_%s{period=\"%s\",%s=\"%s\"} %" PRId64 "\n", name, to->period, label,
                                    value, number);
    }
}

static void put_time(struct metrics *to, const char *command, const char *at)
{
    struct sys_time time;

    if (at[0] != '\0' && sys_time_read(span_of(at), &time)) {
        put(to, "last_success_timestamp_seconds", "command", command, sys_time_unix(time));
    }
}

/* Figures of one kind: how many, and in dong. */
struct figures {
    const char *name, *name_dong, *help;
    const char *label;
    const enum run_figure *which;
    size_t count;
};

static void put_figures(struct metrics *to, const struct figures *figures, const struct ledger_figure *figure)
{
    put_family(to, figures->name, figures->help);
    for (size_t i = 0; i < figures->count; i++) {
        const struct ledger_figure *one = &figure[figures->which[i]];
        put_of_run(to, figures->name, figures->label, one->name, (int64_t)one->count);
    }
    put_family(to, figures->name_dong, "The same in dong.");
    for (size_t i = 0; i < figures->count; i++) {
        const struct ledger_figure *one = &figure[figures->which[i]];
        put_of_run(to, figures->name_dong, figures->label, one->name, one->amount_dong);
    }
}

/* The share of payments without cash; that of persons takes a pass over everybody: `chitra stats`. */
static void put_noncash(struct metrics *to, const struct ledger_figure *figure)
{
    uint64_t transfers = figure[FIGURE_transfers].count;
    uint64_t all = transfers + figure[FIGURE_cash].count;

    if (to->status == STATUS_OK && all > 0) {
        uint64_t share = (transfers * 20000 + all) / (2 * all);     /* four decimals, half up */
        put_family(to, "run_noncash_payments_ratio", "Share of the last run's payments to people that go to an account.");
        to->status = buf_add_format(&to->text, "chitra_run_noncash_payments_ratio{period=\"%s\"} %" PRIu64 ".%04" PRIu64 "\n",
                                    to->period, share / 10000, share % 10000);
    }
}

static enum status run_write(struct metrics *to, struct ledger *ledger, const struct ledger_run *run, struct diag *diag)
{
    static const enum run_figure owed[] = { FIGURE_due, FIGURE_instructed, FIGURE_held, FIGURE_offset,
                                            FIGURE_provided_before, FIGURE_closed };
    static const enum run_figure paid[] = { FIGURE_transfers, FIGURE_cash, FIGURE_creditors, FIGURE_funding };
    static const struct figures obligations = { "run_obligations", "run_obligations_dong",
                                                "Obligations of the last run, by what became of them.", "state", owed,
                                                sizeof(owed) / sizeof(owed[0]) };
    static const struct figures payments = { "run_payments", "run_payments_dong", "Payments of the last run.", "kind", paid,
                                             sizeof(paid) / sizeof(paid[0]) };
    struct ledger_figure figure[FIGURE_COUNT];
    struct ledger_intake *intake = NULL;
    uint64_t applied = 0, unchanged = 0, rejected = 0;
    size_t count = 0;

    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        figure[i] = (struct ledger_figure){ run_figure_name((enum run_figure)i), 0, 0 };
    }
    enum status rc = ledger_figures(ledger, run->run, figure, FIGURE_COUNT, diag);
    if (rc == STATUS_OK) {
        rc = ledger_intake_list(ledger, run->run, &intake, &count, diag);
    }
    for (size_t i = 0; i < count; i++) {
        applied += intake[i].rows_applied;
        unchanged += intake[i].rows_unchanged;
        rejected += intake[i].rows_rejected;
    }
    free(intake);
    put_family(to, "run_rows", "Rows of intake that the last run read.");
    put_of_run(to, "run_rows", "outcome", "applied", (int64_t)applied);
    put_of_run(to, "run_rows", "outcome", "unchanged", (int64_t)unchanged);
    put_of_run(to, "run_rows", "outcome", "rejected", (int64_t)rejected);
    put_figures(to, &obligations, figure);
    put_figures(to, &payments, figure);
    put_noncash(to, figure);
    return rc;
}

static void gauges_write(struct metrics *to, const struct ledger_gauges *gauges, const struct ledger_run *run)
{
    put_family(to, "last_success_timestamp_seconds",
               "When the last complete run was sealed, the last files released, the last answer taken.");
    put_time(to, "run", run->created_at);
    put_time(to, "release", gauges->released_at);
    put_time(to, "receive", gauges->answered_at);
    put_family(to, "held_obligations", "Obligations that are held now.");
    put(to, "held_obligations", NULL, NULL, (int64_t)gauges->held);
    put_family(to, "held_obligations_dong", "The same in dong.");
    put(to, "held_obligations_dong", NULL, NULL, gauges->held_dong);
    put_family(to, "open_breaks", "What answers said that does not fit, and nobody has closed.");
    put(to, "open_breaks", NULL, NULL, (int64_t)gauges->breaks);
    put_family(to, "failed_payments", "Payments that finally failed and wait for a new attempt.");
    put(to, "failed_payments", NULL, NULL, (int64_t)gauges->failed);
    put_family(to, "files", "Bank files and cash lists by state; released and handed_over wait for an answer.");
    for (size_t i = 0; i < FILE_STATES; i++) {
        put(to, "files", "state", file_state_name((enum file_state)i), (int64_t)gauges->files[i]);
    }
}

enum status run_metrics_write(const struct site *site, struct ledger *ledger, struct diag *diag)
{
    struct metrics to = { .text = BUF_INIT(METRICS_BYTES_MAX), .status = STATUS_OK };
    struct ledger_gauges gauges;
    struct ledger_run run = { .run = 0 };

    enum status rc = ledger_gauges_get(ledger, &gauges, diag);
    if (rc == STATUS_OK && gauges.run != 0) {
        rc = ledger_run_get(ledger, gauges.run, &run, diag);
    }
    if (rc == STATUS_OK) {
        gauges_write(&to, &gauges, &run);
    }
    if (rc == STATUS_OK && gauges.run != 0) {
        month_write(run.period, to.period);
        rc = run_write(&to, ledger, &run, diag);
    }
    if (rc == STATUS_OK && to.status == STATUS_OK) {
        to.status = buf_add_text(&to.text, "# EOF\n");
    }
    if (rc == STATUS_OK && to.status != STATUS_OK) {
        rc = diag_fail(diag, to.status, "the metrics do not fit");
    }
    if (rc == STATUS_OK) {
        rc = sys_publish(site->dir, "reports/chitra.prom", buf_span(&to.text), diag);
    }
    buf_release(&to.text);
    return rc;
}
