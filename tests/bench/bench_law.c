/*
 * bench_law.c - how many entitlements a second the law calculates on one core, and that it allocates nothing.
 *
 * The rows are those of intake files: their facts are read once, kept, and calculated again and again for one
 * month, each family for about a second of CPU time, and then all of them in the order of the files. Only
 * law_calc is in the clock. Nothing is asserted of the speed; an allocation fails.
 *
 * usage: bench_law LAW XSD PERIOD FILE...
 */
#include "chitra/intake.h"
#include "chitra/law.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { FILE_BYTES_MAX = 1 << 30, NS_OF_FAMILY = 1000000000 };

struct rows {
    enum benefit *benefit;
    struct facts *facts;
    size_t count, room;
};

struct timed {
    uint64_t due, refused;      /* of one round; the rest is not due */
    uint64_t calculated;        /* in all rounds */
    uint64_t ns;
};

/* Every allocation of the process goes through these, so that the ones made inside the clock can be counted. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);

static uint64_t allocations;

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    allocations++;
    return __libc_realloc(memory, size);
}

static void fail(const char *what, const struct diag *diag)
{
    char text[DIAG_BYTES_MAX] = "";

    if (diag != NULL) {
        diag_text(diag, text, sizeof(text));
    }
    fprintf(stderr, "bench_law: %s %s\n", what, text);
    exit(1);
}

static struct span file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0, got;

    if (file == NULL) {
        fail(path, NULL);
    }
    do {
        text = mem_resize(text, size + (1 << 20), 1);
        got = fread(text + size, 1, 1 << 20, file);
        size += got;
    } while (got > 0);
    fclose(file);
    return (struct span){ text, size };
}

static void rows_add(struct rows *rows, enum benefit benefit, const struct facts *facts)
{
    if (rows->count == rows->room) {
        rows->room = rows->room * 2 + 4096;
        rows->benefit = mem_resize(rows->benefit, rows->room, sizeof(*rows->benefit));
        rows->facts = mem_resize(rows->facts, rows->room, sizeof(*rows->facts));
    }
    rows->benefit[rows->count] = benefit;
    rows->facts[rows->count++] = *facts;
}

/* The rows of one intake file, by family and together. Files without amounts of their own are left out. */
static void file_take(const char *path, struct rows family[FAMILY_COUNT], struct rows *all)
{
    struct span content = file_read(path);
    struct intake_reader *reader = NULL;
    struct intake_batch batch;
    struct diag diag = { .line = 0 };

    intake_batch_init(&batch);
    enum status rc = intake_new(content, path, INTAKE_FOR_RUN, &reader, &diag);
    for (bool more = true; rc == STATUS_OK && more;) {
        rc = intake_read(reader, &batch, &diag);
        more = rc == STATUS_OK && (batch.row_count > 0 || batch.finding_count > 0);
        for (size_t i = 0; more && i < batch.row_count; i++) {
            const struct intake_row *row = &batch.row[i];
            if (row->benefit != BENEFIT_none) {
                rows_add(&family[benefit_family(row->benefit)], row->benefit, &row->facts);
                rows_add(all, row->benefit, &row->facts);
            }
        }
    }
    if (rc != STATUS_OK) {
        fail(path, &diag);
    }
    intake_free(reader);
    intake_batch_release(&batch);
    free((void *)(uintptr_t)content.data);
}

static uint64_t cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* One round over the rows; the amounts are added up, so that nothing is optimised away. */
static void round_run(const struct law *law, month_t period, const struct rows *rows, struct timed *timed,
                          int64_t *sum_dong)
{
    struct law_result result;
    struct law_refusal refusal;

    timed->due = 0;
    timed->refused = 0;
    for (size_t i = 0; i < rows->count; i++) {
        enum law_verdict verdict = law_calc(law, rows->benefit[i], &rows->facts[i], period, &result, &refusal, NULL);
        timed->due += verdict == LAW_DUE;
        timed->refused += verdict == LAW_REFUSED;
        *sum_dong += verdict == LAW_DUE && result.count > 0 ? result.amount[0].amount_dong : 0;
    }
}

static bool rows_time(const char *name, const struct law *law, month_t period, const struct rows *rows)
{
    struct timed timed = { .ns = 0 };
    int64_t sum_dong = 0;
    uint64_t before = allocations, start = cpu_ns();

    while (timed.ns < NS_OF_FAMILY && rows->count > 0) {
        sum_dong = 0;
        round_run(law, period, rows, &timed, &sum_dong);
        timed.calculated += rows->count;
        timed.ns = cpu_ns() - start;
    }
    uint64_t allocated = allocations - before;
    uint64_t rate = timed.ns == 0 ? 0 : (uint64_t)((unsigned __int128)timed.calculated * 1000000000U / timed.ns);
    printf("%-14s %9zu rows %9llu due %6llu refused %11llu a second %9llu allocations\n", name, rows->count,
           (unsigned long long)timed.due, (unsigned long long)timed.refused, (unsigned long long)rate,
           (unsigned long long)allocated);
    ASSERT(sum_dong >= 0);
    return allocated == 0;
}

int main(int argc, char **argv)
{
    static struct rows family[FAMILY_COUNT], all;
    struct law *law = NULL;
    struct diag diag = { .line = 0 };
    month_t period = MONTH_NONE;
    bool clean = true;

    if (argc < 5 || !month_read(span_of(argv[3]), &period)) {
        fprintf(stderr, "usage: bench_law LAW XSD PERIOD FILE...\n");
        return 64;
    }
    mem_init();
    if (law_new(file_read(argv[1]), argv[1], file_read(argv[2]), &law, &diag) != STATUS_OK) {
        fail("the law file:", &diag);
    }
    for (int i = 4; i < argc; i++) {
        file_take(argv[i], family, &all);
    }
    for (int i = 0; i <= FAMILY_other; i++) {
        clean &= rows_time(family_name((enum family)i), law, period, &family[i]);
    }
    clean &= rows_time("all", law, period, &all);
    if (!clean) {
        fprintf(stderr, "bench_law: memory is allocated for a row\n");
    }
    return clean ? 0 : 1;
}
