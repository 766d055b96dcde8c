/* Does the writer make what banks and ISO 20022 expect, to the byte? */
#include "test_pain001_sample.h"

#include <libxml/c14n.h>
#include <libxml/xmlschemas.h>

static void assert_holds(const struct buf *xml, const char *part)
{
    if (memmem(xml->data, xml->size, part, strlen(part)) == NULL) {
        fail_msg("missing: %s", part);
    }
}

static void test_pain001_write_two_transactions_gives_the_exact_bytes(void **state)
{
    static const char expected[] =
        "<BusinessMessage><AppHdr xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.001.001.02\">"
        "<Fr><OrgId><Id><OrgId><Othr><Id>BHXH-HN01</Id></Othr></OrgId></Id></OrgId></Fr>"
        "<To><FIId><FinInstnId><BICFI>BFTVVNVX</BICFI></FinInstnId></FIId></To>"
        "<BizMsgIdr>HN01-202610-R1-970436-01-G1</BizMsgIdr><MsgDefIdr>pain.001.001.09</MsgDefIdr>"
        "<CreDt>2026-09-28T08:00:00+07:00</CreDt><Sgntr>" SAMPLE_SIGNATURE "</Sgntr></AppHdr>"
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn>"
        "<GrpHdr><MsgId>HN01-202610-R1-970436-01-G1</MsgId><CreDtTm>2026-09-28T08:00:00+07:00</CreDtTm>"
        "<NbOfTxs>2</NbOfTxs><CtrlSum>8500001</CtrlSum>"
        "<InitgPty><Nm>BAO HIEM XA HOI KHU VUC I</Nm><Id><OrgId><Othr><Id>BHXH-HN01</Id></Othr></OrgId></Id></InitgPty>"
        "</GrpHdr>"
        "<PmtInf><PmtInfId>HN01-202610-R1-970436-01-G1-1</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>"
        "<NbOfTxs>2</NbOfTxs><CtrlSum>8500001</CtrlSum><ReqdExctnDt><Dt>2026-10-01</Dt></ReqdExctnDt>"
        "<Dbtr><Nm>BAO HIEM XA HOI KHU VUC I</Nm><Id><OrgId><Othr><Id>BHXH-HN01</Id></Othr></OrgId></Id></Dbtr>"
        "<DbtrAcct><Id><Othr><Id>1201000123456</Id></Othr></Id><Ccy>VND</Ccy></DbtrAcct>"
        "<DbtrAgt><FinInstnId><BICFI>BFTVVNVX</BICFI></FinInstnId></DbtrAgt><ChrgBr>DEBT</ChrgBr>"
        "<CdtTrfTxInf><PmtId>"
        "<EndToEndId>0123456789ABCDEFGHJKMNPQRS</EndToEndId></PmtId>"
        "<PmtTpInf><CtgyPurp><Cd>PENS</Cd></CtgyPurp></PmtTpInf>"
        "<Amt><InstdAmt Ccy=\"VND\">5000000</InstdAmt></Amt>"
        "<CdtrAgt><FinInstnId><BICFI>ICBVVNVX</BICFI></FinInstnId></CdtrAgt><Cdtr><Nm>NGUYEN THI DAO</Nm></Cdtr>"
        "<CdtrAcct><Id><Othr><Id>101234567890</Id></Othr></Id></CdtrAcct><Purp><Cd>PENS</Cd></Purp>"
        "<RmtInf><Ustrd>LUONG HUU THANG 10/2026</Ustrd></RmtInf></CdtTrfTxInf>"
        "<CdtTrfTxInf><PmtId>"
        "<EndToEndId>ZYXWVTSRQPNMKJHGFEDCBA9876</EndToEndId></PmtId>"
        "<Amt><InstdAmt Ccy=\"VND\">3500001</InstdAmt></Amt>"
        "<CdtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>VN</Cd></ClrSysId><MmbId>971025</MmbId></ClrSysMmbId>"
        "</FinInstnId></CdtrAgt><Cdtr><Nm>TRAN VAN BON</Nm></Cdtr>"
        "<CdtrAcct><Id><Othr><Id>0900000001</Id></Othr></Id></CdtrAcct><Purp><Cd>BENE</Cd></Purp></CdtTrfTxInf>"
        "</PmtInf></CstmrCdtTrfInitn></Document></BusinessMessage>";
    struct buf xml = sample_xml();

    (void)state;
    assert_int_equal(xml.size, sizeof(expected) - 1);
    assert_memory_equal(xml.data, expected, xml.size);
    buf_release(&xml);
}

