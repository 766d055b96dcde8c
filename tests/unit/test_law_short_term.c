/* Sickness, maternity, unemployment, injury, survivors, others: what the cases in tests/law cannot say.
 * That a cut shows in basis and trace, that a refusal names its article, and that no facts, however
 * odd, break the calculation. */
#include "test_law_fixture.h"

static int64_t day(int year, int month, int of_month)
{
    return day_of((struct civil){year, month, of_month});
}

static bool trace_has(const struct law_trace *trace, const char *rule)
{
    for (unsigned i = 0; i < trace->count; i++) {
        if (strcmp(trace->step[i].rule, rule) == 0) {
            return true;
        }
    }
    return false;
}

/* Calculates in the month of event_from. */
static enum law_verdict calc(const struct law *with, enum benefit benefit, const struct facts *facts,
                             struct law_result *result, struct law_refusal *refusal, struct law_trace *trace)
{
    return law_calc(with, benefit, facts, law_month_begun(benefit, facts), result, refusal, trace);
}

static struct facts sick_facts(int64_t days)
{
    struct facts facts = {0};

    facts_set(&facts, FACT_event_from, day(2026, 3, 2));
    facts_set(&facts, FACT_salary, 4800000);
    facts_set(&facts, FACT_contribution_months, 60);
    facts_set(&facts, FACT_days, 2 * days);
    return facts;
}

static void test_sickness_calc_claim_within_the_limit_names_the_rate(void **state)
{
    struct facts facts = sick_facts(30);
    struct law_result result;
    struct law_refusal refusal;
    struct law_trace trace;

    (void)state;
    assert_int_equal(calc(law, BENEFIT_sickness, &facts, &result, &refusal, &trace), LAW_DUE);
    assert_string_equal(result.amount[0].basis, "Law 41/2024 art. 45(2)");
    assert_true(trace_has(&trace, "leave.days.paid"));
    assert_false(trace_has(&trace, "leave.days.cut"));
}

static void test_sickness_calc_claim_over_the_limit_names_the_limit(void **state)
{
    struct facts facts = sick_facts(31);
    struct law_result result;
    struct law_refusal refusal;
    struct law_trace trace;

    (void)state;
    assert_int_equal(calc(law, BENEFIT_sickness, &facts, &result, &refusal, &trace), LAW_DUE);
    assert_string_equal(result.amount[0].basis, "Law 41/2024 art. 43(1)(a)");
    assert_true(trace_has(&trace, "leave.days.cut"));
}

static void test_unemployment_calc_over_the_cap_shows_share_and_cut(void **state)
{
    struct facts facts = {0};
    struct law_result result;
    struct law_refusal refusal;
    struct law_trace trace;

    (void)state;
    facts_set(&facts, FACT_benefit_from, day(2026, 5, 4));
    facts_set(&facts, FACT_last_contribution, month_of(2026, 3));
    facts_set(&facts, FACT_average_salary, 50000000);
    facts_set(&facts, FACT_wage_region, 1);
    facts_set(&facts, FACT_contribution_months, 72);
    assert_int_equal(calc(law, BENEFIT_unemployment, &facts, &result, &refusal, &trace), LAW_DUE);
    assert_int_equal(result.amount[0].amount_dong, 26550000);
    assert_true(trace_has(&trace, "unemployment.share"));
    assert_true(trace_has(&trace, "unemployment.cut_to_cap"));
    facts_set(&facts, FACT_average_salary, 44250000);
    assert_int_equal(calc(law, BENEFIT_unemployment, &facts, &result, &refusal, &trace), LAW_DUE);
    assert_int_equal(result.amount[0].amount_dong, 26550000);
    assert_false(trace_has(&trace, "unemployment.cut_to_cap"));
}

static void test_injury_calc_from_memory_is_marked_unconfirmed(void **state)
{
    struct facts facts = {0};
    struct law_result result;
    struct law_refusal refusal;
    struct law_trace trace;

    (void)state;
    facts_set(&facts, FACT_event_from, day(2016, 6, 30));
    facts_set(&facts, FACT_capacity_loss, 31);
    facts_set(&facts, FACT_days, 2);
    assert_int_equal(calc(law, BENEFIT_injury_convalescence, &facts, &result, &refusal, &trace), LAW_DUE);
    bool unconfirmed = false;
    for (unsigned i = 0; i < trace.count; i++) {
        unconfirmed = unconfirmed || trace.step[i].unconfirmed;
    }
    assert_true(unconfirmed);
}

static void test_sickness_calc_refusal_names_column_reason_and_article(void **state)
{
    struct facts facts = sick_facts(1);
    struct law_result result;
    struct law_refusal refusal;

    (void)state;
    facts_set(&facts, FACT_event_from, day(2025, 6, 30));
    facts_set(&facts, FACT_days, 1);
    assert_int_equal(calc(law, BENEFIT_sickness, &facts, &result, &refusal, NULL), LAW_REFUSED);
    assert_int_equal(refusal.column, FACT_days);
    assert_string_equal(refusal.reason, "half days are only paid for sickness from 2025-07-01");
    assert_string_equal(refusal.source, "Law 58/2014 art. 28(4)");
}

