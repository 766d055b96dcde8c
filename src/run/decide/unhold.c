/*
 * unhold.c - lets go what is held: by hand, or by a screen whose doubt an officer can decide.
 *
 * A hold by hand is ended whole, and not by who placed it (policy dual). What a screen holds is remembered as lifted, of
 * the same reason about the same thing, and not lifted by who prepared the run that held it. The next run decides on
 * what was let go: another reason can hold it again.
 *
 * Words are about what they were found for: the same ones about the same id, typed again or after a crash, let nothing go
 * that came to be held since.
 */
#include "deciding.h"

#include "chitra/ledger_journal.h"
#include "chitra/ledger_screen.h"
#include "chitra/screen.h"

/* ---- by hand ---- */

static enum status hand_end(struct deciding *deciding, const struct ledger_hold *hold)
{
    enum status rc = officer_check_hold(&deciding->officer, hold, deciding->unit, deciding->diag);
    if (rc == STATUS_OK) {
        rc = ledger_begin(deciding->ledger, deciding->diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = ledger_hold_end(deciding->ledger, hold, &deciding->word, deciding->diag);
    if (rc == STATUS_OK) {
        rc = deciding_act(deciding, "hold.ended", span_of(deciding->id));
    }
    rc = deciding_end(deciding, rc);
    if (rc == STATUS_OK) {
        deciding->decided->done = 1;
        deciding_say(deciding, false, "%s is not held by hand any more: the next run decides", deciding->id);
    }
    return rc;
}

/* What is held by hand under another id than the one that was given. */
static enum status held_otherwise(struct deciding *deciding)
{
    const struct ledger_hold *hold = &deciding->hold[0];
    enum status rc = diag_fail(deciding->diag, STATUS_CONFLICT, "%s is held by hand as %s", deciding->id,
                               hold->payment_id[0] == '\0' ? "part of its entitlement" : "a payment of it");

    diag_found(deciding->diag, "%s", hold->reason);
    diag_hint(deciding->diag, "what helps: chitra unhold %s",
              hold->payment_id[0] == '\0' ? deciding->entitlement_id.data : hold->payment_id);
    return rc;
}

/* ---- by screens ---- */

/* What waits: obligations in no file, and new attempts of payments that failed. */
static enum status held_find(struct deciding *deciding, struct ledger_waiting **held, size_t *count)
{
    struct ledger_waiting *waiting;
    struct ledger_waiting *attempt;
    size_t waiting_count = 0;
    size_t attempt_count = 0;

    enum status rc = ledger_waiting(deciding->ledger, deciding->ent, deciding->payment_id, &deciding->arena, &waiting,
                                    &waiting_count, deciding->diag);
    if (rc == STATUS_OK) {
        rc = ledger_attempts_held(deciding->ledger, deciding->ent, deciding->payment_id, &deciding->arena, &attempt,
                                  &attempt_count, deciding->diag);
    }
    *count = waiting_count + attempt_count;
    *held = arena_alloc(&deciding->arena, (*count + 1) * sizeof(**held));
    for (size_t i = 0; i < *count; i++) {
        (*held)[i] = i < waiting_count ? waiting[i] : attempt[i - waiting_count];
    }
    return rc;
}

static bool can_be_lifted(const struct ledger_waiting *waiting)
{
    const struct screen_hold *hold = screen_hold_of(waiting->reason);

    return hold != NULL && hold->can_be_lifted;
}

/* Nothing of it can be lifted: why, and what ends it. */
static enum status none_refuse(struct deciding *deciding, const struct ledger_waiting *waiting, size_t count)
{
    static const struct state_refusal nothing = { "nothing of it is held", "chitra list holds" };
    struct state_refusal refusal = { "nothing holds it", "" };

    if (count == 0 && deciding->payment_id[0] == '\0') {
        return deciding_refuse(deciding, "not held", &nothing);
    }
    if (count == 0) {
        (void)payment_allows(deciding->state, BY_UNHOLD, &refusal);
        return deciding_refuse(deciding, payment_state_name(deciding->state), &refusal);
    }
    const struct screen_hold *hold = screen_hold_of(waiting[0].reason);
    enum status rc = diag_fail(deciding->diag, STATUS_CONFLICT, "%s is held, and not for an officer to lift", deciding->id);
    diag_found(deciding->diag, "%.*s", (int)waiting[0].reason.size, waiting[0].reason.data);
    diag_hint(deciding->diag, "%s", hold == NULL ? "chitra explain" : hold->explanation);
    return rc;
}

static enum status officers_may(struct deciding *deciding, const struct ledger_waiting *waiting, size_t count)
{
    int64_t run = 0;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (can_be_lifted(&waiting[i]) && waiting[i].run != run) {
            run = waiting[i].run;
            rc = officer_check(&deciding->officer, run, deciding->unit, deciding->diag);
        }
    }
    return rc;
}

static enum status lift_store(struct deciding *deciding, const struct ledger_waiting *waiting, size_t count)
{
    struct digest hash;
    int64_t event = 0;

