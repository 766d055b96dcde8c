/*
 * plan_stops.c - what deaths, ends, suspensions and resumptions make of a month.
 *
 * Death: the month of death is paid, later months are not, until a court annuls the declaration. An end
 * takes the months that begin on or after its day; a withdrawn refusal or the takeover by another unit gives
 * back those from its own day on. A suspension takes them until it is resumed; what becomes of the months missed
 * between is the law file's matter (missed_months), by the latest word on it. Who was suspended as missing and is then
 * declared dead missed them for good (Law 41/2024/QH15 art. 75).
 */
#include "entitlement.h"

/* Whether a resumption takes the death before it back. */
static bool is_annulled(const struct ledger_stop_state *stop)
{
    return stop->kind == KIND_resumed && stop->reason == REASON_annulled;
}

day_t stops_death(const struct ledger_stop_state *stop, size_t count)
{
    day_t died = DAY_NONE;

    for (size_t i = 0; i < count; i++) {
        died = stop[i].kind == KIND_deceased ? stop[i].from : is_annulled(&stop[i]) ? DAY_NONE : died;
    }
    return died;
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
        } else if (is_annulled(&stop[i]) && dead) {
            dead = false;
        } else if (stop[i].kind == KIND_ended && stop[i].from <= begins) {
            ended = true;
        } else if (stop[i].kind == KIND_resumed && stop[i].from <= begins) {
            ended = false;
        }
    }
    return ended;
}

/* What a suspension and what ended it leave of a month. */
static enum stop_verdict suspension_of(const struct law *law, enum benefit benefit,
                                       const struct ledger_stop_state *stop, size_t count, month_t month)
{
    static const enum stop_verdict by_law[] = { [LAW_MISSED_NOT_PAID] = STOP_SUSPENDED, [LAW_MISSED_PAID] = STOP_NONE,
                                                [LAW_MISSED_UNDECIDED] = STOP_UNDECIDED };
    day_t begins = month_first(month);
    day_t died = stops_death(stop, count);
    enum stop_verdict verdict = STOP_NONE;
    bool suspended = false;     /* when the month began */
    bool missing = false;       /* for that reason */
    bool decided = false;       /* a resumption after it says what becomes of the month */

    for (size_t i = 0; i < count; i++) {
        bool resumed = stop[i].kind == KIND_resumed;
        if (stop[i].from <= begins && (resumed || stop[i].kind == KIND_suspended)) {
            suspended = !resumed;
            missing = suspended && stop[i].reason == REASON_missing;
            verdict = suspended ? STOP_SUSPENDED : STOP_NONE;
        } else if (suspended && resumed && missing && died != DAY_NONE && stop[i].from >= died) {
            break;              /* declared dead before anybody came back */
        } else if (suspended && resumed) {
            decided = true;
            verdict = by_law[law_missed_months(law, benefit, stop[i].reason, stop[i].from)];
        } else if (decided && stop[i].kind == KIND_suspended) {
            break;              /* what follows is another suspension's matter */
        }
    }
    return verdict;
}

enum stop_verdict stops_of_month(const struct law *law, enum benefit benefit, const struct ledger_stop_state *stop,
                                 size_t count, month_t month)
{
    day_t died = stops_death(stop, count);

    if (died != DAY_NONE && month > day_month(died)) {
        return STOP_DEAD;
    }
    return is_ended(stop, count, month) ? STOP_ENDED : suspension_of(law, benefit, stop, count, month);
}

bool stop_bars(enum stop_verdict verdict)
{
    return verdict == STOP_DEAD || verdict == STOP_ENDED || verdict == STOP_SUSPENDED;
}
