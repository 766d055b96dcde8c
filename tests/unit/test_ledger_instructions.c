/* instructions.c: does a file carry what was planned for it, to whom it was planned? */
#include "test_ledger_support.h"

static size_t instructions_over(struct bench *bench, int64_t run, int unit, const struct ledger_kept *kept,
                                struct ledger_instruction *found, size_t max)
{
    struct ledger_instructions *it = NULL;
    struct ledger_instruction one;
    bool more = true;
    size_t count = 0;

    must(bench, ledger_instructions_new(bench->ledger, run, unit, kept, &it, &bench->diag));
    while (more) {
        must(bench, ledger_instructions_next(it, &one, &more, &bench->diag));
        if (more) {
            assert_true(count < max);
            one.id = arena_copy(&bench->arena, one.id);
            one.name = arena_copy(&bench->arena, one.name);
            one.bank = arena_copy(&bench->arena, one.bank);
            one.account = arena_copy(&bench->arena, one.account);
            one.payee_name = arena_copy(&bench->arena, one.payee_name);
            one.facts = arena_copy(&bench->arena, one.facts);
            found[count++] = one;
        }
    }
    ledger_instructions_free(it);
    return count;
}

static size_t instructions_of(struct bench *bench, int64_t run, int unit, struct ledger_instruction *found, size_t max)
{
    return instructions_over(bench, run, unit, NULL, found, max);
}

static void test_ledger_instructions_in_the_order_of_the_files(void **state)
{
    struct bench *bench = *state;
    struct ledger_instruction found[8];
    char expected[PAYMENT_ID_BYTES];
    struct ledger_instructions *it = NULL;

    int64_t o = added(bench, once_of(bench, "O/1", 300));
    int64_t a = added(bench, row_of(bench, "A/1", 100));
    int64_t b = added(bench, row_of(bench, "A/2", 200));
    struct ledger_obligation obligation[] = { owed(b, OCTOBER, COMPONENT_pension, 2, 1),
                                              owed(o, MONTH_ONCE, COMPONENT_relief_grant, 4, 1),
                                              owed(a, OCTOBER, COMPONENT_pension, 1, 1),
                                              owed(a, OCTOBER - 1, COMPONENT_arrears, 3000, 1),
                                              owed(b, OCTOBER, COMPONENT_retirement_grant, 9, 0) };
    const struct ledger_batch batch = batch_of(1, bench->unit[HN], "MSG-1");
    const struct ledger_payment payment[] = { payment_of(bench, 0, 1, "FUNDINGFUNDINGFUNDINGFUN01"),
                                              payment_of(bench, a, 1, "ARREARSARREARSARREARSARR01") };
    obligation[3].payment = 2;
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = obligation,
                                      .obligation_count = 5, .payment = payment, .payment_count = 2, .batch = &batch,
                                      .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    assert_int_equal(instructions_of(bench, bench->run.run, bench->unit[HN], found, 8), 5);
    assert_true(span_is(found[0].id, "A/1"));
    assert_int_equal(found[0].amount_dong, 1);
    assert_int_equal(found[0].batch, 1);
    assert_int_equal(found[0].period, OCTOBER);
    assert_int_equal(found[0].purpose, COMPONENT_pension);
    assert_int_equal(found[0].benefit, BENEFIT_pension);
    assert_int_equal(found[0].channel, CHANNEL_bank);
    assert_true(span_is(found[0].bank, "970436") && span_is(found[0].account, "0011000000001"));
    payment_id_of(span_of("A/1"), &obligation[2].key, 1, 0, expected);
    assert_string_equal(found[0].payment_id, expected);
    assert_true(span_is(found[1].id, "A/2"));
    assert_true(span_is(found[2].id, "O/1"));
    assert_int_equal(found[2].period, OCTOBER);     /* a one-off is paid in the run's period */
    payment_id_of(span_of("O/1"), &obligation[1].key, 1, 0, expected);
    assert_string_equal(found[2].payment_id, expected);
    assert_string_equal(found[3].payment_id, "ARREARSARREARSARREARSARR01");
    assert_int_equal(found[3].purpose, COMPONENT_arrears);
    assert_true(span_is(found[3].id, "A/1"));
    assert_string_equal(found[4].payment_id, "FUNDINGFUNDINGFUNDINGFUN01");
    assert_int_equal(found[4].benefit, BENEFIT_none);
    assert_int_equal(found[4].id.size + found[4].name.size + found[4].account.size, 0);
    assert_int_equal(ledger_instructions_new(bench->ledger, bench->run.run, bench->unit[DN], NULL, &it, &bench->diag),
                     STATUS_LEDGER);
    assert_null(it);
    ledger_instructions_free(NULL);
}

