/* listing.c: who was in a month's list, and which units have one? */
#include "test_ledger_support.h"

#include "chitra/ledger_listing.h"

#define NOVEMBER (OCTOBER + 1)

/* An intake file of the run at hand; its number. */
static int64_t file_of(struct bench *bench, uint8_t content)
{
    struct ledger_intake intake = { .name = "list.csv" };

    intake.sha256.bytes[0] = content;
    begin(bench);
    must(bench, ledger_intake_seal(bench->ledger, bench->run.run, &intake, &bench->diag));
    must(bench, ledger_intake_done(bench->ledger, &intake, &bench->diag));
    commit(bench);
    return intake.intake;
}

static void listed(struct bench *bench, int64_t intake, month_t through, const char *id, int unit, uint64_t line)
{
    const struct ledger_listed row = { span_of(id), bench->unit[unit], line };

    begin(bench);
    must(bench, ledger_list_rows(bench->ledger, intake, through, &row, 1, &bench->diag));
    commit(bench);
}

static void assert_through(struct bench *bench, const char *id, month_t expected)
{
    int64_t ent = 0;
    month_t through = 0;

    must(bench, ledger_entitlement_find(bench->ledger, span_of(id), &ent, &bench->diag));
    must(bench, ledger_listed_through(bench->ledger, ent, &through, &bench->diag));
    assert_int_equal(through, expected);
}

static void test_ledger_list_rows_latest_month_counts(void **state)
{
    struct bench *bench = *state;

    added(bench, row_of(bench, "A/1", 100));
    int64_t intake = file_of(bench, 1);
    assert_through(bench, "A/1", MONTH_NONE);
    listed(bench, intake, NOVEMBER, "A/1", HN, 2);
    assert_through(bench, "A/1", NOVEMBER);
    listed(bench, intake, OCTOBER, "A/1", HN, 2);       /* a supplementary run of an earlier month */
    assert_through(bench, "A/1", NOVEMBER);
}

static void test_ledger_list_rows_not_its_row_is_absent(void **state)
{
    struct bench *bench = *state;
    const struct ledger_reject reject = { 7, 1, span_of("at fault") };

    added(bench, row_of(bench, "A/1", 100));
    int64_t intake = file_of(bench, 1);
    begin(bench);
    must(bench, ledger_reject_add(bench->ledger, intake, &reject, 1, &bench->diag));
    commit(bench);
    listed(bench, intake, OCTOBER, "A/1", DN, 2);       /* another unit's list */
    listed(bench, intake, OCTOBER, "B/1", HN, 3);       /* nobody */
    listed(bench, intake, OCTOBER, "A/1", HN, 7);       /* rejected */
    assert_through(bench, "A/1", MONTH_NONE);
    listed(bench, intake, OCTOBER, "A/1", HN, 8);
    assert_through(bench, "A/1", OCTOBER);
}

static void test_ledger_listing_known_content_comes_again_with_its_run(void **state)
{
    struct bench *bench = *state;
    struct ledger_intake *list = NULL;
    size_t count = 0;
    uint64_t units = 0;

    int64_t intake = file_of(bench, 1);
    next_run(bench, NOVEMBER);
    const struct ledger_listing listing = { .period = NOVEMBER, .run = bench->run.run, .intake = intake, .name = "again.csv",
                                            .units = UINT64_C(1) << bench->unit[HN] | UINT64_C(1) << bench->unit[DN] };
    begin(bench);
    must(bench, ledger_listing_add(bench->ledger, &listing, &bench->diag));
    must(bench, ledger_listing_add(bench->ledger, &listing, &bench->diag));
    commit(bench);
    must(bench, ledger_listing_units(bench->ledger, NOVEMBER, &units, &bench->diag));
    assert_int_equal(units, listing.units);
    must(bench, ledger_listing_units(bench->ledger, OCTOBER, &units, &bench->diag));
    assert_int_equal(units, 0);

    must(bench, ledger_intake_list(bench->ledger, bench->run.run, &list, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_true(list[0].again);
    assert_int_equal(list[0].state, INTAKE_SEALED);     /* not looked through yet */
    assert_string_equal(list[0].name, "again.csv");
    free(list);
    begin(bench);
    must(bench, ledger_listing_done(bench->ledger, bench->run.run, intake, &bench->diag));
    commit(bench);
    must(bench, ledger_intake_list(bench->ledger, bench->run.run, &list, &count, &bench->diag));
    assert_int_equal(list[0].state, INTAKE_APPLIED);
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_list_rows_latest_month_counts),
        BENCH_TEST(test_ledger_list_rows_not_its_row_is_absent),
        BENCH_TEST(test_ledger_listing_known_content_comes_again_with_its_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
