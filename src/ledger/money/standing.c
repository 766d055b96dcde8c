/*
 * standing.c - over all files that count, every obligation stands exactly once.
 *
 * At most once is the database's own doing: an obligation names one batch or one payment, a payment one batch, a batch
 * has one generation that counts. That none is missing, and that a file carries what it says, is counted here, in one
 * pass over the obligations.
 */
#include "funding.h"
#include "ledger/register/entry.h"

#include "chitra/ledger_standing.h"

#include <stdlib.h>

struct carried {                /* by a batch, as its members say */
    uint64_t payments;
    int64_t amount_dong;
};

struct standing {
    struct ledger *ledger;
    int64_t run;
    struct carried *carried;    /* by number, from `first` on */
    int64_t first;
    size_t count;
    ledger_difference *tell;
    void *context;
    struct diag *diag;
};

static enum status batches_make(struct standing *standing)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(standing->ledger, standing->diag, &stmt,
                              "SELECT coalesce(min(batch), 0), coalesce(max(batch), -1) FROM batch WHERE ?1 = 0 OR run = ?1",
                              "i", standing->run);

    if (rc == STATUS_OK) {
        standing->first = sqlite3_column_int64(stmt, 0);
        standing->count = (size_t)(sqlite3_column_int64(stmt, 1) - standing->first + 1);
        standing->carried = mem_alloc(standing->count + 1, sizeof(*standing->carried));
        sqlite3_reset(stmt);
    }
    return rc;
}

/* Rows of batch and amount. Batches of other runs between the first and the last are none of ours. */
static enum status carried_add(struct standing *standing, sqlite3_stmt *stmt)
{
    bool more = false;
    enum status rc = db_next(standing->ledger, stmt, &more, standing->diag);

    while (rc == STATUS_OK && more) {
        int64_t batch = sqlite3_column_int64(stmt, 0);
        if (batch >= standing->first && batch - standing->first < (int64_t)standing->count) {
            struct carried *carried = &standing->carried[batch - standing->first];
            carried->payments++;
            if (!money_add(carried->amount_dong, sqlite3_column_int64(stmt, 1), &carried->amount_dong)) {
                sqlite3_reset(stmt);
                return diag_fail(standing->diag, STATUS_LIMIT, "the sum of a file overflows");
            }
        }
        rc = db_next(standing->ledger, stmt, &more, standing->diag);
    }
    return rc;
}

/* Usual payments lie in their home unit's months and one-offs; the run says which. */
static enum status usual_add(struct standing *standing)
{
    sqlite3_stmt *stmt;
    enum status rc;

    if (standing->run == 0) {
        rc = db_query(standing->ledger, standing->diag, &stmt,
                      "SELECT batch, amount FROM obligation WHERE batch IS NOT NULL AND payment IS NULL", "");
    } else {
        rc = db_query(standing->ledger, standing->diag, &stmt,
                      "SELECT o.batch, o.amount FROM run_unit u JOIN run r USING(run) CROSS JOIN obligation o"
                      " ON o.period = r.period AND o.ent BETWEEN u.unit << ?2 AND ((u.unit + 1) << ?2) - 1"
                      " WHERE u.run = ?1 AND o.batch BETWEEN u.batch_first AND u.batch_last AND o.payment IS NULL"
                      " UNION ALL SELECT o.batch, o.amount FROM run_unit u CROSS JOIN obligation o"
                      " ON o.period = 0 AND o.ent BETWEEN u.once_from AND (?3 | ((u.unit + 1) << ?4)) - 1"
                      " WHERE u.run = ?1 AND o.batch BETWEEN u.batch_first AND u.batch_last AND o.payment IS NULL", "iiii",
                      standing->run, (int64_t)ENT_NUMBER_BITS, ENT_ONCE, (int64_t)ENT_ONCE_BITS);
    }
    return rc == STATUS_OK ? carried_add(standing, stmt) : rc;
}

