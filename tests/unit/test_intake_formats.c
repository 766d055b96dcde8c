/* What formats/intake says and what fixtures/intake shows is what the reader takes. */
#include "test_intake_support.h"

#include <dirent.h>

static const char *const FAMILIES[] = {
    "pension", "sickness", "maternity", "unemployment", "injury", "survivor", "other",
    "stops", "corrections", "orders", "cash-results",
};
enum { FAMILIES_COUNT = sizeof(FAMILIES) / sizeof(FAMILIES[0]), ENTITLEMENTS_COUNT = 7, NAMES_MAX = 64 };

struct names {
    char name[NAMES_MAX][40];
    size_t count;
};

/* Adds the first cell of each row of the document's column tables. */
static void names_read(const char *document, struct names *names)
{
    char path[128];
    size_t size;
    snprintf(path, sizeof(path), "formats/intake/%s.md", document);
    char *text = file_text(path, &size);

    assert_non_null(text);
    for (const char *at = text; (at = strstr(at, "\n| `")) != NULL; at++) {
        assert_true(names->count < NAMES_MAX);
        sscanf(at, "\n| `%39[^`]`", names->name[names->count++]);
    }
    free(text);
}

static struct names names_of(size_t family)
{
    struct names names = { .count = 0 };
    if (family < ENTITLEMENTS_COUNT) {
        names_read("README", &names);
    }
    names_read(FAMILIES[family], &names);
    return names;
}

static bool names_have(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->name[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Reads a header of these columns and one more, with a row that tells the family. */
static struct read_all read_header(size_t family, const struct names *names, const char *more)
{
    static const char *const benefits[ENTITLEMENTS_COUNT] = {
        "pension", "sickness", "childbirth", "unemployment", "injury_death", "funeral_grant", "relief_grant",
    };
    char text[4096] = "", row[4096] = "";

    for (size_t i = 0; i < names->count + (more != NULL); i++) {
        const char *name = i < names->count ? names->name[i] : more;
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i == 0 ? "" : ",", name);
        snprintf(row + strlen(row), sizeof(row) - strlen(row), "%s%s", i == 0 ? "" : ",",
                 strcmp(name, "benefit") == 0 && family < ENTITLEMENTS_COUNT ? benefits[family] : "");
    }
    strcat(strcat(strcat(text, "\n"), row), "\n");
    return read_text(text, INTAKE_FOR_RUN);
}

static void test_formats_list_exactly_the_columns_of_each_family(void **state)
{
    (void)state;
    for (size_t family = 0; family < FAMILIES_COUNT; family++) {
        struct names names = names_of(family);
        struct read_all all = read_header(family, &names, NULL);
        assert_string_equal(all.message, "");
        assert_string_equal(family_name(all.family), FAMILIES[family]);
        /* Every other column is refused, or makes another family of it: the document leaves none out. */
        for (int i = 0; i < FACT_NUMBER + TEXT_NUMBER; i++) {
            const char *more = i < FACT_NUMBER ? fact_name((enum fact)i) : text_name((enum text)(i - FACT_NUMBER));
            if (!names_have(&names, more)) {
                all = read_header(family, &names, more);
                assert_int_equal(all.status, STATUS_INPUT);
            }
        }
    }
}

static void test_formats_examples_are_taken(void **state)
{
    (void)state;
    for (size_t family = 0; family < FAMILIES_COUNT; family++) {
        char path[128];
        size_t size;
        snprintf(path, sizeof(path), "formats/intake/%s.md", FAMILIES[family]);
        char *text = file_text(path, &size);
        assert_non_null(text);
        char *example = strstr(text, "```csv\n"), *end = example == NULL ? NULL : strstr(example, "\n```\n");
        assert_non_null(end);
        example += strlen("```csv\n");
        struct read_all all = read_all((struct span){ example, (size_t)(end - example) }, path, INTAKE_FOR_RUN);
        assert_string_equal(all.message, "");
        assert_string_equal(all.findings == 0 ? "" : all.finding[0], "");
        assert_true(all.rows > 0);
        assert_string_equal(family_name(all.family), FAMILIES[family]);
        free(text);
    }
}

static void test_fixtures_are_taken_whole(void **state)
{
    (void)state;
    DIR *folder = opendir("fixtures/intake");
    bool seen[FAMILY_COUNT] = { false };

    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[512];
        size_t size;
        if (strstr(entry->d_name, ".csv") == NULL) {
            continue;
        }
        snprintf(path, sizeof(path), "fixtures/intake/%s", entry->d_name);
        char *text = file_text(path, &size);
        assert_non_null(text);
        struct read_all all = read_all((struct span){ text, size }, path, INTAKE_FOR_RUN);
        assert_string_equal(all.message, "");
        assert_string_equal(all.findings == 0 ? "" : all.finding[0], "");
        assert_true(all.rows > 0 && all.rows <= 10);
        seen[all.family] = true;
        free(text);
    }
    closedir(folder);
    for (int family = 0; family < FAMILY_COUNT; family++) {
        assert_true(seen[family]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats_list_exactly_the_columns_of_each_family),
        cmocka_unit_test(test_formats_examples_are_taken),
        cmocka_unit_test(test_fixtures_are_taken_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
