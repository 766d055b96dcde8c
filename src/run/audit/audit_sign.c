/*
 * audit_sign.c - signatures as they were at their time: approvals of intake, officers' decisions, releases.
 *
 * A signature counts by the configuration that its run was sealed on and the certificate that it encloses:
 * who has left since, and whose certificate has gone from trust/, signed what they signed.
 */
#include "auditing.h"
#include "run/officer.h"
#include "run/take/take.h"

#include "chitra/ledger_evidence.h"

#include <stdio.h>
#include <stdlib.h>

enum { SIGNATURE_BYTES_MAX = 1024 * 1024, CONFIG_BYTES_MAX = 16 * 1024 * 1024 };

struct signing {
    struct auditing *auditing;
    struct ledger_run run;      /* the latest asked for */
    struct site_config *config; /* that it was sealed on */
    struct diag *diag;
};

static void told(struct signing *to, enum status kind, struct diag *fault, const char *name)
{
    if (kind != STATUS_OK) {
        diag_at(fault, name, 0, 0);
        fault_add(&to->auditing->faults, kind, fault);
    }
}

/* The run, and the configuration that it was sealed on. */
static enum status run_enter(struct signing *to, int64_t number, struct diag *fault)
{
    struct buf xml = BUF_INIT(CONFIG_BYTES_MAX);

    if (to->run.run == number && to->config != NULL) {
        return STATUS_OK;
    }
    site_config_free(to->config);
    to->config = NULL;
    enum status rc = ledger_run_get(to->auditing->ledger, number, &to->run, fault);
    if (rc == STATUS_OK) {
        rc = archive_read(to->auditing->site, &to->run.config, &xml, fault);
    }
    if (rc == STATUS_OK) {
        rc = site_config_new(buf_span(&xml), "chitra.xml as sealed", SPAN_EMPTY, &to->config, fault);
    }
    buf_release(&xml);
    return rc;
}

/* ---- approvals ---- */

/* From the archive; an approval with files that have not come yet still lies in intake/. */
static enum status evidence_read(const struct site *site, const struct digest *digest, const char *name,
                                 struct buf *content, struct diag *fault)
{
    struct digest found;
    char path[DIAG_FILE_BYTES + 16];
    enum status rc;

    if (archive_has(site, digest)) {
        return archive_read(site, digest, content, fault);
    }
    snprintf(path, sizeof(path), "intake/%s", name);
    if (!sys_exists(site->dir, path)) {
        return diag_fail(fault, STATUS_NO_INPUT, "the archive lacks this approval");
    }
    rc = sys_read(site->dir, path, content, fault);
    digest_of(buf_span(content), &found);
    if (rc == STATUS_OK && !digest_equal(&found, digest)) {
        rc = diag_fail(fault, STATUS_SIGNATURE, "a list that was believed is another now (SHA-256)");
    }
    return rc;
}

static enum status approval_verify(const struct signing *to, const struct ledger_approval *approval, struct span list,
                                   struct span signature, struct diag *fault)
{
    struct certificate *certificate = NULL;
    struct cms_signature made;
    int64_t local = approval->signed_at + 7 * 3600;     /* UTC+7 */
    struct sys_time at = { (day_t)(local / 86400), (int)(local % 86400) };
    const struct site_officer *officer = officer_of_certificate(to->config, &approval->signer);

    enum status rc = cms_certificate(signature, &approval->signer, &certificate, fault);
    if (rc == STATUS_OK) {
        rc = cms_verify(signature, list, (const struct certificate *const *)&certificate, 1, at, approval->name, &made,
                        fault);
    }
    if (rc == STATUS_OK && sys_time_unix(made.signed_at) != approval->signed_at) {
        rc = diag_fail(fault, STATUS_CONFLICT, "the signing time is not the recorded one");
    }
    if (rc == STATUS_OK && (officer == NULL || strcmp(officer->name, approval->officer) != 0 ||
                            (officer_units(officer, ROLE_APPROVES, FAMILY_COUNT) == 0 &&
                             officer_units(officer, ROLE_PAYS_CASH, FAMILY_COUNT) == 0) ||
                            !officer_in_office(officer, made.signed_at.day))) {
        rc = diag_fail(fault, STATUS_SIGNATURE, "by the configuration of its run, the signer could not approve");
        diag_found(fault, "%s", approval->officer);
    }
    certificate_free(certificate);
    return rc;
}

