/* Does check find what a run would refuse, all of it, and change nothing? */
#include "test_run_site.h"

#include <dirent.h>

static struct run_site run_site;
static struct told told;
static struct run_faults faults;
static struct run_checked checked;

static enum status check(const char *const *file, size_t count)
{
    struct run_options options = { .folder = run_site.folder, .period = MONTH_NONE, .units = "", .pay_date = DAY_NONE };
    struct diag diag = { .line = 0 };

    told = (struct told){ .count = 0 };
    faults = (struct run_faults){ .tell = tell, .context = &told };
    enum status rc = run_check(&run_site.site, run_site.ledger, file, count, &options, &faults, &checked, &diag);
    assert_int_equal(told.count, faults.count);
    return rc;
}

static enum status check_one(const char *name)
{
    char path[256];
    const char *const file[] = { path };

    snprintf(path, sizeof path, "%s/%s", run_site.folder, name);
    return check(file, 1);
}

static unsigned files_seen;
static time_t newest;

static int file_look(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)path, (void)type, (void)walk;
    files_seen++;
    newest = info->st_ctime > newest ? info->st_ctime : newest;
    return 0;
}

static void test_run_check_demonstration_has_only_row_findings_and_nothing_changes(void **state)
{
    struct sys_names intake = { NULL, 0 };
    struct diag diag = { .line = 0 };
    size_t csv = 0;

    (void)state;
    must(sys_dir_list(run_site.site.dir, "intake", &intake, &diag), &diag);
    for (size_t i = 0; i < intake.count; i++) {
        csv += strstr(intake.name[i], ".csv") != NULL;
    }
    sys_names_release(&intake);
    assert_int_equal(nftw(run_site.folder, file_look, 8, FTW_PHYS), 0);
    unsigned before = files_seen;
    time_t last = newest;
    assert_int_equal(check(NULL, 0), STATUS_OK);
    assert_true(faults.worst == STATUS_OK || faults.worst == STATUS_CONFLICT);
    assert_int_equal(checked.files, csv);
    assert_true(checked.rows >= RUN_SITE_PEOPLE);
    files_seen = 0;
    assert_int_equal(nftw(run_site.folder, file_look, 8, FTW_PHYS), 0);
    assert_int_equal(files_seen, before);
    assert_int_equal(newest, last);
}

static void test_run_check_unsigned_file_is_refused_and_its_rows_are_told(void **state)
{
    struct buf results = repository_read("fixtures/intake/cash-results.csv");

    (void)state;
    file_put(run_site.folder, "office.csv", buf_span(&results));
    buf_release(&results);
    assert_int_equal(check_one("office.csv"), STATUS_OK);
    assert_non_null(strstr(told.all, "no valid approval names the file"));
    assert_non_null(strstr(told.all, "files of the family cash-results are not taken"));
    assert_int_equal(faults.worst, STATUS_INPUT);

    file_put(run_site.folder, "stops.csv",
             span_of("entitlement_id,kind,from_date,reason\nA-1,arrears,2026-09-01,other\n"
                     "A-1,ended,2026-09-31,other\n"));
    assert_int_equal(check_one("stops.csv"), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_SIGNATURE);
    assert_int_equal(faults.count, 3);
    assert_non_null(strstr(told.all, "stops.csv:2:5: kind: "));
    assert_non_null(strstr(told.all, "stops.csv:3:11: from_date: found"));
}

static void test_run_check_rows_against_law_and_units_are_findings(void **state)
{
    (void)state;
    file_put(run_site.folder, "rows.csv",
             span_of("entitlement_id,benefit,unit,beneficiary_id,name,birth_date,sex,commune,channel,bank,account,"
                     "approved_on,event_from,approved_amount\n"
                     "X-1,relief_grant,ZZ,7900000801,Generated Person,,,30001,bank,970405,1480205,2026-09-18,"
                     "2026-09-12,5\n"
                     "X-2,social_pension,01,7900000802,Generated Person,,,30001,bank,970405,1480205,2026-09-18,"
                     "1999-01-01,\n"));
    assert_int_equal(check_one("rows.csv"), STATUS_OK);
    assert_int_equal(faults.count, 3);
    assert_non_null(strstr(told.all, "rows.csv:2:18: unit: chitra.xml has no such unit"));
    assert_non_null(strstr(told.all, "rows.csv:3:"));
    assert_int_equal(checked.rows, 2);
}

static void test_run_check_missing_and_broken_files_are_all_told(void **state)
{
    char path[3][128];
    const char *const file[] = { path[0], path[1], path[2] };

    (void)state;
    file_put(run_site.folder, "columns.csv", span_of("entitlement_id,benefit,colour\nA,pension,red\n"));
    file_put(run_site.folder, "cut.csv.gz", span_of("\x1f\x8b\x08"));
    snprintf(path[0], sizeof path[0], "%s/there-is-none.csv", run_site.folder);
    snprintf(path[1], sizeof path[1], "%s/columns.csv", run_site.folder);
    snprintf(path[2], sizeof path[2], "%s/cut.csv.gz", run_site.folder);
    assert_int_equal(check(file, 3), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_INPUT);
    assert_int_equal(checked.files, 2);
    assert_non_null(strstr(told.all, "there is no such file"));
    assert_non_null(strstr(told.all, "columns.csv:1:"));
    assert_non_null(strstr(told.all, "cut.csv.gz"));
}

