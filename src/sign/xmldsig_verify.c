/*
 * xmldsig_verify.c - the independent check of an XML signature, by libxml2 and xmlsec.
 *
 * A signature that is mathematically good may still cover something else than what the reader takes
 * (signature wrapping). So the document's shape is checked first, against a positive list: one
 * Signature, in its one place, that states one reference over everything else, and nothing in the
 * document that canonicalisation would pass over in silence. Only then is xmlsec asked, with the
 * caller's key and with every other algorithm and kind of reference switched off.
 */
#include "sign_internal.h"

#include <limits.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <openssl/err.h>
#include <threads.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/errors.h>     /* needs xmlsec.h before it */
#include <xmlsec/openssl/crypto.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>

static const char dsig_namespace[] = "http://www.w3.org/2000/09/xmldsig#";

/* The elements of a Signature in document order, with the one attribute that each may have: what is
 * not in this list is refused. */
static const struct part {
    unsigned depth;
    const char *name;
    const char *attribute;      /* NULL: none is allowed */
    const char *value;
} signature_parts[] = {
    { 0, "Signature", NULL, NULL },
    { 1, "SignedInfo", NULL, NULL },
    { 2, "CanonicalizationMethod", "Algorithm", "http://www.w3.org/2001/10/xml-exc-c14n#" },
    { 2, "SignatureMethod", "Algorithm", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" },
    { 2, "Reference", "URI", "" },
    { 3, "Transforms", NULL, NULL },
    { 4, "Transform", "Algorithm", "http://www.w3.org/2000/09/xmldsig#enveloped-signature" },
    { 4, "Transform", "Algorithm", "http://www.w3.org/2001/10/xml-exc-c14n#" },
    { 3, "DigestMethod", "Algorithm", "http://www.w3.org/2001/04/xmlenc#sha256" },
    { 3, "DigestValue", NULL, NULL },
    { 1, "SignatureValue", NULL, NULL },
};
enum { SIGNATURE_PARTS = sizeof signature_parts / sizeof *signature_parts };

static once_flag xmlsec_once = ONCE_FLAG_INIT;

static void xmlsec_start(void)
{
    xmlInitParser();
    ASSERT(xmlSecInit() == 0);
    ASSERT(xmlSecCheckVersion() == 1);
    ASSERT(xmlSecOpenSSLInit() == 0);
    xmlSecErrorsSetCallback(NULL);      /* it would print */
}

/* libxml2 prints what its canonicaliser finds wrong unless somebody takes it. */
static void silence(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

/* The document has a DOCTYPE: stops before any of it is read. After xmlStopParser libxml2 still calls
 * the document well-formed, so this flag is the verdict. */
static void doctype_refuse(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    xmlParserCtxtPtr parser = context;

    (void)name;
    (void)external;
    (void)system;
    *(bool *)parser->_private = true;
    xmlStopParser(parser);
}

static enum status parse(struct span xml, const char *name, xmlDocPtr *doc, struct diag *diag)
{
    const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES;
    enum status rc = STATUS_OK;
    bool doctype = false;
    xmlParserCtxtPtr parser = NULL;

    *doc = NULL;
    if (xml.size > INT_MAX) {
        return diag_fail(diag, STATUS_LIMIT, "a document of over 2 GiB");
    }
    parser = xmlNewParserCtxt();
    ASSERT(parser != NULL);
    parser->_private = &doctype;
    parser->sax->internalSubset = doctype_refuse;
    *doc = xmlCtxtReadMemory(parser, xml.data, (int)xml.size, NULL, NULL, options);
    if (doctype) {
        rc = diag_fail(diag, STATUS_INPUT, "a document type (DOCTYPE) is not allowed");
    } else if (*doc == NULL || xmlDocGetRootElement(*doc) == NULL) {
        rc = diag_fail(diag, STATUS_INPUT, "not well-formed XML");
        diag_at(diag, name, (uint64_t)(parser->lastError.line > 0 ? parser->lastError.line : 0), 0);
    }
    if (rc != STATUS_OK) {
        xmlFreeDoc(*doc);
        *doc = NULL;
    }
    xmlFreeParserCtxt(parser);
    return rc;
}

static bool is_dsig(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL
        && xmlStrEqual(node->ns->href, (const xmlChar *)dsig_namespace);
}

static bool is_named(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, (const xmlChar *)name);
}

/* The next node in document order; NULL after the last one below `top` (NULL: of the document).
 * Goes down into elements only. */
static xmlNodePtr node_next(xmlNodePtr node, const xmlNode *top)
{
    if (node->type == XML_ELEMENT_NODE && node->children != NULL) {
        return node->children;
    }
    while (node != top && node->next == NULL) {
        node = node->parent;
        if (node == NULL || node->type != XML_ELEMENT_NODE) {
            return NULL;
        }
    }
    return node == top ? NULL : node->next;
}

static xmlNodePtr element_next(xmlNodePtr node, const xmlNode *top)
{
    do {
        node = node_next(node, top);
    } while (node != NULL && node->type != XML_ELEMENT_NODE);
    return node;
}

static unsigned depth_below(const xmlNode *node, const xmlNode *top)
{
    unsigned depth = 0;

    while (node != top) {
        node = node->parent;
        depth++;
    }
    return depth;
}

static enum status refuse(const xmlNode *node, const char *name, const char *what, struct diag *diag)
{
    long line = xmlGetLineNo(node);

    diag_fail(diag, STATUS_SIGNATURE, "%s", what);
    diag_at(diag, name, line > 0 ? (uint64_t)line : 0, 0);
    return STATUS_SIGNATURE;
}

/* Finds the one Signature. Comments are what canonicalisation leaves out, so that anybody may put
 * them in without breaking the signature and split a value in two; instructions and CDATA are other
 * ways to write the same. Signed documents have no need for them. */
static enum status signature_find(xmlDocPtr doc, const char *name, const char *parent, xmlNodePtr *found,
                                  struct diag *diag)
{
    *found = NULL;
    for (xmlNodePtr node = doc->children; node != NULL; node = node_next(node, NULL)) {
        if (node->type != XML_ELEMENT_NODE && node->type != XML_TEXT_NODE) {
            return refuse(node, name, "a signed document may hold only elements and text", diag);
        }
        if (!is_dsig(node) || !is_named(node, "Signature")) {
            continue;
        }
        if (*found != NULL) {
            return refuse(node, name, "more than one Signature", diag);
        }
        *found = node;
    }
    if (*found == NULL) {
        return refuse(xmlDocGetRootElement(doc), name, "no Signature", diag);
    }
    if ((*found)->parent == NULL || !is_named((*found)->parent, parent)) {
        refuse(*found, name, "the Signature is not in its place", diag);
        diag_expected(diag, "in <%s>", parent);
        return STATUS_SIGNATURE;
    }
    return STATUS_OK;
}

static bool attribute_is(const xmlNode *node, const struct part *part)
{
    const xmlAttr *attribute = node->properties;
    xmlChar *value = NULL;
    bool same = false;

    if (part->attribute == NULL || attribute == NULL) {
        return part->attribute == NULL && attribute == NULL;
    }
    if (attribute->next != NULL || attribute->ns != NULL) {
        return false;
    }
    value = xmlGetNoNsProp(node, (const xmlChar *)part->attribute);
    same = value != NULL && xmlStrEqual(value, (const xmlChar *)part->value);
    xmlFree(value);
    return same;
}

/* The Signature against the list, element by element. After it only KeyInfo may come: the key in it
 * is never used, and no element of another namespace, that somebody might read as content, may hide
 * in this part, which the signature does not cover. */
static enum status signature_check(xmlNodePtr signature, const char *name, struct diag *diag)
{
    xmlNodePtr node = signature;

    for (size_t i = 0; i < SIGNATURE_PARTS; i++) {
        const struct part *part = &signature_parts[i];

        if (node == NULL || !is_dsig(node) || !is_named(node, part->name) || !attribute_is(node, part)
            || depth_below(node, signature) != part->depth) {
            refuse(node == NULL ? signature : node, name, "a form of signature that is not allowed", diag);
            diag_expected(diag, "%s%s%s%s%s", part->name, part->attribute == NULL ? "" : " ",
                          part->attribute == NULL ? "" : part->attribute,
                          part->attribute == NULL ? "" : "=", part->value == NULL ? "" : part->value);
            return STATUS_SIGNATURE;
        }
        node = element_next(node, signature);
    }
    if (node != NULL && (!is_named(node, "KeyInfo") || node->parent != signature)) {
        return refuse(node, name, "a form of signature that is not allowed", diag);
    }
    for (xmlNodePtr key = node; key != NULL; key = element_next(key, signature)) {
        if (!is_dsig(key) || (key != node && key->parent == signature)) {
            return refuse(key, name, "a form of signature that is not allowed", diag);
        }
    }
    return STATUS_OK;
}

/* The certificate's key in xmlsec's wrapping; NULL if it does not take it. */
static xmlSecKeyPtr key_wrap(const struct certificate *certificate)
{
    EVP_PKEY *public_key = X509_get0_pubkey(certificate->x509);
    xmlSecKeyDataPtr data = NULL;
    xmlSecKeyPtr key = xmlSecKeyCreate();

    ASSERT(key != NULL);
    if (EVP_PKEY_up_ref(public_key) != 1) {
        goto out;
    }
    data = xmlSecOpenSSLEvpKeyAdopt(public_key);
    if (data == NULL) {
        EVP_PKEY_free(public_key);
        goto out;
    }
    if (xmlSecKeySetValue(key, data) != 0) {
        xmlSecKeyDataDestroy(data);
        goto out;
    }
    return key;
out:
    xmlSecKeyDestroy(key);
    return NULL;
}

/* xmlsec with everything switched off that is not in the list. As the key is given, KeyInfo is never
 * read for one. */
static bool xmlsec_verify(const struct certificate *certificate, xmlNodePtr signature)
{
    xmlSecDSigCtxPtr context = xmlSecDSigCtxCreate(NULL);
    xmlStructuredErrorFunc before = xmlStructuredError;     /* of this thread alone */
    void *before_context = xmlStructuredErrorContext;
    bool good = false;

    ASSERT(context != NULL);
    xmlSetStructuredErrorFunc(NULL, silence);
    context->enabledReferenceUris = xmlSecTransformUriTypeEmpty;
    context->signKey = key_wrap(certificate);
    if (context->signKey != NULL
        && xmlSecDSigCtxEnableReferenceTransform(context, xmlSecTransformEnvelopedId) == 0
        && xmlSecDSigCtxEnableReferenceTransform(context, xmlSecTransformExclC14NId) == 0
        && xmlSecDSigCtxEnableReferenceTransform(context, xmlSecOpenSSLTransformSha256Id) == 0
        && xmlSecDSigCtxEnableSignatureTransform(context, xmlSecTransformExclC14NId) == 0
        && xmlSecDSigCtxEnableSignatureTransform(context, xmlSecOpenSSLTransformRsaSha256Id) == 0
        && xmlSecDSigCtxVerify(context, signature) == 0) {
        good = context->status == xmlSecDSigStatusSucceeded
            && xmlSecPtrListGetSize(&context->signedInfoReferences) == 1
            && xmlSecPtrListGetSize(&context->manifestReferences) == 0;
    }
    xmlSetStructuredErrorFunc(before_context, before);
    xmlSecDSigCtxDestroy(context);
    return good;
}

enum status sign_xml_verify(const struct certificate *certificate, struct span xml, const char *name,
                            const char *parent, struct diag *diag)
{
    enum status rc = STATUS_OK;
    xmlDocPtr doc = NULL;
    xmlNodePtr signature = NULL;

    call_once(&xmlsec_once, xmlsec_start);
    ERR_clear_error();
    rc = parse(xml, name, &doc, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    rc = signature_find(doc, name, parent, &signature, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    rc = signature_check(signature, name, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    if (!xmlsec_verify(certificate, signature)) {
        rc = refuse(signature, name, "the signature does not verify", diag);
        diag_hint(diag, "the content was changed, or another key signed it");
    }
out:
    if (rc != STATUS_OK) {
        diag_at(diag, name, 0, 0);
    }
    xmlFreeDoc(doc);
    ERR_clear_error();
    return rc;
}
