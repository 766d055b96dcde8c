/* sys.h, folders and the lock: are folders made, listed, swept; moves without overwriting; one holder? */
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int dir = -1;
static char folder[] = "/tmp/test_sys_dir_XXXXXX";

static int set_up(void **state)
{
    (void)state;
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    dir = open(folder, O_RDONLY | O_DIRECTORY);
    return dir < 0 || setenv("CHITRA_NOW", "2026-10-01T08:00:00+07:00", 1) != 0 ? -1 : 0;
}

/* Every test keeps to these names. */
static int tear_down(void **state)
{
    static const char *const files[] = { "a", "b", "B", ".hidden", ".x.tmp", "x.tmp", "link", "fifo", "lock", "c/d/e/a",
                                         ".tmp", ".folder.tmp" };
    static const char *const folders[] = { ".folder.tmp", "c/d/e", "c/d", "c" };
    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        (void)unlinkat(dir, files[i], 0);
    }
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        (void)unlinkat(dir, folders[i], AT_REMOVEDIR);
    }
    close(dir);
    return rmdir(folder);
}

static void put(const char *name)
{
    int file = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, name, strlen(name)), (ssize_t)strlen(name));
    close(file);
}

static void test_sys_dir_open_folders_only(void **state)
{
    int opened = 77;
    (void)state;
    assert_int_equal(sys_dir_open(AT_FDCWD, folder, &opened, NULL), STATUS_OK);
    assert_true(opened >= 0);
    assert_int_equal(fcntl(opened, F_GETFD), FD_CLOEXEC);
    sys_dir_close(opened);
    assert_int_equal(fcntl(opened, F_GETFD), -1);
    assert_int_equal(sys_dir_open(dir, "missing", &opened, NULL), STATUS_NO_INPUT);
    assert_int_equal(opened, -1);
    sys_dir_close(-1);
    put("a");
    assert_int_equal(sys_dir_open(dir, "a", &opened, NULL), STATUS_NO_INPUT);
}

static void test_sys_dir_make_parents_and_again(void **state)
{
    struct stat status;
    (void)state;
    assert_int_equal(sys_dir_make(dir, "c/d//e/", NULL), STATUS_OK);
    assert_int_equal(fstatat(dir, "c/d/e", &status, 0), 0);
    assert_true(S_ISDIR(status.st_mode));
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(sys_dir_make(dir, "c/d/e", NULL), STATUS_OK);
    assert_int_equal(sys_dir_make(dir, ".", NULL), STATUS_OK);
    assert_int_equal(sys_dir_make(AT_FDCWD, folder, NULL), STATUS_OK);
    assert_int_equal(sys_dir_make(AT_FDCWD, "/", NULL), STATUS_OK);
}

static void test_sys_dir_make_over_a_file_cannot_be_created(void **state)
{
    struct diag diag;
    (void)state;
    put("a");
    assert_int_equal(sys_dir_make(dir, "a", &diag), STATUS_CREATE);
    assert_string_equal(diag.file, "a");
    assert_int_equal(sys_dir_make(dir, "a/b", &diag), STATUS_CREATE);
    assert_int_equal(sys_dir_make(AT_FDCWD, "", &diag), STATUS_CREATE);
}

static void test_sys_dir_sync_folder_or_nothing(void **state)
{
    (void)state;
    assert_int_equal(sys_dir_sync(dir, ".", NULL), STATUS_OK);
    assert_int_equal(sys_dir_sync(dir, "missing", NULL), STATUS_NO_INPUT);
}

static void test_sys_dir_list_regular_visible_and_sorted(void **state)
{
    static const char *const expected[] = { "B", "a", "b", "x.tmp" };
    struct sys_names names;
    (void)state;
    put("b");
    put("a");
    put("B");
    put(".hidden");
    put(".x.tmp");
    put("x.tmp");
    assert_int_equal(mkdirat(dir, "c", 0700), 0);
    assert_int_equal(symlinkat("a", dir, "link"), 0);
    assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
    assert_int_equal(sys_dir_list(dir, ".", &names, NULL), STATUS_OK);
    assert_int_equal(names.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(names.name[i], expected[i]);
    }
    sys_names_release(&names);
    assert_int_equal(names.count, 0);
    sys_names_release(&names);
}

static void test_sys_dir_entries_all_but_folders(void **state)
{
    static const char *const expected[] = { "a", "fifo", "link" };
    struct sys_names names;
    (void)state;
    put("a");
    put(".hidden");
    assert_int_equal(mkdirat(dir, "c", 0700), 0);
    assert_int_equal(symlinkat("c", dir, "link"), 0);
    assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
    assert_int_equal(sys_dir_entries(dir, ".", &names, NULL), STATUS_OK);
    assert_int_equal(names.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(names.name[i], expected[i]);
    }
    sys_names_release(&names);
    assert_int_equal(sys_dir_entries(dir, "missing", &names, NULL), STATUS_NO_INPUT);
}

static void test_sys_dir_list_empty_and_missing(void **state)
{
    struct sys_names names;
    (void)state;
    assert_int_equal(sys_dir_list(dir, ".", &names, NULL), STATUS_OK);
    assert_int_equal(names.count, 0);
    sys_names_release(&names);
    assert_int_equal(sys_dir_list(dir, "missing", &names, NULL), STATUS_NO_INPUT);
    assert_int_equal(names.count, 0);
}

