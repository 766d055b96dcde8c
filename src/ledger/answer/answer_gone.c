/*
 * answer_gone.c - payments of a file that was withdrawn or replaced: what a bank says of them comes late.
 *
 * They may lie in another file by now, or be held, or be closed: whoever they are for may have been paid already, and
 * that must be known wherever the obligation went.
 */
#include "answer.h"

#include <stdlib.h>

static int gone_compare(const void *a, const void *b)
{
    return strcmp(((const struct ledger_place *)a)->payment_id, ((const struct ledger_place *)b)->payment_id);
}

enum status gone_load(struct applying *applying, const struct answer_line *line, size_t count)
{
    applying->gone = mem_alloc(count + 1, sizeof(*applying->gone));
    for (size_t i = 0; i < count; i++) {
        if (line[i].payment_id[0] != '\0' && members_find(&applying->members, line[i].payment_id) == NULL) {
            memcpy(applying->gone[applying->gone_count++].payment_id, line[i].payment_id, PAYMENT_ID_LENGTH);
        }
    }
    enum status rc = ledger_payments_find(applying->ledger, applying->gone, applying->gone_count, applying->diag);
    if (applying->gone_count > 1) {
        qsort(applying->gone, applying->gone_count, sizeof(*applying->gone), gone_compare);
    }
    return rc;
}

const struct ledger_place *gone_find(const struct applying *applying, const struct answer_line *line)
{
    struct ledger_place asked = { .payment_id = "" };

    if (applying->gone_count == 0) {
        return NULL;
    }
    memcpy(asked.payment_id, line->payment_id, PAYMENT_ID_LENGTH);
    const struct ledger_place *place = bsearch(&asked, applying->gone, applying->gone_count, sizeof(asked), gone_compare);
    return place != NULL && place->found != PLACE_NONE ? place : NULL;
}
