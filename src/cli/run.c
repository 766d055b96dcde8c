/* run.c - `chitra run`: the month. */
#include "cli.h"

#include "chitra/run.h"
#include "chitra/text.h"

#include <inttypes.h>
#include <stdlib.h>

static const char usage[] =
    "usage: chitra run --period YYYY-MM[,YYYY-MM...] [--unit U,...] [--pay-date YYYY-MM-DD] [--jobs N] [--dry-run]\n"
    "                  [--as NAME [--key KEY]] [--without FILE]\n"
    "Takes what waits in intake/, calculates, records, writes and signs; where policy allows, releases.\n"
    "Interrupted: the same command carries on.\n\n"
    "  --period YYYY-MM,...  the month that is paid, or several that follow each other\n"
    "  --unit U,...          only these paying units\n"
    "  --pay-date DATE       instead of the calendar of chitra.xml\n"
    "  --jobs N              threads; by default as many as processors\n"
    "  --as NAME             the officer who prepares the run, and then does not release it\n"
    "  --key KEY             the officer's private key\n"
    "  --without FILE        go on without this refused file of intake/, as the officer of --as decides\n"
    "  --dry-run             everything but writing: shows what the month would be\n"
    "  -C DIR                the site\n"
    "  -q, -v                only errors; the stages, too\n"
    "  -h, --help            this\n";

struct telling {
    uint64_t cpu_us;
};

static void tell_stage(void *context, const char *stage, uint64_t cpu_us)
{
    struct telling *telling = context;
    uint64_t spent = cpu_us - telling->cpu_us;

    telling->cpu_us = cpu_us;
    if (cli_options.verbose) {
        cli_say("stage %s %" PRIu64 ".%03" PRIu64, stage, spent / 1000000, spent / 1000 % 1000);
    }
}

static void print_line(const char *name, uint64_t count, int64_t amount_dong)
{
    printf("  %-16s %12" PRIu64 " %22" PRId64 "\n", name, count, amount_dong);
}

void cli_run_show(const struct run_report *report)
{
    const struct ledger_figure *figure = report->figure;
    char period[8];

    for (size_t i = 0; i < report->run_count; i++) {
        month_write(report->runs[i].period, period);
        printf("%srun %d of %s", i == 0 ? "" : ", ", report->runs[i].number, period);
    }
    printf("%s\n", report->resumed ? ", carried on" : "");
    printf("rows read %" PRIu64 " = applied %" PRIu64 " + unchanged %" PRIu64 " + rejected %" PRIu64 "\n",
           report->rows_read, report->rows_applied, report->rows_unchanged, report->rows_rejected);
    printf("  %-16s %12s %22s\n", "", "obligations", "dong");
    for (enum run_figure i = FIGURE_due; i <= FIGURE_closed; i++) {
        print_line(i == FIGURE_due ? "due" : i == FIGURE_provided_before ? "provided before" : figure[i].name,
                   figure[i].count, figure[i].amount_dong);
    }
    printf("  %-16s %12s %22s\n", "", "payments", "dong");
    print_line("transfers", figure[FIGURE_transfers].count, figure[FIGURE_transfers].amount_dong);
    print_line("cash", figure[FIGURE_cash].count, figure[FIGURE_cash].amount_dong);
    print_line("creditors", figure[FIGURE_creditors].count, figure[FIGURE_creditors].amount_dong);
    print_line("funding", figure[FIGURE_funding].count, figure[FIGURE_funding].amount_dong);
    bool at_post = figure[FIGURE_at_post].count > 0;        /* what nobody collected */
    if (at_post) {
        print_line("still at post", figure[FIGURE_at_post].count, figure[FIGURE_at_post].amount_dong);
    }
    bool again = figure[FIGURE_funding_again].count > 0;    /* its file was withdrawn before it left */
    if (again) {
        print_line("funding again", figure[FIGURE_funding_again].count, figure[FIGURE_funding_again].amount_dong);
    }
    if (figure[FIGURE_reissued].count > 0) {
        print_line("of them again", figure[FIGURE_reissued].count, figure[FIGURE_reissued].amount_dong);
    }
    printf("bank files %" PRIu64 ", control sums %" PRId64 " = transfers + creditors + funding%s\n", report->bank_files,
           report->bank_dong, again ? " + funding again" : "");
    printf("cash lists %" PRIu64 ", totals %" PRId64 " = cash = funding%s\n", report->cash_lists, report->cash_dong,
           at_post ? " + still at post" : "");
    if (figure[FIGURE_recoveries].count > 0) {
        printf("instructed is what is left after %" PRIu64 " recoveries of %" PRId64 " dong\n",
               figure[FIGURE_recoveries].count, figure[FIGURE_recoveries].amount_dong);
    }
    if (figure[FIGURE_payments].count == 0) {
        printf("nothing to pay: everything that is due was provided for before, or is held\n");
    }
}

