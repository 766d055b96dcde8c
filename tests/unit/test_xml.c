/* xml.h: is only what we mean to read read, with the line of every fault; is what we write canonical? */
#include "chitra/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char schema[] = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='law'>"
                             "<xs:complexType><xs:sequence><xs:element name='rate' maxOccurs='unbounded'>"
                             "<xs:complexType><xs:simpleContent><xs:extension base='xs:integer'>"
                             "<xs:attribute name='from' type='xs:date' use='required'/>"
                             "</xs:extension></xs:simpleContent></xs:complexType></xs:element></xs:sequence>"
                             "</xs:complexType></xs:element></xs:schema>";

static struct xml_doc *read_doc(const char *xml)
{
    struct xml_doc *doc;
    struct diag diag;
    assert_int_equal(xml_doc_new(span_of(xml), "x.xml", SPAN_EMPTY, &doc, &diag), STATUS_OK);
    return doc;
}

static void assert_refused(struct span xml, struct span xsd, enum status expected, const char *text)
{
    struct xml_doc *doc = (struct xml_doc *)&doc;
    struct diag diag = { .line = 0 };
    char message[DIAG_BYTES_MAX];

    assert_int_equal(xml_doc_new(xml, "x.xml", xsd, &doc, &diag), expected);
    assert_null(doc);
    diag_text(&diag, message, sizeof(message));
    if (strstr(message, text) == NULL) {
        fail_msg("'%s' is not in: %s", text, message);
    }
    assert_int_equal(xml_doc_new(xml, "x.xml", xsd, &doc, NULL), expected);
}

static void test_xml_doc_new_walks_through_elements(void **state)
{
    (void)state;
    struct xml_doc *doc = read_doc("<?xml version='1.0' encoding='utf-8'?>\n<!-- c --><law xmlns:p='u'>\n <a n='1' p:n='2'/>\n"
                                   " text <b>x</b><a n=''>y</a>\n</law>\n");
    const struct xml_node *root = xml_root(doc), *a = xml_child(root, "a");
    assert_string_equal(xml_name(root), "law");
    assert_int_equal(xml_line(root), 2);
    assert_ptr_equal(xml_child(root, NULL), a);
    assert_int_equal(xml_line(a), 3);
    assert_string_equal(xml_attribute(a, "n"), "1");
    assert_null(xml_attribute(a, "m"));
    assert_string_equal(xml_text(a), "");
    assert_string_equal(xml_name(xml_next(a, NULL)), "b");
    const struct xml_node *second = xml_next(a, "a");
    assert_string_equal(xml_text(second), "y");
    assert_string_equal(xml_attribute(second, "n"), "");
    assert_int_equal(xml_line(second), 4);
    assert_null(xml_next(second, NULL));
    assert_null(xml_child(second, NULL));
    assert_null(xml_child(root, "c"));
    assert_null(xml_text(root));
    xml_doc_free(doc);
    xml_doc_free(NULL);
}

static void test_xml_text_split_by_comment_cdata_or_reference_is_whole(void **state)
{
    static const char *const whole[] = {
        "<a>DE89370400<!-- x -->440532013000</a>",  "<a>DE89370400<?x y?>440532013000</a>",
        "<a>DE89370400<![CDATA[440532013000]]></a>", "<a><![CDATA[DE89]]>370400440532013<![CDATA[000]]></a>",
        "<a>DE8&#x39;370400440532013000</a>",       "<a><!-- x -->DE89370400440532013000<!-- y --></a>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
        struct xml_doc *doc = read_doc(whole[i]);
        assert_string_equal(xml_text(xml_root(doc)), "DE89370400440532013000");
        xml_doc_free(doc);
    }
    struct xml_doc *doc = read_doc("<a b='x&amp;&#65;&lt;'>&amp;&lt;&gt;&quot;&apos;</a>");
    assert_string_equal(xml_text(xml_root(doc)), "&<>\"'");
    assert_string_equal(xml_attribute(xml_root(doc), "b"), "x&A<");
    xml_doc_free(doc);
}