    enum status rc = ledger_begin(deciding->ledger, deciding->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = deciding_act(deciding, "hold.lifted", span_of(deciding->id));
    if (rc == STATUS_OK) {
        rc = ledger_event_last(deciding->ledger, &event, &hash, deciding->diag);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (can_be_lifted(&waiting[i])) {
            rc = ledger_lift(deciding->ledger, &waiting[i].key, event, deciding->diag);
            rc = rc == STATUS_OK ? ledger_let_go(deciding->ledger, &waiting[i].key, deciding->diag) : rc;
        }
    }
    return deciding_end(deciding, rc);
}

static void lift_tell(struct deciding *deciding, const struct ledger_waiting *waiting, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct screen_hold *hold = screen_hold_of(waiting[i].reason);
        bool lifted = can_be_lifted(&waiting[i]);
        char period[8] = "once";
        if (waiting[i].key.period != MONTH_ONCE) {
            month_write(waiting[i].key.period, period);
        }
        deciding->decided->done += lifted;
        deciding->decided->left += !lifted;
        deciding_say(deciding, !lifted, "%.*s %s, %lld dong: %.*s%s%s", (int)deciding->entitlement_id.size,
                     deciding->entitlement_id.data, period, (long long)waiting[i].amount_dong, (int)waiting[i].reason.size,
                     waiting[i].reason.data, lifted ? ", lifted: the next run decides" : ", and stays: ",
                     lifted || hold == NULL ? "" : hold->explanation);
    }
}

static enum status screens_lift(struct deciding *deciding)
{
    struct ledger_waiting *waiting;
    size_t count = 0;
    size_t lifted = 0;

    enum status rc = held_find(deciding, &waiting, &count);
    for (size_t i = 0; i < count; i++) {
        lifted += can_be_lifted(&waiting[i]);
    }
    if (rc == STATUS_OK && lifted == 0) {
        return deciding->hold_count > 0 ? held_otherwise(deciding) : none_refuse(deciding, waiting, count);
    }
    if (rc == STATUS_OK) {
        rc = officers_may(deciding, waiting, count);
    }
    if (rc == STATUS_OK) {
        rc = lift_store(deciding, waiting, count);
    }
    if (rc == STATUS_OK) {
        lift_tell(deciding, waiting, count);
    }
    return rc;
}

/* ---- the same words again ---- */

/* What holds it now, by hand or by a screen. */
static enum status held_now(struct deciding *deciding, bool *held, struct span *reason)
{
    const struct ledger_hold *hold = deciding_hold(deciding, deciding->payment_id);
    struct ledger_waiting *waiting;
    size_t count = 0;

    *reason = span_of("nothing");
    enum status rc = held_find(deciding, &waiting, &count);
    *held = hold != NULL || count > 0;
    if (hold != NULL) {
        *reason = span_of(hold->reason);
    } else if (count > 0) {
        *reason = waiting[0].reason;
    }
    return rc;
}

static enum status not_said_before(struct deciding *deciding)
{
    char at[SYS_TIME_BYTES];
    struct span now;
    bool held = false;

    enum status rc = ledger_let_go_by(deciding->ledger, deciding->id, deciding->options->reason, at, deciding->diag);
    if (rc != STATUS_OK || at[0] == '\0') {
        return rc;
    }
    rc = held_now(deciding, &held, &now);
    if (rc == STATUS_OK) {
        rc = diag_fail(deciding->diag, STATUS_CONFLICT, "%s: these words let go on %s what was held then", deciding->id, at);
        diag_found(deciding->diag, "%.*s", (int)now.size, now.data);
        diag_hint(deciding->diag, "%s", held ? "to let that go too: chitra list holds, then words about it"
                                              : "the next run decides on what was let go");
    }
    return rc;
}

enum status run_unhold(const struct site *site, struct ledger *ledger, const char *id,
                       const struct decide_options *options, struct decided *decided, struct diag *diag)
{
    struct deciding deciding = { .site = site, .ledger = ledger, .id = id, .options = options, .decided = decided,
                                 .diag = diag };

    enum status rc = deciding_begin(&deciding, ROLE_CERTIFIES);
    if (rc == STATUS_OK) {
        rc = deciding_find(&deciding);
    }
    if (rc == STATUS_OK) {
        rc = not_said_before(&deciding);
    }
    if (rc == STATUS_OK) {
        const struct ledger_hold *hold = deciding_hold(&deciding, deciding.payment_id);
        rc = hold != NULL ? hand_end(&deciding, hold) : screens_lift(&deciding);
    }
    deciding_release(&deciding);
    return rc;
}
