/*
 * test_sign_xml.c - XML signatures: ours against xmlsec's library and against the xmlsec1 program.
 */
#include "test_sign_support.h"

#include <threads.h>

static void test_sign_xml_size_is_what_sign_xml_writes(void **state)
{
    const struct signer *signers[] = { root.signer, site.signer };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (unsigned char fill = 0; fill < 8; fill++) {
            struct buf element = BUF_INIT(XML_BYTES);
            struct digest digest;

            memset(&digest, fill * 37, sizeof digest);
            assert_int_equal(sign_xml(signers[i], &digest, &element, NULL), STATUS_OK);
            assert_int_equal(element.size, sign_xml_size(signers[i]));
            buf_release(&element);
        }
    }
}

static void test_sign_xml_again_gives_the_same_bytes(void **state)
{
    struct buf a = BUF_INIT(XML_BYTES);
    struct buf b = BUF_INIT(XML_BYTES);

    (void)state;
    sign_plain(site.signer, &a);
    sign_plain(site.signer, &b);
    assert_true(span_equal(buf_span(&a), buf_span(&b)));
    buf_release(&a);
    buf_release(&b);
}

static void test_sign_xml_without_room_leaves_the_buffer(void **state)
{
    struct buf element = BUF_INIT(sign_xml_size(site.signer) + 1);
    struct digest digest = { { 0 } };
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(buf_add_text(&element, "ab"), STATUS_OK);
    assert_refused(sign_xml(site.signer, &digest, &element, &diag), STATUS_LIMIT, &diag);
    assert_int_equal(element.size, 2);
    element.size = 1;
    assert_int_equal(sign_xml(site.signer, &digest, &element, &diag), STATUS_OK);
    assert_int_equal(element.size, sign_xml_size(site.signer) + 1);
    buf_release(&element);
}

static void test_sign_xml_check_own_element_is_accepted(void **state)
{
    struct buf element = BUF_INIT(XML_BYTES);
    struct digest digest;

    (void)state;
    digest_of(span_of("anything"), &digest);
    assert_int_equal(sign_xml(site.signer, &digest, &element, NULL), STATUS_OK);
    assert_int_equal(sign_xml_check(site.certificate, &digest, buf_span(&element), NULL), STATUS_OK);
    buf_release(&element);
}

static void test_sign_xml_certificate_is_the_signers(void **state)
{
    struct buf element = BUF_INIT(XML_BYTES);
    struct digest digest;
    struct certificate *certificate = NULL;

    (void)state;
    digest_of(span_of("anything"), &digest);
    assert_int_equal(sign_xml(site.signer, &digest, &element, NULL), STATUS_OK);
    assert_int_equal(sign_xml_certificate(buf_span(&element), &certificate, NULL), STATUS_OK);
    assert_true(digest_equal(certificate_fingerprint(certificate), certificate_fingerprint(site.certificate)));
    certificate_free(certificate);
    buf_release(&element);
}

/* Cut anywhere, or something else: refused, and never another certificate. */
static void test_sign_xml_certificate_of_a_damaged_element_is_refused(void **state)
{
    struct buf element = BUF_INIT(XML_BYTES);
    struct digest digest;
    struct diag diag = { 0 };
    struct certificate *certificate = NULL;

    (void)state;
    digest_of(span_of("anything"), &digest);
    assert_int_equal(sign_xml(site.signer, &digest, &element, NULL), STATUS_OK);
    for (size_t size = 0; size < element.size; size += 7) {
        assert_refused(sign_xml_certificate((struct span){ element.data, size }, &certificate, &diag), STATUS_SIGNATURE, &diag);
        assert_null(certificate);
    }
    assert_refused(sign_xml_certificate(span_of("<X509Certificate>"), &certificate, &diag), STATUS_SIGNATURE, &diag);
    buf_release(&element);
}

/* Each bit of the element counts, the last stray bits of the base64 text too. */
static void test_sign_xml_check_any_flipped_bit_is_refused(void **state)
{
    struct buf element = BUF_INIT(XML_BYTES);
    struct digest digest;
    struct diag diag = { 0 };

    (void)state;
    digest_of(span_of("anything"), &digest);
    assert_int_equal(sign_xml(site.signer, &digest, &element, NULL), STATUS_OK);
    for (size_t i = 0; i < element.size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            element.data[i] = (char)(element.data[i] ^ (1 << bit));
            assert_refused(sign_xml_check(site.certificate, &digest, buf_span(&element), &diag), STATUS_SIGNATURE,
                           &diag);
            element.data[i] = (char)(element.data[i] ^ (1 << bit));
        }
    }
    buf_release(&element);
}

