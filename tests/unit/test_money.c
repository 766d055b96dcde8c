/* money.h: is every sum exact, every overflow seen, and every dong rounded half up? */
#include "chitra/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const __int128 LARGEST = (__int128)(~(unsigned __int128)0 >> 1);

static bool is_exact(struct exact value, __int128 num, __int128 den)
{
    return value.num == num && value.den == den;
}

static int64_t gcd(int64_t a, int64_t b)
{
    return b == 0 ? (a < 0 ? -a : a) : gcd(b, a % b);
}

static void test_money_add_sums_and_overflow(void **state)
{
    int64_t sum = 77;
    (void)state;
    assert_true(money_add(2, -5, &sum));
    assert_int_equal(sum, -3);
    assert_true(money_add(INT64_MAX - 1, 1, &sum));
    assert_true(sum == INT64_MAX);
    sum = 77;
    assert_false(money_add(INT64_MAX, 1, &sum));
    assert_false(money_add(INT64_MIN, -1, &sum));
    assert_int_equal(sum, 77);
}

static void test_money_read_whole_dong(void **state)
{
    int64_t amount = -1;
    (void)state;
    assert_true(money_read(span_of("0"), &amount));
    assert_int_equal(amount, 0);
    assert_true(money_read(span_of("1234567"), &amount));
    assert_int_equal(amount, 1234567);
    assert_true(money_read(span_of("90000000000000"), &amount));
    assert_true(amount == MONEY_DONG_MAX);
}

static void test_money_read_anything_else_is_refused(void **state)
{
    static const char *const wrong[] = { "", "00", "01", "+1", "-1", " 1", "1 ", "1.0", "1,000", "1e3", "x", "١",
                                         "90000000000001", "99999999999999999999999999" };
    int64_t amount = 77;
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(money_read(span_of(wrong[i]), &amount));
    }
    assert_false(money_read((struct span){ "1\0", 2 }, &amount));
    assert_int_equal(amount, 77);
}

static void test_money_write_and_read_agree(void **state)
{
    static const int64_t amounts[] = { 0, 1, 9, 10, 99, 100, 5886818, 999999999999, MONEY_DONG_MAX };
    char text[20];
    (void)state;
    for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++) {
        int64_t back = -1;
        size_t length = money_write(amounts[i], text);
        assert_true(money_read((struct span){ text, length }, &back));
        assert_true(back == amounts[i]);
    }
}

static void test_money_write_negative_and_extremes(void **state)
{
    char text[20];
    (void)state;
    assert_true(span_is((struct span){ text, money_write(-42, text) }, "-42"));
    assert_true(span_is((struct span){ text, money_write(INT64_MAX, text) }, "9223372036854775807"));
    assert_true(span_is((struct span){ text, money_write(INT64_MIN, text) }, "-9223372036854775808"));
}

/* Every pair of small fractions, against cross-multiplied integers. */
static void test_exact_small_domain_is_exact_and_reduced(void **state)
{
    (void)state;
    for (int64_t an = -12; an <= 12; an++) {
        for (int64_t ad = 1; ad <= 12; ad++) {
            for (int64_t bn = -12; bn <= 12; bn++) {
                for (int64_t bd = 1; bd <= 12; bd++) {
                    struct exact a = { an, ad }, b = { bn, bd }, result;
                    struct ratio r = { bn, bd };
                    assert_true(exact_add(a, b, &result));
                    assert_true(result.num * ad * bd == result.den * (an * bd + bn * ad) && result.den > 0);
                    assert_int_equal(gcd((int64_t)result.num, (int64_t)result.den), 1);
                    assert_true(exact_mul(a, r, &result));
                    assert_true(result.num * ad * bd == result.den * an * bn && result.den > 0);
                    assert_int_equal(gcd((int64_t)result.num, (int64_t)result.den), 1);
                    int64_t difference = an * bd - bn * ad;
                    assert_int_equal(exact_compare(a, b), (difference > 0) - (difference < 0));
                }
            }
        }
    }
}

static void test_exact_round_small_domain_is_half_up(void **state)
{
    (void)state;
    for (int64_t den = 1; den <= 60; den++) {
        for (int64_t num = -400; num <= 400; num++) {
            int64_t rounded;
            assert_true(exact_round((struct exact){ num, den }, &rounded));
            /* rounded - 1/2 <= num/den < rounded + 1/2 */
            assert_true((2 * rounded - 1) * den <= 2 * num && 2 * num < (2 * rounded + 1) * den);
        }
    }
}

static void test_exact_round_halves_go_towards_plus_infinity(void **state)
{
    int64_t rounded;
    (void)state;
    assert_true(exact_round((struct exact){ 1, 2 }, &rounded));
    assert_int_equal(rounded, 1);
    assert_true(exact_round((struct exact){ -1, 2 }, &rounded));
    assert_int_equal(rounded, 0);
    assert_true(exact_round((struct exact){ -3, 2 }, &rounded));
    assert_int_equal(rounded, -1);
    /* C59 art. 20(4)(b), example 39 prints 5,886,818 for 5,886,817.8. */
    assert_true(exact_round((struct exact){ 58868178, 10 }, &rounded));
    assert_int_equal(rounded, 5886818);
}

