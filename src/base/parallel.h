/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_PARALLEL_H
#define STRATA_BASE_PARALLEL_H

#include <stddef.h>

#include <strata/error.h>

#include "base/context.h"

/* One task: index 0 .. n_tasks-1. Runs on some thread; writes only what its index owns. */
typedef strata_status parallel_fn(void *job, size_t task, strata_error *err);

/* Runs every task, on cx->threads threads. The split into tasks is the
 * caller's and fixed, so results do not depend on the number of threads.
 * Fails with the failure of the lowest failing task. Cancelled between tasks. */
STRATA_MUST_CHECK strata_status parallel_run(const context *cx, size_t n_tasks, parallel_fn *fn,
                                             void *job, strata_error *err);

#endif
