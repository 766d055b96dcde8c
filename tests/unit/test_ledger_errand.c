/* errand.c: is a withdrawal on record before it is done, and is a release's list known at each step? */
#include "test_ledger_support.h"

#include "chitra/ledger_errand.h"

static const struct ledger_doing doing = { "operator", "2026-10-02T08:00:00+07:00", "lost" };

static struct ledger_file file_of(struct bench *bench, const char *msg_id)
{
    struct ledger_file file;

    must(bench, ledger_file_find(bench->ledger, msg_id, &bench->arena, &file, &bench->diag));
    return file;
}

/* Three files of one release, all released. */
static struct ledger_release released(struct bench *bench)
{
    const struct ledger_batch batch[] = { batch_of(1, bench->unit[HN], "A"), batch_of(2, bench->unit[HN], "B"),
                                          batch_of(3, bench->unit[HN], "C") };
    struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .batch = batch, .batch_count = 3 };
    struct ledger_release release = { .run = bench->run.run, .name = "202610-R1-1", .at = "2026-10-02T09:00:00+07:00",
                                      .who = "officer", .pay_month = OCTOBER };
    struct digest list = { { 1 } };
    struct ledger_file *file = NULL;
    int64_t number[3];
    size_t count = 0;

    must(bench, store(bench, &plan));
    must(bench, ledger_files(bench->ledger, 0, 0, &bench->arena, &file, &count, &bench->diag));
    begin(bench);
    must(bench, ledger_files_staged(bench->ledger, BY_RUN, file, count, doing.at, &bench->diag));
    for (size_t i = 0; i < count; i++) {
        number[i] = file[i].file;
    }
    must(bench, ledger_release_begin(bench->ledger, &release, number, count, &bench->diag));
    must(bench, ledger_release_end(bench->ledger, &release, &list, NULL, 0, &bench->diag));
    commit(bench);
    free(file);
    return release;
}

static struct ledger_errand withdrawal_of(struct bench *bench, const struct ledger_release *release, const char *msg_id)
{
    struct ledger_errand errand = { .kind = ERRAND_WITHDRAWAL, .release = *release, .at = "2026-10-02T10:00:00+07:00",
                                    .who = "operator", .why = "lost", .evidence = { { 9 } } };
    struct ledger_errand_file file = { .file = file_of(bench, msg_id), .content = { { 7 } } };

    snprintf(file.path, sizeof(file.path), "%s", file.file.path);
    begin(bench);
    must(bench, ledger_errand_add(bench->ledger, &errand, &file, 1, &bench->diag));
    commit(bench);
    return errand;
}

static void errand_end(struct bench *bench, const struct ledger_errand *errand, const char *msg_id,
                       const struct digest *list)
{
    struct ledger_file file = file_of(bench, msg_id);

    begin(bench);
    must(bench, ledger_file_move(bench->ledger, &file, FILE_VOIDED, BY_VOID, &doing, &bench->diag));
    must(bench, ledger_errand_end(bench->ledger, errand, list, &bench->diag));
    commit(bench);
}

static bool knows(struct bench *bench, const char *name, uint8_t list)
{
    const struct digest digest = { { list } };
    bool known = false;

    must(bench, ledger_release_known(bench->ledger, name, &digest, &known, &bench->diag));
    return known;
}

static void test_ledger_errand_is_open_until_it_is_done(void **state)
{
    struct bench *bench = *state;
    struct ledger_errand open;
    struct ledger_errand_file *file = NULL;
    const struct digest list = { { 2 } };
    size_t count = 0;

    must(bench, ledger_errand_open(bench->ledger, &open, &bench->diag));
    assert_int_equal(open.errand, 0);
    struct ledger_release release = released(bench);
    struct ledger_errand errand = withdrawal_of(bench, &release, "B");
    assert_string_equal(errand.name, "202610-R1-1-W1");
    must(bench, ledger_errand_open(bench->ledger, &open, &bench->diag));
    assert_int_equal(open.errand, errand.errand);
    assert_int_equal(open.kind, ERRAND_WITHDRAWAL);
    assert_string_equal(open.name, errand.name);
    assert_string_equal(open.release.name, "202610-R1-1");
    assert_int_equal(open.release.pay_month, OCTOBER);
    assert_string_equal(open.why, "lost");
    assert_int_equal(open.evidence.bytes[0], 9);
    must(bench, ledger_errand_files(bench->ledger, open.errand, &bench->arena, &file, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_string_equal(file[0].file.batch.msg_id, "B");
    assert_string_equal(file[0].path, "outbox/2026-10/970436/B.xml");
    assert_int_equal(file[0].content.bytes[0], 7);
    free(file);
    errand_end(bench, &errand, "B", &list);
    must(bench, ledger_errand_open(bench->ledger, &open, &bench->diag));
    assert_int_equal(open.errand, 0);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind LIKE 'withdrawal.%'"), 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'file.voided' AND why = 'lost'"), 1);
}

