/*
 * pay.c - from obligations to payments: netted by purpose and account, or a creditor's own.
 *
 * A payment is the net of one entitlement's obligations with the same purpose to the same account in
 * one run (MODEL: Payment). Arrears have a purpose of their own (ISO 20022 SPSP).
 */
#include "pay.h"

enum owed_payment owed_payment(const struct ledger_obligation *owed)
{
    if (owed->key.component == COMPONENT_deduction && owed->amount_dong > 0) {
        return OWED_CREDITOR;
    }
    return owed->key.component == COMPONENT_arrears || owed->with_arrears ? OWED_ARREARS : OWED_BENEFIT;
}

/* Whether two obligations go into the same payment. What was taken out of one goes together again, and with
 * nothing else, so that the payment keeps its id. Of what creditors get each is its own. */
static bool together(const struct ledger_obligation *a, const struct ledger_obligation *b)
{
    if (owed_payment(a) != owed_payment(b) || owed_payment(a) == OWED_CREDITOR) {
        return false;
    }
    return a->former == NULL || b->former == NULL ? a->former == b->former
                                                  : a->former[0] != '\0' && strcmp(a->former, b->former) == 0;
}

/* One payment: the instructed obligations that go with its first one. */
static bool in_group(const struct planned *planned, size_t first, size_t index)
{
    return planned->owed[index].state == OBLIGATION_INSTRUCTED &&
           (index == first || (index > first && together(&planned->owed[first], &planned->owed[index])));
}

static bool is_first(const struct planned *planned, size_t index)
{
    bool first = planned->owed[index].state == OBLIGATION_INSTRUCTED;

    for (size_t i = 0; i < index && first; i++) {
        first = planned->owed[i].state != OBLIGATION_INSTRUCTED || !in_group(planned, i, index);
    }
    return first;
}

/* The first obligation of the next payment of its kind, from `from` on; `count` if there is none. */
static size_t group_next(const struct planned *planned, enum owed_payment kind, size_t from)
{
    while (from < planned->owed_count && !(owed_payment(&planned->owed[from]) == kind && is_first(planned, from))) {
        from++;
    }
    return from;
}

/* True if the obligation can stand for its payment: the run's own period of a monthly benefit, or a new one-off, alone,
 * for the first time, at its home unit. What an order adds to a one-off has a month, but lies among one-offs. */
static bool is_usual(const struct plan *plan, const struct planned *planned, const struct ledger_obligation *owed)
{
    const struct obligation_key *key = &owed->key;

    return !owed->was_held && key->seq == 0 && !planned->entitlement.guest &&
           (benefit_recurrence(planned->entitlement.benefit) == RECURRENCE_MONTHLY
                ? key->period == plan->period : key->period == MONTH_ONCE && key->ent >= plan->once_from);
}

static void count_owed(struct plan *plan, const struct ledger_obligation *owed)
{
    static const enum run_figure where[] = { FIGURE_instructed, FIGURE_held, FIGURE_offset, FIGURE_closed };

    plan_count(plan, FIGURE_due, 1, owed->amount_dong);
    plan_count(plan, where[owed->state], 1, owed->amount_dong);
    if (owed->state == OBLIGATION_INSTRUCTED && owed->key.component == COMPONENT_recovery) {
        plan_count(plan, FIGURE_recoveries, 1, -owed->amount_dong);
    }
}

