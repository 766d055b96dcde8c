/* handover.c - a file reached the bank: one word of the ledger, nothing moves. */
#include "run/file_command.h"

static enum status hand_over(const struct file_command *command, struct run_files_done *done)
{
    enum status rc = ledger_begin(command->ledger, command->diag);

    if (rc != STATUS_OK) {
        return rc;
    }
    for (size_t i = 0; i < command->count && rc == STATUS_OK; i++) {
        const struct ledger_file *file = &command->file[i];
        if (file->state == FILE_HANDED_OVER) {
            file_command_say(command, "%s was handed over before", file->batch.msg_id);
            continue;
        }
        rc = ledger_file_move(command->ledger, file, FILE_HANDED_OVER, command->by, &command->doing, command->diag);
        file_command_say(command, "%s is handed over", file->batch.msg_id);
        done->files++;
    }
    if (rc == STATUS_OK) {
        return ledger_commit(command->ledger, command->diag);
    }
    ledger_rollback(command->ledger);
    return rc;
}

enum status run_handover(const struct site *site, struct ledger *ledger, const struct run_files_options *options,
                         const char *const *msg_id, size_t count, struct run_files_done *done, struct diag *diag)
{
    struct file_command command = { .site = site, .ledger = ledger, .options = options, .by = BY_HANDOVER,
                                    .diag = diag };

    *done = (struct run_files_done){ 0 };
    enum status rc = file_command_begin(&command);
    if (rc == STATUS_OK) {
        rc = file_command_take(&command, msg_id, count);
    }
    if (rc == STATUS_OK) {
        rc = hand_over(&command, done);
    }
    file_command_release(&command);
    return rc;
}
