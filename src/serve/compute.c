/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/compute.h"

#include <pthread.h>
#include <time.h>

enum { WAITING_MAX = 64, LOOK_MS = 100 };

/* One that waits, on its owner's stack. */
typedef struct waiting {
    const compute_task *task;
    struct waiting *next;
    bool started, done;
    volatile sig_atomic_t cancelled;
    strata_status status;
    strata_error *err;
} waiting;

struct compute {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work; /* for the thread: there is something to do */
    pthread_cond_t done; /* for those who wait */
    waiting *first, *running;
    size_t n;
    bool (*next)(void *payload);
    void *payload;
    bool maybe_more, stopping, ending;
};

/* --- the thread --- */

static void run_first(compute *c)
{
    waiting *w = c->first;
    c->first = w->next;
    c->running = w;
    w->started = true;
    (void)pthread_mutex_unlock(&c->lock);
    strata_status st = w->task->run(w->task->payload, &w->cancelled, w->err);
    (void)pthread_mutex_lock(&c->lock);
    w->status = st;
    w->done = true;
    c->running = NULL;
    c->n--;
    (void)pthread_cond_broadcast(&c->done);
}

static void run_background(compute *c)
{
    c->maybe_more = false;
    (void)pthread_mutex_unlock(&c->lock);
    bool more = c->next(c->payload);
    (void)pthread_mutex_lock(&c->lock);
    c->maybe_more |= more;
}

static void *work(void *payload)
{
    compute *c = payload;
    (void)pthread_mutex_lock(&c->lock);
    while (!c->ending) {
        if (c->first != NULL) {
            run_first(c);
        } else if (c->maybe_more && c->next != NULL && !c->stopping) {
            run_background(c);
        } else {
            (void)pthread_cond_wait(&c->work, &c->lock);
        }
    }
    (void)pthread_mutex_unlock(&c->lock);
    return NULL;
}

strata_status compute_new(compute **out, strata_error *err)
{
    STRATA_AUTO_FREE compute *c = STRATA_NEW_ARRAY(1, compute);
    pthread_condattr_t clock;
    if (c == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&c->lock, NULL);
    (void)pthread_cond_init(&c->work, &clock);
    (void)pthread_cond_init(&c->done, &clock);
    (void)pthread_condattr_destroy(&clock);
    if (pthread_create(&c->thread, NULL, work, c) != 0) {
        return strata_fail(err, STRATA_E_INTERNAL, "cannot start a thread to compute on");
    }
    *out = strata_steal(&c);
    return STRATA_OK;
}

void compute_free(compute *c)
{
    if (c == NULL) {
        return;
    }
    compute_stop(c);
    (void)pthread_mutex_lock(&c->lock);
    c->ending = true;
    (void)pthread_cond_signal(&c->work);
    (void)pthread_mutex_unlock(&c->lock);
    (void)pthread_join(c->thread, NULL);
    (void)pthread_cond_destroy(&c->work);
    (void)pthread_cond_destroy(&c->done);
    (void)pthread_mutex_destroy(&c->lock);
    free(c);
}

void compute_background(compute *c, bool (*next)(void *payload), void *payload)
{
    c->next = next;
    c->payload = payload;
}

void compute_wake(compute *c)
{
    (void)pthread_mutex_lock(&c->lock);
    c->maybe_more = true;
    (void)pthread_cond_signal(&c->work);
    (void)pthread_mutex_unlock(&c->lock);
}

void compute_stop(compute *c)
{
    (void)pthread_mutex_lock(&c->lock);
    c->stopping = true;
    if (c->running != NULL) {
        c->running->cancelled = 1;
    }
    (void)pthread_cond_broadcast(&c->done);
    (void)pthread_mutex_unlock(&c->lock);
}

/* --- those who wait --- */

static void line_up(compute *c, waiting *w)
{
    waiting **at = &c->first;
    while (*at != NULL) {
        at = &(*at)->next;
    }
    *at = w;
    c->n++;
    (void)pthread_cond_signal(&c->work);
}

/* Leaves the line before its turn came. */
static void step_out(compute *c, waiting *w)
{
    waiting **at = &c->first;
    while (*at != w) {
        at = &(*at)->next;
    }
    *at = w->next;
    c->n--;
    w->done = true;
}

static struct timespec later(struct timespec t, unsigned ms)
{
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000L;
    if (t.tv_nsec >= 1000000000L) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000L;
    }
    return t;
}

static bool is_before(struct timespec a, struct timespec b)
{
    return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

/* Why it must end now; NULL: it may go on. */
static const char *why_not(const compute *c, const compute_task *t, struct timespec now,
                           struct timespec end)
{
    if (c->stopping) {
        return "the server is shutting down";
    }
    if (t->limit_s > 0 && !is_before(now, end)) {
        return "this takes longer than a request may: ask for it as a job (POST /v1/jobs/...)";
    }
    if (t->gone != NULL && t->gone(t->gone_payload)) {
        return "the client has hung up";
    }
    return NULL;
}

/* With the lock held. */
static const char *wait_for(compute *c, waiting *w)
{
    struct timespec now;
    const char *why = NULL;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    struct timespec end = later(now, w->task->limit_s * 1000);
    while (!w->done) {
        struct timespec look = later(now, LOOK_MS);
        (void)pthread_cond_timedwait(&c->done, &c->lock, &look);
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        if (!w->done && why == NULL) {
            why = why_not(c, w->task, now, end);
        }
        if (why != NULL && !w->started) {
            step_out(c, w);
        } else if (why != NULL) {
            w->cancelled = 1;
        }
    }
    return why;
}

strata_status compute_do(compute *c, const compute_task *t, strata_error *err)
{
    strata_error own = {0};
    waiting w = {.task = t, .err = &own, .status = STRATA_E_CANCELLED};
    (void)pthread_mutex_lock(&c->lock);
    if (c->stopping || c->n >= WAITING_MAX) {
        bool stopping = c->stopping;
        (void)pthread_mutex_unlock(&c->lock);
        return stopping
                   ? strata_fail(err, STRATA_E_CANCELLED, "the server is shutting down")
                   : strata_fail(err, STRATA_E_LOCKED,
                                 "%d requests wait already; try again in a moment", WAITING_MAX);
    }
    line_up(c, &w);
    const char *why = wait_for(c, &w);
    (void)pthread_mutex_unlock(&c->lock);
    if (w.status == STRATA_E_CANCELLED) {
        return strata_fail(err, STRATA_E_CANCELLED, "%s", why != NULL ? why : "cancelled");
    }
    if (w.status != STRATA_OK) {
        *err = own;
    }
    return w.status;
}
