/* law_new: a law file with a hole is refused with its line; a draft decree is a line more. */
#include "test_law_support.h"

static const struct span WITHOUT_XSD = { "", 0 };

/* vn.xml with the first `from` replaced by `to`; *line is the line of the change. */
static char *changed(const char *from, const char *to, uint64_t *line)
{
    char *xml = law_test_file("formats/law/vn.xml"), *place = strstr(xml, from);
    char *text;

    assert_non_null(place);
    text = test_malloc(strlen(xml) + strlen(to) + 1);
    size_t before = (size_t)(place - xml);
    memcpy(text, xml, before);
    strcpy(text + before, to);
    strcat(text, place + strlen(from));
    *line = 1;
    for (size_t i = 0; i < before; i++) {
        *line += xml[i] == '\n' ? 1 : 0;
    }
    test_free(xml);
    return text;
}

static void refused_at(const char *text, struct span xsd, uint64_t line, const char *what)
{
    struct law *law = NULL;
    struct diag diag = { .line = 0 };

    assert_int_equal(law_new(span_of(text), "draft.xml", xsd, &law, &diag), STATUS_INPUT);
    assert_null(law);
    assert_string_equal(diag.file, "draft.xml");
    assert_int_equal(diag.line, line);
    if (what != NULL && strstr(diag.what, what) == NULL) {
        fail_msg("found \"%s\", expected \"%s\"", diag.what, what);
    }
}

/* Refused by the loader itself at `lines_after` the change, and with the schema too. */
static void refused(const char *from, const char *to, unsigned lines_after, const char *what)
{
    uint64_t line;
    char *text = changed(from, to, &line), *xsd = law_test_file("formats/law/law.xsd");
    struct law *law = NULL;
    struct diag diag;

    refused_at(text, WITHOUT_XSD, line + lines_after, what);
    assert_int_equal(law_new(span_of(text), "draft.xml", span_of(xsd), &law, &diag), STATUS_INPUT);
    test_free(text);
    test_free(xsd);
}

#define SALARY_2024 "<value from=\"2024-07-01\" to=\"2026-06-30\" source=\"Decree 73/2024\">2340000</value>"
#define SALARY_2026 "<value from=\"2026-07-01\" source=\"Decree 161/2026 art. 3(2)\">2530000</value>"
#define ADJUST_2019 "<adjustment from=\"2019-07-01\" percent=\"7.19\" source=\"Decree 44/2019; Circular 10/2019 art. 2\"/>"

static void test_law_new_file_of_today_is_loaded(void **state)
{
    (void)state;
    struct law *law = law_test_load();
    assert_non_null(law_source(law, 0));
    law_free(law);
    law_free(NULL);
}

static void test_law_new_gap_refused_at_the_later_value(void **state)
{
    (void)state;
    refused(SALARY_2024, "<value from=\"2024-07-01\" to=\"2026-06-29\" source=\"Decree 73/2024\">2340000</value>", 1, "gap");
}

static void test_law_new_overlap_refused_at_the_later_value(void **state)
{
    (void)state;
    refused(SALARY_2024, "<value from=\"2024-07-01\" to=\"2026-07-01\" source=\"Decree 73/2024\">2340000</value>", 1, "overlap");
    refused(SALARY_2026, SALARY_2026 SALARY_2026, 0, "overlap");
    refused(SALARY_2024, SALARY_2026 "\n" SALARY_2024, 0, "gap");
}

static void test_law_new_value_that_ends_before_it_begins_refused(void **state)
{
    (void)state;
    refused(SALARY_2026, "<value from=\"2026-07-01\" to=\"2026-06-30\" source=\"Decree 161/2026\">2530000</value>", 0, "ends before");
}

static void test_law_new_missing_source_refused(void **state)
{
    (void)state;
    refused(SALARY_2026, "<value from=\"2026-07-01\">2530000</value>", 0, "source");
    refused(SALARY_2026, "<value from=\"2026-07-01\" source=\" \">2530000</value>", 0, "source");
    refused(ADJUST_2019, "<adjustment from=\"2019-07-01\" percent=\"7.19\"/>", 0, "source");
}

