/*
 * cms.c - detached CMS signatures (RFC 5652) over binary content, as `openssl cms -sign -binary
 * -outform DER` makes them.
 */
#include "sign_internal.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/err.h>

enum { DAY_SECONDS = 24 * 60 * 60 };

/* The inverse of sys_time_unix: UTC+7, seconds counted from the day's start. */
static struct sys_time time_of_unix(int64_t unix_seconds)
{
    int64_t local = unix_seconds + 7 * 60 * 60;
    int64_t second = ((local % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;

    return (struct sys_time){ (day_t)((local - second) / DAY_SECONDS), (int)second };
}

/* One signer with content type, message digest and the signing time. OpenSSL would take the machine's
 * clock for the latter, and the same content would not give the same bytes again. */
static bool signer_add(CMS_ContentInfo *cms, const struct signer *signer, struct sys_time at)
{
    const unsigned flags = CMS_BINARY | CMS_NOSMIMECAP;
    CMS_SignerInfo *info = CMS_add1_signer(cms, signer->certificate->x509, signer->key, sign_sha256(), flags);
    ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)sys_time_unix(at));
    bool added = info != NULL && time != NULL
        && CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, time->type, time, -1) == 1;

    ASN1_TIME_free(time);
    return added;
}

static enum status der_add(CMS_ContentInfo *cms, struct buf *der, struct diag *diag)
{
    enum status rc = STATUS_OK;
    unsigned char *bytes = NULL;
    int size = i2d_CMS_ContentInfo(cms, &bytes);

    if (size <= 0) {
        return sign_fail(diag, STATUS_SIGNATURE, "the signature cannot be encoded");
    }
    rc = buf_add(der, bytes, (size_t)size);
    if (rc != STATUS_OK) {
        diag_fail(diag, rc, "no room for a signature of %d bytes", size);
    }
    OPENSSL_free(bytes);
    return rc;
}

enum status cms_sign(const struct signer *signer, struct span content, struct sys_time at,
                     struct buf *der, struct diag *diag)
{
    const unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL;
    enum status rc = STATUS_OK;
    BIO *bio = NULL;
    CMS_ContentInfo *cms = NULL;

    ERR_clear_error();
    bio = sign_bio(content);
    cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
    if (bio == NULL || cms == NULL || !signer_add(cms, signer, at)
        || CMS_final(cms, bio, NULL, flags) != 1) {
        rc = sign_fail(diag, STATUS_SIGNATURE, "the content cannot be signed");
        goto out;
    }
    rc = der_add(cms, der, diag);
out:
    CMS_ContentInfo_free(cms);
    BIO_free(bio);
    ERR_clear_error();
    return rc;
}

/* The whole of `der`, and nothing after it: a detached SignedData over plain data. */
static enum status cms_read(struct span der, CMS_ContentInfo **cms, struct diag *diag)
{
    const unsigned char *at = (const unsigned char *)der.data;

    *cms = der.size > LONG_MAX ? NULL : d2i_CMS_ContentInfo(NULL, &at, (long)der.size);
    if (*cms == NULL) {
        return sign_fail(diag, STATUS_SIGNATURE, "a CMS signature in DER form is expected");
    }
    if ((size_t)(at - (const unsigned char *)der.data) != der.size) {
        return diag_fail(diag, STATUS_SIGNATURE, "bytes after the end of the signature");
    }
    if (OBJ_obj2nid(CMS_get0_type(*cms)) != NID_pkcs7_signed
        || OBJ_obj2nid(CMS_get0_eContentType(*cms)) != NID_pkcs7_data) {
        return sign_fail(diag, STATUS_SIGNATURE, "not a signature over data");
    }
    if (CMS_is_detached(*cms) != 1) {
        return sign_fail(diag, STATUS_SIGNATURE, "the signature brings its own content");
    }
    return STATUS_OK;
}

/* RSA with SHA-256, and nothing weaker that the message may choose for itself. */
static bool algorithms_are_ours(CMS_SignerInfo *info)
{
    X509_ALGOR *digest = NULL;
    X509_ALGOR *signature = NULL;
    int nid = NID_undef;

    CMS_SignerInfo_get0_algs(info, NULL, NULL, &digest, &signature);
    nid = OBJ_obj2nid(signature->algorithm);
    return OBJ_obj2nid(digest->algorithm) == NID_sha256
        && (nid == NID_rsaEncryption || nid == NID_sha256WithRSAEncryption);
}

static enum status signer_find(CMS_ContentInfo *cms, const struct certificate *const *trusted,
                               size_t trusted_count, CMS_SignerInfo **info,
                               const struct certificate **certificate, struct diag *diag)
{
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);

    if (infos == NULL || sk_CMS_SignerInfo_num(infos) != 1) {
        return diag_fail(diag, STATUS_SIGNATURE, "exactly one signer is expected");
    }
    *info = sk_CMS_SignerInfo_value(infos, 0);
    if (!algorithms_are_ours(*info)) {
        return diag_fail(diag, STATUS_SIGNATURE, "a signature with RSA and SHA-256 is expected");
    }
    for (size_t i = 0; i < trusted_count; i++) {
        if (CMS_SignerInfo_cert_cmp(*info, trusted[i]->x509) == 0) {
            *certificate = trusted[i];
            return STATUS_OK;
        }
    }
    return diag_fail(diag, STATUS_SIGNATURE, "the signer's certificate is not one of the trusted ones");
}

/* The content for CMS_verify, behind a filter that changes nothing. Of a BIO that is memory itself OpenSSL makes another,
 * and loses it when the message names a digest that it does not know (3.0: CMS_dataInit fails). */
