/*
 * pain001_write.c - CustomerCreditTransferInitiationV09, in canonical form from the first byte.
 *
 * The order of the elements is the schema's (xs:sequence). pain001_transaction is the hot path of
 * the whole program: it builds nothing and allocates nothing.
 */
#include "chitra/money.h"
#include "chitra/pain001.h"
#include "message.h"

enum {
    TEXT_CHARACTERS_MAX = 140,                      /* Max140Text: Nm, Ustrd */
    TEXT_BYTES_MAX = 4 * TEXT_CHARACTERS_MAX,       /* four bytes of UTF-8 at most for each */
    END_TO_END_ID_LENGTH = 26,                      /* of base 32: 130 bits of a digest */
    ACCOUNT_LENGTH_MAX = 34                         /* Max34Text of Othr/Id */
};

/* A text in the bank's set and length. */
struct bank_text {
    char bytes[TEXT_BYTES_MAX];
    struct span span;
};

static void bank_text_set(struct bank_text *text, struct span source, enum charset charset, size_t length_max)
{
    /* A buffer that owns all it may ever hold never grows, so that it can lie on the stack. */
    struct buf buf = { text->bytes, 0, sizeof(text->bytes), sizeof(text->bytes) };

    ASSERT(length_max <= TEXT_CHARACTERS_MAX);
    enum status rc = text_transliterate(source, charset, length_max, &buf);
    ASSERT(rc == STATUS_OK);
    text->span = buf_span(&buf);
}

static void number_write(struct xml_writer *writer, int64_t number)
{
    char digits[20];
    size_t size = money_write(number, digits);

    xml_raw(writer, (struct span){ digits, size });
}

/* Nm and Id of the payer, who is initiating party and debtor in one. */
static void party_write(struct xml_writer *writer, const struct pain001_file *file, struct span name)
{
    XML_RAW(writer, "<Nm>");
    xml_data(writer, name);
    XML_RAW(writer, "</Nm><Id><OrgId><Othr>");
    xml_element(writer, "Id", span_of(file->party_id));
    XML_RAW(writer, "</Othr></OrgId></Id>");
}

/* NbOfTxs and CtrlSum, the same in the group header and in its only PmtInf. */
static void totals_write(struct xml_writer *writer, const struct pain001_file *file)
{
    XML_RAW(writer, "<NbOfTxs>");
    number_write(writer, (int64_t)file->transactions);
    XML_RAW(writer, "</NbOfTxs><CtrlSum>");
    number_write(writer, file->amount_dong);
    XML_RAW(writer, "</CtrlSum>");
}

static void group_header_write(struct xml_writer *writer, const struct pain001_file *file, struct span name)
{
    XML_RAW(writer, "</Sgntr></AppHdr><Document xmlns=\"" PAIN001_NAMESPACE "\"><CstmrCdtTrfInitn><GrpHdr>");
    xml_element(writer, "MsgId", span_of(file->msg_id));
    xml_element(writer, "CreDtTm", span_of(file->created_at));
    totals_write(writer, file);
    XML_RAW(writer, "<InitgPty>");
    party_write(writer, file, name);
    XML_RAW(writer, "</InitgPty></GrpHdr>");
}

static void payment_information_write(struct xml_writer *writer, const struct pain001_file *file,
                                      struct span name)
{
    char date[11];

    day_write(file->execution_date, date);
    XML_RAW(writer, "<PmtInf><PmtInfId>");
    xml_data(writer, span_of(file->msg_id));
    XML_RAW(writer, "-1</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>");
    totals_write(writer, file);
    XML_RAW(writer, "<ReqdExctnDt>");
    xml_element(writer, "Dt", span_of(date));
    XML_RAW(writer, "</ReqdExctnDt><Dbtr>");
    party_write(writer, file, name);
    XML_RAW(writer, "</Dbtr><DbtrAcct><Id><Othr>");
    xml_element(writer, "Id", span_of(file->debtor_account));
    XML_RAW(writer, "</Othr></Id><Ccy>VND</Ccy></DbtrAcct><DbtrAgt>");
    agent_write(writer, file->profile->bic, file->profile->bin);
    /* DEBT: a benefit reaches its person whole, whatever a service level may say (SLEV) of charges:
     * what is due by law is credited, and the payer bears the cost of paying. */
    XML_RAW(writer, "</DbtrAgt><ChrgBr>DEBT</ChrgBr>");
}

