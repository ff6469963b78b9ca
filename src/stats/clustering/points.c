/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/clustering/points.h"

#include <math.h>

strata_status points_check(const points *p, strata_error *err)
{
    if (p->d == 0) {
        return strata_fail(err, STRATA_E_USAGE, "points need at least one coordinate");
    }
    if (p->n == 0) {
        return strata_fail(err, STRATA_E_DATA, "there are no points");
    }
    for (size_t i = 0; i < p->n * p->d; i++) {
        if (!isfinite(p->x[i])) {
            return strata_fail(err, STRATA_E_DATA,
                               "coordinate %zu of point %zu is %g: fill in or drop missing values",
                               i % p->d, i / p->d, p->x[i]);
        }
    }
    return STRATA_OK;
}
