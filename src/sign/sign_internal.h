/*
 * sign_internal.h - what the files of sign/ share: the insides of certificates and signers, and the
 * rule for OpenSSL's error queue.
 *
 * Every public function clears the queue when it starts and leaves it empty; nothing is ever decided
 * by what lies in it, it only gives messages their reason. Every verification is `== 1`: OpenSSL
 * also has negative answers, which count as true.
 */
#ifndef CHITRA_SIGN_INTERNAL_H
#define CHITRA_SIGN_INTERNAL_H

#include "chitra/sign.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

enum {
    SIGN_KEY_BITS_MIN = 2048,
    /* Larger keys only slow things down, and this bounds what is kept on the stack. */
    SIGN_KEY_BITS_MAX = 8192,
    SIGN_BYTES_MAX = SIGN_KEY_BITS_MAX / 8
};

struct certificate {
    X509 *x509;
    struct digest fingerprint;
    struct digest key;  /* of the public key */
    char *base64;       /* the DER, without line breaks; owned */
};

struct signer {
    EVP_PKEY *key;
    struct certificate *certificate;
};

/* As diag_fail, with the library's reason as what was found. */
enum status sign_fail(struct diag *diag, enum status status, const char *what);

/* SHA-256 by the name that never has to be looked up again. */
const EVP_MD *sign_sha256(void);

/* A view of the bytes for OpenSSL; NULL if they are more than it can address (2 GiB). */
BIO *sign_bio(struct span bytes);

static inline size_t base64_size(size_t size_bytes)
{
    return (size_bytes + 2) / 3 * 4;
}

/* Writes base64_size characters and a NUL. */
void base64_write(const uint8_t *bytes, size_t size, char *text);
/* False unless it is the one way to write exactly `size` bytes; `text` may go on after them. */
bool base64_read(const char *text, uint8_t *bytes, size_t size) MUST_USE;

/* Takes the X.509 certificate over, whatever becomes of it, once its key is of the kind that we use. */
enum status certificate_take(X509 *x509, struct certificate **certificate, struct diag *diag) MUST_USE;

/* The bytes of a signature by this certificate's key. */
size_t certificate_signature_size(const struct certificate *certificate);

/* RSA-SHA256, PKCS #1 v1.5: true only if the signature is good. */
bool certificate_verify(const struct certificate *certificate, struct span bytes,
                        const uint8_t *signature) MUST_USE;
/* True if the certificate's key usage lets it sign documents. */
bool certificate_may_sign(const struct certificate *certificate);

/* Signs, and verifies what came out before anybody sees it. */
enum status signer_sign(const struct signer *signer, struct span bytes, uint8_t *signature,
                        struct diag *diag) MUST_USE;

#endif
