/*
 * config_officer.c - the officers of chitra.xml: who signs, with which certificates, and what for.
 *
 * One certificate belongs to one officer: otherwise one key could stand for two people. And nobody both
 * approves entitlements and certifies their payment: one person alone could then pay anybody.
 */
#include "config_internal.h"

#include "chitra/text.h"

#include <stdlib.h>

static const char *const elements[] = {
    [ROLE_APPROVES] = "approves",   [ROLE_PREPARES] = "prepares", [ROLE_CERTIFIES] = "certifies",
    [ROLE_PAYS_CASH] = "pays-cash", [ROLE_ANSWERS] = "answers",
};
enum { ROLES = sizeof elements / sizeof *elements };

static enum status certificate_read(const struct config_reading *reading, const struct xml_node *node,
                                    struct site_officer *officer)
{
    struct digest digest;
    if (!text_unhex(config_value(node, "fingerprint"), digest.bytes, sizeof digest.bytes)) {
        return config_fault(reading, node, "a SHA-256 fingerprint is expected", "another text");
    }
    if (officer_of_certificate(reading->config, &digest) != NULL || officer_has_certificate(officer, &digest)) {
        return config_fault(reading, node, "a certificate stands twice", officer->name);
    }
    officer->certificate[officer->certificate_count++] = digest;
    return STATUS_OK;
}

static enum status right_read(const struct config_reading *reading, const struct xml_node *node,
                              enum officer_role role, struct site_officer *officer)
{
    struct officer_right right = { .role = role, .families = ~UINT32_C(0), .units = ~UINT64_C(0) };
    enum status rc = STATUS_OK;
    if (config_value(node, "families").size > 0) {
        rc = config_families(reading, node, &right.families);
    }
    if (rc == STATUS_OK && config_value(node, "units").size > 0) {
        rc = config_units(reading, node, &right.units);
    }
    rc = rc == STATUS_OK ? config_copy(reading, node, "bank", right.bank, sizeof right.bank) : rc;
    officer->right[officer->right_count++] = right;
    return rc;
}

static enum status rights_read(const struct config_reading *reading, const struct xml_node *node,
                               struct site_officer *officer)
{
    enum status rc = STATUS_OK;
    unsigned count = 0;
    for (size_t role = 0; role < ROLES; role++) {
        count += config_count(node, elements[role]);
    }
    officer->right = mem_alloc(count, sizeof *officer->right);
    for (size_t role = 0; role < ROLES && rc == STATUS_OK; role++) {
        const struct xml_node *child = xml_child(node, elements[role]);
        for (; child != NULL && rc == STATUS_OK; child = xml_next(child, elements[role])) {
            rc = right_read(reading, child, (enum officer_role)role, officer);
        }
    }
    if (rc == STATUS_OK && officer_units(officer, ROLE_CERTIFIES, FAMILY_COUNT) != 0 &&
        officer_units(officer, ROLE_APPROVES, FAMILY_COUNT) != 0) {
        rc = config_fault(reading, node, "the same officer approves and certifies", officer->name);
    }
    return rc;
}

/* One end of the time in office; without the attribute there is no limit. */
static enum status day_take(const struct config_reading *reading, const struct xml_node *node, const char *attribute,
                            day_t *day)
{
    struct span value = config_value(node, attribute);
    *day = DAY_NONE;
    if (value.size > 0 && !day_read(value, day)) {
        return config_fault(reading, node, "a date YYYY-MM-DD is expected", attribute);
    }
    return STATUS_OK;
}

static enum status officer_head(const struct config_reading *reading, const struct xml_node *node,
                                struct site_officer *officer)
{
    const struct config_field field[] = {
        { "name", officer->name, sizeof officer->name },
        { "user", officer->user, sizeof officer->user },
    };
    enum status rc = config_copy_all(reading, node, field, sizeof field / sizeof *field);
    if (rc == STATUS_OK && officer_of_name(reading->config, officer->name) != NULL) {
        rc = config_fault(reading, node, "an officer stands twice", officer->name);
    }
    rc = rc == STATUS_OK ? day_take(reading, node, "from", &officer->from) : rc;
    rc = rc == STATUS_OK ? day_take(reading, node, "until", &officer->until) : rc;
    if (rc == STATUS_OK && officer->from != DAY_NONE && officer->until != DAY_NONE &&
        officer->until < officer->from) {
        rc = config_fault(reading, node, "until lies before from", officer->name);
    }
    return rc;
}

/* The officer is counted when it is whole, so that it is not compared with itself. */
static enum status officer_read(const struct config_reading *reading, const struct xml_node *node,
                                struct site_officer *officer)
{
    enum status rc = officer_head(reading, node, officer);
    officer->certificate = mem_alloc(config_count(node, "certificate"), sizeof *officer->certificate);
    const struct xml_node *child = xml_child(node, "certificate");
    for (; child != NULL && rc == STATUS_OK; child = xml_next(child, "certificate")) {
        rc = certificate_read(reading, child, officer);
    }
    return rc == STATUS_OK ? rights_read(reading, node, officer) : rc;
}

enum status config_officers_read(const struct config_reading *reading, const struct xml_node *root)
{
    struct site_config *config = reading->config;
    unsigned certificates = 0;
    enum status rc = STATUS_OK;
    config->officer = mem_alloc(config_count(root, "officer"), sizeof *config->officer);
    const struct xml_node *node = xml_child(root, "officer");
    for (; node != NULL && rc == STATUS_OK; node = xml_next(node, "officer")) {
        struct site_officer officer = { .name = "" };
        rc = officer_read(reading, node, &officer);
        config->officer[config->officer_count++] = officer;
        certificates += officer.certificate_count;
    }
    if (rc == STATUS_OK && certificates > SITE_TRUST_MAX) {
        rc = config_fault(reading, root, "there are too many certificates", "more than 256");
    }
    return rc;
}

void config_officers_free(struct site_config *config)
{
    for (unsigned i = 0; i < config->officer_count; i++) {
        free(config->officer[i].certificate);
        free(config->officer[i].right);
    }
    free(config->officer);
}
