/*
 * pain001_validate.c - a bank file against our restricted schemas, as a stream.
 *
 * The wrapper has no namespace of its own and a shape that three checks describe, so that the two
 * schemas are applied to its two parts and no schema has to import another: libxml2 loads imports by
 * name, and nothing may be loaded by name in this process (mem_init). The parser's events go to
 * the schema of the part that is open; no tree is built.
 */
#include "chitra/pain001.h"
#include "chitra/sys.h"
#include "message.h"

#include <fcntl.h>
#include <libxml/xmlschemas.h>

enum {
    SCHEMA_BYTES_MAX = 1024 * 1024,     /* ours have some 10 KiB, ISO's own under 120 */
    DEPTH_MESSAGE = 1,                  /* BusinessMessage */
    DEPTH_PART = 2                      /* AppHdr, Document */
};

enum part { PART_header, PART_document, PART_NUMBER };

static const struct part_rule {
    const char *element;
    const char *schema;
} parts[PART_NUMBER] = {
    [PART_header] = { "AppHdr", "chitra-head.001.001.02.xsd" },
    [PART_document] = { "Document", "chitra-pain.001.001.09.xsd" },
};

/* One schema at work. Released in any state. */
struct validation {
    xmlDocPtr text;             /* the schema points into it */
    xmlSchemaPtr schema;
    xmlSchemaValidCtxtPtr validator;
    xmlSchemaSAXPlugPtr plug;
    xmlSAXHandlerPtr events;    /* the plug's: what takes the parser's events */
    void *data;                 /* what they are called with */
};

struct pain001_validator {
    struct message_reader message;      /* first: libxml2 calls us with it */
    struct validation part[PART_NUMBER];
    unsigned begun;                     /* parts that were begun: the last one is open */
};

/* The local name in "Element '{namespace}name': ...", as libxml2's schema messages begin; of the rest
 * nothing is shown, because it may quote a value, and values are people's. */
static struct span element_of(const char *message)
{
    const char *start = strchr(message, '\'');
    const char *end = start == NULL ? NULL : strchr(start + 1, '\'');

    if (end == NULL) {
        return span_of("?");
    }
    const char *brace = memchr(start, '}', (size_t)(end - start));
    start = (brace == NULL ? start : brace) + 1;
    return (struct span){ start, (size_t)(end - start) };
}

static void schema_fault(void *context, xmlErrorPtr error)
{
    struct pain001_validator *validator = context;
    struct span element = element_of(error->message == NULL ? "" : error->message);

    if (validator->message.status != STATUS_OK) {
        return;
    }
    message_refuse(&validator->message, STATUS_INPUT,
                   error->code == XML_SCHEMAV_ELEMENT_CONTENT
                       ? "an element is missing, or stands where it may not"
                       : "an element or its value does not fit the schema");
    diag_found(validator->message.diag, "%.*s", (int)(element.size > 80 ? 80 : element.size), element.data);
}

static void schema_load_fault(void *context, xmlErrorPtr error)
{
    int *line = context;

    if (error->level >= XML_ERR_ERROR && *line == 0) {
        *line = error->line;
    }
}

/* Reads the schema `path`. Its text is parsed here, because libxml2's schema parser would print what
 * is wrong with the markup. */
static enum status schema_new(struct validation *validation, const char *path, struct diag *diag)
{
    struct buf text = BUF_INIT(SCHEMA_BYTES_MAX);
    xmlSchemaParserCtxtPtr parser = NULL;
    int fault_line = 0;

