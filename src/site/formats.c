/*
 * formats.c - where formats/ lies: schemas, law, bank profiles, directory.
 */
#include "chitra/site.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The file that makes a folder formats/. */
static const char FORMATS_MARK[] = "config.xsd";

/* Beside the program: in a checkout build/<mode>/chitra or build/<mode>/unit/<test>, or installed as
 * bin/chitra. */
static const char *const FORMATS_BESIDE[] = { "../../formats", "../../../formats", "../share/chitra/formats" };

/* The folder that the program lies in; an empty text if the system does not say. */
static void program_folder(char path[PATH_MAX])
{
    ssize_t size = readlink("/proc/self/exe", path, PATH_MAX - 1);
    path[size < 0 ? 0 : size] = '\0';
    char *slash = strrchr(path, '/');
    *(slash == NULL ? path : slash) = '\0';
}

/* Opens `path` if it is a folder formats/. */
static bool try_open(const char *path, int *formats, char kept[DIAG_FILE_BYTES])
{
    int opened = -1;
    if (sys_dir_open(AT_FDCWD, path, &opened, NULL) != STATUS_OK) {
        return false;
    }
    char whole[PATH_MAX];
    /* The path is kept whole, because libxml2's schema loader opens files by path. */
    if (!sys_exists(opened, FORMATS_MARK) || realpath(path, whole) == NULL || strlen(whole) >= DIAG_FILE_BYTES) {
        sys_dir_close(opened);
        return false;
    }
    memcpy(kept, whole, strlen(whole) + 1);
    *formats = opened;
    return true;
}

enum status site_formats_open(int *formats, char path[DIAG_FILE_BYTES], struct diag *diag)
{
    *formats = -1;
    path[0] = '\0';
    const char *chosen = getenv("CHITRA_FORMATS");
    if (chosen != NULL && chosen[0] != '\0') {
        if (try_open(chosen, formats, path)) {
            return STATUS_OK;
        }
        diag_fail(diag, STATUS_CONFIG, "CHITRA_FORMATS names no folder with formats");
        diag_found(diag, "%s", chosen);
        return STATUS_CONFIG;
    }
    char program[PATH_MAX], beside[PATH_MAX + 32];
    program_folder(program);
    for (size_t i = 0; program[0] != '\0' && i < sizeof FORMATS_BESIDE / sizeof *FORMATS_BESIDE; i++) {
        snprintf(beside, sizeof beside, "%s/%s", program, FORMATS_BESIDE[i]);
        if (try_open(beside, formats, path)) {
            return STATUS_OK;
        }
    }
    if (try_open(CHITRA_PREFIX "/share/chitra/formats", formats, path)) {
        return STATUS_OK;
    }
    diag_fail(diag, STATUS_CONFIG, "the folder formats/ is not found");
    diag_hint(diag, "set CHITRA_FORMATS to it");
    return STATUS_CONFIG;
}
