/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_VALUES_H
#define STRATA_VALUES_H

/** @file values.h  Features, and expressions over them, for every account as of any date. */

#include <strata/portfolio.h>

STRATA_BEGIN_DECLS

typedef enum strata_unit {
    STRATA_NUMBER, /**< plain: counts, scores, ratios above 1 */
    STRATA_MONEY,  /**< major units of the portfolio's currency; llround(x * 100) gives exact cents
                    */
    STRATA_SHARE,  /**< 0.25 means 25 % */
    STRATA_DURATION, /**< days */
    STRATA_DATE,     /**< a strata_date */
    STRATA_FLAG,     /**< 0 or 1 */
    STRATA_TEXT      /**< a level of a list; its values cannot be had as numbers */
} strata_unit;

/** A name that an expression may use. Texts are owned by the portfolio. */
typedef struct strata_feature {
    const char *name;  /**< "events_30d" */
    const char *label; /**< "Events in 30 days" */
    strata_unit unit;
    const char *definition;      /**< of a computed feature, in a sentence; else NULL */
    const char *missing_because; /**< what its data lacks ("needs usage"); NULL: it is there */
} strata_feature;

/** Computed features, then attributes of accounts, then what the model defines. */
STRATA_API size_t strata_n_features(const strata_portfolio *p);
/** STRATA_E_USAGE for an index past the last. */
STRATA_API STRATA_MUST_CHECK strata_status strata_feature_at(const strata_portfolio *p,
                                                             size_t index, strata_feature *out,
                                                             strata_error *err);

/**
 * Values of n expressions of the rule language for every account, as of a date, from facts up to
 * that date only. All are computed in one pass over the ledgers.
 *
 * @param[in]  expressions  such as "arr", "seats * 12", "health < 60" (a condition yields 1 or 0).
 * @param[in]  n            how many, at least 1.
 * @param[in]  as_of        STRATA_NO_DATE: strata_last_date().
 * @param[out] out          n blocks of strata_n_accounts() values, one after another: that of
 *                          expression e for account i is out[e * n_accounts + i]. NaN is missing,
 *                          and nothing else. Untouched on failure.
 *
 * @retval STRATA_E_USAGE  no expression, a text where numbers are wanted, `turned` or `for N days`,
 *                         a date before the first fact or after today
 * @retval STRATA_E_MODEL  an expression is no expression, or names what is not there; the message
 *                         has its place and the nearest name
 * @retval STRATA_E_STORE, STRATA_E_NOMEM, STRATA_E_CANCELLED
 */
STRATA_API STRATA_MUST_CHECK strata_status strata_values(strata_portfolio *p,
                                                         const char *const *expressions, size_t n,
                                                         strata_date as_of, double *out,
                                                         strata_error *err);

STRATA_END_DECLS

#endif
