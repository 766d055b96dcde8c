/*
 * schema.c - the tables. chitra-ledger.5 describes them for those who read them with sqlite3.
 *
 * Rows of the hot tables are narrow and appended in key order; people, accounts and facts are stored
 * once and not every month. A month is a number (year * 12 + month - 1), a day counts from
 * 1970-01-01; the views show both as text. What has left
 * the house is never deleted; what an act takes back before that is in the journal.
 */
#include "db.h"

#include "chitra/ledger_state.h"

/* One more with each change of the tables, or of what a number in them means: a ledger of another version is refused
 * before anything is done with it. */
enum { SCHEMA_VERSION = 2, SCHEMA_APPLICATION = 0x63687472 };   /* "chtr" */

/* What an entitlement and its past versions share. */
#define ENTITLEMENT_COLUMNS                                                                          \
    "unit INTEGER NOT NULL, person INTEGER NOT NULL, benefit INTEGER NOT NULL,"                      \
    "version INTEGER NOT NULL, since_run INTEGER NOT NULL, first_approved_on INTEGER NOT NULL,"      \
    "approved_on INTEGER NOT NULL,"                                                                  \
    "signed_at INTEGER NOT NULL, approval INTEGER NOT NULL, intake INTEGER NOT NULL,"                \
    "line INTEGER NOT NULL, area INTEGER, commune INTEGER, channel INTEGER NOT NULL, bank TEXT,"     \
    "account TEXT, name TEXT NOT NULL, payee_name TEXT, authorised_until INTEGER, deceased INTEGER," \
    "programme TEXT, stamps BLOB, facts BLOB NOT NULL,"

static const char register_sql[] =
    "CREATE TABLE unit(unit INTEGER PRIMARY KEY CHECK(unit BETWEEN 1 AND 63), code TEXT NOT NULL UNIQUE,"
    " monthly_next INTEGER NOT NULL, once_next INTEGER NOT NULL, once_planned INTEGER NOT NULL,"
    " covered_through INTEGER, covered_run INTEGER, covered_law BLOB) STRICT;"
    "CREATE TABLE run(run INTEGER PRIMARY KEY, first INTEGER NOT NULL, period INTEGER NOT NULL, number INTEGER NOT NULL,"
    " state INTEGER NOT NULL, created_at TEXT NOT NULL, who TEXT NOT NULL, officer TEXT, officer_key BLOB,"
    " pay_date INTEGER, units TEXT NOT NULL,"
    " law BLOB NOT NULL, config BLOB NOT NULL, formats BLOB NOT NULL, UNIQUE(period, number)) STRICT;"
    "CREATE TABLE approval(approval INTEGER PRIMARY KEY, list BLOB NOT NULL, signature BLOB NOT NULL UNIQUE,"
    " signer BLOB NOT NULL, officer TEXT NOT NULL, name TEXT NOT NULL, signed_at INTEGER NOT NULL, run INTEGER NOT NULL) STRICT;"
    "CREATE TABLE intake(intake INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, name TEXT NOT NULL,"
    " run INTEGER NOT NULL REFERENCES run, approval INTEGER NOT NULL, family INTEGER, state INTEGER NOT NULL,"
    " rows_read INTEGER, applied INTEGER, unchanged INTEGER, rejected INTEGER,"
    " CHECK(rows_read IS NULL OR rows_read = applied + unchanged + rejected)) STRICT;"
    "CREATE TABLE reject(intake INTEGER NOT NULL REFERENCES intake, line INTEGER NOT NULL, col INTEGER NOT NULL,"
    " reason TEXT NOT NULL, PRIMARY KEY(intake, line, col)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE person(person INTEGER PRIMARY KEY, citizen INTEGER, ent INTEGER) STRICT;"
    "CREATE TABLE citizen(citizen INTEGER PRIMARY KEY, person INTEGER NOT NULL) STRICT;"
    "CREATE TABLE person_more(person INTEGER NOT NULL, ent INTEGER NOT NULL, PRIMARY KEY(person, ent)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE entitlement(ent INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, flags INTEGER NOT NULL,"
    ENTITLEMENT_COLUMNS " CHECK(id <> '')) STRICT;"
    "CREATE TABLE entitlement_version(ent INTEGER NOT NULL," ENTITLEMENT_COLUMNS
    " PRIMARY KEY(ent, version)) STRICT, WITHOUT ROWID;"
    /* Entitlements that another unit than their home pays. */
    "CREATE TABLE guest(unit INTEGER NOT NULL, ent INTEGER NOT NULL, PRIMARY KEY(unit, ent)) STRICT, WITHOUT ROWID;"
    /* Units that send everybody every month: which files are a month's list, and who was in the latest one. */
    "CREATE TABLE listing(period INTEGER NOT NULL, unit INTEGER NOT NULL REFERENCES unit,"
    " intake INTEGER NOT NULL REFERENCES intake, run INTEGER NOT NULL REFERENCES run, approval INTEGER NOT NULL,"
    " name TEXT NOT NULL, looked INTEGER NOT NULL, PRIMARY KEY(period, unit, intake)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE listed(ent INTEGER PRIMARY KEY, through INTEGER NOT NULL) STRICT;"
    "CREATE TABLE touched(ent INTEGER PRIMARY KEY) STRICT;"
    "CREATE TABLE stop(stop INTEGER PRIMARY KEY, person INTEGER NOT NULL, ent INTEGER, kind INTEGER NOT NULL,"
    " from_day INTEGER NOT NULL, reason INTEGER, approved_on INTEGER, approval INTEGER NOT NULL,"
    " intake INTEGER NOT NULL, line INTEGER NOT NULL) STRICT;"
    "CREATE INDEX stop_person ON stop(person);";

