/*
 * take_list.c - units that send everybody every month: whether their list has come, and who is in it.
 *
 * A list belongs to the months of the run that takes it, and every later file of those months adds to it. Content
 * that is known changes no facts when it comes again in another month, yet its rows are looked through once more:
 * who is in them is there.
 */
#include "take.h"

#include "chitra/ledger_listing.h"
#include "chitra/ledger_query.h"

#include <stdlib.h>

uint64_t take_full_units(const struct site_config *config)
{
    uint64_t units = 0;

    for (unsigned i = 0; i < config->unit_count; i++) {
        units |= (uint64_t)config->unit[i].full << i;
    }
    return units;
}

/* ---- whether it has come ---- */

/* The units, bits of the configuration, that have a list of every month of the run already. */
static enum status units_listed(struct world *world, uint64_t *units, struct diag *diag)
{
    unsigned periods = world->options->periods > 1 ? world->options->periods : 1;
    char code[LEDGER_UNITS_MAX + 1][UNIT_CODE_BYTES];
    uint64_t numbers = ~UINT64_C(0);

    enum status rc = ledger_units(world->ledger, code, diag);
    for (unsigned i = 0; i < periods && rc == STATUS_OK; i++) {
        uint64_t of_month = 0;
        rc = ledger_listing_units(world->ledger, world->options->period + (month_t)i, &of_month, diag);
        numbers &= of_month;
    }
    *units = 0;
    for (size_t i = 1; i <= LEDGER_UNITS_MAX && rc == STATUS_OK; i++) {
        int unit = (numbers >> i & 1) != 0 ? site_unit_find(world->site->config, span_of(code[i])) : -1;
        *units |= unit < 0 ? 0 : UINT64_C(1) << unit;
    }
    return rc;
}

static void missing_add(struct world *world, struct waiting *waiting, unsigned unit)
{
    struct refused_file missing = { .kind = STATUS_NO_INPUT, .units = UINT64_C(1) << unit, .missing = true };
    const char *code = world->site->config->unit[unit].code;
    char period[8];

    month_write(world->options->period, period);
    memcpy(missing.name, code, strlen(code) + 1);
    (void)diag_fail(&missing.why, STATUS_NO_INPUT, "unit %s sends everybody every month, and its list of %s has not come",
                    code, period);
    diag_hint(&missing.why, "put the approved list into intake/: the unit is paid by the run that takes it");
    waiting->refused = mem_resize(waiting->refused, waiting->refused_count + 1, sizeof(missing));
    waiting->refused[waiting->refused_count++] = missing;
}

enum status take_missing(struct world *world, struct waiting *waiting, struct diag *diag)
{
    const struct site_config *config = world->site->config;
    uint64_t full = take_full_units(config);
    uint64_t listed = 0;

    if (full == 0) {
        return STATUS_OK;
    }
    enum status rc = units_listed(world, &listed, diag);
    for (size_t i = 0; i < waiting->count; i++) {
        listed |= waiting->file[i].lists;
    }
    for (size_t i = 0; i < waiting->refused_count; i++) {
        listed |= waiting->refused[i].without ? 0 : waiting->refused[i].units;
    }
    for (unsigned i = 0; i < config->unit_count && rc == STATUS_OK; i++) {
        if ((full & ~listed) >> i & 1 && units_name(world->options->units, config->unit[i].code)) {
            missing_add(world, waiting, i);
        }
    }
    return rc;
}

enum status take_listing(struct world *world, const struct waiting_file *file, const struct ledger_intake *intake,
                         struct diag *diag)
{
    struct ledger_listing listing = { .run = world->run.run, .intake = intake->intake, .approval = intake->approval,
                                      .name = file->name };
    enum status rc = STATUS_OK;

    for (unsigned i = 0; i < world->site->config->unit_count; i++) {
        listing.units |= (file->lists >> i & 1) << world->unit[i];
    }
    for (size_t i = 0; i < world->run_count && listing.units != 0 && rc == STATUS_OK; i++) {
        listing.period = world->runs[i].period;
        rc = ledger_listing_add(world->ledger, &listing, diag);
    }
    return rc;
}

/* ---- who is in it ---- */

enum status take_present(struct taking *taking, const struct intake_batch *batch, struct diag *diag)
{
    const struct world *world = taking->world;
    month_t through = world->runs[world->run_count - 1].period;
    struct ledger_listed *row;
    size_t count = 0;

    if (take_full_units(world->config) == 0 || intake_family(taking->reader) >= FAMILY_stops) {
        return STATUS_OK;
    }
    row = mem_alloc(batch->row_count + 1, sizeof(*row));
    for (size_t i = 0; i < batch->row_count; i++) {
        const struct intake_row *from = &batch->row[i];
        int unit = site_unit_find(world->config, from->text[TEXT_unit]);
        if (unit >= 0 && world->config->unit[unit].full && benefit_recurrence(from->benefit) == RECURRENCE_MONTHLY) {
            row[count++] = (struct ledger_listed){ from->text[TEXT_entitlement_id], world->unit[unit], from->line };
        }
    }
    enum status rc = ledger_list_rows(world->ledger, taking->intake->intake, through, row, count, diag);
    free(row);
    return rc;
}

enum status take_again_listed(struct taking *taking, struct intake_batch *batch, struct span content, struct diag *diag)
{
    struct world *world = taking->world;
    const struct ledger_intake *intake = taking->intake;
    struct ledger_event event = { .kind = "intake.listed", .subject = intake->name, .unit = "", .why = "",
                                  .who = world->run.who, .at = world->run.created_at, .digest = intake->sha256 };

    enum status rc = intake_new(content, intake->name, INTAKE_FOR_RUN, &taking->reader, diag);
    for (bool more = true; rc == STATUS_OK && more;) {
        rc = intake_read(taking->reader, batch, diag);
        more = rc == STATUS_OK && (batch->row_count > 0 || batch->finding_count > 0);
        if (more) {
            rc = take_present(taking, batch, diag);
        }
    }
    intake_free(taking->reader);
    if (rc == STATUS_OK) {
        rc = ledger_listing_done(world->ledger, world->runs[0].run, intake->intake, diag);
    }
    return rc == STATUS_OK ? ledger_event_add(world->ledger, &event, diag) : rc;
}
