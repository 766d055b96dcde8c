/* state.c - the two tables of states: whoever adds a way for a file or a payment to move adds its row here first. */
#include "chitra/ledger_state.h"

#include "chitra/status.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static const char *const file_word[FILE_STATES] = {
#define X(number, name, word) [number] = word,
    FILE_STATE_LIST(X)
#undef X
};

static const char *const payment_word[PAYMENT_STATES] = {
#define X(number, name, word) [number] = word,
    PAYMENT_STATE_LIST(X)
#undef X
};

static const char *const by_word[STATE_BYS] = {
#define X(name, word) [BY_##name] = word,
    STATE_BY_LIST(X)
#undef X
};

static const struct state_move file_move[] = {
    { FILE_PLANNED, FILE_STAGED, BY_RUN, "written, synced and read back, and its signature is in the ledger" },
    { FILE_PLANNED, FILE_STAGED, BY_REGEN, "the same" },
    { FILE_PLANNED, FILE_PLANNED, BY_HOLD, "what is held in it is found once it is written" },
    { FILE_STAGED, FILE_STALE, BY_RUN, "a stop, a correction or a doubt reached one of its payments" },
    { FILE_STAGED, FILE_STALE, BY_RELEASE, "the same, seen before it left" },
    { FILE_STAGED, FILE_STALE, BY_HOLD, "it carries what is held" },
    { FILE_STAGED, FILE_STALE, BY_VOID, "it funds a cash list that was voided" },
    { FILE_STAGED, FILE_RELEASING, BY_RELEASE, "" },
    { FILE_STAGED, FILE_VOIDED, BY_VOID, "" },
    { FILE_STALE, FILE_VOIDED, BY_RUN, "a new generation carries the rest, if there is any" },
    { FILE_STALE, FILE_STALE, BY_HOLD, "the new generation leaves out what is held" },
    { FILE_RELEASING, FILE_RELEASED, BY_RELEASE, "" },
    { FILE_RELEASING, FILE_UNKNOWN, BY_RELEASE, "found in neither place after a crash" },
    { FILE_RELEASED, FILE_HANDED_OVER, BY_HANDOVER, "" },
    { FILE_RELEASED, FILE_HANDED_OVER, BY_RECEIVE, "an authentic answer names it" },
    { FILE_RELEASED, FILE_VOIDED, BY_VOID, "it can still be renamed out of outbox/" },
    { FILE_RELEASED, FILE_UNKNOWN, BY_SILENCE, "" },
    { FILE_HANDED_OVER, FILE_HANDED_OVER, BY_HANDOVER, "said again, it changes nothing" },
    { FILE_HANDED_OVER, FILE_HANDED_OVER, BY_RESEND, "" },
    { FILE_HANDED_OVER, FILE_ACCEPTED, BY_RECEIVE, "" },
    { FILE_HANDED_OVER, FILE_PARTLY, BY_RECEIVE, "" },
    { FILE_HANDED_OVER, FILE_REJECTED, BY_RECEIVE, "refused whole" },
    { FILE_HANDED_OVER, FILE_UNKNOWN, BY_RECEIVE, "answers contradict each other" },
    { FILE_HANDED_OVER, FILE_UNKNOWN, BY_SILENCE, "" },
    { FILE_UNKNOWN, FILE_HANDED_OVER, BY_RECEIVE, "an authentic answer names it and decides nothing yet" },
    { FILE_UNKNOWN, FILE_UNKNOWN, BY_RESEND, "" },
    { FILE_UNKNOWN, FILE_ACCEPTED, BY_RECEIVE, "" },
    { FILE_UNKNOWN, FILE_PARTLY, BY_RECEIVE, "" },
    { FILE_UNKNOWN, FILE_REJECTED, BY_RECEIVE, "refused whole" },
    { FILE_UNKNOWN, FILE_VOIDED, BY_VOID, "with evidence from the bank, which is archived" },
    { FILE_REJECTED, FILE_SUPERSEDED, BY_REGEN, "it has payments left" },
    { FILE_REJECTED, FILE_REJECTED, BY_HOLD, "regen leaves out what is held" },
    { FILE_VOIDED, FILE_SUPERSEDED, BY_REGEN, "it has payments left that no run has taken up" },
    { FILE_VOIDED, FILE_VOIDED, BY_HOLD, "regen or the next run leaves out what is held" },
};

