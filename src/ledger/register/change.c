/* change.c - stops and corrections: what changes entitlements that are known already. */
#include "newcomer.h"

#include <stdlib.h>

struct changing {
    struct ledger *ledger;
    const struct ledger_source *source;
    const struct ledger_correction *correction;
    size_t reached;             /* entitlements that the row reached */
    size_t changed;             /* those that it changed */
    bool overtaken;             /* something approved later stands in its way */
    struct arena arena;
};

static struct ledger_outcome rejected(const char *column, const char *reason)
{
    return (struct ledger_outcome){ LEDGER_REJECTED, column, reason };
}

/* ---- whose they are ---- */

struct paying {
    struct ledger *ledger;
    uint64_t units;
};

static enum status paying_one(void *context, int64_t ent, struct diag *diag)
{
    struct paying *paying = context;
    sqlite3_stmt *stmt;

    enum status rc = db_first(paying->ledger, diag, &stmt, "SELECT unit FROM entitlement WHERE ent = ?", "i", ent);
    if (rc == STATUS_OK && stmt != NULL) {
        paying->units |= UINT64_C(1) << sqlite3_column_int(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_units_paying(struct ledger *ledger, struct span id, uint64_t beneficiary, uint64_t *units,
                                struct diag *diag)
{
    struct paying paying = { ledger, 0 };
    sqlite3_stmt *stmt = NULL;
    enum status rc;

    if (id.size == 0) {
        rc = person_entitlements(ledger, beneficiary, paying_one, &paying, diag);
    } else {
        rc = db_first(ledger, diag, &stmt, "SELECT unit FROM entitlement WHERE id = ?", "t", &id);
    }
    if (rc == STATUS_OK && stmt != NULL) {
        paying.units = UINT64_C(1) << sqlite3_column_int(stmt, 0);
        sqlite3_reset(stmt);
    }
    *units = paying.units;
    return rc;
}

/* Whether the approval reaches what the row names; if not, the row is rejected. */
static enum status reach_check(struct changing *to, struct span id, uint64_t beneficiary, bool death,
                               struct ledger_outcome *outcome, struct diag *diag)
{
    uint64_t units = 0;
    enum status rc = STATUS_OK;

    if (to->source->units != ~UINT64_C(0)) {
        rc = ledger_units_paying(to->ledger, id, beneficiary, &units, diag);
    }
    uint64_t beyond = units & ~to->source->units;
    if (rc == STATUS_OK && beyond != 0 && !(death && beyond != units)) {
        *outcome = rejected(id.size > 0 ? "entitlement_id" : "beneficiary_id",
                            "paid by a unit that the approval does not reach");
    }
    return rc;
}

/* ---- stops ---- */

static enum status stop_mark(void *context, int64_t ent, struct diag *diag)
{
    struct changing *to = context;

    enum status rc = entry_flag(to->ledger, ent, ENTITLEMENT_STOPPED, diag);
    return rc == STATUS_OK ? entry_touch(to->ledger, ent, diag) : rc;
}

/* Whom the stop is for. A death is a fact of the person, whichever of their entitlements names it. */
static enum status stop_target(struct ledger *ledger, const struct ledger_stop *stop, uint64_t *person, int64_t *ent,
                               struct arena *arena, struct diag *diag)
{
    struct entry entry;
    bool found = false;

    *person = stop->beneficiary;
    *ent = 0;
    if (stop->id.size == 0) {
        return STATUS_OK;
    }
    enum status rc = entry_by_id(ledger, stop->id, arena, &entry, &found, diag);
    if (rc == STATUS_OK && found) {
        bool other = stop->beneficiary != 0 && stop->beneficiary != entry.person;
        *person = other ? 0 : entry.person;
        *ent = stop->kind == KIND_deceased ? 0 : entry.ent;
    } else {
        *person = 0;
    }
    return rc;
}

/* The same stop again changes nothing, under whatever approval it comes. */
static enum status stop_known(struct ledger *ledger, const struct ledger_stop *stop, uint64_t person, int64_t ent,
                              bool *known, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT 1 FROM stop WHERE person = ? AND coalesce(ent, 0) = ? AND kind = ? AND from_day = ?"
                              " AND coalesce(reason, -1) = ?", "iiiii", (int64_t)person, ent, (int64_t)stop->kind,
                              (int64_t)stop->from, (int64_t)stop->reason);
    *known = rc == STATUS_OK && stmt != NULL;
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}

static enum status stop_one(struct changing *to, const struct ledger_stop *stop, struct ledger_outcome *outcome,
                            struct diag *diag)
{
    uint64_t person;
    int64_t ent;
    bool known = false;

    enum status rc = reach_check(to, stop->id, stop->beneficiary, stop->kind == KIND_deceased, outcome, diag);
    if (rc != STATUS_OK || outcome->verdict == LEDGER_REJECTED) {
        return rc;
    }
    rc = stop_target(to->ledger, stop, &person, &ent, &to->arena, diag);
    if (rc == STATUS_OK && person == 0) {
        *outcome = rejected("entitlement_id", "no such entitlement, or not of this beneficiary");
        return STATUS_OK;
    }
    if (rc == STATUS_OK) {
        rc = stop_known(to->ledger, stop, person, ent, &known, diag);
    }
    if (rc != STATUS_OK || known) {
        return rc;
    }
    outcome->verdict = LEDGER_APPLIED;
    /* A person that no entitlement names yet may still come: the stop waits for them. */
    rc = db_run(to->ledger, diag, "INSERT INTO person(person) VALUES(?) ON CONFLICT DO NOTHING", "i", (int64_t)person);
    if (rc == STATUS_OK) {
        rc = db_run(to->ledger, diag,
                    "INSERT INTO stop(person, ent, kind, from_day, reason, approval, intake, line)"
                    " VALUES(?1, nullif(?2, 0), ?3, ?4, nullif(?5, -1), ?6, ?7, ?8)", "iiiiiiii", (int64_t)person, ent,
                    (int64_t)stop->kind, (int64_t)stop->from, (int64_t)stop->reason, to->source->approval,
                    to->source->intake, (int64_t)stop->line);
    }
    if (rc == STATUS_OK) {
        rc = ent != 0 ? stop_mark(to, ent, diag) : person_entitlements(to->ledger, person, stop_mark, to, diag);
    }
    return rc;
}

enum status ledger_stops(struct ledger *ledger, const struct ledger_source *source, const struct ledger_stop *stop,
                         size_t count, struct ledger_outcome *outcome, struct diag *diag)
{
    struct changing to = { .ledger = ledger, .source = source, .arena = ARENA_INIT };
    enum status rc = newcomers_join(ledger, diag);

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        outcome[i] = (struct ledger_outcome){ LEDGER_UNCHANGED, "", "" };
        arena_clear(&to.arena);
        rc = stop_one(&to, &stop[i], &outcome[i], diag);
    }
    arena_release(&to.arena);
    return rc;
}

/* ---- corrections ---- */

/* Puts the correction's fields into `new`, each that is given and approved later than what is there. */
static enum status correct_fields(struct changing *to, const struct entry *old, struct entry *new, struct diag *diag)
{
    const struct ledger_correction *from = to->correction;
    const bool given[PAYEE_FIELDS] = { from->channel >= 0, from->bank.size > 0, from->account.size > 0,
                                       from->payee_name.size > 0, from->authorised_until != DAY_NONE,
                                       from->commune != 0 };
    struct stamp stamp = { from->approved_on, to->source->signed_at, to->source->approval };
    enum status rc = STATUS_OK;

