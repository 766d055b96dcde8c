/* write_list.c - one payment point's list. */
#include "write.h"

#include "chitra/cash.h"

#include <stdio.h>

enum status list_begin(struct outgoing *to, struct diag *diag)
{
    to->list = BUF_INIT(CASH_LIST_BYTES_MAX);
    enum status rc = cash_list_begin(&to->list);
    return rc == STATUS_OK ? rc : diag_fail(diag, rc, "the list %s is too long", to->file->batch.msg_id);
}

enum status list_add(struct outgoing *to, const struct ledger_instruction *instruction, struct diag *diag)
{
    struct facts facts = { 0 };
    char citizen[24] = "";

    if (!facts_unpack((const uint8_t *)instruction->facts.data, instruction->facts.size, &facts)) {
        return diag_fail(diag, STATUS_LEDGER, "the facts of an entitlement are damaged");
    }
    if (instruction->citizen != 0) {
        snprintf(citizen, sizeof(citizen), "%012llu", (unsigned long long)instruction->citizen);
    }
    struct cash_line line = { .list_id = to->file->batch.msg_id, .number = (uint32_t)to->payments + 1,
                              .payment_id = instruction->payment_id, .name = instruction->name,
                              .amount_dong = instruction->amount_dong,
                              .birth_date = (day_t)facts_or(&facts, FACT_birth_date, DAY_NONE),
                              .citizen_id = span_of(citizen), .benefit = instruction->benefit,
                              .period = instruction->period, .payee_name = instruction->payee_name };
    enum status rc = cash_list_add(&to->list, &line);
    return rc == STATUS_OK ? rc : diag_fail(diag, rc, "the list %s is too long", to->file->batch.msg_id);
}

enum status list_end(struct outgoing *to, struct diag *diag)
{
    char path[DIAG_FILE_BYTES];
    struct buf back = BUF_INIT(CASH_LIST_BYTES_MAX);
    struct digest read;

    digest_of(buf_span(&to->list), &to->file->xml);
    to->file->content = to->file->xml;
    to->file->size_bytes = to->list.size;
    if (to->nowhere) {
        buf_release(&to->list);
        return STATUS_OK;
    }
    staging_path(to->file, path);
    enum status rc = sys_file_new(to->world->site->dir, path, &to->out, diag);
    if (rc == STATUS_OK) {
        rc = sys_file_write(to->out, buf_span(&to->list), diag);
    }
    if (rc == STATUS_OK) {
        rc = sys_file_close(to->out, diag);
        to->out = NULL;
    }
    if (rc == STATUS_OK) {
        rc = sys_read(to->world->site->dir, path, &back, diag);
    }
    digest_of(buf_span(&back), &read);
    if (rc == STATUS_OK && !digest_equal(&read, &to->file->xml)) {
        rc = diag_fail(diag, STATUS_IO, "what was read back from the disk is not what was written: %s",
                       to->file->batch.msg_id);
    }
    buf_release(&back);
    buf_release(&to->list);
    return rc;
}
