/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/latest.h"

#include <stdlib.h>

#include "base/auto.h"

strata_status latest_new(const sweep *s, latest *out, strata_error *err)
{
    day *by_date = STRATA_NEW_ARRAY(s->n_dates + 1, day);
    if (!by_date) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu dates", s->n_dates);
    }
    *out = (latest){s, by_date};
    return STRATA_OK;
}

void latest_done(latest *l)
{
    free(l->by_date);
    *l = (latest){0};
}

void latest_clear(latest *l)
{
    for (size_t j = 0; j <= l->sweep->n_dates; j++) {
        l->by_date[j] = DAY_MISSING;
    }
}

void latest_settle(latest *l)
{
    for (size_t j = 1; j < l->sweep->n_dates; j++) {
        /* DAY_MISSING is below every day. */
        l->by_date[j] = l->by_date[j] < l->by_date[j - 1] ? l->by_date[j - 1] : l->by_date[j];
    }
}

void latest_put_age(const latest *l, feature_id f, const sweep_out *out, size_t i)
{
    double *cells = sweep_cells(out, f, i);
    const day *days = l->sweep->dates.tables[SHIFT_NONE].days;
    for (size_t j = 0; cells && j < l->sweep->n_dates; j++) {
        day last = l->by_date[j];
        cells[j * out->stride] = last == DAY_MISSING ? (double)NAN : (double)(days[j] - last);
    }
}
