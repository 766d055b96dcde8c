/* Are the demonstration's people the same for the same seed, lawful, and approved; is the site whole? */
#include "test_site_support.h"

#include "cli/demo.h"

#include "chitra/intake.h"
#include "chitra/law.h"

enum { PEOPLE = 4000, PERIOD_YEAR = 2026, PERIOD_MONTH = 10 };

static char folder[64];         /* a site of PEOPLE people, made once */
static struct demo demo;

static const struct demo_options *options(void)
{
    static struct demo_options made;
    made = (struct demo_options){ PEOPLE, 1, month_of(PERIOD_YEAR, PERIOD_MONTH) };
    return &made;
}

static struct sys_time now(void)
{
    return (struct sys_time){ day_of((struct civil){ PERIOD_YEAR, PERIOD_MONTH, 1 }), 8 * 3600 };
}

static void assert_made(const char *where, const struct demo_options *wanted)
{
    struct diag diag = { .line = 0 };
    char text[DIAG_BYTES_MAX];
    int dir = -1;
    assert_int_equal(sys_dir_open(AT_FDCWD, where, &dir, &diag), STATUS_OK);
    if (demo_site_make(dir, wanted, &diag) != STATUS_OK) {
        diag_text(&diag, text, sizeof text);
        fail_msg("%s", text);
    }
    sys_dir_close(dir);
}

static void test_demo_below_stays_below_and_reaches_the_ends(void **state)
{
    struct demo_random random = { 7 };
    unsigned seen[3] = { 0 };
    (void)state;
    for (int i = 0; i < 300; i++) {
        unsigned value = demo_below(&random, 3);
        assert_in_range(value, 0, 2);
        seen[value]++;
        assert_int_equal(demo_below(&random, 1), 0);
        int between = demo_between(&random, -2, 2);
        assert_true(between >= -2 && between <= 2);
        assert_int_equal(demo_between(&random, 5, 5), 5);
        assert_false(demo_chance(&random, 0));
        assert_true(demo_chance(&random, 100));
    }
    assert_true(seen[0] > 50 && seen[1] > 50 && seen[2] > 50);
}

static void test_demo_account_each_serial_has_its_own(void **state)
{
    static const struct style {
        const char *bin;
        size_t length;
    } styles[] = { { "970436", 10 }, { "970405", 13 }, { "970415", 12 }, { "970418", 14 }, { "971025", 10 } };
    (void)state;
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        char first[35], second[35], again[35];
        demo_account(styles[i].bin, 1, first);
        demo_account(styles[i].bin, 2, second);
        demo_account(styles[i].bin, 1, again);
        assert_int_equal(strlen(first), styles[i].length);
        assert_int_equal(strspn(first, "0123456789"), styles[i].length);
        assert_string_not_equal(first, second);
        assert_string_equal(first, again);
    }
}

static void test_demo_new_shares_all_people_among_the_units(void **state)
{
    static const struct {
        uint64_t people;
        size_t units;
    } cases[] = { { 1, 1 }, { 99, 1 }, { 100, 2 }, { 2000, 34 }, { 1000003, 34 } };
    int formats = -1;
    char path[DIAG_FILE_BYTES];
    struct diag diag = { .line = 0 };
    (void)state;
    assert_int_equal(site_formats_open(&formats, path, &diag), STATUS_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct demo_options wanted = { cases[i].people, 1, options()->period };
        struct demo made;
        uint64_t people = 0;
        assert_int_equal(demo_new(&wanted, formats, &made, &diag), STATUS_OK);
        assert_int_equal(made.unit_count, cases[i].units);
        for (size_t k = 0; k < made.unit_count; k++) {
            assert_int_equal(made.unit[k].first, people);
            assert_true(made.unit[k].people > 0 && made.unit[k].commune_count > 0);
            assert_string_equal(made.unit[k].commune[0]->province, made.unit[k].province->code);
            people += made.unit[k].people;
        }
        assert_int_equal(people, cases[i].people);
        demo_release(&made);
        demo_release(&made);
    }
    sys_dir_close(formats);
}

static void test_demo_new_month_without_communes_is_refused(void **state)
{
    struct demo_options wanted = { 100, 1, month_of(2025, 6) };
    struct demo made;
    int formats = -1;
    char path[DIAG_FILE_BYTES];
    struct diag diag = { .line = 0 };
    (void)state;
    assert_int_equal(site_formats_open(&formats, path, &diag), STATUS_OK);
    assert_int_equal(demo_new(&wanted, formats, &made, &diag), STATUS_CONFIG);
    assert_int_equal(made.unit_count, 0);
    sys_dir_close(formats);
}

