/*
 * answer_member.c - what one line of an answer makes of one payment.
 *
 * The tables of ledger_state.h decide. What they do not allow moves nothing: the line is the same news again, older
 * news, or it contradicts what is known.
 */
#include "answer.h"

enum status answer_is_older(const struct applying *applying, const struct cell *cell, bool *older)
{
    sqlite3_stmt *stmt;
    int64_t known = 0;

    enum status rc = db_first(applying->ledger, applying->diag, &stmt, "SELECT said_at FROM answer WHERE answer = ?", "i",
                              cell->answer);
    if (rc == STATUS_OK && stmt != NULL) {
        known = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    *older = known != 0 && applying->answer->said_at != 0 && applying->answer->said_at < known;
    return rc;
}

static bool is_failure(enum payment_state state)
{
    return state == PAYMENT_REJECTED || state == PAYMENT_RETURNED || state == PAYMENT_UNCOLLECTED;
}

static enum line_result member_move(struct applying *applying, struct member *member, const struct answer_line *line,
                                    enum payment_state to)
{
    enum payment_state from = member->cell.state;

    if (to == PAYMENT_RETURNED && from == PAYMENT_INSTRUCTED) {
        ASSERT(payment_may_become(from, PAYMENT_BOOKED, BY_RECEIVE));   /* what came back had left */
        from = PAYMENT_BOOKED;
    }
    ASSERT(payment_may_become(from, to, BY_RECEIVE));
    member->cell.state = to;
    member->cell.reason = line->reason;
    member->cell.day = line->day;
    member->cell.answer = applying->answer->answer;
    member->changed = true;
    applying->members.changes++;
    member->failed = is_failure(to);
    if (to == PAYMENT_BOOKED) {
        member->cell.debit_on = line->day;
        member->cell.debit = line->debit;
    }
    applying->applied->moved[to]++;
    ASSERT(money_add(applying->applied->moved_dong[to], member->amount_dong, &applying->applied->moved_dong[to]));
    return LINE_MOVED;
}

/* Two notices are of one debit if the bank's references agree; without them, if they are of one day. */
static bool is_same_debit(const struct cell *cell, const struct answer_line *line)
{
    if (cell->debit != 0 && line->debit != 0) {
        return cell->debit == line->debit;
    }
    return cell->debit_on == DAY_NONE || line->day == DAY_NONE || cell->debit_on == line->day;
}

/* A debit whose return was told before it: the first one, the same again, or a second one. */
static enum line_result late_debit(struct applying *applying, struct member *member, const struct answer_line *line)
{
    if (member->cell.debit_on != DAY_NONE || member->cell.debit != 0) {
        return is_same_debit(&member->cell, line) ? LINE_SAME : LINE_DOUBLE;
    }
    member->cell.debit_on = line->day;
    member->cell.debit = line->debit;
    member->cell.answer = applying->answer->answer;
    member->changed = true;
    return LINE_SAME;
}

/* How a payment stands that was tried again or closed since: as it failed. */
static enum status state_behind(const struct applying *applying, const struct member *member, enum payment_state *state)
{
    sqlite3_stmt *stmt;
    struct span id = { member->id, PAYMENT_ID_LENGTH };

