/* Leave of days: check-ups, a lost pregnancy, contraception, and the father's. */
#include "maternity.h"

enum { LOSS_BANDS = 4, SECOND_CHILD = 2, DAYS_OF_WEEK = 7 };

/* The claim within `days_most`, at a share of the average salary for each day. */
static enum law_verdict days_pay(struct law_context *context, const struct law_value *days_most,
                                 enum law_param_id month_days_id)
{
    const struct law_value *rate = maternity_rate(context);
    const struct law_value *month_days = leave_need(context, month_days_id);
    struct leave leave;

    if (rate == NULL || month_days == NULL || !leave_is_whole(context, FACT_days, days_most->source) ||
        !leave_is_whole(context, FACT_used_days, days_most->source) ||
        !leave_cut(context, days_most, true, &leave)) {
        return LAW_REFUSED;
    }
    return leave_pay(context, FACT_average_salary, rate, month_days, &leave);
}

/* One row a visit: 1 working day, or 2 (L58 art. 32: far away or ill; L41 art. 51: up to 2). Empty
 * `days` is what the law gives without more: 1, and 2 since Law 41/2024. */
enum law_verdict maternity_visit(struct law_context *context)
{
    bool claimed = facts_has(context->facts, FACT_days);
    const struct law_value *days =
        leave_need(context, claimed ? LAW_PARAM_prenatal_days_most : LAW_PARAM_prenatal_days);

    return days == NULL ? LAW_REFUSED : days_pay(context, days, LAW_PARAM_maternity_work_days);
}

/* Calendar days by weeks of pregnancy: L58 art. 33, L41 art. 52(1). Since Law 41/2024 a loss from the
 * 22nd week gives the leave of a birth where the contributions suffice: a row with months (art. 52(2)). */
enum law_verdict maternity_loss(struct law_context *context)
{
    const struct facts *facts = context->facts;
    day_t begun = leave_begun(context);
    const struct law_value *first = leave_need(context, LAW_PARAM_pregnancy_loss_weeks);
    const struct law_value *birth = law_find(context, LAW_PARAM_pregnancy_loss_birth_weeks, 0, begun);

    if (first == NULL || !law_has(context, FACT_weeks, first->source)) {
        return LAW_REFUSED;
    }
    if (facts_or(facts, FACT_months, 0) > 0) {
        if (birth == NULL || facts->value[FACT_weeks] < leave_whole(birth)) {
            return law_refuse(context, FACT_months, "a pregnancy lost this early gives days, not months",
                              birth == NULL ? first->source : birth->source);
        }
        law_step_by(context, LAW_RULE_pregnancy_loss_as_birth, birth,
                 exact_of(leave_whole(birth) * DAYS_OF_WEEK), LAW_DAYS);
        return maternity_loss_as_birth(context);
    }
    int band = leave_level(context, LAW_PARAM_pregnancy_loss_weeks, LOSS_BANDS, 1, FACT_weeks);
    const struct law_value *days =
        band < 0 ? NULL : law_need(context, LAW_PARAM_pregnancy_loss_days, band, begun, FACT_event_from);
    return days == NULL ? LAW_REFUSED : days_pay(context, days, LAW_PARAM_maternity_month_days);
}

/* Calendar days by method: L58 art. 37, L41 art. 57. */
enum law_verdict maternity_contraception(struct law_context *context)
{
    day_t begun = leave_begun(context);
    const struct law_value *days = leave_need(context, LAW_PARAM_contraception_days);

    if (days == NULL || !law_has(context, FACT_method, days->source)) {
        return LAW_REFUSED;
    }
    days = law_need(context, LAW_PARAM_contraception_days, (int)context->facts->value[FACT_method], begun,
                    FACT_event_from);
    return days == NULL ? LAW_REFUSED : days_pay(context, days, LAW_PARAM_maternity_month_days);
}

/* Twins and more: so many days, and more for each child from the third; a surgical birth has its own
 * scale (L58 art. 34(2)c-d, L41 art. 53(2)). False: refused. */
static bool multiple_days(struct law_context *context, int64_t children, bool surgery, struct law_value *days)
{
    const struct law_value *twins = leave_need(context, surgery ? LAW_PARAM_paternity_days_twins_surgery
                                                                : LAW_PARAM_paternity_days_twins);
    const struct law_value *more =
        leave_need(context, surgery ? LAW_PARAM_paternity_days_more_surgery : LAW_PARAM_paternity_days_more);

    if (twins == NULL || more == NULL) {
        return false;
    }
    *days = *twins;
    days->num = twins->num * more->den + (children - 2) * more->num * twins->den;
    days->den = twins->den * more->den;
    law_step_value(context, surgery ? LAW_RULE_paternity_multiple_surgery : LAW_RULE_paternity_multiple, days,
                   LAW_DAYS);
    return true;
}

/* Working days of the father. `surgery` also says birth before 32 weeks. Where two grounds meet the
 * larger counts: a second child (10, L41 art. 53(2)c as replaced by L113 art. 29(2)) born by surgery (7). */
static bool paternity_days_most(struct law_context *context, struct law_value *days)
{
    const struct facts *facts = context->facts;
    day_t begun = leave_begun(context);
    int64_t children = maternity_children(context);
    bool surgery = facts_or(facts, FACT_surgery, 0) != 0;
    enum law_param_id id = surgery ? LAW_PARAM_paternity_days_surgery : LAW_PARAM_paternity_days;
    const struct law_value *single = leave_need(context, id);
    const struct law_value *second = law_find(context, LAW_PARAM_paternity_days_second_child, 0, begun);

    if (children == 0 || single == NULL) {
        return false;
    }
    if (children > 1) {
        if (!multiple_days(context, children, surgery, days)) {
            return false;
        }
    } else {
        *days = *single;
        law_step_value(context, surgery ? LAW_RULE_paternity_surgery : LAW_RULE_paternity_days, single,
                       LAW_DAYS);
    }
    if (facts_or(facts, FACT_child_order, 1) == SECOND_CHILD && second != NULL &&
        second->num * days->den > days->num * second->den) {
        *days = *second;
        law_step_value(context, LAW_RULE_paternity_second_child, second, LAW_DAYS);
    }
    return true;
}

enum law_verdict maternity_paternity(struct law_context *context)
{
    struct law_value days;

    return paternity_days_most(context, &days) ? days_pay(context, &days, LAW_PARAM_maternity_work_days)
                                               : LAW_REFUSED;
}
