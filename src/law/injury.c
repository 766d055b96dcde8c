/*
 * Work injury and occupational disease: Law 58/2014 art. 46-52 until 2016-06-30, then Law 84/2015
 * art. 48-54 (Law 41/2024 art. 139(1) left the figures alone). B is the base salary of the month in which
 * the benefit begins, L the salary of the month before the accident, t the full years of contributions.
 */
#include "leave.h"

enum { MONTHS_OF_YEAR = 12, LOSS_MOST = 100, REST_LEVELS = 3 };

/* The parameters of the two scales, which differ only in their numbers. */
struct scale {
    enum law_param_id loss_least;
    enum law_param_id base_share;   /* of B, at the least loss */
    enum law_param_id each_percent; /* of B, for each further percent */
    enum law_param_id salary_share; /* of L, for the first year */
    enum law_param_id each_year;    /* of L, for each further year */
    enum law_unit unit;
};

static const struct scale LUMP = {
    LAW_PARAM_injury_lump_loss_least, LAW_PARAM_injury_lump_base_salaries, LAW_PARAM_injury_lump_each_percent,
    LAW_PARAM_injury_lump_salaries,   LAW_PARAM_injury_lump_each_year,     LAW_TIMES,
};
static const struct scale MONTHLY = {
    LAW_PARAM_injury_monthly_loss_least,   LAW_PARAM_injury_monthly_share,
    LAW_PARAM_injury_monthly_each_percent, LAW_PARAM_injury_monthly_salary_share,
    LAW_PARAM_injury_monthly_each_year,    LAW_PERCENT,
};

/* a + count x b, of two parameters. */
static struct exact share_sum(const struct law_value *a, int64_t count, const struct law_value *b)
{
    return law_fraction((__int128)a->num * b->den + (__int128)count * b->num * a->den,
                        (__int128)a->den * b->den);
}

/* The loss of capacity beyond the least of the benefit, in percent; -1: refused. */
static int64_t loss_over(struct law_context *context, const struct law_value *least, int64_t most)
{
    if (!law_has(context, FACT_capacity_loss, least->source)) {
        return -1;
    }
    int64_t loss = context->facts->value[FACT_capacity_loss], over = loss - leave_whole(least);
    if (over < 0 || loss > most) {
        (void)law_refuse(context, FACT_capacity_loss, "is outside the losses that this benefit is for",
                         least->source);
        return -1;
    }
    return over;
}

/* B x (share + over x each percent) + L x (share + (t - 1) x each year). Only full 12 months make a year,
 * and there is at least one (Decree 88/2020 art. 11(1), (6)). False: refused. */
static bool scale_amount(struct law_context *context, const struct scale *scale, int64_t loss_most,
                         struct exact *amount, const char **source)
{
    const struct facts *facts = context->facts;
    const struct law_value *least = leave_need(context, scale->loss_least);
    const struct law_value *base_share = leave_need(context, scale->base_share);
    const struct law_value *percent = leave_need(context, scale->each_percent);
    const struct law_value *salary_share = leave_need(context, scale->salary_share);
    const struct law_value *year = leave_need(context, scale->each_year);
    const struct law_value *base = leave_need(context, LAW_PARAM_base_salary);

    if (least == NULL || base_share == NULL || percent == NULL || salary_share == NULL || year == NULL ||
        base == NULL) {
        return false;
    }
    int64_t over = loss_over(context, least, loss_most);
    if (over < 0 || !law_has(context, FACT_salary, base_share->source) ||
        !law_has(context, FACT_contribution_months, base_share->source)) {
        return false;
    }
    int64_t years = facts->value[FACT_contribution_months] / MONTHS_OF_YEAR;
    years = years < 1 ? 1 : years;
    struct exact of_base = share_sum(base_share, over, percent);
    struct exact of_salary = share_sum(salary_share, years - 1, year);
    *amount = law_fraction(of_base.num * base->num * of_salary.den +
                               of_salary.num * facts->value[FACT_salary] * of_base.den,
                           of_base.den * of_salary.den);
    *source = base_share->source;
    int in_percent = scale->unit == LAW_PERCENT ? 100 : 1;
    law_step_value(context, LAW_RULE_injury_base, base, LAW_DONG);
    law_step_by(context, LAW_RULE_injury_by_loss, base_share, law_fraction(of_base.num * in_percent, of_base.den),
             scale->unit);
    law_step_by(context, LAW_RULE_injury_years, base_share, exact_of(years), LAW_YEARS);
    law_step_by(context, LAW_RULE_injury_by_years, year,
             law_fraction(of_salary.num * in_percent, of_salary.den), scale->unit);
    law_step_by(context, LAW_RULE_injury_amount, base_share, *amount, LAW_DONG);
    return true;
}

/* 5 to 30 %: L84 art. 48. */
static enum law_verdict lump_pay(struct law_context *context)
{
    const struct law_value *monthly = leave_need(context, LAW_PARAM_injury_monthly_loss_least);
    struct exact amount;
    const char *source = "";

    if (monthly == NULL || !scale_amount(context, &LUMP, leave_whole(monthly) - 1, &amount, &source)) {
        return LAW_REFUSED;
    }
    return law_pay(context, COMPONENT_injury_lump_sum, amount, source, FACT_salary);
}

