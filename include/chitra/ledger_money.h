/*
 * ledger_money.h - obligations, payments and batches: what is owed, and what a run instructs.
 *
 * Layer: ledger. An obligation is one component of what an entitlement is owed for one period; a payment
 * instructs one or several; a file (ledger_file.h) carries payments to a bank, a cash list to a payment point.
 * The database itself keeps an obligation (entitlement, period, component, seq) and a payment's EndToEndId
 * unique.
 *
 * The usual payment is one obligation of the run's own period in its first attempt: it is the row of
 * its obligation and nothing else. A payment of several obligations, of another period or of another
 * home unit has a row of its own, which its obligations name. An obligation without a batch is held,
 * offset or closed, and its exception says why.
 *
 * A payment names a batch (run, unit, debtor bank or payment point, part); a file is one generation of
 * a batch. The ledger alone is enough to write it, at any time (ledger_instruction.h).
 *
 * Calling sequence of a plan: ledger_plan_start, ledger_provided_new and one ledger_provided_of for each
 * entitlement, ledger_plan_store.
 *
 * Units: dong; day_t and month_t. Ownership: what is "freed by the caller" goes to free(3), and its texts
 * live in the arena of the call; `_new` gives to the caller and `_free` accepts NULL.
 *
 * Errors: STATUS_LEDGER; STATUS_LIMIT where a sum or a caller's array does not hold what there is.
 */
#ifndef CHITRA_LEDGER_MONEY_H
#define CHITRA_LEDGER_MONEY_H

#include "chitra/ledger_claim.h"

enum { PAYMENT_ID_LENGTH = 26, PAYMENT_ID_BYTES = PAYMENT_ID_LENGTH + 1, MSG_ID_BYTES = 36 };

struct obligation_key {
    month_t period;             /* MONTH_ONCE for one-offs */
    int64_t ent;
    enum component component;
    int seq;
};

/* The EndToEndId: 130 bits of SHA-256 over the attempt and the sorted keys, each as
 * "entitlement_id|period|component|seq". `id` is the entitlement_id of all of them. */
void payment_id_of(struct span id, const struct obligation_key *key, size_t count, int attempt,
                   char payment_id[PAYMENT_ID_BYTES]);

enum obligation_state {
    OBLIGATION_INSTRUCTED,
    OBLIGATION_HELD,
    OBLIGATION_OFFSET,
    OBLIGATION_CLOSED,          /* not due any more, or not taken: nothing is provided by it */
    OBLIGATION_CLOSED_BY_HAND,  /* an officer closed it: provided for, though nobody was paid */
    OBLIGATION_CALCULATED,      /* was held, and an officer let it go: the next plan decides */
    OBLIGATION_STATES
};
const char *obligation_state_name(enum obligation_state state);
static inline bool obligation_is_closed(enum obligation_state state)
{
    return state == OBLIGATION_CLOSED || state == OBLIGATION_CLOSED_BY_HAND;
}

struct ledger_obligation {
    struct obligation_key key;
    int64_t amount_dong;        /* negative: a recovery */
    enum obligation_state state;
    int64_t batch;              /* instructed: the batch that carries it first; else 0 */
    int64_t version;            /* of the entitlement, when it was instructed */
    int64_t payment;            /* index + 1 into the plan's payments; 0: it is its own payment */
    const char *reason;         /* held, offset, closed: a word; static */
    uint64_t thing;             /* held: what the reason is about, in numbers of its own; 0: nothing more */
    int64_t order;              /* the order that made it; 0: none */
    bool was_held;              /* it is in the ledger as held, or let go: this replaces that */
    const char *former;         /* held: the payment that it was taken out of, empty: itself; NULL: none (ledger_member.h) */
    bool with_arrears;          /* while it is planned: a recovery that the payment of arrears carries */
};

struct ledger_payment {         /* one that has a row of its own */
    char payment_id[PAYMENT_ID_BYTES];
    int64_t ent;                /* 0: funding */
    month_t period;             /* of the run; of a new attempt, of the first one's run */
    enum component purpose;     /* leading component: decides the purpose code */
    int64_t amount_dong;
    int64_t batch;
    int64_t version;
    int attempt;
    char parent[PAYMENT_ID_BYTES];  /* empty: the first attempt */
    int64_t moved;              /* its row, where it is known already and only its batch is new; 0: it is new */
    int64_t order;              /* whose creditor gets it; 0: the entitlement's payee */
};

struct ledger_batch {
    int64_t batch;              /* from the one that ledger_plan_start gives on */
    int unit;
    int channel;
    char bank[13];              /* the debtor's BIN; cash: the payment point */
    char account[35];           /* the debtor's account; cash: empty */
    char profile[33];           /* cash: empty */
    day_t pay_date;
    int part;
    uint64_t payments;
    int64_t amount_dong;
    char msg_id[MSG_ID_BYTES];  /* of its first generation; cash: the list_id */
    char path[DIAG_FILE_BYTES]; /* in the site, where its first generation belongs once released */
};

