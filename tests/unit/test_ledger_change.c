/* change.c: do stops and corrections reach whom they are for, once, and nobody else? */
#include "test_ledger_support.h"

static size_t stops_of(struct bench *bench, const char *id, struct ledger_stop_state state[LEDGER_STOPS_MAX])
{
    struct ledger_entitlement now = entitlement_of(bench, id);
    size_t count = 99;

    must(bench, ledger_stops_of(bench->ledger, now.ent, now.person, state, &count, &bench->diag));
    return count;
}

/* ---- stops ---- */

static void test_ledger_stops_of_one_entitlement(void **state)
{
    struct bench *bench = *state;
    struct ledger_stop_state stops[LEDGER_STOPS_MAX];
    struct ledger_row other = row_of(bench, "A/2", 100);

    added(bench, row_of(bench, "A/1", 100));
    other.benefit = BENEFIT_injury_monthly;
    added(bench, other);
    assert_int_equal(stop(bench, "A/1", 0, KIND_suspended, DAY(2026, 10, 15)).verdict, LEDGER_APPLIED);
    assert_int_equal(entitlement_of(bench, "A/1").flags, ENTITLEMENT_STOPPED | ENTITLEMENT_TOUCHED);
    assert_int_equal(entitlement_of(bench, "A/2").flags, 0);
    assert_int_equal(stops_of(bench, "A/1", stops), 1);
    assert_int_equal(stops[0].kind, KIND_suspended);
    assert_int_equal(stops[0].reason, -1);
    assert_int_equal(stops[0].from, DAY(2026, 10, 15));
    assert_int_equal(stops_of(bench, "A/2", stops), 0);
}

static void test_ledger_stops_come_sorted_by_date(void **state)
{
    struct bench *bench = *state;
    struct ledger_stop_state stops[LEDGER_STOPS_MAX];

    added(bench, row_of(bench, "A/1", 100));
    stop(bench, "A/1", 100, KIND_resumed, DAY(2026, 12, 1));
    stop(bench, "", 100, KIND_suspended, DAY(2026, 10, 1));
    stop(bench, "A/1", 0, KIND_ended, DAY(2026, 11, 1));
    assert_int_equal(stops_of(bench, "A/1", stops), 3);
    assert_int_equal(stops[0].kind, KIND_suspended);
    assert_int_equal(stops[1].kind, KIND_ended);
    assert_int_equal(stops[2].kind, KIND_resumed);
}

static void test_ledger_stops_of_the_person_reach_every_entitlement(void **state)
{
    struct bench *bench = *state;
    struct ledger_stop_state stops[LEDGER_STOPS_MAX];
    struct ledger_row other = row_of(bench, "A/2", 100);

    added(bench, row_of(bench, "A/1", 100));
    other.benefit = BENEFIT_relief_grant;
    other.unit = bench->unit[DN];
    added(bench, other);
    added(bench, row_of(bench, "B/1", 200));
    stop(bench, "", 100, KIND_suspended, DAY(2026, 10, 15));
    assert_int_equal(stops_of(bench, "A/1", stops), 1);
    assert_int_equal(stops_of(bench, "A/2", stops), 1);
    assert_int_equal(stops_of(bench, "B/1", stops), 0);
    assert_int_equal(entitlement_of(bench, "A/2").flags, ENTITLEMENT_STOPPED | ENTITLEMENT_TOUCHED);
    assert_int_equal(entitlement_of(bench, "B/1").flags, 0);
}

/* A death is the person's, whichever of their entitlements names it. */
static void test_ledger_stops_death_by_entitlement_reaches_the_person(void **state)
{
    struct bench *bench = *state;
    struct ledger_stop_state stops[LEDGER_STOPS_MAX];
    struct ledger_row other = row_of(bench, "A/2", 100);

    added(bench, row_of(bench, "A/1", 100));
    other.benefit = BENEFIT_injury_monthly;
    added(bench, other);
    assert_int_equal(stop(bench, "A/1", 0, KIND_deceased, DAY(2026, 10, 15)).verdict, LEDGER_APPLIED);
    assert_int_equal(stops_of(bench, "A/2", stops), 1);
    assert_int_equal(stops[0].kind, KIND_deceased);
    assert_int_equal(entitlement_of(bench, "A/2").flags, ENTITLEMENT_STOPPED | ENTITLEMENT_TOUCHED);
    /* The same death by the person's number, or by the other id, is no news. */
    assert_int_equal(stop(bench, "", 100, KIND_deceased, DAY(2026, 10, 15)).verdict, LEDGER_UNCHANGED);
    assert_int_equal(stop(bench, "A/2", 100, KIND_deceased, DAY(2026, 10, 15)).verdict, LEDGER_UNCHANGED);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM stop"), 1);
}

