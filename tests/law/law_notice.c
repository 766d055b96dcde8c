/*
 * law_notice.c - changes the law file, one figure or date at a time, and runs the cases again: a change that
 * none of them notices is a figure or a date without an example.
 *
 * A date is moved by a day (or a month) to either side, so that a case on the day of the change and one on the day
 * before are needed. Where the figure stays the same and only the act behind it changes, it is changed on one side
 * first, to see whose figure a case takes. What a message names is the parameter, its key, and the day as the file has it.
 */
#include "law_cases.h"

#include <stdio.h>
#include <stdlib.h>

struct noticing {
    struct law *law;
    const struct law_cases *cases;
    uint64_t *before;           /* what each case gives, under the law as it stands */
    uint64_t *apart;            /* the same, with one figure told apart from its neighbour's */
    size_t last;                /* the case that noticed last: its neighbours do too */
    unsigned missed;
};

/* What a case gives, as a number to compare. */
static uint64_t case_hash(const struct law *law, const struct law_case *c)
{
    struct law_result result;
    struct law_refusal refusal;
    char lines[CASE_EXPECTED_MAX][CASE_OUTCOME_BYTES];
    uint64_t hash = UINT64_C(0xcbf29ce484222325);       /* FNV-1a */

    unsigned count = law_case_outcome(law, c, &result, &refusal, NULL, lines);
    for (unsigned i = 0; i < count; i++) {
        for (const char *at = lines[i]; *at != '\0'; at++) {
            hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
        }
    }
    return hash;
}

/* Whether any case gives something else than it did. */
static bool is_noticed(struct noticing *noticing, const uint64_t *before)
{
    for (size_t i = 0; i < noticing->cases->count; i++) {
        size_t at = (noticing->last + i) % noticing->cases->count;
        if (case_hash(noticing->law, &noticing->cases->item[at]) != before[at]) {
            noticing->last = at;
            return true;
        }
    }
    return false;
}

static void hashes_take(const struct noticing *noticing, uint64_t *hash)
{
    for (size_t i = 0; i < noticing->cases->count; i++) {
        hash[i] = case_hash(noticing->law, &noticing->cases->item[i]);
    }
}

static void missed(struct noticing *noticing, const char *name, const char *key, day_t day, const char *what)
{
    char text[11];

    day_write(day, text);
    fprintf(stderr, "no case notices %s: %s%s%s of %s\n", what, name, key[0] == '\0' ? "" : " ", key, text);
    noticing->missed++;
}

/* The word of a key, for messages. */
static const char *key_word(const char *words, unsigned key)
{
    static char word[32];

    for (; key > 0; key--) {
        words = strchr(words, '|') + 1;
    }
    snprintf(word, sizeof(word), "%.*s", (int)strcspn(words, "|"), words);
    return word;
}

/* ---- parameters ---- */

/* One more and, where that says nothing (a switch that is on), one less. */
static void figure_try(struct noticing *noticing, struct law_value *value, const char *name, const char *key)
{
    int64_t num = value->num;

    value->num = num + value->den;
    bool noticed = is_noticed(noticing, noticing->before);
    if (!noticed && num >= value->den) {
        value->num = num - value->den;
        noticed = is_noticed(noticing, noticing->before);
    }
    value->num = num;
    if (!noticed) {
        missed(noticing, name, key, value->from, "the figure");
    }
}

/* By how many days a date is moved: what is only asked for the first of a month, or of a year, cannot be seen to
 * move by less. */
static int days_of_move(enum law_param_id id, day_t day)
{
    enum { DAY = 1, MONTH = 31, YEAR = 366 };

    switch (id) {
    case LAW_PARAM_retirement_age:
    case LAW_PARAM_lower_age_hazardous:
    case LAW_PARAM_lower_age_mining:
        return YEAR;
    case LAW_PARAM_base_salary:
        /* Before the Law of 2014 only monthly benefits ask for it. */
        return day < day_of((struct civil){ 2016, 1, 1 }) ? MONTH : DAY;
    default:
        return id <= LAW_PARAM_decree_153_2018 || id == LAW_PARAM_social_pension ? MONTH : DAY;
    }
}

/* Moves the day on which `value` begins, and the end of the one before with it. */
static void beginning_try(struct noticing *noticing, struct law_value *before, struct law_value *value, int days,
                          const char *name, const char *key)
{
    bool same = before != NULL && before->num == value->num && before->den == value->den;
    int64_t num = value->num;

    if (same) {
        value->num += value->den;
        hashes_take(noticing, noticing->apart);
    }
    value->from += days;
    if (before != NULL) {
        before->to += days;
    }
    bool noticed = is_noticed(noticing, same ? noticing->apart : noticing->before);
    value->num = num;
    value->from -= days;
    if (before != NULL) {
        before->to -= days;
    }
    if (!noticed) {
        missed(noticing, name, key, value->from, days > 0 ? "the first day" : "the day before");
    }
}

