/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/pattern.h"

#include <math.h>

#include "base/auto.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/inference/holm.h"
#include "stats/learning/pattern_cuts.h"

enum { CHUNK = 16 }; /* permutations of one task */
static const double level = 0.05;
static const double nearly = 1.0 - 1e-9; /* of a statistic: as large, but for rounding */

uint8_t pattern_half(uint64_t key, uint64_t seed)
{
    rng r;
    rng_init(&r, seed, key);
    return (uint8_t)(rng_u64(&r) >> 63);
}

static double square(double x)
{
    return x * x;
}

/* Interval of without / with, the ratio of two shares, from the Wilson interval of each. The upper
 * end is infinite when the share `with` may be 0. */
static interval ratio_interval(double without, interval w, double with, interval v)
{
    double both = without * with;
    double down = square(both) - w.low * (2.0 * without - w.low) * v.high * (2.0 * with - v.high);
    double up = square(both) - w.high * (2.0 * without - w.high) * v.low * (2.0 * with - v.low);
    double under_low = v.high * (2.0 * with - v.high);
    double under_high = v.low * (2.0 * with - v.low);
    interval out = {0.0, INFINITY};
    /* Where `with` is so uncertain that the formula's parabola opens downwards, the plain ratio of
     * the ends is safe. */
    if (under_low > 0.0 && down >= 0.0) {
        out.low = fmax(0.0, (both - sqrt(down)) / under_low);
    } else if (v.high > 0.0) {
        out.low = w.low / v.high;
    }
    if (under_high > 0.0 && up >= 0.0) {
        out.high = (both + sqrt(up)) / under_high;
    }
    return out;
}

static void describe_lift(pattern_effect *e)
{
    double with = (double)e->kept_with / (double)e->with;
    double without = e->without > 0 ? (double)e->kept_without / (double)e->without : 0.0;
    double all = (double)(e->kept_with + e->kept_without) / (double)(e->with + e->without);
    interval v = wilson_interval(e->kept_with, e->with);
    interval w = wilson_interval(e->kept_without, e->without);
    interval ratio = ratio_interval(without, w, with, v);
    e->has_lift = true;
    e->lift = with / all;
    /* with / all = 1 / (support + (1 - support) without / with) */
    e->lift_95.high = 1.0 / (e->support + (1.0 - e->support) * ratio.low);
    e->lift_95.low =
        e->without > 0 ? 1.0 / (e->support + (1.0 - e->support) * ratio.high) : e->lift_95.high;
}

pattern_effect pattern_effect_of(size_t kept_with, size_t with, size_t kept_without, size_t without)
{
    pattern_effect e = {
        .with = with, .kept_with = kept_with, .without = without, .kept_without = kept_without};
    if (with + without > 0) {
        e.support = (double)with / (double)(with + without);
    }
    e.test = two_proportions(kept_with, with, kept_without, without);
    e.difference_95 = newcombe_interval(kept_with, with, kept_without, without);
    if (with > 0 && kept_with + kept_without > 0) {
        describe_lift(&e);
    }
    return e;
}

static strata_status check_search(const pattern_search *s, strata_error *err)
{
    if (s->min_side == 0 || s->min_side > UINT32_MAX || s->n_permutations == 0 ||
        s->n_permutations > PATTERN_PERMUTATIONS_MAX || s->n_features > PATTERN_FEATURES_MAX ||
        s->n > UINT32_MAX) {
        return strata_fail(err, STRATA_E_USAGE,
                           "a search takes at most %d features, 1 account or more per side and 1 "
                           "to %d permutations, not %zu, %zu and %zu",
                           PATTERN_FEATURES_MAX, PATTERN_PERMUTATIONS_MAX, s->n_features,
                           s->min_side, s->n_permutations);
    }
    for (size_t i = 0; i < s->n; i++) {
        if (s->kept[i] > 1 || s->half[i] > 1) {
            return strata_fail(err, STRATA_E_USAGE,
                               "account %zu has outcome %u and half %u; both must be 0 or 1", i,
                               s->kept[i], s->half[i]);
        }
    }
    for (size_t f = 0; f < s->n_features; f++) {
        for (size_t i = 0; i < s->n; i++) {
            if (isinf(s->features[f][i])) {
                return strata_fail(err, STRATA_E_USAGE, "feature %zu of account %zu is infinite", f,
                                   i);
            }
        }
    }
    return STRATA_OK;
}

typedef struct permutation_job {
    const pattern_cuts *cuts;
    uint64_t seed, stream;
    size_t n_permutations;
    double *largest; /* [permutation] */
} permutation_job;

/* The first n_rare of `rows` become a random choice, whatever order they were in. */
static void draw_rare(rng *r, uint32_t *rows, const pattern_cuts *c)
{
    for (size_t i = 0; i < c->n_rare; i++) {
        size_t j = i + (size_t)rng_below(r, c->n - i);
        uint32_t row = rows[i];
        rows[i] = rows[j];
        rows[j] = row;
    }
}

