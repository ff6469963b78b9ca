/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/contracts/bdw.h"

#include <math.h>
#include <stdio.h>

#include "base/auto.h"
#include "stats/contracts/sbg.h"
#include "stats/numeric/special.h"

/* ln S(t) + ln B(alpha, beta), and its derivatives less those of ln B(alpha, beta). */
static double log_numerator(const double *x, double t, double *gradient)
{
    double power = t > 0.0 ? pow(t, x[BDW_C]) : 0.0;
    double kept = x[BDW_BETA] + power;
    if (gradient != NULL) {
        double all = digamma(x[BDW_ALPHA] + kept);
        double part = digamma(kept) - all;
        gradient[BDW_ALPHA] = -all;
        gradient[BDW_BETA] = part;
        gradient[BDW_C] = t > 1.0 ? part * power * log(t) : 0.0;
    }
    return log_beta(x[BDW_ALPHA], kept);
}

void bdw_log_retention(const double *x, size_t first, size_t n, double *log_retention,
                       double (*gradient)[LIFETIME_PARAMETERS_MAX])
{
    double before[BDW_PARAMETERS] = {0};
    double now[BDW_PARAMETERS] = {0};
    double last = log_numerator(x, (double)(first - 1), gradient != NULL ? before : NULL);
    for (size_t k = 0; k < n; k++) {
        double log_share = log_numerator(x, (double)(first + k), gradient != NULL ? now : NULL);
        log_retention[k] = log_share - last;
        last = log_share;
        for (size_t i = 0; gradient != NULL && i < BDW_PARAMETERS; i++) {
            gradient[k][i] = now[i] - before[i];
            before[i] = now[i];
        }
    }
}

double bdw_log_likelihood(const void *data, const double *x, double *gradient)
{
    return lifetimes_log_likelihood(data, bdw_log_retention, BDW_PARAMETERS, x, gradient);
}

static void add_start(fit_problem *p, double alpha, double beta, double c)
{
    p->starts[p->n_starts][BDW_ALPHA] = alpha;
    p->starts[p->n_starts][BDW_BETA] = beta;
    p->starts[p->n_starts][BDW_C] = c;
    p->n_starts++;
}

static void choose_starts(const lifetimes *l, const fit_result *sbg, fit_problem *p)
{
    static const double shapes[] = {1.0, 1.5, 0.7};
    static const double spreads[] = {0.2, 1.0};
    double churn = l->losses / l->renewals;
    if (sbg->converged) {
        add_start(p, sbg->x[SBG_ALPHA], sbg->x[SBG_BETA], 1.0);
    }
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (size_t k = 0; k < sizeof spreads / sizeof *spreads; k++) {
            add_start(p, churn / spreads[k], (1.0 - churn) / spreads[k], shapes[i]);
        }
    }
}

/* Alpha and beta run off together: upwards, customers are all alike and leave by the same curve;
 * downwards, each either leaves at once or never. */
static void explain_limit(fit_result *r)
{
    if (r->converged) {
        return;
    }
    if (r->x[BDW_ALPHA] + r->x[BDW_BETA] > 1e4) {
        r->outcome = FIT_AT_BOUND;
        (void)snprintf(r->reason, sizeof r->reason,
                       "the likelihood still rises as alpha and beta grow: the data hold no sign "
                       "that customers differ");
    } else if (r->x[BDW_ALPHA] < 1e-3 && r->x[BDW_BETA] < 1e-3) {
        r->outcome = FIT_AT_BOUND;
        (void)snprintf(r->reason, sizeof r->reason,
                       "all losses but few come at the first renewal, so nothing tells when the "
                       "others will leave");
    }
}

strata_status bdw_fit(const lifetimes *l, const context *cx, fit_result *out, strata_error *err)
{
    const char *objection = lifetimes_objection(l, BDW_PARAMETERS, 3);
    if (objection != NULL) {
        *out = fit_no_data(BDW_PARAMETERS, objection);
        return STRATA_OK;
    }
    fit_problem p = {.n_parameters = BDW_PARAMETERS,
                     .parameters = {{.name = "alpha", .low = 1e-6, .high = 1e6},
                                    {.name = "beta", .low = 1e-6, .high = 1e6},
                                    {.name = "c",
                                     .low = 0.05,
                                     .high = 8.0,
                                     .at_high = "each customer leaves at nearly a fixed age"}},
                     .log_likelihood = bdw_log_likelihood,
                     .data = l,
                     .n_climbs = 2,
                     .cx = cx};
    fit_result sbg;
    fit_result r;
    STRATA_TRY(sbg_fit(l, cx, &sbg, err));
    choose_starts(l, &sbg, &p);
    STRATA_TRY(fit_maximise(&p, &r, err));
    explain_limit(&r);
    *out = r;
    return STRATA_OK;
}
