/* receive_lines.c - what one answer says, gathered: lines, the files that it names, its words, who claims to send it. */
#include "receive.h"

#include <stdio.h>
#include <stdlib.h>

void saying_release(struct saying *saying)
{
    free(saying->line);
    free(saying->file);
    free(saying->account);
    free(saying->word);
    saying->line = NULL;
    saying->file = NULL;
    saying->account = NULL;
    saying->word = NULL;
}

struct answer_line *saying_line(struct saying *saying)
{
    if (saying->count == saying->room) {
        saying->room = saying->room + saying->room / 2 + 256;
        saying->line = mem_resize(saying->line, saying->room, sizeof(*saying->line));
    }
    struct answer_line *line = &saying->line[saying->count++];
    *line = (struct answer_line){ .file = -1, .day = DAY_NONE, .count = -1, .amount_dong = -1 };
    return line;
}

void saying_payment(struct answer_line *line, struct span id)
{
    static const char none[] = "?";

    if (id.size == 0) {
        id = (struct span){ none, 1 };
    }
    memset(line->payment_id, 0, sizeof(line->payment_id));
    memcpy(line->payment_id, id.data, id.size < sizeof(line->payment_id) ? id.size : sizeof(line->payment_id));
    if (id.size > sizeof(line->payment_id)) {
        line->payment_id[sizeof(line->payment_id) - 1] = '~';   /* cut: a character that no id of ours has */
    }
}

int64_t saying_amount(const struct answer_amount *amount)
{
    return amount->is_dong ? amount->dong : amount->text.size == 0 ? -1 : SAYING_UNREADABLE;
}

int32_t saying_count(struct span text)
{
    uint64_t count = 0;

    if (text.size == 0) {
        return -1;
    }
    return text_number(text, INT32_MAX, &count) ? (int32_t)count : SAYING_UNREADABLE;
}

/* Codes are letters and digits; a proprietary text is kept in that form, and whole in the archive. */
int32_t saying_reason(struct saying *saying, struct span code)
{
    char word[sizeof(*saying->word)] = "";
    size_t size = code.size < sizeof(word) - 1 ? code.size : sizeof(word) - 1;

    for (size_t i = 0; i < size; i++) {
        char c = code.data[i];
        bool safe = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        word[i] = safe ? c : '_';
    }
    if (size == 0) {
        return 0;
    }
    for (size_t i = saying->word_count; i > 0; i--) {   /* mostly the last one again */
        if (strcmp(saying->word[i - 1], word) == 0) {
            return (int32_t)i;
        }
    }
    saying->word = mem_resize(saying->word, saying->word_count + 1, sizeof(word));
    memcpy(saying->word[saying->word_count++], word, sizeof(word));
    return (int32_t)saying->word_count;
}

/* ---- files of ours ---- */

static enum status file_known(struct saying *saying, struct span msg_id, int32_t *number, struct diag *diag)
{
    struct arena arena = ARENA_INIT;
    struct ledger_file file;
    struct diag unknown = { .line = 0 };
    char text[MSG_ID_BYTES];

    *number = -1;
    for (size_t i = saying->file_count; i > 0; i--) {   /* mostly the last one again */
        if (span_is(msg_id, saying->file[i - 1].msg_id)) {
            *number = (int32_t)i - 1;
            return STATUS_OK;
        }
    }
    if (msg_id.size == 0 || msg_id.size >= sizeof(text)) {
        return STATUS_OK;
    }
    memcpy(text, msg_id.data, msg_id.size);
    text[msg_id.size] = '\0';
    enum status rc = ledger_file_find(saying->world->ledger, text, &arena, &file, &unknown);
    if (rc == STATUS_OK && (file.batch.channel == CHANNEL_cash) == saying->cash) {
        struct said_file *said;
        saying->file = mem_resize(saying->file, saying->file_count + 1, sizeof(*said));
        said = &saying->file[saying->file_count];
        *said = (struct said_file){ .lines = 0 };
        memcpy(said->msg_id, text, sizeof(text));
        memcpy(said->bank, file.batch.bank, sizeof(said->bank));
        memcpy(said->account, file.batch.account, sizeof(said->account));
        memcpy(said->unit, file.unit_code, sizeof(said->unit));
        *number = (int32_t)saying->file_count++;
    } else if (rc != STATUS_OK && rc != STATUS_NO_INPUT) {
        *diag = unknown;
    }
    arena_release(&arena);
    return rc == STATUS_NO_INPUT ? STATUS_OK : rc;
}

enum status saying_file(struct saying *saying, struct span msg_id, struct span information_id, int32_t *file,
                        struct diag *diag)
{
    enum status rc = file_known(saying, msg_id, file, diag);

    /* PmtInfId is the MsgId with "-1" (pain001.h). */
    if (rc == STATUS_OK && *file == -1 && information_id.size > 2 &&
        memcmp(information_id.data + information_id.size - 2, "-1", 2) == 0) {
        rc = file_known(saying, (struct span){ information_id.data, information_id.size - 2 }, file, diag);
    }
    return rc;
}

/* ---- who claims to answer ---- */

void saying_claim(struct saying *saying, size_t which, const struct answer_agent *agent)
{
    enum { BIC_BANK = 8 };      /* behind it stands the branch */
    char *claimed = saying->claimed[which];
    struct span given = agent->member.size > 0 ? agent->member : agent->bic;

    if (given.size == 0) {
        return;
    }
    snprintf(claimed, sizeof(saying->claimed[which]), "%.*s", (int)given.size, given.data);
    for (size_t i = 0; i < saying->world->profile_count; i++) {
        const struct bank_profile *profile = saying->world->profile[i];
        bool same_bic = agent->bic.size >= BIC_BANK && profile->bic[0] != '\0' &&
                        memcmp(agent->bic.data, profile->bic, BIC_BANK) == 0;
        if (same_bic || span_is(agent->member, profile->bin)) {
            memcpy(claimed, profile->bin, sizeof(profile->bin));
        }
    }
}
