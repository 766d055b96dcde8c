/*
 * ledger_query.h - what the ledger holds, row by row: lists for people and programs, and what was
 * instructed to persons in a period, for the statistics.
 *
 * Layer: ledger. The columns are those of chitra-list(1). Everything streams: a list of millions of
 * payments needs no more memory than one of ten. A caller that wants all its rows from one moment, beside a run that goes
 * on, puts them between ledger_begin and ledger_rollback (on LEDGER_READ that takes no lock).
 *
 * Calling sequence: ledger_list_new, ledger_list_next until there is no more, ledger_list_free. One
 * list of a kind can be open at a time for each ledger, and one ledger_paid beside it.
 *
 * The order of rows is the ledger's own and always the same: runs, files, intake lines and events in
 * the order in which they came; obligations by period and entitlement; payments: the usual ones by
 * period and entitlement, then those with a row of their own, then held, offset and closed ones.
 *
 * Errors: STATUS_USAGE for a filter that the kind does not have or a state that it does not know,
 * STATUS_NO_INPUT for a unit, a run or an entitlement that is not in the ledger.
 */
#ifndef CHITRA_LEDGER_QUERY_H
#define CHITRA_LEDGER_QUERY_H

#include "chitra/ledger_money.h"
#include "chitra/ledger_state.h"

enum ledger_list_kind {
    LIST_RUNS, LIST_FILES, LIST_PAYMENTS, LIST_OBLIGATIONS, LIST_ENTITLEMENTS, LIST_HOLDS, LIST_REJECTS,
    LIST_RECEIVABLES, LIST_BREAKS, LIST_EVENTS, LIST_UNANSWERED, LIST_KINDS
};

enum { LIST_COLUMNS_MAX = 16 };

enum ledger_cell {
    CELL_WORD,      /* an id, a word, a date: safe characters only */
    CELL_NUMBER,    /* a whole number, or empty */
    CELL_FREE       /* text from outside: reasons, names of files */
};

/* The kind of a name ("payments"); -1 for an unknown one. */
int ledger_list_find(const char *name);
/* Its columns, in order. They never change their places; more may follow. */
size_t ledger_list_columns(enum ledger_list_kind kind);
const char *ledger_list_column(enum ledger_list_kind kind, size_t column, enum ledger_cell *cell);

/* Which rows; an empty text, 0 or MONTH_NONE: all. */
struct ledger_filter {
    month_t period;             /* what the column `period` shows; rejects, files: the run's */
    const char *unit;           /* a unit's code */
    int64_t run;
    const char *entitlement;    /* an entitlement_id */
    const char *state;
    day_t before;               /* unanswered: what left, and was to be paid, before this day */
};

struct ledger_list;
enum status ledger_list_new(struct ledger *ledger, enum ledger_list_kind kind, const struct ledger_filter *filter,
                            struct ledger_list **list, struct diag *diag) MUST_USE;
/* The next row: a text for each column, living until the next step. */
enum status ledger_list_next(struct ledger_list *list, struct span cell[LIST_COLUMNS_MAX], bool *more,
                             struct diag *diag) MUST_USE;
void ledger_list_free(struct ledger_list *list);

/* What an obligation without a payment is in the list of payments. */
enum payment_state ledger_unpaid_state(enum obligation_state state);

/* ---- for the statistics ---- */

/* One instructed transfer or cash line of a person: first attempts only, since a reissue belongs to its
 * parent's period, which counted it already; funding is never a person's. The facts are those that were
 * known when it was instructed; the person is today's, since a person can turn out to be known already. */
struct ledger_paid {
    int64_t ent;
    uint64_t person;
    int unit;                   /* who paid */
    enum benefit benefit;
    int channel;                /* CHANNEL_... by which it went */
    int sex;                    /* SEX_..., -1: not given */
    int area;                   /* AREA_... as the intake gave it, -1: not given */
    uint32_t commune;           /* 0: not given */
    int64_t amount_dong;
    int settled;                /* the channel by which it arrived, or a later attempt did: booked, collected; -1: not yet */
};

struct ledger_paid_scan;
/* What counts in a month: what its runs instructed until it was closed, by unit, when a run for later months alone was
 * planned; what a run for it instructs later counts in the first month that is open, and what was taken out of its files
 * later still counts in it, however it is paid. */
enum status ledger_paid_new(struct ledger *ledger, month_t month, struct ledger_paid_scan **scan,
                            struct diag *diag) MUST_USE;
enum status ledger_paid_next(struct ledger_paid_scan *scan, struct ledger_paid *paid, bool *more,
                             struct diag *diag) MUST_USE;
void ledger_paid_free(struct ledger_paid_scan *scan);
/* Whether that is for good: the month is closed for every unit that counts in it, and there is one. */
enum status ledger_month_is_closed(struct ledger *ledger, month_t month, bool *closed, struct diag *diag) MUST_USE;