/* One payment of several obligations of the month is instructed once, as itself. */
static void test_ledger_instructions_of_a_payment_of_several_come_once(void **state)
{
    struct bench *bench = *state;
    struct ledger_instruction found[4];

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    struct ledger_obligation obligation[] = { owed(a, OCTOBER, COMPONENT_pension, 1000, 1),
                                              owed(a, OCTOBER, COMPONENT_retirement_grant, 2000, 1) };
    const struct ledger_batch batch = batch_of(1, bench->unit[HN], "MSG-1");
    struct ledger_payment payment = payment_of(bench, a, 1, "SEVERALSEVERALSEVERALSEV01");
    obligation[0].payment = obligation[1].payment = 1;
    payment.purpose = COMPONENT_pension;
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = obligation,
                                      .obligation_count = 2, .payment = &payment, .payment_count = 1, .batch = &batch,
                                      .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    assert_int_equal(instructions_of(bench, bench->run.run, bench->unit[HN], found, 4), 1);
    assert_int_equal(found[0].amount_dong, 3000);
    assert_string_equal(found[0].payment_id, "SEVERALSEVERALSEVERALSEV01");
    assert_int_equal(found[0].purpose, COMPONENT_pension);
}

/* A run's files hold what that run instructed, and nothing of another run of the same period. */
static void test_ledger_instructions_of_a_supplementary_run_are_its_own(void **state)
{
    struct bench *bench = *state;
    struct ledger_instruction found[4];

    int64_t first = bench->run.run;
    struct ledger_row row = row_of(bench, "D/1", 900);
    row.unit = bench->unit[DN];
    struct ledger_obligation of_dn = owed(added(bench, row), OCTOBER, COMPONENT_pension, 7, 1);
    struct ledger_obligation a = owed(added(bench, row_of(bench, "A/1", 100)), OCTOBER, COMPONENT_pension, 1, 1);
    struct ledger_obligation o = owed(added(bench, once_of(bench, "O/1", 300)), MONTH_ONCE, COMPONENT_relief_grant, 2, 1);
    struct ledger_obligation both[] = { a, o };
    plan_usual(bench, bench->unit[HN], both, 2);
    plan_usual(bench, bench->unit[DN], &of_dn, 1);
    next_run(bench, OCTOBER);
    struct ledger_obligation b = owed(added(bench, row_of(bench, "A/2", 200)), OCTOBER, COMPONENT_pension, 3, 1);
    struct ledger_obligation p = owed(added(bench, once_of(bench, "O/2", 400)), MONTH_ONCE, COMPONENT_relief_grant, 4, 1);
    struct ledger_obligation later[] = { b, p };
    plan_usual(bench, bench->unit[HN], later, 2);
    assert_int_equal(instructions_of(bench, first, bench->unit[HN], found, 4), 2);
    assert_int_equal(found[0].amount_dong + found[1].amount_dong, 3);
    assert_int_equal(instructions_of(bench, bench->run.run, bench->unit[HN], found, 4), 2);
    assert_int_equal(found[0].amount_dong + found[1].amount_dong, 7);
    assert_int_equal(instructions_of(bench, first, bench->unit[DN], found, 4), 1);
    next_run(bench, OCTOBER);
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    assert_int_equal(instructions_of(bench, bench->run.run, bench->unit[HN], found, 4), 0);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM run_unit WHERE batch_last < batch_first"), 1);
}

