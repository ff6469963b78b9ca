/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/inference/holm.h"

#include <math.h>

#include "base/auto.h"
#include "stats/inference/rank.h"

strata_status holm(const double *p, size_t n, double *adjusted, strata_error *err)
{
    STRATA_AUTO_FREE double *rank = STRATA_NEW_ARRAY(n, double);
    STRATA_AUTO_FREE uint32_t *order = STRATA_NEW_ARRAY(n, uint32_t);
    if (rank == NULL || order == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory correcting %zu p-values", n);
    }
    double ties = 0.0;
    STRATA_TRY(rank_values(p, n, rank, &ties, order, err));
    double most = 0.0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fmin((double)(n - i) * p[order[i]], 1.0));
        adjusted[order[i]] = most;
    }
    return STRATA_OK;
}
