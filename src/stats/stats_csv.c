/* stats_csv.c - the figures as CSV. */
#include "stats_index.h"

#include <inttypes.h>

enum status stats_csv_header(struct buf *out)
{
    return buf_add_text(out, "period,unit,area,benefit,sex,channel,state,persons,payments,amount\n");
}

/* The column's words are those of the intake; `unknown` is the sex of people whose benefits do not ask for it. */
static const char *value_word(const struct stats *stats, enum stats_column column, uint8_t value)
{
    if (value == stats_all[column]) {
        return "all";
    }
    switch (column) {
    case COLUMN_UNIT:
        return stats->unit[value];
    case COLUMN_AREA:
        return fact_word(FACT_area, value);
    case COLUMN_FAMILY:
        return family_name((enum family)value);
    case COLUMN_SEX:
        return value == SEX_UNKNOWN ? "unknown" : fact_word(FACT_sex, value);
    case COLUMN_CHANNEL:
        return fact_word(FACT_channel, value);
    default:
        return "instructed";
    }
}

static enum status cell_write(const struct stats *stats, size_t index, struct buf *out)
{
    const struct stats_cell *cell = &stats->cell[index];
    uint8_t value[STATS_COLUMNS];
    char period[8];

    for (int column = STATS_COLUMNS - 1; column >= 0; column--) {
        value[column] = (uint8_t)(index % (stats_all[column] + 1U));
        index /= stats_all[column] + 1U;
    }
    month_write(stats->period, period);
    enum status rc = buf_add_text(out, period);
    for (int column = 0; column < STATS_COLUMNS && rc == STATUS_OK; column++) {
        rc = buf_add_format(out, ",%s", value_word(stats, (enum stats_column)column, value[column]));
    }
    if (rc == STATUS_OK) {
        rc = buf_add_format(out, ",%" PRIu64 ",%" PRIu64 ",%" PRId64 "\n", cell->persons, cell->payments,
                            cell->amount_dong);
    }
    return rc;
}

enum status stats_csv(const struct stats *stats, struct buf *out)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < STATS_CELLS && rc == STATUS_OK; i++) {
        /* The last cell is the grand total: a month of nobody says so. */
        if (stats->cell[i].payments > 0 || i == STATS_CELLS - 1) {
            rc = cell_write(stats, i, out);
        }
    }
    return rc;
}
