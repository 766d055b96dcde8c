/* run.c - units, runs and intake files: what a run was sealed on, and how far it came. */
#include "db.h"

#include <stdio.h>
#include <stdlib.h>

#define RUN_COLUMNS                                                                                                \
    "run, period, number, state, created_at, who, officer, officer_key, pay_date, units, law, config, formats, first"

enum status ledger_unit(struct ledger *ledger, const char *code, int *unit, struct diag *diag)
{
    sqlite3_stmt *stmt;

    enum status rc = db_first(ledger, diag, &stmt, "SELECT unit FROM unit WHERE code = ?", "z", code);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (stmt != NULL) {
        *unit = sqlite3_column_int(stmt, 0);
        sqlite3_reset(stmt);
        return STATUS_OK;
    }
    rc = db_run(ledger, diag,
                "INSERT INTO unit(unit, code, monthly_next, once_next, once_planned)"
                " VALUES((SELECT coalesce(max(unit), 0) + 1 FROM unit), ?, 1, 1, 1)",
                "z", code);
    *unit = (int)sqlite3_last_insert_rowid(ledger->db);
    return rc;
}

static void run_read(sqlite3_stmt *stmt, struct ledger_run *run)
{
    run->run = sqlite3_column_int64(stmt, 0);
    run->period = sqlite3_column_int(stmt, 1);
    run->number = sqlite3_column_int(stmt, 2);
    run->state = (enum run_state)sqlite3_column_int(stmt, 3);
    db_copy(stmt, 4, run->created_at, sizeof(run->created_at));
    db_copy(stmt, 5, run->who, sizeof(run->who));
    db_copy(stmt, 6, run->officer, sizeof(run->officer));
    db_digest(stmt, 7, &run->officer_key);
    run->pay_date = sqlite3_column_type(stmt, 8) == SQLITE_NULL ? DAY_NONE : sqlite3_column_int(stmt, 8);
    db_copy(stmt, 9, run->units, sizeof(run->units));
    db_digest(stmt, 10, &run->law);
    db_digest(stmt, 11, &run->config);
    db_digest(stmt, 12, &run->formats);
    run->first = sqlite3_column_int64(stmt, 13);
}

static enum status run_take(enum status rc, sqlite3_stmt *stmt, struct ledger_run *run)
{
    *run = (struct ledger_run){ 0 };
    if (rc == STATUS_OK && stmt != NULL) {
        run_read(stmt, run);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_run_latest(struct ledger *ledger, month_t period, struct ledger_run *run, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT " RUN_COLUMNS " FROM run WHERE period = ? ORDER BY number DESC LIMIT 1", "i",
                              (int64_t)period);
    return run_take(rc, stmt, run);
}

enum status ledger_run_last(struct ledger *ledger, struct ledger_run *run, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT " RUN_COLUMNS " FROM run ORDER BY period DESC, number DESC LIMIT 1", "");
    return run_take(rc, stmt, run);
}

enum status ledger_run_open(struct ledger *ledger, struct ledger_run *run, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT " RUN_COLUMNS " FROM run WHERE state < ? ORDER BY run LIMIT 1", "i",
                              (int64_t)RUN_COMPLETE);
    return run_take(rc, stmt, run);
}

enum status ledger_run_get(struct ledger *ledger, int64_t number, struct ledger_run *run, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT " RUN_COLUMNS " FROM run WHERE run = ?", "i", number);

    rc = run_take(rc, stmt, run);
    if (rc == STATUS_OK && run->run == 0) {
        rc = diag_fail(diag, STATUS_NO_INPUT, "there is no run %lld", (long long)number);
    }
    return rc;
}

