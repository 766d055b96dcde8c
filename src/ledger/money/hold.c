/* hold.c - holds by hand, and what becomes of held obligations by an officer's word. */
#include "ledger/db.h"
#include "ledger/register/entry.h"

#include "chitra/ledger_hold.h"

const char ledger_was_let_go[] = "let go by hand";

#define KEY "period = ?1 AND ent = ?2 AND comp = ?3 AND seq = ?4"
#define KEY_OF(key) (int64_t)(key)->period, (key)->ent, (int64_t)(key)->component, (int64_t)(key)->seq

/* ---- holds ---- */

enum status ledger_holds_of(struct ledger *ledger, int64_t ent, struct arena *arena, struct ledger_hold **hold,
                            size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *hold = arena_alloc(arena, LEDGER_HOLDS_MAX * sizeof(**hold));
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT hold, coalesce(payment_id, ''), reason, who, officer, officer_key FROM hold"
                              " WHERE ent = ? AND lifted_at IS NULL ORDER BY payment_id IS NOT NULL, hold", "i", ent);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        ASSERT(*count < LEDGER_HOLDS_MAX);      /* ledger_hold_add sees to it */
        struct ledger_hold *one = &(*hold)[(*count)++];
        *one = (struct ledger_hold){ .hold = sqlite3_column_int64(stmt, 0), .ent = ent,
                                     .payment_id = arena_copy(arena, db_text(stmt, 1)).data,
                                     .reason = arena_copy(arena, db_text(stmt, 2)).data };
        db_copy(stmt, 3, one->placed.who, sizeof(one->placed.who));
        db_copy(stmt, 4, one->placed.officer, sizeof(one->placed.officer));
        db_digest(stmt, 5, &one->placed.key);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

bool ledger_hold_covers(const struct ledger_hold *hold, struct span id, const struct obligation_key *key,
                        const char *former)
{
    char own[PAYMENT_ID_BYTES];

    if (hold->payment_id[0] == '\0' || (former != NULL && strcmp(former, hold->payment_id) == 0)) {
        return true;
    }
    payment_id_of(id, key, 1, 0, own);
    return strcmp(own, hold->payment_id) == 0;
}

/* ---- what waits ---- */

/* Held obligations, and those that were let go, with what they were taken out of. */
struct waiting_row {
    struct ledger_waiting waiting;
    bool held;
    const char *former;
};

struct waiting_rows {
    struct span id;             /* the entitlement's */
    struct waiting_row *row;
    size_t count;
};

static void row_read(sqlite3_stmt *stmt, struct arena *arena, struct waiting_row *row)
{
    *row = (struct waiting_row){
        .waiting = { .key = { sqlite3_column_int(stmt, 0), sqlite3_column_int64(stmt, 1),
                              (enum component)sqlite3_column_int(stmt, 2), sqlite3_column_int(stmt, 3) },
                     .amount_dong = sqlite3_column_int64(stmt, 4), .run = sqlite3_column_int64(stmt, 5),
                     .reason = arena_copy(arena, db_text(stmt, 6)) },
        .held = sqlite3_column_int(stmt, 7) == OBLIGATION_HELD,
        .former = sqlite3_column_type(stmt, 8) == SQLITE_NULL ? NULL : arena_copy(arena, db_text(stmt, 8)).data };
}

static const char waiting_sql[] =
    "SELECT x.period, x.ent, x.comp, x.seq, o.amount, x.run, x.reason, x.state, x.former, e.id"
    " FROM exception x JOIN obligation o USING(period, ent, comp, seq) JOIN entitlement e ON e.ent = x.ent"
    " WHERE x.ent = ? AND x.state IN (1, 5) ORDER BY x.period, x.comp, x.seq";
static const char attempts_sql[] =
    "SELECT h.period, h.ent, h.comp, h.seq, o.amount, h.run, h.reason, 1, h.end_to_end_id, e.id"
    " FROM attempt_held h JOIN obligation o USING(period, ent, comp, seq) JOIN entitlement e ON e.ent = h.ent"
    " WHERE h.ent = ? ORDER BY h.period, h.comp, h.seq";

