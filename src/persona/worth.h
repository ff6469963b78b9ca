/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_WORTH_H
#define STRATA_PERSONA_WORTH_H

/* What a segment's accounts pay for a person at work in the product: ARR over active users in 30
 * days, of accounts that have both. */

#include <strata/error.h>

#include "analysis/figure.h"
#include "analysis/study.h"

typedef struct worth_segment {
    spread_figure per_user; /* major units; missing: accounts without ARR or active users */
    size_t others;          /* of other segments that have both */
    double others_median;   /* 0 when there are none */
    test_figure test;       /* Mann-Whitney; p_holm over all segments */
} worth_segment;

typedef struct worth {
    const char *why; /* not NULL: it cannot be said, and why */
    const worth_segment *segments;
    size_t n_segments;
} worth;

/* codes as in voice_compare(). Allocated in `a`. */
STRATA_MUST_CHECK strata_status worth_make(const study *s, const segment_code *codes,
                                           size_t n_segments, arena *a, worth *out,
                                           strata_error *err);

#endif
