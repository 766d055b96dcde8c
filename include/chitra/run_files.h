/*
 * run_files.h - files after they were staged: handed over, sent again, withdrawn, made anew.
 *
 * Layer: run. Each command is refused in every state in which it could pay twice or hide it; which those are
 * says ledger_state.h. Of several files either all are fit for the command or nothing is done. What a crash cuts
 * off is finished by the next command that writes, whichever it is.
 *
 * Ownership: sites and ledgers are the caller's (SITE_WRITE, LEDGER_WRITE).
 *
 * Under policy dual another officer than who prepared the run must void what has left, and resend with a mark.
 *
 * Errors: STATUS_NO_INPUT for a MsgId that is not there; STATUS_CONFLICT for a state in which the command is refused,
 * with the command that would help as hint; STATUS_SIGNATURE for a file on disk that is not what was signed, and for
 * an officer who may not.
 */
#ifndef CHITRA_RUN_FILES_H
#define CHITRA_RUN_FILES_H

#include "chitra/run.h"

struct run_files_options {
    const char *folder;         /* the site's, as the ledger is opened by */
    const struct officer_claim *claim;  /* void, marked resend, regen: who does it; NULL: the user */
    const char *reason;         /* void: why; otherwise "" */
    const char *evidence;       /* void: a path from the current folder, to be archived; NULL: none */
    day_t pay_date;             /* regen; DAY_NONE: as it was, or the next working day */
    bool mark;                  /* resend: under a header that says possible duplicate */
    /* Told what was done, line by line; may be NULL. */
    void (*message)(void *context, const char *text);
    void *context;
};

struct run_files_done {
    uint64_t files;             /* done */
    uint64_t missed;            /* void: taken out of outbox/ by somebody in the meantime */
};

/* Records that files reached the bank. */
enum status run_handover(const struct site *site, struct ledger *ledger, const struct run_files_options *options,
                         const char *const *msg_id, size_t count, struct run_files_done *done, struct diag *diag) MUST_USE;

/* Withdraws files that the bank never took: their payments are `calculated`, and the next run takes them up. */
enum status run_void(const struct site *site, struct ledger *ledger, const struct run_files_options *options,
                     const char *const *msg_id, size_t count, struct run_files_done *done, struct diag *diag) MUST_USE;

/* Puts the same file into outbox/ once more, byte for byte, or (mark) the same Document under a header that says
 * possible duplicate; under a signed list of its own. */
enum status run_resend(const struct site *site, struct ledger *ledger, const struct run_files_options *options,
                       const char *const *msg_id, size_t count, struct run_files_done *done, struct diag *diag) MUST_USE;

/* Makes a new generation, staged, in place of a file that was rejected whole or voided: a new MsgId, the same
 * EndToEndIds, today's profile and certificate. STATUS_CONFLICT if nobody is left in it. */
enum status run_regen(const struct site *site, struct ledger *ledger, const struct run_files_options *options,
                      const char *const *msg_id, size_t count, struct run_files_done *done, struct diag *diag) MUST_USE;

#endif
