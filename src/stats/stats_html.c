/*
 * stats_html.c - the figures as a page to read and to print: one file, without scripts, without anything that
 * it would have to fetch. Headings are in Vietnamese and English.
 */
#include "stats_index.h"

#include <inttypes.h>

static const char page_begin[] =
    "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\"/>\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>";
static const char page_style[] =
    "</title>\n<style>\n"
    "body { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }\n"
    "h1 { font-size: 1.5rem; margin-bottom: 0; }\n"
    "h2 { font-size: 1.2rem; margin-top: 2.5rem; border-bottom: 1px solid #bbb; }\n"
    "p { color: #444; }\n"
    "table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-variant-numeric: tabular-nums; }\n"
    "caption { text-align: left; font-weight: bold; padding: .3rem 0; }\n"
    "th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid #ddd; }\n"
    "th { background: #f3f3f3; font-weight: 600; vertical-align: bottom; }\n"
    "th:first-child, td:first-child, td.word { text-align: left; }\n"
    "tr.all td { font-weight: 600; }\n"
    ".bar { background: #e4e4e4; height: .6rem; min-width: 6rem; position: relative; }\n"
    ".bar i { display: block; background: #2a6f4e; height: 100%; }\n"
    ".bar b { position: absolute; top: -.2rem; bottom: -.2rem; width: 2px; background: #b33; }\n"
    "details summary { cursor: pointer; color: #2a5a8a; }\n"
    "@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }\n"
    "</style>\n</head>\n<body>\n";

/* Text from outside: the agency's name. */
static enum status add_text(struct buf *out, struct span text)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < text.size && rc == STATUS_OK; i++) {
        switch (text.data[i]) {
        case '&':
            rc = buf_add_text(out, "&amp;");
            break;
        case '<':
            rc = buf_add_text(out, "&lt;");
            break;
        case '>':
            rc = buf_add_text(out, "&gt;");
            break;
        case '"':
            rc = buf_add_text(out, "&quot;");
            break;
        default:
            rc = buf_add(out, text.data + i, 1);
            break;
        }
    }
    return rc;
}

/* 4483102756 as 4.483.102.756, as people in Viet Nam write it. */
static enum status add_number(struct buf *out, int64_t number)
{
    char plain[24];
    char grouped[32];
    size_t size = money_write(number, plain);
    size_t to = 0;

    for (size_t i = 0; i < size; i++) {
        bool first = i == 0 || (i == 1 && plain[0] == '-');
        if (!first && (size - i) % 3 == 0) {
            grouped[to++] = '.';
        }
        grouped[to++] = plain[i];
    }
    return buf_add(out, grouped, to);
}

static enum status add_cell(struct buf *out, int64_t number)
{
    enum status rc = buf_add_text(out, "<td>");

    if (rc == STATUS_OK) {
        rc = add_number(out, number);
    }
    return rc == STATUS_OK ? buf_add_text(out, "</td>") : rc;
}

/* In percent with two decimals, half up; a dash where there is nobody to divide by. */
static enum status add_percent(struct buf *out, bool known, struct ratio ratio)
{
    int64_t share = 0;

    if (!known || !stats_ratio_round(ratio, &share)) {
        return buf_add_text(out, "<td>–</td>");
    }
    return buf_add_format(out, "<td>%" PRId64 ",%02" PRId64 " %%</td>", share / 100, share % 100);
}

/* The share as a bar, with a mark where the target stands. */
static enum status add_bar(struct buf *out, const struct stats_share *share, const struct stats_target *target)
{
    int64_t length = 0;
    int64_t mark = 0;

    if (!stats_ratio_round(stats_share_ratio(share), &length)) {
        return buf_add_text(out, "<td></td>");
    }
    enum status rc = buf_add_format(out, "<td><div class=\"bar\"><i style=\"width:%" PRId64 ".%02" PRId64 "%%\"></i>",
                                    length / 100, length % 100);
    if (rc == STATUS_OK && target != NULL && stats_ratio_round(target->share, &mark)) {
        rc = buf_add_format(out, "<b style=\"left:%" PRId64 ".%02" PRId64 "%%\"></b>", mark / 100, mark % 100);
    }
    return rc == STATUS_OK ? buf_add_text(out, "</div></td>") : rc;
}

