/*
 * pain002_read.c - where a CustomerPaymentStatusReport (pain.002) has what we read.
 *
 * The places are those of .03 and of .10 to .15; what lies between them differs in names and was not
 * checked against a schema, so it is refused by name. From .10 on the status codes are ISO's external
 * lists; .03 has a closed list of its own.
 */
#include "answer_part.h"

static const struct place initiator_places[] = {
    { "Id", FORM_NONE, LEVEL_NONE, 0, answer_party_id_places },
    { 0 },
};

static const struct place group_header_places[] = {
    { "MsgId", FORM_ID, LEVEL_NONE, offsetof(struct answer_message, msg_id), NULL },
    { "CreDtTm", FORM_TEXT, LEVEL_NONE, offsetof(struct answer_message, created_at), NULL },
    { "InitgPty", FORM_NONE, LEVEL_NONE, offsetof(struct answer_message, sender), initiator_places },
    { "DbtrAgt", FORM_NONE, LEVEL_NONE, offsetof(struct answer_message, debtor_agent), answer_agent_places },
    { 0 },
};

static const struct place group_places[] = {
    { "OrgnlMsgId", FORM_ID, LEVEL_NONE, offsetof(struct answer_group, original_msg_id), NULL },
    { "OrgnlMsgNmId", FORM_ID, LEVEL_NONE, offsetof(struct answer_group, original_msg_name), NULL },
    { "OrgnlNbOfTxs", FORM_ID, LEVEL_NONE, offsetof(struct answer_group, original_count), NULL },
    { "OrgnlCtrlSum", FORM_SUM, LEVEL_NONE, offsetof(struct answer_group, original_sum), NULL },
    { "GrpSts", FORM_STATUS, LEVEL_NONE, offsetof(struct answer_group, status), NULL },
    { "StsRsnInf", FORM_REASON, LEVEL_NONE, offsetof(struct answer_group, reasons), answer_reason_places },
    { 0 },
};

static const struct place equivalent_places[] = {
    { "Amt", FORM_AMOUNT, LEVEL_NONE, 0, NULL },
    { 0 },
};

static const struct place amount_places[] = {
    { "InstdAmt", FORM_AMOUNT, LEVEL_NONE, 0, NULL },
    { "EqvtAmt", FORM_NONE, LEVEL_NONE, 0, equivalent_places },
    { 0 },
};

static const struct place reference_places[] = {
    { "Amt", FORM_NONE, LEVEL_NONE, 0, amount_places },
    { 0 },
};

static const struct place transaction_places[] = {
    { "OrgnlEndToEndId", FORM_ID, LEVEL_NONE, offsetof(struct answer_transaction, end_to_end_id), NULL },
    { "TxSts", FORM_STATUS, LEVEL_NONE, offsetof(struct answer_transaction, status), NULL },
    { "StsRsnInf", FORM_REASON, LEVEL_NONE, offsetof(struct answer_transaction, reasons), answer_reason_places },
    { "AcctSvcrRef", FORM_ID, LEVEL_NONE, offsetof(struct answer_transaction, servicer_reference), NULL },
    { "OrgnlTxRef", FORM_NONE, LEVEL_NONE, offsetof(struct answer_transaction, amount), reference_places },
    { 0 },
};

static const struct place information_places[] = {
    { "OrgnlPmtInfId", FORM_ID, LEVEL_NONE, offsetof(struct answer_information, original_id), NULL },
    { "OrgnlNbOfTxs", FORM_ID, LEVEL_NONE, offsetof(struct answer_information, original_count), NULL },
    { "OrgnlCtrlSum", FORM_SUM, LEVEL_NONE, offsetof(struct answer_information, original_sum), NULL },
    { "PmtInfSts", FORM_STATUS, LEVEL_NONE, offsetof(struct answer_information, status), NULL },
    { "StsRsnInf", FORM_REASON, LEVEL_NONE, offsetof(struct answer_information, reasons), answer_reason_places },
    { "TxInfAndSts", FORM_NONE, LEVEL_LOW, 0, transaction_places },
    { 0 },
};

static const struct place message_places[] = {
    { "GrpHdr", FORM_NONE, LEVEL_NONE, offsetof(struct answer_part_message, message), group_header_places },
    { "OrgnlGrpInfAndSts", FORM_NONE, LEVEL_GROUP, 0, group_places },
    { "OrgnlPmtInfAndSts", FORM_NONE, LEVEL_HIGH, 0, information_places },
    { 0 },
};

