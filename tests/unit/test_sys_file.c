/* sys.h, files: is a file whole or absent, and is nothing read that is not plainly a file? */
#include "chitra/sys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int dir = -1;
static char folder[] = "/tmp/test_sys_file_XXXXXX";

static int set_up(void **state)
{
    (void)state;
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    dir = open(folder, O_RDONLY | O_DIRECTORY);
    return dir < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
    struct sys_names names = { NULL, 0 };
    (void)state;
    (void)fchmod(dir, 0700);
    if (sys_dir_sweep(dir, ".", NULL) != STATUS_OK || sys_dir_list(dir, ".", &names, NULL) != STATUS_OK) {
        return -1;
    }
    for (size_t i = 0; i < names.count; i++) {
        (void)unlinkat(dir, names.name[i], 0);
    }
    sys_names_release(&names);
    (void)unlinkat(dir, "odd", 0);
    (void)unlinkat(dir, "sub/a", 0);
    (void)unlinkat(dir, "sub", AT_REMOVEDIR);
    close(dir);
    return rmdir(folder);
}

static void put(const char *name, const char *text)
{
    int file = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
}

static void assert_holds(const char *name, const char *text)
{
    struct buf bytes = BUF_INIT(1000);
    assert_int_equal(sys_read(dir, name, &bytes, NULL), STATUS_OK);
    assert_true(span_is(buf_span(&bytes), text));
    buf_release(&bytes);
}

static void assert_unreadable(const char *name, enum status expected, const char *what)
{
    struct buf bytes = BUF_INIT(8);
    struct diag diag = { .line = 0 };
    assert_int_equal(buf_add_text(&bytes, "xy"), STATUS_OK);
    assert_int_equal(sys_read(dir, name, &bytes, &diag), expected);
    assert_string_equal(diag.what, what);
    assert_string_equal(diag.file, name);
    assert_true(span_is(buf_span(&bytes), "xy"));
    buf_release(&bytes);
}

static void test_sys_read_appends_up_to_the_cap(void **state)
{
    struct buf bytes = BUF_INIT(8);
    (void)state;
    put("a", "123456");
    put("empty", "");
    assert_int_equal(buf_add_text(&bytes, "xy"), STATUS_OK);
    assert_int_equal(sys_read(dir, "a", &bytes, NULL), STATUS_OK);
    assert_true(span_is(buf_span(&bytes), "xy123456"));
    assert_int_equal(sys_read(dir, "empty", &bytes, NULL), STATUS_OK);
    assert_int_equal(bytes.size, 8);
    buf_release(&bytes);
}

static void test_sys_read_over_the_cap_is_a_limit(void **state)
{
    (void)state;
    put("a", "1234567");
    assert_unreadable("a", STATUS_LIMIT, "the file is too long");
}

static void test_sys_read_missing_is_no_input(void **state)
{
    (void)state;
    assert_unreadable("missing", STATUS_NO_INPUT, "the file cannot be opened");
    assert_unreadable("missing/a", STATUS_NO_INPUT, "the file cannot be opened");
}

static void test_sys_read_symbolic_link_is_refused(void **state)
{
    (void)state;
    put("a", "1");
    assert_int_equal(symlinkat("a", dir, "odd"), 0);
    assert_unreadable("odd", STATUS_INPUT, "not a regular file");
    assert_int_equal(unlinkat(dir, "a", 0), 0);
    assert_unreadable("odd", STATUS_INPUT, "not a regular file");
}

static void test_sys_read_hard_link_is_refused(void **state)
{
    (void)state;
    put("a", "1");
    assert_int_equal(linkat(dir, "a", dir, "odd", 0), 0);
    assert_unreadable("a", STATUS_INPUT, "a file with other hard links");
}

static void test_sys_read_fifo_folder_and_device_are_refused_at_once(void **state)
{
    struct buf bytes = BUF_INIT(8);
    (void)state;
    alarm(5);
    assert_int_equal(mkfifoat(dir, "odd", 0600), 0);
    assert_unreadable("odd", STATUS_INPUT, "not a regular file");
    assert_int_equal(mkdirat(dir, "sub", 0700), 0);
    assert_unreadable("sub", STATUS_INPUT, "not a regular file");
    assert_int_equal(sys_read(AT_FDCWD, "/dev/zero", &bytes, NULL), STATUS_INPUT);
    alarm(0);
    buf_release(&bytes);
}

