/* main.c - the command table's entry. */
#include "chitra/intake.h"
#include "chitra/sign.h"
#include "chitra/stats.h"
#include "chitra/sys.h"
#include "chitra/text.h"
#include "chitra/xml.h"
#include "cli/cli.h"

#include <stdlib.h>

static const char usage[] =
    "usage: chitra [-C DIR] [-q] [-v] COMMAND [ARGUMENTS]\n"
    "Pays social benefits: approved entitlements in, signed ISO 20022 bank files out.\n\n";

static const char common[] =
    "\nBefore a command, or behind it:\n"
    "  -C DIR                the site (otherwise CHITRA_SITE, or the current folder)\n"
    "  -q, --quiet           only errors and problems\n"
    "  -v, --verbose         more messages\n"
    "      --log FILE        adds each message to this file too, with its time\n"
    "      --log-format F    of the log: text or json (text)\n"
    "  -h, --help            this; behind a command, about that\n"
    "      --version         the version, and those of the libraries\n"
    "\n`chitra COMMAND --help` tells more, and so does man chitra-COMMAND.\n";

static int version(void)
{
    char libraries[256];

    sign_versions(libraries, sizeof(libraries));
    printf("chitra " CHITRA_VERSION "\n%s, libxml2 %s, SQLite %s, zlib %s, libxlsxwriter %s, utf8proc %s\n", libraries, xml_library(),
           ledger_library(), intake_library(), stats_library(), text_library());
    return cli_end(0);
}

static int help(void)
{
    fputs(usage, stdout);
    cli_commands_print(stdout);
    fputs(common, stdout);
    return cli_end(0);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "version", no_argument, NULL, 'V' }, CLI_LONG, { NULL, 0, NULL, 0 },
    };
    static char name[] = "chitra";      /* what getopt begins its messages with */
    int option;

    argv[0] = name;
    sys_init();
    mem_init();
    cli_options.site = getenv("CHITRA_SITE");
    if (cli_options.site == NULL || cli_options.site[0] == '\0') {
        cli_options.site = ".";
    }
    while ((option = getopt_long(argc, argv, "+C:qvh", options, NULL)) != -1) {
        if (option == 'h') {
            return help();
        }
        if (option == 'V') {
            return version();
        }
        if (!cli_common(option, usage)) {
            return cli_usage(usage);
        }
    }
    if (optind >= argc) {
        return cli_usage(usage);
    }
    const struct cli_command *command = cli_command_find(argv[optind]);
    if (command == NULL) {
        cli_wrong("there is no command %s", argv[optind]);
        return cli_usage(usage);
    }
    cli_log_begin(command->name);
    argv[optind] = name;
    int code = cli_end(command->run(argc - optind, argv + optind));
    cli_log_end(code);
    return code;
}
