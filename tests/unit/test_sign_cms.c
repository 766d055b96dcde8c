/* test_sign_cms.c - detached CMS signatures: ours, those of the openssl program, and forged ones. */
#include "test_sign_support.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

enum { DER_BYTES_MAX = 64 * 1024 };

static const char list[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  p\r\n.csv\n";

/* As an approver of ours would be checked, with the root and the site's certificate pinned. */
static enum status verify_at(struct span der, struct span content, struct sys_time at,
                             struct cms_signature *signature, struct diag *diag)
{
    const struct certificate *const trusted[] = { root.certificate, site.certificate };

    return cms_verify(der, content, trusted, 2, at, "intake/p.sha256.p7s", signature, diag);
}

static enum status verify(struct span der, struct span content, struct diag *diag)
{
    struct cms_signature signature;

    return verify_at(der, content, now(), &signature, diag);
}

static void sign_list(const struct signer *signer, struct sys_time at, struct buf *der)
{
    assert_int_equal(cms_sign(signer, span_of(list), at, der, NULL), STATUS_OK);
}

/* Signs the list with the openssl program; more arguments from `extra`, which may be NULL. */
static void openssl_sign(const char *extra, const char *more, struct buf *der)
{
    const char *arguments[] = { "openssl", "cms", "-sign", "-binary", "-in", path_of("list"), "-signer",
        path_of("site.crt"), "-inkey", path_of("site.key"), "-outform", "DER", "-out", path_of("list.p7s"),
        extra, more, NULL };

    file_write("list", span_of(list));
    assert_int_equal(run(arguments), 0);
    file_read("list.p7s", der);
}

static int openssl_verify(const char *authority, struct span der, struct span content)
{
    file_write("list", content);
    file_write("list.p7s", der);
    return RUN("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", path_of("list.p7s"), "-content",
               path_of("list"), "-CAfile", path_of(authority));
}

static void test_cms_verify_own_signature_gives_signer_and_time(void **state)
{
    struct sys_time at = { time_at(2026, 9, 30).day, 86399 };
    struct buf der = BUF_INIT(DER_BYTES_MAX);
    struct cms_signature signature;

    (void)state;
    sign_list(site.signer, at, &der);
    assert_int_equal(verify_at(buf_span(&der), span_of(list), now(), &signature, NULL), STATUS_OK);
    assert_true(digest_equal(&signature.signer, certificate_fingerprint(site.certificate)));
    assert_int_equal(signature.signed_at.day, at.day);
    assert_int_equal(signature.signed_at.second_of_day, at.second_of_day);
    assert_int_equal(ERR_peek_error(), 0);
    buf_release(&der);
}

static void test_cms_sign_again_gives_the_same_bytes(void **state)
{
    struct buf a = BUF_INIT(DER_BYTES_MAX);
    struct buf b = BUF_INIT(DER_BYTES_MAX);
    struct buf later = BUF_INIT(DER_BYTES_MAX);

    (void)state;
    sign_list(site.signer, now(), &a);
    sign_list(site.signer, now(), &b);
    sign_list(site.signer, time_at(2026, 10, 2), &later);
    assert_true(span_equal(buf_span(&a), buf_span(&b)));
    assert_false(span_equal(buf_span(&a), buf_span(&later)));
    buf_release(&a);
    buf_release(&b);
    buf_release(&later);
}

static void test_cms_sign_without_room_leaves_the_buffer(void **state)
{
    struct buf der = BUF_INIT(100);
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(buf_add_text(&der, "x"), STATUS_OK);
    assert_refused(cms_sign(site.signer, span_of(list), now(), &der, &diag), STATUS_LIMIT, &diag);
    assert_int_equal(der.size, 1);
    buf_release(&der);
}

static void test_cms_sign_is_accepted_by_openssl(void **state)
{
    struct buf der = BUF_INIT(DER_BYTES_MAX);

    (void)state;
    need_tools();
    sign_list(site.signer, now(), &der);
    assert_int_equal(openssl_verify("root.crt", buf_span(&der), span_of(list)), 0);
    assert_int_not_equal(openssl_verify("root.crt", buf_span(&der), span_of("other")), 0);
    assert_int_not_equal(openssl_verify("stranger.crt", buf_span(&der), span_of(list)), 0);
    buf_release(&der);
}

/* chitra-intake(5), "Approvals": the command that an office types. It takes the machine's clock, so that the
 * time of checking is one that lies behind it. */
static void test_cms_verify_signature_by_openssl_is_accepted(void **state)
{
    struct buf der = BUF_INIT(DER_BYTES_MAX);
    struct cms_signature signature;

    (void)state;
    need_tools();
    openssl_sign(NULL, NULL, &der);
    assert_int_equal(verify_at(buf_span(&der), span_of(list), time_at(2049, 12, 31), &signature, NULL), STATUS_OK);
    assert_true(digest_equal(&signature.signer, certificate_fingerprint(site.certificate)));
    assert_true(signature.signed_at.day >= time_at(2026, 1, 1).day);
    assert_int_equal(verify_at(buf_span(&der), span_of("other"), time_at(2049, 12, 31), &signature, NULL),
                     STATUS_SIGNATURE);
    buf_release(&der);
}

static void test_cms_verify_without_signing_time_gives_the_time_of_checking(void **state)
{
    struct buf der = BUF_INIT(DER_BYTES_MAX);
    struct cms_signature signature;

    (void)state;
    need_tools();
    openssl_sign("-noattr", NULL, &der);
    assert_int_equal(verify_at(buf_span(&der), span_of(list), now(), &signature, NULL), STATUS_OK);
    assert_int_equal(signature.signed_at.day, now().day);
    assert_int_equal(signature.signed_at.second_of_day, now().second_of_day);
    assert_int_equal(verify_at(buf_span(&der), span_of("other"), now(), &signature, NULL), STATUS_SIGNATURE);
    buf_release(&der);
}

/* Without the certificate in the message, and with the key's identifier instead of issuer and serial:
 * both are only ways to name the pinned certificate. */
static void test_cms_verify_other_ways_to_name_the_signer_are_accepted(void **state)
{
    static const char *const options[] = { "-nocerts", "-keyid" };

    (void)state;
    need_tools();
    for (size_t i = 0; i < 2; i++) {
        struct buf der = BUF_INIT(DER_BYTES_MAX);
        struct cms_signature signature;

        openssl_sign(options[i], NULL, &der);
        assert_int_equal(verify_at(buf_span(&der), span_of(list), time_at(2049, 12, 31), &signature, NULL), STATUS_OK);
        buf_release(&der);
    }
}

static void test_cms_verify_signer_not_pinned_is_refused(void **state)
{
    const struct certificate *const only_root[] = { root.certificate };
    struct cms_signature signature;
    struct buf der = BUF_INIT(DER_BYTES_MAX);
    struct diag diag = { 0 };

    (void)state;
    sign_list(site.signer, now(), &der);
    /* Its root is pinned, but no chain is built. */
    assert_refused(cms_verify(buf_span(&der), span_of(list), only_root, 1, now(), "x", &signature, &diag),
                   STATUS_SIGNATURE, &diag);
    assert_refused(cms_verify(buf_span(&der), span_of(list), NULL, 0, now(), "x", &signature, &diag),
                   STATUS_SIGNATURE, &diag);
    der.size = 0;
    sign_list(stranger.signer, now(), &der);
    assert_refused(verify(buf_span(&der), span_of(list), &diag), STATUS_SIGNATURE, &diag);
    assert_string_equal(diag.file, "intake/p.sha256.p7s");
    buf_release(&der);
}

/* The site's certificate with another key in it, signed by that key: same issuer, same serial number. */
static void certificate_forge(struct buf *out)
{
    struct span certificate_pem = buf_span(&site.certificate_pem);
    struct span key_pem = buf_span(&stranger.key_pem);
    BIO *certificate_bio = BIO_new_mem_buf(certificate_pem.data, (int)certificate_pem.size);
    BIO *key_bio = BIO_new_mem_buf(key_pem.data, (int)key_pem.size);
    BIO *forged_bio = BIO_new(BIO_s_mem());
    X509 *x509 = PEM_read_bio_X509(certificate_bio, NULL, NULL, NULL);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(key_bio, NULL, NULL, NULL);
    char *data = NULL;
    long size = 0;

    assert_int_equal(X509_set_pubkey(x509, key), 1);
    assert_true(X509_sign(x509, key, EVP_sha256()) > 0);
    assert_int_equal(PEM_write_bio_X509(forged_bio, x509), 1);
    size = BIO_get_mem_data(forged_bio, &data);
    assert_int_equal(buf_add(out, data, (size_t)size), STATUS_OK);
    EVP_PKEY_free(key);
    X509_free(x509);
    BIO_free(forged_bio);
    BIO_free(key_bio);
    BIO_free(certificate_bio);
}

/* A signer under our name with its own key: who asks the message for the certificate is taken in. */
static void test_cms_verify_stolen_name_is_refused(void **state)
{
    struct buf forged = BUF_INIT(PEM_BYTES_MAX);
    struct buf der = BUF_INIT(DER_BYTES_MAX);
    struct signer *thief = NULL;
    struct diag diag = { 0 };

    (void)state;
    need_tools();
    certificate_forge(&forged);
    assert_int_equal(signer_new(buf_span(&stranger.key_pem), buf_span(&forged), "x", now(), &thief, NULL), STATUS_OK);
    sign_list(thief, now(), &der);
    file_write("list", span_of(list));
    file_write("list.p7s", buf_span(&der));
    assert_int_equal(RUN("openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in",
                         path_of("list.p7s"), "-content", path_of("list")), 0);
    assert_refused(verify(buf_span(&der), span_of(list), &diag), STATUS_SIGNATURE, &diag);
    assert_string_equal(diag.what, "the signature does not verify");
    signer_free(thief);
    buf_release(&forged);
    buf_release(&der);
}

static void test_cms_verify_changed_content_is_refused(void **state)
{
    struct buf der = BUF_INIT(DER_BYTES_MAX);
    char changed[sizeof list];
    struct diag diag = { 0 };

    (void)state;
    sign_list(site.signer, now(), &der);
    for (size_t i = 0; i + 1 < sizeof list; i++) {
        memcpy(changed, list, sizeof list);
        changed[i] = (char)(changed[i] ^ (1 << (i % 8)));
        assert_refused(verify(buf_span(&der), (struct span){ changed, sizeof list - 1 }, &diag), STATUS_SIGNATURE,
                       &diag);
    }
    /* Line ends are bytes like others: no text mode. */
    assert_refused(verify(buf_span(&der), SPAN_EMPTY, &diag), STATUS_SIGNATURE, &diag);
    assert_refused(verify(buf_span(&der), (struct span){ list, sizeof list - 2 }, &diag), STATUS_SIGNATURE, &diag);
    buf_release(&der);
}

/* The enclosed certificate is not used and not signed: what is changed in it alone changes no verdict,
 * everything else does. No change may bring another signer or time. */
static void test_cms_verify_any_flipped_bit_never_changes_what_is_said(void **state)
{
    struct buf der = BUF_INIT(DER_BYTES_MAX);
    struct cms_signature honest;
    size_t accepted = 0;

    (void)state;
    sign_list(site.signer, now(), &der);
    assert_int_equal(verify_at(buf_span(&der), span_of(list), now(), &honest, NULL), STATUS_OK);
    for (size_t i = 0; i < der.size; i++) {
        struct cms_signature signature = { .signed_at = { 0, 0 } };
        enum status rc = STATUS_OK;

        der.data[i] = (char)(der.data[i] ^ (1 << (i % 8)));
        rc = verify_at(buf_span(&der), span_of(list), now(), &signature, NULL);
        der.data[i] = (char)(der.data[i] ^ (1 << (i % 8)));
        assert_int_equal(ERR_peek_error(), 0);
        assert_true(rc == STATUS_OK || rc == STATUS_SIGNATURE);
        if (rc == STATUS_OK) {
            accepted++;
            assert_true(digest_equal(&signature.signer, &honest.signer));
            assert_int_equal(signature.signed_at.day, honest.signed_at.day);
            assert_int_equal(signature.signed_at.second_of_day, honest.signed_at.second_of_day);
        }
    }
    assert_true(accepted < site.certificate_pem.size);     /* about the certificate, a kilobyte */
    buf_release(&der);
}

static void test_cms_verify_truncated_or_longer_is_refused(void **state)
{
    struct buf der = BUF_INIT(DER_BYTES_MAX);
    struct diag diag = { 0 };

    (void)state;
    sign_list(site.signer, now(), &der);
    for (size_t size = 0; size < der.size; size++) {
        char *copy = malloc(size + 1);     /* of its own size, so that reading over the end is seen */

        memcpy(copy, der.data, size);
        assert_refused(verify((struct span){ copy, size }, span_of(list), &diag), STATUS_SIGNATURE, &diag);
        free(copy);
    }
    assert_int_equal(buf_add(&der, "\0", 1), STATUS_OK);
    assert_refused(verify(buf_span(&der), span_of(list), &diag), STATUS_SIGNATURE, &diag);
    assert_string_equal(diag.what, "bytes after the end of the signature");
    buf_release(&der);
}

static void test_cms_verify_not_a_detached_signature_is_refused(void **state)
{
    struct buf der = BUF_INIT(DER_BYTES_MAX);
    struct diag diag = { 0 };

    (void)state;
    need_tools();
    openssl_sign("-nodetach", NULL, &der);
    assert_refused(verify(buf_span(&der), span_of(list), &diag), STATUS_SIGNATURE, &diag);
    assert_string_equal(diag.what, "the signature brings its own content");
    der.size = 0;
    assert_int_equal(RUN("openssl", "cms", "-digest_create", "-binary", "-in", path_of("list"), "-outform", "DER",
                         "-out", path_of("list.p7s")), 0);
    file_read("list.p7s", &der);
    assert_refused(verify(buf_span(&der), span_of(list), &diag), STATUS_SIGNATURE, &diag);
    buf_release(&der);
}

/* A second signer, who may be anybody, would make it unclear who approved. */
static void test_cms_verify_two_signers_are_refused(void **state)
{
    struct buf der = BUF_INIT(DER_BYTES_MAX);
    struct diag diag = { 0 };

    (void)state;
    need_tools();
    sign_list(site.signer, now(), &der);
    file_write("list", span_of(list));
    file_write("one.p7s", buf_span(&der));
    assert_int_equal(RUN("openssl", "cms", "-resign", "-binary", "-inform", "DER", "-in", path_of("one.p7s"),
                         "-signer", path_of("root.crt"), "-inkey", path_of("root.key"), "-outform", "DER", "-out",
                         path_of("two.p7s")), 0);
    der.size = 0;
    file_read("two.p7s", &der);
    assert_refused(verify(buf_span(&der), span_of(list), &diag), STATUS_SIGNATURE, &diag);
    assert_string_equal(diag.what, "exactly one signer is expected");
    buf_release(&der);
}

static void test_cms_verify_other_algorithms_are_refused(void **state)
{
    static const char *const options[][2] = {
        { "-md", "sha1" }, { "-md", "sha512" }, { "-keyopt", "rsa_padding_mode:pss" },
    };

    (void)state;
    need_tools();
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        struct buf der = BUF_INIT(DER_BYTES_MAX);
        struct diag diag = { 0 };

        openssl_sign(options[i][0], options[i][1], &der);
        assert_refused(verify(buf_span(&der), span_of(list), &diag), STATUS_SIGNATURE, &diag);
        assert_string_equal(diag.what, "a signature with RSA and SHA-256 is expected");
        buf_release(&der);
    }
}

