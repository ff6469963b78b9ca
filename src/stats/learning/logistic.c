/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/logistic.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "stats/learning/logistic_private.h"
#include "stats/numeric/cholesky.h"

enum { ITERATIONS_MAX = 100, HALVINGS_MAX = 40 };
static const double settled = 1e-18; /* log-likelihood left to gain: where Newton's steps end ... */
static const double enough = 1e-10;  /* ... and where they may, when rounding stops them */
static const double pivot_least = 1e-11; /* under this of its diagonal a pivot is noise */
static const double unknowable = 20.0;   /* a standard error per standard deviation this large says
                                          * nothing is known: the chance may be 0 or 1 */

/* What the fit works with. */
typedef struct search {
    logistic_design *design;
    logistic_place *here, *next;
    double *factor; /* (p + 1)^2: Cholesky factor of information + ridge at `here` */
    double *step;   /* p + 1 */
    size_t iterations;
    double gain; /* half of g' (-H)^-1 g */
    bool converged;
    char why[240];
} search;

static void search_done(search *s)
{
    logistic_design_free(s->design);
    logistic_place_free(s->here);
    logistic_place_free(s->next);
    free(s->factor);
    free(s->step);
}

static strata_status search_init(const logistic_data *data, double ridge, search *s,
                                 strata_error *err)
{
    STRATA_TRY(logistic_design_new(data, ridge, &s->design, err));
    STRATA_TRY(logistic_place_new(s->design, &s->here, err));
    STRATA_TRY(logistic_place_new(s->design, &s->next, err));
    size_t q = s->design->p + 1;
    s->factor = STRATA_NEW_ARRAY(q * q, double);
    s->step = STRATA_NEW_ARRAY(q, double);
    if (s->factor == NULL || s->step == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory fitting %zu coefficients", q);
    }
    return STRATA_OK;
}

/* The Newton step from `here`, and what it would gain; false when the curvature is no use. */
static bool find_step(const logistic_data *data, search *s)
{
    size_t q = s->design->p + 1;
    memcpy(s->factor, s->here->information, q * q * sizeof *s->factor);
    for (size_t k = 0; k + 1 < q; k++) {
        s->factor[k * q + k] += s->design->ridge;
    }
    size_t bad = cholesky(s->factor, q, pivot_least);
    if (bad < q) {
        char name[LOGISTIC_NAME] = "the intercept";
        (void)snprintf(
            s->why, sizeof s->why,
            s->iterations == 0
                ? "%s cannot be told from the features before it; leave it out or give "
                  "a larger ridge"
                : "the coefficients have no bound (noticed at %s): for some values there "
                  "is one outcome only; give a larger ridge",
            bad + 1 < q ? logistic_name(data, s->design->which[bad], name) : name);
        return false;
    }
    cholesky_solve(s->factor, q, s->here->gradient, s->step);
    s->gain = 0.0;
    for (size_t k = 0; k < q; k++) {
        s->gain += 0.5 * s->here->gradient[k] * s->step[k];
    }
    return true;
}

/* Goes to where the step, halved as often as needed, leads up; false when it never does. */
static strata_status go(const context *cx, search *s, bool *moved, strata_error *err)
{
    size_t q = s->design->p + 1;
    double length = 1.0;
    *moved = false;
    for (int halvings = 0; halvings <= HALVINGS_MAX && !*moved; halvings++) {
        for (size_t k = 0; k < q; k++) {
            s->next->theta[k] = s->here->theta[k] + length * s->step[k];
        }
        STRATA_TRY(logistic_look(cx, s->design, s->next, err));
        /* Near the maximum the value moves less than it can be computed. */
        double noise = 1e-14 * fabs(s->here->value);
        *moved = isfinite(s->next->value) && s->next->value >= s->here->value - noise;
        length *= 0.5;
    }
    if (*moved) {
        logistic_place *was = s->here;
        s->here = s->next;
        s->next = was;
    }
    return STRATA_OK;
}

static strata_status climb(const context *cx, const logistic_data *data, size_t most, search *s,
                           strata_error *err)
{
    const logistic_design *d = s->design;
    s->here->theta[d->p] = log(d->total_positive / (d->total - d->total_positive));
    STRATA_TRY(logistic_look(cx, d, s->here, err));
    while (find_step(data, s)) {
        if (s->gain <= settled) {
            s->converged = true;
            return STRATA_OK;
        }
        bool moved = false;
        if (s->iterations < most) {
            STRATA_TRY(go(cx, s, &moved, err));
        }
        if (!moved && s->gain <= enough) {
            s->converged = true;
            return STRATA_OK;
        }
        if (!moved) {
            (void)snprintf(s->why, sizeof s->why,
                           "no maximum was reached after %zu steps; %.3g of log-likelihood is left "
                           "to gain",
                           s->iterations, s->gain);
            return STRATA_OK;
        }
        s->iterations++;
    }
    return STRATA_OK;
}

