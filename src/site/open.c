/*
 * open.c - a site's folders, lock, configuration and certificates.
 *
 * A crash anywhere here leaves at most folders that the next opening finds made already; the lock
 * dies with the process.
 */
#include "chitra/site.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CERTIFICATE_BYTES_MAX = 64 * 1024       /* a certificate with a long chain has under 20 KiB */
};

static const char *const FOLDERS[] = {
    "intake", "archive", "archive/journal", "state", "state/staging", "outbox", "cash", "inbox", "reports", "trust", "keys"
};

/* Where temporary files of a crash may lie: the folders of a release are swept by the run that writes
 * into them, the archive's below. */
static const char *const SWEPT[] = { ".", "state", "state/staging", "archive", "archive/journal", "outbox", "cash", "reports" };

/* Files are moved between these, never copied. */
static const char *const RENAMED[][2] = {
    { "state/staging", "outbox" }, { "state/staging", "cash" }, { "intake", "archive" },
    { "inbox", "archive" }, { "outbox", "archive" },
};

enum status site_folders_make(int dir, struct diag *diag)
{
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++) {
        enum status rc = sys_dir_make(dir, FOLDERS[i], diag);
        if (rc != STATUS_OK) {
            return rc;
        }
    }
    enum status rc = sys_dir_sync(dir, "state", diag);
    return rc == STATUS_OK ? sys_dir_sync(dir, ".", diag) : rc;
}

static enum status archive_sweep(int dir, struct diag *diag)
{
    enum status rc = STATUS_OK;
    for (unsigned i = 0; i < 256 && rc == STATUS_OK; i++) {
        char folder[16];
        snprintf(folder, sizeof folder, "archive/%02x", i);
        if (sys_exists(dir, folder)) {
            rc = sys_dir_sweep(dir, folder, diag);
        }
    }
    return rc;
}

/* What only the one who holds the lock may do. */
static enum status prepare(int dir, struct diag *diag)
{
    for (size_t i = 0; i < sizeof RENAMED / sizeof *RENAMED; i++) {
        if (!sys_same_filesystem(dir, RENAMED[i][0], RENAMED[i][1])) {
            diag_fail(diag, STATUS_CONFIG, "two folders of the site lie on different file systems");
            diag_found(diag, "%s and %s", RENAMED[i][0], RENAMED[i][1]);
            return STATUS_CONFIG;
        }
    }
    for (size_t i = 0; i < sizeof SWEPT / sizeof *SWEPT; i++) {
        enum status rc = sys_dir_sweep(dir, SWEPT[i], diag);
        if (rc != STATUS_OK) {
            return rc;
        }
    }
    return archive_sweep(dir, diag);
}

