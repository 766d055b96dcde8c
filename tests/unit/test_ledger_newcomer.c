/* newcomer.c: is everybody who is joined together with others what they would be if they came alone, and does
 * nobody see them before? */
#include "test_ledger_support.h"

#include "chitra/ledger_listing.h"
#include "chitra/ledger_order.h"

#include <signal.h>
#include <sys/wait.h>

static struct ledger_row somebody(struct bench *bench, const char *id, uint64_t beneficiary, uint64_t citizen)
{
    struct ledger_row row = row_of(bench, id, beneficiary);

    row.citizen = citizen;
    row.citizen_byte = 33;
    return row;
}

/* Lets a row wait in the open transaction. */
static void wait_for(struct bench *bench, struct ledger_row row)
{
    struct ledger_outcome outcome;

    must(bench, ledger_register(bench->ledger, &bench->source, &row, 1, &outcome, &bench->diag));
    assert_int_equal(outcome.verdict, LEDGER_APPLIED);
}

/* Joins who waits; how many cannot be. */
static size_t join(struct bench *bench)
{
    struct ledger_unjoined *unjoined = NULL;
    size_t count = 0;

    must(bench, ledger_join(bench->ledger, &unjoined, &count, &bench->diag));
    free(unjoined);
    return count;
}

static void test_ledger_join_contradiction_is_told_with_its_place(void **state)
{
    struct bench *bench = *state;
    struct ledger_row wrong = somebody(bench, "B/1", 200, 5);
    struct ledger_unjoined *unjoined = NULL;
    size_t count = 0;

    wrong.line = 7;
    begin(bench);
    bench->source.intake = 1;
    wait_for(bench, somebody(bench, "A/1", 100, 5));
    bench->source.intake = 2;
    wait_for(bench, wrong);
    bench->source.intake = 3;
    wait_for(bench, somebody(bench, "C/1", 300, 6));
    must(bench, ledger_join(bench->ledger, &unjoined, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(unjoined[0].intake, 2);
    assert_int_equal(unjoined[0].reject.line, 7);
    assert_int_equal(unjoined[0].reject.column, 33);
    assert_true(span_is(unjoined[0].reject.reason, "citizen_id: the two numbers belong to different people"));
    free(unjoined);
    assert_int_equal(join(bench), 0);       /* told once */
    commit(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM entitlement WHERE id IN ('A/1', 'C/1')"), 2);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM entitlement"), 2);
}

/* ---- together or one by one ---- */

enum { CROWDS = 200, CROWD = 9, EVERYBODY = CROWDS * CROWD };

/* Crowds that have nothing to do with each other; in each few numbers, so that they meet, and some give only one of
 * theirs. Somebody of each is known, or not. */
static void crowds_make(struct bench *bench, struct ledger_row row[EVERYBODY], char id[EVERYBODY][8])
{
    unsigned random = 1;

    for (size_t i = 0; i < EVERYBODY; i++) {
        uint64_t base = UINT64_C(1) << 20 | (uint64_t)(i % CROWDS) << 24;
        uint64_t number[2];
        for (size_t which = 0; which < 2; which++) {
            random = random * 1103515245 + 12345;
            number[which] = (random >> 16) % 6;
            number[which] = number[which] == 0 ? 0 : base + number[which];
        }
        snprintf(id[i], sizeof(id[i]), "R%05zu", i);
        row[i] = somebody(bench, id[i], number[0] == 0 && number[1] == 0 ? base + 1 : number[0], number[1]);
    }
}

/* Applies everybody to a register in which the last of each crowd is known; so many of the others are joined
 * together. */
static void crowds_apply(struct bench *bench, const struct ledger_row row[EVERYBODY], size_t at_a_time,
                         struct digest *result)
{
    struct ledger_outcome outcome[EVERYBODY];
    size_t known = EVERYBODY - CROWDS;
    size_t unjoined = 0;

    assert_int_equal(by_hand(bench, "DELETE FROM entitlement; DELETE FROM person; DELETE FROM person_more;"
                                    "DELETE FROM citizen; UPDATE unit SET monthly_next = 1"), SQLITE_OK);
    begin(bench);
    must(bench, ledger_register(bench->ledger, &bench->source, &row[known], CROWDS, outcome, &bench->diag));
    assert_int_equal(join(bench), 0);
    for (size_t i = 0; i < known; i++) {
        must(bench, ledger_register(bench->ledger, &bench->source, &row[i], 1, outcome, &bench->diag));
        unjoined += (i + 1) % at_a_time == 0 ? join(bench) : 0;
    }
    unjoined += join(bench);
    commit(bench);
    assert_true(unjoined > CROWDS);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM entitlement"), EVERYBODY - unjoined);
    /* Where a person's first entitlement is noted, nobody can tell. */
    assert_int_equal(by_hand(bench, "INSERT OR IGNORE INTO person_more SELECT person, ent FROM person WHERE ent IS NOT NULL;"
                                    "UPDATE person SET ent = NULL"), SQLITE_OK);
    dump_digest(bench, result);
}

static void test_ledger_join_together_is_the_same_as_one_by_one(void **state)
{
    struct bench *bench = *state;
    static struct ledger_row row[EVERYBODY];
    static char id[EVERYBODY][8];
    struct digest alone;
    struct digest together;

    crowds_make(bench, row, id);
    crowds_apply(bench, row, 1, &alone);
    crowds_apply(bench, row, EVERYBODY, &together);
    assert_true(digest_equal(&alone, &together));
    crowds_apply(bench, row, 3 * CROWDS, &together);
    assert_true(digest_equal(&alone, &together));
}

/* More than wait at a time: the last contradicts the first, and each number is in its place. */
static void test_ledger_join_more_than_wait_at_a_time(void **state)
{
    struct bench *bench = *state;
    enum { ROWS = (1 << 18) + 1, BATCH = 1 << 12 };
    struct ledger_row *row = mem_alloc(BATCH, sizeof(*row));
    struct ledger_outcome *outcome = mem_alloc(BATCH, sizeof(*outcome));
    char (*id)[12] = mem_alloc(BATCH, sizeof(*id));

    begin(bench);
    for (uint64_t at = 0; at < ROWS; at += BATCH) {
        size_t count = ROWS - at < BATCH ? ROWS - at : BATCH;
        for (size_t i = 0; i < count; i++) {
            uint64_t number = (at + i) * UINT64_C(7919) % ROWS + 1;     /* each once, in no order */
            snprintf(id[i], sizeof(id[i]), "M%06u", (unsigned)(at + i));
            row[i] = somebody(bench, id[i], number, at + i + 1 == ROWS ? 1000001 : 1000000 + number);
        }
        must(bench, ledger_register(bench->ledger, &bench->source, row, count, outcome, &bench->diag));
    }
    assert_int_equal(join(bench), 1);
    commit(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM person p JOIN citizen c ON c.person = p.person"
                                      " AND c.citizen = p.citizen JOIN entitlement e ON e.ent = p.ent"
                                      " AND e.person = p.person WHERE p.citizen = p.person + 1000000"), ROWS - 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM entitlement"), ROWS - 1);
    free(row);
    free(outcome);
    free(id);
}

/* ---- whoever comes later in the transaction sees them joined ---- */

/* Two wait: one will be gone again. */
static void two_wait(struct bench *bench)
{
    added(bench, somebody(bench, "K/1", 300, 5));
    begin(bench);
    wait_for(bench, somebody(bench, "A/1", 100, 6));
    wait_for(bench, somebody(bench, "X/1", 200, 5));
}

static void test_ledger_stops_reach_who_waits(void **state)
{
    struct bench *bench = *state;
    struct ledger_stop row[2] = { { .line = 2, .id = SPAN_EMPTY, .beneficiary = 100, .kind = KIND_deceased, .reason = -1,
                                    .from = DAY(2026, 10, 3) } };
    struct ledger_outcome outcome[2];

    row[1] = row[0];
    row[1].id = span_of("X/1");
    row[1].beneficiary = 0;
    two_wait(bench);
    must(bench, ledger_stops(bench->ledger, &bench->source, row, 2, outcome, &bench->diag));
    assert_int_equal(join(bench), 1);
    commit(bench);
    assert_int_equal(outcome[0].verdict, LEDGER_APPLIED);
    assert_int_equal(outcome[1].verdict, LEDGER_REJECTED);
    assert_int_equal(entitlement_of(bench, "A/1").flags, ENTITLEMENT_STOPPED | ENTITLEMENT_TOUCHED);
}

static void test_ledger_corrections_reach_who_waits(void **state)
{
    struct bench *bench = *state;
    struct ledger_correction row[2] = { correction_of("", 100, DAY(2026, 9, 20)),
                                        correction_of("X/1", 0, DAY(2026, 9, 20)) };
    struct ledger_outcome outcome[2];

    row[0].account = row[1].account = span_of("999");
    two_wait(bench);
    must(bench, ledger_corrections(bench->ledger, &bench->source, row, 2, outcome, &bench->diag));
    assert_int_equal(join(bench), 1);
    commit(bench);
    assert_int_equal(outcome[0].verdict, LEDGER_APPLIED);
    assert_int_equal(outcome[1].verdict, LEDGER_REJECTED);
    assert_true(span_is(entitlement_of(bench, "A/1").account, "999"));
}

static void test_ledger_orders_are_not_for_who_will_be_gone(void **state)
{
    struct bench *bench = *state;
    struct ledger_order_row row[2] = { { .line = 2, .order_id = span_of("O/1"), .id = span_of("A/1"), .kind = KIND_arrears,
                                         .amount_dong = 5, .from = OCTOBER, .to = MONTH_NONE },
                                       { .line = 3, .order_id = span_of("O/2"), .id = span_of("X/1"), .kind = KIND_arrears,
                                         .amount_dong = 5, .from = OCTOBER, .to = MONTH_NONE } };
    struct ledger_outcome outcome[2];

    two_wait(bench);
    must(bench, ledger_orders(bench->ledger, &bench->source, row, 2, outcome, &bench->diag));
    assert_int_equal(join(bench), 1);
    commit(bench);
    assert_int_equal(outcome[0].verdict, LEDGER_APPLIED);
    assert_int_equal(outcome[1].verdict, LEDGER_REJECTED);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM orders"), 1);
}

static void test_ledger_list_rows_leave_out_who_will_be_gone(void **state)
{
    struct bench *bench = *state;
    const struct ledger_listed row[2] = { { span_of("A/1"), bench->unit[HN], 2 }, { span_of("X/1"), bench->unit[HN], 3 } };

    two_wait(bench);
    must(bench, ledger_list_rows(bench->ledger, 1, OCTOBER, row, 2, &bench->diag));
    assert_int_equal(join(bench), 1);
    commit(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM listed"), 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM listed JOIN entitlement USING(ent) WHERE id = 'A/1'"), 1);
}

