/* file.c - files and their generations: planned, staged, releasing, released. */
#include "file_row.h"

#include "chitra/ledger_member.h"

#include <stdio.h>
#include <stdlib.h>

void file_row(sqlite3_stmt *stmt, struct arena *arena, struct ledger_file *file)
{
    file->file = sqlite3_column_int64(stmt, 0);
    file->run = sqlite3_column_int64(stmt, 1);
    file->generation = sqlite3_column_int(stmt, 2);
    file->state = (enum file_state)sqlite3_column_int(stmt, 3);
    file->batch.batch = sqlite3_column_int64(stmt, 4);
    file->batch.unit = sqlite3_column_int(stmt, 5);
    file->batch.channel = sqlite3_column_int(stmt, 6);
    db_copy(stmt, 7, file->batch.bank, sizeof(file->batch.bank));
    db_copy(stmt, 8, file->batch.account, sizeof(file->batch.account));
    db_copy(stmt, 9, file->batch.profile, sizeof(file->batch.profile));
    file->batch.pay_date = sqlite3_column_int(stmt, 10);
    file->batch.part = sqlite3_column_int(stmt, 11);
    file->batch.payments = (uint64_t)sqlite3_column_int64(stmt, 12);
    file->batch.amount_dong = sqlite3_column_int64(stmt, 13);
    db_copy(stmt, 14, file->batch.msg_id, sizeof(file->batch.msg_id));
    db_copy(stmt, 15, file->unit_code, sizeof(file->unit_code));
    file->period = sqlite3_column_int(stmt, 16);
    db_copy(stmt, 17, file->created_at, sizeof(file->created_at));
    db_copy(stmt, 18, file->path, sizeof(file->path));
    db_copy(stmt, 18, file->batch.path, sizeof(file->batch.path));
    db_digest(stmt, 19, &file->xml);
    db_digest(stmt, 20, &file->content);
    file->size_bytes = (uint64_t)sqlite3_column_int64(stmt, 21);
    db_digest(stmt, 22, &file->certificate);
    db_digest(stmt, 23, &file->profile);
    file->signature = arena_copy(arena, db_text(stmt, 24));
    db_digest(stmt, 25, &file->config);
    db_digest(stmt, 26, &file->formats);
    file->release = sqlite3_column_int64(stmt, 27);
    file->taken_up = sqlite3_column_int64(stmt, 28);
    db_copy(stmt, 29, file->preparer.who, sizeof(file->preparer.who));
    db_copy(stmt, 30, file->preparer.officer, sizeof(file->preparer.officer));
    db_digest(stmt, 31, &file->preparer.key);
}

