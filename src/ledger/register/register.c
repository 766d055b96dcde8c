/*
 * register.c - applies rows of entitlement files: new ones in bulk, known ones by their stamps.
 *
 * A batch goes in passes: new rows in the order of the index of ids, then those whose ids are known, when every
 * newcomer has its person.
 */
#include "newcomer.h"

#include <stdlib.h>

/* What the law calculates with; the identity and payee columns have columns of their own. */
#define BIT(fact) (UINT64_C(1) << FACT_##fact)
static const uint64_t register_facts = BIT(birth_date) | BIT(sex) | BIT(valid_from) | BIT(valid_to) |
                                       BIT(paid_through) |
                                       ((BIT(approved_amount) << 1) - BIT(scheme));

struct registering {
    struct ledger *ledger;
    const struct ledger_source *source;
    int64_t next[64][2];        /* the numbers that come next, for each unit: monthly, once; 0: not loaded */
    bool loaded[64];
    struct arena facts;         /* of the batch's rows */
    struct arena arena;         /* of one known entitlement */
    struct diag *diag;
};

static struct ledger_outcome rejected(const char *column, const char *reason)
{
    return (struct ledger_outcome){ LEDGER_REJECTED, column, reason };
}

/* ---- numbers of new entitlements ---- */

static enum status numbers_load(struct registering *to, int unit)
{
    sqlite3_stmt *stmt;

    if (to->loaded[unit]) {
        return STATUS_OK;
    }
    enum status rc = db_first(to->ledger, to->diag, &stmt,
                              "SELECT monthly_next, once_next FROM unit WHERE unit = ?", "i", (int64_t)unit);
    if (rc == STATUS_OK) {
        ASSERT(stmt != NULL);
        to->next[unit][RECURRENCE_MONTHLY] = sqlite3_column_int64(stmt, 0);
        to->next[unit][RECURRENCE_ONCE] = sqlite3_column_int64(stmt, 1);
        to->loaded[unit] = true;
        sqlite3_reset(stmt);
    }
    return rc;
}

static enum status numbers_store(struct registering *to)
{
    enum status rc = STATUS_OK;

    for (int unit = 1; unit < 64 && rc == STATUS_OK; unit++) {
        if (to->loaded[unit]) {
            rc = db_run(to->ledger, to->diag, "UPDATE unit SET monthly_next = ?2, once_next = ?3 WHERE unit = ?1", "iii",
                        (int64_t)unit, to->next[unit][RECURRENCE_MONTHLY], to->next[unit][RECURRENCE_ONCE]);
        }
    }
    return rc;
}

/* ---- one row ---- */

static void entry_of_row(struct registering *to, const struct ledger_row *row, struct entry *entry)
{
    uint8_t packed[FACTS_BYTES_MAX];

    ASSERT(row->id.size >= 1 && row->id.size <= 35);
    *entry = (struct entry){ 0 };
    entry->id = row->id;
    entry->unit = row->unit;
    entry->person = person_key(row->beneficiary, row->citizen);
    entry->benefit = row->benefit;
    entry->version = 1;
    entry->since_run = to->source->run;
    entry->first_approved_on = row->approved_on;
    entry->base = (struct stamp){ row->approved_on, to->source->signed_at, to->source->approval };
    entry->intake = to->source->intake;
    entry->line = (int64_t)row->line;
    entry->area = row->area;
    entry->commune = row->commune;
    entry->channel = row->channel;
    entry->bank = row->bank;
    entry->account = row->account;
    entry->name = row->name;
    entry->payee_name = row->payee_name;
    entry->authorised_until = row->authorised_until;
    entry->deceased = row->deceased;
    entry->programme = row->programme;
    entry->facts = arena_copy(&to->facts, (struct span){ (const char *)packed,
                                                         facts_pack(row->facts, register_facts, packed) });
}

/* Gives a new entitlement its number. */
static enum status number_give(struct registering *to, struct entry *entry)
{
    enum recurrence recurrence = benefit_recurrence(entry->benefit);

