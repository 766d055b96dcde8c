/* Families, required columns, and the fields of a row against each other. */
#include "test_intake_support.h"

#define PERSON "entitlement_id,benefit,unit,beneficiary_id,citizen_id,name,commune,channel,bank,account,approved_on"

static void assert_row(const char *header, const char *row, const char *finding, enum intake_purpose purpose)
{
    char text[2048];
    snprintf(text, sizeof(text), "%s\n%s\n", header, row);
    struct read_all all = read_text(text, purpose);
    assert_string_equal(all.message, "");
    assert_string_equal(all.findings == 0 ? "" : all.finding[0], finding);
    assert_int_equal(all.rows, finding[0] == '\0' ? 1 : 0);
}

static void assert_run_row(const char *row, const char *finding)
{
    assert_row(PERSON, row, finding, INTAKE_FOR_RUN);
}

static void assert_refused(const char *text, enum intake_purpose purpose, const char *message)
{
    struct read_all all = read_text(text, purpose);
    assert_int_equal(all.status, STATUS_INPUT);
    assert_string_equal(all.message, message);
}

static void test_row_check_run_needs_each_identity_column(void **state)
{
    (void)state;
    assert_run_row("E1,relief_grant,U1,0123456789,,An,00004,bank,970436,1,2026-09-01", "");
    assert_run_row(",relief_grant,U1,0123456789,,An,00004,bank,970436,1,2026-09-01",
                   "2:1: entitlement_id: found nothing, expected 1-35 of A-Z a-z 0-9 / . - _");
    assert_run_row("E1,relief_grant,,0123456789,,An,00004,bank,970436,1,2026-09-01",
                   "2:17: unit: found nothing, expected 1-6 of A-Z 0-9");
    assert_run_row("E1,relief_grant,U1,0123456789,,,00004,bank,970436,1,2026-09-01",
                   "2:32: name: found nothing, expected text of at most 140 characters");
    assert_run_row("E1,relief_grant,U1,0123456789,,An,,bank,970436,1,2026-09-01",
                   "2:35: commune: found nothing, expected 5 digits");
    assert_run_row("E1,relief_grant,U1,0123456789,,An,00004,,970436,1,2026-09-01",
                   "2:41: channel: found nothing, expected bank, cash, wallet");
    assert_run_row("E1,relief_grant,U1,0123456789,,An,00004,bank,,1,2026-09-01",
                   "2:46: bank: found nothing, expected 1-12 of A-Z a-z 0-9 -");
    assert_run_row("E1,relief_grant,U1,0123456789,,An,00004,bank,970436,1,",
                   "2:55: approved_on: found nothing, expected YYYY-MM-DD");
}

static void test_row_check_run_needs_one_number_of_the_person(void **state)
{
    (void)state;
    assert_run_row("E1,relief_grant,U1,,001163000101,An,00004,bank,970436,1,2026-09-01", "");
    assert_run_row("E1,relief_grant,U1,0123456789,001163000101,An,00004,bank,970436,1,2026-09-01", "");
    assert_run_row("E1,relief_grant,U1,,,An,00004,bank,970436,1,2026-09-01",
                   "2:20: beneficiary_id: found nothing, expected 10 digits, or a citizen_id");
    assert_row("entitlement_id,benefit,unit,citizen_id,name,commune,channel,bank,account,approved_on",
               "E1,relief_grant,U1,,An,00004,bank,970436,1,2026-09-01",
               "2:0: beneficiary_id: found nothing, expected 10 digits, or a citizen_id", INTAKE_FOR_RUN);
}

