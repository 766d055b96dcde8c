/*
 * faults.h - how verify and check tell what they find.
 *
 * Layer: inside run/. A fault is told at once and counted; nothing is kept of it but the worst kind.
 */
#ifndef CHITRA_RUN_FAULTS_H
#define CHITRA_RUN_FAULTS_H

#include "chitra/run.h"

/* Tells and counts a fault; `kind` is not STATUS_OK. */
void fault_add(struct run_faults *faults, enum status kind, const struct diag *fault);

#endif