static size_t line_of(const struct demo *from, uint64_t ordinal, char line[DEMO_LINE_BYTES_MAX])
{
    struct demo_row row[DEMO_ROWS_MAX];
    struct demo_person person = demo_person_of(from, &from->unit[0], ordinal, from->options.period, false);
    demo_rows(&person, row);
    return demo_row_write(benefit_family(row[0].benefit), &row[0], line);
}

static void test_demo_rows_follow_from_the_seed(void **state)
{
    static char line[DEMO_LINE_BYTES_MAX], again[DEMO_LINE_BYTES_MAX];
    struct demo other = demo;   /* shares what it points to */
    unsigned different = 0;
    (void)state;
    other.options.seed = 2;
    for (uint64_t ordinal = 30; ordinal < 60; ordinal++) {
        size_t size = line_of(&demo, ordinal, line);
        assert_int_equal(line_of(&demo, ordinal, again), size);
        assert_memory_equal(line, again, size);
        different += line_of(&other, ordinal, again) != size || memcmp(line, again, size) != 0 ? 1 : 0;
    }
    assert_int_equal(different, 30);
}

/* The columns of a header that stand in a row: equally many. */
static void test_demo_row_write_has_a_field_for_each_column(void **state)
{
    static char line[DEMO_LINE_BYTES_MAX];
    (void)state;
    for (uint64_t ordinal = 1; ordinal <= 100; ordinal++) {
        struct demo_row row[DEMO_ROWS_MAX];
        struct demo_person person = demo_person_of(&demo, &demo.unit[0], ordinal, options()->period, false);
        demo_rows(&person, row);
        enum family family = benefit_family(row[0].benefit);
        unsigned commas = 0;
        size_t size = demo_header_write(family, line);
        for (size_t i = 0; i < size; i++) {
            commas += line[i] == ',' ? 1 : 0;
        }
        size = demo_row_write(family, &row[0], line);
        assert_int_equal(line[size - 1], '\n');
        for (size_t i = 0; i < size; i++) {
            commas -= line[i] == ',' ? 1 : 0;
        }
        assert_int_equal(commas, 0);
    }
}

/* ---- the whole site ---- */

/* What a folder of approved files holds. */
struct count {
    unsigned files, rows, rejected, refused, not_due;
    unsigned of[BENEFIT_MAX];
    unsigned changes;           /* rows of stops and corrections */
    unsigned cash;
};

static struct law *law;

static void row_count(const struct intake_row *row, month_t period, struct count *count)
{
    struct law_result result;
    struct law_refusal refusal;
    if (row->benefit == BENEFIT_none) {
        count->changes++;
        return;
    }
    enum law_verdict verdict = law_calc(law, row->benefit, &row->facts, period, &result, &refusal, NULL);
    count->rows++;
    count->of[row->benefit]++;
    count->refused += verdict == LAW_REFUSED ? 1 : 0;
    count->not_due += verdict == LAW_NOT_DUE ? 1 : 0;
    count->cash += row->facts.value[FACT_channel] == CHANNEL_cash ? 1 : 0;
}

static void file_count(struct span content, const char *name, month_t period, struct count *count)
{
    struct intake_reader *reader = NULL;
    struct intake_batch batch;
    struct diag diag = { .line = 0 };
    char last[36] = "";
    intake_batch_init(&batch);
    assert_int_equal(intake_new(content, name, INTAKE_FOR_RUN, &reader, &diag), STATUS_OK);
    do {
        assert_int_equal(intake_read(reader, &batch, &diag), STATUS_OK);
        for (size_t i = 0; i < batch.row_count; i++) {
            char id[36];
            snprintf(id, sizeof id, "%.*s", (int)batch.row[i].text[TEXT_entitlement_id].size,
                     batch.row[i].text[TEXT_entitlement_id].data);
            /* Entitlements stand in the order of their ids. */
            assert_true(batch.row[i].benefit == BENEFIT_none || strcmp(last, id) < 0);
            memcpy(last, id, sizeof last);
            row_count(&batch.row[i], period, count);
        }
        count->rejected += (unsigned)batch.finding_count;
    } while (batch.row_count > 0 || batch.finding_count > 0);
    intake_free(reader);
    intake_batch_release(&batch);
}

