/*
 * check.c - what a run would read, read and judged without changing anything: the key, the law, the
 * profiles, and intake files with their approvals.
 *
 * A run stops at the first file that must not be taken; here the next one is looked at too, so that an
 * office learns everything at once. What only the register decides when rows are applied one after the
 * other (a later approval, a twin, an order of files) is not foretold; what contradicts it for good is.
 */
#include "run/faults.h"
#include "run/take/take.h"

#include "chitra/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

/* Insurance numbers have ten digits; a person with a larger key is known by the citizen number alone. */
#define INSURANCE_NUMBER_MAX UINT64_C(9999999999)

struct checking {
    struct world world;
    struct run_faults *faults;
    struct run_checked *checked;
    int base;                   /* what paths are relative to */
    struct approvals approvals;
    struct digest *seen;        /* contents looked at: what waits under two names is taken once */
    size_t seen_count;
    struct arena arena;
};

static void told(struct checking *checking, enum status kind, struct diag *diag, const char *path)
{
    if (kind != STATUS_OK) {
        diag_at(diag, path, 0, 0);
        fault_add(checking->faults, kind, diag);
    }
}

/* The signed lists of a folder: all, or those that name one file. */
static void approvals_load(struct checking *checking, const char *folder, const char *only)
{
    struct sys_names names = { NULL, 0 };
    struct diag diag = { 0 };
    char path[TAKE_PATH_BYTES];

    approvals_release(&checking->approvals);
    told(checking, sys_dir_list(checking->base, folder, &names, &diag), &diag, folder);
    for (size_t i = 0; i < names.count; i++) {
        if (take_entry_of(names.name[i]) == TAKE_LIST) {
            diag = (struct diag){ 0 };
            snprintf(path, sizeof(path), "%s/%s", folder, names.name[i]);
            told(checking, approvals_add(&checking->approvals, &checking->world, checking->base, path, only, &diag),
                 &diag, path);
        }
    }
    sys_names_release(&names);
}

/* ---- rows ---- */

struct check_rows {
    struct checking *checking;
    const char *path;
    struct intake_reader *reader;
};

static void row_fault(const struct check_rows *rows, uint64_t line, unsigned column, const char *reason)
{
    struct diag diag = { 0 };

    (void)diag_fail(&diag, STATUS_CONFLICT, "%s", reason);
    diag_at(&diag, rows->path, line, column);
    fault_add(rows->checking->faults, STATUS_CONFLICT, &diag);
}

static void row_refused(const struct check_rows *rows, const struct intake_row *row, const char *column,
                        const char *reason, const char *source)
{
    char text[DIAG_TEXT_BYTES];

    snprintf(text, sizeof(text), source[0] == '\0' ? "%s: %s" : "%s: %s (%s)", column, reason, source);
    row_fault(rows, row->line, intake_column(rows->reader, row, column), text);
}

/* What the register would never take: a known id with another benefit or another beneficiary. */
static enum status register_check(const struct check_rows *rows, const struct intake_row *row, struct diag *diag)
{
    struct ledger *ledger = rows->checking->world.ledger;
    struct ledger_entitlement known;
    uint64_t beneficiary = 0;
    int64_t ent = 0;

    if (ledger == NULL) {
        return STATUS_OK;
    }
    enum status rc = ledger_entitlement_find(ledger, row->text[TEXT_entitlement_id], &ent, NULL);
    if (rc != STATUS_OK) {
        return rc == STATUS_NO_INPUT ? STATUS_OK : diag_fail(diag, rc, "the ledger cannot be read");
    }
    arena_clear(&rows->checking->arena);
    rc = ledger_entitlement_get(ledger, ent, 0, &rows->checking->arena, &known, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (known.benefit != row->benefit) {
        row_refused(rows, row, "benefit", "the entitlement is known with another benefit", "");
    } else if (text_number(row->text[TEXT_beneficiary_id], UINT64_MAX, &beneficiary) &&
               known.person <= INSURANCE_NUMBER_MAX && beneficiary != known.person) {
        row_refused(rows, row, "beneficiary_id", "the entitlement is known with another beneficiary", "");
    }
    return STATUS_OK;
}

static enum status entitlement_check(const struct check_rows *rows, const struct intake_row *row, struct diag *diag)
{
    const struct world *world = &rows->checking->world;
    struct law_refusal refusal;

