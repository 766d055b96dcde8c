/* Does the story of an entitlement name its facts, its law and its money, and does it see a wrong amount? */
#include "test_run_site.h"
#include "test_law_support.h"

#include "cli/explain_words.h"
#include "law/law_lists.h"

static struct run_site run_site;
static struct explanation story;

static enum status explain(const char *id, month_t period)
{
    struct diag diag = { .line = 0 };

    explanation_release(&story);
    return run_explain(&run_site.site, run_site.ledger, span_of(id), period, &story, &diag);
}

/* One row of a list, as its entitlement's id (or another column). */
static bool list_find(enum ledger_list_kind kind, const char *needle, size_t column, size_t wanted, char text[64])
{
    const struct ledger_filter all = { .period = MONTH_NONE, .unit = "", .entitlement = "", .state = "" };
    struct ledger_list *list = NULL;
    struct span cell[LIST_COLUMNS_MAX];
    struct diag diag = { .line = 0 };
    bool more = true, found = false;

    must(ledger_list_new(run_site.ledger, kind, &all, &list, &diag), &diag);
    while (!found && more) {
        must(ledger_list_next(list, cell, &more, &diag), &diag);
        found = more && span_is(cell[column], needle);
    }
    if (found) {
        snprintf(text, 64, "%.*s", (int)cell[wanted].size, cell[wanted].data);
    }
    ledger_list_free(list);
    return found;
}

enum { PAYMENT_ID = 0, PAYMENT_ENTITLEMENT = 3, PAYMENT_BENEFIT = 6, PAYMENT_STATE = 10 };

/* Each figure of the law has its source, both titles, and held when the benefit began or in the month. */
static void parameters_check(const struct explained_month *month)
{
    const struct law_trace *trace = &month->trace;

    assert_true(trace->parameter_count > 0 || story.entitlement.benefit == BENEFIT_pension_awarded ||
                story.entitlement.benefit == BENEFIT_injury_monthly);
    for (unsigned i = 0; i < trace->parameter_count; i++) {
        const struct law_parameter *parameter = &trace->parameter[i];
        assert_true(parameter->source[0] != '\0' && parameter->title[0] != '\0' && parameter->title_vi[0] != '\0');
        assert_true(parameter->from <= parameter->to && parameter->from <= month_last(OCTOBER));
        for (unsigned j = 0; j < i; j++) {
            const struct law_parameter *other = &trace->parameter[j];
            assert_false(other->name == parameter->name && span_equal(other->key, parameter->key) &&
                         other->from == parameter->from);
        }
    }
}

static void test_run_explain_every_amount_is_calculated_again_to_the_same(void **state)
{
    const struct ledger_filter all = { .period = MONTH_NONE, .unit = "", .entitlement = "", .state = "" };
    struct ledger_list *list = NULL;
    struct span cell[LIST_COLUMNS_MAX];
    struct diag diag = { .line = 0 };
    bool more = true;
    size_t explained = 0;

    (void)state;
    must(ledger_list_new(run_site.ledger, LIST_OBLIGATIONS, &all, &list, &diag), &diag);
    for (;;) {
        char id[64];
        must(ledger_list_next(list, cell, &more, &diag), &diag);
        if (!more) {
            break;
        }
        snprintf(id, sizeof id, "%.*s", (int)cell[0].size, cell[0].data);
        assert_int_equal(explain(id, OCTOBER), STATUS_OK);
        assert_true(story.obligation_count > 0);
        assert_int_equal(story.differences, 0);
        assert_true(story.month[0].trace.count > 0);
        assert_true(story.month[0].trace.step[0].source[0] != '\0');
        parameters_check(&story.month[0]);
        explained++;
    }
    ledger_list_free(list);
    assert_true(explained >= RUN_SITE_PEOPLE);
}