static BIO *content_bio(struct span content)
{
    BIO *memory = sign_bio(content);
    BIO *filter = memory == NULL ? NULL : BIO_new(BIO_f_null());

    if (filter == NULL) {
        BIO_free(memory);
        return NULL;
    }
    return BIO_push(filter, memory);
}

/* Signature and digest, with the pinned certificate alone: none from the message (CMS_NOINTERN), no
 * chain (CMS_NO_SIGNER_CERT_VERIFY). */
static enum status content_verify(CMS_ContentInfo *cms, const struct certificate *certificate,
                                  struct span content, struct diag *diag)
{
    const unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY;
    enum status rc = STATUS_OK;
    STACK_OF(X509) *pinned = sk_X509_new_null();
    BIO *bio = content_bio(content);

    ASSERT(pinned != NULL && sk_X509_push(pinned, certificate->x509) == 1);
    if (bio == NULL || CMS_verify(cms, pinned, NULL, bio, NULL, flags) != 1) {
        rc = sign_fail(diag, STATUS_SIGNATURE, "the signature does not verify");
        diag_hint(diag, "the content was changed, or another key signed it");
    }
    BIO_free_all(bio);
    sk_X509_free(pinned);
    return rc;
}

/* The stated signing time, at most one; without one *signed_at stays. */
static bool signing_time_read(CMS_SignerInfo *info, struct sys_time *signed_at)
{
    int place = CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1);
    X509_ATTRIBUTE *attribute = place < 0 ? NULL : CMS_signed_get_attr(info, place);
    ASN1_TYPE *value = NULL;
    ASN1_TIME *epoch = NULL;
    int days = 0;
    int seconds = 0;
    bool good = false;

    if (attribute == NULL) {
        return true;
    }
    value = X509_ATTRIBUTE_get0_type(attribute, 0);
    if (CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, place) >= 0
        || X509_ATTRIBUTE_count(attribute) != 1 || value == NULL
        || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME)) {
        return false;
    }
    epoch = ASN1_TIME_set(NULL, 0);
    ASSERT(epoch != NULL);
    good = ASN1_TIME_diff(&days, &seconds, epoch, value->value.asn1_string) == 1;
    if (good) {
        *signed_at = time_of_unix((int64_t)days * DAY_SECONDS + seconds);
    }
    ASN1_TIME_free(epoch);
    return good;
}

/* A day's grace for the signer's clock. */
static enum status times_check(const struct certificate *certificate, struct sys_time signed_at,
                               struct sys_time at, struct diag *diag)
{
    char time[SYS_TIME_BYTES];

    if (sys_time_unix(signed_at) > sys_time_unix(at) + DAY_SECONDS) {
        diag_fail(diag, STATUS_SIGNATURE, "the signing time lies in the future");
        sys_time_write(signed_at, time);
        diag_found(diag, "%s", time);
        sys_time_write(at, time);
        diag_expected(diag, "at most a day after %s", time);
        return STATUS_SIGNATURE;
    }
    if (!certificate_may_sign(certificate)) {
        return diag_fail(diag, STATUS_SIGNATURE, "the certificate's key usage does not allow signatures");
    }
    if (!certificate_is_current(certificate, signed_at) || !certificate_is_current(certificate, at)) {
        return diag_fail(diag, STATUS_SIGNATURE, "the signer's certificate is not valid at that time");
    }
    return STATUS_OK;
}

enum status cms_verify(struct span der, struct span content, const struct certificate *const *trusted,
                       size_t trusted_count, struct sys_time at, const char *name,
                       struct cms_signature *signature, struct diag *diag)
{
    enum status rc = STATUS_OK;
    CMS_ContentInfo *cms = NULL;
    CMS_SignerInfo *info = NULL;
    const struct certificate *certificate = NULL;
    struct sys_time signed_at = at;

    ERR_clear_error();
    rc = cms_read(der, &cms, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    rc = signer_find(cms, trusted, trusted_count, &info, &certificate, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    rc = content_verify(cms, certificate, content, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    if (!signing_time_read(info, &signed_at)) {
        rc = sign_fail(diag, STATUS_SIGNATURE, "the signing time cannot be read");
        goto out;
    }
    rc = times_check(certificate, signed_at, at, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    *signature = (struct cms_signature){ certificate->fingerprint, signed_at };
out:
    if (rc != STATUS_OK) {
        diag_at(diag, name, 0, 0);
    }
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return rc;
}

enum status cms_certificate(struct span der, const struct digest *fingerprint, struct certificate **certificate,
                            struct diag *diag)
{
    CMS_ContentInfo *cms = NULL;
    STACK_OF(X509) *enclosed = NULL;

    *certificate = NULL;
    ERR_clear_error();
    enum status rc = cms_read(der, &cms, diag);
    if (rc == STATUS_OK) {
        enclosed = CMS_get1_certs(cms);
    }
    for (int i = 0; rc == STATUS_OK && *certificate == NULL && i < sk_X509_num(enclosed); i++) {
        X509 *x509 = sk_X509_value(enclosed, i);
        ASSERT(X509_up_ref(x509) == 1);
        rc = certificate_take(x509, certificate, diag);
        if (rc == STATUS_OK && !digest_equal(certificate_fingerprint(*certificate), fingerprint)) {
            certificate_free(*certificate);
            *certificate = NULL;
        }
    }
    if (rc == STATUS_OK && *certificate == NULL) {
        rc = diag_fail(diag, STATUS_SIGNATURE, "the signature does not enclose its signer's certificate");
    }
    sk_X509_pop_free(enclosed, X509_free);
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return rc;
}
