/*
 * query_unanswered.c - payments that have waited too long for an answer: all of a file that nobody answered for, and
 * those that an answer for the rest of their file passed over.
 *
 * How much is asked of a bank its own answers say: where it has booked one payment of a file it is to book all, where
 * it has said of one that it takes it, or not, it is to say so of all. A bank that never tells of bookings is
 * not asked for them, even if it tells of returns.
 *
 * Counted is what single payments have of their own; the others are the rest of their file. So nothing here grows with
 * months that went well.
 */
#include "query_internal.h"

#include "chitra/ledger_answer.h"

/* How many of a file's payments are in which state. */
struct tally {
    int64_t instructed, accepted, booked, other;
};

static void tally_rest(struct tally *tally, enum payment_state rest, int64_t left)
{
    int64_t *to = rest == PAYMENT_INSTRUCTED ? &tally->instructed
                  : rest == PAYMENT_ACCEPTED ? &tally->accepted
                  : rest == PAYMENT_BOOKED   ? &tally->booked
                                             : &tally->other;
    *to += left > 0 ? left : 0;
}

struct tally_row {
    int64_t batch;
    enum file_state state;
    struct tally tally;
};

static void row_read(sqlite3_stmt *stmt, struct tally_row *row)
{
    *row = (struct tally_row){ .batch = sqlite3_column_int64(stmt, 0), .state = (enum file_state)sqlite3_column_int(stmt, 1),
                               .tally = { sqlite3_column_int64(stmt, 4), sqlite3_column_int64(stmt, 5),
                                          sqlite3_column_int64(stmt, 6), 0 } };
    struct tally *tally = &row->tally;
    int64_t own = sqlite3_column_int64(stmt, 7);

    tally->other = own - tally->instructed - tally->accepted - tally->booked;
    tally_rest(tally, (enum payment_state)sqlite3_column_int(stmt, 2), sqlite3_column_int64(stmt, 3) - own);
}

static bool is_answered(const struct tally_row *row)
{
    return row->state == FILE_ACCEPTED || row->state == FILE_PARTLY;
}

static enum waits waits_of(const struct tally_row *row)
{
    const struct tally *tally = &row->tally;

    if (!is_answered(row)) {
        return WAITS_FOR_ANSWER;
    }
    return tally->booked > 0 ? WAITS_FOR_BOOKING : tally->accepted + tally->other > 0 ? WAITS_FOR_ANSWER : WAITS_FOR_NOTHING;
}

/* Bank files that left, and whose pay date was, before this day. */
static enum status tallies_start(struct ledger *ledger, day_t before, sqlite3_stmt **stmt, struct diag *diag)
{
    return db_query(ledger, diag, stmt,
                    "WITH said AS (SELECT batch, sum(state = ?1) AS i, sum(state = ?2) AS a, sum(state = ?3) AS b,"
                    " count(*) AS n FROM (SELECT o.batch, x.state FROM outcome x CROSS JOIN obligation o ON o.period = x.period"
                    " AND o.ent = x.ent AND o.comp = x.comp AND o.seq = 0 WHERE x.state IS NOT NULL AND o.batch IS NOT NULL"
                    " UNION ALL SELECT batch, state FROM payment WHERE state IS NOT NULL) GROUP BY batch)"
                    " SELECT f.batch, f.state, f.rest, f.payments, s.i, s.a, s.b, coalesce(s.n, 0) FROM file f"
                    " JOIN batch b ON b.batch = f.batch JOIN release l ON l.release = f.release"
                    " LEFT JOIN said s ON s.batch = f.batch WHERE f.state BETWEEN ?4 AND ?5 AND b.channel <> ?6"
                    " AND f.pay_date < ?7 AND substr(l.at, 1, 10) < date(?7 * 86400, 'unixepoch')", "iiiiiii",
                    (int64_t)PAYMENT_INSTRUCTED, (int64_t)PAYMENT_ACCEPTED, (int64_t)PAYMENT_BOOKED, (int64_t)FILE_RELEASED,
                    (int64_t)FILE_PARTLY, (int64_t)CHANNEL_cash, (int64_t)before);
}

enum status ledger_payments_unanswered(struct ledger *ledger, day_t before, uint64_t *payments, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *payments = 0;
    enum status rc = tallies_start(ledger, before, &stmt, diag);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        struct tally_row row;
        row_read(stmt, &row);
        enum waits waits = is_answered(&row) ? waits_of(&row) : WAITS_FOR_NOTHING;
        *payments += (uint64_t)(waits == WAITS_FOR_BOOKING  ? row.tally.instructed + row.tally.accepted
                                : waits == WAITS_FOR_ANSWER ? row.tally.instructed
                                                            : 0);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

/* ---- the list ---- */

static enum status unanswered_start(struct ledger_list *list, struct diag *diag)
{
    struct payment_scan *scan = &list->payments;
    sqlite3_stmt *stmt;
    bool more = false;

    scan->states = true;
    enum status rc = payment_scan_start(scan, list->ledger, &list->query, diag);
    if (rc == STATUS_OK) {
        rc = tallies_start(list->ledger, list->query.before, &stmt, diag);
    }
    if (rc == STATUS_OK) {
        rc = db_next(list->ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        struct tally_row row;
        row_read(stmt, &row);
        if (batches_find(&scan->batches, row.batch) != NULL) {
            scan->batches.info[row.batch - scan->batches.first].waits = waits_of(&row);
        }
        rc = db_next(list->ledger, stmt, &more, diag);
    }
    return rc;
}

static bool is_waiting(const struct payment_row *row)
{
    return (row->state == PAYMENT_INSTRUCTED && row->batch->waits != WAITS_FOR_NOTHING) ||
           (row->state == PAYMENT_ACCEPTED && row->batch->waits == WAITS_FOR_BOOKING);
}

static enum status unanswered_next(struct ledger_list *list, struct span *cell, bool *more, struct diag *diag)
{
    struct payment_row row = { 0 };
    enum status rc;

    do {
        rc = payment_scan_next(&list->payments, &row, more, diag);
    } while (rc == STATUS_OK && *more && !is_waiting(&row));
    if (rc == STATUS_OK && *more) {
        payment_cells(list, &row, cell);
    }
    return rc;
}

const struct list_kind list_unanswered = {
    .name = "unanswered",
    .column = payment_column,
    .columns = PAYMENT_COLUMNS,
    .filters = FILTER_PERIOD | FILTER_UNIT | FILTER_RUN | FILTER_ENTITLEMENT,
    .states = PAYMENT_STATES,
    .state = payment_state_word,
    .state_column = PAYMENT_STATE,
    .start = unanswered_start,
    .next = unanswered_next,
};
