/*
 * receive_arrival.c - an answer's way through the site: from where it lies into inbox/, and from there to archive/.
 */
#include "receive.h"

#include <stdio.h>

enum { BESIDE_BYTES = DIAG_FILE_BYTES + 8, SIGNATURE_BYTES_MAX = 1024 * 1024 };

const char *answer_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

/* A copy in inbox/, of what is read from `input`. */
static enum status copy_in(const struct site *site, struct sys_input *input, const char *to, struct diag *diag)
{
    struct sys_file *copy = NULL;
    struct span piece = SPAN_EMPTY;

    enum status rc = sys_input_rewind(input, diag);
    if (rc == STATUS_OK) {
        rc = sys_file_new(site->dir, to, &copy, diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    do {
        rc = sys_input_next(input, &piece, diag);
        if (rc == STATUS_OK && piece.size > 0) {
            rc = sys_file_write(copy, piece, diag);
        }
    } while (rc == STATUS_OK && piece.size > 0);
    if (rc != STATUS_OK) {
        sys_file_abandon(copy);
        return rc;
    }
    return sys_file_close(copy, diag);
}

/* The signature of what lies in inbox/, there. */
static void beside_of(const struct arrival *arrival, char beside[BESIDE_BYTES])
{
    snprintf(beside, BESIDE_BYTES, "%s.p7s", arrival->inbox);
}

/* The signature beside an answer: synced where it lies, or copied. */
static enum status beside_secure(const struct site *site, const struct arrival *arrival, struct diag *diag)
{
    struct sys_input *input = NULL;
    char to[BESIDE_BYTES];

    if (arrival->beside[0] == '\0') {
        return STATUS_OK;
    }
    beside_of(arrival, to);
    enum status rc = sys_input_new(arrival->dir, arrival->beside, SIGNATURE_BYTES_MAX, &input, diag);
    if (rc == STATUS_OK) {
        rc = arrival->inside ? sys_input_sync(input, diag) : copy_in(site, input, to, diag);
    }
    sys_input_free(input);
    return rc;
}

/* The content is in inbox/ and on disk before the ledger knows it. A copy has a name that says what it is, so
 * that the same answer again has the same one. */
enum status arrival_secure(const struct site *site, struct arrival *arrival, const struct digest *sha256,
                           struct diag *diag)
{
    enum { HEX_SHOWN = 16 };
    char hex[DIGEST_HEX_BYTES];

    if (!arrival->inside) {
        digest_hex(sha256, hex);
        int size = snprintf(arrival->inbox, DIAG_FILE_BYTES, "inbox/%.*s-%s", HEX_SHOWN, hex, answer_name(arrival->path));
        if (size >= DIAG_FILE_BYTES) {
            return diag_fail(diag, STATUS_LIMIT, "the file's name is too long");
        }
    }
    enum status rc = beside_secure(site, arrival, diag);
    if (rc == STATUS_OK) {
        rc = arrival->inside ? sys_input_sync(arrival->input, diag)
                             : copy_in(site, arrival->input, arrival->inbox, diag);
    }
    return rc == STATUS_OK ? sys_dir_sync(site->dir, "inbox", diag) : rc;
}

/* The signature first: alone in inbox/ it would be nobody's. */
enum status arrival_archive(const struct site *site, const struct arrival *arrival, const struct digest *sha256,
                            struct diag *diag)
{
    struct buf signature = BUF_INIT(SIGNATURE_BYTES_MAX);
    struct digest digest;
    char beside[BESIDE_BYTES];
    enum status rc = STATUS_OK;

    beside_of(arrival, beside);
    if (sys_is_regular(site->dir, beside)) {
        rc = sys_read(site->dir, beside, &signature, diag);
        if (rc == STATUS_OK) {
            digest_of(buf_span(&signature), &digest);
            rc = archive_move(site, beside, &digest, diag);
        }
        buf_release(&signature);
    }
    return rc == STATUS_OK ? archive_move(site, arrival->inbox, sha256, diag) : rc;
}
