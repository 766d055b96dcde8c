/* person.c: is everybody one person, whichever number they come by, and found again by what concerns them? */
#include "test_ledger_support.h"

static struct ledger_row somebody(struct bench *bench, const char *id, uint64_t beneficiary, uint64_t citizen)
{
    struct ledger_row row = row_of(bench, id, beneficiary);

    row.citizen = citizen;
    return row;
}

static uint64_t person_of(struct bench *bench, const char *id)
{
    return entitlement_of(bench, id).person;
}

/* The tables of persons agree with each other and with the register. */
static void persons_agree(const struct bench *bench)
{
    static const char *const wrong[] = {
        "SELECT count(*) FROM entitlement e WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.person = e.person)",
        "SELECT count(*) FROM entitlement e WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.person = e.person"
        " AND p.ent = e.ent UNION ALL SELECT 1 FROM person_more m WHERE m.person = e.person AND m.ent = e.ent)",
        "SELECT count(*) FROM person WHERE ent IS NOT NULL AND ent NOT IN (SELECT ent FROM entitlement)",
        "SELECT count(*) FROM person_more WHERE ent NOT IN (SELECT ent FROM entitlement)",
        "SELECT count(*) FROM person p WHERE citizen IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM citizen c WHERE c.citizen = p.citizen AND c.person = p.person)",
        "SELECT count(*) FROM citizen c WHERE NOT EXISTS"
        " (SELECT 1 FROM person p WHERE c.citizen = p.citizen AND c.person = p.person)",
        "SELECT count(*) FROM stop s WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.person = s.person)",
        "SELECT count(*) FROM stop s JOIN entitlement e USING(ent) WHERE e.person <> s.person",
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        if (number_of(bench, wrong[i]) != 0) {
            fail_msg("%s", wrong[i]);
        }
    }
}

static void test_ledger_join_same_number_is_the_same_person(void **state)
{
    struct bench *bench = *state;
    struct ledger_row other = somebody(bench, "B/1", 100, 5);

    added(bench, somebody(bench, "A/1", 100, 0));
    other.benefit = BENEFIT_survivor_monthly;
    added(bench, other);        /* and brings the citizen number */
    added(bench, somebody(bench, "C/1", 0, 5));
    assert_int_equal(person_of(bench, "B/1"), 100);
    assert_int_equal(person_of(bench, "C/1"), 100);
    persons_agree(bench);
}

static void test_ledger_join_citizen_alone_is_a_person(void **state)
{
    struct bench *bench = *state;

    added(bench, somebody(bench, "A/1", 0, 60));
    added(bench, somebody(bench, "B/1", 0, 61));
    added(bench, somebody(bench, "C/1", 0, 60));
    assert_int_equal(person_of(bench, "A/1"), person_of(bench, "C/1"));
    assert_int_not_equal(person_of(bench, "A/1"), person_of(bench, "B/1"));
    assert_true(person_of(bench, "A/1") > UINT64_C(9999999999));
    persons_agree(bench);
}

static void test_ledger_join_row_with_both_numbers_links(void **state)
{
    struct bench *bench = *state;
    struct ledger_row both = somebody(bench, "B/1", 100, 60);

    added(bench, somebody(bench, "A/1", 0, 60));
    both.benefit = BENEFIT_injury_monthly;
    added(bench, both);
    assert_int_equal(person_of(bench, "A/1"), 100);
    assert_int_equal(person_of(bench, "B/1"), 100);
    added(bench, somebody(bench, "C/1", 0, 60));
    assert_int_equal(person_of(bench, "C/1"), 100);
    persons_agree(bench);
}

/* Both numbers had entitlements of their own before anything linked them. */
static void test_ledger_join_two_known_persons_become_one(void **state)
{
    struct bench *bench = *state;
    struct ledger_row both = somebody(bench, "C/1", 100, 60);

    added(bench, somebody(bench, "A/1", 0, 60));
    added(bench, somebody(bench, "B/1", 100, 0));
    assert_int_equal(entitlement_of(bench, "A/1").flags, 0);
    both.benefit = BENEFIT_relief_grant;
    added(bench, both);
    assert_int_equal(person_of(bench, "A/1"), 100);
    /* Two pensions of one person turn up: both are marked. */
    assert_int_equal(entitlement_of(bench, "A/1").flags & ENTITLEMENT_TWIN, ENTITLEMENT_TWIN);
    assert_int_equal(entitlement_of(bench, "B/1").flags & ENTITLEMENT_TWIN, ENTITLEMENT_TWIN);
    assert_int_equal(entitlement_of(bench, "C/1").flags & ENTITLEMENT_TWIN, 0);
    persons_agree(bench);
}

/* A known entitlement comes again with both numbers, and with other facts: it keeps its new person. */
static void test_ledger_register_known_row_links_its_person(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = somebody(bench, "A/1", 0, 60);

    added(bench, row);
    row.beneficiary = 100;
    row.approved_on++;
    row.account = span_of("999");
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);
    assert_int_equal(person_of(bench, "A/1"), 100);
    persons_agree(bench);
    stop(bench, "", 100, KIND_deceased, DAY(2026, 10, 3));
    assert_int_equal(entitlement_of(bench, "A/1").flags & ENTITLEMENT_STOPPED, ENTITLEMENT_STOPPED);
}