/* A file of /proc says that it is empty, and then it is not: as if it had grown. */
static void test_sys_read_changing_file_is_refused(void **state)
{
    struct buf bytes = BUF_INIT(100000);
    struct diag diag;
    (void)state;
    assert_int_equal(sys_read(AT_FDCWD, "/proc/self/status", &bytes, &diag), STATUS_INPUT);
    assert_string_equal(diag.what, "the file changed while it was read");
    buf_release(&bytes);
}

static void test_sys_read_private_mode_must_be_strict(void **state)
{
    static const mode_t modes[] = { 0600, 0400, 0640, 0604, 0660, 0601 };
    (void)state;
    put("a", "key");
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        struct buf bytes = BUF_INIT(8);
        assert_int_equal(fchmodat(dir, "a", modes[i], 0), 0);
        assert_int_equal(sys_read_private(dir, "a", &bytes, NULL), i < 2 ? STATUS_OK : STATUS_SIGNATURE);
        assert_int_equal(bytes.size, i < 2 ? 3 : 0);
        buf_release(&bytes);
    }
}

static void test_sys_read_private_other_owner_is_refused(void **state)
{
    struct buf bytes = BUF_INIT(8);
    (void)state;
    put("a", "key");
    if (geteuid() != 0) {
        skip();     /* only root can give a file away */
    }
    assert_int_equal(fchownat(dir, "a", 1, (gid_t)-1, 0), 0);
    assert_int_equal(sys_read_private(dir, "a", &bytes, NULL), STATUS_SIGNATURE);
    buf_release(&bytes);
}

static void test_sys_read_stream_up_to_the_cap(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 200001; size = size == 0 ? 199998 : size + 1) {
        struct buf bytes = BUF_INIT(200000);
        char *text = mem_alloc(size, 1);
        FILE *file = tmpfile();
        assert_int_equal(fwrite(text, 1, size, file), size);
        rewind(file);
        assert_int_equal(sys_read_stream(fileno(file), &bytes, NULL), size <= 200000 ? STATUS_OK : STATUS_LIMIT);
        assert_int_equal(bytes.size, size <= 200000 ? size : 0);
        fclose(file);
        free(text);
        buf_release(&bytes);
    }
}

static void test_sys_read_stream_pipe_in_pieces_is_whole(void **state)
{
    struct buf bytes = BUF_INIT(100);
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (int i = 0; i < 3; i++) {
            ssize_t written = write(ends[1], "abc", 3);
            usleep(written == 3 ? 2000 : 0);
        }
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(sys_read_stream(ends[0], &bytes, NULL), STATUS_OK);
    assert_true(span_is(buf_span(&bytes), "abcabcabc"));
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ends[0]);
    assert_int_equal(sys_read_stream(-1, &bytes, NULL), STATUS_IO);
    buf_release(&bytes);
}

