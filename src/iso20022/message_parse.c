/*
 * message_parse.c - a message as a stream of elements, in constant memory.
 */
#include "message.h"

enum {
    CHUNK_BYTES = 32 * 1024,            /* between the parser's own look-ahead and the first-level cache */
    /* A tag or a comment that goes on for longer is none: libxml2 2.9.14 keeps it all (up to 10 MB), and
     * compares each attribute with each other one: 200,000 of them in one tag cost it nine seconds. */
    MARKUP_BYTES_MAX = 64 * 1024,
    ATTRIBUTES_MAX = 64,                /* of one element; a root of ISO 20022 has about four */
    /* Different names and namespaces: camt.053.001.12 has 389. libxml2 keeps them all, in a table
     * that does not grow with them: a million cost it 17 seconds. */
    NAMES_MAX = 8192
};

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
    if (attribute_count > ATTRIBUTES_MAX || namespace_count > ATTRIBUTES_MAX) {
        message_refuse(reader, STATUS_LIMIT, "an element of the message has too many attributes");
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

/* A DOCTYPE can declare entities, so it is refused before anything of it is read. */
static void refuse_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name;
    (void)external;
    (void)system;
    message_refuse(context, STATUS_INPUT, "a DOCTYPE is not accepted in a message");
}

/* Called behind the declaration: the bytes begin as UTF-8 does, and may not claim to be anything else. */
static void check_encoding(void *context)
{
    struct message_reader *reader = context;
    const xmlChar *encoding = reader->parser->encoding;

    if (encoding != NULL && xmlStrcasecmp(encoding, (const xmlChar *)"UTF-8") != 0) {
        message_refuse(reader, STATUS_INPUT, "an encoding other than UTF-8 is not accepted");
    }
}

static void parser_open(struct message_reader *reader, const struct message_handler *handler, xmlSAXHandler *sax)
{
    sax->initialized = XML_SAX2_MAGIC;
    sax->startElementNs = element_start;
    sax->endElementNs = element_end;
    sax->characters = element_text;
    sax->ignorableWhitespace = element_text;
    sax->serror = refuse_markup;
    reader->handler = handler;
    reader->parser = xmlCreatePushParserCtxt(sax, reader, NULL, 0, NULL);
    ASSERT(reader->parser != NULL);
    /* Never NOENT, DTDLOAD or HUGE: libxml2's own limits on depth and size stay in force. */
    int unknown = xmlCtxtUseOptions(reader->parser, XML_PARSE_NONET);
    ASSERT(unknown == 0);
}

/* What only a message can make grow that was made to do harm. */
static void check_growth(struct message_reader *reader)
{
    const xmlParserInput *input = reader->parser->input;

    if (input->end - input->cur > MARKUP_BYTES_MAX) {
        message_refuse(reader, STATUS_LIMIT, "a tag or a comment of the message is too long");
    } else if (xmlDictSize(reader->parser->dict) > NAMES_MAX) {
        message_refuse(reader, STATUS_LIMIT, "the message has too many different names");
    }
}

static void chunks_parse(struct message_reader *reader, struct span xml)
{
    while (xml.size > 0 && reader->status == STATUS_OK) {
        size_t size = xml.size < CHUNK_BYTES ? xml.size : CHUNK_BYTES;
        xmlParseChunk(reader->parser, xml.data, (int)size, 0);
        if (reader->status == STATUS_OK) {
            check_growth(reader);
        }
        xml = (struct span){ xml.data + size, xml.size - size };
    }
}

enum status message_end(struct message_reader *reader)
{
    if (reader->status == STATUS_OK) {
        xmlParseChunk(reader->parser, NULL, 0, 1);
    }
    /* Every fault was reported to us; this is the second lock on the same door. */
    if (reader->parser->wellFormed == 0) {
        message_refuse(reader, STATUS_INPUT, "the message is not well-formed XML");
    }
    return reader->status;
}

void message_close(struct message_reader *reader)
{
    xmlFreeParserCtxt(reader->parser);
    reader->parser = NULL;
}

enum status message_parse(struct message_reader *reader, struct span xml, const char *root,
                          const struct message_handler *handler)
{
    xmlSAXHandler sax = {
        .comment = refuse_comment,
        .processingInstruction = refuse_instruction,
        .cdataBlock = refuse_cdata,
    };
    size_t size = strlen(root);

    if (xml.size < size || memcmp(xml.data, root, size) != 0) {
        diag_fail(reader->diag, STATUS_INPUT, "this is not a message in its canonical form");
        diag_at(reader->diag, reader->name, 1, 1);
        diag_expected(reader->diag, "%s at its first byte", root);
        return reader->status = STATUS_INPUT;
    }
    parser_open(reader, handler, &sax);
    chunks_parse(reader, xml);
    enum status rc = message_end(reader);
    message_close(reader);
    return rc;
}

void message_begin(struct message_reader *reader, const struct message_handler *handler)
{
    /* Without a handler of its own, libxml2 gives CDATA as text. */
    xmlSAXHandler sax = { .startDocument = check_encoding, .internalSubset = refuse_doctype };

    parser_open(reader, handler, &sax);
}

enum status message_feed(struct message_reader *reader, struct span xml)
{
    if (reader->status != STATUS_OK) {
        return reader->status;
    }
    /* Before libxml2 looks for other encodings in them: UTF-8 begins with an element, a declaration,
     * white space or the mark's first byte, and the others that it knows of have zeros. */
    if (xml.size > 0 && reader->size_bytes == 0 && memchr("< \t\r\n\xef", xml.data[0], 6) == NULL) {
        message_refuse(reader, STATUS_INPUT, "XML in UTF-8 is expected");
    } else if (memchr(xml.data, '\0', xml.size) != NULL) {
        message_refuse(reader, STATUS_INPUT, "a zero byte stands in the message");
    }
    reader->size_bytes += xml.size;
    chunks_parse(reader, xml);
    return reader->status;
}