static void test_row_check_account_and_bin_by_channel(void **state)
{
    (void)state;
    assert_run_row("E1,relief_grant,U1,0123456789,,An,00004,cash,BD-1,,2026-09-01", "");
    assert_run_row("E1,relief_grant,U1,0123456789,,An,00004,wallet,971005,84900000001,2026-09-01", "");
    assert_run_row("E1,relief_grant,U1,0123456789,,An,00004,bank,970436,,2026-09-01",
                   "2:53: account: found nothing, expected 1-34 letters or digits");
    assert_run_row("E1,relief_grant,U1,0123456789,,An,00004,wallet,971005,,2026-09-01",
                   "2:55: account: found nothing, expected 1-34 letters or digits");
    assert_run_row("E1,relief_grant,U1,0123456789,,An,00004,bank,BD-1,1,2026-09-01",
                   "2:46: bank: found BD-1, expected 6 digits, the bank's BIN, for channel bank or wallet");
    assert_run_row("E1,relief_grant,U1,0123456789,,An,00004,wallet,97100,1,2026-09-01",
                   "2:48: bank: found 97100, expected 6 digits, the bank's BIN, for channel bank or wallet");
}

static void test_row_check_pension_needs_birth_and_sex(void **state)
{
    (void)state;
    const char *header = PERSON ",birth_date,sex";
    assert_row(header, "E1,pension,U1,0123456789,,An,00004,cash,P,,2026-09-01,1964,M", "", INTAKE_FOR_RUN);
    assert_row(header, "E1,pension_awarded,U1,0123456789,,An,00004,cash,P,,2026-09-01,,", "", INTAKE_FOR_RUN);
    assert_row(header, "E1,pension,U1,0123456789,,An,00004,cash,P,,2026-09-01,,M",
               "2:55: birth_date: found nothing, expected YYYY-MM-DD, YYYY-MM or YYYY", INTAKE_FOR_RUN);
    assert_row(header, "E1,pension,U1,0123456789,,An,00004,cash,P,,2026-09-01,1964,",
               "2:60: sex: found nothing, expected F, M", INTAKE_FOR_RUN);
}

static void test_row_check_calc_needs_id_and_benefit_only(void **state)
{
    (void)state;
    assert_row("entitlement_id,benefit", "E1,pension", "", INTAKE_FOR_CALC);
    assert_row("entitlement_id,benefit,bank", "E1,pension,P-1", "", INTAKE_FOR_CALC);
    assert_row("entitlement_id,benefit", ",pension",
               "2:1: entitlement_id: found nothing, expected 1-35 of A-Z a-z 0-9 / . - _", INTAKE_FOR_CALC);
    assert_row("entitlement_id,benefit,channel,bank", "E1,pension,bank,P-1",
               "2:17: bank: found P-1, expected 6 digits, the bank's BIN, for channel bank or wallet",
               INTAKE_FOR_CALC);
}

static void test_row_check_authorised_at_most_12_months(void **state)
{
    (void)state;
    const char *header = "entitlement_id,benefit,authorised_from,authorised_until";
    assert_row(header, "E1,pension,2026-03-31,2027-03-31", "", INTAKE_FOR_CALC);
    assert_row(header, "E1,pension,2024-02-29,2025-02-28", "", INTAKE_FOR_CALC);
    assert_row(header, "E1,pension,2026-03-31,2026-03-31", "", INTAKE_FOR_CALC);
    assert_row(header, "E1,pension,2026-03-31,2027-04-01",
               "2:23: authorised_until: found 2027-04-01, expected at most 12 months after authorised_from",
               INTAKE_FOR_CALC);
    assert_row(header, "E1,pension,2024-02-29,2025-03-01",
               "2:23: authorised_until: found 2025-03-01, expected at most 12 months after authorised_from",
               INTAKE_FOR_CALC);
    assert_row(header, "E1,pension,2026-03-31,2026-03-30",
               "2:23: authorised_until: found 2026-03-30, expected a date not before authorised_from",
               INTAKE_FOR_CALC);
    assert_row(header, "E1,pension,2026-03-31,",
               "2:23: authorised_until: found nothing, expected the end of what begins with authorised_from",
               INTAKE_FOR_CALC);
}

