/*
 * shim.c - a preloaded library that makes the disk fail, or the process die, at the k-th call that changes
 * something below one folder: write, pwrite, fsync, fdatasync, rename, unlink, ftruncate, mkdir, and opens
 * that create. Calls from inside libsqlite3 count too. Linux with a 64-bit off_t.
 *
 *   FAULT_ROOT   the folder, as realpath gives it; calls on other files go by uncounted
 *   FAULT_TRACE  a file: a line for each call: number, done or failed, call, path, new path (tabs between)
 *   FAULT_AT     k, from 1; none: nothing happens
 *   FAULT_HOW    kill      SIGKILL instead of the call
 *                torn      half of a write, or any other call, and then SIGKILL
 *                short     half of a write, which says so; eintr: none of it, to be tried again
 *                eio, enospc           the call fails once
 *                eio-on, enospc-on     this call and all after it fail
 *   FAULT_DROP   makes a program that forgets something, for the tests of the tests: that call says that it
 *                succeeded and does nothing, uncounted:
 *                sync-file, sync-folder, sync-ledger   fsync of such a thing
 *                move      a rename from one folder to another
 *                remove    every unlink
 *                temporary no file is written under its temporary name, but in place
 *
 * ENOSPC does not come from unlink, as on a real disk. The kernel is called directly, so that no other
 * library's wrapper (a sanitizer's) stands in between.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static_assert(sizeof(off_t) == 8 && sizeof(long) == 8, "offsets go to the kernel in one register");

enum { PATH_BYTES = 2 * PATH_MAX };

struct call {
    const char *name;
    long number;            /* 0: not below the folder, not counted */
    char path[PATH_BYTES];  /* whole, later relative to the folder */
    char new_path[PATH_BYTES];
};

/* What is to become of a call. */
enum verdict { VERDICT_DO, VERDICT_FAIL, VERDICT_HALF, VERDICT_LAST };

static atomic_long calls;

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? "" : value;
}

static bool is_dropped(const char *what)
{
    return strcmp(setting("FAULT_DROP"), what) == 0;
}

static _Noreturn void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;) {
        pause();
    }
}

/* ---- paths ---- */

static void path_of_descriptor(int descriptor, char path[PATH_BYTES])
{
    char link[40];

    snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    ssize_t size = readlink(link, path, PATH_BYTES - 1);
    path[size < 0 ? 0 : size] = '\0';
}

static void path_of(int dir, const char *name, char path[PATH_BYTES])
{
    path[0] = '\0';
    if (name[0] != '/' && dir == AT_FDCWD) {
        if (getcwd(path, PATH_MAX) == NULL) {
            path[0] = '\0';
        }
    } else if (name[0] != '/') {
        path_of_descriptor(dir, path);
    }
    size_t size = strlen(path);
    snprintf(path + size, PATH_BYTES - size, "%s%s", size > 0 ? "/" : "", name);
}

/* True if it lies below the folder; then it is cut to what lies there. */
static bool path_is_ours(char path[PATH_BYTES])
{
    const char *root = setting("FAULT_ROOT");
    size_t size = strlen(root);

    if (size == 0 || strncmp(path, root, size) != 0 || (path[size] != '/' && path[size] != '\0')) {
        return false;
    }
    size += path[size] == '/';
    memmove(path, path + size, strlen(path + size) + 1);
    return true;
}

/* ---- the verdict ---- */

static bool is_write(const struct call *call)
{
    return strcmp(call->name, "write") == 0 || strcmp(call->name, "pwrite") == 0;
}

static enum verdict fails(const struct call *call, int error)
{
    if (error == ENOSPC && strcmp(call->name, "unlink") == 0) {
        return VERDICT_DO;
    }
    errno = error;
    return VERDICT_FAIL;
}

/* Counts the call; with VERDICT_FAIL errno is set. */
static enum verdict judge(struct call *call)
{
    const char *how = setting("FAULT_HOW");
    long at = strtol(setting("FAULT_AT"), NULL, 10);

