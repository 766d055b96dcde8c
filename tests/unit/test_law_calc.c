/* law_calc, law_month_begun, law_source, and the lookups and helpers that every regime uses. */
#include "test_law_fixture.h"

static day_t day(int year, int month, int of_month)
{
    return day_of((struct civil){ year, month, of_month });
}

static struct facts pension_facts(void)
{
    struct facts facts = { .given = 0 };

    facts_set(&facts, FACT_sex, SEX_M);
    facts_set(&facts, FACT_birth_date, day(1950, 5, 5));
    facts_set(&facts, FACT_pension_from, day(2016, 6, 1));
    facts_set(&facts, FACT_contribution_months, 300);
    facts_set(&facts, FACT_average_salary, 10000000);
    return facts;
}

static void test_law_param_day_before_and_of_a_change(void **state)
{
    (void)state;
    const struct law_value *before = law_param(law, LAW_PARAM_base_salary, 0, day(2024, 6, 30));
    const struct law_value *after = law_param(law, LAW_PARAM_base_salary, 0, day(2024, 7, 1));
    assert_int_equal(before->num, 1800000);
    assert_int_equal(after->num, 2340000);
    assert_string_equal(after->source, "Decree 73/2024");
    assert_int_equal(law_param(law, LAW_PARAM_base_salary, 0, day(2150, 1, 1))->num, 2530000);
}

static void test_law_param_before_the_first_or_after_the_last_value_is_null(void **state)
{
    (void)state;
    assert_non_null(law_param(law, LAW_PARAM_base_salary, 0, day(1993, 4, 1)));
    assert_null(law_param(law, LAW_PARAM_base_salary, 0, day(1993, 3, 31)));
    assert_non_null(law_param(law, LAW_PARAM_decree_153_2018, 0, day(2021, 12, 31)));
    assert_null(law_param(law, LAW_PARAM_decree_153_2018, 0, day(2022, 1, 1)));
}

static void test_law_param_keys_kinds_and_unconfirmed(void **state)
{
    (void)state;
    assert_int_equal(law_param(law, LAW_PARAM_retirement_age, SEX_F, day(2026, 1, 1))->num, 57 * 12);
    assert_int_equal(law_param(law, LAW_PARAM_retirement_age, SEX_M, day(2026, 1, 1))->num, 61 * 12 + 6);
    assert_int_equal(law_param(law, LAW_PARAM_regional_minimum_wage, 3, day(2026, 1, 1))->num, 3700000);
    const struct law_value *half = law_param(law, LAW_PARAM_grant_months, 0, day(2026, 1, 1));
    assert_int_equal(half->num * 2, half->den);
    const struct law_value *found = law_param(law, LAW_PARAM_decree_153_2018, 0, day(2018, 1, 1));
    assert_int_equal(found->num * 10000, found->den * 727);
    assert_false(found->unconfirmed);
    assert_true(law_param(law, LAW_PARAM_decree_153_2018, 12, day(2018, 1, 1))->unconfirmed);
}

static void test_law_need_without_value_refuses_with_the_first_date(void **state)
{
    struct facts facts = { .given = 0 };
    struct law_refusal refusal;
    struct law_context context = { .law = law, .facts = &facts, .refusal = &refusal };

    (void)state;
    assert_null(law_need(&context, LAW_PARAM_base_salary, 0, day(1993, 3, 31), FACT_event_from));
    assert_int_equal(refusal.column, FACT_event_from);
    assert_string_equal(refusal.reason, "base_salary: no value before 1993-04-01");
    assert_null(law_need(&context, LAW_PARAM_decree_153_2018, 0, day(2022, 1, 1), FACT_pension_from));
    assert_string_equal(refusal.reason, "decree_153_2018: no value after 2021-12-31");
}

static void test_law_pay_rounds_half_up_and_refuses_too_much(void **state)
{
    struct law_result result = { .count = 0 };
    struct law_refusal refusal;
    struct law_context context = { .law = law, .result = &result, .refusal = &refusal };

    (void)state;
    assert_int_equal(law_pay(&context, COMPONENT_pension, law_fraction(5, 2), "x", FACT_salary), LAW_DUE);
    assert_int_equal(law_pay(&context, COMPONENT_pension, law_fraction(249, 100), "x", FACT_salary), LAW_DUE);
    assert_int_equal(law_pay(&context, COMPONENT_pension, exact_of(MONEY_DONG_MAX), "x", FACT_salary), LAW_DUE);
    assert_int_equal(result.amount[0].amount_dong, 3);
    assert_int_equal(result.amount[1].amount_dong, 2);
    assert_int_equal(law_pay(&context, COMPONENT_pension, exact_of(MONEY_DONG_MAX + 1), "x", FACT_salary), LAW_REFUSED);
    assert_int_equal(refusal.column, FACT_salary);
    assert_int_equal(result.count, 3);
}

