/*
 * plan_orders.c - what competent authorities ordered of an entitlement: which months an order covers, and what is to
 * be paid late. What is to be taken, and for whom, is pay_withhold.c's matter.
 */
#include "plan.h"

bool orders_cover(const struct ledger_order *order, size_t count, int kind, month_t month)
{
    for (size_t i = 0; i < count; i++) {
        month_t to = order[i].to == MONTH_NONE ? order[i].from : order[i].to;
        if (order[i].kind == kind && month >= order[i].from && month <= to) {
            return true;
        }
    }
    return false;
}

const struct ledger_order *order_latest(const struct ledger_order *order, size_t count, int64_t number)
{
    const struct ledger_order *found = NULL;

    /* In the order in which they came: who takes a place stands behind. */
    for (size_t i = 0; i < count; i++) {
        if (order[i].order == number) {
            found = &order[i];
            number = found->replaced_by != 0 ? found->replaced_by : number;
        }
    }
    ASSERT(found != NULL);  /* an entitlement with an ordered obligation has ENTITLEMENT_ORDERED */
    return found;
}

const struct ledger_order *order_of(const struct planned *planned, const struct ledger_obligation *owed)
{
    return order_latest(planned->order, planned->order_count, owed->order);
}

bool order_is_open(const struct ledger_order *order, month_t month)
{
    return month >= order->from && order->done_dong < order->amount_dong && order->replaced_by == 0;
}

void order_undone(struct planned *planned, const struct ledger_obligation *closed)
{
    bool counts = closed->order != 0 && (closed->key.component != COMPONENT_deduction || closed->amount_dong > 0);
    int64_t amount_dong = closed->amount_dong < 0 ? -closed->amount_dong : closed->amount_dong;

    int64_t order = closed->order;
    for (size_t i = 0; i < planned->order_count && counts; i++) {
        if (planned->order[i].order == order) {
            planned->order[i].done_dong -= amount_dong;
            order = planned->order[i].replaced_by;
        }
    }
}

enum status orders_load(struct plan *plan, struct planned *planned)
{
    int64_t ent = planned->entitlement.ent;

    enum status rc = ledger_orders_of(plan->world->ledger, ent, plan->period, planned->order, &planned->order_count,
                                      plan->diag);
    /* What this plan closed of it already, when it took up what was held. */
    for (size_t i = 0; i < plan->taken_up && planned->order_count > 0; i++) {
        if (plan->obligation[i].key.ent == ent && plan->obligation[i].state == OBLIGATION_CLOSED) {
            order_undone(planned, &plan->obligation[i]);
        }
    }
    return rc;
}

/* One instalment of an order of arrears, the whole of it where it has no monthly limit. */
static enum status order_pay(struct plan *plan, struct planned *planned, const struct ledger_order *order)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    size_t count = 0;
    int64_t amount_dong = order->amount_dong - order->done_dong;
    int64_t limit_dong = order->monthly_limit_dong - order->month_dong;

    if (order->monthly_limit_dong != 0 && limit_dong < amount_dong) {
        amount_dong = limit_dong;
    }
    if (amount_dong <= 0) {
        return STATUS_OK;
    }
    enum status rc = ledger_obligations_of(plan->world->ledger, planned->entitlement.ent, order->from, existing,
                                           PLAN_MONTH_OBLIGATIONS_MAX, &count, plan->diag);
    if (rc == STATUS_OK) {
        rc = plan_owe(planned, order->from, COMPONENT_arrears,
                      plan_seq(planned, existing, count, order->from, COMPONENT_arrears), amount_dong, NULL, plan->diag);
    }
    if (rc == STATUS_OK) {
        planned->owed[planned->owed_count - 1].order = order->order;
    }
    return rc;
}

enum status plan_orders(struct plan *plan, struct planned *planned)
{
    bool left = false;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < planned->order_count && rc == STATUS_OK; i++) {
        const struct ledger_order *order = &planned->order[i];
        left = left || (order->replaced_by == 0 && order->done_dong < order->amount_dong);
        if (order->kind == KIND_arrears && order_is_open(order, plan->period)) {
            rc = order_pay(plan, planned, order);
        }
    }
    /* A monthly benefit comes by again anyway. */
    if (left && benefit_recurrence(planned->entitlement.benefit) == RECURRENCE_ONCE) {
        plan_again(plan, planned->entitlement.ent);
    }
    return rc;
}
