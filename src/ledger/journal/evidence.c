/*
 * evidence.c - what an audit asks of the ledger itself: the contents that it names by digest, and whether
 * its tables agree with each other.
 */
#include "act.h"

#include "chitra/ledger_evidence.h"

#include <stdlib.h>

/* ---- contents named by digest ---- */

struct ledger_references {
    struct ledger *ledger;
    sqlite3_stmt *stmt;
    bool more;
};

enum status ledger_references_new(struct ledger *ledger, struct ledger_references **references, struct diag *diag)
{
    *references = mem_alloc(1, sizeof(**references));
    (*references)->ledger = ledger;
    enum status rc = db_query(ledger, diag, &(*references)->stmt,
                              "SELECT law, 'the law of run ' || run FROM run"
                              " UNION ALL SELECT config, 'the configuration of run ' || run FROM run"
                              " UNION ALL SELECT formats, 'the formats of run ' || run FROM run"
                              " UNION ALL SELECT sha256, 'the intake file ' || name FROM intake WHERE state = 2"
                              " UNION ALL SELECT sha256, 'the answer ' || name FROM answer"
                              " UNION ALL SELECT signature, 'the signature of the answer ' || name FROM answer"
                              " WHERE length(signature) = 32"
                              " UNION ALL SELECT config, 'the configuration of ' || msg_id FROM file WHERE state <> 0"
                              " UNION ALL SELECT formats, 'the formats of ' || msg_id FROM file WHERE state <> 0"
                              " UNION ALL SELECT sha256, 'the withdrawn file ' || msg_id FROM file"
                              " WHERE state IN (10, 11) AND release IS NOT NULL"
                              " UNION ALL SELECT evidence, 'the evidence of ' || name FROM errand WHERE evidence IS NOT NULL"
                              " UNION ALL SELECT c.sha256, 'the marked copy ' || c.path FROM errand_file c"
                              " JOIN errand e USING(errand) JOIN file f USING(file) WHERE e.kind = 2 AND c.path <> f.path", "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, (*references)->stmt, &(*references)->more, diag);
    }
    return rc;
}

enum status ledger_references_next(struct ledger_references *references, struct digest *digest,
                                   char what[LEDGER_REFERENCE_BYTES], bool *more, struct diag *diag)
{
    *more = references->more;
    if (!references->more) {
        return STATUS_OK;
    }
    struct span text = db_text(references->stmt, 1);
    size_t size = text.size < LEDGER_REFERENCE_BYTES ? text.size : LEDGER_REFERENCE_BYTES - 1;
    db_digest(references->stmt, 0, digest);
    memcpy(what, text.data, size);
    what[size] = '\0';
    return db_next(references->ledger, references->stmt, &references->more, diag);
}

void ledger_references_free(struct ledger_references *references)
{
    if (references != NULL && references->stmt != NULL) {
        sqlite3_reset(references->stmt);
    }
    free(references);
}

/* ---- approvals ---- */

