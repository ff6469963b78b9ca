/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_HIERARCHY_SPACE_H
#define STRATA_STATS_CLUSTERING_HIERARCHY_SPACE_H

/* Where clusters are while they are merged: who is nearest to whom. A cluster is known by the
 * number of one of the m points it started from. */

#include <stdint.h>

#include <strata/error.h>

#include "base/auto.h"
#include "base/context.h"
#include "stats/clustering/hierarchy.h"
#include "stats/clustering/points.h"

typedef struct hierarchy_space hierarchy_space;

typedef struct near_cluster {
    uint32_t who;
    double height; /* of merging with it */
} near_cluster;

/* Different points in the canonical order; weight[m]: how many points each stands for. */
STRATA_MUST_CHECK strata_status ward_space_new(const points *p, const uint32_t *weight,
                                               hierarchy_space **out, strata_error *err);
/* Average or complete linkage. STRATA_E_DATA: more than HIERARCHY_PAIRED_POINTS points. */
STRATA_MUST_CHECK strata_status paired_space_new(const context *cx, const points *p,
                                                 const uint32_t *weight, linkage l,
                                                 hierarchy_space **out, strata_error *err);

struct hierarchy_space {
    /* The nearest other cluster; of equally near ones `before` (UINT32_MAX: nobody), else the one
     * with the lowest number. There is another one. */
    near_cluster (*nearest)(hierarchy_space *s, uint32_t who, uint32_t before);
    /* Merges `gone` into `who`. */
    void (*join)(hierarchy_space *s, uint32_t who, uint32_t gone);
    void (*free)(hierarchy_space *s);
};

static inline void hierarchy_space_free(hierarchy_space *s)
{
    if (s != NULL) {
        s->free(s);
    }
}
STRATA_DEFINE_AUTO(hierarchy_space, hierarchy_space_free)

#endif