static const struct place message_place = { "CstmrPmtStsRpt", FORM_NONE, LEVEL_MESSAGE, 0, message_places };

/* TransactionGroupStatus3Code and TransactionIndividualStatus3Code together. */
static bool is_in_closed_list(struct span code)
{
    static const char codes[][5] = { "ACTC", "RCVD", "PART", "RJCT", "PDNG", "ACCP", "ACSP", "ACSC", "ACWC" };

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (span_is(code, codes[i])) {
            return true;
        }
    }
    return false;
}

static void status_check(struct answer_reader *reader, const struct answer_status *status)
{
    if (status->meaning != ANSWER_NONE && answer_message(reader)->version == 3 && !is_in_closed_list(status->code)) {
        answer_warn(reader, FINDING_OTHER_LIST, "a status code is not in the list of pain.002.001.03",
                    status->code.data);
    }
}

/* MDR of pain.002, rules GroupStatus...Rule and PaymentInformationStatus...Rule: below what was accepted or is
 * pending nothing is rejected, below what was rejected everything is, below what was only received nothing is
 * said. Banks do it all the same; the most exact level is the one to believe. */
static void levels_check(struct answer_reader *reader, const struct answer_status *upper,
                         const struct answer_status *lower)
{
    bool refuses = lower->meaning == ANSWER_REJECTED;
    bool contradict = false;

    if (upper->meaning == ANSWER_NONE || lower->meaning == ANSWER_NONE) {
        return;
    }
    if (upper->meaning == ANSWER_REJECTED) {
        contradict = !refuses;
    } else if (span_is(upper->code, "RCVD")) {
        contradict = true;
    } else {
        contradict = refuses && upper->meaning != ANSWER_PARTLY && upper->meaning != ANSWER_UNKNOWN;
    }
    if (contradict) {
        answer_warn(reader, FINDING_LEVELS, "the statuses of the whole and of its parts contradict each other",
                    lower->code.data);
    }
}

static void part_begin(struct answer_reader *reader, enum level level)
{
    if (level == LEVEL_LOW) {
        struct answer_transaction *transaction = answer_level(reader, LEVEL_LOW);
        transaction->information = answer_level(reader, LEVEL_HIGH);
    }
}

static enum status group_end(struct answer_reader *reader, struct diag *diag)
{
    const struct answer_group *group = answer_level(reader, LEVEL_GROUP);

    status_check(reader, &group->status);
    if (group->original_msg_name.size == 0) {
        answer_warn(reader, FINDING_NO_MESSAGE_NAME, "OrgnlMsgNmId is missing", NULL);
    }
    return reader->handler->group == NULL
        ? STATUS_OK : reader->handler->group(reader->handler->context, answer_message(reader), group, diag);
}

static enum status information_end(struct answer_reader *reader, struct diag *diag)
{
    const struct answer_information *information = answer_level(reader, LEVEL_HIGH);
    const struct answer_group *group = answer_level(reader, LEVEL_GROUP);

    status_check(reader, &information->status);
    levels_check(reader, &group->status, &information->status);
    return reader->handler->information == NULL
        ? STATUS_OK : reader->handler->information(reader->handler->context, information, diag);
}

static enum status transaction_end(struct answer_reader *reader, struct diag *diag)
{
    const struct answer_transaction *transaction = answer_level(reader, LEVEL_LOW);
    const struct answer_information *information = answer_level(reader, LEVEL_HIGH);

    status_check(reader, &transaction->status);
    levels_check(reader, &information->status, &transaction->status);
    return reader->handler->transaction == NULL
        ? STATUS_OK : reader->handler->transaction(reader->handler->context, transaction, diag);
}

static enum status part_end(struct answer_reader *reader, enum level level, struct diag *diag)
{
    switch (level) {
    case LEVEL_GROUP:
        return group_end(reader, diag);
    case LEVEL_HIGH:
        return information_end(reader, diag);
    default:
        return transaction_end(reader, diag);
    }
}

const struct dialect pain002_dialect = {
    .message = &message_place,
    .size_bytes = {
        [LEVEL_GROUP] = sizeof(struct answer_group),
        [LEVEL_HIGH] = sizeof(struct answer_information),
        [LEVEL_LOW] = sizeof(struct answer_transaction),
    },
    .begin = part_begin,
    .end = part_end,
};
