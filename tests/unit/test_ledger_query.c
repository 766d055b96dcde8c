/* ledger_query.h: does every list show each row once, in the columns of the contract, whatever the filter? */
#include "test_ledger_query_support.h"

#include <sqlite3.h>

/* The month: HAN pays two pensions by bank, one in cash, a lump sum, and arrears with a row of their own;
 * one pension is held, one is offset; HUE pays one pension, and funds nobody. */
static const struct someone people[] = {
    { "P/1", 100000001, BENEFIT_pension, 0, CHANNEL_bank, "970436", SEX_F, AREA_U, 1 },
    { "P/2", 100000002, BENEFIT_pension_awarded, 0, CHANNEL_bank, "970415", SEX_M, -1, 0 },
    { "P/3", 100000003, BENEFIT_pension, 0, CHANNEL_cash, "HN-001", SEX_F, AREA_R, 2 },
    { "P/4", 100000004, BENEFIT_pension, 0, CHANNEL_bank, "970436", SEX_M, AREA_R, 0 },
    { "P/5", 100000005, BENEFIT_pension, 0, CHANNEL_bank, "970436", SEX_M, AREA_R, 0 },
    { "W/1", 100000001, BENEFIT_one_time_withdrawal, 0, CHANNEL_bank, "970436", SEX_F, AREA_U, 1 },
    { "H/1", 100000006, BENEFIT_pension, 1, CHANNEL_bank, "970418", -1, -1, 0 },
};
enum { P1, P2, P3, P4, P5, W1, H1, PEOPLE };

enum { PAYEE_DAY = 20700 };

struct month {
    struct world world;
    int64_t ent[PEOPLE];
};

static void month_plan_hanoi(struct month *month)
{
    struct world *world = &month->world;
    const int64_t *ent = month->ent;
    struct ledger_obligation obligation[] = {
        owed(ent[P1], OCTOBER, BENEFIT_pension, 3000000, 1), owed(ent[P2], OCTOBER, BENEFIT_pension_awarded, 4000000, 1),
        owed(ent[P3], OCTOBER, BENEFIT_pension, 2000000, 2), owed(ent[P4], OCTOBER, BENEFIT_pension, 2500000, 0),
        owed(ent[P5], OCTOBER, BENEFIT_pension, 1000, 0),    owed(ent[W1], MONTH_ONCE, BENEFIT_one_time_withdrawal, 9000000, 1),
        owed(ent[P1], OCTOBER - 1, BENEFIT_pension, 500000, 1), owed(ent[P1], OCTOBER - 2, BENEFIT_pension, 600000, 1),
    };
    const struct obligation_key arrears[] = { obligation[6].key, obligation[7].key };
    struct ledger_payment payment[] = {
        { .ent = ent[P1], .period = OCTOBER, .purpose = COMPONENT_arrears, .amount_dong = 1100000, .batch = 1, .version = 1 },
        { .payment_id = "FUNDINGFUNDINGFUNDINGFUND1", .period = OCTOBER, .purpose = COMPONENT_funding,
          .amount_dong = 2000000, .batch = 3 },
    };
    const struct ledger_batch batch[] = { batch_of(1, world->hanoi, CHANNEL_bank, "970436", 4, 17100000),
                                          batch_of(2, world->hanoi, CHANNEL_cash, "HN-001", 1, 2000000),
                                          batch_of(3, world->hanoi, CHANNEL_bank, "970436", 1, 2000000) };
    const struct ledger_funding funding = { OCTOBER, 1, 2, 2000000, 0 };
    const struct ledger_figure figure = { "due", 8, 20601000 };
    const struct ledger_plan plan = { .run = world->run.run, .unit = world->hanoi, .obligation = obligation,
                                      .obligation_count = 8, .payment = payment, .payment_count = 2, .batch = batch,
                                      .batch_count = 3, .funding = &funding, .funding_count = 1, .figure = &figure,
                                      .figure_count = 1 };

    payment_id_of(span_of("P/1"), arrears, 2, 0, payment[0].payment_id);
    obligation[6].payment = 1;
    obligation[7].payment = 1;
    obligation[4].state = OBLIGATION_OFFSET;
    obligation[4].reason = "recovery";
    must(world, ledger_plan_store(world->ledger, &plan, &world->run, &world->diag));
}

