/*
 * answer_value.c - one value of an answer: kept as its form says, and never guessed at.
 */
#include "answer_part.h"

#include "chitra/money.h"
#include "chitra/text.h"

enum { ISO_ID_LENGTH_MAX = 35 };    /* Max35Text */

/* What a span points to while nothing was given for it: an empty value that was given points elsewhere. */
static const char absent[1] = "";

static const struct span not_given = { absent, 0 };

static bool is_given(struct span text)
{
    return text.data != absent;
}

static void blank_one(const struct place *place, char *at)
{
    switch (place->form) {
    case FORM_ID:
    case FORM_TEXT:
    case FORM_FIRST:
        *(struct span *)at = not_given;
        break;
    case FORM_STATUS:
    case FORM_ENTRY_STATUS:
    case FORM_OWN_STATUS:
        *(struct answer_status *)at = (struct answer_status){ not_given, ANSWER_NONE };
        break;
    case FORM_AMOUNT:
    case FORM_SUM:
        *(struct answer_amount *)at = (struct answer_amount){ .text = not_given, .currency = not_given };
        break;
    case FORM_DAY:
        *(day_t *)at = DAY_NONE;
        break;
    default:    /* sides, flags, reasons: zero */
        break;
    }
}

void answer_blank(const struct place *place, char *base)
{
    blank_one(place, base);
    /* Parts of their own and reasons are blanked when they begin. */
    for (const struct place *child = place->children;
         child != NULL && child->name != NULL && place->form != FORM_REASON; child++) {
        if (child->level == LEVEL_NONE) {
            answer_blank(child, base + child->offset);
        }
    }
}

char *answer_reason_begin(struct answer_reader *reader, struct answer_reasons *reasons)
{
    if (reasons->count == ANSWER_REASONS_MAX) {
        answer_warn(reader, FINDING_REASONS, "more reasons are given than are kept", NULL);
        return NULL;
    }
    struct answer_reason *reason = &reasons->reason[reasons->count++];
    *reason = (struct answer_reason){ .code = not_given, .text = not_given };
    return (char *)reason;
}

size_t answer_cut(struct span text, size_t size_max)
{
    size_t size = text.size;

    if (size > size_max) {
        size = size_max;
        while (size > 0 && (text.data[size] & 0xc0) == 0x80) {
            size--;
        }
    }
    return size;
}

/* Texts for people may have lines and tabs; ids and codes may not. */
static size_t spaces_fold(char *text, size_t size)
{
    size_t kept = 0;

    for (size_t i = 0; i < size; i++) {
        char c = text[i] == '\n' || text[i] == '\t' || text[i] == '\r' ? ' ' : text[i];
        if (c != ' ' || text[kept - 1] != ' ') {    /* it does not begin with one */
            text[kept++] = c;
        }
    }
    return kept;
}

/* The open element's text in the part's memory. */
static struct span keep_text(struct answer_reader *reader, const struct answer_open *open)
{
    struct span text = { reader->value, reader->value_size };

    if (!text_is_clean(text)) {
        answer_warn(reader, FINDING_UNCLEAN, "a value holds characters that no text may hold", open->place->name);
        text = span_of("?");
    }
    return arena_copy(&reader->level[open->level].texts, text);
}

/* True if the value may be kept; a second one for the same place contradicts the first, whatever it says. */
static bool is_first(struct answer_reader *reader, struct span kept)
{
    if (is_given(kept)) {
        message_refuse(&reader->message, STATUS_INPUT, "an element stands twice where the schema has one");
        return false;
    }
    return true;
}

static void keep_id(struct answer_reader *reader, struct answer_open *open, struct span *id)
{
    if (reader->value_is_cut || reader->value_size > ANSWER_VALUE_BYTES_MAX) {
        message_refuse(&reader->message, STATUS_LIMIT, "a value is too long");
        diag_found(reader->message.diag, "%s", open->place->name);
        return;
    }
    if (open->place->form == FORM_FIRST ? is_given(*id) : !is_first(reader, *id)) {
        return;
    }
    *id = keep_text(reader, open);
    if (open->place->form == FORM_ID && text_length(*id) > ISO_ID_LENGTH_MAX) {
        answer_warn(reader, FINDING_LONG_ID, "an id is longer than 35 characters", open->place->name);
    }
}

static void keep_status(struct answer_reader *reader, struct answer_open *open, struct answer_status *status)
{
    keep_id(reader, open, &status->code);
    status->meaning = open->place->form == FORM_STATUS ? answer_status_meaning(status->code)
        : open->place->form == FORM_ENTRY_STATUS ? answer_entry_meaning(status->code) : ANSWER_UNKNOWN;
    if (status->meaning == ANSWER_UNKNOWN) {
        answer_warn(reader, FINDING_STATUS, "a status code is not in ISO's list; it changes nothing", status->code.data);
    }
}

