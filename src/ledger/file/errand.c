/* errand.c - withdrawals and sending again: what is about to be done, and that it is done. */
#include "file_row.h"

#include "chitra/ledger_errand.h"

#include <stdio.h>
#include <stdlib.h>

static bool digest_is_zero(const struct digest *digest)
{
    static const struct digest zero;

    return digest_equal(digest, &zero);
}

enum status ledger_errand_add(struct ledger *ledger, struct ledger_errand *errand, const struct ledger_errand_file *file,
                              size_t count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool evidence = !digest_is_zero(&errand->evidence);
    enum status rc = db_first(ledger, diag, &stmt, "SELECT coalesce(max(errand), 0) + 1 FROM errand", "");

    if (rc == STATUS_OK) {
        errand->errand = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
        int size = snprintf(errand->name, sizeof(errand->name), "%s-%c%lld", errand->release.name,
                            errand->kind == ERRAND_WITHDRAWAL ? 'W' : 'S', (long long)errand->errand);
        ASSERT(size > 0 && (size_t)size < sizeof(errand->name));    /* a release's name is below 20 */
        rc = db_run(ledger, diag,
                    "INSERT INTO errand(errand, kind, release, name, at, who, why, evidence, ended)"
                    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, CASE ?9 WHEN 1 THEN ?8 END, 0)", "iiizzzzdi", errand->errand,
                    (int64_t)errand->kind, errand->release.release, errand->name, errand->at, errand->who, errand->why,
                    &errand->evidence, (int64_t)evidence);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = db_run(ledger, diag, "INSERT INTO errand_file(errand, file, path, sha256) VALUES(?, ?, ?, ?)", "iizd",
                    errand->errand, file[i].file.file, file[i].path, &file[i].content);
    }
    return rc;
}

enum status ledger_errand_open(struct ledger *ledger, struct ledger_errand *errand, struct diag *diag)
{
    sqlite3_stmt *stmt;
    int64_t release = 0;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT errand, kind, release, name, at, who, why, evidence FROM errand WHERE ended = 0"
                              " ORDER BY errand LIMIT 1", "");

    *errand = (struct ledger_errand){ .errand = 0 };
    if (rc == STATUS_OK && stmt != NULL) {
        errand->errand = sqlite3_column_int64(stmt, 0);
        errand->kind = (enum errand_kind)sqlite3_column_int(stmt, 1);
        release = sqlite3_column_int64(stmt, 2);
        db_copy(stmt, 3, errand->name, sizeof(errand->name));
        db_copy(stmt, 4, errand->at, sizeof(errand->at));
        db_copy(stmt, 5, errand->who, sizeof(errand->who));
        db_copy(stmt, 6, errand->why, sizeof(errand->why));
        db_digest(stmt, 7, &errand->evidence);
        sqlite3_reset(stmt);
        rc = ledger_release_get(ledger, release, &errand->release, diag);
    }
    return rc;
}

enum status ledger_errand_files(struct ledger *ledger, int64_t errand, struct arena *arena,
                                struct ledger_errand_file **file, size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    struct ledger_file *rows = NULL;

    *file = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              FILE_SELECT " WHERE f.file IN (SELECT file FROM errand_file WHERE errand = ?)"
                              " ORDER BY f.file", "i", errand);
    if (rc == STATUS_OK) {
        rc = file_rows(ledger, stmt, arena, &rows, count, diag);
    }
    *file = mem_alloc(*count + 1, sizeof(**file));
    for (size_t i = 0; i < *count && rc == STATUS_OK; i++) {
        (*file)[i].file = rows[i];
        rc = db_first(ledger, diag, &stmt, "SELECT path, sha256 FROM errand_file WHERE errand = ? AND file = ?", "ii",
                      errand, rows[i].file);
        if (rc == STATUS_OK) {
            ASSERT(stmt != NULL);
            db_copy(stmt, 0, (*file)[i].path, sizeof((*file)[i].path));
            db_digest(stmt, 1, &(*file)[i].content);
            sqlite3_reset(stmt);
        }
    }
    free(rows);
    return rc;
}

