/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_LTV_LEFT_H
#define STRATA_COHORT_LTV_LEFT_H

/* Inside ltv: what today's customers are worth from now on. */

#include "cohort/ltv/ltv.h"

/* Customers under contract, those with ARR today: margin x ARR / 12 x DERL, the discounted months
 * to expect within LTV_HORIZON of an account that has stayed so long (stats/contracts/churn.h), by
 * a model that was fitted to the group. Months of age count from the first ARR, also for accounts
 * that came back. codes NULL: all. */
STRATA_MUST_CHECK strata_status ltv_left_contracts(const ltv_request *q, const segment_code *codes,
                                                   segment_code group, churn_model best,
                                                   const fit_result *fit, ltv_left *out,
                                                   strata_error *err);

/* Customers of a shop: margin x DERT, the discounted purchases that the Pareto/NBD expects of them
 * without end (stats/buyers/pareto_nbd.h), x expected spend per purchase (Gamma-Gamma). Fills
 * by_group[0 .. groups->n - 1] and `all`; where a model could not be fitted, every one says why. */
STRATA_MUST_CHECK strata_status ltv_left_shop(const context *cx, const ltv_request *q, arena *a,
                                              ltv_group *by_group, ltv_group *all,
                                              strata_error *err);

#endif
