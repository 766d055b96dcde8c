/* Survivors: the monthly allowance, the lump sum, the funeral grant. L58 art. 66-71, 80-81 with Decree
 * 115/2015 art. 12; L41 art. 85-90, 109-110 with Decree 158/2025 art. 21. */
#include "law_internal.h"

enum { MONTHS_OF_YEAR = 12, DEATHS_MOST = 2 };

static day_t begun_of(const struct law_context *context)
{
    return (day_t)context->facts->value[FACT_event_from];
}

/* A parameter on the day of event_from; refuses the row where the file has none. */
static const struct law_value *need(struct law_context *context, enum law_param_id id)
{
    return law_need(context, id, 0, begun_of(context), FACT_event_from);
}

static bool is_voluntary(const struct law_context *context)
{
    return facts_or(context->facts, FACT_scheme, SCHEME_compulsory) == SCHEME_voluntary;
}

/* 50 % of the base salary (reference level) of the month, 70 % where nobody else supports the survivor,
 * twice after two deaths: L58 art. 68, L41 art. 87. It follows the base salary (Circular 14/2026
 * art. 3(3)). At most four survivors of one person: the approver's matter, a row is one survivor. */
static enum law_verdict monthly_pay(struct law_context *context)
{
    const struct facts *facts = context->facts;
    bool alone = facts_or(facts, FACT_without_support, 0) != 0;
    int64_t deaths = facts_or(facts, FACT_deceased, 1);
    const struct law_value *share =
        need(context, alone ? LAW_PARAM_survivor_share_without_support : LAW_PARAM_survivor_share);
    const struct law_value *base =
        law_need(context, LAW_PARAM_base_salary, 0, month_first(context->period), FACT_event_from);

    if (share == NULL || base == NULL) {
        return LAW_REFUSED;
    }
    if (deaths < 1 || deaths > DEATHS_MOST) {
        return law_refuse(context, FACT_deceased, "an allowance counts one death or two", share->source);
    }
    struct exact amount = law_fraction((__int128)base->num * share->num * deaths, share->den);
    law_step_value(context, LAW_RULE_survivor_share, share, LAW_PERCENT);
    law_step_by(context, LAW_RULE_survivor_deaths, share, exact_of(deaths), LAW_TIMES);
    law_step_by(context, LAW_RULE_survivor_monthly, base, amount, LAW_DONG);
    return law_pay(context, COMPONENT_survivor_monthly, amount, share->source, FACT_event_from);
}

/* Raises months to a floor: 3 months, in the compulsory scheme always, in the voluntary one only for
 * pensioners and only since Law 41/2024 (L58 art. 70, 81; L41 art. 89, 110). */
static struct exact months_floor(struct law_context *context, const struct law_value *least,
                                 struct exact months)
{
    if (months.num * least->den >= least->num * months.den) {
        return months;
    }
    law_step_value(context, LAW_RULE_survivor_floor, least, LAW_MONTHS);
    return law_fraction(least->num, least->den);
}

static enum law_verdict months_pay(struct law_context *context, enum fact money, struct exact months,
                                   const char *source)
{
    struct exact amount = law_fraction(context->facts->value[money] * months.num, months.den);

    law_step(context, LAW_RULE_survivor_lump_sum, source, amount, LAW_DONG);
    return law_pay(context, COMPONENT_survivor_lump_sum, amount, source, money);
}

/* A pensioner's survivors: 48 months of the pension for a death in the first two months, half a month
 * less for each month more: L58 art. 70(2), 81(2); L41 art. 89(2), 110. */
static enum law_verdict pensioner_pay(struct law_context *context)
{
    const struct law_value *most = need(context, LAW_PARAM_survivor_pension_months);
    const struct law_value *full = need(context, LAW_PARAM_survivor_pension_months_full);
    const struct law_value *less = need(context, LAW_PARAM_survivor_pension_month_less);
    const struct law_value *least =
        need(context, is_voluntary(context) ? LAW_PARAM_survivor_months_least_voluntary
                                            : LAW_PARAM_survivor_months_least);

    if (most == NULL || full == NULL || less == NULL || least == NULL ||
        !law_has(context, FACT_pension_months_drawn, most->source)) {
        return LAW_REFUSED;
    }
    int64_t over = context->facts->value[FACT_pension_months_drawn] - full->num / full->den;
    over = over < 0 ? 0 : over;
    struct exact months =
        law_fraction((__int128)most->num * less->den - (__int128)over * less->num * most->den,
                     (__int128)most->den * less->den);
    law_step_by(context, LAW_RULE_survivor_months, most, months, LAW_MONTHS);
    return months_pay(context, FACT_pension_at_death, months_floor(context, least, months), most->source);
}

/* Less than a year (2014) or 60 months (2024) in the voluntary scheme: what was paid in, under the Law
 * of 2014 at most two months of the average: L58 art. 81(1), L41 art. 110. */
static enum law_verdict paid_in_pay(struct law_context *context, const struct law_value *least)
{
    const struct facts *facts = context->facts;
    const struct law_value *most =
        law_find(context, LAW_PARAM_survivor_paid_in_months_most, 0, begun_of(context));
    struct exact amount;

