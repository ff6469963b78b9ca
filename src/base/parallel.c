/* SPDX-License-Identifier: Apache-2.0 */
#include "base/parallel.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/auto.h"

/* Keeps the failure of the lowest task, so that the message is the same every time. */
static void keep_first(strata_error *first, size_t *first_task, size_t task, const strata_error *e)
{
#pragma omp critical(strata_parallel_error)
    if (task < *first_task) {
        *first_task = task;
        *first = *e;
    }
}

/* A thread without a task would only burn time, waiting for the others. */
static int threads_for(const context *cx, size_t n_tasks)
{
    int wanted = cx->threads > 0 ? cx->threads : 1;
    return n_tasks < (size_t)wanted ? (int)n_tasks + (n_tasks == 0) : wanted;
}

strata_status parallel_run(const context *cx, size_t n_tasks, parallel_fn *fn, void *job,
                           strata_error *err)
{
    strata_error first = {0};
    size_t first_task = SIZE_MAX;

#pragma omp parallel for schedule(dynamic, 1) num_threads(threads_for(cx, n_tasks))
    for (size_t task = 0; task < n_tasks; task++) {
        strata_error e = {0};
        strata_status st = context_check(cx, &e);
        if (st == STRATA_OK) {
            st = fn(job, task, &e);
        }
        if (st != STRATA_OK) {
            e.status = st;
            keep_first(&first, &first_task, task, &e);
        }
    }
    if (first_task == SIZE_MAX) {
        return STRATA_OK;
    }
    return strata_fail(err, first.status, "%s", first.message);
}
