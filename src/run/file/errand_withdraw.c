/*
 * errand_withdraw.c - a withdrawal, from the ledger's word that it is begun to its word that it is done.
 *
 * A signed list of what stays is published first, then the lists before it leave, then the file goes, by one rename: at
 * no moment does a list name what is not there. Whoever has read the old list may take the file until that rename; if it
 * is not possible any more, the bank may have the file, and it stays what it was. Whoever comes after a crash goes on,
 * and each step finds what was done of it.
 */
#include "errand.h"

#include <stdlib.h>

/* Out of outbox/ or cash/, into the archive. */
static enum status leave(const struct errand *errand, const char *path, const struct digest *content)
{
    enum status rc = outbox_hash_check(errand->site, path, content, errand->diag);

    return rc == STATUS_OK ? archive_move(errand->site, path, content, errand->diag) : rc;
}

static enum status withdraw_one(struct errand *errand, size_t index)
{
    const struct ledger_file *file = &errand->file[index].file;
    enum status rc = STATUS_OK;

    if (sys_exists(errand->site->dir, file->path)) {
        rc = leave(errand, file->path, &file->content);
    } else {
        errand->missed[index] = !archive_has(errand->site, &file->content);
    }
    for (size_t i = 0; i < errand->copy_count && rc == STATUS_OK; i++) {
        const struct ledger_errand_file *copy = &errand->copy[i];
        if (copy->file.file == file->file && sys_exists(errand->site->dir, copy->path)) {
            rc = leave(errand, copy->path, &copy->content);
        }
    }
    return rc;
}

static bool is_withdrawn(const struct errand *errand, int64_t file)
{
    for (size_t i = 0; i < errand->count; i++) {
        if (errand->file[i].file.file == file) {
            return true;
        }
    }
    return false;
}

/* What stays of the release and still lies there. */
static size_t rest_of(const struct errand *errand, const struct ledger_file *left, size_t count,
                      struct outbox_entry *entry)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        if (!is_withdrawn(errand, left[i].file) && sys_exists(errand->site->dir, left[i].path)) {
            entry[found++] = (struct outbox_entry){ left[i].path, &left[i].content };
        }
    }
    for (size_t i = 0; i < errand->copy_count; i++) {
        const struct ledger_errand_file *copy = &errand->copy[i];
        if (!is_withdrawn(errand, copy->file.file) && sys_exists(errand->site->dir, copy->path)) {
            entry[found++] = (struct outbox_entry){ copy->path, &copy->content };
        }
    }
    return found;
}

/* Its list; *count = 0: there is nothing to name. */
static enum status list_of_rest(struct errand *errand, struct digest *digest, size_t *count)
{
    const struct ledger_release *release = &errand->errand.release;
    struct ledger_file *left = NULL;
    size_t files = 0;

    *count = 0;
    enum status rc = ledger_release_left(errand->ledger, release->release, &errand->arena, &left, &files, errand->diag);
    struct outbox_entry *entry = mem_alloc(files + errand->copy_count + 1, sizeof(*entry));
    if (rc == STATUS_OK) {
        *count = rest_of(errand, left, files, entry);
    }
    if (rc == STATUS_OK && *count > 0) {
        rc = outbox_list_publish(errand->site, release->pay_month, errand->errand.name, errand->errand.at, entry, *count,
                                 digest, errand->diag);
    }
    free(entry);
    free(left);
    return rc;
}

/* The list before its signature, so that no list is seen unsigned. */
static enum status list_out(const struct errand *errand, const struct ledger_signed_list *list)
{
    struct buf signature = BUF_INIT(1 << 20);
    struct digest digest;
    char path[DIAG_FILE_BYTES];
    enum status rc = STATUS_OK;

    outbox_list_path(errand->errand.release.pay_month, list->name, false, path);
    if (sys_exists(errand->site->dir, path)) {
        rc = archive_move(errand->site, path, &list->list, errand->diag);
    }
    outbox_list_path(errand->errand.release.pay_month, list->name, true, path);
    if (rc == STATUS_OK && sys_exists(errand->site->dir, path)) {
        rc = sys_read(errand->site->dir, path, &signature, errand->diag);
        digest_of(buf_span(&signature), &digest);
        rc = rc == STATUS_OK ? archive_move(errand->site, path, &digest, errand->diag) : rc;
    }
    buf_release(&signature);
    return rc;
}

static enum status old_lists_out(const struct errand *errand)
{
    struct ledger_signed_list *list = NULL;
    size_t count = 0;

    enum status rc = ledger_release_lists(errand->ledger, errand->errand.release.release, &list, &count, errand->diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = list_out(errand, &list[i]);
    }
    free(list);
    return rc;
}

/* What was withdrawn is voided; a rejected file is superseded already and only had to leave. */
static enum status files_end(struct errand *errand)
{
    const struct ledger_doing doing = { errand->errand.who, errand->errand.at, errand->errand.why };
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < errand->count && rc == STATUS_OK; i++) {
        const struct ledger_file *file = &errand->file[i].file;
        struct ledger_event event = { .kind = "file.missed", .subject = file->batch.msg_id, .unit = file->unit_code,
                                      .who = doing.who, .why = doing.why, .at = doing.at, .digest = file->content };
        if (file->state == FILE_SUPERSEDED) {
            continue;
        }
        rc = errand->missed[i] ? ledger_event_add(errand->ledger, &event, errand->diag)
                               : ledger_file_move(errand->ledger, file, FILE_VOIDED, BY_VOID, &doing, errand->diag);
    }
    return rc;
}

enum status withdrawal_finish(struct errand *errand, uint64_t *missed)
{
    struct digest list;
    size_t listed = 0;

    enum status rc = ledger_release_copies(errand->ledger, errand->errand.release.release, &errand->copy,
                                           &errand->copy_count, errand->diag);
    if (rc == STATUS_OK) {
        rc = list_of_rest(errand, &list, &listed);
    }
    if (rc == STATUS_OK) {
        rc = old_lists_out(errand);
    }
    for (size_t i = 0; i < errand->count && rc == STATUS_OK; i++) {
        rc = withdraw_one(errand, i);
        *missed += errand->missed[i] && errand->file[i].file.state != FILE_SUPERSEDED;
    }
    if (rc == STATUS_OK) {
        rc = ledger_begin(errand->ledger, errand->diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = files_end(errand);
    if (rc == STATUS_OK) {
        rc = ledger_errand_end(errand->ledger, &errand->errand, listed > 0 ? &list : NULL, errand->diag);
    }
    if (rc == STATUS_OK) {
        return ledger_commit(errand->ledger, errand->diag);
    }
    ledger_rollback(errand->ledger);
    return rc;
}
