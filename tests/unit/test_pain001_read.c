/* Does reading give back what was written, and can any bytes mislead or break it? */
#include "test_pain001_sample.h"

#include "../fuzz/fz_pain001.c"

static enum status read_back(const struct buf *xml, struct pain001_totals *totals, struct diag *diag)
{
    return pain001_read(buf_span(xml), "sample.xml", totals, NULL, NULL, diag);
}

static void test_pain001_read_whole_file_gives_its_totals(void **state)
{
    struct buf xml = sample_xml();
    struct pain001_totals totals;
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(read_back(&xml, &totals, &diag), STATUS_OK);
    assert_string_equal(totals.msg_id, "HN01-202610-R1-970436-01-G1");
    assert_string_equal(totals.created_at, "2026-09-28T08:00:00+07:00");
    assert_string_equal(totals.debtor_account, "1201000123456");
    assert_string_equal(totals.debtor_bank, "BFTVVNVX");
    assert_string_equal(totals.execution_date, "2026-10-01");
    assert_int_equal(totals.stated_transactions, 2);
    assert_int_equal(totals.stated_amount_dong, 8500001);
    assert_int_equal(totals.transactions, 2);
    assert_int_equal(totals.amount_dong, 8500001);
    buf_release(&xml);
}

static void test_pain001_read_bank_by_clearing_code_is_read(void **state)
{
    struct buf xml = sample_changed("<DbtrAgt><FinInstnId><BICFI>BFTVVNVX</BICFI>",
                                    "<DbtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>VN</Cd></ClrSysId>"
                                    "<MmbId>970436</MmbId></ClrSysMmbId>");
    struct pain001_totals totals;
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(read_back(&xml, &totals, &diag), STATUS_OK);
    assert_string_equal(totals.debtor_bank, "970436");
    buf_release(&xml);
}

/* The caller compares: what was counted is what is there, whatever is stated. */
static void test_pain001_read_removed_transaction_is_not_counted(void **state)
{
    struct buf xml = sample_xml();
    struct pain001_totals totals;
    struct diag diag = { 0 };

    (void)state;
    char *first = memmem(xml.data, xml.size, "<CdtTrfTxInf>", 13);
    char *second = memmem(first + 1, xml.size - (size_t)(first + 1 - xml.data), "<CdtTrfTxInf>", 13);
    assert_true(first != NULL && second != NULL);
    memmove(first, second, xml.size - (size_t)(second - xml.data));
    xml.size -= (size_t)(second - first);
    assert_int_equal(read_back(&xml, &totals, &diag), STATUS_OK);
    assert_int_equal(totals.stated_transactions, 2);
    assert_int_equal(totals.transactions, 1);
    assert_int_equal(totals.amount_dong, 3500001);
    buf_release(&xml);
}

struct seen {
    unsigned count;
    char ids[4][36];
    char accounts[4][35];
    int64_t amounts[4];
    unsigned stop_at;       /* 0: never */
};

static enum status remember(void *context, const char *end_to_end_id, int64_t amount_dong, const char *account,
                            struct diag *diag)
{
    struct seen *seen = context;

    snprintf(seen->ids[seen->count], sizeof(seen->ids[0]), "%s", end_to_end_id);
    snprintf(seen->accounts[seen->count], sizeof(seen->accounts[0]), "%s", account);
    seen->amounts[seen->count] = amount_dong;
    seen->count++;
    return seen->count == seen->stop_at ? diag_fail(diag, STATUS_CONFLICT, "enough") : STATUS_OK;
}

static void test_pain001_read_each_transaction_is_shown_in_order(void **state)
{
    struct buf xml = sample_xml();
    struct pain001_totals totals;
    struct seen seen = { 0 };
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(pain001_read(buf_span(&xml), "sample.xml", &totals, remember, &seen, &diag), STATUS_OK);
    assert_int_equal(seen.count, 2);
    assert_string_equal(seen.ids[0], "0123456789ABCDEFGHJKMNPQRS");
    assert_string_equal(seen.accounts[0], "101234567890");
    assert_int_equal(seen.amounts[0], 5000000);
    assert_string_equal(seen.ids[1], "ZYXWVTSRQPNMKJHGFEDCBA9876");
    assert_string_equal(seen.accounts[1], "0900000001");
    assert_int_equal(seen.amounts[1], 3500001);
    buf_release(&xml);
}

