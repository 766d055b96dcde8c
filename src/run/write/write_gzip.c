/*
 * write_gzip.c - the container: the signed XML as one gzip member, without a name or a time in it, so
 * that the same XML gives the same bytes with the same zlib. Only the XML's bytes are promised.
 */
#include "write.h"

#include <stdlib.h>
#include <zlib.h>

enum { PIECE_BYTES = 1 << 18, GZIP_LEVEL = 6, GZIP_WINDOW = 15 + 16 };

struct packing {
    struct sys_file *out;
    struct digester *content;
    uint64_t size_bytes;
    z_stream stream;
    unsigned char piece[PIECE_BYTES];
};

/* Deflates what lies in the stream's input; with Z_FINISH to the end. */
static enum status pack_some(struct packing *pack, int flush, struct diag *diag)
{
    enum status rc = STATUS_OK;
    int z = Z_OK;

    do {
        pack->stream.next_out = pack->piece;
        pack->stream.avail_out = sizeof(pack->piece);
        z = deflate(&pack->stream, flush);
        ASSERT(z == Z_OK || z == Z_STREAM_END || z == Z_BUF_ERROR);
        struct span bytes = { (const char *)pack->piece, sizeof(pack->piece) - pack->stream.avail_out };
        digester_add(pack->content, bytes);
        pack->size_bytes += bytes.size;
        rc = sys_file_write(pack->out, bytes, diag);
    } while (rc == STATUS_OK && pack->stream.avail_out == 0);
    return rc;
}

enum status gzip_pack(const struct outgoing *to, struct sys_file *plain, struct diag *diag)
{
    char path[DIAG_FILE_BYTES];
    struct packing *pack = mem_alloc(1, sizeof(*pack));
    struct buf piece = BUF_INIT(PIECE_BYTES);
    uint64_t offset = 0;

    ASSERT(deflateInit2(&pack->stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    pack->content = digester_new();
    staging_path(to->file, path);
    enum status rc = sys_file_new(to->world->site->dir, path, &pack->out, diag);
    do {
        if (rc == STATUS_OK) {
            rc = sys_file_read_back(plain, offset, &piece, diag);
        }
        if (rc == STATUS_OK) {
            pack->stream.next_in = (unsigned char *)piece.data;
            pack->stream.avail_in = (unsigned)piece.size;
            offset += piece.size;
            rc = pack_some(pack, piece.size == 0 ? Z_FINISH : Z_NO_FLUSH, diag);
        }
    } while (rc == STATUS_OK && piece.size > 0);
    deflateEnd(&pack->stream);
    digester_finish(pack->content, &to->file->content);
    digester_free(pack->content);
    to->file->size_bytes = pack->size_bytes;
    if (rc == STATUS_OK) {
        rc = sys_file_close(pack->out, diag);
    } else {
        sys_file_abandon(pack->out);
    }
    buf_release(&piece);
    free(pack);
    return rc;
}
