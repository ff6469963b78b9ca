/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_LATEST_H
#define STRATA_PANEL_LATEST_H

/* The day of an account's latest fact by each date: last seen, last order, last
 * touch. Of a group of accounts side by side. */

#include "panel/sweep.h"

typedef struct latest {
    const sweep *sweep;
    day *by_date; /* [n_dates + 1][LANES]; DAY_MISSING: none by then */
} latest;

STRATA_MUST_CHECK strata_status latest_new(const sweep *s, latest *out, strata_error *err);
void latest_done(latest *l);
/* Starts the next group; note the facts of each lane in any order, then settle. */
void latest_clear(latest *l);
static inline void latest_note(latest *l, size_t lane, day d)
{
    day *last = &l->by_date[date_from(&l->sweep->dates.tables[SHIFT_NONE], d) * LANES + lane];
    *last = *last < d ? d : *last; /* DAY_MISSING is below every day */
}
void latest_settle(latest *l);
/* After latest_settle: days since then; missing while there was none. */
void latest_put_age(const latest *l, feature_id f, const sweep_out *out, const lane_group *g);

#endif
