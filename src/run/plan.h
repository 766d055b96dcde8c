/*
 * plan.h - one unit's plan while it is made: what is due, what holds it, which payment and file.
 *
 * The way of an entitlement: plan_due.c finds the obligations that are owed and not provided for,
 * plan_pay.c screens them, groups them into payments and routes those into parts, plan.c goes over
 * the unit, adds the funding of its cash lists, and stores the whole.
 */
#ifndef CHITRA_RUN_PLAN_H
#define CHITRA_RUN_PLAN_H

#include "world.h"

#include "chitra/route.h"
#include "chitra/screen.h"

enum {
    PLAN_MONTH_OBLIGATIONS_MAX = 64,    /* of one entitlement and month: components and later differences */
    PLAN_FUNDINGS_MAX = 4,              /* the pay-months of one unit's cash lists in one run */
    PLAN_OWED_MAX = 1200                /* of one entitlement in one run: a hundred years of months */
};

struct plan {
    struct world *world;
    const struct site_unit *unit;
    int number;                         /* the unit's number in the ledger */
    month_t period;
    month_t covered_through;            /* months up to here are settled for what was known by covered_run */
    int64_t covered_run;
    int64_t once_from;                  /* the first one-off that was never planned */
    int64_t batch_first;
    struct ledger_provided *provided;
    struct route route;
    day_t pay_date[3][FAMILY_COUNT];    /* by channel and family; DAY_NONE: not asked yet */

    struct ledger_obligation *obligation;
    size_t obligation_count, obligation_room;
    size_t taken_up;                    /* the first of them were held; by entitlement, period, component, seq */
    struct ledger_payment *payment;
    size_t payment_count, payment_room;
    struct ledger_funding funding[PLAN_FUNDINGS_MAX];
    size_t funding_count;
    int64_t *again;                     /* one-offs not begun yet: to be looked at in the next run */
    size_t again_count;
    struct ledger_figure figure[FIGURE_COUNT];
    struct diag *diag;
};

/* One entitlement on its way through the plan. */
struct planned {
    struct ledger_entitlement entitlement;
    struct facts facts;
    struct ledger_stop_state stop[LEDGER_STOPS_MAX];
    size_t stop_count;
    bool twin;                          /* held: the same benefit under another live id */
    struct ledger_obligation owed[PLAN_OWED_MAX];   /* new, or held until now */
    size_t owed_count;
};

/* Takes an entitlement's facts and stops into `planned` (whose `entitlement` is set). */
enum status planned_load(struct plan *plan, struct planned *planned) MUST_USE;

/* Finds what is owed: the period, past months never provided for, one-offs. */
enum status plan_due(struct plan *plan, struct planned *planned) MUST_USE;

/* Whether a held obligation is still owed, and today's amount of it. */
enum status plan_due_again(struct plan *plan, struct planned *planned, const struct ledger_obligation *held,
                           struct ledger_obligation *now, bool *owed) MUST_USE;

/* Screens, groups and routes what is owed; puts it into the plan. */
enum status plan_pay(struct plan *plan, struct planned *planned) MUST_USE;

/* Funds the post for the unit's cash lists: one transfer for each pay-month (MODEL: Cash). */
enum status plan_funding(struct plan *plan) MUST_USE;

void plan_count(struct plan *plan, enum run_figure figure, uint64_t count, int64_t amount_dong);
struct ledger_obligation *plan_obligation_add(struct plan *plan);
struct ledger_payment *plan_payment_add(struct plan *plan);

/* The facts of an entitlement, the day of its first approval among them. */
enum status entitlement_facts(const struct ledger_entitlement *entitlement, struct facts *facts, struct diag *diag) MUST_USE;

/* What lies before the opening is settled; paid_through says otherwise for its own (MODEL: Opening). */
bool month_is_settled(const struct site_config *config, enum benefit benefit, const struct facts *facts, month_t month);

/* What stops say of a month: it is due, not due, or waits for a decision (L41 art. 75). */
enum stop_verdict { STOP_NONE, STOP_NOT_DUE, STOP_UNDECIDED };
enum stop_verdict stops_of_month(const struct ledger_stop_state *stop, size_t count, month_t month);

#endif
