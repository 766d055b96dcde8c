/*
 * test_ledger_support.h - what the tests of the ledger share: a ledger in a temporary folder, rows of
 * generated people, plans, and a second connection for what nobody should be able to do by hand.
 */
#ifndef TEST_LEDGER_SUPPORT_H
#define TEST_LEDGER_SUPPORT_H

#include "test_site_support.h"

#include "chitra/ledger_file.h"
#include "chitra/ledger_instruction.h"

#include <sqlite3.h>

enum { HN, HCM, DN, UNITS };

#define OCTOBER ((month_t)(2026 * 12 + 9))
#define DAY(y, m, d) day_of((struct civil){ (y), (m), (d) })

struct bench {
    char folder[64];
    struct ledger *ledger;
    struct diag diag;
    int unit[UNITS];
    struct ledger_run run;
    struct ledger_source source;        /* what the next rows come from */
    struct facts facts;                 /* of the next rows */
    struct arena arena;
};

static inline void must(struct bench *bench, enum status rc)
{
    char text[DIAG_BYTES_MAX];

    if (rc != STATUS_OK) {
        diag_text(&bench->diag, text, sizeof(text));
        fail_msg("%s: %s", status_text(rc), text);
    }
}

/* Without the record of changes, which is the matter of test_ledger_journal. */
static inline void begin(struct bench *bench)
{
    must(bench, ledger_begin_derived(bench->ledger, &bench->diag));
}

static inline void commit(struct bench *bench)
{
    must(bench, ledger_commit(bench->ledger, &bench->diag));
}

static inline void reopen(struct bench *bench, enum ledger_access access)
{
    ledger_close(bench->ledger);
    must(bench, ledger_open(bench->folder, access, &bench->ledger, &bench->diag));
}

/* Adds a run of a period; the rows that follow come with it. */
static inline void next_run(struct bench *bench, month_t period)
{
    bench->run = (struct ledger_run){ .period = period, .who = "operator", .pay_date = DAY_NONE,
                                      .created_at = "2026-10-01T08:00:00+07:00" };
    begin(bench);
    must(bench, ledger_run_add(bench->ledger, &bench->run, &bench->diag));
    commit(bench);
    bench->source.run = bench->run.run;
    bench->source.units = ~UINT64_C(0);
}

/* A bench with an empty ledger. */
static inline struct bench *bench_open(void **state)
{
    struct bench *bench = mem_alloc(1, sizeof(*bench));
    char path[80];

    *state = bench;
    folder_make(bench->folder);
    snprintf(path, sizeof(path), "%s/state", bench->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    reopen(bench, LEDGER_WRITE);
    return bench;
}

static inline int bench_setup(void **state)
{
    static const char *const code[UNITS] = { "HN", "HCM", "DN" };
    struct bench *bench = bench_open(state);

    begin(bench);
    for (int i = 0; i < UNITS; i++) {
        must(bench, ledger_unit(bench->ledger, code[i], &bench->unit[i], &bench->diag));
    }
    commit(bench);
    next_run(bench, OCTOBER);
    facts_set(&bench->facts, FACT_birth_date, DAY(1960, 2, 29));
    facts_set(&bench->facts, FACT_average_salary, 6000000);
    return 0;
}

static inline int bench_teardown(void **state)
{
    struct bench *bench = *state;

    ledger_close(bench->ledger);
    folder_remove(bench->folder);
    arena_release(&bench->arena);
    free(bench);
    return 0;
}

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

/* ---- a second connection ---- */

/* Runs SQL beside the ledger; SQLite's primary result code. */
static inline int by_hand(const struct bench *bench, const char *sql)
{
    char path[96];
    sqlite3 *db = NULL;

    snprintf(path, sizeof(path), "%s/state/ledger.db", bench->folder);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 2000);
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    return rc & 0xff;
}

/* The first number of a query's first row; -1 for none. */
static inline int64_t number_of(const struct bench *bench, const char *sql)
{
    char path[96];
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    int64_t number = -1;

    snprintf(path, sizeof(path), "%s/state/ledger.db", bench->folder);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        number = sqlite3_column_int64(stmt, 0);
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return number;
}

