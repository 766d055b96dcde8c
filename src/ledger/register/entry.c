/* entry.c - one row of the register: read, bound, compared, replaced. */
#include "entry.h"

static int64_t column_or(sqlite3_stmt *stmt, int column, int64_t otherwise)
{
    return sqlite3_column_type(stmt, column) == SQLITE_NULL ? otherwise : sqlite3_column_int64(stmt, column);
}

static void stamps_read(sqlite3_stmt *stmt, int column, struct entry *entry)
{
    struct span packed = db_text(stmt, column);
    int64_t value[STAMPS_INTEGERS];

    entry->corrected = packed.size == sizeof(value);
    if (!entry->corrected) {
        return;
    }
    memcpy(value, packed.data, sizeof(value));
    for (int i = 0; i < PAYEE_FIELDS; i++) {
        entry->field[i] = (struct stamp){ value[3 * i], value[3 * i + 1], value[3 * i + 2] };
    }
}

void entry_read(sqlite3_stmt *stmt, struct entry *entry)
{
    entry->ent = sqlite3_column_int64(stmt, 0);
    entry->id = db_text(stmt, 1);
    entry->flags = sqlite3_column_int64(stmt, 2);
    entry->unit = sqlite3_column_int64(stmt, 3);
    entry->person = (uint64_t)sqlite3_column_int64(stmt, 4);
    entry->benefit = (enum benefit)sqlite3_column_int(stmt, 5);
    entry->version = sqlite3_column_int64(stmt, 6);
    entry->since_run = sqlite3_column_int64(stmt, 7);
    entry->first_approved_on = sqlite3_column_int64(stmt, 8);
    entry->base = (struct stamp){ sqlite3_column_int64(stmt, 9), sqlite3_column_int64(stmt, 10),
                                  sqlite3_column_int64(stmt, 11) };
    entry->intake = sqlite3_column_int64(stmt, 12);
    entry->line = sqlite3_column_int64(stmt, 13);
    entry->area = column_or(stmt, 14, -1);
    entry->commune = sqlite3_column_int64(stmt, 15);
    entry->channel = sqlite3_column_int64(stmt, 16);
    entry->bank = db_text(stmt, 17);
    entry->account = db_text(stmt, 18);
    entry->name = db_text(stmt, 19);
    entry->payee_name = db_text(stmt, 20);
    entry->authorised_until = column_or(stmt, 21, DAY_NONE);
    entry->deceased = (uint64_t)sqlite3_column_int64(stmt, 22);
    entry->programme = db_text(stmt, 23);
    stamps_read(stmt, 24, entry);
    entry->facts = db_text(stmt, 25);
}

void entry_copy(sqlite3_stmt *stmt, struct arena *arena, struct entry *entry)
{
    entry_read(stmt, entry);
    struct span *const spans[] = { &entry->id, &entry->bank, &entry->account, &entry->name,
                                   &entry->payee_name, &entry->programme, &entry->facts };
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        *spans[i] = arena_copy(arena, *spans[i]);
    }
}

static int bind_or_null(sqlite3_stmt *stmt, int index, int64_t value, int64_t none)
{
    return value == none ? sqlite3_bind_null(stmt, index) : sqlite3_bind_int64(stmt, index, value);
}

static int bind_text(sqlite3_stmt *stmt, int index, struct span text)
{
    return text.size == 0 ? sqlite3_bind_null(stmt, index)
                          : sqlite3_bind_text(stmt, index, text.data, (int)text.size, SQLITE_STATIC);
}

static int bind_stamps(sqlite3_stmt *stmt, int index, const struct entry *entry, int64_t value[STAMPS_INTEGERS])
{
    if (!entry->corrected) {
        return sqlite3_bind_null(stmt, index);
    }
    for (int i = 0; i < PAYEE_FIELDS; i++) {
        value[3 * i] = entry->field[i].approved_on;
        value[3 * i + 1] = entry->field[i].signed_at;
        value[3 * i + 2] = entry->field[i].approval;
    }
    return sqlite3_bind_blob(stmt, index, value, STAMPS_INTEGERS * sizeof(*value), SQLITE_STATIC);
}

