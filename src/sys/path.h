/* path.h - what the files of sys/ share. */
#ifndef CHITRA_SYS_PATH_H
#define CHITRA_SYS_PATH_H

#include "chitra/sys.h"

/* The folder that a path lies in ("." if it names none). Free with free(3). */
char *path_folder(const char *path);

/* Like diag_errno, for what was to be created: a missing folder is no missing input. */
enum status path_create_failed(struct diag *diag, const char *what, const char *path);

/* Like diag_errno, for what was to be read: a forbidden file is a permission refused. */
enum status path_read_failed(struct diag *diag, const char *what, const char *path);

#endif
