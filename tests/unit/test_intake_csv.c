/* CSV as RFC 4180 has it: what is a record, what is a finding, what refuses the file. */
#include "test_intake_support.h"

#include "intake/intake_internal.h"

/* Stops have few columns, which keeps the texts short. */
#define HEADER "entitlement_id,kind,from_date,note\n"
#define GOOD "A1,ended,2026-10-01,\n"

static void assert_finding(const char *text, const char *finding)
{
    struct read_all all = read_text(text, INTAKE_FOR_RUN);
    assert_string_equal(all.message, "");
    assert_int_equal(all.findings, 1);
    assert_string_equal(all.finding[0], finding);
}

static void assert_refused(const char *text, const char *message)
{
    struct read_all all = read_text(text, INTAKE_FOR_RUN);
    assert_int_not_equal(all.status, STATUS_OK);
    assert_string_equal(all.message, message);
}

static void test_intake_read_line_ends_all_kinds_same_rows(void **state)
{
    (void)state;
    const char *const texts[] = {
        HEADER GOOD "A2,ended,2026-10-02,x\n",
        HEADER GOOD "A2,ended,2026-10-02,x",
        HEADER GOOD "A2,ended,2026-10-02,\"x\"",
        "entitlement_id,kind,from_date,note\r\nA1,ended,2026-10-01,\r\nA2,ended,2026-10-02,x\r\n",
        "entitlement_id,kind,from_date,note\r\nA1,ended,2026-10-01,\r\nA2,ended,2026-10-02,x\r",
        "entitlement_id,kind,from_date,note\r\nA1,ended,2026-10-01,\"\"\r\nA2,\"ended\",2026-10-02,x\r\n",
        "\xef\xbb\xbf" HEADER GOOD "A2,ended,2026-10-02,x\n",
        "\xef\xbb\xbf\"entitlement_id\",kind,from_date,note\n" GOOD "A2,ended,2026-10-02,x\n",
    };
    struct read_all first = read_text(texts[0], INTAKE_FOR_RUN);

    assert_int_equal(first.rows, 2);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct read_all all = read_text(texts[i], INTAKE_FOR_RUN);
        assert_string_equal(all.message, "");
        assert_int_equal(all.findings, 0);
        assert_int_equal(all.rows, 2);
        assert_int_equal(all.checksum, first.checksum);
        assert_int_equal(all.family, FAMILY_stops);
    }
}

static void test_intake_read_column_order_is_free(void **state)
{
    (void)state;
    struct read_all a = read_text(HEADER "A1,ended,2026-10-01,x\n", INTAKE_FOR_RUN);
    struct read_all b = read_text("note,from_date,entitlement_id,kind\nx,2026-10-01,A1,ended\n", INTAKE_FOR_RUN);

    assert_int_equal(a.rows, 1);
    assert_int_equal(a.checksum, b.checksum);
}

/* Lines of every length up to 64, of commas and of bytes that differ from a comma in one bit, cut where they begin
 * anywhere in a word: each field ends where a comma stands, and nowhere else. */
static void test_csv_next_every_comma_ends_a_field(void **state)
{
    static const char bytes[] = { ',', ',', ',' ^ 1, ',' ^ 4, ',' ^ 32, (char)(',' ^ 128), '-', (char)0xff, 'x' };
    struct arena arena = ARENA_INIT;
    struct csv_record record;
    unsigned random = 1;
    char line[80];

    (void)state;
    for (size_t round = 0; round < 64 * 64; round++) {
        size_t size = round % 64 + 1;
        char *from = line + round / 64 % 8;
        for (size_t i = 0; i < size; i++) {
            random = random * 1103515245 + 12345;
            from[i] = bytes[(random >> 16) % sizeof(bytes)];
        }
        from[size] = '\n';
        struct csv csv = { from, from + size + 1, true, 1 };
        assert_int_equal(csv_next(&csv, &arena, &record), CSV_RECORD);
        const char *at = from;
        for (size_t i = 0; i < record.count; i++) {
            assert_ptr_equal(record.field[i].data, at);
            assert_null(memchr(at, ',', record.field[i].size));
            at += record.field[i].size + 1;
            assert_true(i + 1 == record.count || at[-1] == ',');
        }
        assert_ptr_equal(at, from + size + 1);
        assert_ptr_equal(csv.at, csv.end);
    }
    arena_release(&arena);
}

