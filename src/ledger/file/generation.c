/* generation.c - files that were overtaken before they left, and what takes the place of one that did not go. */
#include "file_row.h"

#include "chitra/ledger_member.h"

#include <stdlib.h>

/* ---- what was overtaken ---- */

static enum status become_stale(struct ledger *ledger, struct ledger_file *file, enum state_by by, const char *why,
                                const struct ledger_doing *doing, struct diag *diag)
{
    const struct ledger_event event = { .kind = "file.stale", .subject = file->batch.msg_id, .unit = "", .who = doing->who,
                                        .why = why, .at = doing->at };

    enum status rc = file_become(ledger, file->file, FILE_STAGED, FILE_STALE, by, diag);
    file->state = FILE_STALE;
    return rc == STATUS_OK ? ledger_event_add(ledger, &event, diag) : rc;
}

/* A staged file that carries somebody who was overtaken, or funding of the post that may have been paid already. */
static enum status stale_if(struct ledger *ledger, struct ledger_file *file, const struct ledger_overtaken *overtaken,
                            size_t count, enum state_by by, const struct ledger_doing *doing, struct diag *diag)
{
    char why[sizeof(overtaken->id) + 16] = "entitlement ";
    bool doubtful = false;
    size_t at = 0;

    while (at < count && overtaken[at].file != file->file) {
        at++;
    }
    if (at < count) {
        memcpy(why + strlen(why), overtaken[at].id, strlen(overtaken[at].id) + 1);
        return become_stale(ledger, file, by, why, doing, diag);
    }
    enum status rc = ledger_funding_in_doubt(ledger, file, &doubtful, diag);
    return rc == STATUS_OK && doubtful ? become_stale(ledger, file, by, "funding in doubt", doing, diag) : rc;
}

/* Staged or stale files of one run (or one file of it) against the register: another version than the one that was
 * planned, a stop that came in with a later run (of entitlements with stops, flag 1), a hold by hand that the run did not
 * know of (flag 32), an order in place of the one that gives it, or a payment that may have been made twice since (flag 16). */
static enum status overtaken_of_run(struct ledger *ledger, int64_t run, int64_t file, struct ledger_overtaken **list,
                                    size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;
    enum status rc = db_query(ledger, diag, &stmt,
                              "WITH open AS (SELECT f.file, f.msg_id, f.batch FROM file f JOIN batch b USING(batch)"
                              " WHERE b.run = ?1 AND CASE ?4 WHEN 0 THEN f.state IN (?2, ?3) ELSE f.file = ?4 END),"
                              " carried AS (SELECT o.batch, o.ent, o.version, NULL AS orders FROM run r JOIN obligation o"
                              " ON o.period IN (r.period, 0) WHERE r.run = ?1 AND o.batch IN (SELECT batch FROM open)"
                              " UNION SELECT p.batch, p.ent, p.version, p.orders FROM open JOIN payment p USING(batch))"
                              " SELECT DISTINCT open.file, c.batch, c.ent, open.msg_id, e.id FROM carried c"
                              " JOIN entitlement e ON e.ent = c.ent JOIN open ON open.batch = c.batch"
                              " WHERE c.version <> e.version OR e.flags & 16 OR (e.flags & 32"
                              " AND EXISTS (SELECT 1 FROM hold h WHERE h.ent = e.ent AND h.lifted_at IS NULL AND h.run >= ?1))"
                              " OR (c.orders IS NOT NULL AND EXISTS (SELECT 1 FROM orders n WHERE n.replaces = c.orders)) OR (e.flags & 1"
                              " AND EXISTS (SELECT 1 FROM stop s JOIN intake i ON i.intake = s.intake"
                              " WHERE s.person = e.person AND (s.ent IS NULL OR s.ent = e.ent) AND i.run > ?1))"
                              " ORDER BY open.file, c.ent", "iiii", run, (int64_t)FILE_STAGED, (int64_t)FILE_STALE, file);

    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *list = mem_resize(*list, *count + 1, sizeof(**list));
        struct ledger_overtaken *one = &(*list)[(*count)++];
        one->file = sqlite3_column_int64(stmt, 0);
        one->batch = sqlite3_column_int64(stmt, 1);
        one->ent = sqlite3_column_int64(stmt, 2);
        db_copy(stmt, 3, one->msg_id, sizeof(one->msg_id));
        db_copy(stmt, 4, one->id, sizeof(one->id));
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

static enum status files_in_state(struct ledger *ledger, enum file_state state, struct arena *arena,
                                  struct ledger_file **file, size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;

    *file = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt, FILE_SELECT " WHERE f.state = ? ORDER BY b.run, f.file", "i",
                              (int64_t)state);
    return rc == STATUS_OK ? file_rows(ledger, stmt, arena, file, count, diag) : rc;
}

/* The runs that have staged or stale files, in order. */
static enum status open_runs(struct ledger *ledger, int64_t **run, size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *run = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT DISTINCT b.run FROM file f JOIN batch b USING(batch) WHERE f.state IN (?, ?)"
                              " ORDER BY b.run", "ii", (int64_t)FILE_STAGED, (int64_t)FILE_STALE);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *run = mem_resize(*run, *count + 1, sizeof(**run));
        (*run)[(*count)++] = sqlite3_column_int64(stmt, 0);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_overtake(struct ledger *ledger, enum state_by by, const struct ledger_doing *doing,
                            struct ledger_overtaken **overtaken, size_t *count, struct diag *diag)
{
    struct arena arena = ARENA_INIT;
    struct ledger_file *staged = NULL;
    int64_t *run = NULL;
    size_t runs = 0;
    size_t files = 0;