/* Reads a waiting file of the demonstration, and which it is. */
static void waiting_csv(char name[256], struct buf *bytes)
{
    struct sys_names intake = { NULL, 0 };
    struct diag diag = { .line = 0 };

    must(sys_dir_list(run_site.site.dir, "intake", &intake, &diag), &diag);
    for (size_t i = 0; i < intake.count; i++) {
        size_t size = strlen(intake.name[i]);
        if (size > 12 && strcmp(intake.name[i] + size - 12, "-pension.csv") == 0) {
            snprintf(name, 256, "intake/%s", intake.name[i]);
        }
    }
    sys_names_release(&intake);
    must(sys_read(run_site.site.dir, name, bytes, &diag), &diag);
}

static void test_run_check_changed_approved_file_is_refused(void **state)
{
    struct buf bytes = BUF_INIT(1 << 24);
    char name[256] = "";
    char path[64];

    (void)state;
    waiting_csv(name, &bytes);
    assert_true(strlen(name) < sizeof path);
    memcpy(path, name, strlen(name) + 1);
    bytes.data[bytes.size - 1] = ' ';
    file_put(run_site.folder, path, buf_span(&bytes));
    assert_int_equal(check(NULL, 0), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_SIGNATURE);
    assert_non_null(strstr(told.all, "not the one that was approved"));
    bytes.data[bytes.size - 1] = '\n';
    file_put(run_site.folder, path, buf_span(&bytes));
    buf_release(&bytes);
}

static unsigned messages;
static char message[512];

static void keep_message(void *context, const char *text)
{
    (void)context;
    messages++;
    snprintf(message, sizeof message, "%s", text);
}

/* As a run takes it: once, whatever it is called. */
static void test_run_check_same_content_under_two_names_is_looked_at_once(void **state)
{
    struct run_options options = { .folder = run_site.folder, .period = MONTH_NONE, .units = "", .pay_date = DAY_NONE,
                                   .message = keep_message };
    struct span faulty = span_of("entitlement_id,kind,from_date,reason\nA-1,ended,2026-09-31,other\n");
    char path[2][128];
    const char *const file[] = { path[0], path[1] };
    struct diag diag = { .line = 0 };

    (void)state;
    file_put(run_site.folder, "one.csv", faulty);
    file_put(run_site.folder, "two.csv", faulty);
    snprintf(path[0], sizeof path[0], "%s/one.csv", run_site.folder);
    snprintf(path[1], sizeof path[1], "%s/two.csv", run_site.folder);
    faults = (struct run_faults){ .tell = NULL };
    assert_int_equal(run_check(&run_site.site, run_site.ledger, file, 2, &options, &faults, &checked, &diag),
                     STATUS_OK);
    assert_int_equal(checked.files, 2);
    assert_int_equal(checked.rows, 1);
    assert_int_equal(faults.count, 3);      /* two files that nobody approved, one row */
    assert_int_equal(messages, 1);
    assert_non_null(strstr(message, "two.csv: known content"));
}

static void test_run_check_missing_key_is_configuration(void **state)
{
    char key[128], aside[128];

    (void)state;
    snprintf(key, sizeof key, "%s/keys/site.key", run_site.folder);
    snprintf(aside, sizeof aside, "%s/site.key", run_site.folder);
    assert_int_equal(rename(key, aside), 0);
    assert_int_equal(check(NULL, 0), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_CONFIG);
    assert_int_equal(rename(aside, key), 0);
}

/* After the month: what is known, and what contradicts it. */
static void test_run_check_row_against_register_is_finding(void **state)
{
    struct buf bytes = BUF_INIT(1 << 24);
    char name[256] = "", text[2048];

    (void)state;
    waiting_csv(name, &bytes);
    run_site_month(&run_site);
    const char *header = bytes.data;
    const char *row = (const char *)memchr(header, '\n', bytes.size) + 1;
    const char *end = memchr(row, '\n', bytes.size - (size_t)(row - header));
    int size = snprintf(text, sizeof text, "%.*s", (int)(end + 1 - header), header);
    char *person = memmem(text, (size_t)size, ",pension,", 9);
    assert_non_null(person);
    person = strchr(person + 9, ',') + 1;       /* behind the unit: beneficiary_id */
    person[9] = person[9] == '0' ? '1' : '0';
    file_put(run_site.folder, "known.csv", (struct span){ text, (size_t)size });
    assert_int_equal(check_one("known.csv"), STATUS_OK);
    assert_non_null(strstr(told.all, "known with another beneficiary"));
    buf_release(&bytes);
}

static int site_make(void **state)
{
    (void)state;
    run_site_make(&run_site);
    return 0;
}

static int site_end(void **state)
{
    (void)state;
    run_site_end(&run_site);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_check_demonstration_has_only_row_findings_and_nothing_changes),
        cmocka_unit_test(test_run_check_unsigned_file_is_refused_and_its_rows_are_told),
        cmocka_unit_test(test_run_check_rows_against_law_and_units_are_findings),
        cmocka_unit_test(test_run_check_missing_and_broken_files_are_all_told),
        cmocka_unit_test(test_run_check_changed_approved_file_is_refused),
        cmocka_unit_test(test_run_check_same_content_under_two_names_is_looked_at_once),
        cmocka_unit_test(test_run_check_missing_key_is_configuration),
        cmocka_unit_test(test_run_check_row_against_register_is_finding),
    };
    return cmocka_run_group_tests(tests, site_make, site_end);
}
