/*
 * receive.c - from answer to answer: known or new, understood, applied in one transaction, moved to archive/.
 *
 * What a crash leaves: before the commit nothing but the file where it was (a file from outside perhaps as a
 * copy in inbox/, which the next `receive` takes), after it a known answer in inbox/, which the next one moves.
 */
#include "receive.h"

#include "chitra/ledger_member.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct receiving {
    struct world world;
    struct received *received;
    struct run_faults *faults;
    struct diag *diag;
};

/* ---- one answer ---- */

static enum status answer_apply(struct receiving *receiving, struct saying *saying)
{
    struct ledger *ledger = receiving->world.ledger;

    enum status rc = ledger_begin(ledger, receiving->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = saying_apply(saying, receiving->received, receiving->diag);
    if (rc == STATUS_OK) {
        return ledger_commit(ledger, receiving->diag);
    }
    ledger_rollback(ledger);
    return rc;
}

static enum status known_again(struct receiving *receiving, const struct arrival *arrival, const struct saying *saying)
{
    receiving->received->known++;
    world_say(&receiving->world, "%s: taken on %s already, nothing new in it", saying->name, saying->answer.at);
    return arrival->inside ? arrival_archive(receiving->world.site, arrival, &saying->answer.sha256, receiving->diag) : STATUS_OK;
}

static enum status new_answer(struct receiving *receiving, struct arrival *arrival, struct saying *saying)
{
    const struct world *world = &receiving->world;
    uint64_t foreign = receiving->received->foreign;

