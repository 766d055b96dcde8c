/*
 * diag.h - why something was refused: where, what, found, expected, and what to do.
 *
 * Layer: base. A `struct diag` belongs to the caller and is filled by whoever refuses. Nobody
 * below cli/ prints. The texts are short and factual, and carry no personal data: a value of a
 * personal column is described ("11 digits"), never quoted.
 *
 * Calling sequence:
 *     return diag_fail(diag, STATUS_INPUT, "a date is expected");     sets what, clears the rest
 *     diag_at(diag, "intake/p.csv", 12, 7);                           adds where
 *     diag_found(diag, "%s", text); diag_expected(diag, "YYYY-MM-DD"); diag_hint(diag, "...");
 * diag_text() then gives "intake/p.csv:12:7: a date is expected: found x, expected YYYY-MM-DD (...)".
 * Every function accepts a NULL diag. Over-long texts are cut on a character; what is not clean text
 * (text.h) is shown as \xNN, byte by byte.
 */
#ifndef CHITRA_DIAG_H
#define CHITRA_DIAG_H

#include "chitra/status.h"

#include <stddef.h>
#include <stdint.h>

enum {
    DIAG_FILE_BYTES = 256,  /* a path within a site */
    DIAG_TEXT_BYTES = 256,  /* one part of a message: a line of a terminal or two */
    DIAG_BYTES_MAX = 1400   /* all parts with their separators */
};

struct diag {
    char file[DIAG_FILE_BYTES];     /* empty: no place is known */
    uint64_t line;                  /* from 1; 0: unknown */
    unsigned column;                /* from 1, in bytes of the line; 0: unknown */
    char what[DIAG_TEXT_BYTES];
    char found[DIAG_TEXT_BYTES];
    char expected[DIAG_TEXT_BYTES];
    char hint[DIAG_TEXT_BYTES];     /* what to do */
};

/* Clears the diag, sets `what`, and returns `status`, so that it can stand in a return statement. */
enum status diag_fail(struct diag *diag, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Like diag_fail, naming the path (may be NULL) and the text of errno, which is kept: STATUS_NO_INPUT
 * if it is not there, STATUS_CREATE if it is there already or forbidden, otherwise STATUS_IO. */
enum status diag_errno(struct diag *diag, const char *what, const char *path);

/* Adds the place, if none is known yet; a line without a file gets the file. `file` may be NULL, `line`
 * and `column` 0. */
void diag_at(struct diag *diag, const char *file, uint64_t line, unsigned column);

void diag_found(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_expected(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_hint(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes the whole message into `text` (always ended with a NUL). */
void diag_text(const struct diag *diag, char *text, size_t size_bytes);

#endif
