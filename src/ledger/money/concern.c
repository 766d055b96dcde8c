/* concern.c - who may have to wait: named as deceased, excluded by another benefit, an account of many. */
#include "chitra/ledger_screen.h"

#include "ledger/register/entry.h"

#include <stdlib.h>

static void concern_add(struct concerns *concerns, struct concern concern)
{
    if (concerns->count == concerns->room) {
        concerns->room = concerns->room * 2 + 64;
        concerns->item = mem_resize(concerns->item, concerns->room, sizeof(*concerns->item));
    }
    concerns->item[concerns->count++] = concern;
}

void concerns_release(struct concerns *concerns)
{
    free(concerns->item);
    *concerns = (struct concerns){ NULL, 0, 0 };
}

static int by_ent(const void *a, const void *b)
{
    const struct concern *one = a;
    const struct concern *other = b;

    if (one->ent != other->ent) {
        return one->ent < other->ent ? -1 : 1;
    }
    if (one->kind != other->kind) {
        return one->kind < other->kind ? -1 : 1;
    }
    return (one->other > other->other) - (one->other < other->other);
}

void concerns_sort(struct concerns *concerns)
{
    if (concerns->count > 0) {
        qsort(concerns->item, concerns->count, sizeof(*concerns->item), by_ent);
    }
}

const struct concern *concerns_of(const struct concerns *concerns, int64_t ent, size_t *count)
{
    size_t low = 0;
    size_t high = concerns->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (concerns->item[middle].ent < ent) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (*count = 0; low + *count < concerns->count && concerns->item[low + *count].ent == ent;) {
        *count += 1;
    }
    return *count == 0 ? NULL : &concerns->item[low];
}

uint64_t ledger_thing(struct span a, struct span b)
{
    uint64_t hash = UINT64_C(14695981039346656037);     /* FNV-1a, with a mark between the two */
    const struct span part[] = { a, { "|", 1 }, b };

    for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++) {
        for (size_t j = 0; j < part[i].size; j++) {
            hash = (hash ^ (unsigned char)part[i].data[j]) * UINT64_C(1099511628211);
        }
    }
    return hash ^ hash >> 32;
}

/* ---- named as deceased ---- */

/* A person's first entitlement stands with the person, the others beside it. A citizen number may by now have an
 * insurance number (LEDGER_CITIZEN). */
#define NAMED_FROM                                                                                       \
    " FROM entitlement d JOIN person p ON p.person = coalesce("                                          \
    "(SELECT person FROM citizen WHERE citizen = d.deceased - 1000000000000), d.deceased)"

enum status ledger_concerns_named_deceased(struct ledger *ledger, struct concerns *concerns, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT x.ent, d.ent" NAMED_FROM
                              " JOIN entitlement x ON x.ent = p.ent WHERE d.deceased IS NOT NULL AND d.flags & 1 = 0"
                              " AND x.flags & 1 = 0 UNION ALL SELECT x.ent, d.ent" NAMED_FROM
                              " JOIN person_more m ON m.person = p.person JOIN entitlement x ON x.ent = m.ent"
                              " WHERE d.deceased IS NOT NULL AND d.flags & 1 = 0 AND x.flags & 1 = 0", "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        int64_t other = sqlite3_column_int64(stmt, 1);
        concern_add(concerns, (struct concern){ sqlite3_column_int64(stmt, 0), CONCERN_NAMED_DECEASED, other,
                                                (uint64_t)other });
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

/* ---- excluded ---- */

enum { PERSON_ENTITLEMENTS_MAX = 256 };     /* of one person; more are not compared with each other */

struct company {
    int64_t person;
    int64_t ent[PERSON_ENTITLEMENTS_MAX];
    int benefit[PERSON_ENTITLEMENTS_MAX];
    size_t count;
};

static void company_add(struct company *company, int64_t ent, int benefit)
{
    if (company->count < PERSON_ENTITLEMENTS_MAX) {
        company->ent[company->count] = ent;
        company->benefit[company->count++] = benefit;
    }
}

static void company_compare(const struct company *company, const uint64_t apart[BENEFIT_MAX + 1],
                            struct concerns *concerns)
{
    for (size_t i = 0; i < company->count; i++) {
        for (size_t j = 0; j < company->count; j++) {
            if (i != j && (apart[company->benefit[i]] >> company->benefit[j] & 1) != 0) {
                concern_add(concerns, (struct concern){ company->ent[i], CONCERN_EXCLUDED, company->ent[j],
                                                        (uint64_t)company->ent[j] });
            }
        }
    }
}

enum status ledger_concerns_excluded(struct ledger *ledger, const uint64_t apart[BENEFIT_MAX + 1],
                                     struct concerns *concerns, struct diag *diag)
{
    struct company company = { .person = 0 };
    sqlite3_stmt *stmt;
    bool more = false;

    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT m.person, p.ent, a.benefit, m.ent, b.benefit FROM person_more m"
                              " JOIN person p ON p.person = m.person JOIN entitlement a ON a.ent = p.ent"
                              " JOIN entitlement b ON b.ent = m.ent ORDER BY m.person, m.ent", "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        if (sqlite3_column_int64(stmt, 0) != company.person) {
            company_compare(&company, apart, concerns);
            company.person = sqlite3_column_int64(stmt, 0);
            company.count = 0;
            company_add(&company, sqlite3_column_int64(stmt, 1), sqlite3_column_int(stmt, 2));
        }
        company_add(&company, sqlite3_column_int64(stmt, 3), sqlite3_column_int(stmt, 4));
        rc = db_next(ledger, stmt, &more, diag);
    }
    company_compare(&company, apart, concerns);
    return rc;
}

