/* state.c: do the two tables say what MODEL says, and is every state in them? */
#include "test_ledger_support.h"

#include <fcntl.h>

static void test_state_names_are_those_of_the_views(void **state)
{
    struct bench *bench = *state;

    assert_string_equal(file_state_name(FILE_PLANNED), "planned");
    assert_string_equal(file_state_name(FILE_HANDED_OVER), "handed_over");
    assert_string_equal(file_state_name(FILE_SUPERSEDED), "superseded");
    assert_string_equal(payment_state_name(PAYMENT_CALCULATED), "calculated");
    assert_string_equal(payment_state_name(PAYMENT_CLOSED), "closed");
    assert_string_equal(state_by_name(BY_RUN), "run");
    assert_string_equal(state_by_name(BY_SILENCE), "no answer");
    const struct ledger_batch batch = batch_of(1, bench->unit[HN], "HN-1");
    struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .batch = &batch, .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
    for (int i = 0; i < FILE_STATES; i++) {
        char sql[80];
        snprintf(sql, sizeof(sql), "UPDATE file SET state = %d", i);
        assert_int_equal(by_hand(bench, sql), SQLITE_OK);
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM v_file WHERE state = '%s'", file_state_name((enum file_state)i));
        assert_int_equal(number_of(bench, sql), 1);
    }
}

static void test_file_may_become_what_the_table_says(void **state)
{
    (void)state;
    assert_true(file_may_become(FILE_PLANNED, FILE_STAGED, BY_RUN));
    assert_true(file_may_become(FILE_STAGED, FILE_RELEASING, BY_RELEASE));
    assert_true(file_may_become(FILE_RELEASED, FILE_HANDED_OVER, BY_HANDOVER));
    assert_true(file_may_become(FILE_RELEASED, FILE_VOIDED, BY_VOID));
    assert_true(file_may_become(FILE_UNKNOWN, FILE_VOIDED, BY_VOID));
    assert_true(file_may_become(FILE_REJECTED, FILE_SUPERSEDED, BY_REGEN));
    /* What the bank has, or may have, is not withdrawn by our word alone, nor made anew. */
    assert_false(file_may_become(FILE_HANDED_OVER, FILE_VOIDED, BY_VOID));
    assert_false(file_may_become(FILE_ACCEPTED, FILE_VOIDED, BY_VOID));
    assert_false(file_may_become(FILE_UNKNOWN, FILE_SUPERSEDED, BY_REGEN));
    assert_false(file_may_become(FILE_HANDED_OVER, FILE_SUPERSEDED, BY_REGEN));
    assert_false(file_may_become(FILE_STALE, FILE_RELEASING, BY_RELEASE));
    assert_false(file_may_become(FILE_PLANNED, FILE_STAGED, BY_RELEASE));
}

static void test_payment_may_become_what_the_table_says(void **state)
{
    (void)state;
    assert_true(payment_may_become(PAYMENT_INSTRUCTED, PAYMENT_BOOKED, BY_RECEIVE));
    assert_true(payment_may_become(PAYMENT_BOOKED, PAYMENT_RETURNED, BY_RECEIVE));
    assert_true(payment_may_become(PAYMENT_RETURNED, PAYMENT_REISSUED, BY_REISSUE));
    assert_true(payment_may_become(PAYMENT_HELD, PAYMENT_CLOSED, BY_CLOSE));
    /* A new attempt only where the last one finally failed; nothing is closed that may arrive. */
    assert_false(payment_may_become(PAYMENT_INSTRUCTED, PAYMENT_REISSUED, BY_REISSUE));
    assert_false(payment_may_become(PAYMENT_ACCEPTED, PAYMENT_REISSUED, BY_REISSUE));
    assert_false(payment_may_become(PAYMENT_BOOKED, PAYMENT_REISSUED, BY_REISSUE));
    assert_false(payment_may_become(PAYMENT_INSTRUCTED, PAYMENT_CLOSED, BY_CLOSE));
    assert_false(payment_may_become(PAYMENT_BOOKED, PAYMENT_CLOSED, BY_CLOSE));
}

