/*
 * query_money.c - the lists of payments and obligations.
 *
 * Held, offset and closed obligations have no payment yet, or never will; they stand in the list of
 * payments too, so that everybody who is due something is in it (MODEL: "Nobody lost"). Their
 * payment_id is the one under which they would be paid alone, and they name no file.
 */
#include "query_internal.h"

#include "chitra/ledger_register.h"

/* ---- payments ---- */

const struct list_column payment_column[PAYMENT_COLUMNS] = {
    { "payment_id", FORM_WORD }, { "run", FORM_NUMBER },      { "unit", FORM_WORD },   { "entitlement_id", FORM_WORD },
    { "beneficiary_id", FORM_PERSON }, { "period", FORM_MONTH }, { "benefit", FORM_BENEFIT },
    { "channel", FORM_CHANNEL }, { "bank", FORM_WORD },       { "amount", FORM_NUMBER }, { "state", FORM_STATE },
    { "reason", FORM_FREE },     { "msg_id", FORM_WORD },     { "parent", FORM_WORD },
    { "state_on", FORM_DAY },
};

/* Behind the states of the table: what a booked payment of a payment point's list is called. */
enum { COLLECTED = PAYMENT_STATES };

const char *payment_state_word(int number)
{
    return number == COLLECTED ? "collected" : payment_state_name((enum payment_state)number);
}

static const char *state_word(const struct payment_row *row)
{
    bool collected = row->state == PAYMENT_BOOKED && row->batch->channel == CHANNEL_cash;

    return payment_state_word(collected ? COLLECTED : (int)row->state);
}

enum payment_state ledger_unpaid_state(enum obligation_state state)
{
    static const enum payment_state shown[OBLIGATION_STATES] = {
        [OBLIGATION_HELD] = PAYMENT_HELD, [OBLIGATION_OFFSET] = PAYMENT_OFFSET, [OBLIGATION_CLOSED] = PAYMENT_CLOSED,
        [OBLIGATION_CLOSED_BY_HAND] = PAYMENT_CLOSED, [OBLIGATION_CALCULATED] = PAYMENT_CALCULATED,
    };

    ASSERT(state != OBLIGATION_INSTRUCTED && state < OBLIGATION_STATES);
    return shown[state];
}

/* Obligations without a payment: their run is the one that decided so, their payee is today's. */
static const char unpaid_sql[] =
    "SELECT o.comp, x.run, u.code, e.id, e.person, r.period, e.benefit, iif(q.orders IS NULL, e.channel, 0),"
    " coalesce(q.creditor_bank, e.bank), o.amount, x.state, x.reason, o.period, o.seq FROM exception x JOIN obligation o"
    " ON o.period = x.period AND o.ent = x.ent AND o.comp = x.comp AND o.seq = x.seq"
    " JOIN entitlement e ON e.ent = x.ent JOIN unit u ON u.unit = e.unit JOIN run r ON r.run = x.run"
    /* a creditor's, which a deduction gives */
    " LEFT JOIN ordered w ON o.comp = 73 AND o.amount > 0 AND w.period = o.period AND w.ent = o.ent AND w.comp = o.comp"
    " AND w.seq = o.seq LEFT JOIN orders q ON q.orders = w.orders"
    " WHERE o.batch IS NULL AND o.payment IS NULL AND (?1 = -2147483648 OR r.period = ?1) AND (?2 = 0 OR e.unit = ?2)"
    " AND (?3 = 0 OR x.run = ?3) AND x.ent BETWEEN ?4 AND ?5 ORDER BY x.period, x.ent, x.comp, x.seq";

static struct span usual_id(struct ledger_list *list, size_t to, struct span id, const struct obligation_key *key)
{
    payment_id_of(id, key, 1, 0, list->text[to]);
    return (struct span){ list->text[to], PAYMENT_ID_LENGTH };
}

