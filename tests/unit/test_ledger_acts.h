/* Acts as tests of the ledger's journal make them. */
#ifndef TEST_LEDGER_ACTS_H
#define TEST_LEDGER_ACTS_H

#include "test_ledger_support.h"

#include "chitra/ledger_journal.h"

static inline struct ledger_event event_of(const char *kind, const char *why)
{
    return (struct ledger_event){ .kind = kind, .subject = "E-1", .unit = "HN", .who = "operator", .why = why,
                                  .at = "2026-10-01T08:00:00+07:00" };
}

/* A recorded transaction: a unit comes to the ledger, an officer says why. */
static inline void decide(struct bench *bench, const char *code, const char *why)
{
    struct ledger_event event = event_of("test.decided", why);
    int unit;

    must(bench, ledger_begin(bench->ledger, &bench->diag));
    must(bench, ledger_unit(bench->ledger, code, &unit, &bench->diag));
    must(bench, ledger_event_add(bench->ledger, &event, &bench->diag));
    commit(bench);
}

#endif
