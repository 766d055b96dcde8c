/* Do the restricted schemas take what we write and nothing else, in the program and for others? */
#include "test_pain001_sample.h"

#include <libxml/xmlschemas.h>

/* libxml2's own loader, as it was before mem_init refused every load: for schemas that import. */
static xmlExternalEntityLoader loader_before;

static enum status validate(const struct buf *xml, struct diag *diag)
{
    return pain001_validate(buf_span(xml), "sample.xml", "formats/iso20022", diag);
}

static void ignore_fault(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

/* The verdict of chitra-message.xsd, as a bank's tools would give it. */
static bool is_valid_by_message_schema(const struct buf *xml)
{
    xmlSetExternalEntityLoader(loader_before);
    xmlSetStructuredErrorFunc(NULL, ignore_fault);
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt("formats/iso20022/chitra-message.xsd");
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    assert_non_null(schema);
    xmlSchemaValidCtxtPtr validator = xmlSchemaNewValidCtxt(schema);
    xmlDocPtr doc = xmlReadMemory(xml->data, (int)xml->size, "sample", NULL, XML_PARSE_NONET);
    bool valid = doc != NULL && xmlSchemaValidateDoc(validator, doc) == 0;
    xmlFreeDoc(doc);
    xmlSchemaFreeValidCtxt(validator);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
    xmlSetStructuredErrorFunc(NULL, NULL);
    mem_init();
    return valid;
}

static void test_pain001_validate_written_file_is_valid(void **state)
{
    struct buf xml = sample_xml();
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(validate(&xml, &diag), STATUS_OK);
    assert_true(is_valid_by_message_schema(&xml));
    buf_release(&xml);
}

/* Values at their limits, and the elements that may be absent. */
static void test_pain001_validate_boundary_is_valid(void **state)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        { "5000000</InstdAmt>", "1</InstdAmt>" },
        { "5000000</InstdAmt>", "90000000000000</InstdAmt>" },
        { "<PmtTpInf><CtgyPurp><Cd>PENS</Cd></CtgyPurp></PmtTpInf>", "" },
        { "<RmtInf><Ustrd>LUONG HUU THANG 10/2026</Ustrd></RmtInf>", "" },
        { "<Id>101234567890</Id>", "<Id>1234567890123456789012345678901234</Id>" },
        { "<Id>101234567890</Id>", "<Id>a</Id>" },
        { "ICBVVNVX", "ICBVVNVX123" },
        { SAMPLE_SIGNATURE, "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"></Signature>" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf xml = sample_changed(cases[i].from, cases[i].to);
        struct diag diag = { 0 };
        if (validate(&xml, &diag) != STATUS_OK || !is_valid_by_message_schema(&xml)) {
            fail_msg("case %zu: %s: %s", i, diag.what, diag.found);
        }
        buf_release(&xml);
    }
}

