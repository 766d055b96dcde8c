/* digest.c - SHA-256, in one go and piece by piece. */
#include "sign_internal.h"

#include "chitra/text.h"

#include <stdlib.h>
#include <threads.h>

/* Fetched once: looking an algorithm up by name costs twice as much as hashing a short text. */
static EVP_MD *sha256;
static once_flag sha256_once = ONCE_FLAG_INIT;

/* One context for each thread. The plain pointer is what the hot path reads; the key only exists so
 * that the context is freed when its thread ends. */
static _Thread_local EVP_MD_CTX *thread_context;
static tss_t thread_key;

struct digester {
    EVP_MD_CTX *context;
};

static void thread_end(void *context)
{
    EVP_MD_CTX_free(context);
}

static void sha256_fetch(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    ASSERT(sha256 != NULL);
    ASSERT(tss_create(&thread_key, thread_end) == thrd_success);
}

const EVP_MD *sign_sha256(void)
{
    call_once(&sha256_once, sha256_fetch);
    return sha256;
}

static EVP_MD_CTX *context_new(void)
{
    const EVP_MD *algorithm = sign_sha256();
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    ASSERT(context != NULL);
    ASSERT(EVP_DigestInit_ex2(context, algorithm, NULL) == 1);
    return context;
}

/* Ends a digest and starts the next; without naming the algorithm again, so that threads do not meet
 * at its reference counter. */
static void context_finish(EVP_MD_CTX *context, struct digest *digest)
{
    ASSERT(EVP_DigestFinal_ex(context, digest->bytes, NULL) == 1);
    ASSERT(EVP_DigestInit_ex2(context, NULL, NULL) == 1);
}

void digest_of(struct span bytes, struct digest *digest)
{
    if (thread_context == NULL) {
        thread_context = context_new();
        ASSERT(tss_set(thread_key, thread_context) == thrd_success);
    }
    ASSERT(EVP_DigestUpdate(thread_context, bytes.data, bytes.size) == 1);
    context_finish(thread_context, digest);
}

void digest_hex(const struct digest *digest, char hex[DIGEST_HEX_BYTES])
{
    text_hex(digest->bytes, DIGEST_BYTES, hex);
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}

struct digester *digester_new(void)
{
    struct digester *digester = mem_alloc(1, sizeof *digester);

    digester->context = context_new();
    return digester;
}

void digester_add(struct digester *digester, struct span bytes)
{
    ASSERT(EVP_DigestUpdate(digester->context, bytes.data, bytes.size) == 1);
}

void digester_finish(struct digester *digester, struct digest *digest)
{
    context_finish(digester->context, digest);
}

void digester_free(struct digester *digester)
{
    if (digester == NULL) {
        return;
    }
    EVP_MD_CTX_free(digester->context);
    free(digester);
}
