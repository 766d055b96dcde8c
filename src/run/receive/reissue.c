/*
 * reissue.c - somebody's word that a failed payment may be tried again, and everything that stands against it.
 *
 * Only what the ledger knows as finally failed is tried again. Everything else is refused with the command that
 * would help, since a second payment of what the bank may still execute would be one too many.
 */
#include "run/plan/failure.h"
#include "run/faults.h"
#include "run/take/take.h"

#include "chitra/ledger_query.h"
#include "chitra/run_reissue.h"

#include <stdio.h>
#include <stdlib.h>

enum { ASKED_MAX = 10000 };     /* ids on one command line */

struct asked {
    char payment_id[PAYMENT_ID_BYTES];
    bool failed;                /* it is in the ledger as failed */
    bool begun;                 /* the run that was cut off has planned its new attempt */
};

struct reissuing {
    const struct site *site;
    struct ledger *ledger;
    const struct reissue_options *options;
    struct run_faults *faults;
    struct asked *asked;
    size_t count;
    bool intake;                /* something waits in intake/: a correction can be in it */
    month_t period;
    int64_t cut_off;            /* the run that is to be carried on; 0: none */
    struct diag *diag;
};

static void refuse(struct run_faults *faults, enum status kind, const char *payment_id, const char *what, const char *hint)
{
    struct diag fault = { .line = 0 };

    diag_fail(&fault, kind, "%s: %s", payment_id, what);
    diag_hint(&fault, "%s", hint);
    fault_add(faults, kind, &fault);
}

/* ---- what was asked for ---- */

static enum status asked_read(struct reissuing *reissuing)
{
    const char *at = reissuing->options->payments;

    reissuing->asked = mem_alloc(ASKED_MAX, sizeof(*reissuing->asked));
    while (at[0] != '\0') {
        size_t size = strcspn(at, ",");
        if (size != PAYMENT_ID_LENGTH || reissuing->count == ASKED_MAX) {
            return diag_fail(reissuing->diag, STATUS_USAGE, "a payment's id has %d characters: found %.*s", PAYMENT_ID_LENGTH,
                             (int)size, at);
        }
        memcpy(reissuing->asked[reissuing->count++].payment_id, at, size);
        at += size + (at[size] == ',');
    }
    return STATUS_OK;
}

static enum status intake_look(struct reissuing *reissuing)
{
    struct sys_names names = { NULL, 0 };
    enum status rc = sys_dir_list(reissuing->site->dir, "intake", &names, reissuing->diag);

    for (size_t i = 0; i < names.count; i++) {
        reissuing->intake = reissuing->intake || take_entry_of(names.name[i]) == TAKE_ROWS;
    }
    sys_names_release(&names);
    return rc;
}

/* ---- payments that did not fail ---- */

static enum status file_state_of(struct ledger *ledger, struct span msg_id, enum file_state *state, struct diag *diag)
{
    struct arena arena = ARENA_INIT;
    struct ledger_file file;
    char text[MSG_ID_BYTES];

    snprintf(text, sizeof(text), "%.*s", (int)msg_id.size, msg_id.data);
    enum status rc = ledger_file_find(ledger, text, &arena, &file, diag);
    *state = rc == STATUS_OK ? file.state : FILE_PLANNED;
    arena_release(&arena);
    return rc;
}

/* What would help a payment that is still in a file. */
static const char *hint_of_file(enum file_state state)
{
    switch (state) {
    case FILE_REJECTED:
        return "its file was rejected whole: chitra regen makes a new one";
    case FILE_VOIDED:
        return "its file was withdrawn: the next run takes it up, or chitra regen makes a new file";
    case FILE_UNKNOWN:
        return "nobody knows whether the bank has its file: ask the bank, then chitra receive or chitra void";
    case FILE_PLANNED:
    case FILE_STAGED:
    case FILE_STALE:
    case FILE_RELEASING:
        return "its file has not left: chitra run, chitra release";
    default:
        return "the bank may still execute it: chitra receive takes its answer";
    }
}

static enum status not_failed(struct reissuing *reissuing, const struct asked *asked, struct span state, struct span msg_id)
{
    char what[80];
    enum file_state file = FILE_PLANNED;
    const char *hint = "its state says that it is not to be paid, or not yet: chitra explain, chitra unhold";
    enum status rc = STATUS_OK;

    if (span_is(state, "booked") || span_is(state, "collected")) {
        hint = "it was paid; should it come back, chitra receive takes the return";
    } else if (msg_id.size > 0) {
        rc = file_state_of(reissuing->ledger, msg_id, &file, reissuing->diag);
        hint = hint_of_file(file);
    }
    snprintf(what, sizeof(what), "the payment is %.*s and has not failed", (int)state.size, state.data);
    refuse(reissuing->faults, STATUS_CONFLICT, asked->payment_id, what, hint);
    return rc;
}

