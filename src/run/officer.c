/* officer.c - officers act: what a claim proves, what the two-person rule allows, what is signed. */
#include "officer.h"

#include "chitra/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    KEY_BYTES_MAX = 64 * 1024,
    SIGNED_BYTES_MAX = 64 * 1024 * 1024     /* a release of a nation's files by name and digest */
};

static enum status refused(const char *what, const char *name, struct diag *diag)
{
    enum status rc = diag_fail(diag, STATUS_SIGNATURE, "%s", what);

    diag_found(diag, "%s", name);
    return rc;
}

/* ---- who it is ---- */

/* The certificates of one officer that lie in trust/, and the key that belongs to one of them. */
static enum status key_load(struct officer *officer, const char *path, struct diag *diag)
{
    const struct site *site = officer->site;
    const struct certificate **own = mem_alloc(site->trusted_count + 1, sizeof(struct certificate *));
    struct buf key = BUF_INIT(KEY_BYTES_MAX);
    size_t count = 0;

    for (size_t i = 0; i < site->trusted_count; i++) {
        if (officer_has_certificate(officer->bound, certificate_fingerprint(site->trusted[i]))) {
            own[count++] = site->trusted[i];
        }
    }
    enum status rc = sys_read_private(AT_FDCWD, path, &key, diag);
    if (rc == STATUS_OK) {
        rc = signer_of(buf_span(&key), own, count, path, officer->time, &officer->signer, diag);
        rc = rc == STATUS_CONFIG ? STATUS_SIGNATURE : rc;   /* a matter of who acts, not of the site */
    }
    if (key.data != NULL) {
        explicit_bzero(key.data, key.capacity);
    }
    buf_release(&key);
    free(own);
    return rc;
}

static enum status claim_prove(struct officer *officer, const char *key, struct diag *diag)
{
    const struct site_officer *bound = officer_of_name(officer->site->config, officer->name);
    enum status rc = STATUS_OK;

    officer->bound = bound;
    if (bound == NULL) {
        rc = refused("chitra.xml names no such officer", officer->name, diag);
    } else if (!officer_in_office(bound, officer->time.day)) {
        rc = refused("the officer is not in office today", officer->name, diag);
    } else if (officer_units(bound, officer->role, FAMILY_COUNT) == 0) {
        rc = diag_fail(diag, STATUS_SIGNATURE, "the officer may not %s", officer_role_name(officer->role));
        diag_found(diag, "%s", officer->name);
    }
    return rc == STATUS_OK ? key_load(officer, key, diag) : rc;
}

enum status officer_new(const struct site *site, struct ledger *ledger, const struct officer_claim *claim,
                        enum officer_role role, struct officer *officer, struct diag *diag)
{
    char user[64];

    *officer = (struct officer){ .site = site, .ledger = ledger, .role = role };
    sys_user(user, sizeof(user));
    enum status rc = sys_now(&officer->time, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    sys_time_write(officer->time, officer->at);
    if (claim == NULL || claim->name == NULL) {
        snprintf(officer->who, sizeof(officer->who), "%s", user);
        return claim == NULL || claim->key == NULL ? STATUS_OK : diag_fail(diag, STATUS_USAGE, "--key needs --as NAME");
    }
    struct span name = span_of(claim->name);
    if (name.size == 0 || name.size >= sizeof(officer->name) || !text_is_clean(name)) {
        return diag_fail(diag, STATUS_USAGE, "--as: a name of 1 to %zu bytes is expected", sizeof(officer->name) - 1);
    }
    memcpy(officer->name, name.data, name.size + 1);
    if (claim->key == NULL) {
        /* What nobody proved is not written down as if somebody had. */
        snprintf(officer->who, sizeof(officer->who), "%s (%s)", officer->name, user);
        return STATUS_OK;
    }
    memcpy(officer->who, officer->name, sizeof(officer->name));
    return claim_prove(officer, claim->key, diag);
}

void officer_release(struct officer *officer)
{
    signer_free(officer->signer);
    officer->signer = NULL;
}

/* ---- whether they may ---- */

/* The stricter of today's policy and that of the run: whoever can edit chitra.xml does not take the second key
 * away from what was prepared under it. */
static enum status is_dual(const struct officer *officer, const struct ledger_run *run, bool *dual, struct diag *diag)
{
    struct site_config *sealed = NULL;
    enum status rc = STATUS_OK;

