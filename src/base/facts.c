/* The tables behind the words of the field. */
#include "chitra/facts.h"

#include "chitra/money.h"

#include <stdio.h>

enum { WORDS_MAX = 8 };     /* the longest list: the reasons of a stop */

_Static_assert(FACT_NUMBER <= 64, "facts.given has a bit for each fact");

struct benefit_entry {
    const char *name;
    size_t size;
    enum benefit benefit;
    enum family family;
    enum recurrence recurrence;
};

static const struct benefit_entry BENEFITS[] = {
#define X(name, family, recurrence, number) \
    { #name, sizeof(#name) - 1, BENEFIT_##name, FAMILY_##family, RECURRENCE_##recurrence },
    BENEFIT_LIST(X)
#undef X
};
enum { BENEFIT_ENTRIES = sizeof(BENEFITS) / sizeof(BENEFITS[0]) };

/* By number, for the way back; 0 is BENEFIT_none and the gaps are 0 too. */
enum {
#define X(name, family, recurrence, number) BENEFIT_ENTRY_##name,
    BENEFIT_LIST(X)
#undef X
};
static const uint8_t BENEFIT_ENTRY[BENEFIT_MAX + 1] = {
#define X(name, family, recurrence, number) [number] = BENEFIT_ENTRY_##name + 1,
    BENEFIT_LIST(X)
#undef X
};

static const char *const COMPONENT_NAMES[COMPONENT_MAX + 1] = {
#define X(name, family, recurrence, number) [number] = #name,
    BENEFIT_LIST(X)
#undef X
#define X(name, number) [number] = #name,
    COMPONENT_LIST(X)
#undef X
};

struct fact_entry {
    const char *name;
    enum fact_type type;
    const char *word[WORDS_MAX];    /* NULL behind the last; "" where the type has none */
};

static const struct fact_entry FACTS[FACT_NUMBER] = {
#define WORDS(...) __VA_ARGS__
#define X(name, type, words) { #name, FACT_##type, { WORDS words } },
    FACT_LIST(X)
#undef X
#undef WORDS
};

struct text_entry {
    const char *name;
    size_t size_max;
};

static const struct text_entry TEXTS[TEXT_NUMBER] = {
#define X(name, size_max) { #name, (size_max) },
    TEXT_LIST(X)
#undef X
};

static bool name_is(const char *name, size_t name_size, struct span span)
{
    return span.size == name_size && memcmp(span.data, name, name_size) == 0;
}

const char *family_name(enum family family)
{
    static const char *const names[FAMILY_COUNT] = {
#define X(name) #name,
        FAMILY_LIST(X)
#undef X
    };
    ASSERT(family < FAMILY_COUNT);
    return family == FAMILY_cash_results ? "cash-results" : names[family];
}

/* The entry of a benefit that there is; anything else is a defect of the caller. */
static const struct benefit_entry *benefit_entry(enum benefit benefit)
{
    ASSERT(benefit <= BENEFIT_MAX && BENEFIT_ENTRY[benefit] != 0);
    return &BENEFITS[BENEFIT_ENTRY[benefit] - 1];
}

const char *benefit_name(enum benefit benefit)
{
    ASSERT(benefit <= BENEFIT_MAX);
    return BENEFIT_ENTRY[benefit] == 0 ? "" : benefit_entry(benefit)->name;
}

/* A walk over 27 sizes costs less than a hash of the name, and `pension` comes first. */
enum benefit benefit_find(struct span name)
{
    for (size_t i = 0; i < BENEFIT_ENTRIES; i++) {
        if (name_is(BENEFITS[i].name, BENEFITS[i].size, name)) {
            return BENEFITS[i].benefit;
        }
    }
    return BENEFIT_none;
}

enum family benefit_family(enum benefit benefit)
{
    return benefit_entry(benefit)->family;
}

enum recurrence benefit_recurrence(enum benefit benefit)
{
    return benefit_entry(benefit)->recurrence;
}

const char *component_name(enum component component)
{
    ASSERT(component <= COMPONENT_MAX);
    const char *name = COMPONENT_NAMES[component];
    return name == NULL ? "" : name;
}

/* An awarded pension is paid as a pension: the two may follow one another in one entitlement. */
enum component benefit_component(enum benefit benefit)
{
    const struct benefit_entry *entry = benefit_entry(benefit);
    return entry->benefit == BENEFIT_pension_awarded ? COMPONENT_pension
                                                     : (enum component)entry->benefit;
}

const char *fact_name(enum fact fact)
{
    ASSERT(fact < FACT_NUMBER);
    return FACTS[fact].name;
}

int fact_find(struct span name)
{
    for (int i = 0; i < FACT_NUMBER; i++) {
        if (span_is(name, FACTS[i].name)) {
            return i;
        }
    }
    return -1;
}

enum fact_type fact_type(enum fact fact)
{
    ASSERT(fact < FACT_NUMBER);
    return FACTS[fact].type;
}

/* How many words a FACT_WORD has; other types none. */
static int word_count(enum fact fact)
{
    int count = 0;
    if (FACTS[fact].type != FACT_WORD) {
        return 0;
    }
    while (count < WORDS_MAX && FACTS[fact].word[count] != NULL) {
        count++;
    }
    return count;
}

const char *fact_word(enum fact fact, int64_t number)
{
    ASSERT(fact < FACT_NUMBER);
    return number >= 0 && number < word_count(fact) ? FACTS[fact].word[number] : "";
}

/* Words differ early, so that comparing byte by byte beats measuring them. */
int fact_word_find(enum fact fact, struct span word)
{
    ASSERT(fact < FACT_NUMBER);
    if (FACTS[fact].type != FACT_WORD) {
        return -1;
    }
    for (int i = 0; i < WORDS_MAX && FACTS[fact].word[i] != NULL; i++) {
        const char *known = FACTS[fact].word[i];
        size_t same = 0;
        while (same < word.size && known[same] != '\0' && known[same] == word.data[same]) {
            same++;
        }
        if (same == word.size && known[same] == '\0') {
            return i;
        }
    }
    return -1;
}

const char *text_name(enum text text)
{
    ASSERT(text < TEXT_NUMBER);
    return TEXTS[text].name;
}

int text_find(struct span name)
{
    for (int i = 0; i < TEXT_NUMBER; i++) {
        if (span_is(name, TEXTS[i].name)) {
            return i;
        }
    }
    return -1;
}

size_t text_size_max(enum text text)
{
    ASSERT(text < TEXT_NUMBER);
    return TEXTS[text].size_max;
}

bool text_is_personal(enum text text)
{
    switch (text) {
    case TEXT_beneficiary_id:
    case TEXT_citizen_id:
    case TEXT_name:
    case TEXT_account:
    case TEXT_payee_name:
    case TEXT_approved_by:
    case TEXT_deceased_id:
    case TEXT_note:
    case TEXT_creditor_name:
    case TEXT_creditor_account:
    case TEXT_reference:
        return true;
    default:
        return false;
    }
}

/* Birth, health and money are what a person would not want to read on an operator's screen. */
bool fact_is_personal(enum fact fact)
{
    switch (fact) {
    case FACT_birth_date:
    case FACT_child_birth_date:
    case FACT_sex:
    case FACT_capacity_loss:
    case FACT_convalescence_case:
    case FACT_method:
    case FACT_surgery:
        return true;
    default:
        return fact_type(fact) == FACT_MONEY;
    }
}

void fact_write(enum fact fact, int64_t value, char text[24])
{
    size_t size;

    switch (fact_type(fact)) {
    case FACT_DATE:
    case FACT_BIRTH:
        day_write((day_t)value, text);
        break;
    case FACT_MONTH:
        month_write((month_t)value, text);
        break;
    case FACT_MONEY:
    case FACT_COUNT:
        size = money_write(value, text);
        text[size] = '\0';
        break;
    case FACT_HALF_DAYS:
        size = money_write(value / 2, text);
        memcpy(text + size, value % 2 == 0 ? "" : ".5", value % 2 == 0 ? 1 : 3);
        break;
    case FACT_FLAG:
        memcpy(text, value != 0 ? "Y" : "N", 2);
        break;
    case FACT_WORD:
        snprintf(text, 24, "%s", fact_word(fact, value));
        break;
    }
}
