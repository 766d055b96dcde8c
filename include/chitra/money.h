/*
 * money.h - dong as integers, rates as exact fractions, and the one rounding step.
 *
 * Layer: base. No floating point touches money. An amount is a whole number of dong in an
 * int64_t; a rate is a ratio of two integers; what lies between is an exact fraction with 128-bit
 * terms. Every operation says whether it overflowed; the output is untouched if it did.
 *
 * Rounding: to the nearest dong, half up, once for each component. No act names a rounding rule;
 * the official example 39 of Circular 59/2015/TT-BLDTBXH art. 20(4)(b) prints 5,886,818 for
 * 5,886,817.8.
 */
#ifndef CHITRA_MONEY_H
#define CHITRA_MONEY_H

#include "chitra/mem.h"

/* The largest single amount: a thousand times any sum the agency pays in a month, and small enough
 * that a hundred thousand of them still fit an int64_t. */
#define MONEY_DONG_MAX INT64_C(90000000000000)

struct ratio {
    int64_t num;
    int64_t den;    /* positive */
};

/* An exact fraction, reduced, with a positive denominator. */
struct exact {
    __int128 num;
    __int128 den;
};

/* Sums; false on overflow. */
bool money_add(int64_t a_dong, int64_t b_dong, int64_t *sum_dong) MUST_USE;

/* "1234567" -> 1234567: digits only, no sign, no leading zero but "0", at most MONEY_DONG_MAX. */
bool money_read(struct span text, int64_t *amount_dong) MUST_USE;

/* A whole number in decimal, at most 20 characters and no NUL; returns the length. */
size_t money_write(int64_t amount, char text[20]);

static inline struct exact exact_of(int64_t whole)
{
    return (struct exact){ whole, 1 };
}

/* Arithmetic; false on overflow of 128 bits. */
bool exact_add(struct exact a, struct exact b, struct exact *sum) MUST_USE;
bool exact_mul(struct exact a, struct ratio b, struct exact *product) MUST_USE;

/* -1, 0 or 1 as a is less than, equal to or greater than b. */
int exact_compare(struct exact a, struct exact b);

/* To the nearest whole number, half up (towards plus infinity); false if it does not fit. */
bool exact_round(struct exact value, int64_t *rounded) MUST_USE;

#endif