    *dual = officer->site->config->release == RELEASE_DUAL;
    if (!*dual && run->run != 0) {
        rc = archive_config(officer->site, &run->config, "chitra.xml of the run", &sealed, diag);
        *dual = rc == STATUS_OK && sealed->release == RELEASE_DUAL;
    }
    site_config_free(sealed);
    return rc;
}

static enum status another_check(const struct officer *officer, const struct ledger_preparer *by, struct diag *diag)
{
    const struct digest *key = certificate_key(signer_certificate(officer->signer));
    enum status rc = STATUS_OK;

    if (strcmp(by->officer, officer->name) == 0) {
        rc = refused("the same person prepared it", officer->name, diag);
    } else if (digest_equal(key, &by->key)) {
        rc = refused("the same key prepared it", by->officer, diag);
    } else if (officer->bound->user[0] != '\0' && strcmp(officer->bound->user, by->who) == 0) {
        rc = refused("the same person prepared it, under the login of chitra.xml", by->who, diag);
    }
    if (rc != STATUS_OK) {
        diag_hint(diag, "policy dual: what one prepares another one certifies");
    }
    return rc;
}

/* Whether they may do it at all; *another: only if somebody else prepared it. */
static enum status may(const struct officer *officer, const struct ledger_run *run, const char *unit, bool *another,
                       struct diag *diag)
{
    bool dual = false;
    enum status rc = is_dual(officer, run, &dual, diag);

    *another = dual && officer->signer != NULL;
    if (rc == STATUS_OK && dual && officer->signer == NULL) {
        rc = diag_fail(diag, STATUS_SIGNATURE, "policy dual: an officer's key is needed");
        diag_hint(diag, "--as NAME --key KEY");
    }
    if (rc != STATUS_OK || officer->signer == NULL) {
        return rc;
    }
    int index = unit[0] == '\0' ? -1 : site_unit_find(officer->site->config, span_of(unit));
    if (index >= 0 && (officer_units(officer->bound, officer->role, FAMILY_COUNT) >> index & 1) == 0) {
        rc = diag_fail(diag, STATUS_SIGNATURE, "the officer may not %s for unit %s", officer_role_name(officer->role),
                       unit);
        diag_found(diag, "%s", officer->name);
    }
    return rc;
}

/* Who prepared a run, and who made a generation of a file afterwards or placed a hold (NULL: nobody did). */
static enum status check(const struct officer *officer, int64_t run, const struct ledger_preparer *after, const char *unit,
                         struct diag *diag)
{
    struct ledger_run prepared = { .run = 0 };
    struct ledger_preparer by = { .who = "" };
    bool another = false;

    enum status rc = run == 0 ? STATUS_OK : ledger_run_get(officer->ledger, run, &prepared, diag);
    if (rc == STATUS_OK) {
        rc = may(officer, &prepared, unit, &another, diag);
    }
    if (rc == STATUS_OK && another && run != 0) {
        memcpy(by.who, prepared.who, sizeof(by.who));
        memcpy(by.officer, prepared.officer, sizeof(by.officer));
        by.key = prepared.officer_key;
        rc = another_check(officer, &by, diag);
    }
    return rc == STATUS_OK && another && after != NULL ? another_check(officer, after, diag) : rc;
}

enum status officer_check(const struct officer *officer, int64_t run, const char *unit, struct diag *diag)
{
    return check(officer, run, NULL, unit, diag);
}

enum status officer_check_file(const struct officer *officer, const struct ledger_file *file, struct diag *diag)
{
    return check(officer, file->run, file->preparer.who[0] == '\0' ? NULL : &file->preparer, file->unit_code, diag);
}

enum status officer_check_hold(const struct officer *officer, const struct ledger_hold *hold, const char *unit,
                               struct diag *diag)
{
    return check(officer, 0, &hold->placed, unit, diag);
}

/* ---- what they do ---- */

/* The event's fields, one a line, then the content: a signature can stand for nothing else. */
static enum status signed_write(const struct ledger_event *event, struct span content, struct buf *to)
{
    enum status rc = buf_add_format(to, "chitra 1\nact: %s\nsubject: %s\nunit: %s\nwho: %s\nat: %s\nwhy: %s\n\n",
                                    event->kind, event->subject, event->unit, event->who, event->at, event->why);

