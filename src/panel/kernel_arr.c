/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "panel/windows.h"

enum { CHANGE, EXPANSION, CONTRACTION, EXPANSIONS };

/* ARR at a day is the sum of all changes up to it. */
static const window windows[] = {
    {FEATURE_ARR, CHANGE, 0, WINDOW_EVER},
    {FEATURE_ARR_30D_AGO, CHANGE, 30, WINDOW_EVER},
    {FEATURE_ARR_3M_AGO, CHANGE, 0, WINDOW_EVER, .since = SHIFT_3M},
    {FEATURE_ARR_12M_AGO, CHANGE, 0, WINDOW_EVER, .since = SHIFT_12M},
    {FEATURE_ARR_CHANGE_12M, CHANGE, 0, 0, SHIFT_12M},
    {FEATURE_EXPANSION_12M, EXPANSION, 0, 0, SHIFT_12M},
    {FEATURE_CONTRACTION_12M, CONTRACTION, 0, 0, SHIFT_12M},
    {FEATURE_EXPANSIONS_12M, EXPANSIONS, 0, 0, SHIFT_12M},
};
static const derived made[] = {
    {FEATURE_ARR_GROWTH_3M, FEATURE_ARR, FEATURE_ARR_3M_AGO, 1, -1},
    {FEATURE_ARR_GROWTH_12M, FEATURE_ARR, FEATURE_ARR_12M_AGO, 1, -1},
    {FEATURE_IS_CUSTOMER, FEATURE_ARR, WINDOW_NONE},
};
static const window_table table = {windows, sizeof windows / sizeof *windows, made,
                                   sizeof made / sizeof *made};

typedef struct arr_kernel {
    const sweep *sweep;
    window_sums sums;
    bool wants_history;
} arr_kernel;

/* Features that need the whole story up to each date, not only ARR at some day. */
static const feature_id history_features[] = {
    FEATURE_ARR_PEAK,    FEATURE_FIRST_ARR,        FEATURE_MONTHS_AS_CUSTOMER,
    FEATURE_CHURNED,     FEATURE_DAYS_SINCE_CHURN, FEATURE_DAYS_SINCE_EXPANSION,
    FEATURE_REACTIVATED,
};

static void arr_free(void *self)
{
    arr_kernel *k = self;
    if (k) {
        window_sums_done(&k->sums);
        free(k);
    }
}
STRATA_DEFINE_AUTO(arr_kernel, arr_free)

static strata_status arr_new(const sweep *s, void **out, strata_error *err)
{
    STRATA_AUTO(arr_free) arr_kernel *k = STRATA_NEW_ARRAY(1, arr_kernel);
    if (!k) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the ARR features");
    }
    k->sweep = s;
    STRATA_TRY(window_sums_new(s, &table, &k->sums, err));
    for (size_t f = 0; f < sizeof history_features / sizeof *history_features; f++) {
        k->wants_history = k->wants_history || sweep_wants(s, history_features[f]);
    }
    *out = strata_steal(&k);
    return STRATA_OK;
}

/* Adds 0 where a row is of another kind: kinds come in no order that a processor could foresee. */
static void add_rows(window_sums *w, size_t lane, const arr_rows *a, size_t begin, size_t end)
{
    const window_group change = w->groups[CHANGE];
    const window_group expansion = w->groups[EXPANSION];
    const window_group contraction = w->groups[CONTRACTION];
    const window_group expansions = w->groups[EXPANSIONS];
    int64_t before = 0;
    for (size_t r = begin; r < end; r++) {
        const window_place at = window_place_of(&change.places, a->day[r]);
        int64_t value = a->arr_after[r] - before;
        bool more = a->kind[r] == ARR_EXPANSION;
        bool less = a->kind[r] == ARR_CONTRACTION;
        window_mark(&change, lane, at, value);
        window_mark(&expansion, lane, at, more ? value : 0);
        window_mark(&expansions, lane, at, more);
        window_mark(&contraction, lane, at, less ? -value : 0);
        before = a->arr_after[r];
    }
}

