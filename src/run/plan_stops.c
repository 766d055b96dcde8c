/*
 * plan_stops.c - what deaths, ends, suspensions and resumptions make of a month.
 *
 * Death: the month of death is paid, later months are not, until a court annuls the declaration. An end
 * takes the months that begin on or after its day; a withdrawn refusal or the takeover by another unit gives
 * back those from its own day on. A suspension takes them until it is resumed. Months missed between are paid when the person
 * returned, a court annulled the declaration, or the data were verified (Law 41/2024/QH15 art. 75(3),
 * (4)), not when a refusal was withdrawn (art. 75(6)), and otherwise they wait for a decision: the latest
 * word on it counts.
 */
#include "entitlement.h"

enum { REASON_refused = 3, REASON_returned = 4, REASON_annulled = 5, REASON_verified = 6 };   /* FACT_reason's words */

static enum stop_verdict missed_month(const struct ledger_stop_state *resumed)
{
    switch (resumed->reason) {
    case REASON_returned:
    case REASON_annulled:
    case REASON_verified:
        return STOP_NONE;
    case REASON_refused:
        return STOP_NOT_DUE;
    default:
        return STOP_UNDECIDED;
    }
}

bool stops_after_death(const struct ledger_stop_state *stop, size_t count, month_t month)
{
    bool dead = false;

    for (size_t i = 0; i < count; i++) {
        if (stop[i].kind == KIND_deceased) {
            dead = month > day_month(stop[i].from);
        } else if (stop[i].kind == KIND_resumed && stop[i].reason == REASON_annulled) {
            dead = false;
        }
    }
    return dead;
}

/* Whether an end bars the month. */
static bool is_ended(const struct ledger_stop_state *stop, size_t count, month_t month)
{
    day_t begins = month_first(month);
    bool dead = false;      /* a resumption that annuls a death is no answer to an end */
    bool ended = false;

    for (size_t i = 0; i < count; i++) {
        if (stop[i].kind == KIND_deceased) {
            dead = month > day_month(stop[i].from);
        } else if (stop[i].kind == KIND_resumed && stop[i].reason == REASON_annulled && dead) {
            dead = false;
        } else if (stop[i].kind == KIND_ended && stop[i].from <= begins) {
            ended = true;
        } else if (stop[i].kind == KIND_resumed && stop[i].from <= begins) {
            ended = false;
        }
    }
    return ended;
}

enum stop_verdict stops_of_month(const struct ledger_stop_state *stop, size_t count, month_t month)
{
    day_t begins = month_first(month);
    enum stop_verdict verdict = STOP_NONE;
    bool suspended = false;     /* when the month began */
    bool decided = false;       /* a resumption after it says what becomes of the month */

    for (size_t i = 0; i < count; i++) {
        bool resumed = stop[i].kind == KIND_resumed;
        if (stop[i].from <= begins && (resumed || stop[i].kind == KIND_suspended)) {
            suspended = !resumed;
            verdict = suspended ? STOP_NOT_DUE : STOP_NONE;
        } else if (suspended && resumed) {
            decided = true;
            verdict = missed_month(&stop[i]);
        } else if (decided && stop[i].kind == KIND_suspended) {
            break;              /* what follows is another suspension's matter */
        }
    }
    return is_ended(stop, count, month) || stops_after_death(stop, count, month) ? STOP_NOT_DUE : verdict;
}
