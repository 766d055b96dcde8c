/*
 * pay_route.c - where a payment goes: its day, the account that pays it, the file that carries it; and the funding of the
 * cash lists that come of it.
 */
#include "pay.h"

#include "chitra/ledger_member.h"

enum { FUNDINGS_AGAIN_MAX = 64 };      /* of one unit: years of pay-months */

day_t pay_date_of(struct plan *plan, int channel, enum family family)
{
    day_t *date = &plan->pay_date[channel][family];

    if (*date == DAY_NONE) {
        *date = plan->world->run.pay_date != DAY_NONE
                    ? plan->world->run.pay_date
                    : site_pay_date(plan->world->config, plan->unit->code, channel, family, plan->calendar,
                                    plan->world->today);
    }
    return *date;
}

const struct site_account *pay_account(const struct plan *plan, int channel, struct span bank)
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

static enum status route_on(struct plan *plan, day_t pay_date, int channel, struct span bank, int64_t amount_dong,
                            int64_t *batch)
{
    char point[13] = "";
    size_t part = 0;
    struct route_key key = { .channel = channel, .bank = point, .account = "",
                             .pay_date = pay_date };

    if (channel == CHANNEL_cash) {
        ASSERT(bank.size < sizeof(point));
        memcpy(point, bank.data, bank.size);
    } else {
        const struct site_account *account = pay_account(plan, channel, bank);
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

enum status pay_route(struct plan *plan, int channel, enum family family, struct span bank,
                              int64_t amount_dong, int64_t *batch)
{
    return route_on(plan, pay_date_of(plan, channel, family), channel, bank, amount_dong, batch);
}

/* ---- funding ---- */

/* Sends the post an instalment, if there is anything to send, and puts it into the plan. */
static enum status fund(struct plan *plan, struct ledger_funding funding, day_t pay_date)
{
    char id[48];
    struct obligation_key key = { funding.pay_month, 0, COMPONENT_funding, funding.instalment };
    int64_t batch = 0;
    size_t size = strlen(plan->unit->code);

    if (funding.amount_dong > 0) {
        enum status rc = route_on(plan, pay_date, CHANNEL_bank, span_of(plan->unit->post.bin), funding.amount_dong, &batch);
        if (rc != STATUS_OK) {
            return rc;
        }
        struct ledger_payment *payment = plan_payment_add(plan);
        *payment = (struct ledger_payment){ .period = plan->period, .purpose = COMPONENT_funding,
                                            .amount_dong = funding.amount_dong, .batch = batch };
        memcpy(id, "post/", 5);
        memcpy(id + 5, plan->unit->code, size);
        payment_id_of((struct span){ id, 5 + size }, &key, 1, 0, payment->payment_id);
        funding.payment = (int64_t)plan->payment_count;     /* index + 1 */
        plan_count(plan, FIGURE_funding, 1, funding.amount_dong);
    }
    if (funding.at_post_dong > 0) {
        plan_count(plan, FIGURE_at_post, 1, funding.at_post_dong);
    }
    plan->funding[plan->funding_count++] = funding;
    return STATUS_OK;
}

/* When an advance would go: so many days before the rest, on a working day that is not past; DAY_NONE: it would not be
 * earlier. */
static day_t advance_date(const struct plan *plan, day_t rest_date)
{
    const struct site_config *config = plan->world->config;
    day_t day = rest_date - plan->unit->post.advance_days;

    while (!site_is_working_day(config, day)) {
        day--;
    }
    if (day <= plan->world->today) {
        for (day = plan->world->today + 1; !site_is_working_day(config, day);) {
            day++;
        }
    }
    return day < rest_date ? day : DAY_NONE;
}

/* With the first money of a month the post gets in advance what it paid out in the month before
 * (Decision 166/QD-BHXH art. 7.4.1.3). */
static enum status fund_advance(struct plan *plan, struct ledger_funding *funding, day_t rest_date)
{
    struct ledger_funding advance = { .pay_month = funding->pay_month, .instalment = funding->instalment };
    day_t day = advance_date(plan, rest_date);
    int64_t paid_dong = 0;

    if (plan->unit->post.advance_days == 0 || funding->instalment > 1 || day == DAY_NONE) {
        return STATUS_OK;
    }
    enum status rc = ledger_paid_out(plan->world->ledger, plan->number, funding->pay_month - 1, &paid_dong, plan->diag);
    advance.amount_dong = paid_dong < funding->amount_dong ? paid_dong : funding->amount_dong;
    if (rc == STATUS_OK && advance.amount_dong > 0) {
        rc = fund(plan, advance, day);
        funding->amount_dong -= advance.amount_dong;
        funding->instalment++;
    }
    return rc;
}

/* The lists of a month are paid from what is still at the post, as far as it goes, and from what is sent there. */
static enum status fund_month(struct plan *plan, month_t pay_month, int64_t lists_dong, int64_t *at_post_dong)
{
    struct ledger_funding funding = { .pay_month = pay_month,
                                      .at_post_dong = lists_dong < *at_post_dong ? lists_dong : *at_post_dong };
    day_t rest_date = pay_date_of(plan, CHANNEL_bank, FAMILY_pension);

    if (plan->funding_count + 2 > sizeof(plan->funding) / sizeof(plan->funding[0])) {
        return diag_fail(plan->diag, STATUS_LIMIT, "the cash lists of one run lie in too many pay-months");
    }
    funding.amount_dong = lists_dong - funding.at_post_dong;
    *at_post_dong -= funding.at_post_dong;
    enum status rc = ledger_funding_next(plan->world->ledger, plan->number, pay_month, &funding.instalment, plan->diag);
    if (rc == STATUS_OK) {
        rc = fund_advance(plan, &funding, rest_date);
    }
    return rc == STATUS_OK && funding.amount_dong + funding.at_post_dong > 0 ? fund(plan, funding, rest_date) : rc;
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
        rc = pay_route(plan, CHANNEL_bank, FAMILY_pension, span_of(plan->unit->post.bin), again[i].amount_dong, &batch);
        if (rc == STATUS_OK) {
            *plan_payment_add(plan) = (struct ledger_payment){ .period = again[i].period, .purpose = COMPONENT_funding,
                                                               .amount_dong = again[i].amount_dong, .batch = batch,
                                                               .moved = again[i].payment };
            plan_count(plan, FIGURE_funding_again, 1, again[i].amount_dong);
        }
    }
    return rc;
}

enum status pay_funding(struct plan *plan)
{
    size_t lists = plan->route.count;
    int64_t at_post_dong = 0;
    enum status rc = fund_again(plan);

    if (rc == STATUS_OK) {
        rc = ledger_still_at_post(plan->world->ledger, plan->number, &at_post_dong, plan->diag);
    }
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
            rc = fund_month(plan, month, amount_dong, &at_post_dong);
        }
    }
    return rc;
}
