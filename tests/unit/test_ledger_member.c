/* member.c, generation.c, funding.c: who is taken out of a file, what is left, and what takes its place? */
#include "test_ledger_support.h"

#include "chitra/ledger_member.h"

enum { A, B, C, O, PEOPLE };

static const struct ledger_doing doing = { "operator", "2026-10-02T08:00:00+07:00", "why" };

/* One staged file: two usual pensions, one of two obligations in one payment, a usual one-off, funding. */
struct staged {
    struct bench *bench;
    int64_t ent[PEOPLE];
    struct ledger_file file;
};

static struct ledger_file file_of(struct bench *bench, const char *msg_id)
{
    struct ledger_file file;

    must(bench, ledger_file_find(bench->ledger, msg_id, &bench->arena, &file, &bench->diag));
    return file;
}

static void stage(struct bench *bench, const char *msg_id)
{
    struct ledger_file file = file_of(bench, msg_id);

    begin(bench);
    must(bench, ledger_files_staged(bench->ledger, BY_RUN, &file, 1, doing.at, &bench->diag));
    commit(bench);
}

static struct staged staged_of(struct bench *bench)
{
    struct staged made = { .bench = bench };

    made.ent[A] = added(bench, row_of(bench, "A/1", 100));
    made.ent[B] = added(bench, row_of(bench, "A/2", 200));
    made.ent[C] = added(bench, row_of(bench, "A/3", 300));
    made.ent[O] = added(bench, once_of(bench, "O/1", 400));
    struct ledger_obligation obligation[] = { owed(made.ent[A], OCTOBER, COMPONENT_pension, 1000, 1),
                                              owed(made.ent[B], OCTOBER, COMPONENT_pension, 2000, 1),
                                              owed(made.ent[C], OCTOBER, COMPONENT_pension, 3000, 1),
                                              owed(made.ent[C], OCTOBER, COMPONENT_retirement_grant, 4000, 1),
                                              owed(made.ent[O], MONTH_ONCE, COMPONENT_relief_grant, 5000, 1) };
    const struct ledger_batch batch = batch_of(1, bench->unit[HN], "MSG-G1");
    struct ledger_payment payment[] = { payment_of(bench, made.ent[C], 1, "SEVERALSEVERALSEVERALSEV01"),
                                        payment_of(bench, 0, 1, "FUNDINGFUNDINGFUNDINGFUN01") };
    payment[0].amount_dong = 7000;
    payment[1].amount_dong = 10000;
    obligation[2].payment = obligation[3].payment = 1;
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = obligation,
                                      .obligation_count = 5, .payment = payment, .payment_count = 2, .batch = &batch,
                                      .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    stage(bench, "MSG-G1");
    made.file = file_of(bench, "MSG-G1");
    return made;
}

static void members_are(const struct staged *staged, uint64_t payments, int64_t amount_dong)
{
    struct ledger_members members;

    must(staged->bench, ledger_members(staged->bench->ledger, &staged->file, &members, &staged->bench->diag));
    assert_int_equal(members.payments, payments);
    assert_int_equal(members.amount_dong, amount_dong);
}

static void take_out(const struct staged *staged, int64_t ent)
{
    begin(staged->bench);
    must(staged->bench, ledger_take_out(staged->bench->ledger, &staged->file, ent, ledger_was_overtaken,
                                        staged->bench->run.run, doing.at, &staged->bench->diag));
    commit(staged->bench);
}

static size_t held_count(struct bench *bench, int64_t ent)
{
    struct ledger_obligation *held = NULL;
    size_t count = 0;
    size_t found = 0;

    must(bench, ledger_held(bench->ledger, bench->unit[HN], &bench->arena, &held, &count, &bench->diag));
    for (size_t i = 0; i < count; i++) {
        found += held[i].key.ent == ent;
        assert_string_equal(held[i].reason, ledger_was_overtaken);
    }
    free(held);
    return found;
}

