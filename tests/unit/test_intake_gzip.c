/* Compressed files: one member, whole, and no bomb. */
#include "test_intake_support.h"

static struct read_all read_gzip(struct span content)
{
    return read_all(content, "p.csv.gz", INTAKE_FOR_RUN);
}

static void assert_gzip_refused(struct span content, enum status status, const char *message)
{
    struct read_all all = read_gzip(content);
    assert_int_equal(all.status, status);
    assert_string_equal(all.message, message);
}

/* Rows of stops whose notes do not repeat, so that they pack badly enough. */
static char *stops_text(size_t rows)
{
    char *text = mem_alloc(rows + 1, 200);
    size_t size = (size_t)sprintf(text, "entitlement_id,kind,from_date,note\n");
    uint32_t random = 7;

    for (size_t i = 0; i < rows; i++) {
        size += (size_t)sprintf(text + size, "A%zu,ended,2026-10-01,", i);
        size += (size_t)sprintf(text + size, "%s", i % 5 == 0 ? "\"a \"\"b\"\", " : "");
        for (size_t c = 0; c < 20 + i % 70; c++) {
            random = random * 1664525 + 1013904223;
            text[size++] = (char)('a' + (random >> 24) % 26);
        }
        size += (size_t)sprintf(text + size, i % 5 == 0 ? "\"\r\n" : "\n");
    }
    return text;
}

static void test_intake_read_gzip_gives_the_same_rows_as_plain(void **state)
{
    (void)state;
    char *text = stops_text(40000);
    struct read_all plain = read_text(text, INTAKE_FOR_RUN);

    assert_int_equal(plain.rows, 40000);
    assert_true(strlen(text) > 3 * 1024 * 1024);    /* several windows and several batches */
    for (int level = 0; level <= 9; level += 3) {
        struct span packed = gzip_of(span_of(text), level);
        struct read_all all = read_gzip(packed);
        assert_string_equal(all.message, "");
        assert_int_equal(all.rows, plain.rows);
        assert_int_equal(all.findings, 0);
        assert_int_equal(all.checksum, plain.checksum);
        free((void *)(uintptr_t)packed.data);
    }
    free(text);
}

static void test_intake_read_gzip_with_mark_and_findings_same_as_plain(void **state)
{
    (void)state;
    const char *text = "\xef\xbb\xbf" "entitlement_id,kind,from_date\r\nA1,ended,2026-10-01\r\nA2,ended,x\r\n";
    struct span packed = gzip_of(span_of(text), 6);
    struct read_all all = read_gzip(packed);

    assert_int_equal(all.rows, 1);
    assert_int_equal(all.findings, 1);
    assert_string_equal(all.finding[0], "3:10: from_date: found x, expected YYYY-MM-DD");
    free((void *)(uintptr_t)packed.data);
}

/* What rows point to stays valid while another batch is read: readers may keep two. */
static void test_intake_read_gzip_rows_of_two_batches_live_side_by_side(void **state)
{
    (void)state;
    char *text = stops_text(3 * INTAKE_BATCH_ROWS);
    struct span packed = gzip_of(span_of(text), 6);
    struct intake_reader *reader;
    struct intake_batch first, second;

    intake_batch_init(&first);
    intake_batch_init(&second);
    assert_int_equal(intake_new(packed, "p.csv.gz", INTAKE_FOR_RUN, &reader, NULL), STATUS_OK);
    assert_int_equal(intake_read(reader, &first, NULL), STATUS_OK);
    assert_int_equal(intake_read(reader, &second, NULL), STATUS_OK);
    assert_int_equal(first.row_count, INTAKE_BATCH_ROWS);
    for (size_t i = 0; i < first.row_count; i++) {
        char id[32];
        snprintf(id, sizeof(id), "A%zu", i);
        assert_true(span_is(first.row[i].text[TEXT_entitlement_id], id));
    }
    char next[32];
    snprintf(next, sizeof(next), "A%d", INTAKE_BATCH_ROWS);
    assert_true(span_is(second.row[0].text[TEXT_entitlement_id], next));
    intake_free(reader);
    intake_batch_release(&first);
    intake_batch_release(&second);
    free((void *)(uintptr_t)packed.data);
    free(text);
}

static void test_intake_read_gzip_cut_at_every_byte_is_refused(void **state)
{
    (void)state;
    char *text = stops_text(30);
    struct span packed = gzip_of(span_of(text), 9);

    assert_int_equal(read_gzip(packed).rows, 30);
    for (size_t size = 0; size < packed.size; size++) {
        /* A copy of that very length, so that reading behind it is seen. */
        char *cut = mem_alloc(size + 1, 1);
        memcpy(cut, packed.data, size);
        assert_gzip_refused((struct span){ cut, size }, STATUS_INPUT,
                            "p.csv.gz: the gzip file is cut off (gzip -t checks a file)");
        free(cut);
    }
    free((void *)(uintptr_t)packed.data);
    free(text);
}

static void test_intake_read_gzip_changed_byte_of_data_or_trailer_is_refused(void **state)
{
    (void)state;
    char *text = stops_text(30);
    struct span packed = gzip_of(span_of(text), 9);
    char *bytes = (char *)(uintptr_t)packed.data;

    /* Behind the header's ten bytes every bit is covered by the checksum or the length. */
    for (size_t i = 10; i < packed.size; i++) {
        bytes[i] ^= 0x10;
        assert_int_not_equal(read_gzip(packed).status, STATUS_OK);
        bytes[i] ^= 0x10;
    }
    assert_int_equal(read_gzip(packed).status, STATUS_OK);
    free(bytes);
    free(text);
}

