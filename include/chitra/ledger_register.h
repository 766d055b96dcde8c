/*
 * ledger_register.h - the register of entitlements: who was approved for what, since when, by whom.
 *
 * Layer: ledger. A row adds an entitlement or replaces its facts; an identical row
 * changes nothing. Facts are versioned field by field, and the later approval wins whatever the order
 * of arrival: approved_on, then the signing time, then the larger digest of the list. The ledger
 * decides this itself, in one place; the law's verdict on a row comes from the caller.
 *
 * An entitlement's key is the ledger's own: its home unit and a number in it, never reused. Monthly
 * benefits and one-offs have ranges of their own, so that a month reads its standing entitlements in
 * one pass. The person is known by the social-insurance number, else by the citizen number; a row with
 * both links them.
 *
 * Calling sequence: inside a transaction, ledger_register, ledger_stops or ledger_corrections for each batch
 * of rows of one intake file; ledger_join before the commit. Reading needs no transaction.
 *
 * Errors: a row that cannot stand is an outcome, not an error; what is left is STATUS_LEDGER, and
 * STATUS_NO_INPUT for an entitlement that is not there.
 */
#ifndef CHITRA_LEDGER_REGISTER_H
#define CHITRA_LEDGER_REGISTER_H

#include "chitra/ledger.h"

/* Who is known by the citizen number alone has it plus this as the number of the person. */
#define LEDGER_CITIZEN UINT64_C(1000000000000)

struct ledger_row {             /* one row of an entitlement file */
    uint64_t line;
    int unit;                   /* the paying unit's number */
    enum benefit benefit;
    day_t approved_on;
    uint64_t beneficiary;       /* 10 digits, 0: not given */
    uint64_t citizen;           /* 12 digits, 0: not given */
    unsigned citizen_byte;      /* where in its line citizen_id begins, from 1; 0: not given */
    struct span id;             /* entitlement_id */
    struct span name, bank, account, payee_name, programme;
    int channel;
    int area;                   /* AREA_..., -1: not given */
    uint32_t commune;           /* 5 digits, 0: not given */
    day_t authorised_until;     /* DAY_NONE: nobody else collects */
    uint64_t deceased;          /* deceased_id, a citizen number plus LEDGER_CITIZEN; 0: not given */
    const struct facts *facts;  /* what the law needs; packed as it is */
};

enum ledger_verdict { LEDGER_APPLIED, LEDGER_UNCHANGED, LEDGER_OVERTAKEN, LEDGER_REJECTED };

struct ledger_outcome {
    enum ledger_verdict verdict;
    const char *column;         /* rejected: the column at fault */
    const char *reason;         /* rejected: why; static */
};

struct ledger_source {          /* where rows come from */
    int64_t run;
    int64_t intake;
    int64_t approval;           /* its number; the digest of its list breaks ties */
    int64_t signed_at;
    uint64_t units;             /* by number: those that stops and corrections may reach; all: ~0 */
};

/* Applies a batch of rows; one outcome each. Inside a transaction. An entitlement that is new is applied, but has its
 * person only after ledger_join, which may take it back. */
enum status ledger_register(struct ledger *ledger, const struct ledger_source *source, const struct ledger_row *row,
                            size_t count, struct ledger_outcome *outcome, struct diag *diag) MUST_USE;

/* A row that was applied and is rejected after all: its two numbers belong to different people. */
struct ledger_unjoined {
    int64_t intake;
    struct ledger_reject reject;    /* its reason is static */
};
/* Gives the entitlements that are new since the last time their persons, and gives back those that cannot have one, of
 * all files; freed by the caller. Before the commit of every transaction in which ledger_register was called. */
enum status ledger_join(struct ledger *ledger, struct ledger_unjoined **unjoined, size_t *count,
                        struct diag *diag) MUST_USE;

struct ledger_stop {
    uint64_t line;
    struct span id;             /* entitlement_id, or empty */
    uint64_t beneficiary;       /* 0: not given */
    int kind;                   /* KIND_deceased .. KIND_resumed */
    day_t from;
    int reason;                 /* word number, -1: none */
};
enum status ledger_stops(struct ledger *ledger, const struct ledger_source *source, const struct ledger_stop *stop,
                         size_t count, struct ledger_outcome *outcome, struct diag *diag) MUST_USE;

struct ledger_correction {
    uint64_t line;
    struct span id;
    uint64_t beneficiary;
    day_t approved_on;
    int channel;                /* -1: not given */
    struct span bank, account, payee_name;      /* empty: not given */
    day_t authorised_until;     /* DAY_NONE: not given */
    uint32_t commune;           /* 0: not given */
};
/* By entitlement, or for every entitlement of the beneficiary. A row that reaches another unit than the source's
 * is rejected; but a death is a fact of the person, and who pays them anything may report it. */