static void test_sys_dir_sweep_takes_only_temporary_files(void **state)
{
    (void)state;
    put("a");
    put(".hidden");
    put(".x.tmp");
    put("x.tmp");
    put(".tmp");
    assert_int_equal(mkdirat(dir, ".folder.tmp", 0700), 0);
    assert_int_equal(sys_dir_sweep(dir, ".", NULL), STATUS_OK);
    assert_false(sys_exists(dir, ".x.tmp"));
    assert_true(sys_exists(dir, "a") && sys_exists(dir, ".hidden") && sys_exists(dir, "x.tmp"));
    assert_true(sys_exists(dir, ".tmp") && sys_exists(dir, ".folder.tmp"));
    assert_int_equal(sys_dir_sweep(dir, "missing", NULL), STATUS_NO_INPUT);
}

static void test_sys_exists_sees_dangling_links(void **state)
{
    (void)state;
    assert_false(sys_exists(dir, "a"));
    assert_int_equal(symlinkat("nowhere", dir, "link"), 0);
    assert_true(sys_exists(dir, "link"));
}

static void test_sys_same_filesystem_tells_proc_from_disk(void **state)
{
    (void)state;
    put("a");
    assert_true(sys_same_filesystem(dir, ".", "a"));
    assert_false(sys_same_filesystem(dir, ".", "/proc"));
    assert_false(sys_same_filesystem(dir, ".", "missing"));
}

static void test_sys_move_never_overwrites(void **state)
{
    struct buf bytes = BUF_INIT(10);
    struct diag diag;
    (void)state;
    put("a");
    put("b");
    assert_int_equal(sys_move(dir, "a", "b", &diag), STATUS_CONFLICT);
    assert_string_equal(diag.file, "b");
    assert_int_equal(sys_read(dir, "b", &bytes, NULL), STATUS_OK);
    assert_true(span_is(buf_span(&bytes), "b"));
    assert_int_equal(sys_dir_make(dir, "c/d/e", NULL), STATUS_OK);
    assert_int_equal(sys_move(dir, "a", "c/d/e/a", NULL), STATUS_OK);
    assert_false(sys_exists(dir, "a"));
    assert_true(sys_exists(dir, "c/d/e/a"));
    assert_int_equal(sys_move(dir, "a", "B", NULL), STATUS_NO_INPUT);
    buf_release(&bytes);
}

static void test_sys_remove_file_and_missing(void **state)
{
    (void)state;
    put("a");
    assert_int_equal(sys_remove(dir, "a", NULL), STATUS_OK);
    assert_false(sys_exists(dir, "a"));
    assert_int_equal(sys_remove(dir, "a", NULL), STATUS_NO_INPUT);
}

static void test_sys_lock_second_holder_is_told_who_and_since_when(void **state)
{
    int first, second = 77;
    char expected[100];
    struct diag diag;
    (void)state;
    assert_int_equal(sys_lock(dir, "lock", &first, NULL), STATUS_OK);
    assert_int_equal(sys_lock(dir, "lock", &second, &diag), STATUS_BUSY);
    assert_int_equal(second, -1);
    snprintf(expected, sizeof(expected), "process %ld since 2026-10-01T08:00:00+07:00", (long)getpid());
    assert_string_equal(diag.found, expected);
    assert_string_equal(diag.file, "lock");
    sys_unlock(first);
    assert_int_equal(sys_lock(dir, "lock", &second, &diag), STATUS_OK);
    sys_unlock(second);
    sys_unlock(-1);
}

static void test_sys_lock_dies_with_the_process(void **state)
{
    int ends[2], lock;
    char ready;
    struct diag diag;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        ready = sys_lock(dir, "lock", &lock, NULL) == STATUS_OK ? 'y' : 'n';
        ready = write(ends[1], &ready, 1) == 1 ? 'y' : 'n';
        for (;;) {
            pause();
        }
    }
    assert_int_equal(read(ends[0], &ready, 1), 1);
    assert_int_equal(ready, 'y');
    assert_int_equal(sys_lock(dir, "lock", &lock, &diag), STATUS_BUSY);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(sys_lock(dir, "lock", &lock, NULL), STATUS_OK);
    sys_unlock(lock);
    close(ends[0]);
    close(ends[1]);
}

static void test_sys_lock_where_it_cannot_be(void **state)
{
    int lock;
    (void)state;
    assert_int_equal(sys_lock(dir, "missing/lock", &lock, NULL), STATUS_NO_INPUT);
    assert_int_equal(lock, -1);
    assert_int_equal(symlinkat("a", dir, "link"), 0);
    assert_int_equal(sys_lock(dir, "link", &lock, NULL), STATUS_IO);
    assert_int_equal(setenv("CHITRA_NOW", "today", 1), 0);
    assert_int_equal(sys_lock(dir, "lock", &lock, NULL), STATUS_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sys_dir_open_folders_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_dir_make_parents_and_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_dir_make_over_a_file_cannot_be_created, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_dir_sync_folder_or_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_dir_entries_all_but_folders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_dir_list_regular_visible_and_sorted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_dir_list_empty_and_missing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_dir_sweep_takes_only_temporary_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_exists_sees_dangling_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_same_filesystem_tells_proc_from_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_move_never_overwrites, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_remove_file_and_missing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_lock_second_holder_is_told_who_and_since_when, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_lock_dies_with_the_process, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sys_lock_where_it_cannot_be, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
