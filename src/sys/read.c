/* Reading whole files, with distrust: a name in intake/ can be anything. */
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STREAM_PIECE_BYTES = 64 * 1024 };

/* read(2), whatever signals come in between. */
static ssize_t read_some(int descriptor, void *bytes, size_t size)
{
    ssize_t got;

    do {
        got = read(descriptor, bytes, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

static enum status refuse(struct diag *diag, enum status status, const char *path, const char *what)
{
    diag_fail(diag, status, "%s", what);
    diag_at(diag, path, 0, 0);
    return status;
}

static enum status too_long(struct diag *diag, const char *path, const struct buf *out)
{
    enum status rc = refuse(diag, STATUS_LIMIT, path, "the file is too long");
    diag_expected(diag, "at most %zu bytes", out->size_max);
    return rc;
}

/* O_NONBLOCK: opening a FIFO must not wait for a writer. A second link would let somebody change
 * the bytes under another name. */
static enum status open_regular(int dir, const char *path, int *descriptor, struct stat *status,
                                struct diag *diag)
{
    *descriptor = openat(dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (*descriptor < 0) {
        return errno == ELOOP || errno == ENXIO
                   ? refuse(diag, STATUS_INPUT, path, "not a regular file")
                   : path_read_failed(diag, "the file cannot be opened", path);
    }
    if (fstat(*descriptor, status) != 0) {
        return diag_errno(diag, "the file cannot be read", path);
    }
    if (!S_ISREG(status->st_mode)) {
        return refuse(diag, STATUS_INPUT, path, "not a regular file");
    }
    if (status->st_nlink != 1) {
        return refuse(diag, STATUS_INPUT, path, "a file with other hard links");
    }
    return STATUS_OK;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Exactly the bytes that fstat promised, then the end. */
static enum status read_exactly(int descriptor, const char *path, const struct stat *before, struct buf *out,
                                struct diag *diag)
{
    struct stat after;
    size_t left = (size_t)before->st_size;
    char probe;
    ssize_t got = 1;

    if (buf_reserve(out, left) != STATUS_OK) {
        return too_long(diag, path, out);
    }
    while (left > 0 && (got = read_some(descriptor, out->data + out->size, left)) > 0) {
        out->size += (size_t)got;
        left -= (size_t)got;
    }
    if (got > 0) {
        got = read_some(descriptor, &probe, 1);
    }
    if (got < 0 || fstat(descriptor, &after) != 0) {
        return diag_errno(diag, "the file cannot be read", path);
    }
    if (left > 0 || got > 0 || !is_same(before, &after)) {
        return refuse(diag, STATUS_INPUT, path, "the file changed while it was read");
    }
    return STATUS_OK;
}

static enum status read_file(int dir, const char *path, bool is_private, struct buf *out, struct diag *diag)
{
    struct stat status;
    int descriptor;
    size_t start = out->size;
    enum status rc = open_regular(dir, path, &descriptor, &status, diag);

    if (rc == STATUS_OK && is_private && ((status.st_mode & 077) != 0 || status.st_uid != geteuid())) {
        rc = refuse(diag, STATUS_SIGNATURE, path, "a private key that others can reach");
        diag_expected(diag, "mode 0600 and our own user");
    }
    if (rc == STATUS_OK) {
        rc = read_exactly(descriptor, path, &status, out, diag);
    }
    if (rc != STATUS_OK) {
        out->size = start;
    }
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    return rc;
}

enum status sys_read(int dir, const char *path, struct buf *out, struct diag *diag)
{
    return read_file(dir, path, false, out, diag);
}

enum status sys_read_private(int dir, const char *path, struct buf *out, struct diag *diag)
{
    return read_file(dir, path, true, out, diag);
}

enum status sys_read_stream(int descriptor, struct buf *out, struct diag *diag)
{
    size_t start = out->size;
    enum status rc = STATUS_OK;
    ssize_t got = 1;

    while (rc == STATUS_OK && got > 0) {
        size_t room = out->size_max - out->size;
        char probe;
        if (room == 0) {
            got = read_some(descriptor, &probe, 1);
            rc = got > 0 ? too_long(diag, NULL, out) : STATUS_OK;
            continue;
        }
        room = room < STREAM_PIECE_BYTES ? room : STREAM_PIECE_BYTES;
        rc = buf_reserve(out, room);
        ASSERT(rc == STATUS_OK);
        got = read_some(descriptor, out->data + out->size, room);
        out->size += got > 0 ? (size_t)got : 0;
    }
    if (got < 0) {
        rc = diag_errno(diag, "the stream cannot be read", NULL);
    }
    if (rc != STATUS_OK) {
        out->size = start;
    }
    return rc;
}

/* ---- in pieces ---- */

enum { INPUT_PIECE_BYTES = 256 * 1024 };    /* larger pieces read no faster, and leave the second-level cache */

struct sys_input {
    int descriptor;
    char *path;
    struct stat before;
    uint64_t left;          /* bytes that fstat promised and that were not read yet */
    char piece[INPUT_PIECE_BYTES];
};

enum status sys_input_new(int dir, const char *path, uint64_t size_max, struct sys_input **input, struct diag *diag)
{
    struct sys_input *made = mem_alloc(1, sizeof(*made));

    made->path = mem_text(path);
    enum status rc = open_regular(dir, path, &made->descriptor, &made->before, diag);
    if (rc == STATUS_OK && (uint64_t)made->before.st_size > size_max) {
        rc = refuse(diag, STATUS_LIMIT, path, "the file is too long");
        diag_expected(diag, "at most %llu bytes", (unsigned long long)size_max);
    }
    made->left = rc == STATUS_OK ? (uint64_t)made->before.st_size : 0;
    if (rc != STATUS_OK) {
        sys_input_free(made);
        made = NULL;
    }
    *input = made;
    return rc;
}

/* At the end the file must be what it was at the start, with nothing behind it. */
static enum status input_end(struct sys_input *input, struct diag *diag)
{
    struct stat after;
    ssize_t more = read_some(input->descriptor, input->piece, 1);

    if (more < 0 || fstat(input->descriptor, &after) != 0) {
        return diag_errno(diag, "the file cannot be read", input->path);
    }
    return more > 0 || !is_same(&input->before, &after)
               ? refuse(diag, STATUS_INPUT, input->path, "the file changed while it was read") : STATUS_OK;
}

enum status sys_input_next(struct sys_input *input, struct span *piece, struct diag *diag)
{
    size_t want = input->left < INPUT_PIECE_BYTES ? (size_t)input->left : INPUT_PIECE_BYTES;

    *piece = (struct span){ input->piece, 0 };
    if (want == 0) {
        return input_end(input, diag);
    }
    ssize_t got = read_some(input->descriptor, input->piece, want);
    if (got < 0) {
        return diag_errno(diag, "the file cannot be read", input->path);
    }
    if (got == 0) {
        return refuse(diag, STATUS_INPUT, input->path, "the file changed while it was read");
    }
    piece->size = (size_t)got;
    input->left -= (size_t)got;
    return STATUS_OK;
}

enum status sys_input_rewind(struct sys_input *input, struct diag *diag)
{
    if (lseek(input->descriptor, 0, SEEK_SET) != 0) {
        return diag_errno(diag, "the file cannot be read", input->path);
    }
    input->left = (uint64_t)input->before.st_size;
    return STATUS_OK;
}

enum status sys_input_sync(struct sys_input *input, struct diag *diag)
{
    return fsync(input->descriptor) == 0 ? STATUS_OK : diag_errno(diag, "the file cannot be synced", input->path);
}

void sys_input_free(struct sys_input *input)
{
    if (input == NULL) {
        return;
    }
    if (input->descriptor >= 0) {
        (void)close(input->descriptor);
    }
    free(input->path);
    free(input);
}
