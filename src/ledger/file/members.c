/* members.c - reading the payments of one file, finding them by their ids, and writing back what became of them. */
#include "members.h"

#include "ledger/register/entry.h"

#include <stdlib.h>

enum { STORE_ROWS = 4096 };     /* written in one statement: some 256 KiB */

#define CELL_SELECT(table) \
    table ".state, " table ".reason, " table ".day, " table ".answer, " table ".debit_on, " table ".debit"

/* Usual payments of a month and one-offs, as instructions.c finds them; then those with a row of their own. */
static const char usual_sql[] =
    "SELECT o.period, o.ent, o.comp, o.seq, o.amount, o.version, e.id, " CELL_SELECT("x")
    " FROM obligation o JOIN entitlement e ON e.ent = o.ent LEFT JOIN outcome x"
    " ON x.period = o.period AND x.ent = o.ent AND x.comp = o.comp"
    " WHERE o.period = ?1 AND o.ent BETWEEN ?2 AND ?3 AND o.batch = ?4 AND o.payment IS NULL"
    " ORDER BY o.ent, o.comp, o.seq";
static const char own_row_sql[] =
    "SELECT p.period, coalesce(p.ent, 0), p.purpose, p.payment, p.amount, p.version, p.end_to_end_id, " CELL_SELECT("p")
    " FROM payment p WHERE p.batch = ? ORDER BY p.payment";

/* The six columns from `first` on; a cell that is not there has the file's rest. */
static void cell_read(sqlite3_stmt *stmt, int first, struct cell *cell)
{
    cell->state = (enum payment_state)sqlite3_column_int(stmt, first);
    cell->reason = sqlite3_column_int(stmt, first + 1);
    cell->day = sqlite3_column_type(stmt, first + 2) == SQLITE_NULL ? DAY_NONE : sqlite3_column_int(stmt, first + 2);
    cell->answer = sqlite3_column_int64(stmt, first + 3);
    cell->debit_on = sqlite3_column_type(stmt, first + 4) == SQLITE_NULL ? DAY_NONE : sqlite3_column_int(stmt, first + 4);
    cell->debit = sqlite3_column_int64(stmt, first + 5);
    ASSERT(cell->state < PAYMENT_STATES);
}

static struct member *member_add(struct members *members)
{
    if (members->count == members->room) {
        members->room = members->room + members->room / 2 + 1024;
        members->member = mem_resize(members->member, members->room, sizeof(*members->member));
    }
    ASSERT(members->count < UINT32_MAX);
    return &members->member[members->count++];
}

/* Column 3 is an obligation's seq, or a payment's row. */
static void member_read(sqlite3_stmt *stmt, bool usual, struct members *members)
{
    struct member *member = member_add(members);
    char id[PAYMENT_ID_BYTES];

    *member = (struct member){ .period = sqlite3_column_int(stmt, 0), .ent = sqlite3_column_int64(stmt, 1),
                               .component = (uint8_t)sqlite3_column_int(stmt, 2),
                               .payment = usual ? 0 : sqlite3_column_int64(stmt, 3),
                               .amount_dong = sqlite3_column_int64(stmt, 4), .version = sqlite3_column_int64(stmt, 5),
                               .own = sqlite3_column_type(stmt, 7) != SQLITE_NULL, .cell = members->rest };
    if (usual) {
        struct obligation_key key = { member->period, member->ent, (enum component)member->component,
                                      sqlite3_column_int(stmt, 3) };
        payment_id_of(db_text(stmt, 6), &key, 1, 0, id);
    } else {
        db_copy(stmt, 6, id, sizeof(id));
    }
    memcpy(member->id, id, sizeof(member->id));
    if (member->own) {
        cell_read(stmt, 7, &member->cell);
    }
}

static enum status members_read(struct ledger *ledger, sqlite3_stmt *stmt, bool usual, struct members *members,
                                struct diag *diag)
{
    bool more = false;
    enum status rc = db_next(ledger, stmt, &more, diag);

