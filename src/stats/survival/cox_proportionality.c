/* SPDX-License-Identifier: Apache-2.0 */
/* The model with p more coefficients, those of covariate x g(time), at the fit: their score is the
 * sum of g x Schoenfeld residual, the information [I, G; G, H] where G and H weigh each moment's
 * covariance with g and g squared. The test of some of them is u' (H - G I^-1 G)^-1 u. */
#include <string.h>

#include "stats/numeric/special.h"
#include "stats/survival/cox_private.h"
#include "stats/survival/kaplan_meier.h"

/* Information (about 1 an end for the covariates' own) under this is rounding. */
#define NOTHING_LEFT 1e-12

/* g of each moment, its mean over ends taken off; *differs: some moment's is not 0. */
static strata_status weigh_moments(const cox_fit *f, const cox_data *data, double *g, bool *differs,
                                   strata_error *err)
{
    const cox_design *d = f->design;
    STRATA_AUTO(km_curve_free) km_curve *c = NULL;
    STRATA_TRY(km_curve_new(&data->life, &c, err));
    double sum = 0.0;
    for (size_t m = 0; m < d->n_moments; m++) {
        size_t low = 0; /* steps before the moment */
        size_t high = c->n_steps;
        while (low < high) {
            size_t mid = low + (high - low) / 2;
            if (c->steps[mid].time < d->time[m]) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        g[m] = low > 0 ? 1.0 - c->steps[low - 1].share.survival : 0.0;
        sum += g[m] * d->deaths[m];
    }
    double mean = sum / (double)f->summary.n_events;
    *differs = false;
    for (size_t m = 0; m < d->n_moments; m++) {
        *differs = *differs || g[m] > g[0] || g[m] < g[0];
        g[m] -= mean;
    }
    return STRATA_OK;
}

typedef struct parts {
    double *score;  /* p: of covariate x g */
    double *cross;  /* p x p: G */
    double *square; /* p x p: H, then H - G I^-1 G */
    double *room;   /* p x p + 2p */
} parts;

/* square - cross inverse cross, and back in `square`. */
static void take_off_fit(const cox_fit *f, parts *x)
{
    size_t p = f->design->p;
    for (size_t i = 0; i < p; i++) {
        for (size_t k = 0; k < p; k++) {
            double sum = 0.0;
            for (size_t r = 0; r < p; r++) {
                sum += f->inverse[i * p + r] * x->cross[r * p + k];
            }
            x->room[i * p + k] = sum;
        }
    }
    for (size_t i = 0; i < p; i++) {
        for (size_t k = 0; k < p; k++) {
            double sum = 0.0;
            for (size_t r = 0; r < p; r++) {
                sum += x->cross[i * p + r] * x->room[r * p + k];
            }
            x->square[i * p + k] -= sum;
        }
    }
}

static stat_test tested(double statistic, double df, double effect)
{
    return (stat_test){.defined = true,
                       .statistic = statistic,
                       .df = df,
                       .p = chi_square_sf(statistic, df),
                       .effect = effect};
}

static void test_all(const cox_fit *f, parts *x, stat_test *tests)
{
    const cox_design *d = f->design;
    size_t p = d->p;
    for (size_t k = 0; k < p; k++) {
        double left = x->square[k * p + k];
        if (left > NOTHING_LEFT * (double)f->summary.n_events) {
            tests[d->which[k]] =
                tested(x->score[k] * x->score[k] / left, 1.0, x->score[k] / left / d->sd[k]);
        }
    }
    double *answer = x->room + p * p;
    memcpy(x->room, x->square, p * p * sizeof *x->room);
    if (cholesky(x->room, p, 1e-10) == p) {
        cholesky_solve(x->room, p, x->score, answer);
        double statistic = 0.0;
        for (size_t k = 0; k < p; k++) {
            statistic += x->score[k] * answer[k];
        }
        tests[f->summary.n_coefficients] = tested(statistic, (double)p, 0.0);
    }
}

strata_status cox_proportionality(const context *cx, const cox_fit *f, const cox_data *data,
                                  stat_test *tests, strata_error *err)
{
    const cox_design *d = f->design;
    size_t p = d->p;
    STRATA_AUTO(cox_state_free) cox_state *s = NULL;
    STRATA_AUTO_FREE double *g = STRATA_NEW_ARRAY(d->n_moments, double);
    STRATA_AUTO_FREE double *room = STRATA_NEW_ARRAY(3 * p * p + 3 * p, double);
    if (g == NULL || room == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory checking %zu covariates", p);
    }
    parts x = {
        .score = room, .cross = room + p, .square = room + p + p * p, .room = room + p + 2 * p * p};
    bool differs = false;
    STRATA_TRY(weigh_moments(f, data, g, &differs, err));
    STRATA_TRY(cox_state_new(d, &s, err));
    s->g = g;
    STRATA_TRY(cox_evaluate(cx, d, f->beta, s, err));
    memcpy(x.score, s->score, p * sizeof *x.score);
    memcpy(x.cross, s->information, p * p * sizeof *x.cross);
    for (size_t m = 0; m < d->n_moments; m++) {
        g[m] *= g[m];
    }
    STRATA_TRY(cox_evaluate(cx, d, f->beta, s, err));
    memcpy(x.square, s->information, p * p * sizeof *x.square);
    memset(tests, 0, (f->summary.n_coefficients + 1) * sizeof *tests);
    if (differs) {
        take_off_fit(f, &x);
        test_all(f, &x, tests);
    }
    return STRATA_OK;
}
