/*
 * pay.h - what of an entitlement's obligations is paid, and how: held for a reason, taken from, grouped, routed.
 *
 * Layer: inside run/. The way of what is owed (run/plan/plan.h), which pay.c goes along: pay_screen.c, pay_hold.c and
 * pay_policy.c hold what must wait, pay_withhold.c takes from the rest, pay.c groups it into payments, pay_route.c
 * routes those into parts, which become files. pay_twin.c comes before: which of two ids is owed anything.
 *
 * Calling sequence: once for a run pay_concerns; for each entitlement twin_check before anything is owed, twin_months
 * and pay_owed after; for the unit, at its end, pay_funding.
 *
 * Errors: STATUS_LEDGER; STATUS_LIMIT where a sum or an array does not hold what there is.
 */
#ifndef CHITRA_RUN_PAY_H
#define CHITRA_RUN_PAY_H

#include "run/plan/plan.h"

/* One person with the same monthly benefit under two live ids: the id not yet paid is held; if neither was
 * paid, both (MODEL: Register). */
enum status twin_check(struct plan *plan, struct planned *planned) MUST_USE;
/* However it came that two ids are paid: one month of one benefit is paid to a person once. */
enum status twin_months(struct plan *plan, struct planned *planned) MUST_USE;
/* Whether another entitlement is due in a month, which is when it stands in the way. */
enum status twin_is_live(struct plan *plan, int64_t ent, month_t month, bool *live) MUST_USE;

/* Screens, groups and routes what is owed; puts it into the plan. */
enum status pay_owed(struct plan *plan, struct planned *planned) MUST_USE;

/* Holds what must not be paid, with the first reason; gives the largest payment that its bank takes (0: any). */
enum status pay_screen(struct plan *plan, struct planned *planned, int64_t *amount_dong_max) MUST_USE;
/* Why what an order gives to a creditor must not be paid; NULL: nothing is against it. */
const char *pay_screen_creditor(struct plan *plan, const struct planned *planned, const struct ledger_order *order,
                                 int64_t amount_dong);
/* Holds by the policy what nothing else holds (pay_policy.c). */
enum status pay_policy(struct plan *plan, struct planned *planned) MUST_USE;
/* Finds who may have to wait by the policy, once for a run: the answer is the same whichever units of it are
 * planned already. */
enum status pay_concerns(struct world *world, struct diag *diag) MUST_USE;
/* Whether the policy compares with last month: then plan->before is needed. */
bool pay_compares(const struct plan *plan);

/* Takes the holds by hand on an entitlement into `planned`. */
enum status holds_load(struct plan *plan, struct planned *planned) MUST_USE;
/* Holds what is owed and held by hand, whatever else holds it. */
void pay_hold(struct planned *planned);
/* Whether a payment may not be tried again, because it or all of its entitlement is held by hand. */
bool hold_stops(const struct planned *planned, const char *payment_id);

/* Takes from what is owed and not held: for creditors, for ordered and calculated recoveries, in this order. Never
 * below zero, and of the month itself no more than the law or an order lets. */
enum status pay_withhold(struct plan *plan, struct planned *planned) MUST_USE;

/* Which payment an obligation belongs to: that of the benefit itself, of arrears, or a creditor's own. */
enum owed_payment { OWED_BENEFIT, OWED_ARREARS, OWED_CREDITOR };
enum owed_payment owed_payment(const struct ledger_obligation *owed);

/* When a channel and family are paid. */
day_t pay_date_of(struct plan *plan, int channel, enum family family);
/* The unit's account that pays a creditor's bank by a channel; NULL if there is none. */
const struct site_account *pay_account(const struct plan *plan, int channel, struct span bank);
/* Routes one payment to a part, which must be one that the screen lets pass; gives its batch number. */
enum status pay_route(struct plan *plan, int channel, enum family family, struct span bank, int64_t amount_dong,
                       int64_t *batch) MUST_USE;

/* Funds the post for the unit's cash lists, less what is confirmed to be still there: one transfer for each pay-month, or,
 * by policy, an advance and the rest. */
enum status pay_funding(struct plan *plan) MUST_USE;

#endif
