/* stats_csv.c - the figures as CSV. */
#include "stats_index.h"

#include <inttypes.h>

enum status stats_csv_header(struct buf *out)
{
    return buf_add_text(out, "period,unit,area,benefit,sex,channel,state,persons,payments,amount\n");
}

static enum status row_write(const char *period, const struct stats_row *row, struct buf *out)
{
    enum status rc = buf_add_text(out, period);

    for (int column = 0; column < STATS_COLUMNS && rc == STATUS_OK; column++) {
        rc = buf_add_format(out, ",%s", row->word[column]);
    }
    if (rc == STATUS_OK) {
        rc = buf_add_format(out, ",%" PRIu64 ",%" PRIu64 ",%" PRId64 "\n", row->cell->persons, row->cell->payments,
                            row->cell->amount_dong);
    }
    return rc;
}

enum status stats_csv(const struct stats *stats, struct buf *out)
{
    enum status rc = STATUS_OK;
    struct stats_row row;
    char period[8];

    month_write(stats->period, period);
    for (size_t i = 0; i < STATS_CELLS && rc == STATUS_OK; i++) {
        if (stats_row_at(stats, i, &row)) {
            rc = row_write(period, &row, out);
        }
    }
    return rc;
}
