/*
 * receive_read.c - the bytes of an answer: their digest, out of gzip, into the reader of messages.
 *
 * The content is gone through twice, and the second time is hashed again: what is understood is what the
 * ledger knows by its digest.
 */
#include "receive.h"

#include <stdlib.h>
#include <zlib.h>

enum {
    PLAIN_BYTES = 256 * 1024,
    GZIP_WINDOW = 15 + 16,          /* a gzip header, nothing else */
    GZIP_FREE_BYTES = 1 << 20,      /* a small message of equal lines packs well and harms nobody */
    GZIP_RATIO_MAX = 200            /* messages pack to a fortieth, a bomb to a thousandth */
};

enum status answer_digest(struct sys_input *input, struct digest *digest, struct diag *diag)
{
    struct digester *digester = digester_new();
    struct span piece = SPAN_EMPTY;
    enum status rc;

    do {
        rc = sys_input_next(input, &piece, diag);
        digester_add(digester, piece);
    } while (rc == STATUS_OK && piece.size > 0);
    digester_finish(digester, digest);
    digester_free(digester);
    return rc == STATUS_OK ? sys_input_rewind(input, diag) : rc;
}

struct unpacking {
    struct answer_reader *reader;
    const char *name;
    z_stream stream;
    bool begun;                 /* it is known whether this is gzip */
    bool gzip;
    bool ended;                 /* the gzip data are whole */
    uint64_t packed_bytes, plain_bytes;
    char *plain;
};

static enum status refused(const struct unpacking *unpacking, enum status status, const char *what, struct diag *diag)
{
    diag_fail(diag, status, "%s", what);
    diag_at(diag, unpacking->name, 0, 0);
    return status;
}

static enum status inflate_piece(struct unpacking *unpacking, struct span piece, struct diag *diag)
{
    z_stream *stream = &unpacking->stream;
    enum status rc = STATUS_OK;

    stream->next_in = (z_const Bytef *)(uintptr_t)piece.data;
    stream->avail_in = (uInt)piece.size;
    unpacking->packed_bytes += piece.size;
    do {
        if (unpacking->ended) {
            return refused(unpacking, STATUS_INPUT, "something follows the gzip data", diag);
        }
        stream->next_out = (Bytef *)unpacking->plain;
        stream->avail_out = PLAIN_BYTES;
        int result = inflate(stream, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
            return refused(unpacking, STATUS_INPUT, "the gzip data are damaged", diag);
        }
        unpacking->ended = result == Z_STREAM_END;
        size_t got = PLAIN_BYTES - stream->avail_out;
        unpacking->plain_bytes += got;
        if (unpacking->plain_bytes > GZIP_FREE_BYTES && unpacking->plain_bytes / GZIP_RATIO_MAX > unpacking->packed_bytes) {
            return refused(unpacking, STATUS_LIMIT, "the gzip data are packed too much", diag);
        }
        rc = answer_read(unpacking->reader, (struct span){ unpacking->plain, got }, diag);
    } while (rc == STATUS_OK && (stream->avail_in > 0 || (stream->avail_out == 0 && !unpacking->ended)));
    return rc;
}

/* The first piece tells what the rest is. */
static enum status piece_take(struct unpacking *unpacking, struct span piece, struct diag *diag)
{
    if (!unpacking->begun) {
        unpacking->begun = true;
        unpacking->gzip = piece.size >= 2 && memcmp(piece.data, "\x1f\x8b", 2) == 0;
        if (unpacking->gzip) {
            ASSERT(inflateInit2(&unpacking->stream, GZIP_WINDOW) == Z_OK);
            unpacking->plain = mem_alloc(PLAIN_BYTES, 1);
        }
    }
    return unpacking->gzip ? inflate_piece(unpacking, piece, diag) : answer_read(unpacking->reader, piece, diag);
}

static enum status unpack(struct unpacking *unpacking, struct sys_input *input, struct digest *digest, struct diag *diag)
{
    struct digester *digester = digester_new();
    struct span piece = SPAN_EMPTY;
    enum status rc;