    if (site_unit_find(world->config, row->text[TEXT_unit]) < 0) {
        row_refused(rows, row, "unit", "chitra.xml has no such unit", "");
    } else if (take_refusal(world, row->benefit, &row->facts, &refusal) != NULL) {
        row_refused(rows, row, fact_name(refusal.column), refusal.reason, refusal.source);
    } else {
        return register_check(rows, row, diag);
    }
    return STATUS_OK;
}

static enum status batch_check(const struct check_rows *rows, const struct intake_batch *batch, struct diag *diag)
{
    enum family family = intake_family(rows->reader);
    char reason[DIAG_TEXT_BYTES];
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < batch->finding_count; i++) {
        const struct intake_finding *finding = &batch->finding[i];
        snprintf(reason, sizeof(reason), "%.*s", (int)finding->reason.size, finding->reason.data);
        row_fault(rows, finding->line, finding->column, reason);
    }
    for (size_t i = 0; i < batch->row_count && rc == STATUS_OK; i++) {
        const struct intake_row *row = &batch->row[i];
        if (family < FAMILY_stops) {
            rc = entitlement_check(rows, row, diag);
        } else if (family == FAMILY_stops && facts_or(&row->facts, FACT_kind, KIND_arrears) > KIND_resumed) {
            row_refused(rows, row, "kind", "expected deceased, suspended, ended or resumed", "");
        }
    }
    rows->checking->checked->rows += batch->row_count + batch->finding_count;
    return rc;
}

/* The structure's fault is told; a status other than STATUS_OK is the ledger's. Sets the file's family. */
static enum status rows_check(struct checking *checking, struct take_file *file, struct diag *diag)
{
    struct check_rows rows = { checking, file->path, NULL };
    struct intake_batch batch;
    struct diag fault = { 0 };
    enum status rc = STATUS_OK;

    intake_batch_init(&batch);
    enum status read = intake_new(file->content, file->path, INTAKE_FOR_RUN, &rows.reader, &fault);
    for (bool more = true; read == STATUS_OK && rc == STATUS_OK && more;) {
        read = intake_read(rows.reader, &batch, &fault);
        more = read == STATUS_OK && (batch.row_count > 0 || batch.finding_count > 0);
        if (read == STATUS_OK) {
            read = take_family_check(intake_family(rows.reader), &fault);
        }
        if (read == STATUS_OK && more) {
            rc = batch_check(&rows, &batch, diag);
        }
    }
    told(checking, read, &fault, file->path);
    if (read == STATUS_OK) {
        file->family = intake_family(rows.reader);
    }
    intake_free(rows.reader);
    intake_batch_release(&batch);
    return rc;
}

/* ---- files ---- */

/* True if the content was looked at before. */
static bool is_double(struct checking *checking, const struct digest *sha256)
{
    for (size_t i = 0; i < checking->seen_count; i++) {
        if (digest_equal(&checking->seen[i], sha256)) {
            return true;
        }
    }
    checking->seen = mem_resize(checking->seen, checking->seen_count + 1, sizeof(*checking->seen));
    checking->seen[checking->seen_count++] = *sha256;
    return false;
}

/* Whether who approved the file may approve what is in it. */
static void reach_check(struct checking *checking, const struct take_file *file)
{
    struct ledger_approval approval;
    struct intake_batch batch;
    struct diag fault = { 0 };

    intake_batch_init(&batch);
    enum status rc = approval_reaching(&checking->approvals, &checking->world, file, &batch, &approval, &fault);
    if (rc == STATUS_SIGNATURE) {
        told(checking, rc, &fault, file->path);     /* whatever else there is, was told */
    }
    intake_batch_release(&batch);
}

static enum status file_check(struct checking *checking, const char *path, struct diag *diag)
{
    struct buf content = BUF_INIT(INTAKE_FILE_BYTES_MAX);
    struct diag fault = { 0 };
    struct ledger_approval approval;
    struct digest sha256;
    enum intake_state state = INTAKE_UNKNOWN;