/* A person's stop can come before anything that they are entitled to. */
static void test_ledger_stops_wait_for_the_person(void **state)
{
    struct bench *bench = *state;
    struct ledger_stop_state stops[LEDGER_STOPS_MAX];
    struct ledger_row both = row_of(bench, "A/1", 100);

    assert_int_equal(stop(bench, "", 100, KIND_deceased, DAY(2026, 10, 15)).verdict, LEDGER_APPLIED);
    both.citizen = 60;
    added(bench, both);
    assert_int_equal(entitlement_of(bench, "A/1").flags, ENTITLEMENT_STOPPED);
    assert_int_equal(stops_of(bench, "A/1", stops), 1);
    struct ledger_row later = row_of(bench, "A/2", 0);
    later.citizen = 60;
    added(bench, later);
    assert_int_equal(entitlement_of(bench, "A/2").flags & ENTITLEMENT_STOPPED, ENTITLEMENT_STOPPED);
}

static void test_ledger_stops_unknown_or_other_entitlement_is_rejected(void **state)
{
    struct bench *bench = *state;
    struct digest before;
    struct digest after;

    added(bench, row_of(bench, "A/1", 100));
    dump_digest(bench, &before);
    struct ledger_outcome outcome = stop(bench, "X/1", 0, KIND_ended, DAY(2026, 10, 15));
    assert_int_equal(outcome.verdict, LEDGER_REJECTED);
    assert_string_equal(outcome.column, "entitlement_id");
    assert_int_equal(stop(bench, "A/1", 200, KIND_ended, DAY(2026, 10, 15)).verdict, LEDGER_REJECTED);
    assert_int_equal(stop(bench, "A/1", 200, KIND_deceased, DAY(2026, 10, 15)).verdict, LEDGER_REJECTED);
    assert_int_equal(stop(bench, "", 0, KIND_deceased, DAY(2026, 10, 15)).verdict, LEDGER_REJECTED);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
}

static void test_ledger_stops_again_changes_nothing_but_another_does(void **state)
{
    struct bench *bench = *state;
    struct ledger_stop row = { .line = 2, .id = span_of("A/1"), .kind = KIND_resumed, .from = DAY(2026, 10, 15),
                               .reason = 4 };
    struct ledger_outcome outcome[2];

    added(bench, row_of(bench, "A/1", 100));
    const struct ledger_stop twice[2] = { row, row };
    begin(bench);
    must(bench, ledger_stops(bench->ledger, &bench->source, twice, 2, outcome, &bench->diag));
    commit(bench);
    assert_int_equal(outcome[0].verdict, LEDGER_APPLIED);
    assert_int_equal(outcome[1].verdict, LEDGER_UNCHANGED);
    approved(bench, 5, 5);
    row.reason = 3;
    begin(bench);
    must(bench, ledger_stops(bench->ledger, &bench->source, &row, 1, outcome, &bench->diag));
    commit(bench);
    assert_int_equal(outcome[0].verdict, LEDGER_APPLIED);
    assert_int_equal(stop(bench, "", 100, KIND_resumed, DAY(2026, 10, 15)).verdict, LEDGER_APPLIED);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM stop"), 3);
}

static void test_ledger_stops_of_too_many_is_a_limit(void **state)
{
    struct bench *bench = *state;
    struct ledger_stop_state stops[LEDGER_STOPS_MAX];
    size_t count;

    int64_t ent = added(bench, row_of(bench, "A/1", 100));
    for (int i = 0; i < LEDGER_STOPS_MAX; i++) {
        stop(bench, "A/1", 0, KIND_suspended, DAY(2026, 1, 1) + i);
    }
    assert_int_equal(stops_of(bench, "A/1", stops), LEDGER_STOPS_MAX);
    stop(bench, "A/1", 0, KIND_resumed, DAY(2027, 1, 1));
    assert_int_equal(ledger_stops_of(bench->ledger, ent, 100, stops, &count, &bench->diag), STATUS_LIMIT);
}

/* ---- corrections ---- */

static void test_ledger_corrections_each_field(void **state)
{
    struct bench *bench = *state;
    struct ledger_correction correction = correction_of("A/1", 0, DAY(2026, 9, 2));

    added(bench, row_of(bench, "A/1", 100));
    correction.channel = CHANNEL_cash;
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
    struct ledger_entitlement now = entitlement_of(bench, "A/1");
    assert_int_equal(now.channel, CHANNEL_cash);
    assert_int_equal(now.version, 2);
    assert_int_equal(now.flags, ENTITLEMENT_TOUCHED);
    assert_true(span_is(now.bank, "970436") && span_is(now.account, "0011000000001"));

    correction = correction_of("A/1", 100, DAY(2026, 9, 2));
    correction.bank = span_of("HN-001");
    correction.account = span_of("12");
    correction.payee_name = span_of("Lê Thị Nhận");
    correction.authorised_until = DAY(2027, 1, 1);
    correction.commune = 99;
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
    now = entitlement_of(bench, "A/1");
    assert_int_equal(now.version, 3);
    assert_int_equal(now.channel, CHANNEL_cash);
    assert_true(span_is(now.bank, "HN-001") && span_is(now.account, "12") && span_is(now.payee_name, "Lê Thị Nhận"));
    assert_int_equal(now.authorised_until, DAY(2027, 1, 1));
    assert_int_equal(now.commune, 99);
    assert_int_equal(now.approved_on, DAY(2026, 9, 1));     /* the facts are the row's still */
}

