/* provided.c - what is provided for already: obligations in key order, of one entitlement, and held. */
#include "ledger/db.h"
#include "ledger/register/entry.h"

#include "chitra/ledger_money.h"

#include <stdlib.h>

/* The order behind arrears, recoveries and deductions; nothing else can have one, and is not asked for it. */
#define OBLIGATION_ORDER                                                                              \
    "CASE WHEN o.comp BETWEEN 71 AND 73 THEN coalesce((SELECT w.orders FROM ordered w"                \
    " WHERE w.period = o.period AND w.ent = o.ent AND w.comp = o.comp AND w.seq = o.seq), 0) ELSE 0 END"

#define OBLIGATION_SELECT                                                                             \
    "SELECT o.period, o.ent, o.comp, o.seq, o.amount, coalesce(p.batch, o.batch, 0), o.version,"      \
    " coalesce(o.payment, 0), coalesce(x.state, 0), x.reason, " OBLIGATION_ORDER

#define OBLIGATION_JOIN                                                                               \
    " LEFT JOIN payment p ON p.payment = o.payment LEFT JOIN exception x"                             \
    " ON x.period = o.period AND x.ent = o.ent AND x.comp = o.comp AND x.seq = o.seq"

struct ledger_provided {
    struct ledger *ledger;
    sqlite3_stmt *stmt;
    bool more;                              /* `next` is read and not given out yet */
    struct ledger_obligation next;
};

static void obligation_read(sqlite3_stmt *stmt, struct ledger_obligation *obligation)
{
    *obligation = (struct ledger_obligation){
        .key = { sqlite3_column_int(stmt, 0), sqlite3_column_int64(stmt, 1),
                 (enum component)sqlite3_column_int(stmt, 2), sqlite3_column_int(stmt, 3) },
        .amount_dong = sqlite3_column_int64(stmt, 4),
        .batch = sqlite3_column_int64(stmt, 5),
        .version = sqlite3_column_int64(stmt, 6),
        .payment = sqlite3_column_int64(stmt, 7),
        .state = (enum obligation_state)sqlite3_column_int(stmt, 8),
        .reason = "",
        .order = sqlite3_column_int64(stmt, 10) };
    obligation->was_held = obligation->state == OBLIGATION_HELD || obligation->state == OBLIGATION_CALCULATED;
}

static enum status provided_step(struct ledger_provided *provided, struct diag *diag)
{
    enum status rc = db_next(provided->ledger, provided->stmt, &provided->more, diag);

    if (rc == STATUS_OK && provided->more) {
        obligation_read(provided->stmt, &provided->next);
    }
    return rc;
}

enum status ledger_provided_new(struct ledger *ledger, int unit, month_t period, struct ledger_provided **provided,
                                struct diag *diag)
{
    *provided = mem_alloc(1, sizeof(**provided));
    (*provided)->ledger = ledger;
    enum status rc = db_query(ledger, diag, &(*provided)->stmt,
                              OBLIGATION_SELECT " FROM obligation o" OBLIGATION_JOIN
                              " WHERE o.period = ? AND o.ent BETWEEN ? AND ? ORDER BY o.ent, o.comp, o.seq", "iii",
                              (int64_t)period, ent_monthly(unit, 0), ent_monthly(unit + 1, 0) - 1);
    return rc == STATUS_OK ? provided_step(*provided, diag) : rc;
}

enum status ledger_provided_of(struct ledger_provided *provided, int64_t ent, struct ledger_obligation *obligation,
                               size_t max, size_t *count, struct diag *diag)
{
    enum status rc = STATUS_OK;

    *count = 0;
    while (rc == STATUS_OK && provided->more && provided->next.key.ent <= ent) {
        if (provided->next.key.ent == ent) {
            if (*count == max) {
                return diag_fail(diag, STATUS_LIMIT, "one month of an entitlement has more than %zu obligations", max);
            }
            obligation[(*count)++] = provided->next;
        }
        rc = provided_step(provided, diag);
    }
    return rc;
}

void ledger_provided_free(struct ledger_provided *provided)
{
    if (provided != NULL && provided->stmt != NULL) {
        sqlite3_reset(provided->stmt);
    }
    free(provided);
}

enum status ledger_obligations_of(struct ledger *ledger, int64_t ent, month_t period,
                                  struct ledger_obligation *obligation, size_t max, size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              OBLIGATION_SELECT " FROM obligation o" OBLIGATION_JOIN
                              " WHERE o.period = ? AND o.ent = ? ORDER BY o.comp, o.seq", "ii", (int64_t)period, ent);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        if (*count == max) {
            sqlite3_reset(stmt);
            return diag_fail(diag, STATUS_LIMIT, "one month of an entitlement has more than %zu obligations", max);
        }
        obligation_read(stmt, &obligation[(*count)++]);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_held(struct ledger *ledger, int unit, struct arena *arena, struct ledger_obligation **held,
                        size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *held = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT o.period, o.ent, o.comp, o.seq, o.amount, 0, o.version, 0, x.state, x.reason, "
                              OBLIGATION_ORDER ", x.former"
                              " FROM (SELECT ?2 AS low, ?3 AS high UNION ALL SELECT ?4, ?5"
                              " UNION ALL SELECT ent, ent FROM guest WHERE unit = ?1) r"
                              " CROSS JOIN exception x ON x.ent BETWEEN r.low AND r.high AND x.state IN (1, 5)"
                              " JOIN entitlement e ON e.ent = x.ent JOIN obligation o"
                              " ON o.period = x.period AND o.ent = x.ent AND o.comp = x.comp AND o.seq = x.seq"
                              " WHERE e.unit = ?1 ORDER BY o.ent, o.period, o.comp, o.seq", "iiiii", (int64_t)unit,
                              ent_monthly(unit, 0), ent_monthly(unit + 1, 0) - 1, ent_once(unit, 0),
                              ent_once(unit + 1, 0) - 1);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *held = mem_resize(*held, *count + 1, sizeof(**held));
        struct ledger_obligation *one = &(*held)[(*count)++];
        obligation_read(stmt, one);
        one->reason = arena_copy(arena, db_text(stmt, 9)).data;
        if (sqlite3_column_type(stmt, 11) != SQLITE_NULL) {
            one->former = arena_copy(arena, db_text(stmt, 11)).data;
        }
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}
