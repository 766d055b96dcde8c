/*
 * list_output.c - the rows of `chitra list` as CSV, JSON, or a table.
 *
 * In CSV the free texts (reasons, names of files) are guarded against spreadsheets that take them for
 * formulas (CWE-1236); ids, words and numbers stand as they are, since programs compare them.
 */
#include "list_output.h"

#include "chitra/text.h"

#include <stdlib.h>

enum {
    FLUSH_BYTES = 64 * 1024,
    OUTPUT_BYTES_MAX = 1 << 20,     /* between two flushes: one row, or a table's first rows */
    TABLE_ROWS = 200                /* that a table waits for */
};

struct list_output {
    enum ledger_list_kind kind;
    enum list_format format;
    struct buf out;
    uint64_t rows;
    struct span (*kept)[LIST_COLUMNS_MAX];  /* a table's first rows */
    struct arena arena;                     /* of their texts */
    size_t width[LIST_COLUMNS_MAX];         /* in characters */
};

static enum status flush(struct list_output *to, struct diag *diag)
{
    size_t written = fwrite(to->out.data == NULL ? "" : to->out.data, 1, to->out.size, stdout);

    if (written != to->out.size) {
        return diag_errno(diag, "standard output", NULL);
    }
    buf_clear(&to->out);
    return STATUS_OK;
}

static enum status csv_row(struct list_output *to, const struct span *cell)
{
    size_t columns = ledger_list_columns(to->kind);
    enum ledger_cell form;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < columns && rc == STATUS_OK; i++) {
        ledger_list_column(to->kind, i, &form);
        rc = text_add_csv(&to->out, cell[i], form == CELL_FREE);
        if (rc == STATUS_OK) {
            rc = buf_add(&to->out, i + 1 < columns ? "," : "\n", 1);
        }
    }
    return rc;
}

static enum status json_row(struct list_output *to, const struct span *cell)
{
    size_t columns = ledger_list_columns(to->kind);
    enum ledger_cell form;
    enum status rc = buf_add_text(&to->out, to->rows == 0 ? "\n{" : ",\n{");

    for (size_t i = 0; i < columns && rc == STATUS_OK; i++) {
        const char *name = ledger_list_column(to->kind, i, &form);
        rc = buf_add_format(&to->out, "%s\"%s\": ", i == 0 ? "" : ", ", name);
        if (rc == STATUS_OK && form == CELL_NUMBER) {
            rc = cell[i].size == 0 ? buf_add_text(&to->out, "null")
                                   : buf_add(&to->out, cell[i].data, cell[i].size);
        } else if (rc == STATUS_OK) {
            rc = text_add_json(&to->out, cell[i]);
        }
    }
    return rc == STATUS_OK ? buf_add_text(&to->out, "}") : rc;
}

/* A cell of a table: numbers to the right, what a terminal could take for a command shown as '?'. */
static enum status table_cell(struct list_output *to, size_t column, struct span text)
{
    size_t columns = ledger_list_columns(to->kind);
    enum ledger_cell form;
    size_t length = text_length(text);
    size_t gap = to->width[column] > length ? to->width[column] - length : 0;

    ledger_list_column(to->kind, column, &form);
    enum status rc = buf_reserve(&to->out, text.size + gap + 2);
    if (rc != STATUS_OK) {
        return rc;
    }
    char *at = to->out.data + to->out.size;
    if (form == CELL_NUMBER) {
        memset(at, ' ', gap);
        at += gap;
    }
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        *at++ = byte < 0x20 || byte == 0x7f ? '?' : text.data[i];
    }
    if (form != CELL_NUMBER && column + 1 < columns) {
        memset(at, ' ', gap);
        at += gap;
    }
    memcpy(at, column + 1 < columns ? "  " : "\n", 2);
    at += column + 1 < columns ? 2 : 1;
    to->out.size = (size_t)(at - to->out.data);
    return STATUS_OK;
}

static enum status table_row(struct list_output *to, const struct span *cell)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < ledger_list_columns(to->kind) && rc == STATUS_OK; i++) {
        rc = table_cell(to, i, cell[i]);
    }
    return rc;
}

/* The header and the rows that were kept; from here on the widths stand. */
static enum status table_start(struct list_output *to, size_t kept)
{
    size_t columns = ledger_list_columns(to->kind);
    struct span name[LIST_COLUMNS_MAX];
    enum ledger_cell form;

    for (size_t i = 0; i < columns; i++) {
        name[i] = span_of(ledger_list_column(to->kind, i, &form));
        to->width[i] = name[i].size;
        for (size_t j = 0; j < kept; j++) {
            size_t length = text_length(to->kept[j][i]);
            to->width[i] = length > to->width[i] ? length : to->width[i];
        }
    }
    enum status rc = table_row(to, name);
    for (size_t j = 0; j < kept && rc == STATUS_OK; j++) {
        rc = table_row(to, to->kept[j]);
    }
    return rc;
}

static enum status table_add(struct list_output *to, const struct span *cell)
{
    if (to->rows > TABLE_ROWS) {
        return table_row(to, cell);
    }
    if (to->rows == TABLE_ROWS) {
        enum status rc = table_start(to, TABLE_ROWS);
        return rc == STATUS_OK ? table_row(to, cell) : rc;
    }
    for (size_t i = 0; i < ledger_list_columns(to->kind); i++) {
        to->kept[to->rows][i] = arena_copy(&to->arena, cell[i]);
    }
    return STATUS_OK;
}

struct list_output *list_output_new(enum ledger_list_kind kind, enum list_format format)
{
    struct list_output *to = mem_alloc(1, sizeof(*to));

    to->kind = kind;
    to->format = format;
    to->out = BUF_INIT(OUTPUT_BYTES_MAX);
    to->kept = mem_alloc(TABLE_ROWS, sizeof(*to->kept));
    return to;
}

enum status list_output_begin(struct list_output *to)
{
    struct span name[LIST_COLUMNS_MAX];
    enum ledger_cell form;

    if (to->format != FORMAT_CSV) {
        return to->format == FORMAT_JSON ? buf_add_text(&to->out, "[") : STATUS_OK;
    }
    for (size_t i = 0; i < ledger_list_columns(to->kind); i++) {
        name[i] = span_of(ledger_list_column(to->kind, i, &form));
    }
    return csv_row(to, name);
}

enum status list_output_row(struct list_output *to, const struct span *cell, struct diag *diag)
{
    enum status rc = to->format == FORMAT_CSV    ? csv_row(to, cell)
                     : to->format == FORMAT_JSON ? json_row(to, cell)
                                                 : table_add(to, cell);

    to->rows++;
    return rc == STATUS_OK && to->out.size >= FLUSH_BYTES ? flush(to, diag) : rc;
}

enum status list_output_end(struct list_output *to, struct diag *diag)
{
    enum status rc = STATUS_OK;

    if (to->format == FORMAT_JSON) {
        rc = buf_add_text(&to->out, to->rows == 0 ? "]\n" : "\n]\n");
    } else if (to->format == FORMAT_TABLE && to->rows <= TABLE_ROWS) {
        rc = table_start(to, (size_t)to->rows);
    }
    return rc == STATUS_OK ? flush(to, diag) : rc;
}

void list_output_free(struct list_output *to)
{
    if (to != NULL) {
        buf_release(&to->out);
        arena_release(&to->arena);
        free(to->kept);
    }
    free(to);
}
