/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_KEEP_H
#define STRATA_PREDICT_KEEP_H

/* Predictions kept in the store: from then on they are facts of the day they were made on, the
 * features churn_risk and expansion_chance. */

#include "base/digest.h"
#include "predict/predict.h"
#include "store/store.h"

/* What one prediction said, without all that it was made from. */
typedef struct kept_prediction {
    predict_target target;
    day day;
    horizon horizon;
    learner method;
    char digest[DIGEST_TEXT]; /* of the model with all its numbers */
    size_t n, n_learned;
    const uint32_t *account;
    const double *chance;
    double auc;
} kept_prediction;

/* Copies into `a`. STRATA_E_DATA, saying why, when nothing was predicted. */
STRATA_MUST_CHECK strata_status kept_prediction_of(const prediction *p, arena *a,
                                                   kept_prediction *out, strata_error *err);

/* Writes all or none. What was kept for the same target and day is replaced; what was kept for the
 * target with another horizon is forgotten. */
STRATA_MUST_CHECK strata_status predictions_keep(const context *cx, store *s, const portfolio *p,
                                                 const kept_prediction *items, size_t n,
                                                 strata_error *err);

#endif
