/*
 * take_look.c - what waits in intake/: lists and their signatures, digests, families, order.
 *
 * Nothing is changed here. A file that no valid approval names, whose digest is another, or that cannot
 * be read is refused, and with it the units that it is for (take_refused.c): part of a month is never paid by
 * mistake for the whole.
 */
#include "take.h"

#include <stdio.h>
#include <stdlib.h>

struct looking {
    struct world *world;
    struct waiting *waiting;
    struct approvals approvals;
    struct intake_batch batch;  /* one for all files: it is megabytes */
    struct diag *diag;
};

/* Reads the whole structure once, so that a file that cannot be trusted stops everything before
 * anything of it stands in the register. */
static enum status family_of(struct intake_batch *batch, struct span content, const char *path,
                             enum family *family, struct diag *diag)
{
    struct intake_reader *reader = NULL;

    enum status rc = intake_new(content, path, INTAKE_FOR_RUN, &reader, diag);
    if (rc == STATUS_OK) {
        rc = intake_read(reader, batch, diag);
    }
    if (rc == STATUS_OK) {
        *family = intake_family(reader);
    }
    bool whole = !take_ends_in(path, ".gz") && intake_is_plain(content);
    while (rc == STATUS_OK && !whole && (batch->row_count > 0 || batch->finding_count > 0)) {
        rc = intake_read(reader, batch, diag);
    }
    if (rc == STATUS_OK) {
        rc = take_family_check(*family, diag);
    }
    diag_at(diag, path, 0, 0);
    intake_free(reader);
    return rc;
}

/* What is at fault with the file; everything else is at fault with the machine, and ends the run. */
static bool is_refusal(enum status rc)
{
    return rc == STATUS_SIGNATURE || rc == STATUS_INPUT || rc == STATUS_LIMIT;
}

/* The diag of `looking` says why. */
static void refuse(struct looking *look, const char *name, enum status kind, uint64_t units)
{
    struct waiting *waiting = look->waiting;
    struct refused_file refused = { .kind = kind, .why = *look->diag, .units = units };

    /* A name that the ledger cannot hold is cut: it is told, and taken by nobody. */
    snprintf(refused.name, sizeof(refused.name), "%s", name);
    waiting->refused = mem_resize(waiting->refused, waiting->refused_count + 1, sizeof(refused));
    waiting->refused[waiting->refused_count++] = refused;
    *look->diag = (struct diag){ 0 };
}

/* Whom a refused file stops. Changes that are not what was approved may have been for anybody before somebody
 * changed them. */
static enum status file_refuse(struct looking *look, const char *name, enum status kind, struct take_file *file,
                               bool changed)
{
    struct diag ledger = { 0 };
    uint64_t units = ~UINT64_C(0);
    enum status rc = STATUS_OK;

    if (file->content.size > 0) {
        rc = take_units(look->world, file, &look->batch, &units, &ledger);
    }
    if (rc != STATUS_OK) {
        *look->diag = ledger;
        return rc;
    }
    refuse(look, name, kind, changed && file->family >= FAMILY_stops ? ~UINT64_C(0) : units);
    return STATUS_OK;
}

static enum status file_look(struct looking *look, const char *name)
{
    char path[DIAG_FILE_BYTES + 16];
    struct buf content = BUF_INIT(INTAKE_FILE_BYTES_MAX);
    struct waiting_file file = { .family = FAMILY_COUNT };

    snprintf(path, sizeof(path), "intake/%s", name);
    enum status rc = sys_read(look->world->site->dir, path, &content, look->diag);
    struct take_file about;
    bool changed = false;
    if (rc == STATUS_OK) {
        digest_of(buf_span(&content), &file.sha256);
        rc = approval_of(&look->approvals, look->world, path, &file.sha256, &file.approval, look->diag);
        changed = rc != STATUS_OK && approvals_name(&look->approvals, path);
    }
    if (rc == STATUS_OK) {
        rc = ledger_intake_state(look->world->ledger, &file.sha256, &file.state, look->diag);
    }
    /* What is known says nothing new, but may be this month's list. */
    if (rc == STATUS_OK && (file.state == INTAKE_UNKNOWN || take_full_units(look->world->site->config) != 0)) {
        rc = family_of(&look->batch, buf_span(&content), path, &file.family, look->diag);
    }
    about = (struct take_file){ path, buf_span(&content), file.sha256, file.family };
    if (rc == STATUS_OK) {
        rc = take_lists(look->world, &about, &look->batch, &file.lists, look->diag);
    }
    if (rc == STATUS_OK && (file.state == INTAKE_UNKNOWN || file.lists != 0)) {
        rc = approval_reaching(&look->approvals, look->world, &about, &look->batch, &file.approval, look->diag);
    }
    if (rc == STATUS_OK) {
        ASSERT(strlen(name) < sizeof(file.name));
        memcpy(file.name, name, strlen(name) + 1);
        struct waiting *waiting = look->waiting;
        waiting->file = mem_resize(waiting->file, waiting->count + 1, sizeof(file));
        waiting->file[waiting->count++] = file;
    } else if (is_refusal(rc)) {
        rc = file_refuse(look, name, rc, &about, changed);
    }
    buf_release(&content);
    return rc;
}

