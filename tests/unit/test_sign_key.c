/* test_sign_key.c - certificates and private keys: what is taken, what is refused; making them. */
#include "test_sign_support.h"

static struct span pem(const struct buf *buf)
{
    return buf_span(buf);
}

/* A key and a certificate that a tool wrote today, for a hundred years: checked at a day in between. */
static enum status signer_from_files(const char *key, const char *certificate, struct diag *diag)
{
    struct buf key_pem = BUF_INIT(PEM_BYTES_MAX);
    struct buf certificate_pem = BUF_INIT(PEM_BYTES_MAX);
    struct signer *signer = NULL;
    enum status rc = STATUS_OK;

    file_read(key, &key_pem);
    file_read(certificate, &certificate_pem);
    rc = signer_new(pem(&key_pem), pem(&certificate_pem), key, time_at(2100, 1, 1), &signer, diag);
    assert_true((rc == STATUS_OK) == (signer != NULL));
    signer_free(signer);
    buf_release(&key_pem);
    buf_release(&certificate_pem);
    return rc;
}

static void test_certificate_new_good_gives_fingerprint(void **state)
{
    struct digest zero = { { 0 } };

    (void)state;
    assert_true(digest_equal(certificate_fingerprint(site.certificate),
                             certificate_fingerprint(signer_certificate(site.signer))));
    assert_false(digest_equal(certificate_fingerprint(site.certificate), certificate_fingerprint(root.certificate)));
    assert_false(digest_equal(certificate_fingerprint(site.certificate), &zero));
}

/* The digest of the DER, as the tool writes it. */
static void test_certificate_fingerprint_agrees_with_openssl(void **state)
{
    struct buf der = BUF_INIT(PEM_BYTES_MAX);
    struct digest digest;

    (void)state;
    need_tools();
    assert_int_equal(RUN("openssl", "x509", "-in", path_of("site.crt"), "-outform", "DER", "-out",
                         path_of("site.der")), 0);
    file_read("site.der", &der);
    digest_of(buf_span(&der), &digest);
    assert_true(digest_equal(&digest, certificate_fingerprint(site.certificate)));
    buf_release(&der);
}

static void test_certificate_new_not_a_certificate_is_refused(void **state)
{
    static const char *const texts[] = {
        "", "hello", "-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    };
    struct certificate *certificate = NULL;
    struct diag diag = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_refused(certificate_new(span_of(texts[i]), "trust/x.crt", &certificate, &diag), STATUS_CONFIG, &diag);
        assert_null(certificate);
        assert_string_equal(diag.file, "trust/x.crt");
    }
    assert_refused(certificate_new(pem(&site.key_pem), "x", &certificate, &diag), STATUS_CONFIG, &diag);
    certificate_free(NULL);
}

static void test_certificate_new_two_in_one_file_is_refused(void **state)
{
    struct buf two = BUF_INIT(PEM_BYTES_MAX);
    struct certificate *certificate = NULL;
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(buf_add(&two, site.certificate_pem.data, site.certificate_pem.size), STATUS_OK);
    assert_int_equal(buf_add(&two, root.certificate_pem.data, root.certificate_pem.size), STATUS_OK);
    assert_refused(certificate_new(buf_span(&two), "x", &certificate, &diag), STATUS_CONFIG, &diag);
    buf_release(&two);
}

/* Every single truncation of a good file: never taken, never a crash. */
static void test_certificate_new_truncated_anywhere_is_refused(void **state)
{
    struct span whole = pem(&site.certificate_pem);
    size_t last = whole.size - strlen("-\n");

    (void)state;
    for (size_t size = 0; size <= last; size++) {
        char *copy = malloc(size + 1);     /* of its own size, so that reading over the end is seen */
        struct certificate *certificate = NULL;

        memcpy(copy, whole.data, size);
        assert_int_equal(certificate_new((struct span){ copy, size }, "x", &certificate, NULL), STATUS_CONFIG);
        assert_null(certificate);
        free(copy);
    }
}

/* RFC 5280, 4.1.2.5: both ends belong to the validity. */
static void test_certificate_is_current_at_both_ends_and_not_beyond(void **state)
{
    struct sys_time begin = time_at(2019, 12, 31);
    struct sys_time end = time_at(2050, 1, 1);

    (void)state;
    assert_true(certificate_is_current(site.certificate, begin));
    assert_true(certificate_is_current(site.certificate, end));
    begin.second_of_day--;
    end.second_of_day++;
    assert_false(certificate_is_current(site.certificate, begin));
    assert_false(certificate_is_current(site.certificate, end));
    assert_true(certificate_is_current(site.certificate, now()));
    assert_int_equal(ERR_peek_error(), 0);
}

