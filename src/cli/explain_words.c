/* explain_words.c - the short words of an explanation, and its values. */
#include "explain_words.h"

#include <stdio.h>

const char *explain_word(enum explain_word word, enum language language)
{
    static const char *const text[EXPLAIN_WORDS][LANGUAGES] = {
#define X(name, english, vietnamese) { english, vietnamese },
        EXPLAIN_WORD_LIST(X)
#undef X
    };
    return text[word][language];
}

const char *explain_unit(enum law_unit unit, enum language language)
{
    static const char *const text[][LANGUAGES] = {
        [LAW_DONG] = { "dong", "đồng" },     [LAW_PERCENT] = { "%", "%" },   [LAW_MONTHS] = { "months", "tháng" },
        [LAW_DAYS] = { "days", "ngày" },     [LAW_YEARS] = { "years", "năm" }, [LAW_TIMES] = { "", "" },
        [LAW_AGE_MONTHS] = { "months of age", "tháng tuổi" },
    };
    return text[unit][language];
}

/* ---- values ---- */

/* A whole number of 128 bits in decimal; returns behind its last digit. */
static char *whole_write(__int128 value, char *at)
{
    char digits[40];
    size_t count = 0;
    unsigned __int128 left = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;

    if (value < 0) {
        *at++ = '-';
    }
    do {
        digits[count++] = (char)('0' + (int)(left % 10));
        left /= 10;
    } while (left > 0);
    while (count > 0) {
        *at++ = digits[--count];
    }
    *at = '\0';
    return at;
}

/* Lowest terms; steps need not be reduced. */
static struct exact reduced(struct exact value)
{
    __int128 a = value.num < 0 ? -value.num : value.num, b = value.den;

    while (b != 0) {
        __int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a == 0 ? (struct exact){ 0, 1 } : (struct exact){ value.num / a, value.den / a };
}

void explain_exact(struct exact value, char text[EXPLAIN_VALUE_BYTES])
{
    struct exact exact = reduced(value);
    char *at = whole_write(exact.num, text);

    if (exact.den != 1) {
        *at++ = '/';
        whole_write(exact.den, at);
    }
}

static void mixed_write(struct exact exact, char text[EXPLAIN_VALUE_BYTES])
{
    enum { DECIMALS = 10000, DECIMAL_PLACES = 4 };
    __int128 rest = exact.num < 0 ? -(exact.num % exact.den) : exact.num % exact.den;
    char *at = text;

    if (exact.num < 0 && exact.num / exact.den == 0) {
        *at++ = '-';
    }
    at = whole_write(exact.num / exact.den, at);
    if (rest == 0) {
        return;
    }
    if (DECIMALS % exact.den == 0) {
        int decimals = (int)(rest * (DECIMALS / exact.den));
        at += snprintf(at, DECIMAL_PLACES + 2, ".%04d", decimals);
        while (at[-1] == '0') {
            *--at = '\0';
        }
        return;
    }
    *at++ = ' ';
    at = whole_write(rest, at);
    *at++ = '/';
    whole_write(exact.den, at);
}

void explain_value(struct exact value, enum law_unit measure, enum language language, char text[EXPLAIN_VALUE_BYTES])
{
    struct exact exact = reduced(value);
    const char *unit = explain_unit(measure, language);

    if (measure == LAW_AGE_MONTHS && exact.den == 1) {
        snprintf(text, EXPLAIN_VALUE_BYTES, language == LANGUAGE_vi ? "%lld tuổi %lld tháng" : "%lld years %lld months",
                 (long long)(exact.num / 12), (long long)(exact.num % 12));
        return;
    }
    mixed_write(exact, text);
    size_t size = strlen(text);
    if (unit[0] != '\0') {
        snprintf(text + size, EXPLAIN_VALUE_BYTES - size, " %s", unit);
    }
}

void explain_time(int64_t seconds, char text[SYS_TIME_BYTES])
{
    enum { DAY_SECONDS = 86400, OFFSET_SECONDS = 7 * 3600 };
    int64_t local = seconds + OFFSET_SECONDS;
    int64_t day = local / DAY_SECONDS - (local % DAY_SECONDS < 0);

    sys_time_write((struct sys_time){ (day_t)day, (int)(local - day * DAY_SECONDS) }, text);
}

struct span explain_account(struct span account)
{
    enum { SHOWN = 4 };

    return account.size <= SHOWN ? account : (struct span){ account.data + account.size - SHOWN, SHOWN };
}
