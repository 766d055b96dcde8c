/*
 * audit_files.c - what left the site, or is about to: each file where its state says, with the bytes that the
 * ledger recorded, and nothing beside them.
 *
 * A released file may have been fetched: that it is not in outbox/ any more is no fault.
 */
#include "auditing.h"
#include "run/release/outbox.h"
#include "run/take/take.h"
#include "run/verify/verify.h"

#include "chitra/ledger_errand.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 1 << 30 };

struct looking_at {
    struct auditing *auditing;
    struct ledger_file *file;
    size_t count;
    const char **path;          /* where those that went out belong, sorted */
    size_t path_count;
    struct ledger_errand_file *copy;    /* what was sent again under names of its own */
    size_t copy_count;
    struct diag *diag;
};

static void told(struct looking_at *to, enum status kind, struct diag *fault, const char *path)
{
    if (kind != STATUS_OK) {
        diag_at(fault, path, 0, 0);
        fault_add(&to->auditing->faults, kind, fault);
    }
}

/* ---- each file of the ledger ---- */

static bool is_out(enum file_state state)
{
    return state >= FILE_RELEASED && state != FILE_VOIDED && state != FILE_SUPERSEDED;
}

/* The XML inside a compressed file is the one that was signed: the digest of the container alone does not say so. */
static enum status xml_check(struct span content, const struct ledger_file *file, const char *path, struct diag *fault)
{
    struct buf plain = BUF_INIT(FILE_BYTES_MAX);
    struct digest digest;

    enum status rc = gzip_unpack(content, path, &plain, fault);
    digest_of(buf_span(&plain), &digest);
    if (rc == STATUS_OK && !digest_equal(&digest, &file->xml)) {
        rc = diag_fail(fault, STATUS_SIGNATURE, "the compressed file holds another document than was signed");
    }
    buf_release(&plain);
    return rc;
}

/* Its bytes at a place; `absent` says what it means that it is not there (STATUS_OK: nothing). */
static void place_check(struct looking_at *to, const struct ledger_file *file, const char *path, enum status absent)
{
    struct buf content = BUF_INIT(FILE_BYTES_MAX);
    struct digest digest;
    struct diag fault = { .line = 0 };

    enum status kind = sys_read(to->auditing->site->dir, path, &content, &fault);
    digest_of(buf_span(&content), &digest);
    if (kind == STATUS_OK && !digest_equal(&digest, &file->content)) {
        kind = diag_fail(&fault, STATUS_SIGNATURE, "a file is not what was written and signed");
    } else if (kind == STATUS_OK && is_gzip(buf_span(&content))) {
        kind = xml_check(buf_span(&content), file, path, &fault);
    }
    buf_release(&content);
    told(to, kind == STATUS_NO_INPUT ? absent : kind, &fault, path);
}

static void file_check(struct looking_at *to, const struct ledger_file *file)
{
    const struct site *site = to->auditing->site;
    struct diag fault = { .line = 0 };
    char staging[DIAG_FILE_BYTES];

    staging_path(file, staging);
    if (file->state == FILE_STAGED) {
        place_check(to, file, staging, STATUS_NO_INPUT);
    } else if (file->state == FILE_RELEASING) {
        place_check(to, file, sys_exists(site->dir, staging) ? staging : file->path, STATUS_OK);
    } else if (is_out(file->state) && sys_exists(site->dir, file->path)) {
        place_check(to, file, file->path, STATUS_NO_INPUT);
    } else if (is_out(file->state)) {
        to->auditing->audited->away++;
    } else if (sys_exists(site->dir, file->path)) {
        (void)diag_fail(&fault, STATUS_CONFLICT, "a file that does not count lies where it could be sent");
        diag_found(&fault, "%s", file_state_name(file->state));
        told(to, STATUS_CONFLICT, &fault, file->path);
    }
}

bool audit_is_asked(const struct auditing *to, const struct ledger_file *file)
{
    return to->options->period == MONTH_NONE || to->options->period == file->period;
}