/* Checks one approval, and counts what it names. */
static void list_count(const struct site *site, const char *where, const char *name, month_t period,
                       struct count *count)
{
    char path[256], signature_path[264];
    struct diag diag = { .line = 0 };
    struct buf text = BUF_INIT(1 << 20), signature = BUF_INIT(1 << 20);
    struct intake_list list;
    struct cms_signature signed_by;
    snprintf(path, sizeof path, "%s/%s", where, name);
    snprintf(signature_path, sizeof signature_path, "%s.p7s", path);
    assert_int_equal(sys_read(site->dir, path, &text, &diag), STATUS_OK);
    assert_int_equal(sys_read(site->dir, signature_path, &signature, &diag), STATUS_OK);
    assert_int_equal(cms_verify(buf_span(&signature), buf_span(&text),
                                (const struct certificate *const *)site->trusted, site->trusted_count, now(), name,
                                &signed_by, &diag), STATUS_OK);
    assert_int_not_equal(officer_units(officer_of_certificate(site->config, &signed_by.signer), ROLE_APPROVES, FAMILY_COUNT),
                         0);
    assert_int_equal(intake_list_read(buf_span(&text), name, &list, &diag), STATUS_OK);
    for (size_t i = 0; i < list.count; i++) {
        struct buf content = BUF_INIT(1 << 24);
        struct digest digest;
        snprintf(path, sizeof path, "%s/%s", where, list.item[i].name);
        assert_int_equal(sys_read(site->dir, path, &content, &diag), STATUS_OK);
        digest_of(buf_span(&content), &digest);
        assert_memory_equal(digest.bytes, list.item[i].sha256, sizeof digest.bytes);
        file_count(buf_span(&content), list.item[i].name, period, count);
        count->files++;
        buf_release(&content);
    }
    intake_list_release(&list);
    buf_release(&text);
    buf_release(&signature);
}

static struct count folder_count(const char *where, month_t period)
{
    struct site site;
    struct sys_names names;
    struct diag diag = { .line = 0 };
    struct count count = { 0 };
    unsigned others = 0;
    assert_int_equal(site_open(folder, SITE_READ, &site, &diag), STATUS_OK);
    assert_int_equal(sys_dir_list(site.dir, where, &names, &diag), STATUS_OK);
    for (size_t i = 0; i < names.count; i++) {
        const char *end = strrchr(names.name[i], '.');
        if (strcmp(end, ".sha256") == 0) {
            list_count(&site, where, names.name[i], period, &count);
        } else if (strcmp(end, ".p7s") != 0) {
            others++;
        }
    }
    assert_int_equal(others, count.files);      /* nothing lies there that no list names */
    sys_names_release(&names);
    site_close(&site);
    return count;
}

static void test_demo_site_make_first_month_is_approved_and_lawful(void **state)
{
    static const enum benefit every[] = {
#define X(name, family, recurrence, number) BENEFIT_##name,
        BENEFIT_LIST(X)
#undef X
    };
    (void)state;
    struct count count = folder_count("intake", options()->period);
    for (size_t i = 0; i < sizeof every / sizeof *every; i++) {
        if (count.of[every[i]] == 0) {
            fail_msg("nobody has %s", benefit_name(every[i]));
        }
    }
    assert_true(count.rows > PEOPLE);           /* some have two entitlements */
    unsigned pensions = count.of[BENEFIT_pension] + count.of[BENEFIT_pension_awarded];
    assert_in_range(pensions, PEOPLE * 65 / 100, PEOPLE * 75 / 100);
    assert_in_range(count.cash, PEOPLE * 15 / 100, PEOPLE * 25 / 100);
    /* One person in 333 shows a fault: of the 12 here 2 are rejected for a date, 2 by the law. */
    assert_int_equal(count.rejected, 2);
    assert_int_equal(count.refused, 2);
    assert_int_equal(count.not_due, 0);
}

static void test_demo_later_make_second_month_holds_changes_only(void **state)
{
    (void)state;
    struct count count = folder_count("later/2026-11", options()->period + 1);
    assert_in_range(count.rows, PEOPLE * 5 / 100, PEOPLE * 8 / 100);
    assert_true(count.changes > 5);
    assert_true(count.of[BENEFIT_pension] > 0);
    assert_int_equal(count.of[BENEFIT_pension_awarded], 0);
    assert_int_equal(count.rejected, 0);
    assert_int_equal(count.refused, 0);
}

