/* ledger_screen.h: are those found who may have to wait, and nobody else? Is last month what it was? */
#include "test_ledger_support.h"

#include "chitra/ledger_screen.h"

static struct concerns concerns;

/* How many concerns an entitlement has; the first in *first. */
static size_t of(struct bench *bench, const char *id, struct concern *first)
{
    size_t count = 0;
    concerns_sort(&concerns);
    const struct concern *found = concerns_of(&concerns, ent_of(bench, id), &count);
    if (count > 0) {
        *first = found[0];
    }
    return count;
}

static struct ledger_row row_by(struct bench *bench, const char *id, uint64_t person, enum benefit benefit)
{
    struct ledger_row row = row_of(bench, id, person);
    row.benefit = benefit;
    return row;
}

static void ledger_sql(struct bench *bench, const char *sql)
{
    char path[128];
    sqlite3 *db = NULL;

    snprintf(path, sizeof(path), "%s/state/ledger.db", bench->folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_ledger_concerns_named_deceased_live_ones_only(void **state)
{
    struct bench *bench = *state;
    struct concern first;
    struct ledger_row grant = row_by(bench, "F/1", 900, BENEFIT_funeral_grant);

    concerns_release(&concerns);
    added(bench, row_by(bench, "A/1", 100, BENEFIT_pension));
    added(bench, row_by(bench, "A/2", 100, BENEFIT_injury_monthly));
    added(bench, row_by(bench, "B/1", 200, BENEFIT_pension));
    struct ledger_row citizen = row_by(bench, "C/1", 300, BENEFIT_pension);
    citizen.citizen = 79000000300;
    added(bench, citizen);
    must(bench, ledger_concerns_named_deceased(bench->ledger, &concerns, &bench->diag));
    assert_int_equal(concerns.count, 0);
    grant.deceased = 100;
    added(bench, grant);
    grant.id = span_of("F/2");
    grant.beneficiary = 901;
    grant.deceased = LEDGER_CITIZEN + 79000000300;      /* by the citizen's number, whose insurance number is known */
    added(bench, grant);
    must(bench, ledger_concerns_named_deceased(bench->ledger, &concerns, &bench->diag));
    assert_int_equal(of(bench, "A/1", &first), 1);
    assert_int_equal(first.kind, CONCERN_NAMED_DECEASED);
    assert_int_equal(first.other, ent_of(bench, "F/1"));
    assert_int_equal(of(bench, "A/2", &first), 1);
    assert_int_equal(of(bench, "B/1", &first), 0);
    assert_int_equal(of(bench, "C/1", &first), 1);
    assert_int_equal(first.other, ent_of(bench, "F/2"));
    assert_int_equal(of(bench, "F/1", &first), 0);
    struct ledger_row alone = row_by(bench, "E/1", 0, BENEFIT_social_pension);
    alone.citizen = 100;                /* another one than the person with the insurance number 100 */
    added(bench, alone);
    concerns_release(&concerns);
    must(bench, ledger_concerns_named_deceased(bench->ledger, &concerns, &bench->diag));
    assert_int_equal(of(bench, "E/1", &first), 0);

    /* Whose stop is known needs no screen; and a grant that was stopped itself names nobody. */
    stop(bench, "A/1", 0, KIND_ended, DAY(2026, 10, 1));
    stop(bench, "F/2", 0, KIND_ended, DAY(2026, 10, 1));
    concerns_release(&concerns);
    must(bench, ledger_concerns_named_deceased(bench->ledger, &concerns, &bench->diag));
    assert_int_equal(of(bench, "A/1", &first), 0);
    assert_int_equal(of(bench, "A/2", &first), 1);
    assert_int_equal(of(bench, "C/1", &first), 0);
}

static void test_ledger_concerns_excluded_pairs_of_one_person(void **state)
{
    struct bench *bench = *state;
    struct concern first;
    uint64_t apart[BENEFIT_MAX + 1] = { 0 };

    concerns_release(&concerns);
    apart[BENEFIT_pension] = UINT64_C(1) << BENEFIT_unemployment;
    apart[BENEFIT_unemployment] = UINT64_C(1) << BENEFIT_pension;
    added(bench, row_by(bench, "A/1", 100, BENEFIT_injury_monthly));
    added(bench, row_by(bench, "A/2", 100, BENEFIT_pension));
    added(bench, row_by(bench, "A/3", 100, BENEFIT_unemployment));
    added(bench, row_by(bench, "B/1", 200, BENEFIT_pension));
    added(bench, row_by(bench, "C/1", 300, BENEFIT_unemployment));
    added(bench, row_by(bench, "D/1", 400, BENEFIT_pension));
    added(bench, row_by(bench, "D/2", 400, BENEFIT_unemployment));
    must(bench, ledger_concerns_excluded(bench->ledger, apart, &concerns, &bench->diag));
    assert_int_equal(concerns.count, 4);
    assert_int_equal(of(bench, "A/1", &first), 0);
    assert_int_equal(of(bench, "A/2", &first), 1);
    assert_int_equal(first.other, ent_of(bench, "A/3"));
    assert_int_equal(of(bench, "A/3", &first), 1);
    assert_int_equal(first.other, ent_of(bench, "A/2"));
    assert_int_equal(of(bench, "D/1", &first), 1);
    assert_int_equal(of(bench, "B/1", &first), 0);
}

static void test_ledger_concerns_shared_families_count_once(void **state)
{
    struct bench *bench = *state;
    struct concern first;
    char id[16];

    concerns_release(&concerns);
    /* Four children of one deceased, paid to their guardian: a family. Three people at another account, one of
     * them twice. Cash has no account. */
    for (int i = 0; i < 4; i++) {
        snprintf(id, sizeof(id), "S/%d", i);
        struct ledger_row child = row_by(bench, id, 500 + (uint64_t)i, BENEFIT_survivor_monthly);
        child.id = span_of(id);
        child.deceased = 99;
        child.account = span_of("1");
        added(bench, child);
    }
    for (int i = 0; i < 4; i++) {
        snprintf(id, sizeof(id), "P/%d", i);
        struct ledger_row row = row_by(bench, id, 600 + (uint64_t)(i / 2 * 2 + (i == 3)), i == 1 ? BENEFIT_injury_monthly : BENEFIT_pension);
        row.id = span_of(id);
        row.account = span_of("2");
        added(bench, row);
        row.id = span_of(i == 0 ? "Q/0" : i == 1 ? "Q/1" : i == 2 ? "Q/2" : "Q/3");
        row.beneficiary += 100;
        row.account = SPAN_EMPTY;
        row.channel = CHANNEL_cash;
        added(bench, row);
    }
    must(bench, ledger_concerns_shared(bench->ledger, bench->run.run, 3, &concerns, &bench->diag));
    assert_int_equal(concerns.count, 0);
    must(bench, ledger_concerns_shared(bench->ledger, bench->run.run, 2, &concerns, &bench->diag));
    assert_int_equal(concerns.count, 4);
    assert_int_equal(of(bench, "P/1", &first), 1);
    assert_int_equal(first.kind, CONCERN_SHARED_ACCOUNT);
    assert_int_equal(first.thing, ledger_thing(span_of("970436"), span_of("2")));
    assert_int_equal(of(bench, "S/0", &first), 0);
    /* One-offs count until a plan has seen them. */
    struct ledger_row once = row_by(bench, "G/1", 800, BENEFIT_relief_grant);
    once.account = span_of("1");
    added(bench, once);
    concerns_release(&concerns);
    must(bench, ledger_concerns_shared(bench->ledger, bench->run.run, 1, &concerns, &bench->diag));
    assert_int_equal(of(bench, "G/1", &first), 1);
    assert_int_equal(of(bench, "S/0", &first), 1);
    assert_int_equal(of(bench, "Q/1", &first), 0);

    /* A crash after its unit was planned does not change the answer in this run; in the next it is seen. */
    char sql[256];
    snprintf(sql, sizeof(sql), "UPDATE unit SET once_planned = 99; INSERT INTO run_unit VALUES(%lld, %d, 1, 1, %lld)",
             (long long)bench->run.run, bench->unit[HN], (long long)ent_of(bench, "G/1"));
    ledger_sql(bench, sql);
    concerns_release(&concerns);
    must(bench, ledger_concerns_shared(bench->ledger, bench->run.run, 1, &concerns, &bench->diag));
    assert_int_equal(of(bench, "G/1", &first), 1);
    concerns_release(&concerns);
    must(bench, ledger_concerns_shared(bench->ledger, bench->run.run + 1, 1, &concerns, &bench->diag));
    assert_int_equal(of(bench, "G/1", &first), 0);
}

static void test_ledger_thing_keeps_its_parts_apart(void **state)
{
    (void)state;
    assert_int_equal(ledger_thing(span_of("ab"), span_of("c")), ledger_thing(span_of("ab"), span_of("c")));
    assert_int_not_equal(ledger_thing(span_of("ab"), span_of("c")), ledger_thing(span_of("a"), span_of("bc")));
    assert_int_not_equal(ledger_thing(span_of("ab"), SPAN_EMPTY), ledger_thing(SPAN_EMPTY, span_of("ab")));
}

static void test_ledger_before_of_gives_first_obligations_in_key_order(void **state)
{
    struct bench *bench = *state;
    struct ledger_before *before = NULL;
    struct ledger_month_before found;
    char sql[512];
    int64_t a = added(bench, row_by(bench, "A/1", 100, BENEFIT_pension));
    int64_t b = added(bench, row_by(bench, "B/1", 200, BENEFIT_pension));
    int64_t c = added(bench, row_by(bench, "C/1", 300, BENEFIT_pension));

    snprintf(sql, sizeof(sql),
             "INSERT INTO obligation VALUES(%d, %lld, 1, 0, 500, 7, 3, NULL), (%d, %lld, 1, 1, 900, 7, 4, NULL),"
             " (%d, %lld, 70, 0, 800, 7, 3, NULL), (%d, %lld, 1, 0, 600, NULL, 1, NULL), (%d, %lld, 1, 0, 1, 7, 1, NULL)",
             OCTOBER, (long long)a, OCTOBER, (long long)a, OCTOBER, (long long)a, OCTOBER, (long long)c, OCTOBER + 1, (long long)b);
    ledger_sql(bench, sql);
    must(bench, ledger_before_new(bench->ledger, bench->unit[HN], OCTOBER, &before, &bench->diag));
    must(bench, ledger_before_of(before, a, COMPONENT_pension, &found, &bench->diag));
    assert_true(found.known);
    assert_true(found.paid);
    assert_int_equal(found.amount_dong, 500);
    assert_int_equal(found.version, 3);
    assert_int_equal(found.period, OCTOBER);
    must(bench, ledger_before_of(before, b, COMPONENT_pension, &found, &bench->diag));
    assert_false(found.known);
    must(bench, ledger_before_of(before, c, COMPONENT_pension, &found, &bench->diag));
    assert_true(found.known);
    assert_false(found.paid);
    must(bench, ledger_before_of(before, c + 1, COMPONENT_pension, &found, &bench->diag));
    assert_false(found.known);
    ledger_before_free(before);
    ledger_before_free(NULL);
}

static void test_ledger_totals_add_up_the_runs_of_a_period(void **state)
{
    struct bench *bench = *state;
    struct ledger_total *total = NULL;
    size_t count = 0;
    char sql[512];
    int64_t first = bench->run.run;

    next_run(bench, OCTOBER);
    snprintf(sql, sizeof(sql),
             "INSERT INTO figure VALUES(%lld, %d, 'payments.pension', 3, 300), (%lld, %d, 'payments', 9, 900),"
             " (%lld, %d, 'payments.pension', 2, 50), (%lld, %d, 'payments.other', 1, 7)",
             (long long)first, bench->unit[HN], (long long)first, bench->unit[HN], (long long)bench->run.run,
             bench->unit[HN], (long long)bench->run.run, bench->unit[DN]);
    ledger_sql(bench, sql);
    must(bench, ledger_totals(bench->ledger, OCTOBER, 0, &total, &count, &bench->diag));
    assert_int_equal(count, 2);
    const struct ledger_total *hn = strcmp(total[0].unit, "HN") == 0 ? &total[0] : &total[1];
    assert_int_equal(hn->family, FAMILY_pension);
    assert_int_equal(hn->payments, 5);
    assert_int_equal(hn->amount_dong, 350);
    free(total);
    must(bench, ledger_totals(bench->ledger, OCTOBER, 1, &total, &count, &bench->diag));    /* the first run alone */
    assert_int_equal(count, 1);
    assert_int_equal(total[0].payments, 3);
    free(total);
    must(bench, ledger_totals(bench->ledger, OCTOBER - 1, 0, &total, &count, &bench->diag));
    assert_int_equal(count, 0);
    free(total);
}

static void test_ledger_look_alike_earlier_ones_of_the_person_in_time(void **state)
{
    struct bench *bench = *state;
    struct ledger_row row = row_by(bench, "G/1", 100, BENEFIT_relief_grant);
    int64_t other = 0;

    row.approved_on = DAY(2026, 9, 1);
    int64_t first = added(bench, row);
    row.id = span_of("G/2");
    row.approved_on = DAY(2026, 9, 30);
    int64_t second = added(bench, row);
    row.id = span_of("G/3");
    row.approved_on = DAY(2026, 9, 20);
    added(bench, row);
    row.id = span_of("H/1");
    row.benefit = BENEFIT_medical_reimbursement;
    added(bench, row);
    row.id = span_of("G/4");
    row.benefit = BENEFIT_relief_grant;
    row.beneficiary = 200;
    added(bench, row);
    struct ledger_entitlement third = entitlement_of(bench, "G/3");
    must(bench, ledger_look_alike(bench->ledger, &third, DAY(2026, 8, 20), DAY(2026, 10, 20), 0, &other, &bench->diag));
    assert_int_equal(other, first);
    must(bench, ledger_look_alike(bench->ledger, &third, DAY(2026, 8, 20), DAY(2026, 10, 20), first, &other, &bench->diag));
    assert_int_equal(other, second);
    must(bench, ledger_look_alike(bench->ledger, &third, DAY(2026, 8, 20), DAY(2026, 10, 20), second, &other, &bench->diag));
    assert_int_equal(other, 0);
    must(bench, ledger_look_alike(bench->ledger, &third, DAY(2026, 9, 2), DAY(2026, 9, 29), 0, &other, &bench->diag));
    assert_int_equal(other, 0);
    struct ledger_entitlement one = entitlement_of(bench, "G/1");       /* the first looks like nobody */
    must(bench, ledger_look_alike(bench->ledger, &one, DAY(2026, 8, 20), DAY(2026, 10, 20), 0, &other, &bench->diag));
    assert_int_equal(other, 0);
}

static void test_ledger_lift_remembers_reason_and_thing(void **state)
{
    struct bench *bench = *state;
    struct obligation_key key = { OCTOBER, added(bench, row_by(bench, "A/1", 100, BENEFIT_pension)), COMPONENT_pension, 0 };
    bool lifted = true;
    char sql[256];

    snprintf(sql, sizeof(sql), "INSERT INTO exception VALUES(%d, %lld, 1, 0, 1, 'account shared', 1, 'now', NULL, 77)",
             OCTOBER, (long long)key.ent);
    ledger_sql(bench, sql);
    must(bench, ledger_is_lifted(bench->ledger, key.ent, "account shared", 77, &lifted, &bench->diag));
    assert_false(lifted);
    for (int i = 0; i < 2; i++) {       /* twice is once */
        begin(bench);
        must(bench, ledger_lift(bench->ledger, &key, 5, &bench->diag));
        commit(bench);
    }
    must(bench, ledger_is_lifted(bench->ledger, key.ent, "account shared", 77, &lifted, &bench->diag));
    assert_true(lifted);
    must(bench, ledger_is_lifted(bench->ledger, key.ent, "account shared", 78, &lifted, &bench->diag));
    assert_false(lifted);
    must(bench, ledger_is_lifted(bench->ledger, key.ent, "amount jumped", 77, &lifted, &bench->diag));
    assert_false(lifted);
    key.period++;                       /* nothing is held there */
    begin(bench);
    must(bench, ledger_lift(bench->ledger, &key, 6, &bench->diag));
    commit(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM lifted"), 1);
    concerns_release(&concerns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_concerns_named_deceased_live_ones_only),
        BENCH_TEST(test_ledger_concerns_excluded_pairs_of_one_person),
        BENCH_TEST(test_ledger_concerns_shared_families_count_once),
        BENCH_TEST(test_ledger_thing_keeps_its_parts_apart),
        BENCH_TEST(test_ledger_before_of_gives_first_obligations_in_key_order),
        BENCH_TEST(test_ledger_totals_add_up_the_runs_of_a_period),
        BENCH_TEST(test_ledger_look_alike_earlier_ones_of_the_person_in_time),
        BENCH_TEST(test_ledger_lift_remembers_reason_and_thing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