static void test_pain001_read_failing_callback_ends_the_reading(void **state)
{
    struct buf xml = sample_xml();
    struct pain001_totals totals;
    struct seen seen = { .stop_at = 1 };
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(pain001_read(buf_span(&xml), "sample.xml", &totals, remember, &seen, &diag), STATUS_CONFLICT);
    assert_int_equal(seen.count, 1);
    assert_string_equal(diag.what, "enough");
    buf_release(&xml);
}

/* Each change makes the file one that must not be accepted; `what` is a part of the reason given. */
static void test_pain001_read_changed_file_is_refused(void **state)
{
    static const struct {
        const char *from, *to, *what;
    } cases[] = {
        { "<BusinessMessage>", "<!DOCTYPE a><BusinessMessage>", "canonical" },
        { "<BusinessMessage>", "<?xml version=\"1.0\"?><BusinessMessage>", "canonical" },
        { "<BusinessMessage>", "\xef\xbb\xbf<BusinessMessage>", "canonical" },
        { "<BusinessMessage>", "<BusinessMessage><!DOCTYPE a [<!ENTITY b 'c'>]>", "well-formed" },
        { "<Nm>NGUYEN", "<Nm>&b;", "well-formed" },
        { "</GrpHdr>", "</GrpHdr", "well-formed" },
        { "5000000</InstdAmt>", "5000<!-- -->000</InstdAmt>", "comment" },
        { "5000000</InstdAmt>", "<![CDATA[5000000]]></InstdAmt>", "CDATA" },
        { "<GrpHdr>", "<?x y?><GrpHdr>", "instruction" },
        { "5000000</InstdAmt>", "5000000<x></x></InstdAmt>", "value is expected" },
        { "5000000</InstdAmt>", "5000000.00</InstdAmt>", "whole dong" },
        { "5000000</InstdAmt>", "-5000000</InstdAmt>", "whole dong" },
        { "5000000</InstdAmt>", "</InstdAmt>", "whole dong" },
        { "<InstdAmt Ccy=\"VND\">", "<InstdAmt Ccy=\"USD\">", "VND" },
        { "<InstdAmt Ccy=\"VND\">", "<InstdAmt Ccy=\"VNDX\">", "VND" },
        { "<InstdAmt Ccy=\"VND\">", "<InstdAmt Ccy=\"VN\">", "VND" },
        { "<InstdAmt Ccy=\"VND\">", "<InstdAmt>", "VND" },
        { "<InstdAmt Ccy=\"VND\">", "<InstdAmt Ccy=\"VND\" x=\"1\">", "VND" },
        { "<InstdAmt Ccy=\"VND\">", "<InstdAmt Cyc=\"VND\">", "VND" },
        { "<InstdAmt Ccy=\"VND\">5000000</InstdAmt>", "<EqvtAmt>5000000</EqvtAmt>", "lacks" },
        { "5000000</InstdAmt>", "5000000</InstdAmt><InstdAmt Ccy=\"VND\">1</InstdAmt>", "twice" },
        { "<EndToEndId>0123456789ABCDEFGHJKMNPQRS</EndToEndId>", "", "lacks" },
        { "<EndToEndId>", "<EndToEndId xmlns=\"urn:x\">", "lacks" },
        { "<EndToEndId>0", "<EndToEndId>0123456789012345678901234567890123456789", "too long" },
        { "<EndToEndId>0123456789ABCDEFGHJKMNPQRS", "<EndToEndId>", "empty" },
        { "<EndToEndId>0", "<EndToEndId>01234567890123456789012345678901234567890123456789012345678901234", "too long" },
        { "<CdtrAcct><Id><Othr><Id>101234567890</Id></Othr></Id></CdtrAcct>", "", "lacks" },
        { "</MsgId>", "</MsgId><MsgId>X</MsgId>", "twice" },
        { "<MsgId>HN01", "<MsgId>HN02", "differ" },
        { "<NbOfTxs>2</NbOfTxs>", "<NbOfTxs>3</NbOfTxs>", "differ" },
        { "<CtrlSum>8500001</CtrlSum>", "<CtrlSum>8500002</CtrlSum>", "differ" },
        { "<NbOfTxs>2</NbOfTxs>", "<NbOfTxs>2x</NbOfTxs>", "number" },
        { "<NbOfTxs>2</NbOfTxs>", "", "lacks" },
        { "<CtrlSum>8500001</CtrlSum>", "", "lacks" },
        { "<BizMsgIdr>HN01-202610-R1-970436-01-G1</BizMsgIdr>", "", "lacks" },
        { "<Dt>2026-10-01</Dt>", "", "lacks" },
        { "<CreDtTm>2026-09-28T08:00:00+07:00</CreDtTm>", "", "lacks" },
        { "<Id>1201000123456</Id>", "", "lacks" },
        { "<DbtrAgt><FinInstnId><BICFI>BFTVVNVX</BICFI>", "<DbtrAgt><FinInstnId>", "lacks" },
        { "<DbtrAgt><FinInstnId><BICFI>BFTVVNVX</BICFI>",
          "<DbtrAgt><FinInstnId><BICFI>BFTVVNVX</BICFI><ClrSysMmbId><MmbId>1</MmbId></ClrSysMmbId>", "twice" },
        { "</PmtInf>", "</PmtInf><PmtInf></PmtInf>", "twice" },
        { "</Document>", "</Document><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"></Document>",
          "twice" },
        { "pain.001.001.09\"><Cstmr", "pain.001.001.03\"><Cstmr", "lacks" },
        { "</BusinessMessage>", "</BusinessMessage><x></x>", "well-formed" },
        { "</BusinessMessage>", "", "well-formed" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf xml = sample_changed(cases[i].from, cases[i].to);
        struct pain001_totals totals;
        struct diag diag = { 0 };
        enum status rc = read_back(&xml, &totals, &diag);
        if (rc != STATUS_INPUT || strstr(diag.what, cases[i].what) == NULL) {
            fail_msg("case %zu: status %d, \"%s\", expected \"%s\"", i, (int)rc, diag.what, cases[i].what);
        }
        assert_string_equal(diag.file, "sample.xml");
        buf_release(&xml);
    }
}

/* A signature may hold any element; none of it is a payment. */
static void test_pain001_read_elements_in_the_signature_are_stepped_over(void **state)
{
    struct buf xml = sample_changed("<SignedInfo>",
                                    "<SignedInfo><CdtTrfTxInf xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">"
                                    "<Amt><InstdAmt Ccy=\"VND\">7</InstdAmt></Amt></CdtTrfTxInf><MsgId>X</MsgId>");
    struct pain001_totals totals;
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(read_back(&xml, &totals, &diag), STATUS_OK);
    assert_int_equal(totals.transactions, 2);
    assert_int_equal(totals.amount_dong, 8500001);
    buf_release(&xml);
}

/* `count` open elements below Sgntr and Signature, which are the fourth level of the file. */
static enum status read_nested(unsigned count)
{
    struct buf deep = BUF_INIT(SAMPLE_BYTES_MAX);
    struct pain001_totals totals;
    struct diag diag = { 0 };

    assert_int_equal(buf_add_text(&deep, "<SignedInfo>"), STATUS_OK);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(buf_add_text(&deep, "<a>"), STATUS_OK);
    }
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(buf_add_text(&deep, "</a>"), STATUS_OK);
    }
    assert_int_equal(buf_add(&deep, "", 1), STATUS_OK);
    struct buf xml = sample_changed("<SignedInfo>", deep.data);
    enum status rc = read_back(&xml, &totals, &diag);
    buf_release(&xml);
    buf_release(&deep);
    return rc;
}

