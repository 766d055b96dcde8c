/* officer.c: does nobody act under another's name, on what they prepared, or with what was signed for something else? */
#include "test_run_site.h"

#include "run/officer.h"

#define CERTIFIER "Người duyệt chi (demo)"
#define PREPARER "Người lập (demo)"

/* A demonstration site, opened anew for each test, since tests change its configuration in memory. */
static struct run_site demo;
static struct site site;
static struct ledger *ledger;
static struct diag diag;
static struct officer officer;
static char key_path[2][128];
enum { KEY_CERTIFIER, KEY_PREPARER };

static struct site_officer *bound(const char *name)
{
    for (unsigned i = 0; i < site.config->officer_count; i++) {
        if (strcmp(site.config->officer[i].name, name) == 0) {
            return &site.config->officer[i];
        }
    }
    fail_msg("no officer %s", name);
    return NULL;
}

static enum status claim(const char *name, const char *key, enum officer_role role)
{
    struct officer_claim made = { name, key };

    officer_release(&officer);
    return officer_new(&site, ledger, &made, role, &officer, &diag);
}

static void certifier(void)
{
    must(claim(CERTIFIER, key_path[KEY_CERTIFIER], ROLE_CERTIFIES), &diag);
}

/* A run that was prepared so, under the site's configuration. */
static int64_t run_by(const char *user, const char *name, const struct digest *key)
{
    struct ledger_run run = { .period = OCTOBER, .created_at = "2026-10-01T08:00:00+07:00", .pay_date = DAY_NONE,
                              .config = site.config_digest };

    snprintf(run.who, sizeof(run.who), "%s", user);
    snprintf(run.officer, sizeof(run.officer), "%s", name);
    if (key != NULL) {
        run.officer_key = *key;
    }
    must(ledger_begin(ledger, &diag), &diag);
    must(ledger_run_add(ledger, &run, &diag), &diag);
    must(ledger_commit(ledger, &diag), &diag);
    return run.run;
}

/* ---- who it is ---- */

static void test_officer_new_nobody_named_is_the_user(void **state)
{
    char user[64];

    (void)state;
    sys_user(user, sizeof(user));
    must(claim(NULL, NULL, ROLE_CERTIFIES), &diag);
    assert_string_equal(officer.who, user);
    assert_string_equal(officer.name, "");
    assert_null(officer.signer);
    assert_int_equal(claim(NULL, key_path[KEY_CERTIFIER], ROLE_CERTIFIES), STATUS_USAGE);
    assert_int_equal(claim("", NULL, ROLE_CERTIFIES), STATUS_USAGE);
    assert_int_equal(claim("A\nB", NULL, ROLE_CERTIFIES), STATUS_USAGE);
}

static void test_officer_new_name_without_key_proves_nothing(void **state)
{
    (void)state;
    must(claim(CERTIFIER, NULL, ROLE_CERTIFIES), &diag);
    assert_null(officer.bound);
    assert_string_not_equal(officer.who, CERTIFIER);        /* with the user who says so */
    assert_non_null(strstr(officer.who, CERTIFIER));
}

static void test_officer_new_key_must_be_the_officers(void **state)
{
    (void)state;
    certifier();
    assert_string_equal(officer.who, CERTIFIER);
    assert_ptr_equal(officer.bound, bound(CERTIFIER));
    assert_int_equal(claim(CERTIFIER, key_path[KEY_PREPARER], ROLE_CERTIFIES), STATUS_SIGNATURE);
    assert_int_equal(claim("Nobody", key_path[KEY_CERTIFIER], ROLE_CERTIFIES), STATUS_SIGNATURE);
    assert_int_equal(claim(PREPARER, key_path[KEY_PREPARER], ROLE_CERTIFIES), STATUS_SIGNATURE);
    assert_non_null(strstr(diag.what, "may not certify"));
    must(claim(PREPARER, key_path[KEY_PREPARER], ROLE_PREPARES), &diag);
    assert_int_equal(claim(CERTIFIER, "keys/none.key", ROLE_CERTIFIES), STATUS_NO_INPUT);
}

