/*
 * query_entitlement.c - the story of one entitlement: its obligations over all periods, where their
 * money is, and who approved the facts behind them.
 */
#include "ledger/register/entry.h"

#include "chitra/ledger_query.h"

#include <stdlib.h>

/* Obligations lead with the period: each period of the ledger is asked for, and there are twelve a year.
 * A held obligation gets its amount anew from every run that plans its unit. */
static const char story_sql[] =
    "WITH RECURSIVE p(period) AS (SELECT min(period) FROM obligation UNION ALL"
    " SELECT (SELECT min(period) FROM obligation WHERE period > p.period) FROM p WHERE p.period IS NOT NULL),"
    " s AS (SELECT o.period, o.comp, o.seq, o.amount, coalesce(x.state, 0) AS state, x.reason, o.version,"
    " coalesce(b.run, CASE WHEN x.state IN (1, 5) THEN (SELECT max(run) FROM run_unit u WHERE u.unit = e.unit) END, x.run)"
    " AS run,"
    " q.end_to_end_id, coalesce(q.amount, o.amount) AS net, coalesce(q.parent, '') AS parent, b.batch, e.id, w.order_id,"
    " iif(o.amount > 0, c.creditor_bank, NULL) AS creditor_bank, iif(o.amount > 0, c.creditor_account, NULL) AS account"
    " FROM p JOIN obligation o ON o.period = p.period AND o.ent = ?1 JOIN entitlement e ON e.ent = o.ent"
    " LEFT JOIN payment q ON q.payment = o.payment LEFT JOIN batch b ON b.batch = coalesce(q.batch, o.batch)"
    " LEFT JOIN exception x ON x.period = o.period AND x.ent = o.ent AND x.comp = o.comp AND x.seq = o.seq"
    " LEFT JOIN ordered d ON d.period = o.period AND d.ent = o.ent AND d.comp = o.comp AND d.seq = o.seq"
    " LEFT JOIN orders w ON w.orders = d.orders LEFT JOIN orders c ON c.orders = coalesce(q.orders, d.orders))"
    " SELECT s.period, s.comp, s.seq, s.amount, s.state, s.reason, s.version, s.run, s.end_to_end_id, s.net,"
    " s.parent, coalesce((SELECT msg_id FROM file f WHERE f.batch = s.batch ORDER BY generation DESC LIMIT 1), ''),"
    " s.id, s.order_id, s.creditor_bank, s.account FROM s LEFT JOIN run r ON r.run = s.run WHERE ?2 = -2147483648 OR s.period = ?2 OR r.period = ?2"
    " ORDER BY s.period, s.version, s.run, s.comp, s.seq";

static void story_read(sqlite3_stmt *stmt, int64_t ent, struct arena *arena, struct ledger_story *story)
{
    story->key = (struct obligation_key){ sqlite3_column_int(stmt, 0), ent, (enum component)sqlite3_column_int(stmt, 1),
                                          sqlite3_column_int(stmt, 2) };
    story->amount_dong = sqlite3_column_int64(stmt, 3);
    story->state = (enum obligation_state)sqlite3_column_int(stmt, 4);
    story->reason = arena_copy(arena, db_text(stmt, 5));
    story->version = sqlite3_column_int64(stmt, 6);
    story->run = sqlite3_column_int64(stmt, 7);
    if (sqlite3_column_type(stmt, 8) == SQLITE_NULL) {
        payment_id_of(db_text(stmt, 12), &story->key, 1, 0, story->payment_id);
    } else {
        db_copy(stmt, 8, story->payment_id, sizeof(story->payment_id));
    }
    db_copy(stmt, 10, story->parent, sizeof(story->parent));
    db_copy(stmt, 11, story->msg_id, sizeof(story->msg_id));
    story->order_id = arena_copy(arena, db_text(stmt, 13));
    story->creditor_bank = arena_copy(arena, db_text(stmt, 14));
    story->creditor_account = arena_copy(arena, db_text(stmt, 15));
    story->payment_dong = story->msg_id[0] == '\0' ? 0 : sqlite3_column_int64(stmt, 9);
}

