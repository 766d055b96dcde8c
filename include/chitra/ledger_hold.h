/*
 * ledger_hold.h - what officers decide by hand: holds, what they let go, what they close.
 *
 * Layer: ledger. A hold stands on an entitlement, or on one payment of it, until somebody ends it; nothing of it is
 * planned as long as it stands, whatever the screens say. What a plan held (for whatever reason) waits as an
 * obligation without a file: it can be let go, which leaves it to the next plan, or closed, which provides for it: it
 * is never paid, never owed again, and never to be given back.
 *
 * Calling sequence inside a transaction, with the caller's event: ledger_hold_add; or ledger_holds_of, then
 * ledger_hold_end; or ledger_waiting, then for each ledger_lift (ledger_screen.h) and ledger_let_go, or
 * ledger_waiting_close.
 *
 * Ownership: lists and their texts live in the arena of the call. Errors: STATUS_LEDGER; STATUS_LIMIT where more holds
 * are open on one entitlement than there is room for.
 */
#ifndef CHITRA_LEDGER_HOLD_H
#define CHITRA_LEDGER_HOLD_H

#include "chitra/ledger_failed.h"

enum { LEDGER_HOLDS_MAX = 64 };     /* open at a time on one entitlement: each payment of five years */

struct ledger_hold {
    int64_t hold;               /* the ledger's number */
    int64_t ent;
    const char *payment_id;     /* the payment that is held alone; empty: everything of the entitlement */
    const char *reason;         /* the officer's words */
    struct ledger_preparer placed;  /* by whom */
};

/* Places it: what waits of it has its reason from now on. `at` is when. */
enum status ledger_hold_add(struct ledger *ledger, const struct ledger_hold *hold, const char *at,
                            struct diag *diag) MUST_USE;
/* Those that stand on an entitlement; the ones on all of it first. */
enum status ledger_holds_of(struct ledger *ledger, int64_t ent, struct arena *arena, struct ledger_hold **hold,
                            size_t *count, struct diag *diag) MUST_USE;
/* Ends it: what waits of it, and what no other hold covers, is let go. */
enum status ledger_hold_end(struct ledger *ledger, const struct ledger_hold *hold, const struct ledger_word_of *word,
                            struct diag *diag) MUST_USE;
/* Whether an obligation belongs to what is held: `id` is its entitlement's, `former` the payment that it was taken out
 * of (struct ledger_obligation). */
bool ledger_hold_covers(const struct ledger_hold *hold, struct span id, const struct obligation_key *key,
                        const char *former);

struct ledger_waiting {         /* a held obligation */
    struct obligation_key key;
    int64_t amount_dong;
    int64_t run;                /* that held it */
    struct span reason;
};
/* Those of an entitlement, or of one payment of it (""; all), in the order of their keys. */
enum status ledger_waiting(struct ledger *ledger, int64_t ent, const char *payment_id, struct arena *arena,
                           struct ledger_waiting **waiting, size_t *count, struct diag *diag) MUST_USE;
/* The same of what screens hold of new attempts of payments that failed (ledger_failed.h), by the failed payment's id. */
enum status ledger_attempts_held(struct ledger *ledger, int64_t ent, const char *payment_id, struct arena *arena,
                                 struct ledger_waiting **waiting, size_t *count, struct diag *diag) MUST_USE;
/* When an officer's words about this id (an entitlement's or a payment's) let something go; an empty text: never. */
enum status ledger_let_go_by(struct ledger *ledger, const char *id, const char *why, char at[SYS_TIME_BYTES],
                             struct diag *diag) MUST_USE;
/* held -> calculated, or a new attempt is held no more: the next plan decides. */
enum status ledger_let_go(struct ledger *ledger, const struct obligation_key *key, struct diag *diag) MUST_USE;
/* held -> closed, by hand. */
enum status ledger_waiting_close(struct ledger *ledger, const struct obligation_key *key,
                                 const struct ledger_word_of *word, struct diag *diag) MUST_USE;

/* Why an obligation waits that was let go; words for `list payments`. */
extern const char ledger_was_let_go[];

#endif
