/* query_paid.c - what was instructed to persons in a period, for the statistics. */
#include "query_internal.h"

#include <stdio.h>
#include <stdlib.h>

struct ledger_paid_scan {
    struct payment_scan payments;
};

enum status ledger_paid_new(struct ledger *ledger, month_t month, struct ledger_paid_scan **scan, struct diag *diag)
{
    struct query query = { .period = MONTH_NONE, .month = month, .ent_first = 0, .ent_last = INT64_MAX, .state = "" };

    *scan = mem_alloc(1, sizeof(**scan));
    (*scan)->payments.states = true;
    return payment_scan_start(&(*scan)->payments, ledger, &query, diag);
}

/* A transfer or a cash line of a person that counts: see ledger_query.h. A creditor's is none. What was withdrawn is not
 * instructed any more, but where its month is closed it was. */
static bool counts(const struct payment_row *row)
{
    bool stands = row->kept || !row->batch->voided || row->batch->closed;

    return stands && row->key.ent != 0 && row->key.component != COMPONENT_deduction && row->parent.size == 0;
}

/* ---- what arrived ---- */

/* A payment has the state of its file's last generation unless it has one of its own. */
#define TRY_SELECT                                                                                         \
    "SELECT p.end_to_end_id, CASE WHEN f.state = 10 THEN 0 ELSE coalesce(p.state, f.rest) END, b.channel"  \
    " FROM payment p JOIN batch b USING(batch) JOIN file f ON f.batch = p.batch AND f.generation ="        \
    " (SELECT max(g.generation) FROM file g WHERE g.batch = p.batch) WHERE "
static const char child_sql[] = TRY_SELECT "p.parent = ?";
static const char carrier_sql[] =
    TRY_SELECT "p.payment = (SELECT payment FROM obligation WHERE period = ? AND ent = ? AND comp = ? AND seq = ?)";

struct tried {
    char id[PAYMENT_ID_BYTES];
    enum payment_state state;   /* PAYMENT_CALCULATED: there is none */
    int channel;
};

static void tried_read(sqlite3_stmt *stmt, struct tried *tried)
{
    tried->state = PAYMENT_CALCULATED;
    if (stmt != NULL) {
        db_copy(stmt, 0, tried->id, sizeof(tried->id));
        tried->state = (enum payment_state)sqlite3_column_int(stmt, 1);
        tried->channel = sqlite3_column_int(stmt, 2);
        sqlite3_reset(stmt);
    }
}

/* The payment as the scan gives it; of one that was taken out of its file, the one that carries it now. */
static enum status tried_first(struct ledger *ledger, const struct payment_row *row, struct tried *tried, struct diag *diag)
{
    sqlite3_stmt *stmt = NULL;
    const struct obligation_key *key = &row->key;
    enum status rc = STATUS_OK;

    if (row->kept) {
        rc = db_first(ledger, diag, &stmt, carrier_sql, "iiii", (int64_t)key->period, key->ent, (int64_t)key->component,
                      (int64_t)key->seq);
        tried_read(rc == STATUS_OK ? stmt : NULL, tried);
        return rc;
    }
    *tried = (struct tried){ .state = row->state, .channel = row->batch->channel };
    if (row->own_id.size == 0) {
        payment_id_of(row->id, key, 1, 0, tried->id);
    } else {
        snprintf(tried->id, sizeof(tried->id), "%.*s", (int)row->own_id.size, row->own_id.data);
    }
    return rc;
}

/* The channel by which it arrived, itself or the attempt that took its place: each names the one before as its parent. */
static enum status settled_read(struct ledger *ledger, const struct payment_row *row, int *channel, struct diag *diag)
{
    struct tried tried;
    enum status rc = STATUS_OK;

    *channel = row->state == PAYMENT_BOOKED ? row->batch->channel : -1;
    if (!row->kept && row->state != PAYMENT_REISSUED) {
        return rc;      /* most: their ids need not be made */
    }
    rc = tried_first(ledger, row, &tried, diag);
    while (rc == STATUS_OK && tried.state == PAYMENT_REISSUED) {
        sqlite3_stmt *stmt = NULL;
        rc = db_first(ledger, diag, &stmt, child_sql, "z", tried.id);
        tried_read(rc == STATUS_OK ? stmt : NULL, &tried);
    }
    if (rc == STATUS_OK && tried.state == PAYMENT_BOOKED) {
        *channel = tried.channel;
    }
    return rc;
}

enum status ledger_paid_next(struct ledger_paid_scan *scan, struct ledger_paid *paid, bool *more, struct diag *diag)
{
    struct payment_row row = { 0 };
    struct facts facts;
    enum status rc;

    do {
        rc = payment_scan_next(&scan->payments, &row, more, diag);
    } while (rc == STATUS_OK && *more && !counts(&row));
    if (rc != STATUS_OK || !*more) {
        return rc;
    }
    if (!facts_unpack((const uint8_t *)row.facts.data, row.facts.size, &facts)) {
        diag_fail(diag, STATUS_LEDGER, "the facts of an entitlement cannot be read");
        diag_found(diag, "%.*s", (int)row.id.size, row.id.data);
        return STATUS_LEDGER;
    }
    paid->ent = row.key.ent;
    paid->person = row.person;
    paid->unit = row.batch->unit;
    paid->benefit = row.benefit;
    paid->channel = row.batch->channel;
    paid->sex = (int)facts_or(&facts, FACT_sex, -1);
    paid->area = row.area;
    paid->commune = row.commune;
    paid->amount_dong = row.amount_dong;
    return settled_read(scan->payments.ledger, &row, &paid->settled, diag);
}

void ledger_paid_free(struct ledger_paid_scan *scan)
{
    if (scan != NULL) {
        payment_scan_release(&scan->payments);
    }
    free(scan);
}

enum status ledger_month_is_closed(struct ledger *ledger, month_t month, bool *closed, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT coalesce(min(closed), 0) FROM v_month WHERE month = ?", "i",
                              (int64_t)month);

    *closed = false;
    if (rc == STATUS_OK) {
        ASSERT(stmt != NULL);
        *closed = sqlite3_column_int(stmt, 0) != 0;
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_units(struct ledger *ledger, char code[LEDGER_UNITS_MAX + 1][UNIT_CODE_BYTES], struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    memset(code, 0, (LEDGER_UNITS_MAX + 1) * (size_t)UNIT_CODE_BYTES);
    enum status rc = db_query(ledger, diag, &stmt, "SELECT unit, code FROM unit ORDER BY unit", "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        int unit = sqlite3_column_int(stmt, 0);
        ASSERT(unit > 0 && unit <= LEDGER_UNITS_MAX);
        db_copy(stmt, 1, code[unit], UNIT_CODE_BYTES);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_units_sorted(struct ledger *ledger, char sorted[LEDGER_UNITS_MAX][UNIT_CODE_BYTES],
                                uint8_t place[LEDGER_UNITS_MAX + 1], struct diag *diag)
{
    char code[LEDGER_UNITS_MAX + 1][UNIT_CODE_BYTES];

    enum status rc = ledger_units(ledger, code, diag);
    for (size_t i = 1; i <= LEDGER_UNITS_MAX && rc == STATUS_OK; i++) {
        place[i] = 0;
        for (size_t j = 1; j <= LEDGER_UNITS_MAX; j++) {
            place[i] = (uint8_t)(place[i] + (code[j][0] != '\0' && strcmp(code[j], code[i]) < 0));
        }
        if (code[i][0] != '\0') {
            memcpy(sorted[place[i]], code[i], UNIT_CODE_BYTES);
        }
    }
    return rc;
}
