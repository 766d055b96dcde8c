/* From bytes to batches: the one place that knows where a file stands and what its family is. */
#include "intake_internal.h"

#include "chitra/text.h"

#include <stdio.h>
#include <stdlib.h>

struct intake_reader {
    char *name;
    struct span content;
    bool is_gzip;
    struct gzip gzip;
    struct buf carry;           /* gzip: decompressed text that the last batch did not reach */
    struct csv csv;             /* where the next record begins */
    bool started;               /* the header was read */
    struct csv_record record;   /* the last one */
    struct columns columns;
    struct row_check check;     /* its family is FAMILY_COUNT until it is known */
};

void intake_batch_init(struct intake_batch *batch)
{
    *batch = (struct intake_batch){ .arena = ARENA_INIT };
    batch->row = mem_alloc(INTAKE_BATCH_ROWS, sizeof(*batch->row));
    batch->finding = mem_alloc(INTAKE_BATCH_ROWS, sizeof(*batch->finding));
    batch->texts = (UINT32_C(1) << TEXT_NUMBER) - 1;
}

void intake_batch_release(struct intake_batch *batch)
{
    free(batch->row);
    free(batch->finding);
    arena_release(&batch->arena);
    *batch = (struct intake_batch){ .arena = ARENA_INIT };
}

/* Fits the rows to a file that has these texts: a row's texts are written for the file's own columns
 * only, which saves most of the stores, so those of an earlier file are emptied here, once. */
static void batch_fit(struct intake_batch *batch, uint32_t texts)
{
    uint32_t stale = batch->texts & ~texts;

    for (size_t i = 0; stale != 0 && i < INTAKE_BATCH_ROWS; i++) {
        for (uint32_t left = stale; left != 0; left &= left - 1) {
            batch->row[i].text[__builtin_ctz(left)] = SPAN_EMPTY;
        }
    }
    batch->texts = texts;
}

static bool name_is_gzip(const char *name)
{
    size_t size = strlen(name);
    return size >= 3 && strcmp(name + size - 3, ".gz") == 0;
}

enum status intake_new(struct span content, const char *name, enum intake_purpose purpose,
                       struct intake_reader **reader, struct diag *diag)
{
    *reader = NULL;
    if (content.size > INTAKE_FILE_BYTES_MAX) {
        enum status rc = diag_fail(diag, STATUS_LIMIT, "the file is too long");
        diag_at(diag, name, 0, 0);
        return rc;
    }
    struct intake_reader *made = mem_alloc(1, sizeof(*made));
    made->name = mem_text(name);
    made->content = content;
    made->carry = BUF_INIT(INTAKE_WINDOW_BYTES);
    made->check = (struct row_check){ .family = FAMILY_COUNT, .purpose = purpose };
    made->csv = (struct csv){ content.data, content.data + content.size, true, 1 };
    made->is_gzip = name_is_gzip(name);
    if (made->is_gzip) {
        enum status rc = gzip_init(&made->gzip, content, made->name, diag);
        if (rc != STATUS_OK) {
            intake_free(made);
            return rc;
        }
        made->csv = (struct csv){ NULL, NULL, false, 1 };
    }
    *reader = made;
    return STATUS_OK;
}

void intake_free(struct intake_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    gzip_release(&reader->gzip);
    buf_release(&reader->carry);
    free(reader->name);
    free(reader);
}

/* Decompresses the next window behind what the last batch left over. Rows point into it, so that it
 * lives in the batch's arena. */
static enum status window_fill(struct intake_reader *reader, struct intake_batch *batch, struct diag *diag)
{
    char *window = arena_alloc(&batch->arena, INTAKE_WINDOW_BYTES);
    size_t carried = reader->carry.size, got = 0;

    if (carried > 0) {
        memcpy(window, reader->carry.data, carried);
        buf_clear(&reader->carry);
    }
    enum status rc = gzip_read(&reader->gzip, window + carried, INTAKE_WINDOW_BYTES - carried, &got, diag);
    reader->csv.at = window;
    reader->csv.end = window + carried + got;
    reader->csv.final = reader->gzip.ended;
    return rc;
}

