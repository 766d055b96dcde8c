/* verify.c - `chitra verify`: bank files against their schema, signature, totals and the ledger. */
#include "cli.h"

#include "chitra/run.h"

#include <inttypes.h>
#include <limits.h>

static const char usage[] =
    "usage: chitra verify FILE...\n"
    "Checks bank files, .xml or .xml.gz: schema, signature, control totals, agreement with the ledger.\n"
    "-: a file from standard input.\n\n"
    "  -C DIR                the site\n"
    "  -q, --quiet           faults only, no line for each good file\n"
    "  -h, --help            this\n";

static enum status file_verify(const struct site *site, struct ledger *ledger, const char *path,
                               struct run_faults *faults, struct diag *diag)
{
    struct run_verified verified;
    uint64_t before = faults->count;

    enum status rc = run_verify(site, ledger, path, faults, &verified, diag);
    if (rc == STATUS_OK && faults->count == before && !cli_options.quiet) {
        printf("%s: good, %" PRIu64 " payments, %" PRId64 " dong\n", verified.msg_id, verified.payments,
               verified.amount_dong);
    }
    return rc;
}

static int files_verify(char **file)
{
    struct site site;
    struct ledger *ledger = NULL;
    struct run_faults faults = { .tell = cli_fault };
    struct diag diag = { 0 };

    enum status rc = cli_open(&site, &ledger, false, &diag);
    for (; *file != NULL && rc == STATUS_OK; file++) {
        rc = file_verify(&site, ledger, *file, &faults, &diag);
    }
    ledger_close(ledger);
    site_close(&site);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    return faults.worst == STATUS_CONFLICT ? 1 : status_exit_code(faults.worst);
}

int cli_verify(int argc, char **argv)
{
    if (!cli_common_only(argc, argv, usage)) {
        return cli_usage(usage);
    }
    return cli_operands(argc, argv, 1, INT_MAX, "a file") ? files_verify(argv + optind) : cli_usage(usage);
}
