/* order.c - orders as they come, and what became of them. */
#include "newcomer.h"

#include "chitra/ledger_order.h"

/* Whether the order is known, and with the same content. */
static enum status order_known(struct ledger *ledger, const struct ledger_order_row *row, int64_t ent, bool *known,
                               bool *same, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT ent = ?2 AND kind = ?3 AND amount = ?4 AND from_month = ?5"
                              " AND to_month IS nullif(?6, -2147483648) AND monthly_limit IS nullif(?7, 0)"
                              " AND agreed = ?8 AND creditor_name IS ?9 AND creditor_bank IS ?10"
                              " AND creditor_account IS ?11 AND reference IS ?12 AND reason IS ?13"
                              " AND replaces IS (SELECT p.orders FROM orders p WHERE p.order_id = ?14)"
                              " FROM orders WHERE order_id = ?1", "tiiiiiiissssss", &row->order_id, ent,
                              (int64_t)row->kind, row->amount_dong, (int64_t)row->from, (int64_t)row->to,
                              row->monthly_limit_dong, (int64_t)row->agreed, &row->creditor_name, &row->creditor_bank,
                              &row->creditor_account, &row->reference, &row->reason, &row->replaces);
    *known = rc == STATUS_OK && stmt != NULL;
    *same = *known && sqlite3_column_int(stmt, 0) == 1;
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}

/* The deduction whose place an order takes: one of the same entitlement, whose place nobody else took. */
static enum status replaced_check(struct ledger *ledger, const struct ledger_order_row *row, int64_t ent,
                                  struct ledger_outcome *outcome, struct diag *diag)
{
    sqlite3_stmt *stmt;

    if (row->replaces.size == 0) {
        return STATUS_OK;
    }
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT EXISTS (SELECT 1 FROM orders n WHERE n.replaces = o.orders) FROM orders o"
                              " WHERE o.order_id = ?1 AND o.ent = ?2 AND o.kind = ?3", "tii", &row->replaces, ent,
                              (int64_t)KIND_deduction);
    if (rc == STATUS_OK && stmt == NULL) {
        *outcome = (struct ledger_outcome){ LEDGER_REJECTED, "replaces", "the entitlement has no such deduction" };
    } else if (rc == STATUS_OK && sqlite3_column_int(stmt, 0) != 0) {
        *outcome = (struct ledger_outcome){ LEDGER_REJECTED, "replaces", "another order has taken its place already" };
    }
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}

static enum status order_add(struct ledger *ledger, const struct ledger_source *source,
                             const struct ledger_order_row *row, int64_t ent, struct diag *diag)
{
    enum status rc = db_run(ledger, diag,
                            "INSERT INTO orders(order_id, ent, kind, amount, from_month, to_month, monthly_limit, agreed,"
                            " creditor_name, creditor_bank, creditor_account, reference, reason, intake, line, replaces)"
                            " VALUES(?1, ?2, ?3, ?4, ?5, nullif(?6, -2147483648), nullif(?7, 0), ?8, ?9, ?10, ?11, ?12,"
                            " ?13, ?14, ?15, (SELECT p.orders FROM orders p WHERE p.order_id = ?16))", "tiiiiiiisssssiis", &row->order_id, ent, (int64_t)row->kind,
                            row->amount_dong, (int64_t)row->from, (int64_t)row->to, row->monthly_limit_dong,
                            (int64_t)row->agreed, &row->creditor_name, &row->creditor_bank, &row->creditor_account,
                            &row->reference, &row->reason, source->intake, (int64_t)row->line, &row->replaces);
    if (rc == STATUS_OK) {
        rc = entry_flag(ledger, ent, ENTITLEMENT_ORDERED, diag);
    }
    /* One-offs are looked at only when they are touched. */
    return rc == STATUS_OK ? entry_touch(ledger, ent, diag) : rc;
}

static enum status order_one(struct ledger *ledger, const struct ledger_source *source,
                             const struct ledger_order_row *row, struct arena *arena, struct ledger_outcome *outcome,
                             struct diag *diag)
{
    struct entry entry;
    bool found = false;
    bool known = false;
    bool same = false;