static void test_pain001_read_depth_has_a_limit(void **state)
{
    (void)state;
    assert_int_equal(read_nested(XML_DEPTH_MAX - 5), STATUS_OK);
    assert_int_equal(read_nested(XML_DEPTH_MAX - 4), STATUS_LIMIT);
    assert_int_equal(read_nested(100000), STATUS_LIMIT);
}

static void test_pain001_read_sum_over_64_bits_is_a_limit(void **state)
{
    struct bank_profile profile = sample_profile();
    struct pain001_file file = sample_file(&profile);
    struct pain001_transaction transaction = sample_transaction();
    struct buf xml = BUF_INIT(256 * 1024 * 1024);
    struct xml_writer writer;
    struct pain001_totals totals;
    struct diag diag = { 0 };

    (void)state;
    transaction.amount_dong = INT64_C(90000000000000);
    xml_writer_init(&writer, sample_flush, &xml, &diag);
    head001_write(&writer, &file);
    XML_RAW(&writer, SAMPLE_SIGNATURE);
    pain001_begin(&writer, &file);
    for (unsigned i = 0; i < 102482; i++) {     /* INT64_MAX / 9e13, and one more */
        pain001_transaction(&writer, &file, &transaction);
    }
    pain001_end(&writer);
    assert_int_equal(xml_writer_finish(&writer), STATUS_OK);
    xml_writer_release(&writer);
    assert_int_equal(read_back(&xml, &totals, &diag), STATUS_LIMIT);
    assert_int_equal(totals.transactions, 102481);
    buf_release(&xml);
}

