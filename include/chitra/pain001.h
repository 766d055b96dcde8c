/*
 * pain001.h - one bank file as a stream: <BusinessMessage> around head.001.001.02 and pain.001.001.09.
 *
 * Layer: iso20022 (knows base; sees bank.h's types); it does not know the ledger or keys. Canonical
 * XML from the first byte, without declaration or white space between elements, so that the digest
 * is taken as it goes by.
 *
 * Calling sequence: head001_write (up to and including "<Sgntr>"), then the caller puts the signature
 * in, pain001_begin (starts with "</Sgntr></AppHdr>"), pain001_transaction for each payment,
 * pain001_end. One PmtInf in each file: several banks take no more; its PmtInfId is the MsgId with
 * "-1", because some banks refuse two equal ones.
 *
 * Errors of writing stay in the writer (xml_writer_finish). What stands in this file as a promise of
 * the caller (lengths of ids and accounts, amounts over zero) is asserted. A name of which nothing is
 * left in the bank's character set is STATUS_INPUT and names the EndToEndId: screening holds such a
 * payment before it comes here.
 *
 * Units: whole dong, currency VND, no decimals (ISO 4217 minor unit 0; MDR rule CurrencyAmount).
 * Sources: ISO 20022 head.001.001.02 (BusinessApplicationHeaderV02), pain.001.001.09
 * (CustomerCreditTransferInitiationV09). Times are UTC+7 with the offset written.
 */
#ifndef CHITRA_PAIN001_H
#define CHITRA_PAIN001_H

#include "chitra/bank.h"
#include "chitra/xml.h"

struct pain001_file {
    const struct bank_profile *profile;
    const char *msg_id;             /* = BizMsgIdr = GrpHdr/MsgId, 1-33 of [A-Z0-9-] */
    const char *created_at;         /* YYYY-MM-DDThh:mm:ss+07:00 */
    day_t execution_date;           /* ReqdExctnDt/Dt */
    uint64_t transactions;          /* NbOfTxs */
    int64_t amount_dong;            /* CtrlSum */
    const char *party_name;         /* initiating party and debtor, UTF-8 */
    const char *party_id;           /* OrgId/Othr/Id: the agency's and unit's number, 1-35 */
    const char *debtor_account;     /* Othr/Id, 1-34 letters and digits */
    bool possible_duplicate;        /* PssblDplct: sent again to a bank that may have it */
};

struct pain001_transaction {
    const char *end_to_end_id;      /* 26 characters, NUL-ended */
    int64_t amount_dong;
    const struct bank_entry *agent; /* by BIC, or ClrSysMmbId VN + BIN where it has none */
    struct span creditor_name;      /* UTF-8 as registered: written in the profile's set and length */
    struct span account;            /* 1-34 letters and digits */
    const char *purpose;            /* four letters */
    const char *category;           /* four letters or "" */
    struct span remittance;         /* in the profile's set and length already: thousands have the same; empty: none */
};

/* Writes <BusinessMessage><AppHdr ...>...<Sgntr>. */
void head001_write(struct xml_writer *writer, const struct pain001_file *file);

void pain001_begin(struct xml_writer *writer, const struct pain001_file *file);
void pain001_transaction(struct xml_writer *writer, const struct pain001_file *file,
                         const struct pain001_transaction *transaction);
void pain001_end(struct xml_writer *writer);

/* What a written file says of itself, read back as a stream (constant memory): for `verify` and for
 * the check after writing. Also counts and adds up the transactions. */
struct pain001_totals {
    char msg_id[36];
    char created_at[33];
    char debtor_account[35];
    char debtor_bank[36];           /* BICFI or MmbId of DbtrAgt */
    char execution_date[11];
    uint64_t stated_transactions;   /* GrpHdr/NbOfTxs */
    int64_t stated_amount_dong;     /* GrpHdr/CtrlSum */
    uint64_t transactions;          /* counted */
    int64_t amount_dong;            /* added up */
};
/* Each transaction as it is read; may be NULL. A status other than STATUS_OK ends the reading. */
typedef enum status pain001_seen(void *context, const char *end_to_end_id, int64_t amount_dong,
                                 const char *account, struct diag *diag);

/* Takes any bytes. STATUS_INPUT for what is not well-formed, is none of our files, lacks one of the
 * totals' fields or says it twice, or contradicts itself (BizMsgIdr and MsgId, GrpHdr and PmtInf).
 * Whether the stated totals are those counted is the caller's question. The signature is stepped
 * over. After an error *totals holds what was read so far. */
enum status pain001_read(struct span xml, const char *name, struct pain001_totals *totals,
                         pain001_seen *seen, void *context, struct diag *diag) MUST_USE;

/* Validates a whole file against our restricted schemas: the wrapper by hand, AppHdr and Document by
 * chitra-head.001.001.02.xsd and chitra-pain.001.001.09.xsd in `folder` (formats/iso20022). Streams;
 * constant memory. STATUS_INPUT names the element that is wrong, never its content. */
enum status pain001_validate(struct span xml, const char *name, const char *folder, struct diag *diag) MUST_USE;

#endif
