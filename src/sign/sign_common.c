/* sign_common.c - what the files of sign/ share: messages, views, base64, versions. */
#include "sign_internal.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <xmlsec/version.h>

enum status sign_fail(struct diag *diag, enum status status, const char *what)
{
    unsigned long error = ERR_peek_last_error();
    const char *reason = error == 0 ? NULL : ERR_reason_error_string(error);

    diag_fail(diag, status, "%s", what);
    if (reason != NULL) {
        diag_found(diag, "%s", reason);
    }
    return status;
}

BIO *sign_bio(struct span bytes)
{
    return bytes.size > INT_MAX ? NULL : BIO_new_mem_buf(bytes.data, (int)bytes.size);
}

void base64_write(const uint8_t *bytes, size_t size, char *text)
{
    int written = 0;

    ASSERT(size <= INT_MAX / 2);
    written = EVP_EncodeBlock((unsigned char *)text, bytes, (int)size);
    ASSERT((size_t)written == base64_size(size));
}

/* OpenSSL's decoder forgives white space and stray bits at the end, and counts the padding as bytes;
 * writing the result again and comparing forgives nothing. */
bool base64_read(const char *text, uint8_t *bytes, size_t size)
{
    size_t length = base64_size(size);
    uint8_t *decoded = mem_alloc(length + 1, 1);
    char *again = mem_alloc(length + 1, 1);
    bool good = false;

    ASSERT(size <= INT_MAX / 2);
    if (EVP_DecodeBlock(decoded, (const unsigned char *)text, (int)length) >= 0) {
        base64_write(decoded, size, again);
        good = memcmp(text, again, length) == 0;
    }
    if (good) {
        memcpy(bytes, decoded, size);
    }
    free(again);
    free(decoded);
    return good;
}

void sign_versions(char *text, size_t size)
{
    snprintf(text, size, "OpenSSL %s, xmlsec %s", OpenSSL_version(OPENSSL_VERSION_STRING), XMLSEC_VERSION);
}