enum status ledger_errand_end(struct ledger *ledger, const struct ledger_errand *errand, const struct digest *list,
                              struct diag *diag)
{
    struct ledger_event event = { .kind = errand->kind == ERRAND_WITHDRAWAL ? "withdrawal.done" : "resend.done",
                                  .subject = errand->name, .unit = "", .who = errand->who, .why = errand->why,
                                  .at = errand->at };
    enum status rc = db_run(ledger, diag, "UPDATE errand SET ended = 1 WHERE errand = ? AND ended = 0", "i",
                            errand->errand);

    ASSERT(rc != STATUS_OK || sqlite3_changes(ledger->db) == 1);
    if (rc == STATUS_OK && list != NULL) {
        event.digest = *list;
        rc = db_run(ledger, diag, "UPDATE errand SET list = ?2 WHERE errand = ?1", "id", errand->errand, list);
    }
    return rc == STATUS_OK ? ledger_event_add(ledger, &event, diag) : rc;
}

enum status ledger_copies(struct ledger *ledger, const struct ledger_file *file, const struct digest *content,
                          uint64_t *copies, bool *known, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT count(*), coalesce(max(f.sha256 = ?4), 0) FROM errand_file f JOIN errand e USING(errand)"
                              " WHERE f.file = ?1 AND e.kind = ?2 AND f.path <> ?3", "iizd", file->file,
                              (int64_t)ERRAND_RESEND, file->path, content);

    if (rc == STATUS_OK) {
        ASSERT(stmt != NULL);
        *copies = (uint64_t)sqlite3_column_int64(stmt, 0);
        *known = sqlite3_column_int(stmt, 1) != 0;
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_release_lists(struct ledger *ledger, int64_t release, struct ledger_signed_list **list, size_t *count,
                                 struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *list = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "WITH done AS (SELECT errand, kind, name, list FROM errand WHERE release = ?1 AND ended = 1),"
                              " last AS (SELECT coalesce(max(errand), 0) AS errand FROM done WHERE kind = ?2)"
                              " SELECT r.name, r.list FROM release r JOIN last WHERE r.release = ?1 AND last.errand = 0"
                              " UNION ALL SELECT d.name, d.list FROM done d JOIN last WHERE d.errand >= last.errand"
                              " AND d.list IS NOT NULL", "ii", release, (int64_t)ERRAND_WITHDRAWAL);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *list = mem_resize(*list, *count + 1, sizeof(**list));
        struct ledger_signed_list *one = &(*list)[(*count)++];
        db_copy(stmt, 0, one->name, sizeof(one->name));
        db_digest(stmt, 1, &one->list);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_release_copies(struct ledger *ledger, int64_t release, struct ledger_errand_file **copy, size_t *count,
                                  struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *copy = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT DISTINCT c.file, c.path, c.sha256 FROM errand_file c JOIN errand e USING(errand)"
                              " JOIN file f USING(file) WHERE (?1 = 0 OR e.release = ?1) AND e.kind = ?2 AND c.path <> f.path"
                              " ORDER BY c.file, c.path", "ii", release, (int64_t)ERRAND_RESEND);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *copy = mem_resize(*copy, *count + 1, sizeof(**copy));
        struct ledger_errand_file *one = &(*copy)[(*count)++];
        *one = (struct ledger_errand_file){ .file = { .file = sqlite3_column_int64(stmt, 0) } };
        db_copy(stmt, 1, one->path, sizeof(one->path));
        db_digest(stmt, 2, &one->content);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_release_left(struct ledger *ledger, int64_t release, struct arena *arena, struct ledger_file **file,
                                size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;

    *file = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              FILE_SELECT " WHERE f.release = ? AND f.state NOT IN (?, ?) ORDER BY f.file", "iii", release,
                              (int64_t)FILE_VOIDED, (int64_t)FILE_SUPERSEDED);
    return rc == STATUS_OK ? file_rows(ledger, stmt, arena, file, count, diag) : rc;
}
