/* Any bytes as a gzip file: no crash, no endless text, and never rows from a file that is not whole. */
#include "intake_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span content = { (const char *)data, size };
    struct fuzz_read whole = fuzz_read(content, "p.csv.gz", INTAKE_FOR_CALC);

    if (whole.status == STATUS_OK && size > 0) {
        struct fuzz_read cut = fuzz_read((struct span){ content.data, size - 1 }, "p.csv.gz", INTAKE_FOR_CALC);
        ASSERT(cut.status != STATUS_OK);
    }
    return 0;
}
