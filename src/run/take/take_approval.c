/*
 * take_approval.c - signed lists, and whether they name a file: asked by a run and by a check alike.
 *
 * The signature is verified over the bytes that were read, and the list is taken from the same bytes: a
 * list that is changed in between cannot be believed for what it was.
 */
#include "take.h"

#include <stdio.h>
#include <stdlib.h>

enum { SIGNATURE_BYTES_MAX = 1024 * 1024 };     /* a CMS signature with its chain has some kilobytes */

bool take_ends_in(const char *name, const char *ending)
{
    size_t size = strlen(name);
    size_t tail = strlen(ending);

    return size > tail && strcmp(name + size - tail, ending) == 0;
}

enum take_entry take_entry_of(const char *name)
{
    if (take_ends_in(name, ".csv") || take_ends_in(name, ".csv.gz")) {
        return TAKE_ROWS;
    }
    return take_ends_in(name, ".sha256") ? TAKE_LIST : take_ends_in(name, ".p7s") ? TAKE_SIGNATURE : TAKE_OTHER;
}

enum status take_entries(const struct world *world, int dir, const char *folder, struct sys_names *names,
                         struct diag *diag)
{
    char path[TAKE_PATH_BYTES];
    size_t count = 0;

    enum status rc = sys_dir_entries(dir, folder, names, diag);
    for (size_t i = 0; i < names->count; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names->name[i]);
        if (sys_is_regular(dir, path)) {
            names->name[count++] = names->name[i];
        } else {
            world_say(world, "%s: not a regular file, left alone", path);
            free(names->name[i]);
        }
    }
    names->count = count;
    return rc;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

/* The ledger and the archive know a file by "intake/<name>". */
static enum status name_check(const char *path, struct diag *diag)
{
    if (strlen("intake/") + strlen(name_of(path)) < DIAG_FILE_BYTES) {
        return STATUS_OK;
    }
    return diag_fail(diag, STATUS_LIMIT, "a file's name in intake/ is too long");
}

static enum status signature_read(int dir, const char *path, struct buf *signature, struct diag *diag)
{
    enum status rc = sys_read(dir, path, signature, diag);

    if (rc == STATUS_NO_INPUT) {
        rc = diag_fail(diag, STATUS_SIGNATURE, "the list is not signed");
        diag_at(diag, path, 0, 0);
        diag_hint(diag, "openssl cms -sign -binary -in LIST -outform DER -out LIST.p7s ...");
    }
    return rc;
}

/* Whose certificate it is, and whether they had this role at the time of the signature. */
static enum status officer_find(const struct world *world, const char *path, const struct cms_signature *made,
                                enum officer_role role, const struct site_officer **officer, struct diag *diag)
{
    const struct site_officer *found = officer_of_certificate(world->site->config, &made->signer);
    enum status rc = STATUS_OK;

    ASSERT(found != NULL);      /* only officers' certificates are trusted */
    *officer = found;
    if (officer_units(found, role, FAMILY_COUNT) == 0) {
        rc = diag_fail(diag, STATUS_SIGNATURE, "the signer of the list may not %s", officer_role_name(role));
    } else if (!officer_in_office(found, made->signed_at.day)) {
        rc = diag_fail(diag, STATUS_SIGNATURE, "the signer of the list was not in office when it was signed");
    }
    if (rc != STATUS_OK) {
        diag_at(diag, path, 0, 0);
        diag_found(diag, "%s", found->name);
    }
    return rc;
}

static enum status list_verify(const struct world *world, enum officer_role role, int dir, const char *path,
                               struct span list, struct approved *approved, struct diag *diag)
{
    const struct site *site = world->site;
    struct buf signature = BUF_INIT(SIGNATURE_BYTES_MAX);
    struct cms_signature made;
    char beside[TAKE_PATH_BYTES + 8];

