/*
 * verify.c - one bank file against everything that is known of it: schema, signature, its own totals,
 * and the ledger's bytes, state and payments.
 *
 * The checks do not lean on each other: a signature says who made a file, the ledger says which bytes
 * were made, and both are asked, so that a byte changed anywhere, also in the signature's own element or
 * in the gzip container, is seen.
 */
#include "verify.h"

#include "chitra/pain001.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    FILE_BYTES_MAX = 1 << 30,           /* a million payments */
    CERTIFICATE_BYTES_MAX = 64 * 1024,
    DIFFERENCES_TOLD_MAX = 10           /* payments that differ, one by one; then only how many */
};

struct carried {                /* a payment as the file has it, and as the ledger has it */
    char payment_id[36];
    char account[35];           /* empty: not compared (the post's stands in the configuration) */
    int64_t amount_dong;
};

struct carried_list {
    struct carried *item;
    size_t count;
    size_t capacity;
};

struct verifying {
    const struct site *site;
    struct ledger *ledger;
    const char *path;
    struct run_faults *faults;
    struct buf content;         /* the file as it lies there */
    struct buf plain;           /* its XML, if it was compressed */
    struct span xml;
    struct pain001_totals totals;
    struct carried_list in_file, in_ledger;
    struct arena arena;
    bool known;                 /* `file` is the ledger's */
    struct ledger_file file;
};

/* ---- faults ---- */

/* Which kind decides: what cannot be read comes before who signed it, and that before what differs. */
static int rank(enum status kind)
{
    switch (kind) {
    case STATUS_OK:
        return 0;
    case STATUS_CONFLICT:
        return 1;
    case STATUS_SIGNATURE:
        return 2;
    case STATUS_NO_INPUT:
        return 3;
    case STATUS_INPUT:
    case STATUS_LIMIT:
    case STATUS_LAW:
        return 4;
    case STATUS_CONFIG:
        return 5;
    default:
        return 6;
    }
}

void fault_add(struct run_faults *faults, enum status kind, const struct diag *fault)
{
    faults->count++;
    if (rank(kind) > rank(faults->worst)) {
        faults->worst = kind;
    }
    if (faults->tell != NULL) {
        faults->tell(faults->context, kind, fault);
    }
}

/* Adds what a check said, if it refused. */
static void told(struct verifying *verifying, enum status kind, struct diag *diag)
{
    if (kind != STATUS_OK) {
        diag_at(diag, verifying->path, 0, 0);
        fault_add(verifying->faults, kind, diag);
    }
}

static void differs(struct verifying *verifying, const char *what, const char *found, const char *expected)
{
    struct diag diag = { 0 };

    (void)diag_fail(&diag, STATUS_CONFLICT, "%s", what);
    diag_found(&diag, "%s", found);
    diag_expected(&diag, "%s", expected);
    told(verifying, STATUS_CONFLICT, &diag);
}

static void numbers_differ(struct verifying *verifying, const char *what, int64_t found, int64_t expected)
{
    char text[2][24];

    if (found != expected) {
        text[0][money_write(found, text[0])] = '\0';
        text[1][money_write(expected, text[1])] = '\0';
        differs(verifying, what, text[0], text[1]);
    }
}

static void digests_differ(struct verifying *verifying, const char *what, const struct digest *found,
                           const struct digest *expected)
{
    char text[2][DIGEST_HEX_BYTES];

    if (!digest_equal(found, expected)) {
        digest_hex(found, text[0]);
        digest_hex(expected, text[1]);
        differs(verifying, what, text[0], text[1]);
    }
}

/* ---- the file by itself ---- */

static struct carried *carried_add(struct carried_list *list)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity * 2 + 256;
        list->item = mem_resize(list->item, list->capacity, sizeof(*list->item));
    }
    return &list->item[list->count++];
}

static enum status payment_seen(void *context, const char *end_to_end_id, int64_t amount_dong, const char *account,
                                struct diag *diag)
{
    struct verifying *verifying = context;
    struct carried *carried = carried_add(&verifying->in_file);

    (void)diag;
    snprintf(carried->payment_id, sizeof(carried->payment_id), "%s", end_to_end_id);
    snprintf(carried->account, sizeof(carried->account), "%s", account);
    carried->amount_dong = amount_dong;
    return STATUS_OK;
}

/* Schema and content. *readable: the whole content was understood. Returns whether the file is a message
 * at all, so that its signature can be looked at. */
