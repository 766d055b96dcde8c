/*
 * sign.h - keys, certificates, digests, XML signatures, CMS.
 *
 * Layer: sign (knows base and sys); it does not know what is being signed. The only place with
 * OpenSSL and xmlsec. Keys are RSA of at least 2,048 bits; signatures are RSA-SHA256 (PKCS #1
 * v1.5, which is deterministic, so that a file can be written again with the same bytes).
 *
 * Ownership: `_new` gives to the caller, `_free` accepts NULL. Everything but a digest in progress
 * may be shared by threads for reading. Buffers are appended to, and unchanged on error.
 *
 * Errors: STATUS_CONFIG a key or certificate that cannot be used; STATUS_SIGNATURE a signature that
 * is refused, or a certificate out of its dates; STATUS_INPUT not XML at all; STATUS_LIMIT no room.
 * OpenSSL's error queue is empty before and after each call; nothing here ever prints or asks.
 * Sources: XML Signature 1.1, Exclusive XML Canonicalization 1.0, RFC 5280, RFC 5652, RFC 9231.
 */
#ifndef CHITRA_SIGN_H
#define CHITRA_SIGN_H

#include "chitra/sys.h"

enum { DIGEST_BYTES = 32, DIGEST_HEX_BYTES = 65 };

struct digest {
    uint8_t bytes[DIGEST_BYTES];    /* SHA-256 */
};

/* SHA-256 in one go; fast for short texts too (one context for each thread). */
void digest_of(struct span bytes, struct digest *digest);
void digest_hex(const struct digest *digest, char hex[DIGEST_HEX_BYTES]);
bool digest_equal(const struct digest *a, const struct digest *b);

/* SHA-256 piece by piece. */
struct digester;
struct digester *digester_new(void);
void digester_add(struct digester *digester, struct span bytes);
void digester_finish(struct digester *digester, struct digest *digest);     /* and starts anew */
void digester_free(struct digester *digester);

/* A certificate: exactly one in the PEM text, with an RSA key of 2,048 to 8,192 bits. */
struct certificate;
enum status certificate_new(struct span pem, const char *name, struct certificate **certificate,
                            struct diag *diag) MUST_USE;
void certificate_free(struct certificate *certificate);
const struct digest *certificate_fingerprint(const struct certificate *certificate);  /* of the DER */
/* Of the public key: the same in every certificate for one key. */
const struct digest *certificate_key(const struct certificate *certificate);
bool certificate_is_current(const struct certificate *certificate, struct sys_time at);

/* A private key with its certificate: what signs. Refuses a key that does not match or is weak, a
 * certificate whose key usage allows no signatures (STATUS_CONFIG), and one that is not valid at `at`
 * (STATUS_SIGNATURE). An encrypted key is refused, never asked for. */
struct signer;
enum status signer_new(struct span key_pem, struct span certificate_pem, const char *name,
                       struct sys_time at, struct signer **signer, struct diag *diag) MUST_USE;
/* The same with whichever of these certificates belongs to the key. */
enum status signer_of(struct span key_pem, const struct certificate *const *certificate, size_t count,
                      const char *name, struct sys_time at, struct signer **signer, struct diag *diag) MUST_USE;
void signer_free(struct signer *signer);
const struct certificate *signer_certificate(const struct signer *signer);

/* XMLDSig, enveloped, one reference URI="" over the whole document (transforms enveloped-signature
 * and exclusive C14N, SHA-256, RSA-SHA256; KeyInfo/X509Data/X509Certificate).
 *
 * The document is canonical and its digest is that of its bytes without the <Signature> element.
 * sign_xml_size: the number of bytes of the element, the same for every document, so that its place
 * can be reserved. sign_xml: the element, exactly that long. KeyInfo lets stock tools check it with the
 * signing certificate (`xmlsec1 --verify --pubkey-cert-pem site.crt`) or with its root (`--trusted-pem`). */
size_t sign_xml_size(const struct signer *signer);
enum status sign_xml(const struct signer *signer, const struct digest *document, struct buf *element,
                     struct diag *diag) MUST_USE;

/* Re-hash check for the hot path: the element was made over this digest by this certificate, and is
 * byte for byte the one that sign_xml writes. */
enum status sign_xml_check(const struct certificate *certificate, const struct digest *document,
                           struct span element, struct diag *diag) MUST_USE;

/* The certificate that an element of ours encloses, whatever trust/ holds today. */
enum status sign_xml_certificate(struct span element, struct certificate **certificate, struct diag *diag) MUST_USE;

/* Independent check, by xmlsec: exactly one Signature, a child of `parent` (local name, e.g. "Sgntr")
 * and that nowhere else; exactly one reference, URI=""; only the transforms and algorithms above;
 * the key is the certificate's and never one that the document brings. A document with DOCTYPE is
 * STATUS_INPUT; one with comments, instructions or CDATA is refused, as a signature does not cover
 * how they are written. The certificate's dates do not count: a file must be checkable in ten years.
 * Builds a tree: about eleven times the file's size in memory. */
enum status sign_xml_verify(const struct certificate *certificate, struct span xml, const char *name,
                            const char *parent, struct diag *diag) MUST_USE;

/* CMS, detached, over binary content; RSA-SHA256. The same content, signer and `at` give the same
 * bytes; the certificate is enclosed. */
enum status cms_sign(const struct signer *signer, struct span content, struct sys_time at,
                     struct buf *der, struct diag *diag) MUST_USE;
struct cms_signature {
    struct digest signer;           /* fingerprint of the signing certificate, as pinned */
    struct sys_time signed_at;      /* the signing time it states, or `at` if it states none */
};
/* Exactly one signer, whose certificate is one of `trusted` (pinned: no chain is built) and was
 * current at the stated signing time and at `at`; the signing time is not after `at` + 1 day. Nothing
 * may follow the DER. *signature is set only with STATUS_OK. */
enum status cms_verify(struct span der, struct span content, const struct certificate *const *trusted,
                       size_t trusted_count, struct sys_time at, const char *name,
                       struct cms_signature *signature, struct diag *diag) MUST_USE;

/* The certificate with this fingerprint that the signature encloses: a signature must be checkable when its
 * certificate has long left trust/. STATUS_SIGNATURE if there is none. */
enum status cms_certificate(struct span der, const struct digest *fingerprint, struct certificate **certificate,
                            struct diag *diag) MUST_USE;

/* Making keys for a demonstration site: an RSA 2,048 key and a certificate for it, self-signed or by
 * `issuer` (NULL: self-signed root, which may sign documents too), valid for `years` from a day before
 * `from`. PEM texts are appended. STATUS_USAGE: a name of over 64 characters, an issuer that is no root. */
struct sign_request {
    const char *common_name;
    const struct signer *issuer;
    struct sys_time from;
    int years;
};
enum status sign_make_key(const struct sign_request *request, struct buf *key_pem,
                          struct buf *certificate_pem, struct diag *diag) MUST_USE;

/* "OpenSSL 3.0.x, xmlsec 1.2.x" for --version. */
void sign_versions(char *text, size_t size);

#endif
