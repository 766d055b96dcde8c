/*
 * pay_withhold.c - what is taken from an entitlement's payments: for creditors, then for ordered recoveries, then for
 * what was calculated as paid too much.
 *
 * A recovery is a negative obligation of the period that it settles. A deduction is a pair of the month that it is
 * taken from: the beneficiary's, negative, and the creditor's, which is a payment of its own; together
 * they leave what is provided for the month as it was. Calculated arrears are set off whole, since they and the
 * recoveries are both corrections of the past; of the month itself no more is taken, in all, than the law file's share,
 * but for orders with a monthly limit of their own and those to which the parties agreed.
 */
#include "pay.h"

/* What can be taken in this run. */
struct room {
    int64_t arrears_dong;       /* calculated arrears, not held */
    int64_t month_dong;         /* what is left of the month's payment */
    int64_t share_dong;         /* what is left of the law's share of it */
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool is_regular(const struct planned *planned, const struct ledger_obligation *owed)
{
    return owed->state == OBLIGATION_INSTRUCTED &&
           owed->key.component == benefit_component(planned->entitlement.benefit);
}

static int64_t share_of(const struct plan *plan, int64_t amount_dong)
{
    return (int64_t)((__int128)amount_dong * plan->withheld_most.num / plan->withheld_most.den);
}

/* Amounts are below MONEY_DONG_MAX each, and there are at most PLAN_OWED_MAX. */
static struct room room_of(const struct plan *plan, const struct planned *planned)
{
    struct room room = { 0, 0, 0 };

    for (size_t i = 0; i < planned->owed_count; i++) {
        const struct ledger_obligation *owed = &planned->owed[i];
        if (owed->state == OBLIGATION_INSTRUCTED && owed_payment(owed) == OWED_ARREARS && owed->order == 0) {
            room.arrears_dong += owed->amount_dong;
        } else if (is_regular(planned, owed)) {
            room.month_dong += owed->amount_dong;
            room.share_dong += share_of(plan, owed->amount_dong);
        }
    }
    return room;
}

static void take_from_month(struct room *room, int64_t taken_dong)
{
    room->month_dong -= taken_dong;
    room->share_dong = room->share_dong > taken_dong ? room->share_dong - taken_dong : 0;
}

/* ---- for creditors ---- */

/* Whether a held obligation is closed by what is owed now. */
static bool is_left(const struct planned *planned, const struct obligation_key *key)
{
    for (size_t i = 0; i < planned->owed_count; i++) {
        const struct ledger_obligation *owed = &planned->owed[i];
        if (owed->was_held && owed->key.period == key->period && owed->key.component == key->component &&
            owed->key.seq == key->seq) {
            return owed->state == OBLIGATION_CLOSED;
        }
    }
    return false;
}

static bool has_deduction(const struct planned *planned, const struct ledger_obligation *existing, size_t count,
                          const struct ledger_order *order)
{
    for (size_t i = 0; i < count; i++) {
        if (existing[i].order != 0 && order_of(planned, &existing[i]) == order && existing[i].state != OBLIGATION_CLOSED &&
            !is_left(planned, &existing[i].key)) {
            return true;
        }
    }
    return false;
}

/* The pair of one order and month. */
static enum status deduct(struct plan *plan, struct planned *planned, const struct ledger_order *order, month_t period,
                          int seq, int64_t amount_dong)
{
    enum status rc = plan_owe(planned, period, COMPONENT_deduction, seq, -amount_dong, NULL, plan->diag);

    if (rc == STATUS_OK) {
        planned->owed[planned->owed_count - 1].order = order->order;
        rc = plan_owe(planned, period, COMPONENT_deduction, seq + 1, amount_dong, NULL, plan->diag);
    }
    if (rc == STATUS_OK) {
        planned->owed[planned->owed_count - 1].order = order->order;
    }
    return rc;
}

/* From one month (or a one-off) for all creditors, in the order in which their orders came; each takes from a month
 * once. */
static enum status deduct_month(struct plan *plan, struct planned *planned, month_t period, int64_t amount_dong,
                                struct room *room)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    month_t month = period == MONTH_ONCE ? plan->period : period;
    struct room here = { 0, least(amount_dong, room->month_dong), least(share_of(plan, amount_dong), room->share_dong) };
    size_t count = 0;

