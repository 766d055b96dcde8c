/*
 * test_answer_support.h - an answer as lines of text: what was handed over, in its order, and what was
 * told. What was not given is left out of a line.
 */
#ifndef TEST_ANSWER_SUPPORT_H
#define TEST_ANSWER_SUPPORT_H

#include "chitra/answer.h"

#include <stdarg.h>
#include <stdio.h>

enum { ANSWER_LINES_BYTES_MAX = 1 << 20 };

static void line_add(struct buf *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void line_add(struct buf *lines, const char *format, ...)
{
    char text[2048];
    va_list arguments;

    va_start(arguments, format);
    int size = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    ASSERT(size >= 0 && (size_t)size < sizeof(text));
    enum status rc = buf_add(lines, text, (size_t)size);
    ASSERT(rc == STATUS_OK);
}

/* Every text that is handed over ends with a NUL. */
static void line_span(struct buf *lines, const char *name, struct span text)
{
    ASSERT(text.data[text.size] == '\0' && strlen(text.data) == text.size);
    if (text.size > 0) {
        line_add(lines, " %s=%s", name, text.data);
    }
}

static void line_count(struct buf *lines, const char *name, uint64_t count)
{
    if (count > 0) {
        line_add(lines, " %s=%llu", name, (unsigned long long)count);
    }
}

static void line_agent(struct buf *lines, const char *name, const struct answer_agent *agent)
{
    if (agent->bic.size + agent->member.size > 0) {
        line_add(lines, " %s=%s/%s", name, agent->bic.data, agent->member.data);
    }
}

static void line_amount(struct buf *lines, const char *name, const struct answer_amount *amount)
{
    if (amount->is_dong) {
        line_add(lines, " %s=%lld", name, (long long)amount->dong);
    } else if (amount->text.size > 0) {
        line_add(lines, " %s=not:%s:%s", name, amount->text.data, amount->currency.data);
    }
}

static const char *meaning_text(enum answer_meaning meaning)
{
    static const char *const texts[] = {
        [ANSWER_NONE] = "none", [ANSWER_UNKNOWN] = "unknown", [ANSWER_PENDING] = "pending",
        [ANSWER_ACCEPTED] = "accepted", [ANSWER_SETTLED] = "settled", [ANSWER_PARTLY] = "partly",
        [ANSWER_REJECTED] = "rejected", [ANSWER_CANCELLED] = "cancelled",
    };
    return texts[meaning];
}

static void line_status(struct buf *lines, const struct answer_status *status, const struct answer_reasons *reasons)
{
    if (status->meaning != ANSWER_NONE) {
        line_add(lines, " status=%s:%s", status->code.data, meaning_text(status->meaning));
    }
    for (size_t i = 0; reasons != NULL && i < reasons->count; i++) {
        const struct answer_reason *reason = &reasons->reason[i];
        line_add(lines, " reason=%s%s%s%s", reason->code.data,
                 reason->text.size > 0 ? "(" : "", reason->text.data, reason->text.size > 0 ? ")" : "");
    }
}

static void line_side(struct buf *lines, enum answer_side side)
{
    if (side != ANSWER_SIDE_NONE) {
        line_add(lines, " %s", side == ANSWER_CREDIT ? "credit" : "debit");
    }
}

static void line_day(struct buf *lines, const char *name, day_t day)
{
    char text[11];

    if (day != DAY_NONE) {
        day_write(day, text);
        line_add(lines, " %s=%s", name, text);
    }
}

static void line_bank_code(struct buf *lines, const struct answer_bank_code *code)
{
    if (code->domain.size + code->family.size + code->sub_family.size > 0) {
        line_add(lines, " code=%s/%s/%s", code->domain.data, code->family.data, code->sub_family.data);
    }
}

static enum status line_group(void *context, const struct answer_message *message, const struct answer_group *group,
                              struct diag *diag)
{
    struct buf *lines = context;

    (void)diag;
    line_add(lines, "group of %s:", message->name);
    line_span(lines, "msg", group->original_msg_id);
    line_span(lines, "name", group->original_msg_name);
    line_span(lines, "count", group->original_count);
    line_amount(lines, "sum", &group->original_sum);
    line_status(lines, &group->status, &group->reasons);
    line_add(lines, "\n");
    return STATUS_OK;
}

static enum status line_information(void *context, const struct answer_information *information, struct diag *diag)
{
    struct buf *lines = context;

    (void)diag;
    line_add(lines, "information:");
    line_span(lines, "id", information->original_id);
    line_span(lines, "count", information->original_count);
    line_amount(lines, "sum", &information->original_sum);
    line_status(lines, &information->status, &information->reasons);
    line_add(lines, "\n");
    return STATUS_OK;
}

static enum status line_transaction(void *context, const struct answer_transaction *transaction, struct diag *diag)
{
    struct buf *lines = context;

    (void)diag;
    line_add(lines, "transaction:");
    line_span(lines, "in", transaction->information->original_id);
    line_span(lines, "e2e", transaction->end_to_end_id);
    line_span(lines, "ref", transaction->servicer_reference);
    line_status(lines, &transaction->status, &transaction->reasons);
    line_amount(lines, "amount", &transaction->amount);
    line_add(lines, "\n");
    return STATUS_OK;
}

static enum status line_statement(void *context, const struct answer_statement *statement, struct diag *diag)
{
    struct buf *lines = context;

    (void)diag;
    line_add(lines, "statement:");
    line_span(lines, "account", statement->account);
    line_agent(lines, "servicer", &statement->servicer);
    line_add(lines, "\n");
    return STATUS_OK;
}

static enum status line_entry(void *context, const struct answer_entry *entry, struct diag *diag)
{
    struct buf *lines = context;

    (void)diag;
    line_add(lines, "entry:");
    line_span(lines, "account", entry->statement->account);
    line_span(lines, "ntry", entry->reference);
    line_span(lines, "ref", entry->servicer_reference);
    line_amount(lines, "amount", &entry->amount);
    line_side(lines, entry->side);
    line_add(lines, "%s%s", entry->is_reversal ? " reversal" : "", entry->is_return ? " return" : "");
    line_status(lines, &entry->status, NULL);
    line_day(lines, "booked", entry->booked_on);
    line_day(lines, "value", entry->value_on);
    line_bank_code(lines, &entry->bank_code);
    line_count(lines, "details", entry->details);
    line_count(lines, "batches", entry->batches);
    line_add(lines, "\n");
    return STATUS_OK;
}

static enum status line_batch(void *context, const struct answer_batch *batch, struct diag *diag)
{
    struct buf *lines = context;

    (void)diag;
    line_add(lines, "batch:");
    line_span(lines, "msg", batch->msg_id);
    line_span(lines, "information", batch->information_id);
    line_span(lines, "count", batch->count);
    line_amount(lines, "amount", &batch->amount);
    line_side(lines, batch->side);
    line_count(lines, "details", batch->details);
    line_add(lines, "\n");
    return STATUS_OK;
}

static enum status line_detail(void *context, const struct answer_detail *detail, struct diag *diag)
{
    struct buf *lines = context;

    (void)diag;
    line_add(lines, "detail:");
    line_span(lines, "msg", detail->msg_id);
    line_span(lines, "information", detail->information_id);
    line_span(lines, "e2e", detail->end_to_end_id);
    line_span(lines, "ref", detail->servicer_reference);
    line_amount(lines, "amount", &detail->amount);
    line_side(lines, detail->side);
    line_add(lines, "%s", detail->is_return ? " return" : "");
    line_bank_code(lines, &detail->bank_code);
    line_status(lines, &(struct answer_status){ SPAN_EMPTY, ANSWER_NONE }, &detail->reasons);
    line_add(lines, "\n");
    return STATUS_OK;
}

static void line_warn(void *context, const struct diag *finding)
{
    struct buf *lines = context;

    line_add(lines, "finding at %llu: %s", (unsigned long long)finding->line, finding->what);
    if (finding->found[0] != '\0') {
        line_add(lines, ": %s", finding->found);
    }
    line_add(lines, "\n");
}

static void line_message(struct buf *lines, const struct answer_message *message)
{
    line_add(lines, "message %s %u:", message->name, message->version);
    line_span(lines, "id", message->msg_id);
    line_span(lines, "created", message->created_at);
    line_span(lines, "header", message->header_id);
    line_agent(lines, "from", &message->from);
    line_agent(lines, "sender", &message->sender);
    line_agent(lines, "debtor_agent", &message->debtor_agent);
    line_add(lines, "\n");
}

/* The whole of `xml` in pieces of `piece` bytes, as lines; a refusal is the last of them. */
static enum status answer_lines(struct span xml, size_t piece, struct buf *lines)
{
    const struct answer_handler handler = {
        line_group, line_information, line_transaction, line_statement, line_entry, line_batch, line_detail,
        line_warn, lines,
    };
    struct answer_reader *reader = answer_reader_new("answer.xml", &handler);
    struct diag diag = { 0 };
    enum status rc = STATUS_OK;

    for (size_t at = 0; at < xml.size && rc == STATUS_OK; at += piece) {
        rc = answer_read(reader, (struct span){ xml.data + at, xml.size - at < piece ? xml.size - at : piece }, &diag);
    }
    if (rc == STATUS_OK) {
        rc = answer_finish(reader, &diag);
    }
    if (rc == STATUS_OK) {
        line_message(lines, answer_message(reader));
    } else {
        ASSERT(diag.what[0] != '\0');
        line_add(lines, "refused at %llu: %s", (unsigned long long)diag.line, diag.what);
        if (diag.found[0] != '\0') {
            line_add(lines, ": %s", diag.found);
        }
        line_add(lines, "\n");
    }
    answer_reader_free(reader);
    return rc;
}

#endif