static const struct state_move payment_move[] = {
    { PAYMENT_CALCULATED, PAYMENT_INSTRUCTED, BY_RUN, "" },
    { PAYMENT_CALCULATED, PAYMENT_INSTRUCTED, BY_REGEN, "the new generation of its file carries it" },
    { PAYMENT_CALCULATED, PAYMENT_HELD, BY_RUN, "a screen or a hold has a reason" },
    { PAYMENT_CALCULATED, PAYMENT_HELD, BY_HOLD, "in a voided file: by the next run" },
    { PAYMENT_CALCULATED, PAYMENT_OFFSET, BY_RUN, "net zero" },
    { PAYMENT_CALCULATED, PAYMENT_CLOSED, BY_RUN, "nothing is owed any more" },
    { PAYMENT_INSTRUCTED, PAYMENT_CALCULATED, BY_RUN, "its file was stale, and it is what made it so" },
    { PAYMENT_INSTRUCTED, PAYMENT_CALCULATED, BY_VOID, "its file was voided" },
    { PAYMENT_INSTRUCTED, PAYMENT_INSTRUCTED, BY_HOLD, "until the next run or regen, if its file has not left" },
    { PAYMENT_INSTRUCTED, PAYMENT_ACCEPTED, BY_RECEIVE, "" },
    { PAYMENT_INSTRUCTED, PAYMENT_BOOKED, BY_RECEIVE, "" },
    { PAYMENT_INSTRUCTED, PAYMENT_REJECTED, BY_RECEIVE, "in a file that otherwise went through" },
    { PAYMENT_INSTRUCTED, PAYMENT_UNCOLLECTED, BY_RECEIVE, "cash: by the result that closes its list" },
    { PAYMENT_HELD, PAYMENT_CALCULATED, BY_RUN, "the reason is gone" },
    { PAYMENT_HELD, PAYMENT_HELD, BY_HOLD, "it stays when its other reason is gone" },
    { PAYMENT_HELD, PAYMENT_CALCULATED, BY_UNHOLD, "held by hand, or by a screen that may be lifted; the next run decides" },
    { PAYMENT_HELD, PAYMENT_CLOSED, BY_RUN, "nothing is owed any more" },
    { PAYMENT_HELD, PAYMENT_CLOSED, BY_CLOSE, "" },
    { PAYMENT_ACCEPTED, PAYMENT_BOOKED, BY_RECEIVE, "" },
    { PAYMENT_ACCEPTED, PAYMENT_REJECTED, BY_RECEIVE, "" },
    { PAYMENT_ACCEPTED, PAYMENT_RETURNED, BY_RECEIVE, "" },
    { PAYMENT_BOOKED, PAYMENT_RETURNED, BY_RECEIVE, "" },
    { PAYMENT_REJECTED, PAYMENT_REISSUED, BY_RUN, "its cause is cured" },
    { PAYMENT_REJECTED, PAYMENT_REISSUED, BY_REISSUE, "its cause is cured" },
    { PAYMENT_REJECTED, PAYMENT_CLOSED, BY_RUN, "nothing is owed any more" },
    { PAYMENT_REJECTED, PAYMENT_CLOSED, BY_CLOSE, "" },
    { PAYMENT_REJECTED, PAYMENT_REJECTED, BY_HOLD, "it is not tried again" },
    { PAYMENT_RETURNED, PAYMENT_REISSUED, BY_RUN, "its cause is cured" },
    { PAYMENT_RETURNED, PAYMENT_REISSUED, BY_REISSUE, "its cause is cured" },
    { PAYMENT_RETURNED, PAYMENT_CLOSED, BY_RUN, "nothing is owed any more" },
    { PAYMENT_RETURNED, PAYMENT_CLOSED, BY_CLOSE, "" },
    { PAYMENT_RETURNED, PAYMENT_RETURNED, BY_HOLD, "it is not tried again" },
    { PAYMENT_UNCOLLECTED, PAYMENT_REISSUED, BY_RUN, "monthly: the next month's list carries it on" },
    { PAYMENT_UNCOLLECTED, PAYMENT_REISSUED, BY_REISSUE, "" },
    { PAYMENT_UNCOLLECTED, PAYMENT_CLOSED, BY_RUN, "nothing is owed any more" },
    { PAYMENT_UNCOLLECTED, PAYMENT_CLOSED, BY_CLOSE, "" },
    { PAYMENT_UNCOLLECTED, PAYMENT_UNCOLLECTED, BY_HOLD, "it is not tried again" },
    { PAYMENT_REISSUED, PAYMENT_REJECTED, BY_RUN, "the new attempt was withdrawn with its file" },
    { PAYMENT_REISSUED, PAYMENT_RETURNED, BY_RUN, "the same" },
    { PAYMENT_REISSUED, PAYMENT_UNCOLLECTED, BY_RUN, "the same" },
};