struct ledger_funding {
    month_t pay_month;
    int instalment;             /* ledger_funding_next */
    int64_t payment;            /* index + 1 into the plan's payments; 0: nothing is sent */
    int64_t amount_dong;        /* what is sent */
    int64_t at_post_dong;       /* what of the lists is paid from money that is still at the post */
};

/* One line of the run's equation, for a unit: name, count, dong. */
struct ledger_figure {
    const char *name;
    uint64_t count;
    int64_t amount_dong;
};

/* Which obligation a new attempt settles; its own row stays with the first one (ledger_failed.h). */
struct ledger_attempt {
    struct obligation_key key;
    int64_t payment;            /* index + 1 into the plan's payments */
    int attempt;
};

struct ledger_plan {            /* what one unit's transaction stores */
    int64_t run;
    int unit;
    const struct ledger_obligation *obligation;
    size_t obligation_count;
    const struct ledger_payment *payment;   /* one with a parent takes its place */
    size_t payment_count;
    const struct ledger_attempt *attempt;
    size_t attempt_count;
    const struct ledger_batch *batch;
    size_t batch_count;
    const struct ledger_funding *funding;
    size_t funding_count;
    const struct ledger_figure *figure;
    size_t figure_count;
    const int64_t *again;       /* entitlements that the next plan looks at again, changed or not */
    size_t again_count;
};

/* The first batch number that the coming plan may use, and the first one-off not planned yet. */
enum status ledger_plan_start(struct ledger *ledger, int unit, int64_t *batch, int64_t *once_from, struct diag *diag) MUST_USE;
/* How much of a unit is settled. */
struct ledger_covered {
    month_t through;            /* the last period planned to its end; MONTH_NONE: none */
    int64_t run;                /* the last run that planned the unit; 0: none */
    struct digest law;          /* of the last run that looked at every month up to `through` */
    month_t earliest;           /* no obligation of the whole ledger is of an earlier month; MONTH_NONE: there is none */
};
enum status ledger_covered_get(struct ledger *ledger, int unit, struct ledger_covered *covered, struct diag *diag) MUST_USE;
/* Stores the plan: obligations, payments, batches, planned files, figures; marks the unit planned and
 * its touched entitlements seen. Adds the event with the digest over the rows. */
enum status ledger_plan_store(struct ledger *ledger, const struct ledger_plan *plan, const struct ledger_run *run,
                              struct diag *diag) MUST_USE;
enum status ledger_is_planned(struct ledger *ledger, int64_t run, int unit, bool *planned, struct diag *diag) MUST_USE;
/* The next instalment of a unit's funding in a pay-month. */
enum status ledger_funding_next(struct ledger *ledger, int unit, month_t pay_month, int *instalment, struct diag *diag) MUST_USE;

/* What results of the post confirm to be still there: lines that nobody collected, less what fundings have counted on
 * since. A line of which the post says both is not confirmed. */
enum status ledger_still_at_post(struct ledger *ledger, int unit, int64_t *amount_dong, struct diag *diag) MUST_USE;

/* What the post has paid out of a unit's lists of one pay-month, by the results that closed them. */
enum status ledger_paid_out(struct ledger *ledger, int unit, month_t pay_month, int64_t *amount_dong, struct diag *diag) MUST_USE;

/* What is provided for already, in key order: all obligations of a period in a unit's standing range. */
struct ledger_provided;
enum status ledger_provided_new(struct ledger *ledger, int unit, month_t period, struct ledger_provided **provided,
                                struct diag *diag) MUST_USE;
/* The obligations of one entitlement (entitlements come in key order); at most `max`. */
enum status ledger_provided_of(struct ledger_provided *provided, int64_t ent, struct ledger_obligation *obligation,
                               size_t max, size_t *count, struct diag *diag) MUST_USE;
void ledger_provided_free(struct ledger_provided *provided);
/* The same for one entitlement and period, out of order. */
enum status ledger_obligations_of(struct ledger *ledger, int64_t ent, month_t period,
                                  struct ledger_obligation *obligation, size_t max, size_t *count, struct diag *diag) MUST_USE;
/* Every held obligation of a unit, by entitlement; their reasons live in the arena. Freed by the caller. */
enum status ledger_held(struct ledger *ledger, int unit, struct arena *arena, struct ledger_obligation **held,
                        size_t *count, struct diag *diag) MUST_USE;

/* Fills in the figures of these names, added up over the run's units; 0 where there is none. */
enum status ledger_figures(struct ledger *ledger, int64_t run, struct ledger_figure *figure, size_t count,
                           struct diag *diag) MUST_USE;

#endif
