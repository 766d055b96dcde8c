/* scan.c - reading the register: a unit's entitlements in one pass, one by key, stops, twins. */
#include "entry.h"

#include <stdlib.h>

/* What a plan needs of an entitlement, in scan_read's order. */
#define SCAN_SELECT                                                                                        \
    "SELECT e.ent, e.id, e.flags, e.unit, e.person, e.benefit, e.first_approved_on, e.version, e.since_run,"     \
    " e.channel, e.bank, e.account, e.name, e.payee_name, e.authorised_until, e.facts,"                          \
    " CASE e.channel WHEN 1 THEN (SELECT citizen FROM person p WHERE p.person = e.person) END FROM "

/* The parts of a pass. A guest's one-off was touched when it came, and need not be looked at again every
 * month. What a past month took up is what its runs found new. */
enum scan_part { STANDING, GUESTS, STANDING_GUESTS, ALL_GUESTS, NEW_ONCE, TOUCHED_ONCE, WAITING_ONCE, TAKEN_ONCE,
                 ALL_ONCE, SCAN_END };

static const char *const scan_sql[SCAN_END] = {
    [STANDING] = SCAN_SELECT "entitlement e WHERE e.ent BETWEEN ?1 AND ?2 AND e.unit = ?5 ORDER BY e.ent",
    [GUESTS] = SCAN_SELECT "guest g CROSS JOIN entitlement e ON e.ent = g.ent WHERE g.unit = ?5"
    " AND (g.ent < ?7 OR g.ent IN (SELECT ent FROM touched)) ORDER BY g.ent",
    [STANDING_GUESTS] = SCAN_SELECT "guest g CROSS JOIN entitlement e ON e.ent = g.ent WHERE g.unit = ?5"
    " AND g.ent < ?7 ORDER BY g.ent",
    [ALL_GUESTS] = SCAN_SELECT "guest g CROSS JOIN entitlement e ON e.ent = g.ent WHERE g.unit = ?5 ORDER BY g.ent",
    [NEW_ONCE] = SCAN_SELECT "entitlement e WHERE e.ent BETWEEN ?3 AND ?4 AND e.unit = ?5 ORDER BY e.ent",
    [TOUCHED_ONCE] = SCAN_SELECT "entitlement e WHERE e.ent IN (SELECT ent FROM touched WHERE ent >= ?6 AND ent < ?3)"
    " AND e.unit = ?5 ORDER BY e.ent",
    [WAITING_ONCE] = SCAN_SELECT "entitlement e WHERE e.ent IN (SELECT ent FROM touched WHERE ent >= ?7)"
    " AND e.ent NOT BETWEEN ?3 AND ?4 AND e.unit = ?5"
    " AND NOT EXISTS (SELECT 1 FROM obligation o WHERE o.period = 0 AND o.ent = e.ent) ORDER BY e.ent",
    [TAKEN_ONCE] = SCAN_SELECT "run_unit u JOIN run r ON r.run = u.run AND r.period = ?8 CROSS JOIN entitlement e"
    " ON e.ent >= u.once_from AND e.ent < coalesce((SELECT n.once_from FROM run_unit n WHERE n.unit = u.unit"
    " AND n.run > u.run ORDER BY n.run LIMIT 1), ?3) WHERE u.unit = ?5 AND e.unit = ?5 ORDER BY e.ent",
    [ALL_ONCE] = SCAN_SELECT "entitlement e WHERE e.ent BETWEEN ?6 AND ?4 AND e.unit = ?5 ORDER BY e.ent",
};

/* What a plan passes over, under the same law and under another one, and what makes up a month that was planned (or passed by), or is to come. */
static const enum scan_part of_plan[] = { STANDING, GUESTS, NEW_ONCE, TOUCHED_ONCE, SCAN_END };
static const enum scan_part of_everybody[] = { STANDING, ALL_GUESTS, ALL_ONCE, SCAN_END };
static const enum scan_part of_past[] = { STANDING, STANDING_GUESTS, TAKEN_ONCE, SCAN_END };
static const enum scan_part of_future[] = { STANDING, STANDING_GUESTS, NEW_ONCE, WAITING_ONCE, SCAN_END };

