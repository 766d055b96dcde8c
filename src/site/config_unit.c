/*
 * config_unit.c - the paying units of chitra.xml: accounts, routes, post.
 */
#include "config_internal.h"

#include "chitra/text.h"

/* The unit's account at a bank, or -1. */
static int account_find(const struct site_unit *unit, const char *bin)
{
    for (unsigned i = 0; i < unit->account_count; i++) {
        if (strcmp(unit->account[i].bin, bin) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static enum status account_read(const struct config_reading *reading, const struct xml_node *node, struct site_unit *unit)
{
    struct site_account account = { .wallet = config_value_is(node, "wallet", "true") || config_value_is(node, "wallet", "1") };
    const struct config_field field[] = {
        { "bank", account.bin, sizeof account.bin },
        { "profile", account.profile, sizeof account.profile },
        { "number", account.number, sizeof account.number },
    };
    enum status rc = config_copy_all(reading, node, field, sizeof field / sizeof *field);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (account_find(unit, account.bin) >= 0) {
        /* The debtor's bank names a file (MODEL: File), so a second account would need a second name. */
        return config_fault(reading, node, "the unit has two accounts at one bank", account.bin);
    }
    if (unit->account_count == SITE_ACCOUNTS_MAX) {
        return config_fault(reading, node, "the unit has too many accounts", unit->code);
    }
    unit->account[unit->account_count++] = account;
    return STATUS_OK;
}

static enum status route_read(const struct config_reading *reading, const struct xml_node *node, struct site_unit *unit)
{
    struct site_route route = { .account = 0 };
    char from[sizeof route.bin] = "";
    const struct config_field field[] = {
        { "bank", route.bin, sizeof route.bin },
        { "from", from, sizeof from },
    };
    enum status rc = config_copy_all(reading, node, field, sizeof field / sizeof *field);
    if (rc != STATUS_OK) {
        return rc;
    }
    int account = account_find(unit, from);
    if (account < 0) {
        return config_fault(reading, node, "the route names no account of the unit", from);
    }
    if (account_find(unit, route.bin) >= 0) {
        return config_fault(reading, node, "the unit has its own account at that bank", route.bin);
    }
    for (unsigned i = 0; i < unit->route_count; i++) {
        if (strcmp(unit->route[i].bin, route.bin) == 0) {
            return config_fault(reading, node, "the bank has two routes", route.bin);
        }
    }
    route.account = (unsigned)account;
    unit->route[unit->route_count++] = route;
    return STATUS_OK;
}

static enum status post_read(const struct config_reading *reading, const struct xml_node *node, struct site_unit *unit)
{
    const struct config_field field[] = {
        { "name", unit->post.name, sizeof unit->post.name },
        { "bank", unit->post.bin, sizeof unit->post.bin },
        { "account", unit->post.account, sizeof unit->post.account },
    };
    uint64_t days = 0;

    if (text_number(config_value(node, "advance-days"), 20, &days)) {
        unit->post.advance_days = (int)days;
    }
    return config_copy_all(reading, node, field, sizeof field / sizeof *field);
}

static enum status accounts_read(const struct config_reading *reading, const struct xml_node *node, struct site_unit *unit)
{
    enum status rc = STATUS_OK;
    const struct xml_node *child = xml_child(node, "account");
    for (; child != NULL && rc == STATUS_OK; child = xml_next(child, "account")) {
        rc = account_read(reading, child, unit);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    char bin[sizeof unit->account[0].bin] = "";
    rc = config_copy(reading, node, "default", bin, sizeof bin);
    int account = account_find(unit, bin);
    if (rc == STATUS_OK && account < 0) {
        rc = config_fault(reading, node, "the default names no account of the unit", bin);
    }
    unit->account_default = account < 0 ? 0 : (unsigned)account;
    return rc;
}

static enum status wallet_check(const struct config_reading *reading, const struct xml_node *node,
                                const struct site_unit *unit)
{
    unsigned wallets = 0;
    for (unsigned i = 0; i < unit->account_count; i++) {
        wallets += unit->account[i].wallet ? 1 : 0;
    }
    if (wallets > 1) {
        return config_fault(reading, node, "the unit has two accounts for wallets", unit->code);
    }
    if (wallets == 0 && reading->config->wallet_families != 0) {
        return config_fault(reading, node, "wallets are allowed, but the unit has no account for them", unit->code);
    }
    return STATUS_OK;
}

static enum status unit_read(const struct config_reading *reading, const struct xml_node *node)
{
    struct site_config *config = reading->config;
    struct site_unit *unit = &config->unit[config->unit_count];
    const struct config_field field[] = {
        { "code", unit->code, sizeof unit->code },
        { "name", unit->name, sizeof unit->name },
        { "party", unit->party_id, sizeof unit->party_id },
    };
    enum status rc = config_copy_all(reading, node, field, sizeof field / sizeof *field);
    if (rc != STATUS_OK) {
        return rc;
    }
    if (site_unit_find(config, span_of(unit->code)) >= 0) {
        return config_fault(reading, node, "a unit stands twice", unit->code);
    }
    config->unit_count++;
    unit->full = config_value_is(node, "intake", "full");
    rc = accounts_read(reading, node, unit);
    unit->route = mem_alloc(config_count(node, "route"), sizeof *unit->route);
    const struct xml_node *child = xml_child(node, "route");
    for (; child != NULL && rc == STATUS_OK; child = xml_next(child, "route")) {
        rc = route_read(reading, child, unit);
    }
    if (rc == STATUS_OK) {
        rc = wallet_check(reading, node, unit);
    }
    return rc == STATUS_OK ? post_read(reading, xml_child(node, "post"), unit) : rc;
}

enum status config_units_read(const struct config_reading *reading, const struct xml_node *root)
{
    unsigned count = config_count(root, "unit");
    if (count > SITE_UNITS_MAX) {
        return config_fault(reading, root, "there are too many units", "more than 63");
    }
    reading->config->unit = mem_alloc(count, sizeof *reading->config->unit);
    enum status rc = STATUS_OK;
    const struct xml_node *node = xml_child(root, "unit");
    for (; node != NULL && rc == STATUS_OK; node = xml_next(node, "unit")) {
        rc = unit_read(reading, node);
    }
    return rc;
}
