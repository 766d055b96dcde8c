/* Pairs of benefits that exclude each other: reading them, and asking. */
#include "law_store.h"

#include "chitra/xml.h"

static enum status benefit_attribute(const struct law_loader *loader, const struct xml_node *node,
                                     const char *attribute, enum benefit *benefit)
{
    const char *text = xml_attribute(node, attribute);

    *benefit = text == NULL ? BENEFIT_none : benefit_find(span_of(text));
    return *benefit == BENEFIT_none ? law_fail_at(loader, node, "the name of a benefit is expected", text, NULL)
                                    : STATUS_OK;
}

static enum status exclusion_load(const struct law_loader *loader, const struct xml_node *node,
                                  struct law_exclusion *exclusion)
{
    day_t from = DAY_NONE;
    day_t to = INT32_MAX;
    const char *source;         /* among the law's sources; what else is said there is for readers */
    bool unconfirmed;
    enum status rc = benefit_attribute(loader, node, "benefit", &exclusion->one);

    if (rc != STATUS_OK || (rc = benefit_attribute(loader, node, "with", &exclusion->other)) != STATUS_OK ||
        (rc = law_read_day(loader, node, "from", true, &from)) != STATUS_OK ||
        (rc = law_read_day(loader, node, "to", false, &to)) != STATUS_OK ||
        (rc = law_read_source(loader, node, &source)) != STATUS_OK ||
        (rc = law_read_status(loader, node, &unconfirmed)) != STATUS_OK) {
        return rc;
    }
    if (to < from || exclusion->one == exclusion->other) {
        return law_fail_at(loader, node, "an exclusion has two benefits and a time", NULL, NULL);
    }
    exclusion->from = day_month(from);
    exclusion->to = to == INT32_MAX ? INT32_MAX : day_month(to);
    return STATUS_OK;
}

enum status law_load_exclusions(const struct law_loader *loader, const struct xml_node *node)
{
    struct law *law = loader->law;
    enum status rc = STATUS_OK;

    for (const struct xml_node *child = xml_child(node, NULL); child != NULL && rc == STATUS_OK;
         child = xml_next(child, NULL)) {
        struct law_exclusion exclusion;
        if (strcmp(xml_name(child), "exclusion") != 0) {
            return law_fail_at(loader, child, "an unknown element", xml_name(child), "exclusion");
        }
        rc = exclusion_load(loader, child, &exclusion);
        if (rc == STATUS_OK) {
            law->exclusions = mem_resize(law->exclusions, law->exclusion_count + 1, sizeof(exclusion));
            law->exclusions[law->exclusion_count++] = exclusion;
        }
    }
    return rc;
}

bool law_excludes(const struct law *law, enum benefit one, enum benefit other, month_t month)
{
    for (size_t i = 0; i < law->exclusion_count; i++) {
        const struct law_exclusion *exclusion = &law->exclusions[i];
        bool pair = (exclusion->one == one && exclusion->other == other) ||
                    (exclusion->one == other && exclusion->other == one);
        if (pair && exclusion->from <= month && month <= exclusion->to) {
            return true;
        }
    }
    return false;
}
