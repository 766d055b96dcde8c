/*
 * errand.c - withdrawals, from the ledger's word that they are begun to its word that they are done.
 *
 * A file goes first, by one rename: if that is not possible any more, the bank may have it, and it stays what it
 * was. Then the signed list of what stays is published, then the old one leaves. A crash in between leaves a list that
 * names a file which is not there; whoever comes next goes on, and each step finds what was done of it.
 */
#include "file_command.h"

#include <stdio.h>
#include <stdlib.h>

enum { CONTENT_BYTES_MAX = 64 * 1024 * 1024 };

struct errand {
    const struct site *site;
    struct ledger *ledger;
    struct ledger_errand errand;
    struct ledger_errand_file *file;
    bool *missed;               /* by file: it was gone from outbox/ before it could be withdrawn */
    size_t count;
    struct arena arena;
    struct diag *diag;
};

struct ledger_errand_file errand_file_of(const struct ledger_file *file)
{
    struct ledger_errand_file of = { .file = *file, .content = file->content };

    snprintf(of.path, sizeof(of.path), "%s", file->path);
    return of;
}

/* What the officer decides, to the byte: which files, and on what evidence. */
static enum status content_make(const struct ledger_errand_file *file, size_t count, const struct digest *evidence,
                                struct buf *content)
{
    static const struct digest none;
    char hex[DIGEST_HEX_BYTES];
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        digest_hex(&file[i].content, hex);
        rc = buf_add_format(content, "%s %llu %lld %s\n", hex, (unsigned long long)file[i].file.batch.payments,
                            (long long)file[i].file.batch.amount_dong, file[i].path);
    }
    if (rc == STATUS_OK && !digest_equal(evidence, &none)) {
        digest_hex(evidence, hex);
        rc = buf_add_format(content, "evidence %s\n", hex);
    }
    return rc;
}

static enum status errand_begin(const struct file_command *command, enum errand_kind kind,
                                const struct ledger_errand_file *file, size_t count, const struct digest *evidence)
{
    struct ledger_errand errand = { .kind = kind, .evidence = *evidence };
    struct ledger_event event = { .kind = kind == ERRAND_WITHDRAWAL ? "withdrawal.begun" : "resend.begun", .unit = "",
                                  .why = command->options->reason, .subject = errand.name };
    struct buf content = BUF_INIT(CONTENT_BYTES_MAX);

    snprintf(errand.at, sizeof(errand.at), "%s", command->officer.at);
    snprintf(errand.who, sizeof(errand.who), "%s", command->officer.who);
    snprintf(errand.why, sizeof(errand.why), "%s", command->options->reason);
    enum status rc = ledger_release_get(command->ledger, file->file.release, &errand.release, command->diag);
    if (rc == STATUS_OK) {
        rc = ledger_errand_add(command->ledger, &errand, file, count, command->diag);
    }
    if (rc == STATUS_OK) {
        rc = content_make(file, count, evidence, &content);
        digest_of(buf_span(&content), &event.digest);
    }
    if (rc == STATUS_OK) {
        rc = officer_act(&command->officer, &event, buf_span(&content), command->diag);
    }
    buf_release(&content);
    return rc;
}

enum status errands_begin(const struct file_command *command, enum errand_kind kind,
                          const struct ledger_errand_file *file, size_t count, const struct digest *evidence)
{
    struct ledger_errand_file *same = mem_alloc(count + 1, sizeof(*same));
    bool *done = mem_alloc(count + 1, sizeof(*done));
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        size_t of = 0;
        for (size_t j = i; j < count && !done[i]; j++) {
            if (file[j].file.release == file[i].file.release) {
                same[of++] = file[j];
                done[j] = j > i;
            }
        }
        rc = of == 0 ? STATUS_OK : errand_begin(command, kind, same, of, evidence);
    }
    free(done);
    free(same);
    return rc;
}

enum status archive_copy(const struct site *site, struct ledger *ledger, const struct ledger_file *file,
                         struct diag *diag)
{
    char path[DIAG_FILE_BYTES];

