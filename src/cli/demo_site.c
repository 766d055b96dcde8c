/*
 * demo_site.c - a demonstration site in a folder: keys, intake, chitra.xml.
 *
 * chitra.xml comes last. A crash before leaves a folder that is no site yet; making it again writes
 * over what is there.
 */
#include "demo.h"

#include <stdio.h>

enum { PEM_BYTES_MAX = 64 * 1024, CONFIG_BYTES_MAX = 1 << 20, KEY_YEARS = 12 };

/* A key with its certificate; the signer made of them. */
struct key_place {
    const char *common_name;
    const char *key; /* path in the site */
    const char *certificate;
};

static enum status key_make(int dir, const struct key_place *place, const struct signer *issuer,
                            struct sys_time from, struct signer **signer, struct diag *diag)
{
    struct buf key = BUF_INIT(PEM_BYTES_MAX), certificate = BUF_INIT(PEM_BYTES_MAX);
    struct sign_request request = { place->common_name, issuer, from, KEY_YEARS };
    *signer = NULL;
    enum status rc = sign_make_key(&request, &key, &certificate, diag);
    rc = rc == STATUS_OK ? sys_publish(dir, place->key, buf_span(&key), diag) : rc;
    rc = rc == STATUS_OK ? sys_publish(dir, place->certificate, buf_span(&certificate), diag) : rc;
    rc = rc == STATUS_OK ? signer_new(buf_span(&key), buf_span(&certificate), place->key, from, signer, diag)
                         : rc;
    if (key.data != NULL) {
        explicit_bzero(key.data, key.capacity);
    }
    buf_release(&certificate);
    buf_release(&key);
    return rc;
}

/* The authority of the site and, under it, the site's own key and its officers'. The keys are kept, so that
 * more files can be approved by hand, and dual release can be tried. */
static enum status keys_make(int dir, struct sys_time from, struct signer *officer[DEMO_OFFICERS], struct diag *diag)
{
    static const struct key_place root_place = { "chitra demo root", "keys/root.key", "trust/root.crt" };
    static const struct key_place site_place = { "chitra demo site", "keys/site.key", "trust/site.crt" };
    static const struct key_place place[DEMO_OFFICERS] = {
        [DEMO_OFFICE] = { "chitra demo office", "keys/office.key", "trust/office.crt" },
        [DEMO_PREPARER] = { "chitra demo preparer", "keys/preparer.key", "trust/preparer.crt" },
        [DEMO_CERTIFIER] = { "chitra demo certifier", "keys/certifier.key", "trust/certifier.crt" },
        [DEMO_POST] = { "chitra demo post", "keys/post.key", "trust/post.crt" },
    };
    struct signer *root = NULL, *site = NULL;
    enum status rc = key_make(dir, &root_place, NULL, from, &root, diag);
    rc = rc == STATUS_OK ? key_make(dir, &site_place, root, from, &site, diag) : rc;
    for (size_t i = 0; i < DEMO_OFFICERS && rc == STATUS_OK; i++) {
        rc = key_make(dir, &place[i], root, from, &officer[i], diag);
    }
    signer_free(site);
    signer_free(root);
    return rc;
}

static enum status unit_make(int dir, const struct demo *demo, const struct demo_unit *unit,
                             const struct demo_approval *approval, struct diag *diag)
{
    struct demo_batch batch = { .dir = dir, .folder = "intake", .unit = unit, .suffix = "" };
    struct demo_row row[DEMO_ROWS_MAX];
    enum status rc = STATUS_OK;
    for (uint64_t ordinal = 1; ordinal <= unit->people && rc == STATUS_OK; ordinal++) {
        struct demo_person person = demo_person_of(demo, unit, ordinal, demo->options.period, false);
        unsigned count = demo_rows(&person, row);
        for (unsigned i = 0; i < count && rc == STATUS_OK; i++) {
            rc = demo_batch_add(&batch, benefit_family(row[i].benefit), &row[i], diag);
        }
    }
    rc = rc == STATUS_OK ? demo_batch_close(&batch, approval, diag) : rc;
    demo_batch_release(&batch);
    return rc;
}

static enum status intake_make(int dir, const struct demo *demo, const struct demo_approval *approval,
                               struct diag *diag)
{
    enum status rc = STATUS_OK;
    for (size_t i = 0; i < demo->unit_count && rc == STATUS_OK; i++) {
        rc = unit_make(dir, demo, &demo->unit[i], approval, diag);
    }
    return rc == STATUS_OK ? sys_dir_sync(dir, "intake", diag) : rc;
}

static enum status config_make(int dir, const struct demo *demo, struct signer *const officer[DEMO_OFFICERS],
                               struct diag *diag)
{
    struct buf xml = BUF_INIT(CONFIG_BYTES_MAX);
    struct digest fingerprint[DEMO_OFFICERS];
    for (size_t i = 0; i < DEMO_OFFICERS; i++) {
        fingerprint[i] = *certificate_fingerprint(signer_certificate(officer[i]));
    }
    enum status rc = demo_config_write(demo, fingerprint, &xml);
    rc = rc == STATUS_OK ? sys_publish(dir, "chitra.xml", buf_span(&xml), diag) : rc;
    buf_release(&xml);
    return rc;
}

/* When an office approves a month's rows: on the afternoon before the month, or now if that is earlier,
 * so that the signature is never from the future of a clock that runs the month. */
static struct sys_time approval_time(month_t period, struct sys_time now)
{
    struct sys_time eve = { month_first(period) - 1, 16 * 3600 };
    return sys_time_unix(now) < sys_time_unix(eve) ? now : eve;
}

static enum status people_make(int dir, const struct demo *demo, struct sys_time now, struct diag *diag)
{
    struct signer *officer[DEMO_OFFICERS] = { NULL };
    month_t period = demo->options.period;
    struct demo_approval first = { NULL, approval_time(period, now) };
    struct demo_approval second = { NULL, approval_time(period + 1, now) };
    /* The certificates are a month old when they are first used. */
    struct sys_time from = { first.at.day - 31, 0 };
    enum status rc = keys_make(dir, from, officer, diag);
    first.office = second.office = officer[DEMO_OFFICE];
    rc = rc == STATUS_OK ? intake_make(dir, demo, &first, diag) : rc;
    rc = rc == STATUS_OK ? demo_later_make(dir, demo, &second, diag) : rc;
    rc = rc == STATUS_OK ? config_make(dir, demo, officer, diag) : rc;
    for (size_t i = 0; i < DEMO_OFFICERS; i++) {
        signer_free(officer[i]);
    }
    return rc;
}

enum status demo_site_make(int dir, const struct demo_options *options, struct diag *diag)
{
    struct demo demo = { .unit_count = 0 };
    struct sys_time now;
    int formats = -1;
    char path[DIAG_FILE_BYTES];
    enum status rc = sys_now(&now, diag);
    rc = rc == STATUS_OK ? site_formats_open(&formats, path, diag) : rc;
    rc = rc == STATUS_OK ? demo_new(options, formats, &demo, diag) : rc;
    rc = rc == STATUS_OK ? site_folders_make(dir, diag) : rc;
    rc = rc == STATUS_OK ? people_make(dir, &demo, now, diag) : rc;
    demo_release(&demo);
    sys_dir_close(formats);
    return rc;
}
