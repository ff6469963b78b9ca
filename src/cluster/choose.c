/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/choose.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/number.h"
#include "base/strbuf.h"
#include "cluster/sample.h"
#include "stats/clustering/gap.h"
#include "stats/clustering/mixture.h"
#include "stats/clustering/silhouette.h"

enum { STARTS = 5, STARTS_MIXTURE = 2, MIXTURE_MOST = 4000, GAP_K = CLUSTER_K_MOST + 1 };
/* The gap statistic and BIC together outvote a silhouette that is better by no more than this. */
static const double NEARLY = 0.02;

const double CLUSTER_NO_STRUCTURE = 0.25;

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing numbers of clusters");
}

const char *cluster_silhouette_words(double s)
{
    return s > 0.7                    ? "strong structure"
           : s > 0.5                  ? "reasonable structure"
           : s > CLUSTER_NO_STRUCTURE ? "weak structure: clusters run into each other"
                                      : "no substantial structure: clusters cut up one cloud";
}

/* Different points, counted up to `most`. */
static size_t count_distinct(const points *p, size_t most)
{
    size_t seen[GAP_K + 1];
    size_t n = 0;
    for (size_t i = 0; i < p->n && n < most; i++) {
        bool known = false;
        for (size_t k = 0; k < n && !known; k++) {
            known = memcmp(p->x + i * p->d, p->x + seen[k] * p->d, p->d * sizeof *p->x) == 0;
        }
        if (!known) {
            seen[n++] = i;
        }
    }
    return n;
}

/* --- figures --- */

typedef struct comparing {
    const context *cx;
    points p, few; /* few: those that take hundreds of fits */
    cluster_method method, bic_method;
    double least;
    size_t k_most;
    cluster_step steps[CLUSTER_K_MOST + 1]; /* by k */
} comparing;

static strata_status add_silhouette(comparing *c, const cluster_fit *fit, cluster_step *s,
                                    strata_error *err)
{
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    silhouette of = {0};
    if (fit->k < 2) {
        return STRATA_OK;
    }
    STRATA_TRY(arena_new(&scratch, err));
    STRATA_TRY(silhouette_compute(c->cx, &c->p, fit->label, fit->k, scratch, &of, err));
    s->silhouette = of.mean;
    return STRATA_OK;
}

static strata_status add_fits(comparing *c, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    cluster_fitter f = {0};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(cluster_fitter_make(c->cx, &c->p, c->method, CLUSTER_STREAM_COMPARE,
                                   cluster_is_mixture(c->method) ? STARTS_MIXTURE : STARTS, a, &f,
                                   err));
    for (size_t k = CLUSTER_K_LEAST; k <= c->k_most; k++) {
        STRATA_AUTO(arena_free) arena *scratch = NULL;
        cluster_fit fit = {0};
        cluster_step *s = &c->steps[k];
        STRATA_TRY(arena_new(&scratch, err));
        STRATA_TRY(cluster_fit_make(&f, k, scratch, &fit, err));
        context_progress(c->cx, "comparing numbers of clusters", k, c->k_most);
        s->smallest = fit.size[fit.k - 1];
        s->small = fit.k < k || (double)s->smallest < c->least * (double)c->p.n;
        STRATA_TRY(add_silhouette(c, &fit, s, err));
    }
    return STRATA_OK;
}

/* The statistic looks one number further, and needs more different points than that. */
static strata_status add_gaps(comparing *c, size_t n_distinct, size_t *chosen, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    gap_step steps[GAP_K];
    size_t most = c->k_most + 1 < n_distinct ? c->k_most + 1 : n_distinct - 1;
    strata_error failed = {0};
    *chosen = 0;
    STRATA_TRY(arena_new(&a, err));
    context_progress(c->cx, "drawing references for the gap statistic", 0, 0);
    gap_options o = {
        .k_max = most, .n_references = CLUSTER_GAP_REFERENCES, .stream = CLUSTER_STREAM_GAP};
    strata_status st = gap_compute(c->cx, &c->few, &o, a, steps, chosen, &failed);
    if (st == STRATA_E_DATA) {
        return STRATA_OK;
    }
    if (st != STRATA_OK) {
        return strata_fail(err, st, "%s", failed.message);
    }
    for (size_t k = CLUSTER_K_LEAST; k <= c->k_most && k <= most; k++) {
        c->steps[k].gap = steps[k - 1].gap;
        c->steps[k].gap_s = steps[k - 1].s;
    }
    return STRATA_OK;
}

