/*
 * plan_store.c - one unit's plan in one transaction: obligations, payments, batches, planned files.
 *
 * A crash before the commit leaves the unit as it was, and the same run plans it again from the same
 * sealed input. After it the unit is planned for good: files are written from these rows alone.
 */
#include "failed.h"
#include "ledger/db.h"
#include "ledger/register/entry.h"

#include "chitra/ledger_money.h"

#include <stdlib.h>

enum { HASH_INTEGERS = 7 };

const char *obligation_state_name(enum obligation_state state)
{
    static const char *const name[OBLIGATION_STATES] = { "instructed", "held", "offset", "closed", "closed", "calculated" };

    ASSERT(state < OBLIGATION_STATES);
    return name[state];
}

static enum status one_int(struct ledger *ledger, struct diag *diag, const char *sql, int64_t parameter, int64_t *value)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, sql, "i", parameter);

    *value = 0;
    if (rc == STATUS_OK && stmt != NULL) {
        *value = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_plan_start(struct ledger *ledger, int unit, int64_t *batch, int64_t *once_from, struct diag *diag)
{
    enum status rc = one_int(ledger, diag, "SELECT coalesce(max(batch), 0) + ?1 FROM batch", 1, batch);

    if (rc == STATUS_OK) {
        rc = one_int(ledger, diag, "SELECT once_planned FROM unit WHERE unit = ?", unit, once_from);
    }
    if (rc == STATUS_OK) {
        *once_from = ent_once(unit, *once_from);
    }
    return rc;
}

enum status ledger_covered_get(struct ledger *ledger, int unit, struct ledger_covered *covered, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT coalesce(covered_through, ?2), coalesce(covered_run, 0), covered_law,"
                              " coalesce((SELECT min(period) FROM obligation WHERE period > 0), ?2)"
                              " FROM unit WHERE unit = ?1", "ii", (int64_t)unit, (int64_t)MONTH_NONE);

    *covered = (struct ledger_covered){ .through = MONTH_NONE, .earliest = MONTH_NONE };
    if (rc == STATUS_OK) {
        ASSERT(stmt != NULL);
        covered->through = sqlite3_column_int(stmt, 0);
        covered->run = sqlite3_column_int64(stmt, 1);
        db_digest(stmt, 2, &covered->law);
        covered->earliest = sqlite3_column_int(stmt, 3);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_is_planned(struct ledger *ledger, int64_t run, int unit, bool *planned, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT 1 FROM run_unit WHERE run = ? AND unit = ?", "ii", run,
                              (int64_t)unit);
    *planned = rc == STATUS_OK && stmt != NULL;
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_funding_next(struct ledger *ledger, int unit, month_t pay_month, int *instalment, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT coalesce(max(instalment), 0) + 1 FROM funding WHERE unit = ? AND pay_month = ?",
                              "ii", (int64_t)unit, (int64_t)pay_month);
    *instalment = 1;
    if (rc == STATUS_OK && stmt != NULL) {
        *instalment = sqlite3_column_int(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

/* ---- storing ---- */

static enum status store_payments(struct ledger *ledger, const struct ledger_plan *plan, int64_t *row,
                                  struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < plan->payment_count && rc == STATUS_OK; i++) {
        const struct ledger_payment *payment = &plan->payment[i];
        ASSERT(payment->amount_dong > 0 && payment->batch > 0);
        if (payment->moved != 0) {
            row[i] = payment->moved;
            rc = db_run(ledger, diag, "UPDATE payment SET batch = ?2 WHERE payment = ?1", "ii", payment->moved,
                        payment->batch);
            continue;
        }
        rc = db_run(ledger, diag,
                    "INSERT INTO payment(end_to_end_id, ent, period, purpose, amount, batch, version, attempt, parent, orders)"
                    " VALUES(?1, nullif(?2, 0), ?3, ?4, ?5, ?6, ?7, ?8, nullif(?9, ''), nullif(?10, 0))", "ziiiiiiizi",
                    payment->payment_id, payment->ent, (int64_t)payment->period, (int64_t)payment->purpose,
                    payment->amount_dong, payment->batch, payment->version, (int64_t)payment->attempt, payment->parent, payment->order);
        row[i] = sqlite3_last_insert_rowid(ledger->db);
        if (rc == STATUS_OK && payment->parent[0] != '\0') {
            rc = failure_settle(ledger, payment->parent, FAILURE_REISSUED, BY_RUN, diag);
        }
    }
    return rc;
}

static enum status store_attempts(struct ledger *ledger, const struct ledger_plan *plan, const int64_t *payment_row,
                                  struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < plan->attempt_count && rc == STATUS_OK; i++) {
        const struct ledger_attempt *attempt = &plan->attempt[i];
        rc = db_run(ledger, diag, "INSERT INTO reissue(period, ent, comp, seq, attempt, payment) VALUES(?, ?, ?, ?, ?, ?)",
                    "iiiiii", (int64_t)attempt->key.period, attempt->key.ent, (int64_t)attempt->key.component,
                    (int64_t)attempt->key.seq, (int64_t)attempt->attempt, payment_row[attempt->payment - 1]);
    }
    return rc;
}

static enum status store_exception(struct ledger *ledger, const struct ledger_plan *plan, const char *at,
                                   const struct ledger_obligation *obligation, struct diag *diag)
{
    const struct obligation_key *key = &obligation->key;

    if (obligation->state == OBLIGATION_INSTRUCTED) {
        return db_run(ledger, diag, "DELETE FROM exception WHERE period = ? AND ent = ? AND comp = ? AND seq = ?",
                      "iiii", (int64_t)key->period, key->ent, (int64_t)key->component, (int64_t)key->seq);
    }
    return db_run(ledger, diag,
                  "INSERT INTO exception(period, ent, comp, seq, state, reason, run, at, thing)"
                  " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"
                  " ON CONFLICT DO UPDATE SET state = excluded.state, reason = excluded.reason, run = excluded.run,"
                  " thing = excluded.thing WHERE state <> excluded.state OR reason <> excluded.reason"
                  " OR thing <> excluded.thing",
                  "iiiiiziti", (int64_t)key->period, key->ent, (int64_t)key->component, (int64_t)key->seq,
                  (int64_t)obligation->state, obligation->reason, plan->run, &(struct span){ at, strlen(at) },
                  (int64_t)obligation->thing);
}

/* A row that was held becomes something else; its key stays, and its amount is today's. */
static enum status store_again(struct ledger *ledger, const struct ledger_obligation *obligation, int64_t payment,
                               struct diag *diag)
{
    const struct obligation_key *key = &obligation->key;
    enum status rc = db_run(ledger, diag,
                            "UPDATE obligation SET amount = ?5, batch = nullif(?6, 0), version = ?7, payment = nullif(?8, 0)"
                            " WHERE period = ?1 AND ent = ?2 AND comp = ?3 AND seq = ?4 AND batch IS NULL AND payment IS NULL",
                            "iiiiiiii", (int64_t)key->period, key->ent, (int64_t)key->component, (int64_t)key->seq,
                            obligation->amount_dong, obligation->batch, obligation->version, payment);
    ASSERT(rc != STATUS_OK || sqlite3_changes(ledger->db) == 1);
    return rc;
}

static enum status store_ordered(struct ledger *ledger, int64_t run, const struct ledger_obligation *obligation,
                                 struct diag *diag)
{
    const struct obligation_key *key = &obligation->key;

    return db_run(ledger, diag, "INSERT INTO ordered(period, ent, comp, seq, orders, run) VALUES(?, ?, ?, ?, ?, ?)",
                  "iiiiii", (int64_t)key->period, key->ent, (int64_t)key->component, (int64_t)key->seq,
                  obligation->order, run);
}

static struct bulk_row row_of(const struct ledger_obligation *obligation, int64_t payment)
{
    const struct obligation_key *key = &obligation->key;

    return (struct bulk_row){ { key->period, key->ent, key->component, key->seq, obligation->amount_dong,
                                obligation->batch == 0 ? BULK_NULL : obligation->batch, obligation->version,
                                payment == 0 ? BULK_NULL : payment } };
}

/* Every new obligation of the unit in one statement. A key that is there already fails it, and the caller
 * rolls the unit back (FAIL: SQLite keeps no journal of its own for the statement). */
static enum status store_new(struct ledger *ledger, const struct bulk_row *row, size_t count, struct diag *diag)
{
    ledger->bulk = (struct bulk){ row, count };
    enum status rc = db_run(ledger, diag,
                            "INSERT OR FAIL INTO obligation(period, ent, comp, seq, amount, batch, version, payment)"
                            " SELECT c0, c1, c2, c3, c4, c5, c6, c7 FROM bulk", "");
    ledger->bulk = (struct bulk){ NULL, 0 };
    return rc;
}

/* The digest goes over the rows as they were planned, those that were held included. */
static void hash_rows(const struct ledger_plan *plan, struct digest *digest)
{
    enum { ROWS = 64 };
    int64_t hashed[ROWS][HASH_INTEGERS];
    struct digester *rows = digester_new();
    size_t filled = 0;

    for (size_t i = 0; i < plan->obligation_count; i++) {
        const struct ledger_obligation *obligation = &plan->obligation[i];
        const int64_t one[HASH_INTEGERS] = { obligation->key.period, obligation->key.ent, obligation->key.component,
                                             obligation->key.seq, obligation->amount_dong, obligation->batch,
                                             obligation->version };
        memcpy(hashed[filled++], one, sizeof(one));
        if (filled == ROWS || i + 1 == plan->obligation_count) {
            digester_add(rows, (struct span){ (const char *)hashed, filled * sizeof(one) });
            filled = 0;
        }
    }
    digester_finish(rows, digest);
    digester_free(rows);
}

static enum status store_obligations(struct ledger *ledger, const struct ledger_plan *plan, const int64_t *payment_row,
                                     const char *at, struct diag *diag)
{
    struct bulk_row *new = mem_alloc(plan->obligation_count + 1, sizeof(*new));
    size_t count = 0;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < plan->obligation_count && rc == STATUS_OK; i++) {
        const struct ledger_obligation *obligation = &plan->obligation[i];
        int64_t payment = obligation->payment == 0 ? 0 : payment_row[obligation->payment - 1];
        /* Instructed and in a batch go together, both ways. */
        ASSERT((obligation->state == OBLIGATION_INSTRUCTED) == (obligation->batch != 0));
        if (obligation->was_held) {
            rc = store_again(ledger, obligation, payment, diag);
        } else {
            new[count++] = row_of(obligation, payment);
        }
        if (rc == STATUS_OK && obligation->order != 0 && !obligation->was_held) {
            rc = store_ordered(ledger, plan->run, obligation, diag);
        }
        if (rc == STATUS_OK && (obligation->was_held || obligation->state != OBLIGATION_INSTRUCTED)) {
            rc = store_exception(ledger, plan, at, obligation, diag);
        }
    }
    if (rc == STATUS_OK) {
        rc = store_new(ledger, new, count, diag);
    }
    free(new);
    return rc;
}

static enum status store_batches(struct ledger *ledger, const struct ledger_plan *plan, const char *created_at,
                                 struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < plan->batch_count && rc == STATUS_OK; i++) {
        const struct ledger_batch *batch = &plan->batch[i];
        rc = db_run(ledger, diag,
                    "INSERT INTO batch(batch, run, unit, channel, bank, account, profile, pay_date, part, payments, amount)"
                    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", "iiiizzziiii", batch->batch, plan->run,
                    (int64_t)plan->unit, (int64_t)batch->channel, batch->bank, batch->account, batch->profile,
                    (int64_t)batch->pay_date, (int64_t)batch->part, (int64_t)batch->payments, batch->amount_dong);
        if (rc == STATUS_OK) {
            rc = db_run(ledger, diag,
                        "INSERT INTO file(msg_id, batch, generation, state, payments, amount, pay_date, created_at, path)"
                        " VALUES(?, ?, 1, 0, ?, ?, ?, ?, ?)", "ziiiizz", batch->msg_id, batch->batch,
                        (int64_t)batch->payments, batch->amount_dong, (int64_t)batch->pay_date, created_at, batch->path);
        }
    }
    return rc;
}

