/*
 * plan_due.c - what one entitlement is owed and was never provided for.
 *
 * The key is the obligation: what the law gives for a month is compared with every obligation that the
 * ledger has for it, held ones included, whatever run made them. A month that has none gets them; a
 * month whose sum differs was paid on other facts: the difference waits (awaits recalculation).
 */
#include "plan.h"

/* What a month's obligations come from: the law's result, or nothing. */
struct month_due {
    bool settled;               /* before the opening, or paid elsewhere: nothing is compared */
    bool refused;               /* the law file has no answer: it waits for one */
    unsigned count;
    struct law_amount amount[LAW_AMOUNTS_MAX];
    enum stop_verdict stop;
};

enum status planned_load(struct plan *plan, struct planned *planned)
{
    const struct ledger_entitlement *entitlement = &planned->entitlement;

    planned->owed_count = 0;
    planned->stop_count = 0;
    planned->twin = false;
    enum status rc = entitlement_facts(entitlement, &planned->facts, plan->diag);
    if (rc == STATUS_OK && (entitlement->flags & ENTITLEMENT_STOPPED) != 0) {
        rc = ledger_stops_of(plan->world->ledger, entitlement->ent, entitlement->person, planned->stop,
                             &planned->stop_count, plan->diag);
    }
    return rc;
}

/* What the law gives for a month (of a one-off: whatever month it is paid in), less what was settled before the opening or elsewhere. */
static void month_law(struct plan *plan, const struct planned *planned, month_t month, struct month_due *due)
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
    if (planned->stop_count > 0) {
        /* A one-off belongs to the month of its event: what was earned before a death or an end stays owed. */
        month_t stopped = monthly ? month : law_month_begun(benefit, &planned->facts);
        due->stop = stops_of_month(planned->stop, planned->stop_count, stopped);
    }
    if (due->stop != STOP_NOT_DUE) {
        due->count = result.count;
        memcpy(due->amount, result.amount, result.count * sizeof(*result.amount));
    }
}

