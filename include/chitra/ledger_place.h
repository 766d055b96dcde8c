/*
 * ledger_place.h - a payment by its EndToEndId: whose it is, and where its obligations are now.
 *
 * Layer: ledger. The id of a usual payment stands nowhere, it is computed: looking one up reads the latest months until
 * it is found, some seconds where there are millions, and no longer for many ids than for one.
 *
 * Errors: STATUS_LEDGER.
 */
#ifndef CHITRA_LEDGER_PLACE_H
#define CHITRA_LEDGER_PLACE_H

#include "chitra/ledger_file.h"

enum ledger_place_kind {
    PLACE_NONE,         /* no payment has this id, or its obligations are paid under another one */
    PLACE_FILE,         /* in a batch */
    PLACE_EXCEPTION,    /* held, offset or closed */
    PLACE_WITHDRAWN     /* a new attempt that was taken out of its file: of what it was to replace, as that stands */
};

struct ledger_place {
    char payment_id[PAYMENT_ID_BYTES];  /* what is looked for */
    enum ledger_place_kind found;
    int64_t ent;                /* 0: funding */
    char id[36];                /* entitlement_id */
    int64_t amount_dong;
    int64_t batch;              /* in a file */
    int64_t payment;            /* its row; 0: it is its obligation, with this key */
    struct obligation_key key;
    enum obligation_state state;    /* not in a file */
    char reason[64];
};

/* Fills in where each is. */
enum status ledger_payments_find(struct ledger *ledger, struct ledger_place *place, size_t count, struct diag *diag) MUST_USE;

#endif
