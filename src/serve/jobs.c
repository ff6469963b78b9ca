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
    RESULTS_BYTES = 512 << 20, /* of all results together */
    NOTICES_BYTES = 8192,      /* of one job */
    UNDER_WAY_MAX = 8,
    FOLLOWERS_MAX = 64, /* of all jobs */
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
    volatile sig_atomic_t cancelled;
    /* Below: with the lock of `all`. */
    job_state state;
    unsigned version; /* of what is told */
    char what[160];
    uint64_t done, total;
    struct timespec told;
    strata_error failure;
    strbuf notices;    /* JSON texts with commas between */
    size_t n_left_out; /* notices beyond what is kept */
    job_outcome outcome;
    bool gone; /* the outcome made room */
};

struct jobs {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    job *items[JOBS_KEPT]; /* oldest first */
    size_t n;
    size_t followers;
    bool stopping;
    jobs_options options;
};

const char *const job_state_names[] = {[JOB_QUEUED] = "queued",
                                       [JOB_RUNNING] = "running",
                                       [JOB_DONE] = "done",
                                       [JOB_FAILED] = "failed",
                                       [JOB_CANCELLED] = "cancelled"};

static bool is_over(job_state s)
{
    return s == JOB_DONE || s == JOB_FAILED || s == JOB_CANCELLED;
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

static size_t outcome_bytes(const job_outcome *o)
{
    size_t n = o->result != NULL ? http_bytes_len(o->result) : 0;
    for (size_t i = 0; i < o->n_files; i++) {
        n += o->files[i].bytes != NULL ? http_bytes_len(o->files[i].bytes) : 0;
    }
    return n;
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

/* With the lock held. */
static void tell(job *b)
{
    b->version++;
    (void)clock_gettime(CLOCK_MONOTONIC, &b->told);
    (void)pthread_cond_broadcast(&b->all->changed);
}

/* Whether it was waiting, which leaves nobody else to tell of its end. */
static bool cancel(job *b)
{
    b->cancelled = 1;
    bool waited = b->state == JOB_QUEUED;
    if (waited) {
        b->state = JOB_CANCELLED;
        tell(b);
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

/* Whether it brought files and the project knows that they were handed over: nobody can order the
 * same ones again. With the lock held. */
static bool hands_over(const job *b)
{
    return b->order.changes && b->outcome.n_files > 0;
}

/* j->n when there is none. */
static size_t oldest_over(const jobs *j, bool with_such_files)
{
    size_t i = 0;
    while (i < j->n && !(is_over(j->items[i]->state) &&
                         (hands_over(j->items[i]) && !j->items[i]->gone) == with_such_files)) {
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
        n += is_over(j->items[i]->state) ? 0 : 1;
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
        tell(b);
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

static void on_notice(void *payload, const char *text)
{
    job *b = payload;
    STRBUF_AUTO strbuf one;
    strbuf_init(&one, 0);
    json_put_string(&one, text);
    (void)pthread_mutex_lock(&b->all->lock);
    if (b->n_left_out == 0 && one.failed == STRATA_OK &&
        b->notices.len + one.len + 2 < NOTICES_BYTES) {
        strbuf_add(&b->notices, b->notices.len > 0 ? "," : "");
        strbuf_add(&b->notices, strbuf_text(&one));
    } else {
        b->n_left_out++;
    }
    tell(b);
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

/* The outcome makes room; what it was is still known. */
static void let_go(job *b)
{
    for (size_t i = 0; i < b->outcome.n_files; i++) {
        http_bytes_free(b->outcome.files[i].bytes);
        b->outcome.files[i].bytes = NULL;
    }
    http_bytes_free(b->outcome.result);
    b->outcome.result = NULL;
    b->gone = true;
}

/* The oldest results make room, then those that cannot be ordered again; this one's stays. With the
 * lock held. */
static void make_room(jobs *j, const job *newest)
{
    size_t total = 0;
    for (size_t i = 0; i < j->n; i++) {
        total += outcome_bytes(&j->items[i]->outcome);
    }
    for (size_t k = 0; k < 2 * j->n && total > j->options.most_bytes; k++) {
        job *b = j->items[k % j->n];
        size_t held = outcome_bytes(&b->outcome);
        if (held > 0 && b != newest && hands_over(b) == (k >= j->n)) {
            total -= held;
            let_go(b);
        }
    }
}

static job_state how_it_ended(strata_status st)
{
    return st == STRATA_OK ? JOB_DONE : st == STRATA_E_CANCELLED ? JOB_CANCELLED : JOB_FAILED;
}

/* A result that alone is more than all may be is not kept, and no other goes for it. With the lock
 * held. */
static void keep_outcome(job *b, const job_outcome *o)
{
    enum { MEGABYTE = 1 << 20 };
    size_t most = b->all->options.most_bytes;
    size_t n = outcome_bytes(o);
    b->outcome = *o;
    if (n > most) {
        let_go(b);
        strbuf_add(&b->notices, b->notices.len > 0 ? "," : "");
        strbuf_printf(&b->notices,
                      "\"the answer is %zu MB, and this server keeps at most %zu MB: ask for less, "
                      "or on the command line\"",
                      n / MEGABYTE, most / MEGABYTE);
    }
    make_room(b->all, b);
}

static void run_one(jobs *j, job *b)
{
    strata_error err = {0};
    job_outcome o = {.type = b->order.form.type};
    const context cx = {
        .cancelled = &b->cancelled, .progress = on_progress, .notice = on_notice, .payload = b};
    strata_status st = j->options.run(j->options.payload, &b->order, &cx, &o, &err);
    j->options.ended(j->options.payload, &b->order, how_it_ended(st),
                     st == STRATA_OK ? NULL : err.message);
    (void)pthread_mutex_lock(&j->lock);
    b->state = how_it_ended(st);
    b->failure = err;
    keep_outcome(b, &o);
    tell(b);
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
        found = strcmp(j->items[i]->order.id, id) == 0 ? j->items[i] : NULL;
    }
    if (found != NULL) {
        (void)atomic_fetch_add(&found->owners, 1);
    }
    (void)pthread_mutex_unlock(&j->lock);
    return found;
}

const char *job_id(const job *b)
{
    return b->order.id;
}

const char *job_who(const job *b)
{
    return b->order.who;
}

bool job_handed_over(job *b)
{
    (void)pthread_mutex_lock(&b->all->lock);
    bool is = hands_over(b);
    (void)pthread_mutex_unlock(&b->all->lock);
    return is;
}

size_t jobs_most_bytes(const jobs *j)
{
    return j->options.most_bytes;
}

/* With the lock held. */
static void describe(const job *b, strbuf *out)
{
    strbuf_printf(out, "{\"id\":\"%s\",\"command\":\"%s\",\"state\":\"%s\",\"progress\":{\"what\":",
                  b->order.id, b->order.def->name, job_state_names[b->state]);
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
    strbuf_printf(out, ",\"notices\":[%s", strbuf_text(&b->notices));
    if (b->n_left_out > 0) {
        strbuf_printf(out, "%s\"and %zu more that the command line shows\"",
                      b->notices.len > 0 ? "," : "", b->n_left_out);
    }
    strbuf_add_char(out, ']');
    if (b->outcome.result != NULL) {
        strbuf_printf(out, ",\"result\":\"/v1/jobs/%s/result\"", b->order.id);
    }
    for (size_t i = 0; i < b->outcome.n_files && !b->gone; i++) {
        strbuf_printf(out, "%s\"/v1/jobs/%s/files/%s\"", i > 0 ? "," : ",\"files\":[", b->order.id,
                      b->outcome.files[i].name);
    }
    strbuf_add(out, b->outcome.n_files > 0 && !b->gone ? "]" : "");
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

http_bytes *job_result(job *b, const char *file, const char **type, bool *gone)
{
    const job_outcome *o = &b->outcome;
    (void)pthread_mutex_lock(&b->all->lock);
    http_bytes *found = file == NULL ? o->result : NULL;
    *type = file == NULL ? o->type : NULL;
    for (size_t i = 0; file != NULL && i < o->n_files; i++) {
        if (strcmp(o->files[i].name, file) == 0) {
            found = o->files[i].bytes;
            *type = o->files[i].type;
        }
    }
    *gone = found == NULL && b->gone && *type != NULL;
    found = found != NULL ? http_bytes_keep(found) : NULL;
    (void)pthread_mutex_unlock(&b->all->lock);
    return found;
}

job *job_follow(job *b)
{
    (void)pthread_mutex_lock(&b->all->lock);
    bool room = b->all->followers < FOLLOWERS_MAX;
    b->all->followers += room ? 1 : 0;
    (void)pthread_mutex_unlock(&b->all->lock);
    if (room) {
        (void)atomic_fetch_add(&b->owners, 1);
    }
    return room ? b : NULL;
}

void job_unfollow(job *b)
{
    if (b != NULL) {
        (void)pthread_mutex_lock(&b->all->lock);
        b->all->followers--;
        (void)pthread_mutex_unlock(&b->all->lock);
        job_free(b);
    }
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
