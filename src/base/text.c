/* UTF-8 checks, numbers and encodings, CSV and JSON. */
#include "chitra/text.h"

#include <utf8proc.h>

/* The bytes of one clean character at the start of `text`, 0 if it is none. */
static size_t clean_length(struct span text)
{
    utf8proc_int32_t point;
    utf8proc_ssize_t length =
        utf8proc_iterate((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.size, &point);

    if (length <= 0) {
        return 0;
    }
    bool control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
    bool noncharacter = (point & 0xfffe) == 0xfffe || (point >= 0xfdd0 && point <= 0xfdef);
    bool direction = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
    return control || noncharacter || direction ? 0 : (size_t)length;
}

bool text_is_clean(struct span text)
{
    size_t at = 0;

    while (at < text.size) {
        if (text.data[at] >= 0x20 && text.data[at] < 0x7f) {
            at++;
            continue;
        }
        size_t length = clean_length((struct span){ text.data + at, text.size - at });
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}

size_t text_length(struct span text)
{
    size_t length = 0;

    /* Every byte that does not carry on a character begins one. */
    for (size_t i = 0; i < text.size; i++) {
        length += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    }
    return length;
}

void text_hex(const uint8_t *bytes, size_t size, char *hex)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * size] = '\0';
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

bool text_unhex(struct span hex, uint8_t *bytes, size_t size)
{
    if (hex.size % 2 != 0 || hex.size / 2 != size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit(hex.data[2 * i]), low = hex_digit(hex.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void text_base32(const uint8_t *bytes, size_t size, char *text, size_t length)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    unsigned waiting = 0, bits = 0;
    size_t taken = 0;

    ASSERT(length <= size / 5 * 8 + size % 5 * 8 / 5);
    for (size_t i = 0; i < length; i++) {
        if (bits < 5) {
            waiting = waiting << 8 | bytes[taken++];
            bits += 8;
        }
        bits -= 5;
        text[i] = digits[waiting >> bits & 31];
        waiting &= (1U << bits) - 1;
    }
}

bool text_number(struct span text, uint64_t max, uint64_t *number)
{
    uint64_t value = 0;

    if (text.size == 0) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(text.data[i] - '0');
        if (digit > max || value > (max - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *number = value;
    return true;
}

static bool has_any(struct span text, const char *set)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != '\0' && strchr(set, text.data[i]) != NULL) {
            return true;
        }
    }
    return false;
}

enum status text_add_csv(struct buf *out, struct span field, bool guard)
{
    struct span first = { field.data, field.size > 0 ? 1 : 0 };
    bool apostrophe = guard && has_any(first, "=+-@\t\r");
    bool quoted = has_any(field, ",\"\r\n");
    size_t start = out->size;

    enum status rc = buf_add_text(out, quoted ? (apostrophe ? "\"'" : "\"") : apostrophe ? "'" : "");
    for (size_t i = 0; rc == STATUS_OK && i < field.size;) {
        const char *quote = memchr(field.data + i, '"', field.size - i);
        size_t size = quote == NULL ? field.size - i : (size_t)(quote - field.data) - i + 1;
        rc = buf_add(out, field.data + i, size);
        if (rc == STATUS_OK && quote != NULL) {
            rc = buf_add(out, "\"", 1);
        }
        i += size;
    }
    if (rc == STATUS_OK && quoted) {
        rc = buf_add(out, "\"", 1);
    }
    if (rc != STATUS_OK) {
        out->size = start;
    }
    return rc;
}

static enum status add_json_character(struct buf *out, char character)
{
    switch (character) {
    case '"':
        return buf_add_text(out, "\\\"");
    case '\\':
        return buf_add_text(out, "\\\\");
    case '\n':
        return buf_add_text(out, "\\n");
    case '\r':
        return buf_add_text(out, "\\r");
    case '\t':
        return buf_add_text(out, "\\t");
    default:
        return buf_add_format(out, "\\u%04x", (unsigned)(unsigned char)character);
    }
}

enum status text_add_json(struct buf *out, struct span string)
{
    size_t start = out->size;
    enum status rc = buf_add(out, "\"", 1);

    for (size_t i = 0; rc == STATUS_OK && i < string.size;) {
        size_t plain = i;
        while (plain < string.size && (unsigned char)string.data[plain] >= 0x20 &&
               string.data[plain] != '"' && string.data[plain] != '\\') {
            plain++;
        }
        rc = buf_add(out, string.data + i, plain - i);
        if (rc == STATUS_OK && plain < string.size) {
            rc = add_json_character(out, string.data[plain++]);
        }
        i = plain;
    }
    if (rc == STATUS_OK) {
        rc = buf_add(out, "\"", 1);
    }
    if (rc != STATUS_OK) {
        out->size = start;
    }
    return rc;
}

const char *text_library(void)
{
    return utf8proc_version();
}
