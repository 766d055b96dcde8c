/*
 * test_sign_attack.c - XML signatures against attackers. Each attack is first shown to work on a
 * verifier that only does the mathematics (xmlsec1 with our certificate); then ours must refuse it.
 */
#include "test_sign_support.h"

#define OTHER_DOCUMENT "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><Evil></Evil></Document>"

/* Documents around one good signature of ours, that a naive verifier takes. */
static const struct wrapping {
    const char *name;
    const char *document;       /* the signature for each @ */
    const char *from;           /* what is changed in the signature; NULL: nothing */
    const char *to;
    enum status expected;
} wrappings[] = {
    { "moved to Document", HEAD "<Sgntr></Sgntr></AppHdr>"
      "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">@<CstmrCdtTrfInitn>"
      "<InstdAmt Ccy=\"VND\">2340000</InstdAmt><Nm>Lò Thị Ưng &amp; con</Nm></CstmrCdtTrfInitn></Document>" END,
      NULL, NULL, STATUS_SIGNATURE },
    { "before AppHdr", "<BusinessMessage>@<AppHdr xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.001.001.02\">"
      "<BizMsgIdr>U01-2610-1</BizMsgIdr><MsgDefIdr>pain.001.001.09</MsgDefIdr><Sgntr></Sgntr></AppHdr>" BODY END,
      NULL, NULL, STATUS_SIGNATURE },
    { "at the end", HEAD "<Sgntr></Sgntr></AppHdr>" BODY "@" END, NULL, NULL, STATUS_SIGNATURE },
    { "comment in a value", HEAD "<Sgntr>@</Sgntr></AppHdr>"
      "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn>"
      "<InstdAmt Ccy=\"VND\">234<!-- -->0000</InstdAmt><Nm>Lò Thị Ưng &amp; con</Nm></CstmrCdtTrfInitn></Document>"
      END, NULL, NULL, STATUS_SIGNATURE },
    { "comment before the root", "<!-- -->" HEAD "<Sgntr>@</Sgntr></AppHdr>" BODY END, NULL, NULL, STATUS_SIGNATURE },
    { "comment after the root", HEAD "<Sgntr>@</Sgntr></AppHdr>" BODY END "<!-- -->", NULL, NULL, STATUS_SIGNATURE },
    { "CDATA in a value", HEAD "<Sgntr>@</Sgntr></AppHdr>"
      "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn>"
      "<InstdAmt Ccy=\"VND\">2340<![CDATA[000]]></InstdAmt><Nm>Lò Thị Ưng &amp; con</Nm></CstmrCdtTrfInitn></Document>"
      END, NULL, NULL, STATUS_SIGNATURE },
    { "DOCTYPE", "<!DOCTYPE BusinessMessage>" HEAD "<Sgntr>@</Sgntr></AppHdr>" BODY END, NULL, NULL, STATUS_INPUT },
    { "DOCTYPE with an entity", "<!DOCTYPE BusinessMessage [<!ENTITY e \"x\">]>" HEAD "<Sgntr>@</Sgntr></AppHdr>"
      BODY END, NULL, NULL, STATUS_INPUT },
    { "a document in Object", plain, "</Signature>", "<Object>" OTHER_DOCUMENT "</Object></Signature>",
      STATUS_SIGNATURE },
    { "a document in KeyInfo", plain, "</KeyInfo>", OTHER_DOCUMENT "</KeyInfo>", STATUS_SIGNATURE },
    { "an Id", plain, "<Signature ", "<Signature Id=\"a\" ", STATUS_SIGNATURE },
};

static void test_sign_xml_verify_wrapped_signature_is_refused(void **state)
{
    struct buf element = BUF_INIT(XML_BYTES);

    (void)state;
    need_tools();
    sign_plain(site.signer, &element);
    for (size_t i = 0; i < sizeof wrappings / sizeof *wrappings; i++) {
        struct buf changed = BUF_INIT(XML_BYTES);
        struct buf document = BUF_INIT(XML_BYTES);
        struct diag diag = { 0 };

        print_message("  %s\n", wrappings[i].name);
        if (wrappings[i].from != NULL) {
            replace(buf_span(&element), wrappings[i].from, wrappings[i].to, &changed);
        } else {
            assert_int_equal(buf_add(&changed, element.data, element.size), STATUS_OK);
        }
        fill_in(wrappings[i].document, buf_span(&changed), &document);
        assert_int_equal(xmlsec1_verify("--pubkey-cert-pem", "site.crt", buf_span(&document)), 0);
        assert_refused(xml_verify(site.certificate, buf_span(&document), &diag), wrappings[i].expected, &diag);
        buf_release(&changed);
        buf_release(&document);
    }
    buf_release(&element);
}

