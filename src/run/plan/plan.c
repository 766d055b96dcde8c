/*
 * plan.c - one unit's plan: what was held first (plan_held.c), then everybody, then the funding of its cash lists.
 *
 * It is made and stored in one transaction. A crash before the commit leaves the unit unplanned, and
 * the same run makes the same plan again, since it works on what was sealed.
 */
#include "plan.h"
#include "run/pay/pay.h"

#include <stdio.h>
#include <stdlib.h>

void plan_count(struct plan *plan, enum run_figure figure, uint64_t count, int64_t amount_dong)
{
    plan->figure[figure].count += count;
    /* Sums of a nation's month stay a thousand times below the limit of an int64_t. */
    ASSERT(money_add(plan->figure[figure].amount_dong, amount_dong, &plan->figure[figure].amount_dong));
}

struct ledger_obligation *plan_obligation_add(struct plan *plan)
{
    if (plan->obligation_count == plan->obligation_room) {
        plan->obligation_room = plan->obligation_room * 2 + 1024;
        plan->obligation = mem_resize(plan->obligation, plan->obligation_room, sizeof(*plan->obligation));
    }
    return &plan->obligation[plan->obligation_count++];
}

struct ledger_payment *plan_payment_add(struct plan *plan)
{
    if (plan->payment_count == plan->payment_room) {
        plan->payment_room = plan->payment_room * 2 + 256;
        plan->payment = mem_resize(plan->payment, plan->payment_room, sizeof(*plan->payment));
    }
    return &plan->payment[plan->payment_count++];
}

void plan_again(struct plan *plan, int64_t ent)
{
    plan->again = mem_resize(plan->again, plan->again_count + 1, sizeof(*plan->again));
    plan->again[plan->again_count++] = ent;
}

/* ---- everybody ---- */

static enum status plan_everybody(struct plan *plan, struct planned *planned)
{
    struct ledger_scan *scan = NULL;
    bool more = true;

    enum status rc = ledger_scan_new(plan->world->ledger, plan->number, plan->relaw, &scan, plan->diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_scan_next(scan, &planned->entitlement, &more, plan->diag);
        if (rc != STATUS_OK || !more) {
            break;
        }
        plan_count(plan, FIGURE_entitlements, 1, 0);
        rc = planned_load(plan, planned);
        if (rc == STATUS_OK) {
            rc = twin_check(plan, planned);
        }
        if (rc == STATUS_OK) {
            rc = plan_due(plan, planned);
        }
        if (rc == STATUS_OK) {
            rc = plan_orders(plan, planned);
        }
        if (rc == STATUS_OK) {
            rc = twin_months(plan, planned);
        }
        if (rc == STATUS_OK) {
            rc = pay_owed(plan, planned);
        }
    }
    ledger_scan_free(scan);
    return rc;
}

/* ---- storing ---- */

/* Ids and paths of a part's first generation. The id is readable: unit, period, run, bank or point,
 * part, generation. PmtInfId adds two characters and ISO 20022 allows 35, so 33 are left. */
enum { MSG_ID_LENGTH_MAX = 33 };

static enum status batch_fill(const struct plan *plan, const struct route_part *part, struct ledger_batch *batch,
                              size_t index)
{
    bool cash = part->channel == CHANNEL_cash;
    const struct site_account *account = NULL;
    char period[8];
    char pay_month[8];
    const char *ending = ".csv";

    *batch = (struct ledger_batch){ .batch = plan->batch_first + (int64_t)index, .unit = plan->number,
                                    .channel = part->channel, .pay_date = part->pay_date, .part = part->part,
                                    .payments = part->payments, .amount_dong = part->amount_dong };
    memcpy(batch->bank, part->bank, sizeof(batch->bank));
    memcpy(batch->account, part->account, sizeof(batch->account));
    for (unsigned i = 0; i < plan->unit->account_count && !cash; i++) {
        if (strcmp(plan->unit->account[i].number, part->account) == 0 &&
            strcmp(plan->unit->account[i].bin, part->bank) == 0) {
            account = &plan->unit->account[i];
        }
    }
    if (account != NULL) {
        memcpy(batch->profile, account->profile, sizeof(batch->profile));
        ending = world_profile(plan->world, account->profile, NULL)->compression == BANK_GZIP ? ".xml.gz" : ".xml";
    }
    month_write(plan->period, period);
    month_write(day_month(part->pay_date), pay_month);
    memmove(period + 4, period + 5, 3);     /* 2026-10 -> 202610 */
    int size = snprintf(batch->msg_id, sizeof(batch->msg_id), "%s-%s-R%d-%s-P%d%s", plan->unit->code, period,
                        plan->world->run.number, part->bank, part->part, cash ? "" : "-G1");
    if (size < 0 || size > MSG_ID_LENGTH_MAX) {
        enum status rc = diag_fail(plan->diag, STATUS_LIMIT, "a file's id would be longer than %d characters",
                                   MSG_ID_LENGTH_MAX);
        diag_hint(plan->diag, "shorten the unit's or the payment point's code");
        return rc;
    }
    snprintf(batch->path, sizeof(batch->path), "%s/%s/%s/%s%s", cash ? "cash" : "outbox", pay_month, part->bank,
             batch->msg_id, ending);
    return STATUS_OK;
}

