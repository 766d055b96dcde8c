/* Is a configuration understood, and is each fault refused with its line? When is a month paid? */
#include "test_site_support.h"

#include "chitra/text.h"

#define HEAD                                                                        \
    "<site xmlns=\"urn:chitra:config:1\" opening=\"2026-10\">\n"                    \
    "<agency name=\"Bảo hiểm xã hội\" country=\"VN\"/>\n"                           \
    "<policy release=\"auto\" intake=\"open\"/>\n"
#define WALLETS "<wallets families=\"other  sickness\"/>\n"
#define SIGNING "<signing key=\"keys/site.key\" certificate=\"trust/site.crt\"/>\n"
#define F0 "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff"
#define F1 "11ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff"
#define CERTIFICATE(fingerprint) "<certificate fingerprint=\"" fingerprint "\"/>"
#define OFFICER(attributes, content) "<officer " attributes ">" content "</officer>\n"
#define OFFICE OFFICER("name=\"Office\"", CERTIFICATE(F0) "<approves/>")
#define POST "<post advance-days=\"4\" name=\"Bưu điện\" bank=\"970449\" account=\"77\"/>"
#define VCB "<account bank=\"970436\" profile=\"vietcombank\" number=\"001\"/>"
#define CTG "<account bank=\"970415\" profile=\"vietinbank\" number=\"002\" wallet=\"true\"/>"
#define ROUTE "<route bank=\"970405\" from=\"970415\"/>"
#define UNIT_01 "<unit code=\"01\" name=\"Hà Nội\" party=\"U-01\" default=\"970415\">" VCB CTG ROUTE POST "</unit>\n"
#define UNIT_79 "<unit intake=\"full\" code=\"79\" name=\"TP HCM\" party=\"U-79\" default=\"970436\">" VCB CTG POST "</unit>\n"
#define PAY_DAY "<pay-day rule=\"working-day\" number=\"1\"/>\n"
#define TAIL "</site>\n"

static struct buf xsd;

static enum status read_config(const char *xml, struct site_config **config, struct diag *diag)
{
    *diag = (struct diag){ .line = 0 };
    return site_config_new(span_of(xml), "chitra.xml", buf_span(&xsd), config, diag);
}

static struct site_config *config_of(const char *xml)
{
    struct site_config *config = NULL;
    struct diag diag;
    char text[DIAG_BYTES_MAX];
    if (read_config(xml, &config, &diag) != STATUS_OK) {
        diag_text(&diag, text, sizeof text);
        fail_msg("%s", text);
    }
    return config;
}

/* Refused as configuration, with the line and a word of the reason. */
static void assert_refused(const char *xml, uint64_t line, const char *word)
{
    struct site_config *config = NULL;
    struct diag diag;
    assert_int_equal(read_config(xml, &config, &diag), STATUS_CONFIG);
    assert_null(config);
    if (strstr(diag.what, word) == NULL || diag.line != line) {
        fail_msg("found \"%s\" in line %llu", diag.what, (unsigned long long)diag.line);
    }
}

static day_t day(int year, int month, int number)
{
    return day_of((struct civil){ year, month, number });
}

static void test_site_config_new_whole_is_understood(void **state)
{
    (void)state;
    struct site_config *config = config_of(HEAD WALLETS SIGNING OFFICE UNIT_01 UNIT_79 PAY_DAY
        "<holiday date=\"2027-01-01\" name=\"b\"/>\n<holiday date=\"2026-09-02\"/>\n"
        "<target from=\"2025-01\" percent=\"68\" families=\"pension survivor\" source=\"s\"/>\n" TAIL);
    assert_string_equal(config->agency, "Bảo hiểm xã hội");
    assert_string_equal(config->country, "VN");
    assert_int_equal(config->opening, month_of(2026, 10));
    assert_int_equal(config->release, RELEASE_AUTO);
    assert_true(config->intake_open);
    assert_int_equal(config->wallet_families, 1u << FAMILY_other | 1u << FAMILY_sickness);
    assert_string_equal(config->key, "keys/site.key");
    assert_string_equal(config->certificate, "trust/site.crt");
    assert_false(config->unit[0].full);
    assert_true(config->unit[1].full);
    assert_int_equal(config->officer_count, 1);
    assert_int_equal(config->officer[0].certificate[0].bytes[1], 0xff);
    assert_int_equal(config->holiday_count, 2);
    assert_int_equal(config->holiday[0], day(2026, 9, 2));
    assert_int_equal(config->target_count, 1);
    assert_int_equal(config->target[0].share.num, 68);
    assert_int_equal(config->target[0].share.den, 100);
    assert_int_equal(config->target[0].families, 1u << FAMILY_pension | 1u << FAMILY_survivor);
    site_config_free(config);
}

