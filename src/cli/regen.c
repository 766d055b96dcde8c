/* regen.c - `chitra regen`: a new message in place of one that was rejected whole or voided. */
#include "files.h"

#include "chitra/date.h"

static const char usage[] =
    "usage: chitra regen MSGID... [--pay-date YYYY-MM-DD] [--as NAME [--key KEY]]\n"
    "Stages a new generation of files that were rejected whole or voided: new MsgIds, the same EndToEndIds.\n\n"
    "  --pay-date DATE       when it pays; otherwise as before, or the next working day\n"
    "  --as NAME --key KEY   who makes it, and so prepares it; the private key that proves it\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

int cli_regen(int argc, char **argv)
{
    static const struct option long_options[] = {
        { "pay-date", required_argument, NULL, 'd' }, CLI_OFFICER, CLI_LONG, { NULL, 0, NULL, 0 },
    };
    struct officer_claim claim = { NULL, NULL };
    struct run_files_options options = { .claim = &claim, .reason = "", .pay_date = DAY_NONE };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, long_options, NULL)) != -1) {
        if (option == 'd' && !day_read(span_of(optarg), &options.pay_date)) {
            cli_wrong("--pay-date: found %s, expected YYYY-MM-DD", optarg);
            return cli_usage(usage);
        }
        if (option != 'd' && !cli_officer(option, &claim) && !cli_common(option, usage)) {
            return cli_usage(usage);
        }
    }
    return files_do(run_regen, &options, argc, argv, usage);
}
