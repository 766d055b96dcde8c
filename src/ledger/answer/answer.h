/* answer.h - what the files that apply answers share, inside ledger/. */
#ifndef CHITRA_LEDGER_ANSWER_INTERNAL_H
#define CHITRA_LEDGER_ANSWER_INTERNAL_H

#include "ledger/file/members.h"

#include "chitra/ledger_place.h"

/* One answer at work on one file. */
struct applying {
    struct ledger *ledger;
    const struct ledger_answer *answer;
    struct ledger_file file;
    struct members members;
    struct ledger_applied *applied;
    bool closes;                /* a cash result that names every line */
    bool refused;               /* the file is refused whole, */
    bool contradicted;          /* and accepted, by the same answer */
    struct ledger_place *gone;  /* payments that the file carried once; by id */
    size_t gone_count;
    struct diag *diag;
};

/* What a line makes of a payment of a live file, and how it met it. */
enum status member_hears(struct applying *applying, struct member *member, const struct answer_line *line,
                         enum line_result *result) MUST_USE;
/* Whether the answer states an earlier time than the one behind the cell. */
enum status answer_is_older(const struct applying *applying, const struct cell *cell, bool *older) MUST_USE;

/* Of a file that was withdrawn or replaced: where the payments went that lines name and that it carries no more. */
enum status gone_load(struct applying *applying, const struct answer_line *line, size_t count) MUST_USE;
/* One of them; NULL: nothing is known of it. */
const struct ledger_place *gone_find(const struct applying *applying, const struct answer_line *line);

struct answer_break {
    enum line_result kind;
    const struct answer_line *line;
    int64_t file;               /* 0: no file of ours */
    const char *msg_id;
    int64_t ent;                /* 0: nobody's */
    int64_t expected_dong;      /* -1: nothing to compare with */
};
enum status break_add(struct ledger *ledger, const struct ledger_answer *answer, const struct answer_break *found,
                      struct diag *diag) MUST_USE;

#endif
