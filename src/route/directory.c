/*
 * directory.c - banks by BIN and communes by code, from two sorted CSV files.
 *
 * The files are ours, so their form is narrow: comment lines first, one header, fields without
 * quotes, sorted. What is not exactly so is refused with its line: a commune that slipped out of
 * order would be found by no search, and its people counted nowhere.
 */
#include "chitra/bank.h"

#include <stdlib.h>

enum {
    DIRECTORY_FIELDS = 4,               /* both files have four columns */
    DIRECTORY_ROWS_MAX = 1000000        /* there are some 3,300 communes and 60 banks */
};

struct directory {
    struct bank_entry *bank;            /* sorted by BIN */
    size_t bank_count;
    struct commune_entry *commune;      /* sorted by code, then day */
    size_t commune_count;
};

/* A CSV text while it is read. */
struct table {
    const char *name;       /* for messages */
    struct span rest;       /* what was not read yet */
    uint64_t line;          /* of the row in `field` */
    struct span field[DIRECTORY_FIELDS];
};

static enum status table_refuse(const struct table *table, const char *what, struct diag *diag)
{
    diag_fail(diag, STATUS_CONFIG, "%s", what);
    diag_at(diag, table->name, table->line, 0);
    return STATUS_CONFIG;
}

/* The next line without its LF; false at the end. */
static bool table_line(struct table *table, struct span *line)
{
    const char *end = NULL;

    if (table->rest.size == 0) {
        return false;
    }
    end = memchr(table->rest.data, '\n', table->rest.size);
    *line = table->rest;
    if (end != NULL) {
        line->size = (size_t)(end - table->rest.data);
    }
    size_t used = line->size + (end != NULL ? 1 : 0);
    table->rest = (struct span){ table->rest.data + used, table->rest.size - used };
    table->line++;
    return true;
}

/* Skips the comment lines and checks the header. */
static enum status table_header(struct table *table, const char *header, struct diag *diag)
{
    struct span line = SPAN_EMPTY;

    while (table_line(table, &line)) {
        if (line.size > 0 && line.data[0] == '#') {
            continue;
        }
        if (span_is(line, header)) {
            return STATUS_OK;
        }
        break;
    }
    table_refuse(table, "the header is not the expected one", diag);
    diag_found(diag, "%.*s", (int)(line.size < DIAG_TEXT_BYTES ? line.size : DIAG_TEXT_BYTES), line.data);
    diag_expected(diag, "%s", header);
    return STATUS_CONFIG;
}

/* Splits the next line into its fields; *more is false at the end. */
static enum status table_row(struct table *table, bool *more, struct diag *diag)
{
    struct span line = SPAN_EMPTY;
    size_t count = 0;

    *more = table_line(table, &line);
    if (!*more) {
        return STATUS_OK;
    }
    const char *start = line.data;
    const char *end = line.data + line.size;
    for (;;) {
        const char *comma = memchr(start, ',', (size_t)(end - start));
        const char *stop = comma == NULL ? end : comma;
        if (count == DIRECTORY_FIELDS) {
            return table_refuse(table, "a row has more than four fields", diag);
        }
        table->field[count++] = (struct span){ start, (size_t)(stop - start) };
        if (comma == NULL) {
            break;
        }
        start = comma + 1;
    }
    return count == DIRECTORY_FIELDS ? STATUS_OK
                                     : table_refuse(table, "a row has fewer than four fields", diag);
}

/* Rows that a text can hold: no more than its lines. */
static size_t table_rows_max(struct span text)
{
    size_t count = 1;

    for (size_t i = 0; i < text.size; i++) {
        count += text.data[i] == '\n';
    }
    return count;
}

/* True if the field is of exactly `size` decimal digits. */
static bool field_is_digits(struct span field, size_t size)
{
    for (size_t i = 0; i < field.size; i++) {
        if (field.data[i] < '0' || field.data[i] > '9') {
            return false;
        }
    }
    return field.size == size;
}

/* True for ISO 20022's BICFIDec2014Identifier: 8 or 11 of A-Z and 0-9, letters for the country. */
static bool field_is_bic(struct span field)
{
    for (size_t i = 0; i < field.size; i++) {
        bool letter = field.data[i] >= 'A' && field.data[i] <= 'Z';
        bool digit = field.data[i] >= '0' && field.data[i] <= '9';
        if (!letter && (!digit || i == 4 || i == 5)) {
            return false;
        }
    }
    return field.size == 8 || field.size == 11;
}

static bool field_is_ascii(struct span field)
{
    for (size_t i = 0; i < field.size; i++) {
        if (field.data[i] < ' ' || field.data[i] > '~') {
            return false;
        }
    }
    return true;
}

/* Copies a field whose length was checked; the target is zeroed. */
static void field_copy(struct span field, char *target, size_t size)
{
    ASSERT(field.size < size);
    memcpy(target, field.data, field.size);
}

static enum status bank_row(const struct table *table, struct bank_entry *bank, struct diag *diag)
{
    const struct span *field = table->field;