    while (rc == STATUS_OK && more) {
        member_read(stmt, usual, members);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

struct place {                  /* where the usual payments of a batch stand in the ledger's key */
    month_t period;
    int unit;
    int64_t once_from;
};

static enum status file_look(struct ledger *ledger, int64_t file, struct members *members, struct place *place,
                             struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT f.batch, r.period, b.unit, u.once_from, f.rest, f.rest_reason, f.rest_day, f.rest_answer,"
                              " f.rest_debit_on, f.rest_debit FROM file f JOIN batch b ON b.batch = f.batch JOIN run r"
                              " ON r.run = b.run JOIN run_unit u ON u.run = b.run AND u.unit = b.unit WHERE f.file = ?",
                              "i", file);
    if (rc == STATUS_OK && stmt == NULL) {
        rc = diag_fail(diag, STATUS_LEDGER, "a file of a unit that is not planned");
    }
    if (rc == STATUS_OK) {
        members->file = file;
        members->batch = sqlite3_column_int64(stmt, 0);
        *place = (struct place){ sqlite3_column_int(stmt, 1), sqlite3_column_int(stmt, 2), sqlite3_column_int64(stmt, 3) };
        cell_read(stmt, 4, &members->rest);
        sqlite3_reset(stmt);
    }
    return rc;
}

/* ---- finding ---- */

/* An id is a digest in base 32: any eight of its characters are as good as a hash. */
static size_t id_hash(const char *id)
{
    uint64_t bits;

    memcpy(&bits, id + PAYMENT_ID_LENGTH - sizeof(bits) - 1, sizeof(bits));
    return (size_t)((bits * UINT64_C(0x9e3779b97f4a7c15)) >> 20);
}

static void members_index(struct members *members)
{
    for (members->slots = 64; members->slots < members->count * 2;) {
        members->slots *= 2;
    }
    members->slot = mem_alloc(members->slots, sizeof(*members->slot));
    for (size_t i = 0; i < members->count; i++) {
        size_t at = id_hash(members->member[i].id) & (members->slots - 1);
        while (members->slot[at] != 0) {
            at = (at + 1) & (members->slots - 1);
        }
        members->slot[at] = (uint32_t)i + 1;
    }
}

struct member *members_find(const struct members *members, const char id[PAYMENT_ID_LENGTH])
{
    size_t at = id_hash(id) & (members->slots - 1);

    while (members->slot[at] != 0) {
        struct member *member = &members->member[members->slot[at] - 1];
        if (memcmp(member->id, id, PAYMENT_ID_LENGTH) == 0) {
            return member;
        }
        at = (at + 1) & (members->slots - 1);
    }
    return NULL;
}

enum status members_load(struct ledger *ledger, int64_t file, struct members *members, struct diag *diag)
{
    sqlite3_stmt *stmt;
    struct place place = { 0 };

    *members = (struct members){ .member = NULL };
    enum status rc = file_look(ledger, file, members, &place, diag);
    if (rc == STATUS_OK) {
        rc = db_query(ledger, diag, &stmt, usual_sql, "iiii", (int64_t)place.period, ent_monthly(place.unit, 0),
                      ent_monthly(place.unit + 1, 0) - 1, members->batch);
    }
    if (rc == STATUS_OK) {
        rc = members_read(ledger, stmt, true, members, diag);
    }
    if (rc == STATUS_OK) {
        rc = db_query(ledger, diag, &stmt, usual_sql, "iiii", (int64_t)MONTH_ONCE, place.once_from,
                      ent_once(place.unit + 1, 0) - 1, members->batch);
    }
    if (rc == STATUS_OK) {
        rc = members_read(ledger, stmt, true, members, diag);
    }
    if (rc == STATUS_OK) {
        rc = db_query(ledger, diag, &stmt, own_row_sql, "i", members->batch);
    }
    if (rc == STATUS_OK) {
        rc = members_read(ledger, stmt, false, members, diag);
    }
    if (rc == STATUS_OK) {
        members_index(members);
    }
    return rc;
}

void members_release(struct members *members)
{
    free(members->member);
    free(members->slot);
    *members = (struct members){ .member = NULL };
}

/* ---- writing back ---- */

static bool cell_equal(const struct cell *a, const struct cell *b)
{
    return a->state == b->state && a->reason == b->reason && a->day == b->day && a->debit_on == b->debit_on &&
           a->debit == b->debit && a->answer == b->answer;
}

/* The cell that more than half of those without one have now, if there is such a cell (Boyer and Moore). */
static bool rest_find(const struct members *members, struct cell *rest)
{
    size_t votes = 0;
    size_t without = 0;
    size_t alike = 0;

    for (size_t i = 0; i < members->count; i++) {
        const struct member *member = &members->member[i];
        if (member->own) {
            continue;
        }
        without++;
        if (votes == 0) {
            *rest = member->cell;
        }
        votes = votes == 0 || cell_equal(rest, &member->cell) ? votes + 1 : votes - 1;
    }
    for (size_t i = 0; i < members->count; i++) {
        alike += !members->member[i].own && cell_equal(rest, &members->member[i].cell);
    }
    return alike * 2 > without;
}

static int64_t day_or_null(day_t day)
{
    return day == DAY_NONE ? BULK_NULL : day;
}

static struct bulk_row cell_row(const struct member *member)
{
    const struct cell *cell = &member->cell;
    int64_t reason = cell->reason == 0 ? BULK_NULL : cell->reason;
    int64_t debit = cell->debit == 0 ? BULK_NULL : cell->debit;

