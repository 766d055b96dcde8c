/*
 * act.h - inside the ledger: what one transaction did, while it is recorded, and when it is done again.
 *
 * event.c has the chain and reads acts, act.c begins and ends them around a transaction, journal.c writes and
 * reads the files in archive/journal/.
 */
#ifndef CHITRA_LEDGER_ACT_H
#define CHITRA_LEDGER_ACT_H

#include "chitra/ledger_journal.h"
#include "ledger/db.h"

/* Where a chain of events stands. */
struct chain {
    int64_t seq;                /* of the last event; 0: none */
    int64_t first;              /* of its act */
    struct digest hash;
    bool ended;                 /* it holds its act's changes */
};

/* The hash of an event; `changes`: the digest of its act's change set, NULL if it does not hold it. */
void event_hash(const struct ledger_event_row *event, int64_t first, const struct digest *changes, struct digest *hash);
/* True if the event comes next; the chain then stands on it. */
bool chain_follows(struct chain *chain, const struct ledger_event_row *event, int64_t first,
                   const struct digest *changes);
/* `changes` NULL: the event holds none. */
enum status event_insert(struct ledger *ledger, const struct ledger_event_row *event, int64_t first,
                         const struct span *changes, struct diag *diag) MUST_USE;
/* The last event's number (0: there is none) and hash. */
enum status event_last(struct ledger *ledger, int64_t *seq, struct digest *hash, struct diag *diag) MUST_USE;

/* Around a transaction: starts to take what it changes, where that is wanted; gives its last event what was
 * taken and checks what was expected; forgets it. */
enum status act_begin(struct ledger *ledger, bool derived, struct diag *diag) MUST_USE;
enum status act_end(struct ledger *ledger, struct diag *diag) MUST_USE;
void act_forget(struct ledger *ledger);

/* Compares the ledger with the journal when it is opened to write, and writes what a crash left unwritten.
 * With `behind` a ledger that ends earlier is accepted. */
enum status journal_open(struct ledger *ledger, bool behind, struct diag *diag) MUST_USE;
/* Writes the acts that are not in archive/journal/ yet. */
enum status journal_write(struct ledger *ledger, struct diag *diag) MUST_USE;

#endif
