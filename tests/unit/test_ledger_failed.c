/* failed.c: does a failed payment wait until it is tried again or closed, and never both, nor twice? */
#include "test_ledger_answer_support.h"

#include "chitra/ledger_hold.h"
#include "chitra/ledger_screen.h"

static const struct ledger_word_of word = { "officer", "the account was funded", "2026-10-09T08:00:00+07:00" };

static struct ledger_failure failure_of(struct bench *bench, int i)
{
    struct ledger_failure failure;
    char id[PAYMENT_ID_BYTES];

    payment_id(i, id);
    must(bench, ledger_failure_find(bench->ledger, id, &bench->arena, &failure, &bench->diag));
    return failure;
}

static void failures_are(struct bench *bench, size_t count, struct ledger_failures *failures)
{
    must(bench, ledger_failures(bench->ledger, bench->unit[HN], &bench->arena, failures, &bench->diag));
    assert_int_equal(failures->count, count);
}

/* A new attempt for payment number i in another run, as a plan stores it. */
static enum status try_again(struct bench *bench, int i, const char *id)
{
    struct ledger_failure failure = failure_of(bench, i);
    struct ledger_batch batch;
    int64_t number = 0;
    int64_t once_from = 0;

    next_run(bench, OCTOBER);
    must(bench, ledger_plan_start(bench->ledger, bench->unit[HN], &number, &once_from, &bench->diag));
    batch = batch_of(number, bench->unit[HN], id);
    struct ledger_payment payment = { .ent = failure.ent, .period = OCTOBER, .purpose = failure.purpose,
                                      .amount_dong = failure.amount_dong, .batch = number, .version = 1,
                                      .attempt = failure.attempt + 1 };
    snprintf(payment.payment_id, sizeof(payment.payment_id), "%s", id);
    memcpy(payment.parent, failure.payment_id, sizeof(payment.parent));
    const struct ledger_attempt attempt = { { OCTOBER, failure.ent, COMPONENT_pension, 0 }, 1, payment.attempt };
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .payment = &payment,
                                      .payment_count = 1, .attempt = &attempt, .attempt_count = 1, .batch = &batch,
                                      .batch_count = 1 };
    return store(bench, &plan);
}

static void test_ledger_failures_are_those_that_wait(void **state)
{
    struct bench *bench = *state;
    struct ledger_failures failures;
    struct answer_line line[] = { reason_of(bench, line_of(1, SAYS_REJECTED), "AC04"), line_of(2, SAYS_RETURNED),
                                  line_of(3, SAYS_BOOKED) };

    failures_are(bench, 0, &failures);
    ledger_failures_release(&failures);
    apply(bench, 1, line, 3);
    failures_are(bench, 2, &failures);
    const struct ledger_failure *first = &failures.failure[0];
    assert_int_equal(first->state, PAYMENT_REJECTED);
    assert_true(span_is(first->reason, "AC04"));
    assert_int_equal(first->amount_dong, 1000001);
    assert_int_equal(first->purpose, COMPONENT_pension);
    assert_int_equal(first->attempt, 0);
    assert_int_equal(first->period, OCTOBER);
    assert_int_equal(first->count, 1);
    assert_int_equal(failures.obligation[first->first].amount_dong, 1000001);
    assert_int_equal(failures.failure[1].state, PAYMENT_RETURNED);
    assert_false(first->cured || first->contested);
    ledger_failures_release(&failures);
}

static void test_ledger_failure_of_nobody_is_not_there(void **state)
{
    struct bench *bench = *state;
    struct ledger_failure failure;

    assert_int_equal(ledger_failure_find(bench->ledger, "ZZZZZZZZZZZZZZZZZZZZZZZZZZ", &bench->arena, &failure, &bench->diag),
                     STATUS_NO_INPUT);
}

