/* claim.c - what people have to give back. */
#include "ledger/db.h"

#include "chitra/ledger_claim.h"

enum status ledger_receivables_of(struct ledger *ledger, int64_t ent, struct ledger_receivable *receivable, size_t max,
                                  size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT period, cause, amount, settled FROM receivable WHERE ent = ? ORDER BY period", "i",
                              ent);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        if (*count == max) {
            sqlite3_reset(stmt);
            return diag_fail(diag, STATUS_LIMIT, "one entitlement has more than %zu receivables", max);
        }
        receivable[(*count)++] = (struct ledger_receivable){
            .ent = ent, .period = sqlite3_column_int(stmt, 0),
            .cause = (enum receivable_cause)sqlite3_column_int(stmt, 1),
            .amount_dong = sqlite3_column_int64(stmt, 2), .settled_dong = sqlite3_column_int64(stmt, 3) };
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_receivables_store(struct ledger *ledger, int64_t run, const struct ledger_receivable *receivable,
                                     size_t count, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        const struct ledger_receivable *one = &receivable[i];
        ASSERT(one->settled_dong >= 0 && one->settled_dong <= one->amount_dong && one->cause < RECEIVABLE_CAUSES);
        rc = db_run(ledger, diag,
                    "INSERT INTO receivable(ent, period, cause, amount, settled, run) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
                    " ON CONFLICT DO UPDATE SET cause = excluded.cause, amount = excluded.amount,"
                    " settled = excluded.settled", "iiiiii", one->ent, (int64_t)one->period, (int64_t)one->cause,
                    one->amount_dong, one->settled_dong, run);
    }
    return rc;
}
