/*
 * stats.c - the figures of one period.
 *
 * The payments of the period come once, in the ledger's order, into an array of narrow rows; sorted by
 * person, one pass counts each person once in every cell: 4 million rows are 128 MB and a few seconds.
 */
#include "stats_index.h"

#include <stdlib.h>

struct row {
    uint64_t person;
    int64_t ent;
    int64_t amount_dong;
    uint8_t unit;               /* as the ledger numbers it */
    uint8_t area;
    uint8_t family;
    uint8_t sex;
    uint8_t channel;
    uint8_t settled;            /* the channel by which it arrived; CHANNEL_ALL: it has not */
};

struct rows {
    struct row *row;
    size_t count;
    size_t capacity;
};

static uint8_t area_of(const struct stats_settings *settings, const struct ledger_paid *paid, day_t day)
{
    int area = paid->commune == 0 ? -1 : settings->area(settings->context, paid->commune, day);

    if (area < 0) {
        area = paid->area;
    }
    return area == AREA_U ? AREA_U : AREA_R;
}

static void row_add(struct rows *rows, const struct ledger_paid *paid, uint8_t area)
{
    enum family family = benefit_family(paid->benefit);

    ASSERT((int)family < FAMILY_ALL && paid->channel >= 0 && paid->channel < CHANNEL_ALL);
    ASSERT(paid->unit > 0 && paid->unit <= LEDGER_UNITS_MAX);
    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity * 2 + 1024;
        rows->row = mem_resize(rows->row, rows->capacity, sizeof(*rows->row));
    }
    rows->row[rows->count++] = (struct row){
        .person = paid->person, .ent = paid->ent, .amount_dong = paid->amount_dong, .unit = (uint8_t)paid->unit,
        .area = area, .family = (uint8_t)family, .sex = (uint8_t)(paid->sex < 0 ? SEX_UNKNOWN : paid->sex),
        .channel = (uint8_t)paid->channel, .settled = (uint8_t)(paid->settled < 0 ? CHANNEL_ALL : paid->settled),
    };
}

/* What decides a person's area and sex is in the order, so that it does not depend on the sort. */
static int by_person(const void *a, const void *b)
{
    const struct row *one = a;
    const struct row *other = b;

    if (one->person != other->person) {
        return one->person < other->person ? -1 : 1;
    }
    if (one->ent != other->ent) {
        return one->ent < other->ent ? -1 : 1;
    }
    return one->area != other->area ? one->area - other->area : one->sex - other->sex;
}

static enum status rows_load(struct ledger *ledger, month_t period, const struct stats_settings *settings,
                             struct rows *rows, struct diag *diag)
{
    struct ledger_paid_scan *scan = NULL;
    struct ledger_paid paid;
    day_t day = month_first(period);
    bool more = true;

    enum status rc = ledger_paid_new(ledger, period, &scan, diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_paid_next(scan, &paid, &more, diag);
        if (rc == STATUS_OK && more) {
            row_add(rows, &paid, area_of(settings, &paid, day));
        }
    }
    ledger_paid_free(scan);
    if (rc == STATUS_OK && rows->count > 0) {
        qsort(rows->row, rows->count, sizeof(*rows->row), by_person);
    }
    return rc;
}

/* The rows of one person. */
struct person {
    const struct row *row;
    size_t count;
    uint8_t area;
    uint8_t sex;
};

static bool person_next(const struct rows *rows, size_t *at, struct person *person)
{
    size_t first = *at;

    if (first == rows->count) {
        return false;
    }
    *person = (struct person){ &rows->row[first], 0, rows->row[first].area, SEX_UNKNOWN };
    while (*at < rows->count && rows->row[*at].person == rows->row[first].person) {
        if (person->sex == SEX_UNKNOWN) {
            person->sex = rows->row[*at].sex;
        }
        person->count++;
        *at += 1;
    }
    return true;
}

static void share_add(struct stats_share *share, bool has, bool cash)
{
    share->persons += has;
    share->noncash_persons += has && !cash;
}

static bool settled_add(struct stats_area *area, const struct person *person)
{
    bool has = false;
    bool cash = false;
    bool fits = true;

    for (size_t i = 0; i < person->count; i++) {
        const struct row *row = &person->row[i];
        if (row->settled == CHANNEL_ALL) {
            continue;
        }
        bool in_cash = row->settled == CHANNEL_cash;
        has = true;
        cash |= in_cash;
        fits &= money_add(area->settled_dong, row->amount_dong, &area->settled_dong);
        fits &= in_cash || money_add(area->settled_noncash_dong, row->amount_dong, &area->settled_noncash_dong);
    }
    share_add(&area->settled, has, cash);
    return fits;
}

static bool area_add(struct stats_area *area, const struct person *person, uint32_t covered)
{
    bool cash = false;
    bool has_covered = false;
    bool cash_covered = false;
    bool fits = true;

    for (size_t i = 0; i < person->count; i++) {
        const struct row *row = &person->row[i];
        bool in_cash = row->channel == CHANNEL_cash;
        bool is_covered = (covered >> row->family & 1) != 0;
        cash |= in_cash;
        has_covered |= is_covered;
        cash_covered |= is_covered && in_cash;
        fits &= money_add(area->amount_dong, row->amount_dong, &area->amount_dong);
        fits &= in_cash || money_add(area->noncash_amount_dong, row->amount_dong, &area->noncash_amount_dong);
    }
    share_add(&area->share, true, cash);
    share_add(&area->covered, has_covered, cash_covered);
    return settled_add(area, person) && fits;
}

