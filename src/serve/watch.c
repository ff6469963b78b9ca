/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/watch.h"

#include <pthread.h>
#include <sys/socket.h>
#include <time.h>

enum {
    LOOK_MS = 200,
    SLOWEST = 16,      /* bytes of a reply in a millisecond that are always enough */
    SLOW = 256,        /* the same when there are many connections */
    HURRIED_MS = 1000, /* for a request then */
    ROOM = 8           /* one in so many goes then, at least */
};

struct watched {
    watched *before, *after;
    int socket;
    bool waits; /* for the client */
    struct timespec since;
    size_t bytes; /* that the client takes; 0: it sends */
};

struct watch {
    watch_options options;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    watched *first; /* in no order */
    size_t n;
    bool ending;
};

static struct timespec now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t;
}

static long long since_ms(struct timespec then, struct timespec t)
{
    return (long long)(t.tv_sec - then.tv_sec) * 1000 + (t.tv_nsec - then.tv_nsec) / 1000000L;
}

/* How long it has been slow by that measure; 0 or less: it is not. */
static long long slow_ms(const watched *c, struct timespec t, unsigned patience_ms, size_t rate)
{
    return c->waits ? since_ms(c->since, t) - patience_ms - (long long)(c->bytes / rate) : 0;
}

/* Its own thread sees the end, and cleans up. */
static void let_go(watched *c)
{
    c->waits = false;
    (void)shutdown(c->socket, SHUT_RDWR);
}

/* The slowest of all; false when none is slow. */
static bool let_slowest_go(const watch *w, struct timespec t)
{
    watched *slowest = NULL;
    long long most = 0;
    for (watched *c = w->first; c != NULL; c = c->after) {
        long long ms = slow_ms(c, t, HURRIED_MS, SLOW);
        slowest = ms > most ? c : slowest;
        most = ms > most ? ms : most;
    }
    if (slowest != NULL) {
        let_go(slowest);
    }
    return slowest != NULL;
}

/* With the lock held. */
static void look(const watch *w)
{
    struct timespec t = now();
    size_t goes = w->n >= w->options.many ? w->n - w->options.many + w->options.many / ROOM + 1 : 0;
    for (watched *c = w->first; c != NULL; c = c->after) {
        if (slow_ms(c, t, w->options.patience_s * 1000, SLOWEST) > 0) {
            let_go(c);
        }
    }
    while (goes > 0 && let_slowest_go(w, t)) {
        goes--;
    }
}

static void *work(void *payload)
{
    watch *w = payload;
    (void)pthread_mutex_lock(&w->lock);
    while (!w->ending) {
        if (w->n == 0) {
            (void)pthread_cond_wait(&w->changed, &w->lock);
            continue;
        }
        struct timespec end = now();
        end.tv_nsec += LOOK_MS * 1000000L;
        end.tv_sec += end.tv_nsec / 1000000000L;
        end.tv_nsec %= 1000000000L;
        while (!w->ending && pthread_cond_timedwait(&w->changed, &w->lock, &end) == 0) {
            /* Somebody came: they have time until the next look. */
        }
        look(w);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return NULL;
}

strata_status watch_new(const watch_options *options, watch **out, strata_error *err)
{
    STRATA_AUTO_FREE watch *w = STRATA_NEW_ARRAY(1, watch);
    pthread_condattr_t clock;
    if (w == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    w->options = *options;
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->changed, &clock);
    (void)pthread_condattr_destroy(&clock);
    if (pthread_create(&w->thread, NULL, work, w) != 0) {
        return strata_fail(err, STRATA_E_INTERNAL, "cannot start a thread to look after clients");
    }
    *out = strata_steal(&w);
    return STRATA_OK;
}

void watch_free(watch *w)
{
    if (w == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&w->lock);
    w->ending = true;
    (void)pthread_cond_signal(&w->changed);
    (void)pthread_mutex_unlock(&w->lock);
    (void)pthread_join(w->thread, NULL);
    (void)pthread_cond_destroy(&w->changed);
    (void)pthread_mutex_destroy(&w->lock);
    free(w);
}

watched *watch_begin(watch *w, int socket)
{
    watched *c = STRATA_NEW_ARRAY(1, watched);
    if (c == NULL) {
        return NULL;
    }
    c->socket = socket;
    c->waits = true;
    c->since = now();
    (void)pthread_mutex_lock(&w->lock);
    c->after = w->first;
    if (w->first != NULL) {
        w->first->before = c;
    }
    w->first = c;
    w->n++;
    (void)pthread_cond_signal(&w->changed);
    (void)pthread_mutex_unlock(&w->lock);
    return c;
}

void watch_end(watch *w, watched *c)
{
    if (c == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&w->lock);
    *(c->before != NULL ? &c->before->after : &w->first) = c->after;
    if (c->after != NULL) {
        c->after->before = c->before;
    }
    w->n--;
    (void)pthread_mutex_unlock(&w->lock);
    free(c);
}

static void turn(watch *w, watched *c, bool waits, size_t bytes)
{
    if (c != NULL) {
        (void)pthread_mutex_lock(&w->lock);
        c->waits = waits;
        c->bytes = bytes;
        c->since = now();
        (void)pthread_mutex_unlock(&w->lock);
    }
}

void watch_receiving(watch *w, watched *c)
{
    turn(w, c, true, 0);
}

void watch_answering(watch *w, watched *c)
{
    turn(w, c, false, 0);
}

void watch_sending(watch *w, watched *c, size_t bytes)
{
    turn(w, c, true, bytes);
}
