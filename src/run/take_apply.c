/*
 * take_apply.c - the sealed files of a run into the register, one transaction each.
 *
 * A crash inside leaves the file unapplied and in intake/; a crash between the commit and the move to
 * the archive leaves an applied file in intake/, which the next pass moves. Neither applies a row twice:
 * a row that is known changes nothing.
 */
#include "world.h"

#include "chitra/intake.h"

#include <stdio.h>
#include <stdlib.h>

/* The content as sealed: from intake/, or from the archive if a crash came after the move. */
static enum status content_read(struct world *world, const struct ledger_intake *intake, struct buf *content,
                                struct diag *diag)
{
    char path[DIAG_FILE_BYTES + 16];
    struct digest digest;

    snprintf(path, sizeof(path), "intake/%s", intake->name);
    if (!sys_exists(world->site->dir, path)) {
        return archive_read(world->site, &intake->sha256, content, diag);
    }
    enum status rc = sys_read(world->site->dir, path, content, diag);
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

static enum status rows_apply(struct taking *taking, struct span content, struct diag *diag)
{
    struct intake_batch batch;

    intake_batch_init(&batch);
    enum status rc = intake_new(content, taking->intake->name, INTAKE_FOR_RUN, &taking->reader, diag);
    for (bool more = true; rc == STATUS_OK && more;) {
        rc = intake_read(taking->reader, &batch, diag);
        more = rc == STATUS_OK && (batch.row_count > 0 || batch.finding_count > 0);
        if (more) {
            rc = take_batch(taking, &batch, diag);
        }
    }
    if (rc == STATUS_OK) {
        taking->intake->family = intake_family(taking->reader);
    }
    intake_free(taking->reader);
    intake_batch_release(&batch);
    return rc;
}

static enum status applied_event(struct world *world, const struct ledger_intake *intake, struct diag *diag)
{
    struct ledger_event event = { .kind = "intake.applied", .subject = intake->name, .unit = "", .why = "",
                                  .who = world->run.who, .at = world->run.created_at, .digest = intake->sha256 };
    return ledger_event_add(world->ledger, &event, diag);
}

static enum status file_apply(struct world *world, struct ledger_intake *intake, struct diag *diag)
{
    struct buf content = BUF_INIT(INTAKE_FILE_BYTES_MAX);
    struct taking taking = { .world = world, .intake = intake,
                             .source = { world->run.run, intake->intake, intake->approval, intake->signed_at } };

    enum status rc = content_read(world, intake, &content, diag);
    if (rc == STATUS_OK) {
        rc = ledger_begin(world->ledger, diag);
    }
    if (rc != STATUS_OK) {
        buf_release(&content);
        return rc;
    }
    intake->rows_read = intake->rows_applied = intake->rows_unchanged = intake->rows_rejected = 0;
    rc = rows_apply(&taking, buf_span(&content), diag);
    if (rc == STATUS_OK) {
        rc = ledger_intake_done(world->ledger, intake, diag);
    }
    if (rc == STATUS_OK) {
        rc = applied_event(world, intake, diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_commit(world->ledger, diag);
    } else {
        ledger_rollback(world->ledger);
    }
    buf_release(&content);
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
    size_t count = 0;

    enum status rc = ledger_intake_list(world->ledger, world->run.run, &list, &count, diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (list[i].state == INTAKE_SEALED) {
            rc = file_apply(world, &list[i], diag);
        }
        if (rc == STATUS_OK) {
            rc = file_archive(world, &list[i], diag);
        }
        report->intake_files++;
        report->rows_read += list[i].rows_read;
        report->rows_applied += list[i].rows_applied;
        report->rows_unchanged += list[i].rows_unchanged;
        report->rows_rejected += list[i].rows_rejected;
    }
    free(list);
    return rc;
}
