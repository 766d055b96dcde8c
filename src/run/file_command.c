/* file_command.c - how a command about files begins. */
#include "file_command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void file_command_say(const struct file_command *command, const char *format, ...)
{
    char text[DIAG_BYTES_MAX];
    va_list arguments;

    if (command->options->message == NULL) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    command->options->message(command->options->context, text);
}

enum status file_command_refuse(const struct file_command *command, const struct ledger_file *file,
                                const struct state_refusal *refusal)
{
    enum status rc = diag_fail(command->diag, STATUS_CONFLICT, "%s is %s: %s", file->batch.msg_id,
                               file_state_name(file->state), refusal->why);

    if (refusal->help[0] != '\0') {
        diag_hint(command->diag, "what helps: %s", refusal->help);
    }
    return rc;
}

/* Nobody begins anything over what a crash cut off. */
static enum status finish_first(struct file_command *command)
{
    struct ledger_release open;
    uint64_t missed;

    enum status rc = outbox_check(command->site, command->ledger, command->diag);
    if (rc == STATUS_OK) {
        rc = errands_finish(command->site, command->ledger, &missed, command->diag);
    }
    if (rc == STATUS_OK) {
        rc = staging_tidy(command->site, command->ledger, command->diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_release_open(command->ledger, &open, command->diag);
    }
    if (rc == STATUS_OK && open.release != 0) {
        rc = diag_fail(command->diag, STATUS_CONFLICT, "the release %s was cut off", open.name);
        diag_hint(command->diag, "`chitra release` finishes it");
    }
    return rc;
}

static enum status take_one(struct file_command *command, const char *msg_id)
{
    struct ledger_file *file = &command->file[command->count];
    struct state_refusal refusal;

    for (size_t i = 0; i < command->count; i++) {
        if (strcmp(command->file[i].batch.msg_id, msg_id) == 0) {
            return STATUS_OK;   /* named twice */
        }
    }
    enum status rc = ledger_file_find(command->ledger, msg_id, &command->arena, file, command->diag);
    if (rc == STATUS_OK) {
        command->count++;
        rc = file_allows(file->state, command->by, &refusal) ? STATUS_OK : file_command_refuse(command, file, &refusal);
    }
    return rc;
}

enum status file_command_begin(struct file_command *command)
{
    command->doing = (struct ledger_doing){ command->officer.who, command->officer.at, command->options->reason };
    enum officer_role role = command->by == BY_REGEN ? ROLE_PREPARES : ROLE_CERTIFIES;
    enum status rc = officer_new(command->site, command->ledger, command->options->claim, role, &command->officer,
                                 command->diag);
    return rc == STATUS_OK ? finish_first(command) : rc;
}

enum status file_command_take(struct file_command *command, const char *const *msg_id, size_t count)
{
    enum status rc = STATUS_OK;

    command->file = mem_alloc(count + 1, sizeof(*command->file));
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = take_one(command, msg_id[i]);
    }
    return rc;
}

void file_command_release(struct file_command *command)
{
    officer_release(&command->officer);
    free(command->file);
    arena_release(&command->arena);
}
