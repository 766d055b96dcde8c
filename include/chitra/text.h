/*
 * text.h - characters: UTF-8 checks, and what a bank's character set makes of a name.
 *
 * Layer: base. Names come in as UTF-8 (Vietnamese letters with diacritics, in composed or
 * decomposed form). A bank that takes only a narrow set gets them by a table: decompose
 * (utf8proc, NFD), drop the marks, replace the letters that have no decomposition (đ Đ and their
 * fellows) by a table, and drop what still is not in the set. Nothing is ever replaced by "?", no
 * ellipsis is put in, and the length is cut after the conversion, on characters.
 */
#ifndef CHITRA_TEXT_H
#define CHITRA_TEXT_H

#include "chitra/mem.h"

/* The sets a bank profile can name. */
enum charset {
    CHARSET_utf8,   /* everything printable, composed (NFC) */
    CHARSET_latin,  /* A-Z a-z 0-9 space and / - ? : ( ) . , ' + (ISO 20022 and SWIFT X) */
    CHARSET_upper   /* as latin, in capital letters */
};

/* True if the bytes are UTF-8 without NUL, C0/C1 controls, surrogates, noncharacters or
 * bidirectional overrides (what no name and no reference may hold). */
bool text_is_clean(struct span text);

/* The number of characters (code points) of clean text. */
size_t text_length(struct span text);

/* Clean text in the bank's set: at most `length_max` characters, runs of spaces folded to one,
 * none at the ends. Appends to `out` and returns STATUS_LIMIT only when `out` is full. May append
 * nothing at all if no character remains: the caller decides what that means. */
enum status text_transliterate(struct span text, enum charset charset, size_t length_max,
                               struct buf *out) MUST_USE;

/* Lower-case hexadecimal of `size` bytes, ended with a NUL; and back, from either case (false if not
 * 2 x size digits). */
void text_hex(const uint8_t *bytes, size_t size, char *hex);
bool text_unhex(struct span hex, uint8_t *bytes, size_t size) MUST_USE;

/* Crockford base 32 (0-9 A-Z without I L O U), most significant bits first: `length` characters
 * of the first 5 x length bits, which the bytes must have; not ended with a NUL. */
void text_base32(const uint8_t *bytes, size_t size, char *text, size_t length);

/* A whole number 0..max in decimal digits, without sign or spaces; zeros may lead. */
bool text_number(struct span text, uint64_t max, uint64_t *number) MUST_USE;

/* A CSV field, quoted when it must be (RFC 4180). `guard`: a text that a spreadsheet would take for
 * a formula (= + - @ TAB CR at its start) gets an apostrophe (CWE-1236). STATUS_LIMIT when `out` is
 * full, and then nothing was appended. */
enum status text_add_csv(struct buf *out, struct span field, bool guard) MUST_USE;

/* A JSON string with its quotes; the same on STATUS_LIMIT. */
enum status text_add_json(struct buf *out, struct span string) MUST_USE;

/* The version of utf8proc, for --version. */
const char *text_library(void);

#endif