static strata_status add_bic(comparing *c, strata_error *err)
{
    for (size_t k = CLUSTER_K_LEAST; k <= c->k_most; k++) {
        STRATA_AUTO(arena_free) arena *a = NULL;
        double bic = 0.0;
        bool known = false;
        STRATA_TRY(arena_new(&a, err));
        STRATA_TRY(cluster_bic(c->cx, &c->few, c->bic_method, k, CLUSTER_STREAM_BIC, a, &bic,
                               &known, err));
        c->steps[k].bic = known ? bic : (double)NAN;
    }
    return STRATA_OK;
}

/* --- what they say --- */

typedef double figure_fn(const cluster_step *s);

static double silhouette_of(const cluster_step *s)
{
    return s->silhouette;
}

/* So that more is better. */
static double bic_of(const cluster_step *s)
{
    return -s->bic;
}

/* The k with the greatest figure, of those that are not small if `large`; 0: none. */
static size_t best_of(const comparing *c, figure_fn *of, size_t from, size_t to, bool large)
{
    size_t best = 0;
    for (size_t k = from; k <= to && k <= c->k_most; k++) {
        double x = of(&c->steps[k]);
        if (!isnan(x) && !(large && c->steps[k].small) && (best == 0 || x > of(&c->steps[best]))) {
            best = k;
        }
    }
    return best;
}

/* Which of 3 to 6: by silhouette, unless gap and BIC agree on one that is nearly as good. */
static size_t recommend(const comparing *c, const cluster_choice *x, bool *outvoted)
{
    size_t k = best_of(c, silhouette_of, CLUSTER_RECOMMEND_LEAST, CLUSTER_RECOMMEND_MOST, true);
    *outvoted = false;
    if (k == 0) {
        k = best_of(c, silhouette_of, CLUSTER_RECOMMEND_LEAST, CLUSTER_RECOMMEND_MOST, false);
    }
    if (k == 0) {
        return c->k_most < CLUSTER_RECOMMEND_LEAST ? c->k_most : CLUSTER_RECOMMEND_LEAST;
    }
    size_t other = x->best_gap; /* 1: no clusters at all */
    if (other == x->best_bic && other != k && other >= CLUSTER_RECOMMEND_LEAST &&
        other <= CLUSTER_RECOMMEND_MOST && other <= c->k_most && !c->steps[other].small &&
        c->steps[k].silhouette - c->steps[other].silhouette <= NEARLY) {
        *outvoted = true;
        return other;
    }
    return k;
}

static const char *two_digits(double x, char out[NUMBER_TEXT])
{
    number_format(x, 2, out);
    return out;
}

/* What another figure would take. */
static void add_opinion(strbuf *b, const char *what, size_t k, size_t recommended, size_t k_most)
{
    if (k == 0) {
        strbuf_printf(b, "; %s could not be computed", what);
    } else if (k == recommended) {
        strbuf_printf(b, "; %s says the same", what);
    } else if (k >= k_most) {
        strbuf_printf(b, "; %s still improves at %zu", what, k_most);
    } else {
        strbuf_printf(b, k == 1 ? "; %s sees no clusters at all (%zu)" : "; %s would take %zu",
                      what, k);
    }
}

static void add_small(strbuf *b, const comparing *c, const cluster_choice *x)
{
    size_t any = best_of(c, silhouette_of, CLUSTER_RECOMMEND_LEAST, CLUSTER_RECOMMEND_MOST, false);
    if (x->recommended < CLUSTER_RECOMMEND_LEAST && c->steps[x->recommended].small) {
        strbuf_printf(b, "; one cluster has fewer than %zu accounts", x->least);
    } else if (c->steps[x->recommended].small) {
        strbuf_printf(b, "; every number of clusters has one under %zu accounts", x->least);
    } else if (any != x->recommended && any != 0 && c->steps[any].small) {
        strbuf_printf(b, "; %zu would leave a cluster of %zu accounts, under the least of %zu", any,
                      c->steps[any].smallest, x->least);
    }
}

