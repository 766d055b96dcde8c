/*
 * stats_xlsx.c - the figures as a spreadsheet, by libxlsxwriter: a sheet of shares, a sheet of all combinations.
 *
 * A spreadsheet has no whole numbers: its numbers are exact up to 2^53, a hundred times what a nation is paid
 * in a year, and that is asserted. The same figures and day give the same bytes: the creation time is the
 * day's, and the library dates the parts of the container alike.
 */
#include "stats_index.h"

#include "chitra/sys.h"

#include <stdlib.h>
#include <xlsxwriter.h>

enum { SHARE_COLUMNS = 16 };

struct stats_xlsx {
    lxw_workbook *book;
    lxw_worksheet *shares, *rows;
    lxw_format *number, *percent, *head;
    lxw_row_t next_share, next_row;
    lxw_error error;            /* the first one */
};

static void keep(struct stats_xlsx *xlsx, lxw_error error)
{
    if (xlsx->error == LXW_NO_ERROR) {
        xlsx->error = error;
    }
}

static void put_text(struct stats_xlsx *xlsx, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text)
{
    keep(xlsx, worksheet_write_string(sheet, row, column, text, row == 0 ? xlsx->head : NULL));
}

static void put_number(struct stats_xlsx *xlsx, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, int64_t number)
{
    ASSERT(number <= INT64_C(1) << 53 && number >= -(INT64_C(1) << 53));
    keep(xlsx, worksheet_write_number(sheet, row, column, (double)number, xlsx->number));
}

/* The rounded share, so that what people see is what CSV and JSON say; an empty cell where it is unknown. */
static void put_share(struct stats_xlsx *xlsx, lxw_row_t row, lxw_col_t column, bool known, struct ratio ratio)
{
    int64_t share = 0;

    if (known && stats_ratio_round(ratio, &share)) {
        keep(xlsx, worksheet_write_number(xlsx->shares, row, column, (double)share / 10000, xlsx->percent));
    }
}

static void heads_put(struct stats_xlsx *xlsx)
{
    static const char *const share[SHARE_COLUMNS] = { "period", "as_of", "area", "persons", "noncash_persons", "noncash_share",
                                                      "amount", "noncash_amount", "target", "target_share", "previous_share",
                                                      "settled_persons", "settled_noncash_persons", "settled_noncash_share",
                                                      "settled_amount", "settled_noncash_amount" };
    static const char *const row[] = { "period", "unit", "area", "benefit", "sex", "channel", "state", "persons", "payments", "amount" };

    for (lxw_col_t i = 0; i < SHARE_COLUMNS; i++) {
        put_text(xlsx, xlsx->shares, 0, i, share[i]);
    }
    for (lxw_col_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        put_text(xlsx, xlsx->rows, 0, i, row[i]);
    }
    worksheet_set_column(xlsx->shares, 0, SHARE_COLUMNS - 1, 18, NULL);
    worksheet_set_column(xlsx->rows, 0, 9, 14, NULL);
    worksheet_freeze_panes(xlsx->shares, 1, 0);
    worksheet_freeze_panes(xlsx->rows, 1, 0);
    xlsx->next_share = 1;
    xlsx->next_row = 1;
}

enum status stats_xlsx_new(const char *path, const char *agency, day_t as_of, struct stats_xlsx **xlsx, struct diag *diag)
{
    /* The library takes and copies texts that it does not change. */
    lxw_doc_properties properties = { .title = (char *)(uintptr_t)"chitra stats", .company = (char *)(uintptr_t)agency,
                                      .created = (time_t)sys_time_unix((struct sys_time){ as_of, 0 }) };
    struct stats_xlsx *made = mem_alloc(1, sizeof(*made));

