/* Reading XML: libxml2's parser and schemas behind our rules. */
#include "chitra/xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>
#include <stdlib.h>
#include <strings.h>

/* Never NOENT, DTDLOAD, DTDATTR, DTDVALID, XINCLUDE or HUGE: each opens a door to other files or to
 * blow-up. NOCDATA makes CDATA plain text, so that the text of a leaf is one node. */
enum { PARSE_OPTIONS = XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES };

struct xml_doc {
    xmlDocPtr tree;
};

/* The first fault and how many there are; what libxml2's callbacks write into. */
struct faults {
    const char *name;
    enum status kind;       /* what a fault of this document means */
    enum status status;     /* what the first one means */
    size_t count;
    bool stopped;           /* by us: what libxml2 says afterwards does not count */
    struct diag *diag;
};

static void fault_add(struct faults *faults, enum status status, uint64_t line, const char *message)
{
    faults->count++;
    if (faults->count == 1) {
        /* Only the first line: libxml2 ends its messages with one, and some quote the document. */
        faults->status = diag_fail(faults->diag, status, "%.*s", (int)strcspn(message, "\r\n"), message);
        diag_at(faults->diag, faults->name, line, 0);
    }
}

/* The verdict, with a hint at what else is wrong. */
static enum status faults_status(struct faults *faults)
{
    if (faults->count > 1) {
        diag_hint(faults->diag, "%zu more", faults->count - 1);
    }
    return faults->count == 0 ? STATUS_OK : faults->status;
}

/* Takes what libxml2 has to say. Warnings (a relative namespace name, say) are no faults. */
static void take_error(void *context, xmlErrorPtr error)
{
    struct faults *faults = context;

    if (error->level >= XML_ERR_ERROR && !faults->stopped) {
        fault_add(faults, faults->kind, error->line > 0 ? (uint64_t)error->line : 0,
                  error->message == NULL ? "not acceptable" : error->message);
    }
}

static void take_parse_error(void *context, xmlErrorPtr error)
{
    take_error(((xmlParserCtxtPtr)context)->_private, error);
}

/* Stopping the parser leaves wellFormed at 1 (libxml2 2.9.14): the fault is the verdict. */
static void refuse(xmlParserCtxtPtr parser, bool is_limit, const char *message)
{
    struct faults *faults = parser->_private;

    if (!faults->stopped) {
        fault_add(faults, is_limit ? STATUS_LIMIT : faults->kind, parser->input == NULL ? 0 : (uint64_t)parser->input->line, message);
    }
    faults->stopped = true;
    xmlStopParser(parser);
}

/* A DOCTYPE can declare entities, so it is refused before anything of it is read. */
static void refuse_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name;
    (void)external;
    (void)system;
    refuse(context, false, "a DOCTYPE is not accepted");
}

static void element_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int namespaces_count, const xmlChar **namespaces, int attributes_count,
                          int defaulted_count, const xmlChar **attributes)
{
    /* nameNr counts the elements around this one. */
    if (((xmlParserCtxtPtr)context)->nameNr >= XML_DEPTH_MAX) {
        refuse(context, true, "elements are nested too deeply");
        return;
    }
    xmlSAX2StartElementNs(context, name, prefix, uri, namespaces_count, namespaces, attributes_count,
                          defaulted_count, attributes);
}

/* The bytes must be UTF-8 before libxml2 looks for other encodings in them. */
static bool starts_as_utf8(struct span xml)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t skip = xml.size >= 3 && memcmp(xml.data, mark, 3) == 0 ? 3 : 0;

    return xml.size > skip && strchr("< \t\r\n", xml.data[skip]) != NULL &&
           memchr(xml.data, '\0', xml.size) == NULL;
}

static enum status parse(struct span xml, struct faults *faults, xmlDocPtr *tree)
{
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    xmlDocPtr parsed;
    enum status rc;

    ASSERT(parser != NULL);
    parser->_private = faults;
    parser->sax->serror = take_parse_error;
    parser->sax->internalSubset = refuse_doctype;
    parser->sax->startElementNs = element_start;
    /* Without comments and instructions the text of a leaf cannot be split by them. */
    parser->sax->comment = NULL;
    parser->sax->processingInstruction = NULL;
    parsed = xmlCtxtReadMemory(parser, xml.data, (int)xml.size, faults->name, NULL, PARSE_OPTIONS);
    if (faults->count == 0 && (parsed == NULL || !parser->wellFormed || xmlDocGetRootElement(parsed) == NULL)) {
        fault_add(faults, faults->kind, 0, "not a well-formed XML document");
    }
    if (faults->count == 0 && parsed->encoding != NULL &&
        strcasecmp((const char *)parsed->encoding, "UTF-8") != 0) {
        fault_add(faults, faults->kind, 1, "an encoding other than UTF-8 is not accepted");
    }
    rc = faults_status(faults);
    if (rc == STATUS_OK) {
        *tree = parsed;
        parsed = NULL;
    }
    xmlFreeDoc(parsed);
    xmlFreeParserCtxt(parser);
    return rc;
}

