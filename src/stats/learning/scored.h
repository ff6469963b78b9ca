/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_SCORED_H
#define STRATA_STATS_LEARNING_SCORED_H

#include <strata/error.h>

#include <stddef.h>
#include <stdint.h>

/* What was said beforehand about things, and what became of them: the input of every measure of a
 * prediction. Borrowed arrays of n. */
typedef struct scored {
    size_t n;               /* at most UINT32_MAX */
    const double *score;    /* finite; the higher, the more likely it happens */
    const uint8_t *outcome; /* 1: it happened; 0: it did not */
} scored;

/* STRATA_E_DATA, naming the first row whose score is not finite or whose outcome is not 0 or 1. */
STRATA_MUST_CHECK strata_status scored_check(const scored *s, strata_error *err);

/* The same, and the scores are probabilities, 0 to 1. */
STRATA_MUST_CHECK strata_status scored_check_probability(const scored *s, strata_error *err);

/* How many outcomes are 1. */
size_t scored_positives(const scored *s);

#endif