static void test_run_explain_pension_names_approval_line_and_file(void **state)
{
    char id[64];

    (void)state;
    assert_true(list_find(LIST_PAYMENTS, "pension", PAYMENT_BENEFIT, PAYMENT_ENTITLEMENT, id));
    assert_int_equal(explain(id, MONTH_NONE), STATUS_OK);
    assert_int_equal(story.version_count, 1);
    const struct ledger_provenance *from = &story.version[0].provenance;
    assert_true(from->line > 1);
    assert_non_null(strstr(from->intake, "pension"));
    assert_non_null(strstr(from->approved.name, ".sha256"));
    assert_true(facts_has(&story.version[0].facts, FACT_pension_from));
    const struct explained_obligation *obligation = &story.obligation[0];
    assert_true(obligation->filed);
    assert_string_equal(obligation->file.batch.msg_id, obligation->story.msg_id);
    assert_int_equal(obligation->file.state, FILE_RELEASED);
    assert_true(sys_exists(run_site.site.dir, obligation->file.path));
    assert_int_equal(strlen(obligation->story.payment_id), PAYMENT_ID_LENGTH);
}

static void test_run_explain_by_payment_id_finds_its_entitlement(void **state)
{
    char id[64], payment[64], funding[64];

    (void)state;
    assert_true(list_find(LIST_PAYMENTS, "sickness", PAYMENT_BENEFIT, PAYMENT_ENTITLEMENT, id));
    assert_true(list_find(LIST_PAYMENTS, id, PAYMENT_ENTITLEMENT, PAYMENT_ID, payment));
    assert_int_equal(explain(payment, MONTH_NONE), STATUS_OK);
    assert_true(span_is(story.entitlement.id, id));
    assert_string_equal(story.obligation[0].story.payment_id, payment);
    assert_int_equal(explain(payment, OCTOBER), STATUS_OK);
    assert_int_equal(explain(payment, OCTOBER + 1), STATUS_NO_INPUT);
    assert_true(list_find(LIST_PAYMENTS, "funding", PAYMENT_BENEFIT, PAYMENT_ID, funding));
    assert_int_equal(explain(funding, MONTH_NONE), STATUS_NO_INPUT);
}

static void test_run_explain_unknown_id_is_no_input(void **state)
{
    (void)state;
    assert_int_equal(explain("nobody", MONTH_NONE), STATUS_NO_INPUT);
    assert_int_equal(explain("00000000000000000000000000", MONTH_NONE), STATUS_NO_INPUT);
    assert_int_equal(explain("", MONTH_NONE), STATUS_NO_INPUT);
}

static void test_run_explain_one_off_is_the_same_in_every_month(void **state)
{
    char id[64];

    (void)state;
    assert_true(list_find(LIST_PAYMENTS, "sickness", PAYMENT_BENEFIT, PAYMENT_ENTITLEMENT, id));
    assert_int_equal(explain(id, OCTOBER + 5), STATUS_OK);
    assert_int_equal(story.obligation_count, 1);
    assert_int_equal(story.obligation[0].story.key.period, MONTH_ONCE);
}

static void test_run_explain_month_without_obligation_says_why(void **state)
{
    char id[64], stop[256];

    (void)state;
    assert_true(list_find(LIST_PAYMENTS, "pension", PAYMENT_BENEFIT, PAYMENT_ENTITLEMENT, id));
    assert_int_equal(explain(id, month_of(1990, 1)), STATUS_OK);
    assert_int_equal(story.month_count, 1);
    assert_int_equal(story.month[0].nothing, NOTHING_NOT_BEGUN);
    assert_int_equal(story.obligation_count, 0);
    assert_int_equal(explain(id, OCTOBER + 1), STATUS_OK);
    assert_int_equal(story.month[0].nothing, NOTHING_PLANNED);
    assert_int_equal(explain(id, OCTOBER - 1), STATUS_OK);
    assert_true(story.month[0].nothing == NOTHING_SETTLED || story.month[0].nothing == NOTHING_NOT_BEGUN);

    snprintf(stop, sizeof stop, "INSERT INTO stop(person, ent, kind, from_day, approval, intake, line)"
             " SELECT person, ent, %d, %d, 0, 1, 2 FROM entitlement WHERE id = '%s'", KIND_ended,
             month_first(OCTOBER + 1), id);
    ledger_edit(&run_site, stop);
    assert_int_equal(explain(id, OCTOBER + 1), STATUS_OK);
    assert_int_equal(story.month[0].nothing, NOTHING_ENDED);
    assert_int_equal(story.stop_count, 1);
    snprintf(stop, sizeof stop, "UPDATE stop SET kind = %d", KIND_suspended);
    ledger_edit(&run_site, stop);
    assert_int_equal(explain(id, OCTOBER + 1), STATUS_OK);
    assert_int_equal(story.month[0].nothing, NOTHING_SUSPENDED);
    snprintf(stop, sizeof stop, "UPDATE stop SET kind = %d, from_day = from_day - 1", KIND_deceased);
    ledger_edit(&run_site, stop);
    assert_int_equal(explain(id, OCTOBER + 1), STATUS_OK);
    assert_int_equal(story.month[0].nothing, NOTHING_DEAD);
    ledger_edit(&run_site, "DELETE FROM stop");
}