/* From the bytes to a tree, or a fault. */
static enum status read_tree(struct span xml, struct faults *faults, xmlDocPtr *tree)
{
    if (xml.size > XML_SIZE_MAX) {
        fault_add(faults, STATUS_LIMIT, 0, "the document is too large");
        diag_expected(faults->diag, "at most %d bytes", XML_SIZE_MAX);
        return STATUS_LIMIT;
    }
    if (!starts_as_utf8(xml)) {
        fault_add(faults, faults->kind, 0, "XML in UTF-8 is expected");
        return faults->kind;
    }
    return parse(xml, faults, tree);
}

static enum status validate(xmlDocPtr tree, struct span xsd, struct faults *faults)
{
    struct faults in_schema = { .name = "the schema", .kind = STATUS_CONFIG, .diag = faults->diag };
    xmlDocPtr schema_tree = NULL;
    xmlSchemaParserCtxtPtr parser = NULL;
    xmlSchemaPtr schema = NULL;
    xmlSchemaValidCtxtPtr validator = NULL;

    /* The schema is read like any document: libxml2's own way would print its faults. */
    enum status rc = read_tree(xsd, &in_schema, &schema_tree);
    if (rc != STATUS_OK) {
        goto out;
    }
    parser = xmlSchemaNewDocParserCtxt(schema_tree);
    ASSERT(parser != NULL);
    xmlSchemaSetParserStructuredErrors(parser, take_error, &in_schema);
    schema = xmlSchemaParse(parser);
    if (schema == NULL && in_schema.count == 0) {
        fault_add(&in_schema, STATUS_CONFIG, 0, "not a schema");
    }
    rc = faults_status(&in_schema);
    if (rc != STATUS_OK) {
        goto out;
    }
    validator = xmlSchemaNewValidCtxt(schema);
    ASSERT(validator != NULL);
    xmlSchemaSetValidStructuredErrors(validator, take_error, faults);
    if (xmlSchemaValidateDoc(validator, tree) != 0 && faults->count == 0) {
        fault_add(faults, faults->kind, 0, "does not fit its schema");
    }
    rc = faults_status(faults);
out:
    xmlSchemaFreeValidCtxt(validator);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
    xmlFreeDoc(schema_tree);
    return rc;
}

enum status xml_doc_new(struct span xml, const char *name, struct span xsd, struct xml_doc **doc,
                        struct diag *diag)
{
    struct faults faults = { .name = name, .kind = STATUS_INPUT, .diag = diag };
    xmlDocPtr tree = NULL;

    *doc = NULL;
    enum status rc = read_tree(xml, &faults, &tree);
    if (rc == STATUS_OK && xsd.size > 0) {
        rc = validate(tree, xsd, &faults);
    }
    if (rc != STATUS_OK) {
        xmlFreeDoc(tree);
        return rc;
    }
    *doc = mem_alloc(1, sizeof(**doc));
    (*doc)->tree = tree;
    return STATUS_OK;
}

void xml_doc_free(struct xml_doc *doc)
{
    if (doc != NULL) {
        xmlFreeDoc(doc->tree);
        free(doc);
    }
}

/* struct xml_node is libxml2's node under a name of ours. */
static const xmlNode *inside(const struct xml_node *node)
{
    return (const xmlNode *)node;
}

static const struct xml_node *first_named(const xmlNode *node, const char *name)
{
    while (node != NULL && (node->type != XML_ELEMENT_NODE ||
                            (name != NULL && strcmp((const char *)node->name, name) != 0))) {
        node = node->next;
    }
    return (const struct xml_node *)node;
}

const struct xml_node *xml_root(const struct xml_doc *doc)
{
    return (const struct xml_node *)xmlDocGetRootElement(doc->tree);
}

const struct xml_node *xml_child(const struct xml_node *node, const char *name)
{
    return first_named(inside(node)->children, name);
}

const struct xml_node *xml_next(const struct xml_node *node, const char *name)
{
    return first_named(inside(node)->next, name);
}

const char *xml_name(const struct xml_node *node)
{
    return (const char *)inside(node)->name;
}

uint64_t xml_line(const struct xml_node *node)
{
    long line = xmlGetLineNo(inside(node));
    return line > 0 ? (uint64_t)line : 0;
}

/* The text of a node's list of children, when it is text only. */
static const char *only_text(const xmlNode *children)
{
    if (children == NULL) {
        return "";
    }
    return children->type == XML_TEXT_NODE && children->next == NULL ? (const char *)children->content : NULL;
}

const char *xml_attribute(const struct xml_node *node, const char *name)
{
    for (const xmlAttr *attribute = inside(node)->properties; attribute != NULL; attribute = attribute->next) {
        if (attribute->ns == NULL && strcmp((const char *)attribute->name, name) == 0) {
            return only_text(attribute->children);
        }
    }
    return NULL;
}

const char *xml_text(const struct xml_node *node)
{
    return only_text(inside(node)->children);
}

const char *xml_library(void)
{
    return LIBXML_DOTTED_VERSION;
}
