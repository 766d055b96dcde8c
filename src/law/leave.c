/* Days, scales and rest: what the regimes of leave share. */
#include "leave.h"

bool leave_is_whole(struct law_context *context, enum fact fact, const char *source)
{
    if (facts_or(context->facts, fact, 0) % 2 != 0) {
        (void)law_refuse(context, fact, "half days are only paid for sickness from 2025-07-01", source);
        return false;
    }
    return true;
}

bool leave_cut(struct law_context *context, const struct law_value *days_most, bool empty_is_all,
               struct leave *leave)
{
    int64_t used = facts_or(context->facts, FACT_used_days, 0);
    int64_t most = days_most->num * 2 / days_most->den;
    int64_t left = used < most ? most - used : 0;

    if (!empty_is_all && !law_has(context, FACT_days, days_most->source)) {
        return false;
    }
    leave->claimed_half_days = facts_or(context->facts, FACT_days, left);
    leave->paid_half_days = leave->claimed_half_days < left ? leave->claimed_half_days : left;
    leave->basis = leave->claimed_half_days > left ? days_most->source : NULL;
    law_step_value(context, LAW_RULE_leave_days_most, days_most, LAW_DAYS);
    if (used > 0) {
        law_step_by(context, LAW_RULE_leave_days_used, days_most, law_fraction(used, 2), LAW_DAYS);
    }
    law_step_by(context, leave->basis != NULL ? LAW_RULE_leave_days_cut : LAW_RULE_leave_days_paid,
             days_most, law_fraction(leave->paid_half_days, 2), LAW_DAYS);
    return true;
}

int leave_level(struct law_context *context, enum law_param_id begins, int steps, int64_t unit,
                enum fact fact)
{
    day_t on = leave_begun(context);
    int64_t amount = context->facts->value[fact];
    const struct law_value *begin = NULL;

    for (int step = steps - 1; step >= 0; step--) {
        begin = law_find(context, begins, step, on);
        if (begin != NULL && amount >= begin->num * unit / begin->den) {
            return step;
        }
    }
    (void)law_refuse(context, fact, "is below what this benefit begins at",
                     begin == NULL ? "" : begin->source);
    return -1;
}

enum law_verdict leave_pay(struct law_context *context, enum fact money, const struct law_value *rate,
                           const struct law_value *month_days, const struct leave *leave)
{
    struct exact amount = law_fraction((__int128)context->facts->value[money] * rate->num *
                                           leave->paid_half_days * month_days->den,
                                       (__int128)2 * rate->den * month_days->num);

    law_step_value(context, LAW_RULE_leave_month_days, month_days, LAW_DAYS);
    law_step_by(context, LAW_RULE_leave_amount, rate, amount, LAW_DONG);
    return law_pay(context, benefit_component(context->benefit), amount,
                   leave->basis != NULL ? leave->basis : rate->source, money);
}

enum law_verdict leave_convalescence(struct law_context *context, enum law_param_id rate_id,
                                     const struct law_value *days_most, bool empty_is_all)
{
    const struct law_value *rate = leave_need(context, rate_id);
    const struct law_value *base = leave_need(context, LAW_PARAM_base_salary);
    struct leave leave;

    if (rate == NULL || base == NULL || !leave_is_whole(context, FACT_days, days_most->source) ||
        !leave_is_whole(context, FACT_used_days, days_most->source) ||
        !leave_cut(context, days_most, empty_is_all, &leave)) {
        return LAW_REFUSED;
    }
    struct exact amount =
        law_fraction((__int128)base->num * rate->num * leave.paid_half_days, (__int128)2 * rate->den);
    law_step_value(context, LAW_RULE_convalescence_rate, rate, LAW_PERCENT);
    law_step_value(context, LAW_RULE_convalescence_base, base, LAW_DONG);
    law_step_by(context, LAW_RULE_convalescence_amount, rate, amount, LAW_DONG);
    return law_pay(context, benefit_component(context->benefit), amount,
                   leave.basis != NULL ? leave.basis : rate->source, FACT_days);
}

const struct law_value *leave_convalescence_days(struct law_context *context, enum law_param_id id)
{
    day_t begun = leave_begun(context);
    const struct law_value *days = leave_need(context, id);

    if (days == NULL || !law_has(context, FACT_convalescence_case, days->source)) {
        return NULL;
    }
    days = law_need(context, id, (int)context->facts->value[FACT_convalescence_case], begun, FACT_event_from);
    if (days != NULL && days->num == 0) {
        (void)law_refuse(context, FACT_convalescence_case, "is no case of this benefit", days->source);
        return NULL;
    }
    return days;
}
