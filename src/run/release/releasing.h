/*
 * releasing.h - one release while it is made: which files, who lets them go, what became of them.
 *
 * Layer: inside run/. release_choose.c says what may leave, release.c lets it.
 */
#ifndef CHITRA_RUN_RELEASING_H
#define CHITRA_RUN_RELEASING_H

#include "totals.h"

struct releasing {
    const struct site *site;
    struct ledger *ledger;
    const struct run_release_options *options;
    const struct officer *officer;
    struct run_released *released;
    struct ledger_release release;
    bool every;                 /* the files of every run, to add them up */
    struct ledger_file *file;   /* those that are released */
    size_t count;
    int64_t *unknown;
    size_t unknown_count;
    struct arena arena;
    struct diag *diag;
};

/* The staged files of one run, the oldest with any first: a release belongs to one run. Of all runs with
 * `every`. */
enum status releasing_choose(struct releasing *to) MUST_USE;
void releasing_release(struct releasing *to);

/* The totals of a run that wait for somebody to accept them. Freed by the caller. */
enum status releasing_excess(const struct releasing *to, int64_t run, struct total_excess **excess, size_t *count) MUST_USE;

/* Adds the files to what is released. */
enum status releasing_add_up(const struct releasing *to) MUST_USE;

/* Everything that is staged and asked for, before anything moves: that it is what was declared, and that the
 * officer may let each run's files of each unit go. */
enum status release_survey(const struct releasing *about) MUST_USE;

/* Whether the chosen files are what was written and signed; one that is gone from staging is written again. */
enum status releasing_check(const struct releasing *to) MUST_USE;

/* Marks what changed after the plan, a death, an end, another account: it must not leave as it was planned. */
enum status release_overtaken(const struct releasing *about) MUST_USE;
/* Counts the files that wait for a new generation. */
enum status release_stale(const struct releasing *about) MUST_USE;

#endif
