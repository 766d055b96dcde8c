/*
 * ledger_answer.h - what banks and the post answered, and what became of payments by it.
 *
 * Layer: ledger. An answer is a file by its digest; its lines are what it says of single payments or of all
 * payments of a file. They are applied file by file, in the answer's order, along the tables of
 * ledger_state.h. What does not fit is a break: it is recorded and shown, and moves nothing.
 *
 * The same news again changes nothing, and older news (by the time that the answer itself states) never
 * undoes newer ones. Booked implies accepted, and a return implies both, so the order of arrival is free.
 *
 * A million equal statuses are one row: a file keeps the state of its payments (its `rest`), and only a
 * payment that differs from it has a state of its own.
 *
 * Calling sequence, in one transaction: ledger_answer_add, ledger_lines_find for lines that name no file,
 * ledger_answer_apply for each file with the lines about it, ledger_break_add for what is nobody's.
 *
 * Units: dong; day_t; said_at in seconds since 1970, UTC. Ownership: lines are the caller's.
 *
 * Errors: STATUS_LEDGER; STATUS_NO_INPUT for a MsgId that is not there; STATUS_CONFLICT for a content that is known.
 */
#ifndef CHITRA_LEDGER_ANSWER_H
#define CHITRA_LEDGER_ANSWER_H

#include "chitra/ledger_file.h"

/* number, name, word: the numbers are those of the database. */
#define ANSWER_SAYS_LIST(X)                                                                             \
    X(0, NOTHING, "nothing")            /* pending, or a code that nobody knows */                      \
    X(1, ACCEPTED, "accepted")                                                                          \
    X(2, BOOKED, "booked")              /* money left our account; cash: collected */                   \
    X(3, REJECTED, "rejected")                                                                          \
    X(4, RETURNED, "returned")          /* money came back */                                           \
    X(5, UNCOLLECTED, "uncollected")    /* cash, by the result that closes its list */

enum answer_says {
#define X(number, name, word) SAYS_##name = number,
    ANSWER_SAYS_LIST(X)
#undef X
    ANSWER_SAYS
};
const char *answer_says_name(enum answer_says says);

/* number, name, word */
#define LINE_RESULT_LIST(X)                                                                             \
    X(0, UNMATCHED, "unmatched")        /* it names no payment of the file */                           \
    X(1, MOVED, "moved")                                                                                \
    X(2, SAME, "said before")                                                                           \
    X(3, NOTHING, "pending")                                                                            \
    X(4, OVERTAKEN, "overtaken")        /* older than what is known */                                  \
    X(5, AMOUNT, "amount")              /* another one than the payment's, or than the sum of all */    \
    X(6, CONTRADICTS, "contradiction")  /* the opposite is known */                                     \
    X(7, DOUBLE, "double")              /* a second debit, or one of a file that had no right to pay */ \
    X(8, REFUSED, "refused")            /* why one payment was named in a file that is rejected whole */

enum line_result {
#define X(number, name, word) LINE_##name = number,
    LINE_RESULT_LIST(X)
#undef X
    LINE_RESULTS
};
const char *line_result_name(enum line_result result);
/* Whether it is a break; the others say what was expected. */
bool line_is_break(enum line_result result);

struct answer_line {
    char payment_id[PAYMENT_ID_LENGTH];     /* EndToEndId, without a NUL; first byte 0: every payment of the file */
    uint8_t says;               /* enum answer_says */
    uint8_t result;             /* enum line_result, filled in */
    int32_t file;               /* the caller's: which of the files that the answer names; -1: none */
    int32_t reason;             /* ledger_word; 0: none */
    day_t day;                  /* of the booking, the return, the status; DAY_NONE: not given */
    int32_t count;              /* of all payments; -1: not given */
    int64_t amount_dong;        /* of one payment, or the sum of all; -1: not given */
    int64_t debit;              /* of a booking: its reference at the bank as a number; 0: none was given */
};

enum answer_verdict { ANSWER_TAKEN, ANSWER_FOREIGN };