void entry_bind(sqlite3_stmt *stmt, const struct entry *entry, int64_t stamps[STAMPS_INTEGERS])
{
    int rc = bind_or_null(stmt, 1, entry->ent, 0);

    rc |= sqlite3_bind_text(stmt, 2, entry->id.data, (int)entry->id.size, SQLITE_STATIC);
    rc |= sqlite3_bind_int64(stmt, 3, entry->flags);
    rc |= sqlite3_bind_int64(stmt, 4, entry->unit);
    rc |= sqlite3_bind_int64(stmt, 5, (int64_t)entry->person);
    rc |= sqlite3_bind_int(stmt, 6, (int)entry->benefit);
    rc |= sqlite3_bind_int64(stmt, 7, entry->version);
    rc |= sqlite3_bind_int64(stmt, 8, entry->since_run);
    rc |= sqlite3_bind_int64(stmt, 9, entry->first_approved_on);
    rc |= sqlite3_bind_int64(stmt, 10, entry->base.approved_on);
    rc |= sqlite3_bind_int64(stmt, 11, entry->base.signed_at);
    rc |= sqlite3_bind_int64(stmt, 12, entry->base.approval);
    rc |= sqlite3_bind_int64(stmt, 13, entry->intake);
    rc |= sqlite3_bind_int64(stmt, 14, entry->line);
    rc |= bind_or_null(stmt, 15, entry->area, -1);
    rc |= bind_or_null(stmt, 16, entry->commune, 0);
    rc |= sqlite3_bind_int64(stmt, 17, entry->channel);
    rc |= bind_text(stmt, 18, entry->bank);
    rc |= bind_text(stmt, 19, entry->account);
    rc |= sqlite3_bind_text(stmt, 20, entry->name.data, (int)entry->name.size, SQLITE_STATIC);
    rc |= bind_text(stmt, 21, entry->payee_name);
    rc |= bind_or_null(stmt, 22, entry->authorised_until, DAY_NONE);
    rc |= bind_or_null(stmt, 23, (int64_t)entry->deceased, 0);
    rc |= bind_text(stmt, 24, entry->programme);
    rc |= bind_stamps(stmt, 25, entry, stamps);
    rc |= sqlite3_bind_blob(stmt, 26, entry->facts.data, (int)entry->facts.size, SQLITE_STATIC);
    ASSERT(rc == SQLITE_OK);
}

