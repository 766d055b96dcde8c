/* Civil dates and months. The calendar's cycle is 400 years or 146,097 days; years are counted from
 * 1 March, so that the leap day is the last one. */
#include "chitra/date.h"

enum {
    DAYS_CYCLE = 146097,
    DAYS_BEFORE_1970 = 719468,  /* from 0000-03-01 to 1970-01-01 */
    YEAR_MIN = 1900,
    YEAR_MAX = 2199
};

day_t day_of(struct civil civil)
{
    ASSERT(civil.month >= 1 && civil.month <= 12 && civil.year >= 1 && civil.year <= 9999);
    int year = civil.month <= 2 ? civil.year - 1 : civil.year;
    int month = civil.month <= 2 ? civil.month + 9 : civil.month - 3;     /* March is 0 */
    int cycle = year / 400, year_of_cycle = year % 400;
    int day_of_year = (153 * month + 2) / 5 + civil.day - 1;
    int day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    return cycle * DAYS_CYCLE + day_of_cycle - DAYS_BEFORE_1970;
}

/* In quarters of a day, of which a year has 1,461, and a century as many as a cycle has days. What is taken of each day
 * is its last quarter: then a century and a year begin with a whole day, and leap days fall at their ends. */
struct civil day_civil(day_t day)
{
    enum { QUARTERS_YEAR = 1461, QUARTERS_CENTURY = DAYS_CYCLE };

    ASSERT(day > -DAYS_BEFORE_1970 && day < 25 * DAYS_CYCLE - DAYS_BEFORE_1970);
    unsigned quarters = 4 * (unsigned)(day + DAYS_BEFORE_1970) + 3;
    unsigned of_century = quarters % QUARTERS_CENTURY | 3;
    unsigned year = quarters / QUARTERS_CENTURY * 100 + of_century / QUARTERS_YEAR;
    int day_of_year = (int)(of_century % QUARTERS_YEAR / 4);
    int month = (5 * day_of_year + 2) / 153;        /* March is 0 */
    struct civil civil = {
        .year = (int)year + (month >= 10 ? 1 : 0),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
    return civil;
}

month_t day_month(day_t day)
{
    struct civil civil = day_civil(day);
    return month_of(civil.year, civil.month);
}

day_t month_first(month_t month)
{
    return day_of((struct civil){ month / 12, month % 12 + 1, 1 });
}

day_t month_last(month_t month)
{
    return month_first(month + 1) - 1;
}

int day_weekday(day_t day)
{
    /* 1970-01-01 was a Thursday, the fourth day. */
    return ((day % 7 + 7) % 7 + 3) % 7 + 1;
}

day_t day_add_months(day_t day, int months)
{
    struct civil civil = day_civil(day);
    month_t month = month_of(civil.year, civil.month) + months;
    day_t same = month_first(month) + civil.day - 1, last = month_last(month);
    return same < last ? same : last;
}

/* The number that `count` digits make; -1 if they are no digits. */
static int digits_read(const char *text, int count)
{
    int number = 0;

    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

bool month_read(struct span text, month_t *month)
{
    if (text.size != 7 || text.data[4] != '-') {
        return false;
    }
    int year = digits_read(text.data, 4), of_year = digits_read(text.data + 5, 2);
    if (year < YEAR_MIN || year > YEAR_MAX || of_year < 1 || of_year > 12) {
        return false;
    }
    *month = month_of(year, of_year);
    return true;
}

bool day_read(struct span text, day_t *day)
{
    month_t month;

    if (text.size != 10 || text.data[7] != '-' || !month_read((struct span){ text.data, 7 }, &month)) {
        return false;
    }
    int of_month = digits_read(text.data + 8, 2);
    day_t first = month_first(month);
    /* Every month has 28 days: the calendar is asked about later ones only. */
    if (of_month < 1 || (of_month > 28 && of_month > month_last(month) - first + 1)) {
        return false;
    }
    *day = first + of_month - 1;
    return true;
}

bool day_read_birth(struct span text, day_t *day)
{
    month_t month;

    if (text.size == 4) {
        int year = digits_read(text.data, 4);
        if (year < YEAR_MIN || year > YEAR_MAX) {
            return false;
        }
        *day = day_of((struct civil){ year, 1, 1 });
        return true;
    }
    if (month_read(text, &month)) {
        *day = month_first(month);
        return true;
    }
    return day_read(text, day);
}

static void digits_write(int number, char *text, int count)
{
    while (count > 0) {
        text[--count] = (char)('0' + number % 10);
        number /= 10;
    }
}

void day_write(day_t day, char text[11])
{
    struct civil civil = day_civil(day);

    digits_write(civil.year, text, 4);
    text[4] = '-';
    digits_write(civil.month, text + 5, 2);
    text[7] = '-';
    digits_write(civil.day, text + 8, 2);
    text[10] = '\0';
}

void month_write(month_t month, char text[8])
{
    if (month == MONTH_ONCE) {
        memcpy(text, "once", sizeof("once"));
        return;
    }
    ASSERT(month >= 12 && month < 10000 * 12);
    digits_write(month / 12, text, 4);
    text[4] = '-';
    digits_write(month % 12 + 1, text + 5, 2);
    text[7] = '\0';
}
