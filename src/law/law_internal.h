/*
 * law_internal.h - what a regime (one file for each family) needs to calculate a row.
 *
 * A regime is one function `enum law_verdict sickness_calc(struct law_context *)`, called from the
 * table in law.c after the due span was checked: the month in which the benefit began is known and
 * not after the period, and valid_from/valid_to allow the period. It reads facts, looks parameters
 * up by date, and ends with one of three returns:
 *
 *     return law_refuse(context, FACT_salary, "a salary is needed", "Law 58/2014 art. 28");
 *     return LAW_NOT_DUE;                          the months granted are over
 *     return LAW_DUE;                              after law_pay() for each component
 *
 * Helpers that give a pointer or false have set the refusal already when they fail: the regime then
 * returns LAW_REFUSED. Nothing allocates; every text is static or lives with the law.
 *
 * Fractions: struct exact built by law_fraction() need not be reduced; with dong below
 * MONEY_DONG_MAX (47 bits) and rates and counts below 2^20 each, three factors fit 128 bits with
 * room. It is rounded once, in law_pay().
 */
#ifndef CHITRA_LAW_INTERNAL_H
#define CHITRA_LAW_INTERNAL_H

#include "chitra/law.h"
#include "law_lists.h"

enum law_key {
#define X(name, words) LAW_KEY_##name,
    LAW_KEY_LIST(X)
#undef X
    LAW_KEY_NUMBER
};

enum law_kind { LAW_KIND_money, LAW_KIND_percent, LAW_KIND_count, LAW_KIND_age };

enum law_param_id {
#define X(name, kind, key) LAW_PARAM_##name,
    LAW_PARAM_LIST(X)
#undef X
    LAW_PARAM_NUMBER
};

enum law_rule {
#define X(name, text) LAW_RULE_##name,
    LAW_RULE_LIST(X)
#undef X
    LAW_RULE_NUMBER
};

/* One dated value of one parameter (of one key). */
struct law_value {
    int64_t num;            /* money: dong; age: months */
    int64_t den;            /* positive; 1 for money and age */
    day_t from;             /* first day in force */
    day_t to;               /* last day in force; INT32_MAX: open */
    const char *source;     /* article; lives with the law */
    bool unconfirmed;
};

struct law_context {
    const struct law *law;
    enum benefit benefit;
    const struct facts *facts;
    month_t period;
    struct law_result *result;
    struct law_refusal *refusal;
    struct law_trace *trace;    /* NULL: nobody asks */
};

/* law_param.c: the value of a parameter on a day; key 0 for parameters without a key. NULL if the
 * file has none on that day, and nothing is said. */
const struct law_value *law_param(const struct law *law, enum law_param_id id, int key, day_t on) MUST_USE;

/* The same for a row: the trace gets the parameter. */
const struct law_value *law_find(struct law_context *context, enum law_param_id id, int key, day_t on) MUST_USE;

/* And where there is none, refuses the row at `column` ("base_salary: no value before ..."). */
const struct law_value *law_need(struct law_context *context, enum law_param_id id, int key, day_t on,
                                 enum fact column) MUST_USE;

/* The name of a rule, for the trace and the list of rules that no case touched. */
const char *law_rule_name(enum law_rule rule);

/* Sets the refusal and returns LAW_REFUSED. */
enum law_verdict law_refuse(struct law_context *context, enum fact column, const char *reason,
                            const char *source);

/* A benefit of the family that has no formula is a defect: another one's must not pay it. */
_Noreturn enum law_verdict law_no_formula(const struct law_context *context);

/* True if the fact is given; otherwise refuses the row at it ("is missing"). */
bool law_has(struct law_context *context, enum fact fact, const char *source) MUST_USE;

/* Adds a component: `value` rounded to the nearest dong, half up (the only rounding; money.h).
 * Refuses the row at `column` if the amount is over MONEY_DONG_MAX; negative is a defect. */
enum law_verdict law_pay(struct law_context *context, enum component component, struct exact value,
                         const char *basis, enum fact column) MUST_USE;

/* Appends to the trace, which is not NULL; its rule's name is filled in. A percentage is given as it is
 * spoken: 75/1 for 75 %. */
void law_trace_add(struct law_trace *trace, enum law_rule rule, const struct law_step *step);

static inline struct exact law_fraction(__int128 num, __int128 den)
{
    return (struct exact){ num, den };
}

/* Records one step; costs a comparison when nobody asks. */
static inline void law_step(struct law_context *context, enum law_rule rule, const char *source,
                            struct exact value, enum law_unit unit)
{
    if (context->trace != NULL) {
        law_trace_add(context->trace, rule, &(struct law_step){ .source = source, .value = value, .unit = unit,
                                                                .from = DAY_NONE });
    }
}

/* Records a step that a parameter decides: its source, its date, its status. */
static inline void law_step_by(struct law_context *context, enum law_rule rule, const struct law_value *by,
                               struct exact value, enum law_unit unit)
{
    if (context->trace != NULL) {
        law_trace_add(context->trace, rule, &(struct law_step){ .source = by->source, .value = value, .unit = unit,
                                                                .from = by->from, .unconfirmed = by->unconfirmed });
    }
}

/* Records the use of a parameter's value as it stands in the file (percent: times 100). */
static inline void law_step_value(struct law_context *context, enum law_rule rule,
                                  const struct law_value *value, enum law_unit unit)
{
    law_step_by(context, rule, value, law_fraction((__int128)value->num * (unit == LAW_PERCENT ? 100 : 1), value->den),
                unit);
}

/* Contribution time in half years: each year two, odd months 1-6 one, 7-11 two
 * (L58 art. 85(7), L41 art. 5(6)). */
static inline int64_t law_half_years(int64_t months)
{
    int64_t odd = months % 12;
    return months / 12 * 2 + (odd >= 7 ? 2 : odd >= 1 ? 1 : 0);
}

/* adjust.c: a monthly amount that follows the yearly adjustments (pensions, injury_monthly). */
struct law_standing {
    int64_t amount_dong;    /* what was paid in `month`, that month's adjustments included */
    month_t month;
    day_t began;            /* when the benefit began: decides between percentages */
    bool calculated;        /* by today's formula in the month it began, not awarded by somebody */
    bool pension;           /* top-ups of low amounts are for pensions alone */
    bool pre_1995;          /* most top-ups are only for those who began before 1995 */
    const char *basis;      /* the source of the amount; becomes the last adjustment's that applied */
};

/* Carries the amount from its month to the period, each adjustment on the rounded amount of the
 * month before, and records the steps. Refuses the row at `column` where the file does not know the
 * adjustments since `month`, or the amount grows over MONEY_DONG_MAX. */
bool law_adjust(struct law_context *context, struct law_standing *standing, enum fact column) MUST_USE;

/* The regimes. */
enum law_verdict pension_calc(struct law_context *context);
enum law_verdict sickness_calc(struct law_context *context);
enum law_verdict maternity_calc(struct law_context *context);
enum law_verdict unemployment_calc(struct law_context *context);
enum law_verdict injury_calc(struct law_context *context);
enum law_verdict survivor_calc(struct law_context *context);
enum law_verdict other_calc(struct law_context *context);

#endif
