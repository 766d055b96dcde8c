/* screen.h: does exactly what has a reason wait, and for the first reason that an officer would give? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chitra/screen.h"

enum { PAY_DAY = 20730 };

/* A transfer that nothing holds. */
static struct screen_facts facts_of(int channel)
{
    return (struct screen_facts){ .family = FAMILY_pension, .channel = channel, .bank_known = true,
                                  .bank_active = true, .account_open = true, .wallet_allowed = true,
                                  .account_length_max = 14, .charset = CHARSET_latin,
                                  .account = span_of("00110000000012"), .name = span_of("Nguyễn Thị Mẫu"),
                                  .authorised_until = DAY_NONE, .pay_date = PAY_DAY };
}

static void assert_held(struct screen_facts facts, const char *reason)
{
    const char *found = screen_payment(&facts);

    assert_non_null(found);
    assert_string_equal(found, reason);
}

static void test_screen_payment_nothing_wrong_holds_nothing(void **state)
{
    (void)state;
    for (int channel = CHANNEL_bank; channel <= CHANNEL_wallet; channel++) {
        struct screen_facts facts = facts_of(channel);
        assert_null(screen_payment(&facts));
    }
}

static void test_screen_payment_each_reason(void **state)
{
    (void)state;
    struct screen_facts facts = facts_of(CHANNEL_bank);

    facts.twin = true;
    assert_held(facts, "two live ids");
    facts = facts_of(CHANNEL_bank);
    facts.bank_known = false;
    assert_held(facts, "bank unknown");
    facts = facts_of(CHANNEL_bank);
    facts.bank_active = false;
    assert_held(facts, "bank closed");
    facts = facts_of(CHANNEL_bank);
    facts.account_open = false;
    assert_held(facts, "no paying account for the channel");
    facts = facts_of(CHANNEL_wallet);
    facts.wallet_allowed = false;
    assert_held(facts, "wallet not allowed for the family");
}

static void test_screen_payment_account_length(void **state)
{
    (void)state;
    struct screen_facts facts = facts_of(CHANNEL_bank);

    assert_null(screen_payment(&facts));        /* 14 of 14 */
    facts.account_length_max = 13;
    assert_held(facts, "account number missing or too long");
    facts.account = SPAN_EMPTY;
    assert_held(facts, "account number missing or too long");
    facts.account = span_of("1");
    assert_null(screen_payment(&facts));
}

/* L41 art. 10(2)d: a written authorisation has an end; the day itself still counts. */
static void test_screen_payment_authorisation_until_the_pay_date(void **state)
{
    (void)state;
    for (int channel = CHANNEL_bank; channel <= CHANNEL_cash; channel++) {
        struct screen_facts facts = facts_of(channel);
        facts.other_payee = true;
        facts.authorised_until = PAY_DAY;
        assert_null(screen_payment(&facts));
        facts.authorised_until = PAY_DAY - 1;
        assert_held(facts, "authorisation expired");
        facts.other_payee = false;      /* the person collects: no authorisation is needed */
        assert_null(screen_payment(&facts));
        facts.other_payee = true;
        facts.authorised_until = DAY_NONE;
        assert_null(screen_payment(&facts));
    }
}

static void test_screen_payment_names_of_which_nothing_is_left(void **state)
{
    (void)state;
    static const char *const unwritable[] = { "", " ", "阮氏", "\xd0\x9d\xd0\xb3" };
    static const char *const writable[] = { "A", "z", "Đặng", "ông Sáu", "1", "阮 Nguyen" };
    struct screen_facts facts = facts_of(CHANNEL_bank);

    for (size_t i = 0; i < sizeof(unwritable) / sizeof(unwritable[0]); i++) {
        facts.name = span_of(unwritable[i]);
        assert_held(facts, "name cannot be written");
    }
    for (size_t i = 0; i < sizeof(writable) / sizeof(writable[0]); i++) {
        facts.name = span_of(writable[i]);
        assert_null(screen_payment(&facts));
    }
    facts.charset = CHARSET_utf8;
    facts.name = span_of("阮氏");
    assert_null(screen_payment(&facts));
}

