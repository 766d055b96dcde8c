/* key.c - private keys: reading, policy, signing. */
#include "sign_internal.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>

/* A batch program has nobody to ask: notes that a passphrase was wanted, and gives none. */
static int passphrase_refuse(char *text, int size, int writing, void *asked)
{
    (void)text;
    (void)size;
    (void)writing;
    *(bool *)asked = true;
    return -1;
}

static enum status key_read(struct span pem, EVP_PKEY **key, struct diag *diag)
{
    enum status rc = STATUS_OK;
    bool asked = false;
    BIO *bio = sign_bio(pem);

    *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, passphrase_refuse, &asked);
    if (asked) {
        EVP_PKEY_free(*key);
        *key = NULL;
        rc = diag_fail(diag, STATUS_CONFIG, "the private key is encrypted");
        diag_hint(diag, "give the key without a passphrase, in a file that only we can read");
    } else if (*key == NULL) {
        rc = sign_fail(diag, STATUS_CONFIG, "a private key in PEM form is expected");
    }
    BIO_free(bio);
    return rc;
}

/* The certificate's own policy holds for the key too, as they match. The trial signature shows that
 * the private half belongs to the public one, before anything depends on it. */
static enum status signer_check(const struct signer *signer, struct sys_time at, struct diag *diag)
{
    uint8_t trial[SIGN_BYTES_MAX];

    if (!certificate_may_sign(signer->certificate)) {
        return diag_fail(diag, STATUS_CONFIG, "the certificate's key usage does not allow signatures");
    }
    if (!certificate_is_current(signer->certificate, at)) {
        char text[SYS_TIME_BYTES];

        sys_time_write(at, text);
        return diag_fail(diag, STATUS_SIGNATURE, "the certificate is not valid at %s", text);
    }
    return signer_sign(signer, span_of("chitra"), trial, diag);
}

/* Whichever certificate belongs to the key. */
static enum status certificate_choose(struct signer *signer, const struct certificate *const *certificate, size_t count,
                                      struct diag *diag)
{
    for (size_t i = 0; i < count; i++) {
        if (X509_check_private_key(certificate[i]->x509, signer->key) == 1) {
            ASSERT(X509_up_ref(certificate[i]->x509) == 1);
            return certificate_take(certificate[i]->x509, &signer->certificate, diag);
        }
    }
    return sign_fail(diag, STATUS_CONFIG, "the private key does not belong to the certificate");
}

enum status signer_of(struct span key_pem, const struct certificate *const *certificate, size_t count,
                      const char *name, struct sys_time at, struct signer **signer, struct diag *diag)
{
    struct signer *made = mem_alloc(1, sizeof *made);

    *signer = NULL;
    ERR_clear_error();
    enum status rc = key_read(key_pem, &made->key, diag);
    rc = rc == STATUS_OK ? certificate_choose(made, certificate, count, diag) : rc;
    rc = rc == STATUS_OK ? signer_check(made, at, diag) : rc;
    if (rc == STATUS_OK) {
        *signer = made;
        made = NULL;
    } else {
        diag_at(diag, name, 0, 0);
    }
    signer_free(made);
    ERR_clear_error();
    return rc;
}

enum status signer_new(struct span key_pem, struct span certificate_pem, const char *name,
                       struct sys_time at, struct signer **signer, struct diag *diag)
{
    struct certificate *certificate = NULL;

    *signer = NULL;
    enum status rc = certificate_new(certificate_pem, name, &certificate, diag);
    if (rc == STATUS_OK) {
        rc = signer_of(key_pem, (const struct certificate *const *)&certificate, 1, name, at, signer, diag);
    }
    certificate_free(certificate);
    return rc;
}

void signer_free(struct signer *signer)
{
    if (signer == NULL) {
        return;
    }
    EVP_PKEY_free(signer->key);
    certificate_free(signer->certificate);
    free(signer);
}

const struct certificate *signer_certificate(const struct signer *signer)
{
    return signer->certificate;
}

enum status signer_sign(const struct signer *signer, struct span bytes, uint8_t *signature, struct diag *diag)
{
    enum status rc = STATUS_OK;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t size = certificate_signature_size(signer->certificate);

    ASSERT(context != NULL);
    if (EVP_DigestSignInit(context, NULL, sign_sha256(), NULL, signer->key) != 1
        || EVP_DigestSign(context, signature, &size, (const unsigned char *)bytes.data, bytes.size) != 1
        || size != certificate_signature_size(signer->certificate)) {
        rc = sign_fail(diag, STATUS_SIGNATURE, "the private key does not sign");
    } else if (!certificate_verify(signer->certificate, bytes, signature)) {
        rc = sign_fail(diag, STATUS_SIGNATURE, "the private key is damaged: its signature does not verify");
    }
    EVP_MD_CTX_free(context);
    return rc;
}
