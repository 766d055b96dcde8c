/* sys.h, clock and process: one clock at UTC+7, a safe start, what the system says about us. */
#include "chitra/sys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void test_sys_now_chitra_now_replaces_the_clock(void **state)
{
    struct sys_time now;
    char text[SYS_TIME_BYTES];
    (void)state;
    assert_int_equal(setenv("CHITRA_NOW", "2026-10-01T08:09:10+07:00", 1), 0);
    assert_int_equal(sys_now(&now, NULL), STATUS_OK);
    assert_int_equal(now.day, day_of((struct civil){ 2026, 10, 1 }));
    assert_int_equal(now.second_of_day, 8 * 3600 + 9 * 60 + 10);
    sys_time_write(now, text);
    assert_string_equal(text, "2026-10-01T08:09:10+07:00");
}

static void test_sys_now_malformed_is_wrong_usage(void **state)
{
    static const char *const wrong[] = {
        "", "2026-10-01", "2026-10-01T08:00:00", "2026-10-01T08:00:00Z", "2026-10-01T08:00:00+08:00",
        "2026-10-01 08:00:00+07:00", "2026-10-01T24:00:00+07:00", "2026-10-01T08:60:00+07:00", "2026-10-01T08:00:60+07:00",
        "2026-02-29T08:00:00+07:00", "2026-10-01T08:00:00+07:00 ", "2026-10-01T08:00:0x+07:00", "2026-10-01T8:00:00+07:000",
        "2026-10-01T08-00-00+07:00",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct sys_time now = { 77, 78 };
        struct diag diag;
        assert_int_equal(setenv("CHITRA_NOW", wrong[i], 1), 0);
        assert_int_equal(sys_now(&now, &diag), STATUS_USAGE);
        assert_true(now.day == 77 && now.second_of_day == 78);
        assert_string_equal(diag.expected, "YYYY-MM-DDThh:mm:ss+07:00");
    }
}

static void test_sys_now_clock_is_utc_plus_7_in_any_zone(void **state)
{
    static const char *const zones[] = { "UTC", "Pacific/Kiritimati", "America/New_York" };
    (void)state;
    assert_int_equal(unsetenv("CHITRA_NOW"), 0);
    for (size_t i = 0; i < 3; i++) {
        struct sys_time now;
        assert_int_equal(setenv("TZ", zones[i], 1), 0);
        tzset();
        int64_t before = (int64_t)time(NULL);
        assert_int_equal(sys_now(&now, NULL), STATUS_OK);
        assert_in_range(sys_time_unix(now) - before + 2, 0, 5);
        assert_in_range(now.second_of_day, 0, 86399);
    }
    assert_int_equal(unsetenv("TZ"), 0);
}

static void test_sys_time_unix_known_moments(void **state)
{
    struct sys_time moment;
    (void)state;
    assert_true(sys_time_read(span_of("1970-01-01T07:00:00+07:00"), &moment));
    assert_int_equal(sys_time_unix(moment), 0);
    assert_true(sys_time_read(span_of("1970-01-01T00:00:00+07:00"), &moment));
    assert_int_equal(sys_time_unix(moment), -25200);
    assert_true(sys_time_read(span_of("2026-10-01T08:00:00+07:00"), &moment));
    assert_int_equal(sys_time_unix(moment), 1790816400);
}

static void test_sys_time_write_and_read_every_second_of_a_day(void **state)
{
    (void)state;
    for (int second = 0; second < 86400; second++) {
        struct sys_time time = { 20000, second }, back = { 0, 0 };
        char text[SYS_TIME_BYTES];
        sys_time_write(time, text);
        assert_true(sys_time_read(span_of(text), &back));
        assert_true(back.day == 20000 && back.second_of_day == second);
    }
}

/* Runs in a child, because it changes the process. */
static void assert_in_child(bool (*holds)(void))
{
    int outcome;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(holds() ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &outcome, 0), child);
    assert_int_equal(outcome, 0);
}