/* The release's lists are this one alone; NULL: none. */
static void lists_are(struct bench *bench, const struct ledger_release *release, const char *name, uint8_t digest)
{
    struct ledger_signed_list *list = NULL;
    size_t count = 99;

    must(bench, ledger_release_lists(bench->ledger, release->release, &list, &count, &bench->diag));
    assert_int_equal(count, name != NULL);
    if (name != NULL) {
        assert_string_equal(list->name, name);
        assert_int_equal(list->list.bytes[0], digest);
    }
    free(list);
}

/* What was sent again has a list beside the release's own, and a copy under another name is known as one. */
static void test_ledger_resend_adds_a_list(void **state)
{
    struct bench *bench = *state;
    struct ledger_release release = released(bench);
    struct ledger_errand errand = { .kind = ERRAND_RESEND, .release = release, .at = "2026-10-02T10:00:00+07:00",
                                    .who = "operator", .why = "" };
    struct ledger_errand_file again[] = { { .file = file_of(bench, "A"), .content = { { 5 } } },
                                          { .file = file_of(bench, "B"), .content = { { 6 } } } };
    struct ledger_signed_list *list = NULL;
    struct ledger_errand_file *copy = NULL;
    const struct digest digest = { { 8 } };
    uint64_t copies;
    size_t count = 0;
    bool known;

    snprintf(again[0].path, sizeof(again[0].path), "%s", again[0].file.path);
    snprintf(again[1].path, sizeof(again[1].path), "outbox/2026-10/970436/B-D1.xml");
    begin(bench);
    must(bench, ledger_errand_add(bench->ledger, &errand, again, 2, &bench->diag));
    must(bench, ledger_errand_end(bench->ledger, &errand, &digest, &bench->diag));
    commit(bench);
    assert_string_equal(errand.name, "202610-R1-1-S1");
    must(bench, ledger_release_lists(bench->ledger, release.release, &list, &count, &bench->diag));
    assert_int_equal(count, 2);
    free(list);
    must(bench, ledger_release_copies(bench->ledger, release.release, &copy, &count, &bench->diag));
    assert_int_equal(count, 1);
    assert_int_equal(copy->file.file, again[1].file.file);
    assert_string_equal(copy->path, "outbox/2026-10/970436/B-D1.xml");
    free(copy);
    must(bench, ledger_copies(bench->ledger, &again[1].file, &again[1].content, &copies, &known, &bench->diag));
    assert_int_equal(copies, 1);
    assert_true(known);
    must(bench, ledger_copies(bench->ledger, &again[0].file, &again[0].content, &copies, &known, &bench->diag));
    assert_int_equal(copies, 0);
    assert_false(known);
    /* A withdrawal's list takes the place of all of them. */
    struct ledger_errand withdrawal = withdrawal_of(bench, &release, "C");
    errand_end(bench, &withdrawal, "C", &digest);
    lists_are(bench, &release, withdrawal.name, 8);
}

static void test_ledger_release_list_is_the_last_one(void **state)
{
    struct bench *bench = *state;
    struct ledger_release release = released(bench);
    struct ledger_file *left = NULL;
    const struct digest second = { { 2 } };
    size_t count = 0;

    lists_are(bench, &release, "202610-R1-1", 1);
    struct ledger_errand errand = withdrawal_of(bench, &release, "B");
    /* Under way: whatever stands under its name is its own, and the old list still is the release's. */
    assert_true(knows(bench, errand.name, 77));
    lists_are(bench, &release, "202610-R1-1", 1);
    errand_end(bench, &errand, "B", &second);
    assert_true(knows(bench, errand.name, 2));
    assert_false(knows(bench, errand.name, 77));
    assert_true(knows(bench, "202610-R1-1", 1));
    lists_are(bench, &release, errand.name, 2);
    must(bench, ledger_release_left(bench->ledger, release.release, &bench->arena, &left, &count, &bench->diag));
    assert_int_equal(count, 2);
    assert_string_equal(left[1].batch.msg_id, "C");
    free(left);
    /* Nothing stays: the release has no list any more. */
    errand = withdrawal_of(bench, &release, "A");
    errand_end(bench, &errand, "A", NULL);
    lists_are(bench, &release, NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_errand_is_open_until_it_is_done),
        BENCH_TEST(test_ledger_release_list_is_the_last_one),
        BENCH_TEST(test_ledger_resend_adds_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
