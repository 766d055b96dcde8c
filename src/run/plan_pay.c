/*
 * plan_pay.c - from obligations to payments: netted by purpose and account, routed to a part.
 *
 * A payment is the net of one entitlement's obligations with the same purpose to the same account in
 * one run (MODEL: Payment). Arrears have a purpose of their own (ISO 20022 SPSP).
 */
#include "plan.h"

#include "chitra/ledger_member.h"

enum { FUNDINGS_AGAIN_MAX = 64 };      /* of one unit: years of pay-months */

day_t plan_pay_date(struct plan *plan, int channel, enum family family)
{
    day_t *date = &plan->pay_date[channel][family];

    if (*date == DAY_NONE) {
        *date = plan->world->run.pay_date != DAY_NONE
                    ? plan->world->run.pay_date
                    : site_pay_date(plan->world->config, plan->unit->code, channel, family, plan->period,
                                    plan->world->today);
    }
    return *date;
}

const struct site_account *plan_account(const struct plan *plan, int channel, struct span bank)
{
    const struct site_unit *unit = plan->unit;

    if (channel == CHANNEL_wallet) {
        for (unsigned i = 0; i < unit->account_count; i++) {
            if (unit->account[i].wallet && span_is(bank, unit->account[i].bin)) {
                return &unit->account[i];
            }
        }
        return NULL;
    }
    for (unsigned i = 0; i < unit->account_count; i++) {
        if (!unit->account[i].wallet && span_is(bank, unit->account[i].bin)) {
            return &unit->account[i];   /* inside one bank */
        }
    }
    for (unsigned i = 0; i < unit->route_count; i++) {
        if (span_is(bank, unit->route[i].bin)) {
            return &unit->account[unit->route[i].account];
        }
    }
    return &unit->account[unit->account_default];
}

enum status plan_route(struct plan *plan, int channel, enum family family, struct span bank, int64_t amount_dong,
                       int64_t *batch)
{
    char point[13] = "";
    size_t part = 0;
    struct route_key key = { .channel = channel, .bank = point, .account = "",
                             .pay_date = plan_pay_date(plan, channel, family) };

    if (channel == CHANNEL_cash) {
        ASSERT(bank.size < sizeof(point));
        memcpy(point, bank.data, bank.size);
    } else {
        const struct site_account *account = plan_account(plan, channel, bank);
        ASSERT(account != NULL);    /* the screen has held what has none */
        const struct bank_profile *profile = world_profile(plan->world, account->profile, NULL);
        ASSERT(profile != NULL);    /* sealed with the configuration that names it */
        key.bank = account->bin;
        key.account = account->number;
        key.payments_max = profile->transactions_max;
        key.amount_dong_max = profile->amount_dong_max;
    }
    enum status rc = route_add(&plan->route, &key, amount_dong, &part);
    *batch = plan->batch_first + (int64_t)part;
    return rc == STATUS_OK ? rc : diag_fail(plan->diag, rc, "the sum of one file overflows");
}

/* ---- payments ---- */

bool owed_is_arrears(const struct ledger_obligation *owed)
{
    return owed->key.component == COMPONENT_arrears || owed->with_arrears;
}

/* Whether two obligations go into the same payment. What was taken out of one goes together again, and with
 * nothing else, so that the payment keeps its id. */
static bool together(const struct ledger_obligation *a, const struct ledger_obligation *b)
{
    if (owed_is_arrears(a) != owed_is_arrears(b)) {
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
        first = !in_group(planned, i, index);
    }
    return first;
}

/* The next payment's first obligation from `from` on: those of the month, then arrears; `count` if there is none. */
static size_t group_next(const struct planned *planned, bool arrears, size_t from)
{
    while (from < planned->owed_count &&
           !(owed_is_arrears(&planned->owed[from]) == arrears && is_first(planned, from))) {
        from++;
    }
    return from;
}

/* True if the obligation can stand for its payment: the run's own period (or a new one-off) alone, for
 * the first time, at its home unit. */
static bool is_usual(const struct plan *plan, const struct planned *planned, const struct ledger_obligation *owed)
{
    const struct obligation_key *key = &owed->key;

    return !owed->was_held && key->seq == 0 && !planned->entitlement.guest &&
           (key->period == plan->period || (key->period == MONTH_ONCE && key->ent >= plan->once_from));
}

static void count_owed(struct plan *plan, const struct ledger_obligation *owed)
{
    static const enum run_figure where[] = { FIGURE_instructed, FIGURE_held, FIGURE_offset, FIGURE_closed };

    plan_count(plan, FIGURE_due, 1, owed->amount_dong);
    plan_count(plan, where[owed->state], 1, owed->amount_dong);
    if (owed->state == OBLIGATION_INSTRUCTED && owed->amount_dong < 0) {
        plan_count(plan, FIGURE_recoveries, 1, -owed->amount_dong);
    }
}

/* A payment with a row of its own, for what is not usual. */
static void explicit_payment(struct plan *plan, struct planned *planned, size_t first, int64_t amount_dong, int64_t batch)
{
    static _Thread_local struct obligation_key key[PLAN_OWED_MAX];
    struct ledger_payment *payment = plan_payment_add(plan);
    bool arrears = owed_is_arrears(&planned->owed[first]);
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
    enum status rc = plan_route(plan, entitlement->channel, benefit_family(entitlement->benefit), entitlement->bank,
                                amount_dong, &batch);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (count == 1 && is_usual(plan, planned, &planned->owed[first])) {
        planned->owed[first].batch = batch;
    } else {
        explicit_payment(plan, planned, first, amount_dong, batch);
    }
    plan_count(plan, FIGURE_payments, 1, amount_dong);
    plan_count(plan, (enum run_figure)(FIGURE_COUNT + (int)benefit_family(entitlement->benefit)), 1, amount_dong);
    plan_count(plan, entitlement->channel == CHANNEL_cash ? FIGURE_cash : FIGURE_transfers, 1, amount_dong);
    return STATUS_OK;
}

