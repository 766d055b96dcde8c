/* regenerated.c - the old file from the archive against the members of the new one. */
#include "regenerated.h"

#include "run/verify/verify.h"

#include <stdio.h>
#include <stdlib.h>

/* What the new one carries. */
static enum status members_read(const struct file_command *command, const struct ledger_file *file,
                                struct carried_list *members)
{
    struct ledger_instructions *it = NULL;
    struct ledger_instruction instruction;
    bool more = true;

    enum status rc = ledger_instructions_new(command->ledger, file->run, file->batch.unit, NULL, &it, command->diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_instructions_next(it, &instruction, &more, command->diag);
        if (rc == STATUS_OK && more && instruction.batch == file->batch.batch) {
            struct carried *carried = carried_add(members);
            memcpy(carried->payment_id, instruction.payment_id, sizeof(instruction.payment_id));
            carried->amount_dong = instruction.amount_dong;
            carried->funding = instruction.benefit == BENEFIT_none;
        }
    }
    ledger_instructions_free(it);
    return rc;
}

static int carried_compare(const void *a, const void *b)
{
    return strcmp(((const struct carried *)a)->payment_id, ((const struct carried *)b)->payment_id);
}

static void carried_sort(struct carried_list *list)
{
    if (list->count > 1) {
        qsort(list->item, list->count, sizeof(*list->item), carried_compare);
    }
}

/* The funding of cash lists follows the lists, which may carry less by now. */
static bool is_same(const struct carried *was, const struct carried *is)
{
    return carried_compare(was, is) == 0 && (was->amount_dong == is->amount_dong || is->funding);
}

static enum status compare(struct regenerated *made, struct carried_list *sent, struct carried_list *members,
                           struct diag *diag)
{
    size_t at = 0;

    carried_sort(sent);
    carried_sort(members);
    made->left = mem_alloc(sent->count + 1, sizeof(*made->left));
    for (size_t i = 0; i < sent->count; i++) {
        const struct carried *was = &sent->item[i];
        if (at < members->count && is_same(was, &members->item[at])) {
            at++;
        } else {
            memcpy(made->left[made->count++].payment_id, was->payment_id, PAYMENT_ID_BYTES);
        }
    }
    return at == members->count ? STATUS_OK
                                : diag_fail(diag, STATUS_DEFECT, "%s would carry what the file before it did not",
                                            made->next.batch.msg_id);
}

enum status regenerated_compare(struct regenerated *made, const struct file_command *command,
                                const struct ledger_file *old)
{
    struct carried_list sent = { NULL, 0, 0 };
    struct carried_list members = { NULL, 0, 0 };

    if (old->batch.channel == CHANNEL_cash) {
        return STATUS_OK;
    }
    enum status rc = carried_read(command->site, old, &sent, command->diag);
    if (rc == STATUS_OK) {
        rc = members_read(command, &made->next, &members);
    }
    if (rc == STATUS_OK) {
        rc = compare(made, &sent, &members, command->diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_payments_find(command->ledger, made->left, made->count, command->diag);
    }
    free(sent.item);
    free(members.item);
    return rc;
}

void regenerated_tell(const struct regenerated *made, const struct file_command *command)
{
    for (size_t i = 0; i < made->count; i++) {
        const struct ledger_place *left = &made->left[i];
        const char *id = left->id[0] != '\0' ? left->id : left->payment_id;
        if (left->found == PLACE_EXCEPTION) {
            file_command_say(command, "left out: %s, %lld dong: %s, %s", id, (long long)left->amount_dong,
                             obligation_state_name(left->state), left->reason);
        } else {
            file_command_say(command, "left out: %s", id);
        }
    }
}

void regenerated_release(struct regenerated *made)
{
    free(made->left);
}