enum status ledger_runs_together(struct ledger *ledger, int64_t first, struct ledger_run *run, size_t max,
                                 size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt, "SELECT " RUN_COLUMNS " FROM run WHERE first = ? ORDER BY run", "i",
                              first);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        ASSERT(*count < max);   /* nobody seals more together */
        run[*count] = (struct ledger_run){ 0 };
        run_read(stmt, &run[(*count)++]);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_run_recorded(struct ledger *ledger, ledger_recorded *tell, void *context, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT kind, why FROM event WHERE first ="
                              " (SELECT first FROM event WHERE kind = 'run.sealed' ORDER BY seq DESC LIMIT 1) ORDER BY seq", "");

    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        tell(context, db_text(stmt, 0), db_text(stmt, 1));
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_run_add(struct ledger *ledger, struct ledger_run *run, struct diag *diag)
{
    struct ledger_run latest;
    enum status rc = ledger_run_latest(ledger, run->period, &latest, diag);

    if (rc != STATUS_OK) {
        return rc;
    }
    run->number = latest.number + 1;
    rc = db_run(ledger, diag,
                "INSERT INTO run(period, number, state, created_at, who, pay_date, units, law, config, formats, officer,"
                " officer_key, first) VALUES(?1, ?2, ?3, ?4, ?5, nullif(?6, -2147483648), ?7, ?8, ?9, ?10, nullif(?11, ''),"
                " nullif(?12, zeroblob(32)), ?13)",
                "iiizzizdddzdi", (int64_t)run->period, (int64_t)run->number, (int64_t)run->state, run->created_at,
                run->who, (int64_t)run->pay_date, run->units, &run->law, &run->config, &run->formats, run->officer,
                &run->officer_key, run->first);
    run->run = sqlite3_last_insert_rowid(ledger->db);
    if (rc == STATUS_OK && run->first == 0) {
        run->first = run->run;
        rc = db_run(ledger, diag, "UPDATE run SET first = run WHERE run = ?", "i", run->run);
    }
    return rc;
}

/* With the run's own time, however late it is carried on, so that a disturbed run ends in the same events. */
static enum status moved_event(struct ledger *ledger, const struct ledger_run *run, enum run_state state,
                               struct diag *diag)
{
    static const char *const kind[] = { "run.sealed", "run.planned", "run.staged", "run.complete" };
    char subject[40];
    char period[8];
    struct ledger_event event = { .kind = kind[state], .subject = subject, .unit = "", .why = "", .who = run->who,
                                  .at = run->created_at };

    month_write(run->period, period);
    snprintf(subject, sizeof(subject), "%s-R%d", period, run->number);
    return ledger_event_add(ledger, &event, diag);
}

enum status ledger_run_move(struct ledger *ledger, int64_t run, enum run_state state, struct diag *diag)
{
    struct ledger_run moved;
    enum status rc = ledger_run_get(ledger, run, &moved, diag);

    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag, "UPDATE run SET state = ?2 WHERE run = ?1 AND state <= ?2", "ii", run, (int64_t)state);
        ASSERT(rc != STATUS_OK || sqlite3_changes(ledger->db) == 1);    /* a run only moves forward */
    }
    return rc == STATUS_OK ? moved_event(ledger, &moved, state, diag) : rc;
}

enum status ledger_approval(struct ledger *ledger, const struct ledger_approval *approval, int64_t run,
                            int64_t *number, struct diag *diag)
{
    sqlite3_stmt *stmt;

    enum status rc = db_first(ledger, diag, &stmt, "SELECT approval FROM approval WHERE signature = ?", "d",
                              &approval->signature);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (stmt != NULL) {
        *number = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
        return STATUS_OK;
    }
    rc = db_run(ledger, diag,
                "INSERT INTO approval(list, signature, signer, officer, name, signed_at, run) VALUES(?, ?, ?, ?, ?, ?, ?)",
                "dddzzii", &approval->list, &approval->signature, &approval->signer, approval->officer, approval->name,
                approval->signed_at, run);
    *number = sqlite3_last_insert_rowid(ledger->db);
    return rc;
}

