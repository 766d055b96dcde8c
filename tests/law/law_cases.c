/*
 * law_cases.c - runs tests/law/ *.case: does the law pay what it says?
 *
 * A case is a block of lines, ended by an empty line:
 *     case: a title
 *     source: the article, decree or official example behind it
 *     given: benefit=pension sex=F birth_date=1965-05-10 ...      (column=value, as in the intake)
 *     period: 2026-09
 *     expect: pension 1234567          (one line for each component, in order)
 *     expect: refused column           (or this)
 *     expect: not due                  (or this)
 * Lines that begin with # are comments. `given:` may be repeated. Afterwards every rule of
 * law_lists.h that no case touched is a failure, so that no rule stays without its example.
 *
 * usage: law_cases LAW XSD COUNT FILE...
 */
#include "../../src/law/law_internal.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_BYTES = 1024, EXPECTED_MAX = 8, FILE_BYTES_MAX = 4 << 20 };

struct a_case {
    char title[LINE_BYTES];
    uint64_t line;              /* of its first line */
    bool begun;
    bool sourced;
    enum benefit benefit;
    struct facts facts;
    month_t period;
    unsigned expected_count;
    char expected[EXPECTED_MAX][64];
    const char *fault;          /* what is wrong with the case itself */
};

struct session {
    const struct law *law;
    const char *file;
    unsigned passed, failed;
    bool touched[LAW_RULE_NUMBER];
};

static char *file_read(const char *path, size_t *size)
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

/* One column=value. */
static void given_read(struct a_case *c, char *word)
{
    char *equals = strchr(word, '=');
    int64_t value = 0;

    if (equals == NULL) {
        c->fault = "given: column=value is expected";
        return;
    }
    *equals = '\0';
    if (strcmp(word, "benefit") == 0) {
        c->benefit = benefit_find(span_of(equals + 1));
        c->fault = c->benefit == BENEFIT_none ? "unknown benefit" : c->fault;
        return;
    }
    int fact = fact_find(span_of(word));
    if (fact < 0 || !fact_read((enum fact)fact, span_of(equals + 1), &value)) {
        c->fault = "a column is unknown or its value is wrong";
        return;
    }
    facts_set(&c->facts, (enum fact)fact, value);
}

