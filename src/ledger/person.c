/*
 * person.c - who a number belongs to. A person is the social-insurance number, else the citizen
 * number; a row with both links them, and a contradiction rejects the row (MODEL: Register).
 *
 * The usual newcomer is a new person with one entitlement: one insert, whose conflict tells that the
 * person or the citizen number is known. Only then is anything looked up.
 */
#include "entry.h"

#include <stdlib.h>

#define CITIZEN_ONLY UINT64_C(1000000000000)    /* keys from here on: persons without an insurance number */

struct known {
    bool found;
    uint64_t person;
    uint64_t citizen;
};

static enum status known_by(struct ledger *ledger, const char *sql, uint64_t number, struct known *known,
                            struct diag *diag)
{
    sqlite3_stmt *stmt = NULL;

    *known = (struct known){ 0 };
    if (number == 0) {
        return STATUS_OK;
    }
    enum status rc = db_first(ledger, diag, &stmt, sql, "i", (int64_t)number);
    if (rc == STATUS_OK && stmt != NULL) {
        known->found = true;
        known->person = (uint64_t)sqlite3_column_int64(stmt, 0);
        known->citizen = (uint64_t)sqlite3_column_int64(stmt, 1);
        sqlite3_reset(stmt);
    }
    return rc;
}

static enum status known_person(struct ledger *ledger, uint64_t person, struct known *known, struct diag *diag)
{
    return known_by(ledger, "SELECT person, citizen FROM person WHERE person = ?", person, known, diag);
}

static enum status known_citizen(struct ledger *ledger, uint64_t citizen, struct known *known, struct diag *diag)
{
    return known_by(ledger, "SELECT person, citizen FROM person WHERE citizen = ?", citizen, known, diag);
}

enum status person_entitlements(struct ledger *ledger, uint64_t person, person_each *each, void *context,
                                struct diag *diag)
{
    int64_t *ent = NULL;
    size_t count = 0;
    sqlite3_stmt *stmt;
    bool more = false;

    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT ent FROM person WHERE person = ?1 AND ent IS NOT NULL"
                              " UNION SELECT ent FROM person_more WHERE person = ?1", "i", (int64_t)person);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        ent = mem_resize(ent, count + 1, sizeof(*ent));
        ent[count++] = sqlite3_column_int64(stmt, 0);
        rc = db_next(ledger, stmt, &more, diag);
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = each(context, ent[i], diag);
    }
    free(ent);
    return rc;
}

/* ---- linking ---- */

struct moving {
    struct ledger *ledger;
    uint64_t to;
};

static enum status move_one(void *context, int64_t ent, struct diag *diag)
{
    struct moving *moving = context;

    enum status rc = db_run(moving->ledger, diag, "UPDATE entitlement SET person = ?2 WHERE ent = ?1", "ii", ent,
                            (int64_t)moving->to);
    if (rc == STATUS_OK) {
        rc = db_run(moving->ledger, diag, "INSERT OR IGNORE INTO person_more(person, ent) VALUES(?, ?)", "ii",
                    (int64_t)moving->to, ent);
    }
    return rc;
}

/* The person known by the citizen number alone turns out to be `to`: everything goes over. */
static enum status person_merge(struct ledger *ledger, uint64_t from, uint64_t to, uint64_t citizen, struct diag *diag)
{
    struct moving moving = { ledger, to };

    enum status rc = person_entitlements(ledger, from, move_one, &moving, diag);
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag, "DELETE FROM person_more WHERE person = ?", "i", (int64_t)from);
    }
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag, "DELETE FROM person WHERE person = ?", "i", (int64_t)from);
    }
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag, "UPDATE stop SET person = ?2 WHERE person = ?1", "ii", (int64_t)from, (int64_t)to);
    }
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag,
                    "INSERT INTO person(person, citizen) VALUES(?1, ?2) ON CONFLICT(person) DO UPDATE SET citizen = ?2",
                    "ii", (int64_t)to, (int64_t)citizen);
    }
    return rc;
}

/* Finds the person that a row's two numbers mean and links them. *person is 0 if they contradict what
 * is known. */
static enum status person_resolve(struct ledger *ledger, uint64_t key, uint64_t citizen, uint64_t *person,
                                  struct diag *diag)
{
    struct known by_key;
    struct known by_citizen;

