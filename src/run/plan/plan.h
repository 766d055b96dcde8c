/*
 * plan.h - one unit's plan while it is made: what is due, what of it is owed.
 *
 * Layer: inside run/. plan.c goes over the unit; before that plan_held.c takes up what was held, and plan_failed.c what
 * failed. The way of an entitlement: plan_due.c walks over its months and finds what the law gives for each,
 * plan_difference.c compares that with what was provided and finds what is owed, or was paid too much
 * (plan_recovery.c), plan_orders.c adds what is ordered. Then run/pay/pay.h.
 *
 * Errors: STATUS_LEDGER; STATUS_LIMIT where a sum or an array does not hold what there is.
 */
#ifndef CHITRA_RUN_PLAN_H
#define CHITRA_RUN_PLAN_H

#include "entitlement.h"
#include "run/world.h"

#include "chitra/ledger_hold.h"
#include "chitra/ledger_instruction.h"
#include "chitra/ledger_order.h"
#include "chitra/ledger_screen.h"
#include "chitra/route.h"
#include "chitra/screen.h"

enum {
    PLAN_MONTH_OBLIGATIONS_MAX = 1024,  /* of one entitlement and month: components, later differences, recoveries by months */
    PLAN_FUNDINGS_MAX = 4,              /* the pay-months of one unit's cash lists in one run */
    PLAN_OWED_MAX = 2400,               /* of one entitlement in one run: a hundred years of months, and what is taken back */
    PLAN_OWINGS_MAX = 1200              /* the periods for which one entitlement has something to give back */
};

struct plan {
    struct world *world;
    const struct site_unit *unit;
    int number;                         /* the unit's number in the ledger */
    month_t period;
    month_t calendar;                   /* the month whose pay days hold: the first of the run's periods */
    struct ledger_covered covered;      /* months up to covered.through are settled for what was known then */
    bool relaw;                         /* under another law file: everybody's months are looked at again */
    struct ratio withheld_most;         /* the share of a month that may be taken from it */
    int64_t once_from;                  /* the first one-off that was never planned */
    int64_t batch_first;
    struct ledger_provided *provided;
    struct ledger_before *before;       /* last month, if the policy compares with it */
    struct route route;
    day_t pay_date[3][FAMILY_COUNT];    /* by channel and family; DAY_NONE: not asked yet */

    struct ledger_obligation *obligation;
    size_t obligation_count, obligation_room;
    size_t taken_up;                    /* the first of them were held; by entitlement, period, component, seq */
    struct ledger_payment *payment;
    size_t payment_count, payment_room;
    struct ledger_attempt *attempt;     /* what new attempts settle */
    size_t attempt_count, attempt_room;
    struct ledger_failed_obligation *waiting;   /* of payments that failed and are not tried again; by entitlement */
    size_t waiting_count;
    struct ledger_funding funding[2 * PLAN_FUNDINGS_MAX];   /* each with an advance */
    size_t funding_count;
    int64_t *again;                     /* to be looked at in the next run too: one-offs not begun, recoveries not done */
    size_t again_count;
    struct ledger_kept *kept;           /* the usual payments once more, to write them from; NULL: nobody will */
    struct ledger_receivable *receivable;   /* found, grown or settled */
    size_t receivable_count;
    struct ledger_figure figure[FIGURES];
    struct arena words;                 /* of officers: why something is held */
    struct diag *diag;
};

/* What an entitlement has to give back for one period, and where a recovery of it takes its number. */
struct owing {
    struct ledger_receivable receivable;
    bool changed;
    int next_seq;                       /* -1: nobody has looked at the period yet, and nothing is taken for it */
};

/* One entitlement on its way through the plan. */
struct planned {
    struct ledger_entitlement entitlement;
    struct facts facts;
    struct ledger_stop_state stop[LEDGER_STOPS_MAX];
    size_t stop_count;
    struct ledger_order order[LEDGER_ORDERS_MAX];
    size_t order_count;
    struct ledger_hold *hold;           /* by hand */
    size_t hold_count;
    bool everybody;                     /* the plan goes over everybody, and not over what was held */
    day_t died;                         /* DAY_NONE: nobody died, or the death was annulled */
    bool relatives;                     /* somebody was named since as the payee */
    bool twin;                          /* held: the same benefit under another live id */
    uint64_t twins;                     /* which ids these are, in one number */
    struct ledger_obligation owed[PLAN_OWED_MAX];   /* new, or held until now */
    size_t owed_count;
    struct owing owing[PLAN_OWINGS_MAX];
    size_t owing_count;
    bool owing_known;                   /* what the ledger has recorded is among them */
};

/* Takes an entitlement's facts and stops into `planned` (whose `entitlement` is set). */
enum status planned_load(struct plan *plan, struct planned *planned) MUST_USE;

