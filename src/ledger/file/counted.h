/* counted.h - what counts in a closed month although it is taken out of its file (v_month). Inside ledger/. */
#ifndef CHITRA_LEDGER_COUNTED_H
#define CHITRA_LEDGER_COUNTED_H

#include "chitra/ledger_file.h"
#include "ledger/db.h"

/* The payments of a file that are about to be taken out: those of entitlements `first` to `last`, of which usual ones have
 * obligations of `period`. Nothing is kept of a month that is open. */
enum status counted_keep_usual(struct ledger *ledger, const struct ledger_file *file, month_t period, int64_t first,
                               int64_t last, struct diag *diag) MUST_USE;
enum status counted_keep_own(struct ledger *ledger, const struct ledger_file *file, int64_t first, int64_t last,
                             struct diag *diag) MUST_USE;

#endif
