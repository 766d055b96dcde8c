/* standing.c: is it seen where an obligation stands nowhere, or a file carries something else than it says? */
#include "test_ledger_support.h"

#include "chitra/ledger_standing.h"

struct told {
    unsigned count;
    char text[DIAG_BYTES_MAX];
};

static void tell(void *context, const struct diag *fault)
{
    struct told *told = context;

    if (told->count++ == 0) {
        diag_text(fault, told->text, sizeof(told->text));
    }
}

static struct told standing_of(struct bench *bench, int64_t run)
{
    struct told told = { .count = 0 };

    must(bench, ledger_standing(bench->ledger, run, tell, &told, &bench->diag));
    return told;
}

/* A run of two units: two usual pensions in one file, a one-off and a payment with a row in another. */
static void months_make(struct bench *bench)
{
    struct ledger_row row = row_of(bench, "D/1", 300);

    row.unit = bench->unit[DN];
    int64_t a = added(bench, row_of(bench, "A/1", 100));
    int64_t b = added(bench, row_of(bench, "A/2", 200));
    int64_t d = added(bench, row);
    struct ledger_row once = once_of(bench, "O/1", 400);
    once.unit = bench->unit[DN];
    int64_t o = added(bench, once);
    struct ledger_obligation hn[] = { owed(a, OCTOBER, COMPONENT_pension, 1000, 1),
                                      owed(b, OCTOBER, COMPONENT_pension, 2000, 1) };
    struct ledger_obligation dn[] = { owed(d, OCTOBER - 1, COMPONENT_arrears, 3000, 2),
                                      owed(o, MONTH_ONCE, COMPONENT_relief_grant, 4000, 2) };
    struct ledger_batch batch[] = { batch_of(1, bench->unit[HN], "HN-G1"), batch_of(2, bench->unit[DN], "DN-G1") };
    const struct ledger_payment payment = payment_of(bench, d, 2, "ARREARSARREARSARREARSARR01");

    batch[0].payments = 2;
    batch[0].amount_dong = 3000;
    batch[1].payments = 2;
    batch[1].amount_dong = 7000;
    dn[0].payment = 1;
    struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = hn, .obligation_count = 2,
                                .batch = &batch[0], .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    plan = (struct ledger_plan){ .run = bench->run.run, .unit = bench->unit[DN], .obligation = dn, .obligation_count = 2,
                                 .payment = &payment, .payment_count = 1, .batch = &batch[1], .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
}

static void test_ledger_standing_of_a_run_that_is_right(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(standing_of(bench, 0).count, 0);
    months_make(bench);
    assert_int_equal(standing_of(bench, bench->run.run).count, 0);
    assert_int_equal(standing_of(bench, 0).count, 0);
    /* A run without a file of its own. */
    next_run(bench, OCTOBER);
    assert_int_equal(standing_of(bench, bench->run.run).count, 0);
}

/* What somebody changes shows, in the run's own look and in the look at everything. */
static void shows(struct bench *bench, const char *sql, const char *undo, const char *text)
{
    const int64_t run[] = { bench->run.run, 0 };

    assert_int_equal(by_hand(bench, sql), SQLITE_OK);
    for (int i = 0; i < 2; i++) {
        struct told told = standing_of(bench, run[i]);
        assert_int_equal(told.count, 1);
        if (strstr(told.text, text) == NULL) {
            fail_msg("found: %s, expected: %s", told.text, text);
        }
    }
    assert_int_equal(by_hand(bench, undo), SQLITE_OK);
    assert_int_equal(standing_of(bench, 0).count, 0);
}

static void test_ledger_standing_tells_what_is_wrong(void **state)
{
    struct bench *bench = *state;

    months_make(bench);
    shows(bench, "UPDATE obligation SET batch = NULL WHERE amount = 1000", "UPDATE obligation SET batch = 1 WHERE amount = 1000",
          "HN-G1: 1 payments, 2000 dong");
    shows(bench, "UPDATE obligation SET amount = 4001 WHERE amount = 4000", "UPDATE obligation SET amount = 4000 WHERE amount = 4001",
          "DN-G1: 2 payments, 7001 dong");
    shows(bench, "UPDATE payment SET amount = 2999", "UPDATE payment SET amount = 3000", "DN-G1: 2 payments, 6999 dong");
    shows(bench, "UPDATE file SET payments = 3 WHERE batch = 1", "UPDATE file SET payments = 2 WHERE batch = 1",
          "expected 3 payments, 3000 dong");
    shows(bench, "UPDATE file SET state = 11 WHERE batch = 2", "UPDATE file SET state = 0 WHERE batch = 2",
          "payments stand in a file that is withdrawn, and nowhere else: found DN-G1");
    shows(bench, "UPDATE file SET state = 10, taken_up = 1 WHERE batch = 1",
          "UPDATE file SET state = 0, taken_up = NULL WHERE batch = 1", "found HN-G1: 2 payments");
}

/* What was voided waits with its payments, some of which may have gone another way. */
static void test_ledger_standing_of_files_that_wait(void **state)
{
    struct bench *bench = *state;

    months_make(bench);
    assert_int_equal(by_hand(bench, "UPDATE file SET state = 10 WHERE batch = 1;"
                                    "UPDATE obligation SET batch = NULL WHERE amount = 1000"), SQLITE_OK);
    assert_int_equal(standing_of(bench, bench->run.run).count, 0);
    assert_int_equal(standing_of(bench, 0).count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_standing_of_a_run_that_is_right),
        BENCH_TEST(test_ledger_standing_tells_what_is_wrong),
        BENCH_TEST(test_ledger_standing_of_files_that_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
