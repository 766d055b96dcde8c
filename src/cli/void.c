/* void.c - `chitra void`: withdraws files that the bank never took. */
#include "files.h"

static const char usage[] =
    "usage: chitra void MSGID... --reason TEXT [--evidence FILE] [--as NAME --key KEY]\n"
    "Withdraws files that the bank never took; the next run takes up their payments.\n\n"
    "  --reason TEXT         why; it stays on record\n"
    "  --evidence FILE       what the bank wrote; it is archived (needed for a file that is unknown)\n"
    "  --as NAME --key KEY   who does it, and the private key that proves it\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

int cli_void(int argc, char **argv)
{
    static const struct option long_options[] = {
        { "reason", required_argument, NULL, 'r' }, { "evidence", required_argument, NULL, 'e' }, CLI_OFFICER,
        CLI_LONG, { NULL, 0, NULL, 0 },
    };
    struct officer_claim claim = { NULL, NULL };
    struct run_files_options options = { .claim = &claim, .reason = "", .pay_date = DAY_NONE };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, long_options, NULL)) != -1) {
        if (option == 'r') {
            options.reason = optarg;
        } else if (option == 'e') {
            options.evidence = optarg;
        } else if (!cli_officer(option, &claim) && !cli_common(option, usage)) {
            return cli_usage(usage);
        }
    }
    if (!cli_reason(options.reason)) {
        return cli_usage(usage);
    }
    return files_do(run_void, &options, argc, argv, usage);
}
