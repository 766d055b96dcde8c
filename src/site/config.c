/*
 * config.c - chitra.xml to struct site_config, with the line of every fault.
 *
 * The schema checks the form of each value; what it cannot say (names that must be unique or must
 * exist, sizes in bytes) is checked here.
 */
#include "config_internal.h"

#include "chitra/text.h"

#include <stdlib.h>

/* Any month has that many working days, whatever its holidays. */
enum { WORKING_DAY_MAX = 15 };

enum status config_fault(const struct config_reading *reading, const struct xml_node *node, const char *what,
                         const char *found)
{
    diag_fail(reading->diag, STATUS_CONFIG, "%s", what);
    diag_at(reading->diag, reading->name, xml_line(node), 0);
    diag_found(reading->diag, "%s", found);
    return STATUS_CONFIG;
}

/* An attribute that may be absent, as text. */
struct span config_value(const struct xml_node *node, const char *attribute)
{
    const char *value = xml_attribute(node, attribute);
    return value == NULL ? SPAN_EMPTY : span_of(value);
}

bool config_value_is(const struct xml_node *node, const char *attribute, const char *word)
{
    return span_is(config_value(node, attribute), word);
}

/* Copies an attribute; an absent one is an empty text. The schema counts characters, we bytes. */
enum status config_copy(const struct config_reading *reading, const struct xml_node *node, const char *attribute,
                        char *text, size_t size_bytes)
{
    struct span value = config_value(node, attribute);
    if (value.size >= size_bytes || !text_is_clean(value)) {
        enum status rc = config_fault(reading, node, "a text is too long or not printable", attribute);
        diag_expected(reading->diag, "at most %zu bytes", size_bytes - 1);
        return rc;
    }
    memcpy(text, value.data, value.size);
    text[value.size] = '\0';
    return STATUS_OK;
}

enum status config_copy_all(const struct config_reading *reading, const struct xml_node *node,
                            const struct config_field *field, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum status rc = config_copy(reading, node, field[i].attribute, field[i].text, field[i].size_bytes);
        if (rc != STATUS_OK) {
            return rc;
        }
    }
    return STATUS_OK;
}

unsigned config_count(const struct xml_node *parent, const char *name)
{
    unsigned count = 0;
    for (const struct xml_node *node = xml_child(parent, name); node != NULL; node = xml_next(node, name)) {
        count++;
    }
    return count;
}

enum status config_number(const struct config_reading *reading, const struct xml_node *node, const char *attribute,
                          unsigned max, int *number)
{
    uint64_t value = 0;
    if (!text_number(config_value(node, attribute), max, &value) || value == 0) {
        return config_fault(reading, node, "a number is out of range", attribute);
    }
    *number = (int)value;
    return STATUS_OK;
}

static enum status month_take(const struct config_reading *reading, const struct xml_node *node,
                              const char *attribute, month_t *month)
{
    if (!month_read(config_value(node, attribute), month)) {
        return config_fault(reading, node, "a month YYYY-MM is expected", attribute);
    }
    return STATUS_OK;
}

static int family_find(struct span word)
{
    for (int family = 0; family < FAMILY_COUNT; family++) {
        if (span_is(word, family_name((enum family)family))) {
            return family;
        }
    }
    return -1;
}

/* The next of the words that spaces separate; empty at the end. */
static struct span word_take(struct span *rest)
{
    struct span word = { rest->data, 0 };
    while (rest->size > 0 && *rest->data == ' ') {
        *rest = (struct span){ rest->data + 1, rest->size - 1 };
        word.data = rest->data;
    }
    while (word.size < rest->size && rest->data[word.size] != ' ') {
        word.size++;
    }
    *rest = (struct span){ rest->data + word.size, rest->size - word.size };
    return word;
}