/* A digest over every row of every table, in order: two states of the ledger are the same or not. */
static inline void dump_digest(const struct bench *bench, struct digest *digest)
{
    char path[96];
    char sql[160];
    sqlite3 *db = NULL;
    sqlite3_stmt *tables = NULL;
    sqlite3_stmt *rows = NULL;
    struct digester *digester = digester_new();

    snprintf(path, sizeof(path), "%s/state/ledger.db", bench->folder);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1,
                                        &tables, NULL), SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(tables, 0);
        digester_add(digester, span_of(name));
        snprintf(sql, sizeof(sql), "SELECT * FROM %s ORDER BY 1, 2", name);
        if (sqlite3_prepare_v2(db, sql, -1, &rows, NULL) != SQLITE_OK) {
            snprintf(sql, sizeof(sql), "SELECT * FROM %s ORDER BY 1", name);     /* a table of one column */
            assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
        }
        while (sqlite3_step(rows) == SQLITE_ROW) {
            for (int i = 0; i < sqlite3_column_count(rows); i++) {
                const char *value = (const char *)sqlite3_column_text(rows, i);
                digester_add(digester, span_of(value == NULL ? "NULL" : value));
                digester_add(digester, span_of("|"));
            }
        }
        sqlite3_finalize(rows);
    }
    sqlite3_finalize(tables);
    sqlite3_close(db);
    digester_finish(digester, digest);
    digester_free(digester);
}

/* ---- approvals and rows ---- */

/* The rows that follow are approved by this signature: `list` decides ties, and each is its own. */
static inline void approved(struct bench *bench, int64_t signed_at, uint8_t list)
{
    struct ledger_approval approval = { .name = "approval.sha256", .signed_at = signed_at };

    memset(approval.list.bytes, list, DIGEST_BYTES);
    memcpy(approval.signature.bytes, &signed_at, sizeof(signed_at));
    approval.signature.bytes[31] = list;
    begin(bench);
    must(bench, ledger_approval(bench->ledger, &approval, bench->run.run, &bench->source.approval, &bench->diag));
    commit(bench);
    bench->source.signed_at = signed_at;
}

/* A pension of HN, paid to an account. */
static inline struct ledger_row row_of(struct bench *bench, const char *id, uint64_t beneficiary)
{
    return (struct ledger_row){ .line = 2, .unit = bench->unit[HN], .benefit = BENEFIT_pension,
                                .approved_on = DAY(2026, 9, 1), .beneficiary = beneficiary, .id = span_of(id),
                                .name = span_of("Nguyễn Thị Mẫu"), .bank = span_of("970436"),
                                .account = span_of("0011000000001"), .payee_name = SPAN_EMPTY,
                                .programme = SPAN_EMPTY, .channel = CHANNEL_bank, .area = AREA_U, .commune = 4,
                                .authorised_until = DAY_NONE, .facts = &bench->facts };
}

/* Applies rows with lines of their own, from 2 on, in one transaction; an outcome that joining takes back is a
 * rejection. */
static inline void put_rows(struct bench *bench, struct ledger_row *row, size_t count, struct ledger_outcome *outcome)
{
    struct ledger_unjoined *unjoined = NULL;
    size_t unjoined_count = 0;

    for (size_t i = 0; i < count; i++) {
        row[i].line = i + 2;
    }
    begin(bench);
    must(bench, ledger_register(bench->ledger, &bench->source, row, count, outcome, &bench->diag));
    must(bench, ledger_join(bench->ledger, &unjoined, &unjoined_count, &bench->diag));
    commit(bench);
    for (size_t i = 0; i < unjoined_count; i++) {
        assert_in_range(unjoined[i].reject.line, 2, count + 1);
        struct ledger_outcome *taken_back = &outcome[unjoined[i].reject.line - 2];
        assert_int_equal(taken_back->verdict, LEDGER_APPLIED);
        assert_true(span_is(unjoined[i].reject.reason, "citizen_id: the two numbers belong to different people"));
        *taken_back = (struct ledger_outcome){ LEDGER_REJECTED, "citizen_id", "" };
    }
    free(unjoined);
}

static inline struct ledger_outcome put(struct bench *bench, struct ledger_row row)
{
    struct ledger_outcome outcome;

    put_rows(bench, &row, 1, &outcome);
    return outcome;
}

static inline enum ledger_verdict put_verdict(struct bench *bench, struct ledger_row row)
{
    return put(bench, row).verdict;
}

static inline int64_t ent_of(struct bench *bench, const char *id)
{
    int64_t ent = 0;

    must(bench, ledger_entitlement_find(bench->ledger, span_of(id), &ent, &bench->diag));
    return ent;
}

/* An entitlement as it stands; spans live in the bench's arena. */
static inline struct ledger_entitlement entitlement_of(struct bench *bench, const char *id)
{
    struct ledger_entitlement entitlement;

    must(bench, ledger_entitlement_get(bench->ledger, ent_of(bench, id), 0, &bench->arena, &entitlement, &bench->diag));
    return entitlement;
}

static inline int64_t added(struct bench *bench, struct ledger_row row)
{
    char id[40];

    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);
    snprintf(id, sizeof(id), "%.*s", (int)row.id.size, row.id.data);
    return ent_of(bench, id);
}

