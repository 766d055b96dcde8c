/* plan_store.c and provided.c: is a plan stored once, and read back as it was made? */
#include "test_ledger_support.h"

/* ---- storing and what is provided ---- */

static void test_ledger_plan_store_rows_are_provided(void **state)
{
    struct bench *bench = *state;
    struct ledger_obligation found[4];
    struct ledger_provided *provided = NULL;
    size_t count;

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    int64_t b = added(bench, row_of(bench, "A/2", 200));
    int64_t c = added(bench, row_of(bench, "A/3", 300));
    struct ledger_obligation obligation[] = { owed(a, OCTOBER, COMPONENT_pension, 5000000, 1),
                                              owed(a, OCTOBER, COMPONENT_retirement_grant, 7000000, 1),
                                              owed(c, OCTOBER, COMPONENT_pension, 4000000, 0) };
    int64_t batch = plan_usual(bench, bench->unit[HN], obligation, 3);
    must(bench, ledger_provided_new(bench->ledger, bench->unit[HN], OCTOBER, &provided, &bench->diag));
    must(bench, ledger_provided_of(provided, a, found, 4, &count, &bench->diag));
    assert_int_equal(count, 2);
    assert_int_equal(found[0].key.component, COMPONENT_pension);
    assert_int_equal(found[0].amount_dong, 5000000);
    assert_int_equal(found[0].state, OBLIGATION_INSTRUCTED);
    assert_int_equal(found[0].batch, batch);
    assert_int_equal(found[0].version, 1);
    assert_false(found[0].was_held);
    assert_int_equal(found[1].key.component, COMPONENT_retirement_grant);
    must(bench, ledger_provided_of(provided, b, found, 4, &count, &bench->diag));
    assert_int_equal(count, 0);
    must(bench, ledger_provided_of(provided, c, found, 4, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(found[0].state, OBLIGATION_HELD);
    assert_int_equal(found[0].batch, 0);
    assert_true(found[0].was_held);
    must(bench, ledger_provided_of(provided, c + 1, found, 4, &count, &bench->diag));
    assert_int_equal(count, 0);
    ledger_provided_free(provided);
    must(bench, ledger_obligations_of(bench->ledger, a, OCTOBER, found, 4, &count, &bench->diag));
    assert_int_equal(count, 2);
    assert_int_equal(ledger_obligations_of(bench->ledger, a, OCTOBER, found, 1, &count, &bench->diag), STATUS_LIMIT);
    must(bench, ledger_obligations_of(bench->ledger, a, OCTOBER - 1, found, 4, &count, &bench->diag));
    assert_int_equal(count, 0);
}

static void test_ledger_provided_of_skips_whom_nobody_asks_for(void **state)
{
    struct bench *bench = *state;
    struct ledger_obligation found[1];
    struct ledger_provided *provided = NULL;
    struct ledger_obligation obligation[3];
    size_t count;
    char id[16];

    for (int i = 0; i < 3; i++) {
        snprintf(id, sizeof(id), "A/%d", i);
        obligation[i] = owed(added(bench, row_of(bench, id, (uint64_t)(100 + i))), OCTOBER, COMPONENT_pension, 1000 + i, 1);
    }
    plan_usual(bench, bench->unit[HN], obligation, 3);
    must(bench, ledger_provided_new(bench->ledger, bench->unit[HN], OCTOBER, &provided, &bench->diag));
    must(bench, ledger_provided_of(provided, obligation[2].key.ent, found, 1, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(found[0].amount_dong, 1002);
    ledger_provided_free(provided);
    must(bench, ledger_provided_new(bench->ledger, bench->unit[DN], OCTOBER, &provided, &bench->diag));
    must(bench, ledger_provided_of(provided, obligation[2].key.ent, found, 1, &count, &bench->diag));
    assert_int_equal(count, 0);
    ledger_provided_free(provided);
    must(bench, ledger_provided_new(bench->ledger, bench->unit[HN], OCTOBER, &provided, &bench->diag));
    assert_int_equal(ledger_provided_of(provided, obligation[0].key.ent, found, 0, &count, &bench->diag), STATUS_LIMIT);
    ledger_provided_free(provided);
    ledger_provided_free(NULL);
}

/* The heart of it: whatever the program does, the database takes an obligation once. */
static void test_ledger_plan_store_same_obligation_twice_is_refused(void **state)
{
    struct bench *bench = *state;
    struct digest before;
    struct digest after;

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    int64_t b = added(bench, row_of(bench, "A/2", 200));
    struct ledger_obligation first[] = { owed(a, OCTOBER, COMPONENT_pension, 5000000, 1) };
    plan_usual(bench, bench->unit[HN], first, 1);
    next_run(bench, OCTOBER);
    dump_digest(bench, &before);
    const struct ledger_obligation again[] = { owed(b, OCTOBER, COMPONENT_pension, 4000000, 2),
                                               owed(a, OCTOBER, COMPONENT_pension, 5000000, 2) };
    const struct ledger_batch batch = batch_of(2, bench->unit[HN], "MSG-again");
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = again,
                                      .obligation_count = 2, .batch = &batch, .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_CONFLICT);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
}

static void test_ledger_plan_store_same_unit_twice_in_a_run_is_refused(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_CONFLICT);
    assert_int_equal(plan_nothing(bench, bench->unit[DN]), STATUS_OK);
}

static void test_ledger_plan_store_same_payment_id_or_message_id_is_refused(void **state)
{
    struct bench *bench = *state;
    const struct ledger_batch batch[] = { batch_of(1, bench->unit[HN], "MSG-1"), batch_of(2, bench->unit[HN], "MSG-1") };

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    const struct ledger_payment payment[] = { payment_of(bench, a, 1, "SAMESAMESAMESAMESAMESAME01"),
                                              payment_of(bench, a, 1, "SAMESAMESAMESAMESAMESAME01") };
    struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .payment = payment, .payment_count = 2,
                                .batch = batch, .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_CONFLICT);
    plan.payment_count = 1;
    plan.batch_count = 2;
    assert_int_equal(store(bench, &plan), STATUS_CONFLICT);
    plan.batch_count = 1;
    assert_int_equal(store(bench, &plan), STATUS_OK);
}

static void test_money_by_hand_nothing_unique_can_be_doubled(void **state)
{
    struct bench *bench = *state;
    static const char *const sql[] = {
        "INSERT INTO obligation SELECT * FROM obligation",
        "INSERT INTO obligation(period, ent, comp, seq, amount, batch, version)"
        " SELECT period, ent, comp, seq, 1, NULL, 9 FROM obligation",
        "INSERT INTO payment(end_to_end_id, ent, period, purpose, amount, batch, version, attempt)"
        " SELECT end_to_end_id, NULL, 1, 1, 1, 1, 1, 1 FROM payment",
        "INSERT INTO file(msg_id, batch, generation, state, payments, amount, pay_date, created_at, path)"
        " SELECT msg_id, 99, 1, 0, 1, 1, 1, '', '' FROM file",
        /* a second live generation of a batch, in every live state */
        "INSERT INTO file(msg_id, batch, generation, state, payments, amount, pay_date, created_at, path)"
        " SELECT 'G2', batch, 2, 0, 1, 1, 1, '', '' FROM file",
        "INSERT INTO file(msg_id, batch, generation, state, payments, amount, pay_date, created_at, path)"
        " SELECT 'G2', batch, 2, 6, 1, 1, 1, '', '' FROM file",
        /* the same generation again, live or not */
        "INSERT INTO file(msg_id, batch, generation, state, payments, amount, pay_date, created_at, path)"
        " SELECT 'G1', batch, 1, 10, 1, 1, 1, '', '' FROM file",
        "INSERT INTO batch SELECT batch + 1, run, unit, channel, bank, account, profile, pay_date, part, payments, amount"
        " FROM batch",
        "INSERT INTO batch SELECT batch, run, unit, channel, bank, account, profile, pay_date, part + 1, payments, amount"
        " FROM batch",
        "INSERT INTO funding SELECT unit, pay_month, instalment, run, amount, at_post, payment + 1 FROM funding",
        "INSERT INTO funding SELECT unit, pay_month, instalment + 1, run, amount, at_post, payment FROM funding",
        "INSERT INTO run_unit SELECT * FROM run_unit",
        "INSERT INTO exception SELECT * FROM exception",
        "INSERT INTO figure SELECT * FROM figure",
        "INSERT INTO unit(unit, code, monthly_next, once_next, once_planned)"
        " SELECT unit + 9, code, 1, 1, 1 FROM unit LIMIT 1",
        /* amounts that no transfer can have */
        "UPDATE payment SET amount = 0", "UPDATE payment SET amount = -1", "UPDATE batch SET amount = 0",
        "UPDATE batch SET payments = 0", "UPDATE funding SET amount = 0", "UPDATE funding SET at_post = -1",
    };
    struct digest before;
    struct digest after;

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    struct ledger_obligation obligation[] = { owed(a, OCTOBER, COMPONENT_pension, 5000000, 1),
                                              owed(a, OCTOBER - 1, COMPONENT_arrears, 3000, 1),
                                              owed(a, OCTOBER, COMPONENT_retirement_grant, 7000, 0) };
    const struct ledger_batch batch = batch_of(1, bench->unit[HN], "MSG-1");
    struct ledger_payment payment[] = { payment_of(bench, a, 1, "ARREARSARREARSARREARSARR01"),
                                        payment_of(bench, 0, 1, "FUNDINGFUNDINGFUNDINGFUN01") };
    const struct ledger_funding funding = { OCTOBER, 1, 2, 3000, 0 };
    const struct ledger_figure figure = { "due", 3, 5010000 };
    obligation[1].payment = 1;
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = obligation,
                                      .obligation_count = 3, .payment = payment, .payment_count = 2, .batch = &batch,
                                      .batch_count = 1, .funding = &funding, .funding_count = 1, .figure = &figure,
                                      .figure_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    dump_digest(bench, &before);
    for (size_t i = 0; i < sizeof(sql) / sizeof(sql[0]); i++) {
        if (by_hand(bench, sql[i]) != SQLITE_CONSTRAINT) {
            fail_msg("the database took: %s", sql[i]);
        }
    }
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
    /* A generation that is not live any more makes room for the next. */
    assert_int_equal(by_hand(bench, "UPDATE file SET state = 10;"
                                    "INSERT INTO file(msg_id, batch, generation, state, payments, amount, pay_date,"
                                    " created_at, path) SELECT 'G2', batch, 2, 1, 1, 1, 1, '', '' FROM file"), SQLITE_OK);
}

/* ---- held ---- */

static void test_ledger_held_of_the_unit_in_order(void **state)
{
    struct bench *bench = *state;
    struct ledger_obligation *held = NULL;
    size_t count;
    struct ledger_row row = row_of(bench, "D/1", 900);

    must(bench, ledger_held(bench->ledger, bench->unit[HN], &bench->arena, &held, &count, &bench->diag));
    assert_int_equal(count, 0);
    int64_t a = added(bench, row_of(bench, "A/1", 100));
    int64_t b = added(bench, row_of(bench, "A/2", 200));
    int64_t o = added(bench, once_of(bench, "O/1", 300));
    row.unit = bench->unit[DN];
    int64_t d = added(bench, row);
    struct ledger_obligation obligation[] = { owed(b, OCTOBER, COMPONENT_pension, 2, 0),
                                              owed(a, OCTOBER, COMPONENT_pension, 1, 1),
                                              owed(a, OCTOBER - 1, COMPONENT_arrears, 3, 0),
                                              owed(o, MONTH_ONCE, COMPONENT_relief_grant, 4, 0) };
    obligation[2].reason = "two live ids";
    plan_usual(bench, bench->unit[HN], obligation, 4);
    struct ledger_obligation other[] = { owed(d, OCTOBER, COMPONENT_pension, 5, 0) };
    plan_usual(bench, bench->unit[DN], other, 1);
    must(bench, ledger_held(bench->ledger, bench->unit[HN], &bench->arena, &held, &count, &bench->diag));
    assert_int_equal(count, 3);
    assert_int_equal(held[0].key.ent, a);
    assert_int_equal(held[0].key.period, OCTOBER - 1);
    assert_string_equal(held[0].reason, "two live ids");
    assert_int_equal(held[1].key.ent, b);
    assert_int_equal(held[2].key.ent, o);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(held[i].state, OBLIGATION_HELD);
        assert_true(held[i].was_held);
        assert_int_equal(held[i].batch, 0);
        assert_int_equal(held[i].payment, 0);
    }
    free(held);
}

