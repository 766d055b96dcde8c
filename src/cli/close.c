/* close.c - `chitra close`: an officer's word on a contradiction or a payment that may have been made twice. */
#include "cli.h"

#include "chitra/run_close.h"

#include <inttypes.h>

static const char usage[] =
    "usage: chitra close ID --reason TEXT\n"
    "Closes the open breaks of a payment (its EndToEndId) or a file (its MsgId).\n\n"
    "  --reason TEXT         what was found out; it stays on record\n"
    "  --as NAME --key KEY   who certifies it, under policy dual\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

static int close_it(const char *id, const struct close_options *options)
{
    struct site site;
    struct ledger *ledger = NULL;
    struct diag diag = { 0 };
    uint64_t count = 0;

    enum status rc = site_open(cli_options.site, SITE_WRITE, &site, &diag);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    rc = ledger_open(cli_options.site, LEDGER_WRITE, &ledger, &diag);
    if (rc == STATUS_OK) {
        rc = run_close(&site, ledger, id, options, &count, &diag);
    }
    ledger_close(ledger);
    int code = rc != STATUS_OK ? cli_fail(&diag, rc) : cli_metrics(&site);
    site_close(&site);
    if (rc != STATUS_OK) {
        return code;
    }
    cli_say("%s: %" PRIu64 " closed; the next run decides on what they held", id, count);
    return code;
}

int cli_close(int argc, char **argv)
{
    static const struct option known[] = { { "reason", required_argument, NULL, 'r' }, CLI_OFFICER, CLI_LONG,
                                           { NULL, 0, NULL, 0 } };
    struct officer_claim claim = { NULL, NULL };
    struct close_options options = { "", &claim };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, known, NULL)) != -1) {
        if (option == 'r') {
            options.reason = optarg;
        } else if (!cli_officer(option, &claim) && !cli_common(option, usage)) {
            return cli_usage(usage);
        }
    }
    if (optind + 1 != argc || !cli_reason(options.reason)) {
        return cli_usage(usage);
    }
    return close_it(argv[optind], &options);
}