static enum status store_funding(struct ledger *ledger, const struct ledger_plan *plan, const int64_t *payment_row,
                                 struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < plan->funding_count && rc == STATUS_OK; i++) {
        const struct ledger_funding *funding = &plan->funding[i];
        rc = db_run(ledger, diag,
                    "INSERT INTO funding(unit, pay_month, instalment, run, amount, at_post, payment)"
                    " VALUES(?, ?, ?, ?, ?, ?, nullif(?, 0))",
                    "iiiiiii", (int64_t)plan->unit, (int64_t)funding->pay_month, (int64_t)funding->instalment, plan->run,
                    funding->amount_dong, funding->at_post_dong,
                    funding->payment == 0 ? INT64_C(0) : payment_row[funding->payment - 1]);
    }
    for (size_t i = 0; i < plan->figure_count && rc == STATUS_OK; i++) {
        const struct ledger_figure *figure = &plan->figure[i];
        rc = db_run(ledger, diag, "INSERT INTO figure(run, unit, name, count, amount) VALUES(?, ?, ?, ?, ?)", "iizii",
                    plan->run, (int64_t)plan->unit, figure->name, (int64_t)figure->count, figure->amount_dong);
    }
    return rc;
}

/* The touched entitlements were looked at. */
static enum status untouch(struct ledger *ledger, int unit, struct diag *diag)
{
    return db_run(ledger, diag,
                  "DELETE FROM touched WHERE " ENT_OF_UNIT
                  " AND (SELECT unit FROM entitlement e WHERE e.ent = touched.ent) = ?1", "iiiii", (int64_t)unit,
                  ENT_OF_UNIT_BOUNDS(unit));
}

