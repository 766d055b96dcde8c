/* One field at a time, typed strictly: what is not exactly right is a finding, never a guess. */
#include "intake_internal.h"

#include "chitra/money.h"
#include "chitra/text.h"

#include <stdio.h>

enum {
    BANK_BYTES_MAX = 12,
    UNIT_BYTES_MAX = 6,
    ACCOUNT_BYTES_MAX = 34,
    ID_BYTES_MAX = 35,
    COUNT_DIGITS_MAX = 4,
    QUOTED_BYTES_MAX = 35,  /* a value that a message may quote: an id's length */
    QUOTED_DIGITS_MAX = 8   /* a date has eight; more might be a person's number in a wrong column */
};

/* Sets of characters, a bit each. */
enum { SET_DIGIT = 1, SET_UNIT = 2, SET_ALNUM = 4, SET_BANK = 8, SET_ID = 16 };
enum {
    IN_DIGIT = SET_DIGIT | SET_UNIT | SET_ALNUM | SET_BANK | SET_ID,
    IN_UPPER = SET_UNIT | SET_ALNUM | SET_BANK | SET_ID,
    IN_LOWER = SET_ALNUM | SET_BANK | SET_ID
};
static const uint8_t SETS[256] = {
    ['0'] = IN_DIGIT, ['1'] = IN_DIGIT, ['2'] = IN_DIGIT, ['3'] = IN_DIGIT, ['4'] = IN_DIGIT,
    ['5'] = IN_DIGIT, ['6'] = IN_DIGIT, ['7'] = IN_DIGIT, ['8'] = IN_DIGIT, ['9'] = IN_DIGIT,
    ['A'] = IN_UPPER, ['B'] = IN_UPPER, ['C'] = IN_UPPER, ['D'] = IN_UPPER, ['E'] = IN_UPPER,
    ['F'] = IN_UPPER, ['G'] = IN_UPPER, ['H'] = IN_UPPER, ['I'] = IN_UPPER, ['J'] = IN_UPPER,
    ['K'] = IN_UPPER, ['L'] = IN_UPPER, ['M'] = IN_UPPER, ['N'] = IN_UPPER, ['O'] = IN_UPPER,
    ['P'] = IN_UPPER, ['Q'] = IN_UPPER, ['R'] = IN_UPPER, ['S'] = IN_UPPER, ['T'] = IN_UPPER,
    ['U'] = IN_UPPER, ['V'] = IN_UPPER, ['W'] = IN_UPPER, ['X'] = IN_UPPER, ['Y'] = IN_UPPER,
    ['Z'] = IN_UPPER,
    ['a'] = IN_LOWER, ['b'] = IN_LOWER, ['c'] = IN_LOWER, ['d'] = IN_LOWER, ['e'] = IN_LOWER,
    ['f'] = IN_LOWER, ['g'] = IN_LOWER, ['h'] = IN_LOWER, ['i'] = IN_LOWER, ['j'] = IN_LOWER,
    ['k'] = IN_LOWER, ['l'] = IN_LOWER, ['m'] = IN_LOWER, ['n'] = IN_LOWER, ['o'] = IN_LOWER,
    ['p'] = IN_LOWER, ['q'] = IN_LOWER, ['r'] = IN_LOWER, ['s'] = IN_LOWER, ['t'] = IN_LOWER,
    ['u'] = IN_LOWER, ['v'] = IN_LOWER, ['w'] = IN_LOWER, ['x'] = IN_LOWER, ['y'] = IN_LOWER,
    ['z'] = IN_LOWER,
    ['-'] = SET_BANK | SET_ID, ['/'] = SET_ID, ['.'] = SET_ID, ['_'] = SET_ID,
};

/* True if the text has 1 to `size_max` characters, all of the set. */
static bool all_in(struct span text, size_t size_max, unsigned set)
{
    unsigned common = set;

    if (text.size == 0 || text.size > size_max) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        common &= SETS[(unsigned char)text.data[i]];
    }
    return common != 0;
}

/* No more than four digits and no leading zero, as in amounts. */
static bool count_read(struct span text, int64_t *count)
{
    int64_t number = 0;

    if (!all_in(text, COUNT_DIGITS_MAX, SET_DIGIT) || (text.size > 1 && text.data[0] == '0')) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        number = number * 10 + (text.data[i] - '0');
    }
    *count = number;
    return true;
}

static bool half_days_read(struct span text, int64_t *half_days)
{
    int64_t half = 0, days;

    if (text.size > 2 && memcmp(text.data + text.size - 2, ".5", 2) == 0) {
        half = 1;
        text.size -= 2;
    }
    if (!count_read(text, &days)) {
        return false;
    }
    *half_days = 2 * days + half;
    return true;
}

static bool word_read(const struct column *column, struct span text, int64_t *number)
{
    int word = fact_word_find((enum fact)column->index, text);

    *number = word;
    return word >= 0 && (column->words >> word & 1) != 0;
}

static bool free_is_good(struct span text, size_t length_max)
{
    size_t blank = 0;

    while (blank < text.size && text.data[blank] == ' ') {
        blank++;
    }
    return blank < text.size && text_is_clean(text) &&
           (text.size <= length_max || text_length(text) <= length_max);
}

