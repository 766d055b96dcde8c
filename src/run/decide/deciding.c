/* deciding.c - who decides by hand, and what the id on the command line names. */
#include "deciding.h"

#include "chitra/ledger_place.h"
#include "chitra/ledger_query.h"

#include <stdarg.h>
#include <stdio.h>

void deciding_say(const struct deciding *deciding, bool problem, const char *format, ...)
{
    char text[DIAG_BYTES_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    deciding->options->message(deciding->options->context, problem, text);
}

enum status deciding_refuse(const struct deciding *deciding, const char *state, const struct state_refusal *refusal)
{
    enum status rc = diag_fail(deciding->diag, STATUS_CONFLICT, "%s is %s: %s", deciding->id, state, refusal->why);

    if (refusal->help[0] != '\0') {
        diag_hint(deciding->diag, "what helps: %s", refusal->help);
    }
    return rc;
}

const struct ledger_hold *deciding_hold(const struct deciding *deciding, const char *payment_id)
{
    for (size_t i = 0; i < deciding->hold_count; i++) {
        if (strcmp(deciding->hold[i].payment_id, payment_id) == 0) {
            return &deciding->hold[i];
        }
    }
    return NULL;
}

enum status deciding_begin(struct deciding *deciding, enum officer_role role)
{
    *deciding->decided = (struct decided){ 0, 0 };
    enum status rc = officer_new(deciding->site, deciding->ledger, deciding->options->claim, role, &deciding->officer,
                                 deciding->diag);
    deciding->word = (struct ledger_word_of){ deciding->officer.who, deciding->options->reason, deciding->officer.at };
    return rc;
}

void deciding_release(struct deciding *deciding)
{
    officer_release(&deciding->officer);
    arena_release(&deciding->arena);
}

/* ---- what is meant ---- */

static enum status entitlement_take(struct deciding *deciding, int64_t ent)
{
    char code[LEDGER_UNITS_MAX + 1][UNIT_CODE_BYTES];
    struct ledger_entitlement entitlement;

    deciding->ent = ent;
    enum status rc = ledger_entitlement_get(deciding->ledger, ent, 0, &deciding->arena, &entitlement, deciding->diag);
    if (rc == STATUS_OK) {
        rc = ledger_units(deciding->ledger, code, deciding->diag);
    }
    if (rc == STATUS_OK) {
        ASSERT(entitlement.unit > 0 && entitlement.unit <= LEDGER_UNITS_MAX);
        deciding->entitlement_id = entitlement.id;
        memcpy(deciding->unit, code[entitlement.unit], UNIT_CODE_BYTES);
        rc = ledger_holds_of(deciding->ledger, ent, &deciding->arena, &deciding->hold, &deciding->hold_count,
                             deciding->diag);
    }
    return rc;
}

static enum payment_state state_of_word(struct span word)
{
    for (int i = 0; i < PAYMENT_STATES; i++) {
        if (span_is(word, payment_state_name((enum payment_state)i))) {
            return (enum payment_state)i;
        }
    }
    ASSERT(span_is(word, "collected"));     /* what a booked payment of a cash list is called */
    return PAYMENT_BOOKED;
}

enum status deciding_payments(struct deciding *deciding, payment_each *each)
{
    enum { ID = 0, STATE = 10, MSG_ID = 12 };   /* as chitra-list(1) orders them */
    const struct ledger_filter of_it = { .period = MONTH_NONE, .unit = "", .entitlement = deciding->entitlement_id.data,
                                         .state = "" };
    struct ledger_list *list = NULL;
    struct span cell[LIST_COLUMNS_MAX];
    bool more = true;

    enum status rc = ledger_list_new(deciding->ledger, LIST_PAYMENTS, &of_it, &list, deciding->diag);
    while (rc == STATUS_OK && more) {
        rc = ledger_list_next(list, cell, &more, deciding->diag);
        if (rc == STATUS_OK && more) {
            const struct payment_seen seen = { arena_copy(&deciding->arena, cell[ID]).data, state_of_word(cell[STATE]),
                                               arena_copy(&deciding->arena, cell[MSG_ID]).data };
            rc = each(deciding, &seen);
        }
    }
    ledger_list_free(list);
    return rc;
}

static enum status state_take(struct deciding *deciding, const struct payment_seen *payment)
{
    if (strcmp(payment->payment_id, deciding->payment_id) == 0 && payment->msg_id[0] != '\0') {
        deciding->state = payment->state;
        snprintf(deciding->msg_id, sizeof(deciding->msg_id), "%s", payment->msg_id);
    }
    return STATUS_OK;
}

/* In which state a payment is that is in no file: held as long as one of its obligations is. */
static enum status waiting_state(struct deciding *deciding, enum obligation_state state)
{
    struct ledger_waiting *waiting;
    size_t count = 0;

    enum status rc = ledger_waiting(deciding->ledger, deciding->ent, deciding->payment_id, &deciding->arena, &waiting,
                                    &count, deciding->diag);
    deciding->state = count > 0 ? PAYMENT_HELD : ledger_unpaid_state(state);
    return rc;
}

static enum status payment_find(struct deciding *deciding)
{
    static const struct state_refusal funding = { "it follows the cash lists that it pays for",
                                                  "chitra void, while its file lies in outbox/, or chitra reissue" };
    struct ledger_place place = { .found = PLACE_NONE };

    memcpy(place.payment_id, deciding->id, PAYMENT_ID_BYTES);
    deciding->payment_id = deciding->id;
    enum status rc = ledger_payments_find(deciding->ledger, &place, 1, deciding->diag);
    if (rc != STATUS_OK || place.found == PLACE_NONE || place.found == PLACE_WITHDRAWN) {
        return rc == STATUS_OK ? STATUS_NO_INPUT : rc;
    }
    if (place.ent == 0) {
        return deciding_refuse(deciding, "the funding of the post", &funding);
    }
    rc = entitlement_take(deciding, place.ent);
    if (rc == STATUS_OK) {
        rc = place.found == PLACE_FILE ? deciding_payments(deciding, state_take) : waiting_state(deciding, place.state);
    }
    return rc;
}

enum status deciding_find(struct deciding *deciding)
{
    struct diag unknown = { .line = 0 };
    int64_t ent = 0;

    deciding->payment_id = "";
    enum status rc = ledger_entitlement_find(deciding->ledger, span_of(deciding->id), &ent, &unknown);
    if (rc == STATUS_OK) {
        return entitlement_take(deciding, ent);
    }
    if (rc != STATUS_NO_INPUT) {
        *deciding->diag = unknown;
        return rc;
    }
    if (strlen(deciding->id) == PAYMENT_ID_LENGTH) {
        rc = payment_find(deciding);
    }
    if (rc == STATUS_NO_INPUT) {
        rc = diag_fail(deciding->diag, STATUS_NO_INPUT, "the ledger knows no such entitlement and no such payment");
        diag_found(deciding->diag, "%s", deciding->id);
    }
    return rc;
}

/* ---- what is decided ---- */

enum status deciding_act(const struct deciding *deciding, const char *kind, struct span content)
{
    struct ledger_event event = { .kind = kind, .subject = deciding->id, .unit = deciding->unit,
                                  .why = deciding->options->reason };

    return officer_act(&deciding->officer, &event, content, deciding->diag);
}

enum status deciding_end(const struct deciding *deciding, enum status rc)
{
    if (rc == STATUS_OK) {
        return ledger_commit(deciding->ledger, deciding->diag);
    }
    ledger_rollback(deciding->ledger);
    return rc;
}