static void test_officer_new_only_in_office(void **state)
{
    (void)state;
    bound(CERTIFIER)->until = day_of((struct civil){ 2026, 10, 1 });    /* today */
    certifier();
    bound(CERTIFIER)->until--;
    assert_int_equal(claim(CERTIFIER, key_path[KEY_CERTIFIER], ROLE_CERTIFIES), STATUS_SIGNATURE);
    assert_non_null(strstr(diag.what, "not in office"));
    bound(CERTIFIER)->until = DAY_NONE;
    bound(CERTIFIER)->from = day_of((struct civil){ 2026, 10, 2 });
    assert_int_equal(claim(CERTIFIER, key_path[KEY_CERTIFIER], ROLE_CERTIFIES), STATUS_SIGNATURE);
}

static void test_officer_new_expired_certificate_signs_nothing(void **state)
{
    (void)state;
    assert_int_equal(setenv("CHITRA_NOW", "2046-10-01T08:00:00+07:00", 1), 0);
    assert_int_equal(claim(CERTIFIER, key_path[KEY_CERTIFIER], ROLE_CERTIFIES), STATUS_SIGNATURE);
    assert_non_null(strstr(diag.what, "not valid at"));
    assert_int_equal(setenv("CHITRA_NOW", "2026-10-01T08:00:00+07:00", 1), 0);
}

/* ---- whether they may ---- */

static void test_officer_check_dual_wants_a_key_and_another_person(void **state)
{
    (void)state;
    int64_t other = run_by("operator", "", NULL);
    must(claim(NULL, NULL, ROLE_CERTIFIES), &diag);
    must(officer_check(&officer, other, "79", &diag), &diag);           /* policy auto: nobody need be named */
    site.config->release = RELEASE_DUAL;
    assert_int_equal(officer_check(&officer, other, "79", &diag), STATUS_SIGNATURE);
    assert_int_equal(officer_check(&officer, 0, "", &diag), STATUS_SIGNATURE);
    must(claim(CERTIFIER, NULL, ROLE_CERTIFIES), &diag);
    assert_int_equal(officer_check(&officer, other, "79", &diag), STATUS_SIGNATURE);

    certifier();
    must(officer_check(&officer, other, "79", &diag), &diag);
    must(officer_check(&officer, other, "", &diag), &diag);
    must(officer_check(&officer, 0, "79", &diag), &diag);
    int64_t own = run_by("operator", CERTIFIER, NULL);
    assert_int_equal(officer_check(&officer, own, "79", &diag), STATUS_SIGNATURE);
    assert_non_null(strstr(diag.what, "same person"));
    int64_t renamed = run_by("operator", "Another name", certificate_key(signer_certificate(officer.signer)));
    assert_int_equal(officer_check(&officer, renamed, "79", &diag), STATUS_SIGNATURE);
    assert_non_null(strstr(diag.what, "same key"));
    snprintf(bound(CERTIFIER)->user, sizeof(bound(CERTIFIER)->user), "operator");
    assert_int_equal(officer_check(&officer, other, "79", &diag), STATUS_SIGNATURE);
    assert_non_null(strstr(diag.what, "login"));
    /* Under the other policies one person may do both. */
    site.config->release = RELEASE_MANUAL;
    must(officer_check(&officer, own, "79", &diag), &diag);
}

static void test_officer_check_only_for_the_officers_units(void **state)
{
    (void)state;
    certifier();
    bound(CERTIFIER)->right[0].units = UINT64_C(1) << site_unit_find(site.config, span_of("01"));
    must(officer_check(&officer, 0, "01", &diag), &diag);
    assert_int_equal(officer_check(&officer, 0, "79", &diag), STATUS_SIGNATURE);
    assert_non_null(strstr(diag.what, "79"));
}

