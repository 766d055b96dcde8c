/* hold.c: does a hold cover what it says and nothing else, until it is ended, and is what is closed provided for? */
#include "test_ledger_answer_support.h"

#include "chitra/ledger_hold.h"
#include "chitra/ledger_member.h"

#define AT "2026-10-09T08:00:00+07:00"

static const struct ledger_word_of word = { "officer", "found out", AT };

static enum status placed(struct bench *bench, int64_t ent, const char *payment, const char *reason)
{
    const struct ledger_hold hold = { .ent = ent, .payment_id = payment, .reason = reason,
                                      .placed = { .who = "user", .officer = "A" } };

    begin(bench);
    enum status rc = ledger_hold_add(bench->ledger, &hold, AT, &bench->diag);
    if (rc == STATUS_OK) {
        commit(bench);
    } else {
        ledger_rollback(bench->ledger);
    }
    return rc;
}

static struct ledger_hold *holds_are(struct bench *bench, int64_t ent, size_t count)
{
    struct ledger_hold *hold;
    size_t found;

    must(bench, ledger_holds_of(bench->ledger, ent, &bench->arena, &hold, &found, &bench->diag));
    assert_int_equal(found, count);
    return hold;
}

static void ended(struct bench *bench, const struct ledger_hold *hold)
{
    begin(bench);
    must(bench, ledger_hold_end(bench->ledger, hold, &word, &bench->diag));
    commit(bench);
}

static struct ledger_waiting *waiting_are(struct bench *bench, int64_t ent, const char *payment, size_t count)
{
    struct ledger_waiting *waiting;
    size_t found;

    must(bench, ledger_waiting(bench->ledger, ent, payment, &bench->arena, &waiting, &found, &bench->diag));
    assert_int_equal(found, count);
    return waiting;
}

/* Two months of W/1, held by a screen in one run. */
static int64_t two_held(struct bench *bench)
{
    int64_t ent = added(bench, row_of(bench, "W/1", 700));
    struct ledger_obligation obligation[] = { owed(ent, OCTOBER - 1, COMPONENT_arrears, 3, 0),
                                              owed(ent, OCTOBER, COMPONENT_pension, 2, 0) };

    next_run(bench, OCTOBER);
    struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = obligation,
                                .obligation_count = 2 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    return ent;
}

static void id_of(const char *entitlement, month_t period, enum component component, char id[PAYMENT_ID_BYTES])
{
    const struct obligation_key key = { period, 0, component, 0 };

    payment_id_of(span_of(entitlement), &key, 1, 0, id);
}

static int flag_of(struct bench *bench, const char *id)
{
    return (int)(entitlement_of(bench, id).flags & ENTITLEMENT_HELD);
}

static void test_ledger_hold_covers_by_own_and_former_id(void **state)
{
    const struct obligation_key key = { OCTOBER, 1, COMPONENT_pension, 0 };
    const struct obligation_key other = { OCTOBER, 1, COMPONENT_pension, 1 };
    char id[PAYMENT_ID_BYTES];
    struct ledger_hold hold = { .payment_id = "" };

    (void)state;
    assert_true(ledger_hold_covers(&hold, span_of("W/1"), &key, NULL));
    id_of("W/1", OCTOBER, COMPONENT_pension, id);
    hold.payment_id = id;
    assert_true(ledger_hold_covers(&hold, span_of("W/1"), &key, NULL));
    assert_true(ledger_hold_covers(&hold, span_of("W/1"), &key, ""));
    assert_false(ledger_hold_covers(&hold, span_of("W/2"), &key, NULL));
    assert_false(ledger_hold_covers(&hold, span_of("W/1"), &other, NULL));
    assert_true(ledger_hold_covers(&hold, span_of("W/1"), &other, id));
}

static void test_ledger_hold_add_gives_its_reason_to_what_waits(void **state)
{
    struct bench *bench = *state;
    int64_t ent = two_held(bench);

    assert_int_equal(flag_of(bench, "W/1"), 0);
    assert_int_equal(placed(bench, ent, "", "a letter"), STATUS_OK);
    assert_int_equal(flag_of(bench, "W/1"), ENTITLEMENT_HELD);
    struct ledger_waiting *waiting = waiting_are(bench, ent, "", 2);
    assert_true(span_is(waiting[0].reason, "a letter") && span_is(waiting[1].reason, "a letter"));
    assert_int_equal(waiting[0].key.period, OCTOBER - 1);
    assert_int_equal(waiting[1].run, bench->run.run);
    const struct ledger_hold *hold = holds_are(bench, ent, 1);
    assert_string_equal(hold->reason, "a letter");
    assert_string_equal(hold->payment_id, "");
    assert_string_equal(hold->placed.officer, "A");
    assert_string_equal(hold->placed.who, "user");
    /* Nobody else is touched. */
    assert_int_equal(flag_of(bench, "A/1"), 0);
    holds_are(bench, ent_of(bench, "A/1"), 0);
}