/* What became of a payment, by which answer, and by which debit of our account (answer.h): NULL as the file's rest. */
#define CELL_COLUMNS                                                                                 \
    " state INTEGER, reason INTEGER, day INTEGER, answer INTEGER, debit_on INTEGER, debit INTEGER,"

static const char money_sql[] =
    "CREATE TABLE obligation(period INTEGER NOT NULL, ent INTEGER NOT NULL, comp INTEGER NOT NULL,"
    " seq INTEGER NOT NULL, amount INTEGER NOT NULL, batch INTEGER, version INTEGER NOT NULL, payment INTEGER,"
    " PRIMARY KEY(period, ent, comp, seq)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX obligation_payment ON obligation(payment) WHERE payment IS NOT NULL;"
    /* Held, offset, closed (3: not due any more, 4: by hand), let go by hand. */
    "CREATE TABLE exception(period INTEGER NOT NULL, ent INTEGER NOT NULL, comp INTEGER NOT NULL,"
    " seq INTEGER NOT NULL, state INTEGER NOT NULL, reason TEXT NOT NULL, run INTEGER NOT NULL, at TEXT NOT NULL,"
    " former TEXT, thing INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(period, ent, comp, seq)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX exception_ent ON exception(ent) WHERE state IN (1, 5);"
    "CREATE TABLE payment(payment INTEGER PRIMARY KEY, end_to_end_id TEXT NOT NULL UNIQUE, ent INTEGER,"
    " period INTEGER NOT NULL, purpose INTEGER NOT NULL, amount INTEGER NOT NULL CHECK(amount > 0),"
    " batch INTEGER NOT NULL, version INTEGER NOT NULL, attempt INTEGER NOT NULL,"
    " parent TEXT UNIQUE REFERENCES dead(end_to_end_id)," CELL_COLUMNS " orders INTEGER, CHECK((attempt = 0) = (parent IS NULL))) STRICT;"
    "CREATE INDEX payment_batch ON payment(batch, ent);"
    "CREATE TABLE batch(batch INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run, unit INTEGER NOT NULL,"
    " channel INTEGER NOT NULL, bank TEXT NOT NULL, account TEXT NOT NULL, profile TEXT NOT NULL,"
    " pay_date INTEGER NOT NULL, part INTEGER NOT NULL, payments INTEGER NOT NULL CHECK(payments > 0),"
    " amount INTEGER NOT NULL CHECK(amount > 0), UNIQUE(run, unit, channel, bank, part)) STRICT;"
    "CREATE TABLE file(file INTEGER PRIMARY KEY, msg_id TEXT NOT NULL UNIQUE, batch INTEGER NOT NULL REFERENCES batch,"
    " generation INTEGER NOT NULL, state INTEGER NOT NULL, payments INTEGER NOT NULL, amount INTEGER NOT NULL,"
    " pay_date INTEGER NOT NULL, created_at TEXT NOT NULL, path TEXT NOT NULL, xml_sha256 BLOB, sha256 BLOB,"
    " size INTEGER, certificate BLOB, profile BLOB, config BLOB, formats BLOB, signature TEXT, release INTEGER,"
    " taken_up INTEGER, made_by TEXT, made_officer TEXT, made_key BLOB,"
    " rest INTEGER NOT NULL DEFAULT 1, rest_reason INTEGER, rest_day INTEGER, rest_answer INTEGER, rest_debit_on INTEGER,"
    " rest_debit INTEGER, UNIQUE(batch, generation)) STRICT;"
    /* stale, rejected, voided and superseded generations are not live */
    "CREATE UNIQUE INDEX file_live ON file(batch) WHERE state NOT IN (2, 9, 10, 11);"
    /* A new attempt, and which obligations it settles; their own rows stay with the first one. */
    "CREATE TABLE reissue(period INTEGER NOT NULL, ent INTEGER NOT NULL, comp INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " attempt INTEGER NOT NULL CHECK(attempt > 0), payment INTEGER NOT NULL REFERENCES payment,"
    " PRIMARY KEY(period, ent, comp, seq, attempt)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX reissue_payment ON reissue(payment);"
    "CREATE TABLE release(release INTEGER PRIMARY KEY, run INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, at TEXT NOT NULL,"
    " who TEXT NOT NULL, pay_month INTEGER NOT NULL, ended INTEGER NOT NULL, list BLOB) STRICT;"
    /* Payments that were taken out of a file of a closed month (v_month): they count there still, and nowhere else. An
     * amount stands at one obligation of each. */
    "CREATE TABLE counted(period INTEGER NOT NULL, ent INTEGER NOT NULL, comp INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " batch INTEGER NOT NULL REFERENCES batch, amount INTEGER, version INTEGER NOT NULL,"
    " PRIMARY KEY(period, ent, comp, seq)) STRICT, WITHOUT ROWID;"
    /* What is done to files that have left: 1 withdrawn, 2 sent again; with the signed list that says so. */
    "CREATE TABLE errand(errand INTEGER PRIMARY KEY, kind INTEGER NOT NULL, release INTEGER NOT NULL REFERENCES release,"
    " name TEXT NOT NULL UNIQUE, at TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, evidence BLOB,"
    " ended INTEGER NOT NULL, list BLOB) STRICT;"
    "CREATE TABLE errand_file(errand INTEGER NOT NULL REFERENCES errand, file INTEGER NOT NULL REFERENCES file,"
    " path TEXT NOT NULL, sha256 BLOB NOT NULL, PRIMARY KEY(errand, file)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE funding(unit INTEGER NOT NULL, pay_month INTEGER NOT NULL, instalment INTEGER NOT NULL,"
    " run INTEGER NOT NULL, amount INTEGER NOT NULL CHECK(amount >= 0), at_post INTEGER NOT NULL CHECK(at_post >= 0),"
    " payment INTEGER UNIQUE, PRIMARY KEY(unit, pay_month, instalment), CHECK(amount + at_post > 0),"
    " CHECK((payment IS NULL) = (amount = 0))) STRICT, WITHOUT ROWID;"
    "CREATE TABLE run_unit(run INTEGER NOT NULL, unit INTEGER NOT NULL, batch_first INTEGER NOT NULL,"
    " batch_last INTEGER NOT NULL, once_from INTEGER NOT NULL,"
    " PRIMARY KEY(run, unit)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE figure(run INTEGER NOT NULL, unit INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,"
    " amount INTEGER NOT NULL, PRIMARY KEY(run, unit, name)) STRICT, WITHOUT ROWID;";