/* A run of an earlier period than the unit's last one has not looked at the months between: what is
 * touched stays so, and what the unit did not know then becomes so, for the next plan to look at. */
static enum status touch_newcomers(struct ledger *ledger, int unit, struct diag *diag)
{
    return db_run(ledger, diag,
                  "INSERT OR IGNORE INTO touched(ent) SELECT ent FROM entitlement"
                  " WHERE ent BETWEEN ?2 AND ?3 AND unit = ?1"
                  " AND since_run > (SELECT coalesce(covered_run, 0) FROM unit WHERE unit = ?1)", "iii",
                  (int64_t)unit, ent_monthly(unit, 0), ent_monthly(unit + 1, 0) - 1);
}

/* What the next plan looks at again, changed or not. */
static enum status touch_again(struct ledger *ledger, const struct ledger_plan *plan, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < plan->again_count && rc == STATUS_OK; i++) {
        rc = entry_touch(ledger, plan->again[i], diag);
    }
    return rc;
}

/* The unit is planned: its one-offs so far are seen, its touched entitlements looked at, and, if no later month
 * was planned before, its months settled under the run's law. */
static enum status mark_planned(struct ledger *ledger, const struct ledger_plan *plan, const struct ledger_run *run,
                                struct diag *diag)
{
    int64_t first = plan->batch_count == 0 ? 0 : plan->batch[0].batch;
    int64_t last = plan->batch_count == 0 ? -1 : plan->batch[plan->batch_count - 1].batch;
    int64_t batch;
    int64_t once_from;
    struct ledger_covered covered;