    enum status rc = answer_apply(receiving, saying);
    if (rc == STATUS_OK && receiving->received->foreign > foreign) {
        world_say(world, "%s: %s names nothing of ours", saying->name, saying->answer.message);
    }
    if (rc == STATUS_OK && !arrival->inside) {
        rc = cash_lists_keep(saying, arrival->dir, arrival->path, receiving->diag);
    }
    return rc == STATUS_OK ? arrival_archive(receiving->world.site, arrival, &saying->answer.sha256, receiving->diag) : rc;
}

/* Reads one answer as far as it can be refused; *known tells that there is nothing to apply. */
static enum status answer_read_in(struct receiving *receiving, struct arrival *arrival, struct saying *saying,
                                  bool *known, struct diag *diag)
{
    struct ledger_answer before;
    struct digest sha256;

    enum status rc = sys_input_new(arrival->dir, arrival->path, ANSWER_SIZE_MAX, &arrival->input, diag);
    if (rc == STATUS_OK) {
        rc = answer_digest(arrival->input, &sha256, diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_answer_find(receiving->world.ledger, &sha256, &before, diag);
    }
    *known = rc == STATUS_OK && before.answer != 0;
    if (*known) {
        saying->answer = before;
        return STATUS_OK;
    }
    saying->answer.sha256 = sha256;
    if (rc == STATUS_OK) {
        rc = take_entry_of(arrival->path) == TAKE_ROWS ? cash_understand(saying, arrival->dir, arrival->path, diag)
                                                       : answer_understand(saying, arrival->input, diag);
    }
    if (rc == STATUS_OK && !saying->cash) {
        rc = answer_authenticate(saying, arrival->dir, arrival->path, arrival->beside, diag);
    }
    return rc == STATUS_OK ? arrival_secure(receiving->world.site, arrival, &sha256, diag) : rc;
}

/* What is wrong with one answer is told, and the next one has its turn. */
static bool is_refusal(enum status rc)
{
    return rc == STATUS_INPUT || rc == STATUS_LIMIT || rc == STATUS_SIGNATURE || rc == STATUS_NO_INPUT;
}

static enum status answer_receive(struct receiving *receiving, struct arrival *arrival)
{
    struct saying saying = { .world = &receiving->world, .name = arrival->path, .group = { .file = -1 },
                             .day = DAY_NONE };
    struct diag refusal = { .line = 0 };
    bool known = false;

    snprintf(saying.answer.name, sizeof(saying.answer.name), "%.*s", DIAG_FILE_BYTES - 1, answer_name(arrival->path));
    int size = snprintf(arrival->beside, sizeof(arrival->beside), "%s.p7s", arrival->path);
    if (size >= (int)sizeof(arrival->beside) || !sys_is_regular(arrival->dir, arrival->beside)) {
        arrival->beside[0] = '\0';
    }
    sys_time_write(receiving->world.now, saying.answer.at);
    sys_user(saying.answer.who, sizeof(saying.answer.who));
    enum status rc = answer_read_in(receiving, arrival, &saying, &known, &refusal);
    if (is_refusal(rc)) {
        diag_at(&refusal, arrival->path, 0, 0);
        fault_add(receiving->faults, rc, &refusal);
        rc = STATUS_OK;
    } else if (rc != STATUS_OK) {
        *receiving->diag = refusal;
    } else {
        rc = known ? known_again(receiving, arrival, &saying) : new_answer(receiving, arrival, &saying);
    }
    saying_release(&saying);
    sys_input_free(arrival->input);
    return rc;
}

/* ---- all of them ---- */

static enum status inbox_receive(struct receiving *receiving)
{
    struct sys_names names = { NULL, 0 };

    enum status rc = take_entries(&receiving->world, receiving->world.site->dir, "inbox", &names, receiving->diag);
    for (size_t i = 0; i < names.count && rc == STATUS_OK; i++) {
        struct arrival arrival = { .dir = receiving->world.site->dir, .path = arrival.inbox, .inside = true };
        enum take_entry entry = take_entry_of(names.name[i]);
        if (entry == TAKE_LIST || entry == TAKE_SIGNATURE) {
            continue;       /* they come beside answers, and are none */
        }
        if (snprintf(arrival.inbox, sizeof(arrival.inbox), "inbox/%s", names.name[i]) >= (int)sizeof(arrival.inbox)) {
            rc = diag_fail(receiving->diag, STATUS_LIMIT, "a name in inbox/ is too long");
            break;
        }
        rc = answer_receive(receiving, &arrival);
    }
    sys_names_release(&names);
    return rc == STATUS_OK ? take_tidy(&receiving->world, "inbox", receiving->diag) : rc;
}

static enum status named_receive(struct receiving *receiving, const char *path)
{
    int site = receiving->world.site->dir;
    struct arrival arrival = { .dir = AT_FDCWD, .path = path };
    int size = snprintf(arrival.inbox, sizeof(arrival.inbox), "inbox/%s", answer_name(path));

    arrival.inside = size < (int)sizeof(arrival.inbox) && sys_is_same(AT_FDCWD, path, site, arrival.inbox);
    return answer_receive(receiving, &arrival);
}

/* Standard input goes into inbox/ under a name that says what it is: what a crash leaves there the next `receive`
 * takes, what is refused is taken out again. */
static enum status stream_receive(struct receiving *receiving)
{
    enum { STREAM_BYTES_MAX = 256 * 1024 * 1024, HEX_SHOWN = 16 };      /* in memory; larger answers come as files */
    int dir = receiving->world.site->dir;
    struct arrival arrival = { .dir = dir, .path = arrival.inbox, .inside = true };
    struct buf content = BUF_INIT(STREAM_BYTES_MAX);
    char hex[DIGEST_HEX_BYTES];
    struct digest sha256;

    enum status rc = sys_read_stream(STDIN_FILENO, &content, receiving->diag);
    if (rc == STATUS_OK) {
        digest_of(buf_span(&content), &sha256);
        digest_hex(&sha256, hex);
        snprintf(arrival.inbox, sizeof(arrival.inbox), "inbox/%.*s-stdin", HEX_SHOWN, hex);
        rc = sys_publish(dir, arrival.inbox, buf_span(&content), receiving->diag);
    }
    buf_release(&content);
    if (rc == STATUS_OK) {
        rc = answer_receive(receiving, &arrival);
    }
    if (rc == STATUS_OK && sys_is_regular(dir, arrival.inbox)) {
        rc = sys_remove(dir, arrival.inbox, receiving->diag);
    }
    return rc;
}

/* ---- silence ---- */

static enum status silence_store(struct receiving *receiving, const struct ledger_file *file, size_t count)
{
    char at[SYS_TIME_BYTES];
    char why[40];
    struct ledger_doing doing = { "chitra", at, why };
    struct ledger *ledger = receiving->world.ledger;

    sys_time_write(receiving->world.now, at);
    snprintf(why, sizeof(why), "no answer for %d days", receiving->world.site->config->answer_days);
    enum status rc = ledger_begin(ledger, receiving->diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = ledger_file_move(ledger, &file[i], FILE_UNKNOWN, BY_SILENCE, &doing, receiving->diag);
    }
    if (rc == STATUS_OK) {
        receiving->received->files_silent = count;
        return ledger_commit(ledger, receiving->diag);
    }
    ledger_rollback(ledger);
    return rc;
}

/* Files of which the bank has said nothing for too long: nobody knows, and nothing is sent again by itself. Payments
 * that it passed over in files for which it did answer are told. */
static enum status silence(struct receiving *receiving)
{
    int days = receiving->world.site->config->answer_days;
    struct arena arena = ARENA_INIT;
    struct ledger_file *file = NULL;
    size_t count = 0;

    if (days == 0) {
        return STATUS_OK;
    }
    enum status rc = ledger_files_unanswered(receiving->world.ledger, receiving->world.now.day - days, &arena, &file, &count,
                                             receiving->diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        world_say(&receiving->world, "%s: no answer for %d days: it is unknown", file[i].batch.msg_id, days);
    }
    if (rc == STATUS_OK && count > 0) {
        rc = silence_store(receiving, file, count);
    }
    if (rc == STATUS_OK) {
        rc = ledger_payments_unanswered(receiving->world.ledger, receiving->world.now.day - days,
                                        &receiving->received->unanswered, receiving->diag);
    }
    free(file);
    arena_release(&arena);
    return rc;
}

/* Answers move what a release has sent: one that is cut off is finished first. */
static enum status releases_check(struct ledger *ledger, struct diag *diag)
{
    struct ledger_release release;

    enum status rc = ledger_release_open(ledger, &release, diag);
    if (rc == STATUS_OK && release.release != 0) {
        rc = diag_fail(diag, STATUS_CONFLICT, "the release %s is not finished", release.name);
        diag_hint(diag, "chitra release finishes it");
    }
    return rc;
}

enum status run_receive(struct site *site, struct ledger *ledger, const struct receive_options *options,
                        struct received *received, struct run_faults *faults, struct diag *diag)
{
    const struct run_options quiet = { .dry = true, .units = "", .message = options->message, .context = options->context };
    struct receiving receiving = { .world = { .site = site, .ledger = ledger, .options = &quiet },
                                   .received = received, .faults = faults, .diag = diag };

    *received = (struct received){ .taken = 0 };
    enum status rc = sys_now(&receiving.world.now, diag);
    if (rc == STATUS_OK) {
        rc = outbox_check(site, ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = releases_check(ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = world_profiles(&receiving.world, diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_cache_small(ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_break_last(ledger, &received->break_before, diag);
    }
    if (rc == STATUS_OK && options->count == 0) {
        rc = inbox_receive(&receiving);
    }
    for (size_t i = 0; i < options->count && rc == STATUS_OK; i++) {
        bool stream = strcmp(options->file[i], "-") == 0;
        rc = stream ? stream_receive(&receiving) : named_receive(&receiving, options->file[i]);
    }
    if (rc == STATUS_OK) {
        rc = silence(&receiving);
    }
    world_release(&receiving.world);
    return rc;
}
