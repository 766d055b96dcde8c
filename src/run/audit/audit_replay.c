/*
 * audit_replay.c - the ledger made anew from its first act, and compared with the one that is there.
 *
 * Rows of intake, amounts, plans: done again from the archive, under the law and the configuration that
 * each run was sealed on. Whatever was changed by hand afterwards, in any column of any table, is not what
 * comes out here.
 */
#include "auditing.h"
#include "replay.h"

struct making_anew {
    struct auditing *auditing;
    struct replay replay;
    bool whole;                 /* every act was done again */
    struct diag *diag;
};

static void difference_tell(void *context, const struct diag *difference)
{
    struct auditing *to = context;

    fault_add(&to->faults, STATUS_CONFLICT, difference);
}

/* An act that cannot be done again ends the replay; if it came to another result, amounts are compared as far as
 * both ledgers have them, so that it can be seen whose. */
static enum status act_failed(struct making_anew *anew, const struct ledger_act *act, enum status rc, struct diag *fault)
{
    struct auditing *to = anew->auditing;
    const struct ledger_event_row *event = &act->event[0];
    bool other_result = rc == STATUS_CONFLICT && act->derived;
    struct diag again = { .line = 0 };

    anew->whole = false;
    diag_hint(fault, "event %lld, %.*s: the ledger is made anew up to here, and not compared", (long long)event->seq,
              (int)event->kind.size, event->kind.data);
    rc = audit_result(to, rc, fault, anew->diag);
    if (rc == STATUS_OK && other_result && replay_act(&anew->replay, act, false, &again) == STATUS_OK) {
        rc = ledger_compare(to->ledger, anew->replay.ledger, LEDGER_COMPARE_AMOUNTS, difference_tell, to, anew->diag);
    }
    return rc;
}

static enum status acts_again(struct making_anew *anew)
{
    struct auditing *to = anew->auditing;
    struct ledger_acts *acts = NULL;
    struct ledger_act act;
    bool more = true;

    anew->whole = true;
    enum status rc = ledger_acts_new(to->ledger, 1, &acts, anew->diag);
    while (rc == STATUS_OK && more && anew->whole) {
        struct diag fault = { .line = 0 };
        rc = ledger_acts_next(acts, &act, &more, anew->diag);
        if (rc != STATUS_OK || !more) {
            break;
        }
        if (act.event[act.count - 1].seq > (int64_t)to->events) {
            anew->whole = false;    /* the chain is broken here, which has been told */
            break;
        }
        rc = replay_act(&anew->replay, &act, true, &fault);
        if (rc != STATUS_OK) {
            rc = act_failed(anew, &act, rc, &fault);
        }
        audit_step(to, 1);
    }
    ledger_acts_free(acts);
    return rc;
}

enum status audit_replay(struct auditing *to, struct diag *diag)
{
    struct making_anew anew = { .auditing = to, .replay = { .site = to->site }, .diag = diag };

    enum status rc = ledger_open_scratch(&anew.replay.ledger, diag);
    if (rc == STATUS_OK) {
        rc = acts_again(&anew);
    }
    if (rc == STATUS_OK && anew.whole) {
        rc = ledger_compare(to->ledger, anew.replay.ledger, LEDGER_COMPARE_ALL, difference_tell, to, diag);
    }
    replay_release(&anew.replay);
    ledger_close(anew.replay.ledger);
    return rc;
}