/* What the batch had no room for, or what has no end yet, is kept for the next window. */
static enum status window_leave(struct intake_reader *reader)
{
    struct csv *csv = &reader->csv;
    return buf_add(&reader->carry, csv->at, (size_t)(csv->end - csv->at));
}

static void finding_add(struct intake_batch *batch, uint64_t line, unsigned column, const char *reason)
{
    ASSERT(batch->finding_count < INTAKE_BATCH_ROWS);
    batch->finding[batch->finding_count++] = (struct intake_finding){
        .line = line, .column = column, .reason = arena_copy(&batch->arena, span_of(reason)),
    };
}

/* The row is rejected for the field `index`; a negative one is not in the file. */
static void field_reject(const struct intake_reader *reader, struct intake_batch *batch, int index, const char *name,
                         const char *expected)
{
    const struct csv_record *record = &reader->record;
    char found[REASON_BYTES / 2] = "nothing", of_type[REASON_BYTES / 2] = "a value", reason[REASON_BYTES + 40];
    unsigned byte = 0;

    if (index >= 0) {
        const struct column *column = &reader->columns.column[index];
        byte = csv_field_byte(record->bytes, (size_t)index);
        field_found(column, record->field[index], found);
        field_expected(column, of_type);
    }
    snprintf(reason, sizeof(reason), "%s: found %s, expected %s", name, found, expected == NULL ? of_type : expected);
    finding_add(batch, record->line, byte, reason);
}

static void row_take(const struct intake_reader *reader, struct intake_batch *batch)
{
    const struct csv_record *record = &reader->record;
    const struct columns *columns = &reader->columns;
    struct intake_row *row = &batch->row[batch->row_count];
    uint32_t texts;

    if (record->count != columns->count) {
        char reason[REASON_BYTES];
        snprintf(reason, sizeof(reason), "row: found %zu fields, expected %zu", record->count, columns->count);
        finding_add(batch, record->line, 0, reason);
        return;
    }
    size_t bad = fields_read(columns, record, row, &texts);
    if (bad < columns->count) {
        field_reject(reader, batch, (int)bad, columns->column[bad].name, NULL);
        return;
    }
    struct row_fault fault = row_check(&reader->check, row, texts);
    if (fault.column != NULL) {
        field_reject(reader, batch, columns_find(columns, span_of(fault.column)), fault.column, fault.expected);
        return;
    }
    row->line = record->line;
    row->record = record->bytes;
    batch->row_count++;
}

static enum status family_set(struct intake_reader *reader, enum family family, struct diag *diag)
{
    reader->check.family = family;
    reader->check.required = columns_required(family, reader->check.purpose);
    return columns_fit(&reader->columns, family, reader->check.purpose, reader->name, diag);
}

/* The first row whose benefit is known says what the file is about. */
static enum status family_learn(struct intake_reader *reader, struct diag *diag)
{
    size_t column = (size_t)reader->columns.benefit;

    if (column >= reader->record.count) {
        return STATUS_OK;
    }
    enum benefit benefit = benefit_find(reader->record.field[column]);
    return benefit == BENEFIT_none ? STATUS_OK : family_set(reader, benefit_family(benefit), diag);
}

static enum status header_take(struct intake_reader *reader, struct intake_batch *batch, struct diag *diag)
{
    enum status rc = columns_read(&reader->columns, &reader->record, reader->name, diag);

    if (rc == STATUS_OK && columns_family(&reader->columns) != FAMILY_COUNT) {
        rc = family_set(reader, columns_family(&reader->columns), diag);
    }
    if (rc == STATUS_OK) {
        batch_fit(batch, reader->columns.texts);
        reader->started = true;
    }
    return rc;
}

static enum status record_take(struct intake_reader *reader, struct intake_batch *batch, struct diag *diag)
{
    enum status rc = STATUS_OK;

