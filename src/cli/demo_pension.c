/*
 * demo_pension.c - generated pensions, and what else the people's facts are drawn from.
 *
 * The facts agree with the law that was in force when the benefit began, so that the rows are
 * calculated and not refused.
 */
#include "demo.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* The Law on Social Insurance 41/2024/QH15 and Law 58/2014/QH13 before it. */
month_t demo_law_2024_from(void)
{
    return month_of(2025, 7);
}

month_t demo_law_2014_from(void)
{
    return month_of(2016, 1);
}

void demo_set(struct demo_row *row, enum fact fact, int64_t value)
{
    facts_set(&row->facts, fact, value);
}

/* A day of a month that every month has. */
day_t demo_day_in(struct demo_random *random, month_t month)
{
    return month_first(month) + demo_between(random, 0, 27);
}

int64_t demo_salary(struct demo_random *random, month_t month)
{
    /* Wages rose by some 8 % a year; one in ten earns much more. The dong are odd, as averages are. */
    int64_t base = 3600000 + (int64_t)(month - demo_law_2014_from()) * 35000;
    unsigned percent = 50 + demo_below(random, 80) + (demo_chance(random, 10) ? 150 : 0);
    return base * percent / 100 + demo_below(random, 1000);
}

month_t demo_event_month(struct demo_person *person)
{
    return person->period - demo_between(&person->random, 1, 2);
}

void demo_approve(struct demo_person *person, struct demo_row *row, day_t event)
{
    day_t latest = month_first(person->period) - 1;
    day_t approved = event + demo_between(&person->random, 10, 30);
    demo_set(row, FACT_approved_on, approved < latest ? approved : latest);
}

void demo_born(struct demo_person *person, struct demo_row *row, enum benefit benefit, int sex, int from,
               int to)
{
    row->benefit = benefit;
    demo_set(row, FACT_sex, sex);
    month_t month = person->period - demo_between(&person->random, from * 12, to * 12);
    demo_set(row, FACT_birth_date, demo_day_in(&person->random, month));
}

int demo_any_sex(struct demo_person *person)
{
    return demo_chance(&person->random, 52) ? SEX_F : SEX_M;
}

/* ---- pension ---- */

/* The age that lets people of normal work retire in a year, in months: 60 and 55 until 2020, then
 * Decree 135/2020 art. 4(2). */
static int retirement_age_months(int sex, int year)
{
    int steps = year - 2020;
    if (steps <= 0) {
        return sex == SEX_M ? 720 : 660;
    }
    if (sex == SEX_M) {
        return steps >= 8 ? 744 : 720 + 3 * steps;
    }
    return steps >= 15 ? 720 : 660 + 4 * steps;
}

/* How a pension begins: the age in months at its start, and the work and the cause that lower it. */
static int pension_age(struct demo_person *person, struct demo_row *row, month_t start)
{
    int sex = (int)row->facts.value[FACT_sex];
    int age = retirement_age_months(sex, start / 12);
    unsigned roll = demo_below(&person->random, 100);
    int work = roll < 12 ? WORK_hazardous : roll < 14 && sex == SEX_M ? WORK_mining : WORK_normal;
    age -= work == WORK_hazardous ? 60 : work == WORK_mining ? 120 : 0;
    bool lowered = work == WORK_normal && demo_chance(&person->random, 6);
    int late = !lowered && demo_chance(&person->random, 25) ? demo_between(&person->random, 1, 18) : 0;
    demo_set(row, FACT_work_condition, work);
    demo_set(row, FACT_early_basis, lowered ? EARLY_capacity_loss : EARLY_none);
    if (lowered) {
        age -= demo_between(&person->random, 1, 59); /* at most five years: Law 41 art. 65(1)(a) */
    }
    return age + late;
}

/* Contribution time: from the least that gives a pension (20 years under Law 58 art. 54 and for reduced
 * capacity, 15 under Law 41 art. 64) to a working life that began at nineteen. */
static int contribution_months(struct demo_person *person, const struct demo_row *row, month_t start, int age)
{
    bool lowered = row->facts.value[FACT_early_basis] != EARLY_none;
    int least = start >= demo_law_2024_from() && !lowered ? 180 : 240;
    int most = age - 19 * 12;
    return demo_between(&person->random, least, most < 480 ? most : 480);
}

