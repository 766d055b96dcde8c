/* funding.h - funding of cash lists, inside ledger/. */
#ifndef CHITRA_LEDGER_FUNDING_INTERNAL_H
#define CHITRA_LEDGER_FUNDING_INTERNAL_H

/* SQL: whether the payment `p`, whose file was withdrawn, may have been made all the same; it goes nowhere until an officer
 * closes that. */
#define FUNDING_IN_DOUBT                                                                             \
    "EXISTS(SELECT 1 FROM break k WHERE k.kind = 7 AND k.closed_at IS NULL AND k.end_to_end_id = p.end_to_end_id)"

#endif
