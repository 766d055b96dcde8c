/*
 * cli.h - what the commands share: the table, where the site is, and how things are said.
 *
 * Layer: cli, the only room that prints. Output for programs goes to standard output, messages to
 * standard error. A command is a function in a file of its own, src/cli/<name>.c, with the signature of
 * main(); argv[0] is the program's name, and it parses the rest with getopt_long (call cli_getopt_start
 * first). It returns an exit code: cli_fail's, 0, or 1 (done, but something is held or rejected).
 *
 * How to add a command: write src/cli/<name>.c, declare it here, add its row in cli.c's table, write
 * man/chitra-<name>.1 and a case in tests/cli/.
 */
#ifndef CHITRA_CLI_CLI_H
#define CHITRA_CLI_CLI_H

#include "chitra/diag.h"
#include "chitra/ledger.h"
#include "chitra/mem.h"
#include "chitra/site.h"

#include <getopt.h>
#include <stdio.h>

struct cli_command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
};
const struct cli_command *cli_command_find(const char *name);   /* NULL: unknown */
void cli_commands_print(FILE *out);

int cli_init(int argc, char **argv);
int cli_audit(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_calc(int argc, char **argv);
int cli_close(int argc, char **argv);
int cli_receive(int argc, char **argv);
int cli_run(int argc, char **argv);
int cli_recover(int argc, char **argv);
int cli_reissue(int argc, char **argv);
int cli_regen(int argc, char **argv);
int cli_release(int argc, char **argv);
int cli_resend(int argc, char **argv);
int cli_handover(int argc, char **argv);
int cli_hold(int argc, char **argv);
int cli_list(int argc, char **argv);
int cli_explain(int argc, char **argv);
int cli_simulate(int argc, char **argv);
int cli_unhold(int argc, char **argv);
int cli_stats(int argc, char **argv);
int cli_verify(int argc, char **argv);
int cli_void(int argc, char **argv);

/* What stands before the command: -C, -q, -v. */
struct cli_options {
    const char *site;           /* -C, else CHITRA_SITE, else "." */
    bool quiet;
    bool verbose;
};
extern struct cli_options cli_options;

/* Opens the site and its ledger for reading, beside whatever run goes on. The ledger is NULL where there is
 * none yet; with `needed` that is STATUS_NO_INPUT. Close both with ledger_close and site_close, also after
 * an error. */
enum status cli_open(struct site *site, struct ledger **ledger, bool needed, struct diag *diag) MUST_USE;

/* Reads a file, or for "-" standard input, into an empty buffer with its own cap. */
enum status cli_read(const char *path, struct buf *content, struct diag *diag) MUST_USE;

/* Writes the site's metrics at the end of a command that changed something: 0, or cli_fail's exit code. */
int cli_metrics(const struct site *site);

/* Starts getopt_long anew for a command's own arguments. */
void cli_getopt_start(void);
/* The options that every command takes too (-C, -q, -v, -h); `usage` is printed for -h. Returns true if
 * it was one of them; -h ends the process with 0. Their short form for getopt: CLI_SHORT. */
#define CLI_SHORT "C:qvh"
#define CLI_LONG                                                                                          \
    { "help", no_argument, NULL, 'h' }, { "quiet", no_argument, NULL, 'q' }, { "verbose", no_argument, NULL, 'v' }, \
    { "log", required_argument, NULL, CLI_LOG }, { "log-format", required_argument, NULL, CLI_LOG_FORMAT }
enum { CLI_LOG = 1000, CLI_LOG_FORMAT };
bool cli_common(int option, const char *usage);
/* Reads the arguments of a command that takes these options and no other; operands begin at optind. False if one is
 * another: the caller gives back cli_usage. */
bool cli_common_only(int argc, char **argv, const char *usage);
/* The options of a command in which an officer acts, --as and --key; likewise. */
#define CLI_OFFICER { "as", required_argument, NULL, 'A' }, { "key", required_argument, NULL, 'K' }
bool cli_officer(int option, struct officer_claim *claim);
/* Whether a command has as many operands as it takes; `what` names the first one of those that it needs (NULL: it needs
 * none). False with a message. */
bool cli_operands(int argc, char **argv, int least, int most, const char *what);
/* What is wrong with the command line, in a message; the caller gives back cli_usage. */
void cli_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The synopsis in `usage` and where to read more, on standard error; the exit code 64. */
int cli_usage(const char *usage);

/* "chitra: file:line:column: what: found ..., expected ..." on standard error; the exit code. */
int cli_fail(const struct diag *diag, enum status status);
/* The same for a fault that a check found (struct run_faults). */
void cli_fault(void *context, enum status kind, const struct diag *fault);
/* What a coordinator tells people on the way, and what somebody has to look at. */
void cli_message(void *context, const char *text);
void cli_warning(void *context, const char *text);
/* A bar on standard error, where that is a terminal and wanted; `context` is its name. From any thread. */
bool cli_has_bar(void);
void cli_bar(void *context, uint64_t done, uint64_t total);
/* A line for people on standard error, unless -q; and one that -q does not silence: something is held, rejected,
 * unknown, left undone. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_problem(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A line for the log alone, beside what standard output says. */
void cli_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The log: --log FILE, --log-format text|json. What is said is also a line there, and how the command ended. */
enum cli_level { CLI_INFO, CLI_WARNING, CLI_ERROR };
enum status cli_log_open(const char *path, struct diag *diag) MUST_USE;
bool cli_log_format(const char *format);        /* false with a message if there is no such format */
void cli_log_begin(const char *command);
void cli_log_end(int code);
/* Flushes standard output: `code`, or 74 if what was written did not arrive. */
int cli_end(int code);

/* Whether a reason can go on record: one line of 1 to 255 bytes of clean text; false with a message. */
bool cli_reason(const char *reason);

/* The two equations of a run, for people; and what of it somebody has to look at, in a line for each: whether there is
 * anything. */
struct run_report;
void cli_run_show(const struct run_report *report);
bool cli_run_problems(const struct run_report *report);

/* Parses "YYYY-MM", or "last", "this" or "next" month; false with a message if it is none. */
bool cli_month(const char *text, int32_t *month);

#endif
