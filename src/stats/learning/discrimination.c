/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/discrimination.h"

#include <math.h>

#include "base/auto.h"
#include "stats/inference/rank.h"
#include "stats/numeric/special.h"
#include "stats/survival/follow_up.h"

/* Rows in an order that depends on their values alone, and whom each belongs with. */
typedef struct layout {
    uint32_t *order;   /* of n: by the first score, then the second */
    uint32_t *cluster; /* of n: of each row */
    size_t n_clusters;
    size_t n_positive, n_negative;
    size_t with_positive, with_negative, in_use; /* clusters */
    double *positive, *negative;                 /* of n_clusters: sums being made */
} layout;

static void layout_free(layout *l)
{
    if (l != NULL) {
        free(l->order);
        free(l->cluster);
        free(l->positive);
        free(l->negative);
        free(l);
    }
}
STRATA_DEFINE_AUTO(layout, layout_free)

/* The rows' clusters; without any, a row's place in the order is its cluster, so that sums over
 * clusters do not depend on the order of the rows. */
static strata_status place_clusters(const scored *s, const scored_clusters *clusters, layout *l,
                                    strata_error *err)
{
    for (size_t i = 0; i < s->n; i++) {
        uint32_t row = l->order[i];
        l->cluster[row] = (uint32_t)i;
        if (clusters == NULL || clusters->cluster == NULL) {
            continue;
        }
        l->cluster[row] = clusters->cluster[row];
        if (l->cluster[row] >= l->n_clusters) {
            return strata_fail(err, STRATA_E_USAGE, "row %u is in cluster %u; there are %zu", row,
                               l->cluster[row], l->n_clusters);
        }
    }
    return STRATA_OK;
}

static void count_clusters(const scored *s, layout *l)
{
    for (size_t i = 0; i < s->n; i++) {
        double *side = s->outcome[i] ? l->positive : l->negative;
        side[l->cluster[i]] = 1.0;
    }
    for (size_t c = 0; c < l->n_clusters; c++) {
        bool positive = l->positive[c] > 0.0;
        bool negative = l->negative[c] > 0.0;
        l->with_positive += positive;
        l->with_negative += negative;
        l->in_use += positive || negative;
    }
}

/* score_b: NULL when there is one score. */
static strata_status layout_new(const scored *s, const double *score_b,
                                const scored_clusters *clusters, layout **out, strata_error *err)
{
    STRATA_AUTO(layout_free) layout *l = STRATA_NEW_ARRAY(1, layout);
    if (l == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory ordering %zu scores", s->n);
    }
    bool alone = clusters == NULL || clusters->cluster == NULL;
    l->n_clusters = alone ? s->n : clusters->n_clusters;
    l->cluster = STRATA_NEW_ARRAY(s->n, uint32_t);
    l->positive = STRATA_NEW_ARRAY(l->n_clusters, double);
    l->negative = STRATA_NEW_ARRAY(l->n_clusters, double);
    if (l->cluster == NULL || l->positive == NULL || l->negative == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory ordering %zu scores", s->n);
    }
    STRATA_TRY(order_new(s->n, &l->order, err));
    if (score_b != NULL) {
        STRATA_TRY(sort_order(score_b, s->n, l->order, err));
    }
    STRATA_TRY(sort_order(s->score, s->n, l->order, err));
    STRATA_TRY(place_clusters(s, clusters, l, err));
    count_clusters(s, l);
    l->n_positive = scored_positives(s);
    l->n_negative = s->n - l->n_positive;
    *out = strata_steal(&l);
    return STRATA_OK;
}

/* The end of the run of equal scores that begins at order[from], and the positives in it. */
static size_t run_end(const scored *s, const uint32_t *order, size_t from, size_t *positives)
{
    size_t to = from;
    double score = s->score[order[from]];
    *positives = 0;
    while (to < s->n && !(s->score[order[to]] > score)) {
        *positives += s->outcome[order[to++]];
    }
    return to;
}

/* The area under the curve, and each row's distance from it: the share of the other outcome that
 * the row stands on the right side of, less the area. order: by s->score. */
