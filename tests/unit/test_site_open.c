/* Is a site opened whole, locked, and is its archive true to its digests? */
#include "test_site_support.h"

#include "chitra/text.h"

static char folder[64];
static struct buf office_key, office_certificate, site_key, site_certificate;

static struct sys_time now(void)
{
    return (struct sys_time){ day_of((struct civil){ 2026, 10, 1 }), 8 * 3600 };
}

static void keys_make(struct buf *key, struct buf *certificate, const char *name)
{
    struct sign_request request = { name, NULL, { now().day - 30, 0 }, 10 };
    struct diag diag = { .line = 0 };
    *key = BUF_INIT(1 << 16);
    *certificate = BUF_INIT(1 << 16);
    assert_int_equal(sign_make_key(&request, key, certificate, &diag), STATUS_OK);
}

static void fingerprint_of(const struct buf *pem, char hex[DIGEST_HEX_BYTES])
{
    struct certificate *certificate = NULL;
    struct diag diag = { .line = 0 };
    assert_int_equal(certificate_new(buf_span(pem), "c", &certificate, &diag), STATUS_OK);
    digest_hex(certificate_fingerprint(certificate), hex);
    certificate_free(certificate);
}

/* A site whose approver is the office. */
static void config_put(const char *approver_hex)
{
    char xml[4096];
    snprintf(xml, sizeof xml,
             "<site xmlns=\"urn:chitra:config:1\" opening=\"2026-10\"><agency name=\"A\" country=\"VN\"/><policy/>"
             "<signing key=\"keys/site.key\" certificate=\"trust/site.crt\"/>"
             "<officer name=\"O\"><certificate fingerprint=\"%s\"/><approves/></officer>"
             "<unit code=\"01\" name=\"n\" party=\"p\" default=\"970436\">"
             "<account bank=\"970436\" profile=\"vietcombank\" number=\"1\"/>"
             "<post name=\"P\" bank=\"970449\" account=\"1\"/></unit>"
             "<pay-day rule=\"working-day\" number=\"1\"/></site>", approver_hex);
    file_put(folder, "chitra.xml", span_of(xml));
}

static int site_setup(void **state)
{
    (void)state;
    char hex[DIGEST_HEX_BYTES];
    struct diag diag = { .line = 0 };
    int dir = -1;
    folder_make(folder);
    assert_int_equal(sys_dir_open(AT_FDCWD, folder, &dir, &diag), STATUS_OK);
    assert_int_equal(site_folders_make(dir, &diag), STATUS_OK);
    sys_dir_close(dir);
    fingerprint_of(&office_certificate, hex);
    config_put(hex);
    file_put(folder, "trust/office.crt", buf_span(&office_certificate));
    file_put(folder, "trust/again.pem", buf_span(&office_certificate));
    file_put(folder, "trust/site.crt", buf_span(&site_certificate));
    file_put(folder, "trust/README", span_of("no certificate"));
    file_put(folder, "keys/site.key", buf_span(&site_key));
    return 0;
}

