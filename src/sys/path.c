#include "path.h"

#include <errno.h>

char *path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL) {
        return mem_text(".");
    }
    size_t size = slash == path ? 1 : (size_t)(slash - path);
    char *folder = mem_alloc(size + 1, 1);
    memcpy(folder, path, size);
    return folder;
}

enum status path_create_failed(struct diag *diag, const char *what, const char *path)
{
    enum status status = diag_errno(diag, what, path);
    return status == STATUS_NO_INPUT ? STATUS_CREATE : status;
}

enum status path_read_failed(struct diag *diag, const char *what, const char *path)
{
    enum status status = diag_errno(diag, what, path);
    return errno == EACCES || errno == EPERM ? STATUS_SIGNATURE : status;
}
