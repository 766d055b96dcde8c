/* guard.c - what must be asked before money moves: known releases, units left out. */
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
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT 1 FROM release WHERE name = ?1 AND (ended = 0 OR list = ?2)"
                              " UNION ALL SELECT 1 FROM errand WHERE name = ?1 AND (ended = 0 OR list = ?2)", "zd", name,
                              list);

    *known = rc == STATUS_OK && stmt != NULL;
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}
