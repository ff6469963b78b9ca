/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_FORECAST_FORECAST_PRIVATE_H
#define STRATA_COHORT_FORECAST_FORECAST_PRIVATE_H

/* Inside forecasts: one function per family of methods. Each fills the fans of a forecast whose
 * arrays are there (horizon + 1 values), or sets `why`. */

#include "cohort/forecast/forecast.h"

STRATA_MUST_CHECK strata_status forecast_by_rates(const context *cx, const forecast_request *q,
                                                  forecast *out, strata_error *err);
/* Nobody was lost in so many account-months, which does not mean that nobody will be: the low ends
 * are those of the largest churn a month that shows nobody as often as an outcome is to lie below a
 * range (Hanley & Lippman-Hand 1983, If nothing goes wrong, is everything all right? JAMA
 * 249:1743). */
void forecast_allow_unseen(forecast *f, double account_months);

STRATA_MUST_CHECK strata_status forecast_by_survival(const context *cx, const forecast_request *q,
                                                     arena *a, forecast *out, strata_error *err);

#endif
