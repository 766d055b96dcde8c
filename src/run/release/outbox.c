/* outbox.c - folders and signed lists of what leaves the site. */
#include "outbox.h"

#include <stdio.h>

enum { LIST_BYTES_MAX = 64 * 1024 * 1024, FILE_BYTES_MAX = 1 << 30, CMS_BYTES_MAX = 1 << 20 };

void outbox_folder_of(const char *path, char folder[DIAG_FILE_BYTES])
{
    const char *slash = strrchr(path, '/');

    ASSERT(slash != NULL);
    snprintf(folder, DIAG_FILE_BYTES, "%.*s", (int)(slash - path), path);
}

/* Whether an earlier file lies in the folder or below it: files are in the order of their numbers, and the folders
 * of a unit's banks and points come again with the next unit. */
static bool folder_done(const struct ledger_file *file, size_t index, const char *folder)
{
    size_t size = strlen(folder);

    for (size_t i = 0; i < index; i++) {
        if (strncmp(file[i].path, folder, size) == 0 && file[i].path[size] == '/') {
            return true;
        }
    }
    return false;
}

enum status outbox_sync(const struct site *site, const struct ledger_file *file, size_t count, struct diag *diag)
{
    char folder[DIAG_FILE_BYTES];
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        outbox_folder_of(file[i].path, folder);
        while (rc == STATUS_OK && folder[0] != '\0' && !folder_done(file, i, folder)) {
            rc = sys_exists(site->dir, folder) ? sys_dir_sync(site->dir, folder, diag) : STATUS_OK;
            char *slash = strrchr(folder, '/');
            *(slash == NULL ? folder : slash) = '\0';
        }
    }
    return rc;
}

/* ---- signed lists ---- */

void outbox_list_path(month_t pay_month, const char *name, bool signature, char path[DIAG_FILE_BYTES])
{
    char month[8];

    month_write(pay_month, month);
    snprintf(path, DIAG_FILE_BYTES, "outbox/%s/%s.sha256%s", month, name, signature ? ".p7s" : "");
}

static enum status list_make(month_t pay_month, const struct outbox_entry *entry, size_t count, struct buf *list)
{
    char hex[DIGEST_HEX_BYTES];
    char own[DIAG_FILE_BYTES];
    char month[8];
    enum status rc = STATUS_OK;

    month_write(pay_month, month);
    int size = snprintf(own, sizeof(own), "outbox/%s/", month);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        digest_hex(entry[i].content, hex);
        rc = strncmp(entry[i].path, own, (size_t)size) == 0
                 ? buf_add_format(list, "%s  %s\n", hex, entry[i].path + size)
                 : buf_add_format(list, "%s  ../../%s\n", hex, entry[i].path);
    }
    return rc;
}

enum status outbox_list_publish(const struct site *site, month_t pay_month, const char *name, const char *at,
                                const struct outbox_entry *entry, size_t count, struct digest *digest,
                                struct diag *diag)
{
    struct buf list = BUF_INIT(LIST_BYTES_MAX);
    struct buf signature = BUF_INIT(CMS_BYTES_MAX);
    struct signer *signer = NULL;
    struct sys_time signed_at;
    char path[DIAG_FILE_BYTES];
    char folder[DIAG_FILE_BYTES];

    ASSERT(sys_time_read(span_of(at), &signed_at));
    enum status rc = list_make(pay_month, entry, count, &list);
    digest_of(buf_span(&list), digest);
    if (rc == STATUS_OK) {
        rc = site_signer(site, signed_at, &signer, diag);
    }
    if (rc == STATUS_OK) {
        rc = cms_sign(signer, buf_span(&list), signed_at, &signature, diag);
    }
    outbox_list_path(pay_month, name, true, path);
    outbox_folder_of(path, folder);
    if (rc == STATUS_OK) {
        rc = sys_dir_make(site->dir, folder, diag);
    }
    /* The signature first: whoever sees the list finds it signed. */
    if (rc == STATUS_OK) {
        rc = sys_publish(site->dir, path, buf_span(&signature), diag);
    }
    outbox_list_path(pay_month, name, false, path);
    if (rc == STATUS_OK) {
        rc = sys_publish(site->dir, path, buf_span(&list), diag);
    }
    signer_free(signer);
    buf_release(&list);
    buf_release(&signature);
    return rc;
}

enum status outbox_hash_check(const struct site *site, const char *path, const struct digest *content,
                              struct diag *diag)
{
    struct buf bytes = BUF_INIT(FILE_BYTES_MAX);
    struct digest digest;

    enum status rc = sys_read(site->dir, path, &bytes, diag);
    digest_of(buf_span(&bytes), &digest);
    if (rc == STATUS_OK && !digest_equal(&digest, content)) {
        rc = diag_fail(diag, STATUS_SIGNATURE, "a file is not what was written and signed");
        diag_at(diag, path, 0, 0);
        diag_hint(diag, "remove nothing; find out who changed it");
    }
    buf_release(&bytes);
    return rc;
}
