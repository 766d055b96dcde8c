/* register.c: is each row applied once, in whatever order it comes, and nothing else changed? */
#include "test_ledger_support.h"

/* ---- new rows ---- */

static void test_ledger_register_new_row_is_applied_whole(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "LH/2026-0001.a_b", 123456789);
    struct facts facts;

    row.citizen = 1060000001;
    row.payee_name = span_of("Trần Văn Người");
    row.authorised_until = DAY(2027, 1, 31);
    row.programme = span_of("P1");
    row.deceased = 77;
    row.channel = CHANNEL_cash;
    int64_t ent = added(bench, row);
    struct ledger_entitlement now = entitlement_of(bench, "LH/2026-0001.a_b");
    assert_int_equal(now.ent, ent);
    assert_int_equal(now.unit, bench->unit[HN]);
    assert_int_equal(now.person, 123456789);
    assert_int_equal(now.benefit, BENEFIT_pension);
    assert_int_equal(now.approved_on, DAY(2026, 9, 1));
    assert_int_equal(now.version, 1);
    assert_int_equal(now.since_run, bench->run.run);
    assert_int_equal(now.flags, 0);
    assert_false(now.guest);
    assert_true(span_equal(now.id, row.id) && span_equal(now.name, row.name) && span_equal(now.bank, row.bank));
    assert_true(span_equal(now.account, row.account) && span_equal(now.payee_name, row.payee_name));
    assert_int_equal(now.channel, CHANNEL_cash);
    assert_int_equal(now.area, AREA_U);
    assert_int_equal(now.commune, 4);
    assert_int_equal(now.authorised_until, DAY(2027, 1, 31));
    assert_true(facts_unpack((const uint8_t *)now.facts.data, now.facts.size, &facts));
    assert_int_equal(facts.given, bench->facts.given);
    assert_int_equal(facts.value[FACT_average_salary], 6000000);
    assert_int_equal(number_of(bench, "SELECT deceased FROM entitlement"), 77);
    assert_int_equal(number_of(bench, "SELECT programme = 'P1' FROM entitlement"), 1);
}

static void test_ledger_register_columns_not_given_stay_empty(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 100);
    struct facts none = { 0 };

    row.facts = &none;
    row.area = -1;
    row.commune = 0;
    row.bank = row.account = SPAN_EMPTY;
    added(bench, row);
    struct ledger_entitlement now = entitlement_of(bench, "A/1");
    assert_int_equal(now.area, -1);
    assert_int_equal(now.commune, 0);
    assert_int_equal(now.authorised_until, DAY_NONE);
    assert_int_equal(now.bank.size + now.account.size + now.payee_name.size + now.facts.size, 0);
}

static void test_ledger_register_facts_outside_the_law_are_left_out(void **state)
{
    struct bench *bench = *state;
    struct facts facts;

    facts_set(&bench->facts, FACT_approved_on, 1);
    facts_set(&bench->facts, FACT_channel, CHANNEL_bank);
    facts_set(&bench->facts, FACT_approved_amount, 7);
    facts_set(&bench->facts, FACT_scheme, SCHEME_compulsory);
    facts_set(&bench->facts, FACT_paid_through, OCTOBER);
    added(bench, row_of(bench, "A/1", 100));
    struct ledger_entitlement now = entitlement_of(bench, "A/1");
    assert_true(facts_unpack((const uint8_t *)now.facts.data, now.facts.size, &facts));
    assert_false(facts_has(&facts, FACT_approved_on) || facts_has(&facts, FACT_channel));
    assert_true(facts_has(&facts, FACT_approved_amount) && facts_has(&facts, FACT_scheme));
    assert_true(facts_has(&facts, FACT_paid_through));
}

/* Keys are never given out twice, by unit and recurrence, whatever order ids come in. */
static void test_ledger_register_batch_in_any_order_gives_each_row_its_outcome(void **state)
{
    struct bench *bench = *state;
    enum { ROWS = 300 };
    static char id[ROWS][8];
    struct ledger_row row[ROWS];
    struct ledger_outcome outcome[ROWS];

    for (int i = 0; i < ROWS; i++) {
        snprintf(id[i], sizeof(id[i]), "R%03d", (i * 7919) % ROWS);
        row[i] = row_of(bench, id[i], (uint64_t)(1000 + i));
        row[i].unit = bench->unit[i % UNITS];
        row[i].benefit = i % 5 == 0 ? BENEFIT_relief_grant : BENEFIT_pension;
    }
    put_rows(bench, row, ROWS, outcome);
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(outcome[i].verdict, LEDGER_APPLIED);
        struct ledger_entitlement now = entitlement_of(bench, id[i]);
        assert_int_equal(now.person, 1000 + i);
        assert_int_equal(now.unit, row[i].unit);
    }
    put_rows(bench, row, 0, outcome);
    put_rows(bench, row, ROWS, outcome);
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(outcome[i].verdict, LEDGER_UNCHANGED);
    }
    assert_int_equal(number_of(bench, "SELECT count(*) FROM entitlement"), ROWS);
}

