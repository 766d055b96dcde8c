/* Files being written: whole under their name, or absent. */
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct sys_file {
    int dir;                /* the caller's */
    int descriptor;         /* -1: closed */
    char *path;             /* the final name */
    char *temporary;        /* ".<name>.tmp" in the same folder */
    uint64_t size_bytes;
};

/* Beside the final file, so that the rename stays within one file system. */
static char *temporary_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - path);
    size_t size = strlen(path) + sizeof("..tmp");
    char *temporary = mem_alloc(size, 1);
    int length = snprintf(temporary, size, "%.*s.%s.tmp", folder, path, path + folder);
    ASSERT(length >= 0 && (size_t)length + 1 == size);
    return temporary;
}

static void file_free(struct sys_file *file)
{
    if (file->descriptor >= 0) {
        (void)close(file->descriptor);
    }
    free(file->path);
    free(file->temporary);
    free(file);
}

enum status sys_file_new(int dir, const char *path, struct sys_file **file, struct diag *diag)
{
    struct sys_file *made = mem_alloc(1, sizeof(*made));

    *file = NULL;
    made->dir = dir;
    made->path = mem_text(path);
    made->temporary = temporary_of(path);
    /* A left-over of a crash goes; O_EXCL then makes sure that the file is ours alone. */
    (void)unlinkat(dir, made->temporary, 0);
    made->descriptor = openat(dir, made->temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (made->descriptor < 0) {
        enum status rc = path_create_failed(diag, "the file cannot be created", path);
        file_free(made);
        return rc;
    }
    *file = made;
    return STATUS_OK;
}

enum status sys_file_write(struct sys_file *file, struct span bytes, struct diag *diag)
{
    while (bytes.size > 0) {
        ssize_t written = write(file->descriptor, bytes.data, bytes.size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return diag_errno(diag, "the file cannot be written", file->path);
        }
        bytes.data += written;
        bytes.size -= (size_t)written;
        file->size_bytes += (uint64_t)written;
    }
    return STATUS_OK;
}

enum status sys_file_patch(struct sys_file *file, uint64_t offset, struct span bytes, struct diag *diag)
{
    ASSERT(offset <= file->size_bytes && bytes.size <= file->size_bytes - offset);
    while (bytes.size > 0) {
        ssize_t written = pwrite(file->descriptor, bytes.data, bytes.size, (off_t)offset);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return diag_errno(diag, "the file cannot be written", file->path);
        }
        bytes.data += written;
        bytes.size -= (size_t)written;
        offset += (uint64_t)written;
    }
    return STATUS_OK;
}

enum status sys_file_read_back(struct sys_file *file, uint64_t offset, struct buf *piece, struct diag *diag)
{
    uint64_t left = offset < file->size_bytes ? file->size_bytes - offset : 0;
    size_t wanted = left < piece->size_max ? (size_t)left : piece->size_max;

    buf_clear(piece);
    enum status rc = buf_reserve(piece, wanted);
    ASSERT(rc == STATUS_OK);
    while (piece->size < wanted) {
        ssize_t got = pread(file->descriptor, piece->data + piece->size, wanted - piece->size,
                            (off_t)(offset + piece->size));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            /* Less than was written is as bad as an error. */
            errno = got == 0 ? EIO : errno;
            return diag_errno(diag, "the file cannot be read back", file->path);
        }
        piece->size += (size_t)got;
    }
    return STATUS_OK;
}

enum status sys_file_close(struct sys_file *file, struct diag *diag)
{
    enum status rc = STATUS_OK;

    /* A failed fsync is final: the kernel may have dropped the pages, and a second call would
     * succeed without them. */
    if (fsync(file->descriptor) != 0) {
        rc = diag_errno(diag, "the file cannot be synced to disk", file->path);
        goto out;
    }
    int closed = close(file->descriptor);
    file->descriptor = -1;
    if (closed != 0) {
        rc = diag_errno(diag, "the file cannot be closed", file->path);
        goto out;
    }
    if (renameat(file->dir, file->temporary, file->dir, file->path) != 0) {
        rc = path_create_failed(diag, "the file cannot be given its name", file->path);
    }
out:
    if (rc != STATUS_OK) {
        (void)unlinkat(file->dir, file->temporary, 0);
    }
    file_free(file);
    return rc;
}

void sys_file_abandon(struct sys_file *file)
{
    if (file != NULL) {
        /* If this fails too, sys_dir_sweep takes it away. */
        (void)unlinkat(file->dir, file->temporary, 0);
        file_free(file);
    }
}

enum status sys_publish(int dir, const char *path, struct span bytes, struct diag *diag)
{
    struct sys_file *file;
    enum status rc = sys_file_new(dir, path, &file, diag);

    if (rc != STATUS_OK) {
        return rc;
    }
    rc = sys_file_write(file, bytes, diag);
    if (rc != STATUS_OK) {
        sys_file_abandon(file);
        return rc;
    }
    rc = sys_file_close(file, diag);
    if (rc == STATUS_OK) {
        char *folder = path_folder(path);
        rc = sys_dir_sync(dir, folder, diag);
        free(folder);
    }
    return rc;
}

enum status sys_memory_file(int *file, char path[SYS_MEMORY_PATH_BYTES], struct diag *diag)
{
    *file = memfd_create("chitra", MFD_CLOEXEC);
    if (*file < 0) {
        return diag_errno(diag, "a file in memory cannot be made", NULL);
    }
    int size = snprintf(path, SYS_MEMORY_PATH_BYTES, "/proc/self/fd/%d", *file);
    ASSERT(size > 0 && size < SYS_MEMORY_PATH_BYTES);
    return STATUS_OK;
}

void sys_memory_close(int file)
{
    if (file >= 0) {
        (void)close(file);
    }
}
