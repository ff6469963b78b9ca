/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/numeric/fit_newton.h"

#include <math.h>
#include <string.h>

enum { STEPS_MAX = 60, HALVINGS_MAX = 40 };
static const double step_max = 2.0;      /* a factor of e^2 at a time on a log scale */
static const double settled = 1e-12;     /* log-likelihood left to gain */
static const double pivot_least = 1e-12; /* under this a Hessian scaled to unit diagonal is flat */
static const double difference_step = 6e-6; /* cube root of the precision of a double */

double fit_to_natural(fit_scale scale, double u)
{
    switch (scale) {
    case FIT_LOG:
        return exp(u);
    case FIT_LOGIT:
        return 1.0 / (1.0 + exp(-u));
    case FIT_IDENTITY:
        break;
    }
    return u;
}

double fit_to_working(fit_scale scale, double x)
{
    switch (scale) {
    case FIT_LOG:
        return log(x);
    case FIT_LOGIT:
        return log(x) - log1p(-x);
    case FIT_IDENTITY:
        break;
    }
    return x;
}

double fit_stretch(fit_scale scale, double x)
{
    switch (scale) {
    case FIT_LOG:
        return x;
    case FIT_LOGIT:
        return x * (1.0 - x);
    case FIT_IDENTITY:
        break;
    }
    return 1.0;
}

bool fit_look(fit_work *work, fit_point *p)
{
    const fit_problem *problem = work->problem;
    double x[FIT_PARAMETERS_MAX] = {0};
    double slope[FIT_PARAMETERS_MAX] = {0};
    if (problem->cx != NULL && context_cancelled(problem->cx)) {
        work->cancelled = true;
    }
    bool finite = !work->cancelled;
    double value = 0.0;
    if (finite) {
        for (size_t i = 0; i < problem->n_parameters; i++) {
            x[i] = fit_to_natural(problem->parameters[i].scale, p->u[i]);
        }
        value = problem->log_likelihood(problem->data, x, slope);
        work->evaluations++;
        finite = isfinite(value);
    }
    for (size_t i = 0; i < problem->n_parameters; i++) {
        slope[i] *= fit_stretch(problem->parameters[i].scale, x[i]);
        finite = finite && isfinite(slope[i]);
    }
    for (size_t i = 0; i < problem->n_parameters; i++) {
        p->gradient[i] = finite ? slope[i] : 0.0;
    }
    p->value = finite ? value : 0.0;
    return finite;
}

typedef double matrix[FIT_PARAMETERS_MAX][FIT_PARAMETERS_MAX];

/* -H at p by central differences of the gradient, made symmetric; false when not finite. */
static bool curvature(fit_work *work, const fit_point *p, matrix c)
{
    size_t n = work->problem->n_parameters;
    for (size_t i = 0; i < n; i++) {
        double h = difference_step * fmax(1.0, fabs(p->u[i]));
        fit_point above = *p;
        fit_point below = *p;
        above.u[i] += h;
        below.u[i] -= h;
        if (!fit_look(work, &above) || !fit_look(work, &below)) {
            return false;
        }
        for (size_t j = 0; j < n; j++) {
            c[i][j] = (below.gradient[j] - above.gradient[j]) / (above.u[i] - below.u[i]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            c[i][j] = c[j][i] = (c[i][j] + c[j][i]) / 2.0;
        }
    }
    return true;
}

/* The lower triangle l with l l' = c scaled to unit diagonal by `unit`, after Cholesky; false when
 * c is not positive definite, or so nearly that its inverse would be noise. */
static bool factor(matrix c, size_t n, double *unit, matrix l)
{
    for (size_t i = 0; i < n; i++) {
        if (!(c[i][i] > 0.0)) {
            return false;
        }
        unit[i] = 1.0 / sqrt(c[i][i]);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = c[i][j] * unit[i] * unit[j];
            for (size_t k = 0; k < j; k++) {
                sum -= l[i][k] * l[j][k];
            }
            if (i == j && !(sum > pivot_least)) {
                return false;
            }
            l[i][j] = i == j ? sqrt(sum) : sum / l[j][j];
        }
    }
    return true;
}

