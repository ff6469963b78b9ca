/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/calibration_line.h"

#include <math.h>

enum { STEPS_MAX = 100, HALVINGS_MAX = 40 };
static const double settled = 1e-18;   /* log-likelihood left to gain: where steps end ... */
static const double enough = 1e-10;    /* ... and where they may, when rounding stops them */
static const double flat = 1e-12;      /* information under this share of its most is none */
static const double unknowable = 50.0; /* a standard error of a slope of x / sd(x) */

/* The curve at one place: a + b (x - centre) / scale. */
typedef struct line_place {
    double a, b;
    double loglik;
    double by_a, by_b; /* first derivatives */
    double aa, ab, bb; /* minus the second ones */
    double step_a, step_b;
} line_place;

typedef struct line_scale {
    double centre, scale;
} line_scale;

static line_place look_at(const line_data *d, line_scale s, double a, double b)
{
    line_place p = {.a = a, .b = b};
    for (size_t i = 0; i < d->n; i++) {
        double z = (d->x[i] - s.centre) / s.scale;
        double margin = a + b * z;
        double small = exp(-fabs(margin));
        double chance = margin >= 0.0 ? 1.0 / (1.0 + small) : small / (1.0 + small);
        double curvature = small / ((1.0 + small) * (1.0 + small));
        double residual = d->target[i] - chance;
        p.loglik += d->target[i] * margin - fmax(margin, 0.0) - log1p(small);
        p.by_a += residual;
        p.by_b += residual * z;
        p.aa += curvature;
        p.ab += curvature * z;
        p.bb += curvature * z * z;
    }
    return p;
}

/* Newton's step, and half of what it promises; below 0 when there is none. */
static double find_step(const line_data *d, line_place *p)
{
    if (d->unit_slope) {
        p->step_a = p->by_a / p->aa;
        p->step_b = 0.0;
        return p->aa > 0.0 ? 0.5 * p->by_a * p->step_a : -1.0;
    }
    double determinant = p->aa * p->bb - p->ab * p->ab;
    if (!(determinant > flat * p->aa * p->bb)) {
        return -1.0;
    }
    p->step_a = (p->bb * p->by_a - p->ab * p->by_b) / determinant;
    p->step_b = (p->aa * p->by_b - p->ab * p->by_a) / determinant;
    return 0.5 * (p->by_a * p->step_a + p->by_b * p->step_b);
}

/* Climbs to the maximum; false when there is none to be found. */
static bool climb(const line_data *d, line_scale s, line_place *p)
{
    for (int steps = 0; steps < STEPS_MAX; steps++) {
        double gain = find_step(d, p);
        if (!(gain > settled)) {
            return gain >= 0.0;
        }
        line_place next = *p;
        double length = 1.0;
        bool moved = false;
        for (int halvings = 0; halvings < HALVINGS_MAX && !moved; halvings++) {
            next = look_at(d, s, p->a + length * p->step_a, p->b + length * p->step_b);
            moved = next.loglik >= p->loglik - 1e-14 * fabs(p->loglik);
            length *= 0.5;
        }
        if (!moved) {
            return gain <= enough;
        }
        *p = next;
    }
    return false;
}

static line_scale scale_of(const line_data *d)
{
    line_scale s = {0.0, 1.0};
    if (d->unit_slope || d->n == 0) {
        return s;
    }
    double low = d->x[0];
    double high = d->x[0];
    double n = (double)d->n;
    for (size_t i = 0; i < d->n; i++) {
        s.centre += d->x[i] / n;
        low = fmin(low, d->x[i]);
        high = fmax(high, d->x[i]);
    }
    double squares = 0.0;
    for (size_t i = 0; i < d->n; i++) {
        squares += (d->x[i] - s.centre) * (d->x[i] - s.centre) / n;
    }
    s.scale = low < high ? sqrt(squares) : 0.0;
    return s;
}

line_fit line_run(const line_data *d)
{
    line_fit f = {0};
    line_scale s = scale_of(d);
    double sum = 0.0;
    for (size_t i = 0; i < d->n; i++) {
        sum += d->target[i];
    }
    double rest = (double)d->n - sum;
    if (!(sum > 0.0 && rest > 0.0 && s.scale > 0.0 && isfinite(s.scale))) {
        return f;
    }
    line_place p = d->unit_slope ? look_at(d, s, 0.0, 1.0) : look_at(d, s, log(sum / rest), 0.0);
    if (!climb(d, s, &p)) {
        return f;
    }
    f.loglik = p.loglik;
    if (d->unit_slope) {
        f.converged = true;
        f.slope = 1.0;
        f.intercept = p.a;
        f.intercept_se = 1.0 / sqrt(p.aa);
        return f;
    }
    double determinant = p.aa * p.bb - p.ab * p.ab;
    double aa = p.bb / determinant; /* covariance */
    double ab = -p.ab / determinant;
    double bb = p.aa / determinant;
    f.slope = p.b / s.scale;
    f.slope_se = sqrt(bb) / s.scale;
    f.intercept = p.a - f.slope * s.centre;
    double shift = s.centre / s.scale;
    f.intercept_se = sqrt(fmax(aa - 2.0 * shift * ab + shift * shift * bb, 0.0));
    f.converged = sqrt(bb) < unknowable;
    return f;
}

double line_loglik(const line_data *d, double intercept, double slope)
{
    return look_at(d, (line_scale){0.0, 1.0}, intercept, slope).loglik;
}
