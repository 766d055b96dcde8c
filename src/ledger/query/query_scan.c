/* query_scan.c - the stream of payments that lists and statistics read, and what it looks up in memory. */
#include "query_internal.h"

#include "chitra/ledger_register.h"

#include <stdlib.h>

void query_bind(const struct query *query, sqlite3_stmt *stmt)
{
    const int64_t value[] = { query->period, query->unit, query->run, query->ent_first, query->ent_last };

    for (int i = 0; i < sqlite3_bind_parameter_count(stmt) && i < 5; i++) {
        sqlite3_bind_int64(stmt, i + 1, value[i]);
    }
}

/* ---- batches ---- */

static void batch_add(struct batches *batches, sqlite3_stmt *stmt)
{
    int64_t batch = sqlite3_column_int64(stmt, 0);

    if (batches->count == 0) {
        batches->first = batch;
    }
    size_t index = (size_t)(batch - batches->first);
    if (index >= batches->capacity) {
        batches->capacity = index * 2 + 64;
        batches->info = mem_resize(batches->info, batches->capacity, sizeof(*batches->info));
    }
    /* Numbers between that belong to other runs or units stay empty. */
    memset(&batches->info[batches->count], 0, (index + 1 - batches->count) * sizeof(*batches->info));
    batches->count = index + 1;
    struct batch_info *info = &batches->info[index];
    info->run = sqlite3_column_int64(stmt, 1);
    info->period = sqlite3_column_int(stmt, 2);
    info->unit = sqlite3_column_int(stmt, 3);
    db_copy(stmt, 4, info->unit_code, sizeof(info->unit_code));
    info->channel = sqlite3_column_int(stmt, 5);
    db_copy(stmt, 6, info->msg_id, sizeof(info->msg_id));
    info->voided = sqlite3_column_int(stmt, 7) == FILE_VOIDED;
    info->rest = (enum payment_state)sqlite3_column_int(stmt, 8);
    db_copy(stmt, 9, info->reason, sizeof(info->reason));
    info->closed = sqlite3_column_int(stmt, 11) != 0;
    info->day = sqlite3_column_type(stmt, 10) == SQLITE_NULL ? DAY_NONE : sqlite3_column_int(stmt, 10);
}

enum status batches_load(struct ledger *ledger, const struct query *query, struct batches *batches,
                         struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT b.batch, b.run, r.period, b.unit, u.code, b.channel, f.msg_id, f.state,"
                              " f.rest, (SELECT text FROM word WHERE word = f.rest_reason), f.rest_day, m.closed"
                              " FROM batch b JOIN run r ON r.run = b.run JOIN unit u ON u.unit = b.unit"
                              " JOIN v_month m ON m.run = b.run AND m.unit = b.unit"
                              " JOIN file f ON f.batch = b.batch AND f.generation ="
                              " (SELECT max(g.generation) FROM file g WHERE g.batch = b.batch)"
                              " WHERE (?2 = 0 OR b.unit = ?2) AND (?1 = 0 OR b.run = ?1)"
                              " AND (?3 = -2147483648 OR m.month = ?3) ORDER BY b.batch", "iii",
                              query->run, query->unit, (int64_t)query->month);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        batch_add(batches, stmt);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

const struct batch_info *batches_find(const struct batches *batches, int64_t batch)
{
    if (batch < batches->first || batch - batches->first >= (int64_t)batches->count) {
        return NULL;
    }
    const struct batch_info *info = &batches->info[batch - batches->first];
    return info->run == 0 ? NULL : info;
}

void batches_release(struct batches *batches)
{
    free(batches->info);
    *batches = (struct batches){ 0 };
}

/* ---- periods ---- */

