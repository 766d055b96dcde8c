/* src/run/take/take.h: is a file taken from intake/ for what its name, its family and its approval say? */
#include "test_run_site.h"

#include "run/take/take.h"

static struct run_site run_site;

static void test_take_entry_of_name_tells_by_its_end(void **state)
{
    (void)state;
    assert_int_equal(take_entry_of("a.csv"), TAKE_ROWS);
    assert_int_equal(take_entry_of("a.csv.gz"), TAKE_ROWS);
    assert_int_equal(take_entry_of("a.sha256"), TAKE_LIST);
    assert_int_equal(take_entry_of("a.sha256.p7s"), TAKE_SIGNATURE);
    assert_int_equal(take_entry_of("a.CSV"), TAKE_OTHER);
    assert_int_equal(take_entry_of("a.csv~"), TAKE_OTHER);
    assert_int_equal(take_entry_of("a.gz"), TAKE_OTHER);
    assert_int_equal(take_entry_of(".csv"), TAKE_OTHER);
    assert_int_equal(take_entry_of(""), TAKE_OTHER);
}

static void test_take_family_check_refuses_cash_results(void **state)
{
    (void)state;
    for (int family = 0; family <= FAMILY_COUNT; family++) {
        bool taken = family != FAMILY_cash_results;
        struct diag diag = { .line = 0 };
        assert_int_equal(take_family_check((enum family)family, &diag), taken ? STATUS_OK : STATUS_INPUT);
    }
}

/* One believed list that names one content of a file, and a later one of the same. */
static void approvals_of(struct approvals *approvals, struct digest *sha256)
{
    approvals->count = 2;
    approvals->item = mem_alloc(2, sizeof(struct approved));
    digest_of(span_of("content"), sha256);
    for (size_t i = 0; i < 2; i++) {
        struct approved *approved = &approvals->item[i];
        approved->list.count = 1;
        approved->list.item = mem_alloc(1, sizeof(struct intake_approved));
        approved->list.item[0].name = mem_text("a.csv");
        memcpy(approved->list.item[0].sha256, sha256->bytes, DIGEST_BYTES);
        approved->approval.signed_at = i == 0 ? 200 : 100;
        snprintf(approved->approval.name, sizeof(approved->approval.name), i == 0 ? "late.sha256" : "early.sha256");
    }
}

static void test_approval_of_content_under_its_name_gets_the_latest(void **state)
{
    struct world world = { .site = &run_site.site };
    struct approvals approvals;
    struct ledger_approval approval;
    struct digest sha256, other;
    struct diag diag = { .line = 0 };

    (void)state;
    approvals_of(&approvals, &sha256);
    assert_int_equal(approval_of(&approvals, &world, "intake/a.csv", &sha256, &approval, &diag), STATUS_OK);
    assert_string_equal(approval.name, "late.sha256");

    digest_of(span_of("other"), &other);
    assert_int_equal(approval_of(&approvals, &world, "intake/a.csv", &other, &approval, &diag), STATUS_SIGNATURE);
    assert_non_null(strstr(diag.what, "not the one that was approved"));
    assert_string_equal(diag.file, "intake/a.csv");
    assert_string_equal(approval.name, "");
    assert_int_equal(approval_of(&approvals, &world, "intake/b.csv", &sha256, &approval, &diag), STATUS_SIGNATURE);
    assert_non_null(strstr(diag.what, "no valid approval"));
    approvals_release(&approvals);
    assert_int_equal(approvals.count, 0);
}

static void test_approval_of_open_intake_takes_what_nobody_named_but_no_other_content(void **state)
{
    struct world world = { .site = &run_site.site };
    struct approvals approvals;
    struct ledger_approval approval;
    struct digest sha256, other;
    struct diag diag = { .line = 0 };

    (void)state;
    approvals_of(&approvals, &sha256);
    digest_of(span_of("other"), &other);
    run_site.site.config->intake_open = true;
    assert_int_equal(approval_of(&approvals, &world, "intake/b.csv", &other, &approval, &diag), STATUS_OK);
    assert_string_equal(approval.name, "");
    assert_int_equal(approval_of(&approvals, &world, "intake/a.csv", &other, &approval, &diag), STATUS_SIGNATURE);
    run_site.site.config->intake_open = false;
    approvals_release(&approvals);
}

static void test_approval_of_name_that_the_ledger_cannot_hold_is_limit(void **state)
{
    struct world world = { .site = &run_site.site };
    struct approvals none = { .item = NULL };
    struct ledger_approval approval;
    struct digest sha256;
    struct diag diag = { .line = 0 };
    char path[DIAG_FILE_BYTES + 1] = "intake/";

    (void)state;
    digest_of(span_of("content"), &sha256);
    memset(path + 7, 'a', DIAG_FILE_BYTES - 7);
    run_site.site.config->intake_open = true;
    assert_int_equal(approval_of(&none, &world, path, &sha256, &approval, &diag), STATUS_LIMIT);
    path[DIAG_FILE_BYTES - 1] = '\0';
    assert_int_equal(approval_of(&none, &world, path, &sha256, &approval, &diag), STATUS_OK);
    run_site.site.config->intake_open = false;
}

static void test_approvals_add_list_without_signature_is_refused_unless_it_names_others(void **state)
{
    struct world world = { .site = &run_site.site };
    struct approvals approvals = { .item = NULL };
    struct diag diag = { .line = 0 };
    static const char list[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.csv\n";

    (void)state;
    file_put(run_site.folder, "plain.sha256", span_of(list));
    assert_int_equal(approvals_add(&approvals, &world, run_site.site.dir, "plain.sha256", NULL, &diag),
                     STATUS_SIGNATURE);
    assert_string_equal(diag.file, "plain.sha256.p7s");
    assert_int_equal(approvals_add(&approvals, &world, run_site.site.dir, "plain.sha256", "a.csv", &diag),
                     STATUS_SIGNATURE);
    assert_int_equal(approvals_add(&approvals, &world, run_site.site.dir, "plain.sha256", "b.csv", &diag), STATUS_OK);
    assert_int_equal(approvals.count, 0);
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
        cmocka_unit_test(test_take_entry_of_name_tells_by_its_end),
        cmocka_unit_test(test_take_family_check_refuses_cash_results),
        cmocka_unit_test(test_approval_of_content_under_its_name_gets_the_latest),
        cmocka_unit_test(test_approval_of_open_intake_takes_what_nobody_named_but_no_other_content),
        cmocka_unit_test(test_approval_of_name_that_the_ledger_cannot_hold_is_limit),
        cmocka_unit_test(test_approvals_add_list_without_signature_is_refused_unless_it_names_others),
    };
    return cmocka_run_group_tests(tests, site_make, site_end);
}
