/*
 * simulate.h - what a month would cost under a draft law file, beside the law in force.
 *
 * Layer: run. Every entitlement that the month concerns is calculated twice, on the facts and stops that the
 * register holds today, and both sums are compared for each person: by regime (the family of benefits), by
 * paying unit and by sex. The site is read and nothing in it changes.
 *
 * Counted is what the month itself is owed: a month of each standing benefit, and the one-offs that came with
 * the month's runs (of a month to come: those not yet provided for). Arrears, recoveries and what waits in
 * intake/ are not; neither are months before the opening or paid elsewhere, nor those that a stop bars.
 *
 * Persons cannot be added up over cells: somebody with two benefits is one person in the cells that hold both.
 * An entitlement for which one of the laws has no answer is in no sum and no comparison, but counted.
 *
 * Calling sequence: run_simulate, read cells, simulation_release (also after an error).
 * Errors: STATUS_INPUT for the draft, with its line; STATUS_CONFIG for the law in force; the ledger's; and
 * STATUS_LIMIT where a sum does not fit. Memory: 40 bytes for each entitlement.
 */
#ifndef CHITRA_SIMULATE_H
#define CHITRA_SIMULATE_H

#include "chitra/law.h"
#include "chitra/ledger_query.h"
#include "chitra/site.h"

/* The places of a cell; each has `all` behind its values. Families beyond FAMILY_other have no amounts. */
enum {
    SIMULATION_REGIME_ALL = FAMILY_other + 1,
    SIMULATION_UNIT_ALL = LEDGER_UNITS_MAX,
    SIMULATION_SEX_UNKNOWN = SEX_M + 1,
    SIMULATION_SEX_ALL,
    SIMULATION_CELLS = (SIMULATION_REGIME_ALL + 1) * (SIMULATION_UNIT_ALL + 1) * (SIMULATION_SEX_ALL + 1)
};

struct simulation_cell {
    uint64_t people, people_draft;          /* who get something */
    int64_t cost_dong, cost_draft_dong;
    uint64_t gainers, losers;               /* persons who get more, or less, under the draft */
    int64_t gained_dong, lost_dong;         /* by how much, neither negative: their difference is that of the costs */
    uint64_t refused;                       /* entitlements without an answer in one of the laws */
};

struct simulation {
    month_t period;
    struct digest law, draft;
    char unit[LEDGER_UNITS_MAX][UNIT_CODE_BYTES];   /* in the order of their codes; empty: no more */
    struct simulation_cell *cell;           /* SIMULATION_CELLS of them: simulation_cell() */
};

static inline const struct simulation_cell *simulation_cell(const struct simulation *simulation, int regime, int unit,
                                                            int sex)
{
    return &simulation->cell[(regime * (SIMULATION_UNIT_ALL + 1) + unit) * (SIMULATION_SEX_ALL + 1) + sex];
}

/* `draft` is a law file's text, `name` what messages call it. */
enum status run_simulate(const struct site *site, struct ledger *ledger, month_t period, struct span draft,
                         const char *name, struct simulation *simulation, struct diag *diag) MUST_USE;
void simulation_release(struct simulation *simulation);

#endif
