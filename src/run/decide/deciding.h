/* deciding.h - what hold, unhold and close share, inside run/: who decides, and about what. */
#ifndef CHITRA_RUN_DECIDING_H
#define CHITRA_RUN_DECIDING_H

#include "run/officer.h"

#include "chitra/run_decide.h"

struct deciding {
    const struct site *site;
    struct ledger *ledger;
    const char *id;
    const struct decide_options *options;
    struct officer officer;
    struct ledger_word_of word;         /* who, why, when */
    int64_t ent;
    struct span entitlement_id;
    char unit[UNIT_CODE_BYTES];         /* who pays it */
    const char *payment_id;             /* that is meant alone; empty: the entitlement */
    enum payment_state state;           /* of the payment */
    char msg_id[MSG_ID_BYTES];          /* of its file; empty: it is in none */
    struct ledger_hold *hold;           /* that stand on the entitlement */
    size_t hold_count;
    struct arena arena;
    struct decided *decided;
    struct diag *diag;
};

/* Who decides, in what role. `deciding` is released in any case. */
enum status deciding_begin(struct deciding *deciding, enum officer_role role) MUST_USE;
void deciding_release(struct deciding *deciding);

/* What the id names. STATUS_NO_INPUT: nothing that the ledger knows. */
enum status deciding_find(struct deciding *deciding) MUST_USE;

/* Calls `each` for the payments of the entitlement. */
struct payment_seen {
    const char *payment_id;
    enum payment_state state;
    const char *msg_id;                 /* empty: it is in no file */
};
typedef enum status payment_each(struct deciding *deciding, const struct payment_seen *payment);
enum status deciding_payments(struct deciding *deciding, payment_each *each) MUST_USE;

/* "ID is STATE: why", with the command that would help as hint. */
enum status deciding_refuse(const struct deciding *deciding, const char *state, const struct state_refusal *refusal);
/* A hold by hand that stands on just this; NULL: none. */
const struct ledger_hold *deciding_hold(const struct deciding *deciding, const char *payment_id);
/* A line about what was done, or (problem) was not. */
void deciding_say(const struct deciding *deciding, bool problem, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds the officer's event about the id, in the caller's transaction; `content` says what is decided. */
enum status deciding_act(const struct deciding *deciding, const char *kind, struct span content) MUST_USE;
/* Commits, or rolls back and hands on what went wrong. */
enum status deciding_end(const struct deciding *deciding, enum status rc) MUST_USE;

#endif