void payment_cells(struct ledger_list *list, const struct payment_row *row, struct span *cell)
{
    bool funding = row->key.ent == 0;

    cell[PAYMENT_ID] = row->own_id.size > 0 ? row->own_id : usual_id(list, PAYMENT_ID, row->id, &row->key);
    cell[PAYMENT_RUN] = list_number(list, PAYMENT_RUN, row->batch->run);
    cell[PAYMENT_UNIT] = span_of(row->batch->unit_code);
    cell[PAYMENT_ENTITLEMENT] = row->id;
    cell[PAYMENT_BENEFICIARY] = list_person(list, PAYMENT_BENEFICIARY, row->person);
    cell[PAYMENT_PERIOD] = list_month(list, PAYMENT_PERIOD, row->period);
    /* What is no benefit of the person's has its own name. */
    bool other = funding || row->key.component == COMPONENT_deduction;
    cell[PAYMENT_BENEFIT] = span_of(other ? component_name(row->key.component) : benefit_name(row->benefit));
    cell[PAYMENT_CHANNEL] = span_of(fact_word(FACT_channel, row->batch->channel));
    cell[PAYMENT_BANK] = row->bank;
    cell[PAYMENT_AMOUNT] = list_number(list, PAYMENT_AMOUNT, row->amount_dong);
    cell[PAYMENT_STATE] = span_of(state_word(row));
    cell[PAYMENT_REASON] = row->reason;
    cell[PAYMENT_STATE_ON] = SPAN_EMPTY;
    if (row->day != DAY_NONE) {
        day_write(row->day, list->text[PAYMENT_STATE_ON]);
        cell[PAYMENT_STATE_ON] = span_of(list->text[PAYMENT_STATE_ON]);
    }
    cell[PAYMENT_MSG_ID] = span_of(row->batch->msg_id);
    cell[PAYMENT_PARENT] = row->parent;
}

static void unpaid_cells(struct ledger_list *list, struct span *cell)
{
    sqlite3_stmt *stmt = list->stmt;

    for (int i = PAYMENT_RUN; i <= PAYMENT_REASON; i++) {
        if (i != PAYMENT_STATE) {
            cell[i] = list_cell(list, stmt, i, (size_t)i, payment_column[i].form);
        }
    }
    struct obligation_key key = { sqlite3_column_int(stmt, 12), 0, (enum component)sqlite3_column_int(stmt, 0),
                                  sqlite3_column_int(stmt, 13) };
    cell[PAYMENT_ID] = usual_id(list, PAYMENT_ID, cell[PAYMENT_ENTITLEMENT], &key);
    if (key.component == COMPONENT_deduction) {
        cell[PAYMENT_BENEFIT] = span_of(component_name(key.component));
    }
    cell[PAYMENT_STATE] = span_of(payment_state_name(ledger_unpaid_state((enum obligation_state)sqlite3_column_int(stmt, PAYMENT_STATE))));
    cell[PAYMENT_MSG_ID] = SPAN_EMPTY;
    cell[PAYMENT_PARENT] = SPAN_EMPTY;
    cell[PAYMENT_STATE_ON] = SPAN_EMPTY;
}

static enum status payments_start(struct ledger_list *list, struct diag *diag)
{
    const char *state = list->query.state;

    /* Who asks for held ones need not wait for millions of others. */
    list->payments.states = true;
    list->part = strcmp(state, "held") == 0 || strcmp(state, "offset") == 0;
    return list->part == 0 ? payment_scan_start(&list->payments, list->ledger, &list->query, diag) : STATUS_OK;
}

static enum status payments_next(struct ledger_list *list, struct span *cell, bool *more, struct diag *diag)
{
    struct payment_row row = { 0 };
    enum status rc = STATUS_OK;

    *more = false;
    if (list->part == 0) {
        rc = payment_scan_next(&list->payments, &row, more, diag);
        if (rc != STATUS_OK || *more) {
            if (rc == STATUS_OK) {
                payment_cells(list, &row, cell);
            }
            return rc;
        }
        list->part = 1;
    }
    if (list->stmt == NULL && list->part == 1) {
        rc = db_prepare(list->ledger, unpaid_sql, &list->stmt, diag);
        if (rc == STATUS_OK) {
            query_bind(&list->query, list->stmt);
        }
        list->part = 2;
    }
    if (rc == STATUS_OK && list->stmt != NULL) {
        rc = db_next(list->ledger, list->stmt, more, diag);
    }
    if (rc == STATUS_OK && *more) {
        unpaid_cells(list, cell);
    } else if (rc == STATUS_OK) {
        list->stmt = NULL;
    }
    return rc;
}

const struct list_kind list_payments = {
    .name = "payments",
    .column = payment_column,
    .columns = PAYMENT_COLUMNS,
    .filters = FILTER_PERIOD | FILTER_UNIT | FILTER_RUN | FILTER_ENTITLEMENT,
    .states = COLLECTED + 1,
    .state = payment_state_word,
    .state_column = PAYMENT_STATE,
    .start = payments_start,
    .next = payments_next,
};

/* ---- obligations ---- */

enum { OBLIGATION_ENTITLEMENT, OBLIGATION_PERIOD, OBLIGATION_COMPONENT, OBLIGATION_SEQ, OBLIGATION_AMOUNT,
       OBLIGATION_STATE, OBLIGATION_PAYMENT_ID, OBLIGATION_RUN, OBLIGATION_UNIT, OBLIGATION_REASON, OBLIGATION_COLUMNS };

