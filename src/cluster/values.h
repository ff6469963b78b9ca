/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_VALUES_H
#define STRATA_CLUSTER_VALUES_H

/* What features come to on a day, and who is clustered then. */

#include "base/arena.h"
#include "base/context.h"
#include "cluster/features.h"
#include "segment/segmentation.h"

/* Where values come from. */
typedef struct cluster_source {
    const portfolio *p;
    const bound_model *b;
    const override_set *overrides;
    const rule *where; /* accounts that are clustered; NULL: all of the population */
} cluster_source;

typedef struct cluster_values {
    size_t n; /* accounts */
    day as_of;
    /* Exists on the day, is in the model's population and meets `where`. */
    uint8_t *inside;
    size_t n_inside, n_outside, n_elsewhere; /* inside; outside the population; not of `where` */
    double **by_feature; /* [feature][account]; NaN missing; NULL for one without data */
} cluster_values;

/* Slots that the features, the population and `where` read, each once. Allocated in `a`. */
STRATA_MUST_CHECK strata_status cluster_slots(const cluster_source *src,
                                              const cluster_candidate *features, size_t n, arena *a,
                                              const size_t **slots, size_t *n_slots,
                                              strata_error *err);
/* From a segmentation that kept these slots at the day. Allocated in `a`. */
STRATA_MUST_CHECK strata_status cluster_values_of(const cluster_source *src,
                                                  const cluster_candidate *features, size_t n,
                                                  const segmentation *s, day as_of, arena *a,
                                                  cluster_values *out, strata_error *err);
/* The same by a sweep of its own. */
STRATA_MUST_CHECK strata_status cluster_values_at(const context *cx, const cluster_source *src,
                                                  const cluster_candidate *features, size_t n,
                                                  day as_of, arena *a, cluster_values *out,
                                                  strata_error *err);

#endif
