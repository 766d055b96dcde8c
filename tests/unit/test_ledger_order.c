/* order.c: is an order taken once for ever, and does the ledger know what became of it? */
#include "test_ledger_support.h"

#include "chitra/ledger_order.h"

static struct ledger_order_row order_of(const char *order_id, const char *id, int kind, int64_t amount_dong)
{
    return (struct ledger_order_row){ .line = 2, .order_id = span_of(order_id), .id = span_of(id), .kind = kind,
                                      .amount_dong = amount_dong, .from = OCTOBER, .to = MONTH_NONE,
                                      .creditor_name = span_of("Chi cục"), .creditor_bank = span_of("970405"),
                                      .creditor_account = span_of("1480201000003"), .reference = SPAN_EMPTY,
                                      .reason = SPAN_EMPTY };
}

static struct ledger_outcome take(struct bench *bench, struct ledger_order_row row)
{
    struct ledger_outcome outcome;

    begin(bench);
    must(bench, ledger_orders(bench->ledger, &bench->source, &row, 1, &outcome, &bench->diag));
    commit(bench);
    return outcome;
}

static size_t orders_of(struct bench *bench, const char *id, month_t period, struct ledger_order order[LEDGER_ORDERS_MAX])
{
    size_t count = 99;

    must(bench, ledger_orders_of(bench->ledger, ent_of(bench, id), period, order, &count, &bench->diag));
    return count;
}

static void test_ledger_orders_are_unique_for_ever(void **state)
{
    struct bench *bench = *state;
    struct ledger_order order[LEDGER_ORDERS_MAX];
    struct ledger_order_row row = order_of("D/1", "A/1", KIND_deduction, 5000);

    assert_int_equal(take(bench, row).verdict, LEDGER_REJECTED);    /* of whom? */
    added(bench, row_of(bench, "A/1", 100));
    added(bench, row_of(bench, "A/2", 200));
    row.to = OCTOBER + 3;
    row.monthly_limit_dong = 700;
    row.agreed = true;
    row.reason = span_of("agreed");
    assert_int_equal(take(bench, row).verdict, LEDGER_APPLIED);
    assert_int_equal(take(bench, row).verdict, LEDGER_UNCHANGED);
    assert_int_equal(entitlement_of(bench, "A/1").flags, ENTITLEMENT_ORDERED | ENTITLEMENT_TOUCHED);
    assert_int_equal(entitlement_of(bench, "A/2").flags, 0);
    assert_int_equal(orders_of(bench, "A/2", OCTOBER, order), 0);
    assert_int_equal(orders_of(bench, "A/1", OCTOBER, order), 1);
    assert_string_equal(order[0].order_id, "D/1");
    assert_int_equal(order[0].kind, KIND_deduction);
    assert_int_equal(order[0].amount_dong, 5000);
    assert_int_equal(order[0].from, OCTOBER);
    assert_int_equal(order[0].to, OCTOBER + 3);
    assert_int_equal(order[0].monthly_limit_dong, 700);
    assert_true(order[0].agreed);
    assert_string_equal(order[0].creditor_name, "Chi cục");
    assert_string_equal(order[0].creditor_bank, "970405");
    assert_string_equal(order[0].creditor_account, "1480201000003");
    assert_int_equal(order[0].done_dong, 0);
}

