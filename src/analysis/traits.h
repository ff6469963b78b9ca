/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_TRAITS_H
#define STRATA_ANALYSIS_TRAITS_H

/* Inside the analyses: what sets one group of accounts apart from another. */

#include <strata/error.h>

#include "analysis/profile.h"

enum {
    TRAITS_MAX = 8,         /* shown for a segment */
    TRAITS_SIDE_MIN = 10,   /* accounts needed on both sides, and hits needed for a level */
    TRAITS_LEVELS_MAX = 100 /* attributes with more levels are names, not traits */
};

typedef struct trait_list {
    const trait *items;
    size_t n;
    const char *why; /* of an empty list: why nothing could be compared; NULL when it could */
} trait_list;

/* Slots that profiles compare by: computed features, features and scores of the model, attributes.
 * Allocated in `a`. */
STRATA_MUST_CHECK strata_status trait_slots(const study *s, arena *a, const size_t **slots,
                                            size_t *n, strata_error *err);

/* lists[g]: segment g's members now against all other accounts in segments. */
STRATA_MUST_CHECK strata_status traits_of_segments(const study *s, const bound_def *def, arena *a,
                                                   trait_list **out, strata_error *err);
/* The same of attributes alone (coverage left out), corrected as a family of their own. */
STRATA_MUST_CHECK strata_status traits_of_attributes(const study *s, const bound_def *def, arena *a,
                                                     trait_list **out, strata_error *err);
/* lists[g]: of the members of segment g a year ago, those retained against those churned; the last
 * list, n_segments, all together. */
STRATA_MUST_CHECK strata_status traits_of_success(const study *s, const bound_def *def, arena *a,
                                                  trait_list **out, strata_error *err);

#endif
