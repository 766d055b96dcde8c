/*
 * overtaken.c - before a run plans: whoever was overtaken in a file that has not left, and whoever was in a file
 * that was withdrawn, is taken out and decided on anew; the rest of an overtaken file gets a new generation.
 *
 * One transaction: a crash before it leaves files that release refuses, a crash after it planned generations, which
 * the same run writes. What lies in staging and counts no more goes to the archive last; the next run finds it if a
 * crash comes before.
 */
#include "run/world.h"

#include "chitra/ledger_member.h"

#include <stdio.h>
#include <stdlib.h>

struct taking_out {
    struct world *world;
    struct ledger_doing doing;
    struct ledger_overtaken *overtaken;
    size_t overtaken_count;
    struct ledger_file *file;   /* stale, later those that were withdrawn */
    size_t count;
    struct arena arena;
    struct diag *diag;
};

static bool is_asked_for(const struct taking_out *out, const struct ledger_file *file)
{
    return units_name(out->world->run.units, file->unit_code);
}

static enum status take_all(const struct taking_out *out, const struct ledger_file *file, const char *reason)
{
    return ledger_take_out(out->world->ledger, file, 0, reason, out->world->run.run, out->doing.at, out->diag);
}

/* Those who were overtaken; everybody where the account that was to pay is closed. */
static enum status stale_take_out(const struct taking_out *out, const struct ledger_file *file)
{
    enum status rc = STATUS_OK;

    if (file->batch.channel != CHANNEL_cash && file_profile(out->world, file, NULL) == NULL) {
        return take_all(out, file, ledger_was_overtaken);
    }
    for (size_t i = 0; i < out->overtaken_count && rc == STATUS_OK; i++) {
        if (out->overtaken[i].file == file->file) {
            rc = ledger_take_out(out->world->ledger, file, out->overtaken[i].ent, ledger_was_overtaken,
                                 out->world->run.run, out->doing.at, out->diag);
        }
    }
    return rc;
}

static enum status follow(const struct taking_out *out, const struct ledger_file *file)
{
    return ledger_funding_follow(out->world->ledger, file->run, file->batch.unit, BY_RUN, &out->doing, out->diag);
}

/* One with funding that may have been paid already is withdrawn, and with it what is left of it: the others go in another
 * file, as after a void, and the funding waits for an officer's word. */
static enum status doubtful_withdraw(const struct taking_out *out, const struct ledger_file *file, bool *doubtful)
{
    struct ledger_doing doing = out->doing;

    enum status rc = ledger_funding_in_doubt(out->world->ledger, file, doubtful, out->diag);
    if (rc == STATUS_OK && *doubtful) {
        doing.why = "funding in doubt";
        world_say(out->world, "%s carries funding of the post that its bank may have paid: it is withdrawn, and the others "
                  "go in another file (chitra list breaks)", file->batch.msg_id);
        rc = ledger_file_move(out->world->ledger, file, FILE_VOIDED, BY_RUN, &doing, out->diag);
    }
    return rc;
}

static enum status stale_all(struct taking_out *out)
{
    enum status rc = ledger_files_stale(out->world->ledger, &out->arena, &out->file, &out->count, out->diag);

    for (size_t i = 0; i < out->count && rc == STATUS_OK; i++) {
        bool doubtful = false;
        if (!is_asked_for(out, &out->file[i])) {
            continue;
        }
        rc = doubtful_withdraw(out, &out->file[i], &doubtful);
        if (rc == STATUS_OK && !doubtful) {
            rc = stale_take_out(out, &out->file[i]);
            rc = rc == STATUS_OK ? follow(out, &out->file[i]) : rc;
        }
    }
    free(out->file);
    return rc;
}

static enum status withdrawn_all(struct taking_out *out)
{
    enum status rc = ledger_files_withdrawn(out->world->ledger, &out->arena, &out->file, &out->count, out->diag);

    for (size_t i = 0; i < out->count && rc == STATUS_OK; i++) {
        const struct ledger_file *file = &out->file[i];
        if (!is_asked_for(out, file)) {
            continue;
        }
        rc = take_all(out, file, ledger_was_withdrawn);
        if (rc == STATUS_OK) {
            rc = ledger_file_taken_up(out->world->ledger, file->file, out->world->run.run, out->diag);
        }
        if (rc == STATUS_OK) {
            rc = follow(out, file);
        }
    }
    free(out->file);
    return rc;
}

