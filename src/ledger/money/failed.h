/* failed.h - what ends the waiting of a failed payment, inside ledger/. */
#ifndef CHITRA_LEDGER_FAILED_INTERNAL_H
#define CHITRA_LEDGER_FAILED_INTERNAL_H

#include "chitra/ledger_failed.h"

/* A failed payment that waits becomes reissued or closed. */
enum status failure_settle(struct ledger *ledger, const char *payment_id, enum failure_settled settled, enum state_by by,
                           struct diag *diag) MUST_USE;

#endif
