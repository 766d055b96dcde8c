/*
 * run_audit.h - everything again: is the ledger what was approved and done, and does the site hold what it says?
 *
 * Layer: run. The audit reads; it changes nothing in the site. Each check leans on other witnesses than the
 * ledger's rows:
 *   - the chain of events, and the same acts in archive/journal/;
 *   - the whole ledger made anew from the first act on, in a scratch ledger: intake from the archive, amounts
 *     under the law of the time, plans, what officers and banks did; compared row by row;
 *   - signatures of approvals, officers and releases, as they were at their time;
 *   - every file that counts written again from the ledger, and every file of the site hashed;
 *   - both equations, from the intake to the statistics, and SQLite's own check.
 *
 * It sees the ledger of one moment. While a run goes on, what lies in the folders may be of another:
 * STATUS_BUSY, if the ledger changed meanwhile and something did not agree.
 *
 * Ownership: nothing of what is filled in. Errors: STATUS_NO_INPUT without a ledger; STATUS_LEDGER or STATUS_IO
 * where it cannot be read or the scratch ledger not be written. What does not agree is a fault and no error.
 */
#ifndef CHITRA_RUN_AUDIT_H
#define CHITRA_RUN_AUDIT_H

#include "chitra/run.h"

struct run_audit_options {
    const char *folder;         /* the site's, as the ledger is opened by */
    month_t period;             /* files and sums of its runs alone; MONTH_NONE: of all. The ledger is always whole */
    unsigned jobs;              /* threads; 0: as many as processors */
    /* Told of steps done, by any thread; may be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};

struct run_audited {
    uint64_t events;
    struct digest last;         /* hash of the last event: kept elsewhere, it shows later that nothing before it changed */
    uint64_t archived;          /* contents of the archive, hashed */
    uint64_t approvals;         /* signed lists, verified */
    uint64_t officers;          /* signatures of officers, verified */
    uint64_t releases;          /* signed lists of releases, verified */
    uint64_t files;             /* written again */
    uint64_t payments;          /* in them */
    uint64_t away;              /* released files that are not in the site any more */
};

/* STATUS_OK when the audit came to its end, whatever `faults` got. */
enum status run_audit(struct site *site, const struct run_audit_options *options, struct run_faults *faults,
                      struct run_audited *audited, struct diag *diag) MUST_USE;

#endif
