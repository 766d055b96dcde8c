/* What a bank's character set makes of a name. */
#include "chitra/text.h"

#include <stdlib.h>
#include <utf8proc.h>

/* The letter that remains of U+00C0..U+024F and U+1E00..U+1EFF, where all Vietnamese letters lie,
 * when marks and strokes are dropped; '*': none, or more than one. The unit test compares every
 * letter that has a decomposition with utf8proc. */
static const char letters_latin[] =
    "AAAAAA*CEEEEIIIIDNOOOOO*OUUUUY**"  /* U+00C0 */
    "aaaaaa*ceeeeiiiidnooooo*ouuuuy*y"  /* U+00E0 */
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGg"  /* U+0100 */
    "GgGgHhHhIiIiIiIiIi**JjKkkLlLlLlL"  /* U+0120 */
    "lLlNnNnNnnNnOoOoOo**RrRrRrSsSsSs"  /* U+0140 */
    "SsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs"  /* U+0160 */
    "b********D*************I**l*****"  /* U+0180 */
    "Oo*************Uu****Zz*********"  /* U+01A0 */
    "*************AaIiOoUuUuUuUuUu*Aa"  /* U+01C0 */
    "Aa**GgGgKkOoOo**j***Gg**NnAa**Oo"  /* U+01E0 */
    "AaAaEeEeIiIiOoOoRrRrUuUuSsTt**Hh"  /* U+0200 */
    "******AaEeOoOoOoOoYy***j**ACcLT*"  /* U+0220 */
    "***BU*EeJj**RrYy";                 /* U+0240 */
static const char letters_additional[] =
    "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFf"  /* U+1E00 */
    "GgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"  /* U+1E20 */
    "MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRr"  /* U+1E40 */
    "SsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"  /* U+1E60 */
    "WwWwWwWwWwXxXxYyZzZzZzhtwy*s****"  /* U+1E80 */
    "AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"  /* U+1EA0 */
    "EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOo"  /* U+1EC0 */
    "OoOoUuUuUuUuUuUuUuYyYyYyYy******"; /* U+1EE0 */

/* What has no decomposition: letters for two, and the quotes and dashes that word processors put
 * into names (H’Hen, Ma‑ri). */
static const struct {
    int32_t point;
    char text[3];
} replacements[] = {
    { 0x00c6, "AE" }, { 0x00de, "TH" }, { 0x00df, "ss" }, { 0x00e6, "ae" }, { 0x00fe, "th" },
    { 0x0132, "IJ" }, { 0x0133, "ij" }, { 0x0152, "OE" }, { 0x0153, "oe" }, { 0x1e9e, "SS" },
    { 0x02b9, "'" },  { 0x02bb, "'" },  { 0x02bc, "'" },  { 0x2018, "'" },  { 0x2019, "'" },
    { 0x2032, "'" },  { 0x2010, "-" },  { 0x2011, "-" },  { 0x2012, "-" },  { 0x2013, "-" },
    { 0x2014, "-" },  { 0x2015, "-" },  { 0x2212, "-" },
};

/* One name on its way into a bank's set. */
struct target {
    struct buf *out;
    size_t left;        /* characters that may still be written */
    bool begun;         /* a character was written: from now on a space is not the first */
    bool space;         /* a space waits for the next character */
    bool upper;
};

static enum status put(struct target *target, const char *bytes, size_t size)
{
    struct buf *out = target->out;

    if (target->space && target->begun) {
        /* A space that would be the last character is never written. */
        if (target->left < 2) {
            target->left = 0;
        } else {
            target->left--;
            enum status rc = buf_add(out, " ", 1);
            if (rc != STATUS_OK) {
                return rc;
            }
        }
    }
    target->space = false;
    if (target->left == 0) {
        return STATUS_OK;
    }
    target->left--;
    target->begun = true;
    if (out->capacity - out->size >= size) {
        memcpy(out->data + out->size, bytes, size);
        out->size += size;
        return STATUS_OK;
    }
    return buf_add(out, bytes, size);
}

