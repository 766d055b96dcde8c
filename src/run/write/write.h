/*
 * write.h - files while they are written: one outgoing for each batch of a unit, fed from one pass
 * over the unit's instructions.
 */
#ifndef CHITRA_RUN_WRITE_H
#define CHITRA_RUN_WRITE_H

#include "run/world.h"

#include "chitra/pain001.h"

enum { REMITTANCE_BYTES = 160, REFERENCE_BYTES = 4 * 140 + 1 };   /* 140 characters of UTF-8 */

struct outgoing {
    const struct world *world;
    const struct site_unit *unit;
    struct ledger_file *file;           /* digests, size and signature are filled in */
    const struct bank_profile *profile; /* NULL: a cash list */
    uint64_t payments;                  /* written so far */
    int64_t amount_dong;
    bool started, done;
    bool again;                         /* as it was: with the signature that the file has */
    bool nowhere;                       /* only to see what it would be; never without `again` */
    bool marked;                        /* under a header that says possible duplicate */
    struct sys_file *out;
    /* bank files */
    struct pain001_file header;
    struct xml_writer writer;
    struct digester *document;          /* everything but the signature element */
    struct digester *whole;             /* to nowhere: everything */
    enum status verdict;                /* to nowhere: on the signature over what was written; why, if it is not good */
    struct diag why;
    uint64_t signature_at;
    struct buf signature;
    char remittance[FAMILY_COUNT + 3][REMITTANCE_BYTES];    /* by family; then arrears, funding, deductions */
    char reference[REFERENCE_BYTES];    /* of the latest deduction */
    /* cash lists */
    struct buf list;
};

/* A bank file: head, then payments, then signature, read-back, and the place in staging. */
enum status bank_begin(struct outgoing *outgoing, struct diag *diag) MUST_USE;
enum status bank_add(struct outgoing *outgoing, const struct ledger_instruction *instruction, struct diag *diag) MUST_USE;
enum status bank_end(struct outgoing *outgoing, struct diag *diag) MUST_USE;

/* A payment point's list. */
enum status list_begin(struct outgoing *outgoing, struct diag *diag) MUST_USE;
enum status list_add(struct outgoing *outgoing, const struct ledger_instruction *instruction, struct diag *diag) MUST_USE;
enum status list_end(struct outgoing *outgoing, struct diag *diag) MUST_USE;

/* The file on disk as XML, compressed into its final form: one gzip member without name or time. */
enum status gzip_pack(const struct outgoing *outgoing, struct sys_file *plain, struct diag *diag) MUST_USE;

void outgoing_release(struct outgoing *outgoing);

#endif
