/*
 * maternity.h - leave of months (maternity.c) and leave of days (maternity_days.c).
 *
 * Layer: law. L58 art. 30-41, L41 art. 50-60, 94-95; Population Law 113/2025 art. 29 for the second
 * child. The law is that of the day of birth, adoption, loss or visit (Decree 158/2025 art. 42(2)).
 */
#ifndef CHITRA_MATERNITY_H
#define CHITRA_MATERNITY_H

#include "leave.h"

/* 100 % of the average salary of six months; refuses without it. NULL: refused. */
const struct law_value *maternity_rate(struct law_context *context) MUST_USE;

/* The number of children of this birth, at least 1; 0: refused. */
int64_t maternity_children(struct law_context *context) MUST_USE;

/* The leave of a birth for a pregnancy that was lost late: no second child's month, no grant
 * (L41 art. 52(2); Decree 168/2026 art. 2). */
enum law_verdict maternity_loss_as_birth(struct law_context *context) MUST_USE;

enum law_verdict maternity_visit(struct law_context *context) MUST_USE;
enum law_verdict maternity_loss(struct law_context *context) MUST_USE;
enum law_verdict maternity_contraception(struct law_context *context) MUST_USE;
enum law_verdict maternity_paternity(struct law_context *context) MUST_USE;

#endif
