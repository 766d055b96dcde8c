/*
 * Answers from other banks' guides and test suites, which are not in this repository: taken, or refused
 * cleanly, as tests/answers/samples.tsv says? The folder is $CHITRA_SAMPLES, or lies beside the tree;
 * without it there is nothing to test.
 */
#include "test_answer_support.h"

#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

enum { SAMPLE_BYTES_MAX = 4 << 20, LINE_BYTES_MAX = 1024 };

/* How often a line of the reading begins with this. */
static unsigned lines_with(const struct buf *lines, const char *start)
{
    unsigned count = 0;

    for (const char *line = lines->data; line != NULL && *line != '\0'; line = strchr(line, '\n') + 1) {
        count += strncmp(line, start, strlen(start)) == 0;
    }
    return count;
}

/* "taken" and how many parts of each kind, or the refusal. */
static void verdict_write(const char *path, char *verdict, size_t size)
{
    struct buf bytes = BUF_INIT(SAMPLE_BYTES_MAX);
    struct buf lines = BUF_INIT(ANSWER_LINES_BYTES_MAX);
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    enum status rc = buf_reserve(&bytes, SAMPLE_BYTES_MAX);
    assert_int_equal(rc, STATUS_OK);
    bytes.size = fread(bytes.data, 1, SAMPLE_BYTES_MAX, file);
    fclose(file);
    rc = answer_lines(buf_span(&bytes), 4096, &lines);
    assert_int_equal(buf_add(&lines, "", 1), STATUS_OK);
    if (rc == STATUS_OK) {
        static const char *const parts[] = {
            "group", "information", "transaction", "statement", "entry", "batch", "detail", "finding",
        };
        int used = snprintf(verdict, size, "taken");
        for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
            unsigned count = lines_with(&lines, parts[i]);
            if (count > 0) {
                used += snprintf(verdict + used, size - (size_t)used, " %s=%u", parts[i], count);
            }
        }
    } else {
        const char *refusal = strstr(lines.data, "refused at ");
        snprintf(verdict, size, "%.*s", (int)strcspn(refusal, "\n"), refusal);
    }
    buf_release(&bytes);
    buf_release(&lines);
}

static void test_answer_samples_of_third_parties_are_taken_or_refused_as_known(void **state)
{
    const char *folder = getenv("CHITRA_SAMPLES") == NULL ? "../shared/iso20022/samples" : getenv("CHITRA_SAMPLES");
    FILE *table = fopen("tests/answers/samples.tsv", "r");
    char line[LINE_BYTES_MAX];

    (void)state;
    assert_non_null(table);
    while (fgets(line, sizeof(line), table) != NULL) {
        char path[2 * LINE_BYTES_MAX];
        char verdict[LINE_BYTES_MAX];
        char *tab = strchr(line, '\t');
        assert_non_null(tab);
        *tab = '\0';
        tab[1 + strcspn(tab + 1, "\n")] = '\0';
        snprintf(path, sizeof(path), "%s/%s", folder, line);
        FILE *file = fopen(path, "rb");
        if (file == NULL) {
            continue;
        }
        fclose(file);
        verdict_write(path, verdict, sizeof(verdict));
        if (strcmp(verdict, tab + 1) != 0) {
            fail_msg("%s: %s; expected %s", line, verdict, tab + 1);
        }
    }
    fclose(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer_samples_of_third_parties_are_taken_or_refused_as_known),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
