/*
 * funding.c - what the post is given for a unit's cash lists, made equal to what the lists carry, less what they are paid
 * from that is still there.
 */
#include "funding.h"
#include "ledger/register/entry.h"
#include "ledger/file/file_row.h"

#include "chitra/ledger_member.h"

enum { FUNDINGS_MAX = 12 };

struct funding {                /* one instalment */
    month_t pay_month;
    int instalment;
    int64_t payment;            /* 0: nothing is sent */
    int64_t amount_dong;        /* as it is */
    int64_t at_post_dong;
    int64_t lists_dong;         /* what its lists carry */
    int64_t file;               /* its payment's; 0: none */
    enum file_state state;
    bool doubtful;              /* a bank says that it was paid: it counts as sent */
    char msg_id[MSG_ID_BYTES];
};

/* The instalments of a unit's run, with the last generation of the file that carries each. */
static enum status fundings_read(struct ledger *ledger, int64_t run, int unit, struct funding funding[FUNDINGS_MAX],
                                 size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT g.pay_month, g.payment, g.amount, f.file, f.state, f.msg_id, g.at_post, g.instalment, " FUNDING_IN_DOUBT
                              " FROM funding g"
                              " LEFT JOIN payment p ON p.payment = g.payment LEFT JOIN file f ON f.batch = p.batch"
                              " AND f.generation = (SELECT max(h.generation) FROM file h WHERE h.batch = p.batch)"
                              " WHERE g.run = ? AND g.unit = ? ORDER BY g.pay_month, g.instalment", "ii", run, (int64_t)unit);

    *count = 0;
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        ASSERT(*count < FUNDINGS_MAX);      /* two for each pay-month of the run: plan.h allows four */
        struct funding *one = &funding[(*count)++];
        *one = (struct funding){ .pay_month = sqlite3_column_int(stmt, 0), .payment = sqlite3_column_int64(stmt, 1),
                                 .amount_dong = sqlite3_column_int64(stmt, 2), .file = sqlite3_column_int64(stmt, 3),
                                 .state = (enum file_state)sqlite3_column_int(stmt, 4),
                                 .at_post_dong = sqlite3_column_int64(stmt, 6),
                                 .instalment = sqlite3_column_int(stmt, 7),
                                 .doubtful = sqlite3_column_int(stmt, 8) != 0 };
        db_copy(stmt, 5, one->msg_id, sizeof(one->msg_id));
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