/* Whatever column differs, it is another order. */
static void test_ledger_orders_another_content_is_rejected(void **state)
{
    struct bench *bench = *state;
    struct ledger_order_row row = order_of("D/1", "A/1", KIND_deduction, 5000);
    struct ledger_order_row other[12];

    added(bench, row_of(bench, "A/1", 100));
    added(bench, row_of(bench, "A/2", 200));
    assert_int_equal(take(bench, row).verdict, LEDGER_APPLIED);
    for (size_t i = 0; i < 12; i++) {
        other[i] = row;
    }
    other[0].id = span_of("A/2");
    other[1].kind = KIND_recovery;
    other[2].amount_dong++;
    other[3].from++;
    other[4].to = OCTOBER;
    other[5].monthly_limit_dong = 1;
    other[6].agreed = true;
    other[7].creditor_name = span_of("Chi cuc");
    other[8].creditor_bank = SPAN_EMPTY;
    other[9].creditor_account = span_of("1");
    other[10].reference = span_of("1");
    other[11].reason = span_of("1");
    for (size_t i = 0; i < 12; i++) {
        struct ledger_outcome outcome = take(bench, other[i]);
        if (outcome.verdict != LEDGER_REJECTED) {
            fail_msg("content %zu was taken", i);
        }
        assert_string_equal(outcome.column, "order_id");
    }
    assert_int_equal(number_of(bench, "SELECT count(*) FROM orders"), 1);
}

/* What a plan made of it counts, held or paid, until it is closed; of a deduction the creditor's half. */
static void test_ledger_orders_of_done_by_what_is_not_closed(void **state)
{
    struct bench *bench = *state;
    struct ledger_order order[LEDGER_ORDERS_MAX];
    struct ledger_obligation found[4];
    size_t count;

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    take(bench, order_of("D/1", "A/1", KIND_deduction, 5000));
    take(bench, order_of("R/1", "A/1", KIND_recovery, 900));
    assert_int_equal(orders_of(bench, "A/1", OCTOBER, order), 2);
    struct ledger_obligation obligation[] = { owed(a, OCTOBER, COMPONENT_pension, 9000, 1),
                                              owed(a, OCTOBER, COMPONENT_deduction, -2000, 1),
                                              owed(a, OCTOBER, COMPONENT_deduction, 2000, 0),
                                              owed(a, OCTOBER, COMPONENT_recovery, -300, 1) };
    obligation[2].key.seq = 1;
    obligation[1].order = obligation[2].order = order[0].order;
    obligation[3].order = order[1].order;
    plan_usual(bench, bench->unit[HN], obligation, 4);
    assert_int_equal(orders_of(bench, "A/1", OCTOBER, order), 2);
    assert_int_equal(order[0].done_dong, 2000);
    assert_int_equal(order[0].month_dong, 2000);
    assert_int_equal(order[1].done_dong, 300);
    orders_of(bench, "A/1", OCTOBER + 1, order);
    assert_int_equal(order[0].done_dong, 2000);
    assert_int_equal(order[0].month_dong, 0);
    must(bench, ledger_obligations_of(bench->ledger, a, OCTOBER, found, 4, &count, &bench->diag));
    assert_int_equal(count, 4);
    assert_int_equal(found[0].order, 0);
    assert_int_equal(found[1].order, order[1].order);   /* in the order of the components: recovery, deduction */
    assert_int_equal(found[2].order, order[0].order);
    assert_int_equal(by_hand(bench, "UPDATE exception SET state = 3"), SQLITE_OK);
    orders_of(bench, "A/1", OCTOBER, order);
    assert_int_equal(order[0].done_dong, 0);
    assert_int_equal(order[1].done_dong, 300);
}

