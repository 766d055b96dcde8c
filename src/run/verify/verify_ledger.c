/*
 * verify_ledger.c - a bank file against the ledger: its state, its bytes, its totals, its payments one
 * by one in the order in which files are written.
 */
#include "verify.h"

#include "chitra/ledger_errand.h"
#include "chitra/ledger_instruction.h"

#include <stdio.h>

enum { DIFFERENCES_TOLD_MAX = 10 };     /* payments that differ, one by one; then only how many */

static void digests_differ(struct verifying *verifying, const char *what, const struct digest *found,
                           const struct digest *expected)
{
    char text[2][DIGEST_HEX_BYTES];

    if (!digest_equal(found, expected)) {
        digest_hex(found, text[0]);
        digest_hex(expected, text[1]);
        verify_differs(verifying, what, text[0], text[1]);
    }
}

static enum status instructions_read(struct verifying *verifying, struct diag *diag)
{
    struct ledger_instructions *it = NULL;
    struct ledger_instruction instruction;
    bool more = true;

    enum status rc = ledger_instructions_new(verifying->ledger, verifying->file.run, verifying->file.batch.unit, NULL, &it,
                                             diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_instructions_next(it, &instruction, &more, diag);
        if (rc == STATUS_OK && more && instruction.batch == verifying->file.batch.batch) {
            struct carried *carried = carried_add(&verifying->in_ledger);
            snprintf(carried->payment_id, sizeof(carried->payment_id), "%s", instruction.payment_id);
            snprintf(carried->account, sizeof(carried->account), "%.*s", (int)instruction.account.size,
                     instruction.account.data);
            carried->amount_dong = instruction.amount_dong;
        }
    }
    ledger_instructions_free(it);
    return rc;
}

static bool carried_equal(const struct carried *a, const struct carried *b)
{
    return strcmp(a->payment_id, b->payment_id) == 0 && a->amount_dong == b->amount_dong &&
           (b->account[0] == '\0' || strcmp(a->account, b->account) == 0);
}

static void payment_differs(struct verifying *verifying, const struct carried *found, const struct carried *expected)
{
    static const struct carried none = { .payment_id = "nothing" };
    char text[2][80];

    found = found == NULL ? &none : found;
    expected = expected == NULL ? &none : expected;
    snprintf(text[0], sizeof(text[0]), "%s, %lld dong", found->payment_id, (long long)found->amount_dong);
    snprintf(text[1], sizeof(text[1]), "%s, %lld dong", expected->payment_id, (long long)expected->amount_dong);
    bool account = strcmp(text[0], text[1]) == 0;
    verify_differs(verifying,
            account ? "a payment goes to another account than the ledger's" : "a payment is not the ledger's", text[0],
            text[1]);
}

/* One by one, in the order in which files are written. */
static void payments_check(struct verifying *verifying)
{
    const struct carried_list *file = &verifying->in_file;
    const struct carried_list *ledger = &verifying->in_ledger;
    size_t count = file->count > ledger->count ? file->count : ledger->count;
    uint64_t differences = 0;

    for (size_t i = 0; i < count; i++) {
        const struct carried *found = i < file->count ? &file->item[i] : NULL;
        const struct carried *expected = i < ledger->count ? &ledger->item[i] : NULL;
        if (found != NULL && expected != NULL && carried_equal(found, expected)) {
            continue;
        }
        differences++;
        if (differences <= DIFFERENCES_TOLD_MAX) {
            payment_differs(verifying, found, expected);
        }
    }
    if (differences > DIFFERENCES_TOLD_MAX) {
        verify_numbers(verifying, "payments that differ from the ledger's, in all", (int64_t)differences, 0);
    }
}

static void state_check(struct verifying *verifying)
{
    enum file_state state = verifying->file.state;

    if (state == FILE_PLANNED) {
        verify_differs(verifying, "the ledger has planned this file but not written it", file_state_name(state),
                "staged or later");
    } else if (state == FILE_STALE || state == FILE_VOIDED || state == FILE_SUPERSEDED) {
        verify_differs(verifying, "the ledger has withdrawn this file: it must not be sent", file_state_name(state),
                "a file that counts");
    }
}

/* What the ledger says of the MsgId; `known` stays false where it says nothing. */
enum status verify_ledger_look(struct verifying *verifying, struct diag *diag)
{
    struct diag unknown = { 0 };
    enum status rc = STATUS_NO_INPUT;

    if (verifying->totals.msg_id[0] == '\0') {
        return STATUS_OK;
    }
    if (verifying->ledger != NULL) {
        rc = ledger_file_find(verifying->ledger, verifying->totals.msg_id, &verifying->arena, &verifying->file,
                              &unknown);
    }
    verifying->known = rc == STATUS_OK && verifying->file.batch.channel != CHANNEL_cash;
    if (rc == STATUS_NO_INPUT || (rc == STATUS_OK && !verifying->known)) {
        verify_differs(verifying, "the ledger knows no bank file of this MsgId", verifying->totals.msg_id,
                "a file of this site");
        return STATUS_OK;
    }
    if (rc != STATUS_OK) {
        *diag = unknown;
    }
    return rc;
}

/* The bytes are those that were written, or of a copy that was sent again under a marked header. */
static enum status bytes_check(struct verifying *verifying, struct diag *diag)
{
    const struct ledger_file *file = &verifying->file;
    struct digest content;
    struct digest xml;
    uint64_t copies;
    bool known = false;

    digest_of(buf_span(&verifying->content), &content);
    enum status rc = ledger_copies(verifying->ledger, file, &content, &copies, &known, diag);
    if (rc != STATUS_OK || known) {
        return rc;
    }
    digest_of(verifying->xml, &xml);
    digests_differ(verifying, "the XML is not what the ledger recorded (SHA-256)", &xml, &file->xml);
    if (digest_equal(&xml, &file->xml)) {
        digests_differ(verifying, "the gzip container is not what the ledger recorded (SHA-256)", &content,
                       &file->content);
    }
    return STATUS_OK;
}

enum status verify_ledger_check(struct verifying *verifying, struct diag *diag)
{
    const struct ledger_file *file = &verifying->file;
    const struct pain001_totals *totals = &verifying->totals;

    enum status rc = instructions_read(verifying, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    state_check(verifying);
    rc = bytes_check(verifying, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    verify_numbers(verifying, "the number of payments is not the ledger's", (int64_t)totals->transactions,
                   (int64_t)file->batch.payments);
    verify_numbers(verifying, "the sum is not the ledger's", totals->amount_dong, file->batch.amount_dong);
    if (strcmp(totals->debtor_account, file->batch.account) != 0) {
        verify_differs(verifying, "the debtor's account is not the ledger's", totals->debtor_account, file->batch.account);
    }
    payments_check(verifying);
    return STATUS_OK;
}
