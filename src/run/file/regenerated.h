/*
 * regenerated.h - a new generation beside the old one, person by person, inside run/.
 *
 * What a new generation carries must have been in the old one, to the dong: this is looked at in the bytes that were
 * sent, not in what the ledger thinks of them.
 */
#ifndef CHITRA_RUN_REGENERATED_H
#define CHITRA_RUN_REGENERATED_H

#include "run/file_command.h"

#include "chitra/ledger_place.h"

struct regenerated {
    struct ledger_file next;
    struct ledger_place *left;  /* out: payments of the old one that the new one does not carry */
    size_t count;
};

/* Compares with the archived old file; a list of a payment point is not compared. STATUS_DEFECT if the new one
 * carries what the old one did not. */
enum status regenerated_compare(struct regenerated *made, const struct file_command *command,
                                const struct ledger_file *old) MUST_USE;
/* A line for each who is left out: entitlement, amount, and what became of it; never a name. */
void regenerated_tell(const struct regenerated *made, const struct file_command *command);
void regenerated_release(struct regenerated *made);

#endif
