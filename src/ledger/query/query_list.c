/* query_list.c - the lists: their columns, their filters, and the rows of the simple ones. */
#include "query_internal.h"

#include "chitra/ledger_answer.h"
#include "chitra/ledger_claim.h"
#include "chitra/ledger_register.h"
#include "chitra/text.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- cells ---- */

struct span list_number(struct ledger_list *list, size_t to, int64_t number)
{
    return (struct span){ list->text[to], money_write(number, list->text[to]) };
}

struct span list_month(struct ledger_list *list, size_t to, month_t month)
{
    month_write(month, list->text[to]);
    return span_of(list->text[to]);
}

/* A person known by the citizen number alone has no social-insurance number to show. */
struct span list_person(struct ledger_list *list, size_t to, uint64_t person)
{
    if (person == 0 || person > UINT64_C(9999999999)) {
        return SPAN_EMPTY;
    }
    snprintf(list->text[to], LIST_TEXT_BYTES, "%010llu", (unsigned long long)person);
    return span_of(list->text[to]);
}

static struct span list_digest(struct ledger_list *list, sqlite3_stmt *stmt, int column, size_t to)
{
    struct digest digest;

    db_digest(stmt, column, &digest);
    digest_hex(&digest, list->text[to]);
    return span_of(list->text[to]);
}

struct span list_cell(struct ledger_list *list, sqlite3_stmt *stmt, int column, size_t to, enum cell_form form)
{
    if (sqlite3_column_type(stmt, column) == SQLITE_NULL) {
        return SPAN_EMPTY;
    }
    int64_t number = form <= FORM_FREE || form == FORM_DIGEST ? 0 : sqlite3_column_int64(stmt, column);

    switch (form) {
    case FORM_NUMBER:
        return list_number(list, to, number);
    case FORM_MONTH:
        return list_month(list, to, (month_t)number);
    case FORM_DAY:
        day_write((day_t)number, list->text[to]);
        return span_of(list->text[to]);
    case FORM_DIGEST:
        return list_digest(list, stmt, column, to);
    case FORM_PERSON:
        return list_person(list, to, (uint64_t)number);
    case FORM_BENEFIT:
        return span_of(benefit_name((enum benefit)number));
    case FORM_COMPONENT:
        return span_of(component_name((enum component)number));
    case FORM_CHANNEL:
        return span_of(fact_word(FACT_channel, number));
    case FORM_AREA:
        return span_of(fact_word(FACT_area, number));
    case FORM_COMMUNE:
        snprintf(list->text[to], LIST_TEXT_BYTES, "%05lld", (long long)number);
        return span_of(list->text[to]);
    case FORM_YES:
        return span_of(number != 0 ? "Y" : "N");
    case FORM_STATE:
        return span_of(list->kind->state((int)number));
    default:
        return db_text(stmt, column);
    }
}

/* ---- the simple kinds: a statement whose columns are the list's ---- */

#define COLUMNS(table) .column = (table), .columns = sizeof(table) / sizeof((table)[0])

static const struct list_column run_column[] = {
    { "run", FORM_NUMBER }, { "period", FORM_MONTH }, { "number", FORM_NUMBER }, { "state", FORM_STATE },
    { "created_at", FORM_WORD }, { "who", FORM_FREE }, { "pay_date", FORM_DAY }, { "units", FORM_WORD },
    { "first", FORM_NUMBER },
};
static const char *run_word(int number)
{
    static const char *const word[] = { "sealed", "planned", "staged", "complete" };
    return word[number];
}

static const struct list_column file_column[] = {
    { "msg_id", FORM_WORD }, { "run", FORM_NUMBER }, { "unit", FORM_WORD }, { "bank", FORM_WORD },
    { "part", FORM_NUMBER }, { "generation", FORM_NUMBER }, { "payments", FORM_NUMBER }, { "amount", FORM_NUMBER },
    { "state", FORM_STATE }, { "path", FORM_WORD }, { "sha256", FORM_DIGEST }, { "pay_date", FORM_DAY },
    { "created_at", FORM_WORD },
};
static const char *file_word(int number)
{
    return file_state_name((enum file_state)number);
}