    enum status rc = ledger_plan_start(ledger, plan->unit, &batch, &once_from, diag);
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag,
                    "INSERT INTO run_unit(run, unit, batch_first, batch_last, once_from) VALUES(?, ?, ?, ?, ?)", "iiiii",
                    plan->run, (int64_t)plan->unit, first, last, once_from);
    }
    if (rc == STATUS_OK) {
        rc = ledger_covered_get(ledger, plan->unit, &covered, diag);
    }
    if (rc == STATUS_OK && run->period >= covered.through) {
        covered.through = run->period;
        covered.law = run->law;
        rc = untouch(ledger, plan->unit, diag);
    } else if (rc == STATUS_OK) {
        rc = touch_newcomers(ledger, plan->unit, diag);
    }
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag,
                    "UPDATE unit SET once_planned = once_next, covered_run = ?2, covered_through = ?3, covered_law = ?4"
                    " WHERE unit = ?1", "iiid", (int64_t)plan->unit, plan->run, (int64_t)covered.through, &covered.law);
    }
    return rc == STATUS_OK ? touch_again(ledger, plan, diag) : rc;
}

static enum status unit_code(struct ledger *ledger, int unit, char code[7], struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT code FROM unit WHERE unit = ?", "i", (int64_t)unit);

    if (rc == STATUS_OK) {
        ASSERT(stmt != NULL);
        db_copy(stmt, 0, code, 7);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_plan_store(struct ledger *ledger, const struct ledger_plan *plan, const struct ledger_run *run,
                              struct diag *diag)
{
    int64_t *payment_row = mem_alloc(plan->payment_count + 1, sizeof(*payment_row));
    struct ledger_event event = { .kind = "unit.planned", .who = run->who, .why = "", .at = run->created_at };
    char code[7];
    char subject[32];

    /* The hash goes over obligations first, so that the event below holds it. */
    enum status rc = store_payments(ledger, plan, payment_row, diag);
    if (rc == STATUS_OK) {
        rc = store_attempts(ledger, plan, payment_row, diag);
    }
    if (rc == STATUS_OK) {
        hash_rows(plan, &event.digest);
        rc = store_obligations(ledger, plan, payment_row, run->created_at, diag);
    }
    if (rc == STATUS_OK) {
        rc = store_batches(ledger, plan, run->created_at, diag);
    }
    if (rc == STATUS_OK) {
        rc = store_funding(ledger, plan, payment_row, diag);
    }
    if (rc == STATUS_OK) {
        rc = mark_planned(ledger, plan, run, diag);
    }
    if (rc == STATUS_OK) {
        rc = unit_code(ledger, plan->unit, code, diag);
    }
    if (rc == STATUS_OK) {
        size_t size = money_write(run->run, subject);
        subject[size] = '\0';
        event.unit = code;
        event.subject = subject;
        rc = ledger_event_add(ledger, &event, diag);
    }
    free(payment_row);
    return rc;
}
