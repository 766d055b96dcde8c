/*
 * ledger_failed.h - payments that finally failed (rejected, returned, uncollected): which wait, which are cured, what
 * takes their place.
 *
 * Layer: ledger. A failed payment waits until it is tried again (a new payment that names it as its parent: the
 * database refuses a second one) or closed. Its obligations keep their rows; which of them a new attempt settles stands
 * beside it. Whether a cause is cured, and what is still due, is the plan's question.
 *
 * Calling sequence inside a unit's plan: ledger_failures, then for each ledger_failure_close, or a
 * struct ledger_attempt in the plan that is stored. For an officer: ledger_failure_find, ledger_failure_cure.
 *
 * Errors: STATUS_LEDGER; STATUS_NO_INPUT for an EndToEndId under which nothing failed.
 */
#ifndef CHITRA_LEDGER_FAILED_H
#define CHITRA_LEDGER_FAILED_H

#include "chitra/ledger_file.h"

struct ledger_failed_obligation {
    struct obligation_key key;
    int64_t amount_dong;
    int64_t order;              /* that made it; 0: the law */
};

struct ledger_failure {
    char payment_id[PAYMENT_ID_BYTES];
    int64_t ent;                /* 0: funding */
    int unit;                   /* that paid */
    int64_t run;                /* that instructed it */
    month_t period;             /* of that run */
    month_t payment_period;     /* its own, which it has from the first attempt */
    enum component purpose;
    int64_t amount_dong;
    int64_t order;              /* whose creditor did not get it; 0: the entitlement's payee */
    int attempt;
    int64_t version;            /* of the entitlement, when it was instructed */
    int channel;
    enum payment_state state;   /* how it failed */
    enum failure_settled { FAILURE_WAITS, FAILURE_REISSUED, FAILURE_CLOSED } settled;
    int64_t again;              /* the run of its new attempt; 0: none */
    struct span reason;         /* the bank's code; in the arena */
    bool cured;                 /* somebody has named a reason to try again */
    bool contested;             /* an open contradiction or a second debit: nobody knows whether it was paid */
    size_t first, count;        /* its obligations, of those given with it */
};

struct ledger_failures {
    struct ledger_failure *failure;
    size_t count;
    struct ledger_failed_obligation *obligation;
    size_t obligation_count;
};

/* Those of a unit that wait, by entitlement; funding first. */
enum status ledger_failures(struct ledger *ledger, int unit, struct arena *arena, struct ledger_failures *failures,
                            struct diag *diag) MUST_USE;
void ledger_failures_release(struct ledger_failures *failures);

/* One of them, whatever became of it, without its obligations. */
enum status ledger_failure_find(struct ledger *ledger, const char *payment_id, struct arena *arena,
                                struct ledger_failure *failure, struct diag *diag) MUST_USE;

/* Why something is decided, by whom, when. */
struct ledger_word_of {
    const char *who;
    const char *why;
    const char *at;
};
/* What screens hold of its new attempt, by a run: of `owed` what is held. It stays failed, and waits with these reasons
 * instead of those that held it before; of none: nothing holds it. */
enum status ledger_failure_hold(struct ledger *ledger, const struct ledger_failure *failure,
                                const struct ledger_obligation *owed, size_t count, int64_t run, const char *at,
                                struct diag *diag) MUST_USE;

/* Somebody names a reason to try it again: the next plan of its unit does. With its event; the same word again, or
 * about one that does not wait, changes nothing. */
enum status ledger_failure_cure(struct ledger *ledger, const char *payment_id, const struct ledger_word_of *word,
                                struct diag *diag) MUST_USE;
/* Closes some of its obligations, by a run, since they are not due any more; all of them: closes the payment. */
enum status ledger_failure_close(struct ledger *ledger, const struct ledger_failure *failure,
                                 const struct ledger_failed_obligation *obligation, size_t count, int64_t run,
                                 const struct ledger_word_of *word, struct diag *diag) MUST_USE;
/* An officer closes it (failed -> closed): its obligations are provided for, and never paid. With an event that the
 * caller adds. */
enum status ledger_failure_end(struct ledger *ledger, const struct ledger_failure *failure,
                               const struct ledger_word_of *word, struct diag *diag) MUST_USE;

#endif
