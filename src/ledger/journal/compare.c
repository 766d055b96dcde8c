/*
 * compare.c - two ledgers row by row: each table of both in the order of its key, side by side.
 *
 * Nothing here knows what the tables mean, so that a table that is added tomorrow is compared too.
 */
#include "ledger/db.h"

#include "chitra/ledger_journal.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    COLUMNS_MAX = 64,
    TOLD_MAX = 10,              /* differences of a table one by one; then only how many */
    KEY_BYTES = 200
};

struct side {
    struct ledger *ledger;
    sqlite3_stmt *stmt;
    bool row;                   /* the statement stands on a row */
};

struct comparing {
    struct side found, expected;
    const char *table;
    const char *column[COLUMNS_MAX];    /* key columns first; live in the arena */
    int columns, keys;
    bool both;                  /* only rows that both have */
    uint64_t differences;       /* of this table */
    struct arena arena;
    ledger_difference *tell;
    void *context;
    struct diag *diag;
};

static enum status prepare(const struct comparing *to, struct ledger *ledger, const char *sql, sqlite3_stmt **stmt)
{
    return sqlite3_prepare_v2(ledger->db, sql, -1, stmt, NULL) == SQLITE_OK ? STATUS_OK : db_fail(ledger, to->diag);
}

static enum status side_step(const struct comparing *to, struct side *side)
{
    int rc = sqlite3_step(side->stmt);

    side->row = rc == SQLITE_ROW;
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? STATUS_OK : db_fail(side->ledger, to->diag);
}

/* ---- telling ---- */

/* Numbers that stand for people are not shown; a text may be a name or an account. */
static bool is_shown(const char *column)
{
    return strcmp(column, "person") != 0 && strcmp(column, "citizen") != 0 && strcmp(column, "deceased") != 0;
}

static void value_write(sqlite3_stmt *stmt, int column, const char *name, char text[DIAG_TEXT_BYTES])
{
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_NULL:
        snprintf(text, DIAG_TEXT_BYTES, "nothing");
        break;
    case SQLITE_INTEGER:
        if (is_shown(name)) {
            snprintf(text, DIAG_TEXT_BYTES, "%lld", (long long)sqlite3_column_int64(stmt, column));
            break;
        }
        snprintf(text, DIAG_TEXT_BYTES, "a number");
        break;
    default:
        snprintf(text, DIAG_TEXT_BYTES, "%d bytes", sqlite3_column_bytes(stmt, column));
        break;
    }
}

/* The entitlement_id behind a key; the key itself if there is none. */
static void entitlement_write(struct ledger *ledger, int64_t ent, char text[KEY_BYTES])
{
    sqlite3_stmt *stmt;

    snprintf(text, KEY_BYTES, "%lld", (long long)ent);
    if (db_first(ledger, NULL, &stmt, "SELECT id FROM entitlement WHERE ent = ?", "i", ent) == STATUS_OK && stmt != NULL) {
        struct span id = db_text(stmt, 0);
        snprintf(text, KEY_BYTES, "%.*s", (int)id.size, id.data);
        sqlite3_reset(stmt);
    }
}

/* A number that can be shown as a month, whatever was written there. */
static bool is_month(int64_t number)
{
    return number >= INT64_C(1000) * 12 && number < INT64_C(10000) * 12;
}

static void key_write(const struct comparing *to, const struct side *side, char text[KEY_BYTES])
{
    size_t size = 0;

    text[0] = '\0';
    for (int i = 0; i < to->keys && size < KEY_BYTES; i++) {
        const char *name = to->column[i];
        char value[DIAG_TEXT_BYTES];
        struct span key = db_text(side->stmt, i);
        value_write(side->stmt, i, name, value);
        if (sqlite3_column_type(side->stmt, i) == SQLITE_TEXT) {
            snprintf(value, sizeof(value), "%.*s", (int)key.size, key.data);    /* no key is a name or an account */
        } else if (strcmp(name, "period") == 0 && is_month(sqlite3_column_int64(side->stmt, i))) {
            month_write(sqlite3_column_int(side->stmt, i), value);
        } else if (strcmp(name, "ent") == 0) {
            entitlement_write(side->ledger, sqlite3_column_int64(side->stmt, i), value);
            name = "entitlement";
        }
        int written = snprintf(text + size, KEY_BYTES - size, "%s%s %s", i == 0 ? "" : ", ", name, value);
        size += written < 0 ? 0 : (size_t)written;
    }
}

