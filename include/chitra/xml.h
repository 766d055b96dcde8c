/*
 * xml.h - XML in and out, the same two ways for everybody.
 *
 * Layer: base. Reading is libxml2's, hardened: no DOCTYPE, no entities but the five, no network, no
 * schemaLocation, UTF-8, our limits on size and depth. A document is validated against one of the
 * schemas in formats/ and every fault carries its line. Writing is our own: a streaming writer of
 * canonical XML (Exclusive C14N 1.0 without comments equals what it writes), so that a digest can be
 * taken as the bytes go by.
 *
 * Ownership: xml_doc_new gives the document to the caller; what its accessors return lives as long.
 */
#ifndef CHITRA_XML_H
#define CHITRA_XML_H

#include "chitra/diag.h"
#include "chitra/mem.h"

enum {
    XML_SIZE_MAX = 64 * 1024 * 1024,    /* configuration, law, profiles: the largest is under 1 MiB */
    XML_DEPTH_MAX = 64                  /* the deepest ISO 20022 message has under 20 */
};

struct xml_doc;     /* a parsed document */
struct xml_node;    /* an element in it (libxml2's own node behind an opaque name) */

/* Parses `xml`; if `xsd` is not empty, also validates against it. `name` is for messages. On error
 * *doc is NULL and diag has the first fault with its line, and how many more there are: STATUS_INPUT,
 * STATUS_LIMIT for a document too large or too deep, STATUS_CONFIG for a schema that is none.
 * Comments and processing instructions are dropped. mem_init() comes before. */
enum status xml_doc_new(struct span xml, const char *name, struct span xsd, struct xml_doc **doc,
                        struct diag *diag) MUST_USE;
void xml_doc_free(struct xml_doc *doc);

const struct xml_node *xml_root(const struct xml_doc *doc);
/* The first child element, or the next sibling element, with this local name (NULL: any). NULL at
 * the end. */
const struct xml_node *xml_child(const struct xml_node *node, const char *name);
const struct xml_node *xml_next(const struct xml_node *node, const char *name);
const char *xml_name(const struct xml_node *node);
uint64_t xml_line(const struct xml_node *node);
/* The value of an attribute without a namespace, or NULL. */
const char *xml_attribute(const struct xml_node *node, const char *name);
/* The text of a leaf element, whole; NULL if it has child elements. */
const char *xml_text(const struct xml_node *node);

/* Takes what the writer has ready; called whenever its buffer is full, and at the end. */
typedef enum status xml_flush(void *context, struct span bytes, struct diag *diag);

/* A streaming writer of canonical XML. The caller gives the tags; names and structure are the
 * caller's matter, escaping and buffering are the writer's. */
struct xml_writer {
    struct buf buf;
    xml_flush *flush;
    void *context;
    uint64_t flushed_bytes;
    enum status status;     /* the first failure; nothing is flushed after it */
    struct diag *diag;
};

void xml_writer_init(struct xml_writer *writer, xml_flush *flush, void *context, struct diag *diag);

/* What the buffer has no room for. */
void xml_raw_over(struct xml_writer *writer, struct span markup);

/* Raw markup, as it stands: "<PmtInf>", "</Nm>". Inline, because a payment is forty of them, most of a size that the
 * compiler knows. */
static inline void xml_raw(struct xml_writer *writer, struct span markup)
{
    struct buf *buf = &writer->buf;

    if (markup.size > buf->capacity - buf->size) {
        xml_raw_over(writer, markup);
        return;
    }
    memcpy(buf->data + buf->size, markup.data, markup.size);
    buf->size += markup.size;
}
#define XML_RAW(writer, literal) xml_raw((writer), (struct span){ (literal), sizeof(literal) - 1 })

/* Character data, escaped as canonical XML wants it (& < > and CR). */
void xml_data(struct xml_writer *writer, struct span text);

/* <name>text</name>; name without brackets. */
void xml_element(struct xml_writer *writer, const char *name, struct span text);

/* Bytes since the start, flushed and buffered. */
static inline uint64_t xml_size(const struct xml_writer *writer)
{
    return writer->flushed_bytes + writer->buf.size;
}

/* Hands everything over; the writer's verdict. */
enum status xml_writer_finish(struct xml_writer *writer) MUST_USE;
void xml_writer_release(struct xml_writer *writer);

/* The version of libxml2, for --version. */
const char *xml_library(void);

#endif
