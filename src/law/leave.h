/*
 * leave.h - what leave has in common: days claimed, used and left, scales, rest after an illness.
 *
 * Layer: law, for the regimes of sickness, maternity and work injury. Days are counted in halves, as
 * in the facts: only sick leave knows half days (Law 41/2024 art. 45(5)), but one unit is simpler.
 * As in law_internal.h, a helper that gives false or NULL has set the refusal.
 */
#ifndef CHITRA_LEAVE_H
#define CHITRA_LEAVE_H

#include "law_internal.h"

/* What is claimed, and what of it the law pays. */
struct leave {
    int64_t claimed_half_days;
    int64_t paid_half_days;
    const char *basis;      /* the source of the limit if it cut the claim; NULL: nothing was cut */
};

/* The first day of the benefit: event_from, which the caller of the regimes has checked. */
static inline day_t leave_begun(const struct law_context *context)
{
    return (day_t)context->facts->value[FACT_event_from];
}

/* A parameter without a key on that day; refuses event_from where the file has none. */
static inline MUST_USE const struct law_value *leave_need(struct law_context *context, enum law_param_id id)
{
    return law_need(context, id, 0, leave_begun(context), FACT_event_from);
}

/* A number that only makes sense whole: weeks, or the days of a month. */
static inline int64_t leave_whole(const struct law_value *value)
{
    return value->num / value->den;
}

/* False, with a refusal at `fact`, if it holds a half day. */
bool leave_is_whole(struct law_context *context, enum fact fact, const char *source) MUST_USE;

/* Cuts the claim (`days`) to the limit less `used_days`. An empty `days` claims what is left where the
 * contract says so (`empty_is_all`), and is refused elsewhere. */
bool leave_cut(struct law_context *context, const struct law_value *days_most, bool empty_is_all,
               struct leave *leave) MUST_USE;

/* The step of a scale that `fact` (given) reaches: the last of `steps` whose beginning, times `unit`,
 * is not over it; 0 is the first. Below the first step: -1, and the row is refused. */
int leave_level(struct law_context *context, enum law_param_id begins, int steps, int64_t unit,
                enum fact fact) MUST_USE;

/* money x rate x days / days of a month, as one component. */
enum law_verdict leave_pay(struct law_context *context, enum fact money, const struct law_value *rate,
                           const struct law_value *month_days, const struct leave *leave) MUST_USE;

/* Rest after sickness, birth or injury: a share of the base salary (reference level) of the first
 * day of rest for each day. L58 art. 29, 41; L41 art. 46, 60; L84 art. 54. */
enum law_verdict leave_convalescence(struct law_context *context, enum law_param_id rate_id,
                                     const struct law_value *days_most, bool empty_is_all) MUST_USE;

/* The limit of days for the fact convalescence_case; one with 0 days does not exist in that regime. */
const struct law_value *leave_convalescence_days(struct law_context *context, enum law_param_id id) MUST_USE;

#endif