static double placements(const scored *s, const uint32_t *order, size_t n_positive, double *v)
{
    double positive = (double)n_positive;
    double negative = (double)(s->n - n_positive);
    size_t positives_below = 0;
    size_t negatives_below = 0;
    double pairs = 0.0; /* a multiple of a half, so exact */
    for (size_t from = 0; from < s->n;) {
        size_t p = 0;
        size_t to = run_end(s, order, from, &p);
        size_t q = to - from - p;
        double below = (double)negatives_below + (double)q / 2.0;
        double above = (double)(n_positive - positives_below - p) + (double)p / 2.0;
        pairs += (double)p * below;
        for (size_t i = from; i < to; i++) {
            v[order[i]] = s->outcome[order[i]] ? below / negative : above / positive;
        }
        positives_below += p;
        negatives_below += q;
        from = to;
    }
    double area = pairs / (positive * negative);
    for (size_t i = 0; i < s->n; i++) {
        v[i] -= area;
    }
    return area;
}

/* Times k / (k - 1), of a sum over k clusters. */
static double unbiased(double sum, size_t k)
{
    return sum * (double)k / (double)(k - 1);
}

/* Variance of an area, or of a difference of areas, from the rows' distances; 0 when there are too
 * few clusters. Obuchowski 1997, eq. 4. */
static double variance(const scored *s, const layout *l, const double *v)
{
    if (l->with_positive < 2 || l->with_negative < 2) {
        return 0.0;
    }
    for (size_t c = 0; c < l->n_clusters; c++) {
        l->positive[c] = l->negative[c] = 0.0;
    }
    for (size_t i = 0; i < s->n; i++) {
        uint32_t row = l->order[i];
        double *side = s->outcome[row] ? l->positive : l->negative;
        side[l->cluster[row]] += v[row];
    }
    double of_positives = 0.0;
    double of_negatives = 0.0;
    double between = 0.0;
    for (size_t c = 0; c < l->n_clusters; c++) {
        of_positives += l->positive[c] * l->positive[c];
        of_negatives += l->negative[c] * l->negative[c];
        between += l->positive[c] * l->negative[c];
    }
    double m = (double)l->n_positive;
    double n = (double)l->n_negative;
    double sum = unbiased(of_positives, l->with_positive) / (m * m) +
                 unbiased(of_negatives, l->with_negative) / (n * n) +
                 2.0 * unbiased(between, l->in_use) / (m * n);
    return fmax(sum, 0.0);
}

static interval around(double x, double se, double low, double high)
{
    return (interval){fmax(low, x - STATS_Z95 * se), fmin(high, x + STATS_Z95 * se)};
}

/* v: of n, the rows' distances. */
static auc_result result_of(const scored *s, const layout *l, double area, const double *v)
{
    auc_result r = {.defined = true,
                    .n_positive = l->n_positive,
                    .n_negative = l->n_negative,
                    .auc = area,
                    .se = sqrt(variance(s, l, v))};
    r.bounded = r.se > 0.0;
    if (r.bounded) {
        r.interval_95 = around(area, r.se, 0.0, 1.0);
    }
    return r;
}

strata_status auc_compute(const scored *s, const scored_clusters *clusters, auc_result *out,
                          strata_error *err)
{
    STRATA_TRY(scored_check(s, err));
    STRATA_AUTO(layout_free) layout *l = NULL;
    STRATA_TRY(layout_new(s, NULL, clusters, &l, err));
    STRATA_AUTO_FREE double *v = STRATA_NEW_ARRAY(s->n, double);
    if (v == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory measuring %zu scores", s->n);
    }
    auc_result r = {.n_positive = l->n_positive, .n_negative = l->n_negative};
    if (l->n_positive > 0 && l->n_negative > 0) {
        r = result_of(s, l, placements(s, l->order, l->n_positive, v), v);
    }
    *out = r;
    return STRATA_OK;
}

/* va, vb: of n, filled. order_b: rows by the second score. */
static auc_difference compare(const scored *s, const scored *b, const layout *l,
                              const uint32_t *order_b, double *va, double *vb)
{
    double area_a = placements(s, l->order, l->n_positive, va);
    double area_b = placements(b, order_b, l->n_positive, vb);
    auc_difference d = {.a = result_of(s, l, area_a, va), .b = result_of(b, l, area_b, vb)};
    for (size_t i = 0; i < s->n; i++) {
        va[i] -= vb[i];
    }
    d.difference = area_a - area_b;
    d.se = sqrt(variance(s, l, va));
    if (d.se > 0.0) {
        double z = d.difference / d.se;
        d.interval_95 = around(d.difference, d.se, -1.0, 1.0);
        d.test = (stat_test){
            .defined = true, .statistic = z, .p = 2.0 * normal_sf(fabs(z)), .effect = d.difference};
    }
    return d;
}