static void test_ledger_hold_end_lets_go_what_no_other_covers(void **state)
{
    struct bench *bench = *state;
    int64_t ent = two_held(bench);
    char id[PAYMENT_ID_BYTES];

    id_of("W/1", OCTOBER, COMPONENT_pension, id);
    assert_int_equal(placed(bench, ent, id, "the payment"), STATUS_OK);
    assert_true(span_is(waiting_are(bench, ent, "", 2)[0].reason, "bank unknown"));
    assert_int_equal(placed(bench, ent, "", "all of it"), STATUS_OK);
    const struct ledger_hold *hold = holds_are(bench, ent, 2);
    assert_string_equal(hold[0].reason, "all of it");       /* the wider one first, and its reason is shown */
    assert_true(span_is(waiting_are(bench, ent, id, 1)->reason, "all of it"));
    ended(bench, &hold[0]);
    assert_true(span_is(waiting_are(bench, ent, "", 1)->reason, "the payment"));
    assert_int_equal(flag_of(bench, "W/1"), ENTITLEMENT_HELD);
    ended(bench, holds_are(bench, ent, 1));
    waiting_are(bench, ent, "", 0);
    assert_int_equal(flag_of(bench, "W/1"), 0);
    holds_are(bench, ent, 0);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM hold WHERE lifted_by = 'officer' AND lifted_why = 'found out'"), 2);
    /* What was let go is still taken up by the next plan, and can be held again. */
    struct ledger_obligation *held = NULL;
    size_t count;
    must(bench, ledger_held(bench->ledger, bench->unit[HN], &bench->arena, &held, &count, &bench->diag));
    assert_int_equal(count, 2);
    assert_int_equal(held[0].state, OBLIGATION_CALCULATED);
    assert_true(held[0].was_held);
    free(held);
    assert_int_equal(placed(bench, ent, "", "after all"), STATUS_OK);
    assert_true(span_is(waiting_are(bench, ent, "", 2)[1].reason, "after all"));
}

/* An event about an id, as unhold adds it. */
static void said(struct bench *bench, const char *kind, const char *id, const char *why)
{
    const struct ledger_event event = { .kind = kind, .subject = id, .unit = "", .who = "A", .why = why, .at = AT };

    begin(bench);
    must(bench, ledger_event_add(bench->ledger, &event, &bench->diag));
    commit(bench);
}

static void test_ledger_let_go_by_same_words_about_the_same_id_found(void **state)
{
    struct bench *bench = *state;
    static const struct { const char *id, *why, *at; } want[] = {
        { "W/1", "came", AT }, { "W/1", "asked", AT }, { "W/1", "a letter", "" }, { "W/1", "cam", "" },
        { "W/2", "came", "" },
    };
    char at[SYS_TIME_BYTES];

    said(bench, "hold.placed", "W/1", "a letter");
    said(bench, "hold.ended", "W/1", "came");
    said(bench, "hold.lifted", "W/1", "asked");
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        must(bench, ledger_let_go_by(bench->ledger, want[i].id, want[i].why, at, &bench->diag));
        assert_string_equal(at, want[i].at);
    }
}

static void test_ledger_hold_add_refuses_more_than_there_is_room_for(void **state)
{
    struct bench *bench = *state;
    int64_t ent = two_held(bench);
    char id[PAYMENT_ID_BYTES];

    for (int i = 0; i < LEDGER_HOLDS_MAX; i++) {
        id_of("W/1", OCTOBER + i, COMPONENT_pension, id);
        assert_int_equal(placed(bench, ent, id, "month by month"), STATUS_OK);
    }
    assert_int_equal(placed(bench, ent, "", "all"), STATUS_LIMIT);
    holds_are(bench, ent, LEDGER_HOLDS_MAX);
}

