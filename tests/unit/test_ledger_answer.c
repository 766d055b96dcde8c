/* answer_apply.c, members.c: does each answer make of a file and its payments what the tables allow, and nothing else? */
#include "test_ledger_answer_support.h"

/* ---- the whole file ---- */

static void test_ledger_answer_accepted_whole_is_one_row(void **state)
{
    struct bench *bench = *state;
    struct ledger_applied applied = apply_one(bench, 1, whole_of(SAYS_ACCEPTED));

    assert_int_equal(applied.before, FILE_RELEASED);
    assert_int_equal(applied.after, FILE_ACCEPTED);
    assert_int_equal(applied.moved[PAYMENT_ACCEPTED], PAYEES);
    assert_int_equal(applied.moved_dong[PAYMENT_ACCEPTED], ALL_DONG);
    assert_int_equal(file_state_of(bench, MSG_ID), FILE_ACCEPTED);
    assert_string_equal(shown(bench, 0), "accepted  2026-10-06");
    assert_int_equal(number_of(bench, "SELECT count(*) FROM outcome"), 0);
}

static void test_ledger_answer_pending_hands_over(void **state)
{
    struct bench *bench = *state;
    struct ledger_applied applied = apply_one(bench, 1, whole_of(SAYS_NOTHING));

    assert_int_equal(applied.after, FILE_HANDED_OVER);
    assert_int_equal(applied.result[LINE_NOTHING], 1);
    assert_string_equal(shown(bench, 0), "instructed  ");
    assert_int_equal(number_of(bench, "SELECT count(*) FROM break"), 0);
}

