/* start.c - the run that a command works on: a new one, or the one that a crash left. */
#include "month.h"

#include <stdio.h>

static enum status run_resume(struct world *world, struct diag *diag)
{
    enum status rc = world_load(world, diag);

    if (rc == STATUS_OK) {
        rc = month_signer(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = refused_again(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_begin(world->ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = world_units(world, diag);
        if (rc == STATUS_OK) {
            rc = ledger_commit(world->ledger, diag);
        } else {
            ledger_rollback(world->ledger);
        }
    }
    return rc;
}

/* What a crash left is carried on by the command that began it. */
static enum status runs_open(struct world *world, struct diag *diag)
{
    char list[RUN_PERIODS_MAX * 8];
    size_t asked = world->options->periods > 1 ? world->options->periods : 1;

    enum status rc = ledger_run_open(world->ledger, &world->run, diag);
    if (rc != STATUS_OK || world->run.run == 0) {
        return rc;
    }
    rc = ledger_runs_together(world->ledger, world->run.first, world->runs, RUN_PERIODS_MAX, &world->run_count, diag);
    if (rc == STATUS_OK && (world->runs[0].period != world->options->period || world->run_count != asked)) {
        for (size_t i = 0; i < world->run_count; i++) {
            month_write(world->runs[i].period, &list[i * 8]);
            list[i * 8 + 7] = i + 1 < world->run_count ? ',' : '\0';
        }
        rc = diag_fail(diag, STATUS_CONFLICT, "run %d of %s is not complete", world->runs[0].number, list);
        diag_hint(diag, "chitra run --period %s carries it on", list);
    }
    world->run = world->runs[0];
    return rc;
}

enum status month_start(struct world *world, struct run_report *report, struct diag *diag)
{
    struct sys_time sealed_at;
    uint64_t missed;

    enum status rc = outbox_check(world->site, world->ledger, diag);
    if (rc == STATUS_OK && !world->options->dry) {
        rc = errands_finish(world->site, world->ledger, &missed, diag);
    }
    if (rc == STATUS_OK) {
        rc = runs_open(world, diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    report->resumed = world->run.run != 0;
    if (report->resumed && world->options->claim.name != NULL &&
        strcmp(world->options->claim.name, world->run.officer) != 0) {
        rc = diag_fail(diag, STATUS_CONFLICT, "the run that is not complete was begun by another one");
        diag_found(diag, "%s", world->run.officer[0] == '\0' ? world->run.who : world->run.officer);
        diag_hint(diag, "it is carried on without --as");
        return rc;
    }
    rc = ledger_file_next(world->ledger, &world->fresh_from, diag);
    if (rc == STATUS_OK) {
        rc = report->resumed ? run_resume(world, diag) : month_seal(world, diag);
    }
    if (rc == STATUS_OK) {
        /* Dates follow the time that the run was sealed at, however late it is carried on. */
        ASSERT(sys_time_read(span_of(world->run.created_at), &sealed_at));
        world->today = sealed_at.day;
    }
    return rc;
}