/* Adds up the members of the unit's lists, by pay-month. */
static enum status lists_add(struct ledger *ledger, int64_t run, int unit, struct funding *funding, size_t count,
                             struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;
    enum status rc = db_query(ledger, diag, &stmt,
                              "WITH list AS (SELECT batch, pay_date FROM batch WHERE run = ?1 AND unit = ?2 AND channel = ?7)"
                              " SELECT list.pay_date, m.amount FROM (SELECT o.batch, o.amount FROM run r JOIN obligation o"
                              " ON o.period = r.period AND o.ent BETWEEN ?3 AND ?4 WHERE r.run = ?1 AND o.payment IS NULL"
                              " UNION ALL SELECT o.batch, o.amount FROM run_unit u JOIN obligation o ON o.period = 0"
                              " AND o.ent BETWEEN max(?5, u.once_from) AND ?6 WHERE u.run = ?1 AND u.unit = ?2"
                              " AND o.payment IS NULL"
                              " UNION ALL SELECT p.batch, p.amount FROM list JOIN payment p USING(batch)) m"
                              " JOIN list USING(batch)", "iiiiiii", run, (int64_t)unit, ent_monthly(unit, 0),
                              ent_monthly(unit + 1, 0) - 1, ent_once(unit, 0), ent_once(unit + 1, 0) - 1,
                              (int64_t)CHANNEL_cash);

    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        month_t month = day_month(sqlite3_column_int(stmt, 0));
        for (size_t i = 0; i < count; i++) {
            if (funding[i].pay_month == month &&
                !money_add(funding[i].lists_dong, sqlite3_column_int64(stmt, 1), &funding[i].lists_dong)) {
                sqlite3_reset(stmt);
                return diag_fail(diag, STATUS_LIMIT, "the sum of the cash lists overflows");
            }
        }
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

/* Makes a funding what its lists need. One that has nothing to fund any more is none. */
static enum status funding_change(struct ledger *ledger, int64_t run, int unit, const struct funding *funding,
                                  int64_t amount_dong, int64_t at_post_dong, struct diag *diag)
{
    enum status rc;

    if (amount_dong + at_post_dong == 0) {
        rc = db_run(ledger, diag, "DELETE FROM funding WHERE run = ? AND unit = ? AND pay_month = ? AND instalment = ?", "iiii",
                    run, (int64_t)unit, (int64_t)funding->pay_month, (int64_t)funding->instalment);
    } else {
        rc = db_run(ledger, diag,
                    "UPDATE funding SET amount = ?5, at_post = ?6, payment = iif(?5 = 0, NULL, payment)"
                    " WHERE run = ?1 AND unit = ?2 AND pay_month = ?3 AND instalment = ?4", "iiiiii", run, (int64_t)unit,
                    (int64_t)funding->pay_month, (int64_t)funding->instalment, amount_dong, at_post_dong);
    }
    if (rc != STATUS_OK || funding->payment == 0) {
        return rc;
    }
    return amount_dong == 0 ? db_run(ledger, diag, "DELETE FROM payment WHERE payment = ?", "i", funding->payment)
                            : db_run(ledger, diag, "UPDATE payment SET amount = ?2 WHERE payment = ?1", "ii",
                                     funding->payment, amount_dong);
}

/* The file that carries one of the fundings, and perhaps others of them. */
static enum status stale(struct ledger *ledger, struct funding *funding, size_t count, size_t which, enum state_by by,
                         const struct ledger_doing *doing, struct diag *diag)
{
    int64_t file = funding[which].file;
    struct ledger_event event = { .kind = "file.stale", .subject = funding[which].msg_id, .unit = "", .who = doing->who,
                                  .why = "funding of cash lists", .at = doing->at };
    enum status rc = file_become(ledger, file, FILE_STAGED, FILE_STALE, by, diag);

    for (size_t i = 0; i < count; i++) {
        funding[i].state = funding[i].file == file ? FILE_STALE : funding[i].state;
    }
    return rc == STATUS_OK ? ledger_event_add(ledger, &event, diag) : rc;
}

enum status ledger_funding_follow(struct ledger *ledger, int64_t run, int unit, enum state_by by,
                                  const struct ledger_doing *doing, struct diag *diag)
{
    struct funding funding[FUNDINGS_MAX];
    size_t count = 0;

    enum status rc = fundings_read(ledger, run, unit, funding, &count, diag);
    if (rc == STATUS_OK && count > 0) {
        rc = lists_add(ledger, run, unit, funding, count, diag);
    }
    int64_t left_dong = 0;      /* what the lists of a month still need, one instalment after the other */
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        const struct funding *one = &funding[i];
        bool staged = one->file != 0 && one->state == FILE_STAGED;
        bool waits = staged || one->state == FILE_STALE || one->state == FILE_VOIDED;
        bool sent = one->file != 0 && (one->doubtful || !waits);
        left_dong = i == 0 || one->pay_month != funding[i - 1].pay_month ? one->lists_dong : left_dong;
        int64_t at_post_dong = sent || one->at_post_dong < left_dong ? one->at_post_dong : left_dong;
        int64_t more_dong = left_dong - at_post_dong;
        int64_t amount_dong = sent || one->amount_dong < more_dong ? one->amount_dong : more_dong;
        left_dong -= at_post_dong + amount_dong;
        /* What has left stays: what the lists do not carry lies at the post until it is accounted for. */
        left_dong = left_dong > 0 ? left_dong : 0;
        if (at_post_dong == one->at_post_dong && amount_dong == one->amount_dong) {
            continue;
        }
        rc = funding_change(ledger, run, unit, one, amount_dong, at_post_dong, diag);
        if (rc == STATUS_OK && staged) {
            rc = stale(ledger, funding, count, i, by, doing, diag);
        }
    }
    return rc;
}