static void test_ledger_plan_store_tries_again_once(void **state)
{
    struct bench *bench = *state;
    struct ledger_failures failures;

    apply_one(bench, 1, reason_of(bench, line_of(1, SAYS_REJECTED), "AM04"));
    assert_int_equal(try_again(bench, 1, "AGAINAGAINAGAINAGAINAGAIN1"), STATUS_OK);
    assert_string_equal(shown(bench, 1), "reissued AM04 2026-10-06");
    assert_int_equal(failure_of(bench, 1).settled, FAILURE_REISSUED);
    assert_int_equal(failure_of(bench, 1).again,
                     number_of(bench, "SELECT run FROM batch JOIN payment USING (batch) WHERE parent IS NOT NULL"));
    failures_are(bench, 0, &failures);
    /* The database itself refuses a second one, and one of a payment that has not failed. */
    assert_int_equal(by_hand(bench, "INSERT INTO payment(end_to_end_id, period, purpose, amount, batch, version, attempt, parent)"
                                    " SELECT 'OTHER', period, purpose, amount, batch, version, attempt, parent FROM payment"),
                     SQLITE_CONSTRAINT);
    assert_int_equal(by_hand(bench, "PRAGMA foreign_keys = ON; INSERT INTO payment(end_to_end_id, period, purpose, amount,"
                                    " batch, version, attempt, parent) VALUES('OTHER', 1, 1, 1, 1, 1, 1, 'ALIVE')"),
                     SQLITE_CONSTRAINT);
    assert_int_equal(by_hand(bench, "UPDATE payment SET parent = NULL"), SQLITE_CONSTRAINT);
}

static void test_ledger_failures_of_a_second_attempt(void **state)
{
    struct bench *bench = *state;
    struct ledger_failures failures;
    struct answer_line line = line_of(1, SAYS_REJECTED);

    apply_one(bench, 1, line);
    assert_int_equal(try_again(bench, 1, "AGAINAGAINAGAINAGAINAGAIN1"), STATUS_OK);
    file_release(bench, "AGAINAGAINAGAINAGAINAGAIN1");
    memcpy(line.payment_id, "AGAINAGAINAGAINAGAINAGAIN1", sizeof(line.payment_id));
    apply_to(bench, "AGAINAGAINAGAINAGAINAGAIN1", 2, &line, 1);
    failures_are(bench, 1, &failures);
    assert_int_equal(failures.failure[0].attempt, 1);
    assert_int_equal(failures.failure[0].count, 1);
    assert_int_equal(failures.obligation[0].key.component, COMPONENT_pension);
    ledger_failures_release(&failures);
}

static void test_ledger_failure_cure_is_a_word_on_record(void **state)
{
    struct bench *bench = *state;
    struct ledger_failure failure;

    apply_one(bench, 1, reason_of(bench, line_of(1, SAYS_REJECTED), "AM04"));
    failure = failure_of(bench, 1);
    begin(bench);
    must(bench, ledger_failure_cure(bench->ledger, failure.payment_id, &word, &bench->diag));
    commit(bench);
    assert_true(failure_of(bench, 1).cured);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'payment.cured' AND who = 'officer'"), 1);
}

static void test_ledger_failure_cure_the_same_word_again_changes_nothing(void **state)
{
    static const char cured[] = "SELECT count(*) FROM event WHERE kind = 'payment.cured'";
    const struct ledger_word_of other = { "officer", "another reason", "2026-10-09T09:00:00+07:00" };
    struct bench *bench = *state;
    struct ledger_failure failure;

    apply_one(bench, 1, reason_of(bench, line_of(1, SAYS_REJECTED), "AM04"));
    failure = failure_of(bench, 1);
    begin(bench);
    must(bench, ledger_failure_cure(bench->ledger, failure.payment_id, &word, &bench->diag));
    must(bench, ledger_failure_cure(bench->ledger, failure.payment_id, &word, &bench->diag));
    commit(bench);
    assert_int_equal(number_of(bench, cured), 1);
    begin(bench);
    must(bench, ledger_failure_cure(bench->ledger, failure.payment_id, &other, &bench->diag));
    commit(bench);
    assert_int_equal(number_of(bench, cured), 2);
}