static enum status put_latin(struct target *target, char character)
{
    struct buf *out = target->out;
    bool letter = (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
    bool digit = character >= '0' && character <= '9';

    if (character == ' ') {
        target->space = true;
        return STATUS_OK;
    }
    if (!letter && !digit && (character == '\0' || strchr("/-?:().,'+", character) == NULL)) {
        return STATUS_OK;
    }
    if (target->upper && character >= 'a' && character <= 'z') {
        character = (char)(character - 'a' + 'A');
    }
    /* The usual case apart: a letter within a word, and room for it. */
    if (!target->space && target->left > 0 && out->size < out->capacity) {
        target->left--;
        target->begun = true;
        out->data[out->size++] = character;
        return STATUS_OK;
    }
    return put(target, &character, 1);
}

/* The letter in the tables; 0 if there is none. */
static char letter_of(int32_t point)
{
    char letter = '*';

    if (point >= 0xc0 && point <= 0x24f) {
        letter = letters_latin[point - 0xc0];
    } else if (point >= 0x1e00 && point <= 0x1eff) {
        letter = letters_additional[point - 0x1e00];
    }
    return letter == '*' ? '\0' : letter;
}

static bool is_space(int32_t point)
{
    utf8proc_category_t category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

/* A character outside ASCII and outside the tables: replaced, taken apart, or dropped. */
static enum status put_rare(struct target *target, int32_t point)
{
    utf8proc_int32_t parts[16];
    int last_class = 0;
    enum status rc = STATUS_OK;

    if (is_space(point)) {
        return put_latin(target, ' ');
    }
    for (size_t i = 0; i < sizeof(replacements) / sizeof(replacements[0]); i++) {
        if (replacements[i].point == point) {
            for (const char *text = replacements[i].text; rc == STATUS_OK && *text != '\0'; text++) {
                rc = put_latin(target, *text);
            }
            return rc;
        }
    }
    utf8proc_ssize_t count =
        utf8proc_decompose_char(point, parts, 16, UTF8PROC_DECOMPOSE, &last_class);
    if (count < 1 || count > 16 || parts[0] == point) {
        return STATUS_OK;
    }
    /* Only the first part can be a letter; the others are its marks. */
    return parts[0] < 0x80 ? put_latin(target, (char)parts[0]) : put_rare(target, parts[0]);
}

static enum status add_latin(struct span text, struct target *target)
{
    enum status rc = STATUS_OK;

    for (size_t at = 0; rc == STATUS_OK && at < text.size && target->left > 0;) {
        utf8proc_int32_t point = (unsigned char)text.data[at];
        if (point < 0x80) {
            rc = put_latin(target, text.data[at++]);
            continue;
        }
        utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at,
                                                   (utf8proc_ssize_t)(text.size - at), &point);
        ASSERT(length > 0);
        at += (size_t)length;
        char letter = letter_of(point);
        if (letter != '\0') {
            rc = put_latin(target, letter);
        } else if (point < 0x300 || point > 0x36f) {
            rc = put_rare(target, point);
        }
    }
    return rc;
}

/* Printable as it stands: neither a space nor invisible. */
static bool is_printable(int32_t point)
{
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
        return false;
    default:
        return true;
    }
}

static enum status put_point(struct target *target, int32_t point)
{
    utf8proc_uint8_t bytes[4];

    if (point == ' ' || is_space(point)) {
        target->space = true;
        return STATUS_OK;
    }
    utf8proc_ssize_t size = utf8proc_encode_char(point, bytes);
    ASSERT(size > 0);
    return put(target, (const char *)bytes, (size_t)size);
}

/* Composed form by utf8proc, for text that may not be in it yet. */
static enum status add_composed(struct span text, struct target *target)
{
    const utf8proc_option_t options = (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.data;
    enum status rc = STATUS_OK;
    utf8proc_ssize_t kept = 0;

    utf8proc_ssize_t count = utf8proc_decompose(bytes, (utf8proc_ssize_t)text.size, NULL, 0, options);
    ASSERT(count >= 0);
    utf8proc_int32_t *points = mem_alloc((size_t)count + 1, sizeof(*points));
    utf8proc_ssize_t again = utf8proc_decompose(bytes, (utf8proc_ssize_t)text.size, points, count, options);
    ASSERT(again == count);
    /* Dropped before composing: an invisible character may stand between a letter and its mark. */
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        if (is_printable(points[i])) {
            points[kept++] = points[i];
        }
    }
    kept = utf8proc_normalize_utf32(points, kept, options);
    ASSERT(kept >= 0);
    for (utf8proc_ssize_t i = 0; rc == STATUS_OK && i < kept && target->left > 0; i++) {
        rc = put_point(target, points[i]);
    }
    free(points);
    return rc;
}

/* True if every character is ASCII or a letter of the tables: those are printable and stay as they
 * are in the composed form. */
static bool is_composed(struct span text)
{
    for (size_t at = 0; at < text.size;) {
        utf8proc_int32_t point = (unsigned char)text.data[at];
        utf8proc_ssize_t length = 1;
        if (point >= 0x80) {
            length = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at,
                                      (utf8proc_ssize_t)(text.size - at), &point);
            ASSERT(length > 0);
            if (letter_of(point) == '\0') {
                return false;
            }
        }
        at += (size_t)length;
    }
    return true;
}

static enum status add_utf8(struct span text, struct target *target)
{
    enum status rc = STATUS_OK;

    if (!is_composed(text)) {
        return add_composed(text, target);
    }
    for (size_t at = 0; rc == STATUS_OK && at < text.size && target->left > 0;) {
        size_t size = 1;
        while (at + size < text.size && ((unsigned char)text.data[at + size] & 0xc0) == 0x80) {
            size++;
        }
        if (text.data[at] == ' ') {
            target->space = true;
        } else {
            rc = put(target, text.data + at, size);
        }
        at += size;
    }
    return rc;
}

enum status text_transliterate(struct span text, enum charset charset, size_t length_max, struct buf *out)
{
    struct target target = { .out = out, .left = length_max, .upper = charset == CHARSET_upper };
    size_t start = out->size;

    enum status rc = charset == CHARSET_utf8 ? add_utf8(text, &target) : add_latin(text, &target);
    if (rc != STATUS_OK) {
        out->size = start;
    }
    return rc;
}