void pain001_begin(struct xml_writer *writer, const struct pain001_file *file)
{
    struct bank_text name;

    ASSERT(strlen(file->msg_id) >= 1 && strlen(file->msg_id) <= 33);
    ASSERT(strlen(file->party_id) >= 1 && strlen(file->party_id) <= 35);
    ASSERT(strlen(file->debtor_account) >= 1 && strlen(file->debtor_account) <= ACCOUNT_LENGTH_MAX);
    ASSERT(file->transactions >= 1 && file->amount_dong >= 1);
    if (writer->status != STATUS_OK) {
        return;
    }
    bank_text_set(&name, span_of(file->party_name), file->profile->charset, file->profile->name_length_max);
    if (name.span.size == 0) {
        writer->status = diag_fail(writer->diag, STATUS_INPUT,
                                   "nothing is left of the payer's name in the bank's character set");
        diag_at(writer->diag, file->msg_id, 0, 0);
        return;
    }
    group_header_write(writer, file, name.span);
    payment_information_write(writer, file, name.span);
}

/* PmtId, PmtTpInf and Amt. Without InstrId, which is optional: the EndToEndId names the payment on the
 * whole way, and the same 26 characters twice are a tenth of a file. */
static void amount_write(struct xml_writer *writer, const struct pain001_transaction *transaction, struct span id)
{
    XML_RAW(writer, "<CdtTrfTxInf><PmtId><EndToEndId>");
    xml_raw(writer, id);
    XML_RAW(writer, "</EndToEndId></PmtId>");
    if (transaction->category[0] != '\0') {
        XML_RAW(writer, "<PmtTpInf><CtgyPurp><Cd>");
        xml_raw(writer, span_of(transaction->category));
        XML_RAW(writer, "</Cd></CtgyPurp></PmtTpInf>");
    }
    XML_RAW(writer, "<Amt><InstdAmt Ccy=\"VND\">");
    number_write(writer, transaction->amount_dong);
    XML_RAW(writer, "</InstdAmt></Amt><CdtrAgt>");
}

void pain001_transaction(struct xml_writer *writer, const struct pain001_file *file,
                         const struct pain001_transaction *transaction)
{
    const struct bank_profile *profile = file->profile;
    struct span id = span_of(transaction->end_to_end_id);
    struct bank_text text;

    ASSERT(id.size == END_TO_END_ID_LENGTH && transaction->amount_dong >= 1);
    ASSERT(transaction->account.size >= 1 && transaction->account.size <= ACCOUNT_LENGTH_MAX);
    ASSERT(transaction->remittance.size <= TEXT_BYTES_MAX);
    if (writer->status != STATUS_OK) {
        return;
    }
    bank_text_set(&text, transaction->creditor_name, profile->charset, profile->name_length_max);
    if (text.span.size == 0) {
        writer->status = diag_fail(writer->diag, STATUS_INPUT,
                                   "nothing is left of a creditor's name in the bank's character set");
        diag_at(writer->diag, file->msg_id, 0, 0);
        diag_found(writer->diag, "EndToEndId %s", transaction->end_to_end_id);
        return;
    }
    amount_write(writer, transaction, id);
    agent_write(writer, transaction->agent->bic, transaction->agent->bin);
    XML_RAW(writer, "</CdtrAgt><Cdtr><Nm>");
    xml_data(writer, text.span);
    XML_RAW(writer, "</Nm></Cdtr><CdtrAcct><Id><Othr><Id>");
    xml_data(writer, transaction->account);
    XML_RAW(writer, "</Id></Othr></Id></CdtrAcct><Purp><Cd>");
    xml_raw(writer, span_of(transaction->purpose));
    XML_RAW(writer, "</Cd></Purp>");
    if (transaction->remittance.size > 0) {
        XML_RAW(writer, "<RmtInf><Ustrd>");
        xml_data(writer, transaction->remittance);
        XML_RAW(writer, "</Ustrd></RmtInf>");
    }
    XML_RAW(writer, "</CdtTrfTxInf>");
}

void pain001_end(struct xml_writer *writer)
{
    XML_RAW(writer, "</PmtInf></CstmrCdtTrfInitn></Document></BusinessMessage>");
}
