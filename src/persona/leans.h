/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_LEANS_H
#define STRATA_PERSONA_LEANS_H

/* Which features of the product the accounts of a segment use, against all others: shares of the
 * accounts that used anything in the last LEANS_DAYS days. */

#include <strata/error.h>

#include "analysis/figure.h"
#include "analysis/study.h"
#include "stats/inference/proportion.h"
#include "store/store.h"

enum { LEANS_DAYS = 90, LEANS_FEATURES_MAX = 4096, LEANS_SHOWN = 8 };

typedef struct lean {
    const char *feature;
    share_figure in, out; /* of active accounts, here and in all other segments */
    interval difference;  /* Newcombe, 95 % */
    test_figure test;     /* p_holm over all features of all segments */
} lean;

typedef struct leans_segment {
    size_t active; /* accounts */
    bool enough;
    const lean *more, *less; /* that pass their test, the largest difference first */
    size_t n_more, n_less;
} leans_segment;

typedef struct leans {
    const char *why; /* not NULL: nothing was compared, and why */
    size_t features; /* that anybody used in the time */
    const leans_segment *segments;
    size_t n_segments;
} leans;

/* codes as in voice_compare(). Allocated in `a`. */
STRATA_MUST_CHECK strata_status leans_make(const study *s, store_conn *conn,
                                           const segment_code *codes, size_t n_segments, arena *a,
                                           leans *out, strata_error *err);
/* out[k * s->n + i] = 1: account i was active in that time and did not use features[k] (NULL: all
 * 0). */
STRATA_MUST_CHECK strata_status leans_without(const study *s, store_conn *conn,
                                              const char *const *features, size_t n, uint8_t *out,
                                              strata_error *err);

#endif
