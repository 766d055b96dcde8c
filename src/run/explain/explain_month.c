/*
 * explain_month.c - a month calculated again, with the facts and under the law that its run was sealed
 * on, and what the ledger recorded compared with it.
 */
#include "explaining.h"

#include "run/plan/plan.h"

#include <stdlib.h>

enum { LAW_BYTES_MAX = 16 * 1024 * 1024 };

/* ---- what was calculated with ---- */

/* The law file of a run, from the archive; months of many runs share one. */
enum status explain_law(struct explaining *explaining, const struct digest *digest, const struct law **law)
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

enum status explain_version(struct explaining *explaining, int64_t number, size_t *index)
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
    if (rc == STATUS_OK) {
        rc = entitlement_facts(&made.entitlement, &made.facts, explaining->diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_provenance_get(explaining->ledger, out->entitlement.ent, number, &made.provenance,
                                   explaining->diag);
    }
    if (rc == STATUS_OK) {
        out->version = mem_resize(out->version, out->version_count + 1, sizeof(*out->version));
        out->version[out->version_count++] = made;
    }
    return rc;
}

enum status explain_calculate(struct explaining *explaining, int64_t version, month_t once_in,
                                   struct explained_month *month)
{
    const struct law *law = NULL;

    enum status rc = explain_version(explaining, version, &month->version);
    if (rc == STATUS_OK) {
        rc = explain_law(explaining, &month->run.law, &law);
    }
    if (rc == STATUS_OK) {
        month->verdict = law_calc(law, explaining->out->entitlement.benefit,
                                  &explaining->out->version[month->version].facts,
                                  month->period == MONTH_ONCE ? once_in : month->period, &month->result,
                                  &month->refusal, &month->trace);
    }
    return rc;
}

/* ---- comparing ---- */

enum stop_verdict explain_stop(const struct explaining *explaining, const struct law *law, const struct facts *facts,
                               month_t period)
{
    const struct explanation *out = explaining->out;
    enum benefit benefit = out->entitlement.benefit;

    /* A one-off belongs to the month of its event. */
    return stops_of_month(law, benefit, out->stop, out->stop_count,
                          period == MONTH_ONCE ? law_month_begun(benefit, facts) : period);
}

/* What the month is due today, under the law of the unit's last run; the run's number is in `run`. */
static enum status due_today(struct explaining *explaining, month_t period, const struct ledger_run *run,
                             int64_t *due_dong)
{
    const struct explanation *out = explaining->out;
    struct explained_month *month = mem_alloc(1, sizeof(*month));
    const struct law *law = NULL;
    bool fits = true;

    month->period = period;
    month->run = *run;
    *due_dong = 0;
    enum status rc = explain_calculate(explaining, out->entitlement.version, run->period, month);
    if (rc == STATUS_OK) {
        rc = explain_law(explaining, &run->law, &law);
    }
    if (rc == STATUS_OK && month->verdict == LAW_DUE &&
        !month_is_settled(explaining->site->config, out->entitlement.benefit, &out->version[month->version].facts, period) &&
        !stop_bars(explain_stop(explaining, law, &out->version[month->version].facts, period))) {
        for (unsigned i = 0; i < month->result.count; i++) {
            fits = fits && money_add(*due_dong, month->result.amount[i].amount_dong, due_dong);
        }
    }
    free(month);
    return rc == STATUS_OK && !fits ? diag_fail(explaining->diag, STATUS_LIMIT, "the amounts of one month overflow")
                                    : rc;
}

/* What is recorded for a period: provided, and of that still to be given back. */
static enum status recorded(struct explaining *explaining, month_t period, struct explained_obligation *to,
                            struct provided *provided, bool *regular)
{
    const struct ledger_entitlement *entitlement = &explaining->out->entitlement;
    struct ledger_obligation obligation[PLAN_MONTH_OBLIGATIONS_MAX];
    struct ledger_receivable receivable[PLAN_OWINGS_MAX];
    size_t count = 0;

    *regular = false;
    enum status rc = ledger_obligations_of(explaining->ledger, entitlement->ent, period, obligation,
                                           PLAN_MONTH_OBLIGATIONS_MAX, &count, explaining->diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        *regular = *regular || obligation[i].key.component == benefit_component(entitlement->benefit);
    }
    if (rc == STATUS_OK) {
        rc = plan_provided(obligation, count, provided, explaining->diag);
        to->provided_dong = provided->live_dong;
    }
    if (rc == STATUS_OK) {
        rc = ledger_receivables_of(explaining->ledger, entitlement->ent, receivable, PLAN_OWINGS_MAX, &count,
                                   explaining->diag);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (receivable[i].period == period) {
            to->owed_back_dong += receivable[i].amount_dong - receivable[i].settled_dong;
        }
    }
    return rc;
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

/* Whether an order decides about an obligation: made it, or covers the month in which it is a difference. */
static bool is_ordered(const struct explaining *explaining, const struct explained_obligation *obligation)
{
    const struct explanation *out = explaining->out;
    month_t period = obligation->story.key.period;

    return obligation->story.order_id.size > 0 ||
           (obligation->difference && (orders_cover(out->order, out->order_count, KIND_arrears, period) ||
                                       orders_cover(out->order, out->order_count, KIND_recovery, period)));
}

enum status explain_compare(struct explaining *explaining, const struct explained_month *month,
                                      struct explained_obligation *obligation)
{
    const struct obligation_key *key = &obligation->story.key;
    struct ledger_run last;
    int64_t run = 0;
    struct provided provided = { 0, 0 };
    bool regular = false;

    obligation->checked = !obligation_is_closed(obligation->story.state);
    enum status rc = recorded(explaining, key->period, obligation, &provided, &regular);
    obligation->difference = key->component == COMPONENT_recovery || key->seq > 0 ||
                             (key->component == COMPONENT_arrears && regular);
    obligation->checked = obligation->checked && !is_ordered(explaining, obligation);
    if (rc != STATUS_OK || !obligation->checked) {
        return rc;
    }
    if (!obligation->difference) {
        obligation->recalculated_dong = law_amount(explaining->out, month, key->component);
        return STATUS_OK;
    }
    rc = ledger_run_planned(explaining->ledger, explaining->out->entitlement.unit, &run, explaining->diag);
    if (rc == STATUS_OK) {
        rc = ledger_run_get(explaining->ledger, run == 0 ? month->run.run : run, &last, explaining->diag);
    }
    if (rc == STATUS_OK) {
        rc = due_today(explaining, key->period, &last, &obligation->due_dong);
    }
    obligation->provided_dong = provided_for(&provided, obligation->due_dong);
    /* The sums are of amounts below MONEY_DONG_MAX each. */
    obligation->recalculated_dong = obligation->story.amount_dong + obligation->due_dong -
                                    (obligation->provided_dong - obligation->owed_back_dong);
    return rc;
}
