/* Lists as sha256sum writes them: what an approving office signs. */
#include "intake_internal.h"

#include "chitra/text.h"

#include <stdlib.h>

enum {
    HEX_BYTES = 64,
    NAME_BYTES_MAX = 255    /* NAME_MAX of the file systems that can hold a site */
};

static enum status line_refuse(const char *name, uint64_t line, const char *what, struct diag *diag)
{
    enum status rc = diag_fail(diag, STATUS_INPUT, "%s", what);
    diag_at(diag, name, line, 0);
    return rc;
}

/* A name in the list's own folder: nothing that leads out of it, hides in it or breaks a line. */
static bool name_is_good(struct span name)
{
    return name.size > 0 && name.size <= NAME_BYTES_MAX && name.data[0] != '.' &&
           memchr(name.data, '/', name.size) == NULL && text_is_clean(name);
}

/* "<64 hex>  <name>", or " *" before the name for binary. */
static enum status line_read(struct span line, struct intake_approved *item, const char *name, uint64_t number,
                             struct diag *diag)
{
    const size_t name_start = HEX_BYTES + 2;

    if (line.size < name_start || line.data[HEX_BYTES] != ' ' ||
        (line.data[HEX_BYTES + 1] != ' ' && line.data[HEX_BYTES + 1] != '*') ||
        !text_unhex((struct span){ line.data, HEX_BYTES }, item->sha256, sizeof(item->sha256))) {
        enum status rc = line_refuse(name, number, "no line of sha256sum", diag);
        diag_expected(diag, "64 hexadecimal digits, two spaces and a name");
        return rc;
    }
    struct span file = { line.data + name_start, line.size - name_start };
    if (!name_is_good(file)) {
        enum status rc = line_refuse(name, number, "the name of a listed file is refused", diag);
        diag_expected(diag, "a name without '/', leading dot or control characters");
        return rc;
    }
    item->name = mem_resize(NULL, file.size + 1, 1);
    memcpy(item->name, file.data, file.size);
    item->name[file.size] = '\0';
    return STATUS_OK;
}

static struct intake_approved *item_add(struct intake_list *list, size_t *capacity)
{
    if (list->count == *capacity) {
        *capacity = *capacity == 0 ? 16 : *capacity * 2;
        list->item = mem_resize(list->item, *capacity, sizeof(*list->item));
    }
    return &list->item[list->count];
}

static int compare_names(const void *a, const void *b)
{
    const struct intake_approved *left = *(const struct intake_approved *const *)a;
    const struct intake_approved *right = *(const struct intake_approved *const *)b;
    int order = strcmp(left->name, right->name);
    /* Of two equal names the later line is the one to blame. */
    return order != 0 ? order : (left > right) - (left < right);
}

static enum status doubles_refuse(const struct intake_list *list, const char *name, struct diag *diag)
{
    enum status rc = STATUS_OK;
    const struct intake_approved **sorted = mem_alloc(list->count, sizeof(*sorted));

    for (size_t i = 0; i < list->count; i++) {
        sorted[i] = &list->item[i];
    }
    qsort(sorted, list->count, sizeof(*sorted), compare_names);
    for (size_t i = 1; rc == STATUS_OK && i < list->count; i++) {
        if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0) {
            rc = line_refuse(name, (uint64_t)(sorted[i] - list->item) + 1, "a file is listed twice", diag);
            diag_found(diag, "%s", sorted[i]->name);
        }
    }
    free(sorted);
    return rc;
}

enum status intake_list_read(struct span content, const char *name, struct intake_list *list, struct diag *diag)
{
    enum status rc = STATUS_OK;
    size_t capacity = 0, at = 0;

    *list = (struct intake_list){ NULL, 0 };
    while (rc == STATUS_OK && at < content.size) {
        const char *from = content.data + at;
        const char *feed = memchr(from, '\n', content.size - at);
        size_t size = feed == NULL ? content.size - at : (size_t)(feed - from);
        at += size + 1;
        rc = line_read((struct span){ from, size }, item_add(list, &capacity), name, list->count + 1, diag);
        list->count += rc == STATUS_OK;
    }
    if (rc == STATUS_OK) {
        rc = doubles_refuse(list, name, diag);
    }
    if (rc != STATUS_OK) {
        intake_list_release(list);
    }
    return rc;
}

void intake_list_release(struct intake_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->item[i].name);
    }
    free(list->item);
    *list = (struct intake_list){ NULL, 0 };
}
