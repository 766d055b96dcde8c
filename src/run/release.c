/*
 * release.c - from staging to outbox/ and cash/, with a signed list written last.
 *
 * A write-ahead: the ledger says "releasing", the files move without overwriting, the folders are
 * synced, the signed list is published, the ledger says "released". A crash in between is finished by
 * the next release or run. A file that is in neither place is `unknown`: it may have been sent.
 */
#include "outbox.h"

#include "chitra/ledger_member.h"

#include <stdio.h>
#include <stdlib.h>

struct releasing {
    const struct site *site;
    struct ledger *ledger;
    const struct run_release_options *options;
    struct run_released *released;
    struct ledger_release release;
    bool every;                 /* the files of every run, to add them up */
    struct ledger_file *file;   /* those that are released */
    size_t count;
    int64_t *unknown;
    size_t unknown_count;
    struct arena arena;
    struct diag *diag;
};

/* ---- which files ---- */

static bool file_is_wanted(const struct releasing *to, const struct ledger_file *file, const struct ledger_run *run)
{
    return file->state == FILE_STAGED && units_name(to->options->units, file->unit_code) && run->state >= RUN_STAGED;
}

/* The staged files of one run, the oldest with any first: a release belongs to one run. Of all runs with
 * `every`. */
static enum status choose(struct releasing *to)
{
    struct ledger_file *all = NULL;
    size_t count = 0;
    struct ledger_run run = { 0 };

    enum status rc = ledger_files(to->ledger, to->options->run, 0, &to->arena, &all, &count, to->diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (!to->every && to->count > 0 && all[i].run != to->release.run) {
            continue;
        }
        if (run.run != all[i].run) {
            rc = ledger_run_get(to->ledger, all[i].run, &run, to->diag);
        }
        if (rc == STATUS_OK && file_is_wanted(to, &all[i], &run)) {
            to->file = mem_resize(to->file, to->count + 1, sizeof(*to->file));
            to->file[to->count++] = all[i];
            to->release.run = all[i].run;
        }
    }
    free(all);
    return rc;
}

/* What changed after the plan must not leave as it was planned: a death, an end, another account. */
static enum status overtaken_mark(struct ledger *ledger, const struct run_release_options *options,
                                  struct diag *diag)
{
    struct ledger_overtaken *overtaken = NULL;
    struct sys_time now;
    char at[SYS_TIME_BYTES];
    const struct ledger_doing doing = { options->who, at, "" };
    size_t count = 0;