/* The intake files that were taken under this approval: it must name them. */
static enum status names_check(struct signing *to, const struct ledger_approved_list *item, struct span list)
{
    struct ledger_intake *intake = NULL;
    struct intake_list names = { NULL, 0 };
    struct diag fault = { .line = 0 };
    size_t count = 0;

    enum status rc = ledger_intake_list(to->auditing->ledger, 0, &intake, &count, to->diag);
    if (rc == STATUS_OK) {
        told(to, intake_list_read(list, item->approval.name, &names, &fault), &fault, item->approval.name);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        bool named = intake[i].approval != item->number;
        for (size_t j = 0; j < names.count && !named; j++) {
            named = memcmp(names.item[j].sha256, intake[i].sha256.bytes, DIGEST_BYTES) == 0;
        }
        if (!named) {
            (void)diag_fail(&fault, STATUS_SIGNATURE, "an intake file that its approval does not name");
            diag_found(&fault, "%s", intake[i].name);
            told(to, STATUS_SIGNATURE, &fault, item->approval.name);
        }
    }
    intake_list_release(&names);
    free(intake);
    return rc;
}

static enum status approval_check(struct signing *to, const struct ledger_approved_list *item)
{
    struct buf list = BUF_INIT(TAKE_LIST_BYTES_MAX);
    struct buf signature = BUF_INIT(SIGNATURE_BYTES_MAX);
    struct diag fault = { .line = 0 };
    char beside[DIAG_FILE_BYTES + 8];
    enum status rc = STATUS_OK;

    snprintf(beside, sizeof(beside), "%s.p7s", item->approval.name);
    enum status kind = run_enter(to, item->run, &fault);
    if (kind == STATUS_OK) {
        kind = evidence_read(to->auditing->site, &item->approval.list, item->approval.name, &list, &fault);
    }
    if (kind == STATUS_OK) {
        kind = evidence_read(to->auditing->site, &item->approval.signature, beside, &signature, &fault);
    }
    if (kind == STATUS_OK) {
        kind = approval_verify(to, &item->approval, buf_span(&list), buf_span(&signature), &fault);
    }
    told(to, kind, &fault, item->approval.name);
    if (kind == STATUS_OK) {
        rc = names_check(to, item, buf_span(&list));
        to->auditing->audited->approvals++;
    }
    buf_release(&list);
    buf_release(&signature);
    return rc;
}

static enum status approvals_check(struct signing *to)
{
    struct ledger_approved_list *list = NULL;
    size_t count = 0;

    enum status rc = ledger_approvals(to->auditing->ledger, &list, &count, to->diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = approval_check(to, &list[i]);
    }
    free(list);
    return rc;
}

/* ---- officers ---- */

static enum status officers_check(struct signing *to)
{
    struct arena arena = ARENA_INIT;
    struct ledger_signature signature = { .event = 0 };
    struct ledger_event event;
    bool more = true;
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && more) {
        struct diag fault = { .line = 0 };
        arena_clear(&arena);
        rc = ledger_signature_next(to->auditing->ledger, signature.event, &arena, &signature, &event, &more, to->diag);
        if (rc == STATUS_OK && more) {
            enum status kind = officer_verify(to->auditing->site, &event, &signature, &fault);
            told(to, kind, &fault, "state/ledger.db");
            to->auditing->audited->officers++;
        }
    }
    arena_release(&arena);
    return rc;
}

/* ---- releases ---- */

/* Who signs for the site changes over the years: any certificate that signed its files may have signed a list. */
static enum status own_certificate(struct signing *to, struct span der, struct certificate **certificate,
                                   struct diag *fault)
{
    struct digest *own = NULL;
    size_t count = 0;
    struct diag unknown = { .line = 0 };

