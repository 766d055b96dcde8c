/* plan_stops.c: which months are due beside deaths, ends, suspensions and resumptions? */
#include "test_law_fixture.h"

#include "run/plan/entitlement.h"

#define DAY(y, m, d) day_of((struct civil){ (y), (m), (d) })

/* The number of a reason's word, as the intake stores it; -1 for none. */
static int reason_of(const char *word)
{
    return word == NULL ? -1 : fact_word_find(FACT_reason, span_of(word));
}

/* One year of months as letters: D due, x dead, e ended, s suspended, ? undecided. */
static void assert_year_of(enum benefit benefit, int year_number, const struct ledger_stop_state *stop, size_t count,
                           const char *expected)
{
    static const char letter[] = { [STOP_NONE] = 'D', [STOP_DEAD] = 'x', [STOP_ENDED] = 'e', [STOP_SUSPENDED] = 's',
                                   [STOP_UNDECIDED] = '?' };
    char year[13] = "";

    for (int month = 0; month < 12; month++) {
        enum stop_verdict verdict = stops_of_month(law, benefit, stop, count, month_of(year_number, month + 1));
        year[month] = letter[verdict];
        assert_int_equal(stop_bars(verdict), verdict != STOP_NONE && verdict != STOP_UNDECIDED);
    }
    assert_string_equal(year, expected);
}

static void assert_year(const struct ledger_stop_state *stop, size_t count, const char *expected)
{
    assert_year_of(BENEFIT_pension, 2026, stop, count, expected);
}

static struct ledger_stop_state one(int kind, const char *reason, day_t from)
{
    return (struct ledger_stop_state){ kind, reason_of(reason), from };
}

static void test_stops_of_month_none_is_due(void **state)
{
    (void)state;
    assert_year(NULL, 0, "DDDDDDDDDDDD");
}

/* The month of death is paid, later months are not. */
static void test_stops_of_month_death(void **state)
{
    (void)state;
    const struct ledger_stop_state first = one(KIND_deceased, NULL, DAY(2026, 4, 1));
    const struct ledger_stop_state last = one(KIND_deceased, NULL, DAY(2026, 4, 30));
    const struct ledger_stop_state before = one(KIND_deceased, NULL, DAY(2026, 3, 31));

    assert_year(&first, 1, "DDDDxxxxxxxx");
    assert_year(&last, 1, "DDDDxxxxxxxx");
    assert_year(&before, 1, "DDDxxxxxxxxx");
}

/* An end and a suspension take the months that begin on or after their day. */
static void test_stops_of_month_end_and_suspension_day_before_of_after(void **state)
{
    (void)state;
    for (int kind = KIND_suspended; kind <= KIND_ended; kind++) {
        const struct ledger_stop_state before = one(kind, NULL, DAY(2026, 3, 31));
        const struct ledger_stop_state of = one(kind, NULL, DAY(2026, 4, 1));
        const struct ledger_stop_state after = one(kind, NULL, DAY(2026, 4, 2));
        assert_year(&before, 1, kind == KIND_ended ? "DDDeeeeeeeee" : "DDDsssssssss");
        assert_year(&of, 1, kind == KIND_ended ? "DDDeeeeeeeee" : "DDDsssssssss");
        assert_year(&after, 1, kind == KIND_ended ? "DDDDeeeeeeee" : "DDDDssssssss");
    }
}

/* Law 41/2024/QH15 art. 75: what becomes of the months between, by the reason of the resumption. */
static void test_stops_of_month_art_75_missed_months_by_reason(void **state)
{
    (void)state;
    static const struct { const char *reason, *year; } by_reason[] = {
        { "returned", "DDDDDDDDDDDD" },     /* 75(4) */
        { "annulled", "DDDDDDDDDDDD" },
        { "verified", "DDDDDDDDDDDD" },     /* 75(3) */
        { "refused", "DDDsssDDDDDD" },      /* 75(6) */
        { "illegal_exit", "DDD???DDDDDD" }, { "missing", "DDD???DDDDDD" }, { "unverified", "DDD???DDDDDD" },
        { "other", "DDD???DDDDDD" },        { NULL, "DDD???DDDDDD" },
    };

    for (size_t i = 0; i < sizeof(by_reason) / sizeof(by_reason[0]); i++) {
        const struct ledger_stop_state stop[] = { one(KIND_suspended, "unverified", DAY(2026, 4, 1)),
                                                  one(KIND_resumed, by_reason[i].reason, DAY(2026, 7, 1)) };
        assert_year(stop, 2, by_reason[i].year);
    }
}