/* Diagonal element k of the inverse, from the factor. room: of q. */
static double inverse_at(const search *s, size_t k, double *room)
{
    size_t q = s->design->p + 1;
    memset(room, 0, q * sizeof *room);
    room[k] = 1.0;
    cholesky_solve(s->factor, q, room, room);
    return room[k];
}

/* Without a ridge a climb along an endless slope comes to rest too, far out where nothing changes
 * any more: that is no maximum. Yields the effective number of parameters. */
static double look_around(const logistic_data *data, search *s)
{
    const logistic_design *d = s->design;
    double freedom = (double)d->p + 1.0;
    for (size_t k = 0; k < d->p && s->converged; k++) {
        double variance = inverse_at(s, k, s->step);
        freedom -= d->ridge * variance;
        if (d->ridge <= 0.0 && sqrt(variance) > unknowable) {
            char name[LOGISTIC_NAME];
            s->converged = false;
            (void)snprintf(s->why, sizeof s->why,
                           "the coefficient of %s has no bound or cannot be told from those of "
                           "others; give a ridge",
                           logistic_name(data, d->which[k], name));
        }
    }
    return freedom;
}

/* A hyperplane between the outcomes: the further out, the better the likelihood. */
static bool parts_outcomes(search *s)
{
    bool separated = s->here->least_positive > s->here->most_negative;
    if (separated && s->design->ridge <= 0.0) {
        s->converged = false;
        (void)snprintf(s->why, sizeof s->why,
                       "the features part the outcomes without a mistake, so that the coefficients "
                       "have no bound; give a ridge");
    }
    return separated;
}

/* Coefficients in the features' own units. */
static strata_status describe(const logistic_data *data, search *s, arena *a, logistic_fit *out,
                              strata_error *err)
{
    const logistic_design *d = s->design;
    double *beta = ARENA_NEW(a, data->d, double);
    double *mean = ARENA_NEW(a, data->d, double);
    double *sd = ARENA_NEW(a, data->d, double);
    if (beta == NULL || mean == NULL || sd == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory keeping %zu coefficients", data->d);
    }
    logistic_fit f = {.n = d->n,
                      .n_positive = d->n_positive,
                      .d = data->d,
                      .ridge = d->ridge,
                      .at_mean = s->here->theta[d->p],
                      .beta = beta,
                      .mean = mean,
                      .sd = sd,
                      .loglik = s->here->loglik,
                      .iterations = s->iterations,
                      .gradient_norm = sqrt(2.0 * fmax(s->gain, 0.0))};
    f.separated = parts_outcomes(s);
    f.freedom = look_around(data, s);
    f.converged = s->converged;
    if (!s->converged) {
        memcpy(f.why, s->why, sizeof f.why);
    }
    double share = d->total_positive / d->total;
    f.loglik_null = d->total_positive * log(share) + (d->total - d->total_positive) * log1p(-share);
    memcpy(mean, d->mean, data->d * sizeof *mean);
    memcpy(sd, d->sd, data->d * sizeof *sd);
    f.intercept = f.at_mean;
    for (size_t k = 0; k < d->p; k++) {
        size_t j = d->which[k];
        beta[j] = s->here->theta[k] / sd[j];
        f.intercept -= beta[j] * mean[j];
    }
    *out = f;
    return STRATA_OK;
}

strata_status logistic_run(const context *cx, const logistic_data *data, const logistic_options *o,
                           arena *a, logistic_fit *out, strata_error *err)
{
    if (data->d > LOGISTIC_FEATURES_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "%zu features; at most %d can be used", data->d,
                           LOGISTIC_FEATURES_MAX);
    }
    if (!(o->ridge >= 0.0) || !isfinite(o->ridge)) {
        return strata_fail(err, STRATA_E_USAGE, "a ridge of %g; it must be 0 or more and finite",
                           o->ridge);
    }
    size_t most = o->max_iterations == 0 ? ITERATIONS_MAX : o->max_iterations;
    STRATA_CLEANUP(search_done) search s = {0};
    STRATA_TRY(search_init(data, o->ridge, &s, err));
    STRATA_TRY(climb(cx, data, most, &s, err));
    return describe(data, &s, a, out, err);
}

double logistic_margin(const logistic_fit *f, const double *x)
{
    double margin = f->at_mean;
    for (size_t j = 0; j < f->d; j++) {
        margin += f->beta[j] * (x[j] - f->mean[j]);
    }
    return margin;
}

double logistic_probability(const logistic_fit *f, const double *x)
{
    double margin = logistic_margin(f, x);
    double small = exp(-fabs(margin));
    return margin >= 0.0 ? 1.0 / (1.0 + small) : small / (1.0 + small);
}

double logistic_contributions(const logistic_fit *f, const double *x, double *part)
{
    for (size_t j = 0; j < f->d; j++) {
        part[j] = f->beta[j] * (x[j] - f->mean[j]);
    }
    return f->at_mean;
}
