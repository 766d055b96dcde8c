/* A pool of threads that delivers in the order of the indexes. */
#include "chitra/sys.h"

#include <pthread.h>
#include <stdlib.h>

/* What became of one index. */
struct slot {
    bool done;
    enum status status;
    struct diag diag;
};

/* Everything below `mutex` is touched only under it; a slot belongs to its worker until it is done,
 * and then to the deliverer. */
struct state {
    const struct sys_pool *pool;
    size_t window;              /* indexes begun and not yet delivered, at most */
    struct slot *slots;         /* one for each of them: index % window */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    size_t next;                /* the next index to begin */
    size_t delivered;           /* indexes delivered */
    bool stop;                  /* nothing more is begun: set at the first failure in order */
};

/* The next index to work on; false if there is none. */
static bool take(struct state *state, size_t *index)
{
    pthread_mutex_lock(&state->mutex);
    while (!state->stop && state->next < state->pool->count &&
           state->next - state->delivered >= state->window) {
        pthread_cond_wait(&state->changed, &state->mutex);
    }
    bool taken = !state->stop && state->next < state->pool->count;
    if (taken) {
        *index = state->next++;
    }
    pthread_mutex_unlock(&state->mutex);
    return taken;
}

static void *worker(void *context)
{
    struct state *state = context;
    size_t index;

    while (take(state, &index)) {
        struct slot *slot = &state->slots[index % state->window];
        slot->diag = (struct diag){ .line = 0 };
        enum status status = state->pool->work(state->pool->context, index, &slot->diag);
        pthread_mutex_lock(&state->mutex);
        slot->status = status;
        slot->done = true;
        pthread_cond_broadcast(&state->changed);
        pthread_mutex_unlock(&state->mutex);
    }
    return NULL;
}

static enum status deliver_one(const struct sys_pool *pool, size_t index, struct diag *diag)
{
    return pool->deliver == NULL ? STATUS_OK : pool->deliver(pool->context, index, diag);
}

static enum status deliver_all(struct state *state, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t index = 0; rc == STATUS_OK && index < state->pool->count; index++) {
        struct slot *slot = &state->slots[index % state->window];
        pthread_mutex_lock(&state->mutex);
        while (!slot->done) {
            pthread_cond_wait(&state->changed, &state->mutex);
        }
        pthread_mutex_unlock(&state->mutex);
        rc = slot->status;
        if (rc != STATUS_OK) {
            if (diag != NULL) {
                *diag = slot->diag;
            }
        } else {
            rc = deliver_one(state->pool, index, diag);
        }
        pthread_mutex_lock(&state->mutex);
        slot->done = false;
        state->delivered = index + 1;
        state->stop = state->stop || rc != STATUS_OK;
        pthread_cond_broadcast(&state->changed);
        pthread_mutex_unlock(&state->mutex);
    }
    return rc;
}

static enum status run_inline(const struct sys_pool *pool, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (size_t index = 0; rc == STATUS_OK && index < pool->count; index++) {
        rc = pool->work(pool->context, index, diag);
        if (rc == STATUS_OK) {
            rc = deliver_one(pool, index, diag);
        }
    }
    return rc;
}

enum status sys_pool_run(const struct sys_pool *pool, struct diag *diag)
{
    size_t jobs = pool->jobs < pool->count ? pool->jobs : pool->count, started = 0;
    struct state state = {
        .pool = pool,
        .window = 2 * jobs,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
    };
    enum status rc;

    if (jobs <= 1) {
        return run_inline(pool, diag);
    }
    pthread_t *threads = mem_alloc(jobs, sizeof(*threads));
    state.slots = mem_alloc(state.window, sizeof(*state.slots));
    while (started < jobs && pthread_create(&threads[started], NULL, worker, &state) == 0) {
        started++;
    }
    /* Fewer threads than asked for are slower, none would be a standstill. */
    rc = started > 0 ? deliver_all(&state, diag) : run_inline(pool, diag);
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    free(state.slots);
    free(threads);
    return rc;
}
