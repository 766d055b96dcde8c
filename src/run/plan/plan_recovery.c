/*
 * plan_recovery.c - what was paid too much, on record as receivables.
 *
 * The record is what the ledger knows of earlier comparisons. An entitlement with something open is looked at again
 * by every run until nothing is: each time the period is compared with everything provided, so that money
 * which came back by another way is not recovered a second time. What was paid for months after a death is never
 * taken: it comes back by itself or by an order.
 */
#include "plan.h"

static int64_t rest_of(const struct owing *owing)
{
    return owing->receivable.amount_dong - owing->receivable.settled_dong;
}

/* What the ledger has on record, before anything is compared. */
static enum status owing_load(struct plan *plan, struct planned *planned)
{
    struct ledger_receivable recorded[PLAN_OWINGS_MAX];
    size_t count = 0;

    if (planned->owing_known) {
        return STATUS_OK;
    }
    planned->owing_known = true;
    enum status rc = ledger_receivables_of(plan->world->ledger, planned->entitlement.ent, recorded, PLAN_OWINGS_MAX,
                                           &count, plan->diag);
    for (size_t i = 0; i < count; i++) {
        planned->owing[i] = (struct owing){ .receivable = recorded[i], .next_seq = -1 };
    }
    planned->owing_count = count;
    return rc;
}

/* Where a period stands among them, or belongs: they are in the order of their periods. */
static size_t place_of(const struct planned *planned, month_t period)
{
    size_t at = 0;

    while (at < planned->owing_count && planned->owing[at].receivable.period < period) {
        at++;
    }
    return at;
}

static enum status owing_insert(struct planned *planned, size_t at, month_t period, struct diag *diag)
{
    if (planned->owing_count == PLAN_OWINGS_MAX) {
        return diag_fail(diag, STATUS_LIMIT, "one entitlement was overpaid for more than %d months", PLAN_OWINGS_MAX);
    }
    memmove(&planned->owing[at + 1], &planned->owing[at], (planned->owing_count - at) * sizeof(planned->owing[0]));
    planned->owing[at] = (struct owing){ .receivable = { .ent = planned->entitlement.ent, .period = period } };
    planned->owing_count++;
    return STATUS_OK;
}

/* The record becomes what was found: what was overpaid at most, less what has not come back. */
static void owing_found(struct owing *owing, const struct overpaid *over)
{
    struct ledger_receivable *receivable = &owing->receivable;
    struct ledger_receivable before = *receivable;

    if (over->gross_dong > receivable->amount_dong) {
        receivable->amount_dong = over->gross_dong;
    }
    receivable->settled_dong = receivable->amount_dong - over->open_dong;
    if (over->open_dong > 0) {
        receivable->cause = over->death ? RECEIVABLE_DEATH : RECEIVABLE_RECALCULATED;
    }
    owing->next_seq = over->next_seq;
    owing->changed = before.amount_dong != receivable->amount_dong || before.settled_dong != receivable->settled_dong ||
                     before.cause != receivable->cause;
}

enum status plan_owing(struct plan *plan, struct planned *planned, month_t period, const struct overpaid *over)
{
    enum status rc = STATUS_OK;

    /* Whoever has something open stays touched, so for everybody else there is nothing to look up. */
    if (over->open_dong == 0 && (planned->entitlement.flags & ENTITLEMENT_TOUCHED) == 0) {
        return STATUS_OK;
    }
    rc = owing_load(plan, planned);
    if (rc != STATUS_OK) {
        return rc;
    }
    size_t at = place_of(planned, period);
    bool recorded = at < planned->owing_count && planned->owing[at].receivable.period == period;
    if (!recorded && over->open_dong > 0) {
        rc = owing_insert(planned, at, period, plan->diag);
    }
    if (rc == STATUS_OK && (recorded || over->open_dong > 0)) {
        owing_found(&planned->owing[at], over);
    }
    return rc;
}

int64_t owing_open(const struct owing *owing)
{
    /* What nobody has looked at is not known to be owed still. */
    return owing->receivable.cause == RECEIVABLE_RECALCULATED && owing->next_seq >= 0 ? rest_of(owing) : 0;
}

void plan_owing_keep(struct plan *plan, struct planned *planned)
{
    bool open = false;

    for (size_t i = 0; i < planned->owing_count; i++) {
        const struct owing *owing = &planned->owing[i];
        open = open || (owing->receivable.cause == RECEIVABLE_RECALCULATED && rest_of(owing) > 0);
        if (owing->changed) {
            plan->receivable = mem_resize(plan->receivable, plan->receivable_count + 1, sizeof(*plan->receivable));
            plan->receivable[plan->receivable_count++] = owing->receivable;
        }
    }
    /* A one-off has no later month from which anything could be taken. */
    if (open && benefit_recurrence(planned->entitlement.benefit) == RECURRENCE_MONTHLY) {
        plan_again(plan, planned->entitlement.ent);
    }
}