    if (!law_has(context, FACT_paid_in, least->source)) {
        return LAW_REFUSED;
    }
    amount = exact_of(facts->value[FACT_paid_in]);
    law_step_by(context, LAW_RULE_survivor_paid_in, least, amount, LAW_DONG);
    if (most != NULL) {
        if (!law_has(context, FACT_average_salary, most->source)) {
            return LAW_REFUSED;
        }
        struct exact cap = law_fraction((__int128)facts->value[FACT_average_salary] * most->num, most->den);
        if (amount.num * cap.den > cap.num) {
            law_step_by(context, LAW_RULE_survivor_paid_in_cut, most, cap, LAW_DONG);
            return law_pay(context, COMPONENT_survivor_lump_sum, cap, most->source, FACT_average_salary);
        }
    }
    return law_pay(context, COMPONENT_survivor_lump_sum, amount, least->source, FACT_paid_in);
}

/* A contributor's survivors: 1.5 months of the average for each year before 2014, 2 for each from 2014:
 * L58 art. 70(1), L41 art. 89(1). Whole years before 2014; its odd months count as later ones, and the
 * later time is rounded once to half years. */
static enum law_verdict contributor_pay(struct law_context *context, int64_t before, int64_t from)
{
    const struct law_value *early = need(context, LAW_PARAM_survivor_months_before_2014);
    const struct law_value *late = need(context, LAW_PARAM_survivor_months_from_2014);
    const struct law_value *least = need(context, LAW_PARAM_survivor_months_least);
    int64_t years = before / MONTHS_OF_YEAR, half_years = law_half_years(from + before % MONTHS_OF_YEAR);

    if (early == NULL || late == NULL || least == NULL ||
        !law_has(context, FACT_average_salary, early->source)) {
        return LAW_REFUSED;
    }
    struct exact months = law_fraction((__int128)2 * years * early->num * late->den +
                                           (__int128)half_years * late->num * early->den,
                                       (__int128)2 * early->den * late->den);
    law_step_by(context, LAW_RULE_survivor_years_before, early, exact_of(years), LAW_YEARS);
    law_step_by(context, LAW_RULE_survivor_years_from, late, law_fraction(half_years, 2), LAW_YEARS);
    law_step_by(context, LAW_RULE_survivor_months, late, months, LAW_MONTHS);
    if (!is_voluntary(context)) {
        months = months_floor(context, least, months);
    }
    return months_pay(context, FACT_average_salary, months, late->source);
}

static enum law_verdict lump_sum_pay(struct law_context *context)
{
    const struct facts *facts = context->facts;
    const struct law_value *short_of = need(context, LAW_PARAM_survivor_voluntary_contribution_least);
    int64_t before = facts_or(facts, FACT_contribution_months_before_2014, 0);
    int64_t from = facts_or(facts, FACT_contribution_months_from_2014, 0);

    if (short_of == NULL) {
        return LAW_REFUSED;
    }
    if (facts_has(facts, FACT_pension_at_death)) {
        return pensioner_pay(context);
    }
    if (!facts_has(facts, FACT_contribution_months_before_2014) &&
        !law_has(context, FACT_contribution_months_from_2014, short_of->source)) {
        return LAW_REFUSED;
    }
    return is_voluntary(context) && before + from < short_of->num / short_of->den
               ? paid_in_pay(context, short_of)
               : contributor_pay(context, before, from);
}

/* Ten base salaries (reference levels) of the month of death for 12 months in the compulsory scheme, 60 in
 * the voluntary one or both: L58 art. 66, 80; L41 art. 85, 109. Pensioners and deaths by work injury have no
 * least time; the row of such a death leaves the contribution months empty. */
static enum law_verdict funeral_pay(struct law_context *context)
{
    const struct facts *facts = context->facts;
    const struct law_value *times = need(context, LAW_PARAM_funeral_base_salaries);
    const struct law_value *base = need(context, LAW_PARAM_base_salary);
    const struct law_value *least =
        need(context, is_voluntary(context) ? LAW_PARAM_funeral_contribution_least_voluntary
                                            : LAW_PARAM_funeral_contribution_least);
    bool counted = facts_has(facts, FACT_contribution_months_before_2014) ||
                   facts_has(facts, FACT_contribution_months_from_2014);
    int64_t contribution = facts_or(facts, FACT_contribution_months_before_2014, 0) +
                           facts_or(facts, FACT_contribution_months_from_2014, 0);

    if (times == NULL || base == NULL || least == NULL) {
        return LAW_REFUSED;
    }
    if (counted && !facts_has(facts, FACT_pension_at_death) && contribution < least->num / least->den) {
        enum fact column = facts_has(facts, FACT_contribution_months_from_2014)
                               ? FACT_contribution_months_from_2014
                               : FACT_contribution_months_before_2014;
        return law_refuse(context, column, "too few months for a funeral grant", least->source);
    }
    struct exact amount = law_fraction((__int128)base->num * times->num, times->den);
    law_step_by(context, LAW_RULE_funeral_grant, base, amount, LAW_DONG);
    return law_pay(context, COMPONENT_funeral_grant, amount, times->source, FACT_event_from);
}

enum law_verdict survivor_calc(struct law_context *context)
{
    switch (context->benefit) {
    case BENEFIT_survivor_monthly:
        return monthly_pay(context);
    case BENEFIT_survivor_lump_sum:
        return lump_sum_pay(context);
    case BENEFIT_funeral_grant:
        return funeral_pay(context);
    default:
        return law_no_formula(context);
    }
}
