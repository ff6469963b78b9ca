/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_CONTEXT_H
#define STRATA_BASE_CONTEXT_H

/* What a job is run with: threads, seed, today's date, a way to be told to
 * stop and a way to tell how far it is. Passed in; there are no globals. */

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/day.h"

/* Told now and then; `done` of `total` units (total 0: unknown), `what` in words
 * ("usage.csv"). Called from the thread that runs the job. */
typedef void progress_fn(void *payload, const char *what, uint64_t done, uint64_t total);
/* Told once of something worth knowing that is no failure ("store is busy, waiting"). */
typedef void notice_fn(void *payload, const char *text);

typedef struct context {
    int threads;   /* at least 1 */
    uint64_t seed; /* of everything random */
    day today;     /* from the clock or --today; facts after it are in the future */
    const volatile sig_atomic_t *cancelled; /* set by a signal handler; NULL: never */
    progress_fn *progress;                  /* NULL: nobody listens */
    notice_fn *notice;
    void *payload;
} context;

bool context_cancelled(const context *cx);
void context_progress(const context *cx, const char *what, uint64_t done, uint64_t total);
void context_notice(const context *cx, const char *fmt, ...) STRATA_PRINTF(2, 3);
/* STRATA_E_CANCELLED once the user asked to stop; poll it in every long loop. */
STRATA_MUST_CHECK strata_status context_check(const context *cx, strata_error *err);

#endif
