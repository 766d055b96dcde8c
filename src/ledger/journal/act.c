/*
 * act.c - what a transaction changes, taken while it is written and done again later.
 *
 * SQLite's session extension notes each row that is written and gives the whole as a change set: inserted
 * rows, and changed and deleted ones with their old values, so that doing it again on other rows than those
 * fails. Events are not in it: they are rows of the act themselves.
 */
#include "act.h"

static int is_recorded(void *context, const char *table)
{
    (void)context;
    return strcmp(table, "event") != 0;
}

enum status act_begin(struct ledger *ledger, bool derived, struct diag *diag)
{
    ledger->act_first = 0;
    ledger->act_last = 0;
    if (derived || ledger->access != LEDGER_WRITE) {
        return STATUS_OK;
    }
    if (sqlite3session_create(ledger->db, "main", &ledger->session) != SQLITE_OK) {
        return db_fail(ledger, diag);
    }
    sqlite3session_table_filter(ledger->session, is_recorded, NULL);
    return sqlite3session_attach(ledger->session, NULL) == SQLITE_OK ? STATUS_OK : db_fail(ledger, diag);
}

void act_forget(struct ledger *ledger)
{
    if (ledger->session != NULL) {
        sqlite3session_delete(ledger->session);
        ledger->session = NULL;
    }
}

/* What changed without a word of who and why is on record, too. */
static enum status unnamed_event(struct ledger *ledger, struct diag *diag)
{
    struct sys_time now;
    char at[SYS_TIME_BYTES];
    char who[64];
    struct ledger_event event = { .kind = "ledger.changed", .subject = "", .unit = "", .who = who, .why = "", .at = at };

    enum status rc = sys_now(&now, diag);
    if (rc == STATUS_OK) {
        sys_time_write(now, at);
        sys_user(who, sizeof(who));
        rc = ledger_event_add(ledger, &event, diag);
    }
    return rc;
}

/* The act's last event takes the change set, and its hash goes over it. */
static enum status changes_store(struct ledger *ledger, struct span changes, struct diag *diag)
{
    struct ledger_acts *acts = NULL;
    struct ledger_act act;
    struct digest digest;
    struct digest hash;
    bool more = false;

    enum status rc = ledger_acts_new(ledger, ledger->act_last, &acts, diag);
    if (rc == STATUS_OK) {
        rc = ledger_acts_next(acts, &act, &more, diag);
    }
    if (rc == STATUS_OK) {
        ASSERT(more && act.count == 1);
        digest_of(changes, &digest);
        event_hash(act.event, ledger->act_first, &digest, &hash);
        rc = db_run(ledger, diag, "UPDATE event SET changes = ?2, hash = ?3 WHERE seq = ?1", "ibd", ledger->act_last,
                    &changes, &hash);
    }
    ledger_acts_free(acts);
    return rc;
}

static enum status recorded_end(struct ledger *ledger, struct diag *diag)
{
    void *bytes = NULL;
    int size = 0;

    if (sqlite3session_changeset(ledger->session, &size, &bytes) != SQLITE_OK) {
        return db_fail(ledger, diag);
    }
    enum status rc = size > 0 && ledger->act_first == 0 ? unnamed_event(ledger, diag) : STATUS_OK;
    if (rc == STATUS_OK && ledger->act_first != 0) {
        rc = changes_store(ledger, (struct span){ bytes == NULL ? "" : bytes, (size_t)size }, diag);
    }
    sqlite3_free(bytes);
    return rc;
}

/* ---- doing an act again ---- */

void ledger_expect(struct ledger *ledger, const struct ledger_act *act)
{
    ledger->expected = act;
}

/* The events are the recorded ones, if the last one has the recorded hash: it goes over all before it. */
static enum status expected_check(struct ledger *ledger, struct diag *diag)
{
    const struct ledger_act *act = ledger->expected;
    const struct ledger_event_row *last = &act->event[act->count - 1];
    struct digest hash;
    int64_t seq = 0;

    ledger->expected = NULL;
    enum status rc = event_last(ledger, &seq, &hash, diag);
    if (rc == STATUS_OK && (seq != last->seq || !digest_equal(&hash, &last->hash))) {
        rc = diag_fail(diag, STATUS_CONFLICT, "done again, event %lld is not what was recorded", (long long)last->seq);
        diag_found(diag, "another result of %.*s %.*s", (int)last->kind.size, last->kind.data, (int)last->subject.size,
                   last->subject.data);
    }
    return rc;
}

enum status act_end(struct ledger *ledger, struct diag *diag)
{
    enum status rc = ledger->session != NULL ? recorded_end(ledger, diag) : STATUS_OK;

    act_forget(ledger);
    return rc == STATUS_OK && ledger->expected != NULL ? expected_check(ledger, diag) : rc;
}

/* A row that is not as the act found it, or that is there already. */
static int on_conflict(void *context, int kind, sqlite3_changeset_iter *at)
{
    (void)context;
    (void)kind;
    (void)at;
    return SQLITE_CHANGESET_ABORT;
}

static enum status changes_apply(struct ledger *ledger, const struct ledger_act *act, struct diag *diag)
{
    /* SQLite's interface wants to write where it only reads. */
    void *bytes = (void *)(uintptr_t)act->changes.data;

    if (act->changes.size == 0 ||
        sqlite3changeset_apply(ledger->db, (int)act->changes.size, bytes, NULL, on_conflict, NULL) == SQLITE_OK) {
        return STATUS_OK;
    }
    return diag_fail(diag, STATUS_CONFLICT, "what event %lld changed does not fit what is there",
                     (long long)act->event[act->count - 1].seq);
}

static enum status act_apply(struct ledger *ledger, const struct ledger_act *act, struct diag *diag)
{
    struct digest changes;
    struct chain chain = { .seq = 0 };

    digest_of(act->changes, &changes);
    enum status rc = event_last(ledger, &chain.seq, &chain.hash, diag);
    /* Events first: what an officer signed refers to its own. */
    for (size_t i = 0; i < act->count && rc == STATUS_OK; i++) {
        bool last = i + 1 == act->count;
        if (!chain_follows(&chain, &act->event[i], act->event[0].seq, last ? &changes : NULL)) {
            rc = diag_fail(diag, STATUS_CONFLICT, "event %lld does not follow the one before", (long long)act->event[i].seq);
        } else {
            rc = event_insert(ledger, &act->event[i], act->event[0].seq, last ? &act->changes : NULL, diag);
        }
    }
    return rc == STATUS_OK ? changes_apply(ledger, act, diag) : rc;
}

enum status ledger_replay(struct ledger *ledger, const struct ledger_act *act, struct diag *diag)
{
    ASSERT(!act->derived && ledger->access != LEDGER_WRITE);
    enum status rc = ledger_begin_derived(ledger, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = act_apply(ledger, act, diag);
    if (rc == STATUS_OK) {
        return ledger_commit(ledger, diag);
    }
    ledger_rollback(ledger);
    return rc;
}
