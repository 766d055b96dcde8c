/* Does a simulated month cost what its run paid, does a draft move what it says and nothing else, and is each
 * person counted once? */
#include "test_run_site.h"

#include "chitra/simulate.h"

static struct run_site run_site;
static struct simulation simulation;
static char law_text[1 << 20];

static void law_load(void)
{
    FILE *file = fopen("formats/law/vn.xml", "rb");

    assert_non_null(file);
    size_t size = fread(law_text, 1, sizeof(law_text) - 1, file);
    assert_true(size > 0 && size < sizeof(law_text) - 1);
    law_text[size] = '\0';
    fclose(file);
}

/* The law in force with one text in the place of another. */
static char *draft_of(const char *old, const char *new)
{
    char *draft = mem_alloc(sizeof(law_text) + strlen(new), 1);
    const char *at = strstr(law_text, old);

    assert_non_null(at);
    snprintf(draft, sizeof(law_text) + strlen(new), "%.*s%s%s", (int)(at - law_text), law_text, new, at + strlen(old));
    return draft;
}

static enum status simulate_text(const char *draft, month_t period, struct diag *diag)
{
    simulation_release(&simulation);
    return run_simulate(&run_site.site, run_site.ledger, period, span_of(draft), "draft.xml", &simulation, diag);
}

static void simulate(const char *old, const char *new, month_t period)
{
    struct diag diag = { .line = 0 };
    char *draft = draft_of(old, new);

    must(simulate_text(draft, period, &diag), &diag);
    free(draft);
}

static const struct simulation_cell *total(void)
{
    return simulation_cell(&simulation, SIMULATION_REGIME_ALL, SIMULATION_UNIT_ALL, SIMULATION_SEX_ALL);
}

static const struct simulation_cell *regime(enum family family)
{
    return simulation_cell(&simulation, (int)family, SIMULATION_UNIT_ALL, SIMULATION_SEX_ALL);
}

