/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_JOBS_H
#define STRATA_SERVE_JOBS_H

/* Work that nobody waits for with an open request: what changes the project, and what takes long.
 * One after the other on the computing thread; the last ones are remembered. Safe from several
 * threads. */

#include "serve/http.h"
#include "serve/server.h"
#include "serve/tokens.h"

typedef struct job job;
typedef struct jobs jobs;

typedef enum job_state { JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED } job_state;

/* What is to be done. */
typedef struct job_order {
    const command_def *def;
    const call_pair *pairs; /* copied */
    size_t n_pairs;
    render_format format;
    const char *type; /* of the answer; static text */
    bool may_change;
    bool changes; /* what it is asked for does change the project: it goes into the log */
    char who[TOKEN_NAME_MAX + 1];
    serve_role role;
} job_order;

/* Runs one on the computing thread: `cx` cancels and tells progress. */
typedef strata_status job_run_fn(void *payload, const job_order *order, const context *cx,
                                 strbuf *out, strata_error *err);

STRATA_MUST_CHECK strata_status jobs_new(job_run_fn *run, void *payload, jobs **out,
                                         strata_error *err);
void jobs_free(jobs *j); /* NULL is fine */
STRATA_DEFINE_AUTO(jobs, jobs_free)
/* Cancels all; those who follow are told. */
void jobs_stop(jobs *j);

/* The caller becomes an owner of *out. STRATA_E_LOCKED when too many are under way. */
STRATA_MUST_CHECK strata_status jobs_add(jobs *j, const job_order *order, job **out,
                                         strata_error *err);
/* Runs the one that waits longest; whether more wait. */
bool jobs_run_next(jobs *j);
/* NULL when there is none of that name; the caller becomes an owner. */
job *jobs_find(jobs *j, const char *id);
void job_free(job *b); /* one owner less */
STRATA_DEFINE_AUTO(job, job_free)

const char *job_id(const job *b);
const char *job_who(const job *b);
void job_cancel(job *b);
/* {"id", "command", "state", ...} */
void job_describe(job *b, strbuf *out);
void jobs_describe(jobs *j, strbuf *out); /* a list of them, newest first */
/* What it answered and its type; NULL while there is nothing. The caller becomes an owner. */
http_bytes *job_result(job *b, const char **type);

/* Appends the events since *seen (0: all), waiting for one some seconds at most; false once the
 * last was told. */
bool job_events(job *b, unsigned *seen, strbuf *out);

/* Parameters out of a JSON object: texts, numbers, true and false. Allocated in `a`. STRATA_E_USAGE
 * for anything else. */
STRATA_MUST_CHECK strata_status job_pairs(arena *a, const char *body, size_t len,
                                          const call_pair **out, size_t *n, strata_error *err);

#endif
