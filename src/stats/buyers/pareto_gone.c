/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/buyers/pareto_gone.h"

#include <math.h>
#include <stdbool.h>

#include "stats/numeric/quadrature.h"

static const double negligible = 1e-18; /* part of an integral that adds nothing */

pareto_gone pareto_gone_before(const pareto_nbd *m, buyer b)
{
    bool alpha_less = m->alpha <= m->beta;
    double near = alpha_less ? m->alpha : m->beta;
    double apart = fabs(m->alpha - m->beta);
    double power_near = alpha_less ? m->r + b.x : m->s + 1.0;
    double power_far = alpha_less ? m->s + 1.0 : m->r + b.x;
    double start = near + b.t_x;
    double log_start = log(start);
    double log_far_start = log(start + apart);
    double end = log1p((b.T - b.t_x) / start);
    /* Panels fit for the steepest decay there can be; later ones may be wider. */
    double width = fmin(2.0, 12.0 / (power_near + power_far));
    double total = 0.0;
    double log_near = 0.0;
    double log_far = 0.0;
    double inv_near = 0.0;
    double inv_far = 0.0;
    double from = 0.0;
    while (from < end) {
        double to = fmin(end, from + width);
        double half = (to - from) * 0.5;
        double before = total;
        for (int i = 0; i < GAUSS_POINTS; i++) {
            double w = from + half * (1.0 + gauss_node[i]);
            double y = start * exp(w);
            double log_y = log(y + apart);
            double f = half * gauss_weight[i] *
                       exp((1.0 - power_near) * w - power_far * (log_y - log_far_start));
            total += f;
            log_near += f * w;
            log_far += f * log_y;
            inv_near += f / y;
            inv_far += f / (y + apart);
        }
        /* The integrand has one peak, so that what follows is smaller still. */
        from = total - before > negligible * total ? to : end;
        width = fmin(2.0, width * 1.5);
    }
    if (!(total > 0.0)) {
        return (pareto_gone){.log_value = -INFINITY};
    }
    log_near = log_near / total + log_start;
    log_far /= total;
    inv_near /= total;
    inv_far /= total;
    return (pareto_gone){
        .log_value = log(m->s * total) + (1.0 - power_near) * log_start - power_far * log_far_start,
        .log_alpha = alpha_less ? log_near : log_far,
        .log_beta = alpha_less ? log_far : log_near,
        .inv_alpha = alpha_less ? inv_near : inv_far,
        .inv_beta = alpha_less ? inv_far : inv_near,
    };
}

double pareto_alive_log(const pareto_nbd *m, buyer b)
{
    return -(m->r + b.x) * log(m->alpha + b.T) - m->s * log(m->beta + b.T);
}
