/*
 * date.h - civil dates and months in the Gregorian calendar, 1900 to 2199.
 *
 * Layer: base. A day_t counts days from 1970-01-01 (as in POSIX, without a time of day); a month_t
 * counts months from 0000-01, so that month arithmetic is integer arithmetic. No time zone: the
 * clock (sys.h) turns the present into a civil date at UTC+7 and nothing else does.
 */
#ifndef CHITRA_DATE_H
#define CHITRA_DATE_H

#include "chitra/mem.h"

typedef int32_t day_t;
typedef int32_t month_t;

#define DAY_NONE INT32_MIN
#define MONTH_NONE INT32_MIN
/* The period of one-off obligations, which belong to no month (shown as "once"). */
#define MONTH_ONCE 0

struct civil {
    int year;
    int month;  /* 1..12 */
    int day;    /* 1..31 */
};

day_t day_of(struct civil civil);
struct civil day_civil(day_t day);

static inline month_t month_of(int year, int month)
{
    return year * 12 + month - 1;
}

month_t day_month(day_t day);                   /* the month that a day lies in */
day_t month_first(month_t month);               /* its first day */
day_t month_last(month_t month);                /* its last day */
int day_weekday(day_t day);                     /* 1 Monday .. 7 Sunday */

/* The same day `months` later; the last day of that month if it has no such day. */
day_t day_add_months(day_t day, int months);

/* "YYYY-MM-DD" and "YYYY-MM"; false if it is anything else or not in the calendar. */
bool day_read(struct span text, day_t *day) MUST_USE;
bool month_read(struct span text, month_t *month) MUST_USE;

/* A birth date: also "YYYY-MM" (then the first of it) and "YYYY" (then 1 January):
 * D115 art. 7(3)(d), D158 art. 12(2). */
bool day_read_birth(struct span text, day_t *day) MUST_USE;

/* Ended with a NUL. MONTH_ONCE is written "once". */
void day_write(day_t day, char text[11]);
void month_write(month_t month, char text[8]);

#endif
