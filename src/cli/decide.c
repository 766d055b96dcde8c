/* decide.c - how a decision by hand runs. */
#include "decide.h"

static void tell(void *context, bool problem, const char *text)
{
    (void)context;
    if (problem) {
        cli_problem("chitra: %s", text);
    } else {
        cli_say("%s", text);
    }
}

static int decide_id(decide_command *command, const char *id, const struct decide_options *options)
{
    struct site site;
    struct ledger *ledger = NULL;
    struct diag diag = { 0 };
    struct decided decided = { 0, 0 };

    enum status rc = site_open(cli_options.site, SITE_WRITE, &site, &diag);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    rc = ledger_open(cli_options.site, LEDGER_WRITE, &ledger, &diag);
    if (rc == STATUS_OK) {
        rc = command(&site, ledger, id, options, &decided, &diag);
    }
    ledger_close(ledger);
    int code = rc != STATUS_OK ? cli_fail(&diag, rc) : cli_metrics(&site);
    site_close(&site);
    return code == 0 && decided.left > 0 ? 1 : code;
}

int decide_do(decide_command *command, int argc, char **argv, const char *usage)
{
    static const struct option known[] = { { "reason", required_argument, NULL, 'r' }, CLI_OFFICER, CLI_LONG,
                                           { NULL, 0, NULL, 0 } };
    struct officer_claim claim = { NULL, NULL };
    struct decide_options options = { .reason = "", .claim = &claim, .message = tell };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, known, NULL)) != -1) {
        if (option == 'r') {
            options.reason = optarg;
        } else if (!cli_officer(option, &claim) && !cli_common(option, usage)) {
            return cli_usage(usage);
        }
    }
    if (!cli_operands(argc, argv, 1, 1, "an ID") || !cli_reason(options.reason)) {
        return cli_usage(usage);
    }
    return decide_id(command, argv[optind], &options);
}
