/*
 * xmldsig_write.c - the <Signature> element as text, and the check that it is the one we would write.
 *
 * The element is a template with three gaps: the document's digest, the signature, the certificate.
 * What is signed is the canonical form of its SignedInfo (Exclusive C14N 1.0): the same text with the
 * namespace on SignedInfo itself. Empty elements have an end tag, as canonical XML wants it.
 * Source: W3C XML Signature Syntax and Processing 1.1, RFC 9231 (the algorithms' names).
 */
#include "sign_internal.h"

#include <openssl/err.h>
#include <stdlib.h>

#define XMLNS " xmlns=\"http://www.w3.org/2000/09/xmldsig#\""

static const char signature_open[] = "<Signature" XMLNS ">";
static const char signed_info_open[] = "<SignedInfo>";
static const char signed_info_open_canonical[] = "<SignedInfo" XMLNS ">";
static const char before_digest[] =
    "<CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></CanonicalizationMethod>"
    "<SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></SignatureMethod>"
    "<Reference URI=\"\"><Transforms>"
    "<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></Transform>"
    "<Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></Transform>"
    "</Transforms><DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></DigestMethod>"
    "<DigestValue>";
static const char after_digest[] = "</DigestValue></Reference></SignedInfo>";
static const char before_signature[] = "<SignatureValue>";
static const char before_certificate[] = "</SignatureValue><KeyInfo><X509Data><X509Certificate>";
static const char after_certificate[] = "</X509Certificate></X509Data></KeyInfo></Signature>";

enum {
    DIGEST_TEXT_BYTES = (DIGEST_BYTES + 2) / 3 * 4 + 1,
    SIGNATURE_TEXT_BYTES = (SIGN_BYTES_MAX + 2) / 3 * 4 + 1,
    SIGNED_INFO_BYTES = sizeof signed_info_open_canonical + sizeof before_digest + DIGEST_TEXT_BYTES
        + sizeof after_digest,
    /* Where the signature's text begins in the element. */
    SIGNATURE_OFFSET = sizeof signature_open - 1 + sizeof signed_info_open - 1 + sizeof before_digest - 1
        + DIGEST_TEXT_BYTES - 1 + sizeof after_digest - 1 + sizeof before_signature - 1
};

static size_t element_size(const struct certificate *certificate)
{
    return SIGNATURE_OFFSET + base64_size(certificate_signature_size(certificate))
        + sizeof before_certificate - 1 + strlen(certificate->base64) + sizeof after_certificate - 1;
}

/* SignedInfo as it is signed. */
static struct span signed_info(const struct digest *document, char text[SIGNED_INFO_BYTES])
{
    struct buf line = { text, 0, SIGNED_INFO_BYTES, SIGNED_INFO_BYTES };
    char digest[DIGEST_TEXT_BYTES];

    base64_write(document->bytes, DIGEST_BYTES, digest);
    ASSERT(buf_add_text(&line, signed_info_open_canonical) == STATUS_OK);
    ASSERT(buf_add_text(&line, before_digest) == STATUS_OK);
    ASSERT(buf_add_text(&line, digest) == STATUS_OK);
    ASSERT(buf_add_text(&line, after_digest) == STATUS_OK);
    return buf_span(&line);
}

/* Appends the element. The room is reserved at once, so that either all of it is there or nothing. */
static enum status element_write(const struct certificate *certificate, const struct digest *document,
                                 struct span signature, struct buf *element)
{
    enum status rc = buf_reserve(element, element_size(certificate));
    size_t before = element->size;
    char digest[DIGEST_TEXT_BYTES];

    if (rc != STATUS_OK) {
        return rc;
    }
    base64_write(document->bytes, DIGEST_BYTES, digest);
    ASSERT(buf_add_text(element, signature_open) == STATUS_OK);
    ASSERT(buf_add_text(element, signed_info_open) == STATUS_OK);
    ASSERT(buf_add_text(element, before_digest) == STATUS_OK);
    ASSERT(buf_add_text(element, digest) == STATUS_OK);
    ASSERT(buf_add_text(element, after_digest) == STATUS_OK);
    ASSERT(buf_add_text(element, before_signature) == STATUS_OK);
    ASSERT(element->size - before == SIGNATURE_OFFSET);
    ASSERT(buf_add(element, signature.data, signature.size) == STATUS_OK);
    ASSERT(buf_add_text(element, before_certificate) == STATUS_OK);
    ASSERT(buf_add_text(element, certificate->base64) == STATUS_OK);
    ASSERT(buf_add_text(element, after_certificate) == STATUS_OK);
    ASSERT(element->size - before == element_size(certificate));
    return STATUS_OK;
}

