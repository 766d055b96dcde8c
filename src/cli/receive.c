/* receive.c - `chitra receive`: takes answers, and shows the list of breaks. */
#include "cli.h"

#include "chitra/ledger_query.h"
#include "chitra/run_receive.h"

#include <inttypes.h>

static const char usage[] =
    "usage: chitra receive [FILE...]\n"
    "Takes answers of banks and the post: pain.002, camt.053, camt.054, cash results; by default all in inbox/;\n"
    "-: a message from standard input.\n\n"
    "  -C DIR                the site\n"
    "  -q, --quiet           refusals and breaks only\n"
    "  -h, --help            this\n";

static void count_show(const char *name, uint64_t count, int64_t amount_dong)
{
    printf("%-16s %12" PRIu64 "  %20" PRId64 "\n", name, count, amount_dong);
}

/* What moved, in payments and dong; then what did not fit, in lines. */
static void sums_show(const struct received *received)
{
    static const enum payment_state state[] = { PAYMENT_ACCEPTED, PAYMENT_BOOKED,   PAYMENT_REJECTED,
                                                PAYMENT_RETURNED, PAYMENT_UNCOLLECTED };
    static const enum line_result result[] = { LINE_AMOUNT, LINE_UNMATCHED, LINE_CONTRADICTS, LINE_DOUBLE, LINE_REFUSED };

    printf("answers: %" PRIu64 " taken, %" PRIu64 " known already, %" PRIu64 " foreign; %" PRIu64 " lines\n",
           received->taken, received->known, received->foreign, received->lines);
    for (size_t i = 0; i < sizeof(state) / sizeof(state[0]); i++) {
        count_show(payment_state_name(state[i]), received->moved[state[i]], received->moved_dong[state[i]]);
    }
    for (size_t i = 0; i < sizeof(result) / sizeof(result[0]); i++) {
        if (received->result[result[i]] > 0) {
            printf("%-16s %12" PRIu64 "\n", line_result_name(result[i]), received->result[result[i]]);
        }
    }
}

static void note_sums(const struct received *received)
{
    cli_note("answers: %" PRIu64 " taken, %" PRIu64 " known already, %" PRIu64 " foreign; %" PRIu64 " lines; booked %" PRIu64
             ", rejected %" PRIu64 ", returned %" PRIu64 ", uncollected %" PRIu64, received->taken, received->known,
             received->foreign, received->lines, received->moved[PAYMENT_BOOKED], received->moved[PAYMENT_REJECTED],
             received->moved[PAYMENT_RETURNED], received->moved[PAYMENT_UNCOLLECTED]);
}

static uint64_t failed(const struct received *received)
{
    return received->moved[PAYMENT_REJECTED] + received->moved[PAYMENT_RETURNED] + received->moved[PAYMENT_UNCOLLECTED];
}

/* What somebody has to look at, beside what is told as it is met and the new breaks. */
static void problems_say(const struct received *received, uint64_t doubles)
{
    const struct {
        uint64_t count;
        const char *text;
    } problem[] = {
        { received->foreign, "answers name nothing of ours: chitra list events" },
        { failed(received), "payments were rejected, returned or not collected: chitra list payments" },
        { received->files_rejected, "files rejected whole: chitra regen makes new ones" },
        { received->files_silent, "files without an answer for too long: unknown, ask the bank" },
        { received->files_unknown, "files of which nobody knows what became: ask the bank" },
        { received->unanswered, "payments without an answer for too long, in files that were answered: chitra list unanswered" },
        { doubles, "payments may have been paid twice: chitra list breaks --state open" },
    };

    for (size_t i = 0; i < sizeof(problem) / sizeof(problem[0]); i++) {
        if (problem[i].count > 0) {
            cli_problem("chitra: %" PRIu64 " %s", problem[i].count, problem[i].text);
        }
    }
}

/* Each new break in a line; after so many, how to see them all. */
enum { BREAKS_SHOWN = 50 };