static void test_entitlement_by_hand_same_id_is_refused(void **state)
{
    struct bench *bench = *state;

    added(bench, row_of(bench, "A/1", 100));
    assert_int_equal(by_hand(bench, "CREATE TEMP TABLE t AS SELECT * FROM entitlement; UPDATE t SET ent = ent + 1;"
                                    "INSERT INTO entitlement SELECT * FROM t"), SQLITE_CONSTRAINT);
    assert_int_equal(by_hand(bench, "UPDATE entitlement SET id = ''"), SQLITE_CONSTRAINT);
}

/* ---- the same id again ---- */

static void test_ledger_register_identical_row_changes_nothing(void **state)
{
    struct bench *bench = *state;
    struct digest before;
    struct digest after;

    added(bench, row_of(bench, "A/1", 100));
    dump_digest(bench, &before);
    assert_int_equal(put_verdict(bench, row_of(bench, "A/1", 100)), LEDGER_UNCHANGED);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
}

static void test_ledger_register_identical_row_approved_later_moves_the_stamp_only(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 100);

    added(bench, row);
    row.approved_on += 10;
    assert_int_equal(put_verdict(bench, row), LEDGER_UNCHANGED);
    struct ledger_entitlement now = entitlement_of(bench, "A/1");
    assert_int_equal(now.version, 1);
    assert_int_equal(now.flags, 0);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM entitlement_version"), 0);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM touched"), 0);
    row.approved_on -= 5;       /* older than what was said again, newer than the first */
    row.account = span_of("999");
    assert_int_equal(put_verdict(bench, row), LEDGER_OVERTAKEN);
}

static void test_ledger_register_other_benefit_is_rejected(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 100);
    struct digest before;
    struct digest after;

    added(bench, row);
    dump_digest(bench, &before);
    row.approved_on += 10;
    row.benefit = BENEFIT_injury_monthly;
    struct ledger_outcome outcome = put(bench, row);
    assert_int_equal(outcome.verdict, LEDGER_REJECTED);
    assert_string_equal(outcome.column, "benefit");
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
}

static void test_ledger_register_other_beneficiary_is_rejected(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 100);
    struct digest before;
    struct digest after;

    row.citizen = 5;
    added(bench, row);
    dump_digest(bench, &before);
    row.approved_on += 10;
    row.account = span_of("999");
    static const struct { uint64_t beneficiary, citizen; const char *column; } other[] = {
        { 200, 0, "beneficiary_id" }, { 200, 5, "beneficiary_id" }, { 100, 6, "beneficiary_id" }, { 0, 6, "citizen_id" },
    };
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
        row.beneficiary = other[i].beneficiary;
        row.citizen = other[i].citizen;
        struct ledger_outcome outcome = put(bench, row);
        assert_int_equal(outcome.verdict, LEDGER_REJECTED);
        assert_string_equal(outcome.column, other[i].column);
        dump_digest(bench, &after);
        assert_true(digest_equal(&before, &after));
    }
    row.beneficiary = 0;
    row.citizen = 5;
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);      /* the citizen number alone is theirs too */
    assert_int_equal(entitlement_of(bench, "A/1").person, 100);
}

/* A rejected row says nothing about persons either. */
static void test_ledger_register_rejected_row_links_nobody(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 0);
    struct digest before;
    struct digest after;

    row.citizen = 5;
    added(bench, row);
    dump_digest(bench, &before);
    row.beneficiary = 100;
    row.approved_on += 10;
    row.unit = bench->unit[HCM];
    assert_int_equal(put_verdict(bench, row), LEDGER_REJECTED);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
}

static void test_ledger_register_twice_in_one_approval_is_rejected(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row[3] = { row_of(bench, "A/1", 100), row_of(bench, "A/1", 100), row_of(bench, "A/1", 100) };
    struct ledger_outcome outcome[3];

    row[1].account = span_of("999");
    put_rows(bench, row, 3, outcome);
    assert_int_equal(outcome[0].verdict, LEDGER_APPLIED);
    assert_int_equal(outcome[1].verdict, LEDGER_REJECTED);
    assert_int_equal(outcome[2].verdict, LEDGER_UNCHANGED);
    assert_true(span_is(entitlement_of(bench, "A/1").account, "0011000000001"));
}