    enum status rc = numbers_load(to, (int)entry->unit);
    if (rc != STATUS_OK) {
        return rc;
    }
    int64_t *next = &to->next[entry->unit][recurrence];
    if (*next >= INT64_C(1) << (recurrence == RECURRENCE_MONTHLY ? ENT_NUMBER_BITS : ENT_ONCE_BITS)) {
        return diag_fail(to->diag, STATUS_LIMIT, "the unit has no numbers left for new entitlements");
    }
    entry->ent = recurrence == RECURRENCE_MONTHLY ? ent_monthly(entry->unit, *next) : ent_once(entry->unit, *next);
    *next += 1;
    return STATUS_OK;
}

/* Adds rows whose ids are new; they wait for their persons. STATUS_CONFLICT if an id is not: nothing is added then. */
static enum status add_new(struct registering *to, struct entry *entry, const struct ledger_row *const *row,
                           struct ledger_outcome *const *outcome, size_t count)
{
    int64_t next[64][2];
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = numbers_load(to, (int)entry[i].unit);
    }
    memcpy(next, to->next, sizeof(next));

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = number_give(to, &entry[i]);
        outcome[i]->verdict = LEDGER_APPLIED;
    }
    if (rc == STATUS_OK) {
        rc = entries_insert(to->ledger, to->source, entry, count, to->diag);
    }
    if (rc == STATUS_CONFLICT) {
        memcpy(to->next, next, sizeof(next));
        return rc;
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        struct newcomer newcomer = { .ent = entry[i].ent, .person = entry[i].person, .citizen = row[i]->citizen,
                                     .intake = entry[i].intake, .line = row[i]->line,
                                     .citizen_byte = row[i]->citizen_byte, .benefit = entry[i].benefit };
        rc = newcomers_add(to->ledger, &newcomer, to->diag);
        rc = rc == STATUS_CONFLICT ? STATUS_LEDGER : rc;    /* the ids are in: this is another matter */
    }
    return rc;
}

/* A corrected field keeps its own value unless the row is the later one. */
static enum status keep_corrections(struct registering *to, const struct entry *old, struct entry *new)
{
    enum status rc = STATUS_OK;

    new->corrected = false;
    for (int i = 0; old->corrected && i < PAYEE_FIELDS && rc == STATUS_OK; i++) {
        int order = -1;     /* no stamp of its own: the row's value */
        new->field[i] = (struct stamp){ DAY_NONE, 0, 0 };
        if (old->field[i].approved_on != DAY_NONE) {
            rc = stamp_compare(to->ledger, &old->field[i], &new->base, &order, to->diag);
        }
        if (order < 0) {
            continue;
        }
        new->corrected = true;
        new->field[i] = old->field[i];
        switch (i) {
        case PAYEE_CHANNEL: new->channel = old->channel; break;
        case PAYEE_BANK:    new->bank = old->bank; break;
        case PAYEE_ACCOUNT: new->account = old->account; break;
        case PAYEE_NAME:    new->payee_name = old->payee_name; break;
        case PAYEE_UNTIL:   new->authorised_until = old->authorised_until; break;
        default:            new->commune = old->commune; break;
        }
    }
    return rc;
}

/* Another unit takes an entitlement over only after the old one ended it (MODEL: Register); what the
 * end withheld from then on is due at the new unit. */
static enum status take_over(struct registering *to, const struct entry *old, const struct entry *new, bool *allowed)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(to->ledger, to->diag, &stmt,
                              "SELECT from_day, kind FROM stop WHERE person = ?1 AND (ent IS NULL OR ent = ?2)"
                              " AND kind IN (?3, ?4) ORDER BY from_day DESC, stop DESC LIMIT 1", "iiii",
                              (int64_t)old->person, old->ent, (int64_t)KIND_ended, (int64_t)KIND_resumed);

    *allowed = rc == STATUS_OK && stmt != NULL && sqlite3_column_int(stmt, 1) == KIND_ended;
    if (!*allowed) {
        if (stmt != NULL) {
            sqlite3_reset(stmt);
        }
        return rc;
    }
    int64_t from = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    rc = db_run(to->ledger, to->diag,
                "INSERT INTO stop(person, ent, kind, from_day, approved_on, approval, intake, line)"
                " VALUES(?, ?, ?, ?, ?, ?, ?, ?)", "iiiiiiii", (int64_t)old->person, old->ent, (int64_t)KIND_resumed,
                from, new->base.approved_on, new->base.approval, new->intake, new->line);
    if (rc == STATUS_OK) {
        rc = db_run(to->ledger, to->diag, "DELETE FROM guest WHERE ent = ?", "i", old->ent);
    }
    if (rc == STATUS_OK && ent_home(old->ent) != new->unit) {
        rc = db_run(to->ledger, to->diag, "INSERT INTO guest(unit, ent) VALUES(?, ?)", "ii", new->unit, old->ent);
    }
    return rc;
}

