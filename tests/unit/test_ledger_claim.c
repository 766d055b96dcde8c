/* claim.c: is what people have to give back recorded once for each period, and never more settled than owed? */
#include "test_ledger_support.h"

static void keep(struct bench *bench, struct ledger_receivable receivable)
{
    begin(bench);
    must(bench, ledger_receivables_store(bench->ledger, bench->run.run, &receivable, 1, &bench->diag));
    commit(bench);
}

static void test_ledger_receivables_store_by_entitlement_and_period(void **state)
{
    struct bench *bench = *state;
    struct ledger_receivable found[3];
    size_t count;

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    int64_t b = added(bench, row_of(bench, "A/2", 200));
    must(bench, ledger_receivables_of(bench->ledger, a, found, 3, &count, &bench->diag));
    assert_int_equal(count, 0);
    keep(bench, (struct ledger_receivable){ a, OCTOBER, RECEIVABLE_RECALCULATED, 5000, 0 });
    keep(bench, (struct ledger_receivable){ b, OCTOBER, RECEIVABLE_DEATH, 9000, 0 });
    keep(bench, (struct ledger_receivable){ a, MONTH_ONCE, RECEIVABLE_RECALCULATED, 70, 70 });
    must(bench, ledger_receivables_of(bench->ledger, a, found, 3, &count, &bench->diag));
    assert_int_equal(count, 2);
    assert_int_equal(found[0].period, MONTH_ONCE);
    assert_int_equal(found[0].settled_dong, 70);
    assert_int_equal(found[1].period, OCTOBER);
    assert_int_equal(found[1].ent, a);
    assert_int_equal(found[1].amount_dong, 5000);
    assert_int_equal(found[1].cause, RECEIVABLE_RECALCULATED);
    assert_int_equal(ledger_receivables_of(bench->ledger, a, found, 1, &count, &bench->diag), STATUS_LIMIT);
    must(bench, ledger_receivables_of(bench->ledger, b, found, 3, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(found[0].cause, RECEIVABLE_DEATH);
}

/* A later run changes what is recorded; the run that opened it stays. */
static void test_ledger_receivables_store_again_replaces(void **state)
{
    struct bench *bench = *state;
    struct ledger_receivable found[3];
    size_t count;

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    keep(bench, (struct ledger_receivable){ a, OCTOBER, RECEIVABLE_RECALCULATED, 5000, 0 });
    int64_t opened = bench->run.run;
    next_run(bench, OCTOBER + 1);
    keep(bench, (struct ledger_receivable){ a, OCTOBER, RECEIVABLE_DEATH, 6000, 1500 });
    must(bench, ledger_receivables_of(bench->ledger, a, found, 3, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(found[0].amount_dong, 6000);
    assert_int_equal(found[0].settled_dong, 1500);
    assert_int_equal(found[0].cause, RECEIVABLE_DEATH);
    assert_int_equal(number_of(bench, "SELECT run FROM receivable"), opened);
}

static void test_receivable_by_hand_is_kept_sound(void **state)
{
    struct bench *bench = *state;

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    keep(bench, (struct ledger_receivable){ a, OCTOBER, RECEIVABLE_RECALCULATED, 5000, 0 });
    assert_int_equal(by_hand(bench, "INSERT INTO receivable SELECT * FROM receivable"), SQLITE_CONSTRAINT);
    assert_int_equal(by_hand(bench, "UPDATE receivable SET settled = 5001"), SQLITE_CONSTRAINT);
    assert_int_equal(by_hand(bench, "UPDATE receivable SET settled = -1"), SQLITE_CONSTRAINT);
    assert_int_equal(by_hand(bench, "UPDATE receivable SET amount = 0"), SQLITE_CONSTRAINT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_receivables_store_by_entitlement_and_period),
        BENCH_TEST(test_ledger_receivables_store_again_replaces),
        BENCH_TEST(test_receivable_by_hand_is_kept_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