/* A payment with a row of its own, for what is not usual. */
static void explicit_payment(struct plan *plan, struct planned *planned, size_t first, int64_t amount_dong, int64_t batch)
{
    static _Thread_local struct obligation_key key[PLAN_OWED_MAX];
    struct ledger_payment *payment = plan_payment_add(plan);
    bool arrears = owed_payment(&planned->owed[first]) == OWED_ARREARS;
    size_t count = 0;

    for (size_t i = first; i < planned->owed_count; i++) {
        if (in_group(planned, first, i)) {
            planned->owed[i].payment = (int64_t)plan->payment_count;    /* index + 1 */
            planned->owed[i].batch = batch;
            key[count++] = planned->owed[i].key;
        }
    }
    *payment = (struct ledger_payment){ .ent = planned->entitlement.ent, .period = plan->period,
                                        .purpose = arrears ? COMPONENT_arrears
                                                           : benefit_component(planned->entitlement.benefit),
                                        .amount_dong = amount_dong, .batch = batch,
                                        .version = planned->entitlement.version };
    payment_id_of(planned->entitlement.id, key, count, 0, payment->payment_id);
}

/* A group's net and how many it has. */
static bool group_sum(const struct planned *planned, size_t first, int64_t *amount_dong, size_t *count)
{
    *amount_dong = 0;
    *count = 0;
    for (size_t i = first; i < planned->owed_count; i++) {
        if (in_group(planned, first, i)) {
            *count += 1;
            if (!money_add(*amount_dong, planned->owed[i].amount_dong, amount_dong)) {
                return false;
            }
        }
    }
    return true;
}

static void group_set(struct planned *planned, size_t first, enum obligation_state state, const char *reason)
{
    /* From the end: the first decides who belongs to it. */
    for (size_t i = planned->owed_count; i > first; i--) {
        if (in_group(planned, first, i - 1)) {
            planned->owed[i - 1].state = state;
            planned->owed[i - 1].reason = reason;
        }
    }
}

static enum status amount_overflows(const struct plan *plan)
{
    return diag_fail(plan->diag, STATUS_LIMIT, "the amount of one payment overflows");
}

static enum status pay_group(struct plan *plan, struct planned *planned, size_t first)
{
    const struct ledger_entitlement *entitlement = &planned->entitlement;
    size_t count = 0;
    int64_t amount_dong = 0;
    int64_t batch = 0;

    if (!group_sum(planned, first, &amount_dong, &count)) {
        return amount_overflows(plan);
    }
    ASSERT(amount_dong >= 0);   /* a recovery takes no more than there is */
    if (amount_dong == 0) {
        group_set(planned, first, OBLIGATION_OFFSET, "net zero");
        return STATUS_OK;
    }
    enum status rc = pay_route(plan, entitlement->channel, benefit_family(entitlement->benefit), entitlement->bank,
                                amount_dong, &batch);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (count == 1 && is_usual(plan, planned, &planned->owed[first])) {
        planned->owed[first].batch = batch;
        if (plan->kept != NULL) {
            ledger_kept_add(plan->kept, entitlement, &planned->owed[first]);
        }
    } else {
        explicit_payment(plan, planned, first, amount_dong, batch);
    }
    plan_count(plan, FIGURE_payments, 1, amount_dong);
    /* What was taken out of a file that had it before is in the totals of its first run. */
    if (planned->owed[first].former == NULL) {
        plan_count(plan, (enum run_figure)(FIGURE_COUNT + (int)benefit_family(entitlement->benefit)), 1, amount_dong);
    }
    plan_count(plan, entitlement->channel == CHANNEL_cash ? FIGURE_cash : FIGURE_transfers, 1, amount_dong);
    return STATUS_OK;
}

/* Holds a payment that is larger than its bank takes. */
static enum status limit_check(struct plan *plan, struct planned *planned, int64_t amount_dong_max)
{
    size_t count = 0;
    int64_t amount_dong = 0;

    for (size_t i = 0; i < planned->owed_count && amount_dong_max != 0; i++) {
        if (owed_payment(&planned->owed[i]) == OWED_CREDITOR || !is_first(planned, i)) {
            continue;
        }
        if (!group_sum(planned, i, &amount_dong, &count)) {
            return amount_overflows(plan);
        }
        if (amount_dong > amount_dong_max) {
            group_set(planned, i, OBLIGATION_HELD, screen_over_limit);
        }
    }
    return STATUS_OK;
}

