/*
 * pain001_read.c - what a bank file says of itself, and what its transactions add up to.
 *
 * The elements that matter stand in one table of places; a place is known by its parent's place and
 * its own name and namespace, so that an element that only looks like another one, elsewhere in the
 * file, is never taken for it. Every other element is stepped over: whether it may be there at all is
 * the schema's question (pain001_validate).
 */
#include "chitra/money.h"
#include "chitra/pain001.h"
#include "chitra/text.h"
#include "message.h"

enum { VALUE_BYTES_MAX = 64 };  /* the longest value that is kept is a Max35Text */

enum place {
    PLACE_outside, PLACE_message, PLACE_header, PLACE_header_id, PLACE_document, PLACE_initiation,
    PLACE_group, PLACE_msg_id, PLACE_created_at, PLACE_group_count, PLACE_group_sum,
    PLACE_instruction, PLACE_count, PLACE_sum, PLACE_execution, PLACE_execution_date,
    PLACE_debtor_account, PLACE_debtor_account_id, PLACE_debtor_account_other, PLACE_debtor_account_value,
    PLACE_debtor_agent, PLACE_debtor_bank, PLACE_debtor_bic, PLACE_debtor_member, PLACE_debtor_member_id,
    PLACE_transaction, PLACE_ids, PLACE_end_to_end_id, PLACE_amounts, PLACE_amount,
    PLACE_account, PLACE_account_id, PLACE_account_other, PLACE_account_value,
    PLACE_other,        /* everything else */
    PLACE_NUMBER
};

/* Each stands at most once in its parent, but for the transactions. */
static const struct place_rule {
    enum place parent;
    const char *name;
    const char *space;  /* namespace; NULL: none */
    bool value;         /* its text is kept */
} rules[PLACE_NUMBER] = {
    [PLACE_message] = { PLACE_outside, "BusinessMessage", NULL, false },
    [PLACE_header] = { PLACE_message, "AppHdr", HEAD001_NAMESPACE, false },
    [PLACE_header_id] = { PLACE_header, "BizMsgIdr", HEAD001_NAMESPACE, true },
    [PLACE_document] = { PLACE_message, "Document", PAIN001_NAMESPACE, false },
    [PLACE_initiation] = { PLACE_document, "CstmrCdtTrfInitn", PAIN001_NAMESPACE, false },
    [PLACE_group] = { PLACE_initiation, "GrpHdr", PAIN001_NAMESPACE, false },
    [PLACE_msg_id] = { PLACE_group, "MsgId", PAIN001_NAMESPACE, true },
    [PLACE_created_at] = { PLACE_group, "CreDtTm", PAIN001_NAMESPACE, true },
    [PLACE_group_count] = { PLACE_group, "NbOfTxs", PAIN001_NAMESPACE, true },
    [PLACE_group_sum] = { PLACE_group, "CtrlSum", PAIN001_NAMESPACE, true },
    [PLACE_instruction] = { PLACE_initiation, "PmtInf", PAIN001_NAMESPACE, false },
    [PLACE_count] = { PLACE_instruction, "NbOfTxs", PAIN001_NAMESPACE, true },
    [PLACE_sum] = { PLACE_instruction, "CtrlSum", PAIN001_NAMESPACE, true },
    [PLACE_execution] = { PLACE_instruction, "ReqdExctnDt", PAIN001_NAMESPACE, false },
    [PLACE_execution_date] = { PLACE_execution, "Dt", PAIN001_NAMESPACE, true },
    [PLACE_debtor_account] = { PLACE_instruction, "DbtrAcct", PAIN001_NAMESPACE, false },
    [PLACE_debtor_account_id] = { PLACE_debtor_account, "Id", PAIN001_NAMESPACE, false },
    [PLACE_debtor_account_other] = { PLACE_debtor_account_id, "Othr", PAIN001_NAMESPACE, false },
    [PLACE_debtor_account_value] = { PLACE_debtor_account_other, "Id", PAIN001_NAMESPACE, true },
    [PLACE_debtor_agent] = { PLACE_instruction, "DbtrAgt", PAIN001_NAMESPACE, false },
    [PLACE_debtor_bank] = { PLACE_debtor_agent, "FinInstnId", PAIN001_NAMESPACE, false },
    [PLACE_debtor_bic] = { PLACE_debtor_bank, "BICFI", PAIN001_NAMESPACE, true },
    [PLACE_debtor_member] = { PLACE_debtor_bank, "ClrSysMmbId", PAIN001_NAMESPACE, false },
    [PLACE_debtor_member_id] = { PLACE_debtor_member, "MmbId", PAIN001_NAMESPACE, true },
    [PLACE_transaction] = { PLACE_instruction, "CdtTrfTxInf", PAIN001_NAMESPACE, false },
    [PLACE_ids] = { PLACE_transaction, "PmtId", PAIN001_NAMESPACE, false },
    [PLACE_end_to_end_id] = { PLACE_ids, "EndToEndId", PAIN001_NAMESPACE, true },
    [PLACE_amounts] = { PLACE_transaction, "Amt", PAIN001_NAMESPACE, false },
    [PLACE_amount] = { PLACE_amounts, "InstdAmt", PAIN001_NAMESPACE, true },
    [PLACE_account] = { PLACE_transaction, "CdtrAcct", PAIN001_NAMESPACE, false },
    [PLACE_account_id] = { PLACE_account, "Id", PAIN001_NAMESPACE, false },
    [PLACE_account_other] = { PLACE_account_id, "Othr", PAIN001_NAMESPACE, false },
    [PLACE_account_value] = { PLACE_account_other, "Id", PAIN001_NAMESPACE, true },
};

