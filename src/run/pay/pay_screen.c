/* pay_screen.c - what must not be paid, by the facts of the entitlement: for one reason all of it. */
#include "pay.h"

#include "chitra/ledger_listing.h"

/* What the screens ask of the bank that a payment goes to. */
static void bank_facts(const struct plan *plan, int channel, struct span bin, struct screen_facts *facts,
                       int64_t *amount_dong_max)
{
    *amount_dong_max = 0;
    if (channel == CHANNEL_cash) {
        return;
    }
    const struct bank_entry *bank = directory_bank(plan->world->directory, bin);
    const struct site_account *account = pay_account(plan, channel, bin);
    facts->bank_known = bank != NULL;
    facts->bank_active = bank != NULL && bank->active;
    facts->account_open = account != NULL;
    if (account != NULL) {
        const struct bank_profile *profile = world_profile(plan->world, account->profile, NULL);
        ASSERT(profile != NULL);
        facts->account_length_max = profile->account_length_max;
        facts->charset = profile->charset;
        *amount_dong_max = profile->amount_dong_max;
    }
}

static struct screen_facts facts_of(struct plan *plan, const struct planned *planned, int64_t *amount_dong_max)
{
    const struct ledger_entitlement *entitlement = &planned->entitlement;
    enum family family = benefit_family(entitlement->benefit);
    bool other = entitlement->payee_name.size > 0;
    struct screen_facts facts = {
        .family = family,
        .channel = entitlement->channel,
        .twin = planned->twin,
        .wallet_allowed = (plan->world->config->wallet_families >> family & 1) != 0,
        .account = entitlement->account,
        .name = other ? entitlement->payee_name : entitlement->name,
        /* Relatives collect in their own right: no authorisation of theirs ends. */
        .other_payee = other && !planned->relatives && !span_equal(entitlement->payee_name, entitlement->name),
        .authorised_until = entitlement->authorised_until,
        .pay_date = pay_date_of(plan, entitlement->channel, family) };

    bank_facts(plan, entitlement->channel, entitlement->bank, &facts, amount_dong_max);
    return facts;
}

const char *pay_screen_creditor(struct plan *plan, const struct planned *planned, const struct ledger_order *order,
                                 int64_t amount_dong)
{
    enum family family = benefit_family(planned->entitlement.benefit);
    int64_t amount_dong_max = 0;
    struct screen_facts facts = { .family = family, .channel = CHANNEL_bank,
                                  .account = span_of(order->creditor_account), .name = span_of(order->creditor_name),
                                  .authorised_until = DAY_NONE,
                                  .pay_date = pay_date_of(plan, CHANNEL_bank, family) };

    if ((planned->entitlement.flags & ENTITLEMENT_PAID_TWICE) != 0) {
        return screen_paid_twice;       /* it may be this very payment */
    }
    bank_facts(plan, CHANNEL_bank, span_of(order->creditor_bank), &facts, &amount_dong_max);
    const char *reason = screen_payment(&facts);
    return reason == NULL && amount_dong_max != 0 && amount_dong > amount_dong_max ? screen_over_limit : reason;
}

/* What an officer has to know of the reason to lift it, as a number. */
static uint64_t thing_of(const struct planned *planned, const struct screen_facts *facts)
{
    return facts->twin ? planned->twins : facts->other_payee ? (uint64_t)facts->authorised_until : 0;
}

/* The first reason that nobody has lifted; NULL: none. */
static enum status reason_of(struct plan *plan, const struct planned *planned, struct screen_facts *facts,
                             const char **reason, uint64_t *thing)
{
    bool lifted = true;
    enum status rc = STATUS_OK;

    while ((*reason = screen_payment(facts)) != NULL && lifted && rc == STATUS_OK) {
        *thing = thing_of(planned, facts);
        if (!screen_hold_of(span_of(*reason))->can_be_lifted) {
            break;
        }
        rc = ledger_is_lifted(plan->world->ledger, planned->entitlement.ent, *reason, *thing, &lifted, plan->diag);
        if (lifted && facts->twin) {
            facts->twin = false;
        } else if (lifted) {
            facts->other_payee = false;
        }
    }
    return rc;
}

