/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_PREPARE_PRIVATE_H
#define STRATA_CLUSTER_PREPARE_PRIVATE_H

/* Inside the preparation: the choice of features. */

#include "cluster/prepare.h"

typedef struct selection {
    const cluster_candidate *candidates;
    size_t n_candidates;
    bool given;
    size_t n_rows;
    /* Filled: */
    size_t *used; /* candidates, in their order */
    size_t n_used;
    cluster_left_out *left_out;
    size_t n_left_out;
    double **rank; /* of those used, at n_sample rows; gone afterwards */
    size_t n_sample;
} selection;

/* raw[k]: the values of candidate k by row, NULL where it has no data. Allocated in `a`. */
STRATA_MUST_CHECK strata_status cluster_select(selection *s, double *const *raw, arena *a,
                                               strata_error *err);

#endif
