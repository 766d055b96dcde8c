/*
 * profile.c - a bank's profile, read from formats/banks/<code>.xml.
 *
 * The schema has checked every value when it comes here; what is checked again is what would break
 * memory or money: lengths, numbers and words that the program must know.
 */
#include "chitra/bank.h"
#include "chitra/money.h"
#include "chitra/xml.h"

#include <stdlib.h>

/* Where a profile is being read: for messages. */
struct profile_reader {
    const char *name;
    struct diag *diag;
};

static enum status profile_refuse(const struct profile_reader *reader, const struct xml_node *node,
                                  const char *what)
{
    diag_fail(reader->diag, STATUS_CONFIG, "%s", what);
    diag_at(reader->diag, reader->name, xml_line(node), 0);
    return STATUS_CONFIG;
}

/* Copies an attribute into a field of `size` bytes. An absent one leaves the field empty. */
static enum status profile_copy(const struct profile_reader *reader, const struct xml_node *node,
                                const char *attribute, char *field, size_t size)
{
    const char *value = xml_attribute(node, attribute);

    if (value == NULL) {
        return STATUS_OK;
    }
    if (strlen(value) >= size) {
        return profile_refuse(reader, node, "an attribute is too long");
    }
    memcpy(field, value, strlen(value) + 1);
    return STATUS_OK;
}

/* Reads a whole number up to `max` from an attribute. An absent one is 0. */
static enum status profile_number(const struct profile_reader *reader, const struct xml_node *node,
                                  const char *attribute, uint64_t max, uint64_t *number)
{
    const char *value = xml_attribute(node, attribute);

    *number = 0;
    if (value != NULL && !text_number(span_of(value), max, number)) {
        return profile_refuse(reader, node, "a limit is not a number in its range");
    }
    return STATUS_OK;
}

