/* Filling and printing the reasons of a refusal. */
#include "chitra/diag.h"
#include "chitra/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <utf8proc.h>

/* Copies as many whole characters as fit. What is not clean text is shown as \xNN, byte by byte:
 * a message goes to terminals and logs, and must not be able to steer them. */
static void escape(const char *text, char *escaped, size_t size_bytes)
{
    size_t left = strlen(text), used = 0;

    while (left > 0) {
        utf8proc_int32_t character;
        utf8proc_ssize_t length =
            utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)left, &character);
        char hex[5];
        const char *piece = text;
        size_t taken = length > 0 ? (size_t)length : 1, size = taken;
        if (length <= 0 || !text_is_clean((struct span){ text, taken })) {
            size = (size_t)snprintf(hex, sizeof(hex), "\\x%02x", (unsigned)(unsigned char)*text);
            piece = hex;
            taken = 1;
        }
        if (used + size >= size_bytes) {
            break;
        }
        memcpy(escaped + used, piece, size);
        used += size;
        text += taken;
        left -= taken;
    }
    escaped[used] = '\0';
}

__attribute__((format(printf, 2, 0))) static void set(char part[DIAG_TEXT_BYTES], const char *format,
                                                      va_list arguments)
{
    /* Twice the part and more, so that what is cut here lies behind what escape() cuts. */
    char text[2 * DIAG_TEXT_BYTES];
    int length = vsnprintf(text, sizeof(text), format, arguments);
    ASSERT(length >= 0);
    escape(text, part, DIAG_TEXT_BYTES);
}

enum status diag_fail(struct diag *diag, enum status status, const char *format, ...)
{
    if (diag != NULL) {
        va_list arguments;
        *diag = (struct diag){ .line = 0 };
        va_start(arguments, format);
        set(diag->what, format, arguments);
        va_end(arguments);
    }
    return status;
}

enum status diag_errno(struct diag *diag, const char *what, const char *path)
{
    int error = errno;
    enum status status = STATUS_IO;
    const char *reason = strerrordesc_np(error);

    if (error == ENOENT || error == ENOTDIR) {
        status = STATUS_NO_INPUT;
    } else if (error == EEXIST || error == EACCES || error == EPERM || error == EROFS) {
        status = STATUS_CREATE;
    }
    status = diag_fail(diag, status, "%s", what);
    diag_at(diag, path, 0, 0);
    diag_found(diag, "%s", reason == NULL ? "unknown error" : reason);
    errno = error;
    return status;
}

void diag_at(struct diag *diag, const char *file, uint64_t line, unsigned column)
{
    if (diag == NULL || diag->file[0] != '\0') {
        return;
    }
    if (diag->line == 0) {
        diag->line = line;
        diag->column = column;
    }
    if (file != NULL) {
        escape(file, diag->file, sizeof(diag->file));
    }
}

void diag_found(struct diag *diag, const char *format, ...)
{
    if (diag != NULL) {
        va_list arguments;
        va_start(arguments, format);
        set(diag->found, format, arguments);
        va_end(arguments);
    }
}

void diag_expected(struct diag *diag, const char *format, ...)
{
    if (diag != NULL) {
        va_list arguments;
        va_start(arguments, format);
        set(diag->expected, format, arguments);
        va_end(arguments);
    }
}

void diag_hint(struct diag *diag, const char *format, ...)
{
    if (diag != NULL) {
        va_list arguments;
        va_start(arguments, format);
        set(diag->hint, format, arguments);
        va_end(arguments);
    }
}

/* "file:line:column: ", as far as it is known. */
static void place_text(const struct diag *diag, char *text, size_t size_bytes)
{
    const char *file = diag->file[0] == '\0' && diag->line > 0 ? "line " : diag->file;
    const char *colon = diag->file[0] == '\0' ? "" : ":";

    if (diag->line > 0 && diag->column > 0) {
        snprintf(text, size_bytes, "%s%s%llu:%u: ", file, colon, (unsigned long long)diag->line, diag->column);
    } else if (diag->line > 0) {
        snprintf(text, size_bytes, "%s%s%llu: ", file, colon, (unsigned long long)diag->line);
    } else {
        snprintf(text, size_bytes, "%s%s", file, diag->file[0] == '\0' ? "" : ": ");
    }
}

void diag_text(const struct diag *diag, char *text, size_t size_bytes)
{
    char place[DIAG_FILE_BYTES + 40];
    bool found = diag != NULL && diag->found[0] != '\0';
    bool expected = diag != NULL && diag->expected[0] != '\0';
    bool hint = diag != NULL && diag->hint[0] != '\0';

    ASSERT(size_bytes > 0);
    text[0] = '\0';
    if (diag == NULL) {
        return;
    }
    place_text(diag, place, sizeof(place));
    snprintf(text, size_bytes, "%s%s%s%s%s%s%s%s%s%s", place, diag->what,
             found || expected ? ": " : "", found ? "found " : "", diag->found,
             found && expected ? ", " : "", expected ? "expected " : "", diag->expected,
             hint ? " (" : "", diag->hint);
    if (hint) {
        size_t used = strlen(text);
        snprintf(text + used, size_bytes - used, ")");
    }
}
