/*
 * ledger_standing.h - over all files that count, every obligation stands exactly once.
 *
 * Layer: ledger. The database itself keeps an obligation from standing twice; this is the other half: that each file
 * which counts carries what it says, and that nothing stands in a file that is gone. At the end of a run for its own
 * files, for an audit over all.
 *
 * Errors: STATUS_LEDGER; STATUS_LIMIT where a sum overflows.
 */
#ifndef CHITRA_LEDGER_STANDING_H
#define CHITRA_LEDGER_STANDING_H

#include "chitra/ledger_file.h"
#include "chitra/ledger_journal.h"

/* Looks at the files of a run (0: of all) and tells what does not agree. */
enum status ledger_standing(struct ledger *ledger, int64_t run, ledger_difference *tell, void *context,
                            struct diag *diag) MUST_USE;

#endif
