/*
 * config_internal.h - inside site/: what the readers of chitra.xml's elements share.
 */
#ifndef CHITRA_SITE_CONFIG_INTERNAL_H
#define CHITRA_SITE_CONFIG_INTERNAL_H

#include "chitra/site.h"
#include "chitra/xml.h"

struct config_reading {
    const char *name;               /* the configuration's, for messages */
    struct site_config *config;
    struct diag *diag;
};

/* Refuses with the line of the element; returns STATUS_CONFIG. */
enum status config_fault(const struct config_reading *reading, const struct xml_node *node, const char *what,
                         const char *found) MUST_USE;

/* An attribute that may be absent, as text. */
struct span config_value(const struct xml_node *node, const char *attribute);
bool config_value_is(const struct xml_node *node, const char *attribute, const char *word);

/* Copies an attribute; an absent one is an empty text. The schema counts characters, we bytes. */
enum status config_copy(const struct config_reading *reading, const struct xml_node *node, const char *attribute,
                        char *text, size_t size_bytes) MUST_USE;

struct config_field {
    const char *attribute;
    char *text;
    size_t size_bytes;
};
enum status config_copy_all(const struct config_reading *reading, const struct xml_node *node,
                            const struct config_field *field, size_t count) MUST_USE;

/* The number of children with a name. */
unsigned config_count(const struct xml_node *parent, const char *name);

/* Lists of families and of unit codes, separated by spaces, as bits. */
enum status config_families(const struct config_reading *reading, const struct xml_node *node,
                            uint32_t *families) MUST_USE;
enum status config_units(const struct config_reading *reading, const struct xml_node *node, uint64_t *units) MUST_USE;

enum status config_units_read(const struct config_reading *reading, const struct xml_node *root) MUST_USE;
/* After the units, which it names. */
enum status config_officers_read(const struct config_reading *reading, const struct xml_node *root) MUST_USE;
enum status config_screens_read(const struct config_reading *reading, const struct xml_node *root) MUST_USE;
/* A whole number from 1 on. */
enum status config_number(const struct config_reading *reading, const struct xml_node *node, const char *attribute,
                          unsigned max, int *number) MUST_USE;
void config_officers_free(struct site_config *config);

#endif
