/* file.c: does a file move forward only, and is it read back as it was recorded? */
#include "test_ledger_support.h"

enum { FILES = 3 };

/* Three planned files: two of HN, one of DN. */
static void files_plan(struct bench *bench)
{
    const struct ledger_batch hn[] = { batch_of(1, bench->unit[HN], "HN-1"), batch_of(2, bench->unit[HN], "HN-2") };
    const struct ledger_batch dn = batch_of(3, bench->unit[DN], "DN-1");
    struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .batch = hn, .batch_count = 2 };

    assert_int_equal(store(bench, &plan), STATUS_OK);
    plan.unit = bench->unit[DN];
    plan.batch = &dn;
    plan.batch_count = 1;
    assert_int_equal(store(bench, &plan), STATUS_OK);
}

static struct ledger_file *files_of(struct bench *bench, int64_t run, int unit, size_t expected)
{
    struct ledger_file *file = NULL;
    size_t count = 99;

    must(bench, ledger_files(bench->ledger, run, unit, &bench->arena, &file, &count, &bench->diag));
    assert_int_equal(count, expected);
    return file;
}

static void files_stage(struct bench *bench)
{
    struct ledger_file *file = files_of(bench, bench->run.run, 0, FILES);

    for (uint8_t i = 0; i < FILES; i++) {
        memset(file[i].xml.bytes, 10 + i, DIGEST_BYTES);
        memset(file[i].content.bytes, 20 + i, DIGEST_BYTES);
        memset(file[i].certificate.bytes, 30 + i, DIGEST_BYTES);
        memset(file[i].profile.bytes, 40 + i, DIGEST_BYTES);
        file[i].size_bytes = 1000u + i;
        file[i].signature = span_of("<Signature>x</Signature>");
    }
    begin(bench);
    must(bench, ledger_files_staged(bench->ledger, BY_RUN, file, 2, "2026-10-01T08:01:00+07:00", &bench->diag));
    must(bench, ledger_files_staged(bench->ledger, BY_RUN, file + 2, 1, "2026-10-01T08:01:00+07:00", &bench->diag));
    must(bench, ledger_files_staged(bench->ledger, BY_RUN, NULL, 0, "2026-10-01T08:01:00+07:00", &bench->diag));
    commit(bench);
    free(file);
}

static struct ledger_release release_of(struct bench *bench, const char *name)
{
    struct ledger_release release = { .run = bench->run.run, .at = "2026-10-02T09:00:00+07:00", .who = "officer" };

    snprintf(release.name, sizeof(release.name), "%s", name);
    return release;
}

static enum file_state state_of(struct bench *bench, const char *msg_id)
{
    struct ledger_file file;

    must(bench, ledger_file_find(bench->ledger, msg_id, &bench->arena, &file, &bench->diag));
    return file.state;
}

static void test_ledger_files_planned_by_run_and_unit(void **state)
{
    struct bench *bench = *state;

    free(files_of(bench, 0, 0, 0));
    files_plan(bench);
    struct ledger_file *file = files_of(bench, bench->run.run, 0, FILES);
    assert_int_equal(file[0].state, FILE_PLANNED);
    assert_int_equal(file[0].run, bench->run.run);
    assert_int_equal(file[0].generation, 1);
    assert_int_equal(file[0].batch.batch, 1);
    assert_int_equal(file[0].batch.unit, bench->unit[HN]);
    assert_int_equal(file[0].batch.channel, CHANNEL_bank);
    assert_int_equal(file[0].batch.part, 1);
    assert_int_equal(file[0].batch.payments, 1);
    assert_int_equal(file[0].batch.amount_dong, 5000000);
    assert_int_equal(file[0].batch.pay_date, DAY(2026, 10, 5));
    assert_string_equal(file[0].batch.bank, "970436");
    assert_string_equal(file[0].batch.account, "111222333");
    assert_string_equal(file[0].batch.profile, "vietcombank");
    assert_string_equal(file[0].batch.msg_id, "HN-1");
    assert_string_equal(file[0].path, "outbox/2026-10/970436/HN-1.xml");
    assert_string_equal(file[0].batch.path, file[0].path);
    assert_string_equal(file[0].unit_code, "HN");
    assert_int_equal(file[0].period, OCTOBER);
    assert_string_equal(file[0].created_at, "2026-10-01T08:00:00+07:00");
    assert_int_equal(file[0].size_bytes, 0);
    assert_int_equal(file[0].signature.size, 0);
    free(file);
    free(files_of(bench, bench->run.run, bench->unit[HN], 2));
    free(files_of(bench, 0, bench->unit[DN], 1));
    free(files_of(bench, 99, 0, 0));
}

static void test_ledger_file_find_by_message_id(void **state)
{
    struct bench *bench = *state;
    struct ledger_file file;

    files_plan(bench);
    must(bench, ledger_file_find(bench->ledger, "DN-1", &bench->arena, &file, &bench->diag));
    assert_string_equal(file.unit_code, "DN");
    assert_int_equal(ledger_file_find(bench->ledger, "DN-2", &bench->arena, &file, &bench->diag), STATUS_NO_INPUT);
}