    checking->checked->files++;
    enum status rc = sys_read(checking->base, path, &content, &fault);
    told(checking, rc, &fault, path);
    if (rc != STATUS_OK) {
        return STATUS_OK;
    }
    digest_of(buf_span(&content), &sha256);
    told(checking, approval_of(&checking->approvals, &checking->world, path, &sha256, &approval, &fault), &fault, path);
    if (checking->world.ledger != NULL) {
        rc = ledger_intake_state(checking->world.ledger, &sha256, &state, diag);
    }
    if (rc == STATUS_OK && (is_double(checking, &sha256) || state == INTAKE_APPLIED)) {
        world_say(&checking->world, "%s: known content, nothing new in it", path);
    } else if (rc == STATUS_OK) {
        struct take_file file = { path, buf_span(&content), sha256, FAMILY_COUNT };
        rc = rows_check(checking, &file, diag);
        if (file.family != FAMILY_COUNT) {
            reach_check(checking, &file);
        }
    }
    buf_release(&content);
    return rc;
}

static enum status named_check(struct checking *checking, const char *path, struct diag *diag)
{
    char folder[TAKE_PATH_BYTES] = ".";
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    struct diag fault = { 0 };

    if (strlen(path) >= sizeof(folder)) {
        told(checking, diag_fail(&fault, STATUS_INPUT, "the path is too long"), &fault, path);
        return STATUS_OK;
    }
    if (slash != NULL) {
        memcpy(folder, path, (size_t)(name - path));
        folder[slash == path ? 1 : slash - path] = '\0';
    }
    if (!sys_exists(AT_FDCWD, path)) {
        told(checking, diag_fail(&fault, STATUS_NO_INPUT, "there is no such file"), &fault, path);
        return STATUS_OK;
    }
    checking->base = AT_FDCWD;
    approvals_load(checking, folder, name);
    return file_check(checking, path, diag);
}

static enum status waiting_check(struct checking *checking, struct diag *diag)
{
    struct sys_names names = { NULL, 0 };
    char path[TAKE_PATH_BYTES];

    checking->base = checking->world.site->dir;
    if (!sys_exists(checking->base, "intake")) {
        return STATUS_OK;       /* the first run makes it */
    }
    approvals_load(checking, "intake", NULL);
    enum status rc = take_entries(&checking->world, checking->base, "intake", &names, diag);
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        enum take_entry entry = take_entry_of(names.name[i]);
        snprintf(path, sizeof(path), "intake/%s", names.name[i]);
        if (entry == TAKE_ROWS) {
            rc = file_check(checking, path, diag);
        } else if (entry == TAKE_OTHER) {
            world_say(&checking->world, "%s: not an intake file, left alone", path);
        }
    }
    if (rc == STATUS_OK) {
        rc = approvals_missing(&checking->approvals, &checking->world, diag);
    }
    sys_names_release(&names);
    return rc;
}

/* The key and its certificate, as they would sign now. */
static void signer_check(struct checking *checking)
{
    struct diag fault = { 0 };
    enum status rc = site_signer(checking->world.site, checking->world.now, &checking->world.signer, &fault);

    /* A key that is missing is no missing input but an unfinished configuration. */
    told(checking, rc == STATUS_NO_INPUT ? STATUS_CONFIG : rc, &fault, "chitra.xml");
}

enum status run_check(struct site *site, struct ledger *ledger, const char *const *file, size_t count,
                      const struct run_options *options, struct run_faults *faults, struct run_checked *checked,
                      struct diag *diag)
{
    struct run_options dry = *options;
    struct checking *checking = mem_alloc(1, sizeof(*checking));
    struct diag fault = { 0 };

    dry.dry = true;             /* nothing goes to the archive */
    checking->world = (struct world){ .site = site, .ledger = ledger, .options = &dry };
    checking->faults = faults;
    checking->checked = checked;
    *checked = (struct run_checked){ 0 };
    enum status rc = sys_now(&checking->world.now, diag);
    if (rc == STATUS_OK) {
        checking->world.run.period = day_month(checking->world.now.day);
        signer_check(checking);
        enum status sealed = world_seal(&checking->world, &fault);
        told(checking, sealed, &fault, "chitra.xml");
        if (sealed == STATUS_OK && count == 0) {
            rc = waiting_check(checking, diag);
        }
        for (size_t i = 0; i < count && sealed == STATUS_OK && rc == STATUS_OK; i++) {
            rc = named_check(checking, file[i], diag);
        }
    }
    approvals_release(&checking->approvals);
    free(checking->seen);
    arena_release(&checking->arena);
    world_release(&checking->world);
    free(checking);
    return rc;
}
