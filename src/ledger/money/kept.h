/* kept.h - usual payments in memory, inside ledger/: what instructions.c passes over in place of the ledger's rows. */
#ifndef CHITRA_LEDGER_KEPT_H
#define CHITRA_LEDGER_KEPT_H

#include "chitra/ledger_instruction.h"

/* Gives the payment at `index` of what is kept, but for its period, which is the run's; false: there are no more. */
bool kept_get(const struct ledger_kept *kept, size_t index, struct ledger_instruction *instruction);

#endif
