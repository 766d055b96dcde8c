/* Allocation that never fails, growing buffers and arenas. */
#include "chitra/mem.h"

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <libxml/xmlschemastypes.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BUF_BYTES_MIN = 64,
    ARENA_CHUNK_BYTES = 64 * 1024   /* some hundred rows of text; few enough calls of malloc */
};

struct arena_chunk {
    struct arena_chunk *previous;
    size_t capacity;
    alignas(max_align_t) char data[];
};

/* Neither buffers nor exit handlers are touched: they could ask for memory themselves. */
static _Noreturn void out_of_memory(void)
{
    fputs("chitra: out of memory\n", stderr);
    _Exit(status_exit_code(STATUS_DEFECT));
}

static void *xml_memory_new(size_t size)
{
    return mem_resize(NULL, size, 1);
}

static void *xml_memory_resize(void *memory, size_t size)
{
    return mem_resize(memory, size, 1);
}

static char *xml_memory_text(const char *text)
{
    return mem_text(text);
}

/* Nothing that a document names is ever fetched, neither entities nor schemas. */
static xmlParserInputPtr refuse_entity(const char *url, const char *id, xmlParserCtxtPtr parser)
{
    (void)url;
    (void)id;
    (void)parser;
    return NULL;
}

void mem_init(void)
{
    int set = xmlMemSetup(free, xml_memory_new, xml_memory_resize, xml_memory_text);
    ASSERT(set == 0);
    xmlInitParser();
    xmlSchemaInitTypes();
    xmlSetExternalEntityLoader(refuse_entity);
}

void *mem_alloc(size_t count, size_t size_bytes)
{
    void *memory = calloc(count == 0 ? 1 : count, size_bytes == 0 ? 1 : size_bytes);
    if (memory == NULL) {
        out_of_memory();
    }
    return memory;
}

void *mem_resize(void *memory, size_t count, size_t size_bytes)
{
    /* A size of 0 would free the memory and return NULL. */
    void *resized = reallocarray(memory, count == 0 ? 1 : count, size_bytes == 0 ? 1 : size_bytes);
    if (resized == NULL) {
        out_of_memory();
    }
    return resized;
}

char *mem_text(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(mem_resize(NULL, size, 1), text, size);
}

enum status buf_reserve(struct buf *buf, size_t size)
{
    if (size > buf->size_max || buf->size > buf->size_max - size) {
        return STATUS_LIMIT;
    }
    size_t needed = buf->size + size;
    if (needed <= buf->capacity) {
        return STATUS_OK;
    }
    size_t capacity = buf->capacity < BUF_BYTES_MIN ? BUF_BYTES_MIN : buf->capacity;
    while (capacity < needed) {
        capacity = capacity > buf->size_max / 2 ? buf->size_max : capacity * 2;
    }
    capacity = capacity < buf->size_max ? capacity : buf->size_max;
    buf->data = mem_resize(buf->data, capacity, 1);
    buf->capacity = capacity;
    return STATUS_OK;
}

enum status buf_add(struct buf *buf, const void *data, size_t size)
{
    enum status rc = buf_reserve(buf, size);
    if (rc == STATUS_OK && size > 0) {
        memcpy(buf->data + buf->size, data, size);
        buf->size += size;
    }
    return rc;
}

enum status buf_add_text(struct buf *buf, const char *text)
{
    return buf_add(buf, text, strlen(text));
}

enum status buf_add_format(struct buf *buf, const char *format, ...)
{
    char line[256];     /* most formats make one short line */
    char *text = line;
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    ASSERT(length >= 0);
    if ((size_t)length >= sizeof(line)) {
        text = mem_resize(NULL, (size_t)length + 1, 1);
        va_start(arguments, format);
        int again = vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
        ASSERT(again == length);
    }
    enum status rc = buf_add(buf, text, (size_t)length);
    if (text != line) {
        free(text);
    }
    return rc;
}

void buf_release(struct buf *buf)
{
    free(buf->data);
    *buf = BUF_INIT(buf->size_max);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t start = (arena->used + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);

    if (arena->chunk == NULL || start > arena->chunk->capacity || size > arena->chunk->capacity - start) {
        size_t capacity = size > ARENA_CHUNK_BYTES ? size : ARENA_CHUNK_BYTES;
        ASSERT(capacity <= SIZE_MAX - sizeof(struct arena_chunk));
        struct arena_chunk *chunk = mem_resize(NULL, sizeof(*chunk) + capacity, 1);
        chunk->previous = arena->chunk;
        chunk->capacity = capacity;
        arena->chunk = chunk;
        start = 0;
    }
    arena->used = start + size;
    return arena->chunk->data + start;
}

struct span arena_copy(struct arena *arena, struct span span)
{
    char *copy = arena_alloc(arena, span.size + 1);
    if (span.size > 0) {
        memcpy(copy, span.data, span.size);
    }
    copy[span.size] = '\0';
    return (struct span){ copy, span.size };
}

static void chunks_free(struct arena_chunk *chunk)
{
    while (chunk != NULL) {
        struct arena_chunk *previous = chunk->previous;
        free(chunk);
        chunk = previous;
    }
}

void arena_clear(struct arena *arena)
{
    if (arena->chunk != NULL) {
        chunks_free(arena->chunk->previous);
        arena->chunk->previous = NULL;
    }
    arena->used = 0;
}

void arena_release(struct arena *arena)
{
    chunks_free(arena->chunk);
    *arena = ARENA_INIT;
}
