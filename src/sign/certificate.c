/* certificate.c - certificates: reading, policy, dates, and verifying with their key. */
#include "sign_internal.h"


#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

/* A certificate file never needs a passphrase; without this OpenSSL would ask on the terminal. */
static int passphrase_refuse(char *text, int size, int writing, void *context)
{
    (void)text;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

/* Exactly one: a second one would be left unread, and somebody meant it to be trusted. */
static enum status x509_read(struct span pem, X509 **x509, struct diag *diag)
{
    enum status rc = STATUS_OK;
    BIO *bio = sign_bio(pem);
    X509 *second = NULL;

    *x509 = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, passphrase_refuse, NULL);
    if (*x509 == NULL) {
        rc = sign_fail(diag, STATUS_CONFIG, "a certificate in PEM form is expected");
        goto out;
    }
    second = PEM_read_bio_X509(bio, NULL, passphrase_refuse, NULL);
    if (second != NULL) {
        rc = diag_fail(diag, STATUS_CONFIG, "more than one certificate in a file");
        diag_hint(diag, "put each certificate into a file of its own");
    }
out:
    X509_free(second);
    BIO_free(bio);
    return rc;
}

/* RSA only, and not RSA-PSS keys, whose signatures are random: a bank file must come out the same
 * when it is written again. */
static enum status key_policy(const X509 *x509, struct diag *diag)
{
    const EVP_PKEY *key = X509_get0_pubkey(x509);
    int bits = 0;

    if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        return diag_fail(diag, STATUS_CONFIG, "the certificate's key is not an RSA key");
    }
    bits = EVP_PKEY_get_bits(key);
    if (bits < SIGN_KEY_BITS_MIN || bits > SIGN_KEY_BITS_MAX) {
        diag_fail(diag, STATUS_CONFIG, "the certificate's RSA key is too %s",
                  bits < SIGN_KEY_BITS_MIN ? "short" : "long");
        diag_found(diag, "%d bits", bits);
        diag_expected(diag, "%d to %d", SIGN_KEY_BITS_MIN, SIGN_KEY_BITS_MAX);
        return STATUS_CONFIG;
    }
    return STATUS_OK;
}

/* The fingerprint, as `openssl x509 -fingerprint -sha256` shows it, and the text for KeyInfo. */
static void der_keep(struct certificate *certificate)
{
    unsigned char *der = NULL;
    int size = i2d_X509(certificate->x509, &der);

    ASSERT(size > 0);
    digest_of((struct span){ (const char *)der, (size_t)size }, &certificate->fingerprint);
    certificate->base64 = mem_alloc(base64_size((size_t)size) + 1, 1);
    base64_write(der, (size_t)size, certificate->base64);
    OPENSSL_free(der);
}

static void key_keep(struct certificate *certificate)
{
    unsigned size = 0;

    ASSERT(X509_pubkey_digest(certificate->x509, sign_sha256(), certificate->key.bytes, &size) == 1 &&
           size == DIGEST_BYTES);
}

enum status certificate_take(X509 *x509, struct certificate **certificate, struct diag *diag)
{
    struct certificate *made = mem_alloc(1, sizeof *made);

    *certificate = NULL;
    made->x509 = x509;
    enum status rc = key_policy(x509, diag);
    if (rc == STATUS_OK) {
        der_keep(made);
        key_keep(made);
        *certificate = made;
        made = NULL;
    }
    certificate_free(made);
    return rc;
}

enum status certificate_new(struct span pem, const char *name, struct certificate **certificate,
                            struct diag *diag)
{
    X509 *x509 = NULL;

    *certificate = NULL;
    ERR_clear_error();
    enum status rc = x509_read(pem, &x509, diag);
    if (rc == STATUS_OK) {
        rc = certificate_take(x509, certificate, diag);
    } else {
        X509_free(x509);
    }
    if (rc != STATUS_OK) {
        diag_at(diag, name, 0, 0);
    }
    ERR_clear_error();
    return rc;
}

void certificate_free(struct certificate *certificate)
{
    if (certificate == NULL) {
        return;
    }
    X509_free(certificate->x509);
    free(certificate->base64);
    free(certificate);
}

const struct digest *certificate_fingerprint(const struct certificate *certificate)
{
    return &certificate->fingerprint;
}

const struct digest *certificate_key(const struct certificate *certificate)
{
    return &certificate->key;
}

/* Both ends belong to the validity: RFC 5280, 4.1.2.5. A time that cannot be read compares as -2. */
bool certificate_is_current(const struct certificate *certificate, struct sys_time at)
{
    time_t unix_time = (time_t)sys_time_unix(at);
    int begin = ASN1_TIME_cmp_time_t(X509_get0_notBefore(certificate->x509), unix_time);
    int end = ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate->x509), unix_time);

    ERR_clear_error();
    return (begin == -1 || begin == 0) && (end == 0 || end == 1);
}

/* Without the extension every use is allowed: RFC 5280, 4.2.1.3. */
bool certificate_may_sign(const struct certificate *certificate)
{
    uint32_t usage = X509_get_key_usage(certificate->x509);

    return (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

size_t certificate_signature_size(const struct certificate *certificate)
{
    int size = EVP_PKEY_get_size(X509_get0_pubkey(certificate->x509));

    ASSERT(size > 0 && size <= SIGN_BYTES_MAX);
    return (size_t)size;
}

bool certificate_verify(const struct certificate *certificate, struct span bytes, const uint8_t *signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY *key = X509_get0_pubkey(certificate->x509);
    bool good = false;

    ASSERT(context != NULL);
    if (EVP_DigestVerifyInit(context, NULL, sign_sha256(), NULL, key) == 1) {
        good = EVP_DigestVerify(context, signature, certificate_signature_size(certificate),
                                (const unsigned char *)bytes.data, bytes.size) == 1;
    }
    EVP_MD_CTX_free(context);
    return good;
}
