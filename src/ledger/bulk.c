/*
 * bulk.c - an array as a table that SQL can read, for appending many rows in one statement. Where the
 * ledger lies behind another database, this is its COPY.
 */
#include "db.h"

#include <stdlib.h>

struct bulk_table {
    sqlite3_vtab base;
    const struct bulk_source *source;
};

struct bulk_cursor {
    sqlite3_vtab_cursor base;
    const struct bulk_source *source;
    size_t at;
};

static int bulk_connect(sqlite3 *db, void *context, int argc, const char *const *argv, sqlite3_vtab **table, char **error)
{
    const struct bulk_source *source = context;

    (void)argc;
    (void)argv;
    (void)error;
    int rc = sqlite3_declare_vtab(db, source->declaration);
    if (rc == SQLITE_OK) {
        struct bulk_table *made = mem_alloc(1, sizeof(*made));
        made->source = source;
        *table = &made->base;
    }
    return rc;
}

static int bulk_disconnect(sqlite3_vtab *table)
{
    free(table);
    return SQLITE_OK;
}

/* There is one way to read it: from the first row to the last. */
static int bulk_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    info->estimatedRows = 1000000;
    return SQLITE_OK;
}

static int bulk_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
    struct bulk_cursor *made = mem_alloc(1, sizeof(*made));

    made->source = ((struct bulk_table *)table)->source;
    *cursor = &made->base;
    return SQLITE_OK;
}

static int bulk_close(sqlite3_vtab_cursor *cursor)
{
    free(cursor);
    return SQLITE_OK;
}

static int bulk_filter(sqlite3_vtab_cursor *cursor, int index, const char *name, int argc, sqlite3_value **argv)
{
    (void)index;
    (void)name;
    (void)argc;
    (void)argv;
    ((struct bulk_cursor *)cursor)->at = 0;
    return SQLITE_OK;
}

static int bulk_next(sqlite3_vtab_cursor *cursor)
{
    ((struct bulk_cursor *)cursor)->at++;
    return SQLITE_OK;
}

static int bulk_eof(sqlite3_vtab_cursor *cursor)
{
    const struct bulk_cursor *at = (const struct bulk_cursor *)cursor;

    return at->at >= *at->source->count;
}

static int bulk_column(sqlite3_vtab_cursor *cursor, sqlite3_context *result, int column)
{
    const struct bulk_cursor *at = (const struct bulk_cursor *)cursor;

    at->source->column(*at->source->rows, at->at, column, result);
    return SQLITE_OK;
}

static int bulk_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
    *rowid = (sqlite3_int64)((const struct bulk_cursor *)cursor)->at;
    return SQLITE_OK;
}

int bulk_register(sqlite3 *db, const struct bulk_source *source)
{
    /* Without xCreate the table is there by its name alone and cannot be created. */
    static const sqlite3_module module = {
        .xConnect = bulk_connect, .xBestIndex = bulk_best_index, .xDisconnect = bulk_disconnect, .xOpen = bulk_open,
        .xClose = bulk_close, .xFilter = bulk_filter, .xNext = bulk_next, .xEof = bulk_eof, .xColumn = bulk_column,
        .xRowid = bulk_rowid };

    return sqlite3_create_module_v2(db, source->name, &module, (void *)(uintptr_t)source, NULL);
}

static void integer_column(const void *rows, size_t row, int column, sqlite3_context *result)
{
    int64_t value = ((const struct bulk_row *)rows)[row].value[column];

    if (value == BULK_NULL) {
        sqlite3_result_null(result);
    } else {
        sqlite3_result_int64(result, value);
    }
}

struct bulk_source bulk_integers(const struct bulk *bulk)
{
    return (struct bulk_source){ "bulk", "CREATE TABLE bulk(c0, c1, c2, c3, c4, c5, c6, c7)", &bulk->row,
                                 &bulk->count, integer_column };
}