static void test_intake_read_quoted_field_commas_and_doubled_quotes(void **state)
{
    (void)state;
    const char *text = HEADER "A1,ended,2026-10-01,\"a \"\"b\"\", c\"\n" "A2,ended,2026-10-01,\"\"\"\"\"\"\n" GOOD;
    struct intake_reader *reader;
    struct intake_batch batch;

    intake_batch_init(&batch);
    assert_int_equal(intake_new(span_of(text), "p.csv", INTAKE_FOR_RUN, &reader, NULL), STATUS_OK);
    assert_int_equal(intake_read(reader, &batch, NULL), STATUS_OK);
    assert_int_equal(batch.row_count, 3);
    assert_true(span_is(batch.row[0].text[TEXT_note], "a \"b\", c"));
    assert_true(span_is(batch.row[1].text[TEXT_note], "\"\""));
    assert_int_equal(batch.row[2].text[TEXT_note].size, 0);
    intake_free(reader);
    intake_batch_release(&batch);
}

static void test_intake_read_empty_lines_are_no_rows(void **state)
{
    (void)state;
    struct read_all all = read_text("\n\r\n" HEADER "\n\n" GOOD "\r\n\n", INTAKE_FOR_RUN);
    assert_int_equal(all.rows, 1);
    assert_int_equal(all.findings, 0);
    assert_finding(HEADER "\r\n\nA1,ended,x,\n", "4:10: from_date: found x, expected YYYY-MM-DD");
}

static void test_intake_read_header_alone_gives_no_rows(void **state)
{
    (void)state;
    struct read_all all = read_text(HEADER, INTAKE_FOR_RUN);
    assert_int_equal(all.status, STATUS_OK);
    assert_int_equal(all.rows + all.findings, 0);
}

static void test_intake_read_bad_row_is_a_finding_and_others_go_on(void **state)
{
    (void)state;
    struct read_all all = read_text(HEADER "A1,ended,2026-13-01,\n" GOOD "A3,finished,2026-10-01,\n" GOOD,
                                    INTAKE_FOR_RUN);
    assert_int_equal(all.rows, 2);
    assert_int_equal(all.findings, 2);
    assert_string_equal(all.finding[0], "2:10: from_date: found 2026-13-01, expected YYYY-MM-DD");
    assert_string_equal(all.finding[1], "4:4: kind: found finished, expected deceased, suspended, ended, resumed");
}

static void test_intake_read_field_count_differs_is_a_finding(void **state)
{
    (void)state;
    assert_finding(HEADER "A1,ended,2026-10-01\n", "2:0: row: found 3 fields, expected 4");
    assert_finding(HEADER "A1,ended,2026-10-01,,\n", "2:0: row: found 5 fields, expected 4");
    assert_finding(HEADER "A1,ended,2026-10-01,a,b\n" GOOD, "2:0: row: found 5 fields, expected 4");
}

static void test_intake_read_more_fields_than_columns_exist_is_a_finding(void **state)
{
    (void)state;
    char text[1024] = HEADER;
    size_t start = strlen(text);

    memset(text + start, ',', 500);
    memcpy(text + start + 500, "\n" GOOD, sizeof("\n" GOOD));
    assert_finding(text, "2:0: row: found 501 fields, expected 4");
    text[start + 10] = '"';
    text[start + 11] = '"';
    text[start + 12] = ',';
    assert_finding(text, "2:0: row: found 499 fields, expected 4");
}

static void test_intake_read_stray_quote_spoils_its_line_only(void **state)
{
    (void)state;
    struct read_all all = read_text(HEADER "A1,ended,2026-10-01,a \"b\" c\n" GOOD "A3,\"ended\"x,2026-10-01,\n" GOOD,
                                    INTAKE_FOR_RUN);
    assert_int_equal(all.rows, 2);
    assert_int_equal(all.findings, 2);
    assert_string_equal(all.finding[0],
                        "2:23: row: found a quote inside a field, expected RFC 4180: \"a \"\"quoted\"\" text\"");
    assert_string_equal(all.finding[1],
                        "4:11: row: found text behind a closing quote, expected RFC 4180: \"a \"\"quoted\"\" text\"");
}

static void test_intake_read_line_end_in_quotes_is_one_row_at_fault(void **state)
{
    (void)state;
    struct read_all all = read_text(HEADER "A1,ended,2026-10-01,\"a\nb\"\nA2,ended,x,\"\"\n" GOOD, INTAKE_FOR_RUN);
    assert_int_equal(all.rows, 1);
    assert_int_equal(all.findings, 2);
    assert_string_equal(all.finding[0],
                        "2:21: note: found text that is no clean UTF-8, expected text of at most 140 characters");
    assert_string_equal(all.finding[1], "4:10: from_date: found x, expected YYYY-MM-DD");
}

