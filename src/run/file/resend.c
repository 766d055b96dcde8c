/*
 * resend.c - the same file again, to a bank that may not have got it.
 *
 * The same bytes from the archive, or written again from the ledger; with a mark, the same Document under a header
 * that says possible duplicate, signed anew and named so that it cannot be taken for the first one. The bytes are in
 * the archive before anything is said; an errand puts them into outbox/ and publishes a signed list that names them.
 */
#include "run/file_command.h"

#include <stdio.h>
#include <stdlib.h>

static enum status resend_prepare(const struct file_command *command, const struct ledger_file *file,
                                  struct ledger_errand_file *again)
{
    enum status rc = STATUS_OK;

    *again = errand_file_of(file);
    if (command->options->mark) {
        rc = officer_check_file(&command->officer, file, command->diag);
        return rc == STATUS_OK ? marked_copy(command->site, command->ledger, again, command->officer.time, command->diag)
                               : rc;
    }
    if (sys_exists(command->site->dir, file->path)) {
        return outbox_hash_check(command->site, file->path, &file->content, command->diag);
    }
    return archive_copy(command->site, command->ledger, file, command->diag);
}

static const struct state_refusal list_refusal = { "a list of a payment point has no header to be marked",
                                                   "chitra resend, without --mark" };

static enum status resend_begin(struct file_command *command, struct ledger_errand_file *again)
{
    const struct digest none = { { 0 } };
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < command->count && rc == STATUS_OK; i++) {
        const struct ledger_file *file = &command->file[i];
        rc = command->options->mark && file->batch.channel == CHANNEL_cash
                 ? file_command_refuse(command, file, &list_refusal)
                 : resend_prepare(command, file, &again[i]);
    }
    if (rc == STATUS_OK) {
        rc = ledger_begin(command->ledger, command->diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = errands_begin(command, ERRAND_RESEND, again, command->count, &none);
    if (rc == STATUS_OK) {
        return ledger_commit(command->ledger, command->diag);
    }
    ledger_rollback(command->ledger);
    return rc;
}

enum status run_resend(const struct site *site, struct ledger *ledger, const struct run_files_options *options,
                       const char *const *msg_id, size_t count, struct run_files_done *done, struct diag *diag)
{
    struct file_command command = { .site = site, .ledger = ledger, .options = options, .by = BY_RESEND, .diag = diag };
    struct ledger_errand_file *again = mem_alloc(count + 1, sizeof(*again));
    uint64_t missed;

    *done = (struct run_files_done){ 0 };
    enum status rc = file_command_begin(&command);
    if (rc == STATUS_OK) {
        rc = file_command_take(&command, msg_id, count);
    }
    if (rc == STATUS_OK) {
        rc = resend_begin(&command, again);
    }
    if (rc == STATUS_OK) {
        rc = errands_finish(site, ledger, &missed, diag);
    }
    for (size_t i = 0; i < command.count && rc == STATUS_OK; i++) {
        file_command_say(&command, "%s lies in %s again", command.file[i].batch.msg_id, again[i].path);
        done->files++;
    }
    free(again);
    file_command_release(&command);
    return rc;
}