static void test_ledger_register_unchanged_row_links_its_person(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = somebody(bench, "A/1", 0, 60);

    added(bench, row);
    row.beneficiary = 100;
    assert_int_equal(put_verdict(bench, row), LEDGER_UNCHANGED);
    assert_int_equal(person_of(bench, "A/1"), 100);
    row.citizen = 0;
    assert_int_equal(put_verdict(bench, row), LEDGER_UNCHANGED);
    added(bench, somebody(bench, "B/1", 200, 0));
    row = somebody(bench, "B/1", 200, 61);
    assert_int_equal(put_verdict(bench, row), LEDGER_UNCHANGED);
    added(bench, somebody(bench, "C/1", 0, 61));
    assert_int_equal(person_of(bench, "C/1"), 200);
    persons_agree(bench);
}

/* Who was stopped under one number is stopped under the other: both ways, and for what comes later. */
static void test_ledger_join_stops_reach_the_linked_person(void **state)
{
    struct bench *bench = *state;
    struct ledger_row both = somebody(bench, "C/1", 100, 60);

    added(bench, somebody(bench, "A/1", 0, 60));
    stop(bench, "", 100, KIND_deceased, DAY(2026, 10, 3));
    assert_int_equal(entitlement_of(bench, "A/1").flags, 0);
    both.benefit = BENEFIT_relief_grant;
    added(bench, both);
    assert_int_equal(entitlement_of(bench, "A/1").flags, ENTITLEMENT_STOPPED | ENTITLEMENT_TOUCHED);
    assert_int_equal(entitlement_of(bench, "C/1").flags & ENTITLEMENT_STOPPED, ENTITLEMENT_STOPPED);

    added(bench, somebody(bench, "D/1", 0, 70));
    added(bench, somebody(bench, "E/1", 200, 0));
    stop(bench, "D/1", 0, KIND_deceased, DAY(2026, 10, 3));
    assert_int_equal(entitlement_of(bench, "E/1").flags, 0);
    both = somebody(bench, "F/1", 200, 70);
    both.benefit = BENEFIT_relief_grant;
    added(bench, both);
    assert_int_equal(entitlement_of(bench, "E/1").flags & ENTITLEMENT_STOPPED, ENTITLEMENT_STOPPED);
    persons_agree(bench);
}

static void test_ledger_join_contradictions_leave_no_trace(void **state)
{
    struct bench *bench = *state;
    struct digest before;
    struct digest after;
    static const struct { uint64_t beneficiary, citizen; } wrong[] = { { 100, 6 }, { 200, 5 }, { 300, 5 } };

    added(bench, somebody(bench, "A/1", 100, 5));
    added(bench, somebody(bench, "B/1", 200, 7));
    dump_digest(bench, &before);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct ledger_outcome outcome = put(bench, somebody(bench, "X/1", wrong[i].beneficiary, wrong[i].citizen));
        assert_int_equal(outcome.verdict, LEDGER_REJECTED);
        assert_string_equal(outcome.column, "citizen_id");
        /* Only the number that was given out for it is used up. */
        assert_int_equal(by_hand(bench, "UPDATE unit SET monthly_next = monthly_next - 1 WHERE code = 'HN'"), SQLITE_OK);
        dump_digest(bench, &after);
        assert_true(digest_equal(&before, &after));
    }
    assert_int_equal(put_verdict(bench, somebody(bench, "X/1", 300, 8)), LEDGER_APPLIED);
    persons_agree(bench);
}

/* All at once: what is new, known, linked and contradictory in one batch, in every rotation. */
static void test_ledger_join_one_batch_of_everything(void **state)
{
    struct bench *bench = *state;
    enum { ROWS = 8 };
    static const struct { const char *id; uint64_t beneficiary, citizen; } who[ROWS] = {
        { "A/1", 100, 5 }, { "A/2", 100, 0 }, { "A/3", 0, 5 },   { "B/1", 0, 6 },
        { "B/2", 200, 6 }, { "B/3", 0, 6 },   { "C/1", 300, 7 }, { "C/2", 300, 7 },
    };
    struct ledger_row row[ROWS];
    struct ledger_outcome outcome[ROWS];

    for (int turn = 0; turn < ROWS; turn++) {
        assert_int_equal(by_hand(bench, "DELETE FROM entitlement; DELETE FROM person; DELETE FROM person_more;"
                                        "DELETE FROM citizen; DELETE FROM touched"), SQLITE_OK);
        for (int i = 0; i < ROWS; i++) {
            int from = (i + turn) % ROWS;
            row[i] = somebody(bench, who[from].id, who[from].beneficiary, who[from].citizen);
        }
        put_rows(bench, row, ROWS, outcome);
        for (int i = 0; i < ROWS; i++) {
            assert_int_equal(outcome[i].verdict, LEDGER_APPLIED);
        }
        for (int i = 0; i < ROWS; i++) {
            assert_int_equal(person_of(bench, who[i].id), i < 3 ? 100 : i < 6 ? 200 : 300);
            assert_int_equal(entitlement_of(bench, who[i].id).flags & ENTITLEMENT_TWIN, ENTITLEMENT_TWIN);
        }
        persons_agree(bench);
    }
}

