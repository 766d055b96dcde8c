/* query_tries.c - where the money of one obligation went: its payments, and what banks and the post said of each. */
#include "ledger/db.h"

#include "chitra/ledger_query.h"

#include <stdlib.h>

/* The first payment is the obligation itself, or has a row that it names; later ones stand beside it. */
static const char tries_sql[] =
    "WITH t(attempt, id, amount, batch, state, reason, day, answer) AS ("
    " SELECT 0, NULL, o.amount, o.batch, x.state, x.reason, x.day, x.answer FROM obligation o LEFT JOIN outcome x"
    " ON x.period = o.period AND x.ent = o.ent AND x.comp = o.comp WHERE o.period = ?1 AND o.ent = ?2 AND o.comp = ?3"
    " AND o.seq = ?4 AND o.payment IS NULL AND o.batch IS NOT NULL"
    " UNION ALL SELECT p.attempt, p.end_to_end_id, p.amount, p.batch, p.state, p.reason, p.day, p.answer FROM payment p"
    " WHERE p.payment IN (SELECT payment FROM obligation WHERE period = ?1 AND ent = ?2 AND comp = ?3 AND seq = ?4"
    " UNION SELECT payment FROM reissue WHERE period = ?1 AND ent = ?2 AND comp = ?3 AND seq = ?4))"
    " SELECT t.attempt, t.id, t.amount, f.msg_id, b.channel, CASE WHEN f.state = 10 THEN 0 ELSE coalesce(t.state, f.rest) END,"
    " (SELECT text FROM word WHERE word = CASE WHEN t.state IS NULL THEN f.rest_reason ELSE t.reason END),"
    " CASE WHEN t.state IS NULL THEN f.rest_day ELSE t.day END,"
    " (SELECT name FROM answer a WHERE a.answer = CASE WHEN t.state IS NULL THEN f.rest_answer ELSE t.answer END)"
    " FROM t JOIN batch b ON b.batch = t.batch JOIN file f ON f.batch = b.batch"
    " AND f.generation = (SELECT max(g.generation) FROM file g WHERE g.batch = b.batch) ORDER BY t.attempt";

static void tried_read(sqlite3_stmt *stmt, struct span id, const struct obligation_key *key, struct arena *arena,
                       struct ledger_tried *tried)
{
    *tried = (struct ledger_tried){ .attempt = sqlite3_column_int(stmt, 0), .amount_dong = sqlite3_column_int64(stmt, 2),
                                    .cash = sqlite3_column_int(stmt, 4) == CHANNEL_cash,
                                    .state = (enum payment_state)sqlite3_column_int(stmt, 5),
                                    .reason = arena_copy(arena, db_text(stmt, 6)),
                                    .day = sqlite3_column_type(stmt, 7) == SQLITE_NULL ? DAY_NONE : sqlite3_column_int(stmt, 7),
                                    .answer = arena_copy(arena, db_text(stmt, 8)) };
    if (sqlite3_column_type(stmt, 1) == SQLITE_NULL) {
        payment_id_of(id, key, 1, 0, tried->payment_id);
    } else {
        db_copy(stmt, 1, tried->payment_id, sizeof(tried->payment_id));
    }
    db_copy(stmt, 3, tried->msg_id, sizeof(tried->msg_id));
}

enum status ledger_tries(struct ledger *ledger, struct span id, const struct obligation_key *key, struct arena *arena,
                         struct ledger_tried **tried, size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *tried = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt, tries_sql, "iiii", (int64_t)key->period, key->ent,
                              (int64_t)key->component, (int64_t)key->seq);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *tried = mem_resize(*tried, *count + 1, sizeof(**tried));
        tried_read(stmt, id, key, arena, &(*tried)[(*count)++]);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}
