/*
 * auditing.h - an audit while it goes on, inside run/: audit.c takes the ledger's moment and shares the work,
 * audit_replay.c makes the ledger anew, audit_archive.c looks at journal and archive,
 * audit_sign.c verifies signatures, audit_files.c looks at what left the site,
 * audit_rewrite.c writes it again, audit_sums.c adds up.
 */
#ifndef CHITRA_RUN_AUDITING_H
#define CHITRA_RUN_AUDITING_H

#include "run/faults.h"

#include "chitra/ledger_file.h"
#include "chitra/ledger_journal.h"
#include "chitra/run_audit.h"

#include <stdatomic.h>

struct audit_steps {            /* shared by all tasks */
    _Atomic uint64_t done;
    uint64_t total;
};

struct auditing {               /* one task of the audit */
    struct site *site;
    const struct run_audit_options *options;
    struct ledger *ledger;      /* a reader of its own; all are of one moment */
    uint64_t events;            /* events of the chain, up to the first that does not fit */
    struct run_audited *audited;
    struct run_faults faults;
    struct audit_steps *steps;
};

/* A check came to its end, well or with a fault; what keeps the audit itself from going on is passed through. */
enum status audit_result(struct auditing *to, enum status rc, struct diag *fault, struct diag *diag) MUST_USE;
void audit_step(struct auditing *to, uint64_t steps);

/* Of the month that was asked for, or of all. */
bool audit_is_asked(const struct auditing *to, const struct ledger_file *file);

/* The tasks. STATUS_OK when they came to their end. */
enum status audit_replay(struct auditing *to, struct diag *diag) MUST_USE;
enum status audit_archive(struct auditing *to, struct diag *diag) MUST_USE;
enum status audit_signatures(struct auditing *to, struct diag *diag) MUST_USE;
enum status audit_files(struct auditing *to, struct diag *diag) MUST_USE;
enum status audit_rewrite(struct auditing *to, struct diag *diag) MUST_USE;
enum status audit_sums(struct auditing *to, struct diag *diag) MUST_USE;

#endif
