/* handover.c - `chitra handover`: a file reached the bank. */
#include "files.h"

static const char usage[] =
    "usage: chitra handover MSGID...\n"
    "Records that released files, or lists, reached the bank or the post.\n\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

int cli_handover(int argc, char **argv)
{
    static const struct option long_options[] = { CLI_LONG, { NULL, 0, NULL, 0 } };
    struct run_files_options options = { .reason = "", .pay_date = DAY_NONE };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, long_options, NULL)) != -1) {
        if (!cli_common(option, usage)) {
            return cli_usage(usage);
        }
    }
    return files_do(run_handover, &options, argc, argv, usage);
}