static int site_teardown(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static void assert_opens(enum site_access access, struct site *site)
{
    struct diag diag = { .line = 0 };
    char text[DIAG_BYTES_MAX];
    if (site_open(folder, access, site, &diag) != STATUS_OK) {
        diag_text(&diag, text, sizeof text);
        fail_msg("%s", text);
    }
}

static void test_site_open_read_finds_configuration_and_trust(void **state)
{
    struct site site;
    struct digest digest;
    char hex[DIGEST_HEX_BYTES], pinned[DIGEST_HEX_BYTES];
    (void)state;
    assert_opens(SITE_READ, &site);
    assert_int_equal(site.lock, -1);
    assert_int_equal(site.config->unit_count, 1);
    digest_of(site.config_xml, &digest);
    assert_true(digest_equal(&digest, &site.config_digest));
    /* One certificate, though it lies there twice, and not the site's own. */
    assert_int_equal(site.trusted_count, 1);
    digest_hex(certificate_fingerprint(site.trusted[0]), hex);
    fingerprint_of(&office_certificate, pinned);
    assert_string_equal(hex, pinned);
    assert_true(sys_exists(site.formats, "config.xsd"));
    assert_int_equal(site.formats_path[0], '/');
    assert_false(file_is_there(folder, "state/lock"));
    site_close(&site);
    assert_null(site.config);
    site_close(&site);      /* accepts what is closed */
}

static void test_site_open_write_makes_folders_and_sweeps(void **state)
{
    static const char *const folders[] = { "intake", "archive", "state/staging", "outbox", "cash", "inbox", "reports" };
    struct site site;
    (void)state;
    char path[96];
    snprintf(path, sizeof path, "%s/outbox", folder);
    assert_int_equal(rmdir(path), 0);
    snprintf(path, sizeof path, "%s/archive/ab", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    file_put(folder, "state/staging/.x.xml.tmp", span_of("half"));
    file_put(folder, "archive/ab/.abc.tmp", span_of("half"));
    file_put(folder, "state/staging/x.xml", span_of("whole"));
    assert_opens(SITE_WRITE, &site);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        assert_true(file_is_there(folder, folders[i]));
    }
    assert_false(file_is_there(folder, "state/staging/.x.xml.tmp"));
    assert_false(file_is_there(folder, "archive/ab/.abc.tmp"));
    assert_true(file_is_there(folder, "state/staging/x.xml"));
    site_close(&site);
}

static void test_site_open_write_twice_is_busy(void **state)
{
    struct site first, second;
    struct diag diag = { .line = 0 };
    (void)state;
    assert_opens(SITE_WRITE, &first);
    assert_int_equal(site_open(folder, SITE_WRITE, &second, &diag), STATUS_BUSY);
    assert_null(second.config);
    /* A reader comes in beside it, and after the first one goes, so does a writer. */
    assert_opens(SITE_READ, &second);
    site_close(&second);
    site_close(&first);
    assert_opens(SITE_WRITE, &second);
    site_close(&second);
}

static void test_site_open_no_site_is_refused(void **state)
{
    struct site site;
    struct diag diag = { .line = 0 };
    char empty[64];
    (void)state;
    folder_make(empty);
    assert_int_equal(site_open(empty, SITE_WRITE, &site, &diag), STATUS_NO_INPUT);
    assert_false(file_is_there(empty, "state"));    /* nothing was made in it */
    folder_remove(empty);
    assert_int_equal(site_open(empty, SITE_READ, &site, &diag), STATUS_NO_INPUT);
    file_put(folder, "chitra.xml", span_of("<site/>"));
    assert_int_equal(site_open(folder, SITE_READ, &site, &diag), STATUS_CONFIG);
}

static void test_site_open_pinned_certificate_missing_is_refused(void **state)
{
    struct site site;
    struct diag diag = { .line = 0 };
    char hex[DIGEST_HEX_BYTES];
    (void)state;
    memset(hex, '0', sizeof hex - 1);
    hex[sizeof hex - 1] = '\0';
    config_put(hex);
    assert_int_equal(site_open(folder, SITE_READ, &site, &diag), STATUS_CONFIG);
    assert_non_null(strstr(diag.found, hex));
}

/* One person with two certificates for one key is not two people. */
static void test_site_open_two_officers_with_one_key_are_refused(void **state)
{
    struct site site;
    struct diag diag = { .line = 0 };
    char first[DIGEST_HEX_BYTES], second[DIGEST_HEX_BYTES], config[512];
    (void)state;
    /* A second certificate for the same key, by the tool that everybody has. */
    file_put(folder, "office.key", buf_span(&office_key));
    snprintf(config, sizeof config,
             "openssl req -x509 -new -key %s/office.key -subj '/CN=other' -days 3650 -out %s/trust/other.crt", folder, folder);
    assert_int_equal(system(config), 0);
    snprintf(config, sizeof config, "%s/trust/other.crt", folder);
    struct buf pem = BUF_INIT(1 << 16);
    assert_int_equal(sys_read(AT_FDCWD, config, &pem, &diag), STATUS_OK);
    fingerprint_of(&pem, second);
    buf_release(&pem);
    fingerprint_of(&office_certificate, first);
    snprintf(config, sizeof config,
             "%s\"/><approves/></officer><officer name=\"P\"><certificate fingerprint=\"%s", first, second);
    config_put(config);
    assert_int_equal(site_open(folder, SITE_READ, &site, &diag), STATUS_CONFIG);
    assert_non_null(strstr(diag.what, "same key"));
    /* Of one officer they are fine. */
    snprintf(config, sizeof config, "%s\"/><certificate fingerprint=\"%s", first, second);
    config_put(config);
    assert_opens(SITE_READ, &site);
    assert_int_equal(site.trusted_count, 2);
    site_close(&site);
}

static void test_site_open_certificate_of_who_left_may_be_gone(void **state)
{
    struct site site;
    struct diag diag = { .line = 0 };
    char gone[512], hex[DIGEST_HEX_BYTES], zeros[DIGEST_HEX_BYTES];
    (void)state;
    fingerprint_of(&office_certificate, hex);
    memset(zeros, '0', sizeof zeros - 1);
    zeros[sizeof zeros - 1] = '\0';
    assert_int_equal(setenv("CHITRA_NOW", "2026-10-01T08:00:00+07:00", 1), 0);
    snprintf(gone, sizeof gone, "%s\"/><approves/></officer><officer name=\"P\" until=\"2026-09-30\"><certificate fingerprint=\"%s",
             hex, zeros);
    config_put(gone);
    assert_opens(SITE_READ, &site);
    site_close(&site);
    assert_int_equal(setenv("CHITRA_NOW", "2026-09-30T08:00:00+07:00", 1), 0);
    assert_int_equal(site_open(folder, SITE_READ, &site, &diag), STATUS_CONFIG);
    assert_int_equal(unsetenv("CHITRA_NOW"), 0);
}

static void test_site_open_broken_certificate_is_refused(void **state)
{
    struct site site;
    struct diag diag = { .line = 0 };
    (void)state;
    file_put(folder, "trust/broken.pem", span_of("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
    assert_int_not_equal(site_open(folder, SITE_READ, &site, &diag), STATUS_OK);
    assert_non_null(strstr(diag.file, "trust/broken.pem"));
}

static void test_site_formats_open_environment_comes_first(void **state)
{
    struct diag diag = { .line = 0 };
    char path[DIAG_FILE_BYTES], kept[DIAG_FILE_BYTES] = "";
    int formats = -1;
    (void)state;
    const char *before = getenv("CHITRA_FORMATS");
    snprintf(kept, sizeof kept, "%s", before == NULL ? "" : before);
    setenv("CHITRA_FORMATS", "formats", 1);
    assert_int_equal(site_formats_open(&formats, path, &diag), STATUS_OK);
    assert_true(sys_exists(formats, "config.xsd"));
    sys_dir_close(formats);
    setenv("CHITRA_FORMATS", folder, 1);    /* a folder, but not formats/ */
    assert_int_equal(site_formats_open(&formats, path, &diag), STATUS_CONFIG);
    assert_int_equal(formats, -1);
    setenv("CHITRA_FORMATS", kept, 1);
}

static void test_site_signer_makes_the_site_sign(void **state)
{
    struct site site;
    struct signer *signer = NULL;
    struct diag diag = { .line = 0 };
    char path[96];
    (void)state;
    snprintf(path, sizeof path, "%s/keys/site.key", folder);
    assert_opens(SITE_READ, &site);
    assert_int_equal(chmod(path, 0644), 0);     /* a key that others can read is none */
    assert_int_not_equal(site_signer(&site, now(), &signer, &diag), STATUS_OK);
    assert_null(signer);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(site_signer(&site, now(), &signer, &diag), STATUS_OK);
    assert_non_null(signer);
    signer_free(signer);
    file_put(folder, "trust/site.crt", buf_span(&office_certificate));
    assert_int_not_equal(site_signer(&site, now(), &signer, &diag), STATUS_OK);
    site_close(&site);
}

static void path_of(const struct digest *digest, char path[96])
{
    char hex[DIGEST_HEX_BYTES];
    digest_hex(digest, hex);
    snprintf(path, 96, "archive/%.2s/%s", hex, hex);
}

static void test_archive_store_and_read_give_the_content(void **state)
{
    struct site site;
    struct digest digest, again;
    struct diag diag = { .line = 0 };
    struct buf content = BUF_INIT(1 << 16);
    char path[96];
    (void)state;
    assert_opens(SITE_WRITE, &site);
    assert_int_equal(archive_store(&site, span_of("content"), &digest, &diag), STATUS_OK);
    assert_int_equal(archive_store(&site, span_of("content"), &again, &diag), STATUS_OK);
    assert_true(digest_equal(&digest, &again));
    path_of(&digest, path);
    assert_true(file_is_there(folder, path));
    assert_int_equal(archive_read(&site, &digest, &content, &diag), STATUS_OK);
    assert_true(span_is(buf_span(&content), "content"));
    /* Empty content has a digest too. */
    buf_clear(&content);
    assert_int_equal(archive_store(&site, SPAN_EMPTY, &digest, &diag), STATUS_OK);
    assert_int_equal(archive_read(&site, &digest, &content, &diag), STATUS_OK);
    assert_int_equal(content.size, 0);
    buf_release(&content);
    site_close(&site);
}

static void test_archive_read_changed_content_is_a_conflict(void **state)
{
    struct site site;
    struct digest digest;
    struct diag diag = { .line = 0 };
    struct buf content = BUF_INIT(1 << 16);
    char path[96];
    (void)state;
    assert_opens(SITE_WRITE, &site);
    assert_int_equal(archive_store(&site, span_of("content"), &digest, &diag), STATUS_OK);
    path_of(&digest, path);
    file_put(folder, path, span_of("Content"));
    assert_int_equal(archive_read(&site, &digest, &content, &diag), STATUS_CONFLICT);
    assert_int_equal(content.size, 0);
    digest.bytes[0] ^= 1;
    assert_int_equal(archive_read(&site, &digest, &content, &diag), STATUS_NO_INPUT);
    buf_release(&content);
    site_close(&site);
}

static void test_archive_move_takes_the_file_once(void **state)
{
    struct site site;
    struct digest digest;
    struct diag diag = { .line = 0 };
    char path[96];
    (void)state;
    assert_opens(SITE_WRITE, &site);
    digest_of(span_of("rows"), &digest);
    path_of(&digest, path);
    file_put(folder, "intake/a.csv", span_of("rows"));
    assert_int_equal(archive_move(&site, "intake/a.csv", &digest, &diag), STATUS_OK);
    assert_false(file_is_there(folder, "intake/a.csv"));
    assert_true(file_is_there(folder, path));
    assert_int_equal(archive_move(&site, "intake/a.csv", &digest, &diag), STATUS_OK);   /* again after a crash */
    file_put(folder, "intake/b.csv", span_of("rows"));                                  /* a second copy */
    assert_int_equal(archive_move(&site, "intake/b.csv", &digest, &diag), STATUS_OK);
    assert_false(file_is_there(folder, "intake/b.csv"));
    /* A copy is not given up for an archive that was changed. */
    file_put(folder, path, span_of("Rows"));
    file_put(folder, "intake/c.csv", span_of("rows"));
    assert_int_equal(archive_move(&site, "intake/c.csv", &digest, &diag), STATUS_CONFLICT);
    assert_true(file_is_there(folder, "intake/c.csv"));
    digest.bytes[0] ^= 1;
    assert_int_not_equal(archive_move(&site, "intake/none.csv", &digest, &diag), STATUS_OK);
    site_close(&site);
}

static int setup(void **state)
{
    (void)state;
    umask(077);
    mem_init();
    if (getenv("CHITRA_FORMATS") == NULL || getenv("CHITRA_FORMATS")[0] == '\0') {
        setenv("CHITRA_FORMATS", "formats", 1);
    }
    keys_make(&office_key, &office_certificate, "office");
    keys_make(&site_key, &site_certificate, "site");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buf_release(&office_key);
    buf_release(&office_certificate);
    buf_release(&site_key);
    buf_release(&site_certificate);
    return 0;
}

#define IN_SITE(test) cmocka_unit_test_setup_teardown(test, site_setup, site_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SITE(test_site_open_read_finds_configuration_and_trust),
        IN_SITE(test_site_open_write_makes_folders_and_sweeps),
        IN_SITE(test_site_open_write_twice_is_busy),
        IN_SITE(test_site_open_no_site_is_refused),
        IN_SITE(test_site_open_pinned_certificate_missing_is_refused),
        IN_SITE(test_site_open_two_officers_with_one_key_are_refused),
        IN_SITE(test_site_open_certificate_of_who_left_may_be_gone),
        IN_SITE(test_site_open_broken_certificate_is_refused),
        IN_SITE(test_site_formats_open_environment_comes_first),
        IN_SITE(test_site_signer_makes_the_site_sign),
        IN_SITE(test_archive_store_and_read_give_the_content),
        IN_SITE(test_archive_read_changed_content_is_a_conflict),
        IN_SITE(test_archive_move_takes_the_file_once),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
