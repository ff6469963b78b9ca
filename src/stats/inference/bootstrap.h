/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_BOOTSTRAP_H
#define STRATA_STATS_INFERENCE_BOOTSTRAP_H

/* 95 % intervals by drawing accounts again (Efron 1979): percentile method,
 * type-7 quantiles of the replicates. Each replicate has a stream of its own, so
 * results do not depend on threads. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/context.h"
#include "stats/inference/proportion.h"

enum {
    BOOTSTRAP_REPLICATES = 1000,
    /* Above this many accounts drawing again costs more than it tells: the linearised standard
     * error (Cochran 1977, section 6.4) gives the interval. */
    BOOTSTRAP_ACCOUNTS_MAX = 20000,
    BOOTSTRAP_PARTS_MAX = 4
};

/* Sums over the same n accounts, in minor units so that they are exact: each part over the base. */
typedef struct ratio_sample {
    size_t n;
    const int64_t *base; /* above 0 */
    const int64_t *parts[BOOTSTRAP_PARTS_MAX];
    size_t n_parts;
} ratio_sample;

/* out[k]: interval of sum parts[k] / sum base. `stream` tells analyses apart that use one seed:
 * replicates take cx->seed and the streams from stream * 2^20 on. n = 0 is STRATA_E_USAGE. */
STRATA_MUST_CHECK strata_status bootstrap_ratios(const context *cx, uint64_t stream,
                                                 const ratio_sample *sample, interval *out,
                                                 strata_error *err);

/* The same from the linearised standard error, whatever n; one account alone gives no interval but
 * its ratio. */
void linearised_ratios(const ratio_sample *sample, interval *out);

typedef struct sorted_sample {
    const double *x; /* ascending */
    size_t n;
} sorted_sample;

/* Median of a less median of b; neither may be empty (STRATA_E_USAGE). Draws the medians of the
 * replicates directly: the k-th smallest of n draws is the value at floor(n U), U ~ beta(k, n + 1 -
 * k). */
STRATA_MUST_CHECK strata_status bootstrap_median_difference(const context *cx, uint64_t stream,
                                                            sorted_sample a, sorted_sample b,
                                                            interval *out, strata_error *err);

#endif
