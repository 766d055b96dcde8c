/*
 * message.h - what the messages of this room share: their names, and hardened reading as a stream.
 *
 * Inside iso20022 only. Reading: libxml2's push parser with our rules. A file of ours is canonical
 * from its first byte, so that it must begin with its root element: no byte-order mark, no
 * declaration, no DOCTYPE can come before it, and the encoding can only be UTF-8. Comments,
 * processing instructions and CDATA never stand in a canonical file of ours and are refused: the
 * signature would not cover the first, and all can split a value in two. A bank's message may begin
 * with a mark and a declaration of UTF-8; comments and instructions are stepped over and CDATA is
 * text: its reader puts a value together from all its pieces.
 */
#ifndef CHITRA_ISO20022_MESSAGE_H
#define CHITRA_ISO20022_MESSAGE_H

#include "chitra/xml.h"

#include <libxml/parser.h>

#define HEAD001_NAMESPACE "urn:iso:std:iso:20022:tech:xsd:head.001.001.02"
#define PAIN001_NAMESPACE "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"

struct message_handler;

/* One reading: name and diag are set, the rest is empty. The first member of whatever the user's
 * handlers are called with. */
struct message_reader {
    xmlParserCtxtPtr parser;
    const char *name;           /* for messages */
    struct diag *diag;
    enum status status;         /* the first failure; no handler is called after it */
    unsigned depth;             /* elements that are open: 1 in the root's handlers */
    uint64_t size_bytes;        /* fed so far */
    const struct message_handler *handler;
};

/* What is called for each element and its text; `context` is the struct message_reader. They are
 * libxml2's SAX2 events, without those that are refused or stepped over. */
struct message_handler {
    startElementNsSAX2Func start;
    endElementNsSAX2Func end;
    charactersSAXFunc text;
};

/* Reads a file of ours, which must begin with `root` ("<BusinessMessage>"), to its end. At most
 * XML_DEPTH_MAX elements are open at a time. */
enum status message_parse(struct message_reader *reader, struct span xml, const char *root,
                          const struct message_handler *handler) MUST_USE;

/* A bank's message in pieces: begin, feed for each, end, close (always; also when begin is all there
 * was). The verdict is also in reader->status; after a failure the rest does nothing. */
void message_begin(struct message_reader *reader, const struct message_handler *handler);
enum status message_feed(struct message_reader *reader, struct span xml) MUST_USE;
enum status message_end(struct message_reader *reader) MUST_USE;
void message_close(struct message_reader *reader);

/* Refuses the message at the place where the parser is. `what` holds no value of the message. */
void message_refuse(struct message_reader *reader, enum status status, const char *what);

/* FinInstnId of an agent: by BIC or, where it has none, as member of the clearing system of Viet Nam
 * (ISO 20022 ExternalClearingSystemIdentification1Code VN) under its BIN. */
void agent_write(struct xml_writer *writer, const char *bic, const char *bin);

#endif