static enum status replace_one(struct taking_out *out, const struct ledger_file *file)
{
    struct ledger_file next = *file;
    struct ledger_doing doing = out->doing;
    enum status rc = STATUS_OK;

    if (file->batch.channel == CHANNEL_cash || file_profile(out->world, file, NULL) != NULL) {
        rc = generation_next(out->world, file, DAY_NONE, &next, out->diag);
    }
    doing.why = next.batch.msg_id;
    if (rc == STATUS_OK) {
        rc = ledger_replace(out->world->ledger, file, BY_RUN, &doing, &next, out->diag);
    }
    if (rc == STATUS_OK && next.batch.payments == 0) {
        world_say(out->world, "%s was overtaken and is withdrawn; nobody is left in it", file->batch.msg_id);
        rc = ledger_file_taken_up(out->world->ledger, file->file, out->world->run.run, out->diag);
    } else if (rc == STATUS_OK) {
        world_say(out->world, "%s was overtaken; %s takes its place with %llu of %llu payments", file->batch.msg_id,
                  next.batch.msg_id, (unsigned long long)next.batch.payments,
                  (unsigned long long)file->batch.payments);
    }
    return rc;
}

/* Read anew: a file whose funding changed has become stale meanwhile. */
static enum status replace_all(struct taking_out *out)
{
    enum status rc = ledger_files_stale(out->world->ledger, &out->arena, &out->file, &out->count, out->diag);

    for (size_t i = 0; i < out->count && rc == STATUS_OK; i++) {
        if (is_asked_for(out, &out->file[i])) {
            rc = replace_one(out, &out->file[i]);
        }
    }
    free(out->file);
    return rc;
}

enum status overtaken_take_out(struct world *world, struct diag *diag)
{
    struct taking_out out = { .world = world, .diag = diag,
                              .doing = { world->run.who, world->run.created_at, "" } };

    enum status rc = ledger_begin(world->ledger, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = ledger_overtake(world->ledger, BY_RUN, &out.doing, &out.overtaken, &out.overtaken_count, diag);
    if (rc == STATUS_OK) {
        rc = stale_all(&out);
    }
    if (rc == STATUS_OK) {
        rc = withdrawn_all(&out);
    }
    if (rc == STATUS_OK) {
        rc = replace_all(&out);
    }
    if (rc == STATUS_OK) {
        rc = ledger_commit(world->ledger, diag);
    } else {
        ledger_rollback(world->ledger);
    }
    free(out.overtaken);
    arena_release(&out.arena);
    return rc == STATUS_OK && !world->options->dry ? staging_tidy(world->site, world->ledger, diag) : rc;
}

/* The MsgId that a file in staging bears: its name to the first point. */
static void msg_id_of(const char *name, char msg_id[MSG_ID_BYTES])
{
    snprintf(msg_id, MSG_ID_BYTES, "%.*s", (int)strcspn(name, "."), name);
}

enum status staging_tidy(const struct site *site, struct ledger *ledger, struct diag *diag)
{
    struct sys_names names = { NULL, 0 };
    struct arena arena = ARENA_INIT;
    char path[DIAG_FILE_BYTES];
    char msg_id[MSG_ID_BYTES];

    enum status rc = sys_dir_list(site->dir, "state/staging", &names, diag);
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        struct ledger_file file = { .state = FILE_STAGED };
        struct diag unknown = { 0 };
        msg_id_of(names.name[i], msg_id);
        arena_clear(&arena);
        rc = ledger_file_find(ledger, msg_id, &arena, &file, &unknown);
        if (rc == STATUS_NO_INPUT) {
            rc = STATUS_OK;     /* nothing of ours: it is not touched */
        } else if (rc == STATUS_OK && (file.state == FILE_VOIDED || file.state == FILE_SUPERSEDED)) {
            staging_path(&file, path);
            rc = archive_move(site, path, &file.content, diag);
        } else if (rc != STATUS_OK) {
            *diag = unknown;
        }
    }
    sys_names_release(&names);
    arena_release(&arena);
    return rc;
}
