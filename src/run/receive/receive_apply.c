/*
 * receive_apply.c - from lines to the ledger: whose they are, and each file with the lines about it.
 *
 * A bank answers only for its own files: lines from another one are kept as breaks and move nothing.
 */
#include "receive.h"
#include "run/verify/verify.h"

#include "chitra/ledger_place.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Whether the answer may speak for a file: none of the banks that it names is another one. Who merely handed the
 * message on (InitgPty) counts only if it is a bank of ours. */
static bool may_answer(const struct saying *saying, const struct said_file *file)
{
    enum { SENDER = 1 };

    if (saying->signed_by[0] != '\0' && strcmp(saying->signed_by, file->bank) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof(saying->claimed) / sizeof(saying->claimed[0]); i++) {
        const char *claimed = saying->claimed[i];
        bool ours = false;
        for (size_t j = 0; j < saying->world->profile_count && i == SENDER; j++) {
            ours = ours || strcmp(saying->world->profile[j]->bin, claimed) == 0;
        }
        if (claimed[0] != '\0' && strcmp(claimed, file->bank) != 0 && (i != SENDER || ours)) {
            return false;
        }
    }
    return true;
}

/* Lines of a statement about another account than the one that a file was paid from are not about it. */
static void accounts_check(struct saying *saying)
{
    for (size_t i = 0; i < saying->account_count; i++) {
        const struct said_account *account = &saying->account[i];
        for (size_t j = account->first; j < account->end; j++) {
            struct answer_line *line = &saying->line[j];
            if (line->file != -1 && account->number[0] != '\0' &&
                strcmp(saying->file[line->file].account, account->number) != 0) {
                line->file = -1;
            }
        }
    }
}

struct found {
    struct saying *saying;
    struct diag *diag;
    enum status rc;
};

static void line_found(void *context, struct answer_line *line, const char *msg_id)
{
    struct found *found = context;

    if (found->rc == STATUS_OK) {
        found->rc = saying_file(found->saying, span_of(msg_id), SPAN_EMPTY, &line->file, found->diag);
    }
}

/* Movements on accounts of ours that name a payment alone. */
static enum status payments_find(struct saying *saying, struct diag *diag)
{
    struct found found = { saying, diag, STATUS_OK };
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < saying->account_count && rc == STATUS_OK; i++) {
        const struct said_account *account = &saying->account[i];
        if (account->bank[0] != '\0' && account->end > account->first) {
            rc = ledger_lines_find(saying->world->ledger, account->bank, account->number, saying->line + account->first,
                                   account->end - account->first, line_found, &found, diag);
            rc = rc == STATUS_OK ? found.rc : rc;
        }
    }
    return rc;
}

/* What pain.002 says of the whole file comes behind what it says of its parts. */
static void group_add(struct saying *saying)
{
    for (size_t i = 0; i < saying->count && saying->group_said; i++) {
        saying->line[i].file = saying->group.file;      /* it speaks of one file */
    }
    if (saying->group_said && saying->group.file != -1) {
        struct answer_line group = saying->group;
        *saying_line(saying) = group;
    }
}

static enum status words_number(struct saying *saying, struct diag *diag)
{
    int32_t *word = mem_alloc(saying->word_count + 1, sizeof(*word));
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < saying->word_count && rc == STATUS_OK; i++) {
        rc = ledger_word(saying->world->ledger, span_of(saying->word[i]), &word[i + 1], diag);
    }
    for (size_t i = 0; i < saying->count && rc == STATUS_OK; i++) {
        saying->line[i].reason = word[saying->line[i].reason];
    }
    free(word);
    return rc;
}

static void lines_count(struct saying *saying)
{
    for (size_t i = 0; i < saying->count; i++) {
        struct answer_line *line = &saying->line[i];
        if (line->file != -1 && !may_answer(saying, &saying->file[line->file])) {
            line->file = -1;
        }
        if (line->file != -1) {
            saying->file[line->file].lines++;
        }
    }
}

/* Foreign: it names nothing of ours, not even an account. */
static bool is_foreign(const struct saying *saying)
{
    for (size_t i = 0; i < saying->file_count; i++) {
        if (saying->file[i].lines > 0) {
            return false;
        }
    }
    for (size_t i = 0; i < saying->account_count; i++) {
        if (saying->account[i].bank[0] != '\0') {
            return false;
        }
    }
    return true;
}