/* Cash needs no bank and no account; what is the person's holds it all the same. */
static void test_screen_payment_cash_needs_no_bank(void **state)
{
    (void)state;
    struct screen_facts facts = facts_of(CHANNEL_cash);

    facts.bank_known = facts.bank_active = facts.account_open = false;
    facts.account = facts.name = SPAN_EMPTY;
    facts.account_length_max = 0;
    assert_null(screen_payment(&facts));
    facts.twin = true;
    assert_held(facts, "two live ids");
}

static void test_screen_payment_first_reason_in_order(void **state)
{
    (void)state;
    struct screen_facts facts = facts_of(CHANNEL_wallet);

    facts.name = SPAN_EMPTY;
    assert_held(facts, "name cannot be written");
    facts.account = SPAN_EMPTY;
    assert_held(facts, "account number missing or too long");
    facts.account_open = false;
    assert_held(facts, "no paying account for the channel");
    facts.bank_active = false;
    assert_held(facts, "bank closed");
    facts.bank_known = false;
    assert_held(facts, "bank unknown");
    facts.wallet_allowed = false;
    assert_held(facts, "wallet not allowed for the family");
    facts.other_payee = true;
    facts.authorised_until = PAY_DAY - 1;
    assert_held(facts, "authorisation expired");
    facts.twin = true;
    assert_held(facts, "two live ids");
}

/* The words that the plan compares and `list holds` shows. */
static void test_screen_jumped_by_more_than_the_limit(void **state)
{
    (void)state;
    assert_false(screen_jumped(1000, 1000, 50));
    assert_false(screen_jumped(1000, 1500, 50));
    assert_true(screen_jumped(1000, 1501, 50));
    assert_false(screen_jumped(1000, 500, 50));
    assert_true(screen_jumped(1000, 499, 50));
    assert_true(screen_jumped(0, 1, 50));
    assert_true(screen_jumped(1, INT64_MAX, 1000000));
    assert_false(screen_jumped(INT64_MAX, INT64_MAX - 1, 1));
    assert_true(screen_jumped(INT64_MAX, 0, 99));
    assert_false(screen_jumped(INT64_MAX, 0, 100));
}

/* Every reason that a screen gives is explained, each under a code of its own. */
static void test_screen_hold_of_knows_every_reason(void **state)
{
    static const char *const reasons[] = {
        screen_two_live_ids, screen_named_deceased, screen_excluded, screen_shared_account, screen_account_changed,
        screen_jump, screen_over_limit, screen_no_answer, screen_awaits_decision, "authorisation expired", "bank unknown",
        "bank closed", "no paying account for the channel", "account number missing or too long",
        "wallet not allowed for the family", "name cannot be written", "overtaken before its file left",
        "its file was withdrawn",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
        const struct screen_hold *hold = screen_hold_of(span_of(reasons[i]));
        if (hold == NULL) {
            fail_msg("nothing explains \"%s\"", reasons[i]);
        }
        assert_string_equal(hold->reason, reasons[i]);
        assert_true(strlen(hold->explanation) > 20);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(hold->code, screen_hold_of(span_of(reasons[j]))->code);
        }
    }
    assert_null(screen_hold_of(span_of("an officer's own words")));
    assert_null(screen_hold_of(SPAN_EMPTY));
    /* What cannot be paid at all is not paid by anybody's decision. */
    assert_false(screen_hold_of(span_of("bank unknown"))->can_be_lifted);
    assert_true(screen_hold_of(span_of(screen_jump))->can_be_lifted);
}

static void test_screen_words_of_the_plan(void **state)
{
    (void)state;
    assert_string_equal(screen_awaits_relatives, "deceased: awaits a payee named since");
    assert_string_equal(screen_awaits_decision, "awaits decision on missed months");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_screen_payment_nothing_wrong_holds_nothing),
        cmocka_unit_test(test_screen_payment_each_reason),
        cmocka_unit_test(test_screen_payment_account_length),
        cmocka_unit_test(test_screen_payment_authorisation_until_the_pay_date),
        cmocka_unit_test(test_screen_payment_names_of_which_nothing_is_left),
        cmocka_unit_test(test_screen_payment_cash_needs_no_bank),
        cmocka_unit_test(test_screen_payment_first_reason_in_order),
        cmocka_unit_test(test_screen_jumped_by_more_than_the_limit),
        cmocka_unit_test(test_screen_hold_of_knows_every_reason),
        cmocka_unit_test(test_screen_words_of_the_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
