/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_LEARN_PARTS_H
#define STRATA_PREDICT_LEARN_PARTS_H

/* Inside learning. */

#include "predict/learn.h"

typedef struct learn_outcomes {
    const uint8_t *learn, *tune;
} learn_outcomes;

/* Rows as the model's kernel takes them, row by row; free() it. */
STRATA_MUST_CHECK strata_status predictor_matrix(const predictor *p, const rows *r,
                                                 const uint32_t *which, size_t n, double **out,
                                                 strata_error *err);
/* Of such rows. */
STRATA_MUST_CHECK strata_status predictor_margins_of(const predictor *p, const double *x, size_t n,
                                                     double *margin, strata_error *err);
/* Chooses features and ridge, or takes those of q->like, and fits. */
STRATA_MUST_CHECK strata_status learn_logistic(const context *cx, const predictor_request *q,
                                               const learn_outcomes *y, arena *a, predictor *p,
                                               strata_error *err);

#endif