    return rc == STATUS_OK ? buf_add(to, content.data, content.size) : rc;
}

static enum status act_sign(const struct officer *officer, struct ledger_event *event, struct span content,
                            struct diag *diag)
{
    const struct certificate *certificate = signer_certificate(officer->signer);
    struct buf text = BUF_INIT(SIGNED_BYTES_MAX);
    struct buf der = BUF_INIT(KEY_BYTES_MAX);
    struct ledger_signature signature = { .signer = *certificate_fingerprint(certificate) };
    struct cms_signature made;

    enum status rc = signed_write(event, content, &text);
    if (rc == STATUS_OK) {
        rc = cms_sign(officer->signer, buf_span(&text), officer->time, &der, diag);
    }
    if (rc == STATUS_OK) {
        rc = cms_verify(buf_span(&der), buf_span(&text), &certificate, 1, officer->time, officer->name, &made, diag);
    }
    if (rc == STATUS_OK) {
        rc = archive_store(officer->site, officer->site->config_xml, &signature.config, diag);
    }
    if (rc == STATUS_OK) {
        signature.content = buf_span(&text);
        signature.der = buf_span(&der);
        digest_of(signature.content, &event->digest);
        rc = ledger_signature_add(officer->ledger, event, &signature, diag);
    }
    buf_release(&text);
    buf_release(&der);
    return rc;
}

enum status officer_act(const struct officer *officer, struct ledger_event *event, struct span content,
                        struct diag *diag)
{
    event->who = officer->who;
    event->at = officer->at;
    if (!text_is_clean(span_of(event->why))) {
        return diag_fail(diag, STATUS_USAGE, "a reason on one line is expected");
    }
    enum status rc = officers_record(officer->site->config, officer->ledger, officer->who, officer->at, diag);
    if (rc == STATUS_OK) {
        rc = officer->signer == NULL ? ledger_event_add(officer->ledger, event, diag)
                                     : act_sign(officer, event, content, diag);
    }
    return rc;
}

/* ---- whether they did ---- */

/* By the configuration of then: whose certificate it was, in office, with a say in such things. */
static enum status binding_verify(const struct site *site, const struct ledger_event *event,
                                  const struct ledger_signature *signature, day_t day, struct diag *diag)
{
    struct site_config *config = NULL;

    enum status rc = archive_config(site, &signature->config, "chitra.xml of then", &config, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    const struct site_officer *officer = officer_of_certificate(config, &signature->signer);
    if (officer == NULL || strcmp(officer->name, event->who) != 0) {
        rc = refused("the certificate was not that of the named officer", event->who, diag);
    } else if (!officer_in_office(officer, day)) {
        rc = refused("the officer was not in office", event->who, diag);
    } else if (officer_units(officer, ROLE_CERTIFIES, FAMILY_COUNT) == 0 &&
               officer_units(officer, ROLE_PREPARES, FAMILY_COUNT) == 0) {
        rc = refused("the officer had no such role", event->who, diag);
    }
    site_config_free(config);
    return rc;
}

enum status officer_verify(const struct site *site, const struct ledger_event *event,
                           const struct ledger_signature *signature, struct diag *diag)
{
    struct buf head = BUF_INIT(SIGNED_BYTES_MAX);
    struct certificate *certificate = NULL;
    struct cms_signature made;
    struct sys_time at;
    struct digest digest;

    digest_of(signature->content, &digest);
    enum status rc = signed_write(event, SPAN_EMPTY, &head);
    if (rc == STATUS_OK &&
        (!sys_time_read(span_of(event->at), &at) || !digest_equal(&digest, &event->digest) ||
         signature->content.size < head.size || memcmp(signature->content.data, head.data, head.size) != 0)) {
        rc = diag_fail(diag, STATUS_CONFLICT, "what was signed is not what the event says");
    }
    if (rc == STATUS_OK) {
        rc = cms_certificate(signature->der, &signature->signer, &certificate, diag);
    }
    if (rc == STATUS_OK) {
        rc = cms_verify(signature->der, signature->content, (const struct certificate *const *)&certificate, 1, at,
                        event->who, &made, diag);
    }
    if (rc == STATUS_OK) {
        rc = binding_verify(site, event, signature, at.day, diag);
    }
    certificate_free(certificate);
    buf_release(&head);
    return rc;
}
