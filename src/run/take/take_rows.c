/* take_rows.c - one batch of intake rows into the register: the law's verdict first, then the ledger's. */
#include "take.h"

#include "chitra/intake.h"
#include "chitra/ledger_order.h"
#include "chitra/text.h"

#include <stdio.h>
#include <stdlib.h>

/* A batch on its way: the rows that may go to the ledger, which row each came from, and what is
 * rejected. */
struct passing {
    struct taking *taking;
    struct ledger_outcome *outcome;
    const struct intake_row **from;
    size_t count;
    struct ledger_reject *reject;
    size_t reject_count;
    struct arena arena;
};

static uint64_t number_of(struct span digits)
{
    uint64_t number = 0;

    /* Intake has checked the digits; empty means not given. */
    return digits.size > 0 && text_number(digits, UINT64_MAX, &number) ? number : 0;
}

static void reject(struct passing *pass, const struct intake_row *row, const char *column, const char *reason,
                   const char *source)
{
    char text[DIAG_BYTES_MAX];

    int size = source[0] == '\0' ? snprintf(text, sizeof(text), "%s: %s", column, reason)
                                 : snprintf(text, sizeof(text), "%s: %s (%s)", column, reason, source);
    ASSERT(size > 0 && (size_t)size < sizeof(text));
    pass->reject[pass->reject_count++] = (struct ledger_reject){
        row->line, intake_column(pass->taking->reader, row, column),
        arena_copy(&pass->arena, (struct span){ text, (size_t)size }) };
}

const char *take_refusal(const struct world *world, enum benefit benefit, const struct facts *facts,
                         struct law_refusal *refusal)
{
    struct law_result result;
    month_t begun = law_month_begun(benefit, facts);

    /* Without a beginning any month does: the law says what is missing. */
    month_t period = begun == MONTH_NONE ? world->run.period : begun;
    return law_calc(world->law, benefit, facts, period, &result, refusal, NULL) == LAW_REFUSED ? refusal->reason : NULL;
}

/* The ledger's number of a unit's code; 0 if there is none. Rows of one unit follow each other. */
static int unit_of(struct taking *taking, struct span code)
{
    const struct world *world = taking->world;

    if (taking->unit < 0 || !span_is(code, world->config->unit[taking->unit].code)) {
        taking->unit = site_unit_find(world->config, code);
    }
    return taking->unit < 0 ? 0 : world->unit[taking->unit];
}

/* The deceased by the number of a person: which of the two numbers it is, its length says. */
static uint64_t deceased_of(struct span id)
{
    enum { CITIZEN_DIGITS = 12 };

    return number_of(id) + (id.size == CITIZEN_DIGITS ? LEDGER_CITIZEN : 0);
}

/* ---- entitlements ---- */

static void row_fill(struct ledger_row *to, const struct intake_row *row, int unit)
{
    *to = (struct ledger_row){
        .line = row->line, .unit = unit, .benefit = row->benefit,
        .approved_on = (day_t)facts_or(&row->facts, FACT_approved_on, 0),
        .beneficiary = number_of(row->text[TEXT_beneficiary_id]), .citizen = number_of(row->text[TEXT_citizen_id]),
        .citizen_byte = intake_number_byte(row, TEXT_citizen_id), .id = row->text[TEXT_entitlement_id],
        .name = row->text[TEXT_name], .bank = row->text[TEXT_bank], .account = row->text[TEXT_account],
        .payee_name = row->text[TEXT_payee_name], .programme = row->text[TEXT_programme],
        .channel = (int)facts_or(&row->facts, FACT_channel, CHANNEL_bank),
        .area = (int)facts_or(&row->facts, FACT_area, -1), .commune = (uint32_t)number_of(row->text[TEXT_commune]),
        .authorised_until = (day_t)facts_or(&row->facts, FACT_authorised_until, DAY_NONE),
        .deceased = deceased_of(row->text[TEXT_deceased_id]), .facts = &row->facts };
}

