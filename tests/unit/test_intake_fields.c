/* Strictly typed columns: for each, what is taken and what is not. */
#include "test_intake_support.h"

#include "chitra/money.h"

/* Reads one value in one column of a file for `chitra calc`; the row, or NULL with the finding. */
static struct {
    struct intake_reader *reader;
    struct intake_batch batch;
    char text[2048];
} one;

static const struct intake_row *read_one(const char *benefit, const char *column, const char *value)
{
    if (one.batch.row == NULL) {
        intake_batch_init(&one.batch);
    }
    intake_free(one.reader);
    snprintf(one.text, sizeof(one.text), "entitlement_id,benefit,%s\nE1,%s,%s\n", column, benefit, value);
    assert_int_equal(intake_new(span_of(one.text), "-", INTAKE_FOR_CALC, &one.reader, NULL), STATUS_OK);
    assert_int_equal(intake_read(one.reader, &one.batch, NULL), STATUS_OK);
    assert_int_equal(one.batch.row_count + one.batch.finding_count, 1);
    return one.batch.row_count == 1 ? &one.batch.row[0] : NULL;
}

static void assert_fact(const char *benefit, enum fact fact, const char *value, int64_t expected)
{
    const struct intake_row *row = read_one(benefit, fact_name(fact), value);
    assert_non_null(row);
    assert_true(facts_has(&row->facts, fact));
    assert_int_equal(row->facts.value[fact], expected);
}

static void assert_no_fact(const char *benefit, enum fact fact, const char *const values[])
{
    for (size_t i = 0; values[i] != NULL; i++) {
        if (read_one(benefit, fact_name(fact), values[i]) != NULL) {
            fail_msg("%s: %s was taken", fact_name(fact), values[i]);
        }
    }
}

static void assert_texts(const char *benefit, enum text text, const char *const good[], const char *const bad[])
{
    for (size_t i = 0; good[i] != NULL; i++) {
        const struct intake_row *row = read_one(benefit, text_name(text), good[i]);
        if (row == NULL) {
            fail_msg("%s: %s was refused", text_name(text), good[i]);
        } else {
            assert_true(span_is(row->text[text], good[i]));
        }
    }
    for (size_t i = 0; bad[i] != NULL; i++) {
        if (read_one(benefit, text_name(text), bad[i]) != NULL) {
            fail_msg("%s: %s was taken", text_name(text), bad[i]);
        }
    }
}