static bool fact_read(const struct column *column, struct span text, int64_t *value)
{
    day_t day;
    month_t month;

    switch (column->type) {
    case COLUMN_DATE:
        return day_read(text, &day) && (*value = day, true);
    case COLUMN_BIRTH:
        return day_read_birth(text, &day) && (*value = day, true);
    case COLUMN_MONTH:
        return month_read(text, &month) && (*value = month, true);
    case COLUMN_MONEY:
        return money_read(text, value);
    case COLUMN_COUNT:
        return count_read(text, value) && *value >= column->min && *value <= column->max;
    case COLUMN_HALF_DAYS:
        return half_days_read(text, value);
    case COLUMN_FLAG:
        *value = text.data[0] == 'Y';
        return text.size == 1 && (text.data[0] == 'Y' || text.data[0] == 'N');
    case COLUMN_WORD:
        return word_read(column, text, value);
    default:
        return false;
    }
}

static bool text_is_good(const struct column *column, struct span text)
{
    switch (column->type) {
    case COLUMN_ID:
        return all_in(text, ID_BYTES_MAX, SET_ID);
    case COLUMN_DIGITS:
        return text.size == column->size_max && all_in(text, text.size, SET_DIGIT);
    case COLUMN_PERSON:
        return (text.size == 10 || text.size == 12) && all_in(text, text.size, SET_DIGIT);
    case COLUMN_UNIT:
        return all_in(text, UNIT_BYTES_MAX, SET_UNIT);
    case COLUMN_BANK:
        return all_in(text, BANK_BYTES_MAX, SET_BANK);
    case COLUMN_ACCOUNT:
        return all_in(text, ACCOUNT_BYTES_MAX, SET_ALNUM);
    case COLUMN_FREE:
        return free_is_good(text, column->size_max);
    default:
        return false;
    }
}

size_t fields_read(const struct columns *columns, const struct csv_record *record, struct intake_row *row,
                   uint32_t *texts)
{
    uint32_t given = 0;
    size_t i;

    row->benefit = BENEFIT_none;
    row->facts.given = 0;
    for (i = 0; i < columns->count; i++) {
        const struct column *column = &columns->column[i];
        struct span text = record->field[i];
        int64_t value;

        if (column->is_text) {
            row->text[column->index] = text;
            if (text.size > 0) {
                given |= UINT32_C(1) << column->index;
                if (!text_is_good(column, text)) {
                    break;
                }
            }
        } else if (column->type == COLUMN_BENEFIT) {
            row->benefit = benefit_find(text);
            if (row->benefit == BENEFIT_none) {
                break;
            }
        } else if (text.size > 0) {
            if (!fact_read(column, text, &value)) {
                break;
            }
            facts_set(&row->facts, (enum fact)column->index, value);
        }
    }
    *texts = given;
    return i;
}

/* A value may be quoted if it cannot be a name or a person's number that slipped into a wrong column. */
static bool is_quotable(struct span value)
{
    size_t digits = 0;

    for (size_t i = 0; i < value.size; i++) {
        digits += (SETS[(unsigned char)value.data[i]] & SET_DIGIT) != 0;
    }
    return digits <= QUOTED_DIGITS_MAX && all_in(value, QUOTED_BYTES_MAX, SET_ID);
}

void field_found(const struct column *column, struct span value, char found[REASON_BYTES / 2])
{
    if (value.size == 0) {
        snprintf(found, REASON_BYTES / 2, "nothing");
    } else if (!column->is_personal && is_quotable(value)) {
        snprintf(found, REASON_BYTES / 2, "%.*s", (int)value.size, value.data);
    } else if (!text_is_clean(value)) {
        snprintf(found, REASON_BYTES / 2, "text that is no clean UTF-8");
    } else {
        size_t length = text_length(value);
        snprintf(found, REASON_BYTES / 2, "%zu %s%s", length,
                 all_in(value, value.size, SET_DIGIT) ? "digit" : "character", length == 1 ? "" : "s");
    }
}

static void words_expected(const struct column *column, char *expected)
{
    size_t size = 0;

    for (int word = 0; fact_word((enum fact)column->index, word)[0] != '\0'; word++) {
        if ((column->words >> word & 1) != 0) {
            size += (size_t)snprintf(expected + size, REASON_BYTES / 2 - size, "%s%s", size == 0 ? "" : ", ",
                                     fact_word((enum fact)column->index, word));
            ASSERT(size < REASON_BYTES / 2);
        }
    }
}

void field_expected(const struct column *column, char expected[REASON_BYTES / 2])
{
    static const char *const texts[] = {
        [COLUMN_BENEFIT] = "the name of a benefit",
        [COLUMN_DATE] = "YYYY-MM-DD",
        [COLUMN_BIRTH] = "YYYY-MM-DD, YYYY-MM or YYYY",
        [COLUMN_MONTH] = "YYYY-MM",
        [COLUMN_MONEY] = "whole dong in digits",
        [COLUMN_HALF_DAYS] = "days, 0 to 9999, with .5 or without",
        [COLUMN_FLAG] = "Y or N",
        [COLUMN_ID] = "1-35 of A-Z a-z 0-9 / . - _",
        [COLUMN_PERSON] = "10 or 12 digits",
        [COLUMN_UNIT] = "1-6 of A-Z 0-9",
        [COLUMN_BANK] = "1-12 of A-Z a-z 0-9 -",
        [COLUMN_ACCOUNT] = "1-34 letters or digits",
    };

    switch (column->type) {
    case COLUMN_WORD:
        words_expected(column, expected);
        break;
    case COLUMN_COUNT:
        snprintf(expected, REASON_BYTES / 2, "a number from %d to %d", (int)column->min, (int)column->max);
        break;
    case COLUMN_DIGITS:
        snprintf(expected, REASON_BYTES / 2, "%zu digits", column->size_max);
        break;
    case COLUMN_FREE:
        snprintf(expected, REASON_BYTES / 2, "text of at most %zu characters", column->size_max);
        break;
    default:
        snprintf(expected, REASON_BYTES / 2, "%s", texts[column->type]);
        break;
    }
}