static enum status take_entitlements(struct passing *pass, const struct intake_batch *batch, struct diag *diag)
{
    struct world *world = pass->taking->world;
    struct ledger_row *row = mem_alloc(batch->row_count + 1, sizeof(*row));
    struct law_refusal refusal;

    for (size_t i = 0; i < batch->row_count; i++) {
        const struct intake_row *from = &batch->row[i];
        int unit = unit_of(pass->taking, from->text[TEXT_unit]);
        if (unit == 0) {
            reject(pass, from, "unit", "chitra.xml has no such unit", "");
        } else if (take_refusal(world, from->benefit, &from->facts, &refusal) != NULL) {
            reject(pass, from, fact_name(refusal.column), refusal.reason, refusal.source);
        } else {
            row_fill(&row[pass->count], from, unit);
            pass->from[pass->count++] = from;
        }
    }
    enum status rc = ledger_register(world->ledger, &pass->taking->source, row, pass->count, pass->outcome, diag);
    free(row);
    return rc;
}

/* ---- what changes entitlements ---- */

static enum status take_stops(struct passing *pass, const struct intake_batch *batch, struct diag *diag)
{
    struct ledger_stop *stop = mem_alloc(batch->row_count + 1, sizeof(*stop));

    for (size_t i = 0; i < batch->row_count; i++) {
        const struct intake_row *from = &batch->row[i];
        if (facts_or(&from->facts, FACT_kind, KIND_arrears) > KIND_resumed) {
            reject(pass, from, "kind", "expected deceased, suspended, ended or resumed", "");
            continue;
        }
        stop[pass->count] = (struct ledger_stop){
            .line = from->line, .id = from->text[TEXT_entitlement_id],
            .beneficiary = number_of(from->text[TEXT_beneficiary_id]),
            .kind = (int)from->facts.value[FACT_kind], .from = (day_t)facts_or(&from->facts, FACT_from_date, 0),
            .reason = (int)facts_or(&from->facts, FACT_reason, -1) };
        pass->from[pass->count++] = from;
    }
    enum status rc = ledger_stops(pass->taking->world->ledger, &pass->taking->source, stop, pass->count, pass->outcome,
                                  diag);
    free(stop);
    return rc;
}

static enum status take_corrections(struct passing *pass, const struct intake_batch *batch, struct diag *diag)
{
    struct ledger_correction *correction = mem_alloc(batch->row_count + 1, sizeof(*correction));

    for (size_t i = 0; i < batch->row_count; i++) {
        const struct intake_row *from = &batch->row[i];
        correction[pass->count] = (struct ledger_correction){
            .line = from->line, .id = from->text[TEXT_entitlement_id],
            .beneficiary = number_of(from->text[TEXT_beneficiary_id]),
            .approved_on = (day_t)facts_or(&from->facts, FACT_approved_on, 0),
            .channel = (int)facts_or(&from->facts, FACT_channel, -1), .bank = from->text[TEXT_bank],
            .account = from->text[TEXT_account], .payee_name = from->text[TEXT_payee_name],
            .authorised_until = (day_t)facts_or(&from->facts, FACT_authorised_until, DAY_NONE),
            .commune = (uint32_t)number_of(from->text[TEXT_commune]) };
        pass->from[pass->count++] = from;
    }
    enum status rc = ledger_corrections(pass->taking->world->ledger, &pass->taking->source, correction, pass->count,
                                        pass->outcome, diag);
    free(correction);
    return rc;
}

/* The parties agreed to more than the law's share: the word that the authority's reason begins with. */
static bool is_agreed(struct span reason)
{
    static const char word[] = "agreed";
    size_t size = sizeof(word) - 1;

    return reason.size >= size && memcmp(reason.data, word, size) == 0 &&
           (reason.size == size || reason.data[size] == ' ' || reason.data[size] == ':' || reason.data[size] == ',');
}

static enum status take_orders(struct passing *pass, const struct intake_batch *batch, struct diag *diag)
{
    struct ledger_order_row *order = mem_alloc(batch->row_count + 1, sizeof(*order));