static void test_intake_read_gzip_something_behind_is_refused(void **state)
{
    (void)state;
    const char *message = "p.csv.gz: something follows the end of the gzip data (gzip -t checks a file)";
    struct span packed = gzip_of(span_of("entitlement_id,kind,from_date\nA1,ended,2026-10-01\n"), 6);
    char *twice = mem_alloc(packed.size, 2);

    memcpy(twice, packed.data, packed.size);
    assert_gzip_refused((struct span){ twice, packed.size + 1 }, STATUS_INPUT, message);   /* padding */
    memcpy(twice + packed.size, packed.data, packed.size);
    assert_gzip_refused((struct span){ twice, 2 * packed.size }, STATUS_INPUT, message);   /* a second member */
    assert_int_equal(read_gzip((struct span){ twice, packed.size }).rows, 1);
    free(twice);
    free((void *)(uintptr_t)packed.data);
}

static void test_intake_read_gzip_no_gzip_is_refused(void **state)
{
    (void)state;
    const char *message = "p.csv.gz: the gzip file is damaged (gzip -t checks a file)";
    assert_gzip_refused(span_of("entitlement_id,kind,from_date\n"), STATUS_INPUT, message);
    assert_gzip_refused(span_of("x\x9c\x03"), STATUS_INPUT, message);      /* zlib's own format */
    assert_gzip_refused(SPAN_EMPTY, STATUS_INPUT, "p.csv.gz: the gzip file is cut off (gzip -t checks a file)");
}

static void test_intake_read_gzip_empty_text_has_no_header(void **state)
{
    (void)state;
    struct span packed = gzip_of(SPAN_EMPTY, 6);
    assert_gzip_refused(packed, STATUS_INPUT, "p.csv.gz:1: the file has no header");
    free((void *)(uintptr_t)packed.data);
}

static void test_intake_read_gzip_bomb_is_refused_by_its_ratio(void **state)
{
    (void)state;
    const size_t size = 8 << 20;
    char *text = mem_alloc(size, 1);

    memset(text, '\n', size);       /* empty lines: no limit but the ratio stops them */
    struct span packed = gzip_of((struct span){ text, size }, 9);
    assert_true(size / packed.size > INTAKE_GZIP_RATIO_MAX);
    assert_gzip_refused(packed, STATUS_LIMIT, "p.csv.gz: the gzip file is compressed too much (gzip -t checks a file)");
    free((void *)(uintptr_t)packed.data);
    /* Up to 1 MiB any ratio is fine. */
    memcpy(text, "kind,from_date,entitlement_id\n", 30);
    packed = gzip_of((struct span){ text, 1 << 20 }, 9);
    assert_true((size_t)(1 << 20) / packed.size > INTAKE_GZIP_RATIO_MAX);
    assert_int_equal(read_gzip(packed).status, STATUS_OK);
    free((void *)(uintptr_t)packed.data);
    free(text);
}

static void test_intake_read_gzip_line_or_quote_without_end_is_refused(void **state)
{
    (void)state;
    const size_t size = 3 << 20;
    char *text = stops_text(size / 200);
    size_t start = strlen(text) / 2;

    start = (size_t)(strchr(text + start, '\n') - text) + 1;
    uint64_t line = 1;
    for (size_t i = 0; i < start; i++) {
        line += text[i] == '\n';
    }
    for (size_t i = start; text[i] != '\0'; i++) {
        text[i] = text[i] == '\n' || text[i] == '"' ? 'x' : text[i];
    }
    struct span packed = gzip_of(span_of(text), 1);
    char message[200];
    snprintf(message, sizeof(message), "p.csv.gz:%llu:1: the line is too long", (unsigned long long)line);
    assert_gzip_refused(packed, STATUS_LIMIT, message);
    free((void *)(uintptr_t)packed.data);
    text[start] = '"';
    packed = gzip_of(span_of(text), 1);
    snprintf(message, sizeof(message), "p.csv.gz:%llu:1: a quoted field does not end", (unsigned long long)line);
    assert_gzip_refused(packed, STATUS_INPUT, message);
    free((void *)(uintptr_t)packed.data);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intake_read_gzip_gives_the_same_rows_as_plain),
        cmocka_unit_test(test_intake_read_gzip_with_mark_and_findings_same_as_plain),
        cmocka_unit_test(test_intake_read_gzip_rows_of_two_batches_live_side_by_side),
        cmocka_unit_test(test_intake_read_gzip_cut_at_every_byte_is_refused),
        cmocka_unit_test(test_intake_read_gzip_changed_byte_of_data_or_trailer_is_refused),
        cmocka_unit_test(test_intake_read_gzip_something_behind_is_refused),
        cmocka_unit_test(test_intake_read_gzip_no_gzip_is_refused),
        cmocka_unit_test(test_intake_read_gzip_empty_text_has_no_header),
        cmocka_unit_test(test_intake_read_gzip_bomb_is_refused_by_its_ratio),
        cmocka_unit_test(test_intake_read_gzip_line_or_quote_without_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