/* Each state but the first is reached by some move, the rows stand in the order of `from`, and none twice. */
static void table_check(const struct state_move *move, size_t count, int states)
{
    for (int to = 1; to < states; to++) {
        bool reached = false;
        for (size_t i = 0; i < count; i++) {
            reached = reached || (move[i].to == to && move[i].from != to);
        }
        assert_true(reached);
    }
    for (size_t i = 0; i < count; i++) {
        assert_true(move[i].from >= 0 && move[i].from < states && move[i].to >= 0 && move[i].to < states);
        assert_non_null(move[i].when);
        for (size_t j = 0; j < i; j++) {
            assert_false(move[i].from == move[j].from && move[i].to == move[j].to && move[i].by == move[j].by);
        }
    }
}

static void test_moves_reach_every_state_once(void **state)
{
    size_t count;
    const struct state_move *move = file_moves(&count);

    (void)state;
    table_check(move, count, FILE_STATES);
    /* Superseded is the end. */
    for (size_t i = 0; i < count; i++) {
        assert_int_not_equal(move[i].from, FILE_SUPERSEDED);
    }
    move = payment_moves(&count);
    table_check(move, count, PAYMENT_STATES);
}

/* What is refused has a reason, and what helps is a command. */
static void refusal_check(const struct state_refusal *refusal)
{
    assert_true(strlen(refusal->why) > 0);
    assert_true(refusal->help[0] == '\0' || strncmp(refusal->help, "chitra ", 7) == 0);
}

static const enum state_by file_command[] = { BY_HANDOVER, BY_RESEND, BY_VOID, BY_REGEN, BY_HOLD };
static const enum state_by payment_command[] = { BY_HOLD, BY_UNHOLD, BY_CLOSE };

/* Each of the commands either moves a file in a state or says why not. */
static void test_file_allows_or_says_why(void **state)
{
    struct state_refusal refusal;
    unsigned allowed = 0;

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        for (int j = 0; j < FILE_STATES; j++) {
            refusal = (struct state_refusal){ "", "" };
            if (file_allows((enum file_state)j, file_command[i], &refusal)) {
                bool moves = false;
                for (int to = 0; to < FILE_STATES; to++) {
                    moves = moves || file_may_become((enum file_state)j, (enum file_state)to, file_command[i]);
                }
                assert_true(moves);
                allowed++;
            } else {
                refusal_check(&refusal);
            }
        }
    }
    assert_int_equal(allowed, 2 + 2 + 3 + 2 + 5);     /* states, by command */
    assert_false(file_allows(FILE_RELEASING, BY_VOID, &refusal));
    assert_string_equal(refusal.help, "chitra release");
    assert_false(file_allows(FILE_UNKNOWN, BY_REGEN, &refusal));
    assert_non_null(strstr(refusal.why, "both would be paid"));
}

/* The same for decisions by hand and a payment. */
static void test_payment_allows_or_says_why(void **state)
{
    struct state_refusal refusal;
    unsigned allowed = 0;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        for (int j = 0; j < PAYMENT_STATES; j++) {
            refusal = (struct state_refusal){ "", "" };
            if (payment_allows((enum payment_state)j, payment_command[i], &refusal)) {
                bool moves = false;
                for (int to = 0; to < PAYMENT_STATES; to++) {
                    moves = moves || payment_may_become((enum payment_state)j, (enum payment_state)to, payment_command[i]);
                }
                assert_true(moves);
                allowed++;
            } else {
                refusal_check(&refusal);
            }
        }
    }
    assert_int_equal(allowed, 6 + 1 + 4);
    /* Nothing is closed that may arrive or did, and nothing is held that has arrived. */
    assert_false(payment_allows(PAYMENT_INSTRUCTED, BY_CLOSE, &refusal));
    assert_false(payment_allows(PAYMENT_ACCEPTED, BY_CLOSE, &refusal));
    assert_false(payment_allows(PAYMENT_BOOKED, BY_CLOSE, &refusal));
    assert_false(payment_allows(PAYMENT_BOOKED, BY_HOLD, &refusal));
    assert_true(payment_allows(PAYMENT_RETURNED, BY_CLOSE, &refusal));
}

