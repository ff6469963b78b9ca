/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/buyers/bg_nbd.h"

#include <math.h>

#include "stats/numeric/hyp2f1.h"
#include "stats/numeric/quadrature.h"
#include "stats/numeric/special.h"

enum { CLOSED_FORM_MAX = 100 }; /* sum of parameters up to which digits are not lost */

/* How often a survivor of x repeat purchases decided to stay: once per repeat purchase, and once
 * more in the modified model. */
static double stays(const bg_nbd *m, double x)
{
    return m->kind == MBG_NBD ? x + 1.0 : x;
}

bg_nbd bg_nbd_of(bg_kind kind, const fit_result *fit)
{
    return (bg_nbd){kind, fit->x[0], fit->x[1], fit->x[2], fit->x[3]};
}

double bg_nbd_alive(const bg_nbd *m, buyer b)
{
    double k = stays(m, b.x);
    if (!(k > 0.0)) {
        return 1.0;
    }
    double log_odds =
        log(m->a / (m->b + k - 1.0)) + (m->r + b.x) * (log(m->alpha + b.T) - log(m->alpha + b.t_x));
    return log_odds > 0.0 ? exp(-log_odds) / (1.0 + exp(-log_odds)) : 1.0 / (1.0 + exp(log_odds));
}

/* A customer alive at T, whose rate is gamma(shape, rate) and whose chance of leaving is
 * beta(a, b). */
typedef struct survivor {
    double shape, rate, a, b;
} survivor;

/* (1 - (1 + p t / rate)^-shape) / p, purchases expected of one who leaves with chance p, times the
 * density of u = logit p: that of the beta distribution times p (1 - p). */
static double purchases_at(survivor s, double t, double u)
{
    double rest = log1p(exp(-fabs(u)));
    double log_p = fmin(u, 0.0) - rest;
    double log_not_p = fmin(-u, 0.0) - rest;
    double q = exp(log_p) * t / s.rate;
    double purchases = q > 1e-290 ? -expm1(-s.shape * log1p(q)) / q : s.shape;
    return purchases * t / s.rate * exp(s.a * log_p + s.b * log_not_p - log_beta(s.a, s.b));
}

/* The integral over u from `from` outwards, to the left or right (side -1, 1), by panels that
 * widen but for where the purchases change. The integrand has one peak, so that it ends where a
 * panel adds nothing to *total. */
static void integrate_side(survivor s, double t, double from, double side, double *total)
{
    double change = -log1p(s.shape * t / s.rate); /* p t / rate is about 1 / shape */
    double width = fmin(1.0, sqrt(1.0 / s.a + 1.0 / s.b));
    double before = -1.0;
    while (*total - before > 1e-17 * *total) {
        before = *total;
        double half = width * 0.5;
        for (int i = 0; i < GAUSS_POINTS; i++) {
            double u = from + side * half * (1.0 + gauss_node[i]);
            *total += half * gauss_weight[i] * purchases_at(s, t, u);
        }
        from += side * width;
        width = fmin(1.5 * width, fmax(1.0, 0.5 * fabs(from - change)));
    }
}

/* All terms are positive, so that nothing cancels. */
static double integrate_purchases(survivor s, double t)
{
    double total = 0.0;
    double mode = log(s.a / s.b);
    integrate_side(s, t, mode, -1.0, &total);
    integrate_side(s, t, mode, 1.0, &total);
    return total;
}

/* Purchases expected in the next t. Fader, Hardie & Lee 2005, eq. 10, without the chance of being
 * alive. Their closed form is 0/0 at a = 1, has no value for a + b <= 1 and cancels for short t
 * and many purchases; the integral that it solves is slower and always good. */
static double expected_of_survivor(survivor s, double t)
{
    double c = s.a + s.b - 1.0;
    if (!(t > 0.0)) {
        return 0.0;
    }
    bool moderate = s.shape + s.a + s.b < CLOSED_FORM_MAX;
    if (moderate && fabs(s.a - 1.0) > 1e-3 && c > 0.05) {
        double scale;
        double f = hyp2f1_scaled(s.shape, s.b, c, t / (s.rate + t), &scale);
        double bracket = -expm1(log(f) + scale - s.shape * log1p(t / s.rate));
        if (fabs(bracket) > 1e-4) {
            return c / (s.a - 1.0) * bracket;
        }
    }
    return integrate_purchases(s, t);
}

double bg_nbd_expected(const bg_nbd *m, buyer b, double t)
{
    survivor s = {m->r + b.x, m->alpha + b.T, m->a, m->b + stays(m, b.x)};
    return bg_nbd_alive(m, b) * expected_of_survivor(s, t);
}

double bg_nbd_mean(const bg_nbd *m, double t)
{
    return bg_nbd_expected(m, (buyer){0.0, 0.0, 0.0}, t);
}

/* Fader, Hardie & Lee 2005, eq. 8: alive all the time and k purchases, or gone right after the
 * k-th, when someone who goes on buying would have made k or more. */
double bg_nbd_chance(const bg_nbd *m, size_t k, double t)
{
    double x = (double)k;
    if (!(t > 0.0)) {
        return k == 0 ? 1.0 : 0.0;
    }
    double stay = stays(m, x);
    double p = t / (m->alpha + t);
    double log_nbd = log_gamma(m->r + x) - log_gamma(m->r) - log_gamma(x + 1.0) -
                     m->r * log1p(t / m->alpha) + x * log(p);
    double log_base = log_beta(m->a, m->b);
    double chance = exp(log_beta(m->a, m->b + stay) - log_base + log_nbd);
    if (stay > 0.0) {
        double at_least = k > 0 ? beta_i(x, m->r, p) : 1.0;
        chance += exp(log_beta(m->a + 1.0, m->b + stay - 1.0) - log_base) * at_least;
    }
    return chance;
}