static enum status owe(struct plan *plan, struct planned *planned, month_t period, enum component component, int seq,
                       int64_t amount_dong, const char *reason)
{
    if (planned->owed_count == PLAN_OWED_MAX) {
        return diag_fail(plan->diag, STATUS_LIMIT, "one entitlement is owed more than %d obligations in one run",
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

/* The month was provided for, by other facts: the difference is owed (or was paid too much) and waits. */
static enum status owe_difference(struct plan *plan, struct planned *planned, month_t period,
                                  const struct month_due *due, const struct ledger_obligation *existing, size_t count)
{
    int64_t difference = 0;
    enum component component;
    int seq = 0;
    bool fits = true;

    for (unsigned i = 0; i < due->count; i++) {
        fits = fits && money_add(difference, due->amount[i].amount_dong, &difference);
    }
    for (size_t i = 0; i < count; i++) {
        if (existing[i].state != OBLIGATION_CLOSED) {
            fits = fits && money_add(difference, -existing[i].amount_dong, &difference);
        }
    }
    if (!fits) {
        return diag_fail(plan->diag, STATUS_LIMIT, "the obligations of one month overflow");
    }
    if (difference == 0) {
        return STATUS_OK;
    }
    component = difference > 0 ? COMPONENT_arrears : COMPONENT_recovery;
    for (size_t i = 0; i < count; i++) {
        if (existing[i].key.component == component && existing[i].key.seq >= seq) {
            seq = existing[i].key.seq + 1;
        }
    }
    return owe(plan, planned, period, component, seq, difference, screen_awaits_recalculation);
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

/* What the ledger has as held was taken up by this plan already: it counts as what it has become. */
static void as_taken_up(const struct plan *plan, struct ledger_obligation *existing, size_t count)
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
        enum run_figure where = existing[i].state == OBLIGATION_CLOSED ? FIGURE_closed : FIGURE_provided_before;
        plan_count(plan, FIGURE_due, 1, existing[i].amount_dong);
        plan_count(plan, where, 1, existing[i].amount_dong);
    }
}

/* One month, or `once`, against what is provided for it. */
static enum status due_month(struct plan *plan, struct planned *planned, month_t month, month_t period,
                             struct ledger_obligation *existing, size_t count)
{
    struct month_due due;
    enum component regular = benefit_component(planned->entitlement.benefit);
    bool past = period != MONTH_ONCE && period < plan->period;

    enum status rc = STATUS_OK;

    month_law(plan, planned, month, &due);
    as_taken_up(plan, existing, count);
    if (count > 0) {
        if (!past) {
            count_existing(plan, existing, count);
        }
        return due.settled || due.refused ? STATUS_OK
                                          : owe_difference(plan, planned, period, &due, existing, count);
    }
    if (due.refused) {
        return owe(plan, planned, period, past ? COMPONENT_arrears : regular, 0, 0, screen_no_answer);
    }
    if (due.count == 0 && !past) {
        plan_count(plan, FIGURE_not_due, 1, 0);
    }
    for (unsigned i = 0; i < due.count && rc == STATUS_OK; i++) {
        enum component component = due.amount[i].component;
        if (past && component == regular) {
            component = COMPONENT_arrears;
        }
        rc = owe(plan, planned, period, component, 0, due.amount[i].amount_dong,
                 due.stop == STOP_UNDECIDED ? screen_awaits_decision : NULL);
    }
    return rc;
}

/* The months before the period that nobody has looked at with these facts. */
static enum status due_past(struct plan *plan, struct planned *planned)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    const struct ledger_entitlement *entitlement = &planned->entitlement;
    bool touched = (entitlement->flags & ENTITLEMENT_TOUCHED) != 0;
    bool new = entitlement->since_run > plan->covered_run;
    month_t opening = plan->world->config->opening;
    month_t begun = law_month_begun(entitlement->benefit, &planned->facts);
    month_t settled = (month_t)facts_or(&planned->facts, FACT_paid_through, opening - 1);
    month_t from = settled + 1 > begun ? settled + 1 : begun;
    enum status rc = STATUS_OK;

    if (!touched && !new && from <= plan->covered_through) {
        from = plan->covered_through + 1;
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
        plan->again = mem_resize(plan->again, plan->again_count + 1, sizeof(*plan->again));
        plan->again[plan->again_count++] = entitlement->ent;
    }
    return rc == STATUS_OK ? due_month(plan, planned, plan->period, MONTH_ONCE, existing, count) : rc;
}

enum status plan_due(struct plan *plan, struct planned *planned)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    const struct ledger_entitlement *entitlement = &planned->entitlement;
    size_t count = 0;

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

enum status plan_due_again(struct plan *plan, struct planned *planned, const struct ledger_obligation *held,
                           struct ledger_obligation *now, bool *owed)
{
    struct month_due due;
    month_t month = held->key.period == MONTH_ONCE ? plan->period : held->key.period;
    enum component regular = benefit_component(planned->entitlement.benefit);
    enum component component = held->key.component == COMPONENT_arrears ? regular : held->key.component;

    *now = *held;
    now->version = planned->entitlement.version;
    now->was_held = true;
    *owed = true;
    if (strcmp(held->reason, screen_awaits_recalculation) == 0) {
        now->reason = screen_awaits_recalculation;
        return STATUS_OK;
    }
    month_law(plan, planned, month, &due);
    if (due.refused) {
        now->reason = screen_no_answer;
        return STATUS_OK;
    }
    *owed = false;
    for (unsigned i = 0; i < due.count; i++) {
        if (due.amount[i].component == component) {
            *owed = true;
            now->amount_dong = due.amount[i].amount_dong;
        }
    }
    now->state = due.stop == STOP_UNDECIDED ? OBLIGATION_HELD : OBLIGATION_INSTRUCTED;
    now->reason = due.stop == STOP_UNDECIDED ? screen_awaits_decision : NULL;
    return STATUS_OK;
}
