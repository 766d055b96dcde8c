/*
 * close.c - an officer's last word: on what answers contradict, or on money that nobody will get.
 *
 * Open contradictions and doubles come first: as long as nobody knows whether the bank paid, nothing else of the payment
 * is decided. What is held or has finally failed is closed as provided for: no later run pays it, and the comparison
 * of its month with other facts neither owes it again nor takes it back.
 */
#include "deciding.h"

#include "chitra/ledger_answer.h"

#include <stdio.h>
#include <stdlib.h>

enum { CONTENT_BYTES_MAX = 1024 * 1024 };       /* a line for each obligation and payment of one entitlement */

struct closing {
    struct deciding deciding;
    struct ledger_waiting *waiting;
    size_t waiting_count;
    struct ledger_failure *failure;
    size_t failure_count;
};

/* ---- breaks ---- */

/* The same command again, after a crash or typed twice, means the same and not the money. */
static enum status told_before(struct deciding *deciding, const struct ledger_event *word)
{
    bool closed = false;

    enum status rc = ledger_breaks_closed(deciding->ledger, deciding->id, word, &closed, deciding->diag);
    if (rc == STATUS_OK && closed) {
        rc = diag_fail(deciding->diag, STATUS_CONFLICT, "%s: its breaks were closed for this reason already", deciding->id);
        diag_hint(deciding->diag, "the next run decides; to close the money, a reason of its own");
    }
    return rc;
}

static enum status breaks_close(struct deciding *deciding)
{
    struct ledger_event event = { .kind = "break.closed", .subject = deciding->id, .who = deciding->officer.who,
                                  .why = deciding->options->reason, .at = deciding->officer.at };
    uint64_t count = 0;

    enum status rc = ledger_begin(deciding->ledger, deciding->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = ledger_breaks_close(deciding->ledger, deciding->id, &event, &count, deciding->diag);
    if (rc == STATUS_OK && count > 0) {
        rc = officer_check(&deciding->officer, 0, "", deciding->diag);
    }
    if (rc == STATUS_OK && count > 0) {
        rc = deciding_act(deciding, event.kind, span_of(deciding->id));
    }
    if (rc == STATUS_OK && count == 0) {
        ledger_rollback(deciding->ledger);
        return told_before(deciding, &event);
    }
    rc = deciding_end(deciding, rc);
    if (rc == STATUS_OK) {
        deciding->decided->done = count;
        deciding_say(deciding, false, "%s: %llu closed; the next run decides on what they held", deciding->id,
                     (unsigned long long)count);
    }
    return rc;
}

/* ---- what is held or failed ---- */

static enum status failure_add(struct closing *closing, const char *payment_id)
{
    struct deciding *deciding = &closing->deciding;
    struct ledger_failure failure;

    enum status rc = ledger_failure_find(deciding->ledger, payment_id, &deciding->arena, &failure, deciding->diag);
    if (rc == STATUS_OK && failure.settled == FAILURE_WAITS && failure.contested) {
        deciding_say(deciding, true, "%s stays: answers say both, that it failed and that it did not; close it first by its own id",
                     payment_id);
        deciding->decided->left++;
    } else if (rc == STATUS_OK && failure.settled == FAILURE_WAITS) {
        closing->failure = mem_resize(closing->failure, closing->failure_count + 1, sizeof(*closing->failure));
        closing->failure[closing->failure_count++] = failure;
    }
    return rc;
}

static bool is_failed(enum payment_state state)
{
    return state == PAYMENT_REJECTED || state == PAYMENT_RETURNED || state == PAYMENT_UNCOLLECTED;
}

/* `deciding` is the first member of the closing. */
static enum status failed_take(struct deciding *deciding, const struct payment_seen *payment)
{
    return is_failed(payment->state) ? failure_add((struct closing *)deciding, payment->payment_id) : STATUS_OK;
}

static enum status closing_choose(struct closing *closing)
{
    static const struct state_refusal nothing = { "nothing of it is held, and none of its payments waits as failed",
                                                  "chitra list payments" };
    struct deciding *deciding = &closing->deciding;
    struct state_refusal refusal;
    bool one = deciding->payment_id[0] != '\0';

