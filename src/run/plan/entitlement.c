/* entitlement.c - what plan, explain and simulate ask of an entitlement: its facts, and which months are settled. */
#include "entitlement.h"

enum status entitlement_facts(const struct ledger_entitlement *entitlement, struct facts *facts, struct diag *diag)
{
    if (!facts_unpack((const uint8_t *)entitlement->facts.data, entitlement->facts.size, facts)) {
        enum status rc = diag_fail(diag, STATUS_LEDGER, "the facts of an entitlement are damaged");
        diag_at(diag, "state/ledger.db", 0, 0);
        diag_found(diag, "%.*s", (int)entitlement->id.size, entitlement->id.data);
        return rc;
    }
    /* A benefit without a date of its own began then. */
    facts_set(facts, FACT_approved_on, entitlement->first_approved_on);
    return STATUS_OK;
}

bool month_is_settled(const struct site_config *config, enum benefit benefit, const struct facts *facts, month_t month)
{
    return benefit_recurrence(benefit) == RECURRENCE_MONTHLY &&
           month <= (month_t)facts_or(facts, FACT_paid_through, config->opening - 1);
}