static void test_site_config_new_unit_is_understood(void **state)
{
    (void)state;
    struct site_config *config = config_of(HEAD SIGNING UNIT_01 PAY_DAY TAIL);
    const struct site_unit *unit = &config->unit[0];
    assert_int_equal(config->unit_count, 1);
    assert_string_equal(unit->code, "01");
    assert_string_equal(unit->party_id, "U-01");
    assert_int_equal(unit->account_count, 2);
    assert_int_equal(unit->account_default, 1);
    assert_string_equal(unit->account[0].profile, "vietcombank");
    assert_string_equal(unit->account[1].number, "002");
    assert_false(unit->account[0].wallet);
    assert_true(unit->account[1].wallet);
    assert_int_equal(unit->route_count, 1);
    assert_string_equal(unit->route[0].bin, "970405");
    assert_int_equal(unit->route[0].account, 1);
    assert_string_equal(unit->post.bin, "970449");
    assert_string_equal(unit->post.account, "77");
    assert_int_equal(unit->post.advance_days, 4);
    site_config_free(config);
}

static void test_site_config_new_policy_left_out_is_strict(void **state)
{
    (void)state;
    struct site_config *config = config_of("<site xmlns=\"urn:chitra:config:1\" opening=\"2026-10\">"
        "<agency name=\"A\" country=\"VN\"/><policy/>" SIGNING UNIT_01 PAY_DAY TAIL);
    assert_int_equal(config->release, RELEASE_MANUAL);
    assert_false(config->intake_open);
    assert_int_equal(config->wallet_families, 0);
    assert_int_equal(config->officer_count, 0);
    site_config_free(config);
}

static void test_site_config_new_unit_twice_is_refused(void **state)
{
    (void)state;
    assert_refused(HEAD SIGNING UNIT_01 UNIT_01 PAY_DAY TAIL, 6, "unit stands twice");
}

static void test_site_config_new_bad_accounts_are_refused(void **state)
{
    (void)state;
    assert_refused(HEAD SIGNING "<unit code=\"01\" name=\"n\" party=\"p\" default=\"970436\">" VCB "\n" VCB POST "</unit>" PAY_DAY TAIL,
                   6, "two accounts at one bank");
    assert_refused(HEAD SIGNING "<unit code=\"01\" name=\"n\" party=\"p\" default=\"970405\">" VCB POST "</unit>" PAY_DAY TAIL,
                   5, "default names no account");
    assert_refused(HEAD WALLETS SIGNING "<unit code=\"01\" name=\"n\" party=\"p\" default=\"970436\">" VCB POST "</unit>" PAY_DAY TAIL,
                   6, "no account for them");
    assert_refused(HEAD SIGNING "<unit code=\"01\" name=\"n\" party=\"p\" default=\"970415\">" CTG
                   "<account bank=\"970405\" profile=\"x\" number=\"9\" wallet=\"1\"/>" POST "</unit>" PAY_DAY TAIL,
                   5, "two accounts for wallets");
}

static void test_site_config_new_bad_routes_are_refused(void **state)
{
    (void)state;
#define ROUTED(routes) HEAD SIGNING "<unit code=\"01\" name=\"n\" party=\"p\" default=\"970436\">" VCB "\n" routes POST "</unit>" PAY_DAY TAIL
    assert_refused(ROUTED("<route bank=\"970405\" from=\"970415\"/>"), 6, "names no account");
    assert_refused(ROUTED("<route bank=\"970436\" from=\"970436\"/>"), 6, "its own account");
    assert_refused(ROUTED("<route bank=\"970405\" from=\"970436\"/>\n<route bank=\"970405\" from=\"970436\"/>"), 7, "two routes");
#undef ROUTED
}

