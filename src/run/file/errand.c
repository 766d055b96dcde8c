/*
 * errand.c - errands: how they begin, sending again, and finishing whichever is open.
 *
 * The ledger's word that it is begun comes first, its word that it is done last. What is sent again lies in the archive
 * before the first; whoever comes after a crash puts it where it belongs and publishes the list.
 */
#include "errand.h"

#include <stdio.h>
#include <stdlib.h>

enum { CONTENT_BYTES_MAX = 64 * 1024 * 1024, FILE_BYTES_MAX = 1 << 30 };

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

/* ---- sending again ---- */

enum status marked_copy(const struct site *site, struct ledger *ledger, struct ledger_errand_file *again,
                        struct sys_time at, struct diag *diag)
{
    static const struct digest none;
    struct ledger_file marked = again->file;
    const char *ending = strrchr(again->file.path, '/');
    char path[DIAG_FILE_BYTES];
    uint64_t copies = 0;
    bool known;

    ASSERT(ending != NULL);
    ending = strchr(ending, '.');
    enum status rc = ledger_copies(ledger, &again->file, &none, &copies, &known, diag);
    snprintf(marked.path, sizeof(marked.path), "%.*s-D%llu%s", (int)(ending - again->file.path), again->file.path,
             (unsigned long long)copies + 1, ending);
    if (rc == STATUS_OK) {
        rc = write_marked(site, ledger, &marked, at, diag);
    }
    staging_path(&marked, path);
    if (rc == STATUS_OK) {
        rc = archive_move(site, path, &marked.content, diag);
    }
    again->content = marked.content;
    memcpy(again->path, marked.path, sizeof(again->path));
    return rc;
}

/* Out of the archive to where it belongs, unless it lies there. */
static enum status send_again(const struct errand *errand, const struct ledger_errand_file *file)
{
    struct buf content = BUF_INIT(FILE_BYTES_MAX);
    char folder[DIAG_FILE_BYTES];

    if (sys_exists(errand->site->dir, file->path)) {
        return outbox_hash_check(errand->site, file->path, &file->content, errand->diag);
    }
    enum status rc = archive_read(errand->site, &file->content, &content, errand->diag);
    outbox_folder_of(file->path, folder);
    if (rc == STATUS_OK) {
        rc = sys_dir_make(errand->site->dir, folder, errand->diag);
    }
    if (rc == STATUS_OK) {
        rc = sys_publish(errand->site->dir, file->path, buf_span(&content), errand->diag);
    }
    buf_release(&content);
    return rc;
}

static enum status resend_end(struct errand *errand, const struct digest *list)
{
    enum status rc = ledger_begin(errand->ledger, errand->diag);

    if (rc != STATUS_OK) {
        return rc;
    }
    for (size_t i = 0; i < errand->count && rc == STATUS_OK; i++) {
        const struct ledger_file *file = &errand->file[i].file;
        struct ledger_event event = { .kind = "file.resent", .subject = file->batch.msg_id, .unit = file->unit_code,
                                      .who = errand->errand.who, .why = errand->file[i].path, .at = errand->errand.at,
                                      .digest = errand->file[i].content };
        rc = ledger_event_add(errand->ledger, &event, errand->diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_errand_end(errand->ledger, &errand->errand, list, errand->diag);
    }
    if (rc == STATUS_OK) {
        return ledger_commit(errand->ledger, errand->diag);
    }
    ledger_rollback(errand->ledger);
    return rc;
}

static enum status resend_finish(struct errand *errand)
{
    struct outbox_entry *entry = mem_alloc(errand->count + 1, sizeof(*entry));
    struct digest list;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < errand->count && rc == STATUS_OK; i++) {
        rc = send_again(errand, &errand->file[i]);
        entry[i] = (struct outbox_entry){ errand->file[i].path, &errand->file[i].content };
    }
    if (rc == STATUS_OK) {
        rc = outbox_list_publish(errand->site, errand->errand.release.pay_month, errand->errand.name, errand->errand.at,
                                 entry, errand->count, &list, errand->diag);
    }
    free(entry);
    return rc == STATUS_OK ? resend_end(errand, &list) : rc;
}

/* ---- whichever is open ---- */

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
            rc = errand.errand.kind == ERRAND_WITHDRAWAL ? withdrawal_finish(&errand, missed) : resend_finish(&errand);
        }
        free(errand.missed);
        free(errand.copy);
        free(errand.file);
        arena_release(&errand.arena);
    }
    return rc;
}