/* Which bank it is from, as far as it is known: who signed it, whose files it speaks of, or whom it names. */
static void sender_take(struct saying *saying)
{
    const char *sender = saying->signed_by;

    for (size_t i = 0; i < saying->file_count && sender[0] == '\0'; i++) {
        sender = saying->file[i].lines > 0 ? saying->file[i].bank : sender;
    }
    for (size_t i = 0; i < sizeof(saying->claimed) / sizeof(saying->claimed[0]) && sender[0] == '\0'; i++) {
        sender = saying->claimed[i];
    }
    snprintf(saying->answer.sender, sizeof(saying->answer.sender), "%s", sender);
}

static void applied_add(struct received *received, const struct ledger_applied *applied)
{
    for (int i = 0; i < LINE_RESULTS; i++) {
        received->result[i] += applied->result[i];
    }
    for (int i = 0; i < PAYMENT_STATES; i++) {
        received->moved[i] += applied->moved[i];
        ASSERT(money_add(received->moved_dong[i], applied->moved_dong[i], &received->moved_dong[i]));
    }
    received->files_rejected += applied->after == FILE_REJECTED && applied->before != FILE_REJECTED;
    received->files_unknown += applied->after == FILE_UNKNOWN && applied->before != FILE_UNKNOWN;
}

static void applied_tell(const struct saying *saying, const char *msg_id, const struct ledger_applied *applied)
{
    char text[200] = "";
    size_t size = 0;

    for (int i = 0; i < PAYMENT_STATES; i++) {
        if (applied->moved[i] > 0) {
            size += (size_t)snprintf(text + size, sizeof(text) - size, ", %" PRIu64 " %s", applied->moved[i],
                                     payment_state_name((enum payment_state)i));
            ASSERT(size < sizeof(text));    /* five words and five numbers */
        }
    }
    world_say(saying->world, "%s: %s is %s%s", saying->name, msg_id, file_state_name(applied->after), text);
}

/* What was paid of a file that was withdrawn or replaced concerns each who was in it: its bytes tell who, since its
 * payments have moved on. */
static enum status spell_out(const struct saying *saying, const char *msg_id, struct carried_list *sent, struct diag *diag)
{
    struct arena arena = ARENA_INIT;
    struct ledger_file file;

    enum status rc = ledger_file_find(saying->world->ledger, msg_id, &arena, &file, diag);
    if (rc == STATUS_OK && (file.state == FILE_VOIDED || file.state == FILE_SUPERSEDED) && file.batch.channel != CHANNEL_cash) {
        rc = carried_read(saying->world->site, &file, sent, diag);
    }
    arena_release(&arena);
    return rc;
}

/* The first line that says of the whole file that it is paid; NULL: none does. */
static const struct answer_line *paid_whole(const struct saying *saying, size_t number)
{
    for (size_t i = 0; i < saying->count; i++) {
        const struct answer_line *line = &saying->line[i];
        if (line->file == (int32_t)number && line->payment_id[0] == '\0' &&
            (line->says == SAYS_ACCEPTED || line->says == SAYS_BOOKED)) {
            return line;
        }
    }
    return NULL;
}

/* The lines about one file in their order, and behind them what a word about the whole says of each who is named. */
static struct answer_line *lines_of(const struct saying *saying, size_t number, const struct answer_line *whole,
                                    const struct carried_list *sent)
{
    struct answer_line *line = mem_alloc(saying->file[number].lines + sent->count, sizeof(*line));
    size_t count = 0;

    for (size_t i = 0; i < saying->count; i++) {
        if (saying->line[i].file == (int32_t)number) {
            line[count++] = saying->line[i];
        }
    }
    for (size_t i = 0; i < sent->count; i++) {
        line[count] = *whole;
        saying_payment(&line[count], span_of(sent->item[i].payment_id));
        line[count].count = -1;
        line[count++].amount_dong = -1;
    }
    return line;
}

/* The lines about one file. */
static enum status file_apply(struct saying *saying, size_t number, struct received *received, struct diag *diag)
{
    const struct said_file *file = &saying->file[number];
    const struct answer_line *whole = paid_whole(saying, number);
    struct carried_list sent = { NULL, 0, 0 };
    struct answer_line *line = saying->line;
    struct ledger_applied applied;
    enum status rc = STATUS_OK;