/* What a creditor gets has its own bank and reasons. */
static void hold_all(struct planned *planned, const char *reason, uint64_t thing)
{
    for (size_t i = 0; i < planned->owed_count; i++) {
        if (planned->owed[i].state == OBLIGATION_INSTRUCTED && owed_payment(&planned->owed[i]) != OWED_CREDITOR) {
            planned->owed[i].state = OBLIGATION_HELD;
            planned->owed[i].reason = reason;
            planned->owed[i].thing = thing;
        }
    }
}

/* What was unpaid at a death goes to the relatives (L41 art. 75(5)): it waits until one is named. The month
 * of death itself is paid in its own run as it always was, but not by one that comes after a later month's. */
static void hold_for_relatives(const struct plan *plan, struct planned *planned)
{
    bool late = plan->period < plan->covered.through;

    for (size_t i = 0; i < planned->owed_count; i++) {
        struct ledger_obligation *owed = &planned->owed[i];

        if (owed->state == OBLIGATION_INSTRUCTED && owed->amount_dong > 0 &&
            (late || owed->key.period != plan->period) && owed_payment(owed) != OWED_CREDITOR) {
            owed->state = OBLIGATION_HELD;
            owed->reason = screen_awaits_relatives;
        }
    }
}

/* Whether the entitlement should stand in its unit's list of a month: it is due, and no stop says why it is not there. */
static bool is_expected(const struct plan *plan, const struct planned *planned, month_t month)
{
    struct month_due due;
    bool stopped = false;

    for (size_t i = 0; i < planned->stop_count; i++) {
        if (planned->stop[i].from <= month_last(month)) {
            stopped = planned->stop[i].kind != KIND_resumed;
        }
    }
    plan_month(plan, planned, month, &due);
    return !stopped && (due.count > 0 || due.refused);
}

/* A unit that sends everybody every month did not send this one: all that is owed waits, whatever month it is for. An
 * officer's word (unhold) is about the month that it was given for. */
static enum status hold_unlisted(struct plan *plan, struct planned *planned)
{
    int64_t ent = planned->entitlement.ent;
    month_t through = MONTH_NONE;

    if (!plan->unit->full || benefit_recurrence(planned->entitlement.benefit) != RECURRENCE_MONTHLY) {
        return STATUS_OK;
    }
    enum status rc = ledger_listed_through(plan->world->ledger, ent, &through, plan->diag);
    for (size_t i = 0; i < planned->owed_count && rc == STATUS_OK; i++) {
        struct ledger_obligation *owed = &planned->owed[i];
        month_t month = owed->key.period > plan->period ? owed->key.period : plan->period;
        bool lifted = true;
        if (owed->state == OBLIGATION_INSTRUCTED && owed_payment(owed) != OWED_CREDITOR && through < month &&
            is_expected(plan, planned, month)) {
            rc = ledger_is_lifted(plan->world->ledger, ent, screen_not_listed, (uint64_t)owed->key.period, &lifted,
                                  plan->diag);
        }
        if (!lifted) {
            owed->state = OBLIGATION_HELD;
            owed->reason = screen_not_listed;
            owed->thing = (uint64_t)owed->key.period;
        }
    }
    return rc;
}

enum status pay_screen(struct plan *plan, struct planned *planned, int64_t *amount_dong_max)
{
    struct screen_facts facts = facts_of(plan, planned, amount_dong_max);
    const char *reason = NULL;
    uint64_t thing = 0;

    pay_hold(planned);
    if ((planned->entitlement.flags & ENTITLEMENT_PAID_TWICE) != 0) {
        hold_all(planned, screen_paid_twice, 0);
        return STATUS_OK;
    }
    enum status rc = hold_unlisted(plan, planned);
    if (planned->died != DAY_NONE && !planned->relatives) {
        hold_for_relatives(plan, planned);
    }
    if (rc == STATUS_OK) {
        rc = reason_of(plan, planned, &facts, &reason, &thing);
    }
    if (rc == STATUS_OK && reason == NULL) {
        rc = pay_policy(plan, planned);
    } else if (rc == STATUS_OK) {
        hold_all(planned, reason, thing);
    }
    return rc;
}
