/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/prepare.h"

#include <math.h>

#include "base/auto.h"
#include "base/strbuf.h"
#include "cluster/prepare_private.h"
#include "stats/inference/quantile.h"

const double CLUSTER_CLAMP = 3.0;

/* A normal's interquartile range is 1.349 of its standard deviations. */
static const double IQR_OF_SD = 1.3489795003921634;
/* An amount is skewed when its upper tail (95 % to median) is so many times its lower one. */
static const double SKEWED = 3.0;
static const double TAIL = 0.95;
enum { ACCOUNTS_LEAST = 20 };

static strata_status out_of_memory(size_t n, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory preparing %zu accounts", n);
}

/* --- one scale --- */

static double transform(const cluster_scale *s, double x)
{
    return s->logged ? log1p(x > 0.0 ? x / s->unit : 0.0) : x;
}

static double clamp(double z)
{
    return fmin(fmax(z, -CLUSTER_CLAMP), CLUSTER_CLAMP);
}

double cluster_scale_apply(const cluster_scale *s, double x)
{
    return isnan(x) ? 0.0 : clamp((transform(s, x) - s->centre) / s->scale);
}

double cluster_scale_invert(const cluster_scale *s, double z)
{
    double t = s->centre + z * s->scale;
    return s->logged ? expm1(fmax(t, 0.0)) * s->unit : t;
}

static bool is_amount(value_type t)
{
    return t == VALUE_MONEY || t == VALUE_NUMBER || t == VALUE_DURATION;
}

/* Of n >= 1 ascending values. */
static bool is_skewed(const double *sorted, size_t n)
{
    double median = quantile_sorted(sorted, n, 0.5);
    double above = quantile_sorted(sorted, n, TAIL) - median;
    double below = median - quantile_sorted(sorted, n, 1.0 - TAIL);
    return sorted[0] >= 0.0 && above > SKEWED * below;
}

/* Median of the values above 0; 1 when there are none. */
static double unit_of(const double *sorted, size_t n)
{
    size_t zeros = 0;
    while (zeros < n && sorted[zeros] <= 0.0) {
        zeros++;
    }
    return zeros < n ? quantile_sorted(sorted + zeros, n - zeros, 0.5) : 1.0;
}

static double deviation(const double *x, size_t n)
{
    double sum = 0.0;
    double squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    for (size_t i = 0; i < n; i++) {
        double d = x[i] - sum / (double)n;
        squares += d * d;
    }
    return sqrt(squares / (double)n);
}

/* From ascending values, which are transformed in place. */
static cluster_scale scale_of(value_type type, double *sorted, size_t n)
{
    cluster_scale s = {.unit = 1.0, .known = n, .median = quantile_sorted(sorted, n, 0.5)};
    s.logged = is_amount(type) && is_skewed(sorted, n);
    s.unit = s.logged ? unit_of(sorted, n) : 1.0;
    for (size_t i = 0; i < n; i++) {
        sorted[i] = transform(&s, sorted[i]);
    }
    s.centre = transform(&s, s.median);
    s.scale = (quantile_sorted(sorted, n, 0.75) - quantile_sorted(sorted, n, 0.25)) / IQR_OF_SD;
    s.by_deviation = !(s.scale > 0.0);
    s.scale = s.by_deviation ? deviation(sorted, n) : s.scale;
    for (size_t i = 0; i < n; i++) {
        s.held += fabs(sorted[i] - s.centre) > CLUSTER_CLAMP * s.scale;
    }
    return s;
}

/* --- the rows --- */

/* Values of the accounts that are clustered, before any is left out. */
typedef struct rows {
    size_t n;
    uint32_t *account;
    double **raw; /* [candidate][row] */
} rows;