static void test_intake_read_field_behind_a_line_end_in_quotes_names_its_own_line(void **state)
{
    (void)state;
    assert_finding("kind,entitlement_id,from_date\n\"ended\",\"A1\",\"2026-10-0\n1\"\n",
                   "2:14: from_date: found text that is no clean UTF-8, expected YYYY-MM-DD");
    assert_finding("kind,from_date,reason,note,entitlement_id\nended,2026-10-01,,x,\"\n\"\n",
                   "2:21: entitlement_id: found text that is no clean UTF-8, expected 1-35 of A-Z a-z 0-9 / . - _");
}

static void test_intake_read_quote_that_never_closes_refuses_the_file(void **state)
{
    (void)state;
    assert_refused(HEADER GOOD "A2,ended,2026-10-01,\"x\n" GOOD, "p.csv:3:1: a quoted field does not end");
    assert_refused(HEADER "A2,ended,2026-10-01,\"", "p.csv:2:1: a quoted field does not end");
    assert_refused("\"entitlement_id,kind\n", "p.csv:1:1: a quoted field does not end");
}

/* Without this rule the two rows between would vanish into one finding. */
static void test_intake_read_quote_that_swallows_lines_refuses_the_file(void **state)
{
    (void)state;
    assert_refused(HEADER "A1,ended,2026-10-01,\"x\n" GOOD GOOD "A4,ended,2026-10-01,\"y\"\n",
                   "p.csv:2:1: a quoted field does not end");
}

static void test_intake_read_nul_and_bad_utf8_in_a_row_are_findings(void **state)
{
    (void)state;
    const char nul[] = HEADER "A\0B,ended,2026-10-01,\n" GOOD;
    struct read_all all = read_all((struct span){ nul, sizeof(nul) - 1 }, "p.csv", INTAKE_FOR_RUN);

    assert_int_equal(all.rows, 1);
    assert_int_equal(all.findings, 1);
    assert_string_equal(all.finding[0], "2:1: entitlement_id: found text that is no clean UTF-8, "
                                        "expected 1-35 of A-Z a-z 0-9 / . - _");
    assert_finding(HEADER "A1,ended,2026-10-01,\xc3\x28\n",
                   "2:21: note: found text that is no clean UTF-8, expected text of at most 140 characters");
    assert_finding(HEADER "A1,ended,2026-10-01,a\rb\n",
                   "2:21: note: found text that is no clean UTF-8, expected text of at most 140 characters");
}

static void test_intake_read_header_at_fault_refuses_the_file(void **state)
{
    (void)state;
    assert_refused("", "p.csv:1: the file has no header");
    assert_refused("\xef\xbb\xbf\n\n", "p.csv:3: the file has no header");
    assert_refused("entitlement_id,kind,from\n",
                   "p.csv:1:21: unknown column: found from, expected columns of formats/intake, with commas between");
    assert_refused("entitlement_id,kind,from_date,\n",
                   "p.csv:1:31: unknown column: found nothing, expected columns of formats/intake, with commas between");
    assert_refused("entitlement_id,kind,from_date,\"kind\"\n", "p.csv:1:31: a column stands twice: found kind");
    assert_refused("benefit,kind,benefit\n", "p.csv:1:14: a column stands twice: found benefit");
    assert_refused("entitlement_id;kind;from_date\n",
                   "p.csv:1:1: unknown column: found 29 characters, expected columns of formats/intake, with commas between");
    assert_refused("E1,Nguyễn Thị Ánh\n",
                   "p.csv:1:1: unknown column: found E1, expected columns of formats/intake, with commas between");
    assert_refused("Nguyễn Thị Ánh,E1\n",
                   "p.csv:1:1: unknown column: found 14 characters, expected columns of formats/intake, with commas between");
    assert_refused("\xff\xfe" "e\n", "p.csv:1:1: the header is not UTF-8 text on one line");
    assert_refused("entitlement_id,\"kind\n\",from_date\n", "p.csv:1:1: the header is not UTF-8 text on one line");
    assert_refused("entitlement_id,ki\"nd\",from_date\n",
                   "p.csv:1:18: the header is no CSV record: found a quote inside a field");
}

static void test_intake_read_header_with_a_nul_refuses_the_file(void **state)
{
    (void)state;
    const char text[] = "entitlement_id\0,kind,from_date\n";
    struct read_all all = read_all((struct span){ text, sizeof(text) - 1 }, "p.csv", INTAKE_FOR_RUN);
    assert_string_equal(all.message, "p.csv:1:1: the header is not UTF-8 text on one line");
}

