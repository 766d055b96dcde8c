/* regenerated.c - the old file from the archive against the members of the new one. */
#include "regenerated.h"

#include "verify.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 1 << 30 };

static enum status sent_seen(void *context, const char *end_to_end_id, int64_t amount_dong, const char *account,
                             struct diag *diag)
{
    struct carried *carried = carried_add(context);

    (void)account;
    (void)diag;
    snprintf(carried->payment_id, sizeof(carried->payment_id), "%s", end_to_end_id);
    carried->amount_dong = amount_dong;
    return STATUS_OK;
}

/* What the old file said, from its bytes. */
static enum status sent_read(const struct file_command *command, const struct ledger_file *old,
                             struct carried_list *sent)
{
    struct buf content = BUF_INIT(FILE_BYTES_MAX);
    struct buf plain = BUF_INIT(FILE_BYTES_MAX);
    struct pain001_totals totals;

    enum status rc = sys_exists(command->site->dir, old->path)
                         ? sys_read(command->site->dir, old->path, &content, command->diag)
                         : archive_read(command->site, &old->content, &content, command->diag);
    if (rc == STATUS_OK && is_gzip(buf_span(&content))) {
        rc = gzip_unpack(buf_span(&content), old->path, &plain, command->diag);
    }
    if (rc == STATUS_OK) {
        rc = pain001_read(is_gzip(buf_span(&content)) ? buf_span(&plain) : buf_span(&content), old->path, &totals,
                          sent_seen, sent, command->diag);
    }
    buf_release(&content);
    buf_release(&plain);
    return rc;
}

/* What the new one carries. */
static enum status members_read(const struct file_command *command, const struct ledger_file *file,
                                struct carried_list *members)
{
    struct ledger_instructions *it = NULL;
    struct ledger_instruction instruction;
    bool more = true;

    enum status rc = ledger_instructions_new(command->ledger, file->run, file->batch.unit, &it, command->diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_instructions_next(it, &instruction, &more, command->diag);
        if (rc == STATUS_OK && more && instruction.batch == file->batch.batch) {
            rc = sent_seen(members, instruction.payment_id, instruction.amount_dong, "", command->diag);
            members->item[members->count - 1].funding = instruction.benefit == BENEFIT_none;
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
    enum status rc = sent_read(command, old, &sent);
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