/* A file that was cut short anywhere is not well-formed, so that no tail of payments can go missing. */
static void test_pain001_read_truncated_anywhere_is_refused(void **state)
{
    struct buf xml = sample_xml();
    struct pain001_totals totals;
    struct diag diag = { 0 };

    (void)state;
    for (size_t size = 0; size < xml.size; size++) {
        assert_int_equal(pain001_read((struct span){ xml.data, size }, "sample.xml", &totals, NULL, NULL, &diag),
                         STATUS_INPUT);
    }
    buf_release(&xml);
}

/* Any one byte replaced: never a crash, and never another number of payments. */
static void test_pain001_read_any_byte_replaced_keeps_its_promises(void **state)
{
    static const char replacements[] = { '\0', '<', '>', '&', '/', '"', 'x', '9', '\xff', ' ' };
    struct buf xml = sample_xml();

    (void)state;
    for (size_t at = 0; at < xml.size; at++) {
        char kept = xml.data[at];
        for (size_t i = 0; i < sizeof(replacements); i++) {
            xml.data[at] = replacements[i];
            assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)xml.data, xml.size), 0);
        }
        xml.data[at] = kept;
    }
    buf_release(&xml);
}

static void test_pain001_read_corpus_is_replayed(void **state)
{
    struct sys_names names = { NULL, 0 };
    struct diag diag = { 0 };
    int dir = -1;

    (void)state;
    assert_int_equal(sys_dir_open(AT_FDCWD, "tests/fuzz/corpus/pain001", &dir, &diag), STATUS_OK);
    assert_int_equal(sys_dir_list(dir, ".", &names, &diag), STATUS_OK);
    assert_true(names.count >= 8);
    for (size_t i = 0; i < names.count; i++) {
        struct buf bytes = BUF_INIT(SAMPLE_BYTES_MAX);
        assert_int_equal(sys_read(dir, names.name[i], &bytes, &diag), STATUS_OK);
        struct span span = buf_span(&bytes);
        assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)span.data, span.size), 0);
        buf_release(&bytes);
    }
    sys_names_release(&names);
    sys_dir_close(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pain001_read_whole_file_gives_its_totals),
        cmocka_unit_test(test_pain001_read_bank_by_clearing_code_is_read),
        cmocka_unit_test(test_pain001_read_removed_transaction_is_not_counted),
        cmocka_unit_test(test_pain001_read_each_transaction_is_shown_in_order),
        cmocka_unit_test(test_pain001_read_failing_callback_ends_the_reading),
        cmocka_unit_test(test_pain001_read_changed_file_is_refused),
        cmocka_unit_test(test_pain001_read_elements_in_the_signature_are_stepped_over),
        cmocka_unit_test(test_pain001_read_depth_has_a_limit),
        cmocka_unit_test(test_pain001_read_sum_over_64_bits_is_a_limit),
        cmocka_unit_test(test_pain001_read_truncated_anywhere_is_refused),
        cmocka_unit_test(test_pain001_read_any_byte_replaced_keeps_its_promises),
        cmocka_unit_test(test_pain001_read_corpus_is_replayed),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
