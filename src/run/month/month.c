/*
 * month.c - the month, from approved entitlements to signed files: seal, intake, plan, write, balance,
 * release. Each stage asks the ledger what is left to do, so that the same command after a crash goes
 * on where the last one ended.
 */
#include "run/file_command.h"

#include "chitra/ledger_standing.h"
#include "run/release/totals.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- a new run, or the one that a crash left ---- */

/* Whoever prepares the run signs what it works with: configuration, law, formats, units. */
static enum status sealed_event(struct world *world, const struct ledger_run *run, struct diag *diag)
{
    char subject[40];
    char period[8];
    char hex[DIGEST_HEX_BYTES];
    const struct digest *const sealed[] = { &run->config, &run->law, &run->formats };
    struct buf content = BUF_INIT(4096);
    struct ledger_event event = { .kind = "run.sealed", .subject = subject, .unit = "", .why = "",
                                  .digest = run->config };
    enum status rc = STATUS_OK;

    month_write(run->period, period);
    snprintf(subject, sizeof(subject), "%s-R%d", period, run->number);
    for (size_t i = 0; i < sizeof(sealed) / sizeof(*sealed) && rc == STATUS_OK; i++) {
        digest_hex(sealed[i], hex);
        rc = buf_add_format(&content, "%s\n", hex);
    }
    if (rc == STATUS_OK) {
        rc = buf_add_format(&content, "units: %s\n", run->units);
    }
    if (rc == STATUS_OK) {
        rc = officer_act(&world->officer, &event, buf_span(&content), diag);
    }
    buf_release(&content);
    return rc;
}

/* A run for each period, all with what the first was sealed on. */
static enum status runs_add(struct world *world, struct diag *diag)
{
    enum status rc = STATUS_OK;

    world->run_count = world->options->periods > 1 ? world->options->periods : 1;
    for (size_t i = 0; i < world->run_count && rc == STATUS_OK; i++) {
        struct ledger_run *run = &world->runs[i];
        *run = world->run;
        run->first = world->runs[0].first;
        run->period += (month_t)i;
        rc = ledger_run_add(world->ledger, run, diag);
        if (rc == STATUS_OK) {
            rc = sealed_event(world, run, diag);
        }
    }
    world->run = world->runs[0];
    return rc;
}

/* One transaction: the runs, their units' numbers, their intake. After it they work on nothing else. */
static enum status seal_store(struct world *world, struct waiting *waiting, struct diag *diag)
{
    enum status rc = ledger_begin(world->ledger, diag);

    if (rc != STATUS_OK) {
        return rc;
    }
    rc = runs_add(world, diag);
    if (rc == STATUS_OK) {
        rc = world_units(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = take_seal(world, waiting, diag);
    }
    if (rc == STATUS_OK) {
        rc = refused_record(world, waiting, diag);
    }
    if (rc == STATUS_OK) {
        return ledger_commit(world->ledger, diag);
    }
    ledger_rollback(world->ledger);
    return rc;
}

/* Content that was taken before leaves intake/ too. */
static enum status drop_known(struct world *world, const struct waiting *waiting, struct diag *diag)
{
    char path[DIAG_FILE_BYTES + 16];
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < waiting->count && rc == STATUS_OK && !world->options->dry; i++) {
        if (waiting->file[i].state == INTAKE_APPLIED) {
            snprintf(path, sizeof(path), "intake/%s", waiting->file[i].name);
            rc = archive_move(world->site, path, &waiting->file[i].sha256, diag);
        }
    }
    return rc;
}

static enum status units_known(const struct world *world, struct diag *diag)
{
    const char *at = world->options->units;

    while (at[0] != '\0') {
        size_t size = strcspn(at, ",");
        if (site_unit_find(world->site->config, (struct span){ at, size }) < 0) {
            return diag_fail(diag, STATUS_USAGE, "chitra.xml has no unit %.*s", (int)size, at);
        }
        at += size + (at[size] == ',');
    }
    if (strlen(world->options->units) >= sizeof(world->run.units)) {
        return diag_fail(diag, STATUS_USAGE, "the list of units is too long");
    }
    return STATUS_OK;
}

