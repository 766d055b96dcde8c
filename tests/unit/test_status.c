/* status.h: does every kind have its text and its exit code, and does a broken promise end the process? */
#include "chitra/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_status_exit_code_of_each_kind_is_sysexits(void **state)
{
    (void)state;
    assert_int_equal(status_exit_code(STATUS_OK), 0);
    assert_int_equal(status_exit_code(STATUS_USAGE), 64);
    assert_int_equal(status_exit_code(STATUS_INPUT), 65);
    assert_int_equal(status_exit_code(STATUS_LIMIT), 65);
    assert_int_equal(status_exit_code(STATUS_LAW), 65);
    assert_int_equal(status_exit_code(STATUS_CONFLICT), 65);
    assert_int_equal(status_exit_code(STATUS_NO_INPUT), 66);
    assert_int_equal(status_exit_code(STATUS_DEFECT), 70);
    assert_int_equal(status_exit_code(STATUS_CREATE), 73);
    assert_int_equal(status_exit_code(STATUS_IO), 74);
    assert_int_equal(status_exit_code(STATUS_LEDGER), 74);
    assert_int_equal(status_exit_code(STATUS_BUSY), 75);
    assert_int_equal(status_exit_code(STATUS_SIGNATURE), 77);
    assert_int_equal(status_exit_code(STATUS_CONFIG), 78);
}

static void test_status_text_of_each_kind_is_its_own(void **state)
{
    (void)state;
    for (int a = STATUS_OK; a <= STATUS_CONFIG; a++) {
        assert_true(status_text((enum status)a)[0] != '\0');
        for (int b = STATUS_OK; b < a; b++) {
            assert_string_not_equal(status_text((enum status)a), status_text((enum status)b));
        }
    }
}

/* Runs in a child; what it wrote to standard error comes back in `message`. */
static int signal_of(void (*broken)(void), char *message, size_t size)
{
    int ends[2], outcome = 0;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], 2);
        broken();
        _exit(0);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], message, size - 1);
    message[got > 0 ? got : 0] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &outcome, 0), child);
    return WIFSIGNALED(outcome) ? WTERMSIG(outcome) : 0;
}

static void keep_promise(void)
{
    ASSERT(1 + 1 == 2);
}

static void break_promise(void)
{
    ASSERT(1 + 1 == 3);
}

static void ask_for_no_kind(void)
{
    (void)status_text((enum status)99);
}

static void test_assert_true_goes_on(void **state)
{
    char message[256];
    (void)state;
    assert_int_equal(signal_of(keep_promise, message, sizeof(message)), 0);
    assert_string_equal(message, "");
}

static void test_assert_false_aborts_and_names_the_promise(void **state)
{
    char message[256];
    (void)state;
    assert_int_equal(signal_of(break_promise, message, sizeof(message)), SIGABRT);
    assert_non_null(strstr(message, "a defect in chitra: 1 + 1 == 3"));
    assert_non_null(strstr(message, "test_status.c:"));
}

static void test_status_text_unknown_kind_aborts(void **state)
{
    char message[256];
    (void)state;
    assert_int_equal(signal_of(ask_for_no_kind, message, sizeof(message)), SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status_exit_code_of_each_kind_is_sysexits),
        cmocka_unit_test(test_status_text_of_each_kind_is_its_own),
        cmocka_unit_test(test_assert_true_goes_on),
        cmocka_unit_test(test_assert_false_aborts_and_names_the_promise),
        cmocka_unit_test(test_status_text_unknown_kind_aborts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
