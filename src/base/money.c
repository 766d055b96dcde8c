/* Dong, exact fractions, and the one rounding step. */
#include "chitra/money.h"

typedef unsigned __int128 magnitude_t;

static const magnitude_t MAGNITUDE_MAX = ~(magnitude_t)0 >> 1;

static magnitude_t magnitude(__int128 value)
{
    return value < 0 ? -(magnitude_t)value : (magnitude_t)value;
}

static magnitude_t greatest_divisor(magnitude_t a, magnitude_t b)
{
    while (b != 0) {
        if ((a >> 64) == 0 && (b >> 64) == 0) {
            /* Division of 64 bits is several times quicker, and nearly all terms are that small. */
            uint64_t left = (uint64_t)a, right = (uint64_t)b;
            while (right != 0) {
                uint64_t rest = left % right;
                left = right;
                right = rest;
            }
            return left;
        }
        magnitude_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The product within +-(2^127 - 1). The compiler's own check of 128 bits is not used: clang needs a
 * run-time library for it that gcc's systems lack. */
static bool multiply(__int128 a, __int128 b, __int128 *product)
{
    magnitude_t left = magnitude(a), right = magnitude(b);

    if (((left | right) >> 63) != 0 && right != 0 && left > MAGNITUDE_MAX / right) {
        return false;
    }
    __int128 size = (__int128)(left * right);
    *product = (a < 0) != (b < 0) ? -size : size;
    return true;
}

/* In lowest terms; the denominator is positive. */
static struct exact reduced(__int128 num, __int128 den)
{
    ASSERT(den > 0);
    __int128 divisor = (__int128)greatest_divisor(magnitude(num), (magnitude_t)den);
    return (struct exact){ num / divisor, den / divisor };
}

/* Both factors in lowest terms; dividing crosswise first keeps the terms small, and the product is
 * in lowest terms by itself. */
static bool product_of(struct exact a, struct exact b, struct exact *product)
{
    struct exact left = reduced(a.num, b.den), right = reduced(b.num, a.den);
    struct exact result;

    if (!multiply(left.num, right.num, &result.num) || !multiply(left.den, right.den, &result.den)) {
        return false;
    }
    *product = result;
    return true;
}

bool money_add(int64_t a_dong, int64_t b_dong, int64_t *sum_dong)
{
    int64_t sum;

    if (__builtin_add_overflow(a_dong, b_dong, &sum)) {
        return false;
    }
    *sum_dong = sum;
    return true;
}

bool money_read(struct span text, int64_t *amount_dong)
{
    int64_t amount = 0;

    if (text.size == 0 || (text.data[0] == '0' && text.size > 1)) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        amount = amount * 10 + (text.data[i] - '0');
        if (amount > MONEY_DONG_MAX) {
            return false;
        }
    }
    *amount_dong = amount;
    return true;
}

size_t money_write(int64_t amount, char text[20])
{
    char digits[20];
    size_t start = sizeof(digits), size = 0;
    uint64_t rest = amount < 0 ? -(uint64_t)amount : (uint64_t)amount;

    do {
        digits[--start] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (amount < 0) {
        text[size++] = '-';
    }
    memcpy(text + size, digits + start, sizeof(digits) - start);
    return size + sizeof(digits) - start;
}

bool exact_add(struct exact a, struct exact b, struct exact *sum)
{
    ASSERT(a.den > 0 && b.den > 0);
    __int128 divisor = (__int128)greatest_divisor((magnitude_t)a.den, (magnitude_t)b.den);
    __int128 left, right, num, den;

    if (!multiply(a.num, b.den / divisor, &left) || !multiply(b.num, a.den / divisor, &right) ||
        !multiply(a.den / divisor, b.den, &den) || __builtin_add_overflow(left, right, &num)) {
        return false;
    }
    *sum = reduced(num, den);
    return true;
}

bool exact_mul(struct exact a, struct ratio b, struct exact *product)
{
    return product_of(reduced(a.num, a.den), reduced(b.num, b.den), product);
}

/* The whole part, towards minus infinity, and what is left over: 0 <= rest < den. */
static __int128 floor_of(struct exact value, __int128 *rest)
{
    __int128 whole = value.num / value.den;

    *rest = value.num % value.den;
    if (*rest < 0) {
        *rest += value.den;
        whole -= 1;
    }
    return whole;
}

int exact_compare(struct exact a, struct exact b)
{
    int sign = 1;

    ASSERT(a.den > 0 && b.den > 0);
    /* Whole parts first, then the rests turned upside down: no product, so nothing can overflow. */
    for (;;) {
        __int128 rest_a, rest_b;
        __int128 whole_a = floor_of(a, &rest_a), whole_b = floor_of(b, &rest_b);
        if (whole_a != whole_b) {
            return whole_a < whole_b ? -sign : sign;
        }
        if (rest_a == 0 || rest_b == 0) {
            return rest_a == rest_b ? 0 : rest_a == 0 ? -sign : sign;
        }
        a = (struct exact){ a.den, rest_a };
        b = (struct exact){ b.den, rest_b };
        sign = -sign;
    }
}

bool exact_round(struct exact value, int64_t *rounded)
{
    __int128 rest;

    ASSERT(value.den > 0);
    __int128 whole = floor_of(value, &rest);
    if (rest >= value.den - rest) {
        whole += 1;
    }
    if (whole < INT64_MIN || whole > INT64_MAX) {
        return false;
    }
    *rounded = (int64_t)whole;
    return true;
}
