/* open.c, run.c: is the ledger whole or untouched, and does it know its runs and intake files? */
#include "test_ledger_support.h"

#include <sys/wait.h>

static void test_ledger_open_missing_folder_is_refused(void **state)
{
    (void)state;
    struct ledger *ledger = NULL;
    struct diag diag = { .line = 0 };

    assert_int_equal(ledger_open("/nowhere/at/all", LEDGER_WRITE, &ledger, &diag), STATUS_NO_INPUT);
    assert_null(ledger);
    assert_int_equal(ledger_open("/nowhere/at/all", LEDGER_READ, &ledger, &diag), STATUS_NO_INPUT);
    assert_null(ledger);
    ledger_close(NULL);
}

static void test_ledger_open_long_path_is_refused(void **state)
{
    (void)state;
    char path[5000];
    struct ledger *ledger = NULL;
    struct diag diag = { .line = 0 };

    memset(path, 'a', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(ledger_open(path, LEDGER_WRITE, &ledger, &diag), STATUS_IO);
    assert_null(ledger);
}

static void test_ledger_open_reader_without_a_ledger_is_refused(void **state)
{
    struct bench *bench = *state;
    char path[96];

    ledger_close(bench->ledger);
    bench->ledger = NULL;
    snprintf(path, sizeof(path), "%s/state/ledger.db", bench->folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(ledger_open(bench->folder, LEDGER_READ, &bench->ledger, &bench->diag), STATUS_NO_INPUT);
    assert_int_equal(access(path, F_OK), -1);
}

/* The site may be reached through a link. The ledger may not: a link could lead to another site's. */
static void test_ledger_open_links(void **state)
{
    struct bench *bench = *state;
    char link[80];
    char path[96];
    char aside[96];

    snprintf(link, sizeof(link), "%s/site", bench->folder);
    assert_int_equal(symlink(bench->folder, link), 0);
    ledger_close(bench->ledger);
    must(bench, ledger_open(link, LEDGER_WRITE, &bench->ledger, &bench->diag));
    ledger_close(bench->ledger);
    snprintf(path, sizeof(path), "%s/state/ledger.db", bench->folder);
    snprintf(aside, sizeof(aside), "%s/aside.db", bench->folder);
    assert_int_equal(rename(path, aside), 0);
    assert_int_equal(symlink(aside, path), 0);
    assert_int_equal(ledger_open(bench->folder, LEDGER_WRITE, &bench->ledger, &bench->diag), STATUS_LEDGER);
    assert_null(bench->ledger);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(link), 0);
}

static void test_ledger_open_other_schema_is_refused(void **state)
{
    struct bench *bench = *state;

    ledger_close(bench->ledger);
    bench->ledger = NULL;
    assert_int_equal(by_hand(bench, "PRAGMA user_version = 99"), SQLITE_OK);
    assert_int_equal(ledger_open(bench->folder, LEDGER_WRITE, &bench->ledger, &bench->diag), STATUS_LEDGER);
    assert_string_equal(bench->diag.found, "version 99");
    assert_int_equal(by_hand(bench, "PRAGMA user_version = 2; PRAGMA application_id = 7"), SQLITE_OK);
    assert_int_equal(ledger_open(bench->folder, LEDGER_READ, &bench->ledger, &bench->diag), STATUS_LEDGER);
    assert_int_equal(by_hand(bench, "PRAGMA application_id = 1667789938"), SQLITE_OK);
    reopen(bench, LEDGER_WRITE);
}

static void test_ledger_open_reader_cannot_write(void **state)
{
    struct bench *bench = *state;
    int unit = 0;

    reopen(bench, LEDGER_READ);
    begin(bench);
    assert_int_equal(ledger_unit(bench->ledger, "HN", &unit, &bench->diag), STATUS_OK);
    assert_int_equal(unit, bench->unit[HN]);
    assert_int_not_equal(ledger_unit(bench->ledger, "NEW", &unit, &bench->diag), STATUS_OK);
    ledger_rollback(bench->ledger);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM unit"), UNITS);
}

/* Durable settings, seen from inside the file: WAL, and pages of 16 KiB. */
static void test_ledger_open_settings_take(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(number_of(bench, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
    assert_int_equal(number_of(bench, "SELECT page_size FROM pragma_page_size"), 16384);
    assert_int_equal(number_of(bench, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

static void test_ledger_rollback_leaves_nothing(void **state)
{
    struct bench *bench = *state;
    struct digest before;
    struct digest after;
    struct ledger_row row = row_of(bench, "A/1", 100);
    struct ledger_outcome outcome;

    dump_digest(bench, &before);
    begin(bench);
    must(bench, ledger_register(bench->ledger, &bench->source, &row, 1, &outcome, &bench->diag));
    assert_int_equal(outcome.verdict, LEDGER_APPLIED);
    ledger_rollback(bench->ledger);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
    assert_int_equal(put_verdict(bench, row), LEDGER_APPLIED);
}

/* A process that dies inside its transaction leaves the ledger as it was, and what it committed stays. */
static void test_ledger_commit_survives_the_death_of_the_process(void **state)
{
    struct bench *bench = *state;
    struct digest before;
    struct digest after;
    int told = 0;

    added(bench, row_of(bench, "A/1", 100));
    dump_digest(bench, &before);
    ledger_close(bench->ledger);
    bench->ledger = NULL;
    pid_t child = fork();
    if (child == 0) {
        struct ledger_row row = row_of(bench, "A/2", 200);
        struct ledger_outcome outcome;
        if (ledger_open(bench->folder, LEDGER_WRITE, &bench->ledger, &bench->diag) != STATUS_OK ||
            ledger_begin(bench->ledger, &bench->diag) != STATUS_OK ||
            ledger_register(bench->ledger, &bench->source, &row, 1, &outcome, &bench->diag) != STATUS_OK) {
            _exit(1);
        }
        _exit(0);       /* no rollback, no close */
    }
    assert_int_equal(waitpid(child, &told, 0), child);
    assert_true(WIFEXITED(told) && WEXITSTATUS(told) == 0);
    reopen(bench, LEDGER_WRITE);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
    assert_int_equal(number_of(bench, "SELECT count(*) FROM entitlement"), 1);
}

static void test_ledger_close_dry_leaves_the_database_as_it_was(void **state)
{
    struct bench *bench = *state;
    struct digest before;
    struct digest after;

    int64_t known = added(bench, row_of(bench, "A/1", 100));
    dump_digest(bench, &before);
    reopen(bench, LEDGER_DRY);
    next_run(bench, OCTOBER + 1);
    assert_int_equal(put_verdict(bench, row_of(bench, "A/2", 200)), LEDGER_APPLIED);
    struct ledger_obligation obligation = owed(known, OCTOBER + 1, COMPONENT_pension, 5000000, 1);
    plan_usual(bench, bench->unit[HN], &obligation, 1);
    assert_true(ent_of(bench, "A/2") > 0);      /* inside the dry run it is there */
    begin(bench);
    assert_int_equal(put_verdict(bench, row_of(bench, "A/3", 300)), LEDGER_APPLIED);
    ledger_rollback(bench->ledger);
    int64_t ent;
    assert_int_equal(ledger_entitlement_find(bench->ledger, span_of("A/3"), &ent, &bench->diag), STATUS_NO_INPUT);
    must(bench, ledger_checkpoint(bench->ledger, &bench->diag));
    reopen(bench, LEDGER_WRITE);
    dump_digest(bench, &after);
    assert_true(digest_equal(&before, &after));
}

/* After a checkpoint the database alone has everything: a copy without the log is whole. */
static void test_ledger_checkpoint_moves_the_log_into_the_database(void **state)
{
    struct bench *bench = *state;
    struct bench copy = { .ledger = NULL };
    char path[96];

    added(bench, row_of(bench, "A/1", 100));
    must(bench, ledger_checkpoint(bench->ledger, &bench->diag));
    snprintf(path, sizeof(path), "%s/state/ledger.db", bench->folder);
    struct buf database = repository_read(path);
    folder_make(copy.folder);
    snprintf(path, sizeof(path), "%s/state", copy.folder);
    assert_int_equal(mkdir(path, 0700), 0);
    file_put(path, "ledger.db", buf_span(&database));
    buf_release(&database);
    reopen(&copy, LEDGER_READ);
    assert_true(ent_of(&copy, "A/1") > 0);
    must(&copy, ledger_checkpoint(copy.ledger, &copy.diag));    /* a reader's does nothing */
    ledger_close(copy.ledger);
    folder_remove(copy.folder);
}

/* One writer: a second transaction waits and is then refused; a reader goes on meanwhile. */
static void test_ledger_begin_readers_see_one_moment(void **state)
{
    struct bench *bench = *state;
    struct ledger *reader = NULL;
    struct diag diag = { .line = 0 };
    int64_t ent;

    must(bench, ledger_open(bench->folder, LEDGER_READ, &reader, &bench->diag));
    assert_int_equal(ledger_begin(reader, &diag), STATUS_OK);
    assert_int_equal(ledger_entitlement_find(reader, span_of("A/1"), &ent, &diag), STATUS_NO_INPUT);
    added(bench, row_of(bench, "A/1", 100));
    assert_int_equal(ledger_entitlement_find(reader, span_of("A/1"), &ent, &diag), STATUS_NO_INPUT);
    ledger_rollback(reader);
    assert_int_equal(ledger_entitlement_find(reader, span_of("A/1"), &ent, &diag), STATUS_OK);
    ledger_close(reader);
}

/* ---- units ---- */

static void test_ledger_unit_same_code_same_number(void **state)
{
    struct bench *bench = *state;
    int unit = 0;

    begin(bench);
    must(bench, ledger_unit(bench->ledger, "HCM", &unit, &bench->diag));
    assert_int_equal(unit, bench->unit[HCM]);
    commit(bench);
    assert_int_equal(bench->unit[HN], 1);
    assert_int_equal(bench->unit[DN], 3);
}

static void test_ledger_unit_64th_is_refused(void **state)
{
    struct bench *bench = *state;
    char code[16];
    int unit = 0;

    begin(bench);
    for (int i = UNITS; i < 63; i++) {
        snprintf(code, sizeof(code), "U%d", i);
        must(bench, ledger_unit(bench->ledger, code, &unit, &bench->diag));
    }
    assert_int_equal(unit, 63);
    assert_int_equal(ledger_unit(bench->ledger, "U64", &unit, &bench->diag), STATUS_CONFLICT);
    ledger_rollback(bench->ledger);
}

/* ---- runs ---- */

static void test_ledger_run_add_numbers_the_runs_of_a_period(void **state)
{
    struct bench *bench = *state;
    struct ledger_run run;

    assert_int_equal(bench->run.number, 1);
    next_run(bench, OCTOBER);
    assert_int_equal(bench->run.number, 2);
    next_run(bench, OCTOBER + 1);
    assert_int_equal(bench->run.number, 1);
    must(bench, ledger_run_latest(bench->ledger, OCTOBER, &run, &bench->diag));
    assert_int_equal(run.number, 2);
    must(bench, ledger_run_latest(bench->ledger, OCTOBER - 1, &run, &bench->diag));
    assert_int_equal(run.run, 0);
}

static void test_ledger_run_get_gives_what_was_sealed(void **state)
{
    struct bench *bench = *state;
    struct ledger_run given = { .period = OCTOBER, .who = "Trần Văn Kế", .created_at = "2026-10-02T07:00:00+07:00",
                                .pay_date = DAY(2026, 10, 6), .units = "HN,DN" };
    struct ledger_run run;

    memset(given.law.bytes, 1, DIGEST_BYTES);
    memset(given.config.bytes, 2, DIGEST_BYTES);
    memset(given.formats.bytes, 3, DIGEST_BYTES);
    begin(bench);
    must(bench, ledger_run_add(bench->ledger, &given, &bench->diag));
    commit(bench);
    must(bench, ledger_run_get(bench->ledger, given.run, &run, &bench->diag));
    assert_int_equal(run.period, OCTOBER);
    assert_int_equal(run.pay_date, DAY(2026, 10, 6));
    assert_string_equal(run.who, given.who);
    assert_string_equal(run.units, "HN,DN");
    assert_string_equal(run.created_at, given.created_at);
    assert_memory_equal(&run.law, &given.law, sizeof(run.law));
    assert_memory_equal(&run.config, &given.config, sizeof(run.config));
    assert_memory_equal(&run.formats, &given.formats, sizeof(run.formats));
    must(bench, ledger_run_get(bench->ledger, bench->run.run, &run, &bench->diag));
    assert_int_equal(run.pay_date, DAY_NONE);
    assert_int_equal(ledger_run_get(bench->ledger, 99, &run, &bench->diag), STATUS_NO_INPUT);
}

static void test_ledger_run_open_is_the_one_that_is_not_complete(void **state)
{
    struct bench *bench = *state;
    struct ledger_run run;
    static const enum run_state step[] = { RUN_PLANNED, RUN_PLANNED, RUN_STAGED, RUN_COMPLETE };

    for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++) {
        must(bench, ledger_run_open(bench->ledger, &run, &bench->diag));
        assert_int_equal(run.run, bench->run.run);
        must(bench, ledger_run_move(bench->ledger, bench->run.run, step[i], &bench->diag));
    }
    must(bench, ledger_run_open(bench->ledger, &run, &bench->diag));
    assert_int_equal(run.run, 0);
    must(bench, ledger_run_latest(bench->ledger, OCTOBER, &run, &bench->diag));
    assert_int_equal(run.state, RUN_COMPLETE);
}

static void test_run_by_hand_same_period_and_number_is_refused(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(by_hand(bench, "INSERT INTO run(first, period, number, state, created_at, who, units, law, config, formats)"
                                    " SELECT 9, period, number, state, created_at, who, units, law, config, formats FROM run"),
                     SQLITE_CONSTRAINT);
    assert_int_equal(by_hand(bench, "INSERT INTO run(first, period, number, state, created_at, who, units, law, config, formats)"
                                    " SELECT 9, period, 9, state, created_at, who, units, law, config, formats FROM run"),
                     SQLITE_OK);
}

/* Runs that are sealed together know the first of them; one alone is the first itself. */
static void test_ledger_runs_together_in_order(void **state)
{
    struct bench *bench = *state;
    struct ledger_run run[3];
    size_t count;

    assert_int_equal(bench->run.first, bench->run.run);
    must(bench, ledger_runs_together(bench->ledger, bench->run.run, run, 3, &count, &bench->diag));
    assert_int_equal(count, 1);
    struct ledger_run with = bench->run;
    with.period = OCTOBER + 1;
    begin(bench);
    must(bench, ledger_run_add(bench->ledger, &with, &bench->diag));
    commit(bench);
    next_run(bench, OCTOBER + 2);
    must(bench, ledger_runs_together(bench->ledger, with.first, run, 3, &count, &bench->diag));
    assert_int_equal(count, 2);
    assert_int_equal(run[0].period, OCTOBER);
    assert_int_equal(run[1].period, OCTOBER + 1);
    assert_int_equal(run[1].number, 1);
    assert_int_equal(run[1].first, run[0].run);
}

/* ---- intake ---- */

static struct ledger_intake intake_of(uint8_t content)
{
    struct ledger_intake intake = { .name = "pensions.csv", .family = FAMILY_pension };

    memset(intake.sha256.bytes, content, DIGEST_BYTES);
    return intake;
}

static void test_ledger_approval_same_signature_same_number(void **state)
{
    struct bench *bench = *state;

    approved(bench, 1000, 1);
    int64_t first = bench->source.approval;
    approved(bench, 2000, 1);
    assert_int_not_equal(bench->source.approval, first);
    approved(bench, 1000, 1);
    assert_int_equal(bench->source.approval, first);
}

static void test_ledger_intake_seal_then_applied(void **state)
{
    struct bench *bench = *state;
    struct ledger_intake one = intake_of(1);
    struct ledger_intake two = intake_of(2);
    struct ledger_intake *list = NULL;
    size_t count = 0;
    enum intake_state known;

    approved(bench, 1790000000, 5);
    one.approval = bench->source.approval;
    must(bench, ledger_intake_state(bench->ledger, &one.sha256, &known, &bench->diag));
    assert_int_equal(known, INTAKE_UNKNOWN);
    begin(bench);
    must(bench, ledger_intake_seal(bench->ledger, bench->run.run, &one, &bench->diag));
    must(bench, ledger_intake_seal(bench->ledger, bench->run.run, &two, &bench->diag));
    commit(bench);
    one.rows_read = 10, one.rows_applied = 6, one.rows_unchanged = 3, one.rows_rejected = 1;
    must(bench, ledger_intake_done(bench->ledger, &one, &bench->diag));
    must(bench, ledger_intake_state(bench->ledger, &one.sha256, &known, &bench->diag));
    assert_int_equal(known, INTAKE_APPLIED);
    must(bench, ledger_intake_list(bench->ledger, bench->run.run, &list, &count, &bench->diag));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].state, INTAKE_APPLIED);
    assert_int_equal(list[0].signed_at, 1790000000);
    assert_int_equal(list[0].family, FAMILY_pension);
    assert_int_equal(list[0].rows_read, 10);
    assert_int_equal(list[0].rows_applied, 6);
    assert_int_equal(list[0].rows_unchanged, 3);
    assert_int_equal(list[0].rows_rejected, 1);
    assert_int_equal(list[1].state, INTAKE_SEALED);
    assert_int_equal(list[1].family, FAMILY_COUNT);
    assert_int_equal(list[1].signed_at, 0);
    free(list);
}

/* The same content is known for ever, under whatever name or approval it comes again. */
static void test_ledger_intake_seal_same_content_is_refused(void **state)
{
    struct bench *bench = *state;
    struct ledger_intake one = intake_of(1);
    struct ledger_intake again = intake_of(1);

    begin(bench);
    must(bench, ledger_intake_seal(bench->ledger, bench->run.run, &one, &bench->diag));
    commit(bench);
    memcpy(again.name, "other.csv", 10);
    begin(bench);
    assert_int_equal(ledger_intake_seal(bench->ledger, bench->run.run, &again, &bench->diag), STATUS_CONFLICT);
    ledger_rollback(bench->ledger);
    assert_int_equal(by_hand(bench, "INSERT INTO intake(sha256, name, run, approval, state)"
                                    " SELECT sha256, name, run, approval, state FROM intake"), SQLITE_CONSTRAINT);
}

static void test_intake_by_hand_counts_that_do_not_add_up_are_refused(void **state)
{
    struct bench *bench = *state;
    struct ledger_intake one = intake_of(1);

    begin(bench);
    must(bench, ledger_intake_seal(bench->ledger, bench->run.run, &one, &bench->diag));
    commit(bench);
    assert_int_equal(by_hand(bench, "UPDATE intake SET rows_read = 3, applied = 1, unchanged = 1, rejected = 0"),
                     SQLITE_CONSTRAINT);
}

static void test_ledger_reject_add_keeps_line_column_and_reason(void **state)
{
    struct bench *bench = *state;
    struct ledger_intake one = intake_of(1);
    const struct ledger_reject reject[] = { { 7, 3, span_of("unit: chitra.xml has no such unit") },
                                            { 8, 1, span_of("benefit: unknown") } };

    begin(bench);
    must(bench, ledger_intake_seal(bench->ledger, bench->run.run, &one, &bench->diag));
    must(bench, ledger_reject_add(bench->ledger, one.intake, reject, 2, &bench->diag));
    must(bench, ledger_reject_add(bench->ledger, one.intake, NULL, 0, &bench->diag));
    commit(bench);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM reject WHERE line = 7 AND col = 3"
                                      " AND reason = 'unit: chitra.xml has no such unit'"), 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM reject"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ledger_open_missing_folder_is_refused),
        cmocka_unit_test(test_ledger_open_long_path_is_refused),
        BENCH_TEST(test_ledger_open_reader_without_a_ledger_is_refused),
        BENCH_TEST(test_ledger_open_links),
        BENCH_TEST(test_ledger_open_other_schema_is_refused),
        BENCH_TEST(test_ledger_open_reader_cannot_write),
        BENCH_TEST(test_ledger_open_settings_take),
        BENCH_TEST(test_ledger_rollback_leaves_nothing),
        BENCH_TEST(test_ledger_commit_survives_the_death_of_the_process),
        BENCH_TEST(test_ledger_close_dry_leaves_the_database_as_it_was),
        BENCH_TEST(test_ledger_checkpoint_moves_the_log_into_the_database),
        BENCH_TEST(test_ledger_begin_readers_see_one_moment),
        BENCH_TEST(test_ledger_unit_same_code_same_number),
        BENCH_TEST(test_ledger_unit_64th_is_refused),
        BENCH_TEST(test_ledger_run_add_numbers_the_runs_of_a_period),
        BENCH_TEST(test_ledger_run_get_gives_what_was_sealed),
        BENCH_TEST(test_ledger_run_open_is_the_one_that_is_not_complete),
        BENCH_TEST(test_run_by_hand_same_period_and_number_is_refused),
        BENCH_TEST(test_ledger_runs_together_in_order),
        BENCH_TEST(test_ledger_approval_same_signature_same_number),
        BENCH_TEST(test_ledger_intake_seal_then_applied),
        BENCH_TEST(test_ledger_intake_seal_same_content_is_refused),
        BENCH_TEST(test_intake_by_hand_counts_that_do_not_add_up_are_refused),
        BENCH_TEST(test_ledger_reject_add_keeps_line_column_and_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