/* What took the place of a deduction has done what that one did; a place is taken once, and by a deduction of the same. */
static void test_ledger_orders_take_a_place_once(void **state)
{
    struct bench *bench = *state;
    struct ledger_order order[LEDGER_ORDERS_MAX];
    struct ledger_order_row row = order_of("D/2", "A/1", KIND_deduction, 5000);

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    added(bench, row_of(bench, "A/2", 200));
    take(bench, order_of("D/1", "A/1", KIND_deduction, 5000));
    take(bench, order_of("R/1", "A/1", KIND_recovery, 900));
    take(bench, order_of("D/9", "A/2", KIND_deduction, 900));
    orders_of(bench, "A/1", OCTOBER, order);
    struct ledger_obligation obligation[] = { owed(a, OCTOBER, COMPONENT_deduction, -2000, 1),
                                              owed(a, OCTOBER, COMPONENT_deduction, 2000, 1) };
    obligation[1].key.seq = 1;
    obligation[0].order = obligation[1].order = order[0].order;
    plan_usual(bench, bench->unit[HN], obligation, 2);
    static const char *const wrong[] = { "D/7", "R/1", "D/9" };
    for (size_t i = 0; i < 3; i++) {
        row.replaces = span_of(wrong[i]);
        assert_string_equal(take(bench, row).reason, "the entitlement has no such deduction");
    }
    row.replaces = span_of("D/1");
    row.creditor_account = span_of("1480201000004");
    assert_int_equal(take(bench, row).verdict, LEDGER_APPLIED);
    assert_int_equal(take(bench, row).verdict, LEDGER_UNCHANGED);
    row.order_id = span_of("D/3");
    assert_string_equal(take(bench, row).reason, "another order has taken its place already");
    row.replaces = span_of("D/2");
    assert_int_equal(take(bench, row).verdict, LEDGER_APPLIED);
    assert_int_equal(orders_of(bench, "A/1", OCTOBER, order), 4);
    assert_string_equal(order[3].order_id, "D/3");
    assert_int_equal(order[3].done_dong, 2000);
    assert_int_equal(order[3].month_dong, 2000);
    assert_int_equal(order[3].replaced_by, 0);
    assert_int_equal(order[0].replaced_by, order[2].order);
    assert_int_equal(order[2].replaced_by, order[3].order);
    assert_int_equal(order[1].done_dong, 0);
    /* Another content: another place. */
    row.replaces = SPAN_EMPTY;
    assert_string_equal(take(bench, row).reason, "the order is known with another content");
}

/* A creditor's payment is instructed to the creditor, whatever becomes of the beneficiary's account. */
static void test_ledger_instructions_creditor_of_an_order(void **state)
{
    struct bench *bench = *state;
    struct ledger_order order[LEDGER_ORDERS_MAX];
    struct ledger_instructions *it = NULL;
    struct ledger_instruction found;
    bool more = false;
    struct ledger_order_row row = order_of("D/1", "A/1", KIND_deduction, 5000);

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    row.reference = span_of("QĐ 118");
    take(bench, row);
    orders_of(bench, "A/1", OCTOBER, order);
    struct ledger_obligation obligation = owed(a, OCTOBER, COMPONENT_deduction, 2000, 1);
    struct ledger_payment payment = payment_of(bench, a, 1, "DEDUCTIONDEDUCTIONDEDUCT01");
    const struct ledger_batch batch = batch_of(1, bench->unit[HN], "MSG-1");
    obligation.order = payment.order = order[0].order;
    obligation.payment = 1;
    payment.purpose = COMPONENT_deduction;
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = &obligation,
                                      .obligation_count = 1, .payment = &payment, .payment_count = 1, .batch = &batch,
                                      .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    struct ledger_correction correction = correction_of("A/1", 0, DAY(2026, 10, 9));
    correction.channel = CHANNEL_cash;
    correction.bank = span_of("POINT-1");
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
    must(bench, ledger_instructions_new(bench->ledger, bench->run.run, bench->unit[HN], NULL, &it, &bench->diag));
    must(bench, ledger_instructions_next(it, &found, &more, &bench->diag));
    assert_true(more);
    assert_true(span_is(found.name, "Chi cục") && span_is(found.bank, "970405"));
    assert_true(span_is(found.account, "1480201000003") && span_is(found.reference, "QĐ 118"));
    assert_int_equal(found.payee_name.size, 0);
    assert_int_equal(found.channel, CHANNEL_bank);
    assert_int_equal(found.purpose, COMPONENT_deduction);
    ledger_instructions_free(it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_orders_are_unique_for_ever),
        BENCH_TEST(test_ledger_orders_another_content_is_rejected),
        BENCH_TEST(test_ledger_orders_of_done_by_what_is_not_closed),
        BENCH_TEST(test_ledger_orders_take_a_place_once),
        BENCH_TEST(test_ledger_instructions_creditor_of_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
