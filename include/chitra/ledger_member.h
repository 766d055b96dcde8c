/*
 * ledger_member.h - who stands in which file: how payments leave a file that has not left the house, and how
 * the rest gets a new one.
 *
 * Layer: ledger. The members of a batch are what ledger_instructions gives for it, and its live generation
 * carries exactly these. A member that is taken out becomes a held obligation, and the next plan decides on it
 * with the facts of its day, under the same EndToEndId as long as the same obligations go together.
 *
 * Calling sequence of a run before it plans, in one transaction: ledger_overtake, ledger_take_out for what was
 * overtaken and for what was withdrawn, ledger_funding_follow for the units concerned, ledger_replace for each
 * stale file.
 *
 * Ownership: lists are freed by the caller. Errors: STATUS_LEDGER; STATUS_LIMIT where a sum overflows.
 */
#ifndef CHITRA_LEDGER_MEMBER_H
#define CHITRA_LEDGER_MEMBER_H

#include "chitra/ledger_file.h"

/* Who does something to a file, when, and why: for events. */
struct ledger_doing {
    const char *who;
    const char *at;             /* time, UTC+7 */
    const char *why;            /* or "" */
};

/* Moves a file along the table of states, with an event "file.<state>". Inside a transaction. */
enum status ledger_file_move(struct ledger *ledger, const struct ledger_file *file, enum file_state to, enum state_by by,
                             const struct ledger_doing *doing, struct diag *diag) MUST_USE;

/* A payment of a file that has not left: a stop, a correction or a newer row came after it was planned. */
struct ledger_overtaken {
    int64_t file;
    int64_t batch;
    int64_t ent;
    char msg_id[MSG_ID_BYTES];
    char id[36];                /* the entitlement's */
};
/* What was overtaken in staged and stale files, by file; the staged ones among these become stale, each with
 * an event, and so do those with funding in doubt. Inside a transaction. */
enum status ledger_overtake(struct ledger *ledger, enum state_by by, const struct ledger_doing *doing,
                            struct ledger_overtaken **overtaken, size_t *count, struct diag *diag) MUST_USE;

/* The same for one file, whatever its state; nothing moves. */
enum status ledger_overtaken_in(struct ledger *ledger, const struct ledger_file *file,
                                struct ledger_overtaken **overtaken, size_t *count, struct diag *diag) MUST_USE;

/* Why an obligation waits for the next plan; words for `list holds`. */
extern const char ledger_was_overtaken[];
extern const char ledger_was_withdrawn[];

/* Takes one entitlement's payments (ent 0: every person's) out of a file that is not live or is about to be
 * replaced; what a run decided is `run`. Funding of cash lists stays, but for a
 * new attempt of one, which waits as it failed. Inside a transaction. */
enum status ledger_take_out(struct ledger *ledger, const struct ledger_file *file, int64_t ent, const char *reason,
                            int64_t run, const char *at, struct diag *diag) MUST_USE;

struct ledger_members {
    uint64_t payments;
    int64_t amount_dong;
};
/* How many there are now, and their sum. */
enum status ledger_members(struct ledger *ledger, const struct ledger_file *file, struct ledger_members *members,
                           struct diag *diag) MUST_USE;

/* The funding of a unit's cash lists of one run is made equal to what the lists carry now, as long as its own
 * file has not left; a staged file whose funding changes becomes stale. Inside a transaction. */
enum status ledger_funding_follow(struct ledger *ledger, int64_t run, int unit, enum state_by by,
                                  const struct ledger_doing *doing, struct diag *diag) MUST_USE;

/* The funding of a staged cash list that is withdrawn or stale: its own file becomes stale, if it is still staged. */
enum status ledger_funding_stale(struct ledger *ledger, const struct ledger_file *list, enum state_by by,
                                 const struct ledger_doing *doing, struct diag *diag) MUST_USE;

/* Whether a file carries funding that a bank may have paid already, itself or what it tries again (an open double or
 * contradiction): it does not leave. */
enum status ledger_funding_in_doubt(struct ledger *ledger, const struct ledger_file *file, bool *doubtful,
                                    struct diag *diag) MUST_USE;

/* Funding whose file was withdrawn: the next plan of its unit sends it again, the same payment, unless a bank has said that
 * it was paid. At most `max`. */
struct ledger_funding_again {
    int64_t payment;            /* its row */
    month_t period;
    int64_t amount_dong;
};
enum status ledger_funding_withdrawn(struct ledger *ledger, int unit, struct ledger_funding_again *again, size_t max,
                                     size_t *count, struct diag *diag) MUST_USE;

/* In place of a file that is stale, rejected or voided: a planned generation `next` (msg_id, path, pay date,
 * created_at) with all members that are left, or none if none is left (next->batch.payments = 0). The stale
 * file is voided, the others are superseded where there is a next. Inside a transaction. */
enum status ledger_replace(struct ledger *ledger, const struct ledger_file *file, enum state_by by,
                           const struct ledger_doing *doing, struct ledger_file *next, struct diag *diag) MUST_USE;

/* Voided files whose payments nobody took up yet. */
enum status ledger_files_withdrawn(struct ledger *ledger, struct arena *arena, struct ledger_file **file,
                                   size_t *count, struct diag *diag) MUST_USE;
/* Stale files. */
enum status ledger_files_stale(struct ledger *ledger, struct arena *arena, struct ledger_file **file, size_t *count,
                               struct diag *diag) MUST_USE;
/* The payments of a voided file were taken up by a run. */
enum status ledger_file_taken_up(struct ledger *ledger, int64_t file, int64_t run, struct diag *diag) MUST_USE;

#endif
