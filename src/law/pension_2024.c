/* pension_2024.c - pensions that began from 2025-07-01 on: Law 41/2024 art. 64-68, 98, 99, 141. */
#include "pension_internal.h"

/* Art. 66(1)(b): men with 15 to under 20 years have a scale of their own, which meets the other at 20. */
static const struct pension_scale *scale_of(struct law_context *context, const struct pension *pension)
{
    const struct law_value *full =
        law_find(context, LAW_PARAM_pension_base_years, pension->sex, pension->from);
    bool is_short = pension->sex == SEX_M && full != NULL && pension->months * full->den < full->num * 12;

    return is_short ? &PENSION_SCALE_SHORT : &PENSION_SCALE_FULL;
}

/* Art. 68: half a month for each year over 35 or 30, two months for those of them that were contributed
 * after the retirement age. All years are rounded once; the years after the age are rounded by
 * themselves and can be no more than what is over. */
static bool grant_2024(struct law_context *context, struct pension *pension)
{
    const struct law_value *limit =
        law_need(context, LAW_PARAM_grant_years_over, pension->sex, pension->from, FACT_pension_from);
    int64_t after_age = law_half_years(facts_or(context->facts, FACT_months_after_age, 0));

    if (limit == NULL) {
        return false;
    }
    int64_t over = pension->half_years - limit->num * 2 / limit->den;
    if (over <= 0) {
        return true;
    }
    after_age = after_age < over ? after_age : over;
    return pension_grant(context, pension, over - after_age, LAW_PARAM_grant_months, LAW_RULE_grant_excess) &&
           pension_grant(context, pension, after_age, LAW_PARAM_grant_months_after_age, LAW_RULE_grant_after_age);
}

/* Art. 141(11): the minimum is for the compulsory groups with 20 full years. */
static bool minimum_2024(struct law_context *context, struct pension *pension)
{
    const struct law_value *years =
        law_need(context, LAW_PARAM_pension_minimum_years, 0, pension->from, FACT_pension_from);

    if (years == NULL) {
        return false;
    }
    if (pension->guarantee && !pension->voluntary && pension->months * years->den >= years->num * 12) {
        pension->minimum_source = years->source;
    }
    return true;
}

bool pension_2024(struct law_context *context, struct pension *pension)
{
    enum law_param_id least_id = pension->early == EARLY_capacity_loss ? LAW_PARAM_pension_years_least_early
                                                                       : LAW_PARAM_pension_years_least;
    int key = pension->early == EARLY_capacity_loss ? 0 : pension->sex;
    const struct law_value *least = law_need(context, least_id, key, pension->from, FACT_pension_from);

    if (facts_or(context->facts, FACT_months_after_age, 0) > pension->months) {
        (void)law_refuse(context, FACT_months_after_age, "is more than contribution_months", "Law 41/2024 art. 68(2)");
        return false;
    }
    return least != NULL && pension_has_years(context, pension, least) &&
           pension_rate(context, pension, scale_of(context, pension)) && pension_limit(context, pension) &&
           minimum_2024(context, pension) && grant_2024(context, pension);
}