struct pain001_reader {
    struct message_reader message;      /* first: libxml2 calls us with it */
    struct pain001_totals *totals;
    pain001_seen *seen;
    void *context;
    enum place open[XML_DEPTH_MAX + 1]; /* the places of the open elements; [0] is outside */
    uint64_t met;                       /* bit i: place i was there; of a transaction, in this one */
    char value[VALUE_BYTES_MAX];        /* of the open element, ended by a NUL */
    size_t value_size;
    char header_id[36];
    uint64_t count;                     /* PmtInf/NbOfTxs */
    int64_t sum_dong;                   /* PmtInf/CtrlSum */
    char end_to_end_id[36];             /* of the open transaction */
    char account[35];
    int64_t amount_dong;
};

#define PLACE_BIT(place) (UINT64_C(1) << (place))

static const uint64_t places_of_file = PLACE_BIT(PLACE_header_id) | PLACE_BIT(PLACE_msg_id)
    | PLACE_BIT(PLACE_created_at) | PLACE_BIT(PLACE_group_count) | PLACE_BIT(PLACE_group_sum)
    | PLACE_BIT(PLACE_count) | PLACE_BIT(PLACE_sum) | PLACE_BIT(PLACE_execution_date)
    | PLACE_BIT(PLACE_debtor_account_value);
static const uint64_t places_of_transaction = PLACE_BIT(PLACE_end_to_end_id) | PLACE_BIT(PLACE_amount)
    | PLACE_BIT(PLACE_account_value);

static enum place place_find(enum place parent, const xmlChar *name, const xmlChar *space)
{
    for (int i = PLACE_message; i < PLACE_other; i++) {
        const struct place_rule *rule = &rules[i];
        if (rule->parent == parent && strcmp(rule->name, (const char *)name) == 0
            && ((rule->space == NULL && space == NULL)
                || (rule->space != NULL && space != NULL && strcmp(rule->space, (const char *)space) == 0))) {
            return (enum place)i;
        }
    }
    return PLACE_other;
}

/* Amounts are dong (ISO 4217 VND): another currency must never be added to them. `attributes` are
 * libxml2's: name, prefix, namespace, start and end of the value, five for each. */
