/*
 * pension_age.c - retirement ages: who may retire without a reduction, and how early is early.
 *
 * Decree 135/2020 art. 4 gives an age for each calendar year; hazardous work and underground coal
 * mining have lower ones (art. 5, 7(3)). Who reaches the age of a year within that year retires by
 * it; a pension starts with the month after (art. 3).
 */
#include "pension_internal.h"

/* The month in which the age of `year` is reached; MONTH_NONE where the law file has no age for it. */
static month_t month_of_age(struct law_context *context, const struct pension *pension, int year)
{
    static const enum law_param_id lower[] = {
        [WORK_hazardous] = LAW_PARAM_lower_age_hazardous,
        [WORK_mining] = LAW_PARAM_lower_age_mining,
    };
    day_t first = day_of((struct civil){ year, 1, 1 });
    const struct law_value *age = law_find(context, LAW_PARAM_retirement_age, pension->sex, first), *less = NULL;

    if (age == NULL) {
        return MONTH_NONE;
    }
    if (pension->work != WORK_normal) {
        less = law_find(context, lower[pension->work], pension->sex, first);
        if (less == NULL) {
            return MONTH_NONE;
        }
    }
    int64_t months = age->num - (less == NULL ? 0 : less->num);
    struct law_value by = less == NULL ? *age : *less;
    by.unconfirmed = by.unconfirmed || age->unconfirmed;
    law_step_by(context, LAW_RULE_pension_age, &by, exact_of(months), LAW_AGE_MONTHS);
    return day_month((day_t)context->facts->value[FACT_birth_date]) + (month_t)months;
}

/* Law 41/2024 art. 141(9): who joined the voluntary scheme before 2021 and has 20 years in it keeps
 * the ages of before. The rows do not say when somebody joined; 20 years say it until 2040. */
static bool keeps_old_age(struct law_context *context, const struct pension *pension)
{
    const struct law_value *age =
        law_find(context, LAW_PARAM_voluntary_age_before_2021, pension->sex, pension->from);
    int64_t joined = day_month(pension->from) - pension->months;

    if (!pension->voluntary || age == NULL || pension->months < 20 * 12 || joined >= month_of(2021, 1)) {
        return false;
    }
    if (day_month((day_t)context->facts->value[FACT_birth_date]) + age->num >= day_month(pension->from)) {
        return false;
    }
    law_step_value(context, LAW_RULE_pension_age_voluntary, age, LAW_AGE_MONTHS);
    return true;
}

bool pension_is_of_age(struct law_context *context, const struct pension *pension)
{
    month_t start = day_month(pension->from);
    int year = start / 12;

    month_t reached = month_of_age(context, pension, year);
    if (reached != MONTH_NONE && reached < start) {
        return true;
    }
    /* Ages rise by less than a year each year: who reached the age of any earlier year within that
     * year also reached last year's within last year. */
    reached = month_of_age(context, pension, year - 1);
    if ((reached != MONTH_NONE && reached < month_of(year, 1)) || keeps_old_age(context, pension)) {
        return true;
    }
    (void)law_refuse(context, FACT_pension_from, "is before the retirement age, and early_basis is none",
                     "Decree 135/2020 art. 3, 4, 5");
    return false;
}

bool pension_early(struct law_context *context, const struct pension *pension, int64_t *half_years)
{
    month_t start = day_month(pension->from);
    month_t reached = month_of_age(context, pension, start / 12);

    if (reached == MONTH_NONE) {
        (void)law_refuse(context, FACT_pension_from, "no retirement age is known for its year", "Decree 135/2020 art. 4");
        return false;
    }
    int months = reached > start ? reached - start : 0;
    law_step(context, LAW_RULE_pension_early_months, "Decree 115/2015 art. 7(3); Decree 158/2025 art. 13(2)",
             exact_of(months), LAW_MONTHS);
    /* L58 art. 56(3) as Circular 06/2021 art. 1(15) reads it; L41 art. 66(3). */
    *half_years = months / 12 * 2 + (months % 12 >= 6 ? 1 : 0);
    return true;
}