static strata_status permute_chunk(void *payload, size_t chunk, strata_error *err)
{
    const permutation_job *job = payload;
    const pattern_cuts *c = job->cuts;
    STRATA_AUTO_FREE uint32_t *rows = STRATA_NEW_ARRAY(c->n, uint32_t);
    STRATA_AUTO_FREE uint32_t *counts = STRATA_NEW_ARRAY(c->n_features * PATTERN_BINS, uint32_t);
    STRATA_AUTO_FREE pattern_best *best = STRATA_NEW_ARRAY(c->n_features, pattern_best);
    rng r;
    if (rows == NULL || counts == NULL || best == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory permuting %zu outcomes", c->n);
    }
    for (size_t i = 0; i < c->n; i++) {
        rows[i] = (uint32_t)i;
    }
    rng_init(&r, job->seed, job->stream + chunk);
    for (size_t k = chunk * CHUNK; k < (chunk + 1) * CHUNK && k < job->n_permutations; k++) {
        double largest = 0.0;
        draw_rare(&r, rows, c);
        pattern_best_cuts(c, rows, counts, best);
        for (size_t f = 0; f < c->n_features; f++) {
            largest = fmax(largest, best[f].statistic);
        }
        job->largest[k] = largest;
    }
    return STRATA_OK;
}

static pattern_effect effect_in(const pattern_search *s, const pattern *p, uint8_t half)
{
    const double *values = s->features[p->feature];
    size_t n[2] = {0};
    size_t kept[2] = {0};
    for (size_t i = 0; i < s->n; i++) {
        if (s->half[i] == half && !isnan(values[i])) {
            size_t with = (values[i] >= p->threshold) == p->at_least;
            n[with]++;
            kept[with] += s->kept[i];
        }
    }
    return pattern_effect_of(kept[1], n[1], kept[0], n[0]);
}

/* The best cut in words, turned so that those with the pattern are kept more often. */
static pattern describe(const pattern_search *s, const pattern_cuts *c, size_t feature, size_t cut)
{
    pattern p = {.feature = feature,
                 .threshold = c->features[feature].cuts[cut],
                 .at_least = true,
                 .p_confirm = 1.0};
    p.found = effect_in(s, &p, 0);
    if (p.found.test.effect < 0.0) {
        p.at_least = false;
        p.found = effect_in(s, &p, 0);
    }
    p.confirmed = effect_in(s, &p, 1);
    return p;
}

/* Strongest first; of equals, the earlier feature. */
static void insert(pattern *list, size_t n, pattern p)
{
    size_t at = n;
    for (; at > 0 && list[at - 1].found.test.statistic < p.found.test.statistic; at--) {
        list[at] = list[at - 1];
    }
    list[at] = p;
}

static size_t count_as_large(const double *largest, size_t n, double statistic)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += largest[i] >= statistic * nearly;
    }
    return count;
}

/* Patterns are sorted, so those found come first. */
static strata_status confirm(pattern *list, size_t n, double *p, strata_error *err)
{
    size_t found = 0;
    for (; found < n && list[found].p_search < level; found++) {
        const stat_test *t = &list[found].confirmed.test;
        p[found] = t->defined ? t->p : 1.0;
    }
    STRATA_TRY(holm(p, found, p, err));
    for (size_t i = 0; i < found; i++) {
        bool same_way = list[i].confirmed.test.defined && list[i].confirmed.test.effect > 0.0;
        list[i].p_confirm = p[i];
        list[i].state = same_way && p[i] < level ? PATTERN_CONFIRMED : PATTERN_FAILED;
    }
    return STRATA_OK;
}

strata_status pattern_find(const context *cx, const pattern_search *s, pattern *out, size_t *n_out,
                           strata_error *err)
{
    STRATA_AUTO(pattern_cuts_free) pattern_cuts *c = NULL;
    STRATA_TRY(check_search(s, err));
    STRATA_TRY(pattern_cuts_new(s, &c, err));
    STRATA_AUTO_FREE double *largest = STRATA_NEW_ARRAY(s->n_permutations, double);
    STRATA_AUTO_FREE double *p = STRATA_NEW_ARRAY(s->n_features, double);
    STRATA_AUTO_FREE uint32_t *counts = STRATA_NEW_ARRAY(s->n_features * PATTERN_BINS, uint32_t);
    STRATA_AUTO_FREE pattern_best *best = STRATA_NEW_ARRAY(s->n_features, pattern_best);
    STRATA_AUTO_FREE pattern *list = STRATA_NEW_ARRAY(s->n_features, pattern);
    if (largest == NULL || p == NULL || counts == NULL || best == NULL || list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM,
                           "out of memory looking for patterns in %zu accounts", s->n);
    }
    size_t n = 0;
    pattern_best_cuts(c, c->rare, counts, best);
    for (size_t f = 0; f < s->n_features; f++) {
        if (best[f].statistic > 0.0) {
            insert(list, n++, describe(s, c, f, best[f].cut));
        }
    }
    if (n > 0) {
        permutation_job job = {c, cx->seed, s->stream << 20, s->n_permutations, largest};
        STRATA_TRY(
            parallel_run(cx, (s->n_permutations + CHUNK - 1) / CHUNK, permute_chunk, &job, err));
    }
    for (size_t i = 0; i < n; i++) {
        size_t as_large = count_as_large(largest, s->n_permutations, list[i].found.test.statistic);
        list[i].p_search = (1.0 + (double)as_large) / (1.0 + (double)s->n_permutations);
    }
    STRATA_TRY(confirm(list, n, p, err));
    for (size_t i = 0; i < n; i++) {
        out[i] = list[i];
    }
    *n_out = n;
    return STRATA_OK;
}