/* The codes of the units by their numbers; empty: no such unit. */
enum status ledger_units(struct ledger *ledger, char code[LEDGER_UNITS_MAX + 1][UNIT_CODE_BYTES],
                         struct diag *diag) MUST_USE;
/* The same in the order of the codes, from 0, and each unit's place in it: the ledger numbers them as they
 * first came. What is left of `sorted` stays as it was. */
enum status ledger_units_sorted(struct ledger *ledger, char sorted[LEDGER_UNITS_MAX][UNIT_CODE_BYTES],
                                uint8_t place[LEDGER_UNITS_MAX + 1], struct diag *diag) MUST_USE;

/* ---- the story of one entitlement, for `explain` ---- */

/* One obligation with what was decided about it and where its money is. */
struct ledger_story {
    struct obligation_key key;
    int64_t amount_dong;
    enum obligation_state state;
    struct span reason;         /* held, offset, closed; in the arena */
    int64_t version;            /* of the facts behind it */
    int64_t run;                /* that gave it its present amount */
    char payment_id[PAYMENT_ID_BYTES];      /* under which it is paid, or would be paid alone */
    int64_t payment_dong;       /* the payment's net amount; 0: no payment */
    char parent[PAYMENT_ID_BYTES];          /* the payment that this one tries again; empty: none */
    char msg_id[MSG_ID_BYTES];  /* of the last generation of its file or list; empty: no payment */
    struct span order_id;       /* of the order behind it; empty: none */
    struct span creditor_bank, creditor_account;    /* whom an order deducts it for; empty: the payee's */
};
/* Every obligation of an entitlement, of one period (its own or its run's) or of all (MONTH_NONE), by
 * period, version and component. Freed by the caller. */
enum status ledger_stories(struct ledger *ledger, int64_t ent, month_t period, struct arena *arena,
                           struct ledger_story **story, size_t *count, struct diag *diag) MUST_USE;

/* One payment of an obligation: the first, and each that took the place of one that failed. */
struct ledger_tried {
    int attempt;
    char payment_id[PAYMENT_ID_BYTES];
    int64_t amount_dong;        /* of the whole payment */
    char msg_id[MSG_ID_BYTES];  /* of the last generation of its file or list */
    bool cash;
    enum payment_state state;
    struct span reason;         /* the bank's code; in the arena */
    day_t day;                  /* of the state; DAY_NONE: not known */
    struct span answer;         /* the name of the answer that said so; empty: none did */
};
/* In order; none for what was never instructed. Freed by the caller. */
enum status ledger_tries(struct ledger *ledger, struct span id, const struct obligation_key *key, struct arena *arena,
                         struct ledger_tried **tried, size_t *count, struct diag *diag) MUST_USE;

/* Who approved something, and when. */
struct ledger_approved {
    char name[DIAG_FILE_BYTES]; /* of the signed list; empty: taken without an approval */
    struct digest list;
    struct digest signer;       /* certificate fingerprint */
    int64_t signed_at;          /* seconds since 1970, UTC */
    day_t approved_on;
};
enum { LEDGER_CORRECTIONS_MAX = 6 };
struct ledger_provenance {      /* of one version of an entitlement */
    char intake[DIAG_FILE_BYTES];
    struct digest sha256;
    uint64_t line;
    struct ledger_approved approved;
    size_t correction_count;    /* columns that a later correction changed */
    struct {
        const char *column;
        struct ledger_approved approved;
    } correction[LEDGER_CORRECTIONS_MAX];
};
/* STATUS_NO_INPUT if there is no such version. */
enum status ledger_provenance_get(struct ledger *ledger, int64_t ent, int64_t version,
                                  struct ledger_provenance *provenance, struct diag *diag) MUST_USE;

/* The last run that planned a unit; 0: none did. */
enum status ledger_run_planned(struct ledger *ledger, int unit, int64_t *run, struct diag *diag) MUST_USE;

/* ---- how things stand, for metrics ---- */

struct ledger_gauges {
    int64_t run;                        /* the last complete one; 0: none */
    uint64_t held;                      /* obligations */
    int64_t held_dong;
    uint64_t breaks;                    /* that nobody has closed */
    uint64_t failed;                    /* payments that finally failed and wait for a new attempt */
    uint64_t files[FILE_STATES];
    char released_at[SYS_TIME_BYTES];   /* the last release that ended; empty: none */
    char answered_at[SYS_TIME_BYTES];   /* the last answer that was taken; empty: none */
};
enum status ledger_gauges_get(struct ledger *ledger, struct ledger_gauges *gauges, struct diag *diag) MUST_USE;

#endif
