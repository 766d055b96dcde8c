/*
 * run.h - the coordinators: a month, a release, the check of a file and of what waits in intake/. What comes after
 * the month has headers of its own: run_*.h, explain.h, simulate.h.
 *
 * Layer: run. It fetches from one room what another needs and hands it over; it does not print. It
 * reports through struct run_report and findings, and the caller (cli/) shows them.
 *
 * A month walks: seal -> intake -> plan (each unit in one transaction) -> write (each unit's files) ->
 * balance -> release (where policy allows). Each step's end is in the ledger; the same command after a
 * crash goes on with the first step that is not done, on what was sealed.
 *
 * Units: dong and counts. Ownership: sites and ledgers are the caller's; reports are filled in and own
 * nothing.
 *
 * Errors: those of the rooms that do the work, with their places; STATUS_CONFLICT where another month's run
 * is not complete or what is staged is not what was declared; STATUS_DEFECT where a run does not add up.
 */
#ifndef CHITRA_RUN_H
#define CHITRA_RUN_H

#include "chitra/law.h"
#include "chitra/ledger_money.h"
#include "chitra/site.h"

/* The lines of the two equations, by name; figures are stored by unit. */
#define RUN_FIGURE_LIST(X)                                                                     \
    X(due) X(instructed) X(held) X(offset) X(provided_before) X(closed)                        \
    X(transfers) X(cash) X(creditors) X(funding) X(funding_again) X(at_post) X(recoveries) X(payments) \
    X(reissued) X(entitlements) X(not_due)

enum run_figure {
#define X(name) FIGURE_##name,
    RUN_FIGURE_LIST(X)
#undef X
    FIGURE_COUNT
};

/* Its name, as the ledger stores it; static. From FIGURE_COUNT on: the payments of each family of benefits. */
enum { FIGURES = FIGURE_COUNT + FAMILY_stops };
const char *run_figure_name(enum run_figure figure);

enum { RUN_PERIODS_MAX = 12 };

struct run_options {
    const char *folder;         /* the site's, as the ledger is opened by */
    month_t period;
    unsigned periods;           /* that many, from `period` on, at once; 0 and 1: one */
    const char *units;          /* codes with commas; "": every unit */
    day_t pay_date;             /* DAY_NONE: by the calendar */
    unsigned jobs;              /* threads; 0: as many as processors */
    bool dry;
    struct officer_claim claim; /* who prepares the run; need not be named */
    const char *without;        /* a refused file of intake/ that stops nobody, as the claim's officer decides; NULL: none */
    /* Told as stages end; may be NULL. */
    void (*progress)(void *context, const char *stage, uint64_t cpu_us);
    /* Told of messages for people (a file is known already, a hold ...); may be NULL. */
    void (*message)(void *context, const char *text);
    /* Told of what somebody has to look at; may be NULL. */
    void (*problem)(void *context, const char *text);
    void *context;
};

struct run_report {
    struct ledger_run run;      /* the first, if there are several */
    struct ledger_run runs[RUN_PERIODS_MAX];
    size_t run_count;
    bool resumed;
    uint64_t rows_read, rows_applied, rows_unchanged, rows_rejected;
    struct ledger_figure figure[FIGURE_COUNT];
    uint64_t bank_files, cash_lists;
    int64_t bank_dong, cash_dong;   /* control sums of the files, totals of the lists */
    bool released;
    uint64_t refused;           /* files of intake/ that were not taken; what waits for them is told */
    uint64_t lists_missing;     /* units that send everybody every month and were not paid: their list has not come */
    bool totals_wait;           /* they differ too much from last month's: release has to accept them */
    uint64_t unknown, stale;    /* files that were released to nobody knows where; that stay because somebody in them changed */
};

/* One month, or several at once: each with its own obligations, payments and files, sealed, balanced and released
 * together, all paid by the calendar of the first. STATUS_OK when it came to its end, whatever was held or rejected (the report tells). */
enum status run_month(struct site *site, const struct run_options *options, struct run_report *report,
                      struct diag *diag) MUST_USE;

/* Whether both equations hold; `why` gets the first that does not. */
bool run_balances(const struct run_report *report, char *why, size_t size);

struct run_release_options {
    int64_t run;                /* 0: every run that is staged to its end */
    int64_t fresh_from;         /* files from this number on were written and read back by this process: not hashed
                                 * again; and the run has looked who was overtaken. 0: neither */
    const char *units;          /* "": every unit */
    const struct officer_claim *claim;  /* who lets them go; NULL: the run itself does, as follows */
    const char *who;
    const char *at;             /* the time the list is signed with */
    int64_t expect_count;       /* payments in the bank files, as declared; -1: not declared */
    int64_t expect_amount;      /* their control sums in dong; -1: not declared */
    bool accept_totals;         /* totals that differ too much from last month's may go all the same */
};
struct run_released {
    uint64_t files;             /* bank files and cash lists */
    uint64_t unknown;           /* files that were found in neither place */
    uint64_t stale;             /* files that stay, because somebody in them was overtaken: the next run replaces them */
    uint64_t payments;          /* of the bank files */
    int64_t amount_dong;        /* of the bank files */
};
/* Moves what is staged to outbox/ and cash/, with a signed list written last. Totals that the policy does not let go
 * are STATUS_CONFLICT unless accepted; what the run itself may not release stays. Under policy dual the claim must
 * prove an officer who certifies and did not prepare the run (STATUS_SIGNATURE), and the release is signed. */
enum status run_release(const struct site *site, struct ledger *ledger, const struct run_release_options *options,
                        struct run_released *released, struct diag *diag) MUST_USE;

/* Writes reports/chitra.prom: how things stand, for a collector of metrics (OpenMetrics). At the end of what
 * changed something. */
enum status run_metrics_write(const struct site *site, struct ledger *ledger, struct diag *diag) MUST_USE;

/* ---- verify and check: every fault is told as it is found, and the worst kind of all decides ---- */

/* STATUS_CONFLICT: something does not agree (exit code 1); every other kind has its own exit code. */
typedef void run_fault(void *context, enum status kind, const struct diag *fault);

struct run_faults {
    run_fault *tell;            /* may be NULL */
    void *context;
    uint64_t count;
    enum status worst;          /* STATUS_OK: none */
};

struct run_verified {
    char msg_id[MSG_ID_BYTES];  /* empty: none could be read */
    uint64_t payments;          /* counted in the file */
    int64_t amount_dong;        /* added up */
};

/* Checks one bank file by its path ("-": standard input): schema, signature, totals, and that the ledger has the
 * same bytes and the same payments under its MsgId. STATUS_OK when the check came to its end, whatever `faults`
 * got; the ledger is NULL where a site has none yet. */
enum status run_verify(const struct site *site, struct ledger *ledger, const char *path, struct run_faults *faults,
                       struct run_verified *verified, struct diag *diag) MUST_USE;

struct run_checked {
    uint64_t files, rows;
};

/* Reads law, profiles, key and intake as a run would and changes nothing: the named files, each with the
 * approvals beside it, or (count 0) all that wait in intake/. Of `options`, only message and its context
 * are used. STATUS_OK when the check came to its end; without law or formats there is none. */
enum status run_check(struct site *site, struct ledger *ledger, const char *const *file, size_t count,
                      const struct run_options *options, struct run_faults *faults, struct run_checked *checked,
                      struct diag *diag) MUST_USE;

#endif