/* A correction after the plan: the file is still written with the payee of the plan. */
static void test_ledger_instructions_keep_the_payee_of_the_plan(void **state)
{
    struct bench *bench = *state;
    struct ledger_instruction found[2];
    struct ledger_row row = row_of(bench, "A/1", 100);
    struct ledger_correction correction = correction_of("A/1", 0, DAY(2026, 9, 2));

    row.channel = CHANNEL_cash;
    row.bank = span_of("HN-001");
    row.citizen = 1060000001;
    struct ledger_obligation a = owed(added(bench, row), OCTOBER, COMPONENT_pension, 1, 1);
    plan_usual(bench, bench->unit[HN], &a, 1);
    int64_t first = bench->run.run;
    assert_int_equal(instructions_of(bench, first, bench->unit[HN], found, 2), 1);
    assert_int_equal(found[0].citizen, 1060000001);
    correction.channel = CHANNEL_bank;
    correction.bank = span_of("970418");
    correction.account = span_of("999");
    correction.payee_name = span_of("Lê Thị Nhận");
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
    assert_int_equal(instructions_of(bench, first, bench->unit[HN], found, 2), 1);
    assert_int_equal(found[0].channel, CHANNEL_cash);
    assert_true(span_is(found[0].bank, "HN-001") && span_is(found[0].account, "0011000000001"));
    assert_int_equal(found[0].payee_name.size, 0);
    assert_int_equal(found[0].citizen, 1060000001);
    next_run(bench, OCTOBER + 1);
    a = owed(ent_of(bench, "A/1"), OCTOBER + 1, COMPONENT_pension, 1, 1);
    a.version = 2;
    plan_usual(bench, bench->unit[HN], &a, 1);
    assert_int_equal(instructions_of(bench, bench->run.run, bench->unit[HN], found, 2), 1);
    assert_int_equal(found[0].channel, CHANNEL_bank);
    assert_true(span_is(found[0].bank, "970418") && span_is(found[0].payee_name, "Lê Thị Nhận"));
    assert_int_equal(found[0].citizen, 0);
    correction = correction_of("A/1", 0, DAY(2026, 9, 3));
    correction.channel = CHANNEL_cash;      /* and the other way round */
    correction.bank = span_of("HN-001");
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
    assert_int_equal(instructions_of(bench, bench->run.run, bench->unit[HN], found, 2), 1);
    assert_int_equal(found[0].channel, CHANNEL_bank);
    assert_int_equal(found[0].citizen, 0);
}

/* Keeps usual payments as a plan does, while it passes over the unit. */
static struct ledger_kept *kept_of(struct bench *bench, int unit, const struct ledger_obligation *obligation, size_t count)
{
    struct ledger_kept *kept = ledger_kept_new(bench->run.run, unit);
    struct ledger_scan *scan = NULL;
    struct ledger_entitlement entitlement;
    bool more = true;

    must(bench, ledger_scan_new(bench->ledger, unit, false, &scan, &bench->diag));
    while (more) {
        must(bench, ledger_scan_next(scan, &entitlement, &more, &bench->diag));
        for (size_t i = 0; i < count && more; i++) {
            if (obligation[i].key.ent == entitlement.ent && obligation[i].payment == 0) {
                ledger_kept_add(kept, &entitlement, &obligation[i]);
            }
        }
    }
    ledger_scan_free(scan);
    return kept;
}

static void assert_same_text(struct span a, struct span b)
{
    assert_true(span_equal(a, b));
}

static void assert_same_instruction(const struct ledger_instruction *a, const struct ledger_instruction *b)
{
    assert_int_equal(a->batch, b->batch);
    assert_int_equal(a->amount_dong, b->amount_dong);
    assert_string_equal(a->payment_id, b->payment_id);
    assert_int_equal(a->benefit, b->benefit);
    assert_int_equal(a->purpose, b->purpose);
    assert_int_equal(a->period, b->period);
    assert_int_equal(a->citizen, b->citizen);
    assert_int_equal(a->channel, b->channel);
    assert_same_text(a->id, b->id);
    assert_same_text(a->name, b->name);
    assert_same_text(a->bank, b->bank);
    assert_same_text(a->account, b->account);
    assert_same_text(a->payee_name, b->payee_name);
    assert_same_text(a->facts, b->facts);
    assert_same_text(a->reference, b->reference);
}