/* Each change must be refused by the program and by chitra-message.xsd alike. */
static void test_pain001_validate_changed_file_is_refused(void **state)
{
    static const struct {
        const char *from, *to, *found;
    } cases[] = {
        { "<MsgId>HN01-", "<MsgId>hn01-", "MsgId" },
        { "<MsgId>", "<MsgId>12345678901234567890", "MsgId" },
        { "<PmtInfId>HN01-202610-R1-970436-01-G1-1", "<PmtInfId>HN01", "PmtInfId" },
        { "<BizMsgIdr>", "<BizMsgIdr>_", "BizMsgIdr" },
        { "<MsgDefIdr>pain.001.001.09", "<MsgDefIdr>pain.001.001.03", "MsgDefIdr" },
        { "+07:00</CreDt>", "Z</CreDt>", "CreDt" },
        { "+07:00</CreDtTm>", "</CreDtTm>", "CreDtTm" },
        { "<CreDtTm>2026-09-28", "<CreDtTm>2026-09-31", "CreDtTm" },
        { "<EndToEndId>0", "<EndToEndId>I", "EndToEndId" },
        { "<EndToEndId>0", "<EndToEndId>", "EndToEndId" },
        { "<EndToEndId>0", "<EndToEndId>00", "EndToEndId" },
        { "<EndToEndId>0", "<InstrId>0123456789ABCDEFGHJKMNPQRS</InstrId><EndToEndId>0", "InstrId" },
        { "5000000</InstdAmt>", "0</InstdAmt>", "InstdAmt" },
        { "5000000</InstdAmt>", "05</InstdAmt>", "InstdAmt" },
        { "5000000</InstdAmt>", "5000000.00</InstdAmt>", "InstdAmt" },
        { "5000000</InstdAmt>", "90000000000001</InstdAmt>", "InstdAmt" },
        { "Ccy=\"VND\"", "Ccy=\"USD\"", "InstdAmt" },
        { " Ccy=\"VND\"", "", "InstdAmt" },
        { "<Ccy>VND", "<Ccy>USD", "Ccy" },
        { "<ChrgBr>DEBT", "<ChrgBr>SHAR", "ChrgBr" },
        { "<BtchBookg>true", "<BtchBookg>false", "BtchBookg" },
        { "<PmtMtd>TRF", "<PmtMtd>CHK", "PmtMtd" },
        { "<NbOfTxs>2", "<NbOfTxs>0", "NbOfTxs" },
        { "<CtgyPurp><Cd>PENS", "<CtgyPurp><Cd>SALA", "Cd" },
        { "<Purp><Cd>PENS", "<Purp><Cd>pens", "Cd" },
        { "<Nm>NGUYEN THI DAO</Nm>", "<Nm></Nm>", "Nm" },
        { "<Nm>NGUYEN THI DAO</Nm>", "<Nm> </Nm>", "Nm" },
        { "<Cdtr><Nm>NGUYEN THI DAO</Nm></Cdtr>", "", "CdtrAcct" },
        { "<Id>101234567890</Id>", "<Id>1012 34567890</Id>", "Id" },
        { "<Id>101234567890</Id>", "<Id>12345678901234567890123456789012345</Id>", "Id" },
        { "ICBVVNVX", "ICBVDEFF", "BICFI" },
        { "<MmbId>971025", "<MmbId>97102", "MmbId" },
        { "<ClrSysId><Cd>VN", "<ClrSysId><Cd>DEBLZ", "Cd" },
        { "<Dt>2026-10-01", "<Dt>2026-02-29", "Dt" },
        { SAMPLE_SIGNATURE, "", "Sgntr" },
        { SAMPLE_SIGNATURE, "<x xmlns=\"urn:x\"></x>", "x" },
        { SAMPLE_SIGNATURE, SAMPLE_SIGNATURE SAMPLE_SIGNATURE, "Signature" },
        { "</PmtInf>", "</PmtInf><PmtInf></PmtInf>", "PmtInf" },
        { "<GrpHdr>", "<GrpHdr><x></x>", "x" },
        { "<GrpHdr>", "<GrpHdr>x", "GrpHdr" },
        { "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">",
          "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\">", "Document" },
        { "</Document>", "</Document>x", "" },
        { "</Document>", "</Document><x></x>", "" },
        { "<BusinessMessage>", "<BusinessMessage><x></x>", "" },
        { "<BusinessMessage>", "<BusinessMessage x=\"1\">", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf xml = sample_changed(cases[i].from, cases[i].to);
        struct diag diag = { 0 };
        enum status rc = validate(&xml, &diag);
        if (rc != STATUS_INPUT || strcmp(diag.found, cases[i].found) != 0) {
            fail_msg("case %zu: status %d, %s: found \"%s\", expected \"%s\"", i, (int)rc, diag.what, diag.found,
                     cases[i].found);
        }
        assert_string_equal(diag.file, "sample.xml");
        if (is_valid_by_message_schema(&xml)) {
            fail_msg("case %zu is valid by chitra-message.xsd", i);
        }
        buf_release(&xml);
    }
}

static void test_pain001_validate_without_document_is_refused(void **state)
{
    struct buf xml = sample_xml();
    struct diag diag = { 0 };

    (void)state;
    char *document = memmem(xml.data, xml.size, "<Document", 9);
    xml.size = (size_t)(document - xml.data);
    assert_int_equal(buf_add_text(&xml, "</BusinessMessage>"), STATUS_OK);
    assert_int_equal(validate(&xml, &diag), STATUS_INPUT);
    assert_non_null(strstr(diag.what, "lacks"));
    assert_false(is_valid_by_message_schema(&xml));
    buf_release(&xml);
}

/* What is not even well-formed, or not canonical, is no matter for a schema. */
static void test_pain001_validate_not_canonical_is_refused(void **state)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        { "<BusinessMessage>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><BusinessMessage>" },
        { "<GrpHdr>", "<!-- x --><GrpHdr>" },
        { "<GrpHdr>", "<?x?><GrpHdr>" },
        { "</GrpHdr>", "" },
        { "</BusinessMessage>", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf xml = sample_changed(cases[i].from, cases[i].to);
        struct diag diag = { 0 };
        assert_int_equal(validate(&xml, &diag), STATUS_INPUT);
        buf_release(&xml);
    }
}

