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

static int64_t entry_integer(const struct entry *entry, int column)
{
    switch (column) {
    case 3:
        return entry->unit;
    case 4:
        return (int64_t)entry->person;
    case 5:
        return entry->benefit;
    case 6:
        return entry->version;
    case 7:
        return entry->since_run;
    case 8:
        return entry->first_approved_on;
    case 9:
        return entry->base.approved_on;
    case 10:
        return entry->base.signed_at;
    case 11:
        return entry->base.approval;
    case 12:
        return entry->intake;
    default:
        return entry->line;
    }
}

/* The columns in the order of ENTRY_COLUMNS, after the row's number, ent and id. A new entry has no
 * flags, no stamps of single fields, and version 1. */
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
        sqlite3_result_text(result, entry->id.data, (int)entry->id.size, SQLITE_STATIC);
        break;
    case 14:
        integer_result(result, entry->area, -1);
        break;
    case 15:
        integer_result(result, entry->commune, 0);
        break;
    case 16:
        sqlite3_result_int64(result, entry->channel);
        break;
    case 17:
        text_result(result, entry->bank);
        break;
    case 18:
        text_result(result, entry->account);
        break;
    case 19:
        sqlite3_result_text(result, entry->name.data, (int)entry->name.size, SQLITE_STATIC);
        break;
    case 20:
        text_result(result, entry->payee_name);
        break;
    case 21:
        integer_result(result, entry->authorised_until, DAY_NONE);
        break;
    case 22:
        integer_result(result, (int64_t)entry->deceased, 0);
        break;
    case 23:
        text_result(result, entry->programme);
        break;
    case 24:
        sqlite3_result_blob(result, entry->facts.data, (int)entry->facts.size, SQLITE_STATIC);
        break;
    default:
        ASSERT(column >= 3 && column <= 13);
        sqlite3_result_int64(result, entry_integer(entry, column));
        break;
    }
}

struct bulk_source bulk_entries(const struct bulk *entries)
{
    return (struct bulk_source){
        "entries",
        "CREATE TABLE entries(number, ent, id, unit, person, benefit, version, since_run, first_approved_on, approved_on,"
        " signed_at, approval, intake, line, area, commune, channel, bank, account, name, payee_name, authorised_until,"
        " deceased, programme, facts)", &entries->row, &entries->count, entry_column };
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

enum status entries_insert(struct ledger *ledger, const struct entry *entry, size_t count, struct diag *diag)
{
    ledger->entries = (struct bulk){ entry, count };
    enum status rc = db_run(ledger, diag,
                            "INSERT INTO entitlement(ent, id, flags, unit, person, benefit, version, since_run,"
                            " first_approved_on, approved_on, signed_at, approval, intake, line, area, commune, channel, bank, account,"
                            " name, payee_name, authorised_until, deceased, programme, facts)"
                            " SELECT ent, id, 0, unit, person, benefit, version, since_run, first_approved_on, approved_on, signed_at,"
                            " approval, intake, line, area, commune, channel, bank, account, name, payee_name,"
                            " authorised_until, deceased, programme, facts FROM entries", "");
    ledger->entries = (struct bulk){ NULL, 0 };
    return rc;
}