/* ---- the manual ---- */

struct manual {
    struct buf text;
    unsigned rows;              /* that were looked for */
};

static void row_is_there(struct manual *manual, const char *row)
{
    if (memmem(manual->text.data, manual->text.size, row, strlen(row)) == NULL) {
        fail_msg("man/chitra-files.7 lacks: %s", row);
    }
    manual->rows++;
}

static void moves_are_there(struct manual *manual, const struct state_move *move, size_t count, bool file)
{
    char row[256];

    for (size_t i = 0; i < count; i++) {
        snprintf(row, sizeof(row), "\n.It %s Ta %s Ta %s Ta %s\n",
                 file ? file_state_name((enum file_state)move[i].from) : payment_state_name((enum payment_state)move[i].from),
                 file ? file_state_name((enum file_state)move[i].to) : payment_state_name((enum payment_state)move[i].to),
                 state_by_name(move[i].by), move[i].when[0] == '\0' ? "always" : move[i].when);
        row_is_there(manual, row);
    }
}

static void refusal_is_there(struct manual *manual, enum state_by by, const char *in, const struct state_refusal *refusal)
{
    char row[256];

    snprintf(row, sizeof(row), "\n.It %s Ta %s Ta %s Ta %s\n", state_by_name(by), in, refusal->why,
             refusal->help[0] == '\0' ? "nothing" : refusal->help);
    row_is_there(manual, row);
}

/* The manual's tables are those of the program: every row, and no other. */
static void test_states_are_those_of_the_manual(void **state)
{
    struct manual manual = { .text = BUF_INIT(1 << 20) };
    struct state_refusal refusal;
    struct diag diag = { 0 };
    size_t count;
    unsigned rows = 0;

    (void)state;
    assert_int_equal(sys_read(AT_FDCWD, "man/chitra-files.7", &manual.text, &diag), STATUS_OK);
    const struct state_move *move = file_moves(&count);
    moves_are_there(&manual, move, count, true);
    move = payment_moves(&count);
    moves_are_there(&manual, move, count, false);
    for (size_t i = 0; i < 5; i++) {
        for (int j = 0; j < FILE_STATES; j++) {
            if (j != FILE_RELEASING && !file_allows((enum file_state)j, file_command[i], &refusal)) {
                refusal_is_there(&manual, file_command[i], file_state_name((enum file_state)j), &refusal);
            }
        }
    }
    for (size_t i = 0; i < 3; i++) {
        for (int j = 0; j < PAYMENT_STATES; j++) {
            if (!payment_allows((enum payment_state)j, payment_command[i], &refusal)) {
                refusal_is_there(&manual, payment_command[i], payment_state_name((enum payment_state)j), &refusal);
            }
        }
    }
    for (const char *at = manual.text.data; (at = memmem(at, (size_t)(manual.text.data + manual.text.size - at), "\n.It ", 5)) != NULL; at++) {
        rows++;
    }
    assert_int_equal(rows, manual.rows + 4);    /* and the heads */
    buf_release(&manual.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_state_names_are_those_of_the_views),
        cmocka_unit_test(test_file_may_become_what_the_table_says),
        cmocka_unit_test(test_payment_may_become_what_the_table_says),
        cmocka_unit_test(test_moves_reach_every_state_once),
        cmocka_unit_test(test_file_allows_or_says_why),
        cmocka_unit_test(test_payment_allows_or_says_why),
        cmocka_unit_test(test_states_are_those_of_the_manual),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
