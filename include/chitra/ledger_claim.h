/*
 * ledger_claim.h - receivables: what was paid and is not due any more, and has not come back yet.
 *
 * Layer: ledger. A receivable belongs to an entitlement and the period that was overpaid. Its amount is what
 * was overpaid, settled is what came back of it, by whatever way: recoveries taken from later payments,
 * money returned, facts that changed once more. A run that looks at the entitlement compares its periods with
 * everything provided and writes down what it finds; nothing is ever recovered from the record alone.
 *
 * Calling sequence: ledger_receivables_of before an entitlement is compared, ledger_receivables_store in the
 * transaction of the unit's plan.
 *
 * Units: dong. Errors: STATUS_LEDGER; STATUS_LIMIT where the caller's array does not hold what there is.
 */
#ifndef CHITRA_LEDGER_CLAIM_H
#define CHITRA_LEDGER_CLAIM_H

#include "chitra/ledger_register.h"

/* number in the ledger, name, word */
#define RECEIVABLE_CAUSE_LIST(X)                                                              \
    X(0, RECALCULATED, "recalculated")  /* other facts or another law: taken from later payments */ \
    X(1, DEATH, "death")                /* months after a death: settled only by what comes back */ \
    X(2, ORDER, "order")                /* an authority's order (ledger_order.h), which is not recorded here again */

enum receivable_cause {
#define X(number, name, word) RECEIVABLE_##name = number,
    RECEIVABLE_CAUSE_LIST(X)
#undef X
    RECEIVABLE_CAUSES
};

struct ledger_receivable {
    int64_t ent;
    month_t period;             /* that was overpaid; MONTH_ONCE for one-offs */
    enum receivable_cause cause;
    int64_t amount_dong;
    int64_t settled_dong;
};

/* What is recorded of one entitlement, settled ones included, by period; at most `max`. */
enum status ledger_receivables_of(struct ledger *ledger, int64_t ent, struct ledger_receivable *receivable, size_t max,
                                  size_t *count, struct diag *diag) MUST_USE;

/* Adds receivables or replaces what is recorded of their entitlement and period. `run` is that which opens a
 * new one. Inside a transaction. */
enum status ledger_receivables_store(struct ledger *ledger, int64_t run, const struct ledger_receivable *receivable,
                                     size_t count, struct diag *diag) MUST_USE;

#endif
