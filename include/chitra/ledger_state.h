/*
 * ledger_state.h - which state may become which, and by what: the two tables of files and payments.
 *
 * Layer: ledger. These tables are the only place that says how files and payments move: every change of a
 * state in the ledger is checked against them where it is made.
 *
 * The numbers are those of the database: they never change their meaning.
 *
 * Errors: none; a move that stands in no table is a defect of whoever makes it.
 */
#ifndef CHITRA_LEDGER_STATE_H
#define CHITRA_LEDGER_STATE_H

#include <stdbool.h>
#include <stddef.h>

/* number, name, word */
#define FILE_STATE_LIST(X)                                                                              \
    X(0, PLANNED, "planned")            /* in the ledger, not written yet */                            \
    X(1, STAGED, "staged")              /* written and signed, in state/staging/ */                     \
    X(2, STALE, "stale")                /* overtaken by a stop, a correction or a hold before it left */ \
    X(3, RELEASING, "releasing")        /* on its way to outbox/; whoever comes next finishes it */     \
    X(4, RELEASED, "released")          /* in outbox/, for the bank to fetch */                         \
    X(5, HANDED_OVER, "handed_over")    /* the bank has it */                                           \
    X(6, UNKNOWN, "unknown")            /* nobody knows whether the bank has it */                      \
    X(7, ACCEPTED, "accepted")          /* answered; its payments move on one by one */                 \
    X(8, PARTLY, "partly")              /* the same, some of them refused */                            \
    X(9, REJECTED, "rejected")          /* refused whole */                                             \
    X(10, VOIDED, "voided")             /* withdrawn; the bank never took it */                         \
    X(11, SUPERSEDED, "superseded")     /* rejected or voided, and a new generation took its place */

enum file_state {
#define X(number, name, word) FILE_##name = number,
    FILE_STATE_LIST(X)
#undef X
    FILE_STATES
};

#define PAYMENT_STATE_LIST(X)                                                                           \
    X(0, CALCULATED, "calculated")      /* owed, and in no file that goes out */                        \
    X(1, INSTRUCTED, "instructed")      /* in a live file */                                            \
    X(2, HELD, "held")                                                                                  \
    X(3, OFFSET, "offset")              /* net zero: no transfer */                                     \
    X(4, ACCEPTED, "accepted")                                                                          \
    X(5, BOOKED, "booked")              /* cash: collected */                                           \
    X(6, REJECTED, "rejected")                                                                          \
    X(7, RETURNED, "returned")                                                                          \
    X(8, UNCOLLECTED, "uncollected")                                                                    \
    X(9, REISSUED, "reissued")          /* a new attempt took its place */                              \
    X(10, CLOSED, "closed")

enum payment_state {
#define X(number, name, word) PAYMENT_##name = number,
    PAYMENT_STATE_LIST(X)
#undef X
    PAYMENT_STATES
};

/* What moves them: the commands, and the days that pass without an answer. */
#define STATE_BY_LIST(X)                                                                                \
    X(RUN, "run") X(RELEASE, "release") X(HANDOVER, "handover") X(RECEIVE, "receive") X(RESEND, "resend") \
    X(VOID, "void") X(REGEN, "regen") X(REISSUE, "reissue") X(HOLD, "hold") X(UNHOLD, "unhold")         \
    X(CLOSE, "close") X(SILENCE, "no answer")

enum state_by {
#define X(name, word) BY_##name,
    STATE_BY_LIST(X)
#undef X
    STATE_BYS
};

/* Their words; static. */
const char *file_state_name(enum file_state state);
const char *payment_state_name(enum payment_state state);
const char *state_by_name(enum state_by by);

struct state_move {
    int from, to;               /* enum file_state or enum payment_state; equal: the state stays */
    enum state_by by;
    const char *when;           /* on what condition; empty: always */
};
/* The tables, in the order of `from`. */
const struct state_move *file_moves(size_t *count);
const struct state_move *payment_moves(size_t *count);

/* Why a command does nothing to a file or a payment in a state, and the command that would help. */
struct state_refusal {
    const char *why;
    const char *help;           /* or "" */
};
/* Whether handover, resend, void or regen may act on a file in a state, or hold on a payment that is instructed by it, as
 * far as the state decides; if not, `refusal` says why. */
bool file_allows(enum file_state state, enum state_by by, struct state_refusal *refusal);
/* The same for hold, unhold and close and a payment; a hold by hand is lifted in every state. */
bool payment_allows(enum payment_state state, enum state_by by, struct state_refusal *refusal);

bool file_may_become(enum file_state from, enum file_state to, enum state_by by);
bool payment_may_become(enum payment_state from, enum payment_state to, enum state_by by);

#endif
