/* release.c - `chitra release`: lets staged files go. */
#include "cli.h"

#include "chitra/run.h"
#include "chitra/text.h"

#include <inttypes.h>

static const char usage[] =
    "usage: chitra release [--run R] [--unit U,...] [--as NAME --key KEY] [--expect-count N] [--expect-amount M]\n"
    "                      [--accept-totals]\n"
    "Moves staged files to outbox/ and cash/, with a signed list written last.\n\n"
    "  --run R               only this run's (its number in `chitra list runs`)\n"
    "  --unit U,...          only these paying units'\n"
    "  --as NAME             the officer who lets them go, by the name in chitra.xml\n"
    "  --key KEY             the officer's private key, which signs the release\n"
    "  --accept-totals       totals that differ too much from last month's may go all the same\n"
    "  --expect-count N      refuse unless the bank files hold N payments\n"
    "  --expect-amount M     refuse unless their control sums add up to M dong\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

static bool take_number(const char *name, int64_t *number)
{
    uint64_t value;

    if (!text_number(span_of(optarg), INT64_MAX, &value)) {
        cli_wrong("%s: found %s, expected a whole number", name, optarg);
        return false;
    }
    *number = (int64_t)value;
    return true;
}

/* What somebody has to look at. */
static bool print_problems(const struct run_released *released)
{
    if (released->unknown > 0) {
        cli_problem("chitra: %" PRIu64 " files are in neither state/staging/ nor outbox/: unknown, nothing is sent again by itself",
                    released->unknown);
    }
    if (released->stale > 0) {
        cli_problem("chitra: %" PRIu64 " files are stale and stay: somebody in them has changed since; `chitra run` replaces them",
                    released->stale);
    }
    return released->unknown > 0 || released->stale > 0;
}

static int release_it(const struct run_release_options *options)
{
    struct site site;
    struct ledger *ledger = NULL;
    struct run_released released;
    struct diag diag = { 0 };

    enum status rc = site_open(cli_options.site, SITE_WRITE, &site, &diag);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    rc = ledger_open(cli_options.site, LEDGER_WRITE, &ledger, &diag);
    if (rc == STATUS_OK) {
        rc = run_release(&site, ledger, options, &released, &diag);
    }
    ledger_close(ledger);
    int code = rc != STATUS_OK ? cli_fail(&diag, rc) : cli_metrics(&site);
    site_close(&site);
    if (rc != STATUS_OK) {
        return code;
    }
    if (!cli_options.quiet && released.files == 0) {
        printf("nothing is staged\n");
    } else if (!cli_options.quiet) {
        printf("released %" PRIu64 " files: %" PRIu64 " payments, %" PRId64 " dong in bank files\n", released.files,
               released.payments, released.amount_dong);
    }
    cli_note("released %" PRIu64 " files: %" PRIu64 " payments, %" PRId64 " dong in bank files", released.files,
             released.payments, released.amount_dong);
    bool problems = print_problems(&released);
    return code == 0 && problems ? 1 : code;
}

int cli_release(int argc, char **argv)
{
    static const struct option long_options[] = {
        { "run", required_argument, NULL, 'r' }, { "unit", required_argument, NULL, 'u' },
        { "accept-totals", no_argument, NULL, 't' }, CLI_OFFICER, { "expect-count", required_argument, NULL, 'n' }, { "expect-amount", required_argument, NULL, 'm' },
        CLI_LONG, { NULL, 0, NULL, 0 },
    };
    struct officer_claim claim = { NULL, NULL };
    struct run_release_options options = { .units = "", .claim = &claim, .expect_count = -1, .expect_amount = -1 };
    int option;
    bool good = true;

    cli_getopt_start();
    while (good && (option = getopt_long(argc, argv, CLI_SHORT, long_options, NULL)) != -1) {
        if (option == 'u') {
            options.units = optarg;
        } else if (option == 'r') {
            good = take_number("--run", &options.run);
        } else if (option == 't') {
            options.accept_totals = true;
        } else if (option == 'n') {
            good = take_number("--expect-count", &options.expect_count);
        } else if (option == 'm') {
            good = take_number("--expect-amount", &options.expect_amount);
        } else {
            good = cli_officer(option, &claim) || cli_common(option, usage);
        }
    }
    if (!good || !cli_operands(argc, argv, 0, 0, NULL)) {
        return cli_usage(usage);
    }
    return release_it(&options);
}
