/* Reading a law file and refusing one that has a hole: every parameter of law_lists.h, for each of
 * its keys, as a chain of dated values without gap or overlap, each with its source. */
#include "law_store.h"

#include "chitra/xml.h"

#include <stdlib.h>

/* The values as they stand in the file; a parameter's keys may alternate. */
struct loading {
    struct law_loader loader;
    struct law_value *value;
    unsigned *series;               /* of each value */
    unsigned count;
    unsigned last[LAW_SERIES_MAX];  /* the newest value of each series, plus 1; 0: none */
    bool seen[LAW_PARAM_NUMBER];
};

static void series_number(struct law *law)
{
    for (unsigned id = 0; id < LAW_PARAM_NUMBER; id++) {
        law->first[id] = (uint16_t)law->series_count;
        law->series_count += law_param_keys((enum law_param_id)id);
    }
    ASSERT(law->series_count <= LAW_SERIES_MAX);
}

/* The place of `key` among the words, or -1. */
static int key_find(const char *words, const char *key)
{
    size_t length = strlen(key);

    for (int number = 0;; number++) {
        size_t size = strcspn(words, "|");
        if (size == length && memcmp(words, key, size) == 0) {
            return number;
        }
        if (words[size] == '\0') {
            return -1;
        }
        words += size + 1;
    }
}

/* The series that a <value> belongs to. */
static enum status key_read(struct loading *loading, const struct xml_node *node, enum law_param_id id,
                            unsigned *series)
{
    const char *key = xml_attribute(node, "key"), *words = law_param_words(id);
    int number = 0;

    if (*words == '\0' && key != NULL) {
        return law_fail_at(&loading->loader, node, "this parameter has no keys", key, NULL);
    }
    if (*words != '\0') {
        number = key == NULL ? -1 : key_find(words, key);
        if (number < 0) {
            return law_fail_at(&loading->loader, node, "the key is missing or unknown", key, words);
        }
    }
    *series = loading->loader.law->first[id] + (unsigned)number;
    return STATUS_OK;
}

/* A value follows the one before it on the next day. A value without `to` ends where the next begins,
 * so that a draft can add a line without touching another. */
static enum status chain_on(struct loading *loading, const struct xml_node *node, unsigned series,
                            const struct law_value *value)
{
    struct law_value *before = loading->last[series] == 0 ? NULL : &loading->value[loading->last[series] - 1];
    char expected[11];

    if (value->to < value->from) {
        return law_fail_at(&loading->loader, node, "the value ends before it begins", xml_attribute(node, "to"), NULL);
    }
    if (before == NULL) {
        return STATUS_OK;
    }
    if (before->to == INT32_MAX && value->from > before->from) {
        before->to = value->from - 1;
    }
    if (before->to == INT32_MAX || value->from != before->to + 1) {
        bool gap = before->to != INT32_MAX && value->from > before->to;
        day_write(before->to == INT32_MAX ? before->from : before->to + 1, expected);
        return law_fail_at(&loading->loader, node,
                           gap ? "a gap in the dates of this parameter" : "an overlap in the dates of this parameter",
                           xml_attribute(node, "from"), expected);
    }
    return STATUS_OK;
}

static enum status value_load(struct loading *loading, const struct xml_node *node, enum law_param_id id)
{
    const struct law_loader *loader = &loading->loader;
    struct law_value value = { .den = 1, .to = INT32_MAX };
    struct ratio number;
    unsigned series = 0;
    const char *text = xml_text(node);
    enum status rc = key_read(loading, node, id, &series);

    if (rc != STATUS_OK || (rc = law_read_day(loader, node, "from", true, &value.from)) != STATUS_OK ||
        (rc = law_read_day(loader, node, "to", false, &value.to)) != STATUS_OK ||
        (rc = law_read_source(loader, node, &value.source)) != STATUS_OK ||
        (rc = law_read_status(loader, node, &value.unconfirmed)) != STATUS_OK ||
        (rc = chain_on(loading, node, series, &value)) != STATUS_OK) {
        return rc;
    }
    if (text == NULL || !law_read_number(text, law_param_kind(id), &number)) {
        static const char *const forms[] = { "whole dong", "percent, at most 4 decimals",
                                             "a number, at most 4 decimals", "an age, as 60y3m" };
        return law_fail_at(loader, node, "the value is not what this parameter holds", text,
                           forms[law_param_kind(id)]);
    }
    value.num = number.num;
    value.den = number.den;
    loading->value = mem_resize(loading->value, loading->count + 1, sizeof(value));
    loading->series = mem_resize(loading->series, loading->count + 1, sizeof(series));
    loading->value[loading->count] = value;
    loading->series[loading->count] = series;
    loading->last[series] = ++loading->count;
    return STATUS_OK;
}

/* Copies an attribute that is only for readers; "" if it is not there. */
static const char *words_read(const struct law_loader *loader, const struct xml_node *node, const char *attribute)
{
    const char *text = xml_attribute(node, attribute);

    return text == NULL ? "" : arena_copy(&loader->law->texts, span_of(text)).data;
}

static enum status parameter_load(struct loading *loading, const struct xml_node *node)
{
    const struct law_loader *loader = &loading->loader;
    const char *name = xml_attribute(node, "name");
    unsigned id = 0;
    enum status rc = STATUS_OK;