/* ---- each file of the folders ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool counts(const struct looking_at *to, int64_t file)
{
    for (size_t i = 0; i < to->count; i++) {
        if (to->file[i].file == file) {
            return is_out(to->file[i].state);
        }
    }
    return false;
}

/* Copies that were marked; those of a file that was withdrawn have left with it. */
static void copies_take(struct looking_at *to)
{
    for (size_t i = 0; i < to->copy_count; i++) {
        const struct ledger_errand_file *copy = &to->copy[i];
        struct diag fault = { .line = 0 };
        if (counts(to, copy->file.file)) {
            enum status kind = outbox_hash_check(to->auditing->site, copy->path, &copy->content, &fault);
            to->path[to->path_count++] = copy->path;
            told(to, kind == STATUS_NO_INPUT ? STATUS_OK : kind, &fault, copy->path);
        }
    }
}

static void paths_take(struct looking_at *to)
{
    to->path = mem_alloc(to->count + to->copy_count + 1, sizeof(*to->path));
    copies_take(to);
    for (size_t i = 0; i < to->count; i++) {
        if (is_out(to->file[i].state) || to->file[i].state == FILE_RELEASING) {
            to->path[to->path_count++] = to->file[i].path;
        }
    }
    qsort(to->path, to->path_count, sizeof(*to->path), by_text);
}

static void stranger_check(struct looking_at *to, const char *path)
{
    struct diag fault = { .line = 0 };

    if (bsearch(&path, to->path, to->path_count, sizeof(*to->path), by_text) == NULL) {
        (void)diag_fail(&fault, STATUS_CONFLICT, "the ledger has released no such file");
        told(to, STATUS_CONFLICT, &fault, path);
    }
}

/* One folder of outbox/ or cash/ and those below it: banks and points in months. `lists`: signed lists lie here. */
static enum status folder_check(struct looking_at *to, const char *folder, int depth)
{
    const struct site *site = to->auditing->site;
    bool lists = depth == 1 && strncmp(folder, "outbox/", 7) == 0;
    struct sys_names names = { NULL, 0 };
    char path[2 * DIAG_FILE_BYTES];

    enum status rc = sys_dir_list(site->dir, folder, &names, to->diag);
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        enum take_entry entry = take_entry_of(names.name[i]);
        snprintf(path, sizeof(path), "%s/%s", folder, names.name[i]);
        if (!lists || (entry != TAKE_LIST && entry != TAKE_SIGNATURE)) {
            stranger_check(to, path);
        }
    }
    sys_names_release(&names);
    if (rc == STATUS_OK) {
        rc = sys_dir_folders(site->dir, folder, &names, to->diag);
    }
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        if (snprintf(path, sizeof(path), "%s/%s", folder, names.name[i]) >= DIAG_FILE_BYTES || depth == 2) {
            struct diag fault = { .line = 0 };
            (void)diag_fail(&fault, STATUS_CONFLICT, "a folder that no release has made");
            told(to, STATUS_CONFLICT, &fault, path);
        } else {
            rc = folder_check(to, path, depth + 1);
        }
    }
    sys_names_release(&names);
    return rc;
}

enum status audit_files(struct auditing *auditing, struct diag *diag)
{
    struct looking_at to = { .auditing = auditing, .diag = diag };
    struct arena arena = ARENA_INIT;

    enum status rc = ledger_files(auditing->ledger, 0, 0, &arena, &to.file, &to.count, diag);
    for (size_t i = 0; i < to.count && rc == STATUS_OK; i++) {
        if (audit_is_asked(auditing, &to.file[i])) {
            file_check(&to, &to.file[i]);
        }
    }
    if (rc == STATUS_OK) {
        rc = ledger_release_copies(auditing->ledger, 0, &to.copy, &to.copy_count, diag);
    }
    if (rc == STATUS_OK) {
        paths_take(&to);
        rc = folder_check(&to, "outbox", 0);
    }
    if (rc == STATUS_OK) {
        rc = folder_check(&to, "cash", 0);
    }
    free(to.file);
    free(to.path);
    free(to.copy);
    arena_release(&arena);
    return rc;
}
