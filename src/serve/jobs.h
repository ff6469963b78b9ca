/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_JOBS_H
#define STRATA_SERVE_JOBS_H

/* Work that nobody waits for with an open request: what changes the project, and what takes long.
 * One after the other on the computing thread. The last 32 are remembered, with what they brought
 * as far as there is room: the oldest makes room first, and files that are recorded as handed over
 * last. Safe from several threads. */

#include "serve/form.h"
#include "serve/http.h"
#include "serve/server.h"
#include "serve/tokens.h"

typedef struct job job;
typedef struct jobs jobs;

typedef enum job_state { JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED } job_state;
extern const char *const job_state_names[]; /* "queued", ... */

enum { JOB_ID_TEXT = 17, JOB_FILES_MAX = 4, JOB_FILE_NAME = 48 };

/* What a job brings besides, or instead of, its answer. */
typedef struct job_file {
    char name[JOB_FILE_NAME]; /* "accounts.csv" */
    const char *type;         /* "text/csv"; static text */
    http_bytes *bytes;        /* owned; NULL: not kept any more */
} job_file;

/* What is to be done. */
typedef struct job_order {
    const command_def *def;
    const call_pair *pairs; /* copied */
    size_t n_pairs;
    answer_form form;
    bool may_change;
    bool changes; /* what it is asked for does change the project: it goes into the log */
    char who[TOKEN_NAME_MAX + 1];
    serve_role role;
    char id[JOB_ID_TEXT]; /* see job_name() */
} job_order;
/* Gives it an id that nobody can guess. */
void job_name(job_order *order);

/* What came of one. */
typedef struct job_outcome {
    http_bytes *result; /* owned; NULL: none */
    const char *type;   /* of the result; static text */
    job_file files[JOB_FILES_MAX];
    size_t n_files;
} job_outcome;
void job_outcome_done(job_outcome *o);

typedef struct jobs_options {
    /* Runs one on the computing thread: `cx` cancels, tells progress and notices. */
    strata_status (*run)(void *payload, const job_order *order, const context *cx, job_outcome *out,
                         strata_error *err);
    /* Told once of each that was added, before it counts as over: done, failed or cancelled, also
     * when its turn never came. `failure` is NULL of one that is done. */
    void (*ended)(void *payload, const job_order *order, job_state how, const char *failure);
    void *payload;
    size_t most_bytes; /* of all results together; 0: the usual */
} jobs_options;

STRATA_MUST_CHECK strata_status jobs_new(const jobs_options *options, jobs **out,
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
/* Whether what it brought is recorded in the project as handed over, so that the same order would
 * bring something else now. */
bool job_handed_over(job *b);
size_t jobs_most_bytes(const jobs *j); /* of all results together */
void job_cancel(job *b);
/* {"id", "command", "state", ...} */
void job_describe(job *b, strbuf *out);
void jobs_describe(jobs *j, strbuf *out); /* a list of them, newest first */
/* What it answered and its type, or one of its files (`file` NULL: the answer); the caller becomes
 * an owner. NULL while there is nothing, or nothing of that name; *gone: there was something, which
 * made room for the results of others or was too large from the beginning. */
http_bytes *job_result(job *b, const char *file, const char **type, bool *gone);

/* Who follows keeps a connection and is an owner. NULL when too many follow already. */
job *job_follow(job *b);
void job_unfollow(job *b); /* NULL is fine; one owner less */
/* Appends the events since *seen (0: all), waiting for one some seconds at most; false once the
 * last was told. */
bool job_events(job *b, unsigned *seen, strbuf *out);

/* Parameters out of the text of a JSON object, as call_pairs_of() takes them. STRATA_E_USAGE for
 * anything else. */
STRATA_MUST_CHECK strata_status job_pairs(arena *a, const char *body, size_t len,
                                          const call_pair **out, size_t *n, strata_error *err);

#endif
