/* failed.c - payments that finally failed: those that wait, their obligations, and what ends their waiting. */
#include "failed.h"
#include "funding.h"

#include "ledger/register/entry.h"

#include <stdlib.h>

#define FAILURE_SELECT                                                                                     \
    "SELECT d.end_to_end_id, d.ent, b.unit, r.period, coalesce(p.purpose, d.comp), coalesce(p.amount, o.amount),"  \
    " coalesce(p.attempt, 0), d.version, b.channel, d.state, d.settled,"                                   \
    " (SELECT text FROM word w WHERE w.word = d.reason), d.cured IS NOT NULL,"                             \
    " EXISTS(SELECT 1 FROM break k WHERE k.closed_at IS NULL AND k.kind IN (6, 7) AND k.end_to_end_id IN (d.end_to_end_id, d.withdrawn))" \
    " OR (d.ent = 0 AND " FUNDING_IN_DOUBT "),"                                                              \
    " coalesce(d.payment, 0), d.period, coalesce(p.orders, 0),"                                              \
    " (SELECT n.run FROM payment c JOIN batch n ON n.batch = c.batch WHERE c.parent = d.end_to_end_id)," \
    " r.run, coalesce(p.period, r.period)"                                                                  \
    " FROM dead d JOIN batch b ON b.batch = d.batch JOIN run r ON r.run = b.run"                           \
    " LEFT JOIN payment p ON p.payment = d.payment LEFT JOIN obligation o"                                 \
    " ON d.payment IS NULL AND o.period = d.period AND o.ent = d.ent AND o.comp = d.comp AND o.seq = 0"

static void failure_read(sqlite3_stmt *stmt, struct arena *arena, struct ledger_failure *failure)
{
    *failure = (struct ledger_failure){ .ent = sqlite3_column_int64(stmt, 1), .unit = sqlite3_column_int(stmt, 2),
                                        .period = sqlite3_column_int(stmt, 3),
                                        .purpose = (enum component)sqlite3_column_int(stmt, 4),
                                        .amount_dong = sqlite3_column_int64(stmt, 5),
                                        .attempt = sqlite3_column_int(stmt, 6), .version = sqlite3_column_int64(stmt, 7),
                                        .channel = sqlite3_column_int(stmt, 8),
                                        .state = (enum payment_state)sqlite3_column_int(stmt, 9),
                                        .settled = (enum failure_settled)sqlite3_column_int(stmt, 10),
                                        .reason = arena_copy(arena, db_text(stmt, 11)),
                                        .cured = sqlite3_column_int(stmt, 12) != 0,
                                        .contested = sqlite3_column_int(stmt, 13) != 0,
                                        .order = sqlite3_column_int64(stmt, 16),
                                        .again = sqlite3_column_int64(stmt, 17), .run = sqlite3_column_int64(stmt, 18),
                                        .payment_period = sqlite3_column_int(stmt, 19) };
    db_copy(stmt, 0, failure->payment_id, sizeof(failure->payment_id));
}

static void obligation_add(struct ledger_failures *failures, sqlite3_stmt *stmt)
{
    failures->obligation = mem_resize(failures->obligation, failures->obligation_count + 1, sizeof(*failures->obligation));
    failures->obligation[failures->obligation_count++] = (struct ledger_failed_obligation){
        .key = { sqlite3_column_int(stmt, 0), sqlite3_column_int64(stmt, 1), (enum component)sqlite3_column_int(stmt, 2),
                 sqlite3_column_int(stmt, 3) },
        .amount_dong = sqlite3_column_int64(stmt, 4), .order = sqlite3_column_int64(stmt, 5) };
}

/* What a payment settles: its own obligation, those that name its row, or, of a later attempt, those beside it;
 * without what was closed since. */
static enum status obligations_read(struct ledger *ledger, const struct ledger_failure *failure, int64_t row,
                                    month_t period, struct ledger_failures *failures, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT o.period, o.ent, o.comp, o.seq, o.amount, coalesce(w.orders, 0) FROM"
                              " (SELECT ?1 AS period, ?2 AS ent, ?3 AS comp, 0 AS seq WHERE ?4 = 0 UNION ALL"
                              " SELECT period, ent, comp, seq FROM obligation WHERE payment = ?4 AND ?5 = 0 UNION ALL"
                              " SELECT period, ent, comp, seq FROM reissue WHERE payment = ?4 AND ?5 > 0) k"
                              " JOIN obligation o USING(period, ent, comp, seq) LEFT JOIN exception x"
                              " ON x.period = o.period AND x.ent = o.ent AND x.comp = o.comp AND x.seq = o.seq LEFT JOIN ordered w"
                              " ON w.period = o.period AND w.ent = o.ent AND w.comp = o.comp AND w.seq = o.seq"
                              " WHERE x.state IS NULL ORDER BY o.period, o.comp, o.seq", "iiiii", (int64_t)period,
                              failure->ent, (int64_t)failure->purpose, row, (int64_t)failure->attempt);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        obligation_add(failures, stmt);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

