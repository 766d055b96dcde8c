/* Sickness, a sick child, rest after sickness. L58 art. 24-29, L41 art. 42-46. The days of work and
 * of other jobs in the year stand in used_days (TT59 art. 4(2), TT12 art. 4(3)). */
#include "sickness.h"

enum { MONTHS_OF_YEAR = 12, CONTRIBUTION_LEVELS = 3 };

bool sickness_is_armed_forces(const struct law_context *context)
{
    return facts_or(context->facts, FACT_armed_forces, 0) != 0;
}

const struct law_value *sickness_rate(struct law_context *context)
{
    bool armed_forces = sickness_is_armed_forces(context);
    const struct law_value *rate =
        leave_need(context, armed_forces ? LAW_PARAM_sickness_rate_armed_forces : LAW_PARAM_sickness_rate);

    if (rate == NULL || !law_has(context, FACT_salary, rate->source)) {
        return NULL;
    }
    law_step_value(context, armed_forces ? LAW_RULE_sickness_armed_forces : LAW_RULE_sickness_rate, rate,
                   LAW_PERCENT);
    return rate;
}

/* The step of the contribution time: under 15 years, under 30, 30 and more. -1: refused. */
static int contribution_level(struct law_context *context)
{
    const struct law_value *first = leave_need(context, LAW_PARAM_sickness_years);

    if (first == NULL || !law_has(context, FACT_contribution_months, first->source)) {
        return -1;
    }
    return leave_level(context, LAW_PARAM_sickness_years, CONTRIBUTION_LEVELS, MONTHS_OF_YEAR,
                       FACT_contribution_months);
}

const struct law_value *sickness_days_most(struct law_context *context)
{
    int64_t work = facts_or(context->facts, FACT_work_condition, WORK_normal);
    enum law_param_id id =
        work == WORK_normal ? LAW_PARAM_sickness_days_normal : LAW_PARAM_sickness_days_hazardous;
    int level = contribution_level(context);

    if (level < 0) {
        return NULL;
    }
    const struct law_value *days = law_need(context, id, level, leave_begun(context), FACT_event_from);
    if (days != NULL && work == WORK_mining) {
        (void)law_refuse(context, FACT_work_condition, "sickness knows normal and hazardous work",
                         days->source);
        return NULL;
    }
    return days;
}

const struct law_value *sickness_rate_after(struct law_context *context)
{
    int level = contribution_level(context);

    return level < 0 ? NULL
                     : law_need(context, LAW_PARAM_long_term_rate_after, level, leave_begun(context),
                                FACT_event_from);
}

/* The limits count from 1 January to 31 December, so leave over New Year comes as two rows (TT59
 * art. 4(5), TT12 art. 4(5)). Working days take at least as many days of the calendar. */
bool sickness_within_year(struct law_context *context)
{
    day_t begun = leave_begun(context);
    day_t last = begun + (day_t)((facts_or(context->facts, FACT_days, 0) + 1) / 2) - 1;

    if (last > begun && day_civil(last).year != day_civil(begun).year) {
        (void)law_refuse(context, FACT_days, "leave over New Year is sent as two rows",
                         "Circular 59/2015/TT-BLDTBXH art. 4(5); Circular 12/2025/TT-BNV art. 4(5)");
        return false;
    }
    return true;
}

/* Half days are in force since Law 41/2024 (art. 45(5)). */
static bool half_days_fit(struct law_context *context)
{
    const struct law_value *half_days = leave_need(context, LAW_PARAM_sickness_half_days);

    if (half_days == NULL) {
        return false;
    }
    return half_days->num != 0 || (leave_is_whole(context, FACT_days, half_days->source) &&
                                   leave_is_whole(context, FACT_used_days, half_days->source));
}

/* salary x 75 % / 24 x working days, at most the days of the year. L58 art. 26(1), 28; L41 art. 43(1), 45. */
static enum law_verdict sickness_own(struct law_context *context)
{
    const struct law_value *rate = sickness_rate(context);
    struct leave leave = {0};