/* The inverse of the symmetric n x n matrix c; false as factor(). */
static bool invert(matrix c, size_t n, matrix inverse)
{
    matrix l = {{0}};
    double unit[FIT_PARAMETERS_MAX];
    if (!factor(c, n, unit, l)) {
        return false;
    }
    for (size_t column = 0; column < n; column++) {
        double y[FIT_PARAMETERS_MAX];
        for (size_t i = 0; i < n; i++) {
            y[i] = i == column ? 1.0 : 0.0;
            for (size_t k = 0; k < i; k++) {
                y[i] -= l[i][k] * y[k];
            }
            y[i] /= l[i][i];
        }
        for (size_t i = n; i-- > 0;) {
            for (size_t k = i + 1; k < n; k++) {
                y[i] -= l[k][i] * y[k];
            }
            y[i] /= l[i][i];
            inverse[i][column] = y[i] * unit[i] * unit[column];
        }
    }
    return true;
}

/* The inverse of c over the parameters that are not held; 0 in the rows and columns of the rest.
 * `damping` is added to the diagonal, relative to it. */
static bool invert_free(matrix c, size_t n, const bool *held, double damping, matrix inverse)
{
    matrix part = {{0}};
    matrix part_inverse;
    size_t of[FIT_PARAMETERS_MAX];
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (!held[i]) {
            of[m++] = i;
        }
    }
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < m; j++) {
            part[i][j] = c[of[i]][of[j]];
        }
        part[i][i] += damping * fmax(fabs(part[i][i]), 1.0);
    }
    memset(inverse, 0, sizeof(matrix));
    if (!invert(part, m, part_inverse)) {
        return false;
    }
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < m; j++) {
            inverse[of[i]][of[j]] = part_inverse[i][j];
        }
    }
    return true;
}

static void find_held(const fit_work *work, const fit_point *p, bool *held)
{
    for (size_t i = 0; i < work->problem->n_parameters; i++) {
        double near = 1e-7 * fmax(1.0, fabs(p->u[i]));
        held[i] = (p->u[i] <= work->low[i] + near && p->gradient[i] <= 0.0) ||
                  (p->u[i] >= work->high[i] - near && p->gradient[i] >= 0.0);
    }
}

/* Goes as far along `step` as leads higher, at first all of it; false when nowhere does. Where
 * little is left `to_gain`, the sum of a long likelihood may be too coarse to show it: then the
 * step may also lead down by what rounding explains. */
static bool advance(fit_work *work, fit_point *p, const double *step, double to_gain)
{
    double slack = to_gain < 1e-3 ? 1e-12 * fabs(p->value) : 0.0;
    size_t n = work->problem->n_parameters;
    double longest = 0.0;
    for (size_t i = 0; i < n; i++) {
        longest = fmax(longest, fabs(step[i]));
    }
    double t = longest > step_max ? step_max / longest : 1.0;
    for (int k = 0; k < HALVINGS_MAX && !work->cancelled; k++) {
        fit_point next = *p;
        for (size_t i = 0; i < n; i++) {
            next.u[i] = fmin(fmax(p->u[i] + t * step[i], work->low[i]), work->high[i]);
        }
        if (fit_look(work, &next) && next.value + slack > p->value) {
            *p = next;
            return true;
        }
        t /= 2.0;
    }
    return false;
}

static double newton_step(const fit_point *p, matrix inverse, size_t n, double *step)
{
    double along = 0.0;
    for (size_t i = 0; i < n; i++) {
        step[i] = 0.0;
        for (size_t j = 0; j < n; j++) {
            step[i] += inverse[i][j] * p->gradient[j];
        }
        along += step[i] * p->gradient[i];
    }
    return along / 2.0;
}

void fit_polish(fit_work *work, fit_point *p, fit_shape *shape)
{
    size_t n = work->problem->n_parameters;
    matrix c;
    memset(shape, 0, sizeof *shape);
    for (int k = 0; k < STEPS_MAX; k++) {
        double step[FIT_PARAMETERS_MAX];
        find_held(work, p, shape->held);
        shape->definite = false;
        if (!curvature(work, p, c)) {
            return;
        }
        shape->definite = invert_free(c, n, shape->held, 0.0, shape->covariance);
        if (shape->definite) {
            shape->to_gain = newton_step(p, shape->covariance, n, step);
            if (!advance(work, p, step, shape->to_gain) || shape->to_gain < settled) {
                return;
            }
            continue;
        }
        /* Levenberg's remedy: lean towards the gradient until the matrix is definite. */
        matrix damped = {{0}};
        double damping = 1e-3;
        while (damping < 1e9 && !invert_free(c, n, shape->held, damping, damped)) {
            damping *= 10.0;
        }
        double gain = newton_step(p, damped, n, step);
        if (gain < settled || !advance(work, p, step, 1.0)) {
            return;
        }
    }
}
