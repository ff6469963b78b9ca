/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/numeric/fit.h"

#include <math.h>
#include <nlopt.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "stats/numeric/fit_newton.h"

enum { CLIMB_EVALUATIONS = 500, SEARCH_EVALUATIONS = 3000 };
static const double enough = 1e-9;     /* log-likelihood that may be left to gain */
static const double unknown_by = 10.0; /* standard error of a logarithm that says nothing */

static strata_status set_bounds(fit_work *work, strata_error *err)
{
    static const double least[] = {[FIT_LOG] = 1e-8, [FIT_LOGIT] = 1e-9, [FIT_IDENTITY] = -1e8};
    static const double most[] = {[FIT_LOG] = 1e8, [FIT_LOGIT] = 1.0 - 1e-9, [FIT_IDENTITY] = 1e8};
    for (size_t i = 0; i < work->problem->n_parameters; i++) {
        const fit_parameter *p = &work->problem->parameters[i];
        bool given = fpclassify(p->low) != FP_ZERO || fpclassify(p->high) != FP_ZERO;
        double low = given ? p->low : least[p->scale];
        double high = given ? p->high : most[p->scale];
        work->low[i] = fit_to_working(p->scale, low);
        work->high[i] = fit_to_working(p->scale, high);
        if (!(low < high) || !isfinite(work->low[i]) || !isfinite(work->high[i])) {
            return strata_fail(err, STRATA_E_USAGE,
                               "bounds %g and %g of %s are out of order or out of its range", low,
                               high, p->name);
        }
    }
    return STRATA_OK;
}

static strata_status check_problem(const fit_problem *p, strata_error *err)
{
    if (p->n_parameters == 0 || p->n_parameters > FIT_PARAMETERS_MAX || p->n_starts == 0 ||
        p->n_starts > FIT_STARTS_MAX) {
        return strata_fail(err, STRATA_E_USAGE,
                           "a fit takes 1 to %d parameters and 1 to %d starts, not %zu and %zu",
                           FIT_PARAMETERS_MAX, FIT_STARTS_MAX, p->n_parameters, p->n_starts);
    }
    for (size_t s = 0; s < p->n_starts; s++) {
        for (size_t i = 0; i < p->n_parameters; i++) {
            if (!isfinite(p->starts[s][i])) {
                return strata_fail(err, STRATA_E_USAGE, "start %zu of %s is not a finite number", s,
                                   p->parameters[i].name);
            }
        }
    }
    return STRATA_OK;
}

/* Starting points on the working scale, looked at; the highest first. */
typedef struct start_list {
    fit_point points[FIT_STARTS_MAX];
    size_t index[FIT_STARTS_MAX];
    size_t n;
} start_list;

static void look_at_starts(fit_work *work, start_list *list)
{
    const fit_problem *p = work->problem;
    list->n = 0;
    for (size_t s = 0; s < p->n_starts; s++) {
        fit_point point = {0};
        for (size_t i = 0; i < p->n_parameters; i++) {
            fit_scale scale = p->parameters[i].scale;
            double low = fit_to_natural(scale, work->low[i]);
            double high = fit_to_natural(scale, work->high[i]);
            double x = fmin(fmax(p->starts[s][i], low), high);
            point.u[i] = fmin(fmax(fit_to_working(scale, x), work->low[i]), work->high[i]);
        }
        if (!fit_look(work, &point)) {
            continue;
        }
        size_t at = list->n++;
        for (; at > 0 && list->points[at - 1].value < point.value; at--) {
            list->points[at] = list->points[at - 1];
            list->index[at] = list->index[at - 1];
        }
        list->points[at] = point;
        list->index[at] = s;
    }
}

typedef struct climb {
    fit_work *work;
    nlopt_opt opt;
    fit_point best;
    double scale; /* so that the first step is about one unit long */
    double worst; /* lowest value seen */
} climb;

static double objective(unsigned n, const double *u, double *gradient, void *payload)
{
    climb *c = payload;
    fit_point p = {0};
    memcpy(p.u, u, n * sizeof *u);
    bool finite = fit_look(c->work, &p);
    if (c->work->cancelled) {
        nlopt_force_stop(c->opt);
    }
    if (!finite) {
        /* Steeply worse than all that was seen: the search steps back. */
        p.value = c->worst - 10.0 * (fabs(c->worst) + 1.0);
    } else {
        c->worst = fmin(c->worst, p.value);
        if (p.value > c->best.value) {
            c->best = p;
        }
    }
    for (unsigned i = 0; gradient != NULL && i < n; i++) {
        gradient[i] = -p.gradient[i] * c->scale;
    }
    return -p.value * c->scale;
}

