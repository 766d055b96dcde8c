/*
 * message_parse.c - a message as a stream of elements, in constant memory.
 */
#include "message.h"

/* Between the parser's own look-ahead and the first-level cache. */
enum { CHUNK_BYTES = 32 * 1024 };

void message_refuse(struct message_reader *reader, enum status status, const char *what)
{
    if (reader->status != STATUS_OK) {
        return;
    }
    reader->status = diag_fail(reader->diag, status, "%s", what);
    diag_at(reader->diag, reader->name, (uint64_t)xmlSAX2GetLineNumber(reader->parser),
            (unsigned)xmlSAX2GetColumnNumber(reader->parser));
    xmlStopParser(reader->parser);
}

/* libxml2 counts the depth of the trees that it builds; here none is built, so we count. */
static void element_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int namespace_count, const xmlChar **namespaces, int attribute_count,
                          int defaulted_count, const xmlChar **attributes)
{
    struct message_reader *reader = context;

    if (reader->status != STATUS_OK) {
        return;
    }
    if (reader->depth == XML_DEPTH_MAX) {
        message_refuse(reader, STATUS_LIMIT, "the elements of the message are nested too deep");
        return;
    }
    reader->depth++;
    reader->handler->start(context, name, prefix, uri, namespace_count, namespaces, attribute_count,
                           defaulted_count, attributes);
}

static void element_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct message_reader *reader = context;

    if (reader->status == STATUS_OK) {
        reader->handler->end(context, name, prefix, uri);
        reader->depth--;
    }
}

static void element_text(void *context, const xmlChar *text, int size)
{
    struct message_reader *reader = context;

    if (reader->status == STATUS_OK) {
        reader->handler->text(context, text, size);
    }
}

static void refuse_comment(void *context, const xmlChar *text)
{
    (void)text;
    message_refuse(context, STATUS_INPUT, "a comment is not accepted in a message");
}

static void refuse_instruction(void *context, const xmlChar *target, const xmlChar *data)
{
    (void)target;
    (void)data;
    message_refuse(context, STATUS_INPUT, "a processing instruction is not accepted in a message");
}

static void refuse_cdata(void *context, const xmlChar *text, int size)
{
    (void)text;
    (void)size;
    message_refuse(context, STATUS_INPUT, "a CDATA section is not accepted in a message");
}

/* Faults of the markup itself. Warnings (a relative namespace name in a signature, say) are none. */
static void refuse_markup(void *context, xmlErrorPtr error)
{
    if (error->level >= XML_ERR_ERROR) {
        message_refuse(context, STATUS_INPUT, "the message is not well-formed XML");
    }
}

static void chunks_parse(struct message_reader *reader, struct span xml)
{
    while (xml.size > 0 && reader->status == STATUS_OK) {
        size_t size = xml.size < CHUNK_BYTES ? xml.size : CHUNK_BYTES;
        xmlParseChunk(reader->parser, xml.data, (int)size, 0);
        xml = (struct span){ xml.data + size, xml.size - size };
    }
    if (reader->status == STATUS_OK) {
        xmlParseChunk(reader->parser, NULL, 0, 1);
    }
    /* Every fault was reported to us; this is the second lock on the same door. */
    if (reader->parser->wellFormed == 0) {
        message_refuse(reader, STATUS_INPUT, "the message is not well-formed XML");
    }
}

enum status message_parse(struct message_reader *reader, struct span xml, const char *root,
                          const struct message_handler *handler)
{
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = element_start,
        .endElementNs = element_end,
        .characters = element_text,
        .ignorableWhitespace = element_text,
        .comment = refuse_comment,
        .processingInstruction = refuse_instruction,
        .cdataBlock = refuse_cdata,
        .serror = refuse_markup,
    };
    size_t size = strlen(root);

    if (xml.size < size || memcmp(xml.data, root, size) != 0) {
        diag_fail(reader->diag, STATUS_INPUT, "this is not a message in its canonical form");
        diag_at(reader->diag, reader->name, 1, 1);
        diag_expected(reader->diag, "%s at its first byte", root);
        return reader->status = STATUS_INPUT;
    }
    reader->handler = handler;
    reader->parser = xmlCreatePushParserCtxt(&sax, reader, NULL, 0, NULL);
    ASSERT(reader->parser != NULL);
    /* Never NOENT, DTDLOAD or HUGE: libxml2's own limits on depth and size stay in force. */
    int unknown = xmlCtxtUseOptions(reader->parser, XML_PARSE_NONET);
    ASSERT(unknown == 0);
    chunks_parse(reader, xml);
    xmlFreeParserCtxt(reader->parser);
    reader->parser = NULL;
    return reader->status;
}