/* ---- what a command does not do, and why ---- */

#define IN(state) (1u << FILE_##state)

struct refusal_row {
    enum state_by by;
    unsigned states;
    struct state_refusal refusal;
};

static const struct refusal_row file_refusal[] = {
    { BY_HANDOVER, IN(PLANNED) | IN(STAGED), { "it has not left", "chitra release" } },
    { BY_HANDOVER, IN(STALE), { "it has not left and will be replaced", "chitra run" } },
    { BY_HANDOVER, IN(UNKNOWN), { "whether the bank has it is for the bank to say", "chitra receive, with its answer" } },
    { BY_HANDOVER, IN(ACCEPTED) | IN(PARTLY) | IN(REJECTED), { "the bank has answered it already", "" } },
    { BY_HANDOVER, IN(VOIDED), { "it was withdrawn; if the bank has it, that is for the bank to say",
                                 "chitra receive, with its answer" } },
    { BY_HANDOVER, IN(SUPERSEDED), { "another generation has taken its place", "chitra handover, of that one" } },

    { BY_RESEND, IN(PLANNED) | IN(STAGED), { "it has not left", "chitra release" } },
    { BY_RESEND, IN(STALE), { "it has not left and will be replaced", "chitra run" } },
    { BY_RESEND, IN(RELEASED), { "it lies in outbox/ for the bank to fetch", "chitra handover, once the bank has it" } },
    { BY_RESEND, IN(ACCEPTED) | IN(PARTLY), { "the bank has it", "chitra reissue, for single payments that failed" } },
    { BY_RESEND, IN(REJECTED), { "the bank has refused it and would again", "chitra regen" } },
    { BY_RESEND, IN(VOIDED), { "it was withdrawn, and its payments go another way", "chitra regen" } },
    { BY_RESEND, IN(SUPERSEDED), { "another generation has taken its place", "chitra resend, of that one" } },

    { BY_VOID, IN(PLANNED), { "it is not written yet", "chitra run" } },
    { BY_VOID, IN(STALE), { "it cannot leave, and the next run replaces it", "chitra run" } },
    { BY_VOID, IN(HANDED_OVER), { "the bank has it", "chitra receive, with its answer" } },
    { BY_VOID, IN(ACCEPTED) | IN(PARTLY), { "the bank has accepted it", "chitra reissue, for single payments that failed" } },
    { BY_VOID, IN(REJECTED), { "the bank has refused it: nothing of it can be paid any more", "chitra regen" } },
    { BY_VOID, IN(VOIDED), { "it is voided already", "chitra regen" } },
    { BY_VOID, IN(SUPERSEDED), { "another generation has taken its place", "chitra void, of that one" } },

    { BY_REGEN, IN(PLANNED) | IN(STAGED), { "it has not left", "chitra void, then regen" } },
    { BY_REGEN, IN(STALE), { "the next run replaces it", "chitra run" } },
    { BY_REGEN, IN(RELEASED), { "the bank may take it: both would be paid", "chitra void, while it lies in outbox/" } },
    { BY_REGEN, IN(HANDED_OVER), { "the bank has it: both would be paid", "chitra receive, with its answer" } },
    { BY_REGEN, IN(UNKNOWN), { "the bank may have it: both would be paid",
                               "chitra receive, with its answer, or chitra void --evidence" } },
    { BY_REGEN, IN(ACCEPTED) | IN(PARTLY), { "the bank has accepted it", "chitra reissue, for single payments that failed" } },
    { BY_REGEN, IN(SUPERSEDED), { "another generation has taken its place", "chitra list files" } },

    { BY_HOLD, IN(RELEASED), { "it has left, and it is too late for this payment", "chitra void, while it lies in outbox/" } },
    { BY_HOLD, IN(HANDED_OVER), { "the bank has it, and it is too late for this payment, unless the bank stops it",
                                  "chitra receive, with the bank's answer" } },
    { BY_HOLD, IN(UNKNOWN), { "the bank may have it, and only the bank can stop this payment",
                              "chitra receive, with its answer, or chitra void --evidence" } },
    { BY_HOLD, IN(ACCEPTED) | IN(PARTLY), { "the bank has accepted it, and it is too late for this payment, unless the bank stops it",
                                            "chitra receive, with the bank's answer" } },
    { BY_HOLD, IN(SUPERSEDED), { "another generation has taken its place", "chitra list files" } },
};

#undef IN
#define IN(state) (1u << PAYMENT_##state)

