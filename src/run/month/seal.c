/*
 * seal.c - a new run: who prepares it, what it works with, and what waits in intake/. After the one transaction
 * that adds it, it works on nothing else, whatever changes in the site.
 */
#include "month.h"

#include <stdio.h>

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

enum status month_signer(struct world *world, struct diag *diag)
{
    if (world->options->dry) {
        return STATUS_OK;
    }
    enum status rc = site_signer(world->site, world->now, &world->signer, diag);
    return rc == STATUS_NO_INPUT ? STATUS_CONFIG : rc;
}

static enum status period_refuse(const char *what, month_t found, const char *expected, month_t limit, struct diag *diag)
{
    char month[8];

    diag_fail(diag, STATUS_USAGE, "%s", what);
    month_write(found, month);
    diag_found(diag, "%s", month);
    month_write(limit, month);
    diag_expected(diag, "%s %s", expected, month);
    return STATUS_USAGE;
}

/* Months before the opening are settled elsewhere: a run for one could only pay one-offs, in a month that others have
 * closed. A month typed wrong would pay years in advance: the farthest that practice knows is three months at once,
 * before the New Year and after disasters (published schedules of 2025-12). */
static enum status dates_check(const struct world *world, struct diag *diag)
{
    const struct run_options *options = world->options;
    month_t opening = world->site->config->opening;
    month_t farthest = day_month(world->now.day) + PERIOD_AHEAD_MAX;
    month_t last = options->period + (month_t)(options->periods > 1 ? options->periods - 1 : 0);

    ASSERT(options->periods <= RUN_PERIODS_MAX);
    if (options->period < opening) {
        return period_refuse("the period lies before the opening month of chitra.xml", options->period, "not before", opening, diag);
    }
    if (last > farthest) {
        return period_refuse("the period lies too far ahead", last, "at most", farthest, diag);
    }
    return pay_date_check(options->pay_date, world->now.day, diag);
}

/* A month that the law file does not reach could be sealed and never planned, and no other month after it. */
static enum status law_reaches(const struct world *world, struct diag *diag)
{
    const struct run_options *options = world->options;
    month_t last = options->period + (month_t)(options->periods > 1 ? options->periods - 1 : 0);
    struct ratio share;
    char month[8];

    for (month_t period = options->period; period <= last; period++) {
        if (!law_withheld_most(world->law, month_first(period), &share)) {
            month_write(period, month);
            diag_fail(diag, STATUS_CONFIG, "the law file does not say how much of the month may be withheld");
            diag_at(diag, "formats/law/vn.xml", 0, 0);
            diag_expected(diag, "a value of withheld_most for %s", month);
            return STATUS_CONFIG;
        }
    }
    return STATUS_OK;
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

/* Months before the opening were paid elsewhere: with an earlier one they would be paid again, with a later one nothing
 * would be compared or tried again of those between. Where the archive is lost, nobody knows the former one. */
static enum status opening_stays(const struct world *world, struct diag *diag)
{
    struct site_config *former = NULL;
    struct diag lost = { .line = 0 };
    struct ledger_run last;
    char month[8];

    enum status rc = ledger_run_last(world->ledger, &last, diag);
    if (rc != STATUS_OK || last.run == 0 ||
        archive_config(world->site, &last.config, "chitra.xml of the last run", &former, &lost) != STATUS_OK) {
        return rc;
    }
    if (former->opening != world->site->config->opening) {
        rc = diag_fail(diag, STATUS_CONFIG, "the opening month is not the one that this site has paid from");
        diag_at(diag, "chitra.xml", 0, 0);
        month_write(world->site->config->opening, month);
        diag_found(diag, "%s", month);
        month_write(former->opening, month);
        diag_expected(diag, "%s", month);
        diag_hint(diag, "a row's paid_through says which months of one entitlement were paid elsewhere");
    }
    site_config_free(former);
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

enum status month_seal(struct world *world, struct diag *diag)
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
        rc = opening_stays(world, diag);
    }
    if (rc == STATUS_OK) {
        snprintf(world->run.units, sizeof(world->run.units), "%s", world->options->units);
        rc = world_seal(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = law_reaches(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = month_signer(world, diag);
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