static enum status plan_store(struct plan *plan)
{
    struct ledger_batch *batch = mem_alloc(plan->route.count + 1, sizeof(*batch));
    struct ledger_plan stored = { .run = plan->world->run.run, .unit = plan->number,
                                  .obligation = plan->obligation, .obligation_count = plan->obligation_count,
                                  .payment = plan->payment, .payment_count = plan->payment_count,
                                  .attempt = plan->attempt, .attempt_count = plan->attempt_count,
                                  .batch = batch, .batch_count = plan->route.count,
                                  .funding = plan->funding, .funding_count = plan->funding_count,
                                  .figure = plan->figure, .figure_count = FIGURES,
                                  .again = plan->again, .again_count = plan->again_count };
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < plan->route.count && rc == STATUS_OK; i++) {
        rc = batch_fill(plan, &plan->route.part[i], &batch[i], i);
    }
    if (rc == STATUS_OK) {
        rc = ledger_plan_store(plan->world->ledger, &stored, &plan->world->run, plan->diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_receivables_store(plan->world->ledger, plan->world->run.run, plan->receivable, plan->receivable_count,
                                      plan->diag);
    }
    free(batch);
    return rc;
}

/* How far the unit is settled, and under which law: months that were paid under another file may owe a
 * difference, whoever's they are. */
static enum status plan_settled(struct plan *plan)
{
    const struct digest *law = &plan->world->run.law;

    enum status rc = ledger_covered_get(plan->world->ledger, plan->number, &plan->covered, plan->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    plan->relaw = plan->covered.through != MONTH_NONE && !digest_equal(law, &plan->covered.law);
    if (plan->relaw) {
        world_say(plan->world, "unit %s: another law file than in its last run, every month since is compared again",
                  plan->unit->code);
    }
    /* A run whose months the law file does not reach is not sealed. */
    ASSERT(law_withheld_most(plan->world->law, month_first(plan->period), &plan->withheld_most));
    return STATUS_OK;
}

static enum status plan_make(struct plan *plan)
{
    struct planned *planned = mem_alloc(1, sizeof(*planned));
    struct ledger *ledger = plan->world->ledger;

    enum status rc = pay_concerns(plan->world, plan->diag);
    if (rc == STATUS_OK) {
        rc = ledger_plan_start(ledger, plan->number, &plan->batch_first, &plan->once_from, plan->diag);
    }
    if (rc == STATUS_OK) {
        rc = plan_settled(plan);
    }
    if (rc == STATUS_OK) {
        rc = plan_held(plan, planned);
        plan->taken_up = plan->obligation_count;
    }
    if (rc == STATUS_OK) {
        rc = plan_failed(plan, planned);
    }
    if (rc == STATUS_OK) {
        rc = ledger_provided_new(ledger, plan->number, plan->period, &plan->provided, plan->diag);
    }
    if (rc == STATUS_OK && pay_compares(plan)) {
        rc = ledger_before_new(ledger, plan->number, plan->period - 1, &plan->before, plan->diag);
    }
    if (rc == STATUS_OK) {
        rc = plan_everybody(plan, planned);
    }
    if (rc == STATUS_OK) {
        rc = pay_funding(plan);
    }
    free(planned);
    return rc == STATUS_OK ? plan_store(plan) : rc;
}

enum status plan_unit(struct world *world, size_t unit, struct ledger_kept *kept, struct diag *diag)
{
    struct plan plan = { .world = world, .unit = &world->config->unit[unit], .number = world->unit[unit],
                         .period = world->run.period, .calendar = world->runs[0].period, .kept = kept, .diag = diag };

    for (size_t i = 0; i < FIGURES; i++) {
        plan.figure[i].name = run_figure_name((enum run_figure)i);
    }
    for (size_t i = 0; i < 3 * FAMILY_COUNT; i++) {
        plan.pay_date[i / FAMILY_COUNT][i % FAMILY_COUNT] = DAY_NONE;
    }
    enum status rc = ledger_begin_derived(world->ledger, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = plan_make(&plan);
    if (rc == STATUS_OK) {
        rc = ledger_commit(world->ledger, diag);
    } else {
        ledger_rollback(world->ledger);
    }
    ledger_provided_free(plan.provided);
    ledger_before_free(plan.before);
    route_release(&plan.route);
    free(plan.obligation);
    free(plan.payment);
    free(plan.attempt);
    free(plan.waiting);
    free(plan.again);
    free(plan.receivable);
    arena_release(&plan.words);
    return rc;
}
