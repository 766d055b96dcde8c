/*
 * write.c - the planned files of a run into staging: one task for each unit, each reading only the
 * ledger through a connection of its own.
 *
 * A crash leaves temporary files, which the next start sweeps, or whole files whose state is still
 * planned, which are written again with the same bytes. A file counts as staged when its signature and
 * digests are in the ledger, after the folder was synced.
 */
#include "write.h"

#include <stdlib.h>

struct unit_files {
    int unit;                   /* the ledger's number */
    const struct site_unit *site;
    struct ledger_file *file;   /* a slice of all files, those of this unit */
    size_t count;
    struct outgoing *outgoing;
};

struct writing {
    struct world *world;
    struct unit_files *unit;
    size_t count;
};

void staging_path(const struct ledger_file *file, char path[DIAG_FILE_BYTES])
{
    static const char folder[] = "state/staging";
    const char *name = strrchr(file->path, '/');

    ASSERT(name != NULL && sizeof(folder) + strlen(name) <= DIAG_FILE_BYTES);
    memcpy(path, folder, sizeof(folder) - 1);
    memcpy(path + sizeof(folder) - 1, name, strlen(name) + 1);
}

void outgoing_release(struct outgoing *outgoing)
{
    sys_file_abandon(outgoing->out);
    outgoing->out = NULL;
    xml_writer_release(&outgoing->writer);
    digester_free(outgoing->document);
    outgoing->document = NULL;
    buf_release(&outgoing->list);
}

/* ---- one unit ---- */

static struct outgoing *outgoing_of(const struct unit_files *files, int64_t batch)
{
    /* A unit's batches have consecutive numbers, in the order of its files. */
    int64_t index = batch - files->file[0].batch.batch;

    ASSERT(index >= 0 && (size_t)index < files->count && files->file[index].batch.batch == batch);
    return &files->outgoing[index];
}

static enum status instruction_write(struct outgoing *to, const struct ledger_instruction *instruction,
                                     struct diag *diag)
{
    bool cash = to->profile == NULL;
    enum status rc = STATUS_OK;

    if (to->file->state != FILE_PLANNED) {
        return STATUS_OK;       /* staged before a crash */
    }
    if (!to->started) {
        to->started = true;
        rc = cash ? list_begin(to, diag) : bank_begin(to, diag);
    }
    if (rc == STATUS_OK) {
        rc = cash ? list_add(to, instruction, diag) : bank_add(to, instruction, diag);
    }
    to->payments++;
    if (rc == STATUS_OK && !money_add(to->amount_dong, instruction->amount_dong, &to->amount_dong)) {
        rc = diag_fail(diag, STATUS_LIMIT, "the sum of a file overflows");
    }
    if (rc == STATUS_OK && to->payments == to->file->batch.payments) {
        rc = cash ? list_end(to, diag) : bank_end(to, diag);
        to->done = true;
    }
    return rc;
}

/* What was planned was written, to the last payment and dong. */
static enum status outgoing_check(const struct outgoing *to, struct diag *diag)
{
    const struct ledger_batch *batch = &to->file->batch;

    if (to->file->state != FILE_PLANNED ||
        (to->done && to->payments == batch->payments && to->amount_dong == batch->amount_dong)) {
        return STATUS_OK;
    }
    enum status rc = diag_fail(diag, STATUS_LEDGER, "the ledger's payments do not add up to the planned file %s",
                               batch->msg_id);
    diag_found(diag, "%llu payments, %lld dong", (unsigned long long)to->payments, (long long)to->amount_dong);
    diag_expected(diag, "%llu payments, %lld dong", (unsigned long long)batch->payments, (long long)batch->amount_dong);
    return rc;
}

static enum status unit_pass(const struct writing *writing, struct unit_files *files, struct ledger *ledger,
                             struct diag *diag)
{
    struct ledger_instructions *it = NULL;
    struct ledger_instruction instruction;
    bool more = true;

    enum status rc = ledger_instructions_new(ledger, writing->world->run.run, files->unit, &it, diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_instructions_next(it, &instruction, &more, diag);
        if (rc == STATUS_OK && more) {
            rc = instruction_write(outgoing_of(files, instruction.batch), &instruction, diag);
        }
    }
    for (size_t i = 0; i < files->count && rc == STATUS_OK; i++) {
        rc = outgoing_check(&files->outgoing[i], diag);
    }
    ledger_instructions_free(it);
    return rc;
}