static bool content_check(struct verifying *verifying, bool *readable)
{
    struct diag diag = { 0 };
    char folder[DIAG_FILE_BYTES + 16];

    snprintf(folder, sizeof(folder), "%s/iso20022", verifying->site->formats_path);
    enum status schema = pain001_validate(verifying->xml, verifying->path, folder, &diag);
    told(verifying, schema, &diag);
    diag = (struct diag){ 0 };
    enum status read = pain001_read(verifying->xml, verifying->path, &verifying->totals, payment_seen, verifying,
                                    &diag);
    if (schema == STATUS_OK) {
        told(verifying, read, &diag);   /* otherwise it has been said what is wrong */
    }
    *readable = read == STATUS_OK;
    return schema == STATUS_OK || read == STATUS_OK;
}

static void totals_check(struct verifying *verifying)
{
    const struct pain001_totals *totals = &verifying->totals;

    numbers_differ(verifying, "the payments counted are not the stated number (NbOfTxs)",
                   (int64_t)totals->transactions, (int64_t)totals->stated_transactions);
    numbers_differ(verifying, "the amounts add up to another sum than stated (CtrlSum)", totals->amount_dong,
                   totals->stated_amount_dong);
}

/* ---- signature ---- */

static enum status certificate_read(const struct site *site, const char *path, struct certificate **certificate,
                                    struct diag *diag)
{
    struct buf pem = BUF_INIT(CERTIFICATE_BYTES_MAX);

    enum status rc = sys_read(site->dir, path, &pem, diag);
    if (rc == STATUS_OK) {
        rc = certificate_new(buf_span(&pem), path, certificate, diag);
    }
    buf_release(&pem);
    return rc;
}

/* Keys are renewed, files stay: an earlier certificate of ours is looked for in trust/ by the fingerprint
 * that the ledger recorded. NULL: it is not there. */
static struct certificate *certificate_earlier(const struct site *site, const struct digest *fingerprint)
{
    struct sys_names names = { NULL, 0 };
    struct certificate *found = NULL;
    char path[DIAG_FILE_BYTES + 8];

    if (sys_dir_list(site->dir, "trust", &names, NULL) != STATUS_OK) {
        return NULL;
    }
    for (size_t i = 0; i < names.count && found == NULL; i++) {
        snprintf(path, sizeof(path), "trust/%s", names.name[i]);
        if (certificate_read(site, path, &found, NULL) == STATUS_OK &&
            !digest_equal(certificate_fingerprint(found), fingerprint)) {
            certificate_free(found);
            found = NULL;
        }
    }
    sys_names_release(&names);
    return found;
}

static void signature_check(struct verifying *verifying)
{
    struct diag diag = { 0 };
    struct certificate *certificate = NULL;
    char hex[DIGEST_HEX_BYTES];

    enum status rc = certificate_read(verifying->site, verifying->site->config->certificate, &certificate, &diag);
    if (rc == STATUS_OK && verifying->known &&
        !digest_equal(certificate_fingerprint(certificate), &verifying->file.certificate)) {
        certificate_free(certificate);
        certificate = certificate_earlier(verifying->site, &verifying->file.certificate);
        if (certificate == NULL) {
            digest_hex(&verifying->file.certificate, hex);
            rc = diag_fail(&diag, STATUS_SIGNATURE, "the certificate that signed this file is not in trust/");
            diag_expected(&diag, "fingerprint %s", hex);
        }
    }
    if (rc == STATUS_OK) {
        rc = sign_xml_verify(certificate, verifying->xml, verifying->path, "Sgntr", &diag);
    }
    told(verifying, rc, &diag);
    certificate_free(certificate);
}

/* ---- the ledger ---- */

static enum status instructions_read(struct verifying *verifying, struct diag *diag)
{
    struct ledger_instructions *it = NULL;
    struct ledger_instruction instruction;
    bool more = true;