static void test_ledger_answer_rejected_whole_keeps_payments_instructed(void **state)
{
    struct bench *bench = *state;
    struct answer_line line[] = { reason_of(bench, line_of(2, SAYS_REJECTED), "AC01"),
                                  reason_of(bench, whole_of(SAYS_REJECTED), "AM10") };
    struct ledger_applied applied = apply(bench, 1, line, 2);

    assert_int_equal(applied.after, FILE_REJECTED);
    assert_int_equal(applied.moved[PAYMENT_REJECTED], 0);
    assert_string_equal(shown(bench, 2), "instructed AM10 2026-10-06");
    assert_int_equal(breaks(bench, LINE_REFUSED), 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM dead"), 0);
}

static void test_ledger_answer_rejected_and_accepted_at_once_is_unknown(void **state)
{
    struct bench *bench = *state;
    struct answer_line line[] = { line_of(2, SAYS_ACCEPTED), whole_of(SAYS_REJECTED) };
    struct ledger_applied applied = apply(bench, 1, line, 2);

    assert_int_equal(applied.after, FILE_UNKNOWN);
    assert_string_equal(shown(bench, 2), "instructed  ");
    assert_int_equal(breaks(bench, LINE_CONTRADICTS), 2);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'contradiction'"), 2);
    /* The bank says it clearly afterwards. */
    assert_int_equal(apply_one(bench, 2, whole_of(SAYS_ACCEPTED)).after, FILE_ACCEPTED);
}

static void test_ledger_answer_rejected_after_accepted_fails_each_payment(void **state)
{
    struct bench *bench = *state;

    apply_one(bench, 1, whole_of(SAYS_ACCEPTED));
    struct ledger_applied applied = apply_one(bench, 2, reason_of(bench, whole_of(SAYS_REJECTED), "AM04"));
    assert_int_equal(applied.after, FILE_ACCEPTED);
    assert_int_equal(applied.moved[PAYMENT_REJECTED], PAYEES);
    assert_string_equal(shown(bench, 4), "rejected AM04 2026-10-06");
    assert_int_equal(number_of(bench, "SELECT count(*) FROM dead WHERE settled = 0"), PAYEES);
}

static void test_ledger_answer_rejected_of_before_contradicts_once(void **state)
{
    struct bench *bench = *state;

    apply_one(bench, 9, whole_of(SAYS_ACCEPTED));
    struct ledger_applied applied = apply_one(bench, 8, whole_of(SAYS_REJECTED));
    assert_int_equal(applied.moved[PAYMENT_REJECTED], 0);
    assert_int_equal(applied.result[LINE_CONTRADICTS], 1);
    assert_string_equal(shown(bench, 4), "accepted  2026-10-06");
}

static void test_ledger_answer_accepted_of_before_a_rejection_is_overtaken(void **state)
{
    struct bench *bench = *state;

    apply_one(bench, 9, whole_of(SAYS_REJECTED));
    struct ledger_applied applied = apply_one(bench, 8, whole_of(SAYS_ACCEPTED));
    assert_int_equal(applied.result[LINE_OVERTAKEN], 1);
    assert_int_equal(applied.after, FILE_REJECTED);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM break"), 0);
    /* News that are not older contradict, and move nothing either. */
    applied = apply_one(bench, 9, whole_of(SAYS_ACCEPTED));
    assert_int_equal(applied.result[LINE_CONTRADICTS], 1);
    assert_int_equal(applied.after, FILE_REJECTED);
}

static void test_ledger_answer_with_another_sum_moves_nothing(void **state)
{
    struct bench *bench = *state;
    struct answer_line line = whole_of(SAYS_ACCEPTED);

    line.count = PAYEES;
    line.amount_dong = ALL_DONG + 1;
    struct ledger_applied applied = apply_one(bench, 1, line);
    assert_int_equal(applied.result[LINE_AMOUNT], 1);
    assert_int_equal(applied.after, FILE_HANDED_OVER);
    line.says = SAYS_REJECTED;
    assert_int_equal(apply_one(bench, 2, line).after, FILE_HANDED_OVER);
    assert_int_equal(breaks(bench, LINE_AMOUNT), 2);
    line.amount_dong = ALL_DONG;
    assert_int_equal(apply_one(bench, 3, line).after, FILE_REJECTED);
}

/* ---- single payments ---- */

static void test_ledger_answer_one_rejected_the_rest_accepted(void **state)
{
    struct bench *bench = *state;
    struct answer_line line[] = { reason_of(bench, line_of(3, SAYS_REJECTED), "AC04"), whole_of(SAYS_ACCEPTED) };
    struct ledger_applied applied = apply(bench, 1, line, 2);

    assert_int_equal(applied.after, FILE_PARTLY);
    assert_string_equal(shown(bench, 3), "rejected AC04 2026-10-06");
    assert_string_equal(shown(bench, 2), "accepted  2026-10-06");
    assert_int_equal(number_of(bench, "SELECT count(*) FROM outcome"), 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM dead"), 1);
}

static void test_ledger_answer_equal_lines_become_the_rest(void **state)
{
    struct bench *bench = *state;
    struct answer_line line[PAYEES];

    for (int i = 0; i < PAYEES; i++) {
        line[i] = line_of(i, i == 1 ? SAYS_REJECTED : SAYS_ACCEPTED);
    }
    struct ledger_applied applied = apply(bench, 1, line, PAYEES);
    assert_int_equal(applied.result[LINE_MOVED], PAYEES);
    assert_int_equal(number_of(bench, "SELECT rest FROM file"), PAYMENT_ACCEPTED);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM outcome"), 1);
    assert_string_equal(shown(bench, 1), "rejected  2026-10-06");
}

static void test_ledger_answer_fewer_than_half_get_states_of_their_own(void **state)
{
    struct bench *bench = *state;
    struct answer_line line[] = { line_of(0, SAYS_ACCEPTED), line_of(4, SAYS_ACCEPTED) };
    struct ledger_applied applied = apply(bench, 1, line, 2);

    assert_int_equal(applied.after, FILE_PARTLY);
    assert_int_equal(number_of(bench, "SELECT rest FROM file"), PAYMENT_INSTRUCTED);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM outcome"), 2);
    assert_string_equal(shown(bench, 1), "instructed  ");
}

static void test_ledger_answer_new_rest_keeps_what_the_others_had(void **state)
{
    struct bench *bench = *state;
    struct answer_line line[3];

    apply_one(bench, 1, whole_of(SAYS_ACCEPTED));
    for (int i = 0; i < 3; i++) {
        line[i] = line_of(i, SAYS_BOOKED);
        line[i].day = DAY(2026, 10, 8);
    }
    apply(bench, 2, line, 3);
    assert_int_equal(number_of(bench, "SELECT rest FROM file"), PAYMENT_BOOKED);
    assert_string_equal(shown(bench, 0), "booked  2026-10-08");
    assert_string_equal(shown(bench, 4), "accepted  2026-10-06");
    assert_int_equal(number_of(bench, "SELECT count(*) FROM outcome WHERE answer = (SELECT min(answer) FROM answer)"), 2);
}

static void test_ledger_answer_booked_before_accepted(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(apply_one(bench, 9, line_of(1, SAYS_BOOKED)).after, FILE_PARTLY);
    struct ledger_applied applied = apply_one(bench, 3, whole_of(SAYS_ACCEPTED));
    assert_int_equal(applied.moved[PAYMENT_ACCEPTED], PAYEES - 1);
    assert_string_equal(shown(bench, 1), "booked  2026-10-06");
    assert_int_equal(number_of(bench, "SELECT count(*) FROM break"), 0);
}

static void test_ledger_answer_returned_before_booked(void **state)
{
    struct bench *bench = *state;
    struct answer_line back = reason_of(bench, line_of(1, SAYS_RETURNED), "AC04");

    back.day = DAY(2026, 10, 9);
    apply_one(bench, 9, back);
    assert_string_equal(shown(bench, 1), "returned AC04 2026-10-09");
    /* The debit is told late: it is the first one. */
    assert_int_equal(apply_one(bench, 3, line_of(1, SAYS_BOOKED)).result[LINE_SAME], 1);
    assert_string_equal(shown(bench, 1), "returned AC04 2026-10-09");
    struct answer_line second = line_of(1, SAYS_BOOKED);
    second.day = DAY(2026, 10, 12);
    assert_int_equal(apply_one(bench, 4, second).result[LINE_DOUBLE], 1);
}

static void test_ledger_answer_of_another_amount_moves_nothing(void **state)
{
    struct bench *bench = *state;
    struct answer_line line = line_of(1, SAYS_RETURNED);

    line.amount_dong = 1000000;     /* it is 1,000,001 */
    assert_int_equal(apply_one(bench, 1, line).result[LINE_AMOUNT], 1);
    assert_string_equal(shown(bench, 1), "instructed  ");
    assert_int_equal(number_of(bench, "SELECT expected FROM break"), 1000001);
    line.amount_dong = 1000001;
    assert_int_equal(apply_one(bench, 2, line).result[LINE_MOVED], 1);
}

static void test_ledger_answer_of_nobody_moves_nothing(void **state)
{
    struct bench *bench = *state;
    struct answer_line line = line_of(77, SAYS_REJECTED);
    struct ledger_applied applied = apply_one(bench, 1, line);

    assert_int_equal(applied.result[LINE_UNMATCHED], 1);
    assert_int_equal(applied.after, FILE_HANDED_OVER);
    assert_int_equal(breaks(bench, LINE_UNMATCHED), 1);
}

/* ---- again, out of order, against what is known ---- */

static void test_ledger_answer_again_changes_nothing(void **state)
{
    struct bench *bench = *state;
    const enum answer_says says[] = { SAYS_ACCEPTED, SAYS_BOOKED, SAYS_REJECTED, SAYS_RETURNED };

    for (int i = 0; i < 4; i++) {
        apply_one(bench, 1, line_of(i, says[i]));
    }
    assert_int_equal(by_hand(bench, "CREATE TABLE kept AS SELECT * FROM outcome"), SQLITE_OK);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(apply_one(bench, 2, line_of(i, says[i])).result[LINE_SAME], 1);
    }
    assert_int_equal(number_of(bench, "SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM outcome)"), 0);
}

static void test_ledger_answer_second_debit_is_double(void **state)
{
    struct bench *bench = *state;
    struct answer_line first = line_of(1, SAYS_BOOKED);
    struct answer_line again = first;

    first.debit = 4711;
    again.debit = 4711;
    again.day = DAY(2026, 10, 20);
    assert_int_equal(apply_one(bench, 1, first).result[LINE_MOVED], 1);
    assert_int_equal(apply_one(bench, 2, again).result[LINE_SAME], 1);      /* the statement of the same debit */
    again.debit = 4712;
    assert_int_equal(apply_one(bench, 3, again).result[LINE_DOUBLE], 1);
    again.debit = 0;
    assert_int_equal(apply_one(bench, 4, again).result[LINE_DOUBLE], 1);    /* of another day, without a reference */
    again.day = first.day;
    assert_int_equal(apply_one(bench, 5, again).result[LINE_SAME], 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'double'"), 2);
    assert_string_equal(shown(bench, 1), "booked  2026-10-06");
}

/* Two debits and one credit leave one payment; the second credit is its return. */
static void test_ledger_answer_money_back_after_a_double_settles_the_double(void **state)
{
    struct bench *bench = *state;
    struct answer_line debit = line_of(1, SAYS_BOOKED);
    struct answer_line credit = line_of(1, SAYS_RETURNED);

    debit.debit = 4711;
    assert_int_equal(apply_one(bench, 1, debit).result[LINE_MOVED], 1);
    debit.debit = 4712;
    assert_int_equal(apply_one(bench, 2, debit).result[LINE_DOUBLE], 1);
    credit.day = DAY(2026, 10, 21);
    assert_int_equal(apply_one(bench, 3, credit).result[LINE_DOUBLE], 1);
    assert_string_equal(shown(bench, 1), "booked  2026-10-06");
    assert_int_equal(apply_one(bench, 4, credit).result[LINE_SAME], 1);     /* the statement of the same credit */
    credit.day = DAY(2026, 10, 25);
    assert_int_equal(apply_one(bench, 5, credit).result[LINE_MOVED], 1);
    assert_string_equal(shown(bench, 1), "returned  2026-10-25");
}

/* Each pair of news: what the second makes of the payment. */
static void test_ledger_answer_second_news_by_table(void **state)
{
    static const struct {
        enum answer_says first, second;
        bool older;
        enum line_result result;
        const char *shown;
    } row[] = {
        { SAYS_ACCEPTED, SAYS_REJECTED, false, LINE_MOVED, "rejected" },
        { SAYS_ACCEPTED, SAYS_REJECTED, true, LINE_CONTRADICTS, "accepted" },
        { SAYS_ACCEPTED, SAYS_RETURNED, false, LINE_MOVED, "returned" },
        { SAYS_BOOKED, SAYS_REJECTED, false, LINE_CONTRADICTS, "booked" },
        { SAYS_BOOKED, SAYS_RETURNED, true, LINE_MOVED, "returned" },
        { SAYS_BOOKED, SAYS_ACCEPTED, true, LINE_SAME, "booked" },
        { SAYS_REJECTED, SAYS_ACCEPTED, false, LINE_CONTRADICTS, "rejected" },
        { SAYS_REJECTED, SAYS_ACCEPTED, true, LINE_OVERTAKEN, "rejected" },
        { SAYS_REJECTED, SAYS_BOOKED, true, LINE_CONTRADICTS, "rejected" },
        { SAYS_REJECTED, SAYS_RETURNED, false, LINE_SAME, "rejected" },
        { SAYS_RETURNED, SAYS_REJECTED, false, LINE_SAME, "returned" },
        { SAYS_RETURNED, SAYS_ACCEPTED, false, LINE_SAME, "returned" },
    };

    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        void *own = NULL;
        assert_int_equal(sent_setup(&own), 0);
        struct bench *bench = own;
        apply_one(bench, 5, line_of(1, row[i].first));
        struct ledger_applied applied = apply_one(bench, row[i].older ? 4 : 6, line_of(1, row[i].second));
        if (applied.result[row[i].result] != 1 || strncmp(shown(bench, 1), row[i].shown, strlen(row[i].shown)) != 0) {
            fail_msg("row %zu: %s", i, shown(bench, 1));
        }
        bench_teardown(&own);
    }
    (void)state;
}

static void test_ledger_answer_voided_file_that_was_paid_is_double(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(by_hand(bench, "UPDATE file SET state = 10"), SQLITE_OK);
    assert_int_equal(apply_one(bench, 1, whole_of(SAYS_REJECTED)).result[LINE_SAME], 1);
    struct ledger_applied applied = apply_one(bench, 2, line_of(1, SAYS_BOOKED));
    assert_int_equal(applied.result[LINE_DOUBLE], 1);
    assert_int_equal(applied.after, FILE_VOIDED);
    assert_int_equal(apply_one(bench, 3, whole_of(SAYS_ACCEPTED)).result[LINE_DOUBLE], 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'double'"), 2);
}

static void test_ledger_answer_file_that_never_left(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(by_hand(bench, "UPDATE file SET state = 1"), SQLITE_OK);
    assert_int_equal(apply_one(bench, 1, line_of(1, SAYS_REJECTED)).result[LINE_UNMATCHED], 1);
    assert_int_equal(apply_one(bench, 2, line_of(1, SAYS_BOOKED)).result[LINE_DOUBLE], 1);
    assert_int_equal(file_state_of(bench, MSG_ID), FILE_STAGED);
}

/* ---- booked as one ---- */

static void test_ledger_answer_batch_booked_of_those_not_refused(void **state)
{
    struct bench *bench = *state;
    struct answer_line line = whole_of(SAYS_BOOKED);

    apply_one(bench, 1, line_of(1, SAYS_REJECTED));
    line.count = PAYEES - 1;
    line.amount_dong = ALL_DONG - 1000001;
    line.debit = 99;
    struct ledger_applied applied = apply_one(bench, 2, line);
    assert_int_equal(applied.moved[PAYMENT_BOOKED], PAYEES - 1);
    assert_string_equal(shown(bench, 1), "rejected  2026-10-06");
    assert_int_equal(apply_one(bench, 3, line).result[LINE_SAME], 1);
    /* All of them, though one was refused: that one contradicts. */
    line.count = PAYEES;
    line.amount_dong = ALL_DONG;
    applied = apply_one(bench, 4, line);
    assert_int_equal(applied.result[LINE_CONTRADICTS], 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM break WHERE ent IS NOT NULL"), 1);
}

/* ---- payment points ---- */

static void test_ledger_answer_list_is_closed_by_a_result_that_names_all(void **state)
{
    struct bench *bench = *state;
    struct answer_line line[PAYEES];

    for (int i = 0; i < PAYEES; i++) {
        line[i] = line_of(i, i == 2 ? SAYS_UNCOLLECTED : SAYS_BOOKED);
    }
    struct ledger_applied applied = apply(bench, 0, line, PAYEES - 1);
    assert_int_equal(applied.after, FILE_HANDED_OVER);
    assert_int_equal(applied.result[LINE_NOTHING], 1);
    assert_string_equal(shown(bench, 2), "instructed  ");
    assert_string_equal(shown(bench, 0), "collected  2026-10-06");
    applied = apply(bench, 0, line, PAYEES);
    assert_int_equal(applied.after, FILE_PARTLY);
    assert_int_equal(applied.moved[PAYMENT_UNCOLLECTED], 1);
    assert_string_equal(shown(bench, 2), "uncollected  2026-10-06");
    assert_int_equal(number_of(bench, "SELECT state FROM dead"), PAYMENT_UNCOLLECTED);
    line[2].says = SAYS_BOOKED;
    assert_int_equal(apply(bench, 0, line, PAYEES).result[LINE_CONTRADICTS], 1);
}

/* ---- lines that name no file ---- */

static void find_one(void *context, struct answer_line *line, const char *msg_id)
{
    snprintf(context, MSG_ID_BYTES, "%s", msg_id);
    line->file = 0;
}

static void test_ledger_lines_find_by_payment_alone(void **state)
{
    struct bench *bench = *state;
    char msg_id[MSG_ID_BYTES] = "";
    struct answer_line line[] = { line_of(4, SAYS_RETURNED), line_of(77, SAYS_RETURNED) };

    line[0].file = line[1].file = -1;
    must(bench, ledger_lines_find(bench->ledger, "970415", "", line, 2, find_one, msg_id, &bench->diag));
    assert_int_equal(line[0].file, -1);     /* another bank's */
    must(bench, ledger_lines_find(bench->ledger, "970436", "999", line, 2, find_one, msg_id, &bench->diag));
    assert_int_equal(line[0].file, -1);     /* another account's */
    must(bench, ledger_lines_find(bench->ledger, "970436", "111222333", line, 2, find_one, msg_id, &bench->diag));
    assert_string_equal(msg_id, MSG_ID);
    assert_int_equal(line[0].file, 0);
    assert_int_equal(line[1].file, -1);
}

static void test_ledger_answer_known_by_its_content(void **state)
{
    struct bench *bench = *state;
    struct ledger_answer answer = { .message = "pain.002.001.03", .name = "x.xml", .sender = "970436", .said_at = 5,
                                    .at = "2026-10-07T08:00:00+07:00", .who = "operator", .lines = 3 };
    struct ledger_answer found;

    must(bench, ledger_answer_find(bench->ledger, &answer.sha256, &found, &bench->diag));
    assert_int_equal(found.answer, 0);
    begin(bench);
    must(bench, ledger_answer_add(bench->ledger, &answer, &bench->diag));
    assert_int_equal(ledger_answer_add(bench->ledger, &answer, &bench->diag), STATUS_CONFLICT);
    ledger_rollback(bench->ledger);
    begin(bench);
    must(bench, ledger_answer_add(bench->ledger, &answer, &bench->diag));
    commit(bench);
    must(bench, ledger_answer_find(bench->ledger, &answer.sha256, &found, &bench->diag));
    assert_int_equal(found.answer, answer.answer);
    assert_string_equal(found.message, "pain.002.001.03");
    assert_int_equal(found.said_at, 5);
    assert_int_equal(found.lines, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENT_TEST(test_ledger_answer_accepted_whole_is_one_row),
        SENT_TEST(test_ledger_answer_pending_hands_over),
        SENT_TEST(test_ledger_answer_rejected_whole_keeps_payments_instructed),
        SENT_TEST(test_ledger_answer_rejected_and_accepted_at_once_is_unknown),
        SENT_TEST(test_ledger_answer_rejected_after_accepted_fails_each_payment),
        SENT_TEST(test_ledger_answer_rejected_of_before_contradicts_once),
        SENT_TEST(test_ledger_answer_accepted_of_before_a_rejection_is_overtaken),
        SENT_TEST(test_ledger_answer_with_another_sum_moves_nothing),
        SENT_TEST(test_ledger_answer_one_rejected_the_rest_accepted),
        SENT_TEST(test_ledger_answer_equal_lines_become_the_rest),
        SENT_TEST(test_ledger_answer_fewer_than_half_get_states_of_their_own),
        SENT_TEST(test_ledger_answer_new_rest_keeps_what_the_others_had),
        SENT_TEST(test_ledger_answer_booked_before_accepted),
        SENT_TEST(test_ledger_answer_returned_before_booked),
        SENT_TEST(test_ledger_answer_of_another_amount_moves_nothing),
        SENT_TEST(test_ledger_answer_of_nobody_moves_nothing),
        SENT_TEST(test_ledger_answer_again_changes_nothing),
        SENT_TEST(test_ledger_answer_second_debit_is_double),
        SENT_TEST(test_ledger_answer_money_back_after_a_double_settles_the_double),
        cmocka_unit_test(test_ledger_answer_second_news_by_table),
        SENT_TEST(test_ledger_answer_voided_file_that_was_paid_is_double),
        SENT_TEST(test_ledger_answer_file_that_never_left),
        SENT_TEST(test_ledger_answer_batch_booked_of_those_not_refused),
        LIST_TEST(test_ledger_answer_list_is_closed_by_a_result_that_names_all),
        SENT_TEST(test_ledger_lines_find_by_payment_alone),
        SENT_TEST(test_ledger_answer_known_by_its_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
