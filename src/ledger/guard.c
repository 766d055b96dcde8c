/* guard.c - what must be asked before money moves: known releases, overtaken files, units left out. */
#include "db.h"

#include "chitra/ledger_file.h"

enum status ledger_unit_codes(struct ledger *ledger, char code[LEDGER_UNITS_MAX][UNIT_CODE_BYTES], size_t *count,
                              struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT code FROM unit WHERE monthly_next > 1 OR once_next > 1 ORDER BY code", "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        ASSERT(*count < LEDGER_UNITS_MAX);      /* the table's own CHECK */
        db_copy(stmt, 0, code[(*count)++], UNIT_CODE_BYTES);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_release_known(struct ledger *ledger, const char *name, const struct digest *list, bool *known,
                                 struct diag *diag)
{
    sqlite3_stmt *stmt;
    /* A list without its end in the ledger is one that a crash cut off: it is finished as it was begun. */
    enum status rc = db_first(ledger, diag, &stmt, "SELECT 1 FROM release WHERE name = ? AND (ended = 0 OR list = ?)",
                              "zd", name, list);

    *known = rc == STATUS_OK && stmt != NULL;
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}

/* Of entitlements that have stops (flag 1), those that came in with a later run than the file's. */
enum status ledger_overtaken(struct ledger *ledger, int64_t run, struct ledger_overtaken *overtaken, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "WITH staged AS (SELECT f.msg_id, f.batch FROM file f JOIN batch b USING(batch)"
                              " WHERE b.run = ?1 AND f.state = 1),"
                              " carried AS (SELECT o.batch, o.ent, o.version FROM run r JOIN obligation o"
                              " ON o.period IN (r.period, 0) WHERE r.run = ?1 AND o.batch IN (SELECT batch FROM staged)"
                              " UNION ALL SELECT p.batch, p.ent, p.version FROM staged JOIN payment p USING(batch))"
                              " SELECT staged.msg_id, e.id FROM carried c JOIN entitlement e ON e.ent = c.ent"
                              " JOIN staged ON staged.batch = c.batch WHERE c.version <> e.version OR (e.flags & 1"
                              " AND EXISTS (SELECT 1 FROM stop s JOIN intake i ON i.intake = s.intake"
                              " WHERE s.person = e.person AND (s.ent IS NULL OR s.ent = e.ent) AND i.run > ?1)) LIMIT 1",
                              "i", run);

    *overtaken = (struct ledger_overtaken){ .msg_id = "" };
    if (rc == STATUS_OK && stmt != NULL) {
        db_copy(stmt, 0, overtaken->msg_id, sizeof(overtaken->msg_id));
        db_copy(stmt, 1, overtaken->id, sizeof(overtaken->id));
        sqlite3_reset(stmt);
    }
    return rc;
}