static void test_law_new_unknown_names_refused(void **state)
{
    uint64_t line;
    char *text;

    (void)state;
    refused(SALARY_2026, "<price from=\"2026-07-01\" source=\"Decree 161/2026\">1</price>", 0, "unknown element");
    refused("<section title=\"Retirement age\">", "<chapter/><section title=\"Retirement age\">", 0, "unknown element");
    refused("<section title=\"Pension\">", "<section title=\"Pension\"><value/>", 0, "unknown element");
    refused(ADJUST_2019, "<rise/>" ADJUST_2019, 0, "unknown element");
    /* The schema knows no parameter by name: the loader does. */
    text = changed("<parameter name=\"base_salary\"", "<parameter name=\"basic_salary\"", &line);
    refused_at(text, WITHOUT_XSD, line, "unknown parameter");
    test_free(text);
    refused_at("<act country=\"VN\"/>", WITHOUT_XSD, 1, "not a law file");
}

static void test_law_new_missing_parameter_refused_by_name(void **state)
{
    struct law *law = NULL;
    struct diag diag;

    (void)state;
    assert_int_equal(law_new(span_of("<law country=\"VN\"><section title=\"none\"/></law>"), "draft.xml", WITHOUT_XSD,
                             &law, &diag), STATUS_INPUT);
    assert_string_equal(diag.what, "a parameter is missing");
    assert_string_equal(diag.expected, "social_insurance_law");
}

static void test_law_new_parameter_twice_refused(void **state)
{
    uint64_t line;
    char *text = changed("<section title=\"Retirement age\">",
                         "<section title=\"Retirement age\">\n<parameter name=\"base_salary\" title=\"again\">"
                         SALARY_2026 "</parameter>", &line);

    (void)state;
    refused_at(text, WITHOUT_XSD, line + 1, "twice");
    test_free(text);
}

static void test_law_new_keys_checked(void **state)
{
    uint64_t line;
    char *text;

    (void)state;
    text = changed(SALARY_2026, "<value key=\"M\" from=\"2026-07-01\" source=\"Decree 161/2026\">2530000</value>", &line);
    refused_at(text, WITHOUT_XSD, line, "no keys");
    test_free(text);
    text = changed("<value key=\"F\" from=\"2025-07-01\" source=\"Law 41/2024 art. 141(9)\">",
                   "<value key=\"X\" from=\"2025-07-01\" source=\"Law 41/2024 art. 141(9)\">", &line);
    refused_at(text, WITHOUT_XSD, line, "key");
    test_free(text);
    text = changed("<value key=\"F\" from=\"2025-07-01\" source=\"Law 41/2024 art. 141(9)\">55y</value>", "", &line);
    refused_at(text, WITHOUT_XSD, line - 1, "a key of this parameter has no value");
    test_free(text);
}

static void test_law_new_number_of_another_kind_refused(void **state)
{
    static const char *const wrong[] = { "2530000.5", "-1", "", "2,530,000", "60y", "1e6", "02530000", "99999999999999999999" };
    char text[200];
    uint64_t line;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        snprintf(text, sizeof(text), "<value from=\"2026-07-01\" source=\"Decree 161/2026\">%s</value>", wrong[i]);
        char *xml = changed(SALARY_2026, text, &line);
        refused_at(xml, WITHOUT_XSD, line, "not what this parameter holds");
        test_free(xml);
    }
    refused(">55y4m</value>", ">55y12m</value>", 0, NULL);
    refused(">55y4m</value>", ">55.4</value>", 0, NULL);
    refused(">10.91</value>", ">10.91234</value>", 0, NULL);
}

static void test_law_new_dates_and_status_checked(void **state)
{
    (void)state;
    refused(SALARY_2026, "<value source=\"Decree 161/2026\">2530000</value>", 0, "date");
    refused(SALARY_2026, "<value from=\"2026-02-30\" source=\"Decree 161/2026\">2530000</value>", 0, "date");
    refused(SALARY_2026, "<value from=\"2026-07-01\" status=\"sure\" source=\"Decree 161/2026\">2530000</value>", 0, "status");
}