    if (!reader->started) {
        return header_take(reader, batch, diag);
    }
    if (reader->check.family == FAMILY_COUNT) {
        rc = family_learn(reader, diag);
    }
    if (rc == STATUS_OK) {
        row_take(reader, batch);
    }
    return rc;
}

static enum status text_refuse(const struct intake_reader *reader, enum status status, const char *what,
                               unsigned column, struct diag *diag)
{
    enum status rc = diag_fail(diag, status, "%s", what);
    diag_at(diag, reader->name, reader->csv.line, column);
    return rc;
}

/* A line that is no record: a finding, or the end of it if it should have been the header. */
static enum status fault_take(struct intake_reader *reader, struct intake_batch *batch, struct diag *diag)
{
    const struct csv_record *record = &reader->record;
    char reason[REASON_BYTES];

    if (!reader->started) {
        enum status rc = diag_fail(diag, STATUS_INPUT, "the header is no CSV record");
        diag_at(diag, reader->name, record->line, record->fault_byte);
        diag_found(diag, "%s", record->fault);
        return rc;
    }
    snprintf(reason, sizeof(reason), "row: found %s, expected RFC 4180: \"a \"\"quoted\"\" text\"", record->fault);
    finding_add(batch, record->line, record->fault_byte, reason);
    return STATUS_OK;
}

/* Takes records until the batch is full or the window is at its end. */
static enum status window_read(struct intake_reader *reader, struct intake_batch *batch, struct diag *diag)
{
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && batch->row_count < INTAKE_BATCH_ROWS && batch->finding_count < INTAKE_BATCH_ROWS) {
        switch (csv_next(&reader->csv, &batch->arena, &reader->record)) {
        case CSV_RECORD:
            rc = record_take(reader, batch, diag);
            break;
        case CSV_FAULT:
            rc = fault_take(reader, batch, diag);
            break;
        case CSV_MORE:
            return STATUS_OK;
        case CSV_END:
            return reader->started ? STATUS_OK
                                   : text_refuse(reader, STATUS_INPUT, "the file has no header", 0, diag);
        case CSV_OPEN:
            return text_refuse(reader, STATUS_INPUT, "a quoted field does not end", 1, diag);
        case CSV_LONG:
            return text_refuse(reader, STATUS_LIMIT, "the line is too long", 1, diag);
        }
    }
    return rc;
}

/* Windows-born files begin with a byte-order mark, which says nothing in UTF-8. */
static void mark_pass(struct csv *csv)
{
    if (csv->end - csv->at >= 3 && memcmp(csv->at, "\xef\xbb\xbf", 3) == 0) {
        csv->at += 3;
    }
}

static bool at_end(const struct intake_reader *reader)
{
    return reader->started && reader->csv.final && reader->csv.at == reader->csv.end && reader->carry.size == 0;
}

enum status intake_read(struct intake_reader *reader, struct intake_batch *batch, struct diag *diag)
{
    enum status rc = STATUS_OK;

    arena_clear(&batch->arena);
    batch->row_count = 0;
    batch->finding_count = 0;
    if (reader->started) {
        batch_fit(batch, reader->columns.texts);
    }
    while (rc == STATUS_OK && batch->row_count == 0 && batch->finding_count == 0 && !at_end(reader)) {
        if (reader->is_gzip) {
            rc = window_fill(reader, batch, diag);
        }
        if (rc == STATUS_OK && !reader->started) {
            mark_pass(&reader->csv);
        }
        if (rc == STATUS_OK) {
            rc = window_read(reader, batch, diag);
        }
        if (rc == STATUS_OK && reader->is_gzip) {
            rc = window_leave(reader);
        }
    }
    return rc;
}

enum family intake_family(const struct intake_reader *reader)
{
    return reader->check.family;
}

unsigned intake_column(const struct intake_reader *reader, const struct intake_row *row, const char *column)
{
    int index = columns_find(&reader->columns, span_of(column));
    return index < 0 ? 0 : csv_field_byte(row->record, (size_t)index);
}