static void test_xml_doc_new_doctype_is_refused(void **state)
{
    (void)state;
    assert_refused(span_of("<?xml version='1.0'?>\n<!DOCTYPE a>\n<a/>"), SPAN_EMPTY, STATUS_INPUT, "x.xml:2: a DOCTYPE");
    assert_refused(span_of("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), SPAN_EMPTY, STATUS_INPUT, "a DOCTYPE");
    assert_refused(span_of("<!DOCTYPE a PUBLIC 'x' 'http://127.0.0.1/x'><a/>"), SPAN_EMPTY, STATUS_INPUT, "a DOCTYPE");
    assert_refused(span_of("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"), SPAN_EMPTY, STATUS_INPUT, "a DOCTYPE");
    assert_refused(span_of("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"), SPAN_EMPTY, STATUS_INPUT,
                   "a DOCTYPE");
    assert_refused(span_of("<!DOCTYPE a [<!ENTITY % e SYSTEM 'http://127.0.0.1/x'> %e;]><a/>"), SPAN_EMPTY, STATUS_INPUT,
                   "a DOCTYPE");
    assert_refused(span_of("<a>&e;</a>"), SPAN_EMPTY, STATUS_INPUT, "x.xml:1: Entity 'e' not defined");
}

static void test_xml_doc_new_not_well_formed_names_the_line(void **state)
{
    (void)state;
    assert_refused(span_of("<a>\n<b>\n</a>"), SPAN_EMPTY, STATUS_INPUT, "x.xml:3: ");
    assert_refused(span_of("<a/>\n<b/>"), SPAN_EMPTY, STATUS_INPUT, "x.xml:2: ");
    assert_refused(span_of("<a b='1' b='2'/>"), SPAN_EMPTY, STATUS_INPUT, "x.xml:1: ");
    assert_refused(span_of("<p:a/>"), SPAN_EMPTY, STATUS_INPUT, "Namespace prefix p");
    assert_refused(span_of("<a>&#0;</a>"), SPAN_EMPTY, STATUS_INPUT, "x.xml:1: ");
    assert_refused(span_of("<a>&#1;&#2;</a>"), SPAN_EMPTY, STATUS_INPUT, "(1 more)");
    assert_refused(span_of("<a>\x01</a>"), SPAN_EMPTY, STATUS_INPUT, "x.xml:1: ");
    assert_refused(span_of("  "), SPAN_EMPTY, STATUS_INPUT, "x.xml");
    assert_refused(span_of("<!-- c -->"), SPAN_EMPTY, STATUS_INPUT, "x.xml");
    assert_refused(span_of("<a>"), SPAN_EMPTY, STATUS_INPUT, "x.xml:1: ");
}

static void test_xml_doc_new_cut_anywhere_is_refused(void **state)
{
    static const char whole[] = "<?xml version='1.0'?><law a='ả'><!-- c --><rate>1</rate><![CDATA[x]]></law>";
    (void)state;
    for (size_t size = 0; size < sizeof(whole) - 1; size++) {
        struct xml_doc *doc;
        assert_int_equal(xml_doc_new((struct span){ whole, size }, "x.xml", SPAN_EMPTY, &doc, NULL), STATUS_INPUT);
        assert_null(doc);
    }
}

static void test_xml_doc_new_other_encodings_are_refused(void **state)
{
    static const char utf16[] = "\xff\xfe<\0a\0/\0>\0", plain16[] = "<\0a\0/\0>\0", ebcdic[] = "\x4c\x6f\xa7\x94";
    (void)state;
    assert_refused((struct span){ utf16, 10 }, SPAN_EMPTY, STATUS_INPUT, "UTF-8");
    assert_refused((struct span){ plain16, 8 }, SPAN_EMPTY, STATUS_INPUT, "UTF-8");
    assert_refused((struct span){ ebcdic, 4 }, SPAN_EMPTY, STATUS_INPUT, "UTF-8");
    assert_refused((struct span){ "<a>\0</a>", 8 }, SPAN_EMPTY, STATUS_INPUT, "UTF-8");
    assert_refused(SPAN_EMPTY, SPAN_EMPTY, STATUS_INPUT, "UTF-8");
    assert_refused(span_of("hello"), SPAN_EMPTY, STATUS_INPUT, "UTF-8");
    assert_refused(span_of("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>"), SPAN_EMPTY, STATUS_INPUT, "UTF-8");
    assert_refused(span_of("<?xml version='1.0' encoding='UTF-7'?><a>+AOk-</a>"), SPAN_EMPTY, STATUS_INPUT, "x.xml:1: ");
    assert_refused(span_of("<?xml version='1.0' encoding='UTF-16'?><a/>"), SPAN_EMPTY, STATUS_INPUT, "x.xml:1: ");
    assert_refused(span_of("<a>\xe9</a>"), SPAN_EMPTY, STATUS_INPUT, "x.xml:1: ");
    struct xml_doc *doc = read_doc("\xef\xbb\xbf<a>é</a>");
    assert_string_equal(xml_text(xml_root(doc)), "é");
    xml_doc_free(doc);
}

static void test_xml_doc_new_depth_up_to_the_limit(void **state)
{
    (void)state;
    for (int depth = XML_DEPTH_MAX - 1; depth <= XML_DEPTH_MAX + 1; depth++) {
        struct buf xml = BUF_INIT(10000);
        for (int i = 0; i < depth; i++) {
            assert_int_equal(buf_add_text(&xml, "<a>\n"), STATUS_OK);
        }
        for (int i = 0; i < depth; i++) {
            assert_int_equal(buf_add_text(&xml, "</a>"), STATUS_OK);
        }
        if (depth <= XML_DEPTH_MAX) {
            struct xml_doc *doc;
            assert_int_equal(xml_doc_new(buf_span(&xml), "x.xml", SPAN_EMPTY, &doc, NULL), STATUS_OK);
            xml_doc_free(doc);
        } else {
            assert_refused(buf_span(&xml), SPAN_EMPTY, STATUS_LIMIT, "x.xml:65: elements are nested too deeply");
        }
        buf_release(&xml);
    }
}

static void test_xml_doc_new_size_over_the_limit_is_refused_unread(void **state)
{
    (void)state;
    assert_refused((struct span){ "<a/>", (size_t)XML_SIZE_MAX + 1 }, SPAN_EMPTY, STATUS_LIMIT, "x.xml: the document is too large");
    assert_refused(span_of("<a/>"), (struct span){ "<a/>", (size_t)XML_SIZE_MAX + 1 }, STATUS_LIMIT, "the schema: the document is too large");
}

static void test_xml_doc_new_schema_valid_is_accepted(void **state)
{
    struct xml_doc *doc;
    (void)state;
    struct span xml = span_of("<law><!-- c --><rate from='2025-07-01'> 45 </rate></law>");
    assert_int_equal(xml_doc_new(xml, "x.xml", span_of(schema), &doc, NULL), STATUS_OK);
    assert_string_equal(xml_text(xml_child(xml_root(doc), "rate")), " 45 ");
    xml_doc_free(doc);
}

static void test_xml_doc_new_schema_invalid_names_the_line_and_how_many_more(void **state)
{
    (void)state;
    assert_refused(span_of("<law>\n<rate from='2025-07-01'>4x</rate>\n</law>"), span_of(schema), STATUS_INPUT, "x.xml:2: ");
    assert_refused(span_of("<law>\n\n<rate>45</rate>\n<rate from='2025-02-30'>4</rate><b/></law>"), span_of(schema),
                   STATUS_INPUT, "x.xml:3: ");
    assert_refused(span_of("<law>\n\n<rate>45</rate>\n<rate from='2025-02-30'>4</rate><b/></law>"), span_of(schema),
                   STATUS_INPUT, "(2 more)");
    assert_refused(span_of("<raw/>"), span_of(schema), STATUS_INPUT, "x.xml:1: ");
}

static void test_xml_doc_new_lines_over_16_bits_are_counted(void **state)
{
    struct buf xml = BUF_INIT(1000000);
    (void)state;
    assert_int_equal(buf_add_text(&xml, "<law>"), STATUS_OK);
    for (int i = 0; i < 70000; i++) {
        assert_int_equal(buf_add_text(&xml, "\n"), STATUS_OK);
    }
    assert_int_equal(buf_add_text(&xml, "<rate from='2025-07-01'>4x</rate></law>"), STATUS_OK);
    assert_refused(buf_span(&xml), span_of(schema), STATUS_INPUT, "x.xml:70001: ");
    struct xml_doc *doc;
    assert_int_equal(xml_doc_new(buf_span(&xml), "x.xml", SPAN_EMPTY, &doc, NULL), STATUS_OK);
    assert_int_equal(xml_line(xml_child(xml_root(doc), "rate")), 70001);
    xml_doc_free(doc);
    buf_release(&xml);
}

static void test_xml_doc_new_schema_that_is_none_is_the_configurations_fault(void **state)
{
    (void)state;
    assert_refused(span_of("<law/>"), span_of("<law/>"), STATUS_CONFIG, "the schema:");
    assert_refused(span_of("<law/>"), span_of("<xs:schema"), STATUS_CONFIG, "the schema:");
}

/* Neither a schema's include nor a document's schemaLocation is followed. */
static void test_xml_doc_new_other_files_are_not_read(void **state)
{
    char path[] = "/tmp/test_xml_XXXXXX", including[600], located[600];
    struct xml_doc *doc = NULL;
    (void)state;
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, schema, sizeof(schema) - 1), sizeof(schema) - 1);
    close(file);
    snprintf(including, sizeof(including), "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
             "<xs:include schemaLocation='%s'/></xs:schema>", path);
    assert_refused(span_of("<law><rate from='2025-07-01'>1</rate></law>"), span_of(including), STATUS_CONFIG, "the schema");
    snprintf(located, sizeof(located), "<law xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
             "xsi:noNamespaceSchemaLocation='%s'><b/></law>", path);
    assert_int_equal(xml_doc_new(span_of(located), "x.xml", SPAN_EMPTY, &doc, NULL), STATUS_OK);
    xml_doc_free(doc);
    unlink(path);
}

