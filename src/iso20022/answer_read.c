/*
 * answer_read.c - a bank's answer as a stream of parts: the envelope, the walk along the tables, and
 * what is told.
 */
#include "answer_part.h"

#include <stdlib.h>

#define ISO_NAMESPACE "urn:iso:std:iso:20022:tech:xsd:"

static const struct place member_places[] = {
    { "MmbId", FORM_FIRST, LEVEL_NONE, offsetof(struct answer_agent, member), NULL },
    { 0 },
};

static const struct place other_places[] = {
    { "Id", FORM_FIRST, LEVEL_NONE, offsetof(struct answer_agent, member), NULL },
    { 0 },
};

static const struct place institution_places[] = {
    { "BICFI", FORM_FIRST, LEVEL_NONE, offsetof(struct answer_agent, bic), NULL },
    { "BIC", FORM_FIRST, LEVEL_NONE, offsetof(struct answer_agent, bic), NULL },     /* until .03 */
    { "ClrSysMmbId", FORM_NONE, LEVEL_NONE, 0, member_places },
    { "Othr", FORM_NONE, LEVEL_NONE, 0, other_places },
    { 0 },
};

const struct place answer_agent_places[] = {
    { "FinInstnId", FORM_NONE, LEVEL_NONE, 0, institution_places },
    { 0 },
};

static const struct place organisation_places[] = {
    { "AnyBIC", FORM_FIRST, LEVEL_NONE, offsetof(struct answer_agent, bic), NULL },
    { "BICOrBEI", FORM_FIRST, LEVEL_NONE, offsetof(struct answer_agent, bic), NULL },    /* until .03 */
    { "Othr", FORM_NONE, LEVEL_NONE, 0, other_places },
    { 0 },
};

const struct place answer_party_id_places[] = {
    { "OrgId", FORM_NONE, LEVEL_NONE, 0, organisation_places },
    { 0 },
};

static const struct place header_party_places[] = {
    { "Id", FORM_NONE, LEVEL_NONE, 0, answer_party_id_places },
    { 0 },
};

static const struct place from_places[] = {
    { "FIId", FORM_NONE, LEVEL_NONE, 0, answer_agent_places },
    { "OrgId", FORM_NONE, LEVEL_NONE, 0, header_party_places },
    { 0 },
};

static const struct place header_places[] = {
    { "BizMsgIdr", FORM_ID, LEVEL_NONE, offsetof(struct answer_part_message, message.header_id), NULL },
    { "MsgDefIdr", FORM_ID, LEVEL_NONE, offsetof(struct answer_part_message, definition), NULL },
    { "Fr", FORM_NONE, LEVEL_NONE, offsetof(struct answer_part_message, message.from), from_places },
    { 0 },
};

static const struct place reason_code_places[] = {
    { "Cd", FORM_REASON_CODE, LEVEL_NONE, 0, NULL },
    { "Prtry", FORM_REASON_CODE, LEVEL_NONE, 0, NULL },
    { 0 },
};

const struct place answer_reason_places[] = {
    { "Rsn", FORM_NONE, LEVEL_NONE, 0, reason_code_places },
    { "AddtlInf", FORM_REASON_TEXT, LEVEL_NONE, 0, NULL },
    { 0 },
};

/* The envelope. Places are compared by address; the message's own tables follow the Document. */
static const struct place outside_place = { "", FORM_NONE, LEVEL_NONE, 0, NULL };
static const struct place wrapper_place = { "BusinessMessage", FORM_NONE, LEVEL_NONE, 0, NULL };
static const struct place header_place = { "AppHdr", FORM_NONE, LEVEL_MESSAGE, 0, header_places };
static const struct place document_place = { "Document", FORM_NONE, LEVEL_NONE, 0, NULL };

void answer_warn(struct answer_reader *reader, enum finding finding, const char *what, const char *found)
{
    struct diag diag = { 0 };

    if ((reader->found & UINT32_C(1) << finding) != 0 || reader->handler->warn == NULL) {
        return;
    }
    reader->found |= UINT32_C(1) << finding;
    diag_fail(&diag, STATUS_INPUT, "%s", what);
    diag_at(&diag, reader->message.name, (uint64_t)xmlSAX2GetLineNumber(reader->message.parser), 0);
    if (found != NULL) {
        diag_found(&diag, "%s", found);
    }
    reader->handler->warn(reader->handler->context, &diag);
}

/* ISO's message names: four letters and 3, 3 and 2 digits. */
enum { MESSAGE_NAME_LENGTH = 15 };

