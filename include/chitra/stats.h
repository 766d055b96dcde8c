/*
 * stats.h - cash against non-cash: how many people, in cities and in the country, are paid how.
 *
 * Layer: stats (knows base and the ledger's interface). Computed once from the ledger
 * that fed the bank files, shown in several ways; nothing here reads tables or prints.
 *
 * Persons are those with at least one instructed transfer or cash line in the period; non-cash are those
 * of them without a cash line, whatever came back. What was instructed is frozen when the month is closed
 * (ledger_paid_new), what has settled of it is of the day on which it is taken. Somebody with two benefits is one person, so persons
 * cannot be added up over cells, and the tables carry their own `all` rows; payments and amounts can.
 * Each person has one area and one sex: those of the entitlement with the lowest key that says them.
 *
 * Calling sequence: stats_new for each period; then stats_csv_header and stats_csv for each, or
 * stats_json, or stats_html between its begin and end, or stats_xlsx_add; stats_free.
 *
 * Errors: the ledger's, and STATUS_LIMIT where a sum does not fit or the text is over its cap.
 */
#ifndef CHITRA_STATS_H
#define CHITRA_STATS_H

#include "chitra/ledger_query.h"

struct stats_target {           /* a goal for the non-cash share of urban recipients */
    month_t from;
    struct ratio share;
    uint32_t families;          /* bit i: family i is covered */
};

struct stats_settings {
    /* The area of a commune on a day, AREA_..., or -1: unknown; then the intake's word counts, and
     * without one the person is rural, so that no target looks better than it is. */
    int (*area)(const void *context, uint32_t commune, day_t day);
    const void *context;
    const struct stats_target *target;  /* a target holds until one with a later `from` replaces it */
    size_t target_count;
};

struct stats_share {
    uint64_t persons;
    uint64_t noncash_persons;
};

struct stats_area {
    struct stats_share share;
    int64_t amount_dong;
    int64_t noncash_amount_dong;    /* what did not go in cash, whoever got it */
    struct stats_share settled;     /* those whose money arrived, as far as is known: booked, or collected */
    int64_t settled_dong;
    int64_t settled_noncash_dong;
    struct stats_share covered;     /* only payments of the families that the target covers */
    struct stats_share previous;    /* the same month a year before */
};
enum { STATS_URBAN, STATS_RURAL, STATS_ALL, STATS_AREAS };

struct stats_cell {
    uint64_t persons;
    uint64_t payments;
    int64_t amount_dong;
    uint32_t person_last;       /* of the pass: the person who was counted last */
};

struct stats {
    month_t period;
    bool closed;                /* for every unit that paid in it: what was instructed does not change any more */
    struct stats_area area[STATS_AREAS];
    const struct stats_target *target;                          /* in force; NULL: none */
    char unit[LEDGER_UNITS_MAX][UNIT_CODE_BYTES];               /* in the order of the codes; empty: no more */
    struct stats_cell *cell;                                    /* one for each combination: see stats_index.h */
};

enum status stats_new(struct ledger *ledger, month_t period, const struct stats_settings *settings,
                      struct stats **stats, struct diag *diag) MUST_USE;
void stats_free(struct stats *stats);

/* CSV: a row for each combination that occurs, with `all` in each column singly and in all of them. */
enum status stats_csv_header(struct buf *out) MUST_USE;
enum status stats_csv(const struct stats *stats, struct buf *out) MUST_USE;

/* JSON: one object; shares with 4 decimals, half up, or null. `as_of`: the day on which it was taken. */
enum status stats_json(const struct stats *stats, day_t as_of, struct buf *out) MUST_USE;

/* HTML: a page by itself, with a section for each period. */
enum status stats_html_begin(const char *agency, day_t as_of, struct buf *out) MUST_USE;
enum status stats_html(const struct stats *stats, struct buf *out) MUST_USE;
enum status stats_html_end(struct buf *out) MUST_USE;

/* XLSX: a workbook with a sheet of shares (as JSON has them) and one of rows (as CSV). It is written to `path` by
 * stats_xlsx_end, which frees it in any case and accepts NULL. */
struct stats_xlsx;
enum status stats_xlsx_new(const char *path, const char *agency, day_t as_of, struct stats_xlsx **xlsx,
                           struct diag *diag) MUST_USE;
void stats_xlsx_add(struct stats_xlsx *xlsx, const struct stats *stats, day_t as_of);
enum status stats_xlsx_end(struct stats_xlsx *xlsx, struct diag *diag) MUST_USE;

/* The version of libxlsxwriter, for --version. */
const char *stats_library(void);

#endif
