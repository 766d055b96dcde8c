/*
 * stats_index.h - where a combination of the CSV's columns stands in the table of cells.
 *
 * Each column has a few values and `all`, its largest: the index is a number with one digit for each
 * column, so that a cell is found without searching and the rows come out in the columns' order.
 */
#ifndef CHITRA_STATS_INDEX_H
#define CHITRA_STATS_INDEX_H

#include "chitra/stats.h"

enum stats_column { COLUMN_UNIT, COLUMN_AREA, COLUMN_FAMILY, COLUMN_SEX, COLUMN_CHANNEL, COLUMN_STATE, STATS_COLUMNS };

enum {
    UNIT_ALL = LEDGER_UNITS_MAX,
    AREA_ALL = AREA_R + 1,
    FAMILY_ALL = FAMILY_other + 1,      /* the families that pay come first */
    SEX_UNKNOWN = SEX_M + 1,
    SEX_ALL = SEX_UNKNOWN + 1,
    CHANNEL_ALL = CHANNEL_wallet + 1,
    STATE_INSTRUCTED = 0,
    STATE_SETTLED = 1,                  /* those of the instructed that arrived: not beside them, but of them */
    STATE_ALL = 2,
    STATS_CELLS = (UNIT_ALL + 1) * (AREA_ALL + 1) * (FAMILY_ALL + 1) * (SEX_ALL + 1) * (CHANNEL_ALL + 1) * (STATE_ALL + 1)
};

static const uint8_t stats_all[STATS_COLUMNS] = { UNIT_ALL, AREA_ALL, FAMILY_ALL, SEX_ALL, CHANNEL_ALL, STATE_ALL };

/* One combination, as every way to show it has it. */
struct stats_row {
    uint8_t value[STATS_COLUMNS];
    const char *word[STATS_COLUMNS];    /* live with the statistics */
    const struct stats_cell *cell;
};
/* False for a combination that does not occur. */
bool stats_row_at(const struct stats *stats, size_t index, struct stats_row *row);

/* A share in ten-thousandths, half up; false where there is nobody to divide by. */
bool stats_ratio_round(struct ratio ratio, int64_t *ten_thousandths);
struct ratio stats_share_ratio(const struct stats_share *share);

static inline size_t stats_index(const uint8_t value[STATS_COLUMNS])
{
    size_t index = 0;

    for (int i = 0; i < STATS_COLUMNS; i++) {
        index = index * (stats_all[i] + 1U) + value[i];
    }
    return index;
}

#endif
