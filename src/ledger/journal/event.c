/*
 * event.c - the chain of events: each names who, when and why, and holds the hash of the one before.
 *
 * A change, an insertion or a deletion shows wherever a later event stands. The chain alone cannot show
 * that its last events are gone, nor that all of it was calculated anew: that takes a copy kept
 * elsewhere (archive/journal/, a backup).
 *
 * The events of one transaction are an act (ledger_journal.h): each has the number of the first, and the
 * last holds what the transaction changed, which its hash covers.
 */
#include "act.h"

#include <inttypes.h>
#include <stdlib.h>

enum { EVENT_TEXTS = 6 };

#define EVENT_COLUMNS "seq, first, at, who, kind, subject, unit, why, digest, prev, hash, changes"

static void hash_number(struct digester *bytes, int64_t value)
{
    char number[21];

    digester_add(bytes, (struct span){ number, money_write(value, number) });
    digester_add(bytes, span_of(","));
}

static void hash_digest(struct digester *bytes, const struct digest *digest)
{
    char hex[DIGEST_HEX_BYTES];

    digest_hex(digest, hex);
    digester_add(bytes, (struct span){ hex, DIGEST_HEX_BYTES - 1 });
    digester_add(bytes, span_of(","));
}

/* Over the previous hash and every field with its length, so that no two different events have the same bytes. */
void event_hash(const struct ledger_event_row *event, int64_t first, const struct digest *changes, struct digest *hash)
{
    struct digester *bytes = digester_new();
    const struct span text[EVENT_TEXTS] = { event->at, event->who, event->kind, event->subject, event->unit, event->why };
    char number[21];

    hash_digest(bytes, &event->prev);
    hash_number(bytes, event->seq);
    hash_number(bytes, first);
    for (size_t i = 0; i < EVENT_TEXTS; i++) {
        digester_add(bytes, (struct span){ number, money_write((int64_t)text[i].size, number) });
        digester_add(bytes, span_of(":"));
        digester_add(bytes, text[i]);
        digester_add(bytes, span_of(","));
    }
    hash_digest(bytes, &event->digest);
    if (changes != NULL) {
        hash_digest(bytes, changes);
    }
    digester_finish(bytes, hash);
    digester_free(bytes);
}

enum status event_insert(struct ledger *ledger, const struct ledger_event_row *event, int64_t first,
                         const struct span *changes, struct diag *diag)
{
    return db_run(ledger, diag, "INSERT INTO event(" EVENT_COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "iittttttdddn", event->seq, first, &event->at, &event->who, &event->kind, &event->subject, &event->unit,
                  &event->why, &event->digest, &event->prev, &event->hash, changes);
}