size_t sign_xml_size(const struct signer *signer)
{
    return element_size(signer->certificate);
}

enum status sign_xml(const struct signer *signer, const struct digest *document, struct buf *element,
                     struct diag *diag)
{
    enum status rc = STATUS_OK;
    char info[SIGNED_INFO_BYTES];
    uint8_t signature[SIGN_BYTES_MAX];
    char text[SIGNATURE_TEXT_BYTES];

    ERR_clear_error();
    rc = signer_sign(signer, signed_info(document, info), signature, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    base64_write(signature, certificate_signature_size(signer->certificate), text);
    rc = element_write(signer->certificate, document, span_of(text), element);
    if (rc != STATUS_OK) {
        diag_fail(diag, rc, "no room for a signature of %zu bytes", sign_xml_size(signer));
    }
out:
    ERR_clear_error();
    return rc;
}

/* The element must be, byte for byte, the one we would write over this digest with this certificate
 * and the signature that it states; then that signature must be good. */
static bool element_is_ours(const struct certificate *certificate, const struct digest *document,
                            struct span element, struct diag *diag)
{
    size_t size = certificate_signature_size(certificate);
    struct buf expected = BUF_INIT(element_size(certificate));
    bool same = false;

    if (element.size == element_size(certificate)) {
        struct span signature = { element.data + SIGNATURE_OFFSET, base64_size(size) };

        same = element_write(certificate, document, signature, &expected) == STATUS_OK
            && span_equal(buf_span(&expected), element);
    }
    if (!same) {
        diag_fail(diag, STATUS_SIGNATURE, "the signature is over other content or by another certificate");
    }
    buf_release(&expected);
    return same;
}

enum status sign_xml_check(const struct certificate *certificate, const struct digest *document,
                           struct span element, struct diag *diag)
{
    enum status rc = STATUS_OK;
    size_t size = certificate_signature_size(certificate);
    char info[SIGNED_INFO_BYTES];
    uint8_t signature[SIGN_BYTES_MAX];

    ERR_clear_error();
    if (!element_is_ours(certificate, document, element, diag)) {
        rc = STATUS_SIGNATURE;
    } else if (!base64_read(element.data + SIGNATURE_OFFSET, signature, size)
               || !certificate_verify(certificate, signed_info(document, info), signature)) {
        rc = sign_fail(diag, STATUS_SIGNATURE, "the signature does not verify");
    }
    ERR_clear_error();
    return rc;
}

/* NULL if it is none. */
static X509 *x509_of_base64(struct span text)
{
    size_t padding = text.size >= 4 ? (size_t)(text.data[text.size - 1] == '=') + (text.data[text.size - 2] == '=') : 0;
    size_t size = text.size / 4 * 3 - padding;
    uint8_t *der = mem_alloc(size + 1, 1);
    const unsigned char *at = der;
    X509 *x509 = NULL;

    if (text.size >= 4 && text.size % 4 == 0 && base64_read(text.data, der, size)) {
        x509 = d2i_X509(NULL, &at, (long)size);
    }
    free(der);
    return x509;
}

enum status sign_xml_certificate(struct span element, struct certificate **certificate, struct diag *diag)
{
    static const char tag[] = "<X509Certificate>";
    enum { TAG_BYTES = sizeof tag - 1, END_BYTES = sizeof after_certificate - 1 };
    const char *from = memmem(element.data, element.size, tag, TAG_BYTES);
    enum status rc = STATUS_SIGNATURE;
    X509 *x509 = NULL;

    *certificate = NULL;
    ERR_clear_error();
    if (from != NULL && element.size >= (size_t)(from - element.data) + TAG_BYTES + END_BYTES) {
        size_t size = element.size - (size_t)(from - element.data) - TAG_BYTES - END_BYTES;
        x509 = x509_of_base64((struct span){ from + TAG_BYTES, size });
    }
    if (x509 == NULL) {
        rc = sign_fail(diag, STATUS_SIGNATURE, "the signature does not enclose its signer's certificate");
    } else {
        rc = certificate_take(x509, certificate, diag);
    }
    ERR_clear_error();
    return rc;
}
