/* Long illness under Law 41/2024 art. 43(2), 45(3): the days of the year that any illness has at 75 %,
 * the working days after these at a lower rate, without an end. */
#include "sickness.h"

/* Splits the claim at the days of the year that are left; both parts are paid. */
static bool split(struct law_context *context, struct leave *first, int64_t *after_half_days)
{
    const struct law_value *days_most = sickness_days_most(context);

    if (days_most == NULL || !leave_cut(context, days_most, false, first)) {
        return false;
    }
    *after_half_days = first->claimed_half_days - first->paid_half_days;
    return true;
}

enum law_verdict sickness_2024_long(struct law_context *context)
{
    const struct facts *facts = context->facts;
    const struct law_value *rate = sickness_rate(context);
    const struct law_value *month_days = leave_need(context, LAW_PARAM_sickness_month_days);
    struct leave first = {0};
    int64_t after_half_days = 0;

    if (rate == NULL || month_days == NULL || !law_has(context, FACT_days, rate->source) ||
        !sickness_within_year(context)) {
        return LAW_REFUSED;
    }
    if (facts_or(facts, FACT_months, 0) != 0) {
        return law_refuse(context, FACT_months, "the Law of 2024 counts working days alone", rate->source);
    }
    if (sickness_is_armed_forces(context)) {
        first.paid_half_days = facts->value[FACT_days];
        law_step_by(context, LAW_RULE_leave_days_paid, rate, law_fraction(first.paid_half_days, 2),
                 LAW_DAYS);
        return leave_pay(context, FACT_salary, rate, month_days, &first);
    }
    const struct law_value *rate_after = sickness_rate_after(context);
    if (rate_after == NULL || !split(context, &first, &after_half_days)) {
        return LAW_REFUSED;
    }
    law_step_value(context, LAW_RULE_sickness_long_rate_after, rate_after, LAW_PERCENT);
    law_step_by(context, LAW_RULE_sickness_long_days_after, rate_after, law_fraction(after_half_days, 2),
             LAW_DAYS);
    int64_t weighted =
        first.paid_half_days * rate->num * rate_after->den + after_half_days * rate_after->num * rate->den;
    struct exact amount = law_fraction((__int128)facts->value[FACT_salary] * weighted * month_days->den,
                                       (__int128)2 * rate->den * rate_after->den * month_days->num);
    law_step_by(context, LAW_RULE_leave_amount, rate, amount, LAW_DONG);
    return law_pay(context, COMPONENT_long_term_sickness, amount,
                   after_half_days > 0 ? rate_after->source : rate->source, FACT_salary);
}
