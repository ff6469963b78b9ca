/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/contracts/sbg.h"

#include <math.h>
#include <stdio.h>

#include "base/auto.h"

void sbg_log_retention(const double *x, size_t first, size_t n, double *log_retention,
                       double (*gradient)[LIFETIME_PARAMETERS_MAX])
{
    double alpha = x[SBG_ALPHA];
    double beta = x[SBG_BETA];
    for (size_t k = 0; k < n; k++) {
        double kept = beta + (double)(first + k - 1);
        double all = alpha + kept;
        log_retention[k] = log1p(-alpha / all);
        if (gradient != NULL) {
            gradient[k][SBG_ALPHA] = -1.0 / all;
            gradient[k][SBG_BETA] = alpha / (kept * all);
        }
    }
}

double sbg_log_likelihood(const void *data, const double *x, double *gradient)
{
    return lifetimes_log_likelihood(data, sbg_log_retention, SBG_PARAMETERS, x, gradient);
}

/* Two parameters for the same mean churn: `spread` = 1 / (alpha + beta) is how much customers
 * differ. */
static void start_at(fit_problem *p, double churn, double spread)
{
    p->starts[p->n_starts][SBG_ALPHA] = churn / spread;
    p->starts[p->n_starts][SBG_BETA] = (1.0 - churn) / spread;
    p->n_starts++;
}

static void choose_starts(const lifetimes *l, fit_problem *p)
{
    static const double spreads[] = {0.2, 1.0, 0.03, 5.0};
    double first = l->lost[0] / l->at_risk[0];
    double second = l->at_risk[1] > 0.0 ? l->lost[1] / l->at_risk[1] : 0.0;
    if (second > 0.0 && first > second && first < 1.0) {
        start_at(p, first, (first - second) / second);
    }
    for (size_t i = 0; i < sizeof spreads / sizeof *spreads; i++) {
        start_at(p, l->losses / l->renewals, spreads[i]);
    }
}

/* The likelihood's slope in the direction of customers that differ, where they are all alike (at
 * constant churn): not above 0 when churn does not fall with age, and then the likelihood has its
 * summit where alpha and beta are infinite. */
static bool has_no_heterogeneity(const lifetimes *l)
{
    double churn = l->losses / l->renewals;
    double slope = 0.0;
    for (size_t t = 0; t < l->n_periods; t++) {
        double kept = l->at_risk[t] - l->lost[t];
        slope += (double)t * (kept * churn / (1.0 - churn) - l->lost[t]);
    }
    return slope <= 0.0;
}

static void explain_limit(const lifetimes *l, fit_result *r)
{
    if (r->converged) {
        return;
    }
    double gain = r->log_likelihood - geometric_fit(l).log_likelihood;
    if (has_no_heterogeneity(l) && gain < 1e-3) {
        r->outcome = FIT_AT_BOUND;
        (void)snprintf(r->reason, sizeof r->reason,
                       "churn does not fall with age, so the data hold no sign that customers "
                       "differ: constant churn describes them as well");
    } else if (r->x[SBG_ALPHA] < 1e-3 && r->x[SBG_BETA] < 1e-3) {
        r->outcome = FIT_AT_BOUND;
        (void)snprintf(r->reason, sizeof r->reason,
                       "all losses but few come at the first renewal, so nothing tells when the "
                       "others will leave");
    }
}

strata_status sbg_fit(const lifetimes *l, const context *cx, fit_result *out, strata_error *err)
{
    const char *objection = lifetimes_objection(l, SBG_PARAMETERS, 2);
    if (objection != NULL) {
        *out = fit_no_data(SBG_PARAMETERS, objection);
        return STRATA_OK;
    }
    fit_problem p = {.n_parameters = SBG_PARAMETERS,
                     .parameters = {{.name = "alpha", .low = 1e-6, .high = 1e6},
                                    {.name = "beta", .low = 1e-6, .high = 1e6}},
                     .log_likelihood = sbg_log_likelihood,
                     .data = l,
                     .n_climbs = 2,
                     .cx = cx};
    fit_result r;
    choose_starts(l, &p);
    STRATA_TRY(fit_maximise(&p, &r, err));
    explain_limit(l, &r);
    *out = r;
    return STRATA_OK;
}