static void test_sys_file_close_shows_the_file_whole(void **state)
{
    struct sys_file *file;
    struct stat status;
    (void)state;
    put("a", "old");
    assert_int_equal(sys_file_new(dir, "a", &file, NULL), STATUS_OK);
    assert_int_equal(sys_file_write(file, span_of("hello "), NULL), STATUS_OK);
    assert_int_equal(sys_file_write(file, SPAN_EMPTY, NULL), STATUS_OK);
    assert_int_equal(sys_file_write(file, span_of("world"), NULL), STATUS_OK);
    assert_holds("a", "old");
    assert_true(sys_exists(dir, ".a.tmp"));
    assert_int_equal(sys_file_patch(file, 0, span_of("J"), NULL), STATUS_OK);
    assert_int_equal(sys_file_patch(file, 10, span_of("!"), NULL), STATUS_OK);
    assert_int_equal(sys_file_write(file, span_of("?"), NULL), STATUS_OK);
    assert_int_equal(sys_file_close(file, NULL), STATUS_OK);
    assert_holds("a", "Jello worl!?");
    assert_false(sys_exists(dir, ".a.tmp"));
    assert_int_equal(fstatat(dir, "a", &status, 0), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_sys_file_read_back_in_pieces(void **state)
{
    struct sys_file *file;
    struct buf piece = BUF_INIT(4);
    (void)state;
    assert_int_equal(mkdirat(dir, "sub", 0700), 0);
    assert_int_equal(sys_file_new(dir, "sub/a", &file, NULL), STATUS_OK);
    assert_int_equal(sys_file_write(file, span_of("0123456789"), NULL), STATUS_OK);
    assert_true(sys_exists(dir, "sub/.a.tmp"));
    assert_int_equal(sys_file_read_back(file, 0, &piece, NULL), STATUS_OK);
    assert_true(span_is(buf_span(&piece), "0123"));
    assert_int_equal(sys_file_read_back(file, 8, &piece, NULL), STATUS_OK);
    assert_true(span_is(buf_span(&piece), "89"));
    assert_int_equal(sys_file_read_back(file, 10, &piece, NULL), STATUS_OK);
    assert_int_equal(piece.size, 0);
    assert_int_equal(sys_file_read_back(file, 99, &piece, NULL), STATUS_OK);
    assert_int_equal(piece.size, 0);
    assert_int_equal(sys_file_close(file, NULL), STATUS_OK);
    assert_holds("sub/a", "0123456789");
    buf_release(&piece);
}

static void test_sys_file_abandon_leaves_nothing(void **state)
{
    struct sys_file *file;
    (void)state;
    sys_file_abandon(NULL);
    assert_int_equal(sys_file_new(dir, "a", &file, NULL), STATUS_OK);
    sys_file_abandon(file);
    assert_false(sys_exists(dir, "a"));
    assert_false(sys_exists(dir, ".a.tmp"));
}

static void test_sys_file_new_left_over_of_a_crash_is_replaced(void **state)
{
    struct sys_file *file;
    (void)state;
    put(".a.tmp", "left over");
    assert_int_equal(sys_file_new(dir, "a", &file, NULL), STATUS_OK);
    assert_int_equal(sys_file_write(file, span_of("x"), NULL), STATUS_OK);
    assert_int_equal(sys_file_close(file, NULL), STATUS_OK);
    assert_holds("a", "x");
}

static void test_sys_file_new_missing_folder_cannot_be_created(void **state)
{
    struct sys_file *file = (struct sys_file *)&file;
    struct diag diag;
    (void)state;
    assert_int_equal(sys_file_new(dir, "missing/a", &file, &diag), STATUS_CREATE);
    assert_null(file);
    assert_string_equal(diag.file, "missing/a");
}

static void test_sys_file_close_over_a_folder_leaves_nothing(void **state)
{
    struct sys_file *file;
    (void)state;
    assert_int_equal(mkdirat(dir, "sub", 0700), 0);
    assert_int_equal(sys_file_new(dir, "sub", &file, NULL), STATUS_OK);
    assert_int_not_equal(sys_file_close(file, NULL), STATUS_OK);
    assert_false(sys_exists(dir, ".sub.tmp"));
}

/* A full disk, as far as a limit on the size of files can play it. */
static void test_sys_log_write_adds_whole_lines(void **state)
{
    struct buf content = BUF_INIT(100);
    struct stat info;
    char path[64];
    int log[2] = { -1, -1 };

    (void)state;
    snprintf(path, sizeof path, "%s/log", folder);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sys_log_open(path, &log[i], NULL), STATUS_OK);
    }
    assert_int_equal(sys_log_write(log[0], span_of("one\n"), NULL), STATUS_OK);
    assert_int_equal(sys_log_write(log[1], span_of("two\n"), NULL), STATUS_OK);
    assert_int_equal(sys_log_write(log[0], span_of("three\n"), NULL), STATUS_OK);
    sys_log_close(log[0]);
    sys_log_close(log[1]);
    sys_log_close(-1);
    assert_int_equal(sys_read(dir, "log", &content, NULL), STATUS_OK);
    assert_true(span_is(buf_span(&content), "one\ntwo\nthree\n"));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    buf_release(&content);
}

static void test_sys_log_that_cannot_be_opened_or_written(void **state)
{
    struct diag diag = { 0 };
    int log = -1;

    (void)state;
    assert_int_equal(sys_log_open("/nowhere/at/all/log", &log, &diag), STATUS_CREATE);
    assert_int_equal(log, -1);
    assert_int_equal(sys_log_open("/dev/full", &log, &diag), STATUS_OK);
    assert_int_equal(sys_log_write(log, span_of("one\n"), &diag), STATUS_IO);
    sys_log_close(log);
}

