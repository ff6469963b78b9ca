/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/contracts/churn.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "stats/contracts/bdw.h"
#include "stats/contracts/sbg.h"
#include "stats/numeric/special.h"

enum { CHUNK = 256, SUM_PERIODS_MAX = 1000000 };
static const double negligible = 1e-13; /* of a sum, in what is left out */

static const struct {
    const char *name;
    log_retention_fn *log_retention;
} models[CHURN_MODELS] = {
    [CHURN_CONSTANT] = {"constant churn", geometric_log_retention},
    [CHURN_SBG] = {"sBG", sbg_log_retention},
    [CHURN_BDW] = {"BdW", bdw_log_retention},
};

const char *churn_model_name(churn_model model)
{
    return models[model].name;
}

strata_status churn_fit(churn_model model, const lifetimes *l, const context *cx, fit_result *out,
                        strata_error *err)
{
    switch (model) {
    case CHURN_SBG:
        return sbg_fit(l, cx, out, err);
    case CHURN_BDW:
        return bdw_fit(l, cx, out, err);
    case CHURN_CONSTANT:
        break;
    }
    *out = geometric_fit(l);
    return STRATA_OK;
}

static strata_status check_fit(churn_model model, const fit_result *fit, strata_error *err)
{
    return fit->converged ? STRATA_OK
                          : strata_fail(err, STRATA_E_USAGE, "the %s has no estimates: %s",
                                        models[model].name, fit->reason);
}

static churn_point describe_point(const fit_result *fit, double log_retention,
                                  const double *retention_slope, double log_survival,
                                  const double *survival_slope)
{
    churn_point p = {.retention = exp(log_retention), .survival = exp(log_survival)};
    double lost = -expm1(log_retention);
    double odds = log_retention - log(lost);
    double off = STATS_Z95 * fit_delta_error(fit, retention_slope) / lost;
    p.retention_95 = (interval){1.0 / (1.0 + exp(off - odds)), 1.0 / (1.0 + exp(-off - odds))};
    /* d ln(-ln S) = d ln S / ln S */
    double factor = exp(STATS_Z95 * fit_delta_error(fit, survival_slope) / -log_survival);
    p.survival_95 = (interval){exp(log_survival * factor), exp(log_survival / factor)};
    return p;
}

strata_status churn_curve(churn_model model, const fit_result *fit, size_t n, churn_point *out,
                          strata_error *err)
{
    double log_retention[CHUNK];
    double slope[CHUNK][LIFETIME_PARAMETERS_MAX];
    double log_survival = 0.0;
    double survival_slope[LIFETIME_PARAMETERS_MAX] = {0};
    STRATA_TRY(check_fit(model, fit, err));
    for (size_t first = 0; first < n; first += CHUNK) {
        size_t count = n - first < CHUNK ? n - first : CHUNK;
        models[model].log_retention(fit->x, first + 1, count, log_retention, slope);
        for (size_t k = 0; k < count; k++) {
            log_survival += log_retention[k];
            for (size_t i = 0; i < fit->n_parameters; i++) {
                survival_slope[i] += slope[k][i];
            }
            out[first + k] =
                describe_point(fit, log_retention[k], slope[k], log_survival, survival_slope);
        }
    }
    return STRATA_OK;
}

static bool is_zero(double x)
{
    return fpclassify(x) == FP_ZERO;
}

/* Sums without end that have a closed form. */
static bool sum_closed(churn_model model, const double *x, churn_question q, double *sum,
                       const char **why)
{
    if (model == CHURN_CONSTANT) {
        *sum = (1.0 - x[0]) / (1.0 - (1.0 - x[0]) / (1.0 + q.discount));
        return true;
    }
    if (model == CHURN_SBG && x[SBG_ALPHA] > 1.0) {
        /* The mean of (1 - p) / p over p ~ beta(alpha, beta + renewals) */
        *sum = (x[SBG_BETA] + (double)q.renewals) / (x[SBG_ALPHA] - 1.0);
        return true;
    }
    *why = model == CHURN_SBG
               ? "infinite: with alpha at most 1 some customers hardly ever leave; set a horizon "
                 "or a discount rate"
               : "the BdW's lifetime without end has no closed form; set a horizon or a discount "
                 "rate";
    return false;
}

