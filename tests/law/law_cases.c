/*
 * law_cases.c - runs tests/law/ *.case (law_case_read.c says how they look): does the law pay what it says?
 *
 * Afterwards every rule of law_lists.h that no case touched is a failure, and so is every figure and every date of
 * the law file whose change no case notices (law_notice.c): nothing stays without its example.
 *
 * usage: law_cases LAW XSD COUNT FILE...
 */
#include "law_cases.h"

#include <stdio.h>
#include <stdlib.h>

struct session {
    struct law *law;
    unsigned passed, failed;
    bool touched[LAW_RULE_NUMBER];
};

unsigned law_case_outcome(const struct law *law, const struct law_case *c, struct law_result *result,
                          struct law_refusal *refusal, struct law_trace *trace,
                          char lines[CASE_EXPECTED_MAX][CASE_OUTCOME_BYTES])
{
    month_t period = c->period != 0 ? c->period : law_month_begun(c->benefit, &c->facts);

    switch (law_calc(law, c->benefit, &c->facts, period, result, refusal, trace)) {
    case LAW_NOT_DUE:
        snprintf(lines[0], CASE_OUTCOME_BYTES, "not due");
        return 1;
    case LAW_REFUSED:
        snprintf(lines[0], CASE_OUTCOME_BYTES, "refused %s", fact_name(refusal->column));
        return 1;
    case LAW_DUE:
        break;
    }
    for (unsigned i = 0; i < result->count; i++) {
        snprintf(lines[i], CASE_OUTCOME_BYTES, "%s %lld", component_name(result->amount[i].component),
                 (long long)result->amount[i].amount_dong);
    }
    return result->count;
}

static void case_failed(struct session *session, const struct law_case *c, const char *why)
{
    session->failed++;
    fprintf(stderr, "%s:%llu: %s: %s\n", c->file, (unsigned long long)c->line, c->title, why);
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

static bool lines_equal(unsigned count, char a[CASE_EXPECTED_MAX][CASE_OUTCOME_BYTES], unsigned other,
                        const char b[CASE_EXPECTED_MAX][CASE_OUTCOME_BYTES])
{
    bool same = count == other;

    for (unsigned i = 0; same && i < count; i++) {
        same = strcmp(a[i], b[i]) == 0;
    }
    return same;
}

static void difference_print(const struct law_case *c, unsigned count,
                             char lines[CASE_EXPECTED_MAX][CASE_OUTCOME_BYTES], const struct law_refusal *refusal,
                             const struct law_trace *trace)
{
    for (unsigned i = 0; i < count; i++) {
        fprintf(stderr, "  found    %s  %s\n", lines[i], strncmp(lines[i], "refused", 7) == 0 ? refusal->reason : "");
    }
    for (unsigned i = 0; i < c->expected_count; i++) {
        fprintf(stderr, "  expected %s\n", c->expected[i]);
    }
    for (unsigned i = 0; i < trace->count; i++) {
        const struct law_step *step = &trace->step[i];
        fprintf(stderr, "    %-32s %lld/%lld  %s\n", step->rule, (long long)step->value.num,
                (long long)step->value.den, step->source);
    }
}

static void case_run(struct session *session, const struct law_case *c)
{
    static struct law_trace trace;
    struct law_result result;
    struct law_refusal refusal;
    char lines[CASE_EXPECTED_MAX][CASE_OUTCOME_BYTES];
    char untraced[CASE_EXPECTED_MAX][CASE_OUTCOME_BYTES];
    bool sourced = true;

    if (c->fault != NULL || !c->sourced || c->benefit == BENEFIT_none || c->expected_count == 0) {
        case_failed(session, c, c->fault != NULL ? c->fault : "source, benefit or expectation is missing");
        return;
    }
    unsigned count = law_case_outcome(session->law, c, &result, &refusal, &trace, lines);
    for (unsigned i = 0; i < result.count; i++) {
        sourced = sourced && result.amount[i].basis[0] != '\0';
    }
    if (!sourced || !lines_equal(count, lines, c->expected_count, c->expected)) {
        case_failed(session, c, sourced ? "the outcome differs:" : "an amount has no legal source");
        difference_print(c, count, lines, &refusal, &trace);
        return;
    }
    /* Nobody asking changes nothing. */
    unsigned other = law_case_outcome(session->law, c, &result, &refusal, NULL, untraced);
    if (!lines_equal(count, lines, other, untraced)) {
        case_failed(session, c, "the outcome without a trace differs");
        return;
    }
    rules_touch(session, &trace);
    session->passed++;
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

static bool count_write(const char *path, const struct session *session)
{
    FILE *count = fopen(path, "w");
    bool written = count != NULL && fprintf(count, "%u %u\n", session->passed, session->failed) > 0;

    if (count == NULL || fclose(count) != 0 || !written) {
        fprintf(stderr, "%s: cannot be written\n", path);
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct session session = { .passed = 0 };
    struct law_cases cases = { .item = NULL };
    struct diag diag;
    size_t xml_size, xsd_size;

    if (argc < 5) {
        fprintf(stderr, "usage: law_cases LAW XSD COUNT FILE...\n");
        return 64;
    }
    mem_init();
    char *xml = law_cases_file(argv[1], &xml_size), *xsd = law_cases_file(argv[2], &xsd_size);
    if (law_new((struct span){ xml, xml_size }, argv[1], (struct span){ xsd, xsd_size }, &session.law, &diag) !=
        STATUS_OK) {
        char message[DIAG_BYTES_MAX];
        diag_text(&diag, message, sizeof(message));
        fprintf(stderr, "%s\n", message);
        return 65;
    }
    for (int i = 4; i < argc; i++) {
        law_cases_read(&cases, argv[i]);
    }
    for (size_t i = 0; i < cases.count; i++) {
        case_run(&session, &cases.item[i]);
    }
    rules_check(&session);
    session.failed += law_notice(session.law, &cases);
    bool written = count_write(argv[3], &session);
    printf("law: %u passed, %u failed\n", session.passed, session.failed);
    law_free(session.law);
    free(cases.item);
    free(xml);
    free(xsd);
    return !written ? 74 : session.failed == 0 && session.passed > 0 ? 0 : 1;
}
