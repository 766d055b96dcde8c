/* Decompression with the suspicion that bytes from outside deserve. RFC 1952. */
#include "intake_internal.h"

enum {
    GZIP_WINDOW_BITS = 15 + 16,     /* the largest window; +16: a gzip header, nothing else */
    RATIO_FREE_BYTES = 1 << 20      /* a small file of equal lines packs well and harms nobody */
};

static enum status gzip_refuse(const struct gzip *gzip, enum status status, const char *what, struct diag *diag)
{
    enum status rc = diag_fail(diag, status, "%s", what);
    diag_at(diag, gzip->name, 0, 0);
    diag_hint(diag, "gzip -t checks a file");
    return rc;
}

enum status gzip_init(struct gzip *gzip, struct span content, const char *name, struct diag *diag)
{
    *gzip = (struct gzip){ .name = name };
    ASSERT(content.size <= INTAKE_FILE_BYTES_MAX);
    gzip->stream.next_in = (z_const Bytef *)(uintptr_t)content.data;
    gzip->stream.avail_in = (uInt)content.size;
    if (inflateInit2(&gzip->stream, GZIP_WINDOW_BITS) != Z_OK) {
        return gzip_refuse(gzip, STATUS_DEFECT, "zlib does not start", diag);
    }
    gzip->is_open = true;
    return STATUS_OK;
}

/* A decompression bomb is told by its ratio long before it fills the memory. */
static enum status limits_check(const struct gzip *gzip, struct diag *diag)
{
    if (gzip->size_bytes > INTAKE_FILE_BYTES_MAX) {
        return gzip_refuse(gzip, STATUS_LIMIT, "the decompressed text is too long", diag);
    }
    if (gzip->size_bytes > RATIO_FREE_BYTES &&
        gzip->size_bytes / INTAKE_GZIP_RATIO_MAX > gzip->stream.total_in) {
        return gzip_refuse(gzip, STATUS_LIMIT, "the gzip file is compressed too much", diag);
    }
    return STATUS_OK;
}

/* One step of zlib and its verdict. */
static enum status gzip_step(struct gzip *gzip, struct diag *diag)
{
    int result = inflate(&gzip->stream, Z_NO_FLUSH);

    if (result == Z_STREAM_END) {
        gzip->ended = true;
        return gzip->stream.avail_in == 0
                   ? STATUS_OK
                   : gzip_refuse(gzip, STATUS_INPUT, "something follows the end of the gzip data", diag);
    }
    if (result == Z_BUF_ERROR || (result == Z_OK && gzip->stream.avail_in == 0 && gzip->stream.avail_out > 0)) {
        return gzip_refuse(gzip, STATUS_INPUT, "the gzip file is cut off", diag);
    }
    return result == Z_OK ? STATUS_OK : gzip_refuse(gzip, STATUS_INPUT, "the gzip file is damaged", diag);
}

enum status gzip_read(struct gzip *gzip, char *to, size_t size, size_t *got, struct diag *diag)
{
    enum status rc = STATUS_OK;

    ASSERT(size <= INTAKE_WINDOW_BYTES);
    gzip->stream.next_out = (Bytef *)to;
    gzip->stream.avail_out = (uInt)size;
    while (rc == STATUS_OK && !gzip->ended && gzip->stream.avail_out > 0) {
        rc = gzip_step(gzip, diag);
    }
    *got = size - gzip->stream.avail_out;
    gzip->size_bytes += *got;
    return rc == STATUS_OK ? limits_check(gzip, diag) : rc;
}

void gzip_release(struct gzip *gzip)
{
    if (gzip->is_open) {
        (void)inflateEnd(&gzip->stream);
    }
    *gzip = (struct gzip){ .is_open = false };
}

const char *intake_library(void)
{
    return zlibVersion();
}
