/*
 * ledger_errand.h - what is done to files that have left the house: withdrawn, or sent again.
 *
 * Layer: ledger. An errand is a write-ahead, as a release is: the ledger says what is about to be done and under
 * which name a signed list will say so, files and lists move, the ledger says that it is done. What a crash cuts off
 * is finished by whoever comes next; a list in outbox/ that no release and no errand knows stops everything.
 *
 * An errand belongs to one release: a withdrawal replaces the list that the release has by then (its own, or the
 * one of an earlier withdrawal) by one of what stays; sending again adds a list of what is sent again.
 *
 * Calling sequence: ledger_errand_add, the files move, ledger_errand_end. Both inside a transaction.
 *
 * Ownership: lists are freed by the caller; texts in the arena. Errors: STATUS_LEDGER.
 */
#ifndef CHITRA_LEDGER_ERRAND_H
#define CHITRA_LEDGER_ERRAND_H

#include "chitra/ledger_member.h"

enum errand_kind { ERRAND_WITHDRAWAL = 1, ERRAND_RESEND = 2 };

struct ledger_errand {
    int64_t errand;             /* 0: none */
    enum errand_kind kind;
    struct ledger_release release;  /* whose files they are */
    char name[MSG_ID_BYTES];    /* of the signed list */
    char at[SYS_TIME_BYTES];
    char who[OFFICER_WHO_BYTES];
    char why[256];
    struct digest evidence;     /* in the archive; all zero: none */
};

struct ledger_errand_file {
    struct ledger_file file;
    char path[DIAG_FILE_BYTES]; /* sent again: where it lies now */
    struct digest content;      /* sent again: what lies there */
};

/* Adds an errand over files of one release; sets errand and name. Its event "withdrawal.begun" or "resend.begun"
 * is the caller's, who may have to sign it. */
enum status ledger_errand_add(struct ledger *ledger, struct ledger_errand *errand, const struct ledger_errand_file *file,
                              size_t count, struct diag *diag) MUST_USE;
/* The first errand that is not finished. */
enum status ledger_errand_open(struct ledger *ledger, struct ledger_errand *errand, struct diag *diag) MUST_USE;
enum status ledger_errand_files(struct ledger *ledger, int64_t errand, struct arena *arena,
                                struct ledger_errand_file **file, size_t *count, struct diag *diag) MUST_USE;
/* Done; with the digest of the list (NULL: nothing stays, and there is none). */
enum status ledger_errand_end(struct ledger *ledger, const struct ledger_errand *errand, const struct digest *list,
                              struct diag *diag) MUST_USE;


/* How many copies of a file were sent again under another name than its own, and whether one had this content. */
enum status ledger_copies(struct ledger *ledger, const struct ledger_file *file, const struct digest *content,
                          uint64_t *copies, bool *known, struct diag *diag) MUST_USE;

/* The lists that a release has now: its own or that of the last withdrawal, unless nothing stayed, and those of what
 * was sent again since. Freed by the caller. */
struct ledger_signed_list {
    char name[MSG_ID_BYTES];
    struct digest list;
};
enum status ledger_release_lists(struct ledger *ledger, int64_t release, struct ledger_signed_list **list, size_t *count,
                                 struct diag *diag) MUST_USE;
/* The copies of a release's files (0: of every release's) that were sent again under names of their own: of each the file's number alone, path
 * and content are filled in. Freed by the caller. */
enum status ledger_release_copies(struct ledger *ledger, int64_t release, struct ledger_errand_file **copy, size_t *count,
                                  struct diag *diag) MUST_USE;
/* What a release let go and nobody withdrew, in order of number. */
enum status ledger_release_left(struct ledger *ledger, int64_t release, struct arena *arena, struct ledger_file **file,
                                size_t *count, struct diag *diag) MUST_USE;

#endif
