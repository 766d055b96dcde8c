/* The social retirement benefit (L41 art. 21-22), and amounts that another office has approved. */
#include "law_internal.h"

/* The day that chooses the law: event_from, or where nothing happened on a day, the approval. */
static day_t begun_of(const struct law_context *context)
{
    return (day_t)facts_or(context->facts, FACT_event_from,
                           facts_or(context->facts, FACT_approved_on, DAY_NONE));
}

/* A share (all of it today) of the approved amount, on the law that lets it be approved. */
static enum law_verdict approved_pay(struct law_context *context, enum law_param_id share_id)
{
    const struct law_value *share = law_need(context, share_id, 0, begun_of(context), FACT_event_from);

    if (share == NULL || !law_has(context, FACT_approved_amount, share->source)) {
        return LAW_REFUSED;
    }
    struct exact amount =
        law_fraction((__int128)context->facts->value[FACT_approved_amount] * share->num, share->den);
    law_step_by(context, LAW_RULE_other_approved, share, amount, LAW_DONG);
    return law_pay(context, benefit_component(context->benefit), amount, share->source, FACT_approved_amount);
}

/* The law's figure of the month; a province may give more, and the approval says so. */
static enum law_verdict social_pension_pay(struct law_context *context)
{
    if (facts_has(context->facts, FACT_approved_amount)) {
        return approved_pay(context, LAW_PARAM_social_pension_approved);
    }
    const struct law_value *amount =
        law_need(context, LAW_PARAM_social_pension, 0, month_first(context->period), FACT_event_from);
    if (amount == NULL) {
        return LAW_REFUSED;
    }
    law_step_value(context, LAW_RULE_social_pension, amount, LAW_DONG);
    return law_pay(context, COMPONENT_social_pension, exact_of(amount->num), amount->source, FACT_event_from);
}

enum law_verdict other_calc(struct law_context *context)
{
    switch (context->benefit) {
    case BENEFIT_social_pension:
        return social_pension_pay(context);
    case BENEFIT_medical_reimbursement:
        return approved_pay(context, LAW_PARAM_medical_reimbursement);
    case BENEFIT_relief_grant:
        return approved_pay(context, LAW_PARAM_relief_grant);
    default:
        return law_no_formula(context);
    }
}