enum status ledger_funding_stale(struct ledger *ledger, const struct ledger_file *list, enum state_by by,
                                 const struct ledger_doing *doing, struct diag *diag)
{
    struct funding funding[FUNDINGS_MAX];
    size_t count = 0;

    enum status rc = fundings_read(ledger, list->run, list->batch.unit, funding, &count, diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (funding[i].file != 0 && funding[i].state == FILE_STAGED) {
            rc = stale(ledger, funding, count, i, by, doing, diag);
        }
    }
    return rc;
}

enum status ledger_funding_in_doubt(struct ledger *ledger, const struct ledger_file *file, bool *doubtful, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT 1 FROM payment p WHERE p.batch = ? AND p.ent IS NULL AND " FUNDING_IN_DOUBT, "i",
                              file->batch.batch);

    *doubtful = rc == STATUS_OK && stmt != NULL;
    if (*doubtful) {
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_still_at_post(struct ledger *ledger, int unit, int64_t *amount_dong, struct diag *diag)
{
    sqlite3_stmt *stmt;

    *amount_dong = 0;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT (SELECT coalesce(sum(coalesce(p.amount, o.amount)), 0) FROM batch b"
                              " JOIN dead d ON d.batch = b.batch AND d.state = 8 LEFT JOIN payment p ON p.payment = d.payment"
                              " LEFT JOIN obligation o ON o.period = d.period AND o.ent = d.ent AND o.comp = d.comp AND o.seq = 0"
                              " WHERE b.unit = ?1 AND b.channel = ?2 AND NOT EXISTS(SELECT 1 FROM break k WHERE k.kind = 6"
                              " AND k.closed_at IS NULL AND k.end_to_end_id = d.end_to_end_id))"
                              " - (SELECT coalesce(sum(at_post), 0) FROM funding WHERE unit = ?1)", "ii",
                              (int64_t)unit, (int64_t)CHANNEL_cash);
    if (rc == STATUS_OK && stmt != NULL) {
        int64_t left_dong = sqlite3_column_int64(stmt, 0);
        /* Less than nothing: it was counted on, and turned out to be in doubt. */
        *amount_dong = left_dong > 0 ? left_dong : 0;
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_paid_out(struct ledger *ledger, int unit, month_t pay_month, int64_t *amount_dong, struct diag *diag)
{
    sqlite3_stmt *stmt;

    *amount_dong = 0;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT coalesce(sum(f.amount - (SELECT coalesce(sum(coalesce(p.amount, o.amount)), 0) FROM dead d"
                              " LEFT JOIN payment p ON p.payment = d.payment LEFT JOIN obligation o ON o.period = d.period"
                              " AND o.ent = d.ent AND o.comp = d.comp AND o.seq = 0 WHERE d.batch = b.batch AND d.state = 8)), 0)"
                              " FROM batch b JOIN file f ON f.batch = b.batch WHERE b.unit = ? AND b.channel = ?"
                              " AND f.state IN (?, ?) AND f.pay_date BETWEEN ? AND ?", "iiiiii", (int64_t)unit,
                              (int64_t)CHANNEL_cash, (int64_t)FILE_ACCEPTED, (int64_t)FILE_PARTLY,
                              (int64_t)month_first(pay_month), (int64_t)month_last(pay_month));
    if (rc == STATUS_OK && stmt != NULL) {
        *amount_dong = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_funding_withdrawn(struct ledger *ledger, int unit, struct ledger_funding_again *again, size_t max,
                                     size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT p.payment, p.period, p.amount FROM funding g JOIN payment p ON p.payment = g.payment"
                              " WHERE g.unit = ? AND ? = (SELECT f.state FROM file f WHERE f.batch = p.batch"
                              " ORDER BY f.generation DESC LIMIT 1) AND NOT " FUNDING_IN_DOUBT
                              " ORDER BY g.pay_month, g.instalment", "ii", (int64_t)unit, (int64_t)FILE_VOIDED);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        if (*count == max) {
            sqlite3_reset(stmt);
            return diag_fail(diag, STATUS_LIMIT, "more than %zu fundings of a unit were withdrawn", max);
        }
        again[(*count)++] = (struct ledger_funding_again){ sqlite3_column_int64(stmt, 0), sqlite3_column_int(stmt, 1),
                                                           sqlite3_column_int64(stmt, 2) };
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}
