/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "panel/latest.h"
#include "panel/windows.h"

enum { TOUCHES, MINUTES, TIMED, ANSWERED, ASKED };
enum {
    MINUTES_90D = WINDOW_HIDDEN(1),
    TIMED_90D = WINDOW_HIDDEN(2),
    ANSWERED_180D = WINDOW_HIDDEN(3),
    ASKED_180D = WINDOW_HIDDEN(4)
};

static const window windows[] = {
    {FEATURE_TOUCHES_30D, TOUCHES, 0, 30},
    {FEATURE_TOUCHES_90D, TOUCHES, 0, 90},
    {FEATURE_TOUCHES_365D, TOUCHES, 0, 365},
    {MINUTES_90D, MINUTES, 0, 90},
    {TIMED_90D, TIMED, 0, 90},
    {ANSWERED_180D, ANSWERED, 0, 180},
    {ASKED_180D, ASKED, 0, 180},
};
static const derived made[] = {
    {FEATURE_RESPONSE_RATE_180D, ANSWERED_180D, ASKED_180D, 1, 0},
    {FEATURE_TOUCH_MINUTES_90D, FEATURE_TOUCHES_90D, WINDOW_NONE},
    {FEATURE_TOUCH_MINUTES_90D, MINUTES_90D, WINDOW_NONE},
    {FEATURE_TOUCH_MINUTES_90D, TIMED_90D, WINDOW_NONE},
};
static const window_table table = {windows, sizeof windows / sizeof *windows, made,
                                   sizeof made / sizeof *made};

typedef struct touchpoints_kernel {
    const sweep *sweep;
    window_sums sums;
    latest last_touch;
} touchpoints_kernel;

static void touchpoints_free(void *self)
{
    touchpoints_kernel *k = self;
    if (k) {
        window_sums_done(&k->sums);
        latest_done(&k->last_touch);
        free(k);
    }
}
STRATA_DEFINE_AUTO(touchpoints_kernel, touchpoints_free)

static strata_status touchpoints_new(const sweep *s, void **out, strata_error *err)
{
    STRATA_AUTO(touchpoints_free) touchpoints_kernel *k = STRATA_NEW_ARRAY(1, touchpoints_kernel);
    if (!k) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the touchpoint features");
    }
    k->sweep = s;
    STRATA_TRY(window_sums_new(s, &table, &k->sums, err));
    STRATA_TRY(latest_new(s, &k->last_touch, err));
    *out = strata_steal(&k);
    return STRATA_OK;
}

static void add_touch(touchpoints_kernel *k, size_t lane, const touch_rows *t, size_t r)
{
    window_sums *w = &k->sums;
    day d = t->day[r];
    latest_note(&k->last_touch, lane, d);
    window_sums_add(w, TOUCHES, lane, d, 1);
    if (!isnan(t->minutes[r])) {
        window_sums_add(w, MINUTES, lane, d, in_millionths(t->minutes[r]));
        window_sums_add(w, TIMED, lane, d, 1);
    }
    if (t->responded[r] >= 0) {
        window_sums_add(w, ANSWERED, lane, d, t->responded[r] > 0);
        window_sums_add(w, ASKED, lane, d, 1);
    }
}

/* Minutes are unknown, not 0, when there were touches and none says how long it took. */
static void put_minutes(const window_sums *w, const sweep_out *out, const lane_group *g)
{
    int32_t slot = w->sweep->slot[FEATURE_TOUCH_MINUTES_90D];
    if (slot < 0) {
        return;
    }
    const double *touches = window_sums_of(w, FEATURE_TOUCHES_90D, 0);
    const double *timed = window_sums_of(w, TIMED_90D, 0);
    const double *minutes = window_sums_of(w, MINUTES_90D, 0);
    for (size_t j = 0; j < w->sweep->n_dates; j++) {
        double v[LANES];
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t x = j * LANES + lane;
            bool known = timed[x] > 0 || !(touches[x] > 0);
            v[lane] = known ? minutes[x] / MILLIONTHS : (double)NAN;
        }
        put_lanes(out, slot, g, j, v);
    }
}

static strata_status touchpoints_run(void *self, const ledger_block *block, const sweep_out *out,
                                     strata_error *err)
{
    (void)err;
    touchpoints_kernel *k = self;
    const touch_rows *t = &block->touchpoints;
    for (size_t i = 0; i < block->n_accounts; i += LANES) {
        lane_group g = lanes_from(block, i);
        latest_clear(&k->last_touch);
        for (size_t lane = 0; lane < g.n; lane++) {
            size_t begin = t->start[i + lane];
            size_t end = t->start[i + lane + 1];
            day first = begin < end ? t->day[begin] : DAY_MISSING;
            g.visible[lane] = lane_visible(k->sweep, block->started_on[i + lane], first);
            for (size_t r = begin; r < end; r++) {
                add_touch(k, lane, t, r);
            }
        }
        latest_settle(&k->last_touch);
        window_sums_put(&k->sums, out, &g);
        latest_put_age(&k->last_touch, FEATURE_LAST_TOUCH, out, &g);
        put_minutes(&k->sums, out, &g);
    }
    return STRATA_OK;
}

const kernel kernel_touchpoints = {ENTITY_TOUCHPOINTS, touchpoints_new, touchpoints_run,
                                   touchpoints_free};
