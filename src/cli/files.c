/* files.c - how a command about files runs. */
#include "files.h"

#include <limits.h>

static void tell(void *context, const char *text)
{
    (void)context;
    if (!cli_options.quiet) {
        printf("%s\n", text);
    }
}

int files_do(files_command *command, struct run_files_options *options, int argc, char **argv, const char *usage)
{
    struct site site;
    struct ledger *ledger = NULL;
    struct run_files_done done = { 0 };
    struct diag diag = { 0 };

    if (!cli_operands(argc, argv, 1, INT_MAX, "a MsgId, as `chitra list files` shows it,")) {
        return cli_usage(usage);
    }
    options->folder = cli_options.site;
    options->message = tell;
    enum status rc = site_open(cli_options.site, SITE_WRITE, &site, &diag);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    rc = ledger_open(cli_options.site, LEDGER_WRITE, &ledger, &diag);
    if (rc == STATUS_OK) {
        rc = command(&site, ledger, options, (const char *const *)(argv + optind), (size_t)(argc - optind), &done, &diag);
    }
    ledger_close(ledger);
    int code = rc != STATUS_OK ? cli_fail(&diag, rc) : cli_metrics(&site);
    site_close(&site);
    if (rc == STATUS_OK) {
        /* Not what was told of single payments: a reason that an officer wrote can be about a person. */
        cli_note("files done %llu, from %s on", (unsigned long long)done.files, argv[optind]);
    }
    if (done.missed > 0) {
        cli_problem("chitra: %llu files were fetched at this moment, and stay as they were: chitra list files",
                    (unsigned long long)done.missed);
    }
    return code == 0 && done.missed > 0 ? 1 : code;
}