    enum status rc = sys_now(&now, diag);
    if (rc == STATUS_OK) {
        sys_time_write(now, at);
        rc = ledger_begin(ledger, diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = ledger_overtake(ledger, BY_RELEASE, &doing, &overtaken, &count, diag);
    if (rc == STATUS_OK) {
        rc = ledger_commit(ledger, diag);
    } else {
        ledger_rollback(ledger);
    }
    free(overtaken);
    return rc;
}

static enum status stale_count(struct ledger *ledger, struct run_released *released, struct diag *diag)
{
    struct arena arena = ARENA_INIT;
    struct ledger_file *file = NULL;
    size_t count = 0;

    enum status rc = ledger_files_stale(ledger, &arena, &file, &count, diag);
    released->stale = count;
    free(file);
    arena_release(&arena);
    return rc;
}

static enum status add_up(struct releasing *to)
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

/* ---- the write-ahead ---- */

static enum status begin(struct releasing *to)
{
    struct sys_time now;
    char period[8];
    int64_t *number = mem_alloc(to->count + 1, sizeof(*number));
    struct ledger_run run;

    enum status rc = sys_now(&now, to->diag);
    if (rc == STATUS_OK) {
        rc = ledger_run_get(to->ledger, to->release.run, &run, to->diag);
    }
    if (rc == STATUS_OK) {
        sys_time_write(now, to->release.at);
        if (to->options->at != NULL) {
            snprintf(to->release.at, sizeof(to->release.at), "%s", to->options->at);
        }
        snprintf(to->release.who, sizeof(to->release.who), "%s", to->options->who);
        month_write(run.period, period);
        memmove(period + 4, period + 5, 3);
        /* The first file's number makes the name one of its own, also for releases by unit. */
        snprintf(to->release.name, sizeof(to->release.name), "%s-R%d-%lld", period, run.number,
                 (long long)to->file[0].file);
        rc = ledger_begin(to->ledger, to->diag);
    }
    if (rc == STATUS_OK) {
        for (size_t i = 0; i < to->count; i++) {
            number[i] = to->file[i].file;
        }
        rc = ledger_release_begin(to->ledger, &to->release, number, to->count, to->diag);
        if (rc == STATUS_OK) {
            rc = ledger_commit(to->ledger, to->diag);
        } else {
            ledger_rollback(to->ledger);
        }
    }
    free(number);
    return rc;
}

/* Takes up a release that a crash left: its files as the ledger has them. */
static enum status take_up(struct releasing *to)
{
    struct ledger_file *all = NULL;
    int64_t *number = NULL;
    size_t count = 0;
    size_t numbers = 0;

    enum status rc = ledger_files(to->ledger, to->release.run, 0, &to->arena, &all, &count, to->diag);
    if (rc == STATUS_OK) {
        rc = ledger_release_files(to->ledger, to->release.release, &number, &numbers, to->diag);
    }
    for (size_t i = 0; i < numbers && rc == STATUS_OK; i++) {
        for (size_t j = 0; j < count; j++) {
            if (all[j].file == number[i]) {
                to->file = mem_resize(to->file, to->count + 1, sizeof(*to->file));
                to->file[to->count++] = all[j];
            }
        }
    }
    free(all);
    free(number);
    return rc;
}

/* ---- moving ---- */

static enum status move_one(struct releasing *to, const struct ledger_file *file)
{
    char from[DIAG_FILE_BYTES];
    char folder[DIAG_FILE_BYTES];

    staging_path(file, from);
    if (sys_exists(to->site->dir, from)) {
        outbox_folder_of(file->path, folder);
        enum status rc = sys_dir_make(to->site->dir, folder, to->diag);
        return rc == STATUS_OK ? sys_move(to->site->dir, from, file->path, to->diag) : rc;
    }
    if (!sys_exists(to->site->dir, file->path)) {
        to->unknown = mem_resize(to->unknown, to->unknown_count + 1, sizeof(*to->unknown));
        to->unknown[to->unknown_count++] = file->file;
    }
    return STATUS_OK;
}

/* ---- the signed list ---- */

static bool is_unknown(const struct releasing *to, const struct ledger_file *file)
{
    for (size_t i = 0; i < to->unknown_count; i++) {
        if (to->unknown[i] == file->file) {
            return true;
        }
    }
    return false;
}

static enum status list_publish(const struct releasing *to, struct digest *digest)
{
    struct outbox_entry *entry = mem_alloc(to->count + 1, sizeof(*entry));
    size_t count = 0;

    for (size_t i = 0; i < to->count; i++) {
        if (!is_unknown(to, &to->file[i])) {
            entry[count++] = (struct outbox_entry){ to->file[i].path, &to->file[i].content };
        }
    }
    enum status rc = outbox_list_publish(to->site, day_month(to->file[0].batch.pay_date), to->release.name,
                                         to->release.at, entry, count, digest, to->diag);
    free(entry);
    return rc;
}

static enum status finish(struct releasing *to)
{
    struct digest digest;
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < to->count && rc == STATUS_OK; i++) {
        rc = move_one(to, &to->file[i]);
    }
    if (rc == STATUS_OK) {
        rc = outbox_sync(to->site, to->file, to->count, to->diag);
    }
    if (rc == STATUS_OK) {
        rc = sys_dir_sync(to->site->dir, "state/staging", to->diag);
    }
    if (rc == STATUS_OK) {
        rc = list_publish(to, &digest);
    }
    if (rc == STATUS_OK) {
        rc = ledger_begin(to->ledger, to->diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = ledger_release_end(to->ledger, &to->release, &digest, to->unknown, to->unknown_count, to->diag);
    if (rc == STATUS_OK) {
        rc = ledger_commit(to->ledger, to->diag);
    } else {
        ledger_rollback(to->ledger);
    }
    to->released->files += to->count;
    to->released->unknown += to->unknown_count;
    return rc;
}

static void releasing_release(struct releasing *to)
{
    free(to->file);
    free(to->unknown);
    arena_release(&to->arena);
}

/* What was declared is compared with everything that is staged and asked for, before anything moves. */
static enum status declared_check(const struct site *site, struct ledger *ledger,
                                  const struct run_release_options *options, struct diag *diag)
{
    struct run_released staged = { 0 };
    struct releasing all = { .site = site, .ledger = ledger, .options = options, .released = &staged, .diag = diag };
    enum status rc = STATUS_OK;

    if (options->expect_count < 0 && options->expect_amount < 0) {
        return STATUS_OK;
    }
    all.every = true;
    rc = choose(&all);
    if (rc == STATUS_OK) {
        rc = add_up(&all);
    }
    if (rc == STATUS_OK &&
        ((options->expect_count >= 0 && (uint64_t)options->expect_count != staged.payments) ||
         (options->expect_amount >= 0 && options->expect_amount != staged.amount_dong))) {
        rc = diag_fail(diag, STATUS_CONFLICT, "what is staged is not what was declared");
        diag_found(diag, "%llu payments, %lld dong", (unsigned long long)staged.payments,
                   (long long)staged.amount_dong);
        if (options->expect_amount < 0) {
            diag_expected(diag, "%lld payments", (long long)options->expect_count);
        } else if (options->expect_count < 0) {
            diag_expected(diag, "%lld dong", (long long)options->expect_amount);
        } else {
            diag_expected(diag, "%lld payments, %lld dong", (long long)options->expect_count,
                          (long long)options->expect_amount);
        }
    }
    releasing_release(&all);
    return rc;
}

/* What a crash left is finished first, as it was begun. */
static enum status finish_open(const struct site *site, struct ledger *ledger,
                               const struct run_release_options *options, struct run_released *released,
                               struct diag *diag)
{
    struct releasing to = { .site = site, .ledger = ledger, .options = options, .released = released, .diag = diag };

    enum status rc = ledger_release_open(ledger, &to.release, diag);
    if (rc == STATUS_OK && to.release.release != 0) {
        rc = take_up(&to);
        if (rc == STATUS_OK) {
            rc = add_up(&to);
        }
        /* Between the crash and now anybody may have been at what still lies in staging. */
        for (size_t i = 0; i < to.count && rc == STATUS_OK; i++) {
            char path[DIAG_FILE_BYTES];
            staging_path(&to.file[i], path);
            rc = sys_exists(site->dir, path) ? outbox_hash_check(site, path, &to.file[i].content, diag) : STATUS_OK;
        }
        if (rc == STATUS_OK) {
            rc = finish(&to);
        }
    }
    releasing_release(&to);
    return rc;
}

enum status run_release(const struct site *site, struct ledger *ledger, const struct run_release_options *options,
                        struct run_released *released, struct diag *diag)
{
    struct ledger_run run;

    *released = (struct run_released){ 0 };
    enum status rc = options->run == 0 ? STATUS_OK : ledger_run_get(ledger, options->run, &run, diag);
    if (rc == STATUS_OK && options->fresh_from == 0) {
        rc = overtaken_mark(ledger, options, diag);
    }
    if (rc == STATUS_OK) {
        rc = declared_check(site, ledger, options, diag);
    }
    if (rc == STATUS_OK) {
        rc = finish_open(site, ledger, options, released, diag);
    }
    for (bool more = true; rc == STATUS_OK && more;) {
        struct releasing to = { .site = site, .ledger = ledger, .options = options, .released = released, .diag = diag };
        rc = choose(&to);
        more = to.count > 0;
        if (rc == STATUS_OK && more) {
            rc = add_up(&to);
        }
        for (size_t i = 0; i < to.count && rc == STATUS_OK; i++) {
            bool fresh = options->fresh_from > 0 && to.file[i].file >= options->fresh_from;
            rc = fresh ? STATUS_OK : staged_check(&to, &to.file[i]);
        }
        if (rc == STATUS_OK && more) {
            rc = begin(&to);
        }
        if (rc == STATUS_OK && more) {
            rc = finish(&to);
        }
        releasing_release(&to);
    }
    return rc == STATUS_OK ? stale_count(ledger, released, diag) : rc;
}