static void test_ledger_take_out_leaves_the_others(void **state)
{
    struct staged staged = staged_of(*state);

    members_are(&staged, 5, 25000);
    take_out(&staged, staged.ent[A]);
    members_are(&staged, 4, 24000);
    assert_int_equal(held_count(staged.bench, staged.ent[A]), 1);
    take_out(&staged, staged.ent[C]);
    members_are(&staged, 3, 17000);
    assert_int_equal(held_count(staged.bench, staged.ent[C]), 2);
    take_out(&staged, staged.ent[O]);
    members_are(&staged, 2, 12000);
    assert_int_equal(held_count(staged.bench, staged.ent[O]), 1);
    assert_int_equal(held_count(staged.bench, staged.ent[B]), 0);
    /* Once more: there is nobody of that name in it. */
    take_out(&staged, staged.ent[A]);
    members_are(&staged, 2, 12000);
}

/* What was one payment is known to have been one; a usual payment stood alone. */
static void test_ledger_take_out_keeps_what_was_one_payment(void **state)
{
    struct staged staged = staged_of(*state);

    take_out(&staged, 0);
    members_are(&staged, 1, 10000);     /* the post's funding is nobody's */
    assert_int_equal(number_of(staged.bench, "SELECT count(*) FROM exception"), 5);
    assert_int_equal(number_of(staged.bench, "SELECT count(*) FROM exception WHERE former = ''"), 3);
    assert_int_equal(number_of(staged.bench,
                               "SELECT count(*) FROM exception WHERE former = 'SEVERALSEVERALSEVERALSEV01'"), 2);
    assert_int_equal(number_of(staged.bench, "SELECT count(*) FROM obligation WHERE batch IS NOT NULL"), 0);
    assert_int_equal(number_of(staged.bench, "SELECT count(*) FROM payment WHERE ent IS NOT NULL"), 0);
}

static size_t overtaken_count(struct bench *bench, enum state_by by)
{
    struct ledger_overtaken *overtaken = NULL;
    size_t count = 99;

    begin(bench);
    must(bench, ledger_overtake(bench->ledger, by, &doing, &overtaken, &count, &bench->diag));
    commit(bench);
    free(overtaken);
    return count;
}

