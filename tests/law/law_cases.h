/*
 * law_cases.h - the law's cases, inside their runner: law_case_read.c reads tests/law/ *.case, law_cases.c runs
 * them, law_notice.c changes each figure and date of the law file in turn and asks whether a case notices.
 */
#ifndef LAW_CASES_H
#define LAW_CASES_H

#include "law/law_store.h"

enum { CASE_LINE_BYTES = 1024, CASE_EXPECTED_MAX = 8, CASE_OUTCOME_BYTES = 64 };

struct law_case {
    const char *file;
    uint64_t line;              /* of its first line, or of its row in a table */
    char title[CASE_LINE_BYTES];
    bool sourced;
    enum benefit benefit;
    struct facts facts;
    month_t period;             /* 0: the month in which the benefit begins */
    unsigned expected_count;
    char expected[CASE_EXPECTED_MAX][CASE_OUTCOME_BYTES];
    const char *fault;          /* what is wrong with the case itself */
};

struct law_cases {
    struct law_case *item;
    size_t count, room;
};

/* Adds the cases of a file. */
void law_cases_read(struct law_cases *cases, const char *path);

/* A whole file, ended by a NUL; never freed. Ends the process with 66 if it cannot be read. */
char *law_cases_file(const char *path, size_t *size);

/* What the law says of a case, in the words of `expect:`; returns the number of lines. */
unsigned law_case_outcome(const struct law *law, const struct law_case *c, struct law_result *result,
                          struct law_refusal *refusal, struct law_trace *trace,
                          char lines[CASE_EXPECTED_MAX][CASE_OUTCOME_BYTES]);

/* Changes each figure, each date, and each line of the adjustments of the law file in turn; tells on standard
 * error which changes no case notices. Returns how many. The law is as before afterwards. */
unsigned law_notice(struct law *law, const struct law_cases *cases);

#endif
