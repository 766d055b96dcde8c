/* What the tests of intake share: a whole file read at once, kept for looking at. */
#ifndef TEST_INTAKE_SUPPORT_H
#define TEST_INTAKE_SUPPORT_H

#include "chitra/intake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { READ_FINDINGS_MAX = 16, READ_TEXT_BYTES = 512 };

struct read_all {
    enum status status;
    enum family family;
    char message[DIAG_BYTES_MAX];       /* the diag's text, if the file was refused */
    size_t rows, findings;
    char finding[READ_FINDINGS_MAX][READ_TEXT_BYTES];   /* "line:column: reason" */
    uint32_t checksum;                  /* of every row's line, benefit, texts and facts */
};

static void read_row(struct read_all *all, const struct intake_row *row)
{
    uLong sum = all->checksum;

    sum = crc32(sum, (const Bytef *)&row->line, sizeof(row->line));
    sum = crc32(sum, (const Bytef *)&row->benefit, sizeof(row->benefit));
    for (int i = 0; i < TEXT_NUMBER; i++) {
        sum = crc32(sum, (const Bytef *)row->text[i].data, (uInt)row->text[i].size);
        sum = crc32(sum, (const Bytef *)&row->text[i].size, sizeof(size_t));
    }
    for (int i = 0; i < FACT_NUMBER; i++) {
        int64_t value = facts_or(&row->facts, (enum fact)i, INT64_MIN);
        sum = crc32(sum, (const Bytef *)&value, sizeof(value));
    }
    all->checksum = (uint32_t)sum;
    all->rows++;
}

static void read_finding(struct read_all *all, const struct intake_finding *finding)
{
    if (all->findings < READ_FINDINGS_MAX) {
        snprintf(all->finding[all->findings], READ_TEXT_BYTES, "%llu:%u: %.*s", (unsigned long long)finding->line,
                 finding->column, (int)finding->reason.size, finding->reason.data);
    }
    all->findings++;
}

static struct read_all read_all(struct span content, const char *name, enum intake_purpose purpose)
{
    struct read_all all = { .family = FAMILY_COUNT };
    struct intake_reader *reader = NULL;
    struct intake_batch batch;
    struct diag diag = { .what = "" };
    size_t got;

    intake_batch_init(&batch);
    all.status = intake_new(content, name, purpose, &reader, &diag);
    do {
        got = 0;
        if (all.status == STATUS_OK) {
            all.status = intake_read(reader, &batch, &diag);
        }
        if (all.status == STATUS_OK) {
            got = batch.row_count + batch.finding_count;
            for (size_t i = 0; i < batch.row_count; i++) {
                read_row(&all, &batch.row[i]);
            }
            for (size_t i = 0; i < batch.finding_count; i++) {
                read_finding(&all, &batch.finding[i]);
            }
        }
    } while (got > 0);
    all.family = reader == NULL ? FAMILY_COUNT : intake_family(reader);
    if (all.status != STATUS_OK) {
        diag_text(&diag, all.message, sizeof(all.message));
    }
    intake_free(reader);
    intake_batch_release(&batch);
    return all;
}

static inline struct read_all read_text(const char *text, enum intake_purpose purpose)
{
    return read_all(span_of(text), "p.csv", purpose);
}

/* A file, whole; NULL if there is none. Free with free(3). */
static inline char *file_text(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;

    *size = 0;
    while (file != NULL) {
        text = mem_resize(text, *size + 4097, 1);
        size_t got = fread(text + *size, 1, 4096, file);
        *size += got;
        text[*size] = '\0';
        if (got == 0) {
            fclose(file);
            break;
        }
    }
    return text;
}

/* gzip of `level` (0: stored). Free with free(3). */
static inline struct span gzip_of(struct span text, int level)
{
    z_stream stream = { .next_in = NULL };
    size_t size_max = text.size + text.size / 1000 + 1024;
    char *out = mem_alloc(size_max, 1);

    assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (z_const Bytef *)(uintptr_t)text.data;
    stream.avail_in = (uInt)text.size;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)size_max;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t size = stream.total_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
    return (struct span){ out, size };
}

#endif
