/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_PARTS_H
#define STRATA_PREDICT_PARTS_H

/* Inside a prediction: its steps. */

#include "predict/predict.h"

enum { PREDICT_STEPS = 4 }; /* what progress is told */

typedef struct predict_job {
    const context *cx;
    const predict_request *q;
    arena *arena;
    prediction *out;
} predict_job;

/* The rows of the past dates in their roles; `today`: for the model that speaks about today. */
STRATA_MUST_CHECK strata_status predict_sets(const predict_job *j, bool today, row_set *learn,
                                             row_set *tune, row_set *judge, strata_error *err);
/* The rows of all past dates. */
STRATA_MUST_CHECK strata_status predict_all(const predict_job *j, row_set *out, strata_error *err);
/* Fits both models, judges them on later dates and chooses. */
STRATA_MUST_CHECK strata_status predict_judge(const predict_job *j, strata_error *err);
/* Fits the chosen one on everything that has an outcome by now, and asks it about today. */
STRATA_MUST_CHECK strata_status predict_today(const predict_job *j, strata_error *err);

#endif