/* Writes one transaction to a bank that takes everything printable. */
static struct buf utf8_xml(const char *name, size_t name_length_max)
{
    struct bank_profile profile = sample_profile();
    struct pain001_file file = sample_file(&profile);
    struct pain001_transaction transaction = sample_transaction();
    struct buf xml = BUF_INIT(SAMPLE_BYTES_MAX);
    struct diag diag = { 0 };

    profile.charset = CHARSET_utf8;
    profile.name_length_max = name_length_max;
    profile.bic[0] = '\0';
    file.transactions = 1;
    file.amount_dong = transaction.amount_dong;
    transaction.creditor_name = span_of(name);
    assert_int_equal(sample_write(&file, &transaction, 1, &xml, &diag), STATUS_OK);
    return xml;
}

/* Exclusive C14N 1.0 without comments, as a verifier computes it. */
static void test_pain001_write_is_its_own_canonical_form(void **state)
{
    struct buf written[] = { sample_xml(), utf8_xml("Nguyễn \"&\" <Sơn> 'Ba'", 140) };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        xmlChar *canonical = NULL;
        xmlDocPtr doc = xmlReadMemory(written[i].data, (int)written[i].size, "sample", NULL, XML_PARSE_NONET);
        assert_non_null(doc);
        int size = xmlC14NDocDumpMemory(doc, NULL, XML_C14N_EXCLUSIVE_1_0, NULL, 0, &canonical);
        assert_int_equal(size, written[i].size);
        assert_memory_equal(canonical, written[i].data, written[i].size);
        xmlFree(canonical);
        xmlFreeDoc(doc);
        buf_release(&written[i]);
    }
}

/* The part of a file from `start` to the end of `stop`. */
static struct span part_of(const struct buf *xml, const char *start, const char *stop)
{
    const char *first = memmem(xml->data, xml->size, start, strlen(start));
    const char *last = memmem(xml->data, xml->size, stop, strlen(stop));

    assert_true(first != NULL && last != NULL && last > first);
    return (struct span){ first, (size_t)(last - first) + strlen(stop) };
}