    enum status rc = known_person(ledger, key, &by_key, diag);
    if (rc == STATUS_OK) {
        rc = known_citizen(ledger, citizen, &by_citizen, diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    *person = key;
    if (by_citizen.found && by_citizen.person == key) {
        return STATUS_OK;
    }
    if (key >= CITIZEN_ONLY && by_citizen.found) {
        *person = by_citizen.person;    /* only the citizen number is given, and it is somebody's */
        return STATUS_OK;
    }
    if (by_key.found && by_key.citizen != 0 && citizen != 0 && by_key.citizen != citizen) {
        *person = 0;
        return STATUS_OK;
    }
    if (by_citizen.found) {
        if (by_citizen.person < CITIZEN_ONLY) {
            *person = 0;
            return STATUS_OK;
        }
        return person_merge(ledger, by_citizen.person, key, citizen, diag);
    }
    if (by_key.found && by_key.citizen == 0 && citizen != 0) {
        rc = db_run(ledger, diag, "UPDATE person SET citizen = ?2 WHERE person = ?1", "ii", (int64_t)key,
                    (int64_t)citizen);
    }
    return rc;
}

enum status person_is(struct ledger *ledger, uint64_t person, uint64_t beneficiary, uint64_t citizen, bool *same,
                      struct diag *diag)
{
    uint64_t key = person_key(beneficiary, citizen);
    uint64_t resolved = 0;

    if (beneficiary != 0 && person < CITIZEN_ONLY && beneficiary != person) {
        *same = false;
        return STATUS_OK;
    }
    enum status rc = person_resolve(ledger, key, citizen, &resolved, diag);
    /* A person known by the citizen number alone may just have been linked to the insurance number. */
    *same = resolved != 0 && (resolved == person || (person >= CITIZEN_ONLY && person == CITIZEN_ONLY + citizen));
    return rc;
}

/* ---- twins and stops ---- */

struct meeting {
    struct ledger *ledger;
    int64_t ent;
    enum benefit benefit;
};

static enum status meet(void *context, int64_t ent, struct diag *diag)
{
    struct meeting *meeting = context;
    sqlite3_stmt *stmt;
    bool twin = false;

    if (ent == meeting->ent) {
        return STATUS_OK;
    }
    enum status rc = db_first(meeting->ledger, diag, &stmt, "SELECT benefit FROM entitlement WHERE ent = ?", "i", ent);
    if (rc == STATUS_OK && stmt != NULL) {
        twin = sqlite3_column_int(stmt, 0) == (int)meeting->benefit;
        sqlite3_reset(stmt);
    }
    if (rc == STATUS_OK && twin) {
        rc = entry_flag(meeting->ledger, ent, ENTITLEMENT_TWIN, diag);
    }
    if (rc == STATUS_OK && twin) {
        rc = entry_flag(meeting->ledger, meeting->ent, ENTITLEMENT_TWIN, diag);
    }
    return rc;
}

/* A known person gets one more entitlement: its twins are marked, and its stops reach it too. */
static enum status join_known(struct ledger *ledger, const struct newcomer *newcomer, uint64_t person,
                              struct diag *diag)
{
    struct meeting meeting = { ledger, newcomer->ent, newcomer->benefit };
    sqlite3_stmt *stmt;

    enum status rc = db_run(ledger, diag, "INSERT OR IGNORE INTO person_more(person, ent) VALUES(?, ?)", "ii",
                            (int64_t)person, newcomer->ent);
    if (rc == STATUS_OK && person != newcomer->person) {
        rc = db_run(ledger, diag, "UPDATE entitlement SET person = ?2 WHERE ent = ?1", "ii", newcomer->ent,
                    (int64_t)person);
    }
    if (rc == STATUS_OK && benefit_recurrence(newcomer->benefit) == RECURRENCE_MONTHLY) {
        rc = person_entitlements(ledger, person, meet, &meeting, diag);
    }
    if (rc == STATUS_OK) {
        rc = db_first(ledger, diag, &stmt, "SELECT 1 FROM stop WHERE person = ? AND ent IS NULL LIMIT 1", "i",
                      (int64_t)person);
    }
    if (rc == STATUS_OK && stmt != NULL) {
        sqlite3_reset(stmt);
        rc = entry_flag(ledger, newcomer->ent, ENTITLEMENT_STOPPED, diag);
    }
    return rc;
}

enum status person_join(struct ledger *ledger, const struct newcomer *newcomer, struct diag *diag)
{
    uint64_t person;

    enum status rc = db_run(ledger, diag,
                            "INSERT INTO person(person, citizen, ent) VALUES(?1, nullif(?2, 0), ?3) ON CONFLICT DO NOTHING",
                            "iii", (int64_t)newcomer->person, (int64_t)newcomer->citizen, newcomer->ent);
    if (rc != STATUS_OK || sqlite3_changes(ledger->db) == 1) {
        return rc;
    }
    rc = person_resolve(ledger, newcomer->person, newcomer->citizen, &person, diag);
    if (rc == STATUS_OK && person == 0) {
        *newcomer->outcome = (struct ledger_outcome){ LEDGER_REJECTED, "citizen_id",
                                                      "the two numbers belong to different people" };
        return db_run(ledger, diag, "DELETE FROM entitlement WHERE ent = ?", "i", newcomer->ent);
    }
    return rc == STATUS_OK ? join_known(ledger, newcomer, person, diag) : rc;
}