enum status ledger_approvals(struct ledger *ledger, struct ledger_approved_list **list, size_t *count,
                             struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *list = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT approval, run, list, signature, signer, officer, name, signed_at FROM approval"
                              " ORDER BY approval", "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *list = mem_resize(*list, *count + 1, sizeof(**list));
        struct ledger_approved_list *item = &(*list)[(*count)++];
        *item = (struct ledger_approved_list){ .number = sqlite3_column_int64(stmt, 0), .run = sqlite3_column_int64(stmt, 1) };
        db_digest(stmt, 2, &item->approval.list);
        db_digest(stmt, 3, &item->approval.signature);
        db_digest(stmt, 4, &item->approval.signer);
        db_copy(stmt, 5, item->approval.officer, sizeof(item->approval.officer));
        db_copy(stmt, 6, item->approval.name, sizeof(item->approval.name));
        item->approval.signed_at = sqlite3_column_int64(stmt, 7);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

/* ---- releases ---- */

enum status ledger_certificates(struct ledger *ledger, struct digest **fingerprint, size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *fingerprint = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt,
                              "SELECT DISTINCT certificate FROM file WHERE length(certificate) = 32 ORDER BY 1", "");
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *fingerprint = mem_resize(*fingerprint, *count + 1, sizeof(**fingerprint));
        db_digest(stmt, 0, &(*fingerprint)[(*count)++]);
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

enum status ledger_release_of_list(struct ledger *ledger, const char *name, const struct digest *list,
                                   struct ledger_release *release, struct diag *diag)
{
    sqlite3_stmt *stmt;
    struct digest own;
    enum status rc = db_first(ledger, diag, &stmt,
                              "SELECT release, run, name, at, who, list, ended FROM release WHERE name = ?1"
                              " UNION ALL SELECT e.release, r.run, e.name, e.at, e.who, e.list, e.ended FROM errand e"
                              " JOIN release r USING(release) WHERE e.name = ?1", "z", name);

    *release = (struct ledger_release){ .release = 0 };
    if (rc != STATUS_OK || stmt == NULL) {
        return rc == STATUS_OK ? diag_fail(diag, STATUS_NO_INPUT, "the ledger does not know this release") : rc;
    }
    release->release = sqlite3_column_int64(stmt, 0);
    release->run = sqlite3_column_int64(stmt, 1);
    db_copy(stmt, 2, release->name, sizeof(release->name));
    db_copy(stmt, 3, release->at, sizeof(release->at));
    db_copy(stmt, 4, release->who, sizeof(release->who));
    db_digest(stmt, 5, &own);
    /* A list without its end in the ledger is one that a crash cut off: the release is finished as it was begun. */
    bool ended = sqlite3_column_int(stmt, 6) != 0;
    sqlite3_reset(stmt);
    return !ended || digest_equal(&own, list)
               ? STATUS_OK
               : diag_fail(diag, STATUS_CONFLICT, "the signed list is not the one that was released");
}

/* By the sums that files bear: the last generation of each batch, unless it was withdrawn while its month was open, or
 * somebody else carries what it had. */
static const char months_sql[] =
    "WITH carried AS (SELECT b.batch, m.month, f.amount FROM batch b JOIN v_month m ON m.run = b.run AND m.unit = b.unit"
    " JOIN file f ON f.batch = b.batch AND f.generation = (SELECT max(g.generation) FROM file g WHERE g.batch = b.batch)"
    " WHERE f.state <> ?2 AND (f.state <> ?1 OR m.closed AND f.taken_up IS NULL)),"
    " sums AS (SELECT month, amount FROM carried UNION ALL SELECT c.month, -p.amount FROM carried c JOIN payment p USING(batch)"
    " WHERE p.ent IS NULL OR p.purpose = ?3 OR p.parent IS NOT NULL"
    " OR EXISTS(SELECT 1 FROM obligation o JOIN counted USING(period, ent, comp, seq) WHERE o.payment = p.payment)"
    " UNION ALL SELECT m.month, k.amount FROM counted k JOIN batch b USING(batch)"
    " JOIN v_month m ON m.run = b.run AND m.unit = b.unit WHERE k.amount IS NOT NULL)"
    " SELECT month, sum(amount) FROM sums GROUP BY month ORDER BY month";

enum status ledger_month_sums(struct ledger *ledger, struct ledger_month_sum **sum, size_t *count, struct diag *diag)
{
    sqlite3_stmt *stmt;
    bool more = false;

    *sum = NULL;
    *count = 0;
    enum status rc = db_query(ledger, diag, &stmt, months_sql, "iii", (int64_t)FILE_VOIDED, (int64_t)FILE_SUPERSEDED,
                              (int64_t)COMPONENT_deduction);
    if (rc == STATUS_OK) {
        rc = db_next(ledger, stmt, &more, diag);
    }
    while (rc == STATUS_OK && more) {
        *sum = mem_resize(*sum, *count + 1, sizeof(**sum));
        (*sum)[(*count)++] = (struct ledger_month_sum){ sqlite3_column_int(stmt, 0), sqlite3_column_int64(stmt, 1) };
        rc = db_next(ledger, stmt, &more, diag);
    }
    return rc;
}

/* ---- consistency ---- */

#define BYTES(column) "length(CAST(" column " AS BLOB))"

/* Queries that find nothing in a ledger that agrees with itself; the first column says what was found. Lengths are
 * those of the structures that rows are read into: with a longer text there is nothing more to be read. */
static const struct {
    const char *what;
    const char *sql;
} rule[] = {
    { "SQLite's own check", "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'" },
    { "a text or a state that chitra does not write",
      "SELECT 'unit ' || unit FROM unit WHERE " BYTES("code") " > 6"
      " UNION ALL SELECT 'run ' || run FROM run WHERE " BYTES("created_at") " <> 25 OR " BYTES("who") " > 63 OR "
      BYTES("units") " > 255 OR " BYTES("officer") " > 140 OR state NOT BETWEEN 0 AND 4"
      " UNION ALL SELECT 'approval ' || approval FROM approval WHERE " BYTES("name") " > 255 OR " BYTES("officer") " > 140"
      " UNION ALL SELECT 'intake ' || intake FROM intake WHERE " BYTES("name") " > 255"
      " UNION ALL SELECT 'batch ' || batch FROM batch WHERE " BYTES("bank") " > 12 OR " BYTES("account") " > 34 OR "
      BYTES("profile") " > 32 OR channel NOT BETWEEN 0 AND 2 OR unit NOT IN (SELECT unit FROM unit)"
      " UNION ALL SELECT 'file ' || file FROM file WHERE " BYTES("msg_id") " > 35 OR " BYTES("created_at") " <> 25 OR "
      BYTES("path") " > 255 OR instr(path, '/') = 0 OR state NOT BETWEEN 0 AND 11"
      " UNION ALL SELECT 'release ' || release FROM release WHERE " BYTES("name") " > 35 OR " BYTES("at") " <> 25 OR "
      BYTES("who") " > 219"
      " UNION ALL SELECT 'hold ' || hold FROM hold WHERE " BYTES("payment_id") " <> 26 OR " BYTES("reason") " > 255 OR "
      BYTES("who") " > 63 OR " BYTES("officer") " > 140"
      " UNION ALL SELECT 'payment ' || payment FROM payment WHERE " BYTES("end_to_end_id") " > 26" },
    { "a payment is not the sum of its obligations",
      "SELECT end_to_end_id FROM payment p WHERE ent IS NOT NULL AND attempt = 0 AND amount IS NOT"
      " (SELECT sum(o.amount) FROM obligation o WHERE o.payment = p.payment)" },
    { "an obligation is carried by another batch than its payment",
      "SELECT end_to_end_id FROM obligation o JOIN payment p USING(payment) WHERE o.batch IS NOT p.batch" },
    { "a batch has two generations that count",
      "SELECT msg_id FROM file WHERE state NOT IN (2, 9, 10, 11) GROUP BY batch HAVING count(*) > 1" },
    { "an obligation is in no file, and nothing says why",
      "SELECT printf('entitlement %d, %d', o.ent, o.period) FROM obligation o LEFT JOIN exception x USING(period, ent, comp, seq)"
      " WHERE o.batch IS NULL AND o.payment IS NULL AND x.ent IS NULL" },
    { "an obligation is held or offset and yet in a file",
      "SELECT printf('entitlement %d, %d', o.ent, o.period) FROM exception x JOIN obligation o USING(period, ent, comp, seq)"
      " WHERE x.state IN (1, 2, 5) AND (o.batch IS NOT NULL OR o.payment IS NOT NULL)" },
    { "an obligation is carried by a batch that is not there",
      "SELECT printf('batch %d', batch) FROM obligation WHERE batch IS NOT NULL AND batch NOT IN (SELECT batch FROM batch)" },
};

enum status ledger_consistency(struct ledger *ledger, ledger_difference *tell, void *context, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < sizeof(rule) / sizeof(rule[0]) && rc == STATUS_OK; i++) {
        sqlite3_stmt *stmt;
        bool more = false;
        rc = db_query(ledger, diag, &stmt, rule[i].sql, "");
        if (rc == STATUS_OK) {
            rc = db_next(ledger, stmt, &more, diag);
        }
        while (rc == STATUS_OK && more) {
            struct diag fault = { .line = 0 };
            struct span found = db_text(stmt, 0);
            (void)diag_fail(&fault, STATUS_CONFLICT, "%s", rule[i].what);
            diag_at(&fault, "state/ledger.db", 0, 0);
            diag_found(&fault, "%.*s", (int)found.size, found.data);
            tell(context, &fault);
            rc = db_next(ledger, stmt, &more, diag);
        }
    }
    return rc;
}