static strata_status explain(const comparing *c, bool outvoted, arena *a, cluster_choice *x,
                             strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    char text[NUMBER_TEXT];
    const cluster_step *s = &c->steps[x->recommended];
    if (x->recommended < CLUSTER_RECOMMEND_LEAST || isnan(s->silhouette)) {
        strbuf_printf(&b, "the accounts have only %zu different sets of values", x->n_distinct);
    } else if (outvoted) {
        strbuf_printf(&b,
                      "the gap statistic and BIC agree on it, and its silhouette, %s, is within %s "
                      "of the best of 3 to 6",
                      two_digits(s->silhouette, text), "0.02");
    } else {
        strbuf_printf(&b, "of 3 to 6 it tells accounts apart best (silhouette %s)",
                      two_digits(s->silhouette, text));
        add_opinion(&b, "the gap statistic", x->best_gap, x->recommended, c->k_most);
        add_opinion(&b, "BIC", x->best_bic, x->recommended, c->k_most);
    }
    add_small(&b, c, x);
    if (x->best_silhouette != x->recommended && x->best_silhouette != 0 &&
        !c->steps[x->best_silhouette].small) {
        strbuf_printf(&b, "; over all numbers the silhouette is highest at %zu (%s)",
                      x->best_silhouette,
                      two_digits(c->steps[x->best_silhouette].silhouette, text));
    }
    STRATA_TRY(strbuf_status(&b, err));
    x->reason = arena_strdup(a, strbuf_text(&b));
    return x->reason != NULL ? STRATA_OK : out_of_memory(err);
}

static strata_status conclude(const comparing *c, size_t gap_chosen, arena *a, cluster_choice *x,
                              strata_error *err)
{
    bool outvoted = false;
    size_t n = c->k_most >= CLUSTER_K_LEAST ? c->k_most - CLUSTER_K_LEAST + 1 : 0;
    cluster_step *steps = ARENA_NEW(a, n + 1, cluster_step);
    if (steps == NULL) {
        return out_of_memory(err);
    }
    memcpy(steps, &c->steps[CLUSTER_K_LEAST], n * sizeof *steps);
    x->steps = steps;
    x->n_steps = n;
    x->best_gap = gap_chosen;
    x->best_silhouette = best_of(c, silhouette_of, CLUSTER_K_LEAST, CLUSTER_K_MOST, false);
    x->best_bic = best_of(c, bic_of, CLUSTER_K_LEAST, CLUSTER_K_MOST, false);
    x->recommended = recommend(c, x, &outvoted);
    x->silhouette = c->steps[x->recommended].silhouette;
    return explain(c, outvoted, a, x, err);
}

static strata_status draw(const context *cx, const points *p, uint64_t stream, size_t most,
                          arena *a, points *out, strata_error *err)
{
    uint32_t *rows = NULL;
    size_t n = 0;
    if (p->n <= most) {
        *out = *p;
        return STRATA_OK;
    }
    STRATA_TRY(sample_rows(cx->seed, stream, p->n, most, a, &rows, &n, err));
    return sample_points(p, rows, n, a, out, err);
}

strata_status cluster_choose(const context *cx, const points *p, cluster_method method,
                             double least, arena *a, cluster_choice *out, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    comparing c = {.cx = cx, .p = *p, .method = method, .least = least};
    c.bic_method = cluster_is_mixture(method) ? method : CLUSTER_MIXTURE_DIAGONAL;
    STRATA_TRY(arena_new(&scratch, err));
    size_t most = cluster_is_mixture(method) ? MIXTURE_MOST : CLUSTER_COMPARE_MOST;
    STRATA_TRY(draw(cx, p, CLUSTER_STREAM_COMPARE, most, scratch, &c.p, err));
    STRATA_TRY(draw(cx, &c.p, CLUSTER_STREAM_GAP, CLUSTER_GAP_MOST, scratch, &c.few, err));
    cluster_choice x = {.n = c.p.n, .gap_n = c.few.n, .bic_method = c.bic_method};
    x.n_distinct = count_distinct(&c.p, GAP_K + 1);
    double fewest = ceil(least * (double)c.p.n);
    x.least = (size_t)fewest;
    c.k_most = x.n_distinct < CLUSTER_K_MOST ? x.n_distinct : CLUSTER_K_MOST;
    if (c.k_most < CLUSTER_K_LEAST) {
        return strata_fail(err, STRATA_E_DATA,
                           "all %zu accounts have the same values: there is nothing to tell apart",
                           p->n);
    }
    for (size_t k = 0; k <= CLUSTER_K_MOST; k++) {
        c.steps[k] = (cluster_step){.k = k,
                                    .silhouette = (double)NAN,
                                    .gap = (double)NAN,
                                    .gap_s = (double)NAN,
                                    .bic = (double)NAN};
    }
    size_t chosen = 0;
    STRATA_TRY(add_fits(&c, err));
    STRATA_TRY(add_gaps(&c, x.n_distinct, &chosen, err));
    STRATA_TRY(add_bic(&c, err));
    STRATA_TRY(conclude(&c, chosen, a, &x, err));
    *out = x;
    return STRATA_OK;
}
