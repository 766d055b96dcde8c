/*
 * pay_policy.c - what the policy of the site holds, or tells, before money moves: people whom somebody's benefit
 * names as deceased, benefits that exclude each other, accounts of many, accounts and amounts that changed.
 *
 * Who may have to wait is found once for a run, in bulk; here their facts decide. What an officer lifted is not
 * held again for the same reason about the same thing.
 */
#include "pay.h"

#include <stdlib.h>

/* The words of each screen that holds. */
static const char *const words[SCREENS] = {
    [SCREEN_NAMED_DECEASED] = screen_named_deceased, [SCREEN_EXCLUDED] = screen_excluded,
    [SCREEN_SHARED_ACCOUNT] = screen_shared_account, [SCREEN_ACCOUNT_CHANGED] = screen_account_changed,
    [SCREEN_JUMP] = screen_jump,
};

static enum screen_action action_of(const struct plan *plan, enum site_screen screen)
{
    return plan->world->config->screens.action[screen];
}

/* Holds an obligation, or tells of it. */
static enum status found(struct plan *plan, struct planned *planned, struct ledger_obligation *owed,
                         enum site_screen screen, uint64_t thing)
{
    const struct ledger_entitlement *entitlement = &planned->entitlement;
    char period[8] = "once";
    bool lifted = false;

    if (owed->state != OBLIGATION_INSTRUCTED || owed_payment(owed) == OWED_CREDITOR) {
        return STATUS_OK;
    }
    enum status rc = ledger_is_lifted(plan->world->ledger, entitlement->ent, words[screen], thing, &lifted, plan->diag);
    if (rc != STATUS_OK || lifted) {
        return rc;
    }
    if (action_of(plan, screen) == SCREEN_WARN) {
        if (owed->key.period != MONTH_ONCE) {
            month_write(owed->key.period, period);
        }
        world_say(plan->world, "%.*s, %s: %s, paid all the same", (int)entitlement->id.size, entitlement->id.data, period,
                  words[screen]);
        return STATUS_OK;
    }
    owed->state = OBLIGATION_HELD;
    owed->reason = words[screen];
    owed->thing = thing;
    return STATUS_OK;
}

/* The month that an obligation is for; a one-off's is that of its event. */
static month_t month_of_owed(const struct planned *planned, const struct ledger_obligation *owed)
{
    return owed->key.period == MONTH_ONCE ? law_month_begun(planned->entitlement.benefit, &planned->facts)
                                          : owed->key.period;
}

/* ---- who may have to wait ---- */

static enum status excluded_load(struct world *world, struct diag *diag)
{
    uint64_t apart[BENEFIT_MAX + 1] = { 0 };

    for (int one = 1; one <= BENEFIT_MAX; one++) {
        for (int other = 1; other <= BENEFIT_MAX; other++) {
            if (law_excludes(world->law, (enum benefit)one, (enum benefit)other, world->run.period)) {
                apart[one] |= UINT64_C(1) << other;
            }
        }
    }
    return ledger_concerns_excluded(world->ledger, apart, &world->concerns, diag);
}

enum status pay_concerns(struct world *world, struct diag *diag)
{
    const struct site_policy *policy = &world->config->screens;
    enum status rc = STATUS_OK;

    if (world->concerns_run == world->run.run) {
        return STATUS_OK;
    }
    concerns_release(&world->concerns);
    if (policy->action[SCREEN_NAMED_DECEASED] != SCREEN_OFF) {
        rc = ledger_concerns_named_deceased(world->ledger, &world->concerns, diag);
    }
    if (rc == STATUS_OK && policy->action[SCREEN_EXCLUDED] != SCREEN_OFF) {
        rc = excluded_load(world, diag);
    }
    if (rc == STATUS_OK && policy->action[SCREEN_SHARED_ACCOUNT] != SCREEN_OFF) {
        rc = ledger_concerns_shared(world->ledger, world->run.run, (unsigned)policy->limit[SCREEN_SHARED_ACCOUNT],
                                    &world->concerns, diag);
    }
    concerns_sort(&world->concerns);
    world->concerns_run = rc == STATUS_OK ? world->run.run : 0;
    return rc;
}