/* Holds a payment that is larger than its bank takes. */
static enum status limit_check(struct plan *plan, struct planned *planned, int64_t amount_dong_max)
{
    size_t count = 0;
    int64_t amount_dong = 0;

    for (size_t i = 0; i < planned->owed_count && amount_dong_max != 0; i++) {
        if (!is_first(planned, i)) {
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

static enum status pay_groups(struct plan *plan, struct planned *planned, bool arrears)
{
    enum status rc = STATUS_OK;

    for (size_t i = group_next(planned, arrears, 0); i < planned->owed_count && rc == STATUS_OK;
         i = group_next(planned, arrears, i + 1)) {
        rc = pay_group(plan, planned, i);
    }
    return rc;
}

enum status plan_pay(struct plan *plan, struct planned *planned)
{
    enum status rc = STATUS_OK;
    int64_t amount_dong_max = 0;

    if (planned->owed_count > 0) {
        rc = plan_screen(plan, planned, &amount_dong_max);
        if (rc == STATUS_OK) {
            rc = limit_check(plan, planned, amount_dong_max);
        }
        if (rc == STATUS_OK) {
            rc = plan_recover(plan, planned);
        }
        if (rc == STATUS_OK) {
            rc = pay_groups(plan, planned, false);
        }
        if (rc == STATUS_OK) {
            rc = pay_groups(plan, planned, true);
        }
    }
    for (size_t i = 0; i < planned->owed_count && rc == STATUS_OK; i++) {
        count_owed(plan, &planned->owed[i]);
        *plan_obligation_add(plan) = planned->owed[i];
    }
    plan_owing_keep(plan, planned);
    return rc;
}

/* ---- funding ---- */

static enum status fund_month(struct plan *plan, month_t pay_month, int64_t amount_dong)
{
    char id[48];
    struct obligation_key key = { pay_month, 0, COMPONENT_funding, 0 };
    int64_t batch = 0;
    int instalment = 0;

    if (plan->funding_count == PLAN_FUNDINGS_MAX) {
        return diag_fail(plan->diag, STATUS_LIMIT, "the cash lists of one run lie in too many pay-months");
    }
    enum status rc = ledger_funding_next(plan->world->ledger, plan->number, pay_month, &instalment, plan->diag);
    if (rc == STATUS_OK) {
        rc = plan_route(plan, CHANNEL_bank, FAMILY_pension, span_of(plan->unit->post.bin), amount_dong, &batch);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    struct ledger_payment *payment = plan_payment_add(plan);
    *payment = (struct ledger_payment){ .period = plan->period, .purpose = COMPONENT_funding,
                                        .amount_dong = amount_dong, .batch = batch };
    key.seq = instalment;
    size_t size = strlen(plan->unit->code);
    memcpy(id, "post/", 5);
    memcpy(id + 5, plan->unit->code, size);
    payment_id_of((struct span){ id, 5 + size }, &key, 1, 0, payment->payment_id);
    plan->funding[plan->funding_count++] =
        (struct ledger_funding){ pay_month, instalment, (int64_t)plan->payment_count, amount_dong };
    plan_count(plan, FIGURE_funding, 1, amount_dong);
    return STATUS_OK;
}

/* What was on its way to the post in a file that was withdrawn goes again, under its id. */
static enum status fund_again(struct plan *plan)
{
    struct ledger_funding_again again[FUNDINGS_AGAIN_MAX];
    size_t count = 0;
    int64_t batch = 0;

    enum status rc = ledger_funding_withdrawn(plan->world->ledger, plan->number, again, FUNDINGS_AGAIN_MAX, &count,
                                              plan->diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = plan_route(plan, CHANNEL_bank, FAMILY_pension, span_of(plan->unit->post.bin), again[i].amount_dong, &batch);
        if (rc == STATUS_OK) {
            *plan_payment_add(plan) = (struct ledger_payment){ .period = again[i].period, .purpose = COMPONENT_funding,
                                                               .amount_dong = again[i].amount_dong, .batch = batch,
                                                               .moved = again[i].payment };
            plan_count(plan, FIGURE_funding_again, 1, again[i].amount_dong);
        }
    }
    return rc;
}

enum status plan_funding(struct plan *plan)
{
    size_t lists = plan->route.count;
    enum status rc = fund_again(plan);

    /* Each list is added to its month when the month's first list is met. */
    for (size_t i = 0; i < lists && rc == STATUS_OK; i++) {
        month_t month = day_month(plan->route.part[i].pay_date);
        int64_t amount_dong = 0;
        bool first = plan->route.part[i].channel == CHANNEL_cash;
        for (size_t j = 0; j < lists && first; j++) {
            const struct route_part *part = &plan->route.part[j];
            if (part->channel == CHANNEL_cash && day_month(part->pay_date) == month) {
                first = j >= i;
                if (!money_add(amount_dong, part->amount_dong, &amount_dong)) {
                    return diag_fail(plan->diag, STATUS_LIMIT, "the sum of the cash lists overflows");
                }
            }
        }
        if (first && amount_dong > 0) {
            rc = fund_month(plan, month, amount_dong);
        }
    }
    return rc;
}
