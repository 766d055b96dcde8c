/* db.c - prepared statements of one connection, and short calls for them. */
#include "db.h"

#include <stdarg.h>
#include <stdio.h>

/* What helps, where it is not the same command again. */
static const char *hint_of(int code)
{
    switch (code) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "put a backup in its place, or nothing, and chitra recover makes it again from archive/";
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        return "state/ must be writable, for reading too: otherwise read a copy of the site";
    case SQLITE_FULL:
    case SQLITE_IOERR:
        return "see to the disk, then the same command again";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another process has been writing for ten seconds: try again";
    default:
        return NULL;
    }
}

enum status db_fail(struct ledger *ledger, struct diag *diag)
{
    int code = sqlite3_errcode(ledger->db);
    enum status status = STATUS_LEDGER;

    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        status = STATUS_BUSY;
    } else if (code == SQLITE_CONSTRAINT) {
        status = STATUS_CONFLICT;
    }
    diag_fail(diag, status, "the ledger refused: %s", sqlite3_errmsg(ledger->db));
    diag_at(diag, "state/ledger.db", 0, 0);
    if (hint_of(code) != NULL) {
        diag_hint(diag, "%s", hint_of(code));
    }
    return status;
}

enum status db_prepare(struct ledger *ledger, const char *sql, sqlite3_stmt **stmt, struct diag *diag)
{
    size_t slot = ((uintptr_t)sql >> 3) & (DB_STATEMENTS_MAX - 1);

    while (ledger->statement[slot].sql != NULL && ledger->statement[slot].sql != sql) {
        slot = (slot + 1) & (DB_STATEMENTS_MAX - 1);
    }
    struct db_statement *found = &ledger->statement[slot];
    if (found->sql == NULL) {
        if (sqlite3_prepare_v3(ledger->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &found->stmt, NULL) != SQLITE_OK) {
            return db_fail(ledger, diag);
        }
        found->sql = sql;
    } else {
        sqlite3_reset(found->stmt);
    }
    *stmt = found->stmt;
    return STATUS_OK;
}

static int bind_span(sqlite3_stmt *stmt, int index, const struct span *span, char kind)
{
    if (kind == 'n' && span == NULL) {
        return sqlite3_bind_null(stmt, index);
    }
    if (kind == 'b' || kind == 'n') {
        return sqlite3_bind_blob(stmt, index, span->data, (int)span->size, SQLITE_STATIC);
    }
    if (kind == 's' && span->size == 0) {
        return sqlite3_bind_null(stmt, index);
    }
    return sqlite3_bind_text(stmt, index, span->data, (int)span->size, SQLITE_STATIC);
}

static void bind_all(sqlite3_stmt *stmt, const char *format, va_list arguments)
{
    int rc = SQLITE_OK;

    for (int index = 1; format[index - 1] != '\0'; index++) {
        switch (format[index - 1]) {
        case 'i':
            rc |= sqlite3_bind_int64(stmt, index, va_arg(arguments, int64_t));
            break;
        case 'z':
            rc |= sqlite3_bind_text(stmt, index, va_arg(arguments, const char *), -1, SQLITE_STATIC);
            break;
        case 'd':
            rc |= sqlite3_bind_blob(stmt, index, va_arg(arguments, const struct digest *)->bytes, DIGEST_BYTES,
                                    SQLITE_STATIC);
            break;
        default:
            rc |= bind_span(stmt, index, va_arg(arguments, const struct span *), format[index - 1]);
            break;
        }
    }
    ASSERT(rc == SQLITE_OK);
}

enum status db_next(struct ledger *ledger, sqlite3_stmt *stmt, bool *more, struct diag *diag)
{
    int rc = sqlite3_step(stmt);

    *more = rc == SQLITE_ROW;
    if (rc == SQLITE_DONE) {
        sqlite3_reset(stmt);
    }
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? STATUS_OK : db_fail(ledger, diag);
}

enum status db_run(struct ledger *ledger, struct diag *diag, const char *sql, const char *format, ...)
{
    sqlite3_stmt *stmt;
    va_list arguments;
    bool more;

    enum status rc = db_prepare(ledger, sql, &stmt, diag);
    if (rc == STATUS_OK) {
        va_start(arguments, format);
        bind_all(stmt, format, arguments);
        va_end(arguments);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

static enum status query(struct ledger *ledger, struct diag *diag, sqlite3_stmt **stmt, const char *sql,
                         const char *format, va_list arguments)
{
    enum status rc = db_prepare(ledger, sql, stmt, diag);
    if (rc == STATUS_OK) {
        bind_all(*stmt, format, arguments);
    }
    return rc;
}

enum status db_query(struct ledger *ledger, struct diag *diag, sqlite3_stmt **stmt, const char *sql,
                     const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    enum status rc = query(ledger, diag, stmt, sql, format, arguments);
    va_end(arguments);
    return rc;
}

enum status db_first(struct ledger *ledger, struct diag *diag, sqlite3_stmt **stmt, const char *sql,
                     const char *format, ...)
{
    va_list arguments;
    bool more = false;

    va_start(arguments, format);
    enum status rc = query(ledger, diag, stmt, sql, format, arguments);
    va_end(arguments);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, *stmt, &more, diag);
    }
    if (!more) {
        *stmt = NULL;
    }
    return rc;
}

/* By the value, which asks the statement for the column once; a ledger belongs to one thread, so that the value
 * stays as it is. */
struct span db_text(sqlite3_stmt *stmt, int column)
{
    sqlite3_value *value = sqlite3_column_value(stmt, column);
    const void *data = sqlite3_value_blob(value);

    return data == NULL ? SPAN_EMPTY : (struct span){ data, (size_t)sqlite3_value_bytes(value) };
}

void db_copy(sqlite3_stmt *stmt, int column, char *text, size_t size)
{
    struct span value = db_text(stmt, column);

    ASSERT(value.size < size);
    memcpy(text, value.data, value.size);
    text[value.size] = '\0';
}

void db_digest(sqlite3_stmt *stmt, int column, struct digest *digest)
{
    struct span value = db_text(stmt, column);

    memset(digest, 0, sizeof(*digest));
    if (value.size == DIGEST_BYTES) {
        memcpy(digest->bytes, value.data, DIGEST_BYTES);
    }
}