/* The last month that is paid after a death, as the naming benefit has it: an allowance for the survivors begins
 * with the month after, the others name the day. */
static enum status death_month(struct plan *plan, int64_t naming, month_t *month)
{
    struct arena arena = ARENA_INIT;
    struct ledger_entitlement other;
    struct facts facts = { 0 };

    enum status rc = ledger_entitlement_get(plan->world->ledger, naming, 0, &arena, &other, plan->diag);
    if (rc == STATUS_OK) {
        rc = entitlement_facts(&other, &facts, plan->diag);
    }
    if (rc == STATUS_OK) {
        month_t begun = law_month_begun(other.benefit, &facts);
        *month = benefit_recurrence(other.benefit) == RECURRENCE_MONTHLY ? begun - 1 : begun;
    }
    arena_release(&arena);
    return rc;
}

static enum status named_deceased(struct plan *plan, struct planned *planned, const struct concern *concern)
{
    month_t last = 0;

    enum status rc = death_month(plan, concern->other, &last);
    for (size_t i = 0; i < planned->owed_count && rc == STATUS_OK; i++) {
        if (month_of_owed(planned, &planned->owed[i]) > last) {
            rc = found(plan, planned, &planned->owed[i], SCREEN_NAMED_DECEASED, concern->thing);
        }
    }
    return rc;
}

/* Of two that exclude each other the one not yet paid waits; if both were paid, the one approved later; if neither
 * was, both (as for two ids of one benefit). */
static enum status yields(struct plan *plan, const struct planned *planned, const struct ledger_entitlement *other,
                          bool *yields_to)
{
    bool paid = false;
    bool other_paid = false;

    enum status rc = ledger_was_paid(plan->world->ledger, planned->entitlement.ent, &paid, plan->diag);
    if (rc == STATUS_OK) {
        rc = ledger_was_paid(plan->world->ledger, other->ent, &other_paid, plan->diag);
    }
    bool later = planned->entitlement.first_approved_on > other->first_approved_on ||
                 (planned->entitlement.first_approved_on == other->first_approved_on &&
                  planned->entitlement.ent > other->ent);
    *yields_to = !paid || (other_paid && later);
    return rc;
}

static enum status excluded(struct plan *plan, struct planned *planned, const struct concern *concern)
{
    struct arena arena = ARENA_INIT;
    struct ledger_entitlement other;
    bool held = false;

    enum status rc = ledger_entitlement_get(plan->world->ledger, concern->other, 0, &arena, &other, plan->diag);
    if (rc == STATUS_OK) {
        rc = yields(plan, planned, &other, &held);
    }
    for (size_t i = 0; i < planned->owed_count && rc == STATUS_OK && held; i++) {
        month_t month = month_of_owed(planned, &planned->owed[i]);
        bool live = false;
        if (law_excludes(plan->world->law, planned->entitlement.benefit, other.benefit, month)) {
            rc = twin_is_live(plan, other.ent, month, &live);
        }
        if (rc == STATUS_OK && live) {
            rc = found(plan, planned, &planned->owed[i], SCREEN_EXCLUDED, concern->thing);
        }
    }
    arena_release(&arena);
    return rc;
}

static enum status every_owed(struct plan *plan, struct planned *planned, enum site_screen screen, uint64_t thing)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < planned->owed_count && rc == STATUS_OK; i++) {
        rc = found(plan, planned, &planned->owed[i], screen, thing);
    }
    return rc;
}

static enum status concern_apply(struct plan *plan, struct planned *planned, const struct concern *concern)
{
    switch (concern->kind) {
    case CONCERN_NAMED_DECEASED:
        return named_deceased(plan, planned, concern);
    case CONCERN_EXCLUDED:
        return excluded(plan, planned, concern);
    default:
        return every_owed(plan, planned, SCREEN_SHARED_ACCOUNT, concern->thing);
    }
}

