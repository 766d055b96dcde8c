/*
 * plan_failed.c - payments that were rejected, came back, or were not collected.
 *
 * What is not due any more is closed, and counts as not provided from then on. What is still due is tried again
 * once its cause is cured: a cause on the payee's side by another account, bank, channel or payee, one on ours by a
 * reason that somebody names (`reissue`), a monthly cash line that nobody collected by the next month's list (Decision
 * 166/QD-BHXH art. 7.2.2.1a). Everything else waits. A payment of which the bank says both, that it failed and that it
 * did not, is left alone.
 */
#include "failure.h"
#include "plan.h"
#include "run/pay/pay.h"

/* Whether the month that an obligation is of does not decide on it: what an order gives, but for a deduction, which is of
 * what the month gives, and what was taken back of a month, which may give nothing any more. */
static bool stands_alone(const struct ledger_failed_obligation *obligation)
{
    return obligation->key.component == COMPONENT_recovery ||
           (obligation->order != 0 && obligation->key.component != COMPONENT_deduction);
}

static void month_today(const struct plan *plan, const struct planned *planned, month_t period, struct month_due *due)
{
    plan_month(plan, planned, period == MONTH_ONCE ? plan->period : period, due);
}

/* Whether the office says that one of the months was paid elsewhere: only an officer's word sends it again. */
static bool is_settled(const struct plan *plan, const struct planned *planned, const struct ledger_failure *failure,
                       const struct ledger_failed_obligation *obligation)
{
    struct month_due due = { .settled = false };

    for (size_t i = 0; i < failure->count && !due.settled; i++) {
        if (!stands_alone(&obligation[i])) {
            month_today(plan, planned, obligation[i].key.period, &due);
        }
    }
    return due.settled;
}

static enum status is_cured(struct plan *plan, const struct planned *planned, const struct ledger_failure *failure,
                            const struct ledger_failed_obligation *obligation, bool *cured)
{
    bool monthly = failure->ent != 0 && benefit_recurrence(planned->entitlement.benefit) == RECURRENCE_MONTHLY;
    enum status rc = STATUS_OK;

    *cured = failure->cured;
    if (*cured || is_settled(plan, planned, failure, obligation)) {
        return STATUS_OK;
    }
    *cured = failure->state == PAYMENT_UNCOLLECTED && monthly && plan->period > failure->period;
    if (!*cured && failure_is_payees(failure)) {
        rc = failure_goes_elsewhere(plan->world->ledger, &planned->entitlement, failure, cured, plan->diag);
    }
    return rc;
}

/* ---- what is still due ---- */

/* Whether the law, the facts and the stops give anything for its month today; nothing is taken back of months after a
 * death (plan_recovery.c). */
static bool is_due(const struct plan *plan, const struct planned *planned, const struct ledger_failed_obligation *obligation)
{
    struct month_due due;

    month_today(plan, planned, obligation->key.period, &due);
    if (stands_alone(obligation)) {
        return obligation->order != 0 || due.stop != STOP_DEAD;
    }
    return due.settled || due.refused || due.count > 0;
}

/* Whether more is provided for its month than is due today: then it does not go out as it is. What an order covers is not
 * compared with the law. */
static enum status is_too_much(struct plan *plan, const struct planned *planned,
                               const struct ledger_failed_obligation *obligation, bool *too_much)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    month_t period = obligation->key.period;
    struct month_due due;
    size_t count = 0;
    struct provided provided = { 0, 0 };
    int64_t due_dong = 0;

    *too_much = false;
    month_today(plan, planned, period, &due);
    if (stands_alone(obligation) || due.settled || due.refused ||
        orders_cover(planned->order, planned->order_count, KIND_recovery, period) ||
        orders_cover(planned->order, planned->order_count, KIND_arrears, period)) {
        return STATUS_OK;
    }
    enum status rc = ledger_obligations_of(plan->world->ledger, planned->entitlement.ent, period, existing,
                                           PLAN_MONTH_OBLIGATIONS_MAX, &count, plan->diag);
    if (rc == STATUS_OK) {
        plan_as_taken_up(plan, existing, count);
        rc = plan_provided(existing, count, &provided, plan->diag);
    }
    for (unsigned i = 0; i < due.count; i++) {
        due_dong += due.amount[i].amount_dong;  /* a few amounts, each below MONEY_DONG_MAX */
    }
    *too_much = rc == STATUS_OK && provided.live_dong > due_dong;
    return rc;
}

