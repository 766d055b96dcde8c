/* event.c: does any change of what happened show? */
#include "test_ledger_support.h"

static void event_add(struct bench *bench, const char *kind, const char *why)
{
    struct ledger_event event = { .kind = kind, .subject = "2026-10-R1", .unit = "HN", .who = "operator", .why = why,
                                  .at = "2026-10-01T08:00:00+07:00" };

    begin(bench);
    must(bench, ledger_event_add(bench->ledger, &event, &bench->diag));
    commit(bench);
}

static enum status check(struct bench *bench, uint64_t *count)
{
    return ledger_event_check(bench->ledger, count, &bench->diag);
}

static void test_ledger_event_check_empty_chain_holds(void **state)
{
    uint64_t count = 9;

    assert_int_equal(check(*state, &count), STATUS_OK);
    assert_int_equal(count, 0);
}

static void test_ledger_event_check_counts_the_chain(void **state)
{
    struct bench *bench = *state;
    uint64_t count;

    event_add(bench, "run.sealed", "");
    event_add(bench, "unit.planned", "");
    event_add(bench, "payment.held", "lý do: tài khoản sai");
    assert_int_equal(check(bench, &count), STATUS_OK);
    assert_int_equal(count, 3);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event e JOIN event n ON n.seq = e.seq + 1 AND n.prev = e.hash"),
                     2);
}

/* A reason from outside can be long. */
static void test_ledger_event_add_long_reason_is_kept(void **state)
{
    struct bench *bench = *state;
    static char why[200001];
    uint64_t count;

    memset(why, 'x', sizeof(why) - 1);
    event_add(bench, "payment.held", why);
    assert_int_equal(check(bench, &count), STATUS_OK);
    assert_int_equal(number_of(bench, "SELECT length(why) FROM event"), 200000);
}

/* Every column of every row, by every kind of change that SQLite lets through. */
static void test_ledger_event_check_any_edit_by_hand_shows(void **state)
{
    struct bench *bench = *state;
    static const char *const edit[] = {
        "at = at || ' '",       "who = 'somebody'",      "who = who || char(0) || 'x'", "kind = 'run.void'",
        "kind = ''",            "subject = ''",          "subject = subject || char(0)", "unit = 'DN'",
        "why = 'because'",      "why = why || char(0)",  "digest = x'00'",             "digest = x''",
        "digest = zeroblob(33)", "digest = randomblob(32)", "prev = randomblob(32)",   "prev = x''",
        "prev = zeroblob(31)",  "hash = randomblob(32)", "hash = x''",                 "seq = seq + 100",
        "unit = '', subject = subject || unit", "first = first - 1", "first = 1 - first", "changes = x''", "changes = x'00'",
    };
    uint64_t count;
    char sql[200];

    event_add(bench, "run.sealed", "");
    event_add(bench, "unit.planned", "");
    event_add(bench, "files.released", "");
    assert_int_equal(by_hand(bench, "CREATE TABLE kept AS SELECT * FROM event"), SQLITE_OK);
    for (size_t i = 0; i < sizeof(edit) / sizeof(edit[0]); i++) {
        for (int seq = 1; seq <= 3; seq++) {
            snprintf(sql, sizeof(sql), "UPDATE event SET %s WHERE seq = %d", edit[i], seq);
            assert_int_equal(by_hand(bench, sql), SQLITE_OK);
            enum status rc = check(bench, &count);
            if (rc != STATUS_CONFLICT) {
                fail_msg("not seen: %s", sql);
            }
            assert_true(count < 3);
            assert_int_equal(by_hand(bench, "DELETE FROM event; INSERT INTO event SELECT * FROM kept"), SQLITE_OK);
            assert_int_equal(check(bench, &count), STATUS_OK);
        }
    }
}

static void test_ledger_event_check_names_the_first_that_does_not_fit(void **state)
{
    struct bench *bench = *state;
    uint64_t count;

    for (int i = 0; i < 4; i++) {
        event_add(bench, "run.sealed", "");
    }
    assert_int_equal(by_hand(bench, "UPDATE event SET who = 'x' WHERE seq = 3"), SQLITE_OK);
    assert_int_equal(check(bench, &count), STATUS_CONFLICT);
    assert_int_equal(count, 2);
    assert_non_null(strstr(bench->diag.what, "event 3"));
}

static void test_ledger_event_check_swapped_or_missing_events_show(void **state)
{
    struct bench *bench = *state;
    uint64_t count;

    event_add(bench, "run.sealed", "");
    event_add(bench, "unit.planned", "");
    event_add(bench, "files.released", "");
    assert_int_equal(by_hand(bench, "CREATE TABLE kept AS SELECT * FROM event"), SQLITE_OK);
    assert_int_equal(by_hand(bench, "DELETE FROM event WHERE seq = 1"), SQLITE_OK);
    assert_int_equal(check(bench, &count), STATUS_CONFLICT);
    assert_int_equal(by_hand(bench, "UPDATE event SET seq = seq - 1"), SQLITE_OK);
    assert_int_equal(check(bench, &count), STATUS_CONFLICT);
    assert_int_equal(by_hand(bench, "DELETE FROM event; INSERT INTO event SELECT * FROM kept;"
                                    "DELETE FROM event WHERE seq = 2"), SQLITE_OK);
    assert_int_equal(check(bench, &count), STATUS_CONFLICT);
    assert_int_equal(by_hand(bench, "DELETE FROM event; INSERT INTO event SELECT * FROM kept;"
                                    "UPDATE event SET seq = 9 WHERE seq = 1; UPDATE event SET seq = 1 WHERE seq = 2;"
                                    "UPDATE event SET seq = 2 WHERE seq = 9"), SQLITE_OK);
    assert_int_equal(check(bench, &count), STATUS_CONFLICT);
}

/* What the chain cannot show by itself: its last events cut off. The next one then takes their number. */
static void test_ledger_event_check_does_not_see_a_cut_end(void **state)
{
    struct bench *bench = *state;
    uint64_t count;

    event_add(bench, "run.sealed", "");
    event_add(bench, "files.released", "");
    assert_int_equal(by_hand(bench, "DELETE FROM event WHERE seq = 2"), SQLITE_OK);
    assert_int_equal(check(bench, &count), STATUS_OK);
    assert_int_equal(count, 1);
}

static void test_event_by_hand_same_hash_twice_is_refused(void **state)
{
    struct bench *bench = *state;

    event_add(bench, "run.sealed", "");
    assert_int_equal(by_hand(bench, "INSERT INTO event SELECT 2, 2, at, who, kind, subject, unit, why, digest, prev, hash,"
                                    " changes FROM event"), SQLITE_CONSTRAINT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_event_check_empty_chain_holds),
        BENCH_TEST(test_ledger_event_check_counts_the_chain),
        BENCH_TEST(test_ledger_event_add_long_reason_is_kept),
        BENCH_TEST(test_ledger_event_check_any_edit_by_hand_shows),
        BENCH_TEST(test_ledger_event_check_names_the_first_that_does_not_fit),
        BENCH_TEST(test_ledger_event_check_swapped_or_missing_events_show),
        BENCH_TEST(test_ledger_event_check_does_not_see_a_cut_end),
        BENCH_TEST(test_event_by_hand_same_hash_twice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