/* ---- against what was paid before ---- */

enum { BACK_MONTHS_MAX = 24 };      /* a benefit that rested longer is looked at as a new one */

static enum status month_read_of(struct plan *plan, int64_t ent, month_t month, enum component component,
                                 struct ledger_month_before *before)
{
    struct ledger_obligation existing[PLAN_MONTH_OBLIGATIONS_MAX];
    size_t count = 0;

    *before = (struct ledger_month_before){ .known = false };
    enum status rc = ledger_obligations_of(plan->world->ledger, ent, month, existing, PLAN_MONTH_OBLIGATIONS_MAX, &count,
                                           plan->diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (existing[i].key.component == component && existing[i].key.seq == 0) {
            *before = (struct ledger_month_before){ true, existing[i].batch != 0, month, existing[i].amount_dong,
                                                    existing[i].version };
        }
    }
    return rc;
}

/* The last month before the period for which the regular amount was instructed: what was held is not compared
 * with, or a doubt would be gone by itself a month later. */
static enum status paid_before(struct plan *plan, const struct planned *planned, struct ledger_month_before *before)
{
    const struct ledger_entitlement *entitlement = &planned->entitlement;
    enum component regular = benefit_component(entitlement->benefit);
    month_t month = plan->period - 1;
    enum status rc = STATUS_OK;

    /* Taking up what was held goes before the stream of last month, and guests are not in it. */
    if (plan->before != NULL && !entitlement->guest) {
        rc = ledger_before_of(plan->before, entitlement->ent, regular, before, plan->diag);
    } else {
        rc = month_read_of(plan, entitlement->ent, month, regular, before);
    }
    for (int i = 1; i < BACK_MONTHS_MAX && rc == STATUS_OK && !before->paid &&
                    entitlement->since_run < plan->world->run.run; i++) {
        rc = month_read_of(plan, entitlement->ent, month - i, regular, before);
    }
    return rc;
}

static enum status account_changed(struct plan *plan, struct planned *planned, const struct ledger_month_before *before)
{
    const struct ledger_entitlement *now = &planned->entitlement;
    struct arena arena = ARENA_INIT;
    struct ledger_entitlement then;

    if (before->version == now->version || now->channel == CHANNEL_cash) {
        return STATUS_OK;
    }
    enum status rc = ledger_entitlement_get(plan->world->ledger, now->ent, before->version, &arena, &then, plan->diag);
    bool same = rc == STATUS_OK && then.channel == now->channel && span_equal(then.bank, now->bank) &&
                span_equal(then.account, now->account);
    if (rc == STATUS_OK && !same) {
        rc = every_owed(plan, planned, SCREEN_ACCOUNT_CHANGED, ledger_thing(now->bank, now->account));
    }
    arena_release(&arena);
    return rc;
}

/* If the regular amount jumped, everything waits that the entitlement is owed: what comes with it, as arrears of
 * earlier months, comes from the same facts. */
static enum status jumped(struct plan *plan, struct planned *planned, const struct ledger_month_before *before)
{
    enum component regular = benefit_component(planned->entitlement.benefit);
    int percent = plan->world->config->screens.limit[SCREEN_JUMP];

    for (size_t i = 0; i < planned->owed_count; i++) {
        const struct ledger_obligation *owed = &planned->owed[i];
        const int64_t thing[2] = { owed->key.period, owed->amount_dong };
        if (owed->key.component == regular && owed->key.seq == 0 && owed->key.period > before->period &&
            screen_jumped(before->amount_dong, owed->amount_dong, percent)) {
            return every_owed(plan, planned, SCREEN_JUMP,
                              ledger_thing((struct span){ (const char *)thing, sizeof(thing) }, SPAN_EMPTY));
        }
    }
    return STATUS_OK;
}

static enum status compare_before(struct plan *plan, struct planned *planned)
{
    struct ledger_month_before before;

