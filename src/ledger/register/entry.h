/*
 * entry.h - one row of the register as the ledger's own files pass it around.
 *
 * A stamp says when something was approved; the later wins: approved_on, then the signing time, then
 * the larger digest of the list. A correction leaves a stamp on each field that it changed.
 */
#ifndef CHITRA_LEDGER_ENTRY_H
#define CHITRA_LEDGER_ENTRY_H

#include "chitra/ledger_register.h"
#include "ledger/db.h"

struct stamp {
    int64_t approved_on;
    int64_t signed_at;
    int64_t approval;
};

/* What a correction can change, field by field. */
enum payee_field { PAYEE_CHANNEL, PAYEE_BANK, PAYEE_ACCOUNT, PAYEE_NAME, PAYEE_UNTIL, PAYEE_COMMUNE, PAYEE_FIELDS };

struct entry {
    int64_t ent;
    struct span id;
    int64_t flags;
    int64_t unit;
    uint64_t person;
    enum benefit benefit;
    int64_t version;
    int64_t since_run;
    int64_t first_approved_on;              /* a benefit without a date of its own began then */
    struct stamp base;
    int64_t intake;
    int64_t line;
    int64_t area;                           /* -1: not given */
    int64_t commune;                        /* 0: not given */
    int64_t channel;
    struct span bank, account, name, payee_name;
    int64_t authorised_until;               /* DAY_NONE: none */
    uint64_t deceased;                      /* 0: none */
    struct span programme;
    struct stamp field[PAYEE_FIELDS];       /* approved_on DAY_NONE: as the base; never before it */
    bool corrected;                         /* some field has a stamp of its own */
    struct span facts;
};

/* Keys: monthly benefits and one-offs of a unit have ranges of their own. */
enum { ENT_NUMBER_BITS = 25, ENT_ONCE_BITS = 32 };
#define ENT_ONCE (INT64_C(1) << 40)

static inline int64_t ent_monthly(int64_t unit, int64_t number)
{
    return unit << ENT_NUMBER_BITS | number;
}

static inline int64_t ent_once(int64_t unit, int64_t number)
{
    return ENT_ONCE | unit << ENT_ONCE_BITS | number;
}

static inline int64_t ent_home(int64_t ent)
{
    return (ent & ENT_ONCE) != 0 ? (ent & ~ENT_ONCE) >> ENT_ONCE_BITS : ent >> ENT_NUMBER_BITS;
}

/* Of `ent`: a unit's own keys and its guests'; what it is bound to after the unit's number, ?1. */
#define ENT_OF_UNIT "(ent BETWEEN ?2 AND ?3 OR ent BETWEEN ?4 AND ?5 OR ent IN (SELECT ent FROM guest WHERE unit = ?1))"
#define ENT_OF_UNIT_BOUNDS(unit) \
    ent_monthly(unit, 0), ent_monthly((unit) + 1, 0) - 1, ent_once(unit, 0), ent_once((unit) + 1, 0) - 1

/* The columns of entitlement and entitlement_version in entry_read's and entry_bind's order. */
#define ENTRY_COLUMNS                                                                              \
    "unit, person, benefit, version, since_run, first_approved_on, approved_on, signed_at, approval, intake, line, area," \
    " commune, channel, bank, account, name, payee_name, authorised_until, deceased, programme, stamps, facts"
#define ENTRY_PARAMETERS                                                                           \
    "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26"

/* Reads "SELECT ent, id, flags, ENTRY_COLUMNS"; spans live until the statement's next step. */
void entry_read(sqlite3_stmt *stmt, struct entry *entry);
/* The same with spans copied into the arena. */
void entry_copy(sqlite3_stmt *stmt, struct arena *arena, struct entry *entry);
/* Binds ?1 ent (0: NULL), ?2 id, ?3 flags and ENTRY_PARAMETERS. `stamps` holds the packed stamps until the step. */
enum { STAMPS_INTEGERS = PAYEE_FIELDS * 3 };
void entry_bind(sqlite3_stmt *stmt, const struct entry *entry, int64_t stamps[STAMPS_INTEGERS]);

/* An entitlement's entry, by id or by key. *found is false if there is none. */
enum status entry_by_id(struct ledger *ledger, struct span id, struct arena *arena, struct entry *entry, bool *found,
                        struct diag *diag) MUST_USE;
enum status entry_by_key(struct ledger *ledger, int64_t ent, struct arena *arena, struct entry *entry, bool *found,
                         struct diag *diag) MUST_USE;

/* New entitlements in bulk: which ids are known already, and the insert of those that are not:
 * STATUS_CONFLICT if one is, and nothing is inserted. */
struct bulk_source bulk_entries(const struct bulk *entries);
enum status entries_known(struct ledger *ledger, const struct entry *entry, size_t count, bool *known,
                          struct diag *diag) MUST_USE;
enum status entries_insert(struct ledger *ledger, const struct ledger_source *source, const struct entry *entry,
                           size_t count, struct diag *diag) MUST_USE;

/* Keeps `old` as a past version and writes `new` as the current one, with the next version number. */
enum status entry_replace(struct ledger *ledger, const struct entry *old, struct entry *new, struct diag *diag) MUST_USE;
/* Writes only the stamps of `new`: its content is what stands there, approved anew. */
enum status entry_restamp(struct ledger *ledger, const struct entry *new, struct diag *diag) MUST_USE;
/* Marks an entitlement for a look at its past months. */
enum status entry_touch(struct ledger *ledger, int64_t ent, struct diag *diag) MUST_USE;
enum status entry_flag(struct ledger *ledger, int64_t ent, int flag, struct diag *diag) MUST_USE;

/* < 0, 0, > 0 as a was approved before, with, or after b. */
enum status stamp_compare(struct ledger *ledger, const struct stamp *a, const struct stamp *b, int *order,
                          struct diag *diag) MUST_USE;

/* Everything but stamps, versions and where it came from is the same. */
bool entry_same(const struct entry *a, const struct entry *b);

/* ---- persons: none of these while newcomers wait for theirs (newcomer.h) ---- */

/* What a row's two numbers say of its person. */
struct person_link {
    uint64_t person;            /* 0: the numbers contradict what is known */
    uint64_t merge;             /* known by the citizen number alone until now, and the same person; 0: nobody */
    uint64_t citizen;           /* new to the person; 0: nothing is new */
};
/* `key` is the row's person_key; changes nothing. */
enum status person_resolve(struct ledger *ledger, uint64_t key, uint64_t citizen, struct person_link *link,
                           struct diag *diag) MUST_USE;
/* Records what the numbers say: only for rows that are not rejected. */
enum status person_apply(struct ledger *ledger, const struct person_link *link, struct diag *diag) MUST_USE;
/* A person's key by one row's numbers alone. */
static inline uint64_t person_key(uint64_t beneficiary, uint64_t citizen)
{
    return beneficiary != 0 ? beneficiary : LEDGER_CITIZEN + citizen;
}
/* Calls `each` for every entitlement of a person. */
typedef enum status person_each(void *context, int64_t ent, struct diag *diag);
enum status person_entitlements(struct ledger *ledger, uint64_t person, person_each *each, void *context,
                                struct diag *diag) MUST_USE;

#endif
