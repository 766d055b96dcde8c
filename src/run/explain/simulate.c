/*
 * simulate.c - one month under two law files.
 *
 * The register comes once, in the ledger's order, into an array of narrow rows; sorted by person, one pass
 * adds each person up in every cell that one of the rows belongs to.
 */
#include "chitra/simulate.h"

#include "run/plan/plan.h"

#include <stdlib.h>

struct row {
    uint64_t person;
    int64_t ent;
    int64_t today_dong, draft_dong;
    uint8_t regime;
    uint8_t unit;               /* its place in the order of the codes */
    uint8_t sex;
    bool refused;
};

/* What the person at hand gets in a cell so far. */
struct pending {
    uint64_t serial;            /* of the person; 0: nobody yet */
    int64_t today_dong, draft_dong;
};

struct simulating {
    const struct site *site;
    struct ledger *ledger;
    month_t period;
    struct law *law, *draft;
    struct simulation *out;
    struct row *row;
    size_t count, room;
    struct pending *pending;    /* beside each cell */
    struct diag *diag;
};

/* ---- the two laws ---- */

static enum status laws_read(struct simulating *simulating, struct span draft, const char *name)
{
    struct simulation *out = simulating->out;
    struct buf xml;
    struct buf xsd = BUF_INIT(0);

    enum status rc = formats_read(simulating->site, "law/vn.xml", &xml, simulating->diag);
    if (rc == STATUS_OK) {
        rc = formats_read(simulating->site, "law/law.xsd", &xsd, simulating->diag);
    }
    if (rc == STATUS_OK) {
        rc = law_new(buf_span(&xml), "formats/law/vn.xml", buf_span(&xsd), &simulating->law, simulating->diag);
        rc = rc == STATUS_OK ? rc : STATUS_CONFIG;
    }
    if (rc == STATUS_OK) {
        rc = law_new(draft, name, buf_span(&xsd), &simulating->draft, simulating->diag);
    }
    digest_of(buf_span(&xml), &out->law);
    digest_of(draft, &out->draft);
    buf_release(&xml);
    buf_release(&xsd);
    return rc;
}

/* ---- the month ---- */

/* What a law gives; false if it has no answer. */
static bool due_by(const struct simulating *simulating, const struct law *law, enum benefit benefit,
                   const struct facts *facts, int64_t *due_dong)
{
    struct law_result result;
    struct law_refusal refusal;

    *due_dong = 0;
    switch (law_calc(law, benefit, facts, simulating->period, &result, &refusal, NULL)) {
    case LAW_REFUSED:
        return false;
    case LAW_NOT_DUE:
        return true;
    case LAW_DUE:
        break;
    }
    for (unsigned i = 0; i < result.count; i++) {
        *due_dong += result.amount[i].amount_dong;      /* a few amounts, each below MONEY_DONG_MAX */
    }
    return true;
}

/* Whether a stop bars the month, or for a one-off that of its event. */
static enum status is_stopped(const struct simulating *simulating, const struct ledger_entitlement *entitlement,
                              const struct facts *facts, bool *stopped)
{
    struct ledger_stop_state stop[LEDGER_STOPS_MAX];
    size_t count = 0;
    month_t month = benefit_recurrence(entitlement->benefit) == RECURRENCE_MONTHLY
                        ? simulating->period
                        : law_month_begun(entitlement->benefit, facts);

    *stopped = false;
    if ((entitlement->flags & ENTITLEMENT_STOPPED) == 0) {
        return STATUS_OK;
    }
    enum status rc = ledger_stops_of(simulating->ledger, entitlement->ent, entitlement->person, stop, &count,
                                     simulating->diag);
    *stopped = rc == STATUS_OK &&
               stop_bars(stops_of_month(simulating->law, entitlement->benefit, stop, count, month));
    return rc;
}

static void row_add(struct simulating *simulating, const struct row *row)
{
    if (simulating->count == simulating->room) {
        simulating->room = simulating->room * 2 + 1024;
        simulating->row = mem_resize(simulating->row, simulating->room, sizeof(*simulating->row));
    }
    simulating->row[simulating->count++] = *row;
}

static enum status entitlement_take(struct simulating *simulating, const struct ledger_entitlement *entitlement,
                                    uint8_t unit)
{
    enum benefit benefit = entitlement->benefit;
    struct facts facts;
    bool stopped = false;

    enum status rc = entitlement_facts(entitlement, &facts, simulating->diag);
    if (rc != STATUS_OK || month_is_settled(simulating->site->config, benefit, &facts, simulating->period)) {
        return rc;
    }
    struct row row = { .person = entitlement->person, .ent = entitlement->ent, .unit = unit,
                       .regime = (uint8_t)benefit_family(benefit),
                       .sex = (uint8_t)facts_or(&facts, FACT_sex, SIMULATION_SEX_UNKNOWN) };
    ASSERT(row.regime < SIMULATION_REGIME_ALL && row.sex < SIMULATION_SEX_ALL);
    bool answered = due_by(simulating, simulating->law, benefit, &facts, &row.today_dong);
    row.refused = !due_by(simulating, simulating->draft, benefit, &facts, &row.draft_dong) || !answered;
    if (!row.refused && row.today_dong == 0 && row.draft_dong == 0) {
        return STATUS_OK;
    }
    rc = is_stopped(simulating, entitlement, &facts, &stopped);
    if (rc == STATUS_OK && !stopped) {
        row_add(simulating, &row);
    }
    return rc;
}

