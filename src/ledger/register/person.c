/*
 * person.c - who a number belongs to. A person is the social-insurance number, else the citizen
 * number; a row with both links them, and a contradiction rejects the row (MODEL: Register).
 */
#include "newcomer.h"

#include <stdlib.h>

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
    return known_by(ledger, "SELECT person, citizen FROM citizen WHERE citizen = ?", citizen, known, diag);
}

/* Adds what is not known yet; sqlite3_changes tells whether it was. */
static enum status add_person(struct ledger *ledger, uint64_t person, uint64_t citizen, int64_t ent, struct diag *diag)
{
    return db_run(ledger, diag,
                  "INSERT INTO person(person, citizen, ent) VALUES(?1, nullif(?2, 0), nullif(?3, 0)) ON CONFLICT DO NOTHING",
                  "iii", (int64_t)person, (int64_t)citizen, ent);
}

static enum status add_citizen(struct ledger *ledger, uint64_t citizen, uint64_t person, struct diag *diag)
{
    return db_run(ledger, diag, "INSERT INTO citizen(citizen, person) VALUES(?, ?) ON CONFLICT DO NOTHING", "ii",
                  (int64_t)citizen, (int64_t)person);
}

enum status person_entitlements(struct ledger *ledger, uint64_t person, person_each *each, void *context,
                                struct diag *diag)
{
    int64_t *ent = NULL;
    size_t count = 0;
    sqlite3_stmt *stmt;
    bool more = false;

    ASSERT(!newcomers_wait(ledger));
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT ent FROM person WHERE person = ?1 AND ent IS NOT NULL"
                              " UNION ALL SELECT ent FROM person_more WHERE person = ?1", "i", (int64_t)person);
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

/* ---- what one more entitlement means for its person: twins and stops ---- */

struct meeting {
    struct ledger *ledger;
    int64_t ent;
    enum component component;
};

/* An awarded pension and a pension are the same monthly benefit: it is the component that is paid. */
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
        twin = benefit_component((enum benefit)sqlite3_column_int(stmt, 0)) == meeting->component;
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

/* Writes down whose an entitlement is that was another person's. */
static enum status entitlement_give(struct ledger *ledger, int64_t ent, uint64_t person, struct diag *diag)
{
    return db_run(ledger, diag, "UPDATE entitlement SET person = ?2 WHERE ent = ?1", "ii", ent, (int64_t)person);
}

/* A known person has one more entitlement: marks its twins. */
static enum status person_gain(struct ledger *ledger, uint64_t person, int64_t ent, enum benefit benefit,
                               struct diag *diag)
{
    struct meeting meeting = { ledger, ent, benefit_component(benefit) };

    enum status rc = db_run(ledger, diag, "INSERT OR IGNORE INTO person_more(person, ent) VALUES(?, ?)", "ii",
                            (int64_t)person, ent);
    return rc == STATUS_OK && benefit_recurrence(benefit) == RECURRENCE_MONTHLY
               ? person_entitlements(ledger, person, meet, &meeting, diag) : rc;
}

/* Whether a stop stands against the person as such: it is for whatever they are entitled to. */
static enum status person_is_stopped(struct ledger *ledger, uint64_t person, bool *stopped, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT 1 FROM stop WHERE person = ? AND ent IS NULL LIMIT 1", "i",
                              (int64_t)person);

    *stopped = rc == STATUS_OK && stmt != NULL;
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
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
    sqlite3_stmt *stmt;

    enum status rc = db_first(moving->ledger, diag, &stmt, "SELECT benefit FROM entitlement WHERE ent = ?", "i", ent);
    if (rc != STATUS_OK || stmt == NULL) {
        return rc;
    }
    enum benefit benefit = (enum benefit)sqlite3_column_int(stmt, 0);
    sqlite3_reset(stmt);
    rc = entitlement_give(moving->ledger, ent, moving->to, diag);
    return rc == STATUS_OK ? person_gain(moving->ledger, moving->to, ent, benefit, diag) : rc;
}

static enum status stop_one(void *context, int64_t ent, struct diag *diag)
{
    struct moving *moving = context;

    enum status rc = entry_flag(moving->ledger, ent, ENTITLEMENT_STOPPED, diag);
    return rc == STATUS_OK ? entry_touch(moving->ledger, ent, diag) : rc;
}

