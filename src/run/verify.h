/*
 * verify.h - what verify and check share inside run/.
 */
#ifndef CHITRA_RUN_VERIFY_H
#define CHITRA_RUN_VERIFY_H

#include "chitra/run.h"

/* Tells and counts a fault. */
void fault_add(struct run_faults *faults, enum status kind, const struct diag *fault);

/* The whole of exactly one gzip member; STATUS_INPUT for anything else, STATUS_LIMIT over the buffer's cap. */
enum status gzip_unpack(struct span packed, const char *name, struct buf *plain, struct diag *diag) MUST_USE;
bool is_gzip(struct span content);

#endif