static void test_run_explain_held_gives_its_reason(void **state)
{
    char id[64], sql[512];

    (void)state;
    assert_true(list_find(LIST_PAYMENTS, "medical_reimbursement", PAYMENT_BENEFIT, PAYMENT_ENTITLEMENT, id));
    snprintf(sql, sizeof sql, "INSERT INTO exception(period, ent, comp, seq, state, reason, run, at)"
             " SELECT period, ent, comp, seq, 1, 'bank closed', 1, '' FROM obligation WHERE ent ="
             " (SELECT ent FROM entitlement WHERE id = '%s');"
             "UPDATE obligation SET batch = NULL WHERE ent = (SELECT ent FROM entitlement WHERE id = '%s')", id, id);
    ledger_edit(&run_site, sql);
    assert_int_equal(explain(id, OCTOBER), STATUS_OK);
    assert_int_equal(story.obligation[0].story.state, OBLIGATION_HELD);
    assert_true(span_is(story.obligation[0].story.reason, "bank closed"));
    assert_false(story.obligation[0].filed);
    assert_int_equal(story.obligation[0].story.run, 1);
    assert_int_equal(story.differences, 0);
}

static void test_run_explain_changed_amount_is_a_difference(void **state)
{
    char id[64], sql[256];
    struct buf out = BUF_INIT(1 << 20);

    (void)state;
    assert_true(list_find(LIST_PAYMENTS, "unemployment", PAYMENT_BENEFIT, PAYMENT_ENTITLEMENT, id));
    snprintf(sql, sizeof sql, "UPDATE obligation SET amount = amount + 1 WHERE ent ="
             " (SELECT ent FROM entitlement WHERE id = '%s')", id);
    ledger_edit(&run_site, sql);
    assert_int_equal(explain(id, MONTH_NONE), STATUS_OK);
    assert_int_equal(story.differences, story.obligation_count);
    assert_int_equal(story.obligation[0].recalculated_dong, story.obligation[0].story.amount_dong - 1);
    assert_int_equal(explain_text(&story, LANGUAGE_en, &out), STATUS_OK);
    assert_non_null(memmem(out.data, out.size, "DIFFERS", 7));
    buf_clear(&out);
    assert_int_equal(explain_json(&story, LANGUAGE_vi, &out), STATUS_OK);
    assert_non_null(memmem(out.data, out.size, "\"agrees\":false", 14));
    snprintf(sql, sizeof sql, "UPDATE obligation SET amount = amount - 1 WHERE ent ="
             " (SELECT ent FROM entitlement WHERE id = '%s')", id);
    ledger_edit(&run_site, sql);
    buf_release(&out);
}

static void test_ledger_provenance_get_other_version_is_no_input(void **state)
{
    struct ledger_provenance provenance;
    struct diag diag = { .line = 0 };
    char id[64];

    (void)state;
    assert_true(list_find(LIST_PAYMENTS, "pension", PAYMENT_BENEFIT, PAYMENT_ENTITLEMENT, id));
    assert_int_equal(explain(id, MONTH_NONE), STATUS_OK);
    assert_int_equal(ledger_provenance_get(run_site.ledger, story.entitlement.ent, 1, &provenance, &diag), STATUS_OK);
    assert_int_equal(provenance.correction_count, 0);
    assert_int_equal(ledger_provenance_get(run_site.ledger, story.entitlement.ent, 2, &provenance, &diag),
                     STATUS_NO_INPUT);
}

/* ---- words ---- */

