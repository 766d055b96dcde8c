/* carried.c - the payments of a bank file, from its own bytes: what was sent, not what the ledger thinks of it. */
#include "verify.h"

#include <stdio.h>

enum { FILE_BYTES_MAX = 1 << 30 };

struct carried *carried_add(struct carried_list *list)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity * 2 + 256;
        list->item = mem_resize(list->item, list->capacity, sizeof(*list->item));
    }
    list->item[list->count] = (struct carried){ .payment_id = "" };
    return &list->item[list->count++];
}

enum status carried_seen(void *context, const char *end_to_end_id, int64_t amount_dong, const char *account,
                         struct diag *diag)
{
    struct carried *carried = carried_add(context);

    (void)diag;
    snprintf(carried->payment_id, sizeof(carried->payment_id), "%s", end_to_end_id);
    snprintf(carried->account, sizeof(carried->account), "%s", account);
    carried->amount_dong = amount_dong;
    return STATUS_OK;
}

enum status carried_read(const struct site *site, const struct ledger_file *file, struct carried_list *list,
                         struct diag *diag)
{
    struct buf content = BUF_INIT(FILE_BYTES_MAX);
    struct buf plain = BUF_INIT(FILE_BYTES_MAX);
    struct pain001_totals totals;

    enum status rc = sys_exists(site->dir, file->path) ? sys_read(site->dir, file->path, &content, diag)
                                                       : archive_read(site, &file->content, &content, diag);
    bool packed = rc == STATUS_OK && is_gzip(buf_span(&content));
    if (packed) {
        rc = gzip_unpack(buf_span(&content), file->path, &plain, diag);
    }
    if (rc == STATUS_OK) {
        rc = pain001_read(packed ? buf_span(&plain) : buf_span(&content), file->path, &totals, carried_seen, list, diag);
    }
    buf_release(&content);
    buf_release(&plain);
    return rc;
}
