/*
 * query_internal.h - what the lists and the statistics share inside the ledger: resolved filters, the
 * batches in memory, and the stream of payments.
 *
 * A batch carries hundreds or thousands of payments: what a payment has from its batch (run, unit, file,
 * state) is looked up in an array and not joined to each of millions of rows.
 */
#ifndef CHITRA_LEDGER_QUERY_INTERNAL_H
#define CHITRA_LEDGER_QUERY_INTERNAL_H

#include "chitra/ledger_file.h"
#include "chitra/ledger_query.h"
#include "ledger/db.h"

/* A filter with numbers in place of names. */
struct query {
    month_t period;             /* MONTH_NONE: all */
    month_t month;              /* of the statistics (v_month), for payments alone; MONTH_NONE: all */
    int64_t unit;               /* 0: all */
    int64_t run;                /* 0: all */
    int64_t ent_first, ent_last;
    const char *state;          /* empty: all */
    day_t before;               /* unanswered */
};
/* Binds ?1 period, ?2 unit, ?3 run, ?4 and ?5 the entitlements' range, as far as the statement has them. */
void query_bind(const struct query *query, sqlite3_stmt *stmt);

/* What the payments of a bank file are still to be told by the bank (query_unanswered.c). */
enum waits { WAITS_FOR_NOTHING, WAITS_FOR_ANSWER, WAITS_FOR_BOOKING };

struct batch_info {
    int64_t run;                /* 0: not in the query */
    month_t period;
    bool closed;                /* the month in which it counts: what it instructed counts there for good */
    int unit;
    int channel;
    bool voided;                /* its last file was voided: what it carries is calculated, not instructed */
    enum payment_state rest;    /* of the payments that have no state of their own, */
    char reason[36];            /* its reason, */
    day_t day;                  /* and since when; DAY_NONE: not known */
    enum waits waits;           /* in the list of what is unanswered */
    char unit_code[UNIT_CODE_BYTES];
    char msg_id[MSG_ID_BYTES];  /* of the last generation; cash: the list_id */
};

struct batches {
    struct batch_info *info;    /* by number, from `first` on */
    int64_t first;
    size_t count, capacity;
};
/* The batches of the query's run and unit. */
enum status batches_load(struct ledger *ledger, const struct query *query, struct batches *batches,
                         struct diag *diag) MUST_USE;
/* NULL: the batch is not in the query. */
const struct batch_info *batches_find(const struct batches *batches, int64_t batch);
void batches_release(struct batches *batches);

/* The periods of the obligations, in order: there are twelve a year, and `once`. */
struct periods {
    month_t *period;
    size_t count;
};
/* MONTH_NONE: all of them; otherwise one, and `once` beside it if asked for. */
enum status periods_load(struct ledger *ledger, month_t period, bool with_once, struct periods *periods,
                         struct diag *diag) MUST_USE;
void periods_release(struct periods *periods);

struct payment_row {            /* spans live until the next step */
    const struct batch_info *batch;
    struct obligation_key key;  /* usual: what it settles; ent = 0: funding */
    month_t period;             /* of its run */
    int64_t amount_dong;
    struct span own_id;         /* the EndToEndId of a payment with a row of its own; empty: usual */
    struct span parent;
    struct span id;             /* entitlement_id */
    uint64_t person;
    enum benefit benefit;       /* BENEFIT_none: funding */
    struct span bank;           /* these four as they were when it was instructed */
    int area;
    uint32_t commune;
    struct span facts;
    enum payment_state state;
    struct span reason;
    day_t day;                  /* of the state; DAY_NONE: not known */
    bool kept;                  /* it was taken out of its file after its month was closed */
};

/* Every payment that has a batch: the usual ones in key order, then those with a row of their own. Of a month of the
 * statistics also those that were taken out of their files since it was closed, which count there and in no later one. */
struct payment_scan {
    struct ledger *ledger;
    bool states;                /* also those that differ from their file's */
    struct query query;
    struct batches batches;
    struct periods periods;
    size_t part;                /* below periods.count: a period; then the payments with a row; then those taken out */
    sqlite3_stmt *stmt;         /* NULL: the part is not started */
    struct arena arena;         /* of a past version */
};
enum status payment_scan_start(struct payment_scan *scan, struct ledger *ledger, const struct query *query,
                               struct diag *diag) MUST_USE;
enum status payment_scan_next(struct payment_scan *scan, struct payment_row *row, bool *more, struct diag *diag) MUST_USE;
void payment_scan_release(struct payment_scan *scan);

/* ---- lists ---- */

enum cell_form {                /* how a column of a statement becomes text */
    FORM_WORD, FORM_FREE, FORM_NUMBER, FORM_MONTH, FORM_DAY, FORM_DIGEST, FORM_PERSON, FORM_BENEFIT, FORM_COMPONENT,
    FORM_CHANNEL, FORM_AREA, FORM_COMMUNE, FORM_YES, FORM_STATE
};

struct list_column {
    const char *name;
    enum cell_form form;
};

enum { LIST_TEXT_BYTES = DIGEST_HEX_BYTES };    /* the longest text that is made here */

struct list_kind;
struct ledger_list {
    struct ledger *ledger;
    const struct list_kind *kind;
    struct query query;
    sqlite3_stmt *stmt;
    struct payment_scan payments;       /* payments; obligations use its batches and periods */
    size_t part;
    char text[LIST_COLUMNS_MAX][LIST_TEXT_BYTES];
};

struct list_kind {
    const char *name;
    const struct list_column *column;
    size_t columns;
    unsigned filters;                   /* FILTER_... */
    int states;                         /* how many there are; 0: the kind has no state */
    const char *(*state)(int number);   /* their words */
    size_t state_column;                /* where it stands */
    const char *sql;                    /* NULL: its rows are made by `next` */
    enum status (*start)(struct ledger_list *list, struct diag *diag);
    enum status (*next)(struct ledger_list *list, struct span *cell, bool *more, struct diag *diag);
};
enum { FILTER_PERIOD = 1, FILTER_UNIT = 2, FILTER_RUN = 4, FILTER_ENTITLEMENT = 8 };

/* One column of the current row as text, in the list's own room where it must be made. */
struct span list_cell(struct ledger_list *list, sqlite3_stmt *stmt, int column, size_t to, enum cell_form form);
/* A number or a month as text, the same way. */
struct span list_number(struct ledger_list *list, size_t to, int64_t number);
struct span list_month(struct ledger_list *list, size_t to, month_t month);
struct span list_person(struct ledger_list *list, size_t to, uint64_t person);

extern const struct list_kind list_payments;
extern const struct list_kind list_obligations;
extern const struct list_kind list_unanswered;

/* The columns of payments, their states, and a payment's cells. */
enum { PAYMENT_ID, PAYMENT_RUN, PAYMENT_UNIT, PAYMENT_ENTITLEMENT, PAYMENT_BENEFICIARY, PAYMENT_PERIOD, PAYMENT_BENEFIT,
       PAYMENT_CHANNEL, PAYMENT_BANK, PAYMENT_AMOUNT, PAYMENT_STATE, PAYMENT_REASON, PAYMENT_MSG_ID, PAYMENT_PARENT,
       PAYMENT_STATE_ON, PAYMENT_COLUMNS };
extern const struct list_column payment_column[PAYMENT_COLUMNS];
const char *payment_state_word(int number);
void payment_cells(struct ledger_list *list, const struct payment_row *row, struct span *cell);

#endif
