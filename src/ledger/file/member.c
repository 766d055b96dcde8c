/*
 * member.c - payments out of a file, and a new generation for those that stay.
 *
 * A payment that is taken out is a held obligation again, without a batch; a payment with a row of its own
 * loses the row, since a row says which batch carries it. Its id is a digest of its obligations: `former` keeps
 * together what was one payment, so that it becomes the same one.
 */
#include "counted.h"
#include "ledger/register/entry.h"

#include "chitra/ledger_member.h"

#include <stdlib.h>

const char ledger_was_overtaken[] = "overtaken before its file left";
const char ledger_was_withdrawn[] = "its file was withdrawn";

/* What is left of a batch: usual payments of its home unit's months and one-offs, and rows of their own. */
#define USUAL_OF "o.period = ?1 AND o.ent BETWEEN ?2 AND ?3 AND o.batch = ?4 AND o.payment IS NULL"

/* The keys in which a batch's usual payments lie: as in instructions.c. */
struct reach {
    month_t period;
    int64_t once_from;
};

static enum status reach_of(struct ledger *ledger, const struct ledger_file *file, struct reach *reach,
                            struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT r.period, u.once_from FROM run_unit u JOIN run r USING(run)"
                              " WHERE u.run = ? AND u.unit = ?", "ii", file->run, (int64_t)file->batch.unit);

    if (rc == STATUS_OK && stmt == NULL) {
        return diag_fail(diag, STATUS_LEDGER, "the unit of %s is not planned", file->batch.msg_id);
    }
    if (rc == STATUS_OK) {
        *reach = (struct reach){ sqlite3_column_int(stmt, 0), sqlite3_column_int64(stmt, 1) };
        sqlite3_reset(stmt);
    }
    return rc;
}

/* What was taken back from such a payment is compared anew. */
static enum status touch_recoveries(struct ledger *ledger, int64_t first, int64_t last, struct diag *diag)
{
    return db_run(ledger, diag,
                  "INSERT OR IGNORE INTO touched(ent) SELECT ent FROM exception WHERE state IN (1, 5) AND comp = ?3"
                  " AND ent BETWEEN ?1 AND ?2", "iii", first, last, (int64_t)COMPONENT_recovery);
}

struct taking_out {
    const struct ledger_file *file;
    int64_t batch;
    const char *reason;
    int64_t run;
    const char *at;
};

/* Usual payments: their obligations alone. */
static enum status usual_out(struct ledger *ledger, const struct taking_out *out, month_t period, int64_t first,
                             int64_t last, struct diag *diag)
{
    enum status rc = counted_keep_usual(ledger, out->file, period, first, last, diag);

    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag,
                    "INSERT INTO exception(period, ent, comp, seq, state, reason, run, at, former)"
                    " SELECT o.period, o.ent, o.comp, o.seq, 1, ?5, ?6, ?7, '' FROM obligation o WHERE " USUAL_OF, "iiiiziz",
                    (int64_t)period, first, last, out->batch, out->reason, out->run, out->at);
    }
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag, "UPDATE obligation AS o SET batch = NULL WHERE " USUAL_OF, "iiii", (int64_t)period,
                    first, last, out->batch);
    }
    return rc;
}

/* New attempts: what they were to replace waits again as it failed, and the next plan tries it again if its cause is
 * still cured, under the same id. Its row goes; its id stays with what failed, since a bank may still speak of it. One
 * of the post's funding is nobody's (0). */
#define ATTEMPTS_OF "SELECT payment FROM payment WHERE batch = ?1 AND coalesce(ent, 0) BETWEEN ?2 AND ?3 AND attempt > 0"
#define PARENTS_OF "SELECT parent FROM payment WHERE batch = ?1 AND coalesce(ent, 0) BETWEEN ?2 AND ?3 AND attempt > 0"

static enum status attempts_out(struct ledger *ledger, int64_t batch, int64_t first, int64_t last, struct diag *diag)
{
    static const char *const sql[] = {
        "UPDATE payment SET state = d.state FROM dead d WHERE d.payment = payment.payment AND d.end_to_end_id IN (" PARENTS_OF ")",
        "UPDATE outcome SET state = d.state FROM dead d WHERE d.payment IS NULL AND d.period = outcome.period"
        " AND d.ent = outcome.ent AND d.comp = outcome.comp AND d.end_to_end_id IN (" PARENTS_OF ")",
        "UPDATE dead SET settled = 0, withdrawn = (SELECT p.end_to_end_id FROM payment p WHERE p.parent = dead.end_to_end_id)"
        " WHERE end_to_end_id IN (" PARENTS_OF ")",
        "DELETE FROM reissue WHERE payment IN (" ATTEMPTS_OF ")",
    };
    enum status rc = STATUS_OK;

    ASSERT(payment_may_become(PAYMENT_REISSUED, PAYMENT_REJECTED, BY_RUN));
    for (size_t i = 0; i < sizeof(sql) / sizeof(sql[0]) && rc == STATUS_OK; i++) {
        rc = db_run(ledger, diag, sql[i], "iii", batch, first, last);
    }
    return rc;
}