    if (member->payment != 0) {
        return (struct bulk_row){ { member->payment, 0, 0, cell->state, reason, day_or_null(cell->day),
                                    day_or_null(cell->debit_on), debit } };
    }
    return (struct bulk_row){ { member->period, member->ent, member->component, cell->state, reason,
                                day_or_null(cell->day), day_or_null(cell->debit_on), debit } };
}

static enum status rows_store(struct ledger *ledger, const struct bulk_row *row, size_t count, bool usual, int64_t answer,
                              struct diag *diag)
{
    enum status rc = STATUS_OK;

    ledger->bulk = (struct bulk){ row, count };
    if (count > 0 && usual) {
        rc = db_run(ledger, diag,
                    "INSERT INTO outcome(period, ent, comp, state, reason, day, answer, debit_on, debit)"
                    " SELECT c0, c1, c2, c3, c4, c5, nullif(?1, 0), c6, c7 FROM bulk WHERE true ON CONFLICT DO UPDATE"
                    " SET state = excluded.state, reason = excluded.reason, day = excluded.day, answer = excluded.answer,"
                    " debit_on = excluded.debit_on, debit = excluded.debit", "i", answer);
    } else if (count > 0) {
        rc = db_run(ledger, diag,
                    "UPDATE payment SET state = c3, reason = c4, day = c5, answer = nullif(?1, 0), debit_on = c6, debit = c7"
                    " FROM bulk WHERE payment = c0", "i", answer);
    }
    ledger->bulk = (struct bulk){ NULL, 0 };
    return rc;
}

/* Writes the cells of one kind that one answer made, and that the new rest does not say. */
static enum status cells_store(struct ledger *ledger, const struct members *members, bool usual, int64_t answer,
                               struct diag *diag)
{
    struct bulk_row *row = mem_alloc(STORE_ROWS, sizeof(*row));
    enum status rc = STATUS_OK;
    size_t count = 0;

    for (size_t i = 0; i < members->count && rc == STATUS_OK; i++) {
        const struct member *member = &members->member[i];
        bool differs = member->own ? member->changed : !cell_equal(&member->cell, &members->rest);
        if (!differs || (member->payment == 0) != usual || member->cell.answer != answer) {
            continue;
        }
        row[count++] = cell_row(member);
        if (count == STORE_ROWS) {
            rc = rows_store(ledger, row, count, usual, answer, diag);
            count = 0;
        }
    }
    if (rc == STATUS_OK) {
        rc = rows_store(ledger, row, count, usual, answer, diag);
    }
    free(row);
    return rc;
}

enum status members_rest_store(struct ledger *ledger, const struct members *members, struct diag *diag)
{
    const struct cell *rest = &members->rest;

    return db_run(ledger, diag,
                  "UPDATE file SET rest = ?2, rest_reason = nullif(?3, 0), rest_day = nullif(?4, ?8), rest_answer = nullif(?5, 0),"
                  " rest_debit_on = nullif(?6, ?8), rest_debit = nullif(?7, 0) WHERE file = ?1", "iiiiiiii", members->file,
                  (int64_t)rest->state, (int64_t)rest->reason, (int64_t)rest->day, rest->answer, (int64_t)rest->debit_on,
                  rest->debit, (int64_t)DAY_NONE);
}

/* Cells that this answer changed carry its number; those that lose the rest that they had carry the number of
 * the answer that had made it. */
enum status members_store(struct ledger *ledger, struct members *members, struct diag *diag)
{
    const struct cell old = members->rest;
    struct cell rest = old;
    int64_t answer = 0;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < members->count; i++) {
        answer = members->member[i].changed ? members->member[i].cell.answer : answer;
    }
    if (answer == 0) {
        return STATUS_OK;
    }
    if (rest_find(members, &rest) && !cell_equal(&rest, &old)) {
        members->rest = rest;
        rc = members_rest_store(ledger, members, diag);
    }
    for (int usual = 0; usual < 2 && rc == STATUS_OK; usual++) {
        rc = cells_store(ledger, members, usual == 1, answer, diag);
        if (rc == STATUS_OK && old.answer != answer) {
            rc = cells_store(ledger, members, usual == 1, old.answer, diag);
        }
    }
    return rc;
}