static void test_exact_round_limits_of_64_bits(void **state)
{
    const __int128 max = INT64_MAX, min = INT64_MIN;
    int64_t rounded = 77;
    (void)state;
    assert_false(exact_round((struct exact){ max + 1, 1 }, &rounded));
    assert_false(exact_round((struct exact){ 2 * max + 1, 2 }, &rounded));
    assert_false(exact_round((struct exact){ min - 1, 1 }, &rounded));
    assert_false(exact_round((struct exact){ LARGEST, 1 }, &rounded));
    assert_false(exact_round((struct exact){ -LARGEST, 1 }, &rounded));
    assert_int_equal(rounded, 77);
    assert_true(exact_round((struct exact){ 4 * max + 1, 4 }, &rounded));
    assert_true(rounded == INT64_MAX);
    assert_true(exact_round((struct exact){ 2 * min - 1, 2 }, &rounded));
    assert_true(rounded == INT64_MIN);
    assert_true(exact_round((struct exact){ LARGEST - 1, LARGEST }, &rounded));
    assert_int_equal(rounded, 1);
    assert_true(exact_round((struct exact){ 1, LARGEST }, &rounded));
    assert_int_equal(rounded, 0);
}

static void test_exact_mul_overflow_leaves_the_output(void **state)
{
    struct exact result = { 7, 1 };
    (void)state;
    assert_false(exact_mul((struct exact){ LARGEST, 1 }, (struct ratio){ 2, 1 }, &result));
    assert_false(exact_mul((struct exact){ -LARGEST, 1 }, (struct ratio){ 2, 1 }, &result));
    assert_false(exact_mul((struct exact){ 1, LARGEST }, (struct ratio){ 1, 2 }, &result));
    assert_true(is_exact(result, 7, 1));
}

static void test_exact_mul_large_terms_that_cancel_are_exact(void **state)
{
    struct exact result;
    (void)state;
    assert_true(exact_mul((struct exact){ LARGEST, 1 }, (struct ratio){ 1, 1 }, &result));
    assert_true(is_exact(result, LARGEST, 1));
    assert_true(exact_mul((struct exact){ (__int128)INT64_MAX * 6, 5 }, (struct ratio){ 10, INT64_MAX }, &result));
    assert_true(is_exact(result, 12, 1));
    /* A ratio that is not in lowest terms. */
    assert_true(exact_mul((struct exact){ 1, 1 }, (struct ratio){ 450, 1000 }, &result));
    assert_true(is_exact(result, 9, 20));
}

static void test_exact_add_overflow_leaves_the_output(void **state)
{
    struct exact result = { 7, 1 };
    (void)state;
    assert_false(exact_add((struct exact){ LARGEST, 1 }, exact_of(1), &result));
    assert_false(exact_add((struct exact){ -LARGEST, 1 }, exact_of(-2), &result));
    assert_false(exact_add((struct exact){ 1, LARGEST }, (struct exact){ 1, LARGEST - 1 }, &result));
    assert_true(is_exact(result, 7, 1));
    assert_true(exact_add((struct exact){ LARGEST - 1, 1 }, exact_of(1), &result));
    assert_true(is_exact(result, LARGEST, 1));
}

static void test_exact_compare_needs_no_product(void **state)
{
    (void)state;
    assert_int_equal(exact_compare((struct exact){ LARGEST, LARGEST - 1 }, (struct exact){ LARGEST - 1, LARGEST - 2 }), -1);
    assert_int_equal(exact_compare((struct exact){ LARGEST - 1, LARGEST - 2 }, (struct exact){ LARGEST, LARGEST - 1 }), 1);
    assert_int_equal(exact_compare((struct exact){ -LARGEST, LARGEST - 1 }, (struct exact){ 1 - LARGEST, LARGEST - 2 }), 1);
    assert_int_equal(exact_compare((struct exact){ LARGEST, 3 }, (struct exact){ LARGEST, 3 }), 0);
    /* The same value, not in lowest terms. */
    assert_int_equal(exact_compare((struct exact){ 2, 4 }, (struct exact){ 3, 6 }), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_money_add_sums_and_overflow),
        cmocka_unit_test(test_money_read_whole_dong),
        cmocka_unit_test(test_money_read_anything_else_is_refused),
        cmocka_unit_test(test_money_write_and_read_agree),
        cmocka_unit_test(test_money_write_negative_and_extremes),
        cmocka_unit_test(test_exact_small_domain_is_exact_and_reduced),
        cmocka_unit_test(test_exact_round_small_domain_is_half_up),
        cmocka_unit_test(test_exact_round_halves_go_towards_plus_infinity),
        cmocka_unit_test(test_exact_round_limits_of_64_bits),
        cmocka_unit_test(test_exact_mul_overflow_leaves_the_output),
        cmocka_unit_test(test_exact_mul_large_terms_that_cancel_are_exact),
        cmocka_unit_test(test_exact_add_overflow_leaves_the_output),
        cmocka_unit_test(test_exact_compare_needs_no_product),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