static enum status unit_take(struct simulating *simulating, int number, uint8_t place)
{
    struct ledger_scan *scan = NULL;
    struct ledger_entitlement entitlement;
    bool more = true;

    enum status rc = ledger_scan_month_new(simulating->ledger, number, simulating->period, &scan, simulating->diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_scan_next(scan, &entitlement, &more, simulating->diag);
        if (rc == STATUS_OK && more) {
            rc = entitlement_take(simulating, &entitlement, place);
        }
    }
    ledger_scan_free(scan);
    return rc;
}

static enum status units_take(struct simulating *simulating)
{
    uint8_t place[LEDGER_UNITS_MAX + 1];

    enum status rc = ledger_units_sorted(simulating->ledger, simulating->out->unit, place, simulating->diag);
    for (int number = 1; number <= LEDGER_UNITS_MAX && rc == STATUS_OK; number++) {
        rc = unit_take(simulating, number, place[number]);
    }
    return rc;
}

/* ---- adding up ---- */

/* The order decides whose sex counts, so it must not depend on the sort. */
static int by_person(const void *a, const void *b)
{
    const struct row *one = a;
    const struct row *other = b;

    if (one->person != other->person) {
        return one->person < other->person ? -1 : 1;
    }
    return one->ent < other->ent ? -1 : one->ent > other->ent;
}

/* The person who was added up in a cell is complete. */
static bool cell_settle(struct simulation_cell *cell, struct pending *pending)
{
    int64_t difference = pending->draft_dong - pending->today_dong;
    bool fits = money_add(cell->cost_dong, pending->today_dong, &cell->cost_dong) &&
                money_add(cell->cost_draft_dong, pending->draft_dong, &cell->cost_draft_dong);

    cell->people += pending->today_dong > 0;
    cell->people_draft += pending->draft_dong > 0;
    if (difference > 0) {
        cell->gainers++;
        fits = fits && money_add(cell->gained_dong, difference, &cell->gained_dong);
    } else if (difference < 0) {
        cell->losers++;
        fits = fits && money_add(cell->lost_dong, -difference, &cell->lost_dong);
    }
    *pending = (struct pending){ .serial = 0 };
    return fits;
}

static bool cell_add(struct simulating *simulating, size_t index, const struct row *row, uint64_t serial)
{
    struct pending *pending = &simulating->pending[index];
    struct simulation_cell *cell = &simulating->out->cell[index];
    bool fits = pending->serial == serial || cell_settle(cell, pending);

    pending->serial = serial;
    if (row->refused) {
        cell->refused++;
        return fits;
    }
    return fits && money_add(pending->today_dong, row->today_dong, &pending->today_dong) &&
           money_add(pending->draft_dong, row->draft_dong, &pending->draft_dong);
}

/* A row counts in eight cells: each of its places may be `all`. */
static bool row_count(struct simulating *simulating, const struct row *row, uint8_t sex, uint64_t serial)
{
    bool fits = true;

    for (unsigned all = 0; all < 8; all++) {
        const struct simulation_cell *cell = simulation_cell(
            simulating->out, (all & 1) != 0 ? SIMULATION_REGIME_ALL : row->regime,
            (all & 2) != 0 ? SIMULATION_UNIT_ALL : row->unit, (all & 4) != 0 ? SIMULATION_SEX_ALL : sex);
        fits &= cell_add(simulating, (size_t)(cell - simulating->out->cell), row, serial);
    }
    return fits;
}

static enum status rows_count(struct simulating *simulating)
{
    uint64_t serial = 0;
    size_t next;
    bool fits = true;

    if (simulating->count > 0) {
        qsort(simulating->row, simulating->count, sizeof(*simulating->row), by_person);
    }
    for (size_t i = 0; i < simulating->count; i = next) {
        uint8_t sex = SIMULATION_SEX_UNKNOWN;
        serial++;
        for (next = i; next < simulating->count && simulating->row[next].person == simulating->row[i].person; next++) {
            sex = sex == SIMULATION_SEX_UNKNOWN ? simulating->row[next].sex : sex;
        }
        for (size_t j = i; j < next; j++) {
            fits &= row_count(simulating, &simulating->row[j], sex, serial);
        }
    }
    for (size_t i = 0; i < SIMULATION_CELLS; i++) {
        fits &= cell_settle(&simulating->out->cell[i], &simulating->pending[i]);
    }
    return fits ? STATUS_OK : diag_fail(simulating->diag, STATUS_LIMIT, "the sum of the month does not fit");
}

enum status run_simulate(const struct site *site, struct ledger *ledger, month_t period, struct span draft,
                         const char *name, struct simulation *simulation, struct diag *diag)
{
    struct simulating simulating = { .site = site, .ledger = ledger, .period = period, .out = simulation, .diag = diag };

    *simulation = (struct simulation){ .period = period,
                                       .cell = mem_alloc(SIMULATION_CELLS, sizeof(*simulation->cell)) };
    simulating.pending = mem_alloc(SIMULATION_CELLS, sizeof(*simulating.pending));
    enum status rc = laws_read(&simulating, draft, name);
    if (rc == STATUS_OK) {
        rc = units_take(&simulating);
    }
    if (rc == STATUS_OK) {
        rc = rows_count(&simulating);
    }
    law_free(simulating.law);
    law_free(simulating.draft);
    free(simulating.row);
    free(simulating.pending);
    return rc;
}

void simulation_release(struct simulation *simulation)
{
    free(simulation->cell);
    simulation->cell = NULL;
}