static void put_customer(const window_sums *w, const sweep_out *out, const lane_group *g)
{
    int32_t slot = w->sweep->slot[FEATURE_IS_CUSTOMER];
    if (slot < 0) {
        return;
    }
    const double *arr = window_sums_of(w, FEATURE_ARR, 0);
    for (size_t j = 0; j < w->sweep->n_dates; j++) {
        double v[LANES];
        for (size_t lane = 0; lane < LANES; lane++) {
            v[lane] = arr[j * LANES + lane] > 0 ? 1 : 0;
        }
        put_lanes(out, slot, g, j, v);
    }
}

/* An account's story up to some row. */
typedef struct arr_history {
    int64_t arr, peak, first;
    day since;             /* of the current ARR */
    int64_t paid;          /* days with ARR before `since` */
    day expanded, churned; /* DAY_MISSING: never; `churned` while there is no ARR */
    bool had, reactivated;
} arr_history;

static void history_add(arr_history *h, day d, int64_t after, arr_kind kind)
{
    if (h->arr > 0) {
        h->paid += d - h->since;
    }
    if (!h->had && after > 0) {
        h->had = true;
        h->first = after;
    }
    h->peak = after > h->peak ? after : h->peak;
    h->expanded = kind == ARR_EXPANSION ? d : h->expanded;
    h->churned = after == 0 ? d : DAY_MISSING;
    h->reactivated = h->reactivated || kind == ARR_REACTIVATION;
    h->arr = after;
    h->since = d;
}

static void history_put(const arr_history *h, const sweep_out *out, size_t i, size_t j)
{
    day d = out->sweep->dates.tables[SHIFT_NONE].days[j];
    bool gone = h->had && h->arr == 0;
    int64_t paid = h->paid + (h->arr > 0 ? d - h->since + 1 : 0);
    put_cell(out, FEATURE_ARR_PEAK, i, j, h->had, (double)h->peak / 100);
    put_cell(out, FEATURE_FIRST_ARR, i, j, h->had, (double)h->first / 100);
    put_cell(out, FEATURE_MONTHS_AS_CUSTOMER, i, j, h->had, (double)paid / DAYS_PER_MONTH);
    put_cell(out, FEATURE_CHURNED, i, j, true, gone);
    put_cell(out, FEATURE_DAYS_SINCE_CHURN, i, j, gone, (double)d - h->churned);
    put_cell(out, FEATURE_DAYS_SINCE_EXPANSION, i, j, h->expanded != DAY_MISSING,
             (double)d - h->expanded);
    put_cell(out, FEATURE_REACTIVATED, i, j, true, h->reactivated && h->arr > 0);
}

static void put_history(const arr_rows *a, size_t begin, size_t end, const sweep_out *out, size_t i)
{
    const date_table *t = &out->sweep->dates.tables[SHIFT_NONE];
    arr_history h = {.expanded = DAY_MISSING, .churned = DAY_MISSING};
    size_t r = begin;
    for (size_t j = 0; j < t->n; j++) {
        for (; r < end && a->day[r] <= t->days[j]; r++) {
            history_add(&h, a->day[r], a->arr_after[r], (arr_kind)a->kind[r]);
        }
        history_put(&h, out, i, j);
    }
}

static strata_status arr_run(void *self, const ledger_block *block, const sweep_out *out,
                             strata_error *err)
{
    (void)err;
    arr_kernel *k = self;
    const arr_rows *a = &block->arr;
    for (size_t i = 0; i < block->n_accounts; i += LANES) {
        lane_group g = lanes_from(block, i);
        for (size_t lane = 0; lane < g.n; lane++) {
            size_t begin = a->start[i + lane];
            size_t end = a->start[i + lane + 1];
            add_rows(&k->sums, lane, a, begin, end);
            if (k->wants_history) {
                put_history(a, begin, end, out, i + lane);
            }
        }
        window_sums_put(&k->sums, out, &g);
        put_customer(&k->sums, out, &g);
    }
    return STRATA_OK;
}

const kernel kernel_arr = {ENTITY_ARR, arr_new, arr_run, arr_free};
