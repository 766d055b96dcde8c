/* failure.c - what a bank's code says of a failed payment's cause, and what has changed since. */
#include "failure.h"

bool failure_is_payees(const struct ledger_failure *failure)
{
    /* ISO 20022 external status and return reasons (May 2025) that another account, bank or payee answers, and those that
     * leave it open. AM05, DUPL and DU say that it may have been paid: they are none of these. */
    static const char *const code[] = {
        "AC01", "AC03", "AC04", "AC06", "AC07", "AC08", "AC09", "AC11", "AC12", "AC14", "AC15", "AC16", "AG01", "BE01", "BE04",
        "BE06", "BE11", "BE14", "BE17", "BE20", "BE21", "BE22", "BE23", "CNOR", "MD06", "MD07", "MS02", "MS03", "NARR", "NOAS",
        "NOCM", "RC01", "RC02", "RC04", "RC05", "RC07", "RC08", "RC10", "RR03", "SL02" };

    if (failure->order != 0) {
        return false;       /* a creditor's account stands in the order */
    }
    for (size_t i = 0; i < sizeof(code) / sizeof(code[0]); i++) {
        if (span_is(failure->reason, code[i])) {
            return true;
        }
    }
    return failure->reason.size == 0;
}

/* Whether another order has taken the place of the one whose creditor did not get it. */
static enum status order_replaced(struct ledger *ledger, const struct ledger_failure *failure, bool *replaced,
                                  struct diag *diag)
{
    struct ledger_order order[LEDGER_ORDERS_MAX];
    size_t count = 0;

    enum status rc = ledger_orders_of(ledger, failure->ent, MONTH_NONE, order, &count, diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        *replaced = *replaced || (order[i].order == failure->order && order[i].replaced_by != 0);
    }
    return rc;
}

enum status failure_goes_elsewhere(struct ledger *ledger, const struct ledger_entitlement *now,
                                   const struct ledger_failure *failure, bool *elsewhere, struct diag *diag)
{
    struct ledger_entitlement then;
    struct arena arena = ARENA_INIT;

    *elsewhere = false;
    if (failure->order != 0) {
        return order_replaced(ledger, failure, elsewhere, diag);
    }
    if (now->version == failure->version) {
        return STATUS_OK;
    }
    enum status rc = ledger_entitlement_get(ledger, failure->ent, failure->version, &arena, &then, diag);
    *elsewhere = rc == STATUS_OK && (then.channel != now->channel || !span_equal(then.bank, now->bank) ||
                                     !span_equal(then.account, now->account) ||
                                     !span_equal(then.payee_name, now->payee_name));
    arena_release(&arena);
    return rc;
}