/* Where the writer's bytes go in these tests. */
struct gathered {
    struct buf bytes;
    int calls;
    int fail_at;        /* the call that fails; 0: none */
};

static enum status gather(void *context, struct span bytes, struct diag *diag)
{
    struct gathered *gathered = context;
    gathered->calls++;
    if (gathered->calls == gathered->fail_at) {
        return diag_fail(diag, STATUS_IO, "disk full");
    }
    return buf_add(&gathered->bytes, bytes.data, bytes.size);
}

static void test_xml_data_every_byte_and_place_is_escaped_as_canonical(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        for (size_t place = 0; place < 20; place++) {
            char text[20], expected[40];
            struct gathered gathered = { .bytes = BUF_INIT(1000) };
            struct xml_writer writer;
            const char *escape = byte == '&' ? "&amp;" : byte == '<' ? "&lt;" : byte == '>' ? "&gt;" : byte == '\r' ? "&#xD;" : NULL;
            memset(text, 'x', sizeof(text));
            text[place] = (char)byte;
            size_t size = escape == NULL ? 1 : strlen(escape);
            memset(expected, 'x', sizeof(expected));
            memcpy(expected + place, escape == NULL ? &text[place] : escape, size);
            xml_writer_init(&writer, gather, &gathered, NULL);
            xml_data(&writer, (struct span){ text, sizeof(text) });
            assert_int_equal(xml_writer_finish(&writer), STATUS_OK);
            assert_int_equal(gathered.bytes.size, 19 + size);
            assert_memory_equal(gathered.bytes.data, expected, 19 + size);
            xml_writer_release(&writer);
            buf_release(&gathered.bytes);
        }
    }
}