/* Signatures that no mathematics should reach: refused by form, and by xmlsec too. */
static void test_sign_xml_verify_two_signatures_are_refused(void **state)
{
    static const char *const documents[] = {
        HEAD "<Sgntr>@@</Sgntr></AppHdr>" BODY END,
        HEAD "<Sgntr>@</Sgntr><Sgntr>@</Sgntr></AppHdr>" BODY END,
        HEAD "<Sgntr>@</Sgntr></AppHdr>@" BODY END,
    };
    struct buf element = BUF_INIT(XML_BYTES);

    (void)state;
    sign_plain(site.signer, &element);
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct buf document = BUF_INIT(XML_BYTES);
        struct diag diag = { 0 };

        fill_in(documents[i], buf_span(&element), &document);
        assert_refused(xml_verify(site.certificate, buf_span(&document), &diag), STATUS_SIGNATURE, &diag);
        assert_string_equal(diag.what, "more than one Signature");
        buf_release(&document);
    }
    buf_release(&element);
}

#define ENVELOPED "<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></Transform>"
#define EXCLUSIVE "<Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></Transform>"
#define XPATH "<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">" \
    "<XPath>not(ancestor-or-self::*[local-name()='Document'])</XPath></Transform>"
#define SECOND "<Reference URI=\"\"><Transforms>" ENVELOPED EXCLUSIVE "</Transforms>" \
    "<DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></DigestMethod>" \
    "<DigestValue></DigestValue></Reference>"
#define SIGNATURE_METHOD "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
#define CANONICAL "<CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">"

/* What the holder of the key may sign by mistake or under another policy: a change in the template,
 * signed by xmlsec1, and after it a change in the document that this signature does not see. */
