/* Replays the corpora of the fuzz targets of intake, and short cuts and changes of each. */
#define LLVMFuzzerTestOneInput fz_csv
#include "../fuzz/fz_csv.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fz_gzip
#include "../fuzz/fz_gzip.c"
#undef LLVMFuzzerTestOneInput

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>

enum { INPUT_BYTES_MAX = 1 << 16 };

typedef int fuzz_target(const uint8_t *data, size_t size);

/* The input itself, cut at many places, and with a byte changed at as many. */
static void replay_input(fuzz_target *target, uint8_t *bytes, size_t size)
{
    size_t step = size / 40 + 1;

    target(bytes, size);
    for (size_t at = 0; at < size; at += step) {
        target(bytes, at);
        uint8_t kept = bytes[at];
        bytes[at] ^= 0x04;
        target(bytes, size);
        bytes[at] = kept;
    }
}

static size_t replay(fuzz_target *target, const char *path)
{
    DIR *folder = opendir(path);
    size_t count = 0;

    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char name[512];
        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        FILE *file = fopen(name, "rb");
        assert_non_null(file);
        uint8_t *bytes = mem_alloc(INPUT_BYTES_MAX, 1);
        size_t size = fread(bytes, 1, INPUT_BYTES_MAX, file);
        fclose(file);
        /* Its own length, so that a step behind the end is seen. */
        bytes = mem_resize(bytes, size, 1);
        replay_input(target, bytes, size);
        free(bytes);
        count++;
    }
    closedir(folder);
    return count;
}

static void test_fz_csv_corpus_holds(void **state)
{
    (void)state;
    assert_true(replay(fz_csv, "tests/fuzz/corpus/csv") >= 10);
}

static void test_fz_gzip_corpus_holds(void **state)
{
    (void)state;
    assert_true(replay(fz_gzip, "tests/fuzz/corpus/gzip") >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fz_csv_corpus_holds),
        cmocka_unit_test(test_fz_gzip_corpus_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