    for (size_t i = 0; i < batch->row_count; i++) {
        const struct intake_row *from = &batch->row[i];
        order[pass->count] = (struct ledger_order_row){
            .line = from->line, .order_id = from->text[TEXT_order_id], .id = from->text[TEXT_entitlement_id],
            .kind = (int)from->facts.value[FACT_kind], .amount_dong = from->facts.value[FACT_amount],
            .from = (month_t)from->facts.value[FACT_from_month],
            .to = (month_t)facts_or(&from->facts, FACT_to_month, MONTH_NONE),
            .monthly_limit_dong = facts_or(&from->facts, FACT_monthly_limit, 0),
            .agreed = is_agreed(from->text[TEXT_note]), .creditor_name = from->text[TEXT_creditor_name],
            .creditor_bank = from->text[TEXT_creditor_bank], .creditor_account = from->text[TEXT_creditor_account],
            .reference = from->text[TEXT_reference], .replaces = from->text[TEXT_replaces],
            .reason = from->text[TEXT_note] };
        pass->from[pass->count++] = from;
    }
    enum status rc = ledger_orders(pass->taking->world->ledger, &pass->taking->source, order, pass->count,
                                   pass->outcome, diag);
    free(order);
    return rc;
}

static void count_outcomes(struct passing *pass)
{
    struct ledger_intake *intake = pass->taking->intake;

    for (size_t i = 0; i < pass->count; i++) {
        const struct ledger_outcome *outcome = &pass->outcome[i];
        switch (outcome->verdict) {
        case LEDGER_APPLIED:
            intake->rows_applied++;
            break;
        case LEDGER_OVERTAKEN:
            world_say(pass->taking->world, "%s:%llu: overtaken by something approved later, unchanged", intake->name,
                      (unsigned long long)pass->from[i]->line);
            intake->rows_unchanged++;
            break;
        case LEDGER_UNCHANGED:
            intake->rows_unchanged++;
            break;
        default:
            reject(pass, pass->from[i], outcome->column, outcome->reason, "");
            break;
        }
    }
    intake->rows_rejected += pass->reject_count;
}

enum status take_batch(struct taking *taking, const struct intake_batch *batch, struct diag *diag)
{
    struct passing pass = { .taking = taking, .arena = ARENA_INIT };
    size_t room = batch->row_count + 1;
    struct ledger_reject *finding = mem_alloc(batch->finding_count + 1, sizeof(*finding));
    enum family family = intake_family(taking->reader);

    pass.outcome = mem_alloc(room, sizeof(*pass.outcome));
    pass.from = mem_alloc(room, sizeof(struct intake_row *));
    pass.reject = mem_alloc(room, sizeof(*pass.reject));
    enum status rc = family == FAMILY_stops         ? take_stops(&pass, batch, diag)
                     : family == FAMILY_corrections ? take_corrections(&pass, batch, diag)
                     : family == FAMILY_orders      ? take_orders(&pass, batch, diag)
                                                    : take_entitlements(&pass, batch, diag);
    if (rc == STATUS_OK) {
        count_outcomes(&pass);
        rc = ledger_reject_add(taking->world->ledger, taking->intake->intake, pass.reject, pass.reject_count, diag);
    }
    if (rc == STATUS_OK) {
        rc = take_present(taking, batch, diag);
    }
    for (size_t i = 0; i < batch->finding_count; i++) {
        finding[i] = (struct ledger_reject){ batch->finding[i].line, batch->finding[i].column, batch->finding[i].reason };
    }
    if (rc == STATUS_OK) {
        rc = ledger_reject_add(taking->world->ledger, taking->intake->intake, finding, batch->finding_count, diag);
    }
    taking->intake->rows_read += batch->row_count + batch->finding_count;
    taking->intake->rows_rejected += batch->finding_count;
    arena_release(&pass.arena);
    free(pass.outcome);
    free(pass.from);
    free(pass.reject);
    free(finding);
    return rc;
}
