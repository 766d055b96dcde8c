/*
 * audit_archive.c - what lies outside the ledger to testify: the journal of its acts, and the archive.
 */
#include "auditing.h"

#include "chitra/ledger_evidence.h"

#include <stdio.h>

/* ---- the journal ---- */

/* The last acts may be derived ones that no other act has followed yet: they are not written before. */
struct journal_gap {
    uint64_t missing;           /* acts without a file, since the last one that has its own */
    bool decided;               /* one of them is not derived */
    struct diag first;          /* what was said of the first */
};

static void gap_tell(struct auditing *to, struct journal_gap *gap)
{
    if (gap->missing > 0) {
        diag_found(&gap->first, "%llu acts without a file", (unsigned long long)gap->missing);
        fault_add(&to->faults, STATUS_NO_INPUT, &gap->first);
    }
    *gap = (struct journal_gap){ .missing = 0 };
}

static enum status act_check(struct auditing *to, const struct ledger_act *act, struct journal_gap *gap,
                             struct diag *diag)
{
    struct diag fault = { .line = 0 };
    enum status rc = ledger_journal_check(to->ledger, act, &fault);

    if (rc == STATUS_NO_INPUT) {
        if (gap->missing++ == 0) {
            gap->first = fault;
        }
        gap->decided = gap->decided || !act->derived;
        return STATUS_OK;
    }
    gap_tell(to, gap);
    return audit_result(to, rc, &fault, diag);
}

static enum status journal_check(struct auditing *to, struct diag *diag)
{
    struct ledger_acts *acts = NULL;
    struct ledger_act act;
    struct journal_gap gap = { .missing = 0 };
    struct diag fault = { .line = 0 };
    size_t count = 0;
    size_t extra = 0;
    bool more = true;

    enum status rc = ledger_acts_new(to->ledger, 1, &acts, diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_acts_next(acts, &act, &more, diag);
        if (rc == STATUS_OK && more) {
            count++;
            rc = act_check(to, &act, &gap, diag);
        }
    }
    ledger_acts_free(acts);
    if (rc == STATUS_OK && gap.decided) {
        gap_tell(to, &gap);
    }
    if (rc == STATUS_OK) {
        rc = ledger_journal_extra(to->ledger, count - gap.missing, &extra, diag);
    }
    if (rc == STATUS_OK && extra > 0) {
        (void)diag_fail(&fault, STATUS_CONFLICT, "acts that the ledger does not know");
        diag_at(&fault, "archive/journal", 0, 0);
        diag_found(&fault, "%zu more files than acts", extra);
        fault_add(&to->faults, STATUS_CONFLICT, &fault);
    }
    return rc;
}

/* ---- the archive ---- */

static void content_tell(void *context, enum status kind, const struct diag *fault)
{
    struct auditing *to = context;

    fault_add(&to->faults, kind, fault);
}

/* Whatever the ledger names by its digest must still be there. */
static enum status references_check(struct auditing *to, struct diag *diag)
{
    struct ledger_references *references = NULL;
    struct digest digest;
    char what[LEDGER_REFERENCE_BYTES];
    char hex[DIGEST_HEX_BYTES];
    bool more = true;

    enum status rc = ledger_references_new(to->ledger, &references, diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_references_next(references, &digest, what, &more, diag);
        if (rc == STATUS_OK && more && !archive_has(to->site, &digest)) {
            struct diag fault = { .line = 0 };
            digest_hex(&digest, hex);
            (void)diag_fail(&fault, STATUS_NO_INPUT, "the archive lacks %s", what);
            diag_at(&fault, "archive", 0, 0);
            diag_expected(&fault, "SHA-256 %s", hex);
            fault_add(&to->faults, STATUS_NO_INPUT, &fault);
        }
    }
    ledger_references_free(references);
    return rc;
}

enum status audit_archive(struct auditing *to, struct diag *diag)
{
    enum status rc = journal_check(to, diag);

    if (rc == STATUS_OK) {
        rc = archive_check(to->site, content_tell, to, &to->audited->archived, diag);
    }
    return rc == STATUS_OK ? references_check(to, diag) : rc;
}
