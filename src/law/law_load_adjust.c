/* Reading the yearly adjustments of a law file. */
#include "law_store.h"

#include "chitra/xml.h"

/* One dong amount of an attribute; -1 if it is absent. */
static enum status money_attribute(const struct law_loader *loader, const struct xml_node *node,
                                   const char *attribute, int64_t *amount)
{
    const char *text = xml_attribute(node, attribute);

    *amount = -1;
    if (text != NULL && !money_read(span_of(text), amount)) {
        return law_fail_at(loader, node, "an amount is wrong", text, "whole dong");
    }
    return STATUS_OK;
}

static enum status top_up_load(const struct law_loader *loader, const struct xml_node *node,
                               const struct law_adjustment *adjustment, struct law_top_up *top_up)
{
    int64_t up_to, below, add, raise_to;
    const char *old = xml_attribute(node, "pre_1995");
    enum status rc = law_read_status(loader, node, &top_up->unconfirmed);

    if (rc != STATUS_OK || (rc = money_attribute(loader, node, "up_to", &up_to)) != STATUS_OK ||
        (rc = money_attribute(loader, node, "below", &below)) != STATUS_OK ||
        (rc = money_attribute(loader, node, "add", &add)) != STATUS_OK ||
        (rc = money_attribute(loader, node, "raise_to", &raise_to)) != STATUS_OK) {
        return rc;
    }
    if ((up_to < 0) == (below < 0)) {
        return law_fail_at(loader, node, "a top-up has one limit", NULL, "up_to or below");
    }
    top_up->below_dong = up_to >= 0 ? up_to + 1 : below;
    if ((add <= 0) == (raise_to < 0) || (raise_to >= 0 && raise_to < top_up->below_dong - 1)) {
        return law_fail_at(loader, node, "a top-up raises an amount", NULL, "add, or raise_to at least the limit");
    }
    if (old != NULL && strcmp(old, "Y") != 0) {
        return law_fail_at(loader, node, "the condition is unknown", old, "pre_1995=\"Y\", or none");
    }
    top_up->pre_1995 = old != NULL;
    top_up->add_dong = add > 0 ? add : 0;
    top_up->raise_to_dong = raise_to;
    top_up->unconfirmed = top_up->unconfirmed || adjustment->unconfirmed;
    return STATUS_OK;
}

/* Bands are written from the lowest up, so that the first that fits is the right one. */
static enum status top_ups_load(const struct law_loader *loader, const struct xml_node *node,
                                struct law_adjustment *adjustment)
{
    int64_t limit = 0;

    for (const struct xml_node *child = xml_child(node, NULL); child != NULL; child = xml_next(child, NULL)) {
        struct law_top_up *top_up = &adjustment->top_up[adjustment->top_up_count];
        if (strcmp(xml_name(child), "top_up") != 0 || adjustment->top_up_count == LAW_TOP_UPS_MAX) {
            return law_fail_at(loader, child, "an unknown element, or too many", xml_name(child), "4 top_up at most");
        }
        enum status rc = top_up_load(loader, child, adjustment, top_up);
        if (rc != STATUS_OK) {
            return rc;
        }
        if (top_up->below_dong <= limit) {
            return law_fail_at(loader, child, "the limits of the top-ups do not rise", NULL, NULL);
        }
        limit = top_up->below_dong;
        adjustment->top_up_count++;
    }
    return STATUS_OK;
}

static enum status adjustment_load(const struct law_loader *loader, const struct xml_node *node,
                                   struct law_adjustment *adjustment)
{
    const char *percent = xml_attribute(node, "percent");
    day_t from = DAY_NONE;
    enum status rc = law_read_day(loader, node, "from", true, &from);

