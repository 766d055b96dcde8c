/*
 * balance.c - the two equations, in count and in dong. A run that cannot show them releases
 * nothing. The left sides come from what was read and found due, the right sides from what was done
 * with it, and the files' sums from the files' own rows.
 */
#include "run/world.h"

#include <stdio.h>

const char *run_figure_name(enum run_figure figure)
{
    static const char *const name[] = {
#define X(figure_name) #figure_name,
        RUN_FIGURE_LIST(X)
#undef X
#define X(family_name) LEDGER_TOTAL_PREFIX #family_name,
        FAMILY_LIST(X)
#undef X
    };
    return name[figure];
}

static bool differs(char *why, size_t size, const char *what, int64_t left, int64_t right)
{
    if (left == right) {
        return false;
    }
    snprintf(why, size, "%s: %lld on one side, %lld on the other", what, (long long)left, (long long)right);
    return true;
}

bool run_balances(const struct run_report *report, char *why, size_t size)
{
    static const enum run_figure right[] = { FIGURE_instructed, FIGURE_held, FIGURE_offset, FIGURE_provided_before,
                                             FIGURE_closed };
    const struct ledger_figure *figure = report->figure;
    uint64_t count = 0;
    int64_t amount_dong = 0;

    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        count += figure[right[i]].count;
        if (!money_add(amount_dong, figure[right[i]].amount_dong, &amount_dong)) {
            snprintf(why, size, "the sums overflow");
            return false;
        }
    }
    return !differs(why, size, "rows read against applied, unchanged and rejected", (int64_t)report->rows_read,
                    (int64_t)(report->rows_applied + report->rows_unchanged + report->rows_rejected)) &&
           !differs(why, size, "number due against instructed, held, offset, provided before and closed",
                    (int64_t)figure[FIGURE_due].count, (int64_t)count) &&
           !differs(why, size, "dong due against instructed, held, offset, provided before and closed",
                    figure[FIGURE_due].amount_dong, amount_dong) &&
           !differs(why, size, "dong instructed against transfers, cash and creditors",
                    figure[FIGURE_instructed].amount_dong,
                    figure[FIGURE_transfers].amount_dong + figure[FIGURE_cash].amount_dong +
                        figure[FIGURE_creditors].amount_dong) &&
           !differs(why, size, "transfers, creditors and funding against the files' control sums",
                    figure[FIGURE_transfers].amount_dong + figure[FIGURE_creditors].amount_dong +
                        figure[FIGURE_funding].amount_dong + figure[FIGURE_funding_again].amount_dong,
                    report->bank_dong) &&
           !differs(why, size, "cash against the lists' totals", figure[FIGURE_cash].amount_dong, report->cash_dong) &&
           !differs(why, size, "funding and what is still at the post against the lists' totals",
                    figure[FIGURE_funding].amount_dong + figure[FIGURE_at_post].amount_dong, report->cash_dong);
}