static const struct refusal_row payment_refusal[] = {
    { BY_HOLD, IN(OFFSET), { "nothing of it is paid out", "chitra hold, of the entitlement" } },
    { BY_HOLD, IN(ACCEPTED), { "the bank has accepted it, and it is too late, unless the bank stops it",
                               "chitra receive, with the bank's answer" } },
    { BY_HOLD, IN(BOOKED), { "it was paid", "chitra receive, should it come back" } },
    { BY_HOLD, IN(REISSUED), { "a new attempt has taken its place", "chitra hold, of that one" } },
    { BY_HOLD, IN(CLOSED), { "it is closed, and nothing of it is paid", "" } },

    { BY_UNHOLD, IN(CALCULATED), { "nothing holds it", "chitra run, which pays it" } },
    { BY_UNHOLD, IN(INSTRUCTED) | IN(ACCEPTED) | IN(BOOKED), { "nothing holds it", "" } },
    { BY_UNHOLD, IN(OFFSET), { "nothing of it is paid out", "" } },
    { BY_UNHOLD, IN(REJECTED) | IN(RETURNED) | IN(UNCOLLECTED), { "it failed, and nothing holds it", "chitra reissue" } },
    { BY_UNHOLD, IN(REISSUED), { "a new attempt has taken its place", "chitra unhold, of that one" } },
    { BY_UNHOLD, IN(CLOSED), { "it is closed, and nothing of it is paid", "" } },

    { BY_CLOSE, IN(CALCULATED), { "it is owed, and the next run pays it", "chitra hold, then chitra run, then chitra close" } },
    { BY_CLOSE, IN(INSTRUCTED), { "the bank may pay it",
                                  "chitra void, while its file lies in outbox/, or chitra receive, with the bank's answer" } },
    { BY_CLOSE, IN(OFFSET), { "nothing of it is paid out", "" } },
    { BY_CLOSE, IN(ACCEPTED), { "the bank has accepted it", "chitra receive, with the bank's answer" } },
    { BY_CLOSE, IN(BOOKED), { "it was paid", "chitra receive, should it come back" } },
    { BY_CLOSE, IN(REISSUED), { "a new attempt has taken its place", "chitra close, of that one" } },
    { BY_CLOSE, IN(CLOSED), { "it is closed already", "" } },
};

#undef IN

static bool is_refused(const struct refusal_row *row, size_t count, int state, enum state_by by, struct state_refusal *refusal)
{
    for (size_t i = 0; i < count; i++) {
        if (row[i].by == by && (row[i].states & (1u << state)) != 0) {
            *refusal = row[i].refusal;
            return true;
        }
    }
    return false;
}

bool payment_allows(enum payment_state state, enum state_by by, struct state_refusal *refusal)
{
    ASSERT(state < PAYMENT_STATES);
    return !is_refused(payment_refusal, ROWS(payment_refusal), (int)state, by, refusal);
}

bool file_allows(enum file_state state, enum state_by by, struct state_refusal *refusal)
{
    ASSERT(state < FILE_STATES);
    if (is_refused(file_refusal, ROWS(file_refusal), (int)state, by, refusal)) {
        return false;
    }
    if (state == FILE_RELEASING) {
        /* Whatever the command: a release that a crash cut off is finished first. */
        *refusal = (struct state_refusal){ "its release was cut off", "chitra release" };
        return false;
    }
    return true;
}

const char *file_state_name(enum file_state state)
{
    ASSERT(state < FILE_STATES);
    return file_word[state];
}

const char *payment_state_name(enum payment_state state)
{
    ASSERT(state < PAYMENT_STATES);
    return payment_word[state];
}

const char *state_by_name(enum state_by by)
{
    ASSERT(by < STATE_BYS);
    return by_word[by];
}

const struct state_move *file_moves(size_t *count)
{
    *count = ROWS(file_move);
    return file_move;
}

const struct state_move *payment_moves(size_t *count)
{
    *count = ROWS(payment_move);
    return payment_move;
}

static bool has_move(const struct state_move *move, size_t count, int from, int to, enum state_by by)
{
    for (size_t i = 0; i < count; i++) {
        if (move[i].from == from && move[i].to == to && move[i].by == by) {
            return true;
        }
    }
    return false;
}

bool file_may_become(enum file_state from, enum file_state to, enum state_by by)
{
    return has_move(file_move, ROWS(file_move), (int)from, (int)to, by);
}

bool payment_may_become(enum payment_state from, enum payment_state to, enum state_by by)
{
    return has_move(payment_move, ROWS(payment_move), (int)from, (int)to, by);
}
