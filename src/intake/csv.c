/* Comma-separated records as RFC 4180 writes them, one at a time, in place where that is possible. */
#include "intake_internal.h"

#include <endian.h>

/* What follows a field. */
enum stop { STOP_COMMA, STOP_RECORD, STOP_JUNK, STOP_MORE };

static size_t line_ends(const char *from, const char *to)
{
    size_t count = 0;

    while ((from = memchr(from, '\n', (size_t)(to - from))) != NULL) {
        count++;
        from++;
    }
    return count;
}

static void field_add(struct csv_record *record, const char *from, const char *to)
{
    if (record->count < COLUMNS_MAX) {
        record->field[record->count] = (struct span){ from, (size_t)(to - from) };
    }
    record->count++;
}

/* Which of eight bytes are commas: the highest bit of each, the first byte lowest. Where a comma was nothing is left,
 * and nothing alone gets no bit from adding 127 to the seven lower ones. */
static uint64_t commas_in(const char *bytes)
{
    const uint64_t each = UINT64_C(0x0101010101010101), low = 0x7f * each;
    uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    word = le64toh(word) ^ ',' * each;
    return ~(((word & low) + low) | word | low);
}

/* A line without quotes, which nearly all are: some twenty short fields, for which asking memchr about each takes twice
 * the time. */
static void line_split(struct csv_record *record)
{
    const char *from = record->bytes.data, *end = from + record->bytes.size;
    const char *at = from;

    record->count = 0;
    for (; end - at >= 8; at += 8) {
        for (uint64_t commas = commas_in(at); commas != 0; commas &= commas - 1) {
            const char *comma = at + __builtin_ctzll(commas) / 8;
            field_add(record, from, comma);
            from = comma + 1;
        }
    }
    for (; at < end; at++) {
        if (*at == ',') {
            field_add(record, from, at);
            from = at + 1;
        }
    }
    field_add(record, from, end);
}

/* The quote that ends the field which opens at `open`, NULL if there is none. One right before `end` may
 * have its double behind it: the caller, who finds no line's end there, waits for more. */
static const char *quote_close(const struct csv *csv, const char *open, bool *is_doubled)
{
    const char *at = open + 1;

    *is_doubled = false;
    while ((at = memchr(at, '"', (size_t)(csv->end - at))) != NULL) {
        if (at + 1 == csv->end || at[1] != '"') {
            return at;
        }
        *is_doubled = true;
        at += 2;
    }
    return NULL;
}

static void field_add_undoubled(struct csv_record *record, const char *from, const char *to, struct arena *arena)
{
    char *copy = arena_alloc(arena, (size_t)(to - from)), *end = copy;

    while (from < to) {
        *end++ = *from;
        from += *from == '"' ? 2 : 1;
    }
    field_add(record, copy, end);
}

/* What stands at `at`, behind a field; moves on behind it. */
static enum stop stop_at(const struct csv *csv, const char **at)
{
    const char *here = *at;

    if (here < csv->end && *here == ',') {
        *at = here + 1;
        return STOP_COMMA;
    }
    if (here < csv->end && *here == '\r') {
        here++;
    }
    if (here == csv->end) {
        *at = here;
        return csv->final ? STOP_RECORD : STOP_MORE;
    }
    if (*here == '\n') {
        *at = here + 1;
        return STOP_RECORD;
    }
    return STOP_JUNK;
}

/* One field of a record with quotes; moves `at` behind what follows it. */
static enum stop field_next(const struct csv *csv, const char **at, struct csv_record *record, struct arena *arena)
{
    const char *from = *at, *to = from;
    bool is_doubled;

    if (from < csv->end && *from == '"') {
        to = quote_close(csv, from, &is_doubled);
        if (to == NULL) {
            return STOP_MORE;
        }
        if (is_doubled) {
            field_add_undoubled(record, from + 1, to, arena);
        } else {
            field_add(record, from + 1, to);
        }
        *at = to + 1;
        record->fault = "text behind a closing quote";
        return stop_at(csv, at);
    }
    while (to < csv->end && *to != ',' && *to != '\n' && *to != '"') {
        to++;
    }
    if (to > from && (to == csv->end || *to == '\n') && to[-1] == '\r') {
        to--;
    }
    field_add(record, from, to);
    *at = to;
    record->fault = "a quote inside a field";
    return stop_at(csv, at);
}

