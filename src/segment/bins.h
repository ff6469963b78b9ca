/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_BINS_H
#define STRATA_SEGMENT_BINS_H

/* Turning a measure into scores 1..k. Arrays in, arrays out. */

#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

enum { BINS_MAX = 100 };

/* Cut points of a quantile scale. Accounts with equal values always get the
 * same score, so heavy ties can leave a score unused. */
typedef struct quantile_cuts {
    size_t n_groups;        /* k */
    bool reverse;           /* group 1 scores k */
    double upper[BINS_MAX]; /* upper[j]: largest value that scores j + 1; the last is +infinity */
    size_t n_values;        /* known values the cuts were made from */
    size_t n_unused;        /* scores that no value gets, because ties collapsed them */
} quantile_cuts;

/**
 * Cut points for k groups of near-equal size.
 *
 * @param[in]  x    n values in any order; NaN is missing and left out.
 * @param[in]  k    groups, 2..BINS_MAX.
 *
 * @param[in]  reverse  low values score high, as for days since the last order.
 *
 * Tied values all take the lowest score that any of them would have had alone, so that the many who
 * never ordered do not score 3 of 5. Without ties, rank r of n scores floor(k (r - 1) / n) + 1.
 * O(n log n), n doubles of scratch.
 */
STRATA_MUST_CHECK strata_status quantile_cuts_make(const double *x, size_t n, size_t k,
                                                   bool reverse, quantile_cuts *out,
                                                   strata_error *err);

/* out[i] = score of x[i], 1..k, in the direction that the cuts were made for. NaN scores `missing`.
 */
void quantile_score(const quantile_cuts *cuts, double missing, const double *x, size_t n,
                    double *out);

/* Fixed steps: out[i] = scores[j] of the first j with x[i] <= up_to[j]; the last
 * step's up_to is +infinity. NaN scores `missing`. */
void step_score(const double *up_to, const double *scores, size_t n_steps, double missing,
                const double *x, size_t n, double *out);

#endif