static const struct list_column entitlement_column[] = {
    { "entitlement_id", FORM_WORD }, { "unit", FORM_WORD }, { "beneficiary_id", FORM_PERSON },
    { "benefit", FORM_BENEFIT }, { "channel", FORM_CHANNEL }, { "bank", FORM_WORD }, { "area", FORM_AREA },
    { "commune", FORM_COMMUNE }, { "approved_on", FORM_DAY }, { "version", FORM_NUMBER }, { "run", FORM_NUMBER },
    { "stopped", FORM_YES },
};

static const struct list_column hold_column[] = {
    { "entitlement_id", FORM_WORD }, { "period", FORM_MONTH }, { "reason", FORM_FREE }, { "since", FORM_WORD },
    { "component", FORM_COMPONENT }, { "seq", FORM_NUMBER }, { "amount", FORM_NUMBER }, { "unit", FORM_WORD },
    { "run", FORM_NUMBER }, { "code", FORM_WORD }, { "explanation", FORM_FREE }, { "payment_id", FORM_WORD },
};

static const struct list_column reject_column[] = {
    { "file", FORM_FREE }, { "line", FORM_NUMBER }, { "column", FORM_NUMBER }, { "reason", FORM_FREE },
    { "run", FORM_NUMBER },
};

static const struct list_column receivable_column[] = {
    { "entitlement_id", FORM_WORD }, { "period", FORM_MONTH }, { "amount", FORM_NUMBER }, { "settled", FORM_NUMBER },
    { "run", FORM_NUMBER }, { "unit", FORM_WORD }, { "cause", FORM_STATE }, { "order_id", FORM_WORD },
};
static const char *cause_word(int number)
{
    static const char *const word[] = {
#define X(number, name, word) [number] = word,
        RECEIVABLE_CAUSE_LIST(X)
#undef X
    };
    return word[number];
}

static const struct list_column break_column[] = {
    { "break", FORM_NUMBER }, { "at", FORM_WORD }, { "kind", FORM_WORD }, { "msg_id", FORM_WORD }, { "payment_id", FORM_WORD },
    { "entitlement_id", FORM_WORD }, { "says", FORM_WORD }, { "reason", FORM_FREE }, { "amount", FORM_NUMBER },
    { "expected", FORM_NUMBER }, { "day", FORM_DAY }, { "answer", FORM_FREE }, { "state", FORM_STATE }, { "unit", FORM_WORD },
};
/* Only what may have paid twice, or contradicts, waits for somebody's word. */
static const char *break_word(int number)
{
    static const char *const word[] = { "noted", "open", "closed" };
    return word[number];
}

static const struct list_column event_column[] = {
    { "seq", FORM_NUMBER }, { "at", FORM_WORD }, { "who", FORM_FREE }, { "kind", FORM_WORD }, { "subject", FORM_FREE },
    { "unit", FORM_WORD }, { "why", FORM_FREE }, { "hash", FORM_DIGEST },
};

#define X(number, name, word) " WHEN " #number " THEN '" word "'"
#define RESULT_TEXT "CASE k.kind" LINE_RESULT_LIST(X) " END"
#define SAYS_TEXT "CASE k.says" ANSWER_SAYS_LIST(X) " END"

#define IN_PERIOD(column) "(?1 = -2147483648 OR " column " = ?1)"
#define IN_UNIT(column) "(?2 = 0 OR " column " = ?2)"
#define IN_RUN(column) "(?3 = 0 OR " column " = ?3)"

