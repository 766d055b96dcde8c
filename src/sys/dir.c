/* Folders: opening, making, syncing, listing, sweeping; moving and removing what is in them. */
#include "path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIR_FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

enum status sys_dir_open(int dir, const char *path, int *opened, struct diag *diag)
{
    *opened = openat(dir, path, DIR_FLAGS);
    return *opened < 0 ? path_read_failed(diag, "the folder cannot be opened", path) : STATUS_OK;
}

void sys_dir_close(int dir)
{
    if (dir >= 0) {
        /* A folder that was only read from has nothing to lose at close. */
        (void)close(dir);
    }
}

enum status sys_dir_sync(int dir, const char *path, struct diag *diag)
{
    int folder;
    enum status rc = sys_dir_open(dir, path, &folder, diag);

    if (rc == STATUS_OK && fsync(folder) != 0) {
        rc = diag_errno(diag, "the folder cannot be synced to disk", path);
    }
    sys_dir_close(folder);
    return rc;
}

static bool is_folder(int dir, const char *path)
{
    struct stat status;

    return fstatat(dir, path, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

/* One folder. Its entry is synced, or a crash could take away what is later synced inside it. A look costs a
 * tenth of an attempt in vain, and most folders are there. */
static enum status make_one(int dir, const char *path, struct diag *diag)
{
    if (is_folder(dir, path)) {
        return STATUS_OK;
    }
    if (mkdirat(dir, path, 0700) == 0) {
        char *folder = path_folder(path);
        enum status rc = sys_dir_sync(dir, folder, diag);
        free(folder);
        return rc;
    }
    int error = errno;
    if (error == EEXIST && is_folder(dir, path)) {
        return STATUS_OK;
    }
    errno = error;
    return path_create_failed(diag, "the folder cannot be made", path);
}

enum status sys_dir_make(int dir, const char *path, struct diag *diag)
{
    enum status rc = STATUS_OK;
    char *part = mem_text(path);
    size_t length = strlen(part);

    while (length > 1 && part[length - 1] == '/') {
        part[--length] = '\0';
    }
    for (size_t i = 1; rc == STATUS_OK && i < length; i++) {
        if (part[i] == '/' && part[i - 1] != '/') {
            part[i] = '\0';
            rc = make_one(dir, part, diag);
            part[i] = '/';
        }
    }
    if (rc == STATUS_OK) {
        rc = make_one(dir, part, diag);
    }
    free(part);
    return rc;
}

static bool is_type(int folder, const char *name, mode_t type)
{
    struct stat status;
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && (status.st_mode & S_IFMT) == type;
}

static bool is_file(int folder, const char *name)
{
    return is_type(folder, name, S_IFREG);
}

static bool is_dir(int folder, const char *name)
{
    return is_type(folder, name, S_IFDIR);
}

static bool is_no_dir(int folder, const char *name)
{
    return !is_type(folder, name, S_IFDIR);
}

static bool is_visible(const char *name)
{
    return name[0] != '.';
}

/* What sys_file_new calls a file in progress. */
static bool is_temporary(const char *name)
{
    size_t length = strlen(name);
    return name[0] == '.' && length > 5 && strcmp(name + length - 4, ".tmp") == 0;
}

static void names_add(struct sys_names *names, const char *name)
{
    /* The room is doubled at each power of two. */
    if ((names->count & (names->count - 1)) == 0) {
        names->name = mem_resize(names->name, names->count == 0 ? 1 : names->count * 2, sizeof(*names->name));
    }
    names->name[names->count++] = mem_text(name);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The entries of a kind in a folder whose names are wanted, sorted. */
static enum status list(int dir, const char *path, bool (*is_wanted)(const char *name),
                        bool (*is_kind)(int folder, const char *name), struct sys_names *names, struct diag *diag)
{
    int folder;
    DIR *stream = NULL;
    const struct dirent *entry;
    enum status rc = sys_dir_open(dir, path, &folder, diag);

    *names = (struct sys_names){ NULL, 0 };
    if (rc != STATUS_OK) {
        goto out;
    }
    stream = fdopendir(folder);
    if (stream == NULL) {
        rc = diag_errno(diag, "the folder cannot be read", path);
        goto out;
    }
    for (errno = 0; (entry = readdir(stream)) != NULL; errno = 0) {
        if (is_wanted(entry->d_name) && is_kind(folder, entry->d_name)) {
            names_add(names, entry->d_name);
        }
    }
    if (errno != 0) {
        rc = diag_errno(diag, "the folder cannot be read", path);
        goto out;
    }
    if (names->count > 1) {
        qsort(names->name, names->count, sizeof(*names->name), compare_names);
    }
out:
    if (rc != STATUS_OK) {
        sys_names_release(names);
    }
    if (stream != NULL) {
        (void)closedir(stream);
    } else {
        sys_dir_close(folder);
    }
    return rc;
}

enum status sys_dir_list(int dir, const char *path, struct sys_names *names, struct diag *diag)
{
    return list(dir, path, is_visible, is_file, names, diag);
}

enum status sys_dir_entries(int dir, const char *path, struct sys_names *names, struct diag *diag)
{
    return list(dir, path, is_visible, is_no_dir, names, diag);
}

enum status sys_dir_folders(int dir, const char *path, struct sys_names *names, struct diag *diag)
{
    return list(dir, path, is_visible, is_dir, names, diag);
}

void sys_names_release(struct sys_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(names->name[i]);
    }
    free(names->name);
    *names = (struct sys_names){ NULL, 0 };
}

enum status sys_dir_sweep(int dir, const char *path, struct diag *diag)
{
    struct sys_names names;
    int folder = -1;
    enum status rc = list(dir, path, is_temporary, is_file, &names, diag);

    if (rc == STATUS_OK && names.count > 0) {
        rc = sys_dir_open(dir, path, &folder, diag);
    }
    for (size_t i = 0; rc == STATUS_OK && i < names.count; i++) {
        rc = sys_remove(folder, names.name[i], diag);
    }
    sys_dir_close(folder);
    sys_names_release(&names);
    return rc;
}

bool sys_exists(int dir, const char *path)
{
    struct stat status;
    return fstatat(dir, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

bool sys_is_regular(int dir, const char *path)
{
    return is_file(dir, path);
}

bool sys_is_same(int a_dir, const char *a, int b_dir, const char *b)
{
    struct stat of_a, of_b;
    return fstatat(a_dir, a, &of_a, 0) == 0 && fstatat(b_dir, b, &of_b, 0) == 0 && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

bool sys_same_filesystem(int dir, const char *a, const char *b)
{
    struct stat of_a, of_b;
    return fstatat(dir, a, &of_a, 0) == 0 && fstatat(dir, b, &of_b, 0) == 0 && of_a.st_dev == of_b.st_dev;
}

enum status sys_move(int dir, const char *from, const char *to, struct diag *diag)
{
    if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0) {
        return STATUS_OK;
    }
    if (errno == EEXIST) {
        enum status rc = diag_fail(diag, STATUS_CONFLICT, "a file of this name is there already");
        diag_at(diag, to, 0, 0);
        return rc;
    }
    enum status rc = diag_errno(diag, "the file cannot be moved", from);
    diag_expected(diag, "to move it to %s", to);
    return rc;
}

enum status sys_remove(int dir, const char *path, struct diag *diag)
{
    return unlinkat(dir, path, 0) == 0 ? STATUS_OK : diag_errno(diag, "the file cannot be removed", path);
}
