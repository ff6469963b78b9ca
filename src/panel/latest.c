/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/latest.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clones.h"

strata_status latest_new(const sweep *s, latest *out, strata_error *err)
{
    day *by_date = STRATA_NEW_ARRAY((s->n_dates + 1) * LANES, day);
    if (!by_date) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu dates", s->n_dates);
    }
    *out = (latest){s, by_date};
    latest_clear(out);
    return STRATA_OK;
}

void latest_done(latest *l)
{
    free(l->by_date);
    *l = (latest){0};
}

void latest_clear(latest *l)
{
    for (size_t x = 0; x < (l->sweep->n_dates + 1) * LANES; x++) {
        l->by_date[x] = DAY_MISSING;
    }
}

void latest_settle(latest *l)
{
    day last[LANES];
    memcpy(last, l->by_date, sizeof last);
    for (size_t j = 1; j < l->sweep->n_dates; j++) {
        day *restrict now = l->by_date + j * LANES;
        for (size_t k = 0; k < LANES; k++) {
            last[k] = now[k] < last[k] ? last[k] : now[k]; /* DAY_MISSING is below every day */
            now[k] = last[k];
        }
    }
}

STRATA_CLONES void latest_put_age(const latest *l, feature_id f, const sweep_out *out,
                                  const lane_group *g)
{
    const day *days = l->sweep->dates.tables[SHIFT_NONE].days;
    const lane_group always = {.first = g->first, .n = g->n};
    int32_t slot = l->sweep->slot[f];
    double age[LANES];
    for (size_t j = 0; slot >= 0 && j < l->sweep->n_dates; j++) {
        const day *last = l->by_date + j * LANES;
#pragma omp simd
        for (size_t k = 0; k < LANES; k++) {
            const double d = (double)days[j] - (double)last[k];
            age[k] = last[k] == DAY_MISSING ? (double)NAN : d;
        }
        put_lanes(out, slot, &always, j, age);
    }
}