    enum status rc = ledger_certificates(to->auditing->ledger, &own, &count, fault);
    bool found = false;
    for (size_t i = 0; i < count && rc == STATUS_OK && !found; i++) {
        found = cms_certificate(der, &own[i], certificate, &unknown) == STATUS_OK;
    }
    free(own);
    if (rc == STATUS_OK && !found) {
        rc = diag_fail(fault, STATUS_SIGNATURE, "the list is signed by none who signed files of this site");
    }
    return rc;
}

static enum status list_verify(struct signing *to, const struct ledger_release *release, struct span list,
                               struct span der, struct diag *fault)
{
    struct certificate *certificate = NULL;
    struct cms_signature made;
    struct sys_time at;

    if (!sys_time_read(span_of(release->at), &at)) {
        return diag_fail(fault, STATUS_CONFLICT, "the time of release %s cannot be read", release->name);
    }
    enum status rc = own_certificate(to, der, &certificate, fault);
    if (rc == STATUS_OK) {
        rc = cms_verify(der, list, (const struct certificate *const *)&certificate, 1, at, release->name, &made, fault);
    }
    certificate_free(certificate);
    return rc;
}

/* One signed list of outbox/. What is in it is compared with the ledger where files are. */
static enum status list_check(struct signing *to, const char *folder, const char *file)
{
    struct auditing *auditing = to->auditing;
    struct buf list = BUF_INIT(TAKE_LIST_BYTES_MAX);
    struct buf der = BUF_INIT(SIGNATURE_BYTES_MAX);
    struct ledger_release release = { .release = 0 };
    struct digest digest;
    struct diag fault = { .line = 0 };
    char path[2 * DIAG_FILE_BYTES];
    char name[DIAG_FILE_BYTES];

    snprintf(name, sizeof(name), "%.*s", (int)(strlen(file) - strlen(".sha256")), file);
    snprintf(path, sizeof(path), "outbox/%s/%s.p7s", folder, file);
    enum status kind = sys_read(auditing->site->dir, path, &der, &fault);
    path[strlen(path) - strlen(".p7s")] = '\0';
    if (kind == STATUS_OK) {
        kind = sys_read(auditing->site->dir, path, &list, &fault);
    }
    if (kind == STATUS_OK) {
        digest_of(buf_span(&list), &digest);
        kind = ledger_release_of_list(auditing->ledger, name, &digest, &release, &fault);
    }
    if (kind == STATUS_OK) {
        kind = list_verify(to, &release, buf_span(&list), buf_span(&der), &fault);
        auditing->audited->releases++;
    }
    told(to, kind, &fault, path);
    buf_release(&list);
    buf_release(&der);
    return STATUS_OK;
}

static enum status releases_check(struct signing *to)
{
    const struct site *site = to->auditing->site;
    struct sys_names folders = { NULL, 0 };
    char path[DIAG_FILE_BYTES];

    enum status rc = sys_dir_folders(site->dir, "outbox", &folders, to->diag);
    for (size_t i = 0; i < folders.count && rc == STATUS_OK; i++) {
        struct sys_names names = { NULL, 0 };
        snprintf(path, sizeof(path), "outbox/%.*s", DIAG_FILE_BYTES - 8, folders.name[i]);
        rc = sys_dir_list(site->dir, path, &names, to->diag);
        for (size_t j = 0; j < names.count && rc == STATUS_OK; j++) {
            if (take_entry_of(names.name[j]) == TAKE_LIST) {
                rc = list_check(to, folders.name[i], names.name[j]);
            }
        }
        sys_names_release(&names);
    }
    sys_names_release(&folders);
    return rc;
}

enum status audit_signatures(struct auditing *auditing, struct diag *diag)
{
    struct signing to = { .auditing = auditing, .diag = diag };

    enum status rc = approvals_check(&to);
    if (rc == STATUS_OK) {
        rc = officers_check(&to);
    }
    if (rc == STATUS_OK) {
        rc = releases_check(&to);
    }
    site_config_free(to.config);
    return rc;
}