static void month_plan_hue(struct month *month)
{
    struct world *world = &month->world;
    const struct ledger_obligation obligation = owed(month->ent[H1], OCTOBER, BENEFIT_pension, 7000000, 4);
    const struct ledger_batch batch = batch_of(4, world->hue, CHANNEL_bank, "970436", 1, 7000000);
    const struct ledger_plan plan = { .run = world->run.run, .unit = world->hue, .obligation = &obligation,
                                      .obligation_count = 1, .batch = &batch, .batch_count = 1 };

    must(world, ledger_plan_store(world->ledger, &plan, &world->run, &world->diag));
}

static int month_setup(void **state)
{
    struct month *month = mem_alloc(1, sizeof(*month));
    struct ledger_reject reject = { 17, 3, span_of("birth_date: a date is expected, \"quoted\"") };

    world_new(&month->world);
    for (int i = 0; i < PEOPLE; i++) {
        struct someone someone = people[i];
        someone.unit = someone.unit == 0 ? month->world.hanoi : month->world.hue;
        month->ent[i] = world_add(&month->world, &someone, PAYEE_DAY);
    }
    must(&month->world, ledger_reject_add(month->world.ledger, month->world.intake, &reject, 1, &month->world.diag));
    month_plan_hanoi(month);
    month_plan_hue(month);
    must(&month->world, ledger_commit(month->world.ledger, &month->world.diag));
    *state = month;
    return 0;
}

static int month_teardown(void **state)
{
    struct month *month = *state;

    world_end(&month->world);
    free(month);
    return 0;
}

/* ---- reading a list as text ---- */

enum { LIST_BYTES = 16384 };
#define ALL ((struct ledger_filter){ MONTH_NONE, "", 0, "", "", 0 })

/* The whole list, cells with commas, rows with line ends. */
static void list_all(struct world *world, enum ledger_list_kind kind, struct ledger_filter filter, char *text)
{
    struct ledger_list *list;
    struct span cell[LIST_COLUMNS_MAX];
    bool more = true;
    size_t size = 0;

    must(world, ledger_list_new(world->ledger, kind, &filter, &list, &world->diag));
    must(world, ledger_list_next(list, cell, &more, &world->diag));
    while (more) {
        for (size_t i = 0; i < ledger_list_columns(kind); i++) {
            assert_true(size + cell[i].size + 2 < LIST_BYTES);
            memcpy(text + size, cell[i].data, cell[i].size);
            size += cell[i].size;
            text[size++] = i + 1 < ledger_list_columns(kind) ? ',' : '\n';
        }
        must(world, ledger_list_next(list, cell, &more, &world->diag));
    }
    must(world, ledger_list_next(list, cell, &more, &world->diag));
    assert_false(more);     /* the end stays the end */
    text[size] = '\0';
    ledger_list_free(list);
}

static size_t rows_of(struct world *world, enum ledger_list_kind kind, struct ledger_filter filter)
{
    char text[LIST_BYTES];
    size_t rows = 0;

    list_all(world, kind, filter, text);
    for (const char *at = text; *at != '\0'; at++) {
        rows += *at == '\n';
    }
    return rows;
}

static void usual(const char *id, month_t period, enum component component, char payment_id[PAYMENT_ID_BYTES])
{
    struct obligation_key key = { period, 0, component, 0 };

    payment_id_of(span_of(id), &key, 1, 0, payment_id);
}

/* ---- tests ---- */