static void series_try(struct noticing *noticing, enum law_param_id id, unsigned series, const char *key)
{
    const char *name = law_param_name(id);
    unsigned count = noticing->law->series[series].count;
    /* The values lie in the law's own array, which nobody shares here. */
    struct law_value *value = &noticing->law->values[noticing->law->series[series].value - noticing->law->values];

    for (unsigned i = 0; i < count; i++) {
        struct law_value *before = i == 0 ? NULL : &value[i - 1];
        figure_try(noticing, &value[i], name, key);
        int days = days_of_move(id, value[i].from);
        beginning_try(noticing, before, &value[i], days, name, key);
        if (before != NULL) {   /* before the first value nothing else is known either */
            beginning_try(noticing, before, &value[i], -days, name, key);
        }
    }
    struct law_value *last = &value[count - 1];
    if (last->to != INT32_MAX) {
        int days = days_of_move(id, last->to);
        last->to -= days;
        bool noticed = is_noticed(noticing, noticing->before);
        last->to += days;
        if (!noticed) {
            missed(noticing, name, key, last->to, "the last day");
        }
    }
}

/* ---- adjustments ---- */

/* One number of an adjustment, changed and put back. */
static void number_try(struct noticing *noticing, void *number, size_t size, int64_t by, month_t month, const char *what)
{
    int64_t wide = 0;
    int32_t narrow = 0;
    bool is_wide = size == sizeof(wide);

    memcpy(is_wide ? (void *)&wide : (void *)&narrow, number, size);
    int64_t changed_wide = wide + by;
    int32_t changed_narrow = narrow + (int32_t)by;
    memcpy(number, is_wide ? (void *)&changed_wide : (void *)&changed_narrow, size);
    bool noticed = is_noticed(noticing, noticing->before);
    memcpy(number, is_wide ? (void *)&wide : (void *)&narrow, size);
    if (!noticed) {
        missed(noticing, "adjustment", "", month_first(month), what);
    }
}

static void top_up_try(struct noticing *noticing, struct law_top_up *top_up, month_t month)
{
    /* By three dong: at the limit adding and raising come to the same, and not every amount is a percentage's. */
    number_try(noticing, &top_up->below_dong, sizeof(int64_t), 3, month, "more of a top-up's limit");
    number_try(noticing, &top_up->below_dong, sizeof(int64_t), -3, month, "less of a top-up's limit");
    int64_t *dong = top_up->add_dong > 0 ? &top_up->add_dong : &top_up->raise_to_dong;
    number_try(noticing, dong, sizeof(*dong), 1, month, "a top-up's amount");
    top_up->pre_1995 = !top_up->pre_1995;
    bool noticed = is_noticed(noticing, noticing->before);
    top_up->pre_1995 = !top_up->pre_1995;
    if (!noticed) {
        missed(noticing, "adjustment", "", month_first(month), "who gets a top-up");
    }
}

static void adjustment_try(struct noticing *noticing, struct law_adjustment *adjustment)
{
    month_t month = adjustment->month;

    if (adjustment->percent.num > 0) {
        number_try(noticing, &adjustment->factor.num, sizeof(int64_t), 1, month, "the percentage");
    }
    number_try(noticing, &adjustment->month, sizeof(month_t), 1, month, "the first month");
    number_try(noticing, &adjustment->month, sizeof(month_t), -1, month, "the month before");
    if (adjustment->began_from != DAY_NONE) {
        number_try(noticing, &adjustment->began_from, sizeof(day_t), 1, month, "began_from");
        number_try(noticing, &adjustment->began_from, sizeof(day_t), -1, month, "the day before began_from");
    }
    for (unsigned i = 0; i < adjustment->top_up_count; i++) {
        top_up_try(noticing, &adjustment->top_up[i], month);
    }
}

unsigned law_notice(struct law *law, const struct law_cases *cases)
{
    struct noticing noticing = { .law = law, .cases = cases, .before = mem_alloc(cases->count, sizeof(uint64_t)),
                                 .apart = mem_alloc(cases->count, sizeof(uint64_t)) };

    hashes_take(&noticing, noticing.before);
    for (unsigned id = 0; id < LAW_PARAM_NUMBER && cases->count > 0; id++) {
        if (id >= LAW_PARAM_withheld_most && id <= LAW_PARAM_missed_months_unemployment) {
            continue;       /* no amount asks for what concerns paying: test_law_paying does */
        }
        const char *words = law_param_words((enum law_param_id)id);
        for (unsigned key = 0; key < law_param_keys((enum law_param_id)id); key++) {
            series_try(&noticing, (enum law_param_id)id, law->first[id] + key, key_word(words, key));
        }
    }
    for (size_t i = 0; i < law->adjustment_count && cases->count > 0; i++) {
        adjustment_try(&noticing, &law->adjustments[i]);
    }
    free(noticing.before);
    free(noticing.apart);
    return noticing.missed;
}