    if (!field_is_digits(field[0], 6)) {
        return table_refuse(table, "a BIN has six digits", diag);
    }
    if (field[1].size > 0 && !field_is_bic(field[1])) {
        return table_refuse(table, "a BIC has 8 or 11 capital letters and digits", diag);
    }
    if (field[2].size == 0 || field[2].size >= sizeof(bank->name) || !field_is_ascii(field[2])) {
        return table_refuse(table, "a bank's name has 1 to 140 ASCII characters", diag);
    }
    if (!span_is(field[3], "Y") && !span_is(field[3], "N")) {
        return table_refuse(table, "active is Y or N", diag);
    }
    field_copy(field[0], bank->bin, sizeof(bank->bin));
    field_copy(field[1], bank->bic, sizeof(bank->bic));
    field_copy(field[2], bank->name, sizeof(bank->name));
    bank->active = span_is(field[3], "Y");
    return STATUS_OK;
}

static enum status commune_row(const struct table *table, struct commune_entry *commune, struct diag *diag)
{
    const struct span *field = table->field;

    if (!field_is_digits(field[0], 5)) {
        return table_refuse(table, "a commune's code has five digits", diag);
    }
    if (!field_is_digits(field[1], 2)) {
        return table_refuse(table, "a province's code has two digits", diag);
    }
    if (!span_is(field[2], "U") && !span_is(field[2], "R")) {
        return table_refuse(table, "an area is U or R", diag);
    }
    if (!day_read(field[3], &commune->since)) {
        return table_refuse(table, "a date is expected in the last column", diag);
    }
    field_copy(field[0], commune->code, sizeof(commune->code));
    field_copy(field[1], commune->province, sizeof(commune->province));
    commune->area = span_is(field[2], "U") ? AREA_U : AREA_R;
    return STATUS_OK;
}

/* By code, then by day: negative, zero or positive. */
static int commune_compare(const struct commune_entry *a, const char *code, day_t since)
{
    int order = memcmp(a->code, code, sizeof(a->code) - 1);

    return order != 0 ? order : (a->since > since) - (a->since < since);
}

static enum status banks_read(struct directory *directory, struct span csv, struct diag *diag)
{
    struct table table = { .name = "formats/directory/banks.csv", .rest = csv };
    bool more = false;
    enum status rc = table_header(&table, "bin,bic,name,active", diag);

    if (rc != STATUS_OK) {
        return rc;
    }
    size_t rows_max = table_rows_max(table.rest);
    if (rows_max > DIRECTORY_ROWS_MAX) {
        return table_refuse(&table, "too many rows", diag);
    }
    directory->bank = mem_alloc(rows_max, sizeof(*directory->bank));
    while ((rc = table_row(&table, &more, diag)) == STATUS_OK && more) {
        struct bank_entry *bank = &directory->bank[directory->bank_count];
        rc = bank_row(&table, bank, diag);
        if (rc != STATUS_OK) {
            return rc;
        }
        if (directory->bank_count > 0 && strcmp(bank[-1].bin, bank->bin) >= 0) {
            return table_refuse(&table, "the BINs are not in order, or one comes twice", diag);
        }
        directory->bank_count++;
    }
    return rc;
}

static enum status communes_read(struct directory *directory, struct span csv, struct diag *diag)
{
    struct table table = { .name = "formats/directory/communes.csv", .rest = csv };
    bool more = false;
    enum status rc = table_header(&table, "code,province,area,since", diag);

    if (rc != STATUS_OK) {
        return rc;
    }
    size_t rows_max = table_rows_max(table.rest);
    if (rows_max > DIRECTORY_ROWS_MAX) {
        return table_refuse(&table, "too many rows", diag);
    }
    directory->commune = mem_alloc(rows_max, sizeof(*directory->commune));
    while ((rc = table_row(&table, &more, diag)) == STATUS_OK && more) {
        struct commune_entry *commune = &directory->commune[directory->commune_count];
        rc = commune_row(&table, commune, diag);
        if (rc != STATUS_OK) {
            return rc;
        }
        if (directory->commune_count > 0
            && commune_compare(&commune[-1], commune->code, commune->since) >= 0) {
            return table_refuse(&table, "the communes are not in order, or one comes twice", diag);
        }
        directory->commune_count++;
    }
    return rc;
}

enum status directory_new(struct span banks_csv, struct span communes_csv, struct directory **directory,
                          struct diag *diag)
{
    struct directory *read = mem_alloc(1, sizeof(*read));

    *directory = NULL;
    enum status rc = banks_read(read, banks_csv, diag);
    if (rc == STATUS_OK) {
        rc = communes_read(read, communes_csv, diag);
    }
    if (rc != STATUS_OK) {
        directory_free(read);
        return rc;
    }
    *directory = read;
    return STATUS_OK;
}

void directory_free(struct directory *directory)
{
    if (directory == NULL) {
        return;
    }
    free(directory->bank);
    free(directory->commune);
    free(directory);
}

const struct bank_entry *directory_bank(const struct directory *directory, struct span bin)
{
    size_t low = 0;
    size_t high = directory->bank_count;

    if (bin.size != sizeof(directory->bank->bin) - 1) {
        return NULL;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(directory->bank[middle].bin, bin.data, bin.size);
        if (order == 0) {
            return &directory->bank[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* The last entry at or before (code, day), if it is of that commune. */
const struct commune_entry *directory_commune(const struct directory *directory, struct span code, day_t day)
{
    size_t low = 0;
    size_t high = directory->commune_count;

    if (code.size != sizeof(directory->commune->code) - 1) {
        return NULL;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (commune_compare(&directory->commune[middle], code.data, day) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0 || memcmp(directory->commune[low - 1].code, code.data, code.size) != 0) {
        return NULL;
    }
    return &directory->commune[low - 1];
}