/* What comes after the bank's answer, and officers' decisions. */
static const char later_sql[] =
    /* first: the number of the first event of its transaction; changes: the rows that one changed, at its last */
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, first INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL,"
    " kind TEXT NOT NULL, subject TEXT NOT NULL, unit TEXT NOT NULL, why TEXT NOT NULL, digest BLOB NOT NULL,"
    " prev BLOB NOT NULL, hash BLOB NOT NULL UNIQUE, changes BLOB) STRICT;"
    "CREATE TABLE answer(answer INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, name TEXT NOT NULL,"
    " message TEXT NOT NULL, sender TEXT NOT NULL, said_at INTEGER NOT NULL, signature BLOB, at TEXT NOT NULL,"
    " verdict INTEGER NOT NULL, lines INTEGER NOT NULL) STRICT;"
    /* What the state of a usual payment is where it is not its file's `rest`. */
    "CREATE TABLE outcome(period INTEGER NOT NULL, ent INTEGER NOT NULL, comp INTEGER NOT NULL," CELL_COLUMNS
    " PRIMARY KEY(period, ent, comp)) STRICT, WITHOUT ROWID;"
    /* Payments that finally failed: `comp` is NULL where the payment has a row of its own. settled: 0 it waits,
     * 1 a new attempt took its place, 2 closed. */
    "CREATE TABLE dead(end_to_end_id TEXT PRIMARY KEY, ent INTEGER NOT NULL, period INTEGER NOT NULL, comp INTEGER,"
    " payment INTEGER, batch INTEGER NOT NULL, version INTEGER NOT NULL, state INTEGER NOT NULL, reason INTEGER,"
    " day INTEGER, answer INTEGER NOT NULL, settled INTEGER NOT NULL DEFAULT 0, withdrawn TEXT,"
    " cured TEXT, cured_by TEXT, cured_at TEXT)"
    " STRICT, WITHOUT ROWID;"
    "CREATE INDEX dead_open ON dead(ent) WHERE settled = 0;"
    "CREATE INDEX dead_at_post ON dead(batch) WHERE state = 8;"
    /* What a screen holds of a failed payment's new attempt: it stays failed. `seen` is the last run that asked. */
    "CREATE TABLE attempt_held(period INTEGER NOT NULL, ent INTEGER NOT NULL, comp INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " end_to_end_id TEXT NOT NULL REFERENCES dead, reason TEXT NOT NULL, thing INTEGER NOT NULL, run INTEGER NOT NULL,"
    " at TEXT NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY(period, ent, comp, seq)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX attempt_held_ent ON attempt_held(ent);"
    /* Codes of reasons, as banks send them. */
    "CREATE TABLE word(word INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"
    /* What an answer said that the ledger did not take over (ledger_answer.h). */
    "CREATE TABLE break(break INTEGER PRIMARY KEY, answer INTEGER NOT NULL REFERENCES answer, kind INTEGER NOT NULL,"
    " file INTEGER, end_to_end_id TEXT, ent INTEGER, says INTEGER NOT NULL, reason INTEGER, day INTEGER, amount INTEGER,"
    " expected INTEGER, at TEXT NOT NULL, closed_at TEXT, closed_by TEXT, closed_why TEXT) STRICT;"
    "CREATE INDEX break_open ON break(kind) WHERE closed_at IS NULL;"
    "CREATE INDEX break_double ON break(end_to_end_id) WHERE kind = 7;"
    /* Holds by hand, on an entitlement or on one payment of it; plans of runs after `run` know of it. */
    "CREATE TABLE hold(hold INTEGER PRIMARY KEY, ent INTEGER NOT NULL, payment_id TEXT, reason TEXT NOT NULL,"
    " run INTEGER NOT NULL, who TEXT NOT NULL, officer TEXT NOT NULL, officer_key BLOB, at TEXT NOT NULL, lifted_at TEXT,"
    " lifted_by TEXT, lifted_why TEXT) STRICT;"
    "CREATE INDEX hold_open ON hold(ent) WHERE lifted_at IS NULL;"
    "CREATE TABLE orders(orders INTEGER PRIMARY KEY, order_id TEXT NOT NULL UNIQUE, ent INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, amount INTEGER NOT NULL CHECK(amount > 0), from_month INTEGER NOT NULL, to_month INTEGER,"
    " monthly_limit INTEGER, agreed INTEGER NOT NULL, creditor_name TEXT, creditor_bank TEXT, creditor_account TEXT,"
    " reference TEXT, replaces INTEGER UNIQUE REFERENCES orders, reason TEXT, intake INTEGER NOT NULL, line INTEGER NOT NULL) STRICT;"
    "CREATE INDEX orders_ent ON orders(ent);"
    /* The obligations that an order made, and the run in which. */
    "CREATE TABLE ordered(period INTEGER NOT NULL, ent INTEGER NOT NULL, comp INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " orders INTEGER NOT NULL REFERENCES orders, run INTEGER NOT NULL,"
    " PRIMARY KEY(period, ent, comp, seq)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX ordered_orders ON ordered(orders);"
    "CREATE TABLE receivable(ent INTEGER NOT NULL, period INTEGER NOT NULL, cause INTEGER NOT NULL,"
    " amount INTEGER NOT NULL CHECK(amount > 0), settled INTEGER NOT NULL CHECK(settled BETWEEN 0 AND amount),"
    " run INTEGER NOT NULL, PRIMARY KEY(ent, period)) STRICT, WITHOUT ROWID;";