static void test_ledger_failure_contested_while_a_break_is_open(void **state)
{
    struct bench *bench = *state;

    apply_one(bench, 1, line_of(1, SAYS_REJECTED));
    apply_one(bench, 2, line_of(1, SAYS_BOOKED));
    assert_true(failure_of(bench, 1).contested);
    assert_int_equal(by_hand(bench, "UPDATE break SET closed_at = 'now'"), SQLITE_OK);
    assert_false(failure_of(bench, 1).contested);
}

static void test_ledger_failure_close_ends_obligation_and_payment(void **state)
{
    struct bench *bench = *state;
    struct ledger_failures failures;
    struct ledger_obligation obligation[4];
    size_t count = 0;

    apply_one(bench, 1, whole_of(SAYS_ACCEPTED));
    apply_one(bench, 2, whole_of(SAYS_REJECTED));     /* each of them: the file's rest is `rejected` */
    failures_are(bench, PAYEES, &failures);
    begin(bench);
    must(bench, ledger_failure_close(bench->ledger, &failures.failure[1], &failures.obligation[failures.failure[1].first], 1,
                                     bench->run.run, &word, &bench->diag));
    commit(bench);
    assert_string_equal(shown(bench, 1), "closed  2026-10-06");
    assert_string_equal(shown(bench, 2), "rejected  2026-10-06");
    must(bench, ledger_obligations_of(bench->ledger, ent_of(bench, "A/1"), OCTOBER, obligation, 4, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(obligation[0].state, OBLIGATION_CLOSED);
    ledger_failures_release(&failures);
    failures_are(bench, PAYEES - 1, &failures);
    ledger_failures_release(&failures);
    /* The bank paid a closed one after all: what it settled may have been provided anew. */
    assert_int_equal(apply_one(bench, 9, line_of(1, SAYS_BOOKED)).result[LINE_DOUBLE], 1);
}

static struct ledger_waiting *attempts_are(struct bench *bench, int64_t ent, const char *payment, size_t count)
{
    struct ledger_waiting *waiting;
    size_t found;

    must(bench, ledger_attempts_held(bench->ledger, ent, payment, &bench->arena, &waiting, &found, &bench->diag));
    assert_int_equal(found, count);
    return waiting;
}

/* A run holds payment number 1's new attempt for a reason, or (NULL) not. */
static void attempt_holds(struct bench *bench, int64_t run, const char *reason)
{
    const struct ledger_failure failure = failure_of(bench, 1);
    const struct ledger_obligation owed = { .key = { OCTOBER, failure.ent, COMPONENT_pension, 0 }, .reason = reason,
                                            .state = reason == NULL ? OBLIGATION_INSTRUCTED : OBLIGATION_HELD, .thing = 7 };

    begin(bench);
    must(bench, ledger_failure_hold(bench->ledger, &failure, &owed, 1, run, word.at, &bench->diag));
    commit(bench);
}

static void test_ledger_failure_hold_stands_until_a_run_finds_no_reason(void **state)
{
    struct bench *bench = *state;

    apply_one(bench, 1, line_of(1, SAYS_REJECTED));
    const struct ledger_failure failure = failure_of(bench, 1);
    attempt_holds(bench, 2, "account changed");
    attempt_holds(bench, 3, "account changed");
    const struct ledger_waiting *waiting = attempts_are(bench, failure.ent, "", 1);
    assert_int_equal(waiting->run, 2);      /* that held it first */
    assert_int_equal(waiting->amount_dong, failure.amount_dong);
    assert_true(span_is(waiting->reason, "account changed"));
    attempt_holds(bench, 4, "amount jumped");
    assert_int_equal(attempts_are(bench, failure.ent, failure.payment_id, 1)->run, 4);
    attempts_are(bench, failure.ent, "ZZZZZZZZZZZZZZZZZZZZZZZZZZ", 0);
    attempts_are(bench, failure.ent + 1, "", 0);
    assert_int_equal(failure_of(bench, 1).settled, FAILURE_WAITS);
    attempt_holds(bench, 5, NULL);
    attempts_are(bench, failure.ent, "", 0);
}

static void test_ledger_failure_hold_ends_with_the_waiting(void **state)
{
    struct bench *bench = *state;

    apply_one(bench, 1, line_of(1, SAYS_REJECTED));
    attempt_holds(bench, 2, "account changed");
    const struct ledger_failure failure = failure_of(bench, 1);
    assert_int_equal(try_again(bench, 1, "AGAINAGAINAGAINAGAINAGAIN1"), STATUS_OK);
    attempts_are(bench, failure.ent, "", 0);
}

static void test_ledger_lift_of_an_attempt_is_remembered(void **state)
{
    struct bench *bench = *state;
    bool lifted = false;

    apply_one(bench, 1, line_of(1, SAYS_REJECTED));
    attempt_holds(bench, 2, "account changed");
    const struct ledger_failure failure = failure_of(bench, 1);
    const struct obligation_key key = attempts_are(bench, failure.ent, "", 1)->key;
    begin(bench);
    must(bench, ledger_lift(bench->ledger, &key, 1, &bench->diag));
    must(bench, ledger_let_go(bench->ledger, &key, &bench->diag));
    commit(bench);
    attempts_are(bench, failure.ent, "", 0);
    must(bench, ledger_is_lifted(bench->ledger, failure.ent, "account changed", 7, &lifted, &bench->diag));
    assert_true(lifted);
    must(bench, ledger_is_lifted(bench->ledger, failure.ent, "account changed", 8, &lifted, &bench->diag));
    assert_false(lifted);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM obligation WHERE batch IS NULL"), 0);
}

static void test_ledger_answer_booked_after_it_was_tried_again_is_double(void **state)
{
    struct bench *bench = *state;

    apply_one(bench, 1, line_of(1, SAYS_REJECTED));
    assert_int_equal(try_again(bench, 1, "AGAINAGAINAGAINAGAINAGAIN1"), STATUS_OK);
    assert_int_equal(apply_one(bench, 2, line_of(1, SAYS_BOOKED)).result[LINE_DOUBLE], 1);
    assert_int_equal(apply_one(bench, 2, line_of(1, SAYS_REJECTED)).result[LINE_SAME], 1);
    /* A returned one whose first debit is told late was debited once. */
    apply_one(bench, 3, line_of(2, SAYS_RETURNED));
    assert_int_equal(try_again(bench, 2, "AGAINAGAINAGAINAGAINAGAIN2"), STATUS_OK);
    assert_int_equal(apply_one(bench, 4, line_of(2, SAYS_BOOKED)).result[LINE_SAME], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENT_TEST(test_ledger_failures_are_those_that_wait),
        SENT_TEST(test_ledger_failure_of_nobody_is_not_there),
        SENT_TEST(test_ledger_plan_store_tries_again_once),
        SENT_TEST(test_ledger_failures_of_a_second_attempt),
        SENT_TEST(test_ledger_failure_cure_is_a_word_on_record),
        SENT_TEST(test_ledger_failure_cure_the_same_word_again_changes_nothing),
        SENT_TEST(test_ledger_failure_contested_while_a_break_is_open),
        SENT_TEST(test_ledger_failure_close_ends_obligation_and_payment),
        SENT_TEST(test_ledger_failure_hold_stands_until_a_run_finds_no_reason),
        SENT_TEST(test_ledger_failure_hold_ends_with_the_waiting),
        SENT_TEST(test_ledger_lift_of_an_attempt_is_remembered),
        SENT_TEST(test_ledger_answer_booked_after_it_was_tried_again_is_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