static void test_sign_xml_check_other_digest_certificate_or_length_is_refused(void **state)
{
    struct buf element = BUF_INIT(XML_BYTES);
    struct digest digest;
    struct digest other;
    struct span span;
    struct diag diag = { 0 };

    (void)state;
    digest_of(span_of("anything"), &digest);
    digest_of(span_of("anything else"), &other);
    assert_int_equal(sign_xml(site.signer, &digest, &element, NULL), STATUS_OK);
    span = buf_span(&element);
    assert_refused(sign_xml_check(site.certificate, &other, span, &diag), STATUS_SIGNATURE, &diag);
    assert_refused(sign_xml_check(stranger.certificate, &digest, span, &diag), STATUS_SIGNATURE, &diag);
    span.size--;
    assert_refused(sign_xml_check(site.certificate, &digest, span, &diag), STATUS_SIGNATURE, &diag);
    assert_refused(sign_xml_check(site.certificate, &digest, SPAN_EMPTY, &diag), STATUS_SIGNATURE, &diag);
    assert_int_equal(buf_add_text(&element, " "), STATUS_OK);
    assert_refused(sign_xml_check(site.certificate, &digest, buf_span(&element), &diag), STATUS_SIGNATURE, &diag);
    buf_release(&element);
}

/* The element of another key under our certificate's name: the text fits, the mathematics does not. */
static void test_sign_xml_check_signature_of_another_key_is_refused(void **state)
{
    struct buf ours = BUF_INIT(XML_BYTES);
    struct buf theirs = BUF_INIT(XML_BYTES);
    struct digest digest;
    struct diag diag = { 0 };
    size_t start = 0;

    (void)state;
    digest_of(span_of("anything"), &digest);
    assert_int_equal(sign_xml(site.signer, &digest, &ours, NULL), STATUS_OK);
    assert_int_equal(sign_xml(stranger.signer, &digest, &theirs, NULL), STATUS_OK);
    start = (size_t)((char *)memmem(ours.data, ours.size, "<SignatureValue>", 16) - ours.data) + 16;
    memcpy(ours.data + start, theirs.data + start, 344);
    assert_refused(sign_xml_check(site.certificate, &digest, buf_span(&ours), &diag), STATUS_SIGNATURE, &diag);
    assert_string_equal(diag.what, "the signature does not verify");
    buf_release(&ours);
    buf_release(&theirs);
}

static void test_sign_xml_verify_own_document_is_accepted(void **state)
{
    struct buf document = BUF_INIT(XML_BYTES);

    (void)state;
    signed_document(site.signer, &document);
    assert_int_equal(xml_verify(site.certificate, buf_span(&document), NULL), STATUS_OK);
    assert_int_equal(ERR_peek_error(), 0);
    buf_release(&document);
}

/* What a bank's operator would type, with the certificate of the site or of its root. */
static void test_sign_xml_verify_by_xmlsec1_with_site_or_root_certificate(void **state)
{
    struct buf by_site = BUF_INIT(XML_BYTES);
    struct buf by_root = BUF_INIT(XML_BYTES);

    (void)state;
    need_tools();
    signed_document(site.signer, &by_site);
    assert_int_equal(xmlsec1_verify("--pubkey-cert-pem", "site.crt", buf_span(&by_site)), 0);
    assert_int_equal(xmlsec1_verify("--trusted-pem", "root.crt", buf_span(&by_site)), 0);
    assert_int_not_equal(xmlsec1_verify("--pubkey-cert-pem", "stranger.crt", buf_span(&by_site)), 0);
    assert_int_not_equal(xmlsec1_verify("--trusted-pem", "stranger.crt", buf_span(&by_site)), 0);
    signed_document(root.signer, &by_root);
    assert_int_equal(xmlsec1_verify("--pubkey-cert-pem", "root.crt", buf_span(&by_root)), 0);
    assert_int_equal(xmlsec1_verify("--trusted-pem", "root.crt", buf_span(&by_root)), 0);
    buf_release(&by_site);
    buf_release(&by_root);
}

