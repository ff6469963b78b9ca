/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_CALIBRATION_LINE_H
#define STRATA_STATS_LEARNING_CALIBRATION_LINE_H

/* Inside of calibration.h: logistic curves of one variable with fractional targets. */

#include <stdbool.h>
#include <stddef.h>

/* Borrowed arrays of n. */
typedef struct line_data {
    size_t n;
    const double *x;
    const double *target; /* 0 to 1 */
    bool unit_slope;      /* the slope is 1, only the level is looked for */
} line_data;

typedef struct line_fit {
    bool converged;
    double intercept, slope;
    double intercept_se, slope_se; /* slope_se 0 with a unit slope */
    double loglik;                 /* sum of t ln p + (1 - t) ln(1 - p) */
} line_fit;

/* Maximises by Newton's method with step halving. Not converged when there is no finite maximum
 * (x parts targets of 0 and 1) and when x is the same everywhere (but for a unit slope). */
line_fit line_run(const line_data *data);

/* The log-likelihood of a curve. */
double line_loglik(const line_data *data, double intercept, double slope);

#endif
