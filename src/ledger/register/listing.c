/* listing.c - the lists of units that send everybody every month, and who was in the latest. */
#include "newcomer.h"

#include "chitra/ledger_listing.h"

#include <stdlib.h>

enum status ledger_listing_add(struct ledger *ledger, const struct ledger_listing *listing, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (int64_t unit = 1; unit <= LEDGER_UNITS_MAX && rc == STATUS_OK; unit++) {
        if ((listing->units >> unit & 1) != 0) {
            rc = db_run(ledger, diag,
                        "INSERT OR IGNORE INTO listing(period, unit, intake, run, approval, name, looked)"
                        " VALUES(?, ?, ?, ?, ?, ?, 0)", "iiiiiz", (int64_t)listing->period, unit, listing->intake,
                        listing->run, listing->approval, listing->name);
        }
    }
    return rc;
}

enum status ledger_listing_units(struct ledger *ledger, month_t period, uint64_t *units, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *units = 0;
    enum status rc = db_query(ledger, diag, &stmt, "SELECT DISTINCT unit FROM listing WHERE period = ?", "i",
                              (int64_t)period);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *units |= UINT64_C(1) << sqlite3_column_int(stmt, 0);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_listing_done(struct ledger *ledger, int64_t run, int64_t intake, struct diag *diag)
{
    return db_run(ledger, diag, "UPDATE listing SET looked = 1 WHERE run = ? AND intake = ?", "ii", run, intake);
}

/* The batch as a table, as new entitlements are (entries.c): one statement looks all of it up. */
enum status ledger_list_rows(struct ledger *ledger, int64_t intake, month_t through, const struct ledger_listed *row,
                             size_t count, struct diag *diag)
{
    struct entry *entry;

    /* Whose entitlement goes again, for its numbers, is not in the list. */
    enum status rc = newcomers_join(ledger, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    entry = mem_alloc(count + 1, sizeof(*entry));
    for (size_t i = 0; i < count; i++) {
        entry[i] = (struct entry){ .id = row[i].id, .unit = row[i].unit, .line = (int64_t)row[i].line };
    }
    ledger->entries = (struct bulk){ entry, count };
    rc = db_run(ledger, diag,
                            "INSERT INTO listed(ent, through) SELECT e.ent, ?2 FROM entries n CROSS JOIN entitlement e"
                            " ON e.id = n.id WHERE e.unit = n.unit"
                            " AND NOT EXISTS(SELECT 1 FROM reject r WHERE r.intake = ?1 AND r.line = n.line)"
                            " ON CONFLICT(ent) DO UPDATE SET through = excluded.through WHERE excluded.through > through",
                            "ii", intake, (int64_t)through);
    ledger->entries = (struct bulk){ NULL, 0 };
    free(entry);
    return rc;
}

enum status ledger_listed_through(struct ledger *ledger, int64_t ent, month_t *through, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT through FROM listed WHERE ent = ?", "i", ent);

    *through = MONTH_NONE;
    if (rc == STATUS_OK && stmt != NULL) {
        *through = sqlite3_column_int(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}
