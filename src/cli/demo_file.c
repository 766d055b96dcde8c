/*
 * demo_file.c - a file of the intake while it is written: buffered, packed if its name says so, and
 * hashed as the bytes go by, so that the memory does not grow with the people.
 */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum {
    FILE_BUFFER_BYTES = 256 * 1024, /* a unit has seven files open at once */
    GZIP_WINDOW = 15 + 16           /* zlib: the largest window, with a gzip head of fixed content */
};

struct demo_file {
    char name[64];
    struct sys_file *file;
    struct digester *digester;
    struct buf buf;
    bool gzip;
    z_stream stream;
    unsigned char *packed; /* FILE_BUFFER_BYTES */
};

static bool name_is_gzip(const char *name)
{
    size_t size = strlen(name);
    return size > 3 && strcmp(name + size - 3, ".gz") == 0;
}

enum status demo_file_new(int dir, const char *folder, const char *name, struct demo_file **file,
                          struct diag *diag)
{
    char path[DIAG_FILE_BYTES];
    struct demo_file *made = mem_alloc(1, sizeof *made);
    *file = NULL;
    snprintf(made->name, sizeof made->name, "%s", name);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    made->buf = BUF_INIT(FILE_BUFFER_BYTES);
    made->digester = digester_new();
    made->gzip = name_is_gzip(name);
    if (made->gzip) {
        made->packed = mem_alloc(1, FILE_BUFFER_BYTES);
        int made_stream = deflateInit2(&made->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8,
                                       Z_DEFAULT_STRATEGY);
        ASSERT(made_stream == Z_OK);
    }
    enum status rc = sys_file_new(dir, path, &made->file, diag);
    if (rc != STATUS_OK) {
        demo_file_free(made);
        return rc;
    }
    *file = made;
    return STATUS_OK;
}

static enum status put(struct demo_file *file, struct span bytes, struct diag *diag)
{
    digester_add(file->digester, bytes);
    return sys_file_write(file->file, bytes, diag);
}

/* Packs what is buffered; `flush` is Z_FINISH at the end. */
static enum status put_packed(struct demo_file *file, int flush, struct diag *diag)
{
    file->stream.next_in = (unsigned char *)file->buf.data;
    file->stream.avail_in = (unsigned)file->buf.size;
    enum status rc = STATUS_OK;
    do {
        file->stream.next_out = file->packed;
        file->stream.avail_out = FILE_BUFFER_BYTES;
        int packed = deflate(&file->stream, flush);
        ASSERT(packed != Z_STREAM_ERROR);
        rc =
            put(file, (struct span){ (const char *)file->packed, FILE_BUFFER_BYTES - file->stream.avail_out },
                diag);
    } while (rc == STATUS_OK && file->stream.avail_out == 0);
    return rc;
}

static enum status flush_buffer(struct demo_file *file, bool last, struct diag *diag)
{
    enum status rc = file->gzip ? put_packed(file, last ? Z_FINISH : Z_NO_FLUSH, diag)
                                : put(file, buf_span(&file->buf), diag);
    buf_clear(&file->buf);
    return rc;
}

enum status demo_file_add(struct demo_file *file, struct span bytes, struct diag *diag)
{
    if (buf_add(&file->buf, bytes.data, bytes.size) == STATUS_OK) {
        return STATUS_OK;
    }
    enum status rc = flush_buffer(file, false, diag);
    return rc == STATUS_OK ? buf_add(&file->buf, bytes.data, bytes.size) : rc;
}

enum status demo_file_close(struct demo_file *file, struct buf *list, struct diag *diag)
{
    struct digest digest;
    char hex[DIGEST_HEX_BYTES];
    enum status rc = flush_buffer(file, true, diag);
    if (rc == STATUS_OK) {
        struct sys_file *whole = file->file;
        file->file = NULL; /* sys_file_close frees it, whatever it returns */
        rc = sys_file_close(whole, diag);
    }
    if (rc == STATUS_OK) {
        digester_finish(file->digester, &digest);
        digest_hex(&digest, hex);
        rc = buf_add_format(list, "%s  %s\n", hex, file->name);
    }
    demo_file_free(file);
    return rc;
}

void demo_file_free(struct demo_file *file)
{
    if (file == NULL) {
        return;
    }
    sys_file_abandon(file->file);
    if (file->gzip) {
        deflateEnd(&file->stream);
    }
    free(file->packed);
    buf_release(&file->buf);
    digester_free(file->digester);
    free(file);
}
