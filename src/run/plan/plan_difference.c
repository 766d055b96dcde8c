/*
 * plan_difference.c - what a period is due against everything that was provided for it.
 *
 * The key is the obligation: earlier arrears and recoveries count, and so does what is held, since it stays owed
 * (MODEL: Obligation). Too little is owed as arrears of that period; too much is to be given back. A month
 * may be compared any number of times: what an earlier comparison gave is among what is provided.
 *
 * What an authority ordered stands beside all this: past months that an order of arrears covers count as provided
 * for, whatever it pays, and what an order takes back is not calculated a second time for its months. Its own
 * obligations are neither due by law nor provided for it.
 */
#include "plan.h"

enum status plan_owe(struct planned *planned, month_t period, enum component component, int seq, int64_t amount_dong,
                     const char *reason, struct diag *diag)
{
    if (planned->owed_count == PLAN_OWED_MAX) {
        return diag_fail(diag, STATUS_LIMIT, "one entitlement is owed more than %d obligations in one run",
                         PLAN_OWED_MAX);
    }
    planned->owed[planned->owed_count++] = (struct ledger_obligation){
        .key = { period, planned->entitlement.ent, component, seq },
        .amount_dong = amount_dong,
        .state = reason == NULL ? OBLIGATION_INSTRUCTED : OBLIGATION_HELD,
        .version = planned->entitlement.version,
        .reason = reason };
    return STATUS_OK;
}

/* Live, and not ordered beside what is due; the two halves of a deduction leave the sum as it is. */
static bool is_provided(const struct ledger_obligation *obligation)
{
    return obligation->state != OBLIGATION_CLOSED &&
           (obligation->order == 0 || obligation->key.component == COMPONENT_deduction);
}

enum status plan_provided(const struct ledger_obligation *existing, size_t count, struct provided *provided,
                          struct diag *diag)
{
    bool fits = true;

    *provided = (struct provided){ 0, 0 };
    for (size_t i = 0; i < count; i++) {
        /* A recovery that was taken from a closed payment was taken all the same. */
        bool closed = existing[i].state == OBLIGATION_CLOSED_BY_HAND && existing[i].key.component != COMPONENT_recovery;
        int64_t *sum_dong = closed ? &provided->closed_dong : &provided->live_dong;
        fits = fits && (!is_provided(&existing[i]) || money_add(*sum_dong, existing[i].amount_dong, sum_dong));
    }
    return fits ? STATUS_OK : diag_fail(diag, STATUS_LIMIT, "the obligations of one month overflow");
}

int64_t provided_for(const struct provided *provided, int64_t due_dong)
{
    /* Sums of a month stay far below the limit of an int64_t. */
    int64_t open_dong = due_dong - provided->live_dong;
    int64_t closed_dong = provided->closed_dong < open_dong ? provided->closed_dong : open_dong;

    return provided->live_dong + (closed_dong > 0 ? closed_dong : 0);
}

/* What was taken back of a period already. */
static int64_t recovered_dong(const struct ledger_obligation *existing, size_t count)
{
    int64_t sum = 0;    /* of parts of what was provided, which fits */

    for (size_t i = 0; i < count; i++) {
        sum -= is_provided(&existing[i]) && existing[i].key.component == COMPONENT_recovery ? existing[i].amount_dong : 0;
    }
    return sum;
}

int plan_seq(const struct planned *planned, const struct ledger_obligation *existing, size_t count, month_t period,
             enum component component)
{
    int seq = 0;

    for (size_t i = 0; i < count; i++) {
        if (existing[i].key.component == component && existing[i].key.seq >= seq) {
            seq = existing[i].key.seq + 1;
        }
    }
    for (size_t i = 0; i < planned->owed_count; i++) {
        const struct obligation_key *key = &planned->owed[i].key;
        if (key->period == period && key->component == component && key->seq >= seq) {
            seq = key->seq + 1;
        }
    }
    return seq;
}

/* What was provided beyond what is due and has reached somebody: what failed and waits has not, and is compared again
 * once it is known what became of it. */
static int64_t overpaid_dong(struct plan *plan, const struct planned *planned, month_t period, int64_t beyond_dong)
{
    int64_t waiting_dong = beyond_dong > 0 ? plan_waiting_dong(plan, planned->entitlement.ent, period) : 0;

    if (waiting_dong > 0) {
        plan_again(plan, planned->entitlement.ent);
    }
    return waiting_dong < beyond_dong || waiting_dong == 0 ? beyond_dong - waiting_dong : 0;
}

enum status plan_difference(struct plan *plan, struct planned *planned, month_t period, const struct month_due *due,
                            const struct ledger_obligation *existing, size_t count)
{
    struct provided provided;
    int64_t due_dong = 0;

    for (unsigned i = 0; i < due->count; i++) {
        due_dong += due->amount[i].amount_dong;     /* a few amounts, each below MONEY_DONG_MAX */
    }
    enum status rc = plan_provided(existing, count, &provided, plan->diag);
    int64_t difference = due_dong - provided_for(&provided, due_dong);
    if (rc == STATUS_OK) {
        bool ordered = orders_cover(planned->order, planned->order_count, KIND_recovery, period);
        int64_t over_dong = overpaid_dong(plan, planned, period, -difference);
        struct overpaid over = { .gross_dong = ordered ? 0 : recovered_dong(existing, count) + over_dong,
                                 .open_dong = ordered || over_dong < 0 ? 0 : over_dong, .death = due->stop == STOP_DEAD,
                                 .next_seq = plan_seq(planned, existing, count, period, COMPONENT_recovery) };
        rc = plan_owing(plan, planned, period, &over);
    }
    if (rc != STATUS_OK || difference <= 0 ||
        (period < plan->period && orders_cover(planned->order, planned->order_count, KIND_arrears, period))) {
        return rc;
    }
    return plan_owe(planned, period, COMPONENT_arrears,
                    plan_seq(planned, existing, count, period, COMPONENT_arrears), difference,
                    due->stop == STOP_UNDECIDED ? screen_awaits_decision : NULL, plan->diag);
}
