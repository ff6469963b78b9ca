/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "panel/windows.h"

enum { EXPANSION, CONTRACTION, EXPANSIONS };
enum { LEVEL_NOW, LEVEL_30D, LEVEL_3M, LEVEL_12M, LEVEL_COUNT };

static const window windows[] = {
    {FEATURE_EXPANSION_12M, EXPANSION, 0, 0, SHIFT_12M},
    {FEATURE_CONTRACTION_12M, CONTRACTION, 0, 0, SHIFT_12M},
    {FEATURE_EXPANSIONS_12M, EXPANSIONS, 0, 0, SHIFT_12M},
};
static const window_table table = {windows, sizeof windows / sizeof *windows, NULL, 0};

typedef struct arr_kernel {
    const sweep *sweep;
    window_sums sums;
    bool wants_history;
    bool wants_level[LEVEL_COUNT];
    int64_t *levels[LEVEL_COUNT]; /* by date: ARR then, minor units */
    int64_t *storage;             /* owns the levels */
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
        free(k->storage);
        free(k);
    }
}
STRATA_DEFINE_AUTO(arr_kernel, arr_free)

static void find_wanted(arr_kernel *k)
{
    const sweep *s = k->sweep;
    for (size_t f = 0; f < sizeof history_features / sizeof *history_features; f++) {
        k->wants_history = k->wants_history || sweep_wants(s, history_features[f]);
    }
    k->wants_level[LEVEL_30D] = sweep_wants(s, FEATURE_ARR_30D_AGO);
    k->wants_level[LEVEL_3M] =
        sweep_wants(s, FEATURE_ARR_3M_AGO) || sweep_wants(s, FEATURE_ARR_GROWTH_3M);
    k->wants_level[LEVEL_12M] = sweep_wants(s, FEATURE_ARR_12M_AGO) ||
                                sweep_wants(s, FEATURE_ARR_GROWTH_12M) ||
                                sweep_wants(s, FEATURE_ARR_CHANGE_12M);
    k->wants_level[LEVEL_NOW] = sweep_wants(s, FEATURE_ARR) ||
                                sweep_wants(s, FEATURE_IS_CUSTOMER) || k->wants_level[LEVEL_3M] ||
                                k->wants_level[LEVEL_12M];
}

static strata_status arr_new(const sweep *s, void **out, strata_error *err)
{
    STRATA_AUTO(arr_free) arr_kernel *k = STRATA_NEW_ARRAY(1, arr_kernel);
    if (!k) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the ARR features");
    }
    k->sweep = s;
    STRATA_TRY(window_sums_new(s, &table, &k->sums, err));
    size_t row = s->n_dates + 1;
    k->storage = STRATA_NEW_ARRAY(LEVEL_COUNT * row, int64_t);
    if (!k->storage) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the ARR features");
    }
    for (size_t l = 0; l < LEVEL_COUNT; l++) {
        k->levels[l] = k->storage + l * row;
    }
    find_wanted(k);
    *out = strata_steal(&k);
    return STRATA_OK;
}

/* ARR at the end of each date's day, or of the day it is compared with. */
static void find_level(arr_kernel *k, int which, const arr_rows *a, size_t begin, size_t end)
{
    static const date_shift shift[LEVEL_COUNT] = {[LEVEL_3M] = SHIFT_3M, [LEVEL_12M] = SHIFT_12M};
    const date_table *t = &k->sweep->dates.tables[shift[which]];
    int64_t *level = k->levels[which];
    day later = which == LEVEL_30D ? 30 : 0;
    int64_t arr = 0;
    size_t j = 0;
    for (size_t r = begin; r < end; r++) {
        size_t from = date_from(t, a->day[r] + later);
        for (; j < from; j++) {
            level[j] = arr;
        }
        arr = a->arr_after[r];
    }
    for (; j < t->n; j++) {
        level[j] = arr;
    }
}

static void add_movements(arr_kernel *k, const arr_rows *a, size_t begin, size_t end)
{
    window_sums *w = &k->sums;
    window_sums_clear(w);
    for (size_t r = begin; r < end; r++) {
        int64_t change = a->arr_after[r] - (r > begin ? a->arr_after[r - 1] : 0);
        if (a->kind[r] == ARR_EXPANSION) {
            window_sums_add(w, EXPANSION, a->day[r], change);
            window_sums_add(w, EXPANSIONS, a->day[r], 1);
        } else if (a->kind[r] == ARR_CONTRACTION) {
            window_sums_add(w, CONTRACTION, a->day[r], -change);
        }
    }
}

static void put_level(const arr_kernel *k, feature_id f, int which, const sweep_out *out, size_t i)
{
    double *cells = sweep_cells(out, f, i);
    for (size_t j = 0; cells && j < k->sweep->n_dates; j++) {
        cells[j * out->stride] = (double)k->levels[which][j] / 100;
    }
}

static void put_growth(const arr_kernel *k, feature_id f, int since, const sweep_out *out, size_t i)
{
    double *cells = sweep_cells(out, f, i);
    for (size_t j = 0; cells && j < k->sweep->n_dates; j++) {
        int64_t base = k->levels[since][j];
        cells[j * out->stride] =
            base > 0 ? (double)k->levels[LEVEL_NOW][j] / (double)base - 1 : (double)NAN;
    }
}

static void put_levels(const arr_kernel *k, const sweep_out *out, size_t i)
{
    put_level(k, FEATURE_ARR, LEVEL_NOW, out, i);
    put_level(k, FEATURE_ARR_30D_AGO, LEVEL_30D, out, i);
    put_level(k, FEATURE_ARR_3M_AGO, LEVEL_3M, out, i);
    put_level(k, FEATURE_ARR_12M_AGO, LEVEL_12M, out, i);
    put_growth(k, FEATURE_ARR_GROWTH_3M, LEVEL_3M, out, i);
    put_growth(k, FEATURE_ARR_GROWTH_12M, LEVEL_12M, out, i);
    double *change = sweep_cells(out, FEATURE_ARR_CHANGE_12M, i);
    double *customer = sweep_cells(out, FEATURE_IS_CUSTOMER, i);
    const int64_t *now = k->levels[LEVEL_NOW];
    for (size_t j = 0; change && j < k->sweep->n_dates; j++) {
        change[j * out->stride] = (double)(now[j] - k->levels[LEVEL_12M][j]) / 100;
    }
    for (size_t j = 0; customer && j < k->sweep->n_dates; j++) {
        customer[j * out->stride] = now[j] > 0 ? 1 : 0;
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
    put_cell(out, FEATURE_MONTHS_AS_CUSTOMER, i, j, h->had, (double)paid / 30.4375);
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
    for (size_t i = 0; i < block->n_accounts; i++) {
        size_t begin = a->start[i];
        size_t end = a->start[i + 1];
        for (int which = 0; which < LEVEL_COUNT; which++) {
            if (k->wants_level[which]) {
                find_level(k, which, a, begin, end);
            }
        }
        put_levels(k, out, i);
        if (k->sums.n > 0) {
            add_movements(k, a, begin, end);
            window_sums_put(&k->sums, out, i, 0);
        }
        if (k->wants_history) {
            put_history(a, begin, end, out, i);
        }
    }
    return STRATA_OK;
}

const kernel kernel_arr = {ENTITY_ARR, arr_new, arr_run, arr_free};
