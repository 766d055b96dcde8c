/* pension_2014.c - pensions that began from 2016-01-01 to 2025-06-30: Law 58/2014 art. 54-58. */
#include "pension_internal.h"

/* A woman who may be of the part-time commune staff, who need 15 years (art. 54(3)): no row says so,
 * but their pension is compulsory, at the normal age and without the guaranteed minimum (art. 56(5)). */
static bool may_be_commune_staff(const struct pension *pension)
{
    return pension->sex == SEX_F && !pension->voluntary && !pension->guarantee && pension->early == EARLY_none;
}

/* Half years that give the highest rate; the grant is for those over them (art. 58(1)). */
static int64_t full_half_years(const struct law_value *years, const struct law_value *base,
                               const struct law_value *increment, const struct law_value *most)
{
    int64_t step = rate_of(increment), rise = 2 * (rate_of(most) - rate_of(base));

    if (step == 0) {
        return INT64_MAX;
    }
    return years->num * 2 / years->den + (rise + step - 1) / step;
}

static bool grant_2014(struct law_context *context, struct pension *pension)
{
    int sex = pension->sex;
    day_t on = pension->from;
    int64_t full = full_half_years(law_find(context, LAW_PARAM_pension_base_years, sex, on),
                                   law_find(context, LAW_PARAM_pension_base_rate, sex, on),
                                   law_find(context, LAW_PARAM_pension_increment, sex, on),
                                   law_find(context, LAW_PARAM_pension_rate_most, 0, on));

    return pension->half_years <= full || pension_grant(context, pension, pension->half_years - full,
                                                        LAW_PARAM_grant_months, LAW_RULE_grant_excess);
}

bool pension_2014(struct law_context *context, struct pension *pension)
{
    enum law_param_id least_id = pension->early == EARLY_capacity_loss ? LAW_PARAM_pension_years_least_early
                                                                       : LAW_PARAM_pension_years_least;
    int key = pension->early == EARLY_capacity_loss ? 0 : pension->sex;
    const struct law_value *least = law_need(context, least_id, key, pension->from, FACT_pension_from);
    const struct pension_scale *scale = &PENSION_SCALE_FULL;

    if (least == NULL) {
        return false;
    }
    if (pension->months < least->num * 12 && may_be_commune_staff(pension)) {
        least = law_need(context, LAW_PARAM_pension_years_least_commune, 0, pension->from, FACT_pension_from);
        scale = &PENSION_SCALE_SHORT;
    }
    if (least == NULL || !pension_has_years(context, pension, least) || !pension_rate(context, pension, scale) ||
        !pension_limit(context, pension)) {
        return false;
    }
    /* Art. 56(5); the voluntary scheme has no minimum (art. 74). */
    if (pension->guarantee && !pension->voluntary) {
        pension->minimum_source = "Law 58/2014 art. 56(5)";
    }
    return scale == &PENSION_SCALE_SHORT || grant_2014(context, pension);
}
