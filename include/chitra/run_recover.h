/*
 * run_recover.h - a ledger that was restored from a backup learns again what the site has done since.
 *
 * Layer: run. What the ledger lost is in archive/journal/, act by act (ledger_journal.h), and what those acts
 * worked on lies in the archive: intake, law, configuration. They are done again in their order, each to the
 * very same events or not at all; what was sent is then known as sent, and nothing can be paid twice. Nothing is
 * written, moved or signed but the ledger itself.
 *
 * Errors: STATUS_CONFLICT where an act ends in another result than recorded, or where outbox/ holds a release that
 * the journal does not know; what was done before it stays done, and the ledger refuses to be written all the same.
 */
#ifndef CHITRA_RUN_RECOVER_H
#define CHITRA_RUN_RECOVER_H

#include "chitra/run.h"

struct run_recover_options {
    const char *folder;         /* the site's, as the ledger is opened by */
    const char *who;            /* for the event */
    /* Told of acts done; may be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};

struct run_recovered {
    uint64_t events;            /* done again; 0: the ledger knew everything */
    int64_t first, last;        /* their numbers */
};

/* The site is open with SITE_WRITE. Files in outbox/ and cash/ that are not what the recovered ledger says are told
 * as faults. */
enum status run_recover(struct site *site, const struct run_recover_options *options, struct run_faults *faults,
                        struct run_recovered *recovered, struct diag *diag) MUST_USE;

#endif
