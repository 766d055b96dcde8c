/*
 * run_decide.h - decisions by hand about an entitlement or a payment: held, let go, closed.
 *
 * Layer: run. Anybody may stop money: a hold needs no second person. What moves money again or takes it away for good
 * (unhold, close) is certified, under policy dual by another officer than who prepared it: who placed the hold, or
 * prepared the run whose screen holds it or whose payment failed. Each is refused in every state in which it would pay
 * twice or hide it; which those are says ledger_state.h.
 *
 * An id is an entitlement_id or an EndToEndId; for close also the MsgId of a file with open breaks.
 *
 * Ownership: sites and ledgers are the caller's (SITE_WRITE, LEDGER_WRITE). Errors: STATUS_NO_INPUT for an id that the
 * ledger does not know; STATUS_CONFLICT where the command is refused, with the one that would help as hint;
 * STATUS_SIGNATURE for an officer who may not.
 */
#ifndef CHITRA_RUN_DECIDE_H
#define CHITRA_RUN_DECIDE_H

#include "chitra/ledger.h"
#include "chitra/site.h"

struct decide_options {
    const char *reason;                 /* stays on record */
    const struct officer_claim *claim;  /* who decides; under policy dual with a key, but for a hold */
    /* Told what was done, line by line, and (problem) what was not and what can still be done. */
    void (*message)(void *context, bool problem, const char *text);
    void *context;
};

struct decided {
    uint64_t done;                      /* obligations and payments that it changed, or breaks that it closed */
    uint64_t left;                      /* that it could not reach any more, and told of */
};

/* Holds everything of an entitlement that has not left, its later months too, or one payment: the next run plans nothing
 * out for it. A staged file that carries it becomes stale. */
enum status run_hold(const struct site *site, struct ledger *ledger, const char *id, const struct decide_options *options,
                     struct decided *decided, struct diag *diag) MUST_USE;

/* Ends a hold by hand, or else lifts the holds of screens that may be lifted: the next run takes up what waited. The same
 * words about the same id let nothing go that came to be held since: they are refused. */
enum status run_unhold(const struct site *site, struct ledger *ledger, const char *id,
                       const struct decide_options *options, struct decided *decided, struct diag *diag) MUST_USE;

/* Closes the open contradictions and doubles of a payment or a file, once somebody has found out at the bank what
 * happened: no state moves by it, and the next run decides on what they held. If none is open: closes what of an
 * entitlement, or which payment, is held or has finally failed. It is never paid, and counts as provided for. A word that
 * has closed breaks closes no money: the same command again, after a crash or typed twice, is refused. */
enum status run_close(const struct site *site, struct ledger *ledger, const char *id, const struct decide_options *options,
                      struct decided *decided, struct diag *diag) MUST_USE;

#endif