static void test_explain_rule_every_rule_has_both_texts(void **state)
{
    static const char *const rule[] = {
#define X(name, text) text,
        LAW_RULE_LIST(X)
#undef X
    };

    (void)state;
    for (size_t i = 0; i < sizeof rule / sizeof *rule; i++) {
        for (int language = 0; language < LANGUAGES; language++) {
            if (strcmp(explain_rule(rule[i], (enum language)language), rule[i]) == 0) {
                fail_msg("the rule %s has no text", rule[i]);
            }
        }
    }
    assert_string_equal(explain_rule("no.such.rule", LANGUAGE_vi), "no.such.rule");
}

/* Decree 09/2015 is from memory: both forms say so in both languages. */
static void test_explain_text_shows_unconfirmed_figures(void **state)
{
    struct law *law = law_test_load();
    struct explained_month *month = mem_alloc(1, sizeof(*month));
    struct explained_version version = { .entitlement = { .version = 1 } };
    struct explanation told = { .entitlement = { .benefit = BENEFIT_pension_awarded }, .version = &version,
                                .version_count = 1, .month = month, .month_count = 1 };
    struct buf out = BUF_INIT(1 << 20);

    (void)state;
    facts_set(&version.facts, FACT_awarded_amount, 3000000);
    facts_set(&version.facts, FACT_awarded_from, day_of((struct civil){ 2014, 12, 1 }));
    month->period = month->run.period = OCTOBER;
    month->verdict = law_calc(law, BENEFIT_pension_awarded, &version.facts, OCTOBER, &month->result, &month->refusal,
                              &month->trace);
    assert_int_equal(explain_text(&told, LANGUAGE_en, &out), STATUS_OK);
    assert_int_equal(explain_text(&told, LANGUAGE_vi, &out), STATUS_OK);
    assert_int_equal(explain_json(&told, LANGUAGE_en, &out), STATUS_OK);
    assert_int_equal(buf_add(&out, "", 1), STATUS_OK);
    assert_non_null(strstr(out.data, "8 %  [Decree 09/2015; since 2015-01-01; unconfirmed] adjust.percent"));
    assert_non_null(strstr(out.data, "8 %  [Nghị định 09/2015; từ 2015-01-01; chưa đối chiếu văn bản] adjust.percent"));
    assert_non_null(strstr(out.data, "\"source\":\"Decree 09/2015\",\"from\":\"2015-01-01\",\"unconfirmed\":true"));
    assert_null(strstr(out.data, "76/2017; since 2017-07-01; unconfirmed"));
    buf_release(&out);
    free(month);
    law_free(law);
}

static void test_explain_fact_and_stop_reason_are_vietnamese(void **state)
{
    (void)state;
    for (int fact = FACT_birth_date; fact <= FACT_approved_amount; fact++) {
        const char *name = fact_name((enum fact)fact);
        if (fact != FACT_channel && strcmp(explain_fact(name, LANGUAGE_vi), name) == 0) {
            fail_msg("the column %s has no text", name);
        }
    }
    for (int reason = 0; fact_word(FACT_reason, reason)[0] != '\0'; reason++) {
        const char *name = fact_word(FACT_reason, reason);
        assert_string_not_equal(explain_stop_reason(name, LANGUAGE_vi), name);
    }
}

/* Every source of the law file is cited as the acts are in Viet Nam, and untouched in English. */
static void test_explain_source_names_acts_in_the_language(void **state)
{
    static const char *const english[] = { "Law ", "Decree", "Circular", "art.", "Labour", "Population" };
    char text[EXPLAIN_SOURCE_BYTES];
    struct law *law = law_test_load();

    (void)state;
    for (size_t i = 0; law_source(law, i) != NULL; i++) {
        explain_source(law_source(law, i), LANGUAGE_vi, text);
        for (size_t j = 0; j < sizeof english / sizeof *english; j++) {
            if (strstr(text, english[j]) != NULL) {
                fail_msg("not Vietnamese: %s", text);
            }
        }
        explain_source(law_source(law, i), LANGUAGE_en, text);
        assert_string_equal(text, law_source(law, i));
    }
    explain_source("Decree 115/2015 art. 7(3); Law 41/2024 art. 66(1)(b)", LANGUAGE_vi, text);
    assert_string_equal(text, "Nghị định 115/2015 điều 7(3); Luật 41/2024 điều 66(1)(b)");
    law_free(law);
}

