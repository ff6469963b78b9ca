/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/evidence.h"

#include <string.h>

#include "analysis/evidence_data.h"
#include "panel/panel.h"
#include "segment/plan.h"
#include "segment/view.h"

const int evidence_months[EVIDENCE_HORIZONS] = {3, 6, 12};
enum {
    ACCOUNT_REVIEWS_MAX = 16000000, /* memory: some 60 bytes for each, and 2 for each dimension */
    DAYS_MAX = EVIDENCE_REVIEWS_MAX * (EVIDENCE_HORIZONS + 1)
};

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory following segments");
}

/* --- the reviews --- */

/* Review days before the as-of date within the years looked at, newest first, and from the first
 * day with data on. */
static size_t count_reviews(review_every every, day as_of, day first)
{
    size_t n = 0;
    day oldest = day_add_months(as_of, -12 * EVIDENCE_YEARS);
    oldest = first > oldest ? first : oldest;
    for (day d = review_period_before(every, as_of); d >= oldest;
         d = review_period_before(every, d)) {
        n++;
    }
    return n;
}

static size_t choose_step(size_t n_reviews, size_t n_accounts)
{
    size_t most = ACCOUNT_REVIEWS_MAX / (n_accounts + 1);
    most = most < EVIDENCE_REVIEWS_MAX ? most : EVIDENCE_REVIEWS_MAX;
    most = most > 4 ? most : 4;
    return n_reviews > most ? (n_reviews + most - 1) / most : 1;
}

static size_t list_reviews(review_every every, day as_of, size_t n, size_t step,
                           day out[EVIDENCE_REVIEWS_MAX])
{
    size_t kept = n / step;
    day d = as_of;
    for (size_t back = 1; back <= kept * step; back++) {
        d = review_period_before(every, d);
        if (back % step == 0) {
            out[kept - back / step] = d;
        }
    }
    return kept;
}

/* --- ARR, or spend and orders so far --- */

enum { SWEPT_MOST = 2 };

typedef struct swept_days {
    day days[DAYS_MAX];
    size_t n;
    size_t n_features;
    int64_t *values[SWEPT_MOST][DAYS_MAX]; /* [feature][day][account] */
} swept_days;

static void add_day(swept_days *l, day d)
{
    size_t at = 0;
    while (at < l->n && l->days[at] < d) {
        at++;
    }
    if (at < l->n && l->days[at] == d) {
        return;
    }
    memmove(&l->days[at + 1], &l->days[at], (l->n - at) * sizeof l->days[0]);
    l->days[at] = d;
    l->n++;
}

static const int64_t *values_on(const swept_days *l, size_t feature, day d)
{
    size_t at = 0;
    while (l->days[at] != d) {
        at++;
    }
    return l->values[feature][at];
}

/* Money comes first; counts are whole numbers. Missing is nothing so far: 0. */
static strata_status take_values(void *payload, const panel_block *block, strata_error *err)
{
    swept_days *l = payload;
    (void)err;
    for (size_t k = 0; k < l->n; k++) {
        for (size_t f = 0; f < l->n_features; f++) {
            const double *from = block->values + (k * block->n_features + f) * block->n_accounts;
            int64_t *to = l->values[f][k] + (size_t)block->first;
            for (size_t i = 0; i < block->n_accounts; i++) {
                double count = from[i] > 0.0 ? from[i] : 0.0;
                to[i] = f == 0 ? money_minor(from[i]) : (int64_t)count;
            }
        }
    }
    return STRATA_OK;
}

static strata_status sweep_days(const evidence_data *x, day as_of, swept_days *l, arena *a,
                                strata_error *err)
{
    static const feature_id arr[] = {FEATURE_ARR};
    static const feature_id orders[] = {FEATURE_SPEND_TOTAL, FEATURE_ORDERS_TOTAL};
    l->n_features = x->shop ? 2 : 1;
    for (size_t r = 0; r < x->n_reviews; r++) {
        add_day(l, x->reviews[r]);
        for (size_t h = 0; h < EVIDENCE_HORIZONS; h++) {
            if (evidence_end(x->reviews[r], evidence_months[h]) <= as_of) {
                add_day(l, evidence_end(x->reviews[r], evidence_months[h]));
            }
        }
    }
    for (size_t f = 0; f < l->n_features; f++) {
        for (size_t k = 0; k < l->n; k++) {
            l->values[f][k] = ARENA_NEW(a, x->n, int64_t);
            if (l->values[f][k] == NULL) {
                return no_memory(err);
            }
        }
    }
    return panel_sweep(x->cx, x->p->ledgers, x->shop ? orders : arr, l->n_features, l->days, l->n,
                       take_values, l, err);
}

/* A feature at the reviews, and so many months later where that is over. */
static strata_status lay_out(const evidence_data *x, const swept_days *l, size_t feature, arena *a,
                             const int64_t *const **at, const int64_t *const **after,
                             strata_error *err)
{
    const int64_t **rows = ARENA_NEW(a, (EVIDENCE_HORIZONS + 1) * x->n_reviews, const int64_t *);
    if (rows == NULL) {
        return no_memory(err);
    }
    for (size_t r = 0; r < x->n_reviews; r++) {
        rows[r] = values_on(l, feature, x->reviews[r]);
    }
    for (size_t h = 0; h < EVIDENCE_HORIZONS; h++) {
        const int64_t **later = rows + (h + 1) * x->n_reviews;
        after[h] = later;
        for (size_t r = 0; r < x->n_reviews; r++) {
            day end = evidence_end(x->reviews[r], evidence_months[h]);
            later[r] = end <= l->days[l->n - 1] ? values_on(l, feature, end) : NULL;
        }
    }
    *at = rows;
    return STRATA_OK;
}

