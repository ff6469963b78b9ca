/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_TREND_H
#define STRATA_STATS_INFERENCE_TREND_H

/* Does something go up or down over ordered groups (cohorts, ages)? */

#include <strata/error.h>

#include <stddef.h>

#include "stats/inference/proportion.h"
#include "stats/inference/test.h"

enum { TREND_VALUES_MAX = 4000 };

typedef struct trend {
    stat_test test;    /* `defined` goes for the slope too */
    double slope;      /* change per unit of place */
    interval slope_95; /* 95 % */
} trend;

/* Trend of the shares hits[i] / n[i] over groups at place[i] (NULL: 0, 1, ...): Cochran 1954,
 * Armitage 1955; R: prop.trend.test. The statistic is chi-square with 1 degree of freedom; effect
 * and slope: the least-squares slope of the shares, weighted by n. Its interval takes the variance
 * of each group from (hits + 1) / (n + 2), so it does not need the shares to be equal. Groups
 * without members do not count. Not defined under two groups with members, when all places are the
 * same, and when nobody or everybody is a hit. hits[i] <= n[i]; places finite. */
trend trend_of_shares(const size_t *hits, const size_t *n, const double *place, size_t groups);

/* Trend of the values y at places x (NULL: 0, 1, ...), straight or not: Mann 1945, Kendall 1975; R:
 * cor.test(method = "kendall"). Statistic: S, pairs that rise less pairs that fall; effect:
 * Kendall's tau-b. p is exact up to 50 values without ties, else normal with continuity correction.
 * slope is Sen's (1968), the median over all pairs, with his interval (SciPy: theilslopes). Not
 * defined under 3 values and when all values are the same. STRATA_E_USAGE: more than
 * TREND_VALUES_MAX values, a value that is not finite, places that do not rise. */
STRATA_MUST_CHECK strata_status trend_of_values(const double *y, const double *x, size_t n,
                                                trend *out, strata_error *err);

#endif