    if (!path_is_ours(call->path)) {
        return VERDICT_DO;
    }
    (void)path_is_ours(call->new_path);
    call->number = atomic_fetch_add(&calls, 1) + 1;
    bool after = strlen(how) > 3 && strcmp(how + strlen(how) - 3, "-on") == 0;
    if (at == 0 || call->number < at || (call->number > at && !after)) {
        return VERDICT_DO;
    }
    if (strcmp(how, "kill") == 0) {
        die();
    }
    if (strcmp(how, "torn") == 0) {
        return VERDICT_LAST;
    }
    if (strcmp(how, "short") == 0) {
        return VERDICT_HALF;
    }
    if (strcmp(how, "eintr") == 0) {
        return is_write(call) ? fails(call, EINTR) : VERDICT_DO;
    }
    return fails(call, strncmp(how, "eio", 3) == 0 ? EIO : ENOSPC);
}

/* After the call: into the trace; the end if it was to be the last. */
static long done(const struct call *call, enum verdict verdict, long result)
{
    const char *trace = setting("FAULT_TRACE");
    char line[2 * PATH_BYTES + 80];
    int error = errno;

    if (call->number > 0 && trace[0] != '\0') {
        int size = snprintf(line, sizeof(line), "%ld\t%s\t%s\t%s\t%s\n", call->number,
                            result < 0 ? "failed" : "done", call->name, call->path, call->new_path);
        long file = syscall(SYS_openat, AT_FDCWD, trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (file < 0 || syscall(SYS_write, file, line, size) != size || close((int)file) != 0) {
            abort();    /* a trace with gaps would prove nothing */
        }
    }
    if (verdict == VERDICT_LAST) {
        die();
    }
    errno = error;
    return result;
}

/* ---- writes ---- */

/* At an offset, or with -1 where the file stands. */
static ssize_t write_at(int descriptor, const void *bytes, size_t size, off_t offset)
{
    struct call call = { .name = offset < 0 ? "write" : "pwrite" };
    long result = -1;

    path_of_descriptor(descriptor, call.path);
    enum verdict verdict = judge(&call);
    if (verdict == VERDICT_HALF || verdict == VERDICT_LAST) {
        size = size > 1 ? size / 2 : size;
    }
    if (verdict != VERDICT_FAIL) {
        result = offset < 0 ? syscall(SYS_write, descriptor, bytes, size)
                            : syscall(SYS_pwrite64, descriptor, bytes, size, offset);
    }
    return done(&call, verdict, result);
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    return write_at(descriptor, bytes, size, -1);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    return write_at(descriptor, bytes, size, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off64_t offset)
{
    return write_at(descriptor, bytes, size, offset);
}

int ftruncate(int descriptor, off_t size)
{
    struct call call = { .name = "ftruncate" };

    path_of_descriptor(descriptor, call.path);
    enum verdict verdict = judge(&call);
    return (int)done(&call, verdict, verdict == VERDICT_FAIL ? -1 : syscall(SYS_ftruncate, descriptor, size));
}

int ftruncate64(int descriptor, off64_t size)
{
    return ftruncate(descriptor, size);
}

/* ---- syncs ---- */

static bool sync_is_dropped(int descriptor, const char *path)
{
    struct stat status;
    size_t size = strlen(path);

    if (fstat(descriptor, &status) != 0) {
        return false;
    }
    bool ledger = size > 4 && strcmp(path + size - 4, "-wal") == 0;
    return is_dropped(S_ISDIR(status.st_mode) ? "sync-folder" : ledger ? "sync-ledger" : "sync-file");
}

static int sync_by(long number, const char *name, int descriptor)
{
    struct call call = { .name = name };

    path_of_descriptor(descriptor, call.path);
    if (sync_is_dropped(descriptor, call.path)) {
        return 0;
    }
    enum verdict verdict = judge(&call);
    return (int)done(&call, verdict, verdict == VERDICT_FAIL ? -1 : syscall(number, descriptor));
}

int fsync(int descriptor)
{
    return sync_by(SYS_fsync, "fsync", descriptor);
}

int fdatasync(int descriptor)
{
    return sync_by(SYS_fdatasync, "fdatasync", descriptor);
}

/* ---- names ---- */

/* ".<name>.tmp" in some folder: gives the folder's length, or -1 for another name. */
static int temporary_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - path);
    size_t size = strlen(path + folder);

    return path[folder] == '.' && size > 5 && strcmp(path + folder + size - 4, ".tmp") == 0 ? folder : -1;
}

