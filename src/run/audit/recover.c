/*
 * recover.c - the acts of the journal that a restored ledger does not have, done again.
 *
 * Each act is one transaction: a crash leaves the ledger somewhere on the way, and recover goes on from there.
 */
#include "auditing.h"
#include "replay.h"

#include "chitra/run_recover.h"

#include <inttypes.h>
#include <stdio.h>

struct recovering {
    struct site *site;
    const struct run_recover_options *options;
    struct ledger *ledger;
    struct run_recovered *recovered;
    struct diag *diag;
};

static void act_count(struct recovering *to, const struct ledger_act *act)
{
    struct run_recovered *recovered = to->recovered;

    if (recovered->events == 0) {
        recovered->first = act->event[0].seq;
    }
    recovered->last = act->event[act->count - 1].seq;
    recovered->events += act->count;
}

static enum status acts_again(struct recovering *to)
{
    struct replay replay = { .site = to->site, .ledger = to->ledger };
    struct ledger_journal *journal = NULL;
    struct ledger_act act;
    bool more = true;

    enum status rc = ledger_journal_new(to->ledger, &journal, to->diag);
    size_t total = rc == STATUS_OK ? ledger_journal_count(journal) : 0;
    for (size_t done = 1; rc == STATUS_OK && more; done++) {
        rc = ledger_journal_next(journal, &act, &more, to->diag);
        if (rc == STATUS_OK && more) {
            rc = replay_act(&replay, &act, true, to->diag);
        }
        if (rc == STATUS_OK && more) {
            act_count(to, &act);
            if (to->options->progress != NULL) {
                to->options->progress(to->options->context, done, total);
            }
        }
    }
    ledger_journal_free(journal);
    replay_release(&replay);
    return rc;
}

/* That the ledger was once without them is on record. */
static enum status recovered_event(const struct recovering *to)
{
    struct sys_time now;
    char at[SYS_TIME_BYTES];
    char why[80];
    struct ledger_event event = { .kind = "ledger.recovered", .subject = "", .unit = "", .who = to->options->who,
                                  .why = why, .at = at };

    enum status rc = sys_now(&now, to->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    sys_time_write(now, at);
    snprintf(why, sizeof(why), "events %" PRId64 " to %" PRId64 " done again", to->recovered->first, to->recovered->last);
    rc = ledger_begin(to->ledger, to->diag);
    if (rc == STATUS_OK) {
        rc = ledger_event_add(to->ledger, &event, to->diag);
        if (rc == STATUS_OK) {
            rc = ledger_commit(to->ledger, to->diag);
        } else {
            ledger_rollback(to->ledger);
        }
    }
    return rc;
}

/* What lies in the folders is what the recovered ledger says. */
static enum status files_check(const struct recovering *to, struct run_faults *faults)
{
    struct run_audit_options all = { .folder = to->options->folder, .period = MONTH_NONE };
    struct run_audited audited = { .events = 0 };
    struct auditing auditing = { .site = to->site, .options = &all, .ledger = to->ledger, .audited = &audited,
                                 .faults = *faults };

    enum status rc = outbox_check(to->site, to->ledger, to->diag);
    if (rc == STATUS_CONFLICT) {
        diag_hint(to->diag, "archive/journal/ ends before this release: put the latest archive/ back");
    }
    if (rc == STATUS_OK) {
        rc = audit_files(&auditing, to->diag);
    }
    *faults = auditing.faults;
    return rc;
}

enum status run_recover(struct site *site, const struct run_recover_options *options, struct run_faults *faults,
                        struct run_recovered *recovered, struct diag *diag)
{
    struct recovering to = { .site = site, .options = options, .recovered = recovered, .diag = diag };

    *recovered = (struct run_recovered){ .events = 0 };
    enum status rc = ledger_open(options->folder, LEDGER_RECOVER, &to.ledger, diag);
    if (rc == STATUS_OK) {
        rc = acts_again(&to);
    }
    ledger_close(to.ledger);
    to.ledger = NULL;
    if (rc == STATUS_OK) {
        rc = ledger_open(options->folder, LEDGER_WRITE, &to.ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = files_check(&to, faults);
    }
    if (rc == STATUS_OK && recovered->events > 0) {
        rc = recovered_event(&to);
    }
    if (rc == STATUS_OK) {
        rc = ledger_checkpoint(to.ledger, diag);
    }
    ledger_close(to.ledger);
    return rc;
}
