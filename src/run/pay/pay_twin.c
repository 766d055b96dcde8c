/* pay_twin.c - one person with the same monthly benefit under two ids. */
#include "pay.h"

enum status twin_is_live(struct plan *plan, int64_t ent, month_t month, bool *live)
{
    struct arena arena = ARENA_INIT;
    struct ledger_entitlement other;
    struct facts facts = { 0 };
    struct ledger_stop_state stop[LEDGER_STOPS_MAX];
    size_t stops = 0;
    struct law_result result;
    struct law_refusal refusal;

    *live = false;
    enum status rc = ledger_entitlement_get(plan->world->ledger, ent, 0, &arena, &other, plan->diag);
    if (rc == STATUS_OK) {
        rc = entitlement_facts(&other, &facts, plan->diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_stops_of(plan->world->ledger, ent, other.person, stop, &stops, plan->diag);
        *live = rc == STATUS_OK &&
                law_calc(plan->world->law, other.benefit, &facts, month, &result, &refusal, NULL) == LAW_DUE &&
                !stop_bars(stops_of_month(plan->world->law, other.benefit, stop, stops, month));
    }
    arena_release(&arena);
    return rc;
}

/* Whether a month is paid under the other id: in the ledger, or in this plan. */
static enum status twin_has_month(struct plan *plan, int64_t twin, month_t month, bool *has)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    size_t count = 0;

    enum status rc = ledger_obligations_of(plan->world->ledger, twin, month, existing, PLAN_MONTH_OBLIGATIONS_MAX,
                                           &count, plan->diag);
    for (size_t i = 0; i < count; i++) {
        *has = *has || existing[i].state == OBLIGATION_INSTRUCTED;
    }
    for (size_t i = plan->obligation_count; i > 0 && !*has; i--) {
        const struct ledger_obligation *planned = &plan->obligation[i - 1];
        *has = planned->key.ent == twin && planned->key.period == month && planned->state == OBLIGATION_INSTRUCTED;
    }
    return rc;
}

/* The other ids; none if an officer decided that these and this one are all right. */
static enum status twins_of(struct plan *plan, struct planned *planned, int64_t twin[LEDGER_TWINS_MAX], size_t *count)
{
    bool lifted = false;

    enum status rc = ledger_twins(plan->world->ledger, &planned->entitlement, twin, count, plan->diag);
    planned->twins = 0;
    for (size_t i = 0; i < *count; i++) {
        planned->twins += (uint64_t)twin[i];
    }
    if (rc == STATUS_OK) {
        rc = ledger_is_lifted(plan->world->ledger, planned->entitlement.ent, screen_two_live_ids, planned->twins, &lifted,
                              plan->diag);
    }
    *count = lifted ? 0 : *count;
    return rc;
}

enum status twin_months(struct plan *plan, struct planned *planned)
{
    int64_t twin[LEDGER_TWINS_MAX];
    size_t count = 0;

    if ((planned->entitlement.flags & ENTITLEMENT_TWIN) == 0 || planned->owed_count == 0 || planned->twin) {
        return STATUS_OK;
    }
    enum status rc = twins_of(plan, planned, twin, &count);
    for (size_t i = 0; i < planned->owed_count && rc == STATUS_OK; i++) {
        struct ledger_obligation *owed = &planned->owed[i];
        bool has = false;
        for (size_t j = 0; j < count && rc == STATUS_OK && !has; j++) {
            rc = twin_has_month(plan, twin[j], owed->key.period, &has);
        }
        if (has && owed->state == OBLIGATION_INSTRUCTED && owed->key.period != MONTH_ONCE && owed->order == 0) {
            owed->state = OBLIGATION_HELD;
            owed->reason = screen_two_live_ids;
            owed->thing = planned->twins;
        }
    }
    return rc;
}

enum status twin_check(struct plan *plan, struct planned *planned)
{
    int64_t twin[LEDGER_TWINS_MAX];
    size_t count = 0;
    bool paid = false;

    if ((planned->entitlement.flags & ENTITLEMENT_TWIN) == 0) {
        return STATUS_OK;
    }
    enum status rc = ledger_was_paid(plan->world->ledger, planned->entitlement.ent, &paid, plan->diag);
    if (rc == STATUS_OK && !paid) {
        rc = twins_of(plan, planned, twin, &count);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK && !planned->twin; i++) {
        rc = twin_is_live(plan, twin[i], plan->period, &planned->twin);
    }
    return rc;
}