void demo_pension(struct demo_person *person, struct demo_row *row)
{
    struct demo_random *random = &person->random;
    month_t start = demo_between(random, demo_law_2014_from(), person->period);
    if (person->fresh) {
        /* One in ten decisions is late: its first month is owed as arrears. */
        start = person->period - (demo_chance(random, 10) ? 1 : 0);
    }
    row->benefit = BENEFIT_pension;
    demo_set(row, FACT_sex, demo_any_sex(person));
    int age = pension_age(person, row, start);
    int months = contribution_months(person, row, start, age);
    bool plain = row->facts.value[FACT_work_condition] == WORK_normal &&
                 row->facts.value[FACT_early_basis] == EARLY_none;
    bool voluntary = plain && demo_chance(random, 6);
    /* The age is reached in the month before the pension begins: Decree 135/2020 art. 3. */
    demo_set(row, FACT_birth_date, demo_day_in(random, start - 1 - age));
    demo_set(row, FACT_scheme, voluntary ? SCHEME_voluntary : SCHEME_compulsory);
    demo_set(row, FACT_pension_from, month_first(start));
    demo_set(row, FACT_contribution_months, months);
    demo_set(row, FACT_average_salary, demo_salary(random, start));
    /* The lowest pension is for compulsory insurance of 20 years: Law 58 art. 56(5), Law 41 art. 141(11). */
    demo_set(row, FACT_minimum_guarantee, !voluntary && months >= 240);
    demo_set(row, FACT_approved_on,
             month_first(person->fresh ? person->period : start) - demo_between(random, 3, 25));
}

/* Pensions from before 2016, with the amount of their last decision. */
void demo_pension_awarded(struct demo_person *person, struct demo_row *row)
{
    static const struct award {
        int year, month, percent;
    } awards[] = { { 2024, 7, 100 }, { 2024, 7, 100 }, { 2024, 7, 100 },
                   { 2022, 1, 78 },  { 2019, 7, 73 },  { 2016, 5, 64 } };
    struct demo_random *random = &person->random;
    const struct award *award = &awards[demo_below(random, COUNT_OF(awards))];
    month_t start =
        demo_between(random, month_of(demo_chance(random, 15) ? 1990 : 1998, 1), month_of(2015, 12));
    row->benefit = BENEFIT_pension_awarded;
    demo_set(row, FACT_sex, demo_any_sex(person));
    int age = (row->facts.value[FACT_sex] == SEX_M ? 720 : 660) - 12 * demo_between(random, 0, 8);
    day_t awarded_from = month_first(month_of(award->year, award->month));
    demo_set(row, FACT_birth_date, demo_day_in(random, start - 1 - age));
    demo_set(row, FACT_scheme, SCHEME_compulsory);
    demo_set(row, FACT_pension_from, month_first(start));
    demo_set(row, FACT_pre_1995, start < month_of(1995, 1));
    demo_set(row, FACT_awarded_from, awarded_from);
    demo_set(row, FACT_awarded_amount,
             (int64_t)(3500000 + 1000 * demo_below(random, 8000) + demo_below(random, 1000)) *
                 award->percent / 100);
    demo_set(row, FACT_approved_on, awarded_from - demo_between(random, 3, 25));
}

/* The contributions are given back to people short of 20 years: Law 58 art. 60, Law 41 art. 70. */
void demo_withdrawal(struct demo_person *person, struct demo_row *row)
{
    struct demo_random *random = &person->random;
    demo_born(person, row, BENEFIT_one_time_withdrawal, demo_any_sex(person), 34, 54);
    month_t month = demo_event_month(person);
    demo_set(row, FACT_scheme, SCHEME_compulsory);
    demo_set(row, FACT_contribution_months_before_2014, demo_between(random, 0, 70));
    demo_set(row, FACT_contribution_months_from_2014, demo_between(random, 12, 132));
    demo_set(row, FACT_average_salary, demo_salary(random, month));
    demo_set(row, FACT_event_from, demo_day_in(random, month));
    demo_approve(person, row, (day_t)row->facts.value[FACT_event_from]);
}
