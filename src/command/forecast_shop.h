/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_FORECAST_SHOP_H
#define STRATA_COMMAND_FORECAST_SHOP_H

#include "command/ask/cohort.h"

/* `strata forecast` for a portfolio with orders and no ARR. STRATA_E_USAGE for options that only
 * ARR has. */
STRATA_MUST_CHECK strata_status forecast_shop(const cohort_ask *ask, int horizon,
                                              strata_error *err);

#endif