static void test_law_half_years_odd_months_rounded(void **state)
{
    static const int64_t table[][2] = { { 0, 0 }, { 1, 1 }, { 6, 1 }, { 7, 2 }, { 11, 2 }, { 12, 2 }, { 13, 3 }, { 355, 60 } };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_int_equal(law_half_years(table[i][0]), table[i][1]);
    }
}

static void test_law_month_begun_each_benefit_by_its_column(void **state)
{
    static const struct { enum benefit benefit; enum fact column; } table[] = {
        { BENEFIT_pension, FACT_pension_from }, { BENEFIT_pension_awarded, FACT_awarded_from },
        { BENEFIT_one_time_withdrawal, FACT_event_from }, { BENEFIT_sickness, FACT_event_from },
        { BENEFIT_childbirth, FACT_event_from }, { BENEFIT_unemployment, FACT_benefit_from },
        { BENEFIT_injury_monthly, FACT_event_from }, { BENEFIT_survivor_monthly, FACT_event_from },
        { BENEFIT_funeral_grant, FACT_event_from }, { BENEFIT_social_pension, FACT_event_from },
        { BENEFIT_relief_grant, FACT_approved_on },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct facts facts = { .given = 0 };
        assert_int_equal(law_month_begun(table[i].benefit, &facts), MONTH_NONE);
        facts_set(&facts, table[i].column, day(2026, 3, 31));
        assert_int_equal(law_month_begun(table[i].benefit, &facts), month_of(2026, 3));
    }
}

static void test_law_month_begun_awarded_injury_by_its_award(void **state)
{
    struct facts facts = { .given = 0 };

    (void)state;
    facts_set(&facts, FACT_event_from, day(2017, 3, 1));
    facts_set(&facts, FACT_awarded_from, day(2020, 1, 1));
    assert_int_equal(law_month_begun(BENEFIT_injury_monthly, &facts), month_of(2017, 3));
    facts_set(&facts, FACT_awarded_amount, 3000000);
    assert_int_equal(law_month_begun(BENEFIT_injury_monthly, &facts), month_of(2020, 1));
}

static void test_law_calc_other_benefit_is_refused_without_its_date(void **state)
{
    struct facts facts = { .given = 0 };
    struct law_result result = { .count = 3 };
    struct law_refusal refusal;

    (void)state;
    assert_int_equal(law_calc(law, BENEFIT_unemployment, &facts, month_of(2026, 1), &result, &refusal, NULL), LAW_REFUSED);
    assert_int_equal(refusal.column, FACT_benefit_from);
    assert_int_equal(result.count, 0);
}

static void test_law_calc_refused_leaves_no_amount(void **state)
{
    struct facts facts = pension_facts();
    struct law_result result;
    struct law_refusal refusal;

    (void)state;
    facts_set(&facts, FACT_average_salary, MONEY_DONG_MAX);
    facts_set(&facts, FACT_contribution_months, 480);
    assert_int_equal(law_calc(law, BENEFIT_pension, &facts, month_of(2016, 6), &result, &refusal, NULL), LAW_REFUSED);
    assert_int_equal(result.count, 0);
    assert_int_equal(refusal.column, FACT_average_salary);
}

static void test_law_calc_amount_that_outgrows_the_limit_is_refused(void **state)
{
    struct facts facts = { .given = 0 };
    struct law_result result;
    struct law_refusal refusal;

    (void)state;
    facts_set(&facts, FACT_awarded_amount, MONEY_DONG_MAX);
    facts_set(&facts, FACT_awarded_from, day(2024, 1, 1));
    assert_int_equal(law_calc(law, BENEFIT_pension_awarded, &facts, month_of(2024, 6), &result, &refusal, NULL), LAW_DUE);
    assert_int_equal(law_calc(law, BENEFIT_pension_awarded, &facts, month_of(2024, 7), &result, &refusal, NULL), LAW_REFUSED);
    assert_int_equal(refusal.column, FACT_awarded_from);
}

