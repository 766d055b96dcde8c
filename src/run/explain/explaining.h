/*
 * explaining.h - an explanation while it is gathered, inside run/: explain.c tells the story,
 * explain_month.c calculates its months again.
 */
#ifndef CHITRA_RUN_EXPLAINING_H
#define CHITRA_RUN_EXPLAINING_H

#include "run/plan/entitlement.h"

#include "chitra/explain.h"

struct explained_law {
    struct digest digest;
    struct law *law;
};

struct explaining {
    const struct site *site;
    struct ledger *ledger;
    struct explanation *out;
    struct diag *diag;
};

/* A law file by its digest, from the archive, once for all months. */
enum status explain_law(struct explaining *explaining, const struct digest *digest, const struct law **law) MUST_USE;

/* What the stops leave of a period. */
enum stop_verdict explain_stop(const struct explaining *explaining, const struct law *law, const struct facts *facts,
                               month_t period);

/* The facts of a version, once for all its months; gives its index. */
enum status explain_version(struct explaining *explaining, int64_t number, size_t *index) MUST_USE;

/* Calculates a month again; its run and period are set. A one-off's amount is the same in every month, so
 * `once_in` names any in which it has begun. */
enum status explain_calculate(struct explaining *explaining, int64_t version, month_t once_in,
                              struct explained_month *month) MUST_USE;

/* What the amount of an obligation should be; a difference of a month is compared as a sum. */
enum status explain_compare(struct explaining *explaining, const struct explained_month *month,
                            struct explained_obligation *obligation) MUST_USE;

#endif
