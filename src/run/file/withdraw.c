/*
 * withdraw.c - void: a file that the bank never took.
 *
 * What is staged is voided at once. What has left is withdrawn by an errand: a released file only if it can still be
 * renamed out of outbox/, an unknown one only on evidence, since it may be at the bank whatever lies here.
 */
#include "run/file_command.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { EVIDENCE_BYTES_MAX = 64 * 1024 * 1024 };

static bool has_left(const struct ledger_file *file)
{
    return file->state != FILE_STAGED;
}

/* What the state alone does not say. */
static enum status withdraw_check(const struct file_command *command, const struct ledger_file *file)
{
    static const struct state_refusal
        list = { "the post may be paying from it, and its result closes it", "chitra receive, with the post's result" },
        gone = { "it lies in outbox/ no more, so that the bank may have it", "chitra handover, then chitra receive" },
        proof = { "only the bank can say that it never took it", "chitra void --evidence FILE, with what the bank wrote" };

    if (!has_left(file)) {
        return STATUS_OK;
    }
    enum status rc = officer_check_file(&command->officer, file, command->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (file->batch.channel == CHANNEL_cash) {
        return file_command_refuse(command, file, &list);
    }
    if (file->state == FILE_UNKNOWN) {
        return command->options->evidence == NULL ? file_command_refuse(command, file, &proof)
                                                  : archive_copy(command->site, command->ledger, file, command->diag);
    }
    if (!sys_exists(command->site->dir, file->path)) {
        return file_command_refuse(command, file, &gone);
    }
    return outbox_hash_check(command->site, file->path, &file->content, command->diag);
}

/* The evidence is kept by its digest; the path is the caller's, from the current folder. */
static enum status evidence_take(const struct file_command *command, struct digest *digest)
{
    struct buf content = BUF_INIT(EVIDENCE_BYTES_MAX);

    enum status rc = sys_read(AT_FDCWD, command->options->evidence, &content, command->diag);
    if (rc == STATUS_OK && content.size == 0) {
        rc = diag_fail(command->diag, STATUS_INPUT, "the evidence is empty");
        diag_at(command->diag, command->options->evidence, 0, 0);
    }
    if (rc == STATUS_OK) {
        rc = archive_store(command->site, buf_span(&content), digest, command->diag);
    }
    buf_release(&content);
    return rc;
}

/* What is staged is voided. The funding of a list must not leave without it; its own file may be among them. */
static enum status staged_void(const struct file_command *command)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < command->count && rc == STATUS_OK; i++) {
        if (!has_left(&command->file[i])) {
            rc = ledger_file_move(command->ledger, &command->file[i], FILE_VOIDED, BY_VOID, &command->doing, command->diag);
        }
    }
    for (size_t i = 0; i < command->count && rc == STATUS_OK; i++) {
        if (command->file[i].batch.channel == CHANNEL_cash) {
            rc = ledger_funding_stale(command->ledger, &command->file[i], BY_VOID, &command->doing, command->diag);
        }
    }
    return rc;
}

/* A crash before the commit leaves everything as it was, one after it an errand that the next command finishes. */
static enum status withdraw_begin(const struct file_command *command, const struct digest *evidence)
{
    struct ledger_errand_file *left = mem_alloc(command->count, sizeof(*left));
    size_t count = 0;

    for (size_t i = 0; i < command->count; i++) {
        if (has_left(&command->file[i])) {
            left[count++] = errand_file_of(&command->file[i]);
        }
    }
    enum status rc = ledger_begin(command->ledger, command->diag);
    if (rc == STATUS_OK) {
        rc = staged_void(command);
        if (rc == STATUS_OK) {
            rc = errands_begin(command, ERRAND_WITHDRAWAL, left, count, evidence);
        }
        if (rc == STATUS_OK) {
            rc = ledger_commit(command->ledger, command->diag);
        } else {
            ledger_rollback(command->ledger);
        }
    }
    free(left);
    return rc;
}

/* What became of each, as the ledger has it now. */
static enum status withdraw_tell(const struct file_command *command, struct run_files_done *done)
{
    struct arena arena = ARENA_INIT;
    struct ledger_file now;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < command->count && rc == STATUS_OK; i++) {
        const char *msg_id = command->file[i].batch.msg_id;
        rc = ledger_file_find(command->ledger, msg_id, &arena, &now, command->diag);
        if (rc == STATUS_OK && now.state == FILE_VOIDED) {
            done->files++;
            file_command_say(command, "%s is voided: %llu payments, %lld dong, which the next run takes up", msg_id,
                             (unsigned long long)now.batch.payments, (long long)now.batch.amount_dong);
        } else if (rc == STATUS_OK) {
            done->missed++;
            file_command_say(command, "%s was taken out of outbox/ at this moment: it stays %s", msg_id,
                             file_state_name(now.state));
        }
    }
    arena_release(&arena);
    return rc;
}

enum status run_void(const struct site *site, struct ledger *ledger, const struct run_files_options *options,
                     const char *const *msg_id, size_t count, struct run_files_done *done, struct diag *diag)
{
    struct file_command command = { .site = site, .ledger = ledger, .options = options, .by = BY_VOID, .diag = diag };
    struct digest evidence = { { 0 } };
    uint64_t missed;

    *done = (struct run_files_done){ 0 };
    enum status rc = file_command_begin(&command);
    if (rc == STATUS_OK) {
        rc = file_command_take(&command, msg_id, count);
    }
    for (size_t i = 0; i < command.count && rc == STATUS_OK; i++) {
        rc = withdraw_check(&command, &command.file[i]);
    }
    if (rc == STATUS_OK && options->evidence != NULL) {
        rc = evidence_take(&command, &evidence);
    }
    if (rc == STATUS_OK) {
        rc = withdraw_begin(&command, &evidence);
    }
    if (rc == STATUS_OK) {
        rc = errands_finish(site, ledger, &missed, diag);
    }
    if (rc == STATUS_OK) {
        rc = staging_tidy(site, ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = withdraw_tell(&command, done);
    }
    file_command_release(&command);
    return rc;
}
