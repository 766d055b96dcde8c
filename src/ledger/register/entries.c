/* entries.c - new entitlements in bulk: the batch as a table, looked up and inserted in one statement each. */
#include "entry.h"

static void text_result(sqlite3_context *result, struct span text)
{
    if (text.size == 0) {
        sqlite3_result_null(result);
    } else {
        sqlite3_result_text(result, text.data, (int)text.size, SQLITE_STATIC);
    }
}

static void integer_result(sqlite3_context *result, int64_t value, int64_t none)
{
    if (value == none) {
        sqlite3_result_null(result);
    } else {
        sqlite3_result_int64(result, value);
    }
}

/* What differs from row to row. A new entry has no flags, no stamps of single fields, and version 1; the rest
 * is its source's. */
static void entry_column(const void *rows, size_t row, int column, sqlite3_context *result)
{
    const struct entry *entry = &((const struct entry *)rows)[row];

    switch (column) {
    case 0:
        sqlite3_result_int64(result, (int64_t)row);
        break;
    case 1:
        sqlite3_result_int64(result, entry->ent);
        break;
    case 2:
        text_result(result, entry->id);
        break;
    case 3:
        sqlite3_result_int64(result, entry->unit);
        break;
    case 4:
        sqlite3_result_int64(result, (int64_t)entry->person);
        break;
    case 5:
        sqlite3_result_int64(result, entry->benefit);
        break;
    case 6:
        sqlite3_result_int64(result, entry->base.approved_on);
        break;
    case 7:
        sqlite3_result_int64(result, entry->line);
        break;
    case 8:
        integer_result(result, entry->area, -1);
        break;
    case 9:
        integer_result(result, entry->commune, 0);
        break;
    case 10:
        sqlite3_result_int64(result, entry->channel);
        break;
    case 11:
        text_result(result, entry->bank);
        break;
    case 12:
        text_result(result, entry->account);
        break;
    case 13:
        sqlite3_result_text(result, entry->name.data, (int)entry->name.size, SQLITE_STATIC);
        break;
    case 14:
        text_result(result, entry->payee_name);
        break;
    case 15:
        integer_result(result, entry->authorised_until, DAY_NONE);
        break;
    case 16:
        integer_result(result, (int64_t)entry->deceased, 0);
        break;
    case 17:
        text_result(result, entry->programme);
        break;
    default:
        ASSERT(column == 18);
        sqlite3_result_blob(result, entry->facts.data, (int)entry->facts.size, SQLITE_STATIC);
        break;
    }
}

struct bulk_source bulk_entries(const struct bulk *entries)
{
    return (struct bulk_source){
        "entries",
        "CREATE TABLE entries(number, ent, id, unit, person, benefit, approved_on, line, area, commune, channel, bank,"
        " account, name, payee_name, authorised_until, deceased, programme, facts)", &entries->row, &entries->count, entry_column };
}

enum status entries_known(struct ledger *ledger, const struct entry *entry, size_t count, bool *known,
                          struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    memset(known, 0, count * sizeof(*known));
    ledger->entries = (struct bulk){ entry, count };
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT n.number FROM entries n CROSS JOIN entitlement e ON e.id = n.id", "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        known[sqlite3_column_int64(stmt, 0)] = true;
        rc = db_next(ledger, stmt, &more, diag);
    }
    ledger->entries = (struct bulk){ NULL, 0 };
    return rc;
}

/* Every column in the table's own order: SQLite then builds the row where it reads it, without copying a value. */
enum status entries_insert(struct ledger *ledger, const struct ledger_source *source, const struct entry *entry,
                           size_t count, struct diag *diag)
{
    ledger->entries = (struct bulk){ entry, count };
    enum status rc = db_run(ledger, diag,
                            "INSERT INTO entitlement(ent, id, flags, " ENTRY_COLUMNS ")"
                            " SELECT ent, id, 0, unit, person, benefit, 1, ?1, approved_on, approved_on, ?2, ?3, ?4, line,"
                            " area, commune, channel, bank, account, name, payee_name, authorised_until, deceased,"
                            " programme, NULL, facts FROM entries", "iiii", source->run, source->signed_at,
                            source->approval, source->intake);
    ledger->entries = (struct bulk){ NULL, 0 };
    return rc;
}
