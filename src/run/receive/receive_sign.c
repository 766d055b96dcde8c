/*
 * receive_sign.c - is an answer from the bank that it says it is from?
 *
 * A bank to which chitra.xml binds certificates (an officer who `answers` for it) must sign every answer that
 * speaks of its files or of our accounts there: by a detached CMS signature beside the file, or by an enveloped
 * XML signature in the message's header. An answer of a bank without one is believed as it comes.
 */
#include "receive.h"

#include "run/verify/verify.h"

#include <stdio.h>

enum {
    SIGNED_BYTES_MAX = 1 << 30,             /* a signature is checked over the whole, in memory */
    TREE_BYTES_MAX = 64 * 1024 * 1024,      /* and one inside the message in a tree: thirty times as much at worst */
    SIGNATURE_BYTES_MAX = 1024 * 1024
};

static bool bank_signs(const struct site_config *config, const char *bank)
{
    for (unsigned i = 0; i < config->officer_count; i++) {
        if (officer_answers(&config->officer[i], bank)) {
            return true;
        }
    }
    return false;
}

/* The bank of which a signature is asked; empty: none. An answer that speaks for two such banks is refused
 * below, since one of them has not signed it. */
static const char *bank_asked(const struct saying *saying)
{
    const struct site_config *config = saying->world->site->config;

    for (size_t i = 0; i < saying->file_count; i++) {
        if (bank_signs(config, saying->file[i].bank)) {
            return saying->file[i].bank;
        }
    }
    for (size_t i = 0; i < saying->account_count; i++) {
        if (saying->account[i].bank[0] != '\0' && bank_signs(config, saying->account[i].bank)) {
            return saying->account[i].bank;
        }
    }
    return "";
}

static enum status refused(const struct saying *saying, const char *what, const char *bank, struct diag *diag)
{
    diag_fail(diag, STATUS_SIGNATURE, "%s", what);
    diag_at(diag, saying->name, 0, 0);
    diag_expected(diag, "a signature of the bank %s", bank);
    return STATUS_SIGNATURE;
}

static enum status cms_check(struct saying *saying, struct span content, struct span signature, const char *bank,
                             struct diag *diag)
{
    const struct site *site = saying->world->site;
    struct cms_signature made;

    enum status rc = cms_verify(signature, content, (const struct certificate *const *)site->trusted,
                                site->trusted_count, saying->world->now, saying->name, &made, diag);
    if (rc != STATUS_OK) {
        return rc == STATUS_INPUT ? STATUS_SIGNATURE : rc;
    }
    const struct site_officer *officer = officer_of_certificate(site->config, &made.signer);
    ASSERT(officer != NULL);    /* only officers' certificates are trusted */
    if (!officer_answers(officer, bank) || !officer_in_office(officer, made.signed_at.day)) {
        return refused(saying, "the answer is signed by somebody else", bank, diag);
    }
    digest_of(signature, &saying->answer.signature);
    return STATUS_OK;
}

/* The signature in AppHdr/Sgntr, by any certificate of the bank. */
static enum status xml_check(struct saying *saying, struct span content, const char *bank, struct diag *diag)
{
    const struct site *site = saying->world->site;
    struct buf plain = BUF_INIT(TREE_BYTES_MAX + 1);
    enum status rc = STATUS_OK;
    bool good = false;

    if (is_gzip(content)) {
        rc = gzip_unpack(content, saying->name, &plain, diag);
        content = buf_span(&plain);
    }
    if (rc == STATUS_LIMIT || (rc == STATUS_OK && content.size > TREE_BYTES_MAX)) {
        rc = diag_fail(diag, STATUS_LIMIT, "the answer is too large for a signature inside it");
        diag_expected(diag, "at most %d MiB, or a signature beside it", TREE_BYTES_MAX / (1024 * 1024));
    }
    for (size_t i = 0; i < site->trusted_count && rc == STATUS_OK && !good; i++) {
        const struct certificate *certificate = site->trusted[i];
        const struct site_officer *officer = officer_of_certificate(site->config, certificate_fingerprint(certificate));
        if (officer != NULL && officer_answers(officer, bank) && officer_in_office(officer, saying->world->now.day) &&
            certificate_is_current(certificate, saying->world->now)) {
            struct diag why = { .line = 0 };
            good = sign_xml_verify(certificate, content, saying->name, "Sgntr", &why) == STATUS_OK;
        }
    }
    buf_release(&plain);
    return rc == STATUS_OK && !good ? refused(saying, "the answer is not signed, or not by its bank", bank, diag) : rc;
}

enum status answer_authenticate(struct saying *saying, int dir, const char *path, const char *beside, struct diag *diag)
{
    struct buf content = BUF_INIT(SIGNED_BYTES_MAX);
    struct buf signature = BUF_INIT(SIGNATURE_BYTES_MAX);
    const char *bank = bank_asked(saying);
    struct digest digest;

    if (bank[0] == '\0') {
        return STATUS_OK;
    }
    enum status rc = sys_read(dir, path, &content, diag);
    if (rc == STATUS_OK) {
        digest_of(buf_span(&content), &digest);
        rc = digest_equal(&digest, &saying->answer.sha256) ? rc
             : diag_fail(diag, STATUS_INPUT, "the file changed while it was read");
    }
    if (rc == STATUS_OK && beside[0] != '\0') {
        rc = sys_read(dir, beside, &signature, diag);
        rc = rc == STATUS_OK ? cms_check(saying, buf_span(&content), buf_span(&signature), bank, diag) : rc;
    } else if (rc == STATUS_OK) {
        rc = xml_check(saying, buf_span(&content), bank, diag);
    }
    if (rc == STATUS_OK) {
        snprintf(saying->signed_by, sizeof(saying->signed_by), "%s", bank);
    }
    buf_release(&content);
    buf_release(&signature);
    return rc;
}