    for (int i = 0; i < PAYEE_FIELDS && rc == STATUS_OK; i++) {
        bool own = old->corrected && old->field[i].approved_on != DAY_NONE;
        int order = 0;
        if (!old->corrected) {
            new->field[i] = (struct stamp){ DAY_NONE, 0, 0 };
        }
        if (!given[i]) {
            continue;
        }
        rc = stamp_compare(to->ledger, &stamp, own ? &old->field[i] : &old->base, &order, diag);
        if (order < 0) {
            to->overtaken = true;
            continue;
        }
        new->field[i] = stamp;
        new->corrected = true;
        switch (i) {
        case PAYEE_CHANNEL: new->channel = from->channel; break;
        case PAYEE_BANK:    new->bank = from->bank; break;
        case PAYEE_ACCOUNT: new->account = from->account; break;
        case PAYEE_NAME:    new->payee_name = from->payee_name; break;
        case PAYEE_UNTIL:   new->authorised_until = from->authorised_until; break;
        default:            new->commune = from->commune; break;
        }
    }
    return rc;
}

static enum status correct_one(void *context, int64_t ent, struct diag *diag)
{
    struct changing *to = context;
    struct entry old;
    bool found = false;

    enum status rc = entry_by_key(to->ledger, ent, &to->arena, &old, &found, diag);
    if (rc != STATUS_OK || !found) {
        return rc;
    }
    struct entry new = old;
    to->reached++;
    rc = correct_fields(to, &old, &new, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    /* What is the same already is approved anew: an older approval must not undo it later. */
    if (entry_same(&old, &new)) {
        return new.corrected ? entry_restamp(to->ledger, &new, diag) : STATUS_OK;
    }
    to->changed++;
    return entry_replace(to->ledger, &old, &new, diag);
}

static enum status correction_one(struct changing *to, struct ledger_outcome *outcome, struct diag *diag)
{
    const struct ledger_correction *from = to->correction;
    struct entry entry;
    bool found = false;

    to->reached = 0;
    to->changed = 0;
    to->overtaken = false;
    enum status rc = reach_check(to, from->id, from->beneficiary, false, outcome, diag);
    if (rc != STATUS_OK || outcome->verdict == LEDGER_REJECTED) {
        return rc;
    }
    if (from->id.size == 0) {
        rc = person_entitlements(to->ledger, from->beneficiary, correct_one, to, diag);
    } else {
        rc = entry_by_id(to->ledger, from->id, &to->arena, &entry, &found, diag);
        if (rc == STATUS_OK && found && (from->beneficiary == 0 || from->beneficiary == entry.person)) {
            rc = correct_one(to, entry.ent, diag);
        }
    }
    if (rc == STATUS_OK && to->reached == 0) {
        *outcome = rejected(from->id.size > 0 ? "entitlement_id" : "beneficiary_id",
                            "no such entitlement, or not of this beneficiary");
    } else if (rc == STATUS_OK) {
        outcome->verdict = to->changed > 0 ? LEDGER_APPLIED : to->overtaken ? LEDGER_OVERTAKEN : LEDGER_UNCHANGED;
    }
    return rc;
}

enum status ledger_corrections(struct ledger *ledger, const struct ledger_source *source,
                               const struct ledger_correction *correction, size_t count,
                               struct ledger_outcome *outcome, struct diag *diag)
{
    struct changing to = { .ledger = ledger, .source = source, .arena = ARENA_INIT };
    enum status rc = newcomers_join(ledger, diag);

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        outcome[i] = (struct ledger_outcome){ LEDGER_UNCHANGED, "", "" };
        to.correction = &correction[i];
        arena_clear(&to.arena);
        rc = correction_one(&to, &outcome[i], diag);
    }
    arena_release(&to.arena);
    return rc;
}