enum status ledger_corrections(struct ledger *ledger, const struct ledger_source *source,
                               const struct ledger_correction *correction, size_t count,
                               struct ledger_outcome *outcome, struct diag *diag) MUST_USE;

/* The units, as bits by number, that pay what a stop or a correction names: the entitlement, or every
 * entitlement of the beneficiary. 0: the register knows none. */
enum status ledger_units_paying(struct ledger *ledger, struct span id, uint64_t beneficiary, uint64_t *units,
                                struct diag *diag) MUST_USE;

enum {
    ENTITLEMENT_STOPPED = 1,    /* has stops: ask ledger_stops_of */
    ENTITLEMENT_TWIN = 2,       /* the person has the same monthly benefit under another live id */
    ENTITLEMENT_TOUCHED = 4,    /* changed since its unit was last planned: look at past months; a table of its own */
    ENTITLEMENT_ORDERED = 8,    /* has orders: ask ledger_orders_of */
    ENTITLEMENT_PAID_TWICE = 16, /* a payment of the person may have been made twice, and nobody has closed it */
    ENTITLEMENT_HELD = 32       /* held by hand, or a payment of it: ask ledger_holds_of */
};

struct ledger_entitlement {
    int64_t ent;                /* the ledger's key */
    int unit;                   /* who pays */
    uint64_t person;            /* the insurance number; over ten digits: known by the citizen number alone */
    enum benefit benefit;
    day_t first_approved_on;    /* a benefit without a date of its own began then */
    day_t approved_on;          /* of the facts in force */
    int64_t version;            /* of facts and payee, from 1 */
    int64_t since_run;          /* the run that brought it */
    unsigned flags;
    bool guest;                 /* another unit than its home pays it: not in the unit's own range */
    struct span id, name, bank, account, payee_name;    /* payee_name empty: the beneficiary */
    int channel;
    int area;
    uint32_t commune;
    day_t authorised_until;
    struct span facts;          /* packed: facts_unpack */
    uint64_t citizen;           /* a pass gives it of who is paid in cash; 0: none */
};

/* One pass over what a unit pays: standing entitlements in key order, then those from other home
 * units, then one-offs not planned yet or touched (`everybody`: all of them). What no plan needs (area,
 * commune, approved_on) is left out, and touched is what was so when the pass began. Spans live until the
 * next step. */
struct ledger_scan;
enum status ledger_scan_new(struct ledger *ledger, int unit, bool everybody, struct ledger_scan **scan,
                            struct diag *diag) MUST_USE;
/* The same for whom a month concerns, whether it was planned or not: standing entitlements, those from other
 * home units, and the one-offs that came with the month's runs; of a month to come, those not provided for. */
enum status ledger_scan_month_new(struct ledger *ledger, int unit, month_t period, struct ledger_scan **scan,
                                  struct diag *diag) MUST_USE;
enum status ledger_scan_next(struct ledger_scan *scan, struct ledger_entitlement *entitlement, bool *more,
                             struct diag *diag) MUST_USE;
void ledger_scan_free(struct ledger_scan *scan);

/* One entitlement by key or by id, in its current or a past version (version 0: the current). Spans
 * live in the arena. STATUS_NO_INPUT if there is none. */
enum status ledger_entitlement_get(struct ledger *ledger, int64_t ent, int64_t version, struct arena *arena,
                                   struct ledger_entitlement *entitlement, struct diag *diag) MUST_USE;
enum status ledger_entitlement_find(struct ledger *ledger, struct span id, int64_t *ent, struct diag *diag) MUST_USE;

/* When the payee's name was approved that stands now; DAY_NONE: the beneficiary is paid. */
enum status ledger_payee_since(struct ledger *ledger, int64_t ent, day_t *approved_on, struct diag *diag) MUST_USE;

/* What stops say of one entitlement, its person's included, sorted by date. */
struct ledger_stop_state {
    int kind;
    int reason;
    day_t from;
};
enum { LEDGER_STOPS_MAX = 1024 };
enum status ledger_stops_of(struct ledger *ledger, int64_t ent, uint64_t person,
                            struct ledger_stop_state stop[LEDGER_STOPS_MAX], size_t *count, struct diag *diag) MUST_USE;

/* Has the plan look at all months of an entitlement: the one at hand if it has not come by yet, or the next. */
enum status ledger_touch(struct ledger *ledger, int64_t ent, struct diag *diag) MUST_USE;

/* The other ids of the same person for the same benefit, and whether an entitlement was ever paid
 * (has an obligation that is instructed). For the rule of two live ids. */
enum { LEDGER_TWINS_MAX = 256 };
enum status ledger_twins(struct ledger *ledger, const struct ledger_entitlement *entitlement,
                         int64_t twin[LEDGER_TWINS_MAX], size_t *count, struct diag *diag) MUST_USE;
enum status ledger_was_paid(struct ledger *ledger, int64_t ent, bool *paid, struct diag *diag) MUST_USE;

#endif
