/* screen.c - the month before, in the order of keys; totals; look-alikes; holds that officers lifted. */
#include "chitra/ledger_screen.h"

#include "ledger/register/entry.h"

#include <stdlib.h>

struct ledger_before {
    struct ledger *ledger;
    month_t period;
    sqlite3_stmt *stmt;
    bool more;                  /* the row under the statement is not given out yet */
};

enum status ledger_before_new(struct ledger *ledger, int unit, month_t period, struct ledger_before **before,
                              struct diag *diag)
{
    *before = mem_alloc(1, sizeof(**before));
    (*before)->ledger = ledger;
    (*before)->period = period;
    enum status rc = db_query(ledger, diag, &(*before)->stmt,
                              "SELECT ent, comp, amount, version, batch IS NOT NULL OR payment IS NOT NULL FROM obligation"
                              " WHERE period = ? AND ent BETWEEN ? AND ? AND seq = 0 ORDER BY ent, comp", "iii",
                              (int64_t)period, ent_monthly(unit, 0), ent_monthly(unit + 1, 0) - 1);
    return rc == STATUS_OK ? db_next(ledger, (*before)->stmt, &(*before)->more, diag) : rc;
}

enum status ledger_before_of(struct ledger_before *before, int64_t ent, enum component component,
                             struct ledger_month_before *found, struct diag *diag)
{
    enum status rc = STATUS_OK;

    *found = (struct ledger_month_before){ .known = false };
    while (rc == STATUS_OK && before->more && sqlite3_column_int64(before->stmt, 0) <= ent) {
        if (sqlite3_column_int64(before->stmt, 0) == ent && sqlite3_column_int(before->stmt, 1) == (int)component) {
            *found = (struct ledger_month_before){ true, sqlite3_column_int(before->stmt, 4) != 0, before->period,
                                                   sqlite3_column_int64(before->stmt, 2),
                                                   sqlite3_column_int64(before->stmt, 3) };
        }
        rc = db_next(before->ledger, before->stmt, &before->more, diag);
    }
    return rc;
}

void ledger_before_free(struct ledger_before *before)
{
    if (before != NULL && before->stmt != NULL) {
        sqlite3_reset(before->stmt);
    }
    free(before);
}

static enum family family_of_figure(struct span name)
{
    struct span family = { name.data + sizeof(LEDGER_TOTAL_PREFIX) - 1, name.size - (sizeof(LEDGER_TOTAL_PREFIX) - 1) };

    for (int i = 0; i < FAMILY_COUNT; i++) {
        if (span_is(family, family_name((enum family)i))) {
            return (enum family)i;
        }
    }
    return FAMILY_COUNT;
}

enum status ledger_totals(struct ledger *ledger, month_t period, int number, struct ledger_total **total, size_t *count,
                          struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *total = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT u.code, f.name, sum(f.count), sum(f.amount) FROM run r JOIN figure f ON f.run = r.run"
                              " JOIN unit u ON u.unit = f.unit WHERE r.period = ?1 AND (?2 = 0 OR r.number <= ?2)"
                              " AND f.name LIKE '" LEDGER_TOTAL_PREFIX "%' GROUP BY u.code, f.name ORDER BY u.code, f.name",
                              "ii", (int64_t)period, (int64_t)number);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *total = mem_resize(*total, *count + 1, sizeof(**total));
        struct ledger_total *row = &(*total)[(*count)++];
        db_copy(stmt, 0, row->unit, sizeof(row->unit));
        row->family = family_of_figure(db_text(stmt, 1));
        row->payments = (uint64_t)sqlite3_column_int64(stmt, 2);
        row->amount_dong = sqlite3_column_int64(stmt, 3);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_look_alike(struct ledger *ledger, const struct ledger_entitlement *entitlement, day_t from, day_t to,
                              int64_t after, int64_t *other, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT e.ent FROM (SELECT ent FROM person WHERE person = ?1 UNION ALL"
                              " SELECT ent FROM person_more WHERE person = ?1) p CROSS JOIN entitlement e ON e.ent = p.ent"
                              " WHERE e.benefit = ?2 AND e.ent < ?3 AND e.ent > ?4 AND e.first_approved_on BETWEEN ?5 AND ?6"
                              " ORDER BY e.ent LIMIT 1", "iiiiii", (int64_t)entitlement->person,
                              (int64_t)entitlement->benefit, entitlement->ent, after, (int64_t)from, (int64_t)to);

    *other = rc == STATUS_OK && stmt != NULL ? sqlite3_column_int64(stmt, 0) : 0;
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_lift(struct ledger *ledger, const struct obligation_key *key, int64_t event, struct diag *diag)
{
    return db_run(ledger, diag,
                  "INSERT INTO lifted(ent, reason, thing, event) SELECT ent, reason, thing, ?5 FROM exception"
                  " WHERE period = ?1 AND ent = ?2 AND comp = ?3 AND seq = ?4 AND state = 1"
                  " UNION ALL SELECT ent, reason, thing, ?5 FROM attempt_held"
                  " WHERE period = ?1 AND ent = ?2 AND comp = ?3 AND seq = ?4 ON CONFLICT DO NOTHING",
                  "iiiii", (int64_t)key->period, key->ent, (int64_t)key->component, (int64_t)key->seq, event);
}

enum status ledger_is_lifted(struct ledger *ledger, int64_t ent, const char *reason, uint64_t thing, bool *lifted,
                             struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT 1 FROM lifted WHERE ent = ? AND reason = ? AND thing = ?",
                              "izi", ent, reason, (int64_t)thing);

    *lifted = rc == STATUS_OK && stmt != NULL;
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}
