/*
 * release.c - from staging to outbox/ and cash/, with a signed list written last.
 *
 * A write-ahead: the ledger says "releasing", the files move without overwriting, the folders are
 * synced, the signed list is published, the ledger says "released". A crash in between is finished by
 * the next release or run. A file that is in neither place is `unknown`: it may have been sent.
 */
#include "releasing.h"
#include "run/file_command.h"

#include <stdio.h>
#include <stdlib.h>

enum { CONTENT_BYTES_MAX = 32 * 1024 * 1024 };     /* a hundred thousand files, a line each */

/* ---- the write-ahead ---- */

/* Says exactly what is let go: a line for each file, digest, payments, dong and where it goes. */
static enum status content_make(const struct releasing *to, struct buf *content)
{
    char hex[DIGEST_HEX_BYTES];
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < to->count && rc == STATUS_OK; i++) {
        const struct ledger_file *file = &to->file[i];
        digest_hex(&file->content, hex);
        rc = buf_add_format(content, "%s %llu %lld %s\n", hex, (unsigned long long)file->batch.payments,
                            (long long)file->batch.amount_dong, file->path);
    }
    return rc;
}

/* Whoever accepts totals signs which. */
static enum status totals_accept(const struct releasing *to, struct ledger_event *event, struct buf *content)
{
    struct total_excess *excess = NULL;
    char text[TOTAL_TEXT_BYTES];
    size_t count = 0;

    enum status rc = releasing_excess(to, to->release.run, &excess, &count);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        event->why = "totals accepted";
        total_text(&excess[i], text);
        rc = buf_add_format(content, "accepted: %s\n", text);
    }
    free(excess);
    return rc;
}

static enum status begin_store(struct releasing *to)
{
    struct buf content = BUF_INIT(CONTENT_BYTES_MAX);
    int64_t *number = mem_alloc(to->count + 1, sizeof(*number));
    struct ledger_event event = { .kind = "files.releasing", .subject = to->release.name, .unit = "", .why = "" };

    for (size_t i = 0; i < to->count; i++) {
        number[i] = to->file[i].file;
    }
    enum status rc = content_make(to, &content);
    if (rc == STATUS_OK) {
        rc = totals_accept(to, &event, &content);
    }
    if (rc == STATUS_OK) {
        rc = ledger_release_begin(to->ledger, &to->release, number, to->count, to->diag);
    }
    if (rc == STATUS_OK) {
        digest_of(buf_span(&content), &event.digest);
        rc = officer_act(to->officer, &event, buf_span(&content), to->diag);
    }
    buf_release(&content);
    free(number);
    return rc;
}

static enum status begin(struct releasing *to)
{
    char period[8];
    struct ledger_run run;

    enum status rc = ledger_run_get(to->ledger, to->release.run, &run, to->diag);
    if (rc == STATUS_OK) {
        snprintf(to->release.at, sizeof(to->release.at), "%s", to->officer->at);
        snprintf(to->release.who, sizeof(to->release.who), "%s", to->officer->who);
        month_write(run.period, period);
        memmove(period + 4, period + 5, 3);
        /* The first file's number makes the name one of its own, also for releases by unit. */
        snprintf(to->release.name, sizeof(to->release.name), "%s-R%d-%lld", period, run.number,
                 (long long)to->file[0].file);
        to->release.pay_month = day_month(to->file[0].batch.pay_date);
        rc = ledger_begin(to->ledger, to->diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = begin_store(to);
    if (rc == STATUS_OK) {
        return ledger_commit(to->ledger, to->diag);
    }
    ledger_rollback(to->ledger);
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
    enum status rc = outbox_list_publish(to->site, to->release.pay_month, to->release.name,
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

/* What a crash left is finished first, as it was begun: by whom is in the ledger. */
static enum status finish_open(const struct releasing *about)
{
    struct releasing to = *about;

    enum status rc = ledger_release_open(to.ledger, &to.release, to.diag);
    if (rc == STATUS_OK && to.release.release != 0) {
        rc = take_up(&to);
        if (rc == STATUS_OK) {
            rc = releasing_add_up(&to);
        }
        /* Between the crash and now anybody may have been at what still lies in staging. */
        for (size_t i = 0; i < to.count && rc == STATUS_OK; i++) {
            char path[DIAG_FILE_BYTES];
            staging_path(&to.file[i], path);
            rc = sys_exists(to.site->dir, path) ? outbox_hash_check(to.site, path, &to.file[i].content, to.diag)
                                                : STATUS_OK;
        }
        if (rc == STATUS_OK) {
            rc = finish(&to);
        }
    }
    releasing_release(&to);
    return rc;
}

/* The next run with staged files; *more is false if there is none. */
static enum status release_next(const struct releasing *about, bool *more)
{
    struct releasing to = *about;

    enum status rc = releasing_choose(&to);
    *more = rc == STATUS_OK && to.count > 0;
    if (*more) {
        rc = releasing_add_up(&to);
    }
    if (rc == STATUS_OK && *more) {
        rc = releasing_check(&to);
    }
    if (rc == STATUS_OK && *more) {
        rc = begin(&to);
    }
    if (rc == STATUS_OK && *more) {
        rc = finish(&to);
    }
    releasing_release(&to);
    return rc;
}

/* Whoever is named, or the run itself, as it says. */
static enum status officer_take(const struct site *site, struct ledger *ledger,
                                const struct run_release_options *options, struct officer *officer, struct diag *diag)
{
    if (options->claim != NULL) {
        return officer_new(site, ledger, options->claim, ROLE_CERTIFIES, officer, diag);
    }
    *officer = (struct officer){ .site = site, .ledger = ledger, .role = ROLE_CERTIFIES };
    snprintf(officer->who, sizeof(officer->who), "%s", options->who);
    snprintf(officer->at, sizeof(officer->at), "%s", options->at);
    return STATUS_OK;
}

enum status run_release(const struct site *site, struct ledger *ledger, const struct run_release_options *options,
                        struct run_released *released, struct diag *diag)
{
    struct ledger_run run;
    struct officer officer;
    uint64_t missed;
    struct releasing about = { .site = site, .ledger = ledger, .options = options, .officer = &officer,
                               .released = released, .diag = diag };

    *released = (struct run_released){ 0 };
    enum status rc = officer_take(site, ledger, options, &officer, diag);
    if (rc == STATUS_OK && options->run != 0) {
        rc = ledger_run_get(ledger, options->run, &run, diag);
    }
    if (rc == STATUS_OK) {
        rc = errands_finish(site, ledger, &missed, diag);
    }
    if (rc == STATUS_OK && options->fresh_from == 0) {
        rc = release_overtaken(&about);
    }
    if (rc == STATUS_OK) {
        rc = release_survey(&about);
    }
    if (rc == STATUS_OK) {
        rc = finish_open(&about);
    }
    for (bool more = true; rc == STATUS_OK && more;) {
        rc = release_next(&about, &more);
    }
    officer_release(&officer);
    return rc == STATUS_OK ? release_stale(&about) : rc;
}
