/*
 * answer_apply.c - what the lines of one answer make of one file and its payments.
 *
 * A file that was withdrawn or replaced, or that never left, has no right to pay: news that it did are a
 * double. A file that is refused whole keeps its payments instructed, for `regen`.
 */
#include "answer.h"
#include "ledger/file/file_row.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the end of a line ---- */

static enum status line_end(struct applying *applying, struct answer_line *line, const struct member *member,
                            enum line_result result, int64_t expected_dong)
{
    const struct answer_break found = { .kind = result, .line = line, .file = applying->file.file,
                                        .msg_id = applying->file.batch.msg_id, .ent = member == NULL ? 0 : member->ent,
                                        .expected_dong = expected_dong };

    line->result = (uint8_t)result;
    applying->applied->result[result]++;
    return line_is_break(result) ? break_add(applying->ledger, applying->answer, &found, applying->diag) : STATUS_OK;
}

/* ---- the file's right to pay ---- */

static bool is_positive(const struct answer_line *line)
{
    return line->says == SAYS_ACCEPTED || line->says == SAYS_BOOKED || line->says == SAYS_RETURNED;
}

/* What a line means for a file whose payments move no more by answers; *decided is false if they do. */
static enum status file_hears(const struct applying *applying, const struct answer_line *line, bool *decided,
                              enum line_result *result)
{
    bool older = false;
    enum status rc = STATUS_OK;

    *decided = true;
    switch (applying->applied->before) {
    case FILE_RELEASED:
    case FILE_HANDED_OVER:
    case FILE_UNKNOWN:
    case FILE_ACCEPTED:
    case FILE_PARTLY:
        *decided = false;
        break;
    case FILE_REJECTED:
        rc = answer_is_older(applying, &applying->members.rest, &older);
        *result = !is_positive(line) ? LINE_SAME
                  : line->says == SAYS_ACCEPTED && older ? LINE_OVERTAKEN : LINE_CONTRADICTS;
        break;
    case FILE_VOIDED:
    case FILE_SUPERSEDED:
        *result = is_positive(line) ? LINE_DOUBLE : LINE_SAME;
        break;
    default:
        *result = is_positive(line) ? LINE_DOUBLE : LINE_UNMATCHED;     /* it never left */
        break;
    }
    return rc;
}

/* ---- lines about one payment ---- */

static enum status line_apply(struct applying *applying, struct answer_line *line)
{
    struct member *member = members_find(&applying->members, line->payment_id);
    enum line_result result = LINE_UNMATCHED;
    bool decided = false;

    if (member == NULL) {
        /* A payment of a withdrawn file can lie elsewhere by now. */
        const struct ledger_place *gone = is_positive(line) ? gone_find(applying, line) : NULL;
        struct member elsewhere = { .ent = gone == NULL ? 0 : gone->ent };
        return gone == NULL ? line_end(applying, line, NULL, LINE_UNMATCHED, -1)
                            : line_end(applying, line, &elsewhere, LINE_DOUBLE, gone->amount_dong);
    }
    enum status rc = file_hears(applying, line, &decided, &result);
    if (rc == STATUS_OK && !decided && line->says != SAYS_NOTHING && line->amount_dong != -1 &&
        line->amount_dong != member->amount_dong) {
        result = LINE_AMOUNT;
    } else if (rc == STATUS_OK && !decided) {
        rc = member_hears(applying, member, line, &result);
    }
    return rc == STATUS_OK ? line_end(applying, line, member, result, member->amount_dong) : rc;
}

/* ---- lines about all payments ---- */

struct sum {
    int64_t count;
    int64_t amount_dong;
};

static bool is_alive(const struct member *member)
{
    return member->cell.state != PAYMENT_REJECTED && member->cell.state != PAYMENT_UNCOLLECTED;
}

/* Of those that were not refused one by one: a bank may book only them. */
static struct sum sum_alive(const struct members *members)
{
    struct sum sum = { 0, 0 };