static void test_ledger_overtake_sees_corrections_and_later_stops(void **state)
{
    struct staged staged = staged_of(*state);
    struct bench *bench = staged.bench;
    struct ledger_correction correction = correction_of("A/2", 0, DAY(2026, 10, 1));

    assert_int_equal(overtaken_count(bench, BY_RUN), 0);
    assert_int_equal(file_of(bench, "MSG-G1").state, FILE_STAGED);
    next_run(bench, OCTOBER);
    correction.account = span_of("0011000000099");
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
    assert_int_equal(overtaken_count(bench, BY_RELEASE), 1);
    assert_int_equal(file_of(bench, "MSG-G1").state, FILE_STALE);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'file.stale' AND why = 'entitlement A/2'"), 1);
    /* A stale file stays so, and is told of once. */
    assert_int_equal(overtaken_count(bench, BY_RUN), 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'file.stale'"), 1);
}

static void test_ledger_overtake_forgets_stops_that_the_plan_knew(void **state)
{
    struct bench *bench = *state;

    approved(bench, 1000, 1);
    begin(bench);
    struct ledger_intake intake = { .name = "stops.csv", .approval = bench->source.approval };
    must(bench, ledger_intake_seal(bench->ledger, bench->run.run, &intake, &bench->diag));
    commit(bench);
    bench->source.intake = intake.intake;
    struct staged staged = staged_of(bench);
    assert_int_equal(stop(bench, "A/1", 0, KIND_ended, DAY(2027, 1, 1)).verdict, LEDGER_APPLIED);
    assert_int_equal(overtaken_count(bench, BY_RUN), 0);
    next_run(bench, OCTOBER);
    begin(bench);
    memset(intake.sha256.bytes, 7, DIGEST_BYTES);
    must(bench, ledger_intake_seal(bench->ledger, bench->run.run, &intake, &bench->diag));
    commit(bench);
    bench->source.intake = intake.intake;
    assert_int_equal(stop(bench, "A/3", 0, KIND_deceased, DAY(2026, 9, 1)).verdict, LEDGER_APPLIED);
    assert_int_equal(overtaken_count(bench, BY_RUN), 1);
    members_are(&staged, 5, 25000);     /* looking takes nobody out */
}

static struct ledger_file next_of(struct bench *bench, const struct ledger_file *file)
{
    struct ledger_file next = *file;

    snprintf(next.batch.msg_id, sizeof(next.batch.msg_id), "MSG-G%d", file->generation + 1);
    snprintf(next.path, sizeof(next.path), "outbox/2026-10/970436/%s.xml", next.batch.msg_id);
    begin(bench);
    must(bench, ledger_replace(bench->ledger, file, BY_RUN, &doing, &next, &bench->diag));
    commit(bench);
    return next;
}

static void test_ledger_replace_carries_who_is_left(void **state)
{
    struct staged staged = staged_of(*state);
    struct bench *bench = staged.bench;

    assert_int_equal(by_hand(bench, "UPDATE file SET state = 2"), SQLITE_OK);
    staged.file = file_of(bench, "MSG-G1");
    take_out(&staged, staged.ent[A]);
    next_of(bench, &staged.file);
    assert_int_equal(file_of(bench, "MSG-G1").state, FILE_VOIDED);
    struct ledger_file next = file_of(bench, "MSG-G2");
    assert_int_equal(next.state, FILE_PLANNED);
    assert_int_equal(next.generation, 2);
    assert_int_equal(next.batch.payments, 4);
    assert_int_equal(next.batch.amount_dong, 24000);
    assert_int_equal(number_of(bench, "SELECT payments FROM batch"), 1);    /* the plan's, as the bench made it */
}

static void test_ledger_replace_of_an_empty_file_makes_none(void **state)
{
    struct staged staged = staged_of(*state);
    struct bench *bench = staged.bench;
    struct ledger_file *withdrawn = NULL;
    size_t count = 99;

    assert_int_equal(by_hand(bench, "UPDATE file SET state = 2; DELETE FROM payment WHERE ent IS NULL"), SQLITE_OK);
    staged.file = file_of(bench, "MSG-G1");
    take_out(&staged, 0);
    assert_int_equal(next_of(bench, &staged.file).batch.payments, 0);
    assert_int_equal(file_of(bench, "MSG-G1").state, FILE_VOIDED);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM file"), 1);
    must(bench, ledger_files_withdrawn(bench->ledger, &bench->arena, &withdrawn, &count, &bench->diag));
    assert_int_equal(count, 1);
    free(withdrawn);
    begin(bench);
    must(bench, ledger_file_taken_up(bench->ledger, staged.file.file, bench->run.run, &bench->diag));
    commit(bench);
    must(bench, ledger_files_withdrawn(bench->ledger, &bench->arena, &withdrawn, &count, &bench->diag));
    assert_int_equal(count, 0);
    free(withdrawn);
}

/* A cash list of two, its funding in a bank file of its own. */
static void lists_make(struct bench *bench, int64_t ent[2], int64_t at_post_dong)
{
    ent[0] = added(bench, row_of(bench, "K/1", 500));
    ent[1] = added(bench, row_of(bench, "K/2", 600));
    struct ledger_obligation obligation[] = { owed(ent[0], OCTOBER, COMPONENT_pension, 1000, 1),
                                              owed(ent[1], OCTOBER, COMPONENT_pension, 2000, 1) };
    struct ledger_batch batch[] = { batch_of(1, bench->unit[HN], "LIST"), batch_of(2, bench->unit[HN], "BANK") };
    struct ledger_payment payment = payment_of(bench, 0, 2, "FUNDINGFUNDINGFUNDINGFUN01");
    const struct ledger_funding funding = { OCTOBER, 1, 1, 3000 - at_post_dong, at_post_dong };

    batch[0].channel = CHANNEL_cash;
    payment.amount_dong = 3000 - at_post_dong;
    batch[1].amount_dong = payment.amount_dong;
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = obligation,
                                      .obligation_count = 2, .payment = &payment, .payment_count = 1, .batch = batch,
                                      .batch_count = 2, .funding = &funding, .funding_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    stage(bench, "LIST");
    stage(bench, "BANK");
}

static void follow(struct bench *bench)
{
    begin(bench);
    must(bench, ledger_funding_follow(bench->ledger, bench->run.run, bench->unit[HN], BY_RUN, &doing, &bench->diag));
    commit(bench);
}

static void test_ledger_funding_follows_its_lists(void **state)
{
    struct bench *bench = *state;
    int64_t ent[2];

    lists_make(bench, ent, 0);
    follow(bench);
    assert_int_equal(file_of(bench, "BANK").state, FILE_STAGED);    /* nothing changed */
    struct staged list = { .bench = bench, .file = file_of(bench, "LIST") };
    take_out(&list, ent[0]);
    follow(bench);
    assert_int_equal(file_of(bench, "BANK").state, FILE_STALE);
    assert_int_equal(number_of(bench, "SELECT amount FROM payment WHERE ent IS NULL"), 2000);
    assert_int_equal(number_of(bench, "SELECT amount FROM funding"), 2000);
    take_out(&list, ent[1]);
    follow(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM payment"), 0);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM funding"), 0);
}

