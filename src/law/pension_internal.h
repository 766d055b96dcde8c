/*
 * pension_internal.h - what the two laws on pensions share.
 *
 * Each law is a file with one function that sets the rate, says whether the minimum pension is
 * guaranteed, and counts the retirement grant; pension.c does what is the same under both: the
 * facts, the ages, cap and reduction, the amount, the adjustments.
 */
#ifndef CHITRA_PENSION_INTERNAL_H
#define CHITRA_PENSION_INTERNAL_H

#include "law_internal.h"

/* Rates are whole numbers of this part: a ten-thousandth of a percent, and half of it for half years. */
enum { RATE_WHOLE = 2000000 };

struct pension {
    day_t from;
    int sex;
    int work;                   /* WORK_... */
    int early;                  /* EARLY_... */
    bool voluntary;
    bool guarantee;             /* the approver grants the minimum pension */
    int64_t months;             /* contributed */
    int64_t half_years;         /* the same, rounded once */
    int64_t average_dong;
    int64_t rate;               /* of RATE_WHOLE; before the cap until pension_limit() */
    const char *rate_source;
    const char *minimum_source; /* NULL: no minimum pension */
    struct exact grant;         /* retirement grant in dong; 0: none */
    const char *grant_source;
};

/* pension_2014.c, pension_2024.c: eligibility by years, rate, minimum, grant. False: refused. */
bool pension_2014(struct law_context *context, struct pension *pension) MUST_USE;
bool pension_2024(struct law_context *context, struct pension *pension) MUST_USE;

/* The parameters of a rate scale. */
struct pension_scale {
    enum law_param_id base_years, base_rate, increment;
    enum law_rule rule;
};
extern const struct pension_scale PENSION_SCALE_FULL, PENSION_SCALE_SHORT;

/* pension_rate.c: the rate by a scale; then the cap, and after it the reduction for early retirement
 * (Circular 59/2015 example 24). */
bool pension_rate(struct law_context *context, struct pension *pension, const struct pension_scale *scale) MUST_USE;
bool pension_limit(struct law_context *context, struct pension *pension) MUST_USE;

/* Refuses fewer months of contribution than `years` full ones. */
bool pension_has_years(struct law_context *context, const struct pension *pension,
                       const struct law_value *years) MUST_USE;

/* The grant: `half_years` over the limit at `months` of average salary a year, added to what is there. */
bool pension_grant(struct law_context *context, struct pension *pension, int64_t half_years,
                   enum law_param_id months, enum law_rule rule) MUST_USE;

/* Percent as a number of RATE_WHOLE for each half year. */
static inline int64_t rate_of(const struct law_value *value)
{
    /* The loader takes four decimals of a percent, so the denominator divides a million. */
    return value->num * (RATE_WHOLE / 2 / value->den);
}

/* pension_age.c: refuses who is too young for a pension without reduction. */
bool pension_is_of_age(struct law_context *context, const struct pension *pension) MUST_USE;
/* Half years before the benchmark age: two for each twelve months, one for a remainder of six or more. */
bool pension_early(struct law_context *context, const struct pension *pension, int64_t *half_years) MUST_USE;

/* withdrawal.c */
enum law_verdict withdrawal_calc(struct law_context *context);

#endif
