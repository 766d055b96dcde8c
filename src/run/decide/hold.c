/*
 * hold.c - stops what has not left: an entitlement with all its months, or one payment.
 *
 * Anybody may stop money, so nobody else is asked; a key that is given must be right. What is in a file that has left
 * is told with what can still be done.
 */
#include "deciding.h"

#include "chitra/ledger_member.h"
#include "chitra/screen.h"

#include <stdio.h>
#include <stdlib.h>

/* Whether it is too late for a payment; `refusal` says what can still be done, and `state` how it stands. */
static enum status is_late(struct deciding *deciding, const struct payment_seen *payment, bool *late, char state[80],
                           struct state_refusal *refusal)
{
    struct arena arena = ARENA_INIT;
    struct ledger_file file;
    enum status rc = STATUS_OK;

    *late = !payment_allows(payment->state, BY_HOLD, refusal);
    snprintf(state, 80, "%s", payment_state_name(payment->state));
    if (!*late && payment->state == PAYMENT_INSTRUCTED) {
        rc = ledger_file_find(deciding->ledger, payment->msg_id, &arena, &file, deciding->diag);
        *late = rc == STATUS_OK && !file_allows(file.state, BY_HOLD, refusal);
        if (*late) {
            snprintf(state, 80, "in %s, which is %s", payment->msg_id, file_state_name(file.state));
        }
    }
    arena_release(&arena);
    return rc;
}

/* Of an entitlement: what has left and is not at its end is told; the rest is held. */
static enum status late_tell(struct deciding *deciding, const struct payment_seen *payment)
{
    struct state_refusal refusal;
    char state[80];
    bool late = false;

    if (payment->state != PAYMENT_INSTRUCTED && payment->state != PAYMENT_ACCEPTED) {
        return STATUS_OK;
    }
    enum status rc = is_late(deciding, payment, &late, state, &refusal);
    if (rc == STATUS_OK && late) {
        deciding_say(deciding, true, "%s is %s: %s; what helps: %s", payment->payment_id, state, refusal.why, refusal.help);
        deciding->decided->left++;
    }
    return rc;
}

static enum status may_hold(struct deciding *deciding)
{
    const struct ledger_hold *standing = deciding_hold(deciding, deciding->payment_id);
    struct state_refusal refusal;
    char state[80];
    bool late = false;
    enum status rc = STATUS_OK;

    if (screen_hold_of(span_of(deciding->options->reason)) != NULL) {
        return diag_fail(deciding->diag, STATUS_USAGE, "the reason is one of a screen; words of your own are expected");
    }
    if (standing != NULL) {
        rc = diag_fail(deciding->diag, STATUS_CONFLICT, "%s is held by hand already", deciding->id);
        diag_found(deciding->diag, "%s", standing->reason);
        diag_hint(deciding->diag, "what helps: chitra unhold, then chitra hold");
        return rc;
    }
    if (deciding->payment_id[0] == '\0') {
        return STATUS_OK;
    }
    const struct payment_seen payment = { deciding->payment_id, deciding->state, deciding->msg_id };
    rc = is_late(deciding, &payment, &late, state, &refusal);
    return rc == STATUS_OK && late ? deciding_refuse(deciding, state, &refusal) : rc;
}

static void stale_tell(const struct deciding *deciding, const struct ledger_overtaken *overtaken, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (overtaken[i].ent == deciding->ent) {
            deciding_say(deciding, false, "%s carries it and does not leave: the next run replaces it", overtaken[i].msg_id);
        }
    }
}

static enum status hold_store(struct deciding *deciding)
{
    struct officer *officer = &deciding->officer;
    struct ledger_hold hold = { .ent = deciding->ent, .payment_id = deciding->payment_id,
                                .reason = deciding->options->reason };
    const struct ledger_doing doing = { officer->who, officer->at, deciding->options->reason };
    struct ledger_overtaken *overtaken = NULL;
    size_t count = 0;

    sys_user(hold.placed.who, sizeof(hold.placed.who));
    memcpy(hold.placed.officer, officer->name, sizeof(hold.placed.officer));
    if (officer->signer != NULL) {
        hold.placed.key = *certificate_key(signer_certificate(officer->signer));
    }
    enum status rc = ledger_begin(deciding->ledger, deciding->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = ledger_hold_add(deciding->ledger, &hold, officer->at, deciding->diag);
    if (rc == STATUS_OK) {
        rc = deciding_act(deciding, "hold.placed", span_of(deciding->id));
    }
    if (rc == STATUS_OK) {
        rc = ledger_overtake(deciding->ledger, BY_HOLD, &doing, &overtaken, &count, deciding->diag);
    }
    rc = deciding_end(deciding, rc);
    if (rc == STATUS_OK) {
        deciding->decided->done = 1;
        deciding_say(deciding, false, "%s is held by hand: %s", deciding->id,
                     deciding->payment_id[0] != '\0' ? "this payment" : "everything that has not left, later months too");
        stale_tell(deciding, overtaken, count);
    }
    free(overtaken);
    return rc;
}

/* Whoever prepares may hold, and whoever certifies. */
static enum officer_role role_of(const struct site *site, const struct officer_claim *claim)
{
    const struct site_officer *officer = claim->name == NULL ? NULL : officer_of_name(site->config, claim->name);

    return officer != NULL && officer_units(officer, ROLE_CERTIFIES, FAMILY_COUNT) != 0 ? ROLE_CERTIFIES : ROLE_PREPARES;
}

enum status run_hold(const struct site *site, struct ledger *ledger, const char *id, const struct decide_options *options,
                     struct decided *decided, struct diag *diag)
{
    struct deciding deciding = { .site = site, .ledger = ledger, .id = id, .options = options, .decided = decided,
                                 .diag = diag };

    enum status rc = deciding_begin(&deciding, role_of(site, options->claim));
    if (rc == STATUS_OK) {
        rc = deciding_find(&deciding);
    }
    if (rc == STATUS_OK) {
        rc = may_hold(&deciding);
    }
    if (rc == STATUS_OK) {
        rc = hold_store(&deciding);
    }
    if (rc == STATUS_OK && deciding.payment_id[0] == '\0') {
        rc = deciding_payments(&deciding, late_tell);
    }
    deciding_release(&deciding);
    return rc;
}