static strata_status take_rows(const cluster_values *v, const cluster_candidates *c, arena *a,
                               rows *out, strata_error *err)
{
    rows r = {.n = 0};
    r.account = ARENA_NEW(a, v->n_inside + 1, uint32_t);
    r.raw = ARENA_NEW(a, c->n + 1, double *);
    if (r.account == NULL || r.raw == NULL) {
        return out_of_memory(v->n_inside, err);
    }
    for (size_t i = 0; i < v->n; i++) {
        if (v->inside[i]) {
            r.account[r.n++] = (uint32_t)i;
        }
    }
    for (size_t k = 0; k < c->n; k++) {
        if (v->by_feature[k] == NULL) {
            continue;
        }
        r.raw[k] = ARENA_NEW(a, r.n + 1, double);
        if (r.raw[k] == NULL) {
            return out_of_memory(r.n, err);
        }
        for (size_t i = 0; i < r.n; i++) {
            r.raw[k][i] = v->by_feature[k][r.account[i]];
        }
    }
    *out = r;
    return STRATA_OK;
}

static strata_status check_enough(size_t n, const char *what, strata_error *err)
{
    if (n >= ACCOUNTS_LEAST) {
        return STRATA_OK;
    }
    return strata_fail(err, STRATA_E_DATA, "%s: %zu account%s to cluster, %d are needed", what, n,
                       n == 1 ? "" : "s", ACCOUNTS_LEAST);
}

/* Nothing is left to compare accounts by: says why of the first few. */
static strata_status none_left(const selection *s, strata_error *err)
{
    enum { SHOWN = 3 };
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    for (size_t i = 0; i < s->n_left_out && i < SHOWN; i++) {
        strbuf_printf(&text, "%s%s is %s", i > 0 ? "; " : "", s->left_out[i].expression,
                      s->left_out[i].why);
    }
    if (s->n_left_out > SHOWN) {
        strbuf_printf(&text, "; and %zu more", s->n_left_out - SHOWN);
    }
    STRATA_TRY(strbuf_status(&text, err));
    return strata_fail(err, STRATA_E_DATA, "no feature tells the accounts apart: %s",
                       strbuf_text(&text));
}

/* Whether an account's missing values let it take part. */
static bool is_complete(const rows *r, const selection *s, size_t row, cluster_missing policy)
{
    size_t missing = 0;
    for (size_t k = 0; k < s->n_used; k++) {
        missing += isnan(r->raw[s->used[k]][row]) ? 1 : 0;
    }
    return policy == CLUSTER_MISSING_LEAVE ? missing == 0 : 2 * missing <= s->n_used;
}

/* Moves those that take part to the front. */
static void drop_incomplete(rows *r, const selection *s, cluster_missing policy)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (!is_complete(r, s, i, policy)) {
            continue;
        }
        r->account[kept] = r->account[i];
        for (size_t k = 0; k < s->n_used; k++) {
            r->raw[s->used[k]][kept] = r->raw[s->used[k]][i];
        }
        kept++;
    }
    r->n = kept;
}

/* --- all together --- */

static strata_status scale_features(cluster_points *p, arena *a, strata_error *err)
{
    cluster_scale *scales = ARENA_NEW(a, p->d + 1, cluster_scale);
    double *z = ARENA_NEW(a, p->n * p->d + 1, double);
    STRATA_AUTO_FREE double *sorted = STRATA_NEW_ARRAY(p->n + 1, double);
    if (scales == NULL || z == NULL || sorted == NULL) {
        return out_of_memory(p->n, err);
    }
    for (size_t k = 0; k < p->d; k++) {
        size_t n = 0;
        for (size_t i = 0; i < p->n; i++) {
            if (!isnan(p->raw[k][i])) {
                sorted[n++] = p->raw[k][i];
            }
        }
        sort_values(sorted, n);
        if (n == 0 || !(sorted[n - 1] > sorted[0])) {
            return strata_fail(err, STRATA_E_DATA,
                               "'%s' is the same for all accounts that have every value; leave it "
                               "out, or take --missing median",
                               p->features[k].expression);
        }
        scales[k] = scale_of(p->features[k].type, sorted, n);
        for (size_t i = 0; i < p->n; i++) {
            z[i * p->d + k] = cluster_scale_apply(&scales[k], p->raw[k][i]);
        }
    }
    p->scales = scales;
    p->z = z;
    p->points = (points){.x = z, .n = p->n, .d = p->d};
    return STRATA_OK;
}

