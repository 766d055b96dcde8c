/*
 * ledger_evidence.h - what an audit asks of the ledger: what it names by digest, who approved, whether its
 * tables agree with each other.
 *
 * Layer: ledger. Ownership: lists go to free(3). Errors: STATUS_LEDGER.
 */
#ifndef CHITRA_LEDGER_EVIDENCE_H
#define CHITRA_LEDGER_EVIDENCE_H

#include "chitra/ledger_file.h"
#include "chitra/ledger_journal.h"

/* Every content that must lie in the archive, with what it is, for people. Approvals move there once all their files
 * are taken: ledger_approvals. */
enum { LEDGER_REFERENCE_BYTES = 300 };
struct ledger_references;
enum status ledger_references_new(struct ledger *ledger, struct ledger_references **references, struct diag *diag) MUST_USE;
enum status ledger_references_next(struct ledger_references *references, struct digest *digest,
                                   char what[LEDGER_REFERENCE_BYTES], bool *more, struct diag *diag) MUST_USE;
void ledger_references_free(struct ledger_references *references);

/* The approvals, with the run that took each; and the intake files of each. */
struct ledger_approved_list {
    struct ledger_approval approval;
    int64_t number;
    int64_t run;
};
enum status ledger_approvals(struct ledger *ledger, struct ledger_approved_list **list, size_t *count,
                             struct diag *diag) MUST_USE;

/* The certificates that signed the site's files. */
enum status ledger_certificates(struct ledger *ledger, struct digest **fingerprint, size_t *count, struct diag *diag) MUST_USE;

/* What the files carry to people for the first time, by the month in which it counts (ledger_paid_new); funding,
 * creditors' payments and new attempts count in none. Freed by the caller. */
struct ledger_month_sum {
    month_t month;
    int64_t amount_dong;
};
enum status ledger_month_sums(struct ledger *ledger, struct ledger_month_sum **sum, size_t *count, struct diag *diag) MUST_USE;

/* The release, or what was done to one later, of this name, whose signed list is this one: STATUS_CONFLICT if it is
 * another, STATUS_NO_INPUT if there is no such release. */
enum status ledger_release_of_list(struct ledger *ledger, const char *name, const struct digest *list,
                                   struct ledger_release *release, struct diag *diag) MUST_USE;

/* SQLite's integrity_check, and rules between tables. What is wrong is told. */
enum status ledger_consistency(struct ledger *ledger, ledger_difference *tell, void *context, struct diag *diag) MUST_USE;

#endif
