/*
 * intake_internal.h - what the files of intake/ share: bytes, records, columns, fields, rows.
 *
 * The walk of a row: gzip.c gives text, csv.c cuts it into records of fields, columns.c knows what
 * each field is, fields.c reads it, rows.c checks the fields against each other, reader.c collects.
 */
#ifndef CHITRA_INTAKE_INTERNAL_H
#define CHITRA_INTAKE_INTERNAL_H

#include "chitra/intake.h"

#include <zlib.h>

enum {
    COLUMNS_MAX = FACT_NUMBER + TEXT_NUMBER + 1,    /* every column once, and `benefit` */
    INTAKE_WINDOW_BYTES = 1 << 20,  /* decompressed at a time: a batch's rows at 250 bytes */
    REASON_BYTES = 400              /* a finding: column, found, expected */
};

/* --- gzip.c: one member, from its first byte to its last. --- */

struct gzip {
    z_stream stream;
    const char *name;       /* for messages */
    uint64_t size_bytes;    /* decompressed so far */
    bool is_open;           /* stream has memory to release */
    bool ended;             /* the trailer was read and its checksum agrees */
};

enum status gzip_init(struct gzip *gzip, struct span content, const char *name, struct diag *diag) MUST_USE;
/* Up to `size` bytes; fewer only at the end. */
enum status gzip_read(struct gzip *gzip, char *to, size_t size, size_t *got, struct diag *diag) MUST_USE;
void gzip_release(struct gzip *gzip);

/* --- csv.c: RFC 4180. --- */

struct csv {
    const char *at;         /* the next record's first byte */
    const char *end;
    bool final;             /* nothing follows behind `end` */
    uint64_t line;          /* of `at`, from 1 */
};

struct csv_record {
    uint64_t line;
    struct span bytes;      /* as they stand, without the line's end */
    size_t count;           /* of fields; those over COLUMNS_MAX are counted only */
    struct span field[COLUMNS_MAX];     /* without quotes; into the text or, if it had doubled quotes, the arena */
    const char *fault;      /* CSV_FAULT: what was found, */
    unsigned fault_byte;    /* and at which byte of the line, from 1 */
};

enum csv_result {
    CSV_RECORD,
    CSV_FAULT,              /* one line is no record; the next one goes on */
    CSV_MORE,               /* the record is not complete before `end` */
    CSV_END,
    CSV_OPEN,               /* a quoted field does not end: lines may have been swallowed */
    CSV_LONG                /* over INTAKE_LINE_BYTES_MAX */
};

/* The next record; empty lines are passed over. */
enum csv_result csv_next(struct csv *csv, struct arena *arena, struct csv_record *record);
/* The byte, from 1, where field `index` of a record begins. It lies on the record's first line unless a
 * line's end stands quoted before it, and then that field is the one at fault. */
unsigned csv_field_byte(struct span record, size_t index);

/* --- columns.c: what the header says. --- */

enum column_type {
    COLUMN_BENEFIT,
    COLUMN_DATE, COLUMN_BIRTH, COLUMN_MONTH, COLUMN_MONEY, COLUMN_COUNT, COLUMN_HALF_DAYS,
    COLUMN_FLAG, COLUMN_WORD,
    COLUMN_ID,              /* 1-35 of A-Z a-z 0-9 / . - _ */
    COLUMN_DIGITS,          /* exactly size_max digits */
    COLUMN_PERSON,          /* 10 or 12 digits: a social-insurance or a citizen's number */
    COLUMN_UNIT,            /* 1-6 of A-Z 0-9 */
    COLUMN_BANK,            /* 1-12 of A-Z a-z 0-9 -; rows.c knows when it must be a BIN */
    COLUMN_ACCOUNT,         /* 1-34 letters or digits */
    COLUMN_FREE             /* clean text of at most size_max characters, not only spaces */
};

struct column {
    enum column_type type;
    const char *name;
    unsigned header_byte;   /* where the header names it, for messages */
    bool is_text;           /* `index` is an enum text, otherwise an enum fact */
    bool is_personal;
    unsigned index;
    unsigned words;         /* COLUMN_WORD: bit i, word i is allowed in this family */
    int64_t min, max;       /* COLUMN_COUNT */
    size_t size_max;        /* COLUMN_DIGITS, COLUMN_FREE */
};

struct columns {
    uint64_t line;          /* of the header */
    size_t count;
    struct column column[COLUMNS_MAX];
    uint64_t facts;         /* which the header has */
    uint32_t texts;
    int benefit;            /* the column with the benefit, or -1 */
};

/* What each row must give. */
struct required {
    uint64_t facts;
    uint32_t texts;
};

#define FACT_BIT(name) (UINT64_C(1) << FACT_##name)
#define TEXT_BIT(name) (UINT32_C(1) << TEXT_##name)

/* The header's columns: unknown and doubled ones are refused. */
enum status columns_read(struct columns *columns, const struct csv_record *header, const char *name,
                         struct diag *diag) MUST_USE;
/* The family of a header without `benefit`. */
enum family columns_family(const struct columns *columns);
/* Fits the columns to the file's family: foreign ones are refused, and so is a header without a
 * column that every row must give. */
enum status columns_fit(struct columns *columns, enum family family, enum intake_purpose purpose,
                        const char *name, struct diag *diag) MUST_USE;
struct required columns_required(enum family family, enum intake_purpose purpose);
int columns_find(const struct columns *columns, struct span name);      /* its index, or -1 */

/* --- fields.c: one field, strictly. --- */

/* Reads the record's fields into the row. Returns the index of the first column at fault, or
 * columns->count. `texts`: which texts are given. */
size_t fields_read(const struct columns *columns, const struct csv_record *record, struct intake_row *row,
                   uint32_t *texts);
/* "found X, expected Y" without personal values. */
void field_found(const struct column *column, struct span value, char found[REASON_BYTES / 2]);
void field_expected(const struct column *column, char expected[REASON_BYTES / 2]);

/* --- rows.c: the fields of one row against each other. --- */

struct row_check {
    enum family family;
    enum intake_purpose purpose;
    struct required required;
};

struct row_fault {
    const char *column;     /* its name; NULL: the row is good */
    const char *expected;   /* NULL: what its type expects */
};

struct row_fault row_check(const struct row_check *check, const struct intake_row *row, uint32_t texts);

#endif
