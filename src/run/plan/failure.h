/*
 * failure.h - on whose side the cause of a failed payment lies, and whether a correction has cured it. Inside run/.
 */
#ifndef CHITRA_RUN_FAILURE_H
#define CHITRA_RUN_FAILURE_H

#include "chitra/ledger_failed.h"
#include "chitra/ledger_order.h"

/* Whether the cause lies with the payee, as far as the bank's code says: then another account cures it. Of every other
 * code, known or not, somebody must name a reason to try again. */
bool failure_is_payees(const struct ledger_failure *failure);

/* Whether the payment would go another way today than when it failed: another channel, bank, account or payee. */
enum status failure_goes_elsewhere(struct ledger *ledger, const struct ledger_entitlement *now,
                                   const struct ledger_failure *failure, bool *elsewhere, struct diag *diag) MUST_USE;

#endif