/* Splits the obligations: those that may go out again as they are first; none if more was taken from them than they are.
 * If it goes out, what is more than is due today (`exact`) is closed with what is not due at all, and the right amount is
 * owed anew where the period is compared. */
static enum status due_first(struct plan *plan, const struct planned *planned, bool exact,
                             struct ledger_failed_obligation *obligation, size_t count, size_t *due)
{
    __int128 left_dong = 0;
    enum status rc = STATUS_OK;

    *due = 0;
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        bool too_much = false;
        if (exact) {
            rc = is_too_much(plan, planned, &obligation[i], &too_much);
        }
        if (rc == STATUS_OK && !too_much && is_due(plan, planned, &obligation[i])) {
            left_dong += obligation[i].amount_dong;
            struct ledger_failed_obligation one = obligation[i];
            obligation[i] = obligation[*due];
            obligation[(*due)++] = one;
        }
    }
    *due = left_dong > 0 ? *due : 0;
    return rc;
}

static enum status close_some(struct plan *plan, const struct ledger_failure *failure,
                              const struct ledger_failed_obligation *obligation, size_t count)
{
    const struct ledger_word_of word = { plan->world->run.who, "not due any more", plan->world->run.created_at };

    for (size_t i = 0; i < count; i++) {
        plan_count(plan, FIGURE_due, 1, obligation[i].amount_dong);
        plan_count(plan, FIGURE_closed, 1, obligation[i].amount_dong);
    }
    return count == 0 && failure->count > 0
               ? STATUS_OK
               : ledger_failure_close(plan->world->ledger, failure, obligation, count, plan->world->run.run, &word,
                                             plan->diag);
}

/* ---- what waits ---- */

static void waits(struct plan *plan, const struct ledger_failed_obligation *obligation, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (obligation[i].amount_dong > 0 && !stands_alone(&obligation[i])) {
            plan->waiting = mem_resize(plan->waiting, plan->waiting_count + 1, sizeof(*plan->waiting));
            plan->waiting[plan->waiting_count++] = obligation[i];
        }
    }
}

int64_t plan_waiting_dong(const struct plan *plan, int64_t ent, month_t period)
{
    size_t low = 0;
    size_t high = plan->waiting_count;  /* by entitlement */
    int64_t sum_dong = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (plan->waiting[middle].key.ent < ent) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < plan->waiting_count && plan->waiting[low].key.ent == ent; low++) {
        /* Each was part of what is provided for the period, which fits. */
        sum_dong += plan->waiting[low].key.period == period ? plan->waiting[low].amount_dong : 0;
    }
    return sum_dong;
}

/* ---- a new attempt ---- */

static struct ledger_attempt *attempt_add(struct plan *plan)
{
    if (plan->attempt_count == plan->attempt_room) {
        plan->attempt_room = plan->attempt_room * 2 + 64;
        plan->attempt = mem_resize(plan->attempt, plan->attempt_room, sizeof(*plan->attempt));
    }
    return &plan->attempt[plan->attempt_count++];
}

static struct ledger_payment *payment_again(struct plan *plan, const struct ledger_failure *failure, int64_t amount_dong,
                                            int64_t batch)
{
    struct ledger_payment *payment = plan_payment_add(plan);

    *payment = (struct ledger_payment){ .ent = failure->ent, .period = failure->payment_period, .purpose = failure->purpose,
                                        .amount_dong = amount_dong, .batch = batch, .attempt = failure->attempt + 1 };
    memcpy(payment->parent, failure->payment_id, sizeof(payment->parent));
    plan_count(plan, FIGURE_payments, 1, amount_dong);
    plan_count(plan, FIGURE_reissued, 1, amount_dong);
    return payment;
}

/* The id of the next attempt. */
static void id_again(const struct planned *planned, const struct ledger_failure *failure,
                     const struct ledger_failed_obligation *obligation, size_t count, char payment_id[PAYMENT_ID_BYTES])
{
    static _Thread_local struct obligation_key key[PLAN_OWED_MAX];

    ASSERT(count <= PLAN_OWED_MAX);
    for (size_t i = 0; i < count; i++) {
        key[i] = obligation[i].key;
    }
    payment_id_of(planned->entitlement.id, key, count, failure->attempt + 1, payment_id);
}

/* Whether it is held by hand, under its own id or that of the next attempt. */
static bool is_held(const struct planned *planned, const struct ledger_failure *failure,
                    const struct ledger_failed_obligation *obligation, size_t count)
{
    char payment_id[PAYMENT_ID_BYTES];

    if (planned->hold_count == 0 || count > PLAN_OWED_MAX) {
        return hold_stops(planned, failure->payment_id);
    }
    id_again(planned, failure, obligation, count, payment_id);
    return hold_stops(planned, failure->payment_id) || hold_stops(planned, payment_id);
}

