/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "panel/latest.h"
#include "panel/windows.h"

enum { INTERVENTIONS };

static const window windows[] = {
    {FEATURE_INTERVENTIONS_90D, INTERVENTIONS, 0, 90},
};
static const window_table table = {windows, sizeof windows / sizeof *windows, NULL, 0};

typedef struct interventions_kernel {
    const sweep *sweep;
    window_sums sums;
    latest last;
} interventions_kernel;

static void interventions_free(void *self)
{
    interventions_kernel *k = self;
    if (k) {
        window_sums_done(&k->sums);
        latest_done(&k->last);
        free(k);
    }
}
STRATA_DEFINE_AUTO(interventions_kernel, interventions_free)

static strata_status interventions_new(const sweep *s, void **out, strata_error *err)
{
    STRATA_AUTO(interventions_free) interventions_kernel *k =
        STRATA_NEW_ARRAY(1, interventions_kernel);
    if (!k) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the intervention features");
    }
    k->sweep = s;
    STRATA_TRY(window_sums_new(s, &table, &k->sums, err));
    STRATA_TRY(latest_new(s, &k->last, err));
    *out = strata_steal(&k);
    return STRATA_OK;
}

static strata_status interventions_run(void *self, const ledger_block *block, const sweep_out *out,
                                       strata_error *err)
{
    (void)err;
    interventions_kernel *k = self;
    const intervention_rows *v = &block->interventions;
    for (size_t i = 0; i < block->n_accounts; i += LANES) {
        lane_group g = lanes_from(block, i);
        latest_clear(&k->last);
        for (size_t lane = 0; lane < g.n; lane++) {
            size_t begin = v->start[i + lane];
            size_t end = v->start[i + lane + 1];
            day first = begin < end ? v->day[begin] : DAY_MISSING;
            g.visible[lane] = lane_visible(k->sweep, block->started_on[i + lane], first);
            for (size_t r = begin; r < end; r++) {
                window_sums_add(&k->sums, INTERVENTIONS, lane, v->day[r], 1);
                latest_note(&k->last, lane, v->day[r]);
            }
        }
        latest_settle(&k->last);
        window_sums_put(&k->sums, out, &g);
        latest_put_age(&k->last, FEATURE_LAST_INTERVENTION, out, &g);
    }
    return STRATA_OK;
}

const kernel kernel_interventions = {ENTITY_INTERVENTIONS, interventions_new, interventions_run,
                                     interventions_free};