    snprintf(beside, sizeof(beside), "%s.p7s", path);
    enum status rc = signature_read(dir, beside, &signature, diag);
    if (rc == STATUS_OK) {
        rc = cms_verify(buf_span(&signature), list, (const struct certificate *const *)site->trusted,
                        site->trusted_count, world->now, path, &made, diag);
    }
    if (rc == STATUS_OK) {
        rc = officer_find(world, path, &made, role, &approved->officer, diag);
    }
    if (rc == STATUS_OK) {
        struct ledger_approval *approval = &approved->approval;
        *approval = (struct ledger_approval){ .signer = made.signer, .signed_at = sys_time_unix(made.signed_at) };
        snprintf(approval->officer, sizeof(approval->officer), "%s", approved->officer->name);
        digest_of(list, &approval->list);
        digest_of(buf_span(&signature), &approval->signature);
        snprintf(approval->name, sizeof(approval->name), "%s", name_of(path));
    }
    buf_release(&signature);
    return rc;
}

static bool list_names(const struct intake_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->item[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

enum status approvals_add(struct approvals *approvals, const struct world *world, int dir, const char *path,
                          const char *only, struct diag *diag)
{
    struct buf content = BUF_INIT(TAKE_LIST_BYTES_MAX);
    struct approved made = { .list = { NULL, 0 } };

    enum status rc = name_check(path, diag);
    if (rc == STATUS_OK) {
        rc = sys_read(dir, path, &content, diag);
    }
    if (rc == STATUS_OK) {
        rc = intake_list_read(buf_span(&content), path, &made.list, diag);
    }
    if (only != NULL && !list_names(&made.list, only)) {
        rc = STATUS_OK;
        goto out;
    }
    if (rc == STATUS_OK) {
        rc = list_verify(world, approvals->role, dir, path, buf_span(&content), &made, diag);
    }
    if (rc == STATUS_OK) {
        approvals->item = mem_resize(approvals->item, approvals->count + 1, sizeof(made));
        approvals->item[approvals->count++] = made;
        made.list = (struct intake_list){ NULL, 0 };    /* moved */
    }
out:
    intake_list_release(&made.list);
    buf_release(&content);
    return rc;
}

void approvals_release(struct approvals *approvals)
{
    for (size_t i = 0; i < approvals->count; i++) {
        intake_list_release(&approvals->item[i].list);
    }
    free(approvals->item);
    *approvals = (struct approvals){ .item = NULL };
}

static enum status refused(const char *path, const char *what, const char *hint, struct diag *diag)
{
    enum status rc = diag_fail(diag, STATUS_SIGNATURE, "%s", what);

    diag_at(diag, path, 0, 0);
    diag_hint(diag, "%s", hint);
    return rc;
}

/* Whether the list names the file with this digest; *named is set if it names it at all. */
static bool list_approves(const struct intake_list *list, const char *name, const struct digest *sha256, bool *named)
{
    bool approves = false;

    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->item[i].name, name) == 0) {
            *named = true;
            approves = approves || memcmp(list->item[i].sha256, sha256->bytes, DIGEST_BYTES) == 0;
        }
    }
    return approves;
}

static bool is_later(const struct approved *approved, const struct approved *best)
{
    return best == NULL || approved->approval.signed_at > best->approval.signed_at;
}

/* NULL if none names the file with this digest; *named tells whether any names it at all. */
static const struct approved *latest(const struct approvals *approvals, const char *name, const struct digest *sha256,
                                     bool *named)
{
    const struct approved *best = NULL;

    *named = false;
    for (size_t i = 0; i < approvals->count; i++) {
        if (list_approves(&approvals->item[i].list, name, sha256, named) && is_later(&approvals->item[i], best)) {
            best = &approvals->item[i];
        }
    }
    return best;
}