static void test_site_config_new_what_the_schema_forbids_is_refused(void **state)
{
    static const char *const bad[] = {
        HEAD SIGNING PAY_DAY TAIL,                                      /* no unit */
        HEAD SIGNING UNIT_01 TAIL,                                      /* no pay day */
        HEAD SIGNING "<unit code=\"01\" name=\"n\" party=\"p\" default=\"970436\">" VCB "</unit>" PAY_DAY TAIL,  /* no post */
        HEAD SIGNING "<unit code=\"01\" name=\"n\" party=\"p\" default=\"970436\">"
            "<account bank=\"970436\" profile=\"../x\" number=\"1\"/>" POST "</unit>" PAY_DAY TAIL,
        HEAD "<signing key=\"keys/../x\" certificate=\"trust/site.crt\"/>" UNIT_01 PAY_DAY TAIL,
        HEAD "<signing key=\"/keys/x\" certificate=\"trust/site.crt\"/>" UNIT_01 PAY_DAY TAIL,
        HEAD SIGNING UNIT_01 PAY_DAY "<holiday date=\"2026-02-30\"/>" TAIL,
        HEAD SIGNING UNIT_01 PAY_DAY "<target from=\"2025-01\" percent=\"101\" families=\"pension\" source=\"s\"/>" TAIL,
        HEAD SIGNING UNIT_01 PAY_DAY "<target from=\"2025-01\" percent=\"68\" families=\"pensions\" source=\"s\"/>" TAIL,
        HEAD SIGNING UNIT_01 "<pay-day rule=\"working-day\" number=\"0\"/>" TAIL,
        HEAD SIGNING UNIT_01 PAY_DAY "<unknown/>" TAIL,
        HEAD "<screens><jump/></screens>" SIGNING UNIT_01 PAY_DAY TAIL,                     /* no percent */
        HEAD "<screens><jump percent=\"0\"/></screens>" SIGNING UNIT_01 PAY_DAY TAIL,
        HEAD "<screens><excluded action=\"stop\"/></screens>" SIGNING UNIT_01 PAY_DAY TAIL,
        HEAD "<screens><look-alike days=\"31\" action=\"hold\"/></screens>" SIGNING UNIT_01 PAY_DAY TAIL,
        HEAD SIGNING OFFICER("name=\"B\"", "<approves/>") UNIT_01 PAY_DAY TAIL,            /* no certificate */
        HEAD SIGNING OFFICER("name=\"B\"", CERTIFICATE(F0)) UNIT_01 PAY_DAY TAIL,          /* no role */
        HEAD SIGNING OFFICER("name=\"B\"", CERTIFICATE(F0) "<approves families=\"cash-results\"/>") UNIT_01 PAY_DAY TAIL,
        HEAD SIGNING OFFICER("name=\"B\"", CERTIFICATE(F0) "<approves units=\"\"/>") UNIT_01 PAY_DAY TAIL,
        HEAD SIGNING OFFICER("name=\"B\"", CERTIFICATE(F0) "<answers/>") UNIT_01 PAY_DAY TAIL,
        HEAD SIGNING OFFICER("name=\"B\"", CERTIFICATE("00") "<approves/>") UNIT_01 PAY_DAY TAIL,
        "<site opening=\"2026-10\"/>",                                  /* another namespace */
        "<!DOCTYPE site><site/>", "not XML", "",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct site_config *config = NULL;
        struct diag diag;
        if (read_config(bad[i], &config, &diag) != STATUS_CONFIG) {
            fail_msg("case %zu was not refused", i);
        }
        assert_null(config);
    }
}

static void test_site_config_new_bad_pay_days_are_refused(void **state)
{
    (void)state;
    assert_refused(HEAD SIGNING UNIT_01 "<pay-day channel=\"bank\" rule=\"working-day\" number=\"1\"/>" TAIL, 1, "one pay-day without");
    assert_refused(HEAD SIGNING UNIT_01 PAY_DAY "<pay-day unit=\"79\" rule=\"working-day\" number=\"1\"/>" TAIL, 7, "names no unit");
    assert_refused(HEAD SIGNING UNIT_01 "<pay-day rule=\"working-day\" number=\"16\"/>" TAIL, 6, "out of range");
    site_config_free(config_of(HEAD SIGNING UNIT_01 "<pay-day rule=\"working-day\" number=\"15\"/>" TAIL));
    site_config_free(config_of(HEAD SIGNING UNIT_01 "<pay-day rule=\"day-of-month\" number=\"28\"/>" TAIL));
}

