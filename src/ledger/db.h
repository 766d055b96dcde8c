/*
 * db.h - the ledger's inside: one SQLite connection, its prepared statements, short calls for them.
 *
 * Statements are prepared once for each connection and found again by the address of their text, so
 * every SQL text is a literal at one place. Binding is by a format, one letter for a parameter:
 *   i int64_t   z const char * (NULL: NULL)   s struct span * (empty: NULL)
 *   t struct span * (empty: '')   d const struct digest *   b struct span * as a blob
 *   n struct span * as a blob (NULL: NULL)
 */
#ifndef CHITRA_LEDGER_DB_H
#define CHITRA_LEDGER_DB_H

#include "chitra/ledger.h"

/* The change sets of ledger_journal.h. */
#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

enum { DB_STATEMENTS_MAX = 512 };   /* a power of two; about twice as many as there are */

struct db_statement {
    const char *sql;
    sqlite3_stmt *stmt;
};

/* Rows of integers that a statement reads as the table `bulk(c0, ... c7)`: INSERT ... SELECT from it
 * takes half the time of a statement for each row. */
enum { BULK_COLUMNS = 8 };
#define BULK_NULL INT64_MIN

struct bulk_row {
    int64_t value[BULK_COLUMNS];
};

struct bulk {
    const void *row;                    /* struct bulk_row of them */
    size_t count;
};

/* An array that SQL reads as a table: what it is called, what its columns are, where its rows lie when a
 * statement runs. */
struct bulk_source {
    const char *name;
    const char *declaration;            /* "CREATE TABLE ..." */
    const void *const *rows;
    const size_t *count;
    void (*column)(const void *rows, size_t row, int column, sqlite3_context *result);
};

/* Makes a source known to a connection, for as long as it is open. */
int bulk_register(sqlite3 *db, const struct bulk_source *source);

/* The sources of every connection: `bulk`, `entries` (entry.h), and `numbers` (newcomer.h). */
enum { BULK_SOURCES = 3 };
struct bulk_source bulk_integers(const struct bulk *bulk);

struct ledger_act;
struct newcomers;
struct ledger {
    sqlite3 *db;
    struct bulk bulk;                   /* rows of integers */
    struct bulk entries;                /* struct entry of them */
    struct bulk numbers;                /* struct numbered of them */
    struct bulk_source source[BULK_SOURCES];
    enum ledger_access access;
    int dir;                            /* the site's folder; -1: a scratch ledger */
    /* The open transaction: act.h */
    sqlite3_session *session;           /* takes what it changes; NULL: it is derived */
    int64_t act_first, act_last;        /* its events; 0: none yet */
    const struct ledger_act *expected;  /* what its events must be; NULL: whatever they are */
    int64_t journal_last;               /* the last event in archive/journal/ */
    struct newcomers *newcomers;        /* who waits for a person (newcomer.h); NULL: nobody */
    struct db_statement statement[DB_STATEMENTS_MAX];
};

/* SQLite's latest complaint as STATUS_LEDGER (STATUS_BUSY, STATUS_CONFLICT for constraints). */
enum status db_fail(struct ledger *ledger, struct diag *diag);

/* A prepared statement, reset and unbound. */
enum status db_prepare(struct ledger *ledger, const char *sql, sqlite3_stmt **stmt, struct diag *diag) MUST_USE;

/* Runs a statement that gives no rows. */
enum status db_run(struct ledger *ledger, struct diag *diag, const char *sql, const char *format, ...) MUST_USE;

/* Starts a query and takes its first row: *stmt is NULL if there is none. The row lives until the
 * statement is used again. */
enum status db_first(struct ledger *ledger, struct diag *diag, sqlite3_stmt **stmt, const char *sql,
                     const char *format, ...) MUST_USE;

/* Starts a query whose rows db_next then gives. */
enum status db_query(struct ledger *ledger, struct diag *diag, sqlite3_stmt **stmt, const char *sql,
                     const char *format, ...) MUST_USE;
enum status db_next(struct ledger *ledger, sqlite3_stmt *stmt, bool *more, struct diag *diag) MUST_USE;

/* Columns. Text and blobs live until the next step. */
struct span db_text(sqlite3_stmt *stmt, int column);
void db_copy(sqlite3_stmt *stmt, int column, char *text, size_t size);
void db_digest(sqlite3_stmt *stmt, int column, struct digest *digest);

/* Schema: makes the tables in an empty database, refuses another version. */
enum status schema_open(struct ledger *ledger, struct diag *diag) MUST_USE;

#endif
