/*
 * take_look.c - what waits in intake/: lists and their signatures, digests, families, order.
 *
 * Nothing is changed here. A file that no valid approval names, whose digest is another, or that cannot
 * be read stops the run before it starts: part of a month is never paid by mistake for the whole.
 */
#include "world.h"

#include "chitra/intake.h"

#include <stdio.h>
#include <stdlib.h>

enum { LIST_BYTES_MAX = 16 * 1024 * 1024, SIGNATURE_BYTES_MAX = 1024 * 1024 };


struct looking {
    struct world *world;
    struct waiting *waiting;
    struct intake_list *list;   /* one for each approval; owns the names */
    struct intake_batch batch;  /* one for all files: it is megabytes */
    struct diag *diag;
};

static bool ends_in(const char *name, const char *ending)
{
    size_t size = strlen(name);
    size_t tail = strlen(ending);

    return size > tail && strcmp(name + size - tail, ending) == 0;
}

/* ---- approvals ---- */

static enum status approval_verify(struct looking *look, const char *name, struct span list, struct span signature,
                                   struct ledger_approval *approval)
{
    struct site *site = look->world->site;
    struct cms_signature made;
    char path[DIAG_FILE_BYTES + 16];

    snprintf(path, sizeof(path), "intake/%s", name);
    enum status rc = cms_verify(signature, list, (const struct certificate *const *)site->trusted, site->trusted_count,
                                look->world->now, path, &made, look->diag);
    if (rc == STATUS_OK) {
        *approval = (struct ledger_approval){ .signer = made.signer, .signed_at = sys_time_unix(made.signed_at) };
        digest_of(list, &approval->list);
        digest_of(signature, &approval->signature);
        snprintf(approval->name, sizeof(approval->name), "%s", name);
    }
    return rc;
}

static enum status approval_read(struct looking *look, const char *name)
{
    char path[DIAG_FILE_BYTES + 16];
    struct buf list = BUF_INIT(LIST_BYTES_MAX);
    struct buf signature = BUF_INIT(SIGNATURE_BYTES_MAX);
    struct ledger_approval approval;
    size_t count = look->waiting->approval_count;

    snprintf(path, sizeof(path), "intake/%s", name);
    enum status rc = sys_read(look->world->site->dir, path, &list, look->diag);
    if (rc == STATUS_OK) {
        snprintf(path, sizeof(path), "intake/%s.p7s", name);
        rc = sys_read(look->world->site->dir, path, &signature, look->diag);
        if (rc == STATUS_NO_INPUT) {
            rc = diag_fail(look->diag, STATUS_SIGNATURE, "the list is not signed");
            diag_at(look->diag, path, 0, 0);
            diag_hint(look->diag, "openssl cms -sign -binary -in LIST -outform DER -out LIST.p7s ...");
        }
    }
    if (rc == STATUS_OK) {
        rc = approval_verify(look, name, buf_span(&list), buf_span(&signature), &approval);
    }
    if (rc == STATUS_OK) {
        look->waiting->approval = mem_resize(look->waiting->approval, count + 1, sizeof(approval));
        look->list = mem_resize(look->list, count + 1, sizeof(*look->list));
        look->waiting->approval[count] = approval;
        look->list[count] = (struct intake_list){ 0 };
        look->waiting->approval_count = count + 1;
        snprintf(path, sizeof(path), "intake/%s", name);
        rc = intake_list_read(buf_span(&list), path, &look->list[count], look->diag);
    }
    buf_release(&list);
    buf_release(&signature);
    return rc;
}

/* The latest approval that names the file with this digest; NULL if none does. *named tells whether any
 * names it at all. */
static const struct ledger_approval *approval_of(const struct looking *look, const char *name,
                                                 const struct digest *sha256, bool *named)
{
    const struct ledger_approval *best = NULL;

    *named = false;
    for (size_t a = 0; a < look->waiting->approval_count; a++) {
        for (size_t i = 0; i < look->list[a].count; i++) {
            const struct intake_approved *item = &look->list[a].item[i];
            if (strcmp(item->name, name) != 0) {
                continue;
            }
            *named = true;
            if (memcmp(item->sha256, sha256->bytes, DIGEST_BYTES) == 0 &&
                (best == NULL || look->waiting->approval[a].signed_at > best->signed_at)) {
                best = &look->waiting->approval[a];
            }
        }
    }
    return best;
}

/* ---- files ---- */

static enum status refused(struct looking *look, const char *path, const char *what, const char *hint)
{
    enum status rc = diag_fail(look->diag, STATUS_SIGNATURE, "%s", what);

    diag_at(look->diag, path, 0, 0);
    diag_hint(look->diag, "%s", hint);
    return rc;
}

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
    bool whole = !ends_in(path, ".gz") && intake_is_plain(content);
    while (rc == STATUS_OK && !whole && (batch->row_count > 0 || batch->finding_count > 0)) {
        rc = intake_read(reader, batch, diag);
    }
    if (rc == STATUS_OK && (*family == FAMILY_orders || *family == FAMILY_cash_results)) {
        rc = diag_fail(diag, STATUS_INPUT, "files of the family %s are not taken from intake/", family_name(*family));
        diag_hint(diag, "cash results belong to inbox/; orders need a later version of chitra");
    }
    diag_at(diag, path, 0, 0);
    intake_free(reader);
    return rc;
}

