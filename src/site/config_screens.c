/*
 * config_screens.c - the policy of chitra.xml on what is looked at before money moves.
 *
 * What is not named is off. A number that a screen needs is its limit: the schema asks for it.
 */
#include "config_internal.h"

#include <limits.h>

static const struct {
    const char *element;
    const char *limit;          /* its attribute with a number; NULL: none */
} known[SCREENS] = {
    [SCREEN_NAMED_DECEASED] = { "named-deceased", NULL }, [SCREEN_EXCLUDED] = { "excluded", NULL },
    [SCREEN_SHARED_ACCOUNT] = { "shared-account", "people" },
    [SCREEN_ACCOUNT_CHANGED] = { "account-changed", NULL },
    [SCREEN_JUMP] = { "jump", "percent" }, [SCREEN_LOOK_ALIKE] = { "look-alike", "days" },
};

static enum status screen_read(const struct config_reading *reading, const struct xml_node *node, enum site_screen screen)
{
    struct site_policy *policy = &reading->config->screens;
    /* Two that look alike may well both be right: that only warns. */
    bool warn = screen == SCREEN_LOOK_ALIKE || config_value_is(node, "action", "warn");
    policy->action[screen] = warn ? SCREEN_WARN : SCREEN_HOLD;
    return known[screen].limit == NULL
               ? STATUS_OK
               : config_number(reading, node, known[screen].limit, INT_MAX, &policy->limit[screen]);
}

static enum status totals_read(const struct config_reading *reading, const struct xml_node *node)
{
    struct site_policy *policy = &reading->config->screens;
    enum status rc = config_number(reading, node, "percent", INT_MAX, &policy->totals_percent);
    policy->totals_families = ~UINT32_C(0);
    if (rc == STATUS_OK && config_value(node, "families").size > 0) {
        rc = config_families(reading, node, &policy->totals_families);
    }
    return rc;
}

enum status config_screens_read(const struct config_reading *reading, const struct xml_node *root)
{
    const struct xml_node *screens = xml_child(root, "screens");
    enum status rc = STATUS_OK;
    for (size_t i = 0; i < SCREENS && screens != NULL && rc == STATUS_OK; i++) {
        const struct xml_node *node = xml_child(screens, known[i].element);
        rc = node == NULL ? STATUS_OK : screen_read(reading, node, (enum site_screen)i);
    }
    const struct xml_node *totals = screens == NULL ? NULL : xml_child(screens, "totals");
    return rc == STATUS_OK && totals != NULL ? totals_read(reading, totals) : rc;
}