    do {
        rc = sys_input_next(input, &piece, diag);
        digester_add(digester, piece);
        if (rc == STATUS_OK && piece.size > 0) {
            rc = piece_take(unpacking, piece, diag);
        }
    } while (rc == STATUS_OK && piece.size > 0);
    digester_finish(digester, digest);
    digester_free(digester);
    if (rc == STATUS_OK && unpacking->gzip && !unpacking->ended) {
        rc = refused(unpacking, STATUS_INPUT, "the gzip data are cut off", diag);
    }
    return rc == STATUS_OK ? answer_finish(unpacking->reader, diag) : rc;
}

/* "2026-10-05T09:00:00", with a fraction or not, with Z, an offset or, as is usual here, without: then UTC+7. */
static int64_t seconds_of(struct span text)
{
    enum { WITHOUT_ZONE = 19 };
    struct sys_time time;
    char local[SYS_TIME_BYTES];
    int64_t shift = 0;
    uint64_t hours = 0;
    uint64_t minutes = 0;

    if (text.size < WITHOUT_ZONE) {
        return 0;
    }
    memcpy(local, text.data, WITHOUT_ZONE);
    memcpy(local + WITHOUT_ZONE, "+07:00", sizeof("+07:00"));
    struct span zone = { text.data + text.size - 6, 6 };
    if (text.data[text.size - 1] == 'Z') {
        shift = 7 * 3600;
    } else if (text.size >= WITHOUT_ZONE + 6 && (zone.data[0] == '+' || zone.data[0] == '-') && zone.data[3] == ':') {
        if (!text_number((struct span){ zone.data + 1, 2 }, 14, &hours) ||
            !text_number((struct span){ zone.data + 4, 2 }, 59, &minutes)) {
            return 0;
        }
        int64_t offset = (int64_t)(hours * 3600 + minutes * 60);
        shift = 7 * 3600 - (zone.data[0] == '-' ? -offset : offset);
    }
    return sys_time_read((struct span){ local, SYS_TIME_BYTES - 1 }, &time) ? sys_time_unix(time) + shift : 0;
}

static void message_take(struct saying *saying, const struct answer_message *message)
{
    memcpy(saying->answer.message, message->name, sizeof(message->name));
    saying->answer.said_at = seconds_of(message->created_at);
    saying_claim(saying, 0, &message->from);
    saying_claim(saying, 1, &message->sender);
    saying_claim(saying, 2, &message->debtor_agent);
}

static void warned(void *context, const struct diag *finding)
{
    const struct saying *saying = context;
    char text[DIAG_BYTES_MAX];

    diag_text(finding, text, sizeof(text));
    world_say(saying->world, "%s", text);
}

/* The kind is not known before the message is read: every handler is offered, and each message uses its own. */
static struct answer_handler handler_of(struct saying *saying)
{
    struct answer_handler status = status_handler(saying);
    struct answer_handler handler = entry_handler(saying);

    handler.group = status.group;
    handler.information = status.information;
    handler.transaction = status.transaction;
    handler.warn = warned;
    handler.context = saying;
    return handler;
}

enum status answer_understand(struct saying *saying, struct sys_input *input, struct diag *diag)
{
    const struct answer_handler handler = handler_of(saying);
    struct unpacking unpacking = { .reader = answer_reader_new(saying->name, &handler), .name = saying->name };
    struct digest digest;

    enum status rc = unpack(&unpacking, input, &digest, diag);
    if (rc == STATUS_OK && !digest_equal(&digest, &saying->answer.sha256)) {
        rc = refused(&unpacking, STATUS_INPUT, "the file changed while it was read", diag);
    }
    if (rc == STATUS_OK) {
        message_take(saying, answer_message(unpacking.reader));
    }
    if (unpacking.gzip) {
        inflateEnd(&unpacking.stream);
    }
    free(unpacking.plain);
    answer_reader_free(unpacking.reader);
    return rc;
}
