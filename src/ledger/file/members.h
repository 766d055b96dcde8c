/*
 * members.h - the payments of one file in memory: found by EndToEndId, with the state of each.
 *
 * Layer: inside ledger/. What becomes of a payment is a cell; a payment without a cell of its own has the
 * file's (its rest). Cells are changed here and written back by members_store.
 */
#ifndef CHITRA_LEDGER_MEMBERS_H
#define CHITRA_LEDGER_MEMBERS_H

#include "chitra/ledger_answer.h"
#include "ledger/db.h"

struct cell {
    enum payment_state state;
    int32_t reason;             /* a word; 0: none */
    day_t day;                  /* of its last move; DAY_NONE: not known */
    day_t debit_on;             /* when our account was debited; DAY_NONE: no debit was seen */
    int64_t debit;              /* the bank's reference of it; 0: none */
    int64_t answer;             /* that moved it last; 0: none did */
};

struct member {
    char id[PAYMENT_ID_LENGTH];
    bool own;                   /* it has a cell of its own in the ledger */
    bool changed;
    bool failed;                /* it failed by this answer */
    bool named;                 /* a line is about it */
    uint8_t component;
    month_t period;             /* of its obligation; of a payment with a row, of its run */
    int64_t ent;                /* 0: funding */
    int64_t payment;            /* its row; 0: it is its obligation */
    int64_t amount_dong;
    int64_t version;
    struct cell cell;
};

struct members {
    struct member *member;      /* in the order of the ledger's key, then those with a row */
    size_t count, room;
    uint32_t *slot;             /* a hash table of index + 1 */
    size_t slots;               /* a power of two */
    int64_t batch;
    int64_t file;
    struct cell rest;
    uint64_t changes;           /* cells that changed so far */
};

/* Reads the payments of a file's batch, with the file's rest. */
enum status members_load(struct ledger *ledger, int64_t file, struct members *members, struct diag *diag) MUST_USE;
void members_release(struct members *members);
/* NULL: none of them. */
struct member *members_find(const struct members *members, const char id[PAYMENT_ID_LENGTH]);

/* Writes `rest` as it stands here. */
enum status members_rest_store(struct ledger *ledger, const struct members *members, struct diag *diag) MUST_USE;
/* Writes the cells that changed, and the file's rest where most of those without a cell moved alike. */
enum status members_store(struct ledger *ledger, struct members *members, struct diag *diag) MUST_USE;

#endif