    if (sys_exists(site->dir, file->path) || archive_has(site, &file->content)) {
        return STATUS_OK;
    }
    enum status rc = write_again(site, ledger, file, diag);
    staging_path(file, path);
    return rc == STATUS_OK ? archive_move(site, path, &file->content, diag) : rc;
}

/* Out of outbox/ or cash/, into the archive. */
static enum status withdraw_one(struct errand *errand, size_t index)
{
    const struct ledger_file *file = &errand->file[index].file;

    if (sys_exists(errand->site->dir, file->path)) {
        enum status rc = outbox_hash_check(errand->site, file->path, &file->content, errand->diag);
        return rc == STATUS_OK ? archive_move(errand->site, file->path, &file->content, errand->diag) : rc;
    }
    errand->missed[index] = !archive_has(errand->site, &file->content);
    return STATUS_OK;
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

/* The list of what stays of the release and still lies there; *count = 0: there is nothing to name. */
static enum status list_of_rest(struct errand *errand, struct digest *digest, size_t *count)
{
    const struct ledger_release *release = &errand->errand.release;
    struct ledger_file *left = NULL;
    struct outbox_entry *entry = NULL;
    size_t files = 0;

    *count = 0;
    enum status rc = ledger_release_left(errand->ledger, release->release, &errand->arena, &left, &files, errand->diag);
    entry = mem_alloc(files + 1, sizeof(*entry));
    for (size_t i = 0; i < files; i++) {
        if (!is_withdrawn(errand, left[i].file) && sys_exists(errand->site->dir, left[i].path)) {
            entry[(*count)++] = (struct outbox_entry){ left[i].path, &left[i].content };
        }
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
static enum status old_list_out(struct errand *errand)
{
    struct ledger_signed_list list;
    struct buf signature = BUF_INIT(1 << 20);
    struct digest digest;
    char path[DIAG_FILE_BYTES];

    enum status rc = ledger_release_list(errand->ledger, errand->errand.release.release, &list, errand->diag);
    if (rc != STATUS_OK || list.name[0] == '\0') {
        return rc;
    }
    outbox_list_path(errand->errand.release.pay_month, list.name, false, path);
    if (sys_exists(errand->site->dir, path)) {
        rc = archive_move(errand->site, path, &list.list, errand->diag);
    }
    outbox_list_path(errand->errand.release.pay_month, list.name, true, path);
    if (rc == STATUS_OK && sys_exists(errand->site->dir, path)) {
        rc = sys_read(errand->site->dir, path, &signature, errand->diag);
        digest_of(buf_span(&signature), &digest);
        rc = rc == STATUS_OK ? archive_move(errand->site, path, &digest, errand->diag) : rc;
    }
    buf_release(&signature);
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

static enum status withdrawal_finish(struct errand *errand, uint64_t *missed)
{
    struct digest list;
    size_t listed = 0;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < errand->count && rc == STATUS_OK; i++) {
        rc = withdraw_one(errand, i);
        *missed += errand->missed[i] && errand->file[i].file.state != FILE_SUPERSEDED;
    }
    if (rc == STATUS_OK) {
        rc = list_of_rest(errand, &list, &listed);
    }
    if (rc == STATUS_OK) {
        rc = old_list_out(errand);
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

enum status errands_finish(const struct site *site, struct ledger *ledger, uint64_t *missed, struct diag *diag)
{
    enum status rc = STATUS_OK;

    *missed = 0;
    for (bool more = true; rc == STATUS_OK && more;) {
        struct errand errand = { .site = site, .ledger = ledger, .diag = diag };
        rc = ledger_errand_open(ledger, &errand.errand, diag);
        more = rc == STATUS_OK && errand.errand.errand != 0;
        if (more) {
            rc = ledger_errand_files(ledger, errand.errand.errand, &errand.arena, &errand.file, &errand.count, diag);
        }
        if (rc == STATUS_OK && more) {
            errand.missed = mem_alloc(errand.count + 1, sizeof(*errand.missed));
            rc = withdrawal_finish(&errand, missed);
        }
        free(errand.missed);
        free(errand.file);
        arena_release(&errand.arena);
    }
    return rc;
}
