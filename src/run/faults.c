/* faults.c - counts what verify and check find, and keeps the kind that decides the exit code. */
#include "faults.h"

/* Which kind decides: what cannot be read comes before who signed it, and that before what differs. */
static int rank(enum status kind)
{
    switch (kind) {
    case STATUS_OK:
        return 0;
    case STATUS_CONFLICT:
        return 1;
    case STATUS_SIGNATURE:
        return 2;
    case STATUS_NO_INPUT:
        return 3;
    case STATUS_INPUT:
    case STATUS_LIMIT:
    case STATUS_LAW:
        return 4;
    case STATUS_CONFIG:
        return 5;
    default:
        return 6;
    }
}

void fault_add(struct run_faults *faults, enum status kind, const struct diag *fault)
{
    faults->count++;
    if (rank(kind) > rank(faults->worst)) {
        faults->worst = kind;
    }
    if (faults->tell != NULL) {
        faults->tell(faults->context, kind, fault);
    }
}