enum status config_families(const struct config_reading *reading, const struct xml_node *node, uint32_t *families)
{
    struct span rest = config_value(node, "families");
    *families = 0;
    for (struct span word = word_take(&rest); word.size > 0; word = word_take(&rest)) {
        int family = family_find(word);
        if (family < 0) {
            return config_fault(reading, node, "a family of benefits is expected", "another word");
        }
        *families |= UINT32_C(1) << family;
    }
    return STATUS_OK;
}

enum status config_units(const struct config_reading *reading, const struct xml_node *node, uint64_t *units)
{
    struct span rest = config_value(node, "units");
    *units = 0;
    for (struct span word = word_take(&rest); word.size > 0; word = word_take(&rest)) {
        int unit = site_unit_find(reading->config, word);
        if (unit < 0) {
            return config_fault(reading, node, "there is no such unit", "another code");
        }
        *units |= UINT64_C(1) << unit;
    }
    return STATUS_OK;
}

static enum status pay_day_read(const struct config_reading *reading, const struct xml_node *node)
{
    struct site_config *config = reading->config;
    struct site_pay_day *rule = &config->pay_day[config->pay_day_count];
    enum status rc = config_copy(reading, node, "unit", rule->unit, sizeof rule->unit);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (rule->unit[0] != '\0' && site_unit_find(config, span_of(rule->unit)) < 0) {
        return config_fault(reading, node, "the pay day names no unit", rule->unit);
    }
    struct span channel = config_value(node, "channel");
    rule->channel = channel.size == 0 ? -1 : fact_word_find(FACT_channel, channel);
    rule->family = family_find(config_value(node, "family"));
    rule->rule = config_value_is(node, "rule", "working-day") ? PAY_WORKING_DAY : PAY_DAY_OF_MONTH;
    unsigned max = rule->rule == PAY_WORKING_DAY ? WORKING_DAY_MAX : 28;
    config->pay_day_count++;
    return config_number(reading, node, "number", max, &rule->number);
}

static enum status pay_days_read(const struct config_reading *reading, const struct xml_node *root)
{
    struct site_config *config = reading->config;
    bool general = false;
    config->pay_day = mem_alloc(config_count(root, "pay-day"), sizeof *config->pay_day);
    const struct xml_node *node = xml_child(root, "pay-day");
    for (; node != NULL; node = xml_next(node, "pay-day")) {
        enum status rc = pay_day_read(reading, node);
        if (rc != STATUS_OK) {
            return rc;
        }
        const struct site_pay_day *rule = &config->pay_day[config->pay_day_count - 1];
        general = general || (rule->unit[0] == '\0' && rule->channel < 0 && rule->family < 0);
    }
    if (!general) {
        return config_fault(reading, root, "one pay-day without unit, channel and family is required", "none");
    }
    return STATUS_OK;
}