/* Holds that an officer lifted: of this reason and this thing nothing is held again. */
static const char screen_sql[] =
    "CREATE TABLE lifted(ent INTEGER NOT NULL, reason TEXT NOT NULL, thing INTEGER NOT NULL, event INTEGER NOT NULL,"
    " PRIMARY KEY(ent, reason, thing)) STRICT, WITHOUT ROWID;"
    /* Few have one; who they name may still be paid. */
    "CREATE INDEX entitlement_deceased ON entitlement(deceased) WHERE deceased IS NOT NULL;";

/* What officers signed, and who they were when it was last looked. */
static const char officer_sql[] =
    "CREATE TABLE signature(event INTEGER PRIMARY KEY REFERENCES event, signer BLOB NOT NULL, config BLOB NOT NULL,"
    " content BLOB NOT NULL, der BLOB NOT NULL) STRICT;"
    "CREATE TABLE officer(name TEXT PRIMARY KEY, designation TEXT NOT NULL) STRICT, WITHOUT ROWID;";

#define MONTH_TEXT(column) \
    "CASE " column " WHEN 0 THEN 'once' ELSE printf('%04d-%02d', " column " / 12, " column " % 12 + 1) END"
#define X(number, name, word) " WHEN " #number " THEN '" word "'"
#define STATE_TEXT "CASE f.state" FILE_STATE_LIST(X) " END"