static bool is_message_name(const char *text)
{
    static const char shape[] = "aaaa.999.999.99";

    for (int i = 0; i < MESSAGE_NAME_LENGTH; i++) {
        bool fits = shape[i] == 'a' ? text[i] >= 'a' && text[i] <= 'z'
            : shape[i] == '9' ? text[i] >= '0' && text[i] <= '9' : text[i] == '.';
        if (!fits) {
            return false;
        }
    }
    return true;
}

/* The name in a namespace: ISO's own end with it, national ones hold it. */
static const char *name_in(const char *space)
{
    for (; *space != '\0'; space++) {
        if (is_message_name(space)) {
            return space;
        }
    }
    return NULL;
}

/* The messages and versions that are read: pain.002 from .10 to .15 has the same places as .03. */
static const struct dialect *dialect_find(struct answer_message *message)
{
    unsigned version = (unsigned)(message->name[13] - '0') * 10 + (unsigned)(message->name[14] - '0');

    message->version = version;
    if (strncmp(message->name, "pain.002.001.", 13) == 0 && (version == 3 || (version >= 10 && version <= 15))) {
        message->kind = ANSWER_PAIN002;
        return &pain002_dialect;
    }
    if (version < 2 || version > 14) {
        return NULL;
    }
    if (strncmp(message->name, "camt.053.001.", 13) == 0) {
        message->kind = ANSWER_CAMT053;
        return &camt053_dialect;
    }
    if (strncmp(message->name, "camt.054.001.", 13) == 0) {
        message->kind = ANSWER_CAMT054;
        return &camt054_dialect;
    }
    return NULL;
}

/* A fresh copy for each level of what a part is before anything was read of it. */
static void blanks_make(struct answer_reader *reader, const struct place *places)
{
    for (const struct place *place = places; place != NULL && place->name != NULL; place++) {
        if (place->level > LEVEL_MESSAGE) {
            size_t size = reader->dialect->size_bytes[place->level];
            reader->level[place->level].now = mem_alloc(1, size);
            reader->level[place->level].blank = mem_alloc(1, size);
            answer_blank(place, reader->level[place->level].blank);
        }
        blanks_make(reader, place->children);
    }
}

static void document_begin(struct answer_reader *reader, const char *space)
{
    struct answer_message *message = &((struct answer_part_message *)answer_level(reader, LEVEL_MESSAGE))->message;
    const char *name = name_in(space);

    if (reader->has_document) {
        message_refuse(&reader->message, STATUS_INPUT, "a second Document stands in the message");
        return;
    }
    reader->has_document = true;
    if (name == NULL) {
        message_refuse(&reader->message, STATUS_INPUT, "the Document's namespace names no ISO 20022 message");
        diag_found(reader->message.diag, "%s", space);
        return;
    }
    memcpy(message->name, name, MESSAGE_NAME_LENGTH);
    reader->dialect = dialect_find(message);
    if (reader->dialect == NULL) {
        message_refuse(&reader->message, STATUS_INPUT, "this message, or this version of it, is not read");
        diag_found(reader->message.diag, "%s", message->name);
        diag_expected(reader->message.diag,
                      "pain.002.001.03 or .10 to .15, camt.053.001 or camt.054.001 .02 to .14");
        return;
    }
    if (strlen(space) != sizeof(ISO_NAMESPACE) - 1 + MESSAGE_NAME_LENGTH
        || strncmp(space, ISO_NAMESPACE, sizeof(ISO_NAMESPACE) - 1) != 0) {
        answer_warn(reader, FINDING_NAMESPACE, "the namespace is not ISO's; the message is taken for what it names",
                    message->name);
    }
    blanks_make(reader, reader->dialect->message->children);
}

/* A bare Document, or a wrapper of any name around an AppHdr and a Document. */
static const struct place *envelope_find(struct answer_reader *reader, const char *name, const char *space)
{
    if (strcmp(name, document_place.name) == 0) {
        document_begin(reader, space);
        return &document_place;
    }
    if (reader->message.depth == 2) {
        return strcmp(name, header_place.name) == 0 && strstr(space, "head.001.001.") != NULL ? &header_place : NULL;
    }
    if (strcmp(name, wrapper_place.name) != 0) {
        answer_warn(reader, FINDING_WRAPPER, "the message stands in a wrapper of another name than BusinessMessage",
                    NULL);
    }
    return &wrapper_place;
}