    if (file->lines == 0) {
        return STATUS_OK;
    }
    if (whole != NULL) {
        rc = spell_out(saying, file->msg_id, &sent, diag);
    }
    /* A million lines about one file are not copied. */
    if (rc == STATUS_OK && (file->lines < saying->count || sent.count > 0)) {
        line = lines_of(saying, number, whole, &sent);
    }
    if (rc == STATUS_OK) {
        rc = ledger_answer_apply(saying->world->ledger, &saying->answer, file->msg_id, line, file->lines + sent.count,
                                 &applied, diag);
    }
    if (rc == STATUS_OK) {
        applied_add(received, &applied);
        applied_tell(saying, file->msg_id, &applied);
    }
    if (line != saying->line) {
        free(line);
    }
    free(sent.item);
    return rc;
}

/* Whether a line without a file is about money of ours that moved for a payment: a statement of an account of ours says
 * so of an id as ours are. */
static bool is_movement(const struct saying *saying, size_t number)
{
    const struct answer_line *line = &saying->line[number];

    if (line->file != -1 || (line->says != SAYS_BOOKED && line->says != SAYS_RETURNED) ||
        strnlen(line->payment_id, sizeof(line->payment_id)) != PAYMENT_ID_LENGTH) {
        return false;
    }
    for (size_t i = 0; i < saying->account_count; i++) {
        const struct said_account *account = &saying->account[i];
        if (account->bank[0] != '\0' && number >= account->first && number < account->end) {
            return true;
        }
    }
    return false;
}

/* Where the payments of these lines are, in their order: in no file, or in one of another bank; theirs was withdrawn, and
 * the bank paid it all the same. Freed by the caller. */
static enum status withdrawn_find(const struct saying *saying, struct ledger_place **place, struct diag *diag)
{
    size_t count = 0;

    for (size_t i = 0; i < saying->count; i++) {
        count += is_movement(saying, i);
    }
    *place = mem_alloc(count + 1, sizeof(**place));
    for (size_t i = 0, at = 0; at < count; i++) {
        if (is_movement(saying, i)) {
            memcpy((*place)[at++].payment_id, saying->line[i].payment_id, PAYMENT_ID_LENGTH);
        }
    }
    return count == 0 ? STATUS_OK : ledger_payments_find(saying->world->ledger, *place, count, diag);
}

/* Lines for which no file of ours was named or found. */
static enum status nobodys(struct saying *saying, struct received *received, struct diag *diag)
{
    struct ledger_place *place = NULL;
    size_t at = 0;

    enum status rc = withdrawn_find(saying, &place, diag);
    for (size_t i = 0; i < saying->count && rc == STATUS_OK; i++) {
        struct answer_line *line = &saying->line[i];
        const struct ledger_place *withdrawn = is_movement(saying, i) ? &place[at++] : NULL;
        bool known = withdrawn != NULL && withdrawn->found != PLACE_NONE;
        if (line->file == -1 && line->says != SAYS_NOTHING) {
            line->result = known ? LINE_DOUBLE : LINE_UNMATCHED;
            received->result[line->result]++;
            rc = ledger_break_add(saying->world->ledger, &saying->answer, line, known ? withdrawn->ent : 0, diag);
        }
    }
    free(place);
    return rc;
}

/* With the last run, whose sealed configuration says later who the post's officers were. */
static enum status approval_record(struct saying *saying, struct diag *diag)
{
    struct ledger_run run;
    int64_t number;

    saying->answer.signature = saying->approval.signature;
    enum status rc = ledger_run_last(saying->world->ledger, &run, diag);
    return rc != STATUS_OK ? rc : ledger_approval(saying->world->ledger, &saying->approval, run.run, &number, diag);
}

enum status saying_apply(struct saying *saying, struct received *received, struct diag *diag)
{
    group_add(saying);
    accounts_check(saying);
    enum status rc = payments_find(saying, diag);
    if (rc == STATUS_OK) {
        rc = words_number(saying, diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    if (saying->approval.name[0] != '\0') {
        rc = approval_record(saying, diag);
        if (rc != STATUS_OK) {
            return rc;
        }
    }
    lines_count(saying);
    sender_take(saying);
    saying->answer.lines = saying->count;
    saying->answer.verdict = is_foreign(saying) ? ANSWER_FOREIGN : ANSWER_TAKEN;
    rc = ledger_answer_add(saying->world->ledger, &saying->answer, diag);
    if (rc != STATUS_OK || saying->answer.verdict == ANSWER_FOREIGN) {
        received->foreign += rc == STATUS_OK;
        return rc;
    }
    received->taken++;
    received->lines += saying->count;
    for (size_t i = 0; i < saying->file_count && rc == STATUS_OK; i++) {
        rc = file_apply(saying, i, received, diag);
    }
    return rc == STATUS_OK ? nobodys(saying, received, diag) : rc;
}