/* What the obligations are asked for with: kept until the statement of the failures has ended. */
struct behind {
    int64_t row;
    month_t period;
};

static enum status failures_read(struct ledger *ledger, int unit, struct arena *arena, struct ledger_failures *failures,
                                 struct behind **behind, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;
    size_t room = 0;

    enum status rc = db_query(ledger, diag, &stmt,
                              FAILURE_SELECT " WHERE d.settled = 0 AND (d.ent = 0 AND b.unit = ?1 OR d.ent <> 0 AND"
                              " (SELECT unit FROM entitlement e WHERE e.ent = d.ent) = ?1)"
                              " ORDER BY d.ent, r.period, d.end_to_end_id", "i", (int64_t)unit);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        if (failures->count == room) {
            room = room * 2 + 64;
            failures->failure = mem_resize(failures->failure, room, sizeof(*failures->failure));
            *behind = mem_resize(*behind, room, sizeof(**behind));
        }
        (*behind)[failures->count] = (struct behind){ sqlite3_column_int64(stmt, 14), sqlite3_column_int(stmt, 15) };
        failure_read(stmt, arena, &failures->failure[failures->count++]);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_failures(struct ledger *ledger, int unit, struct arena *arena, struct ledger_failures *failures,
                            struct diag *diag)
{
    struct behind *behind = NULL;

    *failures = (struct ledger_failures){ .count = 0 };
    enum status rc = failures_read(ledger, unit, arena, failures, &behind, diag);
    for (size_t i = 0; i < failures->count && rc == STATUS_OK; i++) {
        struct ledger_failure *failure = &failures->failure[i];
        failure->first = failures->obligation_count;
        if (failure->ent != 0) {
            rc = obligations_read(ledger, failure, behind[i].row, behind[i].period, failures, diag);
        }
        failure->count = failures->obligation_count - failure->first;
    }
    free(behind);
    return rc;
}

void ledger_failures_release(struct ledger_failures *failures)
{
    free(failures->failure);
    free(failures->obligation);
    *failures = (struct ledger_failures){ .count = 0 };
}

enum status ledger_failure_find(struct ledger *ledger, const char *payment_id, struct arena *arena,
                                struct ledger_failure *failure, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, FAILURE_SELECT " WHERE d.end_to_end_id = ?", "z", payment_id);

    if (rc == STATUS_OK && stmt == NULL) {
        rc = diag_fail(diag, STATUS_NO_INPUT, "no payment failed under this id");
        diag_found(diag, "%s", payment_id);
    } else if (rc == STATUS_OK) {
        failure_read(stmt, arena, failure);
        sqlite3_reset(stmt);
    }
    return rc;
}

/* ---- decisions ---- */

static enum status decided(struct ledger *ledger, const char *kind, const char *payment_id, const struct ledger_word_of *word,
                           struct diag *diag)
{
    const struct ledger_event event = { .kind = kind, .subject = payment_id, .unit = "", .who = word->who,
                                        .why = word->why, .at = word->at };

    return ledger_event_add(ledger, &event, diag);
}

enum status ledger_failure_cure(struct ledger *ledger, const char *payment_id, const struct ledger_word_of *word,
                                struct diag *diag)
{
    /* Given again after a crash, the word is on record already. */
    enum status rc = db_run(ledger, diag,
                            "UPDATE dead SET cured = ?2, cured_by = ?3, cured_at = ?4 WHERE end_to_end_id = ?1"
                            " AND settled = 0 AND (cured, cured_by) IS NOT (?2, ?3)",
                            "zzzz", payment_id, word->why, word->who, word->at);

    return rc == STATUS_OK && sqlite3_changes(ledger->db) > 0 ? decided(ledger, "payment.cured", payment_id, word, diag) : rc;
}

enum status failure_settle(struct ledger *ledger, const char *payment_id, enum failure_settled settled, enum state_by by,
                           struct diag *diag)
{
    enum payment_state to = settled == FAILURE_REISSUED ? PAYMENT_REISSUED : PAYMENT_CLOSED;
    struct arena arena = ARENA_INIT;
    struct ledger_failure failure;

    enum status rc = ledger_failure_find(ledger, payment_id, &arena, &failure, diag);
    if (rc == STATUS_OK) {
        ASSERT(failure.settled == FAILURE_WAITS && payment_may_become(failure.state, to, by));
        rc = db_run(ledger, diag, "UPDATE dead SET settled = ?2 WHERE end_to_end_id = ?1", "zi", payment_id,
                    (int64_t)settled);
    }
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag, "DELETE FROM attempt_held WHERE ent = ?2 AND end_to_end_id = ?1", "zi", payment_id, failure.ent);
    }
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag,
                    "UPDATE payment SET state = ?2 WHERE payment = (SELECT payment FROM dead WHERE end_to_end_id = ?1)", "zi",
                    payment_id, (int64_t)to);
    }
    if (rc == STATUS_OK) {
        /* Its state can be its file's rest: then it gets one of its own. */
        rc = db_run(ledger, diag,
                    "INSERT INTO outcome(period, ent, comp, state, reason, day, answer) SELECT period, ent, comp, ?2, reason, day,"
                    " answer FROM dead WHERE end_to_end_id = ?1 AND payment IS NULL ON CONFLICT DO UPDATE SET state = excluded.state",
                    "zi", payment_id, (int64_t)to);
    }
    arena_release(&arena);
    return rc;
}

