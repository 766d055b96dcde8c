/* route.h: is every payment in exactly one part, within its limits, and the same way every time? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chitra/route.h"

static const struct route_key bank_key = { .channel = CHANNEL_bank, .bank = "970436", .account = "111", .pay_date = 20730 };

static size_t add(struct route *route, const struct route_key *key, int64_t amount_dong)
{
    size_t part = 99;

    assert_int_equal(route_add(route, key, amount_dong, &part), STATUS_OK);
    assert_true(part < route->count);
    return part;
}

static void test_route_add_same_key_same_part(void **state)
{
    (void)state;
    struct route route = ROUTE_INIT;

    assert_int_equal(add(&route, &bank_key, 5), 0);
    assert_int_equal(add(&route, &bank_key, 7), 0);
    assert_int_equal(route.count, 1);
    assert_int_equal(route.part[0].payments, 2);
    assert_int_equal(route.part[0].amount_dong, 12);
    assert_int_equal(route.part[0].part, 1);
    assert_int_equal(route.part[0].channel, CHANNEL_bank);
    assert_int_equal(route.part[0].pay_date, 20730);
    assert_string_equal(route.part[0].bank, "970436");
    assert_string_equal(route.part[0].account, "111");
    assert_false(route.part[0].full);
    route_release(&route);
    assert_int_equal(route.count, 0);
    assert_null(route.part);
    route_release(&route);
}

/* Whatever differs makes another part; those of one bank are numbered through, since the number stands
 * in the MsgId with the bank alone. */
static void test_route_add_each_difference_is_another_part(void **state)
{
    (void)state;
    struct route route = ROUTE_INIT;
    struct route_key key = bank_key;

    add(&route, &key, 1);
    key.account = "222";
    assert_int_equal(add(&route, &key, 1), 1);
    key.pay_date++;
    assert_int_equal(add(&route, &key, 1), 2);
    key.channel = CHANNEL_wallet;
    assert_int_equal(add(&route, &key, 1), 3);
    key.bank = "970418";
    assert_int_equal(add(&route, &key, 1), 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(route.part[i].part, i + 1);
    }
    assert_int_equal(route.part[4].part, 1);
    assert_int_equal(add(&route, &bank_key, 1), 0);
    route_release(&route);
}

static void test_route_add_splits_at_the_number_of_payments(void **state)
{
    (void)state;
    struct route route = ROUTE_INIT;
    struct route_key key = bank_key;

    key.payments_max = 3;
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(add(&route, &key, 1), i / 3);
    }
    assert_int_equal(route.count, 3);
    assert_int_equal(route.part[0].payments, 3);
    assert_int_equal(route.part[2].payments, 1);
    assert_int_equal(route.part[2].part, 3);
    route_release(&route);
}

static void test_route_add_splits_at_the_sum(void **state)
{
    (void)state;
    struct route route = ROUTE_INIT;
    struct route_key key = bank_key;

    key.amount_dong_max = 100;
    assert_int_equal(add(&route, &key, 60), 0);
    assert_int_equal(add(&route, &key, 40), 0);     /* just full */
    assert_int_equal(add(&route, &key, 61), 1);
    assert_int_equal(add(&route, &key, 40), 2);     /* one more would be 101 */
    assert_int_equal(add(&route, &key, 1), 2);      /* a part that was left is not filled up */
    assert_true(route.part[0].full && route.part[1].full);
    assert_int_equal(route.part[0].amount_dong, 100);
    assert_int_equal(route.part[2].amount_dong, 41);
    route_release(&route);
}

static void test_route_add_payment_over_the_limit_is_refused(void **state)
{
    (void)state;
    struct route route = ROUTE_INIT;
    struct route_key key = bank_key;
    size_t part = 7;

    key.amount_dong_max = 100;
    assert_int_equal(add(&route, &key, 100), 0);
    assert_int_equal(route_add(&route, &key, 101, &part), STATUS_LIMIT);
    assert_int_equal(part, 7);
    assert_int_equal(route.count, 1);
    assert_int_equal(route.part[0].payments, 1);
    assert_false(route.part[0].full);
    route_release(&route);
}

/* No limit of the bank: the sum of a file is still a number that fits. */
static void test_route_add_sum_never_overflows(void **state)
{
    (void)state;
    struct route route = ROUTE_INIT;

    assert_int_equal(add(&route, &bank_key, INT64_MAX - 5), 0);
    assert_int_equal(add(&route, &bank_key, 5), 0);
    assert_int_equal(add(&route, &bank_key, 1), 1);
    assert_int_equal(route.part[0].amount_dong, INT64_MAX);
    assert_int_equal(route.part[0].payments, 2);
    assert_int_equal(route.part[1].amount_dong, 1);
    route_release(&route);
}

/* Many points, payments in random order: nothing is lost, and the same order splits the same way. */
static void test_route_add_many_points_add_up_and_repeat(void **state)
{
    (void)state;
    enum { POINTS = 300, PAYMENTS = 20000 };
    static char point[POINTS][13];
    static size_t first[PAYMENTS];
    uint64_t payments = 0;
    int64_t amount_dong = 0;

    for (unsigned i = 0; i < POINTS; i++) {
        for (unsigned digit = 0, rest = i; digit < 4; digit++, rest /= 10) {
            point[i][digit] = (char)('0' + rest % 10);
        }
    }
    for (int round = 0; round < 2; round++) {
        struct route route = ROUTE_INIT;
        struct route_key key = { .channel = CHANNEL_cash, .account = "", .pay_date = 1, .payments_max = 50 };
        uint32_t random = 1;
        for (size_t i = 0; i < PAYMENTS; i++) {
            random = random * 1664525u + 1013904223u;
            key.bank = point[(random >> 8) % POINTS];
            size_t part = add(&route, &key, (int64_t)(random >> 20) + 1);
            assert_string_equal(route.part[part].bank, key.bank);
            assert_true(round == 0 || first[i] == part);
            first[i] = part;
        }
        payments = 0;
        amount_dong = 0;
        for (size_t i = 0; i < route.count; i++) {
            assert_true(route.part[i].payments >= 1 && route.part[i].payments <= 50);
            payments += route.part[i].payments;
            amount_dong += route.part[i].amount_dong;
        }
        assert_int_equal(payments, PAYMENTS);
        assert_true(amount_dong > PAYMENTS);
        route_release(&route);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_route_add_same_key_same_part),
        cmocka_unit_test(test_route_add_each_difference_is_another_part),
        cmocka_unit_test(test_route_add_splits_at_the_number_of_payments),
        cmocka_unit_test(test_route_add_splits_at_the_sum),
        cmocka_unit_test(test_route_add_payment_over_the_limit_is_refused),
        cmocka_unit_test(test_route_add_sum_never_overflows),
        cmocka_unit_test(test_route_add_many_points_add_up_and_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