static void test_ledger_funding_that_left_stays(void **state)
{
    struct bench *bench = *state;
    int64_t ent[2];

    lists_make(bench, ent, 0);
    assert_int_equal(by_hand(bench, "UPDATE file SET state = 4 WHERE msg_id = 'BANK'"), SQLITE_OK);
    struct staged list = { .bench = bench, .file = file_of(bench, "LIST") };
    take_out(&list, ent[0]);
    follow(bench);
    assert_int_equal(file_of(bench, "BANK").state, FILE_RELEASED);
    assert_int_equal(number_of(bench, "SELECT amount FROM payment WHERE ent IS NULL"), 3000);
}

/* What is at the post is used first, and what its lists need no more goes to later ones. */
static void test_ledger_funding_follows_with_money_at_the_post(void **state)
{
    struct bench *bench = *state;
    int64_t ent[2];

    lists_make(bench, ent, 1500);
    struct staged list = { .bench = bench, .file = file_of(bench, "LIST") };
    take_out(&list, ent[0]);
    follow(bench);
    assert_int_equal(number_of(bench, "SELECT amount FROM payment WHERE ent IS NULL"), 500);
    assert_int_equal(number_of(bench, "SELECT at_post FROM funding"), 1500);
    take_out(&list, ent[1]);
    follow(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM funding"), 0);
}

static void test_ledger_funding_follows_without_a_transfer(void **state)
{
    struct bench *bench = *state;
    int64_t ent[2];

    lists_make(bench, ent, 2500);
    struct staged list = { .bench = bench, .file = file_of(bench, "LIST") };
    take_out(&list, ent[0]);
    follow(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM payment"), 0);
    assert_int_equal(number_of(bench, "SELECT at_post FROM funding WHERE payment IS NULL AND amount = 0"), 2000);
    take_out(&list, ent[1]);
    follow(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM funding"), 0);
}

/* An advance and the rest: what the lists need no more is taken off the rest first, and from the advance if it has not
 * left. */
static void instalments_make(struct bench *bench, int64_t ent[2])
{
    lists_make(bench, ent, 0);
    assert_int_equal(by_hand(bench, "UPDATE payment SET amount = 1200 WHERE ent IS NULL"), SQLITE_OK);
    assert_int_equal(by_hand(bench, "UPDATE funding SET amount = 1200"), SQLITE_OK);
    assert_int_equal(by_hand(bench, "INSERT INTO payment(end_to_end_id, period, purpose, amount, batch, version, attempt)"
                                    " SELECT 'FUNDINGFUNDINGFUNDINGFUN02', period, purpose, 1800, batch, version, 0 FROM payment"
                                    " WHERE ent IS NULL"), SQLITE_OK);
    assert_int_equal(by_hand(bench, "INSERT INTO funding SELECT unit, pay_month, 2, run, 1800, 0, payment + 1 FROM funding"),
                     SQLITE_OK);
}

static void test_ledger_funding_follows_in_instalments(void **state)
{
    struct bench *bench = *state;
    int64_t ent[2];

    instalments_make(bench, ent);
    struct staged list = { .bench = bench, .file = file_of(bench, "LIST") };
    take_out(&list, ent[0]);
    follow(bench);
    assert_int_equal(number_of(bench, "SELECT amount FROM funding WHERE instalment = 1"), 1200);
    assert_int_equal(number_of(bench, "SELECT amount FROM funding WHERE instalment = 2"), 800);
    take_out(&list, ent[1]);
    follow(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM funding"), 0);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM payment"), 0);
}

/* Several in one file: it becomes stale once. */
static void test_ledger_funding_follows_several_in_one_file(void **state)
{
    struct bench *bench = *state;
    int64_t ent[2];

    instalments_make(bench, ent);
    struct staged list = { .bench = bench, .file = file_of(bench, "LIST") };
    take_out(&list, ent[0]);
    take_out(&list, ent[1]);
    follow(bench);
    assert_int_equal(file_of(bench, "BANK").state, FILE_STALE);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM funding"), 0);
}

static bool is_doubtful(struct bench *bench, const char *msg_id)
{
    const struct ledger_file file = file_of(bench, msg_id);
    bool doubtful = false;

    must(bench, ledger_funding_in_doubt(bench->ledger, &file, &doubtful, &bench->diag));
    return doubtful;
}

/* Contradictions (6) and doubles (7) that are open are doubts; other breaks, closed ones, and those of others are none. */
static void test_ledger_funding_in_doubt_while_a_break_is_open(void **state)
{
    struct bench *bench = *state;
    int64_t ent[2];

    lists_make(bench, ent, 0);
    assert_false(is_doubtful(bench, "BANK"));
    assert_int_equal(by_hand(bench, "INSERT INTO break(answer, kind, end_to_end_id, says, at)"
                                    " VALUES(1, 7, 'FUNDINGFUNDINGFUNDINGFUN02', 3, ''), (1, 5, 'FUNDINGFUNDINGFUNDINGFUN01', 3, '')"),
                     SQLITE_OK);
    assert_false(is_doubtful(bench, "BANK"));
    assert_int_equal(by_hand(bench, "UPDATE break SET kind = 6 WHERE kind = 5"), SQLITE_OK);
    assert_true(is_doubtful(bench, "BANK"));
    assert_false(is_doubtful(bench, "LIST"));
    assert_int_equal(by_hand(bench, "UPDATE break SET kind = 7"), SQLITE_OK);
    assert_true(is_doubtful(bench, "BANK"));
    assert_int_equal(by_hand(bench, "UPDATE break SET closed_at = at"), SQLITE_OK);
    assert_false(is_doubtful(bench, "BANK"));
}

/* In a withdrawn file, and said to be paid: it counts as sent, whatever its lists carry by then. */
static void test_ledger_funding_in_doubt_stays_as_it_is(void **state)
{
    struct bench *bench = *state;
    int64_t ent[2];

    lists_make(bench, ent, 0);
    assert_int_equal(by_hand(bench, "UPDATE file SET state = 10 WHERE msg_id = 'BANK'"), SQLITE_OK);
    assert_int_equal(by_hand(bench, "INSERT INTO break(answer, kind, end_to_end_id, says, at)"
                                    " VALUES(1, 7, 'FUNDINGFUNDINGFUNDINGFUN01', 3, '')"), SQLITE_OK);
    struct staged list = { .bench = bench, .file = file_of(bench, "LIST") };
    take_out(&list, ent[0]);
    follow(bench);
    assert_int_equal(number_of(bench, "SELECT amount FROM payment WHERE ent IS NULL"), 3000);
    assert_int_equal(by_hand(bench, "UPDATE break SET closed_at = at"), SQLITE_OK);
    follow(bench);
    assert_int_equal(number_of(bench, "SELECT amount FROM payment WHERE ent IS NULL"), 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_take_out_leaves_the_others),
        BENCH_TEST(test_ledger_take_out_keeps_what_was_one_payment),
        BENCH_TEST(test_ledger_overtake_sees_corrections_and_later_stops),
        BENCH_TEST(test_ledger_overtake_forgets_stops_that_the_plan_knew),
        BENCH_TEST(test_ledger_replace_carries_who_is_left),
        BENCH_TEST(test_ledger_replace_of_an_empty_file_makes_none),
        BENCH_TEST(test_ledger_funding_follows_its_lists),
        BENCH_TEST(test_ledger_funding_that_left_stays),
        BENCH_TEST(test_ledger_funding_follows_with_money_at_the_post),
        BENCH_TEST(test_ledger_funding_follows_without_a_transfer),
        BENCH_TEST(test_ledger_funding_follows_in_instalments),
        BENCH_TEST(test_ledger_funding_follows_several_in_one_file),
        BENCH_TEST(test_ledger_funding_in_doubt_while_a_break_is_open),
        BENCH_TEST(test_ledger_funding_in_doubt_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
