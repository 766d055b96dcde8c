/*
 * totals.h - a month's payments by unit and family against last month's: what the policy wants looked at before
 * it leaves.
 *
 * Layer: inside run/. Compared is what the runs of the period planned so far with all that the runs of the month
 * before planned; a unit that did not pay then is not compared.
 */
#ifndef CHITRA_RUN_TOTALS_H
#define CHITRA_RUN_TOTALS_H

#include "run/world.h"

struct total_excess {
    struct ledger_total now, before;
};

/* Those of the run that differ by more than the limit of its configuration; of these units (codes with commas, "":
 * all). Freed by the caller. */
enum status totals_excess(struct ledger *ledger, const struct ledger_run *run, const struct site_config *config,
                          const char *units, struct total_excess **excess, size_t *count, struct diag *diag) MUST_USE;

/* "unit 79, pension: 120 payments, 500000 dong; last month 100, 400000". */
enum { TOTAL_TEXT_BYTES = 200 };
void total_text(const struct total_excess *excess, char text[TOTAL_TEXT_BYTES]);

#endif
