/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_PATTERN_H
#define STRATA_STATS_LEARNING_PATTERN_H

/* Which early signs go with success ("at least 3 users in the first month: 91 % stayed, else
 * 64 %"). Every cut point of every feature is tried, on one half of the accounts; how often chance
 * alone would find as much is learnt by handing out the outcomes anew and searching again (maximum
 * statistic over all features and cuts: Westfall & Young 1993; Miller & Siegmund 1982 for one
 * feature); what is found is tested on the other half, which the search has not seen. */

#include <strata/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/context.h"
#include "stats/inference/proportion.h"
#include "stats/inference/test.h"

enum {
    PATTERN_CUTS_MAX = 254, /* of a feature; with more different values, evenly spread over them */
    PATTERN_FEATURES_MAX = 10000,
    PATTERN_PERMUTATIONS = 999, /* a good number of them: p is known to 0.001 */
    PATTERN_PERMUTATIONS_MAX = 100000
};

typedef struct pattern_search {
    size_t n, n_features;
    /* features[f][account]; NaN: missing, the account then counts for the other features only. */
    const double *const *features;
    const uint8_t *kept;   /* [account] 1: success (retained), 0: not */
    const uint8_t *half;   /* [account] 0: patterns are found here, 1: they are confirmed here */
    size_t min_side;       /* accounts that a cut leaves on either side in the finding half, >= 1 */
    size_t n_permutations; /* 1 .. PATTERN_PERMUTATIONS_MAX */
    uint64_t stream; /* tells searches apart that use one seed (cx->seed), as in bootstrap.h */
} pattern_search;

/* The pattern in one half. */
typedef struct pattern_effect {
    size_t with, kept_with, without, kept_without; /* accounts; those with the feature missing are
                                                      in neither */
    double support;                                /* with / (with + without); 0 without accounts */
    stat_test test;         /* two_proportions(); effect: difference of the shares kept */
    interval difference_95; /* Newcombe */
    /* Share kept among those with the pattern over share kept among all. 0 when not defined:
     * nobody with the pattern, or nobody kept. The interval is that of the ratio of the two
     * shares, with and without, from their Wilson intervals (Donner & Zou 2012, Statistical Methods
     * in Medical Research 21:347), carried over with the support taken as given. */
    bool has_lift;
    double lift;
    interval lift_95;
} pattern_effect;

typedef enum pattern_state {
    PATTERN_NOT_FOUND, /* chance finds as much: p_search >= 0.05 */
    PATTERN_FAILED,    /* found, but the other half does not bear it out: to be shown as such */
    PATTERN_CONFIRMED  /* found; same direction and p_confirm < 0.05 in the other half */
} pattern_state;

/* The best cut of a feature. */
typedef struct pattern {
    size_t feature;
    double threshold; /* a value of the feature */
    bool at_least;    /* the pattern is value >= threshold; else value < threshold */
    double p_search;  /* share of searches in random outcomes that find as much anywhere */
    double p_confirm; /* in the other half, Holm over the patterns found; 1 when it cannot tell or
                         the pattern was not found */
    pattern_state state;
    pattern_effect found;     /* where it was sought: too good, since it is the best of many */
    pattern_effect confirmed; /* in the other half: the figures to quote */
} pattern;

/* Searches. out[0 .. *n_out - 1], room for n_features: features that have a cut, strongest first.
 * No pattern where nobody or everybody in the finding half is kept. Time grows with n log n per
 * feature and, per permutation, with the rarer outcome's accounts times the features. The same for
 * any number of threads. STRATA_E_USAGE: a value that is infinite, an outcome or a half that is not
 * 0 or 1, options out of range; STRATA_E_NOMEM; STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status pattern_find(const context *cx, const pattern_search *search,
                                             pattern *out, size_t *n_out, strata_error *err);

/* 0 or 1, as if by a coin, the same for a key always: halves for accounts by a digest of their id,
 * so that an account stays in its half when others come or go. */
uint8_t pattern_half(uint64_t key, uint64_t seed);

/* Figures from counts, see pattern_effect; kept_with <= with, kept_without <= without. */
pattern_effect pattern_effect_of(size_t kept_with, size_t with, size_t kept_without,
                                 size_t without);

#endif
