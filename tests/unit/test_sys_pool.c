/* sys.h, the pool: is every index worked on once and delivered in order, whatever the threads do? */
#include "chitra/sys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { COUNT_MAX = 1000 };

/* What the work and the delivery of one test saw. */
struct seen {
    unsigned jobs;
    pthread_t caller;
    atomic_int worked[COUNT_MAX];
    atomic_size_t begun, running, running_most, undelivered_most;
    atomic_size_t delivered;
    size_t order[COUNT_MAX];
    size_t fail_work_1, fail_work_2, fail_deliver;      /* COUNT_MAX: none */
    atomic_bool on_caller;                                 /* all work ran on the calling thread */
};

static void raise_to(atomic_size_t *most, size_t value)
{
    size_t known = atomic_load(most);
    while (value > known && !atomic_compare_exchange_weak(most, &known, value)) {
    }
}

static enum status work(void *context, size_t index, struct diag *diag)
{
    struct seen *seen = context;
    size_t delivered = atomic_load(&seen->delivered);

    raise_to(&seen->undelivered_most, atomic_fetch_add(&seen->begun, 1) + 1 - delivered);
    raise_to(&seen->running_most, atomic_fetch_add(&seen->running, 1) + 1);
    if (pthread_equal(pthread_self(), seen->caller) == 0) {
        seen->on_caller = false;
    }
    /* Low indexes take longest, so that they end out of order. */
    usleep((useconds_t)((7 - index % 8) * 50));
    atomic_fetch_add(&seen->worked[index], 1);
    atomic_fetch_sub(&seen->running, 1);
    if (index == seen->fail_work_1 || index == seen->fail_work_2) {
        return diag_fail(diag, STATUS_LAW, "work %zu", index);
    }
    return STATUS_OK;
}

static enum status deliver(void *context, size_t index, struct diag *diag)
{
    struct seen *seen = context;

    assert_true(pthread_equal(pthread_self(), seen->caller));
    assert_int_equal(atomic_load(&seen->worked[index]), 1);
    if (index == seen->fail_deliver) {
        return diag_fail(diag, STATUS_IO, "deliver %zu", index);
    }
    seen->order[atomic_fetch_add(&seen->delivered, 1)] = index;
    return STATUS_OK;
}

static void seen_init(struct seen *seen, unsigned jobs)
{
    memset(seen, 0, sizeof(*seen));
    seen->jobs = jobs;
    seen->caller = pthread_self();
    seen->fail_work_1 = seen->fail_work_2 = seen->fail_deliver = COUNT_MAX;
    seen->on_caller = true;
}

static enum status run(struct seen *seen, size_t count, struct diag *diag)
{
    struct sys_pool pool = { .jobs = seen->jobs, .count = count, .work = work, .deliver = deliver, .context = seen };
    return sys_pool_run(&pool, diag);
}

static void test_sys_pool_run_delivers_all_in_order_with_any_number_of_jobs(void **state)
{
    static const unsigned jobs[] = { 0, 1, 2, 3, 8, 500 };
    static struct seen seen;
    (void)state;
    for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
        for (size_t count = 0; count <= 200; count = count * 3 + 1) {
            seen_init(&seen, jobs[i]);
            assert_int_equal(run(&seen, count, NULL), STATUS_OK);
            assert_int_equal(seen.delivered, count);
            for (size_t k = 0; k < count; k++) {
                assert_int_equal(seen.order[k], k);
            }
        }
    }
}

static void test_sys_pool_run_one_job_stays_on_the_calling_thread(void **state)
{
    static struct seen seen;
    (void)state;
    seen_init(&seen, 1);
    assert_int_equal(run(&seen, 50, NULL), STATUS_OK);
    assert_true(seen.on_caller);
    assert_int_equal(seen.undelivered_most, 1);
    seen_init(&seen, 4);
    assert_int_equal(run(&seen, 50, NULL), STATUS_OK);
    assert_false(seen.on_caller);
}

static void test_sys_pool_run_results_that_wait_are_bounded(void **state)
{
    static struct seen seen;
    (void)state;
    for (unsigned jobs = 2; jobs <= 6; jobs++) {
        seen_init(&seen, jobs);
        assert_int_equal(run(&seen, 300, NULL), STATUS_OK);
        assert_in_range(seen.running_most, 1, jobs);
        assert_in_range(seen.undelivered_most, 1, 2 * jobs);
    }
}

static void test_sys_pool_run_first_failure_in_order_is_returned(void **state)
{
    static struct seen seen;
    (void)state;
    for (unsigned jobs = 1; jobs <= 8; jobs++) {
        for (int round = 0; round < 20; round++) {
            struct diag diag = { .line = 0 };
            seen_init(&seen, jobs);
            /* The second one is the quicker and fails before the first when threads allow it. */
            seen.fail_work_1 = 40;
            seen.fail_work_2 = 41 + (size_t)round % 6;
            assert_int_equal(run(&seen, 300, &diag), STATUS_LAW);
            assert_string_equal(diag.what, "work 40");
            assert_int_equal(seen.delivered, 40);
            assert_in_range(seen.begun, 41, 40 + 2 * jobs);
        }
    }
}

static void test_sys_pool_run_failing_delivery_stops(void **state)
{
    static struct seen seen;
    (void)state;
    for (unsigned jobs = 1; jobs <= 4; jobs++) {
        struct diag diag;
        seen_init(&seen, jobs);
        seen.fail_deliver = 17;
        assert_int_equal(run(&seen, 300, &diag), STATUS_IO);
        assert_string_equal(diag.what, "deliver 17");
        assert_int_equal(seen.delivered, 17);
        assert_in_range(seen.begun, 18, 17 + 2 * jobs);
    }
}

static void test_sys_pool_run_without_delivery_or_diag(void **state)
{
    static struct seen seen;
    (void)state;
    for (unsigned jobs = 1; jobs <= 3; jobs++) {
        struct sys_pool pool = { .jobs = jobs, .count = 100, .work = work, .context = &seen };
        seen_init(&seen, jobs);
        assert_int_equal(sys_pool_run(&pool, NULL), STATUS_OK);
        assert_int_equal(seen.begun, 100);
        seen_init(&seen, jobs);
        seen.fail_work_1 = 99;
        assert_int_equal(sys_pool_run(&pool, NULL), STATUS_LAW);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sys_pool_run_delivers_all_in_order_with_any_number_of_jobs),
        cmocka_unit_test(test_sys_pool_run_one_job_stays_on_the_calling_thread),
        cmocka_unit_test(test_sys_pool_run_results_that_wait_are_bounded),
        cmocka_unit_test(test_sys_pool_run_first_failure_in_order_is_returned),
        cmocka_unit_test(test_sys_pool_run_failing_delivery_stops),
        cmocka_unit_test(test_sys_pool_run_without_delivery_or_diag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
