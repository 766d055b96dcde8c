/*
 * take_tidy.c - approvals whose files are all taken leave intake/ for the archive.
 *
 * The signature goes before its list: what a crash between the two leaves is the list, which the run that
 * is carried on finds again.
 */
#include "take.h"

#include <stdio.h>

/* True if every file that the list names was taken and none of them waits. */
static enum status list_is_done(struct world *world, struct span content, const char *path, bool *done,
                                struct diag *diag)
{
    struct intake_list list = { 0 };
    char name[TAKE_PATH_BYTES];

    *done = true;
    enum status rc = intake_list_read(content, path, &list, diag);
    if (rc == STATUS_INPUT || rc == STATUS_LIMIT) {
        *done = false;      /* it was refused, and stays to be looked at */
        return STATUS_OK;
    }
    for (size_t i = 0; i < list.count && rc == STATUS_OK && *done; i++) {
        enum intake_state state = INTAKE_UNKNOWN;
        struct digest sha256;
        memcpy(sha256.bytes, list.item[i].sha256, DIGEST_BYTES);
        snprintf(name, sizeof(name), "intake/%s", list.item[i].name);
        rc = ledger_intake_state(world->ledger, &sha256, &state, diag);
        *done = state == INTAKE_APPLIED && !sys_exists(world->site->dir, name);
    }
    intake_list_release(&list);
    return rc;
}

static enum status to_archive(struct world *world, const char *path, struct diag *diag)
{
    struct buf content = BUF_INIT(TAKE_LIST_BYTES_MAX);
    struct digest digest;

    enum status rc = sys_read(world->site->dir, path, &content, diag);
    if (rc == STATUS_OK) {
        digest_of(buf_span(&content), &digest);
        rc = archive_move(world->site, path, &digest, diag);
    }
    buf_release(&content);
    return rc;
}

static enum status list_tidy(struct world *world, const char *name, struct diag *diag)
{
    char path[TAKE_PATH_BYTES];
    struct buf content = BUF_INIT(TAKE_LIST_BYTES_MAX);
    bool done = false;

    snprintf(path, sizeof(path), "intake/%s", name);
    if (!sys_is_regular(world->site->dir, path)) {
        return STATUS_OK;   /* likewise */
    }
    enum status rc = sys_read(world->site->dir, path, &content, diag);
    if (rc == STATUS_OK) {
        rc = list_is_done(world, buf_span(&content), path, &done, diag);
    }
    if (rc == STATUS_OK && done) {
        snprintf(path, sizeof(path), "intake/%s.p7s", name);
        rc = sys_exists(world->site->dir, path) ? to_archive(world, path, diag) : STATUS_OK;
        if (rc == STATUS_OK) {
            snprintf(path, sizeof(path), "intake/%s", name);
            rc = to_archive(world, path, diag);
        }
    }
    buf_release(&content);
    return rc;
}

enum status take_tidy(struct world *world, struct diag *diag)
{
    struct sys_names names = { NULL, 0 };

    if (world->options->dry) {
        return STATUS_OK;
    }
    enum status rc = sys_dir_list(world->site->dir, "intake", &names, diag);
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        if (take_entry_of(names.name[i]) == TAKE_LIST) {
            rc = list_tidy(world, names.name[i], diag);
        }
    }
    sys_names_release(&names);
    return rc;
}
