/*
 * receive_entry.c - camt.053 and camt.054 as lines: debits that book payments, credits that bring them back.
 *
 * A debit that names no payment of ours is told as it is: it is our account. A credit is our matter only where
 * it is a return, a reversal, or names a payment or a file of ours.
 */
#include "receive.h"

/* The bank's own reference as a number: equal references are one booking. */
static int64_t reference_of(struct span reference)
{
    struct digest digest;
    int64_t number;

    if (reference.size == 0) {
        return 0;
    }
    digest_of(reference, &digest);
    memcpy(&number, digest.bytes, sizeof(number));
    return (number & INT64_MAX) | 1;
}

static day_t day_of_entry(const struct answer_entry *entry)
{
    return entry->booked_on != DAY_NONE ? entry->booked_on : entry->value_on;
}

/* What a movement on our account means for the payment that it names. */
static enum answer_says says_of(const struct answer_entry *entry, enum answer_side side)
{
    if (entry->status.meaning != ANSWER_SETTLED || side == ANSWER_SIDE_NONE) {
        return SAYS_NOTHING;
    }
    return side == ANSWER_DEBIT ? SAYS_BOOKED : SAYS_RETURNED;
}

static enum status detail_take(void *context, const struct answer_detail *detail, struct diag *diag)
{
    struct saying *saying = context;
    const struct answer_entry *entry = detail->entry;
    int32_t file = -1;

    enum status rc = saying_file(saying, detail->msg_id, detail->information_id, &file, diag);
    bool ours = file != -1 || detail->end_to_end_id.size == PAYMENT_ID_LENGTH || detail->is_return || entry->is_reversal;
    if (rc != STATUS_OK || (detail->side == ANSWER_CREDIT && !ours)) {
        return rc;
    }
    struct answer_line *line = saying_line(saying);
    saying_payment(line, detail->end_to_end_id);
    line->says = (uint8_t)says_of(entry, detail->side);
    line->file = file;
    line->day = day_of_entry(entry);
    line->amount_dong = saying_amount(&detail->amount);
    line->debit = reference_of(entry->servicer_reference.size > 0 ? entry->servicer_reference
                                                                  : detail->servicer_reference);
    if (detail->reasons.count > 0) {
        line->reason = saying_reason(saying, detail->reasons.reason[0].code);
    }
    return STATUS_OK;
}

/* Many payments booked as one, and none of them listed. */
static enum status batch_take(void *context, const struct answer_batch *batch, struct diag *diag)
{
    struct saying *saying = context;
    const struct answer_entry *entry = batch->entry;
    enum answer_side side = batch->side != ANSWER_SIDE_NONE ? batch->side : entry->side;
    int32_t file = -1;

    if (batch->details > 0) {
        return STATUS_OK;
    }
    enum status rc = saying_file(saying, batch->msg_id, batch->information_id, &file, diag);
    if (rc != STATUS_OK || (side == ANSWER_CREDIT && file == -1)) {
        return rc;
    }
    struct answer_line *line = saying_line(saying);
    line->says = (uint8_t)says_of(entry, side);
    line->file = file;
    line->day = day_of_entry(entry);
    line->count = saying_count(batch->count);
    line->amount_dong = saying_amount(&batch->amount);
    line->debit = reference_of(entry->servicer_reference);
    if (file == -1) {
        saying_payment(line, batch->information_id.size > 0 ? batch->information_id : batch->msg_id);
    } else if (line->amount_dong == -1) {
        line->amount_dong = saying_amount(&entry->amount);
    }
    return STATUS_OK;
}

/* Known only now: an entry with one detail has its amount. A debit without any detail names nobody. */
static enum status entry_take(void *context, const struct answer_entry *entry, struct diag *diag)
{
    struct saying *saying = context;
    size_t first = saying->entry_first;

    (void)diag;
    for (size_t i = first; i < saying->count; i++) {
        struct answer_line *line = &saying->line[i];
        if (line->payment_id[0] != '\0' && line->amount_dong == -1) {
            line->amount_dong = entry->details == 1 ? saying_amount(&entry->amount) : SAYING_UNREADABLE;
        }
    }
    if (saying->count == first && entry->details == 0 && entry->batches == 0 && entry->side == ANSWER_DEBIT) {
        struct answer_line *line = saying_line(saying);
        saying_payment(line, entry->servicer_reference.size > 0 ? entry->servicer_reference : entry->reference);
        line->says = (uint8_t)says_of(entry, entry->side);
        line->day = day_of_entry(entry);
        line->amount_dong = saying_amount(&entry->amount);
    }
    saying->entry_first = saying->count;
    return STATUS_OK;
}

/* Our account of this number, and its bank. */
static void account_take(const struct site_config *config, struct said_account *account)
{
    for (unsigned u = 0; u < config->unit_count; u++) {
        for (unsigned a = 0; a < config->unit[u].account_count; a++) {
            if (strcmp(config->unit[u].account[a].number, account->number) == 0) {
                memcpy(account->bank, config->unit[u].account[a].bin, sizeof(account->bank));
            }
        }
    }
}

static enum status statement_take(void *context, const struct answer_statement *statement, struct diag *diag)
{
    struct saying *saying = context;
    struct said_account account = { .first = saying->account_first, .end = saying->count };

    (void)diag;
    if (statement->account.size < sizeof(account.number)) {
        memcpy(account.number, statement->account.data, statement->account.size);
        account_take(saying->world->site->config, &account);
    }
    saying_claim(saying, 2, &statement->servicer);
    saying->account = mem_resize(saying->account, saying->account_count + 1, sizeof(account));
    saying->account[saying->account_count++] = account;
    saying->account_first = saying->count;
    return STATUS_OK;
}

struct answer_handler entry_handler(struct saying *saying)
{
    return (struct answer_handler){ .statement = statement_take, .entry = entry_take, .batch = batch_take,
                                    .detail = detail_take, .context = saying };
}