/* What was taken from a payment waits with what it was taken from: nothing is left to bear it. */
static void taken_waits(struct planned *planned)
{
    size_t count = 0;
    int64_t net_dong = 0;

    for (size_t i = 0; i < planned->owed_count; i++) {
        if (!is_first(planned, i) || !group_sum(planned, i, &net_dong, &count) || net_dong >= 0) {
            continue;
        }
        const struct ledger_obligation *waiting = &planned->owed[i];
        for (size_t j = 0; j < planned->owed_count; j++) {
            if (planned->owed[j].state == OBLIGATION_HELD && together(&planned->owed[i], &planned->owed[j])) {
                waiting = &planned->owed[j];
            }
        }
        ASSERT(waiting->state == OBLIGATION_HELD);      /* what was taken fitted before something of it was held */
        uint64_t thing = waiting->thing;
        planned->owed[i].thing = thing;
        group_set(planned, i, OBLIGATION_HELD, waiting->reason);
    }
}

/* What an order gives to a creditor: a payment of its own, however it stands with the beneficiary's. */
static enum status pay_creditor(struct plan *plan, struct planned *planned, struct ledger_obligation *owed)
{
    const struct ledger_order *order = order_of(planned, owed);
    enum family family = benefit_family(planned->entitlement.benefit);
    int64_t batch = 0;

    owed->reason = pay_screen_creditor(plan, planned, order, owed->amount_dong);
    if (owed->reason != NULL) {
        owed->state = OBLIGATION_HELD;
        return STATUS_OK;
    }
    enum status rc = pay_route(plan, CHANNEL_bank, family, span_of(order->creditor_bank), owed->amount_dong, &batch);
    if (rc != STATUS_OK) {
        return rc;
    }
    struct ledger_payment *payment = plan_payment_add(plan);
    *payment = (struct ledger_payment){ .ent = planned->entitlement.ent, .period = plan->period,
                                        .purpose = COMPONENT_deduction, .amount_dong = owed->amount_dong,
                                        .batch = batch, .version = planned->entitlement.version,
                                        .order = order->order };
    payment_id_of(planned->entitlement.id, &owed->key, 1, 0, payment->payment_id);
    owed->payment = (int64_t)plan->payment_count;   /* index + 1 */
    owed->batch = batch;
    plan_count(plan, FIGURE_payments, 1, owed->amount_dong);
    plan_count(plan, FIGURE_creditors, 1, owed->amount_dong);
    return STATUS_OK;
}

static enum status pay_groups(struct plan *plan, struct planned *planned, enum owed_payment kind)
{
    enum status rc = STATUS_OK;

    for (size_t i = group_next(planned, kind, 0); i < planned->owed_count && rc == STATUS_OK;
         i = group_next(planned, kind, i + 1)) {
        rc = kind == OWED_CREDITOR ? pay_creditor(plan, planned, &planned->owed[i]) : pay_group(plan, planned, i);
    }
    return rc;
}

enum status pay_owed(struct plan *plan, struct planned *planned)
{
    enum status rc = STATUS_OK;
    int64_t amount_dong_max = 0;

    if (planned->owed_count > 0) {
        rc = pay_screen(plan, planned, &amount_dong_max);
        if (rc == STATUS_OK) {
            rc = limit_check(plan, planned, amount_dong_max);
        }
        if (rc == STATUS_OK) {
            taken_waits(planned);
            rc = pay_withhold(plan, planned);
        }
        for (enum owed_payment kind = OWED_BENEFIT; kind <= OWED_CREDITOR && rc == STATUS_OK; kind++) {
            rc = pay_groups(plan, planned, kind);
        }
    }
    for (size_t i = 0; i < planned->owed_count && rc == STATUS_OK; i++) {
        count_owed(plan, &planned->owed[i]);
        *plan_obligation_add(plan) = planned->owed[i];
    }
    plan_owing_keep(plan, planned);
    return rc;
}
