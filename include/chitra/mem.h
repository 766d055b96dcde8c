/*
 * mem.h - memory: allocation that never fails, growing buffers with a cap, and arenas.
 *
 * Layer: base. Out of memory ends the process at once (exit 70 with a line on standard error):
 * the ledger's transactions make that safe, and libxml2 2.9.14 gives wrong verdicts after a failed
 * allocation, so mem_init() puts the same rule into libxml2's hooks.
 *
 * Ownership: a buffer or an arena owns its bytes; `_release` accepts an empty one and leaves it
 * empty. Views (struct span) own nothing.
 */
#ifndef CHITRA_MEM_H
#define CHITRA_MEM_H

#include "chitra/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Readies libxml2: the out-of-memory rule, an entity loader that refuses everything, and what it sets
 * up at first use. Called once, before any thread starts and before any XML is read. */
void mem_init(void);

/* Zeroed memory; ends the process if there is none. Free with free(3). */
void *mem_alloc(size_t count, size_t size_bytes);

/* Grows or shrinks; the new part is not zeroed. Ends the process if there is no memory. */
void *mem_resize(void *memory, size_t count, size_t size_bytes);

/* A copy of the NUL-ended text. Free with free(3). */
char *mem_text(const char *text);

/* A view of bytes that somebody else owns; not ended by a NUL. */
struct span {
    const char *data;
    size_t size;
};

#define SPAN_EMPTY ((struct span){ "", 0 })

static inline struct span span_of(const char *text)
{
    return (struct span){ text, strlen(text) };
}

static inline bool span_is(struct span span, const char *text)
{
    size_t size = strlen(text);
    return span.size == size && memcmp(span.data, text, size) == 0;
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

/* A growing run of bytes with a maximum. */
struct buf {
    char *data;         /* NULL while nothing was reserved */
    size_t size;        /* bytes used */
    size_t capacity;    /* bytes owned, at most size_max */
    size_t size_max;    /* the cap: nothing grows over it */
};

#define BUF_INIT(max) ((struct buf){ NULL, 0, 0, (max) })

/* Room for `size` more bytes after data + size. STATUS_LIMIT over the cap, the buffer unchanged. */
enum status buf_reserve(struct buf *buf, size_t size) MUST_USE;

/* Appends. STATUS_LIMIT over the cap, the buffer unchanged. */
enum status buf_add(struct buf *buf, const void *data, size_t size) MUST_USE;
enum status buf_add_text(struct buf *buf, const char *text) MUST_USE;
enum status buf_add_format(struct buf *buf, const char *format, ...) MUST_USE
    __attribute__((format(printf, 2, 3)));

static inline void buf_clear(struct buf *buf)
{
    buf->size = 0;
}

static inline struct span buf_span(const struct buf *buf)
{
    return (struct span){ buf->data == NULL ? "" : buf->data, buf->size };
}

void buf_release(struct buf *buf);

/* Many small pieces that live and die together. */
struct arena {
    struct arena_chunk *chunk;  /* the newest; NULL: empty */
    size_t used;                /* bytes used in it */
};

#define ARENA_INIT ((struct arena){ NULL, 0 })

/* `size` bytes, aligned for any type, not zeroed; valid until clear or release. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of the span, ended by a NUL that is not counted. */
struct span arena_copy(struct arena *arena, struct span span);

/* Forgets every piece and keeps one chunk for reuse. */
void arena_clear(struct arena *arena);
void arena_release(struct arena *arena);

#endif
