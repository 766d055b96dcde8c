/*
 * intake.h - approved rows from CSV files, strictly typed, with file, line and column of every fault.
 *
 * Layer: intake (knows base); it does not know law, banks or the ledger. The columns are those of
 * chitra-intake(5). One dialect: UTF-8 (a byte-order mark is tolerated), RFC 4180, commas, header required,
 * order free, LF or CRLF.
 *
 * A row at fault is a finding; the good rows go on. A structure at fault (unknown or doubled column,
 * a quote that never closes, a header that is not UTF-8, truncated or over-long gzip, junk behind
 * it) refuses the file: an error, and whatever was read from it before must not be used.
 *
 * Calling sequence: intake_new, intake_read until it gives no rows and no findings, intake_free. The
 * content is held by the caller, was hashed from the same bytes, and outlives the reader and its
 * batches: rows point into it. A batch may be read again by the same or another reader; what its
 * rows point to is valid until then.
 */
#ifndef CHITRA_INTAKE_H
#define CHITRA_INTAKE_H

#include "chitra/diag.h"
#include "chitra/facts.h"

enum {
    INTAKE_BATCH_ROWS = 1024,               /* some 800 KiB of rows: they stay in the second-level cache */
    INTAKE_FILE_BYTES_MAX = 1 << 30,        /* one file: a nation's rows at 250 bytes */
    INTAKE_LINE_BYTES_MAX = 64 * 1024,      /* one row: every column at its longest is under 2 KiB */
    INTAKE_GZIP_RATIO_MAX = 200             /* after 1 MiB: CSV packs to a tenth, a bomb to a thousandth */
};

struct intake_row {
    uint64_t line;              /* in the file, from 1 (of the decompressed text) */
    enum benefit benefit;       /* BENEFIT_none for stops, corrections, orders, cash results */
    struct span record;         /* its bytes as they stand in the file, without the line's end */
    struct span text[TEXT_NUMBER];  /* empty: not given; into the batch's arena or the content */
    struct facts facts;
};

/* A row that was rejected, with its first fault. */
struct intake_finding {
    uint64_t line;              /* where the row begins */
    unsigned column;            /* the byte of the line where the field begins; 0: the row */
    struct span reason;         /* "benefit: found pensoin, expected the name of a benefit"; personal
                                 * values are described ("found 9 digits") */
};

struct intake_batch {
    struct intake_row *row;             /* INTAKE_BATCH_ROWS of them */
    size_t row_count;
    struct intake_finding *finding;     /* likewise */
    size_t finding_count;
    uint32_t texts;                     /* intake's own: texts that some row holds or held */
    struct arena arena;
};

void intake_batch_init(struct intake_batch *batch);
void intake_batch_release(struct intake_batch *batch);

struct intake_reader;

/* How strict the identity columns are: a run needs them all, `chitra calc` only what a formula uses. */
enum intake_purpose { INTAKE_FOR_RUN, INTAKE_FOR_CALC };

/* `name` ends in .csv or .csv.gz (or is anything, for standard input: then plain text is expected).
 * STATUS_LIMIT if the content is over INTAKE_FILE_BYTES_MAX; the header is read with the first batch. */
enum status intake_new(struct span content, const char *name, enum intake_purpose purpose,
                       struct intake_reader **reader, struct diag *diag) MUST_USE;
void intake_free(struct intake_reader *reader);

/* The next batch; both counts 0 at the end. The batch's earlier content is forgotten. STATUS_INPUT or
 * STATUS_LIMIT refuses the whole file, with its line. In orders, `reason` is a text: TEXT_note. */
enum status intake_read(struct intake_reader *reader, struct intake_batch *batch, struct diag *diag) MUST_USE;

/* True if nothing behind the header can be at fault in structure: text without a quote, every line
 * within the limit. Any other content must be read to its end before it is trusted. */
bool intake_is_plain(struct span content);

/* The family, once the first batch is read: by the first row whose benefit is known, or by the
 * header (chitra-intake(5)); a row of another family is a finding. FAMILY_COUNT while unknown. */
enum family intake_family(const struct intake_reader *reader);

/* For findings that the law or the ledger adds later: the byte of the row's line where the field of
 * this column begins, or 0 if the file has no such column. */
unsigned intake_column(const struct intake_reader *reader, const struct intake_row *row, const char *column);

/* The same for a number that the row gives, without going through the line: it stands in the record as it is. */
static inline unsigned intake_number_byte(const struct intake_row *row, enum text number)
{
    const char *at = row->text[number].data;

    if (row->text[number].size == 0) {
        return 0;
    }
    return (unsigned)(at - row->record.data) + (at > row->record.data && at[-1] == '"' ? 0 : 1);
}

/* An approval list in the format of sha256sum ("<64 hex>  <name>", "*" for binary). */
struct intake_approved {
    uint8_t sha256[32];
    char *name;
};
struct intake_list {
    struct intake_approved *item;
    size_t count;
};
/* Names with '/' or a leading dot, doubled names, bad digests: refused (STATUS_INPUT) with the line,
 * and the list is empty. `name` is for messages. */
enum status intake_list_read(struct span content, const char *name, struct intake_list *list,
                             struct diag *diag) MUST_USE;
void intake_list_release(struct intake_list *list);

/* The version of zlib, for --version. */
const char *intake_library(void);

#endif