/* Before anything is sealed: a run that cannot sign is not begun. */
static enum status signer_load(struct world *world, struct diag *diag)
{
    if (world->options->dry) {
        return STATUS_OK;
    }
    enum status rc = site_signer(world->site, world->now, &world->signer, diag);
    return rc == STATUS_NO_INPUT ? STATUS_CONFIG : rc;
}

/* A period or a pay date typed wrong would pay years in advance: the farthest that practice knows is three
 * months at once, before the New Year and after disasters (published schedules of 2025-12). */
enum { PERIOD_AHEAD_MAX = 12 };

static enum status dates_check(const struct world *world, struct diag *diag)
{
    enum status rc = STATUS_OK;

    month_t last = world->options->period + (month_t)(world->options->periods > 1 ? world->options->periods - 1 : 0);

    ASSERT(world->options->periods <= RUN_PERIODS_MAX);
    if (last > day_month(world->now.day) + PERIOD_AHEAD_MAX) {
        rc = diag_fail(diag, STATUS_USAGE, "the period lies more than %d months ahead", PERIOD_AHEAD_MAX);
    } else if (world->options->pay_date != DAY_NONE && world->options->pay_date < world->now.day) {
        rc = diag_fail(diag, STATUS_USAGE, "the pay date is past");
    }
    return rc;
}

/* People of a unit that the configuration does not have would be paid by nobody, and nobody would say so. */
static enum status units_missing(const struct world *world, struct diag *diag)
{
    char code[LEDGER_UNITS_MAX][UNIT_CODE_BYTES];
    size_t count = 0;

    enum status rc = ledger_unit_codes(world->ledger, code, &count, diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (site_unit_find(world->site->config, span_of(code[i])) < 0) {
            rc = diag_fail(diag, STATUS_CONFIG, "the ledger has entitlements of a unit that chitra.xml has not");
            diag_at(diag, "chitra.xml", 0, 0);
            diag_found(diag, "no unit %s", code[i]);
        }
    }
    return rc;
}

/* Who prepares the run: the user, and by name whoever is named, who then certifies none of it. */
static enum status preparer_take(struct world *world, struct diag *diag)
{
    const struct site_config *config = world->site->config;
    struct officer *officer = &world->officer;

    enum status rc = officer_new(world->site, world->ledger, &world->options->claim, ROLE_PREPARES, officer, diag);
    for (unsigned i = 0; i < config->unit_count && rc == STATUS_OK && officer->name[0] != '\0'; i++) {
        if (units_name(world->options->units, config->unit[i].code)) {
            rc = officer_check(officer, 0, config->unit[i].code, diag);
        }
    }
    if (rc == STATUS_OK && officer->signer != NULL) {
        world->run.officer_key = *certificate_key(signer_certificate(officer->signer));
    }
    if (world->options->dry) {
        officer_release(officer);       /* nothing is signed, nothing goes to the archive */
    }
    memcpy(world->run.officer, officer->name, sizeof(world->run.officer));
    memcpy(world->run.created_at, officer->at, sizeof(world->run.created_at));
    sys_user(world->run.who, sizeof(world->run.who));
    world->now = officer->time;
    return rc;
}

static enum status run_new(struct world *world, struct diag *diag)
{
    struct waiting waiting = { 0 };