static void test_law_new_adjustments_checked(void **state)
{
    (void)state;
    refused(ADJUST_2019, ADJUST_2019 "\n" ADJUST_2019, 1, "a gap or an overlap in who began when");
    refused(ADJUST_2019, "<adjustment from=\"2017-06-01\" percent=\"7.19\" source=\"Decree 44/2019\"/>", 0, "order");
    refused(ADJUST_2019, "<adjustment from=\"2019-07-02\" percent=\"7.19\" source=\"Decree 44/2019\"/>", 0, "begins with a month");
    refused(ADJUST_2019, "<adjustment from=\"2019-07-01\" percent=\"7,19\" source=\"Decree 44/2019\"/>", 0, "percentage");
    refused(ADJUST_2019, "<adjustment from=\"2019-07-01\" percent=\"7.19\" began_before=\"2019-01-01\" source=\"Decree 44/2019\"/>",
            1, "leaves out");
    refused(ADJUST_2019, "<adjustment from=\"2019-07-01\" percent=\"7.19\" began_from=\"2018-01-01\" source=\"Decree 44/2019\"/>",
            0, "a gap or an overlap in who began when");
}

static void test_law_new_top_ups_checked(void **state)
{
    (void)state;
    refused("up_to=\"1750000\" add=\"250000\"", "add=\"250000\"", 0, "one limit");
    refused("up_to=\"1750000\" add=\"250000\"", "up_to=\"1\" below=\"2\" add=\"250000\"", 0, "one limit");
    refused("up_to=\"1750000\" add=\"250000\"", "up_to=\"1750000\"", 0, "raises");
    refused("below=\"2000000\" raise_to=\"2000000\"", "below=\"2000000\" raise_to=\"1900000\"", 0, "raises");
    refused("below=\"2000000\" raise_to=\"2000000\"", "below=\"1700000\" raise_to=\"2000000\"", 0, "do not rise");
    refused("up_to=\"1750000\" add=\"250000\"", "up_to=\"1.75\" add=\"250000\"", 0, "amount");
}

/* Where a refusal by the loader would be at the same place, the schema is the first to see it. */
static void refused_by_schema(const char *from, const char *to)
{
    uint64_t line;
    char *text = changed(from, to, &line), *xsd = law_test_file("formats/law/law.xsd");

    refused_at(text, span_of(xsd), line, NULL);
    test_free(text);
    test_free(xsd);
}

static void test_law_new_schema_refuses_unknown_attributes_and_forms(void **state)
{
    (void)state;
    refused_by_schema(SALARY_2026, "<value form=\"2026-07-01\" from=\"2026-07-01\" source=\"Decree 161/2026\">2530000</value>");
    refused_by_schema("<adjustments known_from", "<adjustments since=\"2006-10-01\" known_from");
    refused_by_schema(SALARY_2026, "<value from=\"2026-07-01\" source=\"Decree 161/2026\">much</value>");
}

static int64_t amount_of(const char *text, int64_t awarded_dong, month_t period)
{
    struct law *law = NULL;
    struct diag diag;
    struct facts facts = { .given = 0 };
    struct law_result result;
    struct law_refusal refusal;

    assert_int_equal(law_new(span_of(text), "draft.xml", WITHOUT_XSD, &law, &diag), STATUS_OK);
    facts_set(&facts, FACT_awarded_amount, awarded_dong);
    facts_set(&facts, FACT_awarded_from, day_of((struct civil){ 2026, 7, 1 }));
    assert_int_equal(law_calc(law, BENEFIT_pension_awarded, &facts, period, &result, &refusal, NULL), LAW_DUE);
    law_free(law);
    return result.amount[0].amount_dong;
}

static void test_law_new_draft_with_one_line_more_is_followed(void **state)
{
    uint64_t line;
    char *text = changed("</adjustments>", "<adjustment from=\"2027-07-01\" percent=\"10\" source=\"Draft\"/></adjustments>", &line);

    (void)state;
    assert_int_equal(amount_of(text, 5000000, month_of(2027, 6)), 5000000);
    assert_int_equal(amount_of(text, 5000000, month_of(2027, 7)), 5500000);
    test_free(text);
}