enum status ledger_intake_state(struct ledger *ledger, const struct digest *sha256, enum intake_state *state,
                                struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT state FROM intake WHERE sha256 = ?", "d", sha256);

    *state = INTAKE_UNKNOWN;
    if (rc == STATUS_OK && stmt != NULL) {
        *state = (enum intake_state)sqlite3_column_int(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_intake_find(struct ledger *ledger, const struct digest *sha256, int64_t *intake, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT intake FROM intake WHERE sha256 = ?", "d", sha256);

    if (rc == STATUS_OK && stmt == NULL) {
        rc = diag_fail(diag, STATUS_NO_INPUT, "the ledger does not know an intake file of this content");
    } else if (rc == STATUS_OK) {
        *intake = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_intake_seal(struct ledger *ledger, int64_t run, struct ledger_intake *intake, struct diag *diag)
{
    enum status rc = db_run(ledger, diag,
                            "INSERT INTO intake(sha256, name, run, approval, state) VALUES(?, ?, ?, ?, ?)", "dziii",
                            &intake->sha256, intake->name, run, intake->approval, (int64_t)INTAKE_SEALED);
    intake->intake = sqlite3_last_insert_rowid(ledger->db);
    intake->state = INTAKE_SEALED;
    return rc;
}

static void intake_read_row(sqlite3_stmt *stmt, struct ledger_intake *intake)
{
    intake->intake = sqlite3_column_int64(stmt, 0);
    db_copy(stmt, 1, intake->name, sizeof(intake->name));
    db_digest(stmt, 2, &intake->sha256);
    intake->approval = sqlite3_column_int64(stmt, 3);
    intake->family = sqlite3_column_type(stmt, 4) == SQLITE_NULL ? FAMILY_COUNT
                                                                 : (enum family)sqlite3_column_int(stmt, 4);
    intake->state = (enum intake_state)sqlite3_column_int(stmt, 5);
    intake->rows_read = (uint64_t)sqlite3_column_int64(stmt, 6);
    intake->rows_applied = (uint64_t)sqlite3_column_int64(stmt, 7);
    intake->rows_unchanged = (uint64_t)sqlite3_column_int64(stmt, 8);
    intake->rows_rejected = (uint64_t)sqlite3_column_int64(stmt, 9);
    intake->signed_at = sqlite3_column_int64(stmt, 10);
    db_digest(stmt, 11, &intake->signer);
    intake->again = sqlite3_column_int(stmt, 12) != 0;
}

enum status ledger_intake_list(struct ledger *ledger, int64_t run, struct ledger_intake **list, size_t *count,
                               struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *list = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT i.intake, i.name, i.sha256, i.approval, i.family, i.state, i.rows_read, i.applied,"
                              " i.unchanged, i.rejected, a.signed_at, a.signer, 0 FROM intake i"
                              " LEFT JOIN approval a USING(approval) WHERE (?1 = 0 OR i.run = ?1)"
                              " UNION ALL SELECT DISTINCT i.intake, l.name, i.sha256, l.approval, i.family, 1 + l.looked,"
                              " 0, 0, 0, 0, a.signed_at, a.signer, 1 FROM listing l JOIN intake i USING(intake)"
                              " LEFT JOIN approval a ON a.approval = l.approval"
                              " WHERE l.run <> i.run AND (?1 = 0 OR l.run = ?1) ORDER BY 13, 1", "i", run);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *list = mem_resize(*list, *count + 1, sizeof(**list));
        intake_read_row(stmt, &(*list)[(*count)++]);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_intake_done(struct ledger *ledger, const struct ledger_intake *intake, struct diag *diag)
{
    ASSERT(intake->rows_read == intake->rows_applied + intake->rows_unchanged + intake->rows_rejected);
    return db_run(ledger, diag,
                  "UPDATE intake SET family = nullif(?2, ?3), state = ?4, rows_read = ?5, applied = ?6, unchanged = ?7,"
                  " rejected = ?8 WHERE intake = ?1",
                  "iiiiiiii", intake->intake, (int64_t)intake->family, (int64_t)FAMILY_COUNT, (int64_t)INTAKE_APPLIED,
                  (int64_t)intake->rows_read, (int64_t)intake->rows_applied, (int64_t)intake->rows_unchanged,
                  (int64_t)intake->rows_rejected);
}

enum status ledger_reject_add(struct ledger *ledger, int64_t intake, const struct ledger_reject *reject, size_t count,
                              struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = db_run(ledger, diag, "INSERT OR IGNORE INTO reject(intake, line, col, reason) VALUES(?, ?, ?, ?)", "iiit",
                    intake, (int64_t)reject[i].line, (int64_t)reject[i].column, &reject[i].reason);
    }
    return rc;
}