static void test_signer_new_key_of_another_is_refused(void **state)
{
    struct signer *signer = NULL;
    struct diag diag = { 0 };

    (void)state;
    assert_refused(signer_new(pem(&stranger.key_pem), pem(&site.certificate_pem), "keys/a.key", now(), &signer,
                              &diag), STATUS_CONFIG, &diag);
    assert_null(signer);
    assert_string_equal(diag.file, "keys/a.key");
    signer_free(NULL);
}

static void test_signer_new_without_key_is_refused(void **state)
{
    struct signer *signer = NULL;
    struct diag diag = { 0 };

    (void)state;
    assert_refused(signer_new(SPAN_EMPTY, pem(&site.certificate_pem), "x", now(), &signer, &diag), STATUS_CONFIG,
                   &diag);
    assert_refused(signer_new(pem(&site.certificate_pem), pem(&site.certificate_pem), "x", now(), &signer, &diag),
                   STATUS_CONFIG, &diag);
    assert_refused(signer_new(pem(&site.key_pem), SPAN_EMPTY, "x", now(), &signer, &diag), STATUS_CONFIG, &diag);
    assert_null(signer);
}

static void test_signer_new_outside_the_validity_is_refused(void **state)
{
    const struct sys_time times[] = { time_at(2019, 12, 30), time_at(2050, 1, 2) };
    struct signer *signer = NULL;
    struct diag diag = { 0 };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_refused(signer_new(pem(&site.key_pem), pem(&site.certificate_pem), "x", times[i], &signer, &diag),
                       STATUS_SIGNATURE, &diag);
        assert_null(signer);
    }
}

/* Both forms of encryption, PKCS #8 and the older one; neither may ask on the terminal. */
static void test_signer_new_encrypted_key_is_refused_and_not_asked_for(void **state)
{
    struct diag diag = { 0 };

    (void)state;
    need_tools();
    assert_int_equal(RUN("openssl", "pkcs8", "-topk8", "-in", path_of("site.key"), "-out", path_of("enc8.key"),
                         "-passout", "pass:secret"), 0);
    assert_int_equal(RUN("openssl", "rsa", "-traditional", "-aes256", "-in", path_of("site.key"), "-out",
                         path_of("enc1.key"), "-passout", "pass:secret"), 0);
    assert_refused(signer_from_files("enc8.key", "site.crt", &diag), STATUS_CONFIG, &diag);
    assert_string_equal(diag.what, "the private key is encrypted");
    assert_refused(signer_from_files("enc1.key", "site.crt", &diag), STATUS_CONFIG, &diag);
    assert_string_equal(diag.what, "the private key is encrypted");
}

static void self_sign(const char *name, const char *algorithm, const char *option, const char *usage)
{
    char key[32];
    char certificate[32];

    snprintf(key, sizeof key, "%s.key", name);
    snprintf(certificate, sizeof certificate, "%s.crt", name);
    assert_int_equal(RUN("openssl", "req", "-x509", "-nodes", "-newkey", algorithm, "-pkeyopt", option, "-keyout",
                         path_of(key), "-out", path_of(certificate), "-subj", "/O=Office", "-days", "36500",
                         "-addext", usage), 0);
}

/* style: weak and foreign kinds of key load in OpenSSL without complaint; the policy is ours. */
static void test_signer_new_key_policy_refuses_weak_and_foreign_keys(void **state)
{
    static const struct {
        const char *name;
        const char *algorithm;
        const char *option;
        const char *usage;
        enum status expected;
    } cases[] = {
        { "rsa1024", "rsa", "rsa_keygen_bits:1024", "keyUsage=digitalSignature", STATUS_CONFIG },
        { "rsa2047", "rsa", "rsa_keygen_bits:2047", "keyUsage=digitalSignature", STATUS_CONFIG },
        { "ec", "ec", "ec_paramgen_curve:P-256", "keyUsage=digitalSignature", STATUS_CONFIG },
        { "pss", "rsa-pss", "rsa_keygen_bits:2048", "keyUsage=digitalSignature", STATUS_CONFIG },
        { "encipher", "rsa", "rsa_keygen_bits:2048", "keyUsage=keyEncipherment", STATUS_CONFIG },
        { "commit", "rsa", "rsa_keygen_bits:2048", "keyUsage=nonRepudiation", STATUS_OK },
    };
    char key[32];
    char certificate[32];

    (void)state;
    need_tools();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag diag = { 0 };
        enum status rc = STATUS_OK;

        self_sign(cases[i].name, cases[i].algorithm, cases[i].option, cases[i].usage);
        snprintf(key, sizeof key, "%s.key", cases[i].name);
        snprintf(certificate, sizeof certificate, "%s.crt", cases[i].name);
        rc = signer_from_files(key, certificate, &diag);
        assert_int_equal(rc, cases[i].expected);
        assert_int_equal(ERR_peek_error(), 0);
    }
}

