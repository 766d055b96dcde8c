/*
 * demo_benefits.c - generated sickness, maternity, unemployment, injury, survivors, other programmes.
 */
#include "demo.h"

#include <stdio.h>

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* ---- sickness ---- */

static void leave_begin(struct demo_person *person, struct demo_row *row)
{
    /* It begins early in a month and lasts at most 13 working days: so it never crosses New Year. */
    day_t from = month_first(demo_event_month(person)) + demo_between(&person->random, 0, 8);
    demo_set(row, FACT_event_from, from);
    demo_approve(person, row, from + 20);
}

void demo_sickness(struct demo_person *person, struct demo_row *row, enum benefit benefit)
{
    struct demo_random *random = &person->random;
    demo_born(person, row, benefit, demo_any_sex(person), 20, 55);
    leave_begin(person, row);
    day_t from = (day_t)row->facts.value[FACT_event_from];
    bool half = benefit != BENEFIT_long_term_sickness && day_month(from) >= demo_law_2024_from() &&
                demo_chance(random, 5);
    int days = demo_between(random, 1, benefit == BENEFIT_sickness ? 7 : 13);
    demo_set(row, FACT_salary, demo_salary(random, person->period));
    demo_set(row, FACT_days, 2 * days - (half ? 1 : 0)); /* half days: Law 41 art. 45(5) */
    demo_set(row, FACT_contribution_months, demo_between(random, 6, 400));
    demo_set(row, FACT_work_condition, demo_chance(random, 10) ? WORK_hazardous : WORK_normal);
    demo_set(row, FACT_armed_forces, 0);
    demo_set(row, FACT_used_days, 2 * demo_between(random, 0, 5));
    if (benefit == BENEFIT_child_sickness) {
        /* Until the seventh birthday: Law 41 art. 44. At most 15 days a year with those of age 3 and more. */
        demo_set(row, FACT_child_birth_date, day_add_months(from, -demo_between(random, 4, 80)));
        demo_set(row, FACT_days, 2 * demo_between(random, 1, 6));
    }
}

void demo_sickness_convalescence(struct demo_person *person, struct demo_row *row)
{
    static const int most[] = {
        [CONVALESCENCE_long_term] = 10, [CONVALESCENCE_surgery] = 7, [CONVALESCENCE_other] = 5
    };
    static const int cases[] = { CONVALESCENCE_long_term, CONVALESCENCE_surgery, CONVALESCENCE_other };
    struct demo_random *random = &person->random;
    demo_born(person, row, BENEFIT_sickness_convalescence, demo_any_sex(person), 20, 55);
    int found = cases[demo_below(random, COUNT_OF(cases))];
    leave_begin(person, row);
    demo_set(row, FACT_convalescence_case, found);
    demo_set(row, FACT_days, 2 * demo_between(random, 3, most[found]));
    demo_set(row, FACT_used_days, 0);
}

/* ---- maternity ---- */

static void maternity_begin(struct demo_person *person, struct demo_row *row, enum benefit benefit, int sex)
{
    demo_born(person, row, benefit, sex, 20, 40);
    day_t from = month_first(demo_event_month(person)) + demo_between(&person->random, 0, 27);
    demo_set(row, FACT_event_from, from);
    demo_set(row, FACT_average_salary, demo_salary(&person->random, person->period));
    demo_approve(person, row, from);
}

static void birth(struct demo_person *person, struct demo_row *row, enum benefit benefit)
{
    struct demo_random *random = &person->random;
    bool grant = benefit == BENEFIT_birth_grant;
    maternity_begin(person, row, benefit,
                    benefit == BENEFIT_childbirth        ? SEX_F
                    : benefit == BENEFIT_paternity_leave ? SEX_M
                                                         : demo_any_sex(person));
    demo_set(row, FACT_children, demo_chance(random, 3) ? 2 : 1);
    if (!grant) {
        demo_set(row, FACT_child_order, demo_between(random, 1, 3));
        demo_set(row, FACT_surgery, demo_chance(random, 30));
    }
}

static void adoption(struct demo_person *person, struct demo_row *row)
{
    /* Until the child is six months old: Law 41 art. 56. */
    maternity_begin(person, row, BENEFIT_adoption, demo_any_sex(person));
    demo_set(row, FACT_children, 1);
    demo_set(row, FACT_months, demo_between(&person->random, 1, 4));
    demo_set(row, FACT_days, 2 * demo_between(&person->random, 0, 25));
}

