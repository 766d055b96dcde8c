/* Are the shipped profiles right, and is a wrong one refused with its line? */
#include "chitra/bank.h"
#include "chitra/sys.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { FILE_BYTES_MAX = 1024 * 1024 };

#define PURPOSES                                                                            \
    "<purpose family=\"pension\" code=\"PENS\" category=\"PENS\"/>\n"                       \
    "<purpose family=\"sickness\" code=\"SSBE\"/>\n<purpose family=\"maternity\" code=\"SSBE\"/>\n" \
    "<purpose family=\"unemployment\" code=\"BENE\"/>\n<purpose family=\"injury\" code=\"SSBE\"/>\n" \
    "<purpose family=\"survivor\" code=\"SSBE\"/>\n<purpose family=\"other\" code=\"SSBE\"/>\n"

#define PROFILE                                                                             \
    "<bank code=\"x\" name=\"X\" bin=\"123456\" bic=\"ABCDVNVX\">\n"                        \
    "<message>pain.001.001.09</message>\n<charset>latin</charset>\n<compression>gzip</compression>\n" \
    "<limits name=\"1\" remittance=\"0\" account=\"34\" transactions=\"1\" amount=\"90000000000000\"/>\n" \
    "<purposes arrears=\"SPSP\" orders=\"PENO\" funding=\"GOVT\">\n" PURPOSES "</purposes>\n</bank>\n"

static struct buf file_read(const char *path)
{
    struct buf text = BUF_INIT(FILE_BYTES_MAX);
    struct diag diag = { 0 };

    assert_int_equal(sys_read(AT_FDCWD, path, &text, &diag), STATUS_OK);
    return text;
}

static enum status profile_of(const char *xml, bool with_schema, struct bank_profile **profile, struct diag *diag)
{
    struct buf xsd = file_read("formats/banks/bank.xsd");
    enum status rc = bank_profile_new(span_of(xml), "x.xml", with_schema ? buf_span(&xsd) : SPAN_EMPTY, profile, diag);

    buf_release(&xsd);
    return rc;
}

static void test_bank_profile_new_at_its_limits_gives_every_field(void **state)
{
    struct bank_profile *profile = NULL;
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(profile_of(PROFILE, true, &profile, &diag), STATUS_OK);
    assert_string_equal(profile->code, "x");
    assert_string_equal(profile->name, "X");
    assert_string_equal(profile->bin, "123456");
    assert_string_equal(profile->bic, "ABCDVNVX");
    assert_int_equal(profile->message, BANK_PAIN_001_001_09);
    assert_int_equal(profile->charset, CHARSET_latin);
    assert_int_equal(profile->compression, BANK_GZIP);
    assert_int_equal(profile->name_length_max, 1);
    assert_int_equal(profile->remittance_length_max, 0);
    assert_int_equal(profile->account_length_max, 34);
    assert_int_equal(profile->transactions_max, 1);
    assert_int_equal(profile->amount_dong_max, INT64_C(90000000000000));
    assert_true(profile->category_purpose);
    assert_string_equal(profile->purpose[FAMILY_pension], "PENS");
    assert_string_equal(profile->category[FAMILY_pension], "PENS");
    assert_string_equal(profile->purpose[FAMILY_unemployment], "BENE");
    assert_string_equal(profile->category[FAMILY_unemployment], "");
    assert_string_equal(profile->purpose[FAMILY_other], "SSBE");
    assert_string_equal(profile->purpose[FAMILY_stops], "");
    assert_string_equal(profile->purpose_arrears, "SPSP");
    assert_string_equal(profile->purpose_orders, "PENO");
    assert_string_equal(profile->purpose_funding, "GOVT");
    bank_profile_free(profile);
}

/* The profile with its first `from` replaced by `to`. */
static char *changed(const char *from, const char *to)
{
    const char *at = strstr(PROFILE, from);
    size_t size = sizeof(PROFILE) + strlen(to);
    char *text = malloc(size);

    assert_true(at != NULL && text != NULL);
    snprintf(text, size, "%.*s%s%s", (int)(at - PROFILE), PROFILE, to, at + strlen(from));
    return text;
}

static void test_bank_profile_new_not_as_the_schema_says_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *from, *to;
        uint64_t line;
    } cases[] = {
        { "bin=\"123456\"", "bin=\"12345\"", 1 },
        { "bin=\"123456\"", "", 1 },
        { "ABCDVNVX", "ABCDDEVX", 1 },
        { "code=\"x\"", "code=\"../x\"", 1 },
        { "name=\"X\"", "name=\"\"", 1 },
        { "pain.001.001.09", "pain.001.001.03", 2 },
        { "latin", "ascii", 3 },
        { "gzip", "zip", 4 },
        { "name=\"1\"", "name=\"0\"", 5 },
        { "name=\"1\"", "name=\"141\"", 5 },
        { "remittance=\"0\"", "remittance=\"210\"", 5 },
        { "account=\"34\"", "account=\"35\"", 5 },
        { "account=\"34\"", "", 5 },
        { "transactions=\"1\"", "transactions=\"0\"", 5 },
        { "90000000000000\"", "90000000000001\"", 5 },
        { "code=\"PENS\"", "code=\"PNSN\"", 7 },
        { "category=\"PENS\"", "category=\"BENE\"", 7 },
        { "family=\"sickness\"", "family=\"pension\"", 8 },
        { "family=\"sickness\"", "family=\"orders\"", 8 },
        { "<purpose family=\"sickness\" code=\"SSBE\"/>\n", "", 6 },
        { "arrears=\"SPSP\"", "", 6 },
        { "orders=\"PENO\"", "", 6 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bank_profile *profile = NULL;
        struct diag diag = { 0 };
        char *xml = changed(cases[i].from, cases[i].to);
        enum status rc = profile_of(xml, true, &profile, &diag);
        if (rc == STATUS_OK || profile != NULL || diag.line != cases[i].line || strcmp(diag.file, "x.xml") != 0) {
            fail_msg("case %zu: status %d at %s:%u: %s", i, (int)rc, diag.file, (unsigned)diag.line, diag.what);
        }
        free(xml);
    }
}