/* What a month's obligations come from: the law's result, or nothing. */
struct month_due {
    bool settled;               /* before the opening, or paid elsewhere: nothing is compared */
    bool refused;               /* the law file has no answer: it waits for one */
    unsigned count;
    struct law_amount amount[LAW_AMOUNTS_MAX];
    enum stop_verdict stop;
};
/* What the law gives for a month (of a one-off: whatever month it is paid in), less what was settled before the
 * opening or elsewhere, and what stops leave of it. */
void plan_month(const struct plan *plan, const struct planned *planned, month_t month, struct month_due *due);

/* What the ledger has as held was taken up by this plan already: it counts as what it has become. */
void plan_as_taken_up(const struct plan *plan, struct ledger_obligation *existing, size_t count);

/* Finds what is owed: the period, past months never provided for or provided for otherwise, one-offs. */
enum status plan_due(struct plan *plan, struct planned *planned) MUST_USE;

/* Puts an obligation of an entitlement among what is owed; `reason` is what holds it, or NULL. */
enum status plan_owe(struct planned *planned, month_t period, enum component component, int seq, int64_t amount_dong,
                     const char *reason, struct diag *diag) MUST_USE;

/* The next number of a component in a period: after what the ledger has and what is owed already. */
int plan_seq(const struct planned *planned, const struct ledger_obligation *existing, size_t count, month_t period,
             enum component component);

/* What is provided for a period, whatever run made it, but for what authorities ordered beside it. */
struct provided {
    int64_t live_dong;                  /* everything that is not closed, and what was recovered for good */
    int64_t closed_dong;                /* what an officer closed, though nobody was paid */
};
enum status plan_provided(const struct ledger_obligation *existing, size_t count, struct provided *provided,
                          struct diag *diag) MUST_USE;
/* What of that counts where so much is due: what was closed by hand fills up what is due, and is never overpaid. */
int64_t provided_for(const struct provided *provided, int64_t due_dong);

/* A period that was provided for: the difference to what is due is owed, or to be given back. */
enum status plan_difference(struct plan *plan, struct planned *planned, month_t period, const struct month_due *due,
                            const struct ledger_obligation *existing, size_t count) MUST_USE;

/* Everything that was held: owed with today's amounts if the reason is gone, closed if nothing is owed any more. */
enum status plan_held(struct plan *plan, struct planned *planned) MUST_USE;

/* A period's overpayment as far as is known today. */
struct overpaid {
    int64_t gross_dong;                 /* before what was recovered of it; 0 or less: it was not */
    int64_t open_dong;                  /* what has not come back; 0: nothing */
    bool death;                         /* it was paid for after a death */
    int next_seq;                       /* of a recovery of it */
};
enum status plan_owing(struct plan *plan, struct planned *planned, month_t period, const struct overpaid *over) MUST_USE;
/* What is left of it to be taken back; 0: nothing, or nothing may be taken. */
int64_t owing_open(const struct owing *owing);
/* Puts what changed of the receivables into the plan. */
void plan_owing_keep(struct plan *plan, struct planned *planned);

/* Whether an order of arrears or recovery covers a month, so that nothing of that kind is calculated for it. */
bool orders_cover(const struct ledger_order *order, size_t count, int kind, month_t month);
/* Takes the orders on an entitlement into `planned`. */
enum status orders_load(struct plan *plan, struct planned *planned) MUST_USE;
/* An obligation is closed: what its order had done is left to be done again. */
void order_undone(struct planned *planned, const struct ledger_obligation *closed);
/* What is ordered to be paid late. */
enum status plan_orders(struct plan *plan, struct planned *planned) MUST_USE;
/* The order with a number, or the one that has taken its place. */
const struct ledger_order *order_latest(const struct ledger_order *order, size_t count, int64_t number);
/* The same for the order behind an obligation. */
const struct ledger_order *order_of(const struct planned *planned, const struct ledger_obligation *owed);
/* Whether an order is in force in a month and not done yet. */
bool order_is_open(const struct ledger_order *order, month_t month);

/* Payments that finally failed: closed where nothing is due any more, tried again where the cause is cured. */
enum status plan_failed(struct plan *plan, struct planned *planned) MUST_USE;
/* What of a period failed and waits: nobody has it, so that nobody can give it back. */
int64_t plan_waiting_dong(const struct plan *plan, int64_t ent, month_t period);

void plan_count(struct plan *plan, enum run_figure figure, uint64_t count, int64_t amount_dong);
struct ledger_obligation *plan_obligation_add(struct plan *plan);
struct ledger_payment *plan_payment_add(struct plan *plan);
/* The next run looks at an entitlement again, whether it changes or not. */
void plan_again(struct plan *plan, int64_t ent);

#endif