static void test_ledger_list_columns_are_the_contracts(void **state)
{
    static const struct {
        enum ledger_list_kind kind;
        const char *columns;
    } expected[] = {
        { LIST_PAYMENTS, "payment_id,run,unit,entitlement_id,beneficiary_id,period,benefit,channel,bank,amount,state,reason,"
                         "msg_id,parent,state_on," },
        { LIST_FILES, "msg_id,run,unit,bank,part,generation,payments,amount,state,path,sha256," },
        { LIST_OBLIGATIONS, "entitlement_id,period,component,seq,amount,state,payment_id,run," },
        { LIST_REJECTS, "file,line,column,reason," },
        { LIST_HOLDS, "entitlement_id,period,reason,since," },
    };
    enum ledger_cell form;
    (void)state;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        char text[512] = "";
        for (size_t j = 0; j < ledger_list_columns(expected[i].kind); j++) {
            snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s,",
                     ledger_list_column(expected[i].kind, j, &form));
        }
        assert_memory_equal(text, expected[i].columns, strlen(expected[i].columns));
    }
    ledger_list_column(LIST_PAYMENTS, 9, &form);
    assert_int_equal(form, CELL_NUMBER);
    ledger_list_column(LIST_PAYMENTS, 0, &form);
    assert_int_equal(form, CELL_WORD);
    ledger_list_column(LIST_REJECTS, 3, &form);
    assert_int_equal(form, CELL_FREE);
}

static void test_ledger_list_find_knows_each_name(void **state)
{
    static const char *const name[LIST_KINDS] = {
        [LIST_RUNS] = "runs", [LIST_FILES] = "files", [LIST_PAYMENTS] = "payments", [LIST_OBLIGATIONS] = "obligations",
        [LIST_ENTITLEMENTS] = "entitlements", [LIST_HOLDS] = "holds", [LIST_REJECTS] = "rejects",
        [LIST_RECEIVABLES] = "receivables", [LIST_BREAKS] = "breaks", [LIST_EVENTS] = "events",
        [LIST_UNANSWERED] = "unanswered",
    };

    (void)state;
    for (int i = 0; i < LIST_KINDS; i++) {
        assert_int_equal(ledger_list_find(name[i]), i);
    }
    assert_int_equal(ledger_list_find("payment"), -1);
    assert_int_equal(ledger_list_find(""), -1);
}

static void test_ledger_list_payments_shows_everybody_who_is_due_something(void **state)
{
    struct month *month = *state;
    char text[LIST_BYTES];
    char expected[LIST_BYTES];
    char id[7][PAYMENT_ID_BYTES];
    const struct obligation_key arrears[] = { { OCTOBER - 1, 0, COMPONENT_pension, 0 },
                                              { OCTOBER - 2, 0, COMPONENT_pension, 0 } };

    usual("W/1", MONTH_ONCE, COMPONENT_one_time_withdrawal, id[0]);
    usual("H/1", OCTOBER, COMPONENT_pension, id[1]);
    usual("P/1", OCTOBER, COMPONENT_pension, id[2]);
    usual("P/2", OCTOBER, COMPONENT_pension, id[3]);
    usual("P/3", OCTOBER, COMPONENT_pension, id[4]);
    usual("P/4", OCTOBER, COMPONENT_pension, id[5]);
    usual("P/5", OCTOBER, COMPONENT_pension, id[6]);
    char arrears_id[PAYMENT_ID_BYTES];
    payment_id_of(span_of("P/1"), arrears, 2, 0, arrears_id);
    snprintf(expected, sizeof(expected),
             "%s,1,HAN,W/1,0100000001,2026-10,one_time_withdrawal,bank,970436,9000000,instructed,,MSG-1,,\n"
             "%s,1,HUE,H/1,0100000006,2026-10,pension,bank,970418,7000000,instructed,,MSG-4,,\n"
             "%s,1,HAN,P/1,0100000001,2026-10,pension,bank,970436,3000000,instructed,,MSG-1,,\n"
             "%s,1,HAN,P/2,0100000002,2026-10,pension_awarded,bank,970415,4000000,instructed,,MSG-1,,\n"
             "%s,1,HAN,P/3,0100000003,2026-10,pension,cash,HN-001,2000000,instructed,,MSG-2,,\n"
             "%s,1,HAN,P/1,0100000001,2026-10,pension,bank,970436,1100000,instructed,,MSG-1,,\n"
             "FUNDINGFUNDINGFUNDINGFUND1,1,HAN,,,2026-10,funding,bank,,2000000,instructed,,MSG-3,,\n"
             "%s,1,HAN,P/4,0100000004,2026-10,pension,bank,970436,2500000,held,account,,,\n"
             "%s,1,HAN,P/5,0100000005,2026-10,pension,bank,970436,1000,offset,recovery,,,\n",
             id[0], id[1], id[2], id[3], id[4], arrears_id, id[5], id[6]);
    list_all(&month->world, LIST_PAYMENTS, ALL, text);
    assert_string_equal(text, expected);
}