struct ledger_scan {
    struct ledger *ledger;
    int unit;
    month_t period;             /* of a month's pass */
    int64_t once_from;
    const enum scan_part *part;
    sqlite3_stmt *stmt;         /* NULL: the part is not started */
    int64_t *touched;           /* of the unit, in key order, when the pass began */
    size_t touched_count;
    size_t touched_next;        /* of the part, which is in key order too */
};

static void hand_over(const struct entry *entry, struct ledger_entitlement *entitlement)
{
    entitlement->ent = entry->ent;
    entitlement->unit = (int)entry->unit;
    entitlement->person = entry->person;
    entitlement->benefit = entry->benefit;
    entitlement->first_approved_on = (day_t)entry->first_approved_on;
    entitlement->approved_on = (day_t)entry->base.approved_on;
    entitlement->version = entry->version;
    entitlement->since_run = entry->since_run;
    entitlement->flags = (unsigned)entry->flags;
    entitlement->guest = ent_home(entry->ent) != entry->unit;
    entitlement->id = entry->id;
    entitlement->name = entry->name;
    entitlement->bank = entry->bank;
    entitlement->account = entry->account;
    entitlement->payee_name = entry->payee_name;
    entitlement->channel = (int)entry->channel;
    entitlement->area = (int)entry->area;
    entitlement->commune = (uint32_t)entry->commune;
    entitlement->authorised_until = (day_t)entry->authorised_until;
    entitlement->facts = entry->facts;
    entitlement->citizen = 0;
}

static void scan_read(sqlite3_stmt *stmt, struct ledger_entitlement *entitlement)
{
    entitlement->ent = sqlite3_column_int64(stmt, 0);
    entitlement->id = db_text(stmt, 1);
    entitlement->flags = (unsigned)sqlite3_column_int(stmt, 2);
    entitlement->unit = sqlite3_column_int(stmt, 3);
    entitlement->guest = ent_home(entitlement->ent) != entitlement->unit;
    entitlement->person = (uint64_t)sqlite3_column_int64(stmt, 4);
    entitlement->benefit = (enum benefit)sqlite3_column_int(stmt, 5);
    entitlement->first_approved_on = sqlite3_column_int(stmt, 6);
    entitlement->version = sqlite3_column_int64(stmt, 7);
    entitlement->since_run = sqlite3_column_int64(stmt, 8);
    entitlement->channel = sqlite3_column_int(stmt, 9);
    entitlement->bank = db_text(stmt, 10);
    entitlement->account = db_text(stmt, 11);
    entitlement->name = db_text(stmt, 12);
    entitlement->payee_name = db_text(stmt, 13);
    entitlement->authorised_until =
        sqlite3_column_type(stmt, 14) == SQLITE_NULL ? DAY_NONE : sqlite3_column_int(stmt, 14);
    entitlement->facts = db_text(stmt, 15);
    entitlement->citizen = (uint64_t)sqlite3_column_int64(stmt, 16);
    entitlement->approved_on = DAY_NONE;
    entitlement->area = -1;
    entitlement->commune = 0;
}

/* What waits for a look stands in a narrow table of its own, so that marking it and having looked writes no row
 * of the register; a pass goes along both. */
