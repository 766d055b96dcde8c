/* Are banks and communes found, and is a directory with a fault refused? */
#include "chitra/bank.h"
#include "chitra/sys.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define BANKS "bin,bic,name,active\n970405,VBAAVNVX,Agribank,Y\n970406,,Old Bank,N\n971025,,MoMo,Y\n"
#define COMMUNES                                                                   \
    "code,province,area,since\n00004,01,U,2025-07-01\n26116,75,R,2025-07-01\n"     \
    "26116,75,U,2026-04-30\n31078,91,R,2025-07-01\n"

static struct directory *directory_of(const char *banks, const char *communes)
{
    struct directory *directory = NULL;
    struct diag diag = { 0 };

    assert_int_equal(directory_new(span_of(banks), span_of(communes), &directory, &diag), STATUS_OK);
    assert_non_null(directory);
    return directory;
}

static day_t day(int year, int month, int number)
{
    return day_of((struct civil){ year, month, number });
}

static void test_directory_bank_known_is_found(void **state)
{
    struct directory *directory = directory_of("# comment\n#\n" BANKS, COMMUNES);
    const struct bank_entry *bank = directory_bank(directory, span_of("970405"));

    (void)state;
    assert_non_null(bank);
    assert_string_equal(bank->bin, "970405");
    assert_string_equal(bank->bic, "VBAAVNVX");
    assert_string_equal(bank->name, "Agribank");
    assert_true(bank->active);
    bank = directory_bank(directory, span_of("970406"));
    assert_non_null(bank);
    assert_string_equal(bank->bic, "");
    assert_false(bank->active);
    assert_non_null(directory_bank(directory, span_of("971025")));
    directory_free(directory);
}

static void test_directory_bank_unknown_is_null(void **state)
{
    static const char *const unknown[] = { "", "9704", "970404", "970407", "971026", "9704050", "000000", "999999" };
    struct directory *directory = directory_of(BANKS, COMMUNES);

    (void)state;
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        assert_null(directory_bank(directory, span_of(unknown[i])));
    }
    directory_free(directory);
}

static void test_directory_commune_goes_by_the_day(void **state)
{
    struct directory *directory = directory_of(BANKS, COMMUNES);

    (void)state;
    assert_null(directory_commune(directory, span_of("26116"), day(2025, 6, 30)));
    const struct commune_entry *commune = directory_commune(directory, span_of("26116"), day(2025, 7, 1));
    assert_non_null(commune);
    assert_int_equal(commune->area, AREA_R);
    assert_string_equal(commune->code, "26116");
    assert_string_equal(commune->province, "75");
    assert_int_equal(commune->since, day(2025, 7, 1));
    assert_int_equal(directory_commune(directory, span_of("26116"), day(2026, 4, 29))->area, AREA_R);
    assert_int_equal(directory_commune(directory, span_of("26116"), day(2026, 4, 30))->area, AREA_U);
    assert_int_equal(directory_commune(directory, span_of("00004"), day(2199, 12, 31))->area, AREA_U);
    assert_int_equal(directory_commune(directory, span_of("31078"), day(2026, 1, 1))->area, AREA_R);
    directory_free(directory);
}

static void test_directory_commune_unknown_is_null(void **state)
{
    static const char *const unknown[] = { "", "0000", "00003", "00005", "26115", "26117", "31079", "310780", "99999" };
    struct directory *directory = directory_of(BANKS, COMMUNES);

    (void)state;
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        assert_null(directory_commune(directory, span_of(unknown[i]), day(2026, 10, 1)));
    }
    directory_free(directory);
}

static void test_directory_new_without_rows_or_last_newline_is_taken(void **state)
{
    struct directory *directory = directory_of("bin,bic,name,active", "code,province,area,since\n00004,01,U,2025-07-01");

    (void)state;
    assert_null(directory_bank(directory, span_of("970405")));
    assert_non_null(directory_commune(directory, span_of("00004"), day(2026, 1, 1)));
    directory_free(directory);
}