static const struct place *place_find(const struct place *places, const char *name)
{
    for (const struct place *place = places; place != NULL && place->name != NULL; place++) {
        if (place->name[0] == name[0] && strcmp(place->name, name) == 0) {
            return place;
        }
    }
    return NULL;
}

static const struct place *child_find(struct answer_reader *reader, const struct answer_open *parent,
                                      const char *name, const char *space)
{
    if (parent->place == NULL) {
        return NULL;
    }
    if (parent->place == &outside_place || parent->place == &wrapper_place) {
        return envelope_find(reader, name, space);
    }
    if (parent->space != space && strcmp(parent->space, space) != 0) {
        return NULL;
    }
    if (parent->place == &document_place) {
        const struct place *message = reader->dialect->message;
        if (strcmp(name, message->name) == 0) {
            return message;
        }
        message_refuse(&reader->message, STATUS_INPUT, "the Document does not hold what its namespace names");
        diag_expected(reader->message.diag, "%s", message->name);
        return NULL;
    }
    if (parent->place->form > FORM_NONE && parent->place->children == NULL) {
        message_refuse(&reader->message, STATUS_INPUT, "an element stands where a value is expected");
    }
    return place_find(parent->place->children, name);
}

static void part_begin(struct answer_reader *reader, enum level level)
{
    if (level == LEVEL_GROUP && reader->has_group) {
        message_refuse(&reader->message, STATUS_INPUT, "an element stands twice where the schema has one");
        return;
    }
    if (level == LEVEL_GROUP && reader->has_parts) {
        answer_warn(reader, FINDING_LATE_GROUP, "OrgnlGrpInfAndSts stands behind the statuses", NULL);
    }
    reader->has_group |= level == LEVEL_GROUP;
    reader->has_parts |= level != LEVEL_GROUP;
    arena_clear(&reader->level[level].texts);
    memcpy(reader->level[level].now, reader->level[level].blank, reader->dialect->size_bytes[level]);
    reader->dialect->begin(reader, level);
}

/* Ccy of an amount; `attributes` are libxml2's: name, prefix, namespace, start and end of the value. */
static void currency_read(struct answer_reader *reader, int count, const xmlChar **attributes)
{
    reader->currency[0] = '\0';
    for (int i = 0; i < count; i++, attributes += 5) {
        size_t size = (size_t)(attributes[4] - attributes[3]);
        if (strcmp((const char *)attributes[0], "Ccy") == 0 && attributes[2] == NULL
            && size < sizeof(reader->currency)) {
            memcpy(reader->currency, attributes[3], size);
            reader->currency[size] = '\0';
        }
    }
}

static void element_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int namespace_count, const xmlChar **namespaces, int attribute_count,
                          int defaulted_count, const xmlChar **attributes)
{
    struct answer_reader *reader = context;
    struct answer_open *parent = &reader->open[reader->message.depth - 1];
    struct answer_open *open = parent + 1;
    const char *space = uri == NULL ? "" : (const char *)uri;

    (void)prefix;
    (void)namespace_count;
    (void)namespaces;
    (void)defaulted_count;
    *open = (struct answer_open){ .place = child_find(reader, parent, (const char *)name, space), .space = space };
    reader->value_size = 0;
    reader->value_is_cut = false;
    if (open->place == NULL || reader->message.status != STATUS_OK) {
        return;
    }
    open->level = open->place->level == LEVEL_NONE ? parent->level : open->place->level;
    open->base = open->place->level == LEVEL_NONE ? parent->base + open->place->offset : answer_level(reader, open->level);
    parent->is_filled = true;
    if (open->place->form == FORM_REASON) {
        open->base = answer_reason_begin(reader, (struct answer_reasons *)open->base);
        open->place = open->base == NULL ? NULL : open->place;
    } else if (open->place->form == FORM_AMOUNT) {
        currency_read(reader, attribute_count, attributes);
    } else if (open->place->level > LEVEL_MESSAGE) {
        part_begin(reader, open->place->level);
    }
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool has_value(const struct place *place)
{
    return place != NULL && place->form != FORM_NONE && place->form != FORM_REASON;
}

static void element_text(void *context, const xmlChar *chars, int count)
{
    struct answer_reader *reader = context;
    struct span text = { (const char *)chars, (size_t)count };

    if (!has_value(reader->open[reader->message.depth].place) || reader->value_is_cut) {
        return;
    }
    while (reader->value_size == 0 && text.size > 0 && is_space(text.data[0])) {
        text = (struct span){ text.data + 1, text.size - 1 };
    }
    if (text.size > ANSWER_TEXT_BYTES_MAX - reader->value_size) {
        text.size = answer_cut(text, ANSWER_TEXT_BYTES_MAX - reader->value_size);
        reader->value_is_cut = true;
    }
    memcpy(reader->value + reader->value_size, text.data, text.size);
    reader->value_size += text.size;
}

static void value_end(struct answer_reader *reader, struct answer_open *open)
{
    while (reader->value_size > 0 && is_space(reader->value[reader->value_size - 1])) {
        reader->value_size--;
    }
    if (reader->value_size > 0) {
        answer_keep(reader, open);
    } else if (!open->is_filled) {
        answer_warn(reader, FINDING_EMPTY, "an element is empty; it counts as not given", open->place->name);
    }
}

static void element_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct answer_reader *reader = context;
    struct answer_open *open = &reader->open[reader->message.depth];

    (void)name;
    (void)prefix;
    (void)uri;
    if (has_value(open->place)) {
        value_end(reader, open);
    } else if (open->place != NULL && open->place->level > LEVEL_MESSAGE) {
        enum status rc = reader->dialect->end(reader, open->place->level, reader->message.diag);
        if (rc != STATUS_OK) {
            reader->message.status = rc;
            xmlStopParser(reader->message.parser);
        }
    }
    reader->value_size = 0;
}

