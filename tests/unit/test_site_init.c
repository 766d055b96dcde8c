/* Does `chitra init` make a site, and refuse what it must? */
#include "test_site_support.h"

#include "cli/cli.h"

static char folder[64];

/* Runs the command in the temporary folder with up to six more words, which end with a NULL. */
static int init_with(const char *const *words)
{
    char *argv[12] = { "init" };
    int argc = 1;
    for (; words[argc - 1] != NULL; argc++) {
        argv[argc] = (char *)(uintptr_t)words[argc - 1];
    }
    return cli_init(argc, argv);
}

#define INIT(...) init_with((const char *const[]){ __VA_ARGS__, NULL })

static int folder_setup(void **state)
{
    (void)state;
    folder_make(folder);
    return 0;
}

static int folder_teardown(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static void test_cli_init_empty_makes_a_valid_site(void **state)
{
    struct site site;
    struct diag diag = { .line = 0 };
    (void)state;
    assert_int_equal(INIT(folder), 0);
    assert_int_equal(site_open(folder, SITE_WRITE, &site, &diag), STATUS_OK);
    assert_int_equal(site.config->unit_count, 1);
    assert_int_equal(site.config->opening, month_of(2026, 10));
    assert_int_equal(site.config->release, RELEASE_MANUAL);
    assert_false(site.config->intake_open);
    assert_int_equal(site.config->holiday_count, 4);
    assert_int_equal(site.config->target_count, 2);
    site_close(&site);
    assert_true(file_is_there(folder, "intake"));
    assert_true(file_is_there(folder, "state/staging"));
}

static void test_cli_init_new_folder_is_made(void **state)
{
    char inner[96];
    (void)state;
    snprintf(inner, sizeof inner, "%s/a/b", folder);
    assert_int_equal(INIT(inner), 0);
    assert_true(file_is_there(inner, "chitra.xml"));
}

static void test_cli_init_second_time_is_refused(void **state)
{
    struct buf before = BUF_INIT(1 << 20), after = BUF_INIT(1 << 20);
    struct diag diag = { .line = 0 };
    char path[96];
    (void)state;
    snprintf(path, sizeof path, "%s/chitra.xml", folder);
    assert_int_equal(INIT(folder), 0);
    assert_int_equal(sys_read(AT_FDCWD, path, &before, &diag), STATUS_OK);
    assert_int_equal(INIT(folder), 73);
    assert_int_equal(INIT("--demo", "--people", "10", folder), 73);
    assert_int_equal(sys_read(AT_FDCWD, path, &after, &diag), STATUS_OK);
    assert_true(span_equal(buf_span(&before), buf_span(&after)));
    buf_release(&before);
    buf_release(&after);
}

static void test_cli_init_demo_takes_period_and_people(void **state)
{
    struct site site;
    struct diag diag = { .line = 0 };
    (void)state;
    assert_int_equal(INIT("--demo", "--people=120", "--seed=3", "--period", "2027-02", folder), 0);
    assert_int_equal(site_open(folder, SITE_READ, &site, &diag), STATUS_OK);
    assert_int_equal(site.config->opening, month_of(2027, 2));
    assert_int_equal(site.config->unit_count, 2);
    site_close(&site);
    assert_true(file_is_there(folder, "later/2027-03"));
    assert_true(file_is_there(folder, "keys/office.key"));
}

static void test_cli_init_demo_left_out_period_is_the_present_month(void **state)
{
    struct site site;
    struct diag diag = { .line = 0 };
    (void)state;
    assert_int_equal(INIT("--demo", "--people", "30", folder), 0);
    assert_int_equal(site_open(folder, SITE_READ, &site, &diag), STATUS_OK);
    assert_int_equal(site.config->opening, month_of(2026, 10));
    site_close(&site);
}

static void test_cli_init_wrong_usage_is_refused(void **state)
{
    (void)state;
    assert_int_equal(init_with((const char *const[]){ NULL }), 64);     /* no folder */
    assert_int_equal(INIT(folder, folder), 64);
    assert_int_equal(INIT("--people", "10", folder), 64);               /* without --demo */
    assert_int_equal(INIT("--demo", "--people", "0", folder), 64);
    assert_int_equal(INIT("--demo", "--people", "5000001", folder), 64);
    assert_int_equal(INIT("--demo", "--people", "-1", folder), 64);
    assert_int_equal(INIT("--demo", "--seed", "x", folder), 64);
    assert_int_equal(INIT("--demo", "--period", "2026-13", folder), 64);
    assert_int_equal(INIT("--demo", "--period", "2025-06", folder), 64);
    assert_int_equal(INIT("--demo", "--period", "2036-01", folder), 64);
    assert_int_equal(INIT("--unknown", folder), 64);
    assert_false(file_is_there(folder, "chitra.xml"));
    assert_false(file_is_there(folder, "intake"));
}

static int setup(void **state)
{
    (void)state;
    umask(077);
    mem_init();
    setenv("CHITRA_NOW", "2026-10-01T08:00:00+07:00", 1);
    if (getenv("CHITRA_FORMATS") == NULL) {
        setenv("CHITRA_FORMATS", "formats", 1);
    }
    return 0;
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_cli_init_empty_makes_a_valid_site),
        IN_FOLDER(test_cli_init_new_folder_is_made),
        IN_FOLDER(test_cli_init_second_time_is_refused),
        IN_FOLDER(test_cli_init_demo_takes_period_and_people),
        IN_FOLDER(test_cli_init_demo_left_out_period_is_the_present_month),
        IN_FOLDER(test_cli_init_wrong_usage_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
