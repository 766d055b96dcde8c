/* replay.c - one act after the other: by its rows, or by doing it again. */
#include "replay.h"

#include "chitra/text.h"

void replay_release(struct replay *replay)
{
    world_release(&replay->world);
    replay->world = (struct world){ .site = NULL };
}

/* What the run was sealed on, read back from the archive; one run's acts mostly come together. */
static enum status run_enter(struct replay *replay, const struct ledger_run *run, struct diag *diag)
{
    struct world *world = &replay->world;
    struct sys_time sealed_at;

    if (world->run.run == run->run) {
        return STATUS_OK;
    }
    replay_release(replay);
    /* Dry: nothing in the site is moved. */
    replay->options = (struct run_options){ .period = run->period, .units = "", .pay_date = run->pay_date, .dry = true };
    *world = (struct world){ .site = replay->site, .ledger = replay->ledger, .options = &replay->options, .run = *run };
    if (!sys_time_read(span_of(run->created_at), &sealed_at)) {
        return diag_fail(diag, STATUS_CONFLICT, "the time of run %lld cannot be read", (long long)run->run);
    }
    world->now = sealed_at;
    world->today = sealed_at.day;
    enum status rc = ledger_runs_together(replay->ledger, run->first, world->runs, RUN_PERIODS_MAX, &world->run_count,
                                          diag);
    if (rc == STATUS_OK) {
        rc = world_load(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = world_units(world, diag);
    }
    if (rc != STATUS_OK) {
        replay_release(replay);
    }
    return rc;
}

/* An intake file belongs to the run that is open: there is one at a time. */
static enum status intake_again(struct replay *replay, const struct ledger_act *act, struct diag *diag)
{
    struct ledger_run run;

    enum status rc = ledger_run_open(replay->ledger, &run, diag);
    if (rc == STATUS_OK) {
        rc = run_enter(replay, &run, diag);
    }
    return rc == STATUS_OK ? take_again(&replay->world, act, diag) : rc;
}

static enum status plan_again(struct replay *replay, const struct ledger_act *act, struct diag *diag)
{
    const struct ledger_event_row *event = &act->event[act->count - 1];
    struct ledger_run run;
    uint64_t number = 0;

    if (!text_number(event->subject, INT64_MAX, &number)) {
        return diag_fail(diag, STATUS_CONFLICT, "event %lld names no run", (long long)event->seq);
    }
    enum status rc = ledger_run_get(replay->ledger, (int64_t)number, &run, diag);
    if (rc == STATUS_OK) {
        rc = run_enter(replay, &run, diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    int unit = site_unit_find(replay->world.config, event->unit);
    return unit >= 0 ? plan_unit(&replay->world, (size_t)unit, NULL, diag)
                     : diag_fail(diag, STATUS_CONFLICT, "event %lld planned a unit that its configuration has not",
                                 (long long)event->seq);
}

static const struct {
    const char *kind;
    enum status (*again)(struct replay *replay, const struct ledger_act *act, struct diag *diag);
} derived[] = {
    { "intake.applied", intake_again },
    { "intake.listed", intake_again },
    { "unit.planned", plan_again },
};

enum status replay_act(struct replay *replay, const struct ledger_act *act, bool exact, struct diag *diag)
{
    if (!act->derived) {
        return ledger_replay(replay->ledger, act, diag);
    }
    /* A plan may tell of single payments before it says that the unit is planned. */
    for (size_t i = 0; i < sizeof(derived) / sizeof(derived[0]); i++) {
        if (span_is(act->event[act->count - 1].kind, derived[i].kind)) {
            ledger_expect(replay->ledger, exact ? act : NULL);
            return derived[i].again(replay, act, diag);
        }
    }
    return diag_fail(diag, STATUS_CONFLICT, "event %lld is of a kind that cannot be done again",
                     (long long)act->event[0].seq);
}
