/*
 * explain.c - gathers the story of one entitlement and calculates its months again, each with the facts
 * and under the law that it was calculated with.
 */
#include "plan.h"

#include "chitra/explain.h"

#include <stdlib.h>

enum { LAW_BYTES_MAX = 16 * 1024 * 1024 };

struct explained_law {
    struct digest digest;
    struct law *law;
};

struct explaining {
    const struct site *site;
    struct ledger *ledger;
    struct explanation *out;
    struct diag *diag;
};

/* ---- what was calculated with ---- */

/* The law file of a run, from the archive; months of many runs share one. */
static enum status law_of(struct explaining *explaining, const struct digest *digest, const struct law **law)
{
    struct explanation *out = explaining->out;
    struct buf xml = BUF_INIT(LAW_BYTES_MAX);
    struct law *made = NULL;

    for (size_t i = 0; i < out->law_count; i++) {
        if (digest_equal(&out->law[i].digest, digest)) {
            *law = out->law[i].law;
            return STATUS_OK;
        }
    }
    enum status rc = archive_read(explaining->site, digest, &xml, explaining->diag);
    if (rc == STATUS_OK) {
        rc = law_new(buf_span(&xml), "law as sealed", SPAN_EMPTY, &made, explaining->diag);
    }
    if (rc == STATUS_OK) {
        out->law = mem_resize(out->law, out->law_count + 1, sizeof(*out->law));
        out->law[out->law_count++] = (struct explained_law){ *digest, made };
        *law = made;
    }
    buf_release(&xml);
    return rc;
}

/* The facts of a version, once for all its months; gives its index. */
static enum status version_of(struct explaining *explaining, int64_t number, size_t *index)
{
    struct explanation *out = explaining->out;
    struct explained_version made = { .entitlement = { .ent = 0 } };

    for (*index = 0; *index < out->version_count; (*index)++) {
        if (out->version[*index].entitlement.version == number) {
            return STATUS_OK;
        }
    }
    enum status rc = ledger_entitlement_get(explaining->ledger, out->entitlement.ent, number, &out->arena,
                                            &made.entitlement, explaining->diag);
    if (rc == STATUS_OK && !facts_unpack((const uint8_t *)made.entitlement.facts.data, made.entitlement.facts.size,
                                         &made.facts)) {
        rc = diag_fail(explaining->diag, STATUS_LEDGER, "the facts of an entitlement are damaged");
    }
    if (rc == STATUS_OK) {
        facts_set(&made.facts, FACT_approved_on, made.entitlement.approved_on);
        rc = ledger_provenance_get(explaining->ledger, out->entitlement.ent, number, &made.provenance,
                                   explaining->diag);
    }
    if (rc == STATUS_OK) {
        out->version = mem_resize(out->version, out->version_count + 1, sizeof(*out->version));
        out->version[out->version_count++] = made;
    }
    return rc;
}

/* Calculates a month again; its run and period are set. A one-off's amount is the same in every month. */
static enum status month_calculate(struct explaining *explaining, int64_t version, month_t once_in,
                                   struct explained_month *month)
{
    const struct law *law = NULL;

    enum status rc = version_of(explaining, version, &month->version);
    if (rc == STATUS_OK) {
        rc = law_of(explaining, &month->run.law, &law);
    }
    if (rc == STATUS_OK) {
        month->verdict = law_calc(law, explaining->out->entitlement.benefit,
                                  &explaining->out->version[month->version].facts,
                                  month->period == MONTH_ONCE ? once_in : month->period, &month->result,
                                  &month->refusal, &month->trace);
    }
    return rc;
}

static struct explained_month *month_add(struct explanation *out)
{
    out->month = mem_resize(out->month, out->month_count + 1, sizeof(*out->month));
    out->month[out->month_count] = (struct explained_month){ .first = out->obligation_count };
    return &out->month[out->month_count++];
}

/* ---- comparing ---- */

/* What is settled before the site's opening, or elsewhere (MODEL: Opening). */
static bool is_settled(const struct explaining *explaining, const struct facts *facts, month_t period)
{
    return benefit_recurrence(explaining->out->entitlement.benefit) == RECURRENCE_MONTHLY &&
           period <= (month_t)facts_or(facts, FACT_paid_through, explaining->site->config->opening - 1);
}

/* What the month is due today, under the law of the unit's last run; the run's number is in `run`. */
static enum status due_today(struct explaining *explaining, month_t period, const struct ledger_run *run,
                             int64_t *due_dong)
{
    const struct explanation *out = explaining->out;
    struct explained_month *month = mem_alloc(1, sizeof(*month));
    bool fits = true;

    month->period = period;
    month->run = *run;
    *due_dong = 0;
    enum status rc = month_calculate(explaining, out->entitlement.version, run->period, month);
    if (rc == STATUS_OK && month->verdict == LAW_DUE &&
        !is_settled(explaining, &out->version[month->version].facts, period) &&
        stops_of_month(out->stop, out->stop_count, period == MONTH_ONCE ? run->period : period) != STOP_NOT_DUE) {
        for (unsigned i = 0; i < month->result.count; i++) {
            fits = fits && money_add(*due_dong, month->result.amount[i].amount_dong, due_dong);
        }
    }
    free(month);
    return rc == STATUS_OK && !fits ? diag_fail(explaining->diag, STATUS_LIMIT, "the amounts of one month overflow")
                                    : rc;
}