static const struct list_kind simple_kind[] = {
    { .name = "runs", COLUMNS(run_column), .filters = FILTER_PERIOD | FILTER_RUN, .states = RUN_COMPLETE + 1,
      .state = run_word, .state_column = 3,
      .sql = "SELECT run, period, number, state, created_at, who, pay_date, units, first FROM run"
             " WHERE " IN_PERIOD("period") " AND " IN_RUN("run") " ORDER BY run" },
    /* Lists for payment points are no bank files. */
    { .name = "files", COLUMNS(file_column), .filters = FILTER_PERIOD | FILTER_UNIT | FILTER_RUN,
      .states = FILE_STATES, .state = file_word, .state_column = 8,
      .sql = "SELECT f.msg_id, b.run, u.code, b.bank, b.part, f.generation, f.payments, f.amount, f.state, f.path,"
             " f.sha256, f.pay_date, f.created_at FROM file f JOIN batch b ON b.batch = f.batch"
             " JOIN unit u ON u.unit = b.unit JOIN run r ON r.run = b.run WHERE b.channel <> 1 AND "
             IN_PERIOD("r.period") " AND " IN_UNIT("b.unit") " AND " IN_RUN("b.run") " ORDER BY f.file" },
    { .name = "entitlements", COLUMNS(entitlement_column), .filters = FILTER_UNIT | FILTER_RUN | FILTER_ENTITLEMENT,
      .sql = "SELECT e.id, u.code, e.person, e.benefit, e.channel, e.bank, e.area, e.commune, e.approved_on, e.version,"
             " e.since_run, e.flags & 1 FROM entitlement e JOIN unit u ON u.unit = e.unit WHERE e.ent BETWEEN ?4 AND ?5"
             " AND " IN_UNIT("e.unit") " AND " IN_RUN("e.since_run") " ORDER BY e.ent" },
    { .name = "holds", COLUMNS(hold_column),
      .filters = FILTER_PERIOD | FILTER_UNIT | FILTER_RUN | FILTER_ENTITLEMENT,
      /* A hold by hand stands before what it holds. */
      .sql = "SELECT e.id, x.period, x.reason, x.at, x.comp, x.seq, x.amount, u.code, x.run, NULL, NULL, x.payment_id FROM"
             " (SELECT ent, NULL AS period, reason, at, NULL AS comp, NULL AS seq, NULL AS amount, run, payment_id FROM hold"
             " WHERE lifted_at IS NULL UNION ALL SELECT x.ent, x.period, x.reason, x.at, x.comp, x.seq, o.amount, x.run, NULL"
             " FROM exception x JOIN obligation o USING(period, ent, comp, seq) WHERE x.state = 1 UNION ALL SELECT h.ent, h.period,"
             " h.reason, h.at, h.comp, h.seq, o.amount, h.run, h.end_to_end_id FROM attempt_held h"
             " JOIN obligation o USING(period, ent, comp, seq)) x"
             " JOIN entitlement e ON e.ent = x.ent JOIN unit u ON u.unit = e.unit"
             " WHERE x.ent BETWEEN ?4 AND ?5 AND " IN_PERIOD("x.period") " AND " IN_UNIT("e.unit") " AND "
             IN_RUN("x.run") " ORDER BY x.period, x.ent, x.comp, x.seq" },
    { .name = "rejects", COLUMNS(reject_column), .filters = FILTER_PERIOD | FILTER_RUN,
      .sql = "SELECT i.name, j.line, j.col, j.reason, i.run FROM reject j JOIN intake i ON i.intake = j.intake"
             " JOIN run r ON r.run = i.run WHERE " IN_PERIOD("r.period") " AND " IN_RUN("i.run")
             " ORDER BY j.intake, j.line, j.col" },
    { .name = "receivables", COLUMNS(receivable_column),
      .filters = FILTER_PERIOD | FILTER_UNIT | FILTER_RUN | FILTER_ENTITLEMENT, .states = RECEIVABLE_CAUSES,
      .state = cause_word, .state_column = 6,
      /* What an order takes back is a claim like what was calculated. */
      .sql = "SELECT e.id, v.period, v.amount, v.settled, v.run, u.code, v.cause, v.order_id FROM (SELECT ent, period,"
             " amount, settled, run, cause, NULL AS order_id FROM receivable UNION ALL SELECT o.ent, o.from_month,"
             " o.amount, (SELECT coalesce(-sum(b.amount), 0) FROM ordered d JOIN obligation b ON b.period = d.period"
             " AND b.ent = d.ent AND b.comp = d.comp AND b.seq = d.seq LEFT JOIN exception x ON x.period = d.period"
             " AND x.ent = d.ent AND x.comp = d.comp AND x.seq = d.seq WHERE d.orders = o.orders"
             " AND coalesce(x.state, 0) <> 3), i.run, 2, o.order_id FROM orders o JOIN intake i ON i.intake = o.intake"
             " WHERE o.kind = 5) v"
             " JOIN entitlement e ON e.ent = v.ent JOIN unit u ON u.unit = e.unit WHERE v.ent BETWEEN ?4 AND ?5 AND "
             IN_PERIOD("v.period") " AND " IN_UNIT("e.unit") " AND " IN_RUN("v.run") " ORDER BY v.ent, v.period, v.order_id" },
    { .name = "breaks", COLUMNS(break_column), .filters = FILTER_PERIOD | FILTER_UNIT | FILTER_RUN | FILTER_ENTITLEMENT,
      .states = 3, .state = break_word, .state_column = 12,
      .sql = "SELECT k.break, k.at, " RESULT_TEXT ", f.msg_id, k.end_to_end_id, e.id, " SAYS_TEXT ", w.text, k.amount,"
             " k.expected, k.day, a.name, CASE WHEN k.closed_at IS NOT NULL THEN 2 ELSE k.kind IN (6, 7) END, u.code"
             " FROM break k JOIN answer a ON a.answer = k.answer LEFT JOIN word w ON w.word = k.reason"
             " LEFT JOIN entitlement e ON e.ent = k.ent LEFT JOIN file f ON f.file = k.file LEFT JOIN batch b ON b.batch = f.batch"
             " LEFT JOIN unit u ON u.unit = b.unit LEFT JOIN run r ON r.run = b.run WHERE coalesce(k.ent, 0) BETWEEN ?4 AND ?5"
             " AND " IN_PERIOD("r.period") " AND " IN_UNIT("b.unit") " AND " IN_RUN("b.run") " ORDER BY k.break" },
    { .name = "events", COLUMNS(event_column), .filters = FILTER_UNIT,
      .sql = "SELECT seq, at, who, kind, subject, unit, why, hash FROM event"
             " WHERE (?2 = 0 OR unit = (SELECT code FROM unit WHERE unit.unit = ?2)) ORDER BY seq" },
};