/* The order inside a batch must not matter: the first row of an id contradicts the persons, the second
 * does not, and stands. */
static void test_ledger_register_second_row_stands_when_the_first_is_rejected(void **state)
{
    struct bench *bench = *state;
    struct ledger_row known = row_of(bench, "K/1", 300);
    struct ledger_row row[2] = { row_of(bench, "A/1", 100), row_of(bench, "A/1", 100) };
    struct ledger_outcome outcome[2];

    known.citizen = 5;
    added(bench, known);
    row[0].citizen = 5;         /* 300's */
    put_rows(bench, row, 2, outcome);
    assert_int_equal(outcome[0].verdict, LEDGER_REJECTED);
    assert_string_equal(outcome[0].column, "citizen_id");
    assert_int_equal(outcome[1].verdict, LEDGER_APPLIED);
    assert_int_equal(entitlement_of(bench, "A/1").person, 100);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM person WHERE person = 100 AND citizen IS NULL"), 1);
}

/* ---- the later approval wins ---- */

struct said {
    bool correction;
    day_t approved_on;
    int64_t signed_at;
    uint8_t list;
    const char *account;
    const char *bank;       /* NULL in a correction: not given */
};

static void say(struct bench *bench, const struct said *said)
{
    approved(bench, said->signed_at, said->list);
    if (said->correction) {
        struct ledger_correction correction = correction_of("A/1", 0, said->approved_on);
        correction.account = span_of(said->account);
        correction.bank = said->bank == NULL ? SPAN_EMPTY : span_of(said->bank);
        correct(bench, correction);
    } else {
        struct ledger_row row = row_of(bench, "A/1", 100);
        row.approved_on = said->approved_on;
        row.account = span_of(said->account);
        row.bank = span_of(said->bank);
        put(bench, row);
    }
}

/* Says all of it in every order that starts with a row, and compares account and bank. */
static void say_in_every_order(struct bench *bench, const struct said *said, size_t count, const char *account,
                               const char *bank)
{
    size_t order[4] = { 0, 1, 2, 3 };
    size_t orders = count == 4 ? 24 : count == 3 ? 6 : 2;

    for (size_t n = 0; n < orders; n++) {
        size_t left[4] = { 0, 1, 2, 3 };
        size_t rest = n;
        for (size_t i = 0; i < count; i++) {
            size_t pick = rest % (count - i);
            rest /= count - i;
            order[i] = left[pick];
            memmove(&left[pick], &left[pick + 1], (count - i - pick - 1) * sizeof(*left));
        }
        if (said[order[0]].correction) {
            continue;       /* of an entitlement that nobody knows: rejected */
        }
        assert_int_equal(by_hand(bench, "DELETE FROM entitlement; DELETE FROM entitlement_version; DELETE FROM person;"
                                        "DELETE FROM person_more; DELETE FROM touched; DELETE FROM citizen"), SQLITE_OK);
        for (size_t i = 0; i < count; i++) {
            say(bench, &said[order[i]]);
        }
        struct ledger_entitlement now = entitlement_of(bench, "A/1");
        if (!span_is(now.account, account) || !span_is(now.bank, bank)) {
            fail_msg("order %zu %zu %zu %zu: account %.*s, bank %.*s", order[0], order[1], order[2], order[3],
                     (int)now.account.size, now.account.data, (int)now.bank.size, now.bank.data);
        }
    }
}

static void test_ledger_register_later_approval_wins_in_every_order(void **state)
{
    const struct said said[] = { { false, 10, 1, 1, "one", "970401" }, { true, 20, 2, 2, "two", NULL },
                                 { false, 30, 3, 3, "three", "970403" } };

    say_in_every_order(*state, said, 3, "three", "970403");
}

static void test_ledger_register_correction_wins_over_older_rows_in_every_order(void **state)
{
    const struct said said[] = { { false, 10, 1, 1, "one", "970401" }, { true, 30, 2, 2, "two", NULL },
                                 { false, 20, 3, 3, "three", "970403" } };

    say_in_every_order(*state, said, 3, "two", "970403");       /* field by field: the bank is the later row's */
}

