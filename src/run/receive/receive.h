/*
 * receive.h - one answer on its way: read, understood, applied. Inside run/.
 *
 * receive.c goes from answer to answer, receive_read.c reads the bytes, receive_sign.c asks who signed them, receive_status.c and receive_entry.c make
 * lines (receive_lines.c) of what pain.002 and camt say, receive_apply.c gives them to the ledger, file by file.
 */
#ifndef CHITRA_RUN_RECEIVE_INTERNAL_H
#define CHITRA_RUN_RECEIVE_INTERNAL_H

#include "run/faults.h"
#include "run/take/take.h"

#include "chitra/answer.h"
#include "chitra/run_receive.h"

enum { SAYING_UNREADABLE = -2 };    /* an amount or a count that is no whole number: it equals nothing */

/* One file that may be an answer, and what lies beside it. */
struct arrival {
    int dir;                            /* that the paths are relative to */
    const char *path;
    char beside[4096];                  /* its detached signature (PATH_MAX); empty: there is none */
    bool inside;                        /* it lies in inbox/ */
    char inbox[DIAG_FILE_BYTES];        /* where it lies in the site, or is copied to */
    struct sys_input *input;
};
/* The last part of a path. */
const char *answer_name(const char *path);
/* The content and its signature are in inbox/, and on disk. */
enum status arrival_secure(const struct site *site, struct arrival *arrival, const struct digest *sha256,
                           struct diag *diag) MUST_USE;
/* Both go to archive/; what is there already goes away. */
enum status arrival_archive(const struct site *site, const struct arrival *arrival, const struct digest *sha256,
                            struct diag *diag) MUST_USE;

/* A file of ours that an answer names. */
struct said_file {
    char msg_id[MSG_ID_BYTES];
    char bank[13];
    char account[35];
    char unit[UNIT_CODE_BYTES];
    size_t lines;
};

/* Lines that stand in one statement about one account. */
struct said_account {
    char number[35];
    char bank[7];               /* of the account, if it is ours; else empty */
    size_t first, end;          /* of the lines */
};

/* What one answer says, as it is read. */
struct saying {
    struct world *world;
    bool cash;                  /* the post's result for payment points' lists */
    struct ledger_approval approval;    /* of a result; name empty: none */
    const char *name;           /* for messages */
    struct ledger_answer answer;
    struct answer_line *line;
    size_t count, room;
    struct said_file *file;
    size_t file_count;
    struct said_account *account;
    size_t account_count;
    size_t account_first;       /* the first line of the statement that is being read */
    size_t entry_first;         /* of the entry */
    char (*word)[36];           /* codes of reasons: a line's `reason` is an index + 1 until it is applied */
    size_t word_count;
    char claimed[3][36];        /* the banks that the message names as its sender or as our bank */
    char signed_by[13];         /* the bank that signed it; empty: nobody asked */
    struct answer_line group;   /* what it says of the whole file; file -1: nothing was said */
    bool group_said;
    day_t day;                  /* of the message */
};
void saying_release(struct saying *saying);

/* Another line, empty, about no file; lives until the next one. */
struct answer_line *saying_line(struct saying *saying);
/* The number of a file of ours by its MsgId, or by a PmtInfId (MsgId with "-1"); -1: none of ours. */
enum status saying_file(struct saying *saying, struct span msg_id, struct span information_id, int32_t *file,
                        struct diag *diag) MUST_USE;
/* Puts an id into a line: only one of our own length can match. */
void saying_payment(struct answer_line *line, struct span id);
int32_t saying_reason(struct saying *saying, struct span code);
int64_t saying_amount(const struct answer_amount *amount);
int32_t saying_count(struct span text);
/* The bank of a BIC or a BIN: its BIN if one of our accounts is there, else what was given. */
void saying_claim(struct saying *saying, size_t which, const struct answer_agent *agent);

/* The handlers of the two kinds of messages. */
struct answer_handler status_handler(struct saying *saying);
struct answer_handler entry_handler(struct saying *saying);

/* Goes through the content twice: the first time for its digest, the second for its meaning. */
enum status answer_digest(struct sys_input *input, struct digest *digest, struct diag *diag) MUST_USE;
enum status answer_understand(struct saying *saying, struct sys_input *input, struct diag *diag) MUST_USE;

/* A result of the post, from its rows: approved by an officer who pays cash for the units of its lists. */
enum status cash_understand(struct saying *saying, int dir, const char *path, struct diag *diag) MUST_USE;
/* Keeps the lists beside a result from outside, which approve it. */
enum status cash_lists_keep(const struct saying *saying, int dir, const char *path, struct diag *diag) MUST_USE;

/* Whether the banks that must sign have: `beside` is the path of the signature beside the file, empty for none. */
enum status answer_authenticate(struct saying *saying, int dir, const char *path, const char *beside,
                                struct diag *diag) MUST_USE;

/* Applies what was understood, in the transaction that the caller opened. */
enum status saying_apply(struct saying *saying, struct received *received, struct diag *diag) MUST_USE;

#endif
