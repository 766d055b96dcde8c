/*
 * camt05x_read.c - where a BankToCustomerStatement (camt.053) and a BankToCustomerDebitCreditNotification
 * (camt.054) have what we read: the same places under two names.
 *
 * The places are those of .02 to .14; what changed between them (Sts plain or with Cd, BIC or BICFI, a
 * party plain or in Pty, TxDtls with or without Amt) stands side by side.
 */
#include "answer_part.h"

/* The level of TxDtls, with the amounts that are taken when it has none of its own. */
struct detail_part {
    struct answer_detail detail;
    struct answer_amount transaction_amount;
    struct answer_amount instructed_amount;
    enum answer_side side;
};

static const struct place family_places[] = {
    { "Cd", FORM_TEXT, LEVEL_NONE, offsetof(struct answer_bank_code, family), NULL },
    { "SubFmlyCd", FORM_TEXT, LEVEL_NONE, offsetof(struct answer_bank_code, sub_family), NULL },
    { 0 },
};

static const struct place domain_places[] = {
    { "Cd", FORM_TEXT, LEVEL_NONE, offsetof(struct answer_bank_code, domain), NULL },
    { "Fmly", FORM_NONE, LEVEL_NONE, 0, family_places },
    { 0 },
};

static const struct place bank_code_places[] = {
    { "Domn", FORM_NONE, LEVEL_NONE, 0, domain_places },
    { 0 },
};

/* An account's number, over a struct span. */
static const struct place account_other_places[] = {
    { "Id", FORM_FIRST, LEVEL_NONE, 0, NULL },
    { 0 },
};

static const struct place account_id_places[] = {
    { "IBAN", FORM_FIRST, LEVEL_NONE, 0, NULL },
    { "Othr", FORM_NONE, LEVEL_NONE, 0, account_other_places },
    { 0 },
};

static const struct place references_places[] = {
    { "MsgId", FORM_ID, LEVEL_NONE, offsetof(struct answer_detail, msg_id), NULL },
    { "AcctSvcrRef", FORM_ID, LEVEL_NONE, offsetof(struct answer_detail, servicer_reference), NULL },
    { "PmtInfId", FORM_ID, LEVEL_NONE, offsetof(struct answer_detail, information_id), NULL },
    { "EndToEndId", FORM_ID, LEVEL_NONE, offsetof(struct answer_detail, end_to_end_id), NULL },
    { 0 },
};

static const struct place exchange_places[] = {
    { "Amt", FORM_AMOUNT, LEVEL_NONE, 0, NULL },
    { 0 },
};

static const struct place amounts_places[] = {
    { "InstdAmt", FORM_NONE, LEVEL_NONE, offsetof(struct detail_part, instructed_amount), exchange_places },
    { "TxAmt", FORM_NONE, LEVEL_NONE, offsetof(struct detail_part, transaction_amount), exchange_places },
    { 0 },
};

static const struct place detail_places[] = {
    { "Refs", FORM_NONE, LEVEL_NONE, 0, references_places },
    { "Amt", FORM_AMOUNT, LEVEL_NONE, offsetof(struct answer_detail, amount), NULL },
    { "CdtDbtInd", FORM_SIDE, LEVEL_NONE, offsetof(struct detail_part, side), NULL },
    { "AmtDtls", FORM_NONE, LEVEL_NONE, 0, amounts_places },
    { "BkTxCd", FORM_NONE, LEVEL_NONE, offsetof(struct answer_detail, bank_code), bank_code_places },
    { "RtrInf", FORM_REASON, LEVEL_NONE, offsetof(struct answer_detail, reasons), answer_reason_places },
    { 0 },
};

static const struct place batch_places[] = {
    { "MsgId", FORM_ID, LEVEL_NONE, offsetof(struct answer_batch, msg_id), NULL },
    { "PmtInfId", FORM_ID, LEVEL_NONE, offsetof(struct answer_batch, information_id), NULL },
    { "NbOfTxs", FORM_ID, LEVEL_NONE, offsetof(struct answer_batch, count), NULL },
    { "TtlAmt", FORM_AMOUNT, LEVEL_NONE, offsetof(struct answer_batch, amount), NULL },
    { "CdtDbtInd", FORM_SIDE, LEVEL_NONE, offsetof(struct answer_batch, side), NULL },
    { 0 },
};

