/* scan.c and what is settled: does a pass bring everybody who may be due, and nobody twice? */
#include "test_ledger_support.h"

/* In place of a month: the scan of a plan under another law. */
#define EVERYBODY (MONTH_NONE + 1)

/* What a scan gives (of a plan, or of a month), as ids with commas. */
static void scan_ids(struct bench *bench, int unit, month_t month, char *ids, size_t size)
{
    struct ledger_scan *scan = NULL;
    struct ledger_entitlement entitlement;
    bool more = true;
    size_t used = 0;

    ids[0] = '\0';
    must(bench, month <= EVERYBODY ? ledger_scan_new(bench->ledger, unit, month == EVERYBODY, &scan, &bench->diag)
                                    : ledger_scan_month_new(bench->ledger, unit, month, &scan, &bench->diag));
    while (more) {
        must(bench, ledger_scan_next(scan, &entitlement, &more, &bench->diag));
        if (more) {
            used += (size_t)snprintf(ids + used, size - used, "%.*s%s%s,", (int)entitlement.id.size, entitlement.id.data,
                                     entitlement.guest ? "*" : "",
                                     (entitlement.flags & ENTITLEMENT_TOUCHED) != 0 ? "!" : "");
            assert_true(used < size);
            assert_int_equal(entitlement.unit, unit);
        }
    }
    ledger_scan_free(scan);
}

static void assert_scan(struct bench *bench, int unit, const char *expected)
{
    char ids[400];

    scan_ids(bench, unit, MONTH_NONE, ids, sizeof(ids));
    assert_string_equal(ids, expected);
}

static void assert_month(struct bench *bench, int unit, month_t month, const char *expected)
{
    char ids[400];

    scan_ids(bench, unit, month, ids, sizeof(ids));
    assert_string_equal(ids, expected);
}

/* ---- the scan ---- */

static void test_ledger_scan_parts_in_order(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row;

    assert_scan(bench, bench->unit[HN], "");
    added(bench, once_of(bench, "O/1", 500));
    added(bench, row_of(bench, "B/1", 100));
    added(bench, row_of(bench, "A/1", 200));
    row = row_of(bench, "C/1", 300);
    row.unit = bench->unit[DN];
    added(bench, row);
    stop(bench, "C/1", 0, KIND_ended, DAY(2026, 11, 1));
    row.unit = bench->unit[HN];
    row.approved_on++;
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);
    /* Standing ones in the order in which they came, then guests, then one-offs. */
    assert_scan(bench, bench->unit[HN], "B/1,A/1,C/1*!,O/1,");
    assert_scan(bench, bench->unit[DN], "");
    assert_scan(bench, bench->unit[HCM], "");
    assert_scan(bench, 63, "");
}

/* Standing ones come every month, one-offs until they are planned, and again when they are touched. */
static void test_ledger_scan_one_offs_once_and_when_touched(void **state)
{
    struct bench *bench = *state;

    added(bench, row_of(bench, "A/1", 100));
    added(bench, once_of(bench, "O/1", 500));
    added(bench, once_of(bench, "O/2", 600));
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    assert_scan(bench, bench->unit[HN], "A/1,");
    added(bench, once_of(bench, "O/3", 700));
    stop(bench, "O/1", 0, KIND_resumed, DAY(2026, 11, 1));
    stop(bench, "O/3", 0, KIND_resumed, DAY(2026, 11, 1));
    assert_scan(bench, bench->unit[HN], "A/1,O/3!,O/1!,");
    next_run(bench, OCTOBER + 1);
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    assert_scan(bench, bench->unit[HN], "A/1,");
    assert_int_equal(number_of(bench, "SELECT count(*) FROM touched"), 0);
    assert_int_equal(entitlement_of(bench, "O/1").flags & ENTITLEMENT_TOUCHED, 0);
}

/* A one-off that has not begun comes again until it has. */
static void test_ledger_scan_one_offs_that_have_not_begun_come_again(void **state)
{
    struct bench *bench = *state;

    int64_t ent = added(bench, once_of(bench, "O/1", 500));
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .again = &ent, .again_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    assert_scan(bench, bench->unit[HN], "O/1!,");
    next_run(bench, OCTOBER + 1);
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    assert_scan(bench, bench->unit[HN], "");
}