/* A day's grace for the signer's clock, and not a second more. */
static void test_cms_verify_signing_time_up_to_a_day_ahead_is_accepted(void **state)
{
    struct sys_time ahead = time_at(2026, 10, 2);
    struct buf der = BUF_INIT(DER_BYTES_MAX);
    struct diag diag = { 0 };

    (void)state;
    sign_list(site.signer, ahead, &der);
    assert_int_equal(verify(buf_span(&der), span_of(list), &diag), STATUS_OK);
    der.size = 0;
    ahead.second_of_day++;
    sign_list(site.signer, ahead, &der);
    assert_refused(verify(buf_span(&der), span_of(list), &diag), STATUS_SIGNATURE, &diag);
    assert_string_equal(diag.what, "the signing time lies in the future");
    buf_release(&der);
}

/* Valid from 2019-12-31 to 2050-01-01: at the signing time and at the time of checking. 2050 is also
 * where the signing time changes its form (RFC 5652, 11.3). */
static void test_cms_verify_certificate_not_current_is_refused(void **state)
{
    static const struct {
        int signed_year, signed_month, signed_day;
        int at_year, at_month, at_day;
        enum status expected;
    } cases[] = {
        { 2019, 12, 31, 2019, 12, 31, STATUS_OK },
        { 2019, 12, 30, 2019, 12, 31, STATUS_SIGNATURE },
        { 2050, 1, 1, 2050, 1, 1, STATUS_OK },
        { 2050, 1, 2, 2050, 1, 1, STATUS_SIGNATURE },
        { 2026, 10, 1, 2050, 1, 2, STATUS_SIGNATURE },
        { 2026, 10, 1, 2019, 12, 30, STATUS_SIGNATURE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sys_time signed_at = time_at(cases[i].signed_year, cases[i].signed_month, cases[i].signed_day);
        struct sys_time at = time_at(cases[i].at_year, cases[i].at_month, cases[i].at_day);
        struct buf der = BUF_INIT(DER_BYTES_MAX);
        struct cms_signature signature;

        sign_list(site.signer, signed_at, &der);
        assert_int_equal(verify_at(buf_span(&der), span_of(list), at, &signature, NULL), cases[i].expected);
        buf_release(&der);
    }
}

static void test_cms_sign_empty_content_verifies(void **state)
{
    struct buf der = BUF_INIT(DER_BYTES_MAX);

    (void)state;
    assert_int_equal(cms_sign(site.signer, SPAN_EMPTY, now(), &der, NULL), STATUS_OK);
    assert_int_equal(verify(buf_span(&der), SPAN_EMPTY, NULL), STATUS_OK);
    assert_int_equal(verify(buf_span(&der), span_of(" "), NULL), STATUS_SIGNATURE);
    buf_release(&der);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cms_verify_own_signature_gives_signer_and_time),
        cmocka_unit_test(test_cms_sign_again_gives_the_same_bytes),
        cmocka_unit_test(test_cms_sign_without_room_leaves_the_buffer),
        cmocka_unit_test(test_cms_sign_is_accepted_by_openssl),
        cmocka_unit_test(test_cms_verify_signature_by_openssl_is_accepted),
        cmocka_unit_test(test_cms_verify_without_signing_time_gives_the_time_of_checking),
        cmocka_unit_test(test_cms_verify_other_ways_to_name_the_signer_are_accepted),
        cmocka_unit_test(test_cms_verify_signer_not_pinned_is_refused),
        cmocka_unit_test(test_cms_verify_stolen_name_is_refused),
        cmocka_unit_test(test_cms_verify_changed_content_is_refused),
        cmocka_unit_test(test_cms_verify_any_flipped_bit_never_changes_what_is_said),
        cmocka_unit_test(test_cms_verify_truncated_or_longer_is_refused),
        cmocka_unit_test(test_cms_verify_not_a_detached_signature_is_refused),
        cmocka_unit_test(test_cms_verify_two_signers_are_refused),
        cmocka_unit_test(test_cms_verify_other_algorithms_are_refused),
        cmocka_unit_test(test_cms_verify_signing_time_up_to_a_day_ahead_is_accepted),
        cmocka_unit_test(test_cms_verify_certificate_not_current_is_refused),
        cmocka_unit_test(test_cms_sign_empty_content_verifies),
    };

    return cmocka_run_group_tests(tests, support_setup, support_teardown);
}
