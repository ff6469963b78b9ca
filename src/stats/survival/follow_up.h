/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_SURVIVAL_FOLLOW_UP_H
#define STRATA_STATS_SURVIVAL_FOLLOW_UP_H

#include <strata/error.h>

#include <stddef.h>
#include <stdint.h>

/* Things followed until they ended or were lost from sight: the input of every survival method.
 * Borrowed arrays of n. Something is at risk at t when entry < t <= time. */
typedef struct follow_up {
    size_t n;             /* at most UINT32_MAX */
    const double *time;   /* age at the end or when last seen, finite, 0 or more */
    const uint8_t *event; /* 1: ended at `time`; 0: was still there then (censored) */
    const double *entry;  /* age from which it was in sight, finite and below its time (delayed
                           * entry, left truncation); below 0: from the start. NULL: all are */
} follow_up;

/* STRATA_E_DATA, naming the first thing whose time or entry is out of what stands above. */
STRATA_MUST_CHECK strata_status follow_up_check(const follow_up *life, strata_error *err);

/* Which comparison something belongs to: things are compared within a stratum only. */
typedef struct strata_of {
    const uint32_t *stratum; /* of n, in 0 .. n_strata-1; NULL: all in one */
    size_t n_strata;         /* at least 1 when `stratum` is given */
} strata_of;

/* Sorts the n indexes in `order` (a permutation of 0 .. n-1) by stratum, then by x, ties staying as
 * they were. STRATA_E_DATA for an x that is not finite, STRATA_E_USAGE for a stratum out of range;
 * `order` is then of no use. */
STRATA_MUST_CHECK strata_status sort_within_strata(const double *x, size_t n, strata_of strata,
                                                   uint32_t *order, strata_error *err);

/* A new array 0 .. n-1; the caller frees. */
STRATA_MUST_CHECK strata_status order_new(size_t n, uint32_t **out, strata_error *err);

#endif
