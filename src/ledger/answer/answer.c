/* answer.c - answers by their digest, the words that they use, and what of them is nobody's. */
#include "answer.h"
#include "ledger/register/entry.h"

#include <stdio.h>

const char *answer_says_name(enum answer_says says)
{
    static const char *const word[ANSWER_SAYS] = {
#define X(number, name, word) [number] = word,
        ANSWER_SAYS_LIST(X)
#undef X
    };
    ASSERT(says < ANSWER_SAYS);
    return word[says];
}

const char *line_result_name(enum line_result result)
{
    static const char *const word[LINE_RESULTS] = {
#define X(number, name, word) [number] = word,
        LINE_RESULT_LIST(X)
#undef X
    };
    ASSERT(result < LINE_RESULTS);
    return word[result];
}

bool line_is_break(enum line_result result)
{
    return result == LINE_UNMATCHED || result == LINE_AMOUNT || result == LINE_CONTRADICTS || result == LINE_DOUBLE ||
           result == LINE_REFUSED;
}

enum status ledger_answer_find(struct ledger *ledger, const struct digest *sha256, struct ledger_answer *answer,
                               struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT answer, signature, name, message, sender, said_at, at, verdict, lines FROM answer"
                              " WHERE sha256 = ?", "d", sha256);

    *answer = (struct ledger_answer){ .sha256 = *sha256 };
    if (rc == STATUS_OK && stmt != NULL) {
        answer->answer = sqlite3_column_int64(stmt, 0);
        db_digest(stmt, 1, &answer->signature);
        db_copy(stmt, 2, answer->name, sizeof(answer->name));
        db_copy(stmt, 3, answer->message, sizeof(answer->message));
        db_copy(stmt, 4, answer->sender, sizeof(answer->sender));
        answer->said_at = sqlite3_column_int64(stmt, 5);
        db_copy(stmt, 6, answer->at, sizeof(answer->at));
        answer->verdict = (enum answer_verdict)sqlite3_column_int(stmt, 7);
        answer->lines = (uint64_t)sqlite3_column_int64(stmt, 8);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_answer_add(struct ledger *ledger, struct ledger_answer *answer, struct diag *diag)
{
    static const struct digest none;
    bool foreign = answer->verdict == ANSWER_FOREIGN;
    struct ledger_event event = { .kind = foreign ? "answer.foreign" : "answer.taken", .subject = answer->name, .unit = "",
                                  .who = answer->who, .why = answer->message, .at = answer->at,
                                  .digest = answer->sha256 };

    enum status rc = db_run(ledger, diag,
                            "INSERT INTO answer(sha256, signature, name, message, sender, said_at, at, verdict, lines)"
                            " VALUES(?, nullif(?, zeroblob(32)), ?, ?, ?, ?, ?, ?, ?)", "ddzzzizii", &answer->sha256,
                            digest_equal(&answer->signature, &none) ? &none : &answer->signature, answer->name,
                            answer->message, answer->sender, answer->said_at, answer->at, (int64_t)answer->verdict,
                            (int64_t)answer->lines);
    answer->answer = sqlite3_last_insert_rowid(ledger->db);
    return rc == STATUS_OK ? ledger_event_add(ledger, &event, diag) : rc;
}

enum status ledger_word(struct ledger *ledger, struct span text, int32_t *word, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT word FROM word WHERE text = ?", "t", &text);

    *word = 0;
    if (rc == STATUS_OK && stmt != NULL) {
        *word = sqlite3_column_int(stmt, 0);
        sqlite3_reset(stmt);
    } else if (rc == STATUS_OK) {
        rc = db_run(ledger, diag, "INSERT INTO word(text) VALUES(?)", "t", &text);
        *word = (int32_t)sqlite3_last_insert_rowid(ledger->db);
    }
    return rc;
}

/* ---- breaks ---- */

/* Only what says that money may have moved twice, or that nobody knows whether it moved, gets an event of its
 * own; the answer's event covers the rest. */
static enum status break_event(struct ledger *ledger, const struct ledger_answer *answer, const struct answer_break *found,
                               struct diag *diag)
{
    char subject[PAYMENT_ID_BYTES + 1];
    struct ledger_event event = { .kind = line_result_name(found->kind), .unit = "", .who = answer->who,
                                  .why = answer_says_name((enum answer_says)found->line->says), .at = answer->at,
                                  .digest = answer->sha256 };

    if (found->kind != LINE_DOUBLE && found->kind != LINE_CONTRADICTS) {
        return STATUS_OK;
    }
    snprintf(subject, sizeof(subject), "%.*s", PAYMENT_ID_LENGTH, found->line->payment_id);
    event.subject = subject[0] != '\0' ? subject : found->msg_id;
    return ledger_event_add(ledger, &event, diag);
}

/* Every entitlement of the person waits until somebody has found out. */
static enum status paid_twice_flag(void *context, int64_t ent, struct diag *diag)
{
    return entry_flag(context, ent, ENTITLEMENT_PAID_TWICE, diag);
}

static enum status person_flag(struct ledger *ledger, int64_t ent, struct diag *diag)
{
    sqlite3_stmt *stmt;
    uint64_t person = 0;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT person FROM entitlement WHERE ent = ?", "i", ent);

    if (rc == STATUS_OK && stmt != NULL) {
        person = (uint64_t)sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
        rc = person_entitlements(ledger, person, paid_twice_flag, ledger, diag);
    }
    return rc;
}

enum status break_add(struct ledger *ledger, const struct ledger_answer *answer, const struct answer_break *found,
                      struct diag *diag)
{
    const struct answer_line *line = found->line;
    struct span id = { line->payment_id, strnlen(line->payment_id, PAYMENT_ID_LENGTH) };

    enum status rc = db_run(ledger, diag,
                            "INSERT INTO break(answer, kind, file, end_to_end_id, ent, says, reason, day, amount, expected, at)"
                            " VALUES(?, ?, nullif(?, 0), ?, nullif(?, 0), ?, nullif(?, 0), nullif(?, -2147483648),"
                            " nullif(?, -1), nullif(?, -1), ?)", "iiisiiiiiiz", answer->answer, (int64_t)found->kind,
                            found->file, &id, found->ent, (int64_t)line->says, (int64_t)line->reason, (int64_t)line->day,
                            line->amount_dong, found->expected_dong, answer->at);
    if (rc == STATUS_OK && found->kind == LINE_DOUBLE && found->ent != 0) {
        rc = person_flag(ledger, found->ent, diag);
    }
    return rc == STATUS_OK ? break_event(ledger, answer, found, diag) : rc;
}

enum status ledger_break_add(struct ledger *ledger, const struct ledger_answer *answer, const struct answer_line *line,
                             int64_t ent, struct diag *diag)
{
    const struct answer_break found = { .kind = (enum line_result)line->result, .line = line, .msg_id = "", .ent = ent,
                                        .expected_dong = -1 };

    return break_add(ledger, answer, &found, diag);
}

static enum status one_number(struct ledger *ledger, const char *sql, int64_t parameter, int64_t *number, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, sql, "i", parameter);

    *number = 0;
    if (rc == STATUS_OK && stmt != NULL) {
        *number = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_break_last(struct ledger *ledger, int64_t *number, struct diag *diag)
{
    return one_number(ledger, "SELECT coalesce(max(break), ?) FROM break", 0, number, diag);
}

enum status ledger_breaks_open(struct ledger *ledger, enum line_result kind, uint64_t *count, struct diag *diag)
{
    int64_t number;
    enum status rc = one_number(ledger, "SELECT count(*) FROM break WHERE kind = ? AND closed_at IS NULL", (int64_t)kind,
                                &number, diag);

    *count = (uint64_t)number;
    return rc;
}

enum status ledger_breaks_of_file(struct ledger *ledger, int64_t file, uint64_t *count, struct diag *diag)
{
    int64_t number;
    enum status rc = one_number(ledger,
                                "SELECT count(*) FROM break WHERE kind IN (6, 7) AND closed_at IS NULL AND file = ?", file,
                                &number, diag);

    *count = (uint64_t)number;
    return rc;
}

/* ---- closing ---- */

/* The persons of these breaks, of whom no other double is open, are paid again. */
static enum status persons_unflag(struct ledger *ledger, struct diag *diag)
{
    return db_run(ledger, diag,
                  "UPDATE entitlement SET flags = flags & ~?1 WHERE flags & ?1 AND person NOT IN (SELECT e.person FROM break k"
                  " JOIN entitlement e ON e.ent = k.ent WHERE k.kind = ?2 AND k.closed_at IS NULL)", "ii",
                  (int64_t)ENTITLEMENT_PAID_TWICE, (int64_t)LINE_DOUBLE);
}

/* Those under an id, ?1: of a payment, or of a file and all its payments. */
#define BREAKS_OF " kind IN (6, 7) AND (end_to_end_id = ?1 OR file = (SELECT file FROM file WHERE msg_id = ?1))"

enum status ledger_breaks_close(struct ledger *ledger, const char *id, const struct ledger_event *event, uint64_t *count,
                                struct diag *diag)
{
    enum status rc = db_run(ledger, diag,
                            "UPDATE break SET closed_at = ?2, closed_by = ?3, closed_why = ?4 WHERE closed_at IS NULL AND"
                            BREAKS_OF, "zzzz", id, event->at, event->who, event->why);

    *count = rc == STATUS_OK ? (uint64_t)sqlite3_changes(ledger->db) : 0;
    return rc == STATUS_OK && *count > 0 ? persons_unflag(ledger, diag) : rc;
}

enum status ledger_breaks_closed(struct ledger *ledger, const char *id, const struct ledger_event *word, bool *closed,
                                 struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT 1 FROM break WHERE closed_by = ?2 AND closed_why = ?3 AND" BREAKS_OF, "zzz", id,
                              word->who, word->why);

    *closed = rc == STATUS_OK && stmt != NULL;
    if (*closed) {
        sqlite3_reset(stmt);
    }
    return rc;
}
