/* The words of the field and the storage of a row's facts. */
#include "chitra/facts.h"
#include "chitra/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void test_benefit_find_every_name_gives_its_number(void **state)
{
    (void)state;
#define X(name, family, recurrence, number) \
    assert_int_equal(benefit_find(span_of(#name)), number); \
    assert_string_equal(benefit_name(BENEFIT_##name), #name); \
    assert_int_equal(benefit_family(BENEFIT_##name), FAMILY_##family); \
    assert_int_equal(benefit_recurrence(BENEFIT_##name), RECURRENCE_##recurrence);
    BENEFIT_LIST(X)
#undef X
}

static void test_benefit_find_unknown_name_gives_none(void **state)
{
    (void)state;
    const char *const names[] = { "", "pensio", "pensions", "Pension", "pension ", "stops", "arrears" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_int_equal(benefit_find(span_of(names[i])), BENEFIT_none);
    }
}

static void test_benefit_name_of_a_gap_is_empty(void **state)
{
    (void)state;
    assert_string_equal(benefit_name(BENEFIT_none), "");
    assert_string_equal(benefit_name((enum benefit)4), "");
}

static void test_benefit_component_awarded_pension_is_pension(void **state)
{
    (void)state;
    assert_int_equal(benefit_component(BENEFIT_pension_awarded), COMPONENT_pension);
    assert_int_equal(benefit_component(BENEFIT_pension), COMPONENT_pension);
    assert_int_equal(benefit_component(BENEFIT_relief_grant), COMPONENT_relief_grant);
}

static void test_component_name_known_and_gap(void **state)
{
    (void)state;
    assert_string_equal(component_name(COMPONENT_retirement_grant), "retirement_grant");
    assert_string_equal(component_name(COMPONENT_funding), "funding");
    assert_string_equal(component_name(COMPONENT_pension), "pension");
    assert_string_equal(component_name((enum component)69), "");
}

static void test_family_name_cash_results_has_a_hyphen(void **state)
{
    (void)state;
    assert_string_equal(family_name(FAMILY_pension), "pension");
    assert_string_equal(family_name(FAMILY_cash_results), "cash-results");
}

static void test_fact_find_every_name_gives_its_number(void **state)
{
    (void)state;
    for (int i = 0; i < FACT_NUMBER; i++) {
        assert_int_equal(fact_find(span_of(fact_name((enum fact)i))), i);
    }
    assert_int_equal(fact_find(span_of("benefit")), -1);
    assert_int_equal(fact_find(SPAN_EMPTY), -1);
}

/* Ledgers hold these numbers: this list may only grow at its end. */
static void test_fact_find_first_and_last_number_stay(void **state)
{
    (void)state;
    assert_int_equal(fact_find(span_of("birth_date")), 0);
    assert_int_equal(fact_find(span_of("pension_from")), 11);
    assert_int_equal(fact_find(span_of("state")), 55);
    assert_int_equal(fact_type(FACT_birth_date), FACT_BIRTH);
    assert_int_equal(fact_type(FACT_state), FACT_WORD);
}

static void test_text_find_every_name_gives_its_number(void **state)
{
    (void)state;
    for (int i = 0; i < TEXT_NUMBER; i++) {
        assert_int_equal(text_find(span_of(text_name((enum text)i))), i);
    }
    assert_int_equal(text_find(span_of("birth_date")), -1);
    assert_int_equal(text_size_max(TEXT_entitlement_id), 35);
    assert_int_equal(text_size_max(TEXT_creditor_bank), 6);
}

static void test_fact_word_both_ways_agree(void **state)
{
    (void)state;
    assert_int_equal(fact_word_find(FACT_sex, span_of("F")), SEX_F);
    assert_int_equal(fact_word_find(FACT_sex, span_of("M")), SEX_M);
    assert_int_equal(fact_word_find(FACT_channel, span_of("wallet")), CHANNEL_wallet);
    assert_int_equal(fact_word_find(FACT_early_basis, span_of("no_reduction")), EARLY_no_reduction);
    assert_int_equal(fact_word_find(FACT_convalescence_case, span_of("other")), CONVALESCENCE_other);
    assert_int_equal(fact_word_find(FACT_method, span_of("sterilisation")), METHOD_sterilisation);
    assert_int_equal(fact_word_find(FACT_kind, span_of("deduction")), KIND_deduction);
    assert_int_equal(fact_word_find(FACT_reason, span_of("other")), 7);
    assert_string_equal(fact_word(FACT_reason, 7), "other");
    assert_string_equal(fact_word(FACT_work_condition, WORK_mining), "mining");
}

static void test_fact_word_unknown_gives_nothing(void **state)
{
    (void)state;
    assert_int_equal(fact_word_find(FACT_sex, span_of("")), -1);
    assert_int_equal(fact_word_find(FACT_sex, span_of("FM")), -1);
    assert_int_equal(fact_word_find(FACT_channel, span_of("ban")), -1);
    assert_int_equal(fact_word_find(FACT_channel, span_of("banks")), -1);
    assert_int_equal(fact_word_find(FACT_salary, span_of("")), -1);
    assert_string_equal(fact_word(FACT_sex, 2), "");
    assert_string_equal(fact_word(FACT_sex, -1), "");
    assert_string_equal(fact_word(FACT_reason, 8), "");
    assert_string_equal(fact_word(FACT_salary, 0), "");
}

static void test_is_personal_names_numbers_and_money(void **state)
{
    (void)state;
    assert_true(text_is_personal(TEXT_name));
    assert_true(text_is_personal(TEXT_citizen_id));
    assert_true(text_is_personal(TEXT_account));
    assert_false(text_is_personal(TEXT_entitlement_id));
    assert_false(text_is_personal(TEXT_bank));
    assert_true(fact_is_personal(FACT_birth_date));
    assert_true(fact_is_personal(FACT_average_salary));
    assert_false(fact_is_personal(FACT_pension_from));
    assert_false(fact_is_personal(FACT_channel));
}

static void test_fact_write_each_type_as_its_column(void **state)
{
    (void)state;
    static const struct {
        enum fact fact;
        int64_t value;
        const char *text;
    } cases[] = {
        { FACT_pension_from, 0, "1970-01-01" },
        { FACT_birth_date, -25567, "1900-01-01" },
        { FACT_last_contribution, 2026 * 12 + 9, "2026-10" },
        { FACT_salary, MONEY_DONG_MAX, "90000000000000" },
        { FACT_weeks, 0, "0" },
        { FACT_days, 0, "0" },
        { FACT_days, 1, "0.5" },
        { FACT_days, 14, "7" },
        { FACT_used_days, 19999, "9999.5" },
        { FACT_surgery, 1, "Y" },
        { FACT_surgery, 0, "N" },
        { FACT_early_basis, EARLY_capacity_loss, "capacity_loss" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[24];
        fact_write(cases[i].fact, cases[i].value, text);
        assert_string_equal(text, cases[i].text);
    }
}

static struct facts some_facts(void)
{
    struct facts facts = { .given = 0 };
    facts_set(&facts, FACT_birth_date, -25567);
    facts_set(&facts, FACT_sex, SEX_M);
    facts_set(&facts, FACT_average_salary, MONEY_DONG_MAX);
    facts_set(&facts, FACT_days, 63);
    facts_set(&facts, FACT_days, 64);
    facts_set(&facts, FACT_state, 1);
    return facts;
}

static void test_facts_pack_unpack_gives_the_same_facts(void **state)
{
    (void)state;
    struct facts facts = some_facts(), back = { .given = UINT64_MAX };
    uint8_t bytes[FACTS_BYTES_MAX];
    size_t size = facts_pack(&facts, UINT64_MAX, bytes);

    assert_true(facts_unpack(bytes, size, &back));
    assert_int_equal(back.given, facts.given);
    for (int i = 0; i < FACT_NUMBER; i++) {
        if (facts_has(&facts, (enum fact)i)) {
            assert_int_equal(back.value[i], facts.value[i]);
        }
    }
    assert_int_equal(facts_or(&back, FACT_days, -1), 64);
    assert_int_equal(facts_or(&back, FACT_weeks, -1), -1);
}

static void test_facts_pack_bytes_are_those_of_the_format(void **state)
{
    (void)state;
    struct facts facts = { .given = 0 };
    uint8_t bytes[FACTS_BYTES_MAX];

    facts_set(&facts, FACT_birth_date, -65);    /* zigzag 129: 0x81 0x01 */
    facts_set(&facts, FACT_sex, SEX_M);         /* zigzag 2 */
    assert_int_equal(facts_pack(&facts, UINT64_MAX, bytes), 5);
    assert_memory_equal(bytes, "\x00\x81\x01\x01\x02", 5);
}

static void test_facts_pack_mask_leaves_facts_out(void **state)
{
    (void)state;
    struct facts facts = some_facts(), back;
    uint8_t bytes[FACTS_BYTES_MAX];

    assert_int_equal(facts_pack(&facts, 0, bytes), 0);
    assert_true(facts_unpack(bytes, 0, &back));
    assert_int_equal(back.given, 0);
    size_t size = facts_pack(&facts, UINT64_C(1) << FACT_sex, bytes);
    assert_true(facts_unpack(bytes, size, &back));
    assert_int_equal(back.given, UINT64_C(1) << FACT_sex);
}

static void test_facts_unpack_cut_at_any_byte_inside_a_fact_is_refused(void **state)
{
    (void)state;
    struct facts facts = { .given = 0 }, back;
    uint8_t bytes[FACTS_BYTES_MAX];

    facts_set(&facts, FACT_salary, MONEY_DONG_MAX);
    size_t size = facts_pack(&facts, UINT64_MAX, bytes);
    for (size_t cut = 1; cut < size; cut++) {
        assert_false(facts_unpack(bytes, cut, &back));
        assert_int_equal(back.given, 0);
    }
}

static void test_facts_unpack_foreign_bytes_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
        { "\x01\x02\x01\x02", 4 },                                      /* twice */
        { "\x01\x02\x00\x02", 4 },                                      /* out of order */
        { "\x38\x00", 2 },                                              /* no such fact */
        { "\x00\x81\x80\x00", 4 },                                      /* not the shortest form */
        { "\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11 },         /* 65 bits */
        { "\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12 },     /* 11 bytes */
        { "\x01\x82\x80\x80\x80\x80\x80\x80\x80\x80\x02", 11 },         /* 1 and a 65th bit */
        { "\x01\x04", 2 },                                              /* a third sex */
        { "\x0d\x01", 2 },                                              /* -1 dong */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct facts back;
        assert_false(facts_unpack((const uint8_t *)cases[i].bytes, cases[i].size, &back));
    }
}

static void test_facts_pack_every_fact_fits_the_limit(void **state)
{
    (void)state;
    struct facts facts = { .given = 0 }, back;
    uint8_t bytes[FACTS_BYTES_MAX];

    for (int i = 0; i < FACT_NUMBER; i++) {
        facts_set(&facts, (enum fact)i, fact_type((enum fact)i) == FACT_MONTH ? month_of(2199, 12) : 1);
    }
    size_t size = facts_pack(&facts, UINT64_MAX, bytes);
    assert_true(size <= FACTS_BYTES_MAX);
    assert_true(facts_unpack(bytes, size, &back));
    assert_int_equal(back.given, facts.given);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_benefit_find_every_name_gives_its_number),
        cmocka_unit_test(test_benefit_find_unknown_name_gives_none),
        cmocka_unit_test(test_benefit_name_of_a_gap_is_empty),
        cmocka_unit_test(test_benefit_component_awarded_pension_is_pension),
        cmocka_unit_test(test_component_name_known_and_gap),
        cmocka_unit_test(test_family_name_cash_results_has_a_hyphen),
        cmocka_unit_test(test_fact_find_every_name_gives_its_number),
        cmocka_unit_test(test_fact_find_first_and_last_number_stay),
        cmocka_unit_test(test_text_find_every_name_gives_its_number),
        cmocka_unit_test(test_fact_word_both_ways_agree),
        cmocka_unit_test(test_fact_word_unknown_gives_nothing),
        cmocka_unit_test(test_is_personal_names_numbers_and_money),
        cmocka_unit_test(test_fact_write_each_type_as_its_column),
        cmocka_unit_test(test_facts_pack_unpack_gives_the_same_facts),
        cmocka_unit_test(test_facts_pack_bytes_are_those_of_the_format),
        cmocka_unit_test(test_facts_pack_mask_leaves_facts_out),
        cmocka_unit_test(test_facts_unpack_cut_at_any_byte_inside_a_fact_is_refused),
        cmocka_unit_test(test_facts_unpack_foreign_bytes_are_refused),
        cmocka_unit_test(test_facts_pack_every_fact_fits_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
