/*
 * law_case_read.c - reads the law's cases. A case is a block of lines, ended by an empty line:
 *     case: a title
 *     source: the article, decree or official example behind it
 *     given: benefit=pension sex=F birth_date=1965-05-10 ...      (column=value, as in the intake)
 *     period: 2026-09
 *     expect: pension 1234567          (one line for each component, in order)
 *     expect: refused column           (or this)
 *     expect: not due                  (or this)
 * In place of period and expect a block can hold a table, each row a case of its own:
 *     table: contribution_months period        (the columns that change from row to row)
 *     row: 240 2018-01 pension 1234567         (their values, then what is expected, with commas between several)
 * Lines that begin with # are comments. `given:` may be repeated.
 */
#include "law_cases.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 4 << 20, TABLE_COLUMNS_MAX = 8 };

struct reading {
    struct law_cases *cases;
    struct law_case block;      /* what the lines so far say */
    bool begun;
    char column[TABLE_COLUMNS_MAX][32];
    unsigned columns;           /* 0: no table */
    unsigned rows;
};

char *law_cases_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(FILE_BYTES_MAX + 1);

    if (file == NULL || text == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(66);
    }
    *size = fread(text, 1, FILE_BYTES_MAX, file);
    text[*size] = '\0';
    fclose(file);
    return text;
}

static bool half_days_read(struct span text, int64_t *value)
{
    bool half = text.size > 2 && memcmp(text.data + text.size - 2, ".5", 2) == 0;

    if (!money_read((struct span){ text.data, text.size - (half ? 2 : 0) }, value)) {
        return false;
    }
    *value = *value * 2 + (half ? 1 : 0);
    return true;
}

static bool fact_read(enum fact fact, struct span text, int64_t *value)
{
    day_t day = 0;
    month_t month = 0;

    switch (fact_type(fact)) {
    case FACT_DATE:
        return day_read(text, &day) && (*value = day, true);
    case FACT_BIRTH:
        return day_read_birth(text, &day) && (*value = day, true);
    case FACT_MONTH:
        return month_read(text, &month) && (*value = month, true);
    case FACT_HALF_DAYS:
        return half_days_read(text, value);
    case FACT_FLAG:
        *value = span_is(text, "Y") ? 1 : 0;
        return span_is(text, "Y") || span_is(text, "N");
    case FACT_WORD:
        *value = fact_word_find(fact, text);
        return *value >= 0;
    default:
        return money_read(text, value);
    }
}

/* One column and its value; in a table `-` leaves it empty. */
static void value_set(struct law_case *c, const char *column, const char *text)
{
    int64_t value = 0;
    int fact = fact_find(span_of(column));

    if (strcmp(text, "-") == 0) {
        return;
    }
    if (strcmp(column, "period") == 0) {
        c->fault = month_read(span_of(text), &c->period) ? c->fault : "the period is no month";
    } else if (strcmp(column, "benefit") == 0) {
        c->benefit = benefit_find(span_of(text));
        c->fault = c->benefit == BENEFIT_none ? "unknown benefit" : c->fault;
    } else if (fact < 0 || !fact_read((enum fact)fact, span_of(text), &value)) {
        c->fault = "a column is unknown or its value is wrong";
    } else {
        facts_set(&c->facts, (enum fact)fact, value);
    }
}

static void given_read(struct law_case *c, char *rest)
{
    char *save = NULL;

    for (char *word = strtok_r(rest, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
        char *equals = strchr(word, '=');
        if (equals == NULL) {
            c->fault = "given: column=value is expected";
            return;
        }
        *equals = '\0';
        value_set(c, word, equals + 1);
    }
}

static void expect_add(struct law_case *c, const char *text)
{
    if (c->expected_count == CASE_EXPECTED_MAX) {
        c->fault = "too much is expected";
        return;
    }
    snprintf(c->expected[c->expected_count++], sizeof(c->expected[0]), "%s", text);
}

static void case_add(struct law_cases *cases, const struct law_case *c)
{
    if (cases->count == cases->room) {
        cases->room = cases->room * 2 + 256;
        cases->item = mem_resize(cases->item, cases->room, sizeof(*cases->item));
    }
    cases->item[cases->count++] = *c;
}

static void table_read(struct reading *reading, char *rest)
{
    char *save = NULL;

    for (char *word = strtok_r(rest, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
        if (reading->columns == TABLE_COLUMNS_MAX) {
            reading->block.fault = "a table has too many columns";
            return;
        }
        snprintf(reading->column[reading->columns++], sizeof(reading->column[0]), "%s", word);
    }
}

/* A row is a case: the block's facts, its own values, its own expectation. */
static void row_read(struct reading *reading, char *rest, uint64_t line)
{
    struct law_case c = reading->block;
    char *save = NULL;
    char *word = rest;

    c.line = line;
    reading->rows++;
    for (unsigned i = 0; i < reading->columns; i++) {
        word = strtok_r(i == 0 ? rest : NULL, " ", &save);
        if (word == NULL) {
            c.fault = "a row is too short";
            break;
        }
        value_set(&c, reading->column[i], word);
    }
    while (word != NULL && (word = strtok_r(NULL, ",", &save)) != NULL) {
        expect_add(&c, word + strspn(word, " "));
    }
    c.fault = reading->columns == 0 ? "a row without a table" : c.fault;
    case_add(reading->cases, &c);
}

static void line_read(struct reading *reading, char *line, uint64_t number)
{
    struct law_case *c = &reading->block;
    char *rest = strchr(line, ':');

    if (rest == NULL) {
        c->fault = "a line without a name";
        return;
    }
    *rest++ = '\0';
    rest += strspn(rest, " ");
    if (strcmp(line, "case") == 0) {
        snprintf(c->title, sizeof(c->title), "%s", rest);
    } else if (strcmp(line, "source") == 0) {
        c->sourced = *rest != '\0';
    } else if (strcmp(line, "given") == 0) {
        given_read(c, rest);
    } else if (strcmp(line, "period") == 0) {
        value_set(c, line, rest);
    } else if (strcmp(line, "expect") == 0) {
        expect_add(c, rest);
    } else if (strcmp(line, "table") == 0) {
        table_read(reading, rest);
    } else if (strcmp(line, "row") == 0) {
        row_read(reading, rest, number);
    } else {
        c->fault = "a line with an unknown name";
    }
}

static void block_end(struct reading *reading, const char *path)
{
    if (reading->begun && (reading->rows == 0 || reading->block.expected_count > 0)) {
        case_add(reading->cases, &reading->block);
    }
    memset(&reading->block, 0, sizeof(reading->block));
    reading->block.file = path;
    reading->begun = false;
    reading->columns = 0;
    reading->rows = 0;
}

void law_cases_read(struct law_cases *cases, const char *path)
{
    struct reading reading = { .cases = cases };
    size_t size;
    char *text = law_cases_file(path, &size), *at = text;
    uint64_t number = 0;

    block_end(&reading, path);
    while (at <= text + size) {
        char *end = strchr(at, '\n');
        end = end == NULL ? text + size : end;
        *end = '\0';
        number++;
        if (*at == '\0') {
            block_end(&reading, path);
        } else if (*at != '#') {
            reading.block.line = reading.begun ? reading.block.line : number;
            reading.begun = true;
            line_read(&reading, at, number);
        }
        at = end + 1;
    }
    block_end(&reading, path);
    free(text);
}
