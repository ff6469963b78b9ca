/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/jobs.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <jansson.h>
#include <sodium.h>

#include "render/json_text.h"

enum {
    JOBS_KEPT = 32,
    UNDER_WAY_MAX = 8,
    ID_BYTES = 8,
    TELL_MS = 100, /* progress is told no more often */
    QUIET_S = 10,  /* a sign of life when nothing happens */
    PAIRS_MAX = 64
};

struct job {
    atomic_uint owners;
    jobs *all;
    arena *arena;
    job_order order;
    char id[2 * ID_BYTES + 1];
    volatile sig_atomic_t cancelled;
    /* Below: with the lock of `all`. */
    job_state state;
    unsigned version; /* of what is told */
    char what[160];
    uint64_t done, total;
    struct timespec told;
    strata_error failure;
    http_bytes *result;
};

struct jobs {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    job *items[JOBS_KEPT]; /* oldest first */
    size_t n;
    bool stopping;
    job_run_fn *run;
    void *payload;
};

static const char *const state_names[] = {[JOB_QUEUED] = "queued",
                                          [JOB_RUNNING] = "running",
                                          [JOB_DONE] = "done",
                                          [JOB_FAILED] = "failed",
                                          [JOB_CANCELLED] = "cancelled"};

static bool is_over(job_state s)
{
    return s == JOB_DONE || s == JOB_FAILED || s == JOB_CANCELLED;
}

strata_status jobs_new(job_run_fn *run, void *payload, jobs **out, strata_error *err)
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
    j->run = run;
    j->payload = payload;
    *out = j;
    return STRATA_OK;
}

