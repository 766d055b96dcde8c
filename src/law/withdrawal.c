/* withdrawal.c - the one-time withdrawal: Law 58/2014 art. 60, 77, Law 41/2024 art. 70, 102. */
#include "pension_internal.h"

static const char ARTICLE[] = "Law 58/2014 art. 60; Law 41/2024 art. 70";

/* Under a year: what was paid in, 22 % of the salaries, at most two months of their average
 * (Law 58/2014 art. 60(2)(c), Decree 115/2015 art. 8). */
static enum law_verdict short_withdrawal(struct law_context *context, int64_t months, int64_t average_dong, day_t on)
{
    const struct law_value *share = law_need(context, LAW_PARAM_withdrawal_short_share, 0, on, FACT_event_from);
    const struct law_value *most = law_need(context, LAW_PARAM_withdrawal_short_months_most, 0, on, FACT_event_from);

    if (share == NULL || most == NULL) {
        return LAW_REFUSED;
    }
    struct exact amount = law_fraction((__int128)average_dong * months * share->num, share->den);
    struct exact cap = law_fraction((__int128)average_dong * most->num, most->den);
    law_step_by(context, LAW_RULE_withdrawal_short, share, amount, LAW_DONG);
    if (exact_compare(amount, cap) > 0) {
        amount = cap;
        law_step_by(context, LAW_RULE_withdrawal_short_cap, most, cap, LAW_DONG);
    }
    return law_pay(context, COMPONENT_one_time_withdrawal, amount, share->source, FACT_average_salary);
}

/* Whole years before 2014; their odd months move to the later time, which is then rounded once
 * (Circular 59/2015 art. 19). */
static enum law_verdict year_withdrawal(struct law_context *context, int64_t months_before, int64_t months_from,
                                        int64_t average_dong, day_t on)
{
    const struct law_value *before = law_need(context, LAW_PARAM_withdrawal_months_before_2014, 0, on, FACT_event_from);
    const struct law_value *from = law_need(context, LAW_PARAM_withdrawal_months_from_2014, 0, on, FACT_event_from);
    int64_t years = months_before / 12, half_years = law_half_years(months_before % 12 + months_from);

    if (before == NULL || from == NULL) {
        return LAW_REFUSED;
    }
    law_step_by(context, LAW_RULE_withdrawal_years_before, before, exact_of(years), LAW_YEARS);
    law_step_by(context, LAW_RULE_withdrawal_years_from, from, law_fraction(half_years, 2), LAW_YEARS);
    /* Months of average salary, over one denominator. */
    __int128 months = (__int128)2 * years * before->num * from->den + (__int128)half_years * from->num * before->den;
    struct exact amount = law_fraction(average_dong * months, (__int128)2 * before->den * from->den);
    law_step_by(context, LAW_RULE_withdrawal_amount, from, amount, LAW_DONG);
    return law_pay(context, COMPONENT_one_time_withdrawal, amount, from->source, FACT_average_salary);
}

enum law_verdict withdrawal_calc(struct law_context *context)
{
    const struct facts *facts = context->facts;
    int64_t before = facts_or(facts, FACT_contribution_months_before_2014, 0);
    int64_t from = facts_or(facts, FACT_contribution_months_from_2014, 0);

    if (!law_has(context, FACT_average_salary, ARTICLE)) {
        return LAW_REFUSED;
    }
    if (before + from == 0) {
        return law_refuse(context, FACT_contribution_months_from_2014, "no month of contribution is given", ARTICLE);
    }
    int64_t average_dong = facts->value[FACT_average_salary];
    day_t on = (day_t)facts->value[FACT_event_from];
    return before + from < 12 ? short_withdrawal(context, before + from, average_dong, on)
                              : year_withdrawal(context, before, from, average_dong, on);
}