static void test_ledger_files_staged_keeps_digests_and_signature(void **state)
{
    struct bench *bench = *state;
    struct ledger_file file;
    uint64_t events;

    files_plan(bench);
    files_stage(bench);
    must(bench, ledger_file_find(bench->ledger, "HN-2", &bench->arena, &file, &bench->diag));
    assert_int_equal(file.state, FILE_STAGED);
    assert_int_equal(file.xml.bytes[31], 11);
    assert_int_equal(file.content.bytes[31], 21);
    assert_int_equal(file.certificate.bytes[31], 31);
    assert_int_equal(file.profile.bytes[31], 41);
    assert_int_equal(file.size_bytes, 1001);
    assert_true(span_is(file.signature, "<Signature>x</Signature>"));
    must(bench, ledger_event_check(bench->ledger, &events, &bench->diag));
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'files.staged'"), 2);
}

static void test_ledger_release_two_steps(void **state)
{
    struct bench *bench = *state;
    struct ledger_release release = release_of(bench, "REL-1");
    struct ledger_release open;
    struct digest list;
    int64_t *of_release = NULL;
    size_t count = 0;

    files_plan(bench);
    files_stage(bench);
    struct ledger_file *file = files_of(bench, 0, bench->unit[HN], 2);
    const int64_t number[] = { file[0].file, file[1].file };
    free(file);
    must(bench, ledger_release_open(bench->ledger, &open, &bench->diag));
    assert_int_equal(open.release, 0);
    begin(bench);
    must(bench, ledger_release_begin(bench->ledger, &release, number, 2, &bench->diag));
    commit(bench);
    assert_int_equal(state_of(bench, "HN-1"), FILE_RELEASING);
    assert_int_equal(state_of(bench, "DN-1"), FILE_STAGED);
    must(bench, ledger_release_open(bench->ledger, &open, &bench->diag));
    assert_int_equal(open.release, release.release);
    assert_int_equal(open.run, bench->run.run);
    assert_string_equal(open.name, "REL-1");
    assert_string_equal(open.who, "officer");
    assert_string_equal(open.at, release.at);
    must(bench, ledger_release_files(bench->ledger, release.release, &of_release, &count, &bench->diag));
    assert_int_equal(count, 2);
    assert_int_equal(of_release[0], number[0]);
    assert_int_equal(of_release[1], number[1]);
    free(of_release);
    memset(list.bytes, 7, DIGEST_BYTES);
    begin(bench);
    /* One file was in neither place: unknown, never taken for sent. */
    must(bench, ledger_release_end(bench->ledger, &release, &list, &number[1], 1, &bench->diag));
    commit(bench);
    assert_int_equal(state_of(bench, "HN-1"), FILE_RELEASED);
    assert_int_equal(state_of(bench, "HN-2"), FILE_UNKNOWN);
    assert_int_equal(state_of(bench, "DN-1"), FILE_STAGED);
    must(bench, ledger_release_open(bench->ledger, &open, &bench->diag));
    assert_int_equal(open.release, 0);
    assert_int_equal(number_of(bench, "SELECT hex(list) = '" "0707070707070707070707070707070707070707070707070707070707070707"
                                      "' FROM release"), 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'files.released'"
                                      " AND subject = 'REL-1'"), 1);
}

static void test_ledger_release_begin_same_name_is_refused(void **state)
{
    struct bench *bench = *state;
    struct ledger_release release = release_of(bench, "REL-1");
    struct digest list = { { 1 } };

    begin(bench);
    must(bench, ledger_release_begin(bench->ledger, &release, NULL, 0, &bench->diag));
    must(bench, ledger_release_end(bench->ledger, &release, &list, NULL, 0, &bench->diag));
    commit(bench);
    begin(bench);
    assert_int_equal(ledger_release_begin(bench->ledger, &release, NULL, 0, &bench->diag), STATUS_CONFLICT);
    ledger_rollback(bench->ledger);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM release"), 1);
}

static void test_file_state_name_of_each(void **state)
{
    (void)state;
    static const char *const name[] = { "planned",  "staged",  "stale",    "releasing", "released", "handed_over",
                                        "unknown",  "accepted", "partly",  "rejected",  "voided",   "superseded" };
    for (int i = FILE_PLANNED; i <= FILE_SUPERSEDED; i++) {
        assert_string_equal(file_state_name((enum file_state)i), name[i]);
    }
}

/* The view that accountants read says the same words. */
static void test_v_file_shows_the_same_state_names(void **state)
{
    struct bench *bench = *state;
    char sql[120];

    files_plan(bench);
    for (int i = FILE_PLANNED; i <= FILE_SUPERSEDED; i++) {
        snprintf(sql, sizeof(sql), "UPDATE file SET state = %d", i);
        assert_int_equal(by_hand(bench, sql), SQLITE_OK);
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM v_file WHERE state = '%s'", file_state_name((enum file_state)i));
        assert_int_equal(number_of(bench, sql), FILES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_files_planned_by_run_and_unit),
        BENCH_TEST(test_ledger_file_find_by_message_id),
        BENCH_TEST(test_ledger_files_staged_keeps_digests_and_signature),
        BENCH_TEST(test_ledger_release_two_steps),
        BENCH_TEST(test_ledger_release_begin_same_name_is_refused),
        cmocka_unit_test(test_file_state_name_of_each),
        BENCH_TEST(test_v_file_shows_the_same_state_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