    while (id < LAW_PARAM_NUMBER && (name == NULL || strcmp(law_param_name((enum law_param_id)id), name) != 0)) {
        id++;
    }
    if (id == LAW_PARAM_NUMBER) {
        return law_fail_at(loader, node, "an unknown parameter", name, NULL);
    }
    if (loading->seen[id]) {
        return law_fail_at(loader, node, "this parameter stands in the file twice", name, NULL);
    }
    loading->seen[id] = true;
    loader->law->title[id] = (struct law_title){ words_read(loader, node, "title"), words_read(loader, node, "title_vi") };
    for (const struct xml_node *child = xml_child(node, NULL); child != NULL && rc == STATUS_OK;
         child = xml_next(child, NULL)) {
        rc = strcmp(xml_name(child), "value") == 0
                 ? value_load(loading, child, (enum law_param_id)id)
                 : law_fail_at(loader, child, "an unknown element", xml_name(child), "value");
    }
    for (unsigned key = 0; key < law_param_keys((enum law_param_id)id) && rc == STATUS_OK; key++) {
        if (loading->last[loader->law->first[id] + key] == 0) {
            rc = law_fail_at(loader, node, "a key of this parameter has no value", name,
                             law_param_words((enum law_param_id)id));
        }
    }
    return rc;
}

static enum status section_load(struct loading *loading, const struct xml_node *node)
{
    enum status rc = STATUS_OK;

    for (const struct xml_node *child = xml_child(node, NULL); child != NULL && rc == STATUS_OK;
         child = xml_next(child, NULL)) {
        rc = strcmp(xml_name(child), "parameter") == 0
                 ? parameter_load(loading, child)
                 : law_fail_at(&loading->loader, child, "an unknown element", xml_name(child), "parameter");
    }
    return rc;
}

static enum status file_load(struct loading *loading, const struct xml_node *root)
{
    const struct law_loader *loader = &loading->loader;
    bool adjusted = false;
    enum status rc = STATUS_OK;

    if (strcmp(xml_name(root), "law") != 0) {
        return law_fail_at(loader, root, "not a law file", xml_name(root), "law");
    }
    for (const struct xml_node *child = xml_child(root, NULL); child != NULL && rc == STATUS_OK;
         child = xml_next(child, NULL)) {
        if (strcmp(xml_name(child), "section") == 0) {
            rc = section_load(loading, child);
        } else if (strcmp(xml_name(child), "adjustments") == 0 && !adjusted) {
            adjusted = true;
            rc = law_load_adjustments(loader, child);
        } else if (strcmp(xml_name(child), "exclusions") == 0 && loader->law->exclusion_count == 0) {
            rc = law_load_exclusions(loader, child);
        } else {
            rc = law_fail_at(loader, child, "an unknown element", xml_name(child), "section, one adjustments");
        }
    }
    for (unsigned id = 0; id < LAW_PARAM_NUMBER && rc == STATUS_OK; id++) {
        if (!loading->seen[id]) {
            rc = law_fail_at(loader, root, "a parameter is missing", NULL, law_param_name((enum law_param_id)id));
        }
    }
    return rc != STATUS_OK || adjusted ? rc : law_fail_at(loader, root, "the adjustments are missing", NULL, NULL);
}

/* "base_salary: no value before 1993-04-01", for the refusal of a row. */
static const char *limit_text(struct law *law, const char *name, const char *relation, day_t day)
{
    char date[11];
    struct buf text = BUF_INIT(256);

    day_write(day, date);
    ASSERT(buf_add_format(&text, "%s: no value %s %s", name, relation, date) == STATUS_OK);
    const char *copy = arena_copy(&law->texts, buf_span(&text)).data;
    buf_release(&text);
    return copy;
}

/* Lays each series out as an array of its own. */
static void series_build(struct loading *loading)
{
    struct law *law = loading->loader.law;
    unsigned place = 0, id = 0;

    law->values = mem_alloc(loading->count, sizeof(law->values[0]));
    for (unsigned number = 0; number < law->series_count; number++) {
        struct law_series *series = &law->series[number];
        series->value = &law->values[place];
        for (unsigned i = 0; i < loading->count; i++) {
            if (loading->series[i] == number) {
                law->values[place++] = loading->value[i];
                series->count++;
            }
        }
        while (id + 1 < LAW_PARAM_NUMBER && law->first[id + 1] <= number) {
            id++;
        }
        const char *name = law_param_name((enum law_param_id)id);
        const struct law_value *last = &law->values[place - 1];
        series->before = limit_text(law, name, "before", series->value[0].from);
        series->after = last->to == INT32_MAX ? "" : limit_text(law, name, "after", last->to);
    }
}

enum status law_new(struct span xml, const char *name, struct span xsd, struct law **law, struct diag *diag)
{
    struct xml_doc *doc = NULL;
    struct law *loaded = mem_alloc(1, sizeof(*loaded));
    struct loading loading = { .loader = { loaded, name, diag } };
    enum status rc = STATUS_OK;

    *law = NULL;
    series_number(loaded);
    rc = xml_doc_new(xml, name, xsd, &doc, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    rc = file_load(&loading, xml_root(doc));
    if (rc != STATUS_OK) {
        goto out;
    }
    series_build(&loading);
    *law = loaded;
    loaded = NULL;
out:
    free(loading.value);
    free(loading.series);
    law_free(loaded);
    xml_doc_free(doc);
    return rc;
}

void law_free(struct law *law)
{
    if (law == NULL) {
        return;
    }
    free(law->values);
    free(law->adjustments);
    free(law->exclusions);
    free(law->sources);
    arena_release(&law->texts);
    free(law);
}

const char *law_source(const struct law *law, size_t number)
{
    return number < law->source_count ? law->sources[number] : NULL;
}