static void test_ledger_register_corrections_by_field_in_every_order(void **state)
{
    const struct said said[] = { { false, 10, 1, 1, "one", "970401" }, { true, 40, 2, 2, "two", NULL },
                                 { true, 30, 3, 3, "three", "970403" }, { false, 20, 4, 4, "four", "970404" } };

    say_in_every_order(*state, said, 4, "two", "970403");
}

/* What says the same again is approved anew: what lies between must not undo it. */
static void test_ledger_register_same_content_approved_again_in_every_order(void **state)
{
    const struct said correction[] = { { false, 10, 1, 1, "one", "970401" }, { true, 30, 2, 2, "one", NULL },
                                       { false, 20, 3, 3, "two", "970402" } };
    const struct said row[] = { { false, 10, 1, 1, "one", "970401" }, { true, 20, 2, 2, "two", NULL },
                                { false, 40, 3, 3, "two", "970401" }, { true, 30, 4, 4, "three", NULL } };

    say_in_every_order(*state, correction, 3, "one", "970402");
    say_in_every_order(*state, row, 4, "two", "970401");
}

static void test_ledger_register_ties_go_to_the_later_signature(void **state)
{
    const struct said said[] = { { false, 10, 5, 9, "one", "970401" }, { false, 10, 7, 1, "two", "970402" },
                                 { true, 10, 6, 9, "three", NULL } };

    say_in_every_order(*state, said, 3, "two", "970402");
}

static void test_ledger_register_ties_go_to_the_larger_list(void **state)
{
    const struct said said[] = { { false, 10, 5, 2, "one", "970401" }, { false, 10, 5, 9, "two", "970402" },
                                 { true, 10, 5, 3, "three", NULL } };

    say_in_every_order(*state, said, 3, "two", "970402");
}

/* Row and correction of one approval and one day: the correction is the more particular. */
static void test_ledger_register_correction_of_the_same_stamp_wins_in_every_order(void **state)
{
    const struct said said[] = { { false, 10, 5, 1, "one", "970401" }, { true, 20, 6, 2, "two", NULL },
                                 { false, 20, 6, 2, "three", "970403" } };

    say_in_every_order(*state, said, 3, "two", "970403");
}

static void test_ledger_register_overtaken_row_changes_nothing(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 100);
    struct digest before;
    struct digest after;

    added(bench, row);
    dump_digest(bench, &before);
    row.approved_on--;
    row.account = span_of("999");
    assert_int_equal(put_verdict(bench, row), LEDGER_OVERTAKEN);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
}

static void test_ledger_register_changed_row_keeps_the_past_version(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 100);
    struct ledger_entitlement then;

    int64_t ent = added(bench, row);
    row.approved_on++;
    row.account = span_of("999");
    row.area = AREA_R;
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);
    struct ledger_entitlement now = entitlement_of(bench, "A/1");
    assert_int_equal(now.ent, ent);
    assert_int_equal(now.version, 2);
    assert_int_equal(now.since_run, bench->run.run);
    assert_int_equal(now.flags, ENTITLEMENT_TOUCHED);
    assert_true(span_is(now.account, "999"));
    must(bench, ledger_entitlement_get(bench->ledger, ent, 1, &bench->arena, &then, &bench->diag));
    assert_int_equal(then.version, 1);
    assert_true(span_is(then.account, "0011000000001") && span_is(then.id, "A/1"));
    assert_int_equal(then.area, AREA_U);
    assert_int_equal(ledger_entitlement_get(bench->ledger, ent, 3, &bench->arena, &then, &bench->diag), STATUS_NO_INPUT);
    assert_int_equal(ledger_entitlement_get(bench->ledger, ent + 1, 0, &bench->arena, &then, &bench->diag),
                     STATUS_NO_INPUT);
    assert_int_equal(ledger_entitlement_find(bench->ledger, span_of("a/1"), &ent, &bench->diag), STATUS_NO_INPUT);
}

/* ---- another unit ---- */

static void test_ledger_register_other_unit_only_after_an_end(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 100);

    int64_t ent = added(bench, row);
    row.unit = bench->unit[HCM];
    row.approved_on++;
    struct ledger_outcome outcome = put(bench, row);
    assert_int_equal(outcome.verdict, LEDGER_REJECTED);
    assert_string_equal(outcome.column, "unit");
    stop(bench, "A/1", 0, KIND_suspended, DAY(2026, 10, 1));
    assert_int_equal(put_verdict(bench, row), LEDGER_REJECTED);
    stop(bench, "A/1", 0, KIND_ended, DAY(2026, 11, 1));
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);
    struct ledger_entitlement now = entitlement_of(bench, "A/1");
    assert_int_equal(now.ent, ent);
    assert_int_equal(now.unit, bench->unit[HCM]);
    assert_true(now.guest);
    assert_int_equal(now.flags, ENTITLEMENT_STOPPED | ENTITLEMENT_TOUCHED);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM guest"), 1);
}