/* The person known by the citizen number alone turns out to be `to`: everything goes over, and what
 * stops the one stops the other's entitlements too. */
static enum status person_merge(struct ledger *ledger, uint64_t from, uint64_t to, uint64_t citizen, struct diag *diag)
{
    struct moving moving = { ledger, to };
    bool stopped = false;

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
    if (rc == STATUS_OK) {
        rc = db_run(ledger, diag, "UPDATE citizen SET person = ?2 WHERE citizen = ?1", "ii", (int64_t)citizen,
                    (int64_t)to);
    }
    if (rc == STATUS_OK) {
        rc = person_is_stopped(ledger, to, &stopped, diag);
    }
    return rc == STATUS_OK && stopped ? person_entitlements(ledger, to, stop_one, &moving, diag) : rc;
}

enum status person_resolve(struct ledger *ledger, uint64_t key, uint64_t citizen, struct person_link *link,
                           struct diag *diag)
{
    struct known by_key;
    struct known by_citizen;

    ASSERT(!newcomers_wait(ledger));
    enum status rc = known_person(ledger, key, &by_key, diag);
    if (rc == STATUS_OK) {
        rc = known_citizen(ledger, citizen, &by_citizen, diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    *link = (struct person_link){ .person = key };
    if (by_citizen.found && by_citizen.person == key) {
        return STATUS_OK;
    }
    if (key >= LEDGER_CITIZEN && by_citizen.found) {
        link->person = by_citizen.person;   /* only the citizen number is given, and it is somebody's */
    } else if (by_key.citizen != 0 && citizen != 0 && by_key.citizen != citizen) {
        link->person = 0;                   /* the insurance number has another citizen number */
    } else if (by_citizen.found && by_citizen.person < LEDGER_CITIZEN) {
        link->person = 0;                   /* the citizen number has another insurance number */
    } else if (by_citizen.found) {
        link->merge = by_citizen.person;
        link->citizen = citizen;
    } else if (by_key.found) {
        link->citizen = citizen;
    }
    return STATUS_OK;
}

enum status person_apply(struct ledger *ledger, const struct person_link *link, struct diag *diag)
{
    if (link->merge != 0) {
        return person_merge(ledger, link->merge, link->person, link->citizen, diag);
    }
    if (link->citizen == 0) {
        return STATUS_OK;
    }
    enum status rc = db_run(ledger, diag, "UPDATE person SET citizen = ?2 WHERE person = ?1", "ii",
                            (int64_t)link->person, (int64_t)link->citizen);
    return rc == STATUS_OK ? add_citizen(ledger, link->citizen, link->person, diag) : rc;
}

/* ---- one newcomer ---- */

/* What the numbers say together decides. */
enum status person_join(struct ledger *ledger, const struct newcomer *newcomer, bool *contradicts, struct diag *diag)
{
    struct person_link link;
    bool stopped = false;

    enum status rc = person_resolve(ledger, newcomer->person, newcomer->citizen, &link, diag);
    *contradicts = rc == STATUS_OK && link.person == 0;
    if (*contradicts) {
        return db_run(ledger, diag, "DELETE FROM entitlement WHERE ent = ?", "i", newcomer->ent);
    }
    if (rc == STATUS_OK) {
        rc = person_apply(ledger, &link, diag);
    }
    if (rc == STATUS_OK) {
        rc = add_person(ledger, link.person, newcomer->citizen, 0, diag);
    }
    if (rc == STATUS_OK && newcomer->citizen != 0) {
        rc = add_citizen(ledger, newcomer->citizen, link.person, diag);
    }
    if (rc == STATUS_OK && link.person != newcomer->person) {
        rc = entitlement_give(ledger, newcomer->ent, link.person, diag);
    }
    if (rc == STATUS_OK) {
        rc = person_gain(ledger, link.person, newcomer->ent, newcomer->benefit, diag);
    }
    if (rc == STATUS_OK) {
        rc = person_is_stopped(ledger, link.person, &stopped, diag);
    }
    return rc == STATUS_OK && stopped ? entry_flag(ledger, newcomer->ent, ENTITLEMENT_STOPPED, diag) : rc;
}
