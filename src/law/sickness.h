/*
 * sickness.h - the two laws on long illness, which sickness.c chooses between.
 *
 * Layer: law. The Law of 2014 counts calendar days and months and has a limit in contribution time;
 * the Law of 2024 counts working days and has no limit. Each is a file of its own.
 */
#ifndef CHITRA_SICKNESS_H
#define CHITRA_SICKNESS_H

#include "leave.h"

/* 100 % of the month's salary and no limit for the armed forces' own sickness (L58 art. 26(3), 28(3);
 * L41 art. 43(3), 45(4)), otherwise the ordinary rate. NULL: refused. */
const struct law_value *sickness_rate(struct law_context *context) MUST_USE;
bool sickness_is_armed_forces(const struct law_context *context);

/* The days of a year for the contribution time and the conditions of work on the day of leave. */
const struct law_value *sickness_days_most(struct law_context *context) MUST_USE;

/* The lower rate after the first days of a long illness, by contribution time. */
const struct law_value *sickness_rate_after(struct law_context *context) MUST_USE;

/* False, with a refusal, if the row holds more days than are left of the year. */
bool sickness_within_year(struct law_context *context) MUST_USE;

enum law_verdict sickness_2014_long(struct law_context *context) MUST_USE;
enum law_verdict sickness_2024_long(struct law_context *context) MUST_USE;

#endif
