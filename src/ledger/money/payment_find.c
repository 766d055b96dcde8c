/*
 * payment_find.c - payments by their EndToEndIds, whatever became of them.
 *
 * The id of a usual payment is a digest that nothing stores: what no row has is looked for among the obligations
 * without a file, among the attempts that were withdrawn, and then among the usual payments, the latest months
 * first. One pass for any number of ids; a month of a million takes a second.
 */
#include "ledger/db.h"

#include "chitra/ledger_place.h"

#include <stdlib.h>

struct finding {
    struct ledger *ledger;
    struct ledger_place **place;    /* by id */
    size_t count;
    size_t left;                    /* not found yet */
    struct diag *diag;
};

static int place_compare(const void *a, const void *b)
{
    return strcmp((*(struct ledger_place *const *)a)->payment_id, (*(struct ledger_place *const *)b)->payment_id);
}

/* The place that asks for an id; NULL: nobody does. */
static struct ledger_place *asked(const struct finding *finding, const char *id)
{
    size_t low = 0;
    size_t high = finding->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(finding->place[middle]->payment_id, id);
        if (order == 0) {
            return finding->place[middle];
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}

/* ---- with a row ---- */

static enum status by_row(struct finding *finding, struct ledger_place *place)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(finding->ledger, finding->diag, &stmt,
                              "SELECT p.payment, p.ent, e.id, p.batch, p.amount FROM payment p"
                              " LEFT JOIN entitlement e ON e.ent = p.ent WHERE p.end_to_end_id = ?", "z",
                              place->payment_id);

    if (rc == STATUS_OK && stmt != NULL) {
        place->found = PLACE_FILE;
        place->payment = sqlite3_column_int64(stmt, 0);
        place->ent = sqlite3_column_int64(stmt, 1);
        db_copy(stmt, 2, place->id, sizeof(place->id));
        place->batch = sqlite3_column_int64(stmt, 3);
        place->amount_dong = sqlite3_column_int64(stmt, 4);
        sqlite3_reset(stmt);
        finding->left--;
    }
    return rc;
}

/* ---- without one ---- */

/* The columns that both queries begin with: period, ent, comp, seq, amount, id. */
static void place_take(struct finding *finding, sqlite3_stmt *stmt, struct ledger_place *place,
                       enum ledger_place_kind found)
{
    finding->left -= place->found == PLACE_NONE;
    place->found = found;
    place->key = (struct obligation_key){ sqlite3_column_int(stmt, 0), sqlite3_column_int64(stmt, 1),
                                          (enum component)sqlite3_column_int(stmt, 2), sqlite3_column_int(stmt, 3) };
    place->ent = place->key.ent;
    place->amount_dong += sqlite3_column_int64(stmt, 4);
    db_copy(stmt, 5, place->id, sizeof(place->id));
}

static void own_id(sqlite3_stmt *stmt, char id[PAYMENT_ID_BYTES])
{
    struct obligation_key key = { sqlite3_column_int(stmt, 0), sqlite3_column_int64(stmt, 1),
                                  (enum component)sqlite3_column_int(stmt, 2), sqlite3_column_int(stmt, 3) };

    payment_id_of(db_text(stmt, 5), &key, 1, 0, id);
}

/* Held, offset and closed obligations: by the payment that they were taken out of, or would be paid as alone. */
static enum status by_exception(struct finding *finding)
{
    sqlite3_stmt *stmt;
    bool more = false;
    char id[PAYMENT_ID_BYTES];
    enum status rc = db_query(finding->ledger, finding->diag, &stmt,
                              "SELECT o.period, o.ent, o.comp, o.seq, o.amount, e.id, x.state, x.reason, x.former"
                              " FROM exception x JOIN obligation o ON o.period = x.period AND o.ent = x.ent"
                              " AND o.comp = x.comp AND o.seq = x.seq JOIN entitlement e ON e.ent = o.ent"
                              " WHERE o.batch IS NULL", "");

    if (rc == STATUS_OK) {
        rc = db_next(finding->ledger, stmt, &more, finding->diag);
    }
    while (rc == STATUS_OK && more) {
        db_copy(stmt, 8, id, sizeof(id));
        if (id[0] == '\0') {
            own_id(stmt, id);
        }
        struct ledger_place *place = asked(finding, id);
        if (place != NULL && place->found != PLACE_FILE) {
            place_take(finding, stmt, place, PLACE_EXCEPTION);
            place->state = (enum obligation_state)sqlite3_column_int(stmt, 6);
            db_copy(stmt, 7, place->reason, sizeof(place->reason));
        }
        rc = db_next(finding->ledger, stmt, &more, finding->diag);
    }
    return rc;
}