static void test_law_calc_trace_has_each_step_with_its_source(void **state)
{
    static const char *const expected[] = {
        "pension.law", "pension.years", "pension.rate.base", "pension.rate.increment", "pension.age",
        "pension.rate", "pension.product", "pension.amount", "adjust.percent", "adjust.amount",
    };
    struct facts facts = pension_facts();
    struct law_result result;
    struct law_refusal refusal;
    struct law_trace trace;

    (void)state;
    assert_int_equal(law_calc(law, BENEFIT_pension, &facts, month_of(2017, 7), &result, &refusal, &trace), LAW_DUE);
    assert_int_equal(trace.count, sizeof(expected) / sizeof(expected[0]));
    for (unsigned i = 0; i < trace.count; i++) {
        assert_string_equal(trace.step[i].rule, expected[i]);
        assert_true(trace.step[i].source[0] != '\0');
    }
    assert_int_equal(exact_compare(trace.step[5].value, exact_of(65)), 0);
    assert_int_equal(trace.step[5].unit, LAW_PERCENT);
    assert_int_equal(exact_compare(trace.step[8].value, law_fraction(744, 100)), 0);
    assert_int_equal(trace.step[8].from, day(2017, 7, 1));
    assert_int_equal(exact_compare(trace.step[9].value, exact_of(6983600)), 0);
    assert_string_equal(result.amount[0].basis, "Decree 76/2017");
}

/* Each figure once, with the words of its key and the days between which it holds. */
static void test_law_calc_trace_has_each_parameter_once(void **state)
{
    struct facts facts = pension_facts();
    struct law_result result;
    struct law_refusal refusal;
    struct law_trace trace;
    unsigned found = 0;

    (void)state;
    assert_int_equal(law_calc(law, BENEFIT_pension, &facts, month_of(2017, 7), &result, &refusal, &trace), LAW_DUE);
    for (unsigned i = 0; i < trace.parameter_count; i++) {
        const struct law_parameter *parameter = &trace.parameter[i];
        if (strcmp(parameter->name, "pension_base_years") == 0) {
            found++;
            assert_true(span_is(parameter->key, "M"));
            assert_int_equal(exact_compare(parameter->value, exact_of(15)), 0);
            assert_int_equal(parameter->unit, LAW_TIMES);
            assert_int_equal(parameter->from, day(2016, 1, 1));
            assert_int_equal(parameter->to, day(2017, 12, 31));
            assert_string_equal(parameter->source, "Law 58/2014 art. 56(1)");
        } else if (strcmp(parameter->name, "pension_rate_most") == 0) {
            assert_int_equal(parameter->key.size, 0);
            assert_int_equal(exact_compare(parameter->value, exact_of(75)), 0);
            assert_int_equal(parameter->unit, LAW_PERCENT);
        }
    }
    assert_int_equal(found, 1);     /* the grant asks for it too */
}

static void test_law_calc_trace_marks_unconfirmed_values(void **state)
{
    struct facts facts = { .given = 0 };
    struct law_result result;
    struct law_refusal refusal;
    struct law_trace trace;

    (void)state;
    facts_set(&facts, FACT_awarded_amount, 3000000);
    facts_set(&facts, FACT_awarded_from, day(2014, 1, 1));
    assert_int_equal(law_calc(law, BENEFIT_pension_awarded, &facts, month_of(2017, 7), &result, &refusal, &trace), LAW_DUE);
    assert_int_equal(trace.count, 5);
    assert_true(trace.step[1].unconfirmed);     /* Decree 09/2015 */
    assert_false(trace.step[3].unconfirmed);    /* Decree 76/2017 */
}

static void test_law_calc_longest_trace_fits(void **state)
{
    struct facts facts = { .given = 0 };
    struct law_result result;
    struct law_refusal refusal;
    struct law_trace trace;

    (void)state;
    facts_set(&facts, FACT_awarded_amount, 500000);
    facts_set(&facts, FACT_awarded_from, day(2006, 10, 1));
    facts_set(&facts, FACT_pre_1995, 1);
    assert_int_equal(law_calc(law, BENEFIT_pension_awarded, &facts, month_of(2199, 12), &result, &refusal, &trace), LAW_DUE);
    assert_true(trace.count < LAW_STEPS_MAX / 2);
}

static void test_law_source_each_once_then_null(void **state)
{
    size_t count = 0;

    (void)state;
    while (law_source(law, count) != NULL) {
        count++;
    }
    assert_true(count > 50);
    assert_null(law_source(law, count + 1));
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            assert_string_not_equal(law_source(law, i), law_source(law, j));
        }
    }
}

static enum law_verdict pension_at(struct facts *facts, month_t start)
{
    struct law_result result;
    struct law_refusal refusal;

    facts_set(facts, FACT_pension_from, month_first(start));
    return law_calc(law, BENEFIT_pension, facts, start, &result, &refusal, NULL);
}

