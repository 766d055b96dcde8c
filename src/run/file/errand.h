/* errand.h - one errand while it is finished, inside run/. */
#ifndef CHITRA_RUN_ERRAND_H
#define CHITRA_RUN_ERRAND_H

#include "run/file_command.h"

struct errand {
    const struct site *site;
    struct ledger *ledger;
    struct ledger_errand errand;
    struct ledger_errand_file *file;
    bool *missed;               /* by file: it was gone from outbox/ before it could be withdrawn */
    size_t count;
    struct ledger_errand_file *copy;    /* withdrawals: of the release's files, as sent again under other names */
    size_t copy_count;
    struct arena arena;
    struct diag *diag;
};

/* A withdrawal to its end; adds the files that were gone already to `missed`. */
enum status withdrawal_finish(struct errand *errand, uint64_t *missed) MUST_USE;

#endif
