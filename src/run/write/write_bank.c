/*
 * write_bank.c - one bank file: streamed, digested as it goes by, signed, put in its place, read back.
 *
 * The signature's place is kept free and filled in last; the digest goes over everything but the
 * signature element, which is what the enveloped-signature transform leaves.
 */
#include "write.h"

#include <stdio.h>

enum { READ_BACK_BYTES = 1 << 20 };

static enum status bank_flush(void *context, struct span bytes, struct diag *diag)
{
    struct outgoing *to = context;

    digester_add(to->document, bytes);
    if (to->nowhere) {
        digester_add(to->whole, bytes);
        return STATUS_OK;
    }
    return sys_file_write(to->out, bytes, diag);
}

/* A kept place of blanks; it is not part of the digested document. To nowhere, the signature itself: it is known. */
static enum status place_keep(struct outgoing *to, struct diag *diag)
{
    char blank[256];
    size_t size = to->again ? to->file->signature.size : sign_xml_size(to->world->signer);
    enum status rc = STATUS_OK;

    if (to->nowhere) {
        digester_add(to->whole, to->file->signature);
        return STATUS_OK;
    }
    memset(blank, ' ', sizeof(blank));
    for (size_t left = size; left > 0 && rc == STATUS_OK;) {
        size_t piece = left < sizeof(blank) ? left : sizeof(blank);
        rc = sys_file_write(to->out, (struct span){ blank, piece }, diag);
        left -= piece;
    }
    return rc;
}

static void header_fill(struct outgoing *to)
{
    const struct ledger_file *file = to->file;

    to->header = (struct pain001_file){ .profile = to->profile, .msg_id = file->batch.msg_id,
                                        .created_at = file->created_at, .execution_date = file->batch.pay_date,
                                        .transactions = file->batch.payments, .amount_dong = file->batch.amount_dong,
                                        .party_name = to->unit->name, .party_id = to->unit->party_id,
                                        .debtor_account = file->batch.account,
                                        .possible_duplicate = to->marked };
}

static enum status out_open(struct outgoing *to, struct diag *diag)
{
    char path[DIAG_FILE_BYTES];

    if (to->nowhere) {
        to->whole = digester_new();
        return STATUS_OK;
    }
    staging_path(to->file, path);
    if (to->profile->compression == BANK_GZIP) {
        path[strlen(path) - strlen(".gz")] = '\0';  /* the plain file is a step on the way */
    }
    return sys_file_new(to->world->site->dir, path, &to->out, diag);
}

enum status bank_begin(struct outgoing *to, struct diag *diag)
{
    enum status rc = out_open(to, diag);

    if (rc != STATUS_OK) {
        return rc;
    }
    to->document = digester_new();
    header_fill(to);
    xml_writer_init(&to->writer, bank_flush, to, diag);
    head001_write(&to->writer, &to->header);
    rc = xml_writer_finish(&to->writer);
    to->signature_at = xml_size(&to->writer);
    if (rc == STATUS_OK) {
        rc = place_keep(to, diag);
    }
    pain001_begin(&to->writer, &to->header);
    return rc;
}

/* What the payee's statement says: the benefit and its month. */
enum { REMITTANCE_ARREARS = FAMILY_COUNT, REMITTANCE_FUNDING, REMITTANCE_DEDUCTION, REMITTANCES };
static const char *const remittance_text[REMITTANCES] = {
    [FAMILY_pension] = "Lương hưu",
    [FAMILY_sickness] = "Trợ cấp ốm đau",
    [FAMILY_maternity] = "Trợ cấp thai sản",
    [FAMILY_unemployment] = "Trợ cấp thất nghiệp",
    [FAMILY_injury] = "Trợ cấp tai nạn lao động",
    [FAMILY_survivor] = "Trợ cấp tử tuất",
    [FAMILY_other] = "Trợ cấp",
    [REMITTANCE_ARREARS] = "Truy lĩnh",
    [REMITTANCE_FUNDING] = "Kinh phí chi trả bằng tiền mặt",
    [REMITTANCE_DEDUCTION] = "Khấu trừ theo quyết định",
};

