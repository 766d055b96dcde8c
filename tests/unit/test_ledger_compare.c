/* compare.c: does every change of a ledger show, and nothing of a person? */
#include "test_ledger_acts.h"

struct told {
    int count;
    char text[40][DIAG_BYTES_MAX];
};

static void told_add(void *context, const struct diag *difference)
{
    struct told *told = context;

    assert_true(told->count < 40);
    diag_text(difference, told->text[told->count++], DIAG_BYTES_MAX);
}

/* The bench's ledger against one with the same acts and nothing else. */
static void compare_as(struct bench *bench, enum ledger_compared compared, struct told *told)
{
    struct ledger *scratch = NULL;
    struct ledger_acts *acts = NULL;
    struct ledger_act act;
    bool more = true;

    *told = (struct told){ .count = 0 };
    must(bench, ledger_open_scratch(&scratch, &bench->diag));
    must(bench, ledger_acts_new(bench->ledger, 1, &acts, &bench->diag));
    while (more) {
        must(bench, ledger_acts_next(acts, &act, &more, &bench->diag));
        if (more) {
            must(bench, ledger_replay(scratch, &act, &bench->diag));
        }
    }
    ledger_acts_free(acts);
    must(bench, ledger_compare(bench->ledger, scratch, compared, told_add, told, &bench->diag));
    ledger_close(scratch);
}

static void compare(struct bench *bench, struct told *told)
{
    compare_as(bench, LEDGER_COMPARE_ALL, told);
}

static int compare_setup(void **state)
{
    struct bench *bench = bench_open(state);

    decide(bench, "BK", "");
    must(bench, ledger_begin(bench->ledger, &bench->diag));
    bench->run = (struct ledger_run){ .period = OCTOBER, .who = "operator", .pay_date = DAY_NONE,
                                      .created_at = "2026-10-01T08:00:00+07:00" };
    must(bench, ledger_run_add(bench->ledger, &bench->run, &bench->diag));
    bench->source = (struct ledger_source){ .run = bench->run.run };
    bench->unit[HN] = 1;
    struct ledger_row row = row_of(bench, "E-1", 1234567890);
    struct ledger_outcome outcome;
    struct ledger_unjoined *unjoined = NULL;
    size_t unjoined_count = 0;
    must(bench, ledger_register(bench->ledger, &bench->source, &row, 1, &outcome, &bench->diag));
    must(bench, ledger_join(bench->ledger, &unjoined, &unjoined_count, &bench->diag));
    commit(bench);
    return 0;
}

static void test_ledger_compare_same_tells_nothing(void **state)
{
    struct told told;

    compare(*state, &told);
    assert_int_equal(told.count, 0);
}

static void test_ledger_compare_tells_table_key_and_numbers(void **state)
{
    struct told told;

    assert_int_equal(by_hand(*state, "UPDATE entitlement SET channel = channel + 1"), SQLITE_OK);
    compare(*state, &told);
    assert_int_equal(told.count, 1);
    assert_non_null(strstr(told.text[0], "entitlement (entitlement E-1): channel is not"));
    assert_non_null(strstr(told.text[0], "found 1, expected 0"));
}

static void test_ledger_compare_missing_and_unexplained_rows_are_told(void **state)
{
    struct told told;

    assert_int_equal(by_hand(*state, "DELETE FROM person; INSERT INTO touched VALUES(7); UPDATE unit SET unit = 2"), SQLITE_OK);
    compare(*state, &told);
    assert_int_equal(told.count, 4);
    assert_non_null(strstr(told.text[0], "person (person a number): the row is missing"));
    assert_non_null(strstr(told.text[1], "touched (entitlement 7): nothing that was done made this row"));
    assert_non_null(strstr(told.text[2], "unit (unit 1): the row is missing"));
    assert_non_null(strstr(told.text[3], "unit (unit 2): nothing"));
}

static void test_ledger_compare_shows_no_personal_data(void **state)
{
    struct told told;

    assert_int_equal(by_hand(*state, "UPDATE entitlement SET name = 'Trần Văn Khác', account = '777', person = 999"), SQLITE_OK);
    compare(*state, &told);
    assert_int_equal(told.count, 3);
    for (int i = 0; i < told.count; i++) {
        assert_null(strstr(told.text[i], "Khác"));
        assert_null(strstr(told.text[i], "777"));
        assert_null(strstr(told.text[i], "999"));
        assert_null(strstr(told.text[i], "1234567890"));
    }
}

static void test_ledger_compare_changed_schema_is_told(void **state)
{
    struct told told;

    assert_int_equal(by_hand(*state, "DROP INDEX file_live"), SQLITE_OK);
    compare(*state, &told);
    assert_int_equal(told.count, 1);
    assert_non_null(strstr(told.text[0], "schema (name file_live): the row is missing"));
}

static void test_ledger_compare_many_differences_are_counted(void **state)
{
    struct told told;

    assert_int_equal(by_hand(*state, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
                                     " INSERT INTO touched SELECT i FROM n"), SQLITE_OK);
    compare(*state, &told);
    assert_int_equal(told.count, 11);
    assert_non_null(strstr(told.text[10], "touched: 4990 more differences"));
}

static void test_ledger_compare_amounts_of_what_both_have(void **state)
{
    struct bench *bench = *state;
    struct ledger_obligation obligation = owed(ent_of(bench, "E-1"), OCTOBER, COMPONENT_pension, 5000000, 1);
    struct told told;

    must(bench, ledger_begin(bench->ledger, &bench->diag));
    struct ledger_plan plan = { .run = bench->run.run, .unit = 1, .obligation = &obligation, .obligation_count = 1 };
    must(bench, ledger_plan_store(bench->ledger, &plan, &bench->run, &bench->diag));
    commit(bench);
    compare(bench, &told);
    assert_int_equal(told.count, 0);
    assert_int_equal(by_hand(bench, "UPDATE obligation SET amount = 5000001, version = 2; DELETE FROM person;"
                                    "INSERT INTO obligation SELECT period + 1, ent, comp, seq, amount, batch, version, payment"
                                    " FROM obligation"), SQLITE_OK);
    compare_as(bench, LEDGER_COMPARE_AMOUNTS, &told);
    assert_int_equal(told.count, 1);
    assert_non_null(strstr(told.text[0], "obligation (period 2026-10, entitlement E-1, comp 1, seq 0): amount"));
    assert_non_null(strstr(told.text[0], "found 5000001, expected 5000000"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ledger_compare_same_tells_nothing, compare_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_ledger_compare_tells_table_key_and_numbers, compare_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_ledger_compare_missing_and_unexplained_rows_are_told, compare_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_ledger_compare_shows_no_personal_data, compare_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_ledger_compare_changed_schema_is_told, compare_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_ledger_compare_many_differences_are_counted, compare_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_ledger_compare_amounts_of_what_both_have, compare_setup, bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