static void test_xml_data_runs_of_escapes_and_nothing(void **state)
{
    struct gathered gathered = { .bytes = BUF_INIT(1000) };
    struct xml_writer writer;
    (void)state;
    xml_writer_init(&writer, gather, &gathered, NULL);
    xml_element(&writer, "Nm", SPAN_EMPTY);
    xml_element(&writer, "Nm", span_of("<<&&>>"));
    assert_int_equal(gathered.calls, 0);
    assert_int_equal(xml_writer_finish(&writer), STATUS_OK);
    assert_int_equal(gathered.calls, 1);
    assert_true(span_is(buf_span(&gathered.bytes), "<Nm></Nm><Nm>&lt;&lt;&amp;&amp;&gt;&gt;</Nm>"));
    assert_int_equal(xml_size(&writer), gathered.bytes.size);
    xml_writer_release(&writer);
    xml_writer_release(&writer);
    buf_release(&gathered.bytes);
}

static void test_xml_writer_output_is_its_own_canonical_form(void **state)
{
    struct gathered gathered = { .bytes = BUF_INIT(100000) };
    struct xml_writer writer;
    xmlChar *canonical = NULL;
    (void)state;
    xml_writer_init(&writer, gather, &gathered, NULL);
    XML_RAW(&writer, "<Document xmlns=\"urn:x\">");
    xml_element(&writer, "Nm", span_of("Thảo & <Sons> \"x\" 'y' \r\n\t ]]>"));
    XML_RAW(&writer, "</Document>");
    assert_int_equal(xml_writer_finish(&writer), STATUS_OK);
    xmlDocPtr doc = xmlReadMemory(gathered.bytes.data, (int)gathered.bytes.size, "x", NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    int size = xmlC14NDocDumpMemory(doc, NULL, XML_C14N_EXCLUSIVE_1_0, NULL, 0, &canonical);
    assert_int_equal(size, gathered.bytes.size);
    assert_memory_equal(canonical, gathered.bytes.data, (size_t)size);
    xmlFree(canonical);
    xmlFreeDoc(doc);
    xml_writer_release(&writer);
    buf_release(&gathered.bytes);
}

/* Pieces of every size around the writer's 256 KiB arrive whole and in order. */
static void test_xml_raw_over_the_buffer_is_flushed_in_order(void **state)
{
    static const size_t sizes[] = { 1, 1000, 262143, 1, 262144, 262145, 5, 800000, 262139, 5, 262138, 7, 0, 3 };
    size_t total = 0;
    struct gathered gathered = { .bytes = BUF_INIT(10000000) };
    struct xml_writer writer;
    (void)state;
    char *piece = mem_alloc(1000000, 1);
    xml_writer_init(&writer, gather, &gathered, NULL);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (size_t k = 0; k < sizes[i]; k++) {
            piece[k] = (char)('a' + (total + k) % 23);
        }
        xml_raw(&writer, (struct span){ piece, sizes[i] });
        total += sizes[i];
    }
    assert_int_equal(xml_writer_finish(&writer), STATUS_OK);
    assert_int_equal(xml_size(&writer), total);
    assert_int_equal(gathered.bytes.size, total);
    for (size_t k = 0; k < total; k++) {
        if (gathered.bytes.data[k] != (char)('a' + k % 23)) {
            fail_msg("byte %zu is another", k);
        }
    }
    free(piece);
    xml_writer_release(&writer);
    buf_release(&gathered.bytes);
}