static void test_demo_site_make_opens_and_signs(void **state)
{
    struct site site;
    struct signer *signer = NULL;
    struct diag diag = { .line = 0 };
    (void)state;
    assert_int_equal(site_open(folder, SITE_WRITE, &site, &diag), STATUS_OK);
    assert_int_equal(site.config->release, RELEASE_AUTO);
    assert_false(site.config->intake_open);
    assert_int_equal(site.config->opening, options()->period);
    assert_int_equal(site.config->unit_count, DEMO_PROVINCES);
    assert_int_equal(site.trusted_count, 4);
    for (unsigned i = 0; i < site.config->unit_count; i++) {
        const struct site_unit *unit = &site.config->unit[i];
        assert_int_equal(unit->account_count, 3);
        for (unsigned k = 0; k < unit->account_count; k++) {
            char profile[64];
            snprintf(profile, sizeof profile, "banks/%s.xml", unit->account[k].profile);
            assert_true(sys_exists(site.formats, profile));
        }
    }
    assert_int_equal(site_signer(&site, now(), &signer, &diag), STATUS_OK);
    signer_free(signer);
    site_close(&site);
}

static void test_demo_site_make_keys_are_new_and_rows_the_same(void **state)
{
    struct demo_options few = { 150, 9, options()->period };
    char first[64], second[64];
    struct buf pair[4] = { BUF_INIT(1 << 20), BUF_INIT(1 << 20), BUF_INIT(1 << 20), BUF_INIT(1 << 20) };
    struct diag diag = { .line = 0 };
    (void)state;
    folder_make(first);
    folder_make(second);
    assert_made(first, &few);
    assert_made(second, &few);
    char path[128];
    snprintf(path, sizeof path, "%s/intake/79.sha256", first);
    assert_int_equal(sys_read(AT_FDCWD, path, &pair[0], &diag), STATUS_OK);
    snprintf(path, sizeof path, "%s/intake/79.sha256", second);
    assert_int_equal(sys_read(AT_FDCWD, path, &pair[1], &diag), STATUS_OK);
    snprintf(path, sizeof path, "%s/trust/root.crt", first);
    assert_int_equal(sys_read(AT_FDCWD, path, &pair[2], &diag), STATUS_OK);
    snprintf(path, sizeof path, "%s/trust/root.crt", second);
    assert_int_equal(sys_read(AT_FDCWD, path, &pair[3], &diag), STATUS_OK);
    /* The lists name every file with its digest. */
    assert_true(span_equal(buf_span(&pair[0]), buf_span(&pair[1])));
    assert_false(span_equal(buf_span(&pair[2]), buf_span(&pair[3])));
    for (size_t i = 0; i < 4; i++) {
        buf_release(&pair[i]);
    }
    folder_remove(first);
    folder_remove(second);
}

static void law_load(void)
{
    struct buf xml = repository_read("formats/law/vn.xml"), xsd = repository_read("formats/law/law.xsd");
    struct diag diag = { .line = 0 };
    assert_int_equal(law_new(buf_span(&xml), "vn.xml", buf_span(&xsd), &law, &diag), STATUS_OK);
    buf_release(&xml);
    buf_release(&xsd);
}

static int setup(void **state)
{
    struct diag diag = { .line = 0 };
    char path[DIAG_FILE_BYTES];
    int formats = -1;
    (void)state;
    umask(077);
    mem_init();
    setenv("CHITRA_NOW", "2026-10-01T08:00:00+07:00", 1);
    if (getenv("CHITRA_FORMATS") == NULL) {
        setenv("CHITRA_FORMATS", "formats", 1);
    }
    folder_make(folder);
    law_load();
    assert_int_equal(site_formats_open(&formats, path, &diag), STATUS_OK);
    assert_int_equal(demo_new(options(), formats, &demo, &diag), STATUS_OK);
    sys_dir_close(formats);
    assert_made(folder, options());
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    demo_release(&demo);
    law_free(law);
    folder_remove(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_below_stays_below_and_reaches_the_ends),
        cmocka_unit_test(test_demo_account_each_serial_has_its_own),
        cmocka_unit_test(test_demo_new_shares_all_people_among_the_units),
        cmocka_unit_test(test_demo_new_month_without_communes_is_refused),
        cmocka_unit_test(test_demo_rows_follow_from_the_seed),
        cmocka_unit_test(test_demo_row_write_has_a_field_for_each_column),
        cmocka_unit_test(test_demo_site_make_first_month_is_approved_and_lawful),
        cmocka_unit_test(test_demo_later_make_second_month_holds_changes_only),
        cmocka_unit_test(test_demo_site_make_opens_and_signs),
        cmocka_unit_test(test_demo_site_make_keys_are_new_and_rows_the_same),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