    enum status rc = sys_read(AT_FDCWD, path, &text, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    validation->text = xmlReadMemory(text.data, (int)text.size, path, NULL,
                                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (validation->text != NULL) {
        parser = xmlSchemaNewDocParserCtxt(validation->text);
        ASSERT(parser != NULL);
        xmlSchemaSetParserStructuredErrors(parser, schema_load_fault, &fault_line);
        validation->schema = xmlSchemaParse(parser);
    }
    if (validation->schema == NULL) {
        rc = diag_fail(diag, STATUS_CONFIG, "the schema cannot be used");
        diag_at(diag, path, (uint64_t)fault_line, 0);
    }
out:
    xmlSchemaFreeParserCtxt(parser);
    buf_release(&text);
    return rc;
}

/* Makes ready to validate one part of the message. */
static enum status validation_begin(struct validation *validation, const char *folder, const char *file,
                                    struct pain001_validator *validator)
{
    struct diag *diag = validator->message.diag;
    struct buf path = BUF_INIT(DIAG_FILE_BYTES);

    enum status rc = buf_add_format(&path, "%s/%s%c", folder, file, '\0');
    if (rc == STATUS_OK) {
        rc = schema_new(validation, path.data, diag);
    } else {
        diag_fail(diag, rc, "the folder of the schemas has too long a name");
    }
    buf_release(&path);
    if (rc != STATUS_OK) {
        return rc;
    }
    validation->validator = xmlSchemaNewValidCtxt(validation->schema);
    ASSERT(validation->validator != NULL);
    xmlSchemaSetValidStructuredErrors(validation->validator, schema_fault, validator);
    validation->data = validation->validator;
    validation->plug = xmlSchemaSAXPlug(validation->validator, &validation->events, &validation->data);
    ASSERT(validation->plug != NULL);
    return STATUS_OK;
}

static void validation_release(struct validation *validation)
{
    if (validation->plug != NULL) {
        xmlSchemaSAXUnplug(validation->plug);
    }
    xmlSchemaFreeValidCtxt(validation->validator);
    xmlSchemaFree(validation->schema);
    xmlFreeDoc(validation->text);
    *validation = (struct validation){ 0 };
}

/* The validation that takes the events of what is open below BusinessMessage. */
static struct validation *part_open(struct pain001_validator *validator)
{
    ASSERT(validator->begun >= 1);
    return &validator->part[validator->begun - 1];
}

static void element_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int namespace_count, const xmlChar **namespaces, int attribute_count,
                          int defaulted_count, const xmlChar **attributes)
{
    struct pain001_validator *validator = context;
    struct message_reader *message = &validator->message;

    if (message->depth == DEPTH_MESSAGE) {
        /* Its tag is "<BusinessMessage>" to the byte: message_parse asked for it. */
        return;
    }
    if (message->depth == DEPTH_PART) {
        if (validator->begun == PART_NUMBER || strcmp((const char *)name, parts[validator->begun].element) != 0) {
            message_refuse(message, STATUS_INPUT, "BusinessMessage holds an AppHdr, then a Document, and nothing else");
            return;
        }
        validator->begun++;
    }
    struct validation *part = part_open(validator);
    part->events->startElementNs(part->data, name, prefix, uri, namespace_count, namespaces, attribute_count,
                                 defaulted_count, attributes);
}

static void element_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct pain001_validator *validator = context;

    if (validator->message.depth >= DEPTH_PART) {
        struct validation *part = part_open(validator);
        part->events->endElementNs(part->data, name, prefix, uri);
    } else if (validator->begun != PART_NUMBER) {
        message_refuse(&validator->message, STATUS_INPUT, "BusinessMessage lacks its AppHdr or its Document");
    }
}

static void element_text(void *context, const xmlChar *text, int size)
{
    struct pain001_validator *validator = context;

    if (validator->message.depth >= DEPTH_PART) {
        struct validation *part = part_open(validator);
        part->events->characters(part->data, text, size);
    } else {
        message_refuse(&validator->message, STATUS_INPUT, "text stands beside AppHdr and Document");
    }
}

enum status pain001_validate(struct span xml, const char *name, const char *folder, struct diag *diag)
{
    static const struct message_handler handler = { element_start, element_end, element_text };
    struct pain001_validator validator = { .message = { .name = name, .diag = diag } };
    enum status rc = STATUS_OK;

    for (int i = 0; rc == STATUS_OK && i < PART_NUMBER; i++) {
        rc = validation_begin(&validator.part[i], folder, parts[i].schema, &validator);
    }
    if (rc == STATUS_OK) {
        rc = message_parse(&validator.message, xml, "<BusinessMessage>", &handler);
    }
    for (int i = 0; i < PART_NUMBER; i++) {
        /* Every fault was reported to us; this is the second lock on the same door. */
        if (rc == STATUS_OK && xmlSchemaIsValid(validator.part[i].validator) != 1) {
            rc = diag_fail(diag, STATUS_INPUT, "the message does not fit its schema");
            diag_at(diag, name, 0, 0);
        }
        validation_release(&validator.part[i]);
    }
    return rc;
}