static enum status rows_read(struct ledger *ledger, const char *sql, int64_t ent, struct arena *arena, struct waiting_rows *rows,
                             struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;
    size_t room = 0;

    *rows = (struct waiting_rows){ .id = SPAN_EMPTY };
    enum status rc = db_query(ledger, diag, &stmt, sql, "i", ent);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        if (rows->count == room) {
            struct waiting_row *longer = arena_alloc(arena, (room * 2 + 16) * sizeof(*longer));
            if (room > 0) {
                memcpy(longer, rows->row, room * sizeof(*longer));
            }
            rows->row = longer;
            room = room * 2 + 16;
        }
        rows->id = rows->id.size > 0 ? rows->id : arena_copy(arena, db_text(stmt, 9));
        row_read(stmt, arena, &rows->row[rows->count++]);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_waiting(struct ledger *ledger, int64_t ent, const char *payment_id, struct arena *arena,
                           struct ledger_waiting **waiting, size_t *count, struct diag *diag)
{
    const struct ledger_hold asked = { .payment_id = payment_id };
    struct waiting_rows rows;

    *count = 0;
    enum status rc = rows_read(ledger, waiting_sql, ent, arena, &rows, diag);
    *waiting = arena_alloc(arena, (rows.count + 1) * sizeof(**waiting));
    for (size_t i = 0; i < rows.count && rc == STATUS_OK; i++) {
        if (rows.row[i].held && ledger_hold_covers(&asked, rows.id, &rows.row[i].waiting.key, rows.row[i].former)) {
            (*waiting)[(*count)++] = rows.row[i].waiting;
        }
    }
    return rc;
}

enum status ledger_attempts_held(struct ledger *ledger, int64_t ent, const char *payment_id, struct arena *arena,
                                 struct ledger_waiting **waiting, size_t *count, struct diag *diag)
{
    struct waiting_rows rows;

    *count = 0;
    enum status rc = rows_read(ledger, attempts_sql, ent, arena, &rows, diag);
    *waiting = arena_alloc(arena, (rows.count + 1) * sizeof(**waiting));
    for (size_t i = 0; i < rows.count && rc == STATUS_OK; i++) {
        if (payment_id[0] == '\0' || strcmp(payment_id, rows.row[i].former) == 0) {
            (*waiting)[(*count)++] = rows.row[i].waiting;
        }
    }
    return rc;
}

/* ---- what becomes of it ---- */

static enum status exception_become(struct ledger *ledger, const struct obligation_key *key, enum obligation_state state,
                                    const char *reason, struct diag *diag)
{
    return db_run(ledger, diag, "UPDATE exception SET state = ?5, reason = ?6, thing = 0 WHERE " KEY " AND state IN (1, 5)",
                  "iiiiiz", KEY_OF(key), (int64_t)state, reason);
}

enum status ledger_let_go_by(struct ledger *ledger, const char *id, const char *why, char at[SYS_TIME_BYTES],
                             struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT at FROM event WHERE kind IN ('hold.ended', 'hold.lifted') AND subject = ? AND why = ?",
                              "zz", id, why);

    at[0] = '\0';
    if (rc == STATUS_OK && stmt != NULL) {
        db_copy(stmt, 0, at, SYS_TIME_BYTES);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_let_go(struct ledger *ledger, const struct obligation_key *key, struct diag *diag)
{
    ASSERT(payment_may_become(PAYMENT_HELD, PAYMENT_CALCULATED, BY_UNHOLD));
    enum status rc = exception_become(ledger, key, OBLIGATION_CALCULATED, ledger_was_let_go, diag);
    return rc == STATUS_OK ? db_run(ledger, diag, "DELETE FROM attempt_held WHERE " KEY, "iiii", KEY_OF(key)) : rc;
}

enum status ledger_waiting_close(struct ledger *ledger, const struct obligation_key *key,
                                 const struct ledger_word_of *word, struct diag *diag)
{
    ASSERT(payment_may_become(PAYMENT_HELD, PAYMENT_CLOSED, BY_CLOSE));
    enum status rc = exception_become(ledger, key, OBLIGATION_CLOSED_BY_HAND, word->why, diag);
    return rc == STATUS_OK ? db_run(ledger, diag, "UPDATE exception SET at = ?5 WHERE " KEY, "iiiiz", KEY_OF(key), word->at)
                           : rc;
}

/* What waits of an entitlement has the reason of the hold that covers it; what only `ended` covered is let go. */
static enum status refresh(struct ledger *ledger, int64_t ent, const struct ledger_hold *ended, struct diag *diag)
{
    struct arena arena = ARENA_INIT;
    struct ledger_hold *hold;
    struct waiting_rows rows;
    size_t count = 0;

    enum status rc = ledger_holds_of(ledger, ent, &arena, &hold, &count, diag);
    if (rc == STATUS_OK) {
        rc = rows_read(ledger, waiting_sql, ent, &arena, &rows, diag);
    }
    for (size_t i = 0; rc == STATUS_OK && i < rows.count; i++) {
        const struct waiting_row *row = &rows.row[i];
        size_t at = 0;
        while (at < count && !ledger_hold_covers(&hold[at], rows.id, &row->waiting.key, row->former)) {
            at++;
        }
        if (at < count) {
            rc = exception_become(ledger, &row->waiting.key, OBLIGATION_HELD, hold[at].reason, diag);
        } else if (ended != NULL && ledger_hold_covers(ended, rows.id, &row->waiting.key, row->former)) {
            rc = ledger_let_go(ledger, &row->waiting.key, diag);
        }
    }
    arena_release(&arena);
    return rc;
}

enum status ledger_hold_add(struct ledger *ledger, const struct ledger_hold *hold, const char *at, struct diag *diag)
{
    struct arena arena = ARENA_INIT;
    struct ledger_hold *open;
    size_t count = 0;

    enum status rc = ledger_holds_of(ledger, hold->ent, &arena, &open, &count, diag);
    if (rc == STATUS_OK && count == LEDGER_HOLDS_MAX) {
        rc = diag_fail(diag, STATUS_LIMIT, "one entitlement has %d holds: one on all of it would do", LEDGER_HOLDS_MAX);
    }
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag,
                    "INSERT INTO hold(ent, payment_id, reason, run, who, officer, officer_key, at) VALUES(?1, nullif(?2, ''),"
                    " ?3, (SELECT coalesce(max(run), 0) FROM run), ?4, ?5, nullif(?6, zeroblob(32)), ?7)", "izzzzdz",
                    hold->ent, hold->payment_id, hold->reason, hold->placed.who, hold->placed.officer,
                    &hold->placed.key, at);
    }
    if (rc == STATUS_OK) {
        rc = entry_flag(ledger, hold->ent, ENTITLEMENT_HELD, diag);
    }
    arena_release(&arena);
    return rc == STATUS_OK ? refresh(ledger, hold->ent, NULL, diag) : rc;
}

enum status ledger_hold_end(struct ledger *ledger, const struct ledger_hold *hold, const struct ledger_word_of *word,
                            struct diag *diag)
{
    enum status rc = db_run(ledger, diag,
                            "UPDATE hold SET lifted_at = ?2, lifted_by = ?3, lifted_why = ?4 WHERE hold = ?1 AND lifted_at IS NULL",
                            "izzz", hold->hold, word->at, word->who, word->why);

    ASSERT(rc != STATUS_OK || sqlite3_changes(ledger->db) == 1);
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag,
                    "UPDATE entitlement SET flags = flags & ~?2 WHERE ent = ?1"
                    " AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.ent = ?1 AND h.lifted_at IS NULL)", "ii", hold->ent,
                    (int64_t)ENTITLEMENT_HELD);
    }
    return rc == STATUS_OK ? refresh(ledger, hold->ent, hold, diag) : rc;
}
