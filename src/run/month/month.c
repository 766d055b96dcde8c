/*
 * month.c - the month, from approved entitlements to signed files: seal, intake, plan, write, balance,
 * release. Each stage asks the ledger what is left to do, so that the same command after a crash goes
 * on where the last one ended.
 */
#include "month.h"

#include "run/release/totals.h"

#include <stdlib.h>

/* All runs at once: they are staged and complete together. */
static enum status stage_move(struct world *world, enum run_state state, struct diag *diag)
{
    world->run = world->runs[0];
    if (world->run.state >= state) {
        return STATUS_OK;
    }
    enum status rc = ledger_begin(world->ledger, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    for (size_t i = 0; i < world->run_count && rc == STATUS_OK; i++) {
        rc = ledger_run_move(world->ledger, world->runs[i].run, state, diag);
        world->runs[i].state = state;
    }
    world->run = world->runs[0];
    if (rc == STATUS_OK) {
        return ledger_commit(world->ledger, diag);
    }
    ledger_rollback(world->ledger);
    return rc;
}

/* What is planned here is written here: its usual payments stay in memory until then. What is more than this, and
 * what another process planned, is read from the ledger. */
enum { KEPT_BYTES_MAX = 256 * 1024 * 1024 };

static enum status unit_plan(struct world *world, unsigned unit, struct diag *diag)
{
    bool keep = !world->options->dry && world->kept_bytes < KEPT_BYTES_MAX;
    struct ledger_kept *kept = keep ? ledger_kept_new(world->run.run, world->unit[unit]) : NULL;

    enum status rc = plan_unit(world, unit, kept, diag);
    if (rc == STATUS_OK && keep) {
        world_keep(world, kept);
    } else {
        ledger_kept_free(kept);
    }
    return rc;
}

static enum status units_plan(struct world *world, struct diag *diag)
{
    bool planned = false;
    enum status rc = STATUS_OK;

    for (unsigned i = 0; i < world->config->unit_count && rc == STATUS_OK; i++) {
        if (!units_name(world->run.units, world->config->unit[i].code)) {
            continue;
        }
        rc = ledger_is_planned(world->ledger, world->run.run, world->unit[i], &planned, diag);
        if (rc == STATUS_OK && !planned) {
            rc = unit_plan(world, i, diag);
        }
    }
    return rc;
}

/* One period after the other: what the first provides, the second finds provided. */
static enum status stage_plan(struct world *world, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < world->run_count && rc == STATUS_OK; i++) {
        world->run = world->runs[i];
        rc = units_plan(world, diag);
    }
    return rc == STATUS_OK ? stage_move(world, RUN_PLANNED, diag) : rc;
}

/* Totals that differ too much wait for somebody to look at them, whatever lets the files go. */
static enum status totals_check(struct world *world, const struct ledger_run *run, struct run_report *report,
                                struct diag *diag)
{
    struct total_excess *excess = NULL;
    char text[TOTAL_TEXT_BYTES];
    size_t count = 0;

    enum status rc = totals_excess(world->ledger, run, world->config, "", &excess, &count, diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        total_text(&excess[i], text);
        world_problem(world, "%s", text);
    }
    report->totals_wait = report->totals_wait || count > 0;
    free(excess);
    return rc;
}

static enum status stage_totals(struct world *world, struct run_report *report, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < world->run_count && rc == STATUS_OK; i++) {
        rc = totals_check(world, &world->runs[i], report, diag);
    }
    return rc;
}

static enum status stage_release(struct world *world, struct run_report *report, struct diag *diag)
{
    struct run_released released;
    /* With the run's own time, so that its list is the same bytes however late the run is carried on. */
    struct run_release_options options = { .units = "", .who = world->run.who, .at = world->run.created_at,
                                           .fresh_from = report->resumed ? 0 : world->fresh_from,
                                           .expect_count = -1, .expect_amount = -1 };

    /* A policy that became stricter since the run was sealed holds too. */
    if (world->config->release != RELEASE_AUTO || world->site->config->release != RELEASE_AUTO) {
        return stage_move(world, RUN_COMPLETE, diag);
    }
    enum status rc = run_release(world->site, world->ledger, &options, &released, diag);
    report->released = rc == STATUS_OK && !report->totals_wait;
    report->unknown = released.unknown;
    report->stale = released.stale;
    return rc == STATUS_OK ? stage_move(world, RUN_COMPLETE, diag) : rc;
}

static enum status stages(struct world *world, struct run_report *report, struct diag *diag)
{
    enum status rc = month_start(world, report, diag);

    world_stage(world, "seal");
    if (rc == STATUS_OK) {
        rc = take_apply(world, report, diag);
    }
    if (rc == STATUS_OK) {
        rc = world->options->dry ? STATUS_OK : take_tidy(world, "intake", diag);
    }
    world_stage(world, "intake");
    if (rc == STATUS_OK && world->run.state == RUN_SEALED) {
        rc = overtaken_take_out(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = stage_plan(world, diag);
    }
    world_stage(world, "plan");
    if (rc == STATUS_OK && !world->options->dry) {
        rc = write_files(world, BY_RUN, diag);
        if (rc == STATUS_OK) {
            rc = stage_move(world, RUN_STAGED, diag);
        }
    }
    world_stage(world, "write");
    if (rc == STATUS_OK) {
        rc = month_balance(world, report, diag);
    }
    if (rc == STATUS_OK) {
        rc = stage_totals(world, report, diag);
    }
    if (rc == STATUS_OK && !world->options->dry) {
        rc = stage_release(world, report, diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_checkpoint(world->ledger, diag);
    }
    world_stage(world, "release");
    return rc;
}

enum status run_month(struct site *site, const struct run_options *options, struct run_report *report,
                      struct diag *diag)
{
    struct world world = { .site = site, .options = options };

    *report = (struct run_report){ 0 };
    enum status rc = sys_now(&world.now, diag);
    if (rc == STATUS_OK) {
        rc = ledger_open(options->folder, options->dry ? LEDGER_DRY : LEDGER_WRITE, &world.ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = stages(&world, report, diag);
    }
    ledger_close(world.ledger);
    world_release(&world);
    return rc;
}
