/*
 * test_sign_support.h - what the tests of sign/ share: keys made once for a program, files in a
 * temporary folder, a signed document, and the stock tools as independent judges.
 */
#ifndef TEST_SIGN_SUPPORT_H
#define TEST_SIGN_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chitra/sign.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PEM_BYTES_MAX = 64 * 1024, PATH_BYTES = 128 };

/* A key with its certificate, as PEM, as objects, and as files <name>.key and <name>.crt. */
struct party {
    struct buf key_pem;
    struct buf certificate_pem;
    struct signer *signer;
    struct certificate *certificate;
};

static char folder[PATH_BYTES];
static struct party root;       /* self-signed */
static struct party site;       /* issued by the root */
static struct party stranger;   /* self-signed, trusted by nobody */

static inline struct sys_time time_at(int year, int month, int day)
{
    return (struct sys_time){ day_of((struct civil){ year, month, day }), 8 * 60 * 60 };
}

/* The certificates are valid from 2019-12-31 to 2050-01-01, so that the tools take them today. */
static inline struct sys_time now(void)
{
    return time_at(2026, 10, 1);
}

/* A path in the temporary folder; the next four calls leave it alone. */
static inline const char *path_of(const char *name)
{
    static char paths[4][PATH_BYTES + 64];
    static unsigned next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static inline void file_write(const char *name, struct span bytes)
{
    FILE *file = fopen(path_of(name), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    assert_int_equal(fclose(file), 0);
}

static inline void file_read(const char *name, struct buf *bytes)
{
    FILE *file = fopen(path_of(name), "rb");
    char piece[4096];
    size_t size = 0;

    assert_non_null(file);
    while ((size = fread(piece, 1, sizeof piece, file)) > 0) {
        assert_int_equal(buf_add(bytes, piece, size), STATUS_OK);
    }
    assert_int_equal(fclose(file), 0);
}

/* Runs a tool in silence; its exit code, or 127 if there is no such tool. */
static inline int run(const char *const *arguments)
{
    posix_spawn_file_actions_t actions;
    pid_t child = 0;
    int state = 0;
    int failed = 0;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    failed = posix_spawnp(&child, arguments[0], &actions, NULL, (char *const *)(uintptr_t)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        return 127;
    }
    assert_int_equal(waitpid(child, &state, 0), child);
    return WIFEXITED(state) ? WEXITSTATUS(state) : 126;
}
#define RUN(...) run((const char *const[]){ __VA_ARGS__, NULL })

static inline void need_tools(void)
{
    if (RUN("openssl", "version") != 0 || RUN("xmlsec1", "--version") != 0) {
        skip();
    }
}

/* What was refused left nothing in OpenSSL's error queue, and said why. */
static inline void assert_refused(enum status found, enum status expected, const struct diag *diag)
{
    assert_int_equal(found, expected);
    assert_true(diag->what[0] != '\0');
    assert_int_equal(ERR_peek_error(), 0);
}

static inline void party_make(struct party *party, const char *name, const struct signer *issuer)
{
    struct sign_request request = { name, issuer, time_at(2020, 1, 1), 30 };
    char file[64];

    party->key_pem = BUF_INIT(PEM_BYTES_MAX);
    party->certificate_pem = BUF_INIT(PEM_BYTES_MAX);
    assert_int_equal(sign_make_key(&request, &party->key_pem, &party->certificate_pem, NULL), STATUS_OK);
    assert_int_equal(signer_new(buf_span(&party->key_pem), buf_span(&party->certificate_pem), name, now(),
                                &party->signer, NULL), STATUS_OK);
    assert_int_equal(certificate_new(buf_span(&party->certificate_pem), name, &party->certificate, NULL),
                     STATUS_OK);
    snprintf(file, sizeof file, "%s.key", name);
    file_write(file, buf_span(&party->key_pem));
    snprintf(file, sizeof file, "%s.crt", name);
    file_write(file, buf_span(&party->certificate_pem));
}

static inline void party_release(struct party *party)
{
    buf_release(&party->key_pem);
    buf_release(&party->certificate_pem);
    signer_free(party->signer);
    certificate_free(party->certificate);
}

static inline int support_setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/chitra-sign-XXXXXX");
    assert_non_null(mkdtemp(folder));
    party_make(&root, "root", NULL);
    party_make(&site, "site", root.signer);
    party_make(&stranger, "stranger", NULL);
    return 0;
}

static inline int support_teardown(void **state)
{
    (void)state;
    party_release(&root);
    party_release(&site);
    party_release(&stranger);
    return RUN("rm", "-rf", folder);
}

enum { XML_BYTES = 64 * 1024 };

/* The signature stands where the @ is. */
#define HEAD "<BusinessMessage><AppHdr xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.001.001.02\">" \
    "<BizMsgIdr>U01-2610-1</BizMsgIdr><MsgDefIdr>pain.001.001.09</MsgDefIdr>"
#define BODY "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn>" \
    "<InstdAmt Ccy=\"VND\">2340000</InstdAmt><Nm>Lò Thị Ưng &amp; con</Nm></CstmrCdtTrfInitn></Document>"
#define END "</BusinessMessage>"
static const char plain[] = HEAD "<Sgntr>@</Sgntr></AppHdr>" BODY END;

/* Copies `text`, with `signature` for each @. */
static inline void fill_in(const char *text, struct span signature, struct buf *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '@') {
            assert_int_equal(buf_add(out, signature.data, signature.size), STATUS_OK);
        } else {
            assert_int_equal(buf_add(out, text, 1), STATUS_OK);
        }
    }
}

/* Signs the plain document's bytes without the signature, as the writer of bank files does. */
static inline void sign_plain(const struct signer *signer, struct buf *element)
{
    struct buf bytes = BUF_INIT(XML_BYTES);
    struct digest digest;

    fill_in(plain, SPAN_EMPTY, &bytes);
    digest_of(buf_span(&bytes), &digest);
    assert_int_equal(sign_xml(signer, &digest, element, NULL), STATUS_OK);
    buf_release(&bytes);
}

static inline void signed_document(const struct signer *signer, struct buf *document)
{
    struct buf element = BUF_INIT(XML_BYTES);

    sign_plain(signer, &element);
    fill_in(plain, buf_span(&element), document);
    buf_release(&element);
}

/* `text` with the first `from` replaced by `to`; it must be there. */
static inline void replace(struct span text, const char *from, const char *to, struct buf *out)
{
    const char *place = memmem(text.data, text.size, from, strlen(from));
    size_t before = 0;

    assert_non_null(place);
    before = (size_t)(place - text.data);
    assert_int_equal(buf_add(out, text.data, before), STATUS_OK);
    assert_int_equal(buf_add_text(out, to), STATUS_OK);
    assert_int_equal(buf_add(out, place + strlen(from), text.size - before - strlen(from)), STATUS_OK);
}

static inline enum status xml_verify(const struct certificate *certificate, struct span xml, struct diag *diag)
{
    return sign_xml_verify(certificate, xml, "outbox/f.xml", "Sgntr", diag);
}

static inline int xmlsec1_verify(const char *option, const char *certificate, struct span xml)
{
    file_write("document.xml", xml);
    return RUN("xmlsec1", "--verify", option, path_of(certificate), path_of("document.xml"));
}

#endif