static void test_row_check_valid_to_not_before_valid_from(void **state)
{
    (void)state;
    const char *header = "entitlement_id,benefit,valid_from,valid_to";
    assert_row(header, "E1,pension,2026-03-31,2026-03-31", "", INTAKE_FOR_CALC);
    assert_row(header, "E1,pension,,2026-03-31", "", INTAKE_FOR_CALC);
    assert_row(header, "E1,pension,2026-03-31,2026-03-30",
               "2:23: valid_to: found 2026-03-30, expected a date not before valid_from", INTAKE_FOR_CALC);
}

static void test_row_check_stops(void **state)
{
    (void)state;
    const char *header = "beneficiary_id,entitlement_id,kind,from_date,reason,note";
    assert_row(header, "0123456789,,deceased,2026-09-01,,", "", INTAKE_FOR_RUN);
    assert_row(header, ",E1,resumed,2026-09-01,verified,x", "", INTAKE_FOR_RUN);
    assert_row(header, "0123456789,E1,ended,2026-09-01,other,", "", INTAKE_FOR_RUN);
    assert_row(header, ",,ended,2026-09-01,other,",
               "2:2: entitlement_id: found nothing, expected 1-35 of A-Z a-z 0-9 / . - _, or a beneficiary_id",
               INTAKE_FOR_RUN);
    assert_row(header, ",E1,,2026-09-01,other,",
               "2:5: kind: found nothing, expected deceased, suspended, ended, resumed", INTAKE_FOR_RUN);
    assert_row(header, ",E1,arrears,2026-09-01,other,",
               "2:5: kind: found arrears, expected deceased, suspended, ended, resumed", INTAKE_FOR_RUN);
    assert_row(header, ",E1,ended,,other,", "2:11: from_date: found nothing, expected YYYY-MM-DD", INTAKE_FOR_RUN);
    assert_row(header, ",E1,ended,2026-09-01,whim,",
               "2:22: reason: found whim, expected illegal_exit, missing, unverified, refused, returned, annulled, "
               "verified, other", INTAKE_FOR_RUN);
}

static void test_row_check_corrections(void **state)
{
    (void)state;
    const char *header = "beneficiary_id,entitlement_id,approved_on,channel,bank,account,payee_name,authorised_until,commune";
    assert_row(header, ",E1,2026-09-01,bank,970436,1,,,", "", INTAKE_FOR_RUN);
    assert_row(header, ",E1,2026-09-01,cash,P,,,,", "", INTAKE_FOR_RUN);
    assert_row(header, "0123456789,,2026-09-01,,,1,,,", "", INTAKE_FOR_RUN);
    assert_row(header, "0123456789,,2026-09-01,,,,,2027-01-01,", "", INTAKE_FOR_RUN);
    assert_row(header, ",E1,2026-09-01,,,,,,",
               "2:0: row: found nothing, expected at least one column that is corrected", INTAKE_FOR_RUN);
    assert_row(header, ",E1,,,,1,,,", "2:5: approved_on: found nothing, expected YYYY-MM-DD", INTAKE_FOR_RUN);
    assert_row(header, ",,2026-09-01,,,1,,,",
               "2:2: entitlement_id: found nothing, expected 1-35 of A-Z a-z 0-9 / . - _, or a beneficiary_id",
               INTAKE_FOR_RUN);
    assert_row(header, ",E1,2026-09-01,cash,,,,,",
               "2:21: bank: found nothing, expected 1-12 of A-Z a-z 0-9 -", INTAKE_FOR_RUN);
    assert_row(header, ",E1,2026-09-01,bank,970436,,,,",
               "2:28: account: found nothing, expected 1-34 letters or digits", INTAKE_FOR_RUN);
    assert_row(header, ",E1,2026-09-01,bank,P,1,,,",
               "2:21: bank: found P, expected 6 digits, the bank's BIN, for channel bank or wallet",
               INTAKE_FOR_RUN);
}