static void test_ledger_list_payments_ids_are_those_of_the_files(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    struct ledger_instructions *it;
    struct ledger_instruction instruction;
    char text[LIST_BYTES];
    bool more = true;
    size_t count = 0;

    list_all(world, LIST_PAYMENTS, ALL, text);
    must(world, ledger_instructions_new(world->ledger, world->run.run, world->hanoi, NULL, &it, &world->diag));
    must(world, ledger_instructions_next(it, &instruction, &more, &world->diag));
    while (more) {
        assert_non_null(strstr(text, instruction.payment_id));
        count++;
        must(world, ledger_instructions_next(it, &instruction, &more, &world->diag));
    }
    ledger_instructions_free(it);
    assert_int_equal(count, 6);
}

static void test_ledger_list_payments_filters(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    static const struct {
        struct ledger_filter filter;
        size_t rows;
    } expected[] = {
        { { OCTOBER, "", 0, "", "", 0 }, 9 },        { { OCTOBER + 1, "", 0, "", "", 0 }, 0 },
        { { OCTOBER - 1, "", 0, "", "", 0 }, 0 },    { { MONTH_NONE, "HUE", 0, "", "", 0 }, 1 },
        { { MONTH_NONE, "HAN", 0, "", "", 0 }, 8 },  { { MONTH_NONE, "", 1, "", "", 0 }, 9 },
        { { MONTH_NONE, "", 0, "P/1", "", 0 }, 2 },  { { MONTH_NONE, "", 0, "W/1", "", 0 }, 1 },
        { { MONTH_NONE, "", 0, "P/4", "", 0 }, 1 },  { { MONTH_NONE, "", 0, "", "held", 0 }, 1 },
        { { MONTH_NONE, "", 0, "", "offset", 0 }, 1 }, { { MONTH_NONE, "", 0, "", "closed", 0 }, 0 },
        { { MONTH_NONE, "", 0, "", "instructed", 0 }, 7 }, { { MONTH_NONE, "", 0, "", "calculated", 0 }, 0 },
        { { OCTOBER, "HAN", 1, "P/1", "instructed", 0 }, 2 }, { { OCTOBER, "HUE", 1, "P/1", "", 0 }, 0 },
    };

    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        assert_int_equal(rows_of(world, LIST_PAYMENTS, expected[i].filter), expected[i].rows);
    }
}