static void tell(struct comparing *to, const struct side *side, const char *what, const char *column)
{
    struct diag difference = { .line = 0 };
    char key[KEY_BYTES];

    to->differences++;
    if (to->differences > TOLD_MAX) {
        return;
    }
    key_write(to, side, key);
    (void)diag_fail(&difference, STATUS_CONFLICT, "%s (%s)%s%s: %s", to->table, key, column == NULL ? "" : " ",
                    column == NULL ? "" : column, what);
    diag_at(&difference, "state/ledger.db", 0, 0);
    to->tell(to->context, &difference);
}

static void tell_value(struct comparing *to, int column)
{
    struct diag difference = { .line = 0 };
    char key[KEY_BYTES];
    char text[2][DIAG_TEXT_BYTES];

    to->differences++;
    if (to->differences > TOLD_MAX) {
        return;
    }
    key_write(to, &to->found, key);
    value_write(to->found.stmt, column, to->column[column], text[0]);
    value_write(to->expected.stmt, column, to->column[column], text[1]);
    (void)diag_fail(&difference, STATUS_CONFLICT, "%s (%s): %s is not what was recorded or calculated", to->table, key,
                    to->column[column]);
    diag_at(&difference, "state/ledger.db", 0, 0);
    diag_found(&difference, "%s", text[0]);
    diag_expected(&difference, "%s", strcmp(text[0], text[1]) == 0 ? "others" : text[1]);
    to->tell(to->context, &difference);
}

static void tell_rest(struct comparing *to)
{
    struct diag difference = { .line = 0 };

    if (to->differences > TOLD_MAX) {
        (void)diag_fail(&difference, STATUS_CONFLICT, "%s: %llu more differences", to->table,
                        (unsigned long long)(to->differences - TOLD_MAX));
        diag_at(&difference, "state/ledger.db", 0, 0);
        to->tell(to->context, &difference);
    }
}

/* ---- values ---- */

static int sign_of(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* In the order of SQLite: nothing, numbers, texts, bytes. No table holds floating point. */
static int value_compare(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    static const int rank[] = { [SQLITE_NULL] = 0, [SQLITE_INTEGER] = 1, [SQLITE_FLOAT] = 1, [SQLITE_TEXT] = 2, [SQLITE_BLOB] = 3 };
    int type_a = rank[sqlite3_column_type(a, column)];
    int type_b = rank[sqlite3_column_type(b, column)];

    if (type_a != type_b || type_a == 0) {
        return type_a - type_b;
    }
    if (type_a == 1) {
        return sign_of(sqlite3_column_int64(a, column), sqlite3_column_int64(b, column));
    }
    struct span text_a = db_text(a, column);
    struct span text_b = db_text(b, column);
    size_t size = text_a.size < text_b.size ? text_a.size : text_b.size;
    int order = memcmp(text_a.data, text_b.data, size);
    return order != 0 ? order : sign_of((int64_t)text_a.size, (int64_t)text_b.size);
}

static int key_compare(const struct comparing *to)
{
    int order = 0;

    for (int i = 0; i < to->keys && order == 0; i++) {
        order = value_compare(to->found.stmt, to->expected.stmt, i);
    }
    return order;
}

/* ---- tables ---- */

static enum status rows_compare(struct comparing *to)
{
    enum status rc = side_step(to, &to->found);

    if (rc == STATUS_OK) {
        rc = side_step(to, &to->expected);
    }
    while (rc == STATUS_OK && (to->found.row || to->expected.row)) {
        int order = !to->found.row ? 1 : !to->expected.row ? -1 : key_compare(to);
        if (order < 0 && !to->both) {
            tell(to, &to->found, "nothing that was done made this row", NULL);
        } else if (order > 0 && !to->both) {
            tell(to, &to->expected, "the row is missing", NULL);
        }
        for (int i = to->keys; i < to->columns && order == 0; i++) {
            if ((!to->both || strcmp(to->column[i], "amount") == 0) && value_compare(to->found.stmt, to->expected.stmt, i) != 0) {
                tell_value(to, i);
            }
        }
        if (order <= 0) {
            rc = side_step(to, &to->found);
        }
        if (rc == STATUS_OK && order >= 0) {
            rc = side_step(to, &to->expected);
        }
    }
    return rc;
}

/* The columns of the table, those of its key first and in the key's order; and the query that reads them. */
static enum status query_make(struct comparing *to, char **sql)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3_str *text = sqlite3_str_new(to->expected.ledger->db);

    to->columns = 0;
    to->keys = 0;
    sqlite3_str_appendall(text, "SELECT ");
    enum status rc = prepare(to, to->expected.ledger,
                             "SELECT name, pk FROM pragma_table_info(?) ORDER BY pk = 0, pk, cid", &stmt);
    if (rc == STATUS_OK) {
        sqlite3_bind_text(stmt, 1, to->table, -1, SQLITE_STATIC);
    }
    while (rc == STATUS_OK && sqlite3_step(stmt) == SQLITE_ROW) {
        ASSERT(to->columns < COLUMNS_MAX);
        to->column[to->columns] = arena_copy(&to->arena, db_text(stmt, 0)).data;
        to->keys += sqlite3_column_int(stmt, 1) > 0;
        sqlite3_str_appendf(text, "%s\"%w\"", to->columns == 0 ? "" : ", ", to->column[to->columns]);
        to->columns++;
    }
    sqlite3_str_appendf(text, " FROM \"%w\" ORDER BY ", to->table);
    for (int i = 0; i < to->keys; i++) {
        sqlite3_str_appendf(text, "%s\"%w\"", i == 0 ? "" : ", ", to->column[i]);
    }
    sqlite3_finalize(stmt);
    *sql = sqlite3_str_finish(text);
    ASSERT(*sql != NULL && to->keys > 0);   /* out of memory ends the process; every table has a key */
    return rc;
}

