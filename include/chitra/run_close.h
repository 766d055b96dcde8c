/*
 * run_close.h - an officer's word on what answers said and the ledger did not take over.
 *
 * Layer: run. A contradiction or a double is closed when somebody has found out at the bank what happened. What it
 * held (a new attempt, the next payments of a person) is decided anew by the next run. No state moves by it.
 */
#ifndef CHITRA_RUN_CLOSE_H
#define CHITRA_RUN_CLOSE_H

#include "chitra/ledger.h"
#include "chitra/site.h"

struct close_options {
    const char *reason;                 /* stays on record */
    const struct officer_claim *claim;  /* who certifies; under policy dual with a key */
};

/* By EndToEndId, or by the MsgId of a file. *count tells how many breaks there were. STATUS_CONFLICT: none is open. */
enum status run_close(const struct site *site, struct ledger *ledger, const char *id, const struct close_options *options,
                      uint64_t *count, struct diag *diag) MUST_USE;

#endif