/* The month in which it is resumed began before: it is one of the missed ones, but for its first day. */
static void test_stops_of_month_resumption_day_before_of_after(void **state)
{
    (void)state;
    struct ledger_stop_state stop[] = { one(KIND_suspended, "missing", DAY(2026, 4, 1)),
                                        one(KIND_resumed, "refused", DAY(2026, 6, 30)) };

    assert_year(stop, 2, "DDDsssDDDDDD");
    stop[1].from = DAY(2026, 7, 1);
    assert_year(stop, 2, "DDDsssDDDDDD");
    stop[1].from = DAY(2026, 7, 2);
    assert_year(stop, 2, "DDDssssDDDDD");
    stop[1].from = DAY(2026, 4, 1);     /* the same day: as if nothing had been */
    assert_year(stop, 2, "DDDDDDDDDDDD");
}

/* What was ended is not missed: only the months from the resumption on. */
static void test_stops_of_month_ended_months_are_never_missed(void **state)
{
    (void)state;
    const struct ledger_stop_state stop[] = { one(KIND_ended, NULL, DAY(2026, 4, 1)),
                                              one(KIND_resumed, "returned", DAY(2026, 7, 1)) };
    const struct ledger_stop_state both[] = { one(KIND_suspended, "missing", DAY(2026, 3, 1)),
                                              one(KIND_ended, NULL, DAY(2026, 5, 1)),
                                              one(KIND_resumed, "returned", DAY(2026, 7, 1)) };

    assert_year(stop, 2, "DDDeeeDDDDDD");
    assert_year(both, 3, "DDDDeeDDDDDD");
}

/* Another unit takes over on the day of the end: nothing is missed and nothing lost. */
static void test_stops_of_month_takeover_leaves_no_gap(void **state)
{
    (void)state;
    const struct ledger_stop_state stop[] = { one(KIND_ended, NULL, DAY(2026, 4, 1)),
                                              one(KIND_resumed, NULL, DAY(2026, 4, 1)) };

    assert_year(stop, 2, "DDDDDDDDDDDD");
}

/* A court annuls the declaration of death: the months are due again, the missed ones too (art. 75(3)). */
static void test_stops_of_month_annulled_death_is_undone(void **state)
{
    (void)state;
    const struct ledger_stop_state stop[] = { one(KIND_deceased, NULL, DAY(2026, 4, 10)),
                                              one(KIND_resumed, "annulled", DAY(2026, 7, 1)) };

    assert_year(stop, 2, "DDDDDDDDDDDD");
}

/* The latest word on missed months counts. */
static void test_stops_of_month_decided_later_is_decided(void **state)
{
    (void)state;
    const struct ledger_stop_state stop[] = { one(KIND_suspended, "missing", DAY(2026, 3, 1)),
                                              one(KIND_resumed, "other", DAY(2026, 6, 1)),
                                              one(KIND_resumed, "verified", DAY(2026, 6, 1)) };

    assert_year(stop, 2, "DD???DDDDDDD");
    assert_year(stop, 3, "DDDDDDDDDDDD");
}

static void test_stops_of_month_two_suspensions_by_their_own_reasons(void **state)
{
    (void)state;
    const struct ledger_stop_state stop[] = {
        one(KIND_suspended, "refused", DAY(2026, 2, 1)), one(KIND_resumed, "refused", DAY(2026, 4, 1)),
        one(KIND_suspended, "missing", DAY(2026, 6, 1)), one(KIND_resumed, "returned", DAY(2026, 8, 1)),
        one(KIND_suspended, "unverified", DAY(2026, 10, 1)),
    };

    assert_year(stop, 5, "DssDDDDDDsss");
}

/* A second suspension before the first is resumed: the one resumption decides for all of it. */
static void test_stops_of_month_suspended_twice_resumed_once(void **state)
{
    (void)state;
    const struct ledger_stop_state stop[] = { one(KIND_suspended, "refused", DAY(2026, 2, 1)),
                                              one(KIND_suspended, "missing", DAY(2026, 4, 1)),
                                              one(KIND_resumed, "annulled", DAY(2026, 6, 1)) };

    assert_year(stop, 3, "DDDDDDDDDDDD");
}

static void test_stops_of_month_resumed_without_a_stop_is_nothing(void **state)
{
    (void)state;
    const struct ledger_stop_state stop = one(KIND_resumed, "other", DAY(2026, 6, 15));

    assert_year(&stop, 1, "DDDDDDDDDDDD");
}

