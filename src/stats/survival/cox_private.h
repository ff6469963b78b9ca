/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_SURVIVAL_COX_PRIVATE_H
#define STRATA_STATS_SURVIVAL_COX_PRIVATE_H

/* Shared by the files of cox.h.
 *
 * A moment is a distinct (stratum, time) at which something ended; moments stand by stratum, then
 * time. A row belongs to the last moment at or before its time, so that the rows at risk at moment
 * m are those of m and of later moments of the stratum, less those that come into sight later. Rows
 * without a moment before them tell nothing and are left out. */

#include <stdbool.h>

#include "stats/numeric/cholesky.h"
#include "stats/survival/cox.h"

#define COX_NO_MOMENT UINT32_MAX

typedef struct cox_design {
    size_t n, p; /* rows kept; covariates still in */
    size_t n_moments;
    double *x;         /* p columns of n: (value - mean) / sd */
    uint32_t *who;     /* of n: index in the data */
    uint32_t *begin;   /* of n_moments + 1: rows of each moment, those that ended first */
    uint32_t *deaths;  /* of n_moments */
    uint32_t *at_risk; /* of n_moments */
    uint32_t *stratum; /* of n_moments */
    double *time;      /* of n_moments */
    /* Delayed entry; NULL when all are in sight from the start. */
    uint32_t *enters;        /* of n: last moment before the row was in sight, or COX_NO_MOMENT */
    uint32_t *entrant_begin; /* of n_moments + 1: into entrants */
    uint32_t *entrants;      /* rows by `enters`, without those that have none */
    /* Moments in blocks of about as many rows, cut by the data alone. */
    size_t n_blocks;
    uint32_t *block; /* of n_blocks + 1 */
    /* Of the p covariates still in, from all the data: */
    double *mean, *sd;
    double *range;   /* largest less smallest, in sd */
    double *ended;   /* sum of x over those that ended */
    uint32_t *which; /* index among the data's covariates */
    cox_ties ties;
} cox_design;

STRATA_MUST_CHECK strata_status cox_design_new(const cox_data *data, cox_design **out,
                                               strata_error *err);
void cox_design_free(cox_design *d);
STRATA_DEFINE_AUTO(cox_design, cox_design_free)
/* Nothing of a moment's stratum comes after it. */
static inline bool cox_ends_stratum(const cox_design *d, size_t m)
{
    return m + 1 == d->n_moments || d->stratum[m + 1] != d->stratum[m];
}

/* Leaves out the covariates k with drop[k]. */
void cox_design_drop(cox_design *d, const bool *drop);

/* The partial likelihood at one vector of coefficients. */
typedef struct cox_state {
    bool possible; /* false: some predictor is too large to take its exponent */
    double loglik;
    double *score;       /* p */
    double *information; /* p x p, both triangles */
    /* Kept for what comes after: */
    double *weight;     /* n: exp(predictor) */
    double *step;       /* n_moments: hazard at the moment */
    double *own;        /* n_moments: the part of it that those count who end there */
    double *cumulative; /* n_moments: of the steps, within the stratum */
    double *carry;      /* n_blocks x (1 + p): sums at risk from later blocks */
    double *parts;      /* n_blocks x cox_parts(p): each block's share of the results */
    const double *g;    /* n_moments: each moment counts so much (may be negative); NULL: 1 each */
} cox_state;

STRATA_MUST_CHECK strata_status cox_state_new(const cox_design *d, cox_state **out,
                                              strata_error *err);
void cox_state_free(cox_state *s);
STRATA_DEFINE_AUTO(cox_state, cox_state_free)
/* beta: p. With s->g the log-likelihood is not meant to be used. */
STRATA_MUST_CHECK strata_status cox_evaluate(const context *cx, const cox_design *d,
                                             const double *beta, cox_state *s, strata_error *err);

struct cox_fit {
    cox_design *design;
    cox_state *state; /* at the maximum */
    double *beta;     /* design->p, scaled */
    double *inverse;  /* design->p squared: covariance, scaled */
    cox_coefficient *coefficients;
    double *covariance;
    cox_summary summary;
};

#endif
