/*
 * plan_held.c - what was held: owed with today's amounts if the reason is gone, closed if nothing is owed any more.
 *
 * Of each period the held obligations get what is due today and not provided otherwise: the regular ones the law's
 * amounts, differences what is left. What that leaves open is found where the period is compared, after this.
 *
 * What was in a file that never left is held too, with what had been taken from it: recoveries and deductions stand as
 * long as they are due and the payment bears them.
 */
#include "plan.h"
#include "run/pay/pay.h"

#include <stdlib.h>

/* What is left of a period for its held obligations. */
struct left {
    struct month_due due;
    int64_t dong;
    bool regular;               /* the regular amount has an obligation under its own name */
    bool changed;               /* something is owed that is not what was held */
};

static enum status left_of(struct plan *plan, const struct planned *planned, month_t period, struct left *left)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    size_t count = 0;
    struct provided provided = { 0, 0 };

    *left = (struct left){ .dong = 0 };
    plan_month(plan, planned, period == MONTH_ONCE ? plan->period : period, &left->due);
    enum status rc = ledger_obligations_of(plan->world->ledger, planned->entitlement.ent, period, existing,
                                           PLAN_MONTH_OBLIGATIONS_MAX, &count, plan->diag);
    for (size_t i = 0; i < count; i++) {
        left->regular = left->regular ||
                        existing[i].key.component == benefit_component(planned->entitlement.benefit);
        /* What is held is what it is all about, and what is deducted leaves the month as it is: neither counts as
         * provided here. */
        bool apart = existing[i].was_held || existing[i].key.component == COMPONENT_deduction;
        existing[i].state = apart ? OBLIGATION_CLOSED : existing[i].state;
    }
    if (rc == STATUS_OK) {
        rc = plan_provided(existing, count, &provided, plan->diag);
    }
    for (unsigned i = 0; i < left->due.count; i++) {
        left->dong += left->due.amount[i].amount_dong;
    }
    left->dong -= provided_for(&provided, left->dong);
    return rc;
}

/* What the law gives for an obligation; -1: nothing. Arrears of a month that has no other are its regular amount. */
static int64_t law_dong(const struct left *left, enum component regular, const struct obligation_key *key)
{
    bool difference = key->component == COMPONENT_arrears && (key->seq > 0 || left->regular);
    enum component component = key->component == COMPONENT_arrears ? regular : key->component;

    if (difference) {
        return left->dong > 0 ? left->dong : -1;
    }
    for (unsigned i = 0; i < left->due.count; i++) {
        if (left->due.amount[i].component == component) {
            return left->due.amount[i].amount_dong;
        }
    }
    return -1;
}

/* A recovery is held only when it was taken out of a file with the payment that it was taken from: it stands as
 * far as its period is still overpaid. */
static void recovery_again(struct left *left, struct ledger_obligation *now)
{
    if (left->dong >= 0) {
        now->state = OBLIGATION_CLOSED;
        now->reason = "not due any more";
        return;
    }
    now->state = OBLIGATION_INSTRUCTED;
    now->reason = NULL;
    now->amount_dong = now->amount_dong > left->dong ? now->amount_dong : left->dong;
    left->dong -= now->amount_dong;
}

/* One held obligation as it is today. */
static void again(const struct planned *planned, struct left *left, const struct ledger_obligation *held,
                  struct ledger_obligation *now)
{
    *now = *held;
    now->version = planned->entitlement.version;
    now->was_held = true;
    if (held->order != 0) {
        now->state = OBLIGATION_INSTRUCTED;     /* ordered, beside what is due by law */
        now->reason = NULL;
        return;
    }
    if (held->key.component == COMPONENT_recovery) {
        recovery_again(left, now);
        return;
    }
    if (left->due.refused) {
        now->state = OBLIGATION_HELD;
        now->reason = screen_no_answer;
        return;
    }
    int64_t law = law_dong(left, benefit_component(planned->entitlement.benefit), &held->key);
    if (law < 0 || (law > 0 && left->dong <= 0)) {
        now->state = OBLIGATION_CLOSED;
        now->reason = "not due any more";
        return;
    }
    now->amount_dong = law == 0 || law < left->dong ? law : left->dong;
    left->dong -= now->amount_dong;
    now->state = left->due.stop == STOP_UNDECIDED ? OBLIGATION_HELD : OBLIGATION_INSTRUCTED;
    now->reason = left->due.stop == STOP_UNDECIDED ? screen_awaits_decision : NULL;
}

