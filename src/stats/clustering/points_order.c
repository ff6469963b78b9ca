/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/points_order.h"

#include <stdlib.h>

#include "base/auto.h"

typedef struct placed {
    const double *x;
    uint32_t d, row;
} placed;

static int by_coordinates(const void *a, const void *b)
{
    const placed *p = a;
    const placed *q = b;
    for (size_t j = 0; j < p->d; j++) {
        if (p->x[j] < q->x[j] || p->x[j] > q->x[j]) {
            return p->x[j] < q->x[j] ? -1 : 1;
        }
    }
    return (p->row > q->row) - (p->row < q->row);
}

strata_status points_order(const points *p, uint32_t *order, strata_error *err)
{
    STRATA_AUTO_FREE placed *all = STRATA_NEW_ARRAY(p->n, placed);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory sorting %zu points", p->n);
    }
    for (size_t i = 0; i < p->n; i++) {
        all[i] = (placed){p->x + i * p->d, (uint32_t)p->d, (uint32_t)i};
    }
    qsort(all, p->n, sizeof *all, by_coordinates);
    for (size_t i = 0; i < p->n; i++) {
        order[i] = all[i].row;
    }
    return STRATA_OK;
}
