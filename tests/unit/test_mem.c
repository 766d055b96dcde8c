/* mem.h: do buffers keep their cap, arenas their pieces, and does a lack of memory end the process? */
#include "chitra/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libxml/xmlmemory.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The address sanitizer would report a hopeless allocation itself instead of letting it fail. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static volatile size_t hopeless = SIZE_MAX / 4;

static void ask_alloc(void)
{
    free(mem_alloc(hopeless, 1));
}

static void ask_alloc_overflow(void)
{
    free(mem_alloc(hopeless, 8));
}

static void ask_resize(void)
{
    free(mem_resize(NULL, hopeless, 1));
}

static void ask_resize_overflow(void)
{
    free(mem_resize(NULL, hopeless, 8));
}

static void ask_libxml(void)
{
    mem_init();
    xmlFree(xmlMalloc(hopeless));
}

static int exit_code_of(void (*ask)(void))
{
    int outcome = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        assert_non_null(freopen("/dev/null", "w", stderr));
        ask();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &outcome, 0), child);
    assert_true(WIFEXITED(outcome));
    return WEXITSTATUS(outcome);
}

static void test_mem_alloc_no_memory_ends_the_process(void **state)
{
    (void)state;
    assert_int_equal(exit_code_of(ask_alloc), 70);
    assert_int_equal(exit_code_of(ask_alloc_overflow), 70);
    assert_int_equal(exit_code_of(ask_resize), 70);
    assert_int_equal(exit_code_of(ask_resize_overflow), 70);
}

static void test_mem_init_no_memory_in_libxml_ends_the_process(void **state)
{
    (void)state;
    assert_int_equal(exit_code_of(ask_libxml), 70);
}

static void test_mem_alloc_is_zeroed(void **state)
{
    (void)state;
    unsigned char *memory = mem_alloc(100, 10);
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(memory[i], 0);
    }
    free(memory);
}

static void test_mem_alloc_nothing_is_something(void **state)
{
    (void)state;
    void *none = mem_alloc(0, 8), *nothing = mem_resize(NULL, 8, 0);
    assert_non_null(none);
    assert_non_null(nothing);
    nothing = mem_resize(nothing, 0, 0);
    assert_non_null(nothing);
    free(none);
    free(nothing);
}

static void test_mem_resize_keeps_what_was_there(void **state)
{
    (void)state;
    char *memory = mem_text("chi trả");
    memory = mem_resize(memory, 1000, 1);
    assert_string_equal(memory, "chi trả");
    free(memory);
}

static void test_span_is_compares_whole_texts(void **state)
{
    (void)state;
    assert_true(span_is(span_of("abc"), "abc"));
    assert_false(span_is(span_of("abc"), "ab"));
    assert_false(span_is(span_of("ab"), "abc"));
    assert_true(span_is(SPAN_EMPTY, ""));
    assert_true(span_equal(span_of("abc"), (struct span){ "abcd", 3 }));
    assert_false(span_equal(span_of("abc"), span_of("abd")));
}

static void test_buf_add_up_to_the_cap_is_taken(void **state)
{
    (void)state;
    for (size_t cap = 0; cap < 300; cap++) {
        struct buf buf = BUF_INIT(cap);
        for (size_t i = 0; i < cap; i++) {
            char byte = (char)i;
            assert_int_equal(buf_add(&buf, &byte, 1), STATUS_OK);
        }
        assert_int_equal(buf_add(&buf, "x", 1), STATUS_LIMIT);
        assert_int_equal(buf.size, cap);
        for (size_t i = 0; i < cap; i++) {
            assert_int_equal(buf.data[i], (char)i);
        }
        buf_release(&buf);
    }
}

static void test_buf_add_over_the_cap_changes_nothing(void **state)
{
    struct buf buf = BUF_INIT(10);
    (void)state;
    assert_int_equal(buf_add_text(&buf, "1234567"), STATUS_OK);
    assert_int_equal(buf_add_text(&buf, "1234"), STATUS_LIMIT);
    assert_int_equal(buf_add_format(&buf, "%d", 1234), STATUS_LIMIT);
    assert_int_equal(buf_reserve(&buf, 4), STATUS_LIMIT);
    assert_int_equal(buf_reserve(&buf, SIZE_MAX), STATUS_LIMIT);
    assert_true(span_is(buf_span(&buf), "1234567"));
    assert_int_equal(buf_add_text(&buf, "890"), STATUS_OK);
    assert_true(span_is(buf_span(&buf), "1234567890"));
    buf_release(&buf);
}