/* The record is [csv->at, to), less its line's end; the next one begins at `next`. */
static void record_done(struct csv *csv, struct csv_record *record, const char *to, const char *next)
{
    if (to > csv->at && to[-1] == '\n') {
        to--;
    }
    if (to > csv->at && to[-1] == '\r') {
        to--;
    }
    record->bytes = (struct span){ csv->at, (size_t)(to - csv->at) };
    csv->line += line_ends(csv->at, next);
    csv->at = next;
}

/* A record whose first line, up to `line_end`, has a quote somewhere. */
static enum csv_result quoted_next(struct csv *csv, const char *line_end, struct arena *arena,
                                   struct csv_record *record)
{
    const char *at = csv->at;
    enum stop stop = STOP_COMMA;

    record->count = 0;
    while (stop == STOP_COMMA) {
        stop = field_next(csv, &at, record, arena);
    }
    if (stop == STOP_RECORD) {
        if ((size_t)(at - csv->at) > INTAKE_LINE_BYTES_MAX) {
            return CSV_LONG;
        }
        record_done(csv, record, at, at);
        return CSV_RECORD;
    }
    if (stop == STOP_MORE) {
        bool too_long = (size_t)(csv->end - csv->at) > INTAKE_LINE_BYTES_MAX;
        return csv->final || too_long ? CSV_OPEN : CSV_MORE;
    }
    /* A stray quote spoils its own line only. Once it has run over a line's end, nobody can say
     * which of the lines behind it were records. */
    if (at > line_end) {
        return CSV_OPEN;
    }
    if (line_end == csv->end && !csv->final) {
        return (size_t)(line_end - csv->at) > INTAKE_LINE_BYTES_MAX ? CSV_LONG : CSV_MORE;
    }
    record->fault_byte = (unsigned)(at - csv->at) + 1;
    record_done(csv, record, line_end, line_end < csv->end ? line_end + 1 : line_end);
    return CSV_FAULT;
}

static void empty_lines_pass(struct csv *csv)
{
    while (csv->at < csv->end) {
        size_t size = *csv->at == '\n' ? 1 : 0;
        if (*csv->at == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n') {
            size = 2;
        }
        if (size == 0) {
            return;
        }
        csv->at += size;
        csv->line++;
    }
}

enum csv_result csv_next(struct csv *csv, struct arena *arena, struct csv_record *record)
{
    empty_lines_pass(csv);
    if (csv->at == csv->end) {
        return csv->final ? CSV_END : CSV_MORE;
    }
    size_t left = (size_t)(csv->end - csv->at);
    const char *feed = memchr(csv->at, '\n', left);
    const char *line_end = feed == NULL ? csv->end : feed;
    size_t size = (size_t)(line_end - csv->at);

    record->line = csv->line;
    if (memchr(csv->at, '"', size) != NULL) {
        return quoted_next(csv, line_end, arena, record);
    }
    if (size > INTAKE_LINE_BYTES_MAX) {
        return CSV_LONG;
    }
    if (feed == NULL && !csv->final) {
        return CSV_MORE;
    }
    size_t carriage = size > 0 && line_end[-1] == '\r' ? 1 : 0;
    record->bytes = (struct span){ csv->at, size - carriage };
    line_split(record);
    csv->at = feed == NULL ? csv->end : feed + 1;
    csv->line++;
    return CSV_RECORD;
}

unsigned csv_field_byte(struct span record, size_t index)
{
    const char *at = record.data, *end = at + record.size;
    bool is_quoted = false;

    /* A doubled quote opens and closes again, which changes nothing. */
    for (size_t field = 0; at < end && field < index; at++) {
        if (*at == '"') {
            is_quoted = !is_quoted;
        } else if (*at == ',' && !is_quoted) {
            field++;
        }
    }
    return (unsigned)(at - record.data) + 1;
}

bool intake_is_plain(struct span content)
{
    const char *end = content.data + content.size;

    if (content.size == 0 || memchr(content.data, '"', content.size) != NULL) {
        return content.size == 0;
    }
    for (const char *line = content.data; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *next = newline == NULL ? end : newline + 1;
        if (next - line > INTAKE_LINE_BYTES_MAX) {
            return false;
        }
        line = next;
    }
    return true;
}