struct answer_reader *answer_reader_new(const char *name, const struct answer_handler *handler)
{
    static const struct message_handler events = { element_start, element_end, element_text };
    struct answer_reader *reader = mem_alloc(1, sizeof(*reader));

    reader->message.name = name;
    reader->handler = handler;
    reader->level[LEVEL_MESSAGE].now = mem_alloc(1, sizeof(struct answer_part_message));
    reader->open[0] = (struct answer_open){
        .place = &outside_place, .base = answer_level(reader, LEVEL_MESSAGE), .level = LEVEL_MESSAGE,
    };
    answer_blank(&header_place, answer_level(reader, LEVEL_MESSAGE));
    answer_blank(pain002_dialect.message, answer_level(reader, LEVEL_MESSAGE));
    message_begin(&reader->message, &events);
    return reader;
}

void answer_reader_free(struct answer_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    message_close(&reader->message);
    for (enum level level = LEVEL_NONE; level < LEVEL_NUMBER; level++) {
        free(reader->level[level].now);
        free(reader->level[level].blank);
        arena_release(&reader->level[level].texts);
    }
    free(reader);
}

const struct answer_message *answer_message(const struct answer_reader *reader)
{
    return &((const struct answer_part_message *)reader->level[LEVEL_MESSAGE].now)->message;
}

enum status answer_read(struct answer_reader *reader, struct span bytes, struct diag *diag)
{
    reader->message.diag = diag;
    if (bytes.size > ANSWER_SIZE_MAX - reader->message.size_bytes) {
        message_refuse(&reader->message, STATUS_LIMIT, "the message is too large");
    }
    return message_feed(&reader->message, bytes);
}

/* What the message as a whole must have said. */
static const char *what_is_missing(const struct answer_reader *reader)
{
    if (reader->message.size_bytes == 0) {
        return "the message is empty";
    }
    if (!reader->has_document) {
        return "there is no Document in the message";
    }
    if (answer_message(reader)->kind == ANSWER_PAIN002 && !reader->has_group) {
        return "the message names no original (OrgnlGrpInfAndSts)";
    }
    return NULL;
}

enum status answer_finish(struct answer_reader *reader, struct diag *diag)
{
    const struct answer_part_message *part = answer_level(reader, LEVEL_MESSAGE);
    const char *missing = what_is_missing(reader);

    reader->message.diag = diag;
    if (reader->message.size_bytes == 0) {
        message_refuse(&reader->message, STATUS_INPUT, missing);
    }
    enum status rc = message_end(&reader->message);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (missing != NULL) {
        message_refuse(&reader->message, STATUS_INPUT, missing);
        return reader->message.status;
    }
    if (part->message.msg_id.size == 0) {
        answer_warn(reader, FINDING_NO_MSG_ID, "the message has no MsgId", NULL);
    }
    if (part->definition.size > 0 && !span_is(part->definition, part->message.name)) {
        answer_warn(reader, FINDING_DEFINITION, "MsgDefIdr of the header is not the Document's message", NULL);
    }
    return STATUS_OK;
}
