/*
 * write.c - the planned files into staging: one task for each unit of each run, each reading only the
 * ledger through a connection of its own.
 *
 * A crash leaves temporary files, which the next start sweeps, or whole files whose state is still
 * planned, which are written again with the same bytes. A file counts as staged when its signature and
 * digests are in the ledger, after the folder was synced.
 */
#include "write.h"

#include <stdlib.h>

struct unit_files {             /* the planned files of one unit's run */
    const struct site_unit *site;
    struct ledger_file *file;   /* a slice of all */
    size_t count;
    int64_t batch_first;        /* of the unit's batches that are written */
    size_t batch_count;
    size_t *index;              /* by batch: its file, + 1; 0: not written now */
    struct ledger_kept *kept;   /* the unit's usual payments, if they are in memory; freed once they are written */
    struct outgoing *outgoing;
};

struct writing {
    struct world *world;
    enum state_by by;
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
    digester_free(outgoing->whole);
    outgoing->whole = NULL;
    buf_release(&outgoing->list);
}

/* ---- one unit ---- */

/* The file that an instruction belongs to; NULL: it is not written now. */
static struct outgoing *outgoing_of(const struct unit_files *files, int64_t batch)
{
    if (batch < files->batch_first || batch - files->batch_first >= (int64_t)files->batch_count) {
        return NULL;
    }
    size_t index = files->index[batch - files->batch_first];
    return index == 0 ? NULL : &files->outgoing[index - 1];
}

static void batches_index(struct unit_files *files)
{
    int64_t first = files->file[0].batch.batch;
    int64_t last = first;

    for (size_t i = 1; i < files->count; i++) {
        int64_t batch = files->file[i].batch.batch;
        first = batch < first ? batch : first;
        last = batch > last ? batch : last;
    }
    files->batch_first = first;
    files->batch_count = (size_t)(last - first) + 1;
    files->index = mem_alloc(files->batch_count, sizeof(*files->index));
    for (size_t i = 0; i < files->count; i++) {
        files->index[files->file[i].batch.batch - first] = i + 1;
    }
}

static enum status instruction_write(struct outgoing *to, const struct ledger_instruction *instruction,
                                     struct diag *diag)
{
    bool cash = to->profile == NULL;
    enum status rc = STATUS_OK;

    if (to->done) {
        to->payments++;         /* more than the file holds: outgoing_check tells */
        return STATUS_OK;
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

    if (to->done && to->payments == batch->payments && to->amount_dong == batch->amount_dong) {
        return STATUS_OK;
    }
    enum status rc = diag_fail(diag, STATUS_LEDGER, "the ledger's payments do not add up to the planned file %s",
                               batch->msg_id);
    diag_found(diag, "%llu payments, %lld dong", (unsigned long long)to->payments, (long long)to->amount_dong);
    diag_expected(diag, "%llu payments, %lld dong", (unsigned long long)batch->payments, (long long)batch->amount_dong);
    return rc;
}

static enum status unit_stream(struct unit_files *files, struct ledger *ledger, struct diag *diag)
{
    struct ledger_instructions *it = NULL;
    struct ledger_instruction instruction;
    bool more = true;

    enum status rc = ledger_instructions_new(ledger, files->file[0].run, files->file[0].batch.unit, files->kept, &it, diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_instructions_next(it, &instruction, &more, diag);
        if (rc == STATUS_OK && more) {
            struct outgoing *to = outgoing_of(files, instruction.batch);
            rc = to == NULL ? STATUS_OK : instruction_write(to, &instruction, diag);
        }
    }
    ledger_instructions_free(it);
    return rc;
}

static enum status unit_pass(struct unit_files *files, struct ledger *ledger, struct diag *diag)
{
    enum status rc = unit_stream(files, ledger, diag);

    for (size_t i = 0; i < files->count && rc == STATUS_OK; i++) {
        rc = outgoing_check(&files->outgoing[i], diag);
    }
    return rc;
}

const struct bank_profile *file_profile(const struct world *world, const struct ledger_file *file,
                                        const struct digest **digest)
{
    int index = site_unit_find(world->config, span_of(file->unit_code));
    const struct site_unit *unit = index < 0 ? NULL : &world->config->unit[index];

    for (unsigned i = 0; unit != NULL && i < unit->account_count; i++) {
        if (strcmp(unit->account[i].number, file->batch.account) == 0 &&
            strcmp(unit->account[i].bin, file->batch.bank) == 0) {
            return world_profile(world, unit->account[i].profile, digest);
        }
    }
    return NULL;
}

static enum status outgoing_start(const struct world *world, struct unit_files *files, size_t index, struct diag *diag)
{
    struct outgoing *to = &files->outgoing[index];
    const struct digest *profile_digest = NULL;

