/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs at work, one after the other, and what is kept of what they came to. */
#include <stdio.h>
#include <string.h>

#include "render/json/text.h"
#include "serve/jobs_private.h"

enum { TELL_MS = 100 }; /* progress is told no more often */

static size_t outcome_bytes(const job_outcome *o)
{
    size_t n = o->result != NULL ? http_bytes_len(o->result) : 0;
    for (size_t i = 0; i < o->n_files; i++) {
        n += o->files[i].bytes != NULL ? http_bytes_len(o->files[i].bytes) : 0;
    }
    return n;
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
        job_tell(b);
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
    job_tell(b);
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
        if (held > 0 && b != newest && job_hands_over(b) == (k >= j->n)) {
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
    job_tell(b);
    (void)pthread_mutex_unlock(&j->lock);
}

bool jobs_run_next(jobs *j)
{
    (void)pthread_mutex_lock(&j->lock);
    job *b = first_queued(j);
    if (b != NULL) {
        (void)atomic_fetch_add(&b->owners, 1);
        b->state = JOB_RUNNING;
        job_tell(b);
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