static const struct list_column obligation_column[OBLIGATION_COLUMNS] = {
    { "entitlement_id", FORM_WORD }, { "period", FORM_MONTH }, { "component", FORM_COMPONENT }, { "seq", FORM_NUMBER },
    { "amount", FORM_NUMBER },       { "state", FORM_STATE },  { "payment_id", FORM_WORD },     { "run", FORM_NUMBER },
    { "unit", FORM_WORD },           { "reason", FORM_FREE },
};

static const char *obligation_word(int number)
{
    return obligation_state_name((enum obligation_state)number);
}

static const char obligation_sql[] =
    "SELECT e.id, o.period, o.comp, o.seq, o.amount, coalesce(x.state, 0), p.end_to_end_id, x.run, u.code, x.reason,"
    " coalesce(p.batch, o.batch), e.unit"
    " FROM obligation o JOIN entitlement e ON e.ent = o.ent JOIN unit u ON u.unit = e.unit"
    " LEFT JOIN payment p ON p.payment = o.payment LEFT JOIN exception x"
    " ON x.period = o.period AND x.ent = o.ent AND x.comp = o.comp AND x.seq = o.seq"
    " WHERE o.period = ?1 AND o.ent BETWEEN ?4 AND ?5 ORDER BY o.ent, o.comp, o.seq";

static enum status obligations_start(struct ledger_list *list, struct diag *diag)
{
    enum status rc = batches_load(list->ledger, &list->query, &list->payments.batches, diag);

    return rc == STATUS_OK
               ? periods_load(list->ledger, list->query.period, false, &list->payments.periods, diag) : rc;
}

static enum status period_start(struct ledger_list *list, struct diag *diag)
{
    struct query query = list->query;
    enum status rc = db_prepare(list->ledger, obligation_sql, &list->stmt, diag);

    if (rc == STATUS_OK) {
        query.period = list->payments.periods.period[list->part];
        query_bind(&query, list->stmt);
    }
    return rc;
}

/* Whether the row is in the query, and its cells. What has a batch is of the batch's run and unit. */
static bool obligation_cells(struct ledger_list *list, struct span *cell)
{
    sqlite3_stmt *stmt = list->stmt;
    const struct query *query = &list->query;
    const struct batch_info *batch = NULL;

    if (sqlite3_column_type(stmt, 10) != SQLITE_NULL) {
        batch = batches_find(&list->payments.batches, sqlite3_column_int64(stmt, 10));
        if (batch == NULL) {
            return false;
        }
    } else if ((query->run != 0 && sqlite3_column_int64(stmt, OBLIGATION_RUN) != query->run) ||
               (query->unit != 0 && sqlite3_column_int64(stmt, 11) != query->unit)) {
        return false;
    }
    for (size_t i = 0; i < OBLIGATION_COLUMNS; i++) {
        cell[i] = list_cell(list, stmt, (int)i, i, obligation_column[i].form);
    }
    if (batch != NULL) {
        cell[OBLIGATION_RUN] = list_number(list, OBLIGATION_RUN, batch->run);
        cell[OBLIGATION_UNIT] = span_of(batch->unit_code);
    }
    if (cell[OBLIGATION_PAYMENT_ID].size == 0) {
        struct obligation_key key = { sqlite3_column_int(stmt, OBLIGATION_PERIOD), 0,
                                      (enum component)sqlite3_column_int(stmt, OBLIGATION_COMPONENT),
                                      sqlite3_column_int(stmt, OBLIGATION_SEQ) };
        cell[OBLIGATION_PAYMENT_ID] = usual_id(list, OBLIGATION_PAYMENT_ID, cell[OBLIGATION_ENTITLEMENT], &key);
    }
    return true;
}

static enum status obligations_next(struct ledger_list *list, struct span *cell, bool *more, struct diag *diag)
{
    enum status rc = STATUS_OK;

    *more = false;
    while (rc == STATUS_OK && !*more && list->part < list->payments.periods.count) {
        if (list->stmt == NULL) {
            rc = period_start(list, diag);
        }
        if (rc == STATUS_OK) {
            rc = db_next(list->ledger, list->stmt, more, diag);
        }
        if (rc == STATUS_OK && !*more) {
            list->stmt = NULL;
            list->part++;
        } else if (rc == STATUS_OK) {
            *more = obligation_cells(list, cell);
        }
    }
    return rc;
}

const struct list_kind list_obligations = {
    .name = "obligations",
    .column = obligation_column,
    .columns = OBLIGATION_COLUMNS,
    .filters = FILTER_PERIOD | FILTER_UNIT | FILTER_RUN | FILTER_ENTITLEMENT,
    .states = OBLIGATION_STATES,
    .state = obligation_word,
    .state_column = OBLIGATION_STATE,
    .start = obligations_start,
    .next = obligations_next,
};