/* Climbs from *p by one of NLopt's methods; *p becomes the highest point seen. How the method
 * says it ended does not matter: Newton's method judges the place. */
static strata_status climb_from(fit_work *work, nlopt_algorithm method, int evaluations,
                                fit_point *p, strata_error *err)
{
    unsigned n = (unsigned)work->problem->n_parameters;
    climb c = {.work = work, .best = *p, .worst = p->value, .scale = 1.0};
    double u[FIT_PARAMETERS_MAX];
    double least = 0.0;
    for (unsigned i = 0; i < n; i++) {
        c.scale = fmin(c.scale, 1.0 / fmax(fabs(p->gradient[i]), 1.0));
    }
    memcpy(u, p->u, sizeof u);
    c.opt = nlopt_create(method, n);
    if (c.opt == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory fitting %u parameters", n);
    }
    bool set = nlopt_set_min_objective(c.opt, objective, &c) > 0 &&
               nlopt_set_lower_bounds(c.opt, work->low) > 0 &&
               nlopt_set_upper_bounds(c.opt, work->high) > 0 &&
               nlopt_set_xtol_rel(c.opt, 1e-9) > 0 && nlopt_set_ftol_rel(c.opt, 1e-13) > 0 &&
               nlopt_set_maxeval(c.opt, evaluations) > 0 && nlopt_set_initial_step1(c.opt, 0.5) > 0;
    nlopt_result result = set ? nlopt_optimize(c.opt, u, &least) : NLOPT_OUT_OF_MEMORY;
    nlopt_destroy(c.opt);
    if (result == NLOPT_OUT_OF_MEMORY) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory fitting %u parameters", n);
    }
    *p = c.best;
    return STRATA_OK;
}

static bool has_settled(const fit_work *work, const fit_shape *shape)
{
    bool known = shape->definite && shape->to_gain <= enough;
    for (size_t i = 0; i < work->problem->n_parameters; i++) {
        bool relative = work->problem->parameters[i].scale != FIT_IDENTITY;
        known =
            known && !shape->held[i] && !(relative && sqrt(shape->covariance[i][i]) > unknown_by);
    }
    return known;
}

/* The names of the parameters for which `pick` holds, "alpha and beta". */
static void list_names(const fit_problem *p, const bool *pick, char *out, size_t size)
{
    size_t used = 0;
    size_t left = 0;
    out[0] = '\0';
    for (size_t i = 0; i < p->n_parameters; i++) {
        left += pick[i];
    }
    for (size_t i = 0; i < p->n_parameters && used < size; i++) {
        if (pick[i]) {
            left--;
            int n = snprintf(out + used, size - used, "%s%s", p->parameters[i].name,
                             left == 0   ? ""
                             : left == 1 ? " and "
                                         : ", ");
            used += n > 0 ? (size_t)n : 0;
        }
    }
}

static void explain_bound(const fit_work *work, const fit_point *p, size_t i, fit_result *out)
{
    const fit_parameter *q = &work->problem->parameters[i];
    bool low = p->u[i] - work->low[i] < work->high[i] - p->u[i];
    const char *meaning = low ? q->at_low : q->at_high;
    out->outcome = FIT_AT_BOUND;
    (void)snprintf(out->reason, sizeof out->reason,
                   "the likelihood still rises at the bound of %s, %g%s%s", q->name, out->x[i],
                   meaning != NULL ? ": " : "", meaning != NULL ? meaning : "");
}

static void explain(const fit_work *work, const fit_point *p, const fit_shape *shape,
                    fit_result *out)
{
    const fit_problem *problem = work->problem;
    bool unknown[FIT_PARAMETERS_MAX] = {0};
    bool flat = false;
    char names[FIT_REASON_SIZE / 3];
    for (size_t i = 0; i < problem->n_parameters; i++) {
        if (shape->held[i]) {
            explain_bound(work, p, i, out);
            return;
        }
        unknown[i] = !shape->definite || (problem->parameters[i].scale != FIT_IDENTITY &&
                                          sqrt(shape->covariance[i][i]) > unknown_by);
        flat = flat || unknown[i];
    }
    list_names(problem, unknown, names, sizeof names);
    if (flat && out->gradient_norm < 1e-4) {
        out->outcome = FIT_FLAT;
        (void)snprintf(out->reason, sizeof out->reason,
                       "the likelihood hardly changes along %s: the data do not settle %s", names,
                       problem->n_parameters > 1 ? "them" : "it");
        return;
    }
    out->outcome = FIT_UNSETTLED;
    (void)snprintf(out->reason, sizeof out->reason,
                   "relative gradient %.2g after looking at %d points", out->gradient_norm,
                   work->evaluations);
}