static int64_t number_of(const char *sql)
{
    char path[128];
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;

    snprintf(path, sizeof path, "%s/state/ledger.db", run_site.folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return number;
}

static void test_run_simulate_same_law_costs_what_the_month_was_due(void **state)
{
    uint64_t people = 0;
    int64_t cost = 0;

    (void)state;
    simulate("", "", OCTOBER);
    assert_int_equal(total()->cost_dong, number_of("SELECT sum(amount) FROM figure WHERE name = 'due'"));
    assert_int_equal(total()->people, number_of("SELECT count(DISTINCT person) FROM obligation JOIN entitlement USING(ent)"));
    assert_int_equal(total()->cost_draft_dong, total()->cost_dong);
    assert_int_equal(total()->gainers + total()->losers + total()->refused, 0);
    assert_true(digest_equal(&simulation.law, &simulation.draft));
    for (int sex = 0; sex < SIMULATION_SEX_ALL; sex++) {
        const struct simulation_cell *cell = simulation_cell(&simulation, SIMULATION_REGIME_ALL, SIMULATION_UNIT_ALL, sex);
        people += cell->people;
        cost += cell->cost_dong;
    }
    assert_int_equal(people, total()->people);      /* a person has one sex */
    assert_int_equal(cost, total()->cost_dong);
    cost = 0;
    for (int unit = 0; unit < SIMULATION_UNIT_ALL; unit++) {
        cost += simulation_cell(&simulation, SIMULATION_REGIME_ALL, unit, SIMULATION_SEX_ALL)->cost_dong;
    }
    assert_int_equal(cost, total()->cost_dong);
    assert_true(strcmp(simulation.unit[0], simulation.unit[1]) < 0);
}

static void test_run_simulate_rise_gains_the_regime_alone(void **state)
{
    (void)state;
    simulate("</adjustments>", "<adjustment from=\"2026-11-01\" percent=\"10\" source=\"A draft\"/></adjustments>", OCTOBER);
    assert_int_equal(total()->gainers, 0);
    simulate("</adjustments>", "<adjustment from=\"2026-11-01\" percent=\"10\" source=\"A draft\"/></adjustments>",
             OCTOBER + 1);
    const struct simulation_cell *pension = regime(FAMILY_pension);
    assert_true(pension->people > 100);
    assert_int_equal(pension->gainers, pension->people);
    assert_int_equal(pension->cost_draft_dong - pension->cost_dong, pension->gained_dong);
    assert_in_range(pension->gained_dong, pension->cost_dong / 10 - 500, pension->cost_dong / 10 + 500);   /* rounded one by one */
    assert_int_equal(regime(FAMILY_survivor)->gainers, 0);
    assert_int_equal(total()->losers, 0);
    assert_false(digest_equal(&simulation.law, &simulation.draft));
}

static const char social_pension[] = "source=\"Law 41/2024 art. 21, 22; Decree 176/2025 art. 3\">500000<";
static const char social_pension_less[] = "source=\"A draft of 2026\">400000<";

static void test_run_simulate_cut_loses_its_exact_amount(void **state)
{
    (void)state;
    simulate(social_pension, social_pension_less, OCTOBER);
    const struct simulation_cell *other = regime(FAMILY_other);
    assert_true(other->losers > 0 && other->losers < other->people);
    assert_int_equal(other->lost_dong, (int64_t)other->losers * 100000);
    assert_int_equal(other->cost_dong - other->cost_draft_dong, other->lost_dong);
    assert_int_equal(total()->losers, other->losers);
}

/* Two benefits of one person: gained in one, lost in the other, and one person in the total. */
static void test_run_simulate_person_with_two_benefits_is_one(void **state)
{
    struct diag diag = { .line = 0 };

    (void)state;
    simulate("", "", OCTOBER + 1);
    uint64_t before = total()->people;
    ledger_edit(&run_site, "UPDATE entitlement SET person = (SELECT person FROM entitlement WHERE benefit = 1 AND flags = 0"
                           " ORDER BY ent LIMIT 1) WHERE ent = (SELECT ent FROM entitlement WHERE benefit = 60 AND flags = 0"
                           " ORDER BY ent LIMIT 1)");
    char *draft = draft_of(social_pension, social_pension_less);
    char *rise = strstr(draft, "</adjustments>");
    snprintf(rise, 200, "<adjustment from=\"2026-11-01\" percent=\"10\" source=\"A draft\"/></adjustments></law>");
    must(simulate_text(draft, OCTOBER + 1, &diag), &diag);
    free(draft);
    assert_int_equal(total()->people, before - 1);
    /* The pension's rise is more than the 100,000 that are lost. */
    assert_int_equal(total()->losers, regime(FAMILY_other)->losers - 1);
    assert_int_equal(total()->gained_dong - total()->lost_dong, total()->cost_draft_dong - total()->cost_dong);
}

static void test_run_simulate_without_an_answer_is_counted_apart(void **state)
{
    (void)state;
    simulate("<value from=\"2025-07-01\" source=\"Law 41/2024 art. 21, 22;",
             "<value from=\"2025-07-01\" to=\"2026-09-30\" source=\"Law 41/2024 art. 21, 22;", OCTOBER);
    uint64_t refused = total()->refused;
    assert_true(refused > 0);
    assert_int_equal(regime(FAMILY_other)->refused, refused);
    assert_int_equal(total()->losers, 0);
    assert_int_equal(total()->cost_dong, total()->cost_draft_dong);
}

static void test_run_simulate_stop_and_opening_bar_a_month(void **state)
{
    (void)state;
    simulate("", "", OCTOBER + 1);
    uint64_t before = regime(FAMILY_other)->people;
    ledger_edit(&run_site, "INSERT INTO stop(person, ent, kind, from_day, approval, intake, line)"
                           " SELECT person, ent, 2, 20758, 0, 1, 2 FROM entitlement WHERE benefit = 60 AND flags = 0 ORDER BY ent LIMIT 1");
    ledger_edit(&run_site, "UPDATE entitlement SET flags = 1 WHERE ent IN (SELECT ent FROM stop WHERE from_day = 20758)");
    simulate("", "", OCTOBER + 1);
    assert_int_equal(regime(FAMILY_other)->people, before - 1);    /* ended on 2026-11-01 */
    simulate("", "", OCTOBER - 1);
    assert_int_equal(total()->people, 0);
}

static void test_run_simulate_faulty_draft_is_refused_with_its_line(void **state)
{
    struct diag diag = { .line = 0 };
    uint64_t line = 1;

    (void)state;
    char *draft = draft_of("from=\"2026-07-01\" source=\"Decree 161/2026", "from=\"2026-08-01\" source=\"Decree 161/2026");
    assert_int_equal(simulate_text(draft, OCTOBER, &diag), STATUS_INPUT);
    assert_string_equal(diag.file, "draft.xml");
    for (const char *at = strstr(draft, "2026-08-01"); at > draft; at--) {
        line += *at == '\n';
    }
    assert_int_equal(diag.line, line);
    free(draft);
}

static int teardown(void **state)
{
    (void)state;
    simulation_release(&simulation);
    run_site_end(&run_site);
    return 0;
}

static int setup(void **state)
{
    (void)state;
    run_site_make(&run_site);
    run_site_month(&run_site);
    law_load();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_simulate_same_law_costs_what_the_month_was_due),
        cmocka_unit_test(test_run_simulate_rise_gains_the_regime_alone),
        cmocka_unit_test(test_run_simulate_cut_loses_its_exact_amount),
        cmocka_unit_test(test_run_simulate_without_an_answer_is_counted_apart),
        cmocka_unit_test(test_run_simulate_faulty_draft_is_refused_with_its_line),
        cmocka_unit_test(test_run_simulate_person_with_two_benefits_is_one),
        cmocka_unit_test(test_run_simulate_stop_and_opening_bar_a_month),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
