/*
 * take_apply.c - the sealed files of a run into the register: whole files, several to a transaction.
 *
 * A crash inside leaves the files unapplied and in intake/; a crash between the commit and the move to
 * the archive leaves applied files in intake/, which the next pass moves. Neither applies a row twice:
 * a row that is known changes nothing.
 *
 * Numbers of people come in no order: whom the ids name, the ledger finds out for many rows at a time, and gives
 * back rows that contradict what is known when their files are done already. And each transaction writes most pages
 * of their indexes once more: a nation's two hundred files in a transaction each write a gigabyte for a register of 200 MiB.
 */
#include "take.h"

#include <stdio.h>
#include <stdlib.h>

/* The content as sealed: from the archive, if a crash came after the move or the run is done again, otherwise from
 * intake/. */
static enum status content_read(struct world *world, const struct ledger_intake *intake, struct buf *content,
                                struct diag *diag)
{
    char path[DIAG_FILE_BYTES + 16];
    struct digest digest;
    struct diag absent = { .line = 0 };

    enum status rc = archive_read(world->site, &intake->sha256, content, &absent);
    if (rc != STATUS_NO_INPUT) {
        if (rc != STATUS_OK) {
            *diag = absent;
        }
        return rc;
    }
    snprintf(path, sizeof(path), "intake/%s", intake->name);
    rc = sys_read(world->site->dir, path, content, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    digest_of(buf_span(content), &digest);
    if (!digest_equal(&digest, &intake->sha256)) {
        rc = diag_fail(diag, STATUS_SIGNATURE, "the file is not the one that the run was sealed on (another SHA-256)");
        diag_at(diag, path, 0, 0);
        diag_hint(diag, "put the approved file back");
    }
    return rc;
}

/* The units, by number, that whoever approved the file may approve this family for. */
static uint64_t reach_of(const struct taking *taking)
{
    const struct world *world = taking->world;
    const struct site_officer *officer = officer_of_certificate(world->config, &taking->intake->signer);
    uint64_t units = 0;

    if (taking->intake->approval == 0) {
        return ~UINT64_C(0);    /* nobody approved it, and the configuration lets it in */
    }
    ASSERT(officer != NULL);    /* the run is sealed on the configuration by which the approval was believed */
    uint64_t reach = officer_units(officer, ROLE_APPROVES, intake_family(taking->reader));
    if (reach == ~UINT64_C(0)) {
        return reach;
    }
    for (unsigned i = 0; i < world->config->unit_count; i++) {
        units |= (reach >> i & 1) << world->unit[i];
    }
    return units;
}

static enum status rows_apply(struct taking *taking, struct intake_batch *batch, struct span content,
                              struct diag *diag)
{
    enum status rc = intake_new(content, taking->intake->name, INTAKE_FOR_RUN, &taking->reader, diag);
    for (bool more = true; rc == STATUS_OK && more;) {
        rc = intake_read(taking->reader, batch, diag);
        more = rc == STATUS_OK && (batch->row_count > 0 || batch->finding_count > 0);
        if (more) {
            taking->source.units = reach_of(taking);
            rc = take_batch(taking, batch, diag);
        }
    }
    if (rc == STATUS_OK) {
        taking->intake->family = intake_family(taking->reader);
    }
    intake_free(taking->reader);
    return rc;
}

static enum status applied_event(struct world *world, const struct ledger_intake *intake, struct diag *diag)
{
    struct ledger_event event = { .kind = "intake.applied", .subject = intake->name, .unit = "", .why = "",
                                  .who = world->run.who, .at = world->run.created_at, .digest = intake->sha256 };
    return ledger_event_add(world->ledger, &event, diag);
}

/* Rows to a transaction: some 100 MiB of pages, which the ledger's cache still holds. */
enum { TRANSACTION_ROWS = 400000 };

static enum status file_apply(struct world *world, struct intake_batch *batch, struct ledger_intake *intake,
                              struct diag *diag)
{
    struct buf content = BUF_INIT(INTAKE_FILE_BYTES_MAX);
    struct taking taking = { .world = world, .intake = intake, .unit = -1,
                             .source = { world->run.run, intake->intake, intake->approval, intake->signed_at, 0 } };

    enum status rc = content_read(world, intake, &content, diag);
    intake->rows_read = intake->rows_applied = intake->rows_unchanged = intake->rows_rejected = 0;
    if (rc == STATUS_OK && intake->again) {
        rc = take_again_listed(&taking, batch, buf_span(&content), diag);
    } else if (rc == STATUS_OK) {
        rc = rows_apply(&taking, batch, buf_span(&content), diag);
        if (rc == STATUS_OK) {
            rc = ledger_intake_done(world->ledger, intake, diag);
        }
        if (rc == STATUS_OK) {
            rc = applied_event(world, intake, diag);
        }
    }
    buf_release(&content);
    return rc;
}

/* Newcomers of all files get their persons. A row whose numbers belong to different people is rejected after all, though
 * its file was done. */
static enum status persons_join(struct world *world, struct ledger_intake *list, size_t count, struct diag *diag)
{
    struct ledger_unjoined *unjoined = NULL;
    size_t unjoined_count = 0;