static void line_read(struct a_case *c, char *line)
{
    char *rest = strchr(line, ':');

    if (rest == NULL) {
        c->fault = "a line without a name";
        return;
    }
    *rest++ = '\0';
    rest += strspn(rest, " ");
    if (strcmp(line, "case") == 0) {
        snprintf(c->title, sizeof(c->title), "%s", rest);
        c->begun = true;
    } else if (strcmp(line, "source") == 0) {
        c->sourced = *rest != '\0';
    } else if (strcmp(line, "given") == 0) {
        char *save = NULL;
        for (char *word = strtok_r(rest, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
            given_read(c, word);
        }
    } else if (strcmp(line, "period") == 0) {
        c->fault = month_read(span_of(rest), &c->period) ? c->fault : "the period is no month";
    } else if (strcmp(line, "expect") == 0 && c->expected_count < EXPECTED_MAX) {
        snprintf(c->expected[c->expected_count++], sizeof(c->expected[0]), "%s", rest);
    } else {
        c->fault = "a line with an unknown name, or too many";
    }
}

/* What came out, in the words of `expect:`; returns the number of lines. */
static unsigned outcome_write(enum law_verdict verdict, const struct law_result *result,
                              const struct law_refusal *refusal, char lines[EXPECTED_MAX][64])
{
    if (verdict == LAW_NOT_DUE) {
        snprintf(lines[0], 64, "not due");
        return 1;
    }
    if (verdict == LAW_REFUSED) {
        snprintf(lines[0], 64, "refused %s", fact_name(refusal->column));
        return 1;
    }
    for (unsigned i = 0; i < result->count; i++) {
        snprintf(lines[i], 64, "%s %lld", component_name(result->amount[i].component),
                 (long long)result->amount[i].amount_dong);
    }
    return result->count;
}

static void trace_print(const struct law_trace *trace)
{
    for (unsigned i = 0; i < trace->count; i++) {
        const struct law_step *step = &trace->step[i];
        fprintf(stderr, "    %-32s %lld/%lld  %s\n", step->rule, (long long)step->value.num,
                (long long)step->value.den, step->source);
    }
}

static void case_failed(struct session *session, const struct a_case *c, const char *why)
{
    session->failed++;
    fprintf(stderr, "%s:%llu: %s: %s\n", session->file, (unsigned long long)c->line, c->title, why);
}

static void rules_touch(struct session *session, const struct law_trace *trace)
{
    for (unsigned i = 0; i < trace->count; i++) {
        for (unsigned rule = 0; rule < LAW_RULE_NUMBER; rule++) {
            if (strcmp(trace->step[i].rule, law_rule_name((enum law_rule)rule)) == 0) {
                session->touched[rule] = true;
            }
        }
    }
}

static void case_run(struct session *session, const struct a_case *c)
{
    static struct law_trace trace;
    struct law_result result, untraced;
    struct law_refusal refusal;
    char lines[EXPECTED_MAX][64];

    if (c->fault != NULL || !c->sourced || c->benefit == BENEFIT_none || c->expected_count == 0) {
        case_failed(session, c, c->fault != NULL ? c->fault : "source, benefit or expectation is missing");
        return;
    }
    month_t period = c->period != 0 ? c->period : law_month_begun(c->benefit, &c->facts);
    enum law_verdict verdict = law_calc(session->law, c->benefit, &c->facts, period, &result, &refusal, &trace);
    unsigned count = outcome_write(verdict, &result, &refusal, lines);
    bool same = count == c->expected_count;
    for (unsigned i = 0; same && i < count; i++) {
        same = strcmp(lines[i], c->expected[i]) == 0;
    }
    for (unsigned i = 0; same && verdict == LAW_DUE && i < count; i++) {
        same = result.amount[i].basis[0] != '\0';
    }
    if (!same) {
        case_failed(session, c, "the outcome differs:");
        for (unsigned i = 0; i < count; i++) {
            fprintf(stderr, "  found    %s  (%s)\n", lines[i],
                    verdict == LAW_REFUSED ? refusal.reason : verdict == LAW_DUE ? result.amount[i].basis : "");
        }
        for (unsigned i = 0; i < c->expected_count; i++) {
            fprintf(stderr, "  expected %s\n", c->expected[i]);
        }
        trace_print(&trace);
        return;
    }
    /* Nobody asking changes nothing. */
    same = law_calc(session->law, c->benefit, &c->facts, period, &untraced, &refusal, NULL) == verdict &&
           untraced.count == result.count;
    for (unsigned i = 0; same && i < result.count; i++) {
        same = untraced.amount[i].component == result.amount[i].component &&
               untraced.amount[i].amount_dong == result.amount[i].amount_dong;
    }
    if (!same) {
        case_failed(session, c, "the outcome without a trace differs");
        return;
    }
    rules_touch(session, &trace);
    session->passed++;
}

static void file_run(struct session *session, const char *path)
{
    size_t size;
    char *text = file_read(path, &size), *at = text;
    struct a_case c = { .line = 0 };
    uint64_t number = 0;

    session->file = path;
    while (at <= text + size) {
        char *end = strchr(at, '\n');
        end = end == NULL ? text + size : end;
        *end = '\0';
        number++;
        if (*at == '\0') {
            if (c.line != 0) {
                case_run(session, &c);
            }
            memset(&c, 0, sizeof(c));
        } else if (*at != '#') {
            c.line = c.line == 0 ? number : c.line;
            line_read(&c, at);
        }
        at = end + 1;
    }
    if (c.line != 0) {
        case_run(session, &c);
    }
    free(text);
}

/* A rule without a case counts as a failed case. */
static void rules_check(struct session *session)
{
    for (unsigned rule = 0; rule < LAW_RULE_NUMBER; rule++) {
        if (!session->touched[rule]) {
            fprintf(stderr, "no case touches the rule %s\n", law_rule_name((enum law_rule)rule));
            session->failed++;
        }
    }
}

int main(int argc, char **argv)
{
    struct session session = { .passed = 0 };
    struct law *law = NULL;
    struct diag diag;
    size_t xml_size, xsd_size;

    if (argc < 5) {
        fprintf(stderr, "usage: law_cases LAW XSD COUNT FILE...\n");
        return 64;
    }
    mem_init();
    char *xml = file_read(argv[1], &xml_size), *xsd = file_read(argv[2], &xsd_size);
    if (law_new((struct span){ xml, xml_size }, argv[1], (struct span){ xsd, xsd_size }, &law, &diag) != STATUS_OK) {
        char message[DIAG_BYTES_MAX];
        diag_text(&diag, message, sizeof(message));
        fprintf(stderr, "%s\n", message);
        return 65;
    }
    session.law = law;
    for (int i = 4; i < argc; i++) {
        file_run(&session, argv[i]);
    }
    rules_check(&session);
    FILE *count = fopen(argv[3], "w");
    bool written = count != NULL && fprintf(count, "%u %u\n", session.passed, session.failed) > 0;
    if (count == NULL || fclose(count) != 0 || !written) {
        fprintf(stderr, "%s: cannot be written\n", argv[3]);
        return 74;
    }
    printf("law: %u passed, %u failed\n", session.passed, session.failed);
    law_free(law);
    free(xml);
    free(xsd);
    return session.failed == 0 && session.passed > 0 ? 0 : 1;
}
