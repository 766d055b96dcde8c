/*
 * receive_cash.c - the post's results: which lines of its lists were collected, as an approved CSV.
 *
 * A row at fault refuses the whole: a result that names every line closes its list, and one that only seems to
 * would make money uncollected that somebody has.
 */
#include "receive.h"

#include <stdio.h>

enum { FOLDER_BYTES = 4096 };

/* The folder of a path; "." if it names none. */
static void folder_of(const char *path, char folder[FOLDER_BYTES])
{
    int size = (int)(answer_name(path) - path);

    snprintf(folder, FOLDER_BYTES, "%.*s", size == 0 ? 1 : size, size == 0 ? "." : path);
}

/* The signed lists beside a result that name it. */
static enum status approvals_beside(const struct saying *saying, int dir, const char *path, struct approvals *approvals,
                                    struct diag *diag)
{
    struct sys_names names = { NULL, 0 };
    char folder[FOLDER_BYTES];
    char list[FOLDER_BYTES];

    folder_of(path, folder);
    enum status rc = sys_dir_list(dir, folder, &names, diag);
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        if (take_entry_of(names.name[i]) != TAKE_LIST) {
            continue;
        }
        if (snprintf(list, sizeof(list), "%s/%s", folder, names.name[i]) >= (int)sizeof(list)) {
            rc = diag_fail(diag, STATUS_LIMIT, "a path is too long");
        } else {
            rc = approvals_add(approvals, saying->world, dir, list, answer_name(path), diag);
        }
    }
    sys_names_release(&names);
    return rc;
}

/* The post answers for its units' lists only. */
static enum status reach_check(const struct saying *saying, struct diag *diag)
{
    const struct site_config *config = saying->world->site->config;
    const struct site_officer *officer = officer_of_name(config, saying->approval.officer);
    uint64_t units = officer == NULL ? 0 : officer_units(officer, ROLE_PAYS_CASH, FAMILY_COUNT);

    for (size_t i = 0; i < saying->file_count && saying->approval.name[0] != '\0'; i++) {
        int unit = site_unit_find(config, span_of(saying->file[i].unit));
        if (unit < 0 || (units >> unit & 1) == 0) {
            diag_fail(diag, STATUS_SIGNATURE, "who approved the result does not pay cash for the unit %s", saying->file[i].unit);
            diag_at(diag, saying->name, 0, 0);
            return STATUS_SIGNATURE;
        }
    }
    return STATUS_OK;
}

static enum status row_take(struct saying *saying, const struct intake_row *row, struct diag *diag)
{
    day_t approved = (day_t)((saying->approval.signed_at + 7 * 3600) / 86400);     /* UTC+7 */
    struct answer_line *line = saying_line(saying);

    saying_payment(line, row->text[TEXT_payment_id]);
    line->says = facts_or(&row->facts, FACT_state, STATE_collected) == STATE_uncollected ? SAYS_UNCOLLECTED : SAYS_BOOKED;
    line->day = (day_t)facts_or(&row->facts, FACT_on_date, saying->approval.name[0] != '\0' ? approved : saying->world->now.day);
    return saying_file(saying, row->text[TEXT_list_id], SPAN_EMPTY, &line->file, diag);
}

static enum status rows_take(struct saying *saying, const struct intake_batch *batch, struct diag *diag)
{
    enum status rc = STATUS_OK;

    if (batch->finding_count > 0) {
        const struct intake_finding *finding = &batch->finding[0];
        diag_fail(diag, STATUS_INPUT, "%.*s", (int)finding->reason.size, finding->reason.data);
        diag_at(diag, saying->name, finding->line, finding->column);
        return STATUS_INPUT;
    }
    for (size_t i = 0; i < batch->row_count && rc == STATUS_OK; i++) {
        rc = row_take(saying, &batch->row[i], diag);
    }
    return rc;
}

static enum status content_take(struct saying *saying, struct span content, struct diag *diag)
{
    struct intake_reader *reader = NULL;
    struct intake_batch batch;

    intake_batch_init(&batch);
    enum status rc = intake_new(content, saying->name, INTAKE_FOR_RUN, &reader, diag);
    do {
        if (rc == STATUS_OK) {
            rc = intake_read(reader, &batch, diag);
        }
        if (rc == STATUS_OK && intake_family(reader) != FAMILY_cash_results) {
            rc = diag_fail(diag, STATUS_INPUT, "a result of cash lists is expected (list_id, payment_id, state)");
        }
        if (rc == STATUS_OK) {
            rc = rows_take(saying, &batch, diag);
        }
    } while (rc == STATUS_OK && batch.row_count > 0);
    intake_free(reader);
    intake_batch_release(&batch);
    return rc;
}

enum status cash_understand(struct saying *saying, int dir, const char *path, struct diag *diag)
{
    struct approvals approvals = { .item = NULL, .role = ROLE_PAYS_CASH };
    struct buf content = BUF_INIT(INTAKE_FILE_BYTES_MAX);
    struct digest digest;

    saying->cash = true;
    snprintf(saying->answer.message, sizeof(saying->answer.message), "%s", family_name(FAMILY_cash_results));
    enum status rc = sys_read(dir, path, &content, diag);
    if (rc == STATUS_OK) {
        digest_of(buf_span(&content), &digest);
        rc = digest_equal(&digest, &saying->answer.sha256) ? rc
             : diag_fail(diag, STATUS_INPUT, "the file changed while it was read");
    }
    if (rc == STATUS_OK) {
        rc = approvals_beside(saying, dir, path, &approvals, diag);
    }
    if (rc == STATUS_OK) {
        rc = approval_of(&approvals, saying->world, path, &digest, &saying->approval, diag);
    }
    if (rc == STATUS_OK) {
        saying->answer.said_at = saying->approval.signed_at;
        rc = content_take(saying, buf_span(&content), diag);
    }
    if (rc == STATUS_OK) {
        rc = reach_check(saying, diag);
    }
    approvals_release(&approvals);
    buf_release(&content);
    return rc;
}

/* ---- lists from outside ---- */

static enum status content_keep(const struct site *site, int dir, const char *path, const struct digest *wanted, bool *kept,
                                struct diag *diag)
{
    struct buf content = BUF_INIT(TAKE_LIST_BYTES_MAX);
    struct digest digest;

    enum status rc = sys_read(dir, path, &content, diag);
    if (rc == STATUS_OK) {
        digest_of(buf_span(&content), &digest);
        *kept = digest_equal(&digest, wanted);
        rc = *kept ? archive_store(site, buf_span(&content), &digest, diag) : rc;
    }
    buf_release(&content);
    return rc;
}

enum status cash_lists_keep(const struct saying *saying, int dir, const char *path, struct diag *diag)
{
    char folder[FOLDER_BYTES];
    char list[FOLDER_BYTES];
    bool kept = false;

    if (!saying->cash || saying->approval.name[0] == '\0') {
        return STATUS_OK;
    }
    folder_of(path, folder);
    if (snprintf(list, sizeof(list), "%s/%s", folder, saying->approval.name) >= (int)sizeof(list)) {
        return diag_fail(diag, STATUS_LIMIT, "a path is too long");
    }
    enum status rc = content_keep(saying->world->site, dir, list, &saying->approval.list, &kept, diag);
    if (rc == STATUS_OK && kept && snprintf(list, sizeof(list), "%s/%s.p7s", folder, saying->approval.name) < (int)sizeof(list)) {
        rc = content_keep(saying->world->site, dir, list, &saying->approval.signature, &kept, diag);
    }
    return rc;
}
