/*
 * law_store.h - a law file in memory. Only law_load*.c, law_param.c, adjust.c and law.c see it.
 *
 * Everything a row needs is an array in date order: a lookup is a short walk from the newest value,
 * which most rows want. Texts live in one arena and are shared by all threads, read only.
 */
#ifndef CHITRA_LAW_STORE_H
#define CHITRA_LAW_STORE_H

#include "law_internal.h"

enum {
    LAW_SERIES_MAX = 512,   /* parameters times keys: some 200 today */
    LAW_TOP_UPS_MAX = 4     /* bands of one adjustment: every decree so far had two */
};

/* The values of one parameter for one key, in the order of their dates, without gap. */
struct law_series {
    const struct law_value *value;
    unsigned count;
    const char *before;     /* "base_salary: no value before 1993-04-01" */
    const char *after;      /* "...: no value after ..."; empty while the last one is open */
};

/* A low amount after the percentage is raised by `add_dong`, or to `raise_to_dong`. */
struct law_top_up {
    int64_t below_dong;     /* not included */
    int64_t add_dong;       /* 0: raise_to_dong counts */
    int64_t raise_to_dong;
    bool pre_1995;          /* only for those who began before 1995 */
    bool unconfirmed;
};

struct law_adjustment {
    month_t month;              /* the first month at the new amount */
    day_t began_from;           /* for benefits that began on or after; DAY_NONE: any */
    day_t began_before;         /* and before */
    struct ratio percent;       /* as spoken: 7.44 is 744/100 */
    struct ratio factor;        /* 1.0744 */
    const char *source;
    bool unconfirmed;
    unsigned top_up_count;
    struct law_top_up top_up[LAW_TOP_UPS_MAX];  /* the first that fits applies */
};

/* What a parameter is, in words. */
struct law_title {
    const char *en, *vi;    /* vi may be "" */
};

/* Two benefits of which a person gets one in a month. */
struct law_exclusion {
    enum benefit one, other;
    month_t from, to;           /* both included */
};

struct law {
    struct arena texts;
    struct law_title title[LAW_PARAM_NUMBER];
    uint16_t first[LAW_PARAM_NUMBER];           /* the series of a parameter's first key */
    struct law_series series[LAW_SERIES_MAX];
    unsigned series_count;
    struct law_value *values;                   /* of all series, one behind the other */
    struct law_adjustment *adjustments;         /* by month, then began_from */
    size_t adjustment_count;
    month_t known_from;                         /* amounts paid since can be carried on */
    const char *unknown_before;                 /* why an older one cannot */
    struct law_exclusion *exclusions;
    size_t exclusion_count;
    const char **sources;                       /* each once */
    size_t source_count;
};

/* The tables of law_lists.h, by number. */
const char *law_param_name(enum law_param_id id);
enum law_kind law_param_kind(enum law_param_id id);
const char *law_param_words(enum law_param_id id);  /* its keys, "" for none */
unsigned law_param_keys(enum law_param_id id);      /* how many values stand side by side, at least 1 */

struct xml_node;

/* What the loader's parts share. */
struct law_loader {
    struct law *law;
    const char *name;       /* of the file, for messages */
    struct diag *diag;
};

/* law_text.c: reading attributes. Each refuses with the line. An optional date that is absent leaves
 * *day as it was. */
enum status law_fail_at(const struct law_loader *loader, const struct xml_node *node, const char *what,
                        const char *found, const char *expected) MUST_USE;
enum status law_read_day(const struct law_loader *loader, const struct xml_node *node, const char *attribute,
                         bool required, day_t *day) MUST_USE;
enum status law_read_source(const struct law_loader *loader, const struct xml_node *node,
                            const char **source) MUST_USE;
enum status law_read_status(const struct law_loader *loader, const struct xml_node *node,
                            bool *unconfirmed) MUST_USE;
/* A number as `kind` wants it, in lowest terms; false if it is none. */
bool law_read_number(const char *text, enum law_kind kind, struct ratio *number) MUST_USE;

/* law_load_adjust.c: the <adjustments> element. */
enum status law_load_adjustments(const struct law_loader *loader, const struct xml_node *node) MUST_USE;

/* law_load_exclusions.c: the <exclusions> element, which a file need not have. */
enum status law_load_exclusions(const struct law_loader *loader, const struct xml_node *node) MUST_USE;

#endif