/* Payments with a row of their own. */
static enum status own_out(struct ledger *ledger, const struct taking_out *out, int64_t first, int64_t last,
                           struct diag *diag)
{
    enum status rc = counted_keep_own(ledger, out->file, first, last, diag);

    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag,
                    "INSERT INTO exception(period, ent, comp, seq, state, reason, run, at, former)"
                    " SELECT o.period, o.ent, o.comp, o.seq, 1, ?4, ?5, ?6, p.end_to_end_id FROM payment p"
                    " JOIN obligation o ON o.payment = p.payment WHERE p.batch = ?1 AND p.ent BETWEEN ?2 AND ?3", "iiiziz",
                    out->batch, first, last, out->reason, out->run, out->at);
    }
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag,
                    "UPDATE obligation SET batch = NULL, payment = NULL WHERE payment IN"
                    " (SELECT payment FROM payment WHERE batch = ?1 AND ent BETWEEN ?2 AND ?3)", "iii", out->batch, first,
                    last);
    }
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag,
                    "DELETE FROM payment WHERE batch = ?1 AND coalesce(ent, 0) BETWEEN ?2 AND ?3 AND (ent IS NOT NULL OR attempt > 0)",
                    "iii", out->batch, first, last);
    }
    return rc;
}

enum status ledger_take_out(struct ledger *ledger, const struct ledger_file *file, int64_t ent, const char *reason,
                            int64_t run, const char *at, struct diag *diag)
{
    struct taking_out out = { file, file->batch.batch, reason, run, at };
    int unit = file->batch.unit;
    struct reach reach;

    enum status rc = reach_of(ledger, file, &reach, diag);
    if (rc == STATUS_OK && ent == 0) {
        rc = usual_out(ledger, &out, reach.period, ent_monthly(unit, 0), ent_monthly(unit + 1, 0) - 1, diag);
        if (rc == STATUS_OK) {
            rc = usual_out(ledger, &out, MONTH_ONCE, reach.once_from, ent_once(unit + 1, 0) - 1, diag);
        }
    } else if (rc == STATUS_OK) {
        rc = usual_out(ledger, &out, (ent & ENT_ONCE) != 0 ? MONTH_ONCE : reach.period, ent, ent, diag);
    }
    if (rc == STATUS_OK) {
        rc = attempts_out(ledger, out.batch, ent, ent == 0 ? INT64_MAX : ent, diag);
    }
    if (rc == STATUS_OK) {
        rc = own_out(ledger, &out, ent, ent == 0 ? INT64_MAX : ent, diag);
    }
    if (rc == STATUS_OK) {
        rc = touch_recoveries(ledger, ent == 0 ? 1 : ent, ent == 0 ? INT64_MAX : ent, diag);
    }
    return rc;
}

/* ---- what is left ---- */

/* Adds one row of count and sum. */
static enum status sum_add(sqlite3_stmt *stmt, struct ledger_members *members, struct diag *diag)
{
    ASSERT(stmt != NULL);
    bool fits = money_add(members->amount_dong, sqlite3_column_int64(stmt, 1), &members->amount_dong);

    members->payments += (uint64_t)sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return fits ? STATUS_OK : diag_fail(diag, STATUS_LIMIT, "the sum of a file overflows");
}

static enum status usual_sum(struct ledger *ledger, int64_t batch, month_t period, int64_t first, int64_t last,
                             struct ledger_members *members, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT count(*), coalesce(sum(o.amount), 0) FROM obligation o WHERE " USUAL_OF, "iiii",
                              (int64_t)period, first, last, batch);
    return rc == STATUS_OK ? sum_add(stmt, members, diag) : rc;
}

enum status ledger_members(struct ledger *ledger, const struct ledger_file *file, struct ledger_members *members,
                           struct diag *diag)
{
    sqlite3_stmt *stmt;
    int unit = file->batch.unit;
    int64_t batch = file->batch.batch;
    struct reach reach;

    *members = (struct ledger_members){ 0, 0 };
    enum status rc = reach_of(ledger, file, &reach, diag);
    if (rc == STATUS_OK) {
        rc = usual_sum(ledger, batch, reach.period, ent_monthly(unit, 0), ent_monthly(unit + 1, 0) - 1, members, diag);
    }
    if (rc == STATUS_OK) {
        rc = usual_sum(ledger, batch, MONTH_ONCE, reach.once_from, ent_once(unit + 1, 0) - 1, members, diag);
    }
    if (rc == STATUS_OK) {
        rc = db_first(ledger, diag, &stmt, "SELECT count(*), coalesce(sum(amount), 0) FROM payment WHERE batch = ?", "i",
                      batch);
        rc = rc == STATUS_OK ? sum_add(stmt, members, diag) : rc;
    }
    return rc;
}