/* A payment's own state, or its file's. */
#define CELL_TEXT(table)                                                                             \
    "CASE WHEN f.state = 10 THEN 'calculated' ELSE CASE coalesce(" table ".state, f.rest)" PAYMENT_STATE_LIST(X) " END END" \
    " AS state, (SELECT text FROM word WHERE word = CASE WHEN " table ".state IS NULL THEN f.rest_reason ELSE " table ".reason" \
    " END) AS reason, date(CASE WHEN " table ".state IS NULL THEN f.rest_day ELSE " table ".day END * 86400, 'unixepoch')" \
    " AS state_on"
#define LAST_FILE                                                                                    \
    "JOIN file f ON f.batch = b.batch AND f.generation = (SELECT max(g.generation) FROM file g WHERE g.batch = b.batch)" \
    " JOIN run r ON r.run = b.run JOIN unit u ON u.unit = b.unit"

/* For accountants with sqlite3: words and dates in place of numbers. */
static const char views_sql[] =
    "CREATE VIEW v_obligation AS SELECT e.id AS entitlement_id, " MONTH_TEXT("o.period") " AS period, o.comp AS component,"
    " o.seq, o.amount, CASE x.state WHEN 1 THEN 'held' WHEN 2 THEN 'offset' WHEN 3 THEN 'closed' WHEN 4 THEN 'closed'"
    " WHEN 5 THEN 'calculated' ELSE 'instructed' END"
    " AS state, x.reason, coalesce(p.batch, o.batch) AS batch, e.benefit, u.code AS unit"
    " FROM obligation o JOIN entitlement e USING(ent) JOIN unit u ON u.unit = e.unit"
    " LEFT JOIN payment p ON p.payment = o.payment LEFT JOIN exception x"
    " ON x.period = o.period AND x.ent = o.ent AND x.comp = o.comp AND x.seq = o.seq;"
    "CREATE VIEW v_file AS SELECT f.msg_id, b.run, u.code AS unit, b.channel, b.bank, b.part, f.generation, f.payments,"
    " f.amount, " STATE_TEXT " AS state, date(f.pay_date * 86400, 'unixepoch') AS pay_date, f.path,"
    " lower(hex(f.sha256)) AS sha256 FROM file f JOIN batch b USING(batch) JOIN unit u USING(unit);"
    "CREATE VIEW v_payment AS SELECT NULL AS payment_id, e.id AS entitlement_id, " MONTH_TEXT("r.period") " AS period,"
    " o.amount, b.channel, f.msg_id, " CELL_TEXT("x") ", NULL AS parent, b.run, u.code AS unit"
    " FROM obligation o JOIN entitlement e ON e.ent = o.ent JOIN batch b ON b.batch = o.batch " LAST_FILE
    " LEFT JOIN outcome x ON x.period = o.period AND x.ent = o.ent AND x.comp = o.comp WHERE o.payment IS NULL"
    " UNION ALL SELECT p.end_to_end_id, e.id, " MONTH_TEXT("p.period") ", p.amount, b.channel, f.msg_id, " CELL_TEXT("p")
    ", p.parent, b.run, u.code FROM payment p JOIN batch b ON b.batch = p.batch " LAST_FILE
    " LEFT JOIN entitlement e ON e.ent = p.ent;"
    "CREATE VIEW v_break AS SELECT k.break, k.at, k.kind, f.msg_id, k.end_to_end_id AS payment_id, e.id AS entitlement_id,"
    " k.amount, k.expected, w.text AS reason, a.name AS answer, k.closed_at FROM break k JOIN answer a USING(answer)"
    " LEFT JOIN file f USING(file) LEFT JOIN entitlement e ON e.ent = k.ent LEFT JOIN word w ON w.word = k.reason;"
    "CREATE VIEW v_run AS SELECT run, " MONTH_TEXT("period") " AS period, number, created_at, who,"
    " CASE state WHEN 3 THEN 'complete' ELSE 'open' END AS state FROM run;"
    /* The month in which what a unit's run instructs counts in the statistics. A month is closed for a unit when a run for
     * later months alone has planned it; what comes for it later counts in the first that is open. */
    "CREATE VIEW v_month AS SELECT run, unit, month, month < open AS closed FROM (SELECT v.run, v.unit, max(r.period,"
    " max(l.period) OVER (PARTITION BY v.unit ORDER BY v.run)) AS month, max(l.period) OVER (PARTITION BY v.unit) AS open"
    " FROM run_unit v JOIN run r ON r.run = v.run JOIN run l ON l.run = r.first);"
    "CREATE VIEW v_figure AS SELECT f.run, u.code AS unit, f.name, f.count, f.amount"
    " FROM figure f JOIN unit u USING(unit);"
    "CREATE VIEW v_event AS SELECT seq, at, who, kind, subject, unit, why, lower(hex(hash)) AS hash FROM event;";