static void report(const fit_work *work, const fit_point *p, const fit_shape *shape,
                   fit_result *out)
{
    const fit_problem *problem = work->problem;
    size_t n = problem->n_parameters;
    double stretch[FIT_PARAMETERS_MAX];
    out->log_likelihood = p->value;
    out->evaluations = work->evaluations;
    for (size_t i = 0; i < n; i++) {
        fit_scale scale = problem->parameters[i].scale;
        out->x[i] = fit_to_natural(scale, p->u[i]);
        stretch[i] = fit_stretch(scale, out->x[i]);
        out->gradient_norm = fmax(out->gradient_norm, fabs(p->gradient[i]));
    }
    out->gradient_norm /= fmax(1.0, fabs(p->value));
    out->converged = has_settled(work, shape);
    if (!out->converged) {
        explain(work, p, shape, out);
        return;
    }
    out->outcome = FIT_CONVERGED;
    for (size_t i = 0; i < n; i++) {
        out->se[i] = stretch[i] * sqrt(shape->covariance[i][i]);
        for (size_t j = 0; j < n; j++) {
            out->covariance[i][j] = stretch[i] * stretch[j] * shape->covariance[i][j];
        }
    }
}

/* Climbs from one start until the place is settled, if need be by a search without slopes. */
static strata_status reach_summit(fit_work *work, fit_point *p, fit_shape *shape, strata_error *err)
{
    STRATA_TRY(climb_from(work, NLOPT_LD_SLSQP, CLIMB_EVALUATIONS, p, err));
    fit_polish(work, p, shape);
    bool bound = false;
    for (size_t i = 0; i < work->problem->n_parameters; i++) {
        bound = bound || shape->held[i];
    }
    if (has_settled(work, shape) || bound || (shape->definite && shape->to_gain <= enough)) {
        return STRATA_OK;
    }
    STRATA_TRY(climb_from(work, NLOPT_LN_SBPLX, SEARCH_EVALUATIONS, p, err));
    fit_polish(work, p, shape);
    return STRATA_OK;
}

static strata_status climb_all(fit_work *work, fit_result *out, strata_error *err)
{
    start_list list;
    fit_point best = {0};
    fit_shape best_shape = {0};
    look_at_starts(work, &list);
    size_t wanted = work->problem->n_climbs;
    size_t n = wanted > 0 && wanted < list.n ? wanted : list.n;
    for (size_t k = 0; k < n && !work->cancelled; k++) {
        fit_point p = list.points[k];
        fit_shape shape = {0};
        STRATA_TRY(reach_summit(work, &p, &shape, err));
        /* Equal summits differ in the last digits only: then the earlier start stands. */
        double margin = 1e-9 * fmax(1.0, fabs(best.value));
        if (k == 0 || p.value > best.value + margin ||
            (p.value > best.value - margin && list.index[k] < out->start)) {
            best = p;
            best_shape = shape;
            out->start = list.index[k];
        }
    }
    if (work->cancelled) {
        return context_check(work->problem->cx, err);
    }
    if (list.n == 0) {
        out->outcome = FIT_NO_START;
        out->evaluations = work->evaluations;
        (void)snprintf(out->reason, sizeof out->reason,
                       "the likelihood is not finite at any of %zu starting points",
                       work->problem->n_starts);
        return STRATA_OK;
    }
    report(work, &best, &best_shape, out);
    return STRATA_OK;
}

strata_status fit_maximise(const fit_problem *problem, fit_result *out, strata_error *err)
{
    fit_work work = {.problem = problem};
    fit_result result = {.n_parameters = problem->n_parameters};
    STRATA_TRY(check_problem(problem, err));
    STRATA_TRY(set_bounds(&work, err));
    STRATA_TRY(climb_all(&work, &result, err));
    *out = result;
    return STRATA_OK;
}

fit_result fit_no_data(size_t n_parameters, const char *reason)
{
    fit_result r = {.outcome = FIT_NO_DATA, .n_parameters = n_parameters};
    (void)snprintf(r.reason, sizeof r.reason, "%s", reason);
    return r;
}

double fit_aic(const fit_result *fit)
{
    return 2.0 * (double)fit->n_parameters - 2.0 * fit->log_likelihood;
}

double fit_bic(const fit_result *fit, double n)
{
    return (double)fit->n_parameters * log(n) - 2.0 * fit->log_likelihood;
}

double fit_delta_error(const fit_result *fit, const double *gradient)
{
    double variance = 0.0;
    for (size_t i = 0; i < fit->n_parameters; i++) {
        for (size_t j = 0; j < fit->n_parameters; j++) {
            variance += gradient[i] * fit->covariance[i][j] * gradient[j];
        }
    }
    return variance > 0.0 ? sqrt(variance) : 0.0;
}