static void assert_valid_by_iso(struct span part, const char *path)
{
    struct buf text = BUF_INIT(SAMPLE_BYTES_MAX);
    struct diag diag = { 0 };

    assert_int_equal(sys_read(AT_FDCWD, path, &text, &diag), STATUS_OK);
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewMemParserCtxt(text.data, (int)text.size);
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    assert_non_null(schema);
    xmlSchemaValidCtxtPtr validator = xmlSchemaNewValidCtxt(schema);
    xmlDocPtr doc = xmlReadMemory(part.data, (int)part.size, "part", NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    assert_int_equal(xmlSchemaValidateDoc(validator, doc), 0);
    xmlFreeDoc(doc);
    xmlSchemaFreeValidCtxt(validator);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
    buf_release(&text);
}

static void test_pain001_write_is_valid_by_the_official_schemas(void **state)
{
    struct buf written[] = { sample_xml(), utf8_xml("Đỗ Thị Bé", 140) };

    (void)state;
    if (!sys_exists(AT_FDCWD, "../shared/iso20022/xsd/pain.001.001.09.xsd")) {
        buf_release(&written[0]);
        buf_release(&written[1]);
        skip();
    }
    for (size_t i = 0; i < 2; i++) {
        assert_valid_by_iso(part_of(&written[i], "<AppHdr", "</AppHdr>"),
                            "../shared/iso20022/xsd/head.001.001.02.xsd");
        assert_valid_by_iso(part_of(&written[i], "<Document", "</Document>"),
                            "../shared/iso20022/xsd/pain.001.001.09.xsd");
        buf_release(&written[i]);
    }
}

static void test_head001_write_bank_without_bic_goes_by_clearing_code(void **state)
{
    struct buf xml = utf8_xml("A", 140);

    (void)state;
    assert_holds(&xml, "<To><FIId><FinInstnId><ClrSysMmbId><ClrSysId><Cd>VN</Cd></ClrSysId><MmbId>970436</MmbId>");
    assert_holds(&xml, "<DbtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>VN</Cd></ClrSysId><MmbId>970436</MmbId>");
    buf_release(&xml);
}

static void test_pain001_transaction_name_is_escaped_in_utf8(void **state)
{
    struct buf xml = utf8_xml("A & B <C>", 140);

    (void)state;
    assert_holds(&xml, "<Cdtr><Nm>A &amp; B &lt;C&gt;</Nm></Cdtr>");
    buf_release(&xml);
}

/* 140 characters of three bytes: the longest text there can be. */
static void test_pain001_transaction_longest_name_is_written_whole(void **state)
{
    char name[140 * 3 + 1];

    (void)state;
    for (size_t i = 0; i < 140; i++) {
        memcpy(name + 3 * i, "ế", 3);
    }
    name[sizeof(name) - 1] = '\0';
    struct buf whole = utf8_xml(name, 140);
    assert_int_equal(part_of(&whole, "<Cdtr><Nm>", "</Nm></Cdtr>").size, 10 + 420 + 12);
    struct buf cut = utf8_xml(name, 139);
    assert_int_equal(part_of(&cut, "<Cdtr><Nm>", "</Nm></Cdtr>").size, 10 + 417 + 12);
    buf_release(&whole);
    buf_release(&cut);
}

static void test_pain001_transaction_smallest_and_largest_amount(void **state)
{
    struct bank_profile profile = sample_profile();
    struct pain001_file file = sample_file(&profile);
    struct pain001_transaction transaction = sample_transaction();
    struct buf xml = BUF_INIT(SAMPLE_BYTES_MAX);
    struct diag diag = { 0 };

    (void)state;
    transaction.amount_dong = 1;
    assert_int_equal(sample_write(&file, &transaction, 1, &xml, &diag), STATUS_OK);
    assert_holds(&xml, "<InstdAmt Ccy=\"VND\">1</InstdAmt>");
    transaction.amount_dong = INT64_C(90000000000000);
    buf_clear(&xml);
    assert_int_equal(sample_write(&file, &transaction, 1, &xml, &diag), STATUS_OK);
    assert_holds(&xml, "<InstdAmt Ccy=\"VND\">90000000000000</InstdAmt>");
    buf_release(&xml);
}

static void test_pain001_transaction_name_with_nothing_left_is_input_naming_the_payment(void **state)
{
    struct bank_profile profile = sample_profile();
    struct pain001_file file = sample_file(&profile);
    struct pain001_transaction transaction[] = { sample_transaction(), sample_transaction_to_wallet() };
    struct buf xml = BUF_INIT(SAMPLE_BYTES_MAX);
    struct diag diag = { 0 };

    (void)state;
    transaction[0].creditor_name = span_of("李明");
    transaction[1].creditor_name = span_of("***");
    assert_int_equal(sample_write(&file, transaction, 2, &xml, &diag), STATUS_INPUT);
    assert_string_equal(diag.found, "EndToEndId 0123456789ABCDEFGHJKMNPQRS");
    assert_string_equal(diag.file, file.msg_id);
    buf_release(&xml);
}

static void test_pain001_begin_payer_with_nothing_left_is_input(void **state)
{
    struct bank_profile profile = sample_profile();
    struct pain001_file file = sample_file(&profile);
    struct pain001_transaction transaction = sample_transaction();
    struct buf xml = BUF_INIT(SAMPLE_BYTES_MAX);
    struct diag diag = { 0 };

    (void)state;
    file.party_name = "***";
    assert_int_equal(sample_write(&file, &transaction, 1, &xml, &diag), STATUS_INPUT);
    assert_non_null(strstr(diag.what, "payer"));
    buf_release(&xml);
}

static void test_pain001_write_failed_flush_is_the_verdict(void **state)
{
    struct bank_profile profile = sample_profile();
    struct pain001_file file = sample_file(&profile);
    struct pain001_transaction transaction = sample_transaction();
    struct buf xml = BUF_INIT(100);
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(sample_write(&file, &transaction, 1, &xml, &diag), STATUS_LIMIT);
    buf_release(&xml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pain001_write_two_transactions_gives_the_exact_bytes),
        cmocka_unit_test(test_pain001_write_is_its_own_canonical_form),
        cmocka_unit_test(test_pain001_write_is_valid_by_the_official_schemas),
        cmocka_unit_test(test_head001_write_bank_without_bic_goes_by_clearing_code),
        cmocka_unit_test(test_pain001_transaction_name_is_escaped_in_utf8),
        cmocka_unit_test(test_pain001_transaction_longest_name_is_written_whole),
        cmocka_unit_test(test_pain001_transaction_smallest_and_largest_amount),
        cmocka_unit_test(test_pain001_transaction_name_with_nothing_left_is_input_naming_the_payment),
        cmocka_unit_test(test_pain001_begin_payer_with_nothing_left_is_input),
        cmocka_unit_test(test_pain001_write_failed_flush_is_the_verdict),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
