/*
 * plan_due.c - which months of an entitlement a plan looks at, and what the law gives for each.
 *
 * The run's own month is looked at for everybody. Past months are looked at where something can have changed what
 * they are due: an entitlement that came or was touched since the last plan, months that no run covered, and
 * everybody's when the law file is another one.
 */
#include "plan.h"
#include "run/pay/pay.h"

/* Whether the payee was named after the death: before it, somebody else only collected for the beneficiary, and that
 * is over. */
static enum status relatives_look(struct plan *plan, struct planned *planned)
{
    const struct ledger_entitlement *entitlement = &planned->entitlement;
    day_t since = DAY_NONE;

    enum status rc = ledger_payee_since(plan->world->ledger, entitlement->ent, &since, plan->diag);
    planned->relatives = rc == STATUS_OK && since != DAY_NONE && since >= planned->died &&
                         !span_equal(entitlement->payee_name, entitlement->name);
    return rc;
}

enum status planned_load(struct plan *plan, struct planned *planned)
{
    const struct ledger_entitlement *entitlement = &planned->entitlement;

    planned->owed_count = 0;
    planned->owing_count = 0;
    planned->owing_known = false;
    planned->order_count = 0;
    planned->hold_count = 0;
    planned->everybody = false;
    planned->stop_count = 0;
    planned->twin = false;
    planned->died = DAY_NONE;
    planned->relatives = false;
    enum status rc = entitlement_facts(entitlement, &planned->facts, plan->diag);
    if (rc == STATUS_OK && (entitlement->flags & ENTITLEMENT_STOPPED) != 0) {
        rc = ledger_stops_of(plan->world->ledger, entitlement->ent, entitlement->person, planned->stop,
                             &planned->stop_count, plan->diag);
        planned->died = stops_death(planned->stop, planned->stop_count);
    }
    if (rc == STATUS_OK && planned->died != DAY_NONE) {
        rc = relatives_look(plan, planned);
    }
    if (rc == STATUS_OK && (entitlement->flags & ENTITLEMENT_ORDERED) != 0) {
        rc = orders_load(plan, planned);
    }
    if (rc == STATUS_OK && (entitlement->flags & ENTITLEMENT_HELD) != 0) {
        rc = holds_load(plan, planned);
    }
    return rc;
}

void plan_month(const struct plan *plan, const struct planned *planned, month_t month, struct month_due *due)
{
    struct law_result result;
    struct law_refusal refusal;
    enum benefit benefit = planned->entitlement.benefit;
    bool monthly = benefit_recurrence(benefit) == RECURRENCE_MONTHLY;

    *due = (struct month_due){ .stop = STOP_NONE };
    due->settled = month_is_settled(plan->world->config, benefit, &planned->facts, month);
    if (due->settled) {
        return;
    }
    if (planned->stop_count > 0) {
        /* A one-off belongs to the month of its event: what was earned before a death or an end stays owed. */
        month_t stopped = monthly ? month : law_month_begun(benefit, &planned->facts);
        due->stop = stops_of_month(plan->world->law, benefit, planned->stop, planned->stop_count, stopped);
    }
    switch (law_calc(plan->world->law, benefit, &planned->facts, month, &result, &refusal, NULL)) {
    case LAW_NOT_DUE:
        return;
    case LAW_REFUSED:
        /* Intake let the row in, for the month it began; one row never stops the others. */
        due->refused = true;
        return;
    case LAW_DUE:
        break;
    }
    if (!stop_bars(due->stop)) {
        due->count = result.count;
        memcpy(due->amount, result.amount, result.count * sizeof(*result.amount));
    }
}

static int key_compare(const struct obligation_key *a, const struct obligation_key *b)
{
    if (a->ent != b->ent) {
        return a->ent < b->ent ? -1 : 1;
    }
    if (a->period != b->period) {
        return a->period < b->period ? -1 : 1;
    }
    return a->component != b->component ? (a->component < b->component ? -1 : 1) : a->seq - b->seq;
}

void plan_as_taken_up(const struct plan *plan, struct ledger_obligation *existing, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t low = 0;
        size_t high = existing[i].was_held ? plan->taken_up : 0;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            int order = key_compare(&plan->obligation[middle].key, &existing[i].key);
            if (order == 0) {
                existing[i].amount_dong = plan->obligation[middle].amount_dong;
                existing[i].state = plan->obligation[middle].state;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : order > 0 ? middle : low;
        }
    }
}

/* What is in the ledger for the month already counts as due and as provided before; what is held was
 * carried in and is counted where the held are taken up. */
static void count_existing(struct plan *plan, const struct ledger_obligation *existing, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (existing[i].was_held) {
            continue;
        }
        enum run_figure where = obligation_is_closed(existing[i].state) ? FIGURE_closed : FIGURE_provided_before;
        plan_count(plan, FIGURE_due, 1, existing[i].amount_dong);
        plan_count(plan, where, 1, existing[i].amount_dong);
    }
}

/* A month that nothing was provided for: the components that the law gives; of a past month the regular one
 * is arrears. */
