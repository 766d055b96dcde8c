/* release_choose.c - what may leave staging: which files, as declared, by whom, and unchanged. */
#include "outbox.h"
#include "releasing.h"

#include "chitra/ledger_member.h"

#include <stdlib.h>

void releasing_release(struct releasing *to)
{
    free(to->file);
    free(to->unknown);
    arena_release(&to->arena);
}

/* ---- which files ---- */

static bool file_is_wanted(const struct releasing *to, const struct ledger_file *file, const struct ledger_run *run)
{
    return file->state == FILE_STAGED && units_name(to->options->units, file->unit_code) && run->state >= RUN_STAGED;
}

enum status releasing_excess(const struct releasing *to, int64_t number, struct total_excess **excess, size_t *count)
{
    struct site_config *config = NULL;
    struct ledger_run run;

    *excess = NULL;
    *count = 0;
    enum status rc = ledger_run_get(to->ledger, number, &run, to->diag);
    if (rc == STATUS_OK) {
        rc = archive_config(to->site, &run.config, "chitra.xml of the run", &config, to->diag);
    }
    if (rc == STATUS_OK) {
        rc = totals_excess(to->ledger, &run, config, to->options->units, excess, count, to->diag);
    }
    site_config_free(config);
    return rc;
}

/* What a run lets go by itself: what the policy of its own time and today's lets go, without totals that wait. An
 * officer is asked about everything. */
static enum status run_is_wanted(const struct releasing *to, const struct ledger_run *run, bool *wanted)
{
    struct site_config *config = NULL;
    struct total_excess *excess = NULL;
    size_t count = 0;

    *wanted = to->options->claim != NULL;
    if (*wanted) {
        return STATUS_OK;
    }
    enum status rc = archive_config(to->site, &run->config, "chitra.xml of the run", &config, to->diag);
    if (rc == STATUS_OK) {
        rc = totals_excess(to->ledger, run, config, to->options->units, &excess, &count, to->diag);
    }
    *wanted = rc == STATUS_OK && count == 0 && config->release == RELEASE_AUTO &&
              to->site->config->release == RELEASE_AUTO;
    free(excess);
    site_config_free(config);
    return rc;
}

enum status releasing_choose(struct releasing *to)
{
    struct ledger_file *all = NULL;
    size_t count = 0;
    struct ledger_run run = { 0 };
    bool wanted = false;

    enum status rc = ledger_files(to->ledger, to->options->run, 0, &to->arena, &all, &count, to->diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (!to->every && to->count > 0 && all[i].run != to->release.run) {
            continue;
        }
        if (run.run != all[i].run) {
            rc = ledger_run_get(to->ledger, all[i].run, &run, to->diag);
            rc = rc == STATUS_OK ? run_is_wanted(to, &run, &wanted) : rc;
        }
        if (rc == STATUS_OK && wanted && file_is_wanted(to, &all[i], &run)) {
            to->file = mem_resize(to->file, to->count + 1, sizeof(*to->file));
            to->file[to->count++] = all[i];
            to->release.run = all[i].run;
        }
    }
    free(all);
    return rc;
}

enum status release_overtaken(const struct releasing *about)
{
    struct ledger_overtaken *overtaken = NULL;
    const struct ledger_doing doing = { about->officer->who, about->officer->at, "" };
    size_t count = 0;

    enum status rc = ledger_begin(about->ledger, about->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = ledger_overtake(about->ledger, BY_RELEASE, &doing, &overtaken, &count, about->diag);
    if (rc == STATUS_OK) {
        rc = ledger_commit(about->ledger, about->diag);
    } else {
        ledger_rollback(about->ledger);
    }
    free(overtaken);
    return rc;
}

enum status release_stale(const struct releasing *about)
{
    struct arena arena = ARENA_INIT;
    struct ledger_file *file = NULL;
    size_t count = 0;

