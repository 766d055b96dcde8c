/*
 * pension.c - the pension family: the facts of a row, which law applies, the amount of the first
 * month and its way through the adjustments; pensions that were awarded earlier.
 */
#include "pension_internal.h"

static const char ARTICLE[] = "Law 58/2014 art. 54-56; Law 41/2024 art. 64-66";
/* Who is raised by what depends on when a pension began: before 1995, or before the decree. */
static const char AWARDED[] = "Decree 42/2023 art. 2; Decree 162/2026 art. 2";

/* Contributions that are longer than the life before them are a slip of the pen. */
static bool contradiction_check(struct law_context *context, const struct pension *pension)
{
    const struct facts *facts = context->facts;

    if (pension->from != month_first(day_month(pension->from))) {
        (void)law_refuse(context, FACT_pension_from, "is not the first of a month", "Decree 135/2020 art. 3");
        return false;
    }
    if (facts_has(facts, FACT_birth_date) &&
        day_month(pension->from) - day_month((day_t)facts->value[FACT_birth_date]) < pension->months) {
        (void)law_refuse(context, FACT_contribution_months, "is longer than the person's life", ARTICLE);
        return false;
    }
    if (facts_or(facts, FACT_pre_1995, 0) != 0) {
        (void)law_refuse(context, FACT_pre_1995, "contradicts pension_from", ARTICLE);
        return false;
    }
    return true;
}

static bool pension_read(struct law_context *context, struct pension *pension)
{
    const struct facts *facts = context->facts;

    pension->early = (int)facts_or(facts, FACT_early_basis, EARLY_none);
    if (!law_has(context, FACT_sex, ARTICLE) || !law_has(context, FACT_contribution_months, ARTICLE) ||
        !law_has(context, FACT_average_salary, ARTICLE) ||
        (pension->early != EARLY_no_reduction && !law_has(context, FACT_birth_date, ARTICLE))) {
        return false;
    }
    pension->from = (day_t)facts->value[FACT_pension_from];
    pension->sex = (int)facts->value[FACT_sex];
    pension->work = (int)facts_or(facts, FACT_work_condition, WORK_normal);
    pension->voluntary = facts_or(facts, FACT_scheme, SCHEME_compulsory) == SCHEME_voluntary;
    pension->guarantee = facts_or(facts, FACT_minimum_guarantee, 0) != 0;
    pension->months = facts->value[FACT_contribution_months];
    pension->half_years = law_half_years(pension->months);
    pension->average_dong = facts->value[FACT_average_salary];
    pension->grant = exact_of(0);
    return contradiction_check(context, pension);
}

/* Which of the two laws, by the day on which the pension began. */
static bool pension_by_law(struct law_context *context, struct pension *pension)
{
    const struct law_value *law =
        law_need(context, LAW_PARAM_social_insurance_law, 0, pension->from, FACT_pension_from);

    if (law == NULL) {
        return false;
    }
    law_step_value(context, LAW_RULE_pension_law, law, LAW_TIMES);
    if (law->num != 2014 && law->num != 2024) {
        (void)law_refuse(context, FACT_pension_from, "chitra has no formula for the law of that day", law->source);
        return false;
    }
    return law->num == 2014 ? pension_2014(context, pension) : pension_2024(context, pension);
}

/* The amount of the first month: the exact product, the minimum, one rounding. */
static bool first_amount(struct law_context *context, const struct pension *pension, struct law_standing *standing)
{
    struct exact product = law_fraction((__int128)pension->average_dong * pension->rate, RATE_WHOLE);

    law_step(context, LAW_RULE_pension_rate, pension->rate_source, law_fraction(pension->rate, RATE_WHOLE / 100),
             LAW_PERCENT);
    law_step(context, LAW_RULE_pension_product, pension->rate_source, product, LAW_DONG);
    standing->basis = pension->rate_source;
    if (pension->minimum_source != NULL) {
        const struct law_value *base =
            law_need(context, LAW_PARAM_base_salary, 0, pension->from, FACT_pension_from);
        if (base == NULL) {
            return false;
        }
        if (exact_compare(product, exact_of(base->num)) < 0) {
            product = exact_of(base->num);
            standing->basis = pension->minimum_source;
            law_step_value(context, LAW_RULE_pension_minimum, base, LAW_DONG);
        }
    }
    if (!exact_round(product, &standing->amount_dong)) {
        (void)law_refuse(context, FACT_average_salary, "gives an amount over every limit", ARTICLE);
        return false;
    }
    law_step(context, LAW_RULE_pension_amount, standing->basis, exact_of(standing->amount_dong), LAW_DONG);
    return true;
}

/* Decree 153/2018 art. 3: once, on the pension at its start, from its first month, for women whose
 * rate lost by the change of 2018; the years of the table are the keys of the parameter. */
