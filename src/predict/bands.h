/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_BANDS_H
#define STRATA_PREDICT_BANDS_H

/* Bands of a chance, as the shipped template `predictive` has them (models/predictive.yaml; a test
 * compares the two). A project that wants others writes a dimension over churn_risk. */

#include <stddef.h>

#include "predict/question.h"

enum { PREDICT_BANDS = 4 };

typedef struct predict_band {
    const char *name;
    double from; /* this and more, under the band before */
} predict_band;

/* From the highest to the lowest, which begins at 0. */
const predict_band *predict_bands(predict_target t);
size_t predict_band_of(predict_target t, double chance);

#endif