/* Its id is free again for who comes next, and a known row meets the person. */
static void test_ledger_register_ids_of_who_waits_come_again(void **state)
{
    struct bench *bench = *state;
    struct ledger_row other = somebody(bench, "A/1", 101, 6);
    struct ledger_outcome outcome;

    two_wait(bench);
    wait_for(bench, somebody(bench, "X/1", 200, 7));
    must(bench, ledger_register(bench->ledger, &bench->source, &other, 1, &outcome, &bench->diag));
    assert_int_equal(join(bench), 1);
    commit(bench);
    assert_int_equal(outcome.verdict, LEDGER_REJECTED);     /* it is 100's */
    assert_int_equal(entitlement_of(bench, "X/1").person, 200);
    assert_int_equal(number_of(bench, "SELECT person FROM citizen WHERE citizen = 7"), 200);
}

static void test_ledger_rollback_forgets_who_waits(void **state)
{
    struct bench *bench = *state;

    two_wait(bench);
    ledger_rollback(bench->ledger);
    begin(bench);
    assert_int_equal(join(bench), 0);
    commit(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM person"), 1);
}

/* Nobody may be left without a person: that is a defect, which ends the program before anything is committed. */
static void test_ledger_commit_while_somebody_waits_is_a_defect(void **state)
{
    struct bench *bench = *state;
    struct digest before;
    struct digest after;
    int told = 0;

    dump_digest(bench, &before);
    ledger_close(bench->ledger);
    bench->ledger = NULL;
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stderr) != NULL) {
            reopen(bench, LEDGER_WRITE);
            begin(bench);
            wait_for(bench, somebody(bench, "A/1", 100, 6));
            commit(bench);
        }
        _exit(0);
    }
    assert_int_equal(waitpid(child, &told, 0), child);
    assert_true(WIFSIGNALED(told) && WTERMSIG(told) == SIGABRT);
    reopen(bench, LEDGER_WRITE);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_join_contradiction_is_told_with_its_place),
        BENCH_TEST(test_ledger_join_together_is_the_same_as_one_by_one),
        BENCH_TEST(test_ledger_join_more_than_wait_at_a_time),
        BENCH_TEST(test_ledger_stops_reach_who_waits),
        BENCH_TEST(test_ledger_corrections_reach_who_waits),
        BENCH_TEST(test_ledger_orders_are_not_for_who_will_be_gone),
        BENCH_TEST(test_ledger_list_rows_leave_out_who_will_be_gone),
        BENCH_TEST(test_ledger_register_ids_of_who_waits_come_again),
        BENCH_TEST(test_ledger_rollback_forgets_who_waits),
        BENCH_TEST(test_ledger_commit_while_somebody_waits_is_a_defect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
