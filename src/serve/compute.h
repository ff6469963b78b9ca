/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_COMPUTE_H
#define STRATA_SERVE_COMPUTE_H

/* One thread that computes, and those who wait for their turn on it: analyses use all processors
 * inside, so two at once would only get in each other's way. Requests go before jobs. */

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/auto.h"

typedef struct compute compute;

/* One thing to be done. */
typedef struct compute_task {
    strata_status (*run)(void *payload, const volatile sig_atomic_t *cancelled, strata_error *err);
    void *payload;
    /* Asked several times a second while somebody waits: whether nobody does any more. */
    bool (*gone)(void *payload);
    void *gone_payload;
    unsigned limit_s; /* of waiting and running together; 0: none */
} compute_task;

STRATA_MUST_CHECK strata_status compute_new(compute **out, strata_error *err);
/* Cancels what runs and waits for it; NULL is fine. Nobody may wait in compute_do() any more. */
void compute_free(compute *c);
STRATA_DEFINE_AUTO(compute, compute_free)

/* Waits for its turn, runs it and returns what it returned. STRATA_E_LOCKED when too many wait,
 * STRATA_E_CANCELLED when the waiting one is gone, the time is over or compute_stop() was called.
 */
STRATA_MUST_CHECK strata_status compute_do(compute *c, const compute_task *t, strata_error *err);

/* Work that nobody waits for: `next` is asked for it whenever no request waits, and returns false
 * when there is none. Set once, before the first task. */
void compute_background(compute *c, bool (*next)(void *payload), void *payload);
/* There may be such work now. */
void compute_wake(compute *c);
/* From now on everything is refused, and what runs is cancelled. */
void compute_stop(compute *c);

#endif