static int day_compare(const void *a, const void *b)
{
    const day_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static enum status holidays_read(const struct config_reading *reading, const struct xml_node *root)
{
    struct site_config *config = reading->config;
    config->holiday = mem_alloc(config_count(root, "holiday"), sizeof *config->holiday);
    const struct xml_node *node = xml_child(root, "holiday");
    for (; node != NULL; node = xml_next(node, "holiday")) {
        if (!day_read(config_value(node, "date"), &config->holiday[config->holiday_count])) {
            return config_fault(reading, node, "a date YYYY-MM-DD is expected", "another text");
        }
        config->holiday_count++;
    }
    qsort(config->holiday, config->holiday_count, sizeof *config->holiday, day_compare);
    return STATUS_OK;
}

static enum status targets_read(const struct config_reading *reading, const struct xml_node *root)
{
    struct site_config *config = reading->config;
    config->target = mem_alloc(config_count(root, "target"), sizeof *config->target);
    const struct xml_node *node = xml_child(root, "target");
    for (; node != NULL; node = xml_next(node, "target")) {
        struct site_target *target = &config->target[config->target_count];
        int percent = 0;
        enum status rc = config_number(reading, node, "percent", 100, &percent);
        rc = rc == STATUS_OK ? month_take(reading, node, "from", &target->from) : rc;
        rc = rc == STATUS_OK ? config_families(reading, node, &target->families) : rc;
        rc = rc == STATUS_OK ? config_copy(reading, node, "source", target->source, sizeof target->source) : rc;
        if (rc != STATUS_OK) {
            return rc;
        }
        target->share = (struct ratio){ percent, 100 };
        if (config->target_count > 0 && target->from <= config->target[config->target_count - 1].from) {
            return config_fault(reading, node, "targets stand in the order of their months", "an earlier month");
        }
        config->target_count++;
    }
    return STATUS_OK;
}

/* The elements that stand once. */
static enum status head_read(const struct config_reading *reading, const struct xml_node *root)
{
    struct site_config *config = reading->config;
    const struct xml_node *agency = xml_child(root, "agency");
    const struct xml_node *policy = xml_child(root, "policy");
    const struct xml_node *signing = xml_child(root, "signing");
    const struct xml_node *wallets = xml_child(root, "wallets");
    uint64_t answer_days = 0;
    enum status rc = month_take(reading, root, "opening", &config->opening);
    rc = rc == STATUS_OK ? config_copy(reading, agency, "name", config->agency, sizeof config->agency) : rc;
    rc = rc == STATUS_OK ? config_copy(reading, agency, "country", config->country, sizeof config->country) : rc;
    rc = rc == STATUS_OK ? config_copy(reading, signing, "key", config->key, sizeof config->key) : rc;
    rc = rc == STATUS_OK
             ? config_copy(reading, signing, "certificate", config->certificate, sizeof config->certificate)
             : rc;
    config->release = config_value_is(policy, "release", "auto")   ? RELEASE_AUTO
                      : config_value_is(policy, "release", "dual") ? RELEASE_DUAL
                                                                   : RELEASE_MANUAL;
    config->intake_open = config_value_is(policy, "intake", "open");
    if (text_number(config_value(policy, "answer-days"), 60, &answer_days)) {
        config->answer_days = (int)answer_days;
    }
    if (rc == STATUS_OK && wallets != NULL) {
        rc = config_families(reading, wallets, &config->wallet_families);
    }
    return rc;
}

static enum status config_read(const struct config_reading *reading, const struct xml_node *root)
{
    enum status rc = head_read(reading, root);
    rc = rc == STATUS_OK ? config_units_read(reading, root) : rc;
    rc = rc == STATUS_OK ? config_officers_read(reading, root) : rc;
    rc = rc == STATUS_OK ? config_screens_read(reading, root) : rc;
    rc = rc == STATUS_OK ? pay_days_read(reading, root) : rc;
    rc = rc == STATUS_OK ? holidays_read(reading, root) : rc;
    return rc == STATUS_OK ? targets_read(reading, root) : rc;
}

enum status site_config_new(struct span xml, const char *name, struct span xsd,
                            struct site_config **config, struct diag *diag)
{
    struct xml_doc *doc = NULL;
    struct site_config *read = mem_alloc(1, sizeof *read);
    *config = NULL;
    enum status rc = xml_doc_new(xml, name, xsd, &doc, diag);
    if (rc != STATUS_OK) {
        rc = STATUS_CONFIG;
        goto out;
    }
    rc = config_read(&(struct config_reading){ name, read, diag }, xml_root(doc));
    if (rc == STATUS_OK) {
        *config = read;
        read = NULL;
    }
out:
    site_config_free(read);
    xml_doc_free(doc);
    return rc;
}

void site_config_free(struct site_config *config)
{
    if (config == NULL) {
        return;
    }
    for (unsigned i = 0; i < config->unit_count; i++) {
        free(config->unit[i].route);
    }
    free(config->unit);
    free(config->pay_day);
    free(config->holiday);
    free(config->target);
    config_officers_free(config);
    free(config);
}

int site_unit_find(const struct site_config *config, struct span code)
{
    for (unsigned i = 0; i < config->unit_count; i++) {
        if (span_is(code, config->unit[i].code)) {
            return (int)i;
        }
    }
    return -1;
}
