/* pension_rate.c - the rate of a pension and the months of the retirement grant, as both laws count them. */
#include "pension_internal.h"

const struct pension_scale PENSION_SCALE_FULL = {
    LAW_PARAM_pension_base_years, LAW_PARAM_pension_base_rate, LAW_PARAM_pension_increment, LAW_RULE_pension_rate_base,
};
const struct pension_scale PENSION_SCALE_SHORT = {
    LAW_PARAM_pension_short_base_years, LAW_PARAM_pension_short_base_rate, LAW_PARAM_pension_short_increment,
    LAW_RULE_pension_rate_short,
};

static struct exact percent_of(int64_t rate)
{
    return law_fraction(rate, RATE_WHOLE / 100);
}

bool pension_has_years(struct law_context *context, const struct pension *pension, const struct law_value *years)
{
    /* Full years of twelve months, not rounded: L58 art. 85(6), L41 art. 5(6). */
    if (pension->months * years->den < years->num * 12) {
        (void)law_refuse(context, FACT_contribution_months, "is less than the years of contribution that a pension needs",
                         years->source);
        return false;
    }
    return true;
}

bool pension_rate(struct law_context *context, struct pension *pension, const struct pension_scale *scale)
{
    int sex = pension->sex;
    day_t on = pension->from;
    const struct law_value *years = law_need(context, scale->base_years, sex, on, FACT_pension_from);
    const struct law_value *base = law_need(context, scale->base_rate, sex, on, FACT_pension_from);
    const struct law_value *increment = law_need(context, scale->increment, sex, on, FACT_pension_from);

    if (years == NULL || base == NULL || increment == NULL) {
        return false;
    }
    int64_t over = pension->half_years - years->num * 2 / years->den;
    over = over > 0 ? over : 0;
    pension->rate = 2 * rate_of(base) + over * rate_of(increment);
    pension->rate_source = base->source;
    law_step(context, LAW_RULE_pension_years, "Law 58/2014 art. 85(7); Law 41/2024 art. 5(6)",
             law_fraction(pension->half_years, 2), LAW_YEARS);
    law_step_value(context, scale->rule, base, LAW_PERCENT);
    law_step_by(context, LAW_RULE_pension_rate_increment, increment, percent_of(over * rate_of(increment)),
             LAW_PERCENT);
    return true;
}

bool pension_limit(struct law_context *context, struct pension *pension)
{
    const struct law_value *most =
        law_need(context, LAW_PARAM_pension_rate_most, 0, pension->from, FACT_pension_from);
    const struct law_value *reduction =
        law_need(context, LAW_PARAM_pension_reduction, 0, pension->from, FACT_pension_from);
    int64_t early = 0;

    if (most == NULL || reduction == NULL) {
        return false;
    }
    if (pension->rate > 2 * rate_of(most)) {
        pension->rate = 2 * rate_of(most);
        law_step_value(context, LAW_RULE_pension_rate_cap, most, LAW_PERCENT);
    }
    if (pension->early == EARLY_none) {
        return pension_is_of_age(context, pension);
    }
    if (pension->early == EARLY_no_reduction) {
        law_step(context, LAW_RULE_pension_early_none, "Law 41/2024 art. 66(3a); Decree 178/2024",
                 percent_of(pension->rate), LAW_PERCENT);
        return true;
    }
    if (!pension_early(context, pension, &early)) {
        return false;
    }
    /* Nobody is so early that nothing remains, but a draft law may say otherwise. */
    int64_t less = early * rate_of(reduction);
    pension->rate = pension->rate > less ? pension->rate - less : 0;
    if (less > 0) {
        law_step_by(context, LAW_RULE_pension_early_reduction, reduction, percent_of(less), LAW_PERCENT);
        pension->rate_source = reduction->source;
    }
    return true;
}

bool pension_grant(struct law_context *context, struct pension *pension, int64_t half_years, enum law_param_id months,
                   enum law_rule rule)
{
    const struct law_value *each = law_need(context, months, 0, pension->from, FACT_pension_from);

    if (each == NULL) {
        return false;
    }
    if (half_years <= 0) {
        return true;
    }
    law_step_by(context, rule, each, law_fraction(half_years, 2), LAW_YEARS);
    pension->grant_source = each->source;
    return exact_add(pension->grant,
                     law_fraction((__int128)pension->average_dong * half_years * each->num, 2 * each->den),
                     &pension->grant);
}
