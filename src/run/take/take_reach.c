/*
 * take_reach.c - which units the rows of a file are for, and whether an office may approve for them.
 *
 * Rows of entitlements name their unit. A stop or a correction is for who pays what it names: the register
 * tells. What the register does not know yet comes with another file of the same run, and is judged when the
 * row is applied (ledger_source).
 */
#include "take.h"

#include "chitra/ledger_query.h"
#include "chitra/text.h"

/* Reading the file once more, with the register's numbers of the units turned into the configuration's. */
struct reaching {
    const struct world *world;
    const struct take_file *file;
    uint64_t units;                             /* those that may be approved for */
    int unit[LEDGER_UNITS_MAX + 1];             /* by the ledger's number; -1: none */
};

static enum status numbers_load(struct reaching *reaching, struct diag *diag)
{
    char code[LEDGER_UNITS_MAX + 1][UNIT_CODE_BYTES];

    enum status rc = ledger_units(reaching->world->ledger, code, diag);
    for (size_t i = 0; i <= LEDGER_UNITS_MAX && rc == STATUS_OK; i++) {
        reaching->unit[i] = code[i][0] == '\0' ? -1 : site_unit_find(reaching->world->site->config, span_of(code[i]));
    }
    return rc;
}

/* The units that a row is for, as bits of the configuration; 0: nobody knows yet. */
static enum status row_units(const struct reaching *reaching, const struct intake_row *row, uint64_t *units,
                             struct diag *diag)
{
    uint64_t beneficiary = 0;
    uint64_t numbers = 0;

    *units = 0;
    if (reaching->file->family < FAMILY_stops) {
        int unit = site_unit_find(reaching->world->site->config, row->text[TEXT_unit]);
        *units = unit < 0 ? 0 : UINT64_C(1) << unit;
        return STATUS_OK;
    }
    if (reaching->world->ledger == NULL) {
        return STATUS_OK;
    }
    if (!text_number(row->text[TEXT_beneficiary_id], UINT64_MAX, &beneficiary)) {
        beneficiary = 0;
    }
    enum status rc = ledger_units_paying(reaching->world->ledger, row->text[TEXT_entitlement_id], beneficiary, &numbers,
                                         diag);
    for (size_t i = 0; i <= LEDGER_UNITS_MAX; i++) {
        if ((numbers >> i & 1) != 0 && reaching->unit[i] >= 0) {
            *units |= UINT64_C(1) << reaching->unit[i];
        }
    }
    return rc;
}

static enum status batch_reach(const struct reaching *reaching, const struct intake_batch *batch, struct diag *diag)
{
    const struct site_config *config = reaching->world->site->config;
    uint64_t units = 0;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < batch->row_count && rc == STATUS_OK; i++) {
        const struct intake_row *row = &batch->row[i];
        rc = row_units(reaching, row, &units, diag);
        uint64_t beyond = units & ~reaching->units;
        bool death = reaching->file->family == FAMILY_stops && facts_or(&row->facts, FACT_kind, -1) == KIND_deceased;
        if (rc == STATUS_OK && beyond != 0 && !(death && beyond != units)) {
            rc = diag_fail(diag, STATUS_SIGNATURE, "the approval does not reach unit %s",
                           config->unit[__builtin_ctzll(beyond)].code);
            diag_at(diag, reaching->file->path, row->line, 0);
        }
    }
    return rc;
}

/* A unit for each row, or nobody knows whom the file is for. What is at fault in a row of entitlements would be
 * rejected anyway, and stops nobody. */
static enum status batch_units(const struct reaching *reaching, const struct intake_batch *batch, uint64_t *all,
                               struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < batch->row_count && rc == STATUS_OK; i++) {
        uint64_t units = 0;
        rc = row_units(reaching, &batch->row[i], &units, diag);
        bool lost = units == 0 && reaching->file->family >= FAMILY_stops;
        *all |= lost ? ~UINT64_C(0) : units;
    }
    if (batch->finding_count > 0 && reaching->file->family >= FAMILY_stops) {
        *all = ~UINT64_C(0);
    }
    return rc;
}

/* Goes over the rows as far as the file can be read; `read` says how that ended. */
static enum status file_units(const struct world *world, struct take_file *file, struct intake_batch *batch,
                              uint64_t *units, enum status *read, struct diag *diag)
{
    struct reaching reaching = { .world = world, .file = file };
    struct intake_reader *reader = NULL;

    *units = 0;
    enum status rc = numbers_load(&reaching, diag);
    *read = intake_new(file->content, file->path, INTAKE_FOR_RUN, &reader, NULL);
    for (bool more = true; rc == STATUS_OK && *read == STATUS_OK && more;) {
        *read = intake_read(reader, batch, NULL);
        file->family = *read == STATUS_OK ? intake_family(reader) : file->family;
        more = *read == STATUS_OK && (batch->row_count > 0 || batch->finding_count > 0);
        if (more) {
            rc = batch_units(&reaching, batch, units, diag);
        }
    }
    intake_free(reader);
    return rc;
}

enum status take_units(const struct world *world, struct take_file *file, struct intake_batch *batch,
                       uint64_t *units, struct diag *diag)
{
    enum status read;
    enum status rc = file_units(world, file, batch, units, &read, diag);

    if (read != STATUS_OK || *units == 0) {
        *units = ~UINT64_C(0);
    }
    return rc;
}

enum status take_lists(const struct world *world, const struct take_file *file, struct intake_batch *batch,
                       uint64_t *units, struct diag *diag)
{
    uint64_t full = take_full_units(world->site->config);
    struct take_file about = *file;
    enum status read;

    *units = 0;
    if (full == 0 || file->family >= FAMILY_stops) {
        return STATUS_OK;
    }
    enum status rc = file_units(world, &about, batch, units, &read, diag);
    *units &= full;
    return rc;
}

enum status take_reach(const struct world *world, const struct take_file *file, struct intake_batch *batch,
                       uint64_t units, struct diag *diag)
{
    struct reaching reaching = { .world = world, .file = file, .units = units };
    struct intake_reader *reader = NULL;
    uint64_t every = ~UINT64_C(0) >> (64 - world->site->config->unit_count);

    if ((every & ~units) == 0) {
        return STATUS_OK;
    }
    enum status rc = world->ledger == NULL ? STATUS_OK : numbers_load(&reaching, diag);
    if (rc == STATUS_OK) {
        rc = intake_new(file->content, file->path, INTAKE_FOR_RUN, &reader, diag);
    }
    for (bool more = true; rc == STATUS_OK && more;) {
        rc = intake_read(reader, batch, diag);
        more = rc == STATUS_OK && (batch->row_count > 0 || batch->finding_count > 0);
        if (more) {
            rc = batch_reach(&reaching, batch, diag);
        }
    }
    intake_free(reader);
    return rc;
}