/* ---- the shares of a month ---- */

static const char *const area_name[STATS_AREAS] = { "Thành thị · urban", "Nông thôn · rural", "Cả hai · all" };

static enum status add_area(struct buf *out, const char *name, const struct stats_area *area,
                            const struct stats_target *target, bool all)
{
    static const struct ratio none = { 0, 1 };
    struct ratio before = stats_share_ratio(&area->previous);

    enum status rc = buf_add_format(out, "<tr%s><td>%s</td>", all ? " class=\"all\"" : "", name);
    rc = rc == STATUS_OK ? add_cell(out, (int64_t)area->share.persons) : rc;
    rc = rc == STATUS_OK ? add_cell(out, (int64_t)area->share.noncash_persons) : rc;
    rc = rc == STATUS_OK ? add_percent(out, true, stats_share_ratio(&area->share)) : rc;
    rc = rc == STATUS_OK ? add_bar(out, &area->share, target) : rc;
    rc = rc == STATUS_OK ? add_percent(out, target != NULL, target == NULL ? none : target->share) : rc;
    rc = rc == STATUS_OK ? add_percent(out, target != NULL, stats_share_ratio(&area->covered)) : rc;
    rc = rc == STATUS_OK ? add_percent(out, true, before) : rc;
    rc = rc == STATUS_OK ? add_cell(out, area->amount_dong) : rc;
    rc = rc == STATUS_OK ? add_cell(out, area->noncash_amount_dong) : rc;
    return rc == STATUS_OK ? buf_add_text(out, "</tr>\n") : rc;
}

static enum status add_shares(struct buf *out, const struct stats *stats)
{
    static const char head[] =
        "<table>\n<caption>Không dùng tiền mặt · Non-cash</caption>\n<thead><tr><th>Khu vực<br/>area</th>"
        "<th>Số người<br/>persons</th><th>Không tiền mặt<br/>non-cash persons</th><th>Tỷ lệ<br/>share</th><th></th>"
        "<th>Mục tiêu<br/>target</th><th>Tỷ lệ theo mục tiêu<br/>share of the target's families</th>"
        "<th>Cùng kỳ năm trước<br/>year before</th><th>Số tiền (đồng)<br/>amount (dong)</th>"
        "<th>Không tiền mặt (đồng)<br/>non-cash (dong)</th></tr></thead>\n<tbody>\n";
    enum status rc = buf_add_text(out, head);

    for (int i = 0; i < STATS_AREAS && rc == STATUS_OK; i++) {
        /* The targets are for urban recipients alone. */
        rc = add_area(out, area_name[i], &stats->area[i], i == STATS_URBAN ? stats->target : NULL, i == STATS_ALL);
    }
    return rc == STATUS_OK ? buf_add_text(out, "</tbody></table>\n") : rc;
}

/* What has arrived of it so far; nothing where no answer was taken. */
static enum status add_settled(struct buf *out, const struct stats *stats)
{
    static const char head[] =
        "<table>\n<caption>Đã nhận tiền đến ngày lập · settled by this day</caption>\n<thead><tr><th>Khu vực<br/>area</th>"
        "<th>Số người<br/>persons</th><th>Không tiền mặt<br/>non-cash persons</th><th>Tỷ lệ<br/>share</th>"
        "<th>Số tiền (đồng)<br/>amount (dong)</th><th>Không tiền mặt (đồng)<br/>non-cash (dong)</th></tr></thead>\n<tbody>\n";
    enum status rc = STATUS_OK;