    if (one && !payment_allows(deciding->state, BY_CLOSE, &refusal)) {
        return deciding_refuse(deciding, payment_state_name(deciding->state), &refusal);
    }
    enum status rc = ledger_waiting(deciding->ledger, deciding->ent, deciding->payment_id, &deciding->arena,
                                    &closing->waiting, &closing->waiting_count, deciding->diag);
    if (rc == STATUS_OK && one && is_failed(deciding->state)) {
        rc = failure_add(closing, deciding->payment_id);
    } else if (rc == STATUS_OK && !one) {
        rc = deciding_payments(deciding, failed_take);
    }
    if (rc == STATUS_OK && closing->waiting_count + closing->failure_count == 0) {
        rc = deciding_refuse(deciding, "not to be closed", &nothing);
    }
    return rc;
}

/* Whether a hold by hand ends with what is closed: one of a payment, all of which is. */
static bool ends_with(const struct closing *closing, const struct ledger_hold *hold, size_t waiting_count)
{
    bool ends = waiting_count > 0;

    for (size_t i = 0; i < closing->failure_count && !ends; i++) {
        ends = strcmp(hold->payment_id, closing->failure[i].payment_id) == 0;
    }
    return hold->payment_id[0] != '\0' && ends;
}

static enum status officers_may(const struct closing *closing)
{
    const struct deciding *deciding = &closing->deciding;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < closing->waiting_count && rc == STATUS_OK; i++) {
        rc = officer_check(&deciding->officer, closing->waiting[i].run, deciding->unit, deciding->diag);
    }
    for (size_t i = 0; i < closing->failure_count && rc == STATUS_OK; i++) {
        rc = officer_check(&deciding->officer, closing->failure[i].run, deciding->unit, deciding->diag);
    }
    for (size_t i = 0; i < deciding->hold_count && rc == STATUS_OK; i++) {
        const char *held = deciding->hold[i].payment_id;
        if (held[0] == '\0' || deciding->payment_id[0] == '\0' || strcmp(held, deciding->payment_id) == 0) {
            rc = officer_check_hold(&deciding->officer, &deciding->hold[i], deciding->unit, deciding->diag);
        }
    }
    return rc;
}

/* What exactly is closed, for the signature. */
static enum status content_write(const struct closing *closing, struct buf *content)
{
    const struct span *id = &closing->deciding.entitlement_id;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < closing->waiting_count && rc == STATUS_OK; i++) {
        const struct obligation_key *key = &closing->waiting[i].key;
        rc = buf_add_format(content, "obligation %.*s %d %s %d %lld\n", (int)id->size, id->data, key->period,
                            component_name(key->component), key->seq, (long long)closing->waiting[i].amount_dong);
    }
    for (size_t i = 0; i < closing->failure_count && rc == STATUS_OK; i++) {
        rc = buf_add_format(content, "payment %s %lld\n", closing->failure[i].payment_id,
                            (long long)closing->failure[i].amount_dong);
    }
    return rc;
}

static enum status holds_end(struct closing *closing)
{
    struct deciding *deciding = &closing->deciding;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < deciding->hold_count && rc == STATUS_OK; i++) {
        const struct ledger_hold *hold = &deciding->hold[i];
        struct ledger_waiting *waiting;
        size_t count = 0;
        if (hold->payment_id[0] != '\0') {
            rc = ledger_waiting(deciding->ledger, deciding->ent, hold->payment_id, &deciding->arena, &waiting, &count,
                                deciding->diag);
        }
        bool meant = deciding->payment_id[0] == '\0' || strcmp(deciding->payment_id, hold->payment_id) == 0;
        if (rc == STATUS_OK && meant && ends_with(closing, hold, count)) {
            rc = ledger_hold_end(deciding->ledger, hold, &deciding->word, deciding->diag);
        }
    }
    return rc;
}