    enum status rc = ledger_files_stale(about->ledger, &arena, &file, &count, about->diag);
    about->released->stale = count;
    free(file);
    arena_release(&arena);
    return rc;
}

enum status releasing_add_up(const struct releasing *to)
{
    for (size_t i = 0; i < to->count; i++) {
        if (to->file[i].batch.channel != CHANNEL_cash) {
            to->released->payments += to->file[i].batch.payments;
            if (!money_add(to->released->amount_dong, to->file[i].batch.amount_dong, &to->released->amount_dong)) {
                return diag_fail(to->diag, STATUS_LIMIT, "the sum of the files overflows");
            }
        }
    }
    return STATUS_OK;
}

/* What lies in staging must still be what the ledger recorded; what is gone from there is written again. */
static enum status staged_check(const struct releasing *to, const struct ledger_file *file)
{
    char path[DIAG_FILE_BYTES];

    staging_path(file, path);
    if (!sys_exists(to->site->dir, path)) {
        return write_again(to->site, to->ledger, file, to->diag);
    }
    return outbox_hash_check(to->site, path, &file->content, to->diag);
}

enum status releasing_check(const struct releasing *to)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < to->count && rc == STATUS_OK; i++) {
        bool fresh = to->options->fresh_from > 0 && to->file[i].file >= to->options->fresh_from;
        rc = fresh ? STATUS_OK : staged_check(to, &to->file[i]);
    }
    return rc;
}

/* ---- before anything moves ---- */

static enum status declared_check(const struct releasing *to)
{
    const struct run_release_options *options = to->options;
    const struct run_released *staged = to->released;

    if ((options->expect_count < 0 || (uint64_t)options->expect_count == staged->payments) &&
        (options->expect_amount < 0 || options->expect_amount == staged->amount_dong)) {
        return STATUS_OK;
    }
    enum status rc = diag_fail(to->diag, STATUS_CONFLICT, "what is staged is not what was declared");
    diag_found(to->diag, "%llu payments, %lld dong", (unsigned long long)staged->payments,
               (long long)staged->amount_dong);
    if (options->expect_amount < 0) {
        diag_expected(to->diag, "%lld payments", (long long)options->expect_count);
    } else if (options->expect_count < 0) {
        diag_expected(to->diag, "%lld dong", (long long)options->expect_amount);
    } else {
        diag_expected(to->diag, "%lld payments, %lld dong", (long long)options->expect_count,
                      (long long)options->expect_amount);
    }
    return rc;
}

/* Files of one run and unit stand together as they were planned: the pair is asked for once, and for each later
 * generation, which somebody made. */
static enum status officer_may(const struct releasing *to)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < to->count && rc == STATUS_OK; i++) {
        const struct ledger_file *file = &to->file[i];
        if (i == 0 || file->generation > 1 || file->run != to->file[i - 1].run ||
            strcmp(file->unit_code, to->file[i - 1].unit_code) != 0) {
            rc = officer_check_file(to->officer, file, to->diag);
        }
    }
    return rc;
}

/* Totals that differ too much are for an officer to look at; the first of them is named. */
static enum status totals_check(const struct releasing *to, int64_t run)
{
    struct total_excess *excess = NULL;
    char text[TOTAL_TEXT_BYTES];
    size_t count = 0;

    enum status rc = releasing_excess(to, run, &excess, &count);
    if (rc == STATUS_OK && count > 0 && !to->options->accept_totals) {
        rc = diag_fail(to->diag, STATUS_CONFLICT, "%zu totals differ from last month's by more than the policy allows", count);
        total_text(&excess[0], text);
        diag_found(to->diag, "%s", text);
        diag_hint(to->diag, "look at them, then release --accept-totals");
    }
    free(excess);
    return rc;
}

static enum status totals_may(const struct releasing *to)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < to->count && rc == STATUS_OK; i++) {
        if (i == 0 || to->file[i].run != to->file[i - 1].run) {
            rc = totals_check(to, to->file[i].run);
        }
    }
    return rc;
}

enum status release_survey(const struct releasing *about)
{
    struct run_released staged = { 0 };
    struct releasing all = { .site = about->site, .ledger = about->ledger, .options = about->options,
                             .officer = about->officer, .released = &staged, .every = true, .diag = about->diag };

    enum status rc = releasing_choose(&all);
    if (rc == STATUS_OK) {
        rc = releasing_add_up(&all);
    }
    if (rc == STATUS_OK) {
        rc = declared_check(&all);
    }
    if (rc == STATUS_OK) {
        rc = officer_may(&all);
    }
    if (rc == STATUS_OK) {
        rc = totals_may(&all);
    }
    releasing_release(&all);
    return rc;
}