static bool currency_is_dong(int count, const xmlChar **attributes)
{
    if (count != 1 || strcmp((const char *)attributes[0], "Ccy") != 0 || attributes[2] != NULL) {
        return false;
    }
    return attributes[4] - attributes[3] == 3 && memcmp(attributes[3], "VND", 3) == 0;
}

static void element_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int namespace_count, const xmlChar **namespaces, int attribute_count,
                          int defaulted_count, const xmlChar **attributes)
{
    struct pain001_reader *reader = context;
    enum place parent = reader->open[reader->message.depth - 1];
    enum place place = place_find(parent, name, uri);

    (void)prefix;
    (void)namespace_count;
    (void)namespaces;
    (void)defaulted_count;
    reader->open[reader->message.depth] = place;
    reader->value_size = 0;
    if (rules[parent].value) {
        message_refuse(&reader->message, STATUS_INPUT, "an element stands where a value is expected");
    } else if (place != PLACE_other && place != PLACE_transaction && (reader->met & PLACE_BIT(place)) != 0) {
        message_refuse(&reader->message, STATUS_INPUT, "an element stands twice in the message");
        diag_found(reader->message.diag, "%s", rules[place].name);
    } else if (place == PLACE_amount && !currency_is_dong(attribute_count, attributes)) {
        message_refuse(&reader->message, STATUS_INPUT, "an amount is not in VND");
    } else if (place == PLACE_transaction) {
        for (int i = PLACE_ids; i < PLACE_other; i++) {
            reader->met &= ~PLACE_BIT(i);
        }
    }
    reader->met |= PLACE_BIT(place);
}

static void element_text(void *context, const xmlChar *text, int size)
{
    struct pain001_reader *reader = context;

    if (!rules[reader->open[reader->message.depth]].value) {
        return;
    }
    if ((size_t)size >= VALUE_BYTES_MAX - reader->value_size) {
        message_refuse(&reader->message, STATUS_INPUT, "a value is too long");
        return;
    }
    memcpy(reader->value + reader->value_size, text, (size_t)size);
    reader->value_size += (size_t)size;
}

/* Keeps a value as a text; an empty one or one over the ISO length is refused. */
static void value_text(struct pain001_reader *reader, char *text, size_t size)
{
    if (reader->value_size == 0 || reader->value_size >= size) {
        message_refuse(&reader->message, STATUS_INPUT, "a value is empty or too long");
        return;
    }
    memcpy(text, reader->value, reader->value_size + 1);
}

static void value_amount(struct pain001_reader *reader, int64_t *amount_dong)
{
    if (!money_read((struct span){ reader->value, reader->value_size }, amount_dong)) {
        message_refuse(&reader->message, STATUS_INPUT, "an amount is not in whole dong");
    }
}

/* Max15NumericText. */
static void value_count(struct pain001_reader *reader, uint64_t *count)
{
    if (!text_number((struct span){ reader->value, reader->value_size }, UINT64_C(999999999999999), count)) {
        message_refuse(&reader->message, STATUS_INPUT, "a number of transactions is not a number");
    }
}

static void transaction_end(struct pain001_reader *reader)
{
    struct pain001_totals *totals = reader->totals;

    if ((reader->met & places_of_transaction) != places_of_transaction) {
        message_refuse(&reader->message, STATUS_INPUT, "a transaction lacks its id, amount or account");
        return;
    }
    if (!money_add(totals->amount_dong, reader->amount_dong, &totals->amount_dong)) {
        message_refuse(&reader->message, STATUS_LIMIT, "the amounts are too large to be added up");
        return;
    }
    totals->transactions++;
    if (reader->seen == NULL) {
        return;
    }
    enum status rc = reader->seen(reader->context, reader->end_to_end_id, reader->amount_dong, reader->account,
                                  reader->message.diag);
    if (rc != STATUS_OK) {
        reader->message.status = rc;
        xmlStopParser(reader->message.parser);
    }
}

