/* gauge.c - a few numbers that say how things stand, for whoever watches machines. */
#include "ledger/db.h"

#include "chitra/ledger_query.h"

static enum status at_read(struct ledger *ledger, const char *sql, char at[SYS_TIME_BYTES], struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, sql, "");

    at[0] = '\0';
    if (rc == STATUS_OK && stmt != NULL) {
        db_copy(stmt, 0, at, SYS_TIME_BYTES);
        sqlite3_reset(stmt);
    }
    return rc;
}

static enum status files_read(struct ledger *ledger, struct ledger_gauges *gauges, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    enum status rc = db_query(ledger, diag, &stmt, "SELECT state, count(*) FROM file GROUP BY state", "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        int state = sqlite3_column_int(stmt, 0);
        ASSERT(state >= 0 && state < FILE_STATES);
        gauges->files[state] = (uint64_t)sqlite3_column_int64(stmt, 1);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_gauges_get(struct ledger *ledger, struct ledger_gauges *gauges, struct diag *diag)
{
    sqlite3_stmt *stmt;

    *gauges = (struct ledger_gauges){ .run = 0 };
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT count(*), coalesce(sum(o.amount), 0) FROM exception x JOIN obligation o"
                              " USING(period, ent, comp, seq) WHERE x.state = 1", "");
    if (rc == STATUS_OK) {
        ASSERT(stmt != NULL);
        gauges->held = (uint64_t)sqlite3_column_int64(stmt, 0);
        gauges->held_dong = sqlite3_column_int64(stmt, 1);
        sqlite3_reset(stmt);
        rc = db_first(ledger, diag, &stmt, "SELECT coalesce(max(run), 0) FROM run WHERE state = ?", "i", (int64_t)RUN_COMPLETE);
    }
    if (rc == STATUS_OK) {
        ASSERT(stmt != NULL);
        gauges->run = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
        rc = files_read(ledger, gauges, diag);
    }
    if (rc == STATUS_OK) {
        rc = db_first(ledger, diag, &stmt,
                      "SELECT (SELECT count(*) FROM break WHERE closed_at IS NULL), (SELECT count(*) FROM dead WHERE settled = 0)", "");
    }
    if (rc == STATUS_OK) {
        ASSERT(stmt != NULL);
        gauges->breaks = (uint64_t)sqlite3_column_int64(stmt, 0);
        gauges->failed = (uint64_t)sqlite3_column_int64(stmt, 1);
        sqlite3_reset(stmt);
        rc = at_read(ledger, "SELECT at FROM release WHERE ended = 1 ORDER BY at DESC LIMIT 1", gauges->released_at, diag);
    }
    return rc == STATUS_OK ? at_read(ledger, "SELECT at FROM answer ORDER BY at DESC LIMIT 1", gauges->answered_at, diag) : rc;
}
