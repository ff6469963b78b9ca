/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_EFFECT_OUTLOOK_H
#define STRATA_PLAN_EFFECT_OUTLOOK_H

/* The next 12 months of today's customers, drawn from what accounts like them did in the last; and
 * how right that would have been in the past. */

#include "cohort/book.h"
#include "plan/coverage/stakes.h"
#include "plan/effect/simulation.h"

typedef struct outlook_request {
    const view *v;
    const arr_book *book; /* until the view's as-of date or later */
    const bound_def *def; /* segments of strata */
    /* By account: effects of the plan, as sim_account has them; NULL: none. */
    const uint8_t *first, *second;
    const sim_effect *effects;
    size_t n_effects;
} outlook_request;

typedef struct outlook {
    simulation s;
    const uint32_t *accounts; /* s.n of them: customers on the day that were in a segment */
    size_t n_risks;           /* accounts whose kept prediction counts */
    size_t n_pooled; /* accounts whose stratum is too small: judged by their health band or all */
} outlook;

/* Customers on day `from`, by what is known then. STRATA_E_DATA: none of them, or no ARR a year
 * before. Allocated in `a`. */
STRATA_MUST_CHECK strata_status outlook_make(const context *cx, const outlook_request *q, day from,
                                             arena *a, outlook *out, strata_error *err);

/* The same said at a past date, and what came of it within 12 months. */
enum { OUTLOOK_TRIALS = 5 };
typedef struct outlook_trial {
    day from;
    sim_run said;
    size_t n;
    double churn, nrr, grr;        /* came, of the same n customers */
    bool nrr_in, grr_in, churn_in; /* within 10 % to 90 % */
} outlook_trial;

/* At up to five dates a quarter apart, the last 12 months ago; those before which no 12 months of
 * data lie are left out. */
STRATA_MUST_CHECK strata_status outlook_try(const context *cx, const outlook_request *q, arena *a,
                                            outlook_trial *out, size_t *n, strata_error *err);

#endif
