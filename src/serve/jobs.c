/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/jobs_private.h"

#include <string.h>

#include <jansson.h>
#include <sodium.h>

enum {
    RESULTS_BYTES = 512 << 20, /* of all results together */
    UNDER_WAY_MAX = 8,
    ID_BYTES = 8,
    PAIRS_MAX = 64
};

bool job_is_over(job_state s)
{
    return s == JOB_DONE || s == JOB_FAILED || s == JOB_CANCELLED;
}

void job_tell(job *b)
{
    b->version++;
    (void)clock_gettime(CLOCK_MONOTONIC, &b->told);
    (void)pthread_cond_broadcast(&b->all->changed);
}

bool job_hands_over(const job *b)
{
    return b->order.changes && b->outcome.n_files > 0;
}

void job_name(job_order *order)
{
    unsigned char id[ID_BYTES];
    randombytes_buf(id, sizeof id);
    (void)sodium_bin2hex(order->id, sizeof order->id, id, sizeof id);
}

void job_outcome_done(job_outcome *o)
{
    http_bytes_free(o->result);
    for (size_t i = 0; i < o->n_files; i++) {
        http_bytes_free(o->files[i].bytes);
    }
    *o = (job_outcome){.type = o->type};
}

strata_status jobs_new(const jobs_options *options, jobs **out, strata_error *err)
{
    jobs *j = STRATA_NEW_ARRAY(1, jobs);
    pthread_condattr_t clock;
    if (j == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&j->lock, NULL);
    (void)pthread_cond_init(&j->changed, &clock);
    (void)pthread_condattr_destroy(&clock);
    j->options = *options;
    j->options.most_bytes = options->most_bytes > 0 ? options->most_bytes : (size_t)RESULTS_BYTES;
    *out = j;
    return STRATA_OK;
}

void job_free(job *b)
{
    if (b != NULL && atomic_fetch_sub(&b->owners, 1) == 1) {
        job_outcome_done(&b->outcome);
        strbuf_done(&b->notices);
        arena_free(b->arena);
        free(b);
    }
}

void jobs_free(jobs *j)
{
    if (j == NULL) {
        return;
    }
    for (size_t i = 0; i < j->n; i++) {
        job_free(j->items[i]);
    }
    (void)pthread_cond_destroy(&j->changed);
    (void)pthread_mutex_destroy(&j->lock);
    free(j);
}

/* Whether it was waiting, which leaves nobody else to tell of its end. */
static bool cancel(job *b)
{
    b->cancelled = 1;
    bool waited = b->state == JOB_QUEUED;
    if (waited) {
        b->state = JOB_CANCELLED;
        job_tell(b);
    }
    return waited;
}

static void tell_cancelled(const job *b)
{
    const jobs_options *o = &b->all->options;
    o->ended(o->payload, &b->order, JOB_CANCELLED, "cancelled before its turn came");
}

void job_cancel(job *b)
{
    (void)pthread_mutex_lock(&b->all->lock);
    bool waited = cancel(b);
    (void)pthread_mutex_unlock(&b->all->lock);
    if (waited) {
        tell_cancelled(b);
    }
}

void jobs_stop(jobs *j)
{
    job *waited[JOBS_KEPT];
    size_t n = 0;
    (void)pthread_mutex_lock(&j->lock);
    j->stopping = true;
    for (size_t i = 0; i < j->n; i++) {
        if (cancel(j->items[i])) {
            (void)atomic_fetch_add(&j->items[i]->owners, 1);
            waited[n++] = j->items[i];
        }
    }
    (void)pthread_cond_broadcast(&j->changed);
    (void)pthread_mutex_unlock(&j->lock);
    for (size_t i = 0; i < n; i++) {
        tell_cancelled(waited[i]);
        job_free(waited[i]);
    }
}

/* --- adding --- */

static strata_status copy_order(job *b, const job_order *order, strata_error *err)
{
    STRATA_TRY(arena_new(&b->arena, err));
    call_pair *pairs = ARENA_NEW(b->arena, order->n_pairs + 1, call_pair);
    bool ok = pairs != NULL;
    for (size_t i = 0; ok && i < order->n_pairs; i++) {
        pairs[i].name = arena_strdup(b->arena, order->pairs[i].name);
        pairs[i].value = arena_strdup(b->arena, order->pairs[i].value);
        ok = pairs[i].name != NULL && pairs[i].value != NULL;
    }
    b->order = *order;
    b->order.pairs = pairs;
    return ok ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

/* j->n when there is none. */
static size_t oldest_over(const jobs *j, bool with_such_files)
{
    size_t i = 0;
    while (i < j->n && !(job_is_over(j->items[i]->state) &&
                         (job_hands_over(j->items[i]) && !j->items[i]->gone) == with_such_files)) {
        i++;
    }
    return i;
}

/* Makes room: the oldest one that is over goes, of those without such files if there is one. */
static void forget_one(jobs *j)
{
    size_t found = oldest_over(j, false);
    found = found < j->n ? found : oldest_over(j, true);
    if (found < j->n) {
        job_free(j->items[found]);
        for (j->n--; found < j->n; found++) {
            j->items[found] = j->items[found + 1];
        }
    }
}

static size_t under_way(const jobs *j)
{
    size_t n = 0;
    for (size_t i = 0; i < j->n; i++) {
        n += job_is_over(j->items[i]->state) ? 0 : 1;
    }
    return n;
}

strata_status jobs_add(jobs *j, const job_order *order, job **out, strata_error *err)
{
    STRATA_AUTO(job_free) job *b = STRATA_NEW_ARRAY(1, job);
    if (b == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    atomic_init(&b->owners, 1);
    b->all = j;
    strbuf_init(&b->notices, (size_t)2 * NOTICES_BYTES);
    STRATA_TRY(copy_order(b, order, err));
    (void)pthread_mutex_lock(&j->lock);
    bool stopping = j->stopping;
    bool room = !stopping && under_way(j) < UNDER_WAY_MAX;
    if (room) {
        if (j->n == JOBS_KEPT) {
            forget_one(j);
        }
        (void)atomic_fetch_add(&b->owners, 1);
        j->items[j->n++] = b;
        job_tell(b);
    }
    (void)pthread_mutex_unlock(&j->lock);
    if (stopping) {
        return strata_fail(err, STRATA_E_CANCELLED, "the server is shutting down");
    }
    if (!room) {
        return strata_fail(err, STRATA_E_LOCKED, "%d jobs are under way already; wait for one",
                           UNDER_WAY_MAX);
    }
    *out = strata_steal(&b);
    return STRATA_OK;
}

/* --- what is sent with an order --- */

strata_status job_pairs(arena *a, const char *body, size_t len, const call_pair **out, size_t *n,
                        strata_error *err)
{
    json_error_t why;
    json_t *all = json_loadb(body, len, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(all) || json_object_size(all) > PAIRS_MAX) {
        json_decref(all);
        return strata_fail(err, STRATA_E_USAGE,
                           "the body is to be a JSON object of parameters, such as {\"as_of\": "
                           "\"2026-06-30\"}");
    }
    strata_status st = call_pairs_of(a, all, out, n, err);
    json_decref(all);
    return st;
}