static enum status breaks_show(struct ledger *ledger, int64_t before, struct diag *diag)
{
    enum { NUMBER = 0, KIND = 2, MSG_ID = 3, PAYMENT = 4, SAYS = 6, REASON = 7, AMOUNT = 8, EXPECTED = 9 };
    static const int shown[] = { KIND, MSG_ID, PAYMENT, SAYS, REASON, AMOUNT, EXPECTED };
    const struct ledger_filter all = { .period = MONTH_NONE, .unit = "", .entitlement = "", .state = "" };
    struct ledger_list *list = NULL;
    struct span cell[LIST_COLUMNS_MAX];
    uint64_t count = 0;
    bool more = true;

    enum status rc = ledger_list_new(ledger, LIST_BREAKS, &all, &list, diag);
    while (rc == STATUS_OK && more) {
        int64_t number = 0;
        rc = ledger_list_next(list, cell, &more, diag);
        if (rc != STATUS_OK || !more || !money_read(cell[NUMBER], &number) || number <= before || count++ >= BREAKS_SHOWN) {
            continue;
        }
        printf("break");
        for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
            printf(" %.*s", cell[shown[i]].size == 0 ? 1 : (int)cell[shown[i]].size,
                   cell[shown[i]].size == 0 ? "-" : cell[shown[i]].data);
        }
        printf("\n");
    }
    if (count > BREAKS_SHOWN) {
        printf("and %" PRIu64 " more: chitra list breaks\n", count - BREAKS_SHOWN);
    }
    if (count > 0) {
        cli_note("new breaks: %" PRIu64 ": chitra list breaks", count);     /* what banks wrote stays out of the log */
    }
    ledger_list_free(list);
    return rc;
}

static int exit_of(const struct received *received, const struct run_faults *faults, uint64_t doubles)
{
    bool done = received->taken + received->known + received->foreign > 0;
    uint64_t problems = faults->count + received->foreign + failed(received) + received->files_rejected +
                        received->files_unknown + received->files_silent + received->unanswered + doubles;

    if (faults->count > 0 && !done) {
        return status_exit_code(faults->worst);
    }
    for (int i = 0; i < LINE_RESULTS; i++) {
        problems += line_is_break((enum line_result)i) ? received->result[i] : 0;
    }
    return problems > 0 ? 1 : 0;
}

static enum status receive_it(struct site *site, struct ledger *ledger, const struct receive_options *options, int *code,
                              struct diag *diag)
{
    struct run_faults faults = { .tell = cli_fault };
    struct received received;
    uint64_t doubles = 0;

    enum status rc = run_receive(site, ledger, options, &received, &faults, diag);
    if (rc == STATUS_OK) {
        rc = ledger_breaks_open(ledger, LINE_DOUBLE, &doubles, diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    *code = exit_of(&received, &faults, doubles);
    if (cli_options.verbose) {
        cli_say("memory %" PRIu64, sys_memory_kib());
    }
    if (!cli_options.quiet) {
        sums_show(&received);
    }
    note_sums(&received);
    rc = breaks_show(ledger, received.break_before, diag);
    problems_say(&received, doubles);
    return rc;
}

int cli_receive(int argc, char **argv)
{
    struct receive_options options = { .message = cli_message };
    struct site site;
    struct ledger *ledger = NULL;
    struct diag diag = { 0 };
    int code = 0;

    if (!cli_common_only(argc, argv, usage)) {
        return cli_usage(usage);
    }
    options.file = (const char *const *)argv + optind;
    options.count = (size_t)(argc - optind);
    enum status rc = site_open(cli_options.site, SITE_WRITE, &site, &diag);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    rc = ledger_open(cli_options.site, LEDGER_WRITE, &ledger, &diag);
    if (rc == STATUS_OK) {
        rc = receive_it(&site, ledger, &options, &code, &diag);
    }
    ledger_close(ledger);
    int written = rc != STATUS_OK ? cli_fail(&diag, rc) : cli_metrics(&site);
    site_close(&site);
    return written != 0 ? written : code;
}