    for (size_t i = 0; i < members->count; i++) {
        if (is_alive(&members->member[i])) {
            sum.count++;
            ASSERT(money_add(sum.amount_dong, members->member[i].amount_dong, &sum.amount_dong));
        }
    }
    return sum;
}

static struct sum sum_all(const struct applying *applying)
{
    return (struct sum){ (int64_t)applying->file.batch.payments, applying->file.batch.amount_dong };
}

static bool sum_fits(const struct answer_line *line, struct sum sum)
{
    return (line->count == -1 || line->count == sum.count) &&
           (line->amount_dong == -1 || line->amount_dong == sum.amount_dong);
}

/* An acceptance is for those that wait for one; everything else for all, or all that are alive. */
static enum status each_hears(struct applying *applying, struct answer_line *line, bool alive_only)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < applying->members.count && rc == STATUS_OK; i++) {
        struct member *member = &applying->members.member[i];
        enum line_result result = LINE_NOTHING;
        bool reached = line->says == SAYS_ACCEPTED ? member->cell.state == PAYMENT_INSTRUCTED
                                                   : !alive_only || is_alive(member);
        if (!reached) {
            continue;
        }
        rc = member_hears(applying, member, line, &result);
        if (rc == STATUS_OK && (result == LINE_CONTRADICTS || result == LINE_DOUBLE)) {
            struct answer_line one = *line;
            memcpy(one.payment_id, member->id, sizeof(one.payment_id));
            one.amount_dong = -1;
            rc = line_end(applying, &one, member, result, member->amount_dong);
        }
    }
    return rc;
}

static enum status whole_apply(struct applying *applying, struct answer_line *line)
{
    enum line_result result = LINE_NOTHING;
    struct sum alive = sum_alive(&applying->members);
    bool decided = false;
    bool older = false;

    enum status rc = file_hears(applying, line, &decided, &result);
    if (rc == STATUS_OK && !decided && line->says != SAYS_NOTHING) {
        bool status = line->says == SAYS_ACCEPTED || line->says == SAYS_REJECTED;
        if (status && applying->members.rest.answer != 0) {
            rc = answer_is_older(applying, &applying->members.rest, &older);
        }
        if (!sum_fits(line, sum_all(applying)) && !sum_fits(line, alive)) {
            result = LINE_AMOUNT;
        } else if (older) {
            result = line->says == SAYS_ACCEPTED ? LINE_OVERTAKEN : LINE_CONTRADICTS;
        } else if (rc == STATUS_OK) {
            uint64_t before = applying->members.changes;
            rc = each_hears(applying, line, sum_fits(line, alive));
            result = applying->members.changes == before ? LINE_SAME : LINE_MOVED;
        }
    }
    return rc == STATUS_OK ? line_end(applying, line, NULL, result, sum_all(applying).amount_dong) : rc;
}

/* ---- a file that is refused whole ---- */

static bool is_waiting(enum file_state state)
{
    return state == FILE_RELEASED || state == FILE_HANDED_OVER || state == FILE_UNKNOWN;
}

/* The line that refuses all of a file of which nothing was taken yet; NULL: there is none. */
static struct answer_line *refusal_of(const struct applying *applying, struct answer_line *line, size_t count)
{
    bool untouched = is_waiting(applying->applied->before);

    for (size_t i = 0; i < applying->members.count && untouched; i++) {
        untouched = applying->members.member[i].cell.state == PAYMENT_INSTRUCTED;
    }
    for (size_t i = 0; i < count && untouched; i++) {
        if (line[i].payment_id[0] == '\0' && line[i].says == SAYS_REJECTED && sum_fits(&line[i], sum_all(applying))) {
            return &line[i];
        }
    }
    return NULL;
}