/* The used features and their values, out of the candidates' arena. */
static strata_status keep_used(const selection *s, const rows *r, arena *a, cluster_points *p,
                               strata_error *err)
{
    cluster_candidate *features = ARENA_NEW(a, s->n_used + 1, cluster_candidate);
    double **raw = ARENA_NEW(a, s->n_used + 1, double *);
    uint32_t *account = ARENA_NEW(a, r->n + 1, uint32_t);
    if (features == NULL || raw == NULL || account == NULL) {
        return out_of_memory(r->n, err);
    }
    for (size_t i = 0; i < r->n; i++) {
        account[i] = r->account[i];
    }
    for (size_t k = 0; k < s->n_used; k++) {
        features[k] = s->candidates[s->used[k]];
        raw[k] = ARENA_NEW(a, r->n + 1, double);
        if (raw[k] == NULL) {
            return out_of_memory(r->n, err);
        }
        for (size_t i = 0; i < r->n; i++) {
            raw[k][i] = r->raw[s->used[k]][i];
        }
    }
    p->n = r->n;
    p->d = s->n_used;
    p->account = account;
    p->features = features;
    p->raw = raw;
    p->left_out = s->left_out;
    p->n_left_out = s->n_left_out;
    return STRATA_OK;
}

strata_status cluster_prepare(const cluster_values *v, const cluster_candidates *c,
                              cluster_missing missing, arena *a, cluster_points *out,
                              strata_error *err)
{
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    rows r = {0};
    cluster_points p = {.missing = missing};
    STRATA_TRY(arena_new(&scratch, err));
    STRATA_TRY(check_enough(v->n_inside, "not enough data", err));
    STRATA_TRY(take_rows(v, c, scratch, &r, err));
    selection s = {.candidates = c->items, .n_candidates = c->n, .given = c->given, .n_rows = r.n};
    STRATA_TRY(cluster_select(&s, r.raw, a, err));
    if (s.n_used == 0) {
        return none_left(&s, err);
    }
    size_t before = r.n;
    drop_incomplete(&r, &s, missing);
    p.n_incomplete = before - r.n;
    STRATA_TRY(check_enough(r.n, "too many accounts miss values", err));
    STRATA_TRY(keep_used(&s, &r, a, &p, err));
    STRATA_TRY(scale_features(&p, a, err));
    *out = p;
    return STRATA_OK;
}

strata_status cluster_prepare_like(const cluster_points *p, const cluster_values *v, arena *a,
                                   double **z, uint32_t **account, size_t *n, strata_error *err)
{
    double *made = ARENA_NEW(a, v->n_inside * p->d + 1, double);
    uint32_t *who = ARENA_NEW(a, v->n_inside + 1, uint32_t);
    size_t rows_made = 0;
    if (made == NULL || who == NULL) {
        return out_of_memory(v->n_inside, err);
    }
    for (size_t i = 0; i < v->n; i++) {
        size_t missing = 0;
        for (size_t k = 0; k < p->d && v->inside[i]; k++) {
            double x = v->by_feature[k][i];
            missing += isnan(x) ? 1 : 0;
            made[rows_made * p->d + k] = cluster_scale_apply(&p->scales[k], x);
        }
        bool complete = p->missing == CLUSTER_MISSING_LEAVE ? missing == 0 : 2 * missing <= p->d;
        if (v->inside[i] && complete) {
            who[rows_made++] = (uint32_t)i;
        }
    }
    *z = made;
    *account = who;
    *n = rows_made;
    return STRATA_OK;
}