/* ---- held by screens ---- */

/* Since when, and by which run, stays as it was as long as the reason is the same about the same thing. */
static enum status attempt_hold(struct ledger *ledger, const struct ledger_failure *failure,
                                const struct ledger_obligation *held, int64_t run, const char *at, struct diag *diag)
{
    const struct obligation_key *key = &held->key;

    return db_run(ledger, diag,
                  "INSERT INTO attempt_held(period, ent, comp, seq, end_to_end_id, reason, thing, run, at, seen)"
                  " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?8) ON CONFLICT DO UPDATE SET seen = excluded.seen,"
                  " end_to_end_id = excluded.end_to_end_id, reason = excluded.reason, thing = excluded.thing,"
                  " run = iif(reason = excluded.reason AND thing = excluded.thing, run, excluded.run),"
                  " at = iif(reason = excluded.reason AND thing = excluded.thing, at, excluded.at)", "iiiizziiz",
                  (int64_t)key->period, key->ent, (int64_t)key->component, (int64_t)key->seq, failure->payment_id,
                  held->reason, (int64_t)held->thing, run, at);
}

enum status ledger_failure_hold(struct ledger *ledger, const struct ledger_failure *failure,
                                const struct ledger_obligation *owed, size_t count, int64_t run, const char *at,
                                struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (owed[i].state == OBLIGATION_HELD) {
            rc = attempt_hold(ledger, failure, &owed[i], run, at, diag);
        }
    }
    return rc == STATUS_OK ? db_run(ledger, diag, "DELETE FROM attempt_held WHERE ent = ?2 AND end_to_end_id = ?1 AND seen <> ?3",
                                    "zii", failure->payment_id, failure->ent, run)
                           : rc;
}

/* ---- closed ---- */

static enum status obligation_close(struct ledger *ledger, const struct obligation_key *key, enum obligation_state state,
                                    int64_t run, const struct ledger_word_of *word, struct diag *diag)
{
    return db_run(ledger, diag,
                  "INSERT INTO exception(period, ent, comp, seq, state, reason, run, at) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                  "iiiiiziz", (int64_t)key->period, key->ent, (int64_t)key->component, (int64_t)key->seq,
                  (int64_t)state, word->why, run, word->at);
}

enum status ledger_failure_close(struct ledger *ledger, const struct ledger_failure *failure,
                                 const struct ledger_failed_obligation *obligation, size_t count, int64_t run,
                                 const struct ledger_word_of *word, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = obligation_close(ledger, &obligation[i].key, OBLIGATION_CLOSED, run, word, diag);
    }
    /* What was taken back with it, and what it settled, are compared anew. */
    if (rc == STATUS_OK && failure->ent != 0) {
        rc = entry_touch(ledger, failure->ent, diag);
    }
    if (rc == STATUS_OK && count == failure->count) {
        rc = failure_settle(ledger, failure->payment_id, FAILURE_CLOSED, BY_RUN, diag);
        rc = rc == STATUS_OK ? decided(ledger, "payment.closed", failure->payment_id, word, diag) : rc;
    }
    return rc;
}

/* Where the obligations of a failed payment are found. */
static enum status behind_find(struct ledger *ledger, const char *payment_id, struct behind *behind, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT coalesce(payment, 0), period FROM dead WHERE end_to_end_id = ?",
                              "z", payment_id);

    if (rc == STATUS_OK) {
        ASSERT(stmt != NULL);
        *behind = (struct behind){ sqlite3_column_int64(stmt, 0), sqlite3_column_int(stmt, 1) };
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_failure_end(struct ledger *ledger, const struct ledger_failure *failure,
                               const struct ledger_word_of *word, struct diag *diag)
{
    struct ledger_failures of_it = { .count = 0 };
    struct behind behind;

    enum status rc = behind_find(ledger, failure->payment_id, &behind, diag);
    if (rc == STATUS_OK) {
        rc = obligations_read(ledger, failure, behind.row, behind.period, &of_it, diag);
    }
    for (size_t i = 0; i < of_it.obligation_count && rc == STATUS_OK; i++) {
        rc = obligation_close(ledger, &of_it.obligation[i].key, OBLIGATION_CLOSED_BY_HAND, failure->run, word, diag);
    }
    ledger_failures_release(&of_it);
    return rc == STATUS_OK ? failure_settle(ledger, failure->payment_id, FAILURE_CLOSED, BY_CLOSE, diag) : rc;
}
