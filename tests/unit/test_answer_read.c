/* Is each answer in tests/answers/ taken as NAME.txt says, in pieces of any size? */
#include "test_answer_support.h"

#include <dirent.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 1 << 20 };

static struct buf file_read(const char *path)
{
    struct buf bytes = BUF_INIT(FILE_BYTES_MAX);
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        fail_msg("%s is missing", path);
    }
    enum status rc = buf_reserve(&bytes, FILE_BYTES_MAX);
    assert_int_equal(rc, STATUS_OK);
    bytes.size = fread(bytes.data, 1, FILE_BYTES_MAX, file);
    fclose(file);
    return bytes;
}

static void answer_check(const char *name, size_t piece)
{
    char path[512];
    struct buf lines = BUF_INIT(ANSWER_LINES_BYTES_MAX);

    snprintf(path, sizeof(path), "tests/answers/%s.xml", name);
    struct buf xml = file_read(path);
    snprintf(path, sizeof(path), "tests/answers/%s.txt", name);
    struct buf expected = file_read(path);
    /* Its own length, so that a step behind the end is seen. */
    char *bytes = mem_alloc(xml.size + 1, 1);
    memcpy(bytes, xml.data, xml.size);
    enum status rc = answer_lines((struct span){ bytes, xml.size }, piece, &lines);
    assert_int_equal(rc == STATUS_OK, strncmp(name, "refused-", 8) != 0);
    if (!span_equal(buf_span(&lines), buf_span(&expected))) {
        fail_msg("%s in pieces of %zu:\n%.*sexpected:\n%.*s", name, piece, (int)lines.size, lines.data,
                 (int)expected.size, expected.data);
    }
    free(bytes);
    buf_release(&xml);
    buf_release(&expected);
    buf_release(&lines);
}

static void test_answer_read_each_answer_is_taken_as_written_beside_it(void **state)
{
    DIR *folder = opendir("tests/answers");
    size_t count = 0;

    (void)state;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char *end = strrchr(entry->d_name, '.');
        if (end == NULL || strcmp(end, ".xml") != 0) {
            continue;
        }
        *end = '\0';
        answer_check(entry->d_name, FILE_BYTES_MAX);
        answer_check(entry->d_name, 7);
        answer_check(entry->d_name, 1);
        count++;
    }
    closedir(folder);
    assert_true(count > 50);
}

static enum status refuse_group(void *context, const struct answer_message *message, const struct answer_group *group,
                                struct diag *diag)
{
    (void)context;
    assert_string_equal(message->name, "pain.002.001.10");
    assert_string_equal(group->original_msg_id.data, "HN01-202610-R1-970436-01-G1");
    return diag_fail(diag, STATUS_CONFLICT, "not ours");
}

static void never_told(void *context, const struct diag *finding)
{
    (void)context;
    fail_msg("%s", finding->what);
}

static void test_answer_read_refusal_of_a_handler_ends_the_reading(void **state)
{
    const struct answer_handler handler = { .group = refuse_group, .warn = never_told };
    struct buf xml = file_read("tests/answers/pain002-10-partly.xml");
    struct answer_reader *reader = answer_reader_new("a.xml", &handler);
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(answer_read(reader, buf_span(&xml), &diag), STATUS_CONFLICT);
    assert_string_equal(diag.what, "not ours");
    assert_int_equal(answer_read(reader, buf_span(&xml), &diag), STATUS_CONFLICT);
    assert_int_equal(answer_finish(reader, &diag), STATUS_CONFLICT);
    answer_reader_free(reader);
    buf_release(&xml);
}

static void test_answer_read_without_handlers_only_checks(void **state)
{
    static const struct answer_handler handler = { 0 };
    static const char *const names[] = { "pain002-10-partly", "camt053-12-statements", "lenient" };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[512];
        struct answer_reader *reader = answer_reader_new("a.xml", &handler);
        struct diag diag = { 0 };
        snprintf(path, sizeof(path), "tests/answers/%s.xml", names[i]);
        struct buf xml = file_read(path);
        assert_int_equal(answer_read(reader, buf_span(&xml), &diag), STATUS_OK);
        assert_int_equal(answer_finish(reader, &diag), STATUS_OK);
        answer_reader_free(reader);
        buf_release(&xml);
    }
    answer_reader_free(NULL);
}

static void test_answer_read_over_the_size_is_refused_unread(void **state)
{
    static const struct answer_handler handler = { 0 };
    struct answer_reader *reader = answer_reader_new("a.xml", &handler);
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(answer_read(reader, (struct span){ "<", ANSWER_SIZE_MAX + 1 }, &diag), STATUS_LIMIT);
    assert_string_equal(diag.what, "the message is too large");
    assert_int_equal(answer_finish(reader, &diag), STATUS_LIMIT);
    answer_reader_free(reader);
}

/* Only RJCT is a final failure and only three codes say that money moved; ISO external code sets. */
static void test_answer_status_meaning_of_each_code(void **state)
{
    static const char *const expected[] = {
        [ANSWER_NONE] = "", [ANSWER_UNKNOWN] = "XXXX rjct RJCTX BOOK ACS ",
        [ANSWER_PENDING] = "ACFW BLCK PATC PDNG PRES RCVC RCVD RVCM RVMC RVNA RVNC RVNM ",
        [ANSWER_ACCEPTED] = "ACCP ACFC ACIS ACPD ACSP ACTC ACWC ACWP ",
        [ANSWER_SETTLED] = "ACCC ACSC CPUC ", [ANSWER_PARTLY] = "PART ", [ANSWER_REJECTED] = "RJCT ",
        [ANSWER_CANCELLED] = "CANC ",
    };

    (void)state;
    for (size_t meaning = 0; meaning < sizeof(expected) / sizeof(expected[0]); meaning++) {
        for (const char *code = expected[meaning]; *code != '\0'; code = strchr(code, ' ') + 1) {
            size_t size = (size_t)(strchr(code, ' ') - code);
            assert_int_equal(answer_status_meaning((struct span){ code, size }), meaning);
        }
    }
    assert_int_equal(answer_status_meaning(SPAN_EMPTY), ANSWER_NONE);
    assert_int_equal(answer_entry_meaning(span_of("BOOK")), ANSWER_SETTLED);
    assert_int_equal(answer_entry_meaning(span_of("INFO")), ANSWER_PENDING);
    assert_int_equal(answer_entry_meaning(span_of("PDNG")), ANSWER_PENDING);
    assert_int_equal(answer_entry_meaning(span_of("FUTR")), ANSWER_PENDING);
    assert_int_equal(answer_entry_meaning(span_of("ACSC")), ANSWER_UNKNOWN);
    assert_int_equal(answer_entry_meaning(SPAN_EMPTY), ANSWER_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer_read_each_answer_is_taken_as_written_beside_it),
        cmocka_unit_test(test_answer_read_refusal_of_a_handler_ends_the_reading),
        cmocka_unit_test(test_answer_read_without_handlers_only_checks),
        cmocka_unit_test(test_answer_read_over_the_size_is_refused_unread),
        cmocka_unit_test(test_answer_status_meaning_of_each_code),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
