/* event.c - the chain of events: each names who, when and why, and holds the hash of the one before. */
#include "db.h"

#include <inttypes.h>

/* The hash of an event: over the previous hash and every field with its length, so that no two
 * different events have the same bytes. */
static void event_hash(int64_t seq, const struct ledger_event *event, const struct digest *prev, struct digest *hash)
{
    struct buf bytes = BUF_INIT(64 * 1024);
    const char *const field[] = { event->at, event->who, event->kind, event->subject, event->unit, event->why };
    char hex[DIGEST_HEX_BYTES];

    digest_hex(prev, hex);
    enum status rc = buf_add_format(&bytes, "%s,%" PRId64 ",", hex, seq);
    for (size_t i = 0; i < sizeof(field) / sizeof(field[0]) && rc == STATUS_OK; i++) {
        rc = buf_add_format(&bytes, "%zu:%s,", strlen(field[i]), field[i]);
    }
    if (rc == STATUS_OK) {
        digest_hex(&event->digest, hex);
        rc = buf_add_text(&bytes, hex);
    }
    ASSERT(rc == STATUS_OK);    /* every field has its own limit, far below the buffer's */
    digest_of(buf_span(&bytes), hash);
    buf_release(&bytes);
}

enum status ledger_event_add(struct ledger *ledger, const struct ledger_event *event, struct diag *diag)
{
    sqlite3_stmt *stmt;
    struct digest prev = { { 0 } };
    struct digest hash;
    int64_t seq = 1;

    enum status rc = db_first(ledger, diag, &stmt, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1", "");
    if (rc != STATUS_OK) {
        return rc;
    }
    if (stmt != NULL) {
        seq = sqlite3_column_int64(stmt, 0) + 1;
        db_digest(stmt, 1, &prev);
        sqlite3_reset(stmt);
    }
    event_hash(seq, event, &prev, &hash);
    return db_run(ledger, diag,
                  "INSERT INTO event(seq, at, who, kind, subject, unit, why, digest, prev, hash)"
                  " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "izzzzzzddd", seq, event->at, event->who, event->kind, event->subject, event->unit, event->why,
                  &event->digest, &prev, &hash);
}

static enum status event_fits(sqlite3_stmt *stmt, int64_t seq, struct digest *prev, struct diag *diag)
{
    struct ledger_event event = { 0 };
    struct digest stated;
    struct digest hash;

    event.at = (const char *)sqlite3_column_text(stmt, 1);
    event.who = (const char *)sqlite3_column_text(stmt, 2);
    event.kind = (const char *)sqlite3_column_text(stmt, 3);
    event.subject = (const char *)sqlite3_column_text(stmt, 4);
    event.unit = (const char *)sqlite3_column_text(stmt, 5);
    event.why = (const char *)sqlite3_column_text(stmt, 6);
    db_digest(stmt, 7, &event.digest);
    db_digest(stmt, 8, &stated);
    event_hash(seq, &event, prev, &hash);
    struct digest kept;
    db_digest(stmt, 9, &kept);
    if (sqlite3_column_int64(stmt, 0) != seq || !digest_equal(&stated, prev) || !digest_equal(&kept, &hash)) {
        enum status rc = diag_fail(diag, STATUS_CONFLICT, "the chain of events is broken at event %" PRId64, seq);
        diag_at(diag, "state/ledger.db", 0, 0);
        diag_hint(diag, "the ledger was changed by hand: compare it with a backup");
        return rc;
    }
    *prev = hash;
    return STATUS_OK;
}

enum status ledger_event_check(struct ledger *ledger, uint64_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    struct digest prev = { { 0 } };
    bool more = false;

    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT seq, at, who, kind, subject, unit, why, digest, prev, hash FROM event ORDER BY seq",
                              "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        rc = event_fits(stmt, (int64_t)*count + 1, &prev, diag);
        if (rc == STATUS_OK) {
            *count += 1;
            rc = db_next(ledger, stmt, &more, diag);
        }
    }
    return rc;
}
