/*
 * outbox.h - what release, withdrawal and sending again share, inside run/: the folders of outbox/ and cash/,
 * and the signed lists that name what lies there.
 *
 * A list lies in outbox/<pay-month>/; its names are relative to that folder. Its signature is there before it.
 */
#ifndef CHITRA_RUN_OUTBOX_H
#define CHITRA_RUN_OUTBOX_H

#include "run/world.h"

/* One line of a list. */
struct outbox_entry {
    const char *path;           /* in the site */
    const struct digest *content;
};

/* The folder of a path. */
void outbox_folder_of(const char *path, char folder[DIAG_FILE_BYTES]);
/* Syncs the folders of files, each once, and the folders above, so that new names themselves are on disk. */
enum status outbox_sync(const struct site *site, const struct ledger_file *file, size_t count, struct diag *diag) MUST_USE;

/* Where a list and (signature) its signature lie. */
void outbox_list_path(month_t pay_month, const char *name, bool signature, char path[DIAG_FILE_BYTES]);
/* Publishes a signed list, signed at a time (YYYY-MM-DDThh:mm:ss+07:00); gives its digest. */
enum status outbox_list_publish(const struct site *site, month_t pay_month, const char *name, const char *at,
                                const struct outbox_entry *entry, size_t count, struct digest *digest,
                                struct diag *diag) MUST_USE;

/* Whether a file on disk has a digest: STATUS_SIGNATURE if not, STATUS_NO_INPUT if it is not there. */
enum status outbox_hash_check(const struct site *site, const char *path, const struct digest *content,
                              struct diag *diag) MUST_USE;

#endif
