/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/survival/cox.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "stats/numeric/special.h"
#include "stats/survival/cox_private.h"

enum { STEPS_MAX = 100, HALVINGS_MAX = 40 };

/* Of a covariate's information at 0 (about 1 an end): what is left under this share is rounding. */
#define CONSTANT_SHARE 1e-10
#define COLLINEAR_SHARE 1e-9
/* Converged: the square of the distance to the maximum in standard errors. */
#define NEAR 1e-16
/* As good as there, when rounding keeps the steps from getting nearer. */
#define NEAR_ENOUGH 1e-8
/* A coefficient grows without bound when, time after time, a step hardly changes the likelihood
 * but moves predictors by this much. */
#define FLAT 1e-3
#define MOVES 0.5
enum { FLAT_STEPS = 3 };

void cox_fit_free(cox_fit *f)
{
    if (f == NULL) {
        return;
    }
    cox_design_free(f->design);
    cox_state_free(f->state);
    free(f->beta);
    free(f->inverse);
    free(f->coefficients);
    free(f->covariance);
    free(f);
}

cox_summary cox_fit_summary(const cox_fit *f)
{
    return f->summary;
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

static const char *name_of(const cox_fit *f, size_t k)
{
    return f->coefficients[f->design->which[k]].name;
}

/* Covariates that add something, and the Cholesky factor of their information at 0. */
typedef struct useful {
    bool *drop;   /* p: the others */
    size_t *kept; /* n_kept of p */
    size_t n_kept;
    double *factor; /* p x p */
    double *y;      /* p: factor^-1 times the information of a covariate with the kept ones */
} useful;

/* Says of which kept covariates k is made: their weights w solve factor' w = y. Overwrites y. */
static strata_status say_collinear(cox_fit *f, size_t k, const useful *u, strata_error *err)
{
    size_t p = f->design->p;
    const double *info = f->state->information;
    STRBUF_AUTO strbuf names;
    strbuf_init(&names, 0);
    for (size_t i = u->n_kept; i-- > 0;) {
        for (size_t r = i + 1; r < u->n_kept; r++) {
            u->y[i] -= u->factor[r * p + i] * u->y[r];
        }
        u->y[i] /= u->factor[i * p + i];
        size_t other = u->kept[i];
        if (fabs(u->y[i]) * sqrt(info[other * p + other] / info[k * p + k]) > 1e-6) {
            strbuf_printf(&names, "%s'%s'", names.len > 0 ? ", " : "", name_of(f, other));
        }
    }
    STRATA_TRY(strbuf_status(&names, err));
    cox_coefficient *c = &f->coefficients[f->design->which[k]];
    c->fate = COX_COLLINEAR;
    (void)snprintf(c->why, sizeof c->why, "it follows exactly from %s", strbuf_text(&names));
    return STRATA_OK;
}

static void say_constant(cox_fit *f, size_t k)
{
    cox_coefficient *c = &f->coefficients[f->design->which[k]];
    c->fate = COX_CONSTANT;
    (void)snprintf(c->why, sizeof c->why, "%s",
                   f->design->sd[k] > 0.0 ? "it never differs among those at risk together"
                                          : "it is the same for all");
}

/* Grows the factor covariate by covariate; those that add nothing say why. */
static strata_status find_useful(cox_fit *f, useful *u, strata_error *err)
{
    size_t p = f->design->p;
    const double *info = f->state->information;
    for (size_t k = 0; k < p; k++) {
        double left = info[k * p + k];
        if (!(left > CONSTANT_SHARE * (double)f->summary.n_events)) {
            u->drop[k] = true;
            say_constant(f, k);
            continue;
        }
        for (size_t i = 0; i < u->n_kept; i++) {
            const double *row = u->factor + i * p;
            u->y[i] = (info[k * p + u->kept[i]] - dot(row, u->y, i)) / row[i];
            left -= u->y[i] * u->y[i];
        }
        if (!(left > COLLINEAR_SHARE * info[k * p + k])) {
            u->drop[k] = true;
            STRATA_TRY(say_collinear(f, k, u, err));
            continue;
        }
        memcpy(u->factor + u->n_kept * p, u->y, u->n_kept * sizeof *u->y);
        u->factor[u->n_kept * p + u->n_kept] = sqrt(left);
        u->kept[u->n_kept++] = k;
    }
    return STRATA_OK;
}

/* Leaves out what cannot have a coefficient and evaluates anew if that is anything. */
static strata_status drop_useless(const context *cx, cox_fit *f, strata_error *err)
{
    cox_design *d = f->design;
    size_t p = d->p;
    STRATA_AUTO_FREE bool *drop = STRATA_NEW_ARRAY(p, bool);
    STRATA_AUTO_FREE size_t *kept = STRATA_NEW_ARRAY(p, size_t);
    STRATA_AUTO_FREE double *room = STRATA_NEW_ARRAY(p * p + p, double);
    if (drop == NULL || kept == NULL || room == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu covariates", p);
    }
    useful u = {.drop = drop, .kept = kept, .factor = room, .y = room + p * p};
    STRATA_TRY(find_useful(f, &u, err));
    cox_design_drop(d, drop);
    if (d->p == 0) {
        return strata_fail(err, STRATA_E_DATA, "no covariate explains anything: '%s': %s",
                           f->coefficients[0].name, f->coefficients[0].why);
    }
    return d->p == p ? STRATA_OK : cox_evaluate(cx, d, f->beta, f->state, err);
}

typedef struct newton {
    double *step, *trial, *factor;
    double decrement; /* squared distance to the maximum in standard errors, as of now */
    int flat;         /* steps in a row that change predictors but not the likelihood */
} newton;

static strata_status fail_monotone(const cox_fit *f, const newton *w, double moves,
                                   strata_error *err)
{
    STRBUF_AUTO strbuf names;
    strbuf_init(&names, 0);
    for (size_t k = 0; k < f->design->p; k++) {
        if (fabs(w->step[k]) * f->design->range[k] > 0.1 * moves) {
            strbuf_printf(&names, "%s'%s'", names.len > 0 ? ", " : "", name_of(f, k));
        }
    }
    STRATA_TRY(strbuf_status(&names, err));
    return strata_fail(
        err, STRATA_E_NUMERIC,
        "no finite coefficient for %s: the more it counts, the better the fit, without end, "
        "because "
        "it separates those that ended first from the others; leave it out or join its rare values",
        strbuf_text(&names));
}

/* Solves for the next step; fails when a coefficient runs away. */
static strata_status plan_step(const cox_fit *f, newton *w, strata_error *err)
{
    size_t p = f->design->p;
    const cox_state *s = f->state;
    memcpy(w->factor, s->information, p * p * sizeof *w->factor);
    size_t bad = cholesky(w->factor, p, 1e-13);
    if (bad < p) {
        return strata_fail(err, STRATA_E_NUMERIC,
                           "no finite coefficient for '%s': nothing is left that tells it (after "
                           "%d steps); leave it out or join its rare values",
                           name_of(f, bad), f->summary.iterations);
    }
    cholesky_solve(w->factor, p, s->score, w->step);
    w->decrement = fmax(dot(w->step, s->score, p), 0.0);
    double moves = 0.0;
    for (size_t k = 0; k < p; k++) {
        moves = fmax(moves, fabs(w->step[k]) * f->design->range[k]);
    }
    w->flat = w->decrement < FLAT && moves > MOVES ? w->flat + 1 : 0;
    return w->flat >= FLAT_STEPS ? fail_monotone(f, w, moves, err) : STRATA_OK;
}

/* Goes along the step, half as far each time the likelihood falls. *moved = false: it falls
 * however short the step. */
static strata_status take_step(const context *cx, cox_fit *f, const newton *w, bool *moved,
                               strata_error *err)
{
    size_t p = f->design->p;
    double before = f->state->loglik;
    double length = 1.0;
    for (int i = 0; i < HALVINGS_MAX; i++) {
        for (size_t k = 0; k < p; k++) {
            w->trial[k] = f->beta[k] + length * w->step[k];
        }
        STRATA_TRY(cox_evaluate(cx, f->design, w->trial, f->state, err));
        if (f->state->possible && f->state->loglik >= before - 1e-13 * fabs(before)) {
            memcpy(f->beta, w->trial, p * sizeof *f->beta);
            *moved = true;
            return STRATA_OK;
        }
        length /= 2.0;
    }
    *moved = false;
    return cox_evaluate(cx, f->design, f->beta, f->state, err);
}

static strata_status climb(const context *cx, cox_fit *f, newton *w, strata_error *err)
{
    for (;;) {
        STRATA_TRY(plan_step(f, w, err));
        if (w->decrement <= NEAR) {
            return STRATA_OK;
        }
        bool moved = false;
        if (f->summary.iterations < STEPS_MAX) {
            STRATA_TRY(take_step(cx, f, w, &moved, err));
            f->summary.iterations++;
        }
        if (moved) {
            continue;
        }
        if (w->decrement <= NEAR_ENOUGH) {
            return STRATA_OK;
        }
        return strata_fail(err, STRATA_E_NUMERIC,
                           "the fit does not converge: after %d steps it is still %.3g standard "
                           "errors from the maximum; take logarithms of very skewed covariates",
                           f->summary.iterations, sqrt(w->decrement));
    }
}

static stat_test chi_square_test(double statistic, size_t df)
{
    return (stat_test){.defined = true,
                       .statistic = statistic,
                       .df = (double)df,
                       .p = chi_square_sf(fmax(statistic, 0.0), (double)df)};
}

/* The step from 0 gives the score test. */
static strata_status test_score(cox_fit *f, newton *w, strata_error *err)
{
    f->summary.loglik_null = f->state->loglik;
    STRATA_TRY(plan_step(f, w, err));
    f->summary.score = chi_square_test(w->decrement, f->design->p);
    w->flat = 0;
    return STRATA_OK;
}

static void fill_coefficient(cox_coefficient *c, double beta, double variance)
{
    c->beta = beta;
    c->se = sqrt(variance);
    c->z = beta / c->se;
    c->p = fmin(2.0 * normal_sf(fabs(c->z)), 1.0);
    c->ratio = exp(beta);
    c->ratio_95 = (interval){exp(beta - STATS_Z95 * c->se), exp(beta + STATS_Z95 * c->se)};
}

/* From the factor of the information at the maximum. `e` and `column`: p each. */
static void fill_results(cox_fit *f, const newton *w)
{
    const cox_design *d = f->design;
    cox_summary *sum = &f->summary;
    size_t p = d->p;
    for (size_t k = 0; k < p; k++) {
        memset(w->trial, 0, p * sizeof *w->trial);
        w->trial[k] = 1.0;
        cholesky_solve(w->factor, p, w->trial, f->inverse + k * p);
    }
    for (size_t k = 0; k < p; k++) {
        for (size_t i = 0; i < p; i++) {
            f->covariance[d->which[k] * sum->n_coefficients + d->which[i]] =
                f->inverse[k * p + i] / (d->sd[k] * d->sd[i]);
        }
        fill_coefficient(&f->coefficients[d->which[k]], f->beta[k] / d->sd[k],
                         f->inverse[k * p + k] / (d->sd[k] * d->sd[k]));
    }
    double wald = 0.0;
    for (size_t k = 0; k < p; k++) {
        wald += f->beta[k] * dot(f->state->information + k * p, f->beta, p);
    }
    sum->n_estimated = p;
    sum->loglik = f->state->loglik;
    sum->wald = chi_square_test(wald, p);
    sum->likelihood_ratio = chi_square_test(2.0 * (sum->loglik - sum->loglik_null), p);
    sum->gradient_norm = sqrt(w->decrement);
    sum->coefficients = f->coefficients;
    sum->covariance = f->covariance;
}

static strata_status allocate(cox_fit *f, const cox_data *data, strata_error *err)
{
    const cox_design *d = f->design;
    size_t p = d->p;
    f->beta = STRATA_NEW_ARRAY(p, double);
    f->inverse = STRATA_NEW_ARRAY(p * p, double);
    f->coefficients = STRATA_NEW_ARRAY(p, cox_coefficient);
    f->covariance = STRATA_NEW_ARRAY(p * p, double);
    if (f->beta == NULL || f->inverse == NULL || f->coefficients == NULL || f->covariance == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu covariates", p);
    }
    f->summary.n = data->life.n;
    f->summary.n_times = d->n_moments;
    f->summary.n_coefficients = p;
    for (size_t m = 0; m < d->n_moments; m++) {
        f->summary.n_events += d->deaths[m];
    }
    for (size_t k = 0; k < p; k++) {
        f->coefficients[k].name = data->covariates[k].name;
        f->coefficients[k].mean = d->mean[k];
        f->coefficients[k].sd = d->sd[k];
    }
    return STRATA_OK;
}

strata_status cox_fit_new(const context *cx, const cox_data *data, cox_fit **out, strata_error *err)
{
    STRATA_AUTO(cox_fit_free) cox_fit *f = STRATA_NEW_ARRAY(1, cox_fit);
    if (f == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a regression");
    }
    STRATA_TRY(cox_design_new(data, &f->design, err));
    STRATA_TRY(allocate(f, data, err));
    STRATA_TRY(cox_state_new(f->design, &f->state, err));
    STRATA_TRY(cox_evaluate(cx, f->design, f->beta, f->state, err));
    STRATA_TRY(drop_useless(cx, f, err));
    size_t p = f->design->p;
    STRATA_AUTO_FREE double *room = STRATA_NEW_ARRAY(p * (p + 2), double);
    if (room == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu covariates", p);
    }
    newton w = {.step = room, .trial = room + p, .factor = room + 2 * p};
    STRATA_TRY(test_score(f, &w, err));
    STRATA_TRY(climb(cx, f, &w, err));
    fill_results(f, &w);
    *out = strata_steal(&f);
    return STRATA_OK;
}
