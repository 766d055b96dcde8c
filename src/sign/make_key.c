/* make_key.c - keys and certificates for a demonstration site (RFC 5280 profile). */
#include "sign_internal.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

enum {
    X509_VERSION = 2,       /* v3, counted from 0: RFC 5280, 4.1.2.1 */
    SERIAL_BYTES = 16       /* at most 20, and positive: RFC 5280, 4.1.2.2 */
};

static bool serial_set(X509 *x509)
{
    uint8_t bytes[SERIAL_BYTES];
    BIGNUM *number = NULL;
    bool set = false;

    sys_random(bytes, sizeof bytes);
    bytes[0] = (uint8_t)((bytes[0] & 0x7f) | 0x40);     /* positive, and always of the same length */
    number = BN_bin2bn(bytes, sizeof bytes, NULL);
    set = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != NULL;
    BN_free(number);
    return set;
}

/* From a day before, so that a machine whose clock is a little behind takes it at once. */
static bool validity_set(X509 *x509, const struct sign_request *request)
{
    struct sys_time begin = request->from;
    struct sys_time end = request->from;

    begin.day -= 1;
    end.day = day_add_months(end.day, 12 * request->years);
    return ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)sys_time_unix(begin)) != NULL
        && ASN1_TIME_set(X509_getm_notAfter(x509), (time_t)sys_time_unix(end)) != NULL;
}

static bool extension_add(X509 *x509, X509V3_CTX *context, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, context, nid, value);
    bool added = extension != NULL && X509_add_ext(x509, extension, -1) == 1;

    X509_EXTENSION_free(extension);
    return added;
}

/* A root may sign documents too: a site can do with one self-signed certificate. */
static bool extensions_add(X509 *x509, X509 *issuer)
{
    bool root = x509 == issuer;
    X509V3_CTX context;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    return extension_add(x509, &context, NID_basic_constraints, root ? "critical,CA:TRUE" : "critical,CA:FALSE")
        && extension_add(x509, &context, NID_key_usage,
                         root ? "critical,digitalSignature,keyCertSign" : "critical,digitalSignature")
        && extension_add(x509, &context, NID_subject_key_identifier, "hash")
        && extension_add(x509, &context, NID_authority_key_identifier, "keyid:always");
}

/* Fills in and signs; false if OpenSSL refuses a part (a name of over 64 characters: X.520). */
static bool certificate_make(const struct sign_request *request, EVP_PKEY *key, X509 *x509)
{
    X509 *issuer = request->issuer == NULL ? x509 : request->issuer->certificate->x509;
    EVP_PKEY *issuer_key = request->issuer == NULL ? key : request->issuer->key;

    return X509_set_version(x509, X509_VERSION) == 1
        && serial_set(x509)
        && validity_set(x509, request)
        && X509_NAME_add_entry_by_NID(X509_get_subject_name(x509), NID_commonName, MBSTRING_UTF8,
                                      (const unsigned char *)request->common_name, -1, -1, 0) == 1
        && X509_set_issuer_name(x509, X509_get_subject_name(issuer)) == 1
        && X509_set_pubkey(x509, key) == 1
        && extensions_add(x509, issuer)
        && X509_sign(x509, issuer_key, sign_sha256()) > 0;
}

static enum status bio_add(BIO *bio, struct buf *pem)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);

    ASSERT(size > 0);
    return buf_add(pem, data, (size_t)size);
}

/* Both texts or neither. The key's copy lives in memory that OpenSSL wipes when it is freed. */
static enum status pem_add(EVP_PKEY *key, X509 *x509, struct buf *key_pem, struct buf *certificate_pem,
                           struct diag *diag)
{
    enum status rc = STATUS_OK;
    size_t before = key_pem->size;
    BIO *key_bio = BIO_new(BIO_s_secmem());
    BIO *certificate_bio = BIO_new(BIO_s_mem());

    ASSERT(key_bio != NULL && certificate_bio != NULL);
    if (PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL) != 1
        || PEM_write_bio_X509(certificate_bio, x509) != 1) {
        rc = sign_fail(diag, STATUS_SIGNATURE, "the key cannot be written as PEM");
        goto out;
    }
    rc = bio_add(key_bio, key_pem);
    if (rc == STATUS_OK) {
        rc = bio_add(certificate_bio, certificate_pem);
    }
    if (rc != STATUS_OK) {
        key_pem->size = before;
        diag_fail(diag, rc, "no room for a key and its certificate");
    }
out:
    BIO_free(certificate_bio);
    BIO_free(key_bio);
    return rc;
}

enum status sign_make_key(const struct sign_request *request, struct buf *key_pem,
                          struct buf *certificate_pem, struct diag *diag)
{
    enum status rc = STATUS_OK;
    EVP_PKEY *key = NULL;
    X509 *x509 = NULL;

    ERR_clear_error();
    if (request->issuer != NULL
        && (X509_get_key_usage(request->issuer->certificate->x509) & KU_KEY_CERT_SIGN) == 0) {
        rc = diag_fail(diag, STATUS_USAGE, "the issuer's certificate may not sign certificates");
        goto out;
    }
    key = EVP_RSA_gen(SIGN_KEY_BITS_MIN);
    x509 = X509_new();
    if (key == NULL || x509 == NULL || !certificate_make(request, key, x509)) {
        rc = sign_fail(diag, STATUS_USAGE, "the certificate cannot be made");
        goto out;
    }
    rc = pem_add(key, x509, key_pem, certificate_pem, diag);
out:
    X509_free(x509);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return rc;
}
