/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/quartiles.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "stats/inference/holm.h"
#include "stats/inference/quantile.h"
#include "stats/inference/rank.h"

enum { LAST_DAY = EARLY_DAYS - 1, SIDE_LEAST = 5 };

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing quartiles of a cohort");
}

typedef struct ranking {
    const review_subject *s;
    const early_view *v;
    size_t n;
    size_t *place;
    double *growth; /* by rank number, in order of accounts */
    double *sorted;
    double *top, *bottom; /* values of one feature */
} ranking;

static void ranking_done(ranking *r)
{
    free(r->place);
    free(r->growth);
    free(r->sorted);
    free(r->top);
    free(r->bottom);
}

static strata_status find_growth(ranking *r, review_quartiles *out, strata_error *err)
{
    const review_subject *s = r->s;
    size_t most = s->cohort.n;
    r->place = STRATA_NEW_ARRAY(most, size_t);
    r->growth = STRATA_NEW_ARRAY(most, double);
    r->sorted = STRATA_NEW_ARRAY(most, double);
    r->top = STRATA_NEW_ARRAY(most, double);
    r->bottom = STRATA_NEW_ARRAY(most, double);
    if (!r->place || !r->growth || !r->sorted || !r->top || !r->bottom) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < s->cohort.n; k++) {
        size_t i = s->cohort.items[k];
        size_t place = early_place(r->v, i);
        if (place == SIZE_MAX || !review_reached(s, i, out->months)) {
            continue;
        }
        if (arr_book_at(s->book, i, r->v->evaluated[place]) == 0) {
            out->gone++;
            continue;
        }
        int64_t now = arr_book_at(s->book, i, review_day(s, i, out->months));
        int64_t base = review_opening(s, i);
        double growth = (double)now / (double)base - 1.0;
        r->place[r->n] = place;
        r->sorted[r->n] = growth;
        r->growth[r->n++] = growth;
    }
    out->accounts = r->n;
    return STRATA_OK;
}

/* The growth of some accounts together. */
static double growth_of(const ranking *r, const review_quartiles *q, bool top, size_t *n,
                        size_t *lost)
{
    int64_t base = 0;
    int64_t now = 0;
    for (size_t k = 0; k < r->n; k++) {
        bool in = top ? r->growth[k] >= q->cut_top : r->growth[k] <= q->cut_bottom;
        if (in) {
            size_t i = r->v->accounts.items[r->place[k]];
            int64_t arr = arr_book_at(r->s->book, i, review_day(r->s, i, q->months));
            base += review_opening(r->s, i);
            now += arr;
            (*n)++;
            *lost += arr == 0;
        }
    }
    return base > 0 ? (double)now / (double)base - 1.0 : 0.0;
}

static strata_status compare(ranking *r, const review_quartiles *q, size_t slot, quartile_trait *t,
                             strata_error *err)
{
    const double *values = r->v->values[LAST_DAY][slot];
    *t = (quartile_trait){.slot = r->v->slots[slot]};
    for (size_t k = 0; k < r->n; k++) {
        double x = values[r->place[k]];
        if (isnan(x)) {
            continue;
        }
        if (r->growth[k] >= q->cut_top) {
            r->top[t->n_top++] = x;
        } else if (r->growth[k] <= q->cut_bottom) {
            r->bottom[t->n_bottom++] = x;
        }
    }
    t->test = (test_figure){.method = "Mann-Whitney test",
                            .effect_name = "chance that one of the top is above one of the bottom",
                            .why = "too few accounts"};
    if (t->n_top < SIDE_LEAST || t->n_bottom < SIDE_LEAST) {
        return STRATA_OK;
    }
    stat_test test;
    STRATA_TRY(mann_whitney(r->top, t->n_top, r->bottom, t->n_bottom, &test, err));
    t->test.done = test.defined;
    t->test.why = test.defined ? NULL : "all have the same value";
    t->test.statistic = test.statistic;
    t->test.p = test.p;
    t->test.p_holm = test.p;
    t->test.effect = test.effect;
    sort_values(r->top, t->n_top);
    sort_values(r->bottom, t->n_bottom);
    t->top = quantile_sorted(r->top, t->n_top, 0.5);
    t->bottom = quantile_sorted(r->bottom, t->n_bottom, 0.5);
    return STRATA_OK;
}

static int strongest_first(const void *a, const void *b)
{
    const quartile_trait *x = a;
    const quartile_trait *y = b;
    if (x->test.p < y->test.p || x->test.p > y->test.p) {
        return x->test.p < y->test.p ? -1 : 1;
    }
    return (x->slot > y->slot) - (x->slot < y->slot);
}

/* ARR by day 90 is part of what the quartiles are made of. */
static bool is_of_arr(size_t slot)
{
    return slot < FEATURE_COUNT && (feature_get((feature_id)slot)->needs & 1U << ENTITY_ARR) != 0;
}

static strata_status compare_all(ranking *r, arena *a, review_quartiles *q, strata_error *err)
{
    quartile_trait *traits = ARENA_NEW(a, r->v->n_slots + 1, quartile_trait);
    STRATA_AUTO_FREE double *p = STRATA_NEW_ARRAY(r->v->n_slots, double);
    if (traits == NULL || p == NULL) {
        return out_of_memory(err);
    }
    for (size_t slot = 0; slot < r->v->n_slots; slot++) {
        quartile_trait t;
        if (is_of_arr(r->v->slots[slot])) {
            continue;
        }
        STRATA_TRY(compare(r, q, slot, &t, err));
        if (t.test.done) {
            traits[q->tested++] = t;
        }
    }
    qsort(traits, q->tested, sizeof *traits, strongest_first);
    for (size_t k = 0; k < q->tested; k++) {
        p[k] = traits[k].test.p;
    }
    if (q->tested > 0) {
        STRATA_TRY(holm(p, q->tested, p, err));
    }
    for (size_t k = 0; k < q->tested; k++) {
        traits[k].test.p_holm = p[k];
    }
    q->traits = traits;
    return STRATA_OK;
}

strata_status review_quartiles_make(const review_subject *s, const early_view *v, arena *a,
                                    review_quartiles *out, strata_error *err)
{
    review_quartiles q = {.months = review_last_mark(s, &s->cohort)};
    if (q.months <= 3) {
        *out = (review_quartiles){.why = "too few accounts of this cohort have reached month 6"};
        return STRATA_OK;
    }
    STRATA_CLEANUP(ranking_done) ranking r = {.s = s, .v = v};
    STRATA_TRY(find_growth(&r, &q, err));
    size_t least = (size_t)4 * SIDE_LEAST;
    least = s->minimum > least ? s->minimum : least;
    if (r.n < least) {
        *out = (review_quartiles){.why = "too few accounts were customers on day 90 and followed "
                                         "for 6 months"};
        return STRATA_OK;
    }
    sort_values(r.sorted, r.n);
    q.cut_bottom = quantile_sorted(r.sorted, r.n, 0.25);
    q.cut_top = quantile_sorted(r.sorted, r.n, 0.75);
    if (!(q.cut_top > q.cut_bottom)) {
        *out = (review_quartiles){.why = "most accounts have kept the ARR they started with"};
        return STRATA_OK;
    }
    size_t lost_top = 0;
    q.growth_top = growth_of(&r, &q, true, &q.n_top, &lost_top);
    q.growth_bottom = growth_of(&r, &q, false, &q.n_bottom, &q.lost_bottom);
    STRATA_TRY(compare_all(&r, a, &q, err));
    *out = q;
    return STRATA_OK;
}