/* What the former payment of something that was taken from it comes to now. */
static int64_t former_net_dong(struct planned *planned, struct ledger_obligation *taken)
{
    int64_t net_dong = 0;

    for (size_t i = 0; i < planned->owed_count; i++) {
        const struct ledger_obligation *other = &planned->owed[i];
        if (other->state == OBLIGATION_INSTRUCTED && other->former != NULL && taken->former != NULL &&
            strcmp(other->former, taken->former) == 0) {
            net_dong += other->amount_dong;
            taken->with_arrears = taken->with_arrears || other->key.component == COMPONENT_arrears;
        }
    }
    return net_dong;
}

/* Nothing is taken from this payment: what is still to be taken is found when the entitlement's months are compared,
 * after this. A deduction's other half falls with it, unless it has left: then the creditor has been paid, and
 * the month with it too much. */
static enum status not_taken(struct plan *plan, struct planned *planned, size_t index)
{
    struct ledger_obligation *taken = &planned->owed[index];
    struct ledger_obligation *other = index + 1 < planned->owed_count ? &planned->owed[index + 1] : taken;

    taken->state = OBLIGATION_CLOSED;
    taken->reason = "not taken";
    order_undone(planned, taken);
    /* The halves have numbers that follow each other. */
    if (taken->key.component == COMPONENT_deduction && other->key.component == COMPONENT_deduction &&
        other->key.period == taken->key.period && other->key.seq == taken->key.seq + 1) {
        other->state = OBLIGATION_CLOSED;
        other->reason = taken->reason;
        order_undone(planned, other);
    }
    return ledger_touch(plan->world->ledger, taken->key.ent, plan->diag);
}

/* Recoveries and deductions go with the payment that they were taken from, and take no more than is left of it. */
static enum status taken_fit(struct plan *plan, struct planned *planned)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < planned->owed_count && rc == STATUS_OK; i++) {
        struct ledger_obligation *taken = &planned->owed[i];
        if (taken->amount_dong < 0 && taken->state == OBLIGATION_INSTRUCTED &&
            (taken->former == NULL || former_net_dong(planned, taken) < 0)) {
            rc = not_taken(plan, planned, i);
        }
    }
    return rc;
}

/* Where its held obligations do not make a period even, or are not what they were, it is compared after this: what was taken
 * back of a month, say, whose payment has not left after all, and what is on record as overpaid. */
static enum status compare_after(struct plan *plan, const struct planned *planned, const struct left *left)
{
    return (left->dong == 0 && !left->changed) || left->due.refused
               ? STATUS_OK
               : ledger_touch(plan->world->ledger, planned->entitlement.ent, plan->diag);
}

/* The held obligations of one entitlement, in the order of their keys. */
static enum status held_of_one(struct plan *plan, struct planned *planned, const struct ledger_obligation *held,
                               size_t count)
{
    struct arena arena = ARENA_INIT;
    struct left left = { .dong = 0 };

    enum status rc = ledger_entitlement_get(plan->world->ledger, held->key.ent, 0, &arena, &planned->entitlement,
                                            plan->diag);
    if (rc == STATUS_OK) {
        rc = planned_load(plan, planned);
    }
    if (rc == STATUS_OK) {
        rc = twin_check(plan, planned);
    }
    if (rc == STATUS_OK && count > PLAN_OWED_MAX) {
        rc = diag_fail(plan->diag, STATUS_LIMIT, "one entitlement has too many held obligations");
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (i == 0 || held[i].key.period != held[i - 1].key.period) {
            rc = left_of(plan, planned, held[i].key.period, &left);
        }
        if (rc == STATUS_OK) {
            struct ledger_obligation *now = &planned->owed[planned->owed_count++];
            again(planned, &left, &held[i], now);
            left.changed = left.changed || now->amount_dong != held[i].amount_dong || now->state == OBLIGATION_CLOSED;
        }
        if (rc == STATUS_OK && (i + 1 == count || held[i].key.period != held[i + 1].key.period)) {
            rc = compare_after(plan, planned, &left);
        }
    }
    if (rc == STATUS_OK) {
        rc = twin_months(plan, planned);
    }
    if (rc == STATUS_OK) {
        rc = taken_fit(plan, planned);
    }
    if (rc == STATUS_OK) {
        rc = pay_owed(plan, planned);
    }
    arena_release(&arena);
    return rc;
}

enum status plan_held(struct plan *plan, struct planned *planned)
{
    struct arena arena = ARENA_INIT;
    struct ledger_obligation *held = NULL;
    size_t count = 0;
    size_t next;

    enum status rc = ledger_held(plan->world->ledger, plan->number, &arena, &held, &count, plan->diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i = next) {
        for (next = i + 1; next < count && held[next].key.ent == held[i].key.ent;) {
            next++;
        }
        rc = held_of_one(plan, planned, &held[i], next - i);
    }
    free(held);
    arena_release(&arena);
    return rc;
}