static bool same_folder(const char *a, const char *b)
{
    const char *slash = strrchr(a, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash + 1 - a);

    return strncmp(a, b, size) == 0 && strchr(b + size, '/') == NULL;
}

int renameat2(int dir, const char *path, int new_dir, const char *new_path, unsigned flags)
{
    struct call call = { .name = "rename" };

    if ((is_dropped("move") && !same_folder(path, new_path)) ||
        (is_dropped("temporary") && temporary_folder(path) >= 0)) {
        return 0;
    }
    path_of(dir, path, call.path);
    path_of(new_dir, new_path, call.new_path);
    enum verdict verdict = judge(&call);
    return (int)done(&call, verdict,
                     verdict == VERDICT_FAIL ? -1 : syscall(SYS_renameat2, dir, path, new_dir, new_path, flags));
}

int renameat(int dir, const char *path, int new_dir, const char *new_path)
{
    return renameat2(dir, path, new_dir, new_path, 0);
}

int rename(const char *path, const char *new_path)
{
    return renameat2(AT_FDCWD, path, AT_FDCWD, new_path, 0);
}

int unlinkat(int dir, const char *path, int flags)
{
    struct call call = { .name = "unlink" };

    if (is_dropped("remove")) {
        return 0;
    }
    path_of(dir, path, call.path);
    enum verdict verdict = judge(&call);
    return (int)done(&call, verdict, verdict == VERDICT_FAIL ? -1 : syscall(SYS_unlinkat, dir, path, flags));
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
    struct call call = { .name = "mkdir" };

    path_of(dir, path, call.path);
    enum verdict verdict = judge(&call);
    return (int)done(&call, verdict, verdict == VERDICT_FAIL ? -1 : syscall(SYS_mkdirat, dir, path, mode));
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}

/* ---- opens that create ---- */

static int open_by(int dir, const char *path, int flags, mode_t mode)
{
    struct call call = { .name = "create" };
    char in_place[PATH_BYTES];
    int folder = temporary_folder(path);

    if ((flags & O_CREAT) == 0) {
        return (int)syscall(SYS_openat, dir, path, flags, mode);
    }
    if (folder >= 0 && is_dropped("temporary")) {
        snprintf(in_place, sizeof(in_place), "%.*s%s", folder, path, path + folder + 1);
        in_place[strlen(in_place) - 4] = '\0';
        path = in_place;
        flags = (flags & ~O_EXCL) | O_TRUNC;
    }
    path_of(dir, path, call.path);
    enum verdict verdict = judge(&call);
    return (int)done(&call, verdict, verdict == VERDICT_FAIL ? -1 : syscall(SYS_openat, dir, path, flags, mode));
}

/* The mode is there only if something may be made. */
static mode_t mode_of(int flags, va_list *arguments)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(*arguments, mode_t) : 0;
}

int openat(int dir, const char *path, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    mode_t mode = mode_of(flags, &arguments);
    va_end(arguments);
    return open_by(dir, path, flags, mode);
}

int openat64(int dir, const char *path, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    mode_t mode = mode_of(flags, &arguments);
    va_end(arguments);
    return open_by(dir, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    mode_t mode = mode_of(flags, &arguments);
    va_end(arguments);
    return open_by(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    mode_t mode = mode_of(flags, &arguments);
    va_end(arguments);
    return open_by(AT_FDCWD, path, flags, mode);
}
