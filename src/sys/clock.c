/* The clock at UTC+7. */
#include "chitra/sys.h"

#include <stdlib.h>
#include <time.h>

enum {
    DAY_SECONDS = 24 * 3600,
    ZONE_SECONDS = 7 * 3600     /* Viet Nam's time all year round */
};

static const char zone[] = "+07:00";

/* "dd" up to `max`; -1 if it is not. */
static int two_digits(const char *text, int max)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') {
        return -1;
    }
    int number = (text[0] - '0') * 10 + (text[1] - '0');
    return number <= max ? number : -1;
}

bool sys_time_read(struct span text, struct sys_time *time)
{
    day_t day;

    if (text.size != SYS_TIME_BYTES - 1 || !day_read((struct span){ text.data, 10 }, &day) ||
        text.data[10] != 'T' || text.data[13] != ':' || text.data[16] != ':' ||
        memcmp(text.data + 19, zone, 6) != 0) {
        return false;
    }
    int hour = two_digits(text.data + 11, 23);
    int minute = two_digits(text.data + 14, 59);
    int second = two_digits(text.data + 17, 59);
    if (hour < 0 || minute < 0 || second < 0) {
        return false;
    }
    *time = (struct sys_time){ day, hour * 3600 + minute * 60 + second };
    return true;
}

static void two_digits_write(int number, char *text)
{
    text[0] = (char)('0' + number / 10);
    text[1] = (char)('0' + number % 10);
}

void sys_time_write(struct sys_time time, char text[SYS_TIME_BYTES])
{
    ASSERT(time.second_of_day >= 0 && time.second_of_day < DAY_SECONDS);
    day_write(time.day, text);
    text[10] = 'T';
    two_digits_write(time.second_of_day / 3600, text + 11);
    text[13] = ':';
    two_digits_write(time.second_of_day / 60 % 60, text + 14);
    text[16] = ':';
    two_digits_write(time.second_of_day % 60, text + 17);
    memcpy(text + 19, zone, sizeof(zone));
}

int64_t sys_time_unix(struct sys_time time)
{
    return (int64_t)time.day * DAY_SECONDS + time.second_of_day - ZONE_SECONDS;
}

enum status sys_now(struct sys_time *now, struct diag *diag)
{
    const char *given = getenv("CHITRA_NOW");
    struct timespec present;

    if (given != NULL) {
        if (sys_time_read(span_of(given), now)) {
            return STATUS_OK;
        }
        diag_fail(diag, STATUS_USAGE, "CHITRA_NOW is not a time");
        diag_found(diag, "%s", given);
        diag_expected(diag, "YYYY-MM-DDThh:mm:ss+07:00");
        return STATUS_USAGE;
    }
    if (clock_gettime(CLOCK_REALTIME, &present) != 0) {
        return diag_errno(diag, "the clock cannot be read", NULL);
    }
    int64_t local = (int64_t)present.tv_sec + ZONE_SECONDS;
    int64_t second_of_day = (local % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS;
    *now = (struct sys_time){ (day_t)((local - second_of_day) / DAY_SECONDS), (int)second_of_day };
    return STATUS_OK;
}

uint64_t sys_elapsed_ms(void)
{
    struct timespec time;

    ASSERT(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}