static bool sum_lifetime(churn_model model, const double *x, churn_question q, double *sum,
                         const char **why)
{
    double v = 1.0 / (1.0 + q.discount);
    double log_retention[CHUNK];
    double term = 1.0; /* S(t) / S(renewals) v^(t - renewals - 1) */
    size_t n = q.horizon > 0 && q.horizon < SUM_PERIODS_MAX ? q.horizon : SUM_PERIODS_MAX;
    if (q.horizon == 0 && (is_zero(q.discount) || model == CHURN_CONSTANT)) {
        return sum_closed(model, x, q, sum, why);
    }
    *sum = 0.0;
    for (size_t done = 0; done < n; done += CHUNK) {
        size_t count = n - done < CHUNK ? n - done : CHUNK;
        models[model].log_retention(x, q.renewals + done + 1, count, log_retention, NULL);
        for (size_t k = 0; k < count; k++) {
            term *= exp(log_retention[k]) * (done + k > 0 ? v : 1.0);
            *sum += term;
        }
        /* Retention never passes 1, so what follows is at most a geometric series in v. */
        if (term * v <= negligible * *sum * (1.0 - v)) {
            return true;
        }
    }
    *why = "the discount rate is too small to add up the lifetime without end; set a horizon";
    return n == q.horizon;
}

/* The sum and its delta-method error from differences of the sum over each parameter. */
static churn_lifetime residual(churn_model model, const fit_result *fit, churn_question q)
{
    churn_lifetime out = {0};
    double gradient[LIFETIME_PARAMETERS_MAX] = {0};
    out.known = sum_lifetime(model, fit->x, q, &out.value, &out.reason);
    for (size_t i = 0; out.known && i < fit->n_parameters; i++) {
        double ends[2];
        double x[FIT_PARAMETERS_MAX];
        double h = 1e-4 * fit->x[i];
        memcpy(x, fit->x, sizeof x);
        x[i] = fit->x[i] + h;
        out.known = sum_lifetime(model, x, q, &ends[0], &out.reason);
        x[i] = fit->x[i] - h;
        out.known = out.known && sum_lifetime(model, x, q, &ends[1], &out.reason);
        gradient[i] = out.known ? (ends[0] - ends[1]) / (2.0 * h) : 0.0;
    }
    if (!out.known) {
        return (churn_lifetime){.reason = out.reason};
    }
    out.se = fit_delta_error(fit, gradient);
    out.reason = NULL;
    return out;
}

static strata_status check_question(churn_model model, const fit_result *fit, churn_question q,
                                    strata_error *err)
{
    STRATA_TRY(check_fit(model, fit, err));
    if (!(q.discount >= 0.0) || !isfinite(q.discount)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "the discount rate %g is not 0 or a positive number", q.discount);
    }
    return STRATA_OK;
}

strata_status churn_residual_lifetime(churn_model model, const fit_result *fit, churn_question q,
                                      churn_lifetime *out, strata_error *err)
{
    STRATA_TRY(check_question(model, fit, q, err));
    *out = residual(model, fit, q);
    return STRATA_OK;
}

strata_status churn_new_lifetime(churn_model model, const fit_result *fit, churn_question q,
                                 churn_lifetime *out, strata_error *err)
{
    STRATA_TRY(check_question(model, fit, q, err));
    q.renewals = 0;
    churn_lifetime rest = residual(model, fit, q);
    if (rest.known) {
        rest.value = 1.0 + rest.value / (1.0 + q.discount);
        rest.se /= 1.0 + q.discount;
    }
    *out = rest;
    return STRATA_OK;
}
