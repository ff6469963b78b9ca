/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_WORK_H
#define STRATA_COMMAND_ASK_WORK_H

/* What `capacity`, `coverage` and `territories` share: how segments are looked after, and what that
 * takes. */

#include "command/look.h"
#include "plan/coverage/coverage.h"
#include "plan/effect/touch_effect.h"

typedef struct work_ask {
    look look;
    csm_list csms;
    engagement engagement;
    workload work;
    capacity capacity;
} work_ask;

void work_ask_done(work_ask *w);
#define WORK_ASK_AUTO STRATA_CLEANUP(work_ask_done)

/* Names the slots wanted besides those of the workload. */
typedef strata_status work_slots_fn(const portfolio *p, const bound_model *b, arena *a,
                                    const size_t **slots, size_t *n, strata_error *err);
/* The same of a look that is open elsewhere, with its dates; `slots` has those of the workload. */
STRATA_MUST_CHECK strata_status work_ask_read(look *l, const size_t *slots, size_t n, work_ask *w,
                                              strata_error *err);
/* `wanted` may be NULL. */
STRATA_MUST_CHECK strata_status work_ask_open(call *c, work_slots_fn *wanted, work_ask *w,
                                              strata_error *err);

/* What `coverage` and `effect` share besides: how well it fits, and what touch does. */
typedef struct coverage_ask {
    work_ask work;
    stakes stakes;
    coverage coverage;
    touch_effect effect, growth; /* of touch, on staying and on growth */
} coverage_ask;

void coverage_ask_done(coverage_ask *x);
#define COVERAGE_ASK_AUTO STRATA_CLEANUP(coverage_ask_done)

/* `wanted` names coverage_slots() among its own. */
STRATA_MUST_CHECK strata_status coverage_ask_open(call *c, work_slots_fn *wanted, coverage_ask *x,
                                                  strata_error *err);

#endif