static void value_keep(struct pain001_reader *reader, enum place place)
{
    struct pain001_totals *totals = reader->totals;

    switch (place) {
    case PLACE_header_id:
        value_text(reader, reader->header_id, sizeof(reader->header_id));
        break;
    case PLACE_msg_id:
        value_text(reader, totals->msg_id, sizeof(totals->msg_id));
        break;
    case PLACE_created_at:
        value_text(reader, totals->created_at, sizeof(totals->created_at));
        break;
    case PLACE_group_count:
        value_count(reader, &totals->stated_transactions);
        break;
    case PLACE_group_sum:
        value_amount(reader, &totals->stated_amount_dong);
        break;
    case PLACE_count:
        value_count(reader, &reader->count);
        break;
    case PLACE_sum:
        value_amount(reader, &reader->sum_dong);
        break;
    case PLACE_execution_date:
        value_text(reader, totals->execution_date, sizeof(totals->execution_date));
        break;
    case PLACE_debtor_account_value:
        value_text(reader, totals->debtor_account, sizeof(totals->debtor_account));
        break;
    case PLACE_debtor_bic:
    case PLACE_debtor_member_id:
        if (totals->debtor_bank[0] != '\0') {
            message_refuse(&reader->message, STATUS_INPUT, "the debtor's bank is named twice");
            return;
        }
        value_text(reader, totals->debtor_bank, sizeof(totals->debtor_bank));
        break;
    case PLACE_end_to_end_id:
        value_text(reader, reader->end_to_end_id, sizeof(reader->end_to_end_id));
        break;
    case PLACE_amount:
        value_amount(reader, &reader->amount_dong);
        break;
    case PLACE_account_value:
        value_text(reader, reader->account, sizeof(reader->account));
        break;
    default:
        break;
    }
}

static void element_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct pain001_reader *reader = context;
    enum place place = reader->open[reader->message.depth];

    (void)name;
    (void)prefix;
    (void)uri;
    if (rules[place].value) {
        reader->value[reader->value_size] = '\0';
        value_keep(reader, place);
    } else if (place == PLACE_transaction) {
        transaction_end(reader);
    }
}

/* What the file as a whole must say, once, and without contradicting itself. MDR of pain.001: NbOfTxs
 * and CtrlSum of the group header are those of the whole message, which has one PmtInf. */
static enum status message_check(const struct pain001_reader *reader)
{
    const struct pain001_totals *totals = reader->totals;
    const char *what = NULL;

    if ((reader->met & places_of_file) != places_of_file || totals->debtor_bank[0] == '\0') {
        what = "the message lacks one of its totals, its ids, date, account or bank";
    } else if (strcmp(reader->header_id, totals->msg_id) != 0) {
        what = "BizMsgIdr and MsgId differ";
    } else if (reader->count != totals->stated_transactions || reader->sum_dong != totals->stated_amount_dong) {
        what = "NbOfTxs or CtrlSum of the group header and of PmtInf differ";
    }
    if (what == NULL) {
        return STATUS_OK;
    }
    diag_fail(reader->message.diag, STATUS_INPUT, "%s", what);
    diag_at(reader->message.diag, reader->message.name, 0, 0);
    return STATUS_INPUT;
}

enum status pain001_read(struct span xml, const char *name, struct pain001_totals *totals, pain001_seen *seen,
                         void *context, struct diag *diag)
{
    static const struct message_handler handler = { element_start, element_end, element_text };
    struct pain001_reader reader = {
        .message = { .name = name, .diag = diag },
        .totals = totals,
        .seen = seen,
        .context = context,
        .open = { PLACE_outside },
    };

    *totals = (struct pain001_totals){ 0 };
    enum status rc = message_parse(&reader.message, xml, "<BusinessMessage>", &handler);
    return rc == STATUS_OK ? message_check(&reader) : rc;
}