static void test_row_check_orders(void **state)
{
    (void)state;
    const char *header = "order_id,entitlement_id,kind,amount,creditor_name,creditor_bank,creditor_account,from_month,to_month,reason";
    assert_row(header, "O1,E1,arrears,1,,,,2026-03,2026-03,bất kỳ lý do", "", INTAKE_FOR_RUN);
    assert_row(header, "O1,E1,deduction,1,Toà án,970405,1,2026-03,,", "", INTAKE_FOR_RUN);
    assert_row(header, "O1,E1,recovery,0,,,,2026-03,,", "2:16: amount: found 1 digit, expected 1 dong or more",
               INTAKE_FOR_RUN);
    assert_row(header, "O1,E1,recovery,1,,,,2026-03,2026-02,",
               "2:29: to_month: found 2026-02, expected a month not before from_month", INTAKE_FOR_RUN);
    assert_row(header, "O1,E1,recovery,1,,,,,,", "2:21: from_month: found nothing, expected YYYY-MM",
               INTAKE_FOR_RUN);
    assert_row(header, ",E1,recovery,1,,,,2026-03,,",
               "2:1: order_id: found nothing, expected 1-35 of A-Z a-z 0-9 / . - _", INTAKE_FOR_RUN);
    assert_row(header, "O1,E1,ended,1,,,,2026-03,,", "2:7: kind: found ended, expected arrears, recovery, deduction",
               INTAKE_FOR_RUN);
    assert_row(header, "O1,E1,deduction,1,Toà án,,1,2026-03,,",
               "2:28: creditor_bank: found nothing, expected 6 digits", INTAKE_FOR_RUN);
    assert_row(header, "O1,E1,deduction,1,Toà án,97040,1,2026-03,,",
               "2:28: creditor_bank: found 97040, expected 6 digits", INTAKE_FOR_RUN);
}

static void test_intake_read_reason_of_an_order_is_its_note(void **state)
{
    (void)state;
    struct intake_reader *reader;
    struct intake_batch batch;
    const char *text = "order_id,entitlement_id,kind,amount,from_month,reason\nO1,E1,arrears,1,2026-03,agreed\n";

    intake_batch_init(&batch);
    assert_int_equal(intake_new(span_of(text), "o.csv", INTAKE_FOR_RUN, &reader, NULL), STATUS_OK);
    assert_int_equal(intake_read(reader, &batch, NULL), STATUS_OK);
    assert_int_equal(batch.row_count, 1);
    assert_true(span_is(batch.row[0].text[TEXT_note], "agreed"));
    assert_false(facts_has(&batch.row[0].facts, FACT_reason));
    assert_int_equal(intake_column(reader, &batch.row[0], "reason"), 25);
    intake_free(reader);
    intake_batch_release(&batch);
}

static void test_row_check_cash_results(void **state)
{
    (void)state;
    const char *header = "list_id,payment_id,state,on_date";
    assert_row(header, "L1,P1,collected,2026-10-05", "", INTAKE_FOR_RUN);
    assert_row(header, "L1,P1,uncollected,", "", INTAKE_FOR_RUN);
    assert_row(header, "L1,P1,collected,", "2:17: on_date: found nothing, expected YYYY-MM-DD", INTAKE_FOR_RUN);
    assert_row(header, "L1,P1,,2026-10-05", "2:7: state: found nothing, expected collected, uncollected",
               INTAKE_FOR_RUN);
    assert_row(header, ",P1,collected,2026-10-05",
               "2:1: list_id: found nothing, expected 1-35 of A-Z a-z 0-9 / . - _", INTAKE_FOR_RUN);
}

static void test_intake_family_by_header_without_benefit(void **state)
{
    (void)state;
    assert_int_equal(read_text("order_id,entitlement_id,kind,amount,from_month\n", INTAKE_FOR_RUN).family, FAMILY_orders);
    assert_int_equal(read_text("payment_id,list_id,state\n", INTAKE_FOR_RUN).family, FAMILY_cash_results);
    assert_int_equal(read_text("kind,from_date,note\n", INTAKE_FOR_RUN).family, FAMILY_stops);
    assert_int_equal(read_text("entitlement_id,approved_on,bank\n", INTAKE_FOR_RUN).family, FAMILY_corrections);
}