struct ledger_answer {
    int64_t answer;             /* the ledger's number; 0: not known */
    struct digest sha256;
    struct digest signature;    /* of the signature beside it; all zero: none */
    char name[DIAG_FILE_BYTES]; /* as it was called */
    char message[24];           /* "pain.002.001.10", "cash-results" */
    char sender[36];            /* the bank's BIN, the payment point's agent; empty: it does not say */
    int64_t said_at;            /* the time that it states; 0: none */
    char at[SYS_TIME_BYTES];    /* when it was taken */
    char who[64];
    enum answer_verdict verdict;
    uint64_t lines;
};

/* The answer with this content; answer = 0: it is not known. */
enum status ledger_answer_find(struct ledger *ledger, const struct digest *sha256, struct ledger_answer *answer,
                               struct diag *diag) MUST_USE;
/* Adds it with its event; sets `answer`. */
enum status ledger_answer_add(struct ledger *ledger, struct ledger_answer *answer, struct diag *diag) MUST_USE;

/* The number of a word, given out on first sight: codes of reasons, 1 to 35 characters. */
enum status ledger_word(struct ledger *ledger, struct span text, int32_t *word, struct diag *diag) MUST_USE;

/* What an answer did to one file. */
struct ledger_applied {
    enum file_state before, after;
    uint64_t payments;                      /* of the file */
    uint64_t result[LINE_RESULTS];          /* lines by what became of them */
    uint64_t moved[PAYMENT_STATES];         /* payments by the state that they moved to */
    int64_t moved_dong[PAYMENT_STATES];
};
/* Applies lines about one file (or a payment point's list), in their order, and moves it. A result that names
 * every line of a list closes it; nothing is uncollected by another one. */
enum status ledger_answer_apply(struct ledger *ledger, const struct ledger_answer *answer, const char *msg_id,
                                struct answer_line *line, size_t count, struct ledger_applied *applied,
                                struct diag *diag) MUST_USE;

/* Lines that name no file: in which file of this bank (and account, unless it is empty) their payments were sent
 * last. Calls `found` for each that has one, with the file's MsgId. */
typedef void ledger_line_found(void *context, struct answer_line *line, const char *msg_id);
enum status ledger_lines_find(struct ledger *ledger, const char *bank, const char *account, struct answer_line *line,
                              size_t count, ledger_line_found *found, void *context, struct diag *diag) MUST_USE;

/* Bank files that left, and whose pay date was, before this day, without an answer. Freed by the caller. */
enum status ledger_files_unanswered(struct ledger *ledger, day_t before, struct arena *arena, struct ledger_file **file,
                                    size_t *count, struct diag *diag) MUST_USE;

/* Payments of such files that an answer passed over: not booked, where the bank has booked others of the file; not
 * answered, where it has answered for others. `chitra list unanswered` names them. */
enum status ledger_payments_unanswered(struct ledger *ledger, day_t before, uint64_t *payments, struct diag *diag) MUST_USE;

/* The number of the last break; 0: there is none. */
enum status ledger_break_last(struct ledger *ledger, int64_t *number, struct diag *diag) MUST_USE;
/* Breaks of one kind that nobody has closed. */
enum status ledger_breaks_open(struct ledger *ledger, enum line_result kind, uint64_t *count, struct diag *diag) MUST_USE;
/* Contradictions and doubles of a file and of its payments that nobody has closed: nobody knows what the bank paid. */
enum status ledger_breaks_of_file(struct ledger *ledger, int64_t file, uint64_t *count, struct diag *diag) MUST_USE;
/* Closes the contradictions and doubles of a payment, or those of a file and all its payments by its MsgId, on the word of
 * an event that the caller adds: what they held is paid again by the next run. *count tells how many there were. */
enum status ledger_breaks_close(struct ledger *ledger, const char *id, const struct ledger_event *event, uint64_t *count,
                                struct diag *diag) MUST_USE;
/* Whether this word, by `who` and for `why`, has closed breaks of the payment or of the file before. */
enum status ledger_breaks_closed(struct ledger *ledger, const char *id, const struct ledger_event *word, bool *closed,
                                 struct diag *diag) MUST_USE;
/* A line with its result as a break that belongs to no file of ours, but perhaps to an entitlement (0: nobody's). */
enum status ledger_break_add(struct ledger *ledger, const struct ledger_answer *answer, const struct answer_line *line,
                             int64_t ent, struct diag *diag) MUST_USE;

#endif
