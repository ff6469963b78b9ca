/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/scored.h"

#include <math.h>

#include "base/auto.h"

strata_status scored_check(const scored *s, strata_error *err)
{
    if (s->n > UINT32_MAX) {
        return strata_fail(err, STRATA_E_DATA, "%zu rows; at most %u can be measured at once", s->n,
                           UINT32_MAX);
    }
    for (size_t i = 0; i < s->n; i++) {
        if (!isfinite(s->score[i])) {
            return strata_fail(err, STRATA_E_DATA,
                               "the score of row %zu is %g; missing values must be dropped first",
                               i, s->score[i]);
        }
        if (s->outcome[i] > 1) {
            return strata_fail(err, STRATA_E_DATA,
                               "the outcome of row %zu is %d; it must be 0 or 1", i, s->outcome[i]);
        }
    }
    return STRATA_OK;
}

strata_status scored_check_probability(const scored *s, strata_error *err)
{
    STRATA_TRY(scored_check(s, err));
    for (size_t i = 0; i < s->n; i++) {
        if (s->score[i] < 0.0 || s->score[i] > 1.0) {
            return strata_fail(err, STRATA_E_DATA,
                               "the probability of row %zu is %g; it must be from 0 to 1", i,
                               s->score[i]);
        }
    }
    return STRATA_OK;
}

size_t scored_positives(const scored *s)
{
    size_t positives = 0;
    for (size_t i = 0; i < s->n; i++) {
        positives += s->outcome[i];
    }
    return positives;
}
