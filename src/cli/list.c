/* list.c - `chitra list`: what the ledger holds, as a table for people and as CSV or JSON for programs. */
#include "list_output.h"

#include "chitra/site.h"
#include "chitra/screen.h"
#include "chitra/text.h"

#include <unistd.h>

static const char usage[] =
    "usage: chitra list [KIND] [--period P] [--unit U] [--run R] [--entitlement ID] [--state S] [--format F]\n"
    "Shows what the ledger holds. KIND is one of runs (without a KIND), files, payments, obligations,\n"
    "entitlements, holds, rejects, receivables, breaks, unanswered, events.\n\n"
    "      --period P        only this month, YYYY-MM (obligations, holds: also `once`)\n"
    "      --unit U          only this paying unit\n"
    "      --run R           only this run, by its number in `chitra list runs`\n"
    "      --entitlement ID  only this entitlement\n"
    "      --state S         only rows in this state\n"
    "      --format F        table, csv or json (a table on a terminal, otherwise csv)\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

struct listing {
    enum ledger_list_kind kind;
    struct ledger_filter filter;
    enum list_format format;
    struct site site;
    struct ledger *ledger;
    int64_t config_run;         /* whose configuration `config` is; 0: none yet */
    struct site_config *config;
};

/* ---- funding ---- */

/* The post's bank stands in the configuration that the run was sealed on, not in the ledger. */
static enum status config_of_run(struct listing *listing, int64_t number, struct diag *diag)
{
    struct ledger_run run;

    site_config_free(listing->config);
    listing->config = NULL;
    listing->config_run = number;
    enum status rc = ledger_run_get(listing->ledger, number, &run, diag);
    return rc == STATUS_OK
               ? archive_config(&listing->site, &run.config, "chitra.xml of the run", &listing->config, diag)
               : rc;
}

/* Columns of payments, as the contract has them. */
enum { RUN = 1, UNIT = 2, BENEFIT = 6, BANK = 8 };

static void funding_bank(struct listing *listing, struct span *cell)
{
    struct diag diag = { 0 };
    uint64_t run = 0;

    if ((listing->kind != LIST_PAYMENTS && listing->kind != LIST_UNANSWERED) || !span_is(cell[BENEFIT], "funding")) {
        return;
    }
    bool known = text_number(cell[RUN], INT64_MAX, &run);
    ASSERT(known);
    /* A list is what people look at when something is wrong: a lost archive costs one cell, not the list. */
    if (listing->config_run != (int64_t)run && config_of_run(listing, (int64_t)run, &diag) != STATUS_OK) {
        char text[DIAG_BYTES_MAX];
        diag_text(&diag, text, sizeof(text));
        cli_say("the post's bank of run %llu is not known: %s", (unsigned long long)run, text);
    }
    int unit = listing->config == NULL ? -1 : site_unit_find(listing->config, cell[UNIT]);
    if (unit >= 0) {
        cell[BANK] = span_of(listing->config->unit[unit].post.bin);
    }
}

/* The ledger keeps the reason in words; what it means is the screens' to say. */
static void hold_explain(const struct listing *listing, struct span *cell)
{
    enum { REASON = 2, CODE = 9, EXPLANATION = 10 };
    const struct screen_hold *hold = screen_hold_of(cell[REASON]);

    if (listing->kind == LIST_HOLDS) {
        cell[CODE] = span_of(hold == NULL ? "by-hand" : hold->code);
        cell[EXPLANATION] = span_of(hold == NULL ? "An officer holds it. Unhold pays it with the next run."
                                                 : hold->explanation);
    }
}

/* ---- the command ---- */

static enum status list_write(struct listing *listing, struct diag *diag)
{
    struct list_output *output = list_output_new(listing->kind, listing->format);
    struct ledger_list *list = NULL;
    struct span cell[LIST_COLUMNS_MAX];
    bool more = true;