static void test_directory_new_fault_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *banks, *communes, *file;
        uint64_t line;
    } cases[] = {
        { "", COMMUNES, "formats/directory/banks.csv", 0 },
        { "# only a comment\n", COMMUNES, "formats/directory/banks.csv", 1 },
        { "bin,bic,name\n", COMMUNES, "formats/directory/banks.csv", 1 },
        { "bin,bic,name,active\r\n", COMMUNES, "formats/directory/banks.csv", 1 },
        { BANKS "971026,,X\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "971026,,X,Y,\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "# late\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "97102,,X,Y\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "97102x,,X,Y\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "971026,VBAAVNV,X,Y\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "971026,VBAAVNVXX,X,Y\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "971026,VBAA9NVX,X,Y\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "971026,vbaavnvx,X,Y\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "971026,,,Y\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "971026,,Nh\xc3\xa0,Y\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "971026,,X,y\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "971026,,X,\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "971025,,Twice,Y\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS "970400,,Out of order,Y\n", COMMUNES, "formats/directory/banks.csv", 5 },
        { BANKS, "bin,bic,name,active\n", "formats/directory/communes.csv", 1 },
        { BANKS, COMMUNES "3107,91,R,2025-07-01\n", "formats/directory/communes.csv", 6 },
        { BANKS, COMMUNES "31079,9,R,2025-07-01\n", "formats/directory/communes.csv", 6 },
        { BANKS, COMMUNES "31079,91,X,2025-07-01\n", "formats/directory/communes.csv", 6 },
        { BANKS, COMMUNES "31079,91,R,2025-07-32\n", "formats/directory/communes.csv", 6 },
        { BANKS, COMMUNES "31079,91,R\n", "formats/directory/communes.csv", 6 },
        { BANKS, COMMUNES "31078,91,U,2025-07-01\n", "formats/directory/communes.csv", 6 },
        { BANKS, COMMUNES "31078,91,U,2025-06-30\n", "formats/directory/communes.csv", 6 },
        { BANKS, COMMUNES "00005,01,U,2025-07-01\n", "formats/directory/communes.csv", 6 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct directory *directory = NULL;
        struct diag diag = { 0 };
        enum status rc = directory_new(span_of(cases[i].banks), span_of(cases[i].communes), &directory, &diag);
        if (rc != STATUS_CONFIG || directory != NULL || strcmp(diag.file, cases[i].file) != 0
            || diag.line != cases[i].line) {
            fail_msg("case %zu: status %d at %s:%u: %s", i, (int)rc, diag.file, (unsigned)diag.line, diag.what);
        }
    }
}

static void test_directory_free_accepts_null(void **state)
{
    (void)state;
    directory_free(NULL);
}

/* The files that ship. 34 provinces and 3,321 communes since 2025-07-01; the big four by BIN and BIC. */
static void test_directory_new_takes_the_shipped_files(void **state)
{
    static const char *const big[][2] = {
        { "970405", "VBAAVNVX" }, { "970415", "ICBVVNVX" }, { "970418", "BIDVVNVX" }, { "970436", "BFTVVNVX" },
        { "971025", "" },
    };
    struct buf banks = BUF_INIT(1024 * 1024), communes = BUF_INIT(1024 * 1024);
    struct directory *directory = NULL;
    struct diag diag = { 0 };
    bool province_seen[100] = { false };
    unsigned found = 0, urban = 0, provinces = 0;

    (void)state;
    assert_int_equal(sys_read(AT_FDCWD, "formats/directory/banks.csv", &banks, &diag), STATUS_OK);
    assert_int_equal(sys_read(AT_FDCWD, "formats/directory/communes.csv", &communes, &diag), STATUS_OK);
    assert_int_equal(directory_new(buf_span(&banks), buf_span(&communes), &directory, &diag), STATUS_OK);
    for (size_t i = 0; i < sizeof(big) / sizeof(big[0]); i++) {
        const struct bank_entry *bank = directory_bank(directory, span_of(big[i][0]));
        assert_non_null(bank);
        assert_string_equal(bank->bic, big[i][1]);
        assert_true(bank->active);
    }
    for (unsigned number = 0; number < 100000; number++) {
        char code[12];
        snprintf(code, sizeof(code), "%05u", number);
        const struct commune_entry *commune = directory_commune(directory, span_of(code), day(2026, 10, 1));
        if (commune != NULL) {
            found++;
            urban += commune->area == AREA_U;
            bool *seen = &province_seen[(commune->province[0] - '0') * 10 + commune->province[1] - '0'];
            provinces += !*seen;
            *seen = true;
        }
    }
    assert_int_equal(found, 3321);
    assert_int_equal(urban, 697);
    assert_int_equal(provinces, 34);
    directory_free(directory);
    buf_release(&banks);
    buf_release(&communes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_directory_bank_known_is_found),
        cmocka_unit_test(test_directory_bank_unknown_is_null),
        cmocka_unit_test(test_directory_commune_goes_by_the_day),
        cmocka_unit_test(test_directory_commune_unknown_is_null),
        cmocka_unit_test(test_directory_new_without_rows_or_last_newline_is_taken),
        cmocka_unit_test(test_directory_new_fault_is_refused_with_its_line),
        cmocka_unit_test(test_directory_free_accepts_null),
        cmocka_unit_test(test_directory_new_takes_the_shipped_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
