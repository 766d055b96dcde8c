/*
 * month.h - the parts of a month, in the order in which month.c goes through them.
 *
 * Layer: inside run/month/. The run begins once (start.c, and seal.c where it is a new one); every later stage finds
 * what it works with in the world, and what is left to do in the ledger.
 *
 * Errors: as run_month has them; nothing is released by a run that does not add up (STATUS_DEFECT).
 */
#ifndef CHITRA_RUN_MONTH_H
#define CHITRA_RUN_MONTH_H

#include "run/file_command.h"

/* Finds the run that the command works on, or seals a new one; says in the report which it was. */
enum status month_start(struct world *world, struct run_report *report, struct diag *diag) MUST_USE;

/* Seals a new run: takes the preparer, looks at intake/, stores all of it in one transaction. */
enum status month_seal(struct world *world, struct diag *diag) MUST_USE;

/* Before anything is sealed: a run that cannot sign is not begun. */
enum status month_signer(struct world *world, struct diag *diag) MUST_USE;

/* Fills the report, and refuses to go on if it does not add up or an obligation stands in two files. */
enum status month_balance(struct world *world, struct run_report *report, struct diag *diag) MUST_USE;

#endif