static void test_law_new_value_after_an_open_one_ends_it(void **state)
{
    uint64_t line;
    struct law *law = NULL;
    struct diag diag;
    char *text = changed(SALARY_2026, SALARY_2026 "\n<value from=\"2027-07-01\" source=\"Draft\">2700000</value>", &line);

    (void)state;
    assert_int_equal(law_new(span_of(text), "draft.xml", WITHOUT_XSD, &law, &diag), STATUS_OK);
    assert_int_equal(law_param(law, LAW_PARAM_base_salary, 0, day_of((struct civil){ 2027, 6, 30 }))->num, 2530000);
    assert_int_equal(law_param(law, LAW_PARAM_base_salary, 0, day_of((struct civil){ 2027, 7, 1 }))->num, 2700000);
    law_free(law);
    test_free(text);
}

static void test_law_excludes_pairs_either_way_from_their_date(void **state)
{
    char *xml = law_test_file("formats/law/vn.xml"), *xsd = law_test_file("formats/law/law.xsd");
    struct law *law = NULL;
    struct diag diag = { .line = 0 };

    (void)state;
    assert_int_equal(law_new(span_of(xml), "vn.xml", span_of(xsd), &law, &diag), STATUS_OK);
    assert_true(law_excludes(law, BENEFIT_pension, BENEFIT_unemployment, month_of(2015, 1)));
    assert_true(law_excludes(law, BENEFIT_unemployment, BENEFIT_pension, month_of(2026, 10)));
    assert_false(law_excludes(law, BENEFIT_unemployment, BENEFIT_pension, month_of(2014, 12)));
    assert_true(law_excludes(law, BENEFIT_social_pension, BENEFIT_pension_awarded, month_of(2025, 7)));
    assert_false(law_excludes(law, BENEFIT_social_pension, BENEFIT_pension_awarded, month_of(2025, 6)));
    /* Paid both: an injury allowance or a survivor's beside a pension, and anything beside itself. */
    assert_false(law_excludes(law, BENEFIT_pension, BENEFIT_injury_monthly, month_of(2026, 10)));
    assert_false(law_excludes(law, BENEFIT_pension, BENEFIT_survivor_monthly, month_of(2026, 10)));
    assert_false(law_excludes(law, BENEFIT_pension, BENEFIT_pension, month_of(2026, 10)));
    law_free(law);
    test_free(xml);
    test_free(xsd);
}

#define EXCLUSION "<exclusion benefit=\"unemployment\" with=\"pension\" from=\"2015-01-01\""

static void test_law_new_bad_exclusions_are_refused(void **state)
{
    (void)state;
    refused(EXCLUSION, "<exclusion benefit=\"unemploymend\" with=\"pension\" from=\"2015-01-01\"", 0, "name of a benefit");
    refused(EXCLUSION, "<exclusion benefit=\"pension\" with=\"pension\" from=\"2015-01-01\"", 0, "two benefits");
    refused(EXCLUSION, EXCLUSION " to=\"2014-12-31\"", 0, "two benefits and a time");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_law_excludes_pairs_either_way_from_their_date),
        cmocka_unit_test(test_law_new_bad_exclusions_are_refused),
        cmocka_unit_test(test_law_new_file_of_today_is_loaded),
        cmocka_unit_test(test_law_new_gap_refused_at_the_later_value),
        cmocka_unit_test(test_law_new_overlap_refused_at_the_later_value),
        cmocka_unit_test(test_law_new_value_that_ends_before_it_begins_refused),
        cmocka_unit_test(test_law_new_missing_source_refused),
        cmocka_unit_test(test_law_new_unknown_names_refused),
        cmocka_unit_test(test_law_new_missing_parameter_refused_by_name),
        cmocka_unit_test(test_law_new_parameter_twice_refused),
        cmocka_unit_test(test_law_new_keys_checked),
        cmocka_unit_test(test_law_new_number_of_another_kind_refused),
        cmocka_unit_test(test_law_new_dates_and_status_checked),
        cmocka_unit_test(test_law_new_adjustments_checked),
        cmocka_unit_test(test_law_new_top_ups_checked),
        cmocka_unit_test(test_law_new_schema_refuses_unknown_attributes_and_forms),
        cmocka_unit_test(test_law_new_draft_with_one_line_more_is_followed),
        cmocka_unit_test(test_law_new_value_after_an_open_one_ends_it),
    };
    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
