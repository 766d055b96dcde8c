/*
 * explain.c - gathers the story of one entitlement: its versions, its months, its obligations and where
 * each of them went. explain_month.c calculates and compares.
 */
#include "explaining.h"

#include "run/plan/plan.h"

#include <stdlib.h>

static struct explained_month *month_add(struct explanation *out)
{
    out->month = mem_resize(out->month, out->month_count + 1, sizeof(*out->month));
    out->month[out->month_count] = (struct explained_month){ .first = out->obligation_count };
    return &out->month[out->month_count++];
}

static enum status obligation_add(struct explaining *explaining, const struct ledger_story *story)
{
    struct explanation *out = explaining->out;
    struct explained_month *month = &out->month[out->month_count - 1];
    struct explained_obligation *obligation;

    out->obligation = mem_resize(out->obligation, out->obligation_count + 1, sizeof(*out->obligation));
    obligation = &out->obligation[out->obligation_count++];
    *obligation = (struct explained_obligation){ .story = *story };
    month->count++;
    enum status rc = explain_compare(explaining, month, obligation);
    if (rc == STATUS_OK && story->msg_id[0] != '\0') {
        obligation->filed = true;
        rc = ledger_file_find(explaining->ledger, story->msg_id, &out->arena, &obligation->file, explaining->diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_tries(explaining->ledger, out->entitlement.id, &story->key, &out->arena, &obligation->tried,
                          &obligation->tried_count, explaining->diag);
    }
    if (obligation->checked && obligation->recalculated_dong != story->amount_dong) {
        out->differences++;
    }
    return rc;
}

static enum status stories_explain(struct explaining *explaining, const struct ledger_story *story, size_t count)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        bool same = i > 0 && story[i].key.period == story[i - 1].key.period && story[i].run == story[i - 1].run &&
                    story[i].version == story[i - 1].version;
        if (!same) {
            struct explained_month *month = month_add(explaining->out);
            month->period = story[i].key.period;
            rc = ledger_run_get(explaining->ledger, story[i].run, &month->run, explaining->diag);
            if (rc == STATUS_OK) {
                rc = explain_calculate(explaining, story[i].version, month->run.period, month);
            }
        }
        if (rc == STATUS_OK) {
            rc = obligation_add(explaining, &story[i]);
        }
    }
    return rc;
}

/* By the law, why a month is not due. */
static enum explain_nothing not_due_why(enum benefit benefit, const struct facts *facts, month_t period)
{
    if (facts_has(facts, FACT_valid_to) && period > day_month((day_t)facts->value[FACT_valid_to])) {
        return NOTHING_VALID_TO;
    }
    bool later = facts_has(facts, FACT_valid_from) && period < day_month((day_t)facts->value[FACT_valid_from]);
    return later || period < law_month_begun(benefit, facts) ? NOTHING_NOT_BEGUN : NOTHING_GRANTED;
}

static enum status nothing_why(struct explaining *explaining, struct explained_month *month)
{
    static const enum explain_nothing by_stop[] = { [STOP_NONE] = NOTHING_PLANNED, [STOP_DEAD] = NOTHING_DEAD,
                                                    [STOP_ENDED] = NOTHING_ENDED, [STOP_SUSPENDED] = NOTHING_SUSPENDED,
                                                    [STOP_UNDECIDED] = NOTHING_PLANNED };
    const struct explanation *out = explaining->out;
    const struct facts *facts = &out->version[month->version].facts;
    enum benefit benefit = out->entitlement.benefit;
    const struct law *law = NULL;

    enum status rc = explain_law(explaining, &month->run.law, &law);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (month->verdict != LAW_DUE) {
        month->nothing = not_due_why(benefit, facts, month->period);
    } else if (month_is_settled(explaining->site->config, benefit, facts, month->period)) {
        month->nothing = NOTHING_SETTLED;
    } else {
        month->nothing = by_stop[explain_stop(explaining, law, facts, month->period)];
    }
    return STATUS_OK;
}

/* Nobody lost: a month without an obligation has a reason too. */
static enum status nothing_explain(struct explaining *explaining, month_t period)
{
    struct explanation *out = explaining->out;
    struct explained_month *month = month_add(out);
    int64_t run = 0;

    enum status rc = ledger_run_planned(explaining->ledger, out->entitlement.unit, &run, explaining->diag);
    if (rc == STATUS_OK) {
        rc = ledger_run_get(explaining->ledger, run == 0 ? out->entitlement.since_run : run, &month->run,
                            explaining->diag);
    }
    month->period = period == MONTH_NONE ? month->run.period : period;
    if (rc == STATUS_OK) {
        rc = explain_calculate(explaining, out->entitlement.version, month->run.period, month);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    return nothing_why(explaining, month);
}

/* Whose payment an EndToEndId is, and of which period. Usual payments have computed ids, which stand in
 * no index: all payments are gone through (of *period, if it is given), a second for a million. *ent stays 0 if there
 * is none. */
static enum status payment_owner(struct explaining *explaining, struct span payment_id, int64_t *ent, month_t *period)
{
    enum { PAYMENT_ID = 0, ENTITLEMENT_ID = 3, PERIOD = 5 };    /* as chitra-list(1) orders them */
    const struct ledger_filter asked = { .period = *period, .unit = "", .entitlement = "", .state = "" };
    struct ledger_list *list = NULL;
    struct span cell[LIST_COLUMNS_MAX];
    bool more = true;
    bool found = false;