    to->world = world;
    to->unit = files->site;
    to->file = &files->file[index];
    to->file->config = world->run.config;
    to->file->formats = world->run.formats;
    if (to->file->batch.channel != CHANNEL_cash) {
        to->profile = file_profile(world, to->file, &profile_digest);
        if (to->profile == NULL) {
            return diag_fail(diag, STATUS_CONFLICT, "the configuration has no account that pays %s",
                             to->file->batch.msg_id);
        }
        to->file->profile = *profile_digest;
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
        rc = outgoing_start(writing->world, files, i, diag);
        if (files->file[i].batch.channel != CHANNEL_cash) {
            files->file[i].certificate = *certificate_fingerprint(signer_certificate(writing->world->signer));
        }
    }
    if (rc == STATUS_OK) {
        rc = ledger_open(writing->world->options->folder, LEDGER_READ, &ledger, diag);
    }
    if (rc == STATUS_OK) {
        batches_index(files);
        rc = unit_pass(files, ledger, diag);
    }
    ledger_close(ledger);
    for (size_t i = 0; i < files->count; i++) {
        outgoing_release(&files->outgoing[i]);
    }
    ledger_kept_free(files->kept);
    files->kept = NULL;
    free(files->index);
    return rc;
}

/* In the order of the units: what was written becomes staged, in one transaction. */
static enum status unit_deliver(void *context, size_t index, struct diag *diag)
{
    struct writing *writing = context;
    struct unit_files *files = &writing->unit[index];
    struct world *world = writing->world;

    for (size_t i = 0; i < files->count; i++) {
        files->file[i].signature = buf_span(&files->outgoing[i].signature);
    }
    enum status rc = sys_dir_sync(world->site->dir, "state/staging", diag);
    if (rc == STATUS_OK) {
        rc = ledger_begin(world->ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_files_staged(world->ledger, writing->by, files->file, files->count, world->run.created_at, diag);
        if (rc == STATUS_OK) {
            rc = ledger_commit(world->ledger, diag);
        } else {
            ledger_rollback(world->ledger);
        }
    }
    return rc;
}

/* ---- all of them ---- */

/* Cuts the files, which come by run and unit, into their units. */
static enum status units_make(struct writing *writing, struct ledger_file *file, size_t count, struct diag *diag)
{
    const struct site_config *config = writing->world->config;
    size_t next;

    for (size_t i = 0; i < count; i = next) {
        for (next = i + 1; next < count && file[next].run == file[i].run && file[next].batch.unit == file[i].batch.unit;) {
            next++;
        }
        int unit = site_unit_find(config, span_of(file[i].unit_code));
        if (unit < 0) {
            return diag_fail(diag, STATUS_CONFIG, "chitra.xml has no unit %s, which %s belongs to", file[i].unit_code,
                             file[i].batch.msg_id);
        }
        writing->unit = mem_resize(writing->unit, writing->count + 1, sizeof(*writing->unit));
        writing->unit[writing->count++] = (struct unit_files){ .site = &config->unit[unit], .file = &file[i],
                                                               .count = next - i,
                                                               .kept = world_kept_take(writing->world, file[i].run,
                                                                                       file[i].batch.unit) };
    }
    return STATUS_OK;
}

enum status write_files(struct world *world, enum state_by by, struct diag *diag)
{
    struct writing writing = { .world = world, .by = by };
    struct arena arena = ARENA_INIT;
    struct ledger_file *file = NULL;
    size_t count = 0;

    enum status rc = ledger_files_planned(world->ledger, &arena, &file, &count, diag);
    if (rc == STATUS_OK) {
        rc = units_make(&writing, file, count, diag);
    }
    if (rc == STATUS_OK) {
        struct sys_pool pool = { .jobs = world->options->jobs == 0 ? sys_processors() : world->options->jobs,
                                 .count = writing.count, .work = unit_work, .deliver = unit_deliver,
                                 .context = &writing };
        rc = sys_pool_run(&pool, diag);
    }
    for (size_t i = 0; i < writing.count; i++) {
        for (size_t j = 0; writing.unit[i].outgoing != NULL && j < writing.unit[i].count; j++) {
            buf_release(&writing.unit[i].outgoing[j].signature);
        }
        free(writing.unit[i].outgoing);
        ledger_kept_free(writing.unit[i].kept);     /* of a unit that was not reached */
    }
    free(writing.unit);
    free(file);
    arena_release(&arena);
    return rc;
}

/* ---- one file again ---- */

/* Writes one file into staging by what it was written by: with the signature that it has, or a signer's new one. */
static enum status write_one(struct world *world, struct ledger_file *file, bool marked, struct diag *diag)
{
    struct outgoing *outgoing = mem_alloc(1, sizeof(*outgoing));
    struct unit_files files = { .file = file, .count = 1, .outgoing = outgoing };