#undef X

static enum status run_script(struct ledger *ledger, const char *sql, struct diag *diag)
{
    return sqlite3_exec(ledger->db, sql, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK : db_fail(ledger, diag);
}

static enum status schema_make(struct ledger *ledger, struct diag *diag)
{
    const char *const script[] = { register_sql, money_sql, later_sql, screen_sql, officer_sql, views_sql,
                                   "PRAGMA application_id = 1667789938; PRAGMA user_version = 2;" };
    enum status rc = run_script(ledger, "BEGIN IMMEDIATE", diag);

    for (size_t i = 0; rc == STATUS_OK && i < sizeof(script) / sizeof(script[0]); i++) {
        rc = run_script(ledger, script[i], diag);
    }
    return rc == STATUS_OK ? run_script(ledger, "COMMIT", diag) : rc;
}

static enum status pragma(struct ledger *ledger, const char *sql, int64_t *value, struct diag *diag)
{
    sqlite3_stmt *stmt;
    enum status rc = db_first(ledger, diag, &stmt, sql, "");

    *value = rc == STATUS_OK && stmt != NULL ? sqlite3_column_int64(stmt, 0) : -1;
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return rc;
}

enum status schema_open(struct ledger *ledger, struct diag *diag)
{
    int64_t version = 0;
    int64_t application = 0;

    enum status rc = pragma(ledger, "PRAGMA user_version", &version, diag);
    if (rc == STATUS_OK) {
        rc = pragma(ledger, "PRAGMA application_id", &application, diag);
    }
    if (rc == STATUS_OK && version == 0 && application == 0 && ledger->access != LEDGER_READ) {
        return schema_make(ledger, diag);
    }
    if (rc == STATUS_OK && (version != SCHEMA_VERSION || application != SCHEMA_APPLICATION)) {
        rc = diag_fail(diag, STATUS_LEDGER, "the ledger has another schema");
        diag_at(diag, "state/ledger.db", 0, 0);
        diag_found(diag, "version %lld", (long long)version);
        diag_expected(diag, "version %d", SCHEMA_VERSION);
        diag_hint(diag, "the chitra that made it reads it: another version, or no chitra at all");
    }
    return rc;
}
