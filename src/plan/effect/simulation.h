/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_EFFECT_SIMULATION_H
#define STRATA_PLAN_EFFECT_SIMULATION_H

/* Twelve months of a portfolio, as it is looked after and under a plan, by simulation.
 *
 * What accounts did in the 12 months before is what they may do again. Accounts that were in the
 * same segment and health band 12 months ago are a stratum (too few: the band over all segments;
 * then all). An account leaves with its stratum's share that left; if it stays, its ARR changes as
 * that of one of the stratum's accounts that stayed, drawn in proportion to their ARR. With kept
 * predictions its chance is the stratum's times its risk over the mean risk of the stratum's
 * accounts. Each replicate draws the accounts of the past year again first, so that what the past
 * can tell is uncertain too, and the effects of the plan between low and high; then every account.
 * Both runs use the same numbers, so that they differ by the plan alone. Each replicate has a
 * stream of its own: results do not depend on threads. New business is not in it. */

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"

enum { SIMULATION_REPLICATES = 1000, SIMULATION_EFFECTS_MAX = 32 };
#define NO_EFFECT UINT8_MAX

/* What one account of the past year did. */
typedef struct sim_donor {
    uint32_t stratum;
    int64_t was, is; /* minor units; `was` above 0 */
} sim_donor;

/* An account today. */
typedef struct sim_account {
    uint32_t stratum;
    int64_t value;         /* minor units, above 0 */
    double risk;           /* over the mean of its stratum; 1: as any */
    uint8_t first, second; /* effects of the plan on it: indexes, or NO_EFFECT */
} sim_account;

/* A figure between limits: a normal distribution whose 2.5 % and 97.5 % are low and high when
 * `measured`, with a side of its own above and below; else a triangle. */
typedef struct sim_part {
    double low, likely, high;
    bool measured;
} sim_part;

/* What a part of the plan does. */
typedef struct sim_effect {
    sim_part keeps; /* share of those who would leave */
    sim_part grows; /* of an account that grows: how much more it gains, as a share of the gain */
    double share;   /* of its accounts get it */
} sim_effect;

typedef struct simulation_input {
    const sim_account *accounts;
    size_t n;
    const sim_donor *donors; /* in any order */
    size_t n_donors, n_strata;
    const sim_effect *effects;
    size_t n_effects;
} simulation_input;

/* 10 %, 50 % and 90 % of the replicates. */
typedef struct sim_range {
    double low, mid, high;
} sim_range;

typedef struct sim_run {
    sim_range churn;     /* share of accounts that left */
    sim_range expansion; /* ARR gained by those that grew, over ARR today */
    sim_range nrr, grr;
    sim_range arr;   /* in 12 months, minor units */
    sim_range logos; /* customers in 12 months */
    sim_range ltv;   /* mean ARR today x margin is not in it: mean ARR / churn, minor units; NaN
                        where nobody leaves up to that replicate */
} sim_run;

typedef struct simulation {
    size_t n, n_donors;
    size_t n_left;            /* of the donors */
    int64_t value;            /* of all accounts today */
    sim_run base, plan, gain; /* gain: plan less base, replicate by replicate */
    double expected_churn, expected_nrr, expected_grr; /* of base, in closed form */
} simulation;

/* STRATA_E_DATA: no account or no donor in a stratum that has accounts. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status simulate(const context *cx, const simulation_input *in,
                                         simulation *out, strata_error *err);

#endif