/* RFC 5280: the stock verifier takes what we made, for what it is for. */
static void test_sign_make_key_issued_is_accepted_by_openssl(void **state)
{
    (void)state;
    need_tools();
    assert_int_equal(RUN("openssl", "verify", "-x509_strict", "-CAfile", path_of("root.crt"), path_of("site.crt")), 0);
    assert_int_equal(RUN("openssl", "verify", "-x509_strict", "-purpose", "smimesign", "-CAfile",
                         path_of("root.crt"), path_of("site.crt")), 0);
    assert_int_not_equal(RUN("openssl", "verify", "-CAfile", path_of("stranger.crt"), path_of("site.crt")), 0);
    assert_int_equal(RUN("openssl", "pkey", "-check", "-noout", "-in", path_of("site.key")), 0);
}

static void test_sign_make_key_by_a_certificate_that_is_no_root_is_refused(void **state)
{
    struct sign_request request = { "x", site.signer, now(), 1 };
    struct buf key = BUF_INIT(PEM_BYTES_MAX);
    struct buf certificate = BUF_INIT(PEM_BYTES_MAX);
    struct diag diag = { 0 };

    (void)state;
    assert_refused(sign_make_key(&request, &key, &certificate, &diag), STATUS_USAGE, &diag);
    assert_int_equal(key.size + certificate.size, 0);
}

/* X.520: a common name has 1 to 64 characters. */
static void test_sign_make_key_names_of_64_and_65_characters(void **state)
{
    char name[66] = { 0 };
    struct sign_request request = { name, root.signer, now(), 1 };
    struct buf key = BUF_INIT(PEM_BYTES_MAX);
    struct buf certificate = BUF_INIT(PEM_BYTES_MAX);
    struct diag diag = { 0 };

    (void)state;
    memset(name, 'n', 65);
    assert_refused(sign_make_key(&request, &key, &certificate, &diag), STATUS_USAGE, &diag);
    assert_int_equal(key.size + certificate.size, 0);
    name[64] = '\0';
    assert_int_equal(sign_make_key(&request, &key, &certificate, &diag), STATUS_OK);
    buf_release(&key);
    buf_release(&certificate);
}

static void test_sign_make_key_without_room_leaves_both_buffers(void **state)
{
    struct sign_request request = { "Chi trả", root.signer, now(), 1 };
    struct buf key = BUF_INIT(PEM_BYTES_MAX);
    struct buf certificate = BUF_INIT(100);
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(buf_add_text(&key, "before"), STATUS_OK);
    assert_refused(sign_make_key(&request, &key, &certificate, &diag), STATUS_LIMIT, &diag);
    assert_true(span_is(buf_span(&key), "before"));
    assert_int_equal(certificate.size, 0);
    buf_release(&key);
    buf_release(&certificate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificate_new_good_gives_fingerprint),
        cmocka_unit_test(test_certificate_fingerprint_agrees_with_openssl),
        cmocka_unit_test(test_certificate_new_not_a_certificate_is_refused),
        cmocka_unit_test(test_certificate_new_two_in_one_file_is_refused),
        cmocka_unit_test(test_certificate_new_truncated_anywhere_is_refused),
        cmocka_unit_test(test_certificate_is_current_at_both_ends_and_not_beyond),
        cmocka_unit_test(test_signer_new_key_of_another_is_refused),
        cmocka_unit_test(test_signer_new_without_key_is_refused),
        cmocka_unit_test(test_signer_new_outside_the_validity_is_refused),
        cmocka_unit_test(test_signer_new_encrypted_key_is_refused_and_not_asked_for),
        cmocka_unit_test(test_signer_new_key_policy_refuses_weak_and_foreign_keys),
        cmocka_unit_test(test_sign_make_key_issued_is_accepted_by_openssl),
        cmocka_unit_test(test_sign_make_key_by_a_certificate_that_is_no_root_is_refused),
        cmocka_unit_test(test_sign_make_key_names_of_64_and_65_characters),
        cmocka_unit_test(test_sign_make_key_without_room_leaves_both_buffers),
    };

    return cmocka_run_group_tests(tests, support_setup, support_teardown);
}