#undef X

static const struct list_kind *const kinds[LIST_KINDS] = {
    [LIST_RUNS] = &simple_kind[0],        [LIST_FILES] = &simple_kind[1],   [LIST_PAYMENTS] = &list_payments,
    [LIST_OBLIGATIONS] = &list_obligations, [LIST_ENTITLEMENTS] = &simple_kind[2], [LIST_HOLDS] = &simple_kind[3],
    [LIST_REJECTS] = &simple_kind[4],     [LIST_RECEIVABLES] = &simple_kind[5], [LIST_BREAKS] = &simple_kind[6],
    [LIST_EVENTS] = &simple_kind[7],      [LIST_UNANSWERED] = &list_unanswered,
};

int ledger_list_find(const char *name)
{
    for (int i = 0; i < LIST_KINDS; i++) {
        if (strcmp(kinds[i]->name, name) == 0) {
            return i;
        }
    }
    return -1;
}

size_t ledger_list_columns(enum ledger_list_kind kind)
{
    return kinds[kind]->columns;
}

const char *ledger_list_column(enum ledger_list_kind kind, size_t column, enum ledger_cell *cell)
{
    const struct list_column *found = &kinds[kind]->column[column];

    ASSERT(column < kinds[kind]->columns && kinds[kind]->columns <= LIST_COLUMNS_MAX);
    *cell = found->form == FORM_NUMBER ? CELL_NUMBER : found->form == FORM_FREE ? CELL_FREE : CELL_WORD;
    return found->name;
}

/* ---- filters ---- */

static enum status filter_refused(const struct list_kind *kind, const char *what, struct diag *diag)
{
    return diag_fail(diag, STATUS_USAGE, "the list of %s cannot be limited by %s", kind->name, what);
}

static enum status filters_check(const struct list_kind *kind, const struct ledger_filter *filter, struct diag *diag)
{
    if (filter->period != MONTH_NONE && (kind->filters & FILTER_PERIOD) == 0) {
        return filter_refused(kind, "period", diag);
    }
    if (filter->unit[0] != '\0' && (kind->filters & FILTER_UNIT) == 0) {
        return filter_refused(kind, "unit", diag);
    }
    if (filter->run != 0 && (kind->filters & FILTER_RUN) == 0) {
        return filter_refused(kind, "run", diag);
    }
    if (filter->entitlement[0] != '\0' && (kind->filters & FILTER_ENTITLEMENT) == 0) {
        return filter_refused(kind, "entitlement", diag);
    }
    if (filter->state[0] == '\0') {
        return STATUS_OK;
    }
    for (int i = 0; i < kind->states; i++) {
        if (strcmp(kind->state(i), filter->state) == 0) {
            return STATUS_OK;
        }
    }
    if (kind->states == 0) {
        return filter_refused(kind, "state", diag);
    }
    diag_fail(diag, STATUS_USAGE, "the list of %s has no such state", kind->name);
    diag_found(diag, "%s", filter->state);
    return STATUS_USAGE;
}