/* Whoever can edit chitra.xml cannot release alone what was prepared under policy dual. */
static void test_officer_check_policy_of_the_run_stays(void **state)
{
    struct buf xml = BUF_INIT(1 << 20);
    char *policy;

    (void)state;
    must(buf_add(&xml, site.config_xml.data, site.config_xml.size), &diag);
    must(buf_add(&xml, "", 1), &diag);
    policy = strstr(xml.data, "release=\"auto\"");
    assert_non_null(policy);
    memcpy(policy, "release=\"dual\"", 14);
    struct span dual = { xml.data, xml.size - 1 };
    must(archive_store(&site, dual, &site.config_digest, &diag), &diag);
    int64_t run = run_by("operator", "", NULL);
    must(claim(NULL, NULL, ROLE_CERTIFIES), &diag);
    assert_int_equal(officer_check(&officer, run, "79", &diag), STATUS_SIGNATURE);
    certifier();
    must(officer_check(&officer, run, "79", &diag), &diag);
    buf_release(&xml);
}

/* ---- what they do ---- */

struct acted {
    struct ledger_event event;
    struct ledger_signature signature;
};

static void act(struct arena *arena, const char *kind, const char *subject, const char *content, struct acted *acted)
{
    struct ledger_event event = { .kind = kind, .subject = subject, .unit = "79", .why = "as asked" };
    bool more = true;

    must(ledger_begin(ledger, &diag), &diag);
    must(officer_act(&officer, &event, span_of(content), &diag), &diag);
    must(ledger_commit(ledger, &diag), &diag);
    for (int64_t after = 0; more; after = acted->signature.event) {     /* the last one */
        struct acted next;
        must(ledger_signature_next(ledger, after, arena, &next.signature, &next.event, &more, &diag), &diag);
        *acted = more ? next : *acted;
    }
}

static void test_officer_act_signature_is_good_for_its_event_alone(void **state)
{
    struct arena arena = ARENA_INIT;
    struct acted one = { .signature = { .event = 0 } }, two = one;

    (void)state;
    certifier();
    act(&arena, "files.releasing", "202610-R1-1", "file a\n", &one);
    act(&arena, "files.releasing", "202610-R2-9", "file b\n", &two);
    must(officer_verify(&site, &one.event, &one.signature, &diag), &diag);
    must(officer_verify(&site, &two.event, &two.signature, &diag), &diag);

    /* The release of one run, put in place of the other's: the signature itself is good, and stands for nothing. */
    struct acted replayed = { two.event, one.signature };
    const struct certificate *own = signer_certificate(officer.signer);
    struct cms_signature made;
    must(cms_verify(replayed.signature.der, replayed.signature.content, &own, 1, officer.time, "replayed", &made, &diag), &diag);
    assert_int_equal(officer_verify(&site, &replayed.event, &replayed.signature, &diag), STATUS_CONFLICT);
    replayed.event.digest = one.event.digest;       /* even if the event is made to fit */
    assert_int_equal(officer_verify(&site, &replayed.event, &replayed.signature, &diag), STATUS_CONFLICT);

    struct acted changed = one;
    changed.signature.content = two.signature.content;
    changed.event = two.event;
    assert_int_equal(officer_verify(&site, &changed.event, &changed.signature, &diag), STATUS_SIGNATURE);
    changed = one;
    changed.event.who = PREPARER;
    assert_int_equal(officer_verify(&site, &changed.event, &changed.signature, &diag), STATUS_CONFLICT);
    arena_release(&arena);
}