/* One end, one takeover: the unit that lost it cannot take it back by the old end. */
static void test_ledger_register_an_end_is_used_up_by_the_takeover(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 100);

    added(bench, row);
    stop(bench, "A/1", 0, KIND_ended, DAY(2026, 11, 1));
    row.unit = bench->unit[HCM];
    row.approved_on++;
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);
    row.unit = bench->unit[DN];
    row.approved_on++;
    assert_int_equal(put_verdict(bench, row), LEDGER_REJECTED);
    row.unit = bench->unit[HN];
    assert_int_equal(put_verdict(bench, row), LEDGER_REJECTED);
    stop(bench, "A/1", 0, KIND_ended, DAY(2026, 12, 1));
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);      /* home again */
    assert_false(entitlement_of(bench, "A/1").guest);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM guest"), 0);
    row.unit = bench->unit[DN];
    row.approved_on++;
    assert_int_equal(put_verdict(bench, row), LEDGER_REJECTED);
}

static void test_ledger_register_an_end_that_was_resumed_does_not_count(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 100);

    added(bench, row);
    stop(bench, "A/1", 0, KIND_ended, DAY(2026, 11, 1));
    stop(bench, "A/1", 0, KIND_resumed, DAY(2026, 12, 1));
    row.unit = bench->unit[HCM];
    row.approved_on++;
    assert_int_equal(put_verdict(bench, row), LEDGER_REJECTED);
}

static void test_ledger_register_an_end_of_the_person_frees_each_entitlement(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 100);
    struct ledger_row other = row_of(bench, "A/2", 100);

    other.benefit = BENEFIT_survivor_monthly;
    added(bench, row);
    added(bench, other);
    stop(bench, "", 100, KIND_ended, DAY(2026, 11, 1));
    row.unit = other.unit = bench->unit[HCM];
    row.approved_on++;
    other.approved_on++;
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);
    assert_int_equal(put_verdict(bench, other), LEDGER_APPLIED);
    row.unit = bench->unit[DN];
    row.approved_on++;
    assert_int_equal(put_verdict(bench, row), LEDGER_REJECTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_register_new_row_is_applied_whole),
        BENCH_TEST(test_ledger_register_columns_not_given_stay_empty),
        BENCH_TEST(test_ledger_register_facts_outside_the_law_are_left_out),
        BENCH_TEST(test_ledger_register_batch_in_any_order_gives_each_row_its_outcome),
        BENCH_TEST(test_entitlement_by_hand_same_id_is_refused),
        BENCH_TEST(test_ledger_register_identical_row_changes_nothing),
        BENCH_TEST(test_ledger_register_identical_row_approved_later_moves_the_stamp_only),
        BENCH_TEST(test_ledger_register_other_benefit_is_rejected),
        BENCH_TEST(test_ledger_register_other_beneficiary_is_rejected),
        BENCH_TEST(test_ledger_register_rejected_row_links_nobody),
        BENCH_TEST(test_ledger_register_twice_in_one_approval_is_rejected),
        BENCH_TEST(test_ledger_register_second_row_stands_when_the_first_is_rejected),
        BENCH_TEST(test_ledger_register_later_approval_wins_in_every_order),
        BENCH_TEST(test_ledger_register_correction_wins_over_older_rows_in_every_order),
        BENCH_TEST(test_ledger_register_corrections_by_field_in_every_order),
        BENCH_TEST(test_ledger_register_same_content_approved_again_in_every_order),
        BENCH_TEST(test_ledger_register_ties_go_to_the_later_signature),
        BENCH_TEST(test_ledger_register_ties_go_to_the_larger_list),
        BENCH_TEST(test_ledger_register_correction_of_the_same_stamp_wins_in_every_order),
        BENCH_TEST(test_ledger_register_overtaken_row_changes_nothing),
        BENCH_TEST(test_ledger_register_changed_row_keeps_the_past_version),
        BENCH_TEST(test_ledger_register_other_unit_only_after_an_end),
        BENCH_TEST(test_ledger_register_an_end_is_used_up_by_the_takeover),
        BENCH_TEST(test_ledger_register_an_end_that_was_resumed_does_not_count),
        BENCH_TEST(test_ledger_register_an_end_of_the_person_frees_each_entitlement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