/* An amount awarded before replaces the formula; it is carried on from its own month. */
static bool awarded_standing(struct law_context *context, struct law_standing *standing)
{
    const struct facts *facts = context->facts;
    static const char AWARDED[] = "Law 84/2015/QH13 art. 49; amount awarded before";

    if (!law_has(context, FACT_awarded_from, AWARDED)) {
        return false;
    }
    day_t from = (day_t)facts->value[FACT_awarded_from];
    if (from != month_first(day_month(from))) {
        (void)law_refuse(context, FACT_awarded_from, "is not the first of a month", AWARDED);
        return false;
    }
    if (facts_or(facts, FACT_event_from, from) > from) {
        (void)law_refuse(context, FACT_event_from, "is after awarded_from", AWARDED);
        return false;
    }
    *standing = (struct law_standing){
        .amount_dong = facts->value[FACT_awarded_amount],
        .month = day_month(from),
        .began = (day_t)facts_or(facts, FACT_event_from, from),
        .basis = AWARDED,
    };
    law_step(context, LAW_RULE_injury_awarded, AWARDED, exact_of(standing->amount_dong), LAW_DONG);
    return true;
}

/* 31 % and more: L84 art. 49, by the formula, rounded in the month it begins. */
static bool calculated_standing(struct law_context *context, struct law_standing *standing)
{
    struct exact amount;
    const char *source = "";
    day_t begun = leave_begun(context);

    if (!scale_amount(context, &MONTHLY, LOSS_MOST, &amount, &source)) {
        return false;
    }
    *standing = (struct law_standing){
        .month = day_month(begun),
        .began = begun,
        .calculated = true,
        .basis = source,
    };
    if (!exact_round(amount, &standing->amount_dong) || standing->amount_dong > MONEY_DONG_MAX) {
        (void)law_refuse(context, FACT_salary, "gives an amount over every limit", source);
        return false;
    }
    return true;
}

/* Follows the percentages of the pensions, without their top-ups (Decree 162/2026 art. 1(1)h, 1(2)). */
static enum law_verdict monthly_pay(struct law_context *context)
{
    bool awarded = facts_has(context->facts, FACT_awarded_amount);
    struct law_standing standing;

    if (!(awarded ? awarded_standing(context, &standing) : calculated_standing(context, &standing))) {
        return LAW_REFUSED;
    }
    if (!law_adjust(context, &standing, awarded ? FACT_awarded_from : FACT_event_from)) {
        return LAW_REFUSED;
    }
    return law_pay(context, COMPONENT_injury_monthly, exact_of(standing.amount_dong), standing.basis,
                   FACT_salary);
}

/* A number of base salaries: those of `on`, by the parameter in force when the benefit began. */
static enum law_verdict base_salaries_pay(struct law_context *context, enum law_param_id times_id, day_t on,
                                          enum law_rule rule)
{
    const struct law_value *times = leave_need(context, times_id);
    const struct law_value *base = law_need(context, LAW_PARAM_base_salary, 0, on, FACT_event_from);

    if (times == NULL || base == NULL) {
        return LAW_REFUSED;
    }
    struct exact amount = law_fraction((__int128)base->num * times->num, times->den);
    law_step_value(context, LAW_RULE_injury_base, base, LAW_DONG);
    law_step_by(context, rule, times, amount, LAW_DONG);
    return law_pay(context, benefit_component(context->benefit), amount, times->source, FACT_event_from);
}

/* Beside the monthly benefit from 81 % with the conditions of L84 art. 52, which the approver knows; it
 * follows the base salary of the month (Decree 162/2026; Circular 14/2026 art. 3). */
static enum law_verdict attendance_pay(struct law_context *context)
{
    const struct law_value *least = leave_need(context, LAW_PARAM_injury_attendance_loss_least);

    if (least == NULL ||
        (facts_has(context->facts, FACT_capacity_loss) && loss_over(context, least, LOSS_MOST) < 0)) {
        return LAW_REFUSED;
    }
    return base_salaries_pay(context, LAW_PARAM_injury_attendance_base_salaries, month_first(context->period),
                             LAW_RULE_injury_attendance);
}

/* Rest after treatment: days by the loss of capacity, L84 art. 54. */
static enum law_verdict rest_pay(struct law_context *context)
{
    day_t begun = leave_begun(context);
    const struct law_value *first = leave_need(context, LAW_PARAM_injury_convalescence_loss);

    if (first == NULL || !law_has(context, FACT_capacity_loss, first->source)) {
        return LAW_REFUSED;
    }
    int level = leave_level(context, LAW_PARAM_injury_convalescence_loss, REST_LEVELS, 1, FACT_capacity_loss);
    const struct law_value *days =
        level < 0 ? NULL
                  : law_need(context, LAW_PARAM_injury_convalescence_days, level, begun, FACT_event_from);
    return days == NULL || loss_over(context, first, LOSS_MOST) < 0
               ? LAW_REFUSED
               : leave_convalescence(context, LAW_PARAM_injury_convalescence_rate, days, false);
}

enum law_verdict injury_calc(struct law_context *context)
{
    switch (context->benefit) {
    case BENEFIT_injury_lump_sum:
        return lump_pay(context);
    case BENEFIT_injury_monthly:
        return monthly_pay(context);
    case BENEFIT_injury_attendance:
        return attendance_pay(context);
    case BENEFIT_injury_death:
        /* 36 months of the base salary of the month of death: L84 art. 53. */
        return base_salaries_pay(context, LAW_PARAM_injury_death_base_salaries, leave_begun(context),
                                 LAW_RULE_injury_death);
    case BENEFIT_injury_convalescence:
        return rest_pay(context);
    default:
        return law_no_formula(context);
    }
}