static void obligations_again(struct plan *plan, const struct planned *planned, struct ledger_payment *payment,
                              const struct ledger_failed_obligation *obligation, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        *attempt_add(plan) = (struct ledger_attempt){ obligation[i].key, (int64_t)plan->payment_count, payment->attempt };
        plan_count(plan, FIGURE_due, 1, obligation[i].amount_dong);
        plan_count(plan, FIGURE_instructed, 1, obligation[i].amount_dong);
        if (obligation[i].key.component == COMPONENT_recovery) {
            plan_count(plan, FIGURE_recoveries, 1, -obligation[i].amount_dong);
        }
    }
    payment->version = planned->entitlement.version;
}

/* Whether the screens let it pass, and the bank takes so much at once: what is held of it is left in `planned`, for
 * failed_one to keep, while its rows stay with the first attempt. */
static enum status passes(struct plan *plan, struct planned *planned, const struct ledger_failed_obligation *obligation,
                          size_t count, int64_t amount_dong, bool *good)
{
    int64_t amount_dong_max = 0;

    for (size_t i = 0; i < count; i++) {
        planned->owed[planned->owed_count++] =
            (struct ledger_obligation){ .key = obligation[i].key, .amount_dong = obligation[i].amount_dong,
                                        .state = OBLIGATION_INSTRUCTED, .version = planned->entitlement.version };
    }
    enum status rc = pay_screen(plan, planned, &amount_dong_max);
    *good = amount_dong > 0;
    for (size_t i = 0; i < count; i++) {
        struct ledger_obligation *owed = &planned->owed[i];
        if (owed->state == OBLIGATION_INSTRUCTED && amount_dong_max != 0 && amount_dong > amount_dong_max) {
            owed->state = OBLIGATION_HELD;
            owed->reason = screen_over_limit;
        }
        *good = *good && owed->state == OBLIGATION_INSTRUCTED;
    }
    return rc;
}

/* What a screen holds waits as before. */
static enum status try_again(struct plan *plan, struct planned *planned, const struct ledger_failure *failure,
                             const struct ledger_failed_obligation *obligation, size_t count)
{
    const struct ledger_entitlement *entitlement = &planned->entitlement;
    int64_t amount_dong = 0;
    int64_t batch = 0;
    bool fits = count <= PLAN_OWED_MAX;
    bool good = false;

    for (size_t i = 0; i < count; i++) {
        fits = fits && money_add(amount_dong, obligation[i].amount_dong, &amount_dong);
    }
    if (!fits) {
        return diag_fail(plan->diag, STATUS_LIMIT, "a payment that failed settles too much");
    }
    enum status rc = passes(plan, planned, obligation, count, amount_dong, &good);
    if (rc != STATUS_OK || !good) {
        waits(plan, obligation, count);
        return rc;
    }
    rc = pay_route(plan, entitlement->channel, benefit_family(entitlement->benefit), entitlement->bank, amount_dong, &batch);
    if (rc == STATUS_OK) {
        struct ledger_payment *payment = payment_again(plan, failure, amount_dong, batch);
        id_again(planned, failure, obligation, count, payment->payment_id);
        obligations_again(plan, planned, payment, obligation, count);
        plan_count(plan, entitlement->channel == CHANNEL_cash ? FIGURE_cash : FIGURE_transfers, 1, amount_dong);
    }
    return rc;
}

/* What an order gives to a creditor goes to the account that the order names: its cause is cured by an order that takes
 * its place, or by a reason that somebody names. Of a month that gives nothing any more nothing is deducted. */
static enum status creditor_again(struct plan *plan, struct planned *planned, const struct ledger_failure *failure,
                                  const struct ledger_failed_obligation *obligation)
{
    const struct ledger_obligation owed = { .order = failure->order };
    const struct ledger_order *order = order_of(planned, &owed);
    enum family family = benefit_family(planned->entitlement.benefit);
    int64_t batch = 0;

    if (!is_due(plan, planned, obligation)) {
        return close_some(plan, failure, obligation, failure->count);
    }
    if ((!failure->cured && order->order == failure->order) || is_held(planned, failure, obligation, failure->count)) {
        return STATUS_OK;
    }
    const char *reason = pay_screen_creditor(plan, planned, order, failure->amount_dong);
    if (reason != NULL) {
        planned->owed[planned->owed_count++] =
            (struct ledger_obligation){ .key = obligation->key, .state = OBLIGATION_HELD, .reason = reason };
        return STATUS_OK;
    }
    enum status rc = pay_route(plan, CHANNEL_bank, family, span_of(order->creditor_bank), failure->amount_dong, &batch);
    if (rc == STATUS_OK) {
        struct ledger_payment *payment = payment_again(plan, failure, failure->amount_dong, batch);
        payment->order = order->order;
        id_again(planned, failure, obligation, failure->count, payment->payment_id);
        obligations_again(plan, planned, payment, obligation, failure->count);
        plan_count(plan, FIGURE_creditors, 1, failure->amount_dong);
    }
    return rc;
}

