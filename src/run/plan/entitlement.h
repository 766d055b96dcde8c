/*
 * entitlement.h - what plan, explain and simulate ask of an entitlement: its facts, and what becomes of a month
 * beside the law. Pure, but for the facts that may be damaged.
 */
#ifndef CHITRA_RUN_ENTITLEMENT_H
#define CHITRA_RUN_ENTITLEMENT_H

#include "chitra/law.h"
#include "chitra/ledger_register.h"
#include "chitra/site.h"

/* The facts of an entitlement, the day of its first approval among them. */
enum status entitlement_facts(const struct ledger_entitlement *entitlement, struct facts *facts, struct diag *diag) MUST_USE;

/* What lies before the opening is settled; paid_through says otherwise for its own (MODEL: Opening). */
bool month_is_settled(const struct site_config *config, enum benefit benefit, const struct facts *facts, month_t month);

/* What stops say of a month: it is due, not due for one of three reasons, or waits for a decision (L41 art. 75). */
enum stop_verdict { STOP_NONE, STOP_DEAD, STOP_ENDED, STOP_SUSPENDED, STOP_UNDECIDED };
enum stop_verdict stops_of_month(const struct law *law, enum benefit benefit, const struct ledger_stop_state *stop,
                                 size_t count, month_t month);
/* Whether the month is not due. */
bool stop_bars(enum stop_verdict verdict);
/* The day of a death that was not annulled; DAY_NONE: there is none. */
day_t stops_death(const struct ledger_stop_state *stop, size_t count);

#endif
