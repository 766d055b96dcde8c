/*
 * audit.c - takes one moment of the ledger, shares the checks among threads, tells what they found.
 *
 * Making the ledger anew goes one act after the other and takes the longest; what can be looked at without
 * it goes on beside it.
 */
#include "auditing.h"

#include "chitra/ledger_evidence.h"
#include "chitra/ledger_standing.h"

#include <stdlib.h>

enum {
    TASKS = 2,
    FAULTS_KEPT_MAX = 10000     /* of one task: more are counted */
};

struct kept_fault {
    enum status kind;
    struct diag diag;
};

struct task {
    struct auditing auditing;
    enum status (*work)(struct auditing *to, struct diag *diag);
    struct kept_fault *fault;
    size_t count, room;
};

struct audit {
    struct task task[TASKS];
    struct audit_steps steps;
};

/* ---- faults: kept by each task, told in one order ---- */

static void fault_keep(void *context, enum status kind, const struct diag *fault)
{
    struct task *task = context;

    if (task->count == FAULTS_KEPT_MAX) {
        return;
    }
    if (task->count == task->room) {
        task->room = task->room * 2 + 16;
        task->fault = mem_resize(task->fault, task->room, sizeof(*task->fault));
    }
    task->fault[task->count++] = (struct kept_fault){ kind, *fault };
}

static void faults_tell(const struct task *task, struct run_faults *faults)
{
    for (size_t i = 0; i < task->count; i++) {
        fault_add(faults, task->fault[i].kind, &task->fault[i].diag);
    }
    faults->count += task->auditing.faults.count - task->count;
}

enum status audit_result(struct auditing *to, enum status rc, struct diag *fault, struct diag *diag)
{
    switch (rc) {
    case STATUS_OK:
        return STATUS_OK;
    case STATUS_DEFECT:
    case STATUS_CREATE:
    case STATUS_IO:
    case STATUS_LEDGER:
    case STATUS_BUSY:
        *diag = *fault;
        return rc;
    default:
        fault_add(&to->faults, rc, fault);
        return STATUS_OK;
    }
}

void audit_step(struct auditing *to, uint64_t steps)
{
    uint64_t done = atomic_fetch_add(&to->steps->done, steps) + steps;

    if (to->options->progress != NULL) {
        to->options->progress(to->options->context, done, to->steps->total);
    }
}

/* ---- the tasks ---- */

/* A reader of its own for each task, each in a transaction; that they are of one moment shows in the last event. */
static enum status moment_take(struct audit *audit, const char *folder, struct diag *diag)
{
    struct digest last[TASKS];
    int64_t seq[TASKS];
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < TASKS && rc == STATUS_OK; i++) {
        struct auditing *to = &audit->task[i].auditing;
        rc = ledger_open(folder, LEDGER_READ, &to->ledger, diag);
        if (rc == STATUS_OK) {
            rc = ledger_begin(to->ledger, diag);
        }
        if (rc == STATUS_OK) {
            rc = ledger_event_last(to->ledger, &seq[i], &last[i], diag);
        }
    }
    if (rc == STATUS_OK && !digest_equal(&last[0], &last[1])) {
        rc = diag_fail(diag, STATUS_BUSY, "the ledger is being written");
        diag_hint(diag, "audit when no run is going on");
    }
    return rc;
}

/* The chain of events: what is behind a break is not believed, and not done again. */
static enum status chain_check(struct audit *audit, struct run_audited *audited, struct diag *diag)
{
    struct auditing *to = &audit->task[0].auditing;
    struct diag fault = { .line = 0 };
    int64_t seq = 0;

    enum status rc = ledger_event_check(to->ledger, &to->events, &fault);
    rc = audit_result(to, rc, &fault, diag);
    if (rc == STATUS_OK) {
        rc = ledger_event_last(to->ledger, &seq, &audited->last, diag);
    }
    audited->events = (uint64_t)seq;
    for (size_t i = 1; i < TASKS; i++) {
        audit->task[i].auditing.events = to->events;
    }
    return rc;
}

static void difference_tell(void *context, const struct diag *difference)
{
    struct auditing *to = context;
    struct diag fault = *difference;

    diag_hint(&fault, "signatures and files are not looked at");
    fault_add(&to->faults, STATUS_CONFLICT, &fault);
}

/* What can be looked at without the ledger made anew. Rows of a ledger that does not agree with itself are not read
 * further: what they should be, the other task tells. */
static enum status witnesses(struct auditing *to, struct diag *diag)
{
    enum status rc = audit_archive(to, diag);
    uint64_t before = to->faults.count;

    if (rc == STATUS_OK) {
        rc = ledger_consistency(to->ledger, difference_tell, to, diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_standing(to->ledger, 0, difference_tell, to, diag);
    }
    if (rc == STATUS_OK && to->faults.count > before) {
        return STATUS_OK;
    }
    if (rc == STATUS_OK) {
        rc = audit_signatures(to, diag);
    }
    if (rc == STATUS_OK) {
        rc = audit_files(to, diag);
    }
    if (rc == STATUS_OK) {
        rc = audit_rewrite(to, diag);
    }
    return rc == STATUS_OK ? audit_sums(to, diag) : rc;
}

static enum status task_work(void *context, size_t index, struct diag *diag)
{
    struct audit *audit = context;

    return audit->task[index].work(&audit->task[index].auditing, diag);
}

/* Files are of today, the ledger of the moment at the start: what differs may be that of a run that went on. */
static enum status moment_check(struct audit *audit, const struct run_audited *audited, struct diag *diag)
{
    struct ledger *ledger = audit->task[0].auditing.ledger;
    struct digest last;
    int64_t seq;

    ledger_rollback(ledger);
    enum status rc = ledger_event_last(ledger, &seq, &last, diag);
    if (rc == STATUS_OK && !digest_equal(&last, &audited->last)) {
        rc = diag_fail(diag, STATUS_BUSY, "the ledger was written while it was audited");
        diag_hint(diag, "audit when no run is going on");
    }
    return rc;
}

enum status run_audit(struct site *site, const struct run_audit_options *options, struct run_faults *faults,
                      struct run_audited *audited, struct diag *diag)
{
    struct audit audit = { .task = { { .work = audit_replay }, { .work = witnesses } } };
    struct sys_pool pool = { .jobs = options->jobs == 0 ? sys_processors() : options->jobs, .count = TASKS,
                             .work = task_work, .context = &audit };

    *audited = (struct run_audited){ .events = 0 };
    for (size_t i = 0; i < TASKS; i++) {
        audit.task[i].auditing = (struct auditing){ .site = site, .options = options, .audited = audited,
                                                    .faults = { .tell = fault_keep, .context = &audit.task[i] },
                                                    .steps = &audit.steps };
    }
    enum status rc = moment_take(&audit, options->folder, diag);
    if (rc == STATUS_OK) {
        rc = chain_check(&audit, audited, diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_acts_count(audit.task[0].auditing.ledger, &audit.steps.total, diag);
    }
    if (rc == STATUS_OK) {
        rc = sys_pool_run(&pool, diag);
    }
    for (size_t i = 0; i < TASKS; i++) {
        faults_tell(&audit.task[i], faults);
    }
    if (rc == STATUS_OK && faults->count > 0) {
        rc = moment_check(&audit, audited, diag);
    }
    for (size_t i = 0; i < TASKS; i++) {
        ledger_close(audit.task[i].auditing.ledger);
        free(audit.task[i].fault);
    }
    return rc;
}
