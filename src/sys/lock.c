/* One process for each site. */
#include "chitra/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

/* What the holder wrote: "process 4711 since 2026-10-01T08:00:00+07:00". */
static enum status busy(int lock, struct diag *diag)
{
    char holder[80];
    ssize_t size = pread(lock, holder, sizeof(holder) - 1, 0);

    holder[size > 0 ? size : 0] = '\0';
    holder[strcspn(holder, "\n")] = '\0';
    enum status rc = diag_fail(diag, STATUS_BUSY, "another chitra works here");
    if (holder[0] != '\0') {
        diag_found(diag, "%s", holder);
    }
    diag_hint(diag, "wait until it has ended");
    return rc;
}

static enum status sign_in(int lock, const char *path, struct sys_time now, struct diag *diag)
{
    char holder[80], since[SYS_TIME_BYTES];

    sys_time_write(now, since);
    int length = snprintf(holder, sizeof(holder), "process %ld since %s\n", (long)getpid(), since);
    ASSERT(length > 0 && (size_t)length < sizeof(holder));
    /* Not synced: the lock itself is gone after a crash, and so is the meaning of these bytes. */
    ssize_t written = -1;
    if (ftruncate(lock, 0) == 0) {
        do {
            written = pwrite(lock, holder, (size_t)length, 0);
        } while (written < 0 && errno == EINTR);
    }
    /* Fewer bytes do no harm: they only tell people who holds the lock. */
    return written < 0 ? diag_errno(diag, "the lock cannot be written", path) : STATUS_OK;
}

enum status sys_lock(int dir, const char *path, int *lock, struct diag *diag)
{
    struct sys_time now;
    enum status rc = sys_now(&now, diag);

    *lock = -1;
    if (rc != STATUS_OK) {
        return rc;
    }
    int descriptor = openat(dir, path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return diag_errno(diag, "the lock cannot be opened", path);
    }
    /* The kernel lets go of it when the process ends, however that happens. */
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        rc = errno == EWOULDBLOCK ? busy(descriptor, diag) : diag_errno(diag, "the lock cannot be taken", path);
        diag_at(diag, path, 0, 0);
    } else {
        rc = sign_in(descriptor, path, now, diag);
    }
    if (rc != STATUS_OK) {
        sys_unlock(descriptor);
        return rc;
    }
    *lock = descriptor;
    return STATUS_OK;
}

void sys_unlock(int lock)
{
    if (lock >= 0) {
        (void)close(lock);
    }
}