/* New attempts that were taken out of their files: what they were to replace waits again, or became another one. */
static enum status by_attempt(struct finding *finding)
{
    sqlite3_stmt *stmt;
    bool more = false;
    char id[PAYMENT_ID_BYTES];
    enum status rc = db_query(finding->ledger, finding->diag, &stmt,
                              "SELECT d.withdrawn, d.ent, e.id, coalesce(p.amount, o.amount) FROM dead d"
                              " LEFT JOIN entitlement e ON e.ent = d.ent LEFT JOIN payment p ON p.payment = d.payment"
                              " LEFT JOIN obligation o ON d.payment IS NULL AND o.period = d.period AND o.ent = d.ent"
                              " AND o.comp = d.comp AND o.seq = 0 WHERE d.withdrawn IS NOT NULL", "");

    if (rc == STATUS_OK) {
        rc = db_next(finding->ledger, stmt, &more, finding->diag);
    }
    while (rc == STATUS_OK && more) {
        db_copy(stmt, 0, id, sizeof(id));
        struct ledger_place *place = asked(finding, id);
        if (place != NULL && place->found == PLACE_NONE) {
            finding->left--;
            place->found = PLACE_WITHDRAWN;
            place->ent = sqlite3_column_int64(stmt, 1);
            db_copy(stmt, 2, place->id, sizeof(place->id));
            place->amount_dong = sqlite3_column_int64(stmt, 3);
        }
        rc = db_next(finding->ledger, stmt, &more, finding->diag);
    }
    return rc;
}

/* Usual payments of one month. */
static enum status by_month(struct finding *finding, month_t period)
{
    sqlite3_stmt *stmt;
    bool more = false;
    char id[PAYMENT_ID_BYTES];
    enum status rc = db_query(finding->ledger, finding->diag, &stmt,
                              "SELECT o.period, o.ent, o.comp, o.seq, o.amount, e.id, o.batch FROM obligation o"
                              " JOIN entitlement e ON e.ent = o.ent WHERE o.period = ? AND o.batch IS NOT NULL"
                              " AND o.payment IS NULL", "i", (int64_t)period);

    if (rc == STATUS_OK) {
        rc = db_next(finding->ledger, stmt, &more, finding->diag);
    }
    while (rc == STATUS_OK && more && finding->left > 0) {
        own_id(stmt, id);
        struct ledger_place *place = asked(finding, id);
        if (place != NULL && place->found == PLACE_NONE) {
            place_take(finding, stmt, place, PLACE_FILE);
            place->batch = sqlite3_column_int64(stmt, 6);
        }
        rc = db_next(finding->ledger, stmt, &more, finding->diag);
    }
    if (more) {
        sqlite3_reset(stmt);
    }
    return rc;
}

static enum status by_months(struct finding *finding)
{
    sqlite3_stmt *stmt;
    int64_t period = INT32_MAX;
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && finding->left > 0 && period >= 0) {
        rc = db_first(finding->ledger, finding->diag, &stmt,
                      "SELECT coalesce(max(period), -1) FROM obligation WHERE period < ?", "i", period);
        if (rc == STATUS_OK) {
            period = sqlite3_column_int64(stmt, 0);
            sqlite3_reset(stmt);
            rc = period < 0 ? STATUS_OK : by_month(finding, (month_t)period);
        }
    }
    return rc;
}

/* Nothing is found yet. */
static void finding_begin(struct finding *finding, struct ledger_place *place)
{
    finding->place = mem_alloc(finding->count + 1, sizeof(struct ledger_place *));
    for (size_t i = 0; i < finding->count; i++) {
        place[i].found = PLACE_NONE;
        place[i].amount_dong = 0;
        finding->place[i] = &place[i];
    }
    if (finding->count > 1) {
        qsort(finding->place, finding->count, sizeof(struct ledger_place *), place_compare);
    }
}

enum status ledger_payments_find(struct ledger *ledger, struct ledger_place *place, size_t count, struct diag *diag)
{
    struct finding finding = { .ledger = ledger, .count = count, .left = count, .diag = diag };
    enum status rc = STATUS_OK;

    finding_begin(&finding, place);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = by_row(&finding, &place[i]);
    }
    if (rc == STATUS_OK && finding.left > 0) {
        rc = by_exception(&finding);
    }
    if (rc == STATUS_OK && finding.left > 0) {
        rc = by_attempt(&finding);
    }
    if (rc == STATUS_OK && finding.left > 0) {
        rc = by_months(&finding);
    }
    free(finding.place);
    return rc;
}
