/*
 * audit_rewrite.c - every file that counts written again from the ledger: the same bytes, under the signature that
 * was made over them, or somebody changed what it carries.
 *
 * A file that was rejected whole, withdrawn or replaced carries nothing any more: it lies in the archive as it was.
 */
#include "auditing.h"
#include "run/world.h"

#include <stdlib.h>

struct rewriting {
    struct auditing *auditing;
    struct world world;         /* configuration and formats that the files were written by */
    bool loaded;
    struct diag *diag;
};

static bool counts(enum file_state state)
{
    switch (state) {
    case FILE_STAGED:
    case FILE_RELEASING:
    case FILE_RELEASED:
    case FILE_HANDED_OVER:
    case FILE_UNKNOWN:
    case FILE_ACCEPTED:
    case FILE_PARTLY:
        return true;
    default:
        return false;
    }
}

/* By run and unit, whose rows are read in one pass, then by what they were written by. */
static int by_pass(const void *a, const void *b)
{
    const struct ledger_file *one = a;
    const struct ledger_file *other = b;
    int order = one->run != other->run ? (one->run < other->run ? -1 : 1) : one->batch.unit - other->batch.unit;

    if (order == 0) {
        order = memcmp(&one->config, &other->config, sizeof(one->config));
    }
    if (order == 0) {
        order = memcmp(&one->formats, &other->formats, sizeof(one->formats));
    }
    return order != 0 ? order : (one->file < other->file ? -1 : one->file > other->file);
}

static bool same_pass(const struct ledger_file *one, const struct ledger_file *other)
{
    return one->run == other->run && one->batch.unit == other->batch.unit &&
           digest_equal(&one->config, &other->config) && digest_equal(&one->formats, &other->formats);
}

static enum status world_enter(struct rewriting *to, const struct ledger_file *file, struct diag *fault)
{
    struct world *world = &to->world;

    if (to->loaded && digest_equal(&world->run.config, &file->config) && digest_equal(&world->run.formats, &file->formats)) {
        return STATUS_OK;
    }
    world_release(world);
    *world = (struct world){ .site = to->auditing->site, .ledger = to->auditing->ledger,
                             .run = { .config = file->config, .formats = file->formats } };
    enum status rc = world_load_formats(world, fault);
    to->loaded = rc == STATUS_OK;
    return rc;
}

static void differs(void *context, enum status kind, const struct diag *fault)
{
    struct auditing *to = context;

    fault_add(&to->faults, kind, fault);
}

static enum status pass(struct rewriting *to, struct ledger_file *file, size_t count)
{
    struct auditing *auditing = to->auditing;
    struct diag fault = { .line = 0 };

    enum status rc = world_enter(to, file, &fault);
    if (rc == STATUS_OK) {
        rc = write_nowhere(&to->world, auditing->ledger, file, count, differs, auditing, &fault);
    }
    if (rc != STATUS_OK) {
        diag_hint(&fault, "the files of unit %s in run %lld are not written again", file->unit_code, (long long)file->run);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        auditing->audited->files++;
        auditing->audited->payments += file[i].batch.payments;
    }
    /* Rows that cannot be written are a fault of the ledger's content, whoever says so. */
    return audit_result(auditing, rc == STATUS_LEDGER ? STATUS_CONFLICT : rc, &fault, to->diag);
}

enum status audit_rewrite(struct auditing *auditing, struct diag *diag)
{
    struct rewriting to = { .auditing = auditing, .diag = diag };
    struct arena arena = ARENA_INIT;
    struct ledger_file *file = NULL;
    size_t all = 0;
    size_t count = 0;
    size_t next;

    enum status rc = ledger_files(auditing->ledger, 0, 0, &arena, &file, &all, diag);
    for (size_t i = 0; i < all && rc == STATUS_OK; i++) {
        if (counts(file[i].state) && audit_is_asked(auditing, &file[i])) {
            file[count++] = file[i];
        }
    }
    if (count > 0) {
        qsort(file, count, sizeof(*file), by_pass);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i = next) {
        for (next = i + 1; next < count && same_pass(&file[i], &file[next]);) {
            next++;
        }
        rc = pass(&to, &file[i], next - i);
    }
    world_release(&to.world);
    free(file);
    arena_release(&arena);
    return rc;
}