/* One pass over all payments for those of which the ledger has no failure: usual ids stand in no index. */
static enum status others_refuse(struct reissuing *reissuing)
{
    enum { ID = 0, STATE = 10, MSG_ID = 12 };   /* as chitra-list(1) orders them */
    const struct ledger_filter all = { .period = MONTH_NONE, .unit = "", .entitlement = "", .state = "" };
    struct ledger_list *list = NULL;
    struct span cell[LIST_COLUMNS_MAX];
    bool *seen = mem_alloc(reissuing->count + 1, sizeof(*seen));
    bool more = true;

    enum status rc = ledger_list_new(reissuing->ledger, LIST_PAYMENTS, &all, &list, reissuing->diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_list_next(list, cell, &more, reissuing->diag);
        for (size_t i = 0; i < reissuing->count && rc == STATUS_OK && more; i++) {
            const struct asked *asked = &reissuing->asked[i];
            if (!asked->failed && !seen[i] && span_is(cell[ID], asked->payment_id)) {
                seen[i] = true;
                rc = not_failed(reissuing, asked, cell[STATE], cell[MSG_ID]);
            }
        }
    }
    for (size_t i = 0; i < reissuing->count && rc == STATUS_OK; i++) {
        if (!reissuing->asked[i].failed && !seen[i]) {
            refuse(reissuing->faults, STATUS_NO_INPUT, reissuing->asked[i].payment_id, "the ledger knows no such payment",
                   "chitra list payments");
        }
    }
    ledger_list_free(list);
    free(seen);
    return rc;
}

/* ---- payments that failed ---- */

/* Whether the next run would try it again without a word. */
static enum status is_cured(const struct reissuing *reissuing, const struct ledger_failure *failure, bool *cured)
{
    struct arena arena = ARENA_INIT;
    struct ledger_entitlement now;
    enum status rc = STATUS_OK;

    *cured = failure->cured;
    if (!*cured && failure->ent != 0) {
        rc = ledger_entitlement_get(reissuing->ledger, failure->ent, 0, &arena, &now, reissuing->diag);
        if (rc == STATUS_OK) {
            *cured = failure->state == PAYMENT_UNCOLLECTED && benefit_recurrence(now.benefit) == RECURRENCE_MONTHLY &&
                     reissuing->period > failure->period;
        }
        if (rc == STATUS_OK && !*cured && (failure_is_payees(failure) || failure->order != 0)) {
            rc = failure_goes_elsewhere(reissuing->ledger, &now, failure, cured, reissuing->diag);
        }
    }
    arena_release(&arena);
    return rc;
}

static const char *hint_of_cause(const struct ledger_failure *failure)
{
    if (failure->state == PAYMENT_UNCOLLECTED) {
        return "a monthly amount goes on the next month's list; a correction can change the channel, --reason says that the "
               "person has come";
    }
    if (failure->order != 0) {
        return "an order that replaces it must name another account (chitra-intake(5)); or --reason TEXT says what was done "
               "about the cause";
    }
    return failure_is_payees(failure)
               ? "a correction must name another account, bank or payee (chitra-intake(5)); or --reason says why it may go the "
                 "same way again"
               : "--reason TEXT says what was done about the cause";
}

/* Whether it may be tried again; what stands against it is told. */
static enum status failure_check(struct reissuing *reissuing, const struct ledger_failure *failure, struct asked *asked)
{
    bool cured = true;
    enum status rc = STATUS_OK;

    asked->begun = failure->again != 0 && failure->again == reissuing->cut_off;
    if (asked->begun) {
        return STATUS_OK;
    }
    if (failure->settled == FAILURE_REISSUED) {
        refuse(reissuing->faults, STATUS_CONFLICT, failure->payment_id, "the payment was tried again already",
               "chitra list payments: its child names it as parent");
    } else if (failure->settled == FAILURE_CLOSED) {
        refuse(reissuing->faults, STATUS_CONFLICT, failure->payment_id, "the payment is closed", "chitra explain says why");
    } else if (failure->contested) {
        refuse(reissuing->faults, STATUS_CONFLICT, failure->payment_id, "answers say both, that it failed and that it did not",
               "chitra list breaks --state open: ask the bank, then chitra close");
    } else if (reissuing->options->reason == NULL && !reissuing->intake) {
        rc = is_cured(reissuing, failure, &cured);
        if (rc == STATUS_OK && !cured) {
            refuse(reissuing->faults, STATUS_CONFLICT, failure->payment_id, "the cause of its failure is not cured",
                   hint_of_cause(failure));
        }
    }
    return rc;
}

static enum status asked_check(struct reissuing *reissuing)
{
    struct arena arena = ARENA_INIT;
    struct ledger_failure failure;
    bool others = false;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < reissuing->count && rc == STATUS_OK; i++) {
        struct asked *asked = &reissuing->asked[i];
        struct diag unknown = { .line = 0 };
        rc = ledger_failure_find(reissuing->ledger, asked->payment_id, &arena, &failure, &unknown);
        asked->failed = rc == STATUS_OK;
        others = others || !asked->failed;
        if (rc == STATUS_OK) {
            rc = failure_check(reissuing, &failure, asked);
        } else if (rc == STATUS_NO_INPUT) {
            rc = STATUS_OK;
        } else {
            *reissuing->diag = unknown;
        }
    }
    arena_release(&arena);
    return rc == STATUS_OK && others ? others_refuse(reissuing) : rc;
}

