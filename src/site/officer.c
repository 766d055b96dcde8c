/* officer.c - what is asked about an officer: by certificate or name, on a day, for units and families. */
#include "chitra/site.h"

bool officer_has_certificate(const struct site_officer *officer, const struct digest *fingerprint)
{
    for (unsigned i = 0; i < officer->certificate_count; i++) {
        if (digest_equal(&officer->certificate[i], fingerprint)) {
            return true;
        }
    }
    return false;
}

const struct site_officer *officer_of_certificate(const struct site_config *config, const struct digest *fingerprint)
{
    for (unsigned i = 0; i < config->officer_count; i++) {
        if (officer_has_certificate(&config->officer[i], fingerprint)) {
            return &config->officer[i];
        }
    }
    return NULL;
}

const struct site_officer *officer_of_name(const struct site_config *config, const char *name)
{
    for (unsigned i = 0; i < config->officer_count; i++) {
        if (strcmp(config->officer[i].name, name) == 0) {
            return &config->officer[i];
        }
    }
    return NULL;
}

bool officer_in_office(const struct site_officer *officer, day_t day)
{
    return (officer->from == DAY_NONE || officer->from <= day) && (officer->until == DAY_NONE || day <= officer->until);
}

uint64_t officer_units(const struct site_officer *officer, enum officer_role role, enum family family)
{
    uint64_t units = 0;
    for (unsigned i = 0; i < officer->right_count; i++) {
        const struct officer_right *right = &officer->right[i];
        if (right->role == role && (family == FAMILY_COUNT || (right->families >> family & 1) != 0)) {
            units |= right->units;
        }
    }
    return units;
}

bool officer_answers(const struct site_officer *officer, const char *bank)
{
    for (unsigned i = 0; i < officer->right_count; i++) {
        if (officer->right[i].role == ROLE_ANSWERS && strcmp(officer->right[i].bank, bank) == 0) {
            return true;
        }
    }
    return false;
}

const char *officer_role_name(enum officer_role role)
{
    static const char *const name[] = {
        [ROLE_APPROVES] = "approve",   [ROLE_PREPARES] = "prepare", [ROLE_CERTIFIES] = "certify",
        [ROLE_PAYS_CASH] = "pay cash", [ROLE_ANSWERS] = "answer",
    };
    return name[role];
}