static enum status entry_take(enum status rc, sqlite3_stmt *stmt, struct arena *arena, struct entry *entry, bool *found)
{
    *found = rc == STATUS_OK && stmt != NULL;
    if (*found) {
        entry_copy(stmt, arena, entry);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status entry_by_id(struct ledger *ledger, struct span id, struct arena *arena, struct entry *entry, bool *found,
                        struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT ent, id, flags, " ENTRY_COLUMNS " FROM entitlement WHERE id = ?", "t", &id);
    return entry_take(rc, stmt, arena, entry, found);
}

enum status entry_by_key(struct ledger *ledger, int64_t ent, struct arena *arena, struct entry *entry, bool *found,
                         struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT ent, id, flags, " ENTRY_COLUMNS " FROM entitlement WHERE ent = ?", "i", ent);
    return entry_take(rc, stmt, arena, entry, found);
}

enum status entry_replace(struct ledger *ledger, const struct entry *old, struct entry *new, struct diag *diag)
{
    sqlite3_stmt *stmt;
    int64_t stamps[STAMPS_INTEGERS];
    bool more;

    enum status rc = db_run(ledger, diag,
                            "INSERT INTO entitlement_version(ent, " ENTRY_COLUMNS ")"
                            " SELECT ent, " ENTRY_COLUMNS " FROM entitlement WHERE ent = ?", "i", old->ent);
    if (rc == STATUS_OK) {
        rc = db_prepare(ledger,
                        "UPDATE entitlement SET (id, flags, " ENTRY_COLUMNS ") = (?2, ?3, " ENTRY_PARAMETERS ")"
                        " WHERE ent = ?1", &stmt, diag);
    }
    if (rc == STATUS_OK) {
        new->version = old->version + 1;
        entry_bind(stmt, new, stamps);
        rc = db_next(ledger, stmt, &more, diag);
    }
    if (rc == STATUS_OK) {
        rc = entry_touch(ledger, old->ent, diag);
    }
    return rc;
}

enum status entry_restamp(struct ledger *ledger, const struct entry *new, struct diag *diag)
{
    sqlite3_stmt *stmt;
    int64_t stamps[STAMPS_INTEGERS];
    bool more;

    enum status rc = db_prepare(ledger,
                                "UPDATE entitlement SET approved_on = ?2, signed_at = ?3, approval = ?4, stamps = ?5"
                                " WHERE ent = ?1", &stmt, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    int bound = sqlite3_bind_int64(stmt, 1, new->ent);
    bound |= sqlite3_bind_int64(stmt, 2, new->base.approved_on);
    bound |= sqlite3_bind_int64(stmt, 3, new->base.signed_at);
    bound |= sqlite3_bind_int64(stmt, 4, new->base.approval);
    bound |= bind_stamps(stmt, 5, new, stamps);
    ASSERT(bound == SQLITE_OK);
    return db_next(ledger, stmt, &more, diag);
}

enum status entry_touch(struct ledger *ledger, int64_t ent, struct diag *diag)
{
    return db_run(ledger, diag, "INSERT OR IGNORE INTO touched(ent) VALUES(?)", "i", ent);
}

enum status ledger_touch(struct ledger *ledger, int64_t ent, struct diag *diag)
{
    return entry_touch(ledger, ent, diag);
}

enum status entry_flag(struct ledger *ledger, int64_t ent, int flag, struct diag *diag)
{
    return db_run(ledger, diag, "UPDATE entitlement SET flags = flags | ?2 WHERE ent = ?1", "ii", ent, (int64_t)flag);
}

static enum status approval_list(struct ledger *ledger, int64_t approval, struct digest *list, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT list FROM approval WHERE approval = ?", "i", approval);

    memset(list, 0, sizeof(*list));
    if (rc == STATUS_OK && stmt != NULL) {
        db_digest(stmt, 0, list);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status stamp_compare(struct ledger *ledger, const struct stamp *a, const struct stamp *b, int *order,
                          struct diag *diag)
{
    struct digest list_a;
    struct digest list_b;

    if (a->approved_on != b->approved_on) {
        *order = a->approved_on < b->approved_on ? -1 : 1;
    } else if (a->signed_at != b->signed_at) {
        *order = a->signed_at < b->signed_at ? -1 : 1;
    } else if (a->approval == b->approval) {
        *order = 0;
    } else {
        enum status rc = approval_list(ledger, a->approval, &list_a, diag);
        if (rc == STATUS_OK) {
            rc = approval_list(ledger, b->approval, &list_b, diag);
        }
        *order = memcmp(list_a.bytes, list_b.bytes, DIGEST_BYTES);
        return rc;
    }
    return STATUS_OK;
}

bool entry_same(const struct entry *a, const struct entry *b)
{
    return a->unit == b->unit && a->area == b->area && a->commune == b->commune && a->channel == b->channel &&
           a->authorised_until == b->authorised_until && a->deceased == b->deceased &&
           span_equal(a->bank, b->bank) && span_equal(a->account, b->account) && span_equal(a->name, b->name) &&
           span_equal(a->payee_name, b->payee_name) && span_equal(a->programme, b->programme) &&
           span_equal(a->facts, b->facts);
}

enum status ledger_payee_since(struct ledger *ledger, int64_t ent, day_t *approved_on, struct diag *diag)
{
    struct arena arena = ARENA_INIT;
    struct entry entry;
    bool found = false;

    *approved_on = DAY_NONE;
    enum status rc = entry_by_key(ledger, ent, &arena, &entry, &found, diag);
    if (rc == STATUS_OK && found && entry.payee_name.size > 0) {
        bool own = entry.corrected && entry.field[PAYEE_NAME].approved_on != DAY_NONE;
        *approved_on = (day_t)(own ? entry.field[PAYEE_NAME].approved_on : entry.base.approved_on);
    }
    arena_release(&arena);
    return rc;
}
