/*
 * outbox_check.c - before anything else: does the ledger know what left the site?
 *
 * A ledger restored from a backup, or made anew, does not know the releases after its last moment and
 * would plan their months once more. The signed lists in outbox/ are the witnesses.
 */
#include "run/world.h"

#include <stdio.h>

enum { LIST_BYTES_MAX = 64 * 1024 * 1024 };

static enum status list_check(const struct site *site, struct ledger *ledger, const char *path, const char *name,
                              struct diag *diag)
{
    struct buf list = BUF_INIT(LIST_BYTES_MAX);
    struct digest digest;
    bool known = false;

    enum status rc = sys_read(site->dir, path, &list, diag);
    if (rc == STATUS_OK) {
        digest_of(buf_span(&list), &digest);
        rc = ledger_release_known(ledger, name, &digest, &known, diag);
    }
    if (rc == STATUS_OK && !known) {
        rc = diag_fail(diag, STATUS_CONFLICT, "the ledger does not know this release");
        diag_at(diag, path, 0, 0);
        diag_hint(diag, "state/ledger.db is older than outbox/: put the latest ledger back, or it would pay again");
    }
    buf_release(&list);
    return rc;
}

static enum status folder_check(const struct site *site, struct ledger *ledger, const char *folder, struct diag *diag)
{
    static const char ending[] = ".sha256";
    struct sys_names names = { NULL, 0 };
    char path[DIAG_FILE_BYTES];
    char name[DIAG_FILE_BYTES];

    snprintf(path, sizeof(path), "outbox/%s", folder);
    enum status rc = sys_dir_list(site->dir, path, &names, diag);
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        size_t size = strlen(names.name[i]);
        if (size < sizeof(ending) || strcmp(names.name[i] + size - (sizeof(ending) - 1), ending) != 0) {
            continue;
        }
        int written = snprintf(path, sizeof(path), "outbox/%s/%s", folder, names.name[i]);
        if (written < 0 || (size_t)written >= sizeof(path)) {
            rc = diag_fail(diag, STATUS_LIMIT, "a name in outbox/ is too long");
            break;
        }
        snprintf(name, sizeof(name), "%.*s", (int)(size - (sizeof(ending) - 1)), names.name[i]);
        rc = list_check(site, ledger, path, name, diag);
    }
    sys_names_release(&names);
    return rc;
}

enum status outbox_check(const struct site *site, struct ledger *ledger, struct diag *diag)
{
    struct sys_names folders = { NULL, 0 };

    enum status rc = sys_dir_folders(site->dir, "outbox", &folders, diag);
    for (size_t i = 0; i < folders.count && rc == STATUS_OK; i++) {
        if (strlen(folders.name[i]) >= DIAG_FILE_BYTES - 16) {
            rc = diag_fail(diag, STATUS_LIMIT, "a name in outbox/ is too long");
        } else {
            rc = folder_check(site, ledger, folders.name[i], diag);
        }
    }
    sys_names_release(&folders);
    return rc;
}