static enum status lock_take(struct site *site, struct diag *diag)
{
    enum status rc = site_folders_make(site->dir, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = sys_lock(site->dir, "state/lock", &site->lock, diag);
    return rc == STATUS_OK ? prepare(site->dir, diag) : rc;
}

static enum status config_load(struct site *site, struct diag *diag)
{
    struct buf xml = BUF_INIT(SITE_CONFIG_BYTES_MAX), xsd = BUF_INIT(SITE_CONFIG_BYTES_MAX);
    enum status rc = sys_read(site->dir, "chitra.xml", &xml, diag);
    if (rc != STATUS_OK) {
        if (rc == STATUS_NO_INPUT) {
            diag_hint(diag, "name the site with -C DIR, or make one with `chitra init`");
        }
        goto out;
    }
    rc = sys_read(site->formats, "config.xsd", &xsd, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    digest_of(buf_span(&xml), &site->config_digest);
    rc = site_config_new(buf_span(&xml), "chitra.xml", buf_span(&xsd), &site->config, diag);
    if (rc == STATUS_OK) {
        site->config_xml = buf_span(&xml);
        xml = BUF_INIT(0);      /* moved into the site */
    }
out:
    buf_release(&xml);
    buf_release(&xsd);
    return rc;
}

static bool ends_with(const char *name, const char *end)
{
    size_t size = strlen(name), end_size = strlen(end);
    return size > end_size && strcmp(name + size - end_size, end) == 0;
}

/* The same certificate may lie there as .pem and as .crt. */
static bool is_kept(const struct site *site, const struct digest *fingerprint)
{
    for (size_t i = 0; i < site->trusted_count; i++) {
        if (digest_equal(fingerprint, certificate_fingerprint(site->trusted[i]))) {
            return true;
        }
    }
    return false;
}

/* One key is one person, whatever the certificates say. */
static enum status key_check(const struct site *site, const struct certificate *certificate, const char *path,
                             struct diag *diag)
{
    const struct site_officer *officer = officer_of_certificate(site->config, certificate_fingerprint(certificate));
    for (size_t i = 0; i < site->trusted_count; i++) {
        if (digest_equal(certificate_key(certificate), certificate_key(site->trusted[i])) &&
            !officer_has_certificate(officer, certificate_fingerprint(site->trusted[i]))) {
            diag_fail(diag, STATUS_CONFIG, "two officers have the same key");
            diag_at(diag, path, 0, 0);
            diag_found(diag, "%s", officer->name);
            return STATUS_CONFIG;
        }
    }
    return STATUS_OK;
}

static enum status certificate_load(struct site *site, const char *name, struct diag *diag)
{
    char path[DIAG_FILE_BYTES];
    struct buf pem = BUF_INIT(CERTIFICATE_BYTES_MAX);
    struct certificate *certificate = NULL;
    if (snprintf(path, sizeof path, "trust/%s", name) >= (int)sizeof path) {
        return diag_fail(diag, STATUS_CONFIG, "a name in trust/ is too long");
    }
    enum status rc = sys_read(site->dir, path, &pem, diag);
    rc = rc == STATUS_OK ? certificate_new(buf_span(&pem), path, &certificate, diag) : rc;
    if (rc == STATUS_OK && officer_of_certificate(site->config, certificate_fingerprint(certificate)) != NULL &&
        !is_kept(site, certificate_fingerprint(certificate))) {
        rc = key_check(site, certificate, path, diag);
        ASSERT(site->trusted_count < SITE_TRUST_MAX);
        site->trusted[site->trusted_count++] = certificate;
        certificate = NULL;
    }
    certificate_free(certificate);
    buf_release(&pem);
    return rc;
}

static enum status missing(const struct site_officer *officer, const struct digest *fingerprint, struct diag *diag)
{
    char hex[DIGEST_HEX_BYTES];
    digest_hex(fingerprint, hex);
    diag_fail(diag, STATUS_CONFIG, "an officer's certificate is not in trust/");
    diag_at(diag, "chitra.xml", 0, 0);
    diag_found(diag, "%s, fingerprint %s", officer->name, hex);
    return STATUS_CONFIG;
}

/* Everybody who may still sign needs the certificate, or what they sign would be refused one by one later. */
static enum status officers_check(const struct site *site, struct diag *diag)
{
    struct sys_time now;
    enum status rc = sys_now(&now, diag);
    for (unsigned i = 0; i < site->config->officer_count && rc == STATUS_OK; i++) {
        const struct site_officer *officer = &site->config->officer[i];
        bool left = officer->until != DAY_NONE && officer->until < now.day;
        for (unsigned j = 0; j < officer->certificate_count && rc == STATUS_OK && !left; j++) {
            rc = is_kept(site, &officer->certificate[j]) ? STATUS_OK : missing(officer, &officer->certificate[j], diag);
        }
    }
    return rc;
}

static enum status trust_load(struct site *site, struct diag *diag)
{
    struct sys_names names = { NULL, 0 };
    site->trusted = mem_alloc(SITE_TRUST_MAX, sizeof(struct certificate *));
    if (site->config->officer_count == 0) {
        return STATUS_OK;       /* nothing to look for; a new site may have no trust/ yet */
    }
    enum status rc = sys_dir_list(site->dir, "trust", &names, diag);
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        if (ends_with(names.name[i], ".pem") || ends_with(names.name[i], ".crt")) {
            rc = certificate_load(site, names.name[i], diag);
        }
    }
    sys_names_release(&names);
    return rc == STATUS_OK ? officers_check(site, diag) : rc;
}

enum status site_open(const char *folder, enum site_access access, struct site *site, struct diag *diag)
{
    *site = (struct site){ .dir = -1, .lock = -1, .config_xml = SPAN_EMPTY, .formats = -1 };
    enum status rc = sys_dir_open(AT_FDCWD, folder, &site->dir, diag);
    rc = rc == STATUS_OK ? site_formats_open(&site->formats, site->formats_path, diag) : rc;
    /* The configuration comes before the lock and the folders: nothing is made in a folder that is
     * no site. It is read once; what a run uses is what it sealed. */
    rc = rc == STATUS_OK ? config_load(site, diag) : rc;
    rc = rc == STATUS_OK && access == SITE_WRITE ? lock_take(site, diag) : rc;
    rc = rc == STATUS_OK ? trust_load(site, diag) : rc;
    if (rc != STATUS_OK) {
        site_close(site);
    }
    return rc;
}

void site_close(struct site *site)
{
    for (size_t i = 0; i < site->trusted_count; i++) {
        certificate_free(site->trusted[i]);
    }
    free(site->trusted);
    if (site->config != NULL) {
        free((void *)(uintptr_t)site->config_xml.data);     /* moved here from a buffer */
    }
    site_config_free(site->config);
    sys_dir_close(site->formats);
    sys_unlock(site->lock);
    sys_dir_close(site->dir);
    *site = (struct site){ .dir = -1, .lock = -1, .config_xml = SPAN_EMPTY, .formats = -1 };
}

enum status site_signer(const struct site *site, struct sys_time at, struct signer **signer, struct diag *diag)
{
    struct buf key = BUF_INIT(CERTIFICATE_BYTES_MAX), certificate = BUF_INIT(CERTIFICATE_BYTES_MAX);
    *signer = NULL;
    enum status rc = sys_read_private(site->dir, site->config->key, &key, diag);
    rc = rc == STATUS_OK ? sys_read(site->dir, site->config->certificate, &certificate, diag) : rc;
    rc = rc == STATUS_OK
             ? signer_new(buf_span(&key), buf_span(&certificate), site->config->key, at, signer, diag)
             : rc;
    if (key.data != NULL) {
        explicit_bzero(key.data, key.capacity);     /* no key outlives its use in freed memory */
    }
    buf_release(&certificate);
    buf_release(&key);
    return rc;
}
