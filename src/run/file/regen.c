/*
 * regen.c - a new generation in place of a file that was rejected whole or voided.
 *
 * It carries who is still a member, by today's configuration, profile and certificate. Whom a stop, a correction or a
 * hold has reached since is left out, and the next run decides. A rejected file leaves outbox/ by an errand. A crash
 * leaves a planned generation, which the next regen or run writes, and an errand, which the next command finishes.
 */
#include "run/file_command.h"

#include "regenerated.h"

#include "chitra/ledger_answer.h"

#include <stdio.h>
#include <stdlib.h>

struct regenerating {
    struct file_command command;
    struct run_options run_options;
    struct world world;             /* of today */
    struct regenerated *made;       /* by file */
};

/* ---- whether it may ---- */

static enum status regen_check(const struct file_command *command, const struct ledger_file *file)
{
    static const struct state_refusal
        taken = { "a run has taken up its payments: both would be paid", "chitra list payments" },
        replaced = { "another generation has taken its place", "chitra list files" },
        contradicted = { "answers contradict each other: the bank may have paid", "chitra list breaks, and chitra close once it is known" };
    uint64_t breaks = 0;
    bool latest = false;
    bool doubtful = false;

    /* As for a run: who is named prepares it, and a name that must be proved is. */
    enum status rc = command->officer.name[0] == '\0' ? STATUS_OK
                                                      : officer_check(&command->officer, 0, file->unit_code, command->diag);
    if (rc == STATUS_OK) {
        rc = ledger_file_is_latest(command->ledger, file, &latest, command->diag);
    }
    if (rc == STATUS_OK && !latest) {
        rc = file_command_refuse(command, file, &replaced);
    } else if (rc == STATUS_OK && file->taken_up != 0) {
        rc = file_command_refuse(command, file, &taken);
    }
    if (rc == STATUS_OK) {
        rc = ledger_breaks_of_file(command->ledger, file->file, &breaks, command->diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_funding_in_doubt(command->ledger, file, &doubtful, command->diag);
    }
    if (rc == STATUS_OK && (breaks > 0 || doubtful)) {
        rc = file_command_refuse(command, file, &contradicted);
    }
    return rc == STATUS_OK ? archive_copy(command->site, command->ledger, file, command->diag) : rc;
}

/* What the bank takes in one file may be less today. */
static enum status limits_check(const struct regenerating *regen, const struct ledger_file *next)
{
    const struct bank_profile *profile = file_profile(&regen->world, next, NULL);

    if (profile == NULL || (next->batch.payments <= profile->transactions_max &&
                            (profile->amount_dong_max == 0 || next->batch.amount_dong <= profile->amount_dong_max))) {
        return STATUS_OK;
    }
    enum status rc = diag_fail(regen->command.diag, STATUS_LIMIT, "the bank's profile of today takes no file as large as %s",
                               next->batch.msg_id);
    diag_hint(regen->command.diag, "`chitra void` it if it is not voided, and the next run splits it");
    return rc;
}

/* ---- the new generation ---- */

/* Whom something reached since is left out. */
static enum status overtaken_out(struct regenerating *regen, const struct ledger_file *file)
{
    struct ledger *ledger = regen->command.ledger;
    struct ledger_overtaken *overtaken = NULL;
    size_t count = 0;

    enum status rc = ledger_overtaken_in(ledger, file, &overtaken, &count, regen->command.diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = ledger_take_out(ledger, file, overtaken[i].ent, ledger_was_overtaken, file->run, regen->command.officer.at,
                             regen->command.diag);
    }
    free(overtaken);
    return rc;
}

static enum status regen_one(struct regenerating *regen, size_t index)
{
    /* The next run takes up what is withdrawn. Of what was refused it takes up only what is taken out here. */
    static const struct state_refusal nobody = { "nobody is left in it", "chitra run, which decides on its payments" };
    struct file_command *command = &regen->command;
    const struct ledger_file *file = &command->file[index];
    struct ledger_file *next = &regen->made[index].next;

    enum status rc = overtaken_out(regen, file);
    if (rc == STATUS_OK) {
        rc = generation_next(&regen->world, file, command->options->pay_date, next, command->diag);
    }
    if (rc == STATUS_OK) {
        command->doing.why = next->batch.msg_id;
        rc = ledger_replace(command->ledger, file, BY_REGEN, &command->doing, next, command->diag);
    }
    if (rc == STATUS_OK && next->batch.payments == 0 && file->state == FILE_VOIDED) {
        rc = file_command_refuse(command, file, &nobody);
    }
    if (rc == STATUS_OK) {
        rc = limits_check(regen, next);
    }
    return rc == STATUS_OK ? regenerated_compare(&regen->made[index], command, file) : rc;
}

static enum status regen_store(struct regenerating *regen)
{
    struct file_command *command = &regen->command;
    struct ledger_errand_file *rejected = mem_alloc(command->count, sizeof(*rejected));
    const struct digest none = { { 0 } };
    size_t count = 0;

