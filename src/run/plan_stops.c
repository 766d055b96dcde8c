/*
 * plan_stops.c - what deaths, ends, suspensions and resumptions make of a month.
 *
 * Death: the month of death is paid, later months are not. An end or a suspension takes the months that
 * begin on or after its day; a resumption gives back those from its own day on. Months missed between
 * are paid when the person returned, a court annulled the declaration, or the data were verified
 * (Law 41/2024/QH15 art. 75(3), (4)), not when a refusal was withdrawn (art. 75(6)), and otherwise
 * they wait for a decision.
 */
#include "plan.h"

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

enum stop_verdict stops_of_month(const struct ledger_stop_state *stop, size_t count, month_t month)
{
    day_t begins = month_first(month);
    int barred = KIND_resumed;      /* the latest of ended, suspended, resumed up to this month */
    enum stop_verdict verdict = STOP_NONE;

    for (size_t i = 0; i < count; i++) {
        if (stop[i].kind == KIND_deceased) {
            if (month > day_month(stop[i].from)) {
                return STOP_NOT_DUE;
            }
        } else if (stop[i].from <= begins) {
            barred = stop[i].kind;
            verdict = barred == KIND_resumed ? STOP_NONE : STOP_NOT_DUE;
        } else if (stop[i].kind == KIND_resumed && barred == KIND_suspended) {
            verdict = missed_month(&stop[i]);
            barred = KIND_resumed;
        }
    }
    return verdict;
}
