/*
 * Long illness under Law 58/2014 art. 26(2), 28(2): 180 calendar days at 75 %, then a lower rate for at
 * most the contribution time. Circular 59/2015 art. 6(2): whole months at a month's salary, odd days at
 * a 24th for each calendar day; Circular 06/2021 art. 1(2): the odd days at most a month's amount.
 */
#include "sickness.h"

/* The row's time: from the first day of leave, whole months and odd days. */
struct span_of_leave {
    day_t end; /* the day after the last */
    int64_t months;
    int64_t days;
    bool cut; /* to the contribution time */
};

/* Months run from a day to the day before the same day of the next month. `days` may hold more than a
 * month: the whole ones count as months. */
static void span_count(day_t begun, struct span_of_leave *span)
{
    struct civil from = day_civil(begun), to = day_civil(span->end);

    span->months = (to.year - from.year) * 12 + to.month - from.month;
    if (span->months > 0 && day_add_months(begun, (int)span->months) > span->end) {
        span->months--;
    }
    span->days = span->end - day_add_months(begun, (int)span->months);
}

/* The row's rate, and its end cut to what the law allows. NULL: refused. */
static const struct law_value *rate_of(struct law_context *context, const struct law_value *first_days,
                                       struct span_of_leave *span)
{
    const struct facts *facts = context->facts;
    day_t begun = leave_begun(context);
    int64_t used = facts_or(facts, FACT_used_days, 0) / 2, first = leave_whole(first_days);
    const struct law_value *rate = sickness_rate(context);

    if (rate == NULL || sickness_is_armed_forces(context)) {
        return rate;
    }
    law_step_value(context, LAW_RULE_sickness_long_first, first_days, LAW_DAYS);
    if (used < first) {
        if (used + (span->end - begun) > first) {
            (void)law_refuse(context, facts_has(facts, FACT_months) ? FACT_months : FACT_days,
                             "the row crosses the 180th day: send one up to it and one after it",
                             first_days->source);
            return NULL;
        }
        return rate;
    }
    rate = sickness_rate_after(context);
    if (rate == NULL) {
        return NULL;
    }
    law_step_value(context, LAW_RULE_sickness_long_rate_after, rate, LAW_PERCENT);
    day_t limit = day_add_months(begun, (int)facts->value[FACT_contribution_months]);
    if (span->end > limit) {
        span->end = limit;
        span->cut = true;
        law_step_by(context, LAW_RULE_sickness_long_cut, first_days,
                 exact_of(facts->value[FACT_contribution_months]), LAW_MONTHS);
    }
    return rate;
}

/* Half days, or nothing at all, are no time of this law. */
static bool time_is_given(struct law_context *context, const char *source)
{
    return leave_is_whole(context, FACT_days, source) && leave_is_whole(context, FACT_used_days, source) &&
           (facts_has(context->facts, FACT_months) || law_has(context, FACT_days, source));
}

enum law_verdict sickness_2014_long(struct law_context *context)
{
    day_t begun = leave_begun(context);
    const struct facts *facts = context->facts;
    const struct law_value *first_days = leave_need(context, LAW_PARAM_long_term_days);
    const struct law_value *month_days = leave_need(context, LAW_PARAM_sickness_month_days);
    const struct law_value *odd_most = law_find(context, LAW_PARAM_long_term_odd_days_most, 0, begun);

    if (first_days == NULL || month_days == NULL || !time_is_given(context, first_days->source)) {
        return LAW_REFUSED;
    }
    struct span_of_leave span = {
        .end = day_add_months(begun, (int)facts_or(facts, FACT_months, 0)) +
               (day_t)(facts_or(facts, FACT_days, 0) / 2),
    };
    const struct law_value *rate = rate_of(context, first_days, &span);
    if (rate == NULL) {
        return LAW_REFUSED;
    }
    span_count(begun, &span);
    law_step_by(context, LAW_RULE_sickness_long_months, rate, exact_of(span.months), LAW_MONTHS);
    law_step_by(context, LAW_RULE_sickness_long_odd_days, rate, exact_of(span.days), LAW_DAYS);
    /* A month's amount is that of 24 days, so the cap on the odd days is one of days. */
    if (odd_most != NULL && span.days > leave_whole(odd_most)) {
        span.days = leave_whole(odd_most);
        law_step_value(context, LAW_RULE_sickness_long_odd_cap, odd_most, LAW_DAYS);
    }
    struct exact amount = law_fraction((__int128)facts->value[FACT_salary] * rate->num *
                                           (span.months * month_days->num + span.days * month_days->den),
                                       (__int128)rate->den * month_days->num);
    law_step_by(context, LAW_RULE_leave_amount, rate, amount, LAW_DONG);
    return law_pay(context, COMPONENT_long_term_sickness, amount,
                   span.cut ? first_days->source : rate->source, FACT_salary);
}