/* Decree 135/2020, Appendix I: every month of birth, where the table is at hand. */
static void test_law_calc_retirement_age_table_agrees(void **state)
{
    char line[200];
    FILE *file = fopen("../shared/law/retirement_age.csv", "r");
    unsigned rows = 0;

    (void)state;
    if (file == NULL) {
        skip();
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        struct facts facts = pension_facts();
        char sex, birth[8], age[12], reached[8], from[8];
        day_t born = 0;
        month_t start = 0;
        if (sscanf(line, "%c,%7[0-9-],%11[^,],%7[0-9-],%7[0-9-]", &sex, birth, age, reached, from) != 5) {
            continue;
        }
        assert_true(day_read_birth(span_of(birth), &born) && month_read(span_of(from), &start));
        facts_set(&facts, FACT_sex, sex == 'M' ? SEX_M : SEX_F);
        for (int of_month = 0; of_month < 28; of_month += 27) {
            facts_set(&facts, FACT_birth_date, born + of_month);
            assert_int_equal(pension_at(&facts, start), LAW_DUE);
            assert_int_equal(pension_at(&facts, start + 1), LAW_DUE);
            assert_int_equal(pension_at(&facts, start + 13), LAW_DUE);
            assert_int_equal(pension_at(&facts, start - 1), LAW_REFUSED);
        }
        rows++;
    }
    fclose(file);
    assert_true(rows > 150);
}

/* Decree 153/2018 art. 3, where the table is at hand. */
static void test_law_param_decree_153_table_agrees(void **state)
{
    char line[200];
    FILE *file = fopen("../shared/law/decree153_2018.csv", "r");
    unsigned rows = 0;

    (void)state;
    if (file == NULL) {
        skip();
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        int years, half, whole[4], part[4];
        if (sscanf(line, "%d.%d,%d.%d%%,%d.%d%%,%d.%d%%,%d.%d%%", &years, &half, &whole[0], &part[0], &whole[1],
                   &part[1], &whole[2], &part[2], &whole[3], &part[3]) != 10) {
            continue;
        }
        for (int i = 0; i < 4; i++) {
            const struct law_value *value = law_param(law, LAW_PARAM_decree_153_2018, (years - 20) * 2 + (half == 5),
                                                      day(2018 + i, 6, 1));
            assert_non_null(value);
            assert_int_equal(value->num * 10000, value->den * (whole[i] * 100 + part[i]));
        }
        rows++;
    }
    fclose(file);
    assert_int_equal(rows, 20);
}

static void test_law_calc_every_benefit_has_a_formula(void **state)
{
    static const enum benefit every[] = {
#define X(name, family, recurrence, number) BENEFIT_##name,
        BENEFIT_LIST(X)
#undef X
    };
    struct facts facts = { .given = 0 };
    struct law_result result;
    struct law_refusal refusal;

    (void)state;
    facts_set(&facts, FACT_event_from, day(2026, 9, 1));
    facts_set(&facts, FACT_pension_from, day(2026, 9, 1));
    facts_set(&facts, FACT_awarded_from, day(2026, 9, 1));
    facts_set(&facts, FACT_benefit_from, day(2026, 9, 1));
    for (size_t i = 0; i < sizeof(every) / sizeof(every[0]); i++) {
        /* One without a formula ends the test: a defect. Without the other facts the law refuses, or has an amount. */
        enum law_verdict verdict = law_calc(law, every[i], &facts, month_of(2026, 10), &result, &refusal, NULL);
        assert_true(verdict == LAW_REFUSED ? refusal.reason[0] != '\0' : verdict == LAW_DUE && result.count > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_law_calc_every_benefit_has_a_formula),
        cmocka_unit_test(test_law_param_day_before_and_of_a_change),
        cmocka_unit_test(test_law_param_before_the_first_or_after_the_last_value_is_null),
        cmocka_unit_test(test_law_param_keys_kinds_and_unconfirmed),
        cmocka_unit_test(test_law_need_without_value_refuses_with_the_first_date),
        cmocka_unit_test(test_law_pay_rounds_half_up_and_refuses_too_much),
        cmocka_unit_test(test_law_half_years_odd_months_rounded),
        cmocka_unit_test(test_law_month_begun_each_benefit_by_its_column),
        cmocka_unit_test(test_law_month_begun_awarded_injury_by_its_award),
        cmocka_unit_test(test_law_calc_other_benefit_is_refused_without_its_date),
        cmocka_unit_test(test_law_calc_refused_leaves_no_amount),
        cmocka_unit_test(test_law_calc_amount_that_outgrows_the_limit_is_refused),
        cmocka_unit_test(test_law_calc_trace_has_each_step_with_its_source),
        cmocka_unit_test(test_law_calc_trace_has_each_parameter_once),
        cmocka_unit_test(test_law_calc_trace_marks_unconfirmed_values),
        cmocka_unit_test(test_law_calc_longest_trace_fits),
        cmocka_unit_test(test_law_source_each_once_then_null),
        cmocka_unit_test(test_law_calc_retirement_age_table_agrees),
        cmocka_unit_test(test_law_param_decree_153_table_agrees),
    };
    mem_init();
    return cmocka_run_group_tests(tests, law_make, law_end);
}