/* Without ids: everything that waits; a word is for causes that no correction can cure. */
static enum status all_check(struct reissuing *reissuing, struct reissue *reissue)
{
    char code[LEDGER_UNITS_MAX + 1][UNIT_CODE_BYTES];
    enum status rc = ledger_units(reissuing->ledger, code, reissuing->diag);

    for (int unit = 1; unit <= LEDGER_UNITS_MAX && rc == STATUS_OK; unit++) {
        struct arena arena = ARENA_INIT;
        struct ledger_failures failures = { .count = 0 };
        if (code[unit][0] != '\0') {
            rc = ledger_failures(reissuing->ledger, unit, &arena, &failures, reissuing->diag);
        }
        for (size_t i = 0; i < failures.count && rc == STATUS_OK; i++) {
            const struct ledger_failure *failure = &failures.failure[i];
            reissue->waiting++;
            if (reissuing->options->reason != NULL && !failure->contested && !failure_is_payees(failure) &&
                reissuing->count < ASKED_MAX) {
                memcpy(reissuing->asked[reissuing->count++].payment_id, failure->payment_id, PAYMENT_ID_BYTES);
            }
        }
        ledger_failures_release(&failures);
        arena_release(&arena);
    }
    return rc;
}

static enum status cure_all(struct reissuing *reissuing, struct reissue *reissue)
{
    struct sys_time now;
    char at[SYS_TIME_BYTES];
    const struct ledger_word_of word = { reissuing->options->who, reissuing->options->reason, at };

    enum status rc = sys_now(&now, reissuing->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    sys_time_write(now, at);
    rc = ledger_begin(reissuing->ledger, reissuing->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    for (size_t i = 0; i < reissuing->count && rc == STATUS_OK; i++) {
        if (!reissuing->asked[i].begun) {
            rc = ledger_failure_cure(reissuing->ledger, reissuing->asked[i].payment_id, &word, reissuing->diag);
            reissue->cured++;
        }
    }
    if (rc == STATUS_OK) {
        return ledger_commit(reissuing->ledger, reissuing->diag);
    }
    ledger_rollback(reissuing->ledger);
    return rc;
}

enum status run_reissue(const struct site *site, struct ledger *ledger, const struct reissue_options *options,
                        struct reissue *reissue, struct run_faults *faults, struct diag *diag)
{
    struct reissuing reissuing = { .site = site, .ledger = ledger, .options = options, .faults = faults, .diag = diag };
    struct ledger_run last;
    struct ledger_run open = { .run = 0 };
    bool named = options->payments[0] != '\0';

    *reissue = (struct reissue){ .period = MONTH_NONE };
    enum status rc = ledger_run_last(ledger, &last, diag);
    if (rc == STATUS_OK) {
        rc = ledger_run_open(ledger, &open, diag);
    }
    if (rc == STATUS_OK) {
        reissuing.period = last.period;
        reissuing.cut_off = open.run;
        rc = asked_read(&reissuing);
    }
    if (rc == STATUS_OK) {
        rc = intake_look(&reissuing);
    }
    if (rc == STATUS_OK) {
        reissue->waiting = reissuing.count;
        rc = named ? asked_check(&reissuing) : all_check(&reissuing, reissue);
    }
    if (rc == STATUS_OK && faults->count == 0 && options->reason != NULL) {
        rc = cure_all(&reissuing, reissue);
    }
    if (rc == STATUS_OK && (reissue->waiting > 0 || open.run != 0)) {
        reissue->period = last.period;
    }
    free(reissuing.asked);
    return rc;
}

enum status run_reissue_told(struct ledger *ledger, const struct reissue_options *options, struct run_faults *faults,
                             struct diag *diag)
{
    struct reissuing reissuing = { .ledger = ledger, .options = options, .faults = faults, .diag = diag };
    struct arena arena = ARENA_INIT;
    struct ledger_failure failure;

    enum status rc = asked_read(&reissuing);
    for (size_t i = 0; i < reissuing.count && rc == STATUS_OK; i++) {
        rc = ledger_failure_find(ledger, reissuing.asked[i].payment_id, &arena, &failure, diag);
        if (rc == STATUS_OK && failure.settled == FAILURE_WAITS) {
            refuse(faults, STATUS_CONFLICT, failure.payment_id, "the payment still waits",
                   failure.cured ? "a screen holds it: chitra list holds, chitra unhold" : hint_of_cause(&failure));
        }
    }
    free(reissuing.asked);
    arena_release(&arena);
    return rc;
}