static void test_intake_family_by_first_known_benefit(void **state)
{
    (void)state;
    struct read_all all = read_text("entitlement_id,benefit,months\nE1,pensoin,\nE2,childbirth,\nE3,sickness,\nE4,adoption,1\n",
                                    INTAKE_FOR_CALC);
    assert_int_equal(all.family, FAMILY_maternity);
    assert_int_equal(all.rows, 2);
    assert_int_equal(all.findings, 2);
    assert_string_equal(all.finding[1], "4:4: benefit: found sickness, expected a benefit of the file's family");
    assert_int_equal(read_text("entitlement_id,benefit,months\nE1,pensoin,\n", INTAKE_FOR_CALC).family, FAMILY_COUNT);
}

static void test_intake_read_column_of_another_family_refuses_the_file(void **state)
{
    (void)state;
    assert_refused("entitlement_id,benefit,salary\nE1,pension,1\n", INTAKE_FOR_CALC,
                   "p.csv:1:24: a column of another family: found salary, expected a column of pension");
    assert_refused("entitlement_id,note,benefit\nE1,,pension\n", INTAKE_FOR_CALC,
                   "p.csv:1:16: a column of another family: found note, expected a column of pension");
    assert_refused("entitlement_id,approved_on,average_salary\n", INTAKE_FOR_RUN,
                   "p.csv:1:28: a column of another family: found average_salary, expected a column of corrections "
                   "(entitlements have a column `benefit`)");
    assert_refused("order_id,entitlement_id,kind,amount,from_month,note\n", INTAKE_FOR_RUN,
                   "p.csv:1:48: a column of another family: found note, expected a column of orders");
    assert_refused("order_id,entitlement_id,kind,amount,from_month,from_date\n", INTAKE_FOR_RUN,
                   "p.csv:1:48: a column of another family: found from_date, expected a column of orders");
}

static void test_intake_read_required_column_missing_refuses_the_file(void **state)
{
    (void)state;
    assert_refused("benefit,average_salary\npension,1\n", INTAKE_FOR_CALC,
                   "p.csv:1:1: a required column is missing: expected entitlement_id, which every row of pension gives");
    assert_refused("entitlement_id,benefit,unit,name,commune,channel,bank\nE1,pension,,,,,\n", INTAKE_FOR_RUN,
                   "p.csv:1:1: a required column is missing: expected approved_on, which every row of pension gives");
    assert_refused("entitlement_id,bank\n", INTAKE_FOR_RUN,
                   "p.csv:1:1: a required column is missing: expected approved_on, which every row of corrections gives");
    assert_refused("payment_id,state\n", INTAKE_FOR_RUN,
                   "p.csv:1:1: a required column is missing: expected list_id, which every row of cash-results gives");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_row_check_run_needs_each_identity_column),
        cmocka_unit_test(test_row_check_run_needs_one_number_of_the_person),
        cmocka_unit_test(test_row_check_account_and_bin_by_channel),
        cmocka_unit_test(test_row_check_pension_needs_birth_and_sex),
        cmocka_unit_test(test_row_check_calc_needs_id_and_benefit_only),
        cmocka_unit_test(test_row_check_authorised_at_most_12_months),
        cmocka_unit_test(test_row_check_valid_to_not_before_valid_from),
        cmocka_unit_test(test_row_check_stops),
        cmocka_unit_test(test_row_check_corrections),
        cmocka_unit_test(test_row_check_orders),
        cmocka_unit_test(test_intake_read_reason_of_an_order_is_its_note),
        cmocka_unit_test(test_row_check_cash_results),
        cmocka_unit_test(test_intake_family_by_header_without_benefit),
        cmocka_unit_test(test_intake_family_by_first_known_benefit),
        cmocka_unit_test(test_intake_read_column_of_another_family_refuses_the_file),
        cmocka_unit_test(test_intake_read_required_column_missing_refuses_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
