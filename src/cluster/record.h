/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_RECORD_H
#define STRATA_CLUSTER_RECORD_H

/* Fits in the store. */

#include "cluster/match.h"
#include "segment/portfolio.h"
#include "store/store.h"

/* The last fit that was saved as of `as_of` or before, of the same `where`; out->fit is 0 when
 * there is none. Allocated in `a`. */
STRATA_MUST_CHECK strata_status cluster_last_fit(store_conn *conn, const portfolio *p, day as_of,
                                                 const char *where, arena *a, saved_fit *out,
                                                 strata_error *err);

/* A fit to be saved. */
typedef struct cluster_record {
    const portfolio *p;
    const cluster_points *points;
    const cluster_fit *fit;
    const char *const *names; /* by cluster */
    cluster_method method;
    const char *where; /* as it was given; NULL: the whole population */
    day as_of;
    uint64_t seed;
    const char *model_digest, *version;
} cluster_record;

/* In one transaction; *number is the fit's. */
STRATA_MUST_CHECK strata_status cluster_save(store *s, const cluster_record *r, int32_t *number,
                                             strata_error *err);

#endif