    if (rate == NULL || !law_has(context, FACT_days, rate->source) || !half_days_fit(context) ||
        !sickness_within_year(context)) {
        return LAW_REFUSED;
    }
    const struct law_value *month_days = leave_need(context, LAW_PARAM_sickness_month_days);
    if (month_days == NULL) {
        return LAW_REFUSED;
    }
    if (sickness_is_armed_forces(context)) {
        leave.paid_half_days = context->facts->value[FACT_days];
        law_step_by(context, LAW_RULE_leave_days_paid, rate, law_fraction(leave.paid_half_days, 2),
                 LAW_DAYS);
    } else {
        const struct law_value *days_most = sickness_days_most(context);
        if (days_most == NULL || !leave_cut(context, days_most, false, &leave)) {
            return LAW_REFUSED;
        }
    }
    return leave_pay(context, FACT_salary, rate, month_days, &leave);
}

/* The days a year for this child, by its age on the first day of leave (TT12 art. 5(2)): up to the
 * day before the third, and the seventh, birthday. */
static const struct law_value *child_days_most(struct law_context *context)
{
    day_t begun = leave_begun(context);
    const struct law_value *age = leave_need(context, LAW_PARAM_child_sickness_age);
    const struct law_value *small = leave_need(context, LAW_PARAM_child_sickness_age_small);

    if (age == NULL || small == NULL || !law_has(context, FACT_child_birth_date, age->source)) {
        return NULL;
    }
    day_t birth = (day_t)context->facts->value[FACT_child_birth_date];
    if (birth > begun || begun >= day_add_months(birth, (int)age->num)) {
        (void)law_refuse(context, FACT_child_birth_date, "not under 7 years old on the first day of leave",
                         age->source);
        return NULL;
    }
    bool is_small = begun < day_add_months(birth, (int)small->num);
    return leave_need(context,
                      is_small ? LAW_PARAM_child_sickness_days_small : LAW_PARAM_child_sickness_days);
}

/* As own sickness, for days of care: L58 art. 27, 28(1); L41 art. 44, 45. The 100 % of the armed
 * forces is for their own illness alone. */
static enum law_verdict sickness_child(struct law_context *context)
{
    const struct law_value *rate = leave_need(context, LAW_PARAM_sickness_rate);
    const struct law_value *month_days = leave_need(context, LAW_PARAM_sickness_month_days);
    struct leave leave;

    if (rate == NULL || month_days == NULL || !law_has(context, FACT_salary, rate->source) ||
        !half_days_fit(context) || !sickness_within_year(context)) {
        return LAW_REFUSED;
    }
    law_step_value(context, LAW_RULE_sickness_rate, rate, LAW_PERCENT);
    const struct law_value *days_most = child_days_most(context);
    if (days_most == NULL || !leave_cut(context, days_most, false, &leave)) {
        return LAW_REFUSED;
    }
    return leave_pay(context, FACT_salary, rate, month_days, &leave);
}

/* L58 art. 29, L41 art. 46. Rest over New Year counts in the year of the sickness (TT59 art. 7 ex. 12),
 * so it is not split. */
static enum law_verdict sickness_convalescence(struct law_context *context)
{
    const struct law_value *days_most =
        leave_convalescence_days(context, LAW_PARAM_sickness_convalescence_days);

    return days_most == NULL
               ? LAW_REFUSED
               : leave_convalescence(context, LAW_PARAM_sickness_convalescence_rate, days_most, false);
}

enum law_verdict sickness_calc(struct law_context *context)
{
    switch (context->benefit) {
    case BENEFIT_sickness:
        return sickness_own(context);
    case BENEFIT_child_sickness:
        return sickness_child(context);
    case BENEFIT_sickness_convalescence:
        return sickness_convalescence(context);
    case BENEFIT_long_term_sickness:
        /* The rule of the 180 days is that of the Law of 2014. An illness on the list that began before
         * 2025-07-01 stays under it (Decree 158/2025 art. 42(1)): event_from is the first day of leave. */
        return law_find(context, LAW_PARAM_long_term_days, 0, leave_begun(context)) != NULL
                   ? sickness_2014_long(context)
                   : sickness_2024_long(context);
    default:
        return law_no_formula(context);
    }
}