enum status ledger_stories(struct ledger *ledger, int64_t ent, month_t period, struct arena *arena,
                           struct ledger_story **story, size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *story = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt, story_sql, "ii", ent, (int64_t)period);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *story = mem_resize(*story, *count + 1, sizeof(**story));
        story_read(stmt, ent, arena, &(*story)[(*count)++]);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

/* ---- who approved it ---- */

static enum status approved_get(struct ledger *ledger, const struct stamp *stamp, struct ledger_approved *approved,
                                struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT name, list, signer FROM approval WHERE approval = ?", "i",
                              stamp->approval);

    *approved = (struct ledger_approved){ .signed_at = stamp->signed_at, .approved_on = (day_t)stamp->approved_on };
    if (rc == STATUS_OK && stmt != NULL) {
        db_copy(stmt, 0, approved->name, sizeof(approved->name));
        db_digest(stmt, 1, &approved->list);
        db_digest(stmt, 2, &approved->signer);
        sqlite3_reset(stmt);
    }
    return rc;
}

static enum status intake_get(struct ledger *ledger, int64_t intake, struct ledger_provenance *provenance,
                              struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT name, sha256 FROM intake WHERE intake = ?", "i", intake);

    if (rc == STATUS_OK && stmt != NULL) {
        db_copy(stmt, 0, provenance->intake, sizeof(provenance->intake));
        db_digest(stmt, 1, &provenance->sha256);
        sqlite3_reset(stmt);
    }
    return rc;
}

_Static_assert((int)LEDGER_CORRECTIONS_MAX == (int)PAYEE_FIELDS, "each field that a correction can change");

static enum status corrections_get(struct ledger *ledger, const struct entry *entry,
                                   struct ledger_provenance *provenance, struct diag *diag)
{
    static const char *const column[PAYEE_FIELDS] = { "channel", "bank", "account", "payee_name", "authorised_until",
                                                      "commune" };
    enum status rc = STATUS_OK;

    for (int i = 0; i < PAYEE_FIELDS && rc == STATUS_OK && entry->corrected; i++) {
        if (entry->field[i].approved_on != DAY_NONE) {
            provenance->correction[provenance->correction_count].column = column[i];
            rc = approved_get(ledger, &entry->field[i], &provenance->correction[provenance->correction_count].approved,
                              diag);
            provenance->correction_count++;
        }
    }
    return rc;
}

static enum status version_get(struct ledger *ledger, int64_t ent, int64_t version, struct entry *entry,
                               struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT ent, id, flags, " ENTRY_COLUMNS " FROM entitlement"
                              " WHERE ent = ?1 AND version = ?2 UNION ALL SELECT ent, NULL, 0, " ENTRY_COLUMNS " FROM entitlement_version"
                              " WHERE ent = ?1 AND version = ?2", "ii", ent, version);

    if (rc == STATUS_OK && stmt == NULL) {
        return diag_fail(diag, STATUS_NO_INPUT, "the entitlement has no version %lld", (long long)version);
    }
    if (rc == STATUS_OK) {
        entry_read(stmt, entry);    /* of it only numbers are used once the statement is reset */
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_provenance_get(struct ledger *ledger, int64_t ent, int64_t version,
                                  struct ledger_provenance *provenance, struct diag *diag)
{
    struct entry entry;

    *provenance = (struct ledger_provenance){ .line = 0 };
    enum status rc = version_get(ledger, ent, version, &entry, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    provenance->line = (uint64_t)entry.line;
    rc = intake_get(ledger, entry.intake, provenance, diag);
    if (rc == STATUS_OK) {
        rc = approved_get(ledger, &entry.base, &provenance->approved, diag);
    }
    return rc == STATUS_OK ? corrections_get(ledger, &entry, provenance, diag) : rc;
}

enum status ledger_run_planned(struct ledger *ledger, int unit, int64_t *run, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT run FROM run_unit WHERE unit = ? ORDER BY run DESC LIMIT 1",
                              "i", (int64_t)unit);

    *run = 0;
    if (rc == STATUS_OK && stmt != NULL) {
        *run = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}
