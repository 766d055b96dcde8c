/*
 * instructions.c - what a unit's run instructs, in the order in which its files are written: usual
 * payments of standing benefits, usual one-offs, then payments with a row of their own, funding last.
 */
#include "kept.h"
#include "ledger/db.h"
#include "ledger/register/entry.h"

#include <stdlib.h>

#define PAYEE_SELECT                                                                                       \
    " e.version, e.id, e.benefit, e.name, e.bank, e.account, e.payee_name, e.channel, e.facts,"            \
    " CASE e.channel WHEN 1 THEN (SELECT citizen FROM person p WHERE p.person = e.person) END"
/* A usual payment is its obligation: the key's order is the entitlements' order, so the join only steps. */
#define USUAL_SELECT                                                                                       \
    "SELECT o.batch, o.amount, o.period, o.comp, o.ent, o.version, NULL," PAYEE_SELECT ", o.seq"           \
    " FROM obligation o JOIN entitlement e ON e.ent = o.ent"                                               \
    " WHERE o.period = ?1 AND o.ent BETWEEN ?2 AND ?3 AND o.batch BETWEEN ?4 AND ?5 AND o.payment IS NULL" \
    " ORDER BY o.ent, o.comp, o.seq"

static const char *const part_sql[] = {
    USUAL_SELECT,
    USUAL_SELECT " ",   /* one-offs: another statement, since a statement is known by its text's address */
    /* What an order deducts goes to its creditor, who has no versions. */
    "SELECT p.batch, p.amount, p.period, p.purpose, p.ent, iif(p.orders IS NULL, p.version, e.version), p.end_to_end_id,"
    " e.version, e.id, e.benefit, coalesce(w.creditor_name, e.name), coalesce(w.creditor_bank, e.bank),"
    " coalesce(w.creditor_account, e.account), iif(p.orders IS NULL, e.payee_name, NULL),"
    " iif(p.orders IS NULL, e.channel, 0), e.facts,"
    " CASE e.channel WHEN 1 THEN (SELECT citizen FROM person c WHERE c.person = e.person) END, 0, w.reference"
    " FROM payment p LEFT JOIN entitlement e ON e.ent = p.ent LEFT JOIN orders w ON w.orders = p.orders"
    " WHERE p.batch BETWEEN ?4 AND ?5 ORDER BY p.ent IS NULL, p.ent, p.payment",
};
enum { PARTS = sizeof(part_sql) / sizeof(part_sql[0]), OWN_ROWS = PARTS - 1 };

struct ledger_instructions {
    struct ledger *ledger;
    month_t period;
    int unit;
    int64_t batch_first, batch_last, once_from;
    const struct ledger_kept *kept;     /* NULL: the ledger is read */
    size_t kept_next;
    size_t part;
    sqlite3_stmt *stmt;         /* NULL: the part is not started */
    struct arena arena;         /* of a past payee version */
};

enum status ledger_instructions_new(struct ledger *ledger, int64_t run, int unit, const struct ledger_kept *kept,
                                    struct ledger_instructions **it, struct diag *diag)
{
    sqlite3_stmt *stmt;

    *it = NULL;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT r.period, u.batch_first, u.batch_last, u.once_from FROM run_unit u JOIN run r"
                              " USING(run) WHERE u.run = ? AND u.unit = ?", "ii", run, (int64_t)unit);
    if (rc == STATUS_OK && stmt == NULL) {
        rc = diag_fail(diag, STATUS_LEDGER, "the unit is not planned");
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    *it = mem_alloc(1, sizeof(**it));
    (*it)->ledger = ledger;
    (*it)->unit = unit;
    (*it)->kept = kept;
    (*it)->part = kept == NULL ? 0 : OWN_ROWS;
    (*it)->period = sqlite3_column_int(stmt, 0);
    (*it)->batch_first = sqlite3_column_int64(stmt, 1);
    (*it)->batch_last = sqlite3_column_int64(stmt, 2);
    (*it)->once_from = sqlite3_column_int64(stmt, 3);
    sqlite3_reset(stmt);
    return STATUS_OK;
}

static enum status part_start(struct ledger_instructions *it, struct diag *diag)
{
    enum status rc = db_prepare(it->ledger, part_sql[it->part], &it->stmt, diag);

    if (rc == STATUS_OK) {
        bool once = it->part == 1;
        sqlite3_bind_int64(it->stmt, 1, once ? MONTH_ONCE : it->period);
        sqlite3_bind_int64(it->stmt, 2, once ? it->once_from : ent_monthly(it->unit, 0));
        sqlite3_bind_int64(it->stmt, 3, once ? ent_once(it->unit + 1, 0) - 1 : ent_monthly(it->unit + 1, 0) - 1);
        sqlite3_bind_int64(it->stmt, 4, it->batch_first);
        sqlite3_bind_int64(it->stmt, 5, it->batch_last);
    }
    return rc;
}

