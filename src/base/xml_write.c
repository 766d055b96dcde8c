/* The streaming writer of canonical XML. */
#include "chitra/xml.h"

enum { WRITER_BYTES = 256 * 1024 };     /* fits the second-level cache; one flush for some 400 payments */

void xml_writer_init(struct xml_writer *writer, xml_flush *flush, void *context, struct diag *diag)
{
    *writer = (struct xml_writer){
        .buf = BUF_INIT(WRITER_BYTES),
        .flush = flush,
        .context = context,
        .status = STATUS_OK,
        .diag = diag,
    };
    writer->status = buf_reserve(&writer->buf, WRITER_BYTES);
}

static void hand_over(struct xml_writer *writer, struct span bytes)
{
    if (writer->status == STATUS_OK && bytes.size > 0) {
        writer->status = writer->flush(writer->context, bytes, writer->diag);
        writer->flushed_bytes += bytes.size;
    }
}

/* The buffer goes first, and what is larger than the buffer goes by itself. */
void xml_raw_over(struct xml_writer *writer, struct span markup)
{
    hand_over(writer, buf_span(&writer->buf));
    buf_clear(&writer->buf);
    if (markup.size >= WRITER_BYTES) {
        hand_over(writer, markup);
    } else if (writer->status == STATUS_OK) {
        writer->status = buf_add(&writer->buf, markup.data, markup.size);
    }
}

/* Exclusive C14N 1.0 (by Canonical XML 1.0, 2.3 "Text Nodes"): these four and no others. */
static struct span escape_of(char character)
{
    switch (character) {
    case '&':
        return span_of("&amp;");
    case '<':
        return span_of("&lt;");
    case '>':
        return span_of("&gt;");
    case '\r':
        return span_of("&#xD;");
    default:
        return SPAN_EMPTY;
    }
}

/* A word with a high bit set in at least one byte if one of its bytes is `character`, else 0. */
static uint64_t word_find(uint64_t word, char character)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t found = word ^ (ones * (unsigned char)character);
    return (found - ones) & ~found & (ones << 7);
}

/* How many bytes at the start need no escape: eight at a time, because nearly all need none. */
static size_t plain_size(const char *data, size_t size)
{
    size_t at = 0;

    for (; at + sizeof(uint64_t) <= size; at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, data + at, sizeof(word));
        if ((word_find(word, '&') | word_find(word, '<') | word_find(word, '>') | word_find(word, '\r')) != 0) {
            break;
        }
    }
    while (at < size && data[at] != '&' && data[at] != '<' && data[at] != '>' && data[at] != '\r') {
        at++;
    }
    return at;
}

void xml_data(struct xml_writer *writer, struct span text)
{
    for (;;) {
        size_t plain = plain_size(text.data, text.size);
        xml_raw(writer, (struct span){ text.data, plain });
        if (plain == text.size) {
            return;
        }
        xml_raw(writer, escape_of(text.data[plain]));
        text.data += plain + 1;
        text.size -= plain + 1;
    }
}

void xml_element(struct xml_writer *writer, const char *name, struct span text)
{
    struct span tag = span_of(name);

    XML_RAW(writer, "<");
    xml_raw(writer, tag);
    XML_RAW(writer, ">");
    xml_data(writer, text);
    XML_RAW(writer, "</");
    xml_raw(writer, tag);
    XML_RAW(writer, ">");
}

enum status xml_writer_finish(struct xml_writer *writer)
{
    hand_over(writer, buf_span(&writer->buf));
    buf_clear(&writer->buf);
    return writer->status;
}

void xml_writer_release(struct xml_writer *writer)
{
    buf_release(&writer->buf);
}