/* Death while suspended: what was missed before is missed as long as nobody verifies it, and nothing later is due. */
static void test_stops_of_month_death_ends_everything_else(void **state)
{
    (void)state;
    const struct ledger_stop_state stop[] = { one(KIND_suspended, "unverified", DAY(2026, 3, 1)),
                                              one(KIND_deceased, NULL, DAY(2026, 5, 10)),
                                              one(KIND_resumed, "verified", DAY(2026, 8, 1)) };

    assert_year(stop, 2, "DDsssxxxxxxx");
    assert_year(stop, 3, "DDDDDxxxxxxx");
    assert_int_equal(stops_death(stop, 1), DAY_NONE);
    assert_int_equal(stops_death(stop, 3), DAY(2026, 5, 10));
}

/* Missing, and then declared dead: the suspended months are paid to nobody, whatever comes after (art. 75), unless a
 * court annuls it. Who had come back before had them. */
static void test_stops_of_month_missing_then_declared_dead(void **state)
{
    (void)state;
    const struct ledger_stop_state dead[] = { one(KIND_suspended, "missing", DAY(2026, 3, 1)),
                                              one(KIND_deceased, NULL, DAY(2026, 7, 10)),
                                              one(KIND_resumed, "returned", DAY(2026, 8, 1)),
                                              one(KIND_resumed, "annulled", DAY(2026, 9, 1)) };
    const struct ledger_stop_state back[] = { one(KIND_suspended, "missing", DAY(2026, 3, 1)),
                                              one(KIND_resumed, "returned", DAY(2026, 5, 1)),
                                              one(KIND_deceased, NULL, DAY(2026, 7, 10)) };

    assert_year(dead, 2, "DDsssssxxxxx");
    assert_year(dead, 3, "DDsssssxxxxx");
    assert_year(dead, 4, "DDDDDDDDDDDD");
    assert_int_equal(stops_death(dead, 4), DAY_NONE);
    assert_year(back, 3, "DDDDDDDxxxxx");
}

/* No pay for the time in which an unemployed person was suspended, whatever ended it (Law 38/2013 art. 53, Law
 * 74/2025 art. 41(2)). */
static void test_stops_of_month_unemployment_missed_months_are_never_paid(void **state)
{
    (void)state;
    const struct ledger_stop_state stop[] = { one(KIND_suspended, "unverified", DAY(2026, 4, 1)),
                                              one(KIND_resumed, "verified", DAY(2026, 6, 1)) };

    assert_year_of(BENEFIT_unemployment, 2026, stop, 2, "DDDssDDDDDDD");
}

/* The law of the day of the resumption: the one of 2014 left a return to a decision. */
static void test_stops_of_month_rule_of_the_day_before_of_law_41(void **state)
{
    (void)state;
    struct ledger_stop_state stop[] = { one(KIND_suspended, "illegal_exit", DAY(2025, 4, 1)),
                                        one(KIND_resumed, "returned", DAY(2025, 6, 30)) };

    assert_year_of(BENEFIT_pension, 2025, stop, 2, "DDD???DDDDDD");
    stop[1].from = DAY(2025, 7, 1);
    assert_year_of(BENEFIT_pension, 2025, stop, 2, "DDDDDDDDDDDD");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stops_of_month_none_is_due),
        cmocka_unit_test(test_stops_of_month_death),
        cmocka_unit_test(test_stops_of_month_end_and_suspension_day_before_of_after),
        cmocka_unit_test(test_stops_of_month_art_75_missed_months_by_reason),
        cmocka_unit_test(test_stops_of_month_resumption_day_before_of_after),
        cmocka_unit_test(test_stops_of_month_ended_months_are_never_missed),
        cmocka_unit_test(test_stops_of_month_takeover_leaves_no_gap),
        cmocka_unit_test(test_stops_of_month_annulled_death_is_undone),
        cmocka_unit_test(test_stops_of_month_decided_later_is_decided),
        cmocka_unit_test(test_stops_of_month_two_suspensions_by_their_own_reasons),
        cmocka_unit_test(test_stops_of_month_suspended_twice_resumed_once),
        cmocka_unit_test(test_stops_of_month_resumed_without_a_stop_is_nothing),
        cmocka_unit_test(test_stops_of_month_death_ends_everything_else),
        cmocka_unit_test(test_stops_of_month_missing_then_declared_dead),
        cmocka_unit_test(test_stops_of_month_unemployment_missed_months_are_never_paid),
        cmocka_unit_test(test_stops_of_month_rule_of_the_day_before_of_law_41),
    };
    return cmocka_run_group_tests(tests, law_make, law_end);
}
