/*
 * ledger_journal.h - every transaction of the ledger, kept where it can be done again.
 *
 * Layer: ledger. An act is one committed transaction: its events, and the rows that it changed. There are
 * two kinds. What a plan or an intake file writes follows from what lies in the archive: a derived act holds
 * its events only and is done again by doing it again. Every other act (a run is sealed, files are staged or
 * released, an answer, an officer's decision) holds the rows themselves, as the change set that SQLite's
 * session extension takes while they are written; whoever changes the ledger has nothing to add for that.
 *
 * Acts are in the ledger (the table event) and, each in a file of its own, in archive/journal/, written
 * before anything outside can depend on them: ledger_commit returns when they are on disk. So a ledger that
 * was restored from a backup finds that the journal is ahead of it, and opening it to write is refused
 * (STATUS_CONFLICT) until `chitra recover` has done the missing acts again; and an auditor makes the whole
 * ledger anew in a scratch ledger and compares.
 *
 * The hash of an act's last event goes over its change set too: a changed file of the journal shows, and so
 * does a recovered act that does not end in the very same events.
 *
 * Calling sequence: to do acts again, for each in its order, ledger_replay, or for a derived one
 * ledger_expect and then the function that made it, on a ledger opened with LEDGER_RECOVER or
 * ledger_open_scratch.
 *
 * Errors: STATUS_CONFLICT for an act that does not follow the ledger's last event, that does not fit the
 * rows that are there, or that ends otherwise than recorded; STATUS_INPUT for a damaged file.
 */
#ifndef CHITRA_LEDGER_JOURNAL_H
#define CHITRA_LEDGER_JOURNAL_H

#include "chitra/ledger.h"

struct ledger_event_row {       /* an event as it stands in the ledger */
    int64_t seq;
    struct span at, who, kind, subject, unit, why;
    struct digest digest, prev, hash;
};

struct ledger_act {
    struct ledger_event_row *event;     /* at least one, by seq */
    size_t count;
    bool derived;
    struct span changes;        /* not derived: the change set; may be empty */
};

/* The acts of a ledger from event `from` on, in order. What ledger_acts_next gives lives until the next. */
struct ledger_acts;
enum status ledger_acts_new(struct ledger *ledger, int64_t from, struct ledger_acts **acts, struct diag *diag) MUST_USE;
enum status ledger_acts_next(struct ledger_acts *acts, struct ledger_act *act, bool *more, struct diag *diag) MUST_USE;
void ledger_acts_free(struct ledger_acts *acts);

enum status ledger_acts_count(struct ledger *ledger, uint64_t *count, struct diag *diag) MUST_USE;
/* The last event: its number (0: there is none) and hash. */
enum status ledger_event_last(struct ledger *ledger, int64_t *seq, struct digest *hash, struct diag *diag) MUST_USE;

/* The same from archive/journal/, for what comes after the ledger's last event, which must be the journal's
 * too. */
struct ledger_journal;
enum status ledger_journal_new(struct ledger *ledger, struct ledger_journal **journal, struct diag *diag) MUST_USE;
size_t ledger_journal_count(const struct ledger_journal *journal);
enum status ledger_journal_next(struct ledger_journal *journal, struct ledger_act *act, bool *more,
                                struct diag *diag) MUST_USE;
void ledger_journal_free(struct ledger_journal *journal);

/* Whether the file of an act in archive/journal/ is what the ledger says: STATUS_CONFLICT if it is another,
 * STATUS_NO_INPUT if there is none. */
enum status ledger_journal_check(struct ledger *ledger, const struct ledger_act *act, struct diag *diag) MUST_USE;
/* The number of files in archive/journal/ beside those of the first `acts` acts. */
enum status ledger_journal_extra(struct ledger *ledger, size_t acts, size_t *extra, struct diag *diag) MUST_USE;

/* Does an act that is not derived again: its rows and its events, in a transaction of its own. */
enum status ledger_replay(struct ledger *ledger, const struct ledger_act *act, struct diag *diag) MUST_USE;
/* The next transaction must end in the events of this act, or its commit is refused. NULL: it need not. */
void ledger_expect(struct ledger *ledger, const struct ledger_act *act);

/* An empty ledger in a temporary file that is gone when it is closed: for making another one anew. */
enum status ledger_open_scratch(struct ledger **ledger, struct diag *diag) MUST_USE;

/* Compares all rows of all tables of two ledgers, `found` with what it should be, or only the amounts of the
 * obligations that both have. Each difference is told with the table and the key of its row; personal data is
 * not shown. */
enum ledger_compared { LEDGER_COMPARE_ALL, LEDGER_COMPARE_AMOUNTS };
typedef void ledger_difference(void *context, const struct diag *difference);
enum status ledger_compare(struct ledger *found, struct ledger *expected, enum ledger_compared compared,
                           ledger_difference *tell, void *context, struct diag *diag) MUST_USE;

#endif