/* Which payments a refusal names, and why, is kept as breaks: `regen` would send them again as they are. */
static enum status refused_line(struct applying *applying, const struct answer_line *refusal, struct answer_line *line)
{
    bool whole = line->payment_id[0] == '\0';
    const struct member *member = whole ? NULL : members_find(&applying->members, line->payment_id);
    enum line_result result = LINE_REFUSED;

    if (line == refusal) {
        result = applying->contradicted ? LINE_CONTRADICTS : LINE_MOVED;
    } else if (whole || line->says == SAYS_NOTHING) {
        result = LINE_NOTHING;
    } else if (member == NULL) {
        result = LINE_UNMATCHED;
    } else if (is_positive(line)) {
        result = LINE_CONTRADICTS;
    }
    return line_end(applying, line, member, result, member == NULL ? -1 : member->amount_dong);
}

static enum status refused_whole(struct applying *applying, struct answer_line *refusal, struct answer_line *line,
                                 size_t count)
{
    enum status rc = STATUS_OK;

    applying->refused = true;
    for (size_t i = 0; i < count; i++) {
        applying->contradicted = applying->contradicted || is_positive(&line[i]);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = refused_line(applying, refusal, &line[i]);
    }
    if (rc == STATUS_OK && !applying->contradicted) {
        /* When it was refused, why and by which answer: earlier news are not against it. */
        applying->members.rest.reason = refusal->reason;
        applying->members.rest.day = refusal->day;
        applying->members.rest.answer = applying->answer->answer;
        rc = members_rest_store(applying->ledger, &applying->members, applying->diag);
    }
    return rc;
}

/* ---- the file's own state ---- */

static enum file_state file_after(const struct applying *applying)
{
    size_t open = 0;
    size_t failed = 0;

    if (applying->refused) {
        return applying->contradicted ? FILE_UNKNOWN : FILE_REJECTED;
    }
    for (size_t i = 0; i < applying->members.count; i++) {
        enum payment_state state = applying->members.member[i].cell.state;
        open += state == PAYMENT_INSTRUCTED;
        failed += state == PAYMENT_REJECTED || state == PAYMENT_UNCOLLECTED;
    }
    /* A list for a payment point is answered by the result that closes it. */
    if (open == applying->members.count || (applying->file.batch.channel == CHANNEL_cash && !applying->closes)) {
        return FILE_HANDED_OVER;
    }
    return open == 0 && failed == 0 ? FILE_ACCEPTED : FILE_PARTLY;
}

static enum status file_move(struct applying *applying)
{
    enum file_state from = applying->applied->before;
    enum file_state to = is_waiting(from) ? file_after(applying) : from;
    enum status rc = STATUS_OK;

    /* An authentic answer that names a file shows that the bank has it. */
    if (from == FILE_RELEASED) {
        rc = file_become(applying->ledger, applying->file.file, from, FILE_HANDED_OVER, BY_RECEIVE, applying->diag);
        from = FILE_HANDED_OVER;
    }
    if (rc == STATUS_OK && from != to) {
        rc = file_become(applying->ledger, applying->file.file, from, to, BY_RECEIVE, applying->diag);
    }
    applying->applied->after = to;
    return rc;
}

/* What became of the file and its payments, for the chain of events. */
static enum status file_event(const struct applying *applying)
{
    const struct ledger_applied *applied = applying->applied;
    char why[200];
    struct ledger_event event = { .kind = "file.answered", .subject = applying->file.batch.msg_id,
                                  .unit = applying->file.unit_code, .who = applying->answer->who, .why = why,
                                  .at = applying->answer->at, .digest = applying->answer->sha256 };
    int size = snprintf(why, sizeof(why), "%s", file_state_name(applied->after));
    bool moved = applied->after != applied->before;

