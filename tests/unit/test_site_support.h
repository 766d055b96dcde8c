/*
 * test_site_support.h - what the tests of sites share: a temporary folder, a configuration to change.
 */
#ifndef TEST_SITE_SUPPORT_H
#define TEST_SITE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chitra/site.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static inline int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info, (void)type, (void)walk;
    return remove(path);
}

static inline void folder_remove(const char *folder)
{
    assert_int_equal(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* A new folder; the name in `folder`. */
static inline void folder_make(char folder[64])
{
    snprintf(folder, 64, "/tmp/chitra-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

/* A file of the repository; tests run in its root. */
static inline struct buf repository_read(const char *path)
{
    struct buf bytes = BUF_INIT(1 << 24);
    struct diag diag = { .line = 0 };
    assert_int_equal(sys_read(AT_FDCWD, path, &bytes, &diag), STATUS_OK);
    return bytes;
}

static inline void file_put(const char *folder, const char *name, struct span bytes)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    assert_int_equal(fclose(file), 0);
}

static inline bool file_is_there(const char *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

#endif
