/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "panel/windows.h"

/* A deal's stage is known only as it is now. As of an earlier date it was open if it was opened by
 * then and either still is open or was due on that date or later. */
enum { EXPANSION, EXPANSIONS, WON, LOST };

static const window windows[] = {
    {FEATURE_OPEN_EXPANSION, EXPANSION, 0, WINDOW_EVER},
    {FEATURE_OPEN_EXPANSIONS, EXPANSIONS, 0, WINDOW_EVER},
    {FEATURE_WON_EXPANSION_12M, WON, 1, 0, SHIFT_12M},
    {FEATURE_LOST_RENEWALS_12M, LOST, 1, 0, SHIFT_12M},
};
static const window_table table = {windows, sizeof windows / sizeof *windows, NULL, 0};

typedef struct opportunities_kernel {
    const sweep *sweep;
    window_sums sums;
    day *nearest;    /* by date: due day of the nearest renewal; DAY_MISSING: none */
    int64_t *amount; /* due that day */
} opportunities_kernel;

static void opportunities_free(void *self)
{
    opportunities_kernel *k = self;
    if (k) {
        window_sums_done(&k->sums);
        free(k->nearest);
        free(k->amount);
        free(k);
    }
}
STRATA_DEFINE_AUTO(opportunities_kernel, opportunities_free)

static strata_status opportunities_new(const sweep *s, void **out, strata_error *err)
{
    STRATA_AUTO(opportunities_free) opportunities_kernel *k =
        STRATA_NEW_ARRAY(1, opportunities_kernel);
    if (!k) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the opportunity features");
    }
    k->sweep = s;
    STRATA_TRY(window_sums_new(s, &table, &k->sums, err));
    k->nearest = STRATA_NEW_ARRAY(s->n_dates, day);
    k->amount = STRATA_NEW_ARRAY(s->n_dates, int64_t);
    if (!k->nearest || !k->amount) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the opportunity features");
    }
    *out = strata_steal(&k);
    return STRATA_OK;
}

static day due_day(const deal_rows *o, size_t r)
{
    bool backwards = o->due[r] != DAY_MISSING && o->due[r] < o->day[r];
    return backwards ? o->day[r] : o->due[r];
}

static void add_deal(window_sums *w, size_t lane, const deal_rows *o, size_t r)
{
    day due = due_day(o, r);
    bool still_open = o->stage[r] == DEAL_OPEN;
    if (o->kind[r] == DEAL_EXPANSION && (still_open || due != DAY_MISSING)) {
        window_sums_add(w, EXPANSION, lane, o->day[r], o->amount[r]);
        window_sums_add(w, EXPANSIONS, lane, o->day[r], 1);
        if (!still_open) {
            window_sums_add(w, EXPANSION, lane, due + 1, -o->amount[r]);
            window_sums_add(w, EXPANSIONS, lane, due + 1, -1);
        }
    }
    if (due != DAY_MISSING && o->kind[r] == DEAL_EXPANSION && o->stage[r] == DEAL_WON) {
        window_sums_add(w, WON, lane, due, o->amount[r]);
    }
    if (due != DAY_MISSING && o->kind[r] == DEAL_RENEWAL && o->stage[r] == DEAL_LOST) {
        window_sums_add(w, LOST, lane, due, 1);
    }
}

/* Takes a renewal into the nearest ones of the dates from its opening to its due day. */
static void add_renewal(opportunities_kernel *k, const deal_rows *o, size_t r)
{
    const date_table *t = &k->sweep->dates.tables[SHIFT_NONE];
    day due = due_day(o, r);
    if (o->kind[r] != DEAL_RENEWAL || due == DAY_MISSING) {
        return;
    }
    size_t to = date_from(t, due + 1);
    for (size_t j = date_from(t, o->day[r]); j < to; j++) {
        if (k->nearest[j] == DAY_MISSING || due < k->nearest[j]) {
            k->nearest[j] = due;
            k->amount[j] = 0;
        }
        if (due == k->nearest[j]) {
            k->amount[j] += o->amount[r];
        }
    }
}

static void put_renewals(const opportunities_kernel *k, const sweep_out *out, size_t i)
{
    const date_table *t = &k->sweep->dates.tables[SHIFT_NONE];
    for (size_t j = 0; j < t->n; j++) {
        bool known = k->nearest[j] != DAY_MISSING;
        put_cell(out, FEATURE_RENEWAL_IN, i, j, known, (double)k->nearest[j] - t->days[j]);
        put_cell(out, FEATURE_RENEWAL_AMOUNT, i, j, known, (double)k->amount[j] / 100);
    }
}

static void run_account(opportunities_kernel *k, const deal_rows *o, const sweep_out *out, size_t i,
                        size_t lane)
{
    for (size_t j = 0; j < k->sweep->n_dates; j++) {
        k->nearest[j] = DAY_MISSING;
    }
    for (size_t r = o->start[i]; r < o->start[i + 1]; r++) {
        add_deal(&k->sums, lane, o, r);
        add_renewal(k, o, r);
    }
    put_renewals(k, out, i);
}

static strata_status opportunities_run(void *self, const ledger_block *block, const sweep_out *out,
                                       strata_error *err)
{
    (void)err;
    opportunities_kernel *k = self;
    const deal_rows *o = &block->opportunities;
    for (size_t i = 0; i < block->n_accounts; i += LANES) {
        lane_group g = lanes_from(block, i);
        for (size_t lane = 0; lane < g.n; lane++) {
            size_t begin = o->start[i + lane];
            size_t end = o->start[i + lane + 1];
            day first = begin < end ? o->day[begin] : DAY_MISSING;
            g.visible[lane] = lane_visible(k->sweep, block->started_on[i + lane], first);
            run_account(k, o, out, i + lane, lane);
        }
        window_sums_put(&k->sums, out, &g);
    }
    return STRATA_OK;
}

const kernel kernel_opportunities = {ENTITY_OPPORTUNITIES, opportunities_new, opportunities_run,
                                     opportunities_free};