static void test_officer_verify_by_the_configuration_of_then(void **state)
{
    struct arena arena = ARENA_INIT;
    struct acted one = { .signature = { .event = 0 } };

    (void)state;
    certifier();
    act(&arena, "files.releasing", "202610-R1-1", "file a\n", &one);
    /* Certificates that left trust/ and officers who left chitra.xml change nothing. */
    size_t count = site.trusted_count;
    site.trusted_count = 0;
    must(officer_verify(&site, &one.event, &one.signature, &diag), &diag);
    site.trusted_count = count;
    /* A configuration that did not bind the certificate to the name does. */
    static const char other[] =
        "<site xmlns=\"urn:chitra:config:1\" opening=\"2026-10\"><agency name=\"A\" country=\"VN\"/><policy/>"
        "<signing key=\"keys/site.key\" certificate=\"trust/site.crt\"/><unit code=\"01\" name=\"n\" party=\"p\" default=\"970436\">"
        "<account bank=\"970436\" profile=\"x\" number=\"1\"/><post name=\"P\" bank=\"970449\" account=\"1\"/></unit>"
        "<pay-day rule=\"working-day\" number=\"1\"/></site>";
    must(archive_store(&site, span_of(other), &one.signature.config, &diag), &diag);
    assert_int_equal(officer_verify(&site, &one.event, &one.signature, &diag), STATUS_SIGNATURE);
    arena_release(&arena);
}

static void test_officer_act_without_key_is_an_event_alone(void **state)
{
    struct arena arena = ARENA_INIT;
    struct acted none = { .signature = { .event = 0 } };
    struct ledger_event event = { .kind = "k", .subject = "s", .unit = "", .why = "two\nlines" };

    (void)state;
    must(claim(NULL, NULL, ROLE_CERTIFIES), &diag);
    act(&arena, "hold.made", "E/1", "", &none);
    assert_int_equal(none.signature.event, 0);
    assert_int_equal(officer_act(&officer, &event, SPAN_EMPTY, &diag), STATUS_USAGE);
    arena_release(&arena);
}

static int open_site(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof path, "%s/state/ledger.db", demo.folder);
    (void)unlink(path);
    snprintf(path, sizeof path, "%s/archive/journal", demo.folder);     /* or the ledger would be one that was restored */
    if (access(path, F_OK) == 0) {
        folder_remove(path);
    }
    officer = (struct officer){ .signer = NULL };
    must(site_open(demo.folder, SITE_WRITE, &site, &diag), &diag);
    must(ledger_open(demo.folder, LEDGER_WRITE, &ledger, &diag), &diag);
    must(archive_store(&site, site.config_xml, &site.config_digest, &diag), &diag);     /* as a run seals it */
    return 0;
}

static int close_site(void **state)
{
    (void)state;
    officer_release(&officer);
    ledger_close(ledger);
    site_close(&site);
    return 0;
}

static int site_make(void **state)
{
    (void)state;
    run_site_make(&demo);
    snprintf(key_path[KEY_CERTIFIER], sizeof key_path[0], "%s/keys/certifier.key", demo.folder);
    snprintf(key_path[KEY_PREPARER], sizeof key_path[0], "%s/keys/preparer.key", demo.folder);
    return 0;
}

static int site_end(void **state)
{
    (void)state;
    run_site_end(&demo);
    return 0;
}

#define IN_SITE(test) cmocka_unit_test_setup_teardown(test, open_site, close_site)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SITE(test_officer_new_nobody_named_is_the_user),
        IN_SITE(test_officer_new_name_without_key_proves_nothing),
        IN_SITE(test_officer_new_key_must_be_the_officers),
        IN_SITE(test_officer_new_only_in_office),
        IN_SITE(test_officer_new_expired_certificate_signs_nothing),
        IN_SITE(test_officer_check_dual_wants_a_key_and_another_person),
        IN_SITE(test_officer_check_only_for_the_officers_units),
        IN_SITE(test_officer_check_policy_of_the_run_stays),
        IN_SITE(test_officer_act_signature_is_good_for_its_event_alone),
        IN_SITE(test_officer_verify_by_the_configuration_of_then),
        IN_SITE(test_officer_act_without_key_is_an_event_alone),
    };
    return cmocka_run_group_tests(tests, site_make, site_end);
}