/* "2027-01,2027-02": months that follow each other. */
static bool take_periods(const char *text, struct run_options *options)
{
    month_t month;
    char one[24];       /* longer than a month, so that what is none is shown */
    bool more;

    options->periods = 0;
    do {
        size_t size = strcspn(text, ",");
        snprintf(one, sizeof(one), "%.*s", (int)size, text);
        if (!cli_month(one, &month)) {
            return false;
        }
        options->period = options->periods == 0 ? month : options->period;
        if (month != options->period + (month_t)options->periods || ++options->periods > RUN_PERIODS_MAX) {
            cli_wrong("--period: found %s, expected at most %d months that follow each other", one, RUN_PERIODS_MAX);
            return false;
        }
        more = text[size] == ',';
        text += size + (more ? 1 : 0);
    } while (more);
    return true;
}

bool cli_run_problems(const struct run_report *report)
{
    uint64_t held = report->figure[FIGURE_held].count;
    /* Each refused file and each missing list was told as it was met. */
    bool told = report->refused > 0 || report->lists_missing > 0;

    if (report->totals_wait) {
        cli_problem("chitra: totals differ from last month's by more than the policy allows: nothing leaves before"
                    " chitra release --accept-totals");
    }
    if (report->rows_rejected > 0) {
        cli_problem("chitra: %" PRIu64 " rows of intake were rejected: chitra list rejects", report->rows_rejected);
    }
    if (held > 0) {
        cli_problem("chitra: %" PRIu64 " obligations are held: chitra list holds", held);
    }
    if (report->unknown > 0) {
        cli_problem("chitra: %" PRIu64 " files are in neither state/staging/ nor outbox/: unknown, nothing is sent again by itself",
                    report->unknown);
    }
    if (report->stale > 0) {
        cli_problem("chitra: %" PRIu64 " files are stale and stay: the next run replaces them", report->stale);
    }
    return told || report->totals_wait || report->rows_rejected > 0 || held > 0 || report->unknown > 0 || report->stale > 0;
}

/* Everything that can be given; false with a message if it cannot be read. */
static bool take_option(int option, struct run_options *options)
{
    uint64_t jobs;

    switch (option) {
    case 'p':
        return take_periods(optarg, options);
    case 'u':
        options->units = optarg;
        return true;
    case 'd':
        if (!day_read(span_of(optarg), &options->pay_date)) {
            cli_wrong("--pay-date: found %s, expected YYYY-MM-DD", optarg);
            return false;
        }
        return true;
    case 'j':
        if (!text_number(span_of(optarg), 256, &jobs) || jobs == 0) {
            cli_wrong("--jobs: found %s, expected 1 to 256", optarg);
            return false;
        }
        options->jobs = (unsigned)jobs;
        return true;
    default:
        return false;
    }
}

static void note_report(const struct run_report *report)
{
    char period[8];

    month_write(report->runs[0].period, period);
    cli_note("run %d of %s: %" PRIu64 " payments, bank files %" PRIu64 " with %" PRId64 " dong, cash lists %" PRIu64 " with %" PRId64
             " dong%s", report->runs[0].number, period, report->figure[FIGURE_payments].count, report->bank_files, report->bank_dong,
             report->cash_lists, report->cash_dong, report->released ? ", released" : "");
}

static int run_it(const struct run_options *options)
{
    struct site site;
    struct run_report report;
    struct diag diag = { 0 };

    enum status rc = site_open(cli_options.site, options->dry ? SITE_READ : SITE_WRITE, &site, &diag);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    rc = run_month(&site, options, &report, &diag);
    int code = rc != STATUS_OK ? cli_fail(&diag, rc) : options->dry ? 0 : cli_metrics(&site);
    site_close(&site);
    if (rc != STATUS_OK) {
        return code;
    }
    if (cli_options.verbose) {
        cli_say("memory %" PRIu64, sys_memory_kib());
    }
    if (!cli_options.quiet) {
        cli_run_show(&report);
    }
    note_report(&report);
    bool problems = cli_run_problems(&report);
    return code == 0 && problems ? 1 : code;
}

int cli_run(int argc, char **argv)
{
    static const struct option long_options[] = {
        { "period", required_argument, NULL, 'p' }, { "unit", required_argument, NULL, 'u' },
        { "pay-date", required_argument, NULL, 'd' }, { "jobs", required_argument, NULL, 'j' },
        { "without", required_argument, NULL, 'w' }, { "dry-run", no_argument, NULL, 'n' }, CLI_OFFICER, CLI_LONG, { NULL, 0, NULL, 0 },
    };
    struct telling telling = { 0 };
    struct run_options options = { .period = MONTH_NONE, .units = "", .pay_date = DAY_NONE, .progress = tell_stage,
                                   .message = cli_message, .problem = cli_warning, .context = &telling };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, long_options, NULL)) != -1) {
        if (option == 'n') {
            options.dry = true;
        } else if (option == 'w') {
            options.without = optarg;
        } else if (!cli_officer(option, &options.claim) && !cli_common(option, usage) && !take_option(option, &options)) {
            return cli_usage(usage);
        }
    }
    if (options.without != NULL && options.claim.name == NULL) {
        cli_wrong("--without needs --as: somebody decides it");
        return cli_usage(usage);
    }
    if (options.period == MONTH_NONE) {
        cli_wrong("--period is needed");
        return cli_usage(usage);
    }
    if (!cli_operands(argc, argv, 0, 0, NULL)) {
        return cli_usage(usage);
    }
    options.folder = cli_options.site;
    return run_it(&options);
}