/* The row's content is the later one: it replaces the facts, or only the stamp if nothing differs. */
static enum status later_row(struct registering *to, const struct entry *old, struct entry *new,
                             struct ledger_outcome *outcome)
{
    bool allowed = true;

    enum status rc = keep_corrections(to, old, new);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (entry_same(old, new)) {
        outcome->verdict = LEDGER_UNCHANGED;
        return entry_restamp(to->ledger, new, to->diag);
    }
    if (old->unit != new->unit) {
        rc = take_over(to, old, new, &allowed);
    }
    if (rc == STATUS_OK && !allowed) {
        *outcome = rejected("unit", "another unit pays this entitlement and has not ended it");
    } else if (rc == STATUS_OK) {
        outcome->verdict = LEDGER_APPLIED;
        rc = entry_replace(to->ledger, old, new, to->diag);
    }
    return rc;
}

/* The row against what stands in the register under its id; the row's person is the same. */
static enum status row_against(struct registering *to, const struct entry *old, struct entry *new,
                               struct ledger_outcome *outcome)
{
    int order = 0;

    enum status rc = stamp_compare(to->ledger, &new->base, &old->base, &order, to->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    new->ent = old->ent;
    new->person = old->person;
    new->flags = old->flags;
    new->since_run = old->since_run;
    new->first_approved_on = old->first_approved_on;
    if (order > 0) {
        return later_row(to, old, new, outcome);
    }
    if (order < 0) {
        outcome->verdict = LEDGER_OVERTAKEN;
        return STATUS_OK;
    }
    rc = keep_corrections(to, old, new);
    if (rc == STATUS_OK && entry_same(old, new)) {
        outcome->verdict = LEDGER_UNCHANGED;
    } else if (rc == STATUS_OK) {
        *outcome = rejected("entitlement_id", "stands twice in one approval, with different content");
    }
    return rc;
}

static enum status known_row(struct registering *to, const struct ledger_row *row, const struct entry *old,
                             struct ledger_outcome *outcome)
{
    struct entry new;
    struct person_link link;

    entry_of_row(to, row, &new);
    if (old->benefit != row->benefit) {
        *outcome = rejected("benefit", "the entitlement is known with another benefit");
        return STATUS_OK;
    }
    enum status rc = person_resolve(to->ledger, new.person, row->citizen, &link, to->diag);
    /* The person may have been known by the citizen number alone: the row links it. */
    if (rc == STATUS_OK && (link.person == 0 || (link.person != old->person && link.merge != old->person))) {
        *outcome = rejected(row->beneficiary != 0 ? "beneficiary_id" : "citizen_id",
                            "the entitlement is known with another beneficiary");
        return STATUS_OK;
    }
    if (rc == STATUS_OK) {
        rc = row_against(to, old, &new, outcome);
    }
    return rc == STATUS_OK && outcome->verdict != LEDGER_REJECTED ? person_apply(to->ledger, &link, to->diag) : rc;
}

/* A row whose id was known when it came. Newcomers have their persons by now: if the one of this id was
 * rejected, the id is free again and this row is the first. */
static enum status row_again(struct registering *to, const struct ledger_row *row, struct ledger_outcome *outcome)
{
    struct entry old;
    bool found = false;