static strata_status read_values(evidence_data *x, day as_of, arena *a, strata_error *err)
{
    swept_days *l = ARENA_NEW(a, 1, swept_days);
    if (l == NULL) {
        return no_memory(err);
    }
    memset(l, 0, sizeof *l);
    STRATA_TRY(sweep_days(x, as_of, l, a, err));
    STRATA_TRY(lay_out(x, l, 0, a, &x->before, x->after, err));
    if (!x->shop) {
        return STRATA_OK;
    }
    STRATA_TRY(lay_out(x, l, 1, a, &x->orders_before, x->orders_after, err));
    return evidence_spent_much(x, a, err);
}

/* --- the whole --- */

static strata_status follow_dimension(const evidence_data *x, evidence *out, strata_error *err)
{
    for (size_t h = 0; h < EVIDENCE_HORIZONS; h++) {
        evidence_horizon *to = &out->horizons[h];
        *to = (evidence_horizon){.months = evidence_months[h]};
        for (size_t r = 0; r < x->n_reviews; r++) {
            if (x->after[h][r] == NULL) {
                to->n_open++;
                continue;
            }
            to->first = to->n_reviews == 0 ? x->reviews[r] : to->first;
            to->last = x->reviews[r];
            to->n_reviews++;
        }
        STRATA_TRY(evidence_follow(x, out->def, h, to, err));
        STRATA_TRY(context_check(x->cx, err));
    }
    return STRATA_OK;
}

/* The first day with usage, when reviews begin before it. */
static day usage_gap(const ledger_info *info, day first_review, day as_of)
{
    day used = DAY_MISSING;
    for (size_t k = 0; info->feature_first_seen != NULL && k < info->n_usage_features; k++) {
        day d = info->feature_first_seen[k];
        used = d != DAY_MISSING && (used == DAY_MISSING || d < used) ? d : used;
    }
    return used != DAY_MISSING && used > first_review && used <= as_of ? used : DAY_MISSING;
}

static bool is_shop(const portfolio *p)
{
    return p->symbols[FEATURE_ARR].missing_because != NULL &&
           p->symbols[FEATURE_SPEND_TOTAL].missing_because == NULL;
}

static const char *why_nothing(const portfolio *p, size_t n_reviews, const day *reviews, day as_of)
{
    if (p->symbols[FEATURE_ARR].missing_because != NULL && !is_shop(p)) {
        return "what became of accounts is judged by their ARR or orders: needs arr or orders";
    }
    if (n_reviews == 0 || evidence_end(reviews[0], evidence_months[0]) > as_of) {
        return "no review lies 3 months back, so nothing could be followed yet";
    }
    return NULL;
}

strata_status evidence_make(const context *cx, const portfolio *p, const bound_model *b,
                            const evidence_request *request, arena *a, evidence *out,
                            strata_error *err)
{
    const model *m = b->model;
    size_t n_segments = 0;
    const char *const *labels = bound_segments(b, request->def, &n_segments);
    day days[EVIDENCE_REVIEWS_MAX] = {0};
    day first = p->info->first_day;
    size_t listed = first != DAY_MISSING ? count_reviews(m->review, request->as_of, first) : 0;
    size_t step = choose_step(listed, p->n_accounts);
    size_t n = list_reviews(m->review, request->as_of, listed, step, days);
    evidence made = {.why = why_nothing(p, n, days, request->as_of),
                     .shop = is_shop(p),
                     .def = request->def,
                     .label = m->dimensions[request->def->index].label,
                     .every = m->review,
                     .n_reviews = n,
                     .step = step,
                     .n_segments = n_segments,
                     .labels = labels,
                     .usage_from = DAY_MISSING,
                     .ranked = SIZE_MAX};
    if (made.why != NULL) {
        *out = made;
        return STRATA_OK;
    }
    made.first = days[0];
    made.last = days[n - 1];
    made.usage_from = usage_gap(p->info, made.first, request->as_of);
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    STRATA_AUTO(segmentation_free) segmentation *s = NULL;
    STRATA_TRY(arena_new(&scratch, err));
    segmentation_request dated = SEGMENTATION_REQUEST(.dates = days, .n_dates = n);
    STRATA_TRY(segmentation_run(cx, p, b, request->overrides, &dated, &s, err));
    evidence_data x = {.cx = cx,
                       .p = p,
                       .b = b,
                       .minimum_accounts = request->minimum_accounts,
                       .arena = a,
                       .shop = made.shop,
                       .n = p->n_accounts,
                       .reviews = days,
                       .n_reviews = n,
                       .s = s};
    STRATA_TRY(read_values(&x, request->as_of, scratch, err));
    STRATA_TRY(follow_dimension(&x, &made, err));
    STRATA_TRY(evidence_rank(&x, request->months, &made, err));
    *out = made;
    return STRATA_OK;
}

strata_status evidence_of_study(const study *s, const bound_def *def, arena *a, evidence *out,
                                strata_error *err)
{
    const view *v = s->v;
    const evidence_request request = {.as_of = v->as_of,
                                      .overrides = v->overrides,
                                      .def = def,
                                      .minimum_accounts = s->minimum_accounts};
    return evidence_make(s->cx, v->p, v->b, &request, a, out, err);
}

const evidence_dimension *evidence_best(const evidence *e, evidence_outcome o)
{
    if (e->ranked == SIZE_MAX || e->n_dimensions == 0) {
        return NULL;
    }
    const evidence_dimension *best = &e->dimensions[e->order[o][0]];
    return best->by[o].known && best->by[o].low > 0.5 ? best : NULL;
}
