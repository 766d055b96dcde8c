/* reissue.c - `chitra reissue`: new attempts for payments that finally failed. */
#include "cli.h"

#include "chitra/run_reissue.h"

#include <inttypes.h>

static const char usage[] =
    "usage: chitra reissue [--payment ID,...] [--reason TEXT] [--as NAME --key KEY]\n"
    "Tries payments again that were rejected, returned or not collected, and whose cause is cured: a supplementary run.\n\n"
    "  --payment ID,...      these payments; without it all that failed and wait\n"
    "  --reason TEXT         why they may be tried again although no correction cures the cause\n"
    "  --as NAME --key KEY   who prepares it (policy dual), as for run\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

static enum status with_ledger(const struct site *site, const struct reissue_options *options, struct reissue *reissue,
                               bool told, struct run_faults *faults, struct diag *diag)
{
    struct ledger *ledger = NULL;

    enum status rc = ledger_open(cli_options.site, LEDGER_WRITE, &ledger, diag);
    if (rc == STATUS_OK) {
        rc = told ? run_reissue_told(ledger, options, faults, diag)
                  : run_reissue(site, ledger, options, reissue, faults, diag);
    }
    ledger_close(ledger);
    return rc;
}

/* A run of the last period, which takes up what is cured. */
static enum status run_it(struct site *site, month_t period, const struct officer_claim *claim, struct run_report *report,
                          struct diag *diag)
{
    const struct run_options options = { .folder = cli_options.site, .period = period, .units = "", .pay_date = DAY_NONE,
                                         .claim = *claim, .message = cli_message, .problem = cli_warning };

    return run_month(site, &options, report, diag);
}

static int reissue_it(struct site *site, const struct reissue_options *options, const struct officer_claim *claim)
{
    struct run_faults faults = { .tell = cli_fault };
    struct reissue reissue = { .period = MONTH_NONE };
    struct run_report report;
    struct diag diag = { 0 };

    enum status rc = with_ledger(site, options, &reissue, false, &faults, &diag);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    if (faults.count > 0) {
        return status_exit_code(faults.worst);
    }
    if (reissue.period == MONTH_NONE) {
        cli_say("no payment that failed waits");
        return 0;
    }
    rc = run_it(site, reissue.period, claim, &report, &diag);
    if (rc == STATUS_OK) {
        rc = with_ledger(site, options, &reissue, true, &faults, &diag);
    }
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    if (!cli_options.quiet) {
        cli_run_show(&report);
    }
    cli_note("payments tried again: %" PRIu64, report.figure[FIGURE_reissued].count);
    return cli_run_problems(&report) || faults.count > 0 ? 1 : 0;
}

int cli_reissue(int argc, char **argv)
{
    static const struct option known[] = { { "payment", required_argument, NULL, 'p' },
                                           { "reason", required_argument, NULL, 'r' },
                                           CLI_OFFICER, CLI_LONG,
                                           { NULL, 0, NULL, 0 } };
    struct reissue_options options = { .payments = "" };
    struct officer_claim claim = { NULL, NULL };
    struct site site;
    struct diag diag = { 0 };
    char user[64];
    int option;
    bool good = true;

    cli_getopt_start();
    while (good && (option = getopt_long(argc, argv, CLI_SHORT, known, NULL)) != -1) {
        if (option == 'p') {
            options.payments = optarg;
        } else if (option == 'r') {
            options.reason = optarg;
            good = cli_reason(optarg);
        } else {
            good = cli_officer(option, &claim) || cli_common(option, usage);
        }
    }
    if (!good || !cli_operands(argc, argv, 0, 0, NULL)) {
        return cli_usage(usage);
    }
    sys_user(user, sizeof(user));
    options.who = user;
    enum status rc = site_open(cli_options.site, SITE_WRITE, &site, &diag);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    int code = reissue_it(&site, &options, &claim);
    if (code <= 1) {
        int written = cli_metrics(&site);
        code = written != 0 ? written : code;
    }
    site_close(&site);
    return code;
}
