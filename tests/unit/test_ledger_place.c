/* payment_find.c: is a payment found by its id, wherever its obligations are by now? */
#include "test_ledger_support.h"

#include "chitra/ledger_member.h"
#include "chitra/ledger_place.h"

static struct ledger_place asked(const char *id)
{
    struct ledger_place place = { .found = PLACE_NONE };

    snprintf(place.payment_id, sizeof(place.payment_id), "%s", id);
    return place;
}

static struct ledger_place asked_usual(const char *id, struct obligation_key key)
{
    char payment_id[PAYMENT_ID_BYTES];

    payment_id_of(span_of(id), &key, 1, 0, payment_id);
    return asked(payment_id);
}

/* Two usual payments, one of two obligations with a row, one held obligation, funding. */
static void site_make(struct bench *bench, struct ledger_obligation obligation[5])
{
    int64_t a = added(bench, row_of(bench, "A/1", 100));
    int64_t b = added(bench, row_of(bench, "A/2", 200));
    int64_t o = added(bench, once_of(bench, "O/1", 300));
    const struct ledger_batch batch = batch_of(1, bench->unit[HN], "MSG-1");
    struct ledger_payment payment[] = { payment_of(bench, b, 1, "SEVERALSEVERALSEVERALSEV01"),
                                        payment_of(bench, 0, 1, "FUNDINGFUNDINGFUNDINGFUN01") };

    obligation[0] = owed(a, OCTOBER, COMPONENT_pension, 1000, 1);
    obligation[1] = owed(b, OCTOBER, COMPONENT_pension, 2000, 1);
    obligation[2] = owed(b, OCTOBER, COMPONENT_retirement_grant, 3000, 1);
    obligation[3] = owed(o, MONTH_ONCE, COMPONENT_relief_grant, 4000, 1);
    obligation[4] = owed(a, OCTOBER - 1, COMPONENT_arrears, 500, 0);
    obligation[1].payment = obligation[2].payment = 1;
    payment[0].amount_dong = 5000;
    const struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = obligation,
                                      .obligation_count = 5, .payment = payment, .payment_count = 2, .batch = &batch,
                                      .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
}

static void test_ledger_payments_find_in_files_and_without(void **state)
{
    struct bench *bench = *state;
    struct ledger_obligation obligation[5];

    site_make(bench, obligation);
    struct ledger_place place[] = { asked("SEVERALSEVERALSEVERALSEV01"), asked_usual("A/1", obligation[0].key),
                                    asked_usual("O/1", obligation[3].key), asked_usual("A/1", obligation[4].key),
                                    asked("FUNDINGFUNDINGFUNDINGFUN01"), asked("00000000000000000000000000"),
                                    asked_usual("A/2", obligation[1].key) };
    must(bench, ledger_payments_find(bench->ledger, place, 7, &bench->diag));
    assert_int_equal(place[0].found, PLACE_FILE);
    assert_string_equal(place[0].id, "A/2");
    assert_true(place[0].payment != 0);
    assert_int_equal(place[0].amount_dong, 5000);
    assert_int_equal(place[1].found, PLACE_FILE);
    assert_string_equal(place[1].id, "A/1");
    assert_int_equal(place[1].ent, obligation[0].key.ent);
    assert_int_equal(place[1].batch, 1);
    assert_int_equal(place[1].payment, 0);
    assert_int_equal(place[1].key.period, OCTOBER);
    assert_int_equal(place[1].amount_dong, 1000);
    assert_int_equal(place[2].found, PLACE_FILE);
    assert_string_equal(place[2].id, "O/1");
    assert_int_equal(place[3].found, PLACE_EXCEPTION);
    assert_int_equal(place[3].state, OBLIGATION_HELD);
    assert_string_equal(place[3].reason, "bank unknown");
    assert_int_equal(place[3].key.period, OCTOBER - 1);
    assert_int_equal(place[4].found, PLACE_FILE);
    assert_int_equal(place[4].ent, 0);
    assert_int_equal(place[5].found, PLACE_NONE);
    assert_int_equal(place[6].found, PLACE_NONE);       /* it is not paid alone */
}

/* What was taken out of a file is found by the payment that it was. */
static void test_ledger_payments_find_what_was_taken_out(void **state)
{
    struct bench *bench = *state;
    struct ledger_obligation obligation[5];
    struct ledger_file file;

    site_make(bench, obligation);
    must(bench, ledger_file_find(bench->ledger, "MSG-1", &bench->arena, &file, &bench->diag));
    begin(bench);
    must(bench, ledger_take_out(bench->ledger, &file, 0, ledger_was_withdrawn, bench->run.run, file.created_at, &bench->diag));
    commit(bench);
    struct ledger_place place[] = { asked("SEVERALSEVERALSEVERALSEV01"), asked_usual("A/1", obligation[0].key) };
    must(bench, ledger_payments_find(bench->ledger, place, 2, &bench->diag));
    assert_int_equal(place[0].found, PLACE_EXCEPTION);
    assert_int_equal(place[0].amount_dong, 5000);
    assert_string_equal(place[0].id, "A/2");
    assert_string_equal(place[0].reason, ledger_was_withdrawn);
    assert_int_equal(place[1].found, PLACE_EXCEPTION);
    assert_int_equal(place[1].amount_dong, 1000);
    must(bench, ledger_payments_find(bench->ledger, place, 0, &bench->diag));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_payments_find_in_files_and_without),
        BENCH_TEST(test_ledger_payments_find_what_was_taken_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
