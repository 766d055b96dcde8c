/* close.c - closes the open breaks of a payment or a file, with the officer's event, in one transaction. */
#include "run/officer.h"

#include "chitra/ledger_answer.h"
#include "chitra/run_close.h"

static enum status close_store(const struct officer *officer, struct ledger *ledger, const char *id, const char *reason,
                               uint64_t *count, struct diag *diag)
{
    struct ledger_event event = { .kind = "break.closed", .subject = id, .unit = "", .who = officer->who, .why = reason,
                                  .at = officer->at };

    enum status rc = ledger_begin(ledger, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = ledger_breaks_close(ledger, id, &event, count, diag);
    if (rc == STATUS_OK && *count == 0) {
        rc = diag_fail(diag, STATUS_CONFLICT, "no break is open under this id");
        diag_found(diag, "%s", id);
        diag_hint(diag, "chitra list breaks --state open");
    }
    if (rc == STATUS_OK) {
        rc = officer_act(officer, &event, span_of(id), diag);
    }
    if (rc == STATUS_OK) {
        return ledger_commit(ledger, diag);
    }
    ledger_rollback(ledger);
    return rc;
}

enum status run_close(const struct site *site, struct ledger *ledger, const char *id, const struct close_options *options,
                      uint64_t *count, struct diag *diag)
{
    struct officer officer;

    *count = 0;
    enum status rc = officer_new(site, ledger, options->claim, ROLE_CERTIFIES, &officer, diag);
    if (rc == STATUS_OK) {
        rc = officer_check(&officer, 0, "", diag);
    }
    if (rc == STATUS_OK) {
        rc = close_store(&officer, ledger, id, options->reason, count, diag);
    }
    officer_release(&officer);
    return rc;
}