static const struct other_form {
    const char *name;
    const char *from;
    const char *to;
    const char *changed_from;   /* NULL: nothing */
    const char *changed_to;
} other_forms[] = {
    { "XPath leaves the payments out", EXCLUSIVE "</Transforms>", XPATH EXCLUSIVE "</Transforms>", ">2340000<",
      ">9990000<" },
    { "two references", "</Reference>", "</Reference>" SECOND, NULL, NULL },
    { "RSA with SHA-1", SIGNATURE_METHOD, "http://www.w3.org/2000/09/xmldsig#rsa-sha1", NULL, NULL },
    { "RSA with SHA-512", SIGNATURE_METHOD, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", NULL, NULL },
    { "digest SHA-1", "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1", NULL, NULL },
    { "canonical with comments", EXCLUSIVE,
      "<Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#WithComments\"></Transform>", NULL, NULL },
    { "inclusive canonical form", CANONICAL,
      "<CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\">", NULL, NULL },
    { "inclusive prefixes", EXCLUSIVE, "<Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">"
      "<InclusiveNamespaces xmlns=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"a\">"
      "</InclusiveNamespaces></Transform>", NULL, NULL },
    { "no transform to canonical form", EXCLUSIVE, "", NULL, NULL },
    { "a reference with a type", "<Reference URI=\"\">", "<Reference URI=\"\" Type=\"urn:a\">", NULL, NULL },
};

/* Our element with its digest and signature taken out: a template for xmlsec1. */
static void template_write(const char *from, const char *to, struct buf *out)
{
    struct buf element = BUF_INIT(XML_BYTES);
    struct buf changed = BUF_INIT(XML_BYTES);
    char *value = NULL;

    sign_plain(site.signer, &element);
    value = (char *)memmem(element.data, element.size, "<DigestValue>", 13) + 13;
    memset(value, ' ', 44);
    value = (char *)memmem(element.data, element.size, "<SignatureValue>", 16) + 16;
    memset(value, ' ', 344);
    replace(buf_span(&element), from, to, &changed);
    fill_in(plain, buf_span(&changed), out);
    buf_release(&element);
    buf_release(&changed);
}

static void xmlsec1_sign(const char *option, const char *key, struct span document, struct buf *out)
{
    file_write("template.xml", document);
    assert_int_equal(RUN("xmlsec1", "--sign", option, path_of(key), "--output", path_of("signed.xml"),
                         path_of("template.xml")), 0);
    file_read("signed.xml", out);
}

/* The way through template and xmlsec1 itself is sound: an unchanged template gives a document that we
 * accept, whoever laid it out. */
static void test_sign_xml_verify_document_signed_by_xmlsec1_is_accepted(void **state)
{
    struct buf document = BUF_INIT(XML_BYTES);
    struct buf signed_by_tool = BUF_INIT(XML_BYTES);

    (void)state;
    need_tools();
    template_write("<KeyInfo>", "<KeyInfo>\n ", &document);
    xmlsec1_sign("--privkey-pem", "site.key", buf_span(&document), &signed_by_tool);
    assert_int_equal(xml_verify(site.certificate, buf_span(&signed_by_tool), NULL), STATUS_OK);
    buf_release(&document);
    buf_release(&signed_by_tool);
}

static void test_sign_xml_verify_other_algorithms_and_references_are_refused(void **state)
{
    (void)state;
    need_tools();
    for (size_t i = 0; i < sizeof other_forms / sizeof *other_forms; i++) {
        const struct other_form *form = &other_forms[i];
        struct buf document = BUF_INIT(XML_BYTES);
        struct buf made = BUF_INIT(XML_BYTES);
        struct buf changed = BUF_INIT(XML_BYTES);
        struct diag diag = { 0 };

        print_message("  %s\n", form->name);
        template_write(form->from, form->to, &document);
        xmlsec1_sign("--privkey-pem", "site.key", buf_span(&document), &made);
        replace(buf_span(&made), form->changed_from == NULL ? "<" : form->changed_from,
                form->changed_to == NULL ? "<" : form->changed_to, &changed);
        assert_int_equal(xmlsec1_verify("--pubkey-cert-pem", "site.crt", buf_span(&changed)), 0);
        assert_refused(xml_verify(site.certificate, buf_span(&changed), &diag), STATUS_SIGNATURE, &diag);
        assert_string_equal(diag.what, "a form of signature that is not allowed");
        buf_release(&document);
        buf_release(&made);
        buf_release(&changed);
    }
}

/* HMAC with the certificate, which everybody knows, as the secret: a verifier that lets the document
 * choose the algorithm takes it. */
static void test_sign_xml_verify_hmac_with_the_certificate_as_key_is_refused(void **state)
{
    struct buf document = BUF_INIT(XML_BYTES);
    struct buf made = BUF_INIT(XML_BYTES);
    struct diag diag = { 0 };

    (void)state;
    need_tools();
    template_write(SIGNATURE_METHOD, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", &document);
    xmlsec1_sign("--hmackey", "site.crt", buf_span(&document), &made);
    assert_int_equal(xmlsec1_verify("--hmackey", "site.crt", buf_span(&made)), 0);
    assert_refused(xml_verify(site.certificate, buf_span(&made), &diag), STATUS_SIGNATURE, &diag);
    buf_release(&document);
    buf_release(&made);
}

/* One value that would grow to gigabytes if entities were followed. */
static void test_sign_xml_verify_entity_bomb_is_refused_at_once(void **state)
{
    static const char bomb[] = "<!DOCTYPE a [<!ENTITY a \"0123456789\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d SYSTEM \"file:///etc/passwd\">]><a>&c;&d;</a>";
    struct diag diag = { 0 };

    (void)state;
    assert_refused(xml_verify(site.certificate, span_of(bomb), &diag), STATUS_INPUT, &diag);
    assert_string_equal(diag.what, "a document type (DOCTYPE) is not allowed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sign_xml_verify_wrapped_signature_is_refused),
        cmocka_unit_test(test_sign_xml_verify_two_signatures_are_refused),
        cmocka_unit_test(test_sign_xml_verify_document_signed_by_xmlsec1_is_accepted),
        cmocka_unit_test(test_sign_xml_verify_other_algorithms_and_references_are_refused),
        cmocka_unit_test(test_sign_xml_verify_hmac_with_the_certificate_as_key_is_refused),
        cmocka_unit_test(test_sign_xml_verify_entity_bomb_is_refused_at_once),
    };

    return cmocka_run_group_tests(tests, support_setup, support_teardown);
}
