/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/buyers/bg_bb.h"

#include <math.h>

#include "stats/numeric/hyp2f1.h"
#include "stats/numeric/special.h"

/* Chance of having been there at T: the term of those who stayed over the sum of all terms of the
 * paper's eq. 7. Each of those who left at t_x + i < T follows from the one before. */
static double alive_now(const bg_bb *m, buyer b)
{
    double log_stayed =
        log_beta(m->alpha + b.x, m->beta + b.T - b.x) + log_beta(m->gamma, m->delta + b.T);
    double log_left = log_beta(m->alpha + b.x, m->beta + b.t_x - b.x) +
                      log_beta(m->gamma + 1.0, m->delta + b.t_x);
    double term = 1.0;
    double total = 0.0;
    double at = b.t_x;
    while (at < b.T) {
        total += term;
        term *= (m->beta + at - b.x) / (m->alpha + m->beta + at) * (m->delta + at) /
                (m->gamma + m->delta + at + 1.0);
        at += 1.0;
    }
    return 1.0 / (1.0 + total * exp(log_left - log_stayed));
}

double bg_bb_alive(const bg_bb *m, buyer b, size_t ahead)
{
    double later = log_beta(m->gamma, m->delta + b.T + (double)ahead);
    return alive_now(m, b) * exp(later - log_beta(m->gamma, m->delta + b.T));
}

/* Chance to buy at an opportunity for those still there. */
static double buys(const bg_bb *m, buyer b)
{
    return (m->alpha + b.x) / (m->alpha + m->beta + b.T);
}

double bg_bb_expected(const bg_bb *m, buyer b, size_t n)
{
    double there = 1.0;
    double total = 0.0;
    for (size_t i = 0; i < n; i++) {
        double at = m->delta + b.T + (double)i;
        there *= at / (m->gamma + at);
        total += there;
    }
    return alive_now(m, b) * buys(m, b) * total;
}

double bg_bb_mean(const bg_bb *m, size_t n)
{
    return bg_bb_expected(m, (buyer){0.0, 0.0, 0.0}, n);
}

/* The paper's eq. 8: there all the time, or gone after opportunity `at` with k of them used. */
double bg_bb_chance(const bg_bb *m, size_t k, size_t n)
{
    double x = (double)k;
    if (k > n) {
        return 0.0;
    }
    double base = log_beta(m->alpha, m->beta) + log_beta(m->gamma, m->delta);
    double total = 0.0;
    for (size_t i = k; i <= n; i++) {
        double at = (double)i;
        double log_chance = log_gamma(at + 1.0) - log_gamma(x + 1.0) - log_gamma(at - x + 1.0) +
                            log_beta(m->alpha + x, m->beta + at - x) - base;
        total += exp(log_chance + log_beta(i < n ? m->gamma + 1.0 : m->gamma, m->delta + at));
    }
    return total;
}

/* The paper's eq. 14. */
double bg_bb_dert(const bg_bb *m, buyer b, double d)
{
    double v = 1.0 / (1.0 + d);
    double at = m->delta + b.T;
    double f = hyp2f1(1.0, at + 1.0, m->gamma + at + 1.0, v);
    return alive_now(m, b) * buys(m, b) * at / (m->gamma + at) * v * f;
}

double bg_bb_det(const bg_bb *m, double d)
{
    return bg_bb_dert(m, (buyer){0.0, 0.0, 0.0}, d);
}