/* The position of an element's text in a list of words, or -1. */
static int profile_word(const struct xml_node *node, const char *const *words, int count)
{
    const char *text = node == NULL ? NULL : xml_text(node);

    for (int i = 0; text != NULL && i < count; i++) {
        if (strcmp(text, words[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static enum status profile_words(const struct profile_reader *reader, const struct xml_node *root,
                                 struct bank_profile *profile)
{
    static const char *const messages[] = { "pain.001.001.09" };
    static const char *const charsets[] = { "utf8", "latin", "upper" };
    static const char *const compressions[] = { "none", "gzip" };
    int message = profile_word(xml_child(root, "message"), messages, 1);
    int charset = profile_word(xml_child(root, "charset"), charsets, 3);
    int compression = profile_word(xml_child(root, "compression"), compressions, 2);

    if (message < 0 || charset < 0 || compression < 0) {
        return profile_refuse(reader, root, "message, charset or compression is not known");
    }
    profile->message = (enum bank_message)message;
    profile->charset = (enum charset)charset;
    profile->compression = (enum bank_compression)compression;
    return STATUS_OK;
}

static enum status profile_limits(const struct profile_reader *reader, const struct xml_node *root,
                                  struct bank_profile *profile)
{
    const struct xml_node *limits = xml_child(root, "limits");
    uint64_t name = 0, remittance = 0, account = 0, transactions = 0, amount = 0;

    if (limits == NULL) {
        return profile_refuse(reader, root, "the limits are missing");
    }
    /* Max140Text for Nm and Ustrd, Max34Text for Othr/Id of an account. */
    enum status rc = profile_number(reader, limits, "name", 140, &name);
    if (rc == STATUS_OK) {
        rc = profile_number(reader, limits, "remittance", 140, &remittance);
    }
    if (rc == STATUS_OK) {
        rc = profile_number(reader, limits, "account", 34, &account);
    }
    if (rc == STATUS_OK) {
        rc = profile_number(reader, limits, "transactions", 10000000, &transactions);
    }
    if (rc == STATUS_OK) {
        rc = profile_number(reader, limits, "amount", (uint64_t)MONEY_DONG_MAX, &amount);
    }
    if (rc == STATUS_OK && (name == 0 || account == 0 || transactions == 0)) {
        rc = profile_refuse(reader, limits, "a limit of zero leaves nothing to pay");
    }
    profile->name_length_max = (size_t)name;
    profile->remittance_length_max = (size_t)remittance;
    profile->account_length_max = (size_t)account;
    profile->transactions_max = (uint32_t)transactions;
    profile->amount_dong_max = (int64_t)amount;
    return rc;
}

/* The family that a purpose is for, or -1. */
static int profile_family(const struct xml_node *purpose)
{
    const char *name = xml_attribute(purpose, "family");

    for (int family = FAMILY_pension; name != NULL && family <= FAMILY_other; family++) {
        if (strcmp(name, family_name((enum family)family)) == 0) {
            return family;
        }
    }
    return -1;
}

static enum status profile_purpose(const struct profile_reader *reader, const struct xml_node *purpose,
                                   struct bank_profile *profile)
{
    int family = profile_family(purpose);

    if (family < 0 || profile->purpose[family][0] != '\0') {
        return profile_refuse(reader, purpose, "a purpose for a family that is unknown or had one");
    }
    enum status rc = profile_copy(reader, purpose, "code", profile->purpose[family],
                                  sizeof(profile->purpose[family]));
    if (rc == STATUS_OK) {
        rc = profile_copy(reader, purpose, "category", profile->category[family],
                          sizeof(profile->category[family]));
    }
    profile->category_purpose |= profile->category[family][0] != '\0';
    return rc;
}

static enum status profile_purposes(const struct profile_reader *reader, const struct xml_node *root,
                                    struct bank_profile *profile)
{
    const struct xml_node *purposes = xml_child(root, "purposes");
    enum status rc = STATUS_OK;

    if (purposes == NULL) {
        return profile_refuse(reader, root, "the purposes are missing");
    }
    const struct xml_node *purpose = xml_child(purposes, "purpose");
    for (; rc == STATUS_OK && purpose != NULL; purpose = xml_next(purpose, "purpose")) {
        rc = profile_purpose(reader, purpose, profile);
    }
    if (rc == STATUS_OK) {
        rc = profile_copy(reader, purposes, "arrears", profile->purpose_arrears,
                          sizeof(profile->purpose_arrears));
    }
    if (rc == STATUS_OK) {
        rc = profile_copy(reader, purposes, "orders", profile->purpose_orders, sizeof(profile->purpose_orders));
    }
    if (rc == STATUS_OK) {
        rc = profile_copy(reader, purposes, "funding", profile->purpose_funding,
                          sizeof(profile->purpose_funding));
    }
    /* A payment without a purpose would be refused by the bank after release: refused here. */
    bool complete = profile->purpose_arrears[0] != '\0' && profile->purpose_orders[0] != '\0' &&
                    profile->purpose_funding[0] != '\0';
    for (int family = FAMILY_pension; family <= FAMILY_other; family++) {
        complete = complete && profile->purpose[family][0] != '\0';
    }
    if (rc == STATUS_OK && !complete) {
        rc = profile_refuse(reader, purposes, "a family, arrears, orders or funding has no purpose");
    }
    return rc;
}

static enum status profile_names(const struct profile_reader *reader, const struct xml_node *root,
                                 struct bank_profile *profile)
{
    enum status rc = profile_copy(reader, root, "code", profile->code, sizeof(profile->code));

    if (rc == STATUS_OK) {
        rc = profile_copy(reader, root, "name", profile->name, sizeof(profile->name));
    }
    if (rc == STATUS_OK) {
        rc = profile_copy(reader, root, "bin", profile->bin, sizeof(profile->bin));
    }
    if (rc == STATUS_OK) {
        rc = profile_copy(reader, root, "bic", profile->bic, sizeof(profile->bic));
    }
    if (rc == STATUS_OK && (profile->code[0] == '\0' || strlen(profile->bin) != 6)) {
        rc = profile_refuse(reader, root, "the code or the BIN is missing");
    }
    return rc;
}

enum status bank_profile_new(struct span xml, const char *name, struct span xsd,
                             struct bank_profile **profile, struct diag *diag)
{
    struct profile_reader reader = { name, diag };
    struct bank_profile *read = NULL;
    struct xml_doc *doc = NULL;

    *profile = NULL;
    enum status rc = xml_doc_new(xml, name, xsd, &doc, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    const struct xml_node *root = xml_root(doc);
    read = mem_alloc(1, sizeof(*read));
    rc = profile_names(&reader, root, read);
    if (rc == STATUS_OK) {
        rc = profile_words(&reader, root, read);
    }
    if (rc == STATUS_OK) {
        rc = profile_limits(&reader, root, read);
    }
    if (rc == STATUS_OK) {
        rc = profile_purposes(&reader, root, read);
    }
    if (rc == STATUS_OK) {
        *profile = read;
        read = NULL;
    }
out:
    bank_profile_free(read);
    xml_doc_free(doc);
    return rc;
}

void bank_profile_free(struct bank_profile *profile)
{
    free(profile);
}
