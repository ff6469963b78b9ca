/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_FORECAST_SHOP_WORDS_H
#define STRATA_REPORT_FORECAST_SHOP_WORDS_H

#include "cohort/shop/models.h"

/* What a purchase is counted by: "day", or the period of opportunities, "year". */
static inline const char *shop_purchase_unit(const shop_fits *f)
{
    return f->periods != NULL ? period_unit_name(f->periods->unit) : "day";
}

#endif