static enum status file_look(struct looking *look, const char *name)
{
    char path[DIAG_FILE_BYTES + 16];
    struct buf content = BUF_INIT(INTAKE_FILE_BYTES_MAX);
    struct waiting_file file = { .family = FAMILY_COUNT };
    bool named = false;

    snprintf(path, sizeof(path), "intake/%s", name);
    enum status rc = sys_read(look->world->site->dir, path, &content, look->diag);
    if (rc == STATUS_OK) {
        digest_of(buf_span(&content), &file.sha256);
        const struct ledger_approval *approval = approval_of(look, name, &file.sha256, &named);
        if (approval != NULL) {
            file.approval = *approval;
        } else if (named) {
            rc = refused(look, path, "the file is not the one that was approved (another SHA-256)",
                         "ask the approving office for the file or a new approval");
        } else if (!look->world->site->config->intake_open) {
            rc = refused(look, path, "no valid approval names the file",
                         "a signed list NAME.sha256 with NAME.sha256.p7s must name it");
        }
    }
    if (rc == STATUS_OK) {
        rc = ledger_intake_state(look->world->ledger, &file.sha256, &file.state, look->diag);
    }
    if (rc == STATUS_OK && file.state == INTAKE_UNKNOWN) {
        rc = family_of(&look->batch, buf_span(&content), path, &file.family, look->diag);
    }
    if (rc == STATUS_OK) {
        ASSERT(strlen(name) < sizeof(file.name));
        memcpy(file.name, name, strlen(name) + 1);
        struct waiting *waiting = look->waiting;
        waiting->file = mem_resize(waiting->file, waiting->count + 1, sizeof(file));
        waiting->file[waiting->count++] = file;
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

/* A list may come before its files, or with some of them lost: people are told. */
static enum status tell_missing(const struct looking *look)
{
    enum status rc = STATUS_OK;

    for (size_t a = 0; a < look->waiting->approval_count; a++) {
        for (size_t i = 0; i < look->list[a].count && rc == STATUS_OK; i++) {
            const struct intake_approved *item = &look->list[a].item[i];
            enum intake_state state = INTAKE_UNKNOWN;
            struct digest sha256;
            char path[DIAG_FILE_BYTES + 16];
            memcpy(sha256.bytes, item->sha256, DIGEST_BYTES);
            snprintf(path, sizeof(path), "intake/%s", item->name);
            if (!sys_exists(look->world->site->dir, path)) {
                rc = ledger_intake_state(look->world->ledger, &sha256, &state, look->diag);
                if (rc == STATUS_OK && state == INTAKE_UNKNOWN) {
                    world_say(look->world, "intake/%s: named by %s, but it is not there", item->name,
                              look->waiting->approval[a].name);
                }
            }
        }
    }
    return rc;
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

    *waiting = (struct waiting){ 0 };
    intake_batch_init(&look.batch);
    enum status rc = sys_dir_list(world->site->dir, "intake", &names, diag);
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        if (ends_in(names.name[i], ".sha256")) {
            rc = approval_read(&look, names.name[i]);
        }
    }
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        const char *name = names.name[i];
        if (strlen(name) >= DIAG_FILE_BYTES - 8) {
            rc = diag_fail(diag, STATUS_LIMIT, "a file's name in intake/ is too long");
        } else if (ends_in(name, ".csv") || ends_in(name, ".csv.gz")) {
            rc = file_look(&look, name);
        } else if (!ends_in(name, ".sha256") && !ends_in(name, ".p7s")) {
            world_say(world, "intake/%s: not an intake file, left alone", name);
        }
    }
    if (waiting->count > 0) {
        qsort(waiting->file, waiting->count, sizeof(*waiting->file), by_order);
    }
    drop_doubles(waiting);
    if (rc == STATUS_OK) {
        rc = tell_missing(&look);
    }
    for (size_t i = 0; i < waiting->approval_count; i++) {
        intake_list_release(&look.list[i]);
    }
    free(look.list);
    intake_batch_release(&look.batch);
    sys_names_release(&names);
    return rc;
}

void waiting_release(struct waiting *waiting)
{
    free(waiting->file);
    free(waiting->approval);
    *waiting = (struct waiting){ 0 };
}

enum status take_seal(struct world *world, struct waiting *waiting, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < waiting->count && rc == STATUS_OK; i++) {
        struct waiting_file *file = &waiting->file[i];
        struct ledger_intake intake = { .sha256 = file->sha256, .signed_at = file->approval.signed_at };
        if (file->state != INTAKE_UNKNOWN) {
            world_say(world, "intake/%s: known content, nothing new in it", file->name);
            continue;
        }
        memcpy(intake.name, file->name, sizeof(intake.name));
        if (file->approval.name[0] != '\0') {
            rc = ledger_approval(world->ledger, &file->approval, world->run.run, &intake.approval, diag);
        }
        if (rc == STATUS_OK) {
            rc = ledger_intake_seal(world->ledger, world->run.run, &intake, diag);
        }
    }
    return rc;
}
