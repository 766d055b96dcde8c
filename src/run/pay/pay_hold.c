/* pay_hold.c - what officers hold by hand: before every screen, and for whoever would get something of it. */
#include "pay.h"

enum status holds_load(struct plan *plan, struct planned *planned)
{
    return ledger_holds_of(plan->world->ledger, planned->entitlement.ent, &plan->words, &planned->hold,
                           &planned->hold_count, plan->diag);
}

void pay_hold(struct planned *planned)
{
    for (size_t i = 0; i < planned->owed_count && planned->hold_count > 0; i++) {
        struct ledger_obligation *owed = &planned->owed[i];
        size_t at = 0;
        while (at < planned->hold_count &&
               !ledger_hold_covers(&planned->hold[at], planned->entitlement.id, &owed->key, owed->former)) {
            at++;
        }
        if (at < planned->hold_count && (owed->state == OBLIGATION_INSTRUCTED || owed->state == OBLIGATION_HELD)) {
            owed->state = OBLIGATION_HELD;
            owed->reason = planned->hold[at].reason;
            owed->thing = 0;
        }
    }
}

bool hold_stops(const struct planned *planned, const char *payment_id)
{
    for (size_t i = 0; i < planned->hold_count; i++) {
        const char *held = planned->hold[i].payment_id;
        if (held[0] == '\0' || strcmp(held, payment_id) == 0) {
            return true;
        }
    }
    return false;
}