static void test_ledger_scan_guests_one_off_comes_once(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = once_of(bench, "O/1", 500);

    row.unit = bench->unit[DN];
    added(bench, row);
    stop(bench, "O/1", 0, KIND_ended, DAY(2026, 11, 1));
    row.unit = bench->unit[HN];
    row.approved_on++;
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);
    assert_scan(bench, bench->unit[DN], "");
    assert_int_equal(plan_nothing(bench, bench->unit[DN]), STATUS_OK);     /* the home's plan does not use it up */
    assert_scan(bench, bench->unit[HN], "O/1*!,");
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    assert_scan(bench, bench->unit[HN], "");
    assert_month(bench, bench->unit[HN], EVERYBODY, "O/1*,");
    stop(bench, "O/1", 0, KIND_resumed, DAY(2026, 12, 1));
    assert_scan(bench, bench->unit[HN], "O/1*!,");
}

/* A month brings its own one-offs, however many runs it had and whatever came since. */
static void test_ledger_scan_month_brings_what_came_with_its_runs(void **state)
{
    struct bench *bench = *state;

    added(bench, row_of(bench, "A/1", 100));
    added(bench, once_of(bench, "O/1", 500));
    assert_month(bench, bench->unit[HN], OCTOBER, "A/1,O/1,");
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    next_run(bench, OCTOBER + 1);
    added(bench, once_of(bench, "O/2", 600));
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    next_run(bench, OCTOBER);
    added(bench, once_of(bench, "O/3", 700));
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    added(bench, once_of(bench, "O/4", 800));
    assert_month(bench, bench->unit[HN], OCTOBER - 1, "A/1,");
    assert_month(bench, bench->unit[HN], OCTOBER, "A/1,O/1,O/3,");
    assert_month(bench, bench->unit[HN], OCTOBER + 1, "A/1,O/2,");
    assert_month(bench, bench->unit[HN], OCTOBER + 2, "A/1,O/4,");
    assert_month(bench, bench->unit[DN], OCTOBER, "");
}

/* Of a month to come: what has not begun comes again, what is provided for does not. */
static void test_ledger_scan_month_to_come_leaves_out_what_is_provided_for(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = once_of(bench, "G/1", 700);

    int64_t ent = added(bench, once_of(bench, "O/1", 500));
    const struct ledger_obligation paid =
        owed(added(bench, once_of(bench, "O/2", 600)), MONTH_ONCE, COMPONENT_sickness, 5000, 0);
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = &paid,
                                      .obligation_count = 1, .again = &ent, .again_count = 1 };
    row.unit = bench->unit[DN];
    added(bench, row);
    stop(bench, "G/1", 0, KIND_ended, DAY(2026, 11, 1));
    row.unit = bench->unit[HN];
    row.approved_on++;
    assert_int_equal(store(bench, &plan), STATUS_OK);
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);
    stop(bench, "O/2", 0, KIND_resumed, DAY(2026, 11, 1));
    assert_scan(bench, bench->unit[HN], "G/1*!,O/1!,O/2!,");
    assert_month(bench, bench->unit[HN], OCTOBER + 1, "O/1!,G/1*!,");
}

/* ---- what is settled ---- */

static void test_ledger_covered_moves_with_the_unit(void **state)
{
    struct bench *bench = *state;
    struct ledger_covered covered;
    bool planned = true;

    must(bench, ledger_covered_get(bench->ledger, bench->unit[HN], &covered, &bench->diag));
    assert_int_equal(covered.through, MONTH_NONE);
    assert_int_equal(covered.earliest, MONTH_NONE);
    assert_int_equal(covered.run, 0);
    bench->run.law.bytes[0] = 7;
    must(bench, ledger_is_planned(bench->ledger, bench->run.run, bench->unit[HN], &planned, &bench->diag));
    assert_false(planned);
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    must(bench, ledger_is_planned(bench->ledger, bench->run.run, bench->unit[HN], &planned, &bench->diag));
    assert_true(planned);
    must(bench, ledger_is_planned(bench->ledger, bench->run.run, bench->unit[DN], &planned, &bench->diag));
    assert_false(planned);
    must(bench, ledger_covered_get(bench->ledger, bench->unit[HN], &covered, &bench->diag));
    assert_int_equal(covered.through, OCTOBER);
    assert_int_equal(covered.run, bench->run.run);
    assert_int_equal(covered.law.bytes[0], 7);
    must(bench, ledger_covered_get(bench->ledger, bench->unit[DN], &covered, &bench->diag));
    assert_int_equal(covered.through, MONTH_NONE);
}