static enum status table_compare(struct comparing *to, const char *table)
{
    char *sql = NULL;

    to->table = table;
    to->differences = 0;
    enum status rc = query_make(to, &sql);
    if (rc == STATUS_OK) {
        rc = prepare(to, to->found.ledger, sql, &to->found.stmt);
    }
    if (rc == STATUS_OK) {
        rc = prepare(to, to->expected.ledger, sql, &to->expected.stmt);
    }
    if (rc == STATUS_OK) {
        rc = rows_compare(to);
    }
    tell_rest(to);
    sqlite3_finalize(to->found.stmt);
    sqlite3_finalize(to->expected.stmt);
    to->found.stmt = NULL;
    to->expected.stmt = NULL;
    sqlite3_free(sql);
    return rc;
}

/* Tables, indexes, views and triggers, as they were made. */
static enum status schema_compare(struct comparing *to)
{
    static const char sql[] = "SELECT name, type, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                              " ORDER BY name";

    to->table = "schema";
    to->columns = 3;
    to->keys = 1;
    to->differences = 0;
    to->column[0] = "name";
    to->column[1] = "type";
    to->column[2] = "sql";
    enum status rc = prepare(to, to->found.ledger, sql, &to->found.stmt);
    if (rc == STATUS_OK) {
        rc = prepare(to, to->expected.ledger, sql, &to->expected.stmt);
    }
    if (rc == STATUS_OK) {
        rc = rows_compare(to);
    }
    sqlite3_finalize(to->found.stmt);
    sqlite3_finalize(to->expected.stmt);
    to->found.stmt = NULL;
    to->expected.stmt = NULL;
    return rc;
}

static enum status tables_compare(struct comparing *to)
{
    sqlite3_stmt *tables = NULL;

    enum status rc = schema_compare(to);
    bool same = to->differences == 0;    /* rows of other tables cannot be compared */
    if (rc == STATUS_OK && same) {
        rc = prepare(to, to->expected.ledger, "SELECT name FROM sqlite_schema WHERE type = 'table'"
                                    " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name", &tables);
    }
    while (rc == STATUS_OK && same && sqlite3_step(tables) == SQLITE_ROW) {
        rc = table_compare(to, arena_copy(&to->arena, db_text(tables, 0)).data);
    }
    sqlite3_finalize(tables);
    return rc;
}

enum status ledger_compare(struct ledger *found, struct ledger *expected, enum ledger_compared compared,
                           ledger_difference *difference, void *context, struct diag *diag)
{
    struct comparing to = { .found.ledger = found, .expected.ledger = expected, .tell = difference, .context = context,
                            .both = compared == LEDGER_COMPARE_AMOUNTS, .diag = diag };

    enum status rc = to.both ? table_compare(&to, "obligation") : tables_compare(&to);
    arena_release(&to.arena);
    return rc;
}