/* The second line of defence, should a schema ever say less than the program needs. */
static void test_bank_profile_new_without_schema_still_refuses_what_would_break(void **state)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        { "code=\"x\"", "code=\"abcdefghijklmnopqrstuvwxyz0123456789\"" },
        { "code=\"x\"", "" },
        { "bin=\"123456\"", "bin=\"1234567\"" },
        { "bin=\"123456\"", "bin=\"12345\"" },
        { "<charset>latin</charset>\n", "" },
        { "gzip", "zip" },
        { "pain.001.001.09", "pain.001.001.03" },
        { "name=\"1\"", "name=\"141\"" },
        { "name=\"1\"", "" },
        { "account=\"34\"", "account=\"x\"" },
        { "transactions=\"1\"", "transactions=\"99999999999\"" },
        { "code=\"PENS\"", "code=\"PENSION\"" },
        { "code=\"PENS\"", "" },
        { "family=\"sickness\"", "family=\"pension\"" },
        { "family=\"sickness\"", "family=\"orders\"" },
        { "family=\"sickness\"", "" },
        { "<purpose family=\"sickness\"", "<purpose family=\"pension\" code=\"SSBE\"/>\n<purpose family=\"sickness\"" },
        { "funding=\"GOVT\"", "" },
        { "orders=\"PENO\"", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bank_profile *profile = NULL;
        struct diag diag = { 0 };
        char *xml = changed(cases[i].from, cases[i].to);
        enum status rc = profile_of(xml, false, &profile, &diag);
        if (rc != STATUS_CONFIG || profile != NULL || diag.line == 0) {
            fail_msg("case %zu: status %d: %s", i, (int)rc, diag.what);
        }
        free(xml);
    }
}

static void test_bank_profile_new_other_document_is_refused(void **state)
{
    struct bank_profile *profile = NULL;
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(profile_of("<bank", true, &profile, &diag), STATUS_INPUT);
    assert_null(profile);
    assert_int_equal(profile_of("<x/>", false, &profile, &diag), STATUS_CONFIG);
    assert_null(profile);
    assert_int_equal(profile_of("<bank code=\"x\" bin=\"123456\"/>", false, &profile, &diag), STATUS_CONFIG);
    assert_null(profile);
}

static void test_bank_profile_free_accepts_null(void **state)
{
    (void)state;
    bank_profile_free(NULL);
}

/* Every file that ships is valid, has the code of its name, and agrees with the directory. */
static void test_bank_profile_new_takes_the_shipped_files(void **state)
{
    struct sys_names names = { NULL, 0 };
    struct buf banks = file_read("formats/directory/banks.csv");
    struct buf communes = file_read("formats/directory/communes.csv");
    struct buf xsd = file_read("formats/banks/bank.xsd");
    struct directory *directory = NULL;
    struct diag diag = { 0 };
    size_t count = 0;
    int dir = -1;

    (void)state;
    assert_int_equal(directory_new(buf_span(&banks), buf_span(&communes), &directory, &diag), STATUS_OK);
    assert_int_equal(sys_dir_open(AT_FDCWD, "formats/banks", &dir, &diag), STATUS_OK);
    assert_int_equal(sys_dir_list(dir, ".", &names, &diag), STATUS_OK);
    for (size_t i = 0; i < names.count; i++) {
        size_t length = strlen(names.name[i]);
        struct buf xml = BUF_INIT(FILE_BYTES_MAX);
        struct bank_profile *profile = NULL;
        if (strcmp(names.name[i] + length - 4, ".xml") != 0) {
            continue;
        }
        assert_int_equal(sys_read(dir, names.name[i], &xml, &diag), STATUS_OK);
        assert_int_equal(bank_profile_new(buf_span(&xml), names.name[i], buf_span(&xsd), &profile, &diag), STATUS_OK);
        assert_true(strncmp(profile->code, names.name[i], length - 4) == 0 && strlen(profile->code) == length - 4);
        const struct bank_entry *bank = directory_bank(directory, span_of(profile->bin));
        assert_non_null(bank);
        assert_string_equal(bank->bic, profile->bic);
        assert_string_equal(profile->purpose[FAMILY_pension], "PENS");
        assert_string_equal(profile->purpose_arrears, "SPSP");
        bank_profile_free(profile);
        buf_release(&xml);
        count++;
    }
    assert_int_equal(count, 5);
    sys_names_release(&names);
    sys_dir_close(dir);
    directory_free(directory);
    buf_release(&banks);
    buf_release(&communes);
    buf_release(&xsd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bank_profile_new_at_its_limits_gives_every_field),
        cmocka_unit_test(test_bank_profile_new_not_as_the_schema_says_is_refused_with_its_line),
        cmocka_unit_test(test_bank_profile_new_without_schema_still_refuses_what_would_break),
        cmocka_unit_test(test_bank_profile_new_other_document_is_refused),
        cmocka_unit_test(test_bank_profile_free_accepts_null),
        cmocka_unit_test(test_bank_profile_new_takes_the_shipped_files),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
