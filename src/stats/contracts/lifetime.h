/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CONTRACTS_LIFETIME_H
#define STRATA_STATS_CONTRACTS_LIFETIME_H

/* How long customers under contract stay, counted in renewals: the counts that the models of
 * constant churn (here), sbg.h and bdw.h are fitted to, and the likelihood that they share.
 *
 * Period t = 1, 2, ... ends with the t-th renewal. r(t) is the share of those who came to the t-th
 * renewal that renewed, S(t) = r(1) ... r(t) the share of all who are there after it. Whatever the
 * model, with n(t) who came to renewal t and d(t) of them lost there,
 *     ln L = sum over t of d(t) ln(1 - r(t)) + (n(t) - d(t)) ln r(t),
 * so cohorts of different age add up and no customer is kept singly. */

#include <strata/error.h>

#include <stddef.h>
#include <stdint.h>

#include "stats/numeric/fit.h"

enum { LIFETIME_PERIODS_MAX = 600, LIFETIME_PARAMETERS_MAX = 3 };

typedef struct lifetimes {
    size_t n_periods;                     /* largest t that somebody came to */
    double at_risk[LIFETIME_PERIODS_MAX]; /* [t - 1]: came to renewal t and were seen through it */
    double lost[LIFETIME_PERIODS_MAX];    /* [t - 1]: of these, did not renew */
    double customers, renewals, losses;   /* in all: starts, sum of at_risk, sum of lost */
} lifetimes;

/* Adds a cohort: survivors[0] started, survivors[t] were still there after renewal t, t < n; the
 * last count is where observation ends (the survivors are censored, not lost). Zero-initialise *l
 * before the first. STRATA_E_DATA: survivors rise; STRATA_E_USAGE: n is 0 or above
 * LIFETIME_PERIODS_MAX + 1. *l is as it was then. */
STRATA_MUST_CHECK strata_status lifetimes_add(lifetimes *l, const uint64_t *survivors, size_t n,
                                              strata_error *err);

/* ln r(t) for t = first .. first + n - 1 into log_retention, and its derivatives by the parameters
 * unless `gradient` is NULL. first >= 1. */
typedef void log_retention_fn(const double *x, size_t first, size_t n, double *log_retention,
                              double (*gradient)[LIFETIME_PARAMETERS_MAX]);

/* The likelihood above and its gradient (n_parameters long). */
double lifetimes_log_likelihood(const lifetimes *l, log_retention_fn *model, size_t n_parameters,
                                const double *x, double *gradient);

/* Why counts cannot carry a model of n_parameters that needs to see min_periods renewals; NULL when
 * they can. */
const char *lifetimes_objection(const lifetimes *l, size_t n_parameters, size_t min_periods);

/* Constant churn: r(t) = 1 - churn. x[0] is churn per period = losses / renewals, with the standard
 * error of a share. Never fails; without renewals, losses or survivors there is a reason. */
fit_result geometric_fit(const lifetimes *l);
log_retention_fn geometric_log_retention;

#endif