static void test_xml_writer_finish_after_a_failure_keeps_it(void **state)
{
    struct gathered gathered = { .bytes = BUF_INIT(10000000), .fail_at = 2 };
    struct xml_writer writer;
    struct diag diag = { .line = 0 };
    (void)state;
    char *piece = mem_alloc(200000, 1);
    xml_writer_init(&writer, gather, &gathered, &diag);
    for (int i = 0; i < 6; i++) {
        xml_raw(&writer, (struct span){ piece, 200000 });
    }
    assert_int_equal(xml_writer_finish(&writer), STATUS_IO);
    assert_int_equal(gathered.calls, 2);
    assert_int_equal(gathered.bytes.size, 200000);
    assert_string_equal(diag.what, "disk full");
    free(piece);
    xml_writer_release(&writer);
    buf_release(&gathered.bytes);
}

static int set_up(void **state)
{
    (void)state;
    mem_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xml_doc_new_walks_through_elements),
        cmocka_unit_test(test_xml_text_split_by_comment_cdata_or_reference_is_whole),
        cmocka_unit_test(test_xml_doc_new_doctype_is_refused),
        cmocka_unit_test(test_xml_doc_new_not_well_formed_names_the_line),
        cmocka_unit_test(test_xml_doc_new_cut_anywhere_is_refused),
        cmocka_unit_test(test_xml_doc_new_other_encodings_are_refused),
        cmocka_unit_test(test_xml_doc_new_depth_up_to_the_limit),
        cmocka_unit_test(test_xml_doc_new_size_over_the_limit_is_refused_unread),
        cmocka_unit_test(test_xml_doc_new_schema_valid_is_accepted),
        cmocka_unit_test(test_xml_doc_new_schema_invalid_names_the_line_and_how_many_more),
        cmocka_unit_test(test_xml_doc_new_lines_over_16_bits_are_counted),
        cmocka_unit_test(test_xml_doc_new_schema_that_is_none_is_the_configurations_fault),
        cmocka_unit_test(test_xml_doc_new_other_files_are_not_read),
        cmocka_unit_test(test_xml_data_every_byte_and_place_is_escaped_as_canonical),
        cmocka_unit_test(test_xml_data_runs_of_escapes_and_nothing),
        cmocka_unit_test(test_xml_writer_output_is_its_own_canonical_form),
        cmocka_unit_test(test_xml_raw_over_the_buffer_is_flushed_in_order),
        cmocka_unit_test(test_xml_writer_finish_after_a_failure_keeps_it),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
