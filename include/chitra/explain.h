/*
 * explain.h - the story of one entitlement: who approved which facts, what the law made of them step by
 * step, and where the money is.
 *
 * Layer: run. It gathers and recalculates; cli/ puts it into words. Each month is calculated again with
 * the facts and the law file that its run was sealed on, out of the archive, and compared with the
 * ledger's amount; a difference is an answer (`agrees`), not an error.
 *
 * A month whose facts or stops changed after it was paid holds differences (arrears, recoveries). Those
 * are compared as a sum: all that is recorded for the month against what the law gives for it today.
 *
 * Calling sequence: run_explain, read, explanation_release (also after an error). Everything that is
 * pointed to lives in the explanation.
 */
#ifndef CHITRA_EXPLAIN_H
#define CHITRA_EXPLAIN_H

#include "chitra/law.h"
#include "chitra/ledger_file.h"
#include "chitra/ledger_hold.h"
#include "chitra/ledger_order.h"
#include "chitra/ledger_query.h"
#include "chitra/site.h"

struct explained_version {
    struct ledger_entitlement entitlement;  /* as it was */
    struct facts facts;
    struct ledger_provenance provenance;
};

struct explained_obligation {
    struct ledger_story story;
    bool checked;               /* false: closed, or an order decides: nothing to compare */
    bool difference;            /* compared as a sum of its month: */
    int64_t due_dong;           /* what the law gives for it today */
    int64_t provided_dong;      /* what all that is recorded for it adds up to */
    int64_t owed_back_dong;     /* of that, still to be given back */
    int64_t recalculated_dong;  /* what its amount should be */
    bool filed;                 /* `file` is its bank file or cash list */
    struct ledger_file file;
    struct ledger_tried *tried; /* each of its payments, and what became of it */
    size_t tried_count;
};

/* Why a month that was asked for has no obligation. */
enum explain_nothing {
    NOTHING_MISSING,            /* it has some */
    NOTHING_NOT_BEGUN,          /* the benefit began later, or valid_from says so */
    NOTHING_VALID_TO,           /* valid_to is over */
    NOTHING_GRANTED,            /* the law: the months granted are over, or it has no answer */
    NOTHING_DEAD, NOTHING_ENDED, NOTHING_SUSPENDED,     /* stops */
    NOTHING_SETTLED,            /* before the site's opening, or paid_through */
    NOTHING_PLANNED             /* due, and no run has planned it yet */
};

/* Obligations of one period by the same run and the same facts. */
struct explained_month {
    month_t period;             /* MONTH_ONCE: a one-off */
    struct ledger_run run;      /* that calculated it */
    size_t version;             /* index into the explanation's */
    enum explain_nothing nothing;
    enum law_verdict verdict;
    struct law_result result;
    struct law_refusal refusal;
    struct law_trace trace;
    size_t first, count;        /* of the explanation's obligations */
};

struct explanation {
    struct ledger_entitlement entitlement;  /* as it is now */
    char unit[7];
    struct ledger_stop_state stop[LEDGER_STOPS_MAX];
    size_t stop_count;
    struct ledger_hold *hold;   /* by hand */
    size_t hold_count;
    struct explained_version *version;
    size_t version_count;
    struct explained_month *month;
    size_t month_count;
    struct explained_obligation *obligation;
    size_t obligation_count;
    struct ledger_order order[LEDGER_ORDERS_MAX];
    size_t order_count;
    uint64_t differences;       /* obligations whose amount is not the recalculated one */
    struct arena arena;
    struct explained_law *law;  /* the law files behind the steps */
    size_t law_count;
};

/* One entitlement, by its id; one period (its own or its run's) or all (MONTH_NONE). The id can also be
 * that of a payment (EndToEndId): then the period is the payment's. STATUS_NO_INPUT if the ledger knows
 * neither. */
enum status run_explain(const struct site *site, struct ledger *ledger, struct span id, month_t period,
                        struct explanation *explanation, struct diag *diag) MUST_USE;
void explanation_release(struct explanation *explanation);

#endif
