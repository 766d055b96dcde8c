/*
 * counted.c - what counts in a closed month although it is taken out of its file.
 *
 * What a month's statistics say was instructed stays once the month is closed (v_month). A payment that is taken
 * out of its file later leaves a row for each of its obligations: whoever carries these next does not count again.
 */
#include "counted.h"

#define KEEP "INSERT INTO counted(period, ent, comp, seq, batch, amount, version) "
/* What was kept once stays as it was: it did not count where it was taken up. */
#define ONCE " ON CONFLICT DO NOTHING"

static enum status is_closed(struct ledger *ledger, const struct ledger_file *file, bool *closed, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT closed FROM v_month WHERE run = ? AND unit = ?", "ii", file->run,
                              (int64_t)file->batch.unit);

    *closed = false;
    if (rc == STATUS_OK) {
        ASSERT(stmt != NULL);       /* its unit was planned */
        *closed = sqlite3_column_int(stmt, 0) != 0;
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status counted_keep_usual(struct ledger *ledger, const struct ledger_file *file, month_t period, int64_t first,
                               int64_t last, struct diag *diag)
{
    bool closed = false;
    enum status rc = is_closed(ledger, file, &closed, diag);

    return rc == STATUS_OK && closed
               ? db_run(ledger, diag,
                        KEEP "SELECT period, ent, comp, seq, batch, amount, version FROM obligation WHERE period = ?1"
                             " AND ent BETWEEN ?2 AND ?3 AND batch = ?4 AND payment IS NULL" ONCE, "iiii", (int64_t)period,
                        first, last, file->batch.batch)
               : rc;
}

/* New attempts and creditors' payments count nowhere. */
enum status counted_keep_own(struct ledger *ledger, const struct ledger_file *file, int64_t first, int64_t last,
                             struct diag *diag)
{
    bool closed = false;
    enum status rc = is_closed(ledger, file, &closed, diag);

    return rc == STATUS_OK && closed
               ? db_run(ledger, diag,
                        KEEP "SELECT o.period, o.ent, o.comp, o.seq, p.batch, iif(row_number() OVER (PARTITION BY p.payment"
                             " ORDER BY o.period, o.comp, o.seq) = 1, p.amount, NULL), p.version FROM payment p JOIN obligation o"
                             " ON o.payment = p.payment WHERE p.batch = ?1 AND p.ent BETWEEN ?2 AND ?3 AND p.purpose <> ?4" ONCE,
                        "iiii", file->batch.batch, first, last, (int64_t)COMPONENT_deduction)
               : rc;
}
