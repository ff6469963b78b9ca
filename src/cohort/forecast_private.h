/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_FORECAST_PRIVATE_H
#define STRATA_COHORT_FORECAST_PRIVATE_H

/* Inside forecasts: one function per family of methods. Each fills the fans of a forecast whose
 * arrays are there (horizon + 1 values), or sets `why`. */

#include "cohort/forecast.h"

STRATA_MUST_CHECK strata_status forecast_by_rates(const context *cx, const forecast_request *q,
                                                  forecast *out, strata_error *err);
STRATA_MUST_CHECK strata_status forecast_by_survival(const context *cx, const forecast_request *q,
                                                     arena *a, forecast *out, strata_error *err);

#endif