enum status event_last(struct ledger *ledger, int64_t *seq, struct digest *hash, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1", "");

    *seq = 0;
    *hash = (struct digest){ { 0 } };
    if (rc == STATUS_OK && stmt != NULL) {
        *seq = sqlite3_column_int64(stmt, 0);
        db_digest(stmt, 1, hash);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_event_add(struct ledger *ledger, const struct ledger_event *event, struct diag *diag)
{
    struct ledger_event_row row = { .at = span_of(event->at),           .who = span_of(event->who),
                                    .kind = span_of(event->kind),       .subject = span_of(event->subject),
                                    .unit = span_of(event->unit),       .why = span_of(event->why),
                                    .digest = event->digest };

    enum status rc = event_last(ledger, &row.seq, &row.prev, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    row.seq++;
    if (ledger->act_first == 0) {
        ledger->act_first = row.seq;
    }
    ledger->act_last = row.seq;
    event_hash(&row, ledger->act_first, NULL, &row.hash);
    return event_insert(ledger, &row, ledger->act_first, NULL, diag);
}

/* ---- reading ---- */

/* The 32 bytes of a digest's column; false if there are more or fewer. */
static bool digest_column(sqlite3_stmt *stmt, int column, struct digest *digest)
{
    db_digest(stmt, column, digest);
    return sqlite3_column_bytes(stmt, column) == DIGEST_BYTES;
}

static bool event_read(sqlite3_stmt *stmt, struct ledger_event_row *event)
{
    event->seq = sqlite3_column_int64(stmt, 0);
    event->at = db_text(stmt, 2);
    event->who = db_text(stmt, 3);
    event->kind = db_text(stmt, 4);
    event->subject = db_text(stmt, 5);
    event->unit = db_text(stmt, 6);
    event->why = db_text(stmt, 7);
    bool whole = digest_column(stmt, 8, &event->digest);
    whole = digest_column(stmt, 9, &event->prev) && whole;
    return digest_column(stmt, 10, &event->hash) && whole;
}

static bool changes_read(sqlite3_stmt *stmt, struct span *changes)
{
    *changes = db_text(stmt, 11);
    return sqlite3_column_type(stmt, 11) != SQLITE_NULL;
}

/* Whether an event follows the one before: its number, the hash before it, its own hash, and the number of its
 * act's first event, which is the one before's or its own. */
static enum status event_fits(sqlite3_stmt *stmt, struct chain *chain, struct diag *diag)
{
    struct ledger_event_row event;
    struct digest changed;
    struct span changes;

    bool whole = event_read(stmt, &event);
    int64_t first = sqlite3_column_int64(stmt, 1);
    bool has_changes = changes_read(stmt, &changes);
    if (has_changes) {
        digest_of(changes, &changed);
    }
    if (!whole || !chain_follows(chain, &event, first, has_changes ? &changed : NULL)) {
        enum status rc = diag_fail(diag, STATUS_CONFLICT, "the chain of events is broken at event %" PRId64, chain->seq + 1);
        diag_at(diag, "state/ledger.db", 0, 0);
        diag_hint(diag, "the ledger was changed by hand: compare it with a backup");
        sqlite3_reset(stmt);
        return rc;
    }
    return STATUS_OK;
}

bool chain_follows(struct chain *chain, const struct ledger_event_row *event, int64_t first,
                   const struct digest *changes)
{
    struct digest hash;
    /* Behind an act's change set another act begins. */
    bool begins = first == event->seq;
    bool goes_on = chain->seq > 0 && first == chain->first && !chain->ended;

    event_hash(event, first, changes, &hash);
    if (event->seq != chain->seq + 1 || !digest_equal(&event->prev, &chain->hash) || !digest_equal(&event->hash, &hash) ||
        (!begins && !goes_on)) {
        return false;
    }
    *chain = (struct chain){ event->seq, first, hash, changes != NULL };
    return true;
}

enum status ledger_event_check(struct ledger *ledger, uint64_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    struct chain chain = { .seq = 0 };
    bool more = false;

    enum status rc = db_query(ledger, diag, &stmt, "SELECT " EVENT_COLUMNS " FROM event ORDER BY seq", "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        rc = event_fits(stmt, &chain, diag);
        if (rc == STATUS_OK) {
            rc = db_next(ledger, stmt, &more, diag);
        }
    }
    *count = (uint64_t)chain.seq;
    return rc;
}

/* ---- acts ---- */

struct ledger_acts {
    struct ledger *ledger;
    sqlite3_stmt *stmt;
    bool more;                  /* the statement stands on a row that is not given yet */
    struct arena arena;         /* of the act */
    struct ledger_event_row *event;
    size_t room;
};

enum status ledger_acts_new(struct ledger *ledger, int64_t from, struct ledger_acts **acts, struct diag *diag)
{
    *acts = mem_alloc(1, sizeof(**acts));
    (*acts)->ledger = ledger;
    enum status rc = db_query(ledger, diag, &(*acts)->stmt,
                              "SELECT " EVENT_COLUMNS " FROM event WHERE seq >= ? ORDER BY seq", "i", from);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, (*acts)->stmt, &(*acts)->more, diag);
    }
    return rc;
}

static void event_keep(struct ledger_acts *acts, struct ledger_act *act)
{
    if (act->count == acts->room) {
        acts->room = acts->room * 2 + 8;
        acts->event = mem_resize(acts->event, acts->room, sizeof(*acts->event));
    }
    struct ledger_event_row *event = &acts->event[act->count++];
    struct span changes;
    (void)event_read(acts->stmt, event);
    struct span *const text[EVENT_TEXTS] = { &event->at, &event->who, &event->kind, &event->subject, &event->unit, &event->why };
    for (size_t i = 0; i < EVENT_TEXTS; i++) {
        *text[i] = arena_copy(&acts->arena, *text[i]);
    }
    if (changes_read(acts->stmt, &changes)) {
        act->derived = false;
        act->changes = arena_copy(&acts->arena, changes);
    }
}

enum status ledger_acts_next(struct ledger_acts *acts, struct ledger_act *act, bool *more, struct diag *diag)
{
    enum status rc = STATUS_OK;

    *act = (struct ledger_act){ .derived = true, .changes = SPAN_EMPTY };
    *more = acts->more;
    if (!acts->more) {
        return STATUS_OK;
    }
    arena_clear(&acts->arena);
    int64_t first = sqlite3_column_int64(acts->stmt, 1);
    while (rc == STATUS_OK && acts->more && sqlite3_column_int64(acts->stmt, 1) == first) {
        event_keep(acts, act);
        rc = db_next(acts->ledger, acts->stmt, &acts->more, diag);
    }
    act->event = acts->event;
    return rc;
}

void ledger_acts_free(struct ledger_acts *acts)
{
    if (acts == NULL) {
        return;
    }
    if (acts->stmt != NULL) {
        sqlite3_reset(acts->stmt);
    }
    arena_release(&acts->arena);
    free(acts->event);
    free(acts);
}

enum status ledger_event_last(struct ledger *ledger, int64_t *seq, struct digest *hash, struct diag *diag)
{
    return event_last(ledger, seq, hash, diag);
}

enum status ledger_acts_count(struct ledger *ledger, uint64_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT count(*) FROM event WHERE seq = first", "");

    *count = 0;
    if (rc == STATUS_OK) {
        ASSERT(stmt != NULL);
        *count = (uint64_t)sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}