/* A draft law file whose scale does not begin at nothing refuses who is below it. */
static void test_sickness_calc_below_the_scale_of_a_draft_is_refused(void **state)
{
    char *xml = law_test_file("formats/law/vn.xml");
    char *scale = strstr(xml, "<parameter name=\"sickness_years\"");
    struct law *draft = NULL;
    struct facts facts = sick_facts(1);
    struct law_result result;
    struct law_refusal refusal;

    (void)state;
    assert_non_null(scale);
    char *last = strstr(strstr(scale, "key=\"1\" from=\"2025-07-01\""), ">0<");
    assert_non_null(last);
    last[1] = '6';
    assert_int_equal(law_new(span_of(xml), "draft.xml", SPAN_EMPTY, &draft, NULL), STATUS_OK);
    assert_int_equal(calc(draft, BENEFIT_sickness, &facts, &result, &refusal, NULL), LAW_REFUSED);
    assert_int_equal(refusal.column, FACT_contribution_months);
    law_free(draft);
    test_free(xml);
}

/* A fixed sequence of numbers, the same on every machine. */
static uint64_t next_number(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* Any value that the intake lets through, often at an end of its range. */
static int64_t odd_value(enum fact fact, uint64_t *seed)
{
    uint64_t number = next_number(seed);
    static const int64_t counts[] = {0, 1, 2, 11, 12, 31, 81, 100, 101, 180, 360, 9999};
    static const int64_t sums[] = {0, 1, 4999999, 123456789, MONEY_DONG_MAX};

    switch (fact_type(fact)) {
    case FACT_DATE:
    case FACT_BIRTH:
        return number % 8 == 0   ? day(1900, 1, 1)
               : number % 8 == 1 ? day(2199, 12, 31)
                                 : day(2014, 1, 1) + (int64_t)(number % 5000);
    case FACT_MONTH:
        return number % 8 == 0 ? month_of(1900, 1) : month_of(2014, 1) + (int64_t)(number % 160);
    case FACT_MONEY:
        return sums[number % (sizeof(sums) / sizeof(sums[0]))];
    case FACT_COUNT:
        return counts[number % (sizeof(counts) / sizeof(counts[0]))];
    case FACT_HALF_DAYS:
        return counts[number % (sizeof(counts) / sizeof(counts[0]))] * 2 + (number % 7 == 0 ? 1 : 0);
    case FACT_FLAG:
        return (int64_t)(number % 2);
    default:
        for (int64_t word = (int64_t)(number % 4);; word--) {
            if (*fact_word(fact, word) != '\0') {
                return word;
            }
        }
    }
}

static void odd_row_check(enum benefit benefit, const struct facts *facts, month_t period)
{
    struct law_result result, untraced;
    struct law_refusal refusal;
    struct law_trace trace;
    enum law_verdict verdict = law_calc(law, benefit, facts, period, &result, &refusal, &trace);

    assert_int_equal(law_calc(law, benefit, facts, period, &untraced, &refusal, NULL), verdict);
    assert_true(verdict != LAW_REFUSED || *refusal.reason != '\0');
    assert_true(verdict != LAW_DUE || result.count > 0);
    for (unsigned i = 0; verdict == LAW_DUE && i < result.count; i++) {
        assert_in_range(result.amount[i].amount_dong, 0, MONEY_DONG_MAX);
        assert_int_equal(result.amount[i].amount_dong, untraced.amount[i].amount_dong);
        assert_true(*result.amount[i].basis != '\0');
    }
}

static void test_law_calc_odd_facts_are_paid_in_bounds_or_refused(void **state)
{
    static const enum benefit benefits[] = {
#define X(name, family, recurrence, number) BENEFIT_##name,
        BENEFIT_LIST(X)
#undef X
    };
    enum { ROWS = 100000 };
    uint64_t seed = 20260301;

    (void)state;
    for (unsigned row = 0; row < ROWS; row++) {
        enum benefit benefit = benefits[next_number(&seed) % (sizeof(benefits) / sizeof(benefits[0]))];
        struct facts facts = {0};
        for (unsigned fact = 0; fact < FACT_NUMBER; fact++) {
            if (next_number(&seed) % 8 != 0 || fact == FACT_event_from) {
                facts_set(&facts, (enum fact)fact, odd_value((enum fact)fact, &seed));
            }
        }
        /* What lies in these columns must not keep a monthly benefit from being calculated. */
        facts.given &= ~(UINT64_C(1) << FACT_valid_from | UINT64_C(1) << FACT_valid_to);
        month_t begun = law_month_begun(benefit, &facts);
        odd_row_check(benefit, &facts,
                      (begun == MONTH_NONE ? month_of(2026, 3) : begun) + (month_t)(next_number(&seed) % 30));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sickness_calc_claim_within_the_limit_names_the_rate),
        cmocka_unit_test(test_sickness_calc_claim_over_the_limit_names_the_limit),
        cmocka_unit_test(test_unemployment_calc_over_the_cap_shows_share_and_cut),
        cmocka_unit_test(test_injury_calc_from_memory_is_marked_unconfirmed),
        cmocka_unit_test(test_sickness_calc_refusal_names_column_reason_and_article),
        cmocka_unit_test(test_sickness_calc_below_the_scale_of_a_draft_is_refused),
        cmocka_unit_test(test_law_calc_odd_facts_are_paid_in_bounds_or_refused),
    };
    mem_init();
    return cmocka_run_group_tests(tests, law_make, law_end);
}