static enum status all_close(struct closing *closing)
{
    struct deciding *deciding = &closing->deciding;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < closing->waiting_count && rc == STATUS_OK; i++) {
        rc = ledger_waiting_close(deciding->ledger, &closing->waiting[i].key, &deciding->word, deciding->diag);
    }
    for (size_t i = 0; i < closing->failure_count && rc == STATUS_OK; i++) {
        rc = ledger_failure_end(deciding->ledger, &closing->failure[i], &deciding->word, deciding->diag);
    }
    return rc;
}

static enum status closing_store(struct closing *closing)
{
    struct deciding *deciding = &closing->deciding;
    struct buf content = BUF_INIT(CONTENT_BYTES_MAX);

    enum status rc = ledger_begin(deciding->ledger, deciding->diag);
    if (rc == STATUS_OK) {
        rc = holds_end(closing);
        rc = rc == STATUS_OK ? all_close(closing) : rc;
        rc = rc == STATUS_OK ? content_write(closing, &content) : rc;
        rc = rc == STATUS_OK ? deciding_act(deciding, deciding->payment_id[0] == '\0' ? "entitlement.closed" : "payment.closed",
                                            buf_span(&content)) : rc;
        rc = deciding_end(deciding, rc);
    }
    buf_release(&content);
    return rc;
}

static void closing_tell(const struct closing *closing)
{
    const struct deciding *deciding = &closing->deciding;
    int64_t sum_dong = 0;   /* of one entitlement */

    for (size_t i = 0; i < closing->waiting_count; i++) {
        sum_dong += closing->waiting[i].amount_dong;
    }
    for (size_t i = 0; i < closing->failure_count; i++) {
        sum_dong += closing->failure[i].amount_dong;
    }
    deciding->decided->done = closing->waiting_count + closing->failure_count;
    deciding_say(deciding, false, "%s: closed are %zu held obligations and %zu failed payments, %lld dong", deciding->id,
                 closing->waiting_count, closing->failure_count, (long long)sum_dong);
    if (deciding_hold(deciding, "") != NULL && deciding->payment_id[0] == '\0') {
        deciding_say(deciding, false, "%s stays held by hand for what comes later: chitra unhold", deciding->id);
    }
}

/* A file, of which only breaks can be closed, is no entitlement and no payment. */
static enum status subject_find(struct deciding *deciding)
{
    struct arena arena = ARENA_INIT;
    struct diag unknown = { .line = 0 };
    struct ledger_file file;

    enum status rc = deciding_find(deciding);
    if (rc == STATUS_NO_INPUT && ledger_file_find(deciding->ledger, deciding->id, &arena, &file, &unknown) == STATUS_OK) {
        rc = diag_fail(deciding->diag, STATUS_CONFLICT, "no break is open under this id");
        diag_found(deciding->diag, "%s", deciding->id);
        diag_hint(deciding->diag, "chitra list breaks --state open");
    }
    arena_release(&arena);
    return rc;
}

static enum status close_what_waits(struct closing *closing)
{
    enum status rc = subject_find(&closing->deciding);
    if (rc == STATUS_OK) {
        rc = closing_choose(closing);
    }
    if (rc == STATUS_OK) {
        rc = officers_may(closing);
    }
    if (rc == STATUS_OK) {
        rc = closing_store(closing);
    }
    if (rc == STATUS_OK) {
        closing_tell(closing);
    }
    return rc;
}

enum status run_close(const struct site *site, struct ledger *ledger, const char *id, const struct decide_options *options,
                      struct decided *decided, struct diag *diag)
{
    struct closing closing = { .deciding = { .site = site, .ledger = ledger, .id = id, .options = options,
                                             .decided = decided, .diag = diag } };

    enum status rc = deciding_begin(&closing.deciding, ROLE_CERTIFIES);
    if (rc == STATUS_OK) {
        rc = breaks_close(&closing.deciding);
    }
    if (rc == STATUS_OK && decided->done == 0) {
        rc = close_what_waits(&closing);
    }
    free(closing.failure);
    deciding_release(&closing.deciding);
    return rc;
}
