/* check.c - `chitra check`: everything that a run would read, judged, and nothing written. */
#include "cli.h"

#include "chitra/run.h"

#include <inttypes.h>

static const char usage[] =
    "usage: chitra check [FILE...]\n"
    "Reads configuration, law, bank profiles, key and intake as `chitra run` would, and reports every fault.\n"
    "FILE...: these intake files, with the approvals beside them; without, all that wait in intake/.\n\n"
    "  -C DIR                the site\n"
    "  -q, --quiet           faults only\n"
    "  -h, --help            this\n";

static void fault_tell(void *context, enum status kind, const struct diag *fault)
{
    char text[DIAG_BYTES_MAX];

    (void)context;
    if (kind == STATUS_CONFLICT) {
        diag_text(fault, text, sizeof(text));   /* of a row: as `calc` says it */
        cli_problem("%s", text);
    } else {
        (void)cli_fail(fault, kind);
    }
}

static int check_it(const char *const *file, size_t count)
{
    struct site site;
    struct ledger *ledger = NULL;
    struct run_options options = { .folder = cli_options.site, .period = MONTH_NONE, .units = "",
                                   .pay_date = DAY_NONE, .message = cli_message };
    struct run_faults faults = { .tell = fault_tell };
    struct run_checked checked;
    struct diag diag = { 0 };

    enum status rc = cli_open(&site, &ledger, false, &diag);
    if (rc == STATUS_OK) {
        rc = run_check(&site, ledger, file, count, &options, &faults, &checked, &diag);
    }
    ledger_close(ledger);
    site_close(&site);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    cli_say("files %" PRIu64 ", rows %" PRIu64 ", faults %" PRIu64, checked.files, checked.rows, faults.count);
    return faults.worst == STATUS_CONFLICT ? 1 : status_exit_code(faults.worst);
}

int cli_check(int argc, char **argv)
{
    if (!cli_common_only(argc, argv, usage)) {
        return cli_usage(usage);
    }
    return check_it((const char *const *)argv + optind, (size_t)(argc - optind));
}