enum status approval_of(const struct approvals *approvals, const struct world *world, const char *path,
                        const struct digest *sha256, struct ledger_approval *approval, struct diag *diag)
{
    bool named = false;
    const struct approved *found = latest(approvals, name_of(path), sha256, &named);

    *approval = found == NULL ? (struct ledger_approval){ .name = "" } : found->approval;
    if (found == NULL && named) {
        return refused(path, "the file is not the one that was approved (another SHA-256)",
                       "ask the approving office for the file or a new approval", diag);
    }
    if (found == NULL && !world->site->config->intake_open) {
        return refused(path, "no valid approval names the file",
                       "a signed list NAME.sha256 with NAME.sha256.p7s must name it", diag);
    }
    return name_check(path, diag);
}

bool approvals_name(const struct approvals *approvals, const char *path)
{
    for (size_t i = 0; i < approvals->count; i++) {
        if (list_names(&approvals->item[i].list, name_of(path))) {
            return true;
        }
    }
    return false;
}

static enum status reach_check(const struct approved *approved, const struct world *world, const struct take_file *file,
                               struct intake_batch *batch, struct diag *diag)
{
    uint64_t units = officer_units(approved->officer, ROLE_APPROVES, file->family);
    enum status rc = STATUS_OK;

    if (units == 0) {
        rc = diag_fail(diag, STATUS_SIGNATURE, "who approved the file may not approve %s", family_name(file->family));
        diag_at(diag, file->path, 0, 0);
    } else {
        rc = take_reach(world, file, batch, units, diag);
    }
    if (rc == STATUS_SIGNATURE) {
        diag_found(diag, "%s, signed by %s", approved->approval.name, approved->officer->name);
    }
    return rc;
}

enum status approval_reaching(const struct approvals *approvals, const struct world *world,
                              const struct take_file *file, struct intake_batch *batch,
                              struct ledger_approval *approval, struct diag *diag)
{
    const struct approved *best = NULL;
    enum status rc = STATUS_OK;
    bool named = false;

    for (size_t i = 0; i < approvals->count; i++) {
        const struct approved *approved = &approvals->item[i];
        if (list_approves(&approved->list, name_of(file->path), &file->sha256, &named) && is_later(approved, best)) {
            enum status reached = reach_check(approved, world, file, batch, diag);
            if (reached != STATUS_OK && reached != STATUS_SIGNATURE) {
                return reached;
            }
            best = reached == STATUS_OK ? approved : best;
            rc = reached == STATUS_OK ? rc : reached;
        }
    }
    if (best != NULL) {
        *approval = best->approval;
        return STATUS_OK;
    }
    return rc;
}

enum status approvals_missing(const struct approvals *approvals, const struct world *world, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t a = 0; a < approvals->count; a++) {
        const struct approved *approved = &approvals->item[a];
        for (size_t i = 0; i < approved->list.count && rc == STATUS_OK; i++) {
            enum intake_state state = INTAKE_UNKNOWN;
            struct digest sha256;
            char path[TAKE_PATH_BYTES];
            memcpy(sha256.bytes, approved->list.item[i].sha256, DIGEST_BYTES);
            snprintf(path, sizeof(path), "intake/%s", approved->list.item[i].name);
            if (sys_is_regular(world->site->dir, path)) {
                continue;
            }
            if (sys_exists(world->site->dir, path)) {
                /* Passed over, a list of deaths that somebody linked instead of copied would pay the dead. */
                rc = diag_fail(diag, STATUS_SIGNATURE, "an approved file is no regular file");
                diag_at(diag, path, 0, 0);
                diag_hint(diag, "copy the file itself into intake/");
                break;
            }
            if (world->ledger != NULL) {
                rc = ledger_intake_state(world->ledger, &sha256, &state, diag);
            }
            if (rc == STATUS_OK && state == INTAKE_UNKNOWN) {
                world_say(world, "%s: named by %s, but it is not there", path, approved->approval.name);
            }
        }
    }
    return rc;
}

enum status take_family_check(enum family family, struct diag *diag)
{
    if (family != FAMILY_cash_results) {
        return STATUS_OK;
    }
    enum status rc = diag_fail(diag, STATUS_INPUT, "files of the family %s are not taken from intake/",
                               family_name(family));
    diag_hint(diag, "cash results belong to inbox/");
    return rc;
}