static enum status touched_load(struct ledger_scan *scan, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    enum status rc = db_query(scan->ledger, diag, &stmt, "SELECT ent FROM touched WHERE " ENT_OF_UNIT " ORDER BY ent",
                              "iiiii", (int64_t)scan->unit, ENT_OF_UNIT_BOUNDS(scan->unit));
    if (rc == STATUS_OK) {
        rc = db_next(scan->ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        /* The room is doubled at each power of two. */
        if ((scan->touched_count & (scan->touched_count - 1)) == 0) {
            scan->touched = mem_resize(scan->touched, scan->touched_count == 0 ? 1 : scan->touched_count * 2,
                                       sizeof(*scan->touched));
        }
        scan->touched[scan->touched_count++] = sqlite3_column_int64(stmt, 0);
        rc = db_next(scan->ledger, stmt, &more, diag);
    }
    return rc;
}

static bool is_touched(struct ledger_scan *scan, int64_t ent)
{
    while (scan->touched_next < scan->touched_count && scan->touched[scan->touched_next] < ent) {
        scan->touched_next++;
    }
    return scan->touched_next < scan->touched_count && scan->touched[scan->touched_next] == ent;
}

static enum status scan_make(struct ledger *ledger, int unit, const enum scan_part *part, month_t period,
                             struct ledger_scan **scan, struct diag *diag)
{
    sqlite3_stmt *stmt;

    *scan = NULL;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT once_planned FROM unit WHERE unit = ?", "i", (int64_t)unit);
    if (rc != STATUS_OK) {
        return rc;
    }
    *scan = mem_alloc(1, sizeof(**scan));
    (*scan)->ledger = ledger;
    (*scan)->unit = unit;
    (*scan)->period = period;
    (*scan)->part = part;
    (*scan)->once_from = stmt == NULL ? 1 : sqlite3_column_int64(stmt, 0);
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return touched_load(*scan, diag);
}

enum status ledger_scan_new(struct ledger *ledger, int unit, bool everybody, struct ledger_scan **scan,
                            struct diag *diag)
{
    return scan_make(ledger, unit, everybody ? of_everybody : of_plan, MONTH_NONE, scan, diag);
}

enum status ledger_scan_month_new(struct ledger *ledger, int unit, month_t period, struct ledger_scan **scan,
                                  struct diag *diag)
{
    sqlite3_stmt *stmt;

    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT 1 FROM run_unit u JOIN run r USING(run) WHERE u.unit = ?1 AND r.period >= ?2 LIMIT 1",
                              "ii", (int64_t)unit, (int64_t)period);
    bool past = rc == STATUS_OK && stmt != NULL;
    if (past) {
        sqlite3_reset(stmt);
    }
    return rc == STATUS_OK ? scan_make(ledger, unit, past ? of_past : of_future, period, scan, diag) : rc;
}

static enum status part_start(struct ledger_scan *scan, struct diag *diag)
{
    enum status rc = db_prepare(scan->ledger, scan_sql[*scan->part], &scan->stmt, diag);

    scan->touched_next = 0;
    if (rc == STATUS_OK) {
        const int64_t value[] = { ent_monthly(scan->unit, 0), ent_monthly(scan->unit + 1, 0) - 1,
                                  ent_once(scan->unit, scan->once_from), ent_once(scan->unit + 1, 0) - 1, scan->unit,
                                  ent_once(scan->unit, 0), ENT_ONCE, scan->period };
        for (int i = 0; i < sqlite3_bind_parameter_count(scan->stmt); i++) {
            sqlite3_bind_int64(scan->stmt, i + 1, value[i]);
        }
    }
    return rc;
}

enum status ledger_scan_next(struct ledger_scan *scan, struct ledger_entitlement *entitlement, bool *more,
                             struct diag *diag)
{
    enum status rc = STATUS_OK;

    *more = false;
    while (rc == STATUS_OK && !*more && *scan->part != SCAN_END) {
        if (scan->stmt == NULL) {
            rc = part_start(scan, diag);
        }
        if (rc == STATUS_OK) {
            rc = db_next(scan->ledger, scan->stmt, more, diag);
        }
        if (rc == STATUS_OK && !*more) {
            scan->stmt = NULL;
            scan->part++;
        }
    }
    if (rc == STATUS_OK && *more) {
        scan_read(scan->stmt, entitlement);
        if (is_touched(scan, entitlement->ent)) {
            entitlement->flags |= ENTITLEMENT_TOUCHED;
        }
    }
    return rc;
}

void ledger_scan_free(struct ledger_scan *scan)
{
    if (scan == NULL) {
        return;
    }
    if (scan->stmt != NULL) {
        sqlite3_reset(scan->stmt);
    }
    free(scan->touched);
    free(scan);
}

