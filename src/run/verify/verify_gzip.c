/* verify_gzip.c - a compressed bank file back to XML: one member, whole, and nothing behind it. */
#include "verify.h"

#include <zlib.h>

enum { PIECE_BYTES = 1 << 20, GZIP_WINDOW = 15 + 16 };

bool is_gzip(struct span content)
{
    return content.size >= 2 && memcmp(content.data, "\x1f\x8b", 2) == 0;
}

static enum status refuse(struct diag *diag, enum status status, const char *name, const char *what)
{
    diag_fail(diag, status, "%s", what);
    diag_at(diag, name, 0, 0);
    return status;
}

/* zlib's own end (Z_STREAM_END) is the only one: it has compared length and CRC by then. */
static enum status inflate_all(z_stream *stream, const char *name, struct buf *plain, struct diag *diag)
{
    int z = Z_OK;

    while (z == Z_OK) {
        if (buf_reserve(plain, PIECE_BYTES) != STATUS_OK) {
            return refuse(diag, STATUS_LIMIT, name, "the decompressed file is too long");
        }
        stream->next_out = (unsigned char *)plain->data + plain->size;
        stream->avail_out = PIECE_BYTES;
        z = inflate(stream, Z_NO_FLUSH);
        plain->size += PIECE_BYTES - stream->avail_out;
    }
    if (z != Z_STREAM_END) {
        return refuse(diag, STATUS_INPUT, name,
                      z == Z_BUF_ERROR ? "the gzip data are cut off" : "the gzip data are damaged");
    }
    if (stream->avail_in != 0) {
        return refuse(diag, STATUS_INPUT, name, "something follows the gzip data");
    }
    return STATUS_OK;
}

enum status gzip_unpack(struct span packed, const char *name, struct buf *plain, struct diag *diag)
{
    z_stream stream = { .next_in = (unsigned char *)(uintptr_t)packed.data, .avail_in = (unsigned)packed.size };

    if (packed.size > UINT32_MAX) {
        return refuse(diag, STATUS_LIMIT, name, "the file is too long");
    }
    ASSERT(inflateInit2(&stream, GZIP_WINDOW) == Z_OK);
    enum status rc = inflate_all(&stream, name, plain, diag);
    inflateEnd(&stream);
    return rc;
}