static enum status outgoing_start(const struct writing *writing, struct unit_files *files, size_t index,
                                  struct diag *diag)
{
    struct outgoing *to = &files->outgoing[index];
    const struct digest *profile_digest = NULL;

    to->world = writing->world;
    to->unit = files->site;
    to->file = &files->file[index];
    if (to->file->batch.channel != CHANNEL_cash) {
        to->profile = world_profile(writing->world, to->file->batch.profile, &profile_digest);
        if (to->profile == NULL) {
            return diag_fail(diag, STATUS_CONFLICT, "the sealed formats have no profile %s", to->file->batch.profile);
        }
        to->file->profile = *profile_digest;
        to->file->certificate = *certificate_fingerprint(signer_certificate(writing->world->signer));
    }
    return STATUS_OK;
}

static enum status unit_work(void *context, size_t index, struct diag *diag)
{
    struct writing *writing = context;
    struct unit_files *files = &writing->unit[index];
    struct ledger *ledger = NULL;
    enum status rc = STATUS_OK;

    files->outgoing = mem_alloc(files->count + 1, sizeof(*files->outgoing));
    for (size_t i = 0; i < files->count && rc == STATUS_OK; i++) {
        rc = outgoing_start(writing, files, i, diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_open(writing->world->options->folder, LEDGER_READ, &ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = unit_pass(writing, files, ledger, diag);
    }
    ledger_close(ledger);
    for (size_t i = 0; i < files->count; i++) {
        outgoing_release(&files->outgoing[i]);
    }
    return rc;
}

/* In the order of the units: what was written becomes staged, in one transaction. */
static enum status unit_deliver(void *context, size_t index, struct diag *diag)
{
    struct writing *writing = context;
    struct unit_files *files = &writing->unit[index];
    struct world *world = writing->world;
    struct ledger_file *staged = mem_alloc(files->count + 1, sizeof(*staged));
    size_t count = 0;

    for (size_t i = 0; i < files->count; i++) {
        if (files->file[i].state == FILE_PLANNED) {
            staged[count] = files->file[i];
            staged[count++].signature = buf_span(&files->outgoing[i].signature);
        }
    }
    enum status rc = sys_dir_sync(world->site->dir, "state/staging", diag);
    if (rc == STATUS_OK) {
        rc = ledger_begin(world->ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_files_staged(world->ledger, staged, count, world->run.created_at, diag);
        if (rc == STATUS_OK) {
            rc = ledger_commit(world->ledger, diag);
        } else {
            ledger_rollback(world->ledger);
        }
    }
    for (size_t i = 0; i < files->count; i++) {
        buf_release(&files->outgoing[i].signature);
    }
    free(files->outgoing);
    files->outgoing = NULL;
    free(staged);
    return rc;
}

/* ---- the run ---- */

static bool unit_is_open(const struct unit_files *files)
{
    bool open = false;

    for (size_t i = 0; i < files->count; i++) {
        open = open || files->file[i].state == FILE_PLANNED;
    }
    return open;
}

enum status write_files(struct world *world, struct diag *diag)
{
    struct writing writing = { .world = world };
    struct unit_files unit[SITE_UNITS_MAX];
    struct arena arena[SITE_UNITS_MAX] = { { NULL, 0 } };
    unsigned jobs = world->options->jobs == 0 ? sys_processors() : world->options->jobs;
    enum status rc = STATUS_OK;

    writing.unit = unit;
    for (unsigned i = 0; i < world->config->unit_count && rc == STATUS_OK; i++) {
        struct unit_files *files = &unit[writing.count];
        *files = (struct unit_files){ .unit = world->unit[i], .site = &world->config->unit[i] };
        rc = ledger_files(world->ledger, world->run.run, world->unit[i], &arena[i], &files->file, &files->count, diag);
        if (rc == STATUS_OK && unit_is_open(files)) {
            writing.count++;
        } else {
            free(files->file);
        }
    }
    if (rc == STATUS_OK) {
        struct sys_pool pool = { .jobs = jobs, .count = writing.count, .work = unit_work, .deliver = unit_deliver,
                                 .context = &writing };
        rc = sys_pool_run(&pool, diag);
    }
    for (size_t i = 0; i < writing.count; i++) {
        for (size_t j = 0; unit[i].outgoing != NULL && j < unit[i].count; j++) {
            buf_release(&unit[i].outgoing[j].signature);    /* of a unit that was not delivered */
        }
        free(unit[i].file);
        free(unit[i].outgoing);
    }
    for (size_t i = 0; i < SITE_UNITS_MAX; i++) {
        arena_release(&arena[i]);
    }
    return rc;
}
