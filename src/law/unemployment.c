/*
 * The unemployment allowance of the k-th month: a share of the average salary, under a cap.
 *
 * Law 38/2013 art. 49-50 (from 2015), Law 74/2025 art. 38-39 (from 2026, also for claims filed before and
 * decided after: art. 55(4)); the law is that of benefit_from. A month begun is paid whole (Decree
 * 28/2015 art. 21(4), Decree 374/2025 art. 19(4)). Reserved months are contribution time, not money.
 */
#include "law_internal.h"

enum { MONTHS_OF_YEAR = 12, REGIONS = 4 };

static day_t begun_of(const struct law_context *context)
{
    return (day_t)context->facts->value[FACT_benefit_from];
}

/* A parameter on the day of benefit_from; refuses the row where the file has none. */
static const struct law_value *need(struct law_context *context, enum law_param_id id)
{
    return law_need(context, id, 0, begun_of(context), FACT_benefit_from);
}

/* 3 months for the first 12 to 36 months of contributions, one more for each further 12, at most 12.
 * Law 38/2013 art. 50(2), Law 74/2025 art. 39(2). False: refused. */
static bool months_granted(struct law_context *context, int64_t *granted)
{
    const struct law_value *least = need(context, LAW_PARAM_unemployment_contribution_least);
    const struct law_value *first = need(context, LAW_PARAM_unemployment_contribution_first);
    const struct law_value *months = need(context, LAW_PARAM_unemployment_months_first);
    const struct law_value *most = need(context, LAW_PARAM_unemployment_months_most);

    if (least == NULL || first == NULL || months == NULL || most == NULL ||
        !law_has(context, FACT_contribution_months, least->source)) {
        return false;
    }
    int64_t contribution = context->facts->value[FACT_contribution_months];
    if (contribution < least->num / least->den) {
        (void)law_refuse(context, FACT_contribution_months, "too few months for an unemployment allowance",
                         least->source);
        return false;
    }
    int64_t over = contribution - first->num / first->den;
    *granted = months->num / months->den + (over > 0 ? over / MONTHS_OF_YEAR : 0);
    if (*granted > most->num / most->den) {
        *granted = most->num / most->den;
    }
    law_step_by(context, LAW_RULE_unemployment_months, months, exact_of(*granted), LAW_MONTHS);
    return true;
}

/* What the cap is a multiple of, in the last month of contributions (L74 art. 39(1); L38 says on
 * termination): the regional minimum wage, and until 2025 the base salary for state salaries.
 * NULL: refused. */
static const struct law_value *cap_base(struct law_context *context, const struct law_value *times,
                                        const struct law_value *state_times)
{
    const struct facts *facts = context->facts;
    day_t last = month_first((month_t)facts->value[FACT_last_contribution]);

    if (state_times != NULL && !law_has(context, FACT_salary_regime, state_times->source)) {
        return NULL;
    }
    if (state_times != NULL && facts->value[FACT_salary_regime] == REGIME_state) {
        return law_need(context, LAW_PARAM_base_salary, 0, last, FACT_last_contribution);
    }
    if (!law_has(context, FACT_wage_region, times->source)) {
        return NULL;
    }
    int64_t region = facts->value[FACT_wage_region];
    if (region < 1 || region > REGIONS) {
        (void)law_refuse(context, FACT_wage_region, "the wage regions are 1 to 4", times->source);
        return NULL;
    }
    return law_need(context, LAW_PARAM_regional_minimum_wage, (int)region - 1, last, FACT_last_contribution);
}

static enum law_verdict month_pay(struct law_context *context, const struct law_value *rate)
{
    const struct facts *facts = context->facts;
    const struct law_value *state_times =
        law_find(context, LAW_PARAM_unemployment_cap_state, 0, begun_of(context));
    const struct law_value *times = need(context, LAW_PARAM_unemployment_cap);
    const struct law_value *base = times == NULL ? NULL : cap_base(context, times, state_times);

    if (base == NULL) {
        return LAW_REFUSED;
    }
    if (state_times != NULL && facts->value[FACT_salary_regime] == REGIME_state) {
        times = state_times;
    }
    struct exact share = law_fraction((__int128)facts->value[FACT_average_salary] * rate->num, rate->den);
    struct exact cap = law_fraction((__int128)base->num * times->num, times->den);
    bool cut = share.num * cap.den > cap.num * share.den;
    law_step_value(context, LAW_RULE_unemployment_rate, rate, LAW_PERCENT);
    law_step_by(context, LAW_RULE_unemployment_share, rate, share, LAW_DONG);
    law_step_by(context, LAW_RULE_unemployment_cap, base, cap, LAW_DONG);
    if (cut) {
        law_step_by(context, LAW_RULE_unemployment_cut, times, cap, LAW_DONG);
    }
    return law_pay(context, COMPONENT_unemployment, cut ? cap : share, cut ? times->source : rate->source,
                   FACT_average_salary);
}

enum law_verdict unemployment_calc(struct law_context *context)
{
    const struct facts *facts = context->facts;
    const struct law_value *rate = need(context, LAW_PARAM_unemployment_rate);
    month_t begun = day_month(begun_of(context));
    int64_t granted = 0, month = context->period - begun + 1;

    if (rate == NULL || !months_granted(context, &granted) ||
        !law_has(context, FACT_average_salary, rate->source) ||
        !law_has(context, FACT_last_contribution, rate->source)) {
        return LAW_REFUSED;
    }
    if (facts->value[FACT_last_contribution] > begun) {
        return law_refuse(context, FACT_last_contribution, "is after the month in which the allowance began",
                          rate->source);
    }
    law_step_by(context, LAW_RULE_unemployment_month, rate, exact_of(month), LAW_MONTHS);
    return month > granted ? LAW_NOT_DUE : month_pay(context, rate);
}
