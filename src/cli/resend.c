/* resend.c - `chitra resend`: the same file again. */
#include "files.h"

static const char usage[] =
    "usage: chitra resend MSGID... [--mark] [--as NAME --key KEY]\n"
    "Puts the same bytes into outbox/ once more, for a bank that may not have got them.\n\n"
    "  --mark                the same Document, under a header that says possible duplicate, signed anew\n"
    "  --as NAME --key KEY   who marks it, and the private key that proves it\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

int cli_resend(int argc, char **argv)
{
    static const struct option long_options[] = {
        { "mark", no_argument, NULL, 'm' }, CLI_OFFICER, CLI_LONG, { NULL, 0, NULL, 0 },
    };
    struct officer_claim claim = { NULL, NULL };
    struct run_files_options options = { .claim = &claim, .reason = "", .pay_date = DAY_NONE };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, long_options, NULL)) != -1) {
        if (option == 'm') {
            options.mark = true;
        } else if (!cli_officer(option, &claim) && !cli_common(option, usage)) {
            return cli_usage(usage);
        }
    }
    return files_do(run_resend, &options, argc, argv, usage);
}