    enum status rc = ledger_join(world->ledger, &unjoined, &unjoined_count, diag);
    for (size_t i = 0; i < unjoined_count && rc == STATUS_OK; i++) {
        size_t at = 0;
        while (list[at].again || list[at].intake != unjoined[i].intake) {
            at++;
            ASSERT(at < count);
        }
        list[at].rows_applied--;
        list[at].rows_rejected++;
        rc = ledger_reject_add(world->ledger, unjoined[i].intake, &unjoined[i].reject, 1, diag);
        if (rc == STATUS_OK) {
            rc = ledger_intake_done(world->ledger, &list[at], diag);
        }
    }
    free(unjoined);
    return rc;
}

/* Applies files from `first` on in one transaction; gives the first that is left. */
static enum status group_apply(struct world *world, struct intake_batch *batch, struct ledger_intake *list,
                               size_t count, size_t *first, struct diag *diag)
{
    uint64_t rows = 0;

    enum status rc = ledger_begin_derived(world->ledger, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    for (; *first < count && rc == STATUS_OK && rows < TRANSACTION_ROWS; *first += 1) {
        if (list[*first].state == INTAKE_SEALED) {
            rc = file_apply(world, batch, &list[*first], diag);
            rows += list[*first].rows_read;
        }
    }
    if (rc == STATUS_OK) {
        rc = persons_join(world, list, count, diag);
    }
    if (rc == STATUS_OK) {
        return ledger_commit(world->ledger, diag);
    }
    ledger_rollback(world->ledger);
    return rc;
}

static enum status act_apply(struct world *world, struct intake_batch *batch, const struct ledger_act *act,
                             struct ledger_intake *list, size_t count, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < act->count && rc == STATUS_OK; i++) {
        size_t at = 0;
        bool again = span_is(act->event[i].kind, "intake.listed");
        while (at < count && !(list[at].again == again && digest_equal(&list[at].sha256, &act->event[i].digest))) {
            at++;
        }
        rc = at < count ? file_apply(world, batch, &list[at], diag)
                        : diag_fail(diag, STATUS_CONFLICT, "event %lld applied a file that its run was not sealed on",
                                    (long long)act->event[i].seq);
    }
    return rc == STATUS_OK ? persons_join(world, list, count, diag) : rc;
}

enum status take_again(struct world *world, const struct ledger_act *act, struct diag *diag)
{
    struct ledger_intake *list = NULL;
    struct intake_batch batch;
    size_t count = 0;

    intake_batch_init(&batch);
    enum status rc = ledger_intake_list(world->ledger, world->run.run, &list, &count, diag);
    if (rc == STATUS_OK) {
        rc = ledger_begin_derived(world->ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = act_apply(world, &batch, act, list, count, diag);
        if (rc == STATUS_OK) {
            rc = ledger_commit(world->ledger, diag);
        } else {
            ledger_rollback(world->ledger);
        }
    }
    intake_batch_release(&batch);
    free(list);
    return rc;
}

/* Out of intake/, into the archive. What lies there under the name must still be what was applied. */
static enum status file_archive(struct world *world, const struct ledger_intake *intake, struct diag *diag)
{
    char path[DIAG_FILE_BYTES + 16];

    snprintf(path, sizeof(path), "intake/%s", intake->name);
    if (world->options->dry || !sys_exists(world->site->dir, path)) {
        return STATUS_OK;
    }
    return archive_move(world->site, path, &intake->sha256, diag);
}

enum status take_apply(struct world *world, struct run_report *report, struct diag *diag)
{
    struct ledger_intake *list = NULL;
    struct intake_batch batch;      /* one for all files: it is megabytes */
    size_t count = 0;

    intake_batch_init(&batch);
    enum status rc = ledger_intake_list(world->ledger, world->run.run, &list, &count, diag);
    for (size_t next = 0, done = 0; next < count && rc == STATUS_OK;) {
        rc = group_apply(world, &batch, list, count, &next, diag);
        for (; done < next && rc == STATUS_OK; done++) {
            rc = file_archive(world, &list[done], diag);
        }
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        report->rows_read += list[i].rows_read;
        report->rows_applied += list[i].rows_applied;
        report->rows_unchanged += list[i].rows_unchanged;
        report->rows_rejected += list[i].rows_rejected;
    }
    intake_batch_release(&batch);
    free(list);
    return rc;
}