static void test_ledger_corrections_same_content_is_unchanged(void **state)
{
    struct bench *bench = *state;
    struct ledger_correction correction = correction_of("A/1", 0, DAY(2026, 9, 2));

    added(bench, row_of(bench, "A/1", 100));
    correction.bank = span_of("970436");
    assert_int_equal(correct(bench, correction).verdict, LEDGER_UNCHANGED);
    assert_int_equal(entitlement_of(bench, "A/1").version, 1);
    assert_int_equal(entitlement_of(bench, "A/1").flags, 0);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM entitlement_version"), 0);
}

static void test_ledger_corrections_older_is_overtaken(void **state)
{
    struct bench *bench = *state;
    struct ledger_correction correction = correction_of("A/1", 0, DAY(2026, 8, 31));
    struct digest before;
    struct digest after;

    added(bench, row_of(bench, "A/1", 100));
    dump_digest(bench, &before);
    correction.account = span_of("999");
    assert_int_equal(correct(bench, correction).verdict, LEDGER_OVERTAKEN);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
    correction.approved_on = DAY(2026, 9, 5);
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
    correction.account = span_of("555");
    correction.approved_on = DAY(2026, 9, 4);
    correction.commune = 7;         /* one field is overtaken, the other is not */
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
    assert_true(span_is(entitlement_of(bench, "A/1").account, "999"));
    assert_int_equal(entitlement_of(bench, "A/1").commune, 7);
}

static void test_ledger_corrections_of_the_person_reach_every_entitlement(void **state)
{
    struct bench *bench = *state;
    struct ledger_correction correction = correction_of("", 100, DAY(2026, 9, 2));
    struct ledger_row other = row_of(bench, "A/2", 100);

    added(bench, row_of(bench, "A/1", 100));
    other.benefit = BENEFIT_injury_monthly;
    other.approved_on = DAY(2026, 9, 3);        /* newer than the correction */
    added(bench, other);
    other = row_of(bench, "A/3", 100);
    other.benefit = BENEFIT_relief_grant;
    other.unit = bench->unit[DN];
    added(bench, other);
    added(bench, row_of(bench, "B/1", 200));
    correction.account = span_of("999");
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
    assert_true(span_is(entitlement_of(bench, "A/1").account, "999"));
    assert_true(span_is(entitlement_of(bench, "A/2").account, "0011000000001"));
    assert_true(span_is(entitlement_of(bench, "A/3").account, "999"));
    assert_true(span_is(entitlement_of(bench, "B/1").account, "0011000000001"));
    assert_int_equal(number_of(bench, "SELECT count(*) FROM touched"), 2);
}

static void test_ledger_corrections_of_nobody_are_rejected(void **state)
{
    struct bench *bench = *state;
    struct ledger_correction correction = correction_of("X/1", 0, DAY(2026, 9, 2));

    added(bench, row_of(bench, "A/1", 100));
    correction.account = span_of("999");
    struct ledger_outcome outcome = correct(bench, correction);
    assert_int_equal(outcome.verdict, LEDGER_REJECTED);
    assert_string_equal(outcome.column, "entitlement_id");
    correction.id = span_of("A/1");
    correction.beneficiary = 200;
    assert_int_equal(correct(bench, correction).verdict, LEDGER_REJECTED);
    correction.id = SPAN_EMPTY;
    outcome = correct(bench, correction);
    assert_int_equal(outcome.verdict, LEDGER_REJECTED);
    assert_string_equal(outcome.column, "beneficiary_id");
    assert_true(span_is(entitlement_of(bench, "A/1").account, "0011000000001"));
}

/* ---- whose they are ---- */

/* A/1 is paid by HN, A/2 of the same person by DN, and B/1 of another one by HN; the approval reaches HN. */
static void two_units(struct bench *bench)
{
    struct ledger_row other = row_of(bench, "A/2", 100);

    added(bench, row_of(bench, "A/1", 100));
    other.benefit = BENEFIT_injury_monthly;
    other.unit = bench->unit[DN];
    added(bench, other);
    added(bench, row_of(bench, "B/1", 200));
    bench->source.units = UINT64_C(1) << bench->unit[HN];
}