static struct read_all read_line_of(size_t size, bool quoted)
{
    char *text = mem_alloc(size + 200, 1);
    size_t start = (size_t)snprintf(text, 100, HEADER "A1,ended,2026-10-01,%s", quoted ? "\"" : "");
    size_t line = start - strlen(HEADER);

    memset(text + start, 'x', size - line);
    snprintf(text + strlen(HEADER) + size - (quoted ? 1 : 0), 100, quoted ? "\"\n" GOOD : "\n" GOOD);
    struct read_all all = read_text(text, INTAKE_FOR_RUN);
    free(text);
    return all;
}

static void test_intake_read_line_over_the_limit_refuses_the_file(void **state)
{
    (void)state;
    struct read_all all = read_line_of(INTAKE_LINE_BYTES_MAX - 1, false);
    assert_int_equal(all.status, STATUS_OK);
    assert_int_equal(all.findings, 1);
    assert_int_equal(all.rows, 1);
    all = read_line_of(INTAKE_LINE_BYTES_MAX + 1, false);
    assert_int_equal(all.status, STATUS_LIMIT);
    assert_string_equal(all.message, "p.csv:2:1: the line is too long");
    all = read_line_of(INTAKE_LINE_BYTES_MAX - 1, true);
    assert_int_equal(all.status, STATUS_OK);
    all = read_line_of(INTAKE_LINE_BYTES_MAX + 1, true);
    assert_int_equal(all.status, STATUS_LIMIT);
}

static void test_intake_new_content_over_the_limit_is_refused(void **state)
{
    (void)state;
    struct intake_reader *reader;
    struct diag diag;
    struct span content = { "", (size_t)INTAKE_FILE_BYTES_MAX + 1 };    /* is refused before it is looked at */

    assert_int_equal(intake_new(content, "p.csv", INTAKE_FOR_RUN, &reader, &diag), STATUS_LIMIT);
    assert_null(reader);
    intake_free(reader);
}

static void test_intake_column_gives_the_byte_of_the_field(void **state)
{
    (void)state;
    struct intake_reader *reader;
    struct intake_batch batch;

    intake_batch_init(&batch);
    assert_int_equal(intake_new(span_of(HEADER "A1,\"ended\",2026-10-01,\"ừ, \"\"x\"\"\"\n" GOOD), "-", INTAKE_FOR_RUN,
                                &reader, NULL), STATUS_OK);
    assert_int_equal(intake_read(reader, &batch, NULL), STATUS_OK);
    assert_int_equal(batch.row_count, 2);
    assert_int_equal(intake_column(reader, &batch.row[0], "entitlement_id"), 1);
    assert_int_equal(intake_column(reader, &batch.row[0], "kind"), 4);
    assert_int_equal(intake_column(reader, &batch.row[0], "from_date"), 12);
    assert_int_equal(intake_column(reader, &batch.row[0], "note"), 23);
    assert_int_equal(intake_column(reader, &batch.row[1], "note"), 21);
    assert_int_equal(intake_column(reader, &batch.row[1], "reason"), 0);
    intake_free(reader);
    /* A number, by itself: as it stands, quoted, not given, not in the file. */
    assert_int_equal(intake_new(span_of("kind,beneficiary_id,entitlement_id,from_date\n"
                                        "ended,0123456789,A1,2026-10-01\n"
                                        "\"ended\",\"0123456789\",A1,2026-10-01\nended,,A1,2026-10-01\n"), "-",
                                INTAKE_FOR_RUN, &reader, NULL), STATUS_OK);
    assert_int_equal(intake_read(reader, &batch, NULL), STATUS_OK);
    assert_int_equal(batch.row_count, 3);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(intake_number_byte(&batch.row[i], TEXT_beneficiary_id), i == 0 ? 7 : 9);
        assert_int_equal(intake_number_byte(&batch.row[i], TEXT_beneficiary_id),
                         intake_column(reader, &batch.row[i], "beneficiary_id"));
    }
    assert_int_equal(intake_number_byte(&batch.row[2], TEXT_beneficiary_id), 0);
    assert_int_equal(intake_number_byte(&batch.row[0], TEXT_citizen_id), 0);
    intake_free(reader);
    intake_batch_release(&batch);
}

static void test_intake_read_more_than_a_batch_gives_every_row_once(void **state)
{
    (void)state;
    const size_t rows = 2 * INTAKE_BATCH_ROWS + 7;
    char *text = mem_alloc(rows + 3, 64);
    size_t size = (size_t)sprintf(text, HEADER);
    struct read_all all;

    for (size_t i = 0; i < rows; i++) {
        size += (size_t)sprintf(text + size, "A%zu,ended,2026-10-01,\n", i);
    }
    all = read_text(text, INTAKE_FOR_RUN);
    assert_int_equal(all.rows, rows);
    assert_int_equal(all.findings, 0);
    /* All at fault: the findings fill batches too. */
    for (char *kind = text; (kind = strstr(kind, "ended")) != NULL;) {
        memcpy(kind, "bogus", 5);
    }
    all = read_text(text, INTAKE_FOR_RUN);
    assert_int_equal(all.rows, 0);
    assert_int_equal(all.findings, rows);
    free(text);
}