static enum status filter_unit(struct ledger *ledger, const char *code, int64_t *unit, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT unit FROM unit WHERE code = ?", "z", code);

    if (rc == STATUS_OK && stmt == NULL) {
        diag_fail(diag, STATUS_NO_INPUT, "the ledger knows no such unit");
        diag_found(diag, "%s", code);
        return STATUS_NO_INPUT;
    }
    if (rc == STATUS_OK) {
        *unit = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

static enum status filters_resolve(struct ledger_list *list, const struct ledger_filter *filter, struct diag *diag)
{
    struct ledger_run run;
    enum status rc = filters_check(list->kind, filter, diag);

    list->query = (struct query){ .period = filter->period, .month = MONTH_NONE, .run = filter->run, .ent_first = 0,
                                  .ent_last = INT64_MAX, .state = filter->state, .before = filter->before };
    if (rc == STATUS_OK && filter->unit[0] != '\0') {
        rc = filter_unit(list->ledger, filter->unit, &list->query.unit, diag);
    }
    if (rc == STATUS_OK && filter->run != 0) {
        rc = ledger_run_get(list->ledger, filter->run, &run, diag);
    }
    if (rc == STATUS_OK && filter->entitlement[0] != '\0') {
        rc = ledger_entitlement_find(list->ledger, span_of(filter->entitlement), &list->query.ent_first, diag);
        list->query.ent_last = list->query.ent_first;
    }
    return rc;
}

/* ---- the list ---- */

enum status ledger_list_new(struct ledger *ledger, enum ledger_list_kind kind, const struct ledger_filter *filter,
                            struct ledger_list **list, struct diag *diag)
{
    struct ledger_list *made = mem_alloc(1, sizeof(*made));

    made->ledger = ledger;
    made->kind = kinds[kind];
    enum status rc = filters_resolve(made, filter, diag);
    if (rc == STATUS_OK && made->kind->sql == NULL) {
        rc = made->kind->start(made, diag);
    } else if (rc == STATUS_OK) {
        rc = db_prepare(ledger, made->kind->sql, &made->stmt, diag);
        if (rc == STATUS_OK) {
            query_bind(&made->query, made->stmt);
        }
    }
    if (rc != STATUS_OK) {
        ledger_list_free(made);
        made = NULL;
    }
    *list = made;
    return rc;
}

static enum status simple_next(struct ledger_list *list, struct span *cell, bool *more, struct diag *diag)
{
    *more = false;
    if (list->stmt == NULL) {
        return STATUS_OK;
    }
    enum status rc = db_next(list->ledger, list->stmt, more, diag);
    if (rc != STATUS_OK || !*more) {
        list->stmt = NULL;
        return rc;
    }
    for (size_t i = 0; i < list->kind->columns; i++) {
        cell[i] = list_cell(list, list->stmt, (int)i, i, list->kind->column[i].form);
    }
    return STATUS_OK;
}

enum status ledger_list_next(struct ledger_list *list, struct span cell[LIST_COLUMNS_MAX], bool *more,
                             struct diag *diag)
{
    const struct list_kind *kind = list->kind;
    enum status rc;

    do {
        rc = kind->sql == NULL ? kind->next(list, cell, more, diag) : simple_next(list, cell, more, diag);
    } while (rc == STATUS_OK && *more && list->query.state[0] != '\0' &&
             !span_is(cell[kind->state_column], list->query.state));
    return rc;
}

void ledger_list_free(struct ledger_list *list)
{
    if (list == NULL) {
        return;
    }
    if (list->stmt != NULL) {
        sqlite3_reset(list->stmt);
    }
    payment_scan_release(&list->payments);
    free(list);
}
