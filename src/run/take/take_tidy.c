/*
 * take_tidy.c - approvals whose files are all taken leave intake/ or inbox/ for the archive.
 *
 * The signature goes before its list: what a crash between the two leaves is the list, which the run that
 * is carried on finds again.
 */
#include "take.h"

#include "chitra/ledger_answer.h"

#include <stdio.h>

static enum status content_is_taken(struct ledger *ledger, const struct digest *sha256, bool *taken, struct diag *diag)
{
    enum intake_state state = INTAKE_UNKNOWN;
    struct ledger_answer answer = { .answer = 0 };

    enum status rc = ledger_intake_state(ledger, sha256, &state, diag);
    if (rc == STATUS_OK && state != INTAKE_APPLIED) {
        rc = ledger_answer_find(ledger, sha256, &answer, diag);
    }
    *taken = state == INTAKE_APPLIED || answer.answer != 0;
    return rc;
}

/* True if every file that the list names was taken and none of them waits. */
static enum status list_is_done(struct world *world, const char *folder, struct span content, const char *path,
                                bool *done, struct diag *diag)
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
        struct digest sha256;
        memcpy(sha256.bytes, list.item[i].sha256, DIGEST_BYTES);
        snprintf(name, sizeof(name), "%s/%s", folder, list.item[i].name);
        rc = content_is_taken(world->ledger, &sha256, done, diag);
        *done = *done && !sys_exists(world->site->dir, name);
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

static enum status list_tidy(struct world *world, const char *folder, const char *name, struct diag *diag)
{
    char path[TAKE_PATH_BYTES];
    struct buf content = BUF_INIT(TAKE_LIST_BYTES_MAX);
    bool done = false;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (!sys_is_regular(world->site->dir, path)) {
        return STATUS_OK;   /* likewise */
    }
    enum status rc = sys_read(world->site->dir, path, &content, diag);
    if (rc == STATUS_OK) {
        rc = list_is_done(world, folder, buf_span(&content), path, &done, diag);
    }
    if (rc == STATUS_OK && done) {
        snprintf(path, sizeof(path), "%s/%s.p7s", folder, name);
        rc = sys_exists(world->site->dir, path) ? to_archive(world, path, diag) : STATUS_OK;
        if (rc == STATUS_OK) {
            snprintf(path, sizeof(path), "%s/%s", folder, name);
            rc = to_archive(world, path, diag);
        }
    }
    buf_release(&content);
    return rc;
}

enum status take_tidy(struct world *world, const char *folder, struct diag *diag)
{
    struct sys_names names = { NULL, 0 };

    enum status rc = sys_dir_list(world->site->dir, folder, &names, diag);
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        if (take_entry_of(names.name[i]) == TAKE_LIST) {
            rc = list_tidy(world, folder, names.name[i], diag);
        }
    }
    sys_names_release(&names);
    return rc;
}