static void maternity_convalescence(struct demo_person *person, struct demo_row *row)
{
    static const int most[] = {
        [CONVALESCENCE_surgery] = 7, [CONVALESCENCE_multiple] = 10, [CONVALESCENCE_other] = 5
    };
    maternity_begin(person, row, BENEFIT_maternity_convalescence, SEX_F);
    int found = demo_between(&person->random, CONVALESCENCE_surgery, CONVALESCENCE_other);
    demo_set(row, FACT_convalescence_case, found);
    demo_set(row, FACT_days, 2 * demo_between(&person->random, 3, most[found]));
    demo_set(row, FACT_used_days, 0);
}

void demo_maternity(struct demo_person *person, struct demo_row *row, enum benefit benefit)
{
    switch ((int)benefit) {
    case BENEFIT_adoption:
        adoption(person, row);
        break;
    case BENEFIT_prenatal_visit:
        maternity_begin(person, row, benefit, SEX_F);
        demo_set(row, FACT_days, 2 * demo_between(&person->random, 1, 2));
        break;
    case BENEFIT_pregnancy_loss:
        maternity_begin(person, row, benefit, SEX_F);
        demo_set(row, FACT_weeks, demo_between(&person->random, 4, 21));
        break;
    case BENEFIT_contraception:
        maternity_begin(person, row, benefit, SEX_F);
        demo_set(row, FACT_method, demo_chance(&person->random, 80) ? METHOD_iud : METHOD_sterilisation);
        break;
    case BENEFIT_maternity_convalescence:
        maternity_convalescence(person, row);
        break;
    default:
        birth(person, row, benefit);
    }
}

/* ---- unemployment ---- */

void demo_unemployment(struct demo_person *person, struct demo_row *row)
{
    struct demo_random *random = &person->random;
    demo_born(person, row, BENEFIT_unemployment, demo_any_sex(person), 21, 54);
    int contributed = demo_between(random, 12, 150);
    /* Three months for up to 36, one more for each twelve: Law 74/2025 art. 39(2); Law 38/2013 art. 50(2). */
    int granted = contributed < 36 ? 3 : 3 + (contributed - 36) / 12;
    granted = granted > 12 ? 12 : granted;
    month_t from = person->period - (person->fresh ? 0 : demo_between(random, 0, granted - 1));
    /* A first month is paid from its first day on, so one of this period begins early in it. */
    day_t day = month_first(from) + demo_between(random, 0, from == person->period ? 4 : 27);
    demo_set(row, FACT_benefit_from, day);
    demo_set(row, FACT_last_contribution, from - demo_between(random, 1, 3));
    demo_set(row, FACT_average_salary, demo_salary(random, from));
    demo_set(row, FACT_salary_regime, demo_chance(random, 90) ? REGIME_enterprise : REGIME_state);
    demo_set(row, FACT_wage_region, demo_between(random, 1, 4));
    demo_set(row, FACT_contribution_months, contributed);
    demo_set(row, FACT_approved_on, day - demo_between(random, 5, 12));
}

/* ---- injury ---- */

void demo_injury(struct demo_person *person, struct demo_row *row, enum benefit benefit)
{
    struct demo_random *random = &person->random;
    bool monthly = benefit == BENEFIT_injury_monthly;
    demo_born(person, row, benefit, demo_chance(random, 30) ? SEX_F : SEX_M, 30, 60);
    /* Law 84/2015 is in force from July 2016. */
    month_t month = monthly && !person->fresh ? demo_between(random, month_of(2016, 8), person->period - 1)
                                              : demo_event_month(person);
    demo_set(row, FACT_event_from, demo_day_in(random, month));
    if (benefit == BENEFIT_injury_lump_sum) {
        demo_set(row, FACT_capacity_loss, demo_between(random, 5, 30)); /* art. 48 */
    } else if (monthly) {
        int most = demo_chance(random, 20) ? 95 : 60;
        demo_set(row, FACT_capacity_loss, demo_between(random, 31, most)); /* art. 49 */
    } else if (benefit == BENEFIT_injury_convalescence) {
        /* Art. 54: at least five days each. */
        demo_set(row, FACT_capacity_loss, demo_between(random, 15, 60));
        demo_set(row, FACT_days, 2 * demo_between(random, 3, 5));
        demo_set(row, FACT_used_days, 0);
    }
    if (benefit == BENEFIT_injury_lump_sum || monthly) {
        demo_set(row, FACT_salary, demo_salary(random, month));
        demo_set(row, FACT_contribution_months, demo_between(random, 8, 240));
    }
    demo_approve(person, row, (day_t)row->facts.value[FACT_event_from]);
}