    enum status rc = ledger_begin(command->ledger, command->diag);
    for (size_t i = 0; i < command->count && rc == STATUS_OK; i++) {
        rc = regen_one(regen, i);
        if (command->file[i].state == FILE_REJECTED) {
            rejected[count++] = errand_file_of(&command->file[i]);
        }
    }
    if (rc == STATUS_OK) {
        rc = errands_begin(command, ERRAND_WITHDRAWAL, rejected, count, &none);
    }
    if (rc == STATUS_OK) {
        rc = ledger_commit(command->ledger, command->diag);
    } else {
        ledger_rollback(command->ledger);
    }
    free(rejected);
    return rc;
}

/* ---- today ---- */

static enum status today_load(struct regenerating *regen)
{
    struct file_command *command = &regen->command;

    regen->run_options = (struct run_options){ .folder = command->options->folder, .units = "", .pay_date = DAY_NONE,
                                               .jobs = 1, .message = command->options->message,
                                               .context = command->options->context };
    regen->world = (struct world){ .site = command->site, .ledger = command->ledger, .options = &regen->run_options,
                                   .now = command->officer.time, .today = command->officer.time.day };
    struct ledger_run *made = &regen->world.run;        /* who makes the generation prepares it */
    memcpy(made->created_at, command->officer.at, sizeof(command->officer.at));
    sys_user(made->who, sizeof(made->who));
    memcpy(made->officer, command->officer.name, sizeof(made->officer));
    if (command->officer.signer != NULL) {
        made->officer_key = *certificate_key(signer_certificate(command->officer.signer));
    }
    enum status rc = world_seal(&regen->world, command->diag);
    return rc == STATUS_OK ? site_signer(command->site, command->officer.time, &regen->world.signer, command->diag) : rc;
}

static void tell(const struct regenerating *regen, struct run_files_done *done)
{
    const struct file_command *command = &regen->command;
    char day[2][11];

    for (size_t i = 0; i < command->count; i++) {
        const struct ledger_file *file = &command->file[i];
        const struct ledger_file *next = &regen->made[i].next;
        day_write(file->batch.pay_date, day[0]);
        day_write(next->batch.pay_date, day[1]);
        if (next->batch.payments == 0) {
            file_command_say(command, "nobody is left in %s, and nothing takes its place: the next run decides on its payments",
                             file->batch.msg_id);
        } else {
            file_command_say(command, "%s takes the place of %s: %llu of %llu payments, %lld of %lld dong, paid on %s (was %s)",
                             next->batch.msg_id, file->batch.msg_id, (unsigned long long)next->batch.payments,
                             (unsigned long long)file->batch.payments, (long long)next->batch.amount_dong,
                             (long long)file->batch.amount_dong, day[1], day[0]);
        }
        regenerated_tell(&regen->made[i], command);
        done->files++;
    }
}

/* A new generation that a crash left unwritten; what belongs to a run is the run's matter. */
static enum status pending_write(struct regenerating *regen)
{
    struct file_command *command = &regen->command;
    struct ledger_run open;
    char period[8];

    enum status rc = ledger_run_open(command->ledger, &open, command->diag);
    if (rc == STATUS_OK && open.run != 0) {
        month_write(open.period, period);
        rc = diag_fail(command->diag, STATUS_CONFLICT, "run %d of %s is not complete", open.number, period);
        diag_hint(command->diag, "chitra run --period %s carries it on", period);
    }
    return rc == STATUS_OK ? write_files(&regen->world, BY_REGEN, command->diag) : rc;
}

static enum status regenerate(struct regenerating *regen, const char *const *msg_id, size_t count)
{
    struct file_command *command = &regen->command;
    uint64_t missed;

    enum status rc = today_load(regen);
    if (rc == STATUS_OK) {
        rc = pending_write(regen);
    }
    if (rc == STATUS_OK) {
        rc = pay_date_check(regen->command.options->pay_date, regen->world.today, regen->command.diag);
    }
    if (rc == STATUS_OK) {
        rc = file_command_take(command, msg_id, count);
    }
    for (size_t i = 0; i < command->count && rc == STATUS_OK; i++) {
        rc = regen_check(command, &command->file[i]);
    }
    regen->made = mem_alloc(command->count + 1, sizeof(*regen->made));
    if (rc == STATUS_OK) {
        rc = regen_store(regen);
    }
    /* In the order in which a crash is repaired: errands by every command, then what is planned. */
    if (rc == STATUS_OK) {
        rc = errands_finish(command->site, command->ledger, &missed, command->diag);
    }
    return rc == STATUS_OK ? write_files(&regen->world, BY_REGEN, command->diag) : rc;
}

enum status run_regen(const struct site *site, struct ledger *ledger, const struct run_files_options *options,
                      const char *const *msg_id, size_t count, struct run_files_done *done, struct diag *diag)
{
    struct regenerating regen = { .command = { .site = site, .ledger = ledger, .options = options, .by = BY_REGEN,
                                               .diag = diag } };

    *done = (struct run_files_done){ 0 };
    enum status rc = file_command_begin(&regen.command);
    if (rc == STATUS_OK) {
        rc = regenerate(&regen, msg_id, count);
    }
    if (rc == STATUS_OK) {
        tell(&regen, done);
    }
    for (size_t i = 0; regen.made != NULL && i < regen.command.count; i++) {
        regenerated_release(&regen.made[i]);
    }
    free(regen.made);
    world_release(&regen.world);
    file_command_release(&regen.command);
    return rc;
}
