/*
 * route.h - splitting a unit's payments into files and lists.
 *
 * Layer: route (knows base). Pure. A part is one bank file or one payment point's list: one paying
 * account, one pay date, no more transactions and no larger sum than the bank takes. Parts of one bank
 * (or point) are numbered through, in the order in which they were opened; what comes in the same
 * order is split the same way.
 *
 * Calling sequence: ROUTE_INIT, route_add for each payment in the order of the files, route_release.
 *
 * Units: dong. Ownership: a route owns its parts; the texts of a key are copied.
 */
#ifndef CHITRA_ROUTE_H
#define CHITRA_ROUTE_H

#include "chitra/facts.h"
#include "chitra/money.h"

struct route_key {
    int channel;                /* CHANNEL_cash: a list; otherwise a bank file */
    const char *bank;           /* the debtor bank's BIN, or the payment point's code */
    const char *account;        /* the debtor's account; "" for cash */
    day_t pay_date;
    uint64_t payments_max;      /* 0: no limit */
    int64_t amount_dong_max;    /* 0: no limit */
};

struct route_part {
    int channel;
    char bank[13];
    char account[35];
    day_t pay_date;
    int part;                   /* of this bank or point, from 1 */
    bool full;                  /* nothing more is added */
    uint64_t payments;
    int64_t amount_dong;
};

struct route {
    struct route_part *part;
    size_t count;
};

#define ROUTE_INIT ((struct route){ NULL, 0 })

/* Adds a payment to the open part for its key, opening one where there is none or it would grow over
 * a limit; gives the part's index. STATUS_LIMIT if the payment alone is over the bank's limit. */
enum status route_add(struct route *route, const struct route_key *key, int64_t amount_dong, size_t *part) MUST_USE;
void route_release(struct route *route);

#endif
