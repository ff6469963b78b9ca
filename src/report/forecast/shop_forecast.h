/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_FORECAST_SHOP_FORECAST_H
#define STRATA_REPORT_FORECAST_SHOP_FORECAST_H

/* A forecast of a shop's orders and spend, with how well it would have done. */

#include "base/strbuf.h"
#include "cohort/shop/backtest.h"
#include "cohort/shop/forecast.h"
#include "document/document.h"

typedef struct shop_forecast_input {
    const shop_fits *fits;
    const shop_forecast *forecast;
    const shop_backtest *backtest;
    bool chosen;              /* a person chose the model; else the back-test did */
    const char *const *names; /* by account */
    const char *const *ids;
    const char *currency;
    double margin, discount;
    size_t limit; /* customers listed */
} shop_forecast_input;

/* "Today's 23,570 customers are expected to order on 7,900 to 8,400 days in 12 months". */
void report_shop_forecast_title(strbuf *out, const shop_forecast_input *in);
void report_shop_forecast(document *d, doc_section *parent, const shop_forecast_input *in);

#endif