    enum status rc = ledger_obligations_of(plan->world->ledger, planned->entitlement.ent, period, existing,
                                           PLAN_MONTH_OBLIGATIONS_MAX, &count, plan->diag);
    for (size_t i = 0; i < planned->order_count && rc == STATUS_OK; i++) {
        struct ledger_order *order = &planned->order[i];
        if (order->kind != KIND_deduction || !order_is_open(order, month) ||
            (order->to != MONTH_NONE && month > order->to) || has_deduction(planned, existing, count, order)) {
            continue;
        }
        int64_t taken = least(order->amount_dong - order->done_dong, here.month_dong);
        taken = order->monthly_limit_dong == 0 ? taken : least(taken, order->monthly_limit_dong);
        taken = order->agreed ? taken : least(taken, here.share_dong);
        if (taken > 0) {
            rc = deduct(plan, planned, order, period,
                        plan_seq(planned, existing, count, period, COMPONENT_deduction), taken);
            order->done_dong += taken;
            here.month_dong -= taken;
            here.share_dong -= order->agreed ? 0 : taken;
            room->month_dong -= taken;
            room->share_dong -= order->agreed ? 0 : taken;
        }
    }
    return rc;
}

static enum status deduct_all(struct plan *plan, struct planned *planned, struct room *room)
{
    size_t owed_count = planned->owed_count;    /* what is deducted comes behind */
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < owed_count && rc == STATUS_OK; i++) {
        /* What was in a file already goes out as it was, under its id: by that a bank's late word of it is known. */
        if (is_regular(planned, &planned->owed[i]) && planned->owed[i].former == NULL) {
            rc = deduct_month(plan, planned, planned->owed[i].key.period, planned->owed[i].amount_dong, room);
        }
    }
    return rc;
}

/* ---- recoveries ---- */

static enum status recover(struct plan *plan, struct planned *planned, month_t period, int seq, int64_t amount_dong,
                           int64_t order, bool arrears)
{
    enum status rc = plan_owe(planned, period, COMPONENT_recovery, seq, -amount_dong, NULL, plan->diag);

    if (rc == STATUS_OK) {
        planned->owed[planned->owed_count - 1].with_arrears = arrears;
        planned->owed[planned->owed_count - 1].order = order;
    }
    return rc;
}

/* At most the order's monthly limit, or the law's share where it has none. */
static enum status recover_ordered(struct plan *plan, struct planned *planned, struct ledger_order *order,
                                   struct room *room)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    size_t count = 0;
    bool limited = order->monthly_limit_dong != 0;
    int64_t most = limited ? order->monthly_limit_dong - order->month_dong : room->share_dong;
    int64_t taken = least(least(order->amount_dong - order->done_dong, most), room->month_dong);

    if (taken <= 0) {
        return STATUS_OK;
    }
    enum status rc = ledger_obligations_of(plan->world->ledger, planned->entitlement.ent, order->from, existing,
                                           PLAN_MONTH_OBLIGATIONS_MAX, &count, plan->diag);
    if (rc == STATUS_OK) {
        rc = recover(plan, planned, order->from,
                     plan_seq(planned, existing, count, order->from, COMPONENT_recovery), taken, order->order, false);
        order->done_dong += taken;
        take_from_month(room, taken);
    }
    return rc;
}

/* What was calculated for one period: from arrears whole, from the month by the law's share. */
static enum status recover_owing(struct plan *plan, struct planned *planned, struct owing *owing, struct room *room)
{
    month_t period = owing->receivable.period;
    int64_t from_arrears = least(owing_open(owing), room->arrears_dong);
    int64_t from_month = least(owing_open(owing) - from_arrears, least(room->share_dong, room->month_dong));
    int seq = plan_seq(planned, NULL, 0, period, COMPONENT_recovery);
    enum status rc = STATUS_OK;

    seq = owing->next_seq > seq ? owing->next_seq : seq;
    if (from_arrears > 0) {
        rc = recover(plan, planned, period, seq++, from_arrears, 0, true);
    }
    if (rc == STATUS_OK && from_month > 0) {
        rc = recover(plan, planned, period, seq, from_month, 0, false);
    }
    room->arrears_dong -= from_arrears;
    take_from_month(room, from_month);
    owing->receivable.settled_dong += from_arrears + from_month;
    owing->changed = owing->changed || from_arrears + from_month > 0;
    return rc;
}

enum status pay_withhold(struct plan *plan, struct planned *planned)
{
    enum status rc = STATUS_OK;

    if (planned->order_count == 0 && planned->owing_count == 0) {
        return STATUS_OK;
    }
    struct room room = room_of(plan, planned);
    if (planned->order_count > 0) {
        rc = deduct_all(plan, planned, &room);
    }
    /* Recoveries are taken once a run, not from what was held as well. */
    for (size_t i = 0; i < planned->order_count && planned->everybody && rc == STATUS_OK; i++) {
        struct ledger_order *order = &planned->order[i];
        if (order->kind == KIND_recovery && order_is_open(order, plan->period)) {
            rc = recover_ordered(plan, planned, order, &room);
        }
    }
    for (size_t i = 0; i < planned->owing_count && rc == STATUS_OK; i++) {
        if (owing_open(&planned->owing[i]) > 0) {
            rc = recover_owing(plan, planned, &planned->owing[i], &room);
        }
    }
    return rc;
}