    enum status rc = entry_by_id(ledger, row->id, arena, &entry, &found, diag);
    if (rc != STATUS_OK || !found) {
        *outcome = (struct ledger_outcome){ LEDGER_REJECTED, "entitlement_id", "no such entitlement" };
        return rc;
    }
    rc = order_known(ledger, row, entry.ent, &known, &same, diag);
    if (rc != STATUS_OK || same) {
        return rc;
    }
    if (known) {
        *outcome = (struct ledger_outcome){ LEDGER_REJECTED, "order_id", "the order is known with another content" };
        return STATUS_OK;
    }
    outcome->verdict = LEDGER_APPLIED;
    rc = replaced_check(ledger, row, entry.ent, outcome, diag);
    if (rc != STATUS_OK || outcome->verdict == LEDGER_REJECTED) {
        return rc;
    }
    return order_add(ledger, source, row, entry.ent, diag);
}

enum status ledger_orders(struct ledger *ledger, const struct ledger_source *source, const struct ledger_order_row *row,
                          size_t count, struct ledger_outcome *outcome, struct diag *diag)
{
    struct arena arena = ARENA_INIT;
    enum status rc = newcomers_join(ledger, diag);

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        outcome[i] = (struct ledger_outcome){ LEDGER_UNCHANGED, "", "" };
        arena_clear(&arena);
        rc = order_one(ledger, source, &row[i], &arena, &outcome[i], diag);
    }
    arena_release(&arena);
    return rc;
}

/* What became of an order: each obligation that names it and is not closed, with the month of the run that made it. A
 * deduction has two, of which the creditor's counts. */
#define ORDER_DONE(condition)                                                                                       \
    "(SELECT coalesce(sum(abs(b.amount)), 0) FROM ordered d JOIN obligation b"                                      \
    " ON b.period = d.period AND b.ent = d.ent AND b.comp = d.comp AND b.seq = d.seq"                               \
    " LEFT JOIN exception x ON x.period = d.period AND x.ent = d.ent AND x.comp = d.comp AND x.seq = d.seq"         \
    " JOIN run r ON r.run = d.run WHERE d.orders = o.orders AND coalesce(x.state, 0) <> 3"                          \
    " AND (b.comp <> 73 OR b.amount > 0)" condition ")"

/* What an order did counts for the one that took its place; that one came later. */
static void orders_replace(struct ledger_order *order, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i && order[i].replaces != 0; j++) {
            if (order[j].order == order[i].replaces) {
                order[j].replaced_by = order[i].order;
                order[i].done_dong += order[j].done_dong;
                order[i].month_dong += order[j].month_dong;
            }
        }
    }
}

enum status ledger_orders_of(struct ledger *ledger, int64_t ent, month_t period,
                             struct ledger_order order[LEDGER_ORDERS_MAX], size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT orders, order_id, kind, amount, from_month, coalesce(to_month, -2147483648),"
                              " coalesce(monthly_limit, 0), agreed, creditor_name, creditor_bank, creditor_account, "
                              ORDER_DONE("") ", " ORDER_DONE(" AND r.period = ?2") ", coalesce(replaces, 0)"
                              " FROM orders o WHERE ent = ?1 ORDER BY orders", "ii", ent, (int64_t)period);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        if (*count == LEDGER_ORDERS_MAX) {
            sqlite3_reset(stmt);
            return diag_fail(diag, STATUS_LIMIT, "one entitlement has more than %d orders", LEDGER_ORDERS_MAX);
        }
        struct ledger_order *one = &order[(*count)++];
        *one = (struct ledger_order){
            .order = sqlite3_column_int64(stmt, 0), .kind = sqlite3_column_int(stmt, 2),
            .amount_dong = sqlite3_column_int64(stmt, 3), .from = sqlite3_column_int(stmt, 4),
            .to = sqlite3_column_int(stmt, 5), .monthly_limit_dong = sqlite3_column_int64(stmt, 6),
            .agreed = sqlite3_column_int(stmt, 7) != 0, .done_dong = sqlite3_column_int64(stmt, 11),
            .month_dong = sqlite3_column_int64(stmt, 12), .replaces = sqlite3_column_int64(stmt, 13) };
        db_copy(stmt, 1, one->order_id, sizeof(one->order_id));
        db_copy(stmt, 8, one->creditor_name, sizeof(one->creditor_name));
        db_copy(stmt, 9, one->creditor_bank, sizeof(one->creditor_bank));
        db_copy(stmt, 10, one->creditor_account, sizeof(one->creditor_account));
        rc = db_next(ledger, stmt, &more, diag);
    }
    orders_replace(order, *count);
    return rc;
}