void job_free(job *b)
{
    if (b != NULL && atomic_fetch_sub(&b->owners, 1) == 1) {
        http_bytes_free(b->result);
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

/* With the lock held. */
static void tell(job *b)
{
    b->version++;
    (void)clock_gettime(CLOCK_MONOTONIC, &b->told);
    (void)pthread_cond_broadcast(&b->all->changed);
}

static void cancel(job *b)
{
    b->cancelled = 1;
    if (b->state == JOB_QUEUED) {
        b->state = JOB_CANCELLED;
        tell(b);
    }
}

void job_cancel(job *b)
{
    (void)pthread_mutex_lock(&b->all->lock);
    cancel(b);
    (void)pthread_mutex_unlock(&b->all->lock);
}

void jobs_stop(jobs *j)
{
    (void)pthread_mutex_lock(&j->lock);
    j->stopping = true;
    for (size_t i = 0; i < j->n; i++) {
        cancel(j->items[i]);
    }
    (void)pthread_cond_broadcast(&j->changed);
    (void)pthread_mutex_unlock(&j->lock);
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

/* Makes room: the oldest one that is over goes. */
static void forget_one(jobs *j)
{
    for (size_t i = 0; i < j->n; i++) {
        if (is_over(j->items[i]->state)) {
            job_free(j->items[i]);
            for (j->n--; i < j->n; i++) {
                j->items[i] = j->items[i + 1];
            }
            return;
        }
    }
}

static size_t under_way(const jobs *j)
{
    size_t n = 0;
    for (size_t i = 0; i < j->n; i++) {
        n += is_over(j->items[i]->state) ? 0 : 1;
    }
    return n;
}

strata_status jobs_add(jobs *j, const job_order *order, job **out, strata_error *err)
{
    STRATA_AUTO(job_free) job *b = STRATA_NEW_ARRAY(1, job);
    unsigned char id[ID_BYTES];
    if (b == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    atomic_init(&b->owners, 1);
    b->all = j;
    STRATA_TRY(copy_order(b, order, err));
    randombytes_buf(id, sizeof id);
    (void)sodium_bin2hex(b->id, sizeof b->id, id, sizeof id);
    (void)pthread_mutex_lock(&j->lock);
    bool room = !j->stopping && under_way(j) < UNDER_WAY_MAX;
    if (room) {
        if (j->n == JOBS_KEPT) {
            forget_one(j);
        }
        (void)atomic_fetch_add(&b->owners, 1);
        j->items[j->n++] = b;
        tell(b);
    }
    (void)pthread_mutex_unlock(&j->lock);
    if (!room) {
        return strata_fail(err, STRATA_E_LOCKED, "%d jobs are under way already; wait for one",
                           UNDER_WAY_MAX);
    }
    *out = strata_steal(&b);
    return STRATA_OK;
}

/* --- running --- */

static void on_progress(void *payload, const char *what, uint64_t done, uint64_t total)
{
    job *b = payload;
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    (void)pthread_mutex_lock(&b->all->lock);
    bool other = strncmp(b->what, what, sizeof b->what - 1) != 0;
    long ms =
        (long)(now.tv_sec - b->told.tv_sec) * 1000 + (now.tv_nsec - b->told.tv_nsec) / 1000000L;
    (void)snprintf(b->what, sizeof b->what, "%s", what);
    b->done = done;
    b->total = total;
    if (other || ms >= TELL_MS) {
        tell(b);
    }
    (void)pthread_mutex_unlock(&b->all->lock);
}

static job *first_queued(jobs *j)
{
    for (size_t i = 0; i < j->n; i++) {
        if (j->items[i]->state == JOB_QUEUED) {
            return j->items[i];
        }
    }
    return NULL;
}

static void finish(job *b, strata_status st, const strata_error *err, http_bytes *result)
{
    b->state = st == STRATA_OK ? JOB_DONE : JOB_FAILED;
    b->state = st == STRATA_E_CANCELLED ? JOB_CANCELLED : b->state;
    b->failure = *err;
    b->result = result;
    tell(b);
}

static void run_one(jobs *j, job *b)
{
    STRBUF_AUTO strbuf out;
    strata_error err = {0};
    const context cx = {.cancelled = &b->cancelled, .progress = on_progress, .payload = b};
    strbuf_init(&out, 0);
    strata_status st = j->run(j->payload, &b->order, &cx, &out, &err);
    http_bytes *result = st == STRATA_OK ? http_bytes_take(&out) : NULL;
    (void)pthread_mutex_lock(&j->lock);
    finish(b, st, &err, result);
    (void)pthread_mutex_unlock(&j->lock);
}

bool jobs_run_next(jobs *j)
{
    (void)pthread_mutex_lock(&j->lock);
    job *b = first_queued(j);
    if (b != NULL) {
        (void)atomic_fetch_add(&b->owners, 1);
        b->state = JOB_RUNNING;
        tell(b);
    }
    (void)pthread_mutex_unlock(&j->lock);
    if (b == NULL) {
        return false;
    }
    run_one(j, b);
    job_free(b);
    (void)pthread_mutex_lock(&j->lock);
    bool more = first_queued(j) != NULL;
    (void)pthread_mutex_unlock(&j->lock);
    return more;
}

/* --- telling --- */

job *jobs_find(jobs *j, const char *id)
{
    job *found = NULL;
    (void)pthread_mutex_lock(&j->lock);
    for (size_t i = 0; i < j->n && found == NULL; i++) {
        found = strcmp(j->items[i]->id, id) == 0 ? j->items[i] : NULL;
    }
    if (found != NULL) {
        (void)atomic_fetch_add(&found->owners, 1);
    }
    (void)pthread_mutex_unlock(&j->lock);
    return found;
}

const char *job_id(const job *b)
{
    return b->id;
}

const char *job_who(const job *b)
{
    return b->order.who;
}

/* With the lock held. */
static void describe(const job *b, strbuf *out)
{
    strbuf_printf(out, "{\"id\":\"%s\",\"command\":\"%s\",\"state\":\"%s\",\"progress\":{\"what\":",
                  b->id, b->order.def->name, state_names[b->state]);
    json_put_string(out, b->what[0] != '\0' ? b->what : NULL);
    strbuf_printf(out, ",\"done\":%" PRIu64 ",\"total\":%" PRIu64 "}", b->done, b->total);
    if (b->state == JOB_FAILED || b->state == JOB_CANCELLED) {
        bool told = b->failure.status != STRATA_OK;
        strbuf_add(out, ",\"error\":{\"code\":");
        json_put_string(out, told ? strata_status_slug(b->failure.status) : "cancelled");
        strbuf_add(out, ",\"message\":");
        json_put_string(out, told ? b->failure.message : "cancelled");
        strbuf_printf(out, ",\"status\":%d}",
                      strata_status_http(told ? b->failure.status : STRATA_E_CANCELLED));
    }
    if (b->result != NULL) {
        strbuf_printf(out, ",\"result\":\"/v1/jobs/%s/result\"", b->id);
    }
    strbuf_add_char(out, '}');
}

void job_describe(job *b, strbuf *out)
{
    (void)pthread_mutex_lock(&b->all->lock);
    describe(b, out);
    (void)pthread_mutex_unlock(&b->all->lock);
}

void jobs_describe(jobs *j, strbuf *out)
{
    strbuf_add(out, "{\"jobs\":[");
    (void)pthread_mutex_lock(&j->lock);
    for (size_t i = j->n; i-- > 0;) {
        describe(j->items[i], out);
        strbuf_add(out, i > 0 ? ",\n" : "");
    }
    (void)pthread_mutex_unlock(&j->lock);
    strbuf_add(out, "]}\n");
}

http_bytes *job_result(job *b, const char **type)
{
    (void)pthread_mutex_lock(&b->all->lock);
    http_bytes *result = b->result != NULL ? http_bytes_keep(b->result) : NULL;
    (void)pthread_mutex_unlock(&b->all->lock);
    *type = b->order.type;
    return result;
}

bool job_events(job *b, unsigned *seen, strbuf *out)
{
    struct timespec end;
    int timed_out = 0;
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += QUIET_S;
    (void)pthread_mutex_lock(&b->all->lock);
    while (b->version == *seen && !b->all->stopping && timed_out == 0) {
        timed_out = pthread_cond_timedwait(&b->all->changed, &b->all->lock, &end);
    }
    bool over = is_over(b->state);
    if (b->version == *seen) {
        strbuf_add(out, ": still at work\n\n");
    } else {
        strbuf_printf(out, "id: %u\nevent: %s\ndata: ", b->version, over ? "done" : "progress");
        describe(b, out);
        strbuf_add(out, "\n\n");
    }
    *seen = b->version;
    bool more = !over && !b->all->stopping;
    (void)pthread_mutex_unlock(&b->all->lock);
    return more;
}

/* --- what is sent with an order --- */

static const char *value_text(arena *a, const json_t *value)
{
    if (json_is_boolean(value)) {
        return json_is_true(value) ? "true" : "false";
    }
    if (json_is_integer(value)) {
        return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    }
    if (json_is_real(value)) {
        return arena_printf(a, "%.17g", json_real_value(value));
    }
    return json_is_string(value) ? arena_strdup(a, json_string_value(value)) : NULL;
}

strata_status job_pairs(arena *a, const char *body, size_t len, const call_pair **out, size_t *n,
                        strata_error *err)
{
    call_pair *pairs = ARENA_NEW(a, PAIRS_MAX, call_pair);
    json_error_t why;
    const char *key = NULL;
    json_t *value = NULL;
    if (pairs == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    json_t *all = json_loadb(body, len, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(all) || json_object_size(all) > PAIRS_MAX) {
        json_decref(all);
        return strata_fail(err, STRATA_E_USAGE,
                           "the body is to be a JSON object of parameters, such as {\"as_of\": "
                           "\"2026-06-30\"}");
    }
    bool ok = true;
    *n = 0;
    json_object_foreach(all, key, value)
    {
        call_pair pair = {arena_strdup(a, key), value_text(a, value)};
        ok = ok && pair.name != NULL && pair.value != NULL;
        pairs[(*n)++] = pair;
    }
    json_decref(all);
    *out = pairs;
    return ok ? STRATA_OK
              : strata_fail(err, STRATA_E_USAGE, "parameters are texts, numbers, true or false");
}