    *xlsx = NULL;
    made->book = workbook_new(path);
    if (made->book == NULL) {
        free(made);
        return diag_fail(diag, STATUS_IO, "the spreadsheet cannot be made");
    }
    keep(made, workbook_set_properties(made->book, &properties));
    made->shares = workbook_add_worksheet(made->book, "shares");
    made->rows = workbook_add_worksheet(made->book, "rows");
    made->number = workbook_add_format(made->book);
    made->percent = workbook_add_format(made->book);
    made->head = workbook_add_format(made->book);
    ASSERT(made->shares != NULL && made->rows != NULL && made->number != NULL && made->percent != NULL && made->head != NULL);
    format_set_num_format(made->number, "#,##0");
    format_set_num_format(made->percent, "0.00%");
    format_set_bold(made->head);
    heads_put(made);
    *xlsx = made;
    return STATUS_OK;
}

static void area_put(struct stats_xlsx *xlsx, const char *const word[3], const struct stats_area *area,
                     const struct stats_target *target)
{
    static const struct ratio none = { 0, 1 };
    lxw_row_t row = xlsx->next_share++;

    for (lxw_col_t i = 0; i < 3; i++) {
        put_text(xlsx, xlsx->shares, row, i, word[i]);
    }
    put_number(xlsx, xlsx->shares, row, 3, (int64_t)area->share.persons);
    put_number(xlsx, xlsx->shares, row, 4, (int64_t)area->share.noncash_persons);
    put_share(xlsx, row, 5, true, stats_share_ratio(&area->share));
    put_number(xlsx, xlsx->shares, row, 6, area->amount_dong);
    put_number(xlsx, xlsx->shares, row, 7, area->noncash_amount_dong);
    put_share(xlsx, row, 8, target != NULL, target == NULL ? none : target->share);
    put_share(xlsx, row, 9, target != NULL, stats_share_ratio(&area->covered));
    put_share(xlsx, row, 10, true, stats_share_ratio(&area->previous));
    put_number(xlsx, xlsx->shares, row, 11, (int64_t)area->settled.persons);
    put_number(xlsx, xlsx->shares, row, 12, (int64_t)area->settled.noncash_persons);
    put_share(xlsx, row, 13, true, stats_share_ratio(&area->settled));
    put_number(xlsx, xlsx->shares, row, 14, area->settled_dong);
    put_number(xlsx, xlsx->shares, row, 15, area->settled_noncash_dong);
}

void stats_xlsx_add(struct stats_xlsx *xlsx, const struct stats *stats, day_t as_of)
{
    static const char *const name[STATS_AREAS] = { "urban", "rural", "all" };
    struct stats_row row;
    char period[8];
    char day[11];

    month_write(stats->period, period);
    day_write(as_of, day);
    for (int i = 0; i < STATS_AREAS; i++) {
        const char *const word[3] = { period, day, name[i] };
        area_put(xlsx, word, &stats->area[i], i == STATS_URBAN ? stats->target : NULL);
    }
    for (size_t i = 0; i < STATS_CELLS; i++) {
        if (!stats_row_at(stats, i, &row)) {
            continue;
        }
        lxw_row_t at = xlsx->next_row++;
        put_text(xlsx, xlsx->rows, at, 0, period);
        for (lxw_col_t column = 0; column < STATS_COLUMNS; column++) {
            put_text(xlsx, xlsx->rows, at, column + 1, row.word[column]);
        }
        put_number(xlsx, xlsx->rows, at, STATS_COLUMNS + 1, (int64_t)row.cell->persons);
        put_number(xlsx, xlsx->rows, at, STATS_COLUMNS + 2, (int64_t)row.cell->payments);
        put_number(xlsx, xlsx->rows, at, STATS_COLUMNS + 3, row.cell->amount_dong);
    }
}

enum status stats_xlsx_end(struct stats_xlsx *xlsx, struct diag *diag)
{
    lxw_error error = LXW_NO_ERROR;

    if (xlsx == NULL) {
        return STATUS_OK;
    }
    keep(xlsx, workbook_close(xlsx->book));
    error = xlsx->error;
    free(xlsx);
    return error == LXW_NO_ERROR ? STATUS_OK
                                 : diag_fail(diag, STATUS_IO, "the spreadsheet cannot be written: %s", lxw_strerror(error));
}

const char *stats_library(void)
{
    return lxw_version();
}