static enum status past_version(struct ledger *ledger, int64_t ent, int64_t version, struct arena *arena,
                                struct entry *entry, bool *found, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT v.ent, e.id, e.flags, v.unit, v.person, v.benefit, v.version, v.since_run,"
                              " v.first_approved_on, v.approved_on, v.signed_at, v.approval, v.intake, v.line, v.area, v.commune, v.channel,"
                              " v.bank, v.account, v.name, v.payee_name, v.authorised_until, v.deceased, v.programme,"
                              " v.stamps, v.facts FROM entitlement_version v JOIN entitlement e USING(ent)"
                              " WHERE v.ent = ? AND v.version = ?", "ii", ent, version);
    *found = rc == STATUS_OK && stmt != NULL;
    if (*found) {
        entry_copy(stmt, arena, entry);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_entitlement_get(struct ledger *ledger, int64_t ent, int64_t version, struct arena *arena,
                                   struct ledger_entitlement *entitlement, struct diag *diag)
{
    struct entry entry;
    sqlite3_stmt *stmt = NULL;
    bool found = false;

    enum status rc = entry_by_key(ledger, ent, arena, &entry, &found, diag);
    if (rc == STATUS_OK && found && version != 0 && version != entry.version) {
        rc = past_version(ledger, ent, version, arena, &entry, &found, diag);
    }
    if (rc == STATUS_OK && !found) {
        rc = diag_fail(diag, STATUS_NO_INPUT, "there is no such entitlement");
    }
    if (rc == STATUS_OK) {
        hand_over(&entry, entitlement);
        rc = db_first(ledger, diag, &stmt, "SELECT 1 FROM touched WHERE ent = ?", "i", ent);
    }
    if (rc == STATUS_OK && stmt != NULL) {
        entitlement->flags |= ENTITLEMENT_TOUCHED;
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_entitlement_find(struct ledger *ledger, struct span id, int64_t *ent, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, "SELECT ent FROM entitlement WHERE id = ?", "t", &id);

    if (rc == STATUS_OK && stmt == NULL) {
        rc = diag_fail(diag, STATUS_NO_INPUT, "there is no entitlement \"%.*s\"", (int)id.size, id.data);
    } else if (rc == STATUS_OK) {
        *ent = sqlite3_column_int64(stmt, 0);
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status ledger_stops_of(struct ledger *ledger, int64_t ent, uint64_t person,
                            struct ledger_stop_state stop[LEDGER_STOPS_MAX], size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT kind, coalesce(reason, -1), from_day FROM stop WHERE person = ?1"
                              " AND (ent IS NULL OR ent = ?2) ORDER BY from_day, stop", "ii", (int64_t)person, ent);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        if (*count == LEDGER_STOPS_MAX) {
            sqlite3_reset(stmt);
            return diag_fail(diag, STATUS_LIMIT, "an entitlement has more than %d stops", LEDGER_STOPS_MAX);
        }
        stop[(*count)++] = (struct ledger_stop_state){ sqlite3_column_int(stmt, 0), sqlite3_column_int(stmt, 1),
                                                       sqlite3_column_int(stmt, 2) };
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

struct twins {
    struct ledger *ledger;
    const struct ledger_entitlement *self;
    int64_t *twin;
    size_t count;
};

static enum status twin_one(void *context, int64_t ent, struct diag *diag)
{
    struct twins *twins = context;
    sqlite3_stmt *stmt;

    enum status rc = db_first(twins->ledger, diag, &stmt, "SELECT benefit FROM entitlement WHERE ent = ?", "i", ent);
    if (rc != STATUS_OK || stmt == NULL) {
        return rc;
    }
    bool twin = ent != twins->self->ent && benefit_component((enum benefit)sqlite3_column_int(stmt, 0)) ==
                                               benefit_component(twins->self->benefit);
    sqlite3_reset(stmt);
    if (twin && twins->count == LEDGER_TWINS_MAX) {
        return diag_fail(diag, STATUS_LIMIT, "a person has the same benefit under more than %d ids", LEDGER_TWINS_MAX);
    }
    if (twin) {
        twins->twin[twins->count++] = ent;
    }
    return STATUS_OK;
}

enum status ledger_twins(struct ledger *ledger, const struct ledger_entitlement *entitlement,
                         int64_t twin[LEDGER_TWINS_MAX], size_t *count, struct diag *diag)
{
    struct twins twins = { ledger, entitlement, twin, 0 };

    enum status rc = person_entitlements(ledger, entitlement->person, twin_one, &twins, diag);
    *count = twins.count;
    return rc;
}

/* Obligations lead with the period, so each period of the ledger is asked for; there are twelve a year. */
enum status ledger_was_paid(struct ledger *ledger, int64_t ent, bool *paid, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt,
                              "WITH RECURSIVE p(period) AS (SELECT min(period) FROM obligation UNION ALL"
                              " SELECT (SELECT min(period) FROM obligation WHERE period > p.period) FROM p"
                              " WHERE p.period IS NOT NULL)"
                              " SELECT 1 FROM p JOIN obligation o ON o.period = p.period AND o.ent = ?1"
                              " WHERE o.batch IS NOT NULL OR o.payment IS NOT NULL LIMIT 1", "i", ent);
    *paid = rc == STATUS_OK && stmt != NULL;
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}
