/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of jobs: their state, their results, and news as it comes. */
#include <inttypes.h>
#include <string.h>

#include "render/json/text.h"
#include "serve/jobs_private.h"

enum {
    FOLLOWERS_MAX = 64, /* of all jobs */
    QUIET_S = 10        /* a sign of life when nothing happens */
};

const char *const job_state_names[] = {[JOB_QUEUED] = "queued",
                                       [JOB_RUNNING] = "running",
                                       [JOB_DONE] = "done",
                                       [JOB_FAILED] = "failed",
                                       [JOB_CANCELLED] = "cancelled"};

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
    bool is = job_hands_over(b);
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
    bool over = job_is_over(b->state);
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
