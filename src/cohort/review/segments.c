/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/segments.h"

typedef struct segment_sums {
    size_t on;
    int64_t base, now;
} segment_sums;

static void count_account(const review_subject *s, size_t account, int months, cohort_segment *g,
                          segment_sums *sums)
{
    g->accounts++;
    g->opening_minor += review_opening(s, account);
    if (months > 0 && review_reached(s, account, months)) {
        int64_t arr = arr_book_at(s->book, account, review_day(s, account, months));
        g->followed++;
        sums->on += arr > 0;
        sums->base += review_opening(s, account);
        sums->now += arr;
    }
}

static void finish(const review_subject *s, cohort_segment *g, const segment_sums *sums)
{
    g->logos = review_share(s, sums->on, g->followed);
    g->nrr =
        (ratio_figure){.accounts = g->followed, .part_minor = sums->now, .base_minor = sums->base};
    g->nrr.stated = g->followed > 0 && g->followed >= s->minimum && sums->base > 0;
    if (g->nrr.stated) {
        g->nrr.ratio = (double)sums->now / (double)sums->base;
        g->nrr.low = g->nrr.ratio;
        g->nrr.high = g->nrr.ratio;
    }
}

strata_status review_segments_make(const review_subject *s, const early_view *v, arena *a,
                                   review_segments *out, strata_error *err)
{
    if (v->segments == NULL) {
        *out = (review_segments){.why = "the model has no dimension"};
        return STRATA_OK;
    }
    size_t n_segments = 0;
    const char *const *labels = bound_segments(s->b, v->dimension, &n_segments);
    cohort_segment *items = ARENA_NEW(a, n_segments + 1, cohort_segment);
    segment_sums *sums = ARENA_NEW(a, n_segments + 1, segment_sums);
    if (items == NULL || sums == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for segments of a cohort");
    }
    review_segments r = {.dimension = v->dimension, .months = review_last_mark(s, &s->cohort)};
    for (size_t k = 0; k < s->cohort.n; k++) {
        size_t place = early_place(v, s->cohort.items[k]);
        if (place == SIZE_MAX) {
            r.too_young++;
            continue;
        }
        segment_code code = v->segments[place];
        size_t at = code < n_segments ? code : n_segments;
        count_account(s, s->cohort.items[k], r.months, &items[at], &sums[at]);
    }
    for (size_t k = 0; k <= n_segments; k++) {
        if (items[k].accounts > 0) {
            finish(s, &items[k], &sums[k]);
            items[r.n] = items[k];
            items[r.n++].label = k < n_segments ? labels[k] : "In no segment on day 90";
        }
    }
    r.items = items;
    r.why = r.n == 0 ? "no account of this cohort has reached day 90" : NULL;
    *out = r;
    return STRATA_OK;
}
