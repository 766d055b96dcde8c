/*
 * fz_answer.c - any bytes as a bank's answer: does the reader keep its promises?
 *
 * With clang: -fsanitize=fuzzer,address,undefined (`make fuzz`). The corpus and tests/answers/ are
 * replayed by the unit test test_answer_attack.
 */
#include "chitra/answer.h"
#include "chitra/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What one reading came to: the same in pieces of any size. */
struct fz_answer {
    uint64_t groups, informations, transactions, statements, entries, batches, details, findings;
    uint64_t open_details;      /* details of the open entry */
    uint64_t open_batches;
    uint64_t digest;            /* of all texts, in their order */
    bool is_over;               /* it was refused: nothing may come any more */
};

static void fz_text(struct fz_answer *seen, struct span text)
{
    ASSERT(text.data[text.size] == '\0' && text_is_clean(text) && text.size <= ANSWER_TEXT_BYTES_MAX);
    for (size_t i = 0; i <= text.size; i++) {
        seen->digest = (seen->digest ^ (uint8_t)text.data[i]) * UINT64_C(1099511628211);
    }
}

static void fz_status(struct fz_answer *seen, const struct answer_status *status)
{
    ASSERT((status->meaning == ANSWER_NONE) == (status->code.size == 0));
    ASSERT(status->meaning != ANSWER_REJECTED || span_is(status->code, "RJCT"));
    fz_text(seen, status->code);
}

static void fz_reasons(struct fz_answer *seen, const struct answer_reasons *reasons)
{
    ASSERT(reasons->count <= ANSWER_REASONS_MAX);
    for (size_t i = 0; i < reasons->count; i++) {
        fz_text(seen, reasons->reason[i].code);
        fz_text(seen, reasons->reason[i].text);
    }
}

static void fz_amount(struct fz_answer *seen, const struct answer_amount *amount, bool is_sum)
{
    fz_text(seen, amount->text);
    fz_text(seen, amount->currency);
    ASSERT(!amount->is_dong || (amount->dong >= 0 && amount->text.size > 0));
    ASSERT(!amount->is_dong || is_sum || span_is(amount->currency, "VND"));
}

static enum status fz_group(void *context, const struct answer_message *message, const struct answer_group *group,
                            struct diag *diag)
{
    struct fz_answer *seen = context;

    (void)diag;
    ASSERT(message->kind == ANSWER_PAIN002 && !seen->is_over && ++seen->groups == 1);
    fz_text(seen, group->original_msg_id);
    fz_text(seen, group->original_msg_name);
    fz_amount(seen, &group->original_sum, true);
    fz_status(seen, &group->status);
    fz_reasons(seen, &group->reasons);
    return STATUS_OK;
}

static enum status fz_transaction(void *context, const struct answer_transaction *transaction, struct diag *diag)
{
    struct fz_answer *seen = context;

    (void)diag;
    ASSERT(!seen->is_over);
    seen->transactions++;
    fz_text(seen, transaction->information->original_id);
    fz_text(seen, transaction->end_to_end_id);
    fz_amount(seen, &transaction->amount, false);
    fz_status(seen, &transaction->status);
    fz_reasons(seen, &transaction->reasons);
    return STATUS_OK;
}

static enum status fz_information(void *context, const struct answer_information *information, struct diag *diag)
{
    struct fz_answer *seen = context;

    (void)diag;
    ASSERT(!seen->is_over);
    seen->informations++;
    fz_text(seen, information->original_id);
    fz_status(seen, &information->status);
    fz_reasons(seen, &information->reasons);
    return STATUS_OK;
}

static enum status fz_detail(void *context, const struct answer_detail *detail, struct diag *diag)
{
    struct fz_answer *seen = context;

    (void)diag;
    ASSERT(!seen->is_over && detail->entry->details == ++seen->open_details);
    ASSERT(detail->is_return || detail->reasons.count == 0);
    seen->details++;
    fz_text(seen, detail->end_to_end_id);
    fz_amount(seen, &detail->amount, false);
    fz_reasons(seen, &detail->reasons);
    return STATUS_OK;
}

static enum status fz_batch(void *context, const struct answer_batch *batch, struct diag *diag)
{
    struct fz_answer *seen = context;

    (void)diag;
    ASSERT(!seen->is_over && batch->details <= seen->open_details);
    seen->batches++;
    seen->open_batches++;
    fz_text(seen, batch->information_id);
    fz_amount(seen, &batch->amount, false);
    return STATUS_OK;
}

static enum status fz_entry(void *context, const struct answer_entry *entry, struct diag *diag)
{
    struct fz_answer *seen = context;

    (void)diag;
    ASSERT(!seen->is_over && entry->details == seen->open_details && entry->batches == seen->open_batches);
    seen->open_details = 0;
    seen->open_batches = 0;
    seen->entries++;
    fz_text(seen, entry->statement->account);
    fz_status(seen, &entry->status);
    fz_amount(seen, &entry->amount, false);
    return STATUS_OK;
}

static enum status fz_statement(void *context, const struct answer_statement *statement, struct diag *diag)
{
    struct fz_answer *seen = context;

    (void)diag;
    ASSERT(!seen->is_over);
    seen->statements++;
    fz_text(seen, statement->account);
    return STATUS_OK;
}

static void fz_warn(void *context, const struct diag *finding)
{
    struct fz_answer *seen = context;

    ASSERT(!seen->is_over && finding->what[0] != '\0');
    seen->findings++;
}

/* A batch is handed over behind all details of its entry that came before; of an entry, not of NtryDtls. */
static enum status fz_read(struct span xml, size_t piece, struct fz_answer *seen)
{
    const struct answer_handler handler = {
        fz_group, fz_information, fz_transaction, fz_statement, fz_entry, fz_batch, fz_detail, fz_warn, seen,
    };
    struct answer_reader *reader = answer_reader_new("fuzz", &handler);
    struct diag diag = { 0 };
    enum status rc = STATUS_OK;

    for (size_t at = 0; at < xml.size && rc == STATUS_OK; at += piece) {
        rc = answer_read(reader, (struct span){ xml.data + at, xml.size - at < piece ? xml.size - at : piece }, &diag);
    }
    seen->is_over = rc != STATUS_OK;
    enum status end = answer_finish(reader, &diag);
    ASSERT(rc == STATUS_OK || end == rc);
    if (end == STATUS_OK) {
        const struct answer_message *message = answer_message(reader);
        ASSERT(message->name[0] != '\0' && (message->kind != ANSWER_PAIN002 || seen->groups == 1));
        fz_text(seen, message->msg_id);
    } else {
        ASSERT(diag.what[0] != '\0' && (end == STATUS_INPUT || end == STATUS_LIMIT));
    }
    answer_reader_free(reader);
    return end;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span xml = { (const char *)data, size };
    struct fz_answer whole = { 0 };
    struct fz_answer pieces = { 0 };

    enum status rc = fz_read(xml, size + 1, &whole);
    enum status again = fz_read(xml, size % 7 + 1, &pieces);
    /* Which of two faults is met first depends on the pieces; whether it is taken does not. */
    ASSERT((rc == STATUS_OK) == (again == STATUS_OK));
    if (rc == STATUS_OK) {
        ASSERT(whole.digest == pieces.digest && whole.findings == pieces.findings);
        ASSERT(whole.transactions == pieces.transactions && whole.details == pieces.details);
    }
    return 0;
}
