/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/survival/follow_up.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "stats/inference/rank.h"

strata_status follow_up_check(const follow_up *life, strata_error *err)
{
    if (life->n > UINT32_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "%zu lifetimes are too many (%u)", life->n,
                           (unsigned)UINT32_MAX);
    }
    for (size_t i = 0; i < life->n; i++) {
        if (!isfinite(life->time[i]) || life->time[i] < 0.0) {
            return strata_fail(err, STRATA_E_DATA,
                               "lifetime %zu is %g; it must be a number from 0 up", i,
                               life->time[i]);
        }
        if (life->entry != NULL &&
            (!isfinite(life->entry[i]) || !(life->entry[i] < life->time[i]))) {
            return strata_fail(err, STRATA_E_DATA,
                               "lifetime %zu ends at %g but comes into sight at %g only; leave out "
                               "what ended before it could be seen",
                               i, life->time[i], life->entry[i]);
        }
    }
    return STRATA_OK;
}

strata_status order_new(size_t n, uint32_t **out, strata_error *err)
{
    uint32_t *order = STRATA_NEW_ARRAY(n, uint32_t);
    if (order == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory sorting %zu lifetimes", n);
    }
    for (size_t i = 0; i < n; i++) {
        order[i] = (uint32_t)i;
    }
    *out = order;
    return STRATA_OK;
}

strata_status sort_within_strata(const double *x, size_t n, strata_of strata, uint32_t *order,
                                 strata_error *err)
{
    STRATA_TRY(sort_order(x, n, order, err));
    if (strata.stratum == NULL) {
        return STRATA_OK;
    }
    STRATA_AUTO_FREE size_t *start = STRATA_NEW_ARRAY(strata.n_strata + 1, size_t);
    STRATA_AUTO_FREE uint32_t *sorted = STRATA_NEW_ARRAY(n, uint32_t);
    if (start == NULL || sorted == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory sorting %zu lifetimes", n);
    }
    for (size_t i = 0; i < n; i++) {
        if (strata.stratum[i] >= strata.n_strata) {
            return strata_fail(err, STRATA_E_USAGE, "lifetime %zu is in stratum %u of %zu", i,
                               (unsigned)strata.stratum[i], strata.n_strata);
        }
        start[strata.stratum[i] + 1]++;
    }
    for (size_t s = 0; s < strata.n_strata; s++) {
        start[s + 1] += start[s];
    }
    for (size_t i = 0; i < n; i++) {
        sorted[start[strata.stratum[order[i]]]++] = order[i];
    }
    memcpy(order, sorted, n * sizeof *order);
    return STRATA_OK;
}