static void test_buf_reserve_gives_room_and_no_size(void **state)
{
    struct buf buf = BUF_INIT(100000);
    (void)state;
    assert_int_equal(buf_reserve(&buf, 0), STATUS_OK);
    assert_int_equal(buf_reserve(&buf, 100000), STATUS_OK);
    assert_int_equal(buf.size, 0);
    assert_true(buf.capacity >= 100000);
    memset(buf.data, 1, 100000);
    buf_release(&buf);
}

static void test_buf_add_format_short_and_long_lines(void **state)
{
    (void)state;
    for (int width = 250; width < 260; width++) {
        struct buf buf = BUF_INIT(1000);
        assert_int_equal(buf_add_format(&buf, "%d,%*d", 7, width, 42), STATUS_OK);
        assert_int_equal(buf.size, width + 2);
        assert_memory_equal(buf.data, "7, ", 3);
        assert_memory_equal(buf.data + buf.size - 2, "42", 2);
        buf_release(&buf);
    }
}

static void test_buf_release_empty_is_accepted_and_the_cap_stays(void **state)
{
    struct buf buf = BUF_INIT(10);
    (void)state;
    assert_int_equal(buf_span(&buf).size, 0);
    assert_non_null(buf_span(&buf).data);
    buf_release(&buf);
    assert_int_equal(buf_add_text(&buf, "1234567890"), STATUS_OK);
    buf_clear(&buf);
    assert_int_equal(buf.size, 0);
    buf_release(&buf);
    buf_release(&buf);
    assert_int_equal(buf.size_max, 10);
    assert_null(buf.data);
}

static void test_arena_alloc_pieces_are_aligned_and_apart(void **state)
{
    struct arena arena = ARENA_INIT;
    char *pieces[2000];
    size_t sizes[2000];
    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        sizes[i] = (i * 37) % 300 + (i % 500 == 0 ? 100000 : 0);
        pieces[i] = arena_alloc(&arena, sizes[i]);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        memset(pieces[i], (int)(i % 251), sizes[i]);
    }
    for (size_t i = 0; i < 2000; i++) {
        for (size_t k = 0; k < sizes[i]; k++) {
            assert_int_equal((unsigned char)pieces[i][k], i % 251);
        }
    }
    arena_release(&arena);
    assert_null(arena.chunk);
}

static void test_arena_copy_is_ended_by_a_nul(void **state)
{
    struct arena arena = ARENA_INIT;
    (void)state;
    struct span copy = arena_copy(&arena, (struct span){ "abcdef", 3 });
    struct span empty = arena_copy(&arena, SPAN_EMPTY);
    assert_string_equal(copy.data, "abc");
    assert_int_equal(copy.size, 3);
    assert_string_equal(empty.data, "");
    assert_int_equal(empty.size, 0);
    arena_release(&arena);
}

static void test_arena_clear_keeps_one_chunk_for_reuse(void **state)
{
    struct arena arena = ARENA_INIT;
    (void)state;
    arena_clear(&arena);
    for (int i = 0; i < 100; i++) {
        memset(arena_alloc(&arena, 10000), i, 10000);
    }
    struct arena_chunk *chunk = arena.chunk;
    arena_clear(&arena);
    assert_ptr_equal(arena.chunk, chunk);
    memset(arena_alloc(&arena, 10000), 1, 10000);
    assert_ptr_equal(arena.chunk, chunk);
    arena_release(&arena);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mem_alloc_no_memory_ends_the_process),
        cmocka_unit_test(test_mem_init_no_memory_in_libxml_ends_the_process),
        cmocka_unit_test(test_mem_alloc_is_zeroed),
        cmocka_unit_test(test_mem_alloc_nothing_is_something),
        cmocka_unit_test(test_mem_resize_keeps_what_was_there),
        cmocka_unit_test(test_span_is_compares_whole_texts),
        cmocka_unit_test(test_buf_add_up_to_the_cap_is_taken),
        cmocka_unit_test(test_buf_add_over_the_cap_changes_nothing),
        cmocka_unit_test(test_buf_reserve_gives_room_and_no_size),
        cmocka_unit_test(test_buf_add_format_short_and_long_lines),
        cmocka_unit_test(test_buf_release_empty_is_accepted_and_the_cap_stays),
        cmocka_unit_test(test_arena_alloc_pieces_are_aligned_and_apart),
        cmocka_unit_test(test_arena_copy_is_ended_by_a_nul),
        cmocka_unit_test(test_arena_clear_keeps_one_chunk_for_reuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
