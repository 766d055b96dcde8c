/* totals.c - which totals of a run differ too much from last month's. */
#include "totals.h"

#include "chitra/screen.h"

#include <stdio.h>
#include <stdlib.h>

static const struct ledger_total *total_of(const struct ledger_total *total, size_t count, const char *unit,
                                           enum family family)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(total[i].unit, unit) == 0 && total[i].family == family) {
            return &total[i];
        }
    }
    return NULL;
}

static bool differs(const struct total_excess *excess, int percent)
{
    return screen_jumped((int64_t)excess->before.payments, (int64_t)excess->now.payments, percent) ||
           screen_jumped(excess->before.amount_dong, excess->now.amount_dong, percent);
}

/* Every unit that was planned has a figure for each family, zeros too. */
enum status totals_excess(struct ledger *ledger, const struct ledger_run *run, const struct site_config *config,
                          const char *units, struct total_excess **excess, size_t *count, struct diag *diag)
{
    const struct site_policy *policy = &config->screens;
    struct ledger_total *now = NULL;
    struct ledger_total *before = NULL;
    size_t now_count = 0;
    size_t before_count = 0;
    enum status rc = STATUS_OK;

    *excess = NULL;
    *count = 0;
    if (policy->totals_percent == 0) {
        return STATUS_OK;
    }
    rc = ledger_totals(ledger, run->period, run->number, &now, &now_count, diag);
    if (rc == STATUS_OK) {
        rc = ledger_totals(ledger, run->period - 1, 0, &before, &before_count, diag);
    }
    for (size_t i = 0; i < now_count && rc == STATUS_OK; i++) {
        const struct ledger_total *then = total_of(before, before_count, now[i].unit, now[i].family);
        bool asked = units_name(run->units, now[i].unit) && units_name(units, now[i].unit) &&
                     (policy->totals_families >> now[i].family & 1) != 0;
        struct total_excess one = { now[i], then == NULL ? now[i] : *then };
        if (asked && differs(&one, policy->totals_percent)) {
            *excess = mem_resize(*excess, *count + 1, sizeof(**excess));
            (*excess)[(*count)++] = one;
        }
    }
    free(now);
    free(before);
    return rc;
}

void total_text(const struct total_excess *excess, char text[TOTAL_TEXT_BYTES])
{
    snprintf(text, TOTAL_TEXT_BYTES, "unit %s, %s: %llu payments, %lld dong; last month %llu, %lld", excess->now.unit,
             family_name(excess->now.family), (unsigned long long)excess->now.payments,
             (long long)excess->now.amount_dong, (unsigned long long)excess->before.payments,
             (long long)excess->before.amount_dong);
}