/* A file must be checkable in ten years: the key counts, not the date. */
static void test_sign_xml_verify_expired_certificate_still_verifies(void **state)
{
    struct sign_request request = { "old", NULL, time_at(2000, 1, 1), 1 };
    struct buf key = BUF_INIT(PEM_BYTES_MAX);
    struct buf pem = BUF_INIT(PEM_BYTES_MAX);
    struct buf document = BUF_INIT(XML_BYTES);
    struct signer *signer = NULL;

    (void)state;
    assert_int_equal(sign_make_key(&request, &key, &pem, NULL), STATUS_OK);
    assert_int_equal(signer_new(buf_span(&key), buf_span(&pem), "old", time_at(2000, 6, 1), &signer, NULL), STATUS_OK);
    signed_document(signer, &document);
    assert_int_equal(xml_verify(signer_certificate(signer), buf_span(&document), NULL), STATUS_OK);
    signer_free(signer);
    buf_release(&key);
    buf_release(&pem);
    buf_release(&document);
}

/* The document brings a certificate that fits its signature; only the caller's counts. */
static void test_sign_xml_verify_by_another_key_is_refused(void **state)
{
    struct buf document = BUF_INIT(XML_BYTES);
    struct diag diag = { 0 };

    (void)state;
    signed_document(stranger.signer, &document);
    assert_int_equal(xml_verify(stranger.certificate, buf_span(&document), NULL), STATUS_OK);
    assert_refused(xml_verify(site.certificate, buf_span(&document), &diag), STATUS_SIGNATURE, &diag);
    assert_string_equal(diag.file, "outbox/f.xml");
    buf_release(&document);
}

/* Everything but KeyInfo, whose key is not used, and the stray bits at the end of the base64 text. */
static void test_sign_xml_verify_any_flipped_byte_is_refused(void **state)
{
    struct buf document = BUF_INIT(XML_BYTES);
    size_t key_begin = 0;
    size_t key_end = 0;

    (void)state;
    signed_document(site.signer, &document);
    key_begin = (size_t)((char *)memmem(document.data, document.size, "==</SignatureValue>", 19) - document.data) - 1;
    key_end = (size_t)((char *)memmem(document.data, document.size, "</KeyInfo>", 10) - document.data) + 10;
    for (size_t i = 0; i < document.size; i++) {
        char original = document.data[i];

        if (i >= key_begin && i < key_end) {
            continue;
        }
        document.data[i] = (char)(original ^ (1 << (i % 8)));
        assert_int_not_equal(xml_verify(site.certificate, buf_span(&document), NULL), STATUS_OK);
        assert_int_equal(ERR_peek_error(), 0);
        document.data[i] = original;
    }
    assert_int_equal(xml_verify(site.certificate, buf_span(&document), NULL), STATUS_OK);
    buf_release(&document);
}

static void test_sign_xml_verify_flipped_byte_is_refused_by_xmlsec1_too(void **state)
{
    static const char *const changes[][2] = {
        { "U01-2610-1", "U01-2610-2" },     /* in AppHdr */
        { ">2340000<", ">2340001<" },       /* in Document */
        { "\"VND\"", "\"USD\"" },           /* an attribute */
    };
    struct buf document = BUF_INIT(XML_BYTES);

    (void)state;
    need_tools();
    signed_document(site.signer, &document);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct buf changed = BUF_INIT(XML_BYTES);

        replace(buf_span(&document), changes[i][0], changes[i][1], &changed);
        assert_int_equal(xml_verify(site.certificate, buf_span(&changed), NULL), STATUS_SIGNATURE);
        assert_int_not_equal(xmlsec1_verify("--pubkey-cert-pem", "site.crt", buf_span(&changed)), 0);
        assert_int_not_equal(xmlsec1_verify("--trusted-pem", "root.crt", buf_span(&changed)), 0);
        buf_release(&changed);
    }
    buf_release(&document);
}

static void test_sign_xml_verify_not_xml_is_refused_as_input(void **state)
{
    static const char *const texts[] = { "", "x", "<a>", "<a></b>", "\xff\xfe<", "<a/><b/>" };
    struct buf document = BUF_INIT(XML_BYTES);
    struct diag diag = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_refused(xml_verify(site.certificate, span_of(texts[i]), &diag), STATUS_INPUT, &diag);
    }
    signed_document(site.signer, &document);
    for (size_t size = 0; size < document.size; size++) {
        struct span part = { document.data, size };

        assert_int_equal(xml_verify(site.certificate, part, NULL), STATUS_INPUT);
    }
    buf_release(&document);
}

static void test_sign_xml_verify_unsigned_document_is_refused(void **state)
{
    struct buf document = BUF_INIT(XML_BYTES);
    struct diag diag = { 0 };

    (void)state;
    fill_in(plain, SPAN_EMPTY, &document);
    assert_refused(xml_verify(site.certificate, buf_span(&document), &diag), STATUS_SIGNATURE, &diag);
    assert_string_equal(diag.what, "no Signature");
    buf_release(&document);
}