    *state = member->cell.state;
    if (member->cell.state != PAYMENT_REISSUED && member->cell.state != PAYMENT_CLOSED) {
        return STATUS_OK;
    }
    enum status rc = db_first(applying->ledger, applying->diag, &stmt, "SELECT state FROM dead WHERE end_to_end_id = ?", "t",
                              &id);
    ASSERT(rc != STATUS_OK || stmt != NULL);    /* nothing else is tried again or closed once it was instructed */
    if (rc == STATUS_OK) {
        *state = (enum payment_state)sqlite3_column_int(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

static enum line_result hears_accepted(struct applying *applying, struct member *member, const struct answer_line *line,
                                       enum payment_state state, bool older)
{
    if (state == PAYMENT_INSTRUCTED) {
        return member_move(applying, member, line, PAYMENT_ACCEPTED);
    }
    if (state == PAYMENT_REJECTED || state == PAYMENT_UNCOLLECTED) {
        return older ? LINE_OVERTAKEN : LINE_CONTRADICTS;
    }
    return LINE_SAME;
}

static enum line_result hears_booked(struct applying *applying, struct member *member, const struct answer_line *line,
                                     enum payment_state state)
{
    switch (state) {
    case PAYMENT_INSTRUCTED:
    case PAYMENT_ACCEPTED:
        return member_move(applying, member, line, PAYMENT_BOOKED);
    case PAYMENT_BOOKED:
        return is_same_debit(&member->cell, line) ? LINE_SAME : LINE_DOUBLE;
    case PAYMENT_RETURNED:
        return late_debit(applying, member, line);
    default:
        /* What it settled was settled otherwise since: by a new attempt, or anew where it was closed. */
        return member->cell.state != state ? LINE_DOUBLE : LINE_CONTRADICTS;
    }
}

static enum line_result hears_refused(struct applying *applying, struct member *member, const struct answer_line *line,
                                      enum payment_state state, bool older)
{
    switch (state) {
    case PAYMENT_INSTRUCTED:
        return member_move(applying, member, line, PAYMENT_REJECTED);
    case PAYMENT_ACCEPTED:
        return older ? LINE_CONTRADICTS : member_move(applying, member, line, PAYMENT_REJECTED);
    case PAYMENT_BOOKED:
        return LINE_CONTRADICTS;
    default:
        return LINE_SAME;
    }
}

static enum line_result hears_returned(struct applying *applying, struct member *member, const struct answer_line *line,
                                       enum payment_state state)
{
    switch (state) {
    case PAYMENT_INSTRUCTED:
    case PAYMENT_ACCEPTED:
    case PAYMENT_BOOKED:
        return member_move(applying, member, line, PAYMENT_RETURNED);
    case PAYMENT_RETURNED:
        return member->cell.state != state || line->day == DAY_NONE || member->cell.day == line->day ? LINE_SAME
                                                                                                   : LINE_CONTRADICTS;
    default:
        return LINE_SAME;       /* a bank that debits a batch whole gives back what it refused */
    }
}

/* Money that comes back for a payment that was debited twice is the second debit's: the payment stays as it is, and the
 * break of the give-back stands beside that of the debit. Whether an officer has closed it since makes no difference
 * to what lies on the account. */
static enum status given_back(const struct applying *applying, const struct member *member, const struct answer_line *line,
                              bool *decided, enum line_result *result)
{
    sqlite3_stmt *stmt;
    struct span id = { member->id, PAYMENT_ID_LENGTH };

    enum status rc = db_first(applying->ledger, applying->diag, &stmt,
                              "SELECT coalesce(sum(CASE says WHEN ?2 THEN 1 WHEN ?3 THEN -1 ELSE 0 END), 0),"
                              " coalesce(sum(says = ?3 AND day IS nullif(?4, -2147483648)), 0)"
                              " FROM break WHERE kind = 7 AND end_to_end_id = ?1", "tiii", &id, (int64_t)SAYS_BOOKED,
                              (int64_t)SAYS_RETURNED, (int64_t)line->day);
    *decided = false;
    if (rc == STATUS_OK && stmt != NULL) {
        bool told = sqlite3_column_int64(stmt, 1) > 0;
        *decided = told || sqlite3_column_int64(stmt, 0) > 0;
        *result = told ? LINE_SAME : LINE_DOUBLE;
        sqlite3_reset(stmt);
    }
    return rc;
}

static enum line_result hears_uncollected(struct applying *applying, struct member *member,
                                          const struct answer_line *line, enum payment_state state)
{
    if (state == PAYMENT_INSTRUCTED) {
        return applying->closes ? member_move(applying, member, line, PAYMENT_UNCOLLECTED) : LINE_NOTHING;
    }
    return state == PAYMENT_UNCOLLECTED ? LINE_SAME : LINE_CONTRADICTS;
}

enum status member_hears(struct applying *applying, struct member *member, const struct answer_line *line,
                         enum line_result *result)
{
    enum payment_state state = PAYMENT_INSTRUCTED;
    bool older = false;
    bool decided = false;

    *result = LINE_NOTHING;
    if (line->says == SAYS_NOTHING) {
        return STATUS_OK;
    }
    enum status rc = state_behind(applying, member, &state);
    if (rc == STATUS_OK && (line->says == SAYS_ACCEPTED || line->says == SAYS_REJECTED) && member->cell.answer != 0 &&
        state != PAYMENT_BOOKED) {
        rc = answer_is_older(applying, &member->cell, &older);
    }
    if (rc == STATUS_OK && line->says == SAYS_RETURNED && (state == PAYMENT_BOOKED || state == PAYMENT_RETURNED)) {
        rc = given_back(applying, member, line, &decided, result);
    }
    if (rc != STATUS_OK || decided) {
        return rc;
    }
    switch ((enum answer_says)line->says) {
    case SAYS_ACCEPTED:
        *result = hears_accepted(applying, member, line, state, older);
        break;
    case SAYS_BOOKED:
        *result = hears_booked(applying, member, line, state);
        break;
    case SAYS_REJECTED:
        *result = hears_refused(applying, member, line, state, older);
        break;
    case SAYS_RETURNED:
        *result = hears_returned(applying, member, line, state);
        break;
    default:
        *result = hears_uncollected(applying, member, line, state);
        break;
    }
    return STATUS_OK;
}