static void test_site_config_new_targets_out_of_order_are_refused(void **state)
{
    (void)state;
    assert_refused(HEAD SIGNING UNIT_01 PAY_DAY
        "<target from=\"2030-01\" percent=\"75\" families=\"pension\" source=\"s\"/>\n"
        "<target from=\"2030-01\" percent=\"68\" families=\"pension\" source=\"s\"/>\n" TAIL, 8, "order of their months");
}

static void test_site_config_new_long_name_counts_bytes(void **state)
{
    char xml[4096], name[512] = "";
    struct site_config *config = NULL;
    struct diag diag;
    (void)state;
    for (int i = 0; i < 70; i++) {
        strcat(name, "ệ");      /* three bytes: 70 characters, 210 bytes */
    }
    snprintf(xml, sizeof xml, "<site xmlns=\"urn:chitra:config:1\" opening=\"2026-10\"><agency name=\"%s\" country=\"VN\"/><policy/>%s",
             name, SIGNING UNIT_01 PAY_DAY TAIL);
    assert_int_equal(read_config(xml, &config, &diag), STATUS_CONFIG);
    assert_non_null(strstr(diag.what, "too long"));
}

static struct digest fingerprint_of(const char *hex)
{
    struct digest digest;
    assert_true(text_unhex(span_of(hex), digest.bytes, DIGEST_BYTES));
    return digest;
}

static void test_site_config_new_officer_is_understood(void **state)
{
    (void)state;
    struct site_config *config = config_of(HEAD SIGNING
        OFFICER("name=\"An\" user=\"an.nt\" from=\"2026-10-01\" until=\"2027-03-31\"",
                CERTIFICATE(F0) CERTIFICATE(F1) "<approves families=\"pension stops\" units=\"79\"/>"
                "<approves families=\"sickness\"/><answers bank=\"970436\"/>")
        UNIT_01 UNIT_79 PAY_DAY TAIL);
    struct digest first = fingerprint_of(F0), second = fingerprint_of(F1);
    const struct site_officer *officer = officer_of_certificate(config, &second);
    assert_ptr_equal(officer, officer_of_certificate(config, &first));
    assert_ptr_equal(officer, officer_of_name(config, "An"));
    assert_string_equal(officer->user, "an.nt");
    assert_false(officer_in_office(officer, day(2026, 9, 30)));
    assert_true(officer_in_office(officer, day(2026, 10, 1)));
    assert_true(officer_in_office(officer, day(2027, 3, 31)));
    assert_false(officer_in_office(officer, day(2027, 4, 1)));
    assert_int_equal(officer_units(officer, ROLE_APPROVES, FAMILY_pension), 2);
    assert_int_equal(officer_units(officer, ROLE_APPROVES, FAMILY_stops), 2);
    assert_int_equal(officer_units(officer, ROLE_APPROVES, FAMILY_sickness) & 3, 3);
    assert_int_equal(officer_units(officer, ROLE_APPROVES, FAMILY_corrections), 0);
    assert_int_equal(officer_units(officer, ROLE_CERTIFIES, FAMILY_COUNT), 0);
    assert_true(officer_answers(officer, "970436"));
    assert_false(officer_answers(officer, "970415"));
    assert_null(officer_of_name(config, "an"));
    second.bytes[0] ^= 1;
    assert_null(officer_of_certificate(config, &second));
    site_config_free(config);
}

static void test_site_config_new_officer_without_limits_has_all(void **state)
{
    (void)state;
    struct site_config *config = config_of(HEAD SIGNING OFFICE UNIT_01 UNIT_79 PAY_DAY TAIL);
    const struct site_officer *officer = officer_of_name(config, "Office");
    assert_true(officer_in_office(officer, day(1970, 1, 1)));
    assert_int_equal(officer_units(officer, ROLE_APPROVES, FAMILY_orders) & 3, 3);
    assert_int_equal(officer_units(officer, ROLE_PAYS_CASH, FAMILY_COUNT), 0);
    assert_false(officer_answers(officer, ""));
    site_config_free(config);
}

