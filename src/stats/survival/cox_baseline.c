/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "stats/survival/cox_private.h"

/* First moment of the stratum or a later one. */
static size_t first_moment(const cox_design *d, size_t stratum)
{
    size_t low = 0;
    size_t high = d->n_moments;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (d->stratum[mid] < stratum) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

cox_baseline cox_baseline_of(const cox_fit *f, size_t stratum)
{
    const cox_design *d = f->design;
    size_t begin = first_moment(d, stratum);
    return (cox_baseline){.n = first_moment(d, stratum + 1) - begin,
                          .time = d->time + begin,
                          .hazard = f->state->cumulative + begin};
}

double cox_cumulative_hazard(const cox_fit *f, size_t stratum, const double *x, double time)
{
    const cox_design *d = f->design;
    cox_baseline base = cox_baseline_of(f, stratum);
    size_t low = 0;
    size_t high = base.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (base.time[mid] > time) {
            high = mid;
        } else {
            low = mid + 1;
        }
    }
    if (low == 0) {
        return 0.0;
    }
    double predictor = 0.0;
    for (size_t k = 0; k < d->p; k++) {
        predictor += f->beta[k] * (x[d->which[k]] - d->mean[k]) / d->sd[k];
    }
    return base.hazard[low - 1] * exp(predictor);
}

double cox_survival(const cox_fit *f, size_t stratum, const double *x, double time)
{
    return exp(-cox_cumulative_hazard(f, stratum, x, time));
}