    *overtaken = NULL;
    *count = 0;
    enum status rc = open_runs(ledger, &run, &runs, diag);
    for (size_t i = 0; i < runs && rc == STATUS_OK; i++) {
        rc = overtaken_of_run(ledger, run[i], 0, overtaken, count, diag);
    }
    if (rc == STATUS_OK) {
        rc = files_in_state(ledger, FILE_STAGED, &arena, &staged, &files, diag);
    }
    for (size_t i = 0; i < files && rc == STATUS_OK; i++) {
        rc = stale_if(ledger, &staged[i], *overtaken, *count, by, doing, diag);
    }
    /* What funds a list must not leave without it: the run that makes the list anew funds it then. */
    for (size_t i = 0; i < files && rc == STATUS_OK; i++) {
        if (staged[i].state == FILE_STALE && staged[i].batch.channel == CHANNEL_cash) {
            rc = ledger_funding_stale(ledger, &staged[i], by, doing, diag);
        }
    }
    free(staged);
    free(run);
    arena_release(&arena);
    return rc;
}

enum status ledger_overtaken_in(struct ledger *ledger, const struct ledger_file *file,
                                struct ledger_overtaken **overtaken, size_t *count, struct diag *diag)
{
    *overtaken = NULL;
    *count = 0;
    return overtaken_of_run(ledger, file->run, file->file, overtaken, count, diag);
}

enum status ledger_files_stale(struct ledger *ledger, struct arena *arena, struct ledger_file **file, size_t *count,
                               struct diag *diag)
{
    return files_in_state(ledger, FILE_STALE, arena, file, count, diag);
}

enum status ledger_files_withdrawn(struct ledger *ledger, struct arena *arena, struct ledger_file **file,
                                   size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;

    *file = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              FILE_SELECT " WHERE f.state = ? AND f.taken_up IS NULL AND f.generation ="
                              " (SELECT max(g.generation) FROM file g WHERE g.batch = f.batch) ORDER BY b.run, f.file",
                              "i", (int64_t)FILE_VOIDED);
    return rc == STATUS_OK ? file_rows(ledger, stmt, arena, file, count, diag) : rc;
}

enum status ledger_file_taken_up(struct ledger *ledger, int64_t file, int64_t run, struct diag *diag)
{
    enum status rc = db_run(ledger, diag, "UPDATE file SET taken_up = ?2 WHERE file = ?1 AND state = ?3", "iii", file, run,
                            (int64_t)FILE_VOIDED);
    ASSERT(rc != STATUS_OK || sqlite3_changes(ledger->db) == 1);
    return rc;
}

/* ---- a new generation ---- */

static enum status generation_add(struct ledger *ledger, const struct ledger_file *next, struct diag *diag)
{
    return db_run(ledger, diag,
                  "INSERT INTO file(msg_id, batch, generation, state, payments, amount, pay_date, created_at, path,"
                  " made_by, made_officer, made_key) VALUES(?, ?, ?, 0, ?, ?, ?, ?, ?, ?, nullif(?, ''),"
                  " nullif(?, zeroblob(32)))", "ziiiiizzzzd", next->batch.msg_id, next->batch.batch,
                  (int64_t)next->generation, (int64_t)next->batch.payments, next->batch.amount_dong,
                  (int64_t)next->batch.pay_date, next->created_at, next->path, next->preparer.who,
                  next->preparer.officer, &next->preparer.key);
}

static enum status replaced_event(struct ledger *ledger, const struct ledger_file *file,
                                  const struct ledger_file *next, const struct ledger_doing *doing, struct diag *diag)
{
    struct ledger_event event = { .kind = next->batch.payments > 0 ? "file.replaced" : "file.emptied",
                                  .subject = file->batch.msg_id, .unit = file->unit_code, .who = doing->who,
                                  .why = doing->why, .at = doing->at, .digest = file->content };
    return ledger_event_add(ledger, &event, diag);
}

enum status ledger_replace(struct ledger *ledger, const struct ledger_file *file, enum state_by by,
                           const struct ledger_doing *doing, struct ledger_file *next, struct diag *diag)
{
    struct ledger_members members;
    enum file_state state = file->state == FILE_STALE ? FILE_VOIDED : FILE_SUPERSEDED;

    enum status rc = ledger_members(ledger, file, &members, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    next->batch.batch = file->batch.batch;
    next->generation = file->generation + 1;
    next->batch.payments = members.payments;
    next->batch.amount_dong = members.amount_dong;
    /* A withdrawn file in which nobody is left stays so. */
    if (members.payments > 0 || file->state != FILE_VOIDED) {
        rc = file_become(ledger, file->file, file->state, state, by, diag);
    }
    if (rc == STATUS_OK && members.payments > 0) {
        rc = generation_add(ledger, next, diag);
    }
    return rc == STATUS_OK ? replaced_event(ledger, file, next, doing, diag) : rc;
}