    world->run = (struct ledger_run){ .period = world->options->period, .state = RUN_SEALED,
                                      .pay_date = world->options->pay_date };
    enum status rc = dates_check(world, diag);
    if (rc == STATUS_OK) {
        rc = units_known(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = preparer_take(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = units_missing(world, diag);
    }
    if (rc == STATUS_OK) {
        snprintf(world->run.units, sizeof(world->run.units), "%s", world->options->units);
        rc = world_seal(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = signer_load(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = take_look(world, &waiting, diag);
    }
    if (rc == STATUS_OK) {
        rc = refused_stop(world, &waiting, diag);
    }
    if (rc == STATUS_OK) {
        rc = seal_store(world, &waiting, diag);
    }
    if (rc == STATUS_OK) {
        rc = drop_known(world, &waiting, diag);
    }
    waiting_release(&waiting);
    return rc;
}

static enum status run_resume(struct world *world, struct diag *diag)
{
    enum status rc = world_load(world, diag);

    if (rc == STATUS_OK) {
        rc = signer_load(world, diag);
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

static enum status run_start(struct world *world, struct run_report *report, struct diag *diag)
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
        rc = report->resumed ? run_resume(world, diag) : run_new(world, diag);
    }
    if (rc == STATUS_OK) {
        /* Dates follow the time that the run was sealed at, however late it is carried on. */
        ASSERT(sys_time_read(span_of(world->run.created_at), &sealed_at));
        world->today = sealed_at.day;
    }
    return rc;
}

/* ---- the stages ---- */

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
            rc = plan_unit(world, i, diag);
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

/* Adds one run's figures to the report. */
static enum status figures_add(struct world *world, int64_t run, struct run_report *report, struct diag *diag)
{
    struct ledger_figure figure[FIGURE_COUNT];
    bool fits = true;

    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        figure[i] = (struct ledger_figure){ run_figure_name((enum run_figure)i), 0, 0 };
    }
    enum status rc = ledger_figures(world->ledger, run, figure, FIGURE_COUNT, diag);
    for (size_t i = 0; i < FIGURE_COUNT && rc == STATUS_OK; i++) {
        report->figure[i].name = figure[i].name;
        report->figure[i].count += figure[i].count;
        fits = fits && money_add(report->figure[i].amount_dong, figure[i].amount_dong, &report->figure[i].amount_dong);
    }
    return rc == STATUS_OK && !fits ? diag_fail(diag, STATUS_LIMIT, "the sum of the runs overflows") : rc;
}

/* And its files. */
static enum status files_add(struct world *world, int64_t run, struct run_report *report, struct diag *diag)
{
    struct arena arena = ARENA_INIT;
    struct ledger_file *file = NULL;
    size_t count = 0;
    bool fits = true;

    enum status rc = ledger_files(world->ledger, run, 0, &arena, &file, &count, diag);
    for (size_t i = 0; i < count; i++) {
        bool cash = file[i].batch.channel == CHANNEL_cash;
        if (file[i].generation > 1) {
            continue;           /* the plan's figures are those of the first generations */
        }
        *(cash ? &report->cash_lists : &report->bank_files) += 1;
        int64_t *sum = cash ? &report->cash_dong : &report->bank_dong;
        fits = fits && money_add(*sum, file[i].batch.amount_dong, sum);
    }
    if (rc == STATUS_OK && !fits) {
        rc = diag_fail(diag, STATUS_LIMIT, "the sum of the files overflows");
    }
    free(file);
    arena_release(&arena);
    return rc;
}

static enum status report_fill(struct world *world, struct run_report *report, struct diag *diag)
{
    enum status rc = STATUS_OK;

    report->run = world->runs[0];
    report->run_count = world->run_count;
    report->refused = world->refused;
    for (size_t i = 0; i < world->run_count && rc == STATUS_OK; i++) {
        report->runs[i] = world->runs[i];
        rc = figures_add(world, world->runs[i].run, report, diag);
        if (rc == STATUS_OK) {
            rc = files_add(world, world->runs[i].run, report, diag);
        }
    }
    return rc;
}

/* Keeps the first fault. */
static void standing_tell(void *context, const struct diag *fault)
{
    struct diag *first = context;

    if (first->what[0] == '\0') {
        *first = *fault;
    }
}

static enum status stage_balance(struct world *world, struct run_report *report, struct diag *diag)
{
    char why[DIAG_TEXT_BYTES];
    struct diag fault = { .line = 0 };

    enum status rc = report_fill(world, report, diag);
    if (rc == STATUS_OK && !run_balances(report, why, sizeof(why))) {
        rc = diag_fail(diag, STATUS_DEFECT, "the run does not add up and releases nothing: %s", why);
    }
    for (size_t i = 0; i < world->run_count && rc == STATUS_OK; i++) {
        rc = ledger_standing(world->ledger, world->runs[i].run, standing_tell, &fault, diag);
    }
    if (rc == STATUS_OK && fault.what[0] != '\0') {
        *diag = fault;
        rc = STATUS_DEFECT;
    }
    return rc;
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
        world_say(world, "%s", text);
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
    enum status rc = run_start(world, report, diag);

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
        rc = stage_balance(world, report, diag);
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