static const struct place entry_details_places[] = {
    { "Btch", FORM_NONE, LEVEL_NONE, 0, batch_places },
    { "TxDtls", FORM_NONE, LEVEL_LOW, 0, detail_places },
    { 0 },
};

/* Sts: plain until .07, in Cd or Prtry from .08 on; and banks mix them. */
static const struct place entry_status_places[] = {
    { "Cd", FORM_ENTRY_STATUS, LEVEL_NONE, 0, NULL },
    { "Prtry", FORM_OWN_STATUS, LEVEL_NONE, 0, NULL },
    { 0 },
};

static const struct place day_places[] = {
    { "Dt", FORM_DAY, LEVEL_NONE, 0, NULL },
    { "DtTm", FORM_DAY, LEVEL_NONE, 0, NULL },
    { 0 },
};

static const struct place entry_places[] = {
    { "NtryRef", FORM_ID, LEVEL_NONE, offsetof(struct answer_entry, reference), NULL },
    { "Amt", FORM_AMOUNT, LEVEL_NONE, offsetof(struct answer_entry, amount), NULL },
    { "CdtDbtInd", FORM_SIDE, LEVEL_NONE, offsetof(struct answer_entry, side), NULL },
    { "RvslInd", FORM_FLAG, LEVEL_NONE, offsetof(struct answer_entry, is_reversal), NULL },
    { "Sts", FORM_ENTRY_STATUS, LEVEL_NONE, offsetof(struct answer_entry, status), entry_status_places },
    { "BookgDt", FORM_NONE, LEVEL_NONE, offsetof(struct answer_entry, booked_on), day_places },
    { "ValDt", FORM_NONE, LEVEL_NONE, offsetof(struct answer_entry, value_on), day_places },
    { "AcctSvcrRef", FORM_ID, LEVEL_NONE, offsetof(struct answer_entry, servicer_reference), NULL },
    { "BkTxCd", FORM_NONE, LEVEL_NONE, offsetof(struct answer_entry, bank_code), bank_code_places },
    { "NtryDtls", FORM_NONE, LEVEL_BATCH, 0, entry_details_places },
    { 0 },
};

static const struct place statement_account_places[] = {
    { "Id", FORM_NONE, LEVEL_NONE, offsetof(struct answer_statement, account), account_id_places },
    { "Svcr", FORM_NONE, LEVEL_NONE, offsetof(struct answer_statement, servicer), answer_agent_places },
    { 0 },
};

static const struct place statement_places[] = {
    { "Acct", FORM_NONE, LEVEL_NONE, 0, statement_account_places },
    { "Ntry", FORM_NONE, LEVEL_ENTRY, 0, entry_places },
    { 0 },
};

static const struct place group_header_places[] = {
    { "MsgId", FORM_ID, LEVEL_NONE, offsetof(struct answer_message, msg_id), NULL },
    { "CreDtTm", FORM_TEXT, LEVEL_NONE, offsetof(struct answer_message, created_at), NULL },
    { 0 },
};

static const struct place camt053_places[] = {
    { "GrpHdr", FORM_NONE, LEVEL_NONE, offsetof(struct answer_part_message, message), group_header_places },
    { "Stmt", FORM_NONE, LEVEL_HIGH, 0, statement_places },
    { 0 },
};

static const struct place camt054_places[] = {
    { "GrpHdr", FORM_NONE, LEVEL_NONE, offsetof(struct answer_part_message, message), group_header_places },
    { "Ntfctn", FORM_NONE, LEVEL_HIGH, 0, statement_places },
    { 0 },
};

