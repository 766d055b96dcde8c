/*
 * ledger_instruction.h - what a file carries, in its order: one pass over a unit's run.
 *
 * Layer: ledger. Usual payments of standing benefits come first, then usual one-offs, then payments with a row of
 * their own, funding last. All of it stands in the ledger, and whoever writes a file later reads it there. Who has
 * just planned a unit may keep its usual payments in memory instead, and pass over those: the instructions are the
 * same.
 *
 * Calling sequence: ledger_kept_new before the plan, ledger_kept_add for each of its usual payments; once the plan is
 * committed, ledger_instructions_new with it.
 *
 * Ownership: `_new` gives to the caller and `_free` accepts NULL; what is kept outlives the instructions over it.
 *
 * Errors: STATUS_LEDGER.
 */
#ifndef CHITRA_LEDGER_INSTRUCTION_H
#define CHITRA_LEDGER_INSTRUCTION_H

#include "chitra/ledger_money.h"
#include "chitra/ledger_register.h"

/* The usual payments (ledger_money.h) of one unit's plan; some 130 bytes each. */
struct ledger_kept;
struct ledger_kept *ledger_kept_new(int64_t run, int unit);
/* In the order of the keys, which is that of ledger_scan_next. The entitlement is what the obligation's version says. */
void ledger_kept_add(struct ledger_kept *kept, const struct ledger_entitlement *entitlement,
                     const struct ledger_obligation *obligation);
bool ledger_kept_is_of(const struct ledger_kept *kept, int64_t run, int unit);
size_t ledger_kept_bytes(const struct ledger_kept *kept);
void ledger_kept_free(struct ledger_kept *kept);

struct ledger_instruction {
    int64_t batch;
    int64_t amount_dong;
    char payment_id[PAYMENT_ID_BYTES];
    enum benefit benefit;       /* BENEFIT_none: funding */
    enum component purpose;
    month_t period;
    uint64_t citizen;           /* 0: none; of who is paid in cash only */
    struct span id, name, bank, account, payee_name;
    struct span facts;          /* packed; of who is paid in cash only */
    struct span reference;      /* of an authority's decision; creditors only */
    int channel;
};
struct ledger_instructions;
/* `kept`: the unit's usual payments, if they are still in memory; NULL: the ledger has them. */
enum status ledger_instructions_new(struct ledger *ledger, int64_t run, int unit, const struct ledger_kept *kept,
                                    struct ledger_instructions **it, struct diag *diag) MUST_USE;
/* Spans live until the next step. */
enum status ledger_instructions_next(struct ledger_instructions *it, struct ledger_instruction *instruction, bool *more,
                                     struct diag *diag) MUST_USE;
void ledger_instructions_free(struct ledger_instructions *it);

#endif