    enum status rc = world_load_formats(world, diag);
    if (rc == STATUS_OK) {
        int unit = site_unit_find(world->config, span_of(file->unit_code));
        ASSERT(unit >= 0);      /* it was written by this configuration */
        files.site = &world->config->unit[unit];
        rc = outgoing_start(world, &files, 0, diag);
    }
    if (rc == STATUS_OK) {
        outgoing->again = world->signer == NULL;
        outgoing->marked = marked;
        batches_index(&files);
        rc = unit_pass(&files, world->ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = sys_dir_sync(world->site->dir, "state/staging", diag);
    }
    outgoing_release(outgoing);
    buf_release(&outgoing->signature);
    free(outgoing);
    free(files.index);
    return rc;
}

static enum status same_check(const struct site *site, const struct ledger_file *written,
                              const struct ledger_file *file, struct diag *diag)
{
    char path[DIAG_FILE_BYTES];

    if (digest_equal(&written->content, &file->content)) {
        return STATUS_OK;
    }
    staging_path(file, path);
    enum status rc = sys_remove(site->dir, path, diag);
    return rc == STATUS_OK ? diag_fail(diag, STATUS_CONFLICT, "%s, written again, is not what it was", file->batch.msg_id)
                           : rc;
}

enum status write_again(const struct site *site, struct ledger *ledger, const struct ledger_file *file,
                        struct diag *diag)
{
    struct world world = { .site = site, .ledger = ledger, .run = { .config = file->config, .formats = file->formats } };
    struct ledger_file written = *file;

    enum status rc = write_one(&world, &written, false, diag);
    world_release(&world);
    return rc == STATUS_OK ? same_check(site, &written, file, diag) : rc;
}

enum status write_marked(const struct site *site, struct ledger *ledger, struct ledger_file *file, struct sys_time at,
                         struct diag *diag)
{
    struct world world = { .site = site, .ledger = ledger, .run = { .config = file->config, .formats = file->formats } };

    enum status rc = site_signer(site, at, &world.signer, diag);
    if (rc == STATUS_OK) {
        rc = write_one(&world, file, true, diag);
    }
    world_release(&world);
    return rc;
}

/* ---- all files of a unit's run, to nowhere ---- */

static void nowhere_tell(const struct outgoing *to, const struct digest *recorded, run_fault *tell, void *context)
{
    struct diag fault = { .line = 0 };
    char hex[2][DIGEST_HEX_BYTES];

    enum status rc = outgoing_check(to, &fault);
    if (rc == STATUS_OK && !digest_equal(&to->file->xml, recorded)) {
        rc = diag_fail(&fault, STATUS_CONFLICT, "written again from the ledger, the file is not what was signed");
        digest_hex(&to->file->xml, hex[0]);
        digest_hex(recorded, hex[1]);
        diag_found(&fault, "SHA-256 %s", hex[0]);
        diag_expected(&fault, "%s", hex[1]);
    }
    if (rc == STATUS_OK && to->verdict != STATUS_OK) {
        rc = to->verdict;
        fault = to->why;
    }
    if (rc != STATUS_OK) {
        diag_at(&fault, to->file->path, 0, 0);
        tell(context, rc == STATUS_SIGNATURE ? rc : STATUS_CONFLICT, &fault);
    }
}

enum status write_nowhere(const struct world *world, struct ledger *ledger, struct ledger_file *file, size_t count,
                          run_fault *tell, void *context, struct diag *diag)
{
    struct outgoing *outgoing = mem_alloc(count, sizeof(*outgoing));
    struct digest *recorded = mem_alloc(count, sizeof(*recorded));
    struct unit_files files = { .file = file, .count = count, .outgoing = outgoing };
    int unit = site_unit_find(world->config, span_of(file->unit_code));
    enum status rc = unit >= 0 ? STATUS_OK : diag_fail(diag, STATUS_CONFLICT, "the sealed configuration has no unit %s", file->unit_code);

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        recorded[i] = file[i].xml;
        files.site = &world->config->unit[unit];
        rc = outgoing_start(world, &files, i, diag);
        outgoing[i].again = true;
        outgoing[i].nowhere = true;
    }
    if (rc == STATUS_OK) {
        batches_index(&files);
        rc = unit_stream(&files, ledger, diag);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        nowhere_tell(&outgoing[i], &recorded[i], tell, context);
    }
    for (size_t i = 0; i < count; i++) {
        outgoing_release(&outgoing[i]);
    }
    free(files.index);
    free(recorded);
    free(outgoing);
    return rc;
}
