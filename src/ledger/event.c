/*
 * event.c - the chain of events: each names who, when and why, and holds the hash of the one before.
 *
 * A change, an insertion or a deletion shows wherever a later event stands. The chain alone cannot show
 * that its last events are gone, nor that all of it was calculated anew: that takes a hash kept
 * elsewhere (the signed list of a release, a backup).
 */
#include "db.h"

#include <inttypes.h>

enum { EVENT_TEXTS = 6 };

/* The hash of an event: over the previous hash and every field with its length, so that no two
 * different events have the same bytes. */
static void event_hash(int64_t seq, const struct span text[EVENT_TEXTS], const struct digest *digest,
                       const struct digest *prev, struct digest *hash)
{
    struct digester *bytes = digester_new();
    char hex[DIGEST_HEX_BYTES];
    char number[21];

    digest_hex(prev, hex);
    digester_add(bytes, (struct span){ hex, DIGEST_HEX_BYTES - 1 });
    digester_add(bytes, span_of(","));
    digester_add(bytes, (struct span){ number, money_write(seq, number) });
    digester_add(bytes, span_of(","));
    for (size_t i = 0; i < EVENT_TEXTS; i++) {
        digester_add(bytes, (struct span){ number, money_write((int64_t)text[i].size, number) });
        digester_add(bytes, span_of(":"));
        digester_add(bytes, text[i]);
        digester_add(bytes, span_of(","));
    }
    digest_hex(digest, hex);
    digester_add(bytes, (struct span){ hex, DIGEST_HEX_BYTES - 1 });
    digester_finish(bytes, hash);
    digester_free(bytes);
}

enum status ledger_event_add(struct ledger *ledger, const struct ledger_event *event, struct diag *diag)
{
    sqlite3_stmt *stmt;
    const struct span text[EVENT_TEXTS] = { span_of(event->at),      span_of(event->who),  span_of(event->kind),
                                            span_of(event->subject), span_of(event->unit), span_of(event->why) };
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
    event_hash(seq, text, &event->digest, &prev, &hash);
    return db_run(ledger, diag,
                  "INSERT INTO event(seq, at, who, kind, subject, unit, why, digest, prev, hash)"
                  " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "izzzzzzddd", seq, event->at, event->who, event->kind, event->subject, event->unit, event->why,
                  &event->digest, &prev, &hash);
}

/* The 32 bytes of a digest's column; false if there are more or fewer. */
static bool digest_column(sqlite3_stmt *stmt, int column, struct digest *digest)
{
    db_digest(stmt, column, digest);
    return sqlite3_column_bytes(stmt, column) == DIGEST_BYTES;
}

static enum status event_fits(sqlite3_stmt *stmt, int64_t seq, struct digest *prev, struct diag *diag)
{
    struct span text[EVENT_TEXTS];
    struct digest digest;
    struct digest stated;
    struct digest kept;
    struct digest hash;

    for (int i = 0; i < EVENT_TEXTS; i++) {
        text[i] = db_text(stmt, i + 1);
    }
    bool whole = digest_column(stmt, 7, &digest) && digest_column(stmt, 8, &stated) && digest_column(stmt, 9, &kept);
    event_hash(seq, text, &digest, prev, &hash);
    if (!whole || sqlite3_column_int64(stmt, 0) != seq || !digest_equal(&stated, prev) || !digest_equal(&kept, &hash)) {
        enum status rc = diag_fail(diag, STATUS_CONFLICT, "the chain of events is broken at event %" PRId64, seq);
        diag_at(diag, "state/ledger.db", 0, 0);
        diag_hint(diag, "the ledger was changed by hand: compare it with a backup");
        sqlite3_reset(stmt);
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