    if (stats->area[STATS_ALL].settled.persons == 0) {
        return STATUS_OK;
    }
    rc = buf_add_text(out, head);
    for (int i = 0; i < STATS_AREAS && rc == STATUS_OK; i++) {
        const struct stats_area *area = &stats->area[i];
        rc = buf_add_format(out, "<tr%s><td>%s</td>", i == STATS_ALL ? " class=\"all\"" : "", area_name[i]);
        rc = rc == STATUS_OK ? add_cell(out, (int64_t)area->settled.persons) : rc;
        rc = rc == STATUS_OK ? add_cell(out, (int64_t)area->settled.noncash_persons) : rc;
        rc = rc == STATUS_OK ? add_percent(out, true, stats_share_ratio(&area->settled)) : rc;
        rc = rc == STATUS_OK ? add_cell(out, area->settled_dong) : rc;
        rc = rc == STATUS_OK ? add_cell(out, area->settled_noncash_dong) : rc;
        rc = rc == STATUS_OK ? buf_add_text(out, "</tr>\n") : rc;
    }
    return rc == STATUS_OK ? buf_add_text(out, "</tbody></table>\n") : rc;
}

/* ---- by benefit, sex and channel, all units together ---- */

static enum status add_row(struct buf *out, const struct stats_row *row)
{
    bool total = row->value[COLUMN_AREA] == stats_all[COLUMN_AREA];
    enum status rc = buf_add_text(out, total ? "<tr class=\"all\">" : "<tr>");

    for (int column = COLUMN_AREA; column <= COLUMN_STATE && rc == STATUS_OK; column++) {
        rc = buf_add_format(out, "<td class=\"word\">%s</td>", row->word[column]);
    }
    rc = rc == STATUS_OK ? add_cell(out, (int64_t)row->cell->persons) : rc;
    rc = rc == STATUS_OK ? add_cell(out, (int64_t)row->cell->payments) : rc;
    rc = rc == STATUS_OK ? add_cell(out, row->cell->amount_dong) : rc;
    return rc == STATUS_OK ? buf_add_text(out, "</tr>\n") : rc;
}

static enum status add_rows(struct buf *out, const struct stats *stats)
{
    static const char head[] =
        "<details><summary>Theo chế độ, giới tính, hình thức · by benefit, sex and channel</summary>\n<table>\n<thead><tr>"
        "<th>Khu vực<br/>area</th><th>Chế độ<br/>benefit</th><th>Giới tính<br/>sex</th><th>Hình thức<br/>channel</th><th>Trạng thái<br/>state</th>"
        "<th>Số người<br/>persons</th><th>Số khoản<br/>payments</th><th>Số tiền (đồng)<br/>amount (dong)</th></tr></thead>\n"
        "<tbody>\n";
    struct stats_row row;
    enum status rc = buf_add_text(out, head);

    for (size_t i = 0; i < STATS_CELLS && rc == STATUS_OK; i++) {
        /* Rows of all units, and the one of everything. */
        if (stats_row_at(stats, i, &row) && row.value[COLUMN_UNIT] == stats_all[COLUMN_UNIT]) {
            rc = add_row(out, &row);
        }
    }
    return rc == STATUS_OK ? buf_add_text(out, "</tbody></table></details>\n") : rc;
}

/* ---- the page ---- */

enum status stats_html_begin(const char *agency, day_t as_of, struct buf *out)
{
    char day[11];

    day_write(as_of, day);
    enum status rc = buf_add_text(out, page_begin);
    rc = rc == STATUS_OK ? add_text(out, span_of(agency)) : rc;
    rc = rc == STATUS_OK ? buf_add_format(out, ", %s%s<h1>", day, page_style) : rc;
    rc = rc == STATUS_OK ? add_text(out, span_of(agency)) : rc;
    return rc == STATUS_OK ? buf_add_format(out,
                                            "</h1>\n<p>Chi trả không dùng tiền mặt, lấy ngày %s · paid in cash and not, taken on %s. "
                                            "Persons are counted once in each cell and cannot be added up.</p>\n", day, day)
                           : rc;
}

enum status stats_html(const struct stats *stats, struct buf *out)
{
    char period[8];

    month_write(stats->period, period);
    enum status rc = buf_add_format(out, "<h2>%.2s/%.4s</h2>\n", period + 5, period);
    rc = rc == STATUS_OK ? add_shares(out, stats) : rc;
    rc = rc == STATUS_OK ? add_settled(out, stats) : rc;
    return rc == STATUS_OK ? add_rows(out, stats) : rc;
}

enum status stats_html_end(struct buf *out)
{
    return buf_add_text(out, "</body>\n</html>\n");
}