strata_status auc_compare(const scored *s, const double *score_b, const scored_clusters *clusters,
                          auc_difference *out, strata_error *err)
{
    scored b = {s->n, score_b, s->outcome};
    STRATA_TRY(scored_check(s, err));
    STRATA_TRY(scored_check(&b, err));
    STRATA_AUTO(layout_free) layout *l = NULL;
    STRATA_TRY(layout_new(s, score_b, clusters, &l, err));
    STRATA_AUTO_FREE uint32_t *order_b = NULL;
    STRATA_TRY(order_new(s->n, &order_b, err));
    STRATA_TRY(sort_order(score_b, s->n, order_b, err));
    STRATA_AUTO_FREE double *va = STRATA_NEW_ARRAY(s->n, double);
    STRATA_AUTO_FREE double *vb = STRATA_NEW_ARRAY(s->n, double);
    if (va == NULL || vb == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing %zu scores", s->n);
    }
    auc_difference d = {.a = {.n_positive = l->n_positive, .n_negative = l->n_negative}};
    d.b = d.a;
    if (l->n_positive > 0 && l->n_negative > 0) {
        d = compare(s, &b, l, order_b, va, vb);
    }
    *out = d;
    return STRATA_OK;
}

/* The beginning of the run of equal scores that ends before order[to], and the positives in it. */
static size_t run_begin(const scored *s, const uint32_t *order, size_t to, size_t *positives)
{
    size_t from = to;
    double score = s->score[order[to - 1]];
    *positives = 0;
    while (from > 0 && !(s->score[order[from - 1]] < score)) {
        *positives += s->outcome[order[--from]];
    }
    return from;
}

strata_status average_precision(const scored *s, double *out, bool *defined, strata_error *err)
{
    STRATA_TRY(scored_check(s, err));
    STRATA_AUTO_FREE uint32_t *order = NULL;
    STRATA_TRY(order_new(s->n, &order, err));
    STRATA_TRY(sort_order(s->score, s->n, order, err));
    size_t positives = scored_positives(s);
    double sum = 0.0;
    size_t hits = 0;
    for (size_t to = s->n; to > 0;) {
        size_t p = 0;
        to = run_begin(s, order, to, &p);
        hits += p;
        sum += (double)p * (double)hits / (double)(s->n - to);
    }
    *defined = positives > 0;
    *out = positives > 0 ? sum / (double)positives : 0.0;
    return STRATA_OK;
}

/* The positives among the r->taken highest scores. */
static void take_highest(const scored *s, const uint32_t *order, lift_result *r)
{
    size_t left = r->taken;
    for (size_t to = s->n; left > 0;) {
        size_t p = 0;
        size_t from = run_begin(s, order, to, &p);
        size_t run = to - from;
        if (run > left) {
            r->tied = run;
            r->hits += (double)p * (double)left / (double)run;
            return;
        }
        r->hits += (double)p;
        left -= run;
        to = from;
    }
}

strata_status lift_at(const scored *s, double share, lift_result *out, strata_error *err)
{
    if (!(share > 0.0 && share <= 1.0)) {
        return strata_fail(err, STRATA_E_USAGE, "a share of %g; it must be above 0 and at most 1",
                           share);
    }
    STRATA_TRY(scored_check(s, err));
    lift_result r = {.share = share};
    size_t positives = scored_positives(s);
    if (positives > 0) {
        STRATA_AUTO_FREE uint32_t *order = NULL;
        STRATA_TRY(order_new(s->n, &order, err));
        STRATA_TRY(sort_order(s->score, s->n, order, err));
        double n = (double)s->n;
        /* 7 % of 100 is 7, though 0.07 x 100 is a little more in binary. */
        double taken = ceil(share * n * (1.0 - 1e-12));
        r.taken = taken < 1.0 ? 1 : taken > n ? s->n : (size_t)taken;
        take_highest(s, order, &r);
        r.defined = true;
        r.rate = r.hits / (double)r.taken;
        r.base = (double)positives / n;
        r.lift = r.rate / r.base;
        r.found = r.hits / (double)positives;
    }
    *out = r;
    return STRATA_OK;
}