static void test_ledger_join_contradiction_inside_a_batch_rejects_one(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row[4] = { somebody(bench, "A/1", 100, 5), somebody(bench, "A/2", 200, 5),
                                 somebody(bench, "A/3", 200, 6), somebody(bench, "A/4", 200, 0) };
    struct ledger_outcome outcome[4];
    int rejected = 0;

    put_rows(bench, row, 4, outcome);
    for (int i = 0; i < 4; i++) {
        rejected += outcome[i].verdict == LEDGER_REJECTED;
    }
    assert_int_equal(rejected, 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM entitlement"), 3);
    persons_agree(bench);
}

/* ---- two live ids ---- */

static void test_ledger_twins_same_monthly_benefit_of_one_person(void **state)
{
    struct bench *bench = *state;
    int64_t twin[LEDGER_TWINS_MAX];
    size_t count = 9;

    int64_t first = added(bench, row_of(bench, "A/1", 100));
    struct ledger_entitlement now = entitlement_of(bench, "A/1");
    must(bench, ledger_twins(bench->ledger, &now, twin, &count, &bench->diag));
    assert_int_equal(count, 0);
    struct ledger_row awarded = row_of(bench, "A/2", 100);
    awarded.benefit = BENEFIT_pension_awarded;      /* the same monthly benefit: a pension */
    int64_t second = added(bench, awarded);
    struct ledger_row injury = row_of(bench, "A/3", 100);
    injury.benefit = BENEFIT_injury_monthly;
    added(bench, injury);
    now = entitlement_of(bench, "A/1");
    assert_int_equal(now.flags, ENTITLEMENT_TWIN);
    must(bench, ledger_twins(bench->ledger, &now, twin, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(twin[0], second);
    now = entitlement_of(bench, "A/2");
    assert_int_equal(now.flags, ENTITLEMENT_TWIN);
    must(bench, ledger_twins(bench->ledger, &now, twin, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(twin[0], first);
    assert_int_equal(entitlement_of(bench, "A/3").flags, 0);
}

static void test_ledger_twins_of_two_units_meet(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "B/1", 100);

    added(bench, row_of(bench, "A/1", 100));
    row.unit = bench->unit[DN];
    added(bench, row);
    assert_int_equal(entitlement_of(bench, "A/1").flags, ENTITLEMENT_TWIN);
    assert_int_equal(entitlement_of(bench, "B/1").flags, ENTITLEMENT_TWIN);
}

/* Two one-offs are two events: both are paid. */
static void test_ledger_twins_one_offs_have_none(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_of(bench, "A/1", 100);

    row.benefit = BENEFIT_relief_grant;
    added(bench, row);
    row.id = span_of("A/2");
    added(bench, row);
    assert_int_equal(entitlement_of(bench, "A/1").flags, 0);
    assert_int_equal(entitlement_of(bench, "A/2").flags, 0);
}

static void test_ledger_twins_too_many_is_a_limit(void **state)
{
    struct bench *bench = *state;
    int64_t twin[LEDGER_TWINS_MAX];
    char id[16];
    size_t count;

    for (int i = 0; i <= LEDGER_TWINS_MAX; i++) {
        snprintf(id, sizeof(id), "T%d", i);
        added(bench, row_of(bench, id, 100));
    }
    struct ledger_entitlement now = entitlement_of(bench, "T0");
    must(bench, ledger_twins(bench->ledger, &now, twin, &count, &bench->diag));
    assert_int_equal(count, LEDGER_TWINS_MAX);
    added(bench, row_of(bench, "Tmore", 100));
    assert_int_equal(ledger_twins(bench->ledger, &now, twin, &count, &bench->diag), STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_join_same_number_is_the_same_person),
        BENCH_TEST(test_ledger_join_citizen_alone_is_a_person),
        BENCH_TEST(test_ledger_join_row_with_both_numbers_links),
        BENCH_TEST(test_ledger_join_two_known_persons_become_one),
        BENCH_TEST(test_ledger_register_known_row_links_its_person),
        BENCH_TEST(test_ledger_register_unchanged_row_links_its_person),
        BENCH_TEST(test_ledger_join_stops_reach_the_linked_person),
        BENCH_TEST(test_ledger_join_contradictions_leave_no_trace),
        BENCH_TEST(test_ledger_join_one_batch_of_everything),
        BENCH_TEST(test_ledger_join_contradiction_inside_a_batch_rejects_one),
        BENCH_TEST(test_ledger_twins_same_monthly_benefit_of_one_person),
        BENCH_TEST(test_ledger_twins_of_two_units_meet),
        BENCH_TEST(test_ledger_twins_one_offs_have_none),
        BENCH_TEST(test_ledger_twins_too_many_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