    enum status rc = paid_before(plan, planned, &before);
    if (rc == STATUS_OK && before.paid && action_of(plan, SCREEN_ACCOUNT_CHANGED) != SCREEN_OFF) {
        rc = account_changed(plan, planned, &before);
    }
    if (rc == STATUS_OK && before.paid && action_of(plan, SCREEN_JUMP) != SCREEN_OFF) {
        rc = jumped(plan, planned, &before);
    }
    return rc;
}

/* ---- look-alikes ---- */

/* What a new one-off comes to; 0: none is new. */
static int64_t new_once_dong(const struct planned *planned)
{
    int64_t sum_dong = 0;

    for (size_t i = 0; i < planned->owed_count; i++) {
        const struct ledger_obligation *owed = &planned->owed[i];
        if (owed->key.period == MONTH_ONCE && owed->key.seq == 0 && !owed->was_held) {
            sum_dong += owed->amount_dong;
        }
    }
    return sum_dong;
}

static enum status once_dong(struct plan *plan, const struct ledger_entitlement *entitlement, int64_t *sum_dong)
{
    struct facts facts = { 0 };
    struct law_result result = { .count = 0 };
    struct law_refusal refusal;

    *sum_dong = 0;
    enum status rc = entitlement_facts(entitlement, &facts, plan->diag);
    if (rc == STATUS_OK &&
        law_calc(plan->world->law, entitlement->benefit, &facts, plan->period, &result, &refusal, NULL) == LAW_DUE) {
        for (unsigned i = 0; i < result.count; i++) {
            *sum_dong += result.amount[i].amount_dong;
        }
    }
    return rc;
}

/* Two equal one-offs of one person are both paid, if they are two; that is for somebody to know. */
static enum status look_alikes(struct plan *plan, struct planned *planned)
{
    const struct ledger_entitlement *now = &planned->entitlement;
    int days = plan->world->config->screens.limit[SCREEN_LOOK_ALIKE];
    int64_t sum_dong = new_once_dong(planned);
    int64_t other = 0;
    enum status rc = STATUS_OK;

    for (bool more = sum_dong > 0; rc == STATUS_OK && more;) {
        struct arena arena = ARENA_INIT;
        struct ledger_entitlement then;
        int64_t then_dong = 0;
        rc = ledger_look_alike(plan->world->ledger, now, now->first_approved_on - days, now->first_approved_on + days,
                               other, &other, plan->diag);
        more = rc == STATUS_OK && other != 0;
        if (more) {
            rc = ledger_entitlement_get(plan->world->ledger, other, 0, &arena, &then, plan->diag);
            rc = rc == STATUS_OK ? once_dong(plan, &then, &then_dong) : rc;
        }
        if (rc == STATUS_OK && more && then_dong == sum_dong) {
            world_say(plan->world, "%.*s looks like %.*s: the same person, benefit and amount within %d days",
                      (int)now->id.size, now->id.data, (int)then.id.size, then.id.data, days);
        }
        arena_release(&arena);
    }
    return rc;
}

bool pay_compares(const struct plan *plan)
{
    return action_of(plan, SCREEN_ACCOUNT_CHANGED) != SCREEN_OFF || action_of(plan, SCREEN_JUMP) != SCREEN_OFF;
}

enum status pay_policy(struct plan *plan, struct planned *planned)
{
    size_t count = 0;
    const struct concern *concern = concerns_of(&plan->world->concerns, planned->entitlement.ent, &count);
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = concern_apply(plan, planned, &concern[i]);
    }
    if (rc == STATUS_OK && pay_compares(plan) && benefit_recurrence(planned->entitlement.benefit) == RECURRENCE_MONTHLY) {
        rc = compare_before(plan, planned);
    }
    if (rc == STATUS_OK && action_of(plan, SCREEN_LOOK_ALIKE) != SCREEN_OFF) {
        rc = look_alikes(plan, planned);
    }
    return rc;
}
