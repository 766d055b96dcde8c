/*
 * ledger_order.h - what competent authorities ordered: sums to be paid late, taken back, or paid to a creditor.
 *
 * Layer: ledger. An order has an id that is unique for ever: the same order again changes nothing, another content
 * under the id is rejected. What a plan makes of an order are obligations of the entitlement that name it: arrears,
 * recoveries, and deductions in pairs (the beneficiary's, negative, and the creditor's). What is left of an
 * order is its amount less those that are not closed.
 *
 * A deduction can take the place of an earlier one, which then deducts nothing more: what that one did counts as done,
 * and what its creditor did not get goes to the new one's account.
 *
 * Calling sequence: ledger_orders inside the transaction of an intake file; ledger_orders_of for an entitlement that
 * has ENTITLEMENT_ORDERED.
 *
 * Units: dong, months. Errors: STATUS_LEDGER; STATUS_LIMIT where the caller's array does not hold what there is.
 */
#ifndef CHITRA_LEDGER_ORDER_H
#define CHITRA_LEDGER_ORDER_H

#include "chitra/ledger_register.h"

struct ledger_order_row {       /* one row of an orders file */
    uint64_t line;
    struct span order_id, id;   /* its own, and the entitlement's */
    int kind;                   /* KIND_arrears, KIND_recovery, KIND_deduction */
    int64_t amount_dong;
    month_t from, to;           /* the months that it covers; to MONTH_NONE: not given */
    int64_t monthly_limit_dong; /* 0: none */
    bool agreed;                /* the parties agreed: the law's share does not limit it */
    struct span creditor_name, creditor_bank, creditor_account, reference, reason;
    struct span replaces;       /* the order_id of a deduction whose place it takes; empty: none */
};
/* Applies a batch of rows; one outcome each. Inside a transaction. */
enum status ledger_orders(struct ledger *ledger, const struct ledger_source *source, const struct ledger_order_row *row,
                          size_t count, struct ledger_outcome *outcome, struct diag *diag) MUST_USE;

enum { LEDGER_ORDERS_MAX = 64, CREDITOR_NAME_BYTES = 4 * 140 + 1 };

struct ledger_order {
    int64_t order;              /* the ledger's number */
    int64_t replaces;           /* the deduction whose place it takes, and that did part of it; 0: none */
    int64_t replaced_by;        /* 0: it is in force */
    char order_id[36];
    int kind;
    int64_t amount_dong;
    month_t from, to;
    int64_t monthly_limit_dong;
    bool agreed;
    char creditor_name[CREDITOR_NAME_BYTES], creditor_bank[7], creditor_account[35];
    int64_t done_dong;          /* paid, taken or deducted of it, or held; with what it replaces */
    int64_t month_dong;         /* of that: by runs of the month that was asked for */
};
/* The orders on one entitlement, in the order in which they came. */
enum status ledger_orders_of(struct ledger *ledger, int64_t ent, month_t period,
                             struct ledger_order order[LEDGER_ORDERS_MAX], size_t *count, struct diag *diag) MUST_USE;

#endif