static void test_ledger_list_payments_shows_the_payee_of_then(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    struct ledger_source source = { .run = world->run.run, .intake = world->intake, .units = ~UINT64_C(0) };
    struct ledger_correction correction = { .line = 2, .id = span_of("P/1"), .approved_on = PAYEE_DAY + 1, .channel = -1,
                                            .bank = span_of("970499"), .account = SPAN_EMPTY, .payee_name = SPAN_EMPTY,
                                            .authorised_until = DAY_NONE };
    struct ledger_correction held = correction;
    struct ledger_outcome outcome;
    char text[LIST_BYTES];

    held.id = span_of("P/4");
    must(world, ledger_begin_derived(world->ledger, &world->diag));
    must(world, ledger_corrections(world->ledger, &source, &correction, 1, &outcome, &world->diag));
    assert_int_equal(outcome.verdict, LEDGER_APPLIED);
    must(world, ledger_corrections(world->ledger, &source, &held, 1, &outcome, &world->diag));
    list_all(world, LIST_PAYMENTS, (struct ledger_filter){ MONTH_NONE, "", 0, "P/1", "", 0 }, text);
    assert_null(strstr(text, "970499"));
    assert_non_null(strstr(text, ",970436,3000000,"));
    assert_non_null(strstr(text, ",970436,1100000,"));
    /* What is held was never sent anywhere: it will go to today's account. */
    list_all(world, LIST_PAYMENTS, (struct ledger_filter){ MONTH_NONE, "", 0, "P/4", "", 0 }, text);
    assert_non_null(strstr(text, ",970499,2500000,held,"));
    list_all(world, LIST_ENTITLEMENTS, (struct ledger_filter){ MONTH_NONE, "", 0, "P/1", "", 0 }, text);
    assert_string_equal(text, "P/1,HAN,0100000001,pension,bank,970499,U,00001,2026-09-04,2,1,N\n");
    ledger_rollback(world->ledger);
}