static bool closed_descriptors_are_filled(void)
{
    close(0);
    close(1);
    close(2);
    sys_init();
    return fcntl(0, F_GETFD) >= 0 && fcntl(1, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0 &&
           open("/dev/null", O_RDONLY) > 2;
}

static bool open_descriptors_stay(void)
{
    struct stat before, after;
    bool known = fstat(1, &before) == 0;
    int next = open("/dev/null", O_RDONLY);
    close(next);
    sys_init();
    int again = open("/dev/null", O_RDONLY);
    return known && fstat(1, &after) == 0 && before.st_ino == after.st_ino && next == again;
}

static bool files_are_private_and_no_core_is_left(void)
{
    struct rlimit limit;
    umask(0);
    sys_init();
    return umask(0) == 077 && getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0;
}

static void test_sys_init_closed_descriptors_are_filled(void **state)
{
    (void)state;
    assert_in_child(closed_descriptors_are_filled);
}

static void test_sys_init_open_descriptors_stay(void **state)
{
    (void)state;
    assert_in_child(open_descriptors_stay);
}

static void test_sys_init_files_are_private_and_no_core_is_left(void **state)
{
    (void)state;
    assert_in_child(files_are_private_and_no_core_is_left);
}

static void test_sys_cpu_us_grows_with_work(void **state)
{
    volatile uint64_t sum = 0;
    (void)state;
    uint64_t before = sys_cpu_us();
    while (sys_cpu_us() < before + 2000) {
        sum = sum + 1;
    }
    assert_true(sum > 0);
}

static void test_sys_memory_kib_grows_with_memory(void **state)
{
    (void)state;
    uint64_t before = sys_memory_kib();
    assert_in_range(before, 500, 100 * 1024 * 1024);
    char *memory = mem_resize(NULL, before * 1024 + 64 * 1024 * 1024, 1);
    memset(memory, 1, before * 1024 + 64 * 1024 * 1024);
    assert_true(sys_memory_kib() > before);
    free(memory);
}

static void test_sys_user_has_a_name_and_keeps_to_its_size(void **state)
{
    char name[64], cut[3];
    (void)state;
    sys_user(name, sizeof(name));
    sys_user(cut, sizeof(cut));
    assert_true(name[0] != '\0');
    assert_int_equal(strlen(cut), strlen(name) < 2 ? strlen(name) : 2);
    assert_memory_equal(cut, name, strlen(cut));
}

static void test_sys_processors_at_least_one(void **state)
{
    (void)state;
    assert_in_range(sys_processors(), 1, 100000);
}

static void test_sys_is_terminal_files_and_nothing_are_none(void **state)
{
    int null = open("/dev/null", O_RDONLY);
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    (void)state;
    assert_false(sys_is_terminal(null));
    assert_false(sys_is_terminal(-1));
    if (terminal >= 0) {
        assert_true(sys_is_terminal(terminal));
        close(terminal);
    }
    close(null);
}

static void test_sys_random_differs_each_time(void **state)
{
    unsigned char first[1000] = { 0 }, second[1000] = { 0 };
    size_t zeros = 0;
    (void)state;
    sys_random(first, sizeof(first));
    sys_random(second, sizeof(second));
    sys_random(first, 0);
    assert_memory_not_equal(first, second, sizeof(first));
    for (size_t i = 0; i < sizeof(first); i++) {
        zeros += first[i] == 0;
    }
    assert_in_range(zeros, 0, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sys_now_chitra_now_replaces_the_clock),
        cmocka_unit_test(test_sys_now_malformed_is_wrong_usage),
        cmocka_unit_test(test_sys_now_clock_is_utc_plus_7_in_any_zone),
        cmocka_unit_test(test_sys_time_unix_known_moments),
        cmocka_unit_test(test_sys_time_write_and_read_every_second_of_a_day),
        cmocka_unit_test(test_sys_init_closed_descriptors_are_filled),
        cmocka_unit_test(test_sys_init_open_descriptors_stay),
        cmocka_unit_test(test_sys_init_files_are_private_and_no_core_is_left),
        cmocka_unit_test(test_sys_cpu_us_grows_with_work),
        cmocka_unit_test(test_sys_memory_kib_grows_with_memory),
        cmocka_unit_test(test_sys_user_has_a_name_and_keeps_to_its_size),
        cmocka_unit_test(test_sys_processors_at_least_one),
        cmocka_unit_test(test_sys_is_terminal_files_and_nothing_are_none),
        cmocka_unit_test(test_sys_random_differs_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