/* Converted once for each file, since it is the same for thousands of payments. */
static struct span remittance(struct outgoing *to, size_t kind, month_t period)
{
    char *text = to->remittance[kind];
    char plain[REMITTANCE_BYTES];
    char month[8];
    struct buf out = BUF_INIT(REMITTANCE_BYTES - 1);

    if (text[0] == '\0') {
        month_write(period, month);
        int size = snprintf(plain, sizeof(plain), "%s T%.2s/%.4s", remittance_text[kind], month + 5, month);
        enum status rc = text_transliterate((struct span){ plain, (size_t)size }, to->profile->charset,
                                            to->profile->remittance_length_max, &out);
        ASSERT(rc == STATUS_OK);    /* our own texts are far below the limit */
        memcpy(text, buf_span(&out).data, out.size);
        text[out.size] = '\0';
        buf_release(&out);
    }
    return span_of(text);
}

/* What a creditor's statement says: the reference of the decision. */
static struct span reference(struct outgoing *to, struct span text)
{
    struct buf out = BUF_INIT(REFERENCE_BYTES - 1);

    enum status rc = text_transliterate(text, to->profile->charset, to->profile->remittance_length_max, &out);
    ASSERT(rc == STATUS_OK);    /* a reference has at most 140 characters */
    memcpy(to->reference, buf_span(&out).data, out.size);
    struct span written = { to->reference, out.size };
    buf_release(&out);
    return written;
}

/* Whom, where to, and for what: from the instruction, or the post for funding. */
static enum status transaction_fill(struct outgoing *to, const struct ledger_instruction *instruction,
                                    struct pain001_transaction *transaction, struct diag *diag)
{
    enum family family = FAMILY_COUNT;
    struct span bank = instruction->bank;

    *transaction = (struct pain001_transaction){ .end_to_end_id = instruction->payment_id,
                                                 .amount_dong = instruction->amount_dong, .category = "" };
    if (instruction->benefit == BENEFIT_none) {
        bank = span_of(to->unit->post.bin);
        transaction->creditor_name = span_of(to->unit->post.name);
        transaction->account = span_of(to->unit->post.account);
        transaction->purpose = to->profile->purpose_funding;
        transaction->remittance = remittance(to, REMITTANCE_FUNDING, instruction->period);
    } else if (instruction->purpose == COMPONENT_deduction) {
        transaction->creditor_name = instruction->name;
        transaction->account = instruction->account;
        transaction->purpose = to->profile->purpose_orders;
        transaction->remittance = reference(to, instruction->reference);
        if (transaction->remittance.size == 0) {
            transaction->remittance = remittance(to, REMITTANCE_DEDUCTION, instruction->period);
        }
    } else {
        bool arrears = instruction->purpose == COMPONENT_arrears;
        family = benefit_family(instruction->benefit);
        transaction->creditor_name = instruction->payee_name.size > 0 ? instruction->payee_name : instruction->name;
        transaction->account = instruction->account;
        transaction->purpose = arrears ? to->profile->purpose_arrears : to->profile->purpose[family];
        transaction->category = to->profile->category_purpose ? to->profile->category[family] : "";
        transaction->remittance = remittance(to, arrears ? (size_t)REMITTANCE_ARREARS : (size_t)family, instruction->period);
    }
    if (to->profile->remittance_length_max == 0) {
        transaction->remittance = SPAN_EMPTY;
    }
    transaction->agent = directory_bank(to->world->directory, bank);
    if (transaction->agent == NULL) {
        return diag_fail(diag, STATUS_CONFLICT, "the sealed directory has no bank %.*s", (int)bank.size, bank.data);
    }
    return STATUS_OK;
}

enum status bank_add(struct outgoing *to, const struct ledger_instruction *instruction, struct diag *diag)
{
    struct pain001_transaction transaction;

    enum status rc = transaction_fill(to, instruction, &transaction, diag);
    if (rc == STATUS_OK) {
        pain001_transaction(&to->writer, &to->header, &transaction);
        rc = to->writer.status;
    }
    return rc;
}

