/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/contracts/lifetime.h"

#include <inttypes.h>
#include <math.h>

strata_status lifetimes_add(lifetimes *l, const uint64_t *survivors, size_t n, strata_error *err)
{
    if (n == 0 || n > LIFETIME_PERIODS_MAX + 1) {
        return strata_fail(err, STRATA_E_USAGE, "a cohort has 1 to %d counts of survivors, not %zu",
                           LIFETIME_PERIODS_MAX + 1, n);
    }
    for (size_t t = 1; t < n; t++) {
        if (survivors[t] > survivors[t - 1]) {
            return strata_fail(err, STRATA_E_DATA,
                               "survivors rise from %" PRIu64 " to %" PRIu64
                               " in period %zu: count those who never left",
                               survivors[t - 1], survivors[t], t);
        }
    }
    l->customers += (double)survivors[0];
    for (size_t t = 1; t < n && survivors[t - 1] > 0; t++) {
        double at_risk = (double)survivors[t - 1];
        double lost = (double)(survivors[t - 1] - survivors[t]);
        l->at_risk[t - 1] += at_risk;
        l->lost[t - 1] += lost;
        l->renewals += at_risk;
        l->losses += lost;
        l->n_periods = t > l->n_periods ? t : l->n_periods;
    }
    return STRATA_OK;
}

double lifetimes_log_likelihood(const lifetimes *l, log_retention_fn *model, size_t n_parameters,
                                const double *x, double *gradient)
{
    double log_retention[LIFETIME_PERIODS_MAX];
    double slope[LIFETIME_PERIODS_MAX][LIFETIME_PARAMETERS_MAX];
    double sum = 0.0;
    for (size_t i = 0; i < n_parameters; i++) {
        gradient[i] = 0.0;
    }
    model(x, 1, l->n_periods, log_retention, slope);
    for (size_t t = 0; t < l->n_periods; t++) {
        double kept = l->at_risk[t] - l->lost[t];
        double weight = 0.0; /* d ln L / d ln r(t) */
        if (kept > 0.0) {
            sum += kept * log_retention[t];
            weight += kept;
        }
        if (l->lost[t] > 0.0) {
            sum += l->lost[t] * log(-expm1(log_retention[t]));
            weight -= l->lost[t] / expm1(-log_retention[t]);
        }
        for (size_t i = 0; i < n_parameters; i++) {
            gradient[i] += weight * slope[t][i];
        }
    }
    return sum;
}

const char *lifetimes_objection(const lifetimes *l, size_t n_parameters, size_t min_periods)
{
    if (!(l->renewals > 0.0)) {
        return "not enough data: nobody has come to a first renewal yet";
    }
    if (!(l->losses > 0.0)) {
        return "nobody has left yet, so nothing tells when they will";
    }
    if (l->losses >= l->renewals) {
        return "everybody left at the first renewal, so there is no curve";
    }
    if (l->n_periods < min_periods) {
        return min_periods == 2
                   ? "not enough data: one renewal seen, and the model needs two to tell "
                     "falling from constant churn"
                   : "not enough data: under three renewals seen, and the model needs three";
    }
    if (l->losses < (double)n_parameters) {
        return "not enough data: fewer customers left than the model has parameters";
    }
    return NULL;
}

void geometric_log_retention(const double *x, size_t first, size_t n, double *log_retention,
                             double (*gradient)[LIFETIME_PARAMETERS_MAX])
{
    (void)first;
    for (size_t k = 0; k < n; k++) {
        log_retention[k] = log1p(-x[0]);
        if (gradient != NULL) {
            gradient[k][0] = -1.0 / (1.0 - x[0]);
        }
    }
}

fit_result geometric_fit(const lifetimes *l)
{
    const char *objection = lifetimes_objection(l, 1, 1);
    if (objection != NULL) {
        return fit_no_data(1, objection);
    }
    double churn = l->losses / l->renewals;
    fit_result r = {.converged = true, .outcome = FIT_CONVERGED, .n_parameters = 1, .x = {churn}};
    r.log_likelihood = l->losses * log(churn) + (l->renewals - l->losses) * log1p(-churn);
    r.covariance[0][0] = churn * (1.0 - churn) / l->renewals;
    r.se[0] = sqrt(r.covariance[0][0]);
    return r;
}
