/* funding.h - funding of cash lists, inside ledger/. */
#ifndef CHITRA_LEDGER_FUNDING_INTERNAL_H
#define CHITRA_LEDGER_FUNDING_INTERNAL_H

/* SQL: whether the payment `p`, or one that it tries again, may have been made all the same, or its bank says both; it goes
 * nowhere until an officer closes that. */
#define FUNDING_IN_DOUBT                                                                             \
    "EXISTS(WITH RECURSIVE tried(id, parent) AS (SELECT p.end_to_end_id, p.parent UNION ALL"         \
    " SELECT q.end_to_end_id, q.parent FROM tried JOIN payment q ON q.end_to_end_id = tried.parent)" \
    " SELECT 1 FROM break k JOIN tried ON tried.id = k.end_to_end_id WHERE k.kind IN (6, 7) AND k.closed_at IS NULL)"

#endif
