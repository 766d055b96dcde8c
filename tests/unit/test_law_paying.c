/* paying.c: how much may be withheld, and what becomes of missed months, by the law of the day? */
#include "test_law_fixture.h"

#define DAY(y, m, d) day_of((struct civil){ (y), (m), (d) })

static void test_law_withheld_most_day_before_and_of(void **state)
{
    struct ratio share = { 0, 1 };

    (void)state;
    assert_false(law_withheld_most(law, DAY(2009, 6, 30), &share));
    assert_int_equal(share.num, 0);
    assert_true(law_withheld_most(law, DAY(2009, 7, 1), &share));
    assert_int_equal(share.num * 10, share.den * 3);
    assert_true(law_withheld_most(law, DAY(2030, 1, 1), &share));
}

static void test_law_missed_months_by_reason_and_day(void **state)
{
    (void)state;
    for (int reason = -1; reason <= REASON_other; reason++) {
        bool paid = reason == REASON_returned || reason == REASON_annulled || reason == REASON_verified;
        enum law_missed law_41 = paid ? LAW_MISSED_PAID
                                 : reason == REASON_refused ? LAW_MISSED_NOT_PAID : LAW_MISSED_UNDECIDED;
        enum law_missed law_58 = reason == REASON_annulled ? LAW_MISSED_PAID : LAW_MISSED_UNDECIDED;
        assert_int_equal(law_missed_months(law, BENEFIT_pension, reason, DAY(2025, 7, 1)), law_41);
        assert_int_equal(law_missed_months(law, BENEFIT_pension, reason, DAY(2025, 6, 30)), law_58);
        assert_int_equal(law_missed_months(law, BENEFIT_pension, reason, DAY(2015, 12, 31)), LAW_MISSED_UNDECIDED);
        assert_int_equal(law_missed_months(law, BENEFIT_unemployment, reason, DAY(2025, 7, 1)), LAW_MISSED_NOT_PAID);
        assert_int_equal(law_missed_months(law, BENEFIT_unemployment, reason, DAY(2026, 1, 1)), LAW_MISSED_NOT_PAID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_law_withheld_most_day_before_and_of),
        cmocka_unit_test(test_law_missed_months_by_reason_and_day),
    };
    return cmocka_run_group_tests(tests, law_make, law_end);
}