/* Funding that waits in a withdrawn file for an officer's word is in no file that counts. */
static enum status own_add(struct standing *standing)
{
    sqlite3_stmt *stmt;
    enum status rc = db_query(standing->ledger, standing->diag, &stmt,
                              "SELECT p.batch, p.amount FROM payment p WHERE p.batch BETWEEN ?1 AND ?2 AND NOT"
                              " (p.ent IS NULL AND " FUNDING_IN_DOUBT " AND ?3 = (SELECT f.state FROM file f"
                              " WHERE f.batch = p.batch ORDER BY f.generation DESC LIMIT 1))", "iii", standing->first,
                              standing->first + (int64_t)standing->count - 1, (int64_t)FILE_VOIDED);

    return rc == STATUS_OK ? carried_add(standing, stmt) : rc;
}

/* What a batch carries against its last generation. */
static void file_check(struct standing *standing, sqlite3_stmt *stmt)
{
    const struct carried *carried = &standing->carried[sqlite3_column_int64(stmt, 0) - standing->first];
    enum file_state state = (enum file_state)sqlite3_column_int(stmt, 2);
    uint64_t payments = (uint64_t)sqlite3_column_int64(stmt, 3);
    int64_t amount_dong = sqlite3_column_int64(stmt, 4);
    bool emptied = state == FILE_SUPERSEDED || sqlite3_column_type(stmt, 5) != SQLITE_NULL;
    bool waiting = state == FILE_STALE || state == FILE_REJECTED || state == FILE_VOIDED;
    struct span msg_id = db_text(stmt, 1);
    struct diag fault = { .line = 0 };

    if (emptied && carried->payments > 0) {
        (void)diag_fail(&fault, STATUS_CONFLICT, "payments stand in a file that is withdrawn, and nowhere else");
    } else if (!emptied && (waiting ? carried->payments > payments
                                    : carried->payments != payments || carried->amount_dong != amount_dong)) {
        (void)diag_fail(&fault, STATUS_CONFLICT, "a file does not carry what the ledger's payments add up to");
    } else {
        return;
    }
    diag_at(&fault, "state/ledger.db", 0, 0);
    diag_found(&fault, "%.*s: %llu payments, %lld dong", (int)msg_id.size, msg_id.data,
               (unsigned long long)carried->payments, (long long)carried->amount_dong);
    diag_expected(&fault, "%llu payments, %lld dong", (unsigned long long)(emptied ? 0 : payments),
                  (long long)(emptied ? 0 : amount_dong));
    standing->tell(standing->context, &fault);
}

static enum status files_check(struct standing *standing)
{
    sqlite3_stmt *stmt;
    bool more = false;
    enum status rc = db_query(standing->ledger, standing->diag, &stmt,
                              "SELECT f.batch, f.msg_id, f.state, f.payments, f.amount, f.taken_up FROM file f"
                              " JOIN batch b USING(batch) WHERE (?1 = 0 OR b.run = ?1) AND f.generation ="
                              " (SELECT max(g.generation) FROM file g WHERE g.batch = f.batch) ORDER BY f.file", "i",
                              standing->run);

    if (rc == STATUS_OK) {
        rc = db_next(standing->ledger, stmt, &more, standing->diag);
    }
    while (rc == STATUS_OK && more) {
        file_check(standing, stmt);
        rc = db_next(standing->ledger, stmt, &more, standing->diag);
    }
    return rc;
}

enum status ledger_standing(struct ledger *ledger, int64_t run, ledger_difference *tell, void *context,
                            struct diag *diag)
{
    struct standing standing = { .ledger = ledger, .run = run, .tell = tell, .context = context, .diag = diag };

    enum status rc = batches_make(&standing);
    if (rc == STATUS_OK) {
        rc = usual_add(&standing);
    }
    if (rc == STATUS_OK) {
        rc = own_add(&standing);
    }
    if (rc == STATUS_OK) {
        rc = files_check(&standing);
    }
    free(standing.carried);
    return rc;
}
