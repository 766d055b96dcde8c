/*
 * run_receive.h - answers of banks and the post: taken, matched, applied, archived.
 *
 * Layer: run. Each answer is one transaction: whatever ends the process before leaves the ledger as it was,
 * and whatever ends it after finds the answer known. The order for each: read to its end (an answer that
 * cannot be read changes nothing), its content synced, the ledger's transaction, then the move to archive/. A
 * crash between leaves a known answer in inbox/, which the next `receive` moves. A file from outside the site
 * is copied into inbox/ first and never touched itself.
 *
 * An answer is matched on our own ids alone: MsgId, PmtInfId, EndToEndId; a list's id and its payments'. A bank
 * answers only for its own files.
 *
 * Calling sequence: run_receive; it tells what it refuses through `faults` as it goes.
 */
#ifndef CHITRA_RUN_RECEIVE_H
#define CHITRA_RUN_RECEIVE_H

#include "chitra/ledger_answer.h"
#include "chitra/run.h"

struct receive_options {
    const char *const *file;    /* paths from the current folder; count 0: all that waits in inbox/ */
    size_t count;
    /* Told of each answer and file in a line for people; may be NULL. */
    void (*message)(void *context, const char *text);
    void *context;
};

struct received {
    uint64_t taken, known, foreign;         /* answers */
    uint64_t lines;                         /* of those taken */
    uint64_t result[LINE_RESULTS];          /* lines by what became of them */
    uint64_t moved[PAYMENT_STATES];         /* payments by the state that they moved to */
    int64_t moved_dong[PAYMENT_STATES];
    uint64_t files_rejected;                /* whole, and files of which nobody knows what became: */
    uint64_t files_unknown;
    uint64_t files_silent;                  /* became unknown, since nobody answered for so many days */
    uint64_t unanswered;                    /* payments passed over for so many days, in files that were answered */
    int64_t break_before;                   /* the last break of before */
};

/* STATUS_OK when it came to its end, whatever `faults` got: each answer that was not taken is one fault. */
enum status run_receive(struct site *site, struct ledger *ledger, const struct receive_options *options,
                        struct received *received, struct run_faults *faults, struct diag *diag) MUST_USE;

#endif