/* From memory or from the ledger: a file is the same. */
static void test_ledger_instructions_kept_are_those_of_the_ledger(void **state)
{
    struct bench *bench = *state;
    struct ledger_instruction found[8];
    struct ledger_instruction kept_found[8];
    struct ledger_row cash = row_of(bench, "A/2", 200);
    struct ledger_row other = row_of(bench, "A/3", 300);
    struct ledger_row once = once_of(bench, "O/1", 400);

    cash.channel = CHANNEL_cash;
    cash.bank = span_of("HN-001");
    cash.account = SPAN_EMPTY;
    cash.citizen = 1060000001;
    other.payee_name = span_of("Lê Thị Nhận");
    other.citizen = 1060000002;
    once.channel = CHANNEL_wallet;
    int64_t o = added(bench, once);
    int64_t a = added(bench, row_of(bench, "A/1", 100));
    int64_t c = added(bench, cash);
    int64_t p = added(bench, other);
    struct ledger_obligation obligation[] = { owed(a, OCTOBER, COMPONENT_pension, 1, 1),
                                              owed(a, OCTOBER, COMPONENT_retirement_grant, 2, 2),
                                              owed(a, OCTOBER - 1, COMPONENT_arrears, 3000, 1),
                                              owed(c, OCTOBER, COMPONENT_pension, 4, 3),
                                              owed(p, OCTOBER, COMPONENT_pension, INT64_C(5000000000), 1),
                                              owed(o, MONTH_ONCE, COMPONENT_relief_grant, 6, 2) };
    const struct ledger_batch batch[] = { batch_of(1, bench->unit[HN], "MSG-1"), batch_of(2, bench->unit[HN], "MSG-2"),
                                          batch_of(3, bench->unit[HN], "MSG-3") };
    const struct ledger_payment payment[] = { payment_of(bench, a, 1, "ARREARSARREARSARREARSARR01") };
    obligation[2].payment = 1;
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = obligation,
                                      .obligation_count = 6, .payment = payment, .payment_count = 1, .batch = batch,
                                      .batch_count = 3 };
    struct ledger_kept *kept = kept_of(bench, bench->unit[HN], obligation, 6);
    assert_int_equal(store(bench, &plan), STATUS_OK);
    assert_int_equal(instructions_of(bench, bench->run.run, bench->unit[HN], found, 8), 6);
    assert_int_equal(instructions_over(bench, bench->run.run, bench->unit[HN], kept, kept_found, 8), 6);
    for (size_t i = 0; i < 6; i++) {
        assert_same_instruction(&kept_found[i], &found[i]);
    }
    assert_true(span_is(found[2].bank, "HN-001") && found[2].citizen == 1060000001 && found[2].facts.size > 0);
    assert_true(found[3].citizen == 0 && span_is(found[3].payee_name, "Lê Thị Nhận"));
    assert_true(ledger_kept_is_of(kept, bench->run.run, bench->unit[HN]));
    assert_false(ledger_kept_is_of(kept, bench->run.run, bench->unit[DN]));
    assert_false(ledger_kept_is_of(kept, bench->run.run + 1, bench->unit[HN]));
    assert_true(ledger_kept_bytes(kept) > 0);
    ledger_kept_free(kept);
    ledger_kept_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_instructions_in_the_order_of_the_files),
        BENCH_TEST(test_ledger_instructions_of_a_payment_of_several_come_once),
        BENCH_TEST(test_ledger_instructions_of_a_supplementary_run_are_its_own),
        BENCH_TEST(test_ledger_instructions_keep_the_payee_of_the_plan),
        BENCH_TEST(test_ledger_instructions_kept_are_those_of_the_ledger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
