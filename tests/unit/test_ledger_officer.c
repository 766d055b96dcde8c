/* officer.c of the ledger: does a signature stay with its event, and is it seen who comes and leaves? */
#include "test_ledger_support.h"

#include "chitra/ledger_officer.h"

static struct ledger_event event_at(const char *kind)
{
    return (struct ledger_event){ .kind = kind, .subject = "S", .unit = "01", .who = "An", .why = "so",
                                  .at = "2026-10-01T08:00:00+07:00" };
}

static int64_t sign(struct bench *bench, const char *kind, const char *content)
{
    struct ledger_event event = event_at(kind);
    struct ledger_signature signature = { .content = span_of(content), .der = span_of("der") };

    signature.signer.bytes[0] = 7;
    digest_of(signature.content, &event.digest);
    begin(bench);
    must(bench, ledger_signature_add(bench->ledger, &event, &signature, &bench->diag));
    commit(bench);
    return signature.event;
}

static void test_ledger_signature_next_gives_each_with_its_event(void **state)
{
    struct bench *bench = *state;
    struct ledger_signature signature;
    struct ledger_event event;
    bool more = true;

    must(bench, ledger_signature_next(bench->ledger, 0, &bench->arena, &signature, &event, &more, &bench->diag));
    assert_false(more);
    int64_t first = sign(bench, "a.one", "one");
    event = event_at("a.plain");        /* nobody signed it */
    begin(bench);
    must(bench, ledger_event_add(bench->ledger, &event, &bench->diag));
    commit(bench);
    int64_t second = sign(bench, "a.two", "two");
    assert_int_equal(second, first + 2);
    must(bench, ledger_signature_next(bench->ledger, 0, &bench->arena, &signature, &event, &more, &bench->diag));
    assert_true(more);
    assert_int_equal(signature.event, first);
    assert_string_equal(event.kind, "a.one");
    assert_string_equal(event.subject, "S");
    assert_string_equal(event.unit, "01");
    assert_string_equal(event.who, "An");
    assert_string_equal(event.why, "so");
    assert_string_equal(event.at, "2026-10-01T08:00:00+07:00");
    assert_true(span_is(signature.content, "one"));
    assert_true(span_is(signature.der, "der"));
    assert_int_equal(signature.signer.bytes[0], 7);
    must(bench, ledger_signature_next(bench->ledger, first, &bench->arena, &signature, &event, &more, &bench->diag));
    assert_int_equal(signature.event, second);
    must(bench, ledger_signature_next(bench->ledger, second, &bench->arena, &signature, &event, &more, &bench->diag));
    assert_false(more);
}

static void designate(struct bench *bench, const struct ledger_designation *designation, size_t count)
{
    struct ledger_event event = event_at("");

    begin(bench);
    must(bench, ledger_designations(bench->ledger, designation, count, &event, &bench->diag));
    commit(bench);
}

static void test_ledger_designations_add_events_for_changes_only(void **state)
{
    struct bench *bench = *state;
    const struct ledger_designation two[] = { { "An", "a" }, { "Ba", "b" } };
    const struct ledger_designation changed[] = { { "Chi", "c" }, { "An", "a until" } };

    designate(bench, two, 2);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'officer.designated'"), 2);
    designate(bench, two, 2);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind LIKE 'officer.%'"), 2);
    designate(bench, changed, 2);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'officer.ended' AND subject = 'Ba'"), 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'officer.designated'"
                                      " AND subject = 'An' AND why = 'a until' AND who = 'An'"), 1);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind LIKE 'officer.%'"), 5);
    designate(bench, NULL, 0);
    assert_int_equal(number_of(bench, "SELECT count(*) FROM event WHERE kind = 'officer.ended'"), 3);
    uint64_t count = 0;
    must(bench, ledger_event_check(bench->ledger, &count, &bench->diag));
    assert_int_equal(count, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_ledger_signature_next_gives_each_with_its_event),
        BENCH_TEST(test_ledger_designations_add_events_for_changes_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