static void test_ledger_corrections_beyond_the_approval_are_rejected(void **state)
{
    struct bench *bench = *state;

    two_units(bench);
    struct ledger_correction correction = correction_of("A/2", 0, DAY(2026, 9, 2));
    correction.account = span_of("999");
    struct ledger_outcome outcome = correct(bench, correction);
    assert_int_equal(outcome.verdict, LEDGER_REJECTED);
    assert_string_equal(outcome.column, "entitlement_id");
    correction.id = SPAN_EMPTY;
    correction.beneficiary = 100;       /* one of theirs is out of reach: none is changed */
    outcome = correct(bench, correction);
    assert_int_equal(outcome.verdict, LEDGER_REJECTED);
    assert_string_equal(outcome.column, "beneficiary_id");
    assert_true(span_is(entitlement_of(bench, "A/1").account, "0011000000001"));
    assert_true(span_is(entitlement_of(bench, "A/2").account, "0011000000001"));
    correction.beneficiary = 200;
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
    correction.beneficiary = 0;
    correction.id = span_of("A/1");
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
    /* The same is done where nothing stands in the way. */
    bench->source.units = ~UINT64_C(0);
    correction.id = span_of("A/2");
    assert_int_equal(correct(bench, correction).verdict, LEDGER_APPLIED);
}

static void test_ledger_stops_beyond_the_approval_are_rejected_but_for_a_death(void **state)
{
    struct bench *bench = *state;

    two_units(bench);
    assert_int_equal(stop(bench, "A/2", 0, KIND_resumed, DAY(2026, 10, 15)).verdict, LEDGER_REJECTED);
    assert_int_equal(stop(bench, "A/2", 0, KIND_deceased, DAY(2026, 10, 15)).verdict, LEDGER_REJECTED);
    assert_int_equal(stop(bench, "", 100, KIND_ended, DAY(2026, 10, 15)).verdict, LEDGER_REJECTED);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM stop"), 0);
    assert_int_equal(stop(bench, "A/1", 0, KIND_ended, DAY(2026, 10, 15)).verdict, LEDGER_APPLIED);
    assert_int_equal(stop(bench, "", 100, KIND_deceased, DAY(2026, 10, 15)).verdict, LEDGER_APPLIED);
    assert_int_equal(stop(bench, "", 300, KIND_deceased, DAY(2026, 10, 15)).verdict, LEDGER_APPLIED);  /* nobody's yet */
    bench->source.units = UINT64_C(1) << bench->unit[DN];
    assert_int_equal(stop(bench, "", 200, KIND_deceased, DAY(2026, 10, 15)).verdict, LEDGER_REJECTED);
}

static void test_ledger_units_paying_by_id_and_by_person(void **state)
{
    struct bench *bench = *state;
    uint64_t hn = UINT64_C(1) << bench->unit[HN], dn = UINT64_C(1) << bench->unit[DN], units = 0;

    two_units(bench);
    must(bench, ledger_units_paying(bench->ledger, span_of("A/2"), 0, &units, &bench->diag));
    assert_int_equal(units, dn);
    must(bench, ledger_units_paying(bench->ledger, SPAN_EMPTY, 100, &units, &bench->diag));
    assert_int_equal(units, hn | dn);
    must(bench, ledger_units_paying(bench->ledger, SPAN_EMPTY, 300, &units, &bench->diag));
    assert_int_equal(units, 0);
    must(bench, ledger_units_paying(bench->ledger, span_of("X/1"), 100, &units, &bench->diag));
    assert_int_equal(units, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_stops_of_one_entitlement),
        BENCH_TEST(test_ledger_stops_come_sorted_by_date),
        BENCH_TEST(test_ledger_stops_of_the_person_reach_every_entitlement),
        BENCH_TEST(test_ledger_stops_death_by_entitlement_reaches_the_person),
        BENCH_TEST(test_ledger_stops_wait_for_the_person),
        BENCH_TEST(test_ledger_stops_unknown_or_other_entitlement_is_rejected),
        BENCH_TEST(test_ledger_stops_again_changes_nothing_but_another_does),
        BENCH_TEST(test_ledger_stops_of_too_many_is_a_limit),
        BENCH_TEST(test_ledger_corrections_each_field),
        BENCH_TEST(test_ledger_corrections_same_content_is_unchanged),
        BENCH_TEST(test_ledger_corrections_older_is_overtaken),
        BENCH_TEST(test_ledger_corrections_of_the_person_reach_every_entitlement),
        BENCH_TEST(test_ledger_corrections_of_nobody_are_rejected),
        BENCH_TEST(test_ledger_corrections_beyond_the_approval_are_rejected),
        BENCH_TEST(test_ledger_stops_beyond_the_approval_are_rejected_but_for_a_death),
        BENCH_TEST(test_ledger_units_paying_by_id_and_by_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
