/*
 * verify.c - one bank file against everything that is known of it: schema, signature, its own totals,
 * and (verify_ledger.c) the ledger's bytes, state and payments.
 *
 * The checks do not lean on each other: a signature says who made a file, the ledger says which bytes
 * were made, and both are asked, so that a byte changed anywhere, also in the signature's own element or
 * in the gzip container, is seen.
 */
#include "verify.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    FILE_BYTES_MAX = 1 << 30,           /* a million payments */
    CERTIFICATE_BYTES_MAX = 64 * 1024
};

/* ---- faults ---- */

/* Adds what a check said, if it refused. */
void verify_told(struct verifying *verifying, enum status kind, struct diag *diag)
{
    if (kind != STATUS_OK) {
        diag_at(diag, verifying->path, 0, 0);
        fault_add(verifying->faults, kind, diag);
    }
}

void verify_differs(struct verifying *verifying, const char *what, const char *found, const char *expected)
{
    struct diag diag = { 0 };

    (void)diag_fail(&diag, STATUS_CONFLICT, "%s", what);
    diag_found(&diag, "%s", found);
    diag_expected(&diag, "%s", expected);
    verify_told(verifying, STATUS_CONFLICT, &diag);
}

void verify_numbers(struct verifying *verifying, const char *what, int64_t found, int64_t expected)
{
    char text[2][24];

    if (found != expected) {
        text[0][money_write(found, text[0])] = '\0';
        text[1][money_write(expected, text[1])] = '\0';
        verify_differs(verifying, what, text[0], text[1]);
    }
}

/* ---- the file by itself ---- */

/* Schema and content. *readable: the whole content was understood. Returns whether the file is a message
 * at all, so that its signature can be looked at. */
static bool content_check(struct verifying *verifying, bool *readable)
{
    struct diag diag = { 0 };
    char folder[DIAG_FILE_BYTES + 16];

    snprintf(folder, sizeof(folder), "%s/iso20022", verifying->site->formats_path);
    enum status schema = pain001_validate(verifying->xml, verifying->path, folder, &diag);
    verify_told(verifying, schema, &diag);
    diag = (struct diag){ 0 };
    enum status read = pain001_read(verifying->xml, verifying->path, &verifying->totals, carried_seen, &verifying->in_file,
                                    &diag);
    if (schema == STATUS_OK) {
        verify_told(verifying, read, &diag);   /* otherwise it has been said what is wrong */
    }
    *readable = read == STATUS_OK;
    return schema == STATUS_OK || read == STATUS_OK;
}

static void totals_check(struct verifying *verifying)
{
    const struct pain001_totals *totals = &verifying->totals;

    verify_numbers(verifying, "the payments counted are not the stated number (NbOfTxs)",
                   (int64_t)totals->transactions, (int64_t)totals->stated_transactions);
    verify_numbers(verifying, "the amounts add up to another sum than stated (CtrlSum)", totals->amount_dong,
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
    verify_told(verifying, rc, &diag);
    certificate_free(certificate);
}

/* ---- all of it ---- */

/* False if there is nothing to check: the fault has been told. */
static bool file_read(struct verifying *verifying)
{
    struct diag diag = { 0 };
    enum status rc = strcmp(verifying->path, "-") == 0 ? sys_read_stream(STDIN_FILENO, &verifying->content, &diag)
                                                       : sys_read(AT_FDCWD, verifying->path, &verifying->content, &diag);

    verifying->xml = buf_span(&verifying->content);
    if (rc == STATUS_OK && is_gzip(verifying->xml)) {
        rc = gzip_unpack(verifying->xml, verifying->path, &verifying->plain, &diag);
        verifying->xml = buf_span(&verifying->plain);
    }
    verify_told(verifying, rc, &diag);
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
        rc = verify_ledger_look(&verifying, diag);
        if (rc == STATUS_OK && readable) {
            totals_check(&verifying);
        }
        if (rc == STATUS_OK && message) {
            signature_check(&verifying);
        }
        if (rc == STATUS_OK && verifying.known) {
            rc = verify_ledger_check(&verifying, diag);
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
