/*
 * fz_pain001.c - any bytes into pain001_read: does it keep its promises?
 *
 * With clang: -fsanitize=fuzzer,address,undefined. The corpus is replayed by the unit test of the
 * same name, which includes this file.
 */
#include "chitra/pain001.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fz_sum {
    uint64_t transactions;
    int64_t amount_dong;
};

static enum status fz_seen(void *context, const char *end_to_end_id, int64_t amount_dong, const char *account,
                           struct diag *diag)
{
    struct fz_sum *sum = context;

    (void)diag;
    ASSERT(end_to_end_id[0] != '\0' && account[0] != '\0' && amount_dong >= 0);
    sum->transactions++;
    sum->amount_dong += amount_dong;
    return STATUS_OK;
}

/* What was accepted adds up to what was shown, and says everything that a file must say. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct diag diag = { 0 };
    struct pain001_totals totals;
    struct fz_sum sum = { 0, 0 };

    enum status rc = pain001_read((struct span){ (const char *)data, size }, "fuzz", &totals, fz_seen, &sum, &diag);
    if (rc == STATUS_OK) {
        ASSERT(totals.transactions == sum.transactions && totals.amount_dong == sum.amount_dong);
        ASSERT(totals.msg_id[0] != '\0' && totals.debtor_account[0] != '\0' && totals.debtor_bank[0] != '\0');
    } else {
        ASSERT(diag.what[0] != '\0');
    }
    return 0;
}
