/*
 * pay_date.c - the day on which a period is paid.
 *
 * A pure function of configuration and clock: the run seals its result.
 */
#include "chitra/site.h"

#include <stdlib.h>

static int holiday_compare(const void *key, const void *element)
{
    const day_t *day = key, *holiday = element;
    return (*day > *holiday) - (*day < *holiday);
}

bool site_is_working_day(const struct site_config *config, day_t day)
{
    if (day_weekday(day) > 5) {
        return false;
    }
    return config->holiday_count == 0 ||
           bsearch(&day, config->holiday, config->holiday_count, sizeof day, holiday_compare) == NULL;
}

/* The first working day from `day` on. */
static day_t working_day_from(const struct site_config *config, day_t day)
{
    while (!site_is_working_day(config, day)) {
        day++;
    }
    return day;
}

static day_t nth_working_day(const struct site_config *config, month_t month, int number)
{
    day_t day = working_day_from(config, month_first(month));
    for (int i = 1; i < number; i++) {
        day = working_day_from(config, day + 1);
    }
    return day;
}

/* How exact a rule is, or -1 if it does not hold here. */
static int rule_rank(const struct site_pay_day *rule, const char *unit, int channel, enum family family)
{
    if ((rule->unit[0] != '\0' && strcmp(rule->unit, unit) != 0) ||
        (rule->channel >= 0 && rule->channel != channel) ||
        (rule->family >= 0 && rule->family != (int)family)) {
        return -1;
    }
    return (rule->unit[0] != '\0' ? 4 : 0) + (rule->channel >= 0 ? 2 : 0) + (rule->family >= 0 ? 1 : 0);
}

day_t site_pay_date(const struct site_config *config, const char *unit, int channel,
                    enum family family, month_t period, day_t today)
{
    const struct site_pay_day *best = NULL;
    int best_rank = -1;
    for (unsigned i = 0; i < config->pay_day_count; i++) {
        int rank = rule_rank(&config->pay_day[i], unit, channel, family);
        if (rank >= 0 && rank >= best_rank) {
            best = &config->pay_day[i];
            best_rank = rank;
        }
    }
    ASSERT(best != NULL);   /* site_config_new requires one rule for everybody */
    day_t day = best->rule == PAY_WORKING_DAY
                    ? nth_working_day(config, period, best->number)
                    : working_day_from(config, month_first(period) + best->number - 1);
    return day >= today ? day : working_day_from(config, today + 1);
}
