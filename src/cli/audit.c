/* audit.c - `chitra audit`: everything again. */
#include "cli.h"

#include "chitra/run_audit.h"
#include "chitra/text.h"

#include <inttypes.h>

static const char usage[] =
    "usage: chitra audit [--period YYYY-MM] [--jobs N]\n"
    "Makes the ledger anew from what was approved and done, writes every file again, verifies every signature,\n"
    "and tells what does not agree. Changes nothing.\n\n"
    "  --period YYYY-MM      files and sums of this month's runs only; the ledger is always audited whole\n"
    "  --jobs N              threads; by default as many as processors\n"
    "  -C DIR                the site\n"
    "  -q, --quiet           faults only\n"
    "  -h, --help            this\n";

static void print_audited(const struct run_audited *audited, uint64_t faults)
{
    char hex[DIGEST_HEX_BYTES];

    digest_hex(&audited->last, hex);
    printf("events %" PRIu64 ", the last one's hash %s\n", audited->events, hex);
    printf("archive %" PRIu64 " contents; signatures of approvals %" PRIu64 ", officers %" PRIu64 ", releases %" PRIu64 "\n",
           audited->archived, audited->approvals, audited->officers, audited->releases);
    printf("files written again %" PRIu64 ", with %" PRIu64 " payments; not in the site any more %" PRIu64 "\n",
           audited->files, audited->payments, audited->away);
    if (faults == 0) {
        printf("no fault\n");
    } else {
        printf("faults %" PRIu64 "\n", faults);
    }
}

static int audit_it(struct run_audit_options *options)
{
    struct site site;
    struct ledger *ledger = NULL;
    struct run_faults faults = { .tell = cli_fault };
    struct run_audited audited;
    struct diag diag = { 0 };

    enum status rc = cli_open(&site, &ledger, true, &diag);
    ledger_close(ledger);       /* each task of the audit opens its own */
    if (rc == STATUS_OK) {
        options->folder = cli_options.site;
        rc = run_audit(&site, options, &faults, &audited, &diag);
    }
    site_close(&site);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    if (!cli_options.quiet) {
        print_audited(&audited, faults.count);
    }
    return faults.count > 0 ? 1 : 0;
}

int cli_audit(int argc, char **argv)
{
    static const struct option known[] = { { "period", required_argument, NULL, 'p' }, { "jobs", required_argument, NULL, 'j' },
                                           CLI_LONG, { NULL, 0, NULL, 0 } };
    struct run_audit_options options = { .period = MONTH_NONE };
    static char bar[] = "audit";
    uint64_t jobs = 0;
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, known, NULL)) != -1) {
        if (option == 'p') {
            if (!cli_month(optarg, &options.period)) {
                return cli_usage(usage);
            }
        } else if (option == 'j') {
            if (!text_number(span_of(optarg), 256, &jobs) || jobs == 0) {
                cli_wrong("--jobs: found %s, expected 1 to 256", optarg);
                return cli_usage(usage);
            }
        } else if (!cli_common(option, usage)) {
            return cli_usage(usage);
        }
    }
    if (!cli_operands(argc, argv, 0, 0, NULL)) {
        return cli_usage(usage);
    }
    options.jobs = (unsigned)jobs;
    if (cli_has_bar()) {
        options.progress = cli_bar;
        options.context = bar;
    }
    return audit_it(&options);
}