/* Nobody prints below cli/, and neither do libxml2 and xmlsec: both would, for a namespace that is no
 * URI, a document that ends too early and a signature that is wrong. */
static void test_sign_xml_verify_refusing_prints_nothing(void **state)
{
    struct buf document = BUF_INIT(XML_BYTES);
    struct buf changed = BUF_INIT(XML_BYTES);
    struct buf printed = BUF_INIT(XML_BYTES);
    int terminal = dup(STDERR_FILENO);

    (void)state;
    signed_document(site.signer, &document);
    fflush(stderr);
    assert_non_null(freopen(path_of("printed"), "w", stderr));
    replace(buf_span(&document), "urn:iso:std:iso:20022:tech:xsd:pain", "|", &changed);
    assert_int_equal(xml_verify(site.certificate, buf_span(&changed), NULL), STATUS_SIGNATURE);
    assert_int_equal(xml_verify(stranger.certificate, buf_span(&document), NULL), STATUS_SIGNATURE);
    document.size--;
    assert_int_equal(xml_verify(site.certificate, buf_span(&document), NULL), STATUS_INPUT);
    fflush(stderr);
    assert_int_equal(dup2(terminal, STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(close(terminal), 0);
    file_read("printed", &printed);
    assert_int_equal(printed.size, 0);
    buf_release(&document);
    buf_release(&changed);
    buf_release(&printed);
}

struct thread_task {
    struct span document;
    bool good;
};

static int verify_often(void *context)
{
    struct thread_task *task = context;

    task->good = true;
    for (int i = 0; i < 50; i++) {
        task->good = task->good && xml_verify(site.certificate, task->document, NULL) == STATUS_OK
            && xml_verify(stranger.certificate, task->document, NULL) == STATUS_SIGNATURE;
    }
    return 0;
}

/* The first use of xmlsec may be on any thread, and on several at once. */
static void test_sign_xml_verify_on_many_threads_agrees(void **state)
{
    enum { THREADS = 4 };
    struct buf document = BUF_INIT(XML_BYTES);
    struct thread_task task[THREADS];
    thrd_t thread[THREADS];

    (void)state;
    signed_document(site.signer, &document);
    for (int i = 0; i < THREADS; i++) {
        task[i].document = buf_span(&document);
        assert_int_equal(thrd_create(&thread[i], verify_often, &task[i]), thrd_success);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(thrd_join(thread[i], NULL), thrd_success);
        assert_true(task[i].good);
    }
    buf_release(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sign_xml_verify_on_many_threads_agrees),     /* first: it initialises xmlsec */
        cmocka_unit_test(test_sign_xml_size_is_what_sign_xml_writes),
        cmocka_unit_test(test_sign_xml_again_gives_the_same_bytes),
        cmocka_unit_test(test_sign_xml_without_room_leaves_the_buffer),
        cmocka_unit_test(test_sign_xml_check_own_element_is_accepted),
        cmocka_unit_test(test_sign_xml_certificate_is_the_signers),
        cmocka_unit_test(test_sign_xml_certificate_of_a_damaged_element_is_refused),
        cmocka_unit_test(test_sign_xml_check_any_flipped_bit_is_refused),
        cmocka_unit_test(test_sign_xml_check_other_digest_certificate_or_length_is_refused),
        cmocka_unit_test(test_sign_xml_check_signature_of_another_key_is_refused),
        cmocka_unit_test(test_sign_xml_verify_own_document_is_accepted),
        cmocka_unit_test(test_sign_xml_verify_by_xmlsec1_with_site_or_root_certificate),
        cmocka_unit_test(test_sign_xml_verify_expired_certificate_still_verifies),
        cmocka_unit_test(test_sign_xml_verify_by_another_key_is_refused),
        cmocka_unit_test(test_sign_xml_verify_any_flipped_byte_is_refused),
        cmocka_unit_test(test_sign_xml_verify_flipped_byte_is_refused_by_xmlsec1_too),
        cmocka_unit_test(test_sign_xml_verify_not_xml_is_refused_as_input),
        cmocka_unit_test(test_sign_xml_verify_unsigned_document_is_refused),
        cmocka_unit_test(test_sign_xml_verify_refusing_prints_nothing),
    };

    return cmocka_run_group_tests(tests, support_setup, support_teardown);
}