/* Entitlements before what changes them; then by name. */
static int by_order(const void *a, const void *b)
{
    const struct waiting_file *one = a;
    const struct waiting_file *other = b;
    int stage_one = one->family < FAMILY_stops ? 0 : one->family == FAMILY_corrections ? 1 : 2;
    int stage_other = other->family < FAMILY_stops ? 0 : other->family == FAMILY_corrections ? 1 : 2;

    return stage_one != stage_other ? stage_one - stage_other : strcmp(one->name, other->name);
}

/* Two names with the same content: the second one is the first one again. */
static void drop_doubles(struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (digest_equal(&waiting->file[i].sha256, &waiting->file[j].sha256)) {
                waiting->file[i].state = INTAKE_APPLIED;
            }
        }
    }
}

enum status take_look(struct world *world, struct waiting *waiting, struct diag *diag)
{
    struct looking look = { .world = world, .waiting = waiting, .diag = diag };
    struct sys_names names = { NULL, 0 };
    char path[TAKE_PATH_BYTES];

    *waiting = (struct waiting){ 0 };
    intake_batch_init(&look.batch);
    enum status rc = take_entries(world, world->site->dir, "intake", &names, diag);
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        if (take_entry_of(names.name[i]) == TAKE_LIST) {
            snprintf(path, sizeof(path), "intake/%s", names.name[i]);
            rc = approvals_add(&look.approvals, world, world->site->dir, path, NULL, diag);
            if (is_refusal(rc)) {
                /* What a list names that nobody believes is refused itself; what one was to name that cannot be
                 * read, nobody knows. */
                refuse(&look, names.name[i], rc, rc == STATUS_SIGNATURE ? 0 : ~UINT64_C(0));
                rc = STATUS_OK;
            }
        }
    }
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        enum take_entry entry = take_entry_of(names.name[i]);
        if (entry == TAKE_ROWS) {
            rc = file_look(&look, names.name[i]);
        } else if (entry == TAKE_OTHER) {
            world_say(world, "intake/%s: not an intake file, left alone", names.name[i]);
        }
    }
    if (waiting->count > 0) {
        qsort(waiting->file, waiting->count, sizeof(*waiting->file), by_order);
    }
    drop_doubles(waiting);
    if (rc == STATUS_OK) {
        rc = approvals_missing(&look.approvals, world, diag);
        if (is_refusal(rc)) {
            refuse(&look, diag->file, rc, ~UINT64_C(0));
            rc = STATUS_OK;
        }
    }
    approvals_release(&look.approvals);
    intake_batch_release(&look.batch);
    sys_names_release(&names);
    return rc;
}

void waiting_release(struct waiting *waiting)
{
    free(waiting->file);
    free(waiting->refused);
    *waiting = (struct waiting){ 0 };
}

enum status take_seal(struct world *world, struct waiting *waiting, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < waiting->count && rc == STATUS_OK; i++) {
        struct waiting_file *file = &waiting->file[i];
        struct ledger_intake intake = { .sha256 = file->sha256, .signed_at = file->approval.signed_at };
        if (file->state != INTAKE_UNKNOWN) {
            world_say(world, "intake/%s: known content, nothing new in it%s", file->name,
                      file->lists != 0 ? ", but for who is in the list" : "");
        }
        if (file->state != INTAKE_UNKNOWN && file->lists == 0) {
            continue;
        }
        memcpy(intake.name, file->name, sizeof(intake.name));
        if (file->approval.name[0] != '\0') {
            rc = ledger_approval(world->ledger, &file->approval, world->run.run, &intake.approval, diag);
        }
        if (rc == STATUS_OK) {
            rc = file->state == INTAKE_UNKNOWN
                     ? ledger_intake_seal(world->ledger, world->run.run, &intake, diag)
                     : ledger_intake_find(world->ledger, &file->sha256, &intake.intake, diag);
        }
        if (rc == STATUS_OK) {
            rc = take_listing(world, file, &intake, diag);
        }
    }
    return rc;
}
