/*
 * answer_find.c - in which file a payment was sent, when an answer names the payment alone.
 *
 * A payment with a row of its own stands in an index. A usual payment's id is computed: the files of the bank
 * are gone through, the latest first, until every line has found its file.
 */
#include "ledger/file/file_row.h"
#include "ledger/file/members.h"

#include <stdlib.h>

struct finding {
    struct ledger *ledger;
    const char *bank;
    const char *account;        /* empty: every account at the bank */
    struct answer_line *line;
    size_t count;
    size_t open;                /* lines that have found nothing yet */
    ledger_line_found *found;
    void *context;
    struct diag *diag;
};

static bool is_open(const struct answer_line *line)
{
    return line->file == -1 && line->payment_id[0] != '\0';
}

static enum status by_row(struct finding *finding, struct answer_line *line)
{
    sqlite3_stmt *stmt;
    char msg_id[MSG_ID_BYTES];
    struct span id = { line->payment_id, PAYMENT_ID_LENGTH };

    enum status rc = db_first(finding->ledger, finding->diag, &stmt,
                              "SELECT f.msg_id FROM payment p JOIN batch b ON b.batch = p.batch JOIN file f ON f.batch = b.batch"
                              " WHERE p.end_to_end_id = ?1 AND b.bank = ?2 AND ?3 IN ('', b.account)"
                              " ORDER BY f.generation DESC LIMIT 1", "tzz", &id, finding->bank, finding->account);
    if (rc == STATUS_OK && stmt != NULL) {
        db_copy(stmt, 0, msg_id, sizeof(msg_id));
        sqlite3_reset(stmt);
        finding->found(finding->context, line, msg_id);
        finding->open--;
    }
    return rc;
}

static enum status in_file(struct finding *finding, int64_t file, const char *msg_id)
{
    struct members members;

    enum status rc = members_load(finding->ledger, file, &members, finding->diag);
    for (size_t i = 0; i < finding->count && rc == STATUS_OK && finding->open > 0; i++) {
        if (is_open(&finding->line[i]) && members_find(&members, finding->line[i].payment_id) != NULL) {
            finding->found(finding->context, &finding->line[i], msg_id);
            finding->open--;
        }
    }
    members_release(&members);
    return rc;
}

struct candidate {
    int64_t file;
    char msg_id[MSG_ID_BYTES];
};

/* The last generations of the bank's files that left, the latest first. */
static enum status candidates(struct finding *finding, struct candidate **candidate, size_t *count)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *candidate = NULL;
    *count = 0;
    enum status rc = db_query(finding->ledger, finding->diag, &stmt,
                              "SELECT f.file, f.msg_id FROM batch b JOIN file f ON f.batch = b.batch"
                              " WHERE b.bank = ?1 AND b.channel <> 1 AND ?2 IN ('', b.account) AND f.release IS NOT NULL"
                              " AND f.generation = (SELECT max(g.generation) FROM file g WHERE g.batch = b.batch)"
                              " ORDER BY f.file DESC", "zz", finding->bank, finding->account);
    if (rc == STATUS_OK) {
        rc = db_next(finding->ledger, stmt, &more, finding->diag);
    }
    while (rc == STATUS_OK && more) {
        *candidate = mem_resize(*candidate, *count + 1, sizeof(**candidate));
        (*candidate)[*count].file = sqlite3_column_int64(stmt, 0);
        db_copy(stmt, 1, (*candidate)[*count].msg_id, MSG_ID_BYTES);
        *count += 1;
        rc = db_next(finding->ledger, stmt, &more, finding->diag);
    }
    return rc;
}

enum status ledger_lines_find(struct ledger *ledger, const char *bank, const char *account, struct answer_line *line,
                              size_t count, ledger_line_found *found, void *context, struct diag *diag)
{
    struct finding finding = { ledger, bank, account, line, count, 0, found, context, diag };
    struct candidate *candidate = NULL;
    size_t candidate_count = 0;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (is_open(&line[i])) {
            finding.open++;
            rc = by_row(&finding, &line[i]);
        }
    }
    if (rc == STATUS_OK && finding.open > 0) {
        rc = candidates(&finding, &candidate, &candidate_count);
    }
    for (size_t i = 0; i < candidate_count && rc == STATUS_OK && finding.open > 0; i++) {
        rc = in_file(&finding, candidate[i].file, candidate[i].msg_id);
    }
    free(candidate);
    return rc;
}

enum status ledger_files_unanswered(struct ledger *ledger, day_t before, struct arena *arena, struct ledger_file **file,
                                    size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    char day[11];

    *file = NULL;
    *count = 0;
    day_write(before, day);
    enum status rc = db_query(ledger, diag, &stmt,
                              FILE_SELECT " JOIN release l ON l.release = f.release WHERE f.state IN (?1, ?2)"
                              " AND b.channel <> ?3 AND f.pay_date < ?4 AND substr(l.at, 1, 10) < ?5 ORDER BY f.file", "iiiiz",
                              (int64_t)FILE_RELEASED, (int64_t)FILE_HANDED_OVER, (int64_t)CHANNEL_cash, (int64_t)before, day);
    return rc == STATUS_OK ? file_rows(ledger, stmt, arena, file, count, diag) : rc;
}