static void test_site_config_new_bad_officers_are_refused(void **state)
{
    (void)state;
#define OFFICERS(officers) HEAD SIGNING officers UNIT_01 UNIT_79 PAY_DAY TAIL
    assert_refused(OFFICERS(OFFICE OFFICER("name=\"Office\"", CERTIFICATE(F1) "<approves/>")), 6, "officer stands twice");
    assert_refused(OFFICERS(OFFICE OFFICER("name=\"B\"", CERTIFICATE(F0) "<approves/>")), 6, "certificate stands twice");
    assert_refused(OFFICERS(OFFICER("name=\"B\"", CERTIFICATE(F0) CERTIFICATE(F0) "<approves/>")), 5, "certificate stands twice");
    assert_refused(OFFICERS(OFFICER("name=\"B\"", CERTIFICATE(F0) "<approves units=\"77\"/>")), 5, "no such unit");
    assert_refused(OFFICERS(OFFICER("name=\"B\" from=\"2026-10-02\" until=\"2026-10-01\"", CERTIFICATE(F0) "<approves/>")),
                   5, "until lies before from");
    /* One person alone could pay anybody. */
    assert_refused(OFFICERS(OFFICER("name=\"B\"", CERTIFICATE(F0) "<certifies units=\"01\"/><approves units=\"79\"/>")), 5,
                   "approves and certifies");
    site_config_free(config_of(OFFICERS(OFFICER("name=\"B\"", CERTIFICATE(F0) "<certifies/><prepares/>"))));
#undef OFFICERS
}

static void test_site_config_new_screens_are_off_where_they_are_not_named(void **state)
{
    (void)state;
    struct site_config *config = config_of(HEAD SIGNING UNIT_01 PAY_DAY TAIL);
    for (int screen = 0; screen < SCREENS; screen++) {
        assert_int_equal(config->screens.action[screen], SCREEN_OFF);
    }
    assert_int_equal(config->screens.totals_percent, 0);
    site_config_free(config);
    config = config_of(HEAD "<screens><jump percent=\"50\"/><shared-account people=\"3\" action=\"warn\"/><named-deceased action=\"hold\"/>"
                       "<look-alike days=\"31\"/><totals percent=\"20\" families=\"pension injury\"/></screens>" SIGNING UNIT_01 PAY_DAY TAIL);
    const struct site_policy *policy = &config->screens;
    assert_int_equal(policy->action[SCREEN_NAMED_DECEASED], SCREEN_HOLD);
    assert_int_equal(policy->action[SCREEN_EXCLUDED], SCREEN_OFF);
    assert_int_equal(policy->action[SCREEN_SHARED_ACCOUNT], SCREEN_WARN);
    assert_int_equal(policy->limit[SCREEN_SHARED_ACCOUNT], 3);
    assert_int_equal(policy->action[SCREEN_ACCOUNT_CHANGED], SCREEN_OFF);
    assert_int_equal(policy->action[SCREEN_JUMP], SCREEN_HOLD);
    assert_int_equal(policy->limit[SCREEN_JUMP], 50);
    assert_int_equal(policy->action[SCREEN_LOOK_ALIKE], SCREEN_WARN);
    assert_int_equal(policy->limit[SCREEN_LOOK_ALIKE], 31);
    assert_int_equal(policy->totals_percent, 20);
    assert_int_equal(policy->totals_families, 1u << FAMILY_pension | 1u << FAMILY_injury);
    site_config_free(config);
}

static void test_site_unit_find_known_and_unknown(void **state)
{
    (void)state;
    struct site_config *config = config_of(HEAD SIGNING UNIT_01 UNIT_79 PAY_DAY TAIL);
    assert_int_equal(site_unit_find(config, span_of("01")), 0);
    assert_int_equal(site_unit_find(config, span_of("79")), 1);
    assert_int_equal(site_unit_find(config, span_of("7")), -1);
    assert_int_equal(site_unit_find(config, span_of("790")), -1);
    assert_int_equal(site_unit_find(config, SPAN_EMPTY), -1);
    site_config_free(config);
}

static void test_site_is_working_day_weekends_and_holidays_are_none(void **state)
{
    (void)state;
    struct site_config *config = config_of(HEAD SIGNING UNIT_01 PAY_DAY "<holiday date=\"2026-09-02\"/>" TAIL);
    assert_true(site_is_working_day(config, day(2026, 9, 1)));
    assert_false(site_is_working_day(config, day(2026, 9, 2)));
    assert_true(site_is_working_day(config, day(2026, 9, 4)));      /* Friday */
    assert_false(site_is_working_day(config, day(2026, 9, 5)));
    assert_false(site_is_working_day(config, day(2026, 9, 6)));
    site_config_free(config);
}