/* Who lost 81 % and needs care gets a second monthly amount: Law 84/2015 art. 52. */
void demo_attendance(const struct demo_row *monthly, struct demo_row *row)
{
    *row = *monthly;
    row->benefit = BENEFIT_injury_attendance;
    row->facts.given &= ~(UINT64_C(1) << FACT_salary | UINT64_C(1) << FACT_contribution_months);
}

/* ---- survivors ---- */

static void deceased_make(struct demo_person *person, struct demo_row *row)
{
    /* Numbers of the dead come from a range that no living person of the site has. */
    unsigned long long serial =
        50000000 + (unsigned long long)(person->unit->province - demo_provinces) * 1000000 + person->ordinal;
    snprintf(row->deceased_id, sizeof row->deceased_id, "%s%08llu", person->unit->province->code,
             serial * 48271 % 100000000);
}

void demo_survivor_monthly(struct demo_person *person, struct demo_row *row)
{
    struct demo_random *random = &person->random;
    bool child = demo_chance(random, 50);
    demo_born(person, row, BENEFIT_survivor_monthly, demo_any_sex(person), child ? 4 : 68, child ? 16 : 90);
    /* From the month after the death: Law 41 art. 87(3). */
    month_t from = person->fresh ? person->period : person->period - demo_between(random, 1, 36);
    demo_set(row, FACT_event_from, month_first(from));
    demo_set(row, FACT_without_support, demo_chance(random, 10));
    demo_set(row, FACT_deceased, 1);
    if (child) {
        /* A child has it until the age of eighteen: Law 41 art. 86(2)(a). */
        day_t birth_date = (day_t)row->facts.value[FACT_birth_date];
        demo_set(row, FACT_valid_to, day_add_months(birth_date, 18 * 12) - 1);
    }
    demo_set(row, FACT_approved_on, month_first(from) - demo_between(random, 3, 20));
    deceased_make(person, row);
}

void demo_survivor_once(struct demo_person *person, struct demo_row *row, enum benefit benefit)
{
    struct demo_random *random = &person->random;
    demo_born(person, row, benefit, demo_any_sex(person), 35, 70);
    month_t month = demo_event_month(person);
    demo_set(row, FACT_event_from, demo_day_in(random, month));
    demo_set(row, FACT_scheme, SCHEME_compulsory);
    if (benefit == BENEFIT_survivor_lump_sum && demo_chance(random, 50)) {
        demo_set(row, FACT_pension_at_death, demo_salary(random, month) * 2 / 3);
        demo_set(row, FACT_pension_months_drawn, demo_between(random, 1, 300));
    } else if (benefit == BENEFIT_survivor_lump_sum) {
        demo_set(row, FACT_average_salary, demo_salary(random, month));
        demo_set(row, FACT_contribution_months_before_2014, demo_between(random, 0, 90));
        demo_set(row, FACT_contribution_months_from_2014, demo_between(random, 12, 88));
    }
    demo_approve(person, row, (day_t)row->facts.value[FACT_event_from]);
    deceased_make(person, row);
}

/* ---- other programmes ---- */

void demo_social_pension(struct demo_person *person, struct demo_row *row)
{
    /* From 75, and since July 2025: Law 41 art. 21. Two years back everybody here was 75. */
    month_t first = person->period - 24 > demo_law_2024_from() ? person->period - 24 : demo_law_2024_from();
    month_t from = person->fresh ? person->period : demo_between(&person->random, first, person->period);
    demo_born(person, row, BENEFIT_social_pension, demo_any_sex(person), 77, 95);
    demo_set(row, FACT_event_from, month_first(from));
    demo_set(row, FACT_approved_on, month_first(from) - demo_between(&person->random, 3, 20));
    row->programme = "Trợ cấp hưu trí xã hội";
}

void demo_payment_once(struct demo_person *person, struct demo_row *row, enum benefit benefit)
{
    struct demo_random *random = &person->random;
    bool relief = benefit == BENEFIT_relief_grant;
    if (!facts_has(&row->facts, FACT_birth_date)) {
        demo_born(person, row, benefit, demo_any_sex(person), 25, 80);
    }
    row->benefit = benefit;
    row->programme =
        relief ? "Hỗ trợ khắc phục hậu quả thiên tai" : "Thanh toán trực tiếp chi phí khám chữa bệnh";
    demo_set(row, FACT_event_from, demo_day_in(random, demo_event_month(person)));
    demo_set(row, FACT_approved_amount,
             relief ? 500000 * demo_between(random, 2, 10) : 200000 + 1000 * demo_between(random, 0, 20000));
    demo_approve(person, row, (day_t)row->facts.value[FACT_event_from]);
}