static void test_pain001_validate_message_never_quotes_a_value(void **state)
{
    struct buf xml = sample_changed("<Id>101234567890</Id>", "<Id>10-SECRET-90</Id>");
    char text[DIAG_BYTES_MAX];
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(validate(&xml, &diag), STATUS_INPUT);
    diag_text(&diag, text, sizeof(text));
    assert_null(strstr(text, "SECRET"));
    buf_release(&xml);
}

static void test_pain001_validate_missing_folder_is_no_input(void **state)
{
    struct buf xml = sample_xml();
    struct diag diag = { 0 };

    (void)state;
    assert_int_equal(pain001_validate(buf_span(&xml), "sample.xml", "formats/nowhere", &diag), STATUS_NO_INPUT);
    assert_non_null(strstr(diag.file, "chitra-head.001.001.02.xsd"));
    buf_release(&xml);
}

static void test_pain001_validate_too_long_folder_is_a_limit(void **state)
{
    struct buf xml = sample_xml();
    char folder[DIAG_FILE_BYTES + 1];
    struct diag diag = { 0 };

    (void)state;
    memset(folder, 'a', sizeof(folder) - 1);
    folder[sizeof(folder) - 1] = '\0';
    assert_int_equal(pain001_validate(buf_span(&xml), "sample.xml", folder, &diag), STATUS_LIMIT);
    buf_release(&xml);
}

static void test_pain001_validate_broken_schema_is_config(void **state)
{
    struct buf xml = sample_xml();
    char folder[] = "/tmp/test-pain001-XXXXXX";
    struct diag diag = { 0 };
    int dir = -1;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(sys_dir_open(AT_FDCWD, folder, &dir, &diag), STATUS_OK);
    assert_int_equal(sys_publish(dir, "chitra-head.001.001.02.xsd", span_of("<schema>\n"), &diag), STATUS_OK);
    assert_int_equal(pain001_validate(buf_span(&xml), "sample.xml", folder, &diag), STATUS_CONFIG);
    assert_non_null(strstr(diag.file, "chitra-head.001.001.02.xsd"));
    assert_int_equal(sys_remove(dir, "chitra-head.001.001.02.xsd", &diag), STATUS_OK);
    sys_dir_close(dir);
    assert_int_equal(remove(folder), 0);
    buf_release(&xml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pain001_validate_written_file_is_valid),
        cmocka_unit_test(test_pain001_validate_boundary_is_valid),
        cmocka_unit_test(test_pain001_validate_changed_file_is_refused),
        cmocka_unit_test(test_pain001_validate_without_document_is_refused),
        cmocka_unit_test(test_pain001_validate_not_canonical_is_refused),
        cmocka_unit_test(test_pain001_validate_message_never_quotes_a_value),
        cmocka_unit_test(test_pain001_validate_missing_folder_is_no_input),
        cmocka_unit_test(test_pain001_validate_too_long_folder_is_a_limit),
        cmocka_unit_test(test_pain001_validate_broken_schema_is_config),
    };

    loader_before = xmlGetExternalEntityLoader();
    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