/* A file becomes void by an officer's command; what a list makes of it is tested here. */
static void void_file(struct world *world, const char *msg_id)
{
    char path[128];
    char sql[128];
    sqlite3 *db;

    snprintf(path, sizeof(path), "%s/state/ledger.db", world->folder);
    snprintf(sql, sizeof(sql), "UPDATE file SET state = %d WHERE msg_id = '%s'", FILE_VOIDED, msg_id);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void test_ledger_list_payments_of_a_voided_file_are_calculated(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    struct ledger_paid_scan *scan;
    struct ledger_paid paid;
    bool more = true;

    void_file(world, "MSG-4");
    assert_int_equal(rows_of(world, LIST_PAYMENTS, (struct ledger_filter){ OCTOBER, "", 0, "", "calculated", 0 }), 1);
    assert_int_equal(rows_of(world, LIST_PAYMENTS, (struct ledger_filter){ OCTOBER, "HUE", 0, "", "calculated", 0 }), 1);
    must(world, ledger_paid_new(world->ledger, OCTOBER, &scan, &world->diag));
    while (more) {
        must(world, ledger_paid_next(scan, &paid, &more, &world->diag));
        assert_true(!more || paid.ent != month->ent[H1]);
    }
    ledger_paid_free(scan);
}

static void test_ledger_list_payments_same_month_again_has_another_id(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    char text[LIST_BYTES];
    char first[PAYMENT_ID_BYTES];
    const char *second;

    must(world, ledger_begin_derived(world->ledger, &world->diag));
    world_run(world, OCTOBER);
    struct ledger_obligation obligation = owed(month->ent[P2], OCTOBER, BENEFIT_pension_awarded, 70000, 5);
    obligation.key.seq = 1;
    const struct ledger_batch batch = batch_of(5, world->hanoi, CHANNEL_bank, "970436", 1, 70000);
    const struct ledger_plan plan = { .run = world->run.run, .unit = world->hanoi, .obligation = &obligation,
                                      .obligation_count = 1, .batch = &batch, .batch_count = 1 };
    must(world, ledger_plan_store(world->ledger, &plan, &world->run, &world->diag));
    usual("P/2", OCTOBER, COMPONENT_pension, first);
    list_all(world, LIST_PAYMENTS, (struct ledger_filter){ MONTH_NONE, "", 2, "", "", 0 }, text);
    assert_non_null(second = strstr(text, ",2,HAN,P/2,"));
    assert_memory_not_equal(text, first, PAYMENT_ID_LENGTH);
    assert_ptr_equal(second, text + PAYMENT_ID_LENGTH);
    struct ledger_instructions *it;
    struct ledger_instruction instruction;
    bool more;
    must(world, ledger_instructions_new(world->ledger, world->run.run, world->hanoi, NULL, &it, &world->diag));
    must(world, ledger_instructions_next(it, &instruction, &more, &world->diag));
    assert_true(more);
    assert_memory_equal(text, instruction.payment_id, PAYMENT_ID_LENGTH);
    ledger_instructions_free(it);
    ledger_rollback(world->ledger);
}

static void test_ledger_list_obligations_name_their_payments(void **state)
{
    struct month *month = *state;
    char obligations[LIST_BYTES];
    char payments[LIST_BYTES];
    size_t count = 0;

    list_all(&month->world, LIST_PAYMENTS, ALL, payments);
    list_all(&month->world, LIST_OBLIGATIONS, ALL, obligations);
    for (char *line = obligations; *line != '\0'; line = strchr(line, '\n') + 1) {
        char *cell = line;
        char payment_id[PAYMENT_ID_BYTES];
        for (int i = 0; i < 6; i++) {
            cell = strchr(cell, ',') + 1;
        }
        memcpy(payment_id, cell, PAYMENT_ID_LENGTH);
        payment_id[PAYMENT_ID_LENGTH] = '\0';
        assert_non_null(strstr(payments, payment_id));
        count++;
    }
    assert_int_equal(count, 9);
    assert_non_null(strstr(obligations, "W/1,once,one_time_withdrawal,0,9000000,instructed,"));
    assert_non_null(strstr(obligations, "P/1,2026-08,pension,0,600000,instructed,"));
    assert_non_null(strstr(obligations, "P/4,2026-10,pension,0,2500000,held,"));
    assert_non_null(strstr(obligations, ",1,HAN,account\n"));
}

static void test_ledger_list_obligations_filters(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    static const struct {
        struct ledger_filter filter;
        size_t rows;
    } expected[] = {
        { { OCTOBER, "", 0, "", "", 0 }, 6 },       { { MONTH_ONCE, "", 0, "", "", 0 }, 1 },
        { { OCTOBER - 1, "", 0, "", "", 0 }, 1 },   { { OCTOBER + 5, "", 0, "", "", 0 }, 0 },
        { { MONTH_NONE, "HUE", 0, "", "", 0 }, 1 }, { { MONTH_NONE, "HAN", 0, "", "", 0 }, 8 },
        { { MONTH_NONE, "", 0, "P/1", "", 0 }, 3 }, { { MONTH_NONE, "", 1, "", "held", 0 }, 1 },
        { { MONTH_NONE, "", 1, "", "instructed", 0 }, 7 },
    };

    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        assert_int_equal(rows_of(world, LIST_OBLIGATIONS, expected[i].filter), expected[i].rows);
    }
}

