/* What the fuzz targets of intake share: reading everything, and what must hold of whatever is read. */
#ifndef INTAKE_FUZZ_H
#define INTAKE_FUZZ_H

#include "chitra/intake.h"
#include "chitra/text.h"

#include <zlib.h>

struct fuzz_read {
    enum status status;
    uint64_t rows, findings;
    uint64_t line;              /* of the last row */
    uLong checksum;             /* of every text and fact that a row gives */
};

static inline void fuzz_row(struct fuzz_read *all, const struct intake_reader *reader, const struct intake_row *row)
{
    uint8_t packed[FACTS_BYTES_MAX];
    struct facts facts;
    size_t size = facts_pack(&row->facts, UINT64_MAX, packed);

    ASSERT(facts_unpack(packed, size, &facts) && facts.given == row->facts.given);
    ASSERT(row->line > all->line);
    all->line = row->line;
    all->checksum = crc32(all->checksum, packed, (uInt)size);
    for (int i = 0; i < TEXT_NUMBER; i++) {
        struct span text = row->text[i];
        ASSERT(text_is_clean(text) && text_length(text) <= text_size_max((enum text)i));
        ASSERT(text.size == 0 || strcmp(text_name((enum text)i), "note") == 0 ||
               intake_column(reader, row, text_name((enum text)i)) > 0);
        all->checksum = crc32(all->checksum, (const Bytef *)text.data, (uInt)text.size);
    }
    all->rows++;
}

static inline void fuzz_finding(struct fuzz_read *all, const struct intake_finding *finding)
{
    ASSERT(finding->line > 0 && text_is_clean(finding->reason));
    ASSERT(memmem(finding->reason.data, finding->reason.size, ": found ", 8) != NULL);
    all->checksum = crc32(all->checksum, (const Bytef *)finding->reason.data, (uInt)finding->reason.size);
    all->findings++;
}

/* Reads the whole file; a file that is refused counts as such. */
static inline struct fuzz_read fuzz_read(struct span content, const char *name, enum intake_purpose purpose)
{
    struct fuzz_read all = { .status = STATUS_OK };
    struct intake_reader *reader = NULL;
    static struct intake_batch batch;       /* kept from input to input, as a run keeps it from file to file */
    struct diag diag;
    size_t got = 1;

    if (batch.row == NULL) {
        intake_batch_init(&batch);
    }
    all.status = intake_new(content, name, purpose, &reader, &diag);
    while (all.status == STATUS_OK && got > 0) {
        all.status = intake_read(reader, &batch, &diag);
        got = batch.row_count + batch.finding_count;
        for (size_t i = 0; all.status == STATUS_OK && i < batch.row_count; i++) {
            fuzz_row(&all, reader, &batch.row[i]);
        }
        for (size_t i = 0; all.status == STATUS_OK && i < batch.finding_count; i++) {
            fuzz_finding(&all, &batch.finding[i]);
        }
    }
    ASSERT(all.status == STATUS_OK || all.status == STATUS_INPUT || all.status == STATUS_LIMIT);
    ASSERT(all.status == STATUS_OK || diag.what[0] != '\0');
    intake_free(reader);
    return all;
}

#endif