    arena_clear(&to->arena);
    enum status rc = newcomers_join(to->ledger, to->diag);
    if (rc == STATUS_OK) {
        rc = entry_by_id(to->ledger, row->id, &to->arena, &old, &found, to->diag);
    }
    if (rc != STATUS_OK || found) {
        return rc == STATUS_OK ? known_row(to, row, &old, outcome) : rc;
    }
    struct entry entry;
    entry_of_row(to, row, &entry);
    return add_new(to, &entry, &row, &outcome, 1);
}

/* ---- the batch ---- */

static int by_id(const void *a, const void *b)
{
    const struct ledger_row *const *row_a = a;
    const struct ledger_row *const *row_b = b;
    size_t size = (*row_a)->id.size < (*row_b)->id.size ? (*row_a)->id.size : (*row_b)->id.size;
    int order = memcmp((*row_a)->id.data, (*row_b)->id.data, size);

    if (order == 0) {
        order = (*row_a)->id.size < (*row_b)->id.size ? -1 : (*row_a)->id.size > (*row_b)->id.size;
    }
    return order != 0 ? order : (*row_a < *row_b ? -1 : *row_a > *row_b);
}

/* A batch on its way, in the order of the ids: what is new moves to the front of each array. */
struct batch {
    const struct ledger_row **row;
    struct ledger_outcome **outcome;
    struct entry *entry;
    bool *known;
    const struct ledger_row **again;        /* rows whose id was known when they came */
    struct ledger_outcome **again_outcome;
    size_t again_count;
};

/* Splits the batch: a doubled id is new once, and known after that. Gives the number of new rows. */
static size_t batch_split(struct batch *batch, size_t count)
{
    size_t new = 0;

    for (size_t i = 0; i < count; i++) {
        bool doubled = i > 0 && span_equal(batch->row[i]->id, batch->entry[i - 1].id);
        if (batch->known[i] || doubled) {
            batch->again[batch->again_count] = batch->row[i];
            batch->again_outcome[batch->again_count++] = batch->outcome[i];
        }
        batch->known[i] = batch->known[i] || doubled;
    }
    for (size_t i = 0; i < count; i++) {
        if (!batch->known[i]) {
            batch->row[new] = batch->row[i];
            batch->outcome[new] = batch->outcome[i];
            batch->entry[new++] = batch->entry[i];
        }
    }
    return new;
}

static enum status batch_apply(struct registering *to, struct batch *batch, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        entry_of_row(to, batch->row[i], &batch->entry[i]);
    }
    /* A first month has nothing but new ids: they are looked up only when one proves to be known. */
    enum status rc = add_new(to, batch->entry, batch->row, batch->outcome, count);
    if (rc != STATUS_CONFLICT) {
        return rc == STATUS_OK ? numbers_store(to) : rc;
    }
    rc = entries_known(to->ledger, batch->entry, count, batch->known, to->diag);
    for (size_t i = 0; i < count; i++) {
        *batch->outcome[i] = (struct ledger_outcome){ LEDGER_UNCHANGED, "", "" };
    }
    if (rc == STATUS_OK) {
        size_t new = batch_split(batch, count);
        rc = add_new(to, batch->entry, batch->row, batch->outcome, new);
    }
    for (size_t i = 0; i < batch->again_count && rc == STATUS_OK; i++) {
        rc = row_again(to, batch->again[i], batch->again_outcome[i]);
    }
    return rc == STATUS_OK ? numbers_store(to) : rc;
}

enum status ledger_register(struct ledger *ledger, const struct ledger_source *source, const struct ledger_row *row,
                            size_t count, struct ledger_outcome *outcome, struct diag *diag)
{
    struct registering to = { .ledger = ledger, .source = source, .diag = diag, .arena = ARENA_INIT,
                              .facts = ARENA_INIT };
    struct batch batch = { .row = mem_alloc(count + 1, sizeof(*batch.row)),
                           .outcome = mem_alloc(count + 1, sizeof(*batch.outcome)),
                           .entry = mem_alloc(count + 1, sizeof(*batch.entry)),
                           .known = mem_alloc(count + 1, sizeof(*batch.known)),
                           .again = mem_alloc(count + 1, sizeof(*batch.again)),
                           .again_outcome = mem_alloc(count + 1, sizeof(*batch.again_outcome)) };
    bool sorted = true;

    for (size_t i = 0; i < count; i++) {
        batch.row[i] = &row[i];
        outcome[i] = (struct ledger_outcome){ LEDGER_UNCHANGED, "", "" };
        sorted = sorted && (i == 0 || by_id(&batch.row[i - 1], &batch.row[i]) < 0);
    }
    if (!sorted) {
        qsort(batch.row, count, sizeof(*batch.row), by_id);
    }
    for (size_t i = 0; i < count; i++) {
        batch.outcome[i] = &outcome[batch.row[i] - row];
    }
    enum status rc = batch_apply(&to, &batch, count);
    arena_release(&to.arena);
    arena_release(&to.facts);
    free(batch.row);
    free(batch.outcome);
    free(batch.entry);
    free(batch.known);
    free(batch.again);
    free(batch.again_outcome);
    return rc;
}