    adjustment->began_from = DAY_NONE;
    adjustment->began_before = from;
    if (rc != STATUS_OK ||
        (rc = law_read_day(loader, node, "began_before", false, &adjustment->began_before)) != STATUS_OK ||
        (rc = law_read_day(loader, node, "began_from", false, &adjustment->began_from)) != STATUS_OK ||
        (rc = law_read_source(loader, node, &adjustment->source)) != STATUS_OK ||
        (rc = law_read_status(loader, node, &adjustment->unconfirmed)) != STATUS_OK) {
        return rc;
    }
    adjustment->month = day_month(from);
    if (from != month_first(adjustment->month)) {
        return law_fail_at(loader, node, "an adjustment begins with a month", xml_attribute(node, "from"), NULL);
    }
    if (percent == NULL || !law_read_number(percent, LAW_KIND_count, &adjustment->percent)) {
        return law_fail_at(loader, node, "the percentage is missing or wrong", percent, "a number, at most 4 decimals");
    }
    adjustment->factor = (struct ratio){ adjustment->percent.den * 100 + adjustment->percent.num,
                                         adjustment->percent.den * 100 };
    return top_ups_load(loader, node, adjustment);
}

/* Between two lines (either may be NULL: the start, the end): dates rise, and on each date the lines
 * together reach everybody who began before it, and nobody twice. */
static enum status coverage_check(const struct law_loader *loader, const struct xml_node *node,
                                  const struct law_adjustment *before, const struct law_adjustment *next)
{
    bool same_date = before != NULL && next != NULL && before->month == next->month;

    if (before != NULL && next != NULL && next->month < before->month) {
        return law_fail_at(loader, node, "adjustments stand in the order of their dates",
                           xml_attribute(node, "from"), NULL);
    }
    if (before != NULL && !same_date && before->began_before < month_first(before->month)) {
        return law_fail_at(loader, node, "the adjustment before leaves out benefits that began before its date",
                           NULL, "a line with began_from for them");
    }
    if (next != NULL && (next->began_from != (same_date ? before->began_before : DAY_NONE) ||
                         next->began_from >= next->began_before)) {
        return law_fail_at(loader, node, "a gap or an overlap in who began when", xml_attribute(node, "began_from"),
                           "no began_from on the first line of a date, then each from where the last one ends");
    }
    return STATUS_OK;
}

static enum status known_from_load(const struct law_loader *loader, const struct xml_node *node)
{
    day_t known_from = DAY_NONE;
    char date[11];
    struct buf text = BUF_INIT(256);
    enum status rc = law_read_day(loader, node, "known_from", true, &known_from);

    if (rc != STATUS_OK) {
        return rc;
    }
    day_write(known_from, date);
    ASSERT(buf_add_format(&text, "the adjustments of amounts paid before %s are not known", date) == STATUS_OK);
    loader->law->unknown_before = arena_copy(&loader->law->texts, buf_span(&text)).data;
    loader->law->known_from = day_month(known_from);
    buf_release(&text);
    return STATUS_OK;
}

enum status law_load_adjustments(const struct law_loader *loader, const struct xml_node *node)
{
    struct law *law = loader->law;
    const struct xml_node *last = node;
    enum status rc = known_from_load(loader, node);

    for (const struct xml_node *child = xml_child(node, NULL); child != NULL && rc == STATUS_OK;
         child = xml_next(child, NULL)) {
        struct law_adjustment adjustment = { .top_up_count = 0 };
        if (strcmp(xml_name(child), "adjustment") != 0) {
            return law_fail_at(loader, child, "an unknown element", xml_name(child), "adjustment");
        }
        rc = adjustment_load(loader, child, &adjustment);
        if (rc == STATUS_OK) {
            rc = coverage_check(loader, child,
                                law->adjustment_count == 0 ? NULL : &law->adjustments[law->adjustment_count - 1],
                                &adjustment);
        }
        law->adjustments = mem_resize(law->adjustments, law->adjustment_count + 1, sizeof(adjustment));
        law->adjustments[law->adjustment_count++] = adjustment;
        last = child;
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    if (law->adjustment_count == 0) {
        return law_fail_at(loader, node, "there is no adjustment", NULL, NULL);
    }
    return coverage_check(loader, last, &law->adjustments[law->adjustment_count - 1], NULL);
}