#define PAY_RULES                                                                   \
    "<pay-day rule=\"working-day\" number=\"2\"/>"                                  \
    "<pay-day channel=\"cash\" rule=\"day-of-month\" number=\"4\"/>"                \
    "<pay-day family=\"sickness\" rule=\"working-day\" number=\"5\"/>"              \
    "<pay-day channel=\"bank\" rule=\"working-day\" number=\"3\"/>"                 \
    "<pay-day channel=\"bank\" rule=\"working-day\" number=\"1\"/>"                 \
    "<pay-day unit=\"79\" rule=\"day-of-month\" number=\"10\"/>"                    \
    "<holiday date=\"2026-10-01\"/>"

static void test_site_pay_date_the_most_exact_rule_holds(void **state)
{
    (void)state;
    struct site_config *config = config_of(HEAD SIGNING UNIT_01 UNIT_79 PAY_RULES TAIL);
    month_t period = month_of(2026, 10);
    day_t today = day(2026, 9, 28);
    /* 1 October is a holiday, 3 and 4 are a weekend. */
    assert_int_equal(site_pay_date(config, "01", CHANNEL_wallet, FAMILY_pension, period, today), day(2026, 10, 5));
    assert_int_equal(site_pay_date(config, "01", CHANNEL_wallet, FAMILY_sickness, period, today), day(2026, 10, 8));
    assert_int_equal(site_pay_date(config, "01", CHANNEL_cash, FAMILY_pension, period, today), day(2026, 10, 5));
    /* channel before family; of two for the channel the later */
    assert_int_equal(site_pay_date(config, "01", CHANNEL_bank, FAMILY_sickness, period, today), day(2026, 10, 2));
    /* unit before channel; the 10th is a Saturday */
    assert_int_equal(site_pay_date(config, "79", CHANNEL_bank, FAMILY_pension, period, today), day(2026, 10, 12));
    site_config_free(config);
}

static void test_site_pay_date_past_is_the_next_working_day(void **state)
{
    (void)state;
    struct site_config *config = config_of(HEAD SIGNING UNIT_01 PAY_DAY "<holiday date=\"2027-01-01\"/>" TAIL);
    month_t period = month_of(2026, 10);
    /* The rule says Thursday 1 October. */
    assert_int_equal(site_pay_date(config, "01", CHANNEL_bank, FAMILY_pension, period, day(2026, 10, 1)), day(2026, 10, 1));
    assert_int_equal(site_pay_date(config, "01", CHANNEL_bank, FAMILY_pension, period, day(2026, 10, 2)), day(2026, 10, 5));
    assert_int_equal(site_pay_date(config, "01", CHANNEL_bank, FAMILY_pension, period, day(2026, 12, 31)), day(2027, 1, 4));
    site_config_free(config);
}

static int setup(void **state)
{
    (void)state;
    mem_init();
    xsd = repository_read("formats/config.xsd");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buf_release(&xsd);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_site_config_new_whole_is_understood),
        cmocka_unit_test(test_site_config_new_unit_is_understood),
        cmocka_unit_test(test_site_config_new_policy_left_out_is_strict),
        cmocka_unit_test(test_site_config_new_unit_twice_is_refused),
        cmocka_unit_test(test_site_config_new_bad_accounts_are_refused),
        cmocka_unit_test(test_site_config_new_bad_routes_are_refused),
        cmocka_unit_test(test_site_config_new_what_the_schema_forbids_is_refused),
        cmocka_unit_test(test_site_config_new_bad_pay_days_are_refused),
        cmocka_unit_test(test_site_config_new_targets_out_of_order_are_refused),
        cmocka_unit_test(test_site_config_new_long_name_counts_bytes),
        cmocka_unit_test(test_site_config_new_officer_is_understood),
        cmocka_unit_test(test_site_config_new_officer_without_limits_has_all),
        cmocka_unit_test(test_site_config_new_bad_officers_are_refused),
        cmocka_unit_test(test_site_config_new_screens_are_off_where_they_are_not_named),
        cmocka_unit_test(test_site_unit_find_known_and_unknown),
        cmocka_unit_test(test_site_is_working_day_weekends_and_holidays_are_none),
        cmocka_unit_test(test_site_pay_date_the_most_exact_rule_holds),
        cmocka_unit_test(test_site_pay_date_past_is_the_next_working_day),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