static inline struct ledger_outcome correct(struct bench *bench, struct ledger_correction correction)
{
    struct ledger_outcome outcome;

    begin(bench);
    must(bench, ledger_corrections(bench->ledger, &bench->source, &correction, 1, &outcome, &bench->diag));
    commit(bench);
    return outcome;
}

/* A correction that gives nothing yet. */
static inline struct ledger_correction correction_of(const char *id, uint64_t beneficiary, day_t approved_on)
{
    return (struct ledger_correction){ .line = 2, .id = span_of(id), .beneficiary = beneficiary,
                                       .approved_on = approved_on, .channel = -1, .bank = SPAN_EMPTY,
                                       .account = SPAN_EMPTY, .payee_name = SPAN_EMPTY,
                                       .authorised_until = DAY_NONE };
}

static inline struct ledger_outcome stop(struct bench *bench, const char *id, uint64_t beneficiary, int kind, day_t from)
{
    struct ledger_stop row = { .line = 2, .id = span_of(id), .beneficiary = beneficiary, .kind = kind, .from = from,
                               .reason = -1 };
    struct ledger_outcome outcome;

    begin(bench);
    must(bench, ledger_stops(bench->ledger, &bench->source, &row, 1, &outcome, &bench->diag));
    commit(bench);
    return outcome;
}

/* ---- plans ---- */

static inline struct ledger_obligation owed(int64_t ent, month_t period, enum component component, int64_t amount_dong,
                                            int64_t batch)
{
    return (struct ledger_obligation){ .key = { period, ent, component, 0 }, .amount_dong = amount_dong,
                                       .batch = batch, .version = 1,
                                       .state = batch == 0 ? OBLIGATION_HELD : OBLIGATION_INSTRUCTED,
                                       .reason = batch == 0 ? "bank unknown" : NULL };
}

static inline struct ledger_batch batch_of(int64_t number, int unit, const char *msg_id)
{
    struct ledger_batch batch = { .batch = number, .unit = unit, .channel = CHANNEL_bank, .bank = "970436",
                                  .account = "111222333", .profile = "vietcombank", .pay_date = DAY(2026, 10, 5),
                                  .part = (int)number, .payments = 1, .amount_dong = 5000000 };

    snprintf(batch.msg_id, sizeof(batch.msg_id), "%s", msg_id);
    snprintf(batch.path, sizeof(batch.path), "outbox/2026-10/970436/%s.xml", msg_id);
    return batch;
}

static inline enum status store(struct bench *bench, const struct ledger_plan *plan)
{
    begin(bench);
    enum status rc = ledger_plan_store(bench->ledger, plan, &bench->run, &bench->diag);
    if (rc == STATUS_OK) {
        commit(bench);
    } else {
        ledger_rollback(bench->ledger);
    }
    return rc;
}

/* The usual plan: these obligations in one batch of the unit, which takes the next number. */
static inline int64_t plan_usual(struct bench *bench, int unit, struct ledger_obligation *obligation, size_t count)
{
    int64_t batch = 0;
    int64_t once_from = 0;
    char msg_id[MSG_ID_BYTES];

    must(bench, ledger_plan_start(bench->ledger, unit, &batch, &once_from, &bench->diag));
    snprintf(msg_id, sizeof(msg_id), "MSG-%lld", (long long)batch);
    struct ledger_batch file = batch_of(batch, unit, msg_id);
    for (size_t i = 0; i < count; i++) {
        if (obligation[i].state == OBLIGATION_INSTRUCTED) {
            obligation[i].batch = batch;
        }
    }
    struct ledger_plan plan = { .run = bench->run.run, .unit = unit, .obligation = obligation, .obligation_count = count,
                                .batch = &file, .batch_count = 1 };
    must(bench, store(bench, &plan));
    return batch;
}

static inline struct ledger_row once_of(struct bench *bench, const char *id, uint64_t beneficiary)
{
    struct ledger_row row = row_of(bench, id, beneficiary);

    row.benefit = BENEFIT_relief_grant;
    return row;
}

static inline enum status plan_nothing(struct bench *bench, int unit)
{
    const struct ledger_plan plan = { .run = bench->run.run, .unit = unit };

    return store(bench, &plan);
}

static inline struct ledger_payment payment_of(struct bench *bench, int64_t ent, int64_t batch, const char *id)
{
    struct ledger_payment payment = { .ent = ent, .period = bench->run.period, .purpose = COMPONENT_arrears,
                                      .amount_dong = 3000, .batch = batch, .version = 1 };

    snprintf(payment.payment_id, sizeof(payment.payment_id), "%s", id);
    return payment;
}

#endif