/* Reads the file back from the disk: it must be the document that was signed; gives its digest. */
static enum status read_back(struct outgoing *to, const struct digest *signed_document, struct diag *diag)
{
    struct buf piece = BUF_INIT(READ_BACK_BYTES);
    struct digester *whole = digester_new();
    struct digest document;
    uint64_t offset = 0;
    uint64_t after = to->signature_at + to->signature.size;
    enum status rc;

    do {
        rc = sys_file_read_back(to->out, offset, &piece, diag);
        digester_add(whole, buf_span(&piece));
        /* The document is what lies before and behind the signature element. */
        size_t before = offset >= to->signature_at ? 0 : (size_t)(to->signature_at - offset);
        size_t skip = offset >= after ? 0 : (size_t)(after - offset);
        before = before < piece.size ? before : piece.size;
        skip = skip < piece.size ? skip : piece.size;
        if (rc == STATUS_OK && piece.size > 0) {
            digester_add(to->document, (struct span){ piece.data, before });
            digester_add(to->document, (struct span){ piece.data + skip, piece.size - skip });
        }
        offset += piece.size;
    } while (rc == STATUS_OK && piece.size > 0);
    digester_finish(to->document, &document);
    digester_finish(whole, &to->file->xml);
    digester_free(whole);
    buf_release(&piece);
    to->file->content = to->file->xml;
    to->file->size_bytes = offset;
    if (rc == STATUS_OK && !digest_equal(&document, signed_document)) {
        rc = diag_fail(diag, STATUS_IO, "what was read back from the disk is not what was written: %s",
                       to->file->batch.msg_id);
    }
    return rc;
}

/* A new signature, or the one that the file was written with. */
static enum status signature_make(struct outgoing *to, const struct digest *document, struct diag *diag)
{
    to->signature = BUF_INIT(64 * 1024);
    if (to->again) {
        return buf_add(&to->signature, to->file->signature.data, to->file->signature.size);
    }
    enum status rc = sign_xml(to->world->signer, document, &to->signature, diag);
    ASSERT(rc != STATUS_OK || to->signature.size == sign_xml_size(to->world->signer));
    return rc;
}

/* To nowhere: whether the stored signature is good over what was written, by the certificate that was recorded. */
static void nowhere_end(struct outgoing *to, const struct digest *document)
{
    struct certificate *certificate = NULL;

    digester_finish(to->whole, &to->file->xml);
    to->verdict = sign_xml_certificate(to->file->signature, &certificate, &to->why);
    if (to->verdict == STATUS_OK && !digest_equal(certificate_fingerprint(certificate), &to->file->certificate)) {
        to->verdict = diag_fail(&to->why, STATUS_SIGNATURE, "the signature is by another certificate than recorded");
    }
    if (to->verdict == STATUS_OK) {
        to->verdict = sign_xml_check(certificate, document, to->file->signature, &to->why);
    }
    certificate_free(certificate);
    xml_writer_release(&to->writer);
}

enum status bank_end(struct outgoing *to, struct diag *diag)
{
    struct digest document;

    pain001_end(&to->writer);
    enum status rc = xml_writer_finish(&to->writer);
    digester_finish(to->document, &document);
    if (rc == STATUS_OK && to->nowhere) {
        nowhere_end(to, &document);
        return STATUS_OK;
    }
    if (rc == STATUS_OK) {
        rc = signature_make(to, &document, diag);
    }
    if (rc == STATUS_OK) {
        rc = sys_file_patch(to->out, to->signature_at, buf_span(&to->signature), diag);
    }
    if (rc == STATUS_OK) {
        rc = read_back(to, &document, diag);
    }
    if (rc == STATUS_OK && to->profile->compression == BANK_GZIP) {
        rc = gzip_pack(to, to->out, diag);
        sys_file_abandon(to->out);
        to->out = NULL;
    } else if (rc == STATUS_OK) {
        rc = sys_file_close(to->out, diag);
        to->out = NULL;
    }
    xml_writer_release(&to->writer);
    return rc;
}
