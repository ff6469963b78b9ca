/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/bands.h"

static const predict_band bands[PREDICT_TARGETS][PREDICT_BANDS] = {
    [PREDICT_CHURN] = {{"High", 0.20}, {"Elevated", 0.10}, {"Watch", 0.05}, {"Low", 0.0}},
    [PREDICT_EXPANSION] = {{"Likely", 0.50}, {"Possible", 0.25}, {"Open", 0.10}, {"Unlikely", 0.0}},
};

const predict_band *predict_bands(predict_target t)
{
    return bands[t];
}

size_t predict_band_of(predict_target t, double chance)
{
    size_t k = 0;
    while (k + 1 < PREDICT_BANDS && chance < bands[t][k].from) {
        k++;
    }
    return k;
}
