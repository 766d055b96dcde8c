/* A log: lines at the end of a file that others may move away or shorten meanwhile. */
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum status sys_log_open(const char *path, int *log, struct diag *diag)
{
    /* A named pipe or /dev/stderr will do as well; a reader that is not there yet is waited for. */
    *log = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
    return *log < 0 ? path_create_failed(diag, "the log cannot be opened", path) : STATUS_OK;
}

enum status sys_log_write(int log, struct span line, struct diag *diag)
{
    ssize_t written;

    do {
        /* One write for a line: lines of several processes do not mix. */
        written = write(log, line.data, line.size);
    } while (written < 0 && errno == EINTR);
    if (written >= 0 && written < (ssize_t)line.size) {
        errno = ENOSPC;     /* what is left of a line is lost with it */
    }
    return written == (ssize_t)line.size ? STATUS_OK : diag_errno(diag, "the log cannot be written", NULL);
}

void sys_log_close(int log)
{
    if (log >= 0) {
        (void)close(log);
    }
}
