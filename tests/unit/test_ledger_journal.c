/* event.c, act.c, journal.c: is everything kept that makes a ledger anew? */
#include "test_ledger_acts.h"

#include <dirent.h>

/* A derived one: it is done again, not copied. */
static void derive(struct bench *bench, const char *code)
{
    struct ledger_event event = event_of("unit.planned", "");
    int unit;

    begin(bench);
    must(bench, ledger_unit(bench->ledger, code, &unit, &bench->diag));
    must(bench, ledger_event_add(bench->ledger, &event, &bench->diag));
    commit(bench);
}

static size_t journal_files(const struct bench *bench)
{
    char path[96];
    size_t count = 0;

    snprintf(path, sizeof(path), "%s/archive/journal", bench->folder);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return count;
}

static void act_file(const struct bench *bench, int last, char path[128])
{
    snprintf(path, 128, "%s/archive/journal/%010d.act", bench->folder, last);
}

/* The ledger of this moment, to be put back later. */
static struct buf backup_take(struct bench *bench)
{
    char path[96];

    ledger_close(bench->ledger);        /* the log goes into the database */
    snprintf(path, sizeof(path), "%s/state/ledger.db", bench->folder);
    struct buf content = repository_read(path);
    must(bench, ledger_open(bench->folder, LEDGER_WRITE, &bench->ledger, &bench->diag));
    return content;
}

static void backup_restore(struct bench *bench, struct buf *content)
{
    char path[96];

    ledger_close(bench->ledger);
    bench->ledger = NULL;
    snprintf(path, sizeof(path), "%s/state", bench->folder);
    file_put(path, "ledger.db", buf_span(content));
    buf_release(content);
}

/* ---- writing ---- */

static void test_ledger_commit_writes_the_act_before_it_returns(void **state)
{
    struct bench *bench = *state;
    struct ledger_acts *acts = NULL;
    struct ledger_act act;
    bool more = false;
    size_t extra = 9;

    decide(bench, "BK", "a reason\twith\n100 % \x01 of it");
    assert_int_equal(journal_files(bench), 1);
    must(bench, ledger_acts_new(bench->ledger, 1, &acts, &bench->diag));
    must(bench, ledger_acts_next(acts, &act, &more, &bench->diag));
    assert_true(more && !act.derived && act.count == 1 && act.changes.size > 0);
    must(bench, ledger_journal_check(bench->ledger, &act, &bench->diag));
    must(bench, ledger_acts_next(acts, &act, &more, &bench->diag));
    assert_false(more);
    ledger_acts_free(acts);
    must(bench, ledger_journal_extra(bench->ledger, 1, &extra, &bench->diag));
    assert_int_equal(extra, 0);
}

static void test_ledger_commit_derived_act_waits_for_the_next(void **state)
{
    struct bench *bench = *state;

    derive(bench, "BK");
    assert_int_equal(journal_files(bench), 0);
    decide(bench, "BL", "");
    assert_int_equal(journal_files(bench), 2);
}