static void assert_reason(const char *benefit, const char *column, const char *value, const char *reason)
{
    assert_null(read_one(benefit, column, value));
    assert_string_equal(one.batch.finding[0].reason.data, reason);
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void test_field_date_only_days_of_the_calendar(void **state)
{
    (void)state;
    assert_fact("pension", FACT_pension_from, "1970-01-02", 1);
    assert_fact("pension", FACT_pension_from, "2024-02-29", day_of((struct civil){ 2024, 2, 29 }));
    assert_no_fact("pension", FACT_pension_from,
                   LIST("2023-02-29", "2026-1-01", "2026-01", "2026", "01/02/2026", " 2026-01-01", "2026-01-01 ",
                        "2026-01-01T00:00:00", "1899-12-31", "2200-01-01", "-", "2026-00-10"));
}

static void test_field_birth_date_also_month_or_year(void **state)
{
    (void)state;
    day_t day = day_of((struct civil){ 1964, 5, 1 });
    assert_fact("pension", FACT_birth_date, "1964-05-01", day);
    assert_fact("pension", FACT_birth_date, "1964-05", day);
    assert_fact("pension", FACT_birth_date, "1964", day_of((struct civil){ 1964, 1, 1 }));
    assert_no_fact("pension", FACT_birth_date, LIST("64", "1964-13", "1964-", "5/1964", "19640501"));
}

static void test_field_month_only_year_and_month(void **state)
{
    (void)state;
    assert_fact("unemployment", FACT_last_contribution, "2026-07", month_of(2026, 7));
    assert_no_fact("unemployment", FACT_last_contribution, LIST("2026-7", "2026-07-01", "2026", "07-2026", "2026-13"));
}

static void test_field_money_whole_dong(void **state)
{
    (void)state;
    assert_fact("sickness", FACT_salary, "0", 0);
    assert_fact("sickness", FACT_salary, "90000000000000", MONEY_DONG_MAX);
    assert_no_fact("sickness", FACT_salary,
                   LIST("-1", "+1", "1.0", "1.000.000", "\"1,000\"", "1e6", "01", "90000000000001", " 1", "1 ",
                        "99999999999999999999999", "x"));
}

static void test_field_count_four_digits(void **state)
{
    (void)state;
    assert_fact("sickness", FACT_contribution_months, "0", 0);
    assert_fact("sickness", FACT_contribution_months, "9999", 9999);
    assert_no_fact("sickness", FACT_contribution_months, LIST("10000", "-1", "1.5", "012", "1 ", "one"));
}

static void test_field_count_ranges_of_the_contract(void **state)
{
    (void)state;
    assert_fact("unemployment", FACT_wage_region, "1", 1);
    assert_fact("unemployment", FACT_wage_region, "4", 4);
    assert_no_fact("unemployment", FACT_wage_region, LIST("0", "5", "I"));
    assert_fact("injury_monthly", FACT_capacity_loss, "100", 100);
    assert_no_fact("injury_monthly", FACT_capacity_loss, LIST("101", "61%", "-1"));
    assert_fact("survivor_monthly", FACT_deceased, "2", 2);
    assert_no_fact("survivor_monthly", FACT_deceased, LIST("0", "3"));
}

static void test_field_days_halves_and_nothing_else(void **state)
{
    (void)state;
    assert_fact("sickness", FACT_days, "0", 0);
    assert_fact("sickness", FACT_days, "0.5", 1);
    assert_fact("sickness", FACT_days, "12", 24);
    assert_fact("sickness", FACT_days, "12.5", 25);
    assert_fact("sickness", FACT_used_days, "9999.5", 19999);
    assert_no_fact("sickness", FACT_days,
                   LIST("12.0", "12.50", "12.25", "12.", ".5", "\"12,5\"", "-1", "-0.5", "10000", "012", "1.5.5"));
}

static void test_field_flag_y_or_n(void **state)
{
    (void)state;
    assert_fact("sickness", FACT_armed_forces, "Y", 1);
    assert_fact("sickness", FACT_armed_forces, "N", 0);
    assert_no_fact("sickness", FACT_armed_forces, LIST("y", "n", "1", "0", "YN", "yes", " "));
}

static void test_field_word_exactly_one_of_the_list(void **state)
{
    (void)state;
    assert_fact("pension", FACT_sex, "F", SEX_F);
    assert_fact("pension", FACT_work_condition, "mining", WORK_mining);
    assert_no_fact("pension", FACT_sex, LIST("f", "FM", "X", "male"));
    assert_no_fact("pension", FACT_scheme, LIST("Voluntary", "compulsor", "compulsory "));
    /* Mining has its retirement age; leave of sickness knows normal and hazardous only. */
    assert_fact("sickness", FACT_work_condition, "hazardous", WORK_hazardous);
    assert_reason("sickness", "work_condition", "mining",
                  "work_condition: found mining, expected normal, hazardous");
}

static void test_field_empty_is_not_given(void **state)
{
    (void)state;
    const struct intake_row *row = read_one("pension", "average_salary,payee_name,\"sex\"", ",,\"\"");
    assert_non_null(row);
    assert_int_equal(row->facts.given, 0);
    assert_int_equal(row->text[TEXT_payee_name].size, 0);
}

static void test_field_ids_their_characters_and_lengths(void **state)
{
    (void)state;
    assert_texts("pension", TEXT_beneficiary_id, LIST("0123456789"),
                 LIST("123456789", "01234567890", "012345678x", "0123 56789"));
    assert_texts("pension", TEXT_citizen_id, LIST("001163000101"), LIST("00116300010", "0011630001011", "00116300010a"));
    assert_texts("pension", TEXT_commune, LIST("00004"), LIST("0004", "000004", "0000a"));
    assert_texts("pension", TEXT_unit, LIST("U", "U01", "ABC123"), LIST("u01", "ABCDEFG", "U-1", "U 1"));
    assert_texts("survivor_monthly", TEXT_deceased_id, LIST("0123456789", "012345678901"),
                 LIST("01234567890", "0123456789012", "01234567x9"));
    assert_texts("pension", TEXT_account, LIST("0", "0011000000101", "GB29NWBK60161331926819a", "1234567890123456789012345678901234"),
                 LIST("12345678901234567890123456789012345", "0011-0001", "0011 0001", "đ1"));
    assert_texts("pension", TEXT_bank, LIST("970436", "BD-0117", "x", "ABCDEFGHIJKL"),
                 LIST("ABCDEFGHIJKLM", "BD/0117", "BD 0117"));
}

static void test_field_entitlement_id_its_characters_and_lengths(void **state)
{
    (void)state;
    struct read_all all = read_text("entitlement_id,benefit\n"
                                    "HT/2026.01-A_b,pension\n"
                                    "12345678901234567890123456789012345,pension\n"
                                    "123456789012345678901234567890123456,pension\n"
                                    "HT 1,pension\n"
                                    "HT#1,pension\n"
                                    ",pension\n", INTAKE_FOR_CALC);
    assert_int_equal(all.rows, 2);
    assert_int_equal(all.findings, 4);
    assert_string_equal(all.finding[0], "4:1: entitlement_id: found 36 digits, expected 1-35 of A-Z a-z 0-9 / . - _");
    assert_string_equal(all.finding[3], "7:1: entitlement_id: found nothing, expected 1-35 of A-Z a-z 0-9 / . - _");
}

static void test_field_name_clean_and_at_most_140_characters(void **state)
{
    (void)state;
    char longest[3 * 140 + 1] = "", longer[3 * 141 + 1] = "";

    for (int i = 0; i < 140; i++) {
        memcpy(longest + 3 * i, "ệ", 4);    /* three bytes */
        memcpy(longer + 3 * i, "ệ", 4);
    }
    memcpy(longer + 3 * 140, "ệ", 4);
    assert_texts("pension", TEXT_name, LIST("Nguyễn Thị Ánh", "A", "Đỗ Đ. O'Brien-Ước", longest),
                 LIST(longer, " ", "   ", "a\tb", "a\x7f", "a\xc2\x85", "\xc3", "a\xe2\x80\xae" "b", "\xed\xa0\x80"));
}

static void test_finding_personal_values_are_described(void **state)
{
    (void)state;
    assert_reason("pension", "beneficiary_id", "123456789", "beneficiary_id: found 9 digits, expected 10 digits");
    assert_reason("pension", "citizen_id", "00116300010A", "citizen_id: found 12 characters, expected 12 digits");
    assert_reason("pension", "account", "00-11", "account: found 5 characters, expected 1-34 letters or digits");
    assert_reason("pension", "birth_date", "1964-02-30",
                  "birth_date: found 10 characters, expected YYYY-MM-DD, YYYY-MM or YYYY");
    assert_reason("pension", "average_salary", "9.450.000",
                  "average_salary: found 9 characters, expected whole dong in digits");
    assert_reason("pension", "sex", "X", "sex: found 1 character, expected F, M");
}

/* A comma too many puts a person's name or number into the next column. */
static void test_finding_personal_values_in_a_wrong_column_are_described(void **state)
{
    (void)state;
    assert_reason("pension", "commune", "Nguyễn Thị Ánh", "commune: found 14 characters, expected 5 digits");
    assert_reason("pension", "pension_from", "001163000101", "pension_from: found 12 digits, expected YYYY-MM-DD");
    assert_reason("pension", "pension_from", "A001163000101", "pension_from: found 13 characters, expected YYYY-MM-DD");
    assert_reason("pension", "pension_from", "2026-31-12", "pension_from: found 2026-31-12, expected YYYY-MM-DD");
}

static void test_finding_says_what_each_type_expects(void **state)
{
    (void)state;
    assert_reason("pensoin", "sex", "F", "benefit: found pensoin, expected the name of a benefit");
    assert_reason("", "sex", "F", "benefit: found nothing, expected the name of a benefit");
    assert_reason("unemployment", "last_contribution", "7", "last_contribution: found 7, expected YYYY-MM");
    assert_reason("unemployment", "wage_region", "5", "wage_region: found 5, expected a number from 1 to 4");
    assert_reason("sickness", "days", "x", "days: found x, expected days, 0 to 9999, with .5 or without");
    assert_reason("sickness", "armed_forces", "J", "armed_forces: found J, expected Y or N");
    assert_reason("survivor_monthly", "deceased_id", "1", "deceased_id: found 1 digit, expected 10 or 12 digits");
    assert_reason("pension", "unit", "u1", "unit: found u1, expected 1-6 of A-Z 0-9");
    assert_reason("pension", "bank", "a_b", "bank: found a_b, expected 1-12 of A-Z a-z 0-9 -");
}

static int release(void **state)
{
    (void)state;
    intake_free(one.reader);
    intake_batch_release(&one.batch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_field_date_only_days_of_the_calendar),
        cmocka_unit_test(test_field_birth_date_also_month_or_year),
        cmocka_unit_test(test_field_month_only_year_and_month),
        cmocka_unit_test(test_field_money_whole_dong),
        cmocka_unit_test(test_field_count_four_digits),
        cmocka_unit_test(test_field_count_ranges_of_the_contract),
        cmocka_unit_test(test_field_days_halves_and_nothing_else),
        cmocka_unit_test(test_field_flag_y_or_n),
        cmocka_unit_test(test_field_word_exactly_one_of_the_list),
        cmocka_unit_test(test_field_empty_is_not_given),
        cmocka_unit_test(test_field_ids_their_characters_and_lengths),
        cmocka_unit_test(test_field_entitlement_id_its_characters_and_lengths),
        cmocka_unit_test(test_field_name_clean_and_at_most_140_characters),
        cmocka_unit_test(test_finding_personal_values_are_described),
        cmocka_unit_test(test_finding_personal_values_in_a_wrong_column_are_described),
        cmocka_unit_test(test_finding_says_what_each_type_expects),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