/* xs:decimal in whole dong: digits, and after a dot nothing but zeros (some banks write them; ISO 4217
 * has no minor unit for VND). False for everything else. */
static bool whole_dong(struct span text, int64_t *dong)
{
    const char *dot = memchr(text.data, '.', text.size);
    struct span whole = { text.data, dot == NULL ? text.size : (size_t)(dot - text.data) };

    for (size_t i = whole.size + 1; i < text.size; i++) {
        if (text.data[i] != '0') {
            return false;
        }
    }
    while (whole.size > 1 && whole.data[0] == '0') {
        whole = (struct span){ whole.data + 1, whole.size - 1 };
    }
    return money_read(whole, dong);
}

static void keep_amount(struct answer_reader *reader, struct answer_open *open, struct answer_amount *amount)
{
    bool is_sum = open->place->form == FORM_SUM;

    keep_id(reader, open, &amount->text);
    if (!is_sum) {
        amount->currency = arena_copy(&reader->level[open->level].texts, span_of(reader->currency));
    }
    amount->is_dong = (is_sum || span_is(amount->currency, "VND")) && whole_dong(amount->text, &amount->dong);
    if (!amount->is_dong) {
        answer_warn(reader, FINDING_AMOUNT, "an amount is not in whole dong; it will agree with none of ours",
                    open->place->name);
    }
}

/* "2026-10-01", also with a time of day or an offset behind it: the bank's own day is the one that counts. */
static void keep_day(struct answer_reader *reader, struct answer_open *open, day_t *day)
{
    struct span text = { reader->value, reader->value_size < 10 ? reader->value_size : 10 };

    if (!day_read(text, day)) {
        answer_warn(reader, FINDING_DAY, "a date cannot be read", open->place->name);
    }
}

static void keep_side(struct answer_reader *reader, enum answer_side *side)
{
    struct span text = { reader->value, reader->value_size };

    if (*side != ANSWER_SIDE_NONE) {
        message_refuse(&reader->message, STATUS_INPUT, "an element stands twice where the schema has one");
    } else if (span_is(text, "CRDT")) {
        *side = ANSWER_CREDIT;
    } else if (span_is(text, "DBIT")) {
        *side = ANSWER_DEBIT;
    } else {
        answer_warn(reader, FINDING_SIDE, "CdtDbtInd is neither CRDT nor DBIT", NULL);
    }
}

/* xs:boolean. What cannot be read counts as a reversal: then nothing is booked by it. */
static void keep_flag(struct answer_reader *reader, bool *flag)
{
    struct span text = { reader->value, reader->value_size };

    *flag = !span_is(text, "false") && !span_is(text, "0");
    if (*flag && !span_is(text, "true") && !span_is(text, "1")) {
        answer_warn(reader, FINDING_FLAG, "an indicator is neither true nor false", NULL);
    }
}

/* Lines of one reason are put together with spaces, and cut off on a character. */
static void keep_line(struct answer_reader *reader, struct answer_open *open, struct answer_reason *reason)
{
    char text[ANSWER_TEXT_BYTES_MAX + 1];
    size_t size = 0;

    if (reason->text.size == ANSWER_TEXT_BYTES_MAX) {
        return;
    }
    reader->value_size = spaces_fold(reader->value, reader->value_size);
    struct span line = keep_text(reader, open);
    if (is_given(reason->text)) {
        size = reason->text.size;
        memcpy(text, reason->text.data, size);
        if (size < ANSWER_TEXT_BYTES_MAX) {
            text[size++] = ' ';
        }
    }
    line.size = answer_cut(line, ANSWER_TEXT_BYTES_MAX - size);
    memcpy(text + size, line.data, line.size);
    reason->text = arena_copy(&reader->level[open->level].texts, (struct span){ text, size + line.size });
}

void answer_keep(struct answer_reader *reader, struct answer_open *open)
{
    switch (open->place->form) {
    case FORM_ID:
    case FORM_TEXT:
    case FORM_FIRST:
        keep_id(reader, open, (struct span *)open->base);
        break;
    case FORM_STATUS:
    case FORM_ENTRY_STATUS:
    case FORM_OWN_STATUS:
        keep_status(reader, open, (struct answer_status *)open->base);
        break;
    case FORM_AMOUNT:
    case FORM_SUM:
        keep_amount(reader, open, (struct answer_amount *)open->base);
        break;
    case FORM_DAY:
        keep_day(reader, open, (day_t *)open->base);
        break;
    case FORM_SIDE:
        keep_side(reader, (enum answer_side *)open->base);
        break;
    case FORM_FLAG:
        keep_flag(reader, (bool *)open->base);
        break;
    case FORM_REASON_CODE:
        keep_id(reader, open, &((struct answer_reason *)open->base)->code);
        break;
    case FORM_REASON_TEXT:
        keep_line(reader, open, (struct answer_reason *)open->base);
        break;
    default:
        break;
    }
}