static bool areas_fill(struct stats_area area[STATS_AREAS], const struct rows *rows, uint32_t covered)
{
    struct person person;
    bool fits = true;

    for (size_t at = 0; person_next(rows, &at, &person);) {
        fits &= area_add(&area[person.area == AREA_U ? STATS_URBAN : STATS_RURAL], &person, covered);
        fits &= area_add(&area[STATS_ALL], &person, covered);
    }
    return fits;
}

/* ---- cells ---- */

static bool cell_add(struct stats_cell *cell, uint32_t serial, int64_t amount_dong)
{
    if (cell->person_last != serial) {
        cell->person_last = serial;
        cell->persons++;
    }
    cell->payments++;
    return money_add(cell->amount_dong, amount_dong, &cell->amount_dong);
}

/* Into its own cell and those where one column is `all`. What settled is of the instructed, so that it counts in
 * no `all` of the states. */
static bool cells_add(struct stats *stats, const uint8_t full[STATS_COLUMNS], uint32_t serial, int64_t amount_dong)
{
    bool settled = full[COLUMN_STATE] == STATE_SETTLED;
    bool fits = cell_add(&stats->cell[stats_index(full)], serial, amount_dong);

    for (int column = 0; column < (settled ? COLUMN_STATE : STATS_COLUMNS); column++) {
        uint8_t value[STATS_COLUMNS];
        memcpy(value, full, sizeof(value));
        value[column] = stats_all[column];
        fits &= cell_add(&stats->cell[stats_index(value)], serial, amount_dong);
    }
    return fits && (settled || cell_add(&stats->cell[stats_index(stats_all)], serial, amount_dong));
}

static bool cells_fill(struct stats *stats, const struct rows *rows, const uint8_t rank[LEDGER_UNITS_MAX + 1])
{
    struct person person;
    uint32_t serial = 0;
    bool fits = true;

    for (size_t at = 0; person_next(rows, &at, &person);) {
        serial++;
        for (size_t i = 0; i < person.count; i++) {
            const struct row *row = &person.row[i];
            uint8_t full[STATS_COLUMNS] = { rank[row->unit], person.area, row->family, person.sex, row->channel,
                                            STATE_INSTRUCTED };
            fits &= cells_add(stats, full, serial, row->amount_dong);
            if (row->settled != CHANNEL_ALL) {
                full[COLUMN_CHANNEL] = row->settled;
                full[COLUMN_STATE] = STATE_SETTLED;
                fits &= cells_add(stats, full, serial, row->amount_dong);
            }
        }
    }
    return fits;
}

/* ---- targets ---- */

static const struct stats_target *target_in_force(const struct stats_settings *settings, month_t period)
{
    const struct stats_target *found = NULL;

    for (size_t i = 0; i < settings->target_count; i++) {
        const struct stats_target *target = &settings->target[i];
        if (target->from <= period && (found == NULL || target->from >= found->from)) {
            found = target;
        }
    }
    return found;
}

static enum status previous_fill(struct ledger *ledger, struct stats *stats, const struct stats_settings *settings,
                                 struct diag *diag)
{
    struct stats_area before[STATS_AREAS] = { { .amount_dong = 0 } };
    struct rows rows = { 0 };

    enum status rc = rows_load(ledger, stats->period - 12, settings, &rows, diag);
    if (rc == STATUS_OK && !areas_fill(before, &rows, 0)) {
        rc = diag_fail(diag, STATUS_LIMIT, "the sum of the period does not fit");
    }
    for (int i = 0; i < STATS_AREAS; i++) {
        stats->area[i].previous = before[i].share;
    }
    free(rows.row);
    return rc;
}

enum status stats_new(struct ledger *ledger, month_t period, const struct stats_settings *settings,
                      struct stats **stats, struct diag *diag)
{
    struct stats *made = mem_alloc(1, sizeof(*made));
    struct rows rows = { 0 };
    uint8_t rank[LEDGER_UNITS_MAX + 1];

    made->period = period;
    made->cell = mem_alloc(STATS_CELLS, sizeof(*made->cell));
    made->target = target_in_force(settings, period);
    enum status rc = ledger_units_sorted(ledger, made->unit, rank, diag);
    if (rc == STATUS_OK) {
        rc = ledger_month_is_closed(ledger, period, &made->closed, diag);
    }
    if (rc == STATUS_OK) {
        rc = rows_load(ledger, period, settings, &rows, diag);
    }
    if (rc == STATUS_OK) {
        bool fits = areas_fill(made->area, &rows, made->target == NULL ? 0 : made->target->families);
        fits &= cells_fill(made, &rows, rank);
        rc = fits ? STATUS_OK : diag_fail(diag, STATUS_LIMIT, "the sum of the period does not fit");
    }
    free(rows.row);     /* the year before needs the room */
    if (rc == STATUS_OK) {
        rc = previous_fill(ledger, made, settings, diag);
    }
    if (rc != STATUS_OK) {
        stats_free(made);
        made = NULL;
    }
    *stats = made;
    return rc;
}

void stats_free(struct stats *stats)
{
    if (stats != NULL) {
        free(stats->cell);
    }
    free(stats);
}