static void test_ledger_commit_change_without_event_gets_one(void **state)
{
    struct bench *bench = *state;
    int unit;

    must(bench, ledger_begin(bench->ledger, &bench->diag));
    must(bench, ledger_unit(bench->ledger, "BK", &unit, &bench->diag));
    commit(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'ledger.changed' AND changes IS NOT NULL"), 1);
    must(bench, ledger_begin(bench->ledger, &bench->diag));     /* nothing changed: nothing happened */
    must(bench, ledger_unit(bench->ledger, "BK", &unit, &bench->diag));
    commit(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event"), 1);
}

static void test_ledger_rollback_leaves_no_act(void **state)
{
    struct bench *bench = *state;
    struct ledger_event event = event_of("test.decided", "");
    int unit;

    must(bench, ledger_begin(bench->ledger, &bench->diag));
    must(bench, ledger_unit(bench->ledger, "BK", &unit, &bench->diag));
    must(bench, ledger_event_add(bench->ledger, &event, &bench->diag));
    ledger_rollback(bench->ledger);
    assert_int_equal(journal_files(bench), 0);
    decide(bench, "BL", "");
    assert_int_equal(number_of(bench, "SELECT max(seq) FROM event WHERE seq = first"), 1);
    assert_int_equal(journal_files(bench), 1);
}

/* A crash between the commit and the journal: the next opening writes the very same file. */
static void test_ledger_open_writes_what_a_crash_left_unwritten(void **state)
{
    struct bench *bench = *state;
    char path[128];

    decide(bench, "BK", "one");
    derive(bench, "BL");
    decide(bench, "BM", "two");
    act_file(bench, 3, path);
    struct buf before = repository_read(path);
    assert_int_equal(unlink(path), 0);
    act_file(bench, 2, path);
    assert_int_equal(unlink(path), 0);
    reopen(bench, LEDGER_WRITE);
    assert_int_equal(journal_files(bench), 3);
    act_file(bench, 3, path);
    struct buf after = repository_read(path);
    assert_true(span_equal(buf_span(&before), buf_span(&after)));
    buf_release(&before);
    buf_release(&after);
}

static void test_ledger_close_dry_leaves_no_act(void **state)
{
    struct bench *bench = *state;

    reopen(bench, LEDGER_DRY);
    decide(bench, "BK", "");
    reopen(bench, LEDGER_WRITE);
    assert_int_equal(journal_files(bench), 0);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event"), 0);
}

/* ---- a restored ledger ---- */

static enum status open_to(struct bench *bench, enum ledger_access access)
{
    ledger_close(bench->ledger);
    bench->diag = (struct diag){ .line = 0 };
    return ledger_open(bench->folder, access, &bench->ledger, &bench->diag);
}

static void test_ledger_open_older_than_the_journal_is_refused(void **state)
{
    struct bench *bench = *state;

    decide(bench, "BK", "");
    struct buf backup = backup_take(bench);
    decide(bench, "BL", "");
    backup_restore(bench, &backup);
    assert_int_equal(open_to(bench, LEDGER_WRITE), STATUS_CONFLICT);
    assert_non_null(strstr(bench->diag.hint, "chitra recover"));
    assert_int_equal(open_to(bench, LEDGER_DRY), STATUS_CONFLICT);
    assert_int_equal(open_to(bench, LEDGER_READ), STATUS_OK);
    assert_int_equal(open_to(bench, LEDGER_RECOVER), STATUS_OK);
}

static void test_ledger_open_new_ledger_beside_a_journal_is_refused(void **state)
{
    struct bench *bench = *state;
    char path[96];

    decide(bench, "BK", "");
    ledger_close(bench->ledger);
    bench->ledger = NULL;
    snprintf(path, sizeof(path), "%s/state/ledger.db", bench->folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(open_to(bench, LEDGER_WRITE), STATUS_CONFLICT);
}

/* Restored, and then used for something else: the two histories are not mixed. */
static void test_ledger_open_of_another_history_is_refused(void **state)
{
    struct bench *bench = *state;
    char path[128];
    char kept[128];

    struct buf backup = backup_take(bench);
    decide(bench, "BK", "one");
    act_file(bench, 1, path);
    snprintf(kept, sizeof(kept), "%s/kept", bench->folder);
    assert_int_equal(rename(path, kept), 0);
    backup_restore(bench, &backup);
    must(bench, open_to(bench, LEDGER_WRITE));
    decide(bench, "BL", "another");
    assert_int_equal(rename(kept, path), 0);
    assert_int_equal(open_to(bench, LEDGER_WRITE), STATUS_CONFLICT);
    assert_int_equal(open_to(bench, LEDGER_RECOVER), STATUS_CONFLICT);
}

/* Restored further back, it is seen where the journal is read. */
static void test_ledger_journal_of_another_history_is_refused(void **state)
{
    struct bench *bench = *state;
    struct ledger_journal *journal = NULL;
    char path[128];
    char kept[128];

    struct buf backup = backup_take(bench);
    decide(bench, "BK", "one");
    decide(bench, "BL", "two");
    snprintf(path, sizeof(path), "%s/archive/journal", bench->folder);
    snprintf(kept, sizeof(kept), "%s/kept", bench->folder);
    assert_int_equal(rename(path, kept), 0);
    backup_restore(bench, &backup);
    must(bench, open_to(bench, LEDGER_WRITE));
    decide(bench, "BM", "another");
    folder_remove(path);
    assert_int_equal(rename(kept, path), 0);
    must(bench, open_to(bench, LEDGER_RECOVER));
    assert_int_equal(ledger_journal_new(bench->ledger, &journal, &bench->diag), STATUS_CONFLICT);
    ledger_journal_free(journal);
}

/* Does again what the journal has and the ledger not. */
static enum status journal_replay(struct bench *bench, size_t *done)
{
    struct ledger_journal *journal = NULL;
    struct ledger_act act;
    bool more = true;

    *done = 0;
    enum status rc = ledger_journal_new(bench->ledger, &journal, &bench->diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_journal_next(journal, &act, &more, &bench->diag);
        if (rc == STATUS_OK && more) {
            rc = ledger_replay(bench->ledger, &act, &bench->diag);
            *done += rc == STATUS_OK;
        }
    }
    ledger_journal_free(journal);
    return rc;
}

static void test_ledger_replay_makes_the_same_ledger(void **state)
{
    struct bench *bench = *state;
    struct digest before;
    struct digest after;
    size_t done = 0;

    decide(bench, "BK", "lý do\t1");
    struct buf backup = backup_take(bench);
    decide(bench, "BL", "two\nlines, 50 %");
    must(bench, ledger_begin(bench->ledger, &bench->diag));
    must(bench, ledger_run_move(bench->ledger, bench->run.run, RUN_PLANNED, &bench->diag));
    must(bench, ledger_run_move(bench->ledger, bench->run.run, RUN_STAGED, &bench->diag));
    commit(bench);
    dump_digest(bench, &before);
    backup_restore(bench, &backup);
    must(bench, open_to(bench, LEDGER_RECOVER));
    must(bench, journal_replay(bench, &done));
    assert_int_equal(done, 2);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
    must(bench, open_to(bench, LEDGER_WRITE));
    must(bench, open_to(bench, LEDGER_RECOVER));
    must(bench, journal_replay(bench, &done));      /* a second time there is nothing to do */
    assert_int_equal(done, 0);
}

/* The rows are not those that the act found: nothing of it is done. */
static void test_ledger_replay_on_other_rows_is_refused(void **state)
{
    struct bench *bench = *state;
    struct digest before;
    struct digest after;
    size_t done = 0;

    struct buf backup = backup_take(bench);
    must(bench, ledger_begin(bench->ledger, &bench->diag));
    must(bench, ledger_run_move(bench->ledger, bench->run.run, RUN_PLANNED, &bench->diag));
    commit(bench);
    backup_restore(bench, &backup);
    assert_int_equal(by_hand(bench, "UPDATE run SET state = 3"), SQLITE_OK);
    must(bench, open_to(bench, LEDGER_RECOVER));
    dump_digest(bench, &before);
    assert_int_equal(journal_replay(bench, &done), STATUS_CONFLICT);
    assert_int_equal(done, 0);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
}

/* Whatever byte of an act is another, it is not done. */
static void test_ledger_journal_any_changed_byte_is_refused(void **state)
{
    struct bench *bench = *state;
    char folder[96];
    size_t done = 0;

    struct buf backup = backup_take(bench);
    decide(bench, "BK", "100 %");
    snprintf(folder, sizeof(folder), "%s/archive/journal", bench->folder);
    char path[128];
    act_file(bench, 1, path);
    struct buf act = repository_read(path);
    backup_restore(bench, &backup);
    must(bench, open_to(bench, LEDGER_RECOVER));
    for (size_t i = 0; i < act.size; i++) {
        act.data[i] ^= 1;
        file_put(folder, "0000000001.act", buf_span(&act));
        enum status rc = journal_replay(bench, &done);
        if ((rc != STATUS_INPUT && rc != STATUS_CONFLICT) || done != 0) {
            fail_msg("byte %zu of the act was changed and it was done", i);
        }
        act.data[i] ^= 1;
    }
    for (size_t size = 0; size < act.size; size++) {
        file_put(folder, "0000000001.act", (struct span){ act.data, size });
        assert_int_not_equal(journal_replay(bench, &done), STATUS_OK);
    }
    file_put(folder, "0000000001.act", buf_span(&act));
    must(bench, journal_replay(bench, &done));
    assert_int_equal(done, 1);
    buf_release(&act);
}

static void test_ledger_journal_missing_act_is_refused(void **state)
{
    struct bench *bench = *state;
    char path[128];
    size_t done = 0;

    struct buf backup = backup_take(bench);
    decide(bench, "BK", "");
    decide(bench, "BL", "");
    decide(bench, "BM", "");
    backup_restore(bench, &backup);
    act_file(bench, 2, path);
    assert_int_equal(unlink(path), 0);
    must(bench, open_to(bench, LEDGER_RECOVER));
    assert_int_equal(journal_replay(bench, &done), STATUS_CONFLICT);
    assert_int_equal(done, 1);
}

/* ---- what is derived ---- */

/* The first act of the journal again, as derived, with this unit. */
static enum status derive_again(struct bench *bench, const char *code)
{
    struct ledger_journal *journal = NULL;
    struct ledger_act act;
    struct ledger_event event = event_of("unit.planned", "");
    bool more = false;
    int unit;

    must(bench, ledger_journal_new(bench->ledger, &journal, &bench->diag));
    must(bench, ledger_journal_next(journal, &act, &more, &bench->diag));
    assert_true(more && act.derived);
    ledger_expect(bench->ledger, &act);
    event.subject = code;
    begin(bench);
    must(bench, ledger_unit(bench->ledger, code, &unit, &bench->diag));
    must(bench, ledger_event_add(bench->ledger, &event, &bench->diag));
    enum status rc = ledger_commit(bench->ledger, &bench->diag);
    ledger_journal_free(journal);
    return rc;
}

static void test_ledger_expect_another_result_is_rolled_back(void **state)
{
    struct bench *bench = *state;
    struct digest before;
    struct digest after;

    struct buf backup = backup_take(bench);
    derive(bench, "E-1");
    decide(bench, "BL", "");
    backup_restore(bench, &backup);
    must(bench, open_to(bench, LEDGER_RECOVER));
    dump_digest(bench, &before);
    assert_int_equal(derive_again(bench, "BK"), STATUS_CONFLICT);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
    must(bench, derive_again(bench, "E-1"));
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE changes IS NULL"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_commit_writes_the_act_before_it_returns),
        BENCH_TEST(test_ledger_commit_derived_act_waits_for_the_next),
        BENCH_TEST(test_ledger_commit_change_without_event_gets_one),
        BENCH_TEST(test_ledger_rollback_leaves_no_act),
        BENCH_TEST(test_ledger_open_writes_what_a_crash_left_unwritten),
        BENCH_TEST(test_ledger_close_dry_leaves_no_act),
        BENCH_TEST(test_ledger_open_older_than_the_journal_is_refused),
        BENCH_TEST(test_ledger_open_new_ledger_beside_a_journal_is_refused),
        BENCH_TEST(test_ledger_open_of_another_history_is_refused),
        BENCH_TEST(test_ledger_journal_of_another_history_is_refused),
        BENCH_TEST(test_ledger_replay_makes_the_same_ledger),
        BENCH_TEST(test_ledger_replay_on_other_rows_is_refused),
        BENCH_TEST(test_ledger_journal_any_changed_byte_is_refused),
        BENCH_TEST(test_ledger_journal_missing_act_is_refused),
        BENCH_TEST(test_ledger_expect_another_result_is_rolled_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
