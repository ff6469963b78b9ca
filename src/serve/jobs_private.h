/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_JOBS_PRIVATE_H
#define STRATA_SERVE_JOBS_PRIVATE_H

/* What a job and the list of them hold: for jobs.c (the list), job_runs.c (the one thread that runs
 * them) and job_tells.c (everybody who asks). */

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "serve/jobs.h"

enum { JOBS_KEPT = 32, NOTICES_BYTES = 8192 /* of one job */ };

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

bool job_is_over(job_state s);
/* Those who wait for news of it hear of them. With the lock held. */
void job_tell(job *b);
/* Whether it brought files and the project knows that they were handed over: nobody can order the
 * same ones again. With the lock held. */
bool job_hands_over(const job *b);

#endif