static void test_ledger_list_small_kinds(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    char text[LIST_BYTES];

    list_all(world, LIST_RUNS, ALL, text);
    assert_string_equal(text, "1,2026-10,1,sealed,2026-10-01T08:00:00+07:00,operator,,,1\n");
    list_all(world, LIST_FILES, ALL, text);
    assert_string_equal(text,
                        "MSG-1,1,HAN,970436,1,1,4,17100000,planned,outbox/2026-10/bank/MSG-1.xml,,2026-10-01,"
                        "2026-10-01T08:00:00+07:00\n"
                        "MSG-3,1,HAN,970436,3,1,1,2000000,planned,outbox/2026-10/bank/MSG-3.xml,,2026-10-01,"
                        "2026-10-01T08:00:00+07:00\n"
                        "MSG-4,1,HUE,970436,4,1,1,7000000,planned,outbox/2026-10/bank/MSG-4.xml,,2026-10-01,"
                        "2026-10-01T08:00:00+07:00\n");
    list_all(world, LIST_HOLDS, ALL, text);
    assert_string_equal(text, "P/4,2026-10,account,2026-10-01T08:00:00+07:00,pension,0,2500000,HAN,1,,,\n");
    list_all(world, LIST_REJECTS, ALL, text);
    assert_string_equal(text, "=people.csv,17,3,birth_date: a date is expected, \"quoted\",1\n");
    list_all(world, LIST_RECEIVABLES, ALL, text);
    assert_string_equal(text, "");
    list_all(world, LIST_EVENTS, (struct ledger_filter){ MONTH_NONE, "HUE", 0, "", "", 0 }, text);
    assert_memory_equal(text, "2,2026-10-01T08:00:00+07:00,operator,unit.planned,1,HUE,,", 57);
    assert_int_equal(rows_of(world, LIST_EVENTS, ALL), 2);
    assert_int_equal(rows_of(world, LIST_ENTITLEMENTS, ALL), PEOPLE);
    assert_int_equal(rows_of(world, LIST_ENTITLEMENTS, (struct ledger_filter){ MONTH_NONE, "HUE", 0, "", "", 0 }), 1);
    assert_int_equal(rows_of(world, LIST_FILES, (struct ledger_filter){ OCTOBER, "HAN", 1, "", "planned", 0 }), 2);
    assert_int_equal(rows_of(world, LIST_FILES, (struct ledger_filter){ OCTOBER, "", 0, "", "staged", 0 }), 0);
    assert_int_equal(rows_of(world, LIST_REJECTS, (struct ledger_filter){ OCTOBER - 1, "", 0, "", "", 0 }), 0);
}

static void test_ledger_list_new_refuses_what_it_cannot_filter(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    static const struct {
        enum ledger_list_kind kind;
        struct ledger_filter filter;
        enum status status;
    } expected[] = {
        { LIST_EVENTS, { OCTOBER, "", 0, "", "", 0 }, STATUS_USAGE },
        { LIST_REJECTS, { MONTH_NONE, "HAN", 0, "", "", 0 }, STATUS_USAGE },
        { LIST_EVENTS, { MONTH_NONE, "", 1, "", "", 0 }, STATUS_USAGE },
        { LIST_RUNS, { MONTH_NONE, "", 0, "P/1", "", 0 }, STATUS_USAGE },
        { LIST_HOLDS, { MONTH_NONE, "", 0, "", "held", 0 }, STATUS_USAGE },
        { LIST_PAYMENTS, { MONTH_NONE, "", 0, "", "paid", 0 }, STATUS_USAGE },
        { LIST_PAYMENTS, { MONTH_NONE, "XXX", 0, "", "", 0 }, STATUS_NO_INPUT },
        { LIST_PAYMENTS, { MONTH_NONE, "", 99, "", "", 0 }, STATUS_NO_INPUT },
        { LIST_PAYMENTS, { MONTH_NONE, "", 0, "P/99", "", 0 }, STATUS_NO_INPUT },
    };
    struct ledger_list *list;

    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        assert_int_equal(ledger_list_new(world->ledger, expected[i].kind, &expected[i].filter, &list, &world->diag),
                         expected[i].status);
        assert_null(list);
    }
}

static void test_ledger_list_beside_a_run_sees_one_moment(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    struct ledger *reader = NULL;
    struct ledger_event event = { .kind = "test", .subject = "", .unit = "", .who = "operator", .why = "",
                                  .at = "2026-10-01T08:00:00+07:00" };
    struct world beside = *world;

    must(world, ledger_open(world->folder, LEDGER_READ, &reader, &world->diag));
    beside.ledger = reader;
    must(&beside, ledger_begin(reader, &beside.diag));
    assert_int_equal(rows_of(&beside, LIST_EVENTS, ALL), 2);
    must(world, ledger_begin_derived(world->ledger, &world->diag));
    must(world, ledger_event_add(world->ledger, &event, &world->diag));
    must(world, ledger_commit(world->ledger, &world->diag));
    assert_int_equal(rows_of(&beside, LIST_EVENTS, ALL), 2);
    ledger_rollback(reader);
    assert_int_equal(rows_of(&beside, LIST_EVENTS, ALL), 3);
    ledger_close(reader);
}