/* A run of an earlier period does not look at the months after it: they still stand under the old law. */
static void test_ledger_covered_law_is_that_of_the_last_run_over_all_months(void **state)
{
    struct bench *bench = *state;
    struct ledger_covered covered;

    int64_t a = added(bench, row_of(bench, "A/1", 100));
    bench->run.law.bytes[0] = 7;
    struct ledger_obligation obligation = owed(a, OCTOBER, COMPONENT_pension, 5000000, 1);
    plan_usual(bench, bench->unit[HN], &obligation, 1);
    next_run(bench, OCTOBER - 1);
    bench->run.law.bytes[0] = 8;
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    must(bench, ledger_covered_get(bench->ledger, bench->unit[HN], &covered, &bench->diag));
    assert_int_equal(covered.through, OCTOBER);
    assert_int_equal(covered.earliest, OCTOBER);
    assert_int_equal(covered.run, bench->run.run);
    assert_int_equal(covered.law.bytes[0], 7);
    next_run(bench, OCTOBER);
    bench->run.law.bytes[0] = 8;
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    must(bench, ledger_covered_get(bench->ledger, bench->unit[HN], &covered, &bench->diag));
    assert_int_equal(covered.law.bytes[0], 8);
}

/* A run of an earlier period has not looked at the months between: what came or changed meanwhile stays
 * to be looked at. */
static void test_ledger_plan_store_earlier_period_forgets_nobody(void **state)
{
    struct bench *bench = *state;
    struct ledger_covered covered;

    added(bench, row_of(bench, "A/1", 100));
    added(bench, row_of(bench, "A/2", 200));
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    next_run(bench, OCTOBER - 1);
    added(bench, row_of(bench, "A/3", 300));
    stop(bench, "A/1", 0, KIND_resumed, DAY(2026, 9, 1));
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    must(bench, ledger_covered_get(bench->ledger, bench->unit[HN], &covered, &bench->diag));
    assert_int_equal(covered.through, OCTOBER);
    assert_int_equal(entitlement_of(bench, "A/1").flags & ENTITLEMENT_TOUCHED, ENTITLEMENT_TOUCHED);
    assert_int_equal(entitlement_of(bench, "A/2").flags & ENTITLEMENT_TOUCHED, 0);
    assert_scan(bench, bench->unit[HN], "A/1!,A/2,A/3!,");
    assert_int_equal(entitlement_of(bench, "A/3").flags & ENTITLEMENT_TOUCHED, ENTITLEMENT_TOUCHED);
    next_run(bench, OCTOBER);
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM touched"), 0);
    assert_int_equal(entitlement_of(bench, "A/3").flags & ENTITLEMENT_TOUCHED, 0);
}

/* A plan of one unit leaves what is touched elsewhere. */
static void test_ledger_plan_store_touches_its_own_unit_only(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "D/1", 300);

    row.unit = bench->unit[DN];
    added(bench, row);
    added(bench, row_of(bench, "A/1", 100));
    stop(bench, "A/1", 0, KIND_ended, DAY(2026, 10, 1));
    stop(bench, "D/1", 0, KIND_ended, DAY(2026, 10, 1));
    row = row_of(bench, "A/1", 100);
    row.unit = bench->unit[DN];
    row.approved_on++;
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);     /* HN's key, DN's guest */
    assert_int_equal(plan_nothing(bench, bench->unit[HN]), STATUS_OK);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM touched"), 2);
    assert_int_equal(plan_nothing(bench, bench->unit[DN]), STATUS_OK);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM touched"), 0);
    assert_int_equal(entitlement_of(bench, "A/1").flags & ENTITLEMENT_TOUCHED, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_scan_parts_in_order),
        BENCH_TEST(test_ledger_scan_one_offs_once_and_when_touched),
        BENCH_TEST(test_ledger_scan_one_offs_that_have_not_begun_come_again),
        BENCH_TEST(test_ledger_scan_guests_one_off_comes_once),
        BENCH_TEST(test_ledger_scan_month_brings_what_came_with_its_runs),
        BENCH_TEST(test_ledger_scan_month_to_come_leaves_out_what_is_provided_for),
        BENCH_TEST(test_ledger_covered_moves_with_the_unit),
        BENCH_TEST(test_ledger_covered_law_is_that_of_the_last_run_over_all_months),
        BENCH_TEST(test_ledger_plan_store_earlier_period_forgets_nobody),
        BENCH_TEST(test_ledger_plan_store_touches_its_own_unit_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
