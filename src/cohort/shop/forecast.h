/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_SHOP_FORECAST_H
#define STRATA_COHORT_SHOP_FORECAST_H

/* What a shop's customers of today will order and spend in the months to come, and what each of
 * them is worth. Customers who are yet to come are not in it. */

#include "cohort/shop/models.h"

enum { SHOP_VALUE_MONTHS = 12 };

typedef struct shop_request {
    shop_model model;
    int horizon;                             /* months, 1 and up */
    double margin, discount;                 /* share of spend that is kept; a year */
    shop_drift purchases_drift, spend_drift; /* of the model's forecasts before */
} shop_request;

/* One customer; money in minor units, 0 where spend is not forecast. */
typedef struct shop_outlook {
    double alive;    /* chance to be a customer still */
    double expected; /* purchases within the horizon */
    double spend;    /* per purchase */
    double value;    /* margin x discounted expected purchases of 12 months x spend */
} shop_outlook;

typedef struct shop_forecast {
    shop_model model;
    const char *why;       /* not NULL: there is no forecast, and why; the rest is 0 then */
    const char *why_spend; /* not NULL: none of spend, and why */
    bool has_spend_range;
    int horizon;
    size_t customers, repeaters;
    double alive;                  /* expected number who are customers still */
    shop_range *purchases, *spend; /* from the as-of date to month [m], 0 to horizon */
    double value;                  /* of all customers */
    shop_outlook *outlook;         /* by customer, as in fits->buyers.customer */
    uint32_t *order;               /* customers by value, then by expected purchases, descending */
} shop_forecast;

/* Allocated in `a`; texts may be the fits'. Never NaN. */
STRATA_MUST_CHECK strata_status shop_forecast_make(const context *cx, const shop_fits *fits,
                                                   const shop_request *request, arena *a,
                                                   shop_forecast *out, strata_error *err);

/* Weeks from `as_of` to `months` months on. */
double shop_weeks(day as_of, int months);

#endif