/* A row's texts of an earlier file must not shine through. */
static void test_intake_read_batch_used_again_forgets_the_other_file(void **state)
{
    (void)state;
    struct intake_reader *reader;
    struct intake_batch batch;

    intake_batch_init(&batch);
    assert_int_equal(intake_new(span_of(HEADER "A1,ended,2026-10-01,secret\n"), "a.csv", INTAKE_FOR_RUN, &reader, NULL),
                     STATUS_OK);
    assert_int_equal(intake_read(reader, &batch, NULL), STATUS_OK);
    assert_true(span_is(batch.row[0].text[TEXT_note], "secret"));
    intake_free(reader);
    assert_int_equal(intake_new(span_of("beneficiary_id,kind,from_date\n0123456789,ended,2026-10-01\n"), "b.csv",
                                INTAKE_FOR_RUN, &reader, NULL), STATUS_OK);
    assert_int_equal(intake_read(reader, &batch, NULL), STATUS_OK);
    assert_int_equal(batch.row_count, 1);
    assert_int_equal(batch.row[0].text[TEXT_note].size, 0);
    assert_int_equal(batch.row[0].text[TEXT_entitlement_id].size, 0);
    assert_true(span_is(batch.row[0].text[TEXT_beneficiary_id], "0123456789"));
    intake_free(reader);
    intake_batch_release(&batch);
}

static void test_intake_is_plain_quote_or_long_line_false(void **state)
{
    char *line = mem_alloc(INTAKE_LINE_BYTES_MAX + 2, 1);

    (void)state;
    memset(line, 'a', INTAKE_LINE_BYTES_MAX + 1);
    assert_true(intake_is_plain(SPAN_EMPTY));
    assert_true(intake_is_plain(span_of("a,b\n1,2\n3,4")));
    assert_false(intake_is_plain(span_of("a,b\n1,\"2\n")));
    assert_true(intake_is_plain((struct span){ line, INTAKE_LINE_BYTES_MAX }));
    assert_false(intake_is_plain((struct span){ line, INTAKE_LINE_BYTES_MAX + 1 }));
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intake_read_line_ends_all_kinds_same_rows),
        cmocka_unit_test(test_intake_read_column_order_is_free),
        cmocka_unit_test(test_csv_next_every_comma_ends_a_field),
        cmocka_unit_test(test_intake_read_quoted_field_commas_and_doubled_quotes),
        cmocka_unit_test(test_intake_read_empty_lines_are_no_rows),
        cmocka_unit_test(test_intake_read_header_alone_gives_no_rows),
        cmocka_unit_test(test_intake_read_bad_row_is_a_finding_and_others_go_on),
        cmocka_unit_test(test_intake_read_field_count_differs_is_a_finding),
        cmocka_unit_test(test_intake_read_more_fields_than_columns_exist_is_a_finding),
        cmocka_unit_test(test_intake_read_stray_quote_spoils_its_line_only),
        cmocka_unit_test(test_intake_read_line_end_in_quotes_is_one_row_at_fault),
        cmocka_unit_test(test_intake_read_field_behind_a_line_end_in_quotes_names_its_own_line),
        cmocka_unit_test(test_intake_read_quote_that_never_closes_refuses_the_file),
        cmocka_unit_test(test_intake_read_quote_that_swallows_lines_refuses_the_file),
        cmocka_unit_test(test_intake_read_nul_and_bad_utf8_in_a_row_are_findings),
        cmocka_unit_test(test_intake_read_header_at_fault_refuses_the_file),
        cmocka_unit_test(test_intake_read_header_with_a_nul_refuses_the_file),
        cmocka_unit_test(test_intake_read_line_over_the_limit_refuses_the_file),
        cmocka_unit_test(test_intake_new_content_over_the_limit_is_refused),
        cmocka_unit_test(test_intake_column_gives_the_byte_of_the_field),
        cmocka_unit_test(test_intake_read_more_than_a_batch_gives_every_row_once),
        cmocka_unit_test(test_intake_read_batch_used_again_forgets_the_other_file),
        cmocka_unit_test(test_intake_is_plain_quote_or_long_line_false),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
