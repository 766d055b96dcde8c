/*
 * take_refused.c - what a refused file of intake/ stops: the units that wait for it, and nobody else.
 *
 * The file stays in intake/. The next run looks again: mended, it is taken, and the units that were stopped are
 * paid by that run. An officer can decide to go on without it; an event keeps who.
 */
#include "take.h"

#include <stdio.h>

static bool is_left_out(const struct world *world, const char *name)
{
    const char *without = world->options->without;

    return without != NULL && (strcmp(without, name) == 0 ||
                               (strncmp(without, "intake/", 7) == 0 && strcmp(without + 7, name) == 0));
}

static enum status without_check(struct world *world, struct waiting *waiting, struct diag *diag)
{
    bool found = world->options->without == NULL;

    for (size_t i = 0; i < waiting->refused_count; i++) {
        waiting->refused[i].without = is_left_out(world, waiting->refused[i].name);
        found = found || waiting->refused[i].without;
    }
    if (found) {
        return STATUS_OK;
    }
    enum status rc = diag_fail(diag, STATUS_USAGE, "no file of this name is refused: nothing is left out");
    diag_found(diag, "%s", world->options->without);
    return rc;
}

/* The codes of the units that are left, in the order of the configuration. */
static enum status units_keep(struct world *world, uint64_t stopped, bool *left, struct diag *diag)
{
    const struct site_config *config = world->site->config;
    char units[sizeof(world->run.units)] = "";
    size_t size = 0;

    *left = false;
    for (unsigned i = 0; i < config->unit_count; i++) {
        const char *code = config->unit[i].code;
        if (!units_name(world->run.units, code) || (stopped >> i & 1) != 0) {
            continue;
        }
        int written = snprintf(units + size, sizeof(units) - size, "%s%s", *left ? "," : "", code);
        if (written < 0 || (size_t)written >= sizeof(units) - size) {
            return diag_fail(diag, STATUS_LIMIT, "the list of units is too long");
        }
        size += (size_t)written;
        *left = true;
    }
    memcpy(world->run.units, units, sizeof(units));
    return STATUS_OK;
}

static void units_add(const struct world *world, uint64_t units, char text[DIAG_BYTES_MAX])
{
    const struct site_config *config = world->site->config;
    const char *before = "; it stops units ";

    for (unsigned i = 0; i < config->unit_count; i++) {
        size_t size = strlen(text);
        if ((units >> i & 1) != 0 && units_name(world->options->units, config->unit[i].code)) {
            snprintf(text + size, DIAG_BYTES_MAX - size, "%s%s", before, config->unit[i].code);
            before = " ";
        }
    }
}

/* Why, and who waits for it or decided to go on without: one line, which is recorded as it is told. */
static void refused_text(const struct world *world, const struct refused_file *refused, char text[DIAG_BYTES_MAX])
{
    diag_text(&refused->why, text, DIAG_BYTES_MAX);
    if (refused->without) {
        size_t size = strlen(text);
        snprintf(text + size, DIAG_BYTES_MAX - size, "; left out by %s", world->officer.who);
    } else if (!refused->missing) {
        units_add(world, refused->units, text);
    }
}

static void tell(const struct world *world, const struct refused_file *refused)
{
    char text[DIAG_BYTES_MAX];

    refused_text(world, refused, text);
    world_problem(world, "%s", text);
}

enum status refused_stop(struct world *world, struct waiting *waiting, struct diag *diag)
{
    uint64_t stopped = 0;
    bool left = true;

    enum status rc = without_check(world, waiting, diag);
    if (rc == STATUS_OK) {
        rc = take_missing(world, waiting, diag);
    }
    size_t first = waiting->refused_count;
    for (size_t i = 0; i < waiting->refused_count && rc == STATUS_OK; i++) {
        const struct refused_file *refused = &waiting->refused[i];
        stopped |= refused->without ? 0 : refused->units;
        first = first == waiting->refused_count && !refused->without && refused->units != 0 ? i : first;
    }
    if (rc == STATUS_OK && stopped != 0) {
        rc = units_keep(world, stopped, &left, diag);
    }
    for (size_t i = 0; i < waiting->refused_count && rc == STATUS_OK; i++) {
        if (left || i != first) {
            tell(world, &waiting->refused[i]);
        }
    }
    for (size_t i = 0; i < waiting->refused_count; i++) {
        *(waiting->refused[i].missing ? &world->missing : &world->refused) += 1;
    }
    if (rc == STATUS_OK && !left) {
        *diag = waiting->refused[first].why;
        rc = waiting->refused[first].kind;
    }
    return rc;
}

enum status refused_record(struct world *world, const struct waiting *waiting, struct diag *diag)
{
    char text[DIAG_BYTES_MAX];
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < waiting->refused_count && rc == STATUS_OK; i++) {
        const struct refused_file *refused = &waiting->refused[i];
        struct ledger_event event = { .kind = refused->missing   ? "intake.missing"
                                              : refused->without ? "intake.without"
                                                                 : "intake.refused",
                                      .subject = refused->name, .unit = refused->missing ? refused->name : "", .why = text };
        refused_text(world, refused, text);
        rc = officer_act(&world->officer, &event, SPAN_EMPTY, diag);
    }
    return rc;
}

static void told_again(void *context, struct span kind, struct span why)
{
    struct world *world = context;
    bool missing = span_is(kind, "intake.missing");

    if (missing || span_is(kind, "intake.refused") || span_is(kind, "intake.without")) {
        *(missing ? &world->missing : &world->refused) += 1;
        world_problem(world, "%.*s", (int)why.size, why.data);
    }
}

enum status refused_again(struct world *world, struct diag *diag)
{
    return ledger_run_recorded(world->ledger, told_again, world, diag);
}