static const struct place camt053_place = { "BkToCstmrStmt", FORM_NONE, LEVEL_MESSAGE, 0, camt053_places };
static const struct place camt054_place = {
    "BkToCstmrDbtCdtNtfctn", FORM_NONE, LEVEL_MESSAGE, 0, camt054_places,
};

static void part_begin(struct answer_reader *reader, enum level level)
{
    if (level == LEVEL_ENTRY) {
        ((struct answer_entry *)answer_level(reader, LEVEL_ENTRY))->statement = answer_level(reader, LEVEL_HIGH);
    } else if (level == LEVEL_BATCH) {
        ((struct answer_batch *)answer_level(reader, LEVEL_BATCH))->entry = answer_level(reader, LEVEL_ENTRY);
    } else if (level == LEVEL_LOW) {
        ((struct answer_detail *)answer_level(reader, LEVEL_LOW))->entry = answer_level(reader, LEVEL_ENTRY);
    }
}

static bool is_return_code(const struct answer_bank_code *code)
{
    return span_is(code->sub_family, "RRTN");
}

static enum status detail_end(struct answer_reader *reader, struct diag *diag)
{
    struct detail_part *part = answer_level(reader, LEVEL_LOW);
    struct answer_detail *detail = &part->detail;
    struct answer_batch *batch = answer_level(reader, LEVEL_BATCH);
    struct answer_entry *entry = answer_level(reader, LEVEL_ENTRY);

    batch->details++;
    entry->details++;
    if (detail->amount.text.size == 0) {
        detail->amount = part->transaction_amount.text.size > 0 ? part->transaction_amount : part->instructed_amount;
    }
    detail->side = part->side != ANSWER_SIDE_NONE ? part->side : entry->side;
    detail->is_return = detail->reasons.count > 0
        || is_return_code(detail->bank_code.domain.size > 0 ? &detail->bank_code : &entry->bank_code);
    return reader->handler->detail == NULL
        ? STATUS_OK : reader->handler->detail(reader->handler->context, detail, diag);
}

/* NtryDtls without a Btch, or with an empty one, is no batch. */
static enum status batch_end(struct answer_reader *reader, struct diag *diag)
{
    const struct answer_batch *batch = answer_level(reader, LEVEL_BATCH);
    struct answer_entry *entry = answer_level(reader, LEVEL_ENTRY);

    if (batch->msg_id.size + batch->information_id.size + batch->count.size + batch->amount.text.size == 0) {
        return STATUS_OK;
    }
    entry->batches++;
    return reader->handler->batch == NULL
        ? STATUS_OK : reader->handler->batch(reader->handler->context, batch, diag);
}

static enum status entry_end(struct answer_reader *reader, struct diag *diag)
{
    struct answer_entry *entry = answer_level(reader, LEVEL_ENTRY);

    entry->is_return = is_return_code(&entry->bank_code);
    return reader->handler->entry == NULL ? STATUS_OK : reader->handler->entry(reader->handler->context, entry, diag);
}

static enum status part_end(struct answer_reader *reader, enum level level, struct diag *diag)
{
    switch (level) {
    case LEVEL_HIGH:
        return reader->handler->statement == NULL ? STATUS_OK
            : reader->handler->statement(reader->handler->context, answer_level(reader, LEVEL_HIGH), diag);
    case LEVEL_ENTRY:
        return entry_end(reader, diag);
    case LEVEL_BATCH:
        return batch_end(reader, diag);
    default:
        return detail_end(reader, diag);
    }
}

#define CAMT_SIZES {                                    \
        [LEVEL_HIGH] = sizeof(struct answer_statement), \
        [LEVEL_ENTRY] = sizeof(struct answer_entry),    \
        [LEVEL_BATCH] = sizeof(struct answer_batch),    \
        [LEVEL_LOW] = sizeof(struct detail_part),       \
    }

const struct dialect camt053_dialect = {
    .message = &camt053_place, .size_bytes = CAMT_SIZES, .begin = part_begin, .end = part_end,
};
const struct dialect camt054_dialect = {
    .message = &camt054_place, .size_bytes = CAMT_SIZES, .begin = part_begin, .end = part_end,
};
