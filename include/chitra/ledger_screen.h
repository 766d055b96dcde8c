/*
 * ledger_screen.h - what screens need to know of the whole register and of last month, fetched in bulk, and what
 * officers lifted.
 *
 * Layer: ledger; it knows neither policies nor law: which benefits exclude each other, and how many people may
 * share an account, the caller says. Each list is made once for a run and is short: those who may have to wait.
 * Whether they do is decided with the facts of the month.
 *
 * Calling sequence: the ledger_concerns_... that the policy asks for, concerns_sort, concerns_of for each
 * entitlement; ledger_before_new for a unit and ledger_before_of in the order of its keys.
 *
 * Ownership: concerns_release, ledger_before_free; both accept empty ones. Errors: STATUS_LEDGER.
 */
#ifndef CHITRA_LEDGER_SCREEN_H
#define CHITRA_LEDGER_SCREEN_H

#include "chitra/ledger_money.h"

enum concern_kind { CONCERN_NAMED_DECEASED, CONCERN_EXCLUDED, CONCERN_SHARED_ACCOUNT };

struct concern {
    int64_t ent;
    enum concern_kind kind;
    int64_t other;              /* the entitlement that names the person, or that excludes; 0: none */
    uint64_t thing;             /* what a lifted hold is remembered by */
};
struct concerns {
    struct concern *item;
    size_t count, room;
};

/* Entitlements without a stop whose person another entitlement without a stop names as deceased. */
enum status ledger_concerns_named_deceased(struct ledger *ledger, struct concerns *concerns, struct diag *diag) MUST_USE;
/* Pairs of entitlements of one person: bit b of apart[a] says that benefits a and b exclude each other. */
enum status ledger_concerns_excluded(struct ledger *ledger, const uint64_t apart[BENEFIT_MAX + 1],
                                     struct concerns *concerns, struct diag *diag) MUST_USE;
/* Entitlements, standing or not planned before this run, of an account that more than `people` persons have;
 * survivors of one deceased count as one. */
enum status ledger_concerns_shared(struct ledger *ledger, int64_t run, unsigned people, struct concerns *concerns,
                                   struct diag *diag) MUST_USE;
void concerns_sort(struct concerns *concerns);
/* Those of one entitlement: how many, and the first. */
const struct concern *concerns_of(const struct concerns *concerns, int64_t ent, size_t *count);
void concerns_release(struct concerns *concerns);

/* ---- the month before ---- */

struct ledger_before;
struct ledger_month_before {
    bool known;                 /* there is an obligation */
    bool paid;                  /* and it was instructed */
    month_t period;
    int64_t amount_dong;
    int64_t version;            /* of the facts behind it */
};
enum status ledger_before_new(struct ledger *ledger, int unit, month_t period, struct ledger_before **before,
                              struct diag *diag) MUST_USE;
/* The component's first obligation of the period; entitlements come in the order of their keys. */
enum status ledger_before_of(struct ledger_before *before, int64_t ent, enum component component,
                             struct ledger_month_before *found, struct diag *diag) MUST_USE;
void ledger_before_free(struct ledger_before *before);

/* ---- totals ---- */

/* The figures of a run's payments by family are stored under this and the family's name. */
#define LEDGER_TOTAL_PREFIX "payments."

struct ledger_total {
    char unit[UNIT_CODE_BYTES];
    enum family family;
    uint64_t payments;
    int64_t amount_dong;
};
/* What the runs of a period up to a number (0: all) planned to pay, by unit and family, in this order. Freed by the
 * caller. */
enum status ledger_totals(struct ledger *ledger, month_t period, int number, struct ledger_total **total, size_t *count,
                          struct diag *diag) MUST_USE;

/* ---- look-alikes ---- */

/* Another entitlement of the person to the same benefit, first approved between two days and known before this one;
 * 0: none from `after` on. */
enum status ledger_look_alike(struct ledger *ledger, const struct ledger_entitlement *entitlement, day_t from, day_t to,
                              int64_t after, int64_t *other, struct diag *diag) MUST_USE;

/* ---- what officers lifted ---- */

/* Remembers that what holds this obligation is lifted, whatever it is: of the same reason about the same thing
 * nothing of the entitlement is held again. Inside a transaction, with the event that decided it. */
enum status ledger_lift(struct ledger *ledger, const struct obligation_key *key, int64_t event, struct diag *diag) MUST_USE;
enum status ledger_is_lifted(struct ledger *ledger, int64_t ent, const char *reason, uint64_t thing, bool *lifted,
                             struct diag *diag) MUST_USE;

/* A number for a thing that has a text: an account, an id. */
uint64_t ledger_thing(struct span a, struct span b);

#endif