static void test_sys_publish_disk_full_leaves_the_old_file(void **state)
{
    int outcome;
    (void)state;
    put("a", "old");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit limit = { 1000, 1000 };
        char bytes[2000] = { 0 };
        signal(SIGXFSZ, SIG_IGN);
        (void)setrlimit(RLIMIT_FSIZE, &limit);
        _exit(sys_publish(dir, "a", (struct span){ bytes, sizeof(bytes) }, NULL) == STATUS_IO ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &outcome, 0), child);
    assert_int_equal(outcome, 0);
    assert_holds("a", "old");
    assert_false(sys_exists(dir, ".a.tmp"));
}

static void test_sys_publish_new_and_over(void **state)
{
    (void)state;
    assert_int_equal(sys_publish(dir, "a", span_of("one"), NULL), STATUS_OK);
    assert_holds("a", "one");
    assert_int_equal(sys_publish(dir, "a", SPAN_EMPTY, NULL), STATUS_OK);
    assert_holds("a", "");
    assert_int_equal(mkdirat(dir, "sub", 0700), 0);
    assert_int_equal(sys_publish(dir, "sub/a", span_of("two"), NULL), STATUS_OK);
    assert_holds("sub/a", "two");
    assert_int_equal(sys_publish(dir, "missing/a", span_of("x"), NULL), STATUS_CREATE);
}

/* ---- in pieces ---- */

static size_t input_size(struct sys_input *input)
{
    struct span piece = { "", 1 };
    size_t size = 0;

    while (piece.size > 0) {
        assert_int_equal(sys_input_next(input, &piece, NULL), STATUS_OK);
        for (size_t i = 0; i < piece.size; i++) {
            assert_int_equal(piece.data[i], "0123456789"[(size + i) % 10]);
        }
        size += piece.size;
    }
    return size;
}

static void test_sys_input_gives_every_byte_twice_if_asked(void **state)
{
    enum { TIMES = 70000 };
    struct sys_input *input = NULL;
    char *text = calloc(TIMES, 10);
    (void)state;

    for (size_t i = 0; i < TIMES; i++) {
        memcpy(text + 10 * i, "0123456789", 10);
    }
    int file = openat(dir, "a", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(write(file, text, TIMES * (size_t)10), TIMES * 10);
    close(file);
    free(text);
    assert_int_equal(sys_input_new(dir, "a", TIMES * 10, &input, NULL), STATUS_OK);
    assert_int_equal(input_size(input), TIMES * 10);
    assert_int_equal(sys_input_rewind(input, NULL), STATUS_OK);
    assert_int_equal(input_size(input), TIMES * 10);
    sys_input_free(input);
    assert_int_equal(sys_input_new(dir, "a", TIMES * 10 - 1, &input, NULL), STATUS_LIMIT);
    assert_null(input);
}

static void test_sys_input_refuses_what_is_no_plain_file(void **state)
{
    struct sys_input *input = NULL;
    (void)state;

    assert_int_equal(sys_input_new(dir, "nothing", 10, &input, NULL), STATUS_NO_INPUT);
    put("a", "x");
    assert_int_equal(symlinkat("a", dir, "odd"), 0);
    assert_int_equal(sys_input_new(dir, "odd", 10, &input, NULL), STATUS_INPUT);
    sys_input_free(NULL);
}

static void test_sys_input_sees_a_file_that_changes(void **state)
{
    struct sys_input *input = NULL;
    struct span piece;
    (void)state;

    put("a", "some bytes");
    assert_int_equal(sys_input_new(dir, "a", 100, &input, NULL), STATUS_OK);
    put("a", "some bytes and more");
    assert_int_equal(sys_input_next(input, &piece, NULL), STATUS_OK);
    assert_int_equal(piece.size, 10);
    assert_int_equal(sys_input_next(input, &piece, NULL), STATUS_INPUT);
    sys_input_free(input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sys_log_write_adds_whole_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_log_that_cannot_be_opened_or_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_read_appends_up_to_the_cap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_read_over_the_cap_is_a_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_read_missing_is_no_input, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_read_symbolic_link_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_read_hard_link_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_read_fifo_folder_and_device_are_refused_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_read_changing_file_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_read_private_mode_must_be_strict, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_read_private_other_owner_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_read_stream_up_to_the_cap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_read_stream_pipe_in_pieces_is_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_file_close_shows_the_file_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_file_read_back_in_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_file_abandon_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_file_new_left_over_of_a_crash_is_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_file_new_missing_folder_cannot_be_created, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_file_close_over_a_folder_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_publish_disk_full_leaves_the_old_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_publish_new_and_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_input_gives_every_byte_twice_if_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_input_refuses_what_is_no_plain_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_input_sees_a_file_that_changes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