static bool decree_153(struct law_context *context, const struct pension *pension, struct law_standing *standing)
{
    enum { HALF_YEARS_FIRST = 40, HALF_YEARS_LAST = 59 };
    const struct law_value *more = NULL;
    int64_t amount;

    if (pension->sex == SEX_F && pension->half_years >= HALF_YEARS_FIRST && pension->half_years <= HALF_YEARS_LAST) {
        more = law_find(context, LAW_PARAM_decree_153_2018, (int)(pension->half_years - HALF_YEARS_FIRST),
                         pension->from);
    }
    if (more == NULL) {
        return true;
    }
    if (!exact_round(law_fraction((__int128)standing->amount_dong * (more->den + more->num), more->den), &amount)) {
        (void)law_refuse(context, FACT_average_salary, "gives an amount over every limit", more->source);
        return false;
    }
    standing->amount_dong = amount;
    standing->basis = more->source;
    law_step_value(context, LAW_RULE_pension_decree_153, more, LAW_PERCENT);
    law_step_by(context, LAW_RULE_pension_decree_153_amount, more, exact_of(amount), LAW_DONG);
    return true;
}

static enum law_verdict pension_formula(struct law_context *context)
{
    struct pension pension = { .minimum_source = NULL };
    struct law_standing standing = { .calculated = true, .pension = true };

    if (!pension_read(context, &pension) || !pension_by_law(context, &pension) ||
        !first_amount(context, &pension, &standing) || !decree_153(context, &pension, &standing)) {
        return LAW_REFUSED;
    }
    standing.month = day_month(pension.from);
    standing.began = pension.from;
    if (!law_adjust(context, &standing, FACT_average_salary)) {
        return LAW_REFUSED;
    }
    enum law_verdict verdict = law_pay(context, COMPONENT_pension, exact_of(standing.amount_dong), standing.basis,
                                       FACT_average_salary);
    if (verdict == LAW_DUE && pension.grant.num > 0 && context->period == standing.month) {
        law_step(context, LAW_RULE_grant_amount, pension.grant_source, pension.grant, LAW_DONG);
        verdict = law_pay(context, COMPONENT_retirement_grant, pension.grant, pension.grant_source,
                          FACT_average_salary);
    }
    return verdict;
}

/* When an awarded pension began: as given; before 1995 for a pension from before 1995, whose
 * percentages cannot depend on the day of a later award; otherwise when it was awarded. */
static bool awarded_began(struct law_context *context, struct law_standing *standing)
{
    const struct facts *facts = context->facts;
    day_t awarded = (day_t)facts->value[FACT_awarded_from];
    day_t year_1995 = day_of((struct civil){ 1995, 1, 1 });

    standing->pre_1995 = facts_or(facts, FACT_pre_1995, 0) != 0;
    standing->began = (day_t)facts_or(facts, FACT_pension_from,
                                      standing->pre_1995 && awarded >= year_1995 ? year_1995 - 1 : awarded);
    if (standing->began > awarded) {
        (void)law_refuse(context, FACT_pension_from, "is after awarded_from", AWARDED);
        return false;
    }
    if (standing->pre_1995 && standing->began >= year_1995) {
        (void)law_refuse(context, FACT_pre_1995, "contradicts pension_from", AWARDED);
        return false;
    }
    return true;
}

/* An amount that was awarded earlier, also under older laws, follows the adjustments from then on. */
static enum law_verdict pension_awarded(struct law_context *context)
{
    const struct facts *facts = context->facts;
    struct law_standing standing = { .pension = true, .basis = "the award" };

    if (!law_has(context, FACT_awarded_amount, "")) {
        return LAW_REFUSED;
    }
    day_t awarded = (day_t)facts->value[FACT_awarded_from];
    standing.amount_dong = facts->value[FACT_awarded_amount];
    standing.month = day_month(awarded);
    if (awarded != month_first(standing.month)) {
        return law_refuse(context, FACT_awarded_from, "is not the first of a month", "Decree 135/2020 art. 3");
    }
    if (!awarded_began(context, &standing)) {
        return LAW_REFUSED;
    }
    law_step(context, LAW_RULE_pension_awarded, standing.basis, exact_of(standing.amount_dong), LAW_DONG);
    if (!law_adjust(context, &standing, FACT_awarded_from)) {
        return LAW_REFUSED;
    }
    return law_pay(context, COMPONENT_pension, exact_of(standing.amount_dong), standing.basis, FACT_awarded_amount);
}

enum law_verdict pension_calc(struct law_context *context)
{
    switch (context->benefit) {
    case BENEFIT_pension_awarded:
        return pension_awarded(context);
    case BENEFIT_one_time_withdrawal:
        return withdrawal_calc(context);
    case BENEFIT_pension:
        return pension_formula(context);
    default:
        return law_no_formula(context);
    }
}