static enum status recorded(struct explaining *explaining, month_t period, int64_t *sum_dong, bool *regular)
{
    const struct ledger_entitlement *entitlement = &explaining->out->entitlement;
    struct ledger_obligation obligation[PLAN_MONTH_OBLIGATIONS_MAX];
    size_t count = 0;
    bool fits = true;

    *sum_dong = 0;
    *regular = false;
    enum status rc = ledger_obligations_of(explaining->ledger, entitlement->ent, period, obligation,
                                           PLAN_MONTH_OBLIGATIONS_MAX, &count, explaining->diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        *regular = *regular || obligation[i].key.component == benefit_component(entitlement->benefit);
        if (obligation[i].state != OBLIGATION_CLOSED) {
            fits = fits && money_add(*sum_dong, obligation[i].amount_dong, sum_dong);
        }
    }
    return rc == STATUS_OK && !fits ? diag_fail(explaining->diag, STATUS_LIMIT, "the obligations of one month overflow")
                                    : rc;
}

/* The amount that the law gives for a component; arrears stand for the regular amount of a past month. */
static int64_t law_amount(const struct explanation *out, const struct explained_month *month, enum component component)
{
    enum component regular = benefit_component(out->entitlement.benefit);

    component = component == COMPONENT_arrears ? regular : component;
    for (unsigned i = 0; i < month->result.count; i++) {
        if (month->result.amount[i].component == component) {
            return month->result.amount[i].amount_dong;
        }
    }
    return 0;
}

static enum status obligation_compare(struct explaining *explaining, const struct explained_month *month,
                                      struct explained_obligation *obligation)
{
    const struct obligation_key *key = &obligation->story.key;
    struct ledger_run last;
    int64_t run = 0, due_dong = 0, sum_dong = 0;
    bool regular = false;

    obligation->checked = obligation->story.state != OBLIGATION_CLOSED;
    enum status rc = recorded(explaining, key->period, &sum_dong, &regular);
    if (rc != STATUS_OK || !obligation->checked) {
        return rc;
    }
    obligation->difference = key->component == COMPONENT_recovery || key->seq > 0 ||
                             (key->component == COMPONENT_arrears && regular);
    if (!obligation->difference) {
        obligation->recalculated_dong = law_amount(explaining->out, month, key->component);
        return STATUS_OK;
    }
    rc = ledger_run_planned(explaining->ledger, explaining->out->entitlement.unit, &run, explaining->diag);
    if (rc == STATUS_OK) {
        rc = ledger_run_get(explaining->ledger, run == 0 ? month->run.run : run, &last, explaining->diag);
    }
    if (rc == STATUS_OK) {
        rc = due_today(explaining, key->period, &last, &due_dong);
    }
    /* Both sums are of amounts below MONEY_DONG_MAX each. */
    obligation->recalculated_dong = obligation->story.amount_dong + (due_dong - sum_dong);
    return rc;
}

/* ---- the story ---- */

static enum status obligation_add(struct explaining *explaining, const struct ledger_story *story)
{
    struct explanation *out = explaining->out;
    struct explained_month *month = &out->month[out->month_count - 1];
    struct explained_obligation *obligation;

    out->obligation = mem_resize(out->obligation, out->obligation_count + 1, sizeof(*out->obligation));
    obligation = &out->obligation[out->obligation_count++];
    *obligation = (struct explained_obligation){ .story = *story };
    month->count++;
    enum status rc = obligation_compare(explaining, month, obligation);
    if (rc == STATUS_OK && story->msg_id[0] != '\0') {
        obligation->filed = true;
        rc = ledger_file_find(explaining->ledger, story->msg_id, &out->arena, &obligation->file, explaining->diag);
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
                rc = month_calculate(explaining, story[i].version, month->run.period, month);
            }
        }
        if (rc == STATUS_OK) {
            rc = obligation_add(explaining, &story[i]);
        }
    }
    return rc;
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
        rc = month_calculate(explaining, out->entitlement.version, month->run.period, month);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    if (month->verdict != LAW_DUE) {
        month->nothing = NOTHING_NOT_DUE;
    } else if (is_settled(explaining, &out->version[month->version].facts, month->period)) {
        month->nothing = NOTHING_SETTLED;
    } else {
        month->nothing = stops_of_month(out->stop, out->stop_count, month->period) == STOP_NOT_DUE ? NOTHING_STOPPED
                                                                                              : NOTHING_PLANNED;
    }
    return STATUS_OK;
}

/* Whose payment an EndToEndId is, and of which period. Usual payments have computed ids, which stand in
 * no index: all payments are gone through, a second for a million. *ent stays 0 if there is none. */
static enum status payment_owner(struct explaining *explaining, struct span payment_id, int64_t *ent, month_t *period)
{
    enum { PAYMENT_ID = 0, ENTITLEMENT_ID = 3, PERIOD = 5 };    /* CONTRACT: list columns */
    const struct ledger_filter all = { .period = MONTH_NONE, .unit = "", .entitlement = "", .state = "" };
    struct ledger_list *list = NULL;
    struct span cell[LIST_COLUMNS_MAX];
    bool more = true;
    bool found = false;

    enum status rc = ledger_list_new(explaining->ledger, LIST_PAYMENTS, &all, &list, explaining->diag);
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
    return rc == STATUS_OK ? version_of(explaining, out->entitlement.version, &index) : rc;
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
    free(explanation->obligation);
    arena_release(&explanation->arena);
    *explanation = (struct explanation){ .arena = ARENA_INIT };
}
