/* cli.c - the command table, and how the commands say things. */
#include "cli.h"

#include "chitra/date.h"
#include "chitra/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const struct cli_command commands[] = {
    { "audit", cli_audit, "everything again: does the ledger agree with what was approved and done?" },
    { "calc", cli_calc, "amounts for intake rows, without a site" },
    { "check", cli_check, "reads configuration, law, profiles and intake as run would; writes nothing" },
    { "close", cli_close, "an officer's last word: contradictions, and money that nobody will get" },
    { "explain", cli_explain, "every step of one amount, and where the money is" },
    { "handover", cli_handover, "records that a file reached the bank" },
    { "hold", cli_hold, "stops what has not left, of an entitlement or a payment" },
    { "init", cli_init, "makes a site; --demo fills it with generated people" },
    { "list", cli_list, "what the ledger holds" },
    { "receive", cli_receive, "takes answers of banks and the post" },
    { "recover", cli_recover, "a restored ledger learns again what was done" },
    { "reissue", cli_reissue, "tries failed payments again, where the cause is cured" },
    { "regen", cli_regen, "a new message in place of one that was rejected whole or voided" },
    { "release", cli_release, "lets staged files go to the outbox" },
    { "resend", cli_resend, "the same file again, to a bank that may not have got it" },
    { "run", cli_run, "the month: from approved entitlements to signed bank files" },
    { "simulate", cli_simulate, "what a month would cost under a draft of the law" },
    { "stats", cli_stats, "cash against non-cash" },
    { "unhold", cli_unhold, "lets go what is held, by hand or by a screen" },
    { "verify", cli_verify, "checks a bank file: schema, signature, totals, the ledger" },
    { "void", cli_void, "withdraws a file that the bank never took" },
};

struct cli_options cli_options = { NULL, false, false };

const struct cli_command *cli_command_find(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

void cli_commands_print(FILE *out)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].summary);
    }
}

enum status cli_open(struct site *site, struct ledger **ledger, bool needed, struct diag *diag)
{
    *ledger = NULL;
    enum status rc = site_open(cli_options.site, SITE_READ, site, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (sys_exists(site->dir, "state/ledger.db")) {
        return ledger_open(cli_options.site, LEDGER_READ, ledger, diag);
    }
    if (needed) {
        rc = diag_fail(diag, STATUS_NO_INPUT, "there is no ledger yet");
        diag_hint(diag, "the first `chitra run` makes it");
    }
    return rc;
}

enum status cli_read(const char *path, struct buf *content, struct diag *diag)
{
    return strcmp(path, "-") == 0 ? sys_read_stream(STDIN_FILENO, content, diag) : sys_read(AT_FDCWD, path, content, diag);
}

int cli_metrics(const struct site *site)
{
    struct ledger *ledger = NULL;
    struct diag diag = { 0 };

    enum status rc = ledger_open(cli_options.site, LEDGER_READ, &ledger, &diag);
    if (rc == STATUS_OK) {
        rc = run_metrics_write(site, ledger, &diag);
    }
    ledger_close(ledger);
    return rc == STATUS_OK ? 0 : cli_fail(&diag, rc);
}

void cli_getopt_start(void)
{
    optind = 0;     /* glibc: parse anew, options and operands in any order */
    opterr = 1;
}

/* A log that was asked for and cannot be had: nothing is begun. */
static void log_open(const char *path)
{
    struct diag diag = { 0 };
    enum status rc = cli_log_open(path, &diag);

    if (rc != STATUS_OK) {
        exit(cli_fail(&diag, rc));
    }
}

bool cli_common(int option, const char *usage)
{
    switch (option) {
    case 'C':
        cli_options.site = optarg;
        return true;
    case 'q':
        cli_options.quiet = true;
        return true;
    case 'v':
        cli_options.verbose = true;
        return true;
    case CLI_LOG:
        log_open(optarg);
        return true;
    case CLI_LOG_FORMAT:
        return cli_log_format(optarg);
    case 'h':
        fprintf(stdout, "%s", usage);
        exit(cli_end(0));
    default:
        return false;
    }
}

bool cli_officer(int option, struct officer_claim *claim)
{
    if (option == 'A') {
        claim->name = optarg;
    } else if (option == 'K') {
        claim->key = optarg;
    }
    return option == 'A' || option == 'K';
}

bool cli_common_only(int argc, char **argv, const char *usage)
{
    static const struct option known[] = { CLI_LONG, { NULL, 0, NULL, 0 } };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, known, NULL)) != -1) {
        if (!cli_common(option, usage)) {
            return false;
        }
    }
    return true;
}

bool cli_operands(int argc, char **argv, int least, int most, const char *what)
{
    int count = argc - optind;

    if (count < least) {
        cli_wrong("%s is needed", what);
    } else if (count > most) {
        cli_wrong("too many arguments: found %s", argv[optind + most]);
    }
    return count >= least && count <= most;
}

/* The first line, and those behind it that go on from it, indented. */
int cli_usage(const char *usage)
{
    size_t size = strcspn(usage, "\n");

    while (usage[size] == '\n' && usage[size + 1] == ' ') {
        size += 1 + strcspn(usage + size + 1, "\n");
    }
    fprintf(stderr, "%.*s\n", (int)size, usage);
    fprintf(stderr, "try --help\n");
    return status_exit_code(STATUS_USAGE);
}

/* Jobs at night want the month without a calendar of their own: `date` knows neither UTC+7 nor what follows the
 * 31st of a month. */
static bool month_by_word(const char *text, int32_t *month)
{
    static const char *const word[] = { "last", "this", "next" };
    struct sys_time now;

    for (int i = 0; i < 3; i++) {
        if (strcmp(text, word[i]) == 0 && sys_now(&now, NULL) == STATUS_OK) {
            *month = day_month(now.day) + i - 1;
            return true;
        }
    }
    return false;
}

bool cli_month(const char *text, int32_t *month)
{
    if (month_read(span_of(text), month) || month_by_word(text, month)) {
        return true;
    }
    cli_wrong("a period is expected: found %s, expected YYYY-MM, or last, this or next", text);
    return false;
}
