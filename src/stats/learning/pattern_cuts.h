/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_PATTERN_CUTS_H
#define STRATA_STATS_LEARNING_PATTERN_CUTS_H

/* Inside of pattern.h: features cut into bins, and the search over all cuts. */

#include <strata/error.h>

#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"
#include "stats/learning/pattern.h"

enum { PATTERN_MISSING = 255, PATTERN_BINS = 256 };

typedef struct pattern_feature {
    size_t n_cuts;
    double cuts[PATTERN_CUTS_MAX]; /* rising; a value v is in bin b when b cuts are <= v */
    size_t in_bin[PATTERN_BINS];   /* accounts of the finding half; the last: missing */
    size_t present;                /* accounts that are not missing */
} pattern_feature;

typedef struct pattern_cuts {
    size_t n, n_features; /* accounts of the finding half */
    pattern_feature *features;
    uint8_t *bins;  /* [account][feature] */
    uint32_t *rare; /* rows of `bins` that have the rarer outcome */
    size_t n_rare;
} pattern_cuts;

typedef struct pattern_best {
    double statistic; /* chi-square of the 2 x 2 table; 0: no cut */
    size_t cut;
} pattern_best;

void pattern_cuts_free(pattern_cuts *c);
STRATA_DEFINE_AUTO(pattern_cuts, pattern_cuts_free)

STRATA_MUST_CHECK strata_status pattern_cuts_new(const pattern_search *search, pattern_cuts **out,
                                                 strata_error *err);

/* The best cut of each feature when the accounts rows[0 .. n_rare - 1] had the rarer outcome.
 * `counts` is room for n_features x PATTERN_BINS. */
void pattern_best_cuts(const pattern_cuts *c, const uint32_t *rows, uint32_t *counts,
                       pattern_best *best);

#endif
