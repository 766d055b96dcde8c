/*
 * verify.h - one bank file while it is verified, inside run/: verify.c looks at the file and its
 * signature, verify_ledger.c compares it with the ledger, verify_gzip.c unpacks it, carried.c lists its payments.
 */
#ifndef CHITRA_RUN_VERIFY_H
#define CHITRA_RUN_VERIFY_H

#include "run/faults.h"

#include "chitra/ledger_file.h"
#include "chitra/pain001.h"

struct carried {                /* a payment as the file has it, and as the ledger has it */
    char payment_id[36];
    char account[35];           /* empty: not compared (the post's stands in the configuration) */
    int64_t amount_dong;
    bool funding;               /* of the ledger: the post's */
};

struct carried_list {
    struct carried *item;
    size_t count;
    size_t capacity;
};

struct verifying {
    const struct site *site;
    struct ledger *ledger;
    const char *path;
    struct run_faults *faults;
    struct buf content;         /* the file as it lies there */
    struct buf plain;           /* its XML, if it was compressed */
    struct span xml;
    struct pain001_totals totals;
    struct carried_list in_file, in_ledger;
    struct arena arena;
    bool known;                 /* `file` is the ledger's */
    struct ledger_file file;
};

/* Tells what a check said, if it refused, with the file as its place. */
void verify_told(struct verifying *verifying, enum status kind, struct diag *diag);
/* Tells a difference: STATUS_CONFLICT. The second one only if the numbers are not equal. */
void verify_differs(struct verifying *verifying, const char *what, const char *found, const char *expected);
void verify_numbers(struct verifying *verifying, const char *what, int64_t found, int64_t expected);

/* An empty one at the end. */
struct carried *carried_add(struct carried_list *list);
/* Adds what pain001_read sees; `context` is the list. */
enum status carried_seen(void *context, const char *end_to_end_id, int64_t amount_dong, const char *account,
                         struct diag *diag) MUST_USE;
/* What a file said that was written once, from outbox/ or the archive. */
enum status carried_read(const struct site *site, const struct ledger_file *file, struct carried_list *list,
                         struct diag *diag) MUST_USE;

/* What the ledger says of the MsgId; `known` stays false where it says nothing. */
enum status verify_ledger_look(struct verifying *verifying, struct diag *diag) MUST_USE;
/* Everything that the ledger knows of a file that it knows. */
enum status verify_ledger_check(struct verifying *verifying, struct diag *diag) MUST_USE;

/* The whole of exactly one gzip member; STATUS_INPUT for anything else, STATUS_LIMIT over the buffer's cap. */
enum status gzip_unpack(struct span packed, const char *name, struct buf *plain, struct diag *diag) MUST_USE;
bool is_gzip(struct span content);

#endif