    for (int i = 0; i < PAYMENT_STATES; i++) {
        if (applied->moved[i] > 0) {
            moved = true;
            size += snprintf(why + size, sizeof(why) - (size_t)size, ", %llu %s", (unsigned long long)applied->moved[i],
                             payment_state_name((enum payment_state)i));
            ASSERT(size < (int)sizeof(why));    /* five words and five numbers at most */
        }
    }
    return moved ? ledger_event_add(applying->ledger, &event, applying->diag) : STATUS_OK;
}

/* ---- payments that finally failed ---- */

static enum status failure_add(struct applying *applying, const struct member *member)
{
    struct span id = { member->id, PAYMENT_ID_LENGTH };
    const struct cell *cell = &member->cell;

    return db_run(applying->ledger, applying->diag,
                  "INSERT INTO dead(end_to_end_id, ent, period, comp, payment, batch, version, state, reason, day, answer)"
                  " VALUES(?1, ?2, ?3, CASE WHEN ?5 = 0 THEN ?4 END, nullif(?5, 0), ?6, ?7, ?8, nullif(?9, 0),"
                  " nullif(?10, ?12), ?11)", "tiiiiiiiiiii", &id, member->ent, (int64_t)member->period,
                  (int64_t)member->component, member->payment, applying->members.batch, member->version,
                  (int64_t)cell->state, (int64_t)cell->reason, (int64_t)cell->day, cell->answer, (int64_t)DAY_NONE);
}

static enum status failures_add(struct applying *applying)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < applying->members.count && rc == STATUS_OK; i++) {
        if (applying->members.member[i].failed) {
            rc = failure_add(applying, &applying->members.member[i]);
        }
    }
    return rc;
}

/* ---- the answer ---- */

static bool names_all(struct members *members, const struct answer_line *line, size_t count)
{
    size_t named = 0;

    for (size_t i = 0; i < count; i++) {
        struct member *member = line[i].payment_id[0] == '\0' ? NULL : members_find(members, line[i].payment_id);
        if (member != NULL && !member->named) {
            member->named = true;
            named++;
        }
    }
    return named == members->count;
}

static enum status lines_apply(struct applying *applying, struct answer_line *line, size_t count)
{
    struct answer_line *refusal = refusal_of(applying, line, count);
    enum status rc = STATUS_OK;

    if (refusal != NULL) {
        return refused_whole(applying, refusal, line, count);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = line[i].payment_id[0] == '\0' ? whole_apply(applying, &line[i]) : line_apply(applying, &line[i]);
    }
    return rc;
}

enum status ledger_answer_apply(struct ledger *ledger, const struct ledger_answer *answer, const char *msg_id,
                                struct answer_line *line, size_t count, struct ledger_applied *applied,
                                struct diag *diag)
{
    struct applying applying = { .ledger = ledger, .answer = answer, .applied = applied, .diag = diag };
    struct arena arena = ARENA_INIT;

    *applied = (struct ledger_applied){ .payments = 0 };
    enum status rc = ledger_file_find(ledger, msg_id, &arena, &applying.file, diag);
    if (rc == STATUS_OK) {
        applied->before = applying.file.state;
        applied->payments = applying.file.batch.payments;
        rc = members_load(ledger, applying.file.file, &applying.members, diag);
    }
    if (rc == STATUS_OK) {
        if (applied->before == FILE_VOIDED || applied->before == FILE_SUPERSEDED) {
            rc = gone_load(&applying, line, count);
        }
    }
    if (rc == STATUS_OK) {
        applying.closes = applying.file.batch.channel == CHANNEL_cash && names_all(&applying.members, line, count);
        rc = lines_apply(&applying, line, count);
    }
    if (rc == STATUS_OK) {
        rc = members_store(ledger, &applying.members, diag);
    }
    if (rc == STATUS_OK) {
        rc = failures_add(&applying);
    }
    if (rc == STATUS_OK) {
        rc = file_move(&applying);
    }
    if (rc == STATUS_OK) {
        rc = file_event(&applying);
    }
    members_release(&applying.members);
    free(applying.gone);
    arena_release(&arena);
    return rc;
}
