/*
 * say.c - how the commands say things: on standard error, and in a log where one is asked for.
 *
 * A message carries no personal data (diag.h), so that a log can be kept and read by whoever keeps machines.
 */
#include "cli.h"

#include "chitra/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>

enum { LINE_BYTES_MAX = 4 * DIAG_BYTES_MAX };

/* ---- the log ---- */

static struct {
    int file;                   /* -1: none */
    bool json;
    bool failed;                /* said once that it cannot be written */
    const char *command;
    uint64_t started_ms;
} cli_log = { -1, false, false, "", 0 };

static const char *const level_name[] = { "info", "warning", "error" };

/* What is logged after the message: of the last line, the exit code and the time that passed. */
struct ending {
    int code;
    uint64_t ms;
};

static enum status line_json(struct buf *line, const char *at, enum cli_level level, struct span text,
                             const struct ending *ending)
{
    enum status rc = buf_add_format(line, "{\"time\":\"%s\",\"level\":\"%s\",\"command\":\"%s\",\"message\":", at,
                                    level_name[level], cli_log.command);
    if (rc == STATUS_OK) {
        rc = text_add_json(line, text);
    }
    if (rc == STATUS_OK && ending != NULL) {
        rc = buf_add_format(line, ",\"exit\":%d,\"milliseconds\":%llu", ending->code, (unsigned long long)ending->ms);
    }
    return rc == STATUS_OK ? buf_add_text(line, "}\n") : rc;
}

static enum status line_text(struct buf *line, const char *at, enum cli_level level, struct span text)
{
    return buf_add_format(line, "%s chitra %s: %s: %.*s\n", at, cli_log.command, level_name[level], (int)text.size,
                          text.data);
}

/* A log that cannot be written stops no payment, but it is said. */
static void log_failed(const struct diag *diag)
{
    char text[DIAG_BYTES_MAX];

    if (!cli_log.failed) {
        cli_log.failed = true;
        diag_text(diag, text, sizeof(text));
        fprintf(stderr, "chitra: %s\n", text);
    }
}

static void log_line(enum cli_level level, struct span text, const struct ending *ending)
{
    char bytes[LINE_BYTES_MAX];
    struct buf line = { bytes, 0, sizeof(bytes), sizeof(bytes) };
    struct diag diag = { .line = 0 };
    struct sys_time now;
    char at[SYS_TIME_BYTES];
    static const char prefix[] = "chitra: ";

    if (cli_log.file < 0) {
        return;
    }
    if (text.size >= sizeof(prefix) - 1 && memcmp(text.data, prefix, sizeof(prefix) - 1) == 0) {
        text = (struct span){ text.data + sizeof(prefix) - 1, text.size - (sizeof(prefix) - 1) };
    }
    enum status rc = sys_now(&now, &diag);
    if (rc == STATUS_OK) {
        sys_time_write(now, at);
        rc = cli_log.json ? line_json(&line, at, level, text, ending) : line_text(&line, at, level, text);
    }
    if (rc == STATUS_OK) {
        rc = sys_log_write(cli_log.file, buf_span(&line), &diag);
    }
    if (rc != STATUS_OK) {
        log_failed(&diag);
    }
}

enum status cli_log_open(const char *path, struct diag *diag)
{
    sys_log_close(cli_log.file);
    return sys_log_open(path, &cli_log.file, diag);
}

bool cli_log_format(const char *format)
{
    cli_log.json = strcmp(format, "json") == 0;
    if (!cli_log.json && strcmp(format, "text") != 0) {
        cli_wrong("--log-format: found %s, expected text or json", format);
        return false;
    }
    return true;
}

void cli_log_begin(const char *command)
{
    cli_log.command = command;
    cli_log.started_ms = sys_elapsed_ms();
}

void cli_log_end(int code)
{
    char text[40];
    struct ending ending = { code, sys_elapsed_ms() - cli_log.started_ms };
    int size = snprintf(text, sizeof(text), "ended with %d after %llu.%03llu s", code, (unsigned long long)(ending.ms / 1000),
                        (unsigned long long)(ending.ms % 1000));

    log_line(code == 0 ? CLI_INFO : code == 1 ? CLI_WARNING : CLI_ERROR, (struct span){ text, (size_t)size }, &ending);
}

/* ---- messages ---- */

int cli_fail(const struct diag *diag, enum status status)
{
    char text[DIAG_BYTES_MAX];

    diag_text(diag, text, sizeof(text));
    if (text[0] == '\0') {
        snprintf(text, sizeof(text), "%s", status_text(status));
    }
    fprintf(stderr, "chitra: %s\n", text);
    log_line(CLI_ERROR, span_of(text), NULL);
    return status_exit_code(status);
}

void cli_fault(void *context, enum status kind, const struct diag *fault)
{
    (void)context;
    (void)cli_fail(fault, kind);
}

void cli_message(void *context, const char *text)
{
    (void)context;
    cli_say("chitra: %s", text);
}

void cli_warning(void *context, const char *text)
{
    (void)context;
    cli_problem("chitra: %s", text);
}

static void say(enum cli_level level, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
static void say(enum cli_level level, const char *format, va_list arguments)
{
    char text[DIAG_BYTES_MAX];

    vsnprintf(text, sizeof(text), format, arguments);
    if (level != CLI_INFO || !cli_options.quiet) {
        fprintf(stderr, "%s\n", text);
    }
    log_line(level, span_of(text), NULL);
}

void cli_say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(CLI_INFO, format, arguments);
    va_end(arguments);
}

void cli_problem(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(CLI_WARNING, format, arguments);
    va_end(arguments);
}

void cli_wrong(const char *format, ...)
{
    char text[DIAG_BYTES_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    fprintf(stderr, "chitra: %s\n", text);
    log_line(CLI_ERROR, span_of(text), NULL);
}

void cli_note(const char *format, ...)
{
    char text[DIAG_BYTES_MAX];
    va_list arguments;

    va_start(arguments, format);
    int size = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    ASSERT(size >= 0 && (size_t)size < sizeof(text));
    log_line(CLI_INFO, span_of(text), NULL);
}

bool cli_reason(const char *reason)
{
    enum { REASON_BYTES_MAX = 255 };
    size_t size = strlen(reason);
    bool good = size > 0 && size <= REASON_BYTES_MAX && text_is_clean(span_of(reason));

    if (!good) {
        cli_wrong("--reason: expected 1 to %d bytes of text", REASON_BYTES_MAX);
    }
    return good;
}

bool cli_has_bar(void)
{
    return sys_is_terminal(2) && !cli_options.quiet;
}

void cli_bar(void *context, uint64_t done, uint64_t total)
{
    static const char full[] = "########################################";
    static _Atomic unsigned last = 0;
    unsigned percent = done >= total ? 100 : (unsigned)(done * 100 / total);

    if (atomic_exchange(&last, percent) != percent) {
        fprintf(stderr, "\r%s [%-40.*s] %3u %%%s", (const char *)context, (int)(percent * 2 / 5), full, percent,
                percent == 100 ? "\n" : "");
    }
}

int cli_end(int code)
{
    bool told = code == status_exit_code(STATUS_IO);

    if (!told && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
        struct diag diag = { .line = 0 };
        (void)diag_fail(&diag, STATUS_IO, "standard output: %s", strerror(errno));
        return cli_fail(&diag, STATUS_IO);
    }
    return code;
}