/* ---- accounts of many ---- */

/* Two passes, so that memory does not grow with the register: the first counts rows in slots by the account's
 * hash, the second keeps the rows of full slots, which are then compared exactly. */
enum { SLOTS = 1 << 24 };

struct holder {
    uint64_t account;
    int64_t family;             /* the person, or whom the family lost */
    int64_t ent;
};

struct sharing {
    unsigned people;
    uint8_t *slot;
    bool keep;                  /* the second pass */
    struct holder *holder;
    size_t count, room;
};

static void holder_take(struct sharing *sharing, const struct holder *holder)
{
    uint8_t *slot = &sharing->slot[holder->account & (SLOTS - 1)];

    if (!sharing->keep) {
        *slot = (uint8_t)(*slot + (*slot < UINT8_MAX));
        return;
    }
    if (*slot <= sharing->people && *slot < UINT8_MAX) {
        return;
    }
    if (sharing->count == sharing->room) {
        sharing->room = sharing->room * 2 + 256;
        sharing->holder = mem_resize(sharing->holder, sharing->room, sizeof(*sharing->holder));
    }
    sharing->holder[sharing->count++] = *holder;
}

/* Standing entitlements, then one-offs that no run before this one has planned. */
static enum status holders_pass(struct ledger *ledger, int64_t run, struct sharing *sharing, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT ent, coalesce(deceased, person), bank, account FROM entitlement"
                              " WHERE ent < ?1 AND account IS NOT NULL UNION ALL"
                              " SELECT e.ent, coalesce(e.deceased, e.person), e.bank, e.account FROM unit u CROSS JOIN"
                              " entitlement e ON e.ent >= coalesce((SELECT once_from FROM run_unit WHERE run = ?3"
                              " AND unit = u.unit), ?1 + (u.unit << ?2) + u.once_planned)"
                              " AND e.ent < ?1 + ((u.unit + 1) << ?2) WHERE e.account IS NOT NULL", "iii", ENT_ONCE,
                              (int64_t)ENT_ONCE_BITS, run);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        struct holder holder = { ledger_thing(db_text(stmt, 2), db_text(stmt, 3)), sqlite3_column_int64(stmt, 1),
                                 sqlite3_column_int64(stmt, 0) };
        holder_take(sharing, &holder);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

static int by_account(const void *a, const void *b)
{
    const struct holder *one = a;
    const struct holder *other = b;

    if (one->account != other->account) {
        return one->account < other->account ? -1 : 1;
    }
    return (one->family > other->family) - (one->family < other->family);
}

static void holders_compare(struct sharing *sharing, struct concerns *concerns)
{
    size_t next;

    if (sharing->count > 0) {
        qsort(sharing->holder, sharing->count, sizeof(*sharing->holder), by_account);
    }
    for (size_t i = 0; i < sharing->count; i = next) {
        size_t families = 1;
        for (next = i + 1; next < sharing->count && sharing->holder[next].account == sharing->holder[i].account; next++) {
            families += sharing->holder[next].family != sharing->holder[next - 1].family;
        }
        for (size_t j = i; j < next && families > sharing->people; j++) {
            concern_add(concerns, (struct concern){ sharing->holder[j].ent, CONCERN_SHARED_ACCOUNT, 0,
                                                    sharing->holder[j].account });
        }
    }
}

enum status ledger_concerns_shared(struct ledger *ledger, int64_t run, unsigned people, struct concerns *concerns,
                                   struct diag *diag)
{
    struct sharing sharing = { .people = people, .slot = mem_alloc(SLOTS, sizeof(uint8_t)) };

    enum status rc = holders_pass(ledger, run, &sharing, diag);
    if (rc == STATUS_OK) {
        sharing.keep = true;
        rc = holders_pass(ledger, run, &sharing, diag);
    }
    if (rc == STATUS_OK) {
        holders_compare(&sharing, concerns);
    }
    free(sharing.slot);
    free(sharing.holder);
    return rc;
}