/* The entitlement's payee again, or what is not due any more closed. */
static enum status payee_again(struct plan *plan, struct planned *planned, const struct ledger_failure *failure,
                               struct ledger_failed_obligation *obligation)
{
    size_t due = 0;
    bool cured = false;

    enum status rc = is_cured(plan, planned, failure, obligation, &cured);
    if (rc == STATUS_OK) {
        /* What is held by hand is not replaced by the right amount either. */
        cured = cured && !is_held(planned, failure, obligation, failure->count);
        rc = due_first(plan, planned, cured, obligation, failure->count, &due);
    }
    /* What is in part not due any more is closed in part when the rest goes out: until then it is one payment. */
    if (rc == STATUS_OK && (due == 0 || cured)) {
        rc = close_some(plan, failure, obligation + due, failure->count - due);
    }
    if (rc == STATUS_OK && due > 0 && cured) {
        return try_again(plan, planned, failure, obligation, due);
    }
    if (rc == STATUS_OK && due > 0) {
        waits(plan, obligation, due);
    }
    return rc;
}

static enum status failed_one(struct plan *plan, struct planned *planned, const struct ledger_failure *failure,
                              struct ledger_failed_obligation *obligation)
{
    struct arena arena = ARENA_INIT;

    enum status rc = ledger_entitlement_get(plan->world->ledger, failure->ent, 0, &arena, &planned->entitlement, plan->diag);
    if (rc == STATUS_OK) {
        rc = planned_load(plan, planned);
    }
    if (rc == STATUS_OK) {
        rc = failure->order != 0 ? creditor_again(plan, planned, failure, obligation)
                                 : payee_again(plan, planned, failure, obligation);
    }
    if (rc == STATUS_OK) {
        rc = ledger_failure_hold(plan->world->ledger, failure, planned->owed, planned->owed_count, plan->world->run.run,
                                 plan->world->run.created_at, plan->diag);
    }
    arena_release(&arena);
    return rc;
}

/* The post's funding goes to the account that chitra.xml names today. */
static enum status funding_again(struct plan *plan, const struct ledger_failure *failure)
{
    char id[sizeof("post/") + PAYMENT_ID_LENGTH];
    const struct obligation_key key = { failure->period, 0, COMPONENT_funding, 0 };
    int64_t batch = 0;

    if (!failure->cured) {
        return STATUS_OK;
    }
    enum status rc = pay_route(plan, CHANNEL_bank, FAMILY_pension, span_of(plan->unit->post.bin), failure->amount_dong,
                                &batch);
    if (rc == STATUS_OK) {
        struct ledger_payment *payment = payment_again(plan, failure, failure->amount_dong, batch);
        /* Its first id is of its instalment: the failed one stands for that. */
        memcpy(id, "post/", 5);
        memcpy(id + 5, failure->payment_id, PAYMENT_ID_LENGTH);
        payment_id_of((struct span){ id, 5 + PAYMENT_ID_LENGTH }, &key, 1, payment->attempt, payment->payment_id);
        plan_count(plan, FIGURE_funding_again, 1, failure->amount_dong);
    }
    return rc;
}

enum status plan_failed(struct plan *plan, struct planned *planned)
{
    struct arena arena = ARENA_INIT;
    struct ledger_failures failures;

    enum status rc = ledger_failures(plan->world->ledger, plan->number, &arena, &failures, plan->diag);
    for (size_t i = 0; i < failures.count && rc == STATUS_OK; i++) {
        const struct ledger_failure *failure = &failures.failure[i];
        if (failure->contested) {
            continue;
        }
        rc = failure->ent == 0 ? funding_again(plan, failure)
                               : failed_one(plan, planned, failure, failures.obligation + failure->first);
    }
    ledger_failures_release(&failures);
    arena_release(&arena);
    return rc;
}