enum status periods_load(struct ledger *ledger, month_t period, bool with_once, struct periods *periods,
                         struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    /* Each step is one search in the key; SELECT DISTINCT would read every obligation. */
    enum status rc = db_query(ledger, diag, &stmt,
                              "WITH RECURSIVE p(period) AS (SELECT min(period) FROM obligation UNION ALL"
                              " SELECT (SELECT min(period) FROM obligation WHERE period > p.period) FROM p"
                              " WHERE p.period IS NOT NULL)"
                              " SELECT period FROM p WHERE period IS NOT NULL"
                              " AND (?1 = -2147483648 OR period = ?1 OR (?2 = 1 AND period = 0)) ORDER BY period", "ii",
                              (int64_t)period, (int64_t)with_once);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        periods->period = mem_resize(periods->period, periods->count + 1, sizeof(*periods->period));
        periods->period[periods->count++] = sqlite3_column_int(stmt, 0);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

void periods_release(struct periods *periods)
{
    free(periods->period);
    *periods = (struct periods){ 0 };
}

/* ---- payments ---- */

#define PAYEE_SELECT " e.version, e.id, e.person, e.benefit, e.bank, e.area, e.commune, e.facts"
/* What became of it, where that is not what became of the rest of its file. */
#define CELL_SELECT(table) \
    ", " table ".state, (SELECT text FROM word WHERE word = " table ".reason), " table ".day"
#define USUAL_SELECT(cell, join)                                                                           \
    "SELECT o.batch, o.amount, o.period, o.comp, o.seq, o.ent, o.version, NULL, NULL," PAYEE_SELECT cell   \
    " FROM obligation o JOIN entitlement e ON e.ent = o.ent" join                                          \
    " WHERE o.period = ?1 AND o.ent BETWEEN ?4 AND ?5 AND o.batch BETWEEN ?6 AND ?7 AND o.payment IS NULL" \
    " ORDER BY o.ent, o.comp, o.seq"

/* A usual payment is its obligation: the key's order is the entitlements' order, so the joins only step. Whoever
 * does not ask for states is spared the second one. */
static const char usual_sql[] = USUAL_SELECT("", "");
static const char usual_state_sql[] =
    USUAL_SELECT(CELL_SELECT("x"), " LEFT JOIN outcome x ON x.period = o.period AND x.ent = o.ent AND x.comp = o.comp");
/* An order's creditor has no versions. */
#define OWN_ROW_SELECT                                                                                     \
    "SELECT p.batch, p.amount, p.period, p.purpose, 0, p.ent, iif(p.orders IS NULL, p.version, e.version),"\
    " p.end_to_end_id, p.parent, e.version, e.id, e.person, e.benefit, coalesce(w.creditor_bank, e.bank), e.area,"\
    " e.commune, e.facts" CELL_SELECT("p") " FROM payment p LEFT JOIN entitlement e ON e.ent = p.ent"      \
    " LEFT JOIN orders w ON w.orders = p.orders"                                                           \
    " WHERE (?1 = -2147483648 OR p.period = ?1) AND (?4 = 0 OR p.ent BETWEEN ?4 AND ?5) AND p.batch BETWEEN ?6 AND ?7"
#define OWN_ROW_ORDER " ORDER BY p.payment"
static const char own_row_sql[] = OWN_ROW_SELECT OWN_ROW_ORDER;
static const char own_row_month_sql[] =
    OWN_ROW_SELECT " AND NOT EXISTS(SELECT 1 FROM obligation o JOIN counted USING(period, ent, comp, seq)"
    " WHERE o.payment = p.payment)" OWN_ROW_ORDER;
static const char kept_sql[] =
    "SELECT k.batch, k.amount, k.period, k.comp, k.seq, k.ent, k.version, NULL, NULL," PAYEE_SELECT ", NULL, NULL, NULL"
    " FROM counted k JOIN entitlement e ON e.ent = k.ent WHERE k.amount IS NOT NULL AND k.batch BETWEEN ?6 AND ?7"
    " ORDER BY k.period, k.ent, k.comp, k.seq";

/* Of a month of the statistics: the periods of the runs that count in it, and one-offs. */
static void periods_of_batches(struct periods *periods, const struct batches *batches)
{
    size_t count = 0;

    for (size_t i = 0; i < periods->count; i++) {
        bool any = periods->period[i] == MONTH_ONCE;
        for (size_t j = 0; j < batches->count && !any; j++) {
            any = batches->info[j].run != 0 && batches->info[j].period == periods->period[i];
        }
        if (any) {
            periods->period[count++] = periods->period[i];
        }
    }
    periods->count = count;
}

enum status payment_scan_start(struct payment_scan *scan, struct ledger *ledger, const struct query *query,
                               struct diag *diag)
{
    scan->ledger = ledger;
    scan->query = *query;
    enum status rc = batches_load(ledger, query, &scan->batches, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    /* Usual payments are of their run's own period: one run means one period. */
    month_t period = query->run != 0 && query->period == MONTH_NONE && scan->batches.count > 0
                         ? scan->batches.info[0].period : query->period;
    rc = periods_load(ledger, period, true, &scan->periods, diag);
    if (rc == STATUS_OK && query->month != MONTH_NONE) {
        periods_of_batches(&scan->periods, &scan->batches);
    }
    return rc;
}

static const char *part_sql(const struct payment_scan *scan)
{
    bool of_month = scan->query.month != MONTH_NONE;

    if (scan->part < scan->periods.count) {
        return scan->states ? usual_state_sql : usual_sql;
    }
    return scan->part > scan->periods.count ? kept_sql : of_month ? own_row_month_sql : own_row_sql;
}

static size_t parts(const struct payment_scan *scan)
{
    return scan->periods.count + (scan->query.month == MONTH_NONE ? 1 : 2);
}

static enum status part_start(struct payment_scan *scan, struct diag *diag)
{
    bool usual = scan->part < scan->periods.count;
    struct query query = scan->query;

    if (usual) {
        query.period = scan->periods.period[scan->part];
    }
    enum status rc = db_prepare(scan->ledger, part_sql(scan), &scan->stmt, diag);
    if (rc == STATUS_OK) {
        query_bind(&query, scan->stmt);
        sqlite3_bind_int64(scan->stmt, 6, scan->batches.first);
        sqlite3_bind_int64(scan->stmt, 7, scan->batches.first + (int64_t)scan->batches.count - 1);
    }
    return rc;
}

/* The payee as it was when the payment was planned, if it changed since. The person stays today's: two
 * numbers that turned out to be one person's are one person in the past too. */
static enum status payee_then(struct payment_scan *scan, int64_t ent, int64_t version, struct payment_row *row,
                              struct diag *diag)
{
    struct ledger_entitlement then;

    arena_clear(&scan->arena);
    enum status rc = ledger_entitlement_get(scan->ledger, ent, version, &scan->arena, &then, diag);
    if (rc == STATUS_OK) {
        row->bank = then.bank;
        row->area = then.area;
        row->commune = then.commune;
        row->facts = then.facts;
    }
    return rc;
}

/* A payment without a state of its own has its file's. */
static void state_read(const struct payment_scan *scan, struct payment_row *row)
{
    if (!scan->states || sqlite3_column_type(scan->stmt, 17) == SQLITE_NULL) {
        row->state = row->batch->rest;
        row->reason = span_of(row->batch->reason);
        row->day = row->batch->day;
    } else {
        row->state = (enum payment_state)sqlite3_column_int(scan->stmt, 17);
        row->reason = db_text(scan->stmt, 18);
        row->day = sqlite3_column_type(scan->stmt, 19) == SQLITE_NULL ? DAY_NONE : sqlite3_column_int(scan->stmt, 19);
    }
    if (row->batch->voided) {
        row->state = PAYMENT_CALCULATED;
    }
}

static enum status row_read(struct payment_scan *scan, struct payment_row *row, struct diag *diag)
{
    sqlite3_stmt *stmt = scan->stmt;
    int64_t version = sqlite3_column_int64(stmt, 6);

    row->amount_dong = sqlite3_column_int64(stmt, 1);
    row->period = sqlite3_column_int(stmt, 2);
    row->key = (struct obligation_key){ row->period, sqlite3_column_int64(stmt, 5),
                                        (enum component)sqlite3_column_int(stmt, 3), sqlite3_column_int(stmt, 4) };
    row->kept = scan->part > scan->periods.count;
    row->own_id = db_text(stmt, 7);
    row->parent = db_text(stmt, 8);
    if (row->own_id.size == 0) {
        row->period = row->batch->period;       /* a one-off's obligation is `once`, its payment is its run's */
    }
    row->id = db_text(stmt, 10);
    row->person = (uint64_t)sqlite3_column_int64(stmt, 11);
    row->benefit = (enum benefit)sqlite3_column_int(stmt, 12);
    row->bank = db_text(stmt, 13);
    row->area = sqlite3_column_type(stmt, 14) == SQLITE_NULL ? -1 : sqlite3_column_int(stmt, 14);
    row->commune = (uint32_t)sqlite3_column_int64(stmt, 15);
    row->facts = db_text(stmt, 16);
    state_read(scan, row);
    if (row->key.ent != 0 && version != sqlite3_column_int64(stmt, 9)) {
        return payee_then(scan, row->key.ent, version, row, diag);
    }
    return STATUS_OK;
}

enum status payment_scan_next(struct payment_scan *scan, struct payment_row *row, bool *more, struct diag *diag)
{
    enum status rc = STATUS_OK;

    *more = false;
    while (rc == STATUS_OK && !*more && scan->part < parts(scan)) {
        if (scan->stmt == NULL) {
            rc = part_start(scan, diag);
        }
        if (rc == STATUS_OK) {
            rc = db_next(scan->ledger, scan->stmt, more, diag);
        }
        if (rc == STATUS_OK && !*more) {
            scan->stmt = NULL;
            scan->part++;
        } else if (rc == STATUS_OK) {
            bool usual = scan->part < scan->periods.count;
            row->batch = batches_find(&scan->batches, sqlite3_column_int64(scan->stmt, 0));
            *more = row->batch != NULL &&
                    (!usual || scan->query.period == MONTH_NONE || row->batch->period == scan->query.period);
        }
    }
    return rc == STATUS_OK && *more ? row_read(scan, row, diag) : rc;
}

void payment_scan_release(struct payment_scan *scan)
{
    if (scan->stmt != NULL) {
        sqlite3_reset(scan->stmt);
        scan->stmt = NULL;
    }
    batches_release(&scan->batches);
    periods_release(&scan->periods);
    arena_release(&scan->arena);
}
