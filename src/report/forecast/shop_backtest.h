/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_FORECAST_SHOP_BACKTEST_H
#define STRATA_REPORT_FORECAST_SHOP_BACKTEST_H

/* How a forecast of a shop would have done in the past, and how it was made. */

#include "report/forecast/shop_forecast.h"

void report_shop_backtest(document *d, const shop_forecast_input *in);
/* Says so where the ranges held less than half of what came. */
void report_shop_range_warning(doc_section *s, const shop_forecast_input *in);
void report_shop_method(document *d, const shop_forecast_input *in);

#endif
