/* The way into the law: is anything due in this period, and which regime calculates it. */
#include "law_internal.h"

typedef enum law_verdict law_regime(struct law_context *context);

static law_regime *const REGIMES[FAMILY_COUNT] = {
    [FAMILY_pension] = pension_calc,
    [FAMILY_sickness] = sickness_calc,
    [FAMILY_maternity] = maternity_calc,
    [FAMILY_unemployment] = unemployment_calc,
    [FAMILY_injury] = injury_calc,
    [FAMILY_survivor] = survivor_calc,
    [FAMILY_other] = other_calc,
};

/* The fact that says when the benefit began. */
static enum fact begun_column(enum benefit benefit, const struct facts *facts)
{
    switch (benefit) {
    case BENEFIT_pension:
        return FACT_pension_from;
    case BENEFIT_pension_awarded:
        return FACT_awarded_from;
    case BENEFIT_unemployment:
        return FACT_benefit_from;
    case BENEFIT_injury_monthly:
        /* A given amount replaces the formula, from the month in which it was paid. */
        return facts_has(facts, FACT_awarded_amount) && facts_has(facts, FACT_awarded_from) ? FACT_awarded_from
                                                                                            : FACT_event_from;
    case BENEFIT_social_pension:
    case BENEFIT_medical_reimbursement:
    case BENEFIT_relief_grant:
        return !facts_has(facts, FACT_event_from) && facts_has(facts, FACT_approved_on) ? FACT_approved_on
                                                                                        : FACT_event_from;
    default:
        return FACT_event_from;
    }
}

month_t law_month_begun(enum benefit benefit, const struct facts *facts)
{
    enum fact column = begun_column(benefit, facts);
    return facts_has(facts, column) ? day_month((day_t)facts->value[column]) : MONTH_NONE;
}

/* A month that valid_from or valid_to touches is due whole; a one-off belongs to no month and stays
 * due until it is paid. */
static bool is_valid_in(enum benefit benefit, const struct facts *facts, month_t period)
{
    if (benefit_recurrence(benefit) == RECURRENCE_ONCE) {
        return true;
    }
    return (!facts_has(facts, FACT_valid_from) || period >= day_month((day_t)facts->value[FACT_valid_from])) &&
           (!facts_has(facts, FACT_valid_to) || period <= day_month((day_t)facts->value[FACT_valid_to]));
}

enum law_verdict law_calc(const struct law *law, enum benefit benefit, const struct facts *facts, month_t period,
                          struct law_result *result, struct law_refusal *refusal, struct law_trace *trace)
{
    struct law_context context = { law, benefit, facts, period, result, refusal, trace };
    law_regime *regime = REGIMES[benefit_family(benefit)];
    enum law_verdict verdict;

    ASSERT(regime != NULL);
    result->count = 0;
    *refusal = (struct law_refusal){ FACT_event_from, "", "" };
    if (trace != NULL) {
        trace->count = 0;
        trace->parameter_count = 0;
    }
    month_t begun = law_month_begun(benefit, facts);
    if (begun == MONTH_NONE) {
        return law_refuse(&context, begun_column(benefit, facts), "is needed for this benefit", "");
    }
    if (period < begun || !is_valid_in(benefit, facts, period)) {
        return LAW_NOT_DUE;
    }
    verdict = regime(&context);
    if (verdict != LAW_DUE) {
        result->count = 0;
    }
    return verdict;
}
