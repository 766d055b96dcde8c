/*
 * archive.c - content by its digest: archive/<first two hex digits>/<hex>.
 *
 * What lies there is never written again. A crash while storing leaves a temporary file, which the
 * next opening of the site removes, or the whole content, which the next storing finds.
 */
#include "chitra/site.h"

#include "chitra/text.h"

#include <stdio.h>

enum { ARCHIVE_PATH_BYTES = 8 + 2 + 1 + DIGEST_HEX_BYTES };

static void archive_path(const struct digest *digest, char path[ARCHIVE_PATH_BYTES])
{
    char hex[DIGEST_HEX_BYTES];
    digest_hex(digest, hex);
    snprintf(path, ARCHIVE_PATH_BYTES, "archive/%.2s/%s", hex, hex);
}

/* Makes the folder that a path of the archive lies in. */
static enum status archive_folder(const struct site *site, const char *path, char folder[11], struct diag *diag)
{
    snprintf(folder, 11, "%.10s", path);
    return sys_dir_make(site->dir, folder, diag);
}

enum status archive_store(const struct site *site, struct span content, struct digest *digest, struct diag *diag)
{
    char path[ARCHIVE_PATH_BYTES], folder[11];
    digest_of(content, digest);
    archive_path(digest, path);
    if (sys_exists(site->dir, path)) {
        return STATUS_OK;
    }
    enum status rc = archive_folder(site, path, folder, diag);
    return rc == STATUS_OK ? sys_publish(site->dir, path, content, diag) : rc;
}

/* The folder of a path within the site. */
static void parent_of(const char *path, char parent[DIAG_FILE_BYTES])
{
    const char *slash = strrchr(path, '/');
    int size = slash == NULL ? 0 : (int)(slash - path);
    snprintf(parent, DIAG_FILE_BYTES, "%.*s", size, path);
    if (size == 0) {
        snprintf(parent, DIAG_FILE_BYTES, ".");
    }
}

/* The content is there already: the second copy goes, once the first has shown that it is whole. */
static enum status drop_copy(const struct site *site, const char *path, const struct digest *digest,
                             struct diag *diag)
{
    struct buf kept = BUF_INIT(SIZE_MAX);
    enum status rc = archive_read(site, digest, &kept, diag);
    buf_release(&kept);
    return rc == STATUS_OK ? sys_remove(site->dir, path, diag) : rc;
}

enum status archive_move(const struct site *site, const char *path, const struct digest *digest, struct diag *diag)
{
    char to[ARCHIVE_PATH_BYTES], folder[11], parent[DIAG_FILE_BYTES];
    archive_path(digest, to);
    parent_of(path, parent);
    if (sys_exists(site->dir, to)) {
        if (!sys_exists(site->dir, path)) {
            return STATUS_OK;   /* moved before a crash */
        }
        return drop_copy(site, path, digest, diag);
    }
    enum status rc = archive_folder(site, to, folder, diag);
    rc = rc == STATUS_OK ? sys_move(site->dir, path, to, diag) : rc;
    /* A crash here leaves the file in one of the two folders; either is found again. */
    rc = rc == STATUS_OK ? sys_dir_sync(site->dir, folder, diag) : rc;
    return rc == STATUS_OK ? sys_dir_sync(site->dir, parent, diag) : rc;
}

bool archive_has(const struct site *site, const struct digest *digest)
{
    char path[ARCHIVE_PATH_BYTES];

    archive_path(digest, path);
    return sys_exists(site->dir, path);
}

enum status archive_read(const struct site *site, const struct digest *digest, struct buf *content,
                         struct diag *diag)
{
    char path[ARCHIVE_PATH_BYTES];
    struct digest found;
    archive_path(digest, path);
    size_t before = content->size;
    enum status rc = sys_read(site->dir, path, content, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    struct span read = { content->data == NULL ? "" : content->data + before, content->size - before };
    digest_of(read, &found);
    if (!digest_equal(&found, digest)) {
        content->size = before;
        diag_fail(diag, STATUS_CONFLICT, "archived content is not what was stored");
        diag_at(diag, path, 0, 0);
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

/* One name in a folder of the archive: the digest of what lies there. */
static enum status content_check(const struct site *site, const char *folder, const char *name, struct diag *fault)
{
    struct digest digest;
    struct buf content = BUF_INIT(SIZE_MAX);
    char path[DIAG_FILE_BYTES + 16];
    enum status rc;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (strncmp(folder + strlen("archive/"), name, 2) != 0 || !text_unhex(span_of(name), digest.bytes, DIGEST_BYTES)) {
        rc = diag_fail(fault, STATUS_CONFLICT, "no content of the archive has this name");
        diag_at(fault, path, 0, 0);
        return rc;
    }
    rc = archive_read(site, &digest, &content, fault);
    buf_release(&content);
    return rc;
}

enum status archive_check(const struct site *site, archive_fault *tell, void *context, uint64_t *count,
                          struct diag *diag)
{
    enum status rc = STATUS_OK;
    *count = 0;
    for (unsigned i = 0; i < 256 && rc == STATUS_OK; i++) {
        char folder[16];
        struct sys_names names = { NULL, 0 };
        snprintf(folder, sizeof folder, "archive/%02x", i);
        if (sys_exists(site->dir, folder)) {
            rc = sys_dir_list(site->dir, folder, &names, diag);
        }
        for (size_t j = 0; j < names.count && rc == STATUS_OK; j++) {
            struct diag fault = { .line = 0 };
            enum status kind = content_check(site, folder, names.name[j], &fault);
            if (kind != STATUS_OK) {
                tell(context, kind, &fault);
            }
            *count += 1;
        }
        sys_names_release(&names);
    }
    return rc;
}

enum status archive_config(const struct site *site, const struct digest *digest, const char *name,
                           struct site_config **config, struct diag *diag)
{
    struct buf xml = BUF_INIT(SITE_CONFIG_BYTES_MAX);
    *config = NULL;
    enum status rc = archive_read(site, digest, &xml, diag);
    rc = rc == STATUS_OK ? site_config_new(buf_span(&xml), name, SPAN_EMPTY, config, diag) : rc;
    buf_release(&xml);
    return rc;
}