    enum status rc = ledger_list_new(explaining->ledger, LIST_PAYMENTS, &asked, &list, explaining->diag);
    while (rc == STATUS_OK && more && !found) {
        rc = ledger_list_next(list, cell, &more, explaining->diag);
        found = rc == STATUS_OK && more && span_equal(cell[PAYMENT_ID], payment_id);
    }
    if (found && cell[ENTITLEMENT_ID].size > 0) {   /* funding is nobody's */
        if (!month_read(cell[PERIOD], period)) {
            *period = MONTH_NONE;
        }
        rc = ledger_entitlement_find(explaining->ledger, cell[ENTITLEMENT_ID], ent, explaining->diag);
    }
    ledger_list_free(list);
    return rc;
}

/* The entitlement by its id, or by a payment's. */
static enum status entitlement_find(struct explaining *explaining, struct span id, int64_t *ent, month_t *period)
{
    struct diag unknown = { .line = 0 };
    enum status rc = ledger_entitlement_find(explaining->ledger, id, ent, &unknown);

    if (rc == STATUS_NO_INPUT && id.size == PAYMENT_ID_LENGTH) {
        *ent = 0;
        rc = payment_owner(explaining, id, ent, period);
        rc = rc == STATUS_OK && *ent == 0 ? STATUS_NO_INPUT : rc;
    }
    if (rc == STATUS_NO_INPUT) {
        *explaining->diag = unknown;
    }
    return rc;
}

static enum status entitlement_read(struct explaining *explaining, int64_t ent)
{
    struct explanation *out = explaining->out;
    char code[LEDGER_UNITS_MAX + 1][UNIT_CODE_BYTES];
    size_t index;

    enum status rc = ledger_entitlement_get(explaining->ledger, ent, 0, &out->arena, &out->entitlement,
                                            explaining->diag);
    if (rc == STATUS_OK) {
        rc = ledger_units(explaining->ledger, code, explaining->diag);
    }
    if (rc == STATUS_OK) {
        ASSERT(out->entitlement.unit > 0 && out->entitlement.unit <= LEDGER_UNITS_MAX);
        memcpy(out->unit, code[out->entitlement.unit], sizeof(out->unit));
        rc = ledger_stops_of(explaining->ledger, ent, out->entitlement.person, out->stop, &out->stop_count,
                             explaining->diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_orders_of(explaining->ledger, ent, MONTH_NONE, out->order, &out->order_count, explaining->diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_holds_of(explaining->ledger, ent, &out->arena, &out->hold, &out->hold_count, explaining->diag);
    }
    return rc == STATUS_OK ? explain_version(explaining, out->entitlement.version, &index) : rc;
}

enum status run_explain(const struct site *site, struct ledger *ledger, struct span id, month_t period,
                        struct explanation *explanation, struct diag *diag)
{
    struct explaining explaining = { site, ledger, explanation, diag };
    struct ledger_story *story = NULL;
    size_t count = 0;
    int64_t ent = 0;

    *explanation = (struct explanation){ .arena = ARENA_INIT };
    enum status rc = entitlement_find(&explaining, id, &ent, &period);
    if (rc == STATUS_OK) {
        rc = entitlement_read(&explaining, ent);
    }
    if (rc == STATUS_OK) {
        rc = ledger_stories(ledger, explanation->entitlement.ent, period, &explanation->arena, &story, &count, diag);
    }
    if (rc == STATUS_OK && count == 0 && benefit_recurrence(explanation->entitlement.benefit) == RECURRENCE_ONCE) {
        /* A one-off belongs to no month: whichever is asked for, its story is the same. */
        free(story);
        rc = ledger_stories(ledger, explanation->entitlement.ent, MONTH_NONE, &explanation->arena, &story, &count,
                            diag);
    }
    if (rc == STATUS_OK) {
        rc = count == 0 ? nothing_explain(&explaining, period) : stories_explain(&explaining, story, count);
    }
    free(story);
    return rc;
}

void explanation_release(struct explanation *explanation)
{
    for (size_t i = 0; i < explanation->law_count; i++) {
        law_free(explanation->law[i].law);
    }
    free(explanation->law);
    free(explanation->version);
    free(explanation->month);
    for (size_t i = 0; i < explanation->obligation_count; i++) {
        free(explanation->obligation[i].tried);
    }
    free(explanation->obligation);
    arena_release(&explanation->arena);
    *explanation = (struct explanation){ .arena = ARENA_INIT };
}