/* What is held goes with its entitlement to the unit that takes it over. */
static void test_ledger_held_goes_with_the_takeover(void **state)
{
    struct bench *bench = *state;
    struct ledger_obligation *held = NULL;
    size_t count;
    struct ledger_row row = row_of(bench, "A/1", 100);

    struct ledger_obligation obligation = owed(added(bench, row), OCTOBER, COMPONENT_pension, 2, 0);
    plan_usual(bench, bench->unit[HN], &obligation, 1);
    stop(bench, "A/1", 0, KIND_ended, DAY(2026, 11, 1));
    row.unit = bench->unit[DN];
    row.approved_on++;
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);
    must(bench, ledger_held(bench->ledger, bench->unit[HN], &bench->arena, &held, &count, &bench->diag));
    assert_int_equal(count, 0);
    must(bench, ledger_held(bench->ledger, bench->unit[DN], &bench->arena, &held, &count, &bench->diag));
    assert_int_equal(count, 1);
    free(held);
}

static void test_ledger_plan_store_held_becomes_instructed_or_closed(void **state)
{
    struct bench *bench = *state;
    struct ledger_obligation *held = NULL;
    struct ledger_obligation found[2];
    size_t count;
    bool paid = true;

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    int64_t b = added(bench, row_of(bench, "A/2", 200));
    int64_t c = added(bench, row_of(bench, "A/3", 300));
    struct ledger_obligation obligation[] = { owed(a, OCTOBER, COMPONENT_pension, 1, 0),
                                              owed(b, OCTOBER, COMPONENT_pension, 2, 0),
                                              owed(c, OCTOBER, COMPONENT_pension, 3, 0) };
    plan_usual(bench, bench->unit[HN], obligation, 3);
    must(bench, ledger_was_paid(bench->ledger, a, &paid, &bench->diag));
    assert_false(paid);
    next_run(bench, OCTOBER + 1);
    bench->run.created_at[8] = '9';
    must(bench, ledger_held(bench->ledger, bench->unit[HN], &bench->arena, &held, &count, &bench->diag));
    assert_int_equal(count, 3);
    held[0].state = OBLIGATION_INSTRUCTED;
    held[0].amount_dong = 11;
    held[0].payment = 1;
    held[0].batch = 2;
    held[1].state = OBLIGATION_CLOSED;
    held[1].reason = "not due any more";
    const struct ledger_batch batch = batch_of(2, bench->unit[HN], "MSG-2");
    const struct ledger_payment payment = payment_of(bench, a, 2, "HELDHELDHELDHELDHELDHELD01");
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = held,
                                      .obligation_count = 3, .payment = &payment, .payment_count = 1, .batch = &batch,
                                      .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    free(held);
    must(bench, ledger_held(bench->ledger, bench->unit[HN], &bench->arena, &held, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(held[0].key.ent, c);
    free(held);
    /* Held on for the same reason: since when, and by which run, does not move. */
    assert_int_equal(number_of(bench, "SELECT count(*) FROM exception WHERE state = 1 AND run = 1"
                                      " AND at LIKE '2026-10-01%'"), 1);
    must(bench, ledger_obligations_of(bench->ledger, a, OCTOBER, found, 2, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(found[0].state, OBLIGATION_INSTRUCTED);
    assert_int_equal(found[0].amount_dong, 11);
    assert_int_equal(found[0].batch, 2);
    must(bench, ledger_obligations_of(bench->ledger, b, OCTOBER, found, 2, &count, &bench->diag));
    assert_int_equal(found[0].state, OBLIGATION_CLOSED);
    must(bench, ledger_was_paid(bench->ledger, a, &paid, &bench->diag));
    assert_true(paid);
    must(bench, ledger_was_paid(bench->ledger, b, &paid, &bench->diag));
    assert_false(paid);
}

static void test_ledger_was_paid_in_any_period(void **state)
{
    struct bench *bench = *state;
    bool paid = true;

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    int64_t b = added(bench, row_of(bench, "A/2", 200));
    int64_t o = added(bench, once_of(bench, "O/1", 300));
    must(bench, ledger_was_paid(bench->ledger, a, &paid, &bench->diag));
    assert_false(paid);
    for (int i = 0; i < 3; i++) {
        struct ledger_obligation obligation[] = { owed(i == 1 ? a : b, OCTOBER + i, COMPONENT_pension, 5, 1),
                                                  owed(o, MONTH_ONCE, COMPONENT_relief_grant, 5, 1) };
        plan_usual(bench, bench->unit[HN], obligation, i == 0 ? 2 : 1);
        next_run(bench, OCTOBER + i + 1);
    }
    must(bench, ledger_was_paid(bench->ledger, a, &paid, &bench->diag));
    assert_true(paid);
    must(bench, ledger_was_paid(bench->ledger, o, &paid, &bench->diag));
    assert_true(paid);
    must(bench, ledger_was_paid(bench->ledger, a + 77, &paid, &bench->diag));
    assert_false(paid);
}

/* ---- funding, figures, events ---- */

static void test_ledger_funding_next_counts_instalments(void **state)
{
    struct bench *bench = *state;
    int instalment = 0;

    must(bench, ledger_funding_next(bench->ledger, bench->unit[HN], OCTOBER, &instalment, &bench->diag));
    assert_int_equal(instalment, 1);
    const struct ledger_batch batch = batch_of(1, bench->unit[HN], "MSG-1");
    const struct ledger_payment payment = payment_of(bench, 0, 1, "FUNDINGFUNDINGFUNDINGFUN01");
    const struct ledger_funding funding = { OCTOBER, 1, 1, 3000, 0 };
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .payment = &payment,
                                      .payment_count = 1, .batch = &batch, .batch_count = 1, .funding = &funding,
                                      .funding_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    must(bench, ledger_funding_next(bench->ledger, bench->unit[HN], OCTOBER, &instalment, &bench->diag));
    assert_int_equal(instalment, 2);
    must(bench, ledger_funding_next(bench->ledger, bench->unit[HN], OCTOBER + 1, &instalment, &bench->diag));
    assert_int_equal(instalment, 1);
    must(bench, ledger_funding_next(bench->ledger, bench->unit[DN], OCTOBER, &instalment, &bench->diag));
    assert_int_equal(instalment, 1);
}

static void test_ledger_figures_add_up_the_units(void **state)
{
    struct bench *bench = *state;
    const struct ledger_figure hn[] = { { "due", 3, 300 }, { "held", 1, 100 } };
    const struct ledger_figure dn[] = { { "due", 4, 400 } };
    struct ledger_figure sum[] = { { "held", 7, 7 }, { "due", 7, 7 }, { "closed", 7, 7 } };
    struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .figure = hn, .figure_count = 2 };

    assert_int_equal(store(bench, &plan), STATUS_OK);
    plan.unit = bench->unit[DN];
    plan.figure = dn;
    plan.figure_count = 1;
    assert_int_equal(store(bench, &plan), STATUS_OK);
    must(bench, ledger_figures(bench->ledger, bench->run.run, sum, 3, &bench->diag));
    assert_int_equal(sum[0].count, 1);
    assert_int_equal(sum[0].amount_dong, 100);
    assert_int_equal(sum[1].count, 7);
    assert_int_equal(sum[1].amount_dong, 700);
    assert_int_equal(sum[2].count, 0);
    assert_int_equal(sum[2].amount_dong, 0);
}

static void test_ledger_plan_store_adds_the_event_with_the_rows_digest(void **state)
{
    struct bench *bench = *state;
    uint64_t count;

    struct ledger_obligation a = owed(added(bench, row_of(bench, "A/1", 100)), OCTOBER, COMPONENT_pension, 1, 1);
    plan_usual(bench, bench->unit[HN], &a, 1);
    assert_int_equal(plan_nothing(bench, bench->unit[DN]), STATUS_OK);
    must(bench, ledger_event_check(bench->ledger, &count, &bench->diag));
    assert_int_equal(count, 2);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event e JOIN unit u ON u.code = e.unit JOIN run_unit r"
                                      " ON r.unit = u.unit WHERE e.kind = 'unit.planned' AND e.subject = '1'"), 2);
    assert_int_equal(number_of(bench, "SELECT count(DISTINCT digest) FROM event"), 2);
}

static void test_obligation_state_name(void **state)
{
    (void)state;
    assert_string_equal(obligation_state_name(OBLIGATION_INSTRUCTED), "instructed");
    assert_string_equal(obligation_state_name(OBLIGATION_HELD), "held");
    assert_string_equal(obligation_state_name(OBLIGATION_OFFSET), "offset");
    assert_string_equal(obligation_state_name(OBLIGATION_CLOSED), "closed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_plan_store_rows_are_provided),
        BENCH_TEST(test_ledger_provided_of_skips_whom_nobody_asks_for),
        BENCH_TEST(test_ledger_plan_store_same_obligation_twice_is_refused),
        BENCH_TEST(test_ledger_plan_store_same_unit_twice_in_a_run_is_refused),
        BENCH_TEST(test_ledger_plan_store_same_payment_id_or_message_id_is_refused),
        BENCH_TEST(test_money_by_hand_nothing_unique_can_be_doubled),
        BENCH_TEST(test_ledger_held_of_the_unit_in_order),
        BENCH_TEST(test_ledger_held_goes_with_the_takeover),
        BENCH_TEST(test_ledger_plan_store_held_becomes_instructed_or_closed),
        BENCH_TEST(test_ledger_was_paid_in_any_period),
        BENCH_TEST(test_ledger_funding_next_counts_instalments),
        BENCH_TEST(test_ledger_figures_add_up_the_units),
        BENCH_TEST(test_ledger_plan_store_adds_the_event_with_the_rows_digest),
        cmocka_unit_test(test_obligation_state_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