static enum status due_new(struct plan *plan, struct planned *planned, month_t period, const struct month_due *due)
{
    enum component regular = benefit_component(planned->entitlement.benefit);
    bool past = period != MONTH_ONCE && period < plan->period;
    enum status rc = STATUS_OK;

    if (past && orders_cover(planned->order, planned->order_count, KIND_arrears, period)) {
        return STATUS_OK;
    }
    if (due->refused) {
        return plan_owe(planned, period, past ? COMPONENT_arrears : regular, 0, 0, screen_no_answer, plan->diag);
    }
    if (due->count == 0 && !past) {
        plan_count(plan, FIGURE_not_due, 1, 0);
    }
    for (unsigned i = 0; i < due->count && rc == STATUS_OK; i++) {
        enum component component = due->amount[i].component;
        component = past && component == regular ? COMPONENT_arrears : component;
        rc = plan_owe(planned, period, component, 0, due->amount[i].amount_dong,
                      due->stop == STOP_UNDECIDED ? screen_awaits_decision : NULL, plan->diag);
    }
    return rc;
}

/* One month, or `once`, against what is provided for it. */
static enum status due_month(struct plan *plan, struct planned *planned, month_t month, month_t period,
                             struct ledger_obligation *existing, size_t count)
{
    struct month_due due;

    plan_month(plan, planned, month, &due);
    if (count == 0) {
        return due_new(plan, planned, period, &due);
    }
    plan_as_taken_up(plan, existing, count);
    /* One-offs of other months are not this one's, even if another law has them looked at. */
    if (period == MONTH_ONCE ? !plan->relaw || (planned->entitlement.flags & ENTITLEMENT_TOUCHED) != 0
                             : period == plan->period) {
        count_existing(plan, existing, count);
    }
    return due.settled || due.refused ? STATUS_OK : plan_difference(plan, planned, period, &due, existing, count);
}

/* The first past month that is looked at. An entitlement that changed may have begun earlier before it did. */
static month_t past_from(const struct plan *plan, const struct planned *planned, bool whole)
{
    month_t settled = (month_t)facts_or(&planned->facts, FACT_paid_through, plan->world->config->opening - 1);
    month_t begun = law_month_begun(planned->entitlement.benefit, &planned->facts);

    if (whole && plan->covered.earliest != MONTH_NONE && plan->covered.earliest < begun) {
        begun = plan->covered.earliest;
    }
    return settled + 1 > begun ? settled + 1 : begun;
}

static enum status due_past(struct plan *plan, struct planned *planned)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    const struct ledger_entitlement *entitlement = &planned->entitlement;
    bool touched = (entitlement->flags & ENTITLEMENT_TOUCHED) != 0;
    bool new = entitlement->since_run > plan->covered.run;
    month_t from = past_from(plan, planned, touched || (plan->relaw && !new));
    enum status rc = STATUS_OK;

    if (!touched && !new && !plan->relaw && from <= plan->covered.through) {
        from = plan->covered.through + 1;
    }
    for (month_t month = from; month < plan->period && rc == STATUS_OK; month++) {
        size_t count = 0;
        if (touched || !new) {
            rc = ledger_obligations_of(plan->world->ledger, entitlement->ent, month, existing,
                                       PLAN_MONTH_OBLIGATIONS_MAX, &count, plan->diag);
        }
        if (rc == STATUS_OK) {
            rc = due_month(plan, planned, month, month, existing, count);
        }
    }
    return rc;
}

static enum status due_once(struct plan *plan, struct planned *planned)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    const struct ledger_entitlement *entitlement = &planned->entitlement;
    size_t count = 0;
    enum status rc = STATUS_OK;

    if (entitlement->ent < plan->once_from || (entitlement->flags & ENTITLEMENT_TOUCHED) != 0) {
        rc = ledger_obligations_of(plan->world->ledger, entitlement->ent, MONTH_ONCE, existing,
                                   PLAN_MONTH_OBLIGATIONS_MAX, &count, plan->diag);
    }
    if (rc == STATUS_OK && count == 0 && law_month_begun(entitlement->benefit, &planned->facts) > plan->period) {
        plan_again(plan, entitlement->ent);
    }
    return rc == STATUS_OK ? due_month(plan, planned, plan->period, MONTH_ONCE, existing, count) : rc;
}

enum status plan_due(struct plan *plan, struct planned *planned)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    const struct ledger_entitlement *entitlement = &planned->entitlement;
    size_t count = 0;

    planned->everybody = true;
    if (benefit_recurrence(entitlement->benefit) == RECURRENCE_ONCE) {
        return due_once(plan, planned);
    }
    enum status rc = due_past(plan, planned);
    if (rc == STATUS_OK) {
        /* The stream of the period's obligations covers the unit's own range; a guest is asked for. */
        rc = entitlement->guest ? ledger_obligations_of(plan->world->ledger, entitlement->ent, plan->period, existing,
                                           PLAN_MONTH_OBLIGATIONS_MAX, &count, plan->diag)
                   : ledger_provided_of(plan->provided, entitlement->ent, existing, PLAN_MONTH_OBLIGATIONS_MAX, &count,
                                        plan->diag);
    }
    return rc == STATUS_OK ? due_month(plan, planned, plan->period, plan->period, existing, count) : rc;
}
