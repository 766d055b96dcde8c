/* stats_row.c - one combination of the columns: its words and its figures, for every way to show them. */
#include "stats_index.h"

/* The words are those of the intake; `unknown` is the sex of people whose benefits do not ask for it. */
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
        return value == STATE_SETTLED ? "settled" : "instructed";
    }
}

bool stats_row_at(const struct stats *stats, size_t index, struct stats_row *row)
{
    row->cell = &stats->cell[index];
    /* The last cell is the grand total: a month of nobody says so. */
    if (row->cell->payments == 0 && index != STATS_CELLS - 1) {
        return false;
    }
    for (int column = STATS_COLUMNS - 1; column >= 0; column--) {
        row->value[column] = (uint8_t)(index % (stats_all[column] + 1U));
        row->word[column] = value_word(stats, (enum stats_column)column, row->value[column]);
        index /= stats_all[column] + 1U;
    }
    return true;
}

bool stats_ratio_round(struct ratio ratio, int64_t *ten_thousandths)
{
    struct exact scaled;

    if (ratio.den == 0) {
        return false;
    }
    bool fits = exact_mul(exact_of(10000), ratio, &scaled) && exact_round(scaled, ten_thousandths);
    ASSERT(fits);       /* people, and a share below one */
    return true;
}

struct ratio stats_share_ratio(const struct stats_share *share)
{
    return (struct ratio){ (int64_t)share->noncash_persons, (int64_t)share->persons };
}