    enum status rc = ledger_list_new(listing->ledger, listing->kind, &listing->filter, &list, diag);
    if (rc == STATUS_OK) {
        rc = list_output_begin(output);
    }
    while (rc == STATUS_OK && more) {
        rc = ledger_list_next(list, cell, &more, diag);
        if (rc == STATUS_OK && more) {
            funding_bank(listing, cell);
            hold_explain(listing, cell);
            rc = list_output_row(output, cell, diag);
        }
    }
    if (rc == STATUS_OK) {
        rc = list_output_end(output, diag);
    }
    ledger_list_free(list);
    list_output_free(output);
    return rc;
}

static enum status ledger_read(struct listing *listing, struct diag *diag)
{
    struct sys_time now;
    enum status rc = cli_open(&listing->site, &listing->ledger, true, diag);

    if (rc == STATUS_OK) {
        rc = sys_now(&now, diag);
    }
    if (rc == STATUS_OK) {
        listing->filter.before = now.day - listing->site.config->answer_days;
    }

    /* All rows from one moment, whatever a run does meanwhile. */
    return rc == STATUS_OK ? ledger_begin(listing->ledger, diag) : rc;
}

/* ---- arguments ---- */

static bool format_find(const char *name, enum list_format *format)
{
    static const char *const names[] = { "table", "csv", "json" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            *format = (enum list_format)i;
            return true;
        }
    }
    cli_wrong("a format is expected: found %s, expected table, csv or json", name);
    return false;
}

static bool run_read(const char *text, int64_t *run)
{
    uint64_t number = 0;

    if (!text_number(span_of(text), INT64_MAX, &number) || number == 0) {
        cli_wrong("a run's number is expected: found %s", text);
        return false;
    }
    *run = (int64_t)number;
    return true;
}

static bool period_read(const char *text, month_t *period)
{
    if (strcmp(text, "once") == 0) {
        *period = MONTH_ONCE;
        return true;
    }
    return cli_month(text, period);
}

static bool option_take(struct listing *listing, int option)
{
    switch (option) {
    case 'p':
        return period_read(optarg, &listing->filter.period);
    case 'u':
        listing->filter.unit = optarg;
        return true;
    case 'r':
        return run_read(optarg, &listing->filter.run);
    case 'e':
        listing->filter.entitlement = optarg;
        return true;
    case 's':
        listing->filter.state = optarg;
        return true;
    case 'f':
        return format_find(optarg, &listing->format);
    default:
        return cli_common(option, usage);
    }
}

static bool arguments_take(struct listing *listing, int argc, char **argv)
{
    static const struct option options[] = {
        { "period", required_argument, NULL, 'p' },      { "unit", required_argument, NULL, 'u' },
        { "run", required_argument, NULL, 'r' },         { "entitlement", required_argument, NULL, 'e' },
        { "state", required_argument, NULL, 's' },       { "format", required_argument, NULL, 'f' },
        CLI_LONG, { NULL, 0, NULL, 0 },
    };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, options, NULL)) != -1) {
        if (!option_take(listing, option)) {
            return false;
        }
    }
    int kind = optind < argc ? ledger_list_find(argv[optind]) : LIST_RUNS;
    if (kind < 0 || optind + 1 < argc) {
        cli_wrong("one kind of list is expected: found %s", argv[kind < 0 ? optind : optind + 1]);
        return false;
    }
    listing->kind = (enum ledger_list_kind)kind;
    return true;
}

int cli_list(int argc, char **argv)
{
    struct diag diag = { 0 };
    struct listing listing = { .filter = { .period = MONTH_NONE, .unit = "", .entitlement = "", .state = "" }, .site = { .dir = -1, .lock = -1, .formats = -1 } };

    listing.format = sys_is_terminal(STDOUT_FILENO) ? FORMAT_TABLE : FORMAT_CSV;
    if (!arguments_take(&listing, argc, argv)) {
        return cli_usage(usage);
    }
    enum status rc = ledger_read(&listing, &diag);
    if (rc == STATUS_OK) {
        rc = list_write(&listing, &diag);
    }
    ledger_close(listing.ledger);
    site_config_free(listing.config);
    site_close(&listing.site);
    return rc == STATUS_OK ? 0 : cli_fail(&diag, rc);
}
