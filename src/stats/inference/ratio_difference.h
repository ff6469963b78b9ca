/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_RATIO_DIFFERENCE_H
#define STRATA_STATS_INFERENCE_RATIO_DIFFERENCE_H

/* Ratio of two sums over one lot of rows less the ratio over another, when rows come in clusters
 * (accounts) that may have rows in both. 95 % interval by drawing clusters again (Efron 1979,
 * percentile method, type-7 quantiles); each replicate has a stream of its own, so results do not
 * depend on threads. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/context.h"

enum { RATIO_DIFFERENCE_REPLICATES = 1000 };

typedef struct ratio_row {
    uint32_t cluster;  /* below n_clusters */
    bool first;        /* of the first lot, else of the second */
    double part, base; /* weight put in; base 0 or more */
} ratio_row;

typedef struct ratio_rows {
    const ratio_row *rows;
    size_t n, n_clusters;
} ratio_rows;

/* The difference over a figure that is drawn again with it, so that its own uncertainty is in the
 * interval. Not stated where the figure is 0, or is so in one draw of forty and more: the interval
 * would have no end. */
typedef struct ratio_relative {
    bool stated;
    double value, low, high;
} ratio_relative;

typedef struct ratio_difference {
    bool defined; /* both bases are above 0 */
    double first, second, difference, low, high;
    ratio_relative of_second; /* difference over second: how much more */
    ratio_relative of_rest; /* of shares, over 1 - second: of those that lack it in the second lot,
                             * the share that has it in the first */
} ratio_difference;

/* `stream` tells analyses apart that use one seed: replicates take cx->seed and the streams from
 * stream * 2^20 on. STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status ratio_difference_find(const context *cx, uint64_t stream,
                                                      const ratio_rows *rows, ratio_difference *out,
                                                      strata_error *err);

#endif
