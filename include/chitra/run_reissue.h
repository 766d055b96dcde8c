/*
 * run_reissue.h - new attempts for payments that finally failed, on somebody's word.
 *
 * Layer: run. The word is recorded; the next run of the unit (a supplementary one, if the period is paid) plans the new
 * attempt, as it does for causes that a correction has cured. Refused is what could pay twice: a payment that the
 * bank may still execute, that was paid, or of which it says both.
 *
 * Calling sequence: run_reissue, then run_month for the period that it gives, then run_reissue_told. After a crash the
 * same again: the word is not recorded twice, and a payment that the run in hand has planned anew is not refused.
 */
#ifndef CHITRA_RUN_REISSUE_H
#define CHITRA_RUN_REISSUE_H

#include "chitra/ledger_failed.h"
#include "chitra/run.h"

struct reissue_options {
    const char *payments;       /* EndToEndIds with commas; "": every payment that failed and waits */
    const char *reason;         /* why it may be tried again although no correction cures it; NULL: no word */
    const char *who;
};

struct reissue {
    month_t period;             /* of the last run: the one to be run now; MONTH_NONE: nothing waits, no run was cut off */
    uint64_t waiting;           /* payments that failed, of those asked for */
    uint64_t cured;             /* by this word */
};

/* Each payment that must not be tried again is a fault (STATUS_CONFLICT, STATUS_NO_INPUT), and then nothing is
 * recorded. STATUS_OK when all were looked at. */
enum status run_reissue(const struct site *site, struct ledger *ledger, const struct reissue_options *options,
                        struct reissue *reissue, struct run_faults *faults, struct diag *diag) MUST_USE;

/* After the run: each payment asked for that still waits is a fault, with what it waits for. */
enum status run_reissue_told(struct ledger *ledger, const struct reissue_options *options, struct run_faults *faults,
                             struct diag *diag) MUST_USE;

#endif
