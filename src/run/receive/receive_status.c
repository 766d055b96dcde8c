/*
 * receive_status.c - pain.002 as lines: what a bank says of a file, of its payment information, of single
 * payments.
 *
 * A file of ours has one payment information, which is therefore the file. What the most exact level says holds
 * (ISO 20022 MDR, pain.002: a status is that of all below it that have none).
 */
#include "receive.h"

static enum answer_says says_of(enum answer_meaning meaning)
{
    switch (meaning) {
    case ANSWER_ACCEPTED:
    case ANSWER_SETTLED:        /* no financial information, says ISO of ACSC: only a booking books */
        return SAYS_ACCEPTED;
    case ANSWER_REJECTED:
        return SAYS_REJECTED;
    default:
        return SAYS_NOTHING;
    }
}

static day_t day_of_text(struct span text)
{
    day_t day;

    return text.size >= 10 && day_read((struct span){ text.data, 10 }, &day) ? day : DAY_NONE;
}

static int32_t reason_of(struct saying *saying, const struct answer_reasons *reasons)
{
    return reasons->count == 0 ? 0 : saying_reason(saying, reasons->reason[0].code);
}

static enum status group_take(void *context, const struct answer_message *message, const struct answer_group *group,
                              struct diag *diag)
{
    struct saying *saying = context;
    struct answer_line *line = &saying->group;

    saying->day = day_of_text(message->created_at);
    saying->group_said = true;
    *line = (struct answer_line){ .says = (uint8_t)says_of(group->status.meaning), .file = -1, .day = saying->day,
                                  .reason = reason_of(saying, &group->reasons), .count = saying_count(group->original_count),
                                  .amount_dong = saying_amount(&group->original_sum) };
    return saying_file(saying, group->original_msg_id, SPAN_EMPTY, &line->file, diag);
}

static enum status information_take(void *context, const struct answer_information *information, struct diag *diag)
{
    struct saying *saying = context;
    int32_t file = -1;

    enum status rc = saying_file(saying, SPAN_EMPTY, information->original_id, &file, diag);
    if (rc != STATUS_OK || information->status.meaning == ANSWER_NONE) {
        return rc;
    }
    struct answer_line *line = saying_line(saying);
    line->says = (uint8_t)says_of(information->status.meaning);
    line->file = file;
    line->day = saying->day;
    line->reason = reason_of(saying, &information->reasons);
    line->count = saying_count(information->original_count);
    line->amount_dong = saying_amount(&information->original_sum);
    if (file == -1 || file != saying->group.file) {
        line->file = saying->group.file;
        saying_payment(line, information->original_id);     /* an information that the file does not have */
    }
    return STATUS_OK;
}

static enum status transaction_take(void *context, const struct answer_transaction *transaction, struct diag *diag)
{
    struct saying *saying = context;
    const struct answer_information *information = transaction->information;
    struct answer_line *line = saying_line(saying);

    (void)diag;
    saying_payment(line, transaction->end_to_end_id);
    line->file = saying->group.file;
    line->day = saying->day;
    line->reason = reason_of(saying, &transaction->reasons);
    line->amount_dong = saying_amount(&transaction->amount);
    if (transaction->status.meaning != ANSWER_NONE) {
        line->says = (uint8_t)says_of(transaction->status.meaning);
    } else if (information != NULL && information->status.meaning != ANSWER_NONE) {
        line->says = (uint8_t)says_of(information->status.meaning);
    } else {
        line->says = saying->group.says;
    }
    return STATUS_OK;
}

struct answer_handler status_handler(struct saying *saying)
{
    return (struct answer_handler){ .group = group_take, .information = information_take,
                                    .transaction = transaction_take, .context = saying };
}