/* A cash list names the payee's citizen number too. */
static enum status citizen_of(struct ledger *ledger, int64_t ent, uint64_t *citizen, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT p.citizen FROM entitlement e JOIN person p USING(person) WHERE e.ent = ?", "i",
                              ent);
    *citizen = 0;
    if (rc == STATUS_OK && stmt != NULL) {
        *citizen = (uint64_t)sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

/* The payee as it was when the payment was planned, if it changed since. */
static enum status payee_then(struct ledger_instructions *it, int64_t ent, int64_t version,
                              struct ledger_instruction *instruction, struct diag *diag)
{
    struct ledger_entitlement then;

    arena_clear(&it->arena);
    enum status rc = ledger_entitlement_get(it->ledger, ent, version, &it->arena, &then, diag);
    if (rc == STATUS_OK) {
        instruction->name = then.name;
        instruction->bank = then.bank;
        instruction->account = then.account;
        instruction->payee_name = then.payee_name;
        instruction->channel = then.channel;
        instruction->facts = then.channel == CHANNEL_cash ? then.facts : SPAN_EMPTY;
        instruction->citizen = 0;
    }
    return rc == STATUS_OK && then.channel == CHANNEL_cash ? citizen_of(it->ledger, ent, &instruction->citizen, diag)
                                                           : rc;
}

static enum status instruction_read(struct ledger_instructions *it, struct ledger_instruction *instruction,
                                    struct diag *diag)
{
    sqlite3_stmt *stmt = it->stmt;
    int64_t ent = sqlite3_column_int64(stmt, 4);
    int64_t version = sqlite3_column_int64(stmt, 5);

    instruction->batch = sqlite3_column_int64(stmt, 0);
    instruction->amount_dong = sqlite3_column_int64(stmt, 1);
    instruction->period = sqlite3_column_int(stmt, 2);
    instruction->purpose = (enum component)sqlite3_column_int(stmt, 3);
    instruction->id = db_text(stmt, 8);
    instruction->benefit = (enum benefit)sqlite3_column_int(stmt, 9);
    instruction->name = db_text(stmt, 10);
    instruction->bank = db_text(stmt, 11);
    instruction->account = db_text(stmt, 12);
    instruction->payee_name = db_text(stmt, 13);
    instruction->channel = sqlite3_column_int(stmt, 14);
    instruction->facts = instruction->channel == CHANNEL_cash ? db_text(stmt, 15) : SPAN_EMPTY;
    instruction->citizen = (uint64_t)sqlite3_column_int64(stmt, 16);
    instruction->reference = it->part == OWN_ROWS ? db_text(stmt, 18) : SPAN_EMPTY;
    if (sqlite3_column_type(stmt, 6) == SQLITE_NULL) {
        struct obligation_key key = { instruction->period, ent, instruction->purpose, sqlite3_column_int(stmt, 17) };
        payment_id_of(instruction->id, &key, 1, 0, instruction->payment_id);
        instruction->period = it->period;   /* a one-off is paid in the run's period */
    } else {
        db_copy(stmt, 6, instruction->payment_id, sizeof(instruction->payment_id));
    }
    if (ent != 0 && version != sqlite3_column_int64(stmt, 7)) {
        return payee_then(it, ent, version, instruction, diag);
    }
    return STATUS_OK;
}

enum status ledger_instructions_next(struct ledger_instructions *it, struct ledger_instruction *instruction, bool *more,
                                     struct diag *diag)
{
    enum status rc = STATUS_OK;

    *more = it->kept != NULL && kept_get(it->kept, it->kept_next, instruction);
    if (*more) {
        it->kept_next++;
        instruction->period = it->period;
        return STATUS_OK;
    }
    while (rc == STATUS_OK && !*more && it->part < PARTS) {
        if (it->stmt == NULL) {
            rc = part_start(it, diag);
        }
        if (rc == STATUS_OK) {
            rc = db_next(it->ledger, it->stmt, more, diag);
        }
        if (rc == STATUS_OK && !*more) {
            it->stmt = NULL;
            it->part++;
        }
    }
    return rc == STATUS_OK && *more ? instruction_read(it, instruction, diag) : rc;
}

void ledger_instructions_free(struct ledger_instructions *it)
{
    if (it == NULL) {
        return;
    }
    if (it->stmt != NULL) {
        sqlite3_reset(it->stmt);
    }
    arena_release(&it->arena);
    free(it);
}
