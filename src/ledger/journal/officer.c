/* officer.c - signatures beside their events, and the officers as they were last seen. */
#include "chitra/ledger_officer.h"

#include "ledger/db.h"

enum status ledger_signature_add(struct ledger *ledger, const struct ledger_event *event,
                                 struct ledger_signature *signature, struct diag *diag)
{
    struct digest content;

    digest_of(signature->content, &content);
    ASSERT(digest_equal(&content, &event->digest));
    enum status rc = ledger_event_add(ledger, event, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    signature->event = sqlite3_last_insert_rowid(ledger->db);
    return db_run(ledger, diag, "INSERT INTO signature(event, signer, config, content, der) VALUES(?, ?, ?, ?, ?)",
                  "iddbb", signature->event, &signature->signer, &signature->config, &signature->content,
                  &signature->der);
}

/* A column's text for a struct ledger_event. */
static const char *text_of(sqlite3_stmt *stmt, int column, struct arena *arena)
{
    return arena_copy(arena, db_text(stmt, column)).data;
}

enum status ledger_signature_next(struct ledger *ledger, int64_t after, struct arena *arena,
                                  struct ledger_signature *signature, struct ledger_event *event, bool *more,
                                  struct diag *diag)
{
    sqlite3_stmt *stmt;

    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT s.event, s.signer, s.config, s.content, s.der, e.kind, e.subject, e.unit, e.who,"
                              " e.why, e.at, e.digest FROM signature s JOIN event e ON e.seq = s.event"
                              " WHERE s.event > ? ORDER BY s.event LIMIT 1", "i", after);
    *more = rc == STATUS_OK && stmt != NULL;
    if (!*more) {
        return rc;
    }
    signature->event = sqlite3_column_int64(stmt, 0);
    db_digest(stmt, 1, &signature->signer);
    db_digest(stmt, 2, &signature->config);
    signature->content = arena_copy(arena, db_text(stmt, 3));
    signature->der = arena_copy(arena, db_text(stmt, 4));
    *event = (struct ledger_event){ .kind = text_of(stmt, 5, arena), .subject = text_of(stmt, 6, arena),
                                    .unit = text_of(stmt, 7, arena), .who = text_of(stmt, 8, arena),
                                    .why = text_of(stmt, 9, arena), .at = text_of(stmt, 10, arena) };
    db_digest(stmt, 11, &event->digest);
    sqlite3_reset(stmt);
    return STATUS_OK;
}

/* ---- designations ---- */

static bool is_among(const struct ledger_designation *designation, size_t count, struct span name)
{
    for (size_t i = 0; i < count; i++) {
        if (span_is(name, designation[i].name)) {
            return true;
        }
    }
    return false;
}

/* The first officer of the ledger that is not named any more; an empty name: everybody is. */
static enum status gone_find(struct ledger *ledger, const struct ledger_designation *designation, size_t count,
                             char name[OFFICER_NAME_BYTES], struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    name[0] = '\0';
    enum status rc = db_query(ledger, diag, &stmt, "SELECT name FROM officer ORDER BY name", "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        if (name[0] == '\0' && !is_among(designation, count, db_text(stmt, 0))) {
            db_copy(stmt, 0, name, OFFICER_NAME_BYTES);
        }
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

static enum status event_of(struct ledger *ledger, const struct ledger_event *from, const char *kind, const char *name,
                            const char *text, struct diag *diag)
{
    struct ledger_event event = { .kind = kind, .subject = name, .unit = "", .who = from->who, .why = text,
                                  .at = from->at };
    return ledger_event_add(ledger, &event, diag);
}

static enum status designate(struct ledger *ledger, const struct ledger_designation *designation,
                             const struct ledger_event *event, struct diag *diag)
{
    enum status rc = db_run(ledger, diag,
                            "INSERT INTO officer(name, designation) VALUES(?1, ?2)"
                            " ON CONFLICT(name) DO UPDATE SET designation = ?2 WHERE designation <> ?2", "zz",
                            designation->name, designation->text);

    if (rc != STATUS_OK || sqlite3_changes(ledger->db) == 0) {
        return rc;
    }
    return event_of(ledger, event, "officer.designated", designation->name, designation->text, diag);
}

enum status ledger_designations(struct ledger *ledger, const struct ledger_designation *designation, size_t count,
                                const struct ledger_event *event, struct diag *diag)
{
    char gone[OFFICER_NAME_BYTES];

    enum status rc = gone_find(ledger, designation, count, gone, diag);
    while (rc == STATUS_OK && gone[0] != '\0') {
        rc = db_run(ledger, diag, "DELETE FROM officer WHERE name = ?", "z", gone);
        if (rc == STATUS_OK) {
            rc = event_of(ledger, event, "officer.ended", gone, "", diag);
        }
        if (rc == STATUS_OK) {
            rc = gone_find(ledger, designation, count, gone, diag);
        }
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = designate(ledger, &designation[i], event, diag);
    }
    return rc;
}