    enum status rc = ledger_instructions_new(verifying->ledger, verifying->file.run, verifying->file.batch.unit, &it,
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
    static const struct carried none = { "nothing", "", 0 };
    char text[2][80];

    found = found == NULL ? &none : found;
    expected = expected == NULL ? &none : expected;
    snprintf(text[0], sizeof(text[0]), "%s, %lld dong", found->payment_id, (long long)found->amount_dong);
    snprintf(text[1], sizeof(text[1]), "%s, %lld dong", expected->payment_id, (long long)expected->amount_dong);
    bool account = strcmp(text[0], text[1]) == 0;
    differs(verifying,
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
        numbers_differ(verifying, "payments that differ from the ledger's, in all", (int64_t)differences, 0);
    }
}

static void state_check(struct verifying *verifying)
{
    enum file_state state = verifying->file.state;

    if (state == FILE_PLANNED) {
        differs(verifying, "the ledger has planned this file but not written it", file_state_name(state),
                "staged or later");
    } else if (state == FILE_STALE || state == FILE_VOIDED || state == FILE_SUPERSEDED) {
        differs(verifying, "the ledger has withdrawn this file: it must not be sent", file_state_name(state),
                "a file that counts");
    }
}

/* What the ledger says of the MsgId; `known` stays false where it says nothing. */
static enum status ledger_look(struct verifying *verifying, struct diag *diag)
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
        differs(verifying, "the ledger knows no bank file of this MsgId", verifying->totals.msg_id,
                "a file of this site");
        return STATUS_OK;
    }
    if (rc != STATUS_OK) {
        *diag = unknown;
    }
    return rc;
}

static enum status ledger_check(struct verifying *verifying, struct diag *diag)
{
    const struct ledger_file *file = &verifying->file;
    const struct pain001_totals *totals = &verifying->totals;
    struct digest digest;

    enum status rc = instructions_read(verifying, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    state_check(verifying);
    digest_of(verifying->xml, &digest);
    digests_differ(verifying, "the XML is not what the ledger recorded (SHA-256)", &digest, &file->xml);
    if (digest_equal(&digest, &file->xml)) {
        digest_of(buf_span(&verifying->content), &digest);
        digests_differ(verifying, "the gzip container is not what the ledger recorded (SHA-256)", &digest,
                       &file->content);
    }
    numbers_differ(verifying, "the number of payments is not the ledger's", (int64_t)totals->transactions,
                   (int64_t)file->batch.payments);
    numbers_differ(verifying, "the sum is not the ledger's", totals->amount_dong, file->batch.amount_dong);
    if (strcmp(totals->debtor_account, file->batch.account) != 0) {
        differs(verifying, "the debtor's account is not the ledger's", totals->debtor_account, file->batch.account);
    }
    payments_check(verifying);
    return STATUS_OK;
}

/* ---- all of it ---- */

/* False if there is nothing to check: the fault has been told. */
static bool file_read(struct verifying *verifying)
{
    struct diag diag = { 0 };
    enum status rc = sys_read(AT_FDCWD, verifying->path, &verifying->content, &diag);

    verifying->xml = buf_span(&verifying->content);
    if (rc == STATUS_OK && is_gzip(verifying->xml)) {
        rc = gzip_unpack(verifying->xml, verifying->path, &verifying->plain, &diag);
        verifying->xml = buf_span(&verifying->plain);
    }
    told(verifying, rc, &diag);
    return rc == STATUS_OK;
}

enum status run_verify(const struct site *site, struct ledger *ledger, const char *path, struct run_faults *faults,
                       struct run_verified *verified, struct diag *diag)
{
    struct verifying verifying = { .site = site, .ledger = ledger, .path = path, .faults = faults,
                                   .content = BUF_INIT(FILE_BYTES_MAX), .plain = BUF_INIT(FILE_BYTES_MAX),
                                   .arena = ARENA_INIT };
    enum status rc = STATUS_OK;

    *verified = (struct run_verified){ .payments = 0 };
    if (file_read(&verifying)) {
        bool readable;
        bool message = content_check(&verifying, &readable);
        rc = ledger_look(&verifying, diag);
        if (rc == STATUS_OK && readable) {
            totals_check(&verifying);
        }
        if (rc == STATUS_OK && message) {
            signature_check(&verifying);
        }
        if (rc == STATUS_OK && verifying.known) {
            rc = ledger_check(&verifying, diag);
        }
        memcpy(verified->msg_id, verifying.totals.msg_id, sizeof(verified->msg_id));
        verified->payments = verifying.totals.transactions;
        verified->amount_dong = verifying.totals.amount_dong;
    }
    free(verifying.in_file.item);
    free(verifying.in_ledger.item);
    arena_release(&verifying.arena);
    buf_release(&verifying.plain);
    buf_release(&verifying.content);
    return rc;
}