static void test_ledger_overtake_finds_holds_that_are_newer_than_the_run(void **state)
{
    struct bench *bench = *state;
    const struct ledger_doing doing = { "officer", AT, "" };
    struct ledger_overtaken *overtaken = NULL;
    struct ledger_file file;
    size_t count = 0;

    must(bench, ledger_file_find(bench->ledger, MSG_ID, &bench->arena, &file, &bench->diag));
    begin(bench);
    must(bench, ledger_files_staged(bench->ledger, BY_RUN, &file, 1, AT, &bench->diag));
    commit(bench);
    assert_int_equal(placed(bench, ent_of(bench, "A/2"), "", "a letter"), STATUS_OK);
    /* As if a later run had planned it in spite of the hold on another payment: it knew of it. */
    assert_int_equal(by_hand(bench, "UPDATE hold SET run = run - 1"), SQLITE_OK);
    begin(bench);
    must(bench, ledger_overtake(bench->ledger, BY_HOLD, &doing, &overtaken, &count, &bench->diag));
    assert_int_equal(count, 0);
    ledger_rollback(bench->ledger);
    free(overtaken);
    assert_int_equal(by_hand(bench, "UPDATE hold SET run = run + 1"), SQLITE_OK);
    begin(bench);
    must(bench, ledger_overtake(bench->ledger, BY_HOLD, &doing, &overtaken, &count, &bench->diag));
    commit(bench);
    assert_int_equal(count, 1);
    assert_string_equal(overtaken->id, "A/2");
    free(overtaken);
    must(bench, ledger_file_find(bench->ledger, MSG_ID, &bench->arena, &file, &bench->diag));
    assert_int_equal(file.state, FILE_STALE);
}

static void test_ledger_waiting_close_provides_for_it(void **state)
{
    struct bench *bench = *state;
    struct ledger_obligation obligation[4];
    size_t count = 0;
    int64_t ent = two_held(bench);

    begin(bench);
    must(bench, ledger_waiting_close(bench->ledger, &waiting_are(bench, ent, "", 2)[1].key, &word, &bench->diag));
    commit(bench);
    waiting_are(bench, ent, "", 1);
    must(bench, ledger_obligations_of(bench->ledger, ent, OCTOBER, obligation, 4, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(obligation[0].state, OBLIGATION_CLOSED_BY_HAND);
    assert_false(obligation[0].was_held);
    assert_string_equal(obligation_state_name(obligation[0].state), "closed");
    assert_int_equal(number_of(bench, "SELECT count(*) FROM v_obligation WHERE state = 'closed' AND reason = 'found out'"), 1);
}

static void test_ledger_failure_end_closes_payment_and_obligations(void **state)
{
    struct bench *bench = *state;
    struct ledger_failure failure;
    struct ledger_obligation obligation[4];
    size_t count = 0;
    char id[PAYMENT_ID_BYTES];

    payment_id(1, id);
    apply_one(bench, 1, line_of(1, SAYS_REJECTED));
    must(bench, ledger_failure_find(bench->ledger, id, &bench->arena, &failure, &bench->diag));
    assert_int_equal(failure.run, bench->run.run);
    begin(bench);
    must(bench, ledger_failure_end(bench->ledger, &failure, &word, &bench->diag));
    commit(bench);
    assert_string_equal(shown(bench, 1), "closed  2026-10-06");
    must(bench, ledger_failure_find(bench->ledger, id, &bench->arena, &failure, &bench->diag));
    assert_int_equal(failure.settled, FAILURE_CLOSED);
    must(bench, ledger_obligations_of(bench->ledger, ent_of(bench, "A/1"), OCTOBER, obligation, 4, &count, &bench->diag));
    assert_int_equal(obligation[0].state, OBLIGATION_CLOSED_BY_HAND);
    /* The bank paid it after all. */
    assert_int_equal(apply_one(bench, 9, line_of(1, SAYS_BOOKED)).result[LINE_DOUBLE], 1);
}

static int planned_setup(void **state)
{
    if (bench_setup(state) != 0) {
        return -1;
    }
    file_plan(*state, CHANNEL_bank);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ledger_hold_covers_by_own_and_former_id),
        SENT_TEST(test_ledger_hold_add_gives_its_reason_to_what_waits),
        SENT_TEST(test_ledger_hold_end_lets_go_what_no_other_covers),
        SENT_TEST(test_ledger_let_go_by_same_words_about_the_same_id_found),
        SENT_TEST(test_ledger_hold_add_refuses_more_than_there_is_room_for),
        cmocka_unit_test_setup_teardown(test_ledger_overtake_finds_holds_that_are_newer_than_the_run, planned_setup,
                                        bench_teardown),
        SENT_TEST(test_ledger_waiting_close_provides_for_it),
        SENT_TEST(test_ledger_failure_end_closes_payment_and_obligations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
