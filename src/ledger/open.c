/* open.c - opening and closing the ledger, and its transactions. */
#include "ledger/journal/act.h"
#include "ledger/register/entry.h"
#include "ledger/register/newcomer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

/* A page of 16 KiB is the fastest for narrow rows in key order; 96 MiB hold the inner pages and the
 * unique indexes of a million people, so that a first month does not read its own pages back. */
static const char settings_sql[] =
    "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -98304; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 8000;"
    "PRAGMA trusted_schema = OFF;";

/* Once for the process, before the first connection: without statistics SQLite's allocator takes no
 * lock for each piece of memory; nobody reads them. */
static void library_settings(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum status settings_check(struct ledger *ledger, struct diag *diag)
{
    sqlite3_stmt *stmt;

    enum status rc = db_first(ledger, diag, &stmt, "PRAGMA synchronous", "");
    if (rc == STATUS_OK && (stmt == NULL || sqlite3_column_int(stmt, 0) != 2)) {
        rc = diag_fail(diag, STATUS_LEDGER, "the ledger does not write through (synchronous=FULL)");
    }
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    if (rc == STATUS_OK) {
        rc = db_first(ledger, diag, &stmt, "PRAGMA journal_mode", "");
    }
    if (rc == STATUS_OK && (stmt == NULL || !span_is(db_text(stmt, 0), "wal"))) {
        rc = diag_fail(diag, STATUS_LEDGER, "the ledger has no write-ahead log");
        diag_hint(diag, "state/ must lie on a local file system");
    }
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}

static struct ledger *ledger_new(enum ledger_access access)
{
    static once_flag once = ONCE_FLAG_INIT;
    struct ledger *made = mem_alloc(1, sizeof(*made));

    call_once(&once, library_settings);
    made->access = access;
    made->dir = -1;
    return made;
}

static enum status tables_register(struct ledger *ledger, struct diag *diag)
{
    ledger->source[0] = bulk_integers(&ledger->bulk);
    ledger->source[1] = bulk_entries(&ledger->entries);
    ledger->source[2] = bulk_numbers(&ledger->numbers);
    for (size_t i = 0; i < BULK_SOURCES; i++) {
        if (bulk_register(ledger->db, &ledger->source[i]) != SQLITE_OK) {
            return db_fail(ledger, diag);
        }
    }
    return STATUS_OK;
}

/* The ledger against the journal in archive/: what is written must follow what the site has done. */
static enum status access_start(struct ledger *made, const char *folder, struct diag *diag)
{
    enum status rc = sys_dir_open(AT_FDCWD, folder, &made->dir, diag);

    if (rc == STATUS_OK && made->access != LEDGER_READ) {
        rc = journal_open(made, made->access == LEDGER_RECOVER, diag);
    }
    if (rc == STATUS_OK && made->access == LEDGER_DRY &&
        sqlite3_exec(made->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) {
        rc = db_fail(made, diag);
    }
    /* A reader goes through the tables once: pages that it keeps are only memory to clear. */
    if (rc == STATUS_OK && made->access == LEDGER_READ) {
        rc = sqlite3_exec(made->db, "PRAGMA query_only = ON", NULL, NULL, NULL) == SQLITE_OK ? ledger_cache_small(made, diag)
                                                                                          : db_fail(made, diag);
    }
    return rc;
}

enum status ledger_open(const char *site_path, enum ledger_access access, struct ledger **ledger, struct diag *diag)
{
    char path[4096];
    char *folder = NULL;
    struct ledger *made = ledger_new(access);
    int flags = access == LEDGER_READ ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    enum status rc;

    *ledger = NULL;
    /* The site may be reached through a link, the ledger itself may be none: SQLite refuses any link. */
    folder = realpath(site_path, NULL);
    if (folder == NULL) {
        rc = diag_errno(diag, "the site's folder cannot be found", site_path);
        goto out;
    }
    if (snprintf(path, sizeof(path), "%s/state/ledger.db", folder) >= (int)sizeof(path)) {
        rc = diag_fail(diag, STATUS_USAGE, "the site's path is too long");
        goto out;
    }
    /* Opened read-write even for reading: a reader of a WAL database takes part in its shared memory. */
    if (sqlite3_open_v2(path, &made->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL) != SQLITE_OK) {
        rc = diag_fail(diag, access == LEDGER_READ ? STATUS_NO_INPUT : STATUS_LEDGER, "the ledger cannot be opened");
        diag_at(diag, "state/ledger.db", 0, 0);
        diag_found(diag, "%s", made->db == NULL ? "out of memory" : sqlite3_errmsg(made->db));
        goto out;
    }
    sqlite3_busy_timeout(made->db, 10000);
    if (sqlite3_exec(made->db, settings_sql, NULL, NULL, NULL) != SQLITE_OK) {
        rc = db_fail(made, diag);
        goto out;
    }
    rc = tables_register(made, diag);
    if (rc == STATUS_OK) {
        rc = schema_open(made, diag);
    }
    if (rc == STATUS_OK) {
        rc = settings_check(made, diag);
    }
    if (rc == STATUS_OK) {
        rc = access_start(made, folder, diag);
    }
out:
    free(folder);
    if (rc == STATUS_OK) {
        *ledger = made;
    } else {
        ledger_close(made);
    }
    return rc;
}

/* Nobody reads it after a crash, so that nothing has to be on disk; a failed statement still needs its
 * journal. SQLite removes the file's name at once. */
static const char scratch_sql[] =
    "PRAGMA page_size = 16384; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;"
    "PRAGMA cache_size = -98304; PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF;";

enum status ledger_open_scratch(struct ledger **ledger, struct diag *diag)
{
    struct ledger *made = ledger_new(LEDGER_RECOVER);
    enum status rc = STATUS_OK;

    *ledger = NULL;
    if (sqlite3_open_v2("", &made->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_exec(made->db, scratch_sql, NULL, NULL, NULL) != SQLITE_OK) {
        rc = db_fail(made, diag);
        diag_hint(diag, "a temporary ledger is made in TMPDIR, by default in /var/tmp");
    }
    if (rc == STATUS_OK) {
        rc = tables_register(made, diag);
    }
    if (rc == STATUS_OK) {
        rc = schema_open(made, diag);
    }
    if (rc == STATUS_OK) {
        *ledger = made;
    } else {
        ledger_close(made);
    }
    return rc;
}

enum status ledger_cache_small(struct ledger *ledger, struct diag *diag)
{
    return sqlite3_exec(ledger->db, "PRAGMA cache_size = -16384", NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK
                                                                                              : db_fail(ledger, diag);
}

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    act_forget(ledger);
    newcomers_forget(ledger);
    for (size_t i = 0; i < DB_STATEMENTS_MAX; i++) {
        sqlite3_finalize(ledger->statement[i].stmt);
    }
    sqlite3_close(ledger->db);      /* rolls back what is open, a dry run as well */
    sys_dir_close(ledger->dir);
    free(ledger);
}

/* A dry run is one transaction that is never committed; inside it each unit's is a savepoint. */
static enum status begin(struct ledger *ledger, bool derived, struct diag *diag)
{
    /* A reader wants all its rows from one moment, and no lock. */
    const char *sql = ledger->access == LEDGER_DRY ? "SAVEPOINT dry"
                                                   : ledger->access == LEDGER_READ ? "BEGIN" : "BEGIN IMMEDIATE";

    if (sqlite3_exec(ledger->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        return db_fail(ledger, diag);
    }
    enum status rc = act_begin(ledger, derived, diag);
    if (rc != STATUS_OK) {
        ledger_rollback(ledger);
    }
    return rc;
}

enum status ledger_begin(struct ledger *ledger, struct diag *diag)
{
    return begin(ledger, false, diag);
}

enum status ledger_begin_derived(struct ledger *ledger, struct diag *diag)
{
    return begin(ledger, true, diag);
}

/* After a crash between the commit and the journal, the next opening writes the journal; whoever committed had
 * not gone on. */
enum status ledger_commit(struct ledger *ledger, struct diag *diag)
{
    bool recorded = ledger->session != NULL;

    ASSERT(ledger->newcomers == NULL);
    enum status rc = act_end(ledger, diag);
    if (rc != STATUS_OK) {
        ledger_rollback(ledger);
        return rc;
    }
    if (sqlite3_exec(ledger->db, ledger->access == LEDGER_DRY ? "RELEASE dry" : "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
        return db_fail(ledger, diag);
    }
    return recorded && ledger->act_first != 0 ? journal_write(ledger, diag) : STATUS_OK;
}

void ledger_rollback(struct ledger *ledger)
{
    const char *sql = ledger->access == LEDGER_DRY ? "ROLLBACK TO dry; RELEASE dry" : "ROLLBACK";

    act_forget(ledger);
    newcomers_forget(ledger);
    ledger->expected = NULL;
    /* A failure here means that SQLite rolled back by itself; closing ends what is left. */
    sqlite3_exec(ledger->db, sql, NULL, NULL, NULL);
}

enum status ledger_checkpoint(struct ledger *ledger, struct diag *diag)
{
    if (ledger->access != LEDGER_WRITE) {
        return STATUS_OK;
    }
    int rc = sqlite3_wal_checkpoint_v2(ledger->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return rc == SQLITE_OK || rc == SQLITE_BUSY ? STATUS_OK : db_fail(ledger, diag);
}

const char *ledger_library(void)
{
    return sqlite3_libversion();
}
