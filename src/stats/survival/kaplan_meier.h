/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_SURVIVAL_KAPLAN_MEIER_H
#define STRATA_STATS_SURVIVAL_KAPLAN_MEIER_H

/* The share that survives an age, from lifetimes of which some are not over (Kaplan & Meier 1958,
 * JASA 53:457). Same figures as R: survival::survfit(..., conf.type = "log-log"). */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "stats/inference/proportion.h"
#include "stats/survival/follow_up.h"

/* A share with its 95 % interval, survival +- z by Greenwood's variance on the log(-log) scale.
 * There is no interval (bounded = false, within = 0..1) while nothing ended (survival 1) and
 * once nothing is left (survival 0): the method has none there. */
typedef struct km_share {
    double survival;
    double variance; /* Greenwood 1926: of the logarithm of survival; 0 at survival 0 */
    bool bounded;
    interval within;
} km_share;

/* Of a survival in 0..1 and its variance as above. */
km_share km_share_of(double survival, double variance);

/* A distinct age at which something ended or was lost from sight. */
typedef struct km_step {
    double time;
    uint32_t at_risk; /* just before */
    uint32_t events, censored;
    km_share share; /* from this time on */
} km_step;

/* Steps by age. Owns them; free with km_curve_free. */
typedef struct km_curve {
    km_step *steps;
    size_t n_steps;
    size_t n, n_events;
} km_curve;

/* The curve of everything in `life`; nothing gives a curve without steps. With delayed entry the
 * number at risk may reach 0 early and survival stays 0 from there: look at at_risk. O(n). */
STRATA_MUST_CHECK strata_status km_curve_new(const follow_up *life, km_curve **out,
                                             strata_error *err);
void km_curve_free(km_curve *c);
STRATA_DEFINE_AUTO(km_curve, km_curve_free)

/* Age of the last step, 0 without steps: nothing is known after it unless survival is 0. */
double km_last_time(const km_curve *c);

/* Survival at age t: the share that is still there just after t. known = false (and *out not to be
 * shown) after the last step unless survival is 0 there. */
typedef struct km_at {
    bool known;
    uint32_t at_risk; /* just before the next step: what survival after t rests on */
    km_share share;
} km_at;
km_at km_survival_at(const km_curve *c, double t);

/* The age by which half have ended, the middle of the flat stretch when survival is exactly half;
 * its interval holds the ages at which the curve's own interval holds a half (Brookmeyer & Crowley
 * 1982, Biometrics 38:29; R: print.survfit). reached = false: survival never falls to half;
 * likewise for either end of the interval. */
typedef struct km_median {
    bool reached, low_reached, high_reached;
    double age, low, high; /* 0 where not reached */
} km_median;
km_median km_median_of(const km_curve *c);

/* Mean age at the end, of which only the part up to `horizon` counts, with its standard error: the
 * area under the curve (R: print(rmean = horizon)). STRATA_E_DATA for a horizon after the last step
 * while something is left: the curve is not known there. */
typedef struct km_mean {
    double mean, se;
} km_mean;
STRATA_MUST_CHECK strata_status km_restricted_mean(const km_curve *c, double horizon, km_mean *out,
                                                   strata_error *err);

#endif