enum status file_rows(struct ledger *ledger, sqlite3_stmt *stmt, struct arena *arena, struct ledger_file **file,
                      size_t *count, struct diag *diag)
{
    bool more = false;
    size_t capacity = 0;

    *file = NULL;
    *count = 0;
    enum status rc = db_next(ledger, stmt, &more, diag);
    while (rc == STATUS_OK && more) {
        if (*count == capacity) {
            capacity = capacity * 2 + 64;
            *file = mem_resize(*file, capacity, sizeof(**file));
        }
        file_row(stmt, arena, &(*file)[(*count)++]);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_files(struct ledger *ledger, int64_t run, int unit, struct arena *arena, struct ledger_file **file,
                         size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;

    *file = NULL;
    enum status rc = db_query(ledger, diag, &stmt,
                              FILE_SELECT " WHERE (?1 = 0 OR b.run = ?1) AND (?2 = 0 OR b.unit = ?2) ORDER BY f.file",
                              "ii", run, (int64_t)unit);
    return rc == STATUS_OK ? file_rows(ledger, stmt, arena, file, count, diag) : rc;
}

enum status ledger_files_planned(struct ledger *ledger, struct arena *arena, struct ledger_file **file, size_t *count,
                                 struct diag *diag)
{
    sqlite3_stmt *stmt;

    *file = NULL;
    enum status rc = db_query(ledger, diag, &stmt, FILE_SELECT " WHERE f.state = ? ORDER BY b.run, b.unit, f.file", "i",
                              (int64_t)FILE_PLANNED);
    return rc == STATUS_OK ? file_rows(ledger, stmt, arena, file, count, diag) : rc;
}

enum status ledger_file_is_latest(struct ledger *ledger, const struct ledger_file *file, bool *latest, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT 1 FROM file WHERE batch = ? AND generation > ?", "ii",
                              file->batch.batch, (int64_t)file->generation);

    *latest = rc == STATUS_OK && stmt == NULL;
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_file_next(struct ledger *ledger, int64_t *file, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT coalesce(max(file), 0) + 1 FROM file", "");

    if (rc == STATUS_OK) {
        *file = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_file_find(struct ledger *ledger, const char *msg_id, struct arena *arena, struct ledger_file *file,
                             struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, FILE_SELECT " WHERE f.msg_id = ?", "z", msg_id);

    if (rc == STATUS_OK && stmt == NULL) {
        rc = diag_fail(diag, STATUS_NO_INPUT, "the ledger knows no file \"%s\"", msg_id);
    } else if (rc == STATUS_OK) {
        file_row(stmt, arena, file);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status file_become(struct ledger *ledger, int64_t file, enum file_state from, enum file_state to, enum state_by by,
                        struct diag *diag)
{
    ASSERT(file_may_become(from, to, by));
    enum status rc = db_run(ledger, diag, "UPDATE file SET state = ?3 WHERE file = ?1 AND state = ?2", "iii", file,
                            (int64_t)from, (int64_t)to);
    ASSERT(rc != STATUS_OK || sqlite3_changes(ledger->db) == 1);
    return rc;
}

enum status ledger_file_move(struct ledger *ledger, const struct ledger_file *file, enum file_state to, enum state_by by,
                             const struct ledger_doing *doing, struct diag *diag)
{
    char kind[32];
    struct ledger_event event = { .kind = kind, .subject = file->batch.msg_id, .unit = file->unit_code,
                                  .who = doing->who, .why = doing->why, .at = doing->at, .digest = file->content };

    snprintf(kind, sizeof(kind), "file.%s", file_state_name(to));
    enum status rc = file_become(ledger, file->file, file->state, to, by, diag);
    return rc == STATUS_OK ? ledger_event_add(ledger, &event, diag) : rc;
}

enum status ledger_files_staged(struct ledger *ledger, enum state_by by, const struct ledger_file *file, size_t count,
                                const char *at, struct diag *diag)
{
    enum status rc = STATUS_OK;
    struct ledger_event event = { .kind = "files.staged", .who = "chitra", .why = "", .at = at, .unit = "" };
    struct digester *contents = digester_new();

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        event.unit = file[i].unit_code;
        rc = file_become(ledger, file[i].file, FILE_PLANNED, FILE_STAGED, by, diag);
        if (rc == STATUS_OK) {
            rc = db_run(ledger, diag,
                        "UPDATE file SET xml_sha256 = ?2, sha256 = ?3, size = ?4, certificate = ?5, profile = ?6,"
                        " signature = ?7, config = ?8, formats = ?9 WHERE file = ?1", "iddiddsdd", file[i].file,
                        &file[i].xml, &file[i].content, (int64_t)file[i].size_bytes, &file[i].certificate,
                        &file[i].profile, &file[i].signature, &file[i].config, &file[i].formats);
        }
        digester_add(contents, (struct span){ (const char *)file[i].content.bytes, DIGEST_BYTES });
    }
    digester_finish(contents, &event.digest);
    digester_free(contents);
    if (rc == STATUS_OK && count > 0) {
        event.subject = file[0].batch.msg_id;
        rc = ledger_event_add(ledger, &event, diag);
    }
    return rc;
}

/* ---- releases ---- */

enum status ledger_release_begin(struct ledger *ledger, struct ledger_release *release, const int64_t *file,
                                 size_t count, struct diag *diag)
{
    enum status rc = db_run(ledger, diag,
                            "INSERT INTO release(run, name, at, who, pay_month, ended) VALUES(?, ?, ?, ?, ?, 0)", "izzzi",
                            release->run, release->name, release->at, release->who, (int64_t)release->pay_month);

    release->release = sqlite3_last_insert_rowid(ledger->db);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = file_become(ledger, file[i], FILE_STAGED, FILE_RELEASING, BY_RELEASE, diag);
        if (rc == STATUS_OK) {
            rc = db_run(ledger, diag, "UPDATE file SET release = ?2 WHERE file = ?1", "ii", file[i], release->release);
        }
    }
    return rc;
}

#define RELEASE_SELECT "SELECT release, run, name, at, who, pay_month FROM release"

static void release_row(sqlite3_stmt *stmt, struct ledger_release *release)
{
    release->release = sqlite3_column_int64(stmt, 0);
    release->run = sqlite3_column_int64(stmt, 1);
    db_copy(stmt, 2, release->name, sizeof(release->name));
    db_copy(stmt, 3, release->at, sizeof(release->at));
    db_copy(stmt, 4, release->who, sizeof(release->who));
    release->pay_month = sqlite3_column_int(stmt, 5);
    sqlite3_reset(stmt);
}

enum status ledger_release_open(struct ledger *ledger, struct ledger_release *release, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, RELEASE_SELECT " WHERE ended = 0 ORDER BY release LIMIT 1", "");

    *release = (struct ledger_release){ 0 };
    if (rc == STATUS_OK && stmt != NULL) {
        release_row(stmt, release);
    }
    return rc;
}

enum status ledger_release_get(struct ledger *ledger, int64_t number, struct ledger_release *release, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, RELEASE_SELECT " WHERE release = ?", "i", number);

    *release = (struct ledger_release){ 0 };
    if (rc == STATUS_OK && stmt == NULL) {
        rc = diag_fail(diag, STATUS_NO_INPUT, "there is no release %lld", (long long)number);
    } else if (rc == STATUS_OK) {
        release_row(stmt, release);
    }
    return rc;
}

enum status ledger_release_files(struct ledger *ledger, int64_t release, int64_t **file, size_t *count,
                                 struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *file = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt, "SELECT file FROM file WHERE release = ? ORDER BY file", "i", release);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *file = mem_resize(*file, *count + 1, sizeof(**file));
        (*file)[(*count)++] = sqlite3_column_int64(stmt, 0);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_release_end(struct ledger *ledger, const struct ledger_release *release, const struct digest *list,
                               const int64_t *unknown, size_t unknown_count, struct diag *diag)
{
    struct ledger_event event = { .kind = "files.released", .subject = release->name, .unit = "", .why = "",
                                  .who = release->who, .at = release->at, .digest = *list };
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < unknown_count && rc == STATUS_OK; i++) {
        rc = file_become(ledger, unknown[i], FILE_RELEASING, FILE_UNKNOWN, BY_RELEASE, diag);
    }
    if (rc == STATUS_OK) {
        ASSERT(file_may_become(FILE_RELEASING, FILE_RELEASED, BY_RELEASE));
        rc = db_run(ledger, diag, "UPDATE file SET state = ?3 WHERE release = ?1 AND state = ?2", "iii", release->release,
                    (int64_t)FILE_RELEASING, (int64_t)FILE_RELEASED);
    }
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag, "UPDATE release SET ended = 1, list = ?2 WHERE release = ?1", "id", release->release,
                    list);
    }
    return rc == STATUS_OK ? ledger_event_add(ledger, &event, diag) : rc;
}

enum status ledger_figures(struct ledger *ledger, int64_t run, struct ledger_figure *figure, size_t count,
                           struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    for (size_t i = 0; i < count; i++) {
        figure[i].count = 0;
        figure[i].amount_dong = 0;
    }
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT name, sum(count), sum(amount) FROM figure WHERE run = ? GROUP BY name ORDER BY name",
                              "i", run);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        /* The caller's table has the names: the row goes to the entry of the same name. */
        for (size_t i = 0; i < count; i++) {
            if (span_is(db_text(stmt, 0), figure[i].name)) {
                figure[i].count = (uint64_t)sqlite3_column_int64(stmt, 1);
                figure[i].amount_dong = sqlite3_column_int64(stmt, 2);
            }
        }
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}
