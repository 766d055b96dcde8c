/* Any bytes as a CSV file: no crash, clean rows only, and the same rows when they come compressed. */
#include "intake_fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stored, not compressed: the windows matter here, not zlib. */
static struct span gzip_stored(struct span text)
{
    z_stream stream = { .next_in = NULL };
    size_t size_max = text.size + text.size / 1000 + 1024;
    char *out = mem_alloc(size_max, 1);

    int rc = deflateInit2(&stream, 0, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    ASSERT(rc == Z_OK);
    stream.next_in = (z_const Bytef *)(uintptr_t)text.data;
    stream.avail_in = (uInt)text.size;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)size_max;
    rc = deflate(&stream, Z_FINISH);
    ASSERT(rc == Z_STREAM_END);
    size_t size = stream.total_out;
    deflateEnd(&stream);
    return (struct span){ out, size };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = { (const char *)data, size };

    if (size > 1 << 16) {
        return 0;
    }
    for (int purpose = INTAKE_FOR_RUN; purpose <= INTAKE_FOR_CALC; purpose++) {
        struct fuzz_read plain = fuzz_read(text, "p.csv", (enum intake_purpose)purpose);
        struct span packed = gzip_stored(text);
        struct fuzz_read again = fuzz_read(packed, "p.csv.gz", (enum intake_purpose)purpose);
        ASSERT(plain.status == again.status);
        ASSERT(plain.status != STATUS_OK || (plain.rows == again.rows && plain.findings == again.findings &&
                                             plain.checksum == again.checksum));
        free((void *)(uintptr_t)packed.data);
    }
    return 0;
}
