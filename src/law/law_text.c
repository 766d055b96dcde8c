/* Reading the attributes and numbers of a law file. The schema has checked the form already where it
 * was given; everything is checked here again, because a law file may come without one. */
#include "law_store.h"

#include "chitra/xml.h"

enum { DECIMALS_MAX = 4 };  /* a ten-thousandth of a percent: decrees have two decimals */

enum status law_fail_at(const struct law_loader *loader, const struct xml_node *node, const char *what,
                        const char *found, const char *expected)
{
    enum status rc = diag_fail(loader->diag, STATUS_INPUT, "%s", what);

    if (found != NULL) {
        diag_found(loader->diag, "%s", found);
    }
    if (expected != NULL) {
        diag_expected(loader->diag, "%s", expected);
    }
    diag_at(loader->diag, loader->name, xml_line(node), 0);
    return rc;
}

enum status law_read_day(const struct law_loader *loader, const struct xml_node *node, const char *attribute,
                         bool required, day_t *day)
{
    const char *text = xml_attribute(node, attribute);

    if (text == NULL && !required) {
        return STATUS_OK;
    }
    if (text == NULL || !day_read(span_of(text), day)) {
        return law_fail_at(loader, node, "a date is missing or wrong", text == NULL ? attribute : text, "YYYY-MM-DD");
    }
    return STATUS_OK;
}

enum status law_read_source(const struct law_loader *loader, const struct xml_node *node, const char **source)
{
    struct law *law = loader->law;
    const char *text = xml_attribute(node, "source");

    if (text == NULL || text[strspn(text, " \t\r\n")] == '\0') {
        return law_fail_at(loader, node, "the legal source is missing", NULL, "source=\"act and article\"");
    }
    for (size_t i = 0; i < law->source_count; i++) {
        if (strcmp(law->sources[i], text) == 0) {
            *source = law->sources[i];
            return STATUS_OK;
        }
    }
    law->sources = mem_resize(law->sources, law->source_count + 1, sizeof(law->sources[0]));
    *source = law->sources[law->source_count++] = arena_copy(&law->texts, span_of(text)).data;
    return STATUS_OK;
}

enum status law_read_status(const struct law_loader *loader, const struct xml_node *node, bool *unconfirmed)
{
    const char *text = xml_attribute(node, "status");

    *unconfirmed = text != NULL;
    if (text != NULL && strcmp(text, "unconfirmed") != 0) {
        return law_fail_at(loader, node, "the status is unknown", text, "unconfirmed, or none");
    }
    return STATUS_OK;
}

static struct ratio lowest_terms(int64_t num, int64_t den)
{
    int64_t a = num, b = den;

    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return (struct ratio){ num / a, den / a };
}

/* "60y3m" or "60y", in months. */
static bool age_read(const char *text, struct ratio *number)
{
    int64_t years = 0, months = 0;
    size_t digits = strspn(text, "0123456789");
    const char *rest = text + digits;

    if (digits < 1 || digits > 2 || *rest++ != 'y') {
        return false;
    }
    for (size_t i = 0; i < digits; i++) {
        years = years * 10 + (text[i] - '0');
    }
    if (*rest != '\0') {
        digits = strspn(rest, "0123456789");
        if (digits < 1 || digits > 2 || strcmp(rest + digits, "m") != 0) {
            return false;
        }
        months = digits == 1 ? rest[0] - '0' : (rest[0] - '0') * 10 + rest[1] - '0';
    }
    *number = (struct ratio){ years * 12 + months, 1 };
    return months < 12;
}

bool law_read_number(const char *text, enum law_kind kind, struct ratio *number)
{
    int64_t num = 0, den = 1;
    const char *point = strchr(text, '.');
    size_t whole = point == NULL ? strlen(text) : (size_t)(point - text);
    size_t decimals = point == NULL ? 0 : strlen(point + 1);

    if (kind == LAW_KIND_age) {
        return age_read(text, number);
    }
    if (!money_read((struct span){ text, whole }, &num) || (point != NULL && decimals == 0) ||
        decimals > (kind == LAW_KIND_money ? 0 : DECIMALS_MAX) ||
        (kind != LAW_KIND_money && num >= 1000000)) {
        return false;
    }
    for (size_t i = 0; i < decimals; i++) {
        if (point[1 + i] < '0' || point[1 + i] > '9') {
            return false;
        }
        num = num * 10 + (point[1 + i] - '0');
        den *= 10;
    }
    *number = lowest_terms(num, kind == LAW_KIND_percent ? den * 100 : den);
    return true;
}