static void test_ledger_open_through_a_link(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    struct ledger *reader = NULL;
    char link[80];

    snprintf(link, sizeof(link), "%s.link", world->folder);
    assert_int_equal(symlink(world->folder, link), 0);
    must(world, ledger_open(link, LEDGER_READ, &reader, &world->diag));
    ledger_close(reader);
    assert_int_equal(remove(link), 0);
}

static void test_ledger_paid_gives_what_was_instructed_to_persons(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    struct ledger_paid_scan *scan;
    struct ledger_paid paid;
    int64_t sum = 0;
    size_t count = 0;
    bool more = true;

    must(world, ledger_paid_new(world->ledger, OCTOBER, &scan, &world->diag));
    must(world, ledger_paid_next(scan, &paid, &more, &world->diag));
    while (more) {
        count++;
        sum += paid.amount_dong;
        if (paid.ent == month->ent[P3]) {
            assert_int_equal(paid.person, 100000003);
            assert_int_equal(paid.unit, world->hanoi);
            assert_int_equal(paid.benefit, BENEFIT_pension);
            assert_int_equal(paid.channel, CHANNEL_cash);
            assert_int_equal(paid.sex, SEX_F);
            assert_int_equal(paid.area, AREA_R);
            assert_int_equal(paid.commune, 2);
        }
        if (paid.ent == month->ent[H1]) {
            assert_int_equal(paid.sex, -1);
            assert_int_equal(paid.area, -1);
            assert_int_equal(paid.commune, 0);
        }
        must(world, ledger_paid_next(scan, &paid, &more, &world->diag));
    }
    ledger_paid_free(scan);
    assert_int_equal(count, 6);
    assert_int_equal(sum, 9000000 + 7000000 + 3000000 + 4000000 + 2000000 + 1100000);
    must(world, ledger_paid_new(world->ledger, OCTOBER - 1, &scan, &world->diag));
    must(world, ledger_paid_next(scan, &paid, &more, &world->diag));
    assert_false(more);
    ledger_paid_free(scan);
}

static void test_ledger_units_by_number(void **state)
{
    struct month *month = *state;
    struct world *world = &month->world;
    char code[LEDGER_UNITS_MAX + 1][UNIT_CODE_BYTES];

    must(world, ledger_units(world->ledger, code, &world->diag));
    assert_string_equal(code[world->hanoi], "HAN");
    assert_string_equal(code[world->hue], "HUE");
    assert_string_equal(code[0], "");
    assert_string_equal(code[3], "");
}

#define WITH_MONTH(test) cmocka_unit_test_setup_teardown(test, month_setup, month_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ledger_list_columns_are_the_contracts),
        cmocka_unit_test(test_ledger_list_find_knows_each_name),
        WITH_MONTH(test_ledger_list_payments_shows_everybody_who_is_due_something),
        WITH_MONTH(test_ledger_list_payments_ids_are_those_of_the_files),
        WITH_MONTH(test_ledger_list_payments_filters),
        WITH_MONTH(test_ledger_list_payments_shows_the_payee_of_then),
        WITH_MONTH(test_ledger_list_payments_of_a_voided_file_are_calculated),
        WITH_MONTH(test_ledger_list_payments_same_month_again_has_another_id),
        WITH_MONTH(test_ledger_list_obligations_name_their_payments),
        WITH_MONTH(test_ledger_list_obligations_filters),
        WITH_MONTH(test_ledger_list_small_kinds),
        WITH_MONTH(test_ledger_list_new_refuses_what_it_cannot_filter),
        WITH_MONTH(test_ledger_list_beside_a_run_sees_one_moment),
        WITH_MONTH(test_ledger_open_through_a_link),
        WITH_MONTH(test_ledger_paid_gives_what_was_instructed_to_persons),
        WITH_MONTH(test_ledger_units_by_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
