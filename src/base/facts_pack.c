/* A row's facts as bytes: a number and a varint for each that is given, in the order of the numbers. */
#include "chitra/facts.h"

#include "chitra/money.h"

enum {
    COUNT_MAX = 9999,       /* intake's counts have at most four digits */
    VARINT_BYTES_MAX = 10,  /* 64 bits, 7 a byte */
    DAY_MIN = -25567,       /* 1900-01-01, the first that date.h knows */
    DAY_MAX = 84005         /* 2199-12-31, the last */
};

/* What a column can hold: checked on both sides of the storage. */
static bool fact_in_range(enum fact fact, int64_t value)
{
    switch (fact_type(fact)) {
    case FACT_DATE:
    case FACT_BIRTH:
        return value >= DAY_MIN && value <= DAY_MAX;
    case FACT_MONTH:
        return value >= month_of(1900, 1) && value <= month_of(2199, 12);
    case FACT_MONEY:
        return value >= 0 && value <= MONEY_DONG_MAX;
    case FACT_COUNT:
        return value >= 0 && value <= COUNT_MAX;
    case FACT_HALF_DAYS:
        return value >= 0 && value <= 2 * COUNT_MAX + 1;
    case FACT_FLAG:
        return value == 0 || value == 1;
    case FACT_WORD:
        return fact_word(fact, value)[0] != '\0';
    }
    return false;
}

/* Zigzag (0, -1, 1, -2 ... as 0, 1, 2, 3 ...), then 7 bits a byte, the lowest first. */
static size_t varint_write(int64_t value, uint8_t bytes[VARINT_BYTES_MAX])
{
    uint64_t rest = (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
    size_t size = 0;

    while (rest >= 0x80) {
        bytes[size++] = (uint8_t)(rest | 0x80);
        rest >>= 7;
    }
    bytes[size++] = (uint8_t)rest;
    return size;
}

/* Returns the length, or 0 if it is cut off, too long for 64 bits, or not the shortest form. */
static size_t varint_read(const uint8_t *bytes, size_t size, int64_t *value)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size && i < VARINT_BYTES_MAX; i++) {
        uint64_t part = bytes[i] & 0x7f;
        if (i == VARINT_BYTES_MAX - 1 && bytes[i] > 1) {
            return 0;
        }
        number |= part << (7 * i);
        if ((bytes[i] & 0x80) == 0) {
            *value = (int64_t)(number >> 1 ^ (UINT64_MAX * (number & 1)));
            return i > 0 && part == 0 ? 0 : i + 1;
        }
    }
    return 0;
}

size_t facts_pack(const struct facts *facts, uint64_t mask, uint8_t bytes[FACTS_BYTES_MAX])
{
    size_t size = 0;

    for (uint64_t left = facts->given & mask; left != 0; left &= left - 1) {
        unsigned fact = (unsigned)__builtin_ctzll(left);
        ASSERT(fact < FACT_NUMBER && fact_in_range((enum fact)fact, facts->value[fact]));
        bytes[size++] = (uint8_t)fact;
        size += varint_write(facts->value[fact], bytes + size);
    }
    return size;
}

bool facts_unpack(const uint8_t *bytes, size_t size, struct facts *facts)
{
    int last = -1;

    facts->given = 0;
    for (size_t at = 0; at < size;) {
        int fact = bytes[at++];
        int64_t value = 0;
        size_t length = varint_read(bytes + at, size - at, &value);
        if (fact <= last || fact >= FACT_NUMBER || length == 0 ||
            !fact_in_range((enum fact)fact, value)) {
            facts->given = 0;
            return false;
        }
        facts_set(facts, (enum fact)fact, value);
        last = fact;
        at += length;
    }
    return true;
}