static void test_explain_name_benefits_and_states_are_vietnamese(void **state)
{
    (void)state;
    for (int component = 1; component <= COMPONENT_MAX; component++) {
        const char *name = component_name((enum component)component);
        if (name[0] != '\0' && component != COMPONENT_funding) {
            assert_string_not_equal(explain_name(name, LANGUAGE_vi), name);
        }
    }
    for (int file = FILE_PLANNED; file <= FILE_SUPERSEDED; file++) {
        const char *name = file_state_name((enum file_state)file);
        assert_string_not_equal(explain_name(name, LANGUAGE_vi), name);
    }
}

static void test_explain_value_shows_decimals_fractions_and_ages(void **state)
{
    static const struct {
        struct exact value;
        enum law_unit unit;
        const char *shown, *exact;
    } cases[] = {
        { { 0, 1 }, LAW_DONG, "0 dong", "0" },
        { { 75, 1 }, LAW_PERCENT, "75 %", "75" },
        { { 58868178, 10 }, LAW_DONG, "5886817.8 dong", "29434089/5" },
        { { 4130000, 3 }, LAW_DONG, "1376666 2/3 dong", "4130000/3" },
        { { -1, 2 }, LAW_TIMES, "-0.5", "-1/2" },
        { { -7, 3 }, LAW_DAYS, "-2 1/3 days", "-7/3" },
        { { 1, 10000 }, LAW_TIMES, "0.0001", "1/10000" },
        { { 723, 1 }, LAW_AGE_MONTHS, "60 years 3 months", "723" },
    };
    char text[EXPLAIN_VALUE_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        explain_value(cases[i].value, cases[i].unit, LANGUAGE_en, text);
        assert_string_equal(text, cases[i].shown);
        explain_exact(cases[i].value, text);
        assert_string_equal(text, cases[i].exact);
    }
}

static void test_explain_account_and_time_show_what_they_may(void **state)
{
    char at[SYS_TIME_BYTES];

    (void)state;
    assert_true(span_is(explain_account(span_of("0011000000601")), "0601"));
    assert_true(span_is(explain_account(span_of("601")), "601"));
    assert_int_equal(explain_account(SPAN_EMPTY).size, 0);
    explain_time(0, at);
    assert_string_equal(at, "1970-01-01T07:00:00+07:00");
    explain_time(-7 * 3600 - 1, at);
    assert_string_equal(at, "1969-12-31T23:59:59+07:00");
}

static int site_make(void **state)
{
    (void)state;
    run_site_make(&run_site);
    run_site_month(&run_site);
    return 0;
}

static int site_end(void **state)
{
    (void)state;
    explanation_release(&story);
    run_site_end(&run_site);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_explain_every_amount_is_calculated_again_to_the_same),
        cmocka_unit_test(test_run_explain_pension_names_approval_line_and_file),
        cmocka_unit_test(test_run_explain_by_payment_id_finds_its_entitlement),
        cmocka_unit_test(test_run_explain_unknown_id_is_no_input),
        cmocka_unit_test(test_run_explain_one_off_is_the_same_in_every_month),
        cmocka_unit_test(test_run_explain_month_without_obligation_says_why),
        cmocka_unit_test(test_run_explain_held_gives_its_reason),
        cmocka_unit_test(test_run_explain_changed_amount_is_a_difference),
        cmocka_unit_test(test_ledger_provenance_get_other_version_is_no_input),
        cmocka_unit_test(test_explain_rule_every_rule_has_both_texts),
        cmocka_unit_test(test_explain_text_shows_unconfirmed_figures),
        cmocka_unit_test(test_explain_fact_and_stop_reason_are_vietnamese),
        cmocka_unit_test(test_explain_source_names_acts_in_the_language),
        cmocka_unit_test(test_explain_name_benefits_and_states_are_vietnamese),
        cmocka_unit_test(test_explain_value_shows_decimals_fractions_and_ages),
        cmocka_unit_test(test_explain_account_and_time_show_what_they_may),
    };
    return cmocka_run_group_tests(tests, site_make, site_end);
}
